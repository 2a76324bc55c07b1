"""The sealed entries in the joined record of a house, a member of staff, an NGO or a provider, opened one by one, so
that one that is damaged costs no other; and the blocks of additions, sealed, sealed anew and opened.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from shelterctl.core.record.register import (
    BLOCK_KEY,
    NAMED_KEY,
    SEALED_ENTRIES_KEY,
    SEALED_KEY,
    WHOLE_KEY,
    JoinedRecord,
    Placed,
    RegisterFile,
)
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.core.values.facts import Facts
from shelterctl.errors import CannotOpen, Damaged
from shelterctl.store.sealed_entries import OUTSIDE_KEYS, SealedEntries
from shelterctl.ui_language import N_
from shelterctl.vault.sealed_bytes import (
    FIRST_REVISION,
    BlockContent,
    BlockPlace,
    damaged_block_error,
    open_block,
    reseal_block,
    seal_block,
)

ADDITION_TRACK = "addition"
"""The name that a block of an addition carries in place of a track."""

ENTRY_ELSEWHERE_TOO = N_("{place}: an entry is in this file and in another place too ({entry}). It counts once.")
SEALED_ENTRY_GONE = N_("{place}: a sealed entry that the file counts is missing ({entry}).")
SENTENCES_OF_TROUBLES = {"twice": ENTRY_ELSEWHERE_TOO, "gone": SEALED_ENTRY_GONE}

WantsEntry = Callable[[Facts], bool]
"""A function that says of a closed entry whether it is to be opened."""

NoteDamage = Callable[[RegisterFile, Damaged], None]
"""A function that notes damage of a file."""


class SealTroubles(NamedTuple):
    """Blocks that should open and do not, and those that more or fewer keys open than may, each by the facts of its
    place.
    """

    withheld: list[dict[str, str]]
    miscounted: list[dict[str, str]]


@dataclass(repr=False)
class SealedRecord:
    """The sealed entries and additions of a *joined* record, as this key opens them; *note* learns what is damaged.

    *stale* returns the parts of a file that wait for a reader: nothing is wrong with those that stay closed.
    """

    joined: JoinedRecord
    seals: SealedEntries
    note: NoteDamage
    stale: Callable[[RegisterFile], Collection[str]]

    def note_troubles(self) -> None:
        """Note as damage what the files contradict each other or themselves in."""
        for kind, file, entry in self.joined.troubles:
            place = BlockPlace(self.joined.code, f"{self.joined.home}-", "", entry)
            self._note(file, damaged_block_error(place, f"register/{kind}", SENTENCES_OF_TROUBLES[kind]))

    def opened(self, parts: Sequence[str] | None, wanted: WantsEntry = lambda _: True) -> dict[str, Any]:
        """Return the record with what this key may read of some *parts*, or of all; what is damaged stays closed.

        Of these, only the entries that are *wanted* are opened.
        """
        return self.joined.give_out(self._open_entries(parts, wanted), self._open_addition)

    def _open_entries(self, parts: Sequence[str] | None, wanted: WantsEntry) -> dict[str, Any]:
        """Return the record with its sealed entries open. One that should open and does not is damaged: where closed
        entries are not shown, nothing else would tell.
        """
        raw, entries = self.joined.raw, list[Facts]()
        for one in (sealed := raw.get(SEALED_KEY) or {}).get(SEALED_ENTRIES_KEY) or ():
            file, found = self.joined.origins[str(one["id"])], one
            try:
                if wanted(one):
                    found = self.seals.open_entry(raw, one, parts)
                    if BLOCK_KEY in found and (parts is None or one["part"] in parts):
                        self._require_closed_to_key(raw, one, file)
            except Damaged as error:
                self._note(file, error)
            entries.append(found)
        return {**raw, SEALED_KEY: {**sealed, SEALED_ENTRIES_KEY: entries}} if entries else raw

    def _require_closed_to_key(self, raw: Facts, entry: Facts, file: RegisterFile) -> None:
        """Raise Damaged if a block that stays closed should open for this key."""
        alone = {**raw, SEALED_KEY: {SEALED_ENTRIES_KEY: [entry]}}
        for place, block, writers, named in self.seals.closed_entries(alone):
            if place.part not in self.stale(file) and self.seals.is_withheld(place, block, writers, named=named):
                raise damaged_block_error(place)

    def _open_addition(self, placed: Placed) -> Facts | None:
        try:
            return open_addition(self.seals, self.joined.code, placed.facts)
        except CannotOpen:
            return None
        except Damaged as error:
            self._note(placed.file, error)
            return None

    def _note(self, file: RegisterFile, error: Damaged) -> None:
        """Note damage of a file, with the place under which it is repaired."""
        facts = {**error.facts, "place": file.name, "record": file.name}
        self.note(file, Damaged(error.code, error.message, hint=error.hint, **facts))

    def judge(self, record: Facts) -> SealTroubles:
        """Return what is wrong with the blocks of a record that stayed closed when it was opened."""
        found = SealTroubles([], [])
        for place, file, block, writers, named in self._closed_blocks(record):
            if place.part in self.stale(file):
                continue
            told = {**place.facts, "place": file.name, "record": file.name}
            if self.seals.is_withheld(place, block, writers, named=named):
                found.withheld.append(told)
            if self.seals.is_miscounted(place, block, writers, named=named):
                found.miscounted.append(told)
        return found

    def _closed_blocks(self, record: Facts) -> Iterator[tuple[BlockPlace, RegisterFile, str, Sequence[str], bool]]:
        """Yield the blocks that this key does not open: place, file, block, writers, whether they may name staff."""
        for place, block, writers, named in self.seals.closed_entries(record):
            yield place, self.joined.origins[str(place.entry)], block, writers, named
        for file, _, one in (placed for listed in self.joined.additions.values() for placed in listed):
            if BLOCK_KEY in one:
                try:
                    open_addition(self.seals, self.joined.code, one)
                except CannotOpen:
                    named = self.seals.is_not_for_some(str(one["track"]))
                    yield place_of_addition(self.joined.code, one), file, one[BLOCK_KEY], (one["by"],), named
                except Damaged as error:  # its entry may be in a file that was not read
                    self._note(file, error)


def place_of_addition(code: str, addition: Facts) -> BlockPlace:
    """Return the place that the block of an addition names."""
    return BlockPlace(code, str(addition["part"]), ADDITION_TRACK, str(addition["id"]))


def open_addition(seals: SealedEntries, code: str, addition: Facts) -> dict[str, Any]:
    """Return what is sealed in an addition. Raises CannotOpen if this key may not read it, Damaged if it belongs
    elsewhere or opens for other keys than those of its readers.
    """
    place, block = place_of_addition(code, addition), addition[BLOCK_KEY]
    found: BlockContent = open_block(block, place, seals.key)
    seals.require_counted(place, block, (addition["by"],), found.content.get(NAMED_KEY) or ())
    return found.content


def close_addition(seals: SealedEntries, code: str, addition: Facts, entry: Facts) -> dict[str, Any]:
    """Return an addition to an *entry* ready for writing: about a sealed one only its markers stay readable.

    Whom the entry names is no reader. Where it names somebody for the first time, so that others are to read it than
    its own readers, the block has all of the entry.
    """
    track = seals.tracks.get(str(addition.get("track")))
    if track is None or track.seal is None:
        return dict(addition)
    values = addition["values"]
    seen = {name: value for name, value in values.items() if name in track.seal.marker or name in OUTSIDE_KEYS}
    inside = {name: value for name, value in values.items() if name not in seen}
    head = {name: value for name, value in addition.items() if name not in ("values", CHANGES_KEY)}
    if BLOCK_KEY in entry or not (inside or CHANGES_KEY in addition):
        return {**head, "values": seen}
    content = seals.content(entry)
    head["part"], named = seals.part_for(track.name, content), seals.staff_named(track.name, content)
    kept = {
        "values": inside,
        **({CHANGES_KEY: addition[CHANGES_KEY]} if CHANGES_KEY in addition else {}),
        **({NAMED_KEY: [*named]} if named else {}),
        **({WHOLE_KEY: content} if head["part"] != entry["part"] else {}),
    }
    readers = seals.readers(head["part"], (addition["by"],), named)
    block = seal_block(place_of_addition(code, head), kept, readers, FIRST_REVISION)
    return {**head, "values": seen, BLOCK_KEY: block}


def reseal_addition(seals: SealedEntries, code: str, addition: Facts) -> dict[str, Any]:
    """Return an addition with its block sealed anew for its present readers; one that this key does not open stays."""
    if BLOCK_KEY not in addition:
        return dict(addition)
    try:
        named = open_block(addition[BLOCK_KEY], place_of_addition(code, addition), seals.key).content.get(NAMED_KEY)
    except (CannotOpen, Damaged):
        seals.left_closed.add(addition["part"])
        return dict(addition)
    readers = seals.readers(addition["part"], (addition["by"],), named or ())
    return {**addition, BLOCK_KEY: reseal_block(addition[BLOCK_KEY], readers, seals.key)}
