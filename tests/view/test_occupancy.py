"""How full the shelters were: as days, as bars, as a picture to scale, and as a file."""

import re
import resource
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from shelterctl.core.record.occupancy import Night, OtherSleepers, months_up_to
from shelterctl.core.values.days import Span
from shelterctl.output.columns import BLOCK_SIGNS, PLAIN_SIGNS, draw_bars
from shelterctl.paper.occupancy import BARS_BOTTOM, BARS_TOP, occupancy_sheets, occupancy_svg
from shelterctl.paper.request import common_facts
from shelterctl.press.sheet import Medium, render_sheets
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.view.occupancy import HouseOccupancy, Occupancy, answer_occupancy, month_rows
from tests.support import pdf
from tests.support.pdf import pressed
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


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
    assert "The first recorded stay began on 2026-11-22" in drawn
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
    assert "It is not known whether other people slept in kids" in told
    assert "Left out" not in told
    lived.do(f"admit {lived.her}", {"facility": None})
    assert "Left out: 12 person-nights of residents" in lived.run("house --months 1").out
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
    seen = Terminal(lived, language, size=(24, columns)).run("house --months 3", [])
    told = seen.text.splitlines()
    assert max(map(len, told)) < columns
    drawn = [line for line in told if re.match(r"[\d.-]{10} .*│$", line)]
    assert len(drawn) == 2 * 13
    assert len({line.index("│") for line in drawn[:13]}) == 1
    assert "█" in drawn[12]


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_bars_need_no_colour(lived: "Desk", env: dict[str, str]) -> None:
    seen = Terminal(lived, env=env).run("house --months 1", [])
    assert b"\x1b[" not in seen.raw
    assert "█" in seen.text
    assert b"\x1b[34m" in Terminal(lived).run("house --months 1", []).raw


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


FIRST = date(2026, 9, 1)
LANGUAGES = ("en", "ru", "ky")
OTHERS = "#ffffff"
AROUND = common_facts(open_rulebook(), "en", None, None)
WORDS = {
    "en": (
        "Occupancy by day: bishkek, 2026-09-01 – 2026-10-02",
        "2026-09: fewest 0, most 5, average 1.6, full days 2.",
    ),
    "ru": (
        "Заполненность по дням: bishkek, 01.09.2026 – 02.10.2026",
        "09.2026: меньше всего 0, больше всего 5, в среднем 1,6, дней без мест 2.",
    ),
    "ky": (
        "Баш калкалоочу жайдын күн сайын толушу: bishkek, 01.09.2026 – 02.10.2026",
        "09.2026: эң азы 0, эң көбү 5, орточо 1,6, орун жок күндөр 2.",
    ),
}


def occupied_house(
    facility: str = "bishkek", capacity: int = 4, number: int | None = 2, days: int = 32
) -> HouseOccupancy:
    """A house in which nobody sleeps at first, then a resident, then she and two children; others from 29 September."""
    counted = OtherSleepers(date(2026, 9, 29), number) if number is not None else None
    slept = tuple(
        Night(
            day := FIRST + timedelta(days=after),
            residents=int(after > 3),
            children=2 * (after > 18),
            others=counted.number if counted and counted.on <= day else None,
            capacity=capacity,
        )
        for after in range(days)
    )
    return HouseOccupancy(facility, capacity, counted, slept)


def seen(*houses: HouseOccupancy, nowhere: int = 0) -> Occupancy:
    slept = houses[0].slept
    return Occupancy(Span(slept[0].day, slept[-1].day), houses, nowhere)


def texts(svg: str, tag: str) -> list[str]:
    return ["".join(each.itertext()) for each in root(svg).iter(f"{{http://www.w3.org/2000/svg}}{tag}")]


def root(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own


def heights(svg: str, colour: str) -> list[float]:
    """How high the bars of one colour are, house by house in the order of the days."""
    return [
        float(high)
        for path in re.findall(rf'd="([^"]*)" fill="{colour}"', svg)
        for high in re.findall(r"v([\d.]+)h", path)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_says_in_words_what_it_shows(language: str) -> None:
    svg = occupancy_svg(seen(occupied_house()), language)
    title, described = WORDS[language]
    assert texts(svg, "title") == [title]
    (desc,) = texts(svg, "desc")
    assert described in desc
    assert root(svg).get("role") == "img"
    names = [each.get("id") for each in root(svg) if each.get("id")]
    assert (root(svg).get("aria-labelledby") or "").split() == names


def test_a_person_is_as_high_wherever_she_stands_and_the_axis_begins_at_zero() -> None:
    svg = occupancy_svg(seen(occupied_house()), "en")
    one = (BARS_BOTTOM - BARS_TOP) / 5  # three and two others: more than the places
    assert heights(svg, "#0b2f5c") == [one] * 28
    assert heights(svg, "#cf5a8f") == [2 * one] * 13
    assert heights(svg, OTHERS) == [2 * one] * 4
    assert re.findall(r'<text x="24" y="([\d.]+)"[^>]*>(\d)<', svg) == [
        (f"{BARS_BOTTOM - number * one:g}", str(number)) for number in range(6)
    ]


def numbers(svg: str) -> tuple[list[str], list[str]]:
    """The numbers over the bars, and those under them."""
    found = re.findall(r'y="([\d.]+)"[^>]*text-anchor="middle">(\d+)<', svg)
    above, below = ([number for y, number in found if (float(y) > BARS_BOTTOM) == under] for under in (False, True))
    return above, below


def test_numbers_stand_over_the_bars_and_the_places_are_a_line_that_is_named() -> None:
    svg = occupancy_svg(seen(occupied_house()), "en")
    assert numbers(svg)[0] == ["1", "3", "5"]
    assert "places: 4" in texts(svg, "text")
    assert "other people, from 2026-09-29: 2" in texts(svg, "text")
    assert svg.count("stroke-dasharray") == 1


def test_what_is_not_recorded_is_shaded_and_no_number() -> None:
    slept = tuple(
        replace(night, is_recorded=night.day.day > 4 or night.day.month > 9) for night in occupied_house().slept
    )
    house = replace(occupied_house(), slept=slept)
    svg = occupancy_svg(seen(house), "en")
    assert len(re.findall(r"M[\d.]+ [\d.]+h", re.findall(r'd="([^"]*)" fill="url\(#unknown', svg)[0])) == 4
    assert "not recorded" in texts(svg, "text")
    assert "not recorded" not in occupancy_svg(seen(occupied_house()), "en")
    (first, _) = month_rows(house)
    assert (first["least"], first["average"], first["unknown"]) == (1, 1.8, 4)
    nothing = replace(house, slept=slept[:4])
    (only,) = month_rows(nothing)
    assert {only[name] for name in ("least", "most", "average", "full", "nights")} == {None}
    told = render_sheets(occupancy_sheets(seen(nothing), "en", AROUND), Medium.TEXT).data.decode()
    assert re.search(r"2026-09( +–){5}$", told, re.MULTILINE)


def test_the_picture_alone_says_what_it_is_of_which_days_in_which_unit() -> None:
    said = texts(occupancy_svg(seen(occupied_house()), "en"), "text")
    assert "bishkek: Occupancy by day, 2026-09-01 – 2026-10-02" in said
    assert "persons a night" in said


def light(colour: str) -> float:
    """How light a colour is to whoever sees none, by WCAG 2."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_stands_upon_each_other_is_told_apart_without_colour() -> None:
    svg = occupancy_svg(seen(occupied_house()), "en")
    fills = ["#0b2f5c", "#cf5a8f", OTHERS]
    assert all(f'fill="{fill}"' in svg for fill in fills)
    for one, other in pairwise(fills):  # grey or colour-blind, light is what is left
        dark, bright = sorted(map(light, (one, other)))
        assert (bright + 0.05) / (dark + 0.05) >= 3
    for hatch in ("children", "others"):
        assert f'fill="url(#{hatch}-bishkek)"' in svg


def test_without_a_count_there_are_no_others() -> None:
    svg = occupancy_svg(seen(occupied_house(number=None)), "en")
    assert "other people" not in svg
    assert not heights(svg, OTHERS)


def test_several_houses_stand_one_below_the_other() -> None:
    svg = occupancy_svg(seen(occupied_house(), occupied_house("kids", 16, None)), "ru")
    assert 'viewBox="0 0 720 528"' in svg
    assert texts(svg, "title") == ["Заполненность по дням: bishkek, kids, 01.09.2026 – 02.10.2026"]


@pytest.mark.parametrize("days", [1, 32, 93, 731])
def test_everything_stands_inside_the_picture_and_no_month_on_another(days: int) -> None:
    svg = occupancy_svg(seen(occupied_house(days=days)), "en")
    months = [float(x) for x in re.findall(r'<text x="([\d.]+)" y="2[45]7"', svg)]
    assert months
    assert all(after - before >= 50 for before, after in pairwise(months))
    for x, width in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)v", svg):
        assert 30 <= float(x) <= float(x) + float(width) <= 644.01


def test_a_month_of_which_few_days_are_shown_is_not_named_and_wide_days_have_their_mondays_numbered() -> None:
    year = occupied_house(days=250)
    whole, cut = (occupancy_svg(seen(replace(year, slept=year.slept[first:])), "en") for first in (0, 20))
    assert "2026-09" in texts(whole, "text")
    assert "2026-09" not in texts(cut, "text")
    assert "2026-10" in texts(cut, "text")
    assert not numbers(cut)[1]
    month = occupancy_svg(seen(occupied_house()), "en")
    assert numbers(month)[1] == ["7", "14", "21", "28"]


def test_nobody_at_all_and_very_many_can_be_drawn() -> None:
    empty = HouseOccupancy("bishkek", 4, None, (Night(FIRST, 0, 0, None, 4),))
    assert not heights(occupancy_svg(seen(empty), "en"), "#0b2f5c")
    crowd = HouseOccupancy("bishkek", 4, OtherSleepers(FIRST, 9000), (Night(FIRST, 1, 0, 9000, 4),))
    assert len(re.findall(r'text-anchor="end"', occupancy_svg(seen(crowd), "en"))) <= 9


@pytest.mark.parametrize("medium", [Medium.HTML, Medium.PDF])
@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_days_are_the_same_picture_to_the_byte(medium: Medium, language: str) -> None:
    one, two = (pressed(occupancy_sheets(seen(occupied_house()), language, AROUND), medium).data for _ in range(2))
    assert one == two
    assert occupancy_svg(seen(occupied_house()), language) == occupancy_svg(seen(occupied_house()), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_picture_inside_and_the_table_beneath(language: str) -> None:
    html = render_sheets(
        occupancy_sheets(
            seen(occupied_house(), occupied_house("kids", 16, None)), language, AROUND | {"draft": language == "ky"}
        ),
        Medium.HTML,
    ).data.decode()
    assert html.count("<svg") == html.count("<table") == 2
    assert html.index("<svg") < html.index("<table")
    assert "<script" not in html
    assert "<picture" not in html
    assert len(set(re.findall(r' id="([^"]+)"', html))) == len(re.findall(r' id="', html))
    assert ("бекитилген эмес" in html) is (language == "ky")


def test_one_title_names_all_houses_and_each_sheet_its_own() -> None:
    sheets = occupancy_sheets(seen(occupied_house(), occupied_house("kids", 16, None)), "en", AROUND)
    assert {each.title for each in sheets} == {"Occupancy by day: bishkek, kids, 2026-09-01 – 2026-10-02"}
    heads = [re.search(r"<h1>Occupancy by day: (\w+), ", each.body) for each in sheets]
    assert [head and head[1] for head in heads] == ["bishkek", "kids"]


def test_a_page_in_text_has_the_description_in_place_of_the_picture() -> None:
    told = render_sheets(occupancy_sheets(seen(occupied_house(), nowhere=7), "en", AROUND), Medium.TEXT).data.decode()
    flat = " ".join(told.split())
    assert "2026-09: fewest 0, most 5, average 1.6, full days 2." in flat
    assert re.search(r"2026-09 +0 +5 +1\.6 +2 +48", told)
    assert "Other people in the house, counted on 2026-09-29: 2." in flat
    assert "Person-nights left out because the files of these residents name no house: 7." in flat


def test_more_than_two_years_are_drawn_year_by_year_to_one_scale() -> None:
    years = seen(occupied_house(number=9, days=1000), occupied_house("kids", 16, None, days=1000))
    svg = occupancy_svg(years, "en")
    assert 'viewBox="0 0 720 2112"' in svg
    assert texts(svg, "title") == ["Occupancy by day: bishkek, kids, 2026-09-01 – 2029-05-27"]
    heads = [head.partition(":")[0] for head in re.findall(r'font-weight="bold">([^<]*)<', svg)]
    assert heads == [f"{house}, {year}" for house in ("bishkek", "kids") for year in range(2026, 2030)]
    assert len(set(re.findall(r'y="([\d.]+)" dy="4">places: 4<', svg))) == 1
    sheets = occupancy_sheets(years, "en", AROUND)
    titles = [re.search(r"<h1>([^<]*)</h1>", each.body) for each in sheets]
    assert [found and found[1][18:] for found in titles[1:3]] == [
        "bishkek, 2027-01-01 – 2027-12-31", "bishkek, 2028-01-01 – 2028-12-31"
    ]  # fmt: skip
    assert len({name for each in sheets for name in re.findall(r' id="(title[^"]*)"', str(each.picture))}) == 8


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("days", [32, 731])
def test_on_paper_a_house_is_one_tagged_page_with_its_picture_described(language: str, days: int) -> None:
    made = pressed(occupancy_sheets(seen(occupied_house(days=days)), language, AROUND | {"draft": True}), Medium.PDF)
    assert made.pages == (1,)
    assert made.data.startswith(b"%PDF-1.7")


BEGINS = {"svg": b"<svg ", "html": b"<!DOCTYPE html>", "pdf": b"%PDF-1.7"}


def drawn(desk: "Desk", name: str) -> Path:
    return desk.folder / name


@pytest.mark.posix("the bits of POSIX", "windows/test_rights.py")
@pytest.mark.parametrize("kind", BEGINS)
@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_a_picture_is_written_in_every_language_and_nobody_is_in_it(admitted: "Desk", kind: str, language: str) -> None:
    told = admitted.run(f"house --months 2 --out a.{kind} --lang {language}")
    assert (told.code, told.err) == (0, "")
    data = drawn(admitted, f"a.{kind}").read_bytes()
    assert data.startswith(BEGINS[kind])
    assert drawn(admitted, f"a.{kind}").stat().st_mode & 0o077 == 0
    for private in (admitted.her, "Айгуль", "Примерова", "KG-2026-118"):
        assert private.encode() not in data
        assert private not in told.out
    again = admitted.run(f"house --months 2 --out b.{kind} --lang {language}")
    assert again.code == 0
    assert drawn(admitted, f"b.{kind}").read_bytes() == data


def test_what_is_not_known_is_said_beside_the_picture_too(admitted: "Desk") -> None:
    told = admitted.do("house --out a.svg")
    assert told.data["said"] == ["The picture is saved: bishkek, 2026-09-01 to 2026-11-25."]
    assert "nobody has counted them" in admitted.run("house --out b.svg").out


def test_a_file_that_is_there_is_replaced_only_where_that_is_said(admitted: "Desk") -> None:
    drawn(admitted, "a.svg").write_text("mine")
    told = admitted.refused("house --out a.svg")
    assert (told.code, told.refusals) == (1, ["paper/exists"])
    assert drawn(admitted, "a.svg").read_text() == "mine"
    admitted.do("house --out a.svg --overwrite")
    assert drawn(admitted, "a.svg").read_bytes().startswith(BEGINS["svg"])


@pytest.mark.parametrize("out", ["a.png", "a", "absent/a.svg", "- --json"])
def test_where_a_picture_cannot_go(admitted: "Desk", out: str) -> None:
    told = admitted.refused(f"house --out {out}")
    assert (told.code, told.error) == (2, "usage/out")


def test_a_pipe_gets_the_picture_and_nothing_else(admitted: "Desk") -> None:
    told = admitted.run("house --out -")
    assert told.out.startswith("<svg ")
    assert told.out.endswith("</svg>\n")
    assert "nobody has counted them" in told.err
    assert admitted.run("house --out - --as html").out.startswith("<!DOCTYPE html>")
    admitted.do("house --out a.svg")
    assert drawn(admitted, "a.svg").read_text("utf-8") == told.out


def test_a_terminal_is_no_pipe(admitted: "Desk") -> None:
    seen = Terminal(admitted).run("house --out -", [])
    assert seen.code == 2
    assert "<svg" not in seen.text


@pytest.mark.posix("a limit of POSIX on the size of files", "windows/test_trouble.py")
def test_on_a_full_disk_nothing_is_left(admitted: "Desk") -> None:
    full = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))}
    told = admitted.refused("house --out a.svg", **full)
    assert (told.code, told.error) == (8, "disk/full")
    assert not list(admitted.folder.glob("*a.svg*"))


def test_the_months_are_those_that_were_asked_for_and_three_if_nothing_is_said(admitted: "Desk") -> None:
    assert "2026-09" in admitted.run("house --out -").out
    assert "2026-08" not in admitted.run("house --out -").out
    assert "2024-12" in admitted.run("house --out - --months 24").out
    drawn = admitted.run("house --out - --since 2026-11-20 --until 2026-11-22").out
    assert "2026-11-20 – 2026-11-22" in drawn


def test_counting_tonight_and_drawing_are_two_things(admitted: "Desk") -> None:
    told = admitted.refused("house --others 2 --out a.svg")
    assert (told.code, told.error) == (2, "usage/one-thing")


def test_a_language_that_only_paper_has_does_not_change_the_screen(admitted: "Desk") -> None:
    assert "The picture is saved" in admitted.run("house --out a.svg --lang ky", env={"LANG": "C.UTF-8"}).out
    told = admitted.refused("house --months 2 --lang ky")
    assert (told.code, told.error) == (2, "usage/lang")


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_what_is_written_in_the_picture_has_eight_and_a_half_points(language: str) -> None:
    data = pdf.printed(occupancy_sheets(seen(occupied_house(days=250)), language, AROUND)).data
    assert min(pdf.sizes(data)) >= 8.5
    assert pdf.outside(data) == []
    assert pdf.overlaid(data) == []
