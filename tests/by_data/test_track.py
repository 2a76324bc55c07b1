"""By data alone: a track of its own, a list in a stay, asked, refused, shown, struck through and held to its rules."""

from typing import Any

import pytest

from tests.support.revised_rulebook import LANGUAGES, Revised

ALLERGY = """schema: track/1
track: allergy
text: {en: an allergy, ru: аллергия}
clause: R4.0.9
home: stay
at: allergies
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Noticed on, ru: Когда замечено}}
  to:
    is: code
    must: true
    text: {en: What she cannot bear, ru: Чего не переносит}
    codes: {nuts: {en: nuts, ru: орехи}, milk: {en: milk, ru: молоко}}
  strong: {is: yes_no, text: {en: Whether it is dangerous, ru: Опасно ли это}}
  antidote: {is: text, with: {strong: ["yes"]}, text: {en: What helps, ru: Что помогает}}
rules:
  - {dated: "on", to: today, clause: R4.0.9}
  - {needs: antidote, when: {strong: ["yes"]}, clause: R4.0.9}
"""
NUTS = {"on": "2026-11-22", "to": "nuts", "strong": True, "antidote": "укол"}
HEADING = {"en": "Noticed on", "ru": "Когда замечено"}


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.add("tracks/allergy.yaml", ALLERGY)
    return session


def test_by_file_its_entries_go_into_the_stay_and_are_changed_and_struck_there(desk: Revised) -> None:
    desk.do(f"admit {desk.her}", {"allergies": [NUTS]})
    (kept,) = desk.record()["stays"][0]["allergies"]
    assert NUTS.items() <= kept.items()
    assert {"id", "recorded_at", "recorded_by"} <= kept.keys()
    desk.do(f"admit {desk.her}", {"allergies": [{"id": kept["id"], "to": "milk"}]})
    desk.do(f"void {desk.her} {kept['id']} --reason-code wrong_value")
    (struck,) = desk.record()["stays"][0]["allergies"]
    assert (struck["to"], "void" in struck) == ("milk", True)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"to": "dust"}, "shape/code"),
        ({"on": "2026-13-01"}, "shape/date"),
        ({"severe": True}, "shape/unknown-key"),
    ],
)
def test_by_file_what_is_wrong_is_refused(desk: Revised, wrong: dict[str, Any], code: str) -> None:
    assert desk.refused(f"admit {desk.her}", {"allergies": [{**NUTS, **wrong}]}).refusals == [code]


@pytest.mark.parametrize("act", ["", "act: admission\n"])
def test_its_rules_are_told_when_it_is_written_and_by_check(desk: Revised, act: str) -> None:
    desk.edit("tracks/allergy.yaml", "keeps: many\n", f"keeps: many\n{act}")
    late = {**NUTS, "on": "2029-01-01"}
    place = "/stays/0/allergies"
    wanted = {("track/in-future", f"{place}/0/on", "open"), ("track/needs", f"{place}/1/antidote", "open")}
    milk = {"on": "2026-11-22", "to": "milk", "strong": True}
    for told in (desk.do(f"admit {desk.her}", {"allergies": [late, milk]}), desk.do(f"check {desk.her}")):
        assert wanted <= {(one["code"], one["where"], one["severity"]) for one in told.page["findings"]}


def test_of_a_file_that_counts_nowhere_nothing_is_told(desk: Revised) -> None:
    desk.edit("tracks/allergy.yaml", "home: stay", "home: client")
    desk.do(f"admit {desk.her}", {"allergies": [{**NUTS, "on": "2029-01-01"}]})
    stay = desk.record()["stays"][0]["id"]
    assert "track/in-future" in desk.do(f"check {desk.her}").codes("open")
    desk.do(f"void {desk.her} {stay} --reason-code entered_twice")
    assert desk.do(f"check {desk.her}").codes("open") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_it_is_shown_by_its_words(desk: Revised, language: str) -> None:
    desk.do(f"admit {desk.her}", {"allergies": [NUTS]})
    assert HEADING[language] in desk.sit(language, f"show {desk.her} --all")


def test_it_is_in_the_schemas(desk: Revised) -> None:
    for name, codes in (("resident", ["nuts", "milk"]), ("fragment", ["nuts", "milk", None])):
        schema = desk.ask(f"schema {name}").data["schema"]
        to = {"enum": codes, "x-labels": {"nuts": "nuts", "milk": "milk"}, "title": "What she cannot bear"}
        assert schema["$defs"]["allergy"]["properties"]["to"] == to
    given = desk.ask("schema track-allergy").data["schema"]
    assert given["title"] == "An allergy"
    assert given["properties"].keys() == schema["$defs"]["allergy"]["properties"].keys()  # as in what is merged in
