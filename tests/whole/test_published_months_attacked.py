"""Months that the command published of an invented house, attacked day by day from what it printed: nothing comes back.

The reader has the printed tables alone. What she is asked for are the small numbers of the store.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from shelterctl.act.publish import open_ledger, report_publication
from shelterctl.act.report import read_clients
from shelterctl.core.tables.small_counts import Count, FigurePlace, Withheld
from shelterctl.session import Options, Session
from shelterctl.view.publication import count_publication
from tests.support.day_by_day_attacker import COLUMNS, DayReader, Kind, PrintedMonth, Sleeper
from tests.support.desk import Desk
from tests.support.sampled import stride

HOUSE, REPORT = "bishkek", "progress"
MONTHS = ("2026-08", "2026-09", "2026-10", "2026-11")
"""Each but the first has nights that another one borders on."""

SAMPLED = 8
"""One of how many of some persons of the house attacks, too."""


class Attacked(NamedTuple):
    """The months as they were printed, with the true figures behind each; as a *careless* house prints them, which
    hides the small figures and nothing else; and some who lived there.
    """

    printed: Sequence[PrintedMonth]
    true: Sequence[Mapping[FigurePlace, Count]]
    careless: Sequence[PrintedMonth]
    sleepers: Sequence[Sleeper]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    desk = Desk(tmp_path_factory.mktemp("months"))
    desk.do("demo generate there --days 120 --clients 130 --seed 5")
    desk.store, desk.key = desk.folder / "there/house", desk.folder / "there/key"
    rows = {
        month: desk.do(f"report {REPORT} --month {month} --of {HOUSE} --public", today=None).data["rows"]
        for month in MONTHS
    }
    session = Session(options=Options(store=str(desk.store), identity=str(desk.key)))
    printed, true, careless = [], [], []
    said: defaultdict[str, set[Kind]] = defaultdict(set)
    for month in MONTHS:
        wanted = report_publication(session, session.rulebook.house_reports[REPORT], month, HOUSE)
        counted = count_publication(session, wanted).release
        released = open_ledger(session).find(wanted.id)
        assert released is not None
        figures = {place: figure for row in counted.rows for place, figure in row.table.figures()}
        quiet = frozenset(name for name, state in released.tables.items() if state == Withheld.NEIGHBOURS)
        numbers = dict.fromkeys(figures) | {place: number for place, number in read(rows[month]) if place in figures}
        printed.append(PrintedMonth(wanted.subject.during, numbers, quiet, wanted.least))
        true.append(figures)
        lived = next(row.shares for row in counted.rows if row.table.name == "persons")
        for who, kind in kinds_of(lived):
            said[who].add(kind)
        large = {place: None if one.is_small(wanted.least) else one.value for place, one in figures.items()}
        careless.append(PrintedMonth(wanted.subject.during, large, frozenset(), wanted.least))
    return Attacked(printed, true, careless, sleepers_of(session, said)[::15][:: stride(SAMPLED)])


def read(rows: Sequence[Mapping[str, Any]]) -> list[tuple[FigurePlace, int | None]]:
    """The printed numbers by their places."""
    return [
        ((row["row"], row["by"], row["answer"] or "") if row["by"] else (row["row"],), row["number"]) for row in rows
    ]


def kinds_of(lived: Mapping[FigurePlace, Mapping[str, int]]) -> list[tuple[str, Kind]]:
    """Who lived there, with her sex and the group of her age."""
    sexes, ages = (
        {who: place[2] for place, shares in lived.items() if place[1:2] == (column,) for who in shares}
        for column in COLUMNS
    )
    return [(who, (sexes[who], ages[who])) for who in sexes]


def sleepers_of(session: Session, said: Mapping[str, set[Kind]]) -> list[Sleeper]:
    """Who came into the house once and left it, and is said to be of one kind in all months."""
    return [
        Sleeper(kind, stay.arrived_on, stay.discharged_on)
        for client in read_clients(session, None)
        if len(client.stays) == 1 and len(said[client.id]) == 1
        for stay, kind in zip(client.stays, said[client.id], strict=True)
        if stay.arrived_on and stay.discharged_on
    ]


def attack(
    months: Sequence[PrintedMonth],
    true: Sequence[Mapping[FigurePlace, Count]],
    who: Sleeper | None = None,
    one_in: int = 1,
) -> Counter[str]:
    """How many small numbers are printed, found out exactly, or narrowed to less than what is promised.

    Of all small numbers *one_in* so many is asked for.
    """
    reader, found = DayReader(months, who), Counter[str]()
    for month, figures in zip(months, true, strict=True):
        small = [(place, one) for place, one in figures.items() if one.is_small(month.least)]
        for place, figure in small[::one_in]:
            terms = reader.terms(month, place)
            if terms is None or place == ("not_admitted",):
                continue
            least, most = reader.range_of(terms)
            assert least <= figure.value <= most, "the reader is wrong"
            found["asked"] += 1
            found["printed"] += month.numbers[place] is not None
            found["exact"] += least == most
            found["narrow"] += least < most < least + figure.wanted_range(month.least)
    return found


def test_what_is_printed_is_the_truth(attacked: Attacked) -> None:
    for month, figures in zip(attacked.printed, attacked.true, strict=True):
        shown = {place: number for place, number in month.numbers.items() if number is not None}
        assert shown == {place: figures[place].value for place in shown}
        assert sum(number >= month.least for number in shown.values()) > 5, "where nothing is shown, nothing is proven"


def test_a_reader_of_all_months_gets_no_small_number_back(attacked: Attacked) -> None:
    found = attack(attacked.printed, attacked.true)
    assert found["asked"] > 50
    assert not found["printed"] + found["exact"] + found["narrow"], found


def test_one_who_lived_there_gets_no_small_number_back(attacked: Attacked) -> None:
    assert attacked.sleepers
    for who in attacked.sleepers:
        found = attack(attacked.printed, attacked.true, who, stride(3))
        assert not found["printed"] + found["exact"] + found["narrow"], (who, found)


def test_the_reader_gets_small_numbers_back_where_they_are_hidden_and_nothing_else(attacked: Attacked) -> None:
    found = attack(attacked.careless, attacked.true)
    assert found["exact"] + found["narrow"] > 2, found
