"""The help pages, read from the menu: a list of topics, and each page on its own screen."""

from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.explain import topic
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import clear_screen, print_sentence, screen_language, show_paged
from shelterctl.typed import doubts
from shelterctl.ui_language import N_

HELP_WHICH_TOPIC = N_("What would you like to read? A number, or how the line begins; Enter goes back.")
HELP_ROW = N_("{title}")
HELP_NO_TOPIC = N_("There is no page about that. These pages exist:")

LEFT_OUT = (
    "exports", "hub", "matching", "recipes", "publish", "published-counts", "scripting", "formats",
    "exit-codes", "install", "revision", "stricter",
    "elsewhere",
)  # fmt: skip
MENU_TOPICS = tuple(
    name
    for reader, topics in topic.TOPICS_BY_READER.items()
    for name in topics
    if reader != "contributor" and name not in LEFT_OUT
)
"""The topics that the list shows, on one screen: all but those for people who change the program or the rulebook, on
scripts, exit codes and published counts, which data officers read, and how to install. `help TOPIC` opens these too.
"""

HELP_WORDS = frozenset({"help", "справка", "помощь", "жардам"})
"""Words that open the help pages, alone or followed by a topic or a word."""


def is_help_asked(words: str) -> bool:
    """Whether these words ask for help, on either keyboard layout."""
    first = words.casefold().partition(" ")[0]
    return any(each in HELP_WORDS for each in (first, *doubts.read_on_other_layout(first)))


def read_help(session: Session, words: str) -> Outcome | None:
    """Show the page named after the word for help, else the list of topics until Enter goes back."""
    about = words.casefold().split()[1:]
    if (named := topic.find_topic(about)) is not None:
        show_paged(topic.topic_lines(named, screen_language()))
        return None
    if about and (told := find_word(session, " ".join(about))):
        return told
    lines: list[FilledSentence] = [
        (HELP_ROW, {"title": topic.topic_title(each, screen_language())}) for each in MENU_TOPICS
    ]
    unknown = bool(about)
    while True:
        clear_screen()
        if unknown:
            print_sentence(HELP_NO_TOPIC, indent="! ")
        chosen = choose_option(HELP_WHICH_TOPIC, lines)
        if chosen is None:
            return None
        unknown = False
        show_paged(topic.topic_lines(MENU_TOPICS[chosen], screen_language()))


def find_word(session: Session, words: str) -> Outcome | None:
    """Return the page about a word of the program, such as ``journalist``; None where *words* are no such word."""
    from shelterctl.explain import page  # noqa: PLC0415 - the menu opens without it

    return page.find_word_page(session.rulebook, words, session.today)
