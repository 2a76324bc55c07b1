"""Whatever is typed at a question and read always fits the record, the form or the report."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from asking import ASKED, ASKING, CLOCK, QUESTIONS, SHELF
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.schemas import published
from shelterctl.schemas.input import agreement_schema, report_schema, stored_entry_schema
from shelterctl.schemas.stored import directory_schema, shelter_schema, staff_schema
from shelterctl.typed.words import Mistyped
from shelterctl.ui_language import SCREEN_LANGUAGES, Marked
from shelterctl.validation import SchemaValidator

IN_PARTS = {"course": "lines.1a.course", "span": "lines.4.study"}
"""Kinds of answers that are asked in parts, each with a place where one stands on the blue form."""

REGISTERED = {"staff": "staff", "facility": "facilities"}
LISTS = {one.at for one in SHELF.tracks.values() if one.many and one.at and {*one.home} & HOME_PATHS.keys()}
APART = {one.name if one.seal else one.at: one for one in SHELF.tracks.values() if one.seal or one.entry_acts}
"""Tracks of which no part of a record holds all: what is sealed, and what acts write; by where their places begin."""

WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["1", "2 1", "1, uz", "yes", "нет", "ky", "kg KZ", "s-gulnara", "other", "А. Примеров; 1", "0"]),
    st.sampled_from(["14.03", "14.03.1999", "05.1999", "1999", "21:30", "14.03 21:30", "12.2026, 01.2027", "3"]),
    st.sampled_from(["1 500", "1500,50", "0,01", "9999999999999", "unknown", "неизвестно", "a, b", "а" * 20_000]),
    st.dates(date(1900, 1, 1), date(2100, 12, 31)).map("{:%d.%m.%Y}".format),
)


def loose(schema: Any) -> Any:
    """The schema, with nothing required: one answer stands alone in it."""
    if isinstance(schema, Mapping):
        return {name: loose(below) for name, below in schema.items() if name != "required" or name == "properties"}
    return [loose(below) for below in schema] if isinstance(schema, list) else schema


FRAME = loose(published.resident_schema(SHELF))
FRAGMENT = loose(published.fragment_schema(SHELF))
BLUE = loose(agreement_schema(SHELF, "blue"))
REGISTER = {
    "directory": loose(directory_schema(SHELF)),
    "staff": loose(staff_schema(SHELF)),
    "facility": loose(shelter_schema(SHELF)),
}


def where(path: str) -> tuple[Mapping[str, Any], str]:
    """The schema that holds a place, and its path there; a star is a code or an entry."""
    first, _, rest = path.partition(".")
    apart = APART.get(first)
    if apart and (apart.seal or rest.partition(".")[0] in {deed.writes for deed in apart.entry_acts.values()}):
        return stored_entry_schema(SHELF, apart.name), rest
    if first in ("agreement", "report", "void"):
        return {**FRAME["$defs"][first], "$defs": FRAME["$defs"]}, rest
    if first in IN_PARTS:
        return BLUE, f"{IN_PARTS[first]}.{rest}"
    if first in REGISTER and rest:
        register, _, rest = (f"{REGISTERED[first]}.{rest}" if first in REGISTERED else rest).partition(".")
        return REGISTER[first], f"{register}.code.{rest}"
    entries = next((name for name in LISTS if path.startswith(f"{name}.")), "")
    return FRAGMENT, path.replace(entries, f"{entries}.*", 1) if entries else path


def written(path: str, value: Any) -> Any:
    for name in reversed(path.split(".")):
        value = [value] if name == "*" else {name: value}
    return value


SHAPES: dict[str, tuple[SchemaValidator, str]] = {}


def misshapen(path: str, value: Any) -> list[str]:
    """What the schema of a place says to a value there."""
    if path not in SHAPES:
        schema, inside = where(path)
        SHAPES[path] = SchemaValidator(loose(schema)), inside
    shape, inside = SHAPES[path]
    return [f"{one.code} {one.where}" for one in shape.findings(written(inside, value))]


def line_keys() -> list[tuple[str, str, str]]:
    return [
        (form.name, line.number, name)
        for form in SHELF.forms.values()
        for line in form.parts.values()
        for name in line.fields
    ]


PRINTED = {name: printed for name, printed in SHELF.report.fields.items() if printed.number}


@pytest.mark.parametrize("path", ASKED)
@settings(max_examples=60)
@given(words=WORDS)
def test_what_is_read_is_never_refused_by_the_record(path: str, words: str) -> None:
    asked = QUESTIONS[path]
    read = asked.read_answer(words, CLOCK, "ru")
    kept = signature(path) if asked.signs and read is False else path
    assert isinstance(read, Mistyped) or misshapen(kept, read) == []


def signature(path: str) -> str:
    """Where a no is kept that is answered at the day of a signature: at the yes and no that this day marks."""
    return f"{path.rpartition('.')[0]}.{SHELF.places[path].marks}"


SIGNED_ON = [path for path in ASKED if QUESTIONS[path].signs]


@pytest.mark.parametrize("path", SIGNED_ON)
def test_yes_and_no_at_the_day_of_a_signature_fit_the_record(path: str) -> None:
    yes, no = (QUESTIONS[path].read_answer(words, CLOCK, "ru") for words in ("да", "нет"))
    assert (yes, no) == (CLOCK.today.isoformat(), False)
    assert misshapen(path, yes) == misshapen(signature(path), no) == []
    assert misshapen(path, no) != []


@pytest.mark.parametrize("path", ASKED)
def test_every_choice_may_stand_in_the_record_and_reads_as_it_is_shown(path: str) -> None:
    asked = QUESTIONS[path]
    for number, code in enumerate(asked.choices, 1):
        value = [code] if asked.several else code
        assert misshapen(path, value) == []
        for language in (*SCREEN_LANGUAGES, "ky")[
            : None if path not in NAMED_BY_THE_PROGRAM else len(SCREEN_LANGUAGES)
        ]:
            assert value == asked.read_answer(str(number), CLOCK, language)
            assert value == asked.read_answer(asked.format_answer(value, language), CLOCK, language)
            assert value == asked.read_answer(asked.format_answer(value, language).upper(), CLOCK, language)
    if asked.several:
        whole = list(asked.choices)
        assert whole == [] or whole == asked.read_answer(asked.format_answer(whole, "ru"), CLOCK, "ru")


NAMED_BY_THE_PROGRAM = [
    path for path in ASKED if any(isinstance(text, Marked) for text in QUESTIONS[path].choices.values())
]
"""Where a title, or that nobody knows, is the program's own word, which has no Kyrgyz yet."""


@pytest.mark.parametrize(("form", "number", "name"), line_keys())
@settings(max_examples=60)
@given(words=WORDS)
def test_every_key_of_every_line_is_asked_and_what_is_read_fits_the_form(
    form: str, number: str, name: str, words: str
) -> None:
    asked = ASKING.for_line(SHELF.form(form).parts[number], name)
    assert asked.clause in SHELF.clauses
    if asked.kind in IN_PARTS:
        return
    read = asked.read_answer(words, CLOCK, "ru")
    if not isinstance(read, Mistyped):
        assert of_form(form).findings({"date": "2026-11-25", "lines": {number: {name: read}}}) == ()
        assert read == asked.read_answer(asked.format_answer(read, "ru"), CLOCK, "ru")


FORMS: dict[str, SchemaValidator] = {}


def of_form(form: str) -> SchemaValidator:
    if form not in FORMS:
        FORMS[form] = SchemaValidator(loose(agreement_schema(SHELF, form)))
    return FORMS[form]


@pytest.mark.parametrize(("form", "number", "name"), line_keys())
def test_the_codes_of_a_line_are_its_choices(form: str, number: str, name: str) -> None:
    line = SHELF.form(form).parts[number]
    asked = ASKING.for_line(line, name)
    if name == "amount":
        assert (asked.kind, asked.choices) == ("som", {})
    else:
        assert asked.choices == (line.fields[name].codes if line.fields[name].kind == "code" else {})


@pytest.mark.parametrize("name", PRINTED)
@settings(max_examples=60)
@given(words=WORDS)
def test_every_question_of_the_report_is_asked_and_its_answers_fit(name: str, words: str) -> None:
    asked = ASKING.for_field(PRINTED[name])
    for value in [*asked.choices, "unknown", asked.read_answer(words, CLOCK, "ru")]:
        if not isinstance(value, Mistyped):
            assert REPORT.findings({"date": "2026-11-25", name: value}) == ()
            assert value == asked.read_answer(asked.format_answer(value, "ru"), CLOCK, "ru")
    assert (asked.clause, asked.path) == (PRINTED[name].clause, name)


REPORT = SchemaValidator(report_schema(SHELF))
