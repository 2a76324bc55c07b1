"""shelterctl add: an entry of any track written into a client's file, by its questions or from a file."""

from typing import Annotated

import typer

from shelterctl.act.add import add_entry, find_addable_track, list_addable_tracks
from shelterctl.act.input import add_options, read_input
from shelterctl.cli.options import AgainOption, CheckOption, Ctx, FromOption, StayOption, begin_command
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.core.merge.fragment import STAY_KEY
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.document.subset import Unreadable, unreadable_finding
from shelterctl.errors import UsageError
from shelterctl.schemas.input import entry_schema
from shelterctl.session import Session, may_ask
from shelterctl.ui_language import N_

ADD_NEEDS_TRACK = N_("Say of what kind it is: shelterctl add ID TRACK. The tracks are {tracks}.")
NOTHING_ADDED = N_("Nothing was written down.")
TRACK_WITHOUT_STAY = N_("Entries of that kind belong to the client and to no stay. Leave --stay out.")

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
    source: FromOption = None,
    stay: StayOption = None,
    again: AgainOption = False,
    check: CheckOption = False,
) -> Outcome:
    """Write an entry of any track into her file: a child, an instruction; at a terminal it asks."""
    # Gather.
    session = begin_command(ctx)
    if track is None:
        return _choose_track(session, client)
    of = find_addable_track(session.rulebook, track)
    session.store.client_to_change(client)  # who is not there is said before what is not
    if source is None and not check and may_ask(session):
        from shelterctl.prompts.add import ask_entry  # noqa: PLC0415 - off a terminal nothing is asked

        return ask_entry(session, client, of, latin_capitals(entry) if entry else None, stay=stay)
    given = read_input(source, entry_schema(session.rulebook, of.name, whole=entry is None), session.store.offset)
    given = add_options(given, {"id": latin_capitals(entry)} if entry else {}, "ENTRY")
    if stay and not of.of_a_stay:
        raise UsageError("usage/stay", TRACK_WITHOUT_STAY)
    given = add_options(given, {STAY_KEY: latin_capitals(stay)} if stay else {})
    if not given.findings and not given.value.keys() - {"id", STAY_KEY}:
        return Outcome(findings=(unreadable_finding(Unreadable("empty", 1, 1)),))

    # Act.
    if has_refusal(given.findings):
        return Outcome(findings=given.findings)
    return add_entry(session, client, of, given, check, again=again)


def _choose_track(session: Session, client: str) -> Outcome:
    """The kind is chosen at a terminal; elsewhere it has to be named."""
    session.store.client_to_change(client)
    if not may_ask(session):
        raise UsageError("usage/no-track", ADD_NEEDS_TRACK, tracks=list_addable_tracks(session.rulebook))
    from shelterctl.prompts.entry_act import choose_and_write  # noqa: PLC0415 - off a terminal nothing is asked

    return choose_and_write(session, client) or Outcome(said=((NOTHING_ADDED, {}),))
