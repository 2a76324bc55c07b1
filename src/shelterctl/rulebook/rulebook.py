"""The rulebook: everything of the manual that is data. Each file is read once, when it is first needed.

open_rulebook returns the shipped rulebook, or the one in the folder that SHELTERCTL_MANUAL names, which is first
checked as a whole. Two fingerprints identify a rulebook: one of all files, one of those that shape a client's file.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, cast

from shelterctl.core.manual.act import Act, Item
from shelterctl.core.manual.coverage import (
    COVERAGE_FOLDER,
    COVERAGE_ORDER_FILE,
    CoverageOrder,
    CoverageRow,
    CoverageRows,
    chapter_of_row,
)
from shelterctl.core.manual.export_rules import ExportRules
from shelterctl.core.manual.field import Field, Fields, leaf_fields
from shelterctl.core.manual.import_sheet import ImportSheet
from shelterctl.core.manual.own_limit import OwnLimit
from shelterctl.core.manual.plan import LEAST_SHOWN, Plan
from shelterctl.core.manual.published_code import FindingCodes, PublishedCode, PublishedCodes
from shelterctl.core.manual.report import Report, ReportOrder
from shelterctl.core.manual.role import FilePart, Role, RolesOfHouse, act_of_entry, readers_by_part
from shelterctl.core.manual.sheet import Annex
from shelterctl.core.manual.standard import Standard
from shelterctl.core.manual.track import MONITORING, REGISTER_HOMES, Track, TrackGroup, TrackOrder
from shelterctl.core.record import file_tree, occupancy
from shelterctl.core.rules.context import Tracks
from shelterctl.core.rules.own_limits import tighten_act, tighten_house_kinds, tighten_track
from shelterctl.country import (
    ENGLISH,
    Calendar,
    Country,
    PaperLanguage,
    current_country,
    make_country,
    shipped_country,
    use_country,
)
from shelterctl.edition import MANUAL_VARIABLE
from shelterctl.errors import BrokenRulebook, NotFound, UsageError
from shelterctl.immutable import immutable
from shelterctl.language import FEMININE, NOBODY_IN_PARTICULAR, Text, codes_with_texts
from shelterctl.rulebook.derivations import FileValue, read_as
from shelterctl.rulebook.files import (
    EXPORT_FILE,
    FINDINGS_FILE,
    IMPORT_FILE,
    MANUAL_FOLDER,
    OUTLINES_FILE,
    WORDS_FOLDER,
    LazyMapping,
    RulebookFile,
    in_each_language,
    paper_words_file,
    read_compiled,
    read_file_bytes,
    read_rulebook_file,
)
from shelterctl.ui_language import N_, PAPER_LANGUAGES

FILES_SHAPING_RECORDS = (
    "tracks/*.yaml", "acts/*.yaml", "reports/*.yaml", "reports.yaml", "tracks.yaml", "lists.yaml", "houses.yaml",
)  # fmt: skip
"""Files that decide what a client's file or a register may hold: the fields of tracks, and the lists of their codes.
"""

FINGERPRINT_LETTERS = 16
"""Length of a fingerprint, in hexadecimal digits."""


def collect_field_paths(tracks: Iterable[Track], shared: Fields) -> dict[str, Field]:
    """Return every field by its path, except those that the monitoring report prints under a number.

    These are asked for in the words that are printed there.
    """
    found: dict[str, Field] = {}
    for track in tracks:
        inside = place_of_fields(track)
        below = leaf_fields(track.fields, inside and f"{inside}.")
        found |= {path: one for path, one in below if not one.number}
        found |= dict(leaf_fields(track.clear, f"{track.name}."))
        for part in track.parts.values():
            found |= {path: one for path, one in leaf_fields(part.fields) if "." in path}
    return {**found, **dict(leaf_fields(shared))}


def place_of_fields(track: Track) -> str:
    """Return the path at which the fields of a track begin; empty for a stay.

    An act that writes from a file of its own asks for its fields under the track's name, and so does a register.
    """
    if track.act:
        return track.family or track.name
    if track.is_coded:
        return f"directory.{track.at}"
    if track.seal or track.of_register:
        return track.name
    return "" if track.name == _STAY_TRACK else track.at


ANNEX_NAME_DIFFERS = N_("the name of the annex must be that of its file")
FORM_UNKNOWN = N_("There is no such form. The forms are {forms}.")
AGREEMENT_FAMILY = "agreement"
"""The family of the financial forms."""

NOTHING_FOR_PURPOSE = N_("The rulebook in use has nothing of this kind.")
_STAY_TRACK = "stay"
"""The track of a stay as a whole."""

CLAUSE_WITHOUT_WORDS = N_("The text of this clause is not in the rulebook yet.")
KEY_OF_TWO_TRACKS = N_("another track already uses this key; choose another one")


def has_deadline(track: Mapping[str, Any]) -> bool:
    """Whether a track, as it is written, has a deadline of its own or of a part."""
    return "due" in track or any("due" in part for part in (track.get("parts") or {}).values())


@immutable(slots=False)
class Rulebook:
    """The manual as data; each file is checked against its schema when it is first read."""

    folder: Path
    trusted: bool = False
    """Whether a test checks it, as it does the shipped one, so that it need not be checked at each start."""
    files: Mapping[str, RulebookFile] | None = None
    """The files that are read, by name, without their slips; None to read any file of the folder when it is needed."""
    limits: tuple[OwnLimit, ...] = ()
    """The stricter limits that the house itself set in its store; forms still print the manual's."""

    def with_limits(self, limits: tuple[OwnLimit, ...]) -> "Rulebook":
        """Return the rulebook with these limits of a house; files that were read are not read again."""
        return self if limits == self.limits else _add_limits(self, limits)

    @cached_property
    def digest(self) -> str:
        """A fingerprint of every file (folders are one deep), so that an audit can say which manual a check used."""
        digest = hashlib.sha256()
        for path in sorted(path for pattern in ("*.yaml", "*/*.yaml") for path in self.folder.glob(pattern)):
            name = path.relative_to(self.folder).as_posix()
            digest.update(name.encode(errors="surrogateescape") + b"\0" + self._raw(name) + b"\0")
        return digest.hexdigest()[:FINGERPRINT_LETTERS]

    @cached_property
    def imprint(self) -> str:
        """A fingerprint of the files that decide what a client's file may hold."""
        paths = (path for pattern in FILES_SHAPING_RECORDS for path in sorted(self.folder.glob(pattern)))
        raw = b"\0".join(self._raw(path.relative_to(self.folder).as_posix()) for path in paths)
        return hashlib.sha256(raw).hexdigest()[:FINGERPRINT_LETTERS]

    @cached_property
    def _raw(self) -> Callable[[str], bytes]:
        """Returns the bytes of a file by its name. Each file is read once, so that everything rests on one state."""
        return cache(partial(read_file_bytes, self.folder))

    def file_digest(self, name: str) -> str | None:
        """Return a fingerprint of one file; None if there is no such file."""
        there = (self.folder / name).is_file()
        return hashlib.sha256(self._raw(name)).hexdigest() if there else None

    @cached_property
    def edition(self) -> str:
        """The edition of the manual."""
        return str(self._read_checked("edition")["edition"])

    @property
    def own_name(self) -> str:
        """The name that its edition gives it."""
        return str(self._read_checked("edition").get("shelf", NAME_OF_UNNAMED_RULEBOOK))

    @cached_property
    def forms(self) -> Mapping[str, Track]:
        """The financial forms, by the name that a user types: all tracks of the agreement family."""
        return LazyMapping(self.track_names, self.tracks.__getitem__, self._is_form)

    @cached_property
    def version(self) -> Mapping[str, Any]:
        """The revision and the imprint that a client's file records; of two rulebooks the newer has the higher
        revision.
        """
        said = self._read_checked("edition")
        return {"revision": said.get("revision", 0), "imprint": self.imprint}

    def _is_form(self, name: str) -> bool:
        return bool(self.file_of("track", name).value.get("family") == AGREEMENT_FAMILY)

    def _title(self, name: str) -> Text:
        title: Text = self.file_of("track", name).value["text"]
        return title

    def form(self, name: str) -> Track:
        """Return the form of that name; raise UsageError if there is none."""
        if name not in self.forms:
            titles = {known: form.text for known, form in self.forms.items()}
            raise UsageError("usage/form", FORM_UNKNOWN, forms=codes_with_texts(titles))
        return self.tracks[name]

    @cached_property
    def annexes(self) -> Mapping[str, Annex]:
        """The annexes that are signed without changes, by the name that a user types, in the manual's order."""
        read = sorted((self.annex(name) for name in self.annex_names), key=lambda annex: int(annex.number))
        return {annex.name: annex for annex in read}

    @cached_property
    def annex_names(self) -> frozenset[str]:
        """The names of the annexes."""
        return frozenset(self._names_in("annexes"))

    def annex(self, name: str) -> Annex:
        """Return the annex of that name, which must exist."""
        return self._annexes[name]

    @cached_property
    def _annexes(self) -> Mapping[str, Annex]:
        return LazyMapping(sorted(self.annex_names), self._build_annex)

    def _build_annex(self, name: str) -> Annex:
        read = self._read_checked_file(f"annexes/{name}.yaml", "annex")
        if read.value["annex"] != name:
            raise read.error_at("name", "/annex", ANNEX_NAME_DIFFERS)
        return self._read_as(Annex, read)

    @cached_property
    def lists(self) -> Mapping[str, Mapping[str, Text]]:
        """Lists of codes that several fields share, and those made of the names of items, forms, tracks and houses."""
        listed = self._read_checked("lists")["lists"]
        elsewhere: Mapping[str, Callable[[], Mapping[str, Text]]] = {
            "items": lambda: {item.name: item.text for item in self.items.values()},
            "forms": lambda: LazyMapping(self.track_names, self._title, self._is_form),
            "tracks": lambda: {name: self.tracks[name].text for name in self.track_names},
            "houses": lambda: {name: kind.text for name, kind in self.house_kinds.items()},
            "reports": lambda: {name: report.text for name, report in self.house_reports.items()},
        }
        return LazyMapping((*listed, *elsewhere), lambda name: elsewhere[name]() if name in elsewhere else listed[name])

    @cached_property
    def forms_of_sexes(self) -> Mapping[str, str]:
        """The forms of words by the codes of ``sexes``, and for `NOBODY_IN_PARTICULAR`."""
        said: Mapping[str, str] = self._read_checked("lists").get("speaks", {})
        return said

    def form_for_sex(self, sex: str | None) -> str:
        """Return the form of words for a client of that sex, one of `GENDER_FORMS`; None is for nobody."""
        said = self.forms_of_sexes
        return said.get(sex or NOBODY_IN_PARTICULAR) or said.get(NOBODY_IN_PARTICULAR, FEMININE)

    @cached_property
    def other_names_of_codes(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """Other names that people use for the codes of a list; of an open list also for codes that are not on it."""
        named: Mapping[str, Mapping[str, Sequence[str]]] = self._read_checked("lists").get("called", {})
        return named

    @cached_property
    def acts(self) -> Mapping[str, Act]:
        """Every act by its name."""
        return LazyMapping(self._names_in("acts"), self._act)

    def _names_in(self, kind: str) -> list[str]:
        """Return the names of the files in a folder of the rulebook, without their ending."""
        if self.files is None:
            return sorted(path.stem for path in (self.folder / kind).glob("*.yaml"))
        return sorted(Path(name).stem for name in self.files if name.startswith(f"{kind}/"))

    def _act(self, name: str) -> Act:
        act = replace(self._read_as(Act, self.file_of("act", name)), published=self.published)
        return tighten_act(act, self.limits) if self.limits else act

    @cached_property
    def house_reports(self) -> Mapping[str, Report]:
        """The reports of a house by name, in the order that reports.yaml gives; any that it leaves out come last."""
        names = self._names_in("reports")
        first = [name for name in self.report_order.order if name in names]
        return LazyMapping((*first, *(name for name in names if name not in first)), self._house_report)

    def _house_report(self, name: str) -> Report:
        return self._read_as(Report, self.file_of("report", name))

    @cached_property
    def plans(self) -> Mapping[str, Plan]:
        """The plans of what is published, by name; a rulebook may have none."""
        return LazyMapping(self._names_in("plans"), lambda name: self._read_as(Plan, self.file_of("plan", name)))

    def least_of_plan(self, plan: Plan) -> int | None:
        """Return the number of people below which a plan hides a number; None where the rulebook lacks that limit."""
        if plan.least == LEAST_SHOWN:
            return self.report_order.least_shown
        anonymised = self.export_rules.anonymised
        return anonymised.least_alike if anonymised else None

    @cached_property
    def report_order(self) -> ReportOrder:
        """The contents of reports.yaml: the order of the reports, and the least number that a public copy prints."""
        return self._read_as(ReportOrder, self.read_file("reports.yaml"))

    @cached_property
    def import_sheet(self) -> ImportSheet | None:
        """The columns of the sheet for cases from before the program; None in a rulebook without import.yaml."""
        return self._read_as(ImportSheet, self.read_file(IMPORT_FILE)) if self.has_file(IMPORT_FILE) else None

    @cached_property
    def export_rules(self) -> ExportRules:
        """The limits of what leaves the house; without export.yaml no rows leave it without a recipient."""
        return self._read_as(ExportRules, self.read_file(EXPORT_FILE)) if self.has_file(EXPORT_FILE) else ExportRules()

    @cached_property
    def standards(self) -> Mapping[str, Standard]:
        """The standards of other organisations for case data, by name; a rulebook may have none."""
        return LazyMapping(self._names_in("standards"), self._standard)

    def _standard(self, name: str) -> Standard:
        own = self._read_as(Standard, self.file_of("standard", name))
        if own.like is None or own.like not in self._names_in("standards"):
            return own
        return own.with_columns_of(self._read_as(Standard, self.file_of("standard", own.like)))

    @cached_property
    def coverage_files(self) -> tuple[str, ...]:
        """The files of `coverage/`, by their names with folder and ending; a rulebook may have none."""
        return tuple(f"{COVERAGE_FOLDER}/{name}.yaml" for name in self._names_in(COVERAGE_FOLDER))

    @cached_property
    def coverage_order(self) -> CoverageOrder:
        """The contents of coverage.yaml: the chapters of the manual, and the reasons for which a row is not done."""
        return self._read_as(CoverageOrder, self.read_file(COVERAGE_ORDER_FILE))

    @cached_property
    def coverage(self) -> Mapping[str, CoverageRow]:
        """Every row of the manual by its name, with what does it; in the order of the chapters, then of the files."""
        if not self.coverage_files:
            return {}
        rows = [row for name in self.coverage_files for row in self.coverage_rows(name).values()]
        place = {name: number for number, name in enumerate(self.coverage_order.chapters)}
        chapters = self.coverage_order.chapters
        rows.sort(key=lambda row: place.get(chapter_of_row(row, chapters) or "", len(place)))
        return {row.name: row for row in rows}

    def coverage_rows(self, file: str) -> Mapping[str, CoverageRow]:
        """Return the rows of one file of `coverage/` by their names."""
        return self._read_as(CoverageRows, self.read_file(file)).rows

    @cached_property
    def track_names(self) -> tuple[str, ...]:
        """The names of all tracks, in the order that tracks.yaml gives; any that it leaves out come last."""
        names = self._names_in("tracks")
        first = self.track_order.order
        return (*(name for name in first if name in names), *(name for name in names if name not in first))

    @cached_property
    def all_tracks_file(self) -> RulebookFile:
        """The file tracks.yaml, which says what is common to all tracks."""
        return self.read_file("tracks.yaml")

    @cached_property
    def track_order(self) -> TrackOrder:
        """The contents of tracks.yaml: order and groups of the tracks, and fields common to all entries."""
        return self._read_as(TrackOrder, self.all_tracks_file)

    def place_of(self, name: str) -> str:
        """Return the path in a client's file for a name: ``admission.primary_interview.by`` for
        ``primary-interview.by``.
        """
        first, _, rest = name.partition(".")
        at = "" if first == _STAY_TRACK else self.tracks[first].at  # paths of a stay begin inside it
        return ".".join(part for part in (at, rest) if part)

    @cached_property
    def tracks(self) -> Tracks:
        """Every track by its name, each read when it is first asked for."""
        purposes = cast("Mapping[str, str]", self.track_order.purposes)
        return Tracks(LazyMapping(self.track_names, self._track), purposes)

    @cached_property
    def tracks_of_columns(self) -> Mapping[str, str] | None:
        """The track of each column that is read from the fields of a client's file, by the column's name; None where
        nothing has been compiled from these tracks.
        """
        return self._compiled_tracks["columns"] if self._compiled_tracks else None

    @cached_property
    def _compiled_tracks(self) -> Mapping[str, Any] | None:
        return read_compiled(OUTLINES_FILE, self.join_tracks()) if self.trusted else None

    @cached_property
    def _outlines(self) -> Mapping[str, Mapping[str, Any]]:
        return self._compiled_tracks["outlines"] if self._compiled_tracks else self.outline_tracks()

    def outline_tracks(self) -> dict[str, Mapping[str, Any]]:
        """Return by name of every track what decides which commands need it: its home, how it is kept, and whether it
        has deadlines.

        It is read from all files of tracks, of which most commands need only a few.
        """
        written = {name: self.file_of("track", name).value for name in self.track_names}
        return {
            name: {"home": said.get("home"), "keeps": said.get("keeps"), "has_deadline": has_deadline(said)}
            for name, said in written.items()
        }

    def join_tracks(self) -> bytes:
        """Return the bytes of all files of tracks."""
        return b"\0".join(self._raw(f"tracks/{name}.yaml") for name in self.track_names)

    def track_for(self, purpose: str) -> Track:
        """Return the track that serves one of `PURPOSES`; raise UsageError in a rulebook that has none for it."""
        if (track := self.tracks.serving(purpose)) is None:
            raise UsageError("usage/not-in-rulebook", NOTHING_FOR_PURPOSE)
        return track

    def track_of_command(self, name: str) -> Track:
        """Return the track that a command of the program works on; raise UsageError in a rulebook without it."""
        if name not in self.tracks:
            raise UsageError("usage/not-in-rulebook", NOTHING_FOR_PURPOSE)
        return self.tracks[name]

    def _track(self, name: str) -> Track:
        file = self.file_of("track", name)
        family = file.value.get("family")
        file.require_known("/family", family, self.track_names)
        track = self._read_as(Track, file, self.tracks[family] if family else None)
        track = replace(track, published=self.published)
        return tighten_track(track, self.limits) if self.limits else track

    def _read_as(self, kind: Callable[..., FileValue], file: RulebookFile, family: Track | None = None) -> FileValue:
        """Return the contents of a file as a value of type *kind*; raise BrokenRulebook with all slips if there are
        any.
        """
        return read_as(kind, file, self.lists, family, trusted=self.trusted, languages=self.language_codes)

    def file_of(self, kind: str, name: str) -> RulebookFile:
        """Return the file of the track, act, report or plan of that name."""
        return self.read_file(f"{kind}s/{name}.yaml")

    def read_file(self, name: str) -> RulebookFile:
        """Return a file by its name with folder and ending, read once; raise BrokenRulebook if it is no strict YAML."""
        if name not in self._files_read:
            self._files_read[name] = read_rulebook_file(self.folder, name, self._raw(name))
        return self._files_read[name]

    @cached_property
    def _files_read(self) -> dict[str, RulebookFile]:
        """The files read so far, by name."""
        return {**(self.files or {})}

    @property
    def groups(self) -> Mapping[str, TrackGroup]:
        """Groups of tracks in which a user looks for what to record, each with its text."""
        return self.track_order.groups

    @property
    def blocks(self) -> tuple[str, ...]:
        """Tracks for which every file has one sealed block, even if empty, so that having one reveals nothing."""
        return self.track_order.blocks

    @property
    def moved_places(self) -> Mapping[str, str]:
        """Places that older files keep unsealed and that are sealed now (``needs.effects``), each with its track."""
        return self.track_order.moved

    @cached_property
    def language_codes(self) -> tuple[str, ...]:
        """The languages in which texts may be written: those that the program prints, and further ones of the rulebook.

        A file of languages that cannot be read adds none; its slips are found where it is checked.
        """
        if self.trusted:
            return PAPER_LANGUAGES
        try:
            written = self.read_file("languages.yaml").value.get("languages")
        except BrokenRulebook:
            return PAPER_LANGUAGES
        further = written if isinstance(written, Mapping) else ()
        return tuple(dict.fromkeys((*PAPER_LANGUAGES, *map(str, further))))

    @cached_property
    def country(self) -> Country:
        """Its currency and issuer, and the languages of paper that it describes itself."""
        return make_country(self._read_checked("edition"), {
            code: self._paper_language(code, about) for code, about in self.languages.items()
            if code not in PAPER_LANGUAGES
        })  # fmt: skip

    @cached_property
    def languages_of_words(self) -> tuple[str, ...]:
        """The languages for which the rulebook has a file with the sentences of the templates."""
        return tuple(self._names_in(WORDS_FOLDER))

    def _paper_language(self, code: str, about: Mapping[str, Any]) -> PaperLanguage:
        """Return a language of paper, with the sentences of the templates if the rulebook has a file of them."""
        days: dict[str, Any] = {
            key: tuple(said) if isinstance(said, list) else said for key, said in about.get("days", {}).items()
        }
        name = paper_words_file(code)
        words = self._read_checked_file(name, "paper").value["words"] if code in self.languages_of_words else {}
        return PaperLanguage(about.get("otherwise", ENGLISH), Calendar(**days) if days else None, words)

    @cached_property
    def languages(self) -> Mapping[str, Mapping[str, Any]]:
        """Languages of the rulebook's texts: their names, which is the manual's own, and who reviewed the others."""
        return dict(self._read_checked("languages")["languages"])

    @cached_property
    def house_kinds(self) -> Mapping[str, occupancy.HouseKind]:
        """The kinds of house."""
        kinds = self._read_as(occupancy.HouseKinds, self._read_checked_file("houses.yaml", "houses"))["kinds"]
        return tighten_house_kinds(kinds, self.limits) if self.limits else kinds

    @cached_property
    def _roles_file(self) -> RolesOfHouse:
        return self._read_as(RolesOfHouse, self._read_checked_file("roles.yaml", "roles"))

    @property
    def roles(self) -> Mapping[str, Role]:
        """The roles by name, each with all that it may write and do."""
        return self._roles_file["roles"]

    @property
    def file_parts(self) -> Mapping[str, FilePart]:
        """The parts of a store that are whole files, and the roles that open each."""
        return self._roles_file["parts"]

    @cached_property
    def acts_of_roles(self) -> Mapping[str, Text]:
        """The acts that roles do, by name: those of commands, and those on an entry of a track."""
        own = {
            act_of_entry(name, track.name): {
                language: f"{text}: {track.text.get(language, track.text['en'])}" for language, text in act.text.items()
            }
            for track in self.tracks.values()
            for name, act in track.entry_acts.items()
        }
        return {**self._roles_file["acts"], **own}

    @cached_property
    def readers_by_part(self) -> Mapping[str, tuple[str, ...]]:
        """The roles that open each part of a store, by the manual."""
        return readers_by_part(self.file_parts, self.tracks.values())

    @property
    def fields_of_every_entry(self) -> Fields:
        """Fields that an entry of any track may have: the mark of a struck-through entry, and the days of a span."""
        return cast("Fields", self.track_order.fields)

    @property
    def void(self) -> Field:
        """The field that marks an entry as struck through."""
        return replace(self.fields_of_every_entry["void"], of=("void",))

    def fields_inside(self, one: Field) -> Fields:
        """Return the fields inside a field; a span without fields of its own has its two days."""
        return one.fields or (self.fields_of_every_entry["span"].fields if one.kind == "span" else {})

    @cached_property
    def places(self) -> Mapping[str, Field]:
        """Every field of a record and of the registers by its path, with the words in which a person is asked."""
        return collect_field_paths(self.tracks.values(), self.fields_of_every_entry)

    @cached_property
    def record(self) -> Field:
        """A client's file with everything that it may hold; BrokenRulebook if two tracks claim one key."""
        try:
            return file_tree.build_file_tree(self.tracks.values(), self.void, self.lists["parts"], self.moved_places)
        except file_tree.TwoOwnersError as error:
            raise self.file_of("track", error.track).error_at("twice", error.place, KEY_OF_TWO_TRACKS) from error

    @cached_property
    def tracks_of_homes(self) -> Mapping[str, tuple[Track, ...]]:
        """The tracks of the registers of each home (house, staff, ngo, provider), in the order of tracks.yaml."""
        found: dict[str, list[Track]] = {home: [] for home in REGISTER_HOMES}
        for name in self.track_names:
            said = self._outlines[name]
            if isinstance(home := said["home"], str) and home in found and said["keeps"] != "coded":
                found[home].append(self.tracks[name])
        return {home: tuple(tracks) for home, tracks in found.items()}

    @cached_property
    def coded_tracks(self) -> Mapping[str, Track]:
        """The track of what is registered under the codes of each home that has one, such as staff."""
        return {home: track for track in self.registers for home in track.home if home in REGISTER_HOMES}

    @cached_property
    def register_records(self) -> Mapping[str, Field]:
        """The tree of a register's file for one code, by home; BrokenRulebook if two tracks claim one key."""
        return LazyMapping(REGISTER_HOMES, self._register_record)

    def _register_record(self, home: str) -> Field:
        try:
            return file_tree.build_register_tree(home, self.tracks_of_homes[home], self.void, self.lists["parts"])
        except file_tree.TwoOwnersError as error:
            raise self.file_of("track", error.track).error_at("twice", error.place, KEY_OF_TWO_TRACKS) from error

    @cached_property
    def papers(self) -> Mapping[str, str]:
        """The further papers of tracks by name, each with the name of its track."""
        written = {name: self.file_of("track", name).value.get("papers") or () for name in self.track_names}
        return {paper: name for name, papers in written.items() for paper in papers}

    @cached_property
    def registers(self) -> tuple[Track, ...]:
        """Tracks whose entries are registered by code in the directory."""
        return tuple(self.tracks[name] for name in self.track_names if self._outlines[name]["keeps"] == "coded")

    @cached_property
    def tracks_with_rules(self) -> tuple[Track, ...]:
        """Tracks of a client's file that have rules or dated codes; forms and the monitoring report are judged
        separately.
        """
        hers = (track for track in self.tracks.values() if file_tree.HOME_PATHS.keys() & {*track.home})
        lying = (
            track
            for track in hers
            if not self.tracks.serves(track.name, MONITORING) and AGREEMENT_FAMILY not in (track.name, track.family)
        )
        return tuple(
            track
            for track in lying
            if track.rules or track.dated_code_fields or any(part.rules for part in track.parts.values())
        )

    @cached_property
    def tracks_with_deadlines(self) -> tuple[Track, ...]:
        """Tracks that have deadlines; the monitoring report, which follows everything else, comes last."""
        due = (name for name in self.track_names if self._outlines[name]["has_deadline"])
        return tuple(self.tracks[name] for name in sorted(due, key=lambda name: self.tracks.serves(name, MONITORING)))

    @property
    def report(self) -> Track:
        """The track of the monitoring report, with the duty that it fulfils; UsageError in a rulebook without one."""
        return self.track_for(MONITORING)

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every item of every act by its name."""
        return {item.name: item for act in self.acts.values() for item in act.items}

    @cached_property
    def states(self) -> Mapping[str, Mapping[str, Any]]:
        """Every state of a client, in the manual's order: its name, its meaning, and what comes next."""
        return dict(self._read_checked("states")["states"])

    @cached_property
    def duties(self) -> Mapping[str, Mapping[str, Any]]:
        """Duties of the manual that have a deadline, each with its row, its meaning and its clause."""
        return dict(self._read_checked("duties")["duties"])

    @cached_property
    def clauses(self) -> Mapping[str, Mapping[str, Any]]:
        """Every clause that is cited: heading, gist and the manual's own words."""
        return dict(self._clauses["clauses"])

    def clause(self, name: str) -> Mapping[str, Any]:
        """Return a clause that is cited; one that is newer than the texts has only its name."""
        if name in self.clauses:
            return self.clauses[name]
        return {"heading": {"en": name}, "gist": in_each_language(CLAUSE_WITHOUT_WORDS), "text": ""}

    @cached_property
    def readings(self) -> Mapping[str, Mapping[str, Any]]:
        """Readings of the manual where it is unclear, by name."""
        return dict(self._clauses["readings"])

    @cached_property
    def findings(self) -> Mapping[str, PublishedCode]:
        """The code of each finding: its texts, its meaning, and how to resolve it. Checklist items have their own
        texts.

        The codes are the program's, so another manual has the shipped texts for those that it does not word itself.
        """
        return {**self.findings_of_program, **self.own_findings}

    @property
    def findings_of_program(self) -> Mapping[str, PublishedCode]:
        """The codes that the program knows, with the shipped texts."""
        return self.own_findings if self.trusted else _open_shipped().own_findings

    @cached_property
    def own_findings(self) -> Mapping[str, PublishedCode]:
        """The codes that this rulebook words itself; none if it has no file of them."""
        if not self.trusted and not self.has_file(FINDINGS_FILE):
            return {}
        return self._read_as(FindingCodes, self.read_file(FINDINGS_FILE))["findings"]

    def has_file(self, name: str) -> bool:
        """Whether the rulebook has a file of this name, with folder and ending."""
        return name in self.files if self.files is not None else (self.folder / name).is_file()

    @cached_property
    def published(self) -> PublishedCodes:
        """The codes by which tracks and acts are judged; their sentences are read when the first one is used."""
        return PublishedCodes(lambda: self.findings)

    @cached_property
    def _clauses(self) -> Mapping[str, Any]:
        return self._read_checked("clauses")

    def _read_checked(self, name: str) -> Mapping[str, Any]:
        """Return the contents of the file of that name, checked against the schema that has its name."""
        return self._read_checked_file(f"{name}.yaml", name).value

    def _read_checked_file(self, name: str, schema: str) -> RulebookFile:
        file = self.read_file(name)
        file.require_schema(schema, self.language_codes)
        return file


NAME_OF_UNNAMED_RULEBOOK = "trial"
"""The name of a rulebook on trial that gives itself none."""

MANUAL_FOLDER_MISSING = N_("SHELTERCTL_MANUAL names a folder that does not exist. Correct it, or unset it.")
PROPOSAL_MISSING = N_("There is no folder with that name. Name the folder of a changed copy of the rulebook.")


def open_rulebook() -> Rulebook:
    """Return the shipped rulebook, or the one that SHELTERCTL_MANUAL names, for trying a revision before it takes
    effect.
    """
    named = os.environ.get(MANUAL_VARIABLE)
    if not named:
        use_country(shipped_country)
        return _open_shipped()
    if not Path(named).is_dir():
        raise NotFound("shelf/none", MANUAL_FOLDER_MISSING)
    opened = _open_folder(Path(named), Rulebook(Path(named)).digest)
    use_country(lambda: opened.country)
    return opened


def open_proposal(folder: Path) -> Rulebook:
    """Return the rulebook in a folder, checked as a whole, with every clause that it cites. Raises NotFound if there is
    no such folder, BrokenRulebook with each slip.
    """
    from shelterctl.rulebook.lint.citations import check_citations  # noqa: PLC0415 - only a proposal is checked so

    if not folder.is_dir():
        raise NotFound("rules/no-folder", PROPOSAL_MISSING)
    rulebook = _open_folder(folder, Rulebook(folder).digest)
    check_citations(rulebook)
    return rulebook


def read_country(folder: Path) -> Country:
    """Use the country of the rulebook in *folder*, without checking the rest of it, and return it.

    The shipped one is used if it cannot be read; opening the rulebook reports what is wrong.
    """
    use_country(shipped_country)
    with suppress(BrokenRulebook):
        country = Rulebook(folder).country
        use_country(lambda: country)
    return current_country()


def rulebook_name(rulebook: Rulebook) -> str | None:
    """Return the name that a store records for its rulebook; None for the shipped one, which stores do not record."""
    if rulebook.trusted or rulebook.digest == _open_shipped().digest:
        return None
    return rulebook.own_name


@lru_cache(2)
def _add_limits(rulebook: Rulebook, limits: tuple[OwnLimit, ...]) -> Rulebook:
    """Return the rulebook with a house's own limits, made once for all actions of the menu."""
    other = replace(rulebook, limits=limits)
    vars(other).update({name: vars(rulebook)[name] for name in ("_raw", "_files_read") if name in vars(rulebook)})
    return other


@lru_cache(2)  # a store's own rulebook, and one that is compared with it
def _open_folder(folder: Path, digest: str) -> Rulebook:
    """Return the rulebook of that folder with that content, checked as a whole once; it is not trusted."""
    from shelterctl.rulebook.lint.whole import check_rulebook  # noqa: PLC0415 - the shipped rulebook does without it

    rulebook = Rulebook(folder)
    read_country(folder)  # amounts in rules have its decimals
    check_rulebook(rulebook)
    return rulebook


@cache
def _open_shipped() -> Rulebook:
    """Return the program's own rulebook, opened once for a whole session."""
    return Rulebook(MANUAL_FOLDER, trusted=True)
