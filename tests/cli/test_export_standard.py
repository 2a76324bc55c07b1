"""Files in the columns of a standard: who goes out, what is said to be lost, and HTCDS back in as it went out."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.act.import_standard import read_standard_cases
from shelterctl.core.record.client import Client
from shelterctl.core.tables.columns import ListRow
from shelterctl.core.tables.exported import ExportIds
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session
from shelterctl.tabular.sheet import CellSheet, SheetRow
from shelterctl.view.standard import make_row_reader
from tests.support.desk import Desk
from tests.support.revised_rulebook import copy_of_the_manual

HTCDS = open_rulebook().standards["htcds-2.0"]
IOM: Mapping[str, Any] = {
    "kind": "information_sharing",
    "recipient": "МОМ",
    "purpose": "статистика",
    "given_on": "2026-11-23",
}
EXPERIENCE = {
    "recruitment": ["friends"], "recruiter": ["acquaintance"], "recruited_in": "KG",
    "control": ["debt_bondage", "restricts_movement"], "forms": ["forced_labour", "forced_criminality"],
    "sector": ["construction"], "marital_status": "single", "education": "primary",
}  # fmt: skip


def opened(desk: Desk, file: Path) -> bytes:
    """What a file says that is encrypted for the manager of a desk."""
    secret = next(line for line in desk.key.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-"))
    return bytes(pyrage.decrypt(file.read_bytes(), [pyrage.x25519.Identity.from_str(secret)]))


def rows_of(data: bytes) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(data.decode("utf-8-sig")))]


def new_file(desk: Desk, ending: str = "csv.age") -> Path:
    """A file that is not there: an encrypted one is never replaced."""
    return desk.folder / f"out-{len([*desk.folder.glob('out-*')])}.{ending}"


def exported(
    desk: Desk, more: str = "", *, name: str = "htcds-2.0", ending: str = "csv.age", **how: Any
) -> tuple[dict[str, Any], bytes]:
    """The page of an export for the manager, and what the file says."""
    out = new_file(desk, ending)
    told = desk.do(f"export --standard {name} --for manager --out {out} {more}", **how).data
    return dict(told), opened(desk, out)


def agrees(desk: Desk, **how: Any) -> None:
    desk.do(f"add {desk.her} consent", {**IOM, **how})


def test_nobody_goes_out_who_did_not_agree_and_the_others_are_counted(admitted: Desk) -> None:
    told, data = exported(admitted)
    assert (told["count"], told["withheld"], rows_of(data)) == (0, 1, [])
    said = admitted.run(f"export --standard htcds-2.0 --for manager --out {admitted.folder}/again.csv.age").out
    assert "Nobody was given out" in said
    assert "Clients left out: 1." in said
    assert "no consent names this recipient – 1; consent refused, withdrawn or expired – 0" in said
    agrees(admitted)
    told, data = exported(admitted)
    assert (told["count"], told["withheld"]) == (1, 0)
    assert rows_of(data)[0]["con_Consent"] == "TRUE"


@pytest.mark.parametrize(
    ("consent", "goes"),
    [
        ({}, True),
        ({"recipient": "iom"}, True),
        ({"recipient": "manager"}, True),
        ({"recipient": "sezim"}, False),
        ({"recipient": "следователь"}, False),
        ({"kind": "story", "recipient": None, "purpose": None}, False),
        ({"withdrawn_on": "2026-11-24"}, False),
        ({"expires_on": "2026-11-25"}, False),
        ({"expires_on": "2027-11-25"}, True),
        ({"given_on": None, "refused_on": "2026-11-24"}, False),
    ],
)
def test_a_consent_covers_it_if_it_is_in_force_and_names_the_recipient(
    admitted: Desk, consent: dict[str, Any], goes: bool
) -> None:
    said = {name: value for name, value in {**IOM, **consent}.items() if value is not None}
    admitted.do(f"add {admitted.her} consent", said)
    told, _ = exported(admitted)
    assert (told["count"], told["withheld"]) == ((1, 0) if goes else (0, 1))


def test_a_refusal_after_a_consent_ends_it(admitted: Desk) -> None:
    agrees(admitted)
    admitted.do(f"add {admitted.her} consent", {**IOM, "given_on": None} | {"refused_on": "2026-11-24"})
    assert exported(admitted)[0]["withheld"] == 1
    said = admitted.run(f"export --standard htcds-2.0 --for manager --out {new_file(admitted)}").out
    assert "no consent names this recipient – 0; consent refused, withdrawn or expired – 1" in said


def test_it_says_plainly_that_nobody_was_there_in_the_days_asked_for(admitted: Desk) -> None:
    agrees(admitted)
    said = admitted.run(f"export --standard htcds-2.0 --for manager --to 2001-01-01 --out {new_file(admitted)}").out
    assert "no client was there in these days or in this house" in said
    assert "Clients left out" not in said


def test_an_ngo_gets_those_who_named_it_and_not_those_who_named_iom(admitted: Desk) -> None:
    key = str(pyrage.x25519.Identity.generate().to_public())
    agrees(admitted)

    def withheld(code: str) -> int:
        words = f"export --standard htcds-2.0 --for {code} --key {key} --out {new_file(admitted)}"
        return int(admitted.do(words).data["withheld"])

    assert withheld("sezim") == 1
    assert withheld("iom-data") == 0
    agrees(admitted, recipient="sezim")
    assert withheld("sezim") == 0


def test_days_and_the_house_choose_among_her_stays(admitted: Desk) -> None:
    agrees(admitted)
    for words, count in (("--from 2026-11-23", 1), ("--to 2026-11-01", 0), ("--of bishkek", 1), ("--of osh", 0)):
        told, _ = exported(admitted, words)
        assert (told["count"], told["withheld"]) == (count, 0)


@pytest.mark.parametrize("name", ["htcds-2.0", "htcds-2.0-full", "ctdc-2024", "gbvims"])
def test_the_losses_go_out_in_the_file_or_are_said_with_the_way_to_list_them(admitted: Desk, name: str) -> None:
    agrees(admitted)
    admitted.do(f"add {admitted.her} experience", EXPERIENCE)
    told, data = exported(admitted, name=name, ending="zip.age")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    losses = rows_of(files["losses.csv"])
    assert [*losses[0]] == ["field", "value", "reason"]
    assert len(losses) == told["losses"]
    listed = admitted.do(f"export --standard {name} --losses").data["rows"]
    assert [(one["field"], one["value"] or "", one["reason"]) for one in listed] == [
        tuple(one.values()) for one in losses
    ]
    package = json.loads(files["datapackage.json"])
    assert [one["path"] for one in package["resources"]] == [f"{name}.csv", "losses.csv"]
    columns = [one["name"] for one in package["resources"][0]["schema"]["fields"]]
    assert columns == [*open_rulebook().standards[name].columns] == [*rows_of(files[f"{name}.csv"])[0]]
    said = admitted.run(f"export --standard {name} --for manager --out {admitted.folder}/one.csv.age").out
    assert f"Entries: {told['losses']}. To list them: shelterctl export --standard {name} --losses" in said


def test_the_losses_are_listed_in_words_at_a_terminal(desk: Desk) -> None:
    said = desk.run("export --standard htcds-2.0 --losses --lang ru").out
    assert "в стандарте нет такого кода" in said
    assert "Отчество" in said


def test_what_may_name_her_goes_out_for_a_reason_alone(admitted: Desk) -> None:
    agrees(admitted)
    admitted.do(f"add {admitted.her} experience", EXPERIENCE)
    (row,) = rows_of(exported(admitted)[1])
    assert row["vic_MethodsOfControl"] == "DebtBondage;Other"
    assert row["vic_TypeOfExploitation"] == "ForcedLabour;Other"
    assert not row["prs_FirstName"]
    assert not row["prs_Birthdate"]
    (row,) = rows_of(exported(admitted, "--exact --reason audit")[1])
    assert row["prs_FirstName"] == admitted.record()["identity"]["first_name"]
    (row,) = rows_of(exported(admitted, name="htcds-2.0-full")[1])
    assert row["vic_RelationshipToTrafficker"] == "Acquainted"
    assert row["prs_HighestLevelOfEducation"] == "PrimaryEducation"
    assert not row["prs_MiddleName"]


@pytest.mark.parametrize(
    ("born", "written"), [("1994-05-17", "1994-05-17"), ("1994-05", ""), ("1994", "")]
)  # HTCDS takes full days alone
def test_a_day_that_is_not_known_whole_is_not_made_one(admitted: Desk, born: str, written: str) -> None:
    agrees(admitted)
    admitted.do(f"admit {admitted.her}", {"identity": {"birth_date": born}})
    (row,) = rows_of(exported(admitted, "--exact --reason audit")[1])
    assert row["prs_Birthdate"] == written


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--standard htcds-2.0 --columns prs_Gender --for manager --out a.csv.age", "usage/standard"),
        ("--standard htcds-2.0 --where sex=female --for manager --out a.csv.age", "usage/standard"),
        ("--standard htcds-2.0 --anonymised --out a.csv", "usage/standard"),
        ("--standard htcds-2.0 --out a.csv", "usage/no-recipient"),
        ("--losses", "usage/standard"),
        ("--standard htcds-3 --losses", "export/no-standard"),
        ("--standard htcds-3 --for manager --out a.csv.age", "export/no-standard"),
        ("stays --standard htcds-2.0 --for manager --out a.csv.age", "usage/no-table"),
    ],
)
def test_what_a_standard_does_not_take_is_refused(admitted: Desk, words: str, code: str) -> None:
    assert admitted.refused(f"export {words}").page["error"]["code"] == code


def test_a_rulebook_without_standards_says_so(admitted: Desk, tmp_path: Path) -> None:
    manual = copy_of_the_manual(tmp_path / "manual")
    for file in (manual / "standards").iterdir():
        file.unlink()
    env = {"SHELTERCTL_MANUAL": str(manual)}
    for words in ("--losses", "--for manager --out a.csv.age"):
        told = admitted.refused(f"export --standard htcds-2.0 {words}", env=env).page["error"]
        assert told["code"] == "export/no-standard"
        assert told["message"].startswith("This rulebook has no standards")


# HTCDS in, and out again.

WORDS = st.text("абвгджзеклмнопр ", min_size=1, max_size=12).map(str.strip).filter(bool)
DAYS = st.dates(date(1950, 1, 1), date(2020, 1, 1)).map(str)


def cells_of(name: str) -> st.SearchStrategy[str]:
    """What another system may say in a column: published codes, alone or several; a day, a country, or words."""
    column = HTCDS.columns[name]
    codes = sorted({*column.codes.values()})
    if codes:
        return st.lists(st.sampled_from(codes), min_size=1, max_size=4, unique=True).map(";".join)
    if name == "prs_Birthdate" or name.endswith("Date"):
        return st.one_of(DAYS, WORDS)
    if name == "prs_Citizenship" or "Location" in name:
        return (
            st.lists(st.sampled_from(["KG", "RU", "TR", "KZ"]), min_size=1, max_size=2, unique=True).map(";".join)
            | WORDS
        )
    return WORDS


CASES = st.fixed_dictionaries({}, optional={name: cells_of(name) for name in HTCDS.columns if name != "con_Consent"})


@pytest.fixture(scope="module")
def session(_empty: Desk) -> Session:
    options = Options(identity=str(_empty.key), store=str(_empty.store))
    return Session(options=options)


@given(case=CASES)
def test_htcds_comes_out_as_it_went_in(session: Session, case: dict[str, str]) -> None:
    """Every cell is in a field of ours, or kept beside it, and is written again; so is the file that was written."""
    for _ in range(2):
        sheet = CellSheet([*case], [SheetRow(2, [*case.values()])])
        (read,), _ = read_standard_cases(session, HTCDS, sheet)
        client = Client({"id": "AAAA-0001", "stays": [], **read.given.value})
        write = make_row_reader(session.rulebook, HTCDS, ExportIds(b"key"), session.today, exact=True)
        written = dict(zip(HTCDS.columns, write(ListRow(client)), strict=True))
        assert {name: cell for name, cell in written.items() if name in case} == case
        case = {name: cell for name, cell in written.items() if cell and name != "con_Consent"}


def test_what_goes_out_comes_in_at_another_house_and_goes_out_again_whole(admitted: Desk, desk: Desk) -> None:
    agrees(admitted)
    admitted.do(f"add {admitted.her} experience", EXPERIENCE)
    _, data = exported(admitted, "--exact --reason audit")
    (desk.folder / "in.csv").write_bytes(data)
    today: dict[str, Any] = {"today": None}  # a client without a stay is known from the day on which she was recorded
    desk.her = desk.do(f"import {desk.folder / 'in.csv'} --standard htcds-2.0", **today).data["rows"][0]["id"]
    desk.do(f"add {desk.her} consent", IOM, **today)
    _, again = exported(desk, "--exact --reason audit", **today)
    assert rows_of(again) == rows_of(data)
    (full,) = rows_of(exported(desk, "--exact --reason audit", name="htcds-2.0-full", **today)[1])
    assert {name: full[name] for name in HTCDS.columns} == rows_of(data)[0]
