"""A store belongs to the rules that it was made with: with others it is read, and nothing is written into it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ACCEPTED, TODAY, Desk
from revised import Trial, copy_of_the_manual, retold
from terminal import At
from usual import USUAL

from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store import opening

SEAL = 'sealed: {part: medical, readers: [medical_adviser, manager], marker: [kind, "on", follow_up, closed]}\n'
UNSEALED = "home: client\nat: health\n"
BLUE = {"date": "2026-11-25", "period": {"from": "2026-12-01", "to": "2026-12-31"}, "lines": {"7b": {"amount": 100}}}
READS = (
    "list", "list --stays", "show {}", "show {} --all --names", "check", "check {}", "due", "house", "agreements",
    "agreement --form blue", "monitor due", "explain health", "trust", "staff list", "admit {}",
)  # fmt: skip
WRITES: Mapping[str, Any] = {
    "add {} health": USUAL["health"],
    "add {} need": USUAL["need"],
    "admit {}": {"notes": "later"},
    "admit": {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}},
    "admit {} --done orientation --on 2026-11-25 --by s-gulnara": None,
    "agreement {} --form blue": BLUE,
    "discharge {} --on 2026-11-25": ACCEPTED / "discharge.yaml",
    "void {} {entry} --reason-code other": None,
    "staff add s-new --role security": None,
    "ngo add moon": None,
    "house --others 2 --facility bishkek": None,
}


def draft_of(folder: Path, rulebook: str = "") -> Path:
    """A copy of the rules in which the health record is not sealed."""
    manual = Path(copy_of_the_manual(folder))
    health = manual / "tracks/health.yaml"
    health.write_text(health.read_text("utf-8").replace(SEAL, UNSEALED), "utf-8")
    edition = manual / "edition.yaml"
    kept = edition.read_text("utf-8").replace("shelf: trial\n", f"shelf: {rulebook}\n" if rulebook else "")
    edition.write_text(kept, "utf-8")
    return manual


@pytest.fixture
def tried(admitted: Desk, tmp_path: Path) -> Trial:
    """Whoever tries that draft before the store of the house."""
    return Trial(admitted.folder, draft_of(tmp_path / "draft"), admitted.her)


def shelter(desk: Desk) -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load((desk.store / "shelter.yaml").read_text("utf-8"))
    return value


def entry_of(desk: Desk) -> str:
    return str(desk.record()["iom"]["instructions"][0]["id"])


def refuses_all(desk: Desk) -> list[str]:
    """What each command that would write says; not a byte is another afterwards."""
    entry, hints = entry_of(desk), []
    for words, given in WRITES.items():
        told = desk.refused(words.format(desk.her, entry=entry), given)
        assert (words, told.code, told.error) == (words, 7, "shelf/other")
        hints.append(told.page["error"]["hint"])
    return hints


def reads_all(desk: Desk) -> None:
    before = desk.digest_of_store()
    for words in READS:
        told = desk.do(words.format(desk.her))
        known = [one["severity"] for one in told.page["findings"] if one["code"] == "shelf/other"]
        assert known == ([] if words in ("agreement --form blue", "explain health") else ["warn"]), words
    assert desk.do(f"agreement {desk.her} --form blue --check", BLUE).data["total"] == "100.00"
    assert desk.ask("find", {"first_name": "Айгуль"}).code == 0
    assert desk.digest_of_store() == before


def test_a_draft_reads_the_store_of_the_house(tried: Trial) -> None:
    reads_all(tried)


def test_and_writes_nothing_into_it(tried: Trial) -> None:
    assert all("unset SHELTERCTL_MANUAL" in hint and "demo run" in hint for hint in refuses_all(tried))
    said = tried.run(f"add {tried.her} need --lang ru", USUAL["need"]).err
    assert "не те, с которыми создано это хранилище" in said
    assert "уберите SHELTERCTL_MANUAL" in said


def test_nothing_is_asked_there_for_what_could_not_be_saved(tried: Trial) -> None:
    with At(tried, "en", TODAY, (120, 60)).live(f"add {tried.her} need") as live:
        seen = live.end()
    assert seen.code == 7
    assert "with them it is only read" in " ".join(seen.text.split())


def test_it_would_write_the_health_record_in_the_open(tried: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the check is there for: without it the entry lies unsealed in the store of the house."""
    monkeypatch.setattr(opening, "rulebook_name", lambda _: None)
    tried.do(f"add {tried.her} health", USUAL["health"])
    assert tried.record()["health"][0]["finding"] == "none"
    with pytest.raises(AssertionError):
        refuses_all(tried)


@pytest.fixture
def on_trial(admitted: Desk) -> Desk:
    """A store that was made to try rules of another folder, opened with the shipped ones."""
    retold(admitted)
    return admitted


def test_a_store_on_trial_is_read_by_the_shipped_rules_and_not_written_to(on_trial: Desk) -> None:
    assert (shelter(on_trial)["shelf"], shelter(on_trial)["schema"]) == ("trial", "shelter/3")
    reads_all(on_trial)
    assert all("name the folder of those rules in SHELTERCTL_MANUAL" in hint for hint in refuses_all(on_trial))


def test_so_it_is_between_two_drafts(on_trial: Desk, tmp_path: Path) -> None:
    another = Trial(on_trial.folder, draft_of(tmp_path / "another", "osh-2027"), on_trial.her)
    reads_all(another)
    refuses_all(another)
    same = Trial(on_trial.folder, draft_of(tmp_path / "same"), on_trial.her)  # of no name: on trial too
    same.do(f"add {same.her} health", USUAL["health"])


@pytest.mark.parametrize(("rulebook", "named"), [("", "trial"), ("osh-2027", "osh-2027")])
def test_a_store_that_is_made_with_a_draft_is_one_of_it(rulebook: str, named: str, tmp_path: Path) -> None:
    desk = Trial(tmp_path / "desk", draft_of(tmp_path / "draft", rulebook))
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery ../recovery", today=None)
    assert (shelter(desk)["shelf"], shelter(desk)["schema"]) == (named, "shelter/3")
    desk.do("house --others 2 --facility bishkek")
    assert shelter(desk)["shelf"] == named
    assert desk.do("check", today=None).codes() == []
    desk.do("facility add bishkek --capacity 9")
    desk.do("facility add bishkek --capacity 8")
    assert (shelter(desk)["shelf"], shelter(desk)["schema"]) == (named, "shelter/3")


def test_the_shipped_rules_are_the_shipped_ones_wherever_they_lie(admitted: Desk, tmp_path: Path) -> None:
    manual = copy_of_the_manual(tmp_path / "copy")
    edition = manual / "edition.yaml"
    edition.write_bytes((open_rulebook().folder / "edition.yaml").read_bytes())
    copy = Trial(admitted.folder, manual, admitted.her)
    copy.do(f"add {copy.her} need", USUAL["need"])
    assert "shelf" not in shelter(admitted)
    assert shelter(admitted)["schema"] == "shelter/1"


def test_what_writes_by_no_rule_goes_on(tried: Trial, usb: Path) -> None:
    """Copies, what this computer remembers, and who may read: none of it depends on the rules."""
    tried.do("backup usb", today=None)
    tried.do("restore usb --store again", today=None)
    assert "shelf" not in yaml.safe_load((tried.folder / "again/shelter.yaml").read_text("utf-8"))
    assert tried.refused(f"add {tried.her} need --store again", USUAL["need"]).error == "shelf/other"
    number = str(tried.do("check", today=None).data["sheet"]["number"])
    for note in (tried.folder / "key.heads").iterdir():
        note.unlink()
    tried.do(f"check --remember --number {number}", today=None)
    Desk.do(tried, "trust", today=None)


def test_the_demonstration_of_a_draft_is_one_of_it(tmp_path: Path) -> None:
    desk = Trial(tmp_path / "desk", copy_of_the_manual(tmp_path / "draft"))
    desk.folder.mkdir()
    desk.do("demo run trial", today=None)
    told = yaml.safe_load((desk.folder / "trial/house/shelter.yaml").read_text("utf-8"))
    assert told["shelf"] == "trial"
