"""Twice as much input takes twice as long, and what is refused costs little."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, time
from functools import partial
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.core.people import Person, contains_her_name, is_name_too_short, match_persons
from shelterctl.core.values.written_days import format_as_typed
from shelterctl.document.reading import read_document, read_stream, strip_schema_comment
from shelterctl.document.subset import LARGEST_STORED, MOST_EVENTS
from shelterctl.errors import ShelterError
from shelterctl.output.page import Format, format_rows
from shelterctl.store.folder import parse_client_id
from shelterctl.terminal.screen import escape_controls
from shelterctl.typed import doubts, readers
from shelterctl.typed.dates import is_day_or_time, is_guessed_birth
from shelterctl.typed.words import Clock, means_unknown
from shelterctl.validation import SchemaValidator
from tests.support.processes import cost

if TYPE_CHECKING:
    from tests.support.desk import Desk


CLOCK = Clock(date(2026, 11, 30), time(12, 0))
TIMES = 3
"""How much more twice as much may cost."""

AT_ONCE, LITTLE = 0.03, 1 << 20
"""Seconds and bytes below which nothing is compared: the largest input of all costs next to nothing then."""

LETTERS = [chr(number) for number in range(0x20, 0x7F)] + list("\n\t\r\0é\u3000\u2028\ufeffЖя№х")
UNITS = [
    "\r\n", "- ", "[]", "{}", "---\n", "a: 1\n---\n", "- a\n", '{"a":1}\n', "a:\n", "\n\n ", " \n", "- |\n x\n",
    "a #\n", "[\n", "{\n",
    "\\u", "\\ud83d\\ude00", '"\\u0041"', "{a: ", "- - ", "...\n", "%a\n", "1,", "0_", "1e", "1:", "<<",
    "'a' ", "a\n\n", "\n- a", "=======\n", "<<<<<<< a\n", "'#',", "? a\n", " ?a", "a: |\n a\n", "\n\n\n---", "a b ",
]  # fmt: skip
BEGINNINGS = ("", "a: ", "[", '{"a": "', "---\n- ", "a: |\n")


def time_taken(read: Callable[[str], object], text: str) -> float:
    """Seconds of a processor for one reading, refused or not."""
    begun = process_time()
    with suppress(ShelterError):
        read(text)
    return process_time() - begun


def memory(read: Callable[[str], object], text: str) -> int:
    """Bytes that one reading needs at most."""
    tracemalloc.start()
    try:
        with suppress(ShelterError):
            read(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def grows(
    read: Callable[[str], object],
    make: Callable[[int], str],
    size: int,
    clock: Callable[[Callable[[str], object], str], float] = time_taken,
) -> str:
    """What grows faster than the input, which has *size* letters or twice as many; nothing where all is well."""
    once, twice = make(size), make(2 * size)
    seconds = clock(read, twice)
    if seconds >= AT_ONCE:
        ratios = []
        for _ in range(4):  # whatever else the computer does may disturb one of them
            least = min(clock(read, once) for _ in range(2))
            ratios.append(min(clock(read, twice) for _ in range(2)) / least)
            if ratios[-1] < TIMES:
                break
        if min(ratios) >= TIMES:
            return f"time {min(ratios):.1f}"
    return ""


def heavier(read: Callable[[str], object], make: Callable[[int], str], size: int) -> str:
    """The same of memory."""
    most = memory(read, make(2 * size))
    return f"memory {most}" if most > LITTLE and most > TIMES * memory(read, make(size)) else ""


def repeated(unit: str, lead: str = "", end: str = "") -> Callable[[int], str]:
    """A text of so many letters made of one unit again and again."""
    return lambda size: lead + unit * (size // len(unit)) + end


DOCUMENTS: dict[str, Callable[[str], Any]] = {
    "stream": lambda text: read_stream(text.encode()),
    "file": lambda text: read_document(text, LARGEST_STORED, MOST_EVENTS),
    "place": lambda text: read_document(text, LARGEST_STORED).position_of("/nowhere/at/all"),
    "headed": lambda text: strip_schema_comment(b"# yaml-language-server: $schema=" + text.encode()),
}


@pytest.mark.parametrize("reader", DOCUMENTS)
def test_documents_of_whatever_is_repeated(reader: str) -> None:
    bad = [
        (lead, unit, found)
        for lead in BEGINNINGS
        for unit in [*LETTERS, *UNITS]
        if (found := grows(DOCUMENTS[reader], repeated(unit, lead), 8 << 10))
    ]
    assert bad == []


@pytest.mark.parametrize("unit", ["\n", " ", "\t", "\u3000", " \n", "---\n", "- a\n", '{"a":1}\n', "a: 1\n", "1,"])
def test_documents_as_large_as_they_may_be(unit: str) -> None:
    """64 KiB of empty lines took 16 seconds, and a megabyte of them would have taken an hour."""
    for lead in ("", "[", "---"):
        assert grows(DOCUMENTS["stream"], repeated(unit, lead), 128 << 10) == ""
        assert heavier(DOCUMENTS["stream"], repeated(unit, lead), 32 << 10) == ""


def _at_noon(reader: Callable[[str, Clock], Any], text: str) -> Any:
    return reader(text, CLOCK)


def typed() -> Iterator[tuple[str, Callable[[str], Any]]]:
    """What reads the words of a person."""
    for name, reader in readers.TYPED_READERS.items():
        yield name, partial(_at_noon, reader)
    yield "name", readers.read_typed_name
    yield "unknown", means_unknown
    yield "guess", is_guessed_birth
    yield "dated", lambda text: is_day_or_time(text, CLOCK)
    yield "layout", doubts.guess_other_layout
    yield "unlike", doubts.is_unlike_a_word
    yield "doubt", lambda text: doubts.doubt_name(text, CLOCK, person=True)
    yield "yes", doubts.is_only_a_yes
    yield "written", lambda text: format_as_typed(text, "ru")
    yield "id", parse_client_id
    yield "clean", escape_controls
    yield "too short", lambda text: is_name_too_short({"first_name": text})


READERS = dict(typed())
WORDS = ["1.", "1-", "1 1", "01.01.", "12:", "12.30,", "1 год ", "сом ", "1,000", "1 000", "да ", "с по ", "9 ", "янв ",
         "неизвестно ", "вчера ", "через ", "aй", "ё", "'", "xj", "кызы "]  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_what_is_typed_at_a_question(reader: str) -> None:
    bad = [
        (lead, unit, found)
        for lead in ("", "1")
        for unit in [*LETTERS, *WORDS]
        if (found := grows(READERS[reader], repeated(unit, lead), readers.LONGEST_TEXT // 8))
    ]
    assert bad == []


HER = {"first_name": "Айгуль", "last_name": "Примерова", "middle_name": "Асановна", "birth_date": "1999"}


def compared(text: str) -> object:
    """A name held against another one like it, and as it is looked for, and against a text in which it may stand."""
    her = {**HER, "first_name": text, "last_name": text[::-1], "also_known_as": [text, text]}
    other = {**her, "first_name": text[:-1] + "ю"}
    contains_her_name(text[:2000], {"identity": other})
    return [match_persons(Person(one, partly=partly), Person(other)) for one in (HER, her) for partly in (True, False)]


@pytest.mark.parametrize(
    "unit", ["а", "аб ", "xjcң", "Айгуль ", "'", "\u0301", "ﷺ", "кызы ", "аб-вг-", "shch", "i", "  "]
)
def test_names_of_any_length(unit: str) -> None:
    """`find` took 100 seconds where names had 1,500 words."""
    assert grows(compared, repeated(unit, "а"), readers.LONGEST_TEXT // 2) == ""
    assert time_taken(compared, repeated(unit, "а")(readers.LONGEST_TEXT)) < 2


def test_names_of_many_different_words() -> None:
    words = " ".join(f"{chr(0x430 + number % 32)}{number}б" for number in range(3000))
    assert time_taken(compared, words[: readers.LONGEST_TEXT]) < 2


SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **{f"known_{name}": {"type": "string"} for name in "abcdefghijklmnopqrstuvwxyz"},
        "codes": {"type": "array", "items": {"enum": [f"code_{number}" for number in range(200)]}},
        "entries": {"type": "array", "items": {"$ref": "#/$defs/entry"}},
    },
    "$defs": {"entry": {"type": "object", "properties": {"on": {"type": "string"}}, "additionalProperties": False}},
}
SHAPE = SchemaValidator(SCHEMA)
MISSHAPEN: dict[str, Callable[[int], Any]] = {
    "unknown keys": lambda size: {f"knwn_{number}": 1 for number in range(size)},
    "one long key": lambda size: {"known_" * size: 1},
    "wrong codes": lambda size: {"codes": ["cod"] * size},
    "one long code": lambda size: {"codes": ["code_" * size]},
    "wrong entries": lambda size: {"entries": [{"no": 1}] * size},
    "whole entries, the last wrong": lambda size: {"entries": [*[{"on": "x"}] * size, {"on": 1}]},
    "wrong kinds": lambda size: {"entries": [1] * size},
}


@pytest.mark.parametrize("wrong", MISSHAPEN)
def test_what_has_not_its_shape(wrong: str) -> None:
    SHAPE.findings({"codes": [1]})
    made: dict[str, Any] = {}

    def findings(size: str) -> object:
        return SHAPE.findings(made.setdefault(size, MISSHAPEN[wrong](int(size))))

    assert grows(findings, str, 20_000) == ""
    assert time_taken(findings, "40000") < 2


def test_cells_of_a_list() -> None:
    for unit in ["=", ";=", "\n=", "\r", "\u2028", "＝", "x;", "'"]:
        written = lambda text: format_rows([{"a": text}], ["a"], Format.CSV)  # noqa: E731
        assert grows(written, repeated(unit), 256 << 10) == ""


@pytest.mark.parametrize(
    ("per_letter", "power", "disturbed", "seen"),
    [
        (1e-5, 1, [], ""),
        (1e-5, 1, [0, 0, 0, 1, 1], ""),
        (1e-8, 2, [], "time 4.0"),
        (1e-8, 2, [0, 0, 0, 1, 0], "time 4.0"),
        (1e-8, 2, [0, 1, 0], "time 4.0"),
        (1e-10, 2, [], ""),
    ],
    ids=["even", "even, disturbed", "square", "square, once longer", "square, once shorter", "next to nothing"],
)
def test_what_grows_with_the_square_is_seen(per_letter: float, power: int, disturbed: list[float], seen: str) -> None:
    """The measure itself: its clock is that of the case, which says what other programs add to each reading."""
    more = iter(disturbed)

    def clock(read: Callable[[str], object], text: str) -> float:
        return per_letter * float(len(text)) ** power + next(more, 0.0)

    assert grows(len, repeated("a"), 8000, clock) == seen


def test_a_square_of_memory_is_seen() -> None:
    assert heavier(lambda text: [[0] * len(text) for _ in text], repeated("a"), 500)


SECONDS, MEMORY = 2, 300
"""Of a processor, and MB of memory at most."""

MIB = 1 << 20


def filled(unit: str, lead: str = "", end: str = "", size: int = MIB) -> bytes:
    """A text of so many bytes made of one unit again and again."""
    each = unit.encode()
    return lead.encode() + each * ((size - len(lead) - len(end)) // len(each)) + end.encode()


KEYS = "".join(f"key{number}: 1\n" for number in range(90_000)).encode()[:MIB]
GIVEN: dict[str, bytes] = {
    "empty lines": filled("\n"),
    "spaces": filled(" ", "---"),
    "marks": filled("---\n"),
    "small documents": filled("---\na: 1\n"),
    "lines of JSON": filled("{}\n"),
    "unknown keys in each": filled("{" + ",".join(f'"k{number}":1' for number in range(100)) + "}\n"),
    "list of numbers": filled("1,", "[", "1]"),
    "list of mappings": filled("- a: 1\n"),
    "brackets": filled("["),
    "nested": filled("{a: "),
    "keys": KEYS,
    "long keys": "".join(f"{number:06}{'k' * 190}: 1\n" for number in range(5200)).encode(),
    "wrong codes": filled("x, ", "trafficking: {exploitation: [", "x]}\n"),
    "wrong entries": filled("{on: 1}, ", "iom: {instructions: [", "{}]}\n"),
    "names": filled("аб ", "{first_name: '", "', last_name: B}"),
    "comments": filled("a #\n"),
    "quotes": filled("''", "a: "),
    "halves": filled("\\ud83d\\ude00", '{"a": "', '"}'),
    "one number": filled("9", '{"a": ', "}"),
    "nothing": filled("\0"),
    "no letters": b"\xff" * MIB,
    "far too large": filled("\n", size=20 * MIB),
}
WHOLE: dict[str, bytes] = {
    "other names": filled("'a',", "schema: resident/1\nidentity: {also_known_as: [", "a]}", LARGEST_STORED),
    "children": filled("{sex: female}, ", "schema: resident/1\nchildren: [", "{}]", 3 * MIB),
    "many values": filled("1,", "schema: resident/1\nchildren: [", "1]", LARGEST_STORED),
    "long text": filled("слово ", "schema: resident/1\nnotes: '", "'\n", LARGEST_STORED),
}


def cheap(desk: "Desk", words: str, given: bytes) -> tuple[int, float, float] | None:
    """What a refusal cost that cost too much, or was none; the second time counts, for others work here too."""
    for _ in range(2):
        code, seconds, most, _ = cost(words, desk.folder, desk.env, given)
        if code in (1, 2, 7) and seconds <= SECONDS and most <= MEMORY:
            return None
    return code, seconds, most


@pytest.mark.posix("processes are counted by POSIX", "the same by the program")
@pytest.mark.parametrize("words", ["admit --from -", "find --from -", "agreement {her} --form blue --from -"])
def test_what_is_handed_in_and_refused_costs_little(admitted: "Desk", words: str) -> None:
    typed = words.format(her=admitted.her)
    names = GIVEN if words.startswith("admit") else ("empty lines", "keys", "wrong entries", "names", "brackets")
    assert {name: much for name in names if (much := cheap(admitted, typed, GIVEN[name]))} == {}


@pytest.mark.posix("processes are counted by POSIX", "the same by the program")
def test_a_file_that_is_checked_and_refused_costs_little(admitted: "Desk", tmp_path: Path) -> None:
    bad = {}
    for name, given in {**WHOLE, "keys": KEYS, "empty lines": GIVEN["empty lines"] * 4}.items():
        (tmp_path / "given.yaml").write_bytes(given)
        if much := cheap(admitted, f"check {tmp_path / 'given.yaml'}", b""):
            bad[name] = much
    assert bad == {}
