"""The registers of a store: what is recorded about its houses, staff, NGOs and providers, read as one record for each
code and written by each device into files of its own.

A file has a line for each entry. It is YAML in the style of JSON, which is read many times faster than blocks.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from shelterctl.core.manual.track import REGISTER_HOMES
from shelterctl.core.record.client import Registered, value_at
from shelterctl.core.record.file_tree import ADDITIONS_KEY
from shelterctl.core.record.register import (
    BLOCK_KEY,
    HELD_MONTHS_KEY,
    HOME_KEY,
    RECORDS_KEY,
    AdditionStamp,
    JoinedRecord,
    Placed,
    RegisterFile,
    Writer,
    apply_change,
    blank_register_file,
    entry_lists,
    join_record,
    month_of_entry,
    split_change,
)
from shelterctl.core.values.facts import Facts
from shelterctl.document.reading import read_compact_document
from shelterctl.document.subset import LARGEST_STORED, Unreadable
from shelterctl.document.writing import format_compact_document
from shelterctl.errors import CannotOpen, Conflict, Damaged
from shelterctl.schemas.published import stored_register_schema
from shelterctl.store import compatibility
from shelterctl.store.attribution import device_staff_code
from shelterctl.store.compatibility import add_register_heading, compile_shape, misshapen_file_error
from shelterctl.store.folder import DIRECTORY_FILE, new_register_entry_id, read_register_name
from shelterctl.store.sealed_entries import SealedEntries
from shelterctl.store.sealed_record import SealedRecord, SealTroubles, WantsEntry, close_addition, reseal_addition
from shelterctl.store.subject import REGISTER_OF_HOME
from shelterctl.trust.readership import REGISTER_PARTS
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import (
    FileToSave,
    changed_meanwhile_error,
    find_stale_parts,
    needs_rekeying,
    store_file_too_large_error,
)

if TYPE_CHECKING:
    from shelterctl.store.store import Store

PARTS_NOT_NAMED = N_(
    "The list of who may read and write does not say yet who reads the registers, because an older shelterctl began it."
)
ADD_PARTS = N_("A manager adds this, as the rulebook has it, with: shelterctl roles --begin")

ACTS_ON_ALL_FILES = ("rekey", "repair", "restore")
"""The acts that write the files of other computers too."""

OPENED_FIELD = "registers_since"
"""The field of a house that says since when its registers are kept."""


class ReadFile(NamedTuple):
    """A file of a register as it was read, and its version."""

    value: dict[str, Any]
    version: str


@dataclass(repr=False)
class Registers:
    """The registers of one *store*; each file is read once, and again after it was written."""

    store: "Store"
    _files: dict[str, ReadFile] = field(default_factory=dict)
    _joined: dict[tuple[str, ...], JoinedRecord] = field(default_factory=dict)
    _versions: dict[str, str] = field(default_factory=dict)
    """The version of each file as records were last joined from it."""

    _listed: tuple[frozenset[str], Mapping[str, list[RegisterFile]]] | None = None
    """The files of each home, and the names in the journal from which they were listed."""

    person_here: Callable[[], str] = str
    """Returns the code of the person at the device, whose unfinished answers are read and written; empty for nobody."""

    _stale: tuple[int, frozenset[str]] | None = None
    """The parts that wait for a reader, and the number of statements of the trust list when that was found."""

    def files_of(self, home: str) -> list[RegisterFile]:
        """Return the files of a home, by month and device."""
        files = self.store.vault.journal.files()
        if self._listed is None or self._listed[0] is not files:
            names = [found for name in files if name.startswith("registers/") and (found := read_register_name(name))]
            self._listed = files, {each: sorted(one for one in names if one.home == each) for each in REGISTER_HOMES}
        return self._listed[1].get(home, [])

    def read(self, file: RegisterFile) -> ReadFile:
        """Return a file as it is now. Raises Damaged, CannotOpen or Conflict if it cannot be read."""
        store, name = self.store, file.name
        known, head = self._files.get(name), store.vault.journal.file_head(name)
        if known and head and head.now == known.version:
            return known
        data, version = store.vault.read(name)
        read = ReadFile(parse_register_file(file, data), version)
        self.accept_file(file, read, data.decode())
        return read

    def accept_file(self, file: RegisterFile, read: ReadFile, text: str = "") -> None:
        """Keep a file that was parsed from *text*, once its shape is checked. Raises Damaged or Conflict."""
        if newer := self.judge_file(file, read.value, text):
            self.store.read_only_files[file.name] = newer
        else:
            self.store.read_only_files.pop(file.name, None)
        self._files[file.name] = read

    def parse(self, file: RegisterFile, data: bytes) -> tuple[dict[str, Any], Conflict | None]:
        """Return the content of a file, and why it cannot be changed here. Raises Damaged if it is no such file."""
        value = parse_register_file(file, data)
        return value, self.judge_file(file, value, data.decode())

    def judge_file(self, file: RegisterFile, value: Facts, text: str) -> Conflict | None:
        """Return why a file, parsed from *text*, cannot be changed here. Raises Damaged if it is no such file."""
        shape = compile_shape(stored_register_schema, self.store.rulebook, file.home)
        newer = compatibility.judge_file(file.name, value, shape, self.store.rulebook, text)
        if (value[HOME_KEY], value["month"]) != (file.home, file.month):
            raise misshapen_file_error("store/misshapen", file.name, "register/elsewhere", "/month")
        return newer

    @property
    def _writer(self) -> Writer:
        """This device, the person at it, and the code of its key."""
        return Writer(str(self.store.identity.device), self.person_here(), device_staff_code(self.store))

    def readable_files(self, home: str, months: "Months | None" = None) -> Iterator[tuple[RegisterFile, ReadFile]]:
        """Yield the files of a home, in all months or in some; those that are damaged are noted and left out.

        Raises CannotOpen if the person's role does not open the register.
        """
        for file in self.files_of(home):
            if months is not None and not months.first <= file.month <= months.last:
                continue
            try:
                yield file, self.read(file)
            except (Damaged, Conflict) as error:
                self.store.damaged[file.name] = error
            except CannotOpen as error:
                if error.code == "role/closed":
                    raise
                self.store.damaged[file.name] = error

    def codes_in_files(self, home: str) -> frozenset[str]:
        """Return the codes about which the files of a home that can be read have anything."""
        return frozenset(code for _, one in self.readable_files(home) for code in one.value[RECORDS_KEY])

    def record(self, home: str, code: str, months: "Months | None" = None) -> Registered:
        """Return what is recorded about a code: in all months, or in some. Damaged files are left out and noted.

        Raises CannotOpen if the person's role does not open the register.
        """
        return next(self.records(home, (code,), months))

    def records(self, home: str, codes: Iterable[str], months: "Months | None" = None) -> Iterator[Registered]:
        """Yield what is recorded about each of these codes; every file is read once for all of them."""
        self._stale = None
        read = list(self.readable_files(home, months))
        self._versions.update({file.name: one.version for file, one in read})
        earlier = months is not None and any(file.month < months.first for file in self.files_of(home))
        for code in codes:
            joined = join_record(home, code, ((file, one.value) for file, one in read), self._writer)
            joined.raw |= self._days_of_record(home, code, joined, f"{months.first}-01" if months and earlier else "")
            joined.raw |= months.as_facts() if months else {}
            self._joined[_joined_key(joined.raw)] = joined
            self._sealed(joined).note_troubles()
            yield Registered(joined.give_out(joined.raw, lambda _: None))

    def joined_record(self, record: Facts) -> JoinedRecord:
        """Return a record as it was joined last from the same months."""
        return self._joined[_joined_key(record)]

    def _days_of_record(self, home: str, code: str, joined: JoinedRecord, held: str) -> dict[str, str]:
        """Return since when the registers of a code are kept, when the code ended, and the first day of the months that
        were read.

        Those of a house are kept since the day that is registered, else since the first entry was recorded. Those of
        anybody else begin with the first entry, or with the first day of what is registered under the code if that is
        earlier: the life of its track, such as the time in which somebody works here.
        """
        said = self._registered_since(code) if home == "house" else None
        recorded = (str(one["recorded_at"])[:10] for _, entries in entry_lists(joined.raw) for one in entries)
        begun, ended = self._life_of_code(home, code)
        dated = [] if home == "house" else [*self._days_of_entries(home, joined), *begun]
        opened = said or held or min((*recorded, *dated), default="")
        days = {"opened": opened, "held_from": held, "ended": ended}
        return {name: day for name, day in days.items() if day}

    def _registered_since(self, house: str) -> str | None:
        """Return the day that is registered as the first of a house's registers; None if the directory is damaged: that
        is noted.
        """
        try:
            names = self.store.directory.value.get(REGISTER_OF_HOME["house"]) or {}
        except Damaged as error:
            self.store.damaged[DIRECTORY_FILE] = error
            return None
        return (names.get(house) or {}).get(OPENED_FIELD)

    def _days_of_entries(self, home: str, joined: JoinedRecord) -> Iterator[str]:
        """Yield the days of the entries of a record, which may be before they were recorded."""
        days = {track.at: str(track.day) for track in self.store.rulebook.tracks_of_homes[home]}
        for place, entries in entry_lists(joined.raw):
            yield from (str(one[days[place]])[:10] for one in entries if place in days and one.get(days[place]))

    def _life_of_code(self, home: str, code: str) -> tuple[Sequence[str], str]:
        """Return the first day of what is registered under a code, if any, and the day that ended it, or ``""``."""
        track = None if home == "house" else self.store.rulebook.coded_tracks.get(home)
        if track is None or not track.life:
            return (), ""
        known = self.store.registers[track.at].get(code) or {}
        first, *ends = (value_at(known, name) for name in track.life)
        return [str(first)] if first else [], min((str(end) for end in ends if end), default="")

    def _sealed(self, joined: JoinedRecord) -> SealedRecord:
        return SealedRecord(joined, self.store.register_seals, self._note_damage, self._stale_parts_of)

    def _stale_parts_of(self, file: RegisterFile) -> frozenset[str]:
        return find_stale_parts(self.store.vault, file.name)

    def _note_damage(self, file: RegisterFile, error: Damaged) -> None:
        self.store.damaged.setdefault(file.name, error)

    def stale_parts(self) -> frozenset[str]:
        """Return the sealed parts that wait for their present readers in any file."""
        statements = len(self.store.vault.journal.chain.digests)
        if self._stale is None or self._stale[0] != statements:
            names = (file.name for home in REGISTER_HOMES for file in self.files_of(home))
            found = frozenset(part for name in names for part in find_stale_parts(self.store.vault, name))
            self._stale = statements, found
        return self._stale[1]

    def opened(self, record: Facts, parts: Sequence[str] | None, wanted: WantsEntry = lambda _: True) -> dict[str, Any]:
        """Return a record with the sealed entries that this key may read of some *parts*, or of all, if *wanted*.

        One that is damaged stays closed, and is noted as damage of its file.
        """
        return self._sealed(self.joined_record(record)).opened(parts, wanted)

    def judge_seals(self, record: Facts) -> SealTroubles:
        """Return what is wrong with the blocks that stayed closed in a record that was opened."""
        joined, damaged = self.joined_record(record), self.store.damaged
        found = self._sealed(joined).judge(record)
        return SealTroubles(*([one for one in listed if one["place"] not in damaged] for listed in found))

    def list_orphans(self, record: Facts) -> list[Placed]:
        """Return the additions to entries that are in none of the files which can be read."""
        return list(self.joined_record(record).list_orphans())

    def find_other_writers(self, record: Facts) -> Iterator[tuple[RegisterFile, str]]:
        """Yield what another person wrote than the one whose key keeps the file: by the file and the id of the entry or
        the addition.

        Only keys that were one person's own from the start count; others may have sat at the computer of a house.
        """
        keys = self.store.vault.journal.chain.devices.values()
        owners = {one.code: one.staff for one in keys if "trust" not in one.rights}
        for file, read in self.readable_files(str(record[HOME_KEY])):
            own: Facts = read.value[RECORDS_KEY].get(record["id"]) or {}
            entries = [(one["id"], one.get("recorded_by")) for _, listed in entry_lists(own) for one in listed]
            added = [(one["id"], one["by"]) for one in own.get(ADDITIONS_KEY) or ()]
            yield from ((file, str(id_)) for id_, by in (*entries, *added) if by != owners.get(file.device, by))

    def find_other_savers(self, home: str) -> Iterator[tuple[RegisterFile, str]]:
        """Yield the files of a home that another computer saved last, and not to seal them anew or to repair them, with
        that computer.
        """
        journal = self.store.vault.journal
        for file in self.files_of(home):
            with suppress(Conflict, Damaged):
                head = journal.file_head(file.name)
                if head and head.now and head.device != file.device:
                    line = journal.logs.log_of(head.device).last_line_about(file.name.encode())
                    if line and json.loads(line)["did"] not in ACTS_ON_ALL_FILES:
                        yield file, head.device

    def find_elsewhere(self, record: Facts) -> Iterator[tuple[RegisterFile, str]]:
        """Yield the entries, as far as they are open, that are in the file of another month than that of their day."""
        joined = self.joined_record(record)
        for path, entries in entry_lists(record):
            for entry in entries:
                file = joined.origins[str(entry["id"])]
                if BLOCK_KEY not in entry and self._month_of(joined.home, path, entry, file.month) != file.month:
                    yield file, str(entry["id"])

    def is_whole(self, file: RegisterFile, data: bytes) -> bool:
        """Whether the content of a file is of this register, and every block in it is where it belongs and opens for
        whom it should.
        """
        try:
            value, _ = self.parse(file, data)
        except (Damaged, Conflict):
            return False
        wrong = list[Damaged]()
        for code in value[RECORDS_KEY]:
            joined = join_record(file.home, code, [(file, value)], self._writer)
            seals, stale = self.store.register_seals, self._stale_parts_of
            sealed = SealedRecord(joined, seals, lambda _, error: wrong.append(error), stale)
            sealed.note_troubles()
            found = sealed.judge(sealed.opened(None))
            if wrong or found.withheld:
                return False
        return True

    def contradicts_others(self, file: RegisterFile) -> bool:
        """Whether a file that can be read has an entry or an addition that another file has too."""
        codes = self.read(file).value[RECORDS_KEY]
        found = (self.joined_record(self.record(file.home, code).facts).troubles for code in codes)
        return any(trouble.file == file for troubles in found for trouble in troubles)

    def changed_entries(self, record: Facts) -> Iterator[tuple[str, Facts, Facts]]:
        """Yield each entry of a record that differs from the one last given out: its list's place, before and after."""
        joined = self.joined_record(record)
        for path, entries in entry_lists(record):
            for entry in entries:
                before = joined.given.get((str(entry["id"]), BLOCK_KEY in entry), {})
                if before != entry:
                    yield path, before, entry

    def prepare_changes(self, records: Iterable[Facts], by: str, at: str) -> list[FileToSave]:
        """Return the files of this device that changed records write, ready for saving, each file once."""
        store, values = self.store, dict[RegisterFile, ReadFile]()
        stamp = AdditionStamp(new_register_entry_id, at, by)
        for record in records:
            home, code = str(record[HOME_KEY]), str(record["id"])
            known, month_of = {*self.files_of(home)}, partial(self._month_of, home)
            split = split_change(self.joined_record(record), record, self._writer, month_of, stamp)
            if split:
                self._require_parts(home)
            for file, change in split.items():
                store.require_writable(file.name)
                read = values.get(file) or (
                    self.read(file) if file in known else ReadFile(blank_register_file(file), "")
                )
                if change.replaced and read.version != self._versions.get(file.name):
                    raise changed_meanwhile_error(file.name)
                seals, whole = store.register_seals, change.whole
                added = [close_addition(seals, code, one, whole[one["id"]]) for one in change.additions]
                values[file] = read._replace(value=apply_change(read.value, code, change._replace(additions=added)))
        return [self.prepare_file(file, read.value, read.version or None) for file, read in values.items()]

    def _require_parts(self, home: str) -> None:
        """Raise Conflict where roles decide and the trust list does not say yet who reads the registers of a home."""
        access = self.store.vault.journal.chain.access
        if self.store.is_by_role and access and REGISTER_PARTS[f"registers/{home}"] not in access.parts:
            raise Conflict("roles/parts-missing", PARTS_NOT_NAMED, hint=ADD_PARTS)

    def _month_of(self, home: str, path: str, entry: Facts, otherwise: str = "") -> str:
        """Return the month of an entry's day; where it has none, *otherwise*, or the month in which it is recorded."""
        tracks = self.store.rulebook.tracks
        own = (track for track in self.store.rulebook.tracks_of_homes[home] if track.at == path)
        name = entry.get("track")
        track = next(own, None) if name is None else tracks.get(str(name))
        otherwise = otherwise or str(entry["recorded_at"])[: len("2026-12")]
        return month_of_entry(track, entry, otherwise) if track else otherwise

    def prepare_file(self, file: RegisterFile, value: Facts, base: str | None) -> FileToSave:
        """Return a file of a register with everything sealed that belongs sealed, ready for saving."""
        store = self.store
        store.register_seals.left_closed.clear()
        anew = base is not None and needs_rekeying(store.vault, file.name)
        closed = self.closed(store.register_seals, value, anew=anew)
        more = store.note_waiting_parts(file.name, store.register_seals)
        data = format_register_file(file.name, add_register_heading(closed, store.rulebook))
        return FileToSave(file.name, data, base, more=more or None)

    def closed(self, seals: SealedEntries, value: Facts, *, anew: bool = False) -> dict[str, Any]:
        """Return the content of a file with every entry and addition sealed that belongs sealed."""
        records = {
            code: self._close_record(seals, code, record, anew=anew) for code, record in value[RECORDS_KEY].items()
        }
        return {**value, RECORDS_KEY: records}

    def _close_record(self, seals: SealedEntries, code: str, record: Facts, *, anew: bool) -> dict[str, Any]:
        whole = seals.closed({"id": code, **record}, anew=anew)
        closed = {name: value for name, value in whole.items() if name != "id"}
        if ADDITIONS_KEY in record and anew:
            closed[ADDITIONS_KEY] = [reseal_addition(seals, code, one) for one in record[ADDITIONS_KEY]]
        return closed

    def renewed(self, seals: SealedEntries, file: RegisterFile, data: bytes) -> bytes:
        """Return the bytes of a file sealed anew for the present readers of each part. Raises Damaged if it is no such
        file, or a block is not where it belongs.
        """
        value, _ = self.parse(file, data)
        records: dict[str, Any] = {}
        for code, record in value[RECORDS_KEY].items():
            records[code] = {key: said for key, said in seals.opened({"id": code, **record}).items() if key != "id"}
        anew = self.closed(seals, {**value, RECORDS_KEY: records}, anew=True)
        seals.opened_blocks.clear()
        return format_register_file(file.name, anew)


def parse_register_file(file: RegisterFile, data: bytes) -> dict[str, Any]:
    """Return the content of a file of a register. Raises Damaged if it is no strict YAML."""
    try:
        return read_compact_document(data, LARGEST_STORED)
    except Unreadable as error:
        raise misshapen_file_error("store/unreadable", file.name, error.code) from error


class Months(NamedTuple):
    """The months ``YYYY-MM`` from *first* to *last*."""

    first: str
    last: str

    def as_facts(self) -> dict[str, str]:
        """Return what a record says that holds the entries of these months alone."""
        return {HELD_MONTHS_KEY: f"{self.first} {self.last}"}


def _joined_key(record: Facts) -> tuple[str, ...]:
    """Return what tells joined records apart: whose entries they hold, and of which months."""
    return tuple(str(record.get(key, "")) for key in (HOME_KEY, "id", HELD_MONTHS_KEY))


NO_MONTHS = Months("9999-13", "0000-00")
"""No month, for a command that asks only whether a code is registered."""


def format_register_file(name: str, value: Mapping[str, Any]) -> bytes:
    """Return the bytes of a file of a register. Raises UsageError if it is too large."""
    data = format_compact_document(value).encode()
    if len(data) > LARGEST_STORED:
        raise store_file_too_large_error(name, LARGEST_STORED)
    return data
