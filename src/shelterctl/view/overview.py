"""The screen of the shift: who is here tonight, what comes first of whom and when, and what is not as it should be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from shelterctl import output, screen
from shelterctl.act.damage import of_newer
from shelterctl.act.due import owed
from shelterctl.act.exposure import BRIEFLY, not_resealed
from shelterctl.core import duty
from shelterctl.core.days import days_from
from shelterctl.core.due import of_monitoring
from shelterctl.core.finding import Finding
from shelterctl.core.house import sleepers
from shelterctl.core.record import Client
from shelterctl.core.state import away
from shelterctl.core.track import LATE
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError
from shelterctl.language import N_, Both, Sentence
from shelterctl.view.beds import taken
from shelterctl.view.clock import doubted
from shelterctl.view.first import SOON, First
from shelterctl.view.safeguard import reminded

NOBODY = N_("Nobody is in the house, and of whoever left nothing is due.")
UNREAD = N_("Files that do not open here: {count}. Whoever they are of may sleep here tonight.")
MORE = N_("and more, listed where a file is opened: {count}")
NIGHT = N_("{facility} {sleeping} of {capacity}")
TONIGHT = N_("Sleep here tonight: {houses}.")
TONIGHT_OUT = N_("Sleep here tonight: {houses}. Out or in hospital: {out}.")
OPENING = N_("Opening the files")
FURTHER = N_("More is to be looked at: {count}. See: shelterctl check")

LATELY = 365
"""Days within which she left not long ago."""


@dataclass(frozen=True, repr=False, eq=False)
class Overview:
    """Everybody in the store as the first screen needs them, and what is to be raised or cannot be read."""

    here: Desk
    clients: Sequence[Client]
    raised: Sequence[Finding]
    trouble: Sequence[ShelterError] = ()

    @cached_property
    def rows(self) -> Sequence[First]:
        """Whoever someone is at work on, and of whom anything is due since she left: the gravest danger stands first.

        Of who left long ago only her monitoring is reckoned.
        """
        annex, today = self.here.shelf.report, self.here.today
        firsts = (
            First(her, owed(self.here, [her], SOON) if near else [*of_monitoring(annex, her, today, SOON)])
            for her in self.clients
            for near in [_begun(her) or _left_lately(her, today)]
        )
        return sorted((one for one in firsts if one.listed or _begun(one.her)), key=lambda one: one.urgency)


def overview(here: Desk) -> Overview:
    """Who is in tonight, whoever was referred and not yet received, and what is due."""
    clients, trouble = [], []
    ids = list(here.store.ids())
    for id_ in output.watched(iter(ids), len(ids), OPENING):
        try:
            clients.append(here.store.client(id_)[0])
        except ShelterError as error:  # one damaged file must not shut the others
            trouble.append(error)
    return Overview(here, clients, list(duty.raised(here.shelf.report, clients)), trouble)


def _left_lately(her: Client, today: date) -> bool:
    """Whether she left within the last year, so that more may be due of her than to ask how she is."""
    left = her.lived.discharged_on if her.lived else None
    return left is not None and 0 <= days_from(left, today) <= LATELY


def _begun(her: Client) -> bool:
    """Whether someone is at work on her: in the house or on the way to it, or a paper of hers is not finished."""
    opened = her.stay.open if her.stay else not (her.facts.get("referral") or her.facts.get("stays"))
    return opened or ("unfinished" in her.facts and not her.struck)


def shown(here: Desk, seen: Overview, beneath: int) -> None:
    """The first screen, without the lines *beneath* it that hold the choices: as much of it as there is room for.

    Who is not back in time stands above all else. A long line goes on in the next one, so that nothing is cut off.
    """
    night = _night(here, seen)
    late = [one for one in seen.rows if one.danger == LATE]
    rows = seen.rows[len(late) :]
    free = screen.size()[1] - beneath - _lines([night]) - 2  # the first line says where one is, an empty one parts
    told = [f"  · {one.line(here)}" for one in rows]
    least = _lines(told[:1]) + (len(told) > 1)  # the gravest, and how many more there are
    warned = _fitting([*(f"! {one.line(here)}" for one in late), *_warned(here, seen)], free - max(least, 1))
    screen.write(warned)
    screen.write([night])
    room = max(free - _lines(warned), 1)
    fitting = screen.fitting(told, room)
    screen.write(fitting)
    if not seen.rows:
        unread = {"count": len(seen.trouble)}
        screen.tell(UNREAD if seen.trouble else NOBODY, unread, indent="  ")
    if len(rows) > len(fitting):
        screen.tell(MORE, {"count": len(rows) - len(fitting)}, indent="    ")


def _night(here: Desk, seen: Overview) -> str:
    """How many sleep in each house tonight, of how many places, and how many of them are out."""
    asleep = list(sleepers(seen.clients, here.today))
    houses = []
    for name, house in here.store.shelter.value["facilities"].items():
        row = taken(here.shelf.kinds, name, house, asleep, here.store.unread)
        sleeping = row["residents"] + row["children"] + row["others"] + row.get("unread", 0)
        houses.append(screen.said(NIGHT, {"facility": name, "sleeping": sleeping, "capacity": row["capacity"]}))
    out = sum(away(stay, here.today) is not None for _, stay in asleep)
    return screen.said(TONIGHT_OUT if out else TONIGHT, {"houses": houses, "out": out})


def _warned(here: Desk, seen: Overview) -> Sequence[str]:
    """What is not as it should be, the gravest first."""
    told: list[tuple[Sentence, Mapping[str, object]]] = list(doubted(here))
    for error in (*here.store.told, *seen.trouble):
        told.append((Both(error.message, error.hint) if error.hint else error.message, error.facts))
    notes = (*of_newer(here.store.newer), *not_resealed(here.store.vault, BRIEFLY))
    told += [(note.message, note.facts) for note in notes]
    raised = [f"! {finding.record} {screen.said(finding.message, finding.facts)}" for finding in seen.raised]
    said = [[f"! {screen.said(sentence, facts)}" for sentence, facts in each] for each in (told, reminded(here))]
    return [*raised, *said[0], *said[1]]


def _fitting(warned: Sequence[str], free: int) -> Sequence[str]:
    """As many warnings as *free* lines hold, and one at least; how many more there are is said."""
    kept = screen.fitting(warned, free)
    more = [f"! {screen.said(FURTHER, {'count': len(warned) - len(kept)})}"] if len(kept) < len(warned) else []
    return [*kept, *more]


def _lines(texts: Sequence[str]) -> int:
    """How many lines of the screen they take."""
    return sum(map(screen.height, texts))
