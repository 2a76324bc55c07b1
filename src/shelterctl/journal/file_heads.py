"""The current version of one file by the journals of several devices: the lines that no device continued, judged by
what each device had seen of the others.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from typing import Any, NamedTuple

from shelterctl import errors
from shelterctl.journal.device_log import DeviceLog
from shelterctl.ui_language import N_

_NO_VERSION = frozenset({None})
"""The version that a new file continues: none."""

REKEY_ACT = "rekey"
"""The act of a line that changes who can open a file, but not its content."""


class FileLine(NamedTuple):
    """A line about the file, and the device that wrote it."""

    device: str
    fields: Mapping[str, Any]

    @property
    def seq(self) -> int:
        """The number of the line."""
        return int(self.fields["seq"])

    def seen_number(self, device: str) -> int:
        """Return the number up to which its device knew the lines of another device; below 0 if it knew none."""
        return int((self.fields.get("seen") or {}).get(device, (-1, ""))[0])


class FileHead(NamedTuple):
    """The state of a file by the last line about it: the sha256 in force (None once given up), the mark of the trust
    statement in force, and the device.

    *also* holds the last lines of other devices that sealed the same version anew, each on its own: the content is the
    same whichever of these is on disk.
    """

    now: str | None
    trust: str
    device: str
    also: "tuple[FileHead, ...]" = ()
    waiting: tuple[str, ...] = ()
    """The sealed parts in it that the saving key does not open and that are still sealed to earlier readers."""


def find_file_head(file: str, logs: Mapping[str, DeviceLog], first: str) -> FileHead | None:
    """Return the state of *file* by the last line about it; None where no line names it. Raises Conflict where there
    are two.

    *first* is the mark of the statement that applies to lines of 0.1.0, which name none.
    """
    lines = _newest_lines(file, logs)
    heads = [
        FileHead(
            line.fields["now"], str(line.fields.get("trust", first)), line.device, waiting=_read_waiting_parts(line)
        )
        for line in lines
    ]
    return heads[0]._replace(also=tuple(heads[1:])) if heads else None


WAITING_FACT = "waiting"
"""The fact of a line that names the sealed parts still to be sealed for the present readers."""


def _read_waiting_parts(line: FileLine) -> tuple[str, ...]:
    return tuple(map(str, (line.fields.get("more") or {}).get(WAITING_FACT) or ()))


FILE_CHANGED_ON_TWO_DEVICES = N_("Two computers changed {place}, each starting from the same version.")
BRING_VERSIONS_TOGETHER = N_("Change nothing for now, and ask the data officer to bring the two versions together.")


def _newest_lines(file: str, logs: Mapping[str, DeviceLog]) -> Sequence[FileLine]:
    """Return the lines with the current version of the file, each of another version: several only where it was just
    sealed anew.
    """
    about = file.encode()
    last = {device: line for device, log in logs.items() if (line := log.last_line_about(about)) is not None}
    if len(last) < 2:
        return [FileLine(device, json.loads(line)) for device, line in last.items()]
    spoken = {device: logs[device] for device in last}
    gaps = any(log.broken for log in logs.values())
    shut = {device: log.next_number for device, log in logs.items() if log.behind_end is not None}
    ends = list({line.fields["now"]: line for line in find_unfollowed_lines(file, spoken, shut, gaps=gaps)}.values())
    if len(ends) > 1:
        lines = [line for device, log in spoken.items() for line in _lines_about(device, log, file)]
        ends = _resolve_resealed(ends, lines)
    if not ends:
        raise errors.Conflict("journal/forked", FILE_CHANGED_ON_TWO_DEVICES, hint=BRING_VERSIONS_TOGETHER, place=file)
    return ends


def _resolve_resealed(ends: Sequence[FileLine], lines: Sequence[FileLine]) -> list[FileLine]:
    """Return the ends that count where some lines only sealed the file anew; none where two ends differ in content.

    A version that was sealed anew has the content of the version before it, so a line that continues that one prevails.
    """
    made = {line.fields["now"]: line.fields for line in lines}
    origins = {line.fields["now"]: next(_origins(line.fields["now"], made)) for line in ends}
    older = {version for origin in origins.values() for version in list(_origins(origin, made))[1:]}
    left = [line for line in ends if line.fields["did"] != REKEY_ACT or origins[line.fields["now"]] not in older]
    return left if len({origins[line.fields["now"]] for line in left}) == 1 else []


def _origins(version: str | None, made: Mapping[str | None, Mapping[str, Any]]) -> Iterator[str | None]:
    """Yield the versions from which a version comes, itself first, oldest last, without those that were only sealed
    anew.
    """
    seen = set[str | None]()
    while version not in seen:
        seen.add(version)
        said = made.get(version)
        if said is None or said["did"] != REKEY_ACT:
            yield version
        if said is None:
            return
        version = said["base"]


def _lines_about(device: str, log: DeviceLog, file: str) -> Iterator[FileLine]:
    return (FileLine(device, json.loads(line)) for line in log.lines_about(file))


def find_unfollowed_lines(
    file: str, logs: Mapping[str, DeviceLog], shut: Mapping[str, int] | None = None, *, gaps: bool = False
) -> list[FileLine]:
    """Return the lines that no device continued: exactly one, if the devices took turns.

    A line that does not continue what its device saw last is an end of its own, so that it cannot hide what it passed
    over. With *gaps*, lines signed for as broken, a line may continue a version that only such a line named. So may a
    line whose device saw lines after the end of another device, which counted at that time. *shut* gives, for each
    device that was shut out, the number that would follow its end.
    """
    lines = [line for device, log in logs.items() for line in _lines_about(device, log, file)]
    known = {line.fields["now"] for line in lines} | {None}
    device_lines = [_DeviceLines.among(device, lines, list(logs)) for device in logs]
    honest, aside = list[FileLine](), list[FileLine]()
    for line in lines:
        missing = gaps or any(line.seen_number(device) >= number for device, number in (shut or {}).items())
        goes_on = _is_continuation(line, device_lines) or (missing and line.fields["base"] not in known)
        (honest if goes_on else aside).append(line)
    return [*_find_unseen_lines(honest, list(logs)), *aside]


class _DeviceLines(NamedTuple):
    """The lines of one device about the file, by their numbers.

    A line sees, of each device, the lines up to some number, in whatever order they come. *versions* holds for each
    line all versions that lines with its number name. *seen* holds for every other device how far it was seen by the
    first line, by the first two, and so on.
    """

    device: str
    numbers: Sequence[int]
    versions: Sequence[frozenset[str | None]]
    seen: Mapping[str, Sequence[int]]

    @classmethod
    def among(cls, device: str, lines: Sequence[FileLine], devices: Sequence[str]) -> "_DeviceLines":
        """Collect the lines of a device from all *lines*."""
        own = sorted((line for line in lines if line.device == device), key=lambda line: line.seq)
        versions = list[frozenset[str | None]]()
        for _, alike in groupby(own, lambda line: line.seq):
            several = list(alike)
            versions += [frozenset(line.fields["now"] for line in several)] * len(several)
        seen = {
            other: list(accumulate((line.seen_number(other) for line in own), max))
            for other in devices
            if other != device
        }
        return cls(device, [line.seq for line in own], versions, seen)

    def seen_by(self, line: FileLine) -> int:
        """Return how many of these lines the device of *line* had seen when it wrote that line."""
        if line.device == self.device:
            return bisect_left(self.numbers, line.seq)
        return bisect_right(self.numbers, line.seen_number(self.device))


def _is_continuation(line: FileLine, device_lines: Sequence[_DeviceLines]) -> bool:
    """Whether the line continues a version that its device saw as a last one; a new file, where it saw none."""
    saw = [(lines, count) for lines in device_lines if (count := lines.seen_by(line))]
    ends = [
        lines.versions[count - 1]
        for lines, count in saw
        if not any(
            other.seen[lines.device][upto - 1] >= lines.numbers[count - 1] for other, upto in saw if other is not lines
        )
    ]
    return any(line.fields["base"] in versions for versions in ends or [_NO_VERSION])


def _find_unseen_lines(lines: Sequence[FileLine], devices: Sequence[str]) -> list[FileLine]:
    """Return the lines that no other line had seen."""
    newest, seen = dict[str, int](), dict[tuple[str, str], int]()
    for line in lines:
        newest[line.device] = max(newest.get(line.device, line.seq), line.seq)
        for other in devices:
            if other != line.device:
                pair = line.device, other
                seen[pair] = max(seen.get(pair, -1), line.seen_number(other))
    hidden = {
        device: max([newest.get(device, 0) - 1, *(upto for (_, other), upto in seen.items() if other == device)])
        for device in devices
    }
    return [line for line in lines if line.seq > hidden[line.device]]
