"""Whether a shelf is whole: every word of its tracks and acts is held against the rest, and a slip is told by place.

The shipped shelf is trusted, for a test holds it; one that somebody is revising is held when it is opened. Rules that
open the files of others (``within: store``, ``count: sleeping``) stand in acts, and in tracks whose entries an act
writes: any other rule is asked with each look at a file. What is cited (clauses, readings) is not held here, for a
revision may cite what is newer than the texts.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from shelterctl.core.act import Act
from shelterctl.core.rule import Rule
from shelterctl.core.ruling import Ruling, Strength
from shelterctl.core.state import AWAYS, STATES
from shelterctl.core.track import Track
from shelterctl.language import N_, Text
from shelterctl.library.file import NO_FILE, Written, below, broken, in_each_language, known, take_written
from shelterctl.library.trial.circle import Edge, refuse_circles
from shelterctl.library.trial.field import hold_fields
from shelterctl.library.trial.grammar import MISSING
from shelterctl.library.trial.item import hold_act
from shelterctl.library.trial.scope import Scope
from shelterctl.library.trial.track import hold_track
from shelterctl.library.trial.tree import refuse_shared

if TYPE_CHECKING:
    from shelterctl.library.shelf import Shelf

OTHER_NAME = N_("a track or an act is named like its file")
OTHER_SCHEMA = N_("this is written as {schema}")

POINTS = N_("a field of that track must point at an entry of {track}")

NEEDED = (
    "acts/admission.yaml", "acts/discharge.yaml",
    "tracks/agreement.yaml", "tracks/document.yaml", "tracks/done.yaml", "tracks/facility.yaml", "tracks/identity.yaml",
    "tracks/ngo.yaml", "tracks/outlay.yaml", "tracks/pocket-money.yaml", "tracks/provider.yaml", "tracks/report.yaml",
    "tracks/staff.yaml", "tracks/stay.yaml",
)  # fmt: skip
"""Files of tracks and acts that the program names by itself; what all others are called is the shelf's own matter."""

ACTS = ("agreement", "report", "sign", "terminate")
"""Acts of the program that have no list of items: an agreement and a report are written down, and either is signed."""


def hold_whole(shelf: "Shelf") -> None:
    """The shelf is whole, or BrokenRulebook names file, place, line and column, and the nearest known word."""
    _there(shelf)
    files = {name: shelf.written("track", name) for name in shelf.track_names}
    lists = {name: shelf.written("act", name) for name in shelf.acts}
    for kind, taken in (("track", files), ("act", lists)):
        for name, written in taken.items():
            _called(written, kind, name)
    _families(files)
    tracks, acts = dict(shelf.tracks), dict(shelf.acts)
    known("lists.yaml", "/called", shelf.called, tuple(shelf.lists))
    scope = Scope(tracks, _lists(shelf.lists, tracks, acts))
    for name, track in tracks.items():
        hold_track(files[name], track, scope, (*ACTS, *acts, *track.deeds))
    _shared(shelf, scope)
    seen: set[str] = set()
    for name, act in acts.items():
        hold_act(lists[name], act, scope, seen)
    refuse_shared(files, tracks)
    _ = shelf.record  # the tree of a file is drawn, and refuses what two tracks would keep in two shapes
    refuse_circles(_rests(files, lists, tracks, acts))
    _texts(shelf)


def _there(shelf: "Shelf") -> None:
    """Every file is there without which the program has nothing to go by."""
    for name in NEEDED:
        if not (shelf.folder / name).is_file():
            raise broken("file", name, "/", in_each_language(NO_FILE))


def _texts(shelf: "Shelf") -> None:
    """What is not of tracks and acts: each file as its schema wants it, every state there, and facts that are known."""
    _ = (shelf.annexes, shelf.clauses, shelf.findings, shelf.languages, shelf.edition, shelf.kinds)
    states = take_written(shelf.folder, "states.yaml")
    for code in (*STATES, *AWAYS):
        if code not in shelf.states:
            raise states.broken("shape", "/states", MISSING, key=code)
    duties = take_written(shelf.folder, "duties.yaml")
    for name, duty in shelf.duties.items():
        duties.filled(below("/duties", name, "means"), duty.get("means") or {}, ("months",))


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
    for group, one in shelf.groups.items():
        for number, name in enumerate(one["tracks"]):
            written.known(below("/groups", group, "tracks", number), [name], scope.tracks)
    for number, name in enumerate(shelf.blocks):
        single = [each for each, track in scope.tracks.items() if track.seal and not track.many]
        written.known(below("/blocks", number), [name], single)
    _moved(written, shelf.moved, scope.tracks)
    for name, one in shelf.shared.items():
        inside = written.value["fields"][name].get("fields") or {}
        hold_fields(written, below("/fields", name, "fields"), inside, one.fields, scope.within(one.fields))


def _moved(written: Written, moved: Mapping[str, str], tracks: Mapping[str, Track]) -> None:
    """What older files have in the open stood in a list, and is a field of a sealed track that no marker shows."""
    lists = {track.at: track for track in tracks.values() if track.many and not track.seal}
    sealed = {name: track.seal.marker for name, track in tracks.items() if track.many and track.seal}
    for place, name in moved.items():
        at, (above, _, key) = below("/moved", place), place.rpartition(".")
        written.known(at, [above], lists)
        written.known(at, [name], sealed)
        written.known(at, [key], tracks[name].fields.keys() - {*sealed[name]} - lists[above].fields.keys())
        links = {of for one in tracks[name].fields.values() if one.kind == "entry" for of in one.of}
        if above not in {tracks[of].at for of in links if of in tracks}:
            raise written.broken("rule", at, POINTS, track=lists[above].name)


def _families(files: Mapping[str, Written]) -> None:
    """Every family is there, and nobody is its own ancestor; before that nothing can be made of a track."""
    edges = {}
    for name, written in files.items():
        if "family" in written.value:
            written.known("/family", [written.value["family"]], files)
            edges[name] = [Edge(written.value["family"], written, "/family")]
        for key in () if {"family", "sealed"} & {*written.value} else ("home", "at"):
            if key not in written.value:
                raise written.broken("shape", "", MISSING, key=key)
    refuse_circles(edges)


def _lists(
    lists: Mapping[str, Mapping[str, Text]], tracks: Mapping[str, Track], acts: Mapping[str, Act]
) -> Mapping[str, Mapping[str, Text]]:
    """The lists of the shelf, with those whose codes are names of something else on it."""
    items = {item.name: item.text for act in acts.values() for item in act.items if item.done or item.former}
    return {**lists, "items": items, "forms": {name: track.text for name, track in tracks.items() if track.family}}


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
