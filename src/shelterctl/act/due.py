"""The list of what is due for one client: deadlines, monitoring, alarms of the last report and open items of acts,
today or within a number of days. Also who her social worker is, and which rows concern one member of staff.

Deadlines are computed in core.rules; `act.due_of_all` collects them for all, and view.due shows the list.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from shelterctl.act.stay_context import ADMISSION_ACT, DISCHARGE_ACT, admission_context, stay_context
from shelterctl.core.finding import Finding, about_client
from shelterctl.core.manual.track import MONITORING
from shelterctl.core.record.client import Client, Stay, value_at
from shelterctl.core.record.file_tree import STAYS_KEY
from shelterctl.core.record.walk import Place
from shelterctl.core.rules import deadlines, monitoring
from shelterctl.core.rules.deadlines import list_track_obligations
from shelterctl.core.rules.obligation import Obligation, order_by_danger
from shelterctl.core.values.days import local_day
from shelterctl.core.values.facts import ValuePath
from shelterctl.language import AboutClient
from shelterctl.schemas import published
from shelterctl.session import Session

SOCIAL_WORKER = "social_worker"
"""The name of the field in which a track says which social worker is responsible for her."""

WRITER_KEYS = frozenset({"recorded_by", "void", "printed"})
"""Keys that hold who recorded, struck through or printed something; that is not counted as work with her."""


OUTSIDE_STAYS = -1
"""The index of a place outside all stays."""


class StaffMention(NamedTuple):
    """One place of a file where a member of staff is named by *code*.

    *stay* is the index of its stay, `OUTSIDE_STAYS` outside all stays; *path* leads to the place; *order* sorts the
    places of a file.
    """

    stay: int
    order: tuple[int, ...]
    path: ValuePath
    code: str


def judge_alarms(session: Session, clients: Iterable[Client]) -> Iterator[Finding]:
    """Yield the open alarms of the last report of each client, in the form of words for her."""
    for her in clients:
        form = session.rulebook.form_for_sex(her.sex)
        for one in monitoring.judge_standing_alarms(session.rulebook.tracks, (her,)):
            yield about_client(one, form)


def list_due(session: Session, her: Client, within: int = 0, *, is_brief: bool = False) -> list[Obligation]:
    """Return everything due for a client today or within *within* days, the most dangerous first.

    A *brief* list has neither the open items of acts, which have no day, nor her social worker.
    """
    return sorted(collect_due(session, her, within, is_brief=is_brief), key=order_by_danger)


def collect_due(session: Session, her: Client, within: int, *, is_brief: bool = False) -> Iterable[Obligation]:
    """Return everything due for a client as `list_due` does, in no order."""
    if her.is_idle:
        return []
    rulebook, around = session.rulebook, stay_context(session, her, None, session.today, now=session.moment)
    dated = (
        *list_track_obligations(rulebook.tracks_with_deadlines, around, within, rulebook.items.values()),
        *monitoring.list_alarm_obligations(rulebook.tracks, her, session.today),
    )
    form = rulebook.form_for_sex(her.sex)
    if is_brief:
        return [_in_form(one, form) for one in dated]
    told = {(one.stay, one.row) for one in dated if one.row}  # an open item with the same row is the same obligation
    found = [*dated, *(one for one in _due_of_acts(session, her) if (one.stay, one.row) not in told)]
    worker = find_social_worker(session, her) if found else None
    return [_in_form(one, form, worker) for one in found]


def list_monitoring(session: Session, her: Client, within: int) -> list[Obligation]:
    """Return the monitoring that is due for a client who left, and what her report warns of."""
    tracks, around = session.rulebook.tracks, stay_context(session, her, None, session.today)
    report, form = tracks.serving(MONITORING), session.rulebook.form_for_sex(her.sex)
    monitored = list_track_obligations([report] if report else [], around, within)
    found = (*monitored, *monitoring.list_alarm_obligations(tracks, her, session.today))
    return sorted((_in_form(one, form) for one in found), key=order_by_danger)


def _in_form(owed: Obligation, form: str, worker: str | None = None) -> Obligation:
    """Return an obligation in the form of words for its client, with the code of her social worker."""
    return owed._replace(text=AboutClient(owed.text, form), social_worker=worker)


def list_recurring_due(session: Session, her: Client) -> Iterator[Obligation]:
    """Yield what recurs for a client, with the code of her social worker."""
    around = stay_context(session, her, None, session.today, now=session.moment)
    rows = [*deadlines.list_recurring(session.rulebook.tracks_with_deadlines, around)]
    worker = find_social_worker(session, her) if rows else None
    form = session.rulebook.form_for_sex(her.sex)
    return (_in_form(one, form, worker) for one in rows)


def find_social_worker(session: Session, her: Client) -> str | None:
    """Return the code of her social worker from her latest entry that names one, such as a plan; None without one."""
    found = [one for one in _staff_mentions(session, her) if one.path[-1] == SOCIAL_WORKER]
    last = max(found, key=lambda one: (one.stay, one.order), default=None)
    return next((one.code for one in reversed(found) if last and one[:2] == last[:2]), None)


def _staff_mentions(session: Session, her: Client) -> Iterator[StaffMention]:
    """Yield the members of staff that her unsealed entries name, but not those who recorded or struck the entries."""

    def answer(place: Place, code: Any) -> tuple[tuple[int, ...], str] | None:
        return (place.order, str(code)) if "staff" in place.notes.get("x-registers", ()) else None

    places = published.record_places(session.rulebook)
    for path, (order, code) in places.find("x-registers", her.facts, answer, struck=(), but=WRITER_KEYS):
        yield StaffMention(int(path[1]) if path[0] == STAYS_KEY else OUTSIDE_STAYS, order, path, code)


def list_staff_named(session: Session, her: Client) -> dict[str, list[str | None]]:
    """Return the members of staff whom her file names, by code, each with the stays of the rows that concern her or
    him: those in which the file does, or all if it does outside of them; None is what concerns no stay.
    """
    ids = {stay.index: stay.id for stay in her.stays}
    places: dict[str, set[int]] = {}
    for one in _staff_mentions(session, her):
        if one.stay == OUTSIDE_STAYS or one.stay in ids:
            places.setdefault(one.code, set()).add(one.stay)
    return {
        code: [None, *(id_ for index, id_ in ids.items() if {index, OUTSIDE_STAYS} & named)]
        for code, named in places.items()
    }


def _due_of_acts(session: Session, her: Client) -> Iterator[Obligation]:
    """Yield the open items of her admission while her stay is open, and those of her discharge from its planning until
    monitoring is done.
    """
    acts, stay = session.rulebook.acts, her.stay
    told = local_day(value_at(her.facts, "referral.received_at")) if stay is None else stay.arrived_on
    since = told or (stay.day("referral.received_at") if stay else None)
    if since and since > session.today:  # on an earlier day taken as today nobody knew of her yet
        return
    if stay is None:
        yield from deadlines.list_item_obligations(
            acts[ADMISSION_ACT], admission_context(session, her, session.today, count=False), since
        )
        return
    if stay.is_open:
        held = admission_context(session, her, stay.admitted_on or session.today, count=False)
        yield from deadlines.list_item_obligations(acts[ADMISSION_ACT], held, since)
    if is_leaving(session, her, stay):
        day = stay.discharged_on or session.today
        held = replace(stay_context(session, her, stay, day), acts=frozenset({DISCHARGE_ACT}))
        yield from deadlines.list_item_obligations(acts[DISCHARGE_ACT], held, stay.discharged_on)


def is_leaving(session: Session, her: Client, stay: Stay) -> bool:
    """Whether her discharge is planned, or done with monitoring still to come."""
    if stay.turned_away or not (stay.discharged_on or stay.day("discharge.planned_on")):
        return False
    return not (stay.discharged_on and monitoring.read_duty(session.rulebook.tracks, her, stay).outcome)
