"""Re-encryption of every file for those who may read now; the journals show which files still wait for it.

The next run continues an interrupted one, and each file is whole at every moment, old or re-encrypted. A damaged file
is skipped and listed; it waits until it is repaired.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from shelterctl import errors
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody.damage import make_note, shorten_places
from shelterctl.document.reading import read_document
from shelterctl.document.subset import Unreadable
from shelterctl.document.writing import format_document
from shelterctl.identity.keys import Identity
from shelterctl.journal.file_heads import WAITING_FACT
from shelterctl.progress import report_steps
from shelterctl.session import Session, now_at
from shelterctl.store.compatibility import misshapen_file_error
from shelterctl.store.folder import ROSTER_FILE, SECRETS_FILE, make_secrets, read_register_name
from shelterctl.store.opening import read_time_zone
from shelterctl.store.roster import NO_ROSTER
from shelterctl.store.seal_migration import reseal_and_count
from shelterctl.store.sealed_entries import SealedEntries
from shelterctl.store.store import Store
from shelterctl.trust.readership import FILE_PART
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import (
    FileToSave,
    find_file_readers,
    find_stale_parts,
    have_readers_changed,
    list_files_to_rekey,
    list_parts_left_waiting,
)

REKEY_PROGRESS = N_("Encrypting the files again")
REKEY_DONE = N_("Files encrypted again: {sealed}. Only those who may read now can open them.")
REKEY_NOT_NEEDED = N_("No file needs to be encrypted again: only those who may read now can open the files.")
PARTS_WAIT_FOR_READER = N_(
    "Sealed parts that your key does not open still open only for their earlier readers: {parts}. A reader of the part "
    "seals them for the present readers with: shelterctl rekey. So does the recovery paper: shelterctl rekey "
    "--recovery FILE"
)
REKEY_STILL_NEEDED = N_("The files still have to be encrypted again: shelterctl rekey")
BACKUP_NEXT = N_("Now make a backup on each disk, so that the older ones can be erased.")
BACKUP_NEXT_BY_COMMAND = N_(
    "Now make a backup on each disk, so that the older ones can be erased: shelterctl backup DIR"
)
REKEY_LEFT_FILES = N_(
    "Files that could not be encrypted again: {count} ({places}). Those who were shut out can still open them."
)
REKEY_AGAIN = N_("Do what the note on each file says. Then run: shelterctl rekey")
REKEY_MOST_FILES, REKEY_MOST_BYTES = 16, 16 << 20
"""The most files and bytes that one act of a rekey re-encrypts: all of them are in memory at once."""

REKEY_ROUNDS = 5
"""The most rounds of a rekey: a file that another command changes meanwhile is read again in the next one."""

CHANGED_MEANWHILE_CODE = "vault/changed"
"""The code of the error that another command changed a file since it was read."""


class Rekeyed(NamedTuple):
    """The number of files re-encrypted, and those that could not be, by name, each with its error."""

    sealed: int
    failed: Mapping[str, errors.ShelterError]
    waiting: Mapping[str, int] = MappingProxyType({})
    """The number of files by sealed part that still waits for a reader of that part."""


def rekey_files(session: Session, paper: Identity | None = None) -> Rekeyed:
    """Re-encrypt all files that need it, several in one act; damaged ones are skipped and listed.

    A file that another command changes meanwhile is looked at again, since it may be done by then. The *paper*, if it
    is at hand, opens the sealed parts that our own key does not open.
    """
    store, done = session.store, list[str]()
    store.vault.require_writable()
    refresh_needed_revision(session)
    seals = replace(store.seals, key=paper, opened_blocks={}, left_closed=set()) if paper else store.seals
    names, left = _names_to_rekey(store, paper), dict[str, errors.ShelterError]()
    for _ in range(REKEY_ROUNDS):
        left = {}
        for changes in _changes_by_act(session, report_steps(names, REKEY_PROGRESS), left, seals):
            done += _save_changes(session, changes, left)
        if all(error.code != CHANGED_MEANWHILE_CODE for error in left.values()):
            break
        names = _names_to_rekey(store, paper)
    vars(store).pop("sheet_key", None)
    for name in done:  # as they are now, checking for each how many keys may open it
        try:
            store.vault.read_stored(name, counted=True)
        except errors.ShelterError as error:
            left[name] = error
    refresh_roster(session)
    return Rekeyed(len(set(done) - left.keys()), left, count_waiting_parts(store))


def _names_to_rekey(store: Store, paper: Identity | None) -> list[str]:
    """Return the files to re-encrypt: with the paper also those of which a part waits for another reader.

    A file that our own key may not save is left to those who may.
    """
    waiting = [name for name in store.vault.journal.files() if find_stale_parts(store.vault, name)] if paper else []
    names = sorted({*list_files_to_rekey(store.vault), *waiting})
    return [name for name in names if store.vault.may_save(name)]


def refresh_needed_revision(session: Session) -> None:
    """Write into shelter.yaml which revision of the rulebook the store needs, once people have keys, roles decide, or
    the store keeps registers.
    """
    store = session.store
    with suppress(errors.Damaged, errors.NotFound):  # it is repaired like any file
        if change := store.change_of_needed_revision():
            store.save([change], did="roles", by=session.journal_staff, at=real_time(store.root))


def refresh_roster(session: Session) -> None:
    """Derive the roster from clients' files again, if it is missing or says something else."""
    store = session.store
    if not store.is_by_role or not store.vault.opens(FILE_PART):
        return
    with suppress(errors.Damaged):  # a damaged roster is repaired like any file
        held = store.roster if store.vault.journal.file_head(ROSTER_FILE) else None
        whole = store.true_roster(held.value if held else NO_ROSTER)
        if held is None or held.value != whole:
            change = store.prepare_file(ROSTER_FILE, whole, held.version if held else None)
            store.save([change], did="roster", by=session.journal_staff, at=real_time(store.root))


def count_waiting_parts(store: Store) -> Mapping[str, int]:
    """Return how many files have each sealed part that waits for its present readers, and that our key cannot seal."""
    vault = store.vault
    found = Counter(
        part
        for name in vault.journal.files()
        for part in find_stale_parts(vault, name)
        if not vault.could_reseal(name, part)
    )
    return dict(sorted(found.items()))


def rekey_answer(done: Rekeyed) -> Outcome:
    """Return the answer of a rekey; if files are left, with the exit code of the gravest error."""
    left = {name: done.failed[name] for name in sorted(done.failed)}
    data: dict[str, Any] = {"sealed": done.sealed, "left": list(left)}
    said: FilledSentences = ((REKEY_DONE, {"sealed": done.sealed}),) if done.sealed else ()
    if done.waiting:
        data["waiting"] = [{"part": part, "files": count} for part, count in done.waiting.items()]
        parts = [f"{part} ({count})" for part, count in done.waiting.items()]
        said = (*said, (PARTS_WAIT_FOR_READER, {"parts": parts}))
    if not left:
        return Outcome(data=data, said=said or ((REKEY_NOT_NEEDED, {}),))
    worst = min(left.values(), key=lambda error: (error.exit != errors.ExitCode.DAMAGED, error.exit))
    facts = {"count": len(left), "places": shorten_places(list(left))}
    harm = type(worst)("rekey/left", REKEY_LEFT_FILES, hint=REKEY_AGAIN, **facts)
    findings = tuple(make_note(error, name) for name, error in left.items())
    return Outcome(data=data, said=said, findings=findings, harm=harm)


def rekey_and_answer(session: Session) -> Outcome:
    """Re-encrypt the files after a device or paper was shut out, and answer what was done and that backups come next.

    An error, such as a full disk, becomes the harm of the answer: the device or paper stays shut out.
    """
    try:
        done = rekey_answer(rekey_files(session))
    except errors.ShelterError as error:
        session.store.notices[:] = [each for each in session.store.notices if each.code != error.code]
        return Outcome(said=((REKEY_STILL_NEEDED, {}),), harm=error)
    return replace(done, said=(*done.said, *backup_advice(session))) if done.data["sealed"] else done


def backup_advice(session: Session) -> FilledSentences:
    """Return the advice to make new backups: older ones open for a device or a paper that was shut out."""
    return ((BACKUP_NEXT if session.in_menu else BACKUP_NEXT_BY_COMMAND, {}),)


def _changes_by_act(
    session: Session, names: Iterable[str], failed: dict[str, errors.ShelterError], seals: SealedEntries
) -> Iterator[list[FileToSave]]:
    """Yield the re-encrypted files in groups for one act each; those that cannot be go into *failed*."""
    vault, day = session.store.vault, real_time(session.store.root)[:10]
    changes, size = list[FileToSave](), 0
    for name in names:
        try:
            read = vault.read(name)
            changes.append(reseal_file(session.store, name, read, day, seals=seals))
        except errors.ShelterError as error:
            failed[name] = error
            continue
        size += len(read[0])
        if len(changes) >= REKEY_MOST_FILES or size >= REKEY_MOST_BYTES:
            yield changes
            changes, size = [], 0
    if changes:
        yield changes


def _save_changes(session: Session, changes: Sequence[FileToSave], failed: dict[str, errors.ShelterError]) -> list[str]:
    """Save the changes as one act and return their names; save none if another command changed one of the files.

    A file that cannot be saved, because it was damaged meanwhile or would be too large, does not stop the others.
    """
    names = [change.name for change in changes]
    try:
        session.store.save(changes, did="rekey", by=session.journal_staff, at=real_time(session.store.root))
        return names
    except (errors.Conflict, errors.Damaged, errors.UsageError) as error:
        if error.code == CHANGED_MEANWHILE_CODE:
            failed.update(dict.fromkeys(names, error))
            return []
        if isinstance(error, errors.Conflict) or error.facts.get("place") not in names:
            raise
        failed[str(error.facts["place"])] = error
        rest = [change for change in changes if change.name not in failed]
    return _save_changes(session, rest, failed) if rest else []


def real_time(root: Path) -> str:
    """Return the real time to the minute, in the time zone of the store in *root*, even if shelter.yaml is damaged."""
    return now_at(read_time_zone(root)).isoformat(timespec="minutes")


def reseal_file(
    store: Store, name: str, read: tuple[bytes, str | None], day: str, *,
    before: Collection[str] | None = None, seals: SealedEntries | None = None,
) -> FileToSave:  # fmt: skip
    """Return the change that saves a file as it was *read*, re-encrypted with everything that is sealed in it.

    If blocks in it had no number, the journal line says how many and is shown permanently. The file of keys for sheet
    codes gets a new key if one of the readers *before*, by default the keys it was encrypted to, may no longer read.
    Raises Conflict if two devices continued from one version, Damaged if the file cannot be read.
    """
    said, version = read
    before = find_file_readers(store.vault, name) or () if before is None else before
    try:
        if name == SECRETS_FILE and set(before) - set(store.vault.recipients(name)):
            return FileToSave(name, add_secret(said, day), version)
        seals = seals or store.seals
        if kept := read_register_name(name):
            seals = replace(seals, single=(), opened_blocks={}, left_closed=set())
            renewed, uncounted = store.home_registers.renewed(seals, kept, said), 0
        else:
            seals.left_closed.clear()
            renewed, uncounted = reseal_and_count(store.rulebook, seals, said)
    except Unreadable as error:
        raise misshapen_file_error("store/unreadable", name, error.code) from error
    more: dict[str, Any] = {"uncounted": uncounted} if uncounted else {}
    if waiting := _list_parts_left(store, name, seals):
        more[WAITING_FACT] = waiting
    return FileToSave(name, renewed, version, more=more or None)


def _list_parts_left(store: Store, name: str, seals: SealedEntries) -> list[str]:
    """Return the sealed parts of a file that the key of *seals* leaves for another reader."""
    if seals.key.device is None:  # the paper opens all that is whole
        return sorted(find_stale_parts(store.vault, name) & seals.left_closed)
    return list_parts_left_waiting(store.vault, name, seals.left_closed)


def add_secret(content: bytes, day: str) -> bytes:
    """Return the file of keys for sheet codes with a new key, used from now on; the older keys find older sheets.

    A device that was shut out has the older keys, with which it could tell whose sheet a code stands for.
    """
    value = read_document(content).value
    codes = [*value["sheet_codes"], *make_secrets(day)["sheet_codes"]]
    return format_document({**value, "sheet_codes": codes}).encode()


def reseal_for_readers(store: Store, change: FileToSave, day: str) -> FileToSave:
    """Return a change with bytes that were encrypted earlier as it may be saved now: re-encrypted if the readers ever
    changed.

    Parts sealed inside stay as they are if they are damaged.
    """
    vault, name = store.vault, change.name
    if change.data is None or not name.endswith(".age") or not have_readers_changed(vault):
        return change
    said = vault.open_bytes(name, change.data)
    ever = {key for readers in vault.journal.chain.readers.values() for key in readers.recipients_of_file(name)}
    renewed = FileToSave(name, said, change.base)
    with suppress(errors.Damaged):
        renewed = reseal_file(store, name, (said, change.base), day, before=ever)
    return renewed._replace(repairs=change.repairs, more={**(change.more or {}), **(renewed.more or {})})
