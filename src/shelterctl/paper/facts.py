"""The facts that are filled in on a sheet, by their place in the record: printable with the fonts of paper, left blank
where nobody may be named, and with the name of each place for a person.
"""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache

from shelterctl.act.redaction import HidesPlace
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.act import Item, find_act_of_track
from shelterctl.core.manual.sheet import CHECKLIST_SHEET, ContentsRow
from shelterctl.core.manual.track import Track
from shelterctl.core.people import contains_her_name
from shelterctl.core.record.entries import field_at_path
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import write_som
from shelterctl.language import LabelledCode, Sentence, format_sentence
from shelterctl.paper.request import REPORT_FORM, find_sheet_track
from shelterctl.rulebook.files import TEMPLATES_FOLDER
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

CHARACTER_AS_NUMBER = "[U+{:04X}]"
"""The fallback for a character without a glyph: it is printed as its number, so that it can be looked up."""

CLIENT_NUMBER_FIELD = "identification_number"

NOT_ASKED_SIGN = "–"
"""The sign printed at a question that does not apply because of another answer."""

CONTENTS_PLACE = "/rows"
"""The place on a sheet of the rows of a table of contents; below it each row has its name."""

VARIATION_SELECTORS = frozenset(map(chr, (0x34F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Characters without a shape that only choose a variant of the character before them."""


@cache
def covered_characters() -> frozenset[int]:
    """Return every character that the shipped fonts contain."""
    lines = (TEMPLATES_FOLDER / "fonts" / "coverage.txt").read_text("ascii").splitlines()
    ranges = (line.split("-") for line in lines)
    return frozenset(code for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))


def legible_on_paper(text: str) -> tuple[str, tuple[str, ...]]:
    """Return *text* as paper can show it, and the characters in it that are printed as numbers.

    Letters are joined with their accents. Characters without a shape are removed, such as marks of writing direction,
    and so are spaces at both ends.
    """
    shown = (" " if letter.isspace() and letter != "\N{NO-BREAK SPACE}" else letter for letter in text)
    kept = (letter for letter in shown if unicodedata.category(letter) not in ("Cc", "Cf", "Cs"))
    whole = unicodedata.normalize(
        "NFC", "".join(letter for letter in kept if letter not in VARIATION_SELECTORS).strip()
    )
    numbers = {
        letter: CHARACTER_AS_NUMBER.format(ord(letter)) for letter in whole if ord(letter) not in covered_characters()
    }
    return "".join(numbers.get(letter, letter) for letter in whole), tuple(numbers.values())


CHARACTER_NOT_IN_FONTS = N_(
    "At {place} there is a character that the fonts for printing do not contain. It is printed as its number "
    "in brackets, such as [U+4E2D]. Write it in Cyrillic or Latin letters."
)


ANSWER_NAMES_HER = N_(
    "At {place} there is a word like {her|his} name, and it is printed: anyone who sees the sheet would know "
    "who {she|he} is. Write the answer in {her|his} file without names, or print with --names for the safe "
    "alone."
)
SURE_NAME_LETTERS = 5
"""The letters from which a word that nearly equals her name is taken for it; a shorter word must equal it."""


@dataclass(slots=True, repr=False)
class SheetFacts:
    """The facts of one sheet by their place in the record, and the findings made while they were filled in.

    On a sheet that must name nobody, *hides* says which places stay blank, and *left_blank* that one of them did.
    """

    facts: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    hides: HidesPlace | None = None
    left_blank: bool = False

    def fill_name(self, place: str, written: object) -> str | None:
        """Record and return the name behind a code; None if it stays blank."""
        if written and self.hides:
            self.left_blank = True
            return None
        return self.fill_text(place, written)

    def fill_note(self, written: str | None) -> str | None:
        """Return the note beside an answer; None where nobody may be named."""
        if written and self.hides:
            self.left_blank = True
            return None
        return written

    def fill_text(self, place: str, written: object) -> str | None:
        """Record a text and return it as paper shows it; None leaves a blank to write on."""
        if written is None or written == "":
            return None
        if self.hides and self.hides(place):
            self.left_blank = True
            return None
        shown, missing = legible_on_paper(str(written))
        self.facts[place] = str(written)
        if missing:
            self._warn(Finding(code="paper/no-glyph", message=CHARACTER_NOT_IN_FONTS, severity=Severity.WARN), place)
        return shown

    def fill_answer(self, place: str, written: object, her: Facts | None) -> str | None:
        """Record and return an answer in somebody's own words; warns if her name is in it."""
        if her and written and contains_her_name(str(written), her, letters=SURE_NAME_LETTERS):
            self._warn(Finding(code="paper/names-her", message=ANSWER_NAMES_HER, severity=Severity.WARN), place)
        return self.fill_text(place, written)

    def _warn(self, finding: Finding, place: str) -> None:
        """Note a finding at a place, without the text there: a single character could reveal a name."""
        self.findings.append(replace(finding, where=place, facts={"place": place}))

    def fill_client_number(self, written: Facts) -> str | None:
        """Record and return IOM's identification number of the client, which every sheet shows."""
        return self.fill_text(f"/{CLIENT_NUMBER_FIELD}", written.get(CLIENT_NUMBER_FIELD))

    def fill_paragraphs(self, place: str, written: object, her: Facts | None) -> list[str]:
        """Record an answer in somebody's own words and return its paragraphs; none if it stays blank."""
        if self.fill_answer(place, written, her) is None:
            return []
        return [legible_on_paper(each)[0] for each in str(written).splitlines() if each.strip()]

    def fill_day(self, place: str, written: object) -> date | None:
        """Record and return a day."""
        if written is not None:
            self.facts[place] = str(written)
        return read_day(written)

    def fill_amount(self, place: str, amount: Decimal | None) -> Decimal | None:
        """Record and return an amount in som."""
        if amount is not None:
            self.facts[place] = write_som(amount)
        return amount

    def findings_about(self, record: str) -> tuple[Finding, ...]:
        """Return the findings, with *record* as the record that they are about."""
        return tuple(replace(one, record=record) for one in self.findings)


PLACE_AMOUNT = N_("amount")
PLACE_LINE_KEY = N_("line {number}, {key}")
PLACE_ANSWER = N_("answer {number}")
PLACE_PARAGRAPH = N_("paragraph {number}")
PLACE_IN_ENTRY = N_("{name} in entry {entry}")
PART_PREFIX = ("parts", "number")
"""The two steps before the key of a part in the pointer to it."""

OTHER_PLACES = {
    "/total": N_("the total"),
    "/name": N_("the name of the member of staff"),
    "/not_for_signature": N_("the mark that it is not for signature"),
}
"""The names of places on a sheet that no record has."""


def with_place_in_words(rulebook: Rulebook, form: str, finding: Finding) -> Finding:
    """Return the finding with its place in words."""
    if "place" not in finding.facts:
        return finding
    place = place_in_words(rulebook, form, str(finding.facts["place"]))
    return replace(finding, facts={**finding.facts, "place": place})


def place_in_words(rulebook: Rulebook, form: str, place: str) -> LabelledCode:
    """Return a place on a sheet of that form, with its name for a person."""
    first, *rest = place.removeprefix("/").split("/")
    if place in OTHER_PLACES:
        return _coded_place(place, OTHER_PLACES[place])
    if track := find_sheet_track(rulebook, form):
        return _track_place_in_words(rulebook, track, place)
    if first == "lines":
        return _coded_place(place, PLACE_LINE_KEY, number=rest[0], key=_line_key_label(rulebook, form, *rest))
    if first == "entries":
        return _coded_place(place, PLACE_PARAGRAPH, number=rest[0])
    question = rulebook.report.fields.get(first) if form == REPORT_FORM else None
    if question and question.number:
        return _coded_place(place, PLACE_ANSWER, number=question.number)
    path, part = ".".join((first, *rest)), rulebook.report.name if form == REPORT_FORM else "agreement"
    found = rulebook.places.get(f"{part}.{path}") or rulebook.places.get(path)
    return LabelledCode(place, found.text if found else {"en": place})


def _track_place_in_words(rulebook: Rulebook, track: Track, place: str) -> LabelledCode:
    """Return a place on the sheet of a track in words; on a sheet of many entries its first step is the id of an
    entry.
    """
    names = [name for name in place.strip("/").split("/") if name and not name.isdigit()]
    if place.startswith(f"{CONTENTS_PLACE}/") and (row := _row_of_list(rulebook, track, names[1])):
        return LabelledCode(place, row.text)
    ids = [name for name in names[:1] if name not in track.fields and name.isupper()]
    path = ".".join(names[len(ids) :])
    part = track.parts.get(names[1]) if len(names) > len(PART_PREFIX) and names[0] in track.fields else None
    if part and (key := field_at_path(part.fields, ".".join(names[2:]))):
        return _coded_place(place, PLACE_LINE_KEY, number=part.number, key=key.text)
    found = (
        field_at_path(track.fields, path)
        or field_at_path(track.fields, path.rpartition(".")[0])
        or rulebook.places.get(path)
    )
    text = found.text if found and found.text else {"en": path}
    return _coded_place(place, PLACE_IN_ENTRY, name=text, entry=ids[0]) if ids else LabelledCode(place, text)


def _row_of_list(rulebook: Rulebook, track: Track, name: str) -> ContentsRow | Item | None:
    """Return the row of a table of contents with that name, or the item of a checklist."""
    act = find_act_of_track(rulebook.acts.values(), track) if track.sheet.kind == CHECKLIST_SHEET else None
    return next((item for item in act.items if item.name == name), None) if act else track.sheet.rows.get(name)


def _line_key_label(rulebook: Rulebook, form: str, number: str, name: str) -> Sentence:
    """Return the label of a key of a line; a key that the manual no longer has is its own label."""
    line = rulebook.form(form).parts.get(number)
    key = line.fields.get(name) if line else None
    return PLACE_AMOUNT if name == "amount" else key.text if key else name


def _coded_place(place: str, sentence: Sentence, **facts: object) -> LabelledCode:
    return LabelledCode(place, {language: format_sentence(sentence, facts, language) for language in SCREEN_LANGUAGES})
