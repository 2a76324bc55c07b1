"""shelterctl restore: a store put back from a backup into an empty place, verified, and opened."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shelterctl import machine
from shelterctl.cli.backup import counted
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, remembered
from shelterctl.errors import Damaged, Disk, NotFound, ShelterError, Usage
from shelterctl.language import N_, Plural

if TYPE_CHECKING:
    from shelterctl.journal import Journal
    from shelterctl.vault import Copy

DONE = N_("The store is restored from {name}. Every file is the one that the signed journal names, and opens.")
OLDER = Plural(
    N_("It is older than what this device did last: {lacking} change that was saved after it is not in it."),
    N_("It is older than what this device did last: {lacking} changes that were saved after it are not in it."),
    "lacking",
)
OTHER = N_("This device remembers changes of this store that are not in it; others are in their place.")
GO_ON = N_(
    "From now on work in the restored folder only. If the old one is still there, put it away and do not use it."
)
READING = N_(
    "This key opens the files and cannot change them: list, show and check work. "
    "To register the key of a new device is not possible yet."
)
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
ROOM = N_("Make room on the disk of this device, then run the command again.")
FORGETFUL = N_("What this device remembers of the store could not be brought in line with the backup.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl restore /media/usb --store house")
def restore(
    ctx: Ctx,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="One backup, or the folder of several: then the newest.")
    ],
) -> Outcome:
    """Put a store back from a backup into the empty folder --store, verify it and open it.

    On a new device --identity names a file with the recovery key, which only reads.
    """
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
    copy, opened, lacking = _put_back(here, source, target.resolve())
    said: Said = ((DONE, {"name": source.name}),)
    if lacking is not None:
        said = (*said, (OLDER if lacking else OTHER, {"lacking": lacking}))
    said = (*said, (GO_ON if here.own_key.device else READING, {}))
    data = {"from": source.name, "folder": str(target), **counted(copy), "opened": opened, "lacking": lacking}
    return Outcome(data=data, said=said)


def _chosen(folder: Path) -> Path:
    """The backup that *folder* is, or the newest that it holds."""
    from shelterctl.store import BACKUP, SHELTER  # noqa: PLC0415 - pyrage is not needed for help

    if (folder / SHELTER).is_file():
        return folder
    try:
        names = [path for path in folder.iterdir() if (path / SHELTER).is_file()]
    except (FileNotFoundError, NotADirectoryError):
        names = []
    found = {path: said for path in names if (said := BACKUP.fullmatch(path.name)) and not said["damaged"]}
    if not found:
        raise NotFound("restore/none", NOTHING, hint=LOOK)
    if len(stores := sorted({said["store"] for said in found.values()})) > 1:
        raise Usage("restore/several", SEVERAL, names=stores)
    return max(found, key=lambda path: (found[path]["made"], int(found[path]["number"] or 0)))


def _is_empty(folder: Path) -> bool:
    return machine.is_plain_folder(folder) and not any(folder.iterdir())


def _put_back(here: Desk, source: Path, target: Path) -> "tuple[Copy, int, int | None]":
    """The copy, how many files the key opened, and how many lines of its journal this device remembers beyond it.

    All of it happens under another name, so that a store that is there is whole. What is remembered is brought in line
    last before that: a device that remembers less than it did has lost a guard, one that remembers more cannot work.
    """
    from shelterctl import store, vault  # noqa: PLC0415

    key, part = here.own_key, target.with_name(f".{target.name}.part")
    with machine.disk(PLACE):
        machine.remove_folder(part)
        try:
            machine.private_folder(part / "residents")  # also where there is no client yet
            copy = vault.copied(store.sealed(source), store.present(source), part)
            _refuse(copy, source)
            vault.compared(copy, part)
            fresh = store.open_store(part, key, here.shelf, None)
            for name in (names := sorted(fresh.vault.journal.files())):
                fresh.vault.read(name)
            lacking = _brought_in_line(fresh.vault.journal, remembered(here.identity_file, part), here)
            with suppress(FileNotFoundError):
                os.rmdir(target)  # Windows puts no folder in the place of another
            machine.rename(part, target)
        except BaseException:
            with suppress(ShelterError, OSError):
                machine.remove_folder(part)
            raise
    return copy, len(names), lacking


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


def _brought_in_line(journal: "Journal", heads: Path | None, here: Desk) -> int | None:
    """Accept that the journal is older than what this device remembers: to restore it is to want it so."""
    from shelterctl.journal import Journal  # noqa: PLC0415

    journal = Journal(journal.folder, journal.public_keys, here.own_key, heads)
    lacking = journal.lacking()
    journal.adopt()
    if journal.lacking() is not None:
        raise Disk("restore/remembered", FORGETFUL, hint=ROOM)
    return lacking
