"""A copy of a store believed, and this computer's memory brought in line with it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from shelterctl import errors
from shelterctl.custody.recovery import compare_with_sheet, is_paper_unsigned
from shelterctl.identity.keys import Identity
from shelterctl.identity.memorable_words import parse_fingerprint_words
from shelterctl.journal.line import hash_beginning
from shelterctl.journal.store_journal import Journal
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.writing import replace_file
from shelterctl.session import Session, now_at
from shelterctl.store.opening import OldStoreMemory, open_store
from shelterctl.store.store import Store
from shelterctl.trust import problems
from shelterctl.trust.chain import verify_chain
from shelterctl.trust.chain_state import TRUST_LIST_FILE, hash_lines, is_contained_in
from shelterctl.trust.key_standing import lacking_statements_error
from shelterctl.trust.memory import StoreMemory
from shelterctl.ui_language import N_

MEMORY_NOT_BROUGHT_IN_LINE = N_("What this device remembers of the store could not be brought in line with the backup.")
MAKE_ROOM_ON_DEVICE = N_("Make room on the disk of this device, then run the command again.")
OLD_BACKUP_NOT_PROVEN = N_("Nothing proves that a backup of 0.1.0 is the store that this paper belongs to.")
BACKUP_BEFORE_LAST_CHANGES = N_(
    "This backup is from before the last changes of that device; a newer one has them. Only where there is none: "
    "restore it with the recovery paper (--identity PAPER), join with a new key (trust --join --recovery PAPER "
    "--identity NEW), and shut that device out again."
)
READ_UNPROVEN = N_(
    "Take the key of the device that made it. To read it all the same, and rely on nothing: add --unproven."
)


def open_copy(
    session: Session,
    part: Path,
    key: Identity,
    number: int | None,
    words: str | None,
    *,
    unproven: bool,
    ask_number: Callable[[int | None], int | None],
) -> tuple[Store, bool]:
    """The copy in *part*, opened by *key*, and whether it was compared with what this computer or its people remember.

    Where this computer remembers nothing of it, *ask_number* asks for the number unless it is given. A list of devices
    that this computer knows better is put right: no backup brings back whoever was shut out.
    """
    # A paper that has not signed yet is believed by the words of the root alone; any other may bring those of a number.
    known = parse_fingerprint_words(words) if words and is_paper_unsigned(part, key) else None
    store = open_store(part, key, session.rulebook, None, words=known)
    chain = store.vault.journal.chain
    if not chain.root and key.device is None and not unproven:
        raise errors.Damaged("restore/unproven", OLD_BACKUP_NOT_PROVEN, hint=READ_UNPROVEN)
    memory = _memory_of_store(session, store)
    if memory and chain.root and (seen := memory.read_copied_chain()) and not is_contained_in(seen, chain.lines):
        if memory.recall() and verify_chain(seen, 0) and not is_contained_in(chain.lines, seen):
            raise lacking_statements_error(chain.lines, seen)
        with translate_disk_errors(TRUST_LIST_FILE):
            replace_file(part / TRUST_LIST_FILE, seen)
        try:
            store = open_store(part, key, session.rulebook, None, words=known)
        except errors.Damaged as trouble:
            if trouble.code != "journal/shut-out":
                raise
            raise errors.Damaged(
                "journal/shut-out", trouble.message, hint=BACKUP_BEFORE_LAST_CHANGES, **trouble.facts
            ) from None
    journal = store.vault.journal
    seen_so_far = memory.recall(journal.chain.lines) if memory else None
    if seen_so_far and chain.root and hash_lines(journal.chain.lines, seen_so_far.trust[0]) != seen_so_far.trust[1]:
        raise problems.older_list_error()
    if not chain.root:
        return store, seen_so_far is not None
    number = ask_number(number) if seen_so_far is None else number
    held = compare_with_sheet(journal, number, None if known else words)
    return store, held or seen_so_far is not None


def count_given_up_lines(session: Session, store: Store) -> dict[str, int] | None:
    """How many lines of each device this computer remembers and the copy lacks; None where it lacks none of them."""
    memory = _memory_of_store(session, store)
    known, journal = memory.recall() if memory else None, store.vault.journal
    heads = journal.heads()
    return {
        device: max(0, head[0] - heads.get(device, (0, 0, ""))[0])
        for device, head in (known.journals if known else {}).items()
        if not _has_all_lines(journal, device, head)
    } or None


def bring_memory_in_line(session: Session, store: Store, lost: Mapping[str, int] | None) -> None:
    """Accept that the copy is older than what this device remembers: to restore it is to want it so.

    A signed line says what is *lost*, and lines that follow have numbers beyond theirs. The paper remembers nothing.
    """
    key, vault = store.identity, store.vault
    memory = _memory_of_store(session, store)
    if memory is None:
        return
    chain = vault.journal.chain
    known = memory.recall(chain.lines)
    heads = vault.journal.heads()
    if known and lost and chain.root and not chain.devices[str(key.device)].ended and not chain.newer:
        # Signed before anything is forgotten: whoever is interrupted in between does the whole once more.
        vault.closed_because = None
        at = now_at(store.offset).isoformat(timespec="minutes")
        # The number for the sheet never falls: what others wrote and is given up is counted on here.
        own = str(key.device)
        beyond = known.journals.get(own, (0, 0, ""))[0] + sum(lost.values()) - lost.get(own, 0)
        gone = {device: known.journals[device][0] for device in lost}
        more = {"lost": sum(lost.values()), "beyond": gone}
        vault.add_journal_note(more, did="restore", by=chain.devices[own].staff, at=at, beyond=beyond)
    vault.journal = Journal(vault.journal.folder, chain, key, memory)
    # Statements that came with the backup are still to be looked at, as those that come by themselves are.
    first = b"".join(chain.lines.splitlines(keepends=True)[: known.trust[0]]) if known else b""
    looked_at = verify_chain(first, known.trust[0]) if known and first else None
    if not vault.journal.remember_anew(looked_at, known.journals if known and lost else None) and heads:
        raise errors.DiskError("restore/remembered", MEMORY_NOT_BROUGHT_IN_LINE, hint=MAKE_ROOM_ON_DEVICE)


def _has_all_lines(journal: Journal, device: str, head: tuple[int, int, str]) -> bool:
    """Whether the copy has all the lines of that device that this computer has seen."""
    if device not in journal.chain.devices:
        return False
    if journal.chain.devices[device].ended:  # what counts of it is there, else nothing would be believed
        return True
    return hash_beginning(journal.whole_lines(device)[1], head[1]) == head[2]


def _memory_of_store(session: Session, store: Store) -> StoreMemory | None:
    """What this computer remembers of that store; the paper remembers nothing."""
    chain, key = store.vault.journal.chain, store.identity
    if key.device is None:
        return None
    return (
        StoreMemory(session.memory_folder, chain.root, key)
        if chain.root
        else OldStoreMemory(session.memory_folder / chain.store, key)
    )
