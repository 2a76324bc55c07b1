"""The public copy of a house's reports, attacked by a solver that knows every sum: no small number is given back."""

from collections.abc import Iterator

import pytest

from shelterctl.act.report import read_month
from shelterctl.core.tables.small_counts import protect_counts
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session
from shelterctl.view.public_report import count_tables, hide_small_counts
from shelterctl.view.report_figures import HouseReport, make_report
from tests.support.attacker import found_out
from tests.support.desk import Desk
from tests.support.invented_reports import Report

RULEBOOK = open_rulebook()
LEAST = RULEBOOK.report_order.least_shown
PUBLIC = [name for name, report in RULEBOOK.house_reports.items() if report.public]
MONTHS = ("2026-08", "2026-09", "2026-10", "2026-11")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """An invented house of four months, through which enough clients went for some numbers to be shown."""
    desk = Desk(tmp_path_factory.mktemp("public"))
    answer = desk.run("demo generate there --days 125 --clients 30 --seed 5 --json")
    assert answer.code == 0, answer.err
    there = desk.folder / "there"
    return Session(options=Options(store=str(there / "house"), identity=str(there / "key"), as_of="2026-11-30"))


def made(house: Session, name: str) -> Iterator[HouseReport]:
    report = RULEBOOK.house_reports[name]
    for month in MONTHS:
        yield make_report(house, report, read_month(house, "bishkek", month, [report]))


@pytest.mark.parametrize("name", PUBLIC)
def test_a_solver_gets_no_small_number_back(house: Session, name: str) -> None:
    shown = 0
    for one in made(house, name):
        tables, known = count_tables(one)
        kept = protect_counts(tables, LEAST, known)
        assert not kept.exposed
        assert not found_out(Report(tables, known), kept, LEAST)
        shown += len(kept.shown)
    assert shown, "a copy in which everything is hidden proves nothing"


@pytest.mark.parametrize("name", PUBLIC)
def test_the_copy_has_what_was_protected_and_nothing_by_which_small_numbers_could_be_tried_out(
    house: Session, name: str
) -> None:
    for one in made(house, name):
        tables, known = count_tables(one)
        kept = protect_counts(tables, LEAST, known)
        copy = hide_small_counts(one, LEAST)
        assert copy.closed is None
        assert not copy.corrections
        for figure in copy.figures:
            assert figure.words is None
            assert not figure.entries
            assert not any(cell.entries for cell in figure.cells)
            if figure.row.subject and not figure.row.impersonal:
                assert figure.number == (None if (figure.row.name,) in kept.hidden else figure.number)
                hidden = {key[1:] for key in kept.hidden if key[0] == figure.row.name and len(key) > 1}
                assert all(cell.number is None for cell in figure.cells if (cell.by, cell.answer) in hidden)
            elif figure.row.house and figure.row.house != "places" and kept.hidden:
                assert figure.number is None
