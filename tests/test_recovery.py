"""The recovery key: shown once, drawn for a camera, tried in a drill, and used when everything else is gone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest
from gate import REFERRAL
from terminal import broken_off, spawned

from shelterctl import qr
from shelterctl.identity.keys import create_recovery_key
from shelterctl.store.folder import FOUNDING_FILE, is_store_folder

if TYPE_CHECKING:
    from conftest import Desk


ACCEPTED = Path(__file__).parents[1] / "examples" / "accepted"
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
    assert f"Number {number + 2} was written down, and this copy ends at {number}" in told.page["error"]["message"]
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
    assert told.page["error"]["message"] == f"With the recovery key 4 of 5 files open. These do not: {place}."


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
    assert "is not shown again" in " ".join(left.split())
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
    assert "This window cannot show it as a QR code" in seen
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
