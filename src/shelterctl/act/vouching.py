"""A file whose line was lost, or lies behind the end of a device: shown as it was read, and signed for by choice."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from shelterctl import bound, contract, document, errors, machine
from shelterctl.act.repair import among, head_of, offset_of, save
from shelterctl.act.reseal import for_readers_now
from shelterctl.act.unnamed import shut_out, unnamed
from shelterctl.core.tree import VERSIONS
from shelterctl.desk import Desk, now_at
from shelterctl.language import N_
from shelterctl.library import Shelf, read_schema
from shelterctl.shape import Shape
from shelterctl.store import DIRECTORY, RECORD, SECRETS, SHELTER, STAFF, Store, present
from shelterctl.vault import Change

WHOLE = N_("{place} is whole; there is nothing to sign for.")
SWAPPED = N_("{place} is not what was shown: it was changed since. Nothing was signed.")
AGAIN = N_("Look at what it says now, with: shelterctl repair journal. If nobody of the house changed it, ask who did.")
UNFIT = N_("It is no whole file of this store, so nobody can sign for it. Lay it aside: {aside}")
NO_HASH = N_("--vouch takes a file and the SHA-256 of what was shown: 64 signs.")
SEE = N_("See what each file says, and its SHA-256, with: shelterctl repair journal")
_SHA256 = re.compile("[0-9a-f]{64}")

SHAPES: Mapping[str, Callable[[Shelf], Mapping[str, Any]]] = {
    SHELTER: contract.shelter,
    STAFF: contract.staff,
    DIRECTORY: contract.directory,
    SECRETS: lambda _: read_schema("secrets"),
}


class Unproven(NamedTuple):
    """A file of which no line that counts speaks: its bytes, their sha256, and what they say.

    *device* saved it after it was shut out; there is none where the line of the file was lost. *before* says whether
    something else was saved under its name, which a backup may have.
    """

    name: str
    data: bytes
    version: str
    says: Mapping[str, Any]
    device: str = ""
    before: bool = False


def unproven(store: Store) -> Iterator[Unproven]:
    """Whole files whose line may have been lost, none where no line is lacking, and those saved behind an end.

    Of the former a file is never among them of which any line of any device speaks, whatever lies in its place: what a
    line names is not signed for otherwise.
    """
    names = dict.fromkeys(unnamed(store), "") | shut_out(store)
    found = (one for name in sorted(names) if (one := _read(store, name)))
    return (one._replace(device=names[one.name], before=_before(store, one.name)) for one in found)


def others(store: Store, waiting: Collection[Unproven]) -> Iterator[tuple[str, errors.ShelterError]]:
    """What else lies there and is not what a line names, or should lie there, by its file: it is never signed for."""
    known = {one.name for one in waiting} | store.wrong.keys()  # what is wrong there is told anyway
    unfit = {*unnamed(store), *(name for name in shut_out(store) if not head_of(store, name))}
    for name in sorted((present(store.root) | store.vault.journal.files()) - known):
        try:
            store.vault.stored(name)
        except errors.ShelterError as error:
            if name in unfit:
                error = errors.Damaged(error.code, error.message, hint=UNFIT, **error.facts)
            yield name, error


def chosen(store: Store, typed: str, version: str) -> Unproven:
    """The file that is named, if it may be signed for and is still what was shown.

    Raises the error of a file that is damaged, or that is not what a line names; Conflict where it was changed.
    """
    if not _SHA256.fullmatch(version := version.casefold()):
        raise errors.Usage("repair/no-hash", NO_HASH, hint=SEE)
    name = among(present(store.root), typed)
    try:
        store.vault.stored(name)
    except errors.Damaged as damage:
        found = next((one for one in unproven(store) if one.name == name), None)
        if found is None:
            raise damage
    else:
        raise errors.Usage("repair/whole", WHOLE, place=name)
    if found.version != version:
        raise _swapped(name)
    return found


def vouch(here: Desk, one: Unproven) -> None:
    """Sign for the bytes of a file that somebody has seen. Raises Conflict where others lie there by now."""
    store = here.store
    with machine.disk(one.name):
        if machine.read_regular(store.root / one.name, bound.of(one.name)) != one.data:
            raise _swapped(one.name)
    at = now_at(offset_of(store.root)).isoformat(timespec="minutes")
    if one.device:  # the device that saved it may not read any more
        more = {"vouched": True, "device": one.device}
        change = Change(one.name, one.data, head_of(store, one.name), repairs=True, sealed=True, more=more)
        save(here, for_readers_now(store, change, at[:10]))
        return
    change = Change(one.name, one.data, None, repairs=True, sealed=True, more={"vouched": True})
    store.vault.write_all([for_readers_now(store, change, at[:10])], did="repair", by=here.signs, at=at)
    store.acts.append("repair")
    store.wrong.clear()


def _before(store: Store, name: str) -> bool:
    """Whether a line that counts says what is saved under that name."""
    with suppress(errors.Conflict):
        return bool(head_of(store, name))
    return True


def _read(store: Store, name: str) -> Unproven | None:
    """The file as it lies, read once; None where it is not a whole one of this store, sealed to just its readers."""
    with suppress(errors.ShelterError, document.Unreadable), machine.disk(name):
        data = machine.read_regular(store.root / name, bound.of(name))
        says = document.read(store.vault.opened(name, data), document.KEPT).value
        if _is_sound(store, name, says):
            says = store.moving.read(says) if RECORD.fullmatch(name) else says
            return Unproven(name, data, hashlib.sha256(data).hexdigest(), says)
    return None


def _is_sound(store: Store, name: str, says: Mapping[str, Any]) -> bool:
    """Whether a file has the shape of what its name says. Raises Damaged where what is sealed in it lies wrong."""
    if found := RECORD.fullmatch(name):
        store.seals.opened(says)
        return says.get("id") == found[1] and says.get("schema") in VERSIONS and not store.record_shape.findings(says)
    if name == SHELTER and says.get("store") != store.vault.journal.chain.store:
        return False
    return name in SHAPES and not Shape(SHAPES[name](store.shelf)).findings(says)


def _swapped(name: str) -> errors.Conflict:
    return errors.Conflict("repair/swapped", SWAPPED, hint=AGAIN, place=name)
