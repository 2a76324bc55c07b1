"""Who did what, when: what the journal holds, what it vouches for, and what it notices."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import shelterctl
from shelterctl import errors, identity
from shelterctl.identity import Identity
from shelterctl.journal import Journal, Step

RECORD, OTHER = "residents/7QF2-M9KD.yaml.age", "residents/0ABC-1DEF.yaml.age"
ACT = {"did": "admit", "by": "s-aida", "at": "2026-11-25T10:00:00+06:00"}


def digest(word: object) -> str:
    return hashlib.sha256(str(word).encode()).hexdigest()


class Desk:
    """A device's journal, and what the device remembers of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "journal"
        self.remembered = folder / "state" / "head"
        self.me = identity.make()
        self.keys = {str(self.me.device): self.me.signing_public}
        self.path = self.folder / f"{self.me.device}.jsonl"

    def opened(self, writer: Identity | None = None) -> Journal:
        """The journals as the next command reads them."""
        return Journal(self.folder, self.keys, writer or self.me, self.remembered)

    def wrote(self, *words: object, file: str = RECORD, base: object = None) -> None:
        for word in words:
            step = Step(file, base if base is None else digest(base), digest(word))
            self.opened().append([step], **ACT)
            base = word

    def problems(self) -> list[tuple[str, object]]:
        return [(problem.code, problem.facts.get("line")) for problem in self.opened().verify()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.wrote("first", "second")
    desk.wrote("other", file=OTHER)
    return desk


def test_a_line_is_compact_json_tied_to_the_one_before_and_signed(desk: Desk) -> None:
    lines = desk.path.read_bytes().splitlines()
    said = json.loads(lines[1])
    assert list(said) == ["seq", "prev", "at", "by", "did", "file", "base", "now", "sig"]
    assert said["prev"] == hashlib.sha256(lines[0]).hexdigest()
    assert [said[key] for key in ("seq", "file", "base", "now")] == [1, RECORD, digest("first"), digest("second")]
    signature = base64.b64decode(said.pop("sig"))
    payload = json.dumps(said, separators=(",", ":")).encode()
    Ed25519PublicKey.from_public_bytes(base64.b64decode(desk.me.signing_public)).verify(signature, payload)


def test_the_last_line_about_a_file_is_its_head(desk: Desk) -> None:
    journal = desk.opened()
    assert [journal.head(file) for file in (RECORD, OTHER, "shelter.yaml")] == [digest("second"), digest("other"), None]
    assert journal.files() == {RECORD, OTHER}
    assert desk.problems() == []


@pytest.mark.parametrize("place", ["did", "by", "at", "file"])
def test_a_name_never_gets_into_a_line(desk: Desk, place: str) -> None:
    before = desk.path.read_bytes()
    words = {**ACT, "file": RECORD, place: "Айгуль Примерова"}
    with pytest.raises(ValueError, match="codes only") as refused:
        desk.opened().append([Step(words.pop("file"), None, digest("x"))], **words)
    assert "Айгуль" not in str(refused.value)
    assert desk.path.read_bytes() == before


@pytest.mark.parametrize("tail", [b'{"seq":3,"pr', b"\0" * 400, b"\0" * 90 + b'"sig":"x"}\n'])
def test_the_tail_of_an_interrupted_append_does_not_count_and_is_cut(desk: Desk, tail: bytes) -> None:
    whole = desk.path.read_bytes()
    desk.path.write_bytes(whole + tail)
    assert desk.opened().torn()
    assert desk.opened().head(OTHER) == digest("other")
    desk.opened().cut_torn_tail()
    assert desk.path.read_bytes() == whole
    assert not desk.opened().torn()
    desk.wrote("third", base="second")
    assert desk.problems() == []


def test_whatever_byte_is_changed_or_cut_off_nothing_is_believed(desk: Desk) -> None:
    whole = desk.path.read_bytes()
    flips = [whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :] for at in range(len(whole))]
    for broken in [*flips, *(whole[:length] for length in range(0, len(whole), 7))]:
        desk.path.write_bytes(broken)
        with pytest.raises(errors.Damaged):
            desk.opened().head(RECORD)


def edited(lines: list[bytes]) -> list[bytes]:
    return [lines[0].replace(b"s-aida", b"s-nina"), *lines[1:]]


def turned_to_another_file(lines: list[bytes]) -> list[bytes]:
    """The newest version would be forgotten, and the older one vouched for."""
    return [lines[0], lines[1].replace(RECORD.encode(), OTHER.encode()), lines[2]]


ATTACKS: list[Callable[[list[bytes]], list[bytes]]] = [
    edited,
    turned_to_another_file,
    lambda lines: [lines[0], lines[2]],
    lambda lines: [lines[1], lines[0], lines[2]],
    lambda lines: [*lines, lines[0]],
    lambda lines: [*lines, lines[2].replace(b'"seq":2', b'"seq":3')],
    lambda lines: [*lines, b"not a line\n"],
]


@pytest.mark.parametrize("remembers", [True, False])
@pytest.mark.parametrize("attack", ATTACKS)
def test_lines_that_the_device_did_not_write_are_damage(
    desk: Desk, attack: Callable[[list[bytes]], list[bytes]], remembers: bool
) -> None:
    desk.path.write_bytes(b"".join(attack(desk.path.read_bytes().splitlines(keepends=True))))
    if not remembers:
        desk.remembered.unlink()
    with pytest.raises(errors.Damaged):
        desk.opened().head(RECORD)
    with pytest.raises(errors.Damaged):
        desk.wrote("third", base="second")
    assert {code for code, _ in desk.problems()} <= {"journal/edited", "journal/rolled-back"} != set()


def test_the_place_of_a_line_with_another_signature_is_named(desk: Desk) -> None:
    stranger = Desk(desk.folder.parent / "elsewhere")
    stranger.me = Identity(stranger.me.key, stranger.me.seed, desk.me.device)
    stranger.keys = {str(desk.me.device): stranger.me.signing_public}
    stranger.path = stranger.folder / desk.path.name
    stranger.wrote("first", "second")
    desk.path.write_bytes(stranger.path.read_bytes())
    assert desk.problems() == [("journal/edited", 1), ("journal/edited", 2), ("journal/rolled-back", None)]


def test_a_journal_of_no_device_is_reported_and_not_believed(desk: Desk) -> None:
    (desk.folder / "strangers.jsonl").write_bytes(desk.path.read_bytes().replace(RECORD.encode(), b"shelter.yaml"))
    assert desk.opened().head("shelter.yaml") is None
    assert desk.problems() == [("journal/stranger", None)]


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_journal_put_back_to_an_earlier_day_is_noticed_where_its_head_is_remembered(desk: Desk, kept: int) -> None:
    lines = desk.path.read_bytes().splitlines(keepends=True)
    desk.path.write_bytes(b"".join(lines[:kept]))
    with pytest.raises(errors.Damaged) as noticed:
        desk.opened().head(RECORD)
    assert noticed.value.code == "journal/rolled-back"
    assert desk.problems() == [("journal/rolled-back", None)]
    desk.path.unlink()
    assert desk.problems() == [("journal/rolled-back", None)]


@pytest.mark.parametrize("junk", [None, b"", b"junk", b"a b c d e", b"\xff\xfe"])
def test_without_a_remembered_head_the_journal_is_believed_and_remembered_again(desk: Desk, junk: bytes | None) -> None:
    good = desk.remembered.read_bytes()
    desk.remembered.unlink() if junk is None else desk.remembered.write_bytes(junk)
    assert desk.opened().head(RECORD) == digest("second")
    desk.wrote("third", base="second")
    assert desk.remembered.read_bytes() not in {good, junk}
    assert desk.problems() == []


def test_a_remembered_head_that_we_did_not_write_counts_for_nothing(desk: Desk) -> None:
    note = desk.remembered.read_text()
    desk.remembered.write_text(note[:-1] + ("0" if note[-1] != "0" else "1"))
    forged = desk.path.read_bytes().replace(b"s-aida", b"s-nina")
    desk.path.write_bytes(forged)
    with pytest.raises(errors.Damaged):
        desk.opened().head(RECORD)


def test_a_key_file_whose_signing_key_is_damaged_does_not_spoil_the_journal(desk: Desk) -> None:
    before = desk.path.read_bytes()
    damaged = Identity(desk.me.key, bytes(32), desk.me.device)
    with pytest.raises(errors.CannotOpen) as refused:
        desk.opened(damaged).append([Step(RECORD, digest("second"), digest("third"))], **ACT)
    assert refused.value.code == "journal/wrong-key"
    assert desk.path.read_bytes() == before


def test_two_devices_that_take_turns_have_one_head_and_two_that_did_not_are_a_conflict(desk: Desk) -> None:
    second = Desk(desk.folder.parent)
    second.remembered = desk.folder.parent / "second" / "head"
    desk.keys = second.keys = desk.keys | second.keys
    second.wrote("third", base="second")
    desk.wrote("fourth", base="third")
    assert desk.opened().head(RECORD) == second.opened().head(RECORD) == digest("fourth")
    second.wrote("fifth", base="third")
    with pytest.raises(errors.Conflict) as forked:
        desk.opened().head(RECORD)
    assert forked.value.code == "journal/forked"


def test_ten_thousand_lines_are_read_without_verifying_any_where_the_head_is_remembered(desk: Desk) -> None:
    steps = [Step(f"residents/{number:04}-0000.yaml.age", None, digest(number)) for number in range(10_000)]
    desk.opened().append(steps, **ACT)
    identity.save(desk.folder / "key", desk.me, None)
    code = (
        "import sys; from pathlib import Path; from shelterctl import identity, journal\n"
        "me = identity.load(Path(sys.argv[1]), None)\n"
        "book = journal.Journal(Path(sys.argv[2]), {me.device: sys.argv[3]}, me, Path(sys.argv[4]))\n"
        "print(book.head('residents/9999-0000.yaml.age'), 'cryptography' in sys.modules, 'filelock' in sys.modules)"
    )
    words = [str(desk.folder / "key"), str(desk.folder), desk.me.signing_public, str(desk.remembered)]
    path = str(Path(shelterctl.__file__).parents[1])
    said = subprocess.check_output([sys.executable, "-c", code, *words], env={**os.environ, "PYTHONPATH": path})
    assert said.split() == [digest(9_999).encode(), b"False", b"False"]
