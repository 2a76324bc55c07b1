"""The questions of `find` at a terminal: whom to look for, and which of the files that match to open."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from shelterctl.core.finding import FilledSentences
from shelterctl.language import Plural
from shelterctl.output.columns import NUMBER_COLUMN, format_table
from shelterctl.session import Session
from shelterctl.terminal.questions import ask_line
from shelterctl.terminal.screen import clear_screen, print_lines, print_sentence, screen_language, screen_size
from shelterctl.typed import doubts, readers
from shelterctl.typed.dates import read_typed_partial
from shelterctl.typed.words import Mistyped
from shelterctl.ui_language import N_

FIND_QUESTION = N_(
    "Whom are you looking for? Type the first or last name, or three letters of it; you can add her year of birth."
)
FIND_DIFFERS = N_("what differs: {reasons}")
FIND_OTHER_LAYOUT = N_(
    "Was that typed on the other keyboard layout? Below it is in that layout; press Enter to look for it."
)
NUMBER_OPENS_CARD = N_("Type a number to open her card; press Enter to close this page.")
MORE_FILES_FIT = Plural(
    N_(
        "{count} more matches but does not fit on the screen: look again with more of her name, or add her "
        "year of birth."
    ),
    N_("{count} more match but do not fit on the screen: look again with more of her name, or add her year of birth."),
    by="count",
)


def ask_row_number(rows: Sequence[Mapping[str, Any]], said: FilledSentences) -> int | None:
    """Show the rows and return the number of the one to open; None if nothing was typed."""
    columns, lines = screen_size()
    fitting = _rows_that_fit(rows, max(lines - len(said) - 8, 3))
    clear_screen()
    for sentence, facts in said:
        print_sentence(sentence, facts)
    numbered = [{NUMBER_COLUMN: number, **row} for number, row in enumerate(fitting, 1)]
    bare = [{name: cell for name, cell in row.items() if name != "reasons"} for row in numbered]
    head, *told = format_table(bare, screen_language(), columns - 1)
    print_lines(["", head])
    for line, row in zip(told, fitting, strict=True):
        print_lines([line])
        if row["reasons"]:
            print_sentence(FIND_DIFFERS, {"reasons": row["reasons"]}, indent="     ")
    if len(rows) > len(fitting):
        print_sentence(MORE_FILES_FIT, {"count": len(rows) - len(fitting)}, indent="  ")
    print_lines([""])
    print_sentence(NUMBER_OPENS_CARD, bold=True)
    while words := ask_line():
        if words.isascii() and words.isdigit() and 0 < int(words[:6]) <= len(fitting):
            return int(words)
        wrong = readers.refuse_line_number(len(fitting))
        print_sentence(wrong.sentence, wrong.facts, indent="  ! ")
    return None


def _rows_that_fit(rows: Sequence[Mapping[str, Any]], lines: int) -> Sequence[Mapping[str, Any]]:
    """Return the rows that have room, at least one; what differs takes a line below its row."""
    needed = list(accumulate(2 if row["reasons"] else 1 for row in rows))
    return rows[: max(sum(each <= lines for each in needed), 1)]


def ask_name(session: Session) -> dict[str, Any]:
    """Ask for a name, first and last in either order; a last word that can be a birth date is taken for one."""
    with session.own_screen():
        print_sentence(FIND_QUESTION)
        words = ask_line()
        if meant := doubts.guess_other_layout(words):
            print_sentence(FIND_OTHER_LAYOUT, indent="  ")
            words = ask_line(meant) or meant
    name, _, last = words.rpartition(" ")
    born = read_typed_partial(last, session.clock)
    if isinstance(born, Mistyped):
        return {"first_name": words}
    return {"first_name": name, "birth_date": born}
