"""shelterctl approve, start, authorise, permit and close: acts that are done to an entry of a client's file."""

from typing import Annotated

import typer

from shelterctl import contract
from shelterctl.act import deed
from shelterctl.act.input import Input, read_input
from shelterctl.cli.options import Check, Ctx, From, On, desk
from shelterctl.cli.registry import DEEDS
from shelterctl.core.finding import Outcome, refused
from shelterctl.core.letter import capitals
from shelterctl.desk import walked
from shelterctl.errors import Usage
from shelterctl.language import N_

ONE_THING = N_("With --undo nothing else is said of the act.")


def command(name: str) -> typer.Typer:
    """The command of one act."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)

    @app.command(help=DEEDS[name].does, epilog=f"Example: shelterctl {name} {DEEDS[name].example}")
    def act(
        ctx: Ctx,
        client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
        track: Annotated[str, typer.Argument(metavar="TRACK", help="Of what kind the entry is; see: explain TRACK.")],
        entry: Annotated[
            str | None, typer.Argument(metavar="[ENTRY]", help="Which entry, by its id; the only one may be left out.")
        ] = None,
        on: On = None,
        source: From = None,
        check: Check = False,
        undo: Annotated[bool, typer.Option("--undo", help="Take the act back; what else stands there stays.")] = False,
    ) -> Outcome:
        # Gather.
        here = desk(ctx)
        of, done = deed.done_to(here.shelf, name, track)
        day = {done.writes: {"on": here.dated(on, "--on").isoformat()}} if on else {}
        which = capitals(entry) if entry else None
        if undo:
            if on or source:
                raise Usage("usage/one-thing", ONE_THING)
            return deed.take_back(here, client, of, name, entry=which, check=check)
        if source is None and not check and walked(here):
            from shelterctl.walk.deed import walk  # noqa: PLC0415 - off a terminal nothing is asked

            return walk(here, client, of, name, Input(day, (), None), which)
        given = Input({}, (), None)
        if source is not None:
            given = read_input(source, contract.entry(here.shelf, of.name, whole=False), here.store.offset)
        if refused(given.findings):
            return Outcome(findings=given.findings)

        # Act.
        given = Input({**given.value, **day}, (), given.document)
        return deed.put_down(here, client, of, name, given, entry=which, check=check)

    return app
