"""shelterctl find: finds a client by her name, which is asked for at a terminal or read from a file, and never typed on
the command line.
"""

from typing import Annotated, Any

import typer

from shelterctl.act.input import read_input
from shelterctl.act.redaction import may_show_names
from shelterctl.act.same_person import find_duplicate_files, reasons_about
from shelterctl.cli.options import Ctx, FromOption, begin_command
from shelterctl.core.finding import FilledSentences, Outcome, has_refusal
from shelterctl.core.people import PART_LETTERS, Person, is_name_too_short
from shelterctl.errors import UsageError
from shelterctl.language import Plural
from shelterctl.output import stdio
from shelterctl.schemas.input import search_schema
from shelterctl.session import Session, may_ask
from shelterctl.terminal.screen import screen_language
from shelterctl.ui_language import N_
from shelterctl.view import client
from shelterctl.view.search import FIND_NOBODY, MatchingFile, find_matching_files

FIND_NEEDS_NAME = N_("There is nobody to look for. Give a name or a date of birth.")
FIND_PART_TOO_SHORT = N_("A part of a name needs at least {letters} letters. Type more of it.")
FILES_FIT = Plural(N_("{count} file matches."), N_("{count} files match."), by="count")
FIND_GO_ON = N_("See a file with show ID; continue with admit ID.")
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
        from shelterctl.prompts import search as prompts  # noqa: PLC0415 - only a person at a terminal is asked

        session.open_store()
        wanted = prompts.ask_name(session)
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
        from shelterctl.cli import show  # noqa: PLC0415 - only a person at a terminal opens a file here
        from shelterctl.prompts import search as prompts  # noqa: PLC0415 - only a person at a terminal is asked

        with session.own_screen():
            while number := prompts.ask_row_number(rows, said):
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
