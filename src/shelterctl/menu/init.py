"""The menu on a computer without a store: makes a store step by step, opens one in another folder, or waits until the
disk with the remembered store is connected again.
"""

from contextlib import suppress
from pathlib import Path

from shelterctl.act.register import write_register_entry
from shelterctl.cli import demo
from shelterctl.cli.app import A_NAMED_PLACE
from shelterctl.cli.init import make_store
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import FilledSentence, has_refusal
from shelterctl.custody.init import FOUNDER_ROLE, HOUSE_MANAGER_FIELD
from shelterctl.errors import NotFound, ShelterError
from shelterctl.output import stdio
from shelterctl.platform.disk_errors import disk_error
from shelterctl.platform.writing import format_path
from shelterctl.prompts import register
from shelterctl.prompts.init import (
    INIT_LEAVE,
    INIT_MAKE_STORE,
    INIT_OPEN_ANOTHER,
    INIT_SEE_DEMO,
    INIT_WHAT_NOW,
    FoundingAnswers,
    ask_founding,
    ask_language_once,
    ask_store_folder,
    choose_first_act,
)
from shelterctl.session import Session
from shelterctl.terminal.questions import ask_line, choose_option
from shelterctl.terminal.screen import alternate_screen, clear_screen, print_sentence, screen_language
from shelterctl.ui_language import N_

PASSPHRASE_COMES_NEXT = N_(
    "Next you choose a passphrase for this computer. Then the recovery paper is shown: it opens everything "
    "if the computer is lost. Have a pen or a printer ready. Press Enter to go on."
)
NGO_STEP = N_("3 of 4: the NGO that runs the house. Enter: later.")
COLLEAGUES_STEP = N_("4 of 4: who else works here? One at a time; Enter alone ends the list.")
STORE_IS_READY = N_("The store is made, in {folder}. On this computer, type shelterctl to open its menu.")
LOOK_AGAIN = N_("try again: it is connected now")
ENTER_OPENS_MENU = N_("Press Enter to open the menu; its first line takes someone in.")


def find_or_make_store(ctx: Ctx) -> bool:
    """Make a store, or open one in a named folder; return whether there is a store to work with."""
    session = session_of(ctx)
    with alternate_screen():
        ask_language_once(session)
        while True:
            with suppress(KeyboardInterrupt):
                what = choose_first_act()
                if what == INIT_LEAVE:
                    return False
                if what == INIT_SEE_DEMO:
                    demo.show_film(ctx)
                elif folder := (_make_store(ctx) if what == INIT_MAKE_STORE else ask_store_folder()):
                    session.change_store(Path(folder))
                    return True


def wait_for_store(ctx: Ctx, error: NotFound) -> bool:
    """Wait for the remembered store, or open one in a named folder; return whether there is a store to work with."""
    session = session_of(ctx)
    lines: list[FilledSentence] = [(each, {}) for each in (LOOK_AGAIN, INIT_OPEN_ANOTHER, INIT_LEAVE)]
    with alternate_screen():
        while True:
            clear_screen()
            stdio.print_error(error, screen_language())
            with suppress(KeyboardInterrupt):
                chosen = choose_option(INIT_WHAT_NOW, lines, by_number_only=(2,))
                if chosen == 2:
                    return False
                if chosen == 1 and (folder := ask_store_folder()):
                    session.change_store(Path(folder))
                    return True
            with suppress(NotFound):
                session.reopen()
                _ = session.root
                return True


def _make_store(ctx: Ctx) -> str | None:
    """Make a store for a house, with its first people and partner; return its folder, or None if it was not made."""
    session = session_of(ctx)
    house = ask_founding(session)
    if house is None:
        return None
    clear_screen()
    print_sentence(PASSPHRASE_COMES_NEXT)
    ask_line()
    session.change_staff(house.staff)
    try:
        made = make_store(ctx, house.folder, shelter=house.code, kind=house.kind, capacity=house.capacity)
        stopped = has_refusal(made.findings)
        if stopped:
            stdio.print_outcome(made, screen_language())
    except (ShelterError, OSError) as error:
        stopped = True
        stdio.print_error(
            error if isinstance(error, ShelterError) else disk_error(error, A_NAMED_PLACE), screen_language()
        )
    if stopped:
        ask_line()
        return None
    session.change_store(Path(house.folder))
    with suppress(KeyboardInterrupt):  # the store is made: anything left out can be added later
        _register_first_people(session, house)
    return str(house.folder)


def _register_first_people(session: Session, house: FoundingAnswers) -> None:
    """Record the answers about the house and its founder, then ask for its NGO and colleagues and register them."""
    tracks = session.rulebook.tracks
    has_manager = house.role == FOUNDER_ROLE and HOUSE_MANAGER_FIELD in tracks["facility"].fields
    manages = {HOUSE_MANAGER_FIELD: house.staff} if has_manager else {}
    write_register_entry(session, tracks["facility"], house.code, {"name": house.name, **manages})
    write_register_entry(session, tracks["staff"], house.staff, {"name": house.staff_name, "role": house.role})
    if new := register.ask_newcomer(session, tracks["ngo"], NGO_STEP):
        write_register_entry(session, tracks["ngo"], new.code, new.said)
        write_register_entry(session, tracks["facility"], house.code, {"ngo": new.code})
        register.ask_register(session, tracks["ngo"], new.code, new=True)
    while new := register.ask_newcomer(session, tracks["staff"], COLLEAGUES_STEP):
        write_register_entry(session, tracks["staff"], new.code, new.said)
    clear_screen()
    print_sentence(STORE_IS_READY, {"folder": format_path(house.folder)})
    print_sentence(ENTER_OPENS_MENU)
    ask_line()
