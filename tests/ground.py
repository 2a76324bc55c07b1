"""A store without commands: its device, its paper, the chain that both signed, and what the device remembers."""

from pathlib import Path
from typing import Any

from shelterctl import identity, machine
from shelterctl.identity import Identity
from shelterctl.journal import Journal
from shelterctl.trust import FILE, Chain, Memory, followed, founded
from shelterctl.vault import Vault

STORE, AT = "S0123456789AB", "2026-11-20T09:00+06:00"
ACT: dict[str, Any] = {"did": "admit", "by": "s-aida", "at": "2026-11-25T10:00+06:00"}


class Ground:
    """The folder of a store in *folder*, and beside it what its device remembers."""

    def __init__(self, folder: Path) -> None:
        self.root, self.heads = folder / "store", folder / "key.heads"
        machine.private_folder(self.root)
        self.me, self.paper = identity.make(), identity.new_paper()
        self.chain = founded(STORE, self.me, "s-aida", self.paper, AT)
        self.wrote(self.chain)
        self.memory.keep(self.chain, {}, AT)

    def wrote(self, chain: Chain) -> None:
        """The chain as it lies from now on."""
        self.chain = chain
        machine.replace(self.root / FILE, chain.lines)

    @property
    def memory(self) -> Memory:
        """What the device remembers."""
        return Memory(self.heads, self.chain.root, self.me)

    @property
    def note(self) -> Path:
        """The file in which it stands."""
        return self.heads / self.chain.root[:16]

    @property
    def lines(self) -> Path:
        """The journal of the device."""
        return self.root / "journal" / f"{self.me.device}.jsonl"

    def journal(self, writer: Identity | None = None, memory: Memory | None = None) -> Journal:
        """The journals as the next command reads them."""
        writer = writer or self.me
        mine = self.memory if writer == self.me else memory
        return Journal(self.root / "journal", self.chain, writer, mine)

    def vault(self, reader: Identity | None = None, timeout: float = 0.1) -> Vault:
        """The files as the next command finds them."""
        reader = reader or self.me
        return Vault(self.root, reader, self.chain.recipients, self.journal(reader), timeout=timeout)


def reopened(folder: Path, timeout: float = 5.0) -> Vault:
    """The store that a Ground left in *folder*, by the key file beside it: everything comes from the disk."""
    me, root = identity.load(folder / "key", None), folder / "store"
    chain = followed((root / FILE).read_bytes(), 0)
    journal = Journal(root / "journal", chain, me, Memory(folder / "key.heads", chain.root, me))
    return Vault(root, me, chain.recipients, journal, timeout=timeout)
