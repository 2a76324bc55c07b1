"""What the stores of 0.3.4 and 0.3.5 have: a computer that was lost and went on, a list that parted, a paper that was
renewed, and somebody who left.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from shelterctl.errors import CannotOpen
from shelterctl.identity import memorable_words
from shelterctl.identity.key_file import load_identity
from tests.support.desk import Desk
from tests.support.released_stores import TODAY, Released, clear

ASKED_SINCE = ("role_since", "supervisor", "registered")


@pytest.fixture(params=("0.3.4", "0.3.5"))
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Released:
    monkeypatch.setattr(memorable_words, "_FINGERPRINT_COST", 1 << 17)  # as words are reckoned outside of tests
    return Released(request.param, tmp_path / "made")


def lost(desk: Desk) -> str:
    """The code of the computer that was lost."""
    return str(load_identity(desk.folder / "third", None).device)


def check(desk: Desk, key: str) -> dict[str, Any]:
    """What check says of the store itself, without what is open by the manual."""
    answer = desk.do(f"check --identity {key}", today=TODAY)
    told = [one for one in answer.page["findings"] if one["severity"] != "open"]
    findings = [{name: one[name] for name in ("code", "severity", "record", "facts")} for one in told]
    return {
        "findings": without_codes_of_rules(findings),
        **{name: answer.data[name] for name in ("sheet", "copies", "recovery")},
    }


def without_codes_of_rules(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings, of rules without the code's second word: since 0.6.0 each meaning has one of its own."""
    return [{**one, "code": "track/" if one["code"].startswith("track/") else one["code"]} for one in findings]


def staff_list(desk: Desk) -> list[dict[str, Any]]:
    """The rows of the register of staff without what later versions ask besides, which nobody has said there."""
    rows: list[dict[str, Any]] = desk.do("staff list", today=TODAY).data["rows"]
    assert all(row[name] is None for row in rows for name in ASKED_SINCE)
    return [{name: said for name, said in row.items() if name not in ASKED_SINCE} for row in rows]


def statements(desk: Desk) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (desk.store / "trust.jsonl").read_bytes().splitlines()]


def test_it_has_what_it_is_kept_for(made: Released) -> None:
    kinds = [one["kind"] for one in statements(made)]
    assert kinds == ["root", "device", "device", "end", "end", "settle", "end", "recovery"]
    assert [row["state"] for row in made.expected["devices"]] == ["here", "in_force", "ended"]
    ended = next(one for one in statements(made) if one.get("device") == lost(made))
    behind = len((made.store / f"journal/{lost(made)}.jsonl").read_bytes().splitlines()) - ended["lines"]
    assert (ended["why"], behind) == ("lost", 2)
    more = [line["more"] for line in made.lines() if "more" in line]
    assert [one["behind"]["device"] for one in more if "behind" in one] == [lost(made)]
    assert [one["device"] for one in more if one.get("vouched")] == [lost(made)]
    assert [line["did"] for line in made.lines()].count("rekey") >= len(made.expected["list"])
    assert [row["until"] for row in made.expected["staff"]].count("2026-11-28") == 1
    heads = {path.name.partition(".")[2] for path in made.folder.glob("key.heads/*")}
    assert heads == {"", "trust", "copies", "drill"}


def test_it_says_of_itself_what_it_said(made: Released) -> None:
    trust = made.do("trust", today=TODAY).data
    assert (trust["sheet"], trust["rows"]) == (made.expected["trust"], made.expected["devices"])
    assert made.do("device list", today=TODAY).data["rows"] == made.expected["device_list"]
    assert staff_list(made) == made.expected["staff"]
    said = {
        key: {**one, "findings": without_codes_of_rules(one["findings"])} for key, one in made.expected["check"].items()
    }
    assert {key: check(made, key) for key in ("key", "second")} == said
    assert made.do("rekey --check", today=TODAY).data["rows"] == []


def test_neither_the_lost_computer_nor_the_old_paper_opens_anything(made: Released) -> None:
    for name in ("third", "old-recovery.txt"):
        identity = load_identity(made.folder / name, None)
        for path in made.sealed_files():
            with pytest.raises(CannotOpen):
                identity.open(path.read_bytes())
    told = made.refused("list --identity third")
    assert (told.code, told.error) == (5, "trust/shut-out")
    told = made.refused("check --recovery old-recovery.txt")
    assert (told.code, told.error) == (5, "trust/paper-replaced")


JOIN = "trust --join --no-passphrase --identity fourth --staff s-gulnara --recovery"


def test_the_paper_in_force_admits_a_computer_and_the_old_one_does_not(made: Released) -> None:
    assert made.refused(f"{JOIN} old-recovery.txt", today=None).error == "trust/paper-replaced"
    made.do(f"{JOIN} recovery.txt", today=None)
    made.do("trust --accept", today=None)
    assert [row["state"] for row in made.do("trust", today=None).data["rows"]] == [
        "here", "in_force", "ended", "in_force",
    ]  # fmt: skip
    assert made.by_track("fourth") == made.expected["tracks"]
    made.sound()


def test_its_paper_is_renewed_once_more(made: Released) -> None:
    made.do("recovery renew --recovery newest.txt", today=None)
    made.do("check --recovery newest.txt", today=None)
    for paper in ("old-recovery.txt", "recovery.txt"):
        assert made.refused(f"check --recovery {paper}", today=None).error == "trust/paper-replaced"
    assert made.by_track("newest.txt") == made.expected["tracks"]
    made.sound()


def test_who_left_writes_nothing_until_she_is_back(made: Released) -> None:
    her = f"admit {made.her} --staff s-meerim"
    told = made.refused(her, {"notes": "a later version was here"}, today=TODAY)
    assert (told.code, told.error) == (2, "staff/left")
    made.do("staff add s-meerim --role medical_adviser --since 2026-11-30", today=TODAY)
    made.do(her, {"notes": "a later version was here"}, today=TODAY)
    made.sound()


def test_the_file_that_was_vouched_for_is_gone_on_with(made: Released) -> None:
    vouched = made.expected["vouched"]
    before = clear(made.expected["of_the_vouched"])
    made.do(f"admit {vouched} --identity second", {"identity": {"languages": ["ky"]}}, today=TODAY)
    assert clear(made.record(vouched)) == {**before, "identity": {**before["identity"], "languages": ["ky"]}}
    assert check(made, "key")["findings"] == without_codes_of_rules(
        made.expected["check"]["key"]["findings"]
    )  # who signed for it stays told


def test_what_it_says_of_itself_comes_back_from_a_backup(made: Released) -> None:
    (made.folder / "usb").mkdir()
    made.do("backup usb", today=None)
    made.do("restore usb --store again", today=None)
    again = Desk(made.folder, made.her)
    again.store = made.folder / "again"
    assert again.do("device list", today=TODAY).data["rows"] == made.expected["device_list"]
    assert staff_list(again) == made.expected["staff"]
    assert check(again, "key")["findings"] == without_codes_of_rules(made.expected["check"]["key"]["findings"])


def test_what_more_comes_behind_the_end_of_the_lost_computer_is_told_and_counts_for_nothing(made: Released) -> None:
    journal = made.store / f"journal/{lost(made)}.jsonl"
    journal.write_bytes(journal.read_bytes() + journal.read_bytes().splitlines(keepends=True)[-1])
    told = made.ask("check", today=TODAY)
    assert (told.code, "journal/shut-out" in told.codes()) == (6, True)
    assert made.records() == made.written_records()
    made.do("repair journal", today=TODAY)
    made.sound()
