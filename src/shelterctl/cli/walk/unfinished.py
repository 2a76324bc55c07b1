"""Answers that belong to an act which is still to come: kept in her file, judged and turned into entries by the act."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from shelterctl.cli.file import UNFINISHED, finished, save
from shelterctl.cli.walk.table import Table


class Unfinished:
    """The answers given so far to one paper, by its name; *begin* is what stands there before the first."""

    def __init__(self, table: Table, name: str, begin: Mapping[str, Any]) -> None:
        self.table, self.name = table, name
        kept = (table.record.get(UNFINISHED) or {}).get(name)
        self.facts: dict[str, Any] = deepcopy(dict(begin if kept is None else kept))

    def at(self, *path: str) -> Any:
        """What stands at a place of the paper."""
        found: Any = self.facts
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def with_(self, path: tuple[str, ...], value: Any) -> dict[str, Any]:
        """The paper with one answer in it, or without it where the answer is None."""
        facts = deepcopy(self.facts)
        below = facts
        for name in path[:-1]:
            below = below.setdefault(name, {})
        if value is None:
            below.pop(path[-1], None)
        else:
            below[path[-1]] = value
        return facts

    def keep(self, facts: dict[str, Any]) -> None:
        """Save the answers as they stand."""
        record = dict(self.table.record)
        record[UNFINISHED] = {**(record.get(UNFINISHED) or {}), self.name: facts}
        save(self.table.here, record, self.table.version, UNFINISHED)
        self.table.refresh()
        self.facts = facts

    def drop(self) -> None:
        """Forget the answers; what they were asked for was given up."""
        record = finished(self.table.record, self.name)
        if record != self.table.record:
            save(self.table.here, record, self.table.version, UNFINISHED)
            self.table.refresh()
