"""Why a store is not believed, and what to do."""

from collections.abc import Sequence

from shelterctl import errors
from shelterctl.trust.chain_state import TRUST_LIST_FILE, Branch
from shelterctl.ui_language import N_

RECOVERY_PAPER = N_("the recovery paper")
NO_DEVICE_CONCERNED = N_("nobody")
MAY_NOT_CHANGE_TRUST = N_("This computer may not change the list of who may read and write.")
REPAIR_TRUST = N_(
    "Put the list back from what this computer remembers, or from a backup: shelterctl repair --trust [--from BACKUP]. "
    "Tell the data officer."
)
TRUST_LIST_CHANGED = N_(
    "The list of who may read and write is damaged, or was changed by someone: trust.jsonl, line {line}."
)


def statement_changed_error(line: int) -> errors.Damaged:
    """The error of a statement that nobody who may make it has signed so."""
    return errors.Damaged("trust/changed", TRUST_LIST_CHANGED, hint=REPAIR_TRUST, place=TRUST_LIST_FILE, line=line)


TRUST_LIST_GONE = N_("The list of who may read and write is gone: trust.jsonl.")


def chain_lost_error() -> errors.Damaged:
    """The error of a store whose chain is gone, though lines that rest on it are there."""
    return errors.Damaged("trust/lost", TRUST_LIST_GONE, hint=REPAIR_TRUST, place=TRUST_LIST_FILE)


TRUST_LIST_PARTED_BY_ONE_KEY = N_(
    "The list of who may read and write was continued in two ways with one key, that of: {device}."
)
ONE_KEY_ON_TWO_COMPUTERS = N_(
    "One key is used on two computers, or was copied. Change nothing, and tell the data officer."
)


def one_key_twice_error(device: str) -> errors.Damaged:
    """The error of a statement that one key continued in two ways: that of a device, or of the paper."""
    return errors.Damaged(
        "trust/one-key-twice",
        TRUST_LIST_PARTED_BY_ONE_KEY,
        hint=ONE_KEY_ON_TWO_COMPUTERS,
        device=device or RECOVERY_PAPER,
    )


TRUST_LIST_PARTED = N_(
    "The list of who may read and write has parted in two. By {first}, from {first_on}: shut out {first_out}, admitted "
    "{first_in}. By {second}, from {second_on}: shut out {second_out}, admitted {second_in}."
)
LET_PAPER_DECIDE = N_(
    "Call each other, then let the recovery paper decide who stays: shelterctl repair --trust --recovery FILE. Until "
    "then nothing can be opened here. If you do not know one of them, tell the data officer first."
)


def list_forked_error(branches: Sequence[Branch]) -> errors.Conflict:
    """The error of a list that two continued, each on its own: who they are, and what each did."""
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
    """Who made a branch, from which day on, and what was done in it, by codes."""
    nobody: list[object] = [NO_DEVICE_CONCERNED]
    return {
        "": [code or RECOVERY_PAPER for code in branch.made_by()],
        "_on": branch.since,
        "_out": [*branch.shut_out()] or nobody,
        "_in": [*branch.admitted()] or nobody,
    }


KEY_NOT_ON_TRUST_LIST = N_(
    "This key never agreed to this store: its signature is not on the list of who may read and write."
)
STORE_MAY_BE_ANOTHER = N_(
    "Someone may have put another store in its place: change nothing, and tell the data officer. If it is another "
    "house's store, name that house's key file with --identity."
)


def key_not_in_store_error() -> errors.Damaged:
    """The error of a key that is asked to believe a store into which it never signed itself."""
    return errors.Damaged("trust/not-mine", KEY_NOT_ON_TRUST_LIST, hint=STORE_MAY_BE_ANOTHER)


PAPER_WAS_REPLACED = N_("This recovery paper was replaced by a later one.")
TAKE_NEWEST_PAPER = N_("Take the newest paper. The old one still opens backups from its own time.")


def paper_replaced_error() -> errors.CannotOpen:
    """The error of a paper that a later one took the place of."""
    return errors.CannotOpen("trust/paper-replaced", PAPER_WAS_REPLACED, hint=TAKE_NEWEST_PAPER)


OLDER_TRUST_LIST = N_(
    "An older list of who may read and write was put back, or another one in its place. This computer remembers more "
    "of it."
)


def older_list_error() -> errors.Damaged:
    """The error of a chain that lacks statements that this computer has seen, or has others in their place."""
    return errors.Damaged("trust/older-list", OLDER_TRUST_LIST, hint=REPAIR_TRUST)


TRUST_ENTRIES_NEW = N_(
    "The list of who may read and write has changed since this computer saw it last: new entries {count}."
)
ACCEPT_TRUST_ENTRIES = N_(
    "See it with: shelterctl trust. If you know of the change, accept it with: shelterctl trust --accept. If not, "
    "stop, change nothing, and call the data officer."
)


def unacknowledged_error(count: int) -> errors.Conflict:
    """Why nothing is written while there are statements that nobody here has looked at."""
    return errors.Conflict("trust/new-device", TRUST_ENTRIES_NEW, hint=ACCEPT_TRUST_ENTRIES, count=count)


STORE_NOT_REMEMBERED = N_(
    "This computer remembers nothing of this store, so it cannot tell whether an older state was put back."
)
COMPARE_WITH_SHEET = N_("Take the sheet in the safe, and compare with: shelterctl check --remember")


def no_memory_error() -> errors.Damaged:
    """Why nothing is written where this computer remembers nothing of the store."""
    return errors.Damaged("trust/no-memory", STORE_NOT_REMEMBERED, hint=COMPARE_WITH_SHEET)


SHUT_OUT_WRITES_NOTHING = N_("This device was shut out of the store; it can write nothing here.")
REGISTER_NEW_COMPUTER = N_(
    "Ask the data officer. A new computer is registered with: shelterctl trust --join --recovery FILE"
)


def device_shut_out_error() -> errors.CannotOpen:
    """Why a device that was shut out writes nothing."""
    return errors.CannotOpen("trust/shut-out", SHUT_OUT_WRITES_NOTHING, hint=REGISTER_NEW_COMPUTER)


FILE_SEALED_SINCE_SHUT_OUT = N_(
    "{place} was sealed anew since this computer was shut out of the store; it opens here no more."
)


def sealed_anew_error(place: str) -> errors.CannotOpen:
    """The error of a file that was sealed anew after this device was shut out."""
    return errors.CannotOpen("trust/shut-out", FILE_SEALED_SINCE_SHUT_OUT, hint=REGISTER_NEW_COMPUTER, place=place)


STORE_NOT_TAKEN_OVER = N_(
    "This store was made by shelterctl 0.1.0. It can be read, and nothing is written before it is taken over."
)
BACK_UP_AND_TAKE_OVER = N_("Make a backup, then take it over with: shelterctl trust --begin")


def take_over_first_error() -> errors.Conflict:
    """Why nothing is written to a store of 0.1.0 before it was taken over."""
    return errors.Conflict("trust/begin", STORE_NOT_TAKEN_OVER, hint=BACK_UP_AND_TAKE_OVER)


TRUST_LIST_OF_NEWER_VERSION = N_(
    "The list of who may read and write was continued by a newer shelterctl; the store can only be read here."
)
UPDATE_OR_REPAIR_TRUST = N_(
    "Update shelterctl on this computer to go on with it. If nobody of the house has a newer one, call the data "
    "officer, and put this computer's own list back: shelterctl repair --trust"
)


def newer_chain_error() -> errors.Conflict:
    """Why nothing is written to a store whose chain has statements of a later version."""
    return errors.Conflict("trust/newer", TRUST_LIST_OF_NEWER_VERSION, hint=UPDATE_OR_REPAIR_TRUST)
