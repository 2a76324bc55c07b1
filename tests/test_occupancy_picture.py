"""The picture of a house by day: to scale from zero, described in words from the same numbers, a table beneath."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from media import pressed

from shelterctl.core.record.occupancy import Night, OtherSleepers
from shelterctl.core.values.days import Span
from shelterctl.paper.occupancy import BARS_BOTTOM, BARS_TOP, occupancy_sheets, occupancy_svg
from shelterctl.paper.request import common_facts
from shelterctl.press.sheet import Medium, render_sheets
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.view.occupancy import HouseOccupancy, Occupancy, month_rows

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


def lived(facility: str = "bishkek", capacity: int = 4, number: int | None = 2, days: int = 32) -> HouseOccupancy:
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
    svg = occupancy_svg(seen(lived()), language)
    title, described = WORDS[language]
    assert texts(svg, "title") == [title]
    (desc,) = texts(svg, "desc")
    assert described in desc
    assert root(svg).get("role") == "img"
    names = [each.get("id") for each in root(svg) if each.get("id")]
    assert (root(svg).get("aria-labelledby") or "").split() == names


def test_a_person_is_as_high_wherever_she_stands_and_the_axis_begins_at_zero() -> None:
    svg = occupancy_svg(seen(lived()), "en")
    one = (BARS_BOTTOM - BARS_TOP) / 5  # three and two others: more than the places
    assert heights(svg, "#0b2f5c") == [one] * 28
    assert heights(svg, "#cf5a8f") == [2 * one] * 13
    assert heights(svg, OTHERS) == [2 * one] * 4
    assert re.findall(r'<text x="24" y="([\d.]+)"[^>]*>(\d)<', svg) == [
        (f"{BARS_BOTTOM - number * one:g}", str(number)) for number in range(6)
    ]


def test_numbers_stand_over_the_bars_and_the_places_are_a_line_that_is_named() -> None:
    svg = occupancy_svg(seen(lived()), "en")
    assert re.findall(r'font-size="10"[^>]*>(\d+)<', svg) == ["1", "3", "5"]
    assert "places: 4" in texts(svg, "text")
    assert "other people, from 2026-09-29: 2" in texts(svg, "text")
    assert svg.count("stroke-dasharray") == 1


def test_what_is_not_recorded_is_shaded_and_no_number() -> None:
    slept = tuple(replace(night, is_recorded=night.day.day > 4 or night.day.month > 9) for night in lived().slept)
    house = replace(lived(), slept=slept)
    svg = occupancy_svg(seen(house), "en")
    assert len(re.findall(r"M[\d.]+ [\d.]+h", re.findall(r'd="([^"]*)" fill="url\(#unknown', svg)[0])) == 4
    assert "not recorded" in texts(svg, "text")
    assert "not recorded" not in occupancy_svg(seen(lived()), "en")
    (first, _) = month_rows(house)
    assert (first["least"], first["average"], first["unknown"]) == (1, 1.8, 4)
    nothing = replace(house, slept=slept[:4])
    (only,) = month_rows(nothing)
    assert {only[name] for name in ("least", "most", "average", "full", "nights")} == {None}
    told = render_sheets(occupancy_sheets(seen(nothing), "en", AROUND), Medium.TEXT).data.decode()
    assert re.search(r"2026-09( +–){5}$", told, re.MULTILINE)


def test_the_picture_alone_says_what_it_is_of_which_days_in_which_unit() -> None:
    said = texts(occupancy_svg(seen(lived()), "en"), "text")
    assert "bishkek: Occupancy by day, 2026-09-01 – 2026-10-02" in said
    assert "persons a night" in said


def light(colour: str) -> float:
    """How light a colour is to whoever sees none, by WCAG 2."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_stands_upon_each_other_is_told_apart_without_colour() -> None:
    svg = occupancy_svg(seen(lived()), "en")
    fills = ["#0b2f5c", "#cf5a8f", OTHERS]
    assert all(f'fill="{fill}"' in svg for fill in fills)
    for one, other in pairwise(fills):  # grey or colour-blind, light is what is left
        dark, bright = sorted(map(light, (one, other)))
        assert (bright + 0.05) / (dark + 0.05) >= 3
    for hatch in ("children", "others"):
        assert f'fill="url(#{hatch}-bishkek)"' in svg


def test_without_a_count_there_are_no_others() -> None:
    svg = occupancy_svg(seen(lived(number=None)), "en")
    assert "other people" not in svg
    assert not heights(svg, OTHERS)


def test_several_houses_stand_one_below_the_other() -> None:
    svg = occupancy_svg(seen(lived(), lived("kids", 16, None)), "ru")
    assert 'viewBox="0 0 720 528"' in svg
    assert texts(svg, "title") == ["Заполненность по дням: bishkek, kids, 01.09.2026 – 02.10.2026"]


@pytest.mark.parametrize("days", [1, 32, 93, 731])
def test_everything_stands_inside_the_picture_and_no_month_on_another(days: int) -> None:
    svg = occupancy_svg(seen(lived(days=days)), "en")
    months = [float(x) for x in re.findall(r'<text x="([\d.]+)" y="2[45]7"', svg)]
    assert months
    assert all(after - before >= 50 for before, after in pairwise(months))
    for x, width in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)v", svg):
        assert 30 <= float(x) <= float(x) + float(width) <= 644.01


def test_a_month_of_which_few_days_are_shown_is_not_named_and_wide_days_have_their_mondays_numbered() -> None:
    year = lived(days=250)
    whole, cut = (occupancy_svg(seen(replace(year, slept=year.slept[first:])), "en") for first in (0, 20))
    assert "2026-09" in texts(whole, "text")
    assert "2026-09" not in texts(cut, "text")
    assert "2026-10" in texts(cut, "text")
    assert not re.findall(r'font-size="9"', cut)
    month = occupancy_svg(seen(lived()), "en")
    assert re.findall(r'font-size="9"[^>]*>(\d+)<', month) == ["7", "14", "21", "28"]


def test_nobody_at_all_and_very_many_can_be_drawn() -> None:
    empty = HouseOccupancy("bishkek", 4, None, (Night(FIRST, 0, 0, None, 4),))
    assert not heights(occupancy_svg(seen(empty), "en"), "#0b2f5c")
    crowd = HouseOccupancy("bishkek", 4, OtherSleepers(FIRST, 9000), (Night(FIRST, 1, 0, 9000, 4),))
    assert len(re.findall(r'text-anchor="end"', occupancy_svg(seen(crowd), "en"))) <= 9


@pytest.mark.parametrize("medium", [Medium.HTML, Medium.PDF])
@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_days_are_the_same_picture_to_the_byte(medium: Medium, language: str) -> None:
    one, two = (pressed(occupancy_sheets(seen(lived()), language, AROUND), medium).data for _ in range(2))
    assert one == two
    assert occupancy_svg(seen(lived()), language) == occupancy_svg(seen(lived()), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_picture_inside_and_the_table_beneath(language: str) -> None:
    html = render_sheets(
        occupancy_sheets(seen(lived(), lived("kids", 16, None)), language, AROUND | {"draft": language == "ky"}),
        Medium.HTML,
    ).data.decode()
    assert html.count("<svg") == html.count("<table") == 2
    assert html.index("<svg") < html.index("<table")
    assert "<script" not in html
    assert "<picture" not in html
    assert len(set(re.findall(r' id="([^"]+)"', html))) == len(re.findall(r' id="', html))
    assert ("беките элек" in html) is (language == "ky")


def test_one_title_names_all_houses_and_each_sheet_its_own() -> None:
    sheets = occupancy_sheets(seen(lived(), lived("kids", 16, None)), "en", AROUND)
    assert {each.title for each in sheets} == {"Occupancy by day: bishkek, kids, 2026-09-01 – 2026-10-02"}
    heads = [re.search(r"<h1>Occupancy by day: (\w+), ", each.body) for each in sheets]
    assert [head and head[1] for head in heads] == ["bishkek", "kids"]


def test_a_page_in_text_has_the_description_in_place_of_the_picture() -> None:
    told = render_sheets(occupancy_sheets(seen(lived(), nowhere=7), "en", AROUND), Medium.TEXT).data.decode()
    flat = " ".join(told.split())
    assert "2026-09: fewest 0, most 5, average 1.6, full days 2." in flat
    assert re.search(r"2026-09 +0 +5 +1\.6 +2 +48", told)
    assert "Other people in the house, counted on 29 September 2026: 2." in flat
    assert "Person-nights left out, for the files of these residents name no house: 7." in flat


def test_more_than_two_years_are_drawn_year_by_year_to_one_scale() -> None:
    years = seen(lived(number=9, days=1000), lived("kids", 16, None, days=1000))
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
    made = pressed(occupancy_sheets(seen(lived(days=days)), language, AROUND | {"draft": True}), Medium.PDF)
    assert made.pages == (1,)
    assert made.data.startswith(b"%PDF-1.7")
