"""shelterctl house: who sleeps here tonight, by facility, and the places left."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any

import typer

from shelterctl.act.damage import part
from shelterctl.act.handed import Handed, handed, in_the_way, put
from shelterctl.cli.options import Ctx, Overwrite, desk
from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.house import House, Kind, full, sleepers
from shelterctl.core.occupancy import LONGEST
from shelterctl.core.record import Client, Stay
from shelterctl.desk import Desk, code
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_, Coded
from shelterctl.store import SHELTER
from shelterctl.view import occupancy

TONIGHT = N_("Who sleeps here in the night after {day}, and the places left.")
COUNTED = N_("Counted in {facility} besides the residents and their children: {others}.")
UNKNOWN = N_("There is no such house in this store. Known are: {facilities}.")
WHICH = N_("The store has several houses. Say which one with --facility: {facilities}.")
ONE_THING = N_("--others counts tonight, --months and --out show the past. Do one after the other.")
DRAWN = N_("The picture is written: {facilities}, {first} to {last}.")

KINDS = ("svg", "pdf", "html")
LAST = 3
"""How many months are drawn if nothing is said."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl house --months 3 --out occupancy.svg")
def house(
    ctx: Ctx,
    others: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="How many other people sleep there, without names."),
    ] = None,
    facility: Annotated[str | None, typer.Option(metavar="CODE", help="One house; default: all.")] = None,
    months: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=LONGEST, help="How full it was by day in the last N calendar months."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Draw those days into FILE: .svg, .pdf or .html; - writes to a pipe."),
    ] = None,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="KIND", help="svg, pdf or html, where the file's name does not say.")
    ] = None,
    overwrite: Overwrite = False,
) -> Outcome:
    """Say who sleeps here tonight and how many places are left, or how full it was in the last months."""
    # Gather.
    here = desk(ctx)
    to = handed(out, as_, overwrite, KINDS, json=here.json)
    if others is not None and (months or to):
        raise Usage("usage/one-thing", ONE_THING)
    held = here.store.shelter
    houses = _named(held.value["facilities"], facility)
    if others is not None and len(houses) > 1:
        raise Usage("usage/which-house", WHICH, facilities=sorted(houses))

    # Decide.
    if months or to:
        return _past(here, houses, months or LAST, to)
    if others is not None:
        counted = {"on": here.today.isoformat(), "number": others}
        houses = {name: {**one, "others": counted} for name, one in houses.items()}
    asleep = [
        (her, stay)
        for her, stay in sleepers(here.store.clients(), here.today)
        if facility is None or stay.facility == facility
    ]
    unread = here.store.unread
    rows = [_row(here.shelf.kinds, name, one, asleep, unread) for name, one in houses.items()]
    data = {"rows": rows, "sleeping": list(_by_house(asleep, here.today))}
    findings = tuple(_found(here, houses, rows))

    # Act.
    said: list[tuple[Any, dict[str, Any]]] = [(TONIGHT, {"day": here.today})]
    if others is not None:
        changed = {**held.value, "facilities": {**held.value["facilities"], **houses}}
        if changed != held.value:
            here.write([(SHELTER, changed, held.version)], "house")
        said.append((COUNTED, {"facility": next(iter(houses)), "others": others}))
    return Outcome(data=data, findings=findings, said=tuple(said))


def _past(here: Desk, houses: Mapping[str, Any], months: int, to: Handed | None) -> Outcome:
    """How full the houses were: drawn into a file, or told."""
    if to and (stopped := in_the_way(to, here.identity_file)):
        return Outcome(findings=stopped)
    seen = occupancy.occupancy(here, houses, months)
    if to is None:
        return occupancy.answer(seen)
    from shelterctl.paper.wanted import around, language_of  # noqa: PLC0415 - the menu needs no press
    from shelterctl.view import picture  # noqa: PLC0415

    language = language_of(here)
    stream = put(to, picture.pressed(seen, to.kind, language, around(here.shelf, language, None, None)))
    facts = {"facilities": list(houses), "first": seen.during.first, "last": seen.during.last}
    wrong = here.store.wrong  # a picture that lacks a file says so as a list does
    harm = part(sorted(wrong), [wrong[name] for name in sorted(wrong)]) if wrong else None
    return Outcome(said=((DRAWN, facts),), last=occupancy.notes(seen), stream=stream, harm=harm)


def _named(houses: Mapping[str, Any], facility: str | None) -> Mapping[str, Any]:
    """The house that is named, else all of them."""
    if facility is None:
        return houses
    if code(facility, "--facility") not in houses:
        raise NotFound("facility/unknown", UNKNOWN, facilities=sorted(houses))
    return {facility: houses[facility]}


def _row(
    kinds: Mapping[str, Kind],
    facility: str,
    house: Mapping[str, Any],
    asleep: Iterable[tuple[Client, Stay]],
    unread: int,
) -> dict[str, Any]:
    """One house: how many of whom sleep there, and what is left; whoever's file cannot be read may sleep there too."""
    hers = [her for her, stay in asleep if stay.facility == facility]
    residents, children = len(hers), sum(len(her.children) for her in hers)
    others = int((house.get("others") or {}).get("number", 0))
    return {
        "facility": facility,
        "kind": Coded(house["kind"], kinds[house["kind"]].text),
        "capacity": house["capacity"],
        "residents": residents,
        "children": children,
        "others": others,
        **({"unread": unread} if unread else {}),
        "free": max(house["capacity"] - residents - children - others - unread, 0),
    }


def _by_house(asleep: Iterable[tuple[Client, Stay]], day: date) -> Iterator[dict[str, Any]]:
    """Whoever sleeps there, house by house and in the order of arrival; who has no house in her file comes last."""
    for her, stay in sorted(asleep, key=lambda one: (one[1].facility or "~", str(one[1].arrived_on), one[0].id)):
        yield {
            "id": her.id,
            "facility": stay.facility,
            "since": stay.arrived_on,
            "provisional": stay.admitted_on is None or stay.admitted_on > day,
        }


def _found(here: Desk, houses: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    for row in rows:
        sleeping = row["residents"] + row["children"] + row["others"] + row.get("unread", 0)
        kind = here.shelf.kinds[houses[row["facility"]]["kind"]]
        if found := full(row["facility"], House(kind, row["capacity"], sleeping), here.today):
            yield found
