"""The folder as a whole: opened, listed, read and written; the house, and the same person."""

import os
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from string import ascii_uppercase
from typing import Any, NamedTuple

from shelterctl import contract, document, machine
from shelterctl.core.house import House, sleeping
from shelterctl.core.identifier import ALPHABET, TAKEN_FOR
from shelterctl.core.person import likely_same
from shelterctl.core.record import Client, Stay
from shelterctl.errors import Conflict, Damaged, NotFound, Usage
from shelterctl.identity import Identity, nobody
from shelterctl.journal import Journal
from shelterctl.language import N_
from shelterctl.library import Shelf, read_schema
from shelterctl.shape import Shape
from shelterctl.vault import Change, Vault

SHELTER, STAFF, DIRECTORY = "shelter.yaml", "staff.yaml", "directory.yaml.age"

NO_STORE = N_("There is no store here.")
NAME_IT = N_(
    "Name its folder with --store DIR, or make one with: shelterctl init DIR --shelter CODE. "
    "If it was lost, put it back from a backup: shelterctl restore DIR --store NEW."
)
NOT_AN_ID = N_(
    "That cannot be the id of a client: an id has eight digits and Latin letters, such as 7QF2-M9KD. "
    "These letters never occur in it: {never}; 0 and 1 are digits."
)
NO_SUCH = N_("There is no client with that id.")
NO_CLIENT = N_("There is no client with the id {id}.")
LIST = N_("See the ids with: shelterctl list.")
MISSHAPEN = N_("{place} does not have the shape of a file of this store ({what} at {where}).")
NEWER = N_("{place} was written by a newer shelterctl; it can be read here, not changed.")
UPDATE = N_("Install the newer shelterctl to go on with it.")
RESTORE = N_("Do not rely on it. Put the file back from the last backup, and tell the data officer.")

BACKUP = re.compile(
    r"shelterctl-(?P<store>[0-9A-Za-z]+)-(?P<made>\d{4}-\d{2}-\d{2}T\d{4})(?P<damaged>-damaged)?(-(?P<number>\d+))?"
)
"""The name of the folder of a backup."""

_ID = re.compile(r"([0-9A-HJKMNP-TV-Z]{4})[- ]?([0-9A-HJKMNP-TV-Z]{4})")
_OWN = re.compile(
    r"(shelter|staff)\.yaml|directory\.yaml\.age|registers/[a-z-]+/[0-9]{4}-[0-9]{2}/[a-z0-9]+\.yaml\.age"
)
_FILE = re.compile(r"residents/([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\.yaml\.age")


class Held(NamedTuple):
    """A file as it was read: what it says, and the version that a write must find unchanged."""

    value: dict[str, Any]
    version: str | None


def read_id(typed: str) -> str:
    """An id as it is written everywhere, however it was typed; Usage if the text cannot be one."""
    found = _ID.fullmatch(typed.strip().upper().translate(TAKEN_FOR))
    if not found:
        raise Usage("usage/id", NOT_AN_ID, hint=LIST, never=sorted({*ascii_uppercase} - {*ALPHABET}))
    return f"{found[1]}-{found[2]}"


def new_id() -> str:
    """A fresh random id of a client."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def new_entry_id() -> str:
    """A fresh id of an entry; it begins with a letter, so that it is never read as a number."""
    return secrets.choice(ALPHABET[10:]) + "".join(secrets.choice(ALPHABET) for _ in range(5))


def find_root(named: Path | None) -> Path:
    """The folder that was named, or the nearest one upwards that holds a shelter.yaml."""
    if named is not None:
        if not (named / SHELTER).is_file():
            raise NotFound("store/none", NO_STORE, hint=NAME_IT)
        return named
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SHELTER).is_file():
            return folder
    raise NotFound("store/none", NO_STORE, hint=NAME_IT)


@dataclass(frozen=True)
class Store:
    """One store, opened with one identity."""

    root: Path
    vault: Vault
    shelf: Shelf
    identity: Identity

    @cached_property
    def shelter(self) -> Held:
        """The houses: kinds, places, managing NGO; the store's time zone."""
        return self._read(SHELTER, Shape(contract.shelter(self.shelf)))

    @cached_property
    def staff(self) -> Held:
        """Who is staff, by code; the devices and their keys."""
        return self._read(STAFF, Shape(read_schema("staff")))

    @property
    def directory(self) -> Held:
        """The names behind the codes, as they are now."""
        try:
            return self._read(DIRECTORY, Shape(read_schema("directory")))
        except NotFound:
            return Held({"schema": "directory/1"}, None)

    @cached_property
    def record_shape(self) -> Shape:
        """The shape of a client's record."""
        return Shape(contract.resident(self.shelf))

    @property
    def offset(self) -> str:
        """The offset of the store's time zone, such as +06:00."""
        return str(self.shelter.value["time_zone"])

    @property
    def ngos(self) -> Mapping[str, Any]:
        """The register of NGOs by code."""
        return self.directory.value.get("ngos") or {}

    def staff_in(self, *roles: str) -> frozenset[str]:
        """The codes of staff, of these roles or of any."""
        staff: Mapping[str, Any] = self.staff.value["staff"]
        return frozenset(code for code, entry in staff.items() if not roles or entry["role"] in roles)

    def ids(self) -> Iterator[str]:
        """The ids of all clients, in order, those too whose files are gone; other names are left to ``check``."""
        with machine.disk("residents"):
            there = {f"residents/{name}" for name in os.listdir(self.root / "residents")}
        for name in sorted(there | self.vault.journal.files()):
            if found := _FILE.fullmatch(name):
                yield found[1]

    def read(self, typed: str) -> Held:
        """A client's file; NotFound if there is none, Damaged if it is not what was saved or has not its shape."""
        id_ = read_id(typed)
        try:
            return self._read(file_of(id_), self.record_shape)
        except NotFound as error:
            # Eight letters without a digit may be a name: that is not said again.
            told = {"id": id_} if any(letter.isdigit() for letter in typed) else {}
            raise NotFound("client/unknown", NO_CLIENT if told else NO_SUCH, hint=LIST, **told) from error

    def client(self, typed: str) -> tuple[Client, Held]:
        """A client and the file she was read from."""
        held = self.read(typed)
        return Client(held.value), held

    def clients(self) -> Iterator[Client]:
        """Every client of the store."""
        return (Client(self.read(id_).value) for id_ in self.ids())

    def write(
        self, changes: Sequence[tuple[str, Mapping[str, Any], str | None]], *, did: str, by: str, at: str
    ) -> bool:
        """Save files as one act, each unchanged since it was read; false if tidying up is left to the next command."""
        for name, value, _ in changes:
            if _newer(value):
                raise Usage("store/newer", NEWER, hint=UPDATE, place=name)
        sealed = [Change(name, document.write(value).encode(), base) for name, value, base in changes]
        written = self.vault.write_all(sealed, did=did, by=by, at=at)
        return all(one.finished for one in written)

    def house(self, client: Client, stay: Stay | None, day: date, *, count: bool = True) -> House | None:
        """The house of a stay as it is that night: its places, and how many others sleep there; None if unknown.

        Counting opens every file; without *count* nobody else is taken to sleep there.
        """
        code = stay.facility if stay else None
        facility = self.shelter.value["facilities"].get(code)
        if facility is None or code is None:
            return None
        kind, capacity = self.shelf.kinds[facility["kind"]], facility["capacity"]
        if not count:
            return House(kind, capacity, 0)
        residents = sleeping((other for other in self.clients() if other.id != client.id), code, day)
        others = (facility.get("others") or {}).get("number", 0)
        return House(kind, capacity, residents + int(others))

    def same_person(self, facts: Mapping[str, Any]) -> str | None:
        """The id of a client who is likely the same person: names equal in either order, birth years not unlike."""
        return next((client.id for client in self.clients() if likely_same(client.facts, facts)), None)

    def _read(self, name: str, shape: Shape) -> Held:
        data, version = self.vault.read(name)
        try:
            value = document.read(data).value
        except document.Unreadable as error:
            raise Damaged(
                "store/unreadable", MISSHAPEN, hint=RESTORE, place=name, what=error.code, where="/"
            ) from error
        if _newer(value):
            return Held(value, version)
        for finding in shape.findings(value):
            where = finding.where or "/"
            raise Damaged("store/misshapen", MISSHAPEN, hint=RESTORE, place=name, what=finding.code, where=where)
        return Held(value, version)


def file_of(id_: str) -> str:
    """Where a client's file lies in the store."""
    return f"residents/{id_}.yaml.age"


def _newer(value: Mapping[str, Any]) -> bool:
    """Whether a file says that it has a later version of its schema than we know."""
    _, _, version = str(value.get("schema", "")).partition("/")
    return version.isdigit() and int(version) > 1


def sealed(root: Path) -> Vault:
    """The files of the store as they lie, for whoever has no key: held against the journal, never opened."""
    try:
        keys = _signing_keys(root)
    except Damaged:
        keys = {}
    return Vault(root, nobody(), [], Journal(root / "journal", keys, nobody()))


def present(root: Path) -> frozenset[str]:
    """What lies in the folder under the name of a store's file, whether or not the journal speaks of it."""
    with machine.disk("."):
        found = {path.relative_to(root).as_posix() for path in root.rglob("*.yaml*") if not path.is_dir()}
    return frozenset(name for name in found if _OWN.fullmatch(name) or _FILE.fullmatch(name))


def open_store(root: Path, identity: Identity, shelf: Shelf, remembered: Path | None) -> Store:
    """The store in *root*, an interrupted write finished first where that can be done at once.

    Who may read is believed only when the signed journal vouches for it, and our own key is the one that we hold: else
    whoever can write to the folder could add a reader.
    """
    keys = _signing_keys(root)
    if identity.device:
        keys[identity.device] = identity.signing_public
    vault = Vault(root, identity, [], Journal(root / "journal", keys, identity, remembered))
    vault.kept = bool(BACKUP.fullmatch(root.resolve().name))
    vault.tidy()
    store = Store(root, vault, shelf, identity)
    vault.stored(SHELTER)
    vault.recipients = [entry["age"] for entry in store.staff.value["devices"].values()]
    vault.recipients.append(store.staff.value["recovery"]["age"])
    return store


def _signing_keys(root: Path) -> dict[str, str]:
    """The devices' keys as staff.yaml says them, before anyone has vouched for it."""
    try:
        with machine.disk(STAFF):
            said = document.read(machine.read_regular(root / STAFF, 1 << 20)).value
        return {str(device): str(entry["signing"]) for device, entry in said["devices"].items()}
    except (document.Unreadable, Conflict, NotFound, KeyError, TypeError, AttributeError) as error:
        raise Damaged(
            "store/unreadable", MISSHAPEN, hint=RESTORE, place=STAFF, what=type(error).__name__, where="/"
        ) from error
