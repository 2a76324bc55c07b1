"""shelterctl menu: asks for the passphrase, shows the first screen, runs the chosen line, and begins again until the
person leaves. It keeps the unlocked key in memory and drops it after some minutes without a key pressed. The
functions of the first screen's lines are here as well, and the offer to settle a store that cannot be written to.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from shelterctl.act.permission import is_by_role, opens_client_files
from shelterctl.cli.options import Ctx, begin_command, session_of
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.custody.device_notes import last_staff, remember_staff, remember_store
from shelterctl.custody.keys_here import is_computer_shared, note_owner_of_first_key
from shelterctl.errors import NotFound, ShelterError, UsageError
from shelterctl.language import Sentence
from shelterctl.menu import seat
from shelterctl.menu.action import ENTER_GOES_BACK, MenuLine, run_actions, show_commands
from shelterctl.menu.seat import LEAVE_PROGRAM, WHO_IS_HERE
from shelterctl.output import stdio
from shelterctl.platform import keyboard
from shelterctl.platform.drives import removable_drives
from shelterctl.platform.writing import format_path
from shelterctl.prompts import help
from shelterctl.questionnaire import read_offers
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session, may_ask
from shelterctl.store import attribution
from shelterctl.terminal.passphrase import LeaveChosen
from shelterctl.terminal.questions import ask_line, choose_option, choose_or_type, confirm
from shelterctl.terminal.screen import (
    Idle,
    alternate_screen,
    clear_screen,
    limit_idle_time,
    print_sentence,
    screen_language,
    set_screen_title,
)
from shelterctl.ui_language import N_
from shelterctl.view.handover import find_note_kind
from shelterctl.view.overview import print_overview
from shelterctl.view.today import HOUSE_HOME, Today, read_today

MENU_QUESTION = N_("What would you like to do? Type a number, a name or an id; ? or help explains.")
MENU_STILL_OPEN = N_("You are in the menu; to leave, type {number}. What would you like to do?")
LOCKED_WHEN_IDLE = N_("Locked, because nothing was typed for a while. All answers are saved.")
SCREEN_LOCKED = N_("Locked. All answers are saved.")
PASSPHRASE_OPENS_AGAIN = N_("Type the passphrase to open it again. To leave, press Ctrl-C, then 1.")
KEY_WITHOUT_PASSPHRASE = N_(
    "The key of this computer has no passphrase, so anyone at this computer can go on. Set one: shelterctl passphrase"
)
GO_ON_OR_LEAVE = N_("Go on or leave?")
OPEN_MENU_AGAIN = N_("open the menu again")
PROGRAM_CLOSED = N_("Closed. All answers are saved.")
LEFT_TO_SHELL = N_(
    "You have left the program. Do not type names here: the computer remembers what is typed from now on."
)
IDLE_MINUTES_WRONG = N_("SHELTERCTL_IDLE must be a number of minutes above zero, such as 10.")
MENU_NEEDS_TERMINAL = N_("The menu needs a terminal. Without one, run a command; see: shelterctl --help")
DO_IT_NOW = N_("Do it now?")
WHEN_TO_DO_IT = N_("When should this be done? Enter: later.")
AFTER_A_BACKUP = N_("now, after making a backup")
WITHOUT_A_BACKUP = N_("now: there is a backup already")
DEFAULT_IDLE_MINUTES = 10.0
EACH_PERSON_HAS_KEY = N_("Each person opens the program with a key of her own now. All answers are saved.")
LIST_CHANGED_SINCE = N_("The list of who may read and write has changed since you were last at this computer.")
BACKUP_FOLDER_QUESTION = N_("Into which folder? For example ~/backups; a new one is made. Enter goes back.")
BACKUP_PLACE_QUESTION = N_("Where should the backup go? Each backup gets its own folder there. Enter goes back.")
MAKE_FOLDER_QUESTION = N_("There is no folder {folder} yet. Make it?")
ONTO_STICK = N_("onto the connected stick: {drive}")
INTO_ANOTHER_FOLDER = N_("into another folder")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl")
def menu(ctx: Ctx) -> Outcome:
    """Show who is in, what is open first and what is due, and choose what to do."""
    # Gather.
    session, minutes = begin_command(ctx), read_idle_minutes()
    if not may_ask(session):
        raise UsageError("usage/terminal", MENU_NEEDS_TERMINAL)
    session.in_menu = True

    # Act.
    with keyboard.ignore_quit_key():
        if _has_store(ctx) and seat.unlock(session, asks=seat.asks_who(session)):
            _run_menu(ctx, minutes)
    return Outcome(said=((PROGRAM_CLOSED, {}), (LEFT_TO_SHELL, {})))


def _has_store(ctx: Ctx) -> bool:
    """Whether there is a store; if none is named or remembered, one can be made."""
    session = session_of(ctx)
    try:
        _ = session.root
    except NotFound as error:
        if session.options.store:
            raise
        from shelterctl.menu import init  # noqa: PLC0415 - needed only on a computer without a store

        return init.wait_for_store(ctx, error) if error.code == "store/gone" else init.find_or_make_store(ctx)
    return True


def _run_menu(ctx: Ctx, minutes: float) -> None:
    """Run the menu from the first screen until the person leaves.

    No store is kept in a variable here or in the functions it calls, so that `Session.lock` releases all of them.
    """
    session = session_of(ctx)
    if is_by_role(session):
        note_owner_of_first_key(session)
    elif not session.options.staff and (known := last_staff(session)):
        session.change_staff(known)
    session.open_store()
    with alternate_screen(), limit_idle_time(minutes):
        going = _run_part(ctx, _offer_settling) and _run_part(ctx, _show_handover)
        remember_store(session)
        while going:
            going = _run_part(ctx, _run_first_screen)


def read_idle_minutes() -> float:
    """Return the minutes without a key pressed after which the menu locks: SHELTERCTL_IDLE, else ten.

    Raises UsageError if SHELTERCTL_IDLE is not a number above zero.
    """
    written = os.environ.get("SHELTERCTL_IDLE", "")
    try:
        minutes = float(written.replace(",", ".")) if written else DEFAULT_IDLE_MINUTES
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < float("inf"):
        raise UsageError("usage/idle", IDLE_MINUTES_WRONG)
    return minutes


def _run_part(ctx: Ctx, part: Callable[[Ctx], bool]) -> bool:
    """Run a *part* of the menu; return whether the menu goes on. Ctrl-C never ends it; an idle menu is locked."""
    try:
        return part(ctx)
    except KeyboardInterrupt:
        return True
    except Idle:
        pass  # the menu is locked below, once this error no longer keeps the open store in memory
    return _run_part(ctx, partial(_lock, why=LOCKED_WHEN_IDLE))


def _ask_go_on() -> bool:
    """Ask whether to go on after the menu stopped; one of the two lines must be chosen."""
    while True:
        try:
            chosen = choose_option(GO_ON_OR_LEAVE, [(OPEN_MENU_AGAIN, {}), (LEAVE_PROGRAM, {})], by_number_only=(1,))
        except KeyboardInterrupt:
            continue
        if chosen is not None:
            return chosen == 0


def _offer_settling(ctx: Ctx) -> bool:
    """If nothing can be written to the store, offer the act that settles this, so that no command has to be typed."""
    session = session_of(ctx)
    closed = session.store.vault.closed_because or session.store.vault.files_closed_because
    if closed is None or closed.code not in (*SETTLING_ACTIONS, attribution.SIGNER_LEFT_CODE):
        return True
    clear_screen()
    if closed.code == attribution.SIGNER_LEFT_CODE:
        print_sentence(closed.message, closed.facts)
        if is_by_role(session):
            return _lock(ctx, SCREEN_LOCKED, somebody_else=True)
        change_staff(ctx)
        return True
    if closed.code == "trust/new-device" and is_by_role(session):
        _show_news(session)
        return True
    stdio.print_error(closed, screen_language())
    acts = (SETTLING_ACTIONS[closed.code],)
    if closed.code != "trust/begin":
        if confirm(DO_IT_NOW):
            run_actions(ctx, *acts)
        return True
    how = choose_option(WHEN_TO_DO_IT, [(AFTER_A_BACKUP, {}), (WITHOUT_A_BACKUP, {})])
    if how is not None:
        run_actions(ctx, *((make_backup, *acts) if how == 0 else acts))
    return True


def _show_news(session: Session) -> None:
    """Show what changed on the list since this person's key last saw it, and remember it once she knows of it."""
    from shelterctl.prompts.trust import NEWS_REFUSED, confirm_news  # noqa: PLC0415 - rarely needed

    print_sentence(LIST_CHANGED_SINCE, bold=True)
    if not confirm_news(session):
        print_sentence(NEWS_REFUSED)
        print_sentence(ENTER_GOES_BACK)
        ask_line()


def _show_handover(ctx: Ctx) -> bool:
    """Show the handover that waits for the person who sits down; an error does not keep her from the menu."""
    from shelterctl.menu.shift import show_waiting_handovers  # noqa: PLC0415 - loads the code of entries

    session = session_of(ctx)
    session.reopen()
    try:
        show_waiting_handovers(session)
    except ShelterError as error:
        stdio.print_error(error, screen_language())
    return True


def _run_first_screen(ctx: Ctx) -> bool:
    """Show the first screen and run one choice from it; return False if the person leaves."""
    try:
        session = session_of(ctx)
        session.reopen()
        set_screen_title(session.header)
        clear_screen()
        chosen = _choose_first(session)
    except LeaveChosen:
        return False
    except ShelterError as error:  # for example, a stick was pulled out
        if error.code == attribution.OWN_KEY_CODE:  # roles have begun at another computer
            session.name_by_key()
            return _lock(ctx, EACH_PERSON_HAS_KEY, somebody_else=True)
        stdio.print_error(error, screen_language())
        return _ask_go_on()
    switches = chosen is CHANGE_STAFF_LINE and is_by_role(session)
    if chosen is LOCK_LINE or switches:
        return _lock(ctx, SCREEN_LOCKED, somebody_else=switches)
    if chosen is LEAVE_LINE:
        return False
    run_actions(ctx, partial(_run_words, words=chosen) if isinstance(chosen, str) else chosen.run)
    return True


def _choose_first(session: Session) -> MenuLine | str:
    """Return the line that is chosen on the first screen of this person's role, or the words that are typed there."""
    if not opens_client_files(session):
        from shelterctl.menu.without_files import choose_without_files  # noqa: PLC0415 - for few roles

        return choose_without_files(session, LAST_LINES)
    return _choose_line(session, read_today(session))


def _offered_lines(rulebook: Rulebook) -> tuple[MenuLine, ...]:
    """Return the lines of the first screen without those for which the rulebook has no tracks."""
    tracks = rulebook.tracks
    registers = [name for name, track in tracks.items() if track.of_register == HOUSE_HOME]
    lines = {AT_ONCE_LINE: any(track.at_once for track in tracks.values())}
    lines |= {HOUSE_REGISTERS_LINE: len(registers) > 1, HOUSE_REPORTS_LINE: len(registers) == 1}
    has_note = find_note_kind(rulebook) is not None
    lines |= {SHIFT_LINE: has_note, TODAY_LINE: not has_note}
    return tuple(line for line in LINES_OF_MENU if lines.get(line, True))


def _choose_line(session: Session, seen: Today) -> MenuLine | str:
    """Return the chosen line, or the typed words. Enter, Ctrl-C and Ctrl-D show the menu again."""
    offered = _offered_lines(session.rulebook)
    lines: list[FilledSentence] = [(each.label, {}) for each in offered]
    leaves = len(lines) - 1
    title, number = MENU_QUESTION, {"number": leaves + 1}
    while True:
        clear_screen()
        print_overview(session, seen, leaves + 4)
        try:
            chosen = choose_or_type(
                title,
                lines,
                number,
                by_number_only=(leaves,),
                explain=lambda: show_commands(offered),
                not_moves=help.HELP_WORDS,
            )
        except KeyboardInterrupt:
            chosen = None
        if chosen is not None:
            return chosen if isinstance(chosen, str) else offered[chosen]
        title = MENU_STILL_OPEN


def _run_words(ctx: Ctx, words: str) -> Outcome | None:
    """Run what was typed at the menu: help, a scene of shutting out, a word of the program, else a client's file."""
    from shelterctl.menu import end_access  # noqa: PLC0415 - loaded only when it is chosen
    from shelterctl.prompts.find import find_typed_client  # noqa: PLC0415 - loaded only when it is chosen

    session = session_of(ctx)
    if help.is_help_asked(words):
        return help.read_help(session, words)
    if scene := end_access.find_scene(words):
        return scene(ctx)
    if told := help.find_word(session, words):
        return told
    her = find_typed_client(session, words)
    if her is None:
        return Outcome()
    return FIRST_SCREEN_LINES[OPEN_FILE_LINE].run(ctx, her)


def _lock(ctx: Ctx, why: Sentence, *, somebody_else: bool = False) -> bool:
    """Lock the key and clear the screen until a passphrase is typed; return False if the person leaves.

    Where several people share the computer, or *somebody_else* is here, it is first asked who is here, and what her key
    has not seen yet is shown to her.
    """
    asks = somebody_else or is_computer_shared(session_of(ctx))
    return _wait_for_key(ctx, why, asks) and (not asks or _offer_settling(ctx)) and _show_handover(ctx)


def _wait_for_key(ctx: Ctx, why: Sentence, asks: bool) -> bool:
    session = session_of(ctx)
    session.lock()
    set_screen_title("")
    clear_screen()
    print_sentence(why)
    with limit_idle_time(0):
        while True:
            try:
                if asks:
                    return seat.unlock(session, asks=True)
                if session.protected:
                    print_sentence(PASSPHRASE_OPENS_AGAIN)
                else:
                    print_sentence(KEY_WITHOUT_PASSPHRASE)
                    if not _ask_go_on():
                        return False
                return seat.unlock(session, asks=False)
            except ShelterError as error:
                stdio.print_error(error, screen_language())
                if not _ask_go_on():
                    return False


def action_of_command(module: str, function: str, **options: Any) -> Callable[[Ctx], Outcome]:
    """Return a function that runs another command, which is imported only when it is chosen."""

    def act(ctx: Ctx) -> Outcome:
        chosen: Outcome = getattr(import_module(f"shelterctl.cli.{module}"), function)(ctx, **options)
        return chosen

    return act


def change_staff(ctx: Ctx) -> None:
    """Ask who uses this device from now on; the next entries are recorded by that code."""
    session = session_of(ctx)
    staff = read_offers(session)["staff"]
    chosen = choose_option(WHO_IS_HERE, [(text, {}) for text in staff.values()])
    if chosen is not None:
        code = list(staff)[chosen]
        session.change_staff(code)
        remember_staff(session, code)
        _show_handover(ctx)


def make_backup(ctx: Ctx) -> Outcome | None:
    """Make a backup onto a connected stick, or into a folder that is asked for until it can be used."""
    from shelterctl.prompts.output_path import INTO_FOLDER_MISSING  # noqa: PLC0415 - loaded only when it is chosen

    root = session_of(ctx).root.resolve()
    if drives := [each for each in removable_drives() if each not in root.parents]:
        chosen = choose_option(
            BACKUP_PLACE_QUESTION, [*((ONTO_STICK, {"drive": each}) for each in drives), (INTO_ANOTHER_FOLDER, {})]
        )
        if chosen is None or chosen < len(drives):
            return None if chosen is None else action_of_command("backup", "backup", folder=drives[chosen])(ctx)
    print_sentence(BACKUP_FOLDER_QUESTION)
    while typed := ask_line():
        with suppress(OSError, RuntimeError, ValueError):  # a path that is too long, or an unknown home folder
            folder = Path(typed.strip("\"'")).expanduser()
            folder = (
                folder if folder.exists() else Path.home() / folder
            )  # a bare name means a folder in the home folder
            new = not folder.exists() and folder.parent.is_dir()
            if new and confirm(MAKE_FOLDER_QUESTION, {"folder": format_path(folder)}):
                folder.mkdir(mode=0o700)
            if folder.is_dir():
                return action_of_command("backup", "backup", folder=folder)(ctx)
        print_sentence(INTO_FOLDER_MISSING, indent="  ! ")
    return None


def _print_blank_form(ctx: Ctx) -> Outcome | None:
    """Print blank forms, to be filled in by hand."""
    from shelterctl.prompts import printing  # noqa: PLC0415 - loaded only when it is chosen

    said = printing.print_blank_forms(session_of(ctx))
    return Outcome(said=said) if said else None


def _open_client_file(ctx: Ctx, client: str | None = None) -> Outcome | None:
    """Open a client's file, chosen if it is not named."""
    from shelterctl.menu.client_file import open_client_file  # noqa: PLC0415 - loaded only when it is chosen

    return open_client_file(ctx, client)


def _open_shift(ctx: Ctx) -> Outcome | None:
    """Show the last handover, and open the page of today or a new handover."""
    from shelterctl.menu.shift import open_shift  # noqa: PLC0415 - loaded only when it is chosen

    return open_shift(ctx)


def _open_house_registers(ctx: Ctx) -> Outcome | None:
    """Open the registers of a house."""
    from shelterctl.menu.house_registers import open_registers  # noqa: PLC0415 - loaded only when it is chosen

    return open_registers(ctx)


def _record_for_all(ctx: Ctx) -> Outcome | None:
    """Record something for everybody in a house at once."""
    from shelterctl.menu.for_all import record_for_all  # noqa: PLC0415 - loaded only when it is chosen

    return record_for_all(ctx)


def _open_house_page(ctx: Ctx) -> Outcome | None:
    """Open the menu of the house."""
    from shelterctl.menu.house import open_house_page  # noqa: PLC0415 - loaded only when it is chosen

    return open_house_page(ctx)


HOUSE_REGISTERS_LINE = MenuLine(
    N_("the house: visitors, shifts, incidents, meetings"), "add HOUSE TRACK", _open_house_registers
)
HOUSE_REPORTS_LINE = MenuLine(N_("the house: reports of the month"), "report NAME", _open_house_registers)
"""Stands for the registers of a house where the rulebook has no others."""
AT_ONCE_LINE = MenuLine(
    N_("for all at once: pocket money, clothes, the doctor's visit"), "add HOUSE TRACK", _record_for_all
)
SHIFT_LINE = MenuLine(N_("the shift: today on one page, the handover"), "today", _open_shift)
TODAY_LINE = MenuLine(N_("the shift: today on one page"), "today", _open_shift)
"""Stands for the shift where the rulebook knows no handover."""
FIRST_SCREEN_LINES = (
    MenuLine(N_("take someone in"), "admit", action_of_command("admit", "admit")),
    MenuLine(N_("open a file: see, write, correct, print"), "show ID", _open_client_file),
    MenuLine(N_("what is due"), "due", action_of_command("due", "due_")),
    MenuLine(N_("who sleeps here tonight"), "house", action_of_command("house", "house")),
    MenuLine(N_("print blank forms"), "form NAME --blank --out FILE", _print_blank_form),
    MenuLine(N_("make a backup"), "backup DIR", make_backup),
    HOUSE_REGISTERS_LINE,
    HOUSE_REPORTS_LINE,
    AT_ONCE_LINE,
    MenuLine(N_("the house: staff, partners, places, passphrase"), "staff list", _open_house_page),
    SHIFT_LINE,
    TODAY_LINE,
)
OPEN_FILE_LINE = 1
"""The line that opens a file; a typed name or id opens one too."""

SETTLING_ACTIONS: Mapping[str, Callable[[Ctx], Outcome]] = {
    "trust/begin": action_of_command("trust", "trust", begin=True),
    "trust/new-device": action_of_command("trust", "trust", accept=True),
    "trust/no-memory": action_of_command("check", "check", remember=True),
}
"""The act that lets a store be written to again, by the code of the reason."""

LOCK_LINE = MenuLine(N_("lock the screen"), "", lambda ctx: None)
CHANGE_STAFF_LINE = MenuLine(N_("someone else uses this computer now"), "--staff CODE", change_staff)
LEAVE_LINE = MenuLine(LEAVE_PROGRAM, "", lambda ctx: None)
LAST_LINES = (LOCK_LINE, CHANGE_STAFF_LINE, LEAVE_LINE)
LINES_OF_MENU = (*FIRST_SCREEN_LINES, *LAST_LINES)
"""The lines of the first screen; where a rulebook lacks their tracks, some are not offered."""
