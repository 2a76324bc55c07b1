"""What the menu offers on its first screen, and what opens a store again to which nothing may be written."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from shelterctl import ask, machine, screen
from shelterctl.act.reminder import remember_staff
from shelterctl.cli.choice import Choice
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.language import N_
from shelterctl.walk.offers import offers_of

WHO = N_("Who is at this device?")
FOLDER = N_("Into which folder? ~/backups, for example; one that is not there is made. Enter goes back.")
WHERE = N_("Where is the backup to go? Each gets a folder of its own there. Enter goes back.")
MAKE = N_("There is no folder {folder} yet. Make it?")
ONTO = N_("onto the stick that is in: {drive}")
ELSEWHERE = N_("into another folder")
STAFF = "shelterctl.staff"
"""Where the words of the command say who is at the device."""


def command(module: str, function: str, **options: Any) -> Callable[[Ctx], Outcome]:
    """The act of another command, which is imported when it is chosen: the menu is there before it."""

    def act(ctx: Ctx) -> Outcome:
        chosen: Outcome = getattr(import_module(f"shelterctl.cli.{module}"), function)(ctx, **options)
        return chosen

    return act


def someone_else(ctx: Ctx) -> None:
    """Who sits here from now on; what is written down next is recorded by that code."""
    staff = offers_of(desk(ctx))["staff"]
    chosen = ask.choice(WHO, [(text, {}) for text in staff.values()])
    if chosen is not None:
        ctx.meta[STAFF] = list(staff)[chosen]
        remember_staff(desk(ctx), ctx.meta[STAFF])


def make_backup(ctx: Ctx) -> Outcome | None:
    """A backup onto a stick that is in, or into the folder that is named, asked until there is such a one."""
    from shelterctl.walk.destination import NO_FOLDER  # noqa: PLC0415 - the menu is there before the press

    root = desk(ctx).root.resolve()
    if drives := [each for each in machine.sticks() if each not in root.parents]:
        chosen = ask.choice(WHERE, [*((ONTO, {"drive": each}) for each in drives), (ELSEWHERE, {})])
        if chosen is None or chosen < len(drives):
            return None if chosen is None else command("backup", "backup", folder=drives[chosen])(ctx)
    screen.tell(FOLDER)
    while typed := ask.line():
        with suppress(OSError, RuntimeError, ValueError):  # too long, or a home that nobody has
            folder = Path(typed.strip("\"'")).expanduser()
            folder = folder if folder.exists() else Path.home() / folder  # a name alone is one in her own folder
            new = not folder.exists() and folder.parent.is_dir()
            if new and ask.confirm(MAKE, {"folder": machine.spelt(folder)}):
                folder.mkdir(mode=0o700)
            if folder.is_dir():
                return command("backup", "backup", folder=folder)(ctx)
        screen.tell(NO_FOLDER, indent="  ! ")
    return None


def _blank(ctx: Ctx) -> Outcome | None:
    """A blank form, to be written on by hand."""
    from shelterctl.walk import form  # noqa: PLC0415 - the menu is there before the press

    said = form.blank(desk(ctx))
    return Outcome(said=said) if said else None


def _open(ctx: Ctx, client: str | None = None) -> Outcome | None:
    """A client's file, chosen where it is not named."""
    from shelterctl.cli.file import opened  # noqa: PLC0415 - the menu is there before it

    return opened(ctx, client)


def _household(ctx: Ctx) -> Outcome | None:
    """Whoever belongs to the house, and what it has to know."""
    from shelterctl.cli.household import opened  # noqa: PLC0415 - the menu is there before it

    return opened(ctx)


CHOICES = (
    Choice(N_("take someone in"), "admit", command("admit", "admit")),
    Choice(N_("open a file: see, write down, correct, print"), "show ID", _open),
    Choice(N_("what is due"), "due", command("due", "due_")),
    Choice(N_("who sleeps here tonight"), "house", command("house", "house")),
    Choice(N_("print blank forms"), "form NAME --blank --out FILE", _blank),
    Choice(N_("make a backup"), "backup DIR", make_backup),
    Choice(N_("the house: staff, partners, places, passphrase"), "staff list", _household),
)
OPEN = 1
"""The line that opens a file, by a name or an id that is typed as well."""

SETTLED: Mapping[str, Callable[[Ctx], Outcome]] = {
    "trust/begin": command("trust", "trust", begin=True),
    "trust/new-device": command("trust", "trust", accept=True),
    "trust/no-memory": command("check", "check", remember=True),
}
"""What opens a store again that nothing may be written to, by the reason."""
