"""Figures of reports from rows of lists: which entries count, in which part, and how many nights of a period."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shelterctl.core.manual.report import Report, ReportRow, ReportSheet
from shelterctl.core.record.client import Client, Registered, Stay
from shelterctl.core.tables.figures import (
    Figure,
    answers_of,
    count_figure,
    find_report_column,
    find_row_columns,
    nights_in,
)
from shelterctl.core.tables.list_rows import subject_rows
from shelterctl.core.tables.lists import make_subject_table
from shelterctl.core.values.days import Span
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
BUILD = make_level_builder(SHELF, lambda: date(2026, 12, 1))
NOVEMBER = Span(date(2026, 11, 1), date(2026, 11, 30))


def row(**written: Any) -> ReportRow:
    return ReportRow(name="row", text={"en": "a row"}, **written)


def stay(id_: str, came: str | None, left: str | None = None, **more: Any) -> dict[str, Any]:
    """A stay in the house bishkek, from one day to another."""
    ends = {"discharge": {"on": left, **more.pop("discharge", {})}} if left else {}
    arrival = {"received": {"at": f"{came}T21:00+06:00"}, "admission": {"admitted_on": came}} if came else {}
    return {"id": id_, "facility": "bishkek", "referral": {"sources": ["scme"]}, **arrival, **ends, **more}


def client(id_: str, *stays: Mapping[str, Any], **more: Any) -> Client:
    return Client({"id": id_, "identity": {"sex": "female", "birth_date": 1999}, **more, "stays": [*stays]})


def counted(one: ReportRow, *clients: Client, records: tuple[Registered, ...] = (), during: Span = NOVEMBER) -> Figure:
    subject = str(one.subject)
    table = make_subject_table(subject, SHELF.tracks, BUILD)
    rows = subject_rows(subject, SHELF.tracks, SHELF.forms, clients, records)
    return count_figure(one, find_row_columns(one, table), rows, during)


def parts(figure: Figure, by: str) -> dict[str, Any]:
    """The parts of a figure that are not zero."""
    return {cell.answer: cell.number for cell in figure.cells_of(by) if cell.number}


@pytest.mark.parametrize(
    ("came", "left", "nights"),
    [
        ("2026-11-01", None, 30),
        ("2026-10-20", None, 30),
        ("2026-11-30", None, 1),
        ("2026-12-01", None, 0),
        ("2026-10-20", "2026-11-01", 0),
        ("2026-10-20", "2026-11-02", 1),
        ("2026-11-10", "2026-11-10", 0),
        ("2026-11-29", "2026-12-05", 2),
        (None, None, 0),
    ],
)
def test_nights_are_those_of_the_period_to_the_day_before_she_left(
    came: str | None, left: str | None, nights: int
) -> None:
    her = client("AAAA-0001", stay("S1", came, left))
    assert nights_in(Stay(her.facts["stays"][0], 0), NOVEMBER) == nights
    assert counted(row(nights="stay"), her).number == nights


def test_nights_of_children_are_those_of_her_stay_for_each_child() -> None:
    her = client("AAAA-0001", stay("S1", "2026-11-29"), children=[{"id": "C1"}, {"id": "C2"}])
    assert counted(row(nights="children"), her).number == 4


@pytest.mark.parametrize(
    ("standing", "persons"), [("first", {"old"}), ("last", {"old", "new"}), ("any", {"old", "new", "gone"})]
)
def test_who_is_counted_by_standing(standing: str, persons: set[str]) -> None:
    everybody = [
        client("old", stay("S1", "2026-10-01")),
        client("new", stay("S1", "2026-11-30")),
        client("gone", stay("S1", "2026-11-03", "2026-11-09")),
        client("before", stay("S1", "2026-10-01", "2026-11-01")),
        client("later", stay("S1", "2026-12-01")),
        client("never"),
    ]
    figure = counted(row(count="client", standing=standing), *everybody)
    assert {one.of for one in figure.entries} == persons
    assert figure.number == len(persons)


def test_somebody_with_two_stays_is_one_person_and_two_stays() -> None:
    her = client("AAAA-0001", stay("S1", "2026-11-02", "2026-11-05"), stay("S2", "2026-11-20"))
    assert counted(row(count="client", standing="any", by=("sex",)), her).number == 1
    assert counted(row(count="stay", dated="arrived_on"), her).number == 2
    assert counted(row(nights="stay"), her).number == 3 + 11


@pytest.mark.parametrize(("on", "number"), [("2026-10-31", 0), ("2026-11-01", 1), ("2026-11-30", 1), ("2026-12-01", 0)])
def test_an_entry_counts_in_the_month_of_its_day(on: str, number: int) -> None:
    her = client("AAAA-0001", stay("S1", "2026-10-01", services=[{"id": "E1", "kind": "protection", "on": on}]))
    figure = counted(row(count="service", dated="on", by=("kind",)), her)
    assert figure.number == number
    assert parts(figure, "kind") == ({"protection": 1} if number else {})
    assert "lawyer" in {cell.answer for cell in figure.cells}


def test_an_hour_counts_on_its_own_day_in_its_own_zone() -> None:
    times = {"E1": "2026-11-30T23:30+06:00", "E2": "2026-12-01T00:10+06:00"}
    shifts = [{"id": id_, "kind": "shift", "starts_at": at} for id_, at in times.items()]
    house = Registered({"id": "bishkek", "home": "house", "shifts": shifts})
    figure = counted(row(count="shift", dated="starts_at", by=("kind",)), records=(house,))
    assert [(one.of, one.entry) for one in figure.entries] == [("bishkek", "E1")]


def test_a_day_that_is_not_known_and_a_struck_entry_are_not_counted() -> None:
    services = [
        {"id": "E1", "kind": "protection"},
        {"id": "E2", "kind": "protection", "on": "2026-11-02", "void": {"on": "2026-11-03", "by": "s-a"}},
        {"id": "E3", "kind": "protection", "on": "2026-11-02"},
    ]
    her = client("AAAA-0001", stay("S1", "2026-10-01", services=services))
    assert [one.entry for one in counted(row(count="service", dated="on"), her).entries] == ["E3"]


def test_where_limits_and_an_empty_cell_has_its_own_part() -> None:
    stays = (
        stay("S1", "2026-11-02", "2026-11-05", discharge={"by_own_decision": True}),
        stay("S2", "2026-11-06", "2026-11-09"),
    )
    her = client("AAAA-0001", *stays)
    her.facts["stays"][1]["referral"] = {}
    whole = counted(row(count="stay", dated="discharged_on", by=("sources",)), her)
    assert (whole.number, parts(whole, "sources")) == (2, {"scme": 1, "": 1})
    only = counted(row(count="stay", dated="discharged_on", where={"discharge.by_own_decision": ("yes",)}), her)
    assert [one.entry for one in only.entries] == ["S1"]


def test_an_entry_with_several_answers_is_counted_once_and_in_each_part() -> None:
    her = client("AAAA-0001", stay("S1", "2026-11-02", referral={"sources": ["scme", "partner_ngo"]}))
    figure = counted(row(count="stay", dated="arrived_on", by=("sources",)), her)
    assert (figure.number, parts(figure, "sources")) == (1, {"scme": 1, "partner_ngo": 1})
    assert figure.overlapping == ("sources",)
    assert answers_of(("a", ("b",))) == ("a", "b")
    assert answers_of(()) == ("",)


def test_som_are_added_with_their_tyiyn_and_what_has_no_amount_adds_nothing() -> None:
    outlays = [
        {"id": "E1", "on": "2026-11-02", "item": "food", "amount": "10.10"},
        {"id": "E2", "on": "2026-11-03", "item": "food", "amount": "0.20"},
        {"id": "E3", "on": "2026-11-04", "item": "travel"},
        {"id": "E4", "on": "2026-12-04", "item": "travel", "amount": "5"},
    ]
    her = client("AAAA-0001", stay("S1", "2026-10-01"), outlays=outlays)
    figure = counted(row(sum="outlay.amount", dated="on", by=("item",)), her)
    assert (figure.number, figure.unit, parts(figure, "item")) == (Decimal("10.30"), "som", {"food": Decimal("10.30")})
    nothing = counted(row(sum="outlay.amount", dated="on"))
    assert (nothing.number, nothing.unit) == (Decimal(0), "som")


def test_a_list_has_its_rows_in_the_order_of_their_days() -> None:
    outlays = [{"id": f"E{day}", "on": f"2026-11-{day:02}", "item": "food", "amount": str(day)} for day in (20, 3, 11)]
    her = client("AAAA-0001", stay("S1", "2026-10-01"), outlays=outlays)
    figure = counted(row(listed="outlay", dated="on", columns={"on": {"en": "Day"}, "amount": {"en": "Som"}}), her)
    assert figure.number == 3
    assert [line["amount"] for line in figure.listed] == [Decimal(3), Decimal(11), Decimal(20)]


def test_nothing_later_than_the_last_day_that_has_come_is_counted() -> None:
    until = Span(date(2026, 11, 1), date(2026, 11, 10))
    her = client("AAAA-0001", stay("S1", "2026-10-01", services=[{"id": "E1", "on": "2026-11-11"}]))
    assert counted(row(nights="stay"), her, during=until).number == 10
    assert counted(row(count="service", dated="on"), her, during=until).number == 0


def test_a_column_that_no_list_shows_is_none_of_a_report() -> None:
    table = make_subject_table("service", SHELF.tracks, BUILD)
    for name in ("nothing", "identity.first_name"):
        with pytest.raises(KeyError):
            find_report_column(table, name)


def test_a_row_says_one_thing_of_one_subject() -> None:
    rows = [
        (row(count="stay"), "count", "stay"),
        (row(sum="outlay.amount"), "sum", "outlay"),
        (row(nights="children"), "nights", "stay"),
        (row(listed="outlay"), "list", "outlay"),
        (row(house="places"), "house", None),
        (row(typed="narrative"), "typed", None),
    ]
    assert [(one.kind, one.subject) for one, _, _ in rows] == [(kind, subject) for _, kind, subject in rows]
    assert row(sum="outlay.amount").added_column == "amount"
    whole = Report("r", {"en": "a report"}, "M2.1.10", {"row": rows[0][0]}, ReportSheet({"en": "A report"}))
    assert (whole.period, whole.public) == ("month", False)
