"""The money of all clients: rows that add up to the list of outlays, sums, looking back, and a sheet of codes alone."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import Desk, copied
from tests.support.paths import ACCEPTED

LATER = "2027-01-20"
PAID = {"by": "s-gulnara", "item": "food"}


@pytest.fixture(scope="session")
def _spent(_admitted: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = copied(_admitted, tmp_path_factory.mktemp("spent") / "desk")
    for form, number in (("pink", "SH-2026-7"), ("blue", "S-NGO-12")):
        desk.do(f"agreement {desk.her} --form {form}", ACCEPTED / f"{form}.yaml")
        desk.do(f"agreement {desk.her} --form {form} --number {number} --sign --on 2026-11-25")
    ids = {row["form"]: row["id"] for row in desk.do("agreements").data["rows"]}
    receipt = {"document": {"number": "17", "on": "2026-12-01"}}
    for outlay in (
        {"on": "2026-12-30", "amount": "250.50", "agreement": ids["pink"], "line": "3", **receipt},
        {"on": "2027-01-05", "amount": 6000, "agreement": ids["pink"], "line": "3"},
        {"on": "2026-12-10", "amount": 30, "agreement": ids["pink"], "line": "2a"},
        {"on": "2027-01-06", "amount": 45, "item": "documents"},
    ):
        desk.do(f"add {desk.her} outlay", {**PAID, **outlay}, today=LATER)
    return desk


@pytest.fixture
def spent(_spent: Desk, tmp_path: Path) -> Desk:
    """A client with a pink and a blue agreement of November 2026, and what was spent in December and January."""
    return copied(_spent, tmp_path / "spent")


def rows(desk: Desk, words: str = "--account", today: str = LATER) -> Any:
    return desk.do(f"agreements {words}", today=today).data["rows"]


def add(found: Any, name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in found), Decimal(0))


def test_rows_add_up_to_all_that_was_agreed_and_spent_by_whatever_they_are_counted(spent: Desk) -> None:
    agreed, paid = add(rows(spent, "--lines"), "amount"), add(rows(spent, "--outlays"), "amount")
    sums = "agreed,spent,left,over,without_document"
    for by in ("", "ngo,", "form,state,", "client,line,", "quarter,", "month,ngo,"):
        found = rows(spent, f"--account --columns {by}{sums} --count")
        assert (
            (add(found, "agreed"), add(found, "spent")) == (agreed, paid) == (Decimal("18250.50"), Decimal("6325.50"))
        )
        assert (add(found, "over"), sum(row["without_document"] for row in found)) == (Decimal("280.50"), 2)
    assert (agreed, paid) == (Decimal("18250.50"), Decimal("6325.50"))
    told = spent.do("agreements --account", today=LATER).data
    assert told["total"] == {
        "agreed": "18250.50", "spent": "6325.50", "left": "11970.00", "over": "280.50", "lines_over": 2,
        "outside": "45.00", "drafts": "0.00", "terminated": "0.00", "outlays": 4, "without_document": 2,
    }  # fmt: skip
    (owed,) = told["pocket_money"]
    assert (owed["client"], owed["days"], owed["left"]) == (spent.her, 60, told["pocket_money_total"]["left"])
    assert told["pocket_money_total"] == {"owed": "3000.00", "paid": "0.00", "left": "3000.00", "clients": 1}
    assert rows(spent, f"{spent.her} --account") == told["rows"]


def test_a_quarter_has_what_was_agreed_in_it_and_what_was_spent_in_it_though_a_period_crosses_it(spent: Desk) -> None:
    found = rows(spent, "--account --where form=pink --columns quarter,agreed,spent,left --count")
    assert [tuple(row.values()) for row in found] == [
        ("2026-Q4", 6, "9450.50", "280.50", "9170.00"), ("2027-Q1", 1, "0.00", "6000.00", "-6000.00"),
    ]  # fmt: skip
    (only,) = rows(spent, "--account --where quarter=2027-Q1 --where form=pink")
    assert (only["line"], only["spent"], only["over"]) == ("3", "6000.00", "250.50")
    assert spent.refused("agreements --account --where quarter=2027-Q5").code == 2


def test_an_outlay_has_its_ngo_its_quarter_and_what_was_left_of_the_line_after_it(spent: Desk) -> None:
    found = {tuple(row.values()) for row in rows(spent, "--outlays --columns ngo,quarter,line,left")}
    ngo = rows(spent, "--lines --columns agreement.ngo")[0]["agreement.ngo"]
    assert found == {
        (ngo, "2026-Q4", "3", "5749.50"), (ngo, "2027-Q1", "3", "-250.50"), (ngo, "2026-Q4", "2a", None),
        (None, "2027-Q1", None, None),
    }  # fmt: skip


def test_looking_back_everything_is_of_one_day(spent: Desk) -> None:
    def total(day: str) -> Any:
        return spent.do("agreements --account", today=day).data["total"]

    assert rows(spent, today="2026-11-22") == []
    assert {name: total("2026-11-22")[name] for name in ("agreed", "spent", "left")} == dict.fromkeys(
        ("agreed", "spent", "left"), "0.00"
    )
    assert "No money was agreed or spent yet." in spent.run("agreements --account", today="2026-11-22").out
    then = total("2026-12-31")
    assert (then["agreed"], then["spent"], then["left"], then["outside"]) == ("18250.50", "280.50", "17970.00", "0.00")
    assert then["drafts"] == "0.00"
    decision = {"on": "2027-01-10", "by": "NGO Coordinator", "reason": "Уехала"}
    spent.do(f"terminate {spent.her} --number S-NGO-12", decision, today=LATER)
    assert (total("2027-01-09")["terminated"], total(LATER)["terminated"]) == ("0.00", "8800.00")


def test_a_damaged_file_is_told_and_the_rest_is_shown(spent: Desk) -> None:
    other = spent.do("admit", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data["id"]
    file = spent.store / "residents" / f"{other}.yaml.age"
    file.write_bytes(file.read_bytes()[:-9])
    told = spent.ask("agreements --account", today=LATER)
    assert (told.code, {row["client"] for row in told.data["rows"]}) == (6, {spent.her})
    told = spent.ask("agreements --account --out money.md", today=LATER)
    assert told.code == 6
    assert f"residents/{other}.yaml.age" in (spent.folder / "money.md").read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_the_sheet_has_codes_and_sums_and_no_name(spent: Desk, language: str) -> None:
    names = [str(spent.record()["identity"][name]) for name in ("first_name", "last_name")]
    spent.do(f"agreements --account --lang {language} --out money.html --overwrite", today=LATER)
    told = (spent.folder / "money.html").read_text("utf-8")
    for said in (spent.her, "SH-2026-7", "sezim", "M2.1.11"):
        assert said in told
    assert not any(name in told for name in (*names, "Образцова"))


def test_rows_go_into_a_spreadsheet_and_the_sheet_keeps_its_columns(spent: Desk) -> None:
    spent.do("agreements --account --columns ngo,agreed --count --out money.csv", today=LATER)
    found = csv.DictReader(io.StringIO((spent.folder / "money.csv").read_text("utf-8")))
    assert add(found, "agreed") == Decimal("18250.50")
    for words in (
        "--out a.pdf",
        "--account --columns ngo --out a.pdf",
        "--account --lines",
        "--outlays --pocket-money",
    ):
        assert spent.refused(f"agreements {words}").code == 2
    (row,) = rows(spent, "--pocket-money")
    assert (row["client"], row["days"], row["left"]) == (spent.her, 60, "3000.00")


def test_every_column_that_is_promised_can_be_shown(spent: Desk) -> None:
    promised = [row for row in spent.do("schema columns").data["rows"] if row["table"].startswith("agreements --")]
    assert {"ngo", "quarter", "left"} <= {row["name"] for row in promised if row["table"] == "agreements --outlays"}
    for table in {row["table"] for row in promised}:
        names = ",".join(row["name"] for row in promised if row["table"] == table)
        spent.do(f"{table} --columns {names}", today=LATER)
