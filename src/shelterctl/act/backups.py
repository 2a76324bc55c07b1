"""The backups in a folder: which one has all that the others have, which ones are passed over, and why."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from shelterctl import bound, errors, machine
from shelterctl.journal import Copy, covers, files_in, newest
from shelterctl.language import N_
from shelterctl.store import BACKUP, TRUST, copy_of, is_store, present, sealed

NOTHING = N_("There is no backup there that is whole.")
LOOK = N_("Name the folder of a backup, or the folder that the backups lie in. One marked as damaged must be named.")
SEVERAL = N_("Backups of several stores lie there: {names}. Name the folder of one.")
PARTED = N_("Two backups have parted, each has what the other lacks: {first} and {second}.")
NAME_ONE = N_("Nothing was restored. Ask which of them was worked in last, and name its folder.")
HALF = N_("It is only half there: {place} is missing or ends too early.")
UNSPOKEN = N_("No line of its journal names {place}: lines are lost, or somebody put that file there.")
MARKED = N_("It is marked as damaged: the store was damaged when it was made.")
RENAMED = N_("Its folder does not have the name of a backup.")
LINK = N_("A link, a file or something else stands in the place of its folder.")
NO_FOLDER = N_("The folder that --from names is not there. Connect the disk with the backups, or look at its name.")
NO_BACKUP = N_("No backup of this store lies there.")
NAMED_SO = N_("Name the folder of a backup, or the folder that the backups lie in.")
PASSED_OVER = N_(
    "Backups there that are damaged, and may have a newer {place} than the others: {count} ({places}). Nothing was put "
    "back."
)
NAME_THAT = N_("Look for another copy of it. If there is none, name with --from the one backup that is to be taken.")

_PART = re.compile(r"\.shelterctl-.*\.part")
_VERSION = re.compile(rb'"now":"([0-9a-f]{64})"')


class Passed(NamedTuple):
    """A backup that is not taken as it is: why, and whether it may have something that the chosen one lacks."""

    name: str
    why: errors.ShelterError
    more: bool


class Choice(NamedTuple):
    """The newest whole backup, if there is one, and those that were passed over."""

    best: Path | None
    passed: Sequence[Passed]


class _Copies(Sequence[Copy]):
    """Several backups as copies to be compared; each is read only when it is looked at, for journals may be long."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, place: int) -> Copy:  # type: ignore[override]
        return copy_of(self._paths[place])


def backups_in(folder: Path) -> list[Path]:
    """The folders in *folder* that are backups, whole or not: each holds a store, or has the name of a backup.

    A link to another folder that lies there is that folder, and is left out.
    """
    paths = [folder / name for name in machine.names_in(folder)]
    found = [path for path in paths if BACKUP.fullmatch(path.name) or _is_store(path) or _is_begun(path)]
    plain = {path.resolve() for path in found if _is_folder(path)}
    return [path for path in found if _is_folder(path) or path.resolve() not in plain]


def backups_at(folder: Path) -> list[Path]:
    """The backup that *folder* is, or those that lie in it, whole or not; Usage where there is no such folder."""
    if not folder.is_dir():
        raise errors.Usage("repair/no-folder", NO_FOLDER)
    if is_store(folder):
        return [folder]
    found = backups_in(folder)
    if not found:
        raise errors.NotFound("repair/no-backup", NO_BACKUP, hint=NAMED_SO)
    return sorted(found, reverse=True)


def passed_over(broken: Mapping[Path, str], backups: Collection[Path], place: str) -> None:
    """Refuse to put right from several backups what a *broken* one may have newer; each is named with its code.

    Whoever names one backup by its own folder means that one, whatever lies beside it.
    """
    if broken and len(backups) > 1:
        told = [f"{path.name} ({code})" for path, code in sorted(broken.items())]
        facts = {"count": len(told), "places": told, "place": place}
        raise errors.Damaged("repair/passed-over", PASSED_OVER, hint=NAME_THAT, **facts)


def chosen(folder: Path, without: Collection[Path] = ()) -> Choice:
    """The backup of *folder* that has all that the others have, by their journals and not by any clock.

    *without* are those that are not looked at. Raises Conflict where two whole ones have parted, Usage where there are
    backups of several stores, NotFound where there is none, whole or not.
    """
    found = [path for path in backups_in(folder) if path not in without]
    marks = {path: BACKUP.fullmatch(path.name) for path in found}
    named = {said["store"] for path, said in marks.items() if said and not said["damaged"] and _is_store(path)}
    if len(named) > 1:
        raise errors.Usage("restore/several", SEVERAL, names=sorted(named))
    wrong = {path: trouble for path in found if (trouble := _trouble(path))}
    best = _newest([path for path in found if path not in wrong], wrong)
    if not found:
        raise errors.NotFound("restore/none", NOTHING, hint=LOOK)
    taken = copy_of(best) if best else None
    told = [(path, why, _compared(path, taken)) for path, why in sorted(wrong.items())]
    return Choice(best, [Passed(path.name, why, more) for path, why, more in told if more is not None])


def _newest(whole: list[Path], wrong: dict[Path, errors.ShelterError]) -> Path | None:
    """The one that has all that the others have; one whose journal is not whole is put among the *wrong* ones."""
    while whole:
        best = newest(_Copies(whole))
        places = [best] if isinstance(best, int) else best
        broken = {whole[place]: trouble for place in places if (trouble := _edited(whole[place]))}
        if not broken:
            if not isinstance(best, int):
                first, second = (whole[place].name for place in best)
                raise errors.Conflict("restore/parted", PARTED, hint=NAME_ONE, first=first, second=second)
            return whole[best]
        wrong |= broken
        whole = [path for path in whole if path not in broken]
    return None


def _trouble(path: Path) -> errors.ShelterError | None:
    """Why a backup cannot be taken as it is, as far as its list, its journals and its names tell without a key."""
    said = BACKUP.fullmatch(path.name)
    try:
        if not _is_folder(path):
            return errors.Damaged("restore/half", LINK)
        if not _is_store(path):
            return errors.Damaged("restore/half", HALF, place=TRUST)
        copy = copy_of(path)
        if said and said["damaged"]:
            return errors.Damaged("restore/marked", MARKED)
        if lacking := next(_lacking(path, copy), None):
            return lacking
    except errors.ShelterError as trouble:
        return trouble
    return None if said else errors.Damaged("restore/renamed", RENAMED)


def _lacking(path: Path, copy: Copy) -> Iterator[errors.ShelterError]:
    """One error for each sign that a backup lost lines of a journal: half a last line, or a file that no line names."""
    for device, lines in copy.journals.items():
        place = f"journal/{device}.jsonl"
        if not lines or _raw(path, place) != lines:
            yield errors.Damaged("restore/half", HALF, place=place)
    for name in _unspoken(path, copy.journals.values()):
        yield errors.Damaged("restore/half", UNSPOKEN, place=name)


def _unspoken(path: Path, journals: Collection[bytes]) -> list[str]:
    """The files that no line of these journals names."""
    left = set(present(path))
    for lines in journals:
        left.difference_update(files_in(lines))
    return sorted(left)


def _edited(path: Path) -> errors.ShelterError | None:
    """The first error that a check of a backup's list and journals finds; None where they are whole."""
    vault, trouble = sealed(path)
    return next(iter([*trouble, *vault.journal.verify()]), None)


def _compared(path: Path, taken: Copy | None) -> bool | None:
    """Whether a backup may have something that the one that is *taken* lacks; None where it is another store's."""
    if taken is None:
        return True
    with suppress(errors.ShelterError):
        copy = copy_of(path)
        root, own = (each.chain.partition(b"\n")[0] for each in (copy, taken))
        if root and own and root != own:
            return None
        marked = BACKUP.fullmatch(path.name)
        if covers(taken, copy) and ((marked and marked["damaged"]) or not any(_lacking(path, copy))):
            return False
    with suppress(errors.ShelterError, OSError):
        return not _has_all_of(taken, path)
    return True


def _has_all_of(taken: Copy, path: Path) -> bool:
    """Whether the one that is *taken* has whatever can still be made out of a backup that is not whole.

    A line bears the hash of the one before it: whoever has the last one has all before it.
    """
    if not _is_folder(path) or _raw(path, TRUST).count(b"\n") > taken.chain.count(b"\n"):
        return False
    journals = {}
    for name in machine.names_in(path / "journal"):
        device = name.removesuffix(".jsonl")
        if device not in taken.journals:
            return False
        own, data = taken.counted(device), taken.counted(device, _raw(path, f"journal/{name}"))
        journals[device] = data[: data.rfind(b"\n") + 1]
        last = data[data.rfind(b"\n", 0, -1) + 1 :]
        if not own.startswith(data) and not (last.endswith(b"\n") and b"\n" + last in own):
            return False
    named = {version for lines in taken.journals.values() for version in _VERSION.findall(lines)}
    return all(
        hashlib.sha256(machine.read_regular(path / name, bound.of(name))).hexdigest().encode() in named
        for name in _unspoken(path, journals.values())
    )


def _raw(path: Path, name: str) -> bytes:
    """The bytes of a file of a backup; none where there is no such file. Raises Damaged or Disk."""
    with suppress(errors.NotFound), machine.disk(name):
        return machine.read_regular(path / name, bound.JOURNAL)
    return b""


def _is_begun(path: Path) -> bool:
    """Whether a backup was begun there, and interrupted."""
    return bool(_PART.fullmatch(path.name)) and _is_folder(path)


def _is_folder(path: Path) -> bool:
    """Whether it is a folder itself, and no link to one."""
    with suppress(errors.ShelterError, OSError):
        return path.is_dir() and machine.is_plain_folder(path)
    return False


def _is_store(path: Path) -> bool:
    """Whether a store lies there; what cannot be looked into is none."""
    with suppress(OSError):
        return is_store(path)
    return False
