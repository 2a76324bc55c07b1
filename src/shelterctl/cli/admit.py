"""shelterctl admit: takes in a referral, keeps the client's checklist and evidence, and admits her."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shelterctl.act.client_file import check_fragments, judge_checklist, read_fragment
from shelterctl.act.input import Input, read_input_stream
from shelterctl.cli.options import AgainOption, CheckOption, Ctx, FromOption, OnOption, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.errors import UsageError
from shelterctl.session import Session, may_ask
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.act.admit import AdmitRequest, AskSamePerson


ADMIT_ACT_NEEDED = N_("These options only work with --from FILE, --done ITEM or --complete. Add one of those.")
ADMIT_NEEDS_INPUT = N_(
    "A new client needs a file: --from FILE. At a terminal, admit without options asks question by question."
)
EACH_NEEDS_STREAM = N_("--each only works with --from FILE and without an id. Leave out the id, or --each.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl admit --from referral.yaml")
def admit(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="The client's id.")] = None,
    source: FromOption = None,
    new_person: Annotated[
        bool, typer.Option("--new-person", help="She is a new person, although a client like her is in the store.")
    ] = False,
    without_stay: Annotated[
        bool, typer.Option("--without-stay", help="She is a client of a partner NGO, without a stay in a house.")
    ] = False,
    done: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ITEM",
            help="Mark an item of the checklist as done, if it needs only a date; may be repeated.",
        ),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="Admit the client; every condition of admission must be met.")
    ] = False,
    on: OnOption = None,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="CODE", help="The code of the member of staff who did it; default: the one at the device."
        ),
    ] = None,
    check: CheckOption = False,
    each: Annotated[
        bool, typer.Option("--each", help="From a file with several clients, save those that are not refused.")
    ] = False,
    again: AgainOption = False,
) -> Outcome:
    """Take in a referral, keep the checklist of admission, admit a client.

    At a terminal, without options, it asks question by question; elsewhere, admit ID shows the checklist. What is given
    with --from, --done and --complete is saved together, or not at all. Without an id, FILE may hold several clients:
    YAML documents, lines of JSON, or a list.
    """
    session = begin_command(ctx)
    if each and (source is None or client is not None):
        raise UsageError("usage/each", EACH_NEEDS_STREAM)
    bare = not (source or done or complete or new_person or without_stay or on or by or check or again)
    if bare and may_ask(session):
        session.open_store()
        from shelterctl.prompts.admit import ask_admission  # noqa: PLC0415 - off a terminal nothing is asked

        return ask_admission(session, client)
    if client is None and source is None:
        raise UsageError("usage/admit", ADMIT_NEEDS_INPUT)
    if not (source or done or complete):
        if new_person or without_stay or on or by or check or again:
            raise UsageError("usage/admit-what", ADMIT_ACT_NEEDED)
        her, _ = session.store.client(str(client))
        data, open_ = judge_checklist(session, her)
        return Outcome(data=data, findings=open_)
    from shelterctl.act import admit as act  # noqa: PLC0415 - the checklist is shown without it

    asked = act.AdmitRequest(new_person, without_stay, tuple(done or ()), complete, on, by, check, each, again)
    if source is not None:
        return _admit_from_input(session, client, source, asked)
    if done and complete:
        from shelterctl.act.batch import run_steps_together  # noqa: PLC0415 - the checklist is shown without it

        return run_steps_together(session, asked, client, None)
    if complete:
        return act.complete_admission(session, str(client), on, check)
    return act.record_items_done(session, str(client), asked.items, on, by, check)


def _admit_from_input(session: Session, client: str | None, source: str, asked: "AdmitRequest") -> Outcome:
    """Admit from a file: for a named client, for a new one, or for several of both."""
    from shelterctl.act import batch  # noqa: PLC0415 - the checklist is shown without it
    from shelterctl.act.admit import take_in  # noqa: PLC0415 - the checklist is shown without it

    read: Callable[[], Input] = partial(read_fragment, session, source)
    which: AskSamePerson | None = None
    if client is None:
        given = read_input_stream(source)
        if isinstance(given, Mapping) or asked.each_alone:
            return batch.process_stream(session, given if isinstance(given, Mapping) else {1: given}, asked)
        checked = next(check_fragments(session, [given]))
        read, which = lambda: checked, _ask_same_person if may_ask(session) and not asked.check else None
    if asked.has_more_steps:
        return batch.run_steps_together(session, asked, client, read, which)
    return take_in(session, client, read, asked, check=asked.check, which=which)


def _ask_same_person(session: Session, known: Any) -> str | None:
    from shelterctl.prompts import same_person  # noqa: PLC0415 - off a terminal nothing is asked

    return same_person.choose_known_person(session, known)
