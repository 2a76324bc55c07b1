"""A copy of a store believed, and this computer's memory brought in line with it."""

from collections.abc import Mapping
from pathlib import Path

from shelterctl import errors, machine
from shelterctl.act.comparison import asked_number, compared
from shelterctl.act.recovery import unsigned
from shelterctl.desk import Desk, now_at, walked
from shelterctl.identity import Identity
from shelterctl.journal import Journal
from shelterctl.journal.line import digest_of
from shelterctl.language import N_
from shelterctl.store import TRUST, OldMemory, Store, open_store
from shelterctl.trust import Memory, followed, known_words, otherwise, verdict, within

FORGETFUL = N_("What this device remembers of the store could not be brought in line with the backup.")
ROOM = N_("Make room on the disk of this device, then run the command again.")
PROVE = N_("Nothing proves that a backup of 0.1.0 is the store that this paper belongs to.")
BEFORE = N_(
    "This backup is from before the last changes of that device; a newer one has them. Only where there is none: "
    "restore it with the recovery paper (--identity PAPER), join with a new key (trust --join --recovery PAPER "
    "--identity NEW), and shut that device out again."
)
READ_ONLY = N_("Take the key of the device that made it. To read it all the same, and rely on nothing: add --unproven.")


def believed(
    here: Desk, part: Path, key: Identity, number: int | None, words: str | None, *, unproven: bool
) -> tuple[Store, bool]:
    """The copy in *part*, opened by *key*, and whether it was compared with what this computer or its people remember.

    A list of devices that this computer knows better is put right: no backup brings back whoever was shut out.
    """
    # A paper that has not signed yet is believed by the words of the root alone; any other may bring those of a number.
    known = known_words(words) if words and unsigned(part, key) else None
    store = open_store(part, key, here.shelf, None, words=known)
    chain = store.vault.journal.chain
    if not chain.root and key.device is None and not unproven:
        raise errors.Damaged("restore/unproven", PROVE, hint=READ_ONLY)
    memory = _memory(here, store)
    if memory and chain.root and (seen := memory.chain()) and not within(seen, chain.lines):
        if memory.recall() and followed(seen, 0) and not within(chain.lines, seen):
            raise otherwise(chain.lines, seen)
        with machine.disk(TRUST):
            machine.replace(part / TRUST, seen)
        try:
            store = open_store(part, key, here.shelf, None, words=known)
        except errors.Damaged as trouble:
            if trouble.code == "journal/shut-out":
                raise errors.Damaged("journal/shut-out", trouble.message, hint=BEFORE, **trouble.facts) from None
            raise
    journal = store.vault.journal
    seen_so_far = memory.recall(journal.chain.lines) if memory else None
    if seen_so_far and chain.root and journal.chain.up_to(seen_so_far.trust[0]) != seen_so_far.trust[1]:
        raise verdict.older_list()
    if not chain.root:
        return store, seen_so_far is not None
    sitting = seen_so_far is None and walked(here) and not here.json
    held = compared(journal, asked_number(number, sitting=sitting), None if known else words)
    return store, held or seen_so_far is not None


def given_up(here: Desk, store: Store) -> dict[str, int] | None:
    """How many lines of each device this computer remembers and the copy lacks; None where it lacks none of them."""
    memory = _memory(here, store)
    known, journal = memory.recall() if memory else None, store.vault.journal
    heads = journal.heads()
    return {
        device: max(0, head[0] - heads.get(device, (0, 0, ""))[0])
        for device, head in (known.journals if known else {}).items()
        if not _has(journal, device, head)
    } or None


def brought_in_line(here: Desk, store: Store, lost: Mapping[str, int] | None) -> None:
    """Accept that the copy is older than what this device remembers: to restore it is to want it so.

    A signed line says what is *lost*, and lines that follow have numbers beyond theirs. The paper remembers nothing.
    """
    key, vault = store.identity, store.vault
    memory = _memory(here, store)
    if memory is None:
        return
    chain = vault.journal.chain
    known = memory.recall(chain.lines)
    heads = vault.journal.heads()
    if known and lost and chain.root and not chain.devices[str(key.device)].ended and not chain.newer:
        # Signed before anything is forgotten: whoever is interrupted in between does the whole once more.
        vault.closed = None
        at = now_at(store.offset).isoformat(timespec="minutes")
        # The number for the sheet never falls: what others wrote and is given up is counted on here.
        own = str(key.device)
        beyond = known.journals.get(own, (0, 0, ""))[0] + sum(lost.values()) - lost.get(own, 0)
        gone = {device: known.journals[device][0] for device in lost}
        more = {"lost": sum(lost.values()), "beyond": gone}
        vault.note(more, did="restore", by=chain.devices[own].staff, at=at, beyond=beyond)
    vault.journal = Journal(vault.journal.folder, chain, key, memory)
    # Statements that came with the backup are still to be looked at, as those that come by themselves are.
    first = b"".join(chain.lines.splitlines(keepends=True)[: known.trust[0]]) if known else b""
    looked_at = followed(first, known.trust[0]) if known and first else None
    if not vault.journal.adopt(looked_at, known.journals if known and lost else None) and heads:
        raise errors.Disk("restore/remembered", FORGETFUL, hint=ROOM)


def _has(journal: Journal, device: str, head: tuple[int, int, str]) -> bool:
    """Whether the copy has all the lines of that device that this computer has seen."""
    if device not in journal.chain.devices:
        return False
    if journal.chain.devices[device].ended:  # what counts of it is there, else nothing would be believed
        return True
    return digest_of(journal.whole_lines(device)[1], head[1]) == head[2]


def _memory(here: Desk, store: Store) -> Memory | None:
    """What this computer remembers of that store; the paper remembers nothing."""
    chain, key = store.vault.journal.chain, store.identity
    if key.device is None:
        return None
    return Memory(here.heads, chain.root, key) if chain.root else OldMemory(here.heads / chain.store, key)
