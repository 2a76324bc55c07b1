"""The lines of the menu's first screen and what each does; also the actions offered first where nothing can be
written into the store yet.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import Outcome
from shelterctl.custody.device_notes import remember_staff
from shelterctl.menu.action import MenuLine
from shelterctl.platform.drives import removable_drives
from shelterctl.platform.writing import format_path
from shelterctl.prompts.offers import read_offers
from shelterctl.terminal.questions import ask_line, choose_option, confirm
from shelterctl.terminal.screen import print_sentence
from shelterctl.ui_language import N_

WHO_IS_HERE = N_("Who is at this device?")
BACKUP_FOLDER_QUESTION = N_(
    "Into which folder? ~/backups, for example; one that is not there is made. Enter goes back."
)
BACKUP_PLACE_QUESTION = N_("Where is the backup to go? Each gets a folder of its own there. Enter goes back.")
MAKE_FOLDER_QUESTION = N_("There is no folder {folder} yet. Make it?")
ONTO_STICK = N_("onto the stick that is in: {drive}")
INTO_ANOTHER_FOLDER = N_("into another folder")


def action_of_command(module: str, function: str, **options: Any) -> Callable[[Ctx], Outcome]:
    """The act of another command, which is imported when it is chosen: the menu is there before it."""

    def act(ctx: Ctx) -> Outcome:
        chosen: Outcome = getattr(import_module(f"shelterctl.cli.{module}"), function)(ctx, **options)
        return chosen

    return act


def change_staff(ctx: Ctx) -> None:
    """Who sits here from now on; what is written down next is recorded by that code."""
    session = session_of(ctx)
    staff = read_offers(session)["staff"]
    chosen = choose_option(WHO_IS_HERE, [(text, {}) for text in staff.values()])
    if chosen is not None:
        code = list(staff)[chosen]
        session.change_staff(code)
        remember_staff(session, code)


def make_backup(ctx: Ctx) -> Outcome | None:
    """A backup onto a stick that is in, or into the folder that is named, asked until there is such a one."""
    from shelterctl.prompts.output_path import INTO_FOLDER_MISSING  # noqa: PLC0415 - the menu is there before the press

    root = session_of(ctx).root.resolve()
    if drives := [each for each in removable_drives() if each not in root.parents]:
        chosen = choose_option(
            BACKUP_PLACE_QUESTION, [*((ONTO_STICK, {"drive": each}) for each in drives), (INTO_ANOTHER_FOLDER, {})]
        )
        if chosen is None or chosen < len(drives):
            return None if chosen is None else action_of_command("backup", "backup", folder=drives[chosen])(ctx)
    print_sentence(BACKUP_FOLDER_QUESTION)
    while typed := ask_line():
        with suppress(OSError, RuntimeError, ValueError):  # too long, or a home that nobody has
            folder = Path(typed.strip("\"'")).expanduser()
            folder = folder if folder.exists() else Path.home() / folder  # a name alone is one in her own folder
            new = not folder.exists() and folder.parent.is_dir()
            if new and confirm(MAKE_FOLDER_QUESTION, {"folder": format_path(folder)}):
                folder.mkdir(mode=0o700)
            if folder.is_dir():
                return action_of_command("backup", "backup", folder=folder)(ctx)
        print_sentence(INTO_FOLDER_MISSING, indent="  ! ")
    return None


def _print_blank_form(ctx: Ctx) -> Outcome | None:
    """A blank form, to be written on by hand."""
    from shelterctl.prompts import printing  # noqa: PLC0415 - the menu is there before the press

    said = printing.print_blank_forms(session_of(ctx))
    return Outcome(said=said) if said else None


def _open_client_file(ctx: Ctx, client: str | None = None) -> Outcome | None:
    """A client's file, chosen where it is not named."""
    from shelterctl.menu.client_file import open_client_file  # noqa: PLC0415 - the menu is there before it

    return open_client_file(ctx, client)


def _open_house_page(ctx: Ctx) -> Outcome | None:
    """Whoever belongs to the house, and what it has to know."""
    from shelterctl.menu.house import open_house_page  # noqa: PLC0415 - the menu is there before it

    return open_house_page(ctx)


FIRST_SCREEN_LINES = (
    MenuLine(N_("take someone in"), "admit", action_of_command("admit", "admit")),
    MenuLine(N_("open a file: see, write down, correct, print"), "show ID", _open_client_file),
    MenuLine(N_("what is due"), "due", action_of_command("due", "due_")),
    MenuLine(N_("who sleeps here tonight"), "house", action_of_command("house", "house")),
    MenuLine(N_("print blank forms"), "form NAME --blank --out FILE", _print_blank_form),
    MenuLine(N_("make a backup"), "backup DIR", make_backup),
    MenuLine(N_("the house: staff, partners, places, passphrase"), "staff list", _open_house_page),
)
OPEN_FILE_LINE = 1
"""The line that opens a file, by a name or an id that is typed as well."""

SETTLING_ACTIONS: Mapping[str, Callable[[Ctx], Outcome]] = {
    "trust/begin": action_of_command("trust", "trust", begin=True),
    "trust/new-device": action_of_command("trust", "trust", accept=True),
    "trust/no-memory": action_of_command("check", "check", remember=True),
}
"""What opens a store again that nothing may be written to, by the reason."""
