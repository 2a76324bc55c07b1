"""What the menu shows first: who is in, what is open first, what is due, and how long ago the last backup was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shelterctl import output, screen
from shelterctl.cli import listed
from shelterctl.cli.backup import last_backup
from shelterctl.cli.file import judged_admission, state
from shelterctl.cli.options import Desk
from shelterctl.cli.walk.clock import doubted
from shelterctl.core import due
from shelterctl.core.days import days_from
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Client
from shelterctl.language import N_, Plural, Sentence

TITLE = N_("shelterctl · {houses} · {day} · {by}")
NOBODY = N_("Nobody is in the house.")
ROW = N_("{id}  {name}  {state}  {open}")
MISSING = Plural(N_("{count} thing missing at the gate"), N_("{count} things missing at the gate"), "count")
UNFINISHED = N_("a paper is begun and not saved")
MORE = Plural(N_("and {count} more: shelterctl list"), N_("and {count} more: shelterctl list"), "count")
DUE = Plural(
    N_("Monitoring is due for {count} client: shelterctl monitor due"),
    N_("Monitoring is due for {count} clients: shelterctl monitor due"),
    "count",
)
NEVER = N_("No backup of this store was made on this device. Make one: shelterctl backup DIR")
OLD = Plural(
    N_("The last backup is {count} day old. Make one: shelterctl backup DIR"),
    N_("The last backup is {count} days old. Make one: shelterctl backup DIR"),
    "count",
)
OPENING = N_("Opening the files")
BACKUP_DAYS = 7
SHOWN = 8
"""How many clients stand on the first screen, so that it fits 24 lines."""


@dataclass(frozen=True)
class Overview:
    """Everybody in the store as the first screen needs them."""

    inside: Sequence[Client]
    due: int
    raised: Sequence[Finding]


def overview(here: Desk) -> Overview:
    """Who is in tonight, in the order of arrival, whoever was referred and not yet received, and what is due."""
    annex, clients = here.shelf.annex, list(output.watched(here.store.clients(), len(list(here.store.ids())), OPENING))
    waiting = [her for her in clients if her.stay and her.stay.open]
    waiting.sort(
        key=lambda her: (her.stay.admitted_on is not None, str(her.stay.arrived_on)) if her.stay else (True, "")
    )
    count = sum(row.state == "due" for row in due.monitoring(annex, clients, here.today))
    return Overview(waiting, count, list(due.raised(annex, clients)))


def shown(here: Desk, seen: Overview) -> None:
    """The first screen, without the choices beneath it."""
    houses = here.store.shelter.value["facilities"]
    screen.tell(TITLE, {"houses": ", ".join(houses), "day": here.today, "by": here.by}, bold=True)
    for sentence, facts in doubted(here):
        screen.tell(sentence, facts, indent="! ")
    for sentence, facts in _backup(last_backup(here), here.today):
        screen.tell(sentence, facts, indent="! ")
    for finding in seen.raised:
        screen.write([f"! {finding.record} {screen.said(finding.message, finding.facts)}"])
    if seen.due:
        screen.tell(DUE, {"count": seen.due}, indent="! ")
    screen.write([""])
    if not seen.inside:
        screen.tell(NOBODY)
    for number, her in enumerate(seen.inside[:SHOWN], 1):
        screen.write([f"{number:>3} {line(here, her)}"])
    if len(seen.inside) > SHOWN:
        screen.tell(MORE, {"count": len(seen.inside) - SHOWN}, indent="    ")


def line(here: Desk, her: Client) -> str:
    """One client on the first screen: id, how she is called, where she stands, what is open first."""
    called: Mapping[str, Any] = listed.names(her)
    last = called["last_name"]
    name = " ".join(part for part in (called["first_name"], f"{last[0]}." if last else None) if part)
    return "  ".join(part for part in (her.id, name, screen.shown(state(here, her)), _first(here, her)) if part)


def _first(here: Desk, her: Client) -> str:
    """What is open first."""
    if her.facts.get("unfinished"):
        return screen.said(UNFINISHED)
    if her.stay is None or her.stay.admitted_on is not None:
        return ""
    found = judged_admission(here, her, here.today, count=False)
    count = sum(one.severity is Severity.REFUSE for one in found)
    return screen.said(MISSING, {"count": count}) if count else ""


def _backup(last: date | None, today: date) -> Sequence[tuple[Sentence, Mapping[str, object]]]:
    """The reminder, a week after the last backup."""
    if last is None:
        return ((NEVER, {}),)
    days = days_from(last, today)
    return ((OLD, {"count": days}),) if days >= BACKUP_DAYS else ()
