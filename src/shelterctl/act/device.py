"""The devices and the paper of a store: a store of 0.1.0 taken over, a new computer admitted, changes accepted."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from shelterctl import bound, document, errors, machine
from shelterctl.act.backups import backups_at, passed_over
from shelterctl.act.founding import secrets_of
from shelterctl.act.repair import aside
from shelterctl.act.reseal import sealed_anew
from shelterctl.desk import Desk, now_at
from shelterctl.identity import Identity
from shelterctl.journal import Journal
from shelterctl.language import N_
from shelterctl.store import SECRETS, STAFF, TRUST, OldMemory, Store, name_of, open_store
from shelterctl.store.seal import Seals
from shelterctl.trust import APART, Chain, Memory, accepted, admitted, followed, founded, stand, verdict
from shelterctl.trust.standing import read_chain
from shelterctl.vault import Change, Vault

ALREADY = N_("This store has its list of who may read and write already; there is nothing to take over.")
NOT_NOTED = N_("The computer could not note what it has to remember of the store; nothing was taken over.")
ROOM = N_("Make room on the disk, then run the command again.")
NOT_THE_PAPER = N_("That is not the recovery key of this store.")
NOT_SIGNED = N_("The paper of this store has not signed it yet, so it cannot admit a computer.")
DRILL = N_("On a computer that works with the store: shelterctl check --recovery FILE. Then come back.")
HERE_ALREADY = N_("This computer works with the store already; there is nothing to join.")
KEY_OUT = N_("The key of this computer was shut out of the store, and never joins again.")
SET_ASIDE = N_(
    "Give the file of the key another name, {file}, and run the same command again: it makes a new key. The old one "
    "still opens the backups of its time."
)
WHOLE = N_("{place} is whole; there is nothing to repair.")
NO_LIST = N_("Neither this computer nor a backup there has a list of who may read and write that this key signed.")
ANOTHER = N_("Try another backup. On a new computer restore a whole backup with the recovery paper.")
SOME_BROKEN = N_(
    "Files of the store that are not whole: {count}, first {place}. A computer can join a whole store only."
)
REPAIR_FIRST = N_("Put them right first, or join a store that was restored from a whole backup.")


def accept_paper(here: Desk, paper: Identity) -> None:
    """Let the paper sign the chain, together with this device."""
    vault = here.store.vault
    vault.extend(accepted(vault.journal.chain, paper, here.signs, here.at, here.store.identity))


def begin(here: Desk, paper: Identity | None, *, remembered: bool) -> Chain:
    """Take a store of 0.1.0 over: root and chain, staff.yaml without devices, a key for the codes of sheets.

    Before the root is written nothing else is: whoever is interrupted begins again. *remembered* is whether this
    computer knew how far the store had come.
    """
    store, key = here.store, here.store.identity
    old = store.vault.journal
    if old.chain.root:
        raise errors.Usage("trust/begun", ALREADY)
    recipient = store.staff.value["recovery"]["age"]
    if paper and paper.recipient != recipient:
        raise errors.CannotOpen("check/another-key", NOT_THE_PAPER)
    by = store.staff.value["devices"][key.device]["staff"]
    at = here.at
    _, lines = old.whole_lines(str(key.device))
    adopts = {
        "device": key.device,
        "lines": lines.count(b"\n"),
        "sha256": hashlib.sha256(lines).hexdigest(),
        "remembered": remembered,
    }
    chain = founded(store.vault.journal.chain.store, key, by, paper or recipient, at, adopts)
    memory = Memory(here.heads, chain.root, key)
    journal = Journal(store.root / "journal", chain, key, memory)
    # Remembered first: a root that this computer does not remember closes the store.
    if not memory.keep(chain, journal.heads(), old.latest() or ""):
        raise errors.Disk("trust/not-noted", NOT_NOTED, hint=ROOM)
    with store.vault.lock(), machine.disk(TRUST):
        # In one step: half a root would be a damaged one.
        machine.replace(store.root / TRUST, chain.lines)
    _settle(here, Vault(store.root, key, chain.recipients, journal), by, at)
    return chain


def _settle(here: Desk, vault: Vault, by: str, at: str) -> None:
    """What else a take-over does; its last act is the one by which it is seen to be finished."""
    chain = vault.journal.chain
    OldMemory(here.heads / chain.store, here.store.identity).begin(chain.root)
    stored, version = vault.stored(STAFF)
    people = {"schema": "staff/2", "staff": document.read(stored).value["staff"]}
    changes = [
        Change(STAFF, document.write(people).encode(), version),
        Change(SECRETS, document.write(secrets_of(here.day.isoformat())).encode(), None),
    ]
    vault.write_all(changes, did="trust", by=by, at=at)


def unfinished(store: Store) -> bool:
    """Whether a store was taken over and its files were not brought along: the computer stopped in between."""
    return bool(store.vault.journal.chain.adopts) and SECRETS not in store.vault.journal.files()


def finish(here: Desk) -> None:
    """Bring along what an interrupted take-over left."""
    _settle(here, here.store.vault, here.signs, here.at)


def to_join(old: Store) -> dict[str, tuple[bytes, str]]:
    """What every sealed file says that is to be sealed anew, and its version. Raises where the paper can admit nobody.

    Before a key is made, and a passphrase typed for it.
    """
    if not old.vault.journal.chain.root:
        raise verdict.of_0_1_0()
    return _all_of(old)


def is_out(chain: Chain, key: Identity) -> bool:
    """Whether the device of that key was shut out."""
    known = chain.devices.get(str(key.device))
    return bool(known and known.ended)


def key_out(file: Path) -> errors.CannotOpen:
    """Why a key that was shut out never joins again, and how its computer does: by a new key, the old one set aside."""
    home = Path.home()  # whose computer it is stands in no message
    shown = Path("~") / file.relative_to(home) if file.is_relative_to(home) else Path("…") / file.name
    return errors.CannotOpen("trust/key-out", KEY_OUT, hint=SET_ASIDE, file=str(shown))


def join(
    old: Store, heads: Path, whole: Mapping[str, tuple[bytes, str]], device: Identity, *, staff: str, at: str
) -> Store:
    """Let the paper that opened *old* admit this computer, and seal every file anew so that it opens here too.

    Interrupted, it is taken up by the same words: a device that is admitted already is not admitted twice.
    """
    root, chain = old.root, old.vault.journal.chain
    known = chain.devices.get(str(device.device))
    if not known:
        chain = admitted(chain, device, staff, staff, at, old.identity)
    # Sealed before the computer is admitted: a block that is damaged must not leave it admitted to what it cannot read.
    seals = Seals(old.shelf.tracks, old.shelf.blocks, lambda part: chain.recipients, old.identity)
    changes = _renewed(old, seals, whole, at)
    if not known:
        old.vault.extend(chain)
    # It remembers the store only once it can read it: until then the same words take it up.
    journal = Journal(root / "journal", chain, device, Memory(heads, chain.root, device))
    vault = Vault(root, device, chain.recipients, journal)
    if vault.needs_recovery():
        vault.recover()  # it stopped on the way: what had happened is in its place now, sealed in other versions
        old.vault.journal.refresh()
        changes = _renewed(old, seals, _all_of(old), at)
    vault.write_all(changes, did="join", by=staff, at=at)
    return open_store(root, device, old.shelf, heads)


def _renewed(old: Store, seals: Seals, whole: Mapping[str, tuple[bytes, str]], at: str) -> list[Change]:
    """Every file sealed anew, so that the computer which joins can open it too."""
    return [sealed_anew(old, name, read, at[:10], seals=seals) for name, read in whole.items()]


def _all_of(store: Store) -> dict[str, tuple[bytes, str]]:
    """What every sealed file says, and its version. Raises Damaged where one is not whole."""
    whole, broken = {}, []
    for name in sorted(name for name in store.vault.journal.files() if name.endswith(".age")):
        try:
            whole[name] = store.vault.read(name)
        except errors.ShelterError:
            broken.append(name)
    if broken:
        facts = {"count": len(broken), "place": broken[0]}
        raise errors.Damaged("trust/not-whole", SOME_BROKEN, hint=REPAIR_FIRST, **facts)
    return whole


def put_back(here: Desk, folder: Path | None, alone: Callable[[errors.ShelterError], bool]) -> int:
    """Put the trust chain back from what this computer remembers, else from a backup; how many statements it has.

    Where the list parted, or has what only a newer program knows, *alone* says, by why nothing is written, whether it
    is to go on as if nobody else had continued it: then it is what this computer remembers. Raises Conflict where that
    is not wanted.
    """
    key, root = here.key, here.root
    parted: errors.ShelterError | None = None
    try:
        if standing := stand(root, key, here.heads):
            parted = standing.closed if standing.closed and standing.closed.code == "trust/newer" else None
            if parted is None:
                raise errors.Usage("repair/whole", WHOLE, place=TRUST)
    except (errors.Damaged, errors.CannotOpen, errors.Conflict) as trouble:
        if trouble.code == APART[0]:
            parted = trouble
    if parted and not alone(parted):
        raise parted
    backups, broken = backups_at(folder) if folder else [], dict[Path, str]()
    found = [*_remembered(here, key)]
    found += [] if found and parted else _backed_up(backups, key, broken)
    if not found:
        raise errors.NotFound("repair/no-list", NO_LIST, hint=ANOTHER)
    # A store that was taken over twice has had two roots: its journal is signed for the one that is meant.
    fitting = [chain for chain in found if not Journal(root / "journal", chain, key).verify()]
    best = max(fitting or found, key=lambda chain: len(chain.lines))
    longer = {backup: code for backup, code in broken.items() if _statements(backup) > len(best.digests)}
    passed_over(longer, backups, TRUST)
    with machine.disk(TRUST):
        aside(root, TRUST)
        machine.replace(root / TRUST, best.lines)
    store = open_store(root, key, here.shelf, here.heads)
    if not store.vault.closed:
        by, at = best.devices[str(key.device)].staff, now_at(store.offset).isoformat(timespec="minutes")
        store.vault.note({"statements": len(best.digests)}, did="repair", by=by, at=at)
    return len(best.digests)


def _remembered(here: Desk, key: Identity) -> Iterator[Chain]:
    """The chains of this store that this computer remembers, and that its key signed."""
    for name in machine.names_in(here.heads):
        if name.endswith(".trust"):
            with suppress(errors.ShelterError):
                chain = followed(machine.read_regular(here.heads / name, bound.TRUST), 0)
                if Memory(here.heads, chain.root, key).recall() and chain.store == (name_of(here.root) or chain.store):
                    yield chain


def _backed_up(backups: Collection[Path], key: Identity, broken: dict[Path, str]) -> Iterator[Chain]:
    """The chains of backups that the key signed; those that are *broken*, and the code of what is wrong, are noted."""
    for backup in backups:
        try:
            if standing := stand(backup, key, None):
                yield standing.chain
        except errors.ShelterError as trouble:
            broken[backup] = trouble.code


def _statements(backup: Path) -> int:
    """Count the whole lines of a backup's trust.jsonl, signed or not; a list that cannot be read counts as endless."""
    try:
        return (read_chain(backup) or b"").count(b"\n")
    except errors.ShelterError:
        return bound.STATEMENTS + 1
