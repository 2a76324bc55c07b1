"""The journals of all devices read as one, and this device's own appended to: which version of each file is saved,
when the store was last changed as far as its times are believed, which number the sheet in the safe bears, and how
an act of several lines is announced so that no part of it stands alone.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from shelterctl import errors, limits
from shelterctl.journal.device_log import DeviceLog, LinesBehindEnd, read_device_log, read_stamp
from shelterctl.journal.device_logs import DeviceLogs
from shelterctl.journal.file_heads import FileHead, find_file_head
from shelterctl.journal.line import (
    FileChange,
    LinePlace,
    LineWriter,
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
    """The number for the sheet when that line was the newest."""
    said, marks = json.loads(line), [digest[:MARK_LENGTH] for digest in chain.digests]
    return _count_lines_seen(line) + (marks.index(said["trust"]) + 1 if said.get("trust") in marks else 1)


def _count_lines_seen(line: bytes) -> int:
    """The number of lines that all journals had when that line was written, itself included."""
    said = json.loads(line)
    return int(said["seq"]) + 1 + sum(int(seq) + 1 for seq, _ in (said.get("seen") or {}).values())


CLOCK_SLACK = timedelta(minutes=10)
"""How far the clocks of two computers may differ."""

_CLOCK_FACT = b'"more":{"clock":'

LogsByDevice = Mapping[str, DeviceLog]
LineFacts = Mapping[str, Any]
"""What a line says."""


def find_latest_time(journals: LogsByDevice) -> str | None:
    """The latest time that counts; None where no line does."""
    corrections = list(_clock_lines(journals))
    times = (_last_believed_time(device, log, corrections) for device, log in journals.items())
    return max(filter(None, times), default=None)


def is_time_doubted(journals: LogsByDevice, time: str) -> bool:
    """Whether that time is one of those that count no more."""
    corrections = list(_clock_lines(journals))
    return bool(corrections) and any(
        line["at"] == time and _is_set_aside(device, line, corrections)
        for device, log in journals.items()
        for line in map(json.loads, log.counted_lines())
    )


def _last_believed_time(device: str, log: DeviceLog, corrections: Sequence[LineFacts]) -> str | None:
    """The time of the last line of a journal that counts."""
    if not corrections:
        return str(json.loads(log.last_counted_line)["at"]) if log.last_counted_line else None
    lines = (json.loads(line) for line in reversed(list(log.counted_lines())))
    return next((str(line["at"]) for line in lines if not _is_set_aside(device, line, corrections)), None)


def _clock_lines(journals: LogsByDevice) -> Iterator[LineFacts]:
    """Every line that says so."""
    return (json.loads(line) for log in journals.values() for _, line in log.repair_lines if _CLOCK_FACT in line)


def _is_set_aside(device: str, line: LineFacts, corrections: Sequence[LineFacts]) -> bool:
    """Whether a line is one of those of which a later line says that their time is wrong."""
    return any(
        line["seq"] <= each["more"]["clock"].get(device, -1)
        and datetime.fromisoformat(line["at"]) > datetime.fromisoformat(each["at"]) + CLOCK_SLACK
        for each in corrections
    )


def announcement_path(journal: Path) -> Path:
    """Where the lines lie that are to come into that journal."""
    return journal.with_name(f".{journal.stem}.act")


def has_announcement(journal: Path) -> bool:
    """Whether an act was announced and may not be whole."""
    with translate_disk_errors("journal"):
        return is_plain_file(beside := announcement_path(journal)) or beside.is_symlink()


@contextmanager
def announce_lines(journal: Path, lines: bytes) -> Iterator[None]:
    """The lines on disk beside the journal while they are appended; where that fails, whoever settles decides."""
    beside = announcement_path(journal)
    try:
        write_new_file(beside, lines)
    except FileExistsError as trouble:  # no command leaves a folder or a pipe there
        raise not_plain_file_error(beside, TAKE_OUT_FILE) from trouble
    sync_folder(beside.parent)
    yield
    with suppress(OSError):  # it has happened; whoever finds this later finds all of its lines in the journal too
        remove_file(beside)


def complete_announced(journal: Path, log: DeviceLog, key: str, root: str) -> None:
    """Append what the journal lacks of an act that has begun in it; drop the announcement of any other.

    Nobody but the device itself could have signed the lines, and they follow upon those that are there.
    """
    beside = announcement_path(journal)
    with translate_disk_errors(log.place):
        try:
            lines = read_plain_file(beside, limits.JOURNAL_BYTES)
        except errors.ShelterError:  # a link, or larger than any journal: nothing that was left by a command
            lines = b""
        begun = log.lines.find(lines[: lines.find(b"\n") + 1]) if lines else -1
        there = log.lines[begun:] if begun >= 0 else b""
        if there and lines.startswith(there) and there != lines and _are_signed_lines(lines, key, root):
            truncate_file(journal, len(log.lines))
            append_to_file(journal, lines[len(there) :])
        remove_file(beside)
        sync_folder(beside.parent)


def _are_signed_lines(lines: bytes, key: str, root: str) -> bool:
    """Whether each is a line, signed by that device, behind the one before it; the first stands in the journal."""
    followed = all(is_linked_to(line, hash_line(before, root)) for before, line in pairwise(iterate_lines(lines)))
    sound = all(is_journal_line(line) and is_line_signed(line, key, root) for line in iterate_lines(lines))
    return followed and sound and lines.endswith(b"\n")


SIGNING_KEY_OF_OTHER_DEVICE = N_(
    "The signing key of this key file is not the one that the store knows for this device."
)
PUT_KEY_FILE_BACK = N_("Put your copy of the key file back, or ask the data officer to register this device anew.")


class Journal:
    """What was done in a store, and so which bytes each of its files must have.

    Only devices of the *chain* are read; *writer* is our identity, *memory* what this computer remembers. *logs* are
    the journals of the devices, each by itself, as they were read since the last ``refresh``.
    """

    def __init__(self, folder: Path, chain: Chain, writer: LineWriter, memory: StoreMemory | None = None) -> None:
        self.folder = folder
        self.chain = chain
        self.writer = writer
        self._own = folder / f"{writer.device}.jsonl"
        self.memory = memory
        self.logs = DeviceLogs(folder, chain, memory)
        self._looked: Mapping[str, DeviceLog] = {}  # what the last head was told by
        self._heads: dict[str, FileHead | None] = {}  # what it said, of each file

    @property
    def remembered(self) -> RememberedState | None:
        """What this computer remembers; None where it remembers nothing."""
        return self.logs.remembered

    @property
    def devices(self) -> Sequence[str]:
        """The devices whose lines count, the newest first."""
        return self.logs.devices

    def file_head(self, file: str) -> FileHead | None:
        """What the last line about *file* vouches for; None where no line speaks of it.

        Raises Damaged where a journal was edited, cut or put back; Conflict where two devices went on from one version.
        """
        logs = dict(self.logs.by_device())
        if any(self._looked.get(device) is not log for device, log in logs.items()):
            self._looked, self._heads = logs, {}
        if file not in self._heads:
            self._heads[file] = find_file_head(file, logs, self.chain.root[:16])
        return self._heads[file]

    def files(self) -> set[str]:
        """Every file that a line speaks of and that was not given up since."""
        spoken = {file.decode() for log in self.logs for file in log.lines_by_file}
        if any(b'"now":null' in log.lines for log in self.logs):
            return {file for file in spoken if (head := self.file_head(file)) and head.now is not None}
        return spoken

    def last_line_about(self, file: str) -> Mapping[str, object] | None:
        """The latest line about *file*: who changed it, when, and by which command."""
        about = file.encode()
        lines = (json.loads(log.last_line_about(about)) for log in self.logs if about in log.lines_by_file)
        return max(lines, key=lambda line: str(line["at"]), default=None)

    def history(self, file: str) -> list[str]:
        """Every version of *file* that a line ever named, oldest first."""
        lines = [json.loads(line) for log in self.logs for line in log.lines_about(file)]
        lines.sort(key=lambda line: str(line["at"]))
        found = [version for line in lines for version in (line["base"], line["now"]) if version]
        return list(dict.fromkeys(reversed(found)))[::-1]

    def repair_lines(self) -> list[Mapping[str, Any]]:
        """Every line of a repair or a restore, which are shown for ever, oldest first."""
        return sorted(self.logs.repair_lines(), key=lambda line: str(line["at"]))

    def latest_time(self) -> str | None:
        """When the newest line of all journals was written, as far as their times are believed."""
        return find_latest_time(dict(self.logs.by_device()))

    @property
    def remembered_time(self) -> str | None:
        """The latest time that this computer remembers, unless it counts no more."""
        known = self.remembered.newest if self.remembered else ""
        return None if not known or is_time_doubted(dict(self.logs.by_device()), known) else known

    def sheet_number(self) -> int:
        """The number for the sheet in the safe."""
        return sheet_number(self.chain, {device: log.next_number - 1 for device, log in self.logs.by_device()})

    def line_at(self, number: int) -> bytes:
        """The last line that was written when the number for the sheet was *number* or less; empty where none was."""
        lines = (line for log in self.logs for line in log.counted_lines())
        found = [(at, line) for line in lines if (at := _sheet_number_at(line, self.chain)) <= number]
        return max(found, key=lambda pair: pair[0], default=(0, b""))[1]

    def state_hash(self, number: int) -> str:
        """The hash of the state that a number stands for: its last line, and the last statement by then."""
        line, digests = self.line_at(number), self.chain.digests
        statements = min(number - (_count_lines_seen(line) if line else 0), len(digests))
        stated = digests[statements - 1] if statements > 0 else ""
        return hashlib.sha256(hash_line(line) + stated.encode()).hexdigest()

    def is_interrupted(self) -> bool:
        """Whether our own journal ends within a line, or any within an act of several: an append was interrupted."""
        if any(has_announcement(self.logs.path(device)) for device in self._active_devices):
            return True
        own = self.writer.device
        return own is not None and own in self.chain.devices and self.logs.log_of(own).torn

    def has_changed(self) -> bool:
        """Whether a journal on disk is no longer the one that the last head was told by."""
        return any(read_stamp(self.logs.path(device)) != log.stamp for device, log in self._looked.items())

    def refresh(self) -> None:
        """Forget what was read: whoever gets the lock must see what the one before has written."""
        self.logs = DeviceLogs(self.folder, self.chain, self.memory)

    def append(self, changes: Sequence[FileChange], *, did: str, by: str, at: str, beyond: int = 0) -> None:
        """Sign and append a line for each change: once this returns they are on disk, and have happened, all of them.

        Only under the store's lock. Where it fails, the journal is as it was. Several lines lie beside it before, for
        whoever finds a part of them. The first number is *beyond* or more, where lines with lower ones were given up.
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
        # A line that others cannot verify would close the whole store to them, and to us.
        if not is_line_signed(line, self.chain.devices[self._own.stem].sign, self.chain.root):
            raise errors.CannotOpen("journal/wrong-key", SIGNING_KEY_OF_OTHER_DEVICE, hint=PUT_KEY_FILE_BACK)
        added = b"".join(lines)
        with translate_disk_errors(log.place):
            self._create_own(log)
            with announce_lines(self._own, added) if len(lines) > 1 else nullcontext():
                append_to_file(self._own, added)
        # It has happened: whatever goes wrong from here on is no error of this write, so nothing is read any more.
        whole = log.lines + added
        heads = {device: other.head for device, other in others.items()}
        heads[self._own.stem] = (seq + 1, len(whole), hashlib.sha256(whole).hexdigest())
        if self.memory:
            self.memory.remember(self.chain, heads, newest, forget=forget)

    def sign_for(self, facts: Sequence[Mapping[str, Any]], *, by: str, at: str, beyond: int) -> None:
        """Sign what was done to the journals, behind our own as it lies, believed or not; only under the lock."""
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
        """Go on under a longer chain, and remember it, if a person here knows of all that is in it."""
        self.chain = chain
        self.refresh()
        if remember:
            self.remember()

    def remember(self) -> bool:
        """Remember the chain and every journal as they are now; false where there is no memory, or it failed."""
        latest, memory = self.latest_time() or "", self.memory
        return bool(memory and memory.remember(self.chain, self.heads(), latest, forget=not self.remembered_time))

    def remember_anew(
        self, acknowledged: Chain | None = None, left_behind: Mapping[str, JournalHead] | None = None
    ) -> bool:
        """Remember the journals as they are now, and nothing else: an older state was put back on purpose, or compared.

        Of the chain only what is *acknowledged* is remembered, where nobody here has looked at the rest; *left_behind*
        are the journals of the store that is left behind. False where there is no memory, or it failed.
        """
        lies = Journal(self.folder, self.chain, self.writer)  # held against nothing that is to be forgotten
        newest, chain = lies.latest_time() or "", acknowledged or self.chain
        kept = bool(self.memory and self.memory.write_note(chain, lies.heads(), newest, left_behind))
        self.refresh()
        return kept

    def finish(self) -> None:
        """Drop the half line of an interrupted append, and add what is lacking of an act of several that had begun.

        Only under the store's lock. Of an act of which no line is there nothing happened.
        """
        self.cut_torn_tail()
        for device in self._active_devices:
            if has_announcement(path := self.logs.path(device)):
                complete_announced(path, self.logs.log_of(device), self.chain.devices[device].sign, self.chain.root)
                self.refresh()

    def cut_torn_tail(self) -> None:
        """Drop the half line of an interrupted append, of which nobody was told; only under the store's lock."""
        if self._own.stem in self._active_devices and (log := self.logs.log_of(self._own.stem)).stamp is not None:
            with translate_disk_errors(log.place):
                truncate_file(self._own, len(log.lines))
            self.refresh()

    def journal_names(self) -> list[str]:
        """The journals of the store's devices, whether they lie here or only should."""
        return [
            device for device in self.devices if self.logs.path(device).exists() or self.logs.remembered_head(device)
        ]

    def foreign_journals(self) -> list[errors.Damaged]:
        """Journals of no device of this store, which are never read."""
        known = {f"{device}.jsonl" for device in self.devices}
        names = (name for name in list_folder(self.folder) if name.endswith(".jsonl"))
        return [foreign_journal_error(name) for name in names if name not in known]

    def count_lacking_lines(self) -> int:
        """How many lines were lost, or signed for as broken, less those made up for by a file vouched for since.

        One line speaks of one file: where none is lacking, no file can have lost its line.
        """
        repairs = [(str(line["file"]), line["more"]) for line in self.repair_lines() if line["did"] == "repair"]
        broken = {(mend["device"], mend["line"]) for _, more in repairs if (mend := more.get("mend"))}
        lost = sum(more.get("lost", 0) for file, more in repairs if file.startswith("journal/"))
        # The line of a file that a device saved behind its end was never lacking.
        made_up = sum("vouched" in more and "device" not in more for _, more in repairs)
        return len(broken) + int(lost) - made_up

    def whole_lines(self, name: str) -> tuple[str, bytes]:
        """A journal's place in the store and what it says, without the half line of an interrupted append."""
        log = read_device_log(self.logs.path(name))
        return log.place, log.lines

    def heads(self) -> dict[str, JournalHead]:
        """How far each journal has come."""
        return {device: log.head for device, log in self.logs.by_device() if log.lines}

    def verify(self) -> list[errors.ShelterError]:
        """All that is wrong with the journals of the store's devices: lines, links and signatures, a head put back."""
        return list(self.logs.problems())

    def lines_behind_ends(self) -> list[LinesBehindEnd]:
        """What lies behind the ends of devices that were shut out, and of which no person knows yet."""
        return list(self.logs.lines_behind_ends())

    @property
    def _active_devices(self) -> Sequence[str]:
        """The devices that may go on writing; what another one announced is never added to its journal."""
        return [device for device in self.devices if not self.chain.devices[device].ended]

    def _create_own(self, log: DeviceLog) -> None:
        """Our journal made where there is none yet."""
        if log.stamp is None:
            create_private_folder(self.folder)
            write_new_file(self._own, b"")
            sync_folder(self.folder)
