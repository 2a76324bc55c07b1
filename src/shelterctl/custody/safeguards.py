"""The two safeguards against the loss of a store, as this computer notes them: the backups that it made (on how many
disks, how old, who can still open them), and the day on which it last tried the recovery paper.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shelterctl import limits
from shelterctl.core.values.days import add_months, days_between, read_day
from shelterctl.custody import device_notes
from shelterctl.custody.damage import shorten_places
from shelterctl.errors import Damaged, DiskError, NotFound, ShelterError
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.drives import disk_id
from shelterctl.platform.writing import format_path
from shelterctl.session import Session

if TYPE_CHECKING:
    from shelterctl.journal.store_journal import Journal
    from shelterctl.trust.chain_state import Chain


BACKUPS_NOTE, LAST_BACKUP_NOTE = "copies", "backup"
"""The names of two notes: every backup that this computer made, and, until 0.3.3, the day of the last one."""

BACKUPS_WANTED = 2
"""The number of disks on which to keep a backup: with two of them one stick may be lost."""

BACKUP_COUNTS_DAYS = 92
"""The days for which a backup counts; an older one lacks more than a quarter's work."""

DRILL_NOTE = "drill"
DRILL_MONTHS = 3
"""The calendar months after which the recovery paper is to be tried again."""

_DRILL_NOTE_SIZE = 256
"""The most bytes that are read of the note of a tried paper, which has a fingerprint and a day."""


class NotedBackup(NamedTuple):
    """A backup that was read back: its folder, the disk, the day, the number for the sheet, and who could read it.

    *mark* is the trust statement in force then, or the oldest one under which a file in it opens for a device or paper
    that was shut out.
    """

    folder: str
    disk: str
    on: date
    number: int
    mark: str

    @property
    def place(self) -> str:
        """The folder on its disk as a person types it: the one that was named when the backup was made."""
        return format_path(Path(self.folder).parent)


def list_backup_places(rows: Iterable[NotedBackup]) -> list[Any]:
    """Return the places of backups, each once, shortened for one sentence."""
    return shorten_places(sorted({row.place for row in rows}))


def read_noted_backups(session: Session) -> list[NotedBackup]:
    """Return every backup that this computer noted of the store, the oldest first; empty if the note cannot be read."""
    try:
        with translate_disk_errors(BACKUPS_NOTE):
            lines = device_notes.read_note(session, BACKUPS_NOTE, limits.STORE_NOTE_BYTES).splitlines()
    except (NotFound, Damaged, DiskError):
        return []
    return [row for line in lines if (row := _parse_backup_line(line))]


def last_backup_day(session: Session) -> date | None:
    """Return the day of this computer's last whole backup of the store; None if it never made one."""
    days = [row.on for row in read_noted_backups(session)]
    with suppress(NotFound, Damaged, DiskError, ValueError), translate_disk_errors(BACKUPS_NOTE):
        days.append(date.fromisoformat(device_notes.read_note(session, LAST_BACKUP_NOTE, 64).strip()))
    return max(days, default=None)


def note_backup(session: Session, place: Path, on: date, number: int, mark: str) -> None:
    """Note a backup that was read back, and forget those that are no longer on its disk.

    A note that cannot be kept is ignored: the backup is whole, and only its reminder comes too early.
    """
    with suppress(ShelterError, OSError):
        disk = disk_id(place)
        there = [row for row in read_noted_backups(session) if row.disk != disk or not _is_erased(row, place)]
        there.append(NotedBackup(str(place.resolve()), disk, on, number, mark))
        lines = [_format_backup_line(row) for row in there]
        while sum(map(len, lines)) > limits.STORE_NOTE_BYTES:  # the oldest one is forgotten
            del lines[0]
        device_notes.write_note(session, BACKUPS_NOTE, "".join(lines))


def backups_on_other_disks(session: Session) -> list[NotedBackup]:
    """Return the newest backup on each disk other than the store's own, the newest first."""
    newest = {row.disk: row for row in sorted(read_noted_backups(session), key=lambda row: (row.on, row.number))}
    with suppress(OSError):
        own = disk_id(session.root) if newest else ""
        return sorted((row for row in newest.values() if row.disk != own), key=lambda row: row.on, reverse=True)
    return []


def is_backup_current(row: NotedBackup, today: date, chain: "Chain") -> bool:
    """Whether a backup is recent enough to count, and opens with the recovery paper in force."""
    opens = not chain.root or (row.mark in chain.readers and chain.paper[0] == chain.readers[row.mark].paper)
    return opens and days_between(row.on, today) <= BACKUP_COUNTS_DAYS


def backups_open_to_shut_out(session: Session) -> list[NotedBackup]:
    """Return the noted backups that a device or paper that was shut out can open."""
    from shelterctl.store.opening import read_unproven_chain  # noqa: PLC0415 - pyrage is not needed for help

    chain = read_unproven_chain(session.root)
    now = set(chain.readership.everyone)
    rows = read_noted_backups(session) if chain.root else ()
    return [row for row in rows if row.mark not in chain.readers or not set(chain.readers[row.mark].everyone) <= now]


def oldest_open_mark(journal: "Journal") -> str:
    """Return the oldest trust statement under which a file still opens for a device or paper that was shut out since,
    else the one in force.
    """
    chain = journal.chain
    heads = (journal.file_head(name) for name in journal.files() if name.endswith(".age"))
    marks, now = {head.trust for head in heads if head}, set(chain.readership.everyone)
    older = (mark for mark, then in chain.readers.items() if mark in marks and not set(then.everyone) <= now)
    return next(older, chain.last_mark)


def _is_erased(row: NotedBackup, place: Path) -> bool:
    """Whether a noted backup is missing from the disk of *place*, where the new one is."""
    was, new = Path(row.folder), place.resolve()
    if was.parts[1:-1] == new.parts[1:-1]:  # a stick may get another drive letter
        return was.name == new.name or not (place.parent / was.name).is_dir()
    return was.parent.is_dir() and disk_id(was.parent) == row.disk and not was.is_dir()


def _format_backup_line(row: NotedBackup) -> str:
    return json.dumps({**row._asdict(), "on": row.on.isoformat()}) + "\n"


def _parse_backup_line(line: str) -> NotedBackup | None:
    """Return a line of the note as a backup; None if this program did not write it."""
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        said: dict[str, Any] = json.loads(line)
        texts = [said[name] for name in ("folder", "disk", "mark")]
        if type(said["number"]) is int and all(isinstance(text, str) for text in texts):
            return NotedBackup(
                said["folder"], said["disk"], date.fromisoformat(said["on"]), said["number"], said["mark"]
            )
    return None


class Drill(NamedTuple):
    """The day on which this computer last tried the paper in force, if it did, and the day on which to try it next."""

    tried_on: date | None
    due_on: date


def read_drill(session: Session) -> Drill | None:
    """Return the days on which the paper in force was tried and is to be tried; None if this computer does not remember
    the store.

    A paper that was never tried is due ``DRILL_MONTHS`` after its first day in the house.
    """
    journal = session.store.vault.journal
    if journal.remembered is None or not journal.chain.root:
        return None
    tried = _last_drill_day(session, journal.chain)
    begun = tried or read_day(journal.chain.paper_since) or session.today
    return Drill(tried, add_months(begun, DRILL_MONTHS))


def note_drill(session: Session, chain: "Chain") -> None:
    """Note that the paper in force opened every file, on the day taken as today.

    Nothing is noted on a computer that does not remember the store. A note that cannot be kept is ignored.
    """
    from shelterctl.store.opening import recall_without_key  # noqa: PLC0415 - pyrage is not needed for help

    with suppress(ShelterError):
        if recall_without_key(session.memory_folder, chain) is not None:
            said = {"paper": _paper_fingerprint(chain), "on": session.computer_day.isoformat()}
            device_notes.write_note(session, DRILL_NOTE, json.dumps(said))


def _last_drill_day(session: Session, chain: "Chain") -> date | None:
    with suppress(ShelterError, ValueError, KeyError, TypeError, RecursionError), translate_disk_errors(DRILL_NOTE):
        said = json.loads(device_notes.read_note(session, DRILL_NOTE, _DRILL_NOTE_SIZE))
        return read_day(said["on"]) if said["paper"] == _paper_fingerprint(chain) else None
    return None


def _paper_fingerprint(chain: "Chain") -> str:
    """Return the fingerprint of the paper in force: part of the hash of its public key."""
    return hashlib.sha256(chain.paper[0].encode()).hexdigest()[:16]
