"""shelterctl rules overlay: lists the limits that the house set itself, adds a stricter one, or ends one."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from shelterctl.cli.options import CheckMeaningOption, Ctx, SigningPaperOption, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.errors import UsageError
from shelterctl.session import Session, read_code_option, read_day_option
from shelterctl.ui_language import N_

OVERLAY_WORDS = N_(
    "Behind overlay comes add with a track and perhaps a line, or end with the id of a limit, or nothing."
)
OVERLAY_ONE_NUMBER = N_("Give one number: --at-most, --at-least, --months, --days or --hours.")
OVERLAY_NEEDS_SINCE = N_("Add --since with the first day of the limit.")
OVERLAY_OPTIONS_OF_ADD = N_("To end a limit only --on, --recovery and --check are needed.")
DEFAULT_REASON = "decision"


def overlay(
    ctx: Ctx,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[add TRACK [LINE] | end LIMIT]",
            help="Add a limit, or end the one with this id; default: list them.",
        ),
    ] = None,
    at_most: Annotated[
        str | None, typer.Option("--at-most", metavar="NUMBER", help="Nothing above this number.")
    ] = None,
    at_least: Annotated[
        str | None, typer.Option("--at-least", metavar="NUMBER", help="Nothing below this number.")
    ] = None,
    months: Annotated[
        str | None, typer.Option("--months", metavar="NUMBER", help="So many months, in a rule on days.")
    ] = None,
    days: Annotated[
        str | None, typer.Option("--days", metavar="NUMBER", help="So many days, in a rule on days.")
    ] = None,
    hours: Annotated[
        str | None, typer.Option("--hours", metavar="NUMBER", help="So many hours, in a rule on times.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="The first day of the limit.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Its last day, if it is known.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="For end: the last day of the limit; default: today.")
    ] = None,
    house: Annotated[
        str | None, typer.Option("--house", metavar="CODE", help="Only in this house; default: in all of the store.")
    ] = None,
    clause: Annotated[
        str | None, typer.Option("--clause", metavar="CLAUSE", help="The clause, where several rules have the number.")
    ] = None,
    field: Annotated[
        str | None, typer.Option("--field", metavar="FIELD", help="The field, where several rules have the number.")
    ] = None,
    decided_by: Annotated[
        str | None, typer.Option("--decided-by", metavar="CODE", help="Who decided it; default: who is at the device.")
    ] = None,
    reason_code: Annotated[
        str, typer.Option("--reason-code", metavar="REASON", help="The reason, as a code.")
    ] = DEFAULT_REASON,
    recovery: SigningPaperOption = None,
    check: CheckMeaningOption = False,
) -> Outcome:
    """Show the stricter limits that this house set itself, beside the manual's; a manager's key adds or ends one."""
    # Gather.
    session = begin_command(ctx, lists=not words)
    numbers = {"at_most": at_most, "at_least": at_least, "months": months, "days": days, "hours": hours}
    given = {word: typed for word, typed in numbers.items() if typed is not None}
    first, *rest = words or [""]
    paper = Path(recovery) if recovery else None
    if first == "add" and 1 <= len(rest) <= 2:
        if len(given) != 1:
            raise UsageError("usage/one-thing", OVERLAY_ONE_NUMBER)
        if since is None:
            raise UsageError("usage/missing", OVERLAY_NEEDS_SINCE)
        from shelterctl.custody.overlay import LimitRequest  # noqa: PLC0415 - a list changes nothing
        from shelterctl.prompts.overlay import add_limit  # noqa: PLC0415 - a list asks nothing

        ((word, number),) = given.items()
        asked = LimitRequest(
            rest[0], rest[1] if len(rest) > 1 else None, word, number, _read_day(session, since, "--since"),
            _read_day(session, until, "--until") if until else None, house,
            read_code_option(decided_by, "--decided-by") if decided_by else None, reason_code, clause, field,
        )  # fmt: skip
        return add_limit(session, asked, paper, check=check)
    if first == "end" and len(rest) == 1:
        if given or since or until or house or clause or field or decided_by:
            raise UsageError("usage/one-thing", OVERLAY_OPTIONS_OF_ADD)
        from shelterctl.prompts.overlay import end_limit  # noqa: PLC0415 - a list asks nothing

        return end_limit(session, rest[0], _read_day(session, on, "--on") if on else session.today, paper, check=check)
    if words or given:
        raise UsageError("usage/words", OVERLAY_WORDS)
    from shelterctl.view.overlay import answer_overlay  # noqa: PLC0415 - a change shows no table

    return answer_overlay(session)


def _read_day(session: Session, typed: str, flag: str) -> date:
    return read_day_option(typed, flag, lambda: session.today)
