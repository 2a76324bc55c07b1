"""Errors about files whose bytes are not those that the journal vouches for, and what to do."""

from shelterctl import errors
from shelterctl.identity.keys import Identity
from shelterctl.journal.file_heads import FileHead
from shelterctl.journal.problems import TAKE_OUT_FILE, WHY_ENDED
from shelterctl.journal.store_journal import Journal
from shelterctl.ui_language import N_
from shelterctl.vault.paths import hash_version
from shelterctl.vault.sealed_bytes import REPAIR_FILE_FROM_BACKUP, damaged_file_error, read_age_header, repair_command

FILE_FORGED = N_(
    "{place} is not what was saved: it was changed outside of shelterctl, or an older version was put back."
)
FILE_FORGED_OR_LINE_LOST = N_(
    "{place} does not match the journal: it was changed outside of shelterctl, an older version was put "
    "back, or its line in the journal was lost."
)
FILE_UNSAVED = N_("{place} is in the store, but no computer of this store saved it.")
FILE_UNNAMED_LINES_LOST = N_(
    "{place} is in the store, but no line of the journal names it; lines of the journal were lost."
)
LOOK_AND_DECIDE = N_(
    "See what it says, and decide, with: shelterctl repair journal. Leave it in its place until then; its "
    "line may be one of those lost."
)
LAY_FILE_ASIDE = N_("Set it aside: {aside}. It does not open, so nobody can say whose it is.")
FILE_UNNAMED = N_("{place} is in the store, but no line of the journal names it.")
COMPARE_WITH_SHEET_FIRST = N_(
    "Compare the store with the sheet in the safe first: shelterctl check --remember. Leave the file in its "
    "place: this computer remembers nothing of the store, so lines may be missing."
)
RESTORE_NEWEST_COPY = N_(
    "Restore the newest whole copy with: shelterctl restore. Leave the file in its place, because the "
    "journal may lack lines, and tell the data officer."
)
FILE_SAVED_AFTER_END = N_(
    "{place} was saved by the computer {device} after it was shut out ({why}), so its line in the journal "
    "does not count."
)
LOOK_IF_UNAWARE = N_(
    "Ask whether a colleague wrote it without knowing of that. If so, see what it says, and decide, with: "
    "shelterctl repair journal. Leave it in its place until then."
)
BACKUP_OR_LOOK = N_(
    "Restore the earlier version from a backup: {repair}. If a colleague may have written it without knowing "
    "of that, first see what it says: shelterctl repair journal"
)
GIVEN_UP_FILE_BACK = N_("{place} was given up here, but it is here again; nothing proves it.")
FILE_NOT_IN_STORE = N_("This store has no {place}.")
CHECK_ID_AND_STORE = N_("Check the id, and check that --store names the right folder.")
FILE_GONE = N_("{place} was saved here but is missing.")


def mismatch_error(
    name: str, found: bytes | None, head: FileHead | None, identity: Identity, journal: Journal
) -> errors.ShelterError:
    """Return the error for bytes *found* under *name* that are not those of *head*, for which the *journal* vouches."""
    if found is None and (head is None or head.now is None):
        return errors.NotFound("vault/not-found", FILE_NOT_IN_STORE, hint=CHECK_ID_AND_STORE, place=name)
    facts = {"place": name, "repair": repair_command(name)}
    if found is None:
        return errors.Damaged("vault/gone", FILE_GONE, hint=REPAIR_FILE_FROM_BACKUP, **facts)
    opens = not name.endswith(".age") or _can_be_opened(found, name, identity)
    if device := journal.logs.saved_behind(name, hash_version(found)):
        return _saved_after_end_error(name, device, head, journal, opens=opens)
    if head is None or head.now is None:
        return _unsaved_file_error(
            name, head, journal, opens=opens, remembers=journal.remembered is not None or not identity.device
        )
    if not opens:
        return damaged_file_error(name)
    message = FILE_FORGED_OR_LINE_LOST if journal.count_lacking_lines() > 0 else FILE_FORGED
    return errors.Damaged("vault/forged", message, hint=REPAIR_FILE_FROM_BACKUP, **facts)


def _unsaved_file_error(
    name: str, head: FileHead | None, journal: Journal, *, opens: bool, remembers: bool
) -> errors.Damaged:
    """Return the error for a file that no line vouches for; the hint depends on whether its line may have been lost."""
    facts = {"place": name, "aside": repair_command(name, "--give-up --reason-code CODE")}
    if not journal.chain.root:
        return errors.Damaged("vault/unsaved", FILE_UNNAMED, hint=RESTORE_NEWEST_COPY, **facts)
    if head is not None:
        return errors.Damaged("vault/unsaved", GIVEN_UP_FILE_BACK, hint=TAKE_OUT_FILE, **facts)
    if journal.count_lacking_lines() > 0:
        return errors.Damaged(
            "vault/unsaved", FILE_UNNAMED_LINES_LOST, hint=LOOK_AND_DECIDE if opens else LAY_FILE_ASIDE, **facts
        )
    if not remembers:
        return errors.Damaged("vault/unsaved", FILE_UNNAMED, hint=COMPARE_WITH_SHEET_FIRST, **facts)
    return errors.Damaged("vault/unsaved", FILE_UNSAVED, hint=TAKE_OUT_FILE, **facts)


def _saved_after_end_error(
    name: str, device: str, head: FileHead | None, journal: Journal, *, opens: bool
) -> errors.Damaged:
    """Return the error for a file that a device saved after it was shut out; a backup may have the earlier version."""
    end, before = journal.chain.devices[device].ended, head is not None and head.now is not None
    facts = {"place": name, "device": device, "why": WHY_ENDED[end.why] if end else "", "repair": repair_command(name)}
    facts["aside"] = repair_command(name, "--give-up --reason-code tampered_with")
    if before:
        return errors.Damaged(
            "vault/shut-out", FILE_SAVED_AFTER_END, hint=BACKUP_OR_LOOK if opens else REPAIR_FILE_FROM_BACKUP, **facts
        )
    return errors.Damaged(
        "vault/shut-out", FILE_SAVED_AFTER_END, hint=LOOK_IF_UNAWARE if opens else LAY_FILE_ASIDE, **facts
    )


def _can_be_opened(found: bytes, name: str, identity: Identity) -> bool:
    try:
        read_age_header(found, name)
        identity.open(found)
    except (errors.CannotOpen, errors.Damaged):
        return False
    return True
