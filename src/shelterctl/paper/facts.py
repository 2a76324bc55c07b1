"""The facts that are filled in on a sheet, each by its place in the record: as the fonts of paper can print it, left
blank where nobody may be named, and with the name of its place for a person.
"""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache

from shelterctl.act.redaction import HidesPlace
from shelterctl.core.finding import Finding, Severity
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
"""The named fallback: a character without a glyph is printed as its number, so that it can be looked up."""

CLIENT_NUMBER_FIELD = "identification_number"

NOT_ASKED_SIGN = "–"
"""What stands where another answer says that a question is not asked."""

VARIATION_SELECTORS = frozenset(map(chr, (0x34F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Signs without a shape that only choose one for the sign before them."""


@cache
def covered_characters() -> frozenset[int]:
    """Every character that the shipped fonts have, from the ranges that they were made with."""
    lines = (TEMPLATES_FOLDER / "fonts" / "coverage.txt").read_text("ascii").splitlines()
    ranges = (line.split("-") for line in lines)
    return frozenset(code for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))


def legible_on_paper(text: str) -> tuple[str, tuple[str, ...]]:
    """*text* as paper can show it, and the characters in it that are printed by their number.

    Letters are put together with their accents; what has no shape goes, such as marks that turn the writing around,
    and spaces before and behind it.
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
    "At {place} stands a character that the fonts of paper have not got. "
    "It is printed as its number in brackets, such as [U+4E2D]. Write it in Cyrillic or Latin letters."
)


ANSWER_NAMES_HER = N_(
    "At {place} stands a word like her name, and it is printed. Whoever sees the sheet would know who she is: "
    "write it in her file without names, or print with --names for the safe alone."
)
SURE_NAME_LETTERS = 5
"""A word of so many letters that is nearly her name is taken for it; a shorter one must be it."""


@dataclass(slots=True, repr=False)
class SheetFacts:
    """The facts of one sheet by their place in the record, and what was found while they were filled in.

    On a sheet that must name nobody, *hides* says which places are left blank; *left_blank* says that one of them was.
    """

    facts: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    hides: HidesPlace | None = None
    left_blank: bool = False

    def fill_name(self, place: str, written: object) -> str | None:
        """The name that stands behind a code."""
        if written and self.hides:
            self.left_blank = True
            return None
        return self.fill_text(place, written)

    def fill_note(self, written: str | None) -> str | None:
        """A note in words beside an answer that is no text; left blank where nobody may be named."""
        if written and self.hides:
            self.left_blank = True
            return None
        return written

    def fill_text(self, place: str, written: object) -> str | None:
        """A text as paper shows it; nothing stays nothing, and is a blank to write on."""
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
        """An answer in her own words; that it has her name in it is found, and warned of."""
        if her and written and contains_her_name(str(written), her, letters=SURE_NAME_LETTERS):
            self._warn(Finding(code="paper/names-her", message=ANSWER_NAMES_HER, severity=Severity.WARN), place)
        return self.fill_text(place, written)

    def _warn(self, finding: Finding, place: str) -> None:
        """Note a finding at that place, without what stands there: of a name, a single character may tell it."""
        self.findings.append(replace(finding, where=place, facts={"place": place}))

    def fill_client_number(self, written: Facts) -> str | None:
        """IOM's number of her, which stands at the head of every sheet."""
        return self.fill_text(f"/{CLIENT_NUMBER_FIELD}", written.get(CLIENT_NUMBER_FIELD))

    def fill_paragraphs(self, place: str, written: object, her: Facts | None) -> list[str]:
        """An answer in her own words, each paragraph by itself; none where it is left blank."""
        if self.fill_answer(place, written, her) is None:
            return []
        return [legible_on_paper(each)[0] for each in str(written).splitlines() if each.strip()]

    def fill_day(self, place: str, written: object) -> date | None:
        """A day, as the record has it."""
        if written is not None:
            self.facts[place] = str(written)
        return read_day(written)

    def fill_amount(self, place: str, amount: Decimal | None) -> Decimal | None:
        """An amount in som, as it was judged."""
        if amount is not None:
            self.facts[place] = write_som(amount)
        return amount

    def findings_about(self, record: str) -> tuple[Finding, ...]:
        """What was found, as findings about that record."""
        return tuple(replace(one, record=record) for one in self.findings)


PLACE_AMOUNT = N_("amount")
PLACE_LINE_KEY = N_("line {number}, {key}")
PLACE_ANSWER = N_("answer {number}")
PLACE_PARAGRAPH = N_("paragraph {number}")
PLACE_IN_ENTRY = N_("{name} of entry {entry}")
PART_PREFIX = ("parts", "number")
"""What stands before the key of a part, in the place of one."""

OTHER_PLACES = {
    "/total": N_("the total"),
    "/name": N_("the name of the member of staff"),
    "/not_for_signature": N_("the mark that it is not for signature"),
}
"""Places that stand in no record under the same name."""


def with_place_in_words(rulebook: Rulebook, form: str, finding: Finding) -> Finding:
    """The finding, its place in words for people."""
    if "place" not in finding.facts:
        return finding
    place = place_in_words(rulebook, form, str(finding.facts["place"]))
    return replace(finding, facts={**finding.facts, "place": place})


def place_in_words(rulebook: Rulebook, form: str, place: str) -> LabelledCode:
    """A place on a sheet of that form, with what a person calls it."""
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
    path, part = ".".join((first, *rest)), "report" if form == REPORT_FORM else "agreement"
    found = rulebook.places.get(f"{part}.{path}") or rulebook.places.get(path)
    return LabelledCode(place, found.text if found else {"en": place})


def _track_place_in_words(rulebook: Rulebook, track: Track, place: str) -> LabelledCode:
    """A place on a sheet without a form of its own; on one of many entries its first word is the id of an entry."""
    names = [name for name in place.strip("/").split("/") if name and not name.isdigit()]
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


def _line_key_label(rulebook: Rulebook, form: str, number: str, name: str) -> Sentence:
    """A key of a line; what the manual has no longer is called as it stands."""
    line = rulebook.form(form).parts.get(number)
    key = line.fields.get(name) if line else None
    return PLACE_AMOUNT if name == "amount" else key.text if key else name


def _coded_place(place: str, sentence: Sentence, **facts: object) -> LabelledCode:
    return LabelledCode(place, {language: format_sentence(sentence, facts, language) for language in SCREEN_LANGUAGES})
