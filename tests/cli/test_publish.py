"""shelterctl publish: what is refused, what is kept as it was published, and who agrees to an exception."""

import dataclasses
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from shelterctl.rulebook.rulebook import Rulebook
from tests.support.desk import Desk, copied
from tests.support.paths import PROJECT
from tests.support.revised_rulebook import Trial, copy_of_the_manual
from tests.support.role_house import house_by_role
from tools.released_store import take_in_old_case

DAY = None  # the ledger has the time of the clock, so every command here is carried out by the clock
DATE = "publish/overlap-date"
YEAR = "publish public-year --period 2025"
PLAN = """schema: plan/1
plan: {name}
text: {{en: trial, ru: проба, ky: сыноо}}
clause: A4.2
audience: public
grid: {grid}
houses: {houses}
least: least_shown
{more}tables:
  {table}: {{count: stay, dated: admitted_on, by: [{by}], text: {{en: Admitted, ru: Принято, ky: Кабыл алынды}}}}
"""
MERGED = """merged:
  age_group: {child: {text: {en: up to 17, ru: до 17, ky: 17 чейин}, of: [0--8, 9--17]}}
"""
TRIED = {
    "years": ("year", "all", "", "came"), "quarters": ("quarter", "all", "", "came"),
    "houses": ("year", "each", "", "came"), "women": ("year", "all", "where: {sex: [female]}\n", "came"),
    "again": ("year", "all", "", "taken"),
    "rounded": ("year", "all", "rounding: 5\n", "came"),
    "quarters-of-age": ("quarter", "all", MERGED, "came"),
}  # fmt: skip
"""Plans of a trial by name: grid, houses, filter, and the name of the table."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """Two houses with 300 invented clients of three years, by a manual with more plans; a second computer joined."""
    folder = tmp_path_factory.mktemp("published")
    manual = copy_of_the_manual(folder / "manual")
    for name, (grid, houses, more, table) in TRIED.items():
        by = "sex, age_group" if more == MERGED else "sex"
        text = PLAN.format(name=name, grid=grid, houses=houses, more=more, table=table, by=by)
        (manual / f"plans/{name}.yaml").write_text(text, "utf-8")
    shutil.copy(PROJECT / "examples/plans/partner-year.yaml", manual / "plans")
    desk = Trial(folder / "desk", manual)
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery ../recovery", today=DAY)
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("facility add osh --capacity 8 --ngo sezim")
    for code, role in (("s-gulnara", "social_worker"), ("s-aida", "psychologist")):
        desk.do(f"staff add {code} --role {role}")
    crowd = [sys.executable, "-m", "tests.support.crowd", str(desk.store), str(desk.key), "300"]
    subprocess.run(crowd, cwd=PROJECT, env=desk.env, check=True)
    desk.do("trust --join --recovery ../recovery --no-passphrase --identity other --staff s-aida", today=DAY)
    desk.do("trust --accept", today=DAY)
    return desk


@pytest.fixture
def house(made: Trial, tmp_path: Path) -> Trial:
    copy = copied(made, tmp_path / "desk")
    return Trial(copy.folder, made.manual)


def why_not(desk: Desk, words: str, day: str | None = DAY) -> Sequence[str]:
    """The codes of what refuses a command; nothing is another then."""
    answer = desk.refused(words, today=day)
    return [*answer.refusals] or [answer.error]


def log(desk: Desk) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = desk.do("publish --log", today=DAY).data["rows"]
    return rows


def by_other(desk: Trial, store: Path | None = None) -> Trial:
    """Who sits at the second computer, over this store or a copy of it."""
    other = Trial(desk.folder, desk.manual)
    other.key, other.store = desk.folder / "other", store or desk.store
    return other


LATE = """
import sys
from shelterctl.session import Options, Session
from shelterctl.store.folder import record_file
from tests.support.crowd import files
session = Session(options=Options(store=sys.argv[1], identity=sys.argv[2]))
session.save([(record_file(one["id"]), one, None) for one in files(60, ("bishkek", "osh"), seed=8)], "admit")
"""


def add_late(desk: Desk) -> None:
    """Write sixty more files, of people who came in the same three years."""
    written = [sys.executable, "-c", LATE, str(desk.store), str(desk.key)]
    subprocess.run(written, cwd=PROJECT, env={**desk.env, "PYTHONPATH": f"{PROJECT}/src:{PROJECT}"}, check=True)


def test_check_says_that_nothing_is_published_by_other_rules_than_the_stores(house: Trial) -> None:
    by_shipped_rules = Desk(house.folder)
    by_shipped_rules.store, by_shipped_rules.key = house.store, house.key
    assert why_not(by_shipped_rules, f"{YEAR} --check") == ["shelf/other"]


def test_a_release_is_printed_byte_for_byte_as_it_was_also_after_a_late_entry(house: Trial) -> None:
    checked = house.do(f"{YEAR} --check", today=DAY)
    assert checked.data["published"] is False
    assert log(house) == []
    first = house.do(f"{YEAR} --out first.txt --lang ru", today=DAY)
    figures = house.do(YEAR, today=DAY).data["rows"]
    assert {row["number"] is None for row in figures} == {True, False}
    assert all(row["number"] is None or row["number"] == 0 or row["number"] >= 11 for row in figures)
    add_late(house)
    house.do(f"{YEAR} --out second.txt --lang ru", today="2027-05-01")
    assert (house.folder / "first.txt").read_bytes() == (house.folder / "second.txt").read_bytes()
    assert house.do(YEAR, today=DAY).data["rows"] == figures
    rows = log(house)
    assert [(row["release"], row["state"], row["least"]) for row in rows] == [
        ("plan.public-year.2025.all", "published", 11)
    ]
    assert first.data["printed"]


def test_the_ledger_has_no_true_number_of_a_hidden_figure_and_no_person(house: Trial) -> None:
    house.do(YEAR, today=DAY)
    ids = [row["id"] for row in house.do("list", today=DAY).data["rows"]]
    lines = b"".join(path.read_bytes() for path in house.store.glob("journal/*.jsonl"))
    noted = [json.loads(line)["more"] for line in lines.splitlines() if b'"publish' in line]
    cells = [cell for more in noted for cell in more.get("publish-cells", {}).get("cells", ())]
    assert {cell.rpartition(":")[2] == "c" for cell in cells} == {True, False}
    assert all(number == "c" or int(number) == 0 or int(number) >= 11 for _, _, number in
               (cell.rpartition(":") for cell in cells))  # fmt: skip
    assert not [id_ for id_ in ids if id_ in json.dumps(noted)]


@pytest.mark.parametrize(
    ("words", "day", "code"),
    [
        ("publish public-year --period 2026", "2026-12-31", "publish/not-ended"),
        ("publish public-year --period 2025-Q1", DAY, "publish/grid"),
        ("publish quarters --period 2025", DAY, "publish/grid"),
        ("publish quarters --period 2025-03", DAY, "publish/grid"),
        ("publish public-year --period 2025-13", DAY, "usage/period"),
        ("publish public-year --period вчера", DAY, "usage/period"),
        ("publish public-year", DAY, "usage/period"),
        ("publish", DAY, "usage/no-plan"),
        ("publish public-yeer --period 2025", DAY, "publish/no-plan"),
        ("publish ../../etc/passwd --period 2025", DAY, "publish/no-plan"),
        ("publish houses --period 2025", DAY, "usage/which-house"),
        ("publish houses --period 2025 --of naryn", DAY, "facility/unknown"),
        (f"{YEAR} --of osh", DAY, "usage/which-house"),
        (f"{YEAR} --reason correction", DAY, "usage/publish-reason"),
        (f"{YEAR} --exception", DAY, "usage/publish-reason"),
        (f"{YEAR} --exception --reason because", DAY, "usage/publish-reason"),
        (f"{YEAR} --exception --reason correction", DAY, "usage/publish-reason"),
        ("publish --confirm plan.public-year.2025.all", DAY, "publish/not-asked"),
        ("publish --confirm nothing", DAY, "publish/not-asked"),
        (f"{YEAR} --log", DAY, "usage/one-thing"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_remedy(house: Trial, words: str, day: str | None, code: str) -> None:
    assert why_not(house, words, day) == [code]


def test_what_stops_the_file_is_found_before_anything_is_entered(house: Trial) -> None:
    (house.folder / "there.txt").write_text("mine")
    assert why_not(house, f"{YEAR} --out there.txt") == ["paper/exists"]
    assert why_not(house, f"{YEAR} --out picture.png") == ["usage/out"]
    assert log(house) == []


@pytest.mark.parametrize(
    ("earlier", "wanted", "codes"),
    [
        ("years --period 2025", "quarters --period 2025-Q1", [DATE]),
        ("quarters --period 2025-Q2", "years --period 2025", [DATE]),
        ("years --period 2025", "houses --period 2025 --of osh", ["publish/overlap-house"]),
        ("houses --period 2025 --of osh", "years --period 2025", ["publish/overlap-house"]),
        ("years --period 2025", "women --period 2025", ["publish/overlap-filter"]),
        ("women --period 2025", "years --period 2025", ["publish/overlap-filter"]),
        ("women --period 2025", "quarters --period 2025-Q1", [DATE, "publish/overlap-filter"]),
        ("years --period 2025", "again --period 2025", ["publish/overlap"]),
        ("years --period 2025", "rounded --period 2025", ["publish/overlap"]),
        ("years --period 2025", "public-quarter --period 2025-Q1", [DATE]),
        ("public-year --period 2025", "public-quarter --period 2025-Q1", [DATE]),
        ("public-year --period 2025", "quarters-of-age --period 2025-Q1", [DATE, "publish/merged-otherwise"]),
    ],
)
def test_what_could_be_subtracted_from_an_earlier_release_is_refused(
    house: Trial, earlier: str, wanted: str, codes: list[str]
) -> None:
    house.do(f"publish {earlier}", today=DAY)
    assert why_not(house, f"publish {wanted}") == codes
    assert why_not(house, f"publish {wanted} --check") == codes
    assert len(log(house)) == 1


def test_a_report_for_people_outside_is_in_the_same_ledger(house: Trial) -> None:
    house.do("publish years --period 2025", today=DAY)
    assert DATE in why_not(house, "report progress --month 2025-03 --of osh --public")
    house.do("report progress --month 2024-03 --of osh --public --out a.txt", today=DAY)
    house.do("report progress --month 2024-03 --of osh --public --out b.txt", today=DAY)
    assert (house.folder / "a.txt").read_bytes() == (house.folder / "b.txt").read_bytes()
    assert DATE in why_not(house, "publish years --period 2024")
    assert "publish/not-ended" in why_not(house, "report progress --month 2026-12 --of osh --public", "2026-12-15")
    assert {row["release"] for row in log(house)} == {"plan.years.2025.all", "report.progress.2024-03.osh"}


def test_nobody_is_told_to_delete_what_is_published(house: Trial) -> None:
    for name in ("in.pdf", "again.txt"):
        said = house.run(f"report progress --month 2025-03 --of bishkek --public --out {name}", today=DAY).out
        assert "delete" not in said
    assert "delete" in house.run("report progress --month 2025-03 --of bishkek --out own.pdf", today=DAY).out


def test_years_and_other_houses_are_free(house: Trial) -> None:
    house.do("publish years --period 2024", today=DAY)
    house.do("publish houses --period 2025 --of osh", today=DAY)
    house.do("publish houses --period 2025 --of bishkek", today=DAY)
    assert len(log(house)) == 3


def test_no_day_that_is_only_supposed_ends_a_period(house: Trial) -> None:
    """With --as-of anybody could publish a period that goes on, and the rest of it would be counted in no copy."""
    assert why_not(house, "publish houses --period 2226 --of osh", "2227-02-01") == ["publish/not-ended"]
    assert log(house) == []


def test_rounded_figures_are_multiples_and_stay_so(house: Trial) -> None:
    rows = house.do("publish rounded --period 2025", today=DAY).data["rows"]
    numbers = [row["number"] for row in rows if row["number"]]
    assert numbers
    assert all(number % 5 == 0 for number in numbers)
    assert house.do("publish rounded --period 2025", today=DAY).data["rows"] == rows


def test_the_example_of_a_plan_is_published_with_every_word_that_a_plan_may_have(house: Trial) -> None:
    plan = Rulebook(house.manual).plans["partner-year"]
    assert all(getattr(plan, one.name) for one in dataclasses.fields(plan))
    assert any(table.crossed for table in plan.tables.values())
    rows = house.do("publish partner-year --period 2025", today=DAY).data["rows"]
    numbers = {(row["row"], row["answer"]): row["number"] for row in rows}
    assert any(numbers.values())
    assert {number % plan.rounding for number in numbers.values() if number is not None} == {0}
    assert {answer for row, answer in numbers if row == "admitted"} == {None, "child", "adult"}


def test_a_plan_that_asks_for_a_cell_of_one_shows_none(admitted: Desk) -> None:
    """One client was admitted in this year: nothing of it can be shown, and nothing is entered."""
    take_in_old_case(admitted)
    assert why_not(admitted, "publish public-year --period 2021") == ["publish/nothing-left"]
    assert log(admitted) == []
    shown = admitted.do("report progress --month 2026-11 --public", today="2026-12-03").data["rows"]
    assert {row["number"] for row in shown if row["row"] == "admitted"} == {None}


def test_nothing_is_published_of_a_time_of_which_nothing_is_recorded(house: Trial) -> None:
    assert why_not(house, "publish public-year --period 2019") == ["publish/before-records"]
    assert log(house) == []


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder here that takes no file from anybody")
def test_nothing_is_entered_if_no_file_can_be_made_where_it_should_go(house: Trial) -> None:
    for words in (
        f"{YEAR} --out /proc/year.pdf",
        "report progress --month 2025-10 --of osh --public --out /proc/o.pdf",
    ):
        answer = house.refused(words, today=DAY)
        assert (answer.error, "--out" in answer.page["error"]["hint"]) == ("disk/missing", True)
    assert log(house) == []


def test_an_exception_needs_a_reason_and_another_person_at_another_computer(house: Trial) -> None:
    house.do("publish years --period 2025", today=DAY)
    asked = "publish quarters --period 2025-Q2 --exception --reason request_of_state"
    release = "plan.quarters.2025-Q2.all"
    answer = house.do(asked, today=DAY)
    assert answer.data["published"] is False
    assert (release, "waits") in [(row["release"], row["state"]) for row in log(house)]
    assert why_not(house, asked) == ["publish/waits"]
    assert why_not(house, "publish quarters --period 2025-Q2") == ["publish/waits"]
    assert why_not(house, f"publish --confirm {release}") == ["publish/same-person"]
    assert why_not(house, f"publish --confirm {release} --staff s-aida") == ["publish/same-person"]
    assert why_not(by_other(house), f"publish --confirm {release} --staff manager") == ["publish/same-person"]
    assert by_other(house).do(f"publish --confirm {release} --check", today=DAY).data["published"] is False
    assert by_other(house).do(f"publish --confirm {release}", today=DAY).data["published"] is True
    row = next(row for row in log(house) if row["release"] == release)
    assert (row["release"], row["state"], row["exception"], row["asked_by"], row["published_by"]) == (
        release, "published", "request_of_state", "manager", "s-aida",
    )  # fmt: skip
    assert why_not(by_other(house), f"publish --confirm {release}") == ["publish/not-asked"]
    house.do("publish quarters --period 2025-Q2", today=DAY)


def test_an_exception_for_what_is_published_names_how_it_is_printed(house: Trial) -> None:
    house.do("publish years --period 2025", today=DAY)
    refused = house.refused("publish years --period 2025 --exception --reason correction", today=DAY)
    assert refused.error == "usage/publish-reason"
    assert refused.page["error"]["message"].endswith("shelterctl publish years --period 2025")


def test_a_later_day_of_as_of_ends_no_period_and_is_said_to(house: Trial) -> None:
    refused = house.refused("publish years --period 9000 --as-of 9001-02-01", today=None)
    assert refused.codes() == ["publish/not-ended"]
    assert "--as-of" in refused.page["findings"][0]["message"]


def test_what_nobody_may_allow_is_no_exception(house: Trial) -> None:
    house.do("publish years --period 2025", today=DAY)
    end = "--exception --reason correction"
    assert why_not(house, f"publish again --period 2025 {end}") == ["publish/overlap"]
    assert why_not(house, f"publish years --period 2025 {end}") == ["usage/publish-reason"]
    house.do("publish public-year --period 2024", today=DAY)
    assert "publish/merged-otherwise" in why_not(house, f"publish quarters-of-age --period 2024-Q1 {end}")
    assert [row["state"] for row in log(house)] == ["published"] * 2


def test_two_computers_that_published_apart_are_found_once_they_meet(house: Trial) -> None:
    away = house.folder / "away"
    shutil.copytree(house.store, away)
    other = by_other(house, away)
    other.ask("check", today=DAY)
    add_late(other)
    theirs = other.do("publish years --period 2025", today=DAY).data["rows"]
    mine = house.do("publish years --period 2025", today=DAY).data["rows"]
    code = next(path.name for path in away.glob("journal/*.jsonl") if not (house.store / "journal" / path.name).exists()
                or path.stat().st_size > (house.store / "journal" / path.name).stat().st_size)  # fmt: skip
    shutil.copy(away / "journal" / code, house.store / "journal" / code)
    for path in (away / "residents").iterdir():
        shutil.copy(path, house.store / "residents" / path.name)
    assert len(log(house)) == 2
    assert "publish/twice" in house.do("publish --log", today=DAY).codes()
    assert "publish/twice" in house.ask("check", today=DAY).codes()
    assert theirs != mine
    assert house.do("publish years --period 2025", today=DAY).data["rows"] in (theirs, mine)
    assert DATE in why_not(house, "publish quarters --period 2025-Q1")


def forge(lines: list[bytes]) -> list[bytes]:
    """A hidden number of a release becomes a number."""
    place = max(number for number, line in enumerate(lines) if b"publish-cells" in line)
    forged = lines[place].replace(b':c"', b':12"', 1)
    assert forged != lines[place]
    return [*lines[:place], forged, *lines[place + 1 :]]


def cut_out(lines: list[bytes]) -> list[bytes]:
    """The release is no longer there, and all that was written after it is."""
    return [line for line in lines if b'"publish"' not in line]


def roll_back(lines: list[bytes]) -> list[bytes]:
    """The journal ends before the release."""
    return lines[: min(number for number, line in enumerate(lines) if b"publish-cells" in line)]


@pytest.mark.parametrize("change", [forge, cut_out, roll_back])
def test_by_a_ledger_that_somebody_changed_nothing_is_printed_or_published(
    house: Trial, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    house.do("publish years --period 2025", today=DAY)
    journal = next(path for path in house.store.glob("journal/*.jsonl") if b"publish-cells" in path.read_bytes())
    before = journal.read_bytes().splitlines(keepends=True)
    changed = change(before)
    assert changed != before
    journal.write_bytes(b"".join(changed))
    for words in ("publish years --period 2025", "publish quarters --period 2025-Q1", "publish --log"):
        answer = house.refused(words, today=DAY)
        assert (answer.error, answer.code, answer.data) == ("journal/rolled-back", 6, {})
    assert house.ask("check", today=DAY).code == 6
    assert journal.read_bytes() == b"".join(changed)


def test_with_the_key_of_another_store_nothing_is_printed_or_published(house: Trial) -> None:
    house.do("publish years --period 2025", today=DAY)
    other = Trial(house.folder, house.manual)
    other.store, other.key = house.folder / "elsewhere", house.folder / "elsewhere-key"
    other.do("init elsewhere --shelter osh --no-passphrase --recovery ../elsewhere-recovery", today=DAY)
    other.store = house.store
    for words in ("publish years --period 2025", "publish quarters --period 2025-Q1"):
        assert other.refused(words, today=DAY).data == {}
    assert len(log(house)) == 1


def test_the_ledger_is_in_a_backup(house: Trial) -> None:
    rows = house.do("publish years --period 2025", today=DAY).data["rows"]
    usb = house.folder / "usb"
    usb.mkdir()
    folder = house.folder / house.do("backup usb", today=DAY).data["folder"]
    house.do(f"restore {folder} --store back", today=DAY)
    back = Trial(house.folder, house.manual)
    back.store = house.folder / "back"
    assert back.do("publish years --period 2025", today=DAY).data["rows"] == rows
    assert why_not(back, "publish quarters --period 2025-Q1") == [DATE]


@pytest.mark.parametrize(("who", "may"), [("manager", True), ("s-iom", True), ("s-gulnara", False), ("s-data", False)])
def test_by_role_the_manager_and_iom_s_coordinator_publish(admitted: Desk, who: str, may: bool) -> None:
    admitted.do("facility add bishkek --registers-since 2025-01-01")
    house = house_by_role(admitted, admitted.folder.with_name("recovery"))
    desk = house.desk
    if who != "manager":
        desk.key = house.key_file(who)
    answer = desk.ask(YEAR, today=DAY)
    assert [*answer.refusals] == ([] if may else ["role/may-not-write"]), answer.out
    assert bool(log(desk)) is may
