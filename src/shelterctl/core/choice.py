"""Lines of a list as people name them: by number, by code, by all their words, by one word or the letters it has first.

What names a line whole is read; what names it in part is found, to be offered.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from shelterctl.core import notation
from shelterctl.core.field import UNKNOWN
from shelterctl.core.letter import latin
from shelterctl.core.name import fold, slips, spelled
from shelterctl.core.notation import Mistyped

NEAR = 3
"""So many letters of a line are enough to offer it."""

_WORD = re.compile(r"[^,;\s]+")

_RANGE = re.compile(r"(?<![\w.-])([0-9]{1,2}) ?[-–—] ?([0-9]{1,2})(?![\w-])")

_SIGN = re.compile(r"[\W_]+")

Name = tuple[str, ...]
"""What a line is called, word for word."""

Names = Mapping[Name, Any]
"""The code of each line by everything that it is called."""

Called = Mapping[Any, Sequence[str]]
"""What each code is called, in every language."""

Other = Callable[[str], Any]
"""How words are read that name no line."""


def name(written: object) -> Name:
    """What a line may be called, word for word; commas and spaces between the words do not matter."""
    words = (found.group().casefold().replace("ё", "е") for found in _WORD.finditer(str(written)))
    return tuple(word.lstrip("0") if word.isascii() and word.isdigit() else word for word in words)


def names(called: Called, also: Called | None = None) -> dict[Name, Any]:
    """Every line by its number, its code, and what it is called; what comes first is not taken by another.

    What codes are *also* called names those too that are no line.
    """
    found: dict[Name, Any] = {(str(number),): code for number, code in enumerate(called, 1)}
    found |= {(word,): code for code in (True, False) if code in called for word in notation.WORDS[code]}
    for code in called:
        found.setdefault(name(code), code)
    for code, texts in (*called.items(), *(also or {}).items()):
        for each in texts:
            found.setdefault(name(each), code)
    return found


def by_look(names: Names) -> Names:
    """The same with letters of one look as one, but for what only those tell apart."""
    looks: dict[Name, set[Any]] = {}
    for one, code in names.items():
        looks.setdefault(name(latin(" ".join(one))), set()).add(code)
    return {look: codes.pop() for look, codes in looks.items() if len(codes) == 1}


def is_every(typed: str) -> bool:
    """Whether every line of a list is meant."""
    return notation.plain(typed).rstrip(".!") in notation.EVERY


def is_short_for_several(typed: str) -> bool:
    """Whether more lines are meant than stand there: all of them, or from one to another."""
    return is_every(typed) or bool(_RANGE.search(typed))


def several(typed: str, names: Names, other: Other, *, signs: str = "") -> list[Any] | Mistyped:
    """Several lines, parted by commas, semicolons, spaces or an and; what is none of them is read by *other*.

    Where *signs* are given, those alone part other words, and spaces nothing but a number or a name from what follows.
    A word for all of them names every line that is an answer of its own, and 1-3 the first three.
    """
    if is_every(typed):
        return [code for (number, *rest), code in names.items() if not rest and number.isdigit() and code != UNKNOWN]
    words = list(_WORD.finditer(_RANGE.sub(partial(_lines, names), typed)))
    longest = max(map(len, names), default=1)
    read: list[Any] = []
    first, listed = 0, False
    while first < len(words):
        if listed and first + 1 < len(words) and words[first].group().casefold() in notation.AND:
            first += 1  # 1 and 3
        near = range(first, min(first + longest, len(words)))
        known = [last for last in near if _ends(words, first, last, signs) and name(_said(words, first, last)) in names]
        last = known[-1] if known else next(n for n in range(first, len(words)) if _ends(words, first, n, signs))
        one = names[name(_said(words, first, last))] if known else other(_said(words, first, last))
        if isinstance(one, Mistyped):
            return one
        read += [] if one in read else [one]
        first, listed = last + 1, not signs or (bool(known) and not _parted(words, last, signs))
    return read


def _lines(names: Names, found: re.Match[str]) -> str:
    """Each number from the first to the last, where both are lines; else what was typed."""
    first, last = int(found[1]), int(found[2])
    whole = first < last and (str(first),) in names and (str(last),) in names
    return " ".join(map(str, range(first, last + 1))) if whole else found[0]


def _said(words: Sequence[re.Match[str]], first: int, last: int) -> str:
    return words[first].string[words[first].start() : words[last].end()]


def _ends(words: Sequence[re.Match[str]], first: int, last: int, signs: str) -> bool:
    """Whether an answer that begins with one word may end with another; without *signs* it may anywhere."""
    if not signs or last + 1 == len(words) or (first == last and words[last].group().isdigit()):
        return True
    return _parted(words, last, signs)


def _parted(words: Sequence[re.Match[str]], last: int, signs: str) -> bool:
    """Whether one of the *signs* stands behind a word."""
    behind = words[last].string[words[last].end() : words[last + 1].start()] if last + 1 < len(words) else ""
    return any(sign in behind for sign in signs)


def near(typed: str, called: Called) -> list[Any]:
    """The lines that have such a word or words, else one that begins so, else one spelled nearly so."""
    word = fold(typed)
    if len(word) < NEAR:
        return []
    texts = {code: [fold(each) for each in all_] for code, all_ in called.items()}
    fits: Iterable[Callable[[str], bool]] = (
        lambda text: f" {word} " in f" {_SIGN.sub(' ', text)} ",
        lambda text: f" {word}" in f" {text}",
        lambda text: len(word) > NEAR and slips(spelled(word), spelled(text)) is not None,
    )
    found = ([code for code, all_ in texts.items() if any(map(fit, all_))] for fit in fits)
    return next(filter(None, found), [])
