"""By data alone: a code is given up and another one begins: it is read for ever, offered no more, and told of."""

from typing import Any

import pytest

from shelterctl.prompts.fill_in import LEAVE_FOR_LATER
from tests.support.revised_rulebook import LANGUAGES, Revised

OLD = "      slavery: {en: slavery, ru: рабство, ky: кулчулук}\n"
NEW = """      slavery: {en: slavery, ru: рабство, later: [{since: 2026-11-24, repealed: true, clause: IOM-2026-21}]}
      bondage: {en: bondage for debt, ru: долговая кабала, since: 2026-11-24}
"""
OFFERED = {
    "en": "2 forced labour or services 3 bondage for debt 4 practices similar",
    "ru": "2 принудительный труд или услуги 3 долговая кабала 4 обычаи, сходные",
}
LEFT = {"en": "Nothing was answered; her file has not changed.", "ru": "Ответов нет; дело не изменилось."}
STANDS = {"en": "[now: slavery]", "ru": "[сейчас: рабство]"}
SAID = {
    "en": "“Kind of exploitation”: slavery. This answer is no longer used from 2026-11-24 on. Use: sexual",
    "ru": "«Вид эксплуатации»: рабство. С 24.11.2026 этот ответ не используется. Выберите: сексуальная эксплуатация,",
}


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.edit("tracks/trafficking.yaml", OLD, NEW)
    session.do(f"admit {session.her}", {"trafficking": {"exploitation": ["slavery"]}}, today="2026-11-23")
    return session


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_written_is_read_and_its_code_is_offered_no_more(desk: Revised, language: str) -> None:
    seen = desk.sit(language, f"add {desk.her} trafficking", "", "", ".", LEAVE_FOR_LATER)
    assert OFFERED[language] in seen
    assert LEFT[language] in seen
    assert STANDS[language] in seen
    assert desk.do(f"check {desk.her}").codes("open").count("track/not-in-force") == 0
    assert {"en": "exploitation: slavery", "ru": "эксплуатации: рабство"}[language] in desk.sit(
        language, f"show {desk.her} --all"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", ["add {} trafficking", "admit {}"])
def test_whoever_writes_it_later_is_told(desk: Revised, words: str, language: str) -> None:
    desk.do(f"add {desk.her} trafficking", {"exploitation": ["servitude"]})
    given: Any = {"exploitation": ["servitude", "slavery"]}
    given = given if words.startswith("add") else {"trafficking": given}
    said = desk.run(words.format(desk.her), given, env={"SHELTERCTL_LANG": language}).out
    assert SAID[language] in said
    again = desk.do(words.format(desk.her), given)
    assert "track/not-in-force" not in again.codes("open")


def test_before_it_begins_a_code_is_told_of_and_the_schema_says_when_one_ended(desk: Revised) -> None:
    early = desk.do(f"add {desk.her} trafficking", {"exploitation": ["bondage"]}, today="2026-11-23")
    found = early.finding("track/not-in-force")
    assert (found["facts"]["since"], found["clause"], found["where"]) == (
        "2026-11-24", "I.3", "/trafficking/exploitation",
    )  # fmt: skip
    assert (found["line"], found["severity"]) == (1, "open")
    resident = desk.ask("schema resident").data["schema"]["$defs"]["trafficking"]["properties"]["exploitation"]
    assert resident["items"]["x-until"] == {"slavery": "2026-11-24"}
    assert {"slavery", "bondage"} <= {*resident["items"]["enum"]}
