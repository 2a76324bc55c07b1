"""What a text means, alone or as one of several documents, what is refused and where, and that others read it alike."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from hypothesis import example, given, settings

from shelterctl.document.reading import read_document, read_stream, strip_schema_comment
from shelterctl.document.subset import LARGEST_STORED, LARGEST_STREAM, Unreadable, unreadable_finding
from shelterctl.document.writing import format_document
from shelterctl.errors import BrokenRulebook, Conflict, ExitCode
from shelterctl.language import format_sentence
from tests.support.hostile_text import DATED, LIBRARIES, NUMBERS, RECORDS, WORDS, as_written, opened
from tests.support.paths import PROJECT
from tests.support.sealed_entries import decrypted

if TYPE_CHECKING:
    from tests.support.desk import Desk


RECORD = """\
schema: resident/1
id: 7QF2-M9KD
identity:
  first_name: Айгуль
  phone: "0555123456"
  birth_date: "1999-03"
  languages:
    - ky
    - ru
stays:
  - id: K7Q2M9
    admission:
      primary_interview:
        at: "2026-11-20T22:00+06:00"
        safety_assured: true
    notes: |-
      Room #5: said "no" twice.

      Second visit.
agreements:
  - lines:
      1a:
        amount: "2000.50"
      "3":
        "on": "no"
        amount: 800
      "weird: key":
        - []
        - {}
        - null
"""

MEANT: list[tuple[str, object]] = [
    ("17", 17), ("-3", -3), ("0", 0), ("9999999999999999", 9999999999999999),
    ("2000.10", Decimal("2000.10")), ("-0.50", Decimal("-0.50")), ("true", True), ("false", False),
    ("null", None), ("~", None), ("", None), ("''", ""), ("\tx", "x"), ("[]", []), ("{}", {}), ("[a, 1]", ["a", 1]),
    ("2024-01-31", "2024-01-31"), ("2024-13-45", "2024-13-45"), ("1994-05", "1994-05"), ("12.05.1994", "12.05.1994"),
    ("2026-11-20T21:30+06:00", "2026-11-20T21:30+06:00"), ("7QF2-M9KD", "7QF2-M9KD"), ("0B1CDE", "0B1CDE"), (".", "."),
    ("Room#5", "Room#5"), ("'Room #5'", "Room #5"), ('"# 5"', "# 5"), ("|-\n  # 5\n", "# 5"), ("no one", "no one"),
    ("'no'", "no"), ('"0555123456"', "0555123456"), ("0555 12 34 56", "0555 12 34 56"), ("a:b", "a:b"),
    ("می\u200cخواهم", "می\u200cخواهم"), ("'it''s'", "it's"), (r'"a\tb\\"', "a\tb\\"), ("one\n  two", "one two"),
    ('"one\n two"', "one two"), ("'one\n\n \ttwo'", "one\ntwo"), ("[x,\n\n z,\n ]", ["x", "z"]), ("{b:\n 1}", {"b": 1}),
    ("\n  - b: [x,\n     z]", [{"b": ["x", "z"]}]), ("\n- {b:\n  c}", [{"b": "c"}]), ("{? b : 1}", {"b": 1}),
    ("[x?z, x ?z, '?z', -?z]", ["x?z", "x ?z", "?z", "-?z"]), ("why? [?]\n  {?x", "why? [?] {?x"),
    ("|-\n  [?x\n", "[?x"), ("?x", "?x"), ("x\n  ", "x"),
    ("|\n  x\n  ", "x\n"), ("|-\n  x\n   ", "x\n "), ("|\n  x\n   \n", "x\n \n"), ("|\n  x ", "x "),
]  # fmt: skip

TAGS = "!!binary !!set !!int !!bool !!timestamp !foo !x!y !<z> !"
UNITS = [
    "a", "1", "[", "{", "- ", "? ", "a: ", "\n", "# ", '"', "'", "\\", "[1,", "a: 1\n", "&a ", "*a ", "!", "|\n", "\t",
    "<<", "{a: ", "é", "---\n", "1:", "1_", "=", "%", "\x00", "\ufeff",
    "[?x, ", "a: {\n ?", "'\n ", '"\n', "a: |\n   ", "- [\n  ", "- 'x\n  '\n",
]  # fmt: skip

REFUSED: list[tuple[str | bytes, str, int | None, int | None]] = [
    *((f"a: {number}", "ambiguous-number", 1, 4) for number in NUMBERS.split()),
    *((f"a:\n  - {word}", "ambiguous-word", 2, 5) for word in WORDS.split()),
    ("a: 17\nb: 1\na: 30", "duplicate-key", 3, 1), ("x: {a: 1, b: 2, a: 3}", "duplicate-key", 1, 17),
    ("a: 1 # c", "comment", 1, 6), ("# c\na: 1", "comment", 1, 1), ("a: Room #5", "comment", 1, 9),
    ('a: "x"#c', "comment", 1, 7), ("a: | # c\n  x", "comment", 1, 6), ("a: | # c", "comment", 1, 6),
    ("a: |\n  x\n # c", "comment", 3, 2), ("a: 'x # y'\n# c", "comment", 2, 1),
    ("a: &x 1", "alias", 1, 4), ("a: *x", "alias", 1, 4), ("a: *strong*", "alias", 1, 4), ("a: & co", "alias", 1, 4),
    ("<<: {a: 1}", "alias", 1, 1), ("&a\nb: 1", "alias", 1, 1), ("a: <<", "alias", 1, 4),
    *((f"a: {tag} x", "tag", 1, 4) for tag in TAGS.split()),
    ("!!map {a: 1}", "tag", 1, 1), ("%YAML 1.2\n---\na: 1", "directive", 1, 1), ("%X\n---\na: 1", "directive", 1, 1),
    ("a: 1\n---\nb: 1", "several", 2, 1), ("a: 1\n...\nb: 1", "several", 3, 1), ('{"a": 1} {"b": 2}', "several", 1, 10),
    ("", "empty", None, None), (" \n\n", "empty", None, None), ("---", "empty", None, None), ("~", "empty", None, None),
    ("# only", "comment", 1, 1), ("- a", "not-a-mapping", 1, 1), ("\n[]", "not-a-mapping", 2, 1),
    ("text", "not-a-mapping", 1, 1), ("? [a]\n: 1", "key", 1, 3), ("? {a: 1}\n: 1", "key", 1, 3),
    (f"{'k' * 201}: 1", "key", 1, 1), ("e\u0301: 1", "key-letters", 1, 1), ("amount:2000: x", "key-colon", 1, 1),
    ('x: {"a:b": 1}\ny:\n  a:b: 2', "key-colon", 3, 3), ('x: {"<<": 1}\ny:\n  <<: 2', "alias", 3, 3),
    ("{amount:2000}", "key-colon", 1, 2), ("a:\n\tb: 1", "tab", 2, 1), ("\ta: 1", "tab", 1, 1),
    ("a: |\n\tx", "tab", 2, 1), ("a: commas: none", "colon", 1, 10), ("a: 1\n  b: 2", "colon", 2, 4),
    ("a: - b", "dash", 1, 4), ("a: @x", "first-sign", 1, 4), ("a: |x", "first-sign", 1, 4),
    ("{?a: 1}", "first-sign", 1, 2), ("a: '?x'\nb: [x, ?y]", "first-sign", 2, 8),
    ('a: {b: 1, ?"c": 2}', "first-sign", 1, 11), ("a: {\n  ?}", "first-sign", 2, 3),
    ("a: why ?x\nb: {?\u00a0c: 1}", "first-sign", 2, 5), ("a: [1,\n2]", "indentation", 2, 1),
    ("a: {\n  b: [1]\n}", "indentation", 3, 1), ("a: {\n  b: [\n1]}", "indentation", 3, 1),
    ("a: 'x\n\n y\nz'", "indentation", 4, 1), ('a:\n- "x\ny"', "indentation", 3, 1),
    ("a:\n  b:\n    [1,\n  2]", "indentation", 4, 3), ("a:\n  - b: 'x\n    y'", "indentation", 3, 5),
    ('a: "x\n\ty"', "tab", 2, 1), ("a:\n  b: [1,\n \t2]", "tab", 3, 2),
    ('? "a\n  b"\n: 1', "key", 1, 3), ("? |\n  a\n: 1", "key", 1, 3),
    *((f"a: {sign}\n  x\n    ", "last-spaces", 3, 1) for sign in ("|", ">", "|+")),
    ("a: |+\n  x\n ", "last-spaces", 3, 1),
    ('a: "x', "quotes", 1, 4), ("a: 'x", "quotes", 1, 4), (r'a: "\q"', "backslash", 1, 5),
    (r'a: "\ud83d\ude00"', "backslash", 1, 7), (r'{"a": "\ud83d"}', "backslash", 1, 10), ("a: [1, 2", "brackets", 1, 4),
    ("a: ]", "brackets", 1, 4), ("a:\n  b: 1\n c: 2", "syntax", 3, 2), ("a: 'x' y", "syntax", 1, 8),
    ("b: \ufeffx", "byte-order-mark", 1, 4), (r'b: "\uFEFF"', "byte-order-mark", 1, 4),
    *((f"a: x{sign}b: y", "line-separator", 1, 5) for sign in "\r\x85\u2028\u2029"),
    (r'a: "\r"', "line-separator", 1, 4), (r'a: "\L"', "line-separator", 1, 4), (r'"\N": 1', "line-separator", 1, 1),
    *((f"a: {sign}", "control", 1, 4) for sign in "\0\x07\x1b\x7f\x80\x9f\uffff"),
    *((rf'a: "{escape}"', "control", 1, 4) for escape in (r"\x1b[31m", r"\u0000", r"\0", r"\e", r"\a", r"\x7f")),
    *((f"a: {chr(sign)}", "direction", 1, 4) for sign in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    (r'{"a": "\u202e"}', "direction", 1, 7), ("a: 1".encode("utf-16-le"), "control", 1, 2),
    (b"age-encryption.org/v1\n-> X25519 \xff", "sealed", None, None),
    ("-----BEGIN AGE ENCRYPTED FILE-----\nYWdl", "sealed", None, None),
    *((text, "encoding", None, None) for text in (b"a: \xe9", b"a: \xc0\xaf", "a: 1".encode("utf-16"), "a: \ud800")),
    ("a: " + "[" * 32, "too-deep", 1, 35),
    ("a: " + "[" * 5000, "too-deep", 1, 1003), ("{" + '"a": {' * 40, "too-deep", 1, 193),
    ("a: " + "x" * 262_142, "too-large", None, None), ("a: " + "1" * 10_000, "ambiguous-number", 1, 4),
    ("a: 1" + ":59" * 5000, "ambiguous-number", 1, 4), ('{"a": 1e3}', "ambiguous-number", 1, 7),
    ('{"a": NaN, "a": 1}', "duplicate-key", 1, 12), ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "alias", 1, 4),
]  # fmt: skip


@pytest.mark.parametrize("text", ["a: 1\nb: 2\nc: [3, 4]\n", '{"a": [' + "1," * 20 + "1]}"])
def test_of_what_was_not_written_here_so_many_keys_and_values_are_read(text: str) -> None:
    assert read_document(text, LARGEST_STORED, 100).value == read_document(text).value
    with pytest.raises(Unreadable) as told:
        read_document(text, LARGEST_STORED, 10)
    assert told.value.code == "document/too-many"


@pytest.mark.parametrize(("text", "value"), MEANT)
def test_what_is_clear_is_read_exactly(text: str, value: object) -> None:
    got = read_document(f"a: {text}").value
    assert got == {"a": value}
    assert repr(got) == repr({"a": value})


@pytest.mark.parametrize(("text", "wrong", "line", "column"), REFUSED)
def test_what_is_doubtful_is_refused_where_it_stands(text: str | bytes, wrong: str, line: int, column: int) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_document(text)
    found = unreadable_finding(refusal.value)
    assert (found.code, found.line, found.column) == (f"document/{wrong}", line, column)
    assert refusal.value.exit is ExitCode.REFUSED
    assert format_sentence(found.message, found.facts).endswith(".")


@pytest.mark.parametrize("key", ["on", "no", "4", "1a", "0555", "null", "2026-11-25", "Ключ", "=", '"<<"', '"a:b"'])
def test_keys_are_always_text(key: str) -> None:
    assert read_document(f"{key}: 1").value == {key.strip('"'): 1}


def test_the_byte_of_a_bad_encoding_is_named() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_document("a: Айгуль".encode() + b"\xff")
    assert refusal.value.facts == {"offset": 15}


def test_json_is_read_by_the_same_rules() -> None:
    text = '\t{"a":\t2000.10, "b": [1,2,{"c":null}],\n\t"d": "\\ud83d\\ude00 \\\\ud83d\\\\ude00 \\/", "e": "#"}\n\t'
    meant = {"a": Decimal("2000.10"), "b": [1, 2, {"c": None}], "d": "😀 \\ud83d\\ude00 /", "e": "#"}
    assert read_document(text).value == meant
    assert read_document('{\n"a": [\n1,\n"b\nc"],\n\t"d":\n{}\n}').value == {"a": [1, "b c"], "d": {}}


def test_windows_line_ends_and_a_leading_mark_make_no_difference() -> None:
    assert read_document(b"\xef\xbb\xbf" + RECORD.replace("\n", "\r\n").encode()).value == read_document(RECORD).value


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> theirs"])
def test_merge_marks_are_a_conflict_before_anything_else(mark: str) -> None:
    with pytest.raises(Conflict) as conflict:
        read_document(f"a: 1\n{mark}\na: 2 # and more\n")
    assert (conflict.value.code, conflict.value.facts) == ("document/merge-marks", {"line": 2})


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("", (1, 1)), ("/schema", (1, 9)), ("/identity/first_name", (4, 15)), ("/identity/languages/1", (9, 7)),
        ("/stays", (10, 1)), ("/stays/0", (11, 5)), ("/stays/0/admission", (12, 5)), ("/stays/0/notes", (16, 12)),
        ("/agreements/0/lines/1a/amount", (23, 17)), ("/agreements/0/lines/weird: key/1", (29, 11)),
        ("/identity/middle_name/0", (3, 1)), ("/stays/7", (10, 1)), ("/nowhere", (1, 1)),
    ],
)  # fmt: skip
def test_everything_has_its_place(pointer: str, place: tuple[int, int]) -> None:
    assert read_document(RECORD).position_of(pointer) == place


def test_pointers_escape_slash_and_tilde() -> None:
    assert read_document("a: 1\n~/x: [1, 2]").position_of("/~0~1x/1") == (2, 10)


def test_the_canonical_text_of_a_record_is_itself() -> None:
    assert (format_document(read_document(RECORD).value), format_document({})) == (RECORD, "{}\n")


@settings(max_examples=600)
@given(RECORDS)
def test_what_is_written_reads_back_and_is_written_the_same(value: dict[str, Any]) -> None:
    text = format_document(value)
    got = read_document(text).value
    assert repr(got) == repr(as_written(value))
    assert format_document(got) == text


FORBIDDEN = ["\x1b", "a\r\n", "\u202e", "\ud800", "\ufeff", 1.5, 10**16, Decimal("NaN"), Decimal("1E-17"), (1,)]


@pytest.mark.parametrize("value", FORBIDDEN)
def test_what_no_document_may_hold_is_not_written(value: object) -> None:
    with pytest.raises(ValueError, match=r"may hold|holds"):
        format_document({"a": value})


def test_a_text_that_could_not_be_read_again_is_not_written() -> None:
    with pytest.raises(Unreadable, match="document/too-large"):
        format_document({"a": "x" * LARGEST_STORED})
    with pytest.raises(ValueError, match="key"):
        format_document({"e\u0301": 1})
    deep: list[object] = []
    deep.append(deep)
    with pytest.raises(ValueError, match="levels"):
        format_document({"a": deep})


def test_a_file_of_many_years_is_kept_and_so_much_is_taken_from_nobody() -> None:
    years = {"a": "x" * 300_000}
    text = format_document(years).encode()
    assert read_document(text, LARGEST_STORED).value == years
    with pytest.raises(Unreadable, match="document/too-large") as refused:
        read_document(text)
    assert refused.value.facts == {"kib": 256}


def survives(data: bytes) -> None:
    with suppress(Unreadable, Conflict):
        format_document(read_document(data).value)


def test_a_damaged_record_is_read_or_refused_and_nothing_else() -> None:
    whole = RECORD.encode()
    for end in range(len(whole)):
        survives(whole[:end])
        for bit in range(8):
            survives(whole[:end] + bytes([whole[end] ^ 1 << bit]) + whole[end + 1 :])


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("size", [2**20, 2**18 - 8])
def test_hostile_inputs_are_answered(unit: str, size: int) -> None:
    for lead in ("", "a: ", '{"a": "'):
        survives((lead + unit * size).encode()[:size])


def test_no_value_and_no_key_is_ever_repeated() -> None:
    for text in ("Канарейка: 1\nКанарейка: 2", "a: Канарейка #1", 'a: "Канарейка', "a: Канарейка: б", "Канарейка"):
        with pytest.raises(Unreadable) as refusal:
            read_document(text)
        said = [refusal.value, refusal.value.facts, unreadable_finding(refusal.value), read_document("a: Канарейка")]
        assert "Канарейка" not in repr(said) + str(said)


def test_without_libyaml_nothing_is_read_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml._yaml", None)
    monkeypatch.delitem(sys.modules, "shelterctl.document.reading")
    with pytest.raises(BrokenRulebook, match="document/no-libyaml"):
        importlib.import_module("shelterctl.document.reading")


Seen = list[tuple[int, Any]]


def seen(text: str) -> Seen | None:
    """What is read: numbers with the value and the place of its key a, or with what is wrong and where."""
    found = read_stream(text.encode())
    if found is None:
        return None
    return [
        (number, (part.code.partition("/")[2], part.line, part.column))
        if isinstance(part, Unreadable)
        else (number, (part.value["a"], *(part.position_of("/a") or ())))
        for number, part in found
    ]


@pytest.mark.parametrize(
    "text",
    [
        "", "\n\n", "a: 1\n", "---\na: 1\n", "---\na: 1\n...\n\n", "%YAML 1.1\n---\na: 1\n", "a: 1\n... \n# c\n",
        '{"a": 1}\n', '{"a": 1}\n...\n', '{a: [\n{"b": 1}]}\n', '{"a": 1', "a: |\n  - b\n", "a:\n- b\n", "a: '\n---'\n",
    ],
)  # fmt: skip
def test_one_document_is_no_stream(text: str) -> None:
    assert seen(text) is None or text == "a: '\n---'\n"


READ: dict[str, Seen] = {
    "a: 1\n---\na: 2\n": [(1, (1, 1, 4)), (2, (2, 3, 4))],
    "---\r\na: 1\r\n---\r\na: 2": [(1, (1, 2, 4)), (2, (2, 4, 4))],
    "--- {a: 1}\n--- {a: 2}\n...\n": [(1, (1, 1, 9)), (2, (2, 2, 9))],
    "a: 1\n...\n---\na: 2\n": [(1, (1, 1, 4)), (2, (2, 4, 4))],
    '{"a": 1}\n{"a": 2}\n\n': [(1, (1, 1, 7)), (2, (2, 2, 7))],
    '[{"a": 1},\n{"a": 2}]': [(1, (1, 1, 8)), (2, (2, 2, 7))],
    '[\n\t{"a": "\\ud83d\\ude00"}\n]': [(1, ("\U0001f600", 2, 8))],
    "- a: 1\n- a: 2\n": [(1, (1, 1, 6)), (2, (2, 2, 6))],
    "---\n- a: 1\n": [(1, (1, 2, 6))],
}


@pytest.mark.parametrize("text", READ)
def test_each_document_has_its_number_and_its_places_in_the_whole_file(text: str) -> None:
    assert seen(text) == READ[text]


WRONG: dict[str, Seen] = {
    "a: 1\n---\n---\na: 3\n": [(1, (1, 1, 4)), (2, ("empty", 2, 1)), (3, (3, 4, 4))],
    "a: 1\n---\n": [(1, (1, 1, 4)), (2, ("empty", 2, 1))],
    '{"a": 1}\n\n{"a": 3}\n': [(1, (1, 1, 7)), (2, ("empty", 2, 1)), (3, (3, 3, 7))],
    "[{a: 1}, null, 5]": [(1, (1, 1, 6)), (2, ("empty", 1, 10)), (3, ("not-a-mapping", 1, 16))],
    "[]": [(1, ("empty", 1, 1))],
    "a: 1\n---\n5\n---\n- a: 1\n": [(1, (1, 1, 4)), (2, ("not-a-mapping", 3, 1)), (3, ("not-a-mapping", 5, 1))],
    '{"a": 1}\n5\na: 1\n': [(1, (1, 1, 7)), (2, ("not-a-mapping", 2, 1)), (3, ("not-a-mapping", 3, 1))],
    '{"a": 1}\n{"a": 2': [(1, (1, 1, 7)), (2, ("brackets", 2, 1))],
    '{"a": 1}\n{"a": "2': [(1, (1, 1, 7)), (2, ("quotes", 2, 7))],
    '{"a": \n{"a": 2}\n': [(1, ("brackets", 1, 7)), (2, (2, 2, 7))],
    '[{"a": 1},\n{"a": 2},\n{"a":': [(3, ("brackets", 3, 6))],
    '[{"a": 1},\n{"a": 2}\n{"a": 3}]': [(3, ("brackets", 3, 1))],
    '[{"a": 1},\n{"a": "2': [(2, ("quotes", 2, 7))],
    "- a: 1\n- a: '2\n": [(2, ("quotes", 2, 6))],
    "- a: 1\n- a: 2\n  a: 3\n- a: 4\n": [(2, ("duplicate-key", 3, 3))],
    "a: 1\n---\n# c\na: 2\n": [(1, (1, 1, 4)), (2, ("comment", 3, 1))],
    "a: 1\n---\na: 2 # c\n": [(1, (1, 1, 4)), (2, ("comment", 3, 6))],
    "a: 1\n---\na: 0555\n": [(1, (1, 1, 4)), (2, ("ambiguous-number", 3, 4))],
    "a: 1\n---\na: x\u202e\n": [(1, (1, 1, 4)), (2, ("direction", 3, 5))],
    "%YAML 1.1\n---\na: 1\n...\n%YAML 1.1\n---\na: 2\n": [(1, ("directive", 1, 1)), (2, ("directive", 5, 1))],
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_read_is_told_by_its_number_its_line_and_its_column(text: str) -> None:
    assert seen(text) == WRONG[text]


def test_of_a_list_that_is_cut_off_the_item_is_told() -> None:
    text = json.dumps([{"a": number} for number in range(500)], indent=1)
    for length in range(2, len(text) - 1, 61):
        ((number, (wrong, line, _)),) = seen(text[:length]) or [(0, ("", 0, 0))]
        last = text[:length].rstrip("\n").count("\n") + 1
        assert wrong in ("brackets", "quotes", "colon")
        assert last - 2 <= line <= last  # where the item begins that is not closed, or where it ends
        assert number == max(1, text[:length].count("{"))


def test_merge_marks_and_a_stream_that_is_too_large_stop_all_of_it() -> None:
    with pytest.raises(Conflict, match="merge-marks"):
        seen("a: 1\n---\n<<<<<<< x\na: 2\n")
    with pytest.raises(Unreadable, match="stream-too-large"):
        seen("a: 1\n---\n" * (LARGEST_STREAM // 9 + 1))
    assert seen("a: 1\n" * (LARGEST_STREAM // 5 + 1)) is None


HEAD = "# yaml-language-server: $schema=https://example.org/fragment.schema.json"


@pytest.mark.parametrize("text", [f"{HEAD}\na: 1\n", f"\ufeff{HEAD}  \r\na: 1\n", HEAD])
def test_the_comment_by_which_an_editor_finds_the_schema_is_let_through(text: str) -> None:
    assert "#" not in strip_schema_comment(text.encode()).decode()
    assert strip_schema_comment(text.encode()).count(b"\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [f"\n{HEAD}\n", f"a: 1\n{HEAD}\n", f" {HEAD}\n", f"{HEAD} # x\n", "# yaml-language-server: a name\n", "# x\n"],
)  # fmt: skip
def test_any_other_comment_stays_one(text: str) -> None:
    assert strip_schema_comment(text.encode()) == text.encode()


COMMANDS = [
    pytest.param(("yq", "-c", "."), marks=pytest.mark.program("yq", "jq"), id="yq"),
    pytest.param(("gojq", "-c", "--yaml-input", "."), marks=pytest.mark.program("gojq"), id="gojq"),
]
"""The first calls jq; the second reads YAML as mikefarah's yq does, with the same library."""

NASTY = f"{NUMBERS} {WORDS} {DATED} << ~ true null = ! & * % @ ` ? - : | > x: _ __ -_ NaN 😀 é ١ 1a 1.1 3 on".split()
EVERY = {word: word for word in NASTY} | {
    "list": NASTY,
    "spaces": ["x ", " x", "- x", "? x", "x #y", "a\n b\n", "a\tb"],
}


@settings(max_examples=100)
@example(EVERY)
@given(RECORDS)
def test_what_is_written_is_read_alike(value: dict[str, Any]) -> None:
    text = format_document(value)
    meant = repr(read_document(text).value)
    for name, reader in LIBRARIES.items():
        assert repr(reader(text)) == meant, name


@pytest.fixture(scope="session")
def texts(papers: "Desk") -> list[str]:
    """The files of a store, and every example that can be read, written as they are saved."""
    read_again = [format_document(EVERY)]
    for file in (PROJECT / "examples").glob("*/*.yaml"):
        try:
            read_again.append(format_document(read_document(file.read_bytes()).value))
        except (Unreadable, Conflict):
            assert file.name.startswith(("document-", "stream-"))
    return [*opened(papers.store, papers.key), *read_again]


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_reads_every_file_as_we_do(name: str, texts: list[str]) -> None:
    for text in texts:
        assert repr(LIBRARIES[name](text)) == repr(read_document(text).value)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_reads_every_file_as_we_do(command: tuple[str, ...], texts: list[str]) -> None:
    ended = subprocess.run(command, input="---\n".join(texts).encode(), capture_output=True, check=True)
    assert [json.loads(line) for line in ended.stdout.splitlines()] == [read_document(text).value for text in texts]


@pytest.mark.program("age")
def test_stock_age_opens_every_file_and_every_block_in_it_as_the_tests_do(admitted: "Desk") -> None:
    admitted.written("health")
    files = sorted(admitted.store.rglob("*.age"))
    assert len(files) > 2
    blocks = [
        block
        for text in opened(admitted.store, admitted.key)
        for block in sealed_in(read_document(text, LARGEST_STORED).value)
    ]
    assert len(blocks) > 1
    for sealed in [*(file.read_bytes() for file in files), *blocks]:
        words = ["age", "-d", "-i", str(admitted.key)]
        told = subprocess.run(words, input=sealed, capture_output=True, check=True).stdout
        assert told == decrypted(sealed, admitted.key)


def sealed_in(value: Any) -> Iterator[bytes]:
    """Every block that stands in a file."""
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(below, str) and below.startswith("-----BEGIN AGE"):
            yield below.encode()
        yield from sealed_in(below)


def test_a_record_opened_with_age_and_pyyaml_fits_the_published_schema(papers: "Desk") -> None:
    schema = json.loads((PROJECT / "schemas/resident.schema.json").read_text("utf-8"))
    sealed = papers.store / "residents" / f"{papers.her}.yaml.age"
    text = decrypted(sealed.read_bytes(), papers.key).decode()
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(text))
    assert '\n      "on": ' in text


def test_an_amount_is_the_same_content_as_number_and_as_text(admitted: "Desk") -> None:
    given = PROJECT / "examples/accepted/pink.yaml"
    admitted.do(f"agreement {admitted.her} --form pink", given)
    (text,) = (text for text in opened(admitted.store, admitted.key) if admitted.her in text)
    assert 'amount: "450.50"' in text
    assert "amount: 2500\n" in text
    before = admitted.digest()
    admitted.do(f"agreement {admitted.her} --form pink", given)
    assert admitted.digest() == before
