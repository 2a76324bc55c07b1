"""shelterctl find: finds a client by her name, which is asked for at a terminal or read from a file, and never typed on
the command line.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Annotated, Any

import typer

from shelterctl.act.input import read_input
from shelterctl.act.redaction import may_show_names
from shelterctl.act.same_person import find_duplicate_files, reasons_about
from shelterctl.cli import show
from shelterctl.cli.options import Ctx, FromOption, begin_command
from shelterctl.core.finding import FilledSentences, Outcome, has_refusal
from shelterctl.core.people import PART_LETTERS, Person, is_name_too_short
from shelterctl.errors import UsageError
from shelterctl.language import Plural
from shelterctl.output import stdio
from shelterctl.output.columns import NUMBER_COLUMN, format_table
from shelterctl.prompts.find import FIND_NOBODY
from shelterctl.schemas.input import search_schema
from shelterctl.session import Session, may_ask
from shelterctl.terminal.questions import ask_line
from shelterctl.terminal.screen import clear_screen, print_lines, print_sentence, screen_language, screen_size
from shelterctl.typed import doubts, readers
from shelterctl.typed.dates import read_typed_partial
from shelterctl.typed.words import Mistyped
from shelterctl.ui_language import N_
from shelterctl.view import client
from shelterctl.view.search import MatchingFile, find_matching_files

FIND_QUESTION = N_(
    "Whom are you looking for? Type the first or last name, or three letters of it; you can add her year of birth."
)
FIND_NEEDS_NAME = N_("There is nobody to look for. Give a name or a date of birth.")
FIND_PART_TOO_SHORT = N_("A part of a name needs at least {letters} letters. Type more of it.")
FILES_FIT = Plural(N_("{count} file matches."), N_("{count} files match."), by="count")
FIND_GO_ON = N_("See a file with show ID; continue with admit ID.")
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
CLIENTS_WITHOUT_NAME = Plural(
    N_("{count} client has no name in her file yet; find her with: shelterctl list"),
    N_("{count} clients have no name in their files yet; find them with: shelterctl list"),
    by="count",
)

DUPLICATES_STAND_ALONE = N_("--duplicates compares all files with each other. Leave out --from, or --duplicates.")
NO_DUPLICATE = N_("No two files have one name and one year of birth.")
DUPLICATE_COLUMNS = ("id", "same_as", "reasons")

FIND_COLUMNS = ("id", "state", "facility", "match", "arrived_on", "reasons")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl find --from name.yaml")
def find(
    ctx: Ctx,
    source: FromOption = None,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="List the files that may be about one person, by id.")
    ] = False,
) -> Outcome | None:
    """Find a client by name, even with a typing mistake.

    The name is asked for at a terminal; a file for --from has first_name, last_name or birth_date.
    """
    # Gather.
    session = begin_command(ctx, lists=True)
    if duplicates:
        if source is not None:
            raise UsageError("usage/one-thing", DUPLICATES_STAND_ALONE)
        return _list_duplicates(session)
    if source is None and may_ask(session):
        session.open_store()
        wanted = _ask_name(session)
    else:
        given = read_input(source, search_schema(session.rulebook), session.store.offset)
        if has_refusal(given.findings):
            return Outcome(findings=given.findings)
        wanted = given.value
    if not any(str(value).strip() for value in wanted.values()):
        raise UsageError("usage/nobody", FIND_NEEDS_NAME)

    # Decide.
    found = find_matching_files(session, Person(wanted, partly=True))
    rows = [_match_row(session, one) for one in found.files]
    said: FilledSentences = ((FILES_FIT, {"count": len(rows)}), (FIND_GO_ON, {})) if rows else ((FIND_NOBODY, {}),)
    if not rows and is_name_too_short(wanted):
        said = (*said, (FIND_PART_TOO_SHORT, {"letters": PART_LETTERS}))
    if found.nameless:
        said = (*said, (CLIENTS_WITHOUT_NAME, {"count": found.nameless}))
    if rows and may_ask(session):
        with session.own_screen():
            while number := _ask_row_number(rows, said):
                stdio.print_outcome(show.show(ctx, str(rows[number - 1]["id"])), screen_language())
        return None
    return Outcome(data={"rows": rows}, columns=FIND_COLUMNS, said=said, private=may_ask(session))


def _list_duplicates(session: Session) -> Outcome:
    """Return each file that may be about one person with an earlier file, the id of that one, and what differs."""
    rows = [
        {"id": found.record, "same_as": found.facts["id"], "reasons": found.facts["reasons"]}
        for found in find_duplicate_files(session.rulebook, session.store.clients())
    ]
    said: FilledSentences = () if rows or session.store.damaged else ((NO_DUPLICATE, {}),)
    return Outcome(data={"rows": rows}, columns=DUPLICATE_COLUMNS, said=said)


def _match_row(session: Session, found: MatchingFile) -> dict[str, Any]:
    """Return a client who matches and what differs; with names only on a screen."""
    how, her = found
    known = client.client_row(session, her)
    called = client.client_names(her) if may_show_names(session) else {}
    row = {"id": known["id"], **called, "state": known["state"], "facility": known["facility"],
           "match": how.degree.code, "arrived_on": known["arrived_on"],
           "reasons": reasons_about(session, her, how)}  # fmt: skip
    return client.narrow_client_row(session, row) if may_ask(session) else row


def _ask_row_number(rows: Sequence[Mapping[str, Any]], said: FilledSentences) -> int | None:
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


def _ask_name(session: Session) -> dict[str, Any]:
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
