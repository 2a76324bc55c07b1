"""One file sealed anew for just those who may read now: what it says stays as it is."""

from collections.abc import Collection
from contextlib import suppress

from shelterctl import document, errors
from shelterctl.act.founding import secrets_of
from shelterctl.store import SECRETS, Store
from shelterctl.store.moving import recounted
from shelterctl.store.newer import misshapen
from shelterctl.store.seal import Seals
from shelterctl.store.waiting import ever_changed
from shelterctl.vault import Change


def anew(
    store: Store, name: str, read: tuple[bytes, str | None], before: Collection[str], day: str,
    seals: Seals | None = None,
) -> Change:  # fmt: skip
    """What a file says, at the version that was *read*, to be saved sealed anew with whatever is sealed inside.

    The line of one in which blocks had no number says how many, and is shown for ever. The keys of the codes of sheets
    get a new one where somebody may read no longer who did *before*: among the keys that the file was sealed to.
    """
    said, version = read
    try:
        if name == SECRETS and set(before) - set(store.vault.journal.chain.recipients):
            return Change(name, with_new_key(said, day), version)
        renewed, uncounted = recounted(store.shelf, seals or store.seals, said)
    except document.Unreadable as error:
        raise misshapen("store/unreadable", name, error.code) from error
    return Change(name, renewed, version, more={"uncounted": uncounted} if uncounted else None)


def with_new_key(said: bytes, day: str) -> bytes:
    """The keys of the codes of sheets with one more, by which codes are made from now on; the old ones find as before.

    Who was shut out has the keys that there were, and could tell by them which sheet is whose.
    """
    value = document.read(said).value
    return document.write({**value, "sheet_codes": [*value["sheet_codes"], *secrets_of(day)["sheet_codes"]]}).encode()


def for_now(store: Store, change: Change, day: str) -> Change:
    """Bytes that were sealed before, as they may be saved now: anew, where others could ever read than may now.

    What is sealed inside stays as it is where it is damaged.
    """
    vault, name = store.vault, change.name
    if change.data is None or not name.endswith(".age") or not ever_changed(vault):
        return change
    said = vault.opened(name, change.data)
    ever = {key for readers in vault.journal.chain.readers.values() for key in readers}
    renewed = Change(name, said, change.base)
    with suppress(errors.Damaged):
        renewed = anew(store, name, (said, change.base), ever, day)
    return renewed._replace(repairs=change.repairs, more={**(change.more or {}), **(renewed.more or {})})
