"""shelterctl form: any form of the manual on paper or on the screen, blank or with what the record says."""

from collections.abc import Iterator
from typing import Annotated

import typer

from shelterctl.act.target import MEDIA, target_of
from shelterctl.cli.options import As, Blank, Ctx, Names, Number, Out, Overwrite, Stock, desk, stock
from shelterctl.cli.slip import BAD_WORDS
from shelterctl.core.finding import Outcome
from shelterctl.core.sheet import CARD, LEDGER, LETTER, LOG
from shelterctl.errors import Usage
from shelterctl.language import N_, Coded
from shelterctl.library import Shelf
from shelterctl.paper.delivery import bare, deliver
from shelterctl.paper.form import paper_of
from shelterctl.paper.pack import pack
from shelterctl.paper.request import PACK, Request, known, sheets, titles

LIST = "list"
COLUMNS = ("form", "title", "kind", "filled_for")
FORMS = N_(
    "Forms that can be printed: form NAME --blank --out FILE.pdf, or with an id to fill in what the record says."
)
ALONE = N_("The pack is everything that is to be signed of one client: shelterctl form pack ID --out FILE.pdf")
CLIENT, MEMBER = N_("a client's id"), N_("a code of staff")
FORM = "form"
KINDS = {
    FORM: N_("form of the manual"),
    CARD: N_("card of one entry"),
    LOG: N_("log of all entries"),
    LEDGER: N_("ledger, each row signed"),
    LETTER: N_("letter"),
}
"""What a sheet is, by its code."""

Row = dict[str, str | None]
Entry = Annotated[
    str | None, typer.Option("--entry", metavar="ENTRY", help="Which entry, by its id, of a sheet that prints one.")
]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl form resident-rights 7QF2-M9KD --lang ky --out ~/rights.pdf")
def form(
    ctx: Ctx,
    name: Annotated[
        str,
        typer.Argument(
            metavar="FORM|list|pack", help="The form; list: which there are; pack: all that is to be signed."
        ),
    ],
    subject: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Whose: a client's id, or a code of staff.")
    ] = None,
    out: Out = None,
    as_: As = None,
    blank: Blank = False,
    number: Number = None,
    entry: Entry = None,
    names: Names = False,
    paper: Stock = None,
    overwrite: Overwrite = False,
) -> Outcome:
    """Print a form, blank or filled; without --out it is shown."""
    here = desk(ctx, lists=name == LIST)
    if name == LIST:
        if subject is not None:
            raise Usage("usage/words", BAD_WORDS, see="shelterctl form")
        return Outcome(data={"rows": [*_forms(here.shelf), *_sheets(here.shelf)]}, columns=COLUMNS, said=((FORMS, {}),))
    if name != PACK:
        known(here.shelf, name)
    to = target_of(out, as_, overwrite, MEDIA, json=here.json)
    wanted = Request(name, names=names, bare=bare(here, to, names), **stock(paper))
    if name == PACK:
        if blank or entry or number or subject is None:
            raise Usage("usage/pack", ALONE)
        return deliver(here, pack(here, subject, wanted), to, wanted.size)
    return deliver(here, [paper_of(here, None if blank else subject, wanted, number, entry)], to, wanted.size)


def _forms(shelf: Shelf) -> Iterator[Row]:
    """The forms of the manual, which are signed or leave the house."""
    by_staff = {name for name, annex in shelf.annexes.items() if annex.by_staff}
    for name, title in titles(shelf).items():
        whose = MEMBER if name in by_staff else CLIENT
        yield {"form": name, "title": Coded(name, title), "kind": Coded(FORM, KINDS[FORM]), "filled_for": whose}


def _sheets(shelf: Shelf) -> Iterator[Row]:
    """Everything else that is written down, in the order of her way; what is sealed is printed blank alone."""
    for track in sheets(shelf):
        kind, title = track.sheet.kind or CARD, Coded(track.name, track.title)
        yield {
            "form": track.name,
            "title": title,
            "kind": Coded(kind, KINDS[kind]),
            "filled_for": None if track.seal else CLIENT,
        }
