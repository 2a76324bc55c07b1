"""Publications that are counted again, as they were known on their days: all in one reading, as each by itself."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from shelterctl.act.publish import plan_publication, report_publication
from shelterctl.act.report import read_month
from shelterctl.core.tables.releases import CountedRelease
from shelterctl.core.tables.small_counts import Count, FigurePlace
from shelterctl.session import Options, Session
from shelterctl.view.publication import count_publication, count_publications_again
from shelterctl.view.report_figures import HouseReport, ReportCounter, count_as_known
from tests.support.desk import Desk
from tests.support.sampled import stride

DAYS = tuple(date(2026, month, day) for month, day in product((9, 10, 11), (1, 12, 30)))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """An invented house of three months, of which every file has entries that were recorded on many days."""
    desk = Desk(tmp_path_factory.mktemp("again"))
    answer = desk.run("demo generate there --days 100 --clients 30 --seed 7 --json")
    assert answer.code == 0, answer.err
    there = desk.folder / "there"
    return Session(options=Options(store=str(there / "house"), identity=str(there / "key")))


def figures(release: CountedRelease) -> dict[FigurePlace, Count]:
    return {place: figure for row in release.rows for place, figure in row.table.figures()}


def counted(made: HouseReport) -> list[object]:
    """All that was counted, with the entries of each number in their order."""
    figures = [(one.row.name, one.number, one.entries, one.words) for one in made.figures]
    cells = [(one.row.name, c.by, c.answer, c.number, c.entries) for one in made.figures for c in one.cells]
    return [figures, cells, made.outside]


def test_reports_of_many_days_are_counted_in_one_reading_as_each_by_itself(house: Session) -> None:
    """The single count makes each file anew as it was known on its day."""
    report = house.rulebook.house_reports["progress"]
    counter = ReportCounter(house, report)
    wanted = [(read_month(house, "bishkek", f"{day:%Y-%m}", [report], day), day) for day in DAYS[:: stride(2)]]
    together = count_as_known([(counter, seen, day) for seen, day in wanted])
    alone = [counter.count([seen])[0] for seen, _ in wanted]
    assert [*map(counted, together)] == [*map(counted, alone)]
    assert len({str(counted(one)) for one in alone}) == len(alone)


def test_publications_of_several_kinds_are_counted_again_together(house: Session) -> None:
    """Plans with filters and merged answers, and a report; known today, each says what it says by itself."""
    today = house.today
    rulebook = house.rulebook
    plan = rulebook.plans["public-year"]
    women = replace(plan, name="women", where={"sex": ("female",)})
    wanted = [
        plan_publication(house, plan, "2026", None),
        report_publication(house, rulebook.house_reports["progress"], "2026-09", "bishkek"),
        plan_publication(house, women, "2026", None),
        report_publication(house, rulebook.house_reports["progress"], "2026-10", "bishkek"),
    ]
    again = count_publications_again(house, [(one, today) for one in wanted])
    assert [one.id for one in again] == [one.id for one in wanted]
    assert [figures(one) for one in again] == [figures(count_publication(house, one).release) for one in wanted]
    assert sum(figure.value > 0 for one in again for figure in figures(one).values()) > 20


def test_nothing_is_read_where_nothing_is_counted_again(house: Session) -> None:
    assert count_publications_again(house, []) == []
