"""A store of three computers, two of which shut each other out, each on a copy of it."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from conftest import Desk

from shelterctl import limits
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import Identity
from shelterctl.trust.chain import end_device_in_chain, verify_chain
from shelterctl.trust.chain_state import Chain

AT = "2026-11-26T10:00+06:00"


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
        chain = end_device_in_chain(self.chain(copy), self.code(whom), head, "left", "manager", AT, self.identity(who))
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
