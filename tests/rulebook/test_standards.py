"""Standards of other organisations: each column as published, and every field of ours mapped or said to be lost."""

import csv
from dataclasses import replace
from functools import cache

import pytest

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.standard import Standard, StandardColumn
from shelterctl.core.tables.standard_cells import read_heading
from shelterctl.core.tables.standard_losses import list_losses, standard_fields
from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.lint.standards import check_standard
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.paths import TESTS

SHELF = open_rulebook()
STANDARDS = ("htcds-2.0", "htcds-2.0-full", "ctdc-2024", "gbvims")
CODES_OF_OTHERS = {
    "prs_Gender": {"TransgenderFeminine", "TransgenderMasculine", "NonConforming", "NonSpecifiedUnknown"},
    "cas_Status": {"ClosedReferred"},
}
"""Published codes that nothing here can mean; the manual knows women and men, and a case that ends is closed."""
MANY_IN_ONE = {"vic_ForcedLabourIndustry"}
"""One value in the reference of HTCDS, several in its XLSForm: several are written."""


@cache
def published(name: str) -> dict[str, dict[str, str]]:
    """The published columns of a standard by their names, in the order of the publication."""
    file = TESTS / "published" / f"{name.removesuffix('-full')}.csv"
    rows = {row["column"]: row for row in csv.DictReader(file.read_text("utf-8").splitlines())}
    if name != "htcds-2.0":
        return rows
    of_template = [row for row in rows.values() if row["place_in_template"]]
    of_template.sort(key=lambda row: int(row["place_in_template"]))
    return {row["column"]: row for row in of_template}


def words(column: StandardColumn) -> set[str]:
    """Every word that a column can write for a code."""
    written = {*column.codes.values(), *column.bands.values()}
    written |= {column.otherwise} if column.otherwise else set()
    written |= {column.agreed} if column.agreed else set()
    return written | ({column.yes} if column.any else set())


def test_each_standard_that_is_shipped_is_compared() -> None:
    assert {*SHELF.standards} == {*STANDARDS}
    assert [len(published(name)) for name in STANDARDS] == [38, 84, 27, 41]


@pytest.mark.parametrize("name", STANDARDS)
def test_the_columns_have_their_published_names_and_order(name: str) -> None:
    assert [*SHELF.standards[name].columns] == [*published(name)]


@pytest.mark.parametrize(("name", "column"), [(name, column) for name in STANDARDS for column in published(name)])
def test_a_column_writes_published_codes_and_leaves_none_out(name: str, column: str) -> None:
    ours, said = SHELF.standards[name].columns[column], published(name)[column]
    codes = {*said["codes"].split("|")} - {""}
    if not codes or ours.unfilled:
        return
    assert words(ours) <= codes
    if name.startswith("htcds"):
        assert codes - words(ours) == CODES_OF_OTHERS.get(column, set())
    several = any(
        one.several for field, one in standard_fields(SHELF.standards[name], SHELF.tracks) if field in ours.source
    )
    one_value = said["several"] == "no" and not ours.any and column not in MANY_IN_ONE
    assert not (one_value and several and ours.several == "all")


def test_the_age_groups_are_those_that_ctdc_publishes() -> None:
    assert [*SHELF.lists["age_groups"]] == published("ctdc-2024")["ageBroad"]["codes"].split("|")


@pytest.mark.parametrize("name", ["htcds-2.0", "htcds-2.0-full"])
def test_the_other_spellings_of_htcds_are_read(name: str) -> None:
    standard = SHELF.standards[name]
    for column, said in published(name).items():
        assert read_heading(standard, f" {column.upper()} ") == column
        if said["xlsform_name"]:
            assert read_heading(standard, said["xlsform_name"]) == column
    assert read_heading(standard, "vic_TraffickinStatusDecisionMakingOrg") == "vic_TraffickingStatusDecisionMakingOrg"


def slips(standard: Standard) -> list[str]:
    """What the lint says of a standard, laid over the file of that name."""
    file = SHELF.file_of("standard", standard.name)
    file.errors.clear()
    check_standard(file, standard, SHELF)
    said: list[BrokenRulebook] = [*file.errors]
    file.errors.clear()
    return [f"{one.message} {one.word} {one.facts}" for one in said]


@pytest.mark.parametrize("name", STANDARDS)
def test_a_field_that_is_neither_mapped_nor_lost_is_refused(name: str) -> None:
    standard = SHELF.standards[name]
    assert slips(standard) == []
    for field in standard.lost:
        loses = {reason: tuple(one for one in names if one != field) for reason, names in standard.loses.items()}
        (said,) = slips(replace(standard, loses=loses))
        assert field in said
    for field, _ in standard_fields(standard, SHELF.tracks):
        if field not in standard.lost:
            columns = {key: without(one, field) for key, one in standard.columns.items()}
            said_of = [one for one in slips(replace(standard, columns=columns)) if "has no column" in one]
            assert any(field in one for one in said_of), field


def without(column: StandardColumn, field: str) -> StandardColumn:
    """The column, no longer filled from a field."""
    left = tuple(one for one in column.source if one != field)
    return replace(column, source=left) if left or not column.source else replace(column, source=(), unfilled=True)


def test_other_slips_of_a_standard_are_refused() -> None:
    standard = SHELF.standards["htcds-2.0"]
    sex = standard.columns["prs_Gender"]
    for wrong, word in (
        (
            replace(standard, columns={**standard.columns, "prs_Gender": replace(sex, codes={"femal": "Feminine"})}),
            "femal",
        ),
        (replace(standard, columns={**standard.columns, "prs_Title": StandardColumn(name="prs_Title")}), "unfilled"),
        (replace(standard, columns={**standard.columns, "prs_Gender": replace(sex, agreed="x")}), "agreed"),
        (replace(standard, loses={**standard.loses, "in_word": ()}), "in_word"),
        (replace(standard, loses={**standard.loses, "no_code": ("identity.sex",)}), "mapped"),
        (replace(standard, consent={"kind": ("information_shared",)}), "information_shared"),
        (replace(standard, consent={"kid": ("information_sharing",)}), "kid"),
        (replace(standard, like="htcds-2.0-full"), "describes all"),
        (replace(standard, like="htcds-1"), "htcds-1"),
        (replace(standard, covers=(*standard.covers, "experiense")), "experiense"),
    ):
        assert any(word in one for one in slips(wrong)), word


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("name", STANDARDS)
def test_every_field_that_is_covered_is_written_whole_or_in_the_report(name: str, exact: bool) -> None:
    """What the report leaves out is in a column that writes it as it is: untranslated, or one code for each of ours."""
    standard = SHELF.standards[name]
    fields = dict(standard_fields(standard, SHELF.tracks))
    losses = [*list_losses(standard, fields, exact=exact)]
    assert {one.reason for one in losses} <= {*SHELF.lists["losses"]}
    assert len({one[:2] for one in losses}) == len(losses)
    lost = {one.field for one in losses if one.value is None}
    for field, one in fields.items():
        columns = [column for column in standard.columns.values() if field in column.source]
        assert columns or field in lost
        if field in lost:
            continue
        assert exact or not all(column.person for column in columns)
        spoken = {loss.value for loss in losses if loss.field == field}
        assert {*one.codes} - spoken <= {code for code in one.codes if any(says(each, one, code) for each in columns)}


def says(column: StandardColumn, field: Field, code: str) -> bool:
    """Whether a cell of the column means this code of the field alone."""
    if column.any:
        return {code} == {*column.any} & {*field.codes}
    written = [column.codes.get(each, column.otherwise) if column.codes else each for each in field.codes]
    return written.count(column.codes.get(code, code)) == 1 and (not column.codes or code in column.codes)
