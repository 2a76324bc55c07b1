"""A store that 0.1.0 made: read as it was, taken over once, copied, put back and tampered with."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from shelterctl import session as seating
from shelterctl.custody import trust
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import create_identity, create_recovery_key
from shelterctl.session import Options, now_at
from shelterctl.session import Session as Seat
from tests.support.desk import Desk
from tests.support.faults import kill_half_way, struck
from tests.support.paths import MADE_BY_0_1_0 as MADE
from tests.support.sampled import stride
from tests.support.terminal import Terminal

EXPECTED: dict[str, Any] = json.loads((MADE / "expected.json").read_text("utf-8"))
AIGUL, ASEL, AIBEK, NOBODY = "GT5P-RWR6", "9JPX-YZE7", "TJ90-2W75", "5K6D-5AKT"


def forget(desk: Desk) -> None:
    """The computer loses what it remembers of every store."""
    shutil.rmtree(desk.key.with_name("key.heads"))


def reads_as_before(desk: Desk, store: str = "", expected: dict[str, Any] = EXPECTED) -> None:
    """That every value is what the version that made the store read, with no more than columns added."""
    at = f" --store {store}" if store else ""
    tables = {
        "list": expected["list"],
        "agreements": expected["agreements"],
        "house": expected["house"]["rows"],
        "monitor due --within 400": expected["monitor_due_within_400"],
    }
    for words, rows in tables.items():
        found = desk.do(words + at).data["rows"]
        assert [{key: row[key] for key in said} for row, said in zip(found, rows, strict=True)] == rows
    for id_, record in expected["records"].items():
        assert desk.do(f"show {id_} --names{at}").data["record"] == told(record)


def told(record: dict[str, Any]) -> dict[str, Any]:
    """A record as a page tells it: 0.1.0 kept som as they were typed, 2500 beside "450.50"."""
    whole = deepcopy(record)
    for line in (line for facts in whole.get("agreements", ()) for line in facts["lines"].values()):
        line.update({name: f"{Decimal(str(line[name])):.2f}" for name in ("amount", "rate") if name in line})
    return whole


def test_it_is_read_as_0_1_0_read_it_and_what_to_do_is_said(old: Desk) -> None:
    before, lying = old.digest(), old.digest_of_store()
    reads_as_before(old)
    assert old.do("list").codes("warn") == ["trust/begin"]
    checked = old.do("check")
    assert "Nothing in the store is damaged." in checked.data["said"]
    harm = ("journal/", "vault/", "store/misshapen", "store/unreadable", "store/stranger")
    assert not [code for code in checked.codes() if code.startswith(harm)]
    assert old.digest() == before
    assert old.do("check --recovery recovery").data["opened"] == 7
    assert old.digest_of_store() == lying  # the computer notes that the paper was tried


WRITES: dict[str, Any] = {
    "admit --without-stay": MADE / "given" / "nobody-referral.yaml",
    f"admit {AIGUL}": {"identification_number": "KG-2026-118"},
    f"admit {AIGUL} --done orientation --on 2026-11-24": None,
    f"agreement {AIBEK} --form blue": MADE / "given" / "aibek-blue-wrong.yaml",
    f"monitor record {AIBEK} --again": MADE / "given" / "aibek-report-early.yaml",
    f"discharge {AIGUL} --on 2026-11-25 --own-decision": None,
    f"discharge {ASEL} --undo": None,
    f"monitor attempt {ASEL} --on 2026-11-20 --how phone --outcome reached": None,
    f"monitor schedule {AIBEK} --on 2027-03-01": {"by": "s-gulnara", "reason": "after the holidays"},
    f"monitor close {ASEL}": {"by": "manager", "reason": "asked for"},
    f"void {AIGUL} DWQFVK --reason-code other": None,
    "house --others 4 --facility bishkek": None,
    "ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20": None,
    "staff add s-new --role security": None,
    "facility add naryn --kind shelter --capacity 6": None,
    "provider add lyceum-1": {"name": "Лицей № 1"},
    "check --remember --number 0": None,
    "trust --accept": None,
    "trust": None,
    "repair journal": None,
}


@pytest.mark.parametrize("words", WRITES)
def test_before_it_is_taken_over_nothing_is_written(words: str, old: Desk) -> None:
    told = old.refused(words, WRITES[words])
    assert (told.code, told.error) == (7, "trust/begin")
    assert told.page["error"]["hint"].endswith("shelterctl trust --begin")


@pytest.mark.parametrize("words", ["admit", f"admit {AIGUL}", f"discharge {AIGUL}", f"agreement {AIGUL} --form blue"])
def test_nothing_is_asked_for_that_could_not_be_saved(words: str, old: Desk) -> None:
    seen = Terminal(old).run(words, [])
    assert seen.code == 7
    assert "trust --begin" in seen.text
    assert ">" not in seen.text


def words_of(desk: Desk) -> str:
    words: str = desk.do("trust").data["sheet"]["words"]
    return words


def test_taken_over_it_reads_as_before_and_says_that_the_paper_has_not_signed(old: Desk) -> None:
    said = old.do("trust --begin").data
    assert said["sheet"]["paper_signed"] is False
    assert not old.ask("list").page["findings"]
    reads_as_before(old)
    checked = old.do("check")
    assert "Nothing in the store is damaged." in checked.data["said"]
    assert any("paper has not signed" in sentence for sentence in checked.data["said"])
    assert not any("did not remember the store" in sentence for sentence in checked.data["said"])
    staff = (old.store / "staff.yaml").read_text("utf-8")
    assert staff.startswith("schema: staff/2\n")
    assert "age1" not in staff
    assert old.refused("trust --begin").error == "trust/begun"


def test_the_paper_signs_at_once_where_it_is_at_hand(old: Desk) -> None:
    assert old.do("trust --begin --recovery recovery").data["sheet"]["paper_signed"] is True
    assert not any("signed" in sentence for sentence in old.do("check").data["said"])
    assert old.do("check --recovery recovery").data["opened"] == 8


def test_another_paper_signs_nothing(old: Desk) -> None:
    (old.folder / "anothers").write_text(create_recovery_key().key)
    told = old.refused("trust --begin --recovery anothers")
    assert (told.code, told.error) == (5, "check/another-key")
    assert not (old.store / "trust.jsonl").exists()


def test_the_paper_signs_later_once_its_words_were_compared(taken: Desk) -> None:
    words = words_of(taken)
    told = taken.refused("check --recovery recovery")
    assert (told.code, told.error) == (6, "trust/paper-unsigned")
    wrong = "anapa anapa anapa anapa"
    told = taken.refused(f"check --recovery recovery --words '{wrong}'")
    assert (told.code, told.error) == (6, "trust/other-words")
    for misspelt in (words[:-1] + "q", words.partition(" ")[2], f"{words} {words}"):
        told = taken.refused(f"check --recovery recovery --words '{misspelt}'")
        assert (told.code, told.error) == (2, "trust/words")
    assert taken.do(f"check --recovery recovery --words '{words.upper()}'").data["opened"] == 8
    assert taken.do("trust").data["sheet"]["paper_signed"] is True
    assert json.loads((taken.store / "trust.jsonl").read_text().splitlines()[1])["kind"] == "accept"
    taken.do("check --recovery recovery")
    taken.do("house --others 4 --facility bishkek")  # whoever let it sign knows of it


def test_without_memory_a_person_says_how_many_there_are_and_that_is_said_for_ever(old: Desk) -> None:
    forget(old)
    assert (old.refused("trust --begin").code, old.refused("trust --begin").error) == (2, "trust/compare")
    told = old.refused("trust --begin --clients 5")
    assert (told.code, told.error) == (7, "trust/other-count")
    old.do("trust --begin --clients 4 --recovery recovery")
    old.do("house --others 4 --facility bishkek")
    for words in ("check", "trust"):
        assert any("did not remember the store" in sentence for sentence in old.do(words).data["said"])


CHANGES: dict[str, tuple[str, Any]] = {
    AIGUL: (f"admit {AIGUL}", {"notes": "Придумано позже."}),
    ASEL: (f"monitor attempt {ASEL} --on 2026-11-20 --how phone --outcome reached", None),
    AIBEK: (f"agreement {AIBEK} --form blue", MADE / "given" / "aibek-blue-wrong.yaml"),
    NOBODY: (f"admit {NOBODY}", {"identification_number": "KG-0000-009"}),
}


@pytest.mark.parametrize("id_", CHANGES)
def test_the_next_write_of_each_client_keeps_every_value(id_: str, taken: Desk) -> None:
    words, given = CHANGES[id_]
    taken.do(words, given)
    now, before = taken.record(id_), told(EXPECTED["records"][id_])
    assert now != before
    assert kept(before, now)
    others = [other for other in EXPECTED["records"] if other != id_]
    assert [taken.record(other) for other in others] == [told(EXPECTED["records"][other]) for other in others]
    assert "Nothing in the store is damaged." in taken.do("check").data["said"]


def kept(before: Any, now: Any) -> bool:
    """Whether every value of *before* is still there: keys and entries may only have been added."""
    if isinstance(before, dict):
        same = {key: value for key, value in before.items() if value != "resident/1"}  # the version that is written
        return isinstance(now, dict) and all(key in now and kept(value, now[key]) for key, value in same.items())
    if isinstance(before, list):
        return isinstance(now, list) and all(map(kept, before, now[: len(before)])) and len(now) >= len(before)
    return bool(before == now)


def sheets_are_found(desk: Desk, expected: dict[str, Any] = EXPECTED) -> list[bool]:
    """That each code leads to its sheet and says what it said; of each, whether it is said to be easily guessed."""
    old = []
    for sheet in expected["sheets"]:
        found = desk.do(f"paper {sheet['code']}")
        assert {key: found.data[key] for key in sheet["paper"]} == sheet["paper"]
        old.append("paper/old-code" in found.codes())
    return old


def test_the_codes_of_sheets_that_lie_about_are_still_found(taken: Desk) -> None:
    assert all(sheets_are_found(taken))


(OLDER,) = (MADE / "usb").iterdir()


def put_back(desk: Desk, what: Path = MADE / "house") -> None:
    """Somebody puts an older state of the whole folder in the place of the store."""
    shutil.rmtree(desk.store)
    shutil.copytree(what, desk.store)


def paper(desk: Desk) -> dict[str, str]:
    """A new computer: the recovery paper in a file, and nothing remembered."""
    return {"SHELTERCTL_IDENTITY": str(desk.folder / "recovery")}


def test_an_older_backup_of_0_1_0_is_restored_by_its_device_and_taken_over(old: Desk) -> None:
    shutil.rmtree(old.store)
    made = old.do("restore usb --store house", today=None).data
    assert (made["from"], made["clients"], made["lacking"]) == (OLDER.name, 4, 2)
    assert old.refused("house --others 4 --facility bishkek").error == "trust/begin"
    old.do("trust --begin")
    old.do("house --others 4 --facility bishkek")
    assert "Nothing in the store is damaged." in old.do("check").data["said"]


def test_it_is_restored_by_a_computer_that_took_it_over_since_and_says_what_is_lacking(taken: Desk) -> None:
    shutil.rmtree(taken.store)
    assert taken.do("restore usb --store house", today=None).data["lacking"] == 4
    assert taken.refused("house --others 4 --facility bishkek").error == "trust/begin"
    taken.do("trust --begin")
    taken.do("house --others 4 --facility bishkek")


def test_of_the_roots_of_a_store_that_was_taken_over_twice_its_journal_names_the_one_that_is_put_back(
    taken: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minutes in (1, 2, 3):
        monkeypatch.setattr(seating, "now_at", lambda offset, late=minutes: now_at(offset) + timedelta(minutes=late))
        shutil.rmtree(taken.store)
        taken.do("restore usb --store house", today=None)
        words = taken.do("trust --begin").data["sheet"]["words"]
    assert len(list(taken.key.with_name("key.heads").glob("*.trust"))) == 4
    (taken.store / "trust.jsonl").unlink()
    taken.do("repair --trust", today=None)
    assert words_of(taken) == words


def test_by_the_paper_alone_it_is_only_read_and_said_to_prove_nothing(old: Desk) -> None:
    forget(old)
    told = old.refused("restore usb --store new", env=paper(old), today=None)
    assert (told.code, told.error) == (6, "restore/unproven")
    made = old.do("restore usb --store new --unproven", env=paper(old), today=None)
    assert made.data["said"][-1].startswith("Version 0.1.0 made this store, so nothing proves")
    told = old.do("list --store new", env=paper(old))
    assert told.codes("warn") == ["trust/unproven"]
    assert len(told.data["rows"]) == 4
    assert old.refused("house --others 4 --facility bishkek --store new", env=paper(old)).code == 5
    other = {"SHELTERCTL_IDENTITY": str(old.folder / "fresh")}
    told = old.refused("trust --join --recovery recovery --no-passphrase --store new", env=other)
    assert (told.code, told.error) == (7, "trust/begin")
    assert not (old.folder / "fresh").exists()


def test_a_backup_made_after_it_is_restored_by_the_device_with_memory_and_without(taken: Desk) -> None:
    taken.do("backup usb", today=None)
    for times in range(2):
        if times:
            forget(taken)
        shutil.rmtree(taken.store)
        assert taken.do("restore usb --store house", today=None).data["lacking"] is None
        reads_as_before(taken)
        taken.do(f"house --others {times + 4} --facility bishkek")


def test_a_backup_made_after_it_is_restored_by_the_paper_with_words_until_it_has_signed(taken: Desk) -> None:
    words = words_of(taken)
    taken.do("backup usb", today=None)
    how = {"env": paper(taken), "today": None}
    told = taken.refused("restore usb --store new", **how)
    assert (told.code, told.error) == (6, "trust/paper-unsigned")
    taken.do(f"restore usb --store new --words '{words}'", **how)
    taken.do(f"check --recovery recovery --words '{words}'")
    number = taken.do("backup usb", today=None).data["sheet"]["number"]
    assert taken.do("restore usb --store again", **how).data["sheet"]["number"] == number
    taken.do(f"restore usb --store numbered --number {number}", **how)
    told = taken.refused(f"restore usb --store beyond --number {number + 1}", **how)
    assert (told.code, told.error) == (6, "trust/behind-number")
    assert taken.do("list --store numbered", env=paper(taken)).page["findings"] == []


def test_the_paper_of_a_store_that_it_has_not_signed_is_tried_on_a_new_computer_and_signs_nothing(taken: Desk) -> None:
    words = words_of(taken)
    shutil.move(taken.key, taken.folder / "lost")
    lines = (taken.store / "trust.jsonl").read_bytes()
    assert taken.do(f"check --recovery recovery --words '{words}'").data["opened"] == 8
    assert (taken.store / "trust.jsonl").read_bytes() == lines


def test_its_state_before_it_was_taken_over_is_an_older_copy_to_whoever_remembers(taken: Desk) -> None:
    put_back(taken)
    for words in ("list", "check", "trust --begin", f"show {AIGUL}"):
        told = taken.refused(words)
        assert (told.code, told.error) == (6, "trust/before-begin")
    assert taken.ask("backup usb", today=None).error == "backup/damaged"
    forget(taken)
    assert taken.do("list").codes("warn") == ["trust/begin"]


def test_an_older_state_of_0_1_0_is_noticed_by_what_0_1_0_remembered(old: Desk) -> None:
    put_back(old, OLDER)
    for words in ("list", "trust --begin"):
        assert (old.refused(words).code, old.refused(words).error) == (6, "journal/rolled-back")
    assert old.ask("backup usb", today=None).error == "backup/damaged"


def test_whoever_else_is_named_in_it_or_has_a_journal_there_is_believed_nothing(old: Desk) -> None:
    stranger, staff = create_identity(), (old.store / "staff.yaml").read_text("utf-8")
    keys = f"age: {stranger.recipient}, signing: {stranger.signing_public}"
    named = f"devices:\n  {stranger.device}: {{staff: manager, {keys}}}"
    save_identity(old.folder / "strangers", stranger, None)
    assert old.refused("list --identity strangers").error == "trust/not-mine"
    (old.store / "journal" / f"{stranger.device}.jsonl").write_bytes(b"")
    assert (old.refused("list").code, old.refused("trust --begin").error) == (6, "trust/old-strangers")
    (old.store / "journal" / f"{stranger.device}.jsonl").unlink()
    (old.store / "staff.yaml").write_text(staff.replace("devices:", named), "utf-8")
    assert (old.refused("list").code, old.refused("trust --begin").error) == (6, "trust/old-strangers")
    assert old.refused("list --identity strangers").error == "trust/old-strangers"


@pytest.mark.parametrize("forgetting", [False, True])
def test_without_its_list_it_is_damaged_and_never_one_to_be_taken_over(taken: Desk, forgetting: bool) -> None:
    shutil.copytree(taken.store, taken.folder / "whole")
    (taken.store / "trust.jsonl").unlink()
    if forgetting:
        forget(taken)
    for words in ("list", "check", "trust --begin", "trust --begin --clients 4"):
        told = taken.refused(words)
        assert (told.code, told.error) == (6, "trust/lost")
    (taken.store / "staff.yaml").write_bytes((MADE / "house" / "staff.yaml").read_bytes())
    assert taken.refused("list").error == "trust/lost"
    (taken.store / "staff.yaml").write_bytes((taken.folder / "whole" / "staff.yaml").read_bytes())
    taken.do("repair --trust --from whole" if forgetting else "repair --trust", today=None)
    assert taken.do("list").codes() == (["trust/no-memory"] if forgetting else [])


@pytest.fixture
def quick() -> Iterator[Desk]:
    """The same desk in memory: the disk is slow, and not what is looked for."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        shutil.copytree(MADE, Path(folder, "old"))
        yield Desk(Path(folder, "desk"))


@pytest.mark.sampled
@pytest.mark.parametrize("remembered", [True, False])
def test_wherever_the_computer_stops_the_same_words_take_it_over(quick: Desk, remembered: bool) -> None:
    seen: set[tuple[Any, ...]] = set()
    for at in range(1, 200, stride(5)):
        shutil.rmtree(quick.folder, ignore_errors=True)
        shutil.copytree(quick.folder.with_name("old"), quick.folder)
        if not remembered:
            forget(quick)
        if survived(quick, at, remembered):
            break
        state = looks(quick)
        if state in seen:
            continue
        seen.add(state)
        again = quick.ask("trust --begin" if remembered else "trust --begin --clients 4")
        assert (again.code, again.error) in ((0, "None"), (2, "trust/begun"))
        adopted = quick.do("check").data["said"]
        assert "Nothing in the store is damaged." in adopted
        assert any("did not remember the store" in sentence for sentence in adopted) is not remembered
        quick.do("house --others 4 --facility bishkek")
        put_back(quick)
        assert quick.refused("list").error == "trust/before-begin"
    else:
        raise AssertionError("it never came to its end")
    assert len(seen) > 4


def survived(desk: Desk, at: int, remembered: bool) -> bool:
    """Whether a computer that stops at the *at*-th call of the system had taken the store over before."""
    session = Seat(options=Options(store=str(desk.store), identity=str(desk.key)))
    assert session.store.vault.journal.remembered or not remembered
    return struck(partial(trust.begin_trust, session, None, remembered=remembered), at, kill_half_way)[0] == "done"


def looks(desk: Desk) -> tuple[Any, ...]:
    """What lies there, as far as one moment is another than the last: one file more on its way is not."""
    fresh = [path.stat().st_size > 0 for path in desk.store.rglob(".*.tmp")]
    names = sorted(path.name for path in desk.store.iterdir() if path.name[0] != ".")
    (journal,) = desk.store.glob("journal/*.jsonl")
    notes = [path for path in sorted(desk.folder.glob("key.heads/*")) if path.suffix != ".tmp"]
    begun = any(path.read_bytes().startswith(b"begun") for path in notes)
    return (*fresh[:2], *names, journal.read_bytes().count(b"\n"), len(notes), begun)
