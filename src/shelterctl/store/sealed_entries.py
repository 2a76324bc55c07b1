"""Sealed entries of a client's file: opened for keys that may read their part, sealed again when the file is saved, and
sealed anew when the readers change. A block with unchanged content is kept. The file counts the revision of each
block outside it, so that an older block put back is noticed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from shelterctl import errors
from shelterctl.core.finding import Finding
from shelterctl.core.manual.track import Seal, Track
from shelterctl.core.record.file_tree import REVISIONS_KEY, STAMP_FIELDS, UNFINISHED_KEY
from shelterctl.core.record.register import BLOCK_KEY, SEALED_ENTRIES_KEY, SEALED_KEY
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.identity.keys import ARMOUR_BEGIN, Identity
from shelterctl.immutable import immutable
from shelterctl.trust.readership import WRITER_PART
from shelterctl.ui_language import N_
from shelterctl.vault.sealed_bytes import (
    FIRST_REVISION,
    BlockContent,
    BlockPlace,
    BlockRevision,
    check_revision,
    damaged_block_error,
    damaged_readers_error,
    is_sealed_for,
    is_uncounted,
    open_block,
    reseal_block,
    seal_block,
)

OUTSIDE_KEYS = frozenset({*STAMP_FIELDS, "void", "track", "part", BLOCK_KEY})
"""The keys outside a block, besides its markers."""

WRITER_KEY = "recorded_by"
"""The key of the staff code of who wrote an entry; its keys open the block beside those of the part's readers."""

BLANK_BLOCK = f"{ARMOUR_BEGIN}\n"
BLOCK_GONE = N_("{place}: a sealed block that the file counts is missing ({entry}).")
BLOCK_CONTRADICTED = N_("{place}: the facts outside a sealed block differ from its content ({entry}).")

RecordFacts = Mapping[str, Any]

NO_FACTS: RecordFacts = MappingProxyType({})


class KeyCounts(Protocol):
    """Says for how many keys a block of a file may open."""

    def __call__(
        self, record: str, part: str, writers: Sequence[str], but: Sequence[str] = ()
    ) -> Collection[int] | None:
        """Return the numbers of keys that a block of this part may open for, with these writers and without the staff
        *but*; None for any.
        """


class ReadersOfPart(Protocol):
    """Says who may read a part of a file, as age recipients."""

    def __call__(self, part: str, writers: Sequence[str] = (), but: Sequence[str] = ()) -> Sequence[str]:
        """Return the recipients of a part, with those of an entry's *writers*, without those of the staff *but*."""


class OpenedBlock(NamedTuple):
    """An opened block and its content."""

    block: str
    inside: BlockContent

    @property
    def next(self) -> BlockRevision:
        """The revision of the block that will replace this one."""
        return self.inside.revision.next(self.block)


@immutable(slots=False)
class SealedEntries:
    """Opens and closes the sealed entries in files of clients, by track and by the readers of each part.

    *single* are the tracks of which every file has exactly one block, possibly empty. *readers* returns who may read a
    part, as age recipients, those who wrote the entry included. *author* is the staff code of the key's person, who can
    read her own unfinished answers. *roles_of* returns the roles of a staff code: an entry that names one of its
    readers is sealed to others. *key_counts* says for how many keys a block may open; without it for any number.
    *opened_blocks* are the opened blocks by file and entry. *uncounted* collects blocks accepted without the number
    that the file counts; None if such blocks are not accepted. *left_closed* collects the parts of blocks that were to
    be sealed anew and that this key does not open.
    """

    tracks: Mapping[str, Track]
    single: Sequence[str]
    readers: ReadersOfPart
    key: Identity
    author: str = ""
    roles_of: Callable[[str], Collection[str]] = lambda _: ()
    key_counts: KeyCounts | None = None
    opened_blocks: dict[tuple[str, str], OpenedBlock] = field(default_factory=dict)
    uncounted: list[BlockPlace] | None = None
    left_closed: set[str] = field(default_factory=set)

    def opened(
        self,
        record: RecordFacts,
        parts: Sequence[str] | None = None,
        wanted: Callable[[RecordFacts], bool] = lambda _: True,
    ) -> dict[str, Any]:
        """Return the file with everything that this key may read of some *parts*, or of all; the rest stays closed.

        Of the listed entries only the *wanted* ones are opened.

        Raises Damaged if a block is not the one that belongs there.
        """
        sealed = record.get(SEALED_KEY) or {}
        if not sealed:
            return dict(record)
        if lacking := self._missing_blocks(sealed, parts):
            raise damaged_block_error(BlockPlace(record["id"], "", lacking[0]), "sealed/gone", BLOCK_GONE)
        entries = [self._open_entry(record, one, parts) if wanted(one) else one for one in _listed(sealed)]
        alone = {name: self._open_single(record, name, sealed[name], parts) for name in self._single_names(sealed)}
        listed = {SEALED_ENTRIES_KEY: entries} if SEALED_ENTRIES_KEY in sealed else {}
        return {**record, SEALED_KEY: {**sealed, **listed, **alone}}

    def closed(self, record: RecordFacts, *, anew: bool = False) -> dict[str, Any]:
        """Return the file ready for writing: nothing that is sealed is left open, and blocks of one size are sealed
        anew.

        With *anew*, every block that this key opens is sealed again, even with unchanged content.
        """
        record = self.reseal_closed_blocks(record) if anew else record
        sealed = record.get(SEALED_KEY) or {}
        revisions: dict[str, int | None] = dict(sealed.get(REVISIONS_KEY) or {})
        entries, alone = [], _single_blocks(sealed)  # a newer rulebook may have more blocks
        for one in _listed(sealed):
            shut, revisions[one["id"]] = self.close_entry(record, one, anew=anew)
            entries.append(shut)
        for name in map(self._part_of, self.single):
            alone[name], revisions[name] = self._close_single(record, name, sealed.get(name))
        counted = {name: number for name, number in revisions.items() if number}
        whole = {
            **({SEALED_ENTRIES_KEY: entries} if entries else {}),
            **alone,
            **({REVISIONS_KEY: counted} if counted else {}),
        }
        rest = {name: value for name, value in record.items() if name != SEALED_KEY}
        return {**rest, SEALED_KEY: whole} if whole else rest

    def renewed(self, data: bytes) -> bytes:
        """Return the bytes of a file sealed anew for the current readers of each part; closed blocks stay closed."""
        if f"\n{SEALED_KEY}:".encode() not in data and ARMOUR_BEGIN.encode() not in data:
            return data
        record = self.opened(read_document(data, LARGEST_STORED).value)
        anew = self.closed(record, anew=True) if SEALED_KEY in record else self.reseal_closed_blocks(record)
        renewed = format_document(anew).encode()
        self.opened_blocks.clear()
        return renewed

    def reseal_closed_blocks(self, record: RecordFacts) -> dict[str, Any]:
        """Return the file with every closed block in it, unfinished answers included, sealed anew for the current
        readers; what is open is not touched.
        """
        found, waiting = dict(record), record.get(UNFINISHED_KEY) or {}
        if sealed := record.get(SEALED_KEY):
            alone = {name: self._reseal(said, name) for name, said in _single_blocks(sealed).items()}
            listed = [self._reseal_entry(record, one) for one in _listed(sealed)]
            entries = {SEALED_ENTRIES_KEY: listed} if SEALED_ENTRIES_KEY in sealed else {}
            found[SEALED_KEY] = {**sealed, **entries, **alone}
        if any(isinstance(draft, Mapping) and BLOCK_KEY in draft for draft in waiting.values()):
            tracks = {name: name.partition(" ")[0] for name in waiting}  # a newer program may have more of them
            parts = {name: self._part_of_draft(track) if track in self.tracks else "" for name, track in tracks.items()}
            found[UNFINISHED_KEY] = {
                name: self._reseal(draft, parts[name], _writers(draft)) for name, draft in waiting.items()
            }
        return found

    def _reseal_entry(self, record: RecordFacts, entry: RecordFacts) -> Any:
        """Return a closed entry sealed anew; whom it names is known to those alone whose key opens it."""
        named: Sequence[str] = ()
        if BLOCK_KEY in entry and self._has_track(entry) and self._seal(entry["track"]).not_for:
            try:
                content = self._open(entry[BLOCK_KEY], self._entry_place(record, entry), entry).content
            except errors.CannotOpen:
                self.left_closed.add(entry["part"])
                return entry
            named = self.staff_named(entry["track"], content)
        return self._reseal(entry, entry["part"], _writers(entry), named)

    def _reseal(self, value: Any, part: str, writers: Sequence[str] = (), but: Sequence[str] = ()) -> Any:
        """Return a block of a part, or a mapping with a block, sealed anew; any other value unchanged."""
        if isinstance(value, str):
            resealed = reseal_block(value, self.readers(part, writers, but), self.key)
            if resealed == value:
                self.left_closed.add(part)
            return resealed
        if isinstance(value, Mapping) and BLOCK_KEY in value:
            return {**value, BLOCK_KEY: self._reseal(value[BLOCK_KEY], part, writers, but)}
        return value

    def staff_named(self, track: str, content: RecordFacts) -> tuple[str, ...]:
        """Return the staff whom an entry names and who may therefore not read it."""
        said = content.get(self._seal(track).not_for or "") or ()
        return (said,) if isinstance(said, str) else tuple(str(one) for one in said)

    def part_for(self, track: str, content: RecordFacts) -> str:
        """Return the part to which an entry is sealed: another one where it names somebody who reads the usual one."""
        own = self._seal(track)
        named = {role for code in self.staff_named(track, content) for role in self.roles_of(code)}
        return own.instead.part if own.instead and named & {*own.readers} else own.part

    def counting(self) -> "SealedEntries":
        """Return a copy that also opens blocks without a number, and seals them with the next one counted."""
        return replace(self, opened_blocks={}, uncounted=[])

    def content(self, entry: RecordFacts) -> dict[str, Any]:
        """Return the content of an open entry, by the fields of its track."""
        return {name: value for name, value in entry.items() if name not in OUTSIDE_KEYS}

    def without_sealed_parts(self, record: RecordFacts) -> dict[str, Any]:
        """Return the file in the form of a written one, without sealing anything: open entries get a blank block."""
        sealed = record.get(SEALED_KEY)
        if not sealed:
            return dict(record)
        entries = [
            one if BLOCK_KEY in one else {**self._visible_facts(one), BLOCK_KEY: BLANK_BLOCK} for one in _listed(sealed)
        ]
        alone = {name: said if isinstance(said, str) else BLANK_BLOCK for name, said in _single_blocks(sealed).items()}
        revisions = {REVISIONS_KEY: sealed[REVISIONS_KEY]} if REVISIONS_KEY in sealed else {}
        return {**record, SEALED_KEY: {**({SEALED_ENTRIES_KEY: entries} if entries else {}), **alone, **revisions}}

    def find_shape_errors(self, record: RecordFacts, shape: Callable[[str], Any]) -> Iterator[Finding]:
        """Yield where open entries do not match the schema of their track, which *shape* returns by name."""
        sealed = record.get(SEALED_KEY) or {}
        for number, one in enumerate(_listed(sealed)):
            if BLOCK_KEY not in one and not self._is_unchanged(record, one["id"], said := self.content(one)):
                findings = shape(one["track"]).findings({"id": one["id"], **said})
                yield from _place_findings(f"{SEALED_ENTRIES_KEY}/{number}", findings)
        for name, said in _single_blocks(sealed).items():
            if isinstance(said, Mapping) and not self._is_unchanged(record, name, said):
                yield from _place_findings(name, shape(self._single_place(record, name).track).findings(said))

    def _is_unchanged(self, record: RecordFacts, entry: str, content: RecordFacts) -> bool:
        """Whether this is the content that was read there."""
        opened = self.opened_blocks.get((record["id"], entry))
        return opened is not None and opened.inside.content == content

    def raise_if_closed(self, record: RecordFacts, entry: RecordFacts | str, track: str) -> None:
        """Raise CannotOpen if an entry is closed to this key, naming the part that this key may not read."""
        if isinstance(entry, str):
            open_block(entry, self._single_place(record, self._part_of(track)), self.key)
        else:
            open_block(entry[BLOCK_KEY], self._entry_place(record, entry), self.key)

    def draft(self, record: RecordFacts, track: str, facts: RecordFacts) -> dict[str, Any]:
        """Return unfinished answers to a sealed entry in the form in which the file keeps them."""
        place = BlockPlace(record["id"], self._part_of_draft(track), track, UNFINISHED_KEY)
        mine = {WRITER_KEY: self.author} if self.author else {}
        return {**mine, BLOCK_KEY: seal_block(place, facts, self.readers(place.part, _writers(mine)))}

    def open_draft(self, record: RecordFacts, track: str, draft: RecordFacts) -> dict[str, Any] | None:
        """Return unfinished answers as they were given; None if somebody else gave them and this key may not read that
        part.
        """
        place = BlockPlace(record["id"], self._part_of_draft(track), track, UNFINISHED_KEY)
        try:
            return self._open(draft[BLOCK_KEY], place, draft).content if BLOCK_KEY in draft else dict(draft)
        except errors.CannotOpen:
            return None

    def closed_parts(self, record: RecordFacts) -> Iterator[BlockPlace]:
        """Yield the blocks of an opened file that stay closed although this key is among the readers of their part.

        The block was sealed to others alone, or before this key was admitted, or it is damaged; age does not tell
        which.
        """
        for place, block, writers in self._closed_blocks(record):
            if self.is_withheld(place, block, writers, named=self._may_name(place)):
                yield place

    def is_withheld(self, place: BlockPlace, block: str, writers: Sequence[str], *, named: bool) -> bool:
        """Whether a block that stays closed should open for this key. One that may have *named* staff for whom it is
        not should, only where it opens for as many keys as if it named nobody: whom it names learns nothing.
        """
        if self.key.recipient not in self.readers(place.part):
            return False
        if self.key.device is None:  # the paper opens all
            return True
        allowed = self.key_counts(place.record, place.part, writers) if named and self.key_counts else None
        return allowed is None or is_sealed_for(block, allowed)

    def miscounted_blocks(self, record: RecordFacts) -> Iterator[BlockPlace]:
        """Yield the blocks that stay closed to this key and that more or fewer keys open than may: no key is needed to
        see this.
        """
        for place, block, writers in self._closed_blocks(record):
            if self.is_miscounted(place, block, writers, named=self._may_name(place)):
                yield place

    def is_miscounted(self, place: BlockPlace, block: str, writers: Sequence[str], *, named: bool) -> bool:
        """Whether a block that stays closed opens for more or fewer keys than may; fewer may, where it may have *named*
        staff for whom it is not.
        """
        allowed = self.key_counts(place.record, place.part, writers) if self.key_counts else None
        if allowed is None:
            return False
        return not is_sealed_for(block, range(1, max(allowed, default=0) + 1) if named else allowed)

    def _may_name(self, place: BlockPlace) -> bool:
        return self.is_not_for_some(place.track)

    def is_not_for_some(self, track: str) -> bool:
        """Whether entries of a track may name staff who are not to read them."""
        return track in self.tracks and bool(self._seal(track).not_for)

    def closed_entries(self, record: RecordFacts) -> Iterator[tuple[BlockPlace, str, Sequence[str], bool]]:
        """Yield the blocks of entries that stayed closed: the place, the block, its writers, and whether it may name
        staff who are not to read it.
        """
        for place, block, writers in self._closed_blocks(record):
            yield place, block, writers, self._may_name(place)

    def open_entry(self, record: RecordFacts, entry: RecordFacts, parts: Sequence[str] | None) -> dict[str, Any]:
        """Return one sealed entry of a file, open if this key may read it and it is of some *parts*, or of any.

        Raises Damaged if the block is not the one that belongs there.
        """
        return self._open_entry(record, entry, parts)

    def _closed_blocks(self, record: RecordFacts) -> Iterator[tuple[BlockPlace, str, Sequence[str]]]:
        """Yield the blocks of an opened file that stay closed, each with its place and its writers."""
        sealed = record.get(SEALED_KEY) or {}
        for one in _listed(sealed):
            if BLOCK_KEY in one and self._has_track(one):
                yield self._entry_place(record, one), one[BLOCK_KEY], _writers(one)
        for name in self._single_names(sealed):
            if isinstance(sealed[name], str):
                yield self._single_place(record, name), sealed[name], ()

    def _missing_blocks(self, sealed: RecordFacts, parts: Sequence[str] | None) -> Sequence[str]:
        """Return the entries and parts whose revision the file counts although their block is missing.

        Single blocks are limited to *parts*; the part of a missing entry cannot be known.
        """
        there = {one["id"] for one in _listed(sealed)} | sealed.keys()
        lacking = sorted((sealed.get(REVISIONS_KEY) or {}).keys() - there)
        return [
            name for name in lacking if parts is None or name in parts or name not in map(self._part_of, self.single)
        ]

    def _single_names(self, sealed: RecordFacts) -> list[str]:
        """Return the parts with a single block that this program knows; a newer program may have more."""
        return [name for name in map(self._part_of, self.single) if name in sealed]

    def _has_track(self, entry: RecordFacts) -> bool:
        """Whether the track of an entry is known here; a newer program may have more."""
        return entry["track"] in self.tracks

    def _open_entry(self, record: RecordFacts, entry: RecordFacts, parts: Sequence[str] | None) -> dict[str, Any]:
        if BLOCK_KEY not in entry or not self._has_track(entry):
            return dict(entry)
        if parts is not None and self._part_of(entry["track"]) not in parts:
            return dict(entry)
        try:
            content = self._read(record, entry[BLOCK_KEY], self._entry_place(record, entry), entry).content
        except errors.CannotOpen:
            return dict(entry)
        if self._differs(entry, content):
            raise damaged_block_error(self._entry_place(record, entry), "sealed/marker", BLOCK_CONTRADICTED)
        outside = {name: value for name, value in entry.items() if name in OUTSIDE_KEYS and name != BLOCK_KEY}
        return {**outside, **content}

    def _open(self, block: str, place: BlockPlace, entry: RecordFacts = NO_FACTS) -> BlockContent:
        """Return the content of the block of an *entry*. Raises Damaged if other keys than its readers' open it."""
        if not self.key_counts:
            return open_block(block, place, self.key)
        if not self._may_name(place):
            return open_block(block, place, self.key, self.key_counts(place.record, place.part, _writers(entry)))
        found = open_block(block, place, self.key)
        self.require_counted(place, block, _writers(entry), self.staff_named(place.track, found.content))
        return found

    def require_counted(self, place: BlockPlace, block: str, writers: Sequence[str], but: Sequence[str]) -> None:
        """Raise Damaged if a block that was opened opens for more or fewer keys than those of its readers."""
        allowed = self.key_counts(place.record, place.part, writers, but) if self.key_counts else None
        if allowed is not None and not is_sealed_for(block, allowed):
            raise damaged_readers_error(place)

    def _read(self, record: RecordFacts, block: str, place: BlockPlace, entry: RecordFacts = NO_FACTS) -> BlockContent:
        """Return the content of a block of the file. Raises Damaged if the file counts another revision of it."""
        inside, name = self._open(block, place, entry), place.entry or place.part
        marker = _named_revision(record, name)
        if self.uncounted is not None and is_uncounted(inside.revision, marker):
            self.uncounted.append(place)
            inside = inside._replace(revision=BlockRevision(marker))
        check_revision(inside.revision, marker, place)
        self.opened_blocks[place.record, name] = OpenedBlock(block, inside)
        return inside

    def _differs(self, entry: RecordFacts, content: RecordFacts) -> bool:
        """Whether the facts outside a block differ from its content."""
        own = self._seal(entry["track"])
        seen = {name: value for name, value in entry.items() if name not in OUTSIDE_KEYS}
        markers = {*own.marker, *seen}  # a newer rulebook may have more of them
        parts = (own.part, own.instead.part) if own.instead else (own.part,)
        return bool(entry["part"] not in parts or seen != {name: content[name] for name in markers if name in content})

    def close_entry(
        self, record: RecordFacts, entry: RecordFacts, *, anew: bool = False
    ) -> tuple[dict[str, Any], int | None]:
        """Return an entry ready for writing, and its revision; a closed entry is unchanged."""
        if BLOCK_KEY in entry:
            return dict(entry), _named_revision(record, entry["id"])
        content, opened = self.content(entry), self.opened_blocks.get((record["id"], entry["id"]))
        if opened and content == opened.inside.content and not anew:
            block, revision, part = opened.block, opened.inside.revision, self._entry_place(record, entry).part
        else:
            revision, part = opened.next if opened else FIRST_REVISION, self.part_for(entry["track"], content)
            readers = self.readers(part, _writers(entry), self.staff_named(entry["track"], content))
            block = seal_block(self._entry_place(record, {**entry, "part": part}), content, readers, revision)
        return {**self._visible_facts({**entry, "part": part}), BLOCK_KEY: block}, revision.number

    def _visible_facts(self, entry: RecordFacts) -> dict[str, Any]:
        """Return the facts of an open entry that may be seen outside its block."""
        own = self._seal(entry["track"])
        seen = {"part": own.part, **entry}
        return {name: value for name, value in seen.items() if name in OUTSIDE_KEYS or name in own.marker}

    def _open_single(self, record: RecordFacts, name: str, content: Any, parts: Sequence[str] | None) -> Any:
        if not isinstance(content, str) or (parts is not None and name not in parts):
            return content
        try:
            return self._read(record, content, self._single_place(record, name)).content
        except errors.CannotOpen:
            return content

    def _close_single(self, record: RecordFacts, name: str, content: Any) -> tuple[str, int | None]:
        """Return a single block sealed anew at every save, with its revision, so that nobody can see whether it was
        changed.

        The revision rises each time, so it tells nothing either. A block that this key cannot open keeps its revision.
        """
        place = self._single_place(record, name)
        if isinstance(content, str):
            try:
                content = self._read(record, content, place).content
            except errors.CannotOpen:
                self.left_closed.add(name)
                return content, _named_revision(record, name)
        opened = self.opened_blocks.get((record["id"], name))
        revision = opened.next if opened else FIRST_REVISION
        return seal_block(place, content or {}, self.readers(name), revision, padded=True), revision.number

    def _single_place(self, record: RecordFacts, part: str) -> BlockPlace:
        return BlockPlace(record["id"], part, next(name for name in self.single if self._part_of(name) == part))

    def _entry_place(self, record: RecordFacts, entry: RecordFacts) -> BlockPlace:
        own, said = self._seal(entry["track"]), entry.get("part")
        part = own.instead.part if own.instead and said == own.instead.part else own.part
        return BlockPlace(record["id"], part, entry["track"], entry["id"])

    def _part_of(self, track: str) -> str:
        return self._seal(track).part

    def _part_of_draft(self, track: str) -> str:
        """Return the part to which unfinished answers are sealed: where the entry may still come to name a reader of
        its part, one that the writer alone reads.
        """
        return WRITER_PART if self._seal(track).not_for else self._part_of(track)

    def _seal(self, track: str) -> Seal:
        return self.tracks[track].seal or Seal("")


def _writers(entry: RecordFacts) -> tuple[str, ...]:
    """Return who wrote an entry or unfinished answers, and can therefore read them."""
    return (str(entry[WRITER_KEY]),) if entry.get(WRITER_KEY) else ()


def _listed(sealed: RecordFacts) -> Sequence[Any]:
    """Return the sealed entries of a file, open or closed."""
    return sealed.get(SEALED_ENTRIES_KEY) or ()


def _single_blocks(sealed: RecordFacts) -> dict[str, Any]:
    """Return the blocks of which a file has one each, open or closed, of this rulebook or of a newer one."""
    return {name: said for name, said in sealed.items() if name not in (SEALED_ENTRIES_KEY, REVISIONS_KEY)}


def _named_revision(record: RecordFacts, name: str) -> int | None:
    """Return the revision that the file counts for an entry, by id, or for the single block of a part."""
    number: int | None = ((record.get(SEALED_KEY) or {}).get(REVISIONS_KEY) or {}).get(name)
    return number


def _place_findings(place: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings about sealed content, with their place in the file."""
    above = f"/{SEALED_KEY}/{place}"
    return (replace(one, where=above + one.where, at=one.at and above + one.at) for one in findings)
