"""shelterctl house: who sleeps here tonight, by facility, and the places left."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import typer

from shelterctl import screen
from shelterctl.act.damage import part
from shelterctl.act.target import Target, in_the_way, put, target_of
from shelterctl.cli.options import Ctx, Overwrite, desk
from shelterctl.core.days import Span
from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.house import House, full, sleepers
from shelterctl.core.occupancy import LONGEST, months_of, period
from shelterctl.core.record import Client, Stay
from shelterctl.core.state import away
from shelterctl.desk import Desk, code, walked
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_, Coded
from shelterctl.store import SHELTER
from shelterctl.view import client, occupancy
from shelterctl.view.beds import taken

TONIGHT = N_("Who sleeps here in the night after {day}, and the places left.")
COUNTED = N_("Counted in {facility} besides the residents and their children: {others}.")
UNKNOWN = N_("There is no such house in this store. Known are: {facilities}.")
WHICH = N_("The store has several houses. Say which one with --facility: {facilities}.")
ONE_THING = N_("--others counts tonight; --months, --since, --until and --out show the past. Do one after the other.")
ONE_RANGE = N_("--months and --since both say where the days begin. Give one of them.")
TO_COME = N_("{option} is {day}, a day that is still to come. Who slept in a house is told up to {today}.")
BACKWARDS = N_("The days end on {last}, before they begin on {first}. Correct --since or --until.")
TOO_LONG = N_("{first} to {last} is more than {years} years. Look at the year once more, or ask for less at a time.")
DRAWN = N_("The picture is written: {facilities}, {first} to {last}.")

KINDS = ("svg", "pdf", "html")
COLUMNS = ("facility", "kind", "capacity", "residents", "children", "others", "unread", "free")

LAST = 3
"""How many months are drawn if nothing is said."""

PEOPLE = 9_999
"""How many other people are believed to sleep in a house."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl house --since 2026-01-01 --until 2026-06-30 --format csv")
def house(
    ctx: Ctx,
    others: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=PEOPLE,
            help="How many other people sleep there, without names; remembered until they are counted anew.",
        ),
    ] = None,
    facility: Annotated[str | None, typer.Option(metavar="CODE", help="One house; default: all.")] = None,
    months: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=LONGEST, help="How full it was by day in the last N calendar months."),
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="The same from that day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The same up to that day; default: today.")] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Draw those days into FILE: .svg, .pdf or .html; - writes to a pipe."),
    ] = None,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="svg|pdf|html", help="The kind of file, where its name does not say.")
    ] = None,
    overwrite: Overwrite = False,
) -> Outcome:
    """Say who sleeps here tonight and how many places are left, or how full it was in the past."""
    # Gather.
    here = desk(ctx, lists=out is None)
    to = target_of(out, as_, overwrite, KINDS, json=here.json)
    past = bool(months or since or until or to)
    if others is not None and past:
        raise Usage("usage/one-thing", ONE_THING)
    during = _during(here, months, since, until) if past else None
    held = here.store.shelter
    houses = _named(held.value["facilities"], facility)
    if others is not None and len(houses) > 1:
        raise Usage("usage/which-house", WHICH, facilities=sorted(houses))

    # Decide.
    if during is not None:
        return _past(here, houses, during, to)
    if others is not None:
        counted = {"on": here.today.isoformat(), "number": others}
        houses = {name: {**one, "others": counted} for name, one in houses.items()}
    asleep = [
        (her, stay)
        for her, stay in sleepers(here.store.clients(), here.today)
        if facility is None or stay.facility == facility
    ]
    unread = here.store.unread
    rows = [taken(here.shelf.kinds, name, one, asleep, unread) for name, one in houses.items()]
    sleeping = list(_by_house(here, asleep))
    data = {"rows": rows, "sleeping": _named_on_screen(here, asleep, sleeping) if walked(here) else sleeping}
    findings = tuple(_found(here, houses, rows))

    # Act.
    said: list[tuple[Any, dict[str, Any]]] = [(TONIGHT, {"day": here.today})]
    if others is not None:
        changed = {**held.value, "facilities": {**held.value["facilities"], **houses}}
        if changed != held.value:
            here.write([(SHELTER, changed, held.version)], "house")
        said.append((COUNTED, {"facility": next(iter(houses)), "others": others}))
    return Outcome(data=data, columns=COLUMNS, findings=findings, said=tuple(said), private=walked(here))


def _during(here: Desk, months: int | None, since: str | None, until: str | None) -> Span:
    """The days that are asked for; Usage where there are no such days, or more of them than any store has."""
    if months and since:
        raise Usage("usage/range", ONE_RANGE)
    first = here.dated(since, "--since") if since else None
    last = here.dated(until, "--until") if until else here.today
    for option, day in (("--since", first), ("--until", last)):
        if day and day > here.today:
            raise Usage("usage/range", TO_COME, option=option, day=day, today=here.today)
    if first is None:
        return period(last, months or LAST)
    if first > last:
        raise Usage("usage/range", BACKWARDS, first=first, last=last)
    if months_of(Span(first, last)) > LONGEST:
        raise Usage("usage/range", TOO_LONG, first=first, last=last, years=LONGEST // 12)
    return Span(first, last)


def _past(here: Desk, houses: Mapping[str, Any], during: Span, to: Target | None) -> Outcome:
    """How full the houses were: drawn into a file, or told."""
    if to and (stopped := in_the_way(to, here.identity_file)):
        return Outcome(findings=stopped)
    seen = occupancy.occupancy(here, houses, during)
    if to is None:
        return occupancy.answer(seen)
    from shelterctl.paper.delivery import PRESSING  # noqa: PLC0415 - the menu needs no press
    from shelterctl.paper.request import around, language_of  # noqa: PLC0415
    from shelterctl.view import picture  # noqa: PLC0415

    language = language_of(here)
    with screen.busy(PRESSING, quiet=here.json or to.kind != "pdf"):
        made = picture.pressed(seen, to.kind, language, around(here.shelf, language, None, None))
    stream = put(to, made)
    facts = {"facilities": list(houses), "first": seen.during.first, "last": seen.during.last}
    wrong = here.store.wrong  # a picture that lacks a file says so as a list does
    harm = part(sorted(wrong), [wrong[name] for name in sorted(wrong)]) if wrong else None
    return Outcome(said=((DRAWN, facts),), last=occupancy.notes(seen), stream=stream, harm=harm)


def _named(houses: Mapping[str, Any], facility: str | None) -> Mapping[str, Any]:
    """The house that is named, else all of them."""
    if facility is None:
        return houses
    if (facility := code(facility, "--facility")) not in houses:
        raise NotFound("facility/unknown", UNKNOWN, facilities=sorted(houses))
    return {facility: houses[facility]}


def _by_house(here: Desk, asleep: Iterable[tuple[Client, Stay]]) -> Iterator[dict[str, Any]]:
    """Whoever sleeps there, house by house and in the order of arrival; who has no house in her file comes last.

    Of whoever is out, or in hospital, it is said, and since when; her bed is kept.
    """
    for her, stay in sorted(asleep, key=lambda one: (one[1].facility or "~", str(one[1].arrived_on), one[0].id)):
        out = away(stay, here.today)
        yield {
            "id": her.id,
            "facility": stay.facility,
            "since": stay.arrived_on,
            "provisional": stay.admitted_on is None or stay.admitted_on > here.today,
            "away": Coded(out.state, here.shelf.states[out.state]["text"]) if out else None,
            "out_since": out.since if out else None,
        }


def _named_on_screen(
    here: Desk, asleep: Iterable[tuple[Client, Stay]], rows: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The same for a screen that is gone when it is left: with their names, and without what is so of nobody."""
    called = {her.id: client.names(her) for her, _ in asleep}
    named = [client.narrow(here, {"id": row["id"], **called[row["id"]], **row}) for row in rows]
    told = {name for row in named for name, value in row.items() if value}
    return [{name: value for name, value in row.items() if name in told} for row in named]


def _found(here: Desk, houses: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    for row in rows:
        sleeping = row["residents"] + row["children"] + row["others"] + row.get("unread", 0)
        kind = here.shelf.kinds[houses[row["facility"]]["kind"]]
        if found := full(row["facility"], House(kind, row["capacity"], sleeping), here.today):
            yield found
