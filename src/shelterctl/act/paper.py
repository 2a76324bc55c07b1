"""A recovery paper that is to be written down: what stands on it, its file, and the note that keeps it until it is."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl import bound, document, machine
from shelterctl.errors import Damaged, NotFound, Usage
from shelterctl.identity import Identity
from shelterctl.language import N_
from shelterctl.vault.header import header_of

KEPT = N_("The recovery key must be written outside the store, to a file that does not exist yet.")
ON_PAPER = N_(
    "The recovery key is shown to a person at a terminal, and to nobody else: a log would keep it. "
    "Here add --recovery FILE, a file outside the store that does not exist yet."
)
IN_FILE = N_("The recovery key is in the file that you named. Take it out of the house, then erase the file.")


class NewPaper(NamedTuple):
    """The text of a recovery paper: its key, the id of the store, and the four words of the store."""

    key: Identity
    store: str
    words: str

    @property
    def text(self) -> str:
        """The paper as a file that stock age reads: the key on a line of its own, the rest as comments."""
        return f"# shelterctl recovery paper/1\n# store: {self.store}\n# words: {self.words}\n{self.key.key}\n"


def place_for(named: str | None, store: Path, *, begun: bool) -> Path | None:
    """The file that a recovery paper is to be written into, none where none is *named*.

    Raises Usage where it would lie in the folder of the *store*, and where something is there already, unless an
    interrupted command has *begun* to write it.
    """
    path = Path(named) if named else None
    if path and (store.resolve() in path.resolve().parents or (os.path.lexists(path) and not begun)):
        raise Usage("init/recovery", KEPT)
    return path


def write_paper(path: Path, paper: NewPaper) -> None:
    """Write the paper into a new file; one that an interrupted command wrote already is left as it is."""
    text = paper.text.encode()
    with machine.disk(path.name):
        try:
            machine.write_whole(path, text)
        except FileExistsError as trouble:
            if not _holds(path, text):
                raise Usage("init/recovery", KEPT) from trouble


def _holds(path: Path, text: bytes) -> bool:
    with suppress(Damaged):  # longer, or no plain file
        return machine.read_regular(path, len(text)) == text
    return False


def keep_sealed(path: Path, key: Identity, note: Mapping[str, Any]) -> None:
    """Keep a note that *key* alone opens, in a private file."""
    with machine.disk(path.name):
        machine.private_folder(path.parent)
        machine.replace(path, key.seal(document.write(note).encode()))


def read_sealed(path: Path, key: Identity) -> dict[str, Any] | None:
    """The note that was kept there; None where none was. Raises CannotOpen where another key kept it, Damaged."""
    with suppress(NotFound), machine.disk(path.name):
        data = machine.read_regular(path, bound.SEALED)
        header_of(data, path.name)  # whoever can write to the folder could keep us busy for minutes
        said = document.read(key.open(data)).value
        return said if isinstance(said, dict) else None
    return None
