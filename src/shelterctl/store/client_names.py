"""The names of all clients, read from the beginning of their files: enough to see whether a text names one of them.

A file is decrypted, but only its identity is read, and only again once the file has changed.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shelterctl.core.people import NamesInText, Person
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED, Unreadable
from shelterctl.errors import ShelterError
from shelterctl.store.folder import record_file

if TYPE_CHECKING:
    from shelterctl.store.store import Store

_IDENTITY = re.compile(rb"^identity:.*?(?=^[^\s#-]|\Z)", re.DOTALL | re.MULTILINE)
"""The identity in a file: the key and all lines that are indented below it."""


@dataclass(repr=False)
class ClientNames:
    """The names of the clients of one *store*."""

    store: "Store"
    _known: dict[str, tuple[str, Person]] = field(default_factory=dict)
    _folded: NamesInText | None = None

    def in_text(self) -> NamesInText:
        """Return the names of all clients whose files can be read, folded for comparison."""
        changed = False
        for id_ in self.store.ids():
            head = self.store.vault.journal.file_head(record_file(id_))
            known = self._known.get(id_)
            if head and (known is None or known[0] != head.now):
                self._known[id_] = (str(head.now), self._read(id_))
                changed = True
        if changed or self._folded is None:
            self._folded = NamesInText(person for _, person in self._known.values())
        return self._folded

    def _read(self, id_: str) -> Person:
        try:
            data, _ = self.store.vault.read(record_file(id_))
            found = _IDENTITY.search(data)
            said = read_document(found[0], LARGEST_STORED).value if found else {}
        except (ShelterError, Unreadable):  # check reports it
            said = {}
        identity = said.get("identity")
        return Person(identity if isinstance(identity, dict) else {})
