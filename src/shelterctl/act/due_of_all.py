"""The list of what is due for many clients: for all of them from the index, as far as it knows it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from shelterctl.act.watched_session import WatchedSession
from shelterctl.core.finding import Finding
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.rules.obligation import MonitoringDue, Obligation, order_by_danger, order_by_wait
from shelterctl.core.values.days import minutes_between
from shelterctl.errors import ShelterError
from shelterctl.index.cells import pack_cells, unpack_cells
from shelterctl.index.client_index import ClientIndex
from shelterctl.language import AboutClient
from shelterctl.session import Session

_DAYS = ("due_on", "begun_on")
_KEPT_ONCE = ("what", "clause", "owner", "row", "gate", "every", "wall", "danger")
"""The fields of an obligation, beside its words, that many have alike; the index keeps them once."""


@dataclass(repr=False)
class DueOfMany:
    """The obligations of many clients in the order of display, with the open *alarms* of their last reports.

    *is_staff_named* says whether any file names the member of staff asked for; it is True if nobody is asked for.
    """

    rows: list[Obligation] = field(default_factory=list)
    alarms: list[Finding] = field(default_factory=list)
    is_staff_named: bool = True


class DueOfClient(NamedTuple):
    """The obligations of one client: her *id*, the rows, whether her last report raises an alarm, and the members of
    staff whom her file names, by code, each with the stays of the rows that concern her or him.
    """

    id: str
    rows: Sequence[Obligation]
    has_alarm: bool
    named: Mapping[str, Collection[str | None]]


def gather_due(
    session: Session,
    clients: Iterable[Client] | None,
    within: int = 0,
    *,
    staff: str | None = None,
    owner: str | None = None,
    recurring: bool = False,
) -> DueOfMany:
    """Collect what is due for these clients, or for all if *clients* is None: only for the member of staff or the role
    that is given.

    With *recurring* also what recurs, done or not. Each file is released before the next one is read, to save memory.
    """
    found = DueOfMany(is_staff_named=staff is None)
    for one in _due_by_client(session, clients, within, recurring=recurring, by_staff=staff is not None):
        rows = [each for each in one.rows if owner in (None, each.owner)]
        if staff is not None:
            stays = one.named.get(staff, ())
            rows = [each for each in rows if each.stay in stays]
            found.is_staff_named = found.is_staff_named or bool(stays)
        if one.has_alarm and (rows or staff is None):
            found.alarms += _judge_alarms(session, Client(session.store.read(one.id).value))
        found.rows += rows
    found.rows.sort(key=order_by_danger)
    return found


def gather_registers_due(
    session: Session, within: int, staff: str | None = None, *, recurring: bool = False
) -> list[Obligation]:
    """Collect what is due by the registers of codes and by the registers of houses, staff, NGOs and providers; for one
    member of *staff* what concerns her. With *recurring* also what recurs, done or not, from the files.
    """
    index = None if recurring else session.index
    if index is None:
        return list(_list_registers_due(session, within, staff, recurring=recurring))
    watched, moment = WatchedSession.over(session, index.watch, about_registers=True), session.moment
    packed = index.read_of_registers(
        f"due {within} {staff} {session.staff}",
        lambda: [[one.id, *_pack(index, one)] for one in _list_registers_due(watched, within, staff)],
    )
    return [_unpack(index, id_, one, moment) for id_, *one in packed]


def _list_registers_due(
    session: Session, within: int, staff: str | None, *, recurring: bool = False
) -> Iterator[Obligation]:
    from shelterctl.act.register import list_coded_due  # noqa: PLC0415 - the index mostly knows it
    from shelterctl.act.register_due import list_registers_due  # noqa: PLC0415 - the index mostly knows it

    yield from (one for one in list_coded_due(session, within) if staff in (None, one.id))
    yield from list_registers_due(session, within, staff, recurring=recurring)


@dataclass(repr=False)
class MonitoringOfAll:
    """The monitoring that is due for all clients, the longest due first, with the open *alarms* of last reports."""

    rows: list[MonitoringDue] = field(default_factory=list)
    alarms: list[Finding] = field(default_factory=list)


def gather_monitoring(session: Session, within: int) -> MonitoringOfAll:
    """Collect the monitoring of all clients that is due or will be *within* that many days, one file at a time."""
    found, index = MonitoringOfAll(), session.index
    if index is None:
        for her in session.store.clients():
            found.rows += _judge_monitoring(session, her, within)
            found.alarms += _judge_alarms(session, her)
    else:
        watched = WatchedSession.over(session, index.watch)

        def answer(her: Client) -> list[Any]:
            rows = _judge_monitoring(watched, her, within)
            return [[pack_cells(row[1:]) for row in rows], bool(_judge_alarms(watched, her))]

        for id_, (packed, has_alarm) in index.read([f"monitoring {within}", "alarm"], answer, wanted=[bool, bool]):
            found.rows += (MonitoringDue._make((id_, *unpack_cells(cells))) for cells in packed)
            if has_alarm:
                found.alarms += _judge_alarms(session, Client(session.store.read(id_).value))
    found.rows.sort(key=order_by_wait)
    return found


def read_names(session: Session, rows: Iterable[Obligation]) -> dict[str, Sequence[str]]:
    """Return the first and last names of the clients whom rows are about, by id, from their files."""
    found: dict[str, Sequence[str]] = {}
    for id_ in {one.id: None for one in rows}:
        facts = session.store.read(id_).value
        names = (value_at(facts, f"identity.{name}") for name in ("first_name", "last_name"))
        found[id_] = [str(name) for name in names if name]
    return found


def _judge_alarms(session: Session, her: Client) -> Sequence[Finding]:
    """Return the open alarms of a client's last report."""
    from shelterctl.act.due import judge_alarms  # noqa: PLC0415 - the index mostly knows that there is none

    return tuple(judge_alarms(session, [her]))


def _judge_monitoring(session: Session, her: Client, within: int) -> Sequence[MonitoringDue]:
    """Return the monitoring that is due for a client, by her file."""
    from shelterctl.core.rules.monitoring import list_monitoring_due  # noqa: PLC0415 - the index mostly knows it

    return list_monitoring_due(session.rulebook.tracks, [her], session.today, within)


def _judge_due(session: Session, her: Client, within: int, *, recurring: bool = False) -> DueOfClient:
    """Return what is due for a client by her file, with *recurring* also what recurs.

    The rows have no order yet: to order them by the minute reads the clock, and the answer would hold for a minute.
    """
    from shelterctl.act import due  # noqa: PLC0415 - the index mostly knows it

    rows = [*due.collect_due(session, her, within), *(due.list_recurring_due(session, her) if recurring else ())]
    return DueOfClient(her.id, rows, bool(_judge_alarms(session, her)), due.list_staff_named(session, her))


def _due_by_client(
    session: Session, clients: Iterable[Client] | None, within: int, *, recurring: bool, by_staff: bool
) -> Iterator[DueOfClient]:
    index = session.index if clients is None and not recurring else None
    if index:
        yield from _read_due(session, index, within, by_staff=by_staff)
        return
    for her in session.store.clients() if clients is None else clients:
        yield _judge_due(session, her, within, recurring=recurring)


def _read_due(session: Session, index: ClientIndex, within: int, *, by_staff: bool) -> Iterator[DueOfClient]:
    """Yield what the index knows to be due; what it does not know is judged from the files.

    A client for whom nothing is due is passed over, with *by_staff* only if her file names nobody.
    """
    watched, registered = WatchedSession.over(session, index.watch), frozenset[str]()
    with suppress(ShelterError):  # staff.yaml is damaged: nobody can be asked for
        registered = session.store.staff_with_role()  # other words that stand there may be a person's name

    def answer(her: Client) -> list[Any]:
        judged = _judge_due(watched, her, within)
        named = {code: stays for code, stays in judged.named.items() if code in registered}
        return [[_pack(index, one) for one in judged.rows], judged.has_alarm, named]

    moment = session.moment
    questions, wanted = [f"due {within}", "alarm", "staff named"], [bool, bool, *([bool] if by_staff else ())]
    for id_, (packed, has_alarm, named) in index.read(questions, answer, wanted=wanted):
        rows = [_unpack(index, id_, one, moment) for one in packed]
        yield DueOfClient(id_, sorted(rows, key=order_by_danger), has_alarm, named)


def _pack(index: ClientIndex, owed: Obligation) -> list[Any]:
    """Return an obligation as JSON, without the minutes that have passed since its hour."""
    text = owed.text
    alike = {"text": dict(text), "form": text.form if isinstance(text, AboutClient) else None}
    alike |= {name: value for name in _KEPT_ONCE if (value := getattr(owed, name)) is not None}
    own = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in owed._asdict().items()
        if name not in (*_KEPT_ONCE, "id", "text", "minutes_since_due") and value is not None and value != ()
    }
    return [index.keep_once(alike), own]


def _unpack(index: ClientIndex, id_: str, packed: Sequence[Any], moment: datetime) -> Obligation:
    number, own = packed
    alike = dict(index.kept_once(number))
    text, form = alike.pop("text"), alike.pop("form")
    found = {"stay": None, "due_on": None, "days_since_due": None, **alike, **own}
    found |= {name: date.fromisoformat(own[name]) for name in _DAYS if name in own}
    if "due_at" in own:
        at = datetime.fromisoformat(own["due_at"])
        found |= {"due_at": at, "minutes_since_due": minutes_between(at, moment)}
    found |= {"owner_codes": tuple(own["owner_codes"])} if "owner_codes" in own else {}
    return Obligation(id=id_, text=AboutClient(text, form) if form else text, **found)
