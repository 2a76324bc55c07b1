"""The files of a store as records: clients listed, read and written, the registers of codes, the shelter's own files,
and the known damage of each; and a dry run, in which changes are only planned until all are saved.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple, cast

from shelterctl.core.finding import Finding
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.record.occupancy import House, count_sleepers
from shelterctl.core.rules.context import AllClients
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED, Unreadable
from shelterctl.document.writing import format_document
from shelterctl.errors import CannotOpen, Conflict, Damaged, NotFound, ShelterError
from shelterctl.identity.keys import Identity
from shelterctl.immutable import immutable
from shelterctl.journal.file_heads import WAITING_FACT
from shelterctl.language import speak_of
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import list_folder
from shelterctl.rulebook.files import read_schema_file
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas import published
from shelterctl.schemas.input import stored_entry_schema
from shelterctl.schemas.stored import directory_schema, register_tracks, shelter_schema, staff_schema
from shelterctl.store import compatibility
from shelterctl.store.attribution import ClockConfirmation, check_clock
from shelterctl.store.compatibility import compile_shape
from shelterctl.store.folder import (
    DIRECTORY_FILE,
    RECORD_FILE_NAME,
    ROSTER_FILE,
    SECRETS_FILE,
    SEE_CLIENT_IDS,
    SHELTER_FILE,
    STAFF_FILE,
    parse_client_id,
    record_file,
)
from shelterctl.store.roster import make_roster, update_roster
from shelterctl.store.seal_migration import SealMigration
from shelterctl.store.sealed_entries import SealedEntries
from shelterctl.trust.readership import FILE_PART
from shelterctl.ui_language import N_
from shelterctl.validation import SchemaValidator
from shelterctl.vault.protocol import (
    FileToSave,
    Vault,
    find_stale_parts,
    list_parts_left_waiting,
    needs_rekeying,
    store_file_too_large_error,
)
from shelterctl.vault.sealed_bytes import BlockPlace

ROLE_OPENS_NO_FILE = N_("Your role opens no client's file; there are files here: {count}.")
SEE_ROSTER = N_("Who sleeps here, by number: shelterctl house. What each role reads: shelterctl roles")
ROSTER_ATTEMPTS = 5
"""The number of times that a write derives the roster again because another command changed it meanwhile."""

CODE_REGISTERS = ("staff", "ngos", "facilities", "providers")
"""The registers of codes: staff is in clear, the others are in the encrypted directory."""


class CodeRegisters(Mapping[str, Mapping[str, Any]]):
    """The registers of a store by name; only the file with the requested register is opened."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    @cached_property
    def _names(self) -> dict[str, str]:
        return register_tracks(self._store.rulebook)

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        if name == "staff":
            return cast("Mapping[str, Any]", self._store.staff.value["staff"])
        if name not in CODE_REGISTERS and name not in self._names:
            raise KeyError(name)
        return self._store.directory.value.get(name) or {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


NO_SUCH_CLIENT = N_("There is no client with that id.")
NO_CLIENT_WITH_ID = N_("There is no client with the id {id}.")
CLIENT_FILE_GIVEN_UP = N_("The file of client {id} could no longer be read and was given up on {on}, by {by}.")
SEE_WHY_GIVEN_UP = N_(
    "See why with: shelterctl check. If a backup is found later, restore it into a separate folder and look there."
)
ANOTHER_CLIENTS_RECORD = N_("{place} contains the file of another client.")


class StoredFile(NamedTuple):
    """A file as it was read: its content, and the version that a write must find unchanged."""

    value: dict[str, Any]
    version: str | None


class SheetKey(NamedTuple):
    """A key for the codes of sheets, and its id."""

    id: str | None
    secret: bytes | None


@immutable(slots=False)
class Store:
    """One store, opened with one identity.

    *notices* are warnings that every command shows. *damaged* are the errors of files that could not be read, by name;
    all other files stay usable. *acts_saved* are the acts that were written, *remarks* what is still missing in files
    as they were written, by name, and *asked_for* the clients that were requested by id. *house_files* are the
    shelter's own files as last read; *last_read* is the one file read last, which acts often read again.
    *read_only_files* are files that a newer program or rulebook wrote, by name, with the error for writing to them.
    *clock_confirmations* confirm that the clock is right.
    """

    root: Path
    vault: Vault
    rulebook: Rulebook
    identity: Identity
    notices: list[ShelterError] = field(default_factory=list)
    damaged: dict[str, ShelterError] = field(default_factory=dict)
    acts_saved: list[str] = field(default_factory=list)
    remarks: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    asked_for: set[str] = field(default_factory=set)
    house_files: dict[str, StoredFile] = field(default_factory=dict)
    last_read: dict[str, StoredFile] = field(default_factory=dict)
    read_only_files: dict[str, ShelterError] = field(default_factory=dict)
    clock_confirmations: list[ClockConfirmation] = field(default_factory=list)

    @cached_property
    def shelter(self) -> StoredFile:
        """The shelters: kinds, places, managing NGO; and the store's time zone."""
        return self._read(SHELTER_FILE, compile_shape(shelter_schema, self.rulebook))

    @cached_property
    def staff(self) -> StoredFile:
        """The register of staff by code."""
        try:
            return self._read(STAFF_FILE, compile_shape(staff_schema, self.rulebook))
        except Damaged as error:
            if self.vault.journal.chain.root or error.code != "store/misshapen":
                raise
            return self._read(STAFF_FILE, compile_shape(read_schema_file, "old/staff-1"))

    @property
    def directory(self) -> StoredFile:
        """The current names behind the codes, read again once the journal names another version."""
        known = self.house_files.get(DIRECTORY_FILE)
        head = self.vault.journal.file_head(DIRECTORY_FILE) if known else None
        if known and head and head.now == known.version:
            return known
        try:
            self.house_files[DIRECTORY_FILE] = self._read(
                DIRECTORY_FILE, compile_shape(directory_schema, self.rulebook)
            )
        except NotFound:
            return StoredFile({"schema": "directory/1"}, None)
        except CannotOpen as error:
            if error.code != "role/closed":
                raise
            return StoredFile({"schema": "directory/1"}, None)  # the role sees codes, and saves no names
        return self.house_files[DIRECTORY_FILE]

    @property
    def secrets(self) -> StoredFile:
        """The keys for the codes of sheets."""
        return self._read(SECRETS_FILE, compile_shape(read_schema_file, "secrets"))

    @cached_property
    def sheet_key(self) -> SheetKey:
        """The current key for the codes of sheets; none in a store of 0.1.0."""
        if not self.vault.journal.chain.root:
            return SheetKey(None, None)
        last = self.secrets.value["sheet_codes"][-1]
        return SheetKey(last["id"], bytes.fromhex(last["key"]))

    @cached_property
    def record_shape(self) -> SchemaValidator:
        """The validator of a client's file."""
        return compile_shape(published.resident_schema, self.rulebook)

    @cached_property
    def seals(self) -> SealedEntries:
        """The sealed entries of files: opens and closes them."""
        chain, device = self.vault.journal.chain, str(self.identity.device)
        author = chain.devices[device].staff if chain.readership.is_by_role and device in chain.devices else ""
        return SealedEntries(
            self.rulebook.tracks, self.rulebook.blocks, self.readers, self.identity, author, self._count_keys_of_block
        )

    @cached_property
    def migration(self) -> SealMigration:
        """The migration of open content of older files into sealed entries."""
        return SealMigration(self.rulebook, self.seals)

    @property
    def is_by_role(self) -> bool:
        """Whether each person has a key, and roles decide who reads and records what."""
        return self.vault.journal.chain.readership.is_by_role

    def readers(self, part: str, writers: Sequence[str] = ()) -> Sequence[str]:
        """Return who may read a part of a file, as age recipients, the *writers* of an entry included."""
        return self.vault.journal.chain.readership.recipients(part, writers)

    def _count_keys_of_block(self, record: str, part: str, writers: Sequence[str]) -> frozenset[int] | None:
        """Return the numbers of keys that a block of a part may open for; None before roles decide, and while the part
        waits for its present readers.

        Keys of the writers alone may have changed since the block was sealed, so each of their numbers will do.
        """
        chain = self.vault.journal.chain
        now = chain.readership
        if not now.is_by_role or part in find_stale_parts(self.vault, record_file(record)):
            return None
        alike = (each for each in chain.readers.values() if each.recipients(part) == now.recipients(part))
        return frozenset(len(each.recipients(part, writers)) for each in alike)

    def unsealed(self, stored: StoredFile, *parts: str) -> StoredFile:
        """Return a file with all that this key may read of some parts, or of all; saving seals it again."""
        return stored._replace(value=self.seals.opened(stored.value, parts or None))

    def without_sealed_parts(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the file as far as it can be seen without opening its sealed entries."""
        return self.seals.without_sealed_parts(record) if "sealed" in record else record

    def with_sealed_parts(self, client: Client) -> Client:
        """Return a client with everything that this key may read of her file."""
        return Client(self.seals.opened(client.facts)) if "sealed" in client.facts else client

    def closed_parts(self, client: Client) -> Iterator[BlockPlace]:
        """Yield the blocks of an opened client's file that stay closed although this key is among their readers."""
        stale = find_stale_parts(self.vault, record_file(client.id))  # these wait for a reader, and are no damage
        return (place for place in self.seals.closed_parts(client.facts) if place.part not in stale)

    def miscounted_blocks(self, client: Client) -> Iterator[BlockPlace]:
        """Yield the blocks of an opened client's file that stay closed and that more or fewer keys open than may."""
        return self.seals.miscounted_blocks(client.facts)

    def find_shape_errors(self, record: Mapping[str, Any]) -> tuple[Finding, ...]:
        """Return where a file to be saved does not match its schema, its open sealed entries included."""
        lying = partial(compile_shape, stored_entry_schema, self.rulebook)
        inside = tuple(self.seals.find_shape_errors(record, lying)) if "sealed" in record else ()
        compatibility.refuse_unknown_words(record_file(record["id"]), record, inside, self.rulebook.version)
        return (*self.record_shape.findings(self.without_sealed_parts(record)), *inside)

    @property
    def offset(self) -> str:
        """The offset of the store's time zone, such as +06:00."""
        return str(self.shelter.value["time_zone"])

    @property
    def ngos(self) -> Mapping[str, Any]:
        """The register of NGOs by code."""
        return self.directory.value.get("ngos") or {}

    @cached_property
    def registers(self) -> Mapping[str, Mapping[str, Any]]:
        """The registers behind codes, by name; each is opened when it is first needed."""
        return CodeRegisters(self)

    def staff_with_role(self, *roles: str) -> frozenset[str]:
        """Return the codes of staff with one of these roles, or of all staff."""
        staff: Mapping[str, Any] = self.staff.value["staff"]
        return frozenset(code for code, entry in staff.items() if not roles or entry["role"] in roles)

    def ids(self) -> Iterator[str]:
        """Yield the ids of all clients in order, including those whose files are missing; other names are left to
        ``check``.
        """
        with translate_disk_errors("residents"):
            there = {f"residents/{name}" for name in list_folder(self.root / "residents")}
        for name in sorted(there | self.vault.journal.files()):
            if found := RECORD_FILE_NAME.fullmatch(name):
                yield found[1]

    def read(self, typed: str) -> StoredFile:
        """Return a client's file. Raises NotFound if there is none, Damaged if it is not what was saved or is
        malformed.
        """
        id_ = parse_client_id(typed)
        try:
            stored = self._read(record_file(id_), self.record_shape)
            if stored.value.get("id") != id_:
                place = record_file(id_)
                raise Damaged(
                    "store/another-client", ANOTHER_CLIENTS_RECORD, hint=compatibility.RESTORE_FILE, place=place
                )
            return stored
        except NotFound as error:
            if last := self.vault.journal.last_line_about(record_file(id_)):
                facts = {"id": id_, "on": str(last["at"])[:10], "by": last["by"]}
                raise NotFound("client/given-up", CLIENT_FILE_GIVEN_UP, hint=SEE_WHY_GIVEN_UP, **facts) from error
            # Eight letters without a digit may be a name, so they are not repeated.
            if any(letter.isdigit() for letter in typed):
                raise NotFound("client/unknown", NO_CLIENT_WITH_ID, hint=SEE_CLIENT_IDS, id=id_) from error
            raise NotFound("client/unknown", NO_SUCH_CLIENT, hint=SEE_CLIENT_IDS) from error

    def client_to_change(self, typed: str) -> tuple[Client, StoredFile]:
        """Return a client and the file she was read from, to be changed. Raises Conflict if it may not be."""
        her, stored = self.client(typed)
        self.require_writable(record_file(her.id))
        return her, stored

    def client(self, typed: str) -> tuple[Client, StoredFile]:
        """Return a client and the file she was read from."""
        stored = self.read(typed)
        self.asked_for.add((her := Client(stored.value)).id)
        speak_of(her.sex)
        return her, stored

    def clients(self) -> Iterator[Client]:
        """Yield every client whose file is whole; the errors of the others are kept in *damaged*."""
        self.require_files_open()
        for id_ in self.ids():
            try:
                yield Client(self.read(id_).value)
            except (Damaged, CannotOpen, Conflict) as error:
                self.damaged[record_file(id_)] = error

    def require_files_open(self) -> None:
        """Raise CannotOpen if the person's role opens no client's file."""
        if not self.vault.opens(FILE_PART):
            raise CannotOpen("role/no-files", ROLE_OPENS_NO_FILE, hint=SEE_ROSTER, count=sum(1 for _ in self.ids()))

    @cached_property
    def all_clients(self) -> AllClients:
        """All clients' files, for rules that look beyond one client; each is opened once, and anew after a write."""
        return AllClients(self.clients)

    def forget_files(self, *written: str) -> None:
        """Forget what was read of all clients, because a file was *written*, and of a register in clear that was."""
        for name in ("all_clients", *(each.removesuffix(".yaml") for each in written)):
            vars(self).pop(name, None)

    @property
    def unread_count(self) -> int:
        """The number of client files that could not be read: each may be of someone who sleeps in the shelter."""
        return sum(RECORD_FILE_NAME.fullmatch(name) is not None for name in self.damaged)

    def write(
        self, changes: Sequence[tuple[str, Mapping[str, Any], str | None]], *, did: str, by: str, at: str
    ) -> bool:
        """Save files as one act, each unchanged since it was read; False if cleaning up is left to the next command."""
        clients = [Client(value) for name, value, _ in changes if self.is_by_role and RECORD_FILE_NAME.fullmatch(name)]
        return self.save_with_roster([self.prepare_file(*each) for each in changes], clients, did=did, by=by, at=at)

    def save_with_roster(
        self, changes: Sequence[FileToSave], clients: Sequence[Client], *, did: str, by: str, at: str
    ) -> bool:
        """Save files as one act, with the roster as the files of these *clients* make it.

        If another command changed the roster meanwhile, it is derived again; nothing of either is lost.
        """
        for _ in range(ROSTER_ATTEMPTS):
            try:
                return self.save([*changes, *self._roster_change(clients)], did=did, by=by, at=at)
            except Conflict as error:
                if (error.code, error.facts.get("place")) != ("vault/changed", ROSTER_FILE):
                    raise
        return self.save([*changes, *self._roster_change(clients)], did=did, by=by, at=at)

    def _roster_change(self, clients: Sequence[Client]) -> list[FileToSave]:
        """Return the change of the roster that a write of these clients' files makes; none before roles decide."""
        if not clients or not self.vault.journal.chain.readership.is_by_role:
            return []
        try:
            held = self.roster
        except (NotFound, Damaged):
            return (
                []
                if self.vault.journal.file_head(ROSTER_FILE)
                else [self.prepare_file(ROSTER_FILE, self._whole_roster(clients), None)]
            )
        new = update_roster(held.value, clients)
        return [] if new == held.value else [self.prepare_file(ROSTER_FILE, new, held.version)]

    def _whole_roster(self, clients: Sequence[Client]) -> dict[str, Any]:
        """Return the roster made from all files, with these *clients* as they will be."""
        new = {her.id: her for her in clients}
        return make_roster({**{her.id: her for her in self.clients()}, **new}.values())

    def true_roster(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Return the roster made from all files; of those that cannot be read it says what the one *held* says."""
        clients = list(self.clients())
        unread = (found[1] for name in self.damaged if (found := RECORD_FILE_NAME.fullmatch(name)))
        return make_roster(clients, held, unread)

    @property
    def roster(self) -> StoredFile:
        """Who is in the house, by number. Raises NotFound where roles have not decided yet."""
        return self._read(ROSTER_FILE, compile_shape(read_schema_file, "roster"))

    def prepare_file(self, name: str, value: Mapping[str, Any], base: str | None) -> FileToSave:
        """Return a file ready for saving. Raises UsageError if it is too large, Conflict if it is newer than this
        program.
        """
        self.require_writable(name)
        more: dict[str, Any] = {}
        if RECORD_FILE_NAME.fullmatch(name):
            self.seals.left_closed.clear()
            value = self.migration.prepare_record(value, anew=needs_rekeying(self.vault, name))
            if waiting := list_parts_left_waiting(self.vault, name, self.seals.left_closed):
                more = {WAITING_FACT: waiting}
        try:
            return FileToSave(name, format_document(value).encode(), base, more=more or None)
        except Unreadable as error:
            raise store_file_too_large_error(name, LARGEST_STORED) from error

    def require_writable(self, name: str) -> None:
        """Raise Conflict for a file that a newer program or rulebook wrote, because its additions would be lost."""
        if name in self.read_only_files:
            raise self.read_only_files[name]

    def save(self, changes: Sequence[FileToSave], *, did: str, by: str, at: str) -> bool:
        """Save already formatted files as one act; False if cleaning up is left to the next command."""
        clock = check_clock(self.vault.journal, at, self.clock_confirmations)
        written = self.vault.write_all(changes, did=did, by=by, at=at)
        self.acts_saved.append(did)
        self.forget_files(*(change.name for change in changes))
        self.notices.extend([clock] if clock else [])
        return all(one.finished for one in written)

    def house_on(self, client: Client, stay: Stay | None, day: date, *, count: bool = True) -> House | None:
        """Return the shelter of a stay on that night: its places, and how many others sleep there; None if unknown.

        Counting opens every file; without *count* the number of others is unknown.
        """
        code = stay.facility if stay else None
        facility = self.shelter.value["facilities"].get(code)
        if facility is None or code is None:
            return None
        kind, capacity = self.rulebook.house_kinds[facility["kind"]], facility["capacity"]
        if not count:
            return House(kind, capacity, 0, counted=False)
        residents = count_sleepers((other for other in self.clients() if other.id != client.id), code, day)
        unlisted = int((facility.get("others") or {}).get("number", 0))
        return House(kind, capacity, residents + self.unread_count + unlisted)

    def _read(self, name: str, shape: SchemaValidator) -> StoredFile:
        if name in self.damaged and name == SHELTER_FILE:
            raise self.damaged[name]
        data, version = self.vault.read(name)
        if (last_read := self.last_read.get(name)) and last_read.version == version:
            return last_read
        try:
            value = read_document(data, LARGEST_STORED).value
        except Unreadable as error:
            raise compatibility.misshapen_file_error("store/unreadable", name, error.code) from error
        self.read_only_files.pop(name, None)
        newer = compatibility.judge_file(name, value, shape, self.rulebook)
        stored = StoredFile(
            self.migration.migrate_on_reading(value) if RECORD_FILE_NAME.fullmatch(name) else value, version
        )
        if newer:
            self.read_only_files[name] = newer
            return stored
        self.last_read.clear()
        return self.last_read.setdefault(name, stored)


class PlannedSave(NamedTuple):
    """A planned save: the change of a file, and the client whose file it is."""

    change: FileToSave
    client: Client


@immutable(slots=False)
class DryRun(Store):
    """A series of acts that are planned and not carried out: each finds what the ones before would leave.

    Every client's file is opened once, when all are first needed. Only ``save_planned`` writes anything.
    """

    planned: dict[str, PlannedSave] = field(default_factory=dict)

    @classmethod
    def over(cls, store: Store) -> "DryRun":
        """Return a dry run over *store*, which is not changed."""
        going = object.__new__(cls)
        vars(going).update(vars(store), planned={}, asked_for=set(), remarks={})
        going.forget_files()
        return going

    def read(self, typed: str) -> StoredFile:
        """Return a client's file as it would be after the planned acts."""
        save = self.planned.get(record_file(parse_client_id(typed)))
        return StoredFile(dict(save.client.facts), save.change.base) if save else super().read(typed)

    def clients(self) -> Iterator[Client]:
        """Yield every client as she would be after the planned acts."""
        new = {save.client.id: save.client for save in self.planned.values()}
        yield from {**self._there, **new}.values()

    @cached_property
    def _there(self) -> Mapping[str, Client]:
        return {her.id: her for her in super().clients()}

    def write(
        self, changes: Sequence[tuple[str, Mapping[str, Any], str | None]], *, did: str, by: str, at: str
    ) -> bool:
        """Plan to save files of clients, replacing what was planned for each before."""
        for name, value, base in changes:
            if not RECORD_FILE_NAME.fullmatch(name):
                raise ValueError("only files of clients are rehearsed")
            self.planned[name] = PlannedSave(self.prepare_file(name, value, base), Client(value))
        self.forget_files()
        return True

    def restore_plan(self, planned: Mapping[str, PlannedSave]) -> None:
        """Go back to an earlier plan and forget everything planned since."""
        self.forget_files()
        self.planned.clear()
        self.planned.update(planned)

    def save_planned(self, store: Store, *, did: str, by: str, at: str) -> None:
        """Save everything that was planned as one act: all of it, or nothing."""
        if self.planned:
            changes, clients = zip(*self.planned.values(), strict=True)
            store.save_with_roster(changes, clients, did=did, by=by, at=at)
