"""Each recipe of the page runs as it is printed, and answers what is counted another way: with age, YAML and Python
alone, from the files of the store.
"""

import calendar
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from xml.etree import ElementTree

import pyrage
import pytest
import yaml

from tests.support.desk import TODAY, Desk, copied
from tests.support.processes import patience
from tests.whole.test_docs import blocks, written

pytestmark = pytest.mark.posix("the page is for bash", "tests/cli/test_export.py")

SIZE_OF_HOUSE = "--days 200 --clients 12 --seed 3"
HER_FIRST_EXPORT = date(2026, 9, 30)
LAST_MONTH = "2026-10"

PROGRAMS = {"age": r"\bage -d|\btables/|\bt\.zip", "jq": r"\bjq ", "Rscript": r"\bRscript ", "soffice": r"\bsoffice "}
"""What shows that a recipe starts a program: it does so itself, or reads the tables that age has opened."""

LIBRARIES = {
    "duckdb": r"\bduckdb\b",
    "pandas": r"\bpandas\b",
    "arro3.io": r"\.parquet\.age",
    "xlsxwriter": r"\.xlsx\.age",
}
"""What shows that a recipe needs a library, of its own or of the extra `tables`."""


def read_recipes() -> dict[int, list[str]]:
    """The blocks of each recipe by its number; 0 has what comes before all others."""
    heads = re.split(r"^## ", written("recipes", "en"), flags=re.MULTILINE)[1:]
    return {int(found[0]) if (found := re.match(r"\d+", head)) else 0: blocks(head) for head in heads}


RECIPES = read_recipes()

Record = Mapping[str, Any]


def in_force(entries: Any) -> list[Any]:
    """The entries of a list that nobody has struck through."""
    return [entry for entry in entries or () if "void" not in entry]


def as_day(written_down: Any) -> date:
    return date.fromisoformat(str(written_down)[:10])


class House:
    """An invented house, the programs that a data officer has, and what its files say when they are read without us."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.folder = desk, desk.folder
        self.records = [*self._read_records()]
        self.stays = [(record, stay) for record in self.records for stay in in_force(record["stays"])]
        self.services = [(stay, entry) for _, stay in self.stays for entry in in_force(stay.get("services"))]
        self.names = {record["identity"][key] for record in self.records for key in ("first_name", "last_name")}

    def _read_records(self) -> Iterator[Record]:
        (secret,) = re.findall(r"AGE-SECRET-KEY-\w+", self.desk.key.read_text("utf-8"))
        key = pyrage.x25519.Identity.from_str(secret)
        for file in sorted((self.desk.store / "residents").iterdir()):
            yield yaml.load(pyrage.decrypt(file.read_bytes(), [key]), yaml.CSafeLoader)

    def run(self, block: str, *words: str, desk: Desk | None = None) -> "subprocess.CompletedProcess[str]":
        """The block as bash runs it, with the spaces that the page has before it, in a folder with a key file KEY."""
        at = desk or self.desk
        env = {**at.env, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"}
        command = ["bash", "-c", textwrap.indent(block, "    "), "recipe", *words]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=at.folder, env=env, timeout=patience(), check=False
        )

    def answer(self, block: str, *words: str) -> str:
        """What the block prints, where it ends well and shows no name."""
        done = self.run(block, *words)
        assert done.returncode == 0, done.stderr
        assert not [name for name in self.names if name in done.stdout]
        return done.stdout

    def open_tables(self) -> None:
        """Make the tables that most recipes read, once."""
        if not (self.folder / "tables").exists():
            for block in RECIPES[0]:
                self.answer(block)

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return [*csv.DictReader(file)]

    def nights(self, stay: Record) -> int:
        """The nights of a stay, from the day on which she came to that on which she left."""
        return ((self.left_on(stay) or as_day(TODAY)) - as_day(stay["received"]["at"])).days

    def left_on(self, stay: Record) -> date | None:
        """The day on which she left, or on which it was decided not to admit her."""
        left = stay.get("discharge", {}).get("on") or stay["admission"].get("not_admitted", {}).get("on")
        return as_day(left) if left else None

    def how_left(self, stay: Record) -> str | None:
        if "on" in stay.get("discharge", {}):
            return "own_decision" if stay["discharge"].get("by_own_decision") else "discharged"
        return "not_admitted" if stay["admission"].get("not_admitted") else None

    def spent(self) -> dict[tuple[str, str, str], Decimal]:
        """What was spent by NGO, form and line; without an agreement each of them is empty."""
        agreements = {one["id"]: one for record in self.records for one in in_force(record.get("agreements"))}

        def place(outlay: Record) -> tuple[str, str, str]:
            of = agreements.get(outlay.get("agreement", ""))
            return (of["ngo"], of["form"], outlay["line"]) if of else ("", "", "")

        return add_up((place(outlay), Decimal(str(outlay["amount"]))) for outlay in self._outlays())

    def agreed(self) -> dict[tuple[str, str, str], Decimal]:
        """What signed agreements have, by NGO, form and line."""
        return add_up(
            ((one["ngo"], one["form"], name), _agreed(line))
            for record in self.records
            for one in in_force(record.get("agreements"))
            for name, line in one["lines"].items()
            if "signed" in one
        )

    def over(self) -> dict[tuple[str, str], Decimal]:
        """What was spent above what an agreement has in that line, by form and line."""
        spent = add_up(
            ((outlay.get("agreement"), outlay.get("line")), Decimal(str(outlay["amount"])))
            for outlay in self._outlays()
        )
        return add_up(
            ((one["form"], name), spent.get((one["id"], name), Decimal(0)) - _agreed(line))
            for record in self.records
            for one in in_force(record.get("agreements"))
            for name, line in one["lines"].items()
            if spent.get((one["id"], name), 0) > _agreed(line)
        )

    def _outlays(self) -> Iterator[Record]:
        return (entry for _, stay in self.stays for entry in in_force(stay.get("outlays")))


Key = TypeVar("Key")


def add_up(parts: Iterable[tuple[Key, Decimal]]) -> dict[Key, Decimal]:
    """The sum of the amounts of each key."""
    sums: dict[Key, Decimal] = {}
    for key, amount in parts:
        sums[key] = sums.get(key, Decimal(0)) + amount
    return sums


def _agreed(line: Record) -> Decimal:
    """The sum of a line: an amount, or a rate and its months, counted or listed."""
    months = line.get("months")
    return Decimal(str(line.get("amount") or line["rate"] * (len(months) if isinstance(months, list) else months)))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house of invented clients in which the data officer has a key, and a sum has tyiyn."""
    desk = Desk(tmp_path_factory.mktemp("recipes"))
    desk.do(f"demo generate made {SIZE_OF_HOUSE}")
    for path in (desk.folder / "made").iterdir():
        path.rename(desk.folder / path.name)
    for words in (
        "staff add s-data --role data_officer",
        "staff key s-data --no-passphrase",
        "staff key s-data --accept",
    ):
        desk.do(words)
    shutil.copy(desk.folder / "key.people" / "s-data", desk.folder / "KEY")
    _spend_with_tyiyn(desk)
    _agree_to_share(desk)
    (desk.folder / "bin").mkdir()
    for name, begins in {"shelterctl": f'"{sys.executable}" -m shelterctl', "python3": f'"{sys.executable}"'}.items():
        day = f'case "$*" in *--as-of*) ;; *) set -- "$@" --as-of {TODAY} ;; esac\n' if name == "shelterctl" else ""
        (desk.folder / "bin" / name).write_text(f'#!/bin/sh\n{day}exec {begins} "$@"\n')
        (desk.folder / "bin" / name).chmod(0o755)
    return House(desk)


def _agree_to_share(desk: Desk) -> None:
    """Two in three clients agree that IOM, for whom the data officer works, gets what a standard asks."""
    agreed = {"kind": "information_sharing", "recipient": "IOM", "purpose": "statistics", "given_on": TODAY}
    for number, record in enumerate(House(desk).records):
        if number % 3:
            desk.do(f"add {record['id']} consent", agreed, today=TODAY)


def agrees(record: Record) -> bool:
    """Whether she agreed that IOM gets it."""
    said = [one for one in in_force(record.get("consents")) if one["kind"] == "information_sharing"]
    return any(one.get("recipient") == "IOM" and "given_on" in one for one in said)


def _spend_with_tyiyn(desk: Desk) -> None:
    """One more outlay by the agreement of another one."""
    record, stay, outlay = next(
        (record, stay, outlay)
        for record in House(desk).records
        for stay in record["stays"]
        for outlay in in_force(stay.get("outlays"))
        if outlay.get("line") == "1.1"
    )
    own = ("id", "recorded_at", "recorded_by")
    again = {key: value for key, value in outlay.items() if key not in own} | {"on": TODAY, "amount": "100.50"}
    desk.do(f"add {record['id']} outlay --stay {stay['id']}", again)


def check_tables(answers: list[str], house: House) -> None:
    files = {path.name for path in (house.folder / "tables").iterdir()}
    assert files == {"stays.csv", "service.csv", "account.csv", "codebook.csv", "datapackage.json"}
    held = "".join(path.read_text("utf-8") for path in (house.folder / "tables").iterdir())
    assert house.names
    assert not [name for name in house.names if name in held]
    assert (len(house.table("stays")), len(house.table("service"))) == (len(house.stays), len(house.services))


def check_admitted(answers: list[str], house: House) -> None:
    days = [stay["admission"].get("admitted_on") for _, stay in house.stays]
    counted = {month: int(number) for month, number in re.findall(r"^(\d{4}-\d\d) +(\d+)$", answers[0], re.MULTILINE)}
    assert counted == Counter(str(day)[:7] for day in days if day)
    assert re.search(rf"^ +{days.count(None)}$", answers[0], re.MULTILINE)


def check_nights(answers: list[str], house: House) -> None:
    nights = [house.nights(stay) for _, stay in house.stays]
    assert answers[0].splitlines()[1].split() == [
        f"{len(nights)}",
        f"{sum(nights)}",
        f"{sum(nights) / len(nights):.1f}",
    ]


def check_over(answers: list[str], house: House) -> None:
    rows = [line.split() for line in answers[0].partition("\n\n")[0].splitlines()[1:]]
    assert {(form, line): Decimal(over) for form, line, over in rows} == house.over()
    assert rows


def check_spent(answers: list[str], house: House) -> None:
    sums = r" +\d+ +([\d,]+\.\d\d) +([\d,]+\.\d\d)$"
    rows = re.findall(rf"^([a-z]+) +([a-z]+) +(\w[\w.]*){sums}", answers[0], re.MULTILINE)
    rows += [("", "", "", *found) for found in re.findall(rf"^outside an agreement.*?{sums}", answers[0], re.MULTILINE)]
    agreed, spent = (
        {tuple(row[:3]): sum_ for row in rows if (sum_ := Decimal(row[place].replace(",", "")))} for place in (3, 4)
    )
    assert (agreed, spent) == (house.agreed(), house.spent())


def check_services(answers: list[str], house: House) -> None:
    screen, sheet = re.split(r"^(?=kind,)", answers[0], flags=re.MULTILINE)
    by_kind = Counter(entry["kind"] for _, entry in house.services)
    assert sorted(map(int, re.findall(r" (\d+)$", screen, re.MULTILINE))) == sorted(by_kind.values())
    rows = csv.DictReader(io.StringIO(sheet))
    assert {(row["kind"], row["month"]): int(row["count"]) for row in rows} == Counter(
        (entry["kind"], entry["on"][:7]) for _, entry in house.services
    )


def check_joined(answers: list[str], house: House) -> None:
    long = [(stay["id"], entry["kind"]) for stay, entry in house.services if house.nights(stay) >= 50]
    rows = [(kind, int(services), int(stays)) for kind, services, stays in _boxed(answers[0]) if services.isdigit()]
    assert rows == [
        (kind, number, len({stay for stay, each in long if each == kind}))
        for kind, number in sorted(Counter(kind for _, kind in long).items())
    ]
    assert 0 < len(long) < len(house.services)


def _boxed(table: str) -> list[list[str]]:
    """The rows of a table that DuckDB draws in a box."""
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in table.splitlines() if line[:1] == "│"]


def check_parquet(answers: list[str], house: House) -> None:
    _, types, *rows = _boxed(answers[0])
    assert types[:2] == ["varchar", "varchar"]
    assert types[2].startswith("decimal(")
    spent = add_up(((form or "NULL", line or "NULL"), amount) for (_, form, line), amount in house.spent().items())
    assert {(form, line): Decimal(sum_) for form, line, sum_ in rows} == spent
    assert ("pink", "1.1") in spent


def check_categories(answers: list[str], house: House) -> None:
    left = Counter(house.how_left(stay) for _, stay in house.stays)
    counted = dict(re.findall(r"^(\w+) +(\d+)$", answers[0], re.MULTILINE))
    assert counted == {code: f"{left[code]}" for code in ("discharged", "own_decision", "not_admitted")}


def check_pivot(answers: list[str], house: House) -> None:
    pivot, money = ((house.folder / name).read_bytes() for name in ("pivot.csv", "money.csv"))
    assert pivot[:3] == money[:3] == b"\xef\xbb\xbf"
    spent = {
        (ngo, *form_line.split()): amount
        for form_line, row in ((row.pop("form_line"), row) for row in _semicolons(pivot))
        for ngo, sum_ in row.items()
        if (amount := Decimal(sum_.replace(",", ".")))
    }
    by_agreement = {key: value for key, value in house.spent().items() if any(key)}
    assert spent == by_agreement
    assert any(amount != int(amount) for amount in spent.values())
    rows = _semicolons(money)
    assert sum(Decimal(row["spent"].replace(",", ".")) for row in rows) == sum(house.spent().values())
    assert {'="1.1"', "1a"} <= {row["line"] for row in rows}
    assert len(rows) == len(house.table("account"))


def _semicolons(data: bytes) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")]


def check_r(answers: list[str], house: House) -> None:
    nights: dict[str | None, list[int]] = {}
    for _, stay in house.stays:
        nights.setdefault(house.how_left(stay), []).append(house.nights(stay))
    rows = re.findall(r"^\d+ +(\w+) +([\d.]+)$", answers[0], re.MULTILINE)
    known = {left: sum(each) / len(each) for left, each in nights.items() if left}
    assert {left: float(mean) for left, mean in rows} == pytest.approx(known, abs=1e-4)


def check_pipe(answers: list[str], house: House) -> None:
    assert dict(map(json.loads, answers[0].splitlines())) == Counter(entry["kind"] for _, entry in house.services)
    assert not [path for path in house.folder.iterdir() if path.suffix == ".ndjson"]


def check_findings(answers: list[str], house: House) -> None:
    rows = [line.split("\t") for line in answers[0].splitlines()]
    found = Counter(each["code"] for each in house.desk.ask("check").page["findings"])
    assert {code: int(number) for number, _, code, _ in rows} == found
    assert [int(row[0]) for row in rows] == sorted(found.values(), reverse=True)


def check_overdue(answers: list[str], house: House) -> None:
    late: dict[str, list[str]] = {}
    for row in house.desk.ask("due").data["rows"]:
        if row["state"] == "overdue":
            late.setdefault(row["what"], []).append(row["due_on"])
    rows = [line.split("\t") for line in answers[0].splitlines()]
    assert rows == [[what, f"{len(days)}", min(days)] for what, days in sorted(late.items())]
    assert rows


def check_retention(answers: list[str], house: House) -> None:
    kept = {}
    for record in house.records:
        *_, last = in_force(record["stays"])
        if left := house.left_on(last):
            kept[record["id"]] = f"{_add_half_a_year(left)}"
    rows = [line.split("\t") for line in answers[0].splitlines()]
    assert {id_: day for id_, day, _ in rows} == kept
    assert [day for _, day, _ in rows] == sorted(kept.values())


def _add_half_a_year(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + 6, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def check_journal(answers: list[str], house: House) -> None:
    files = (house.desk.store / "journal").iterdir()
    lines = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    counted = re.findall(r"^ *(\d+) (\d{4}-\d\d)\t(\S+)\t(\S+)$", answers[0], re.MULTILINE)
    assert {(month, by, did): int(number) for number, month, by, did in counted} == Counter(
        (line["at"][:7], line["by"], line["did"]) for line in lines
    )
    released = re.findall(r"^[\d-]{10}\t\S+\ts-data\t(\d+)\t(\w{64})$", answers[0], re.MULTILINE)
    assert len(released) == sum(line["did"] == "export" for line in lines)
    data = (house.folder / "t.zip").read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    assert answers[0].splitlines()[-1].split() == [digest, "t.zip"]
    rows = sum(len(house.table(name)) for name in ("stays", "service", "account"))
    assert (f"{rows}", digest) in released


OFFICE, TABLE = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table"))


def check_sheet(answers: list[str], house: House) -> None:
    with zipfile.ZipFile(house.folder / "account.ods") as archive:
        written_down = ElementTree.fromstring(archive.read("content.xml"))  # noqa: S314 - made here
    sheet = written_down.find(f".//{TABLE}table")
    assert sheet is not None
    rows = [["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{TABLE}table-row")]
    assert len([row for row in rows if any(row)]) == len(house.table("account")) + 1
    kinds = {"".join(cell.itertext()): cell.get(f"{OFFICE}value-type") for cell in sheet.iter(f"{TABLE}table-cell")}
    (uneven,) = (amount for amount in house.spent().values() if amount != int(amount))
    assert (kinds["1.1"], kinds[f"{uneven}"]) == ("string", "float")


def check_codebook(answers: list[str], house: House) -> None:
    book, listed = csv.reader(answers[0].splitlines(keepends=True))
    described = json.loads((house.folder / "tables" / "datapackage.json").read_text("utf-8"))
    (left,) = (each for each in described["resources"][0]["schema"]["fields"] if each["name"] == "left")
    codes = [code["value"] for code in left["categories"]]
    assert [each.partition(" = ")[0] for each in book[7].splitlines()] == listed[5].split() == codes
    assert {house.how_left(stay) for _, stay in house.stays} <= {*codes, None}
    assert book[10] == left["description"]


def check_changed(answers: list[str], house: House) -> None:
    new = [stay for _, stay in house.stays if as_day(stay["received"]["at"]) > HER_FIRST_EXPORT]
    old = [stay for _, stay in house.stays if stay not in new]
    left = [stay for stay in old if (house.left_on(stay) or HER_FIRST_EXPORT) > HER_FIRST_EXPORT]
    closed = [stay for stay in old if stay not in left and "closed" in stay.get("monitoring", {})]
    states = Counter(line.split(",")[2] for line in answers[0].splitlines() if line.endswith(",bishkek"))
    states["admitted"] += states.pop("in_plan", 0)
    assert states == {"admitted": len(new), "discharged": len(left), "monitored": len(closed)}
    assert len([*new, *left, *closed]) < len(house.stays)


def check_standard(answers: list[str], house: House) -> None:
    filled = {name: int(number) for number, name in re.findall(r"^(\d+) (\w+)$", answers[0], re.MULTILINE)}
    clients = [record for record, _ in house.stays if agrees(record)]
    exploited = [record for record in clients if record.get("trafficking", {}).get("country_of_exploitation")]
    left = [stay for record, stay in house.stays if agrees(record) and house.how_left(stay)]
    assert 0 < len(clients) < len(house.stays)
    assert len(filled) == 38
    assert (filled["prs_Gender"], filled["prs_FirstName"]) == (len(clients), 0)
    assert filled["vic_LocationOfExploitation"] == len(exploited)
    assert filled["cas_ReasonForCaseClosure"] == len(left)


def check_month(answers: list[str], house: House) -> None:
    (folder,) = (house.folder / "out").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["check.json", "report.csv", "tables.zip.age"]
    assert json.loads((folder / "check.json").read_text("utf-8"))["exit_code"] == 0
    referred = Counter(stay["referral"]["received_at"][:7] for _, stay in house.stays)
    assert f"referred,,,{referred[LAST_MONTH]}\n" in (folder / "report.csv").read_text("utf-8")


CHECKS: dict[int, Callable[[list[str], House], None]] = {
    0: check_tables, 1: check_admitted, 2: check_nights, 3: check_over, 4: check_spent, 5: check_services,
    6: check_joined, 7: check_parquet, 8: check_categories, 9: check_pivot, 10: check_r, 11: check_pipe,
    12: check_findings, 13: check_overdue, 14: check_retention, 15: check_journal, 16: check_sheet,
    17: check_codebook, 18: check_changed, 19: check_standard, 20: check_month,
}  # fmt: skip
"""What each recipe is held against; each gets what the recipe's blocks print."""


def with_programs(number: int) -> object:
    """The number of a recipe with the programs that it starts: without one of them it is skipped."""
    text = "\n".join(RECIPES[number])
    return pytest.param(
        number, marks=pytest.mark.program(*(each for each in PROGRAMS if re.search(PROGRAMS[each], text)))
    )


@pytest.mark.parametrize("number", [with_programs(number) for number in RECIPES])
def test_a_recipe_answers_what_is_counted_another_way(number: int, house: House) -> None:
    text = "\n".join(RECIPES[number])
    if lacking := [each for each in LIBRARIES if re.search(LIBRARIES[each], text) and not find_spec(each)]:
        pytest.skip(f"not installed: {', '.join(lacking)}")
    if re.search(PROGRAMS["age"], text):
        house.open_tables()
    CHECKS[number]([] if number == 0 else [house.answer(block, "out") for block in RECIPES[number]], house)


def test_there_are_twenty_recipes_and_each_is_held_against_something() -> None:
    assert [*RECIPES] == [*CHECKS] == [*range(21)]


def test_the_script_of_a_month_stops_at_a_damaged_file_with_its_code(house: House, tmp_path: Path) -> None:
    desk = copied(house.desk, tmp_path / "damaged")
    file = next((desk.store / "residents").iterdir())
    *sealed, last = file.read_bytes()
    file.write_bytes(bytes([*sealed, last ^ 1]))
    (script,) = RECIPES[20]
    done = house.run(script, "stopped", desk=desk)
    assert (done.returncode, done.stderr) == (6, "no export: check ended with 6\n")
    assert [path.name for path in desk.folder.rglob("stopped/*/*")] == ["check.json"]
