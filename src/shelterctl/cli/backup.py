"""shelterctl backup: the store copied as it lies, still encrypted, into a folder of its own, and read back."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shelterctl import machine
from shelterctl.act import copies
from shelterctl.act.damage import note
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Finding, Outcome, Said
from shelterctl.desk import Desk
from shelterctl.errors import Conflict, Damaged, ShelterError, Usage
from shelterctl.language import N_
from shelterctl.view import safeguard

if TYPE_CHECKING:
    from shelterctl.vault import Copy

DONE = N_("The backup is made. Every file of it was read back and is the one that the signed journal names.")
CLOSED = N_("Nothing in it was opened: that takes a key, and no key is in it. Keep the recovery key in another place.")
AS_IT_LAY = N_(
    "This computer may not write into the store, and so could keep nobody from writing meanwhile. Its journals were "
    "looked at before and after: nobody did."
)
NUMBER = N_("Write it on the sheet in the safe: number {number}, and the day.")
SAME_DISK = N_(
    "The backup lies on the same disk as the store, and would be lost with it. Copy it to another one as well."
)
NO_FOLDER = N_("The folder that the backup is to go into is not there. Connect the disk, or make the folder first.")
INSIDE = N_("The backup must go to a folder outside the store.")
DAMAGED = N_(
    "The store is damaged: {count} things in it are not as its journal says, first {place} ({reason}). "
    "What is there was copied all the same, into {name}."
)
KEEP_OLDER = N_(
    "Keep every older backup. This one does not take their place: it is not restored, and the reminder goes on. "
    "Run 'shelterctl check', and tell the data officer."
)
BESIDE = N_("The key of this device lies where the backups go: whoever finds that disk has both.")
AWAY = N_("Keep a copy of the key in another place than the backups, and name the key that is used with --identity.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl backup /media/usb")
def backup(
    ctx: Ctx,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where backups are kept; each gets a folder in it.")],
) -> Outcome:
    """Copy the store, still encrypted, into a new dated folder in DIR, and read it back. Needs no passphrase."""
    # Gather.
    here = desk(ctx)
    root, now = here.root, datetime.now()
    if not folder.is_dir():
        raise Usage("backup/no-folder", NO_FOLDER)
    if root.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise Usage("backup/inside", INSIDE)

    # Act.
    copy, place, number, mark, remembered = _made(root, folder, here.heads, now)
    if copy.damage:
        first = copy.damage[0]
        where = first.facts.get("place") or N_("a file of it")
        facts = {"count": len(copy.damage), "place": where, "reason": first.code, "name": place.name}
        raise Damaged("backup/damaged", DAMAGED, hint=KEEP_OLDER, **facts)
    copies.noted(here, place, now.date(), number, mark)
    said: Said = ((DONE, {}), *(() if copy.alone else ((AS_IT_LAY, {}),)), (CLOSED, {}))
    last: Said = ((NUMBER, {"number": number}),)  # it is what she writes down: it stands at the end
    if _beside(root, folder):
        said = (*said, (SAME_DISK, {}))
    said = (*said, *safeguard.made(here, now.date()))
    data = {"folder": str(place), **counted(copy), **safeguard.of_copies(here, now.date()), "sheet": {"number": number}}
    return Outcome(
        data=data, findings=(*map(note, copy.told), *_doubts(here, folder, remembered)), said=said, last=last
    )


def _beside(root: Path, folder: Path) -> bool:
    """Whether two folders lie on one disk, as far as the system says."""
    with suppress(OSError):
        return machine.disk_of(root) == machine.disk_of(folder)
    return False


def _doubts(here: Desk, folder: Path, remembered: bool) -> Iterator[Finding]:
    """What is to be known of a backup that was made: it may be one of an old store, or lie beside the key."""
    from shelterctl import store  # noqa: PLC0415
    from shelterctl.act.exposure import COPIED_SO, not_resealed  # noqa: PLC0415
    from shelterctl.trust import verdict  # noqa: PLC0415

    if not remembered:
        yield note(verdict.forgetful())
    if here.identity_file.resolve().parent == folder.resolve():
        yield note(Conflict("key/beside-backups", BESIDE, hint=AWAY))
    yield from not_resealed(store.sealed(here.root)[0], COPIED_SO)


def counted(copy: "Copy") -> dict[str, int]:
    """How much was copied: clients, files and bytes."""
    clients = sum(name.startswith("residents/") for name in copy.versions)
    return {"clients": clients, "files": len(copy.versions), "bytes": copy.size}


def _made(root: Path, folder: Path, heads: Path, now: datetime) -> "tuple[Copy, Path, int, str, bool]":
    """The copy, made under another name under the store's lock, read back, and only then given its own.

    With it its number and by which statement it can be opened, 0 and none where it is damaged; and whether this
    computer remembers anything that the store could be held against.
    A damaged store is copied too, for there may be nothing better, but its folder says so and ``restore`` leaves it.
    """
    from shelterctl import journal, store, vault  # noqa: PLC0415

    files, trouble = store.sealed(root)
    name = f"shelterctl-{files.journal.chain.store or store.name_of(root) or 'unknown'}-{now:%Y-%m-%dT%H%M}"
    with vault.still(files) as alone, machine.disk(name):
        # Whoever was interrupted here had the lock too: what is left of it belongs to nobody.
        for left in folder.glob(f".{name[:-16]}-*.part"):
            machine.remove_folder(left)
        part = folder / f".{name}.part"
        try:
            machine.private_folder(part / "residents")  # also where there is no client yet
            copy = vault.copied(files, store.present(root), part, store.ASIDE)
            known = store.noted(heads, files.journal.chain)
            doubt = journal.doubted(files.journal.folder, files.journal.chain, known)
            copy.damage = [*trouble, *copy.damage, *([doubt] if doubt else [])]
            vault.compared(copy, part)
            copy.alone = alone()
            place = _free(folder, name + "-damaged" * bool(copy.damage))
            machine.rename(part, place)
        except BaseException:
            with suppress(ShelterError, OSError):
                machine.remove_folder(part)
            raise
    if copy.damage:
        return copy, place, 0, "", known is not None
    return copy, place, files.journal.number(), copies.mark_of(files.journal), known is not None


def _free(folder: Path, name: str) -> Path:
    """A name in the folder that nothing has yet."""
    place, number = folder / name, 2
    while os.path.lexists(place):
        place, number = folder / f"{name}-{number}", number + 1
    return place
