"""shelterctl house: shows who sleeps in each house tonight and the places left, or how full the houses were."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import typer

from shelterctl.act.output_path import SHEET_MEDIA, OutputTarget, judge_target, read_target, write_output
from shelterctl.act.state_in_words import name_state
from shelterctl.cli.options import Ctx, OverwriteOption, begin_command
from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.record.client import OUT_WITH_PERMISSION, Absence, Client, Stay, find_absence
from shelterctl.core.record.occupancy import (
    MAX_MONTHS,
    House,
    count_calendar_months,
    judge_capacity,
    months_up_to,
    sleepers,
)
from shelterctl.core.values.days import Span
from shelterctl.custody.damage import damaged_files_error
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import LabelledCode
from shelterctl.session import Session, may_ask, read_code_option
from shelterctl.store.folder import SHELTER_FILE
from shelterctl.store.roster import read_residents
from shelterctl.terminal.screen import show_busy
from shelterctl.trust.readership import FILE_PART
from shelterctl.ui_language import N_
from shelterctl.view import occupancy
from shelterctl.view.occupancy import OUT_STATE_BY_NUMBER, beds_tonight

SLEEPS_HERE_TONIGHT = N_("Who sleeps here in the night after {day}, and the places left.")
ROSTER_WITHOUT_NAMES = N_(
    "By number, without names and reasons: your role opens no client's file. There is more in them."
)
LIST_WITHOUT_NAMES = N_("By number and room, without names and reasons.")
LIST_ONE_TASK = N_("--list shows tonight; --months, --since and --until show the past. Use two commands.")
OTHERS_COUNTED = N_("Other people in {facility}, besides the residents and their children: {others}.")
HOUSE_UNKNOWN = N_("There is no such house in this store. The houses are: {facilities}.")
HOUSE_NEEDED = N_("The store has several houses. Name one with --facility: {facilities}.")
HOUSE_ONE_TASK = N_("--others counts tonight; --months, --since, --until and --out show the past. Use two commands.")
RANGE_BEGINS_TWICE = N_("--months and --since both set the first day. Leave one of them out.")
RANGE_IN_FUTURE = N_("{option} is {day}, a day in the future. Give a day up to {today}.")
RANGE_BACKWARDS = N_("The last day, {last}, is before the first, {first}. Correct --since or --until.")
RANGE_TOO_LONG = N_("{first} to {last} is more than {years} years. Check the year, or ask for a shorter time.")
PICTURE_WRITTEN = N_("The picture is saved: {facilities}, {first} to {last}.")

PICTURE_KINDS = ("svg", "pdf", "html")
HOUSE_COLUMNS = ("facility", "kind", "capacity", "residents", "children", "others", "unread", "free")

DEFAULT_MONTHS = 3
"""The number of months of occupancy that are shown by default."""

MOST_OTHERS = 9_999
"""The largest number of other people that is accepted."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl house --since 2026-01-01 --until 2026-06-30 --format csv")
def house(
    ctx: Ctx,
    others: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=MOST_OTHERS,
            help="Record how many other people sleep there, without names; kept until the next count.",
        ),
    ] = None,
    facility: Annotated[str | None, typer.Option(metavar="CODE", help="The code of one house; default: all.")] = None,
    months: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, max=MAX_MONTHS, help="Show how full it was, by day, in the last N calendar months."
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Show how full it was, by day, from this day on.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Show how full it was, by day, up to this day; default: today.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Draw these days into FILE: .svg, .pdf or .html; with --list the page: .pdf, .html, .md or .txt.",
        ),
    ] = None,
    as_: Annotated[
        str | None,
        typer.Option("--as", metavar="svg|pdf|html|md|txt", help="The kind of file, if its name does not show it."),
    ] = None,
    overwrite: OverwriteOption = False,
    listed: Annotated[
        bool,
        typer.Option("--list", help="For the guard: by number and room, without names and reasons."),
    ] = False,
) -> Outcome:
    """Show who sleeps here tonight and how many places are left, or how full it was in the past."""
    # Gather.
    session = begin_command(ctx, lists=out is None)
    to = read_target(out, as_, overwrite, SHEET_MEDIA if listed else PICTURE_KINDS, json=session.json)
    past = bool(months or since or until or (to and not listed))
    if (others is not None or listed) and past:
        raise UsageError("usage/one-thing", LIST_ONE_TASK if listed else HOUSE_ONE_TASK)
    during = _read_range(session, months, since, until) if past else None
    held = session.store.shelter
    houses = _select_houses(held.value["facilities"], facility)
    if others is not None and len(houses) > 1:
        raise UsageError("usage/which-house", HOUSE_NEEDED, facilities=sorted(houses))

    # Decide.
    if during is not None:
        return _show_past(session, houses, during, to)
    if others is not None:
        from shelterctl.act.permission import refuse_tasks  # noqa: PLC0415 - a guard's screen only counts
        from shelterctl.core.manual.role import Task  # noqa: PLC0415 - a guard's screen only counts

        if refused := refuse_tasks(session, [Task("facility", False)]):
            return Outcome(findings=refused)
        counted = {"on": session.today.isoformat(), "number": others}
        houses = {name: {**one, "others": counted} for name, one in houses.items()}
    closed = not session.store.vault.opens(FILE_PART)
    by_number = closed or listed
    named = may_ask(session) and not by_number
    clients = (
        read_residents(session.store.roster.value) if closed else occupancy.read_sleepers(session, with_names=named)
    )
    asleep = [
        (her, stay) for her, stay in sleepers(clients, session.today) if facility is None or stay.facility == facility
    ]
    unread = session.store.unread_count
    kinds, today = session.rulebook.house_kinds, session.today
    rows = [beds_tonight(kinds, name, one, asleep, unread, today) for name, one in houses.items()]
    sleeping = list(_sleeper_rows(session, asleep, by_number=by_number))
    if listed and to:
        from shelterctl.paper.guard_list import print_guard_list  # noqa: PLC0415 - only a page needs it

        return print_guard_list(session, rows, sleeping, to)
    data: dict[str, Any] = {
        "rows": rows,
        "sleeping": _rows_with_names(session, asleep, sleeping) if named else sleeping,
    }
    data |= {"by_number": True} if by_number else {}
    findings = tuple(_full_house_findings(session, houses, rows))

    # Act.
    said: list[tuple[Any, dict[str, Any]]] = [(SLEEPS_HERE_TONIGHT, {"day": session.today})]
    said += [(ROSTER_WITHOUT_NAMES if closed else LIST_WITHOUT_NAMES, {})] if by_number else []
    if others is not None:
        changed = {**held.value, "facilities": {**held.value["facilities"], **houses}}
        if changed != held.value:
            session.save([(SHELTER_FILE, changed, held.version)], "house")
        said.append((OTHERS_COUNTED, {"facility": next(iter(houses)), "others": others}))
    return Outcome(data=data, columns=HOUSE_COLUMNS, findings=findings, said=tuple(said), private=may_ask(session))


def _read_range(session: Session, months: int | None, since: str | None, until: str | None) -> Span:
    """Return the days that are asked for. Raises UsageError for days to come, a wrong order or too long a time."""
    if months and since:
        raise UsageError("usage/range", RANGE_BEGINS_TWICE)
    first = session.read_day(since, "--since") if since else None
    last = session.read_day(until, "--until") if until else session.today
    for option, day in (("--since", first), ("--until", last)):
        if day and day > session.today:
            raise UsageError("usage/range", RANGE_IN_FUTURE, option=option, day=day, today=session.today)
    if first is None:
        return months_up_to(last, months or DEFAULT_MONTHS)
    if first > last:
        raise UsageError("usage/range", RANGE_BACKWARDS, first=first, last=last)
    if count_calendar_months(Span(first, last)) > MAX_MONTHS:
        raise UsageError("usage/range", RANGE_TOO_LONG, first=first, last=last, years=MAX_MONTHS // 12)
    return Span(first, last)


def _show_past(session: Session, houses: Mapping[str, Any], during: Span, to: OutputTarget | None) -> Outcome:
    """Draw into a file how full the houses were, or return it as an answer."""
    if to and (stopped := judge_target(to, session.identity_file)):
        return Outcome(findings=stopped)
    seen = occupancy.read_occupancy(session, houses, during)
    if to is None:
        return occupancy.answer_occupancy(seen)
    from shelterctl.paper import occupancy as occupancy_paper  # noqa: PLC0415
    from shelterctl.paper.delivery import MAKING_PDF  # noqa: PLC0415 - only a picture needs it
    from shelterctl.paper.request import choose_paper_language, common_facts  # noqa: PLC0415

    language = choose_paper_language(session)
    with show_busy(MAKING_PDF, quiet=session.json or to.kind != "pdf"):
        made = occupancy_paper.render_occupancy(
            seen, to.kind, language, common_facts(session.rulebook, language, None, None)
        )
    stream = write_output(to, made)
    facts = {"facilities": list(houses), "first": seen.during.first, "last": seen.during.last}
    harm = damaged_files_error(session.store.damaged)  # like a list, a picture reports files that it lacks
    return Outcome(said=((PICTURE_WRITTEN, facts),), last=occupancy.occupancy_notes(seen), stream=stream, harm=harm)


def _select_houses(houses: Mapping[str, Any], facility: str | None) -> Mapping[str, Any]:
    """Return the named house, else all of them. Raises NotFound if there is no such house."""
    if facility is None:
        return houses
    if (facility := read_code_option(facility, "--facility")) not in houses:
        raise NotFound("facility/unknown", HOUSE_UNKNOWN, facilities=sorted(houses))
    return {facility: houses[facility]}


def _sleeper_rows(
    session: Session, asleep: Iterable[tuple[Client, Stay]], *, by_number: bool
) -> Iterator[dict[str, Any]]:
    """Yield everybody who sleeps there, by house and day of arrival; a client without a house comes last.

    The row of a client who is out or in hospital says so, and since when; her bed is kept. *By number* it says neither
    names nor why she is out, and how many children are with her.
    """
    for her, stay in sorted(asleep, key=lambda one: (one[1].facility or "~", str(one[1].arrived_on), one[0].id)):
        out = find_absence(stay, session.today)
        yield {
            "id": her.id,
            "facility": stay.facility,
            "since": stay.arrived_on,
            "provisional": stay.admitted_on is None or stay.admitted_on > session.today,
            "away": _away(session, her, out, by_number=by_number) if out else None,
            "out_since": out.since if out else None,
            **({"room": stay.facts["room"]} if stay.facts.get("room") else {}),
            **({"children": len(her.children), "expected_back_at": out.expected if out else None} if by_number else {}),
        }


def _away(session: Session, her: Client, out: Absence, *, by_number: bool) -> LabelledCode:
    """Return the state of somebody who is out; by number it says neither why, nor by its form if it is a man."""
    if by_number:
        return LabelledCode(OUT_WITH_PERMISSION, OUT_STATE_BY_NUMBER)
    return LabelledCode(out.state, name_state(session, her, out.state))


def _rows_with_names(
    session: Session, asleep: Iterable[tuple[Client, Stay]], rows: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows with names, for a screen that is cleared, without columns that are empty for everybody."""
    from shelterctl.view import client  # noqa: PLC0415 - a guard's screen has no names

    called = {her.id: client.client_names(her) for her, _ in asleep}
    named = [client.narrow_client_row(session, {"id": row["id"], **called[row["id"]], **row}) for row in rows]
    told = {name for row in named for name, value in row.items() if value}
    return [{name: value for name, value in row.items() if name in told} for row in named]


def _full_house_findings(
    session: Session, houses: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]
) -> Iterator[Finding]:
    for row in rows:
        sleeping = row["residents"] + row["children"] + row["others"] + row.get("unread", 0)
        house = houses[row["facility"]]
        kind = session.rulebook.house_kinds[house["kind"]]
        capacity, own = kind.places(row["facility"], house["capacity"], session.today)
        if found := judge_capacity(row["facility"], House(kind, capacity, sleeping, own=own), session.today):
            yield found
