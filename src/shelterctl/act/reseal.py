"""A file sealed anew for just those who may read now; what it says stays as it is."""

from collections.abc import Collection
from contextlib import suppress

from shelterctl import document, errors
from shelterctl.act.founding import secrets_of
from shelterctl.store import SECRETS, Store
from shelterctl.store.moving import recounted
from shelterctl.store.newer import misshapen
from shelterctl.store.seal import Seals
from shelterctl.store.waiting import ever_changed, readers_of
from shelterctl.vault import Change


def sealed_anew(
    store: Store, name: str, read: tuple[bytes, str | None], day: str, *,
    before: Collection[str] | None = None, seals: Seals | None = None,
) -> Change:  # fmt: skip
    """The change that saves a file as it was *read*, sealed anew with everything that is sealed in it.

    The line of one in which blocks had no number says how many, and is shown for ever. The keys of the codes of sheets
    get a new one where somebody may read no longer who did *before*: the keys that the file was sealed to, if none are
    given. Raises Conflict where two devices went on from one version, Damaged where the file cannot be read.
    """
    said, version = read
    before = readers_of(store.vault, name) or () if before is None else before
    try:
        if name == SECRETS and set(before) - set(store.vault.journal.chain.recipients):
            return Change(name, with_new_key(said, day), version)
        renewed, uncounted = recounted(store.shelf, seals or store.seals, said)
    except document.Unreadable as error:
        raise misshapen("store/unreadable", name, error.code) from error
    return Change(name, renewed, version, more={"uncounted": uncounted} if uncounted else None)


def with_new_key(said: bytes, day: str) -> bytes:
    """The keys of the codes of sheets with one more, by which codes are made from now on; the older find older sheets.

    A device that was shut out has the keys that there were, and could tell by them which sheet is whose.
    """
    value = document.read(said).value
    return document.write({**value, "sheet_codes": [*value["sheet_codes"], *secrets_of(day)["sheet_codes"]]}).encode()


def for_readers_now(store: Store, change: Change, day: str) -> Change:
    """A change by bytes that were sealed before, as it may be saved now: sealed anew, if other keys could ever read.

    What is sealed inside stays as it is where it is damaged.
    """
    vault, name = store.vault, change.name
    if change.data is None or not name.endswith(".age") or not ever_changed(vault):
        return change
    said = vault.opened(name, change.data)
    ever = {key for readers in vault.journal.chain.readers.values() for key in readers}
    renewed = Change(name, said, change.base)
    with suppress(errors.Damaged):
        renewed = sealed_anew(store, name, (said, change.base), day, before=ever)
    return renewed._replace(repairs=change.repairs, more={**(change.more or {}), **(renewed.more or {})})
