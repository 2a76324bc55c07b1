"""shelterctl rules: lists the rules in force on a day, and says what a proposed rulebook would change in a store.

It is a group whose default command is ``list``: ``shelterctl rules pink`` and ``shelterctl rules list pink`` are one.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from shelterctl.cli.commands import HELP_FLAGS
from shelterctl.cli.new_clause import new
from shelterctl.cli.options import Ctx, OnOption, begin_command
from shelterctl.cli.overlay import overlay
from shelterctl.core.finding import Outcome
from shelterctl.rulebook.rulebook import open_proposal
from shelterctl.session import read_day_option


class GroupWithDefault(TyperGroup):
    """A group that runs its *default_command* where the first word names none of its commands."""

    default_command = "list"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words, with the default command before them if no command is named."""
        at = 2 if args[:1] == ["--lang"] else 1 if args[:1] and args[0].startswith("--lang=") else 0
        first = args[at] if len(args) > at else ""
        is_named = first in self.commands or first in HELP_FLAGS
        asks_for_names = ctx.resilient_parsing and not first
        return super().parse_args(
            ctx, args if is_named or asks_for_names else [*args[:at], self.default_command, *args[at:]]
        )


app = typer.Typer(cls=GroupWithDefault, rich_markup_mode=None, add_completion=False)
app.callback()(lambda: None)


@app.command("list", epilog="Example: shelterctl rules list pink --on 2027-01-01")
def list_(
    ctx: Ctx,
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[TRACK|CLAUSE]", help="A track, form, act or annex, or a clause; default: all of them."
        ),
    ] = None,
    on: OnOption = None,
    whole_history: Annotated[
        bool, typer.Option("--all", help="Also show rules that do not hold yet or no longer, each with its days.")
    ] = False,
) -> Outcome:
    """List the rules in force on a day, with their limits and clauses, and what replaces them when."""
    session = begin_command(ctx, lists=True)
    day = read_day_option(on, "--on", lambda: session.computer_day) if on else session.computer_day
    from shelterctl.explain.rules import answer_rules  # noqa: PLC0415 - another command of the group lists no rules

    return answer_rules(session.rulebook, what, day, whole_history=whole_history)


@app.command(epilog="Example: shelterctl rules impact draft --format csv")
def impact(
    ctx: Ctx,
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="The folder of a proposed rulebook: a changed copy of this one.")
    ],
) -> Outcome:
    """Say what a proposed rulebook would change in this store, record by record; nothing is written.

    Each record is judged by both rulebooks on its own day. Rows hold ids and codes, never a name.
    """
    # Gather.
    session = begin_command(ctx, lists=True)
    session.only_look()
    proposed = open_proposal(Path(folder)).with_limits(session.rulebook.limits)

    # Decide.
    from shelterctl.explain.impact import answer_impact  # noqa: PLC0415 - the list of rules answers no impact
    from shelterctl.explain.rule_changes import list_rule_changes  # noqa: PLC0415 - the list of rules compares nothing
    from shelterctl.view.impact import measure_impact  # noqa: PLC0415 - the list of rules opens no store

    changes = list_rule_changes(session.rulebook, proposed)
    return answer_impact(session, proposed, changes, measure_impact(session, proposed))


app.command("overlay", epilog="Example: shelterctl rules overlay add pink 2a --at-most 1500 --since 2027-01-01")(
    overlay
)
app.command("new", epilog="Example: shelterctl rules new IOM-2027-1 --in draft")(new)
