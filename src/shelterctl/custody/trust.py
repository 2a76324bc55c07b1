"""Changes of the whole list of who may read and write: begun for a store of 0.1.0, joined by a new computer, put back
from memory or a backup, and settled after it diverged. Shutting out one device is in device.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from shelterctl import errors, limits
from shelterctl.custody.backup_choice import find_backups, refuse_passed_over
from shelterctl.custody.recovery import MAKE_ROOM_ON_DISK
from shelterctl.custody.rekey import reseal_file
from shelterctl.custody.repair import NOTHING_TO_REPAIR, lay_aside
from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document
from shelterctl.identity.keys import Identity
from shelterctl.journal.store_journal import Journal
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import list_folder, read_plain_file
from shelterctl.platform.writing import append_to_file, replace_file, truncate_file
from shelterctl.session import Session, now_at
from shelterctl.store.folder import SECRETS_FILE, STAFF_FILE, make_secrets
from shelterctl.store.opening import OldStoreMemory, open_store, read_store_name
from shelterctl.store.sealed_entries import SealedEntries
from shelterctl.store.store import Store
from shelterctl.trust import problems
from shelterctl.trust.chain import (
    add_device_to_chain,
    build_statement_tree,
    found_chain,
    parted_list_error,
    settle_chain,
    verify_chain,
)
from shelterctl.trust.chain_state import (
    TRUST_LIST_FILE,
    Branch,
    Chain,
    StatementTree,
    find_undone_admissions,
    join_lists,
    list_disputed_devices,
)
from shelterctl.trust.key_standing import PARTED_CODES, judge_key, read_chain_lines
from shelterctl.trust.memory import StoreMemory
from shelterctl.ui_language import N_
from shelterctl.vault.lock import lock_store
from shelterctl.vault.protocol import FileToSave, Vault, changed_meanwhile_error

TRUST_BEGUN_ALREADY = N_("This store already has its list of who may read and write; there is nothing to take over.")
TAKEOVER_NOT_NOTED = N_("This computer could not save what it has to remember about the store; nothing was taken over.")
NOT_THE_RECOVERY_KEY = N_("That is not the recovery key of this store.")
PAPER_CANNOT_ADMIT = N_("The recovery paper has not signed this store yet, so it cannot admit a computer.")
LET_PAPER_SIGN_FIRST = N_(
    "Run this on a computer that works with the store: shelterctl check --recovery FILE. Then come back here."
)
JOINED_ALREADY = N_("This computer already works with the store; there is nothing to join.")
KEY_SHUT_OUT = N_("The key of this computer was shut out of the store and can never join again.")
SET_KEY_ASIDE = N_(
    "Rename the key file {file} and run the same command again: it makes a new key. The old key still opens "
    "the backups of its time."
)
NO_SIGNED_LIST = N_(
    "Neither this computer nor a backup there has a list of who may read and write that this key signed."
)
TRY_BACKUP_OR_RESTORE = N_(
    "Try another backup. On a new computer, restore an undamaged backup with the recovery paper."
)
FILES_NOT_WHOLE = N_(
    "Damaged files in the store: {count}, the first is {place}. A computer can join only an undamaged store."
)
REPAIR_BEFORE_JOINING = N_("Repair them first, or join a store that was restored from an undamaged backup.")

TRUST_LIST_NOT_PARTED = N_(
    "As far as this computer knows, there is only one list of who may read and write; there is nothing to settle."
)
NAME_OTHER_COPY = N_("If another computer has another list, name its copy of the store: --from BACKUP")
BOTH_PAPERS_MUST_SIGN = N_("The two lists have different recovery papers, and both papers have to sign.")
NAME_BOTH_PAPERS = N_(
    "Name both, first the paper that stays in force: --recovery FILE --recovery FILE. If a stranger has one "
    "of them, put this computer's own list back instead: shelterctl repair --trust"
)
MOST_JOINED_LISTS = 8
"""The number of lists that one statement may join."""


def begin_trust(session: Session, paper: Identity | None, *, remembered: bool) -> Chain:
    """Take over a store of 0.1.0: write the root and the chain, staff.yaml without devices, and a key for sheet codes.

    The root is written first, so an interrupted take-over begins again. *remembered* says whether this computer knew
    how far the store had come.
    """
    store, key = session.store, session.store.identity
    old = store.vault.journal
    if old.chain.root:
        raise errors.UsageError("trust/begun", TRUST_BEGUN_ALREADY)
    recipient = store.staff.value["recovery"]["age"]
    if paper and paper.recipient != recipient:
        raise errors.CannotOpen("check/another-key", NOT_THE_RECOVERY_KEY)
    by = store.staff.value["devices"][key.device]["staff"]
    at = session.timestamp
    _, lines = old.whole_lines(str(key.device))
    digest = hashlib.sha256(lines).hexdigest()
    adopts = {"device": key.device, "lines": lines.count(b"\n"), "sha256": digest, "remembered": remembered}
    chain = found_chain(store.vault.journal.chain.store, key, by, paper or recipient, at, adopts)
    memory = StoreMemory(session.memory_folder, chain.root, key)
    journal = Journal(store.root / "journal", chain, key, memory)
    # Remember first: a root that this computer does not remember closes the store.
    if not memory.remember(chain, journal.heads(), old.latest_time() or ""):
        raise errors.DiskError("trust/not-noted", TAKEOVER_NOT_NOTED, hint=MAKE_ROOM_ON_DISK)
    with store.vault.lock(), translate_disk_errors(TRUST_LIST_FILE):
        # In one step, because half a root would be a damaged one.
        replace_file(store.root / TRUST_LIST_FILE, chain.lines)
    _write_takeover(session, Vault(store.root, key, journal), by, at)
    return chain


def _write_takeover(session: Session, vault: Vault, by: str, at: str) -> None:
    """Write the rest of a take-over; its last act marks it as finished."""
    chain = vault.journal.chain
    OldStoreMemory(session.memory_folder / chain.store, session.store.identity).remember_take_over(chain.root)
    stored, version = vault.read_stored(STAFF_FILE)
    people = {"schema": "staff/2", "staff": read_document(stored).value["staff"]}
    changes = [
        FileToSave(STAFF_FILE, format_document(people).encode(), version),
        FileToSave(SECRETS_FILE, format_document(make_secrets(session.computer_day.isoformat())).encode(), None),
    ]
    vault.write_all(changes, did="trust", by=by, at=at)


def is_takeover_unfinished(store: Store) -> bool:
    """Whether a store was taken over, but the computer stopped before its files were converted."""
    return bool(store.vault.journal.chain.adopts) and SECRETS_FILE not in store.vault.journal.files()


def finish_takeover(session: Session) -> None:
    """Convert the files that an interrupted take-over left."""
    _write_takeover(session, session.store.vault, session.journal_staff, session.timestamp)


def read_files_to_join(old: Store) -> dict[str, tuple[bytes, str]]:
    """Return the content and version of every file that a join re-encrypts. Raises an error if the paper can admit
    nobody.

    This comes before a key is made and a passphrase typed for it.
    """
    if not old.vault.journal.chain.root:
        raise problems.take_over_first_error()
    return _read_sealed_files(old)


def is_shut_out(chain: Chain, key: Identity) -> bool:
    """Whether the device of that key was shut out."""
    known = chain.devices.get(str(key.device))
    return bool(known and known.ended)


def key_shut_out_error(file: Path) -> errors.CannotOpen:
    """Return the error for a key that was shut out: it never joins again, but a new key does once the old file is
    renamed.
    """
    home = Path.home()  # no message shows the name of the user's folder
    shown = Path("~") / file.relative_to(home) if file.is_relative_to(home) else Path("…") / file.name
    return errors.CannotOpen("trust/key-out", KEY_SHUT_OUT, hint=SET_KEY_ASIDE, file=str(shown))


def join_store(
    old: Store, heads: Path, whole: Mapping[str, tuple[bytes, str]], device: Identity, *, staff: str, at: str
) -> Store:
    """Admit this computer by the paper that opened *old*, and re-encrypt every file so that it opens here too.

    After an interruption the same command goes on: a device that is admitted already is not admitted twice.
    """
    root, chain = old.root, old.vault.journal.chain
    known = chain.devices.get(str(device.device))
    if not known:
        chain = add_device_to_chain(chain, device, staff, staff, at, old.identity)
    # Encrypt before admitting the computer: a damaged block must not leave it admitted to files it cannot read.
    may_save = partial(chain.readership.may_save, staff)
    seals = SealedEntries(old.rulebook.tracks, old.rulebook.blocks, chain.readership.recipients, old.identity)
    changes = _reseal_files(old, seals, whole, at, may_save)
    if not known:
        old.vault.save_chain(chain)
    # It remembers the store only once it can read it; until then the same command goes on with the join.
    journal = Journal(root / "journal", chain, device, StoreMemory(heads, chain.root, device))
    vault = Vault(root, device, journal)
    if vault.needs_recovery():
        vault.recover()  # it was interrupted: what was done is in its place now, in other versions
        old.vault.journal.refresh()
        changes = _reseal_files(old, seals, _read_sealed_files(old), at, may_save)
    vault.write_all(changes, did="join", by=staff, at=at)
    if not changes:  # a role that saves no file writes no line, and remembers the store all the same
        journal.remember()
    return open_store(root, device, old.rulebook, heads)


def _reseal_files(
    old: Store,
    seals: SealedEntries,
    whole: Mapping[str, tuple[bytes, str]],
    at: str,
    may_save: Callable[[str], bool],
) -> list[FileToSave]:
    """Return every file re-encrypted that the computer that joins *may save*, by its name; the others stay as they are,
    until a manager encrypts them for it.
    """
    files = ((name, read) for name, read in whole.items() if may_save(name))
    return [reseal_file(old, name, read, at[:10], seals=seals) for name, read in files]


def _read_sealed_files(store: Store) -> dict[str, tuple[bytes, str]]:
    """Return the content and version of every encrypted file. Raises Damaged if one is damaged."""
    whole, broken = {}, []
    for name in sorted(name for name in store.vault.journal.files() if name.endswith(".age")):
        try:
            whole[name] = store.vault.read(name)
        except errors.ShelterError:
            broken.append(name)
    if broken:
        facts = {"count": len(broken), "place": broken[0]}
        raise errors.Damaged("trust/not-whole", FILES_NOT_WHOLE, hint=REPAIR_BEFORE_JOINING, **facts)
    return whole


def put_back_trust_list(session: Session, folder: Path | None, alone: Callable[[errors.ShelterError], bool]) -> int:
    """Put the trust chain back from what this computer remembers, else from a backup; return the number of its
    statements.

    If the list diverged, or has statements of a newer program, *alone* is asked, with the error, whether to go on with
    what this computer remembers. Raises that error if not.
    """
    key, root = session.key, session.root
    parted: errors.ShelterError | None = None
    try:
        if standing := judge_key(root, key, session.memory_folder):
            parted = standing.closed if standing.closed and standing.closed.code == "trust/newer" else None
            if parted is None:
                raise errors.UsageError("repair/whole", NOTHING_TO_REPAIR, place=TRUST_LIST_FILE)
    except (errors.Damaged, errors.CannotOpen, errors.Conflict) as trouble:
        if trouble.code == PARTED_CODES[0]:
            parted = trouble
    if parted and not alone(parted):
        raise parted
    backups, broken = find_backups(folder) if folder else [], dict[Path, str]()
    found = [*_remembered_chains(session, key)]
    found += [] if found and parted else _chains_in_backups(backups, key, broken)
    if not found:
        raise errors.NotFound("repair/no-list", NO_SIGNED_LIST, hint=TRY_BACKUP_OR_RESTORE)
    # A store that was taken over twice has had two roots: its journal is signed for the right one.
    fitting = [chain for chain in found if not Journal(root / "journal", chain, key).verify()]
    best = max(fitting or found, key=lambda chain: len(chain.lines))
    longer = {backup: code for backup, code in broken.items() if _count_statements(backup) > len(best.digests)}
    refuse_passed_over(longer, backups, TRUST_LIST_FILE)
    with translate_disk_errors(TRUST_LIST_FILE):
        lay_aside(root, TRUST_LIST_FILE)
        replace_file(root / TRUST_LIST_FILE, best.lines)
    store = open_store(root, key, session.rulebook, session.memory_folder)
    if not store.vault.closed_because:
        by, at = best.devices[str(key.device)].staff, now_at(store.offset).isoformat(timespec="minutes")
        store.vault.add_journal_note({"statements": len(best.digests)}, did="repair", by=by, at=at)
    return len(best.digests)


def _remembered_chains(session: Session, key: Identity) -> Iterator[Chain]:
    """Yield the chains of this store that this computer remembers and its key signed."""
    for name in list_folder(session.memory_folder):
        if name.endswith(".trust"):
            with suppress(errors.ShelterError):
                chain = verify_chain(read_plain_file(session.memory_folder / name, limits.TRUST_CHAIN_BYTES), 0)
                if StoreMemory(session.memory_folder, chain.root, key).recall() and chain.store == (
                    read_store_name(session.root) or chain.store
                ):
                    yield chain


def _chains_in_backups(backups: Collection[Path], key: Identity, broken: dict[Path, str]) -> Iterator[Chain]:
    """Yield the chains of backups that the key signed; *broken* backups are noted with the code of the error."""
    for backup in backups:
        try:
            if standing := judge_key(backup, key, None):
                yield standing.chain
        except errors.ShelterError as trouble:
            broken[backup] = trouble.code


def _count_statements(backup: Path) -> int:
    """Count the whole lines of a backup's trust.jsonl, signed or not; a list that cannot be read counts as endless."""
    try:
        return (read_chain_lines(backup) or b"").count(b"\n")
    except errors.ShelterError:
        return limits.TRUST_CHAIN_LINES + 1


class PartedList(NamedTuple):
    """A trust list that diverged: its branches, and its lines as they are in the store now."""

    tree: StatementTree
    stored_lines: bytes
    branches: Sequence[Branch]
    disputed: tuple[str, ...]
    """The devices over which the branches disagree."""

    @property
    def papers(self) -> set[str | None]:
        """The papers that have to sign, by their keys."""
        return {branch.state.paper[1] for branch in self.branches}

    def staff(self, device: str) -> str:
        """Return the code of the member of staff to whom a device belongs."""
        return next(branch.state.devices[device].staff for branch in self.branches if device in branch.state.devices)


class Settlement(NamedTuple):
    """A settlement by the paper, not yet written: the chain, the devices that it shuts out, and the admissions that it
    undoes.
    """

    chain: Chain
    shut_out: tuple[str, ...]
    without_effect: tuple[str, ...]
    ends_paper: bool
    """Whether one of two papers is no longer valid from now on."""


def read_parted_list(session: Session, folder: Path | None) -> PartedList:
    """Read the store's trust list with all its continuations: here, in this computer's memory, and in copies in
    *folder*.

    Raises the error of a list that is missing, damaged, or not signed by this key, or in which one key was used twice.
    """
    lies = read_chain_lines(session.root)
    if lies is None:
        raise problems.chain_lost_error()
    tree = build_statement_tree(lies, 0)
    memory = StoreMemory(session.memory_folder, next(iter(tree.statements)), session.key)
    known = memory.recall()
    others = [memory.read_copied_chain(known)] if known else []
    tree = build_statement_tree(join_lists([lies, *others, *(_lists_in_copies(folder, lies) if folder else ())]), 0)
    if not any(_is_signed_by(state, session.key) for state in tree.states.values()):
        raise problems.key_not_in_store_error()
    if len(tree.tips) > 1 and (
        (trouble := parted_list_error(tree)).code != PARTED_CODES[0] or len(tree.tips) > MOST_JOINED_LISTS
    ):
        raise trouble
    branches = tree.branches()
    return PartedList(tree, lies, branches, list_disputed_devices(branches))


def require_papers(lists: PartedList, papers: Sequence[Identity]) -> None:
    """Raise CannotOpen if these are not exactly the papers that have to sign."""
    given = {paper.signing_public for paper in papers}
    if given - lists.papers:
        raise errors.CannotOpen("check/another-key", NOT_THE_RECOVERY_KEY)
    if lists.papers - given:
        raise errors.CannotOpen("repair/both-papers", BOTH_PAPERS_MUST_SIGN, hint=NAME_BOTH_PAPERS)


def propose_settlement(
    session: Session, lists: PartedList, keep: Collection[str], papers: Sequence[Identity]
) -> Settlement:
    """Return the settlement by which only the devices in *keep*, of those in dispute, stay."""
    state = next(state for state in lists.tree.states.values() if _is_signed_by(state, session.key))
    founded = next(iter(lists.tree.statements.values()))
    at = now_at(str(founded.fields["at"])[-6:]).isoformat(timespec="minutes")
    chain = settle_chain(lists.tree, keep, papers, state.devices[str(session.key.device)].staff, at)
    gone, paper = find_undone_admissions(lists.branches, chain)
    return Settlement(chain, tuple(code for code in lists.disputed if code not in keep), gone, paper)


def write_settlement(session: Session, lists: PartedList, chain: Chain) -> None:
    """Write the list that the paper settled, after noting it on this computer. Raises Conflict, DiskError.

    The list here is only continued, so that every computer that remembers it finds all of it.
    """
    memory, place = StoreMemory(session.memory_folder, chain.root, session.key), session.root / TRUST_LIST_FILE
    with lock_store(session.root):
        if read_chain_lines(session.root) != lists.stored_lines:
            raise changed_meanwhile_error(TRUST_LIST_FILE)
        with translate_disk_errors(TRUST_LIST_FILE):
            memory.announce_chain(chain)
            truncate_file(place, len(lists.stored_lines))
            append_to_file(place, chain.lines[len(lists.stored_lines) :])
        if memory.recall():
            memory.remember(chain, {})


def find_settlement(lists: PartedList) -> Chain:
    """Return the chain that the paper settled already, for a command that is repeated after an interruption.

    New statements stay new until a person looks at them. Raises NotFound if the list never diverged, Damaged if the
    list here is older than the one that this computer remembers.
    """
    if lists.stored_lines.count(b"\n") < len(lists.tree.statements):
        raise problems.older_list_error()
    chain = verify_chain(lists.stored_lines, 0)
    if [*lists.tree.statements.values()][-1].kind != "settle":
        raise errors.NotFound("repair/not-parted", TRUST_LIST_NOT_PARTED, hint=NAME_OTHER_COPY)
    return chain


def _lists_in_copies(folder: Path, stored_lines: bytes) -> Iterator[bytes]:
    """Yield the lists of other copies of the store in *folder*; files that are no such list are skipped."""
    for copy in find_backups(folder):
        with suppress(errors.ShelterError):
            lines = read_chain_lines(copy) or b""
            if lines.partition(b"\n")[0] == stored_lines.partition(b"\n")[0] and build_statement_tree(lines, 0):
                yield lines


def _is_signed_by(state: Chain, key: Identity) -> bool:
    """Whether a state of the list has the device of this key."""
    device = state.devices.get(str(key.device))
    return device is not None and (device.sign, device.age) == (key.signing_public, key.recipient)
