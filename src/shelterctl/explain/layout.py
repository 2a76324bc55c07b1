"""The layout of a page that explains something: a title, and parts under headings that are always the same."""

from collections.abc import Iterable, Mapping

from shelterctl.core.finding import FilledSentences
from shelterctl.language import Sentence
from shelterctl.ui_language import N_, adapt_commands

MEANING_HEADING = N_("What it means")
MANUAL_WORDS_HEADING = N_("The words of the manual, in English")
AS_PRINTED_HEADING = N_("As it is printed on {day}")
TOOL_HEADING = N_("What the tool does")
READING_HEADING = N_("How it is read where it is unclear")
WHO_CAN_GIVE_HEADING = N_("Who can give it")
MET_BY_HEADING = N_("What meets it")
WHILE_MISSING_HEADING = N_("What is said while it is missing")
REMEDY_HEADING = N_("How to resolve it")
WHAT_COMES_NEXT_HEADING = N_("What comes next")
EXAMPLE_HEADING = N_("Example")
SEE_ALSO_HEADING = N_("See also")

NAME_AND_TITLE = N_("{name}: {title}")
QUOTED_WORDS = N_("“{words}”")

PagePart = tuple[Sentence, FilledSentences]
"""A heading, and what stands below it."""


def lay_out_page(name: str, title: object, *parts: PagePart | None, **facts: object) -> FilledSentences:
    """A page as sentences: the title, then each part that is not empty, under its heading and after an empty line.

    The manual's own words come last: they are in English, and what they come to stands before them in her language.
    """
    said: list[tuple[Sentence, Mapping[str, object]]] = [(NAME_AND_TITLE, {"name": name, "title": title})]
    for heading, lines in sorted(filter(None, parts), key=lambda part: part[0] == MANUAL_WORDS_HEADING):
        if lines:
            said += [("", {}), (heading, facts), *lines]
    return tuple(said)


def text_part(heading: Sentence, it: object) -> PagePart | None:
    """A part of one paragraph, a text of the shelf or of the program; None where there is no text."""
    return (heading, (("{it}", {"it": it}),)) if it else None


def manual_words_part(words: str) -> PagePart | None:
    """A part with the manual's own words, in the language in which it is written; None where there are none yet."""
    return (MANUAL_WORDS_HEADING, ((QUOTED_WORDS, {"words": words}),)) if words else None


def example_part(it: str | Iterable[str] | Mapping[str, str] | None) -> PagePart | None:
    """A part with what may be typed, line by line to be copied; or with a case in words, a text of the shelf."""
    if isinstance(it, Mapping):
        return text_part(EXAMPLE_HEADING, it)
    lines = it.splitlines() if isinstance(it, str) else it or ()
    return EXAMPLE_HEADING, tuple(("    {it}", {"it": adapt_commands(line)}) for line in lines)


def names_part(heading: Sentence, them: Iterable[tuple[str, object]]) -> PagePart:
    """A part with names that can be looked up, each with what it is about."""
    return heading, tuple((NAME_AND_TITLE, {"name": name, "title": about}) for name, about in them)
