"""The walk-through of a discharge: what was agreed with IOM, what she takes with her, and the day she left."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.file import DISCHARGE, merged
from shelterctl.act.input import Input
from shelterctl.act.leaving import WOULD, judged_discharge, leave, left_by
from shelterctl.core.days import read_day
from shelterctl.core.finding import Finding, Outcome, Said, Severity
from shelterctl.core.home import STAY
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.errors import Usage
from shelterctl.language import N_, Plural
from shelterctl.walk import item
from shelterctl.walk.answers import rows
from shelterctl.walk.entry import step
from shelterctl.walk.remark import opened, remark, stays_open
from shelterctl.walk.sitting import Page, choose, sit
from shelterctl.walk.step import Step, Walk, waits
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

TITLE = N_("File {id}: discharge")
HEAD = N_("How she leaves")
NO_STAY = N_("This client has no stay in a house, so there is nothing to discharge from.")
WRONG = Plural(N_("One thing stops the discharge:"), N_("{count} things stop the discharge:"), "count")
LEFT = N_("She left on {on}. What that discharge lacks can be added; to change the day, take it back first.")
LEAVE = N_("write down that she left on {on}")
LEAVE_SOME_DAY = N_("write down that she left")
KEPT = N_("The answers are kept; she is not discharged.")
KEPT_TOO = N_("The answers are kept; the discharge of {on} stands.")
NO_DAY = N_("The day on which she left is not answered yet.")

ON, OWN = "discharge.on", "discharge.by_own_decision"
IMPOSSIBLE = ("discharge/not-in-house", "discharge/reported", "discharge/left-already")
"""What no answer can change: nothing is asked then."""


def walk(here: Desk, id_: str) -> Outcome:
    """Ask for a discharge at the terminal, and write it down when all is said."""
    table = Table(here, id_)
    if table.client.stay is None:
        raise Usage("discharge/no-stay", NO_STAY)
    answers = Unfinished(table, DISCHARGE, {})
    impossible = tuple(one for one in _refusals(table, {}) if one.code in IMPOSSIBLE)
    if impossible:
        return Outcome(data={"id": table.id}, findings=impossible)
    going = Walk(here, f"discharge {id_}", lambda: list(_steps(table, answers)), table.refresh, table.remarks)
    before = table.client.stay.discharged_on
    facts = {"id": table.id, "on": before}
    kept = Outcome(data={"id": table.id}, said=(waits(KEPT_TOO if before else KEPT, f"discharge {table.id}", **facts),))
    opening: Said = ((TITLE, facts), (LEFT, facts)) if before else ((TITLE, facts),)
    return sit(going, opening, kept, partial(_reviewed, table, answers, going))


def _steps(table: Table, answers: Unfinished) -> Iterator[Step]:
    asks = table.here.shelf.acts[DISCHARGE].asks
    yield from _besides(table, answers, asks["before"])
    yield from item.steps(table, DISCHARGE)
    yield from _besides(table, answers, asks["after"])


def _besides(table: Table, answers: Unfinished, names: Sequence[str]) -> Iterator[Step]:
    """What is asked besides the items: into her file, but for what the act itself writes."""
    for name in names:
        path, key = table.here.shelf.path(name), name.rpartition(".")[2]
        if path in (ON, OWN) and _left(table):
            continue
        drawn = step(table, path, (HEAD, {}))
        if path in (ON, OWN):
            offer = screen.shown(table.here.today) if path == ON else ""
            drawn = replace(drawn, now=answers.at(key), put=partial(_put, table, answers, key), offer=offer)
        yield drawn


def _left(table: Table) -> date | None:
    """The day on which she left, if that is written down already."""
    return table.client.stay.discharged_on if table.client.stay else None


def _put(table: Table, answers: Unfinished, name: str, value: Any) -> tuple[Finding, ...]:
    """Keep the day or whose decision it was; a day that cannot be is refused at once."""
    facts = answers.with_((name,), value)
    found = [one for one in _refusals(table, facts) if one.where.endswith(f"/discharge/{name}")]
    if not found:
        answers.keep(facts)
    return tuple(found)


def _refusals(table: Table, facts: dict[str, Any]) -> list[Finding]:
    """What stops a discharge with these answers."""
    return [one for one in _judged(table, facts) if one.severity is Severity.REFUSE]


def _judged(table: Table, facts: dict[str, Any]) -> list[Finding]:
    """What stops a discharge with these answers, and what stays open."""
    when = read_day(facts.get("on")) or _left(table) or table.here.today
    meant = left_by(table.client, when)
    given = {**({STAY: meant.id} if meant else {}), "discharge": {**facts, "on": when.isoformat()}}
    after = merged(table.here, table.record, Input(given, (), None))
    found = judged_discharge(table.here, meant, Client(after.record), when)
    return [*after.findings, *found]


def _reviewed(table: Table, answers: Unfinished, going: Walk) -> Outcome | None:
    """What stops it, or the act itself; None while it is still being changed."""
    screen.clear()
    judged = _judged(table, answers.facts)
    found = [one for one in judged if one.severity is Severity.REFUSE]
    when = read_day(answers.facts.get("on")) or _left(table)
    if found:
        screen.tell(WRONG, {"count": len(found)}, bold=True)
    for finding in found:
        screen.write([remark(table.here, finding)], indent="  - ")
    if when is None:
        screen.tell(NO_DAY)
    elif not found:
        screen.tell(WOULD, {"on": when})
    opened(table.here, judged)
    given = Input({"discharge": answers.facts}, (), None)
    page = Page((LEAVE, {"on": when}) if when else (LEAVE_SOME_DAY, {}), bool(when) and not found, stays_open(judged))
    items = {finding.facts.get("item") for finding in found}
    lacking = [one.name for one in going.steps() if one.now is None and one.name.partition(":")[0] in items]
    shown = rows(going, judged, lacking if when else [*lacking, ON])
    return choose(table, going, page, lambda: leave(table.here, str(table.id), when, given), answers, shown)
