"""A store without commands: its device, its paper, the chain that both signed, and what the device remembers."""

from pathlib import Path
from typing import Any

from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import Identity, create_identity, create_recovery_key
from shelterctl.journal.store_journal import Journal
from shelterctl.platform.writing import create_private_folder, replace_file
from shelterctl.trust.chain import found_chain, verify_chain
from shelterctl.trust.chain_state import TRUST_LIST_FILE, Chain
from shelterctl.trust.memory import StoreMemory
from shelterctl.vault.protocol import Vault

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

    @property
    def lines(self) -> Path:
        """The journal of the device."""
        return self.root / "journal" / f"{self.me.device}.jsonl"

    def journal(self, writer: Identity | None = None, memory: StoreMemory | None = None) -> Journal:
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
    me, root = load_identity(folder / "key", None), folder / "store"
    chain = verify_chain((root / TRUST_LIST_FILE).read_bytes(), 0)
    journal = Journal(root / "journal", chain, me, StoreMemory(folder / "key.heads", chain.root, me))
    return Vault(root, me, chain.recipients, journal, timeout=timeout)
