"""Every place of a record can be asked for, by its field on the shelf and what the house knows."""

import json
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from asking import ASKED, ASKING, CLOCK, OFFERS, QUESTIONS, SHELF, asked_for
from conftest import Desk

from shelterctl.prompts.client_file import ClientFile
from shelterctl.questionnaire import KINDS_WITH_OFFERS, OFFERED_TITLES, Questionnaire, read_offers
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options
from shelterctl.session import Session as Sitting
from shelterctl.typed import readers
from shelterctl.typed.question import Question


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
    offered = list(asked.choices) != codes and asked.choices != OFFERS["staff"]
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
        ("course.provider", "providers"),
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
    assert ("Нур Придуманная" in offers["people"], "Лицей 12" in offers["providers"]) == (True, True)
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
