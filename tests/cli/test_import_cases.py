"""Cases from before the program: a sheet with a row for each stay, judged whole, written once, known again."""

import csv
import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command import Answer
    from tests.support.desk import Desk

ROW = {
    "person.old_number": "J-1", "identity.last_name": "Примерова", "identity.first_name": "Бермет",
    "identity.sex": "женщина", "identity.birth_date": "1991", "referral.sources": "правоохранительные органы",
    "referral.received_at": "03.02.2021", "reception.at": "03.02.2021", "on-paper.seen_by": "manager",
    "on-paper.seen_on": "20.11.2026", "paper.primary-interview": "03.02.2021", "paper.primary-evaluation": "03.02.2021",
    "paper.coordinator-agreement": "03.02.2021", "paper.rules": "04.02.2021", "paper.rights": "04.02.2021",
    "paper.iom-consulted": "05.02.2021", "act.admission": "04.02.2021", "act.discharge": "11.02.2021",
}  # fmt: skip
"""One old stay, as people write it; the keys are the names of the columns, which are read like their headings."""


def refusals(told: "Answer") -> list[str]:
    return [found["code"] for found in told.page["findings"] if found["severity"] == "refuse"]


def sheet(desk: "Desk", rows: list[dict[str, str]], *, name: str = "old.csv", encoding: str = "utf-8-sig") -> "Path":
    written = io.StringIO()
    headings = [*dict.fromkeys(key for row in rows for key in row)]
    writer = csv.DictWriter(written, headings, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    file = desk.folder / name
    file.write_bytes(written.getvalue().encode(encoding))
    return file


SYLLABLES = ("барут", "вемил", "гидоп", "дошек", "жукан", "зарыс", "керог", "лифум", "моцев", "нушта")


MOVED = {key for key, value in ROW.items() if value.endswith(".2021")}


def moved(day: str, by: int) -> str:
    """A day of 2021, twelve years earlier and some days later: one stay is over before the next begins."""
    return f"{datetime.strptime(day, '%d.%m.%Y') - timedelta(4400 - by):%d.%m.%Y}"


def cases(count: int) -> list[dict[str, str]]:
    """Rows of different women who came one after another: any two names differ in much more than a letter."""
    return [
        {
            **ROW,
            "person.old_number": f"J-{number}",
            "identity.first_name": "".join(SYLLABLES[int(digit)] for digit in f"{number:03}"[::-1]).capitalize(),
            "identity.last_name": "".join(SYLLABLES[int(digit)] for digit in f"{number * 7 % 1000:03}").capitalize(),
            "identity.birth_date": str(1960 + number % 25),
            **{key: moved(value, 12 * number) for key, value in ROW.items() if key in MOVED},
        }
        for number in range(count)
    ]


def test_an_old_stay_is_taken_in_admitted_and_discharged_on_its_days(desk: "Desk") -> None:
    told = desk.do(f"import {sheet(desk, [ROW])}").data
    (row,) = told["rows"]
    assert row == {"row": 2, "id": row["id"], "state": "discharged", "status": "open", "written": True}
    (stay,) = desk.record(row["id"])["stays"]
    assert stay["admission"]["admitted_on"] == "2021-02-04"
    assert stay["discharge"]["on"] == "2021-02-11"
    assert stay["referral"]["sources"] == ["law_enforcement"]


def test_what_was_seen_on_paper_is_shown_as_that(desk: "Desk") -> None:
    her = desk.do(f"import {sheet(desk, [ROW])}").data["rows"][0]["id"]
    items = {one["item"]: one for one in desk.do(f"admit {her}").data["checklist"]}
    assert items["rules"]["state"] == "done"
    assert items["rules"]["on"] == "2021-02-04"
    assert items["rules"]["on_paper"] == {
        "entry": items["rules"]["on_paper"]["entry"],
        "seen_by": "manager",
        "seen_on": "2026-11-20",
    }
    assert "on_paper" not in items["referral"]
    assert "done, on paper" in desk.run(f"admit {her}").out


def test_the_same_sheet_again_changes_nothing(desk: "Desk") -> None:
    file = sheet(desk, cases(12))
    first = desk.do(f"import {file}").data["rows"]
    before = desk.digest_of_store()
    again = desk.do(f"import {file}").data
    assert [row["id"] for row in again["rows"]] == [row["id"] for row in first]
    assert not any(row["written"] for row in again["rows"])
    assert desk.digest_of_store() == before


def test_a_row_without_a_number_is_known_by_name_birth_and_referral(desk: "Desk") -> None:
    row = {key: value for key, value in ROW.items() if key != "person.old_number"}
    first = desk.do(f"import {sheet(desk, [row])}").data["rows"]
    assert desk.do(f"import {sheet(desk, [row])}").data["rows"] == [{**first[0], "written": False}]
    other = desk.refused(f"import {sheet(desk, [{**row, 'referral.received_at': '01.07.2021'}])}")
    assert [found["code"] for found in other.page["findings"] if found["severity"] == "refuse"] == [
        "admission/same-person"
    ]


def test_a_sheet_that_grew_goes_on_where_it_stood(desk: "Desk") -> None:
    desk.do(f"import {sheet(desk, cases(3))}")
    told = desk.do(f"import {sheet(desk, cases(5))}").data["rows"]
    assert [row["written"] for row in told] == [False, False, False, True, True]


def test_one_bad_cell_in_five_hundred_is_named_and_nothing_is_written(desk: "Desk") -> None:
    rows = cases(500)
    rows[317]["act.admission"] = "весной"
    refused = desk.refused(f"import {sheet(desk, rows)}")
    (found,) = [one for one in refused.page["findings"] if one["severity"] == "refuse"]
    assert found["code"] == "import/cell"
    assert found["facts"]["cell"] == "Q319"
    assert "весной" not in refused.out


def test_each_writes_the_rows_that_are_right(desk: "Desk") -> None:
    rows = cases(4)
    rows[1]["identity.birth_date"] = "тысяча девятьсот"
    told = desk.ask(f"import {sheet(desk, rows)} --each")
    assert told.code == 1
    assert [row["written"] for row in told.data["rows"]] == [True, False, True, True]


@pytest.mark.parametrize(
    ("change", "code", "cell"),
    [
        (lambda row: {key.replace("first", "frst"): value for key, value in row.items()}, "import/heading", "C1"),
        (lambda row: {**row, "Имя": "Бермет"}, "import/heading-twice", "S1"),
    ],
)  # fmt: skip
def test_a_column_renamed_or_doubled_is_named_by_its_cell(desk: "Desk", change: Any, code: str, cell: str) -> None:
    refused = desk.refused(f"import {sheet(desk, [change(ROW)])}")
    assert [(found["code"], found["facts"]["cell"]) for found in refused.page["findings"]] == [(code, cell)]


def test_a_sheet_of_old_windows_is_read_and_says_so(desk: "Desk") -> None:
    told = desk.do(f"import {sheet(desk, [ROW], encoding='cp1251')}")
    assert [found["code"] for found in told.page["findings"] if found["severity"] == "warn"] == ["sheet/encoding"]
    assert desk.record(told.data["rows"][0]["id"])["identity"]["first_name"] == "Бермет"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02", b"PK\x03\x04 no workbook"])
def test_what_is_no_sheet_is_refused(desk: "Desk", content: bytes) -> None:
    (desk.folder / "old.xlsx").write_bytes(content)
    refused = desk.refused(f"import {desk.folder / 'old.xlsx'}")
    assert refused.page["findings"][0]["code"] in ("sheet/unreadable", "sheet/no-heading")


def workbook(desk: "Desk", change: Any = None) -> "Path":
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    page = book.active
    page.append([*ROW])
    page.append([*ROW.values()])
    if change:
        change(page)
    file = desk.folder / "old.xlsx"
    book.save(file)
    return file


def test_a_day_that_excel_keeps_as_a_number_is_a_day(desk: "Desk") -> None:
    def dated(page: Any) -> None:
        page.cell(2, [*ROW].index("act.admission") + 1).value = datetime(2021, 2, 4)

    her = desk.do(f"import {workbook(desk, dated)}").data["rows"][0]["id"]
    assert desk.record(her)["stays"][0]["admission"]["admitted_on"] == "2021-02-04"


@pytest.mark.parametrize(
    ("change", "code", "cell"),
    [
        (lambda page: setattr(page.cell(2, 3), "value", "=A1"), "sheet/formula", "C2"),
        (lambda page: page.merge_cells("B2:C2"), "sheet/merged", "B2"),
        (lambda page: setattr(page.cell(2, 30), "value", "beyond"), "sheet/beyond", "AD2"),
    ],
)
def test_what_a_workbook_hides_is_named_by_its_cell(desk: "Desk", change: Any, code: str, cell: str) -> None:
    refused = desk.refused(f"import {workbook(desk, change)}")
    assert (code, cell) in [(found["code"], found["facts"].get("cell")) for found in refused.page["findings"]]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_read_as_it_was_made(desk: "Desk", kind: str, language: str) -> None:
    if kind == "xlsx":
        pytest.importorskip("openpyxl")
        pytest.importorskip("xlsxwriter")
    file = desk.folder / f"template.{kind}"
    desk.do(f"import --template {file} --lang {language}")
    told = desk.do(f"import {file}")
    assert told.data["rows"] == []
    again = desk.refused(f"import --template {file}")
    assert [found["code"] for found in again.page["findings"]] == ["paper/exists"]


HTCDS = {
    "prs_First_Name": "Aigul", "prs_SecondName": "Primerova", "prs_Birthdate": "1994-05-17", "prs_Gender": "Feminine",
    "prs_Citizenship": "KG;RU", "prs_Title": "Ms", "vic_TraffickinStatusDecisionMakingOrg": "Police",
    "vic_Methods_of_Control": "DebtBondage ;TakesEarnings", "vic_TypeOfExploitation": "ForcedLabour;ForcedBegging",
    "cas_Status": "Follow up",
}  # fmt: skip


def test_a_file_of_htcds_is_taken_in_with_all_it_has(desk: "Desk") -> None:
    her = desk.do(f"import {sheet(desk, [HTCDS])} --standard htcds-2.0").data["rows"][0]["id"]
    record = desk.record(her)
    assert record["identity"] | {"sex": "female"} == record["identity"]
    assert record["experience"]["control"] == ["debt_bondage", "takes_earnings"]
    assert record["experience"]["forms"] == ["forced_labour", "forced_begging"]
    kept = {one["column"]: one["value"] for one in record["from_elsewhere"]}
    assert kept == {"prs_Title": "Ms", "vic_TraffickingStatusDecisionMakingOrg": "Police", "cas_Status": "Follow up"}


def test_the_parts_of_an_address_are_to_be_looked_at(desk: "Desk") -> None:
    told = desk.do(f"import {sheet(desk, [{**HTCDS, 'prs_MailingCity': 'Osh'}])} --standard htcds-2.0")
    assert [found["code"] for found in told.page["findings"] if found["severity"] == "warn"] == ["import/address"]
