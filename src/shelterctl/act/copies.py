"""The backups that this computer made of a store: on how many disks, how old, and who can still open them."""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shelterctl import bound, machine
from shelterctl.act import reminder
from shelterctl.act.damage import shortened
from shelterctl.core.days import days_from
from shelterctl.desk import Desk
from shelterctl.errors import Damaged, Disk, NotFound, ShelterError

if TYPE_CHECKING:
    from shelterctl.journal import Journal
    from shelterctl.trust import Chain

NOTE, OLD_NOTE = "copies", "backup"
"""The names of two notes: every backup that this computer made, and, until 0.3.3, the day of the last one."""

WANTED = 2
"""One backup is lost with its stick; with a second one on another disk a stick may be lost too."""

COUNTS = 92
"""For how many days a backup counts: a stick that lay away for more than a quarter lacks a quarter's work."""


class Copied(NamedTuple):
    """A backup that was read back: its folder, the disk, the day, the number for the sheet, and who could read it.

    *mark* is the statement in force, or the oldest one by which a file in it is open to somebody who was shut out.
    """

    folder: str
    disk: str
    on: date
    number: int
    mark: str

    @property
    def place(self) -> str:
        """Where on its disk it lies, as a person types it: the folder that was named when it was made."""
        return machine.spelt(Path(self.folder).parent)


def places(rows: Iterable[Copied]) -> list[Any]:
    """The places of backups, each once, as many as a sentence holds."""
    return shortened(sorted({row.place for row in rows}))


def copies(here: Desk) -> list[Copied]:
    """Every backup that this computer noted of the store, the oldest first; none where the note cannot be read."""
    try:
        with machine.disk(NOTE):
            lines = reminder.read_note(here, NOTE, bound.NOTE).splitlines()
    except (NotFound, Damaged, Disk):
        return []
    return [row for line in lines if (row := _read(line))]


def last_backup(here: Desk) -> date | None:
    """The day of this computer's last whole backup of the store; None if it never made one."""
    days = [row.on for row in copies(here)]
    with suppress(NotFound, Damaged, Disk, ValueError), machine.disk(NOTE):
        days.append(date.fromisoformat(reminder.read_note(here, OLD_NOTE, 64).strip()))
    return max(days, default=None)


def noted(here: Desk, place: Path, on: date, number: int, mark: str) -> None:
    """Note a backup that was read back, and forget those that are no longer on its disk.

    A note that cannot be kept is no reason to stop: the backup is whole, and what is told of it comes too early.
    """
    with suppress(ShelterError, OSError):
        disk = machine.disk_of(place)
        there = [row for row in copies(here) if row.disk != disk or not _erased(row, place)]
        lines = [_written(row) for row in [*there, Copied(str(place.resolve()), disk, on, number, mark)]]
        while sum(map(len, lines)) > bound.NOTE:  # the oldest one is forgotten
            del lines[0]
        reminder.write_note(here, NOTE, "".join(lines))


def on_other_disks(here: Desk) -> list[Copied]:
    """The newest backup on each disk but the store's own, the newest first; older ones count no more."""
    newest = {row.disk: row for row in sorted(copies(here), key=lambda row: (row.on, row.number))}
    with suppress(OSError):
        own = machine.disk_of(here.root) if newest else ""
        return sorted((row for row in newest.values() if row.disk != own), key=lambda row: row.on, reverse=True)
    return []


def counts(row: Copied, today: date, chain: "Chain") -> bool:
    """Whether a backup is young enough to be worked on with, and opens with the recovery paper that is in force."""
    opens = not chain.root or chain.paper[0] in chain.readers.get(row.mark, ())
    return opens and days_from(row.on, today) <= COUNTS


def opened_by_who_is_out(here: Desk) -> list[Copied]:
    """The noted backups that somebody can open who may no longer read: a device or a paper that was shut out."""
    from shelterctl.store import unproven  # noqa: PLC0415 - pyrage is not needed for help

    chain = unproven(here.root)
    now = set(chain.recipients)
    return [row for row in copies(here) if chain.root and not set(chain.readers.get(row.mark, [""])) <= now]


def mark_of(journal: "Journal") -> str:
    """The oldest statement by which a file is open to somebody who was shut out since, else the one in force."""
    chain = journal.chain
    heads = (journal.head(name) for name in journal.files() if name.endswith(".age"))
    marks, now = {head.trust for head in heads if head}, set(chain.recipients)
    return next((mark for mark, who in chain.readers.items() if mark in marks and not set(who) <= now), chain.mark)


def _erased(row: Copied, place: Path) -> bool:
    """Whether a backup on the disk of that *place*, where the new one lies, is not there any more."""
    was, new = Path(row.folder), place.resolve()
    if was.parts[1:-1] == new.parts[1:-1]:  # a stick may get another letter
        return was.name == new.name or not (place.parent / was.name).is_dir()
    return was.parent.is_dir() and machine.disk_of(was.parent) == row.disk and not was.is_dir()


def _written(row: Copied) -> str:
    return json.dumps({**row._asdict(), "on": row.on.isoformat()}) + "\n"


def _read(line: str) -> Copied | None:
    """A line of the note; None for one that this program did not write."""
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        said: dict[str, Any] = json.loads(line)
        texts = [said[name] for name in ("folder", "disk", "mark")]
        if type(said["number"]) is int and all(isinstance(text, str) for text in texts):
            return Copied(said["folder"], said["disk"], date.fromisoformat(said["on"]), said["number"], said["mark"])
    return None
