"""The sheet of a track without a form of its own: the entries that it prints, its sections, and the sheet itself, as a
card or letter of one entry, or as a log or ledger of many.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from shelterctl.act.register import read_register, register_context
from shelterctl.act.stay_context import stay_context
from shelterctl.act.typed_track import require_home
from shelterctl.core.manual.act import find_act_of_track
from shelterctl.core.manual.field import SPAN_ENDS, Field, Fields, as_day, valid_codes
from shelterctl.core.manual.sheet import (
    CARD_SHEET,
    CHECKLIST_SHEET,
    CONTENTS_SHEET,
    LEDGER_SHEET,
    LETTER_SHEET,
    LOG_SHEET,
    NOTICE_SHEET,
)
from shelterctl.core.manual.track import MONITORING, FormPart, Track, as_title
from shelterctl.core.money.agreement import printed_line_text
from shelterctl.core.people import ALL_NAME_KEYS
from shelterctl.core.record.client import Client, Stay, entries_with_ids, value_at
from shelterctl.core.record.entries import (
    Entry,
    effective_entries,
    entry_title,
    gives_answers,
    latest_entry,
    list_entries,
    read_entry,
    read_parts,
)
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.core.rules import monitoring
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import FIELD_CONTRADICTED, find_name
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.core.values.written_days import long_partial
from shelterctl.errors import NotFound, UsageError
from shelterctl.immutable import immutable
from shelterctl.language import MASCULINE, Text, format_fact, speak_of_man
from shelterctl.paper.answers import (
    MOST_COLUMNS,
    AnswerPrinter,
    EntryTable,
    PrintedAnswer,
    default_columns,
    earlier_answers,
    make_entry_table,
    read_groups,
)
from shelterctl.paper.contents import ChecklistLine, ContentsLine, make_checklist_lines, make_contents_lines
from shelterctl.paper.facts import CLIENT_NUMBER_FIELD
from shelterctl.paper.preparation import begin_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper, refuse_sealed
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.registers import NO_MONTHS
from shelterctl.ui_language import N_

MOST_TICK_BOXES = 10
"""The most codes printed as boxes; with more codes the answer is written by hand."""

CARD_TEXT_LINES, LETTER_TEXT_LINES = 2, 7
"""The lines for a handwritten text on a card and in a letter."""

"""The code of the sex of a man or a boy."""

EMPTY_LIST_ROWS, EMPTY_GROUP_COPIES = 5, 2
"""The empty rows of a list in a blank sheet, and the empty copies of a group that has too many fields for a row."""


class SheetLine(NamedTuple):
    """A label with its *answer*, or with *boxes* and *lines* for a pen.

    A box is True for yes, False for no, None for unknown, else the text of a code. *until* is the day on which an
    earlier answer was changed.
    """

    label: Text
    answer: PrintedAnswer | None = None
    boxes: tuple[object, ...] = ()
    lines: int = 0
    until: date | None = None


@dataclass(slots=True, repr=False)
class SheetSection:
    """A part of the sheet: lines under a *heading*, a text under its *label*, a paragraph of a *notice*, a table
    (*grid*), or one of *contents* or of a *checklist*.

    A text has *paragraphs*, which are *listed* if each is an answer, or *room* of so many empty lines.
    """

    heading: Text | None = None
    mark: str = ""
    lines: list[SheetLine] = field(default_factory=list)
    label: Text | None = None
    paragraphs: tuple[str, ...] = ()
    listed: bool = False
    room: int = 0
    grid: EntryTable | None = None
    notice: Text | None = None
    contents: tuple[ContentsLine, ...] = ()
    checklist: tuple[ChecklistLine, ...] = ()
    inner: bool = False


@immutable
class SectionBuilder:
    """The rules by which an entry of a track becomes sections; without *answers* everything stays blank.

    *hidden* fields identify her and stay blank, *skipped* fields are printed elsewhere. A *letter* consists of its
    texts. A *copy* has nothing to fill in.
    """

    track: Track
    day: date
    language: str
    answers: AnswerPrinter | None = None
    hidden: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    letter: bool = False
    copy: bool = False

    def sections(self, entry: Entry) -> list[SheetSection]:
        """Return the sections of an entry, in the order of the rulebook."""
        now = [each for each in self._fields(self.track.fields, entry, "", "") if not _is_empty_section(each)]
        told = earlier_answers(self.track.fields, entry, self.answers, self.hidden)
        changes = [SheetLine(label, answer, until=day) for label, answer, day in told]
        return [*now, SheetSection(lines=changes)] if self.copy and changes else now

    def _fields(self, fields: Fields, entry: Entry, place: str, inside: str) -> Iterator[SheetSection]:
        now = SheetSection(inner=bool(inside or place))
        for name, one in fields.items():
            path = f"{inside}.{name}" if inside else name
            if path in self.skipped or not self._is_asked(one, entry, inside):
                continue
            if one.kind in ("group", "parts"):
                yield now
                now = SheetSection(inner=now.inner)
                yield from self._parts(name, entry) if one.kind == "parts" else self._group(one, entry, place, path)
                continue
            found = self._line(one, entry, place, path)
            if isinstance(found, SheetSection):
                found.inner = now.inner
                yield from (now, found)
                now = SheetSection(inner=now.inner)
                continue
            now.lines += self._span(one, found, entry, place, path) if one.kind == "span" else [found]
        yield now

    def _span(self, one: Field, found: SheetLine, entry: Entry, place: str, path: str) -> list[SheetLine]:
        """Return the lines of a period and the fields beside its days; an unknown period has a line for each day if the
        rulebook has both.
        """
        if not found.answer and {*SPAN_ENDS} <= one.fields.keys():
            return [line for each in self._fields(one.fields, entry, place, path) for line in each.lines]
        beside = {name: below for name, below in one.fields.items() if name not in SPAN_ENDS}
        return [found, *(line for each in self._fields(beside, entry, place, path) for line in each.lines)]

    def _is_asked(self, one: Field, entry: Entry, inside: str) -> bool:
        """Whether a field is printed: on a blank every field, else each that applies."""
        if entry.written is EMPTY_ENTRY or (self.answers is None and not self.track.sheet.given):
            return True
        context = self.answers.context if self.answers else Context(day=self.day)
        name = f"{inside}.{one.name}" if inside else one.name
        return find_name(entry, name, context).state(entry, context) != FIELD_CONTRADICTED

    def _line(self, one: Field, entry: Entry, place: str, path: str) -> SheetLine | SheetSection:
        written = None if path in self.hidden else value_at(entry.written, path)
        answer = self.answers.print_answer(one, written, f"{place}/{path.replace('.', '/')}") if self.answers else None
        if answer and answer.paragraphs:
            label = None if self.letter and not self.track.paper else one.paper_text
            return SheetSection(label=label, paragraphs=answer.paragraphs, listed=answer.listed)
        if answer:
            return SheetLine(one.paper_text, answer)
        if self.letter and one.kind == "text" and not one.letters:
            return SheetSection(label=one.paper_text, room=LETTER_TEXT_LINES)
        boxes = () if self.copy else _tick_boxes(one, self.day, self.track.sheet.when.get(path))
        lines = int(one.open) if boxes else CARD_TEXT_LINES if one.kind == "text" and not one.letters else 1
        return SheetLine(one.paper_text, boxes=boxes, lines=lines)

    def _group(self, one: Field, entry: Entry, place: str, path: str) -> Iterator[SheetSection]:
        """Yield what is inside a group, under its heading; of a list of groups each has a row or a heading of its
        own.
        """
        if not one.several:
            inner = [each for each in self._fields(one.fields, entry, place, path) if not _is_empty_section(each)]
            yield from (SheetSection(heading=one.paper_text), *inner) if inner else ()
            return
        items = read_groups(one, entry, path, place) if self.answers else []
        if len(one.fields) <= MOST_COLUMNS and not any(each.kind == "group" for each in one.fields.values()):
            columns = tuple(one.fields)
            yield SheetSection(heading=one.paper_text)
            empty = 0 if items else EMPTY_LIST_ROWS
            table = make_entry_table(one.fields, columns, items, self.answers, self.language, empty=empty)
            yield SheetSection(grid=table)
            return
        empty_group = read_entry(FormPart("", one.text, one.fields, (), ()), EMPTY_ENTRY, place, entry)
        for number, item in enumerate(items or [empty_group] * EMPTY_GROUP_COPIES, 1):
            yield SheetSection(heading=one.paper_text, mark=str(number))
            yield from self._fields(one.fields, item, item.where, "")

    def _parts(self, name: str, entry: Entry) -> Iterator[SheetSection]:
        """Yield the parts of an entry, each under its number and text; a blank has all parts in force that day."""
        parts = [*read_parts(entry).parts] if self.answers else []
        if not parts:
            standing = (self.track.standing(number, self.day) for number in self.track.parts)
            parts = [read_entry(part, EMPTY_ENTRY, "", entry) for part in standing if part]
        for one in parts:
            if isinstance(part := one.definition, FormPart):
                yield SheetSection(heading=printed_line_text(part, self.day), mark=part.number)
                yield from self._fields(part.fields, one, f"/{name}/{part.number}", "")


EMPTY_ENTRY: Mapping[str, object] = {}
"""The content of an entry that is to be filled in by hand."""


def _is_empty_section(section: SheetSection) -> bool:
    """Whether a section would print nothing."""
    return not (section.lines or section.heading or section.paragraphs or section.room or section.grid)


def _tick_boxes(one: Field, day: date, only: Collection[str] | None = None) -> tuple[object, ...]:
    """Return the boxes of a field, *only* those of these codes; empty where the answer is written by hand."""
    unknown = (None,) if one.unknown else ()
    if one.kind == "yes_no":
        return (True, False, *unknown)
    codes = valid_codes(one, day) if one.kind == "code" else {}
    codes = {code: text for code, text in codes.items() if only is None or code in only}
    return (*codes.values(), *unknown) if 0 < len(codes) <= MOST_TICK_BOXES else ()


MOST_SPARE_ROWS = 30
"""The most empty rows for continuing a log by hand; no page has room for more."""

NOTHING_UNDER_CODE = N_("{what}: nothing is registered under that code. See the codes with: shelterctl {register} list")


def make_track_sheet(
    session: Session, her: Client, stay: Stay | None, track: Track, wanted: PaperRequest, entries: Sequence[Entry]
) -> PreparedPaper:
    """Return the sheet of these entries of hers; without entries it is blank except for her id, to be taken along."""
    return TrackSheet(session, track, wanted, entries, her, stay).make_paper()


def prints_all_entries(track: Track) -> bool:
    """Whether all entries are printed as rows of one sheet."""
    return track.sheet.kind in (LOG_SHEET, LEDGER_SHEET)


def is_printed_by_month(track: Track) -> bool:
    """Whether the sheet of a register is one month of it: of entries of which only the last counts it is not."""
    return track.of_register is not None and prints_all_entries(track) and track.keeps != "last"


def is_below_a_row(track: Track, place: str) -> bool:
    """Whether a place on a sheet of all entries is below the row of its entry instead of in a column."""
    _, _, name = place.removeprefix("/").partition("/")
    path = name.replace("/", ".")
    if not path or path.startswith(f"{CHANGES_KEY}.") or not prints_all_entries(track):
        return False
    columns = track.sheet.columns or default_columns(track.fields)
    return not any(f"{path}.".startswith(f"{column}.") for column in columns)


def name_telling_fields(rulebook: Rulebook, track: Track) -> frozenset[str]:
    """Return the fields of a track that identify her: her names, and what the report prints only with --names (X17)."""
    report, hers = rulebook.tracks.serving(MONITORING), {f"identity.{name}" for name in ALL_NAME_KEYS}
    hers |= {report.sheet.general[name] for name in report.sheet.names} if report else set()
    own = (report.fields[name].absent for name in hers & report.fields.keys()) if report else ()
    hers |= {str(absent["of"]) for absent in own if isinstance(absent, dict)}
    return frozenset(name for name in track.fields if f"{track.at}.{name}" in hers)


def words_of_man(rulebook: Rulebook, language: str, her: Client | None) -> Mapping[str, str]:
    """Return the phrases that stand for others on the sheet of a client whose form of words is a man's; else none."""
    form = rulebook.form_for_sex(her.sex if her else None)
    return rulebook.languages[language].get("masculine", {}) if form == MASCULINE else {}


class TrackSheet:
    """The sheet of some entries while it is made; without *her* and a *registered* code it is blank.

    On a sheet about what is registered under a code, *called* is the name that belongs to it.
    """

    def __init__(
        self, session: Session, track: Track, wanted: PaperRequest, entries: Sequence[Entry] = (),
        her: Client | None = None, stay: Stay | None = None, around: Context | None = None,
        registered: str | None = None, called: str | None = None,
    ) -> None:  # fmt: skip
        self.track, self.wanted, self.entries, self.her, self.stay = track, wanted, entries, her, stay
        self.called = called
        entry = self._printed_id() if her else None
        self.paper = begin_paper(session, wanted, her, entry=entry, registered=registered)
        self.filled = self.paper.filled
        self.masculine = words_of_man(session.rulebook, self.paper.language, her)
        around = self._context_of_client(session, her) if her else around
        self.answers = self._answers(around) if around else None
        self.hidden_fields = frozenset() if wanted.names or not her else name_telling_fields(session.rulebook, track)

    def _context_of_client(self, session: Session, her: Client) -> Context:
        house = session.store.house_on(her, self.stay or her.stay, self.paper.day, count=False)
        return stay_context(session, her, self.stay, self.paper.day, house=house)

    def _answers(self, near: Context) -> AnswerPrinter:
        reader = self.her.facts if self.her and not self.wanted.names else None
        bare, brief, paper = self.wanted.nameless, prints_all_entries(self.track), self.paper
        return AnswerPrinter(
            paper.session, paper.filled, paper.language, near, reader, bare, brief, self.masculine,
            with_codes=self.track.of_register is not None,
        )  # fmt: skip

    def make_paper(self) -> PreparedPaper:
        """Return the finished sheet."""
        track, her, paper = self.track, self.her, self.paper
        name = self._name() if her and self.wanted.names else None
        facts = {"name": name, **self._content()}
        facts["client_number"] = self.filled.fill_client_number(her.facts) if her else None
        title, kind = self._title(), track.sheet.kind or CARD_SHEET
        said = speak_of_man(format_fact(title, paper.language), self.masculine)
        facts |= {
            "kind": kind,
            "title": said,
            "clause": place_in_manual(paper.session.rulebook, track.sheet.clause or track.clause),
            "by_hand": track.sheet.by_hand,
            "general": track.sheet.general,
            "outside": track.sheet.outside,
        }
        facts |= {"counted_on": paper.day, "short_days": prints_all_entries(track), "masculine": self.masculine}
        facts |= self._whose_register()
        wide = any(section.grid and section.grid.wide for section in facts["sections"])
        layout = {"large": True} if kind == NOTICE_SHEET else {"long": True, "wide": wide}
        return paper.finish(title, {"sheet": layout}, facts, heading={paper.language: said})

    def _whose_register(self) -> dict[str, Any]:
        """Return the facts at the head of a sheet about what is registered under a code: the code, and of entries in a
        register also what it is the code of, its name, and the month. A notice does not say whose it is.
        """
        track, registered, month = self.track, self.paper.registered or "", self.wanted.month
        if track.is_coded or track.of_register is None or track.sheet.kind == NOTICE_SHEET:
            return {"owner": None, **({"registered": registered} if track.is_coded else {})}
        coded = (one for one in self.paper.session.rulebook.registers if track.of_register in one.home)
        said = long_partial(month, self.paper.language) if month else None
        by_month = month is not None or is_printed_by_month(track)
        head = {"owner": next(coded).title, "called": self.called, "by_month": by_month, "month": said}
        return {"registered": registered, **head}

    def _title(self) -> Text:
        """Return the title: of a single entry by its decision, if the track has words for it, else that of the
        track.
        """
        if not self.entries or prints_all_entries(self.track):
            return self.track.title
        words = entry_title(self.track, self.entries[0].written)
        return self.track.title if self.track.paper or words == self.track.text else as_title(words)

    def _printed_id(self) -> str | None:
        """Return the id of the printed entry; of a sheet of many entries, or of a track with only one, the id of the
        stay.
        """
        if self.track.many and not prints_all_entries(self.track) and self.entries:
            return self.entries[0].written.get("id")
        return self.stay.id if self.stay and self.track.of_a_stay else None

    def _name(self) -> str:
        """Return her name."""
        identity = value_at(self.her.facts, "identity") or {} if self.her else {}
        told = (
            self.filled.fill_text(f"/identity/{key}", identity.get(key))
            for key in ALL_NAME_KEYS
            if key != "also_known_as"
        )
        return " ".join(each for each in told if each)

    def _rows(self) -> dict[str, Any]:
        """Return the facts of a log or ledger: one table, and the signers below it who do not sign in its rows."""
        printed, signed = self.track.sheet, self.track.sheet.kind == LEDGER_SHEET
        listed = [replace(one, where=f"/{one.written.get('id', number)}") for number, one in enumerate(self.entries)]
        columns = printed.columns or default_columns(self.track.fields)
        grid = make_entry_table(
            self.track.fields, columns, listed, self.answers, self.paper.language, spare=MOST_SPARE_ROWS,
            sheet=printed, hidden=self.hidden_fields,
        )  # fmt: skip
        return {"statement": None, "sections": [SheetSection(grid=grid)], "signers": printed.signed_by[int(signed) :]}

    def _content(self) -> dict[str, Any]:
        """Return the facts of the layout in which the track is printed."""
        if self.track.sheet.kind == CONTENTS_SHEET:
            return self._contents()
        if self.track.sheet.kind == CHECKLIST_SHEET:
            return self._checklist()
        if self.track.sheet.kind == NOTICE_SHEET:
            rows = self.track.sheet.rows.values()
            sections = [SheetSection(heading=row.under, notice=row.text) for row in rows]
            return {"statement": None, "sections": sections, "signers": self.track.sheet.signed_by}
        return self._rows() if prints_all_entries(self.track) else self._single_entry()

    def _contents(self) -> dict[str, Any]:
        """Return the facts of a table of contents: of one stay where the track is of a stay, else of the whole file."""
        printed = self.track.sheet
        lines = make_contents_lines(printed.rows, self._entries_of, self.answers, self.filled, self.paper.language)
        sections = [*self._general_section(), SheetSection(contents=tuple(lines))]
        statement = next((one.text for one in printed.statements), None)
        return {"statement": statement, "sections": sections, "signers": printed.signed_by}

    def _checklist(self) -> dict[str, Any]:
        """Return the facts of a checklist, as of the day of its act, or of today before that: the answers of the entry
        that it shows, then the items.
        """
        content, day = self._single_entry(), (self.entries[0].day if self.entries else None) or self.paper.day
        around = self.answers.context if self.answers else None
        as_of = around.as_of(day) if around else None
        act = find_act_of_track(self.paper.session.rulebook.acts.values(), self.track)
        lines = make_checklist_lines(act, as_of, self.filled, self.paper.language, day) if act else ()
        shown = content["sections"] if self.track.sheet.shows else []
        return {**content, "sections": [*shown, SheetSection(checklist=tuple(lines))]}

    def _entries_of(self, name: str) -> list[Entry]:
        """Return her live entries of a track, oldest first: in the printed stay, or dated in it, or all of them."""
        session, her, stay = self.paper.session, self.her, self.stay
        track = session.rulebook.tracks[name]
        if her is None:
            return []
        if stay and self.track.of_a_stay and track.of_a_stay:
            return _entries_of_stay(session, her, track, stay)
        found = sorted(_all_entries(session, her, track), key=time_sort_key)
        if not (stay and self.track.of_a_stay):
            return found
        first, last = stay.arrived_on or date.min, stay.discharged_on or date.max
        return [entry for entry in found if entry.day and first <= entry.day <= last]

    def _general_section(self) -> list[SheetSection]:
        """Return the section with the data about her that the sheet prints from her file; her names only if wanted."""
        printed, places = self.track.sheet, self.paper.session.rulebook.places
        lines = []
        for name, path in printed.general.items():
            shown = self.answers if self.her and (self.wanted.names or name not in printed.names) else None
            written = value_at(self.her.facts, path) if self.her else None
            answer = shown.print_answer(places[path], written, f"/{path.replace('.', '/')}") if shown else None
            lines.append(SheetLine(places[path].paper_text, answer, lines=1))
        return [SheetSection(lines=lines)] if lines else []

    def _single_entry(self) -> dict[str, Any]:
        """Return the facts of a card, or of a letter with its head."""
        track, letter, printed = self.track, self.track.sheet.kind == LETTER_SHEET, self.track.sheet
        blank = dict(printed.given) or EMPTY_ENTRY
        entry = replace(self.entries[0], where="") if self.entries else read_entry(track, blank)
        head = self._head(entry) if letter else {}
        elsewhere = (printed.addressee, self._day_field) if letter else (CLIENT_NUMBER_FIELD,)
        not_shown = track.fields.keys() - {*printed.shows} if printed.shows else ()
        skipped = frozenset((*elsewhere, *printed.given, *printed.leaves_out, *not_shown))
        signed = {"signed_on": entry.day, "kept": False} if track.sheet.has_her_signature(entry.values) else {}
        sections = SectionBuilder(
            track,
            self.paper.day,
            self.paper.language,
            self.answers,
            self.hidden_fields,
            skipped,
            letter,
            copy=bool(signed),
        )
        statement = next((one.text for one in track.sheet.statements if gives_answers(one.when, entry.values)), None)
        shown = [*self._general_section(), *sections.sections(entry)]
        own = {"statement": statement, "sections": shown, "signers": track.sheet.signed_by}
        return {**head, **signed, **own}

    def _head(self, entry: Entry) -> dict[str, Any]:
        """Return the recipient and the day of a letter."""
        addressee, answers = self.track.sheet.addressee, self.answers
        one = self.track.fields.get(addressee)
        to = answers.print_answer(one, entry.written.get(addressee), f"/{addressee}") if one and answers else None
        day = as_day(entry.values.get(self._day_field))
        on = self.filled.fill_day(f"/{self._day_field}", day.isoformat()) if day else None
        return {"recipient": to.said if to else None, "date": on}

    @property
    def _day_field(self) -> str:
        """The name of the field with the day of an entry; the first if there are several, unless the sheet names it."""
        day = self.track.sheet.dated or self.track.day or ""
        return day if isinstance(day, str) else day[0]


def place_in_manual(rulebook: Rulebook, clause: str) -> Text | str:
    """Return the place of a clause in the manual, from its heading: chapter, section, item; else its code."""
    about = rulebook.clauses.get(clause)
    return {language: said.partition(":")[0] for language, said in about["heading"].items()} if about else clause


NO_ENTRY_FOR_PAPER = N_(
    "{Her|His} file has no entry for this sheet yet. See the entries with: shelterctl show {id} {track}. A blank "
    "sheet: shelterctl form {form} --blank"
)
ENTRY_NOT_ON_PAPER = N_(
    "This sheet does not print entries with such answers. See the entries with: shelterctl show {id} {track}"
)
PRINTED_ENTRY_UNKNOWN = N_("{She|He} has no such entry with that id. See the ids with: shelterctl show {id} {form}")
STRUCK_IS_NOT_PRINTED = N_("This entry is struck through. Struck entries are not printed.")
SHEET_OF_NO_SINGLE_ENTRY = N_("This sheet prints more than one entry. Leave --entry out.")


def print_track_sheet(
    session: Session, wanted: PaperRequest, track: Track, subject: str | None, id_: str | None = None
) -> PreparedPaper:
    """Return the sheet of a track: blank, of the register entry under a code, or from a client's file.

    From her file it prints her last entry or the one with that id, and on a log all entries of her last stay.
    """
    refuse_sealed(session.rulebook, track, filled=bool(subject))
    if not subject:
        return TrackSheet(session, track, wanted).make_paper()
    if track.is_coded:
        return _register_sheet(session, wanted, track, subject)
    her, _ = session.store.subject_to_change(subject, NO_MONTHS)  # for a change: each sheet is noted in her file
    require_home(track, her)
    stay = _printed_stay(session, her, track)
    found = _entries_of_stay(session, her, track, stay)
    if id_ is not None:
        found = [find_printed_entry(session, her, track, latin_capitals(id_))]
    elif not prints_all_entries(track):
        found = [last] if (last := latest_entry(found)) else []
    if track.sheet.when and not found and not prints_all_entries(track):
        raise NotFound("entry/unknown", NO_ENTRY_FOR_PAPER, id=her.id, form=track.form, track=track.name)
    return make_track_sheet(session, her, stay, track, wanted, found)


def _register_sheet(session: Session, wanted: PaperRequest, track: Track, code: str) -> PreparedPaper:
    entries = read_register(session, track)
    if code not in entries:
        raise NotFound("entry/unknown", NOTHING_UNDER_CODE, what=track.title, register=track.name)
    around = register_context(session, entries, code)
    return TrackSheet(session, track.whole, wanted, [entries[code]], around=around, registered=code).make_paper()


def unsigned_track_sheets(session: Session, her: Client, track: Track, wanted: PaperRequest) -> Iterator[PreparedPaper]:
    """Yield her sheets of that track that she has still to sign; those of a stay only while she is here."""
    stay = _printed_stay(session, her, track)
    if not track.sheet.signed or (track.of_a_stay and not (stay and stay.is_open)):
        return
    found = _entries_of_stay(session, her, track, stay)
    unsigned = [one for one in effective_entries(track, found) if track.sheet.awaits_her_signature(one.values)]
    if prints_all_entries(track):
        unsigned = unsigned[:1]
    for one in unsigned:
        yield make_track_sheet(session, her, stay, track, wanted, found if prints_all_entries(track) else [one])


def reprint_track_sheet(session: Session, her: Client, track: Track, noted: Facts) -> PreparedPaper | None:
    """Return a noted sheet as it would be printed now; None if what it shows is struck through."""
    telling = {f"/identity/{name}" for name in ALL_NAME_KEYS} | {
        f"/{name}" for name in name_telling_fields(session.rulebook, track)
    }
    wanted = PaperRequest(noted["form"], noted["language"], names=bool(telling & noted["facts"].keys()))
    of = noted.get("of")
    found = [one for one in _all_entries(session, her, track) if of and one.written.get("id") == of]
    stay = next((each for each in her.stays if of and each.id == of), None)
    if of and not found and stay is None:
        return None
    stay = stay or _printed_stay(session, her, track)
    if prints_all_entries(track) or not track.many:
        found = _entries_of_stay(session, her, track, stay)
    return make_track_sheet(session, her, stay, track, wanted, found)


def _printed_stay(session: Session, her: Client, track: Track) -> Stay | None:
    """Return the stay whose entries are printed: her present one, or for tracks after a stay the one still to be
    monitored.
    """
    if "left" in track.home:
        return monitoring.find_unmonitored_stay(session.rulebook.tracks, her)
    return her.stay if track.of_a_stay else None


def _entries_of_stay(session: Session, her: Client, track: Track, stay: Stay | None) -> list[Entry]:
    """Return her live entries in that stay, or those outside all stays, oldest first."""
    listed = list_entries(track, *stay_context(session, her, stay, session.today).locate(track))
    return sorted((entry for entry in listed if is_on_sheet(track, entry)), key=time_sort_key)


def is_on_sheet(track: Track, entry: Entry) -> bool:
    """Whether the sheet prints an entry: a further paper only those with certain answers, another sheet every entry."""
    return gives_answers(track.sheet.when, entry.values)


def time_sort_key(entry: Entry) -> str:
    """Return the day or time of an entry as text that sorts by time; entries without a day come last."""
    named = entry.definition.day if isinstance(entry.definition, Track) else None
    said = (entry.values.get(name) for name in ((named,) if isinstance(named, str) else named or ()))
    return next((each.isoformat() for each in said if each is not None), "~")


def _all_entries(session: Session, her: Client, track: Track) -> list[Entry]:
    """Return every live entry of hers in a track."""
    return [*stay_context(session, her, None, session.today).client_entries(track.name)]


def find_printed_entry(session: Session, her: Client, track: Track, id_: str) -> Entry:
    """Return the entry with that id.

    Raises UsageError if the sheet prints all entries, NotFound if there is no such entry or it is struck through.
    """
    if prints_all_entries(track) or not track.many:
        raise UsageError("usage/entry", SHEET_OF_NO_SINGLE_ENTRY)
    found = next((one for one in _all_entries(session, her, track) if one.written.get("id") == id_), None)
    if found is None:
        struck = any(one["id"] == id_ and "void" in one for _, one in entries_with_ids(her.facts))
        if struck:
            raise NotFound("entry/struck", STRUCK_IS_NOT_PRINTED)
        raise NotFound("entry/unknown", PRINTED_ENTRY_UNKNOWN, id=her.id, form=track.name)
    if not is_on_sheet(track, found):
        raise UsageError("usage/entry", ENTRY_NOT_ON_PAPER, id=her.id, track=track.name)
    return found
