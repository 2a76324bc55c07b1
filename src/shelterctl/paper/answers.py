"""Answers of an entry as they are printed: one answer in words, with names in place of codes, and a table of entries
with its columns, widths, cells and sums.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from shelterctl.act.redaction import may_hold_free_text
from shelterctl.core.manual.answer_words import WordsOfAnswers, answer_in_words
from shelterctl.core.manual.field import (
    COORDINATOR_TITLE,
    SPAN_ENDS,
    UNKNOWN_ANSWER,
    Field,
    Fields,
    read_field,
)
from shelterctl.core.manual.sheet import LEDGER_SHEET, PrintedForm
from shelterctl.core.manual.track import FormPart
from shelterctl.core.record.client import value_at
from shelterctl.core.record.entries import Entry, entry_title, field_at_path, read_entry
from shelterctl.core.record.sameness import replaced_values
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import FIELD_CONTRADICTED, find_name
from shelterctl.core.values.days import local_day
from shelterctl.core.values.facts import Facts
from shelterctl.form_notation import printed_line_number
from shelterctl.immutable import immutable
from shelterctl.language import Text, format_fact, speak_of_man, words_as_written
from shelterctl.paper.facts import NOT_ASKED_SIGN, SheetFacts, legible_on_paper
from shelterctl.session import Session

LONG_ANSWER, MOST_IN_ONE_LINE = 240, 4
"""The longest text in one line, in characters, and the most texts in one line; longer answers get paragraphs of their
own.
"""

REGISTERS_WITH_NAMES = ("staff", "ngos", "providers", "iom_contacts")
"""The registers whose names are printed; the addresses of houses never are."""

AGREEMENT_LINES_PLACE = "agreement.lines"
"""The place whose entries are named by the number of a line of a form instead of an id."""

COORDINATOR_OFFER, IOM_COORDINATOR_ROLE = "coordinator", "iom_ngo_coordinator"
"""The offered answer, where somebody of IOM agrees or instructs, that is a title without a name; and its code in the
rulebook.
"""


class PrintedAnswer(NamedTuple):
    """An answer as it is printed: a text, an amount, yes, no, or None if unknown; or *paragraphs*, or *groups*.

    Paragraphs that are *listed* are separate answers in a list. *groups* are the answers of one group, or of each group
    of a list, each with its label.
    """

    said: object = None
    paragraphs: tuple[str, ...] = ()
    groups: "tuple[tuple[tuple[Text, PrintedAnswer], ...], ...]" = ()
    listed: bool = False


@immutable
class AnswerPrinter:
    """The way in which the answers of one sheet are printed and recorded.

    *her* is given if the sheet must not name her: her own words are then searched for her name. A *nameless* sheet has
    no names and nobody's own words, one with *short_days* prints days in figures, and *masculine* maps words for the
    sheet of a man. One *with_codes* has a code or a client's id where there is no name to print.
    """

    session: Session
    filled: SheetFacts
    language: str
    context: Context
    her: Facts | None = None
    nameless: bool = False
    short_days: bool = False
    masculine: Mapping[str, str] = field(default_factory=dict)
    with_codes: bool = False

    def print_answer(self, one: Field, written: Any, place: str) -> PrintedAnswer | None:
        """Return the answer of a field; None if there is none, or if this sheet must not show it."""
        if written is None or written in ("", []):
            return None
        value = read_field(one, written)
        if one.unknown and value == UNKNOWN_ANSWER:
            self.filled.facts[place] = UNKNOWN_ANSWER
            return PrintedAnswer()
        if one.offers == COORDINATOR_OFFER and written == str(COORDINATOR_TITLE):  # the title is no name
            self.filled.facts[place] = str(written)
            return PrintedAnswer(
                format_fact(self.session.rulebook.places["referral.sources"].codes[IOM_COORDINATOR_ROLE], self.language)
            )
        if self.nameless and one.kind != "span" and may_hold_free_text(one):  # the days of a period name nobody
            self.filled.left_blank = True
            return None
        if one.kind == "text" or value is None:
            return None if isinstance(written, Mapping) else self._words(written, place)
        said = self._value_in_words(one, written, value, place)
        return None if said is None else PrintedAnswer(said)

    def _words(self, written: Any, place: str) -> PrintedAnswer | None:
        """Return somebody's own words; a few short texts in one line, otherwise as paragraphs or a list."""
        several = isinstance(written, list)
        words = [str(each) for each in written] if several else str(written).splitlines()
        text = ("; " if several else "\n").join(words)
        if len(text) <= LONG_ANSWER and len(words) <= (MOST_IN_ONE_LINE if several else 1):
            said = self.filled.fill_answer(place, text, self.her)
            return PrintedAnswer(said) if said else None
        paragraphs = self.filled.fill_paragraphs(place, text, self.her)
        if several and paragraphs:
            paragraphs = [legible_on_paper(each)[0] for each in words]
        return PrintedAnswer(paragraphs=tuple(paragraphs), listed=several) if paragraphs else None

    def _value_in_words(self, one: Field, written: Any, value: Any, place: str) -> object:
        """Return a value that is no text: as it is, or in the words of the rulebook."""
        facts = self.filled.facts
        if one.kind == "som":
            return self.filled.fill_amount(place, value)
        facts[place] = str(written)
        if isinstance(value, bool):
            facts[place] = "yes" if value else "no"
            return value
        words = self._in_words(value, one.codes)
        if one.kind in ("party", "entry"):
            names = [self._name_of(one, each, place) for each in (value if one.several else (value,))]
            if None in names:  # a name that is not registered yet is written by hand, and its code is not printed
                return None
            words = ", ".join(str(each) for each in names)
        if one.kind not in ("code", "entry"):
            return words
        shown = self.filled.fill_text(place, words)
        listed = value if one.several else (value,)
        own = one.kind == "code" and any(
            each not in one.codes for each in listed
        )  # somebody's own words are not changed
        return shown if own or shown is None else speak_of_man(shown, self.masculine)

    def _in_words(self, value: Any, words: WordsOfAnswers | None = None) -> str:
        with words_as_written():
            return answer_in_words(value, self.language, words, long_days=not self.short_days)

    def _name_of(self, one: Field, code: str, place: str) -> str | None:
        """Return the name that a code or an id stands for; None if only the code is known."""
        if one.kind == "party":
            return self._party_name(one, code, place)
        if one.of == (AGREEMENT_LINES_PLACE,):
            return printed_line_number(code, self.language)
        return next(self._entry_names(one, code), None)

    def _party_name(self, one: Field, code: str, place: str) -> str | None:
        """Return the name of the person or partner behind a code; in an open field also a word that no register has.

        None if the register has no name for the code, or if the sheet must not show it.
        """
        meant = (*one.of, *(each for each in REGISTERS_WITH_NAMES if one.open and each not in one.of))
        directory = self.session.store.directory.value if {*REGISTERS_WITH_NAMES} & {*meant} else {}
        known = (
            (directory.get(register) or {}).get(code) or {} for register in meant if register in REGISTERS_WITH_NAMES
        )
        if name := next((each["name"] for each in known if each.get("name")), None):
            if self.nameless:
                self.filled.left_blank = True
                return code if self.with_codes else None
            return self.filled.fill_text(f"{place}/name", name)
        registers = self.context.registers or {}
        registered = any(code in (registers.get(name) or {}) for name in meant)
        if self.with_codes and (registered or not one.open):
            return code
        return None if registered or not one.open else self.filled.fill_answer(place, code, self.her)

    def _entry_names(self, one: Field, id_: str) -> Iterator[str]:
        """Yield the noun and day of the entry of hers that has this id."""
        for track in (self.context.tracks[name] for name in one.of if name in self.context.tracks):
            for entry in self.context.client_entries(track.name):
                if entry.written.get("id") == id_:
                    day = entry.day or local_day(entry.written.get("recorded_at"))
                    noun = format_fact(entry_title(track, entry.written), self.language)
                    yield f"{noun}, {self._in_words(day)}" if day else noun


MOST_COLUMNS = 6
"""The most columns on a page; a table with more is printed on a page turned sideways."""

DEFAULT_COLUMN_COUNT = 5
"""The number of fields that become columns where the rulebook names none."""

CELL_NOT_ASKED = PrintedAnswer(NOT_ASKED_SIGN)

CELL_SIGNED_ALREADY = PrintedAnswer(True)
"""The cell to sign in, if the record says that she has signed; the template has the words."""

TABLE_WIDTH, TABLE_WIDTH_SIDEWAYS, CELL_MARGIN, LETTER_WIDTH = 174, 261, 4, 2
"""In millimetres: the width of a table, its width on a page turned sideways, the margins of a cell, and a letter."""

LONGEST_NAME_PART = 40
"""The most letters of a word for which a column is widened; a longer word is broken anywhere."""

NARROWEST_BY_KIND: Mapping[str, int] = {
    "day": 22, "time": 22, "clock": 18, "partial": 22, "som": 28, "yes_no": 14, "whole": 16, "months": 22, "span": 24,
    "code": 24, "party": 26, "entry": 26, "text": 30, "group": 34,
}  # fmt: skip
SIGNATURE_KIND, SIGNATURE_WIDTH = "signature", 46
"""The least width of a column in millimetres by the kind of its field, and that of a column to sign in, which never
shrinks.
"""

SHARES_BY_KIND: Mapping[str, int] = {"text": 4, "group": 4, "code": 2, "party": 1, "entry": 1}
"""The share of a column in the width that is left, by the kind of its field; other kinds get none."""


class PaperColumn(NamedTuple):
    """The head of a column; one that *signs* is for the *signer*, who is named where it has no *label*.

    A column that says whose row it is has neither; *whose* is ``number``, ``file`` or ``client``.
    """

    label: Text | None
    width: int
    number: bool = False
    signer: str | None = None
    signs: bool = False
    whose: str | None = None


class EntryTable(NamedTuple):
    """A table of entries; *sums* are printed under columns of amounts, and an empty cell is to be written in.

    *below* are the answers printed under each row: fields without a column, and answers that a signed row had before a
    change, with the day of the change. As many *spare* rows follow as fit the page; a *wide* table turns the page
    sideways.
    """

    columns: tuple[PaperColumn, ...]
    rows: tuple[tuple[PrintedAnswer | None, ...], ...]
    sums: tuple[Decimal | None, ...] = ()
    below: tuple[tuple[tuple[Text, PrintedAnswer, date | None], ...], ...] = ()
    spare: int = 0
    wide: bool = False

    @property
    def lead(self) -> int:
        """The number of columns before the first sum; the label of the sums is printed there."""
        return next((place for place, each in enumerate(self.sums) if each is not None), 0)


def default_columns(fields: Fields) -> tuple[str, ...]:
    """Return the fields that become columns where the rulebook names none."""
    plain = (name for name, one in fields.items() if one.kind not in ("group", "parts") and not one.by_file)
    return tuple(plain)[:DEFAULT_COLUMN_COUNT]


def make_entry_table(
    fields: Fields, names: Sequence[str], entries: Iterable[Entry], answers: AnswerPrinter | None, language: str, *,
    empty: int = 0, spare: int = 0, sheet: PrintedForm | None = None, hidden: frozenset[str] = frozenset(),
) -> EntryTable:  # fmt: skip
    """Return the table of these entries, with *empty* rows for a blank, and *spare* rows to continue by hand.

    The *sheet* of a log or ledger adds the columns for signatures. If its columns do not fit a page, the widest is
    printed below the rows.
    """
    signer = next(iter(sheet.signed_by), None) if sheet else None
    signs = sheet.signs if sheet else ()
    signed = sheet if sheet and sheet.kind == LEDGER_SHEET and not signs else None
    found = [(name, one) for name in names if (one := field_at_path(fields, name))]
    last = ((None, SIGNATURE_KIND),) if signed else ()
    labels = [(one.paper_text, SIGNATURE_KIND if name in signs else one.kind) for name, one in found] + [*last]
    listed = [*entries]
    rows = []
    for entry in listed:
        cells = [
            _signature_cell(name, entry) if name in signs else _answer_cell(name, one, entry, answers, hidden)
            for name, one in found
        ]
        if signed:
            cells.append(CELL_SIGNED_ALREADY if signed.has_her_signature(entry.values) else None)
        rows.append(tuple(cells))
    needed = needed_widths(labels, rows, language)
    movable = [
        place for place, (name, one) in enumerate(found) if place and name not in signs and one.kind in SHARES_BY_KIND
    ]
    if (
        sheet and movable and sum(needed) > TABLE_WIDTH_SIDEWAYS
    ):  # no page has room for all columns: the widest goes below the rows
        most = max(movable, key=lambda place: (needed[place], place))
        left = [name for place, (name, _) in enumerate(found) if place != most]
        return make_entry_table(
            fields, left, listed, answers, language, empty=empty, spare=spare, sheet=sheet, hidden=hidden
        )
    wide = len(labels) > MOST_COLUMNS or sum(needed) > TABLE_WIDTH
    columns = tuple(
        PaperColumn(label, width, kind == "som", signer if kind == SIGNATURE_KIND else None, kind == SIGNATURE_KIND)
        for (label, kind), width in zip(labels, share_widths(labels, needed, wide=wide), strict=True)
    )
    blank = ((None,) * len(columns),) * empty
    sums = _column_sums(found, listed) if rows else []
    sums += [None for _ in last] if sums else []
    more = [*_fields_without_column(fields, names, sheet)] if sheet else []
    below = []
    for entry in listed:
        beside = ((text, cell, None) for text, cell in _answers_below(more, entry, answers, hidden))
        signed_row = sheet and sheet.has_her_signature(entry.values)
        below.append((*beside, *(earlier_answers(fields, entry, answers, hidden) if signed_row else ())))
    return EntryTable(columns, (*rows, *blank), tuple(sums), (*below, *((),) * empty), spare, wide)


def _fields_without_column(fields: Fields, columns: Sequence[str], sheet: PrintedForm) -> Iterator[tuple[str, Field]]:
    """Yield the fields of a log or ledger that have no column, record no signature, and are not left out by the
    rulebook.
    """
    elsewhere = {*columns, *sheet.leaves_out, *(sheet.signed if sheet.kind == LEDGER_SHEET else ())}
    yield from ((name, one) for name, one in answerable_fields(fields) if name not in elsewhere)


def answerable_fields(fields: Fields, above: str = "") -> Iterator[tuple[str, Field]]:
    """Yield every field that can be answered by itself, with its dotted name, also inside groups.

    A list of groups is yielded as one field.
    """
    for name, one in fields.items():
        path = f"{above}{name}"
        if one.kind != "group" or one.several:
            yield path, one
        if not one.several:
            inside = {inner: each for inner, each in one.fields.items() if one.kind != "span" or inner not in SPAN_ENDS}
            yield from answerable_fields(inside, f"{path}.")


def _answers_below(
    more: Iterable[tuple[str, Field]], entry: Entry, answers: AnswerPrinter | None, hidden: frozenset[str]
) -> Iterator[tuple[Text, PrintedAnswer]]:
    """Yield the answers of an entry at these fields, each with its label."""
    for name, one in more:
        if one.kind == "group":
            for inner in read_groups(one, entry, name, entry.where):
                yield from _answers_below(answerable_fields(one.fields), inner, answers, hidden)
        elif (cell := _answer_cell(name, one, entry, answers, hidden)) and cell != CELL_NOT_ASKED:
            yield one.paper_text, cell


def read_groups(one: Field, entry: Entry, path: str, place: str) -> list[Entry]:
    """Return the groups of a list at the dotted *path* of an entry, without those struck through; *place* is the
    entry's.
    """
    part = FormPart("", one.text, one.fields, (), ())
    where = f"{place}/{path.replace('.', '/')}"
    live = ((number, each) for number, each in enumerate(value_at(entry.written, path) or ()) if "void" not in each)
    return [read_entry(part, each, f"{where}/{number}", entry) for number, each in live]


def earlier_answers(
    fields: Fields, entry: Entry, answers: AnswerPrinter | None, hidden: frozenset[str]
) -> Iterator[tuple[Text, PrintedAnswer, date | None]]:
    """Yield what an entry said before each change: label, answer, and the day of the change."""
    for number, (at_, name, value) in enumerate(replaced_values(entry.written)):
        one = field_at_path(fields, name)
        if one and answers and name not in hidden:
            answer = answers.print_answer(one, value, f"{entry.where}/was/{number}/{name.replace('.', '/')}")
            yield from [(one.paper_text, answer, local_day(at_))] if answer else []


def needed_widths(
    labels: Sequence[tuple[Text | None, str]], rows: Iterable[Sequence[PrintedAnswer | None]], language: str
) -> list[int]:
    """Return the millimetres that each column needs so that words are broken only at their own hyphens."""
    needed = [
        SIGNATURE_WIDTH
        if kind == SIGNATURE_KIND
        else _longest_part_width(format_fact(label, language) if label else "")
        for label, kind in labels
    ]
    for row in rows:
        told = (max(map(_longest_part_width, _cell_words(cell, language)), default=0) for cell in row)
        needed = [max(least, word) for least, word in zip(needed, told, strict=True)]
    return needed


def _cell_words(cell: PrintedAnswer | None, language: str) -> Iterator[str]:
    """Yield the texts in a cell, except those in paragraphs of their own."""
    if cell and isinstance(cell.said, str):
        yield cell.said
    for label, answer in (each for group in cell.groups for each in group) if cell else ():
        yield format_fact(label, language)
        yield from _cell_words(answer, language)


def share_widths(labels: Sequence[tuple[Text | None, str]], needed: Sequence[int], *, wide: bool) -> list[int]:
    """Return the width of each column in millimetres: what it needs, and its share of what is left."""
    least = [
        max(NARROWEST_BY_KIND.get(kind, SIGNATURE_WIDTH), word) for (_, kind), word in zip(labels, needed, strict=True)
    ]
    left = (TABLE_WIDTH_SIDEWAYS if wide else TABLE_WIDTH) - sum(least)
    takes = [SHARES_BY_KIND.get(kind, 0) for _, kind in labels]
    if left < 0:  # columns that have more than they need shrink
        takes = [width - word for width, word in zip(least, needed, strict=True)]
    takes = takes if any(takes) else [1] * len(labels)
    return [max(width + left * take // sum(takes), 1) for width, take in zip(least, takes, strict=True)]


def _longest_part_width(words: str) -> int:
    """Return the width in millimetres of the longest part of a text without a space or hyphen."""
    parts = (part for word in words.split() for part in word.split("-"))
    return max((min(len(part), LONGEST_NAME_PART) * LETTER_WIDTH + CELL_MARGIN for part in parts), default=0)


def _signature_cell(name: str, entry: Entry) -> PrintedAnswer | None:
    """Return the cell in which she signs: a mark if she has signed, else None."""
    return CELL_SIGNED_ALREADY if entry.values.get(name) is True else None


def _answer_cell(
    name: str, one: Field, entry: Entry, answers: AnswerPrinter | None, hidden: frozenset[str]
) -> PrintedAnswer | None:
    if answers is None or name in hidden:
        return None
    if _is_not_asked(name, entry, answers):
        return CELL_NOT_ASKED
    if one.kind == "group":
        return _groups_cell(name, one, entry, answers, hidden)
    return answers.print_answer(one, value_at(entry.written, name), f"{entry.where}/{name.replace('.', '/')}")


def _groups_cell(
    name: str, one: Field, entry: Entry, answers: AnswerPrinter, hidden: frozenset[str]
) -> PrintedAnswer | None:
    """Return the answers of a group, or of each group of a list; None if there are none."""
    groups = read_groups(one, entry, name, entry.where) if one.several else [entry]
    inside = [*answerable_fields(one.fields, "" if one.several else f"{name}.")]
    told = (tuple(_answers_below(inside, each, answers, hidden)) for each in groups)
    answered = tuple(each for each in told if each)
    return PrintedAnswer(groups=answered) if answered else None


def _is_not_asked(name: str, entry: Entry, answers: AnswerPrinter) -> bool:
    """Whether another answer says that this field, or a group around it, does not apply."""
    steps, context = name.split("."), answers.context
    around = (find_name(entry, ".".join(steps[: depth + 1]), context) for depth in range(len(steps)))
    return any(each.state(entry, context) == FIELD_CONTRADICTED for each in around)


def _column_sums(columns: Sequence[tuple[str, Field]], entries: Sequence[Entry]) -> list[Decimal | None]:
    """Return the sum of each column of amounts, and None for other columns; an empty list if there is no amount."""
    if all(one.kind != "som" for _, one in columns):
        return []
    return [
        sum((entry.values.get(name) or Decimal(0) for entry in entries), Decimal(0)) if one.kind == "som" else None
        for name, one in columns
    ]
