"""The journals of all devices read as one, and lines appended to the journal of this device.

They give the saved version of each file, the time of the last change as far as times are trusted, and the number for
the sheet in the safe. An act of several lines is announced first, so that no part of it counts alone.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from shelterctl import errors, limits
from shelterctl.journal.device_log import DeviceLog, LinesBehindEnd, iterate_files, read_device_log, read_stamp
from shelterctl.journal.device_logs import DeviceLogs
from shelterctl.journal.file_heads import FileHead, find_file_head
from shelterctl.journal.line import (
    GIVEN_UP,
    FileChange,
    LinePlace,
    LineWriter,
    find_lines,
    hash_line,
    is_journal_line,
    is_line_signed,
    is_linked_to,
    iterate_lines,
    last_line,
    sign_line,
)
from shelterctl.journal.problems import TAKE_OUT_FILE, foreign_journal_error
from shelterctl.platform.disk_errors import not_plain_file_error, translate_disk_errors
from shelterctl.platform.reading import is_plain_file, list_folder, read_plain_file
from shelterctl.platform.writing import (
    append_to_file,
    create_private_folder,
    remove_file,
    sync_folder,
    truncate_file,
    write_new_file,
)
from shelterctl.trust.chain_state import MARK_LENGTH, Chain, sheet_number
from shelterctl.trust.memory import JournalHead, RememberedState, StoreMemory
from shelterctl.ui_language import N_


def _sheet_number_at(line: bytes, chain: Chain) -> int:
    """Return the number for the sheet at the time when *line* was the newest line."""
    said, marks = json.loads(line), [digest[:MARK_LENGTH] for digest in chain.digests]
    return _count_lines_seen(line) + (marks.index(said["trust"]) + 1 if said.get("trust") in marks else 1)


def _count_lines_seen(line: bytes) -> int:
    """Return how many lines all journals had when *line* was written, itself included."""
    said = json.loads(line)
    return int(said["seq"]) + 1 + sum(int(seq) + 1 for seq, _ in (said.get("seen") or {}).values())


CLOCK_SLACK = timedelta(minutes=10)
"""The most by which the clocks of two computers may differ."""

_CLOCK_FACT = b'"more":{"clock":'

LogsByDevice = Mapping[str, DeviceLog]
LineFacts = Mapping[str, Any]
"""The fields of a line."""


def find_latest_time(journals: LogsByDevice) -> str | None:
    """Return the latest time of a line that counts; None where no line does."""
    corrections = list(_clock_lines(journals))
    times = (_last_believed_time(device, log, corrections) for device, log in journals.items())
    return max(filter(None, times), default=None)


def is_time_doubted(journals: LogsByDevice, time: str) -> bool:
    """Whether this is a time that was later declared wrong."""
    corrections = list(_clock_lines(journals))
    return bool(corrections) and any(
        line["at"] == time and _is_set_aside(device, line, corrections)
        for device, log in journals.items()
        for line in map(json.loads, log.counted_lines())
    )


def _last_believed_time(device: str, log: DeviceLog, corrections: Sequence[LineFacts]) -> str | None:
    """Return the time of a journal's last line, passing over times that were declared wrong."""
    if not corrections:
        return str(json.loads(log.last_counted_line)["at"]) if log.last_counted_line else None
    lines = (json.loads(line) for line in reversed(list(log.counted_lines())))
    return next((str(line["at"]) for line in lines if not _is_set_aside(device, line, corrections)), None)


def _clock_lines(journals: LogsByDevice) -> Iterator[LineFacts]:
    """Yield every line that declares times wrong."""
    return (json.loads(line) for log in journals.values() for _, line in log.repair_lines if _CLOCK_FACT in line)


def _is_set_aside(device: str, line: LineFacts, corrections: Sequence[LineFacts]) -> bool:
    """Whether a later line says that the time of this one is wrong."""
    return any(
        line["seq"] <= each["more"]["clock"].get(device, -1)
        and datetime.fromisoformat(line["at"]) > datetime.fromisoformat(each["at"]) + CLOCK_SLACK
        for each in corrections
    )


def announcement_path(journal: Path) -> Path:
    """Return the path of the file that announces lines for this journal."""
    return journal.with_name(f".{journal.stem}.act")


def has_announcement(journal: Path) -> bool:
    """Whether an act was announced and may be incomplete."""
    with translate_disk_errors("journal"):
        return is_plain_file(beside := announcement_path(journal)) or beside.is_symlink()


@contextmanager
def announce_lines(journal: Path, lines: bytes) -> Iterator[None]:
    """Keep the lines in a file beside the journal while they are appended; on failure the file stays for
    complete_announced.
    """
    beside = announcement_path(journal)
    try:
        write_new_file(beside, lines)
    except FileExistsError as trouble:  # no command leaves a folder or a pipe there
        raise not_plain_file_error(beside, TAKE_OUT_FILE) from trouble
    sync_folder(beside.parent)
    yield
    with suppress(OSError):  # the act is done: a file that stays announces only lines that the journal has
        remove_file(beside)


def complete_announced(journal: Path, log: DeviceLog, key: str, root: str) -> None:
    """Append what the journal lacks of an announced act that has begun in it; drop any other announcement.

    Only the device itself can have signed the lines, and they must follow those that are there.
    """
    beside = announcement_path(journal)
    with translate_disk_errors(log.place):
        try:
            lines = read_plain_file(beside, limits.JOURNAL_BYTES)
        except errors.ShelterError:  # a link, or larger than any journal: no command left it
            lines = b""
        begun = log.lines.find(lines[: lines.find(b"\n") + 1]) if lines else -1
        there = log.lines[begun:] if begun >= 0 else b""
        if there and lines.startswith(there) and there != lines and _are_signed_lines(lines, key, root):
            truncate_file(journal, len(log.lines))
            append_to_file(journal, lines[len(there) :])
        remove_file(beside)
        sync_folder(beside.parent)


def _are_signed_lines(lines: bytes, key: str, root: str) -> bool:
    """Whether each is a line signed by that device and linked to the one before; the journal has the first already."""
    followed = all(is_linked_to(line, hash_line(before, root)) for before, line in pairwise(iterate_lines(lines)))
    sound = all(is_journal_line(line) and is_line_signed(line, key, root) for line in iterate_lines(lines))
    return followed and sound and lines.endswith(b"\n")


SIGNING_KEY_OF_OTHER_DEVICE = N_("This key file has another signing key than the store knows for this computer.")
PUT_KEY_FILE_BACK = N_("Put your copy of the key file back, or ask the data officer to register this computer again.")


SAVED_WITHOUT_RIGHT = N_("{place}: the key {device} saved this file although its role does not allow it.")
ASK_WHO_SAVED = N_(
    "Ask the person with that key, and tell the data officer. The last version before it is restored from a backup: "
    "shelterctl repair {place} --from BACKUP"
)


class Journal:
    """All that was done in a store, and thereby the bytes that each of its files must have.

    Only devices of the *chain* are read. *writer* is our identity, *memory* what this computer remembers. *logs* are
    the journals of the devices, as read since the last ``refresh``.
    """

    def __init__(self, folder: Path, chain: Chain, writer: LineWriter, memory: StoreMemory | None = None) -> None:
        self.folder = folder
        self.chain = chain
        self.writer = writer
        self._own = folder / f"{writer.device}.jsonl"
        self.memory = memory
        self.logs = DeviceLogs(folder, chain, memory)
        self._looked: Mapping[str, DeviceLog] = {}  # the logs from which the heads below were read
        self._heads: dict[str, FileHead | None] = {}  # the state of each file by those logs
        self._files: frozenset[str] | None = None  # the files that those logs name

    @property
    def remembered(self) -> RememberedState | None:
        """The state of the store that this computer remembers; None if it remembers nothing."""
        return self.logs.remembered

    @property
    def devices(self) -> Sequence[str]:
        """The devices whose lines count, newest first."""
        return self.logs.devices

    def file_head(self, file: str) -> FileHead | None:
        """Return the version of *file* that the last line about it vouches for; None where no line names it.

        Raises Damaged where a journal was edited, cut or replaced by an older one; Conflict where two devices continued
        from one version.
        """
        self._look_again()
        return self._find_head(file)

    def _look_again(self) -> None:
        """Forget every version that was found, if a journal has changed since."""
        logs = dict(self.logs.by_device())
        if any(self._looked.get(device) is not log for device, log in logs.items()):
            self._looked, self._heads, self._files = logs, {}, None

    def _find_head(self, file: str) -> FileHead | None:
        if file not in self._heads:
            self._heads[file] = find_file_head(file, self._looked, self.chain.root[:16])
        return self._heads[file]

    def require_right(self, file: str, head: FileHead | None) -> None:
        """Raise Damaged if the role of the person who last saved a file did not allow it then."""
        for one in (head, *head.also) if head else ():
            if not self._had_right(file, one.device, one.trust, one.now):
                raise errors.Damaged(
                    "journal/no-right", SAVED_WITHOUT_RIGHT, hint=ASK_WHO_SAVED, place=file, device=one.device
                )

    def _had_right(self, file: str, device: str, mark: str, version: str | None) -> bool:
        """Whether the role of a key's person allowed to save a version of a file by the statement of that mark.

        Whoever goes on from a version that was saved by a later trust list knew that list, whatever the line says.
        """
        marks, known = {mark}, self.chain.devices.get(device)
        if mark != self.chain.last_mark and self.chain.readership.is_by_role:
            marks.add(self._latest_mark(file, version, mark))
        found = (self.chain.readers.get(each) for each in marks)
        return known is None or all(then is None or then.may_save(known.staff, file) for then in found)

    def _latest_mark(self, file: str, version: str | None, mark: str) -> str:
        """Return the mark of the latest statement by which a version of a file, or one before it, was saved."""
        lines = defaultdict[object, list[Mapping[str, Any]]](list)
        for log in self.logs:
            for line in map(json.loads, log.lines_about(file)):
                lines[line["now"]].append(line)
        order = {digest[:MARK_LENGTH]: number for number, digest in enumerate(self.chain.digests)}
        latest, left = mark, [version]
        while left:
            for line in lines.pop(left.pop(), ()):
                latest = max(latest, str(line.get("trust", "")), key=lambda each: order.get(each, 0))
                left.append(line["base"])
        return latest

    def files(self) -> frozenset[str]:
        """Return every file that a line names and that was not given up since: one object until a journal changes."""
        self._look_again()
        if self._files is None:
            logs = self._looked.values()
            spoken = {file.decode() for log in logs for file in log.lines_by_file}
            given_up = {
                file for log in logs for line in find_lines(log.lines, GIVEN_UP) for file in iterate_files(line)
            }
            gone = {file for file in spoken & given_up if not (head := self._find_head(file)) or head.now is None}
            self._files = frozenset(spoken - gone)
        return self._files

    def last_line_about(self, file: str) -> Mapping[str, object] | None:
        """Return the latest line about *file*: who changed it, when, and by which command."""
        about = file.encode()
        lines = (json.loads(line) for log in self.logs if (line := log.last_line_about(about)) is not None)
        return max(lines, key=lambda line: str(line["at"]), default=None)

    def history(self, file: str) -> list[str]:
        """Return every version of *file* that a line ever named, oldest first, without those saved without right.

        Lines of one minute are in the order in which their computers saw each other's lines.
        """
        raw = ((device, line) for device, log in self.logs.by_device() for line in log.lines_about(file))
        said = [(device, json.loads(line), _count_lines_seen(line)) for device, line in raw]
        said.sort(key=lambda one: (str(one[1]["at"]), one[2]))
        first = self.chain.root[:MARK_LENGTH]
        lines = [
            line
            for device, line, _ in said
            if self._had_right(file, device, str(line.get("trust", first)), line["now"])
        ]
        found = [version for line in lines for version in (line["base"], line["now"]) if version]
        return list(dict.fromkeys(reversed(found)))[::-1]

    def repair_lines(self) -> list[Mapping[str, Any]]:
        """Return every line of a repair or a restore, oldest first; they are reported permanently."""
        return sorted(self.logs.repair_lines(), key=lambda line: str(line["at"]))

    def lines_with_fact(self, fact: str) -> list[Mapping[str, Any]]:
        """Return every line whose only fact is this one, such as ``export`` or ``matching``, the oldest first."""
        lines = (json.loads(line) for _, log in self.logs.by_device() for line in log.lines_with_fact(fact))
        return sorted(lines, key=lambda line: str(line["at"]))

    def publish_lines(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Return every line of the ledger of publications with the device whose journal has it, in the order of each
        journal.
        """
        return [(device, json.loads(line)) for device, log in self.logs.by_device() for line in log.publish_lines()]

    def earliest_time(self) -> str | None:
        """Return the earliest time of a line of all journals; None where no line counts."""
        firsts = (next(iter(log.counted_lines()), b"") for log in self.logs)
        return min((str(json.loads(line)["at"]) for line in firsts if line), default=None)

    def latest_time(self) -> str | None:
        """Return the time of the newest line of all journals, as far as times are trusted."""
        return find_latest_time(dict(self.logs.by_device()))

    @property
    def remembered_time(self) -> str | None:
        """The latest time that this computer remembers, unless it was declared wrong."""
        known = self.remembered.newest if self.remembered else ""
        return None if not known or is_time_doubted(dict(self.logs.by_device()), known) else known

    def sheet_number(self) -> int:
        """Return the number for the sheet in the safe."""
        return sheet_number(self.chain, {device: log.next_number - 1 for device, log in self.logs.by_device()})

    def line_at(self, number: int) -> bytes:
        """Return the last line written while the number for the sheet was *number* or less; empty if none was."""
        lines = (line for log in self.logs for line in log.counted_lines())
        found = [(at, line) for line in lines if (at := _sheet_number_at(line, self.chain)) <= number]
        return max(found, key=lambda pair: pair[0], default=(0, b""))[1]

    def state_hash(self, number: int) -> str:
        """Return the hash of the state to which a number belongs: its last line, and the last statement by then."""
        line, digests = self.line_at(number), self.chain.digests
        statements = min(number - (_count_lines_seen(line) if line else 0), len(digests))
        stated = digests[statements - 1] if statements > 0 else ""
        return hashlib.sha256(hash_line(line) + stated.encode()).hexdigest()

    def is_interrupted(self) -> bool:
        """Whether an append was interrupted: our own journal ends within a line, or an announced act may be cut off."""
        if any(has_announcement(self.logs.path(device)) for device in self._active_devices):
            return True
        own = self.writer.device
        return own is not None and own in self.chain.devices and self.logs.log_of(own).torn

    def has_changed(self) -> bool:
        """Whether a journal on disk has changed since a file's state was last read."""
        return any(read_stamp(self.logs.path(device)) != log.stamp for device, log in self._looked.items())

    def refresh(self) -> None:
        """Forget what was read, so that a process that takes the lock sees what the one before it wrote."""
        self.logs = DeviceLogs(self.folder, self.chain, self.memory)

    def append(self, changes: Sequence[FileChange], *, did: str, by: str, at: str, beyond: int = 0) -> None:
        """Sign and append a line for each change; once this returns, all changes are on disk and have happened.

        Call it only under the store's lock. If it fails, the journal is as it was. Several lines are first put beside
        the journal, so that an interrupted act can be completed. The first number is at least *beyond*, where lines
        with lower numbers were given up.
        """
        if not changes:
            return
        log = self.logs.log_of(str(self.writer.device))
        line, lines = last_line(log.lines), []
        others = {code: other for code, other in self.logs.by_device() if code != self._own.stem and other.lines}
        last = {code: hash_line(other.last_counted_line).decode() for code, other in others.items()}
        seen = {code: (other.next_number - 1, last[code][:MARK_LENGTH]) for code, other in others.items()}
        newest, forget = max([at, self.latest_time() or ""]), not self.remembered_time
        for seq, change in enumerate(changes, max(log.next_number, beyond)):
            place = LinePlace(seq, hash_line(line, self.chain.root), self.chain.root, self.chain.last_mark, seen)
            line = sign_line(change, place, self.writer, did=did, by=by, at=at)
            lines.append(line + b"\n")
        # A line that nobody can verify would lock everyone, us included, out of the store.
        if not is_line_signed(line, self.chain.devices[self._own.stem].sign, self.chain.root):
            raise errors.CannotOpen("journal/wrong-key", SIGNING_KEY_OF_OTHER_DEVICE, hint=PUT_KEY_FILE_BACK)
        added = b"".join(lines)
        with translate_disk_errors(log.place):
            self._create_own(log)
            with announce_lines(self._own, added) if len(lines) > 1 else nullcontext():
                append_to_file(self._own, added)
        # The write has happened: a later failure is no error of this write, so nothing is read again.
        whole = log.lines + added
        heads = {device: other.head for device, other in others.items()}
        heads[self._own.stem] = (seq + 1, len(whole), hashlib.sha256(whole).hexdigest())
        if self.memory:
            self.memory.remember(self.chain, heads, newest, forget=forget)

    def sign_for(self, facts: Sequence[Mapping[str, Any]], *, by: str, at: str, beyond: int) -> None:
        """Sign what was done to the journals, after our own lines as they are, verified or not; only under the lock."""
        log = read_device_log(self._own)
        line, added = last_line(log.lines), b""
        for seq, more in enumerate(facts, max(beyond, log.lines.count(b"\n"))):
            place = LinePlace(seq, hash_line(line, self.chain.root), self.chain.root, self.chain.last_mark, {})
            change = FileChange(log.place, None, None, more)
            line = sign_line(change, place, self.writer, did="repair", by=by, at=at)
            added += line + b"\n"
        with translate_disk_errors(log.place):
            self._create_own(log)
            truncate_file(self._own, len(log.lines))
            append_to_file(self._own, added)
        self.refresh()

    def follow(self, chain: Chain, *, remember: bool = True) -> None:
        """Continue under a longer chain, and remember it if a person here knows of all that is in it."""
        self.chain = chain
        self.refresh()
        if remember:
            self.remember()

    def remember(self) -> bool:
        """Remember the chain and every journal as they are now; False where there is no memory, or it failed."""
        latest, memory = self.latest_time() or "", self.memory
        return bool(memory and memory.remember(self.chain, self.heads(), latest, forget=not self.remembered_time))

    def remember_anew(
        self, acknowledged: Chain | None = None, left_behind: Mapping[str, JournalHead] | None = None
    ) -> bool:
        """Remember the journals as they are now and nothing else: an older state was restored on purpose, or compared
        with the sheet.

        Of the chain only what is *acknowledged* is remembered, where nobody here has looked at the rest. *left_behind*
        are the journals of the store that is left behind. False where there is no memory, or it failed.
        """
        lies = Journal(self.folder, self.chain, self.writer)  # without the memory that is to be replaced
        newest, chain = lies.latest_time() or "", acknowledged or self.chain
        kept = bool(self.memory and self.memory.write_note(chain, lies.heads(), newest, left_behind))
        self.refresh()
        return kept

    def finish(self) -> None:
        """Drop the half line of an interrupted append, and add what is missing of an announced act that had begun.

        Only under the store's lock. An act of which no line was written did not happen.
        """
        self.cut_torn_tail()
        for device in self._active_devices:
            if has_announcement(path := self.logs.path(device)):
                complete_announced(path, self.logs.log_of(device), self.chain.devices[device].sign, self.chain.root)
                self.refresh()

    def cut_torn_tail(self) -> None:
        """Drop the half line of an interrupted append, never reported as saved; only under the store's lock."""
        if self._own.stem in self._active_devices and (log := self.logs.log_of(self._own.stem)).stamp is not None:
            with translate_disk_errors(log.place):
                truncate_file(self._own, len(log.lines))
            self.refresh()

    def journal_names(self) -> list[str]:
        """Return the devices of the store whose journals are here, or were when this computer last saw them."""
        return [
            device for device in self.devices if self.logs.path(device).exists() or self.logs.remembered_head(device)
        ]

    def foreign_journals(self) -> list[errors.Damaged]:
        """Return an error for each journal that belongs to no device of this store; these are never read."""
        known = {f"{device}.jsonl" for device in self.devices}
        names = (name for name in list_folder(self.folder) if name.endswith(".jsonl"))
        return [foreign_journal_error(name) for name in names if name not in known]

    def count_lacking_lines(self) -> int:
        """Return how many lines were lost or signed for as broken, less those made up for by a file vouched for since.

        A line is about one file: where no line is missing, no file can have lost its line.
        """
        repairs = [(str(line["file"]), line["more"]) for line in self.repair_lines() if line["did"] == "repair"]
        broken = {(mend["device"], mend["line"]) for _, more in repairs if (mend := more.get("mend"))}
        lost = sum(more.get("lost", 0) for file, more in repairs if file.startswith("journal/"))
        # The line of a file saved after the end of its device was never missing.
        made_up = sum("vouched" in more and "device" not in more for _, more in repairs)
        return len(broken) + int(lost) - made_up

    def whole_lines(self, name: str) -> tuple[str, bytes]:
        """Return a journal's place in the store and its lines, without the half line of an interrupted append."""
        log = read_device_log(self.logs.path(name))
        return log.place, log.lines

    def heads(self) -> dict[str, JournalHead]:
        """Return the progress of each journal, by device."""
        return {device: log.head for device, log in self.logs.by_device() if log.lines}

    def verify(self) -> list[errors.ShelterError]:
        """Return all that is wrong with the journals of the store's devices: lines, links, signatures, an older state
        put back.
        """
        return list(self.logs.problems())

    def lines_behind_ends(self) -> list[LinesBehindEnd]:
        """Return the lines after the ends of devices that were shut out, unless a person has acknowledged them."""
        return list(self.logs.lines_behind_ends())

    @property
    def _active_devices(self) -> Sequence[str]:
        """The devices that may still write; what any other announced is never added to its journal."""
        return [device for device in self.devices if not self.chain.devices[device].ended]

    def _create_own(self, log: DeviceLog) -> None:
        """Create our journal where there is none yet."""
        if log.stamp is None:
            create_private_folder(self.folder)
            write_new_file(self._own, b"")
            sync_folder(self.folder)
