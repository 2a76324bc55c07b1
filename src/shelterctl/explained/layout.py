"""The layout of a page that explains something: a title, and parts under headings that are always the same."""

from collections.abc import Iterable, Mapping

from shelterctl.core.finding import Said
from shelterctl.language import N_, Sentence
from shelterctl.spoken import typed

MEANS = N_("What it means")
WORDS = N_("The words of the manual, in English")
PRINTED = N_("As it is printed on {day}")
TOOL = N_("What the tool does")
READ = N_("How it is read where it is unclear")
WHO = N_("Who can give it")
MEETS = N_("What meets it")
MISSING = N_("What is said while it is missing")
REMEDY = N_("How to resolve it")
NEXT = N_("What comes next")
EXAMPLE = N_("Example")
SEE = N_("See also")

TITLE = N_("{name}: {title}")
QUOTED = N_("“{words}”")

Part = tuple[Sentence, Said]
"""A heading, and what stands below it."""


def layout(name: str, title: object, *parts: Part | None, **facts: object) -> Said:
    """A page as sentences: the title, then each part that is not empty, under its heading and after an empty line.

    The manual's own words come last: they are in English, and what they come to stands before them in her language.
    """
    said: list[tuple[Sentence, Mapping[str, object]]] = [(TITLE, {"name": name, "title": title})]
    for heading, lines in sorted(filter(None, parts), key=lambda part: part[0] == WORDS):
        if lines:
            said += [("", {}), (heading, facts), *lines]
    return tuple(said)


def text(heading: Sentence, it: object) -> Part | None:
    """A part of one paragraph, a text of the shelf or of the program; None where there is no text."""
    return (heading, (("{it}", {"it": it}),)) if it else None


def quoted(words: str) -> Part | None:
    """A part with the manual's own words, in the language in which it is written; None where there are none yet."""
    return (WORDS, ((QUOTED, {"words": words}),)) if words else None


def example(it: str | Iterable[str] | Mapping[str, str] | None) -> Part | None:
    """A part with what may be typed, line by line to be copied; or with a case in words, a text of the shelf."""
    if isinstance(it, Mapping):
        return text(EXAMPLE, it)
    lines = it.splitlines() if isinstance(it, str) else it or ()
    return EXAMPLE, tuple(("    {it}", {"it": typed(line)}) for line in lines)


def named(heading: Sentence, them: Iterable[tuple[str, object]]) -> Part:
    """A part with names that can be looked up, each with what it is about."""
    return heading, tuple((TITLE, {"name": name, "title": about}) for name, about in them)
