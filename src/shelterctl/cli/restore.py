"""shelterctl restore: restores a store from a backup into an empty folder, checks it and opens it."""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from shelterctl.cli.backup import UNNAMED_FILE, count_copied
from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.custody.damage import make_note, shorten_places
from shelterctl.custody.recovery import COPY_NUMBER
from shelterctl.errors import Damaged, DiskError, ShelterError, UsageError
from shelterctl.language import Plural, TwoSentences
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import is_plain_folder
from shelterctl.platform.writing import create_private_folder, remove_folder, rename_and_sync
from shelterctl.session import Session, may_ask
from shelterctl.terminal.questions import confirm
from shelterctl.terminal.screen import print_sentence
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.custody.backup_choice import BackupChoice
    from shelterctl.vault.copy import StoreCopy


RESTORE_DONE = N_("The store is restored from {name}. Every file opens and matches the signed journal.")
RESTORE_LACKS_CHANGES = Plural(
    N_("{lacking} change that this computer saw is not in this backup."),
    N_("{lacking} changes that this computer saw are not in this backup."),
    "lacking",
)
RESTORE_HAS_OTHER_CHANGES = N_("This computer saw changes that are not in this backup; it has others in their place.")
RESTORED_STORE_ALONE = N_(
    "After this, the computer works only with the restored store and no longer opens the other one."
)
RESTORE_QUESTION = N_("Go on with the restored store?")
NOTHING_RESTORED = N_("Nothing was restored.")
WORK_IN_RESTORED_FOLDER = N_(
    "From now on work only in the restored folder. If the old one still exists, put it away and do not use it."
)
RESTORED_FOR_READING = N_(
    "This key opens the files but cannot change them: list, show and check work. To work with the store on "
    "this computer: shelterctl trust --join --recovery FILE"
)
RESTORED_UNPROVEN = N_(
    "Version 0.1.0 made this store, so nothing proves that the paper belongs to it. You can read it, but do "
    "not rely on it."
)
RESTORED_NOT_COMPARED = N_(
    "This copy was not compared with the sheet in the safe: there may be a newer one. When you have the "
    "sheet: shelterctl check --number N"
)
RESTORE_NEEDS_STORE = N_("Name the folder for the restored store: --store DIR.")
RESTORE_FOLDER_NOT_EMPTY = N_(
    "The folder for the restored store must be empty or new, and not the one that you are in. Name another "
    "with --store."
)
RESTORE_INSIDE_BACKUP = N_("The folder for the restored store is inside the backup. Name another with --store.")
RESTORED_STORE = N_("the restored store")
BACKUP_IS_DAMAGED = N_("The backup {name} is damaged. Differences from its journal: {count}, first {place} ({reason}).")
BACKUPS_PASSED_OVER = N_(
    "Backups there that cannot be used as they are, but may have what the others lack: {count} ({places})."
)
TAKE_WHOLE_BACKUP = N_(
    "Nothing was restored. A note says what is wrong with each of them. Look for another copy of it. The "
    "newest whole backup here is {name}: if you find no better one, name its folder instead of this one."
)
NO_WHOLE_BACKUP = N_(
    "Nothing was restored: there is no whole backup. Look for another copy. If you find none, show ID with "
    "--store and the folder of a backup still shows each client whose file is whole."
)
BACKUP_SKIPPED = N_("{backup} was skipped.")
OLD_BACKUP_SKIPPED = N_("{backup} was skipped; a whole backup there has everything that it has.")
TAKE_NEXT_BACKUP = N_(
    "Nothing was restored. Look for another copy of it. If you find none, name the folder of the next "
    "backup, {next}; changes of this one that it lacks: {lacking}."
)
TAKE_ANOTHER_BACKUP = N_(
    "Nothing was restored. Use another backup. If there is none, show ID with --store and the folder of this "
    "backup still shows each client whose file is whole."
)
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl restore /media/usb --store house")
def restore(
    ctx: Ctx,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="A backup, or a folder of backups: then the newest is used, unless a damaged one may be newer.",
        ),
    ],
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", help="The last number on the sheet in the safe.")
    ] = None,
    words: Annotated[
        str | None, typer.Option(metavar="WORDS", help="The four words on the recovery paper, to compare.")
    ] = None,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Only read a backup of version 0.1.0, with nothing but the recovery key.")
    ] = False,
) -> Outcome:
    """Restore a store from a backup into the empty folder --store, check it and open it.

    On a new computer, --identity names a file with the recovery key, which can only read.
    """
    from shelterctl.trust.chain_state import TRUST_LIST_FILE  # noqa: PLC0415 - pyrage is not needed for help

    # Gather.
    session = begin_command(ctx)
    if session.options.store is None:
        raise UsageError("restore/where", RESTORE_NEEDS_STORE)
    target = Path(session.options.store)
    choice = _choose_backup(folder, target)
    source = choice.best or folder
    if source.resolve() in (target.resolve(), *target.resolve().parents):
        raise UsageError("restore/within", RESTORE_INSIDE_BACKUP)
    if target.resolve() == Path.cwd() or (os.path.lexists(target) and not _is_empty(target)):
        raise UsageError("restore/not-empty", RESTORE_FOLDER_NOT_EMPTY)

    # Decide.
    if refused := _refuse_passed_over(choice):
        return refused

    # Act.
    try:
        put = _restore_copy(session, source, target.resolve(), BackupProof(number, words, unproven))
    except Damaged as damaged:
        raise _name_next_backup(damaged, source, folder) from None
    if put is None:
        return Outcome(said=((NOTHING_RESTORED, {}),))
    copy, opened, lacking, number, held = put
    said: FilledSentences = (*_lacking_sentences(lacking), (RESTORE_DONE, {"name": source.name}))
    then = (
        WORK_IN_RESTORED_FOLDER
        if session.device_key.device
        else RESTORED_FOR_READING
        if TRUST_LIST_FILE in copy.versions
        else RESTORED_UNPROVEN
    )
    said = (*said, (COPY_NUMBER, {"number": number}), *(() if held else ((RESTORED_NOT_COMPARED, {}),)), (then, {}))
    data = {"from": source.name, "folder": str(target), **count_copied(copy), "opened": opened, "lacking": lacking}
    sheet = {"number": number, "compared": held}
    findings = (*map(make_note, copy.notices), *_passed_over_findings(choice))
    return Outcome(data={**data, "sheet": sheet, **_passed_over_data(choice)}, findings=findings, said=said)


def _lacking_sentences(lacking: int | None) -> FilledSentences:
    """Return what this computer gives up with an older copy; the restore says it first."""
    return (
        ()
        if lacking is None
        else (
            (RESTORE_LACKS_CHANGES if lacking else RESTORE_HAS_OTHER_CHANGES, {"lacking": lacking}),
            (RESTORED_STORE_ALONE, {}),
        )
    )


class BackupProof(NamedTuple):
    """The evidence that a backup is the newest: number and words on the sheet in the safe, or none (*unproven*)."""

    number: int | None
    words: str | None
    unproven: bool


def _choose_backup(folder: Path, target: Path) -> "BackupChoice":
    """Return the backup that *folder* is, or the newest in it, with those that are passed over.

    What an interrupted restore to *target* left there does not count.
    """
    from shelterctl.custody.backup_choice import BackupChoice, choose_backup  # noqa: PLC0415 - pyrage is not needed for help
    from shelterctl.store.folder import is_store_folder  # noqa: PLC0415

    return (
        BackupChoice(folder, ())
        if is_store_folder(folder)
        else choose_backup(folder, [_part_folder(folder / target.name)])
    )


def _refuse_passed_over(choice: "BackupChoice") -> Outcome | None:
    """Return why nothing is restored, if a backup that was passed over may have what the chosen one lacks."""
    newer = [each.name for each in choice.passed if each.may_have_more]
    if not newer:
        return None
    best = choice.best.name if choice.best else None
    facts = {"count": len(newer), "places": shorten_places(newer), "name": best}
    harm = Damaged(
        "restore/passed-over", BACKUPS_PASSED_OVER, hint=TAKE_WHOLE_BACKUP if best else NO_WHOLE_BACKUP, **facts
    )
    return Outcome(data=_passed_over_data(choice), findings=_passed_over_findings(choice), harm=harm)


def _passed_over_data(choice: "BackupChoice") -> dict[str, object]:
    """Return the backups that were passed over, for programs."""
    rows = [
        {
            "backup": each.name,
            "reason": each.why.code,
            "place": each.why.facts.get("place"),
            "may_be_newer": each.may_have_more,
        }
        for each in choice.passed
    ]
    return {"passed_over": rows} if rows else {}


def _passed_over_findings(choice: "BackupChoice") -> tuple[Finding, ...]:
    """Return a finding for each backup that was passed over, with what is wrong with it."""
    return tuple(
        Finding(
            code=each.why.code,
            severity=Severity.WARN,
            message=TwoSentences(BACKUP_SKIPPED if each.may_have_more else OLD_BACKUP_SKIPPED, each.why.message),
            facts={**each.why.facts, "backup": each.name},
        )
        for each in choice.passed
    )


def _part_folder(target: Path) -> Path:
    """Return the temporary folder in which a store is put together."""
    return target.with_name(f".{target.name}.part")


def _is_empty(folder: Path) -> bool:
    return is_plain_folder(folder) and not any(folder.iterdir())


def _restore_copy(
    session: Session, source: Path, target: Path, proof: BackupProof
) -> "tuple[StoreCopy, int, int | None, int, bool] | None":
    """Restore the copy under another name, check it, and give it its own name at the end.

    Returns the copy, how many files the key opened, how many lines this device remembers that the copy lacks (None if
    no change is lost), its number, and whether it was compared with a sheet. Returns None if the person refuses to give
    these lines up.

    The notes of this device are updated just before the last step: a device that remembers less than it did has lost a
    safeguard, one that remembers more cannot work.
    """
    from shelterctl.custody import restore as back  # noqa: PLC0415
    from shelterctl.prompts.check import ask_sheet_number  # noqa: PLC0415
    from shelterctl.store.folder import SET_ASIDE_FOLDER, list_store_files  # noqa: PLC0415
    from shelterctl.store.opening import open_without_key  # noqa: PLC0415
    from shelterctl.vault.copy import compare_copy, copy_store  # noqa: PLC0415

    key, part = session.device_key, _part_folder(target)
    with translate_disk_errors(RESTORED_STORE):
        remove_folder(part)
        try:
            create_private_folder(part / "residents")  # also where there is no client yet
            files, trouble = open_without_key(source)
            copy = copy_store(files, list_store_files(source), part, SET_ASIDE_FOLDER)
            copy.damage = [*trouble, *copy.damage]
            _refuse_damaged(copy, source)
            compare_copy(copy, part)
            fresh, held = back.open_copy(
                session,
                part,
                key,
                proof.number,
                proof.words,
                unproven=proof.unproven,
                ask_number=partial(ask_sheet_number, session),
            )
            for wrong in fresh.damaged.values():
                raise wrong
            for name in (names := sorted(fresh.vault.journal.files())):
                fresh.vault.read(name)
            for id_ in fresh.ids():
                fresh.read(id_)
            lost = back.count_given_up_lines(session, fresh)
            lacking = None if lost is None else sum(lost.values())
            if lacking is not None and not _is_older_copy_accepted(session, lacking):
                remove_folder(part)
                return None
            back.bring_memory_in_line(session, fresh, lost)
            number = fresh.vault.journal.sheet_number()
            with suppress(FileNotFoundError):
                os.rmdir(target)  # Windows does not rename a folder over another
            rename_and_sync(part, target)
        except BaseException:
            with suppress(ShelterError, OSError):
                remove_folder(part)
            raise
    return copy, len(names), lacking, number, held


def _is_older_copy_accepted(session: Session, lacking: int) -> bool:
    """Whether to go on with the older copy: a person is asked; a script wants it, and its answer says what is lost."""
    if not may_ask(session):
        return True
    for sentence, facts in _lacking_sentences(lacking):
        print_sentence(sentence, facts, bold=True)
    return confirm(RESTORE_QUESTION)


def _refuse_damaged(copy: "StoreCopy", source: Path) -> None:
    """Raise the error of a damaged backup: a store that reads only a part of its clients would count wrong."""
    if not copy.damage:
        return
    first = copy.damage[0]
    if isinstance(first, DiskError):
        raise first
    where = first.facts.get("place") or UNNAMED_FILE
    facts = {"name": source.name, "count": len(copy.damage), "place": where, "reason": first.code}
    raise Damaged("restore/damaged", BACKUP_IS_DAMAGED, hint=TAKE_ANOTHER_BACKUP, **facts)


def _name_next_backup(damaged: Damaged, source: Path, folder: Path) -> Damaged:
    """Return the error of a damaged backup; for the newest in *folder*, with the next one and changes that it
    lacks.
    """
    from shelterctl.custody.backup_choice import choose_backup  # noqa: PLC0415
    from shelterctl.journal.compare_copies import count_lines_beyond  # noqa: PLC0415
    from shelterctl.store.opening import read_copy_progress  # noqa: PLC0415

    if damaged.code == "restore/damaged" and source != folder:
        with suppress(ShelterError):
            if after := choose_backup(folder, [source]).best:
                facts = {
                    "next": after.name,
                    "lacking": count_lines_beyond(read_copy_progress(source), read_copy_progress(after)),
                }
                return Damaged("restore/damaged", BACKUP_IS_DAMAGED, hint=TAKE_NEXT_BACKUP, **damaged.facts, **facts)
    return damaged
