"""A line chosen from a list: by its number, or by how it begins; what is near to a line is offered."""

from collections.abc import Callable, Container, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from shelterctl import screen
from shelterctl.ask.line import line
from shelterctl.ask.putting import WORDS, confirm
from shelterctl.core import notation
from shelterctl.core.choice import near
from shelterctl.language import N_, Sentence

MEANT_LINE = N_("Did you mean {meant}? Enter chooses that line.")
NOT_NOW = N_("({line})")
BY_NUMBER = N_("That line is chosen by its number alone: {number}.")
CHOOSE = N_("Write the number of a line, or how it begins. Enter alone chooses none.")

Option = tuple[Sentence, Mapping[str, object]]
"""A line that may be chosen: its sentence and the facts in it."""


def choice(
    title: Sentence,
    options: Sequence[Option],
    facts: Mapping[str, object] | None = None,
    *,
    above: tuple[Sentence, Container[int]] | None = None,
    grave: Container[int] = (),
    back: int | None = None,
    why: Callable[[], None] | None = None,
    alone: Option | None = None,
    closed: Mapping[int, Option] = MappingProxyType({}),
    sure: Mapping[int, Option] = MappingProxyType({}),
) -> int | None:
    """Which of *options* is chosen, from 0; None where nothing is, and *back* where somebody goes back.

    *above* is a second title and the places of the options under it, before the others. What is *grave* is chosen by
    its number alone. *why* is what ``?`` shows besides. *alone* is what Enter alone comes to, said once before. What is
    *closed* stands in brackets, and the reason is told where it is chosen. The number of what is in *sure* puts a
    question first, for a finger slips; whoever types its words meant them.
    """
    texts = [screen.said(sentence, told) for sentence, told in options]
    shown = [screen.said(NOT_NOW, {"line": text}) if place in closed else text for place, text in enumerate(texts)]
    listed = partial(_listed, title, facts, shown, above)
    listed()
    while True:
        chosen = _chosen(texts, listed, grave, back, why, alone, inside=True, sure=sure)
        if isinstance(chosen, str):
            wrong = notation.on_the_list(len(texts))
            screen.tell(wrong.sentence, wrong.facts, indent="  ! ")
        elif chosen is not None and chosen in closed:
            screen.tell(*closed[chosen], indent="  ! ")
        else:
            return chosen


def pick(
    title: Sentence,
    options: Sequence[Option],
    facts: Mapping[str, object] | None = None,
    *,
    grave: Container[int] = (),
    why: Callable[[], None] | None = None,
    words: Container[str] = (),
    only: Callable[[str], bool] | None = None,
) -> int | str | None:
    """Which of *options* is chosen, from 0, or what was typed where it is no line of the list, as *words* never are.

    Where *only* some words are taken, others are said to be no line, as by choice.
    """
    texts = [screen.said(sentence, told) for sentence, told in options]
    listed = partial(_listed, title, facts, texts, None)
    listed()
    while isinstance(chosen := _chosen(texts, listed, grave, None, why, None, inside=bool(only), taken=words), str):
        if only is None or only(chosen):
            break
        wrong = notation.on_the_list(len(texts))
        screen.tell(wrong.sentence, wrong.facts, indent="  ! ")
    return chosen


def _chosen(
    texts: Sequence[str],
    listed: Callable[[], None],
    grave: Container[int],
    back: int | None,
    why: Callable[[], None] | None,
    alone: Option | None,
    *,
    inside: bool = False,
    taken: Container[str] = (),
    sure: Mapping[int, Option] = MappingProxyType({}),
) -> int | str | None:
    """The place of the line that is meant, or the words where they mean none of them.

    What would begin a line on the other layout of the keyboard is offered, and Enter takes it; so is, where it may be
    looked for *inside* the lines too, the one that has such a word. Words that are *taken* are no move.
    """
    offered: int | None = None
    while True:
        words = line()
        move = None if words.casefold() in taken else WORDS.get(words.casefold())
        if move == "?":
            screen.tell(CHOOSE, indent="  ")
            if why:
                why()
            listed()
            offered = None
            continue
        if back is not None and move == "<":
            return back
        if not words:
            if offered is not None or alone is None:
                return offered
            screen.tell(*alone, indent="  ")
            alone = None
            continue
        if not texts or move:
            return None
        if words.isascii() and words.isdigit() and 0 < int(words[:6]) <= len(texts):
            if (place := int(words) - 1) not in sure or confirm(*sure[place]):
                return place
            listed()
            continue
        fits = _begun(texts, words)
        if len(fits) == 1 and fits[0] in grave:
            screen.tell(BY_NUMBER, {"number": fits[0] + 1}, indent="  ! ")
            continue
        if len(fits) == 1:
            return fits[0]
        other = [place for typed in notation.layout.other(words) for place in _begun(texts, typed)]
        other = other or (near(words, {place: [text] for place, text in enumerate(texts)}) if inside else [])
        if fits or len(other) != 1 or other[0] in grave or offered is not None:
            return words
        offered = other[0]
        screen.tell(MEANT_LINE, {"meant": texts[offered]}, indent="  ! ")


def _begun(texts: Sequence[str], words: str) -> list[int]:
    """The places of the lines that begin so, whatever mark stands before their first word."""
    begins = _folded(words)
    return [place for place, text in enumerate(texts) if _folded(text.lstrip("* ")).startswith(begins)]


def _folded(words: str) -> str:
    """Words as they are compared: in any case, and е for ё as most people type it."""
    return words.casefold().replace("ё", "е")


def _listed(
    title: Sentence, facts: Mapping[str, object] | None, texts: Sequence[str],
    above: tuple[Sentence, Container[int]] | None,
) -> None:  # fmt: skip
    """The options by their numbers, those *above* first and under their own title."""
    over, first = above or ("", ())
    begin = [place for place, _ in enumerate(texts) if place in first]
    if begin:
        screen.write(["", screen.said(over)], bold=True)
    before = screen.is_answered()
    for place in (*begin, None, *(place for place, _ in enumerate(texts) if place not in first)):
        if screen.is_answered() and not before:  # whoever answers half-way down the list has seen enough of it
            return
        if place is None:
            screen.write(["", screen.said(title, facts)], bold=True)
        else:
            screen.write([f"{place + 1:>2} {texts[place]}"], indent="  ")
