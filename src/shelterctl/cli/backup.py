"""shelterctl backup: copies the store, still encrypted, into a folder of its own, and checks the copy."""

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


BACKUP_DONE = N_("The backup is made. Every file was read back and matches the signed journal.")
BACKUP_NOT_OPENED = N_(
    "The files in it were not decrypted, since no key is in it. Keep the recovery key in another place."
)
BACKUP_MADE_UNLOCKED = N_(
    "This computer may not write to the store, so it could not lock it during the backup. The journals show "
    "that nobody wrote meanwhile."
)
BACKUP_NUMBER = N_("Write on the sheet in the safe: number {number}, and today's date.")
BACKUP_ON_SAME_DISK = N_(
    "The backup is on the same disk as the store, and would be lost with it. Copy it to another disk too."
)
BACKUP_FOLDER_MISSING = N_("The folder for the backup does not exist. Connect the disk, or create the folder first.")
BACKUP_INSIDE_STORE = N_("The folder for the backup is inside the store. Choose one outside it.")
BACKUP_OF_DAMAGED_STORE = N_(
    "The store is damaged. Differences from its journal: {count}, first {place} ({reason}). It was copied as "
    "it is, into {name}."
)
KEEP_OLDER_BACKUPS = N_(
    "Keep every older backup: this one does not replace them, since it cannot be restored. The reminder "
    "stays. Run 'shelterctl check', and tell the data officer."
)
UNNAMED_FILE = N_("one of its files")
KEY_BESIDE_BACKUPS = N_("The key of this device is in the folder of the backups: anyone who finds that disk has both.")
KEEP_KEY_ELSEWHERE = N_("Keep the key apart from the backups, and name the key that you use with --identity.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl backup /media/usb")
def backup(
    ctx: Ctx,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder for backups; each backup gets a folder of its own in it.")
    ],
) -> Outcome:
    """Copy the store, still encrypted, into a new dated folder in DIR, and check the copy.

    It needs no passphrase. DIR must exist and lie outside the store.
    """
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
    last: FilledSentences = ((BACKUP_NUMBER, {"number": number}),)  # she writes it down, so it comes last
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
    """Whether two folders are on one disk, as far as the system knows."""
    with suppress(OSError):
        return disk_id(root) == disk_id(folder)
    return False


def _backup_warnings(session: Session, folder: Path, remembered: bool) -> Iterator[Finding]:
    """Yield warnings about a finished backup: its store may be an old one, the key may be beside it, or files in it may
    still open for a computer that was shut out.
    """
    from shelterctl.custody.check import BACKUP_NOT_RESEALED, find_not_resealed  # noqa: PLC0415
    from shelterctl.store.opening import open_without_key  # noqa: PLC0415
    from shelterctl.trust import problems  # noqa: PLC0415

    if not remembered:
        yield make_note(problems.no_memory_error())
    if session.identity_file.resolve().parent == folder.resolve():
        yield make_note(Conflict("key/beside-backups", KEY_BESIDE_BACKUPS, hint=KEEP_KEY_ELSEWHERE))
    yield from find_not_resealed(open_without_key(session.root)[0], BACKUP_NOT_RESEALED)


def count_copied(copy: "StoreCopy") -> dict[str, int]:
    """Return how much was copied: clients, files and bytes."""
    clients = sum(name.startswith("residents/") for name in copy.versions)
    return {"clients": clients, "files": len(copy.versions), "bytes": copy.size}


def _write_backup(root: Path, folder: Path, heads: Path, now: datetime) -> "tuple[StoreCopy, Path, int, str, bool]":
    """Copy the store under another name while it is locked, check the copy, and only then give it its name.

    Returns the copy, its folder, its number, the statement of the trust list by which it opens (0 and an empty text
    where it is damaged), and whether this device remembers the store, so that it could be compared.

    A damaged store is copied too, for there may be nothing better; its folder's name says so, and ``restore`` refuses
    it.
    """
    from shelterctl.journal.device_log import compare_with_note  # noqa: PLC0415
    from shelterctl.store.folder import SET_ASIDE_FOLDER, list_store_files  # noqa: PLC0415
    from shelterctl.store.opening import open_without_key, read_store_name, recall_without_key  # noqa: PLC0415
    from shelterctl.vault.copy import compare_copy, copy_store, lock_for_copying  # noqa: PLC0415

    files, trouble = open_without_key(root)
    name = f"shelterctl-{files.journal.chain.store or read_store_name(root) or 'unknown'}-{now:%Y-%m-%dT%H%M}"
    with lock_for_copying(files) as alone, translate_disk_errors(name):
        # This command has the lock, so such a folder is the leftover of an interrupted backup.
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
