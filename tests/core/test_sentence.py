"""Every way in which a rule may be broken is said in a sentence of its verb, with real facts, in each language."""

from typing import Any

import pytest
from small import HOUSE, around, errand, others, ruled, yaml

from shelterctl.core.finding import Finding
from shelterctl.core.judgement import judge, judge_entry
from shelterctl.core.sentence import SENTENCES
from shelterctl.core.verb import broken
from shelterctl.language import SPOKEN, say

HERS = others(
    "{price: 60, title: А, day: '2026-10-02', months: [2026-10], span: 2026-10-01..2026-10-31, by: s-aida}",
    "{months: 2, span: 2026-12-01..2026-12-31}",
)
LEAVE = yaml("{leaves: [{kind: town, given_on: '2026-11-10'}]}")
TWICE = "{once: months, within: client, overlaps: span}"
NOBODY = yaml("{identity: {sex: female}}")
MAN = yaml("{identity: {sex: male, birth_date: 1990}}")
CHILD = yaml("{identity: {sex: female, birth_date: 2015}}")
WOMEN = "{suits: identity, sex: female, minor_under: 18, unless: reason}"

CASES: list[tuple[str, str, str, str, str, dict[str, Any]]] = [
    ("needs", "{needs: title}", "{}", "Not filled in: “What for” (Z1).", "Не заполнено: «Для чего» (Z1).", {}),
    ("needs", "{needs: house}", "{}", "Not filled in: House (Z1).", "Не заполнено: Приют (Z1).", {}),
    (
        "needs",
        "{needs: paper.number}",
        "{}",
        "Not filled in: “Its number” (Z1).",
        "Не заполнено: «Номер чека» (Z1).",
        {},
    ),
    (
        "needs.any",
        "{needs: [title, reason], any: true}",
        "{}",
        "Fill in at least one: “What for”, “Why so” (Z1).",
        "Заполните хотя бы одно: «Для чего», «Почему так» (Z1).",
        {},
    ),
    (
        "is",
        "{is: kind, codes: [fetch, bring]}",
        "{kind: other}",
        "“Which errand”: another errand. Allowed here: to fetch something, to bring something (Z1).",
        "«Какое поручение»: другое. Здесь может быть: что-то принести, что-то отнести (Z1).",
        {},
    ),
    (
        "is",
        "{is: tongue, codes: [ru]}",
        "{tongue: по-узбекски}",
        "“Language”: in other words. Allowed here: Russian (Z1).",
        "«На каком языке»: другими словами. Здесь может быть: русский (Z1).",
        {},
    ),
    (
        "is",
        "{is: done, codes: ['yes']}",
        "{done: false}",
        "“Is it done”: no. Allowed here: yes (Z1).",
        "«Сделано ли»: нет. Здесь может быть: да (Z1).",
        {},
    ),
    (
        "is.of",
        "{is: tongue, of: things}",
        "{tongue: ky, things: [coat]}",
        "“Language”: Kyrgyz. “Which things”: a coat. They have nothing in common (Z1).",
        "«На каком языке»: кыргызский. «Какие вещи»: пальто. Общего нет (Z1).",
        {},
    ),
    (
        "is.all",
        "{is: things, all: [coat, shoes]}",
        "{things: [coat]}",
        "“Which things”. Not ticked: shoes (Z1).",
        "«Какие вещи». Не отмечено: обувь (Z1).",
        {},
    ),
    (
        "is.contains",
        "{is: title, contains: S-NGO}",
        "{title: Почта}",
        "“What for”. It must contain: S-NGO (Z1).",
        "«Для чего». Там должно быть: S-NGO (Z1).",
        {},
    ),
    (
        "dated.early",
        "{dated: day, from: arrival}",
        "{day: '2026-11-01'}",
        "“On which day”: 2026-11-01. Arrival: 2026-11-02. The first cannot be earlier (Z1).",
        "«В какой день»: 01.11.2026. Прибытие: 02.11.2026. Первое не может быть раньше (Z1).",
        {},
    ),
    (
        "dated.early",
        "{dated: span, from: paper.day}",
        "{span: 2026-11-01..2026-11-03, paper: {day: '2026-11-02'}}",
        "“From when to when”: 2026-11-01 – 2026-11-03. “Its date”: 2026-11-02. The first cannot be earlier (Z1).",
        "«С какого по какой день»: 01.11.2026 – 03.11.2026. «Дата чека»: 02.11.2026. Первое не может быть раньше (Z1).",
        {},
    ),
    (
        "dated.late",
        "{dated: since, to: act}",
        "{since: 2027}",
        "“Known since”: 2027-01-01 – 2027-12-31. The day itself: 2026-11-25. The first cannot be later (Z1).",
        "«С какого времени»: 01.01.2027 – 31.12.2027. Сам этот день: 25.11.2026. Первое не может быть позже (Z1).",
        {},
    ),
    (
        "dated.too-early",
        "{dated: day, from: {of: today, months: -12}}",
        "{day: '2025-11-24'}",
        "“On which day”: 2025-11-24. Today: 2026-11-25. First possible day: 2025-11-25 (Z1).",
        "«В какой день»: 24.11.2025. Сегодня: 25.11.2026. Первый возможный день: 25.11.2025 (Z1).",
        {},
    ),
    (
        "dated.too-late",
        "{dated: span.to, to: {of: span.from, months: 3}}",
        "{span: 2026-11-30..2027-03-01}",
        "“From when to when”: 2027-03-01. “From when to when”: 2026-11-30. Last possible day: 2027-02-28 (Z1).",
        "«С какого по какой день»: 01.03.2027. «С какого по какой день»: 30.11.2026. "
        "Последний возможный день: 28.02.2027 (Z1).",
        {},
    ),
    (
        "dated.ahead",
        "{dated: day, to: today}",
        "{day: '2026-11-26'}",
        "“On which day”: 2026-11-26. That day is still to come (Z1).",
        "«В какой день»: 26.11.2026. Этот день ещё не наступил (Z1).",
        {},
    ),
    (
        "dated.outside",
        "{dated: months, in: span}",
        "{months: [2026-12, 2027-01], span: 2026-11-30..2026-12-01}",
        "“Months”: 2027-01. “From when to when”: 2026-11-30 – 2026-12-01. The first must lie within the second (Z1).",
        "«Месяцы»: 2027-01. «С какого по какой день»: 30.11.2026 – 01.12.2026. Первое должно входить во второе (Z1).",
        {},
    ),
    (
        "amount.over",
        "{amount: price, at_most: 100}",
        "{price: 1000.5}",
        "“Price in som”: 1,000.50. At most: 100.00 (Z1).",
        "«Сколько сомов»: 1\N{NO-BREAK SPACE}000,50. Не больше: 100,00 (Z1).",
        {},
    ),
    (
        "amount.over",
        "{amount: {count: sleeping}, at_most: {count: places}}",
        "{}",
        "Persons in the house at night: 5. At most: 4 (Z1).",
        "Человек в приюте ночью: 5. Не больше: 4 (Z1).",
        {"house": type(HOUSE)(HOUSE.kind, capacity=4, sleeping=3)},
    ),
    (
        "amount.together",
        "{amount: price, at_most: 100, within: client}",
        "{price: 41}",
        "“Price in som”: 41.00, with the other entries 101.00. At most: 100.00 (Z1).",
        "«Сколько сомов»: 41,00. Вместе с другими записями: 101,00. Не больше: 100,00 (Z1).",
        {"others": HERS},
    ),
    (
        "amount.under",
        "{amount: persons, at_least: 2}",
        "{persons: 1}",
        "“How many go”: 1. At least: 2 (Z1).",
        "«Сколько человек идёт»: 1. Не меньше: 2 (Z1).",
        {},
    ),
    (
        "amount.differs",
        "{amount: persons, exactly: {count: persons}}",
        "{persons: 1}",
        "“How many go”: 1. It must be: 2 (Z1).",
        "«Сколько человек идёт»: 1. Должно быть: 2 (Z1).",
        {},
    ),
    (
        "once",
        "{once: span, within: client}",
        "{span: 2026-10-30..2026-11-03}",
        "“From when to when”: 2026-10-30 – 2026-10-31. Already in another entry: E1, 2026-10-02 (Z1).",
        "«С какого по какой день»: 30.10.2026 – 31.10.2026. Уже есть в другой записи: E1, 02.10.2026 (Z1).",
        {"others": HERS},
    ),
    (
        "once",
        "{once: title, within: client}",
        "{title: А}",
        "“What for”: in other words. Already in another entry: E1, 2026-10-02 (Z1).",
        "«Для чего»: другими словами. Уже есть в другой записи: E1, 02.10.2026 (Z1).",
        {"others": HERS},
    ),
    (
        "once.months",
        TWICE,
        "{months: [2026-12], span: 2026-12-01..2026-12-31}",
        "“Months”: 2026-12. Already in another entry: E2 (Z1).",
        "«Месяцы»: 2026-12. Уже есть в другой записи: E2 (Z1).",
        {"others": HERS},
    ),
    (
        "once.number",
        TWICE,
        "{months: 1, span: 2026-12-01..2026-12-31}",
        "“Months”. Another entry has this in the same time: list the months one by one (Z1).",
        "«Месяцы». За то же время это есть в другой записи: перечислите месяцы по одному (Z1).",
        {"others": HERS},
    ),
    (
        "by.unregistered",
        "{by: by}",
        "{by: s-gone}",
        "“Who goes”: this code is not registered (Z1).",
        "«Кто идёт»: такого кода в реестре нет (Z1).",
        {},
    ),
    (
        "by.role",
        "{by: by, role: [psychologist]}",
        "{by: s-bek}",
        "“Who goes”: s-bek, manager of the shelter. By Z1: psychologist.",
        "«Кто идёт»: s-bek, руководитель приюта. По пункту Z1: психолог.",
        {},
    ),
    (
        "by.each",
        "{by: present, each: [manager, psychologist]}",
        "{present: [s-bek]}",
        "“Who was there”. Also needed: psychologist (Z1).",
        "«Кто был». Нужны также: психолог (Z1).",
        {},
    ),
    (
        "by.same",
        "{by: by, not: asked_by}",
        "{by: s-bek, asked_by: s-bek}",
        "“Who goes”, “Who asked”: the same person, s-bek. Two are needed (Z1).",
        "«Кто идёт», «Кто попросил»: один и тот же человек, s-bek. Нужны двое (Z1).",
        {},
    ),
    (
        "by.same-name",
        "{by: title, not: reason}",
        "{title: А. Примерова, reason: А. Примерова}",
        "“What for”, “Why so”: the same name. Two are needed (Z1).",
        "«Для чего», «Почему так»: одно и то же имя. Нужны двое (Z1).",
        {},
    ),
    (
        "stands",
        "{stands: leave, where: {kind: [home]}}",
        "{}",
        "Not recorded by 2026-11-25: a leave to go out, home (Z1).",
        "К 25.11.2026 не записано: разрешение выйти, домой (Z1).",
        {},
    ),
    (
        "stands.nowhere",
        "{stands: errand, of: after}",
        "{after: E9}",
        "“After which errand”: there is no such entry (Z1).",
        "«После какого поручения»: такой записи нет (Z1).",
        {},
    ),
    (
        "stands.each",
        "{stands: leave, each: {kind: [town, home]}}",
        "{}",
        "Not recorded by 2026-11-25: into town, home (Z1).",
        "К 25.11.2026 не записано: в город, домой (Z1).",
        {},
    ),
    (
        "stands.none",
        "{stands: leave, none: true}",
        "{}",
        "Still open: a leave to go out, entries: 1 (Z1).",
        "Ещё открыто: разрешение выйти, записей: 1 (Z1).",
        {"her": LEAVE},
    ),
    (
        "suits.no-birth-date",
        WOMEN,
        "{}",
        "No birth date is recorded, and age decides (Z1).",
        "Не записана дата рождения, а решает возраст (Z1).",
        {"her": NOBODY},
    ),
    (
        "suits.adult-man",
        WOMEN,
        "{}",
        "An adult man is not taken in (Z1).",
        "Взрослых мужчин сюда не принимают (Z1).",
        {"her": MAN},
    ),
    (
        "suits.minor-without-reason",
        WOMEN,
        "{}",
        "Age: under 18, or possibly so. No reason is written (Z1).",
        "Возраст: меньше 18 или, возможно, меньше. Причина не записана (Z1).",
        {"her": CHILD},
    ),
    (
        "suits.age-outside",
        "{suits: identity, at_least: 3, at_most: 9}",
        "{}",
        "Age: only from 3 to 9 (Z1).",
        "Возраст: только от 3 до 9 (Z1).",
        {"her": CHILD},
    ),
]


@pytest.mark.parametrize(("reason", "rule", "written", "en", "ru", "held"), CASES)
def test_it_is_said(reason: str, rule: str, written: str, en: str, ru: str, held: dict[str, Any]) -> None:
    stood = around(**held)
    (_, one), *_ = broken(ruled(rule), errand(written), stood)
    assert ".".join(filter(None, (ruled(rule).verb, one.reason))) == reason
    found, *_ = judge([ruled(rule)], errand(written), stood)
    assert [say(found.message, found.facts, language) for language in SPOKEN] == [en, ru]
    assert found.facts["track"] == "errand"


def test_every_way_is_said() -> None:
    assert {case[0] for case in CASES} == {*SENTENCES} - {"unasked"}


def test_what_another_answer_makes_idle_is_said() -> None:
    (found,) = judge_entry(errand("{kind: fetch, kind_other: Так}"), around())
    assert [say(found.message, found.facts, language) for language in SPOKEN] == [
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
    found: Finding
    (found,) = judge([ruled(f"{{by: by, says: {says}}}")], errand("{by: s-gone}"), around())
    assert say(found.message, found.facts, "ru") == sentence
