"""One file put right: from a backup, or given up under a name and a reason; each is a signed line."""

import hashlib
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl import bound, document, errors, machine
from shelterctl.act.backups import backups_at, passed_over
from shelterctl.act.founding import secrets_of
from shelterctl.act.reseal import for_readers_now, sealed_anew
from shelterctl.act.unnamed import shut_out, unnamed
from shelterctl.core.merging import Stamp
from shelterctl.desk import Desk, now_at
from shelterctl.language import N_
from shelterctl.library import shelf_name
from shelterctl.store import (
    ASIDE,
    DIRECTORY,
    RECORD,
    SECRETS,
    SHELTER,
    STAFF,
    Store,
    file_of,
    new_entry_id,
    read_id,
)
from shelterctl.store.newer import judged
from shelterctl.vault import Change, header_of

WHOLE = N_("{place} is whole; there is nothing to repair.")
UNKNOWN = N_("There is no such file in this store.")
NAME_ONE = N_("Name a client by her id, a file as check names it, or journal.")
NO_COPY = N_(
    "Name the folder of a backup, or the folder that the backups lie in. If there is none, give the file up: "
    "shelterctl repair {file} --give-up --reason-code CODE"
)
NOT_IN_IT = N_("No backup there has a version of {place} that this store once saved and that opens.")
TRY = N_(
    "Try another backup. If there is none, give the file up: shelterctl repair {file} --give-up --reason-code CODE"
)


_ZONE = re.compile(r"[+-](0[0-9]|1[0-4]):[0-5][0-9]")


def named(store: Store, typed: str) -> str:
    """The file that a repair is about: a client's by her id, else by its place; NotFound if the store has none."""
    lying = {*unnamed(store), *shut_out(store)}
    return among(store.vault.journal.files() | {SHELTER, STAFF, DIRECTORY, SECRETS} | lying, typed)


def among(names: Collection[str], typed: str) -> str:
    """The file of these *names* that is typed, by its place or a client's by her id; NotFound if none is."""
    if typed in names:
        return typed
    with suppress(errors.Usage):
        if (name := file_of(read_id(typed))) in names:
            return name
    raise errors.NotFound("repair/unknown", UNKNOWN, hint=NAME_ONE)


def is_whole(store: Store, name: str) -> bool:
    """Whether the file is what was saved, opens, is what its name says, and so is whatever is sealed in it."""
    return _is_readable(store, name) and _is_sound(store, name, store.vault.read(name)[0])


def _is_readable(store: Store, name: str) -> bool:
    """The same without a look at what is sealed in it."""
    try:
        found = RECORD.fullmatch(name)
        if found:
            store.read(found[1])
        else:
            _judged(store, name, store.vault.read(name)[0])
        return name not in store.wrong
    except (errors.Damaged, errors.CannotOpen, errors.NotFound):
        return False


def _is_sound(store: Store, name: str, said: bytes) -> bool:
    """Whether whatever is sealed in a client's file lies where it belongs, and opens for whom it should."""
    if not RECORD.fullmatch(name):
        return True
    try:
        return not any(store.seals.withheld(store.seals.opened(document.read(said, document.KEPT).value)))
    except errors.Damaged:
        return False


def from_backup(here: Desk, name: str, folder: Path) -> int:
    """Put the newest version that a backup has in the place of what is damaged; how many later ones are lost.

    Only bytes are taken that a line of this store names for this very file, and that our own key opens; those in which
    something sealed does not lie as it should only where there are no others, and no such file is here already. Raises
    Damaged where a later version is lost here and a backup that is not whole may have it.
    """
    store = here.store
    order = _versions(store, name)
    best: tuple[bool, int, bytes] | None = None
    file = name if (found := RECORD.fullmatch(name)) is None else found[1]
    try:
        backups = backups_at(folder)
    except errors.NotFound as none:
        raise errors.NotFound(none.code, none.message, hint=NO_COPY, file=file) from none
    broken: dict[Path, str] = {}
    for backup in backups:
        try:
            with machine.disk(name):
                data = machine.read_regular(backup / name, bound.of(name))
        except errors.ShelterError as trouble:
            if not isinstance(trouble, errors.NotFound):
                broken[backup] = trouble.code
            continue
        version = hashlib.sha256(data).hexdigest()
        if version in order and opens(store, name, data):
            sound = _is_sound(store, name, store.vault.opened(name, data))
            best = max(best or (sound, order[version], data), (sound, order[version], data))
        else:
            broken[backup] = "vault/damaged"
    if best is None or (not best[0] and _is_readable(store, name)):
        raise errors.NotFound("repair/not-in-backup", NOT_IN_IT, hint=TRY, place=name, file=file)
    lost = max(order.values()) - best[1]
    if lost:
        passed_over(broken, backups, name)
    back = Change(name, best[2], head_of(store, name), repairs=True, sealed=True, more={"lost": lost})
    save(here, for_readers_now(store, back, _now(here)[:10]))
    return lost


class Resealed(NamedTuple):
    """A file sealed anew, not saved yet, and how many blocks in it had no number though the file counts them."""

    change: Change
    uncounted: int


def resealed(here: Desk, name: str) -> Resealed:
    """A file sealed anew for just those who may read it: what it says stays as it is.

    Blocks without a number are counted on from the number outside of them. Raises Damaged where one has another number.
    """
    store = here.store
    stored, version = store.vault.stored(name)
    header_of(stored, name)
    said = store.identity.open(stored)
    _judged(store, name, said)
    change = sealed_anew(store, name, (said, version), _now(here)[:10])
    counted = change.more or {}
    return Resealed(change._replace(more={"resealed": True, **counted}), counted.get("uncounted", 0))


def give_up(here: Desk, name: str, reason: str, words: str | None) -> None:
    """Sign that the file is lost; an empty one takes the place of a house's own. Words go into the directory."""
    store, changes = here.store, []
    fresh = _fresh(here, name)
    data = document.write(fresh).encode() if fresh else None
    changes.append(Change(name, data, head_of(store, name), repairs=True, more={"reason": reason}))
    stamp = Stamp(new_entry_id, _now(here), here.by)
    entry = stamp.entry({"file": name, "on": stamp.at[:10], "reason": reason, **({"words": words} if words else {})})
    if name == DIRECTORY:
        changes[0] = changes[0]._replace(data=document.write({**(fresh or {}), "given_up": [entry]}).encode())
    elif is_whole(store, DIRECTORY):
        held = store.directory
        noted = {**held.value, "given_up": [*(held.value.get("given_up") or ()), entry]}
        changes.append(Change(DIRECTORY, document.write(noted).encode(), held.version))
    save(here, *changes)


def save(here: Desk, *changes: Change) -> None:
    """The repair as one act, once what it takes the place of is laid aside."""
    store = here.store
    for change in changes:
        if change.repairs:
            aside(store.root, change.name, away=change.data is None)
    store.vault.write_all(list(changes), did="repair", by=here.signs, at=_now(here))
    store.acts.append("repair")
    store.wrong.clear()


def _now(here: Desk) -> str:
    """The real clock, also where shelter.yaml is the file that is damaged."""
    return now_at(offset_of(here.store.root)).isoformat(timespec="minutes")


def aside(root: Path, name: str, *, away: bool = False) -> None:
    """Lay what is damaged aside under its hash: somebody may still get something out of it.

    What cannot be read goes *away* into that folder itself, and so does what nothing takes the place of. Raises Disk.
    """
    if machine.is_free(path := root / name):
        return
    data: bytes | None = None
    with suppress(errors.Damaged, OSError):
        data = machine.read_regular(path, bound.JOURNAL)
    with machine.disk(name):
        if not machine.is_plain_folder(root / ASIDE):
            raise machine.strange(root / ASIDE)
        machine.private_folder(root / ASIDE)
        place = root / ASIDE / f"{hashlib.sha256(data or b'').hexdigest()[:16]}-{path.name}"
        if data is None or away:
            machine.rename(path, _free(place))
        else:
            machine.replace(place, data)


def _free(place: Path) -> Path:
    """That place, or where something lies there already, the next one."""
    number = 2
    while not machine.is_free(place):
        place, number = place.with_name(f"{place.name.partition('~')[0]}~{number}"), number + 1
    return place


def offset_of(root: Path) -> str:
    """The time zone as shelter.yaml says it, proved or not: only a stamp needs it."""
    with suppress(errors.ShelterError, document.Unreadable, KeyError, TypeError), machine.disk(SHELTER):
        zone = str(document.read(machine.read_regular(root / SHELTER, bound.CLEAR)).value["time_zone"])
        if _ZONE.fullmatch(zone):
            return zone
    return "+06:00"


def _fresh(here: Desk, name: str) -> dict[str, Any] | None:
    """What takes the place of a file of the house itself; nothing takes that of a client's."""
    if name == SHELTER:
        shelf = shelf_name(here.shelf)
        return {
            "schema": "shelter/3" if shelf else "shelter/1",
            "store": here.store.vault.journal.chain.store,
            "facilities": {},
            "time_zone": "+06:00",
            **({"shelf": shelf} if shelf else {}),
        }
    if name == STAFF:
        return {"schema": "staff/2", "staff": {here.signs: {"role": "manager", "since": here.day.isoformat()}}}
    if name == SECRETS:
        return secrets_of(here.day.isoformat())
    return {"schema": "directory/1"} if name == DIRECTORY else None


def head_of(store: Store, name: str) -> str | None:
    """The version that the last line about the file names."""
    head = store.vault.journal.head(name)
    return head.now if head else None


def _versions(store: Store, name: str) -> dict[str, int]:
    """Every version of the file that a line named, by its order."""
    journal = store.vault.journal
    return {version: place for place, version in enumerate(journal.history(name))}


def opens(store: Store, name: str, data: bytes) -> bool:
    """Whether these bytes of a backup open, and are what their name says."""
    with suppress(errors.ShelterError):
        said = store.vault.opened(name, data)
        _judged(store, name, said)
        return True
    return False


def _judged(store: Store, name: str, said: bytes) -> None:
    """That what a file says is a record of this name. Raises Damaged."""
    try:
        value = document.read(said, document.KEPT).value
    except document.Unreadable as error:
        raise errors.Damaged("store/unreadable", WHOLE, place=name) from error
    found = RECORD.fullmatch(name)
    if found and value.get("id") != found[1]:
        raise errors.Damaged("store/another-client", WHOLE, place=name)
    if found:
        with suppress(errors.Conflict):  # a newer program or shelf wrote it: it is put back all the same
            judged(name, value, store.record_shape, store.shelf)
