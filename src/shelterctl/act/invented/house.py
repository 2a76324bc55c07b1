"""Making the store of an invented house: its founding, its codes, its clients' files and its registers, in few acts."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from shelterctl.act.check import judge_opened_file
from shelterctl.act.invented.clients import InventedClients, StayPlan, most_clients, plan_stays
from shelterctl.act.invented.frequency import read_data
from shelterctl.act.invented.people import InventedPeople
from shelterctl.act.invented.registers import InventedRegisters
from shelterctl.act.invented.stamps import InventedStamps
from shelterctl.act.invented.values import InventedValues
from shelterctl.core.finding import Severity
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, read_subject
from shelterctl.core.record.file_tree import STAYS_KEY
from shelterctl.core.rules.context import entries_of_client
from shelterctl.core.tables.columns import HOUSE_REGISTER
from shelterctl.core.values.facts import Facts
from shelterctl.custody.init import begin_founding, finish_founding, make_first_files
from shelterctl.errors import UsageError
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import create_identity
from shelterctl.platform.writing import write_new_file_atomically
from shelterctl.progress import report_steps
from shelterctl.rulebook.rulebook import Rulebook, rulebook_name
from shelterctl.session import Options, Session
from shelterctl.store.folder import DIRECTORY_FILE, SHELTER_FILE, STAFF_FILE, record_file
from shelterctl.store.subject import record_name
from shelterctl.ui_language import N_

HOUSE_LANGUAGES = ("ru", "ky")
HOUSE_OFFSET = "+06:00"
SIGNED_KEY, LINES_KEY = "signed", "lines"
INVENTING_FILES = N_("Making invented files")
TOO_MANY_CLIENTS = N_(
    "At most {most} clients are possible in {days} days: above {always}, each stay takes a bed for {stay} days, and "
    "there are {beds} beds."
)
MORE_DAYS_OR_HOUSES = N_("Take fewer clients, more --years or more --houses.")
MOST_REPAIRS = 6
"""The number of times that refused entries of a file are taken out and the file is judged again."""


@dataclass(slots=True, repr=False, kw_only=True)
class InventedSize:
    """The size of an invented shelter: so many *clients* in so many *days* up to *today*, in so many *houses*, drawn
    from a *seed*.
    """

    clients: int
    days: int
    seed: int
    today: date
    houses: int = 1

    @property
    def now(self) -> datetime:
        """The last moment of which there are entries."""
        return datetime.combine(self.today, time(12))

    @property
    def first(self) -> datetime:
        """The first moment from which registers are kept."""
        return datetime.combine(self.today - timedelta(self.days), time(8))


def require_beds(size: InventedSize) -> None:
    """Raise an error if so many clients cannot have a bed one after the other."""
    most, data = most_clients(size.days, size.houses), read_data("house")
    if size.clients > most:
        raise UsageError(
            "demo/too-many",
            TOO_MANY_CLIENTS,
            hint=MORE_DAYS_OR_HOUSES,
            most=most,
            days=size.days,
            always=data["always_possible"],
            stay=data["days_of_stay"],
            beds=size.houses * data["residents"],
        )


def found_store(place: Path, rulebook: Rulebook, size: InventedSize, at: str) -> Session:
    """Make an empty store at a time, with a key beside it that has no passphrase; return a session in it."""
    (data,) = read_data("house")["codes"]["facility"]
    store, key_file = place / "house", place / "key"
    key = create_identity()
    save_identity(key_file, key, None)
    session = Session(
        options=Options(store=str(store), identity=str(key_file), as_of=size.today.isoformat(), staff="manager")
    )
    begun = begin_founding(store, key, "manager", at)
    write_new_file_atomically(place / "recovery.txt", begun.paper.text.encode())
    house = {"kind": data["kind"], "capacity": data["capacity"]}
    day = size.first.date().isoformat()
    files = make_first_files(
        begun.chain.store,
        house,
        data["code"],
        "manager",
        day,
        HOUSE_OFFSET,
        rulebook_name(rulebook),
        languages=HOUSE_LANGUAGES,
    )
    finish_founding(store, session.memory_folder, key, begun, files, by="manager", at=at)
    return session


class InventedHouse:
    """An invented house while it is drawn and written into the store of a *session*."""

    def __init__(self, session: Session, size: InventedSize) -> None:
        self.session, self.size = session, size
        lot = Random(size.seed)  # noqa: S311 - invented people, not keys
        self.codes: dict[str, dict[str, Mapping[str, Any]]] = {
            track.at: {str(one["code"]): one for one in self._codes_of(track)} for track in self._coded_tracks()
        }
        void = session.rulebook.track_order.fields["void"]
        self.values = InventedValues(lot, InventedPeople(lot), lambda name: self.codes.get(name, {}), HOUSE_OFFSET)
        self.stamps = InventedStamps(
            lot, [*self.codes["staff"]], [*void.fields["reason"].codes], HOUSE_OFFSET, size.now
        )
        self.houses = [*self.codes[HOUSE_REGISTER]]
        self.plans = plan_stays(size.clients, size.first, size.now, lot, size.houses)
        self._plans_of_day = _list_by_day(self.plans, size.today)
        self.ids = {one.client: "" for one in self.plans}
        self.ids |= {number: self.stamps.client_id() for number in sorted(self.ids)}
        self.registers = InventedRegisters(session, self.values, self.stamps, size.first, size.now, self.residents)
        self.counts: Counter[str] = Counter()
        self._families = {track.family for track in session.rulebook.tracks.values()}

    def residents(self, moment: datetime, house: str | None = None) -> list[str]:
        """Return the ids of the clients who are in a house, or in any, at a moment until the last one."""
        here = [plan for plan in self._plans_of_day[moment.date()] if plan.covers(moment)]
        return [self.ids[plan.client] for plan in here if house in (None, self.houses[plan.house])]

    def lacks(self, track: str) -> bool:
        """Return whether a track has no entry in the files drawn so far."""
        return not self.counts[track]

    def register_codes(self) -> None:
        """Register the staff, the house, NGOs, providers, and what else has codes."""
        store, written = self.session.store, dict[str, dict[str, Any]]()
        clear: dict[str, dict[str, Any]] = {}
        for track in self._coded_tracks():
            for one in self._codes_of(track):
                open_, written.setdefault(track.at, {})[one["code"]] = self.registers.code(track, one)
                clear.setdefault(track.at, {})[one["code"]] = open_
                self.codes[track.at][one["code"]] = {**written[track.at][one["code"]], **open_}
                self.counts[track.name] += 1
        changes = [
            (STAFF_FILE, {**store.staff.value, "staff": clear["staff"]}, store.staff.version),
            (SHELTER_FILE, {**store.shelter.value, "facilities": clear["facilities"]}, store.shelter.version),
            (DIRECTORY_FILE, {**store.directory.value, **written}, store.directory.version),
        ]
        self.session.save(changes, "staff")

    def _coded_tracks(self) -> list[Track]:
        """Return the registers of codes: those that the data names first, in its order."""
        named = [*read_data("house")["codes"]]
        coded = [track for track in self.session.rulebook.tracks.values() if track.is_coded]
        return sorted(coded, key=lambda track: named.index(track.name) if track.name in named else len(named))

    def _codes_of(self, track: Track) -> Sequence[Mapping[str, Any]]:
        """Return the codes of a register with what the data says of them; some codes for one that it does not name."""
        data = read_data("house")
        numbers = range(1, 1 + data["other_codes"])
        named = data["codes"].get(track.name) or [{"code": f"{track.name}-{number}"} for number in numbers]
        if track.at != HOUSE_REGISTER:
            return named
        (first,) = named
        more = range(2, 1 + self.size.houses)
        return [first, *({**first, "code": f"{first['code']}-{number}"} for number in more)]

    def write_clients(self) -> None:
        """Draw and save the file of every client as one act."""
        drawn = InventedClients(
            self.session, self.values, self.stamps, self.size.now, self.houses, self.residents, self.lacks
        )
        plans: dict[int, list[StayPlan]] = {}
        for plan in self.plans:
            plans.setdefault(plan.client, []).append(plan)
        files = []
        for number in report_steps(sorted(self.ids), INVENTING_FILES):
            record = self._without_refused(drawn.file(self.ids[number], plans[number]))
            self._count(record)
            files.append((record_file(self.ids[number]), record, None))
        self.session.save(files, "admit")

    def write_registers(self) -> None:
        """Draw and save what registers hold as one act."""
        store = self.session.store
        files = []
        for record in self.registers.records():
            store.home_registers.record(record["home"], record["id"])
            self._count(record)
            files.append((record_name(record), record, ""))
        self.session.save(files, "add")

    @property
    def staff_count(self) -> int:
        """The number of members of staff."""
        return len(self.codes["staff"])

    @property
    def entry_count(self) -> int:
        """The number of live entries in all."""
        return self.counts.total()

    def rows(self) -> list[tuple[str, int]]:
        """Return the number of live entries of each track, in the order of the rulebook."""
        return [(name, self.counts[name]) for name in self.session.rulebook.track_names if self.counts[name]]

    def _count(self, record: Facts) -> None:
        her = read_subject(record)
        for track in self.session.rulebook.tracks.values():
            if track.of_register == her.home and not track.is_coded and track.name not in self._families:
                self.counts[track.name] += sum(1 for _ in entries_of_client(track, her))

    def _without_refused(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a file without the entries that would be refused."""
        tracks = self.session.rulebook.tracks.values()
        acts = {SIGNED_KEY, *(act.writes for track in tracks for act in track.entry_acts.values())}
        for _ in range(MOST_REPAIRS):
            findings = judge_opened_file(self.session, Client(record))
            refused = [one.where for one in findings if one.severity is Severity.REFUSE]
            if not refused:
                break
            for where in sorted(refused, reverse=True):
                _take_out(record, where.split("/")[1:], acts)
        return record


def _list_by_day(plans: Sequence[StayPlan], last: date) -> Mapping[date, list[StayPlan]]:
    """Return the stays in which somebody is in a house on a day, for each day up to the last, in their order."""
    found: dict[date, list[StayPlan]] = defaultdict(list)
    for plan in plans:
        begins, ends = plan.arrival.date(), min(plan.leaving.date() if plan.leaving else last, last)
        for number in range((ends - begins).days + 1):
            found[begins + timedelta(number)].append(plan)
    return found


def _take_out(record: dict[str, Any], steps: Sequence[str], acts: Collection[str]) -> None:
    """Take out of a file what is refused at a place: a line of an agreement, the *acts* on an entry, or the entry."""
    found: Any = record
    lists: list[tuple[list[Any], int]] = []
    for step in steps:
        if isinstance(found, list):
            if not step.isdigit() or int(step) >= len(found):
                return
            lists.append((found, int(step)))
            found = found[int(step)]
        elif isinstance(found, dict) and step in found:
            found = found[step]
        else:
            break
    if not lists or lists[-1][0] is record[STAYS_KEY]:
        return
    entries, number = lists[-1]
    lines, done = entries[number].get(LINES_KEY) or {}, entries[number].keys() & acts
    if LINES_KEY in steps and len(lines) > 1:
        lines.pop((*steps, "")[steps.index(LINES_KEY) + 1], None)
    elif done:
        for act in done:
            del entries[number][act]
    else:
        del entries[number]
