"""What stands behind a question: the page that ``explain`` shows for its clause."""

from shelterctl import screen
from shelterctl.cli.options import Desk
from shelterctl.core.question import Question


def why(here: Desk, code: str | None, asked: Question) -> None:
    """Show the clause behind a question, a screen at a time."""
    clause = here.shelf.clauses.get(code or asked.clause or "")
    lines = (
        [] if clause is None else [screen.said(clause["heading"]), screen.said(clause["gist"]), f"“{clause['text']}”"]
    )
    for piece in screen.paged(lines):
        screen.write(piece, indent="  ")
