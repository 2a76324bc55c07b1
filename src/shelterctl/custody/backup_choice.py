"""The backups in a folder: which one has all that the others have, which ones are passed over, and why."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from shelterctl import errors, limits
from shelterctl.journal.compare_copies import CopyProgress, covers_copy, find_newest_copy
from shelterctl.journal.device_log import iterate_files
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import is_plain_folder, list_folder, read_plain_file
from shelterctl.store.folder import BACKUP_FOLDER_NAME, is_store_folder, list_store_files
from shelterctl.store.opening import open_without_key, read_copy_progress
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.ui_language import N_

NO_WHOLE_BACKUP_THERE = N_("That folder has no undamaged backup.")
NAME_BACKUP_FOLDER_OR_DAMAGED_ONE = N_(
    "Name the folder of a backup, or the folder that holds the backups. To use a backup marked as damaged, "
    "name its own folder."
)
BACKUPS_OF_SEVERAL_STORES = N_("That folder has backups of several stores: {names}. Name the folder of one backup.")
BACKUPS_PARTED = N_("Each of two backups has changes that the other lacks: {first} and {second}.")
NAME_BACKUP_USED_LAST = N_("Nothing was restored. Find out which of them has the latest work, and name its folder.")
BACKUP_INCOMPLETE = N_("It is incomplete: {place} is missing or cut off.")
FILE_WITHOUT_JOURNAL_LINE = N_("Its journals do not mention {place}: lines are lost, or somebody put that file there.")
BACKUP_MARKED_DAMAGED = N_("It is marked as damaged: the store was damaged when it was made.")
BACKUP_RENAMED = N_("Its folder does not have the name of a backup.")
BACKUP_IS_NO_FOLDER = N_("In place of its folder there is a link, a file or something else.")
FROM_FOLDER_MISSING = N_(
    "The folder that --from names does not exist. Connect the disk with the backups, or check the name."
)
NO_BACKUP_OF_STORE = N_("That folder has no backup of this store.")
NAME_BACKUP_FOLDER = N_("Name the folder of a backup, or the folder that holds the backups.")
NEWER_BACKUPS_DAMAGED = N_(
    "Damaged backups that may have a newer {place} than the others: {count} ({places}). The repair stopped "
    "here, and nothing was given up."
)
NAME_BACKUP_TO_TAKE = N_(
    "Look for another copy of the damaged backup. If there is none, name the folder of the one backup to "
    "use, with --from."
)

_PART = re.compile(r"\.shelterctl-.*\.part")
_VERSION = re.compile(rb'"now":"([0-9a-f]{64})"')


class PassedBackup(NamedTuple):
    """A backup that was passed over: the reason, and whether it may have something that the chosen one lacks."""

    name: str
    why: errors.ShelterError
    may_have_more: bool


class BackupChoice(NamedTuple):
    """The newest undamaged backup, if there is one, and those that were passed over."""

    best: Path | None
    passed: Sequence[PassedBackup]


class _LazyCopies(Sequence[CopyProgress]):
    """Backups as copies to compare; each is read only when it is accessed, because journals may be long."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, place: int) -> CopyProgress:  # type: ignore[override]
        return read_copy_progress(self._paths[place])


def list_backup_folders(folder: Path) -> list[Path]:
    """List the folders in *folder* that are backups, damaged or not: each holds a store, has the name of a backup, or
    is one that was interrupted.

    A link to a folder that is listed itself is left out.
    """
    paths = [folder / name for name in list_folder(folder)]
    found = [path for path in paths if BACKUP_FOLDER_NAME.fullmatch(path.name) or _is_store(path) or _is_begun(path)]
    plain = {path.resolve() for path in found if _is_folder(path)}
    return [path for path in found if _is_folder(path) or path.resolve() not in plain]


def find_backups(folder: Path) -> list[Path]:
    """Return *folder* if it is a backup, else the backups in it, damaged or not. Raises UsageError if there is no such
    folder, NotFound if it has no backup.
    """
    if not folder.is_dir():
        raise errors.UsageError("repair/no-folder", FROM_FOLDER_MISSING)
    if is_store_folder(folder):
        return [folder]
    found = list_backup_folders(folder)
    if not found:
        raise errors.NotFound("repair/no-backup", NO_BACKUP_OF_STORE, hint=NAME_BACKUP_FOLDER)
    return sorted(found, reverse=True)


def refuse_passed_over(broken: Mapping[Path, str], backups: Collection[Path], place: str) -> None:
    """Raise Damaged if one of several backups is *broken* and may have a newer version; the error lists each with its
    code.

    A backup that is named by its own folder is used alone, so others beside it do not matter.
    """
    if broken and len(backups) > 1:
        told = [f"{path.name} ({code})" for path, code in sorted(broken.items())]
        facts = {"count": len(told), "places": told, "place": place}
        raise errors.Damaged("repair/passed-over", NEWER_BACKUPS_DAMAGED, hint=NAME_BACKUP_TO_TAKE, **facts)


def choose_backup(folder: Path, without: Collection[Path] = ()) -> BackupChoice:
    """Choose the backup in *folder* that has everything the others have, by their journals and not by any clock.

    Backups in *without* are ignored. Raises Conflict if two undamaged ones have diverged, UsageError if there are
    backups of several stores, NotFound if there is none, damaged or not.
    """
    found = [path for path in list_backup_folders(folder) if path not in without]
    marks = {path: BACKUP_FOLDER_NAME.fullmatch(path.name) for path in found}
    named = {said["store"] for path, said in marks.items() if said and not said["damaged"] and _is_store(path)}
    if len(named) > 1:
        raise errors.UsageError("restore/several", BACKUPS_OF_SEVERAL_STORES, names=sorted(named))
    wrong = {path: trouble for path in found if (trouble := _find_trouble(path))}
    best = _choose_newest([path for path in found if path not in wrong], wrong)
    if not found:
        raise errors.NotFound("restore/none", NO_WHOLE_BACKUP_THERE, hint=NAME_BACKUP_FOLDER_OR_DAMAGED_ONE)
    taken = read_copy_progress(best) if best else None
    told = [(path, why, _may_have_more(path, taken)) for path, why in sorted(wrong.items())]
    return BackupChoice(best, [PassedBackup(path.name, why, more) for path, why, more in told if more is not None])


def _choose_newest(whole: list[Path], troubles: dict[Path, errors.ShelterError]) -> Path | None:
    """Return the backup that has everything the others have; one with a damaged journal is added to *troubles*."""
    while whole:
        best = find_newest_copy(_LazyCopies(whole))
        places = [best] if isinstance(best, int) else best
        broken = {whole[place]: trouble for place in places if (trouble := _find_edits(whole[place]))}
        if not broken:
            if not isinstance(best, int):
                first, second = (whole[place].name for place in best)
                facts = {"first": first, "second": second}
                raise errors.Conflict("restore/parted", BACKUPS_PARTED, hint=NAME_BACKUP_USED_LAST, **facts)
            return whole[best]
        troubles |= broken
        whole = [path for path in whole if path not in broken]
    return None


def _find_trouble(path: Path) -> errors.ShelterError | None:
    """Return why a backup cannot be used as it is, as far as its list, journals and names show without a key; else
    None.
    """
    said = BACKUP_FOLDER_NAME.fullmatch(path.name)
    try:
        if not _is_folder(path):
            return errors.Damaged("restore/half", BACKUP_IS_NO_FOLDER)
        if not _is_store(path):
            return errors.Damaged("restore/half", BACKUP_INCOMPLETE, place=TRUST_LIST_FILE)
        copy = read_copy_progress(path)
        if said and said["damaged"]:
            return errors.Damaged("restore/marked", BACKUP_MARKED_DAMAGED)
        if lacking := next(_find_losses(path, copy), None):
            return lacking
    except errors.ShelterError as trouble:
        return trouble
    return None if said else errors.Damaged("restore/renamed", BACKUP_RENAMED)


def _find_losses(path: Path, copy: CopyProgress) -> Iterator[errors.ShelterError]:
    """Yield an error for each sign that a backup lost lines of a journal: half a last line, or a file that no line
    names.
    """
    for device, lines in copy.journals.items():
        place = f"journal/{device}.jsonl"
        if not lines and not _is_seen_by_others(device, copy):
            continue  # a person's key that has written nothing yet
        if not lines or _read_backup_file(path, place) != lines:
            yield errors.Damaged("restore/half", BACKUP_INCOMPLETE, place=place)
    for name in _files_without_line(path, copy.journals.values()):
        yield errors.Damaged("restore/half", FILE_WITHOUT_JOURNAL_LINE, place=name)


def _is_seen_by_others(device: str, copy: CopyProgress) -> bool:
    """Whether a line of another journal saw lines of this device, or no other journal has any line."""
    others = [lines for code, lines in copy.journals.items() if code != device and lines]
    return not others or any(b'"%s":[' % device.encode() in lines for lines in others)


def _files_without_line(path: Path, journals: Collection[bytes]) -> list[str]:
    """Return the names of the files that no line of these journals names."""
    left = set(list_store_files(path))
    for lines in journals:
        left.difference_update(iterate_files(lines))
    return sorted(left)


def _find_edits(path: Path) -> errors.ShelterError | None:
    """Return the first error that a check of a backup's list and journals finds; None if they are whole."""
    vault, trouble = open_without_key(path)
    return next(iter([*trouble, *vault.journal.verify()]), None)


def _may_have_more(path: Path, taken: CopyProgress | None) -> bool | None:
    """Whether a backup may have something that the *taken* one lacks; None if it belongs to another store."""
    if taken is None:
        return True
    with suppress(errors.ShelterError):
        copy = read_copy_progress(path)
        root, own = (each.chain.partition(b"\n")[0] for each in (copy, taken))
        if root and own and root != own:
            return None
        marked = BACKUP_FOLDER_NAME.fullmatch(path.name)
        if covers_copy(taken, copy) and ((marked and marked["damaged"]) or not any(_find_losses(path, copy))):
            return False
    with suppress(errors.ShelterError, OSError):
        return not _covers_backup(taken, path)
    return True


def _covers_backup(taken: CopyProgress, path: Path) -> bool:
    """Whether the *taken* backup has everything that can still be read from a damaged one.

    Each line carries the hash of the line before it, so a copy with the last line has all lines before it.
    """
    if not _is_folder(path) or _read_backup_file(path, TRUST_LIST_FILE).count(b"\n") > taken.chain.count(b"\n"):
        return False
    journals = {}
    for name in list_folder(path / "journal"):
        device = name.removesuffix(".jsonl")
        if device not in taken.journals:
            return False
        own, data = taken.counted(device), taken.counted(device, _read_backup_file(path, f"journal/{name}"))
        journals[device] = data[: data.rfind(b"\n") + 1]
        last = data[data.rfind(b"\n", 0, -1) + 1 :]
        if not own.startswith(data) and not (last.endswith(b"\n") and b"\n" + last in own):
            return False
    named = {version for lines in taken.journals.values() for version in _VERSION.findall(lines)}
    return all(
        hashlib.sha256(read_plain_file(path / name, limits.largest_file_size(name))).hexdigest().encode() in named
        for name in _files_without_line(path, journals.values())
    )


def _read_backup_file(path: Path, name: str) -> bytes:
    """Return the bytes of a file of a backup, empty if there is no such file. Raises Damaged or DiskError."""
    with suppress(errors.NotFound), translate_disk_errors(name):
        return read_plain_file(path / name, limits.JOURNAL_BYTES)
    return b""


def _is_begun(path: Path) -> bool:
    """Whether a path is a backup that was begun and interrupted."""
    return bool(_PART.fullmatch(path.name)) and _is_folder(path)


def _is_folder(path: Path) -> bool:
    """Whether a path is a folder itself, not a link to one."""
    with suppress(errors.ShelterError, OSError):
        return path.is_dir() and is_plain_folder(path)
    return False


def _is_store(path: Path) -> bool:
    """Whether a folder holds a store; False if it cannot be read."""
    with suppress(OSError):
        return is_store_folder(path)
    return False
