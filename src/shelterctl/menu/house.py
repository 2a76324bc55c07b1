"""The menu of the house: registers, passphrase, language, the sheet for the safe, checks, and ending access."""

from collections.abc import Iterator
from functools import partial

from shelterctl.act.register import register_entries, register_file
from shelterctl.cli import check, house, passphrase
from shelterctl.cli.commands import missing_registers, own_registers
from shelterctl.cli.options import Ctx, session_of
from shelterctl.cli.register import add_register_entry
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.track import ALLOWANCE, SPENDING
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import TwoSentences, current_language, format_fact
from shelterctl.menu import end_access
from shelterctl.menu.action import MenuLine, run_actions, show_commands
from shelterctl.questionnaire import FORMER_STAFF, read_offers
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.terminal.questions import ask_line, choose_option
from shelterctl.terminal.screen import clear_screen, print_sentence
from shelterctl.typed import readers
from shelterctl.typed.words import Mistyped
from shelterctl.ui_language import N_

HOUSE_PAGE_QUESTION = N_("The house. What would you like to do? Enter goes back.")
WHICH_REGISTER_ENTRY = N_("Which entry? Enter goes back.")
FORMER_STAFF_LINE = N_("{who}: worked here until {until}")
NEW_REGISTER_ENTRY = N_("a new entry")
WHICH_HOUSE = N_("In which house?")
SHEET_CODE_QUESTION = N_("Which code is at the foot of the sheet? Enter goes back.")
OTHERS_QUESTION = N_("How many other people sleep there tonight? No names.")


def open_house_page(ctx: Ctx) -> Outcome | None:
    """Show the page of the house and run what is chosen, until the person goes back."""
    while (chosen := _choose_house_line(session_of(ctx).rulebook)) is not None:
        run_actions(ctx, chosen.run)
    return None


def _choose_house_line(rulebook: Rulebook) -> MenuLine | None:
    clear_screen()
    lines = (*_offered_lines(rulebook), *_own_register_lines())
    chosen = choose_option(
        HOUSE_PAGE_QUESTION, [(each.label, {}) for each in lines], explain=lambda: show_commands(lines)
    )
    return None if chosen is None else lines[chosen]


def _offered_lines(rulebook: Rulebook) -> Iterator[MenuLine]:
    """Yield the lines of the page, but not those of registers and money for which the rulebook has no track."""
    missing, has_allowance = missing_registers(), rulebook.tracks.serving(ALLOWANCE) is not None
    has_money = bool(rulebook.forms) or rulebook.tracks.serving(SPENDING) is not None
    money = {MONEY_LINE: has_allowance, MONEY_WITHOUT_ALLOWANCE_LINE: has_money and not has_allowance}
    for line in HOUSE_PAGE_LINES:
        if line.command.removesuffix(" add") not in missing and money.get(line, True):
            yield line


def _own_register_lines() -> Iterator[MenuLine]:
    """Yield a line for each register that only the rulebook in use has."""
    for name, track in own_registers().items():
        yield MenuLine(format_fact(track.text, current_language()), f"{name} add", partial(_open_register, name=name))


def _open_register(ctx: Ctx, name: str) -> Outcome | None:
    """Change an entry of a register, or add a new one, as it is chosen."""
    session = session_of(ctx)
    session.reopen()
    track = session.rulebook.tracks[name]
    offers, registered = read_offers(session), register_entries(register_file(session, track)[1], track)
    codes, known = list(registered), offers[track.at]
    left = {code: registered[code]["until"] for code in offers[FORMER_STAFF] if name == "staff"}
    codes.sort(key=left.keys().__contains__)  # people who work here come first
    rows = [
        (FORMER_STAFF_LINE, {"who": offers[FORMER_STAFF][code], "until": left[code]}) if code in left
        else (end_access.PERSON_LINE, {"who": known.get(code, code)})
        for code in codes
    ]  # fmt: skip
    clear_screen()  # a long register needs the whole screen
    chosen = choose_option(WHICH_REGISTER_ENTRY, [(NEW_REGISTER_ENTRY, {}), *rows])
    if chosen is None:
        return None
    session.reopen()
    return add_register_entry(session, name, codes[chosen - 1] if chosen else None, None, {})


def _count_others(ctx: Ctx) -> Outcome | None:
    """Record how many people besides the clients sleep in a house, which is asked for if there are several."""
    session = session_of(ctx)
    houses = list(session.store.shelter.value["facilities"])
    chosen = (
        0
        if len(houses) == 1
        else choose_option(WHICH_HOUSE, [(end_access.PERSON_LINE, {"who": each}) for each in houses])
    )
    if chosen is None:
        return None
    print_sentence(OTHERS_QUESTION, bold=True)
    while words := ask_line():
        if not isinstance(number := readers.read_typed_count(words, session.clock), Mistyped):
            return house.house(ctx, others=number, facility=houses[chosen])
        print_sentence(number.sentence, number.facts, indent="  ! ")
    return None


def _print_safe_sheet(ctx: Ctx) -> Outcome | None:
    """Print the sheet for the safe of the house: who may read and write, the words, and lines for backup numbers."""
    from shelterctl.paper.store_sheets import print_safe_sheet  # noqa: PLC0415 - loads the code that makes PDFs
    from shelterctl.prompts.output_path import ask_output_path  # noqa: PLC0415 - loaded only when its line is chosen

    session = session_of(ctx)
    to = ask_output_path(session, f"shelterctl-safe-{session.today.isoformat()}", None)
    return print_safe_sheet(session, to) if to else None


def _check_printed_sheet(ctx: Ctx) -> Outcome | None:
    """Show whether a printed sheet is still valid, by the code at its foot, asked until it is known."""
    from shelterctl.paper.sheet_check import check_sheet as checked  # noqa: PLC0415 - loads the code that makes PDFs

    print_sentence(SHEET_CODE_QUESTION, bold=True)
    while typed := ask_line():
        try:
            return checked(session_of(ctx), typed)
        except (UsageError, NotFound) as error:
            print_sentence(
                TwoSentences(error.message, error.hint) if error.hint else error.message, error.facts, indent="  ! "
            )
    return None


def _change_language(ctx: Ctx) -> Outcome | None:
    """Change the language of the screen on this computer."""
    from shelterctl.prompts.init import choose_screen_language  # noqa: PLC0415 - loaded only when its line is chosen

    choose_screen_language(session_of(ctx))
    return None


def _give_key(ctx: Ctx) -> Outcome | None:
    """Give a person a key of her own, in one sitting."""
    from shelterctl.menu.new_key import give_key  # noqa: PLC0415 - loaded only when its line is chosen

    return give_key(ctx)


def _open_roles(ctx: Ctx) -> Outcome | None:
    """Show the roles; a manager also decides whether they apply."""
    from shelterctl.menu.roles import open_roles  # noqa: PLC0415 - loaded only when its line is chosen

    return open_roles(ctx)


def _open_limits(ctx: Ctx) -> Outcome | None:
    """Show the house's own limits; a manager also sets and ends them."""
    from shelterctl.menu.house_limits import open_house_limits  # noqa: PLC0415 - loaded only when its line is chosen

    return open_house_limits(ctx)


def _open_money(ctx: Ctx) -> Outcome | None:
    """Show or print the money of the house."""
    from shelterctl.menu.house_money import open_money  # noqa: PLC0415 - loaded only when its line is chosen

    return open_money(ctx)


def _open_week(ctx: Ctx) -> Outcome | None:
    """Show or print the coming week."""
    from shelterctl.menu.house_money import open_week  # noqa: PLC0415 - loaded only when its line is chosen

    return open_week(ctx)


MONEY_LINE = MenuLine(N_("money: agreed, spent, left, pocket money"), "agreements --account", _open_money)
MONEY_WITHOUT_ALLOWANCE_LINE = MenuLine(N_("money: agreed, spent, left"), "agreements --account", _open_money)
"""Stands for the money where the rulebook knows no pocket money."""
HOUSE_PAGE_LINES = (
    MenuLine(N_("staff: who works here"), "staff add", partial(_open_register, name="staff")),
    MenuLine(N_("partner NGOs, their memoranda and contracts"), "ngo add", partial(_open_register, name="ngo")),
    MenuLine(N_("providers of courses and services"), "provider add", partial(_open_register, name="provider")),
    MenuLine(
        N_("contacts at {issuer}: coordinators, assistants"),
        "iom-contact add",
        partial(_open_register, name="iom-contact"),
    ),
    MenuLine(N_("the houses: name, address, places"), "facility add", partial(_open_register, name="facility")),
    MenuLine(N_("other people who sleep here tonight"), "house --others N", _count_others),
    MenuLine(N_("the passphrase of this device"), "passphrase", passphrase.passphrase),
    MenuLine(N_("the language of the screen"), "--lang LANG", _change_language),
    MenuLine(N_("print the sheet for the safe of the house"), "trust --out FILE", _print_safe_sheet),
    MenuLine(N_("check whether a printed sheet is still valid"), "paper CODE", _check_printed_sheet),
    MenuLine(N_("check all files"), "check", check.check),
    MenuLine(N_("a computer is missing: lost, stolen, given away"), "device end CODE --lost", end_access.end_computer),
    MenuLine(N_("someone is leaving"), "staff end CODE", end_access.end_leaver),
    MenuLine(
        N_("the recovery paper is missing, or a stranger saw it"), "recovery renew", end_access.replace_recovery_paper
    ),
    MenuLine(N_("give a person a key, also for a forgotten passphrase"), "staff key CODE", _give_key),
    MenuLine(N_("roles: who reads and writes what"), "roles", _open_roles),
    MONEY_LINE,
    MONEY_WITHOUT_ALLOWANCE_LINE,
    MenuLine(N_("the coming week: see it, print it for the wall"), "due --week", _open_week),
    MenuLine(N_("the house's own limits, stricter than the manual's"), "rules overlay", _open_limits),
)
