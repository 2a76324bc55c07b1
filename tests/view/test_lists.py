"""Lists, one file, check and schemas in every format; a list for programs has its heading whatever there is."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from shelterctl.document.reading import read_document
from shelterctl.output.page import Format, format_rows
from tests.support.command import one_line
from tests.support.hostile_text import LIBRARIES, opened
from tests.support.paths import PROJECT
from tests.support.processes import patience

if TYPE_CHECKING:
    from tests.support.desk import Desk


BLUE = PROJECT / "examples/accepted/blue.yaml"


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


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("state=left", "Did you mean left_by_own_decision (left by her own decision)? The codes are: referred, "),
        ("exploitation=labour", "Did you mean forced_labour_or_services?"),
        ("age_group=18", "Did you mean 18--20 (18–20 years)?"),
        ("sex=womn", "Did you mean female (woman)?"),
        ("facility=bish", "Did you mean bishkek?"),
        ("left=gone", "Choose one of: discharged, own_decision (by her own decision), not_admitted, there, absent."),
    ],
)
def test_a_hint_for_a_value_is_one_of_its_column_that_the_word_may_mean(
    asked: str, meant: str, admitted: "Desk"
) -> None:
    refused = admitted.run(f"list --where {asked}")
    assert (refused.code, meant in one_line(refused.err)) == (2, True)


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


LISTS: Mapping[str, str] = {
    "list": "id,state,facility,arrived_on,admitted_on,discharged_on,agreements,left,monitoring_ended",
    "list --stays": "id,stay,state,facility,referred_on,arrived_on,admitted_on,discharged_on,left,nights,"
    "monitoring_due_on,monitoring_ended",
    "list --columns sex,left --count": "sex,left,count",
    "find": "id,state,facility,match,arrived_on,reasons",
    "house": "facility,kind,capacity,residents,children,others,unread,free",
    "house --months 1": "day,facility,capacity,residents,children,others,free",
    "agreements": "client,id,number,form,date,total,signed,terminated",
    "agreements --outlays": "client,stay,id,on,item,amount,number,form,line,document,months",
    "agreements --outlays --columns month,amount --count": "month,count,amount",
    "agreements --lines": "client,id,number,form,date,signed,line,amount",
    "agreements --lines --columns line,amount --count": "line,count,amount",
    "monitor reports": "client,stay,id,date,social_worker,last_meeting_on,employed,job_paid,threats,"
    "law_enforcement_contact,agrees_to_cooperate,signed",
    "staff list --columns role,since_month": "role,since_month",
    "schema columns": "table,name,kind,several,label,codes,clause,definition,column",
    "monitor due": "id,stay,discharged_on,due_on,days_since_due,state",
    "form list": "form,title,kind,filled_for",
    "schema": "name,title",
    "help": "topic,title",
    "trust": "device,staff,may,lines,state",
    "staff list": "staff,role,since,until,role_since,supervisor,registered",
    "provider list": "provider,provider_kind,registered",
    "agreement --form blue": "line,limit,keys,clause,text",
}
NOBODY = {"first_name": "Образцова"}


@pytest.mark.parametrize(("words", "heading"), LISTS.items())
def test_a_list_has_its_heading_with_rows_and_without(words: str, heading: str, desk: "Desk") -> None:
    told = desk.run(f"{words} --format csv", NOBODY if words == "find" else None)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[0] == heading


@pytest.mark.parametrize("words", ["list", "find", "house", "agreements", "monitor due --within 400"])
def test_the_heading_is_the_keys_of_a_row(words: str, discharged: "Desk") -> None:
    given = {"first_name": "Айгуль"} if words == "find" else None
    discharged.do(f"agreement {discharged.her} --form blue", AGREEMENT)
    (row,) = discharged.do(words, given).data["rows"]
    (line,) = csv.DictReader(io.StringIO(discharged.run(f"{words} --format csv", given).out))
    assert {name: line[name] for name in row} == {name: cell(value) for name, value in row.items()}
    assert {name for name in line if line[name]} <= {*row}
    (same,) = map(json.loads, discharged.run(f"{words} --format ndjson", given).out.splitlines())
    assert same == row


AGREEMENT = {"date": "2026-11-25", "period": {"from": "2026-12-01", "to": "2027-02-28"}, "lines": {"7a": {"amount": 7}}}


def cell(value: Any) -> str:
    return "" if value is None else " ".join(value) if isinstance(value, list) else str(value)


CELLS: list[tuple[Any, str]] = [
    ("=1+1", "'=1+1"), ("+996", "'+996"), ("-x", "'-x"), ("-1+1", "'-1+1"), ("@x", "'@x"), ("\tx", "'\tx"),
    ("\rx", "'\nx"), ("\nx", "'\nx"), ("\t=x", "'\t'=x"), ("=", "'="), ("-", "'-"), ("-12.50", "-12.50"),
    ("12.50", "12.50"), (-12, "-12"), (-1.5, "-1.5"), (None, ""), (True, "true"), ("", ""), ("a=b", "a=b"),
    (["=1", "-2"], "'=1 -2"), (["a", "=1"], "a '=1"), ([], ""), ({"=a": "=b"}, '{"=a": "=b"}'),
]  # fmt: skip


@pytest.mark.parametrize(("value", "written"), CELLS)
def test_no_cell_is_a_formula(value: Any, written: str) -> None:
    heading, row = csv.reader(
        io.StringIO(format_rows([{"=key": value, "b": 1}], ("=key", "b"), Format.CSV), newline="")
    )
    assert (heading, row) == (["'=key", "b"], [written, "1"])


def test_a_column_that_no_row_has_is_empty_and_one_that_nobody_named_is_a_mistake() -> None:
    assert format_rows([{"a": 1}], ("a", "b"), Format.CSV) == "a,b\n1,\n"
    assert format_rows([], ("a", "b"), Format.CSV) == "a,b\n"
    assert format_rows([], ("a", "b"), Format.NDJSON) == ""
    with pytest.raises(ValueError, match="c"):
        format_rows([{"c": 1}], ("a",), Format.CSV)


NO_LISTS = [
    "init anew --shelter osh --no-passphrase --recovery paper", "facility add osh", "ngo add primer", "staff add s-new",
    "provider add lyceum", "admit --from given.yaml", "admit HER", "admit HER --done orientation",
    "admit HER --complete", "show HER", "check", "backup usb", "restore usb --store again", "repair journal",
    "passphrase", "void HER AAAAAA --reason-code other", "agreement HER --form blue --from given.yaml",
    "agreement HER --form blue --out blue.pdf", "agreement --form blue --example", "form blue --blank",
    "form shelter-rules HER --out rules.txt", "paper 4XK-792-QA5", "discharge HER --on 2026-11-25",
    "monitor record HER --from given.yaml", "monitor attempt HER", "monitor close HER", "monitor schedule HER",
    "monitor form HER --out report.txt", "schema resident", "explain A6.4", "help admission", "completion bash",
    "demo run sample", "house --out house.svg", "trust --accept", "menu",
]  # fmt: skip


@pytest.mark.parametrize("format_", ["csv", "ndjson"])
def test_where_no_list_is_made_nothing_is_done_or_asked(format_: str, admitted: "Desk") -> None:
    """A usage error ahead of the first look at the store: the words alone decide."""
    (admitted.folder / "given.yaml").write_text("identity: {sex: female}\n")
    before = admitted.digest()
    for words in NO_LISTS:
        told = admitted.run(f"{words.replace('HER', admitted.her)} --format {format_}")
        assert (told.code, told.out) == (2, ""), words
        assert "table, json" in told.err
    assert admitted.digest() == before


@pytest.mark.parametrize("format_", [*Format])
def test_one_answer_is_asked_for(format_: str, desk: "Desk") -> None:
    told = desk.run(f"list --json --format {format_}")
    assert (told.code, told.page["command"]) == ((0, "list") if format_ == "json" else (2, "list"))
    assert format_ == "json" or told.error == "usage/format"


def test_a_refusal_is_no_row(desk: "Desk") -> None:
    told = desk.run("find --format csv", "first_name: [1]\n")
    assert (told.code, told.out) == (1, "")
    assert "REFUSED (1)" in told.err


@pytest.mark.parametrize("format_", [*Format])
def test_whoever_reads_no_further_is_told_nothing(format_: str, admitted: "Desk") -> None:
    """As ``| head -1`` does, from the first line on: there is nobody to be told, and nothing has gone wrong."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "shelterctl", "house", "--months", "24", "--format", format_]
    how: dict[str, Any] = {"stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, "env": admitted.env}
    told = subprocess.run(command, stdout=writer, timeout=patience(), check=False, **how)
    os.close(writer)
    assert (told.returncode, told.stderr) == (0, b"")
