"""What only the store of 0.3.5 has: a woman in whose file nearly every field of every track is filled, each act on an
entry, and registers in which all is said.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.support.released_stores import TODAY, Released, clear, expected_of

KEYS = ("key", "second", "recovery.txt")
SEALED = ("examination", "session", "opinion", "legal", "psychological-plan", "health", "medication")
REGISTERS = ("staff", "ngo", "provider", "facility")


@pytest.fixture
def made(tmp_path: Path) -> Released:
    return Released("0.3.5", tmp_path / "made")


def in_words(name: str) -> str:
    """What is written in a field of text."""
    return f"вымышлено: {name}"


def test_it_has_what_it_is_kept_for() -> None:
    expected = expected_of("0.3.5")
    tracks = expected["tracks_of_the_whole"]
    filled = {(track, name) for track, rows in tracks.items() for row in rows for name in row["fields"]}
    assert (len(tracks), len(filled)) == (53, 451)
    acts = {
        ("plan", "approved"), ("plan", "started"), ("plan", "closed"), ("psychological-plan", "approved"),
        ("health", "closed"), ("absence", "permitted"), ("disclosure", "authorised"),
    }  # fmt: skip
    assert acts <= filled
    assert {("blue", "terminated"), ("blue", "corrections"), ("report", "signed"), ("closing", "reason")} <= filled
    assert [row["void"] for row in tracks["pink"]] == [None, "entered_twice"]
    assert [row["fields"].get("facility") for row in tracks["stay"]] == ["osh", "bishkek"]
    assert {row["recorded_by"] for rows in tracks.values() for row in rows} >= {"manager", "s-aida", "s-gulnara"}
    assert expected["of_the_man"]["monitoring"]["scheduled"]["on"] == "2027-07-01"
    assert {row["role"] for row in expected["registers"]["staff"]} >= {"security", "legal_adviser", "data_officer"}
    assert [row["kind"] for row in expected["registers"]["facility"]] == ["shelter", "shelter", "carc"]


@pytest.mark.parametrize("key", KEYS)
def test_every_entry_of_every_track_is_read_by_each_key(key: str, made: Released) -> None:
    tracks = made.expected["tracks_of_the_whole"]
    assert made.entries(made.expected["whole"], tracks, key) == tracks


@pytest.mark.parametrize("key", ["key", "second"])
def test_the_next_write_into_her_file_keeps_every_value_of_it(key: str, made: Released) -> None:
    whole, tracks = made.expected["whole"], made.expected["tracks_of_the_whole"]
    later = {"documents_text": "a later version was here"}
    made.do(f"admit {whole} --identity {key}", {"identity": later}, today=TODAY)
    before, now = clear(made.expected["of_the_whole"]), clear(made.record(whole))
    assert now == {**before, "identity": {**before["identity"], **later}}
    told = made.entries(whole, tracks)
    assert {**told, "identity": tracks["identity"]} == tracks
    made.sound()


def test_an_entry_of_each_sealed_track_is_changed_and_the_others_stay(made: Released) -> None:
    whole, tracks = made.expected["whole"], made.expected["tracks_of_the_whole"]
    for track in SEALED:
        row, name = next(
            (row, name) for row in tracks[track] for name, said in row["fields"].items() if said == in_words(name)
        )
        made.do(f"add {whole} {track}", {"id": row["entry"], name: "a later version was here"}, today=TODAY)
        told = made.entries(whole, tracks)
        (changed,) = (each for each in told[track] if each["entry"] == row["entry"])
        assert changed["fields"] == {**row["fields"], name: "a later version was here"}
        assert {other: rows for other, rows in told.items() if other != track} == {
            other: rows for other, rows in tracks.items() if other != track
        }
        tracks = {**tracks, track: told[track]}
    made.sound()


def as_asked_then(rows: list[dict[str, Any]], said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without the columns that came later; nobody has said anything in them."""
    known = {name for row in said for name in row}
    assert not [row[name] for row in rows for name in row if name not in known and row[name]]
    return [{name: value for name, value in row.items() if name in known} for row in rows]


def test_its_registers_are_read_and_kept_by_the_next_write(made: Released) -> None:
    said = made.expected["registers"]
    for name in REGISTERS:
        assert as_asked_then(made.do(f"{name} list", today=TODAY).data["rows"], said[name]) == said[name]
    made.do("provider add zavod", {"name": "Вымышленный завод"}, today=TODAY)
    made.do("facility add naryn --kind shelter --capacity 4 --ngo primer", {"city": "Нарын"}, today=TODAY)
    for name, new in (("staff", []), ("ngo", []), ("provider", ["zavod"]), ("facility", ["naryn"])):
        rows = made.do(f"{name} list", today=TODAY).data["rows"]
        assert as_asked_then([row for row in rows if row[name] not in new], said[name]) == said[name]
        assert [row[name] for row in rows if row[name] in new] == new
    made.sound()
