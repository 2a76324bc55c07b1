"""The pages of help, read at the menu: a list of topics, and each on a screen of its own."""

from shelterctl import ask, screen
from shelterctl.core import notation
from shelterctl.core.finding import Outcome
from shelterctl.desk import Desk
from shelterctl.explained import topic
from shelterctl.language import N_

WHICH = N_("What is to be read? A number, or how the line begins. Enter goes back.")
ROW = N_("{title}")
NO_TOPIC = N_("Nothing is written about that. These pages are there:")

WORDS = frozenset({"help", "справка", "помощь", "жардам"})
"""What is typed to read them, alone or with a topic or a word behind it."""


def is_asked(words: str) -> bool:
    """Whether these words ask for help, typed in whichever language the keyboard has."""
    first = words.casefold().partition(" ")[0]
    return any(each in WORDS for each in (first, *notation.layout.other(first)))


def walk(here: Desk, words: str) -> Outcome | None:
    """The page that is named behind the first of the words; else the list of topics, until Enter goes back."""
    from shelterctl.explained import page  # noqa: PLC0415 - the menu is there before it

    about = words.casefold().split()[1:]
    if (named := "-".join(about)) in topic.TOPICS:
        screen.hold(topic.lines(named, screen.spoken()))
        return None
    if about and (told := page.word_of(here.shelf, " ".join(about), here.today)):
        return told
    lines: list[ask.Option] = [(ROW, {"title": topic.title(each, screen.spoken())}) for each in topic.TOPICS]
    unknown = bool(about)
    while True:
        screen.clear()
        if unknown:
            screen.tell(NO_TOPIC, indent="! ")
        chosen = ask.choice(WHICH, lines)
        if chosen is None:
            return None
        unknown = False
        screen.hold(topic.lines(topic.TOPICS[chosen], screen.spoken()))
