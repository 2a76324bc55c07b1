"""Lines of a list as people name them: by number, by code, by all their words, by one word or by its first letters.

Text that names a line completely is read; text that names it in part is only offered.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from shelterctl.core.manual.field import UNKNOWN_ANSWER
from shelterctl.core.values.homoglyphs import latinise
from shelterctl.core.values.names import count_slips, fold_name, spell_plainly
from shelterctl.typed.words import ALL_LINES_WORDS, AND_WORDS, YES_NO_WORDS, Mistyped, fold_typed

NEAR_LETTERS = 3
"""The number of letters of a line that are enough to offer it."""

_WORD = re.compile(r"[^,;\s]+")

_RANGE = re.compile(r"(?<![\w.-])([0-9]{1,2}) ?[-–—] ?([0-9]{1,2})(?![\w-])")

_SIGN = re.compile(r"[\W_]+")

LineName = tuple[str, ...]
"""A name of a line, word by word."""

LineNames = Mapping[LineName, Any]
"""The code of each line by each of its names."""

LineTexts = Mapping[Any, Sequence[str]]
"""The names of each code, in every language."""

OtherReader = Callable[[str], Any]
"""A reader for words that name no line."""


def line_name(written: object) -> LineName:
    """Return text as a name of a line, word by word; commas and spaces between the words do not matter."""
    words = (found.group().casefold().replace("ё", "е") for found in _WORD.finditer(str(written)))
    return tuple(word.lstrip("0") if word.isascii() and word.isdigit() else word for word in words)


def name_lines(called: LineTexts, also: LineTexts | None = None) -> dict[LineName, Any]:
    """Return the code of every line by its number, its code and its texts; an earlier name is never replaced.

    *also* gives further names of codes, also of codes that are not lines.
    """
    found: dict[LineName, Any] = {(str(number),): code for number, code in enumerate(called, 1)}
    found |= {(word,): code for code in (True, False) if code in called for word in YES_NO_WORDS[code]}
    for code in called:
        found.setdefault(line_name(code), code)
    for code, texts in (*called.items(), *(also or {}).items()):
        for each in texts:
            found.setdefault(line_name(each), code)
    return found


def merge_lookalikes(names: LineNames) -> LineNames:
    """Return the names with look-alike letters merged, without names that only such letters distinguish."""
    looks: dict[LineName, set[Any]] = {}
    for one, code in names.items():
        looks.setdefault(line_name(latinise(" ".join(one))), set()).add(code)
    return {look: codes.pop() for look, codes in looks.items() if len(codes) == 1}


def means_every_line(typed: str) -> bool:
    """Return whether the text means every line of a list."""
    return fold_typed(typed).rstrip(".!") in ALL_LINES_WORDS


def means_several_lines(typed: str) -> bool:
    """Return whether the text means more lines than it names: all of them, or a range."""
    return means_every_line(typed) or bool(_RANGE.search(typed))


def read_several_lines(typed: str, names: LineNames, other: OtherReader, *, signs: str = "") -> list[Any] | Mistyped:
    """Read several lines, separated by commas, semicolons, spaces or an *and*; *other* reads what is no line.

    With *signs*, only these separate other words, and a space separates only a number or name from what follows. A word
    for all means every line that is an answer of its own, and 1-3 means the first three.
    """
    if means_every_line(typed):
        numbered = (code for (number, *rest), code in names.items() if not rest and number.isdigit())
        return [code for code in numbered if code != UNKNOWN_ANSWER]
    words = list(_WORD.finditer(_RANGE.sub(partial(_expand_range, names), typed)))
    longest = max(map(len, names), default=1)
    read: list[Any] = []
    first, listed = 0, False
    while first < len(words):
        if listed and first + 1 < len(words) and words[first].group().casefold() in AND_WORDS:
            first += 1  # 1 and 3
        near = (last for last in range(first, min(first + longest, len(words))) if _may_end(words, first, last, signs))
        known = [last for last in near if line_name(_typed_words(words, first, last)) in names]
        last = known[-1] if known else next(n for n in range(first, len(words)) if _may_end(words, first, n, signs))
        answer = _typed_words(words, first, last)
        one = names[line_name(answer)] if known else other(answer)
        if isinstance(one, Mistyped):
            return one
        read += [] if one in read else [one]
        first, listed = last + 1, not signs or (bool(known) and not _is_parted(words, last, signs))
    return read


def _expand_range(names: LineNames, found: re.Match[str]) -> str:
    """Return each number of a range, if both ends are lines; else the typed text."""
    first, last = int(found[1]), int(found[2])
    whole = first < last and (str(first),) in names and (str(last),) in names
    return " ".join(map(str, range(first, last + 1))) if whole else found[0]


def _typed_words(words: Sequence[re.Match[str]], first: int, last: int) -> str:
    return words[first].string[words[first].start() : words[last].end()]


def _may_end(words: Sequence[re.Match[str]], first: int, last: int, signs: str) -> bool:
    """Return whether an answer that begins with one word may end with another; without *signs* it always may."""
    if not signs or last + 1 == len(words) or (first == last and words[last].group().isdigit()):
        return True
    return _is_parted(words, last, signs)


def _is_parted(words: Sequence[re.Match[str]], last: int, signs: str) -> bool:
    """Return whether one of the *signs* follows a word."""
    behind = words[last].string[words[last].end() : words[last + 1].start()] if last + 1 < len(words) else ""
    return any(sign in behind for sign in signs)


def find_near_lines(typed: str, called: LineTexts) -> list[Any]:
    """Return the lines that contain these words, or else have a word that begins so, or else are spelled nearly so."""
    word = fold_name(typed)
    if len(word) < NEAR_LETTERS:
        return []
    texts = {code: [fold_name(each) for each in all_] for code, all_ in called.items()}
    fits: Iterable[Callable[[str], bool]] = (
        lambda text: f" {word} " in f" {_SIGN.sub(' ', text)} ",
        lambda text: f" {word}" in f" {text}",
        lambda text: len(word) > NEAR_LETTERS and count_slips(spell_plainly(word), spell_plainly(text)) is not None,
    )
    found = ([code for code, all_ in texts.items() if any(map(fit, all_))] for fit in fits)
    return next(filter(None, found), [])
