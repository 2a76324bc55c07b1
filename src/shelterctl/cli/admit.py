"""shelterctl admit: a referral taken in, her checklist, evidence, and the gate."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shelterctl.act.client_file import admission_status, check_fragments, list_open_findings, read_fragment
from shelterctl.act.input import read_input_stream
from shelterctl.cli.options import AgainOption, CheckOption, Ctx, FromOption, OnOption, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.errors import UsageError
from shelterctl.session import Session, may_ask
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.act.batch import BatchRequest


ADMIT_ACT_NEEDED = N_("These options go with --from FILE, --done ITEM or --complete. Say what is to be done.")
ADMIT_NEEDS_INPUT = N_(
    "At a terminal this asks question by question. Without one, a new client comes with --from FILE."
)
EACH_NEEDS_STREAM = N_("--each goes with admit --from FILE alone, without an id behind admit.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl admit --from referral.yaml")
def admit(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="The client's id.")] = None,
    source: FromOption = None,
    new_person: Annotated[bool, typer.Option("--new-person", help="Not the same person as a client like her.")] = False,
    without_stay: Annotated[
        bool, typer.Option("--without-stay", help="A client of a partner NGO, not of a house.")
    ] = False,
    done: Annotated[
        list[str] | None, typer.Option(metavar="ITEM", help="An item for which a date is enough; may be repeated.")
    ] = None,
    complete: Annotated[bool, typer.Option("--complete", help="Admit her: every item of the gate is there.")] = False,
    on: OnOption = None,
    by: Annotated[str | None, typer.Option(metavar="CODE", help="Who did it; default: who is at the device.")] = None,
    check: CheckOption = False,
    each: Annotated[
        bool, typer.Option("--each", help="Of several documents write those that are not refused.")
    ] = False,
    again: AgainOption = False,
) -> Outcome:
    """Take a referral in, keep her checklist, admit her.

    --from, --done and --complete may be given together: the file is merged, the items are done, she is admitted, or
    nothing is written. Without an id FILE may be a stream of clients: YAML documents, lines of JSON, or a list.
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
    if source is not None:
        from shelterctl.act.batch import BatchRequest  # noqa: PLC0415 - her checklist is told without

        asked = BatchRequest(new_person, without_stay, tuple(done or ()), complete, on, by, check, each, again)
        return _admit_from_input(session, client, source, asked)
    if done and complete:
        from shelterctl.act.batch import BatchRequest, run_steps_together  # noqa: PLC0415 - the same

        return run_steps_together(
            session, BatchRequest(items=done, admits=True, on=on, by=by, check=check), None, client
        )
    if done:
        from shelterctl.act.admit import record_items_done  # noqa: PLC0415 - the same

        return record_items_done(session, str(client), done, on, by, check)
    if complete:
        from shelterctl.act.admit import complete_admission  # noqa: PLC0415 - the same

        return complete_admission(session, str(client), on, check)
    if new_person or without_stay or on or by or check or again:
        raise UsageError("usage/admit-what", ADMIT_ACT_NEEDED)
    her, _ = session.store.client(str(client))
    return Outcome(data=admission_status(session, her), findings=list_open_findings(session, her))


def _admit_from_input(session: Session, client: str | None, source: str, asked: "BatchRequest") -> Outcome:
    """What was given by file: for a client who is named, for a new one, or a stream of both."""
    from shelterctl.act import batch  # noqa: PLC0415 - her checklist is told without
    from shelterctl.act.admit import extend_client_file, open_client_file  # noqa: PLC0415 - her checklist is told without

    check = asked.check and not asked.has_more_steps  # else what comes behind it could not be judged
    first: Callable[[Session], Outcome]
    if client is not None:
        read = partial(read_fragment, session, source)
        first = partial(
            extend_client_file,
            client=client,
            read=read,
            without_stay=asked.without_stay,
            check=check,
            again=asked.again,
        )
    else:
        given = read_input_stream(source)
        if isinstance(given, Mapping) or asked.each_alone:
            return batch.process_stream(session, given if isinstance(given, Mapping) else {1: given}, asked)
        first = partial(
            open_client_file,
            typed=next(check_fragments(session, [given])),
            new_person=asked.new_person,
            without_stay=asked.without_stay,
            check=check,
            again=asked.again,
            which=_ask_same_person if may_ask(session) and not asked.check else None,
        )
    return batch.run_steps_together(session, asked, first, client) if asked.has_more_steps else first(session)


def _ask_same_person(session: Session, known: Any) -> str | None:
    from shelterctl.prompts import same_person  # noqa: PLC0415 - off a terminal nothing is asked

    return same_person.choose_known_person(session, known)
