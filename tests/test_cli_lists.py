"""What is looked at: lists in every format, one file, the check of a store, an entry struck through, the schemas."""

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
from written import LIBRARIES, opened

from shelterctl.document.reading import read_document

if TYPE_CHECKING:
    from conftest import Desk


BLUE = Path(__file__).parents[1] / "examples/accepted/blue.yaml"


def test_a_list_has_no_names_in_any_format(admitted: "Desk") -> None:
    (row,) = admitted.do("list").data["rows"]
    assert row == {
        "id": admitted.her,
        "state": "admitted",
        "facility": "bishkek",
        "arrived_on": "2026-11-22",
        "admitted_on": "2026-11-22",
        "discharged_on": None,
        "agreements": 0,
        "left": None,
        "monitoring_ended": None,
    }
    (told,) = csv.DictReader(io.StringIO(admitted.run("list --format csv").out))
    assert told == {name: "" if value is None else str(value) for name, value in row.items()}
    assert json.loads(admitted.run("list --format ndjson").out) == row
    assert admitted.ask("list").page == json.loads(admitted.run("list --format json").out)
    assert admitted.run("list").out.splitlines()[0].split()[:2] == ["id", "state"]


def test_a_list_of_nobody_says_so(desk: "Desk") -> None:
    assert desk.run("list").out == "There is no client in this store yet.\n"
    assert desk.run("agreements").out == "There is no agreement yet.\n"
    assert desk.run("list --format ndjson").out == ""
    assert desk.do("list").data["rows"] == []


def test_no_cell_of_a_csv_is_a_formula(admitted: "Desk") -> None:
    facts = {"number": "=1+1", "date": "2026-11-25", "period": {"from": "2026-12-01", "to": "2026-12-31"}}
    admitted.do(f"agreement {admitted.her} --form blue", facts)
    (row,) = csv.DictReader(io.StringIO(admitted.run("agreements --format csv").out))
    assert row["number"] == "'=1+1"


def test_a_file_is_shown_whole_with_what_is_open(admitted: "Desk") -> None:
    shown = admitted.do(f"show {admitted.her} --names")
    record = shown.data["record"]
    assert (record["schema"], record["id"]) == ("resident/4", admitted.her)
    assert record["identity"]["last_name"] == "Примерова"
    assert "admission/plan" in shown.codes("open")
    schema = admitted.do("schema resident").data["schema"]
    jsonschema.Draft202012Validator(schema).validate(record)


def test_what_a_terminal_would_obey_is_shown_and_not_sent(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her}", {"notes": "one\ntwo\tthree"})
    shown = admitted.run(f"show {admitted.her} --all --names").out
    assert "one two\tthree" in shown
    assert all(letter.isprintable() or letter in "\n\t" for letter in shown)


def test_check_holds_records_against_the_manual(admitted: "Desk") -> None:
    assert admitted.do("check").page["status"] == "open"
    assert admitted.do("check").data["records"] == 1
    assert admitted.refused("check --strict").code == 1
    assert {found["record"] for found in admitted.do(f"check {admitted.her}").page["findings"]} == {admitted.her}
    rights = {"admission": {"rights": {"signed": False}}}
    assert admitted.do(f"admit {admitted.her}", rights).codes("refuse") == []
    assert admitted.refused("check").refusals == ["admission/rights"]


def test_check_says_what_is_in_the_store_and_is_not_the_stores(admitted: "Desk") -> None:
    for name in ("residents/Aigul.docx", "Айгуль.jpg", "Aigul/passport.jpg"):
        (admitted.store / name).parent.mkdir(exist_ok=True)
        (admitted.store / name).write_text("x")
    told = admitted.do("check")
    assert told.codes("warn") == ["store/stranger"] * 3
    assert {found["facts"]["place"] for found in told.page["findings"] if found["code"] == "store/stranger"} == {
        "residents",
        "the store's own folder",
    }
    assert "Aigul" not in told.out
    assert "Айгуль" not in told.out


def test_check_judges_a_record_in_clear_by_its_shape(admitted: "Desk") -> None:
    file = admitted.folder / "record.json"
    file.write_text(json.dumps(admitted.record()))
    assert admitted.do(f"check {file}").data["records"] == 1
    file.write_text(json.dumps({**admitted.record(), "stays": "none"}))
    assert admitted.refused(f"check {file}").refusals == ["shape/kind"]


def test_a_void_entry_stays_and_counts_no_more(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", BLUE)
    admitted.do(f"admit {admitted.her} --done orientation")
    entry = admitted.record()["stays"][0]["done"][0]["id"]
    words = f"void {admitted.her} {entry.lower()} --reason-code entered_twice"
    admitted.do(words)
    before = admitted.digest()
    assert "already" in admitted.do(words).data["said"][0]
    assert admitted.digest() == before
    struck = admitted.record()["stays"][0]["done"][0]
    assert struck["void"] == {"on": "2026-11-25", "by": "manager", "reason": "entered_twice"}
    rows = admitted.do(f"admit {admitted.her}").data["checklist"]
    assert next(row["state"] for row in rows if row["item"] == "orientation") == "open"


def test_every_schema_is_printed(desk: "Desk") -> None:
    names = [row["name"] for row in desk.do("schema").data["rows"]]
    assert {"resident", "fragment", "outcome", "agreement-blue", "agreement-pink", "monitoring-report"} < set(names)
    for name in names:
        jsonschema.Draft202012Validator.check_schema(desk.do(f"schema {name}").data["schema"])


def test_explain_tells_a_clause_and_a_code(desk: "Desk") -> None:
    nowhere = {"SHELTERCTL_STORE": "", "SHELTERCTL_IDENTITY": ""}
    for words in ("explain A6.7a", "explain agreement/over-cap"):
        assert desk.do(words, today=None, env=nowhere).data
    assert desk.refused("explain Z9.9", today=None).code == 3


def test_who_is_at_the_device_signs_what_is_new(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her} --done orientation --staff s-aida")
    done = admitted.record()["stays"][0]["done"][0]
    assert (done["by"], done["recorded_by"]) == ("s-aida", "s-aida")
    admitted.do(f"admit {admitted.her} --done orientation --on 2026-11-24", env={"SHELTERCTL_STAFF": "s-gulnara"})
    assert admitted.record()["stays"][0]["done"][1]["recorded_by"] == "s-gulnara"


def test_the_store_is_found_from_a_folder_inside_it(admitted: "Desk") -> None:
    inside = admitted.run("list", cwd=admitted.store / "residents", env={"SHELTERCTL_STORE": ""})
    assert admitted.her in inside.out


def test_the_demonstration_is_a_store_like_any_other(desk: "Desk") -> None:
    assert desk.run("demo run sample", today=None).code == 0
    folder = desk.folder / "sample"
    sample = {"SHELTERCTL_IDENTITY": str(folder / "key"), "SHELTERCTL_STORE": str(folder / "house")}
    rows = desk.do("list", env=sample).data["rows"]
    assert rows
    assert desk.do("check", env=sample).data["records"] == len(rows)
    for text in opened(folder / "house", folder / "key"):
        assert [reader(text) for reader in LIBRARIES.values()] == [read_document(text).value] * len(LIBRARIES)
