"""A client's file as a tree of fields: everything that tracks keep in it, each key with one owner, and the program's
own fields.

Schemas, places and rules about what may be shown are derived from this tree; no other module knows where in a file a
value is kept.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.manual.rule import Rule, Ruling, Strength
from shelterctl.core.manual.track import Seal, Track
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY
from shelterctl.language import Text

STAYS_KEY = "stays"
"""The key of the list of stays, which holds everything that belongs to a stay."""

STAY_KEY = "stay"
"""The key beside an entry that names its stay; it is not saved in her file."""

ADDITIONS_KEY = "additions"
"""The key under which a file of a register keeps what its device adds to entries that another device wrote."""

UNFINISHED_KEY = "unfinished"
"""The key under which a file keeps unsaved answers, by track, or by track and id of the entry."""

SEALED_LIST = "sealed.entries"
"""The path of the list that holds the entries of every sealed track."""

REVISIONS_KEY = "revisions"
"""The key under which a file counts how often each block was sealed: by the entry's id, or by the part for its only
block.

The counts are kept apart from the entries, because 0.3.2 reports damage if an entry has a key that its block lacks.
"""

MOVED_HINT = "A place of 0.3.2 and older. It is sealed now: a value given here goes into an entry of {track}."
"""The description in a schema of a place whose values are sealed now and were not before."""

NOTHING_MOVED: Mapping[str, str] = MappingProxyType({})

HOME_PATHS = {"client": (), "stay": (STAYS_KEY,), "left": (STAYS_KEY,)}
"""The path in a file to the tracks of each home."""


class TwoOwnersError(ValueError):
    """Two tracks use one key of a file: *track* is the second of them, *place* the place in its own definition."""

    def __init__(self, track: str, place: str) -> None:
        super().__init__(track, place)
        self.track, self.place = track, place


def _program_field(name: str, kind: str, title: str, hint: str = "", **more: Any) -> Field:
    """Return a field that the program fills and nobody is asked for; its title is for people who write scripts."""
    return Field(name, kind, {"en": title}, hint={"en": hint} if hint else None, **more)


def _fields_by_name(*fields: Field) -> Fields:
    return {one.name: one for one in fields}


STAMP_FIELDS = _fields_by_name(
    _program_field(
        "id",
        "entry",
        "Id of the entry",
        "Assigned when the entry is first recorded; later changes name the entry by it.",
    ),
    _program_field("recorded_at", "time", "Recorded at"),
    _program_field("recorded_by", "party", "Recorded by", of=("staff",)),
)
"""The fields that the program writes into every entry of a list."""

CHANGES_FIELD = _program_field(
    CHANGES_KEY,
    "group",
    "Earlier values",
    "Every change, the oldest first: who made it, when, and the values before it.",
    several=True,
    fields=_fields_by_name(
        _program_field("at", "time", "Changed at", must=True),
        _program_field("by", "party", "Changed by", of=("staff",), must=True),
        _program_field(BEFORE_KEY, "before", "Values before the change, by key", must=True),
    ),
)
"""The earlier values of an entry of a list or register (``sameness.CHANGES_KEY``)."""

FILE_VERSION_TEXTS = {
    "resident/1": {"en": "written by 0.1.0 and 0.2.0: nothing in it is sealed"},
    "resident/2": {"en": "written by 0.3.0: what 0.2.0 could not read is sealed in it"},
    "resident/3": {"en": "written by 0.3.1 and 0.3.2: it names its rulebook, and entries keep their earlier values"},
    "resident/4": {
        "en": "the current version: it names the revision of each sealed block, so that no old block can be put back"
    },
}
FILE_VERSIONS = tuple(FILE_VERSION_TEXTS)
"""The versions of a client's file that can be read; the last one is written."""


REGISTER_FILE_VERSIONS = {"register/1": {"en": "the only version: a line for each entry, by code"}}
"""The versions of a file of a register."""

REGISTER_VERSIONS = {"staff": ("2", "3"), "directory": ("1", "2"), "shelter": ("1", "2", "3", "4")}
"""The versions of a register's file; one whose entries keep earlier values has at least the second."""

REGISTER_VERSION_TEXTS = (
    {"en": "no entry was changed, or only by 0.3.0 or an older version"},
    {"en": "entries keep the values they had before each change"},
    {"en": "the store uses another rulebook than the shipped one, and names it"},
    {"en": "people have keys of their own, so the store names the revision of the rulebook that it needs"},
)
"""The meaning of each version of a register's file."""


EDITION_FIELDS = _fields_by_name(
    _program_field(
        "revision", "whole", "Revision of the rulebook", "A newer rulebook has a higher revision.", must=True, zero=True
    ),
    _program_field("imprint", "imprint", "Fingerprint of all definitions of what a file may contain", must=True),
)
"""The newest rulebook with which a file was written."""


def printed_sheets_field(void: Field | None = None) -> Field:
    """Return the field for printed sheets; a client's may be struck through (*void*) and name the printed entry."""
    sheet = _fields_by_name(
        _program_field("code", "sheet", "Code of the sheet", must=True),
        _program_field("key", "sheet_key", "Key of the code"),
        _program_field("form", "party", "What was printed", must=True),
        _program_field("language", "code", "Language of the sheet", must=True, of=("languages",), open=True),
        _program_field(
            "facts", "traces", "Contents of the sheet", "A digest for each place, never the value itself.", must=True
        ),
    )
    at, of = (
        _program_field("recorded_at", "words", "Printed at"),
        _program_field("of", "entry", "Entry that was printed"),
    )
    hers = {"void": void, "of": of} if void else {"recorded_at": at}
    return _program_field(
        "printed", "group", "Printed sheets", several=True, of=("print",), fields={**STAMP_FIELDS, **sheet, **hers}
    )


def _unfinished_field() -> Field:
    return _program_field(UNFINISHED_KEY, "papers", "Answers to papers that are not saved yet", "By the paper's name.")


def _own_fields(void: Field) -> Fields:
    """Return the fields that the program keeps in a file for itself."""
    return _fields_by_name(
        _program_field("schema", "const", "Schema of this file, and its version", codes=FILE_VERSION_TEXTS),
        _program_field("edition", "group", "Rulebook it was written with", fields=EDITION_FIELDS),
        _program_field("id", "id", "Id of the file"),
        *list(STAMP_FIELDS.values())[1:],
        _unfinished_field(),
        printed_sheets_field(void),
    )


@dataclass(slots=True, repr=False, eq=False)
class _Branch:
    """A place of a file while the tree is built from tracks."""

    keys: "dict[str, Field | _Branch]" = field(default_factory=dict)
    track: Track | None = None

    def below(self, key: str, track: Track) -> "_Branch":
        branch = self.keys.setdefault(key, _Branch())
        if not isinstance(branch, _Branch):
            raise TwoOwnersError(track.name, "/at")
        return branch

    def grow(self, track: Track, stamp: Fields) -> None:
        """Add the fields of a track, and for a list the *stamp*; fields of the track's family may exist already."""
        if self.track and self.track.many is not track.many:
            raise TwoOwnersError(track.name, "/at")
        self.track = self.track or track
        kin = self.track.name in (track.name, track.family)
        for name, one in (*(stamp.items() if track.many else ()), *stamp_groups(track.fields, stamp).items()):
            there = self.keys.setdefault(name, one)
            if there is not one and not (kin and isinstance(there, Field) and _is_alike(there, one)):
                raise TwoOwnersError(track.name, f"/fields/{name}")

    def field(self, name: str) -> Field:
        """Return the place as a field, with everything added below it."""
        grown = {key: one.field(key) if isinstance(one, _Branch) else one for key, one in self.keys.items()}
        if self.track is None:
            there = ", ".join(one.text["en"] for one in grown.values() if one.text)
            return Field(name, "group", {"en": there} if name else {}, fields=grown)
        return Field(name, "group", self.track.text, of=(self.track.name,), several=self.track.many, fields=grown)


def stamp_groups(fields: Fields, stamp: Fields) -> Fields:
    """Return the fields with a *stamp* in every group that may occur several times, as in every entry of a list.

    A list that only an act writes gets no keys for striking through or changing.
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
    """Return whether two fields accept the same values, under any title: two forms may define one key separately."""
    shape = [(each.kind, each.several, each.codes.keys(), _keys_inside(each)) for each in (one, other)]
    shared = one.fields.keys() & other.fields.keys()
    return shape[0] == shape[1] and all(_is_alike(one.fields[name], other.fields[name]) for name in shared)


def _keys_inside(one: Field) -> Collection[str]:
    return set(one.fields) or ({"from", "to"} if one.kind == "span" else set())


def build_file_tree(
    tracks: Iterable[Track], void: Field, parts: Mapping[str, Text], moved: Mapping[str, str] = NOTHING_MOVED
) -> Field:
    """Return the tree of a client's file, built from the tracks of clients and stays.

    Raise TwoOwnersError where two tracks use one key. *parts* are the titles of the sealed parts of a file; *moved*
    maps places of older files to the sealed track into which their values move.
    """
    named = {track.name: track for track in tracks}
    hers = [with_moved_fields(track, named, moved) for track in named.values() if HOME_PATHS.keys() & {*track.home}]
    return _build_tree(_own_fields(void), _seal_tracks(hers, parts, "client"), HOME_PATHS, void)


def build_register_tree(home: str, tracks: Iterable[Track], void: Field, parts: Mapping[str, Text]) -> Field:
    """Return the tree of what a file of a register keeps about one code, built from the tracks of its *home*.

    Raise TwoOwnersError where two tracks use one key.
    """
    own = [track for track in tracks if home in track.home and track.keeps != "coded"]
    kept = _fields_by_name(_unfinished_field(), _additions_field(own, parts))
    return _build_tree(kept, _seal_tracks(own, parts, home), {home: ()}, void)


def _build_tree(own: Fields, tracks: Iterable[Track], homes: Mapping[str, tuple[str, ...]], void: Field) -> Field:
    root, stamp = _Branch(dict(own)), {**STAMP_FIELDS, "void": void, CHANGES_KEY: CHANGES_FIELD}
    for track in tracks:
        for way in dict.fromkeys(homes[home] for home in track.home if home in homes):
            branch = root
            for key in (*way, *track.at.split(".")) if track.at else way:
                branch = branch.below(key, track)
            branch.grow(track, stamp)
    return root.field("")


def _additions_field(tracks: Iterable[Track], parts: Mapping[str, Text]) -> Field:
    """Return the field for what a device adds to entries that another device wrote; *parts* are titles of parts."""
    seals = {one: one.seal for one in tracks if one.seal}
    fields = _fields_by_name(
        _program_field("id", "entry", "Id of the addition"),
        _program_field("entry", "entry", "Entry that it is about", of=("entry",), must=True),
        _program_field("number", "whole", "Number: one more than the additions to the entry that it saw", must=True),
        _program_field("at", "time", "Recorded at", must=True),
        _program_field("by", "party", "Recorded by", of=("staff",), must=True),
        _program_field("track", "code", "Kind of entry", codes={one.name: one.text for one in seals}),
        _program_field("part", "code", PART_OF_REGISTER, codes=_titled_parts(seals.values(), parts)),
        _program_field("values", "changed", "New values, by key; null takes one away", must=True),
        replace(CHANGES_FIELD, fields=CHANGES_FIELD.fields),
        _program_field("age", "block", "Sealed block", "The values that belong to a sealed part."),
    )
    text = "What this device adds to entries that another device wrote"
    return _program_field(ADDITIONS_KEY, "group", text, several=True, of=("addition",), fields=fields)


def with_moved_fields(track: Track, tracks: Mapping[str, Track], moved: Mapping[str, str]) -> Track:
    """Return a track with the fields that its entries have in older files and that belong to a sealed track now."""
    older: dict[str, Field] = {}
    for place, name in moved.items() if track.many and not track.seal else ():
        above, _, key = place.rpartition(".")
        if above == track.at:
            hint = {"en": MOVED_HINT.format(track=name)}
            older[key] = replace(tracks[name].fields[key], must=False, asked_with={}, hint=hint)
    return replace(track, fields={**track.fields, **older}) if older else track


PART_OF_REGISTER = "Part of the register"


def _titled_parts(seals: Iterable[Seal], parts: Mapping[str, Text]) -> dict[str, Text]:
    """Return the parts that entries are sealed to, each with its title."""
    return {part: parts.get(part, {}) for seal in seals for part in seal.parts}


def _seal_tracks(tracks: Iterable[Track], parts: Mapping[str, Text], home: str) -> list[Track]:
    """Return tracks as a file stores them: the sealed ones as one list that shows only their markers, and as blocks."""
    listed = [*tracks]
    sealed = [track for track in listed if track.seal]
    if not sealed:
        return listed
    many, alone = [one for one in sealed if one.many], [one for one in sealed if not one.many]
    titled = _titled_parts((one.seal for one in many if one.seal), parts)
    part_text = "Part of her file" if home == "client" else PART_OF_REGISTER
    fields = _fields_by_name(
        _program_field("track", "code", "Kind of entry", must=True, codes={one.name: one.text for one in many}),
        _program_field("part", "code", part_text, must=True, codes=titled),
        _program_field(
            "age",
            "block",
            "Sealed block",
            "The values of the entry, encrypted a second time for every key of the store.",
            must=True,
        ),
    )
    for one in many:
        for name in one.seal.marker if one.seal else ():
            fields = {**fields, name: _join_markers(fields.get(name), one.fields[name], one)}
    text = {"en": "a sealed entry", "ru": "запечатанная запись", "ky": "мөөрлөнгөн жазуу"}
    whole = Track("sealed", text, "", (home,), SEALED_LIST, fields, keeps="many")
    above, _, _ = SEALED_LIST.partition(".")
    blocks = _fields_by_name(
        *(_program_field(one.at.rpartition(".")[2], "block", "Sealed block") for one in alone),
        _program_field(
            REVISIONS_KEY,
            "revisions",
            "Revisions",
            "How often each block was sealed, as the block says too: by the id of the entry, or by the part.",
        ),
    )
    apart = Track("blocks", {"en": "What is sealed"}, "", (home,), above, blocks)
    return [*(one for one in listed if not one.seal), whole, apart]


def _join_markers(one: Field | None, other: Field, track: Track) -> Field:
    """Return a marker that several tracks share, with the codes of all of them; their kinds must agree."""
    bare = replace(other, must=False, asked_with={})
    if one and (one.kind, one.several, _keys_inside(one)) != (bare.kind, bare.several, _keys_inside(bare)):
        raise TwoOwnersError(track.name, f"/sealed/marker/{track.seal.marker.index(other.name) if track.seal else 0}")
    return bare if one is None else replace(one, codes={**one.codes, **bare.codes})


def agreement_field(form: Track, void: Field) -> Field:
    """Return an agreement on a form as a file stores it, with its lines, which the tree of a file leaves open."""
    stamp = {**STAMP_FIELDS, "void": void, CHANGES_KEY: CHANGES_FIELD}
    own = {**stamp_groups(form.fields, stamp), "lines": lines_field(form)}
    return Field("agreement", "group", form.text, fields={**stamp, **own})


def lines_field(form: Track) -> Field:
    """Return the field for every line that a form has ever had, by number, with the keys that were required on every
    day.
    """
    lines: dict[str, Field] = {}
    for number, part in form.parts.items():
        rules = (rule for rule in part.rules if rule.verb == "needs" and _is_always_needed(rule))
        needed = {name for rule in rules for name in rule.names}
        keys = {name: replace(one, must=name in needed and not one.asked_with) for name, one in part.fields.items()}
        lines[number] = Field(number, "group", part.text, fields=keys)
    return Field("lines", "parts", form.fields["lines"].text, fields=lines)


def _is_always_needed(rule: Rule) -> bool:
    """Return whether a need holds on every day and for every entry: a duty that was never softened or repealed."""
    shall = all(isinstance(ruling, Ruling) and ruling.strength is Strength.SHALL for ruling in rule.history)
    return shall and not (rule.when or rule.act or rule.unless)
