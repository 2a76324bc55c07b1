"""Answers that belong to an act which is still to come: kept in her file, judged and turned into entries by the act."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from shelterctl import ask
from shelterctl.act.file import UNFINISHED, finished, save
from shelterctl.language import N_
from shelterctl.walk.table import Table

MEANWHILE = N_("Someone else wrote to her file meanwhile. Look it through once more; Enter goes on.")


class Unfinished:
    """The answers given so far to one paper, by its name.

    *begin* is what stands there before the first, *given* what the command itself said. They are read off her file each
    time: someone else may be answering the same paper. Answers to what every file has a block of wait in memory alone:
    in the file they would tell that it is being written. The file is saved all the same, as for any other paper.
    """

    def __init__(
        self, table: Table, name: str, begin: Mapping[str, Any], given: Mapping[str, Any] | None = None
    ) -> None:
        self.table, self.name = table, name
        self._begin, self._given = begin, given or {}
        self._hidden = self._track in table.here.shelf.blocks
        self._kept: dict[str, Any] | None = None

    @property
    def _sealed(self) -> bool:
        """Whether they are answers to an entry that is to be sealed: then they wait sealed as well."""
        shelf = self.table.here.shelf
        return self._track in shelf.track_names and shelf.tracks[self._track].seal is not None

    @property
    def _track(self) -> str:
        """The track of the entry that they are for, if they are for one."""
        return self.name.partition(" ")[0]

    @property
    def facts(self) -> dict[str, Any]:
        """The answers as they stand, to be changed freely."""
        kept = (self.table.record.get(UNFINISHED) or {}).get(self.name)
        if self._kept is not None:
            kept = self._kept
        elif kept is not None and self._sealed:
            kept = self.table.here.store.seals.drafted(self.table.record, self._track, kept)
        return deepcopy({**(self._begin if kept is None else kept), **self._given})

    def at(self, *path: str) -> Any:
        """What stands at a place of the paper."""
        found: Any = self.facts
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def with_(self, path: tuple[str, ...], value: Any) -> dict[str, Any]:
        """The paper with one answer in it, or without it where the answer is None."""
        facts = self.facts
        below = facts
        for name in path[:-1]:
            below = below.setdefault(name, {})
        if value is None:
            below.pop(path[-1], None)
        else:
            below[path[-1]] = value
        return facts

    def keep(self, facts: dict[str, Any]) -> None:
        """Save the answers as they stand; of none that are left nothing waits."""
        if not facts and not self._begin and not self._hidden:
            self.drop()
            return
        record = dict(self.table.record)
        if self._hidden:
            self._kept = facts
            record = finished(record, self.name)
        else:
            record[UNFINISHED] = {**(record.get(UNFINISHED) or {}), self.name: self._shut(record, facts)}
        self._save(record)
        self._given = {}

    def _shut(self, record: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
        """The answers as they wait in the file."""
        return self.table.here.store.seals.draft(record, self._track, facts) if self._sealed else facts

    def drop(self) -> None:
        """Forget the answers; what they were asked for was given up."""
        record, thrown = finished(self.table.record, self.name), self._kept is not None
        self._kept = None
        if thrown or record != self.table.record:
            self._save(record)

    def _save(self, record: dict[str, Any]) -> None:
        save(self.table.here, record, self.table.version, UNFINISHED)
        self.table.refresh()


def overtaken(table: Table) -> bool:
    """Whether someone else wrote since her file was read: then what would be saved is not what was looked through."""
    before = table.version
    table.refresh()
    if table.version == before:
        return False
    ask.choice(MEANWHILE, [])
    return True
