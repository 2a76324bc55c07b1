"""shelterctl form: any form of the manual on paper or on the screen, blank or with what the record says."""

from typing import Annotated

import typer

from shelterctl.act.target import MEDIA, target_of
from shelterctl.cli.options import As, Blank, Ctx, Names, Number, Out, Overwrite, White, desk, white
from shelterctl.cli.slip import BAD_WORDS
from shelterctl.core.finding import Outcome
from shelterctl.errors import Usage
from shelterctl.language import N_, Coded
from shelterctl.paper.delivery import bare, deliver
from shelterctl.paper.form import paper_of
from shelterctl.paper.request import Request, known, titles

LIST = "list"
COLUMNS = ("form", "title", "filled_for")
FORMS = N_(
    "Forms that can be printed: form NAME --blank --out FILE.pdf, or with an id to fill in what the record says."
)
CLIENT, MEMBER = N_("a client's id"), N_("a code of staff")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl form resident-rights 7QF2-M9KD --lang ky --out ~/rights.pdf")
def form(
    ctx: Ctx,
    name: Annotated[str, typer.Argument(metavar="FORM|list", help="The form, or list to see which there are.")],
    subject: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Whose: a client's id, or a code of staff.")
    ] = None,
    out: Out = None,
    as_: As = None,
    blank: Blank = False,
    number: Number = None,
    names: Names = False,
    paper: White = None,
    overwrite: Overwrite = False,
) -> Outcome:
    """Print a form, blank or filled; without --out it is shown."""
    here = desk(ctx, lists=name == LIST)
    if name == LIST:
        if subject is not None:
            raise Usage("usage/words", BAD_WORDS, see="shelterctl form")
        called = titles(here.shelf)
        by_staff = {name for name, annex in here.shelf.annexes.items() if annex.by_staff}
        rows = [
            {"form": each, "title": Coded(each, text), "filled_for": MEMBER if each in by_staff else CLIENT}
            for each, text in called.items()
        ]
        return Outcome(data={"rows": rows}, columns=COLUMNS, said=((FORMS, {}),))
    known(here.shelf, name)
    to = target_of(out, as_, overwrite, MEDIA, json=here.json)
    wanted = Request(name, names=names, white=white(paper), bare=bare(here, to, names))
    return deliver(here, [paper_of(here, None if blank else subject, wanted, number)], to)
