"""Tables that leave the house: for whom, with which columns and rows, and what the journal keeps of it."""

import csv
import io
import json
import re
import resource
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.support.inputs import REFERRAL
from tests.support.processes import patience
from tests.support.revised_rulebook import Revised
from tests.support.sealed_entries import decrypted

if TYPE_CHECKING:
    from tests.support.desk import Desk

EXACT = "--exact --reason audit"
FACTS: dict[str, Any] = json.loads(json.dumps(yaml.safe_load(REFERRAL.read_text("utf-8")), default=str))


def rows(desk: "Desk", words: str, name: str = "table.csv") -> list[dict[str, str]]:
    """The rows of an export for the manager, whose key lies here."""
    return [*csv.DictReader(io.StringIO(opened(desk, words, name).decode("utf-8-sig")))]


def opened(desk: "Desk", words: str, name: str = "table.csv") -> bytes:
    file = desk.folder / f"{name}.age"
    file.unlink(missing_ok=True)
    desk.do(f"export {words} --for manager --out {file}")
    return decrypted(file.read_bytes(), desk.key)


def releases(desk: "Desk") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.do("export --log").data["rows"]
    return found


def test_rows_of_persons_go_to_a_named_recipient_encrypted_and_into_the_journal(admitted: "Desk") -> None:
    out = admitted.folder / "stays.csv.age"
    assert admitted.refused(f"export stays --out {out}").error == "usage/no-recipient"
    assert admitted.refused(f"export stays --for s-aida --out {out}").error == "export/no-key"
    assert not out.exists()
    written = admitted.do(f"export stays --for manager --out {out}").data
    data = decrypted(out.read_bytes(), admitted.key)
    assert data.startswith(b"id,stay,state,")
    (line,) = releases(admitted)
    assert (line["for"], line["tables"], line["count"], line["exact"]) == ("manager", ["stays"], 1, False)
    assert line["sha256"] == written["sha256"]
    assert admitted.do("check").code == 0  # a line about an export is as good as any
    journal = "".join(path.read_text("utf-8") for path in admitted.store.glob("journal/*"))
    assert '"export":{' in journal


def test_an_office_outside_gives_its_public_key(admitted: "Desk", tmp_path: Path) -> None:
    out = tmp_path / "stays.csv.age"
    assert (
        admitted.refused(f"export stays --for iom-data --key AGE-SECRET-KEY-1 --out {out}").error == "export/not-a-key"
    )
    assert admitted.refused(f"export stays --key age1abc --out {out}").error == "usage/no-recipient"
    public = re.search(r"age1[0-9a-z]{58}", (admitted.store / "trust.jsonl").read_text("utf-8"))
    assert public
    admitted.do(f"export stays --for iom-data --key {public[0]} --out {out}")
    assert releases(admitted)[-1]["for"] == "iom-data"


def test_no_name_no_day_no_age_and_no_code_of_staff_leaves_without_a_reason(admitted: "Desk") -> None:
    (usual,) = rows(admitted, "stays")
    (exact,) = rows(admitted, f"stays {EXACT}", "exact.csv")
    assert usual["arrived_month"] == exact["arrived_month"] == "2026-11"
    assert usual["age_group"] == exact["age_group"] != ""
    assert not [name for name, cell in usual.items() if re.fullmatch(r"\d{4}-\d\d-\d\d.*", cell)]
    assert {"arrived_on", "age", "primary_interview_by"} <= exact.keys() - usual.keys()
    assert exact["arrived_on"] == "2026-11-22"
    who = FACTS["identity"]
    said = json.dumps(exact, ensure_ascii=False)
    assert who["first_name"] not in said
    assert who["last_name"] not in said
    assert releases(admitted)[-1]["why"] == "audit"
    for words in ("--exact", "--exact --reason curious", "--reason audit"):
        assert admitted.refused(f"export stays {words} --for manager --out x.csv.age").error == "usage/export-reason"


def test_ids_mean_something_in_one_export_alone(admitted: "Desk") -> None:
    (stay,), again = rows(admitted, "stays"), rows(admitted, "stays")
    assert [stay] == again  # the same request gives the same bytes
    (other,) = rows(admitted, "stays --columns id,stay")
    assert stay["id"] != other["id"]
    own = {admitted.her, admitted.her.replace("-", ""), *re.findall(r"id: '?([0-9A-Z]{6})\b", str(admitted.record()))}
    assert not own & {*stay.values(), *other.values()}
    admitted.written("need")
    with zipfile.ZipFile(io.BytesIO(opened(admitted, "stays,needs", "all.zip"))) as files:
        tables = {name: files.read(name).decode() for name in files.namelist()}
    assert {*tables} == {"stays.csv", "need.csv", "codebook.csv", "datapackage.json"}
    stays, needs = ([*csv.DictReader(io.StringIO(tables[name]))] for name in ("stays.csv", "need.csv"))
    assert (needs[0]["client"], needs[0]["stay"]) == (stays[0]["id"], stays[0]["stay"])


def test_words_in_place_of_codes_are_words(admitted: "Desk") -> None:
    (row,) = rows(admitted, "stays --labels ru")
    assert row["state"] == "принята"
    assert not [cell for cell in row.values() if "{" in cell or "|" in cell]


def test_columns_conditions_period_and_house_choose_what_goes_out(admitted: "Desk") -> None:
    assert rows(admitted, "stays --columns state,identity_sex") == [{"state": "admitted", "identity_sex": "female"}]
    assert rows(admitted, "stays --where identity.sex=male") == []
    assert len(rows(admitted, "stays --where arrived_month=2026-11 --from 2026-11-22 --to 2026-12-31")) == 1
    assert rows(admitted, "stays --to 2026-11-19") == []
    assert len(rows(admitted, "stays --of bishkek")) == 1
    for words, code in (
        ("stays --of osh", "export/no-code"), ("stays --where age=27", "usage/where"),
        ("stays --where arrived_on=2026-11-22", "usage/where"), ("stays --columns state,sekret", "usage/column"),
        ("pasts", "export/no-table"), ("stays,needs", "usage/out"),
    ):  # fmt: skip
        assert admitted.refused(f"export {words} --for manager --out x.csv.age").error == code
    assert len(rows(admitted, f"stays --where arrived_on=2026-11-22 {EXACT}")) == 1


def test_a_register_of_the_house_needs_no_recipient(admitted: "Desk") -> None:
    admitted.do("add bishkek visit", {"kind": "other", "name": "Пробнов", "at": "2026-11-24T10:00+06:00"})
    admitted.do("export visits --out visits.csv --labels ru --delimiter ; --decimal ,")
    data = (admitted.folder / "visits.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfof;id;kind;")
    (visit,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    assert (visit["of"], visit["month"].strip('="')) == ("bishkek", "2026-11")
    assert re.search("[А-яЁё]", visit["kind"])
    assert admitted.refused("export visits --out visits.csv").codes() == ["paper/exists"]


def test_words_that_do_not_fit_are_refused_before_anything_is_read(admitted: "Desk") -> None:
    for words, code in (
        ("--out x.csv", "usage/no-table"), ("visits", "usage/out"), ("visits --out x.docx", "usage/out"),
        ("visits --out x.csv --delimiter ab", "usage/delimiter"), ("visits --out x.csv --decimal ,", "usage/decimal"),
        ("visits --out x.csv --labels fr", "usage/labels"), ("visits --out nowhere/x.csv", "usage/out"),
        ("visits --standard htcds-2.0 --out x.csv", "usage/no-table"),
        ("stays --for manager --out x.csv", "usage/out"), ("visits --out x.csv.age", "usage/out"),
        ("visits --from 2026-11-02 --to 2026-11-01 --out x.csv", "usage/range"),
        ("clients --anonymised --for manager --out x.csv.age", "usage/anonymised"),
        ("stays --for nobody --out x.csv.age", "export/no-key"),
        ("visits --format xlsx --out x.csv", "usage/format"), ("visits --out x.csv --to 3", "usage/date"),
    ):  # fmt: skip
        assert admitted.refused(f"export {words}").error == code, words


def test_an_export_while_somebody_writes_is_whole_and_both_are_in_the_journal(admitted: "Desk") -> None:
    command = [sys.executable, "-m", "shelterctl", "export", "stays", "--for", "manager", "--out"]
    going = [
        subprocess.Popen([*command, f"{number}.csv.age"], cwd=admitted.folder, env=admitted.env) for number in range(3)
    ]
    for item in ("orientation", "orientation"):
        admitted.do(f"admit {admitted.her} --done {item}")
    assert [each.wait(patience()) for each in going] == [0, 0, 0]
    for number in range(3):
        data = decrypted((admitted.folder / f"{number}.csv.age").read_bytes(), admitted.key).decode()
        (row,) = csv.DictReader(io.StringIO(data))
        assert row["state"] == "admitted"
    assert len(releases(admitted)) == 3
    assert admitted.do("check").refusals == []


@pytest.mark.parametrize("words", ["export visits --out", "import --template"])
def test_a_store_and_a_key_take_no_table(admitted: "Desk", words: str) -> None:
    admitted.do("export stays --for manager --out stays.csv.age")
    (admitted.folder / "linked").symlink_to("house/residents")
    for out in ("house/x.csv", "linked/x.csv", "key.heads/x.csv"):
        assert admitted.refused(f"{words} {out} --overwrite").refusals == ["paper/unsafe-place"], out
    again = admitted.refused("export stays --for manager --out stays.csv.age --overwrite")
    assert again.refusals == ["paper/not-replaced"]


@pytest.mark.posix("a limit of POSIX on the size of files", "windows/test_trouble.py")
def test_on_a_full_disk_there_is_no_file_and_no_line_about_one(admitted: "Desk") -> None:
    full = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))}
    answer = admitted.refused("export stays --for manager --out stays.csv.age", **full)
    assert (answer.code, answer.error) == (8, "disk/full")
    assert releases(admitted) == []


def test_rows_without_a_recipient_are_of_many_people_and_none_is_alone(admitted: "Desk") -> None:
    out = "export clients --anonymised --out clients.csv"
    told = admitted.refused(out)
    assert (told.code, told.refusals) == (1, ["export/too-few"])
    assert told.finding("export/too-few")["facts"] == {"clients": 1, "least": 2000}
    for words in (
        "stays --anonymised",
        "clients --anonymised --where identity.sex=female",
        f"clients --anonymised {EXACT}",
    ):
        assert admitted.refused(f"export {words} --out x.csv").error == "usage/anonymised"

    desk = Revised(admitted)
    desk.edit("export.yaml", "least_clients: 2000", "least_clients: 4")
    desk.edit("export.yaml", "least_alike: 11", "least_alike: 2")
    for number, citizenship in enumerate(("KG", "KG", "UZ")):
        identity = {**FACTS["identity"], "last_name": f"Нулева{number}{'абв'[number]}", "citizenship": [citizenship]}
        desk.do("admit --new-person", {key: FACTS[key] for key in ("referral", "trafficking")} | {"identity": identity})
    made = desk.do(out)
    found = [*csv.DictReader((desk.folder / "clients.csv").read_text("utf-8").splitlines())]
    assert [*found[0]] == [
        "identity_sex", "age_group", "identity_citizenship", "trafficking_exploitation",
        "trafficking_country_of_exploitation",
    ]  # fmt: skip
    assert {one["identity_citizenship"] for one in found} == {"KG"}
    assert made.data["count"] == len(found) == 2
    later = desk.refused("export clients --anonymised --out again.csv")
    assert later.refusals == ["export/too-soon"]
    desk.do("export clients --anonymised --out again.csv", today="2090-01-01")


def test_an_export_says_that_a_damaged_file_is_left_out_of_it(admitted: "Desk") -> None:
    other = admitted.do("admit --new-person", {"notes": "invented", "identity": {"sex": "female"}}).data["id"]
    file = admitted.store / f"residents/{other}.yaml.age"
    file.write_bytes(file.read_bytes()[:-9] + b"123456789")
    out = admitted.folder / "clients.csv.age"
    answer = admitted.ask(f"export clients --for manager --out {out}")
    assert (answer.code, answer.error, answer.data["count"]) == (6, "store/part", 1)
    assert decrypted(out.read_bytes(), admitted.key).count(b"\n") == 2


def test_a_list_for_nobody_names_the_list_of_staff_and_one_for_staff_the_way_to_a_key(admitted: "Desk") -> None:
    for code, said in (("s-nobody", "staff list"), ("s-aida", "staff key s-aida")):
        answer = admitted.refused(f"list --for {code}")
        assert (answer.error, said in answer.page["error"]["hint"]) == ("export/no-key", True)


def test_export_says_in_russian_what_it_did(admitted: "Desk") -> None:
    answer = admitted.run("export stays --for manager --out s.csv.age --lang ru")
    assert "зашифровано для manager" in answer.out
    assert "Без имён" in answer.out or "Строк: 1" in answer.out
