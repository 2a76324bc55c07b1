"""Every way in which a rule may be broken is said in a sentence of its verb, with real facts, in each language."""

from collections.abc import Mapping
from typing import Any

import pytest
from small import FOLDER, HOUSE, around, errand, others, ruled, yaml

from shelterctl.core.record.client import Client
from shelterctl.core.rules.context import AllClients
from shelterctl.core.rules.judgement import judge_entry, judge_rules
from shelterctl.core.rules.messages import VERB_SENTENCES
from shelterctl.core.rules.verbs import find_violations
from shelterctl.language import format_sentence
from shelterctl.ui_language import SCREEN_LANGUAGES

HERS = others(
    "{price: 60, title: А, day: '2026-10-02', months: [2026-10], span: 2026-10-01..2026-10-31}",
    "{months: 2, span: 2026-12-01..2026-12-31}",
)
CASES = yaml((FOLDER / "sentences.yaml").read_text("utf-8"))


@pytest.mark.parametrize(("reason", "case"), [(reason, case) for reason, cases in CASES.items() for case in cases])
def test_it_is_said(reason: str, case: Mapping[str, Any]) -> None:
    house = type(HOUSE)(HOUSE.kind, capacity=4, sleeping=3) if "count" in str(case["rule"]) else None
    everyone = AllClients(lambda: [Client({"id": "BBBB-0002", "errands": [{"title": "Ж"}]})])
    held = around(case.get("her"), other_entries=HERS, house=house, all_clients=everyone)
    rule, entry = ruled(case["rule"]), errand(case.get("entry", {}))
    (_, one), *_ = find_violations(rule, entry, held)
    assert ".".join(filter(None, (rule.verb, one.reason))) == reason
    found, *_ = judge_rules([rule], entry, held)
    assert {language: format_sentence(found.message, found.facts, language) for language in SCREEN_LANGUAGES} == {
        language: case[language] for language in SCREEN_LANGUAGES
    }
    assert found.facts["track"] == "errand"


def test_every_way_is_said() -> None:
    assert {*CASES} == {*VERB_SENTENCES} - {"unasked"}


def test_what_another_answer_makes_idle_is_said() -> None:
    (found,) = judge_entry(errand("{kind: fetch, kind_other: Так}"), around())
    assert [format_sentence(found.message, found.facts, language) for language in SCREEN_LANGUAGES] == [
        "“The other errand”: filled in. “Which errand”: to fetch something. One does not go with the other (Z1).",
        "«Какое именно»: заполнено. «Какое поручение»: что-то принести. Одно с другим не сходится (Z1).",
    ]


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("{en: 'Who goes? ({clause}).', ru: 'Кто идёт? ({clause}).'}", "Кто идёт? (Z1)."),
        (
            "{unregistered: {en: 'Nobody knows {label}.', ru: 'Никто не знает: {label}.'}}",
            "Никто не знает: «Кто идёт».",
        ),
        ("{role: {en: 'Not hers.', ru: 'Не её дело.'}}", "«Кто идёт»: такого кода в реестре нет (Z1)."),
    ],
)
def test_a_rule_may_have_words_of_its_own_for_all_or_for_one_reason(says: str, sentence: str) -> None:
    (found,) = judge_rules([ruled(f"{{by: by, says: {says}}}")], errand("{by: s-gone}"), around())
    assert format_sentence(found.message, found.facts, "ru") == sentence
