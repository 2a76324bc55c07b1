"""shelterctl restore: a store put back from a backup into an empty place, verified, and opened."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from shelterctl import ask, machine, screen
from shelterctl.cli.backup import counted
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, walked
from shelterctl.errors import Conflict, Damaged, Disk, NotFound, ShelterError, Usage
from shelterctl.language import N_, Plural

if TYPE_CHECKING:
    from shelterctl.vault import Copy

DONE = N_("The store is restored from {name}. Every file is the one that the signed journal names, and opens.")
OLDER = Plural(
    N_("{lacking} change that this computer saw is not in this backup."),
    N_("{lacking} changes that this computer saw are not in this backup."),
    "lacking",
)
OTHER = N_("This computer saw changes that are not in this backup; others are in their place.")
ALONE = N_("From then on this computer works with the restored store alone, and the other one opens no more.")
SURE = N_("Go on with the restored store?")
LEFT = N_("Nothing was restored.")
GO_ON = N_(
    "From now on work in the restored folder only. If the old one is still there, put it away and do not use it."
)
READING = N_(
    "This key opens the files and cannot change them: list, show and check work. "
    "To work with the store on this computer: shelterctl trust --join --recovery FILE"
)
UNPROVEN = N_(
    "Nothing proves that this is the store that the paper belongs to, for 0.1.0 made it. You can read it; "
    "rely on nothing in it."
)
NUMBER = N_("The number of this copy is {number}.")
NOT_COMPARED = N_(
    "Nobody compared this copy with the sheet in the safe: there may be a newer one. When you have the sheet: "
    "shelterctl check --number N"
)
PARTED = N_("Two backups have parted, each has what the other lacks: {first} and {second}.")
NAME_ONE = N_("Nothing was restored. Ask which of them was worked in last, and name its folder.")
WHERE = N_("Say where the store is to be restored to, with --store DIR.")
NOT_EMPTY = N_("The folder for the restored store must be empty or not there yet, and not the one that you are in.")
WITHIN = N_("The store cannot be restored into the backup itself.")
PLACE = N_("the restored store")
NOTHING = N_("There is no backup there that is whole.")
LOOK = N_("Name the folder of a backup, or the folder that the backups lie in. One marked as damaged must be named.")
SEVERAL = N_("Backups of several stores lie there: {names}. Name the folder of one.")
DAMAGED = N_(
    "The backup {name} is damaged: {count} things in it are not as its journal says, first {place} ({reason})."
)
ANOTHER = N_(
    "Nothing was restored. Take another backup. If there is none: with --store and this backup's folder, "
    "show ID still shows each client whose file is whole."
)
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl restore /media/usb --store house")
def restore(
    ctx: Ctx,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="One backup, or the folder of several: then the newest.")
    ],
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", help="The last number on the sheet in the safe.")
    ] = None,
    words: Annotated[
        str | None, typer.Option(metavar="WORDS", help="The four words on the paper, to be compared.")
    ] = None,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Only to read a backup of 0.1.0 with the recovery key alone.")
    ] = False,
) -> Outcome:
    """Put a store back from a backup into the empty folder --store, verify it and open it.

    On a new device --identity names a file with the recovery key, which only reads.
    """
    from shelterctl.store import TRUST  # noqa: PLC0415 - pyrage is not needed for help

    # Gather.
    here = desk(ctx)
    if here.option("store") is None:
        raise Usage("restore/where", WHERE)
    target = Path(here.option("store"))
    source = _chosen(folder)
    if source.resolve() in (target.resolve(), *target.resolve().parents):
        raise Usage("restore/within", WITHIN)
    if target.resolve() == Path.cwd() or (os.path.lexists(target) and not _is_empty(target)):
        raise Usage("restore/not-empty", NOT_EMPTY)

    # Act.
    put = _put_back(here, source, target.resolve(), Proof(number, words, unproven))
    if put is None:
        return Outcome(said=((LEFT, {}),))
    copy, opened, lacking, number, held = put
    said: Said = (*_alone(lacking), (DONE, {"name": source.name}))
    then = GO_ON if here.own_key.device else READING if TRUST in copy.versions else UNPROVEN
    said = (*said, (NUMBER, {"number": number}), *(() if held else ((NOT_COMPARED, {}),)), (then, {}))
    data = {"from": source.name, "folder": str(target), **counted(copy), "opened": opened, "lacking": lacking}
    return Outcome(data={**data, "sheet": {"number": number, "compared": held}}, said=said)


def _alone(lacking: int | None) -> Said:
    """What this computer gives up with an older copy, which is said before anything else."""
    return () if lacking is None else ((OLDER if lacking else OTHER, {"lacking": lacking}), (ALONE, {}))


class Proof(NamedTuple):
    """What a person brings along to prove a backup: the number and the words on her sheet, or that there is nothing."""

    number: int | None
    words: str | None
    unproven: bool


def _chosen(folder: Path) -> Path:
    """The backup that *folder* is, or the newest that it holds, by the order of the journals and not of the clocks."""
    from shelterctl.store import BACKUP, is_store  # noqa: PLC0415 - pyrage is not needed for help

    if is_store(folder):
        return folder
    names = [folder / name for name in machine.names_in(folder) if is_store(folder / name)]
    found = [path for path in names if (said := BACKUP.fullmatch(path.name)) and not said["damaged"]]
    if not found:
        raise NotFound("restore/none", NOTHING, hint=LOOK)
    if len(stores := sorted({str(BACKUP.fullmatch(path.name)["store"]) for path in found})) > 1:  # type: ignore[index]
        raise Usage("restore/several", SEVERAL, names=stores)
    return _newest(found)


def _newest(found: Sequence[Path]) -> Path:
    """The backup that has all that the others have. Raises Conflict where two have parted: a person chooses then."""
    from shelterctl.journal import newest  # noqa: PLC0415
    from shelterctl.store import copy_of  # noqa: PLC0415

    readable = {}
    for path in found:
        with suppress(ShelterError):  # one that cannot be read is not the newest whole one
            readable[path] = copy_of(path)
    if not readable:
        raise NotFound("restore/none", NOTHING, hint=LOOK)
    best, paths = newest(list(readable.values())), list(readable)
    if isinstance(best, int):
        return paths[best]
    raise Conflict("restore/parted", PARTED, hint=NAME_ONE, first=paths[best[0]].name, second=paths[best[1]].name)


def _is_empty(folder: Path) -> bool:
    return machine.is_plain_folder(folder) and not any(folder.iterdir())


def _put_back(here: Desk, source: Path, target: Path, proof: Proof) -> "tuple[Copy, int, int | None, int, bool] | None":
    """The copy, how many files the key opened, how many lines this device remembers beyond it, the number, and whether
    it was compared with anything; None where whoever sits here would not give these lines up.

    All of it happens under another name, so that a store that is there is whole. What is remembered is brought in line
    last before that: a device that remembers less than it did has lost a guard, one that remembers more cannot work.
    """
    from shelterctl import store, vault  # noqa: PLC0415
    from shelterctl.act import copy as back  # noqa: PLC0415

    key, part = here.own_key, target.with_name(f".{target.name}.part")
    with machine.disk(PLACE):
        machine.remove_folder(part)
        try:
            machine.private_folder(part / "residents")  # also where there is no client yet
            files, trouble = store.sealed(source)
            copy = vault.copied(files, store.present(source), part, store.ASIDE)
            copy.damage = [*trouble, *copy.damage]
            _refuse(copy, source)
            vault.compared(copy, part)
            fresh, held = back.believed(here, part, key, proof.number, proof.words, unproven=proof.unproven)
            for wrong in fresh.wrong.values():
                raise wrong
            for name in (names := sorted(fresh.vault.journal.files())):
                fresh.vault.read(name)
            for id_ in fresh.ids():
                fresh.read(id_)
            lost = back.given_up(here, fresh)
            lacking = None if lost is None else sum(lost.values())
            if lacking is not None and not _agreed(here, lacking):
                machine.remove_folder(part)
                return None
            back.brought_in_line(here, fresh, lost)
            number = fresh.vault.journal.number()
            with suppress(FileNotFoundError):
                os.rmdir(target)  # Windows puts no folder in the place of another
            machine.rename(part, target)
        except BaseException:
            with suppress(ShelterError, OSError):
                machine.remove_folder(part)
            raise
    return copy, len(names), lacking, number, held


def _agreed(here: Desk, lacking: int) -> bool:
    """Whether the older copy is to be gone on with; who restores in a script wants it so, and is told."""
    if not walked(here):
        return True
    for sentence, facts in _alone(lacking):
        screen.tell(sentence, facts, bold=True)
    return ask.confirm(SURE)


def _refuse(copy: "Copy", source: Path) -> None:
    """A damaged backup is not taken for a store: one that reads a part of its clients would be counted wrong."""
    if not copy.damage:
        return
    first = copy.damage[0]
    if isinstance(first, Disk):
        raise first
    where = first.facts.get("place") or N_("a file of it")
    facts = {"name": source.name, "count": len(copy.damage), "place": where, "reason": first.code}
    raise Damaged("restore/damaged", DAMAGED, hint=ANOTHER, **facts)
