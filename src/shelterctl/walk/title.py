"""The name of a client's paper where it is chosen: its title, and of an agreement its number and date."""

from shelterctl import screen
from shelterctl.core.days import read_day
from shelterctl.language import N_, Text, shown
from shelterctl.paper.client import ClientPaper

NUMBERED = N_("{title} {number} of {date}")
UNNUMBERED = N_("{title} of {date}, not numbered yet")


def called(one: ClientPaper) -> str:
    """What a paper of the client is called."""
    title = calm(one.title)
    if one.entry is None or "form" not in one.entry:
        return title
    number = one.entry.get("number")
    facts = {"title": title, "number": number, "date": read_day(one.entry.get("date"))}
    return screen.said(NUMBERED if number else UNNUMBERED, facts)


def calm(title: Text) -> str:
    """A title as it stands inside a sentence of the screen: paper prints some in capitals."""
    text = shown(title, screen.spoken())
    return text.capitalize() if text.isupper() else text
