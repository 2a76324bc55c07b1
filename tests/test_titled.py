"""What was decided is what an entry is called: a refusal is no consent, wherever it is named."""

from typing import Any

import pytest
from conftest import Desk
from revised import LANGUAGES, Revised

from shelterctl.core.record.entries import entry_title
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
DAY = "2026-11-25"
TREATMENT = {"kind": "treatment", "language": "ky", "by": "s-gulnara"}
REFUSED = {**TREATMENT, "refused_on": DAY, "about": "зубы"}
GIVEN = {**TREATMENT, "given_on": DAY, "about": "кожа"}
NAMED = {
    "en": {"refused": "Refusal: treatment", "given": "Consent: treatment", "said": "It is written down: refusal."},
    "ru": {"refused": "Отказ: лечение", "given": "Согласие: лечение", "said": "Записано: отказ."},
}


def label(track: str, facts: dict[str, Any], language: str = "ru") -> str:
    return entry_title(SHELF.tracks[track], facts)[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_and_a_consent_of_one_day_are_named_each_by_itself(admitted: Desk, language: str) -> None:
    desk, named = Revised(admitted), NAMED[language]
    told = desk.run(f"add {desk.her} consent --lang {language}", REFUSED)
    assert named["said"] in " ".join(told.out.split())
    desk.do(f"add {desk.her} consent", GIVEN)
    seen = desk.sit(language, f"show {desk.her} consent")
    assert (seen.count(named["refused"]), seen.count(named["given"])) == (1, 1)
    offered = desk.sit(language, f"void {desk.her}", "")
    assert named["refused"].lower() in offered.lower()
    first, second = desk.record()["consents"]
    assert ("given_on" in first, "given_on" in second) == (False, True)


def test_a_refusal_is_in_force_as_its_rules_say_whatever_it_is_called(admitted: Desk) -> None:
    """What counts is judged of each thing that was asked by itself (M1.2.3), of one day too."""
    desk = Revised(admitted)
    desk.do(f"add {desk.her} consent", REFUSED)
    desk.do(f"add {desk.her} consent", {**GIVEN, "kind": "plan"})
    desk.do(
        f"add {desk.her} plan", {"kind": "assistance", "on": DAY, "manager": "manager", "social_worker": "s-gulnara"}
    )
    desk.do(f"approve {desk.her} plan")
    desk.do(f"start {desk.her} plan")
    refusal = {key: said for key, said in REFUSED.items() if key != "about"}
    desk.do(f"add {desk.her} consent", {**refusal, "kind": "plan", "about": "кожа"})
    told = desk.ask(f"check {desk.her}")
    assert ("track/stands", "refuse") in {(one["code"], one["severity"]) for one in told.page["findings"]}


def test_its_sheet_bears_what_was_decided(admitted: Desk) -> None:
    desk = Revised(admitted)
    entry = desk.do(f"add {desk.her} consent", REFUSED).data["entry"]
    assert "Отказ" in desk.paper(f"consent {desk.her} --entry {entry}", "ru").split("Пункт")[0]
    given = desk.do(f"add {desk.her} consent", GIVEN).data["entry"]
    assert "Согласие" in desk.paper(f"consent {desk.her} --entry {given}", "ru", "b.txt").split("Пункт")[0]


@pytest.mark.parametrize(
    ("track", "facts", "words"),
    [
        ("consent", {"given_on": DAY}, "согласие"),
        ("consent", {"refused_on": DAY}, "отказ"),
        ("consent", {"given_on": DAY, "refused_on": DAY}, "согласие"),
        ("consent", {}, "согласие"),
        ("consent", {"given_on": DAY, "withdrawn_on": DAY}, "отозванное согласие"),
        ("request", {"granted": False}, "просьба об услуге, отказано"),
        ("request", {"granted": True}, "просьба об услуге"),
        ("primary-evaluation", {"outcome": "not_admit"}, "первичная оценка, не принимать"),
        ("disclosure", {"kind": "own_access", "withheld_reason": "…"}, "отказ в передаче сведений"),
        ("disclosure", {"kind": "own_access", "withheld_reason": "…", "granted_on": DAY}, "передача сведений"),
        ("plan", {"outcome": "declined"}, "индивидуальный план, которого она не хочет"),
    ],
)
def test_each_is_called_by_what_was_decided(track: str, facts: dict[str, Any], words: str) -> None:
    assert label(track, facts) == words


def test_every_other_title_is_there_in_three_languages_and_differs_from_its_noun() -> None:
    titled = [(track, one) for track in SHELF.tracks.values() for one in track.conditional_titles]
    assert len(titled) >= 8
    for track, one in titled:
        assert one.text.keys() == {"en", "ru", "ky"}, track.name
        assert one.text != track.text
