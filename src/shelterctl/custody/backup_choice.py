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

NO_WHOLE_BACKUP_THERE = N_("There is no backup there that is whole.")
NAME_BACKUP_FOLDER_OR_DAMAGED_ONE = N_(
    "Name the folder of a backup, or the folder that the backups lie in. One marked as damaged must be named."
)
BACKUPS_OF_SEVERAL_STORES = N_("Backups of several stores lie there: {names}. Name the folder of one.")
BACKUPS_PARTED = N_("Two backups have parted, each has what the other lacks: {first} and {second}.")
NAME_BACKUP_USED_LAST = N_("Nothing was restored. Ask which of them was worked in last, and name its folder.")
BACKUP_INCOMPLETE = N_("It is only half there: {place} is missing or ends too early.")
FILE_WITHOUT_JOURNAL_LINE = N_("No line of its journal names {place}: lines are lost, or somebody put that file there.")
BACKUP_MARKED_DAMAGED = N_("It is marked as damaged: the store was damaged when it was made.")
BACKUP_RENAMED = N_("Its folder does not have the name of a backup.")
BACKUP_IS_NO_FOLDER = N_("A link, a file or something else stands in the place of its folder.")
FROM_FOLDER_MISSING = N_(
    "The folder that --from names is not there. Connect the disk with the backups, or look at its name."
)
NO_BACKUP_OF_STORE = N_("No backup of this store lies there.")
NAME_BACKUP_FOLDER = N_("Name the folder of a backup, or the folder that the backups lie in.")
NEWER_BACKUPS_DAMAGED = N_(
    "Backups there that are damaged, and may have a newer {place} than the others: {count} ({places}). Nothing was put "
    "back."
)
NAME_BACKUP_TO_TAKE = N_(
    "Look for another copy of it. If there is none, name with --from the one backup that is to be taken."
)

_PART = re.compile(r"\.shelterctl-.*\.part")
_VERSION = re.compile(rb'"now":"([0-9a-f]{64})"')


class PassedBackup(NamedTuple):
    """A backup that is not taken as it is: why, and whether it may have something that the chosen one lacks."""

    name: str
    why: errors.ShelterError
    may_have_more: bool


class BackupChoice(NamedTuple):
    """The newest whole backup, if there is one, and those that were passed over."""

    best: Path | None
    passed: Sequence[PassedBackup]


class _LazyCopies(Sequence[CopyProgress]):
    """Several backups as copies to be compared; each is read only when it is looked at, for journals may be long."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, place: int) -> CopyProgress:  # type: ignore[override]
        return read_copy_progress(self._paths[place])


def list_backup_folders(folder: Path) -> list[Path]:
    """The folders in *folder* that are backups, whole or not: each holds a store, or has the name of a backup.

    A link to another folder that lies there is that folder, and is left out.
    """
    paths = [folder / name for name in list_folder(folder)]
    found = [path for path in paths if BACKUP_FOLDER_NAME.fullmatch(path.name) or _is_store(path) or _is_begun(path)]
    plain = {path.resolve() for path in found if _is_folder(path)}
    return [path for path in found if _is_folder(path) or path.resolve() not in plain]


def find_backups(folder: Path) -> list[Path]:
    """The backup that *folder* is, or those that lie in it, whole or not; UsageError where there is no such folder."""
    if not folder.is_dir():
        raise errors.UsageError("repair/no-folder", FROM_FOLDER_MISSING)
    if is_store_folder(folder):
        return [folder]
    found = list_backup_folders(folder)
    if not found:
        raise errors.NotFound("repair/no-backup", NO_BACKUP_OF_STORE, hint=NAME_BACKUP_FOLDER)
    return sorted(found, reverse=True)


def refuse_passed_over(broken: Mapping[Path, str], backups: Collection[Path], place: str) -> None:
    """Refuse to put right from several backups what a *broken* one may have newer; each is named with its code.

    Whoever names one backup by its own folder means that one, whatever lies beside it.
    """
    if broken and len(backups) > 1:
        told = [f"{path.name} ({code})" for path, code in sorted(broken.items())]
        facts = {"count": len(told), "places": told, "place": place}
        raise errors.Damaged("repair/passed-over", NEWER_BACKUPS_DAMAGED, hint=NAME_BACKUP_TO_TAKE, **facts)


def choose_backup(folder: Path, without: Collection[Path] = ()) -> BackupChoice:
    """The backup of *folder* that has all that the others have, by their journals and not by any clock.

    *without* are those that are not looked at. Raises Conflict where two whole ones have parted, UsageError where there
    are backups of several stores, NotFound where there is none, whole or not.
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
    """The one that has all that the others have; one whose journal is not whole goes into *troubles*."""
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
    """Why a backup cannot be taken as it is, as far as its list, its journals and its names tell without a key."""
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
    """One error for each sign that a backup lost lines of a journal: half a last line, or a file that no line names."""
    for device, lines in copy.journals.items():
        place = f"journal/{device}.jsonl"
        if not lines or _read_backup_file(path, place) != lines:
            yield errors.Damaged("restore/half", BACKUP_INCOMPLETE, place=place)
    for name in _files_without_line(path, copy.journals.values()):
        yield errors.Damaged("restore/half", FILE_WITHOUT_JOURNAL_LINE, place=name)


def _files_without_line(path: Path, journals: Collection[bytes]) -> list[str]:
    """The files that no line of these journals names."""
    left = set(list_store_files(path))
    for lines in journals:
        left.difference_update(iterate_files(lines))
    return sorted(left)


def _find_edits(path: Path) -> errors.ShelterError | None:
    """The first error that a check of a backup's list and journals finds; None where they are whole."""
    vault, trouble = open_without_key(path)
    return next(iter([*trouble, *vault.journal.verify()]), None)


def _may_have_more(path: Path, taken: CopyProgress | None) -> bool | None:
    """Whether a backup may have something that the one that is *taken* lacks; None where it is another store's."""
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
    """Whether the one that is *taken* has whatever can still be made out of a backup that is not whole.

    A line bears the hash of the one before it: whoever has the last one has all before it.
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
    """The bytes of a file of a backup; none where there is no such file. Raises Damaged or DiskError."""
    with suppress(errors.NotFound), translate_disk_errors(name):
        return read_plain_file(path / name, limits.JOURNAL_BYTES)
    return b""


def _is_begun(path: Path) -> bool:
    """Whether a backup was begun there, and interrupted."""
    return bool(_PART.fullmatch(path.name)) and _is_folder(path)


def _is_folder(path: Path) -> bool:
    """Whether it is a folder itself, and no link to one."""
    with suppress(errors.ShelterError, OSError):
        return path.is_dir() and is_plain_folder(path)
    return False


def _is_store(path: Path) -> bool:
    """Whether a store lies there; what cannot be looked into is none."""
    with suppress(OSError):
        return is_store_folder(path)
    return False
