"""The part of the command check that judges clients' files: a file of the store, or a plain file outside any store.
Outside a store a whole record is judged with stand-ins for session and store, part of one by its shape alone.
"""

import re
import sys
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from shelterctl.act.agreement import judge_agreements
from shelterctl.act.client_file import (
    find_lacking_without_stay,
    judge_admission,
    judge_client_track,
    judge_entries,
    list_unregistered_staff,
    make_contexts,
)
from shelterctl.act.input import Input, check_input, is_whole_record, read_whole_file
from shelterctl.act.redaction import count_sealed_findings
from shelterctl.act.register_record import visible_record
from shelterctl.act.stay_context import DISCHARGE_ACT, stay_context
from shelterctl.act.worded_findings import word_findings
from shelterctl.core.finding import Finding, Severity, about_client, soften_findings
from shelterctl.core.manual.track import MONITORING, Track, as_title
from shelterctl.core.merge.fragment import find_misplaced_entries
from shelterctl.core.record.client import Client, Registered, Stay, value_at
from shelterctl.core.record.occupancy import House
from shelterctl.core.rules import checklist as acts
from shelterctl.core.rules import monitoring
from shelterctl.core.rules.context import AllClients
from shelterctl.errors import Damaged, ShelterError
from shelterctl.immutable import immutable
from shelterctl.language import AboutClient, LabelledCode, Sentence, TwoSentences
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from shelterctl.schemas import published
from shelterctl.session import Session
from shelterctl.store.compatibility import is_written_by_newer
from shelterctl.store.folder import record_file
from shelterctl.store.store import StoredFile
from shelterctl.store.subject import list_codes
from shelterctl.trust.readership import DIRECTORY_PART, FILE_PART, REGISTER_PARTS
from shelterctl.ui_language import N_
from shelterctl.vault.sealed_bytes import BLOCK_READERS_WRONG, RESEAL_BLOCK_FOR_READERS

if TYPE_CHECKING:
    from shelterctl.store.store import Store


SEALED_ENTRY_WITHHELD = N_(
    "This computer may read this part of {her|his} file ({part}), but a sealed entry in it does not open "
    "({entry}). Ask who wrote it. Put the file back from a backup: shelterctl repair {record} --from BACKUP"
)

SEALED_ANSWERS_LIE_OPEN = N_(
    "Some answers in this file are not sealed on the disk yet, because an older version wrote them. They are "
    "no longer shown anywhere, and will be sealed the next time {her|his} file is changed."
)

REGISTER_BLOCK_WITHHELD = N_(
    "This computer may read this part of the register ({part}), but a sealed entry in it does not open ({entry}). Ask "
    "who wrote it. Put the file back from a backup: shelterctl repair {place} --from BACKUP"
)
ADDITION_WITHOUT_ENTRY = N_(
    "{place} adds something to an entry that no file has ({entry}). Put back the file in which the entry was from a "
    "backup, or ask the other computer for it."
)
ENTRY_OF_OTHER_MONTH = N_(
    "{place}: an entry does not belong to this month by its day ({entry}). Strike it through and record it anew."
)
FILE_SAVED_BY_OTHER = N_(
    "{place}: the computer {device} changed this file, which only another computer writes. See whose key that is with: "
    "shelterctl trust. Ask that colleague, and tell the data officer."
)
WRITTEN_BY_OTHER = N_(
    "{place}: something in this file bears the code of another person than the one whose key writes it ({entry}). See "
    "whose key {device} is with: shelterctl trust. Ask that colleague, and tell the data officer."
)
ENTRY_IN_REGISTER = N_("{register}, {own}:")
CODE_NOT_IN_REGISTER = N_("There are entries about this code, and it is not registered: {code}.")
CLEAR_REGISTERS = ("house", "staff")
"""The homes whose codes everybody reads; the codes of the others are in the directory."""

ENTRY_OF_OTHER_STAY = N_(
    "By its date this entry belongs to {her|his} stay {stay}. If that is right, strike it through here and "
    "add it again with --again: it will then go into that stay."
)

CODES_OF_TODAY = ("admission/in-future", "admission/full-house")
"""Codes of findings on an admission that depend on today's date or on who sleeps there now; check leaves them out."""

RESIDENT_KIND = "resident"
STORE_FACTS_NOT_CHECKED = N_(
    "Not checked, because only a store has it: registered staff and NGOs, memoranda, the kind of house and "
    "who else sleeps there, the numbers of other clients' agreements, and limits that the house set itself."
)
PART_SHAPE_CHECKED = N_(
    "This is part of a record, of the kind {kind}; only its format was checked. See: shelterctl schema {kind}"
)
OTHER_KIND_SHAPE_CHECKED = N_("This is a file of the kind {kind}, not a client's record; only its format was checked.")
RECORD_SHAPE_WRONG = N_("The format of this record is wrong, so it was not checked against the manual.")
FILE_OF_NEWER_VERSION = N_(
    "A newer shelterctl wrote this file, with version {version} of its schema. Check it with that program."
)
FILE_OF_NEWER_RULEBOOK = N_(
    "This file was written with a newer rulebook and has something that the rulebook here does not know."
)
CODES_OF_REGISTERS = {
    "admission/unregistered-staff",
    "agreement/registered-ngo",
    "agreement/memorandum-in-force",
    "monitoring/social-worker",
    *(f"track/{code}" for code in ("by", "gone", "inside", "role-missing", "unregistered", "unknown-client")),
}
"""Codes of findings that need a register, left out for a file that is checked outside a store."""

_SCHEMA_NAME = re.compile(r"([a-z-]{1,32})/([1-9][0-9]{0,3})", re.ASCII)
ANY_HOUSE_KIND, ENOUGH_PLACES = "any", 1_000_000
"""A kind of house for which the manual has no rule, and more places than are ever needed."""


def judge_client_file(session: Session, her: Client) -> tuple[Finding, ...]:
    """Return the findings on one client's file, as ``check`` judges it.

    Missing evidence for an admission or discharge that is recorded is a refusal; before the act it is open. A closed
    file (``Client.is_idle``) is not asked for what it lacks. Sealed parts are judged as far as this key opens them, and
    findings inside them are only counted.
    """
    her = session.store.with_sealed_parts(her)
    return count_sealed_findings((*_find_withheld(session, her), *judge_opened_file(session, her)))


def judge_opened_file(session: Session, her: Client) -> tuple[Finding, ...]:
    """Return the findings on the content of a file whose sealed entries are open, each at its place."""
    done = (
        *judge_agreements(session, her),
        *_judge_monitoring(session, her),
        *judge_entries(session, her),
        *_find_misplaced(session, her),
    )
    return done if her.is_idle else (*_judge_acts(session, her), *done, *list_unregistered_staff(session, her.facts))


@dataclass(repr=False)
class JudgedStore:
    """Judges every file of a store while it is read and keeps only the findings, so that no file stays in memory.

    A value that must be unique is compared with the files read before, so the first file with it is judged once more at
    the end. *trouble* is the error that ended judging early, such as a damaged register; reading goes on.
    """

    session: Session
    count: int = 0
    trouble: ShelterError | None = None
    _found: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    _facts: dict[Hashable, Any] = field(default_factory=dict)
    _unshared: tuple[tuple[Track, str], ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        """Begin with no value of any client known."""
        store = self.session.store
        vars(store)["all_clients"] = AllClients(store.clients)
        self._unshared = tuple(dict.fromkeys(unshared_names(self.session.rulebook)))

    def judge_each(self, clients: Iterable[Client]) -> Iterator[Client]:
        """Yield each client after judging her file."""
        for her in clients:
            self.judge(her)
            self.session.store.seals.opened_blocks.clear()
            yield her

    def judge(self, her: Client) -> None:
        """Judge the file of one client, and keep its findings."""
        self.count += 1
        for track, name in self._unshared:
            self.session.store.all_clients.remember(track, name, her)
        self._judge(her)

    def findings(self) -> Iterator[Finding]:
        """Return the findings of all files, in the order in which the files were read."""
        return chain.from_iterable(self.findings_by_client().values())

    def findings_by_client(self) -> Mapping[str, tuple[Finding, ...]]:
        """Return the findings of each file, by the client's id, once all were read."""
        first = self.session.store.all_clients.first_of_several() if self.trouble is None else frozenset()
        for id_ in sorted(first & self._found.keys()):
            self._judge(Client(self.session.store.read(id_).value))
        return self._found

    def _judge(self, her: Client) -> None:
        if self.trouble is None:
            try:
                self._found[her.id] = tuple(map(self._share, judge_listed_client(self.session, her)))
            except ShelterError as error:
                self.trouble = error

    def _share(self, finding: Finding) -> Finding:
        """Return the finding with its facts replaced by equal objects seen before, to save memory: most files lack few
        kinds of things, on few days.
        """
        where, code = sys.intern(finding.where), sys.intern(finding.code)
        return replace(finding, facts=self._share_fact(finding.facts), where=where, code=code)

    def _share_fact(self, fact: Any) -> Any:
        """Return an equal fact that was seen before, or the fact itself, made of facts seen before.

        A list or mapping is known by its shared facts, which the table keeps alive; so is a text of the rulebook, which
        is no value.
        """
        key: Hashable
        if isinstance(fact, LabelledCode):
            text = self._share_fact(fact.text) if isinstance(fact.text, AboutClient) else fact.text
            key = (type(fact), str(fact), id(text))
        elif isinstance(fact, Mapping):
            shared = {name: self._share_fact(each) for name, each in fact.items()}
            form = fact.form if isinstance(fact, AboutClient) else None
            key = (type(fact), form, *shared, *map(id, shared.values()))
            fact = fact if form is None else AboutClient(shared, form)
        elif isinstance(fact, list):
            fact = [self._share_fact(each) for each in fact]
            key = (list, *map(id, fact))
        elif isinstance(fact, str | int | date | Decimal | None):
            key = (type(fact), str(fact))
        else:
            return fact
        return self._facts.setdefault(key, fact)


def unshared_names(rulebook: Rulebook) -> Iterator[tuple[Track, str]]:
    """Yield each field whose value no two clients' files may share, with the track in which it is written."""
    for track in rulebook.tracks.values():
        of_clients = not track.is_coded and track.of_register is None
        for name in track.unique_in_store if of_clients else ():
            first, _, rest = name.partition(".")
            elsewhere = rest and first not in track.fields and first in rulebook.tracks
            yield (rulebook.tracks[first], rest) if elsewhere else (track, name)


def readable_clients(store: "Store") -> Iterator[Client]:
    """Yield every client whose file is whole, its sealed parts included; remember the others as damaged."""
    for her in store.clients() if store.vault.opens(FILE_PART) else ():
        try:
            store.with_sealed_parts(her)
        except Damaged as error:
            store.damaged[record_file(her.id)] = error
        else:
            yield her


def judge_listed_client(session: Session, her: Client) -> tuple[Finding, ...]:
    """Return the findings in one of several files, with its id; none for a file of a newer program or rulebook."""
    if record_file(her.id) in session.store.read_only_files:  # an older rulebook would judge it wrongly
        return ()
    found = (*find_unsealed_answers(session, her), *judge_client_file(session, her))
    form = session.rulebook.form_for_sex(her.sex)
    return tuple(about_client(one, form, her.id) for one in found)


def find_unsealed_answers(session: Session, her: Client) -> Iterator[Finding]:
    """Yield a warning if her file on the disk still has answers in the open that are sealed now."""
    if her.id in session.store.migration.still_open:
        yield Finding(code="sealed/still-open", message=SEALED_ANSWERS_LIE_OPEN, severity=Severity.WARN, record=her.id)


def _find_withheld(session: Session, her: Client) -> tuple[Finding, ...]:
    """Return a warning for each sealed entry that this key should open but cannot; the rest of the file is still
    judged.
    """
    return tuple(
        Finding(
            code="sealed/withheld",
            message=SEALED_ENTRY_WITHHELD,
            severity=Severity.WARN,
            where="/sealed",
            facts={name: place.facts[name] for name in ("record", "part", "entry")},
        )
        for place in session.store.closed_parts(her)
    ) + tuple(
        Finding(
            code="sealed/readers",
            message=TwoSentences(BLOCK_READERS_WRONG, RESEAL_BLOCK_FOR_READERS),
            severity=Severity.WARN,
            where="/sealed",
            facts={name: place.facts[name] for name in ("place", "record", "part", "entry")},
        )
        for place in session.store.miscounted_blocks(her)
    )


def _judge_acts(session: Session, her: Client) -> tuple[Finding, ...]:
    last = her.stay
    if last is None:
        return find_lacking_without_stay(session, her)
    if last.turned_away:
        return ()
    judged = judge_admission(session, her, last.admitted_on or session.today, count=False)
    found = tuple(one for one in judged if one.code not in CODES_OF_TODAY)
    found = found if last.admitted_on else soften_findings(found)
    if last.discharged_on:
        left = last.discharged_on
        held = replace(stay_context(session, her, last, left).as_of(left), today=left)
        found += tuple(acts.judge_act(session.rulebook.acts[DISCHARGE_ACT], held))
    return found


def _find_misplaced(session: Session, her: Client) -> Iterator[Finding]:
    """Yield a warning for each entry that is in another stay than the one of its date."""
    for name in session.rulebook.track_names if len(her.stays) > 1 else ():
        for where, stay in find_misplaced_entries(session.rulebook.tracks[name], her, session.rulebook.tracks):
            facts = {"stay": stay.id, "record": her.id}
            yield Finding(
                code="track/other-stay", message=ENTRY_OF_OTHER_STAY, severity=Severity.WARN, where=where, facts=facts
            )


def _judge_monitoring(session: Session, her: Client) -> tuple[Finding, ...]:
    """Return the findings on monitoring, for each stay, or at the top of the file of a client who lived in none."""
    found: list[Finding] = []
    clause = monitoring.monitoring_clause(session.rulebook.tracks)
    report_track = session.rulebook.tracks.serving(MONITORING)
    for stay in (*her.stays, *(() if her.last_stay_lived else (None,))):
        root = f"/stays/{stay.index}" if stay else ""
        duties = value_at((stay or her).facts, "monitoring")
        if not duties:
            continue
        around = replace(stay_context(session, her, stay, session.today), today=None)
        for number, report in enumerate(duties.get("reports") or ()):
            if report_track and "void" not in report:
                found += monitoring.judge_report(report_track, report, f"{root}/monitoring/reports/{number}", around)
        for number, attempt in enumerate(duties.get("attempts") or ()):
            if "void" not in attempt:
                where = f"{root}/monitoring/attempts/{number}"
                found += soften_findings(monitoring.judge_other_words(attempt, clause, where))
        if "scheduled" in duties:
            found += soften_findings(monitoring.judge_scheduled_day(session.rulebook.tracks, her, stay))
    return tuple(found)


@dataclass(repr=False)
class JudgedRegisters:
    """Judges the registers of houses, staff, NGOs and providers that the person's role opens.

    Damaged files are noted, and left out of what is judged. *trouble* is the error that kept a record from being
    judged, such as a damaged register of codes; the others are judged all the same.
    """

    session: Session
    trouble: ShelterError | None = None
    found: list[Finding] = field(default_factory=list)

    def judge(self) -> None:
        """Judge the registers of every home."""
        for place, part in REGISTER_PARTS.items():
            if self.session.store.vault.opens(part):
                self._judge_home(place.partition("/")[2])

    def _judge_home(self, home: str) -> None:
        store = self.session.store
        known = home in CLEAR_REGISTERS or store.vault.opens(DIRECTORY_PART)
        registered: Collection[str] = ()
        try:
            registered = list_codes(store, home).keys()
        except ShelterError as error:
            self.trouble, known = error, False
        for file, device in store.home_registers.find_other_savers(home):
            facts = {"place": file.name, "device": device}
            self.found.append(_warn(None, "register/other-device", FILE_SAVED_BY_OTHER, facts))
        for code in sorted({*registered, *store.home_registers.codes_in_files(home)}):
            try:
                self.found += judge_listed_record(self.session, home, code)
            except ShelterError as error:
                self.trouble = error
            if known and code not in registered:
                self.found.append(_warn(code, "register/unregistered", CODE_NOT_IN_REGISTER, {"code": code}))


def judge_listed_record(session: Session, home: str, code: str) -> Iterator[Finding]:
    """Yield the findings on what is recorded about one code, as far as the person at this computer may see it."""
    registers = session.store.home_registers
    held = StoredFile(dict(registers.record(home, code).facts), "")
    opened = session.store.unsealed(held)
    yield from _find_seal_troubles(session, home, opened.value)
    for file, entry in registers.find_elsewhere(opened.value):
        yield _warn(code, "register/other-month", ENTRY_OF_OTHER_MONTH, {"place": file.name, "entry": entry})
    for file, entry in registers.find_other_writers(opened.value):
        facts = {"place": file.name, "device": file.device, "entry": entry}
        yield _warn(code, "register/other-writer", WRITTEN_BY_OTHER, facts)
    seen = Registered(visible_record(session, opened.value))
    context_on = make_contexts(session, seen)
    judged = (
        *word_findings(
            session.rulebook,
            (
                one
                for track in session.rulebook.tracks_of_homes[home]
                for one in judge_client_track(session, seen, track, far=True, context_on=context_on)
            ),
        ),
        *list_unregistered_staff(session, seen.facts),
    )
    tracks = session.rulebook.tracks_of_homes[home]
    yield from (replace(_name_entry(tracks, seen, one), record=code) for one in count_sealed_findings(judged))


def _name_entry(tracks: Iterable[Track], seen: Client, finding: Finding) -> Finding:
    """Return a finding on an entry of a register with the kind and the id of the entry before it: there may be
    thousands.
    """
    for track in tracks:
        number, _, _ = finding.where.removeprefix(f"/{track.at}/").partition("/")
        if finding.where.startswith(f"/{track.at}/") and number.isdigit():
            own = value_at(seen.facts, track.at)[int(number)]
            facts = {"register": LabelledCode(track.name, as_title(track.text)), "own": own["id"], **finding.facts}
            return replace(finding, message=TwoSentences(ENTRY_IN_REGISTER, finding.message), facts=facts)
    return finding


def _find_seal_troubles(session: Session, home: str, opened: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a warning for each block that should open and does not, or opens for other keys than may, and for each
    addition whose entry is in no file.
    """
    registers, code = session.store.home_registers, str(opened["id"])
    seals = registers.judge_seals(opened)
    for facts in seals.withheld:
        yield _warn(code, "sealed/withheld", REGISTER_BLOCK_WITHHELD, facts)
    for facts in seals.miscounted:
        yield _warn(code, "sealed/readers", TwoSentences(BLOCK_READERS_WRONG, RESEAL_BLOCK_FOR_READERS), facts)
    if not any(name.startswith(f"registers/{home}/") for name in session.store.damaged):
        for one in registers.list_orphans(opened):
            facts = {"place": one.file.name, "entry": str(one.facts["entry"])}
            yield _warn(code, "register/no-entry", ADDITION_WITHOUT_ENTRY, facts)


def _warn(record: str | None, code: str, message: Sentence | TwoSentences, facts: Mapping[str, object]) -> Finding:
    return Finding(code=code, message=message, severity=Severity.WARN, facts=facts, record=record)


class FileVerdict(NamedTuple):
    """The result of checking one file in clear: its kind of schema, the findings, what was not checked, and its id.

    *newer* says that a newer program or rulebook wrote the file, so it was not judged.
    """

    kind: str | None
    findings: tuple[Finding, ...]
    not_checked: tuple[Sentence, str] | None = None
    record: str | None = None
    newer: bool = False


def judge_outside_file(session: Session, name: str) -> FileVerdict:
    """Judge a file outside any store, or standard input for ``-``, as far as that is possible without a store. Raises
    UsageError if there is no such file.
    """
    given = read_whole_file(name)
    if given.findings:
        return FileVerdict(None, given.findings)
    return _judge_whole_record(session, given) if is_whole_record(given.value) else _judge_part(session.rulebook, given)


def _judge_whole_record(session: Session, given: Input) -> FileVerdict:
    """Judge a whole file: a client's record as ``check ID`` does if its shape is right, any other by its shape."""
    named = _SCHEMA_NAME.fullmatch(str(given.value["schema"]))
    kind = named[1] if named and published.schema_of_stored_file(session.rulebook, named[1]) else RESIDENT_KIND
    schema = published.schema_of_stored_file(session.rulebook, kind) or {}
    if named and named[1] == kind and int(named[2]) > _schema_version(schema):
        return _newer_verdict(kind, given, FILE_OF_NEWER_VERSION, "/schema", version=int(named[2]))
    found = check_input(given, schema).findings
    if found and is_written_by_newer(given.value, session.rulebook.version):
        return _newer_verdict(kind, given, FILE_OF_NEWER_RULEBOOK, "/edition")
    if kind != RESIDENT_KIND:
        return FileVerdict(kind, found, (OTHER_KIND_SHAPE_CHECKED, kind))
    if found:
        return FileVerdict(kind, found, (RECORD_SHAPE_WRONG, kind))
    her = Client(given.value)
    judged = (
        one
        for one in judge_client_file(StandaloneSession(options=session.options, her=her), her)
        if not _needs_register(one, her)
    )
    form = session.rulebook.form_for_sex(her.sex)
    found = given.located(about_client(one, form) for one in judged)
    return FileVerdict(kind, found, (STORE_FACTS_NOT_CHECKED, kind), her.id)


def _newer_verdict(kind: str, given: Input, message: Sentence, where: str, **facts: object) -> FileVerdict:
    """Return the verdict on a file of a newer program or rulebook: not judged, but not wrong."""
    found = Finding(code="record/newer", message=message, severity=Severity.WARN, where=where, facts=facts)
    return FileVerdict(kind, given.located([found]), newer=True)


def _schema_version(schema: Mapping[str, Any]) -> int:
    """Return the newest version of a schema that this program knows."""
    said = schema["properties"]["schema"]
    return max(int(each.rpartition("/")[2]) for each in said.get("enum") or [said["const"]])


def _judge_part(rulebook: Rulebook, given: Input) -> FileVerdict:
    """Check part of a record, or the input of a command, against the schema that knows most of its keys."""
    schemas = published.input_schemas(rulebook)
    kind = max(schemas, key=lambda name: _count_known_keys(given.value, schemas[name]))
    return FileVerdict(kind, check_input(given, schemas[kind]).findings, (PART_SHAPE_CHECKED, kind))


def _schema_keys(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return schema.get("properties") or {}


def _count_known_keys(value: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[int, int]:
    """Return the number of keys of a part that a schema knows, and the number of its lines that it knows."""
    lines, given = _schema_keys(_schema_keys(schema).get("lines", {})), value.get("lines")
    return len(value.keys() & _schema_keys(schema).keys()), len(given.keys() & lines) if isinstance(given, dict) else 0


def _needs_register(finding: Finding, her: Client) -> bool:
    """Whether only a register can confirm a finding; an empty field is seen in the file itself."""
    if finding.code not in CODES_OF_REGISTERS:
        return False
    found: Any = her.facts
    for step in finding.where.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found.get(step)
    return bool(found)


@dataclass(repr=False, eq=False, kw_only=True)
class StandaloneSession(Session):
    """A session with the rulebook and a day, and one file in place of a store."""

    her: Client

    @property
    def today(self) -> date:
        """The day taken as today, by the computer's own clock."""
        return self.computer_day

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rulebook without limits of any house: nothing says of which store the file is."""
        return open_rulebook()

    @cached_property
    def store(self) -> "Store":
        """A stand-in for a store that answers only what judging asks."""
        return cast("Store", StandaloneStore(self.rulebook, self.her))


@immutable(slots=False)
class StandaloneStore:
    """A stand-in for a store with one client, no registers, and houses of which nothing is known."""

    rulebook: Rulebook
    her: Client
    registers: Mapping[str, Any] = field(default_factory=dict)

    def staff_with_role(self, *_: str) -> frozenset[str]:
        """Return nobody: there is no register of staff."""
        return frozenset()

    def read_register(self, *_: str) -> None:
        """Return None: there are no registers to open."""

    @property
    def all_clients(self) -> AllClients:
        """All clients of the store: her alone."""
        return AllClients(self.clients)

    def clients(self) -> Iterator[Client]:
        """Return an iterator over her alone."""
        return iter((self.her,))

    def with_sealed_parts(self, client: Client) -> Client:
        """Return her unchanged: there is no key to open sealed parts."""
        return client

    def closed_parts(self, _: Client) -> Iterator[Any]:
        """Return an empty iterator: without a key no sealed part is expected to open."""
        return iter(())

    def miscounted_blocks(self, _: Client) -> Iterator[Any]:
        """Return an empty iterator: without a store nobody knows who may read a part."""
        return iter(())

    def without_sealed_parts(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the record unchanged: no sealed part of it was opened."""
        return record

    def house_on(self, client: Client, stay: Stay | None, day: date, *, count: bool = True) -> House | None:
        """Return a house that admits everybody and is never full.

        If her birth date is missing, the house has a known kind, so that its rules ask for the date.
        """
        if stay is None or stay.facility is None:
            return None
        kind = next(iter(self.rulebook.house_kinds.values()))
        return House(kind if client.birth is None else replace(kind, name=ANY_HOUSE_KIND), ENOUGH_PLACES, 0)
