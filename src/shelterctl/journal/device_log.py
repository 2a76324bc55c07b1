"""The journal of one device: read from disk, verified as written by that device alone, and cut where the device was
shut out, so that it is clear which of its lines count.
"""

import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from shelterctl import errors, limits
from shelterctl.immutable import immutable
from shelterctl.journal.claims import BrokenLineClaim, LineReference, is_written_by, judge_claims
from shelterctl.journal.line import (
    LINE_2_START,
    SHORTEST_LINE,
    find_lines_backwards,
    hash_beginning,
    hash_line,
    is_journal_line,
    is_line_signed,
    is_linked_to,
    iterate_lines,
    iterate_lines_backwards,
    last_line,
    line_number,
    measure_lines,
)
from shelterctl.journal.problems import (
    WHY_ENDED,
    edited_line_error,
    malformed_line_error,
    misplaced_line_error,
    rolled_back_error,
    statement_facts,
    unfitting_end_error,
)
from shelterctl.platform.disk_errors import not_plain_file_error, translate_disk_errors
from shelterctl.platform.reading import is_plain_folder, read_plain_file
from shelterctl.trust import problems
from shelterctl.trust.chain_state import Chain, Device, DeviceEnd, hash_lines
from shelterctl.trust.memory import JournalHead, RememberedState
from shelterctl.ui_language import N_

_FILE_FIELD = re.compile(rb'"file":"([^"]+)"')
MORE_FIELD = b'"more":'
WAITING_ALONE = MORE_FIELD + b'{"waiting":'
"""The beginning of facts that only name sealed parts which wait for their readers: no repair."""

EXPORT_ALONE = MORE_FIELD + b'{"export":'
"""The beginning of facts that only say what was exported, and for whom: no repair."""

PUBLISH_ALONE = MORE_FIELD + b'{"publish'
"""The beginning of facts that only say what was published, or who asked to publish it: no repair."""

MATCHING_ALONE = MORE_FIELD + b'{"matching":'
"""The beginning of facts that only say that a step of a matching with another house was done: no repair."""

MOST_FILES_SOUGHT = 6
"""The most files whose last line is searched for in a journal, before its lines are sorted by their files."""


@immutable(slots=False)
class DeviceLog:
    """The whole lines of one journal; *torn* where half a line follows.

    *stamp* tells this reading from a later one (see read_stamp); None if there is no such file.
    """

    place: str
    stamp: object
    lines: bytes
    torn: bool
    broken: frozenset[int] = frozenset()
    """The numbers of lines that were signed for as broken: they no longer count."""
    false_claims: Sequence[BrokenLineClaim] = ()
    """Claims about its lines that are not true: the lines are whole, or do not exist."""
    behind_end: bytes | None = None
    """The lines after the end of a device that was shut out, which do not count; None while the device is in force."""

    @classmethod
    def from_lines(cls, lines: bytes) -> "DeviceLog":
        """Wrap lines that are in no file, to examine them."""
        return cls("", None, lines, False)

    @cached_property
    def lines_by_file(self) -> Mapping[bytes, Sequence[int]]:
        """An offset in each line that counts, by the file that the line is about; only for a verified log.

        A line has one such field, since no fact has the name of a field.
        """
        found, lines = dict[bytes, list[int]](), self.lines
        if self.broken:
            numbered = enumerate(iterate_lines(lines), 1)
            lines = b"\n".join(b" " * len(line) if number in self.broken else line for number, line in numbered)
        for file in _FILE_FIELD.finditer(lines):
            found.setdefault(file[1], []).append(file.start())
        return found

    def last_line_about(self, file: bytes) -> bytes | None:
        """Return the last line about *file*; None where no line is about it. Only for a verified log.

        A command that asks about a few files alone searches for each: to sort all lines by their files takes as long as
        six searches.
        """
        self._files_sought.add(file)
        if self.broken or "lines_by_file" in vars(self) or len(self._files_sought) > MOST_FILES_SOUGHT:
            places = self.lines_by_file.get(file)
            return self._at(places[-1]) if places else None
        place = self.lines.rfind(b'"file":"%s"' % file)
        return None if place < 0 else self._at(place)

    @cached_property
    def _files_sought(self) -> set[bytes]:
        return set()

    def numbered_lines(self) -> Iterator[tuple[int, bytes]]:
        """Every line that counts with its number, oldest first."""
        return ((at, line) for at, line in enumerate(iterate_lines(self.lines), 1) if at not in self.broken)

    def counted_lines(self) -> Iterator[bytes]:
        """Every line that counts, oldest first."""
        return (line for _, line in self.numbered_lines())

    def lines_about(self, file: str) -> Iterator[bytes]:
        """Yield the lines about *file*, oldest first."""
        return map(self._at, self.lines_by_file.get(file.encode(), ()))

    @cached_property
    def repair_lines(self) -> Sequence[tuple[int, bytes]]:
        """The lines with facts of a repair or a restore, each with its number."""
        lines = self.numbered_lines() if MORE_FIELD in self.lines else ()
        notes = (WAITING_ALONE, EXPORT_ALONE, MATCHING_ALONE, PUBLISH_ALONE)
        return [
            (number, line) for number, line in lines if MORE_FIELD in line and not any(note in line for note in notes)
        ]

    def lines_with_fact(self, fact: str) -> Iterator[bytes]:
        """Yield the lines whose only fact is this one, such as ``export``, the oldest first."""
        start = MORE_FIELD + b'{"%s":' % fact.encode()
        lines = self.counted_lines() if start in self.lines else ()
        return (line for line in lines if start in line)

    def publish_lines(self) -> Iterator[bytes]:
        """Yield the lines of the ledger of publications, the oldest first."""
        lines = self.counted_lines() if PUBLISH_ALONE in self.lines else ()
        return (line for line in lines if PUBLISH_ALONE in line)

    @property
    def last_counted_line(self) -> bytes:
        """The last line that counts; empty where none does."""
        if not self.broken:
            return last_line(self.lines)
        numbers = range(self.lines.count(b"\n"), 0, -1)
        backwards = zip(numbers, iterate_lines_backwards(self.lines), strict=True)
        return next((line for number, line in backwards if number not in self.broken), b"")

    def _at(self, place: int) -> bytes:
        """Return the line in which this offset is."""
        return self.lines[self.lines.rfind(b"\n", 0, place) + 1 : self.lines.find(b"\n", place)]

    @property
    def next_number(self) -> int:
        """The number of the next line; a line that was signed for as broken keeps its number."""
        lines, behind = self.lines.count(b"\n"), 0
        while lines - behind in self.broken:
            behind += 1
        return line_number(self.last_counted_line) + 1 + behind

    @property
    def head(self) -> JournalHead:
        """The progress of the journal as this computer remembers it: next number, bytes and sha256."""
        return self.next_number, len(self.lines), self.hash_beginning(len(self.lines))

    def hash_beginning(self, length: int) -> str:
        """Return the sha256 of the first *length* bytes; it is kept, since what this computer remembers and its index
        are both compared with it.
        """
        if length not in self._hashes:
            self._hashes[length] = hash_beginning(self.lines, length)
        return self._hashes[length]

    @cached_property
    def _hashes(self) -> dict[int, str]:
        return {}

    def hash_up_to(self, count: int) -> str:
        """Return the sha256 of the first *count* lines."""
        return self.hash_beginning(measure_lines(self.lines, count))

    def cut_at(self, end: DeviceEnd, remains: Collection[LineReference] = ()) -> "DeviceLog | None":
        """Return the log of a device that was shut out, cut to the lines that count; the later ones are in
        *behind_end*.

        The lines that count are those that *end* names. If the journal does not begin with them, it is the longest
        beginning that was signed for as what *remains* of them. None if it begins with none of these.
        """
        counts = [(end.lines, end.sha256)]
        counts += sorted({(one.line, one.sha256) for one in remains if one.line < end.lines}, reverse=True)
        for lines, sha256 in counts[: limits.BROKEN_LINES_GUESSED]:
            length = measure_lines(self.lines, lines)
            if self.lines.count(b"\n", 0, length) == lines and self.hash_beginning(length) == sha256:
                return replace(self, lines=self.lines[:length], behind_end=self.lines[length:], torn=False)
        return None


def read_device_log(path: Path, *, head: bool = False) -> DeviceLog:
    """Read the journal at *path* without verifying it; return an empty one where there is no file.

    A journal longer than allowed raises Damaged. With *head* its beginning is read instead, and closed by a line end.
    """
    place, seen, data = f"journal/{path.name}", read_stamp(path), b""
    with suppress(errors.NotFound), translate_disk_errors(place):
        if not is_plain_folder(path.parent):
            raise not_plain_file_error(path.parent)
        data = read_plain_file(path, limits.JOURNAL_BYTES, head=head)
    if too_long := head and len(data) == limits.JOURNAL_BYTES:
        data = data[:-1] + b"\n"
    # After a power cut a page that never reached the disk reads as zeros: the tail is torn from there on.
    zeros = -1 if too_long else data.find(b"\0")
    end = data.rfind(b"\n", 0, zeros if zeros >= 0 else len(data)) + 1
    return DeviceLog(place, seen, data if end == len(data) else data[:end], end != len(data))


def iterate_files(lines: bytes) -> Iterator[str]:
    """Yield every file that the lines name, verified or not; a name may come several times."""
    return (found[1].decode(errors="replace") for found in _FILE_FIELD.finditer(lines))


def read_stamp(path: Path) -> object:
    """Return the properties of a file that change when it is written; None where there is no file."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def verify_device_log(
    log: DeviceLog,
    device: str,
    chain: Chain,
    remembered: tuple[int, str] = (0, ""),
    others: Collection[BrokenLineClaim] = (),
    *,
    remains: Collection[LineReference] = (),
    checked: int = 0,
    witnessed: Callable[[DeviceLog], int] = lambda log: 0,
) -> DeviceLog:
    """Return the log once it is proved that its device wrote all of it in this store, and wrote only what it may.

    *remembered* is the length in bytes of the beginning that this computer remembers, with its sha256; the first
    *checked* bytes were already checked to be journal lines. After them each line carries the hash of the one before,
    so the signature of the last covers all. *others* are the lines that other devices signed for as broken; the
    device's own claims count too. *witnessed* returns how many of the first lines were seen earlier as they are now.

    For a device that was shut out, the log is the lines up to its end, as they were signed then, or what *remains* of
    them. Lines after that end may have been lost or changed, even if this computer saw them. Raises Damaged.
    """
    who = chain.devices[device]
    log, remembered = cut_at_end(log, who, remembered, remains)
    if not begins_with(log, *remembered):
        raise rolled_back_error(log.place)
    at = min(checked, remembered[0])
    found = judge_claims(log.lines, device, chain, others)
    mended = found.mended
    old = _adopted_length(log, device, chain, mended) if at < len(log.lines) else 0
    last, number = last_line(log.lines, at), log.lines.count(b"\n", 0, at)
    for line in iterate_lines(log.lines, at):
        number += 1
        if number not in mended and not is_journal_line(line):
            raise _first_changed_error(log, number, who, chain.root, mended)
        linked = is_linked_to(line, hash_line(last, chain.root if at >= old else ""))
        later = at < old or not chain.root or line.startswith(LINE_2_START)
        if not (linked and later) and not {number, number - 1} & mended.keys():
            raise _first_changed_error(log, number, who, chain.root, mended)
        last, at = line, at + len(line) + 1
    # A signature for a broken line covers all lines before it too.
    if remembered[0] < len(log.lines) and number not in mended and not is_line_signed(last, who.sign, chain.root):
        raise _first_changed_error(log, number, who, chain.root, mended)
    if who.ended and log.behind_end is None:
        # Either the device changed its journal, or the statement is false: its first lines were seen as they are.
        false = witnessed(log) >= who.ended.lines
        raise unfitting_end_error(who.code, log.place, who.ended, log.lines.count(b"\n"), false=false)
    if number not in mended and last.startswith(LINE_2_START) and json.loads(last)["trust"] not in chain.readers:
        raise problems.older_list_error()  # it was written under a statement that is now missing
    if mended or found.false_claims:
        return replace(log, broken=frozenset(mended), false_claims=tuple(found.false_claims))
    return log


def _first_changed_error(
    log: DeviceLog, number: int, device: Device, root: str, mended: Collection[int]
) -> errors.Damaged:
    """Return the error for the line that was changed first, once the line with this *number* does not fit.

    A line that no longer fits is often whole, and the one before it was changed. Up to the line before, each carries
    the hash of the one before it; so if one of them is signed, all before it are genuine.
    """
    lines = list(islice(iterate_lines(log.lines), number))
    counted = [each for each in range(1, number) if each not in mended]
    first = bisect_left(counted, True, key=lambda each: not is_line_signed(lines[each - 1], device.sign, root))
    if first < len(counted):
        return edited_line_error(log.place, counted[first])
    if not is_line_signed(lines[-1], device.sign, root):
        return edited_line_error(log.place, number)
    if not is_journal_line(lines[-1]):
        return malformed_line_error(device.code, log.place, number)
    return misplaced_line_error(log.place, number)


def _adopted_length(log: DeviceLog, device: str, chain: Chain, mended: Mapping[int, str]) -> int:
    """Return how many bytes of the log were written by 0.1.0 and adopted into this chain."""
    adopts = chain.adopts
    if not adopts or adopts["device"] != device:
        return 0
    if log.lines.count(b"\n") < adopts["lines"]:
        if log.behind_end is not None:  # its end says how many of them count, and which
            return len(log.lines)
        raise rolled_back_error(log.place)
    if log.hash_up_to(adopts["lines"]) != adopts["sha256"] and not any(line <= adopts["lines"] for line in mended):
        raise edited_line_error(log.place, 1)
    return measure_lines(log.lines, adopts["lines"])


def cut_at_end(
    log: DeviceLog, device: Device | None, remembered: tuple[int, str], remains: Collection[LineReference] = ()
) -> tuple[DeviceLog, tuple[int, str]]:
    """Return the journal cut at the end of its device, and *remembered* cut with it; both unchanged if the device has
    no end.
    """
    cut = log.cut_at(device.ended, remains) if device and device.ended else None
    if cut is None or remembered[0] <= (length := len(cut.lines)):
        return cut or log, remembered
    return cut, (length, cut.hash_beginning(length)) if begins_with(log, *remembered) else (0, "")


def begins_with(log: DeviceLog, length: int, digest: str) -> bool:
    """Whether the first *length* bytes of the log have this *digest*."""
    return not length or log.hash_beginning(length) == digest


def compare_with_note(folder: Path, chain: Chain, known: RememberedState | None) -> errors.ShelterError | None:
    """Return what contradicts a note that cannot be proved without the device's key; None if nothing does."""
    if known and hash_lines(chain.lines, known.trust[0]) != known.trust[1]:
        return problems.older_list_error()
    for device, (_, length, digest) in (known.journals if known else {}).items():
        try:
            lies = read_device_log(folder / f"{device}.jsonl")
        except errors.ShelterError as trouble:
            return trouble
        log, remembered = cut_at_end(lies, chain.devices.get(device), (length, digest))
        if not begins_with(log, *remembered):
            return rolled_back_error(log.place)
    return None


class LogEnding(NamedTuple):
    """The end of a device before it is signed: how many lines of its journal count, and their sha256.

    *dropped* is how many later lines would no longer count, *files* the store's files that those lines name, and *last*
    the time of the last line that counts, empty if none does.
    """

    lines: int
    sha256: str
    dropped: int
    files: tuple[str, ...]
    last: str


class LinesBehindEnd(NamedTuple):
    """The lines after the end of a device: their number, and the last of them with the sha256 of all lines up to it.

    *counted* is how many of them may have counted here earlier; rubbish can have more line ends than that.
    """

    end: DeviceEnd
    place: str
    lines: int
    last: LineReference
    counted: int


def choose_ending(log: DeviceLog, device: str, chain: Chain, seen_count: int, on: date | None) -> LogEnding:
    """Return the end of a device's journal: all its lines, or those before the first one dated after the day *on*.

    A line that other devices have seen counts whatever its date: *seen_count* is how many of the first lines they saw.
    So do the lines that came from a store of 0.1.0. A line that was signed for as broken has no date, so the end never
    depends on it.
    """
    times = [(number, str(json.loads(line)["at"])) for number, line in log.numbered_lines()]
    count = whole = log.lines.count(b"\n")
    if on is not None:
        first = next((number for number, at in times if at[:10] > on.isoformat()), whole + 1)
        count = min(whole, max(first - 1, seen_count, chain.adopted_lines(device)))
    length = measure_lines(log.lines, count)
    names = sorted({name for name in iterate_files(log.lines[length:]) if not name.startswith("journal/")})
    last = max(((number, at) for number, at in times if number <= count), default=(0, ""))[1]
    return LogEnding(count, log.hash_up_to(count), whole - count, tuple(names), last)


def find_lines_behind_end(log: DeviceLog, device: str, end: DeviceEnd) -> LinesBehindEnd | None:
    """Return the lines after the end of a device that was shut out; None where there are none."""
    if not log.behind_end:
        return None
    count, whole = log.behind_end.count(b"\n"), hashlib.sha256(log.lines)
    whole.update(log.behind_end)
    last = LineReference(device, log.lines.count(b"\n") + count, whole.hexdigest())
    return LinesBehindEnd(end, log.place, count, last, min(count, len(log.behind_end) // SHORTEST_LINE))


def is_version_named_behind_end(log: DeviceLog, device: str, chain: Chain, file: str, version: str) -> bool:
    """Whether a line after the end of a device, signed by that device, names this version of the file."""
    lines = islice(
        find_lines_backwards(log.behind_end or b"", b'"now":"%s"' % version.encode()), limits.BROKEN_LINES_GUESSED
    )
    return any(
        is_journal_line(line) and json.loads(line)["file"] == file and is_written_by(line, device, chain)
        for line in lines
    )


JOURNAL_GOES_ON_BEHIND_END = N_(
    "The computer {device} was shut out ({why}; line {line} of trust.jsonl, signed by: {by}), but {place} "
    "has later lines. Lines that do not count: {lines}."
)
ASK_WHO_WROTE_LATER = N_(
    "Ask who worked at that computer, and tell the data officer. A file that only such a line names is "
    "reported separately. When the data officer knows, run: shelterctl repair journal"
)


def wrote_later_error(found: LinesBehindEnd) -> errors.Damaged:
    """Return the error for a device that was shut out and whose journal has lines after its end."""
    end = found.end
    return errors.Damaged(
        "journal/shut-out",
        JOURNAL_GOES_ON_BEHIND_END,
        hint=ASK_WHO_WROTE_LATER,
        device=found.last.device,
        why=WHY_ENDED[end.why],
        place=found.place,
        lines=found.lines,
        **statement_facts(end),
    )
