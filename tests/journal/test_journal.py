"""What the journal holds, vouches for and notices; and an act of several files that is cut off."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import shelterctl
from shelterctl import errors
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import Identity, create_identity, create_unrelated_identity
from shelterctl.journal import store_journal
from shelterctl.journal.file_heads import FileHead
from shelterctl.journal.line import FileChange
from shelterctl.journal.problems import TAKE_OUT_FILE
from shelterctl.journal.store_journal import Journal
from shelterctl.platform.writing import remove_file, rename_file
from shelterctl.trust.chain import add_device_to_chain, end_device_in_chain, found_chain
from shelterctl.trust.chain_state import Chain
from shelterctl.trust.memory import StoreMemory
from shelterctl.vault import protocol
from shelterctl.vault.protocol import FileToSave, Vault
from tests.support.stores import ACT, AT, Ground, digest

RECORD, OTHER = "residents/7QF2-M9KD.yaml.age", "residents/0ABC-1DEF.yaml.age"


class Desk(Ground):
    """A device's journal, and what the device remembers of it."""

    def wrote_down(
        self, *words: object, file: str = RECORD, base: object = None, journal: Journal | None = None
    ) -> None:
        for word in words:
            change = FileChange(file, base if base is None else digest(base), digest(word))
            (journal or self.journal()).append([change], **ACT)
            base = word

    def now(self, file: str = RECORD) -> str | None:
        """The hash that the last line about the file vouches for."""
        head = self.journal().file_head(file)
        return head.now if head else None

    def problems(self) -> list[tuple[str, object]]:
        return [(problem.code, problem.facts.get("line")) for problem in self.journal().verify()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.wrote_down("first", "second")
    desk.wrote_down("other", file=OTHER)
    return desk


def test_a_line_is_compact_json_tied_to_the_one_before_and_signed(desk: Desk) -> None:
    lines = desk.lines.read_bytes().splitlines()
    said = json.loads(lines[1])
    assert list(said) == ["v", "seq", "prev", "at", "by", "did", "file", "base", "now", "trust", "seen", "sig"]
    assert json.loads(lines[0])["prev"] == desk.chain.root
    assert (said["v"], said["trust"], said["seen"]) == (2, desk.chain.last_mark, {})
    assert said["prev"] == hashlib.sha256(lines[0]).hexdigest()
    assert [said[key] for key in ("seq", "file", "base", "now")] == [1, RECORD, digest("first"), digest("second")]
    signature = base64.b64decode(said.pop("sig"))
    payload = json.dumps(said, separators=(",", ":")).encode()
    Ed25519PublicKey.from_public_bytes(base64.b64decode(desk.me.signing_public)).verify(
        signature, b"shelterctl journal/2 %s\n%s" % (desk.chain.root.encode(), payload)
    )


def test_the_last_line_about_a_file_is_its_head(desk: Desk) -> None:
    journal = desk.journal()
    assert [desk.now(file) for file in (RECORD, OTHER, "shelter.yaml")] == [digest("second"), digest("other"), None]
    assert journal.file_head(RECORD) == FileHead(digest("second"), desk.chain.last_mark, str(desk.me.device))
    assert journal.files() == {RECORD, OTHER}
    assert desk.problems() == []


@pytest.mark.parametrize("place", ["did", "by", "at", "file"])
def test_a_name_never_gets_into_a_line(desk: Desk, place: str) -> None:
    before = desk.lines.read_bytes()
    words = {**ACT, "file": RECORD, place: "Айгуль Примерова"}
    with pytest.raises(ValueError, match="codes only") as refused:
        desk.journal().append([FileChange(words.pop("file"), None, digest("x"))], **words)
    assert "Айгуль" not in str(refused.value)
    assert desk.lines.read_bytes() == before


@pytest.mark.parametrize("tail", [b'{"seq":3,"pr', b"\0" * 400, b"\0" * 90 + b'"sig":"x"}\n'])
def test_the_tail_of_an_interrupted_append_does_not_count_and_is_cut(desk: Desk, tail: bytes) -> None:
    whole = desk.lines.read_bytes()
    desk.lines.write_bytes(whole + tail)
    assert desk.journal().is_interrupted()
    assert desk.now(OTHER) == digest("other")
    desk.journal().cut_torn_tail()
    assert desk.lines.read_bytes() == whole
    assert not desk.journal().is_interrupted()
    desk.wrote_down("third", base="second")
    assert desk.problems() == []


def test_whatever_byte_is_changed_or_cut_off_nothing_is_believed(desk: Desk) -> None:
    whole = desk.lines.read_bytes()
    flips = [whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :] for at in range(len(whole))]
    for broken in [*flips, *(whole[:length] for length in range(0, len(whole), 7))]:
        desk.lines.write_bytes(broken)
        with pytest.raises(errors.Damaged):
            desk.journal().file_head(RECORD)


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
    desk.lines.write_bytes(b"".join(attack(desk.lines.read_bytes().splitlines(keepends=True))))
    if not remembers:
        desk.note.unlink()
    with pytest.raises(errors.Damaged):
        desk.journal().file_head(RECORD)
    with pytest.raises(errors.Damaged):
        desk.wrote_down("third", base="second")
    assert {code for code, _ in desk.problems()} <= {"journal/edited", "journal/rolled-back"} != set()


def test_lines_with_another_signature_are_not_the_device_s(desk: Desk) -> None:
    impostor = Identity(desk.me.key, bytes(32), desk.me.device)
    claimed = replace(desk.chain.devices[str(desk.me.device)], sign=impostor.signing_public)
    chain = replace(desk.chain, devices={claimed.code: claimed})
    elsewhere = Journal(desk.root / "elsewhere", chain, impostor)
    desk.wrote_down("first", "second", journal=elsewhere)
    desk.lines.write_bytes((elsewhere.folder / desk.lines.name).read_bytes())
    assert desk.problems() == [("journal/rolled-back", None)]
    desk.note.unlink()
    assert desk.problems() == [("journal/edited", 1)]


def test_a_line_of_another_store_or_a_statement_is_no_line(desk: Desk) -> None:
    """The same device may write in two stores, and signs statements with the same key."""
    other = Desk(desk.root.parent / "other")
    other.me = desk.me
    other.wrote(found_chain("SZZZZZZZZZZZZ", desk.me, "s-aida", desk.paper, AT))
    other.wrote_down("first", "second")
    desk.note.unlink()
    for lines in (other.lines.read_bytes(), desk.chain.lines):
        desk.lines.write_bytes(lines)
        assert desk.problems() == [("journal/edited", 1)]


def test_a_journal_of_no_device_is_reported_and_never_read(desk: Desk) -> None:
    stranger = desk.root / "journal/strangers.jsonl"
    stranger.write_bytes(desk.lines.read_bytes().replace(RECORD.encode(), b"shelter.yaml"))
    (desk.root / "journal/0123abcd.jsonl").symlink_to(stranger)
    assert desk.journal().file_head("shelter.yaml") is None
    assert desk.problems() == []
    assert [each.code for each in desk.journal().foreign_journals()] == ["journal/stranger"] * 2


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_journal_put_back_to_an_earlier_day_is_noticed_where_its_head_is_remembered(desk: Desk, kept: int) -> None:
    lines = desk.lines.read_bytes().splitlines(keepends=True)
    desk.lines.write_bytes(b"".join(lines[:kept]))
    with pytest.raises(errors.Damaged) as noticed:
        desk.journal().file_head(RECORD)
    assert noticed.value.code == "journal/rolled-back"
    assert desk.problems() == [("journal/rolled-back", None)]
    desk.lines.unlink()
    assert desk.problems() == [("journal/rolled-back", None)]


@pytest.mark.parametrize("junk", [None, b"", b"junk", b"a b c d e", b"\xff\xfe"])
def test_without_a_remembered_head_the_journal_is_believed_and_remembered_again(desk: Desk, junk: bytes | None) -> None:
    good = desk.note.read_bytes()
    desk.note.unlink() if junk is None else desk.note.write_bytes(junk)
    assert desk.now() == digest("second")
    desk.wrote_down("third", base="second")
    assert desk.note.read_bytes() not in {good, junk}
    assert desk.problems() == []


def test_a_remembered_head_that_we_did_not_write_counts_for_nothing(desk: Desk) -> None:
    note = desk.note.read_text()
    desk.note.write_text(note[:-1] + ("0" if note[-1] != "0" else "1"))
    forged = desk.lines.read_bytes().replace(b"s-aida", b"s-nina")
    desk.lines.write_bytes(forged)
    with pytest.raises(errors.Damaged):
        desk.journal().file_head(RECORD)


def test_a_key_file_whose_signing_key_is_damaged_does_not_spoil_the_journal(desk: Desk) -> None:
    before = desk.lines.read_bytes()
    damaged = Identity(desk.me.key, bytes(32), desk.me.device)
    with pytest.raises(errors.CannotOpen) as refused:
        desk.journal(damaged, desk.memory).append([FileChange(RECORD, digest("second"), digest("third"))], **ACT)
    assert refused.value.code == "journal/wrong-key"
    assert desk.lines.read_bytes() == before


@pytest.fixture
def second(desk: Desk) -> Journal:
    """The journals as another device of the same store reads and writes them."""
    other = create_identity()
    desk.wrote(add_device_to_chain(desk.chain, other, "s-nina", "s-aida", AT, desk.paper))
    return Journal(
        desk.root / "journal", desk.chain, other, StoreMemory(desk.heads.with_name("2"), desk.chain.root, other)
    )


def test_versions_of_one_minute_are_in_the_order_in_which_they_were_saved(desk: Desk, second: Journal) -> None:
    """Two people at two computers go on from one another's version in turn, whatever their devices' codes are."""
    for number, word in enumerate(("third", "fourth", "fifth", "sixth")):
        before = ("second", "third", "fourth", "fifth")[number]
        desk.wrote_down(word, base=before, journal=second if number % 2 else None)
        second.refresh()
    words = ("first", "second", "third", "fourth", "fifth", "sixth")
    assert desk.journal().history(RECORD) == [digest(word) for word in words]


def test_two_devices_that_take_turns_have_one_head_and_two_that_did_not_are_a_conflict(
    desk: Desk, second: Journal
) -> None:
    desk.wrote_down("third", base="second", journal=second)
    desk.wrote_down("fourth", base="third")
    second.refresh()
    head = second.file_head(RECORD)
    assert head is not None
    assert desk.now() == head.now == digest("fourth")
    desk.wrote_down("fifth", base="third", journal=second)
    with pytest.raises(errors.Conflict) as forked:
        desk.journal().file_head(RECORD)
    assert forked.value.code == "journal/forked"


def test_a_line_says_how_far_the_others_had_come_and_betrays_what_is_cut_off_them(desk: Desk, second: Journal) -> None:
    before = desk.lines.read_bytes()
    desk.wrote_down("third", file="residents/3333-3333.yaml.age")
    desk.wrote_down("word", file="residents/4444-4444.yaml.age", journal=second)
    theirs = desk.root / "journal" / f"{second.writer.device}.jsonl"
    last = desk.lines.read_bytes().splitlines()[-1]
    assert json.loads(theirs.read_bytes())["seen"] == {
        desk.me.device: [3, hashlib.sha256(last).hexdigest()[:16]],
    }
    desk.lines.write_bytes(before)
    second = Journal(second.folder, desk.chain, create_unrelated_identity())  # whoever remembers nothing of either
    assert [(each.code, each.facts["place"]) for each in second.verify()] == [
        ("journal/rolled-back", f"journal/{desk.lines.name}")
    ]


def test_the_number_for_the_sheet_counts_statements_and_lines_and_words_go_with_each_moment(
    desk: Desk, second: Journal
) -> None:
    assert desk.journal().sheet_number() == 2 + 3
    desk.wrote_down("word", file="residents/4444-4444.yaml.age", journal=second)
    journal = desk.journal()
    assert journal.sheet_number() == 6
    assert [json.loads(journal.line_at(number))["file"] for number in (2, 3, 5, 6)] == [
        RECORD, RECORD, OTHER, "residents/4444-4444.yaml.age",
    ]  # fmt: skip
    assert journal.line_at(1) == b""


@pytest.mark.parametrize(("did", "believed"), [("restore", True), ("repair", True), ("admit", False)])
def test_numbers_are_left_out_after_a_restore_or_a_repair_and_never_else(desk: Desk, did: str, believed: bool) -> None:
    own = f"journal/{desk.lines.name}"
    desk.journal().append([FileChange(own, None, None, {"lost": 4})], did=did, by="s-aida", at=AT, beyond=7)
    assert [json.loads(line)["seq"] for line in desk.lines.read_bytes().splitlines()] == [0, 1, 2, 7]
    assert (desk.problems() == []) == believed
    assert [line["more"] for line in desk.journal().repair_lines()] == [{"lost": 4}]
    desk.wrote_down("third", base="second")
    assert desk.journal().sheet_number() == 1 + 9


def test_what_was_given_up_is_no_file_any_more_and_its_line_stays(desk: Desk) -> None:
    desk.journal().append([FileChange(RECORD, digest("second"), None, {"reason": "no_backup"})], **ACT)
    assert desk.now() is None
    assert desk.journal().files() == {OTHER}
    assert desk.journal().history(RECORD) == [digest("first"), digest("second")]
    assert desk.problems() == []


def test_a_line_about_what_a_later_statement_allows_names_it(desk: Desk) -> None:
    first = desk.chain.last_mark
    desk.wrote(accepted_device(desk))
    desk.wrote_down("third", base="second")
    assert desk.journal().file_head(RECORD) == FileHead(digest("third"), desk.chain.last_mark, str(desk.me.device))
    assert desk.journal().file_head(OTHER) == FileHead(digest("other"), first, str(desk.me.device))


def accepted_device(desk: Desk) -> Chain:
    return add_device_to_chain(desk.chain, create_identity(), "s-nina", "s-aida", AT, desk.paper)


def shut_out_after(desk: Desk, second: Journal, lines: int) -> Path:
    """The second device shut out, of whose journal that many lines count; where its journal lies."""
    path = desk.root / "journal" / f"{second.writer.device}.jsonl"
    counted = b"".join(path.read_bytes().splitlines(keepends=True)[:lines])
    ended = (lines, hashlib.sha256(counted).hexdigest())
    desk.wrote(end_device_in_chain(desk.chain, str(second.writer.device), ended, "lost", "s-aida", AT, desk.paper))
    return path


def test_of_a_device_that_was_shut_out_just_those_lines_count_that_it_had_written(desk: Desk, second: Journal) -> None:
    desk.wrote_down("a", "b", file="residents/4444-4444.yaml.age", journal=second)
    path = shut_out_after(desk, second, 2)
    assert desk.problems() == []
    assert desk.now("residents/4444-4444.yaml.age") == digest("b")
    whole = path.read_bytes()
    desk.wrote_down("c", base="b", file="residents/4444-4444.yaml.age", journal=second)
    assert desk.problems() == []
    assert desk.now("residents/4444-4444.yaml.age") == digest("b")
    assert [(found.lines, found.last.line) for found in desk.journal().lines_behind_ends()] == [(1, 3)]
    path.write_bytes(whole.splitlines(keepends=True)[0])
    assert [code for code, _ in desk.problems()] == ["journal/shut-out"]
    path.write_bytes(whole)
    assert desk.problems() == []


def test_each_damaged_journal_is_told_once_and_hides_no_other(desk: Desk, second: Journal) -> None:
    desk.wrote_down("word", file="residents/4444-4444.yaml.age", journal=second)
    theirs = desk.root / "journal" / f"{second.writer.device}.jsonl"
    for path in (desk.lines, theirs):
        path.write_bytes(path.read_bytes().replace(b"s-aida", b"s-nina"))
    for memory in (True, False):
        if not memory:
            desk.note.unlink()
        assert sorted(str(each.facts["place"]) for each in desk.journal().verify()) == sorted(
            f"journal/{path.name}" for path in (desk.lines, theirs)
        )


def test_ten_thousand_lines_are_read_without_verifying_any_where_they_are_remembered(desk: Desk) -> None:
    changes = [FileChange(f"residents/{number:04}-0000.yaml.age", None, digest(number)) for number in range(10_000)]
    desk.journal().append(changes, **ACT)
    save_identity(desk.root / "key", desk.me, None)
    code = (
        "import sys; from pathlib import Path; from shelterctl.identity.key_file import load_identity\n"
        "from shelterctl.journal.store_journal import Journal; from shelterctl.trust.key_standing import judge_key\n"
        "root, heads = map(Path, sys.argv[1:])\n"
        "me = load_identity(root / 'key', None); found = judge_key(root, me, heads)\n"
        "book = Journal(root / 'journal', found.chain, me, found.memory)\n"
        "loaded = [room in sys.modules for room in ('cryptography', 'filelock')]\n"
        "print(book.file_head('residents/9999-0000.yaml.age').now, *loaded)"
    )
    path = str(Path(shelterctl.__file__).parents[1])
    words = [str(desk.root), str(desk.heads)]
    said = subprocess.check_output([sys.executable, "-c", code, *words], env={**os.environ, "PYTHONPATH": path})
    assert said.split() == [digest(9_999).encode(), b"False", b"False"]


NAMES = [f"residents/7QF2-M9K{letter}.yaml.age" for letter in "DEF"]


class Cut:
    """A store whose device was writing several files when the power went."""

    def __init__(self, folder: Path) -> None:
        self.ground = Ground(folder)
        vault = self.ground.vault()
        vault.write("directory.yaml.age", b"before", None, **ACT)
        self.before = self.ground.lines.read_bytes()
        kept = remove_file, rename_file
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store_journal, "remove_file", lambda path: None)
            patch.setattr(protocol, "remove_file", lambda path: None)
            patch.setattr(protocol, "rename_file", lambda path, target: None)
            vault.write_all([FileToSave(name, name.encode(), None) for name in NAMES], **ACT)
        assert (remove_file, rename_file) == kept
        self.after = self.ground.lines.read_bytes()
        self.beside = self.ground.lines.with_name(f".{self.ground.me.device}.act")
        assert self.before + self.beside.read_bytes() == self.after
        self.kept = {path: path.read_bytes() for path in self.ground.root.rglob("*") if path.is_file()}
        remove_file(self.ground.note)  # how far the journal came was remembered behind the append

    def at(self, length: int) -> Vault:
        """The store as it lies where so many bytes of the lines are on disk."""
        for path in self.ground.root.rglob("*"):
            if path.is_file() and path not in self.kept:
                path.unlink()
        for path, data in self.kept.items():
            path.write_bytes(data)
        self.ground.lines.write_bytes(self.after[: len(self.before) + length])
        return self.ground.vault()

    def there(self) -> list[bool]:
        """Which of the files are there."""
        vault, found = self.ground.vault(), []
        for name in NAMES:
            try:
                found.append(vault.read(name)[0] == name.encode())
            except errors.NotFound:
                found.append(False)
        assert vault.read("directory.yaml.age")[0] == b"before"
        assert vault.journal.verify() == []
        assert not vault.needs_recovery()
        return found


@pytest.fixture
def cut(tmp_path: Path) -> Cut:
    return Cut(tmp_path / "desk")


def test_it_is_finished_where_one_of_its_lines_is_there_and_else_has_not_happened(cut: Cut) -> None:
    lines = cut.after[len(cut.before) :]
    first = lines.index(b"\n") + 1
    for length in sorted({*range(0, len(lines) + 1, 97), first - 1, first, first + 1, len(lines) - 1, len(lines)}):
        cut.at(length).recover_if_possible()
        assert cut.there() == [length >= first] * len(NAMES), length
        assert not cut.beside.exists()


def test_whoever_writes_next_finishes_it_first(cut: Cut) -> None:
    length = cut.after.index(b"\n", len(cut.before)) + 1 - len(cut.before)
    cut.at(length).write("shelter.yaml", b"next", None, **ACT)
    assert cut.there() == [True] * len(NAMES)


@pytest.mark.parametrize("forged", [b"", b"{}\n", b"x" * 99, None])
def test_what_the_device_did_not_sign_is_never_added(forged: bytes | None, cut: Cut) -> None:
    first = cut.after.index(b"\n", len(cut.before)) + 1
    vault = cut.at(first - len(cut.before))
    line = cut.after[len(cut.before) : first]
    cut.beside.write_bytes(forged if forged is not None else line + line.replace(b"9KD", b"9KE"))
    vault.recover_if_possible()
    assert cut.there() == [True, False, False]
    assert not cut.beside.exists()


def test_an_old_one_that_is_put_back_does_nothing(cut: Cut) -> None:
    beside = cut.beside.read_bytes()
    cut.at(0).recover_if_possible()
    assert cut.there() == [False] * len(NAMES)
    cut.beside.write_bytes(beside)
    cut.ground.vault().recover_if_possible()
    assert cut.there() == [False] * len(NAMES)
    assert cut.ground.lines.read_bytes() == cut.before


def test_a_link_in_its_place_is_taken_away(cut: Cut, tmp_path: Path) -> None:
    vault = cut.at(len(cut.after))
    cut.beside.unlink()
    cut.beside.symlink_to(cut.ground.root / "trust.jsonl")
    vault.recover_if_possible()
    assert cut.there() == [True] * len(NAMES)
    assert not cut.beside.is_symlink()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_a_folder_or_a_pipe_in_its_place_is_told_and_not_touched(
    make: Callable[[Path], None], cut: Cut, tmp_path: Path
) -> None:
    """No command leaves one there; one change alone needs no announcement."""
    vault = cut.at(len(cut.after))
    cut.beside.unlink()
    make(cut.beside)
    vault.recover_if_possible()
    assert cut.there() == [True] * len(NAMES)
    vault.write("shelter.yaml", b"next", None, **ACT)
    several = [FileToSave(name, b"later", vault.read(name)[1]) for name in NAMES]
    with pytest.raises(errors.Damaged) as told:
        vault.write_all(several, **ACT)
    assert told.value.code == "disk/not-a-plain-file"
    assert told.value.hint == TAKE_OUT_FILE
    assert cut.there() == [True] * len(NAMES)
    cut.beside.rename(tmp_path / "moved out")
    vault.write_all(several, **ACT)
    assert [vault.read(name)[0] for name in NAMES] == [b"later"] * len(NAMES)
