"""The memory of a store that this computer keeps beside its key: an older state that was put back does not match it."""

import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from shelterctl import errors, limits
from shelterctl.identity.keys import Identity
from shelterctl.immutable import immutable
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import create_private_folder, replace_file
from shelterctl.trust.chain_state import MARK_LENGTH, Chain, count_shared_statements, hash_lines, is_contained_in

_NOTE_ERRORS = (errors.NotFound, errors.Damaged)
"""The errors that mean that there is no note to believe."""

_NOTE_PARSE_ERRORS = (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError)
"""The errors of parsing a note that this program did not write."""

JournalHead = tuple[int, int, str]
"""The progress of a journal: the number of its next line, its bytes, and their sha256."""
JournalHeads = Mapping[str, JournalHead]


@immutable(eq=True)
class RememberedState:
    """The progress of the chain and of each journal when this computer last saw them.

    *trust* is the number of lines and the sha256 of the chain, *newest* the latest time of a line. *left_behind* is the
    progress of the journals in the store that a restore left behind. *checked* says whether the lines were checked to
    be journal lines when this was noted; that is so since 0.3.3. *coming* is a longer chain that this computer was
    about to save; because it signed that chain itself, it is never news, even after an interruption.
    """

    device: str | None
    trust: tuple[int, str]
    journals: JournalHeads
    newest: str = ""
    left_behind: JournalHeads = field(default_factory=dict)
    checked: bool = False
    coming: tuple[int, str] | None = None

    def caught_up(self, lines: bytes) -> "RememberedState":
        """Return the memory updated with the chain that was about to be saved, if *lines* show that it was saved."""
        if self.coming and hash_lines(lines, self.coming[0]) == self.coming[1]:
            return replace(self, trust=self.coming, coming=None)
        return self


class StoreMemory:
    """The note about one store, marked so that only this computer's key can write it, and a copy of the chain."""

    def __init__(self, folder: Path, root: str, identity: Identity) -> None:
        self._note = folder / root[:MARK_LENGTH]
        self._copy = folder / f"{root[:MARK_LENGTH]}.trust"
        self._identity = identity

    def recall(self, lines: bytes = b"") -> RememberedState | None:
        """Return what is remembered; None if nothing is, or if another key wrote it.

        If *lines* have all statements that were seen, in another order, only their common beginning is remembered.
        Raises DiskError if the disk cannot be read: an unreadable memory is not a missing one.
        """
        known = _read_note(self._note, self._identity)
        if known and lines:
            return _cut_to_shared(known.caught_up(lines), _read_copied_chain(self._copy), lines)
        return known

    def read_copied_chain(self, known: RememberedState | None = None) -> bytes:
        """Return the statements last seen; empty if none are kept, or others than *known*. Raises DiskError."""
        lines = _read_copied_chain(self._copy)
        return lines if known is None or hash_lines(lines, known.trust[0]) == known.trust[1] else b""

    def remember(self, chain: Chain, journals: JournalHeads, newest: str = "", *, forget: bool = False) -> bool:
        """Remember the chain and the progress of these journals, all on disk already; False if that failed.

        The latest remembered time is kept, unless *forget* says that it no longer counts.
        """
        try:
            known = self.recall()
        except errors.DiskError:
            return False
        if known and not forget:
            newest = max(newest, known.newest)
        return self.write_note(
            chain, {**(known.journals if known else {}), **journals}, newest, known.left_behind if known else {}
        )

    def announce_chain(self, chain: Chain) -> None:
        """Note the longer chain that this computer is about to save, if it remembers one. Raises DiskError."""
        if known := self.recall():
            with translate_disk_errors(self._note.name):
                self._write(replace(known, coming=(len(chain.digests), hashlib.sha256(chain.lines).hexdigest())))

    def write_note(
        self, chain: Chain, journals: JournalHeads, newest: str, left_behind: JournalHeads | None = None
    ) -> bool:
        """Remember just this and forget everything remembered before."""
        trust = (len(chain.digests), hashlib.sha256(chain.lines).hexdigest())
        with suppress(OSError, errors.DiskError):
            create_private_folder(self._note.parent)
            if self.read_copied_chain() != chain.lines:
                replace_file(self._copy, chain.lines)
            note = RememberedState(self._identity.device, trust, journals, newest, left_behind or {}, checked=True)
            self._write(note, soon=True)  # a power cut may leave the older note, which the store still continues
            return True
        return False

    def _write(self, note: RememberedState, *, soon: bool = False) -> None:
        fields = {
            "device": note.device, "trust": list(note.trust), "journals": _format_heads(note.journals),
            "newest": note.newest, "held": note.checked,
            **({"left": _format_heads(note.left_behind)} if note.left_behind else {}),
            **({"coming": list(note.coming)} if note.coming else {}),
        }  # fmt: skip
        text = json.dumps(fields, separators=(",", ":"))
        replace_file(self._note, f"{text} {self._identity.mark(text.encode())}".encode(), soon=soon)


def recall_unproven(folder: Path, root: str, lines: bytes = b"") -> RememberedState | None:
    """Return what is noted, without a key to prove it: enough for a warning."""
    known = _read_note(folder / root[:MARK_LENGTH], None)
    if known and lines:
        return _cut_to_shared(known, _read_copied_chain(folder / f"{root[:MARK_LENGTH]}.trust"), lines)
    return known


def _cut_to_shared(known: RememberedState, seen: bytes, lines: bytes) -> RememberedState:
    """Return the memory cut to the beginning it shares with *lines*, if they have all that was seen in other order."""
    count, digest = known.trust
    if hash_lines(lines, count) == digest or hash_lines(seen, count) != digest or not is_contained_in(seen, lines):
        return known
    same = count_shared_statements(seen, lines)
    return replace(known, trust=(same, hash_lines(lines, same)))


def _read_copied_chain(path: Path) -> bytes:
    with suppress(*_NOTE_ERRORS), translate_disk_errors(path.name):
        return read_plain_file(path, limits.TRUST_CHAIN_BYTES)
    return b""


def _read_note(path: Path, identity: Identity | None) -> RememberedState | None:
    with suppress(*_NOTE_ERRORS, *_NOTE_PARSE_ERRORS), translate_disk_errors(path.name):
        text, mark = read_plain_file(path, limits.STORE_NOTE_BYTES).decode().rsplit(" ", 1)
        if identity is not None and mark != identity.mark(text.encode()):
            return None
        fields = json.loads(text)
        if identity is not None and fields["device"] != identity.device:
            return None
        return RememberedState(
            fields["device"],
            _parse_trust(fields["trust"]),
            _parse_heads(fields["journals"]),
            _parse_time(fields["newest"]),
            _parse_heads(fields.get("left") or {}),
            fields.get("held") is True,
            _parse_trust(fields["coming"]) if fields.get("coming") else None,
        )
    return None


def _format_heads(journals: JournalHeads) -> dict[str, list[int | str]]:
    return {device: list(head) for device, head in sorted(journals.items())}


def _parse_heads(value: Any) -> dict[str, JournalHead]:
    return {str(device): _parse_journal_head(head) for device, head in value.items()}


def _parse_trust(value: Any) -> tuple[int, str]:
    count, digest = value
    return _parse_count(count), str(digest)


def _parse_journal_head(value: Any) -> JournalHead:
    number, size, digest = value
    return _parse_count(number), _parse_count(size), str(digest)


def _parse_count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("no count")
    return value


def _parse_time(value: Any) -> str:
    """Return the time that a line gave; empty for anything else, which notes contained until 0.3.2."""
    with suppress(ValueError):
        if isinstance(value, str) and datetime.fromisoformat(value).tzinfo and re.match("19[7-9]|2", value):
            return value
    return ""
