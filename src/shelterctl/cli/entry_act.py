"""shelterctl approve, start, authorise, permit and close: the acts on an entry of a client's file."""

from typing import Annotated

import typer

from shelterctl.act import entry_act
from shelterctl.act.input import Input, read_input
from shelterctl.act.typed_track import require_registered
from shelterctl.cli.commands import entry_act_words, example_line
from shelterctl.cli.options import WHOM_HELP, CheckOption, Ctx, FromOption, OnOption, begin_command
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.errors import UsageError
from shelterctl.schemas.input import entry_schema
from shelterctl.session import may_ask
from shelterctl.ui_language import N_

UNDO_STANDS_ALONE = N_("--undo only takes the act back. Leave out --on and --from.")


def make_entry_act_app(name: str) -> typer.Typer:
    """Return the command of one act."""
    app, words = typer.Typer(rich_markup_mode=None, add_completion=False), entry_act_words(name)

    @app.command(help=words.help, epilog=example_line(f"{name} {words.example}"))
    def act(
        ctx: Ctx,
        client: Annotated[str, typer.Argument(metavar="WHOM", help=WHOM_HELP)],
        track: Annotated[str, typer.Argument(metavar="TRACK", help="The kind of entry; explain TRACK describes it.")],
        entry: Annotated[
            str | None, typer.Argument(metavar="[ENTRY]", help="The id of the entry; not needed if there is only one.")
        ] = None,
        on: OnOption = None,
        source: FromOption = None,
        check: CheckOption = False,
        undo: Annotated[bool, typer.Option("--undo", help="Take the act back; the rest of the entry stays.")] = False,
    ) -> Outcome:
        # Gather.
        session = begin_command(ctx)
        of, done = entry_act.find_entry_act(session.rulebook, name, track)
        require_registered(session.store, of, client)
        day = {done.writes: {"on": session.read_day(on, "--on").isoformat()}} if on else {}
        which = latin_capitals(entry) if entry else None
        if undo:
            if on or source:
                raise UsageError("usage/one-thing", UNDO_STANDS_ALONE)
            return entry_act.take_back_entry_act(session, client, of, name, entry=which, check=check)
        if source is None and not check and may_ask(session):
            from shelterctl.prompts.entry_act import ask_act  # noqa: PLC0415 - off a terminal nothing is asked

            return ask_act(session, client, of, name, Input(day, (), None), which)
        given = Input({}, (), None)
        if source is not None:
            given = read_input(source, entry_schema(session.rulebook, of.name, whole=False), session.store.offset)
        if has_refusal(given.findings):
            return Outcome(findings=given.findings)

        # Act.
        given = Input({**given.value, **day}, (), given.document)
        return entry_act.do_entry_act(session, client, of, name, given, which, check=check)

    return app
