"""shelterctl add: writes an entry of any track into a client's file, by its questions or from a file."""

from typing import Annotated

import typer

from shelterctl.act.add import add_entry, find_addable_track, list_addable_tracks
from shelterctl.act.input import add_options, read_input
from shelterctl.cli.options import AgainOption, CheckOption, Ctx, FromOption, StayOption, begin_command
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.core.record.file_tree import STAY_KEY
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.document.subset import Unreadable, unreadable_finding
from shelterctl.errors import UsageError
from shelterctl.schemas.input import entry_schema
from shelterctl.session import Session, may_ask
from shelterctl.ui_language import N_

ADD_NEEDS_TRACK = N_("Name the kind of entry: shelterctl add ID TRACK. The kinds are: {tracks}.")
NOTHING_ADDED = N_("Nothing was recorded.")
TRACK_WITHOUT_STAY = N_("Entries of this kind belong to the client, not to a stay. Leave --stay out.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl add 7QF2-M9KD child --from child.yaml")
def add(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    track: Annotated[
        str | None, typer.Argument(metavar="TRACK", help="The kind of entry; explain TRACK describes it.")
    ] = None,
    entry: Annotated[
        str | None,
        typer.Argument(metavar="[ENTRY]", help="The id of an entry in her file, to change it or fill it in."),
    ] = None,
    source: FromOption = None,
    stay: StayOption = None,
    again: AgainOption = False,
    check: CheckOption = False,
) -> Outcome:
    """Write an entry of any kind into a client's file, such as a child or an instruction.

    At a terminal it asks question by question; otherwise the entry comes from a file, with --from.
    """
    # Gather.
    session = begin_command(ctx)
    if track is None:
        return _choose_track(session, client)
    of = find_addable_track(session.rulebook, track)
    session.store.client_to_change(client)  # a missing client is reported before a missing file
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
    """Let a person choose the kind of entry at a terminal. Raises UsageError elsewhere."""
    session.store.client_to_change(client)
    if not may_ask(session):
        raise UsageError("usage/no-track", ADD_NEEDS_TRACK, tracks=list_addable_tracks(session.rulebook))
    from shelterctl.prompts.entry_act import choose_and_write  # noqa: PLC0415 - off a terminal nothing is asked

    return choose_and_write(session, client) or Outcome(said=((NOTHING_ADDED, {}),))
