"""shelterctl add: an entry of any track written into a client's file, by its questions or from a file."""

from dataclasses import replace
from typing import Annotated

import typer

from shelterctl import contract, document
from shelterctl.act.addition import addable, addables, put_down
from shelterctl.act.input import must_agree, read_input
from shelterctl.cli.options import Again, Check, Ctx, From, WhichStay, desk
from shelterctl.core.finding import Outcome, refused
from shelterctl.core.home import STAY
from shelterctl.core.letter import capitals
from shelterctl.desk import Desk, walked
from shelterctl.errors import Usage
from shelterctl.language import N_

NO_TRACK = N_("Say of what kind it is: shelterctl add ID TRACK. The tracks are {tracks}.")
NOTHING = N_("Nothing was written down.")
NOT_OF_A_STAY = N_("Entries of that kind belong to the client and to no stay. Leave --stay out.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl add 7QF2-M9KD child --from child.yaml")
def add(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    track: Annotated[
        str | None, typer.Argument(metavar="TRACK", help="Of what kind it is; see: explain TRACK.")
    ] = None,
    entry: Annotated[
        str | None, typer.Argument(metavar="[ENTRY]", help="An entry that stands there, to be changed or filled in.")
    ] = None,
    source: From = None,
    stay: WhichStay = None,
    again: Again = False,
    check: Check = False,
) -> Outcome:
    """Write an entry of any track into her file: a child, an instruction; at a terminal it asks."""
    # Gather.
    here = desk(ctx)
    if track is None:
        return _chosen(here, client)
    of = addable(here.shelf, track)
    here.store.to_change(client)  # who is not there is said before what is not
    if source is None and not check and walked(here):
        from shelterctl.walk.addition import walk  # noqa: PLC0415 - off a terminal nothing is asked

        return walk(here, client, of, capitals(entry) if entry else None, stay=stay)
    given = read_input(source, contract.entry(here.shelf, of.name, whole=entry is None), here.store.offset)
    if entry and not given.findings:
        must_agree({"id": capitals(entry)}, given.value, "ENTRY")
        given = replace(given, value={**given.value, "id": capitals(entry)})
    if stay and not of.of_a_stay:
        raise Usage("usage/stay", NOT_OF_A_STAY)
    if stay and not given.findings:
        must_agree({STAY: capitals(stay)}, given.value)
        given = replace(given, value={**given.value, STAY: capitals(stay)})
    if not given.findings and not given.value.keys() - {"id", STAY}:
        return Outcome(findings=(document.finding(document.Unreadable("empty", 1, 1)),))

    # Act.
    if refused(given.findings):
        return Outcome(findings=given.findings)
    return put_down(here, client, of, given, check, again=again)


def _chosen(here: Desk, client: str) -> Outcome:
    """The kind is chosen at a terminal; elsewhere it has to be named."""
    here.store.to_change(client)
    if not walked(here):
        raise Usage("usage/no-track", NO_TRACK, tracks=addables(here.shelf))
    from shelterctl.walk.writing import walk  # noqa: PLC0415 - off a terminal nothing is asked

    return walk(here, client) or Outcome(said=((NOTHING, {}),))
