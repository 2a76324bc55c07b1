"""The journals of all devices of a store, each read once and verified as far as possible."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from shelterctl import errors, limits
from shelterctl.journal.claims import (
    BEHIND_FACT,
    REFUSED_FACT,
    REMAINS_FACT,
    BrokenLineClaim,
    LineReference,
    read_acknowledged,
    read_claims,
)
from shelterctl.journal.device_log import (
    DeviceLog,
    LinesBehindEnd,
    LogEnding,
    begins_with,
    choose_ending,
    find_lines_behind_end,
    is_version_named_behind_end,
    iterate_files,
    read_device_log,
    read_stamp,
    verify_device_log,
)
from shelterctl.journal.line import (
    find_lines_backwards,
    hash_line,
    is_journal_line,
    is_line_signed,
    is_sound_line,
    iterate_lines,
    iterate_lines_backwards,
    measure_lines,
    measure_linked_lines,
)
from shelterctl.journal.problems import edited_line_error, false_claim_error, left_behind_error, rolled_back_error
from shelterctl.trust.chain_state import MARK_LENGTH, Chain, DeviceEnd
from shelterctl.trust.memory import JournalHead, RememberedState, StoreMemory


class DeviceLogs:
    """The journals in a folder by device, verified against the chain and against what this computer remembers."""

    def __init__(self, folder: Path, chain: Chain, memory: StoreMemory | None) -> None:
        self._chain = chain
        self._memory = memory
        self._known: RememberedState | None = None
        self._read: dict[str, DeviceLog] = {}
        self._raw: dict[str, DeviceLog] = {}
        self._errors: dict[str, tuple[list[object], errors.ShelterError]] = {}
        self._folder = folder
        self._paths: dict[str, Path] = {}

    @property
    def devices(self) -> Sequence[str]:
        """The devices whose lines count, newest first: a newer one may have signed for broken lines of an older one."""
        return [device.code for device in reversed(list(self._chain.devices.values())) if device.may_write]

    @property
    def remembered(self) -> RememberedState | None:
        """The state of the store that this computer remembers; None if it remembers nothing."""
        if self._memory and self._known is None:
            self._known = self._memory.recall(self._chain.lines)
        return self._known

    def remembered_head(self, device: str) -> JournalHead | None:
        """Return how far this journal had come when this computer last saw it; None if it never did."""
        return self.remembered.journals.get(device) if self.remembered else None

    def log_of(self, device: str) -> DeviceLog:
        """Return the verified journal of a device. Raises Damaged; the error is kept until a journal changes."""
        kept = self._read.get(device)
        if kept is not None and kept.stamp == read_stamp(self.path(device)):
            return kept
        stamps = [read_stamp(self.path(each)) for each in self.devices]
        before, trouble = self._errors.get(device, ([], None))
        if trouble and before == stamps:
            raise trouble.with_traceback(None)
        try:
            self._read[device] = self._read_verified(device)
        except errors.ShelterError as trouble:
            self._errors[device] = stamps, trouble.with_traceback(None)  # which would keep the whole journal in memory
            raise
        return self._read[device]

    def _read_verified(self, device: str) -> DeviceLog:
        """Read and verify the journal of a device. Raises Damaged."""
        # Read the memory first: a line appended between the two reads must not look like a lost one.
        _, length, digest = self.remembered_head(device) or (0, 0, "")
        if not length and not self._chain.devices[device].ended and read_stamp(self.path(device)) is None:
            return self._read_raw(device)  # a person's key that has written nothing yet
        claimed = self.claims_about(device)
        log = self._read_raw(device)
        left = self.remembered.left_behind.get(device) if self.remembered else None
        shut = self._chain.devices[device].ended
        if left and not shut and not begins_with(log, length, digest) and begins_with(log, left[1], left[2]):
            raise left_behind_error(log.place)
        held = length if self.remembered and self.remembered.checked else 0
        seen = partial(self._count_witnessed_lines, device, length)
        remains = self._acknowledged_lines(device, REMAINS_FACT) if shut else ()
        known = length, digest
        return verify_device_log(
            log, device, self._chain, known, claimed, remains=remains, checked=held, witnessed=seen
        )

    def _count_witnessed_lines(self, device: str, length: int, log: DeviceLog) -> int:
        """Return how many of the log's first lines this computer, or another device by a line of its own, saw as they
        are now.
        """
        if self.remembered and self.remembered.device == device and length == len(log.lines):
            return limits.LARGEST_OPTION_NUMBER  # it wrote them itself, and knows that there were no others
        return max(log.lines.count(b"\n", 0, length), self._count_lines_seen(device, log))

    def _count_lines_seen(self, device: str, log: DeviceLog, most: int = limits.BROKEN_LINES_GUESSED) -> int:
        """Return how many of the log's first lines another device saw as they are now, by a line of its own that
        counts.

        Of each device, at most the last *most* lines that mention this journal are examined.
        """
        lines = enumerate(iterate_lines(log.lines), 1)
        marks = {hash_line(line).decode()[:MARK_LENGTH]: number for number, line in lines}
        others = (other for other in self.devices if other != device)
        return max(
            (marks.get(mark, 0) for other in others for mark in self._marks_seen(other, device, most)), default=0
        )

    def remaining_lines(self, device: str, lines: bytes) -> LineReference:
        """Return what is left of the lines of a device that was shut out: the beginning of *lines* that other devices
        saw.

        Later lines are left out, because the device may have signed them anew with other content.
        """
        log = DeviceLog.from_lines(lines[: measure_linked_lines(lines, self._chain.root)])
        count = self._count_lines_seen(device, log, limits.LARGEST_OPTION_NUMBER)
        return LineReference(device, count, log.hash_up_to(count))

    def ending(self, device: str, on: date | None = None) -> LogEnding:
        """Return the end of that device's journal if it is shut out now: all its lines, or those up to the day *on*."""
        log = self.log_of(device)
        return choose_ending(log, device, self._chain, self._count_lines_seen(device, log) if on else 0, on)

    def _marks_seen(self, device: str, other: str, most: int) -> Iterator[str]:
        """Yield the marks of lines of *other* that the device saw, by its last lines that name one, newest first, each
        once.
        """
        who, about, told = self._chain.devices[device], b'"%s":[' % other.encode(), set[str]()
        with suppress(errors.ShelterError):
            lines = self._read_raw(device).lines
            if who.ended:
                lines = lines[: measure_lines(lines, who.ended.lines)]
            for line in islice(find_lines_backwards(lines, about), most):
                seen = json.loads(line).get("seen") or {} if is_journal_line(line) else {}
                mark = str(seen[other][1]) if other in seen else ""
                if mark and mark not in told and is_line_signed(line, who.sign, self._chain.root):
                    told.add(mark)
                    yield mark

    def _read_raw(self, device: str) -> DeviceLog:
        """Return the journal without verifying it, read again if the file has changed. Raises Damaged."""
        path, kept = self.path(device), self._raw.get(device)
        if kept is None or kept.stamp != read_stamp(path):
            # A device that was shut out must not block the store, however much is appended after its end.
            kept = self._raw[device] = read_device_log(path, head=self._chain.devices[device].ended is not None)
        return kept

    def path(self, device: str) -> Path:
        """Return the path of a device's journal, whether or not it exists."""
        if device not in self._paths:
            self._paths[device] = self._folder / f"{device}.jsonl"
        return self._paths[device]

    def by_device(self) -> Iterator[tuple[str, DeviceLog]]:
        """Yield every device with its journal."""
        return ((device, self.log_of(device)) for device in self.devices)

    def __iter__(self) -> Iterator[DeviceLog]:
        """Every journal."""
        return (log for _, log in self.by_device())

    def problems(self) -> Iterator[errors.ShelterError]:
        """Yield all that is wrong with the journals, line by line."""
        for device in self.devices:
            try:
                log = self.log_of(device)
            except errors.ShelterError as trouble:
                yield trouble
                continue
            yield from self._find_edited_lines(device, log)
            yield from self._find_false_claims(log)
            yield from self._find_unseen_lines(log)

    def _find_edited_lines(self, device: str, log: DeviceLog) -> Iterator[errors.Damaged]:
        """Yield an error for every line that the device did not write, unless it was signed for as broken."""
        seq, key, root = 0, self._chain.devices[device].sign, self._chain.root
        marks, last = {digest[:MARK_LENGTH]: place for place, digest in enumerate(self._chain.digests)}, 0
        for number, line in enumerate(iterate_lines(log.lines), 1):
            if number not in log.broken and is_sound_line(line, seq) and is_line_signed(line, key, root):
                said = json.loads(line)
                seq, mark = int(said["seq"]) + 1, marks.get(said.get("trust"), 0)
                if mark < last:  # its file would be sealed to a device that was shut out since
                    yield edited_line_error(log.place, number)
                last = max(last, mark)
                continue
            seq += 1
            if number not in log.broken:
                yield edited_line_error(log.place, number)

    def _find_unseen_lines(self, log: DeviceLog) -> Iterator[errors.Damaged]:
        """Yield an error for every journal that lacks what the last line of this one says it saw."""
        said = json.loads(log.last_counted_line or b"{}").get("seen") or {}
        for device, (seq, mark) in said.items():
            if device not in self.devices:
                yield edited_line_error(log.place, log.lines.count(b"\n"))
                continue
            try:
                other = self.log_of(device)
            except errors.ShelterError:  # its own damage is reported separately
                continue
            there = any(hash_line(line).decode().startswith(mark) for line in iterate_lines_backwards(other.lines))
            if other.behind_end is not None and seq >= other.next_number:
                continue  # the line is after the end of that device, or is missing
            if not there and not (other.broken and seq < other.next_number):
                yield rolled_back_error(other.place)

    def _find_false_claims(self, log: DeviceLog) -> Iterator[errors.Damaged]:
        """Yield an error for every claim about a whole or absent line, until a person has acknowledged it."""
        known = dict[str, set[LineReference]]()
        for device, number, mend in log.false_claims:
            if device not in known:
                known[device] = self._acknowledged_lines(device)
            if LineReference(device, number, self._read_raw(device).hash_up_to(number)) not in known[device]:
                absent = mend.line > log.lines.count(b"\n")
                yield false_claim_error(log.place, mend.line, device, number, absent=absent)

    def _acknowledged_lines(self, device: str, what: bytes = REFUSED_FACT) -> set[LineReference]:
        """Return the lines of the device that another one, or itself if it is the last one, signed for as known to a
        person.
        """
        found, devices = set[LineReference](), self._chain.devices
        others = [one for one in self.devices if one != device]
        alone = not devices[device].ended and all(devices[one].ended for one in others)
        for other in [*others, *([device] if alone else [])]:
            found |= read_acknowledged(
                self._read_raw(other).lines, self._chain.devices[other], self._chain.root, device, what
            )
        return found

    def lines_behind_ends(self) -> Iterator[LinesBehindEnd]:
        """Yield the lines after the ends of devices that were shut out, unless a person has acknowledged them."""
        for device, end in self._ends.items():
            with suppress(errors.ShelterError):  # a damaged journal is reported separately
                found = find_lines_behind_end(self.log_of(device), device, end)
                if found and found.last not in self._acknowledged_lines(device, BEHIND_FACT):
                    yield found

    def files_behind(self, among: Collection[str]) -> set[str]:
        """Return those of the files *among* that a line after an end names, signed or not."""
        found = set[str]()
        for device in self._ends:
            with suppress(errors.ShelterError):
                found.update(name for name in iterate_files(self.log_of(device).behind_end or b"") if name in among)
        return found

    def saved_behind(self, file: str, version: str) -> str | None:
        """Return the device that saved this version of a file by a line after its end; None where none did."""
        for device in self._ends:
            with suppress(errors.ShelterError):
                if is_version_named_behind_end(self.log_of(device), device, self._chain, file, version):
                    return device
        return None

    @property
    def _ends(self) -> Mapping[str, DeviceEnd]:
        """The end of each device that was shut out, newest device first."""
        devices = self._chain.devices
        return {device: end for device in self.devices if (end := devices[device].ended)}

    def false_claims(self) -> Iterator[LineReference]:
        """Yield the lines with a false claim that no person has acknowledged yet, each with its sha256."""
        for log in self:
            for trouble in self._find_false_claims(log):
                device, number = str(trouble.facts["device"]), int(str(trouble.facts["number"]))
                yield LineReference(device, number, self._read_raw(device).hash_up_to(number))

    def repair_lines(self) -> Iterator[Mapping[str, Any]]:
        """Yield every line of a repair or a restore, without false claims, which are reported separately."""
        logs = dict(self.by_device())
        false = {(claim.device, claim.number) for log in logs.values() for claim in log.false_claims}
        for device, log in logs.items():
            for number, line in log.repair_lines:
                if (device, number) not in false:
                    yield json.loads(line)

    def claims_about(self, device: str) -> tuple[BrokenLineClaim, ...]:
        """Return what other devices signed for as broken in this device's journal, true or not."""
        found, end = list[BrokenLineClaim](), self._chain.devices[device].ended
        for other in self.devices:
            if other != device:
                with suppress(errors.ShelterError):
                    lines = self._read_raw(other).lines
                    found += read_claims(lines, self._chain.devices[other], self._chain.root, device)
        # Claims about lines after its end were made while those lines counted; now they are void.
        return tuple(one for one in found if not end or one.mend.line <= end.lines)
