"""A file whose line was lost, or that opens for one key too many: seen, read by nobody, signed for or sealed anew."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyrage
import pytest

from shelterctl.identity.key_file import load_identity
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store.folder import record_file
from shelterctl.store.opening import open_store
from shelterctl.vault.protocol import FileToSave
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


ANOTHER = {
    "identity": {"sex": "female", "birth_date": "1990", "first_name": "Бурул"},
    "referral": {"sources": ["scme"]},
}


def journal_of(desk: "Desk") -> Path:
    (journal,) = (desk.store / "journal").iterdir()
    return journal


def spoilt(desk: "Desk", *numbers: int) -> None:
    """These lines of the journal beyond what can be brought back."""
    lines = journal_of(desk).read_bytes().split(b"\n")
    for number in numbers:
        lines[number] = b"#" * 40
    journal_of(desk).write_bytes(b"\n".join(lines))


def about(desk: "Desk", file: str) -> list[int]:
    """The lines that name a file, by their place."""
    lines = journal_of(desk).read_bytes().splitlines()
    return [place for place, line in enumerate(lines) if json.loads(line)["file"] == file]


def unnamed(desk: "Desk", file: str = "") -> None:
    """Every line about a file, her own unless one is named, beyond what can be brought back."""
    desk.do(f"admit {desk.her}", {"notes": "Seen by whoever signs."})
    spoilt(desk, *about(desk, file or f"residents/{desk.her}.yaml.age"))


def sealed(desk: "Desk", text: str) -> bytes:
    """What anybody can seal to the keys of the house, which lie open."""
    root = json.loads((desk.store / "trust.jsonl").read_bytes().splitlines()[0])
    keys = [root["device"]["age"], root["recovery"]["age"]]
    return bytes(pyrage.encrypt(text.encode(), [pyrage.x25519.Recipient.from_str(key) for key in keys]))


def waiting(desk: "Desk") -> dict[str, dict[str, Any]]:
    """What is shown to be signed for, by its file."""
    found = desk.do("repair journal --names").data["repaired"]["waiting"]
    return {one["place"]: one for one in found}


def test_it_is_shown_on_a_screen_of_its_own_and_then_signed_for(admitted: "Desk") -> None:
    unnamed(admitted)
    seen = Terminal(admitted).run("repair journal", ["yes", "", "", "", "yes"])
    assert seen.code == 0, seen.text
    assert "Seen by whoever signs." in seen.text
    assert "Seen by whoever signs." not in seen.left
    assert admitted.record()["stays"][0]["notes"] == "Seen by whoever signs."
    assert set(admitted.do("check").codes("warn")) == {"store/repaired"}


def test_whoever_does_not_know_it_lays_it_aside(admitted: "Desk") -> None:
    unnamed(admitted)
    seen = Terminal(admitted).run("repair journal", ["yes", "", "", "", "no"])
    assert seen.code == 0, seen.text
    assert f"repair {admitted.her} --give-up --reason-code tampered_with" in " ".join(seen.text.split())
    told = admitted.ask("check")
    assert (told.code, "vault/unsaved" in told.codes()) == (6, True)
    admitted.do(f"repair {admitted.her} --give-up --reason-code tampered_with")
    assert admitted.do("check").codes("refuse") == []
    assert admitted.do("list").data["rows"] == []


def test_what_a_line_names_otherwise_is_never_signed_for(admitted: "Desk") -> None:
    """Her last line is lost; an older one names another version: that is put back, whatever lies there."""
    (admitted.folder / "usb").mkdir()
    admitted.do("backup usb", today=None)
    admitted.do(f"admit {admitted.her}", {"notes": "Written since."})
    spoilt(admitted, about(admitted, f"residents/{admitted.her}.yaml.age")[-1])
    done = admitted.do("repair journal --give-up")
    assert (done.data["repaired"]["signed"], done.data["repaired"]["waiting"]) == (1, [])
    assert done.finding("vault/forged")["record"] == admitted.her
    sum_ = hashlib.sha256((admitted.store / f"residents/{admitted.her}.yaml.age").read_bytes()).hexdigest()
    told = admitted.refused(f"repair journal --vouch {admitted.her} {sum_}")
    assert (told.code, told.error) == (6, "vault/forged")
    said = admitted.do(f"repair {admitted.her} --from usb").data["said"]
    assert "later versions of it may be" in " ".join(said)
    assert admitted.do("check").codes("refuse") == []
    assert admitted.record()["stays"][0]["notes"] != "Written since."


def test_off_a_terminal_just_the_bytes_that_were_shown_are_signed_for(admitted: "Desk") -> None:
    unnamed(admitted)
    admitted.do("repair journal --give-up")
    place = f"residents/{admitted.her}.yaml.age"
    one = waiting(admitted)[place]
    assert one["sha256"] == hashlib.sha256((admitted.store / place).read_bytes()).hexdigest()
    assert "Seen by whoever signs." in "\n".join(one["says"])
    shown = admitted.run("repair journal").out
    assert f"--vouch {place} {one['sha256']}" in shown
    assert "Seen by whoever signs." not in shown
    assert "Примерова" not in shown
    other = "0" * 64
    assert (told := admitted.refused(f"repair journal --vouch {place} {other}")).error == "repair/swapped"
    assert told.code == 7
    for words, code in (("repair journal --vouch", 2), (f"repair journal --vouch {place}", 2)):
        assert admitted.refused(words).code == code
    assert admitted.do(f"repair journal --vouch {place} {one['sha256']}").data["repaired"]["vouched"] == [place]
    assert admitted.do("check").codes("refuse") == []
    told = admitted.refused(f"repair journal --vouch {place} {one['sha256']}")
    assert (told.code, told.error) == (2, "repair/whole")


def test_what_is_put_in_its_place_while_she_looks_is_not_signed_for(admitted: "Desk") -> None:
    unnamed(admitted)
    admitted.do("repair journal --give-up")
    file = admitted.store / f"residents/{admitted.her}.yaml.age"
    before = journal_of(admitted).read_bytes()
    with Terminal(admitted).live("repair journal") as live:
        live.until("residents/")
        file.write_bytes(sealed(admitted, f"schema: resident/1\nid: {admitted.her}\nidentity: {{}}\nstays: []\n"))
        live.type("yes")
        seen = live.end()
    assert seen.code == 7, seen.text
    assert "was changed after it was shown" in " ".join(seen.text.split())
    assert journal_of(admitted).read_bytes() == before


def test_where_no_line_was_lost_nothing_is_ever_signed_for(admitted: "Desk") -> None:
    """One changed byte of the journal is brought back; whoever changed it gains nothing."""
    path = admitted.store / "residents/7QF2-M9KD.yaml.age"
    path.write_bytes(sealed(admitted, "schema: resident/1\nid: 7QF2-M9KD\nidentity: {sex: female}\nstays: []\n"))
    for place in (2, -2):
        lines = journal_of(admitted).read_bytes().split(b"\n")
        lines[place] = lines[place].replace(b"manager", b"mXnager", 1)
        journal_of(admitted).write_bytes(b"\n".join(lines))
        assert admitted.ask("check").code == 6
        done = admitted.do("repair journal")
        assert done.data["repaired"] == {
            "back": 1, "signed": 0, "lost": 0, "vouched": [], "unvouched": [], "waiting": [],
        }  # fmt: skip
        assert done.codes() == ["vault/unsaved"]
    sum_ = hashlib.sha256(path.read_bytes()).hexdigest()
    told = admitted.refused(f"repair journal --vouch 7QF2-M9KD {sum_}")
    assert (told.code, told.error) == (6, "vault/unsaved")
    shutil.move(path, admitted.folder / "moved out")
    assert admitted.do("check").codes("refuse") == []


def test_no_more_files_are_signed_for_than_lines_were_lost(admitted: "Desk") -> None:
    admitted.do("admit --new-person", ANOTHER)
    spoilt(admitted, -2)
    admitted.do("repair journal --give-up")
    path = admitted.store / "residents/7QF2-M9KD.yaml.age"
    path.write_bytes(sealed(admitted, "schema: resident/1\nid: 7QF2-M9KD\nidentity: {sex: female}\nstays: []\n"))
    shown = waiting(admitted)
    assert len(shown) == 2
    (hers,) = (place for place in shown if "7QF2" not in place)
    admitted.do(f"repair journal --vouch {hers} {shown[hers]['sha256']}")
    assert waiting(admitted) == {}
    theirs = f"repair journal --vouch 7QF2-M9KD {hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert admitted.refused(theirs).error == "vault/unsaved"


FORGED = {
    "staff.yaml": lambda text: text + "  s-mallory: {role: manager, since: 2026-01-01}\n",
    "shelter.yaml": lambda text: text.replace("capacity: 10", "capacity: 80"),
    "directory.yaml.age": lambda _: "schema: directory/1\nstaff: {s-gulnara: {name: Чужая, phone: '0555 999 999'}}\n",
    "secrets.yaml.age": lambda _: (
        f"schema: secrets/1\nsheet_codes: [{{id: AAAAAA, since: 2026-01-01, key: '{'0' * 64}'}}]\n"
    ),
}
SAYS = {
    "staff.yaml": "s-mallory",
    "shelter.yaml": "80",
    "directory.yaml.age": "0555 999 999",
    "secrets.yaml.age": "Key AAAAAA was not made by shelterctl",
}


@pytest.mark.parametrize("file", FORGED)
def test_every_kind_of_file_is_shown_before_it_is_signed_for(file: str, admitted: "Desk") -> None:
    forge: Callable[[str], str] = FORGED[file]
    path = admitted.store / file
    lines = about(admitted, file)
    data = forge(path.read_text("utf-8") if file.endswith(".yaml") else "")
    path.write_bytes(sealed(admitted, data) if file.endswith(".age") else data.encode())
    spoilt(admitted, *lines)
    admitted.do("repair journal --give-up")
    one = waiting(admitted)[file]
    assert SAYS[file] in "\n".join(one["says"])
    assert "0" * 16 not in "\n".join(one["says"])
    russian = admitted.run("repair journal --names --lang ru").out
    assert SAYS[file] in russian or "не случайный" in russian
    without = admitted.run("repair journal").out
    assert not re.search("(?<![0-9a-f])0555", without)  # a digest may have these digits
    assert "Чужая" not in without


@pytest.mark.parametrize("file", FORGED)
def test_as_long_as_one_line_names_it_a_file_of_the_house_is_put_back_and_never_signed_for(
    file: str, admitted: "Desk"
) -> None:
    (admitted.folder / "usb").mkdir()
    admitted.do("backup usb", today=None)
    forge: Callable[[str], str] = FORGED[file]
    path = admitted.store / file
    before = path.read_bytes()
    data = forge(before.decode() if file.endswith(".yaml") else "")
    path.write_bytes(sealed(admitted, data) if file.endswith(".age") else data.encode())
    spoilt(admitted, *[place for place in range(20) if place not in about(admitted, file)][:1])
    done = admitted.do("repair journal --give-up")
    assert file not in done.data["repaired"]["unvouched"]
    assert "vault/forged" in done.codes()
    told = admitted.refused(f"repair journal --vouch {file} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    assert (told.code, told.error) == (6, "vault/forged")
    admitted.do(f"repair {file} --from usb")
    assert path.read_bytes() == before
    assert admitted.do("check").codes("refuse") == []


def test_a_file_that_was_given_up_and_lies_there_again_is_not_signed_for(admitted: "Desk") -> None:
    path = admitted.store / f"residents/{admitted.her}.yaml.age"
    old = path.read_bytes()
    path.write_bytes(b"")
    admitted.do(f"repair {admitted.her} --give-up --reason-code tampered_with")
    admitted.do("admit --new-person", ANOTHER)
    spoilt(admitted, -2)
    path.write_bytes(old)
    (one,) = admitted.do("repair journal --give-up").data["repaired"]["waiting"]
    assert admitted.her not in one["place"]
    sum_ = hashlib.sha256(old).hexdigest()
    assert admitted.refused(f"repair journal --vouch {admitted.her} {sum_}").error == "vault/unsaved"


def test_nobody_gives_up_what_a_computer_remembers_without_being_asked(admitted: "Desk") -> None:
    lines = journal_of(admitted).read_bytes().split(b"\n")
    journal_of(admitted).write_bytes(b"\n".join([*lines[:-3], b""]))  # as an older copy has it
    seen = Terminal(admitted).run("repair journal", ["no"])
    assert "Give these lines up?" in " ".join(seen.text.split())
    assert admitted.ask("list").error == "journal/rolled-back"


def test_the_number_does_not_fall_where_lines_are_given_up(admitted: "Desk") -> None:
    before = admitted.do("check").data["sheet"]["number"]
    lines = journal_of(admitted).read_bytes().split(b"\n")
    journal_of(admitted).write_bytes(b"\n".join([*lines[:-3], b""]))
    told = admitted.refused("repair journal")
    assert (told.code, told.error) == (2, "repair/remembered")
    assert admitted.do("repair journal --give-up").data["repaired"]["lost"] == 2
    assert admitted.do("trust").data["sheet"]["number"] > before


def test_a_line_that_a_backup_has_is_not_given_up_by_the_way(admitted: "Desk") -> None:
    (admitted.folder / "usb").mkdir()
    admitted.do("backup usb", today=None)
    spoilt(admitted, 3)
    told = admitted.refused("repair journal")
    assert (told.code, told.error) == (2, "repair/remembered")
    assert admitted.do("repair journal --from usb").data["repaired"]["back"] == 1
    assert admitted.do("check").codes("refuse") == []


def test_whatever_byte_of_the_last_line_is_changed_it_is_brought_back_by_what_is_remembered(admitted: "Desk") -> None:
    whole = journal_of(admitted).read_bytes()
    begin = whole.rfind(b"\n", 0, -1) + 1
    for at in range(begin + 5, len(whole) - 1, 97):
        journal_of(admitted).write_bytes(whole[:at] + bytes([whole[at] ^ 0x15]) + whole[at + 1 :])
        assert admitted.do("repair journal").data["repaired"]["back"] == 1
        assert journal_of(admitted).read_bytes().startswith(whole)
        journal_of(admitted).write_bytes(whole)
        shutil.rmtree(admitted.key.with_name("key.heads"))
        admitted.do("check --remember --number 0")


def shared(desk: "Desk", keys: int) -> None:
    """Her file as a device might save it that adds readers to those of the store, or leaves one out."""
    session = open_store(desk.store, load_identity(desk.key, None), open_rulebook(), desk.folder / "key.heads")
    name = record_file(desk.her)
    data, version = session.vault.read(name)
    own = [pyrage.x25519.Recipient.from_str(each) for each in session.vault.journal.chain.readership.everyone]
    strangers = [pyrage.x25519.Identity.generate().to_public() for _ in range(keys)]
    sealed = bytes(pyrage.encrypt(data, [*own, *strangers][: len(own) + keys]))
    change = FileToSave(name, sealed, version, sealed=True)
    session.vault.write_all([change], did="admit", by="manager", at="2026-11-26T16:40+06:00")


@pytest.mark.parametrize("keys", [1, 5, -1], ids=["one more", "five more", "without the paper"])
def test_it_is_damage_that_names_the_device_and_resealing_cures_it(keys: int, admitted: "Desk") -> None:
    before = admitted.record()
    device = admitted.do("trust").data["rows"][0]["device"]
    shared(admitted, keys)
    told = admitted.refused(f"show {admitted.her}")
    assert (told.code, told.error) == (6, "vault/readers")
    assert device in told.page["error"]["message"]
    assert f"shelterctl repair {admitted.her} --reseal" in told.page["error"]["hint"]
    assert admitted.ask("list").code == 6
    admitted.do(f"repair {admitted.her} --reseal")
    assert admitted.record() == before
    assert admitted.do("check").codes("warn") == ["store/repaired"]


def test_what_is_sealed_to_just_its_readers_is_not_touched(admitted: "Desk") -> None:
    assert admitted.refused(f"repair {admitted.her} --reseal").refusals == ["repair/whole"]
