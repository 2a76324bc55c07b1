"""What several computers of 0.3.3 to 0.3.5 wrote: read, kept by the next write, put back, and without one of them."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from shelterctl.custody.safeguards import backups_open_to_shut_out, read_noted_backups
from shelterctl.errors import CannotOpen
from shelterctl.identity import memorable_words
from shelterctl.identity.key_file import load_identity
from tests.support.released_stores import TODAY, Released, clear, expected_of
from tests.support.stores import seat

VERSIONS = ("0.3.3", "0.3.4", "0.3.5")
SEALED = (
    "after-effects", "examination", "health", "hiv", "legal", "medication", "opinion", "psychological-plan", "session",
)  # fmt: skip


@pytest.fixture(params=VERSIONS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Released:
    return Released(request.param, tmp_path / "made")


@pytest.mark.parametrize("version", VERSIONS)
def test_it_has_what_it_is_kept_for(version: str) -> None:
    """Each kind of sealed entry, one changed and one struck through, what was begun, an agreement, and sheets."""
    expected = expected_of(version)
    tracks: dict[str, Any] = expected["tracks"]
    assert all(tracks[track] for track in SEALED)
    assert [row["was"][0]["before"] for row in tracks["after-effects"]] == [{"effects": ["undermined_health", "ptss"]}]
    assert {"finding": "infection", "follow_up": True} in [
        row["was"][0]["before"] for row in tracks["health"] if row["was"]
    ]
    assert [row["void"] for row in tracks["session"]] == [None, None, "other"]
    assert [row["fields"]["report"] for row in tracks["hiv"]] == ["обследована, ответ отрицательный"]
    assert expected["of_the_other"]["unfinished"] == {"need": {"need": "нужна куртка"}}
    assert {"pink", "blue", "monitoring-report"} <= {one["form"] for one in expected["sheets"]}
    assert all(row["signed"] for row in expected["agreements"])
    assert expected["record"]["stays"][0]["discharge"]["on"] < expected["reports"][0]["date"]


@pytest.mark.parametrize("key", ["key", "second", "recovery.txt"])
def test_it_says_to_each_key_what_it_said(key: str, made: Released) -> None:
    expected = made.expected
    assert made.do(f"list --identity {key}", today=None).data["rows"] == expected["list"]
    assert made.do(f"agreements --identity {key}", today=TODAY).data["rows"] == expected["agreements"]
    assert made.do(f"monitor reports --identity {key}", today=TODAY).data["rows"] == expected["reports"]
    assert made.by_track(key) == expected["tracks"]
    assert made.sheets(key) == expected["sheets"]
    assert made.records(key) == made.written_records()


def test_nothing_in_it_is_damaged_and_its_paper_opens_every_file(
    made: Released, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memorable_words, "_FINGERPRINT_COST", 1 << 17)  # as words are reckoned outside of tests
    for key in ("key", "second"):
        made.sound(f"--identity {key}")
    made.do("check --recovery recovery.txt", today=TODAY)
    assert made.do("check", today=TODAY).data["recovery"] == {"tried_on": TODAY, "due_on": "2027-02-28"}
    assert [row["device"] for row in made.do("trust").data["rows"]] == [
        row["device"] for row in made.expected["devices"]
    ]


@pytest.mark.parametrize("key", ["key", "second"])
def test_its_next_write_keeps_every_value_in_clear_and_sealed(key: str, made: Released) -> None:
    later = {"documents_text": "a later version was here"}
    made.do(f"admit {made.her} --identity {key}", {"identity": later}, today=TODAY)
    before, now = clear(made.expected["record"]), clear(made.record())
    assert now == {**before, "identity": {**before["identity"], **later}}
    assert made.by_track() == made.expected["tracks"]
    for each in ("key", "second"):
        made.sound(f"--identity {each}")


def test_a_sealed_entry_of_it_is_changed_and_the_others_stay(made: Released) -> None:
    tracks = made.expected["tracks"]
    (session,) = (row for row in tracks["session"] if row["fields"].get("note"))
    made.do(f"add {made.her} session", {"id": session["entry"], "note": "a later version was here"}, today=TODAY)
    told = made.by_track()
    (changed,) = (row for row in told["session"] if row["entry"] == session["entry"])
    assert changed["fields"] == {**session["fields"], "note": "a later version was here"}
    assert changed["was"][-1]["before"] == {"note": session["fields"]["note"]}
    assert {track: rows for track, rows in told.items() if track != "session"} == {
        track: rows for track, rows in tracks.items() if track != "session"
    }
    made.do(f"void {made.her} {session['entry']} --reason-code other", today=TODAY)
    made.sound()


def test_what_was_begun_in_it_is_finished(made: Released) -> None:
    other = made.expected["other"]
    made.do(f"add {other} need", {"need": "нужна куртка", "class": "primary", "on": "2026-11-25"}, today=TODAY)
    assert made.record(other)["needs"][0]["need"] == "нужна куртка"
    made.sound()


def test_a_backup_of_it_is_restored_with_all_that_is_sealed(made: Released) -> None:
    (made.folder / "usb").mkdir()
    made.do("backup usb", today=None)
    shutil.rmtree(made.store)
    made.do("restore usb --store house", today=None)
    for key in ("key", "second"):
        assert made.by_track(key) == made.expected["tracks"]
    assert made.records() == made.written_records()
    assert made.do("trust", today=TODAY).data["rows"] == made.expected["devices"]
    made.sound()


def test_its_second_computer_is_shut_out_and_opens_nothing_of_it_any_more(made: Released) -> None:
    second = load_identity(made.folder / "second", None)
    (made.folder / "usb").mkdir()
    made.do("backup usb", today=None)
    files = made.sealed_files()
    done = made.do(f"device end {second.device} --lost", today=None)
    assert done.data["sealed"] == len(files) == len(made.expected["list"]) + 2
    for path in files:
        with pytest.raises(CannotOpen):
            second.open(path.read_bytes())
    assert [row["state"] for row in made.do("device list", today=None).data["rows"]] == [
        "ended" if row["device"] == second.device else row["state"] for row in made.expected["devices"]
    ]
    assert made.by_track() == made.expected["tracks"]
    assert made.by_track("recovery.txt") == made.expected["tracks"]
    assert made.sheets() == made.expected["sheets"]
    assert made.records() == made.written_records()
    made.sound()
    assert made.do("rekey", today=None).data["sealed"] == 0
    for words in (f"show {made.her}", "list"):
        assert made.ask(f"{words} --identity second", today=None).code in (5, 6)
    opened = backups_open_to_shut_out(seat(made))  # what was copied before
    assert opened == read_noted_backups(seat(made))
    assert Path(opened[-1].folder).parent.name == "usb"
