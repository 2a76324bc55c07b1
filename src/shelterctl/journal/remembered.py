"""The head of our own journal, kept outside the store: a journal put back to an earlier day does not fit it."""

import hashlib
from contextlib import suppress
from pathlib import Path

from shelterctl import errors, machine
from shelterctl.journal.line import Writer


class Remembered:
    """A small file with the number of the last line and the hash of all lines, marked so that only we can write it.

    One hash of ten thousand lines takes 2 ms; their ten thousand hashes take 15.
    """

    def __init__(self, path: Path, writer: Writer) -> None:
        self._path = path
        self._writer = writer

    def recall(self) -> tuple[int, str]:
        """How many bytes of whole lines there were, and their sha256; (0, "") where nothing is remembered."""
        return self._noted()[1:]

    def lines(self) -> int:
        """How many lines there were."""
        return self._noted()[0]

    def keep(self, lines: bytes) -> None:
        """Remember these lines, which are on disk already: where this fails, what is remembered is still true."""
        digest = hashlib.sha256(lines).hexdigest()
        note = f"{self._writer.device} {lines.count(10) - 1} {len(lines)} {digest}"
        with suppress(OSError):
            machine.private_folder(self._path.parent)
            machine.replace(self._path, f"{note} {self._writer.mark(note.encode())}".encode())

    def _noted(self) -> tuple[int, int, str]:
        with suppress(errors.NotFound, ValueError), machine.disk(self._path.name):
            note, mark = machine.read_regular(self._path, 4096).decode().rsplit(" ", 1)
            device, number, length, digest = note.split(" ")
            if device == self._writer.device and mark == self._writer.mark(note.encode()):
                return int(number) + 1, int(length), digest
        return 0, 0, ""


def unproven(path: Path) -> tuple[str, int, str]:
    """The device, the bytes and the hash that are noted at *path*, for whoever cannot prove the note: enough to doubt.

    ("", 0, "") where nothing is noted.
    """
    with suppress(errors.ShelterError, ValueError), machine.disk(path.name):
        device, _, length, digest, _ = machine.read_regular(path, 4096).decode().split(" ")
        return device, int(length), digest
    return "", 0, ""
