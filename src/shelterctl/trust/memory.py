"""What this computer remembers of a store, beside its key: an older state put back does not fit it."""

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
"""How it is told that there is no note that could be believed."""

_NOTE_PARSE_ERRORS = (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError)
"""What a note is that this program did not write."""

JournalHead = tuple[int, int, str]
"""How far a journal has come: the number that its next line bears, its bytes, and their sha256."""
JournalHeads = Mapping[str, JournalHead]


@immutable(eq=True)
class RememberedState:
    """How far the chain and each journal had come when this computer last saw them.

    *trust* is lines and sha256 of the chain, *newest* the latest time that a line gave. *left_behind* is how far the
    journals had come in the store that a restore left behind. *checked* is whether the lines up to there were held to
    be lines of a journal when this was noted, which is so since 0.3.3. *coming* is a longer chain that this computer
    was about to save: it signed that itself, so it is no news, wherever the computer was cut off.
    """

    device: str | None
    trust: tuple[int, str]
    journals: JournalHeads
    newest: str = ""
    left_behind: JournalHeads = field(default_factory=dict)
    checked: bool = False
    coming: tuple[int, str] | None = None

    def caught_up(self, lines: bytes) -> "RememberedState":
        """The memory where these are the statements: with those that it was about to save, if they were saved."""
        if self.coming and hash_lines(lines, self.coming[0]) == self.coming[1]:
            return replace(self, trust=self.coming, coming=None)
        return self


class StoreMemory:
    """The note of one store, marked so that only this computer's key can write it, and a copy of the chain."""

    def __init__(self, folder: Path, root: str, identity: Identity) -> None:
        self._note = folder / root[:MARK_LENGTH]
        self._copy = folder / f"{root[:MARK_LENGTH]}.trust"
        self._identity = identity

    def recall(self, lines: bytes = b"") -> RememberedState | None:
        """What is remembered; None where nothing is, or where it was not this key that wrote it.

        Where *lines* have all that was seen in another order, their common beginning is remembered. Raises DiskError
        where the disk does not say: what cannot be read is not forgotten.
        """
        known = _read_note(self._note, self._identity)
        if known and lines:
            return _cut_to_shared(known.caught_up(lines), _read_copied_chain(self._copy), lines)
        return known

    def read_copied_chain(self, known: RememberedState | None = None) -> bytes:
        """The statements seen last; empty where none are kept, or others than *known*. Raises DiskError."""
        lines = _read_copied_chain(self._copy)
        return lines if known is None or hash_lines(lines, known.trust[0]) == known.trust[1] else b""

    def remember(self, chain: Chain, journals: JournalHeads, newest: str = "", *, forget: bool = False) -> bool:
        """Remember the chain and how far these journals have come, all on disk already; false where that failed.

        The latest time that was remembered is kept, unless *forget* says that it counts no more.
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
        """Note the longer chain that this computer is about to save, where it remembers one. Raises DiskError."""
        if known := self.recall():
            with translate_disk_errors(self._note.name):
                self._write(replace(known, coming=(len(chain.digests), hashlib.sha256(chain.lines).hexdigest())))

    def write_note(
        self, chain: Chain, journals: JournalHeads, newest: str, left_behind: JournalHeads | None = None
    ) -> bool:
        """Remember just this: what was remembered before is forgotten."""
        trust = (len(chain.digests), hashlib.sha256(chain.lines).hexdigest())
        with suppress(OSError, errors.DiskError):
            create_private_folder(self._note.parent)
            if self.read_copied_chain() != chain.lines:
                replace_file(self._copy, chain.lines)
            note = RememberedState(self._identity.device, trust, journals, newest, left_behind or {}, checked=True)
            self._write(note, soon=True)  # an older note is one that the store has gone on from
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
    """What is noted, for whoever has no key to prove it: enough to doubt."""
    known = _read_note(folder / root[:MARK_LENGTH], None)
    if known and lines:
        return _cut_to_shared(known, _read_copied_chain(folder / f"{root[:MARK_LENGTH]}.trust"), lines)
    return known


def _cut_to_shared(known: RememberedState, seen: bytes, lines: bytes) -> RememberedState:
    """The memory cut to what *lines* begin with too, where they have all that was seen, in another order."""
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
    """A time that a line gave; nothing where it gave none: until 0.3.2 whatever stood there was noted."""
    with suppress(ValueError):
        if isinstance(value, str) and datetime.fromisoformat(value).tzinfo and re.match("19[7-9]|2", value):
            return value
    return ""
