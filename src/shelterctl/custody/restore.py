"""Restoring a backup: whether a copy of the store can be trusted, and how this computer's memory is brought in line
with it.
"""

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

MEMORY_NOT_BROUGHT_IN_LINE = N_(
    "This computer could not bring what it remembers about the store in line with the backup."
)
MAKE_ROOM_ON_DEVICE = N_("Make room on the disk of this computer, then run the command again.")
OLD_BACKUP_NOT_PROVEN = N_(
    "This backup was made by version 0.1.0, and nothing proves that it is the store of this paper."
)
BACKUP_BEFORE_LAST_CHANGES = N_(
    "Use a newer backup: this one is from before that computer's last changes. Only if there is none: "
    "restore it with the recovery paper (--identity PAPER), join with a new key (trust --join --recovery "
    "PAPER --identity NEW), and shut that computer out again."
)
READ_UNPROVEN = N_("Use the key of the computer that made it. To read it without any proof, add --unproven.")


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
    """Open the copy in *part* with *key*. Return the store, and whether it was compared with this computer's memory or
    the sheet.

    If this computer remembers nothing of the store, *ask_number* asks for the number. If it knows a newer list of
    devices, the copy gets that one: no backup brings back a device that was shut out.
    """
    # A paper that has not signed yet is trusted by the words of the root alone; others may use those of a number.
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
    """Return, for each device, the number of lines that this computer remembers and the copy lacks; None if it lacks
    none.
    """
    memory = _memory_of_store(session, store)
    known, journal = memory.recall() if memory else None, store.vault.journal
    heads = journal.heads()
    return {
        device: max(0, head[0] - heads.get(device, (0, 0, ""))[0])
        for device, head in (known.journals if known else {}).items()
        if not _has_all_lines(journal, device, head)
    } or None


def bring_memory_in_line(session: Session, store: Store, lost: Mapping[str, int] | None) -> None:
    """Accept that the copy is older than this device's memory: that is what restoring it means.

    A signed line says how many lines are *lost*, and later lines have numbers beyond theirs. The recovery paper has no
    memory.
    """
    key, vault = store.identity, store.vault
    memory = _memory_of_store(session, store)
    if memory is None:
        return
    chain = vault.journal.chain
    known = memory.recall(chain.lines)
    heads = vault.journal.heads()
    if known and lost and chain.root and not chain.devices[str(key.device)].ended and not chain.newer:
        # Sign before forgetting anything: after an interruption the whole is done again.
        vault.closed_because = None
        at = now_at(store.offset).isoformat(timespec="minutes")
        # The number for the sheet never falls: the given-up lines of other devices are added to it here.
        own = str(key.device)
        beyond = known.journals.get(own, (0, 0, ""))[0] + sum(lost.values()) - lost.get(own, 0)
        gone = {device: known.journals[device][0] for device in lost}
        more = {"lost": sum(lost.values()), "beyond": gone}
        vault.add_journal_note(more, did="restore", by=chain.devices[own].staff, at=at, beyond=beyond)
    vault.journal = Journal(vault.journal.folder, chain, key, memory)
    # Statements that came with the backup still have to be looked at, like any other new ones.
    first = b"".join(chain.lines.splitlines(keepends=True)[: known.trust[0]]) if known else b""
    looked_at = verify_chain(first, known.trust[0]) if known and first else None
    if not vault.journal.remember_anew(looked_at, known.journals if known and lost else None) and heads:
        raise errors.DiskError("restore/remembered", MEMORY_NOT_BROUGHT_IN_LINE, hint=MAKE_ROOM_ON_DEVICE)


def _has_all_lines(journal: Journal, device: str, head: tuple[int, int, str]) -> bool:
    """Whether the copy has all the lines of a device that this computer has seen."""
    if device not in journal.chain.devices:
        return False
    if journal.chain.devices[device].ended:  # the lines that count are there, else the store would not open
        return True
    return hash_beginning(journal.whole_lines(device)[1], head[1]) == head[2]


def _memory_of_store(session: Session, store: Store) -> StoreMemory | None:
    """Return this computer's memory of a store; None if the key is the recovery paper's, which has none."""
    chain, key = store.vault.journal.chain, store.identity
    if key.device is None:
        return None
    return (
        StoreMemory(session.memory_folder, chain.root, key)
        if chain.root
        else OldStoreMemory(session.memory_folder / chain.store, key)
    )
