"""The first screen of a person whose role opens no client's file, such as security: the registers of the house as far
as the role writes and reads them, and who sleeps here, by number.
"""

from shelterctl.cli import house, passphrase
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import Outcome
from shelterctl.language import LabelledCode
from shelterctl.menu.action import MenuLine, show_commands
from shelterctl.menu.house_registers import opens_registers, print_on_duty, register_lines, unfinished_lines
from shelterctl.menu.shift import open_shift
from shelterctl.prompts import help
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_or_type
from shelterctl.terminal.screen import clear_screen, print_sentence
from shelterctl.ui_language import N_
from shelterctl.view.overview import print_numbers
from shelterctl.view.today import read_today

ROLE_SEES_NUMBERS = N_("Your role, {roles}, opens no client's file. You see who sleeps here by number, without names.")
WHAT_TO_DO = N_("What would you like to do?")


def choose_without_files(session: Session, last: tuple[MenuLine, ...]) -> MenuLine:
    """Show what this role sees, and return the line that is chosen; Enter and Ctrl-C show the screen again.

    The *last* lines are those of every first screen; the very last one leaves, and can be chosen by its number alone.
    """
    held, names = session.store.vault.journal.chain.readership.roles_of(session.staff), session.rulebook.lists["roles"]
    houses = list(session.store.shelter.value["facilities"]) if opens_registers(session) else []
    only = str(houses[0]) if len(houses) == 1 else None
    own = register_lines(session, only) if houses else ()
    waiting = [line for each in houses for line in unfinished_lines(session, each)]
    lines = (*own, *LINES_WITHOUT_FILES, *waiting, *last)
    seen = read_today(session)
    while True:
        clear_screen()
        print_sentence(ROLE_SEES_NUMBERS, {"roles": [LabelledCode(one, names.get(one, {"en": one})) for one in held]})
        for each in houses:
            print_on_duty(session, each)
        print_numbers(seen)
        try:
            chosen = choose_or_type(
                WHAT_TO_DO,
                [(each.label, {}) for each in lines],
                by_number_only=(len(lines) - 1,),
                explain=lambda: show_commands(lines),
                not_moves=help.HELP_WORDS,
                accepts=help.is_help_asked,
            )
        except KeyboardInterrupt:
            continue
        if isinstance(chosen, str):
            return MenuLine("", "", lambda ctx, words=chosen: help.read_help(session_of(ctx), words))
        if chosen is not None:
            return lines[chosen]


def _show_sleepers(ctx: Ctx) -> Outcome:
    """Show who sleeps here tonight."""
    return house.house(ctx)


def _open_shift(ctx: Ctx) -> Outcome | None:
    """Show the last handover, and open the page of today or a new handover."""
    return open_shift(ctx)


def _read_help(ctx: Ctx) -> Outcome | None:
    """Show the pages of help."""
    return help.read_help(session_of(ctx), "")


LINES_WITHOUT_FILES = (
    MenuLine(N_("who sleeps here tonight"), "house", _show_sleepers),
    MenuLine(N_("the shift: today on one page, the handover"), "today", _open_shift),
    MenuLine(N_("help"), "help", _read_help),
    MenuLine(N_("the passphrase of your key"), "passphrase", passphrase.passphrase),
)
