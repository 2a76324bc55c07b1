"""A client's file as a tree of fields: what every track keeps in it, each key with one owner, and what is machine-made.

Schemas, places and what may be told of a file are read off this tree; nothing else knows where something stands.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.manual.rule import Rule, Ruling, Strength
from shelterctl.core.manual.track import Track
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY
from shelterctl.language import Text

STAYS_KEY = "stays"
"""The key of the list in which whatever belongs to a stay lies."""

SEALED_LIST = "sealed.entries"
"""The list in which the entries of every sealed track lie."""

REVISIONS_KEY = "revisions"
"""Where a file says how often each of its blocks was sealed: by the id of the entry, or the part of which it has one.

It stands apart from the entries, in which 0.3.2 takes for damage what a block does not say too.
"""

MOVED_HINT = "As 0.3.2 and older have it. It is sealed now: whatever is given here goes into an entry of {track}."
"""What a schema says of what is sealed now and was not."""

NOTHING_MOVED: Mapping[str, str] = MappingProxyType({})

HOME_PATHS = {"client": (), "stay": (STAYS_KEY,), "left": (STAYS_KEY,)}
"""Where in a file the tracks of each home lie."""


class TwoOwnersError(ValueError):
    """Two tracks want one key of a file: *track* is the second of them, *place* where its own file says so."""

    def __init__(self, track: str, place: str) -> None:
        super().__init__(track, place)
        self.track, self.place = track, place


def _program_field(name: str, kind: str, title: str, hint: str = "", **more: Any) -> Field:
    """A field that the program fills, and nobody is asked for: whoever scripts reads what it is."""
    return Field(name, kind, {"en": title}, hint={"en": hint} if hint else None, **more)


def _fields_by_name(*fields: Field) -> Fields:
    return {one.name: one for one in fields}


STAMP_FIELDS = _fields_by_name(
    _program_field(
        "id", "entry", "Id of the entry", "Given when it is first written down; by it the entry is meant later."
    ),
    _program_field("recorded_at", "time", "Written down at"),
    _program_field("recorded_by", "party", "Written down by", of=("staff",)),
)
"""What is written into every entry of a list."""

CHANGES_FIELD = _program_field(
    CHANGES_KEY,
    "group",
    "What stood here before",
    "Each change, the oldest first: who made it when, and the values that it took the place of.",
    several=True,
    fields=_fields_by_name(
        _program_field("at", "time", "Changed at", must=True),
        _program_field("by", "party", "Changed by", of=("staff",), must=True),
        _program_field(BEFORE_KEY, "before", "What stood there, by key", must=True),
    ),
)
"""What an entry of a list, and one behind a code, keeps of what it said before (``sameness.CHANGES_KEY``)."""

FILE_VERSION_TEXTS = {
    "resident/1": {"en": "as 0.1.0 and 0.2.0 wrote it: nothing in it is sealed"},
    "resident/2": {"en": "as 0.3.0 wrote it: what 0.2.0 could not read is sealed in it"},
    "resident/3": {"en": "as 0.3.1 and 0.3.2 wrote it: it names the shelf it was written with, and what entries said"},
    "resident/4": {"en": "as it is written now: of what is sealed it names the revision, so that none is put back"},
}
FILE_VERSIONS = tuple(FILE_VERSION_TEXTS)
"""The versions of a file that are read; the last one is written."""


REGISTER_VERSIONS = {"staff": ("2", "3"), "directory": ("1", "2"), "shelter": ("1", "2", "3")}
"""The versions of a file of the house; one in which an entry keeps what it said before has the second at least."""

REGISTER_VERSION_TEXTS = (
    {"en": "every entry is as it was first written down, or was changed by 0.3.0 or an older program"},
    {"en": "an entry keeps what it said before it was changed"},
    {"en": "the store is one of another shelf than the shipped one, and names it"},
)
"""What each version of a file of the house means."""


EDITION_FIELDS = _fields_by_name(
    _program_field(
        "revision", "whole", "Revision of the shelf", "The newer shelf has the higher.", must=True, zero=True
    ),
    _program_field("imprint", "imprint", "Fingerprint of all that says what may stand in a file", must=True),
)
"""What a file says of the newest shelf that it was written with."""


def printed_sheets_field(void: Field | None = None) -> Field:
    """The sheets that were printed; of a client they may be struck through, and say of what they are."""
    sheet = _fields_by_name(
        _program_field("code", "sheet", "Code of the sheet", must=True),
        _program_field("key", "sheet_key", "Key of the code"),
        _program_field("form", "party", "What was printed", must=True),
        _program_field("language", "code", "Language of the sheet", must=True, of=("languages",), open=True),
        _program_field(
            "facts", "traces", "What it showed", "Of each place a digest, and never what stood there.", must=True
        ),
    )
    at, of = _program_field("recorded_at", "words", "Printed at"), _program_field("of", "entry", "Of which entry it is")
    hers = {"void": void, "of": of} if void else {"recorded_at": at}
    return _program_field(
        "printed", "group", "Printed sheets", several=True, of=("print",), fields={**STAMP_FIELDS, **sheet, **hers}
    )


def _own_fields(void: Field) -> Fields:
    """What the program keeps in a file for itself."""
    return _fields_by_name(
        _program_field("schema", "const", "Schema of this file, and its version", codes=FILE_VERSION_TEXTS),
        _program_field("edition", "group", "Shelf it was written with", fields=EDITION_FIELDS),
        _program_field("id", "id", "Id of the file"),
        *list(STAMP_FIELDS.values())[1:],
        _program_field("unfinished", "papers", "Answers to papers that are not saved yet", "By the paper's name."),
        printed_sheets_field(void),
    )


@dataclass(slots=True, repr=False, eq=False)
class _Branch:
    """A place of a file while tracks are laid into it."""

    keys: "dict[str, Field | _Branch]" = field(default_factory=dict)
    track: Track | None = None

    def below(self, key: str, track: Track) -> "_Branch":
        branch = self.keys.setdefault(key, _Branch())
        if not isinstance(branch, _Branch):
            raise TwoOwnersError(track.name, "/at")
        return branch

    def grow(self, track: Track, stamp: Fields) -> None:
        """Take the fields of a track, and of a list the *stamp*; those of its family may be there already."""
        if self.track and self.track.many is not track.many:
            raise TwoOwnersError(track.name, "/at")
        self.track = self.track or track
        kin = self.track.name in (track.name, track.family)
        for name, one in (*(stamp.items() if track.many else ()), *stamp_groups(track.fields, stamp).items()):
            there = self.keys.setdefault(name, one)
            if there is not one and not (kin and isinstance(there, Field) and _is_alike(there, one)):
                raise TwoOwnersError(track.name, f"/fields/{name}")

    def field(self, name: str) -> Field:
        """The place as a field, with whatever grew below it."""
        grown = {key: one.field(key) if isinstance(one, _Branch) else one for key, one in self.keys.items()}
        if self.track is None:
            there = ", ".join(one.text["en"] for one in grown.values() if one.text)
            return Field(name, "group", {"en": there} if name else {}, fields=grown)
        return Field(name, "group", self.track.text, of=(self.track.name,), several=self.track.many, fields=grown)


def stamp_groups(fields: Fields, stamp: Fields) -> Fields:
    """These fields with a *stamp* in each group of which several may stand there, as every entry of a list has one.

    Of a list that an act writes nothing is struck through or changed.
    """
    groups = {name: one for name, one in fields.items() if one.kind == "group"}
    return {**fields, **{name: _stamp_group(one, stamp) for name, one in groups.items()}}


def _stamp_group(one: Field, stamp: Fields) -> Field:
    if one.by_file:
        return replace(one, fields={**STAMP_FIELDS, **one.fields}) if one.several else one
    inside = stamp_groups(one.fields, stamp)
    if not one.several and inside == one.fields:
        return one
    return replace(one, fields={**stamp, **inside} if one.several else inside)


def _is_alike(one: Field, other: Field) -> bool:
    """Whether the same may stand in both, however they are called: two forms may ask for it on their own."""
    shape = [(each.kind, each.several, each.codes.keys(), _keys_inside(each)) for each in (one, other)]
    shared = one.fields.keys() & other.fields.keys()
    return shape[0] == shape[1] and all(_is_alike(one.fields[name], other.fields[name]) for name in shared)


def _keys_inside(one: Field) -> Collection[str]:
    return set(one.fields) or ({"from", "to"} if one.kind == "span" else set())


def build_file_tree(
    tracks: Iterable[Track], void: Field, parts: Mapping[str, Text], moved: Mapping[str, str] = NOTHING_MOVED
) -> Field:
    """A client's file, into which every track of a client or a stay is laid; TwoOwnersError where two meet.

    *parts* are those of which a file has sealed ones, as each is called; *moved* are places of older files, each with
    the sealed track into which what stands there is moved.
    """
    root, stamp = _Branch(dict(_own_fields(void))), {**STAMP_FIELDS, "void": void, CHANGES_KEY: CHANGES_FIELD}
    named = {track.name: track for track in tracks}
    for track in _seal_tracks([with_moved_fields(each, named, moved) for each in named.values()], parts):
        for way in dict.fromkeys(HOME_PATHS[home] for home in track.home if home in HOME_PATHS):
            branch = root
            for key in (*way, *track.at.split(".")) if track.at else way:
                branch = branch.below(key, track)
            branch.grow(track, stamp)
    return root.field("")


def with_moved_fields(track: Track, tracks: Mapping[str, Track], moved: Mapping[str, str]) -> Track:
    """A track with the fields that its entries have in older files, and that belong to a sealed track now."""
    older: dict[str, Field] = {}
    for place, name in moved.items() if track.many and not track.seal else ():
        above, _, key = place.rpartition(".")
        if above == track.at:
            hint = {"en": MOVED_HINT.format(track=name)}
            older[key] = replace(tracks[name].fields[key], must=False, asked_with={}, hint=hint)
    return replace(track, fields={**track.fields, **older}) if older else track


def _seal_tracks(tracks: Iterable[Track], parts: Mapping[str, Text]) -> list[Track]:
    """Tracks as they lie in a file: what is sealed is one list, of which the markers are seen, and blocks alone."""
    listed = [*tracks]
    sealed = [track for track in listed if track.seal]
    if not sealed:
        return listed
    many, alone = [one for one in sealed if one.many], [one for one in sealed if not one.many]
    readers = {one.seal.part: parts.get(one.seal.part, {}) for one in many if one.seal}
    fields = _fields_by_name(
        _program_field("track", "code", "Of what kind it is", must=True, codes={one.name: one.text for one in many}),
        _program_field("part", "code", "Part of her file", must=True, codes=readers),
        _program_field(
            "age", "block", "Sealed block", "What it says, encrypted once more for every key of the house.", must=True
        ),
    )
    for one in many:
        for name in one.seal.marker if one.seal else ():
            fields = {**fields, name: _join_markers(fields.get(name), one.fields[name], one)}
    text = {"en": "a sealed entry", "ru": "запечатанная запись", "ky": "мөөрлөнгөн жазуу"}
    whole = Track("sealed", text, "", ("client",), SEALED_LIST, fields, keeps="many")
    above, _, _ = SEALED_LIST.partition(".")
    blocks = _fields_by_name(
        *(_program_field(one.at.rpartition(".")[2], "block", "Sealed block") for one in alone),
        _program_field(
            REVISIONS_KEY,
            "revisions",
            "Revisions",
            "How often each block was sealed, as it says too: by the id of the entry, or the part.",
        ),
    )
    apart = Track("blocks", {"en": "What is sealed"}, "", ("client",), above, blocks)
    return [*(one for one in listed if not one.seal), whole, apart]


def _join_markers(one: Field | None, other: Field, track: Track) -> Field:
    """A marker that several tracks have, all of one kind: any code of theirs may stand there."""
    bare = replace(other, must=False, asked_with={})
    if one and (one.kind, one.several, _keys_inside(one)) != (bare.kind, bare.several, _keys_inside(bare)):
        raise TwoOwnersError(track.name, f"/sealed/marker/{track.seal.marker.index(other.name) if track.seal else 0}")
    return bare if one is None else replace(one, codes={**one.codes, **bare.codes})


def agreement_field(form: Track, void: Field) -> Field:
    """An agreement on that form as it lies in a file, with its lines, which the tree of a file leaves open."""
    stamp = {**STAMP_FIELDS, "void": void, CHANGES_KEY: CHANGES_FIELD}
    own = {**stamp_groups(form.fields, stamp), "lines": lines_field(form)}
    return Field("agreement", "group", form.text, fields={**stamp, **own})


def lines_field(form: Track) -> Field:
    """Every line that a form has had, by its number, with what it needed on any day."""
    lines: dict[str, Field] = {}
    for number, part in form.parts.items():
        rules = (rule for rule in part.rules if rule.verb == "needs" and _is_always_needed(rule))
        needed = {name for rule in rules for name in rule.names}
        keys = {name: replace(one, must=name in needed and not one.asked_with) for name, one in part.fields.items()}
        lines[number] = Field(number, "group", part.text, fields=keys)
    return Field("lines", "parts", form.fields["lines"].text, fields=lines)


def _is_always_needed(rule: Rule) -> bool:
    """Whether a need stands whatever the day: a duty that was never softened or repealed, and of every entry."""
    shall = all(isinstance(ruling, Ruling) and ruling.strength is Strength.SHALL for ruling in rule.history)
    return shall and not (rule.when or rule.act or rule.unless)
