"""Bytes that are not what they should be, and what to say of them."""

from shelterctl import errors
from shelterctl.identity import Identity
from shelterctl.language import N_

RESTORE = N_("Do not rely on it. Put the file back from the last backup, and tell the data officer.")


def verdict(name: str, found: bytes | None, head: str | None, identity: Identity) -> errors.ShelterError:
    """Why the bytes *found* under *name* are not those of *head*, the hash that the journal vouches for."""
    if found is None and head is None:
        return errors.NotFound(
            "vault/not-found",
            N_("There is no {place} in this store."),
            hint=N_("Check the id, and that --store names the right folder."),
            place=name,
        )
    if found is None:
        return errors.Damaged("vault/gone", N_("{place} was saved here, and is gone."), hint=RESTORE, place=name)
    if name.endswith(".age") and not _opens(found, identity):
        return errors.Damaged(
            "vault/damaged", N_("{place} is damaged: it is not what was saved."), hint=RESTORE, place=name
        )
    return errors.Damaged(
        "vault/forged",
        N_("{place} was changed outside of shelterctl, or an older version was put back."),
        hint=RESTORE,
        place=name,
    )


def _opens(found: bytes, identity: Identity) -> bool:
    try:
        identity.open(found)
    except errors.CannotOpen:
        return False
    return True
