"""The pink and the blue form, and whatever form lies beside them: blank, or as an agreement stands in her file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from shelterctl.act.discretion import hides
from shelterctl.act.perform import unsignable
from shelterctl.core.agreement import Agreement, printed, read_agreement
from shelterctl.core.entry import Entry
from shelterctl.core.field import Field, read_field
from shelterctl.core.line import AMOUNT
from shelterctl.core.line import number as number_of
from shelterctl.core.record import Client, Facts
from shelterctl.core.signature import asks, languages
from shelterctl.core.track import Part, Track
from shelterctl.desk import Desk
from shelterctl.language import Text, shown
from shelterctl.paper.code import code_of
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.request import Paper, Request, around, language_of
from shelterctl.press import long_day, sheet

NUMBERED = "identification_number"
MARK = "/not_for_signature"
"""The mark of a draft is a fact of its sheet: without it, it is another sheet."""

CYRILLIC = dict(zip("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщэ", strict=True))
"""What a Latin letter before a line is on paper in Russian and Kyrgyz: а) for a)."""


class PrintedLine(NamedTuple):
    """A line of the form as it is printed: its mark, its words, what is said *beside* them, and its amount."""

    mark: str
    text: Text
    beside: str
    amount: Decimal | None


@dataclass(slots=True, repr=False)
class Group:
    """A numbered row of the form: a line by itself, or a heading over several, and their sum."""

    mark: str
    text: Text
    beside: str = ""
    amount: Decimal | None = None
    lines: list[PrintedLine] = field(default_factory=list)

    @property
    def total(self) -> Decimal | None:
        """What the lines of this number make together (X33)."""
        amounts = [amount for amount in (self.amount, *(line.amount for line in self.lines)) if amount is not None]
        return sum(amounts, Decimal(0)) if amounts else None


def blank(here: Desk, form: Track, wanted: Request) -> Paper:
    """The form with lines to write on, and the limits in force on the day taken as today."""
    return _paper(here, form, wanted, here.day, SheetFacts(), {}, None, None)


def filled(here: Desk, her: Client, form: Track, facts: Facts, wanted: Request) -> Paper:
    """The form as the agreement stands in her file, with the limits in force on its own day."""
    agreement = read_agreement(form, facts)
    told = SheetFacts(hides=hides(here.shelf, form.name) if wanted.bare else None)
    heading: dict[str, Any] = {
        name: told.text(f"/{name}", facts.get(name))
        for name in ("ngo_representative", "iom_representative", "number", "place")
    }
    heading["ngo"] = told.name("/ngo", _named(here, facts.get("ngo")))
    heading[NUMBERED] = told.text(f"/{NUMBERED}", her.facts.get(NUMBERED))
    heading["date"] = told.day("/date", facts["date"])
    heading |= _own(form, facts, told, wanted.language or language_of(here, signed_in(form, agreement.day)))
    return _paper(here, form, wanted, agreement.day, told, heading, agreement, her)


def _own(form: Track, facts: Facts, told: SheetFacts, language: str) -> Iterator[tuple[str, Any]]:
    """What only this form has in its heading: days as such, a code or an answer in words, a period by its two days."""
    for name in form.own:
        one, said = form.fields[name], facts.get(name)
        if one.kind == "span":
            yield from ((f"{name}_{end}", told.day(f"/{name}/{end}", (said or {}).get(end))) for end in ("from", "to"))
        elif one.kind == "day":
            yield name, told.day(f"/{name}", said)
        else:
            yield name, told.text(f"/{name}", None if said is None else _in_words(one, said, language))


def _in_words(one: Field, said: object, language: str) -> str:
    """An answer as paper has it: codes by their texts, som and times as the language writes them."""
    value = read_field(one, said)
    listed = value if isinstance(value, tuple) else (said if value is None else value,)
    return shown(
        [one.codes[each] if isinstance(each, str) and each in one.codes else each for each in listed], language
    )


def _named(here: Desk, code: str | None) -> str | None:
    """An NGO as it is called on paper: by its name, else by its code."""
    return (here.store.ngos.get(code) or {}).get("name") or code if code else None


def _paper(
    here: Desk, form: Track, wanted: Request, day: date, told: SheetFacts, heading: Mapping[str, Any],
    agreement: Agreement | None, her: Client | None,
) -> Paper:  # fmt: skip
    """The sheets of one form: as many as it is signed in, or one to be read."""
    own = asks(form, "is", "signed.language", day).get("codes") or [None]
    language = wanted.language or language_of(here, own[0])
    reading = own[0] is not None and language not in own
    copies = 1 if reading else int(asks(form, "amount", "signed.copies", day).get("exactly", 1))
    groups = list(_groups(form, day, language, agreement, told))
    total = told.som("/total", agreement.total) if agreement else None
    entry = agreement.facts.get("id") if agreement else None
    stopped = bool(her and agreement and _stopped(here, her, form, agreement.facts))
    told.facts |= {MARK: "yes"} if stopped else {}
    key = here.store.sheet_key.secret if her and not told.left else None
    code = code_of(key, her.id, form.name, language, entry, told.facts) if her else None
    prefix = str(asks(form, "is", "number", day).get("contains", ""))
    number = heading.get("number")
    words = form.sheet.texts
    facts = {
        "words": words,
        "sentences": form.sheet.sentences,
        "groups": groups,
        "total": total,
        "number": number,
        "prefix": "" if number and prefix in number else prefix,
        "place": heading.get("place"),
        "date": heading.get("date"),
        NUMBERED: heading.get(NUMBERED) if _beside_the_number(form) else None,
        "numbered": _beside_the_number(form),
        "heading": {**_heading(form, heading, language), "total": None if total is None else shown(total, language)},
    }
    facts |= around(
        here.shelf,
        language,
        her.id if her else None,
        code,
        copies=copies,
        reading_copy=reading,
        not_for_signature=stopped,
    )
    tint = "white" if wanted.white else form.sheet.tint
    about: dict[str, Any] = {"title": shown(words["title"], language), "language": language, "tint": tint, "day": day}
    sheets = [sheet("agreement", {**facts, "copy": copy}, **about) for copy in range(1, copies + 1)]
    about_her: dict[str, Any] = {"record": her.id, "findings": told.of(her.id)} if her else {}
    made = tuple(sheets)
    return Paper(
        form.name, form.text, language, made, facts=told.facts, of=entry, code=code, left=told.left, **about_her
    )


def _heading(form: Track, heading: Mapping[str, Any], language: str) -> dict[str, str | None]:
    """What stands in the braces of the form's sentences, as text; None leaves a blank."""
    names = ("ngo", "ngo_representative", "iom_representative", NUMBERED, *form.in_braces)
    told = {name: heading.get(name) for name in names}
    return {name: long_day(fact, language) if isinstance(fact, date) else fact for name, fact in told.items()}


def _beside_the_number(form: Track) -> bool:
    """Whether the identification number stands beside the agreement's, since no sentence names it (X19)."""
    said = (*form.sheet.texts.values(), *(sentence.text for sentence in form.sheet.sentences))
    return not any(f"{{{NUMBERED}}}" in words for text in said for words in text.values())


def signed_in(form: Track, day: date) -> str | None:
    """The language in which a form is signed, where there is only one."""
    codes = languages(form, {"date": day.isoformat()})
    return str(codes[0]) if codes else None


def _stopped(here: Desk, her: Client, form: Track, facts: Facts) -> bool:
    """Whether a signature would be refused whatever is written beside it; what is signed already is as it is."""
    return "signed" not in facts and bool(unsignable(here, her, form, facts))


def _groups(form: Track, day: date, language: str, agreement: Agreement | None, told: SheetFacts) -> Iterator[Group]:
    """The rows of the form in its order, whatever lines stand on it that day."""
    asked = {number_of(each): each for each in agreement.lines} if agreement else {}
    group: Group | None = None
    begun: str | None = None
    for number, line in form.parts.items():
        if form.standing(number, day) is None:
            continue
        text, mine = printed(line, day), asked.get(number)
        amount = told.som(f"/lines/{number}/amount", mine.values.get(AMOUNT)) if mine else None
        beside = _beside(line, mine, told)
        if line.group is None:
            if group:
                yield group
            group, begun = None, None
            yield Group(f"{number}.", text, beside, amount)
            continue
        if group is None or begun != line.group:
            if group:
                yield group
            group, begun = Group(f"{line.group}.", form.groups[line.group]), line.group
        group.lines.append(PrintedLine(_mark(line, language), text, beside, amount))
    if group:
        yield group


def _mark(line: Part, language: str) -> str:
    """What is printed before a line of a group: its own mark, else the letter or number behind the group's."""
    if line.mark:
        return line.mark
    last = line.number.removeprefix(line.group or "").lstrip(".")
    if last.isdigit():
        return f"{last}."
    return f"{last if language == 'en' else CYRILLIC.get(last, last)})"


def _beside(line: Part, asked: Entry | None, told: SheetFacts) -> str:
    """What the record says beside an amount, where the paper shows it: the place where she was met (X24)."""
    shown_ = [
        text
        for name, key in line.fields.items()
        if key.printed and asked and (text := told.text(f"/lines/{line.number}/{name}", asked.values.get(name)))
    ]
    return "".join(f" – {text}" for text in shown_)
