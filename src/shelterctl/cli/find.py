"""shelterctl find: a client by her name, asked for at a terminal or read from a file; never on the command line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

import typer

from shelterctl import ask, contract, output, screen
from shelterctl.act.discretion import named
from shelterctl.act.input import read_input
from shelterctl.cli import show
from shelterctl.cli.options import Ctx, From, desk
from shelterctl.core import notation
from shelterctl.core.finding import Outcome, Said, refused
from shelterctl.core.likeness import Degree, likeness
from shelterctl.core.person import PART, Person, too_short
from shelterctl.core.record import Client
from shelterctl.desk import Desk, walked
from shelterctl.errors import Usage
from shelterctl.language import N_, Plural
from shelterctl.output.grid import NUMBERED, table
from shelterctl.view import client

WHOM = N_("Whom do you look for? First or last name, or three letters of it; her year of birth may stand behind it.")
NOBODY_ASKED = N_("Nobody was looked for: there is neither a name nor a date of birth.")
NOBODY = N_("No file of this store fits.")
TOO_SHORT = N_("Of a part of a name at least {letters} letters are needed: write more of it.")
FOUND = Plural(N_("{count} file fits."), N_("{count} files fit."), by="count")
GO_ON = N_("See a file with show ID, go on in it with admit ID.")
DIFFERS = N_("what differs: {reasons}")
OTHER_LAYOUT = N_("Was that typed on the other layout? It stands below as it would be there; Enter looks for it.")
OPENS = N_("A number opens her card; Enter closes this page.")
MORE = Plural(
    N_("{count} more fits and has no room here: look again with more of her name, or her year of birth behind it."),
    N_("{count} more fit and have no room here: look again with more of her name, or her year of birth behind it."),
    by="count",
)
NAMELESS = Plural(
    N_("{count} client has no name in her file yet; she is in: shelterctl list"),
    N_("{count} clients have no name in their files yet; they are in: shelterctl list"),
    by="count",
)

COLUMNS = ("id", "state", "facility", "match", "arrived_on", "reasons")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl find --from name.yaml")
def find(ctx: Ctx, source: From = None) -> Outcome | None:
    """Find a client by name, also with a typing mistake.

    The name is asked for at the terminal; a file has any of first_name, last_name and birth_date.
    """
    # Gather.
    here = desk(ctx, lists=True)
    if source is None and walked(here):
        here.open()
        wanted = _asked(here)
    else:
        given = read_input(source, contract.find(here.shelf), here.store.offset)
        if refused(given.findings):
            return Outcome(findings=given.findings)
        wanted = given.value
    if not any(str(value).strip() for value in wanted.values()):
        raise Usage("usage/nobody", NOBODY_ASKED)

    # Decide.
    clients = list(here.store.clients())
    rows = list(rows_of(here, clients, wanted))
    nameless = sum(not any(client.names(her).values()) and not her.idle for her in clients)
    said: Said = ((FOUND, {"count": len(rows)}), (GO_ON, {})) if rows else ((NOBODY, {}),)
    if not rows and too_short(wanted):
        said = (*said, (TOO_SHORT, {"letters": PART}))
    if nameless:
        said = (*said, (NAMELESS, {"count": nameless}))
    if rows and walked(here):
        with here.alone():
            _opened(ctx, rows, said)
        return None
    return Outcome(data={"rows": rows}, columns=COLUMNS, said=said, private=walked(here))


def rows_of(here: Desk, clients: Iterable[Client], wanted: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Whoever fits, the likeliest first, and in what she differs; with names where only the screen shows them."""
    asked = Person(wanted, partly=True)
    fits = [
        (how, her) for her in clients if (how := likeness(asked, Person(her.facts["identity"]))).degree < Degree.NONE
    ]
    for how, her in sorted(fits, key=lambda one: one[0].rank):
        known = client.row(here, her)
        called = client.names(her) if named(here) else {}
        row = {"id": known["id"], **called, "state": known["state"], "facility": known["facility"],
               "match": how.degree.code, "arrived_on": known["arrived_on"], "reasons": how.reasons}  # fmt: skip
        yield client.narrow(here, row) if walked(here) else row


def _opened(ctx: Ctx, rows: Sequence[Mapping[str, Any]], said: Said) -> None:
    """Whoever fits, by number, on a screen that is gone when it is left; a number opens her card, and comes back."""
    while number := _number(rows, said):
        output.tell(show.show(ctx, str(rows[number - 1]["id"])), screen.spoken())


def _number(rows: Sequence[Mapping[str, Any]], said: Said) -> int | None:
    """The number of the row that is to be opened; None where nothing was typed."""
    columns, lines = screen.size()
    fitting = _fitting(rows, max(lines - len(said) - 8, 3))
    screen.clear()
    for sentence, facts in said:
        screen.tell(sentence, facts)
    numbered = [{NUMBERED: number, **row} for number, row in enumerate(fitting, 1)]
    bare = [{name: cell for name, cell in row.items() if name != "reasons"} for row in numbered]
    head, *told = table(bare, screen.spoken(), columns - 1)
    screen.write(["", head])
    for line, row in zip(told, fitting, strict=True):
        screen.write([line])
        if row["reasons"]:
            screen.tell(DIFFERS, {"reasons": row["reasons"]}, indent="     ")
    if len(rows) > len(fitting):
        screen.tell(MORE, {"count": len(rows) - len(fitting)}, indent="  ")
    screen.write([""])
    screen.tell(OPENS, bold=True)
    while words := ask.line():
        if words.isascii() and words.isdigit() and 0 < int(words[:6]) <= len(fitting):
            return int(words)
        wrong = notation.on_the_list(len(fitting))
        screen.tell(wrong.sentence, wrong.facts, indent="  ! ")
    return None


def _fitting(rows: Sequence[Mapping[str, Any]], lines: int) -> Sequence[Mapping[str, Any]]:
    """As many as have room: what differs stands under a row; one is always shown."""
    needed = list(accumulate(2 if row["reasons"] else 1 for row in rows))
    return rows[: max(sum(each <= lines for each in needed), 1)]


def _asked(here: Desk) -> dict[str, Any]:
    """A name as it is typed, first and last in either order; what can be read as a birth date behind it is one."""
    with here.alone():
        screen.tell(WHOM)
        words = ask.line()
        if meant := notation.layout.mistaken(words):
            screen.tell(OTHER_LAYOUT, indent="  ")
            words = ask.line(meant) or meant
    name, _, last = words.rpartition(" ")
    born = notation.partial(last, here.clock)
    if isinstance(born, notation.Mistyped):
        return {"first_name": words}
    return {"first_name": name, "birth_date": born}
