"""A computer is gone: it is shut out of a store of two, and what is asked, refused, said and done on the way."""

import csv
import io
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import filelock
import pytest

from shelterctl import limits
from shelterctl import session as seating
from shelterctl.identity.key_file import load_identity, save_identity
from shelterctl.identity.keys import Identity, create_identity, create_recovery_key
from shelterctl.platform.writing import append_to_file
from shelterctl.prompts.device import COMPUTER_SENTENCES, DEVICE_OTHER_NEWS
from shelterctl.session import now_at
from shelterctl.store.opening import open_without_key
from shelterctl.trust.chain import replace_paper_in_chain, verify_chain
from shelterctl.trust.key_standing import judge_key
from shelterctl.trust.memory import StoreMemory
from shelterctl.trust.statement import sign_statement
from shelterctl.vault.sealed_bytes import read_age_header
from shelterctl.view.revocation import (
    CANNOT_BE_TAKEN_BACK,
    CHANGE_OUTSIDE_TODAY,
    ENDS_FROM_NOW_ON,
    FIRST_CALL,
    OLD_BACKUPS_STILL_OPEN,
)
from tests.support.clock import house_day
from tests.support.command import Answer
from tests.support.desk import TODAY, Desk
from tests.support.inputs import REFERRAL
from tests.support.paths import MADE_BY_0_1_0
from tests.support.revised_rulebook import Trial, copy_of_the_manual
from tests.support.terminal import Terminal

JOIN = "trust --join --recovery paper --no-passphrase"
ROW = ["device", "staff", "may", "lines", "state", "last", "ended_on", "why", "ended_by"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store with two clients at which a second computer joined; the first one knows of it."""
    desk = Desk(tmp_path_factory.mktemp("made") / "desk")
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery paper", today=None)
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("staff add s-aida --role psychologist")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    desk.do("admit --new-person", REFERRAL)
    desk.do(f"{JOIN} --identity other --staff s-aida")
    desk.do("trust --accept")
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    """The same, to be worked at."""
    shutil.copytree(made.folder, tmp_path / "desk")
    return Desk(tmp_path / "desk", made.her)


def key(desk: Desk, name: str) -> Identity:
    return load_identity(desk.folder / name, None)


def code(desk: Desk, name: str = "other") -> str:
    """The code of a computer, by the file of its key."""
    return str(key(desk, name).device)


def statements(desk: Desk) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (desk.store / "trust.jsonl").read_text().splitlines()]


def readers(desk: Desk) -> set[int]:
    """For how many keys the sealed files open."""
    return {read_age_header(path.read_bytes(), path.name).keys for path in desk.store.rglob("*.age")}


def opens(desk: Desk, name: str) -> int:
    """How many sealed files that key opens."""
    opened = 0
    for path in desk.store.rglob("*.age"):
        try:
            key(desk, name).open(path.read_bytes())
        except Exception:  # noqa: S112 - it does not open
            continue
        opened += 1
    return opened


def end(desk: Desk, words: str, **how: Any) -> Answer:
    return desk.ask(f"device end {words}", today=None, **how)


def nothing_is_done(desk: Desk, words: str, exit_code: int, error: str) -> Answer:
    before = desk.digest()
    told = end(desk, words)
    assert (told.code, told.error if told.page["error"] else told.refusals) == (exit_code, error), told.out
    assert desk.digest() == before
    return told


def test_the_list_says_whose_each_computer_is_and_when_it_wrote_last(desk: Desk) -> None:
    told = desk.do("device list")
    assert [list(row) for row in told.data["rows"]] == [ROW, ROW]
    first, second = told.data["rows"]
    assert (first["device"], first["state"], first["staff"]) == (code(desk, "key"), "here", "manager")
    assert (second["device"], second["state"], second["staff"]) == (code(desk), "in_force", "s-aida")
    assert first["last"] == second["last"] == house_day().isoformat()
    assert (first["ended_on"], first["why"], first["ended_by"]) == (None, None, None)
    assert told.data["said"] == ["Computers that open the store: 2. The recovery paper opens it too."]
    (heading, *lines) = csv.reader(io.StringIO(desk.run("device list --format csv").out))
    assert heading == ROW
    assert [line[0] for line in lines] == [first["device"], second["device"]]
    assert [json.loads(line) for line in desk.run("device list --format ndjson").out.splitlines()] == [first, second]
    assert "More about each computer: shelterctl device list" in desk.do("trust").data["said"]


def test_a_list_fits_a_screen_once_one_is_out(desk: Desk) -> None:
    end(desk, f"{code(desk)} --lost")
    for language, why in (("en", "lost or stolen"), ("ru", "потерян или украден")):
        seen = Terminal(desk, language).run("device list", [])
        words = " ".join(seen.text.split())
        assert why.split()[0] in words
        assert why.split()[-1] in words
        assert all(len(line) <= 80 for line in seen.text.splitlines())


def test_it_opens_nothing_any_more_and_nothing_that_it_writes_is_taken(desk: Desk) -> None:
    before = opens(desk, "other")
    assert before == len(list(desk.store.rglob("*.age"))) == opens(desk, "paper")
    told = end(desk, f"{code(desk)} --lost")
    assert told.code == 0
    assert (told.data["ended_on"], told.data["why"]) == (house_day().isoformat(), "lost")
    assert told.data["ended_by"] == code(desk, "key")
    assert (told.data["sealed"], told.data["left"]) == (before, [])
    assert told.data["keeps"]["clients"] == 2
    assert opens(desk, "other") == 0
    assert opens(desk, "key") == opens(desk, "paper") == before
    assert readers(desk) == {2}
    last = statements(desk)[-1]
    assert (last["kind"], last["device"], last["why"], last["by"]) == ("end", code(desk), "lost", "manager")
    out = desk.refused("house --others 1 --identity other")
    assert (out.code, out.error) == (5, "trust/shut-out")
    seen = desk.do("trust --accept --identity other").data["said"]
    assert not any("can write again" in sentence for sentence in seen)
    assert any("still shut out of the store" in sentence for sentence in seen)
    assert [row["may"] for row in desk.do("device list").data["rows"]] == [["write", "trust"], []]
    checked = desk.do("check")
    assert not [one for one in checked.codes() if one.startswith(("trust/", "journal/", "vault/", "store/"))]
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    assert [row["state"] for row in desk.do("device list").data["rows"]] == ["here", "ended"]


def test_it_comes_back_with_a_new_key_alone_and_the_old_one_is_set_aside(desk: Desk) -> None:
    end(desk, code(desk))
    back, home = f"{JOIN} --identity other --staff s-aida", desk.folder / "other.heads"
    for forget in (False, True):
        if forget:
            shutil.rmtree(home)
        told = desk.refused(back, today=None)
        assert (told.code, told.error) == (5, "trust/key-out")
        assert "other" in told.page["error"]["hint"]
        assert str(desk.folder) not in told.out
    (desk.folder / "other").rename(desk.folder / "aside")
    desk.do(back, today=None)
    assert [row["state"] for row in desk.do("device list", today=None).data["rows"]] == ["here", "ended", "in_force"]
    desk.do("list --identity other")


def test_what_it_wrote_before_stands(desk: Desk) -> None:
    desk.do("staff add s-new --role security --identity other")
    end(desk, code(desk))
    assert "s-new" in {row["staff"] for row in desk.do("staff list").data["rows"]}
    assert statements(desk)[-1]["why"] == "left"


def test_it_is_said_first_what_it_means_and_check_writes_nothing(desk: Desk) -> None:
    before = desk.digest()
    told = end(desk, f"{code(desk)} --lost --check")
    assert told.code == 0
    assert "ended" not in told.data
    assert told.data["why"] == "lost"
    said = " ".join(told.data["said"])
    for sentence in (CANNOT_BE_TAKEN_BACK, ENDS_FROM_NOW_ON["device"], OLD_BACKUPS_STILL_OPEN, CHANGE_OUTSIDE_TODAY):
        assert str(sentence).partition("{")[0] in said
    assert desk.digest() == before
    person = desk.run(f"device end {code(desk)} --check --lang ru", today=None).out
    assert "не вернуть" in person
    assert "Ничего не записано: это была проверка с --check." in person
    assert "lines" not in person


@pytest.mark.parametrize(
    ("words", "exit_code", "error"),
    [
        ("zzzzzzzz", 3, "device/unknown"),
        ("00000000 --lost", 3, "device/unknown"),
        ("s-aida", 2, "usage/device"),
        ("{other}x", 2, "usage/device"),
        ("{other} --on never", 2, "usage/date"),
        ("{other} --on {tomorrow}", 2, "usage/date"),
        ("{other} --on {yesterday}", 2, "usage/date"),
        ("{other} --on ''", 2, "usage/words"),
        ("{other} --recovery nowhere", 2, "check/no-file"),
        ("{other} --recovery other", 5, "check/a-devices-key"),
        ("{other} --recovery wrong", 5, "check/another-key"),
        ("", 2, "usage/missing"),
    ],
)
def test_what_is_no_computer_no_day_or_no_paper(words: str, exit_code: int, error: str, desk: Desk) -> None:
    (desk.folder / "wrong").write_text(create_recovery_key().key + "\n")
    days = {name: (house_day() + timedelta(days=by)).isoformat() for name, by in (("tomorrow", 1), ("yesterday", -1))}
    nothing_is_done(desk, words.format(other=code(desk), **days), exit_code, error)


def test_a_code_is_typed_in_large_letters_too(desk: Desk) -> None:
    assert end(desk, code(desk).upper()).code == 0


def test_twice_is_no_mistake_and_signs_nothing(desk: Desk) -> None:
    end(desk, code(desk))
    before = desk.digest()
    again = end(desk, f"{code(desk)} --lost")
    assert again.code == 0
    assert again.data["why"] == "left"
    assert again.data["sealed"] == 0
    assert desk.digest() == before


def test_the_last_one_is_not_shut_out_and_told_how_to_go_on(desk: Desk) -> None:
    end(desk, code(desk))
    told = nothing_is_done(desk, code(desk, "key"), 1, ["device/last"])  # type: ignore[arg-type]
    assert "trust --join" in told.finding("device/last")["message"]
    nothing_is_done(desk, f"{code(desk, 'key')} --recovery paper", 1, ["device/last"])  # type: ignore[arg-type]


def test_a_computer_shuts_itself_out_where_another_one_works(desk: Desk) -> None:
    own = code(desk, "key")
    told = end(desk, own)
    assert told.code == 0
    assert told.data["ended_by"] == own
    assert "shelterctl rekey" in told.data["said"][-1]
    assert desk.refused("house --others 1").error == "trust/shut-out"
    (waits,) = (one["message"] for one in desk.do("check").page["findings"] if one["code"] == "store/not-resealed")
    assert waits.endswith("Do it on another computer: shelterctl rekey")
    assert end(desk, own).code == 0
    other = "--identity other"
    assert desk.refused(f"house --others 1 {other}").error == "trust/new-device"
    desk.do(f"trust --accept {other}")
    assert end(desk, f"{own} {other}").data["sealed"] == len(list(desk.store.rglob("*.age")))
    assert opens(desk, "key") == 0
    assert desk.do(f"check {other}").code == 0


def narrowed(desk: Desk) -> str:
    """A third computer, which may write and no more; its code."""
    root = desk.store
    (desk.folder / "narrow").write_bytes(b"")
    (desk.folder / "narrow").unlink()
    narrow = create_identity()
    save_identity(desk.folder / "narrow", narrow, None)
    chain = verify_chain((root / "trust.jsonl").read_bytes(), limits.TRUST_CHAIN_LINES)
    device = {
        "code": narrow.device, "staff": "s-aida", "age": narrow.recipient, "sign": narrow.signing_public,
        "may": ["write"],
    }  # fmt: skip
    said = {
        "v": 1, "kind": "device", "root": chain.root, "prev": [chain.digests[-1]], "at": "2026-11-20T10:00+06:00",
        "by": "manager", "device": device,
    }  # fmt: skip
    line = sign_statement(said, [key(desk, "key"), narrow]).line
    with (root / "trust.jsonl").open("ab") as file:
        file.write(line + b"\n")
    desk.do("trust --accept")
    desk.do("rekey")
    desk.do("check --remember --number 0 --identity narrow")
    return str(narrow.device)


def test_a_computer_that_may_only_write_needs_the_paper(desk: Desk) -> None:
    narrow = narrowed(desk)
    told = nothing_is_done(desk, f"{code(desk)} --identity narrow", 2, "device/needs-paper")
    assert "--recovery FILE" in told.page["error"]["hint"]
    told = end(desk, f"{code(desk)} --identity narrow --recovery paper")
    assert told.code == 0
    assert told.data["ended_by"] is None
    assert opens(desk, "other") == 0
    first = end(desk, f"{code(desk, 'key')} --identity narrow --recovery paper")
    assert first.code == 0  # the paper goes on where no computer may
    assert nothing_is_done(desk, f"{narrow} --identity narrow", 1, ["device/last"])  # type: ignore[arg-type]


def test_a_computer_that_may_only_write_shuts_itself_out(desk: Desk) -> None:
    narrow = narrowed(desk)
    assert end(desk, f"{narrow} --identity narrow").code == 0
    assert desk.refused("house --others 1 --identity narrow").error == "trust/shut-out"


def test_a_paper_that_was_replaced_signs_nothing(desk: Desk) -> None:
    chain = verify_chain((desk.store / "trust.jsonl").read_bytes(), limits.TRUST_CHAIN_LINES)
    later = replace_paper_in_chain(chain, create_recovery_key(), "manager", "2026-11-20T10:00+06:00", key(desk, "key"))
    (desk.store / "trust.jsonl").write_bytes(later.lines)
    desk.do("trust --accept")
    nothing_is_done(desk, f"{code(desk)} --recovery paper", 5, "trust/paper-replaced")


def test_a_paper_that_never_signed_signs_no_end(tmp_path: Path) -> None:
    shutil.copytree(MADE_BY_0_1_0, tmp_path / "begun")
    begun = Desk(tmp_path / "begun")
    begun.do("trust --begin")
    told = begun.do("device list").data["said"]
    assert "check --recovery FILE" in told[1]
    assert "recovery renew" in told[2]
    paper = nothing_is_done(begun, f"{code(begun, 'key')} --recovery recovery", 7, "trust/paper-cannot")
    assert "check --recovery FILE" in paper.page["error"]["hint"]
    nothing_is_done(begun, code(begun, "key"), 1, ["device/last"])  # type: ignore[arg-type]


def test_a_store_of_0_1_0_has_no_list_yet(tmp_path: Path) -> None:
    shutil.copytree(MADE_BY_0_1_0, tmp_path / "old")
    old = Desk(tmp_path / "old")
    assert old.refused("device list").error == "trust/begin"
    nothing_is_done(old, code(old, "key"), 7, "trust/begin")


def test_what_it_wrote_after_a_day_does_not_count(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    today = house_day().isoformat()
    with monkeypatch.context() as later:
        later.setattr(seating, "now_at", lambda offset: now_at(offset) + timedelta(days=2))
        desk.do("staff add s-new --role security --identity other", today=None)
    shown = end(desk, f"{code(desk)} --on {today} --check").data
    assert shown["dropped"] == 1
    assert shown["files"] == ["staff.yaml"]
    assert "staff.yaml" in str(shown["said"])
    assert end(desk, f"{code(desk)} --check").data["dropped"] == 0
    number = open_without_key(desk.store)[0].journal.sheet_number()
    end(desk, f"{code(desk)} --on {today}")
    assert statements(desk)[-1]["lines"] == shown["lines"]
    journal = open_without_key(desk.store)[0].journal
    assert journal.sheet_number() > number  # the line that was left out had been counted
    assert journal.lines_behind_ends() == []  # whoever chose the day knows of it
    told = desk.ask("check")
    assert (told.code, "vault/shut-out" in told.codes(), "journal/shut-out" in told.codes()) == (6, True, False)


def test_a_damaged_file_is_named_and_everything_else_is_done(desk: Desk) -> None:
    record = desk.store / f"residents/{desk.her}.yaml.age"
    whole = record.read_bytes()
    record.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    told = end(desk, f"{code(desk)} --lost")
    assert told.code == 6
    assert told.data["left"] == [f"residents/{desk.her}.yaml.age"]
    assert desk.her in told.page["error"]["message"]
    assert told.data["why"] == "lost"
    assert told.data["sealed"] == len(list(desk.store.rglob("*.age"))) - 1
    record.write_bytes(whole)
    assert opens(desk, "other") == 1
    assert end(desk, code(desk)).data["sealed"] == 1
    assert opens(desk, "other") == 0


def test_with_other_rules_the_end_is_signed_and_the_files_wait(desk: Desk, tmp_path: Path) -> None:
    trial = Trial(desk.folder, copy_of_the_manual(tmp_path / "draft"), desk.her)
    told = end(trial, f"{code(desk)} --lost")
    assert (told.code, told.error) == (7, "shelf/other")
    assert told.data["why"] == "lost"
    assert "rekey" in told.data["said"][-1]
    assert told.codes() == []
    assert opens(desk, "other") == len(list(desk.store.rglob("*.age")))
    assert end(desk, code(desk)).code == 0
    assert opens(desk, "other") == 0


def test_a_store_at_which_another_command_works_is_left_alone(desk: Desk) -> None:
    with filelock.FileLock(desk.store / ".lock"):
        nothing_is_done(desk, f"{code(desk)} --wait 0", 7, "vault/locked")
    assert end(desk, code(desk)).code == 0


def test_an_older_copy_and_a_backup_are_not_written_to(desk: Desk) -> None:
    shutil.rmtree(desk.key.with_name("key.heads"))
    nothing_is_done(desk, code(desk), 6, "trust/no-memory")


# What is new on the list, and nobody here has looked at.


def joined(desk: Desk, *names: str) -> list[str]:
    """Computers that somebody who has the paper let join, each with a key of its own; their codes."""
    for name in names:
        desk.do(f"{JOIN} --identity {name} --staff s-aida")
    return [code(desk, name) for name in names]


def test_a_computer_that_nobody_knows_is_shut_out_without_being_accepted(desk: Desk) -> None:
    (thief,) = joined(desk, "thief")
    told = nothing_is_done(desk, code(desk), 7, "trust/new-device")
    assert "device end CODE" in told.page["error"]["hint"]
    told = end(desk, f"{thief} --lost")
    assert told.code == 0
    assert told.codes() == []
    assert opens(desk, "thief") == 0
    assert opens(desk, "other") == opens(desk, "key") > 0
    desk.do("house --others 1")


def test_to_shut_one_out_accepts_no_other(desk: Desk) -> None:
    thief, fellow = joined(desk, "thief", "fellow")
    told = end(desk, f"{thief} --lost")
    assert (told.code, told.error) == (7, "trust/new-device")
    assert told.data["why"] == "lost"
    assert desk.refused("house --others 1").error == "trust/new-device"
    assert opens(desk, "fellow") > 0
    assert end(desk, f"{fellow} --lost").code == 0
    assert opens(desk, "thief") == opens(desk, "fellow") == 0
    desk.do("house --others 1")


def test_a_person_sees_the_news_first_and_says_of_the_rest_whether_it_is_known(desk: Desk) -> None:
    thief, _ = joined(desk, "thief", "fellow")
    with Terminal(desk, today=None).live(f"device end {thief} --lost") as live:
        assert "New on the list: computer" in " ".join(live.begun.split())
        assert live.asked.startswith(str(DEVICE_OTHER_NEWS))
        live.type("1")
        assert live.asked.startswith(str(COMPUTER_SENTENCES.sure))
        live.type("1")
        seen = live.end()
    assert seen.code == 0
    assert opens(desk, "thief") == 0
    assert opens(desk, "fellow") == opens(desk, "key")
    desk.do("house --others 1")


# At a terminal.


def test_at_a_terminal_the_telephone_comes_first_and_enter_is_no(desk: Desk) -> None:
    for language, first in (("en", "Before anything else, call"), ("ru", "Прежде всего позвоните")):
        before = desk.digest()
        with Terminal(desk, language, None).live(f"device end {code(desk)} --lost") as live:
            said = " ".join(live.begun.split())
            assert said.startswith(first)
            live.type("")
            seen = live.end()
        assert seen.code == 0
        assert desk.digest() == before
    assert str(COMPUTER_SENTENCES.still_listed) not in seen.text  # said in Russian


def test_at_a_terminal_everything_stands_on_one_screen_before_the_question(desk: Desk) -> None:
    for language in ("en", "ru"):
        with Terminal(desk, language, None).live(f"device end {code(desk)} --lost") as live:
            assert len(live.begun.splitlines()) <= 24, language
            live.type("2")


def test_at_a_terminal_yes_does_it(desk: Desk) -> None:
    seen = Terminal(desk, today=None).run(f"device end {code(desk)} --lost", ["1"])
    assert seen.code == 0
    assert str(FIRST_CALL["device"])[:30] in seen.text
    assert "is shut out." in seen.text
    assert "shelterctl backup DIR" in seen.text
    assert opens(desk, "other") == 0


def test_at_a_terminal_one_s_own_computer_is_named_as_such(desk: Desk) -> None:
    with Terminal(desk, today=None).live(f"device end {code(desk, 'key')}") as live:
        assert "That is this computer." in live.begun
        live.type("")
        live.end()
    desk.do("house --others 1")


def test_backups_that_it_opens_are_named_and_those_made_since_are_not(desk: Desk) -> None:
    (desk.folder / "usb").mkdir()
    folder = desk.do("backup usb", today=None).data["folder"]
    shown = end(desk, f"{code(desk)} --check").data
    assert [Path(each).name for each in shown["keeps"]["backups"]] == [Path(folder).name]
    assert "/usb" in " ".join(shown["said"])
    end(desk, code(desk))
    desk.do(f"{JOIN} --identity third")
    desk.do("trust --accept")
    assert end(desk, f"{code(desk, 'third')} --check").data["keeps"]["backups"] == []


def test_no_name_is_said_of_anybody(desk: Desk) -> None:
    said = end(desk, f"{code(desk)} --lost").out + desk.run("device list").out
    for name in ("Примерова", "Айгуль"):
        assert name not in said


# What this computer remembers of its own statement.


def test_what_this_computer_was_about_to_save_is_no_news_to_it(desk: Desk) -> None:
    first = key(desk, "key")
    root, heads = desk.store, desk.folder / "key.heads"
    lines = (root / "trust.jsonl").read_bytes()
    chain = verify_chain(lines, limits.TRUST_CHAIN_LINES)
    longer = replace_paper_in_chain(chain, create_recovery_key(), "manager", "2026-11-20T10:00+06:00", first)
    StoreMemory(heads, chain.root, first).announce_chain(longer)
    whole = judge_key(root, first, heads)  # cut off before anything was saved
    assert whole is not None
    assert whole.closed is None
    append_to_file(root / "trust.jsonl", longer.lines[len(lines) :])
    whole = judge_key(root, first, heads)
    assert whole is not None
    assert whole.closed is None
    other = replace_paper_in_chain(chain, create_recovery_key(), "manager", "2026-11-20T10:00+06:00", first)
    (root / "trust.jsonl").write_bytes(other.lines)
    again = judge_key(root, first, heads)
    assert again is not None
    assert again.closed is not None
    assert again.closed.code == "trust/new-device"
    assert desk.ask("list", today=TODAY).code == 0
