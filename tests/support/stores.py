"""Stores of every kind that a test needs: made without commands, backed up, and of three computers that parted."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shelterctl import limits
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import Identity, create_identity, create_recovery_key, create_unrelated_identity
from shelterctl.journal.store_journal import Journal
from shelterctl.platform.writing import create_private_folder, replace_file
from shelterctl.session import Options
from shelterctl.session import Session as Seat
from shelterctl.trust.chain import add_device_to_chain, end_device_in_chain, found_chain, verify_chain
from shelterctl.trust.chain_state import TRUST_LIST_FILE, Chain
from shelterctl.trust.memory import StoreMemory
from shelterctl.vault.protocol import Vault
from tests.support.desk import Desk

STORE, AT = "S0123456789AB", "2026-11-20T09:00+06:00"
ACT: dict[str, Any] = {"did": "admit", "by": "s-aida", "at": "2026-11-25T10:00+06:00"}


class Ground:
    """The folder of a store in *folder*, and beside it what its device remembers."""

    def __init__(self, folder: Path) -> None:
        self.root, self.heads = folder / "store", folder / "key.heads"
        create_private_folder(self.root)
        self.me, self.paper = create_identity(), create_recovery_key()
        self.chain = found_chain(STORE, self.me, "s-aida", self.paper, AT)
        self.wrote(self.chain)
        self.memory.remember(self.chain, {}, AT)

    def wrote(self, chain: Chain) -> None:
        """The chain as it lies from now on."""
        self.chain = chain
        replace_file(self.root / TRUST_LIST_FILE, chain.lines)

    @property
    def memory(self) -> StoreMemory:
        """What the device remembers."""
        return StoreMemory(self.heads, self.chain.root, self.me)

    @property
    def note(self) -> Path:
        """The file in which it stands."""
        return self.heads / self.chain.root[:16]

    def path(self, writer: Identity) -> Path:
        """The journal of a device."""
        return self.root / "journal" / f"{writer.device}.jsonl"

    @property
    def lines(self) -> Path:
        """The journal of this device."""
        return self.path(self.me)

    def journal(self, writer: Identity | None = None, memory: StoreMemory | None = None) -> Journal:
        """The journals as the next command reads them."""
        writer = writer or self.me
        mine = self.memory if writer == self.me else memory
        return Journal(self.root / "journal", self.chain, writer, mine)

    def nobody(self) -> Journal:
        """The journals as somebody reads them who remembers nothing."""
        return Journal(self.root / "journal", self.chain, create_unrelated_identity())

    def vault(self, reader: Identity | None = None, timeout: float = 0.1) -> Vault:
        """The files as the next command finds them."""
        reader = reader or self.me
        return Vault(self.root, reader, self.journal(reader), timeout=timeout)


class TwoDevices(Ground):
    """A store in which a second device is admitted, which has written nothing yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.second = create_identity()
        self.wrote(add_device_to_chain(self.chain, self.second, "s-nina", "s-aida", AT, self.me))
        self.memory.remember(self.chain, {}, AT)


def digest(word: object) -> str:
    """A hash of a word, in the place of that of a file."""
    return hashlib.sha256(str(word).encode()).hexdigest()


def reopened(folder: Path, timeout: float = 5.0) -> Vault:
    """The store that a Ground left in *folder*, by the key file beside it: everything comes from the disk."""
    me, root = load_identity(folder / "key", None), folder / "store"
    chain = verify_chain((root / TRUST_LIST_FILE).read_bytes(), 0)
    journal = Journal(root / "journal", chain, me, StoreMemory(folder / "key.heads", chain.root, me))
    return Vault(root, me, journal, timeout=timeout)


def files(folder: Path) -> dict[str, str]:
    """Every file of a store by its hash, but for the lock."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def backed_up(desk: "Desk") -> Path:
    return Path(desk.folder, desk.do("backup usb", today=None).data["folder"])


def seat(desk: "Desk", store: Path | None = None) -> Seat:
    return Seat(options=Options(identity=str(desk.key), store=str(store or desk.store)))


PARTED_AT = "2026-11-26T10:00+06:00"


@dataclass
class House:
    """The folder with both copies; each computer's key and memory lie beside them."""

    folder: Path
    her: str

    def desk(self, who: str, copy: str = "house") -> Desk:
        """Whoever sits at that computer, over that copy of the store."""
        desk = Desk(self.folder, self.her)
        desk.key, desk.store = self.folder / who, self.folder / copy
        return desk

    def identity(self, who: str) -> Identity:
        return load_identity(self.folder / who, None)

    def code(self, who: str) -> str:
        return str(self.identity(who).device)

    def list(self, copy: str) -> bytes:
        return (self.folder / copy / "trust.jsonl").read_bytes()

    def lies(self, lines: bytes, copy: str = "house") -> None:
        """The list as it lies in a copy from now on."""
        (self.folder / copy / "trust.jsonl").write_bytes(lines)

    def chain(self, copy: str) -> Chain:
        return verify_chain(self.list(copy), limits.TRUST_CHAIN_LINES)

    def ends(self, who: str, whom: str, copy: str, *, told: bool = True) -> None:
        """One computer shuts another one out, on that copy, and remembers it where it is *told*."""
        path = self.folder / copy / "journal" / f"{self.code(whom)}.jsonl"
        lines = path.read_bytes() if path.exists() else b""
        head = lines.count(b"\n"), hashlib.sha256(lines).hexdigest()
        chain = end_device_in_chain(
            self.chain(copy), self.code(whom), head, "left", "manager", PARTED_AT, self.identity(who)
        )
        self.lies(chain.lines, copy)
        if told and who != "paper":
            self.desk(who, copy).do("trust --accept")


def parted(desk: Desk) -> House:
    """The house of *desk*, whose computer is ``key`` and whose paper lies beside it; ``two`` and ``three`` joined.

    The store parted into ``house`` and ``other``: there ``key`` shut ``two`` out, and here ``two`` shut ``key`` out;
    ``three`` knows of neither.
    """
    house = House(desk.folder, desk.her)
    for name, staff in (("two", "s-aida"), ("three", "s-gulnara")):
        desk.do(f"trust --join --recovery paper --no-passphrase --identity {name} --staff {staff}")
    for name in ("key", "two"):
        house.desk(name).do("trust --accept")
    house.desk("two").do(f"admit {desk.her}", {"notes": "by the second"})
    house.desk("three").do("check")
    for name in ("key", "two", "three"):
        house.desk(name).do("list")
    shutil.copytree(house.folder / "house", house.folder / "other")
    house.ends("key", "two", "house")
    house.ends("two", "key", "other")
    return house
