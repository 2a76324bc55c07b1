"""What stands behind a question: the page that ``explain`` shows for its clause, a screen at a time."""

from shelterctl import ask, screen
from shelterctl.core.question import Question
from shelterctl.desk import Desk
from shelterctl.errors import NotFound
from shelterctl.language import N_
from shelterctl.library import UNWRITTEN

NOTHING = N_("The manual says nothing about this question in particular.")
MORE = N_("Enter shows more; . goes back to the question.")


def why(here: Desk, code: str | None, asked: Question) -> None:
    """Show the clause behind a question, or say that there is none."""
    from shelterctl.explained.page import page  # noqa: PLC0415 - the page of every kind of name, for whoever asks

    clause = code or asked.clause
    if clause is None:
        screen.tell(NOTHING, indent="  ")
        return
    try:
        lines = [screen.said(sentence, facts) for sentence, facts in page(here.shelf, clause, here.today).prose]
    except NotFound:  # a clause that is newer than the texts of the shelf
        screen.tell(UNWRITTEN, indent="  ")
        return
    pieces = list(screen.paged(lines, indent="  "))
    for number, piece in enumerate(pieces, 1):
        screen.write(piece)
        if number < len(pieces):
            screen.tell(MORE)
            typed = ask.line()
            if typed:
                screen.answered(typed)
                break
