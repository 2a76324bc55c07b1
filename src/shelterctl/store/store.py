"""The files of a store as records: listed, read and written; and the house."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl import contract, document, machine
from shelterctl.core.everyone import Everyone
from shelterctl.core.finding import Finding
from shelterctl.core.house import House, sleeping
from shelterctl.core.record import Client, Stay
from shelterctl.errors import CannotOpen, Conflict, Damaged, NotFound, ShelterError
from shelterctl.identity import Identity
from shelterctl.language import N_
from shelterctl.library import Shelf, read_schema
from shelterctl.shape import Shape
from shelterctl.store import newer
from shelterctl.store.clock import Sure, held
from shelterctl.store.folder import DIRECTORY, LIST, RECORD, SECRETS, SHELTER, STAFF, file_of, read_id
from shelterctl.store.moving import Moving
from shelterctl.store.newer import shape_of
from shelterctl.store.register import Registers
from shelterctl.store.seal import Seals
from shelterctl.store.waiting import waits
from shelterctl.vault import Change, Vault, too_large
from shelterctl.vault.block import Place

NO_SUCH = N_("There is no client with that id.")
NO_CLIENT = N_("There is no client with the id {id}.")
GIVEN_UP = N_("The file of the client {id} could not be read any more and was given up on {on}, by {by}.")
LAID_ASIDE = N_("See why with: shelterctl check. If a backup turns up after all, restore it beside the store and look.")
ANOTHERS = N_("{place} holds another client's record.")


class Held(NamedTuple):
    """A file as it was read: what it says, and the version that a write must find unchanged."""

    value: dict[str, Any]
    version: str | None


class SheetKey(NamedTuple):
    """A key of the codes of sheets, and its id."""

    id: str | None
    secret: bytes | None


@dataclass(frozen=True, repr=False, eq=False)
class Store:
    """One store, opened with one identity.

    *told* is what a person has to know of it whatever she does; *wrong* the files that were not whole when they were
    read, by name, and *acts* what was written: damage costs what was damaged, and nothing else. *remarks* are what is
    open in files as they were written, by name; *named* the clients who were asked for by id. *opened* are files of the
    house as they were read last, *lately* the one that was read last of all: acts look at it again. *newer* are files
    that a newer program or shelf wrote, by name, with why nothing is written here. *sure* says if a clock is right.
    """

    root: Path
    vault: Vault
    shelf: Shelf
    identity: Identity
    told: list[ShelterError] = field(default_factory=list)
    wrong: dict[str, ShelterError] = field(default_factory=dict)
    acts: list[str] = field(default_factory=list)
    remarks: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    opened: dict[str, Held] = field(default_factory=dict)
    lately: dict[str, Held] = field(default_factory=dict)
    newer: dict[str, ShelterError] = field(default_factory=dict)
    sure: list[Sure] = field(default_factory=list)

    @cached_property
    def shelter(self) -> Held:
        """The houses: kinds, places, managing NGO; the store's time zone."""
        return self._read(SHELTER, shape_of(contract.shelter, self.shelf))

    @cached_property
    def staff(self) -> Held:
        """Who is staff, by code."""
        try:
            return self._read(STAFF, shape_of(contract.staff, self.shelf))
        except Damaged as error:
            if self.vault.journal.chain.root or error.code != "store/misshapen":
                raise
            return self._read(STAFF, shape_of(read_schema, "old/staff-1"))

    @property
    def directory(self) -> Held:
        """The names behind the codes, as they are now: opened again once the journal names another version."""
        known = self.opened.get(DIRECTORY)
        head = self.vault.journal.head(DIRECTORY) if known else None
        if known and head and head.now == known.version:
            return known
        try:
            self.opened[DIRECTORY] = self._read(DIRECTORY, shape_of(contract.directory, self.shelf))
        except NotFound:
            return Held({"schema": "directory/1"}, None)
        return self.opened[DIRECTORY]

    @property
    def secrets(self) -> Held:
        """The keys of the codes of sheets."""
        return self._read(SECRETS, shape_of(read_schema, "secrets"))

    @cached_property
    def sheet_key(self) -> SheetKey:
        """The key that codes of sheets are made with just now; none in a store of 0.1.0."""
        if not self.vault.journal.chain.root:
            return SheetKey(None, None)
        last = self.secrets.value["sheet_codes"][-1]
        return SheetKey(last["id"], bytes.fromhex(last["key"]))

    @cached_property
    def record_shape(self) -> Shape:
        """The shape of a client's record."""
        return shape_of(contract.resident, self.shelf)

    @cached_property
    def seals(self) -> Seals:
        """What opens and closes the sealed entries of a file."""
        return Seals(self.shelf.tracks, self.shelf.blocks, self.readers, self.identity)

    @cached_property
    def moving(self) -> Moving:
        """What moves into sealed entries whatever older files have in the open."""
        return Moving(self.shelf, self.seals)

    def readers(self, part: str) -> Sequence[str]:
        """Who may read a part of a file, as age recipients: all keys of the house, as long as roles have none."""
        return self.vault.recipients

    def unsealed(self, held: Held, *parts: str) -> Held:
        """A file with what this key may read of some parts, or of all; it is sealed again when it is saved."""
        return held._replace(value=self.seals.opened(held.value, parts or None))

    def outside(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """The file as far as it is seen without opening what is sealed in it."""
        return self.seals.outside(record) if "sealed" in record else record

    def laid_open(self, client: Client) -> Client:
        """A client with whatever this key may read of her file."""
        return Client(self.seals.opened(client.facts)) if "sealed" in client.facts else client

    def withheld(self, client: Client) -> Iterator[Place]:
        """What stays closed of a client who was laid open, although this key is among the readers of it."""
        return self.seals.withheld(client.facts)

    def misshapen(self, record: Mapping[str, Any]) -> tuple[Finding, ...]:
        """What of a file that is to be saved has not the shape of one, whatever of it lies open."""
        found, lying = self.record_shape.findings(self.outside(record)), partial(shape_of, contract.lying, self.shelf)
        inside = tuple(self.seals.misshapen(record, lying)) if "sealed" in record else ()
        newer.refuse(file_of(record["id"]), record, inside, self.shelf.version)
        return (*found, *inside)

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
        """What the house has behind codes, by register; each is opened when it is first asked for."""
        return Registers(self)

    def staff_in(self, *roles: str) -> frozenset[str]:
        """The codes of staff, of these roles or of any."""
        staff: Mapping[str, Any] = self.staff.value["staff"]
        return frozenset(code for code, entry in staff.items() if not roles or entry["role"] in roles)

    def ids(self) -> Iterator[str]:
        """The ids of all clients, in order, those too whose files are gone; other names are left to ``check``."""
        with machine.disk("residents"):
            there = {f"residents/{name}" for name in machine.names_in(self.root / "residents")}
        for name in sorted(there | self.vault.journal.files()):
            if found := RECORD.fullmatch(name):
                yield found[1]

    def read(self, typed: str) -> Held:
        """A client's file; NotFound if there is none, Damaged if it is not what was saved or has not its shape."""
        id_ = read_id(typed)
        try:
            held = self._read(file_of(id_), self.record_shape)
            if held.value.get("id") != id_:
                raise Damaged("store/another-client", ANOTHERS, hint=newer.RESTORE, place=file_of(id_))
            return held
        except NotFound as error:
            if last := self.vault.journal.last(file_of(id_)):
                facts = {"id": id_, "on": str(last["at"])[:10], "by": last["by"]}
                raise NotFound("client/given-up", GIVEN_UP, hint=LAID_ASIDE, **facts) from error
            # Eight letters without a digit may be a name: that is not said again.
            told = {"id": id_} if any(letter.isdigit() for letter in typed) else {}
            raise NotFound("client/unknown", NO_CLIENT if told else NO_SUCH, hint=LIST, **told) from error

    def to_change(self, typed: str) -> tuple[Client, Held]:
        """A client and the file she was read from, which is to be written to; Conflict where that may not be."""
        her, held = self.client(typed)
        self.writable(file_of(her.id))
        return her, held

    def client(self, typed: str) -> tuple[Client, Held]:
        """A client and the file she was read from."""
        held = self.read(typed)
        self.named.add((her := Client(held.value)).id)
        return her, held

    def clients(self) -> Iterator[Client]:
        """Every client whose file is whole; the others are remembered in *wrong*."""
        for id_ in self.ids():
            try:
                yield Client(self.read(id_).value)
            except (Damaged, CannotOpen, Conflict) as error:
                self.wrong[file_of(id_)] = error

    @cached_property
    def everyone(self) -> Everyone:
        """Everybody's files for rules that look beyond one, each opened once; after a write they are opened anew."""
        return Everyone(self.clients)

    def looked_anew(self, *written: str) -> None:
        """Forget what everybody's files said, for one is *written*, and a register in clear that is."""
        for name in ("everyone", *(each.removesuffix(".yaml") for each in written)):
            vars(self).pop(name, None)

    @property
    def unread(self) -> int:
        """How many clients' files were not whole when all were read: each may be somebody who sleeps here."""
        return sum(RECORD.fullmatch(name) is not None for name in self.wrong)

    def write(
        self, changes: Sequence[tuple[str, Mapping[str, Any], str | None]], *, did: str, by: str, at: str
    ) -> bool:
        """Save files as one act, each unchanged since it was read; false if tidying up is left to the next command."""
        return self.save([self.change(*change) for change in changes], did=did, by=by, at=at)

    def change(self, name: str, value: Mapping[str, Any], base: str | None) -> Change:
        """A file as it is to be saved. Raises Usage if it would be too large, Conflict if a newer shelf wrote it."""
        self.writable(name)
        value = self.moving.closed(value, anew=waits(self.vault, name)) if RECORD.fullmatch(name) else value
        try:
            return Change(name, document.write(value).encode(), base)
        except document.Unreadable as error:
            raise too_large(name, document.KEPT) from error

    def writable(self, name: str) -> None:
        """Conflict for a file that a newer program or shelf wrote: what it has more would be lost."""
        if name in self.newer:
            raise self.newer[name]

    def save(self, changes: Sequence[Change], *, did: str, by: str, at: str) -> bool:
        """Save files that are in words already, as one act; false if tidying up is left to the next command."""
        clock = held(self.vault.journal, at, self.sure)
        written = self.vault.write_all(changes, did=did, by=by, at=at)
        self.acts.append(did)
        self.looked_anew(*(change.name for change in changes))
        self.told.extend([clock] if clock else [])
        return all(one.finished for one in written)

    def house(self, client: Client, stay: Stay | None, day: date, *, count: bool = True) -> House | None:
        """The house of a stay as it is that night: its places, and how many others sleep there; None if unknown.

        Counting opens every file; without *count* nobody knows who else sleeps there.
        """
        code = stay.facility if stay else None
        facility = self.shelter.value["facilities"].get(code)
        if facility is None or code is None:
            return None
        kind, capacity = self.shelf.kinds[facility["kind"]], facility["capacity"]
        if not count:
            return House(kind, capacity, 0, counted=False)
        residents = sleeping((other for other in self.clients() if other.id != client.id), code, day) + self.unread
        return House(kind, capacity, residents + int((facility.get("others") or {}).get("number", 0)))

    def _read(self, name: str, shape: Shape) -> Held:
        if name in self.wrong and name == SHELTER:
            raise self.wrong[name]
        data, version = self.vault.read(name)
        if (lately := self.lately.get(name)) and lately.version == version:
            return lately
        try:
            value = document.read(data, document.KEPT).value
        except document.Unreadable as error:
            raise newer.misshapen("store/unreadable", name, error.code) from error
        self.newer.pop(name, None)
        theirs = newer.judged(name, value, shape, self.shelf)
        held = Held(self.moving.read(value) if RECORD.fullmatch(name) else value, version)
        if theirs:
            self.newer[name] = theirs
            return held
        self.lately.clear()
        return self.lately.setdefault(name, held)
