"""What the menu shows first: who is in, what is open first, what is due, and how long ago the last backup was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shelterctl import output, screen
from shelterctl.act.file import judged_admission, state
from shelterctl.act.reminder import last_backup
from shelterctl.core import duty
from shelterctl.core.days import days_from
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError
from shelterctl.language import N_, Both, Plural, Sentence, Text
from shelterctl.library import Shelf
from shelterctl.view import client
from shelterctl.view.clock import doubted

TITLE = N_("shelterctl · {houses} · {day} · {by}")
NOBODY = N_("Nobody is in the house.")
ROW = N_("{id}  {name}  {state}  {open}")
MISSING = Plural(N_("{count} thing missing at the gate"), N_("{count} things missing at the gate"), "count")
WAITING = N_("answers wait to be finished: {papers}")
READY = N_("nothing is missing for her admission")
MORE = Plural(N_("and {count} more: shelterctl list"), N_("and {count} more: shelterctl list"), "count")
DUE = Plural(
    N_("Monitoring is due for {count} client: shelterctl monitor due"),
    N_("Monitoring is due for {count} clients: shelterctl monitor due"),
    "count",
)
NEVER = N_("No backup was made on this device. Make one: shelterctl backup DIR")
OLD = Plural(
    N_("The last backup is {count} day old. Make one: shelterctl backup DIR"),
    N_("The last backup is {count} days old. Make one: shelterctl backup DIR"),
    "count",
)
OPENING = N_("Opening the files")
FURTHER = N_("More is to be looked at: {count}. See: shelterctl check, shelterctl monitor due")

BACKUP_DAYS = 7
PAPERS = {
    "discharge": N_("discharge"),
    "monitoring-report": N_("monitoring report"),
    "monitoring-attempt": N_("attempt to reach her"),
    "monitoring-closed": N_("closing of monitoring"),
    "monitoring-scheduled": N_("day of monitoring"),
}
"""What answers may wait for besides the financial forms."""


@dataclass(frozen=True, repr=False)
class Overview:
    """Everybody in the store as the first screen needs them; *due* are those whose monitoring is, longest due first."""

    inside: Sequence[Client]
    due: Sequence[Client]
    raised: Sequence[Finding]
    trouble: Sequence[ShelterError] = ()

    @property
    def due_first(self) -> Sequence[Client]:
        """Whoever may be meant where papers and reports are: whose monitoring is due, then who is in."""
        return [*self.due, *(her for her in self.inside if her not in self.due)]


def overview(here: Desk) -> Overview:
    """Who is in tonight, in the order of arrival, whoever was referred and not yet received, and what is due."""
    annex, clients, trouble = here.shelf.report, [], []
    ids = list(here.store.ids())
    for id_ in output.watched(iter(ids), len(ids), OPENING):
        try:
            clients.append(here.store.client(id_)[0])
        except ShelterError as error:  # one damaged file must not shut the others
            trouble.append(error)
    inside = sorted((her for her in clients if _begun(her)), key=_urgency)
    by_id = {her.id: her for her in clients}
    late = dict.fromkeys(row.id for row in duty.due(annex, clients, here.today) if row.state == "due")
    return Overview(inside, [by_id[id_] for id_ in late], list(duty.raised(annex, clients)), trouble)


def _begun(her: Client) -> bool:
    """Whether someone is at work on her: in the house or on the way to it, or a paper of hers is not finished."""
    opened = her.stay.open if her.stay else not (her.facts.get("referral") or her.facts.get("stays"))
    return opened or ("unfinished" in her.facts and not her.struck)


def _urgency(her: Client) -> tuple[bool, str]:
    """Whoever is not admitted yet first, then in the order of arrival."""
    admitted = her.stay is not None and her.stay.admitted_on is not None
    return admitted, str(her.stay.arrived_on if her.stay else "")


def shown(here: Desk, seen: Overview, beneath: int) -> None:
    """The first screen, without the lines *beneath* it that hold the choices: as much of it as there is room for."""
    houses = here.store.shelter.value["facilities"]
    title = screen.said(TITLE, {"houses": ", ".join(houses), "day": here.today, "by": here.by})
    screen.write([title], bold=True)
    free = screen.size()[1] - beneath - _lines([title]) - 1
    warned = _fitting(_warned(here, seen), free - 1)
    screen.write(warned)
    if free > _lines(warned):  # where the warnings leave no room for it, nothing parts them from the rows
        screen.write([""])
    if not seen.inside:
        screen.tell(NOBODY)
    room = max(free - _lines(warned), 1)
    if len(seen.inside) > room:
        room -= 1
    for her in seen.inside[:room]:
        screen.write([screen.cut(f"  · {line(here, her)}", screen.size()[0] - 1)])
    if len(seen.inside) > room:
        screen.tell(MORE, {"count": len(seen.inside) - room}, indent="    ")


def _warned(here: Desk, seen: Overview) -> Sequence[str]:
    """What is not as it should be and what is due, the gravest first."""
    told: list[tuple[Sentence, Mapping[str, object]]] = list(doubted(here))
    for error in (*here.store.told, *seen.trouble):
        told.append((Both(error.message, error.hint) if error.hint else error.message, error.facts))
    raised = [f"! {finding.record} {screen.said(finding.message, finding.facts)}" for finding in seen.raised]
    waiting = [*([(DUE, {"count": len(seen.due)})] if seen.due else ()), *_backup(last_backup(here), here.today)]
    said = [[f"! {screen.said(sentence, facts)}" for sentence, facts in each] for each in (told, waiting)]
    return [*said[0], *raised, *said[1]]


def _fitting(warned: Sequence[str], free: int) -> Sequence[str]:
    """As many warnings as *free* lines hold, and one at least; how many more there are is said."""
    for kept in range(len(warned), 0, -1):
        more = [f"! {screen.said(FURTHER, {'count': len(warned) - kept})}"] if kept < len(warned) else []
        if _lines(fitting := [*warned[:kept], *more]) <= free:
            return fitting
    return fitting if warned else ()


def _lines(texts: Sequence[str]) -> int:
    """How many lines of the screen they take."""
    return sum(len(screen.wrapped(screen.clean(text))) for text in texts)


def line(here: Desk, her: Client) -> str:
    """One client on the first screen: id, how she is called, where she stands, what is open first."""
    called: Mapping[str, Any] = client.names(her)
    last = called["last_name"]
    name = " ".join(part for part in (called["first_name"], f"{last[0]}." if last else None) if part)
    return "  ".join(part for part in (her.id, name, screen.shown(state(here, her)), _first(here, her)) if part)


def _first(here: Desk, her: Client) -> str:
    """What is open first."""
    if begun := her.facts.get("unfinished"):
        return screen.said(WAITING, {"papers": [paper_of(here.shelf, name) for name in begun]})
    if her.stay is None or her.stay.admitted_on is not None:
        return ""
    found = judged_admission(here, her, here.today, count=False)
    count = sum(one.severity is Severity.REFUSE for one in found)
    return screen.said(MISSING, {"count": count}) if count else screen.said(READY)


def paper_of(shelf: Shelf, name: str) -> Text | str:
    """What answers were begun for, as people call it."""
    form = shelf.forms.get(name.removesuffix("-signature").removesuffix("-termination"))
    track = form or (None if name in PAPERS else shelf.tracks.get(name))
    return track.text if track else PAPERS.get(name, name)


def _backup(last: date | None, today: date) -> Sequence[tuple[Sentence, Mapping[str, object]]]:
    """The reminder, a week after the last backup."""
    if last is None:
        return ((NEVER, {}),)
    days = days_from(last, today)
    return ((OLD, {"count": days}),) if days >= BACKUP_DAYS else ()
