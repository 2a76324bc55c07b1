"""The questions of the program, made from the fields of the rulebook; there is no other list of questions. As answers
they offer what the registers hold – staff, houses, partners – and never what a client's file says.
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
"""Entries of the registers by register: codes of staff, NGOs and facilities, or names, each with its text."""

NGO_NOT_REGISTERED = N_("No NGO is registered yet. Register one in the menu, under the house; for now press Enter.")
STAFF_NOT_REGISTERED = N_(
    "No member of staff has this name. First register a new person in the menu, under the house, staff."
)

PROVIDER_NAMES = "provider names"
"""The names of providers, offered where an agreement has the name itself and not the code."""
NAMES_OF_REGISTER = {"providers": PROVIDER_NAMES}
"""Registers that are offered by name where a field only offers them, and by code where it names one of them."""

FORMER_STAFF = "former staff"
"""The register of staff who have left: never offered, but accepted where their code or name is typed."""

PLURAL_KINDS = {"text": "texts", "clock": "clocks"}
"""The kind of a question, by the kind of a field that takes several values in one answer."""
QUESTION_KINDS = {"party": "code", "entry": "text", "parts": "text"}
"""The kind of a question, where it differs from the kind of its field."""

KINDS_WITH_OFFERS = ("text", "texts", "code")
"""The kinds of questions for which entries of the registers are offered."""


def read_offers(session: Session) -> dict[str, dict[Any, Text | str]]:
    """Return the registers of the store by name: each code or name with the text that is shown for it.

    Staff who have left are offered nowhere; a question about an earlier day still accepts their code.
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
    providers = directory.get("providers") or {}
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
        "providers": {code: _code_with_name(code, providers) for code in providers},
        PROVIDER_NAMES: {entry["name"]: entry["name"] for entry in providers.values()},
        "drafters": names,
    }


def _code_with_name(code: str, entries: Mapping[str, Any], more: Text | None = None) -> Text:
    """Return a code followed by its name and *more*, by language."""
    name = (entries.get(code) or {}).get("name")
    head = f"{code} · {name}" if name else code
    return {language: f"{head} · {text}" for language, text in more.items()} if more else {"en": head}


@immutable(slots=False)
class Questionnaire:
    """The questions for one rulebook and one store; a question offers the codes that are valid on *day*."""

    rulebook: Rulebook
    offers: Offers = field(default_factory=dict)
    day: date = date.max

    def for_place(self, path: str, **more: Any) -> Question:
        """Return the question for a place of a record: ``identity.sex``, ``admission.rules.signed_on``."""
        return replace(self._make_question(path, self.rulebook.places[path]), **more)

    def for_line(self, line: FormPart, name: str) -> Question:
        """Return the question for one field of a form's line."""
        return replace(self._make_question(name, line.fields[name]), clause=line.standing[-1].clause)

    def for_field(self, one: Field, name: str | None = None) -> Question:
        """Return the question for a field of a new entry; *name* is the key or dotted name of its answer."""
        return self._make_question(name or one.name, one)

    def for_form(self, form: Track, name: str) -> Question:
        """Return the question for one field of a form's heading, as this form words it."""
        return self._make_question(f"agreement.{name}", form.fields[name])

    def split_period(self, asked: Question, one: Field, begun: object = None) -> Iterator[tuple[str, Question]]:
        """Yield the questions that answer a field, each with its key: two days for a period, else the question itself.

        *begun* is what is answered so far; the last day of a period is read as a day after its first.
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
        """Return the question with the entries of the registers that may answer it."""
        registers = one.of if one.kind == "party" else (NAMES_OF_REGISTER.get(one.offers or "", one.offers or ""),)
        known: dict[Any, Text | str] = {}
        for register in registers:
            known |= {**OFFERED_TITLES.get(register, {}), **self.offers.get(register, {})}
        if not known and registers == ("ngos",):
            return replace(asked, hint=asked.hint or NGO_NOT_REGISTERED)
        if not known or asked.choices or asked.kind not in KINDS_WITH_OFFERS:
            return asked
        registered = registers == ("staff",) and not one.open  # all present staff are registered
        if not registered:
            return replace(asked, choices=known, open=True)
        former: dict[Any, Any] = {**self.offers.get(FORMER_STAFF, {})}
        called = {code: [*text.values(), *text["en"].split(" · ")] for code, text in former.items()}
        return replace(asked, choices=known, open=False, unlisted=STAFF_NOT_REGISTERED, former=former, also=called)


def parse_moment(written: object) -> datetime | None:
    """Return a written day or time as a local time; None if it is neither."""
    try:
        return datetime.fromisoformat(str(written)).replace(tzinfo=None)
    except ValueError:
        return None


def _period_text(whole: Text, part: Text) -> Text:
    """Return the text of one day of a period: what the period is of, then which of its two days."""
    said = {language: (words.partition(":")[0], format_fact(part, language)) for language, words in whole.items()}
    return {language: f"{head}: {day[:1].lower()}{day[1:]}" for language, (head, day) in said.items()}


def _question_kind(one: Field) -> str:
    if one.open and one.of:
        return OPEN_LISTS.get(one.of[0], "text")
    if one.kind == "som" and one.zero:
        return "som_or_zero"
    if one.unknown and one.kind in ("yes_no", "code"):
        return "text"  # answered by its choices; one of them is that nobody knows
    if one.several and one.kind in PLURAL_KINDS:
        return PLURAL_KINDS[one.kind]
    return "count" if one.kind == "whole" and one.zero else QUESTION_KINDS.get(one.kind, one.kind)


def _field_choices(one: Field, day: date) -> Mapping[Any, Text | str]:
    """Return the codes of a field that are valid on a day, and “nobody knows” where that is allowed."""
    known: dict[Any, Text | str] = dict(valid_codes(one, day) if one.terms else one.codes)
    if one.kind == "yes_no" and one.unknown:
        known = {True: YES_NO_TEXTS[0], False: YES_NO_TEXTS[1]}
    return {**known, UNKNOWN_ANSWER: NOBODY_KNOWS} if known and one.unknown else known
