"""shelterctl backup: the store copied as it lies, still encrypted, into a folder of its own, and read back."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import FilledSentences, Finding, Outcome
from shelterctl.custody.damage import make_note
from shelterctl.custody.safeguards import note_backup, oldest_open_mark
from shelterctl.errors import Conflict, Damaged, ShelterError, UsageError
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.drives import disk_id
from shelterctl.platform.writing import create_private_folder, free_path, remove_folder, rename_and_sync
from shelterctl.session import Session
from shelterctl.ui_language import N_
from shelterctl.view.safeguards import copies_as_data, sentences_after_backup

if TYPE_CHECKING:
    from shelterctl.vault.copy import StoreCopy


BACKUP_DONE = N_("The backup is made. Every file of it was read back and is the one that the signed journal names.")
BACKUP_NOT_OPENED = N_(
    "Nothing in it was opened: that takes a key, and no key is in it. Keep the recovery key in another place."
)
BACKUP_MADE_UNLOCKED = N_(
    "This computer may not write into the store, and so could keep nobody from writing meanwhile. Its journals were "
    "looked at before and after: nobody did."
)
BACKUP_NUMBER = N_("Write it on the sheet in the safe: number {number}, and the day.")
BACKUP_ON_SAME_DISK = N_(
    "The backup lies on the same disk as the store, and would be lost with it. Copy it to another one as well."
)
BACKUP_FOLDER_MISSING = N_(
    "The folder that the backup is to go into is not there. Connect the disk, or make the folder first."
)
BACKUP_INSIDE_STORE = N_("The backup must go to a folder outside the store.")
BACKUP_OF_DAMAGED_STORE = N_(
    "The store is damaged: {count} things in it are not as its journal says, first {place} ({reason}). "
    "What is there was copied all the same, into {name}."
)
KEEP_OLDER_BACKUPS = N_(
    "Keep every older backup. This one does not take their place: it is not restored, and the reminder goes on. "
    "Run 'shelterctl check', and tell the data officer."
)
UNNAMED_FILE = N_("a file of it")
KEY_BESIDE_BACKUPS = N_("The key of this device lies where the backups go: whoever finds that disk has both.")
KEEP_KEY_ELSEWHERE = N_(
    "Keep a copy of the key in another place than the backups, and name the key that is used with --identity."
)

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl backup /media/usb")
def backup(
    ctx: Ctx,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where backups are kept; each gets a folder in it.")],
) -> Outcome:
    """Copy the store, still encrypted, into a new dated folder in DIR, and read it back. Needs no passphrase."""
    # Gather.
    session = begin_command(ctx)
    root, now = session.root, datetime.now()
    if not folder.is_dir():
        raise UsageError("backup/no-folder", BACKUP_FOLDER_MISSING)
    if root.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise UsageError("backup/inside", BACKUP_INSIDE_STORE)

    # Act.
    copy, place, number, mark, remembered = _write_backup(root, folder, session.memory_folder, now)
    if copy.damage:
        first = copy.damage[0]
        where = first.facts.get("place") or UNNAMED_FILE
        facts = {"count": len(copy.damage), "place": where, "reason": first.code, "name": place.name}
        raise Damaged("backup/damaged", BACKUP_OF_DAMAGED_STORE, hint=KEEP_OLDER_BACKUPS, **facts)
    note_backup(session, place, now.date(), number, mark)
    said: FilledSentences = (
        (BACKUP_DONE, {}),
        *(() if copy.was_locked else ((BACKUP_MADE_UNLOCKED, {}),)),
        (BACKUP_NOT_OPENED, {}),
    )
    last: FilledSentences = ((BACKUP_NUMBER, {"number": number}),)  # it is what she writes down: it stands at the end
    if _is_on_same_disk(root, folder):
        said = (*said, (BACKUP_ON_SAME_DISK, {}))
    said = (*said, *sentences_after_backup(session, now.date()))
    data = {
        "folder": str(place),
        **count_copied(copy),
        **copies_as_data(session, now.date()),
        "sheet": {"number": number},
    }
    return Outcome(
        data=data,
        findings=(*map(make_note, copy.notices), *_backup_warnings(session, folder, remembered)),
        said=said,
        last=last,
    )


def _is_on_same_disk(root: Path, folder: Path) -> bool:
    """Whether two folders lie on one disk, as far as the system says."""
    with suppress(OSError):
        return disk_id(root) == disk_id(folder)
    return False


def _backup_warnings(session: Session, folder: Path, remembered: bool) -> Iterator[Finding]:
    """What is to be known of a backup that was made: it may be one of an old store, or lie beside the key."""
    from shelterctl.custody.check import BACKUP_NOT_RESEALED, find_not_resealed  # noqa: PLC0415
    from shelterctl.store.opening import open_without_key  # noqa: PLC0415
    from shelterctl.trust import problems  # noqa: PLC0415

    if not remembered:
        yield make_note(problems.no_memory_error())
    if session.identity_file.resolve().parent == folder.resolve():
        yield make_note(Conflict("key/beside-backups", KEY_BESIDE_BACKUPS, hint=KEEP_KEY_ELSEWHERE))
    yield from find_not_resealed(open_without_key(session.root)[0], BACKUP_NOT_RESEALED)


def count_copied(copy: "StoreCopy") -> dict[str, int]:
    """How much was copied: clients, files and bytes."""
    clients = sum(name.startswith("residents/") for name in copy.versions)
    return {"clients": clients, "files": len(copy.versions), "bytes": copy.size}


def _write_backup(root: Path, folder: Path, heads: Path, now: datetime) -> "tuple[StoreCopy, Path, int, str, bool]":
    """The copy, made under another name under the store's lock, read back, and only then given its own.

    With it its number and by which statement it can be opened, 0 and none where it is damaged; and whether this
    computer remembers anything that the store could be held against.
    A damaged store is copied too, for there may be nothing better, but its folder says so and ``restore`` leaves it.
    """
    from shelterctl.journal.device_log import compare_with_note  # noqa: PLC0415
    from shelterctl.store.folder import SET_ASIDE_FOLDER, list_store_files  # noqa: PLC0415
    from shelterctl.store.opening import open_without_key, read_store_name, recall_without_key  # noqa: PLC0415
    from shelterctl.vault.copy import compare_copy, copy_store, lock_for_copying  # noqa: PLC0415

    files, trouble = open_without_key(root)
    name = f"shelterctl-{files.journal.chain.store or read_store_name(root) or 'unknown'}-{now:%Y-%m-%dT%H%M}"
    with lock_for_copying(files) as alone, translate_disk_errors(name):
        # Whoever was interrupted here had the lock too: what is left of it belongs to nobody.
        for left in folder.glob(f".{name[:-16]}-*.part"):
            remove_folder(left)
        part = folder / f".{name}.part"
        try:
            create_private_folder(part / "residents")  # also where there is no client yet
            copy = copy_store(files, list_store_files(root), part, SET_ASIDE_FOLDER)
            known = recall_without_key(heads, files.journal.chain)
            doubt = compare_with_note(files.journal.folder, files.journal.chain, known)
            copy.damage = [*trouble, *copy.damage, *([doubt] if doubt else [])]
            compare_copy(copy, part)
            copy.was_locked = alone()
            place = free_path(folder / (name + "-damaged" * bool(copy.damage)))
            rename_and_sync(part, place)
        except BaseException:
            with suppress(ShelterError, OSError):
                remove_folder(part)
            raise
    if copy.damage:
        return copy, place, 0, "", known is not None
    return copy, place, files.journal.sheet_number(), oldest_open_mark(files.journal), known is not None
