"""Every place of a record can be asked for, by its schema and the shelf's text; what is read always fits the record."""

import json
import shutil
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl import contract, library
from shelterctl.core import typed
from shelterctl.core.question import Question
from shelterctl.core.typed import Clock, Mistyped
from shelterctl.desk import Desk as Sitting
from shelterctl.language import SPOKEN
from shelterctl.library import open_shelf, read_schema
from shelterctl.questionnaire import FROM_THE_LIST, REGISTERS, Offers, Questionnaire
from shelterctl.shape import Shape
from shelterctl.walk.offers import offers_of
from shelterctl.walk.table import Table

SHELF = open_shelf()
CLOCK = Clock(date(2026, 11, 25), time(22, 40))
OFFERS: Offers = {
    "staff": {"s-aida": {"en": "s-aida · Аида Примерова · psychologist", "ru": "s-aida · Аида Примерова · психолог"}},
    "ngos": {"sezim": {"en": "sezim · Сезим"}, "ulybka": {"en": "ulybka"}},
    "facilities": {"bishkek": {"en": "bishkek"}, "osh": {"en": "osh"}},
    "people": {"Аида Примерова": "Аида Примерова"},
    "providers": {"Лицей, 12": "Лицей, 12"},
    "drafters": {"manager": {"en": "manager"}, "Аида Примерова": "Аида Примерова"},
}
ASKING = Questionnaire(SHELF, OFFERS)

BY_THE_TOOL = ("agreement.stay", "agreement.lines")
"""Places that have their words for show alone, and are never typed."""

IN_PARTS = ("course", "span")
REGISTERED = {"staff": "staff", "facility": "facilities"}
LISTS = ("children", "iom.instructions", "iom.documents", "done", "monitoring.attempts")

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


FRAME = loose(contract.resident(SHELF))
FRAGMENT = loose(contract.fragment(SHELF))
REGISTER = {
    "directory": loose(read_schema("directory")),
    "staff": loose(read_schema("staff")),
    "facility": loose(contract.shelter(SHELF)),
}


def where(path: str) -> tuple[Mapping[str, Any], str]:
    """The schema that holds a place, and its path there; a star is a code or an entry."""
    first, _, rest = path.partition(".")
    if first in ("agreement", "report", "void"):
        return {**FRAME["$defs"][first], "$defs": FRAME["$defs"]}, rest
    if first in IN_PARTS:
        return contract.KINDS[first], rest
    if first in REGISTER and rest:
        register, _, rest = (f"{REGISTERED[first]}.{rest}" if first in REGISTERED else rest).partition(".")
        return REGISTER[first], f"{register}.code.{rest}"
    entries = next((name for name in LISTS if path.startswith(f"{name}.")), "")
    return FRAGMENT, path.replace(entries, f"{entries}.*", 1) if entries else path


def written(path: str, value: Any) -> Any:
    for name in reversed(path.split(".")):
        value = [value] if name == "*" else {name: value}
    return value


SHAPES: dict[str, tuple[Shape, str]] = {}


def misshapen(path: str, value: Any) -> list[str]:
    """What the schema of a place says to a value there."""
    if path not in SHAPES:
        schema, inside = where(path)
        SHAPES[path] = Shape(loose(schema)), inside
    shape, inside = SHAPES[path]
    return [f"{one.code} {one.where}" for one in shape.findings(written(inside, value))]


def line_keys() -> list[tuple[str, str, str]]:
    return [
        (form.name, line.number, name)
        for form in SHELF.forms.values()
        for line in form.lines.values()
        for name in ("amount", *line.keys)
    ]


ASKED = [path for path in SHELF.places if path not in BY_THE_TOOL]
PRINTED = {printed.key: printed for printed in SHELF.annex.questions}


@pytest.mark.parametrize("path", SHELF.places)
def test_every_place_can_be_asked_for(path: str) -> None:
    asked, place = ASKING.of(path), SHELF.places[path]
    assert (asked.path, asked.text, asked.clause, asked.hint) == (path, place.text, place.clause, place.hint)
    assert asked.kind in typed.READERS
    assert bool(place.codes) <= (list(asked.choices) == list(place.codes))
    offered = asked.choices != place.codes and asked.choices != OFFERS["staff"]
    assert asked.open == (place.open or offered)


@pytest.mark.parametrize("path", ASKED)
@settings(max_examples=60)
@given(words=WORDS)
def test_what_is_read_is_never_refused_by_the_record(path: str, words: str) -> None:
    read = ASKING.of(path).read(words, CLOCK, "ru")
    assert isinstance(read, Mistyped) or misshapen(path, read) == []


@pytest.mark.parametrize("path", ASKED)
def test_every_choice_may_stand_in_the_record_and_reads_as_it_is_shown(path: str) -> None:
    asked = ASKING.of(path)
    for number, code in enumerate(asked.choices, 1):
        value = [code] if asked.several else code
        assert misshapen(path, value) == []
        for language in (*SPOKEN, "ky")[: None if path not in NAMED_BY_THE_PROGRAM else len(SPOKEN)]:
            assert value == asked.read(str(number), CLOCK, language)
            assert value == asked.read(asked.shown(value, language), CLOCK, language)
            assert value == asked.read(asked.shown(value, language).upper(), CLOCK, language)
    if asked.several:
        whole = list(asked.choices)
        assert whole == [] or whole == asked.read(asked.shown(whole, "ru"), CLOCK, "ru")


NAMED_BY_THE_PROGRAM = [path for path in ASKED if "NGO Coordinator" in ASKING.of(path).choices]
"""Where the title is the program's own word, which has no Kyrgyz yet."""


@pytest.mark.parametrize("path", ASKED)
def test_no_two_choices_are_called_the_same_in_any_language(path: str) -> None:
    asked = ASKING.of(path)
    called = [
        (text.casefold(), code)
        for code, texts in asked.choices.items()
        for text in {*(texts.values() if isinstance(texts, Mapping) else [texts]), str(code)}
    ]
    assert len({text for text, _ in called}) == len(set(called))


LISTED = ("identity.languages", "referral.sources", "agreement.drafted_by", "iom.instructions.needs")
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
def test_the_kind_follows_from_the_schema(path: str) -> None:
    assert KIND_OF[path] == ASKING.of(path).kind


@pytest.mark.parametrize(
    "path", ["identity.languages", "referral.sources", "agreement.drafted_by", "iom.instructions.needs"]
)
def test_several_may_be_named_where_the_schema_has_a_list(path: str) -> None:
    assert ASKING.of(path).several


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
    assert beside == ASKING.of(path).beside


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
        ("course.provider", "providers"),
    ],
)
def test_what_the_house_knows_is_offered(path: str, register: str) -> None:
    asked = ASKING.of(path)
    assert (asked.choices, asked.open) == (OFFERS[register], register != "staff")  # who works here is registered


@pytest.mark.parametrize("path", ["admission.coordinator_agreement.by", "iom.documents.by", "iom.instructions.by"])
def test_who_agrees_for_iom_is_nobody_of_the_house(path: str) -> None:
    assert list(ASKING.of(path).choices) == ["NGO Coordinator"]


def test_nothing_is_offered_where_a_person_is_described() -> None:
    hers = [path for path in ASKED if path.startswith(("identity.", "trafficking.", "children.", "discharge.reason"))]
    offered = {str(code) for register in OFFERS.values() for code in register}
    assert [path for path in hers if offered & set(map(str, ASKING.of(path).choices))] == []
    assert {name for name in REGISTERS if f"identity.{name}" in SHELF.places} == set()


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
    here = Sitting({"shelterctl.store": str(admitted.store), "shelterctl.identity": str(admitted.key)})
    offers = offers_of(here)
    assert {"manager", "s-gulnara", "s-aida", "s-nur"} == set(offers["staff"])
    assert (set(offers["ngos"]), set(offers["facilities"])) == ({"sezim", "ulybka"}, {"bishkek"})
    assert ("Нур Придуманная" in offers["people"], "Лицей 12" in offers["providers"]) == (True, True)
    identity = {value for value in admitted.record()["identity"].values() if isinstance(value, str)}
    said = json.dumps(offers, ensure_ascii=False)
    assert identity
    assert [value for value in identity if value in said and len(value) > len("female")] == []
    assert Table(here, admitted.her).question("received.by").choices == offers["staff"]


@pytest.mark.parametrize(("form", "number", "name"), line_keys())
@settings(max_examples=60)
@given(words=WORDS)
def test_every_key_of_every_line_is_asked_and_what_is_read_fits_the_form(
    form: str, number: str, name: str, words: str
) -> None:
    asked = ASKING.of_line(SHELF.form(form).lines[number], name)
    assert asked.clause in SHELF.clauses
    if asked.kind in IN_PARTS:
        return
    read = asked.read(words, CLOCK, "ru")
    if not isinstance(read, Mistyped):
        assert of_form(form).findings({"date": "2026-11-25", "lines": {number: {name: read}}}) == ()
        assert read == asked.read(asked.shown(read, "ru"), CLOCK, "ru")


FORMS: dict[str, Shape] = {}


def of_form(form: str) -> Shape:
    if form not in FORMS:
        FORMS[form] = Shape(loose(contract.agreement(SHELF, form)))
    return FORMS[form]


@pytest.mark.parametrize(("form", "number", "name"), line_keys())
def test_the_codes_of_a_line_are_its_choices(form: str, number: str, name: str) -> None:
    line = SHELF.form(form).lines[number]
    asked = ASKING.of_line(line, name)
    if name == "amount":
        assert (asked.kind, asked.choices) == ("som", {})
    else:
        assert asked.choices == (line.keys[name].codes if line.keys[name].kind == "code" else {})


@pytest.mark.parametrize("name", PRINTED)
@settings(max_examples=60)
@given(words=WORDS)
def test_every_question_of_the_report_is_asked_and_its_answers_fit(name: str, words: str) -> None:
    asked = ASKING.of_report(PRINTED[name])
    for value in [*asked.choices, "unknown", asked.read(words, CLOCK, "ru")]:
        if not isinstance(value, Mistyped):
            assert REPORT.findings({"date": "2026-11-25", name: value}) == ()
            assert value == asked.read(asked.shown(value, "ru"), CLOCK, "ru")
    assert (asked.clause, asked.path) == (PRINTED[name].clause, name)


REPORT = Shape(contract.report(SHELF))


def test_a_property_that_is_added_by_data_alone_becomes_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manual = shutil.copytree(SHELF.folder, tmp_path / "manual")
    with (manual / "record.yaml").open("a", encoding="utf-8") as places:
        places.write("  identity.shoe_size:\n    text: {en: Shoe size, ru: Размер обуви}\n    clause: A7.G1\n")
        places.write("  identity.rides:\n    text: {en: What she rides}\n    codes: {ass: {en: donkey, ru: осёл}}\n")
    frame = deepcopy(library.read_frame("resident"))
    frame["$defs"]["identity"]["properties"] |= {
        "shoe_size": {"type": "integer", "minimum": 1},
        "rides": {"type": "array", "items": {"enum": ["ass"]}, "x-with": {"sex": "female"}},
    }
    monkeypatch.setattr(contract, "read_frame", lambda name: deepcopy(frame))
    monkeypatch.setenv("SHELTERCTL_MANUAL", str(manual))
    asking = Questionnaire(open_shelf())
    size, rides = asking.of("identity.shoe_size"), asking.of("identity.rides")
    assert (size.kind, size.clause, size.read("38", CLOCK, "ru")) == ("whole", "A7.G1", 38)
    assert (rides.several, rides.beside, rides.read("осёл", CLOCK, "ru")) == (True, ("sex", "female"), ["ass"])


def test_what_a_question_is_asked_with_more_is_kept() -> None:
    asked: Question = ASKING.of("agreement.period.from", ahead=True, clause="A6.C1d")
    assert (asked.ahead, asked.clause, asked.kind) == (True, "A6.C1d", "day")


def test_only_words_and_codes_are_offered() -> None:
    offered = [path for path in ASKED if any(ASKING.of(path).choices == known for known in OFFERS.values())]
    assert {ASKING.of(path).kind for path in offered} <= set(FROM_THE_LIST)
    assert Decimal(len(offered)) > 0
