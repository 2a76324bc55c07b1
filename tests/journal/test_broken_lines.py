"""A broken journal: lines brought back where their words are proved, signed for where not, and nothing forged."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shelterctl.identity.keys import create_identity, create_unrelated_identity
from shelterctl.journal.broken_lines import find_broken_lines, put_words_back, split_into_lines
from shelterctl.journal.claims import LineReference
from shelterctl.journal.compare_copies import CopyProgress, covers_copy, find_newest_copy
from shelterctl.journal.device_log import DeviceLog
from shelterctl.journal.line import FileChange
from shelterctl.journal.store_journal import Journal
from shelterctl.trust.chain import add_device_to_chain
from shelterctl.trust.memory import StoreMemory
from tests.support.stores import ACT, AT, Ground, digest

RECORD = "residents/7QF2-M9KD.yaml.age"


class Book(Ground):
    """A device whose journal has eight lines."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for number in range(8):
            self.step(number)
        self.whole = self.lines.read_bytes()
        self.split = self.whole.splitlines()

    def step(self, number: int, journal: Journal | None = None, file: str = RECORD) -> None:
        base = digest(number - 1) if number else None
        (journal or self.journal()).append([FileChange(file, base, digest(number))], **ACT)

    def again(self, data: bytes, *others: bytes) -> bytes:
        """The journal as repair writes it, where *data* lies and *others* are in backups."""
        lines = split_into_lines(data)
        found = find_broken_lines(lines, str(self.me.device), self.chain, others, {})
        return put_words_back(lines, found)

    def numbers(self, data: bytes, *others: bytes) -> list[int]:
        """The lines that cannot be brought back."""
        lines = split_into_lines(data)
        found = find_broken_lines(lines, str(self.me.device), self.chain, others, {})
        return [one.number for one in found if one.words is None]

    def mend(self, number: int, data: bytes) -> LineReference:
        """What is signed for that line as it lies."""
        return LineReference(str(self.me.device), number, DeviceLog.from_lines(data).hash_up_to(number))

    def codes(self, journal: Journal | None = None) -> list[str]:
        return [problem.code for problem in (journal or self.journal()).verify()]


def signed(*mends: LineReference) -> list[dict[str, object]]:
    """What is signed of lines that are broken."""
    return [{"mend": mend._asdict()} for mend in mends]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


def flipped(whole: bytes, at: int, bit: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]


def spoilt(line: bytes) -> bytes:
    """More than one byte of a line is another: nothing can guess it."""
    return line.replace(b"s-aida", b"s-nina")


def test_whatever_bit_of_a_journal_is_flipped_it_is_brought_back_to_the_byte(book: Book) -> None:
    """One bit of every seventh byte, four where lines begin and end, and few of the last line, slow to prove."""
    end, last = 0, book.whole.rfind(b"\n", 0, -1) + 1
    edges: set[int] = set()
    while (end := book.whole.find(b"\n", end + 1)) >= 0:
        edges |= {at for at in range(end - 3, end + 4) if at < last}
    tried = [(at, at % 8) for at in range(0, last, 7)] + [(at, bit) for at in sorted(edges) for bit in (0, 3, 5, 7)]
    tried += [(at, at % 8) for at in range(last, len(book.whole), 160)]
    tried += [(at, 6) for at in range(last, len(book.whole)) if book.whole[at] == ord("J")]  # an end of a line
    tried += [(at, bit) for at in range(len(book.whole) - 3, len(book.whole)) for bit in (0, 6)]
    wrong = [(at, bit) for at, bit in tried if book.again(flipped(book.whole, at, bit)) != book.whole]
    assert wrong == []
    assert len(tried) > 500


@pytest.mark.parametrize("end", [b"", b"\0" * 400, b'{"v":2,"seq":8,"pr'])
def test_half_a_line_at_the_end_is_no_line_and_costs_none(book: Book, end: bytes) -> None:
    assert split_into_lines(book.whole + end) == book.whole
    assert book.numbers(book.whole) == []


def test_a_line_with_several_bytes_changed_comes_back_from_a_backup_alone(book: Book) -> None:
    for number in (1, 5, 8):
        lines = list(book.split)
        lines[number - 1] = spoilt(lines[number - 1])
        broken = b"\n".join(lines) + b"\n"
        assert book.numbers(broken) == [number]
        assert book.again(broken, book.whole) == book.whole
        # A backup of another time, or one that is damaged too, proves nothing.
        assert book.numbers(broken, b"".join(line + b"\n" for line in lines), b"", b"\n\n\n") == [number]


def test_every_line_that_is_broken_is_named(book: Book) -> None:
    lines = [spoilt(line) if number in (0, 3, 7) else line for number, line in enumerate(book.split)]
    assert book.numbers(b"\n".join(lines) + b"\n") == [1, 4, 8]


def broken_at(book: Book, *numbers: int) -> bytes:
    """The journal as it lies from now on, those lines past bringing back."""
    lines = [spoilt(line) if number in numbers else line for number, line in enumerate(book.split, 1)]
    book.lines.write_bytes(b"\n".join(lines) + b"\n")
    book.note.unlink(missing_ok=True)
    return book.lines.read_bytes()


def test_a_line_that_is_signed_for_as_broken_says_nothing_any_more_and_all_others_count(book: Book) -> None:
    data = broken_at(book, 3)
    assert book.codes() == ["journal/edited"]
    book.journal().sign_for(signed(book.mend(3, data)), by="s-aida", at=AT, beyond=8)
    assert book.codes() == []
    head = book.journal().file_head(RECORD)
    assert head
    assert head.now == digest(7)
    assert digest(2) in book.journal().history(RECORD)  # line 4 says what it went on from
    book.step(8)
    assert book.codes() == []
    assert [line["more"]["mend"]["line"] for line in book.journal().repair_lines()] == [3]


@pytest.mark.parametrize("number", [1, 5, 8])
def test_whichever_line_is_broken_the_store_can_be_written_after_it_is_signed_for(book: Book, number: int) -> None:
    data = broken_at(book, number)
    book.journal().sign_for(signed(book.mend(number, data)), by="s-aida", at=AT, beyond=8)
    assert book.codes() == []
    book.journal().append([FileChange("shelter.yaml", None, digest("x"))], **ACT)
    assert book.codes() == []
    for at in (0, 300, len(data) // 2, len(data) - 3):  # and what was signed for may not change either
        book.lines.write_bytes(flipped(book.lines.read_bytes(), at, 1))
        book.note.unlink(missing_ok=True)
        assert book.codes() != []
        book.lines.write_bytes(flipped(book.lines.read_bytes(), at, 1))


def test_several_broken_lines_are_signed_for_together(book: Book) -> None:
    data = broken_at(book, 1, 2, 5, 8)
    book.journal().sign_for(signed(*(book.mend(number, data) for number in (1, 2, 5, 8))), by="s-aida", at=AT, beyond=8)
    assert book.codes() == []
    assert book.numbers(book.lines.read_bytes()) == []
    assert book.again(book.lines.read_bytes()) == book.lines.read_bytes()


@pytest.fixture
def second(book: Book) -> Journal:
    """A device that was admitted later."""
    other = create_identity()
    book.wrote(add_device_to_chain(book.chain, other, "s-nina", "s-aida", AT, book.paper))
    journal = Journal(
        book.root / "journal", book.chain, other, StoreMemory(book.heads.with_name("2"), book.chain.root, other)
    )
    book.step(0, journal, "residents/2222-2222.yaml.age")
    return journal


@pytest.mark.parametrize("number", [1, 4, 8])
def test_a_device_that_came_later_signs_for_what_is_broken_in_an_older_one_s_journal(
    book: Book, second: Journal, number: int
) -> None:
    data = broken_at(book, number)
    nobody = Journal(second.folder, book.chain, create_unrelated_identity())
    assert book.codes(nobody)
    second.sign_for(signed(book.mend(number, data)), by="s-nina", at=AT, beyond=1)
    nobody.refresh()
    assert book.codes(nobody) == []
    assert nobody.heads()[str(book.me.device)][0] == 8
    assert nobody.sheet_number() == 2 + 8 + 2
    assert nobody.latest_time() == ACT["at"]
    found = find_broken_lines(data, str(book.me.device), book.chain, [], nobody.logs.claims_about(str(book.me.device)))
    assert found == []
    # Only for just those bytes.
    book.lines.write_bytes(spoilt(data))
    nobody.refresh()
    assert "journal/edited" in book.codes(nobody)


def test_a_device_never_signs_for_one_that_came_after_it(book: Book, second: Journal) -> None:
    """A device that was taken from its owner could else unsay what others wrote after it."""
    theirs = second.folder / f"{second.writer.device}.jsonl"
    theirs.write_bytes(spoilt(theirs.read_bytes().replace(b"s-aida", b"s-aida")))
    data = theirs.read_bytes()
    mend = LineReference(str(second.writer.device), 1, DeviceLog.from_lines(data).hash_up_to(1))
    Journal(second.folder, book.chain, book.me).sign_for(signed(mend), by="s-aida", at=AT, beyond=8)
    assert book.codes(Journal(second.folder, book.chain, create_unrelated_identity())) == ["journal/edited"]


FORGERIES: list[Callable[[bytes, dict[str, object]], bytes]] = [
    lambda old, mend: json.dumps({**json.loads(old), "more": {"mend": mend}}, separators=(",", ":")).encode(),
    lambda old, mend: old[:-1] + b',"more":' + json.dumps({"mend": mend}).encode() + b"}",
    lambda old, mend: json.dumps({"more": {"mend": mend}}).encode(),
]


@pytest.mark.parametrize("forged", FORGERIES, ids=range(len(FORGERIES)))
@pytest.mark.parametrize("target", [1, 2, 3, 4, 7])
def test_a_mend_that_is_put_into_the_middle_is_not_believed(
    book: Book, forged: Callable[[bytes, dict[str, object]], bytes], target: int
) -> None:
    """Whoever holds no key says that a line is broken: his own would have to vouch for itself."""
    book.note.unlink()
    for place in range(1, 9):
        lines = list(book.split)
        sums = b"".join(line + b"\n" for line in lines[:target])
        mend: dict[str, object] = {"device": book.me.device, "line": target, "sha256": hashlib.sha256(sums).hexdigest()}
        lines[place - 1] = forged(lines[place - 1], mend)
        for added in (lines, [*lines[: place - 1], *book.split[place - 1 :]], [*book.split, lines[place - 1]]):
            data = b"\n".join(added) + b"\n"
            if data != book.whole:
                book.lines.write_bytes(data)
                assert book.codes(), place


@pytest.mark.parametrize(
    "hostile", [b"[" * 5000, b'{"more":{"mend":{"device":"x","line":Infinity}}}', b"\xff\xfe", b"{}"]
)
def test_rubbish_that_looks_like_a_mend_is_damage_and_no_crash(book: Book, hostile: bytes) -> None:
    book.note.unlink()
    book.lines.write_bytes(book.whole + hostile + b'"mend":\n')
    assert book.codes() == ["journal/edited"]
    book.lines.write_bytes(hostile + b'"mend":\n' + book.whole)
    assert book.codes() == ["journal/edited"]


def test_rubbish_before_the_first_line_is_looked_at_and_no_crash(book: Book) -> None:
    assert isinstance(book.again(b'{"mend":\n' + book.whole), bytes)


# Which of two copies is the newer.


def copy(book: Book, lines: bytes | None = None, chain: bytes | None = None) -> CopyProgress:
    return CopyProgress(chain or book.chain.lines, {str(book.me.device): book.whole if lines is None else lines})


def test_the_newest_copy_has_all_that_the_others_have(book: Book) -> None:
    older = copy(book, b"\n".join(book.split[:5]) + b"\n")
    empty = copy(book, b"")
    assert find_newest_copy([older, copy(book), empty]) == 1
    assert find_newest_copy([copy(book), copy(book)]) in (0, 1)
    assert covers_copy(copy(book), older)
    assert not covers_copy(older, copy(book))
    longer = add_device_to_chain(book.chain, create_identity(), "s-nina", "s-aida", AT, book.me)
    assert covers_copy(copy(book, chain=longer.lines), older)
    assert not covers_copy(copy(book), copy(book, chain=longer.lines))


def test_a_copy_that_gave_something_up_says_so_and_is_the_newer(book: Book) -> None:
    lost = b"\n".join(book.split[:5]) + b"\n"
    book.lines.write_bytes(lost)
    book.note.unlink()
    own = f"journal/{book.lines.name}"
    book.journal().append([FileChange(own, None, None, {"lost": 3})], did="restore", by="s-aida", at=AT, beyond=8)
    restored = copy(book, book.lines.read_bytes())
    assert covers_copy(restored, copy(book))
    assert not covers_copy(copy(book), restored)
    assert find_newest_copy([copy(book), restored]) == 1


def test_two_copies_of_which_each_has_what_the_other_lacks_have_parted(book: Book) -> None:
    book.lines.write_bytes(b"\n".join(book.split[:5]) + b"\n")
    book.note.unlink()
    book.step(99)
    parted = copy(book, book.lines.read_bytes())
    assert find_newest_copy([copy(book), parted]) == (0, 1)
    assert find_newest_copy([parted, copy(book), copy(book, b"")]) == (0, 1)
    other = CopyProgress(book.chain.lines, {"zzzzzzzz": book.whole})
    assert isinstance(find_newest_copy([copy(book), other]), tuple)


@pytest.mark.parametrize(
    "junk", [b"[" * 9000, b"\xff", b'{"did":"restore","seq":Infinity}', b'{"did":"restore"}', b"7"]
)
def test_a_copy_of_rubbish_is_newer_than_none(book: Book, junk: bytes) -> None:
    assert not covers_copy(copy(book, book.split[0] + b"\n" + junk + b"\n"), copy(book))
    assert not covers_copy(copy(book, junk + b"\n"), copy(book))
    assert covers_copy(copy(book, junk + b"\n"), copy(book, b""))
