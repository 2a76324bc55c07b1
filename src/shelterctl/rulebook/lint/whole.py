"""Whether a shelf is whole: every word of its tracks and acts is held against the rest, and a slip is told by place.

The shipped shelf is trusted, for a test holds it; one that somebody is revising is held when it is opened. Rules that
open the files of others (``within: store``, ``count: sleeping``) stand in acts, and in tracks whose entries an act
writes: any other rule is asked with each look at a file. What is cited (clauses, readings) is not held here, for a
revision may cite what is newer than the texts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from shelterctl.core.manual.act import Act
from shelterctl.core.manual.published_code import PublishedCode, Wording
from shelterctl.core.manual.rule import Rule, Ruling, Strength
from shelterctl.core.manual.track import Track
from shelterctl.core.rules.client_state import AWAY_STATES, CLIENT_STATES
from shelterctl.errors import BrokenRulebook
from shelterctl.language import CountedText, Text
from shelterctl.rulebook.derivations import FileValue
from shelterctl.rulebook.files import (
    RULEBOOK_FILE_MISSING,
    RulebookFile,
    broken_rulebook,
    collecting,
    in_each_language,
    pointer_below,
    read_rulebook_file,
    refuse_all,
)
from shelterctl.rulebook.lint.acts import check_act
from shelterctl.rulebook.lint.commands import check_command_names
from shelterctl.rulebook.lint.registers import check_register
from shelterctl.rulebook.lint.scope import CheckedScope
from shelterctl.rulebook.lint.structure import Dependency, refuse_cycles, refuse_shared_places
from shelterctl.rulebook.lint.tracks import check_fields, check_track
from shelterctl.rulebook.reader import KEY_MISSING
from shelterctl.ui_language import N_, PAPER_LANGUAGES

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook


FILE_NAME_DIFFERS = N_("a track or an act is named like its file")
SCHEMA_WANTED = N_("this is written as {schema}")

LAST_WORDING_CONDITIONAL = N_("the last text fits only sometimes: leave its when out")
FIELD_MUST_POINT = N_("a field of that track must point at an entry of {track}")

CODES_WITHOUT_RULE = (
    "admission/no-stay", "discharge/left-already", "discharge/no-stay", "discharge/reported",
    "monitoring/not-discharged",
)  # fmt: skip
"""Codes that the program raises by itself, without a rule."""

FACTS_OF_EVERY_CODE = ("line", "clause", "reading", "opens")
"""What is published with every code, where the rule gives it."""

FILES_NEEDED = (
    "acts/admission.yaml", "acts/discharge.yaml",
    "tracks/agreement.yaml", "tracks/document.yaml", "tracks/done.yaml", "tracks/facility.yaml", "tracks/identity.yaml",
    "tracks/ngo.yaml", "tracks/outlay.yaml", "tracks/pocket-money.yaml", "tracks/provider.yaml", "tracks/report.yaml",
    "tracks/staff.yaml", "tracks/stay.yaml",
)  # fmt: skip
"""Files of tracks and acts that the program names by itself; what all others are called is the shelf's own matter."""

ACTS_WITHOUT_ITEMS = ("agreement", "report", "sign", "terminate")
"""Acts of the program that have no list of items: an agreement and a report are written down, and either is signed."""


def check_rulebook(rulebook: "Rulebook") -> None:
    """The shelf is whole, or BrokenRulebook names each slip by file, place, line and column, with the nearest word.

    Each file is read by its keys first; where all could be read, their words are held against each other.
    """
    refuse_all(
        broken_rulebook("file", name, "/", in_each_language(RULEBOOK_FILE_MISSING))
        for name in FILES_NEEDED
        if not (rulebook.folder / name).is_file()
    )
    errors: list[BrokenRulebook] = []
    files = _read_each(rulebook.track_names, partial(rulebook.file_of, "track"), errors)
    lists = _read_each(rulebook.acts, partial(rulebook.file_of, "act"), errors)
    refuse_all(errors)
    for kind, taken in (("track", files), ("act", lists)):
        for name, file in taken.items():
            with collecting(errors):
                _check_name(file, kind, name)
    with collecting(errors):
        _check_families(files)
    refuse_all(errors)
    tracks = _read_each(rulebook.track_names, rulebook.tracks.__getitem__, errors)
    acts = _read_each(rulebook.acts, rulebook.acts.__getitem__, errors)
    _check_other_files(rulebook, errors)
    refuse_all(errors)
    _check_published_codes(rulebook)
    lists_ = _lists_with_names(rulebook.lists, tracks, acts)
    scope = CheckedScope(rulebook.tracks, {}, lists=lists_, published=rulebook.published.by_code)
    for name, track in tracks.items():
        check_register(files[name], track)
        check_track(files[name], track, scope, (*ACTS_WITHOUT_ITEMS, *acts, *track.entry_acts))
    check_command_names(files, tracks, (*ACTS_WITHOUT_ITEMS, *acts))
    _check_all_tracks_file(rulebook, scope)
    seen: set[str] = set()
    for name, act in acts.items():
        check_act(lists[name], act, scope, seen)
    errors += [error for file in (*files.values(), rulebook.all_tracks_file, *lists.values()) for error in file.errors]
    with collecting(errors):
        refuse_shared_places(files, tracks)
    with collecting(errors):
        refuse_cycles(_dependencies_of_all(files, lists, tracks, acts))
    refuse_all(errors)
    _ = rulebook.record  # the tree of a file is drawn, and refuses what two tracks would keep in two shapes


def _read_each(
    names: Iterable[str], read: Callable[[str], FileValue], errors: list[BrokenRulebook]
) -> dict[str, FileValue]:
    """What could be read, by name."""
    found = {}
    for name in names:
        with collecting(errors):
            found[name] = read(name)
    return found


PARTS_OF_OTHER_FILES = ("annexes", "clauses", "findings", "languages", "edition", "house_kinds", "states", "duties")


def _check_other_files(rulebook: "Rulebook", errors: list[BrokenRulebook]) -> None:
    """What is not of tracks and acts: each file as its schema wants it, every state there, and facts that are known."""
    for part in PARTS_OF_OTHER_FILES:
        with collecting(errors):
            getattr(rulebook, part)
    for check in (_check_list_names, _check_languages, _check_states, _check_duties):
        with collecting(errors):
            check(rulebook)


def _check_list_names(rulebook: "Rulebook") -> None:
    """What else codes are called is said of lists that are there."""
    file = read_rulebook_file(rulebook.folder, "lists.yaml")
    for name in rulebook.other_names_of_codes:
        file.require_known(pointer_below("/called", name), name, rulebook.lists)


def _check_languages(rulebook: "Rulebook") -> None:
    """Each language is one in which the program can print: it needs its days, numbers and letters."""
    file = read_rulebook_file(rulebook.folder, "languages.yaml")
    for code in rulebook.languages:
        file.require_known(pointer_below("/languages", code), code, PAPER_LANGUAGES)


def _check_states(rulebook: "Rulebook") -> None:
    states = read_rulebook_file(rulebook.folder, "states.yaml")
    for code in (*CLIENT_STATES, *AWAY_STATES):
        if code not in rulebook.states:
            raise states.error_at("shape", "/states", KEY_MISSING, key=code)


def _check_duties(rulebook: "Rulebook") -> None:
    duties = read_rulebook_file(rulebook.folder, "duties.yaml")
    for name, duty in rulebook.duties.items():
        duties.require_facts(pointer_below("/duties", name, "means"), duty.get("means") or {}, ("months",))


def _check_published_codes(rulebook: "Rulebook") -> None:
    """Each sentence is filled from facts that its code publishes, and the last of several is said where no other is."""
    file = read_rulebook_file(rulebook.folder, "findings.yaml")
    if file.value["schema"] != "findings/1":
        raise file.error_at("word", "/schema", SCHEMA_WANTED, schema="findings/1")
    for name in CODES_WITHOUT_RULE:
        if name not in rulebook.published.by_code:
            raise file.error_at("shape", "/findings", KEY_MISSING, key=name)
    for name, code in rulebook.findings.items():
        if (code.in_file or code.where or code.facts or code.gathered_as or code.parts) and not code.says:
            raise file.error_at("shape", pointer_below("/findings", name), KEY_MISSING, key="says")
        for key, wordings in (("says", code.says), ("in_file", code.in_file)):
            place = pointer_below("/findings", name, key)
            listed = not isinstance(file.value["findings"][name].get(key), Mapping)
            for number, wording in enumerate(wordings):
                at = pointer_below(place, number) if listed else place
                _check_wording(file, at, pointer_below(at, "text") if listed else at, code, wording)
                if key == "says" and wording is wordings[-1] and wording.when:
                    raise file.error_at("rule", pointer_below(at, "when"), LAST_WORDING_CONDITIONAL)


def _check_wording(file: RulebookFile, place: str, text: str, code: PublishedCode, wording: Wording) -> None:
    """Its facts, and the number by which it is counted, are published with it."""
    counted = [word for words in wording.when.get("counted", ()) for word in words.split(" × ")]
    known = {*FACTS_OF_EVERY_CODE, *code.facts, *wording.facts, *counted}
    if isinstance(wording.text, CountedText):
        file.require_known(pointer_below(place, "count"), wording.text.by, known)
        for language, forms in wording.text.forms.items():
            file.require_facts(pointer_below(text, language), forms, known)
    else:
        file.require_facts(text, wording.text, known)


def _check_name(file: RulebookFile, kind: str, name: str) -> None:
    for key in ("schema", kind):
        if key not in file.value:
            raise file.error_at("shape", "", KEY_MISSING, key=key)
    if file.value[kind] != name:
        raise file.error_at("name", pointer_below("", kind), FILE_NAME_DIFFERS)
    if file.value["schema"] != f"{kind}/1":
        raise file.error_at("word", "/schema", SCHEMA_WANTED, schema=f"{kind}/1")


def _check_all_tracks_file(rulebook: "Rulebook", scope: CheckedScope) -> None:
    """What is said of all tracks: their order, and the fields that an entry of any may have."""
    file = rulebook.all_tracks_file
    for number, name in enumerate(file.value["order"]):
        file.require_known(pointer_below("/order", number), name, scope.tracks)
    for group, together in rulebook.groups.items():
        for number, name in enumerate(together["tracks"]):
            file.require_known(pointer_below("/groups", group, "tracks", number), name, scope.tracks)
    for number, name in enumerate(rulebook.blocks):
        single = [each for each, track in scope.tracks.items() if track.seal and not track.many]
        file.require_known(pointer_below("/blocks", number), name, single)
    _check_moved_places(file, rulebook.moved_places, scope.tracks)
    for name, one in rulebook.fields_of_every_entry.items():
        inside = file.value["fields"][name].get("fields") or {}
        check_fields(file, pointer_below("/fields", name, "fields"), inside, one.fields, scope.within(one.fields))


def _check_moved_places(file: RulebookFile, moved: Mapping[str, str], tracks: Mapping[str, Track]) -> None:
    """What older files have in the open stood in a list, and is a field of a sealed track that no marker shows."""
    lists = {track.at: track for track in tracks.values() if track.many and not track.seal}
    sealed = {name: track.seal.marker for name, track in tracks.items() if track.many and track.seal}
    for place, name in moved.items():
        at, (above, _, key) = pointer_below("/moved", place), place.rpartition(".")
        file.require_known(at, above, lists)
        file.require_known(at, name, sealed)
        file.require_known(at, key, tracks[name].fields.keys() - {*sealed[name]} - lists[above].fields.keys())
        links = {of for one in tracks[name].fields.values() if one.kind == "entry" for of in one.of}
        if above not in {tracks[of].at for of in links if of in tracks}:
            raise file.error_at("rule", at, FIELD_MUST_POINT, track=lists[above].name)


def _check_families(files: Mapping[str, RulebookFile]) -> None:
    """Every family is there, and nobody is its own ancestor; before that nothing can be made of a track."""
    edges = {}
    for name, file in files.items():
        if isinstance(family := file.value.get("family"), str):
            file.require_known("/family", family, files)
            edges[name] = [Dependency(family, file, "/family")]
    refuse_cycles(edges)


def _lists_with_names(
    lists: Mapping[str, Mapping[str, Text]], tracks: Mapping[str, Track], acts: Mapping[str, Act]
) -> Mapping[str, Mapping[str, Text]]:
    """The lists of the shelf, with those whose codes are names of something else on it."""
    items = {
        item.name: item.text for act in acts.values() for item in act.items if item.may_be_given or item.could_be_given
    }
    return {**lists, "items": items, "forms": {name: track.text for name, track in tracks.items() if track.family}}


def _dependencies_of_all(
    files: Mapping[str, RulebookFile],
    lists: Mapping[str, RulebookFile],
    tracks: Mapping[str, Track],
    acts: Mapping[str, Act],
) -> Mapping[str, list[Dependency]]:
    """What each track and act stands on: entries that it wants, and for what an act writes, that act.

    A rule that never refuses and an item beside the gate hold nobody up.
    """
    edges: dict[str, list[Dependency]] = {}
    for name, track in tracks.items():
        file = files[name]
        edges[name] = [*_dependencies_of_rules(file, "/rules", track.rules)]
        for part in track.parts.values():
            edges[name] += _dependencies_of_rules(file, pointer_below("/parts", part.number, "rules"), part.rules)
        if track.act in acts:
            edges[name].append(Dependency(f"act {track.act}", file, "/act"))
    for name, act in acts.items():
        file = lists[name]
        own = edges[f"act {name}"] = [*_dependencies_of_rules(file, "/rules", act.rules)]
        for number, item in enumerate(act.items):
            if any(isinstance(one, Ruling) and one.params.get("gate") for one in item.history):
                own += _dependencies_of_rules(file, pointer_below("/items", number, "rules"), item.rules)
        if (into := act.writes.partition(".")[0]) in edges:
            edges[into].append(Dependency(f"act {name}", file, "/writes"))
    return edges


def _dependencies_of_rules(file: RulebookFile, place: str, rules: Iterable[Rule]) -> Iterator[Dependency]:
    for number, rule in enumerate(rules):
        rulings = [one for one in rule.rulings if one.strength is Strength.SHALL]
        if rule.verb == "stands" and any(not one.params.wants_none for one in rulings):
            yield Dependency(rule.names[0].partition(".")[0], file, pointer_below(place, number, "stands"))
