"""What two computers of 0.3.3 wrote: read, kept by the next write, put back, and without one of them from then on."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from backups import seat
from conftest import PROJECT, Desk

from shelterctl.custody.safeguards import backups_open_to_shut_out, last_backup_day, read_noted_backups
from shelterctl.errors import CannotOpen
from shelterctl.identity import memorable_words
from shelterctl.identity.key_file import load_identity
from shelterctl.view.safeguards import LAST_BACKUP_OLD_AND_FEW, overview_reminder

TODAY = "2026-11-30"
MADE = PROJECT / "tests/stores/0.3.3"
EXPECTED: dict[str, Any] = json.loads((MADE / "expected.json").read_text("utf-8"))
HER, OTHER = EXPECTED["her"], EXPECTED["other"]
SEALED = (
    "after-effects", "examination", "health", "hiv", "legal", "medication", "opinion", "psychological-plan", "session",
)  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Desk:
    """The desk of the first computer."""
    shutil.copytree(MADE, tmp_path / "made")
    return Desk(tmp_path / "made", HER)


def by_track(desk: Desk, key: str = "key") -> dict[str, Any]:
    """Every entry of each track that 0.3.3 had something in."""
    return {track: desk.do(f"show {HER} {track} --names --identity {key}").data["rows"] for track in EXPECTED["tracks"]}


def sheets(desk: Desk, key: str = "key") -> list[dict[str, Any]]:
    """What is said of each sheet that was printed, by its code."""
    found = [desk.do(f"paper {one['code']} --identity {key}", today=TODAY).data for one in EXPECTED["sheets"]]
    return [{name: each[name] for name in one} for each, one in zip(found, EXPECTED["sheets"], strict=True)]


def clear(record: dict[str, Any]) -> dict[str, Any]:
    """A file as it is shown, without what each save makes anew."""
    return {name: said for name, said in record.items() if name not in ("schema", "edition", "sealed")}


def sound(desk: Desk, more: str = "") -> None:
    """Check finds nothing damaged."""
    said = desk.do(f"check {more}", today=TODAY).data["said"]
    assert "Nothing in the store is damaged." in said


def lines(desk: Desk) -> list[dict[str, Any]]:
    """Every line of the journals."""
    return [json.loads(one) for path in desk.store.glob("journal/*.jsonl") for one in path.read_text().splitlines()]


def test_it_has_what_it_is_kept_for(made: Desk) -> None:
    """Each kind of sealed entry, one changed and one struck through, what was begun, sheets, and signed repairs."""
    tracks = EXPECTED["tracks"]
    assert all(tracks[track] for track in SEALED)
    assert [row["was"][0]["before"] for row in tracks["after-effects"]] == [{"effects": ["undermined_health", "ptss"]}]
    assert {"finding": "infection", "follow_up": True} in [
        row["was"][0]["before"] for row in tracks["health"] if row["was"]
    ]
    assert [row["void"] for row in tracks["session"]] == [None, None, "other"]
    assert [row["fields"]["report"] for row in tracks["hiv"]] == ["обследована, ответ отрицательный"]
    assert EXPECTED["of_the_other"]["unfinished"] == {"need": {"need": "нужна куртка"}}
    assert {"pink", "blue", "monitoring-report"} <= {one["form"] for one in EXPECTED["sheets"]}
    assert EXPECTED["record"]["stays"][0]["discharge"]["on"] < EXPECTED["reports"][0]["date"]
    assert [row["state"] for row in EXPECTED["devices"]] == ["here", "in_force"]
    more = [line["more"] for line in lines(made) if "more" in line]
    assert [one["uncounted"] for one in more if "uncounted" in one] == [7, 1]
    assert [set(one) for one in more if "clock" in one] == [{"clock"}]
    assert [line["at"][:4] for line in lines(made) if line["at"] > "2027"] == ["2054"]
    heads = [{path.name.partition(".")[2] for path in (MADE / f"{key}.heads").iterdir()} for key in ("key", "second")]
    assert heads == [{"", "trust", "backup"}, {"", "trust"}]


@pytest.mark.parametrize("key", ["key", "second", "recovery.txt"])
def test_it_says_to_each_key_what_it_said(key: str, made: Desk) -> None:
    assert made.do(f"list --identity {key}", today=TODAY).data["rows"] == EXPECTED["list"]
    assert made.do(f"agreements --identity {key}", today=TODAY).data["rows"] == EXPECTED["agreements"]
    assert made.do(f"monitor reports --identity {key}", today=TODAY).data["rows"] == EXPECTED["reports"]
    assert by_track(made, key) == EXPECTED["tracks"]
    assert sheets(made, key) == EXPECTED["sheets"]
    for id_, record in ((HER, EXPECTED["record"]), (OTHER, EXPECTED["of_the_other"])):
        assert clear(made.do(f"show {id_} --names --identity {key}", today=TODAY).data["record"]) == clear(record)


def test_nothing_in_it_is_damaged_and_its_paper_opens_every_file(made: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memorable_words, "_FINGERPRINT_COST", 1 << 17)  # as words are reckoned outside of tests
    for key in ("key", "second"):
        sound(made, f"--identity {key}")
    made.do("check --recovery recovery.txt", today=TODAY)
    assert made.do("check", today=TODAY).data["recovery"] == {"tried_on": TODAY, "due_on": "2027-02-28"}
    assert [row["device"] for row in made.do("trust").data["rows"]] == [row["device"] for row in EXPECTED["devices"]]


def test_the_reminder_of_its_last_backup_goes_on_and_ends_with_the_next_one(made: Desk) -> None:
    session = seat(made)
    assert last_backup_day(session) == date(2026, 11, 30)
    session.options = replace(session.options, as_of="2026-12-07")
    assert [sentence for sentence, _ in overview_reminder(session)] == [LAST_BACKUP_OLD_AND_FEW]
    (made.folder / "usb").mkdir()
    made.do("backup usb", today=None)
    assert [Path(one.folder).parent.name for one in read_noted_backups(session)] == ["usb"]


@pytest.mark.parametrize("key", ["key", "second"])
def test_its_next_write_keeps_every_value_in_clear_and_sealed(key: str, made: Desk) -> None:
    later = {"documents_text": "a later version was here"}
    made.do(f"admit {HER} --identity {key}", {"identity": later}, today=TODAY)
    before, now = clear(EXPECTED["record"]), clear(made.record())
    assert now == {**before, "identity": {**before["identity"], **later}}
    assert by_track(made) == EXPECTED["tracks"]
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
        track: rows for track, rows in EXPECTED["tracks"].items() if track != "session"
    }
    made.do(f"void {HER} {session['entry']} --reason-code other", today=TODAY)
    sound(made)


def test_what_was_begun_in_it_is_finished(made: Desk) -> None:
    made.do(f"add {OTHER} need", {"need": "нужна куртка", "class": "primary", "on": "2026-11-25"}, today=TODAY)
    assert made.record(OTHER)["needs"][0]["need"] == "нужна куртка"
    sound(made)


def test_a_backup_of_it_is_restored_with_all_that_is_sealed(made: Desk) -> None:
    (made.folder / "usb").mkdir()
    made.do("backup usb", today=None)
    shutil.rmtree(made.store)
    made.do("restore usb --store house", today=None)
    for key in ("key", "second"):
        assert by_track(made, key) == EXPECTED["tracks"]
    assert clear(made.record()) == clear(EXPECTED["record"])
    sound(made)


def test_its_second_computer_is_shut_out_and_opens_nothing_of_it_any_more(made: Desk) -> None:
    second = load_identity(made.folder / "second", None)
    (made.folder / "usb").mkdir()
    made.do("backup usb", today=None)
    files = [path.relative_to(made.store).as_posix() for path in made.store.rglob("*.age")]
    done = made.do(f"device end {second.device} --lost", today=None)
    assert done.data["sealed"] == len(files) == 4
    now = {path: (made.store / path).read_bytes() for path in files}
    for data in now.values():
        with pytest.raises(CannotOpen):
            second.open(data)
    assert [row["state"] for row in made.do("device list", today=None).data["rows"]] == ["here", "ended"]
    assert by_track(made) == EXPECTED["tracks"]
    assert by_track(made, "recovery.txt") == EXPECTED["tracks"]
    assert sheets(made) == EXPECTED["sheets"]
    assert clear(made.record()) == clear(EXPECTED["record"])
    sound(made)
    assert made.do("rekey", today=None).data["sealed"] == 0
    for words in (f"show {HER}", "list"):
        assert made.ask(f"{words} --identity second", today=None).code in (5, 6)
    (out,) = backups_open_to_shut_out(seat(made))  # what was copied before
    assert Path(out.folder).parent.name == "usb"
