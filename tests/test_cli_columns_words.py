"""Words of a column: what is asked for must be one that it has, and that nothing stands there is said in words."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Desk


NOT_HAD = {
    "agreements --outlays --where document=absent": ("document", "yes, no"),
    "agreements --where form=there": ("form", "pink"),
    "list --where state=absent": ("state", "referred"),
    "list --where children=absent": ("children", "3"),
    "list --where admitted_month=2026-11-22": ("admitted_month", "2026-11, 2026"),
    "list --where admitted_on=female": ("admitted_on", "2026-11-25"),
    "list --where sex=discharged": ("identity.sex", "female"),
    "list --where sex=женщина": ("identity.sex", "female"),
    "staff list --where role=absent": ("staff.role", "social_worker"),
}


@pytest.mark.parametrize(("words", "said"), NOT_HAD.items())
def test_a_word_that_the_column_does_not_have_is_a_mistake_with_those_it_has(
    words: str, said: tuple[str, str], admitted: "Desk"
) -> None:
    told = admitted.refused(words)
    assert (told.code, told.error) == (2, "usage/where")
    assert all(each in told.page["error"]["message"] for each in said)


CALLED = {
    "list --where state=принята": "ru",
    "list --where state=Принята": "ru",
    "list --where sex=ЖЕНЩИНА": "ru",
    "list --where rules.signed=да": "ru",
    "list --where 'discharged_on=не выбыла'": "ru",
    "list --where state=Admitted": "en",
    "list --where 'exploitation=Forced labour or services'": "en",
    "list --where 'left=Has not left'": "en",
    "list --where admitted_on=22.11.2026": "en",
}


@pytest.mark.parametrize(("words", "language"), CALLED.items())
def test_a_word_of_the_screen_means_its_code(words: str, language: str, admitted: "Desk") -> None:
    (row,) = admitted.do(f"{words} --lang {language} --columns id").data["rows"]
    assert row == {"id": admitted.her}


def test_the_words_that_a_column_has_are_told_in_the_language_of_the_screen(admitted: "Desk") -> None:
    told = admitted.run("list --where sex=кто --lang ru")
    assert told.code == 2
    assert "female (женщина), male (мужчина)" in told.err


def test_a_column_that_never_is_empty_is_not_asked_whether_it_is(printing: "Desk") -> None:
    """Which columns these are is held against what the lists say."""
    never = 0
    for row in printing.do("schema columns", today="2027-06-01").data["rows"]:
        words = f"{row['table']} --columns {row['name']}"
        asked = printing.ask(f"{words} --where {row['name']}=absent", today="2027-06-01")
        assert (asked.code, str(asked.error)) in ((0, "None"), (2, "usage/where")), row
        cells = [each[row["name"]] for each in printing.do(words, today="2027-06-01").data["rows"]]
        assert (asked.code == 0) or None not in cells, row
        never += asked.code == 2
        assert [each[row["name"]] for each in asked.data.get("rows", ())] == [
            each for each in cells if each is None and asked.code == 0
        ]
    assert never > 20


@pytest.fixture
def waiting(admitted: "Desk") -> "Desk":
    """The same with two women whom nobody has admitted yet."""
    for _ in range(2):
        referral = {"sources": ["scme"], "received_at": "2026-11-24T10:00+06:00"}
        admitted.do("admit --new-person", {"identity": {"sex": "female"}, "referral": referral})
    return admitted


WORDS = {
    "en": ("2026-11 +has not left +admitted +1", "not admitted +has not left +[a-z, ]+ +2"),
    "ru": ("2026-11 +ещё не выбыла +принята +1", "не принята +ещё не выбыла +[а-яё, ]+ +2"),
}


@pytest.mark.parametrize("language", WORDS)
def test_each_row_of_a_count_says_what_it_counts(language: str, waiting: "Desk") -> None:
    asked = "list --stays --columns admitted_month,left,state --count"
    lines = waiting.run(f"{asked} --lang {language}").out.splitlines()
    assert [line for line, said in zip(lines[1:], WORDS[language], strict=False) if not re.fullmatch(said, line)] == []


def test_a_program_reads_null_and_csv_an_empty_cell_where_nothing_stands(waiting: "Desk") -> None:
    asked = "list --stays --columns admitted_month,sex,citizenship --count"
    rows = waiting.do(asked).data["rows"]
    assert [(row["admitted_month"], row["citizenship"], row["count"]) for row in rows] == [
        ("2026-11", None, 1),
        (None, None, 2),
    ]
    assert waiting.run(f"{asked} --format csv").out.splitlines()[1:] == ["2026-11,female,,1", ",female,,2"]
    assert waiting.do("list --stays --where admitted_month=absent --count").data["rows"] == [{"count": 2}]
