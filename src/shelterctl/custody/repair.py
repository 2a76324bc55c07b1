"""The command repair for one file of the store: put it back from a backup, re-encrypt it, sign for it as it is, or give
it up with a reason. Each is a signed line of the journal. Broken journals are in journal_repair, the list of devices
in trust.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl import errors, limits
from shelterctl.core.merge.changes import Stamp
from shelterctl.core.record.file_tree import FILE_VERSIONS
from shelterctl.custody.backup_choice import find_backups, refuse_passed_over
from shelterctl.custody.init import EMPTY_DIRECTORY, make_shelter_file, make_staff_file
from shelterctl.custody.rekey import real_time, reseal_file, reseal_for_readers
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED, Unreadable
from shelterctl.document.writing import format_document
from shelterctl.platform.disk_errors import not_plain_file_error, translate_disk_errors
from shelterctl.platform.reading import is_name_free, is_plain_folder, read_plain_file
from shelterctl.platform.writing import create_private_folder, rename_and_sync, replace_file
from shelterctl.rulebook.files import read_schema_file
from shelterctl.rulebook.rulebook import Rulebook, rulebook_name
from shelterctl.schemas.stored import directory_schema, shelter_schema, staff_schema
from shelterctl.session import Session
from shelterctl.store.compatibility import judge_file
from shelterctl.store.folder import (
    DIRECTORY_FILE,
    RECORD_FILE_NAME,
    ROSTER_FILE,
    SECRETS_FILE,
    SET_ASIDE_FOLDER,
    SHELTER_FILE,
    STAFF_FILE,
    list_store_files,
    make_secrets,
    new_entry_id,
    parse_client_id,
    read_register_name,
    record_file,
)
from shelterctl.store.store import Store
from shelterctl.ui_language import N_
from shelterctl.validation import SchemaValidator
from shelterctl.vault.protocol import FileToSave
from shelterctl.vault.sealed_bytes import read_age_header

SCHEMAS_OF_OWN_FILES: Mapping[str, Callable[[Rulebook], Mapping[str, Any]]] = {
    SHELTER_FILE: shelter_schema,
    STAFF_FILE: staff_schema,
    DIRECTORY_FILE: directory_schema,
    SECRETS_FILE: lambda _: read_schema_file("secrets"),
    ROSTER_FILE: lambda _: read_schema_file("roster"),
}
"""The store's own files, which belong to no client, each with its schema."""

NOTHING_TO_REPAIR = N_("{place} is not damaged; there is nothing to repair.")
STORE_FILE_UNKNOWN = N_("There is no such file in this store.")
NAME_CLIENT_OR_FILE = N_("Name a client by her id, a file as check names it, or journal.")
NAME_BACKUP_OR_GIVE_UP = N_(
    "Name the folder of a backup, or the folder that holds the backups. If there is none, give the file up: "
    "shelterctl repair {file} --give-up --reason-code CODE"
)
VERSION_NOT_IN_BACKUP = N_("No backup there has an undamaged {place} that this store saved.")
TRY_ANOTHER_BACKUP = N_(
    "Try another backup. If there is none, give the file up: shelterctl repair {file} --give-up --reason-code CODE"
)
NOTHING_TO_SIGN_FOR = N_("{place} is not damaged; there is nothing to sign for.")
FILE_CHANGED_SINCE_SHOWN = N_("{place} was changed after it was shown. Nothing was signed.")
LOOK_AT_FILE_AGAIN = N_(
    "See what it says now: shelterctl repair journal. If nobody of the house changed it, find out who did."
)
FILE_CANNOT_BE_SIGNED_FOR = N_(
    "It is damaged or not a file of this store, so nobody can sign for it. Set it aside: {aside}"
)
FILE_HASH_MALFORMED = N_("--vouch needs a file and its SHA-256 as it was shown: 64 characters.")
SEE_FILES_AND_HASHES = N_("See what each file says, and its SHA-256, with: shelterctl repair journal")
_SHA256 = re.compile("[0-9a-f]{64}")


def find_unrecorded_files(store: Store) -> list[str]:
    """Return the files that no line of any device names, if lines were lost: theirs may be among them."""
    if store.vault.journal.count_lacking_lines() <= 0:
        return []
    return sorted(name for name in list_store_files(store.root) if not _is_recorded(store, name))


def find_files_behind_end(store: Store) -> dict[str, str]:
    """Return the files as a device saved them after it was shut out, by name, each with the device."""
    found = {}
    for name in sorted(store.vault.journal.logs.files_behind(list_store_files(store.root))):
        try:
            store.vault.read_stored(name)
        except errors.ShelterError as error:
            if error.code == "vault/shut-out":
                found[name] = str(error.facts["device"])
    return found


def _is_recorded(store: Store, name: str) -> bool:
    try:
        return store.vault.journal.file_head(name) is not None
    except errors.Conflict:  # two devices recorded it differently
        return True


def find_store_file(store: Store, typed: str) -> str:
    """Return the name of the file to repair: a client's by her id, else by its place. Raises NotFound if the store has
    none.
    """
    unproven = {*find_unrecorded_files(store), *find_files_behind_end(store)}
    return find_file_among(store.vault.journal.files() | SCHEMAS_OF_OWN_FILES.keys() | unproven, typed)


def find_file_among(names: Collection[str], typed: str) -> str:
    """Return the *typed* file of *names*, by its place or a client's by her id. Raises NotFound if there is none."""
    if typed in names:
        return typed
    with suppress(errors.UsageError):
        if (name := record_file(parse_client_id(typed))) in names:
            return name
    raise errors.NotFound("repair/unknown", STORE_FILE_UNKNOWN, hint=NAME_CLIENT_OR_FILE)


def is_file_whole(store: Store, name: str) -> bool:
    """Whether a file is undamaged: it is the saved version, opens, matches its name, and so do its sealed parts; and it
    has nothing that another file of its register has too.
    """
    if not (_is_readable(store, name) and _is_sealed_part_sound(store, name, store.vault.read(name)[0])):
        return False
    kept = read_register_name(name)
    return kept is None or not store.home_registers.contradicts_others(kept)


def _is_readable(store: Store, name: str) -> bool:
    """Whether a file is undamaged, apart from the parts sealed in it."""
    try:
        found = RECORD_FILE_NAME.fullmatch(name)
        if found:
            store.read(found[1])
        else:
            _require_record(store, name, store.vault.read(name)[0])
        return name not in store.damaged
    except (errors.Damaged, errors.CannotOpen, errors.NotFound):
        return False


def _is_sealed_part_sound(store: Store, name: str, content: bytes) -> bool:
    """Whether the sealed parts of a client's file, or of a register's, are where they belong, and open for those they
    should.
    """
    if kept := read_register_name(name):
        return store.home_registers.is_whole(kept, content)
    if not RECORD_FILE_NAME.fullmatch(name):
        return True
    try:
        return not any(store.seals.closed_parts(store.seals.opened(read_document(content, LARGEST_STORED).value)))
    except errors.Damaged:
        return False


def repair_from_backup(session: Session, name: str, folder: Path) -> int:
    """Replace a damaged file by the newest version in a backup; return the number of later versions that are lost.

    Only bytes that a line of this store names for this file, and that this computer's key opens, are used. Those with a
    wrong sealed part are used only if there are no others and the file here cannot be read. Raises NotFound if no
    backup has a version, Damaged if a damaged backup may have a later one.
    """
    store = session.store
    order = _recorded_versions(store, name)
    best: tuple[bool, int, bytes] | None = None
    file = name if (found := RECORD_FILE_NAME.fullmatch(name)) is None else found[1]
    try:
        backups = find_backups(folder)
    except errors.NotFound as none:
        raise errors.NotFound(none.code, none.message, hint=NAME_BACKUP_OR_GIVE_UP, file=file) from none
    broken: dict[Path, str] = {}
    spoilt = _version_there(store, name)  # what is as it was saved, and wrong all the same
    for backup in backups:
        try:
            with translate_disk_errors(name):
                data = read_plain_file(backup / name, limits.largest_file_size(name))
        except errors.ShelterError as trouble:
            if not isinstance(trouble, errors.NotFound):
                broken[backup] = trouble.code
            continue
        version = hashlib.sha256(data).hexdigest()
        if version in order and is_openable(store, name, data):
            sound = version != spoilt and _is_sealed_part_sound(store, name, store.vault.open_bytes(name, data))
            best = max(best or (sound, order[version], data), (sound, order[version], data))
        else:
            broken[backup] = "vault/damaged"
    if best is None or (not best[0] and _is_readable(store, name)):
        facts = {"place": name, "file": file}
        raise errors.NotFound("repair/not-in-backup", VERSION_NOT_IN_BACKUP, hint=TRY_ANOTHER_BACKUP, **facts)
    lost = max(order.values()) - best[1]
    if lost:
        refuse_passed_over(broken, backups, name)
    back = FileToSave(name, best[2], head_version(store, name), repairs=True, sealed=True, more={"lost": lost})
    save_repair(session, reseal_for_readers(store, back, real_time(store.root)[:10]))
    return lost


def _version_there(store: Store, name: str) -> str | None:
    """Return the version of a file if it is there as it was saved; else None."""
    with suppress(errors.ShelterError):
        return store.vault.read_stored(name)[1]
    return None


class ResealedFile(NamedTuple):
    """A re-encrypted file that is not saved yet, and the number of blocks in it that had no number though the file
    counts them.
    """

    change: FileToSave
    uncounted: int


def reseal_for_repair(session: Session, name: str) -> ResealedFile:
    """Return a file re-encrypted for those who may read it; its content stays the same.

    Blocks without a number are counted on from the number outside them. Raises Damaged if one has another number.
    """
    store = session.store
    stored, version = store.vault.read_stored(name)
    read_age_header(stored, name)
    said = store.identity.open(stored)
    _require_record(store, name, said)
    seals = replace(store.seals, key_counts=None)  # the person who asks for this knows of it
    change = reseal_file(store, name, (said, version), real_time(store.root)[:10], seals=seals)
    counted = change.more or {}
    return ResealedFile(change._replace(more={"resealed": True, **counted}), counted.get("uncounted", 0))


def give_up_file(session: Session, name: str, reason: str, words: str | None) -> None:
    """Sign that a file is lost; one of the store's own is replaced by an empty one. *words* go into the directory."""
    store, changes = session.store, []
    fresh = _empty_file(session, name)
    data = format_document(fresh).encode() if fresh else None
    changes.append(FileToSave(name, data, head_version(store, name), repairs=True, more={"reason": reason}))
    stamp = Stamp(new_entry_id, real_time(store.root), session.staff)
    entry = stamp.stamp_entry(
        {"file": name, "on": stamp.at[:10], "reason": reason, **({"words": words} if words else {})}
    )
    if name == DIRECTORY_FILE:
        changes[0] = changes[0]._replace(data=format_document({**(fresh or {}), "given_up": [entry]}).encode())
    elif is_file_whole(store, DIRECTORY_FILE):
        held = store.directory
        noted = {**held.value, "given_up": [*(held.value.get("given_up") or ()), entry]}
        changes.append(FileToSave(DIRECTORY_FILE, format_document(noted).encode(), held.version))
    save_repair(session, *changes)


def save_repair(session: Session, *changes: FileToSave) -> None:
    """Save a repair as one act, after setting aside the files that it replaces."""
    store = session.store
    for change in changes:
        if change.repairs:
            lay_aside(store.root, change.name, away=change.data is None)
    _write_repair(session, changes, real_time(store.root))


def _write_repair(session: Session, changes: Sequence[FileToSave], at: str) -> None:
    """Write the changes as one act of the journal, dated *at*; damage found before is looked for anew."""
    store = session.store
    store.vault.write_all(list(changes), did="repair", by=session.journal_staff, at=at)
    store.acts_saved.append("repair")
    store.damaged.clear()


def lay_aside(root: Path, name: str, *, away: bool = False) -> None:
    """Set a damaged file aside under its hash: somebody may still recover something from it.

    The file is copied. It is moved instead if it cannot be read, or if nothing replaces it (*away*). Raises DiskError.
    """
    if is_name_free(path := root / name):
        return
    data: bytes | None = None
    with suppress(errors.Damaged, OSError):
        data = read_plain_file(path, limits.JOURNAL_BYTES)
    with translate_disk_errors(name):
        if not is_plain_folder(root / SET_ASIDE_FOLDER):
            raise not_plain_file_error(root / SET_ASIDE_FOLDER)
        create_private_folder(root / SET_ASIDE_FOLDER)
        place = root / SET_ASIDE_FOLDER / f"{hashlib.sha256(data or b'').hexdigest()[:16]}-{path.name}"
        if data is None or away:
            rename_and_sync(path, _free_path(place))
        else:
            replace_file(place, data)


def _free_path(place: Path) -> Path:
    """Return *place*, or if something is there already, the next free name."""
    number = 2
    while not is_name_free(place):
        place, number = place.with_name(f"{place.name.partition('~')[0]}~{number}"), number + 1
    return place


def _empty_file(session: Session, name: str) -> dict[str, Any] | None:
    """Return the content that replaces one of the store's own files; None for a client's file."""
    day = session.computer_day.isoformat()
    if name == SHELTER_FILE:
        store = session.store.vault.journal.chain.store
        return make_shelter_file(store, {}, "+06:00", rulebook_name(session.rulebook))
    if name == STAFF_FILE:
        return make_staff_file(session.journal_staff, day)
    if name == SECRETS_FILE:
        return make_secrets(day)
    return dict(EMPTY_DIRECTORY) if name == DIRECTORY_FILE else None


def head_version(store: Store, name: str) -> str | None:
    """Return the version of a file in the last journal line about it; None if there is no line."""
    head = store.vault.journal.file_head(name)
    return head.now if head else None


def _recorded_versions(store: Store, name: str) -> dict[str, int]:
    """Return every version of the file that a line named, each with its place in their order."""
    journal = store.vault.journal
    return {version: place for place, version in enumerate(journal.history(name))}


def is_openable(store: Store, name: str, data: bytes) -> bool:
    """Whether bytes from a backup open and match the name of the file."""
    with suppress(errors.ShelterError):
        said = store.vault.open_bytes(name, data)
        _require_record(store, name, said)
        return True
    return False


def _require_record(store: Store, name: str, content: bytes) -> None:
    """Raise Damaged if the content of a file is not a record of this name."""
    if kept := read_register_name(name):
        store.home_registers.parse(kept, content)
        return
    try:
        value = read_document(content, LARGEST_STORED).value
    except Unreadable as error:
        raise errors.Damaged("store/unreadable", NOTHING_TO_REPAIR, place=name) from error
    found = RECORD_FILE_NAME.fullmatch(name)
    if found and value.get("id") != found[1]:
        raise errors.Damaged("store/another-client", NOTHING_TO_REPAIR, place=name)
    if found:
        with suppress(errors.Conflict):  # a newer program or rulebook wrote it: it is put back all the same
            judge_file(name, value, store.record_shape, store.rulebook)


class UnprovenFile(NamedTuple):
    """A file that no valid journal line names: its bytes, their SHA-256, and its content.

    *device* saved it after it was shut out; it is empty if the line of the file was lost. *has_earlier_version* says
    that another version was saved under its name before, which a backup may have.
    """

    name: str
    data: bytes
    version: str
    content: Mapping[str, Any]
    device: str = ""
    has_earlier_version: bool = False


def list_unproven_files(store: Store) -> Iterator[UnprovenFile]:
    """Yield the undamaged files whose line may have been lost, and those that a device saved after it was shut out.

    A file that any line of any device names is never taken for one whose line was lost: only the version in its line is
    valid.
    """
    names = dict.fromkeys(find_unrecorded_files(store), "") | find_files_behind_end(store)
    found = (one for name in sorted(names) if (one := _read_unproven(store, name)))
    for one in found:
        yield one._replace(device=names[one.name], has_earlier_version=_has_earlier_version(store, one.name))


def list_unsignable_files(store: Store, waiting: Collection[UnprovenFile]) -> Iterator[tuple[str, errors.ShelterError]]:
    """Yield each other file that differs from its journal line or is missing, with its error."""
    known = {one.name for one in waiting} | store.damaged.keys()  # their damage is reported anyway
    unfit = {
        *find_unrecorded_files(store),
        *(name for name in find_files_behind_end(store) if not head_version(store, name)),
    }
    for name in sorted((list_store_files(store.root) | store.vault.journal.files()) - known):
        try:
            store.vault.read_stored(name)
        except errors.ShelterError as error:
            if name in unfit:
                error = errors.Damaged(error.code, error.message, hint=FILE_CANNOT_BE_SIGNED_FOR, **error.facts)
            yield name, error


def find_unproven_file(store: Store, typed: str, version: str) -> UnprovenFile:
    """Return the *typed* file if it may be signed for and still has the SHA-256 *version* that was shown.

    Raises UsageError if there is nothing to sign for, the error of a damaged file, Conflict if the file was changed.
    """
    if not _SHA256.fullmatch(version := version.casefold()):
        raise errors.UsageError("repair/no-hash", FILE_HASH_MALFORMED, hint=SEE_FILES_AND_HASHES)
    name = find_file_among(list_store_files(store.root), typed)
    try:
        store.vault.read_stored(name)
    except errors.Damaged as damage:
        found = next((one for one in list_unproven_files(store) if one.name == name), None)
        if found is None:
            raise damage
    else:
        raise errors.UsageError("repair/whole", NOTHING_TO_SIGN_FOR, place=name)
    if found.version != version:
        raise _swapped_error(name)
    return found


def sign_for_file(session: Session, file: UnprovenFile) -> None:
    """Sign for the bytes of a file that somebody has seen. Raises Conflict if the file has changed since."""
    store = session.store
    with translate_disk_errors(file.name):
        if read_plain_file(store.root / file.name, limits.largest_file_size(file.name)) != file.data:
            raise _swapped_error(file.name)
    at = real_time(store.root)
    if file.device:  # the device that saved it may no longer read
        more = {"vouched": True, "device": file.device}
        change = FileToSave(file.name, file.data, head_version(store, file.name), repairs=True, sealed=True, more=more)
        save_repair(session, reseal_for_readers(store, change, at[:10]))
        return
    change = FileToSave(file.name, file.data, None, repairs=True, sealed=True, more={"vouched": True})
    _write_repair(session, [reseal_for_readers(store, change, at[:10])], at)


def _has_earlier_version(store: Store, name: str) -> bool:
    """Whether a valid line names a version of that file."""
    with suppress(errors.Conflict):
        return bool(head_version(store, name))
    return True


def _read_unproven(store: Store, name: str) -> UnprovenFile | None:
    """Read a file as it is; None if it is not an undamaged file of this store, encrypted to exactly its readers."""
    with suppress(errors.ShelterError, Unreadable), translate_disk_errors(name):
        data = read_plain_file(store.root / name, limits.largest_file_size(name))
        content = store.vault.open_bytes(name, data)
        if kept := read_register_name(name):
            says, newer = store.home_registers.parse(kept, content)
            whole = newer is None and store.home_registers.is_whole(kept, content)
            return UnprovenFile(name, data, hashlib.sha256(data).hexdigest(), says) if whole else None
        says = read_document(content, LARGEST_STORED).value
        if _has_right_shape(store, name, says):
            says = store.migration.migrate_on_reading(says) if RECORD_FILE_NAME.fullmatch(name) else says
            return UnprovenFile(name, data, hashlib.sha256(data).hexdigest(), says)
    return None


def _has_right_shape(store: Store, name: str, says: Mapping[str, Any]) -> bool:
    """Whether a file has the shape that its name demands. Raises Damaged if a sealed part is in a wrong place."""
    if found := RECORD_FILE_NAME.fullmatch(name):
        store.seals.opened(says)
        known = says.get("id") == found[1] and says.get("schema") in FILE_VERSIONS
        return known and not store.record_shape.findings(says)
    if name == SHELTER_FILE and says.get("store") != store.vault.journal.chain.store:
        return False
    schema = SCHEMAS_OF_OWN_FILES.get(name)
    return schema is not None and not SchemaValidator(schema(store.rulebook)).findings(says)


def _swapped_error(name: str) -> errors.Conflict:
    return errors.Conflict("repair/swapped", FILE_CHANGED_SINCE_SHOWN, hint=LOOK_AT_FILE_AGAIN, place=name)
