"""Questions: each is a field of the shelf, with what the house knows already and may offer as an answer, which is its
people, houses and partners, and never a client's facts; there is no other list of questions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Any

from shelterctl.core.manual.answer_words import NOBODY_KNOWS
from shelterctl.core.manual.field import OFFERED_TITLES, OPEN_LISTS, UNKNOWN_ANSWER, Field, valid_codes
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.people import staff_at_work
from shelterctl.immutable import immutable
from shelterctl.language import Text, format_fact
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.typed.question import YES_NO_TEXTS, Question
from shelterctl.ui_language import N_

Offers = Mapping[str, Mapping[Any, Text | str]]
"""What a house knows already, by register: codes of staff, NGOs and facilities, names, each with its text."""

NGO_NOT_REGISTERED = N_(
    "No NGO is registered yet. In the menu, the house registers one; Enter leaves it open till then."
)
STAFF_NOT_REGISTERED = N_(
    "Nobody who works here is called so. Somebody new is registered first: in the menu, the house, staff."
)

FORMER_STAFF = "former staff"
"""Under which name a house knows whoever has left: offered no more, and read where the code or the name is typed."""

PLURAL_KINDS = {"text": "texts", "clock": "clocks"}
"""Kinds of which several are typed into one answer."""
QUESTION_KINDS = {"party": "code", "entry": "text", "parts": "text"}
"""The kind of the question, where it has not the field's own."""

KINDS_WITH_OFFERS = ("text", "texts", "code")
"""Kinds for which what the house knows is offered."""


def read_offers(session: Session) -> dict[str, dict[Any, Text | str]]:
    """The registers of the store by name, each with its codes or names and how they are shown.

    Whoever has left is offered nowhere: a question still reads such a code, where it is about a day before.
    """
    directory, registered = session.store.directory.value, session.store.staff.value["staff"]
    people, working = directory.get("staff") or {}, staff_at_work(registered, session.today)
    former = registered.keys() - working.keys()
    roles = session.rulebook.places["staff.role"].codes
    staff = {
        code: _code_with_name(code, people, roles.get(entry["role"], {"en": entry["role"]}))
        for code, entry in working.items()
    }
    names = {entry["name"]: entry["name"] for code, entry in people.items() if entry.get("name") and code not in former}
    own = {
        track.at: {code: _code_with_name(code, directory[track.at]) for code in directory.get(track.at) or ()}
        for track in session.rulebook.registers
    }
    providers = {entry["name"]: entry["name"] for entry in (directory.get("providers") or {}).values()}
    return {
        **own,
        "staff": staff,
        FORMER_STAFF: {code: _code_with_name(code, people) for code in sorted(former)},
        "ngos": {code: _code_with_name(code, directory.get("ngos") or {}) for code in session.store.ngos},
        "facilities": {
            code: _code_with_name(code, directory.get("facilities") or {})
            for code in session.store.shelter.value["facilities"]
        },
        "people": names,
        "providers": providers,
        "drafters": names,
    }


def _code_with_name(code: str, entries: Mapping[str, Any], more: Text | None = None) -> Text:
    """A code with the name behind it, and what more is known, in every language."""
    name = (entries.get(code) or {}).get("name")
    head = f"{code} · {name}" if name else code
    return {language: f"{head} · {text}" for language, text in more.items()} if more else {"en": head}


@immutable(slots=False)
class Questionnaire:
    """The questions that may be asked over one shelf in one house; codes are offered that hold on the *day*."""

    rulebook: Rulebook
    offers: Offers = field(default_factory=dict)
    day: date = date.max

    def for_place(self, path: str, **more: Any) -> Question:
        """The question for one place of a record: ``identity.sex``, ``admission.rules.signed_on``."""
        return replace(self._make_question(path, self.rulebook.places[path]), **more)

    def for_line(self, line: FormPart, name: str) -> Question:
        """The question for one field of a form's line."""
        return replace(self._make_question(name, line.fields[name]), clause=line.standing[-1].clause)

    def for_field(self, one: Field, name: str | None = None) -> Question:
        """The question for a field of an entry in the making, at the key or dotted name under which it is answered."""
        return self._make_question(name or one.name, one)

    def for_form(self, form: Track, name: str) -> Question:
        """The question for one field of a form's heading, as this form asks for it."""
        return self._make_question(f"agreement.{name}", form.fields[name])

    def split_period(self, asked: Question, one: Field, begun: object = None) -> Iterator[tuple[str, Question]]:
        """The questions in which a field is answered, by what stands inside it: a period has one for each day of it.

        What is answered of it, as far as it is *begun*, says from when on its last day is looked for.
        """
        if one.kind != "span":
            yield "", asked
        for name, part in self.rulebook.fields_inside(one).items() if one.kind == "span" else ():
            first = begun.get("from") if isinstance(begun, Mapping) and name == "to" else None
            put = replace(self._make_question(name, part), ahead=True, rarely_ahead=not (one.ahead or part.ahead))
            put = replace(put, clause=asked.clause, since=parse_moment(first))
            yield name, put if one.fields else replace(put, text=_period_text(one.text, part.text))

    def _make_question(self, path: str, one: Field) -> Question:
        asked = Question(
            path,
            one.text,
            _question_kind(one),
            _field_choices(one, self.day),
            former={code: text for code, text in one.codes.items() if code in one.terms},
            also=self.rulebook.other_names_of_codes.get(one.of[0], {}) if one.kind == "code" and one.of else {},
            several=one.several,
            open=one.open,
            unknown=one.unknown,
            clause=one.clause,
            hint=one.hint,
            beside=next(((name, said[0]) for name, said in one.asked_with.items()), None),
            past=one.kind == "partial",
            names=one.letters or (one.kind == "party" and one.open),
            person=one.person or (one.kind == "party" and one.open and "staff" in one.of),
            ahead=one.ahead,
            signs=one.kind == "day" and one.marks is not None,
        )
        return self._with_offers(asked, one)

    def _with_offers(self, asked: Question, one: Field) -> Question:
        """The question with what the house knows already, where such a thing is asked for."""
        registers = one.of if one.kind == "party" else (one.offers or "",)
        known: dict[Any, Text | str] = {}
        for register in registers:
            known |= {**OFFERED_TITLES.get(register, {}), **self.offers.get(register, {})}
        if not known and registers == ("ngos",):
            return replace(asked, hint=asked.hint or NGO_NOT_REGISTERED)
        if not known or asked.choices or asked.kind not in KINDS_WITH_OFFERS:
            return asked
        registered = registers == ("staff",) and not one.open  # whoever works here is registered
        if not registered:
            return replace(asked, choices=known, open=True)
        former: dict[Any, Any] = {**self.offers.get(FORMER_STAFF, {})}
        called = {code: [*text.values(), *text["en"].split(" · ")] for code, text in former.items()}
        return replace(asked, choices=known, open=False, unlisted=STAFF_NOT_REGISTERED, former=former, also=called)


def parse_moment(written: object) -> datetime | None:
    """The local time that is written as a day or a time; None where it is neither."""
    try:
        return datetime.fromisoformat(str(written)).replace(tzinfo=None)
    except ValueError:
        return None


def _period_text(whole: Text, part: Text) -> Text:
    """One day of a period: what the period is of, and which of its two days."""
    said = {language: (words.partition(":")[0], format_fact(part, language)) for language, words in whole.items()}
    return {language: f"{head}: {day[:1].lower()}{day[1:]}" for language, (head, day) in said.items()}


def _question_kind(one: Field) -> str:
    if one.open and one.of:
        return OPEN_LISTS.get(one.of[0], "text")
    if one.kind == "som" and one.zero:
        return "som_or_zero"
    if one.unknown and one.kind in ("yes_no", "code"):
        return "text"  # read by its choices, of which one is that nobody knows
    if one.several and one.kind in PLURAL_KINDS:
        return PLURAL_KINDS[one.kind]
    return "count" if one.kind == "whole" and one.zero else QUESTION_KINDS.get(one.kind, one.kind)


def _field_choices(one: Field, day: date) -> Mapping[Any, Text | str]:
    """The codes of a field that hold on a day; where nobody may know, that too."""
    known: dict[Any, Text | str] = dict(valid_codes(one, day) if one.terms else one.codes)
    if one.kind == "yes_no" and one.unknown:
        known = {True: YES_NO_TEXTS[0], False: YES_NO_TEXTS[1]}
    return {**known, UNKNOWN_ANSWER: NOBODY_KNOWS} if known and one.unknown else known
