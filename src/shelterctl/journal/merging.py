"""One file in the journals of several devices: which lines nobody went on from, by what each had seen of the others."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shelterctl.journal.strand import Strand


class Spoken(NamedTuple):
    """A line about the file, and the device that wrote it."""

    device: str
    said: Mapping[str, Any]

    def saw(self, other: "Spoken") -> bool:
        """Whether the device knew of the other line when it wrote this one."""
        if other.device == self.device:
            return bool(other.said["seq"] < self.said["seq"])
        return bool((self.said.get("seen") or {}).get(other.device, (-1, ""))[0] >= other.said["seq"])


def merged(file: str, strands: Mapping[str, Strand], *, gaps: bool = False) -> list[Spoken]:
    """The lines from which nobody went on: one, where all took turns.

    A line that goes on from anything but what its device saw last is an end of its own: it must not hide what it passed
    over. Where there are *gaps*, lines signed for as broken, it may go on from what such a line said.
    """
    lines = [Spoken(device, json.loads(line)) for device, strand in strands.items() for line in strand.about(file)]
    known = {line.said["now"] for line in lines} | {None}
    honest = [
        line
        for line in lines
        if line.said["base"] in _ends_seen(line, lines) or (gaps and line.said["base"] not in known)
    ]
    aside = [line for line in lines if line not in honest]
    return [*_ends(honest), *aside]


def _ends_seen(line: Spoken, lines: Sequence[Spoken]) -> set[str | None]:
    """The versions that the device saw as the last ones; None where there was none."""
    return {end.said["now"] for end in _ends([other for other in lines if line.saw(other)])} or {None}


def _ends(lines: Sequence[Spoken]) -> list[Spoken]:
    """Those that no other line had seen."""
    return [line for line in lines if not any(other.saw(line) for other in lines)]
