"""Errors about trust: why a store is not believed or not written to, and what to do."""

from collections.abc import Sequence

from shelterctl import errors
from shelterctl.trust.chain_state import TRUST_LIST_FILE, Branch
from shelterctl.ui_language import N_

RECOVERY_PAPER = N_("the recovery paper")
NO_DEVICE_CONCERNED = N_("nobody")
MAY_NOT_CHANGE_TRUST = N_("This computer may not change the list of who may read and write.")
REPAIR_TRUST = N_(
    "Restore the list from this computer's memory, or from a backup: shelterctl repair --trust [--from "
    "BACKUP]. Tell the data officer."
)
TRUST_LIST_CHANGED = N_(
    "The list of who may read and write is damaged, or was changed by someone: trust.jsonl, line {line}."
)


def statement_changed_error(line: int) -> errors.Damaged:
    """Return the error for a statement that was not signed like this by anybody who may make it."""
    return errors.Damaged("trust/changed", TRUST_LIST_CHANGED, hint=REPAIR_TRUST, place=TRUST_LIST_FILE, line=line)


TRUST_LIST_GONE = N_("The list of who may read and write is missing: trust.jsonl.")


def chain_lost_error() -> errors.Damaged:
    """Return the error for a store whose trust list is missing, although lines rest on it."""
    return errors.Damaged("trust/lost", TRUST_LIST_GONE, hint=REPAIR_TRUST, place=TRUST_LIST_FILE)


TRUST_LIST_PARTED_BY_ONE_KEY = N_(
    "The list of who may read and write was continued in two ways with the same key. Whose key: {device}."
)
ONE_KEY_ON_TWO_COMPUTERS = N_(
    "Change nothing, and tell the data officer: one key is used on two computers, or was copied."
)


def one_key_twice_error(device: str) -> errors.Damaged:
    """Return the error for a statement that one key, of a device or of the paper, continued in two ways."""
    return errors.Damaged(
        "trust/one-key-twice",
        TRUST_LIST_PARTED_BY_ONE_KEY,
        hint=ONE_KEY_ON_TWO_COMPUTERS,
        device=device or RECOVERY_PAPER,
    )


TRUST_LIST_PARTED = N_(
    "The list of who may read and write has split in two. By {first}, from {first_on}: shut out {first_out}, "
    "admitted {first_in}. By {second}, from {second_on}: shut out {second_out}, admitted {second_in}."
)
LET_PAPER_DECIDE = N_(
    "Call each other, then let the recovery paper decide who stays: shelterctl repair --trust --recovery "
    "FILE. Until then nothing opens here. If you do not know one of them, call the data officer first."
)


def list_forked_error(branches: Sequence[Branch]) -> errors.Conflict:
    """Return the error for a list that two parties continued, each on its own: who they are, and what each did."""
    return errors.Conflict(
        "trust/forked",
        TRUST_LIST_PARTED,
        hint=LET_PAPER_DECIDE,
        **{
            f"{place}{name}": fact
            for place, branch in zip(("first", "second"), branches, strict=False)
            for name, fact in _branch_facts(branch).items()
        },
    )


def _branch_facts(branch: Branch) -> dict[str, object]:
    """Return who made a branch, since which day, and what was done in it, by codes."""
    nobody: list[object] = [NO_DEVICE_CONCERNED]
    return {
        "": [code or RECOVERY_PAPER for code in branch.made_by()],
        "_on": branch.since,
        "_out": [*branch.shut_out()] or nobody,
        "_in": [*branch.admitted()] or nobody,
    }


KEY_NOT_ON_TRUST_LIST = N_("This key has not signed this store's list of who may read and write.")
STORE_MAY_BE_ANOTHER = N_(
    "Change nothing, and tell the data officer: someone may have put another store in its place. If this is "
    "another shelter's store, name that shelter's key file with --identity."
)


def key_not_in_store_error() -> errors.Damaged:
    """Return the error for a key that never signed itself into this store."""
    return errors.Damaged("trust/not-mine", KEY_NOT_ON_TRUST_LIST, hint=STORE_MAY_BE_ANOTHER)


PAPER_WAS_REPLACED = N_("This recovery paper was replaced by a later one.")
TAKE_NEWEST_PAPER = N_("Take the newest paper. The old one still opens backups from its time.")


def paper_replaced_error() -> errors.CannotOpen:
    """Return the error for a paper that was replaced by a later one."""
    return errors.CannotOpen("trust/paper-replaced", PAPER_WAS_REPLACED, hint=TAKE_NEWEST_PAPER)


OLDER_TRUST_LIST = N_(
    "The list of who may read and write is older than this computer remembers, or is another one: trust.jsonl."
)


def older_list_error() -> errors.Damaged:
    """Return the error for a chain that lacks statements that this computer has seen, or has others in their place."""
    return errors.Damaged("trust/older-list", OLDER_TRUST_LIST, hint=REPAIR_TRUST)


TRUST_ENTRIES_NEW = N_(
    "The list of who may read and write has changed since this computer last saw it. New entries: {count}."
)
ACCEPT_TRUST_ENTRIES = N_(
    "See the list with: shelterctl trust. If you know of the change, accept it with: shelterctl trust "
    "--accept. If not, stop, change nothing, and call the data officer."
)


def unacknowledged_error(count: int) -> errors.Conflict:
    """Return the error for writing while the list has statements that nobody here has looked at."""
    return errors.Conflict("trust/new-device", TRUST_ENTRIES_NEW, hint=ACCEPT_TRUST_ENTRIES, count=count)


STORE_NOT_REMEMBERED = N_(
    "This computer does not remember this store, so it cannot tell whether an older state was put back."
)
COMPARE_WITH_SHEET = N_("Compare the store with the sheet in the safe: shelterctl check --remember")


def no_memory_error() -> errors.Damaged:
    """Return the error for writing where this computer remembers nothing of the store."""
    return errors.Damaged("trust/no-memory", STORE_NOT_REMEMBERED, hint=COMPARE_WITH_SHEET)


SHUT_OUT_WRITES_NOTHING = N_("This computer was shut out of the store and cannot write to it.")
REGISTER_NEW_COMPUTER = N_(
    "Ask the data officer. A new computer is registered with: shelterctl trust --join --recovery FILE"
)


def device_shut_out_error() -> errors.CannotOpen:
    """Return the error for writing on a device that was shut out."""
    return errors.CannotOpen("trust/shut-out", SHUT_OUT_WRITES_NOTHING, hint=REGISTER_NEW_COMPUTER)


FILE_SEALED_SINCE_SHUT_OUT = N_(
    "{place} was sealed anew after this computer was shut out of the store, so it no longer opens here."
)


def sealed_anew_error(place: str) -> errors.CannotOpen:
    """Return the error for a file that was sealed anew after this device was shut out."""
    return errors.CannotOpen("trust/shut-out", FILE_SEALED_SINCE_SHUT_OUT, hint=REGISTER_NEW_COMPUTER, place=place)


STORE_NOT_TAKEN_OVER = N_(
    "This store was made by shelterctl 0.1.0. You can read it; to write to it, take it over first."
)
BACK_UP_AND_TAKE_OVER = N_("Make a backup, then take the store over with: shelterctl trust --begin")


def take_over_first_error() -> errors.Conflict:
    """Return the error for writing to a store of 0.1.0 before it is taken over."""
    return errors.Conflict("trust/begin", STORE_NOT_TAKEN_OVER, hint=BACK_UP_AND_TAKE_OVER)


TRUST_LIST_OF_NEWER_VERSION = N_(
    "The list of who may read and write was continued by a newer shelterctl, so you can only read the store here."
)
UPDATE_OR_REPAIR_TRUST = N_(
    "Update shelterctl on this computer. If nobody in the shelter has a newer one, call the data officer, "
    "and restore this computer's own list: shelterctl repair --trust"
)


def newer_chain_error() -> errors.Conflict:
    """Return the error for writing to a store whose chain has statements of a later version."""
    return errors.Conflict("trust/newer", TRUST_LIST_OF_NEWER_VERSION, hint=UPDATE_OR_REPAIR_TRUST)
