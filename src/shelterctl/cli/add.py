"""shelterctl add: writes an entry of any track into a client's file, by its questions or from a file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

import typer

from shelterctl.act.add import add_entry
from shelterctl.act.input import FROM_IS_MISSING, Input, add_options, check_input, read_input_stream
from shelterctl.act.typed_track import find_addable_track, list_addable_tracks, require_home, require_registered
from shelterctl.cli.options import WHOM_HELP, AgainOption, CheckOption, Ctx, FromOption, StayOption, begin_command
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.core.manual.track import Track
from shelterctl.core.record.file_tree import STAY_KEY
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.document.subset import Unreadable, unreadable_finding
from shelterctl.errors import UsageError
from shelterctl.schemas.input import entry_schema
from shelterctl.session import Session, may_ask
from shelterctl.store.registers import NO_MONTHS
from shelterctl.store.subject import find_code
from shelterctl.ui_language import N_

ADD_NEEDS_TRACK = N_("Name the kind of entry: shelterctl add WHOM TRACK. The kinds are: {tracks}.")
NOTHING_ADDED = N_("Nothing was recorded.")
EACH_NEEDS_ENTRIES = N_(
    "A file with several entries, and --each, write new entries: give --from FILE and leave out ENTRY. An entry to "
    "change is named in its document, with id."
)
FOR_ALL_WITHOUT_OPTIONS = N_(
    "For everybody in a house at once, leave out ENTRY, --stay and --each. In the file, all holds what is common and "
    "each what differs, by the id of the client."
)
FOR_ALL_IS_ONE_DOCUMENT = N_(
    "For everybody in a house at once, one document is expected: all holds what is common, each what differs, by the "
    "id of the client."
)
TRACK_WITHOUT_STAY = N_("Entries of this kind belong to the client, not to a stay. Leave --stay out.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl add 7QF2-M9KD child --from child.yaml")
def add(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="WHOM", help=WHOM_HELP)],
    track: Annotated[
        str | None, typer.Argument(metavar="TRACK", help="The kind of entry; explain TRACK describes it.")
    ] = None,
    entry: Annotated[
        str | None,
        typer.Argument(metavar="[ENTRY]", help="The id of an entry in her file, to change it or fill it in."),
    ] = None,
    source: FromOption = None,
    stay: StayOption = None,
    each: Annotated[
        bool, typer.Option("--each", help="From a file with several entries, save those that are not refused.")
    ] = False,
    again: AgainOption = False,
    check: CheckOption = False,
) -> Outcome:
    """Write an entry of any kind: into a client's file, or about a house, a member of staff, an NGO or a provider.

    At a terminal it asks question by question; otherwise the entry comes from a file, with --from. FILE may hold
    several entries of that kind: YAML documents, lines of JSON, or a list. They are saved together, or not at all.
    """
    # Gather.
    session = begin_command(ctx)
    if each and (source is None or entry is not None):
        raise UsageError("usage/each", EACH_NEEDS_ENTRIES)
    if track is None:
        return _choose_track(session, client)
    of = find_addable_track(session.rulebook, track)
    if of.at_once and (home := find_code(session.store, client)) and home[0] == "house":
        _refuse_options_of_one(entry, stay, each)
        return _add_for_all(session, of, home[1], source, check, again)
    require_registered(session.store, of, client)
    require_home(of, session.store.subject_to_change(client, NO_MONTHS)[0])  # reported before a missing file
    if source is None and not check and may_ask(session):
        from shelterctl.prompts.add import ask_entry  # noqa: PLC0415 - off a terminal nothing is asked

        return ask_entry(session, client, of, latin_capitals(entry) if entry else None, stay=stay)
    if source is None:
        raise UsageError("usage/from", FROM_IS_MISSING)
    read = read_input_stream(source)
    if stay and not of.of_a_stay:
        raise UsageError("usage/stay", TRACK_WITHOUT_STAY)
    if isinstance(read, Mapping) or each:
        if entry is not None:
            raise UsageError("usage/each", EACH_NEEDS_ENTRIES)
        documents = read if isinstance(read, Mapping) else {1: read}
        checked = {number: _check_entry(session, of, one, None, stay) for number, one in documents.items()}
        from shelterctl.act import add_stream  # noqa: PLC0415 - a single entry is added without it

        asked = add_stream.StreamRequest(client, of, check, each, again)
        return add_stream.add_entries(session, checked, asked)
    given = _check_entry(session, of, read, entry, stay)

    # Act.
    if has_refusal(given.findings):
        return Outcome(findings=given.findings)
    return add_entry(session, client, of, given, check, again=again)


def _refuse_options_of_one(entry: str | None, stay: str | None, each: bool) -> None:
    """Raise UsageError for options of a single entry where a house is named: they have no meaning for all at once."""
    if entry or stay or each:
        raise UsageError("usage/for-all", FOR_ALL_WITHOUT_OPTIONS)


def _add_for_all(session: Session, of: Track, house: str, source: str | None, check: bool, again: bool) -> Outcome:
    """Write an entry for everybody who lives in a house: asked at a terminal, else from a file."""
    if source is None and not check and may_ask(session):
        from shelterctl.prompts.add_for_all import ask_for_all  # noqa: PLC0415 - off a terminal nothing is asked

        return ask_for_all(session, of, house)
    if source is None:
        raise UsageError("usage/from", FROM_IS_MISSING)
    from shelterctl.act.add_for_all import add_for_all_from  # noqa: PLC0415 - most entries are about one client

    read = read_input_stream(source)
    if isinstance(read, Mapping):
        raise UsageError("usage/for-all", FOR_ALL_IS_ONE_DOCUMENT)
    return add_for_all_from(session, of, house, read, check, again=again)


def _check_entry(session: Session, track: Track, read: Input, entry: str | None, stay: str | None) -> Input:
    """Return the input of one entry checked against its schema, with what the options say."""
    given = check_input(read, entry_schema(session.rulebook, track.name, whole=entry is None), session.store.offset)
    given = add_options(given, {"id": latin_capitals(entry)} if entry else {}, "ENTRY")
    given = add_options(given, {STAY_KEY: latin_capitals(stay)} if stay else {})
    if not given.findings and not given.value.keys() - {"id", STAY_KEY}:
        return replace(given, findings=(unreadable_finding(Unreadable("empty", 1, 1)),))
    return given


def _choose_track(session: Session, client: str) -> Outcome:
    """Let a person choose the kind of entry at a terminal. Raises UsageError elsewhere."""
    her, _ = session.store.subject_to_change(client, NO_MONTHS)
    if not may_ask(session):
        raise UsageError("usage/no-track", ADD_NEEDS_TRACK, tracks=list_addable_tracks(session.rulebook, her.home))
    from shelterctl.prompts.entry_act import choose_and_write  # noqa: PLC0415 - off a terminal nothing is asked

    return choose_and_write(session, client) or Outcome(said=((NOTHING_ADDED, {}),))
