"""A session whose day, clock and store note on a watch what is read of them, for answers that an index keeps."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from shelterctl.core.record.client import Client, Registered
from shelterctl.core.rules.context import AllClients
from shelterctl.core.values.watched_day import Watch, WatchedMoment
from shelterctl.session import Session
from shelterctl.store.registers import Registers
from shelterctl.store.store import CodeRegisters, Store, StoredFile


class WatchedRegisters(CodeRegisters):
    """The registers of codes; the ids of all clients, which any new client changes, count as read elsewhere."""

    def __init__(self, store: Store, watch: Watch) -> None:
        super().__init__(store)
        self.watch = watch

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        """Return a register."""
        if name == "clients":
            self.watch.read_elsewhere()
        return super().__getitem__(name)


class WatchedStore(Store):
    """A view of a store that notes whether more is read than one client's file and the shelter's own files, or, for an
    answer that is *about registers*, than the registers and the shelter's own files.
    """

    watch: Watch
    whole: Store
    about_registers: bool

    @classmethod
    def over(cls, store: Store, watch: Watch, *, about_registers: bool) -> "WatchedStore":
        """Return a view of *store*."""
        made = object.__new__(cls)
        vars(made).update({**vars(store), "registers": WatchedRegisters(store, watch), "watch": watch, "whole": store})
        made.about_registers = about_registers
        return made

    def read(self, typed: str, content: tuple[bytes, str] | None = None) -> StoredFile:
        """Return the file of another client."""
        self.watch.read_elsewhere()
        return self.whole.read(typed, content)

    def read_register(self, home: str, code: str) -> Registered | None:
        """Return what the registers of a home hold about a code."""
        self._note_registers()
        return self.whole.read_register(home, code)

    def _note_registers(self) -> None:
        if not self.about_registers:
            self.watch.read_elsewhere()

    def clients(self, ids: Iterable[str] | None = None) -> Iterator[Client]:
        """Yield every client whose file is whole, or of those with some *ids*."""
        self.watch.read_elsewhere()
        return self.whole.clients(ids)

    def clients_with_word(self, word: str) -> Iterator[Client]:
        """Yield every client whose file has a word somewhere."""
        self.watch.read_elsewhere()
        return self.whole.clients_with_word(word)

    def ids(self) -> Iterator[str]:
        """Yield the ids of all clients."""
        self.watch.read_elsewhere()
        return self.whole.ids()

    @property
    def all_clients(self) -> AllClients:
        """All clients' files."""
        self.watch.read_elsewhere()
        return self.whole.all_clients

    @property
    def home_registers(self) -> Registers:
        """The registers of houses, staff, NGOs and providers."""
        self._note_registers()
        return self.whole.home_registers

    @property
    def roster(self) -> StoredFile:
        """Who is in the house, by number."""
        self.watch.read_elsewhere()
        return self.whole.roster


class WatchedSession(Session):
    """A session of which a watch notes the day and the clock."""

    watch: Watch
    plain: Session

    @classmethod
    def over(cls, session: Session, watch: Watch, *, about_registers: bool = False) -> "WatchedSession":
        """Return a view of *session* in which *watch* notes what is read, for an answer about one client or *about
        registers*.
        """
        made = object.__new__(cls)
        store = WatchedStore.over(session.store, watch, about_registers=about_registers)
        vars(made).update({**vars(session), "store": store, "rulebook": session.rulebook, "_index": None})
        made.watch, made.plain = watch, session
        return made

    @property
    def today(self) -> date:
        """The day taken as today."""
        return self.watch.today

    @property
    def now(self) -> datetime:
        """The real time in the store's time zone."""
        return WatchedMoment.watch(self.plain.now, self.watch)

    @property
    def moment(self) -> datetime:
        """The time taken as now."""
        return WatchedMoment.watch(self.plain.moment, self.watch)
