"""What is refused costs little: two seconds of a processor and 300 MB at most, whatever a stranger hands in."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from spent import cost

from shelterctl.document.subset import LARGEST_STORED

if TYPE_CHECKING:
    from conftest import Desk


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
