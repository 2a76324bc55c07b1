"""A safe house in another country: its rulebook in examples/elsewhere carries the main job without a line of Python."""

import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from shelterctl.document.reading import read_document
from shelterctl.edition import MANUAL_VARIABLE
from tests.support.desk import Desk
from tests.support.paths import EXAMPLES
from tests.support.terminal import Terminal

ELSEWHERE = EXAMPLES / "elsewhere"
LANGUAGES = ("en", "ru")
LEFT, ASKED = "2027-02-01", "2027-05-11"
FEMININE = re.compile(r"\b(она|её|ей|ней|пришла|принята|уехала|клиентк\w*|she|her|hers)\b", re.IGNORECASE)


class Elsewhere(Desk):
    """A desk in a safe house of another country."""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, MANUAL_VARIABLE: str(ELSEWHERE / "manual")}

    def printed(self, words: str, language: str) -> str:
        """The words of a PDF, in one line."""
        path = self.folder / "paper.pdf"
        self.do(f"form {words} --lang {language} --out {path} --overwrite")
        return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


@pytest.fixture
def house(tmp_path: Path) -> Elsewhere:
    desk = Elsewhere(tmp_path)
    desk.do("init house --shelter hope --kind refuge --no-passphrase --recovery paper", today=None)
    desk.do("staff add s-ann --role social_worker --since 2026-01-01", {"name": "Ann Example"})
    desk.do("ngo add haven", {"name": "Haven Example"})
    return desk


def given(name: str) -> dict[str, Any]:
    facts: dict[str, Any] = read_document((ELSEWHERE / name).read_bytes()).value
    return facts


def admitted(desk: Elsewhere) -> str:
    desk.her = desk.do("admit", ELSEWHERE / "referral.yaml").data["id"]
    desk.do(f"admit {desk.her} --complete --on 2026-11-21")
    return desk.her


def test_its_gate_is_its_own(house: Elsewhere) -> None:
    facts = given("referral.yaml")
    facts["identity"]["birth_date"] = "2012-05-01"
    del facts["admission"]["consent"], facts["risks"]
    house.her = house.do("admit", facts).data["id"]
    answer = house.refused(f"admit {house.her} --complete --on 2026-11-21")
    refused = {(one["code"], one["clause"]) for one in answer.page["findings"] if one["severity"] == "refuse"}
    assert refused == {("admission/age-outside", "H1.1"), ("admission/risk", "H3.1"), ("admission/consent", "H1.4")}


def test_its_form_has_its_limits_and_its_currency(house: Elsewhere) -> None:
    her = admitted(house)
    over = given("green.yaml")
    over["lines"] = {"b": {"amount": 1201}, "c": {"amount": 100, "course": {"profession": "cook"}}, "z": {"amount": 1}}
    found = house.refused(f"agreement {her} --form green --check", over)
    clauses = {(one["code"], one["clause"]) for one in found.page["findings"] if one["severity"] == "refuse"}
    assert {
        ("agreement/over-cap", "H4.2"),
        ("agreement/missing-key", "H4.3"),
        ("agreement/unknown-line", "H4.0"),
    } == clauses
    saved = house.do(f"agreement {her} --form green", ELSEWHERE / "green.yaml")
    assert (saved.data["total"], saved.data["words"]) == ("14600.00", "fourteen thousand six hundred crowns 00 pence")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_main_job_ends_as_it_should(house: Elsewhere, language: str) -> None:
    her = admitted(house)
    house.do(f"admit {her} --done shown-around --on 2026-11-22")
    house.do(f"agreement {her} --form green", ELSEWHERE / "green.yaml")
    house.do(f"agreement {her} --form green --number 7 --sign --on 2026-11-25")
    words = {"en": "Fourteen thousand six hundred crowns 00 pence", "ru": "Четырнадцать тысяч шестьсот крон 00 пенсов"}
    assert words[language] in house.printed(f"green {her}", language)

    due = house.do("due", today="2026-12-25").data["rows"]
    assert [(row["clause"], row["due_on"]) for row in due] == [("H3.3", "2026-11-27"), ("H3.2", "2026-12-20")]
    house.do(f"discharge {her} --on 2027-01-31", ELSEWHERE / "leaving.yaml", today=LEFT)
    (row,) = house.do("monitor due", today=ASKED).data["rows"]
    assert (row["due_on"], row["state"]) == ("2027-04-30", "due")
    house.do(f"monitor record {her}", ELSEWHERE / "after-the-stay.yaml", today=ASKED)
    assert house.do("check", today=ASKED).page["findings"] == []
    shown = house.run(f"report month --month 2026-11 --lang {language}", today="2026-12-03").out
    title = {"en": "Report of the month, hope, November 2026", "ru": "Отчёт за месяц, hope, ноябрь 2026"}
    assert title[language] in shown.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_man_is_spoken_of_as_a_man_and_nothing_is_said_of_another_manual(house: Elsewhere, language: str) -> None:
    her = admitted(house)
    house.do(f"agreement {her} --form green", ELSEWHERE / "green.yaml")
    screens = [
        "today",
        "due",
        f"show {her} --all",
        f"admit {her}",
        "check",
        "agreements --account",
        "house",
        "form list",
    ]
    shown = [house.run(f"{words} --lang {language}").out for words in screens]
    sheets = [
        house.printed(f"{name} {her}", language) for name in ("green", "house-rules", "consent", "monitoring-report")
    ]
    for text in (*shown, *sheets):
        assert not re.search(r"\b(som|soms|IOM|KGS|сом\w{0,2}|МОМ)\b|\b[MRGA]\d+\.\d", text), text
    for text in (*shown[2:4], *sheets):
        assert not FEMININE.search(text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_offers_its_form_and_nothing_that_its_manual_lacks(house: Elsewhere, language: str) -> None:
    admitted(house)
    leave = str(12)
    seen = Terminal(house, language).run("", ["2", "1", "4", "", "", leave]).text
    assert {"en": "green form", "ru": "зелёная форма"}[language] in seen.casefold()
    lacks = "pink|blue|розов|голуб|pocket money|карманн|visitors|посетител"
    assert not re.search(lacks, seen, re.IGNORECASE)


def test_a_form_is_filled_in_at_a_terminal_and_what_was_spent_names_its_line(house: Elsewhere) -> None:
    her = admitted(house)
    heading = ("", "7", "", "", "", "Middletown")
    lines = ("30", "1", "2700", "500", "", "")
    seen = Terminal(house, "ru", "2026-11-25", (120, 60)).run(f"agreement {her} --form green", [*heading, *lines, "1"])
    assert "Всего 3 200,00 крон" in seen.text.replace("\N{NO-BREAK SPACE}", " ")
    (draft,) = house.do(f"show {her} --names").data["record"]["agreements"]
    spent = {"on": "2026-11-25", "item": "food", "amount": 300, "agreement": draft["id"], "line": "a"}
    house.do(f"add {her} outlay", {**spent, "document": {"number": "12", "on": "2026-11-25"}})
    (row,) = [row for row in house.do("agreements --account").data["rows"] if row["line"] == "a"]
    assert (row["agreed"], row["spent"]) == ("2700.00", "300.00")
    assert house.refused("ngo add second --memorandum 2026-01-01").error == "usage/not-in-rulebook"
    example = house.run("agreement --form green --example").out
    checked = house.ask(f"agreement {her} --form green --check", example.replace("sezim", "haven"))
    assert {code for code in checked.codes() if code.startswith("shape/") or code.endswith("/unknown-key")} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_found_is_answered_with_examples_of_its_own_manual(house: Elsewhere, language: str) -> None:
    tried = ("rules no-such", "explain no-such-thing", "explain outlay", "explain 'track outlay'")
    answers = [house.run(f"{words} --lang {language}") for words in tried]
    shown = " ".join(f"{one.out} {one.err}" for one in answers)
    assert all(words in shown for words in ("green", "H1.1"))
    assert not re.search(r"\b(pink|blue|2a)\b|\b[MRGA]\d+\.\d", shown)
