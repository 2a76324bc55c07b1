"""Check of a whole rulebook: every word of its tracks and acts is compared with the rest, and slips are reported by
place.

The shipped rulebook is trusted, because a test checks it; a rulebook under revision is checked when it is opened. Rules
that open other clients' files (``within: store``, ``count: sleeping``) may only be in acts, and in tracks whose entries
an act writes, because any other rule runs each time a file is looked at. Citations (clauses, readings) are not checked,
because a revision may cite what is newer than the texts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from shelterctl.core.manual.act import Act
from shelterctl.core.manual.published_code import PublishedCode, Wording
from shelterctl.core.manual.role import EVERY_TRACK
from shelterctl.core.manual.rule import Rule, Ruling, Strength
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import AWAY_STATES
from shelterctl.core.rules.client_state import CLIENT_STATES
from shelterctl.errors import BrokenRulebook
from shelterctl.language import NOBODY_IN_PARTICULAR, CountedText, Text
from shelterctl.rulebook.derivations import FileValue
from shelterctl.rulebook.files import (
    EXPORT_FILE,
    FINDINGS_FILE,
    IMPORT_FILE,
    MANUAL_FOLDER,
    RULEBOOK_FILE_MISSING,
    SCHEMA_WANTED,
    WORDS_FOLDER,
    RulebookFile,
    broken_rulebook,
    collecting,
    in_each_language,
    pointer_below,
    read_file_bytes,
    read_rulebook_file,
    refuse_all,
)
from shelterctl.rulebook.lint.acts import check_act, check_checklists
from shelterctl.rulebook.lint.commands import (
    check_command_names,
    check_form_names,
    check_paper_names,
    find_slips_of_sentences,
)
from shelterctl.rulebook.lint.country import check_currency, check_languages, check_paper_words
from shelterctl.rulebook.lint.coverage import find_slips_of_coverage
from shelterctl.rulebook.lint.exchange import check_exchange
from shelterctl.rulebook.lint.gaps import FILES_OF_NAMES, Gaps
from shelterctl.rulebook.lint.plans import check_plan
from shelterctl.rulebook.lint.purposes import check_purposes
from shelterctl.rulebook.lint.registers import check_register, scope_of_clients, scope_of_track
from shelterctl.rulebook.lint.reports import check_report, check_report_order
from shelterctl.rulebook.lint.scope import CheckedScope
from shelterctl.rulebook.lint.standards import check_standard
from shelterctl.rulebook.lint.structure import (
    Dependency,
    places_of_signatures,
    refuse_cycles,
    refuse_shared_places,
)
from shelterctl.rulebook.lint.tracks import check_fields, check_track
from shelterctl.rulebook.reader import KEY_MISSING
from shelterctl.trust.readership import FILE_PARTS
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook


FILE_NAME_DIFFERS = N_("the name of a track, an act, a report or a plan must be that of its file")

LAST_WORDING_CONDITIONAL = N_("the last text must fit every case; leave out its key when")
FIELD_MUST_POINT = N_("a field of that track must point at an entry of {track}")

FACTS_OF_EVERY_CODE = ("line", "clause", "reading", "opens")
"""Facts that are published with every code, if the rule gives them."""

FILES_NEEDED = (
    "acts/admission.yaml", "acts/discharge.yaml",
    "tracks/agreement.yaml", "tracks/discharge.yaml", "tracks/facility.yaml", "tracks/identity.yaml",
    "tracks/ngo.yaml", "tracks/staff.yaml", "tracks/stay.yaml",
)  # fmt: skip
"""Files of tracks and acts that the program itself names; a rulebook may name all other files as it likes."""

ACTS_WITHOUT_ITEMS = ("agreement", "report", "sign", "terminate")
"""Acts of the program that have no list of items: saving or signing an agreement or a report, and terminating."""


def check_rulebook(rulebook: "Rulebook") -> None:
    """Raise BrokenRulebook with every slip, by file, place, line and column, and with the nearest known word.

    Each file is read by its keys first; the words of all that could be read are then compared with each other.
    """
    errors = [
        broken_rulebook("file", name, "/", in_each_language(RULEBOOK_FILE_MISSING))
        for name in FILES_NEEDED
        if not (rulebook.folder / name).is_file()
    ]
    gaps = Gaps()
    for missing in errors:
        gaps.leave_out_file(name := str(missing.facts["file"]), _read_raw(MANUAL_FOLDER, name))
    legible = _leave_out_slips(rulebook, gaps, errors)
    files = legible.files or {name: legible.read_file(name) for name in _names_of_files(legible)}
    told = [slip for slip in _find_slips_of_each(legible) if not gaps.is_doubtful(slip, files)]
    for slip in told:
        gaps.note(files[str(slip.facts["file"])], _place_of(slip))
    found = [slip for slip in _find_slips_of_words(legible, gaps) if not gaps.is_doubtful(slip, files)]
    for slip in found:
        gaps.damage_fields(_place_of(slip))
    surely = [*errors, *told, *(slip for slip in found if not gaps.is_doubtful(slip, files))]
    typed = [] if surely else find_slips_of_sentences(rulebook, _names_of_files(rulebook))
    refuse_all((*surely, *typed, *find_slips_of_coverage(rulebook, whole=not surely)))
    _ = rulebook.record  # building the tree of a file refuses a key that two tracks claim


def _leave_out_slips(rulebook: "Rulebook", gaps: Gaps, errors: list[BrokenRulebook]) -> "Rulebook":
    """Return the rulebook without what cannot be read; add each slip to *errors*, and note each gap.

    A part with a slip is left out and the rest read again, until no slip is left: one may hide or cause another.
    """
    files: dict[str, RulebookFile] = {}
    for name in _names_of_files(rulebook):
        try:
            files[name] = rulebook.read_file(name)
        except BrokenRulebook as error:
            errors.append(error)
            gaps.leave_out_file(name, _read_raw(rulebook.folder, name))
    legible = rulebook if not gaps else _rulebook_of(rulebook, files)
    while found := _find_slips_of_keys(legible):
        errors += [slip for slip in found if not gaps.is_doubtful(slip, files)]
        for slip in found:
            name = str(slip.facts["file"])
            if (file := files.get(name)) is None:
                continue
            if kept := gaps.leave_out(file, _place_of(slip)):
                files[name] = kept
            else:
                gaps.leave_out_file(name, _read_raw(rulebook.folder, name))
                del files[name]
        legible = _rulebook_of(rulebook, files)
    return legible


def _names_of_files(rulebook: "Rulebook") -> list[str]:
    """Return the files of tracks, acts, annexes and reports in the folder, and the files that exist once."""
    listed = [path.relative_to(rulebook.folder).as_posix() for path in sorted(rulebook.folder.glob("*/*.yaml"))]
    single = (name for name in SINGLE_FILES if name not in FILES_NOT_NEEDED or rulebook.has_file(name))
    return [*(name for name in listed if name.partition("/")[0] in (*FILES_OF_NAMES, WORDS_FOLDER)), *single]


def _read_raw(folder: Path, name: str) -> bytes:
    """Return the bytes of a file; empty if it cannot be read."""
    try:
        return read_file_bytes(folder, name)
    except BrokenRulebook:
        return b""


def _rulebook_of(rulebook: "Rulebook", files: Mapping[str, RulebookFile]) -> "Rulebook":
    """Return the rulebook of these files alone; the shipped one replaces any missing file of those that exist once."""
    instead = {name: read_rulebook_file(MANUAL_FOLDER, name) for name in SINGLE_FILES if name not in files}
    return replace(rulebook, files={**files, **instead})


def _find_slips_of_keys(rulebook: "Rulebook") -> list[BrokenRulebook]:
    """Return the slips found when each file is read by itself."""
    errors: list[BrokenRulebook] = []
    with collecting(errors):
        _ = rulebook.track_order
    if errors:  # the tracks cannot be ordered without it
        return errors
    files = {name: rulebook.file_of("track", name) for name in rulebook.track_names}
    acts = {name: rulebook.file_of("act", name) for name in rulebook.acts}
    reports = {name: rulebook.file_of("report", name) for name in rulebook.house_reports}
    standards = {name: rulebook.file_of("standard", name) for name in rulebook.standards}
    plans = {name: rulebook.file_of("plan", name) for name in rulebook.plans}
    every = (("track", files), ("act", acts), ("report", reports), ("standard", standards), ("plan", plans))
    for kind, taken in every:
        for name, file in taken.items():
            with collecting(errors):
                _check_name(file, kind, name)
    with collecting(errors):
        _check_families(files)
    if errors:  # no track can be built before its family is known
        return errors
    _read_each(rulebook.track_names, rulebook.tracks.__getitem__, errors)
    _read_each(rulebook.acts, rulebook.acts.__getitem__, errors)
    _read_each(rulebook.house_reports, rulebook.house_reports.__getitem__, errors)
    _read_each(rulebook.standards, rulebook.standards.__getitem__, errors)
    _read_each(rulebook.plans, rulebook.plans.__getitem__, errors)
    _check_other_files(rulebook, errors)
    return _each_once(errors)


def _each_once(errors: Iterable[BrokenRulebook]) -> list[BrokenRulebook]:
    return [*{tuple(map(str, error.facts.values())): error for error in errors}.values()]


def _place_of(slip: BrokenRulebook) -> str:
    return slip.position[0] if slip.position else ""


def _find_slips_of_each(rulebook: "Rulebook") -> list[BrokenRulebook]:
    """Return the slips of registers and of names of commands; these places are then left out of later checks."""
    tracks = dict(rulebook.tracks)
    files = {name: rulebook.file_of("track", name) for name in tracks}
    for name, track in tracks.items():
        check_register(files[name], track)
    check_command_names(files, tracks, (*ACTS_WITHOUT_ITEMS, *rulebook.acts))
    annexes = _annex_files(rulebook)
    check_form_names(annexes, [*rulebook.forms], files, tracks)
    check_paper_names(files, tracks, [*annexes])
    return _take_errors((*files.values(), *annexes.values()))


def _annex_files(rulebook: "Rulebook") -> dict[str, RulebookFile]:
    return {name: rulebook.read_file(f"annexes/{name}.yaml") for name in sorted(rulebook.annex_names)}


def _find_slips_of_words(rulebook: "Rulebook", gaps: Gaps) -> list[BrokenRulebook]:
    """Return the slips found when the words of all files are compared with each other."""
    tracks, acts = dict(rulebook.tracks), dict(rulebook.acts)
    files = {name: rulebook.file_of("track", name) for name in tracks}
    lists = {name: rulebook.file_of("act", name) for name in acts}
    names_of_acts = (*ACTS_WITHOUT_ITEMS, *acts)
    scope = CheckedScope(
        rulebook.tracks,
        {},
        lists=_lists_with_names(rulebook.lists, tracks, acts),
        published=rulebook.published.by_code,
        explained=rulebook.findings.keys(),
        every_track=rulebook.tracks,
    )
    for name, track in tracks.items():
        check_track(files[name], track, scope_of_track(scope, track), (*names_of_acts, *track.entry_acts))
        if not gaps:
            check_checklists(files[name], track, acts.values())
    _check_all_tracks_file(rulebook, scope)
    seen: set[str] = set()
    for name, act in acts.items():
        check_act(lists[name], act, scope_of_clients(scope), seen)
    reports = {name: rulebook.file_of("report", name) for name in rulebook.house_reports}
    for name, file in reports.items():
        check_report(file, rulebook.house_reports[name], rulebook)
    standards = {name: rulebook.file_of("standard", name) for name in rulebook.standards}
    for name, file in standards.items():
        check_standard(file, rulebook.standards[name], rulebook)
    plans = {name: rulebook.file_of("plan", name) for name in rulebook.plans}
    for name, file in plans.items():
        check_plan(file, rulebook.plans[name], rulebook)
    order_of_reports = rulebook.read_file("reports.yaml")
    exchanged = [] if gaps else check_exchange(rulebook)
    if not gaps:
        check_report_order(order_of_reports, rulebook.report_order.order, [*reports])
    annexes = _annex_files(rulebook)
    places = [*places_of_signatures({rulebook.place_of(name): track for name, track in tracks.items()})]
    places += [track.at for name, track in tracks.items() if name in gaps.damaged]
    for name, file in annexes.items():
        file.collect_unknown("/recorded_in", rulebook.annex(name).recorded_in, places)
    errors = _take_errors(
        (
            *files.values(),
            rulebook.all_tracks_file,
            *lists.values(),
            *annexes.values(),
            *reports.values(),
            *standards.values(),
            *plans.values(),
            *exchanged,
            order_of_reports,
        )
    )
    with collecting(errors):
        lying = {name: track for name, track in tracks.items() if "/at" not in gaps.places.get(files[name].name, ())}
        refuse_shared_places(files, lying)
    if "roles" in rulebook.lists and not any(name.partition("/")[0] in FILES_OF_NAMES for name in gaps.files):
        with collecting(errors):
            _check_roles(rulebook)
    with collecting(errors):
        refuse_cycles(_dependencies_of_all(files, lists, tracks, acts))
    return errors


def _take_errors(files: Iterable[RulebookFile]) -> list[BrokenRulebook]:
    """Return the errors collected in these files, and clear them there."""
    found = []
    for file in files:
        found += file.errors
        file.errors = []
    return found


def _read_each(
    names: Iterable[str], read: Callable[[str], FileValue], errors: list[BrokenRulebook]
) -> dict[str, FileValue]:
    """Return by name what could be read, and collect the errors of the rest."""
    found = {}
    for name in names:
        with collecting(errors):
            found[name] = read(name)
    return found


SINGLE_FILES = (
    "tracks.yaml", "lists.yaml", "clauses.yaml", "findings.yaml", "languages.yaml", "edition.yaml", "houses.yaml",
    "roles.yaml", "states.yaml", "duties.yaml", "reports.yaml", EXPORT_FILE, IMPORT_FILE,
)  # fmt: skip
"""Files that exist once in a rulebook."""

FILES_NOT_NEEDED = (FINDINGS_FILE, EXPORT_FILE, IMPORT_FILE)
"""Single files that a rulebook can lack: the words of findings, whose codes are the program's, the limits of exports
and the sheet for old cases.
"""

PARTS_OF_SINGLE_FILES = (
    "clauses", "findings", "languages", "country", "house_kinds", "roles", "states", "duties", "report_order",
)  # fmt: skip


def _check_other_files(rulebook: "Rulebook", errors: list[BrokenRulebook]) -> None:
    """Collect the slips outside tracks and acts: schemas of the other files, missing states, and unknown facts."""
    _read_each(sorted(rulebook.annex_names), rulebook.annex, errors)
    for part in PARTS_OF_SINGLE_FILES:
        with collecting(errors):
            getattr(rulebook, part)
    for check in (
        _check_list_names,
        check_languages,
        check_currency,
        check_paper_words,
        _check_states,
        _check_duties,
        _check_published_codes,
    ):
        with collecting(errors):
            check(rulebook)


def _check_list_names(rulebook: "Rulebook") -> None:
    """Raise BrokenRulebook if other names of codes are given for an unknown list, or a form for an unknown sex."""
    file = rulebook.read_file("lists.yaml")
    for name in rulebook.other_names_of_codes:
        file.require_known(pointer_below("/called", name), name, rulebook.lists)
    for sex in rulebook.forms_of_sexes:
        file.require_known(pointer_below("/speaks", sex), sex, (*rulebook.lists.get("sexes", ()), NOBODY_IN_PARTICULAR))


def _check_states(rulebook: "Rulebook") -> None:
    states = rulebook.read_file("states.yaml")
    for code in (*CLIENT_STATES, *AWAY_STATES):
        if code not in rulebook.states:
            raise states.error_at("shape", "/states", KEY_MISSING, key=code)


def _check_roles(rulebook: "Rulebook") -> None:
    """Raise BrokenRulebook if roles.yaml names an unknown role, track or act, or leaves out a part."""
    file, known = rulebook.read_file("roles.yaml"), rulebook.lists["roles"]
    for part in FILE_PARTS:
        if part not in rulebook.file_parts:
            raise file.error_at("shape", "/parts", KEY_MISSING, key=part)
    for name, one in rulebook.file_parts.items():
        file.require_known(pointer_below("/parts", name), name, FILE_PARTS)
        file.require_all_known(pointer_below("/parts", name, "readers"), one.readers, known)
    tracks, acts = {*rulebook.track_names, EVERY_TRACK}, {*rulebook.acts_of_roles, EVERY_TRACK}
    for name, role in rulebook.roles.items():
        file.require_known(pointer_below("/roles", name), name, known)
        file.require_all_known(pointer_below("/roles", name, "writes"), role.writes, tracks)
        file.require_all_known(pointer_below("/roles", name, "does"), role.does, acts)
        file.require_all_known(pointer_below("/roles", name, "but"), role.but, tracks | acts)


def _check_duties(rulebook: "Rulebook") -> None:
    duties = rulebook.read_file("duties.yaml")
    for name, duty in rulebook.duties.items():
        duties.require_facts(pointer_below("/duties", name, "means"), duty.get("means") or {}, ("months",))


def _check_published_codes(rulebook: "Rulebook") -> None:
    """Raise BrokenRulebook unless each text uses only published facts, and the last of several has no condition."""
    if not rulebook.has_file(FINDINGS_FILE):
        return
    file = rulebook.read_file(FINDINGS_FILE)
    if file.value["schema"] != "findings/1":
        raise file.error_at("word", "/schema", SCHEMA_WANTED, schema="findings/1")
    known = {*rulebook.findings_of_program, *_codes_of_rules(rulebook)}
    errors: list[BrokenRulebook] = []
    for name, code in rulebook.own_findings.items():
        with collecting(errors):
            file.require_known(pointer_below("/findings", name), name, known)
            _check_published_code(file, name, code)
    refuse_all(errors)


def _codes_of_rules(rulebook: "Rulebook") -> set[str]:
    """Return the codes that rules of tracks and acts name."""

    def collect(written: Any) -> Iterator[str]:
        if isinstance(written, Mapping):
            if isinstance(code := written.get("code"), str):
                yield code
            written = [*written.values()]
        for each in written if isinstance(written, list) else ():
            yield from collect(each)

    files = (*(rulebook.file_of("track", name) for name in rulebook.track_names),
             *(rulebook.file_of("act", name) for name in rulebook.acts))  # fmt: skip
    return {code for file in files for code in collect(file.value)}


def _check_published_code(file: RulebookFile, name: str, code: PublishedCode) -> None:
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
    """Raise BrokenRulebook unless the facts of a text, and the number that it counts, are published with its code."""
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
    """Collect the slips of tracks.yaml: the order of tracks, their groups, and the fields that any entry may have."""
    file = rulebook.all_tracks_file
    file.collect_unknown("/order", file.value["order"], scope.tracks)
    for group, together in rulebook.groups.items():
        file.collect_unknown(pointer_below("/groups", group, "tracks"), together["tracks"], scope.tracks)
    single = [each for each, track in scope.tracks.items() if track.seal and not track.many]
    file.collect_unknown("/blocks", rulebook.blocks, single)
    check_purposes(file, cast("Mapping[str, str]", rulebook.track_order.purposes), scope.tracks)
    for place, moved in rulebook.moved_places.items():
        file.collect(_check_moved_place, file, place, moved, scope.tracks)
    for name, one in rulebook.fields_of_every_entry.items():
        inside = file.value["fields"][name].get("fields") or {}
        check_fields(file, pointer_below("/fields", name, "fields"), inside, one.fields, scope.within(one.fields))


def _check_moved_place(file: RulebookFile, place: str, name: str, tracks: Mapping[str, Track]) -> None:
    """Raise BrokenRulebook unless a moved place was in a list, and is now a field of a sealed track and no marker."""
    lists = {track.at: track for track in tracks.values() if track.many and not track.seal}
    sealed = {name: track.seal.marker for name, track in tracks.items() if track.many and track.seal}
    at, (above, _, key) = pointer_below("/moved", place), place.rpartition(".")
    file.require_known(at, above, lists)
    file.require_known(at, name, sealed)
    file.require_known(at, key, tracks[name].fields.keys() - {*sealed[name]} - lists[above].fields.keys())
    links = {of for one in tracks[name].fields.values() if one.kind == "entry" for of in one.of}
    if above not in {tracks[of].at for of in links if of in tracks}:
        raise file.error_at("rule", at, FIELD_MUST_POINT, track=lists[above].name)


def _check_families(files: Mapping[str, RulebookFile]) -> None:
    """Raise BrokenRulebook if a family is unknown, or a track is its own ancestor.

    This comes first, because no track can be built without its family.
    """
    edges = {}
    for name, file in files.items():
        if isinstance(family := file.value.get("family"), str):
            file.require_known("/family", family, files)
            edges[name] = [Dependency(family, file, "/family")]
    refuse_cycles(edges)


def _lists_with_names(
    lists: Mapping[str, Mapping[str, Text]], tracks: Mapping[str, Track], acts: Mapping[str, Act]
) -> Mapping[str, Mapping[str, Text]]:
    """Return the lists of the rulebook, and those whose codes are names of items and forms."""
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
    """Return what each track and act depends on: required entries, and for what an act writes, that act.

    Rules that never refuse, and items outside the gate, block nothing and are left out.
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
