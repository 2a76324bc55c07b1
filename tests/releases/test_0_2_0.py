"""What 0.2.0 made: a store of two computers with every repair in it, and one of 0.1.0 that it took over."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from shelterctl.identity import memorable_words
from tests.releases.test_0_1_0 import EXPECTED as BY_0_1_0
from tests.releases.test_0_1_0 import kept, reads_as_before, sheets_are_found, told
from tests.support.desk import Desk
from tests.support.paths import MADE_BY_0_2_0 as MADE

EXPECTED: dict[str, Any] = json.loads((MADE / "expected.json").read_text("utf-8"))
ASEL, JYLDYZ, AIGUL, AIBEK = "0EPB-45E1", "2T47-H5MY", "HVN8-A0C2", "PNZN-VGQ7"
TWICE, NOBODY = "W1HR-3ZD0", "W5QN-Y9H4"
COMPUTERS = ("key", "second")
REPAIRS = [found["facts"] for found in EXPECTED["check"] if found["code"] == "store/repaired"]
HARM = ("journal/", "vault/", "trust/", "store/misshapen", "store/unreadable", "store/stranger", "store/part")


@pytest.fixture
def made(tmp_path: Path) -> Desk:
    """The desk of the first computer, the second one's key beside it."""
    shutil.copytree(MADE, tmp_path / "made")
    return Desk(tmp_path / "made", AIGUL)


@pytest.fixture
def real_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words as they are reckoned outside of tests, where guessing has to be slow."""
    monkeypatch.setattr(memorable_words, "_FINGERPRINT_COST", 1 << 17)


def at(made: Desk, computer: str) -> Desk:
    """Whoever sits at that computer."""
    desk = Desk(made.folder, made.her)
    desk.key = made.folder / computer
    return desk


def whole(desk: Desk) -> None:
    """That check finds no harm, and tells of every repair as 0.2.0 did."""
    checked = desk.do("check")
    assert "Nothing in the store is damaged." in checked.data["said"]
    assert not [code for code in checked.codes() if code.startswith(HARM)]
    assert checked.refusals == []
    repaired = [found["facts"] for found in checked.page["findings"] if found["code"] == "store/repaired"]
    assert all(facts in repaired for facts in REPAIRS)


@pytest.mark.parametrize("computer", COMPUTERS)
def test_either_computer_reads_what_0_2_0_read(computer: str, made: Desk) -> None:
    desk, before = at(made, computer), made.digest()
    reads_as_before(desk, expected=EXPECTED)
    whole(desk)
    assert made.digest() == before


def test_check_finds_what_it_found(made: Desk) -> None:
    assert {facts["did"] for facts in REPAIRS} == {"repair", "restore"}
    found = {(one["code"], one["record"], one["where"]) for one in made.do("check").page["findings"]}
    left = (TWICE, NOBODY)  # of files that count nowhere nothing is asked any more
    said = {(one["code"], one["record"], one["where"]) for one in EXPECTED["check"] if one["record"] not in left}
    assert said <= found


def test_the_codes_of_its_sheets_are_found(made: Desk) -> None:
    assert not any(sheets_are_found(made, EXPECTED))


@pytest.mark.usefixtures("real_words")
def test_its_words_and_number_are_those_on_the_sheet_in_the_safe(made: Desk) -> None:
    found, said = made.do("trust").data, EXPECTED["trust"]
    assert {key: found["sheet"][key] for key in said["sheet"]} == said["sheet"]
    rows = zip(found["rows"], said["rows"], strict=True)
    assert [{key: row[key] for key in one} for row, one in rows] == said["rows"]
    words, number = said["sheet"]["words"], said["sheet"]["number"]
    assert made.do(f"check --words '{words}' --number {number}").code == 0


@pytest.mark.usefixtures("real_words")
def test_the_paper_alone_opens_every_file(made: Desk) -> None:
    files = [*made.store.glob("*.age"), *made.store.glob("*.yaml"), *made.store.glob("residents/*")]
    for computer in COMPUTERS:
        shutil.rmtree(made.folder / f"{computer}.heads")
        (made.folder / computer).unlink()
    assert made.do("check --recovery recovery").data["opened"] == len(files)
    paper = at(made, "recovery")
    assert [paper.record(id_) for id_ in EXPECTED["records"]] == [told(each) for each in EXPECTED["records"].values()]


WRITES: dict[str, tuple[str, Any]] = {
    AIGUL: (f"admit {AIGUL}", {"notes": "Придумано позже."}),
    ASEL: (f"monitor attempt {ASEL} --on 2026-11-20 --how phone --outcome reached", None),
    AIBEK: (f"agreement {AIBEK} --form blue", MADE.parent / "0.1.0" / "given" / "aibek-blue-wrong.yaml"),
    JYLDYZ: (f"admit {JYLDYZ}", {"identification_number": "KG-0000-008"}),
    NOBODY: (f"admit {NOBODY}", {"notes": "Придумано позже."}),
    "": ("staff add s-later --role security", {"name": "Придуман Позже"}),
}


@pytest.mark.parametrize("computer", COMPUTERS)
def test_the_next_write_of_either_keeps_every_value_and_the_other_goes_on(computer: str, made: Desk) -> None:
    desk = at(made, computer)
    for words, given in WRITES.values():
        desk.do(words, given)
    for id_, before in EXPECTED["records"].items():
        now = desk.record(id_)
        assert kept(told(before), now)
        assert (now != {**told(before), "schema": now["schema"]}) is (id_ in WRITES)
    other = at(made, next(each for each in COMPUTERS if each != computer))
    other.do("house --others 4 --facility bishkek")
    whole(other)
    whole(desk)


@pytest.mark.parametrize("computer", COMPUTERS)
def test_its_backup_is_restored_and_says_what_is_lacking(computer: str, made: Desk) -> None:
    desk = at(made, computer)
    shutil.rmtree(made.store)
    assert desk.do("restore usb --store house", today=None).data["lacking"] == {"key": 1, "second": 2}[computer]
    desk.do(f"admit {AIGUL} --done orientation --on 2026-11-25 --by s-gulnara")
    others = [id_ for id_ in EXPECTED["records"] if id_ != AIGUL]
    assert [desk.record(id_) for id_ in others] == [told(EXPECTED["records"][id_]) for id_ in others]
    whole(desk)


@pytest.mark.program("age")
@pytest.mark.parametrize("computer", COMPUTERS)
def test_age_alone_opens_a_file(computer: str, made: Desk) -> None:
    asked = ["age", "-d", "-i", str(made.folder / computer), str(made.store / "directory.yaml.age")]
    opened = subprocess.run(asked, capture_output=True, check=True).stdout
    assert yaml.load(opened, yaml.BaseLoader) == EXPECTED["directory"]  # noqa: S506 - it makes texts alone


@pytest.fixture
def adopted(made: Desk) -> Desk:
    """The desk of the store of 0.1.0 that 0.2.0 took over."""
    return Desk(made.folder / "taken")


def test_what_it_took_over_reads_as_0_1_0_read_it_and_is_written_to(adopted: Desk) -> None:
    reads_as_before(adopted)
    assert all(sheets_are_found(adopted))
    lines = [json.loads(line) for line in (adopted.store / "trust.jsonl").read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["root", "accept"]
    trust = adopted.do("trust").data
    assert trust["sheet"]["paper_signed"] is True
    assert trust["sheet"]["number"] == EXPECTED["taken"]["sheet"]["number"]
    assert [row["state"] for row in trust["rows"]] == ["here"]
    id_ = next(iter(BY_0_1_0["records"]))
    adopted.do(f"admit {id_}", {"notes": "Придумано позже."})
    assert kept(told(BY_0_1_0["records"][id_]), adopted.record(id_))
    checked = adopted.do("check")
    assert "Nothing in the store is damaged." in checked.data["said"]
    assert not any("paper has not signed" in sentence for sentence in checked.data["said"])
