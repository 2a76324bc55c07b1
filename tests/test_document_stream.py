"""Several documents in one text: YAML between marks, JSON line by line, a list; each place is one in the whole file."""

import json
from typing import Any

import pytest

from shelterctl.document.reading import read_stream, strip_schema_comment
from shelterctl.document.subset import LARGEST_STREAM, Unreadable
from shelterctl.errors import Conflict

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
