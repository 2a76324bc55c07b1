"""Every file sealed anew to just those who may read now: what is left of it to do, the journal says itself.

A killed run is taken up by the next one, and each file is whole at every moment, as it was or sealed anew. A file that
is damaged is passed over and named; it waits until it was repaired.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from shelterctl import errors, output
from shelterctl.act.damage import note, shortened
from shelterctl.act.repair import offset_of
from shelterctl.act.reseal import sealed_anew
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, now_at, walked
from shelterctl.language import N_
from shelterctl.store.waiting import waiting
from shelterctl.vault import Change

SEALING = N_("Sealing the files anew")
DONE = N_("Files sealed anew: {sealed}. They open for just those who may read now.")
NOTHING = N_("No file waits to be sealed anew: each opens for just those who may read now.")
WAITING = N_("The files still wait to be sealed anew: shelterctl rekey")
BACKUP_HERE = N_("Now make a backup on each disk, so that the older ones can be erased.")
BACKUP = N_("Now make a backup on each disk, so that the older ones can be erased: shelterctl backup DIR")
LEFT = N_("Files that could not be sealed anew: {count} ({places}). They still open for whoever was shut out.")
GO_ON = N_("A note says what to do about each. Then run: shelterctl rekey")
FILES, BYTES = 16, 16 << 20
"""The most files and bytes that one act of a rekey seals anew: all of them are in memory at once."""

ROUNDS = 5
"""The most rounds of a rekey: a file that another command wrote to meanwhile is read again in the next one."""

CHANGED = "vault/changed"
"""The code of a file that somebody else wrote since it was read."""


class Rekeyed(NamedTuple):
    """The number of files sealed anew, and those that could not be, by name, each with its error."""

    sealed: int
    left: Mapping[str, errors.ShelterError]


def rekey(here: Desk) -> Rekeyed:
    """Seal anew whatever waits, an act of several files at a time; what is damaged is passed over and named.

    A file that somebody writes to meanwhile is looked at again: by then it may be done.
    """
    store, done = here.store, list[str]()
    store.vault.writable()
    names, left = waiting(store.vault), dict[str, errors.ShelterError]()
    for _ in range(ROUNDS):
        left = {}
        seen = output.watched(iter(names), len(names), SEALING) if walked(here) else names
        for changes in _acts(here, seen, left):
            done += _saved(here, changes, left)
        if all(error.code != CHANGED for error in left.values()):
            break
        names = waiting(store.vault)
    vars(store).pop("sheet_key", None)
    for name in done:  # as they lie now, each held against how many keys may open it
        try:
            store.vault.stored(name, counted=True)
        except errors.ShelterError as error:
            left[name] = error
    return Rekeyed(len(set(done) - left.keys()), left)


def answered(done: Rekeyed) -> Outcome:
    """The answer of a rekey; where files are left, with the exit code of what is gravest about them."""
    left = {name: done.left[name] for name in sorted(done.left)}
    data = {"sealed": done.sealed, "left": list(left)}
    said = ((DONE, {"sealed": done.sealed}),) if done.sealed else ()
    if not left:
        return Outcome(data=data, said=said or ((NOTHING, {}),))
    worst = min(left.values(), key=lambda error: (error.exit != errors.Exit.DAMAGED, error.exit))
    facts = {"count": len(left), "places": shortened(list(left))}
    harm = type(worst)("rekey/left", LEFT, hint=GO_ON, **facts)
    return Outcome(data=data, said=said, findings=tuple(note(error, name) for name, error in left.items()), harm=harm)


def finished(here: Desk) -> Outcome:
    """Seal the files anew after somebody was shut out, and answer what was done and that backups come next.

    What stops it, such as a full disk, is the harm of the answer: that somebody is out holds all the same.
    """
    try:
        done = answered(rekey(here))
    except errors.ShelterError as error:
        here.store.told[:] = [each for each in here.store.told if each.code != error.code]
        return Outcome(said=((WAITING, {}),), harm=error)
    return replace(done, said=(*done.said, *backup_next(here))) if done.data["sealed"] else done


def backup_next(here: Desk) -> Said:
    """The advice to make new backups: the older ones open for a device or a paper that was shut out."""
    return ((BACKUP_HERE if here.stays else BACKUP, {}),)


def _acts(here: Desk, names: Iterable[str], left: dict[str, errors.ShelterError]) -> Iterator[list[Change]]:
    """The files sealed anew, so many at a time as one act has; those that cannot be are *left*."""
    vault, day = here.store.vault, _now(here).date().isoformat()
    changes, size = list[Change](), 0
    for name in names:
        try:
            read = vault.read(name)
            changes.append(sealed_anew(here.store, name, read, day))
        except errors.ShelterError as error:
            left[name] = error
            continue
        size += len(read[0])
        if len(changes) >= FILES or size >= BYTES:
            yield changes
            changes, size = [], 0
    if changes:
        yield changes


def _saved(here: Desk, changes: Sequence[Change], left: dict[str, errors.ShelterError]) -> list[str]:
    """Save them as one act, and say which they are; none where one of them was written to meanwhile.

    One that cannot be saved, because it was damaged meanwhile or would be too large, stops none of the others.
    """
    names = [change.name for change in changes]
    try:
        here.store.save(changes, did="rekey", by=here.signs, at=_now(here).isoformat(timespec="minutes"))
        return names
    except (errors.Conflict, errors.Damaged, errors.Usage) as error:
        if error.code == CHANGED:
            left.update(dict.fromkeys(names, error))
            return []
        if isinstance(error, errors.Conflict) or error.facts.get("place") not in names:
            raise
        left[str(error.facts["place"])] = error
        rest = [change for change in changes if change.name not in left]
    return _saved(here, rest, left) if rest else []


def _now(here: Desk) -> datetime:
    """The real clock, also where shelter.yaml is the file that is damaged."""
    return now_at(offset_of(here.store.root))
