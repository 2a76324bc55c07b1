"""The financial forms on paper, blank or filled from an agreement in a client's file: their lines, factors and sums,
and the reasons for which a sheet is a draft that must not be signed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from math import prod
from typing import Any, NamedTuple

from shelterctl.act.agreement import judge_signature_today, surrounding_facts
from shelterctl.act.redaction import make_hides
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.answer_words import WordsOfAnswers, answer_in_words
from shelterctl.core.manual.field import SPAN_ENDS, Field, read_field
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.money.agreement import (
    AMOUNT_KEY,
    TO_SIGN_KEY,
    Agreement,
    heading_rule_params,
    line_number,
    printed_line_text,
    read_agreement,
    signing_languages,
)
from shelterctl.core.record.client import Client, live_entries
from shelterctl.core.record.entries import Entry
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import smallest_amount
from shelterctl.core.values.written_days import long_day
from shelterctl.form_notation import line_mark
from shelterctl.immutable import immutable
from shelterctl.language import Text, format_fact
from shelterctl.paper.facts import CLIENT_NUMBER_FIELD, SheetFacts
from shelterctl.paper.preparation import BegunPaper, begin_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper, language_name
from shelterctl.session import Session
from shelterctl.ui_language import N_

ROW_TEXT_LETTERS = 100
"""The longest text that fits a row of the form, in characters; a longer one is printed on the annex."""

RATE_KIND = "som"


class Factor(NamedTuple):
    """One number of a product that makes an amount, as text, with its *unit*; None leaves a blank to write it in."""

    said: str | None
    unit: Text | None = None


class StatedFact(NamedTuple):
    """A fact about a line besides its amount, with its label, as it is printed on the annex."""

    label: Text
    paragraphs: tuple[str, ...]


@dataclass(slots=True, repr=False)
class PrintedLine:
    """A line of the form as it is printed: its mark, its text, the words *beside* the text, and its amount.

    *factors* are the numbers that make the amount, *stated* the facts for which the form has no room.
    """

    mark: str
    text: Text
    beside: str = ""
    amount: Decimal | None = None
    factors: tuple[Factor, ...] = ()
    stated: tuple[StatedFact, ...] = ()


@dataclass(slots=True, repr=False)
class LineGroup(PrintedLine):
    """A numbered row of the form: a single line, or a heading over several lines with their sum."""

    lines: list[PrintedLine] = field(default_factory=list)

    @property
    def total(self) -> Decimal | None:
        """The sum of the lines under this number (X33), or None where no amount is known."""
        amounts = [amount for amount in (self.amount, *(line.amount for line in self.lines)) if amount is not None]
        return sum(amounts, Decimal(0)) if amounts else None


@immutable
class Budget:
    """The lines of a form on one day, blank without an *agreement*; every printed fact is recorded in *filled*."""

    form: Track
    day: date
    language: str
    agreement: Agreement | None
    filled: SheetFacts

    def groups(self) -> Iterator[LineGroup]:
        """Yield the rows of the form in its order, with the lines that are in force on that day."""
        asked = {line_number(each): each for each in self.agreement.lines} if self.agreement else {}
        group: LineGroup | None = None
        begun: str | None = None
        for number, line in self.form.parts.items():
            if self.form.standing(number, self.day) is None:
                continue
            if group and begun != line.group:
                yield group
                group = None
            made = self._line(line, asked.get(number))
            if line.group is None:
                yield LineGroup(f"{number}.", made.text, made.beside, made.amount, made.factors, made.stated)
                continue
            if group is None:
                group, begun = LineGroup(f"{line.group}.", self.form.groups[line.group]), line.group
            group.lines.append(made)
        if group:
            yield group

    def _line(self, line: FormPart, mine: Entry | None) -> PrintedLine:
        amount = self.filled.fill_amount(f"/lines/{line.number}/amount", mine.values.get(AMOUNT_KEY)) if mine else None
        beside, stated = self._facts(line, mine) if mine else ("", ())
        open_ = not self.agreement and not line.product  # the rate by the month follows from the number of months
        factors = tuple(self._factors(line, mine, amount)) if mine or open_ else ()
        return PrintedLine(self._mark(line), printed_line_text(line, self.day), beside, amount, factors, stated)

    def _mark(self, line: FormPart) -> str:
        """Return the mark printed before a line of a group: its own, or the letter or number that follows the
        group's.
        """
        if line.mark:
            return line.mark
        last = line.number.removeprefix(line.group or "").lstrip(".")
        return line_mark(last, self.language)

    def _factors(self, line: FormPart, mine: Entry | None, amount: Decimal | None) -> Iterator[Factor]:
        """Yield the numbers that are multiplied, in the order of the rulebook; a rate that is not recorded is computed
        from the amount (X20).
        """
        numbers: list[Decimal] = []
        units = {name: one.unit for name, one in line.fields.items() if one.unit}
        for name, unit in units.items():
            value = mine.values.get(name) if mine else None
            count = len(value) if isinstance(value, tuple) else value
            numbers += [Decimal(count)] if isinstance(count, int | Decimal) else []
            said = self.filled.fill_text(
                f"/lines/{line.number}/{name}", None if count is None else self._in_words(count)
            )
            yield Factor(said, unit)
        rated = any(line.fields[name].kind == RATE_KIND for name in units)
        if amount is not None and len(numbers) == len(units) and units and not rated and (whole := prod(numbers)):
            rate = amount / whole
            if rate == (rounded := rate.quantize(smallest_amount())):
                yield Factor(format_fact(rounded, self.language))

    def _facts(self, line: FormPart, mine: Entry) -> tuple[str, tuple[StatedFact, ...]]:
        """Return the words printed beside a line, such as where she was met (X24), and the facts left for the annex."""
        beside = ""
        stated: list[StatedFact] = []
        for name, one in line.fields.items():
            place, written = f"/lines/{line.number}/{name}", mine.written.get(name)
            if one.unit or name == AMOUNT_KEY or written in (None, "", []):
                continue
            if one.printed and len(str(written)) <= ROW_TEXT_LETTERS:
                beside += f" – {text}" if (text := self.filled.fill_text(place, written)) else ""
            else:
                stated += self._stated(one, written, place)
        return beside, tuple(stated)

    def _stated(self, one: Field, written: Any, place: str) -> Iterator[StatedFact]:
        if one.kind == "span" and isinstance(written, Mapping):
            span = read_field(one, written)
            if span and any(span):  # a period that is only begun may have a day missing
                yield StatedFact(_field_label(one.text), (self.filled.fill_text(place, self._in_words(span)) or "",))
            for name, below in one.fields.items():
                if name not in SPAN_ENDS and written.get(name) not in (None, ""):
                    yield from self._stated(below, written[name], f"{place}/{name}")
            return
        if one.kind == "text" and not one.several and (len(str(written)) > ROW_TEXT_LETTERS or "\n" in str(written)):
            if paragraphs := self.filled.fill_paragraphs(place, written, None):
                yield StatedFact(_field_label(one.text), tuple(paragraphs))
            return
        value = read_field(one, written)
        if said := self.filled.fill_text(place, self._in_words(written if value is None else value, one.codes)):
            yield StatedFact(_field_label(one.text), (said,))

    def _in_words(self, value: Any, words: WordsOfAnswers | None = None) -> str:
        return answer_in_words(value, self.language, words, long_days=True)


def _field_label(text: Text) -> Text:
    """Return the name of a field as a label: without the explanation after a colon, beginning with a capital letter."""
    return {language: said[:1].upper() + said.partition(":")[0][1:] for language, said in text.items()}


AGREEMENT_PARTIES = ("ngo", "iom")
HEADING_FIELDS = ("ngo", CLIENT_NUMBER_FIELD, "number", "place", "date", "person")
"""The places of an agreement that every form shows, besides its lines and the fields of this form alone."""

DRAFT_MARK_PLACE = "/not_for_signature"
"""The place of the mark of a draft: the mark counts as a fact, so that a sheet without it has another code."""

CODES_OF_HER_STAY = ("agreement/days-beyond-stay",)
CODES_THAT_STOP_A_SUM = (*CODES_OF_HER_STAY, "agreement/persons-differ")
"""The open findings of a line for which its sum must not be signed; on every other open finding IOM decides on paper.
"""

EARLIER_SHEET_WAS_DRAFT = N_(
    "An earlier printed sheet of this agreement is marked as a draft, not for signature. If it was signed, "
    "print the agreement again and have the new sheet signed."
)

AS_SIGNED_KEY = "as"
"""The key under which a signature keeps what her file and the registers said when it was recorded."""


def print_agreement(
    session: Session, wanted: PaperRequest, her: Client | None = None, facts: Facts | None = None
) -> PreparedPaper:
    """Return the form filled from an agreement of hers, with the limits in force on its day; a signed one as it was
    signed.

    Without a client it is blank, with lines to write on and the limits in force today. There are as many copies as are
    signed, or a single one to read, each followed by an annex with what has no room on it.
    """
    form, facts = session.rulebook.form(wanted.form), facts or {}
    agreement = read_agreement(form, facts) if facts else None
    day = agreement.day if agreement else session.computer_day
    own = signing_languages(form, {"date": day.isoformat()}) or (None,)
    hides = make_hides(session.rulebook, form.name) if wanted.nameless and her else None
    paper = begin_paper(session, wanted, her, entry=facts.get("id"), day=day, own_language=own[0], hides=hides)
    heading = _heading_facts(paper, form, her, facts) if her else {}
    groups = list(Budget(form, day, paper.language, agreement, paper.filled).groups())
    total = paper.filled.fill_amount("/total", agreement.total if agreement else None)
    lacks = reasons_not_to_sign(session, her, form, facts) if her else ()
    paper.filled.facts |= {DRAFT_MARK_PLACE: "yes"} if lacks else {}
    number, words = heading.get("number"), form.sheet.texts
    prefix = str(heading_rule_params(form, "is", "number", day).get("contains", ""))
    stated = [
        (group.mark if line is group else f"{group.mark} {line.mark}", line)
        for group in groups
        for line in (group, *group.lines)
        if line.stated
    ]
    shown = {
        "words": words,
        "sentences": form.sheet.sentences,
        "groups": groups,
        "said": stated,
        "total": total,
        "number": number,
        "prefix": "" if number and prefix in number else prefix,
        "place": heading.get("place"),
        "date": heading.get("date"),
        "client_number": heading.get(CLIENT_NUMBER_FIELD),
        "numbered": _shows_client_number_apart(form),
        "signatories": {party: heading.get(f"{party}_name") for party in AGREEMENT_PARTIES},
        "heading": {
            **_sentence_facts(form, heading, paper.language),
            "total": None if total is None else format_fact(total, paper.language),
        },
        "not_for_signature": bool(lacks),
        **_signature_marks(paper, form, own, facts),
    }
    sheets = {"agreement": {}, **({"agreement-annex": {"behind": True, "long": True}} if stated else {})}
    tint = "white" if wanted.without_tint else form.sheet.tint
    return paper.finish(form.text, sheets, shown, heading=words["title"], tint=tint, findings=lacks)


def _signature_marks(paper: BegunPaper, form: Track, own: Sequence[str | None], facts: Facts) -> dict[str, Any]:
    """Return the marks of a sheet: the number of copies, the day and language of signature, and the day of termination.

    *own* are the languages in which the form is signed.
    """
    signed: Facts = facts.get("signed") or {}
    prepared: Facts = facts.get(TO_SIGN_KEY) or {}
    asked_for = heading_rule_params(form, "amount", "signed.copies", paper.day).get("exactly")
    reading = own[0] is not None and paper.language not in own
    other = signed.get("language") or own[0] if signed else None
    translated = other not in (None, paper.language)
    rulebook, place = paper.session.rulebook, "agreement.signed.language"
    return {
        "copies": 1 if reading or signed else int(asked_for or prepared.get("copies") or 1),
        "reading_copy": language_name(rulebook, place, str(own[0])) if reading else None,
        "signed_on": read_day(signed.get("on")),
        "signed_in": language_name(rulebook, place, str(other)) if translated else None,
        "terminated_on": read_day((facts.get("terminated") or {}).get("on")),
        "kept": not signed or AS_SIGNED_KEY in signed,
    }


def _heading_facts(paper: BegunPaper, form: Track, her: Client, facts: Facts) -> dict[str, Any]:
    """Return the facts in the heading and under the lines; of a signed agreement as they were when it was signed."""
    session, filled, signed = paper.session, paper.filled, facts.get("signed") or {}
    around_it = signed[AS_SIGNED_KEY] if AS_SIGNED_KEY in signed else surrounding_facts(session, her, facts)
    heading: dict[str, Any] = {
        name: filled.fill_text(f"/{name}", facts.get(name))
        for name in ("ngo_representative", "iom_representative", "number")
    }
    for party in AGREEMENT_PARTIES:  # the signatory is printed once, unless somebody else signed
        own, other = facts.get(f"{party}_representative"), signed.get(f"{party}_name")
        name = filled.fill_text(f"/signed/{party}_name", other) if other and other != own else None
        heading[f"{party}_name"] = name or heading[f"{party}_representative"]
        heading[f"{party}_representative"] = heading[f"{party}_representative"] or name
    ngo = around_it.get("ngo")
    if ngo in (None, facts.get("ngo")):  # 0.3.1 kept the code if the NGO had no name at the signature
        ngo = surrounding_facts(session, her, facts).get("ngo")
    heading["ngo"] = filled.fill_name("/ngo", ngo)
    heading["place"] = filled.fill_text("/place", around_it.get("place"))
    heading[CLIENT_NUMBER_FIELD] = filled.fill_client_number(around_it)
    heading["date"] = filled.fill_day("/date", facts["date"])
    return heading | dict(_own_heading_facts(form, facts, filled, paper.language))


def _own_heading_facts(form: Track, facts: Facts, filled: SheetFacts, language: str) -> Iterator[tuple[str, Any]]:
    """Yield the heading facts of this form alone: days as days, answers in words, a period as two days."""
    for name in form.own:
        one, said = form.fields[name], facts.get(name)
        if one.kind == "span":
            yield from (
                (f"{name}_{end}", filled.fill_day(f"/{name}/{end}", (said or {}).get(end))) for end in SPAN_ENDS
            )
        elif one.kind == "day":
            yield name, filled.fill_day(f"/{name}", said)
        else:
            value = read_field(one, said)
            words = answer_in_words(said if value is None else value, language, one.codes, long_days=True)
            yield name, filled.fill_text(f"/{name}", words)


def _sentence_facts(form: Track, heading: Mapping[str, Any], language: str) -> dict[str, str | None]:
    """Return the facts for the braces in the form's sentences, as text; None leaves a blank."""
    names = ("ngo", "ngo_representative", "iom_representative", CLIENT_NUMBER_FIELD, *form.in_braces)
    facts = {name: heading.get(name) for name in names}
    return {name: long_day(fact, language) if isinstance(fact, date) else fact for name, fact in facts.items()}


def _shows_client_number_apart(form: Track) -> bool:
    """Whether the identification number is printed beside the agreement's number, because no sentence names it
    (X19).
    """
    said = (*form.sheet.texts.values(), *(sentence.text for sentence in form.sheet.sentences))
    return not any(f"{{{CLIENT_NUMBER_FIELD}}}" in words for text in said for words in text.values())


def signing_language(form: Track, day: date) -> str | None:
    """Return the language in which a form is signed, the first if there are several, or None."""
    codes = signing_languages(form, {"date": day.isoformat()})
    return str(codes[0]) if codes else None


def reasons_not_to_sign(session: Session, her: Client, form: Track, facts: Facts) -> tuple[Finding, ...]:
    """Return the findings for which a sheet must not be signed yet: a signature would be refused, a sum may be wrong,
    or the heading is incomplete.

    What the manual only recommends for a line is no reason, so that nobody ticks something untrue to get a paper. A
    signed agreement has no reasons. Findings on the length of her stay are ignored while she is in the house (X20).
    """
    if "signed" in facts:
        return ()
    staying = any(stay.id == facts.get("stay") and stay.is_open for stay in her.stays)
    reasons = []
    for one in judge_signature_today(session, her, form, facts):
        if staying and one.code in CODES_OF_HER_STAY:
            continue
        stops = one.severity is Severity.REFUSE or one.code in CODES_THAT_STOP_A_SUM
        if stops or _stands_in_heading(form, one.where):
            reasons.append(replace(one, severity=Severity.OPEN, record=her.id))
    return tuple(reasons)


def warn_of_signed_draft(session: Session, her: Client, form: Track, before: Facts | None) -> tuple[Finding, ...]:
    """Return a warning if a sheet printed from the agreement as it was *before* its signature is marked as a draft."""
    printed = before and any(one.get("of") == before.get("id") for one in live_entries(her.facts.get("printed")))
    if not before or not printed or not reasons_not_to_sign(session, her, form, before):
        return ()
    about: dict[str, Any] = {"where": "/signed", "record": her.id}
    return (Finding(code="paper/draft-signed", message=EARLIER_SHEET_WAS_DRAFT, severity=Severity.WARN, **about),)


def _stands_in_heading(form: Track, where: str) -> bool:
    """Whether a place belongs to the heading of the sheet."""
    return where.removeprefix("/").partition("/")[0] in (*HEADING_FIELDS, *form.own)
