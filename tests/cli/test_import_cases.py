"""Cases from before the program: a sheet with a row for each stay, judged whole, written once, known again."""

import csv
import io
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.core.record.client import value_at
from shelterctl.core.tables.exported import ExportIds
from shelterctl.session import Options, Session
from shelterctl.view.standard import make_row_reader, standard_rows
from tests.support.terminal import Terminal

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
    assert row == {"sheet_row": 2, "id": row["id"], "state": "discharged", "status": "open", "written": True}
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
    shown = ["primary-interview", "primary-evaluation", "coordinator-agreement", "rules", "rights"]
    assert desk.do(f"show {her}").data["on_paper"] == shown
    assert "Shown by papers from before the program, items: 5" in desk.run(f"show {her}").out
    desk.do(f"form discharge-checklist {her} --out list.html")
    assert "done, on paper" in (desk.folder / "list.html").read_text()
    assert desk.ask("check").code == 0


def test_the_same_sheet_again_changes_nothing(desk: "Desk") -> None:
    file = sheet(desk, cases(12))
    first = desk.do(f"import {file}").data["rows"]
    before = desk.digest_of_store()
    again = desk.do(f"import {file}").data
    assert [row["id"] for row in again["rows"]] == [row["id"] for row in first]
    assert not any(row["written"] for row in again["rows"])
    assert desk.digest_of_store() == before


UNNUMBERED = {key: value for key, value in ROW.items() if key != "person.old_number"}
AGAIN = {key: moved(value, 4600) if key in MOVED else value for key, value in UNNUMBERED.items()}
"""Her second stay, half a year after the first."""


def kept(desk: "Desk", file: "Path", words: str = "") -> list[dict[str, Any]]:
    """The rows of an import, without how the file stands."""
    return [{**row, "status": None} for row in desk.do(f"import {file} {words}").data["rows"]]


def test_a_row_without_a_number_is_known_by_name_birth_and_a_day_of_the_stay(desk: "Desk") -> None:
    first = kept(desk, sheet(desk, [UNNUMBERED]))
    for gone in ("referral.received_at", "reception.at", "act.discharge"):
        less = {key: value for key, value in UNNUMBERED.items() if key != gone}
        assert kept(desk, sheet(desk, [less])) == [{**first[0], "written": False}], gone


def test_the_same_name_and_year_is_refused_in_a_script_unless_it_is_said_that_she_is_another(desk: "Desk") -> None:
    (first,) = kept(desk, sheet(desk, [UNNUMBERED]))
    refused = desk.refused(f"import {sheet(desk, [AGAIN])}")
    found = refused.finding("admission/same-person")
    assert (found["facts"]["id"], found["facts"]["row"], found["record"]) == (first["id"], 2, first["id"])
    assert "--new-person" in found["message"]
    (other,) = kept(desk, sheet(desk, [AGAIN]), "--new-person")
    assert other["id"] != first["id"]
    assert len(desk.do("list").data["rows"]) == 2


def test_two_rows_of_one_name_in_a_sheet_name_each_other_and_one_number_joins_them(desk: "Desk") -> None:
    found = desk.refused(f"import {sheet(desk, [UNNUMBERED, AGAIN])}").finding("admission/same-person")
    assert (found["facts"]["row"], found["facts"]["other"], found["record"]) == (3, 2, None)
    assert "id" not in found["facts"]
    rows = kept(desk, sheet(desk, [{**one, "person.old_number": "J-7"} for one in (UNNUMBERED, AGAIN)]))
    assert len({row["id"] for row in rows}) == 1
    stays = desk.record(rows[0]["id"])["stays"]
    assert [one["discharge"]["on"] for one in stays] == ["2021-02-11", "2021-08-30"]


WHOLE = {**UNNUMBERED, "identity.birth_date": "03.02.1991"}
WHOLE_AGAIN = {**AGAIN, "identity.birth_date": "03.02.1991"}


def test_rows_that_agree_on_the_whole_birth_are_one_client_in_whatever_order(desk: "Desk") -> None:
    file = sheet(desk, [WHOLE_AGAIN, WHOLE])
    rows = kept(desk, file)
    assert len({row["id"] for row in rows}) == 1
    listed = desk.do("list --stays").data["rows"]
    assert [row["discharged_on"] for row in listed] == ["2021-02-11", "2021-08-30"]
    assert kept(desk, file) == [{**row, "written": False} for row in rows]


@pytest.mark.parametrize(
    ("number", "first", "second", "cells"),
    [
        ("", WHOLE, {**WHOLE_AGAIN, "identity.sex": "мужчина"}, ("C2", "C3")),
        ("", WHOLE, {**WHOLE_AGAIN, "identity.first_name": "Bermet"}, ("B2", "B3")),
        ("J-1", UNNUMBERED, {**AGAIN, "identity.birth_date": "1992"}, ("D2", "D3")),
        ("J-1", UNNUMBERED, {**UNNUMBERED, "act.discharge": "12.02.2021"}, ("Q2", "Q3")),
    ],
    ids=["sex", "spelling", "birth", "one-stay"],
)
def test_rows_that_contradict_each_other_are_refused_with_both_cells(
    desk: "Desk", number: str, first: dict[str, str], second: dict[str, str], cells: tuple[str, str]
) -> None:
    rows = [{**one, "person.old_number": number} for one in (first, second)]
    told = desk.refused(f"import {sheet(desk, rows)}")
    found = [one for one in told.page["findings"] if one["code"] == "import/rows-differ"]
    assert [(one["facts"]["cell"], one["facts"]["other"]) for one in found] == [cells, cells[::-1]]
    assert found[0]["message"].startswith(f"Row 2, {cells[0]}: {cells[1]} says otherwise about the same person.")
    assert ("--new-person" in found[0]["message"]) is not bool(number)
    assert [row["status"] for row in told.data["rows"]] == ["refused", "refused"]


def test_at_a_terminal_the_known_person_is_asked_about(desk: "Desk") -> None:
    (first,) = kept(desk, sheet(desk, [UNNUMBERED]))
    file = sheet(desk, [AGAIN])
    seen = Terminal(desk).run(f"import {file}", ["2"])
    assert "Row 2 of the sheet: Бермет Примерова, born 1991." in seen.text
    assert "Примерова" not in seen.left
    assert len(desk.record(first["id"])["stays"]) == 2
    assert not any(row["written"] for row in desk.do(f"import {file}").data["rows"])


def test_at_a_terminal_another_person_gets_a_file_of_her_own(desk: "Desk") -> None:
    kept(desk, sheet(desk, [UNNUMBERED]))
    Terminal(desk).run(f"import {sheet(desk, [AGAIN])}", ["1"])
    assert len(desk.do("list").data["rows"]) == 2


def test_what_was_corrected_in_the_file_stays_as_it_is_and_is_said(desk: "Desk") -> None:
    (first,) = kept(desk, sheet(desk, [ROW]))
    desk.do(f"admit {first['id']}", {"identity": {"birth_date": 1992}})
    before = desk.digest_of_store()
    told = desk.do(f"import {sheet(desk, [{**ROW, 'act.discharge': '12.02.2021', 'identity.sex': ''}])}")
    found = told.finding("import/differs")
    assert (found["severity"], found["facts"]["places"]) == ("warn", ["/identity/birth_date", "/stays/0/discharge/on"])
    assert desk.digest_of_store() == before


def test_a_number_of_another_client_is_refused(desk: "Desk") -> None:
    kept(desk, sheet(desk, [ROW]))
    other = {**AGAIN, "person.old_number": "J-1", "identity.first_name": "Канышай", "identity.last_name": "Образцова"}
    assert refusals(desk.refused(f"import {sheet(desk, [other])}")) == ["import/other-person"]


def test_an_old_stay_goes_beside_the_one_that_is_open(desk: "Desk") -> None:
    her = desk.do(f"import {sheet(desk, [{**ROW, 'act.discharge': ''}])}").data["rows"][0]["id"]
    older = {key: moved(value, 0) if key in MOVED else value for key, value in ROW.items()}
    assert refusals(desk.refused(f"import {sheet(desk, [{**older, 'act.discharge': ''}])}")) == ["import/open-stay"]
    (row,) = desk.do(f"import {sheet(desk, [older])}").data["rows"]
    assert (row["id"], row["state"]) == (her, "admitted")
    first, second = desk.record(her)["stays"]
    assert "discharge" not in first
    assert (first["admission"]["admitted_on"], second["discharge"]["on"]) == ("2021-02-04", "2009-01-25")


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


@pytest.mark.parametrize(
    ("change", "code", "cell"),
    [
        ({"act.admission": "01.02.2021"}, "admission/before-referral", "Q2"),
        ({"act.discharge": "01.01.2021"}, "discharge/before-arrival", "R2"),
        ({"paper.rules": "10.02.2021"}, "admission/dated-after", "N2"),
        ({"paper.rights": ""}, "admission/rights", "O2"),
        ({"on-paper.seen_on": "01.12.2026"}, "import/cell", "J2"),
        ({"on-paper.seen_on": ""}, "shape/missing-key", "J2"),
        ({"on-paper.seen_by": "never-registered"}, "import/cell", "I2"),
        ({"identity.birth_date": "2030"}, "import/cell", "E2"),
        ({"identity.sex": "ни то ни сё"}, "import/cell", "D2"),
    ],
)  # fmt: skip
def test_what_the_manual_or_a_slip_refuses_is_named_by_its_cell(
    desk: "Desk", change: dict[str, str], code: str, cell: str
) -> None:
    refused = desk.refused(f"import {sheet(desk, [{**ROW, **change}])}")
    found = refused.finding(code)
    assert found["facts"]["cell"] == cell
    assert found["message"].startswith(f"Row 2, {cell}: ")
    assert not any(word in refused.out for word in ("Примерова", "ни то", "never-registered"))


def test_a_sheet_of_old_windows_is_read_and_says_so(desk: "Desk") -> None:
    told = desk.do(f"import {sheet(desk, [ROW], encoding='cp1251')}")
    assert [found["code"] for found in told.page["findings"] if found["severity"] == "warn"] == ["sheet/encoding"]
    assert desk.record(told.data["rows"][0]["id"])["identity"]["first_name"] == "Бермет"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02", b"PK\x03\x04 no workbook"])
def test_what_is_no_sheet_is_refused(desk: "Desk", content: bytes) -> None:
    pytest.importorskip("openpyxl", reason="the extra packages of tables are not installed")
    (desk.folder / "old.xlsx").write_bytes(content)
    refused = desk.refused(f"import {desk.folder / 'old.xlsx'}")
    assert refused.page["findings"][0]["code"] in ("sheet/unreadable", "sheet/no-heading")


def workbook(desk: "Desk", change: Any = None) -> "Path":
    openpyxl = pytest.importorskip("openpyxl", reason="the extra packages of tables are not installed")
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


@pytest.mark.parametrize("written", [44231, 44231.0, "44231"])
def test_a_day_that_is_a_bare_number_is_read_and_its_cell_is_named(desk: "Desk", written: object) -> None:
    def numbered(page: Any) -> None:
        page.cell(2, [*ROW].index("act.admission") + 1).value = written

    told = desk.do(f"import {workbook(desk, numbered)}")
    assert told.finding("sheet/serial-days")["facts"]["cells"] == ["Q2"]
    assert desk.record(told.data["rows"][0]["id"])["stays"][0]["admission"]["admitted_on"] == "2021-02-04"


def test_a_number_in_a_sheet_of_an_old_mac_is_counted_from_1904(desk: "Desk") -> None:
    datetimes = pytest.importorskip("openpyxl.utils.datetime")

    def numbered(page: Any) -> None:
        page.parent.epoch = datetimes.CALENDAR_MAC_1904
        page.cell(2, [*ROW].index("act.admission") + 1).value = 44231 - 1462

    told = desk.do(f"import {workbook(desk, numbered)}")
    assert desk.record(told.data["rows"][0]["id"])["stays"][0]["admission"]["admitted_on"] == "2021-02-04"


def test_an_empty_column_is_passed_over_and_a_value_without_a_heading_is_not(desk: "Desk") -> None:
    row = {"": "", **ROW}
    desk.do(f"import {sheet(desk, [row])} --check")
    refused = desk.refused(f"import {sheet(desk, [{**row, '': 'x'}])}")
    assert [found["facts"]["cell"] for found in refused.page["findings"]] == ["A1"]


def test_a_workbook_that_is_called_csv_is_read_as_a_workbook(desk: "Desk") -> None:
    file = workbook(desk).rename(desk.folder / "old.csv")
    assert len(desk.do(f"import {file} --check").data["rows"]) == 1


def test_a_sheet_that_is_not_there_is_a_slip_and_both_kinds_of_use_too(desk: "Desk") -> None:
    for words in ("import nothing.csv", "import", "import old.csv --template new.csv", "import --template new.pdf"):
        assert desk.ask(words).code == 2, words
    assert desk.ask(f"import {sheet(desk, [ROW])} --standard htdcs").code == 3


def test_old_stays_are_taken_in_by_a_house_that_is_full_and_was(desk: "Desk") -> None:
    still = [{key: value for key, value in one.items() if key != "act.discharge"} for one in cases(7)]
    desk.do("facility add bishkek --capacity 7")
    desk.do(f"import {sheet(desk, still)}")
    over = [{**one, "person.old_number": f"K-{number}", **{key: ROW[key] for key in MOVED}}
            for number, one in enumerate(cases(14)[7:])]  # fmt: skip
    told = desk.do(f"import {sheet(desk, over)}")
    assert [row["state"] for row in told.data["rows"]] == ["discharged"] * 7
    assert [(row["residents"], row["free"]) for row in desk.do("house").data["rows"]] == [(7, 0)]
    more = {
        **still[-1],
        "person.old_number": "K-9",
        "identity.first_name": "Канышай",
        "identity.last_name": "Образцова",
    }
    assert refusals(desk.refused(f"import {sheet(desk, [more])}")) == ["admission/full-house"]


TEMPLATE_WORDS = {
    "en": {"Sex": "woman", "Date of birth": "1991"},
    "ru": {"Пол": "женщина", "Дата рождения": "1991"},
    "ky": {"Жынысы": "аял", "Туулган күнү": "1991"},
}


@pytest.mark.parametrize("language", TEMPLATE_WORDS)
def test_the_template_is_read_as_it_was_made(desk: "Desk", language: str) -> None:
    file = desk.folder / "template.csv"
    desk.do(f"import --template {file} --lang {language}")
    assert desk.do(f"import {file}").data["rows"] == []
    again = desk.refused(f"import --template {file}")
    assert [found["code"] for found in again.page["findings"]] == ["paper/exists"]


@pytest.mark.parametrize("language", TEMPLATE_WORDS)
def test_the_workbook_offers_its_choices_explains_itself_and_is_read_again(desk: "Desk", language: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    file = desk.folder / "template.xlsx"
    desk.do(f"import --template {file} --lang {language}")
    book = openpyxl.load_workbook(file)
    rows, about, choices = book.worksheets
    headings = [cell.value for cell in rows[1]]
    explained = {row[0].value: row[1].value for row in about.iter_rows()}
    assert all(explained[heading] for heading in headings)
    assert about["A1"].value
    offered = {str(rule.sqref).partition("2:")[0]: rule.formula1 for rule in rows.data_validations.dataValidation}
    assert {rule.type for rule in rows.data_validations.dataValidation} <= {"list", None}
    place = headings.index(next(iter(TEMPLATE_WORDS[language])))
    letters = rows.cell(1, place + 1).column_letter
    assert offered[letters] == f"'{choices.title}'!${letters}$2:${letters}$3"
    for heading, word in TEMPLATE_WORDS[language].items():
        rows.cell(2, headings.index(heading) + 1).value = word
    book.save(file)
    her = desk.do(f"import {file}").data["rows"][0]["id"]
    assert desk.record(her)["identity"] == {"sex": "female", "birth_date": 1991}


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


HTCDS_CODES = {
    "vic_MethodsOfControl": ["DebtBondage", "PhysicalThreats", "FalsePromises", "WithholdsDocuments", "Other"],
    "vic_MethodOfRecruitment": ["AtWork", "ThroughFriendsOrSocialEvents", "Other"],
    "vic_TypeOfExploitation": ["ForcedLabour", "ForcedBegging", "SexualExploitation", "Slavery"],
    "vic_ForcedLabourIndustry": ["A_AgricultureForestryAndFishing", "F_Construction", "Z_Unknown"],
    "vic_TypeOfSexExploitation": ["Prostitution", "Pornography"],
    "vic_TraffickingStatus": ["ActualVictimOfTrafficking", "NotAVictimOfTrafficking"],
    "prs_Citizenship": ["KG", "RU", "KZ"],
}
HTCDS_WORDS = {
    "prs_FirstName": ["Aigul", "Бермет", "Ng", "O'Neill"], "prs_SecondName": ["Primerova", "Образцова", "X Y"],
    "prs_Birthdate": ["1994-05-17", "1988-12-31", "unknown"], "prs_MobilePhone": ["+996555123456", "none"],
    "prs_Title": ["Ms"], "cas_CaseOwner": ["K. Example"], "prs_MailingCity": ["Osh; Uzgen", "Бишкек"],
    "vic_LocationOfRecruitment": ["KG", "a market"], "vic_LocationOfExploitation": ["KZ", "Kazakhstan"],
    "cas_Status": ["Active", "ClosedReferred"], "cas_ReferringOrganisation": ["Police", "a friend"],
    "cas_IncomingReferralDate": ["2021-02-03", "spring"], "con_Consent": ["TRUE"],
    "cas_IncomingReferralDetails": ["Сама пришла; одна, \"устала\""],
}  # fmt: skip


def htcds_rows(drawn: random.Random, count: int) -> list[dict[str, str]]:
    """Rows of the standard with codes, with words that are no codes, and with empty cells."""
    rows = []
    for number in range(count):
        row = {name: ";".join(drawn.sample(codes, drawn.randint(0, 2))) for name, codes in HTCDS_CODES.items()}
        row |= {name: drawn.choice(["", *words]) for name, words in HTCDS_WORDS.items()}
        row |= {"prs_Email": f"{number}@example.org", "prs_Gender": drawn.choice(["Feminine", "Masculine"])}
        rows.append(row)
    return rows


def cells_of(row: Mapping[str, object]) -> dict[str, set[str]]:
    """What a row says: the order of several codes says nothing."""
    return {name: {*str(cell).split(";")} for name, cell in row.items() if cell}


def htcds_out(desk: "Desk") -> list[dict[str, str | None]]:
    """The rows that go out to somebody to whom all agreed."""
    session = Session(options=Options(store=str(desk.store), identity=str(desk.key)))
    standard = session.rulebook.standards["htcds-2.0"]
    read = make_row_reader(session.rulebook, standard, ExportIds(b"test"), session.today, exact=True)
    return [dict(zip(standard.columns, read(row), strict=True)) for row in standard_rows(session, standard)]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_file_of_htcds_goes_out_as_it_came_in(desk: "Desk", seed: int) -> None:
    rows = htcds_rows(random.Random(seed), 40)  # noqa: S311
    file = sheet(desk, rows)
    told = desk.do(f"import {file} --standard htcds-2.0 --new-person").data["rows"]
    written = {str(row["prs_Email"]): cells_of(row) for row in htcds_out(desk)}
    for given in rows:
        own = {name: cells for name, cells in written[given["prs_Email"]].items() if name in given}
        own.pop("con_Consent")  # who goes out agreed here
        said = {name: cells for name, cells in cells_of(given).items() if name != "con_Consent"}
        assert own == {**said, **({} if given["cas_Status"] else {"cas_Status": {"Active"}})}
    again = desk.do(f"import {file} --standard htcds-2.0 --new-person", today="2026-12-20").data["rows"]
    assert [row["id"] for row in again] == [row["id"] for row in told]
    assert not any(row["written"] for row in again)


@pytest.mark.parametrize(
    ("change", "path", "value"),
    [  # the traps inside HTCDS 2.0, in the order of what is known of them
        ({"vic_Methods_of_Control": "DebtBondage "}, "experience.control", ["debt_bondage"]),
        ({"prs_First_Name": "Aigul", "prs_Second_Name": "X"}, "identity.last_name", "X"),
        ({"vic_TraffickinStatusDecisionMakingOrg": "NGO"}, "vic_TraffickingStatusDecisionMakingOrg", "NGO"),
        ({"prs_Citizenship": "KG"}, "identity.citizenship", ["KG"]),
        ({"vic_ForcedLabourIndustry": "C_Manufacturing F_Construction"}, "experience.sector",
         ["manufacturing", "construction"]),
        ({"cas_Status": "Follow up"}, "cas_Status", "Follow up"),
        ({"VIC_TYPEOFEXPLOITATION": "forced labour;Forced begging"}, "experience.forms",
         ["forced_labour", "forced_begging"]),
        ({"vic_MethodsOfControl": "ForcedLabour DebtBondage"}, "vic_MethodsOfControl", "ForcedLabour DebtBondage"),
        ({"vic_MethodsOfControl": "MethodsOfControlRestrictsMovement"}, "vic_MethodsOfControl",
         "MethodsOfControlRestrictsMovement"),
        ({"vic_TypeOfExploitation": "ForcedCriminality"}, "vic_TypeOfExploitation", "ForcedCriminality"),
        ({"cas_ReferredOrganisation": "one; two"}, "cas_ReferredOrganisation", "one; two"),
    ],
)  # fmt: skip
def test_what_htcds_leaves_open_is_read_or_kept_word_for_word(
    desk: "Desk", change: dict[str, str], path: str, value: object
) -> None:
    her = desk.do(f"import {sheet(desk, [{**change, 'prs_Gender': 'Feminine'}])} --standard htcds-2.0").data["rows"][0][
        "id"
    ]
    record = desk.record(her)
    elsewhere = {one["column"]: one["value"] for one in record.get("from_elsewhere", ())}
    assert elsewhere.get(path, value_at(record, path)) == value
    assert len(elsewhere) == (path in elsewhere)


def test_the_heading_that_the_template_of_htcds_lacks_is_known_by_its_neighbours(desk: "Desk") -> None:
    around = {"cas_ReferredPrimaryCaseWorker": "A", "": "Other", "cas_OutgoingReferralDate": "2021-01-01"}
    alone = {"cas_CaseOwner": "A", "": "x", "cas_Status": "Active"}
    told = desk.do(f"import {sheet(desk, [{**around, 'prs_Gender': 'Feminine'}])} --standard htcds-2.0")
    assert told.finding("import/no-heading")["facts"] == {"cell": "B1", "column": "cas_ReasonForOutgoingReferral"}
    kept = desk.record(told.data["rows"][0]["id"])["from_elsewhere"]
    assert {one["column"] for one in kept} == {name or "cas_ReasonForOutgoingReferral" for name in around}
    assert refusals(desk.refused(f"import {sheet(desk, [alone])} --standard htcds-2.0")) == ["import/heading"]


@pytest.mark.parametrize("gender", ["TransgenderFeminine", "NonSpecifiedUnknown", ""])
def test_a_sex_that_no_file_can_have_is_refused_and_its_cell_named(desk: "Desk", gender: str) -> None:
    row = {**HTCDS, "prs_Gender": gender}
    found = desk.refused(f"import {sheet(desk, [row])} --standard htcds-2.0").finding("shape/missing-key")
    assert found["facts"]["cell"] == "D2"


def test_rows_of_htcds_that_contradict_a_file_are_refused_and_nothing_is_lost(desk: "Desk") -> None:
    desk.do(f"import {sheet(desk, [HTCDS])} --standard htcds-2.0")
    other = {**HTCDS, "prs_Gender": "Masculine", "prs_Title": "Mr"}
    assert refusals(desk.refused(f"import {sheet(desk, [other])} --standard htcds-2.0")) == ["admission/same-person"]
    seen = Terminal(desk).run(f"import {sheet(desk, [other])} --standard htcds-2.0", ["2"])
    assert seen.code == 1
    assert "says otherwise" in seen.text


CASE = {
    **HTCDS,
    "prs_Citizenship": "KG",
    "cas_IncomingReferralDate": "2021-02-03",
    "cas_ReferringOrganisation": "Police",
}
CASE_AGAIN = {**CASE, "cas_IncomingReferralDate": "2023-06-01", "cas_ReferringOrganisation": "Знакомая",
              "cas_Status": "Active"}  # fmt: skip
CASE_ONCE_MORE = {**CASE_AGAIN, "cas_IncomingReferralDate": "2024-01-09"}


SPELLINGS = {
    "prs_First_Name": "prs_FirstName", "vic_Methods_of_Control": "vic_MethodsOfControl",
    "vic_TraffickinStatusDecisionMakingOrg": "vic_TraffickingStatusDecisionMakingOrg",
}  # fmt: skip


def sayings(row: Mapping[str, object]) -> list[tuple[str, list[str]]]:
    """What a row says, by the names of the standard."""
    said = cells_of(row).items()
    return sorted((SPELLINGS.get(name, name), sorted(code.strip() for code in cells)) for name, cells in said)


@pytest.mark.parametrize(
    "files",
    [[[CASE, CASE_AGAIN]], [[CASE_AGAIN, CASE]], [[CASE], [CASE, CASE_AGAIN]],
     [[CASE, CASE_AGAIN], [CASE_AGAIN]], [[CASE, CASE_AGAIN], [CASE_ONCE_MORE, CASE, CASE_AGAIN]]],
    ids=["two", "turned", "grown", "shrunk", "three"],
)  # fmt: skip
def test_two_cases_of_one_person_in_htcds_are_one_client_and_go_out_as_two_rows(
    desk: "Desk", files: list[list[dict[str, str]]]
) -> None:
    for rows in files:
        told = desk.do(f"import {sheet(desk, rows)} --standard htcds-2.0").data["rows"]
        assert len({row["id"] for row in told}) == 1
    assert len(list((desk.store / "residents").iterdir())) == 1
    whole = {str(row): row for rows in files for row in rows}.values()
    assert sorted(map(sayings, htcds_out(desk))) == sorted(sayings({**row, "con_Consent": "TRUE"}) for row in whole)
    before = desk.digest_of_store()
    desk.do(f"import {sheet(desk, files[-1])} --standard htcds-2.0", today="2026-12-20")
    assert desk.digest_of_store() == before


def test_rows_of_htcds_that_contradict_each_other_are_refused_with_both_cells(desk: "Desk") -> None:
    other = {**CASE_AGAIN, "prs_Gender": "Masculine", "vic_Methods_of_Control": "DebtBondage"}
    third = {**HTCDS, "prs_First_Name": "Kanykei"}
    told = desk.ask(f"import {sheet(desk, [CASE, other, third])} --standard htcds-2.0 --each")
    found = [one["facts"] for one in told.page["findings"] if one["code"] == "import/rows-differ"]
    assert [(one["cell"], one["other"]) for one in found] == [("D2", "D3"), ("H2", "H3"), ("D3", "D2"), ("H3", "H2")]
    assert (told.code, [row["written"] for row in told.data["rows"]]) == (1, [False, False, True])


def test_the_parts_of_an_address_are_to_be_looked_at(desk: "Desk") -> None:
    told = desk.do(f"import {sheet(desk, [{**HTCDS, 'prs_MailingCity': 'Osh'}])} --standard htcds-2.0")
    assert [found["code"] for found in told.page["findings"] if found["severity"] == "warn"] == ["import/address"]


def test_the_house_of_a_row_is_that_of_its_stay(desk: "Desk") -> None:
    rows = [{**one, "stay.facility": "bishkek"} for one in cases(2)]
    file = sheet(desk, rows)
    desk.do(f"import {file}")
    again = desk.do(f"import {file}").data["rows"]
    assert not any(row["written"] for row in again)
    assert len(desk.do("list --stays").data["rows"]) == 2
    elsewhere = sheet(desk, [{**cases(3)[2], "stay.facility": "osh"}])
    assert desk.refused(f"import {elsewhere}").refusals


def test_one_number_for_two_names_in_a_sheet_is_refused_by_check_too(desk: "Desk") -> None:
    first, second = cases(2)
    file = sheet(desk, [first, {**second, "person.old_number": first["person.old_number"]}])
    for words in (f"import {file} --check", f"import {file}"):
        assert desk.refused(words).finding("import/other-person")["facts"]["cell"] == "A3"


def test_a_word_that_is_no_choice_is_refused_by_its_cell_and_a_sheet_without_rows_says_so(desk: "Desk") -> None:
    refused = desk.refused(f"import {sheet(desk, [{**ROW, 'identity.sex': 'жинщина'}])}")
    (found,) = [one for one in refused.page["findings"] if one["code"] == "import/cell"]
    assert (found["facts"]["cell"], "choices" in found["message"]) == ("D2", True)
    desk.do("import --template empty.csv")
    assert desk.do("import empty.csv").data["said"] == ["The sheet has no rows yet."]


def test_a_latin_letter_in_a_cyrillic_name_is_read_and_its_cell_is_named(desk: "Desk") -> None:
    told = desk.do(f"import {sheet(desk, [{**ROW, 'identity.last_name': 'Приmерова'}])} --check")
    (doubt,) = [found for found in told.page["findings"] if found["code"] == "import/doubt"]
    assert (doubt["severity"], doubt["facts"]["cells"]) == ("warn", ["B2"])
