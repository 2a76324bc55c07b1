"""How full the houses were: days for a program, bars for a person, in any width and language, without a name or id."""

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from terminal import At

from shelterctl.core.record.occupancy import Night, months_up_to
from shelterctl.output.columns import BLOCK_SIGNS, PLAIN_SIGNS, draw_bars
from shelterctl.view.occupancy import HouseOccupancy, Occupancy, answer_occupancy

if TYPE_CHECKING:
    from conftest import Desk


def weeks(*pairs: tuple[int, int], capacity: int = 8) -> dict[str, Any]:
    """A house with weeks from fewest to most."""
    drawn = [
        {"week_of": f"2026-11-{day:02}", "least": least, "most": most} for day, (least, most) in enumerate(pairs, 1)
    ]
    months = [{"month": "2026-11", "least": 0, "most": 9, "average": 4.5, "full": 1, "nights": 130}]
    return {"facility": "bishkek", "capacity": capacity, "weeks": drawn, "months": months, "years": []}


def lines(house: dict[str, Any], room: int | None = None, language: str = "en") -> list[str]:
    """The bars of a house, without heading."""
    return [
        line.partition("  ")[2].lstrip(" 0123456789")
        for line in draw_bars([house], language, room)[3 : 3 + len(house["weeks"])]
    ]


@pytest.fixture
def lived(admitted: "Desk") -> "Desk":
    """A house with a resident and her two children since 22 November, and a second one where nobody was."""
    admitted.do("facility add kids --kind carc")
    admitted.do(f"admit {admitted.her}", {"children": [{"birth_date": 2020}, {"birth_date": 2022}]})
    admitted.do("house --others 2 --facility bishkek", today="2026-11-24")
    return admitted


def test_days_are_rows_for_a_program_and_nobody_is_named(lived: "Desk") -> None:
    told = lived.do("house --months 3")
    rows = told.data["rows"]
    assert len(rows) == 2 * (30 + 31 + 25)
    assert rows[0] == {"day": "2026-09-01", "facility": "bishkek", "capacity": 10, "residents": None, "children": None,
                       "others": None, "free": None}  # fmt: skip
    assert [(row["day"][8:], row["residents"], row["children"], row["others"], row["free"]) for row in rows[81:86]] == [
        ("21", None, None, None, None),
        ("22", 1, 2, None, 7), ("23", 1, 2, None, 7), ("24", 1, 2, 2, 5), ("25", 1, 2, 2, 5)
    ]  # fmt: skip
    assert {row["residents"] for row in rows if row["facility"] == "kids"} == {None, 0}
    assert lived.her not in told.out


def test_months_and_weeks_stand_beside_the_days(lived: "Desk") -> None:
    session, there = lived.do("house --months 3").data["houses"]
    assert session["months"][-1] == {
        "month": "2026-11", "least": 3, "most": 5, "average": 3.0, "full": 0, "nights": 12, "unknown": 21
    }  # fmt: skip
    assert session["weeks"][-1] == {"week_of": "2026-11-23", "least": 3, "most": 5}
    assert {month["nights"] for month in there["months"]} == {None, 0}


def test_the_last_day_is_what_the_house_says_of_tonight(lived: "Desk") -> None:
    tonight = {row["facility"]: row for row in lived.do("house").data["rows"]}
    for row in lived.do("house --months 1").data["rows"]:
        if row["day"] == "2026-11-25":
            known = {name: row[name] or 0 for name in ("residents", "children", "others", "free", "capacity")}
            assert known.items() <= tonight[row["facility"]].items()


def test_a_spreadsheet_gets_the_days_and_one_house_can_be_named(lived: "Desk") -> None:
    told = lived.run("house --months 1 --facility bishkek --format csv").out.splitlines()
    assert told[0] == "day,facility,capacity,residents,children,others,free"
    assert told[-3:] == [
        "2026-11-23,bishkek,10,1,2,,7", "2026-11-24,bishkek,10,1,2,2,5", "2026-11-25,bishkek,10,1,2,2,5"
    ]  # fmt: skip
    assert len(told) == 26


@pytest.mark.parametrize(("months", "weeks", "years"), [(6, 14, 0), (7, 0, 0), (36, 0, 0), (37, 0, 4)])
def test_many_months_are_drawn_by_month_or_year(months: int, weeks: int, years: int) -> None:
    slept = (Night(date(2026, 11, 30), 1, 0, None, 4),)
    seen = Occupancy(months_up_to(date(2026, 11, 30), months), (HouseOccupancy("bishkek", 4, None, slept),), 0)
    houses: Any = answer_occupancy(seen).data["houses"]
    (house,) = houses
    assert (bool(house["weeks"]), bool(house["years"])) == (bool(weeks), bool(years))


@pytest.mark.parametrize("months", ["0", "601", "-1", "three", "9" * 30])
def test_a_number_of_months_that_no_store_has_is_refused(lived: "Desk", months: str) -> None:
    told = lived.refused(f"house --months {months}")
    assert (told.code, told.error) == (2, "usage/words")
    assert told.page["error"]["message"] == "--months takes a whole number from 1 to 600."


@pytest.mark.parametrize("past", ["--months 3", "--since 2026-11-01", "--until 2026-11-01"])
def test_counting_tonight_and_looking_back_are_two_things(lived: "Desk", past: str) -> None:
    told = lived.refused(f"house {past} --others 2 --facility bishkek")
    assert (told.code, told.error) == (2, "usage/one-thing")


def test_any_days_can_be_asked_for(lived: "Desk") -> None:
    rows = lived.do("house --since 2026-11-20 --until 2026-11-23 --facility bishkek").data["rows"]
    assert [(row["day"][8:], row["residents"]) for row in rows] == [("20", None), ("21", None), ("22", 1), ("23", 1)]
    assert len(lived.do("house --since yesterday --facility kids").data["rows"]) == 2
    (first, *_, last) = lived.do("house --months 2 --until 2026-06-30").data["rows"]
    assert (first["day"], last["day"]) == ("2026-05-01", "2026-06-30")


def test_a_row_a_day_however_long_and_bars_that_stay_on_a_screen(lived: "Desk") -> None:
    told = lived.run("house --since 1977-01-01 --facility bishkek --format csv").out.splitlines()
    assert len(told) == 1 + (date(2026, 11, 25) - date(1977, 1, 1)).days + 1
    drawn = lived.run("house --since 1977-01-01 --facility bishkek").out
    assert len(drawn.splitlines()) < 65
    assert "The first entry of a stay is of 2026-11-22" in drawn
    assert re.search(r"^2026 +3 +5 +3.0 +0 +12 ", drawn, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("--since 2026-11-02 --until 2026-11-01", "usage/range"),
        ("--since 2026-11-26", "usage/range"),
        ("--until 2026-11-26", "usage/range"),
        ("--since 1826-11-25", "usage/range"),
        ("--since 1976-11-30", "usage/range"),
        ("--months 3 --since 2026-11-01", "usage/range"),
        ("--since 2026-02-30", "usage/date"),
        ("--until 32.03", "usage/date"),
    ],
)
def test_days_that_are_none_are_refused(lived: "Desk", words: str, error: str) -> None:
    told = lived.refused(f"house {words}")
    assert (told.code, told.error) == (2, error)


def test_a_range_at_the_end_of_the_calendar_is_no_trouble(lived: "Desk") -> None:
    assert lived.refused("house --since 0001-01-01", today="9999-12-31").error == "usage/range"
    assert len(lived.do("house --since 9999-12-31 --facility kids", today="9999-12-31").data["rows"]) == 1


def test_what_is_not_known_is_said(lived: "Desk") -> None:
    told = lived.run("house --months 1").out
    assert "Other people in bishkek: 2, counted on 2026-11-24." in told
    assert "Whether other people slept in kids is not known" in told
    assert "Left out" not in told
    lived.do(f"admit {lived.her}", {"facility": None})
    assert "Left out are 12 person-nights of residents" in lived.run("house --months 1").out
    assert "counted on" not in lived.run("house --months 1 --facility bishkek", today="2026-11-23").out


def test_a_day_long_before_every_file_is_empty_and_no_trouble(lived: "Desk") -> None:
    told = lived.do("house --months 24", today="0001-01-02")
    assert [row["day"] for row in told.data["rows"]] == ["0001-01-01", "0001-01-02"] * 2


def test_a_pipe_gets_bars_of_plain_signs(lived: "Desk") -> None:
    told = lived.run("house --months 1 --facility bishkek").out.splitlines()
    assert told[2:5] == [
        "bishkek, places: 10",
        "week of     least  most",
        "2026-11-01      –     –                                          |",
    ]
    assert told[8] == "2026-11-23      3     5  ############--------                    |"
    assert "# every night  - some nights  | places" in told
    assert not set("".join(BLOCK_SIGNS)) & set("\n".join(told))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("columns", [40, 80, 132])
def test_at_a_terminal_no_bar_is_broken(lived: "Desk", columns: int, language: str) -> None:
    seen = At(lived, language, size=(24, columns)).run("house --months 3", [])
    told = seen.text.splitlines()
    assert max(map(len, told)) < columns
    drawn = [line for line in told if re.match(r"[\d.-]{10} .*│$", line)]
    assert len(drawn) == 2 * 13
    assert len({line.index("│") for line in drawn[:13]}) == 1
    assert "█" in drawn[12]


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_bars_need_no_colour(lived: "Desk", env: dict[str, str]) -> None:
    seen = At(lived, env=env).run("house --months 1", [])
    assert b"\x1b[" not in seen.raw
    assert "█" in seen.text
    assert b"\x1b[34m" in At(lived).run("house --months 1", []).raw


def test_who_slept_there_every_night_is_solid_and_some_nights_lighter() -> None:
    drawn = lines(weeks((2, 4), (0, 8), (8, 8)), 60)
    one, two, three = (line.replace(BLOCK_SIGNS.edge, "") for line in drawn)
    assert one.count(BLOCK_SIGNS.every) == one.count(BLOCK_SIGNS.some) > 0
    assert BLOCK_SIGNS.every not in two
    assert BLOCK_SIGNS.some not in three
    assert len(two) == len(three) == 2 * len(one.rstrip())


def test_more_people_than_places_stand_beyond_the_line() -> None:
    (drawn,) = lines(weeks((9, 10), capacity=8), 60)
    within, beyond = drawn.split(BLOCK_SIGNS.edge)
    assert set(within) == {BLOCK_SIGNS.every}
    assert set(beyond) == {BLOCK_SIGNS.every, BLOCK_SIGNS.some}


def test_a_large_house_fits_into_a_narrow_screen() -> None:
    drawn = draw_bars([weeks((1, 90), capacity=100)], "en", 39)
    assert max(map(len, drawn)) <= 39
    assert BLOCK_SIGNS.every in drawn[3]


def test_columns_are_left_out_where_there_is_no_room_for_them() -> None:
    heads = [
        next(line for line in draw_bars([weeks((1, 2))], "en", room) if line.startswith("month")) for room in (79, 30)
    ]
    assert heads[0].split() == ["month", "least", "most", "average", "full", "person-nights"]
    assert heads[1].split() == ["month", "least", "most", "average"]


def test_a_file_gets_no_blocks() -> None:
    assert set("".join(lines(weeks((1, 2))))) <= {*PLAIN_SIGNS, " "}


def test_an_average_is_written_as_the_language_writes_it(lived: "Desk") -> None:
    assert lived.do("house --months 1").data["houses"][0]["months"][0]["average"] == float(Decimal("3.0"))
    assert re.search(r"11\.2026 .* 3,0 ", lived.run("house --months 1 --lang ru").out)
