"""Whether a shelf is whole: every word of its tracks and acts is held against the rest, and a slip is told by place.

The shipped shelf is trusted, for a test holds it; one that somebody is revising is held when it is opened. Rules that
open the files of others (``within: store``, ``count: sleeping``) stand in acts, and in tracks whose entries an act
writes: any other rule is asked with each look at a file. What is cited (clauses, readings) is not held here, for a
revision may cite what is newer than the texts.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from shelterctl.core.act import Act
from shelterctl.core.around import EVENTS, Around
from shelterctl.core.entry import read_entry
from shelterctl.core.rule import Rule
from shelterctl.core.ruling import Ruling, Strength
from shelterctl.core.track import Part, Track, numbers
from shelterctl.core.wording import OF_A_PART, PUBLISHED
from shelterctl.language import N_, Text
from shelterctl.library.circle import Edge, refuse_circles
from shelterctl.library.field import LIFE, hold_fields
from shelterctl.library.grammar import MISSING
from shelterctl.library.item import hold_act
from shelterctl.library.rule import KIND, Held, answers
from shelterctl.library.said import DAY, hold_said
from shelterctl.library.scope import ENDS, Scope, field_in, names_in
from shelterctl.library.tree import ROOTS, refuse_shared
from shelterctl.library.verb import NUMBERS, hold
from shelterctl.library.written import Written, below

if TYPE_CHECKING:
    from shelterctl.library.shelf import Shelf

OTHER_NAME = N_("a track or an act is named like its file")
OTHER_SCHEMA = N_("this is written as {schema}")
WITHOUT = N_("{key} means nothing without {other}")
CODED = N_("this is for what lies in the directory, and for nothing else: {keeps}")

ACTS = ("agreement", "report", "sign")
"""Acts of the program that have no list of items: an agreement and a report are written down, and either is signed."""

KEEPS = ("one", "many", "last", "coded")
TINTS = ("white", "pink", "blue")
FILLED_IN = ("ngo", "ngo_representative", "iom_representative", "identification_number", "total")
"""What paper fills into the words of every form, besides what only this one has."""


def hold_whole(shelf: "Shelf") -> None:
    """The shelf is whole, or BrokenRulebook names file, place, line and column, and the nearest known word."""
    files = {name: shelf.written("track", name) for name in shelf.track_names}
    lists = {name: shelf.written("act", name) for name in shelf.acts}
    for kind, taken in (("track", files), ("act", lists)):
        for name, written in taken.items():
            _called(written, kind, name)
    _families(files)
    tracks, acts = dict(shelf.tracks), dict(shelf.acts)
    scope = Scope(tracks, _lists(shelf.lists, tracks, acts))
    for name, track in tracks.items():
        _Held(files[name], track, scope, (*ACTS, *acts)).hold()
    _shared(shelf, scope)
    seen: set[str] = set()
    for name, act in acts.items():
        hold_act(lists[name], act, scope, seen)
    refuse_shared(files, tracks)
    _ = shelf.record  # the tree of a file is drawn, and refuses what two tracks would keep in two shapes
    refuse_circles(_rests(files, lists, tracks, acts))


def _called(written: Written, kind: str, name: str) -> None:
    if written.value[kind] != name:
        raise written.broken("name", below("", kind), OTHER_NAME)
    if written.value["schema"] != f"{kind}/1":
        raise written.broken("word", "/schema", OTHER_SCHEMA, schema=f"{kind}/1")


def _shared(shelf: "Shelf", scope: Scope) -> None:
    """What is said of all tracks: their order, and the fields that an entry of any may have."""
    written = shelf.of_all_tracks
    for number, name in enumerate(written.value["order"]):
        written.known(below("/order", number), [name], scope.tracks)
    for name, one in shelf.shared.items():
        inside = written.value["fields"][name].get("fields") or {}
        hold_fields(written, below("/fields", name, "fields"), inside, one.fields, scope.within(one.fields))


def _families(files: Mapping[str, Written]) -> None:
    """Every family is there, and nobody is its own ancestor; before that nothing can be made of a track."""
    edges = {}
    for name, written in files.items():
        if "family" in written.value:
            written.known("/family", [written.value["family"]], files)
            edges[name] = [Edge(written.value["family"], written, "/family")]
        for key in () if "family" in written.value else ("home", "at"):
            if key not in written.value:
                raise written.broken("shape", "", MISSING, key=key)
    refuse_circles(edges)


def _lists(
    lists: Mapping[str, Mapping[str, Text]], tracks: Mapping[str, Track], acts: Mapping[str, Act]
) -> Mapping[str, Mapping[str, Text]]:
    """The lists of the shelf, with those whose codes are names of something else on it."""
    items = {item.name: item.text for act in acts.values() for item in act.items if item.done}
    return {**lists, "items": items, "forms": {name: track.text for name, track in tracks.items() if track.family}}


class _Held:
    """One track as it is written, and what it is held against."""

    def __init__(self, written: Written, track: Track, scope: Scope, acts: Iterable[str]) -> None:
        self.written, self.track, self.acts = written, track, tuple(acts)
        self.scope = scope.within(track.fields)
        self.value = written.value
        self.around = Around(day=DAY, today=DAY, tracks=scope.tracks)

    def hold(self) -> None:
        """The track is whole, or BrokenRulebook says where it is not."""
        written, track, value, scope = self.written, self.track, self.value, self.scope
        self._frame()
        hold_fields(written, "/fields", value.get("fields") or {}, track.fields, scope)
        hold_fields(written, "/each", value.get("each") or {}, track.each, scope.within(track.each, track.fields))
        hold_fields(written, "/clear", value.get("clear") or {}, track.clear, scope.within(track.clear))
        self._rules("/rules", value, scope, track)
        for name, part in track.parts.items():
            self._part(below("/parts", name), part, value["parts"][name])
        for number, due in enumerate(track.due):
            written.known(below("/due", number, "from"), [due.event], set(EVENTS) - {"today", "act", "due"})
        for number, alarm in enumerate(track.alarms):
            answers(written, below("/alarms", number, "when"), alarm.when, scope)
        self._sheet()

    def _frame(self) -> None:
        """Where it lies, how it is kept, and what it names of itself."""
        written, track, value = self.written, self.track, self.value
        for number, home in enumerate(track.home if "home" in value else ()):
            written.known("/home" if isinstance(value["home"], str) else below("/home", number), [home], ROOTS)
        written.known("/keeps", [track.keeps], KEEPS)
        if ("directory" in track.home) is not (track.keeps == "coded"):
            raise written.broken("rule", "/keeps" if "keeps" in value else "/home", CODED, keeps="coded")
        written.known("/act", [track.act] if track.act else [], self.acts)
        self._days()
        self._family()
        for key in ("unlisted", "advice", "groups"):
            if key in value and not track.parts:
                raise written.broken("rule", below("", key), WITHOUT, key=key, other="parts")
        if track.parts and not any(one.kind == "parts" for one in track.fields.values()):
            raise written.broken("rule", "/parts", WITHOUT, key="parts", other="is: parts")
        written.known("/unasked", [track.unasked] if track.unasked else [], PUBLISHED)
        for key in ("advice", "unlisted") if track.family in OF_A_PART else ():
            if key not in value:
                raise written.broken("shape", "", MISSING, key=key)

    def _days(self) -> None:
        """The day that governs an entry, and those between which it lives."""
        written, track = self.written, self.track
        named = (track.day,) if isinstance(track.day, str) else track.day or ()
        for number, name in enumerate(named):
            self._day("/day" if len(named) == 1 else below("/day", number), name, "day", "time")
        life = track.life or ()
        for number, name in enumerate(life):
            self._day(below("/life", number), name, "day")
        if life and len(life) < len(ENDS):
            raise written.broken("rule", "/life", LIFE)
        if track.keeps == "last" and not named:
            raise written.broken("rule", "/keeps", WITHOUT, key="keeps: last", other="day")
        if track.per and track.keeps != "last":
            raise written.broken("rule", "/per", WITHOUT, key="per", other="keeps: last")
        for number, name in enumerate(track.per):
            if field_in(track.fields, name) is None:
                raise written.unknown(below("/per", number), name, names_in(track.fields))

    def _day(self, place: str, name: str, *kinds: str) -> None:
        found = field_in(self.track.fields, name)
        if found is None:
            raise self.written.unknown(place, name, names_in(self.track.fields))
        if found.kind not in kinds:
            raise self.written.broken("rule", place, KIND, name=name, kind=found.kind, kinds=kinds)

    def _family(self) -> None:
        """What tells its entries apart from those of its family."""
        for name, code in self.track.tells.items():
            if self.track.family is None:
                raise self.written.broken("rule", "/tells", WITHOUT, key="tells", other="family")
            found = field_in(self.track.fields, name)
            if found is None:
                raise self.written.unknown(below("/tells", name), name, names_in(self.track.fields))
            self.written.known(below("/tells", name), [code], self.scope.answers(found))

    def _rules(self, place: str, value: Mapping[str, Any], scope: Scope, of: Track | Part) -> None:
        track, part = self.track, isinstance(of, Part)
        whole = read_entry(track, {})
        entry = read_entry(of, {}, outer=whole) if part else whole
        for number, (rule, read) in enumerate(zip(value.get("rules") or (), of.rules, strict=True)):
            at = below(place, number)
            held = Held(self.written, at, rule, scope, self.acts, far=bool(track.act), track=track, part=part)
            hold(held)
            hold_said(held, read, entry, self.around)

    def _part(self, place: str, part: Part, value: Mapping[str, Any]) -> None:
        written, scope = self.written, self.scope.within(part.fields, self.track.fields)
        hold_fields(written, below(place, "fields"), value.get("fields") or {}, part.fields, scope)
        if part.group is not None:
            written.known(below(place, "group"), [part.group], self.track.groups)
        for number, name in enumerate(part.product):
            written.known(below(place, "product", number), [name], part.fields)
            if (kind := part.fields[name].kind) not in NUMBERS:
                raise written.broken("rule", below(place, "product", number), KIND, name=name, kind=kind, kinds=NUMBERS)
        self._rules(below(place, "rules"), value, scope, part)
        rulings = (one for rule in part.rules for one in rule.history if isinstance(one, Ruling))
        written.filled(below(place, "text"), part.text, {name for one in rulings for name in numbers(one.asks)})

    def _sheet(self) -> None:
        """Every word in the braces of what is printed is filled in, and every place of it is there."""
        sheet, written = self.value.get("sheet"), self.written
        if sheet is None:
            return
        known = (*FILLED_IN, *(self.track.in_braces if self.track.family else ()))
        written.known("/sheet/tint", [sheet["tint"]] if "tint" in sheet else [], TINTS)
        for name, text in (sheet.get("texts") or {}).items():
            written.filled(below("/sheet/texts", name), text, known)
        for number, sentence in enumerate(sheet.get("sentences") or ()):
            written.filled(below("/sheet/sentences", number, "text"), sentence["text"], known)
        for label, name in (sheet.get("general") or {}).items():
            if self.scope.find(name) is None:
                raise written.unknown(below("/sheet/general", label), name, self.scope.names())
        for number, name in enumerate(sheet.get("names") or ()):
            written.known(below("/sheet/names", number), [name], sheet.get("general") or {})


def _rests(
    files: Mapping[str, Written], lists: Mapping[str, Written], tracks: Mapping[str, Track], acts: Mapping[str, Act]
) -> Mapping[str, list[Edge]]:
    """What each track and act stands on: entries that it wants, and for what an act writes, that act.

    A rule that never refuses and an item beside the gate hold nobody up.
    """
    edges: dict[str, list[Edge]] = {}
    for name, track in tracks.items():
        written = files[name]
        edges[name] = [*_stood(written, "/rules", track.rules)]
        for part in track.parts.values():
            edges[name] += _stood(written, below("/parts", part.number, "rules"), part.rules)
        if track.act in acts:
            edges[name].append(Edge(f"act {track.act}", written, "/act"))
    for name, act in acts.items():
        written = lists[name]
        own = edges[f"act {name}"] = [*_stood(written, "/rules", act.rules)]
        for number, item in enumerate(act.items):
            if any(isinstance(one, Ruling) and one.asks.get("gate") for one in item.history):
                own += _stood(written, below("/items", number, "rules"), item.rules)
        if (into := act.writes.partition(".")[0]) in edges:
            edges[into].append(Edge(f"act {name}", written, "/writes"))
    return edges


def _stood(written: Written, place: str, rules: Iterable[Rule]) -> Iterator[Edge]:
    for number, rule in enumerate(rules):
        rulings = [one for one in rule.history if isinstance(one, Ruling) and one.strength is Strength.SHALL]
        if rule.verb == "stands" and any(not one.asks.get("none") for one in rulings):
            yield Edge(rule.names[0].partition(".")[0], written, below(place, number, "stands"))
