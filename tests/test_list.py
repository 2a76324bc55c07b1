"""Lists for programs: their heading whatever there is to list, harmless cells, and no list where none is made."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
from patience import patience

from shelterctl.output.page import Format, format_rows

if TYPE_CHECKING:
    from conftest import Desk


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
    "staff list": "staff,role,since,until",
    "provider list": "provider",
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
