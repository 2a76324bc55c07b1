"""A house in which each person has a key: somebody for each role at one computer, and a client with all sealed
parts.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage

from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import Identity
from shelterctl.session import Options, Session
from tests.support.desk import Desk, copied

PEOPLE: Mapping[str, str] = {
    "manager": "manager",
    "s-gulnara": "social_worker",
    "s-aida": "psychologist",
    "s-med": "medical_adviser",
    "s-law": "legal_adviser",
    "s-iom": "iom_coordinator",
    "s-guard": "security",
    "s-data": "data_officer",
    "s-else": "other",
}
"""The role of each person, by staff code; the computer's own key is the manager's."""

PERSON_OF: Mapping[str, str] = {role: code for code, role in PEOPLE.items()}

SEALED_ENTRIES: Mapping[str, Mapping[str, Any]] = {
    "health": {"kind": "initial_complete", "on": "2026-11-24", "items": ["physician"], "finding": "none"},
    "examination": {"kind": "primary_interview", "on": "2026-11-23", "by": "s-aida"},
    "legal": {"kind": "follow_up", "on": "2026-11-24", "note": "совет"},
}
"""An entry of each sealed part of which a file may have several; SEALED_BLOCKS are those of which it has one."""

SEALED_BLOCKS: Mapping[str, Mapping[str, Any]] = {"hiv": {"on": "2026-11-23", "report": "обследована, ответ есть"}}


@dataclass
class RoleHouse:
    """The desk of the house's computer, who sits down at it, and where its recovery paper lies."""

    desk: Desk
    paper: Path

    @property
    def her(self) -> str:
        """The client's id."""
        return self.desk.her

    def key_file(self, code: str) -> Path:
        """Where a person's key lies at this computer."""
        return self.desk.key if code == "manager" else self.desk.folder / "key.people" / code

    def key(self, code: str) -> Identity:
        return load_identity(self.key_file(code), None)

    def session(self, code: str) -> Session:
        """A person at the computer, for what needs no command."""
        options = Options(identity=str(self.desk.key), store=str(self.desk.store), staff=code)
        return Session(options=options)

    def everybody_accepts(self) -> None:
        """Each person looks at the list and accepts it."""
        for code in PEOPLE:
            if self.key_file(code).exists():
                self.desk.do(f"trust --accept --staff {code}")

    def file(self, name: str) -> bytes:
        """A file of the store as it lies there."""
        return (self.desk.store / name).read_bytes()

    def opened(self, code: str, name: str) -> bytes | None:
        """A file as stock age opens it with a person's key alone; None if it does not."""
        return open_alone(self.file(name), self.key(code))

    def her_file(self, code: str) -> dict[str, Any] | None:
        """The client's file as that key opens it, its sealed parts still closed."""
        data = self.opened(code, f"residents/{self.her}.yaml.age")
        found: dict[str, Any] | None = read_document(data, LARGEST_STORED).value if data else None
        return found

    def blocks(self) -> dict[str, list[str]]:
        """The sealed blocks of the client's file by their part, as the manager's key finds them."""
        held = self.her_file("manager") or {}
        found: dict[str, list[str]] = {}
        for entry in held["sealed"].get("entries", ()):
            found.setdefault(entry["part"], []).append(entry["age"])
        for name, block in held["sealed"].items():
            if isinstance(block, str):
                found.setdefault(name, []).append(block)
        return found


def open_alone(data: bytes, key: Identity) -> bytes | None:
    """Bytes, or an armoured block, as stock age opens them with a key; None if it does not."""
    if data.startswith(b"-----BEGIN"):
        data = base64.b64decode(b"".join(data.splitlines()[1:-1]))
    try:
        return bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(key.key)]))
    except pyrage.DecryptError:
        return None


def give_keys(desk: Desk, paper: Path, people: Mapping[str, str] = PEOPLE) -> RoleHouse:
    """Register everybody, make a key for each person but the manager, and let the manager accept it."""
    known = {row["staff"] for row in desk.do("staff list").data["rows"]}
    for code, role in people.items():
        if code not in known:
            desk.do(f"staff add {code} --role {role}")
        if code != "manager":
            desk.do(f"staff key {code} --no-passphrase")
            desk.do(f"staff key {code} --accept")
    return RoleHouse(desk, paper)


def house_by_role(desk: Desk, paper: Path) -> RoleHouse:
    """The same once roles decide; the client's file has an entry of each sealed part, and everybody knows the list."""
    for track, entry in {**SEALED_ENTRIES, **SEALED_BLOCKS}.items():
        desk.do(f"add {desk.her} {track}", entry)
    house = give_keys(desk, paper)
    desk.do("roles --begin")
    house.everybody_accepts()
    return house


def copied_house(house: RoleHouse, folder: Path) -> RoleHouse:
    return RoleHouse(copied(house.desk, folder), house.paper)
