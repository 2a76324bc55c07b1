"""Every place of a record can be asked for, and whatever is typed at a question and read fits there."""

import json
import shutil
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl.core.manual.field import CLIENTS_REGISTER, OFFERED_TITLES
from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.prompts.client_file import ClientFile
from shelterctl.questionnaire import KINDS_WITH_OFFERS, PROVIDER_NAMES, Questionnaire, read_offers
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.schemas.input import agreement_schema, report_schema, stored_entry_schema
from shelterctl.schemas.stored import directory_schema, shelter_schema, staff_schema
from shelterctl.session import Options
from shelterctl.session import Session as Sitting
from shelterctl.typed import readers
from shelterctl.typed.question import Question
from shelterctl.typed.words import Mistyped
from shelterctl.ui_language import SCREEN_LANGUAGES, Marked
from shelterctl.validation import SchemaValidator
from tests.support.desk import Desk
from tests.support.revised_rulebook import lose_fields
from tests.support.sampled import stride
from tests.support.typed_words import ASKED, ASKING, CLOCK, OFFERS, QUESTIONS, SHELF, asked_for


@pytest.mark.parametrize("path", SHELF.places)
def test_every_place_can_be_asked_for(path: str) -> None:
    asked, place = ASKING.for_place(path), SHELF.places[path]
    assert (asked.path, asked.text, asked.clause, asked.hint) == (path, place.text, place.clause, place.hint)
    answered = [each for _, each in asked_for(path, place)]
    assert answered
    assert {each.kind for each in answered} <= set(readers.TYPED_READERS)
    ended = {code for code, term in place.terms.items() if term.until}
    codes: list[object] = [code for code in place.codes if code not in ended]
    if place.unknown and (codes or place.kind == "yes_no"):
        codes = [*(codes or [True, False]), "unknown"]
    assert bool(codes) <= (list(asked.choices) == codes)
    offered = list(asked.choices) != codes and place.of != ("staff",)
    assert asked.open == (place.open or offered)


@pytest.mark.parametrize("path", ASKED)
def test_no_two_choices_are_called_the_same_in_any_language(path: str) -> None:
    asked = QUESTIONS[path]
    called = [
        (text.casefold(), code)
        for code, texts in asked.choices.items()
        for text in {*(texts.values() if isinstance(texts, Mapping) else [texts]), str(code)}
    ]
    assert len({text for text, _ in called}) == len(set(called))


KIND_OF = {
    "identity.first_name": "text",
    "identity.birth_date": "partial",
    "identity.estimated": "yes_no",
    "identity.also_known_as": "texts",
    "identity.citizenship": "country",
    "identity.languages": "language",
    "trafficking.months_trafficked": "count",
    "received.at": "time",
    "admission.rules.signed_on": "day",
    "admission.meeting.organised_by": "code",
    "agreement.signed.copies": "whole",
    "agreement.drafted_by": "texts",
    "course.to": "day",
    "void.reason": "code",
    "facility.others.number": "count",
    "directory.ngos.memorandum.signed_on": "day",
    "staff.role": "code",
}


@pytest.mark.parametrize("path", KIND_OF)
def test_the_kind_follows_from_the_field(path: str) -> None:
    assert KIND_OF[path] == ASKING.for_place(path).kind


@pytest.mark.parametrize(
    "path", ["identity.languages", "referral.sources", "agreement.drafted_by", "iom.instructions.needs"]
)
def test_several_may_be_named_where_the_field_is_a_list(path: str) -> None:
    assert ASKING.for_place(path).several


@pytest.mark.parametrize(
    ("path", "beside"),
    [
        ("referral.partner_ngo", ("sources", "partner_ngo")),
        ("trafficking.exploitation_other", ("exploitation", "other")),
        ("admission.primary_evaluation.reason", ("outcome", "not_admit")),
        ("identity.sex", None),
    ],
)
def test_what_is_asked_only_beside_another_answer_says_beside_which(path: str, beside: Any) -> None:
    assert beside == ASKING.for_place(path).beside


@pytest.mark.parametrize(
    ("path", "register"),
    [
        ("received.by", "staff"),
        ("admission.primary_interview.by", "staff"),
        ("admission.meeting.organised_by", "staff"),
        ("discharge.social_worker", "staff"),
        ("report.social_worker", "staff"),
        ("referral.partner_ngo", "ngos"),
        ("agreement.ngo", "ngos"),
        ("facility", "facilities"),
        ("facility.ngo", "ngos"),
        ("agreement.ngo_representative", "people"),
        ("agreement.drafted_by", "drafters"),
        ("course.provider", PROVIDER_NAMES),
        ("visit.provider", "providers"),
    ],
)
def test_what_the_house_knows_is_offered(path: str, register: str) -> None:
    asked = ASKING.for_place(path)
    assert asked.choices == {**OFFERED_TITLES.get(register, {}), **OFFERS[register]}
    assert asked.open is (register != "staff")  # who works here is registered


@pytest.mark.parametrize("path", ["admission.coordinator_agreement.by", "iom.documents.by", "iom.instructions.by"])
def test_who_agrees_for_iom_is_nobody_of_the_house(path: str) -> None:
    assert list(ASKING.for_place(path).choices) == ["NGO Coordinator"]


def test_nothing_is_offered_where_a_person_is_described() -> None:
    hers = [path for path in ASKED if path.startswith(("identity.", "trafficking.", "children.", "discharge.reason"))]
    offered = {str(code) for register in OFFERS.values() for code in register}
    assert [path for path in hers if offered & set(map(str, QUESTIONS[path].choices))] == []
    assert [path for path in hers if SHELF.places[path].offers or SHELF.places[path].kind == "party"] == []


def test_a_house_offers_its_registers_and_never_what_a_client_said(admitted: Desk, tmp_path: Path) -> None:
    for words, given_ in (
        ("staff add s-nur --role social_worker", {"staff": {"s-nur": {"name": "Нур Придуманная"}}}),
        ("ngo add ulybka", {"ngos": {"ulybka": {"name": "Улыбка"}}}),
        ("provider add lyceum", {"providers": {"lyceum": {"name": "Лицей 12"}}}),
    ):
        register, (code, entry) = next((name, next(iter(below.items()))) for name, below in given_.items())
        assert register
        assert code in words
        admitted.do(words, entry)
    session = Sitting(options=Options(store=str(admitted.store), identity=str(admitted.key)))
    offers = read_offers(session)
    assert {"manager", "s-gulnara", "s-aida", "s-nur"} == set(offers["staff"])
    assert (set(offers["ngos"]), set(offers["facilities"])) == ({"sezim", "ulybka"}, {"bishkek"})
    assert ("Нур Придуманная" in offers["people"], "Лицей 12" in offers[PROVIDER_NAMES]) == (True, True)
    assert offers["providers"] == {"lyceum": {"en": "lyceum · Лицей 12"}}
    identity = {value for value in admitted.record()["identity"].values() if isinstance(value, str)}
    said = json.dumps(offers, ensure_ascii=False)
    assert identity
    assert [value for value in identity if value in said and len(value) > len("female")] == []
    assert ClientFile(session, admitted.her).question("received.by").choices == offers["staff"]


def test_a_field_that_is_added_by_data_alone_becomes_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manual = Path(shutil.copytree(SHELF.folder, tmp_path / "manual"))
    identity, more = manual / "tracks/identity.yaml", "fields:\n"
    more += "  shoe_size: {is: whole, text: {en: Shoe size, ru: Размер обуви}, clause: A7.G1}\n"
    more += "  rides: {is: code, several: true, with: {sex: [female]}, text: {en: What she rides}, "
    more += "codes: {ass: {en: donkey, ru: осёл}}}\n"
    identity.write_text(identity.read_text("utf-8").replace("fields:\n", more, 1), "utf-8")
    lose_fields(manual, "identity.shoe_size", "identity.rides")
    monkeypatch.setenv("SHELTERCTL_MANUAL", str(manual))
    asking = Questionnaire(open_rulebook())
    size, rides = asking.for_place("identity.shoe_size"), asking.for_place("identity.rides")
    assert (size.kind, size.clause, size.read_answer("38", CLOCK, "ru")) == ("whole", "A7.G1", 38)
    assert (rides.several, rides.beside, rides.read_answer("осёл", CLOCK, "ru")) == (True, ("sex", "female"), ["ass"])


def test_what_a_question_is_asked_with_more_is_kept() -> None:
    asked: Question = ASKING.for_place("agreement.period.from", ahead=True, clause="A6.C1d")
    assert (asked.ahead, asked.clause, asked.kind) == (True, "A6.C1d", "day")


def test_only_words_and_codes_are_offered() -> None:
    offered = [path for path in ASKED if any(QUESTIONS[path].choices == known for known in OFFERS.values())]
    assert {QUESTIONS[path].kind for path in offered} <= set(KINDS_WITH_OFFERS)
    assert Decimal(len(offered)) > 0


@pytest.mark.parametrize("name", ["languages", "countries"])
def test_what_people_also_call_a_code_names_no_other(name: str) -> None:
    texts = {code: {*text.values()} for code, text in SHELF.lists[name].items()}
    named = [
        (each.casefold(), code)
        for code, all_ in SHELF.other_names_of_codes[name].items()
        for each in {*all_, *texts.get(code, ())}
    ]
    named += [
        (each.casefold(), code)
        for code, all_ in texts.items()
        if code not in SHELF.other_names_of_codes[name]
        for each in all_
    ]
    assert len({each for each, _ in named}) == len(named)


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
    track, apart = SHELF.tracks.get(first), APART.get(first)
    name, _, below = rest.partition(".")
    starred = f"{name}.*.{below}" if track and below and name in track.fields and track.fields[name].several else rest
    if apart and (apart.seal or name in {deed.writes for deed in apart.entry_acts.values()}):
        return stored_entry_schema(SHELF, apart.name), starred
    if track and track.of_register and rest:
        return stored_entry_schema(SHELF, first), starred
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


WORDINGS = 60 // stride(5)
"""How many wordings are drawn for each of more than seven hundred questions, others for each of them."""

READ_HERE = [path for path in ASKED if path not in SHELF.places or CLIENTS_REGISTER not in SHELF.places[path].of]
"""Questions that are asked as they are; for a client's id the clients of the house are offered instead."""


@pytest.mark.parametrize("path", READ_HERE)
@settings(max_examples=WORDINGS)
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
@settings(max_examples=WORDINGS)
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
@settings(max_examples=WORDINGS)
@given(words=WORDS)
def test_every_question_of_the_report_is_asked_and_its_answers_fit(name: str, words: str) -> None:
    asked = ASKING.for_field(PRINTED[name])
    for value in [*asked.choices, "unknown", asked.read_answer(words, CLOCK, "ru")]:
        if not isinstance(value, Mistyped):
            assert REPORT.findings({"date": "2026-11-25", name: value}) == ()
            assert value == asked.read_answer(asked.format_answer(value, "ru"), CLOCK, "ru")
    assert (asked.clause, asked.path) == (PRINTED[name].clause, name)


REPORT = SchemaValidator(report_schema(SHELF))
