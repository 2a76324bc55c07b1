"""shelterctl show: one client's file, on one screen or whole."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from shelterctl.act import discretion
from shelterctl.act.file import state, still_open
from shelterctl.act.perform import judged
from shelterctl.cli.options import Ctx, InPages, desk
from shelterctl.core import duty
from shelterctl.core.finding import Outcome, Said, softened
from shelterctl.desk import walked
from shelterctl.language import current
from shelterctl.view import card, summary
from shelterctl.view import whole as whole_file

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl show 7QF2-M9KD --all")
def show(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    whole: Annotated[bool, typer.Option("--all", help="Everything that is written down.")] = False,
    names: InPages = False,
) -> Outcome:
    """Show a client's file on one screen: where she is, what is open first, what is due; with --all, all of it."""
    # Gather.
    here = desk(ctx)
    her, held = here.store.client(client)

    # Decide.
    hers = (*still_open(here, her), *softened(judged(here, her)))
    findings = (*duty.raised(here.shelf.report, [her]), *hers)
    open_ = discretion.named(here, names)
    told = summary.card_of(here, her, findings, names=open_)
    briefly = {} if whole and not here.json else summary.keys(told)
    data = {
        "id": her.id,
        "state": state(here, her),
        **briefly,
        "record": discretion.record(here.shelf, held.value, names=open_),
    }
    said = discretion.note(here, names)
    if whole and walked(here):
        everything = whole_file.lines(held.value, here.shelf, current())
        prose: Said = ((card.WAY, {"state": told.state}), *_as_they_stand(everything))
        return Outcome(data=data, findings=findings, prose=prose, private=True)
    if whole or here.json:
        return Outcome(data=data, findings=findings, said=said, private=walked(here))
    sits = walked(here)
    prose = _as_they_stand(card.lines(told if sits else replace(told, columns=card.ENDLESS), current()))
    return Outcome(data=data, said=said, prose=prose, private=sits)  # what is open is told on the card


def _as_they_stand(lines: Sequence[str]) -> Said:
    return tuple((card.LINE, {"line": line}) for line in lines)
