"""What two computers of 0.3.2 wrote: each entry of each part is read, kept by the next write, and put back."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from shelterctl.identity import memorable_words
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.desk import Desk
from tests.support.paths import PROJECT

TODAY = "2026-11-30"
MADE = PROJECT / "tests/stores/0.3.2"
EXPECTED: dict[str, Any] = json.loads((MADE / "expected.json").read_text("utf-8"))
HER, OTHER = EXPECTED["her"], EXPECTED["other"]
SEALED = ("health", "hiv", "session", "legal", "opinion", "examination", "psychological-plan")
EFFECTS = {"undermined_health", "ptss"}
"""What trafficking did to her: 0.3.2 kept it open, in the need; where it lies is free, and that it is said is not."""


@pytest.fixture
def made(tmp_path: Path) -> Desk:
    """The desk of the first computer."""
    shutil.copytree(MADE, tmp_path / "made")
    return Desk(tmp_path / "made", HER)


def by_track(desk: Desk, key: str = "key") -> dict[str, Any]:
    """Every entry of each track that 0.3.2 had something in, without the codes of effects."""
    return {
        track: [_without_effects(row) for row in desk.do(f"show {HER} {track} --names --identity {key}").data["rows"]]
        for track in EXPECTED["tracks"]
    }


def _without_effects(row: dict[str, Any]) -> dict[str, Any]:
    fields = {name: said for name, said in row["fields"].items() if name != "effects"}
    return {**row, "fields": fields}


WRITTEN = {track: [_without_effects(row) for row in rows] for track, rows in EXPECTED["tracks"].items()}


def effects(desk: Desk) -> set[str]:
    """The codes of effects wherever her file says them to whoever may read all of it."""
    tracks = open_rulebook().track_names
    said = str([desk.ask(f"show {HER} {track} --names").out for track in tracks] + [desk.record()])
    return {code for code in EFFECTS if code in said}


def clear(record: dict[str, Any]) -> dict[str, Any]:
    """A file as it is shown, without what each save makes anew, and what may be sealed by now."""
    kept = {name: said for name, said in record.items() if name not in ("schema", "edition", "sealed")}
    needs = [{name: said for name, said in need.items() if name != "effects"} for need in record.get("needs", [])]
    return {**kept, "needs": needs}


def sound(desk: Desk, more: str = "") -> None:
    """Check finds nothing damaged."""
    said = desk.do(f"check {more}", today=TODAY).data["said"]
    assert "Nothing in the store is damaged." in said


def test_it_has_what_it_is_kept_for() -> None:
    """A changed sealed entry, one that is struck through, the HIV report, an agreement, a discharge, a report."""
    tracks = EXPECTED["tracks"]
    assert set(SEALED) <= {*tracks}
    assert [row["was"][0]["before"] for row in tracks["health"] if row["was"]] == [
        {"finding": "infection", "follow_up": True}
    ]
    assert [row["void"] for row in tracks["session"]] == [None, None, "other"]
    assert [row["fields"]["report"] for row in tracks["hiv"]] == ["обследована, ответ отрицательный"]
    assert EFFECTS in [set(row["fields"].get("effects", [])) for row in tracks["need"]]
    assert len(EXPECTED["agreements"]) >= 1
    assert EXPECTED["record"]["stays"][0]["discharge"]["on"] < EXPECTED["reports"][0]["date"]
    assert [row["state"] for row in EXPECTED["devices"]] == ["here", "in_force"]


@pytest.mark.parametrize("key", ["key", "second", "recovery.txt"])
def test_it_says_to_each_key_what_it_said(key: str, made: Desk) -> None:
    assert made.do(f"list --identity {key}", today=TODAY).data["rows"] == EXPECTED["list"]
    assert made.do(f"agreements --identity {key}", today=TODAY).data["rows"] == EXPECTED["agreements"]
    assert made.do(f"monitor reports --identity {key}", today=TODAY).data["rows"] == EXPECTED["reports"]
    assert by_track(made, key) == WRITTEN
    assert effects(made) == EFFECTS
    shown = made.do(f"show {HER} --names --identity {key}", today=TODAY).data["record"]
    assert clear(shown) == clear(EXPECTED["record"])
    assert (
        made.do(f"show {OTHER} --names --identity {key}").data["record"]["stays"] == EXPECTED["of_the_other"]["stays"]
    )


def test_nothing_in_it_is_damaged_and_its_paper_opens_every_file(made: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memorable_words, "_FINGERPRINT_COST", 1 << 17)  # as words are reckoned outside of tests
    for key in ("key", "second"):
        sound(made, f"--identity {key}")
    made.do("check --recovery recovery.txt", today=TODAY)
    assert [row["device"] for row in made.do("trust").data["rows"]] == [row["device"] for row in EXPECTED["devices"]]


@pytest.mark.parametrize("key", ["key", "second"])
def test_its_next_write_keeps_every_value_in_clear_and_sealed(key: str, made: Desk) -> None:
    later = {"documents_text": "a later version was here"}
    made.do(f"admit {HER} --identity {key}", {"identity": later}, today=TODAY)
    before, now = clear(EXPECTED["record"]), clear(made.record())
    assert now == {**before, "identity": {**before["identity"], **later}}
    assert by_track(made) == WRITTEN
    assert effects(made) == EFFECTS
    for each in ("key", "second"):
        sound(made, f"--identity {each}")


def test_a_sealed_entry_of_it_is_changed_and_the_others_stay(made: Desk) -> None:
    (session,) = (row for row in EXPECTED["tracks"]["session"] if row["fields"].get("note"))
    made.do(f"add {HER} session", {"id": session["entry"], "note": "a later version was here"}, today=TODAY)
    told = by_track(made)
    (changed,) = (row for row in told["session"] if row["entry"] == session["entry"])
    assert changed["fields"] == {**session["fields"], "note": "a later version was here"}
    assert changed["was"][-1]["before"] == {"note": session["fields"]["note"]}
    assert {track: rows for track, rows in told.items() if track != "session"} == {
        track: rows for track, rows in WRITTEN.items() if track != "session"
    }
    made.do(f"void {HER} {session['entry']} --reason-code other", today=TODAY)
    sound(made)


def test_a_backup_of_it_is_restored_with_all_that_is_sealed(made: Desk) -> None:
    (made.folder / "usb").mkdir()
    made.do("backup usb", today=None)
    shutil.rmtree(made.store)
    made.do("restore usb --store house", today=None)
    assert by_track(made) == WRITTEN
    assert by_track(made, "second") == WRITTEN
    assert clear(made.record()) == clear(EXPECTED["record"])
    sound(made)
