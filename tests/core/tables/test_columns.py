"""Columns read off the fields of the shelf: which there are, what each tells of a row, and what none of them tells."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.field import FIELD_KINDS, Field
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import file_as_of
from shelterctl.core.rules.retention import RegistersRead
from shelterctl.core.tables.columns import (
    COLUMN_KINDS,
    IN_WORDS,
    UNREGISTERED_CODE,
    Column,
    ListRow,
    cell_value,
    flatten_fields,
    mask_unregistered,
)
from shelterctl.core.tables.derived_columns import DERIVED_COLUMNS
from shelterctl.core.tables.lists import ListTable, build_level, cell_matches
from shelterctl.rulebook.column_context import make_column_context
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.view.lists import make_list_table, offered_lists
from tests.support.crowd import files

SHELF = open_rulebook()
DAY = date(2026, 11, 25)
CROWD = [Client(file) for file in files(60)]
TABLES = {name: make_list_table(SHELF, name, lambda: DAY) for name in offered_lists(SHELF)}
HERS = TABLES["list"]


def told(table: ListTable) -> dict[str, Column]:
    return {name: column for level in table.levels for name, column in level.items() if column.read}


def test_columns_of_clients_are_alike_with_the_compiled_names_and_without() -> None:
    known, unknown = (
        build_level("client", SHELF.tracks, context._replace(tracks_of_columns=names))
        for context in [make_column_context(SHELF, lambda: DAY, RegistersRead)]
        for names in (SHELF.tracks_of_columns, None)
    )
    assert SHELF.tracks_of_columns, "compile them: make shelf"
    assert [*known] == [*unknown]
    assert {name: known[name].text for name in known} == {name: unknown[name].text for name in unknown}


def tell(name: str, file: dict[str, Any], stay: int | None = None) -> Any:
    her = Client({"id": "7QF2-M9KD", **file})
    (column,) = HERS.find_columns(name)
    assert column.read
    return column.read(ListRow(her, her.stays[stay] if stay is not None else her.stay))


@pytest.mark.parametrize("name", TABLES)
def test_no_column_tells_a_name_a_contact_a_sentence_or_a_day_of_birth(name: str) -> None:
    worded = {"text", "partial", "clock", "group", "parts", "papers", "traces", "block"}
    for level in TABLES[name].levels:
        for column_name, column in level.items():
            assert bool(column.read) is not (column.kind in worded and "." in column_name), column_name
    assert {kind for kind in FIELD_KINDS if kind not in COLUMN_KINDS} == {
        "text",
        "partial",
        "span",
        "clock",
        "group",
        "parts",
    }


@pytest.mark.parametrize("track", SHELF.tracks.values(), ids=SHELF.track_names)
def test_every_field_of_every_track_is_a_column_or_refused_by_name(track: Track) -> None:
    if track.is_coded:
        name = f"{track.name} list"
    elif track.of_register:
        name = f"list {track.name}"
    elif track.family or track.name == "agreement":
        name = "agreements"
    else:
        name = "monitor reports" if track.name == "report" else "list"
    table = TABLES.get(name) or make_list_table(SHELF, name, lambda: DAY)
    lead = "agreement" if name == "agreements" else track.name
    listed = track.many and not (track.keeps == "last" and not track.per) and name == "list" and track.name != "stay"
    for path, one in flatten_fields({**track.fields, **track.clear}):
        found = table.find_columns(f"{lead}.{path}") or table.find_columns(f"{track.name}.{path}")
        if track.seal and path.partition(".")[0] not in (
            (*track.seal.marker, *track.seal.listed) if track.of_register else ()
        ):
            assert not found, path
            continue
        assert len(found) == 1 or (listed and one.kind != "code"), path
        assert not found or bool(found[0].read) == (one.kind in COLUMN_KINDS)


@pytest.mark.parametrize("name", TABLES)
def test_both_forms_of_a_name_mean_the_same_column(name: str) -> None:
    table = TABLES[name]
    for column in told(table).values():
        shown = next((level[column.name] for level in table.levels if column.name in level), None)
        if shown is column and table.find_columns(column.name) == (column,):
            assert table.find_columns(table.shortest_name(column)) == (column,)


def test_every_column_that_is_made_has_its_definition() -> None:
    for name in ("list", "agreements", "agreements --lines", "monitor reports"):
        for column_name, column in TABLES[name].levels[0].items():
            assert column.means or column.clause or "." in column_name, column_name


def written_paths() -> Iterator[str]:
    """Every path at which a field may be written, the keys beside them that the program writes, and what a row of
    nights or of changes holds.
    """
    yield from ("client.id", "stay.id", "entry.id", "entry.form", "payer.form")
    yield from (f"entry.{key}" for key in ("month", "nights", "track", "entry", "what", "at", "by", "fields"))
    for track in SHELF.tracks.values():
        single = ("stay" if track.at == "stays" else f"stay.{track.at}",)
        for path, _ in flatten_fields(track.fields):
            for place in ("entry", "payer") if track.many and track.at != "stays" else single:
                yield f"{place}.{path}"


def test_every_derived_column_is_read_where_a_field_is_written() -> None:
    read = {one.read for one in DERIVED_COLUMNS if isinstance(one.read, str)}
    assert read <= {*written_paths()}


STAY = {"id": "A", "referral": {"received_at": "2026-01-31T23:50+06:00"}, "received": {"at": "2026-02-01T01:00+06:00"}}
ADMITTED = {**STAY, "admission": {"admitted_on": "2026-02-02"}}
LEFT = {**ADMITTED, "discharge": {"on": "2026-03-04", "by_own_decision": True}}
TURNED_AWAY = {**STAY, "admission": {"not_admitted": {"on": "2026-02-03"}}}
CLOSED = {**LEFT, "monitoring": {"closed": {"on": "2026-09-10", "by": "x", "reason": "x"}}}
TRIED = {**LEFT, "monitoring": {"attempts": [{"outcome": "moved"}, {"outcome": "wished"}]}}
ROWS: list[tuple[str, dict[str, Any], Any]] = [
    ("referred_on", STAY, date(2026, 1, 31)), ("referred_month", STAY, "2026-01"),
    ("arrived_on", STAY, date(2026, 2, 1)),
    ("admitted_month", ADMITTED, "2026-02"), ("admitted_month", STAY, None),
    ("left", STAY, None), ("left", LEFT, "own_decision"), ("left", TURNED_AWAY, "not_admitted"),
    ("left", {**ADMITTED, "discharge": {"on": "2026-03-04"}}, "discharged"),
    ("nights", LEFT, 31), ("nights", TURNED_AWAY, 2), ("nights", ADMITTED, 297), ("nights", {"id": "A"}, None),
    ("kept_until", LEFT, date(2026, 9, 4)), ("kept_until", ADMITTED, None),
    ("monitoring_due_on", LEFT, date(2026, 9, 4)), ("monitoring_due_on", TURNED_AWAY, None),
    ("days_since_due", LEFT, 82), ("days_since_due", CLOSED, None),
    ("monitoring", LEFT, "due"), ("monitoring", CLOSED, "closed"), ("monitoring", ADMITTED, None),
    ("monitoring_ended", CLOSED, "closed"), ("state", CLOSED, "monitored"), ("left", CLOSED, "own_decision"),
    ("reception.at", STAY, date(2026, 2, 1)), ("discharge.by_own_decision", LEFT, True), ("stays", STAY, 1),
    ("attempts", {**LEFT, "monitoring": {"attempts": [{"id": "B"}, {"id": "C", "void": {}}]}}, 1),
    ("attempt.outcome", TRIED, ("moved", IN_WORDS)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "stay", "value"), ROWS)
def test_what_is_made_of_a_stay(name: str, stay: dict[str, Any], value: Any) -> None:
    assert tell(name, {"stays": [stay]}) == value


@pytest.mark.parametrize(
    ("birth", "age", "group"),
    [
        ("2008-02-02", 18, "18--20"),
        ("2008-02-03", 17, "9--17"),
        ("2008", 17, "9--17"),
        (1978, 47, "39--47"),
        ("1977", 48, "48+"),
        (None, None, None),
        ("2026-01-01", 0, "0--8"),
    ],
)
def test_an_age_is_that_of_the_day_of_admission_and_the_fewest_years_that_it_may_be(
    birth: Any, age: int | None, group: str | None
) -> None:
    file = {"identity": {"birth_date": birth}, "stays": [ADMITTED]}
    assert (tell("age", file), tell("age_group", file)) == (age, group)


def test_every_age_has_one_group() -> None:
    for year in range(1900, 2026):
        assert tell("age_group", {"identity": {"birth_date": year}, "stays": [ADMITTED]})


def test_a_stay_that_is_over_keeps_how_it_ended_when_she_came_back() -> None:
    file = {"stays": [LEFT, {**STAY, "id": "B"}]}
    assert [tell("left", file, each) for each in (0, 1)] == ["own_decision", None]
    assert [tell("state", file, each) for each in (0, 1)] == ["left_by_own_decision", "received"]


def test_the_last_instruction_counts_and_a_client_without_a_stay_has_a_referral_of_her_own() -> None:
    given = [{"on": "2026-03-01", "status": "recognised"}, {"on": "2026-02-01", "status": "presumed"}]
    file = {"iom": {"instructions": given}, "referral": {"received_at": "2026-02-01T10:00+06:00", "sources": ["scme"]}}
    assert tell("status", file) == "recognised"
    assert (tell("sources", file), tell("referred_on", file)) == (("scme",), date(2026, 2, 1))
    assert tell("monitoring", file) == "unscheduled"


CELLS: list[tuple[Field, Any, Any]] = [
    (Field("x", "code", {}, codes={"a": {}}), "a", "a"),
    (Field("x", "code", {}, codes={"a": {}}), "Айгуль", IN_WORDS),
    (Field("x", "code", {}, codes={"a": {}}, was="text"), "при встрече", IN_WORDS),
    (Field("x", "code", {}, codes={"a": {}}, unknown=True), "unknown", "unknown"),
    (Field("x", "code", {}, codes={"KG": {}}, of=("countries",), open=True), "DE", "DE"),
    (Field("x", "code", {}, codes={"a": {}}, several=True), ("a", "b", "b"), ("a", IN_WORDS)),
    (Field("x", "months", {}), ("2026-01", "2026-03"), 2),
    (Field("x", "months", {}), 3, 3),
    (Field("x", "yes_no", {}), False, False),
    (Field("x", "whole", {}), 0, 0),
    (Field("x", "code", {}, several=True), (), None),
]


@pytest.mark.parametrize(("one", "value", "said"), CELLS)
def test_a_cell_tells_a_code_a_day_or_a_number_and_never_words(one: Field, value: Any, said: Any) -> None:
    assert cell_value(one, value) == said


def test_a_code_that_no_register_has_may_be_a_name() -> None:
    by = Column("x", "party", {}, of=("staff",))
    assert [mask_unregistered(by, value, lambda _: ("s-aida",)) for value in ("s-aida", "айгуль", None)] == [
        "s-aida",
        UNREGISTERED_CODE,
        None,
    ]


MET: list[tuple[str, Any, tuple[str, ...], bool]] = [
    ("day", DAY, ("2026",), True), ("day", DAY, ("2026-11",), True), ("day", DAY, ("2026-11-25",), True),
    ("day", DAY, ("2026-12", "absent"), False), ("day", None, ("absent",), True),
    ("day", "unknown", ("unknown",), True),
    ("month", "2026-11", ("2026",), True), ("code", "a", ("b", "a"), True), ("code", ("a", "b"), ("b",), True),
    ("code", None, ("there",), False), ("code", (), ("absent",), True), ("yes_no", False, ("no",), True),
    ("yes_no", False, ("there",), True), ("yes_no", "unknown", ("no",), False), ("whole", 0, ("0",), True),
    ("whole", 10, ("1",), False), ("som", Decimal("7.50"), ("7.5",), True), ("whole", 0, ("absent",), False),
    ("whole", True, ("1",), False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "wanted", "met"), MET)
def test_rows_are_chosen_by_a_code_a_part_of_a_day_or_a_number(
    kind: str, value: Any, wanted: tuple[str, ...], met: bool
) -> None:
    assert cell_matches(Column("x", kind, {}), value, wanted) is met


@given(st.sampled_from(CROWD), st.dates(date(2023, 12, 1), date(2027, 6, 1)))
def test_looking_back_shows_nothing_of_a_later_day_and_all_of_an_earlier_one(her: Client, day: date) -> None:
    then = file_as_of(her, SHELF.tracks.values(), day)
    stays = [stay for stay in her.stays if (stay.day("referral.received_at") or date.max) <= day]
    assert (then is None) is (not stays)
    if then is None:
        return
    assert [stay.id for stay in then.stays] == [stay.id for stay in stays]
    for now, past in zip(stays, then.stays, strict=True):
        for event in ("arrived_on", "admitted_on", "discharged_on"):
            happened = getattr(now, event)
            assert getattr(past, event) == (happened if happened and happened <= day else None)
        assert past.sleeps_here(day) == now.sleeps_here(day)
    assert all(str(facts["date"]) <= day.isoformat() for facts in then.agreements)


def test_what_has_no_day_counts_from_when_it_was_written_down() -> None:
    file = {"id": "7QF2-M9KD", "recorded_at": "2026-11-25T10:00+06:00", "stays": [{"id": "A"}]}
    tracks = SHELF.tracks.values()
    assert file_as_of(Client(file), tracks, date(2026, 11, 24)) is None
    assert file_as_of(Client(file), tracks, DAY) is not None
    alone = {name: value for name, value in file.items() if name != "stays"}
    assert (file_as_of(Client(alone), tracks, date(1990, 1, 1)), file_as_of(Client(alone), tracks, DAY)) == (
        None,
        Client(alone),
    )
