"""Sealed entries of a client's file: opened for whoever may read their part, and sealed again when it is saved.

A file that is opened has what an entry says in the place of its block, and is never written so: whatever is saved
passes through `closed`. A block whose content is as it was read stays as it is: a file changes where something changed.
Each block is of a revision, which the file names outside of it: an older block that is put back is noticed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from shelterctl import document, errors
from shelterctl.core.finding import Finding
from shelterctl.core.track import Seal, Track
from shelterctl.core.tree import REVISIONS, STAMP
from shelterctl.identity import Identity
from shelterctl.language import N_
from shelterctl.store.closed import ABOVE, BLOCK, LISTED, UNFINISHED, closed_anew
from shelterctl.vault.block import BACKUP, BEGIN, FIRST, Inside, Place, Revision, hold, is_uncounted, seal, unseal

OUTSIDE = frozenset({*STAMP, "void", "track", "part", BLOCK})
"""What lies outside a block besides its markers."""

BLANK = f"{BEGIN}\n"
GONE = N_("{place} counts a sealed block that is not there any more ({entry}).")
OTHERWISE = N_("{place} says something else outside of a sealed block than in it ({entry}).")

Record = Mapping[str, Any]
Readers = Callable[[str], Sequence[str]]
"""Who may read a part: the age recipients of its blocks."""


class Opened(NamedTuple):
    """A block that was opened, with what it said."""

    block: str
    inside: Inside

    @property
    def next(self) -> Revision:
        """The revision of what takes its place."""
        return self.inside.revision.next(self.block)


@dataclass(frozen=True, repr=False, eq=False)
class Seals:
    """Opens and closes what is sealed in files of clients, by their tracks and by who may read each part.

    *single* are the tracks of which every file has one block, be it empty; *known* the blocks that were opened, by file
    and entry; *uncounted* those that were let through without the number that the file counts: None where none is.
    """

    tracks: Mapping[str, Track]
    single: Sequence[str]
    readers: Readers
    key: Identity
    known: dict[tuple[str, str], Opened] = field(default_factory=dict)
    uncounted: list[Place] | None = None

    def opened(self, record: Record, parts: Sequence[str] | None = None) -> dict[str, Any]:
        """The file with whatever this key may read of some *parts*, or of all; the rest stays closed.

        Raises Damaged where a block is not what belongs there.
        """
        sealed = record.get(ABOVE) or {}
        if not sealed:
            return dict(record)
        if lacking := self._lacks(sealed, parts):
            raise errors.Damaged("sealed/gone", GONE, hint=BACKUP, **Place(record["id"], "", lacking[0]).facts)
        entries = [self._entry(record, one, parts) for one in sealed.get(LISTED) or ()]
        alone = {name: self._alone(record, name, sealed[name], parts) for name in self._alone_in(sealed)}
        return {**record, ABOVE: {**sealed, **({LISTED: entries} if LISTED in sealed else {}), **alone}}

    def closed(self, record: Record, *, anew: bool = False) -> dict[str, Any]:
        """The file as it may be written: nothing that is sealed lies open, and blocks of one size are sealed anew.

        With *anew* everything is that this key opens, though it says what it said.
        """
        record = self.reclosed(record) if anew else record
        sealed = record.get(ABOVE) or {}
        revisions: dict[str, int | None] = dict(sealed.get(REVISIONS) or {})
        entries, alone = [], _alone(sealed)  # a newer shelf may have more blocks
        for one in sealed.get(LISTED) or ():
            shut, revisions[one["id"]] = self.shut(record, one, anew=anew)
            entries.append(shut)
        for name in map(self._part, self.single):
            alone[name], revisions[name] = self._fresh(record, name, sealed.get(name))
        counted = {name: number for name, number in revisions.items() if number}
        whole = {**({LISTED: entries} if entries else {}), **alone, **({REVISIONS: counted} if counted else {})}
        rest = {name: value for name, value in record.items() if name != ABOVE}
        return {**rest, ABOVE: whole} if whole else rest

    def renewed(self, data: bytes) -> bytes:
        """The bytes of a file that is sealed anew, for those who may read each part now; what is closed stays so."""
        if f"\n{ABOVE}:".encode() not in data and BEGIN.encode() not in data:
            return data
        record = self.opened(document.read(data, document.KEPT).value)
        anew = self.closed(record, anew=True) if ABOVE in record else self.reclosed(record)
        renewed = document.write(anew).encode()
        self.known.clear()
        return renewed

    def reclosed(self, record: Record) -> dict[str, Any]:
        """The file with whatever lies closed in it sealed anew, for those who may read each part now."""
        return closed_anew(record, self.tracks, self.readers, self.key)

    def counting(self) -> "Seals":
        """What opens blocks without a number too, to seal them with the number after the one that the file counts."""
        return replace(self, known={}, uncounted=[])

    def content(self, entry: Record) -> dict[str, Any]:
        """What an open entry says, by the fields of its track."""
        return {name: value for name, value in entry.items() if name not in OUTSIDE}

    def outside(self, record: Record) -> dict[str, Any]:
        """The file in the shape of one that is written, without sealing anything: open entries have a blank block."""
        sealed = record.get(ABOVE)
        if not sealed:
            return dict(record)
        entries = [one if BLOCK in one else {**self._marked(one), BLOCK: BLANK} for one in sealed.get(LISTED) or ()]
        alone = {name: said if isinstance(said, str) else BLANK for name, said in _alone(sealed).items()}
        revisions = {REVISIONS: sealed[REVISIONS]} if REVISIONS in sealed else {}
        return {**record, ABOVE: {**({LISTED: entries} if entries else {}), **alone, **revisions}}

    def misshapen(self, record: Record, shape: Callable[[str], Any]) -> Iterator[Finding]:
        """What open entries have another shape than their track wants; *shape* makes that of a track by its name."""
        sealed = record.get(ABOVE) or {}
        for number, one in enumerate(sealed.get(LISTED) or ()):
            if BLOCK not in one and not self._known(record, one["id"], said := self.content(one)):
                yield from _below(f"{LISTED}/{number}", shape(one["track"]).findings({"id": one["id"], **said}))
        for name, said in _alone(sealed).items():
            if isinstance(said, Mapping) and not self._known(record, name, said):
                yield from _below(name, shape(self._single(record, name).track).findings(said))

    def _known(self, record: Record, entry: str, said: Record) -> bool:
        """Whether this is what was read there."""
        known = self.known.get((record["id"], entry))
        return known is not None and known.inside.content == said

    def refuse(self, record: Record, one: Record | str, track: str) -> None:
        """Say why an entry is closed to this key: CannotOpen, with the part that it is not among the readers of."""
        block, place = (
            (one, self._single(record, self._part(track)))
            if isinstance(one, str)
            else (one[BLOCK], self._place(record, one))
        )
        unseal(block, place, self.key)

    def draft(self, record: Record, track: str, facts: Record) -> dict[str, Any]:
        """Answers to a sealed entry that is not written down yet, as they wait in the file."""
        place = Place(record["id"], self._part(track), track, UNFINISHED)
        return {BLOCK: seal(place, facts, self.readers(place.part))}

    def drafted(self, record: Record, track: str, kept: Record) -> dict[str, Any] | None:
        """The same as they were given; None where somebody else gave them, whose part this key may not read."""
        place = Place(record["id"], self._part(track), track, UNFINISHED)
        try:
            return unseal(kept[BLOCK], place, self.key).content if BLOCK in kept else dict(kept)
        except errors.CannotOpen:
            return None

    def withheld(self, record: Record) -> Iterator[Place]:
        """What stays closed of an opened file although this key is among the readers of its part.

        Somebody sealed it to others alone, or before this key was admitted; or it is damaged, which age does not tell.
        """
        sealed = record.get(ABOVE) or {}
        shut = [self._place(record, one) for one in sealed.get(LISTED) or () if BLOCK in one and self._knows(one)]
        shut += [self._single(record, name) for name in self._alone_in(sealed) if isinstance(sealed[name], str)]
        yield from (place for place in shut if self.key.recipient in self.readers(place.part))

    def _lacks(self, sealed: Record, parts: Sequence[str] | None) -> Sequence[str]:
        """Which blocks are not there of which the file names a revision: of an entry, or the one block of a part.

        Of the latter only those of some *parts*; of which part an entry was nobody can tell.
        """
        there = {one["id"] for one in sealed.get(LISTED) or ()} | sealed.keys()
        lacking = sorted((sealed.get(REVISIONS) or {}).keys() - there)
        return [name for name in lacking if parts is None or name in parts or name not in map(self._part, self.single)]

    def _alone_in(self, sealed: Record) -> list[str]:
        """The blocks of one track each that this program has; a newer one may have more."""
        return [name for name in map(self._part, self.single) if name in sealed]

    def _knows(self, one: Record) -> bool:
        """Whether an entry is of a kind that this program has: a newer one may have more."""
        return one["track"] in self.tracks

    def _entry(self, record: Record, one: Record, parts: Sequence[str] | None) -> dict[str, Any]:
        if BLOCK not in one or not self._knows(one) or (parts is not None and self._part(one["track"]) not in parts):
            return dict(one)
        try:
            said = self._read(record, one[BLOCK], self._place(record, one)).content
        except errors.CannotOpen:
            return dict(one)
        if self._differs(one, said):
            raise errors.Damaged("sealed/marker", OTHERWISE, hint=BACKUP, **self._place(record, one).facts)
        return {**{name: value for name, value in one.items() if name in OUTSIDE and name != BLOCK}, **said}

    def _read(self, record: Record, block: str, place: Place) -> Inside:
        """What a block of the file says; Damaged where it is of another revision than the file names."""
        inside, name = unseal(block, place, self.key), place.entry or place.part
        marker = _revision(record, name)
        if self.uncounted is not None and is_uncounted(inside.revision, marker):
            self.uncounted.append(place)
            inside = inside._replace(revision=Revision(marker))
        hold(inside.revision, marker, place)
        self.known[place.record, name] = Opened(block, inside)
        return inside

    def _differs(self, one: Record, said: Record) -> bool:
        """Whether something else stands outside of a block than it says."""
        own, seen = self._seal(one["track"]), {name: value for name, value in one.items() if name not in OUTSIDE}
        markers = {*own.marker, *seen}  # a newer shelf may have more of them
        return bool(one["part"] != own.part or seen != {name: said[name] for name in markers if name in said})

    def shut(self, record: Record, one: Record, *, anew: bool = False) -> tuple[dict[str, Any], int | None]:
        """An entry as it may be written, and its revision; one that is closed stays as it is."""
        if BLOCK in one:
            return dict(one), _revision(record, one["id"])
        said, known = self.content(one), self.known.get((record["id"], one["id"]))
        part = self._part(one["track"])
        if known and said == known.inside.content and not anew:
            block, revision = known.block, known.inside.revision
        else:
            revision = known.next if known else FIRST
            block = seal(self._place(record, one), said, self.readers(part), revision)
        return {**self._marked({**one, "part": part}), BLOCK: block}, revision.number

    def _marked(self, one: Record) -> dict[str, Any]:
        """What may be seen of an open entry."""
        own = self._seal(one["track"])
        seen = {"part": own.part, **one}
        return {name: value for name, value in seen.items() if name in OUTSIDE or name in own.marker}

    def _alone(self, record: Record, name: str, said: Any, parts: Sequence[str] | None) -> Any:
        if not isinstance(said, str) or (parts is not None and name not in parts):
            return said
        try:
            return self._read(record, said, self._single(record, name)).content
        except errors.CannotOpen:
            return said

    def _fresh(self, record: Record, name: str, said: Any) -> tuple[str, int | None]:
        """A block of one size sealed anew, for whoever looks at a file must not see that it was written to.

        Its revision rises each time, and so tells nothing either; a closed block stays, and keeps its revision.
        """
        place = self._single(record, name)
        if isinstance(said, str):
            try:
                said = self._read(record, said, place).content
            except errors.CannotOpen:
                return said, _revision(record, name)
        known = self.known.get((record["id"], name))
        revision = known.next if known else FIRST
        return seal(place, said or {}, self.readers(name), revision, padded=True), revision.number

    def _single(self, record: Record, part: str) -> Place:
        return Place(record["id"], part, next(name for name in self.single if self._part(name) == part))

    def _place(self, record: Record, one: Record) -> Place:
        return Place(record["id"], self._part(one["track"]), one["track"], one["id"])

    def _part(self, track: str) -> str:
        return self._seal(track).part

    def _seal(self, track: str) -> Seal:
        found = self.tracks[track].seal
        return found or Seal("")


def _alone(sealed: Record) -> dict[str, Any]:
    """The blocks of which a file has one each, be they open, of this shelf or of a newer one."""
    return {name: said for name, said in sealed.items() if name not in (LISTED, REVISIONS)}


def _revision(record: Record, name: str) -> int | None:
    """The revision that a file names of an entry, by its id, or of the one block of a part."""
    number: int | None = ((record.get(ABOVE) or {}).get(REVISIONS) or {}).get(name)
    return number


def _below(place: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings about what is sealed, with their place in the file."""
    above = f"/{ABOVE}/{place}"
    return (replace(one, where=above + one.where, at=one.at and above + one.at) for one in findings)
