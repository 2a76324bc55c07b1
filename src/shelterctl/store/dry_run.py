"""A store in which what is written is only noted, and read again as if it were saved, until all of it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from shelterctl.core.record.client import Client
from shelterctl.store.folder import RECORD_FILE_NAME, parse_client_id, record_file
from shelterctl.store.store import Store, StoredFile
from shelterctl.vault.protocol import FileToSave


class PlannedSave(NamedTuple):
    """A file that is to be saved: the change, and the client whose file it is."""

    change: FileToSave
    client: Client


@dataclass(frozen=True, repr=False)
class DryRun(Store):
    """Acts that follow each other before any is done: each finds what those before it would leave.

    Every client's file is opened once, at the first question for all of them. Nothing is written but by ``perform``.
    """

    noted: dict[str, PlannedSave] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> "DryRun":
        """A rehearsal over *store*, which is left as it is."""
        going = object.__new__(cls)
        vars(going).update(vars(store), noted={}, named=set(), remarks={})
        going.looked_anew()
        return going

    def read(self, typed: str) -> StoredFile:
        """A client's file as it would be by now."""
        noted = self.noted.get(record_file(parse_client_id(typed)))
        return StoredFile(dict(noted.client.facts), noted.change.base) if noted else super().read(typed)

    def clients(self) -> Iterator[Client]:
        """Every client as she would be by now."""
        new = {noted.client.id: noted.client for noted in self.noted.values()}
        yield from {**self._there, **new}.values()

    @cached_property
    def _there(self) -> Mapping[str, Client]:
        return {her.id: her for her in super().clients()}

    def write(
        self, changes: Sequence[tuple[str, Mapping[str, Any], str | None]], *, did: str, by: str, at: str
    ) -> bool:
        """Note files of clients, each in the place of what was noted of it before."""
        for name, value, base in changes:
            if not RECORD_FILE_NAME.fullmatch(name):
                raise ValueError("only files of clients are rehearsed")
            self.noted[name] = PlannedSave(self.change(name, value, base), Client(value))
        self.looked_anew()
        return True

    def back_to(self, noted: Mapping[str, PlannedSave]) -> None:
        """Forget what was noted since."""
        self.looked_anew()
        self.noted.clear()
        self.noted.update(noted)

    def perform(self, store: Store, *, did: str, by: str, at: str) -> None:
        """Save everything that was noted as one act: all of it, or nothing."""
        if self.noted:
            store.save([noted.change for noted in self.noted.values()], did=did, by=by, at=at)
