"""shelterctl admit: a referral taken in, her checklist, evidence, and the gate."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shelterctl.act.file import fragments, read_fragment, still_open, way
from shelterctl.act.input import read_stream
from shelterctl.cli.options import Again, Check, Ctx, From, On, desk
from shelterctl.core.finding import Outcome
from shelterctl.desk import Desk, walked
from shelterctl.errors import Usage
from shelterctl.language import N_

if TYPE_CHECKING:
    from shelterctl.act.several import Asked

NOTHING_ASKED = N_("These options go with --from FILE, --done ITEM or --complete. Say what is to be done.")
NEEDS_ID = N_("At a terminal this asks question by question. Without one, a new client comes with --from FILE.")
EACH = N_("--each goes with admit --from FILE alone, without an id behind admit.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl admit --from referral.yaml")
def admit(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="The client's id.")] = None,
    source: From = None,
    new_person: Annotated[bool, typer.Option("--new-person", help="Not the same person as a client like her.")] = False,
    without_stay: Annotated[
        bool, typer.Option("--without-stay", help="A client of a partner NGO, not of a house.")
    ] = False,
    done: Annotated[
        list[str] | None, typer.Option(metavar="ITEM", help="An item for which a date is enough; may be repeated.")
    ] = None,
    complete: Annotated[bool, typer.Option("--complete", help="Admit her: every item of the gate is there.")] = False,
    on: On = None,
    by: Annotated[str | None, typer.Option(metavar="CODE", help="Who did it; default: who is at the device.")] = None,
    check: Check = False,
    each: Annotated[
        bool, typer.Option("--each", help="Of several documents write those that are not refused.")
    ] = False,
    again: Again = False,
) -> Outcome:
    """Take a referral in, keep her checklist, admit her.

    --from, --done and --complete may be given together: the file is merged, the items are done, she is admitted, or
    nothing is written. Without an id FILE may be a stream of clients: YAML documents, lines of JSON, or a list.
    """
    here = desk(ctx)
    if each and (source is None or client is not None):
        raise Usage("usage/each", EACH)
    bare = not (source or done or complete or new_person or without_stay or on or by or check or again)
    if bare and walked(here):
        here.open()
        from shelterctl.walk import admission  # noqa: PLC0415 - off a terminal nothing is asked

        return admission.walk(here, client)
    if client is None and source is None:
        raise Usage("usage/admit", NEEDS_ID)
    if source is not None:
        from shelterctl.act.several import Asked  # noqa: PLC0415 - her checklist is told without

        asked = Asked(new_person, without_stay, tuple(done or ()), complete, on, by, check, each, again)
        return _given(here, client, source, asked)
    if done and complete:
        from shelterctl.act.several import Asked, at_once  # noqa: PLC0415 - the same

        return at_once(here, Asked(done=done, complete=True, on=on, by=by, check=check), None, client)
    if done:
        from shelterctl.act.item import done_on  # noqa: PLC0415 - the same

        return done_on(here, str(client), done, on, by, check)
    if complete:
        from shelterctl.act import gate  # noqa: PLC0415 - the same

        return gate.complete(here, str(client), on, check)
    if new_person or without_stay or on or by or check or again:
        raise Usage("usage/admit-what", NOTHING_ASKED)
    her, _ = here.store.client(str(client))
    return Outcome(data=way(here, her), findings=still_open(here, her))


def _given(here: Desk, client: str | None, source: str, asked: "Asked") -> Outcome:
    """What was given by file: for a client who is named, for a new one, or a stream of both."""
    from shelterctl.act import intake, several  # noqa: PLC0415 - her checklist is told without

    check = asked.check and not asked.further  # else what comes behind it could not be judged
    first: Callable[[Desk], Outcome]
    if client is not None:
        read = partial(read_fragment, here, source)
        first = partial(
            intake.gone_on, client=client, read=read, without_stay=asked.without_stay, check=check, again=asked.again
        )
    else:
        given = read_stream(source)
        if isinstance(given, Mapping) or asked.each:
            return several.stream(here, given if isinstance(given, Mapping) else {1: given}, asked)
        first = partial(
            intake.opened,
            typed=next(fragments(here, [given])),
            new_person=asked.new_person,
            without_stay=asked.without_stay,
            check=check,
            again=asked.again,
            which=_asks if walked(here) and not asked.check else None,
        )
    return several.at_once(here, asked, first, client) if asked.further else first(here)


def _asks(here: Desk, known: Any) -> str | None:
    from shelterctl.walk import same_person  # noqa: PLC0415 - off a terminal nothing is asked

    return same_person.which(here, known)
