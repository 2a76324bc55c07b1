"""shelterctl roles: shows what each role reads, records and does and who has it, and changes this."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from shelterctl.cli.options import CheckMeaningOption, Ctx, SigningPaperOption, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.errors import UsageError
from shelterctl.ui_language import N_

ROLES_ONE_TASK = N_("Use --begin or --one-key alone.")
PAIR_WANTED = N_("{option} takes two words with = between them, such as s-gulnara=psychologist.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl roles --give s-aida=psychologist")
def roles(
    ctx: Ctx,
    begin: Annotated[
        bool, typer.Option("--begin", help="From now on roles decide who reads what; each person needs a key.")
    ] = False,
    one_key: Annotated[
        bool, typer.Option("--one-key", help="Keep one key that opens everything, by the house's own choice.")
    ] = False,
    give: Annotated[
        list[str] | None, typer.Option("--give", metavar="CODE=ROLE", help="Give a person a role; may be repeated.")
    ] = None,
    take: Annotated[
        list[str] | None, typer.Option("--take", metavar="CODE=ROLE", help="Take a role from a person.")
    ] = None,
    less: Annotated[
        list[str] | None,
        typer.Option("--less", metavar="ROLE=NAME", help="In this house the role does not record or do this."),
    ] = None,
    restore: Annotated[
        list[str] | None, typer.Option("--restore", metavar="ROLE=NAME", help="Take back an earlier --less.")
    ] = None,
    close: Annotated[
        list[str] | None,
        typer.Option("--close", metavar="ROLE=PART", help="In this house the role does not read this part."),
    ] = None,
    reopen: Annotated[
        list[str] | None, typer.Option("--reopen", metavar="ROLE=PART", help="Take back an earlier --close.")
    ] = None,
    recovery: SigningPaperOption = None,
    check: CheckMeaningOption = False,
) -> Outcome:
    """Show what each role reads, records and does in this house, and who has it; a manager's key changes it."""
    pairs = {"--give": give, "--take": take, "--less": less, "--restore": restore, "--close": close, "--reopen": reopen}
    changes = begin or one_key or any(pairs.values())
    session = begin_command(ctx, lists=not changes)
    if begin + one_key > 1 or ((begin or one_key) and any(pairs.values())):
        raise UsageError("usage/one-thing", ROLES_ONE_TASK)
    if not changes:
        from shelterctl.view.roles import answer_roles  # noqa: PLC0415 - a change shows no table

        return answer_roles(session)
    from shelterctl.custody.roles import RoleChange  # noqa: PLC0415 - a table changes nothing
    from shelterctl.prompts import roles as sitting  # noqa: PLC0415 - a table asks nothing

    paper = Path(recovery) if recovery else None
    if begin or one_key:
        return sitting.decide_by_roles(session, begin, paper, check=check)
    asked = RoleChange(*(_read_pairs(typed, option) for option, typed in pairs.items()))
    return sitting.change_roles(session, asked, paper, check=check)


def _read_pairs(typed: Sequence[str] | None, option: str) -> list[tuple[str, str]]:
    """Return what was typed as pairs. Raises UsageError for anything without a = between two words."""
    pairs = [each.partition("=") for each in typed or ()]
    if any(not (first and between and last) for first, between, last in pairs):
        raise UsageError("usage/pair", PAIR_WANTED, option=option)
    return [(first, last) for first, _, last in pairs]
