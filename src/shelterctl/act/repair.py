"""A store put right: a file from a backup, a file given up, a journal mended, the list of devices put back; each signed."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl import bound, document, errors, machine
from shelterctl.act.founding import secrets_of
from shelterctl.desk import Desk, now_at
from shelterctl.identity import Identity
from shelterctl.journal import Journal, Strand, joined, laid_out, whole_again
from shelterctl.language import N_
from shelterctl.store import (
    ASIDE,
    DIRECTORY,
    FILE,
    SECRETS,
    SHELTER,
    STAFF,
    TRUST,
    Store,
    file_of,
    is_store,
    open_store,
    read_id,
    store_of,
)
from shelterctl.trust import Chain, Memory, Standing, followed, stand, verdict
from shelterctl.trust.standing import read_chain
from shelterctl.vault import Change, Vault

WHOLE = N_("{place} is whole; there is nothing to repair.")
UNKNOWN = N_("There is no such file in this store.")
NAME_ONE = N_("Name a client by her id, a file as check names it, or journal.")
NO_BACKUP = N_("No backup of this store lies there.")
NAMED_SO = N_("Name the folder of a backup, or the folder that the backups lie in.")
NOT_IN_IT = N_("No backup there has a version of {place} that this store once saved and that opens.")
TRY = N_(
    "Try another backup. If there is none, give the file up: shelterctl repair {file} --give-up --reason-code CODE"
)
SOUND = N_("Nothing in the journals is broken.")
NO_LIST = N_("Neither this computer nor a backup there has a list of devices that this key signed.")
ANOTHER = N_("Try another backup. On a new computer restore a whole backup with the recovery paper.")
OTHERS = N_("A line of {place} is broken, and this computer cannot sign for another device's journal.")
FROM_BACKUP = N_("Bring the line back from a backup: shelterctl repair journal --from BACKUP")

REASONS = ("no_backup", "disk_failed", "tampered_with", "other")
"""Why a file is given up."""


class Mended(NamedTuple):
    """What was done to the journals: lines brought back, lines signed for, lines lost, files vouched for anew."""

    back: int = 0
    signed: int = 0
    lost: int = 0
    vouched: Sequence[str] = ()


def named(store: Store, typed: str) -> str:
    """The file that is meant: a client's by her id, else by its place in the store; NotFound if there is none."""
    names = store.vault.journal.files() | {SHELTER, STAFF, DIRECTORY, SECRETS}
    if typed in names:
        return typed
    with suppress(errors.Usage):
        if (name := file_of(read_id(typed))) in names:
            return name
    raise errors.NotFound("repair/unknown", UNKNOWN, hint=NAME_ONE)


def is_whole(store: Store, name: str) -> bool:
    """Whether the file is what was saved, opens, and is what its name says."""
    try:
        found = FILE.fullmatch(name)
        if found:
            store.read(found[1])
        else:
            _judged(store, name, store.vault.read(name)[0])
        return name not in store.wrong
    except (errors.Damaged, errors.CannotOpen, errors.NotFound):
        return False


def backups_in(folder: Path) -> list[Path]:
    """The backup that *folder* is, or those that lie in it, whole or not."""
    if is_store(folder):
        return [folder]
    found = [folder / name for name in machine.names_in(folder) if is_store(folder / name)]
    if not found:
        raise errors.NotFound("repair/no-backup", NO_BACKUP, hint=NAMED_SO)
    return sorted(found, reverse=True)


def from_backup(here: Desk, name: str, folder: Path) -> int:
    """Put the newest version that a backup has in the place of what is damaged; how many later ones are lost.

    Only bytes are taken that a line of this store names for this very file, and that our own key opens.
    """
    store = here.store
    order = _versions(store, name)
    best: tuple[int, bytes] | None = None
    for backup in backups_in(folder):
        with suppress(errors.ShelterError), machine.disk(name):
            data = machine.read_regular(backup / name, bound.of(name))
            version = hashlib.sha256(data).hexdigest()
            if version in order and (best is None or order[version] > best[0]) and _opens(store, name, data):
                best = (order[version], data)
    if best is None:
        file = name if (found := FILE.fullmatch(name)) is None else found[1]
        raise errors.NotFound("repair/not-in-backup", NOT_IN_IT, hint=TRY, place=name, file=file)
    lost = max(order.values()) - best[0]
    _written(here, Change(name, best[1], _head(store, name), repairs=True, sealed=True, more={"lost": lost}))
    return lost


def give_up(here: Desk, name: str, reason: str, words: str | None) -> None:
    """Sign that the file is lost; of the house's own files an empty one takes its place. The words go into the directory."""
    store, changes = here.store, []
    fresh = _fresh(here, name)
    data = document.write(fresh).encode() if fresh else None
    changes.append(Change(name, data, _head(store, name), repairs=True, more={"reason": reason}))
    entry = here.stamp.entry(
        {"file": name, "on": here.today.isoformat(), "reason": reason, **({"words": words} if words else {})}
    )
    if name == DIRECTORY:
        changes[0] = changes[0]._replace(data=document.write({**(fresh or {}), "given_up": [entry]}).encode())
    elif is_whole(store, DIRECTORY):
        held = store.directory
        noted = {**held.value, "given_up": [*(held.value.get("given_up") or ()), entry]}
        changes.append(Change(DIRECTORY, document.write(noted).encode(), held.version))
    _written(here, *changes)


def _written(here: Desk, *changes: Change) -> None:
    """The repair as one act, once what it takes the place of is laid aside."""
    store = here.store
    for change in changes:
        if change.repairs:
            _aside(store.root, change.name)
    at = (
        here.at
        if SHELTER not in {change.name for change in changes}
        else now_at("+06:00").isoformat(timespec="minutes")
    )
    store.vault.write_all(list(changes), did="repair", by=here.by, at=at)
    store.acts.append("repair")
    store.wrong.clear()


def _aside(root: Path, name: str) -> None:
    """Lay what is damaged aside under its hash: somebody may still get something out of it."""
    with suppress(errors.ShelterError, OSError):
        data = machine.read_regular(root / name, bound.JOURNAL)
        machine.private_folder(root / ASIDE)
        with suppress(FileExistsError):
            place = f"{hashlib.sha256(data).hexdigest()[:16]}-{name.rpartition('/')[2]}"
            machine.write_new(root / ASIDE / place, data)


def _fresh(here: Desk, name: str) -> dict[str, Any] | None:
    """What takes the place of a file of the house itself; nothing takes that of a client's."""
    if name == SHELTER:
        return {
            "schema": "shelter/1",
            "store": here.store.vault.journal.chain.store,
            "facilities": {},
            "time_zone": "+06:00",
        }
    if name == STAFF:
        return {"schema": "staff/2", "staff": {here.by: {"role": "manager", "since": here.day.isoformat()}}}
    if name == SECRETS:
        return secrets_of(here.day.isoformat())
    return {"schema": "directory/1"} if name == DIRECTORY else None


def _head(store: Store, name: str) -> str | None:
    head = store.vault.journal.head(name)
    return head.now if head else None


def _versions(store: Store, name: str) -> dict[str, int]:
    """Every version of the file that a line named, by its order."""
    journal = store.vault.journal
    return {version: place for place, version in enumerate(journal.history(name))}


def _opens(store: Store, name: str, data: bytes) -> bool:
    """Whether these bytes of a backup open, and are what their name says."""
    with suppress(errors.ShelterError):
        said = store.vault.opened(name, data)
        _judged(store, name, said)
        return True
    return False


def _judged(store: Store, name: str, said: bytes) -> None:
    """That what a file says is a record of this name. Raises Damaged."""
    try:
        value = document.read(said).value
    except document.Unreadable as error:
        raise errors.Damaged("store/unreadable", WHOLE, place=name) from error
    found = FILE.fullmatch(name)
    if found and (
        value.get("id") != found[1] or (value.get("schema") == "resident/1" and store.record_shape.findings(value))
    ):
        raise errors.Damaged("store/another-client", WHOLE, place=name)


def standing_of(here: Desk) -> Standing:
    """How this computer's key stands in the store, whatever its journals and files are like."""
    standing = stand(here.root, here.key, here.heads)
    if standing is None:
        raise verdict.of_0_1_0()
    if standing.closed:
        raise standing.closed
    return standing


def journals(here: Desk, folder: Path | None, *, vouch: bool) -> tuple[Mended, list[str]]:
    """Mend the journals: bring broken lines back where their words can be proved, sign for the rest, and say what is lost.

    Files that are whole and that no line names any more are given back too: they can be signed for with *vouch*, once a
    person has looked at them.
    """
    standing, key = standing_of(here), here.key
    chain, memory = standing.chain, standing.memory
    assert memory is not None
    backups = backups_in(folder) if folder else []
    by, at = chain.devices[str(key.device)].staff, now_at(_offset(here.root)).isoformat(timespec="minutes")
    journal = Journal(here.root / "journal", chain, key, memory)
    vault = Vault(here.root, key, chain.recipients, journal)
    back = 0
    mends: list[dict[str, Any]] = []
    with vault.lock():
        for device in journal.devices:
            brought, broken = _brought_back(here.root, device, chain, memory, backups)
            back += brought
            if broken and device != key.device and not _before(chain, device, str(key.device)):
                raise errors.Damaged("repair/another-device", OTHERS, hint=FROM_BACKUP, place=f"journal/{device}.jsonl")
            mends += broken
        known = memory.recall()
        own = known.journals.get(str(key.device), (0, 0, "")) if known else (0, 0, "")
        version = hashlib.sha256(machine.read_regular(here.root / SHELTER, bound.CLEAR)).hexdigest()
        if mends:
            journal.sign_for(mends, SHELTER, version, by=by, at=at, beyond=own[0])
        fresh = Journal(journal.folder, chain, key)
        lost = max(0, own[0] - fresh.heads().get(str(key.device), (0, 0, ""))[0]) if known else 0
        has = not known or all(_remembers(journal.folder, device, head) for device, head in known.journals.items())
        if not has or mends:
            memory.put(chain, fresh.heads(), fresh.latest() or "")
    if back or not has:
        _note(vault, journal, back, lost, by, at, own[0])
    store = open_store(here.root, key, here.shelf, here.heads)
    waiting = [name for name in _unvouched(store)]
    if vouch and waiting:
        changes = [
            Change(name, machine.read_regular(store.root / name, bound.of(name)), _head(store, name), repairs=True, sealed=True,
                   more={"vouched": True}) for name in waiting
        ]  # fmt: skip
        store.vault.write_all(changes, did="repair", by=by, at=at)
    return Mended(back, len(mends), lost, waiting if vouch else ()), [] if vouch else waiting


def _note(vault: Vault, journal: Journal, back: int, lost: int, by: str, at: str, beyond: int) -> None:
    """The signed line that says what was done, shown for ever."""
    journal.refresh()
    data = machine.read_regular(vault.root / SHELTER, bound.CLEAR)
    head = journal.head(SHELTER)
    version = head.now if head else None
    same = hashlib.sha256(data).hexdigest() == version
    step = Change(SHELTER, data, version, repairs=not same, more={"lost": lost, "lines": back})
    vault.write_all([step], did="repair", by=by, at=at, beyond=beyond)


def _brought_back(
    root: Path, device: str, chain: Chain, memory: Memory, backups: Sequence[Path]
) -> tuple[int, list[dict[str, Any]]]:
    """One journal with every broken line brought back that can be, written; how many, and those that cannot."""
    path = root / "journal" / f"{device}.jsonl"
    raw = b""
    with suppress(errors.NotFound), machine.disk(f"journal/{device}.jsonl"):
        raw = machine.read_regular(path, bound.JOURNAL)
    others = [read for backup in backups if (read := _raw(backup, device))]
    known = memory.recall()
    _, size, digest = known.journals.get(device, (0, 0, "")) if known else (0, 0, "")
    for other in others:  # a backup that has all that is remembered, and more than lies here
        if size and hashlib.sha256(other[:size]).hexdigest() == digest and len(other) >= size:
            if raw[: len(other)] != other:
                _replaced(root, path, other, raw)
            return (0, []) if raw[: len(other)] == other else (other.count(b"\n"), [])
    lines = laid_out(raw)
    found = whole_again(lines, device, chain, others, _mended_before(lines, device))
    proved = [one for one in found if one.words is not None]
    whole = joined(lines, found)
    longer = max((other for other in others if other.startswith(whole)), key=len, default=whole)
    if longer != raw and (proved or longer != whole or lines != raw):
        _replaced(root, path, longer, raw)
    broken = [
        {"device": device, "line": one.number, "sha256": _first(longer, one.number)}
        for one in found
        if one.words is None
    ]
    changed = len(proved) + longer.count(b"\n") - whole.count(b"\n") + (lines != raw and not proved)
    return changed, broken


def _mended_before(lines: bytes, device: str) -> Mapping[int, str]:
    """Lines that were signed for before are no news."""
    return Strand("", None, lines, {}, False).mends(device)


def _first(lines: bytes, count: int) -> str:
    return hashlib.sha256(b"".join(lines.splitlines(keepends=True)[:count])).hexdigest()


def _replaced(root: Path, path: Path, lines: bytes, raw: bytes) -> None:
    """The journal with these lines in the place of what lies there, which is laid aside."""
    with machine.disk(f"journal/{path.name}"):
        if raw:
            _aside(root, f"journal/{path.name}")
        machine.private_folder(path.parent)
        machine.replace(path, lines)


def _raw(backup: Path, device: str) -> bytes:
    with suppress(errors.ShelterError), machine.disk(device):
        data = machine.read_regular(backup / "journal" / f"{device}.jsonl", bound.JOURNAL)
        return data[: data.rfind(b"\n") + 1]
    return b""


def _remembers(folder: Path, device: str, head: tuple[int, int, str]) -> bool:
    with suppress(errors.ShelterError), machine.disk(device):
        data = machine.read_regular(folder / f"{device}.jsonl", bound.JOURNAL)
        return hashlib.sha256(data[: head[1]]).hexdigest() == head[2]
    return False


def _before(chain: Chain, device: str, other: str) -> bool:
    """Whether a device was admitted before another, which may sign for what is broken in its journal."""
    order = list(chain.devices)
    return order.index(device) < order.index(other)


def _unvouched(store: Store) -> Iterator[str]:
    """Files that are whole records of this store, sealed to just its readers, and not what the journal names."""
    from shelterctl.store import present  # noqa: PLC0415

    for name in sorted(present(store.root)):
        try:
            store.vault.stored(name)
        except (errors.Damaged, errors.NotFound):
            with suppress(errors.ShelterError), machine.disk(name):
                data = machine.read_regular(store.root / name, bound.of(name))
                if _opens(store, name, data):
                    yield name


def _offset(root: Path) -> str:
    """The time zone as shelter.yaml says it, proved or not; a stamp needs one."""
    with suppress(errors.ShelterError, document.Unreadable, KeyError, TypeError), machine.disk(SHELTER):
        zone = str(document.read(machine.read_regular(root / SHELTER, bound.CLEAR)).value["time_zone"])
        if len(zone) == 6 and zone[0] in "+-" and zone[1:3].isdigit() and zone[4:].isdigit():
            return zone
    return "+06:00"


def trust(here: Desk, folder: Path | None) -> int:
    """Put the list of devices back from what this computer remembers, else from a backup; how many statements it has."""
    key, root = here.key, here.root
    lies = b""
    with suppress(errors.ShelterError):
        lies = read_chain(root) or b""
    with suppress(errors.ShelterError):
        if stand(root, key, here.heads):
            raise errors.Usage("repair/whole", WHOLE, place=TRUST)
    found = [*_remembered(here, key), *_backed_up(folder, key)]
    if not found:
        raise errors.NotFound("repair/no-list", NO_LIST, hint=ANOTHER)
    best = max(found, key=lambda chain: len(chain.lines))
    with machine.disk(TRUST):
        if lies:
            _aside(root, TRUST)
        machine.replace(root / TRUST, best.lines)
    store = open_store(root, key, here.shelf, here.heads)
    if not store.vault.closed:
        data, version = store.vault.read(SHELTER)
        step = Change(SHELTER, data, version, more={"statements": len(best.digests)})
        store.vault.write_all(
            [step],
            did="repair",
            by=best.devices[str(key.device)].staff,
            at=now_at(store.offset).isoformat(timespec="minutes"),
        )
    return len(best.digests)


def _remembered(here: Desk, key: Identity) -> Iterator[Chain]:
    """The chains of this store that this computer remembers, and that its key signed."""
    for name in machine.names_in(here.heads):
        if name.endswith(".trust"):
            with suppress(errors.ShelterError):
                chain = followed(machine.read_regular(here.heads / name, bound.TRUST), 0)
                memory = Memory(here.heads, chain.root, key)
                if memory.recall() and chain.store == (store_of(here.root) or chain.store):
                    yield chain


def _backed_up(folder: Path | None, key: Identity) -> Iterator[Chain]:
    for backup in backups_in(folder) if folder else []:
        with suppress(errors.ShelterError):
            standing = stand(backup, key, None)
            if standing:
                yield standing.chain
