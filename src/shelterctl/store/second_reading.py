"""An open store as two rulebooks read it: each file is decrypted and parsed once, and its shape is checked by each.

These stores are for judging alone: nothing is written through them.
"""

from dataclasses import dataclass, field, fields
from functools import cached_property

from shelterctl.core.record.register import RegisterFile
from shelterctl.document.reading import Document
from shelterctl.immutable import immutable
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.store.folder import SHELTER_FILE
from shelterctl.store.registers import ReadFile, Registers
from shelterctl.store.sealed_entries import NO_FACTS, RecordFacts, SealedEntries
from shelterctl.store.store import Store, StoredFile, parse_stored
from shelterctl.validation import SchemaValidator
from shelterctl.vault.sealed_bytes import BlockContent, BlockPlace


@dataclass(repr=False)
class Decrypted:
    """The decrypted content of the files that are being judged: parsed *files* by name, with their versions, and
    opened *blocks*.
    """

    files: dict[str, tuple[Document, str | None]] = field(default_factory=dict)
    blocks: dict[tuple[str, BlockPlace], BlockContent] = field(default_factory=dict)

    def forget(self) -> None:
        """Forget everything, because all that it is needed for is done: a store is larger than the memory."""
        self.files.clear()
        self.blocks.clear()


@immutable(slots=False)
class BlocksOpenedOnce(SealedEntries):
    """Sealed entries of which each block is decrypted once, until *decrypted* forgets it."""

    decrypted: Decrypted = field(default_factory=Decrypted)

    def _open(self, block: str, place: BlockPlace, entry: RecordFacts = NO_FACTS) -> BlockContent:
        known = self.decrypted.blocks.get((block, place))
        if known is None:
            known = self.decrypted.blocks[block, place] = super()._open(block, place, entry)
        return known


@immutable(slots=False)
class StoreReadAgain(Store):
    """An open store, read by a rulebook that may be another than the store's own."""

    decrypted: Decrypted = field(default_factory=Decrypted)

    @classmethod
    def over(cls, store: Store, decrypted: Decrypted) -> "StoreReadAgain":
        """Return *store* as its own rulebook reads it. What is damaged is noted with *store*."""
        again = object.__new__(cls)
        known = {name: value for name, value in vars(store).items() if name not in ("seals", "register_seals")}
        vars(again).update({**known, "decrypted": decrypted})
        again.forget_files()
        for name in ("migration", "home_registers"):
            vars(again).pop(name, None)
        again.home_registers.person_here = store.home_registers.person_here
        return again

    def under(self, rulebook: Rulebook) -> "StoreReadAgain":
        """Return the store as another rulebook reads it; what cannot be read so is noted there alone."""
        again = StoreReadAgain(self.root, self.vault, rulebook, self.identity, decrypted=self.decrypted)
        registers = RegistersReadAgain(again, first=self.home_registers)
        registers.person_here = self.home_registers.person_here
        vars(again)["home_registers"] = registers
        return again

    @cached_property
    def seals(self) -> SealedEntries:
        """The sealed entries of clients' files."""
        plain = self.make_seals()
        return BlocksOpenedOnce(
            **{one.name: getattr(plain, one.name) for one in fields(plain)}, decrypted=self.decrypted
        )

    def _read(self, name: str, shape: SchemaValidator, content: tuple[bytes, str] | None = None) -> StoredFile:
        if name in self.damaged and name == SHELTER_FILE:
            raise self.damaged[name]
        if name not in self.decrypted.files:
            data, read = content or self.vault.read(name)
            self.decrypted.files[name] = parse_stored(name, data), read
        document, version = self.decrypted.files[name]
        return self.accept_file(name, document, version, shape)


@dataclass(repr=False)
class RegistersReadAgain(Registers):
    """The registers of a store that is read by another rulebook; *first* are those by which each file is parsed."""

    first: Registers = field(kw_only=True)

    def read(self, file: RegisterFile) -> ReadFile:
        """Return a file as it is now. Raises Damaged, CannotOpen or Conflict if it cannot be read by this rulebook."""
        parsed = self.first.read(file)
        if self._files.get(file.name) is not parsed:
            self.accept_file(file, parsed)
        return parsed
