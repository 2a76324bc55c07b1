"""Bytes that are not what they should be, and what to say of them."""

from shelterctl import errors
from shelterctl.identity import Identity
from shelterctl.journal import WHY_ENDED, Head, Journal, lacking
from shelterctl.language import N_
from shelterctl.vault.header import header_of, repair_of, unreadable
from shelterctl.vault.place import version_of

REPAIR = N_("Put it back from a backup: {repair}. Until then everything else works; tell the data officer.")

FORGED = N_("{place} is not what was saved: it was changed outside of shelterctl, or an older version was put back.")
OR_LOST = N_(
    "{place} is not what the journal names: it was changed outside of shelterctl, an older version was put back, or "
    "the line that named it was lost."
)
UNSAVED = N_("{place} lies here, and no device of this store saved it.")
TAKE_OUT = N_(
    "Nothing in it is believed. Ask who put it there, move it out of the store's folder, and tell the data officer."
)
UNNAMED = N_("{place} lies here, and no line of the journal names it; lines of the journal were lost.")
LOOK = N_(
    "Its own line may be one of those. See what it says, and decide, with: shelterctl repair journal. Leave it where "
    "it lies until then."
)
LAY_ASIDE = N_("It does not open, so nobody can say whose it is. Lay it aside: {aside}")
UNKNOWN = N_("{place} lies here, and no line of the journal names it.")
COMPARE = N_(
    "This computer remembers nothing of the store, so lines may be missing: leave the file where it lies. Compare the "
    "store with the sheet in the safe first: shelterctl check --remember"
)
NEWEST = N_(
    "The journal may lack lines: leave the file where it lies. Put the newest whole copy back with: "
    "shelterctl restore. Tell the data officer."
)
SHUT_OUT = N_(
    "{place} was saved by the computer {device}, which was shut out ({why}). The line that names it lies behind the "
    "end of that computer, and counts for nothing."
)
SEE = N_(
    "If somebody of the house may have written it who did not know of that: see what it says, and decide, with: "
    "shelterctl repair journal. Leave it where it lies until then."
)
BACKUP_OR_SEE = N_(
    "Put what was saved before back from a backup: {repair}. If somebody of the house may have written it who did not "
    "know of that, see first what it says: shelterctl repair journal"
)
GIVEN_UP = N_("{place} was given up here, and lies here again: nothing vouches for it.")


def verdict(
    name: str, found: bytes | None, head: Head | None, identity: Identity, journal: Journal
) -> errors.ShelterError:
    """Why the bytes *found* under *name* are not those of the *head*, by which the *journal* vouches for them."""
    if found is None and (head is None or head.now is None):
        return errors.NotFound(
            "vault/not-found",
            N_("There is no {place} in this store."),
            hint=N_("Check the id, and that --store names the right folder."),
            place=name,
        )
    facts = {"place": name, "repair": repair_of(name)}
    if found is None:
        return errors.Damaged("vault/gone", N_("{place} was saved here, and is gone."), hint=REPAIR, **facts)
    opens = not name.endswith(".age") or _opens(found, name, identity)
    if device := journal.saved_behind(name, version_of(found)):
        return _shut_out(name, device, head, journal, opens=opens)
    if head is None or head.now is None:
        return _unsaved(name, head, journal, opens=opens, remembers=journal.known is not None or not identity.device)
    if not opens:
        return unreadable(name)
    return errors.Damaged("vault/forged", OR_LOST if lacking(journal) > 0 else FORGED, hint=REPAIR, **facts)


def _unsaved(name: str, head: Head | None, journal: Journal, *, opens: bool, remembers: bool) -> errors.Damaged:
    """The error of a file for which no line vouches: whether its line may have been lost decides what to do."""
    facts = {"place": name, "aside": repair_of(name, "--give-up --reason-code CODE")}
    if not journal.chain.root:
        return errors.Damaged("vault/unsaved", UNKNOWN, hint=NEWEST, **facts)
    if head is not None:
        return errors.Damaged("vault/unsaved", GIVEN_UP, hint=TAKE_OUT, **facts)
    if lacking(journal) > 0:
        return errors.Damaged("vault/unsaved", UNNAMED, hint=LOOK if opens else LAY_ASIDE, **facts)
    if not remembers:
        return errors.Damaged("vault/unsaved", UNKNOWN, hint=COMPARE, **facts)
    return errors.Damaged("vault/unsaved", UNSAVED, hint=TAKE_OUT, **facts)


def _shut_out(name: str, device: str, head: Head | None, journal: Journal, *, opens: bool) -> errors.Damaged:
    """The error of a file that a device saved after it was shut out; a backup may have what was saved before."""
    end, before = journal.chain.devices[device].ended, head is not None and head.now is not None
    facts = {"place": name, "device": device, "why": WHY_ENDED[end.why] if end else "", "repair": repair_of(name)}
    facts["aside"] = repair_of(name, "--give-up --reason-code tampered_with")
    if before:
        return errors.Damaged("vault/shut-out", SHUT_OUT, hint=BACKUP_OR_SEE if opens else REPAIR, **facts)
    return errors.Damaged("vault/shut-out", SHUT_OUT, hint=SEE if opens else LAY_ASIDE, **facts)


def _opens(found: bytes, name: str, identity: Identity) -> bool:
    try:
        header_of(found, name)
        identity.open(found)
    except (errors.CannotOpen, errors.Damaged):
        return False
    return True
