"""shelterctl show: one client's file, on one screen or whole, or her entries of one track."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from shelterctl.act import discretion
from shelterctl.act.addition import track_of
from shelterctl.act.file import inside, state, still_open
from shelterctl.act.perform import judged
from shelterctl.act.seal import meant_for, shown_to, to_read
from shelterctl.cli.options import Ctx, InPages, desk
from shelterctl.core import duty
from shelterctl.core.finding import Outcome, Said, softened
from shelterctl.core.record import Client
from shelterctl.desk import Desk, walked
from shelterctl.errors import Usage
from shelterctl.language import N_, current
from shelterctl.view import card, entry, summary
from shelterctl.view import whole as whole_file

ONE_THING = N_("With --all the whole file is shown, with a track its entries. Leave one of the two out.")
SEALED_TOO = N_("Show what is sealed too? Everyone who looks at the screen will see it.")
UNTOLD = N_("{what}: whether there is one, and what it says, is shown with --names alone.")
NONE = N_("Her file has none of these: {what}.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl show 7QF2-M9KD --all")
def show(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    track: Annotated[
        str | None, typer.Argument(metavar="[TRACK]", help="Only her entries of this kind, struck ones among them.")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Everything that is written down.")] = False,
    names: InPages = False,
) -> Outcome:
    """Show a client's file on one screen: where she is, what is open first, what is due; with --all, all of it."""
    # Gather.
    here = desk(ctx, lists=track is not None)
    if track is not None:
        return _entries(here, client, track, whole, names)
    her, held = here.store.client(client)

    # Decide.
    hers = (*still_open(here, her), *softened(judged(here, her)))
    findings = (*duty.raised(here.shelf.report, [her]), *hers)
    open_ = discretion.named(here, names)
    told = summary.card_of(here, her, findings, names=open_)
    data = {"id": her.id, "state": state(here, her)}
    if here.json:
        data |= summary.keys(told)
    if here.json or whole:  # a card tells nothing of it, and it may be of ten years
        data["record"] = discretion.record(here.shelf, held.value, names=open_)
    said = discretion.note(here, names)
    if whole and walked(here):
        from shelterctl import ask  # noqa: PLC0415 - off a terminal nothing is asked

        opens = meant_for(here, held.value) and ask.confirm(SEALED_TOO)
        everything = whole_file.lines(shown_to(here, held) if opens else held.value, here.shelf, current())
        prose: Said = ((card.WAY, {"state": told.state}), *_as_they_stand(everything))
        return Outcome(data=data, findings=findings, prose=prose, private=True)
    if whole or here.json:
        return Outcome(data=data, findings=findings, said=said, private=walked(here))
    sits = walked(here)
    prose = _as_they_stand(card.lines(told if sits else replace(told, columns=card.ENDLESS), current()))
    return Outcome(data=data, said=said, prose=prose, private=sits)  # what is open is told on the card


def _entries(here: Desk, client: str, name: str, whole: bool, names: bool) -> Outcome:
    """Her entries of one track, as they lie in her file; what names or was worded only where names may be."""
    if whole:
        raise Usage("usage/one-thing", ONE_THING)
    of = track_of(here.shelf, name)
    _, held = here.store.client(client)
    her = Client(to_read(here, held, of).value)
    open_ = discretion.named(here, names)
    if of.name in here.shelf.blocks and not open_:
        data: dict[str, object] = {"id": her.id, "track": of.name, "rows": []}
        return Outcome(data=data, columns=entry.COLUMNS, said=((UNTOLD, {"what": of.text}),))
    rows = list(entry.rows(here.shelf, her, of, names=open_))
    data = {"id": her.id, "track": of.name, "rows": rows}
    findings = inside(here, her, of) if of.seal else ()
    said = discretion.note(here, names) if rows else ()
    prose = _as_they_stand(entry.lines(here.shelf, her, of, current(), names=open_)) if not here.json else ()
    shown: Said = prose or ((NONE, {"what": of.text}),)
    return Outcome(
        data=data,
        columns=entry.COLUMNS,
        findings=findings,
        said=said,
        prose=() if here.json else shown,
        private=bool(rows and walked(here)),
    )


def _as_they_stand(lines: Sequence[str]) -> Said:
    return tuple((card.LINE, {"line": line}) for line in lines)
