"""Two pages of the menu of the house: its money, and the coming week, each to be seen and to be printed."""

from functools import partial

from shelterctl.cli import agreements, due
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.track import ALLOWANCE
from shelterctl.menu.action import MenuLine, run_actions, show_commands
from shelterctl.prompts.output_path import ask_output_path
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import clear_screen
from shelterctl.ui_language import N_
from shelterctl.view.house_account import answer_money_page

MONEY_QUESTION = N_("The money of the house. Enter goes back.")
WEEK_QUESTION = N_("The coming week. Enter goes back.")


def open_money(ctx: Ctx) -> Outcome | None:
    """Offer to show and to print what was agreed, spent and is left, and the pocket money if the rulebook has it."""
    has_allowance = session_of(ctx).rulebook.tracks.serving(ALLOWANCE) is not None
    return _open_lines(ctx, MONEY_QUESTION, MONEY_LINES if has_allowance else MONEY_LINES_WITHOUT_ALLOWANCE)


def open_week(ctx: Ctx) -> Outcome | None:
    """Offer to show the coming week and to print it for the wall."""
    return _open_lines(ctx, WEEK_QUESTION, WEEK_LINES)


def _open_lines(ctx: Ctx, question: str, lines: tuple[MenuLine, ...]) -> Outcome | None:
    while True:
        clear_screen()
        chosen = choose_option(question, [(each.label, {}) for each in lines], explain=lambda: show_commands(lines))
        if chosen is None:
            return None
        run_actions(ctx, lines[chosen].run)


def _show_money(ctx: Ctx) -> Outcome:
    session = session_of(ctx)
    session.reopen()
    return answer_money_page(session)


def _print_money(ctx: Ctx) -> Outcome | None:
    session = session_of(ctx)
    to = ask_output_path(session, f"shelterctl-money-{session.today.isoformat()}", None)
    return agreements.agreements(ctx, account=True, out=to.out) if to else None


def _print_week(ctx: Ctx) -> Outcome | None:
    session = session_of(ctx)
    to = ask_output_path(session, f"shelterctl-week-{session.today.isoformat()}", None)
    return due.due_(ctx, week=True, out=to.out) if to else None


MONEY_LINES = (
    MenuLine(N_("see what was agreed, spent and is left, and pocket money"), "agreements --account", _show_money),
    MenuLine(N_("print the sheet of budget control"), "agreements --account --out FILE", _print_money),
)
MONEY_LINES_WITHOUT_ALLOWANCE = (
    MenuLine(N_("see what was agreed, spent and is left"), "agreements --account", _show_money),
    *MONEY_LINES[1:],
)
WEEK_LINES = (
    MenuLine(N_("see it, day by day"), "due --week", partial(due.due_, week=True)),
    MenuLine(N_("print it for the wall, without names and reasons"), "due --week --out FILE", _print_week),
)
