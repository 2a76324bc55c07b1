"""The files of a store as records: clients listed, read and written, the registers of codes, the shelter's own files,
and the known damage of each; and a dry run, in which changes are only planned until all are saved.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from shelterctl.core.finding import Finding
from shelterctl.core.record.client import Client, Registered, Stay
from shelterctl.core.record.occupancy import House, count_sleepers
from shelterctl.core.record.register import HOME_KEY
from shelterctl.core.rules.context import AllClients
from shelterctl.document.reading import Document, read_document
from shelterctl.document.subset import LARGEST_STORED, Unreadable
from shelterctl.document.writing import format_document
from shelterctl.errors import CannotOpen, Conflict, Damaged, NotFound, ShelterError
from shelterctl.identity.keys import Identity
from shelterctl.immutable import immutable
from shelterctl.journal.file_heads import WAITING_FACT
from shelterctl.language import NO_PERSON, speak_of
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import list_folder
from shelterctl.progress import report_steps
from shelterctl.rulebook.files import read_schema_file
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas import published
from shelterctl.schemas.input import stored_entry_schema
from shelterctl.schemas.stored import (
    directory_schema,
    register_tracks,
    shelter_schema,
    staff_schema,
)
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
    read_register_name,
    record_file,
)
from shelterctl.store.needed_rulebook import find_needed_revision, name_rulebook_of_store, read_rulebook_of_store
from shelterctl.store.registers import Months, Registers
from shelterctl.store.roster import make_roster, update_roster
from shelterctl.store.sealed_entries import SealedEntries
from shelterctl.store.sealed_record import WantsEntry
from shelterctl.store.subject import find_code, record_name, require_id_or_code
from shelterctl.trust.readership import FILE_PART, REGISTER_PARTS
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

if TYPE_CHECKING:
    from shelterctl.store.client_names import ClientNames
    from shelterctl.store.seal_migration import SealMigration

OPENED_KEY = "with sealed parts"
"""The key of a client's cache under which the client with open sealed parts is kept, for one set of seals."""

READING_FILES = N_("Reading the clients' files")
ROLE_OPENS_NO_FILE = N_("Your role opens no client's file; there are files here: {count}.")
SEE_ROSTER = N_("Who sleeps here, by number: shelterctl house. What each role reads: shelterctl roles")
ROSTER_ATTEMPTS = 5
"""The number of times that a write derives the roster again because another command changed it meanwhile."""

CODE_REGISTERS = ("staff", "ngos", "facilities", "providers")
"""The registers of codes: staff is in clear, the others are in the encrypted directory."""


class CodeRegisters(Mapping[str, Mapping[str, Any]]):
    """The registers of a store by name; only the file with the requested register is opened.

    The ids of clients are listed once, until a file is written.
    """

    def __init__(self, store: "Store") -> None:
        self._store = store

    @cached_property
    def _names(self) -> dict[str, str]:
        return register_tracks(self._store.rulebook)

    @cached_property
    def _clients(self) -> Mapping[str, Mapping[str, Any]]:
        return {id_: {} for id_ in self._store.ids()}

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        if name == "staff":
            return cast("Mapping[str, Any]", self._store.staff.value["staff"])
        if name == "clients":
            return self._clients
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
        return self.make_seals()

    def make_seals(self) -> SealedEntries:
        """Return the sealed entries as the rulebook has them, for the readers whom the trust list names."""
        chain, device = self.vault.journal.chain, str(self.identity.device)
        author = chain.devices[device].staff if chain.readership.is_by_role and device in chain.devices else ""
        return SealedEntries(
            self.rulebook.tracks,
            self.rulebook.blocks,
            self.readers,
            self.identity,
            author,
            self.roles_of,
            self._count_keys_of_block,
        )

    @cached_property
    def register_seals(self) -> SealedEntries:
        """The sealed entries of registers, none of which has a block that every file must have."""
        return replace(self.seals, single=(), opened_blocks={}, left_closed=set())

    @cached_property
    def home_registers(self) -> Registers:
        """The registers of houses, staff, NGOs and providers."""
        return Registers(self)

    def read_register(self, home: str, code: str) -> Registered | None:
        """Return what the registers of a home hold about a code; None if the person's role does not open them."""
        opened = self.vault.opens(REGISTER_PARTS[f"registers/{home}"])
        return self.home_registers.record(home, code) if opened else None

    @cached_property
    def client_names(self) -> "ClientNames":
        """The names of all clients, to see whether a text names one of them."""
        from shelterctl.store.client_names import ClientNames  # noqa: PLC0415 - lists do not compare names

        return ClientNames(self)

    def roles_of(self, code: str) -> frozenset[str]:
        """Return the roles of a member of staff, by the register and by the trust list."""
        registered = self.staff.value["staff"].get(code) or {}
        granted = self.vault.journal.chain.readership.roles_of(code)
        return frozenset((*granted, *([str(registered["role"])] if "role" in registered else [])))

    @cached_property
    def migration(self) -> "SealMigration":
        """The migration of open content of older files into sealed entries."""
        from shelterctl.store.seal_migration import SealMigration  # noqa: PLC0415 - only older files need it

        return SealMigration(self.rulebook, self.seals)

    @property
    def is_by_role(self) -> bool:
        """Whether each person has a key, and roles decide who reads and records what."""
        return self.vault.journal.chain.readership.is_by_role

    def readers(self, part: str, writers: Sequence[str] = (), but: Sequence[str] = ()) -> Sequence[str]:
        """Return who may read a part of a file, as age recipients: the *writers* of an entry included, *but* not the
        staff whom it names.
        """
        return self.vault.journal.chain.readership.recipients(part, writers, but)

    def _count_keys_of_block(
        self, record: str, part: str, writers: Sequence[str], but: Sequence[str] = ()
    ) -> frozenset[int] | None:
        """Return the numbers of keys that a block of a part may open for; None before roles decide, and while the part
        waits for its present readers.

        Keys of the writers alone may have changed since the block was sealed, so each of their numbers will do.
        """
        chain = self.vault.journal.chain
        now = chain.readership
        if not now.is_by_role or self._is_stale(record, part):
            return None
        alike = (each for each in chain.readers.values() if each.recipients(part) == now.recipients(part))
        return frozenset(len(each.recipients(part, writers, but)) for each in alike)

    def _is_stale(self, record: str, part: str) -> bool:
        """Whether a part of a client's file, or of any file of the registers of a home, waits for its readers."""
        if RECORD_FILE_NAME.fullmatch(name := record_file(record)):
            return part in find_stale_parts(self.vault, name)
        return part in self.home_registers.stale_parts()

    def unsealed(self, stored: StoredFile, *parts: str) -> StoredFile:
        """Return a file with all that this key may read of some parts, or of all; saving seals it again."""
        if HOME_KEY in stored.value:
            return stored._replace(value=self.home_registers.opened(stored.value, parts or None))
        return stored._replace(value=self.seals.opened(stored.value, parts or None))

    def unsealed_where(self, stored: StoredFile, parts: Sequence[str], wanted: WantsEntry) -> StoredFile:
        """Return a file, or a record of a register, with the *wanted* entries of some parts opened that this key may
        read.
        """
        if HOME_KEY not in stored.value:
            return stored._replace(value=self.seals.opened(stored.value, parts, wanted))
        return stored._replace(value=self.home_registers.opened(stored.value, parts, wanted))

    def without_sealed_parts(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the file as far as it can be seen without opening its sealed entries."""
        return self.seals_of(record).without_sealed_parts(record) if "sealed" in record else record

    def with_sealed_parts(self, client: Client) -> Client:
        """Return a client with everything that this key may read of her file."""
        if "sealed" not in client.facts:
            return client
        known: tuple[SealedEntries, Client] | None = client.cache.get(OPENED_KEY)
        if known is None or known[0] is not self.seals:
            known = client.cache[OPENED_KEY] = (self.seals, Client(self.seals.opened(client.facts)))
        return known[1]

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
        home = record.get(HOME_KEY)
        shape = compile_shape(published.joined_record_schema, self.rulebook, home) if home else self.record_shape
        inside = tuple(self.seals_of(record).find_shape_errors(record, lying)) if "sealed" in record else ()
        compatibility.refuse_unknown_words(record_name(record), record, inside, self.rulebook.version)
        return (*shape.findings(self.without_sealed_parts(record)), *inside)

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

    def read(self, typed: str, content: tuple[bytes, str] | None = None) -> StoredFile:
        """Return a client's file. Raises NotFound if there is none, Damaged if it is not what was saved or is
        malformed.

        The *content*, with its version, is what was just read of it, if it was.
        """
        id_ = parse_client_id(typed)
        try:
            stored = self._read(record_file(id_), self.record_shape, content)
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

    def subject(self, typed: str, months: Months | None = None) -> tuple[Client, StoredFile]:
        """Return whom entries are about, by an id or a code: a client and her file, or the joined record of a house, a
        member of staff, an NGO or a provider.

        Only the files of some *months* of a register are read, if they are given. Raises UsageError for a code of two
        registers, NotFound where nobody has the id or the code.
        """
        found = find_code(self, typed)
        if found is None:
            require_id_or_code(typed)
            return self.client(typed)
        her = self.home_registers.record(*found, months)
        speak_of(NO_PERSON)
        return her, StoredFile(dict(her.facts), "")

    def subject_to_change(self, typed: str, months: Months | None = None) -> tuple[Client, StoredFile]:
        """Return whom entries are about, to be changed. Raises Conflict if that may not be."""
        her, stored = self.subject(typed, months)
        if her.home is None:
            self.require_writable(record_file(her.id))
        return her, stored

    def client(self, typed: str) -> tuple[Client, StoredFile]:
        """Return a client and the file she was read from."""
        stored = self.read(typed)
        self.asked_for.add((her := Client(stored.value)).id)
        speak_of(self.rulebook.form_for_sex(her.sex))
        return her, stored

    def clients(self, ids: Iterable[str] | None = None) -> Iterator[Client]:
        """Yield every client whose file is whole, or of those with some *ids*; the errors of the others are kept in
        *damaged*.
        """
        self.require_files_open()
        for id_ in report_steps([*(self.ids() if ids is None else ids)], READING_FILES):
            try:
                yield Client(self.read(id_).value)
            except (Damaged, CannotOpen, Conflict) as error:
                self.damaged[record_file(id_)] = error

    def clients_with_word(self, word: str) -> Iterator[Client]:
        """Yield every client whose whole file has a *word* of small letters and figures somewhere; capitals count as
        small letters. The decrypted texts are kept in memory alone, until something is written.
        """
        self.require_files_open()
        for id_ in self.ids():
            try:
                content = None
                if id_ not in self._texts:
                    content = self.vault.read(record_file(id_))
                    self._texts[id_] = content[0].decode(errors="replace").casefold()
                if word in self._texts[id_]:
                    yield Client(self.read(id_, content).value)
            except (Damaged, CannotOpen, Conflict) as error:
                self.damaged[record_file(id_)] = error

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The decrypted text of clients' files in small letters, by id."""
        return {}

    def require_files_open(self) -> None:
        """Raise CannotOpen if the person's role opens no client's file."""
        if not self.vault.opens(FILE_PART):
            raise CannotOpen("role/no-files", ROLE_OPENS_NO_FILE, hint=SEE_ROSTER, count=sum(1 for _ in self.ids()))

    @cached_property
    def all_clients(self) -> AllClients:
        """All clients' files, for rules that look beyond one client; each is opened once, and anew after a write."""
        return AllClients(self.clients, self.clients_with_word)

    def forget_files(self, *written: str) -> None:
        """Forget what was read of all clients, because a file was *written*, and of a register in clear that was."""
        for name in ("all_clients", "_texts", "registers", *(each.removesuffix(".yaml") for each in written)):
            vars(self).pop(name, None)

    @property
    def unread_count(self) -> int:
        """The number of client files that could not be read: each may be of someone who sleeps in the shelter."""
        return sum(RECORD_FILE_NAME.fullmatch(name) is not None for name in self.damaged)

    def write(
        self, changes: Sequence[tuple[str, Mapping[str, Any], str | None]], *, did: str, by: str, at: str
    ) -> bool:
        """Save files as one act, each unchanged since it was read; False if cleaning up is left to the next command.

        A record of a register is saved as the files of this device that it changes.
        """
        clients = [Client(value) for name, value, _ in changes if self.is_by_role and RECORD_FILE_NAME.fullmatch(name)]
        files = [self.prepare_file(name, value, base) for name, value, base in changes if HOME_KEY not in value]
        joined = [value for _, value, _ in changes if HOME_KEY in value]
        files += self.home_registers.prepare_changes(joined, by, at) if joined else []
        if any(read_register_name(one.name) for one in files) and (needed := self.change_of_needed_revision(True)):
            files.append(needed)
        return self.save_with_roster(files, clients, did=did, by=by, at=at) if files else True

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

    def change_of_needed_revision(self, keeps_registers: bool = False, has_limits: bool = False) -> FileToSave | None:
        """Return the change of shelter.yaml that names the revision of the rulebook which the store needs; None if it
        does, or if our key may not save it. *keeps_registers* says that a register is about to be written, *has_limits*
        that the house is about to set a limit of its own.
        """
        if not self.vault.may_save(SHELTER_FILE):
            return None
        held, chain = self.shelter, self.vault.journal.chain
        keeps_registers = keeps_registers or any(map(read_register_name, self.vault.journal.files()))
        ours = int(self.rulebook.version["revision"])
        now = read_rulebook_of_store(held.value)
        has_limits = has_limits or bool(chain.limits)
        needed = find_needed_revision(
            now.revision, chain.access, ours, keeps_registers=keeps_registers, has_limits=has_limits
        )
        if now.revision == needed:
            return None
        value = name_rulebook_of_store(held.value, now._replace(revision=needed))
        return self.prepare_file(SHELTER_FILE, value, held.version)

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
        new = {her.id for her in clients}
        return make_roster(chain((her for her in self.clients() if her.id not in new), clients))

    def true_roster(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Return the roster made from all files; of those that cannot be read it says what the one *held* says."""

        def find_unread() -> Iterator[str]:  # begun when all files were tried
            yield from (found[1] for name in self.damaged if (found := RECORD_FILE_NAME.fullmatch(name)))

        return make_roster(self.clients(), held, find_unread())

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
            more = self.note_waiting_parts(name, self.seals)
        try:
            return FileToSave(name, format_document(value).encode(), base, more=more or None)
        except Unreadable as error:
            raise store_file_too_large_error(name, LARGEST_STORED) from error

    def note_waiting_parts(self, name: str, seals: SealedEntries) -> dict[str, Any]:
        """Return the facts for the journal about parts of a file that *seals* left for another reader."""
        waiting = list_parts_left_waiting(self.vault, name, seals.left_closed)
        return {WAITING_FACT: waiting} if waiting else {}

    def seals_of(self, record: Mapping[str, Any]) -> SealedEntries:
        """The sealed entries of a client's file, or of a record of a register."""
        return self.register_seals if HOME_KEY in record else self.seals

    def house_of(self, code: str) -> House | None:
        """Return the house of a code, without the number of those who sleep there; None if it is not registered."""
        facility = self.shelter.value["facilities"].get(code)
        if facility is None:
            return None
        return House(self.rulebook.house_kinds[facility["kind"]], facility["capacity"], 0, counted=False)

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
        kind = self.rulebook.house_kinds[facility["kind"]]
        declared = facility["capacity"]
        capacity, own = kind.places(code, declared, day) if kind.own else (declared, None)
        if not count:
            return House(kind, capacity, 0, counted=False, own=own)
        residents = count_sleepers((other for other in self.clients() if other.id != client.id), code, day)
        unlisted = int((facility.get("others") or {}).get("number", 0))
        return House(kind, capacity, residents + self.unread_count + unlisted, own=own)

    def _read(self, name: str, shape: SchemaValidator, content: tuple[bytes, str] | None = None) -> StoredFile:
        if name in self.damaged and name == SHELTER_FILE:
            raise self.damaged[name]
        data, version = content or self.vault.read(name)
        if (last_read := self.last_read.get(name)) and last_read.version == version:
            return last_read
        return self.accept_file(name, parse_stored(name, data), version, shape)

    def accept_file(self, name: str, document: Document, version: str | None, shape: SchemaValidator) -> StoredFile:
        """Return a file of the store that was parsed, once its shape is checked. Raises Damaged or Conflict."""
        value = document.value
        self.read_only_files.pop(name, None)
        newer = compatibility.judge_file(name, value, shape, self.rulebook, document.text)
        stored = StoredFile(
            self.migration.migrate_on_reading(value) if RECORD_FILE_NAME.fullmatch(name) else value, version
        )
        if newer:
            self.read_only_files[name] = newer
            return stored
        self.last_read.clear()
        return self.last_read.setdefault(name, stored)


def parse_stored(name: str, data: bytes) -> Document:
    """Return the content of a file of the store. Raises Damaged if it is no strict YAML."""
    try:
        return read_document(data, LARGEST_STORED)
    except Unreadable as error:
        raise compatibility.misshapen_file_error("store/unreadable", name, error.code) from error


class PlannedSave(NamedTuple):
    """A planned save: the change of a file, and the client whose file it is."""

    change: FileToSave
    client: Client


@immutable(slots=False)
class DryRun(Store):
    """A series of acts that are planned and not carried out: each finds what the ones before would leave.

    Every client's file is opened once, when all are first needed. Only ``save_planned`` writes anything. *records* are
    the planned records of registers, by name: whole ones, because acts that follow may be about any month.
    """

    planned: dict[str, PlannedSave] = field(default_factory=dict)
    records: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def over(cls, store: Store) -> "DryRun":
        """Return a dry run over *store*, which is not changed."""
        going = object.__new__(cls)
        own = {"planned": {}, "records": {}, "asked_for": set(), "remarks": {}, "home_registers": store.home_registers}
        vars(going).update({**vars(store), **own})
        going.forget_files()
        return going

    def read(self, typed: str, content: tuple[bytes, str] | None = None) -> StoredFile:
        """Return a client's file as it would be after the planned acts."""
        save = self.planned.get(record_file(parse_client_id(typed)))
        return StoredFile(dict(save.client.facts), save.change.base) if save else super().read(typed, content)

    def subject(self, typed: str, months: Months | None = None) -> tuple[Client, StoredFile]:
        """Return whom entries are about as the planned acts would leave the client's file or the registers."""
        found = find_code(self, typed)
        known = self.records.get(f"registers/{found[0]}/{found[1]}") if found else None
        if known is None:
            return super().subject(typed)
        speak_of(NO_PERSON)
        return Registered(known), StoredFile(dict(known), "")

    def unsealed(self, stored: StoredFile, *parts: str) -> StoredFile:
        """Return a file with what this key may read; a planned record of a register is open already."""
        if HOME_KEY in stored.value and record_name(stored.value) in self.records:
            return stored
        return super().unsealed(stored, *parts)

    def unsealed_where(self, stored: StoredFile, parts: Sequence[str], wanted: WantsEntry) -> StoredFile:
        """Return a record with all entries of these parts opened: the acts that follow may be about any of them."""
        return self.unsealed(stored, *parts)

    def clients(self, ids: Iterable[str] | None = None) -> Iterator[Client]:
        """Yield every client as she would be after the planned acts, or those with some *ids*."""
        new = {save.client.id: save.client for save in self.planned.values()}
        wanted = None if ids is None else {*ids}
        yield from (her for her in {**self._there, **new}.values() if wanted is None or her.id in wanted)

    @cached_property
    def _there(self) -> Mapping[str, Client]:
        return {her.id: her for her in super().clients()}

    def write(
        self, changes: Sequence[tuple[str, Mapping[str, Any], str | None]], *, did: str, by: str, at: str
    ) -> bool:
        """Plan to save files of clients and records of registers, replacing what was planned for each before."""
        for name, value, base in changes:
            if HOME_KEY in value:
                self.records[name] = value
                continue
            if not RECORD_FILE_NAME.fullmatch(name):
                raise ValueError("only files of clients and registers are rehearsed")
            self.planned[name] = PlannedSave(self.prepare_file(name, value, base), Client(value))
        self.forget_files()
        return True

    def restore_plan(
        self, planned: Mapping[str, PlannedSave], records: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        """Go back to an earlier plan and forget everything planned since."""
        self.forget_files()
        self.planned.clear()
        self.planned.update(planned)
        self.records.clear()
        self.records.update(records or {})

    def save_planned(self, store: Store, *, did: str, by: str, at: str) -> None:
        """Save everything that was planned as one act: all of it, or nothing. It is about clients or a code."""
        store.remarks.update(self.remarks)
        if self.records:
            store.write([(name, value, "") for name, value in self.records.items()], did=did, by=by, at=at)
        if self.planned:
            changes, clients = zip(*self.planned.values(), strict=True)
            store.save_with_roster(changes, clients, did=did, by=by, at=at)
