"""The layout of a page that explains something: a title, and parts under fixed headings."""

from collections.abc import Iterable, Mapping

from shelterctl.core.finding import FilledSentences
from shelterctl.language import Sentence
from shelterctl.ui_language import N_, adapt_commands

MEANING_HEADING = N_("What it means")
MANUAL_WORDS_HEADING = N_("The manual's words, in English")
AS_PRINTED_HEADING = N_("As printed on {day}")
TOOL_HEADING = N_("What the program does")
READING_HEADING = N_("How an unclear passage is read")
WHO_CAN_GIVE_HEADING = N_("Who can provide it")
MET_BY_HEADING = N_("What meets it")
WHILE_MISSING_HEADING = N_("The message while it is missing")
REMEDY_HEADING = N_("How to resolve it")
WHAT_COMES_NEXT_HEADING = N_("What comes next")
EXAMPLE_HEADING = N_("Example")
SEE_ALSO_HEADING = N_("See also")

NAME_AND_TITLE = N_("{name}: {title}")
QUOTED_WORDS = N_("“{words}”")

PagePart = tuple[Sentence, FilledSentences]
"""A heading, and the sentences below it."""


def lay_out_page(name: str, title: object, *parts: PagePart | None, **facts: object) -> FilledSentences:
    """Return a page as sentences: the title, then each part that is not empty, under its heading and after an empty
    line.

    The manual's own words come last, because they are in English; the other parts explain them in the reader's
    language.
    """
    said: list[tuple[Sentence, Mapping[str, object]]] = [(NAME_AND_TITLE, {"name": name, "title": title})]
    for heading, lines in sorted(filter(None, parts), key=lambda part: part[0] == MANUAL_WORDS_HEADING):
        if lines:
            said += [("", {}), (heading, facts), *lines]
    return tuple(said)


def text_part(heading: Sentence, it: object) -> PagePart | None:
    """Return a part with one paragraph of the rulebook or the program; None without text."""
    return (heading, (("{it}", {"it": it}),)) if it else None


def manual_words_part(words: str) -> PagePart | None:
    """Return a part with the manual's own words in English; None if there are none yet."""
    return (MANUAL_WORDS_HEADING, ((QUOTED_WORDS, {"words": words}),)) if words else None


def example_part(it: str | Iterable[str] | Mapping[str, str] | None) -> PagePart | None:
    """Return a part with commands to copy, line by line, or with a case in words from the rulebook."""
    if isinstance(it, Mapping):
        return text_part(EXAMPLE_HEADING, it)
    lines = it.splitlines() if isinstance(it, str) else it or ()
    return EXAMPLE_HEADING, tuple(("    {it}", {"it": adapt_commands(line)}) for line in lines)


def names_part(heading: Sentence, them: Iterable[tuple[str, object]]) -> PagePart:
    """Return a part with names that can be looked up, each with its title."""
    return heading, tuple((NAME_AND_TITLE, {"name": name, "title": about}) for name, about in them)
