"""The recovery key, and a new computer that joins with it once everything else is gone."""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pexpect
import pytest

from shelterctl import qr
from shelterctl.custody import trust
from shelterctl.custody.recovery import read_paper
from shelterctl.identity.key_file import needs_passphrase, save_identity
from shelterctl.identity.keys import create_identity, create_recovery_key
from shelterctl.session import Options
from shelterctl.session import Session as Seat
from shelterctl.store.folder import FOUNDING_FILE, is_store_folder
from shelterctl.store.opening import open_store
from shelterctl.vault.sealed_bytes import read_age_header
from tests.support import processes
from tests.support.command import Answer
from tests.support.desk import Desk, make_house_with_paper
from tests.support.faults import kill_half_way, struck
from tests.support.inputs import REFERRAL
from tests.support.passphrases import NEW, handed
from tests.support.sampled import stride
from tests.support.terminal import broken_off, spawned

BLOCKS = {" ": (0, 0), "▄": (0, 1), "▀": (1, 0), "█": (1, 1)}
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MASKS: list[Callable[[int, int], int]] = [
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
]


def photographed(lines: list[str]) -> str:
    """What a camera reads: the code of version 3, level L, taken apart by the standard, without segno."""
    rows = [[BLOCKS[each][half] for each in line] for line in lines for half in (0, 1)]
    assert not any(any(row) for row in rows[:4])
    code = [row[4:-4] for row in rows[4:33]]
    assert all(len(row) == 29 for row in code)
    format_ = [code[8][at] for at in (0, 1, 2, 3, 4)]
    level_and_mask = [bit ^ mask for bit, mask in zip(format_, (1, 0, 1, 0, 1), strict=True)]
    assert level_and_mask[:2] == [0, 1]
    mask = MASKS[int("".join(map(str, level_and_mask[2:])), 2)]

    def of_the_frame(r: int, c: int) -> bool:
        corners = (r < 9 and (c < 9 or c > 20)) or (r > 20 and c < 9)
        return corners or 6 in (r, c) or (20 <= r <= 24 and 20 <= c <= 24)

    bits, upwards = "", True
    for right in (28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 5, 3, 1):
        for r in range(28, -1, -1) if upwards else range(29):
            for c in (right, right - 1):
                if not of_the_frame(r, c):
                    bits += str(code[r][c] ^ (mask(r, c) == 0))
        upwards = not upwards
    assert bits[:4] == "0010"  # alphanumeric
    length, text, at = int(bits[4:13], 2), "", 13
    while length > 1:
        text += "".join(ALPHANUMERIC[each] for each in divmod(int(bits[at : at + 11], 2), 45))
        length, at = length - 2, at + 11
    return text + (ALPHANUMERIC[int(bits[at : at + 6], 2)] if length else "")


def test_a_camera_reads_the_recovery_key_and_a_small_window_holds_it() -> None:
    for _ in range(20):
        secret = create_recovery_key().key
        lines = qr.draw_qr_code(secret)
        assert {len(line) for line in lines} == {37}
        assert len(lines) == 19
        assert photographed(lines) == secret


@pytest.mark.parametrize(
    ("encoding", "can"), [("utf-8", True), ("cp866", True), ("cp1251", False), ("ascii", False), (None, False)]
)
def test_where_the_blocks_cannot_be_written_no_code_is_drawn(encoding: str | None, can: bool) -> None:
    assert qr.can_draw_qr_code(encoding) == can


@pytest.fixture
def house(desk: "Desk") -> "Desk":
    """A store with one client, whose recovery key is in the file ``paper``, and a key of this device that is lost."""
    for path in (desk.store, desk.key):
        path.rename(path.with_name("another"))
        path.with_name("another").rename(desk.folder / f"old-{path.name}")
    desk.do("init house --shelter bishkek --no-passphrase --recovery paper", today=None)
    desk.her = desk.do("admit", REFERRAL).data["id"]
    return desk


def lost(desk: "Desk") -> None:
    desk.key.rename(desk.folder / "lost")


def test_the_recovery_key_alone_opens_every_file(house: "Desk") -> None:
    lost(house)
    assert house.refused("list").error == "vault/no-key"
    drill = house.do("check --recovery paper")
    assert drill.data["opened"] == 5
    assert house.run("check --recovery paper").out.startswith(
        "The recovery key alone opens every file of the store: 5."
    )
    number = drill.data["sheet"]["number"]
    assert house.do(f"check --recovery paper --number {number}").data["sheet"]["number"] == number
    told = house.refused(f"check --recovery paper --number {number + 2}")
    assert (told.code, told.error) == (6, "trust/behind-number")
    assert f"The sheet says {number + 2}, but this copy ends at {number}." in told.page["error"]["message"]
    assert not house.key.exists()


@pytest.mark.parametrize("harm", ["a byte", "gone", "another's"])
def test_a_file_that_it_does_not_open_is_named_by_its_place(house: "Desk", harm: str) -> None:
    lost(house)
    place = f"residents/{house.her}.yaml.age"
    file = house.store / place
    whole = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        harmed = whole[:-1] + bytes([whole[-1] ^ 1])
        file.write_bytes(harmed if harm == "a byte" else (house.store / "directory.yaml.age").read_bytes())
    told = house.refused("check --recovery paper")
    assert (told.code, told.error) == (6, "check/not-opened")
    assert told.page["error"]["message"] == f"The recovery key opens 4 of 5 files. It does not open these: {place}."


def test_what_is_no_recovery_key_of_this_store_is_refused(house: "Desk") -> None:
    (house.folder / "junk").write_text("my dog's name\n")
    (house.folder / "anothers").write_text(create_recovery_key().key)
    expected = {
        "absent": (2, "check/no-file"),
        ".": (2, "check/no-file"),
        "junk": (5, "vault/bad-identity"),
        "key": (5, "check/a-devices-key"),
        "anothers": (6, "trust/not-mine"),
    }
    for file, answer in expected.items():
        told = house.refused(f"check --recovery {file}")
        assert (told.code, told.error) == answer
        if told.code == 5:  # what the paper is, and not where a device's key lies
            assert "--recovery" in told.page["error"]["hint"]
            assert "--identity" not in told.page["error"]["hint"]


def test_as_the_identity_it_reads_and_changes_nothing(house: "Desk") -> None:
    known = house.record()
    lost(house)
    paper = {"SHELTERCTL_IDENTITY": str(house.folder / "paper")}
    assert [row["id"] for row in house.do("list", env=paper).data["rows"]] == [house.her]
    assert house.do(f"show {house.her} --names", env=paper).data["record"] == known
    assert house.ask("check", env=paper).code in (0, 1)
    refused = house.refused(f"admit {house.her}", {"notes": "x"}, env=paper)
    assert (refused.code, refused.error) == (5, "vault/read-only-key")


def ended(child: "pexpect.spawn[str]") -> tuple[str, int]:
    """What was said until the end, and the exit code."""
    child.expect(pexpect.EOF)
    said = str(child.before)
    child.close()
    return said, int(child.exitstatus if child.exitstatus is not None else -1)


FRESH = "init fresh --shelter osh --no-passphrase --store fresh --identity fresh-key"


def test_at_a_terminal_it_is_shown_once_on_a_screen_that_keeps_nothing(house: "Desk") -> None:
    child = spawned(house, FRESH)
    child.expect(r"press Enter")
    seen = child.before or ""
    before, _, alone = seen.partition("\x1b[?1049h")
    (secret,) = re.findall(r"AGE-SECRET-KEY-1[A-Z0-9]+", alone)
    drawn = re.findall(r"\x1b\[0;30;47;107m([ ▄▀█]{37})\x1b\[0m", alone)
    assert photographed(drawn) == secret
    assert alone.count("\n") <= 23  # nothing has scrolled away
    beside = re.sub(r"\x1b\[0;30;47;107m[ ▄▀█]{37}\x1b\[0m", "", alone)
    (found,) = re.findall("store (S[0-9A-Z]{12}), words ((?:[a-z]+ ){3}[a-z]+)", " ".join(beside.split()))
    assert not is_store_folder(house.folder / "fresh")
    child.send("\r")
    after, code = ended(child)
    left = after.partition("\x1b[?1049l")[2]
    assert code == 0
    assert "AGE-SECRET" not in before + left
    assert "will not be shown again" in " ".join(left.split())
    assert f"The words of this store: {found[1]}." in " ".join(left.split())
    (house.folder / "fresh-paper").write_text(secret)
    assert house.do(f"check --recovery fresh-paper --store fresh --words '{found[1]}'").data["opened"] == 4
    shown = house.do("trust --store fresh --identity fresh-key").data["sheet"]
    assert (shown["store"], shown["words"]) == found


def test_ctrl_c_while_it_is_shown_leaves_no_store_and_the_next_init_shows_the_same(house: "Desk") -> None:
    shown = []
    for again in range(2):
        child = spawned(house, FRESH)
        child.expect(r"press Enter")
        shown += re.findall(r"AGE-SECRET-KEY-1[A-Z0-9]+|words [a-z ]+", child.before or "")
        if not again:
            broken_off(child)
            assert ended(child)[1] == 130
            assert not is_store_folder(house.folder / "fresh")
            assert house.refused("list --store fresh --identity fresh-key").code == 3
            other = house.refused(
                "init fresh --shelter osh --no-passphrase --identity key --recovery paper-2", today=None
            )
            assert (other.code, other.error) == (7, "init/begun")
    assert shown[:2] == shown[2:]
    child.send("\r")
    assert ended(child)[1] == 0
    assert not (house.folder / "fresh" / FOUNDING_FILE).exists()
    house.do("list --store fresh --identity fresh-key")
    (house.folder / "fresh-paper").write_text(shown[0])
    house.do("check --recovery fresh-paper --store fresh")


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "cp1251"}, {"TERM": "dumb"}], ids=["cp1251", "dumb"])
def test_where_no_code_can_be_drawn_the_line_is_enough_and_said_to_be(house: "Desk", env: dict[str, str]) -> None:
    child = spawned(house, FRESH, **env)
    child.expect(r"press Enter")
    seen = child.before or ""
    assert "This window cannot show the QR code" in seen
    assert "AGE-SECRET-KEY-1" in seen
    assert not set("▄▀█") & set(seen)
    child.send("\r")
    assert ended(child)[1] == 0


def test_off_a_terminal_or_for_a_program_no_store_is_made_without_a_file_for_it(house: "Desk") -> None:
    new = "init fresh --shelter osh --no-passphrase --store fresh --identity fresh-key"
    told = house.refused(new, today=None)
    assert (told.code, told.error) == (2, "usage/missing")
    assert "--recovery FILE" in told.page["error"]["message"]
    said, code = ended(spawned(house, f"{new} --json"))
    assert (code, said.count("AGE-SECRET-KEY-1")) == (2, 0)
    assert not any((house.folder / name).exists() for name in ("fresh", "fresh-key"))
    made = house.run(f"{new} --recovery paper-2", today=None)
    assert (made.code, "AGE-SECRET-KEY-1" in made.out + made.err) == (0, False)
    assert (house.folder / "paper-2").read_text("utf-8").count("AGE-SECRET-KEY-1") == 1


JOIN = "trust --join --recovery paper"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store with a client, a backup of it on another disk, and its paper in a file; the old computer is there yet."""
    desk = make_house_with_paper(tmp_path_factory.mktemp("made") / "desk")
    desk.do("backup usb", today=None)
    return desk


@pytest.fixture
def working(made: Desk, tmp_path: Path) -> Desk:
    """The same, to be worked at."""
    shutil.copytree(made.folder, tmp_path / "desk")
    return Desk(tmp_path / "desk", made.her)


class New(Desk):
    """A new computer, beside what was saved: its home is empty, and the key goes where keys go."""

    @property
    def env(self) -> dict[str, str]:
        home = {"HOME": str(self.folder / "home"), "SHELTERCTL_IDENTITY": "", "XDG_CONFIG_HOME": ""}
        return {**super().env, **home, "SHELTERCTL_STORE": str(self.folder / "restored")}


@pytest.fixture
def new(working: Desk) -> New:
    """The old computer is gone; on a new one the backup is restored with the paper."""
    processes.posix_only("a home for each computer", "windows/test_kit.py")
    shutil.rmtree(working.store)
    working.key.rename(working.folder / "old-key")
    working.key.with_name("key.heads").rename(working.folder / "old-key.heads")
    computer = New(working.folder, working.her)
    (computer.folder / "home").mkdir()
    told = computer.do("restore usb --store restored --identity paper", today=None)
    assert "trust --join --recovery FILE" in told.data["said"][-1]
    return computer


def stanzas(store: Path) -> set[int]:
    """For how many keys the sealed files open."""
    return {read_age_header(path.read_bytes(), path.name).keys for path in store.rglob("*.age")}


def works(computer: Desk) -> None:
    """That everything is read, written and whole there, and that nothing has to be told."""
    assert computer.record()["identity"]["last_name"] == "Примерова"
    assert [row["id"] for row in computer.do("list").data["rows"]] == [computer.her]
    computer.do(f"admit {computer.her}", {"identification_number": "KG-2026-118"})
    computer.do("house --others 1")
    computer.do("staff add s-new --role security")
    computer.do("admit", {"identity": {"sex": "male"}, "referral": {"sources": ["scme"]}})
    checked = computer.do("check")
    assert "Nothing in the store is damaged." in checked.data["said"]
    assert not [code for code in checked.codes() if code.startswith(("trust/", "journal/", "vault/", "store/"))]
    assert stanzas(computer.folder / "restored") == {3}


def test_a_new_computer_joins_and_everything_is_read_and_written(new: New) -> None:
    assert new.ask("list").error == "vault/no-key"
    joined = new.do(f"{JOIN} --no-passphrase").data
    assert stanzas(new.folder / "restored") == {3}
    assert (new.folder / "home/.config/shelterctl/identity").is_file()
    works(new)
    rows = new.do("trust").data["rows"]
    assert [row["state"] for row in rows] == ["in_force", "here"]
    assert rows[1]["device"] == joined["device"]
    assert new.do("check --recovery paper").data["opened"] == 6


def test_it_is_done_by_whoever_is_named(new: New) -> None:
    assert new.do(f"{JOIN} --no-passphrase --staff s-aida").data["staff"] == "s-aida"
    lines = [json.loads(line) for line in (new.folder / "restored/trust.jsonl").read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["root", "device"]
    assert (lines[1]["by"], lines[1]["device"]["staff"]) == ("s-aida", "s-aida")


def test_with_a_passphrase_its_key_is_sealed(new: New) -> None:
    assert new.refused(JOIN, start_new_session=True).code == 5
    assert handed(new, JOIN, old=NEW).code == 0
    assert needs_passphrase(new.folder / "home/.config/shelterctl/identity")
    assert handed(new, f"show {new.her}", old=NEW).data["id"] == new.her
    assert handed(new, "house --others 1", old=NEW).code == 0


WHO = ("Who works at this computer?", "2")


def sat_at(desk: Desk, words: str, *dialogue: tuple[str, str]) -> tuple[str, int]:
    """A person at a terminal: what was said in a dialogue of prompts and answers, and the exit code."""
    child = spawned(desk, words)
    said = ""
    for prompt, answer in dialogue:
        child.expect(re.escape(prompt))
        said += f"{child.before}{child.after}"
        child.send(answer + "\r")
    child.expect(pexpect.EOF)
    child.close()
    return " ".join((said + str(child.before)).split()), int(child.exitstatus if child.exitstatus is not None else -1)


def test_at_a_terminal_the_number_is_asked_and_a_passphrase_chosen(new: New) -> None:
    sheet = ("there is no sheet.", "9999")
    said, code = sat_at(new, JOIN, sheet)
    assert code == 6
    assert "The sheet says 9999, but this copy ends at" in said
    assert not (new.folder / "home/.config/shelterctl/identity").exists()
    asked = (("there is no sheet.", ""), WHO, ("New passphrase: ", NEW), ("again: ", NEW))
    said, code = sat_at(new, JOIN, *asked)
    assert code == 0
    assert "This computer now works with the store" in said
    assert NEW not in said
    assert handed(new, f"show {new.her}", old=NEW).data["id"] == new.her


def test_at_a_terminal_the_line_is_read_off_the_paper_and_nobody_writes_it_into_a_file(new: New) -> None:
    assert (told := new.refused("trust --join --store restored")).code == 2
    assert told.error == "trust/needs-paper"
    line = (new.folder / "paper").read_text().strip().splitlines()[-1]
    as_printed = f"{line[:16]} {line[16:22]} {line[22:].lower()}"
    asked = (("leave out spaces.", line[:-2]), ("type it again.", as_printed), ("there is no sheet.", ""), WHO)
    said, code = sat_at(new, "trust --join --store restored --no-passphrase", *asked)
    assert code == 0, said
    assert new.do(f"show {new.her}").data["id"] == new.her
    assert new.do("trust").data["rows"][1]["staff"] == "s-aida"


def test_at_a_terminal_a_code_of_the_staff_stands_as_it_is_and_is_no_word_to_be_translated(new: New) -> None:
    asked = (("Enter – листа нет.", ""), ("Кто работает за этим компьютером?", "2"))
    said, code = sat_at(new, f"{JOIN} --no-passphrase --lang ru", *asked)
    assert code == 0, said
    assert "1 manager 2 s-aida" in said


def test_at_a_terminal_a_backup_is_held_against_the_number_on_the_sheet(new: New) -> None:
    restore = "restore usb --store again --identity paper"
    said, code = sat_at(new, restore, ("there is no sheet.", "9999"))
    assert code == 6
    assert "The sheet says 9999, but this copy ends at" in said
    assert not (new.folder / "again").exists()
    said, code = sat_at(new, restore, ("there is no sheet.", "a hundred"), ("such as 128.", ""))
    assert code == 0
    assert "The number of this copy is" in said


def test_the_old_computer_comes_back_and_has_to_be_told(new: New) -> None:
    new.do(f"{JOIN} --no-passphrase")
    new.do("house --others 1")
    comes = {"SHELTERCTL_IDENTITY": str(new.folder / "old-key")}
    told = new.do("list", env=comes)
    assert told.codes("warn") == ["trust/new-device"]
    assert [row["id"] for row in told.data["rows"]] == [new.her]
    for words in ("house --others 2", "ngo add other"):
        told = new.refused(words, env=comes)
        assert (told.code, told.error) == (7, "trust/new-device")
    shown = new.do("trust", env=comes)
    assert shown.codes("warn") == ["trust/new-device"]
    joined = shown.data["rows"][1]["device"]
    assert shown.data["said"][-1].startswith(f"New on the list: computer {joined} may read and write; admitted by")
    accepted = new.do("trust --accept", env=comes).data["accepted"]
    assert [one["kind"] for one in accepted] == ["device"]
    new.do("house --others 2", env=comes)
    assert "Nothing in the store is damaged." in new.do("check", env=comes).data["said"]
    assert "Nothing in the store is damaged." in new.do("check").data["said"]


def test_what_two_computers_wrote_is_given_up_by_one_that_restores_an_older_state(new: New) -> None:
    new.do(f"{JOIN} --no-passphrase")
    comes = {"SHELTERCTL_IDENTITY": str(new.folder / "old-key")}
    new.do("trust --accept", env=comes)
    new.do("house --others 1", env=comes)
    older = new.do("backup usb", today=None).data["folder"]
    for number in (2, 3):
        new.do(f"house --others {number}")
    new.do("house --others 4", env=comes)
    new.do("backup usb", today=None)
    number = new.do("check").data["sheet"]["number"]
    shutil.rmtree(new.folder / "restored")
    restored = new.do(f"restore {older} --store restored", env=comes, today=None).data
    assert restored["lacking"] == 3
    assert restored["sheet"]["number"] > number
    after = new.do("backup usb", today=None, env=comes).data["folder"]
    for store in ("again", "restored"):
        shutil.rmtree(new.folder / store, ignore_errors=True)
        made = new.do(f"restore usb --store {store}", env=comes, today=None).data
        assert made["from"] == Path(after).name
        assert made["lacking"] is None
    new.do("house --others 5", env=comes)
    told = new.refused("list")  # it remembers what was given up
    assert (told.code, told.error) == (6, "journal/rolled-back")


def test_what_the_old_computer_is_told_it_may_refuse(new: New) -> None:
    new.do(f"{JOIN} --no-passphrase")
    old = Desk(new.folder)
    old.store, old.key = new.folder / "restored", new.folder / "old-key"
    said, code = sat_at(old, "trust --accept", ("is it right?", "no"))
    assert code == 0
    assert said.endswith("Nothing was accepted. Stop here, change nothing, and call the data officer.")
    assert old.refused("house --others 2").error == "trust/new-device"


def test_where_it_works_already_it_is_not_joined_again(new: New) -> None:
    new.do(f"{JOIN} --no-passphrase")
    told = new.refused(f"{JOIN} --no-passphrase")
    assert (told.code, told.error) == (2, "trust/here-already")
    told = new.refused(f"{JOIN} --begin")
    assert (told.code, told.error) == (2, "usage/one-thing")


def test_a_computer_that_lost_its_memory_joins_as_the_device_that_it_was(new: New) -> None:
    first = new.do(f"{JOIN} --no-passphrase").data["device"]
    shutil.rmtree(new.folder / "home/.config/shelterctl/identity.heads")
    assert new.do("list").codes("warn") == ["trust/no-memory"]
    assert new.do(f"{JOIN} --no-passphrase").data["device"] == first
    assert len((new.folder / "restored/trust.jsonl").read_text().splitlines()) == 2
    works(new)


def test_a_store_that_is_not_whole_is_not_joined(new: New) -> None:
    file = new.folder / "restored/directory.yaml.age"
    *sealed, last = file.read_bytes()
    file.write_bytes(bytes([*sealed, last ^ 1]))
    told = new.refused(f"{JOIN} --no-passphrase")
    assert (told.code, told.error) == (6, "trust/not-whole")
    assert "directory.yaml.age" in told.page["error"]["message"]


def test_a_paper_that_has_not_signed_admits_nobody_and_that_is_said_first(old: Desk) -> None:
    computer = {"SHELTERCTL_IDENTITY": str(old.folder / "fresh")}
    join = "trust --join --recovery recovery --no-passphrase"
    assert old.refused(join, env=computer).error == "trust/begin"
    words = old.do("trust --begin").data["sheet"]["words"]
    for typed in ("", f" --words '{words}'"):
        told = old.refused(join + typed, env=computer)
        assert (told.code, told.error) == (7, "trust/paper-cannot")
        assert "check --recovery FILE" in told.page["error"]["hint"]
    old.do(f"check --recovery recovery --words '{words}'")
    old.do(join, env=computer)
    old.do("house --others 4 --facility bishkek", env=computer)


def lines_of(paper: str) -> tuple[str, str]:
    """What stands above the key, and the key."""
    above, key = paper.rsplit("\n", 2)[:2]
    return above + "\n", key


def written(paper: str) -> dict[str, str | bytes]:
    """What a person may have written into the file and is right all the same."""
    above, key = lines_of(paper)
    return {
        "the key alone": key,
        "CRLF": paper.replace("\n", "\r\n"),
        "BOM": b"\xef\xbb\xbf" + paper.encode(),
        "BOM and CRLF": b"\xef\xbb\xbf" + paper.replace("\n", "\r\n").encode(),
        "lower case": above + key.lower() + "\n",
        "spaces": f"\n  {key} \t\n\n",
    }


RIGHT = ("the key alone", "CRLF", "BOM", "BOM and CRLF", "lower case", "spaces")


@pytest.mark.parametrize("how", RIGHT)
def test_however_the_key_was_written_down_it_is_the_paper(how: str, new: New) -> None:
    text = written((new.folder / "paper").read_text())[how]
    (new.folder / "paper").write_bytes(text if isinstance(text, bytes) else text.encode())
    assert new.do("check --recovery paper").data["opened"] == 5
    new.do(f"{JOIN} --no-passphrase")


def another_letter(key: str) -> str:
    at = len(key) // 2
    return key[:at] + ("Q" if key[at] != "Q" else "P") + key[at + 1 :]


WRONG: dict[str, tuple[int, str]] = {
    "a letter": (5, "key/misspelt"),
    "a letter less": (5, "key/misspelt"),
    "two keys": (5, "vault/bad-identity"),
    "prose": (5, "vault/bad-identity"),
    "nothing": (5, "vault/bad-identity"),
    "a device's": (5, "check/a-devices-key"),
    "another store's": (6, "trust/not-mine"),
    "another's words": (6, "trust/other-words"),
    "a word misspelt": (2, "trust/words"),
}


@pytest.mark.parametrize("how", WRONG)
@pytest.mark.parametrize("words", [f"{JOIN} --no-passphrase", "check --recovery paper"])
def test_what_is_wrong_about_it_is_said_and_nothing_is_done(words: str, how: str, new: New) -> None:
    file = new.folder / "paper"
    above, key = lines_of(file.read_text())
    file.write_text(
        {
            "a letter": above + another_letter(key),
            "a letter less": above + key[:-1],
            "two keys": f"{key}\n{key}\n",
            "prose": "my dog's name\n",
            "nothing": "",
            "a device's": (new.folder / "old-key").read_text(),
            "another store's": create_recovery_key().key,
            "another's words": re.sub("(?m)^# words: .*$", "# words: anapa anapa anapa anapa", above) + key,
            "a word misspelt": re.sub("(?m)^(# words: .*)$", r"\1q", above) + key,
        }[how]
    )
    told = new.refused(words)
    assert (told.code, told.error) == WRONG[how]
    assert key.lower()[16:30] not in (told.out + told.err).lower()


def test_the_words_and_the_number_of_the_sheet_are_held_against_it(new: New) -> None:
    said = new.do("check --recovery paper").data["sheet"]["number"]
    wrong = {
        f"--number {said + 1}": (6, "trust/behind-number"),
        "--words 'anapa anapa anapa anapa'": (6, "trust/other-words"),
    }
    for option, answer in wrong.items():
        told = new.refused(f"{JOIN} --no-passphrase {option}")
        assert (told.code, told.error) == answer
    (words,) = re.findall("(?m)^# words: (.*)$", (new.folder / "paper").read_text())
    joined = new.do(f"{JOIN} --no-passphrase --number {said} --words '{words}'").data
    assert joined["sheet"]["number"] > said


@pytest.fixture
def quick(made: Desk) -> Iterator[Desk]:
    """A restored store in memory, and the paper beside it: the disk is slow, and not what is looked for."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        shutil.copytree(made.store, Path(folder, "old/house"))
        shutil.copy(made.folder / "paper", Path(folder, "old"))
        yield Desk(Path(folder, "desk"), made.her)


def test_wherever_the_computer_stops_the_same_words_join_it(quick: Desk) -> None:
    fresh, seen = {"SHELTERCTL_IDENTITY": str(quick.folder / "fresh")}, set[tuple[Any, ...]]()
    for at in range(1, 300, stride(2)):
        shutil.rmtree(quick.folder, ignore_errors=True)
        shutil.copytree(quick.folder.with_name("old"), quick.folder)
        save_identity(quick.folder / "fresh", create_identity(), None)
        if joins(quick, at):
            break
        if (state := looks(quick)) in seen:
            continue
        seen.add(state)
        told: Answer = quick.ask(f"{JOIN} --no-passphrase", env=fresh)
        assert (told.code, told.error) in ((0, "None"), (2, "trust/here-already"))
        assert len((quick.store / "trust.jsonl").read_text().splitlines()) == 2
        quick.do("house --others 1", env=fresh)
        assert "Nothing in the store is damaged." in quick.do("check", env=fresh).data["said"]
        assert stanzas(quick.store) == {3}
    else:
        raise AssertionError("it never came to its end")
    assert len(seen) > 4


def joins(desk: Desk, at: int) -> bool:
    """Whether a computer that stops at the *at*-th call of the system had joined before."""
    session = Seat(options=Options(store=str(desk.store), identity=str(desk.folder / "fresh")))
    paper, key = read_paper(desk.folder / "paper")[0], session.device_key
    opened = open_store(desk.store, paper, session.rulebook, None)
    whole = trust.read_files_to_join(opened)
    at_ten = "2026-11-25T10:00+06:00"
    join = partial(trust.join_store, opened, session.memory_folder, whole, key, staff="manager", at=at_ten)
    return struck(join, at, kill_half_way)[0] == "done"


def looks(desk: Desk) -> tuple[Any, ...]:
    """What lies there, as far as one moment is another than the last: one file more on its way is not."""
    fresh = [path.stat().st_size > 0 for path in desk.store.rglob(".*.tmp")]
    lines = [path.read_bytes().count(b"\n") for path in sorted(desk.store.rglob("*.jsonl"))]
    notes = sorted(path.name for path in desk.folder.glob("fresh.heads/*"))
    return (*fresh[:2], *lines, *stanzas(desk.store), *notes)
