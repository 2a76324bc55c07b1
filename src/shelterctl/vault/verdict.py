"""Bytes that are not what they should be, and what to say of them."""

from shelterctl import errors
from shelterctl.identity import Identity
from shelterctl.language import N_
from shelterctl.vault.header import header_of, repair_of, unreadable

REPAIR = N_("Put it back from a backup: {repair}. Until then everything else works; tell the data officer.")


def verdict(name: str, found: bytes | None, head: str | None, identity: Identity) -> errors.ShelterError:
    """Why the bytes *found* under *name* are not those of *head*, the hash that the journal vouches for."""
    if found is None and head is None:
        return errors.NotFound(
            "vault/not-found",
            N_("There is no {place} in this store."),
            hint=N_("Check the id, and that --store names the right folder."),
            place=name,
        )
    facts = {"place": name, "repair": repair_of(name)}
    if found is None:
        return errors.Damaged("vault/gone", N_("{place} was saved here, and is gone."), hint=REPAIR, **facts)
    if name.endswith(".age") and not _opens(found, name, identity):
        return unreadable(name)
    if head is None:
        return errors.Damaged(
            "vault/unsaved",
            N_("{place} lies here, and no device of this store saved it."),
            hint=N_("Nothing in it is believed. Ask who put it there, take it out, and tell the data officer."),
            **facts,
        )
    return errors.Damaged(
        "vault/forged",
        N_("{place} is not what was saved: it was changed outside of shelterctl, or an older version was put back."),
        hint=REPAIR,
        **facts,
    )


def _opens(found: bytes, name: str, identity: Identity) -> bool:
    try:
        header_of(found, name)
        identity.open(found)
    except (errors.CannotOpen, errors.Damaged):
        return False
    return True
