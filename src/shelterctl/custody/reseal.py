"""A file sealed anew for just those who may read now; what it says stays as it is."""

from collections.abc import Collection
from contextlib import suppress

from shelterctl import errors
from shelterctl.custody.init import make_secrets
from shelterctl.document.reading import read_document
from shelterctl.document.subset import Unreadable
from shelterctl.document.writing import format_document
from shelterctl.store.compatibility import misshapen_file_error
from shelterctl.store.folder import SECRETS_FILE
from shelterctl.store.seal_migration import reseal_and_count
from shelterctl.store.sealed_entries import SealedEntries
from shelterctl.store.store import Store
from shelterctl.vault.protocol import FileToSave, find_file_readers, have_readers_changed


def reseal_file(
    store: Store, name: str, read: tuple[bytes, str | None], day: str, *,
    before: Collection[str] | None = None, seals: SealedEntries | None = None,
) -> FileToSave:  # fmt: skip
    """The change that saves a file as it was *read*, sealed anew with everything that is sealed in it.

    The line of one in which blocks had no number says how many, and is shown for ever. The keys of the codes of sheets
    get a new one where somebody may read no longer who did *before*: the keys that the file was sealed to, if none are
    given. Raises Conflict where two devices went on from one version, Damaged where the file cannot be read.
    """
    said, version = read
    before = find_file_readers(store.vault, name) or () if before is None else before
    try:
        if name == SECRETS_FILE and set(before) - set(store.vault.journal.chain.recipients):
            return FileToSave(name, add_secret(said, day), version)
        renewed, uncounted = reseal_and_count(store.rulebook, seals or store.seals, said)
    except Unreadable as error:
        raise misshapen_file_error("store/unreadable", name, error.code) from error
    return FileToSave(name, renewed, version, more={"uncounted": uncounted} if uncounted else None)


def add_secret(said: bytes, day: str) -> bytes:
    """The keys of the codes of sheets with one more, by which codes are made from now on; the older find older sheets.

    A device that was shut out has the keys that there were, and could tell by them which sheet is whose.
    """
    value = read_document(said).value
    return format_document(
        {**value, "sheet_codes": [*value["sheet_codes"], *make_secrets(day)["sheet_codes"]]}
    ).encode()


def reseal_for_readers(store: Store, change: FileToSave, day: str) -> FileToSave:
    """A change by bytes that were sealed before, as it may be saved now: sealed anew, if other keys could ever read.

    What is sealed inside stays as it is where it is damaged.
    """
    vault, name = store.vault, change.name
    if change.data is None or not name.endswith(".age") or not have_readers_changed(vault):
        return change
    said = vault.open_bytes(name, change.data)
    ever = {key for readers in vault.journal.chain.readers.values() for key in readers}
    renewed = FileToSave(name, said, change.base)
    with suppress(errors.Damaged):
        renewed = reseal_file(store, name, (said, change.base), day, before=ever)
    return renewed._replace(repairs=change.repairs, more={**(change.more or {}), **(renewed.more or {})})
