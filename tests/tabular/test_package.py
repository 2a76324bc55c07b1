"""The archive of an export: its description keeps to Data Package 2.0, its files are those that it describes."""

import hashlib
import io
import json
import re
import zipfile
from typing import Any

import pytest
from hypothesis import example, given

from shelterctl.tabular.files import write_archive
from shelterctl.tabular.table import Table, TableColumn
from shelterctl.tabular.text import Dialect
from tests.support.drawn_tables import KNOWN, tables
from tests.tabular.test_text import read_text

KINDS = ("csv", "tsv", "ndjson", "json", "xlsx", "parquet")
FIELD_TYPES = {
    "string", "number", "integer", "boolean", "object", "array", "list", "datetime", "date", "time", "year",
    "yearmonth", "duration", "geopoint", "geojson", "any",
}  # fmt: skip
FIELD_KEYS = {
    "name", "type", "title", "description", "format", "example", "constraints", "categories", "decimalChar",
    "delimiter", "itemType",
}  # fmt: skip
DIALECT_KEYS = {"delimiter", "lineTerminator", "header", "sheetNumber"}
RESOURCE_KEYS = {
    "name", "path", "title", "type", "format", "mediatype", "encoding", "bytes", "hash", "dialect", "schema",
}  # fmt: skip

IN_OR_OUT = {"in": {"en": "In"}, "out": {"en": "Out"}}
CODED = Table(
    "stays",
    {"en": "Stays"},
    [
        TableColumn("state", "string", {"en": "State", "ru": "Состояние"}, codes=IN_OR_OUT),
        TableColumn("language", "string", {"en": "Language"}, codes={"ky": {"en": "Kyrgyz"}}, open=True),
        TableColumn("needs", "string", {"en": "Needs"}, several=True, codes={"food": {"en": "Food", "ru": "Еда"}}),
        TableColumn("nights", "integer", {"en": "Nights"}, required=True),
    ],
    [("in", "ky", ["food"], 3), ("out", "uz", None, 0), (None, None, ["food", "rest"], 7)],
)  # fmt: skip


def unpacked(made: list[Table], kind: str, dialect: Dialect = Dialect()) -> tuple[dict[str, Any], dict[str, bytes]]:  # noqa: B008
    if kind in ("xlsx", "parquet"):
        pytest.importorskip("xlsxwriter" if kind == "xlsx" else "arro3.io")
    packed = zipfile.ZipFile(io.BytesIO(write_archive(made, kind, dialect, {"name": "test", "exact": False})))
    assert packed.testzip() is None
    files = {name: packed.read(name) for name in packed.namelist()}
    return json.loads(files["datapackage.json"]), files


def require_valid(package: dict[str, Any], files: dict[str, bytes]) -> None:
    """Hold a description against what Data Package 2.0 says of packages, resources, dialects, schemas and fields."""
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert re.fullmatch(r"[a-z0-9._-]+", package["name"])
    assert package["resources"]
    names = [one["name"] for one in package["resources"]]
    assert len(names) == len(set(names))
    for one in package["resources"]:
        assert set(one) <= RESOURCE_KEYS
        assert re.fullmatch(r"[a-z0-9._-]+", one["name"])
        assert not re.match(r"/|\.\.|~", one["path"])
        data = files[one["path"]]
        assert (one["type"], one["bytes"]) == ("table", len(data))
        assert one["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", one["mediatype"])
        assert set(one.get("dialect", {})) <= DIALECT_KEYS
        assert one["schema"]["missingValues"] == [""]
        fields = [field["name"] for field in one["schema"]["fields"]]
        assert len(fields) == len(set(fields))
        for field in one["schema"]["fields"]:
            require_valid_field(field)


def require_valid_field(field: dict[str, Any]) -> None:
    assert {"name", "type"} <= set(field) <= FIELD_KEYS
    assert field["type"] in FIELD_TYPES
    assert set(field.get("constraints", {})) <= {"required"}
    assert "decimalChar" not in field or field["type"] == "number"
    assert "format" not in field or field["type"] == "datetime"
    assert {"delimiter", "itemType"} & set(field) == (set() if field["type"] != "list" else {"delimiter", "itemType"})
    if "categories" in field:
        assert field["type"] in ("string", "integer")
        values = [one["value"] for one in field["categories"]]
        assert values
        assert len(values) == len(set(values))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dialect", [Dialect(), Dialect(";", ",", mark=True)])
def test_the_description_keeps_to_the_standard(kind: str, dialect: Dialect) -> None:
    package, files = unpacked([CODED, KNOWN], kind, dialect)
    require_valid(package, files)
    assert {*files} == {*(one["path"] for one in package["resources"]), "datapackage.json", "codebook.csv"}


@given(table=tables())
@example(table=KNOWN)
def test_every_drawn_table_is_described(table: Table) -> None:
    require_valid(*unpacked([table], "csv"))


def test_cells_are_of_their_categories_and_required_ones_are_there() -> None:
    for made in (CODED, CODED.with_labels("en"), CODED.with_labels("ru")):
        package, files = unpacked([made], "csv")
        fields = package["resources"][0]["schema"]["fields"]
        rows = read_text(files["stays.csv"], ",")[1:]
        for place, field in enumerate(fields):
            cells = [row[place] for row in rows]
            assert "constraints" not in field or all(cells)
            if "categories" in field:
                assert {*cells} - {""} <= {one["value"] for one in field["categories"]}
        assert ["categories" in field for field in fields] == [True, False, False, False]


def test_a_list_is_an_array_where_the_format_has_lists() -> None:
    types = {kind: unpacked([CODED], kind)[0]["resources"][0]["schema"]["fields"][2]["type"] for kind in KINDS}
    text = dict.fromkeys(("csv", "tsv", "xlsx"), "list")
    assert types == text | dict.fromkeys(("json", "ndjson", "parquet"), "array")


def test_the_codebook_has_a_row_a_column_in_three_languages() -> None:
    header, *rows = read_text(unpacked([CODED], "csv")[1]["codebook.csv"], ",")
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [one["name"] for one in told] == ["state", "language", "needs", "nights"]
    assert (told[0]["label_ru"], told[0]["codes"]) == ("Состояние", "in = In\nout = Out")
    assert [one["several"] for one in told] == ["false", "false", "true", "false"]
