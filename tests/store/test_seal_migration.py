"""What 0.3.2 and older wrote openly into a need and is sealed now: shown to nobody else, moved at the next write."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.track import Seal
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import create_identity
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store import seal_migration as store_moving
from shelterctl.store.folder import new_entry_id, record_file
from shelterctl.store.opening import open_store
from shelterctl.store.seal_migration import SealMigration
from shelterctl.store.sealed_entries import SealedEntries
from shelterctl.store.store import Store
from tests.support import command
from tests.support.desk import Desk
from tests.support.inputs import USUAL_ENTRIES

CODES = ["undermined_health", "chronic_depression", "divorce", "suicide_risk", "alcohol_abuse", "ptss"]
SAID = {"recorded_at": "2026-11-23T10:00+06:00", "recorded_by": "s-aida"}
NEED = {**USUAL_ENTRIES["need"], "id": "NEED01", "by": "s-gulnara", "effects": ["ptss", "suicide_risk"], **SAID}
WORDS = ("ptss", "suicide_risk", "post-traumatic", "посттравматический", "самоубийств")
Facts = dict[str, Any]


def house(desk: Desk) -> Store:
    """The store, opened in this process by its own device."""
    key = load_identity(desk.key, None)
    return open_store(desk.store, key, open_rulebook(), desk.key.with_name("key.heads"))


def laid(desk: Desk, **more: Any) -> Facts:
    """Her file as 0.3.2 left it on the disk, with a need and what it is connected with."""
    session = house(desk)
    name = record_file(desk.her)
    data, version = session.vault.read(name)
    record = {**read_document(data, LARGEST_STORED).value, "needs": [NEED], **more}
    record["edition"] = {"revision": 2, "imprint": "0" * 16}
    act = {"did": "add", "by": "s-aida", "at": "2026-11-23T10:00+06:00"}
    session.vault.write(name, format_document(record).encode(), version, **act)
    return record


def on_the_disk(desk: Desk) -> Facts:
    value: Facts = read_document(house(desk).vault.read(record_file(desk.her))[0], LARGEST_STORED).value
    return value


def sealed_of(desk: Desk) -> list[Facts]:
    """The entries of the part, as whoever may read it gets them."""
    rows = desk.do(f"show {desk.her} after-effects --names").data["rows"]
    return [{"id": row["entry"], CHANGES_KEY: row[CHANGES_KEY], "void": row["void"], **row["fields"]} for row in rows]


@pytest.fixture
def older(admitted: Desk) -> Desk:
    laid(admitted)
    return admitted


def test_it_is_shown_to_nobody_at_once(older: Desk) -> None:
    asked = (
        "show {} --names", "show {} need --names", "show {} --all", "show {}", "list need", "list --columns needs.need",
        "check {}", "due {}", "check", "explain need", "show {} after-effects",
    )  # fmt: skip
    for words in asked:
        for how in ("", " --json"):
            told = older.run(words.format(older.her) + how)
            assert not [word for word in WORDS if word in told.out + told.err], words
    for words in ("list --columns needs.effects", "list --where needs.effects=ptss", "list need --columns effects"):
        assert older.run(words).code == 2
    assert on_the_disk(older)["needs"] == [NEED]


def test_a_file_that_is_not_moved_when_it_is_read_would_show_it(older: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SealMigration, "migrate_on_reading", lambda _, record: record)
    monkeypatch.setattr(command, "CHANGED_HERE", [*command.CHANGED_HERE, "broken"])
    assert "suicide_risk" in older.run(f"show {older.her} --json").out


def test_the_part_has_it_at_once(older: Desk) -> None:
    (one,) = sealed_of(older)
    assert {name: one[name] for name in ("on", "by", "effects", "need")} == {
        "on": "2026-11-23", "by": "s-gulnara", "effects": NEED["effects"], "need": "NEED01",
    }  # fmt: skip
    assert sealed_of(older) == [one]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("admit {}", {"notes": "a later word"}),
        ("add {} clothing", USUAL_ENTRIES["clothing"]),
        ("add {} health", USUAL_ENTRIES["health"]),
        ("void {} NEED01 --reason-code wrong_value", None),
        ("admit {} --done orientation --on 2026-11-24 --by s-gulnara", None),
    ],
)
def test_it_is_moved_by_the_next_write_whatever_that_is(words: str, given: Any, older: Desk) -> None:
    before = sealed_of(older)
    assert older.do(f"check {older.her}").finding("sealed/still-open")["severity"] == "warn"
    older.do(words.format(older.her), given)
    now = on_the_disk(older)
    assert "effects" not in json.dumps({name: value for name, value in now.items() if name != "sealed"})
    void = "wrong_value" if words.startswith("void") and "after-effects" in words else None
    assert sealed_of(older) == [{**one, "void": void} for one in before]
    assert "sealed/still-open" not in older.do("check").codes()
    again = on_the_disk(older)["sealed"]["entries"]
    older.do(f"admit {older.her}", {"notes": "one more"})
    assert on_the_disk(older)["sealed"]["entries"] == again


def test_answers_to_a_need_that_waited_wait_on(admitted: Desk) -> None:
    laid(admitted, needs=[], unfinished={"need": {"need": "врач", "on": "2026-11-23", "effects": ["ptss"]}})
    admitted.do(f"admit {admitted.her}", {"notes": "a later word"})
    waiting = on_the_disk(admitted)["unfinished"]
    assert waiting["need"] == {"need": "врач", "on": "2026-11-23"}
    assert [*waiting["after-effects"]] == ["age"]
    session = house(admitted)
    record = session.read(admitted.her).value
    assert session.seals.open_draft(record, "after-effects", waiting["after-effects"]) == {
        "on": "2026-11-23", "effects": ["ptss"],
    }  # fmt: skip


def test_what_was_signed_for_it_is_resealed_with_it(older: Desk) -> None:
    session = house(older)
    data, _ = session.vault.read(record_file(older.her))
    now = read_document(session.migration.renewed(data), LARGEST_STORED).value
    assert now["needs"] == [{name: said for name, said in NEED.items() if name != "effects"}]
    assert now["edition"] == open_rulebook().version
    assert session.migration.renewed(b"schema: directory/2\n") == b"schema: directory/2\n"


SCRIPT = {"needs": [{"need": "врач", "class": "primary", "on": "2026-11-23", "by": "s-gulnara", "effects": ["ptss"]}]}


def test_a_script_of_0_3_2_goes_on(admitted: Desk) -> None:
    for times in (1, 1, 1):
        admitted.do(f"admit {admitted.her}", SCRIPT)
        (one,) = sealed_of(admitted)
        (need,) = admitted.record()["needs"]
        assert (one["effects"], one["need"], len(sealed_of(admitted))) == (["ptss"], need["id"], times)
        assert "effects" not in need
    admitted.do(f"admit {admitted.her} --again", SCRIPT)
    assert [one["effects"] for one in sealed_of(admitted)] == [["ptss"], ["ptss"]]
    assert len({one["need"] for one in sealed_of(admitted)}) == 2


def test_so_does_one_that_gives_a_need_alone(admitted: Desk) -> None:
    admitted.do(f"add {admitted.her} need", {**SCRIPT["needs"][0]})
    (one,) = sealed_of(admitted)
    assert one["effects"] == ["ptss"]
    changed = {"id": one["need"], "effects": ["ptss", "divorce"]}
    for _ in range(2):
        admitted.do(f"add {admitted.her} need", changed)
        (now,) = sealed_of(admitted)
        assert (now["id"], now["effects"]) == (one["id"], ["ptss", "divorce"])
        assert [change[BEFORE_KEY] for change in now[CHANGES_KEY]] == [{"effects": ["ptss"]}]
        assert CHANGES_KEY not in admitted.record()["needs"][0]
    gone = admitted.refused(f"add {admitted.her} need", {"id": one["need"], "effects": []})
    assert (gone.code, gone.finding("fragment/cannot-remove")["where"]) == (1, "/needs/0/effects")


def test_an_older_file_is_changed_in_its_sealed_entry(older: Desk) -> None:
    older.do(f"admit {older.her}", {"needs": [{"id": "NEED01", "effects": ["divorce"]}]})
    (one,) = sealed_of(older)
    assert (one["effects"], [change[BEFORE_KEY] for change in one[CHANGES_KEY]]) == (
        ["divorce"],
        [{"effects": NEED["effects"]}],
    )


def test_it_is_asked_where_the_psychologist_writes(admitted: Desk) -> None:
    fields = open_rulebook().tracks
    assert "effects" not in fields["need"].fields
    assert fields["after-effects"].seal == Seal("psychological", ("on", "by"), (), ("psychologist", "manager"))
    assert "последствия торговли людьми" in admitted.run("explain after-effects --lang ru").out
    assert "Последствия торговли людьми" in admitted.run("explain M1.2.2 --lang ru").out


# What holds of any file, by values alone.

codes = st.lists(st.sampled_from(CODES), max_size=4)
changes = st.lists(
    st.fixed_dictionaries({}, optional={"effects": st.none() | codes, "need": st.sampled_from(["врач", "сон"])})
    .filter(bool)
    .map(lambda before: {"at": SAID["recorded_at"], "by": "s-gulnara", BEFORE_KEY: before}),
    min_size=1,
    max_size=3,
)
needs = st.lists(
    st.fixed_dictionaries(
        {"need": st.just("врач"), "class": st.just("primary"), "on": st.sampled_from(["2026-11-22", "2026-11-23"])},
        optional={
            "effects": codes, "by": st.just("s-aida"), CHANGES_KEY: changes,
            "void": st.just({"on": "2026-11-24", "by": "s-aida", "reason": "wrong_value"}),
        },
    ),
    max_size=6,
).map(lambda listed: [{"id": f"NEED{n:02}", **SAID, **one} for n, one in enumerate(listed)])  # fmt: skip


@pytest.fixture(scope="module")
def moving() -> SealMigration:
    key, rulebook = create_identity(), open_rulebook()
    return SealMigration(
        rulebook, SealedEntries(rulebook.tracks, rulebook.blocks, lambda part, writers=(), but=(): [key.recipient], key)
    )


def spoken(one: Mapping[str, Any]) -> bool:
    """Whether an entry says, or said before a change, anything that is sealed now."""
    return bool(one.get("effects") or any(change[BEFORE_KEY].get("effects") for change in one.get(CHANGES_KEY) or ()))


def without(one: Mapping[str, Any]) -> Facts:
    """An entry as it is without that."""
    was = [{**change, BEFORE_KEY: {"need": change[BEFORE_KEY]["need"]}} for change in one.get(CHANGES_KEY) or ()
           if "need" in change[BEFORE_KEY]]  # fmt: skip
    rest = {name: value for name, value in one.items() if name not in ("effects", CHANGES_KEY)}
    return {**rest, **({CHANGES_KEY: was} if was else {})}


def said_of(one: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for change in one.get(CHANGES_KEY) or ():
        if "effects" in change[BEFORE_KEY]:
            yield change["at"], change[BEFORE_KEY]["effects"]
    yield "now", one.get("effects")


def held(listed: list[Facts], moving: SealMigration) -> None:
    """All of it lies in sealed entries, each once, and nothing else is changed; moved again, nothing happens."""
    record = {"id": "7QF2-M9KD", "notes": "n", "needs": listed, "stays": []}
    kept = deepcopy(record)
    moved = moving.migrate(record)
    assert record == kept
    assert moved["needs"] == [without(one) for one in listed]
    rest = {name: value for name, value in moved.items() if name not in ("needs", "sealed")}
    assert rest == {"id": "7QF2-M9KD", "notes": "n", "stays": []}
    shut = (moved.get("sealed") or {}).get("entries") or []
    assert all({*one} <= {"id", "track", "part", "on", "by", "age", "void", *SAID} for one in shut)
    opened = (moving.seals.opened(moved).get("sealed") or {}).get("entries") or []
    assert [(one["need"], [*said_of(one)], one.get("void"), one["on"]) for one in opened] == [
        (one["id"], [*said_of(one)], one.get("void"), one["on"]) for one in listed if spoken(one)
    ]
    ids = [one["id"] for one in opened]
    assert len({*ids}) == len(ids)
    assert moving.migrate(moved) is moved
    anew = (moving.migrate(deepcopy(kept)).get("sealed") or {}).get("entries") or []
    assert [one["id"] for one in anew] == ids


@given(listed=needs)
def test_all_of_it_is_in_sealed_entries_and_nothing_else_is_changed(listed: list[Facts], moving: SealMigration) -> None:
    held(listed, moving)


WAS_ONCE = [{"at": SAID["recorded_at"], "by": "s-gulnara", BEFORE_KEY: {"effects": ["divorce"], "need": "сон"}}]
STRUCK = {
    **NEED,
    "id": "NEED02",
    CHANGES_KEY: WAS_ONCE,
    "void": {"on": "2026-11-24", "by": "s-aida", "reason": "wrong_value"},
}
parted, id_of = store_moving._split_entry, store_moving._derive_entry_id
BROKEN: Mapping[str, tuple[str, Any]] = {
    "what it said before stays": (
        "_split_entry",
        lambda one, way: ({**parted(one, way)[0], CHANGES_KEY: one.get(CHANGES_KEY)}, parted(one, way)[1]),
    ),
    "what it said before is dropped": (
        "_split_entry",
        lambda one, way: (
            parted(one, way)[0],
            {name: said for name, said in (parted(one, way)[1] or {}).items() if name != CHANGES_KEY},
        ),
    ),
    "struck out no more": ("KEPT_FIELDS", ("recorded_at", "recorded_by")),
    "it stays open": ("_split_entry", lambda one, way: (one, parted(one, way)[1])),
    "it is lost": ("_split_entry", lambda one, way: (parted(one, way)[0], None)),
    "another id each time": ("_derive_entry_id", lambda *_: new_entry_id()),
    "one id for all": ("_derive_entry_id", lambda *_: "AAAAAA"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_mover_is_seen(name: str, moving: SealMigration, monkeypatch: pytest.MonkeyPatch) -> None:
    held([NEED, STRUCK], moving)
    monkeypatch.setattr(store_moving, *BROKEN[name])
    with pytest.raises(AssertionError):
        held([NEED, STRUCK], moving)
