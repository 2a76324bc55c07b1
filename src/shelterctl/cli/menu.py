"""shelterctl menu: who is in, what is open first, and the way to every act; it keeps the key for some idle minutes.

Leaving is chosen. Whoever presses one key too often stays here: what she types next would be kept by a shell.
"""

import gc
import os
from collections.abc import Callable
from functools import partial

import typer

from shelterctl import ask, machine, output, screen
from shelterctl.act.reminder import last_staff, remember_store
from shelterctl.cli.choice import Choice, commands
from shelterctl.cli.errand import carry
from shelterctl.cli.options import Ctx, desk
from shelterctl.cli.shift import CHOICES, OPEN, SETTLED, STAFF, make_backup, someone_else
from shelterctl.core.finding import Outcome
from shelterctl.desk import STAYS, UNLOCKED, Desk, walked
from shelterctl.errors import NotFound, ShelterError, Usage
from shelterctl.language import N_, Sentence
from shelterctl.store import signatory
from shelterctl.view.overview import Overview, overview, shown
from shelterctl.walk import reading

WHAT = N_("What would you like to do? A number, a name or an id; ? and help explain.")
STILL = N_("This is the menu still: {number} leaves it. What would you like to do?")
IDLE = N_("Locked, since nobody typed anything for a while. What was answered is saved.")
LOCKED = N_("Locked. Everything that was answered is saved.")
OPENS = N_("The passphrase opens it again. To leave: Ctrl-C, then 1.")
BARE = N_("The key of this device has no passphrase, so whoever sits here can go on. Set one: shelterctl passphrase")
GOES_ON = N_("Go on, or leave?")
MENU = N_("open the menu again")
LEAVE = N_("leave, and close the program")
CLOSED = N_("Closed. Everything that was answered is saved.")
SHELL = N_("You have left the program. Type no name here: the computer remembers what is typed now.")
BAD_IDLE = N_("SHELTERCTL_IDLE takes a number of minutes above zero, such as 10.")
NO_TERMINAL = N_("The menu needs a terminal. Off a terminal name a command; see: shelterctl --help")
NOW = N_("Do it now?")
WHEN = N_("When is it to be done? Enter leaves it for later.")
BACKUP_FIRST = N_("now, and a backup before it")
AT_ONCE = N_("now, for there is a backup already")
MINUTES = 10.0
DESCRIPTOR = "shelterctl.passphrase_fd"
"""Where the words of the command say from what the passphrase may be read, once."""

LOCK = N_("lock the screen")
SOMEONE_ELSE = N_("someone else is at this device now")
LOCKING, CHANGING, LEAVING = range(len(CHOICES), len(CHOICES) + 3)
"""The places of the last lines."""
BEHIND = (*CHOICES, Choice(LOCK, "", lambda ctx: None), Choice(SOMEONE_ELSE, "--staff CODE", lambda ctx: None))
"""Every line of which there is more to be said."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl")
def menu(ctx: Ctx) -> Outcome:
    """Show who is in, what is open first and what is due, and choose what to do."""
    # Gather.
    here, minutes = desk(ctx), idle_minutes()
    if not walked(here):
        raise Usage("usage/terminal", NO_TERMINAL)
    ctx.meta[STAYS] = True

    # Act.
    with machine.unquitting():
        if _found(ctx, here) and _opened(ctx):
            _sits(ctx, here, minutes)
    return Outcome(said=((CLOSED, {}), (SHELL, {})))


def _found(ctx: Ctx, here: Desk) -> bool:
    """Whether there is a store; where none was named and none is remembered, one can be made."""
    try:
        _ = here.root
    except NotFound as error:
        if here.option("store"):
            raise
        from shelterctl.cli import founding  # noqa: PLC0415 - once in the life of a computer

        return founding.waited_for(ctx, error) if error.code == "store/gone" else founding.found(ctx)
    return True


def _sits(ctx: Ctx, here: Desk, minutes: float) -> None:
    """The menu, from the first screen until leaving is chosen."""
    if not here.option("staff") and (known := last_staff(here)):
        ctx.meta[STAFF] = known
    vault = desk(ctx).store.vault
    closed = vault.closed or vault.kept
    with screen.alone(), screen.locking(minutes):
        going = _stays(ctx, partial(_settle, closed=closed))
        remember_store(desk(ctx))
        while going:
            going = _stays(ctx, _round)


def idle_minutes() -> float:
    """After how many minutes without a key pressed the key of the device is put away: SHELTERCTL_IDLE, else ten."""
    written = os.environ.get("SHELTERCTL_IDLE", "")
    try:
        minutes = float(written.replace(",", ".")) if written else MINUTES
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < float("inf"):
        raise Usage("usage/idle", BAD_IDLE)
    return minutes


def _opened(ctx: Ctx) -> bool:
    """Ask for the key until it is there, which a key pressed too early does not end; false where leaving was chosen."""
    while True:
        try:
            ctx.meta[UNLOCKED] = desk(ctx).key
            ctx.meta[DESCRIPTOR] = None  # nothing can be read from it a second time
        except ask.Left:
            return False
        except KeyboardInterrupt:
            continue
        return True


def _stays(ctx: Ctx, part: Callable[[Ctx], bool]) -> bool:
    """Whether the menu goes on after a *part* of it: Ctrl-C never ends it, and where nobody types it is locked."""
    try:
        return part(ctx)
    except KeyboardInterrupt:
        return True
    except screen.Idle:
        ctx.meta.pop(UNLOCKED, None)
    return _stays(ctx, partial(_lock, why=IDLE))


def _goes_on() -> bool:
    """Whether it goes on, where it stood still; one of the two is chosen."""
    while True:
        try:
            chosen = ask.choice(GOES_ON, [(MENU, {}), (LEAVE, {})], grave=(1,))
        except KeyboardInterrupt:
            continue
        if chosen is not None:
            return chosen == 0


def _settle(ctx: Ctx, closed: ShelterError | None) -> bool:
    """Where nothing can be written yet, offer what opens the store again, so that nobody has to type a command."""
    if closed is None or closed.code not in (*SETTLED, signatory.LEFT):
        return True
    screen.clear()
    if closed.code == signatory.LEFT:
        screen.tell(closed.message, closed.facts)
        someone_else(ctx)
        return True
    output.regret(closed, screen.spoken())
    acts = (SETTLED[closed.code],)
    if closed.code != "trust/begin":
        if ask.confirm(NOW):
            carry(ctx, *acts)
        return True
    how = ask.choice(WHEN, [(BACKUP_FIRST, {}), (AT_ONCE, {})])
    if how is not None:
        carry(ctx, *((make_backup, *acts) if how == 0 else acts))
    return True


def _round(ctx: Ctx) -> bool:
    """The first screen and one choice from it; false where leaving was chosen."""
    try:
        here = desk(ctx)
        screen.headed(here.head)
        screen.clear()
        chosen = _chosen(here, overview(here))
    except ask.Left:
        return False
    except ShelterError as error:  # a stick that was pulled out, for one
        output.regret(error, screen.spoken())
        return _goes_on()
    if chosen == LEAVING:
        return False
    if chosen == LOCKING:
        return _lock(ctx, LOCKED)
    if isinstance(chosen, str):
        carry(ctx, partial(_named, words=chosen))
    else:
        carry(ctx, someone_else if chosen == CHANGING else CHOICES[chosen].act)
    return True


def _chosen(here: Desk, seen: Overview) -> int | str:
    """The line of the menu that is chosen, or words that name a client. Enter, Ctrl-C and Ctrl-D show it again."""
    lines: list[ask.Option] = [*((each.what, {}) for each in CHOICES), (LOCK, {}), (SOMEONE_ELSE, {}), (LEAVE, {})]
    title, number = WHAT, {"number": LEAVING + 1}
    while True:
        screen.clear()
        shown(here, seen, LEAVING + 4)
        try:
            chosen = ask.pick(title, lines, number, grave=(LEAVING,), why=lambda: commands(BEHIND), words=reading.WORDS)
        except KeyboardInterrupt:
            chosen = None
        if chosen is not None:
            return chosen
        title = STILL


def _named(ctx: Ctx, words: str) -> Outcome | None:
    """The pages of help, where these are asked for; else the file of who was typed by name or id, if there is one."""
    from shelterctl.cli import gone  # noqa: PLC0415 - the menu is there before it
    from shelterctl.walk.client import named  # noqa: PLC0415 - the same

    if reading.is_asked(words):
        return reading.walk(desk(ctx), words)
    if scene := gone.meant(words):
        return scene(ctx)
    her = named(desk(ctx), words)
    if her is None:
        return Outcome()
    return CHOICES[OPEN].act(ctx, her)


def _lock(ctx: Ctx, why: Sentence) -> bool:
    """Put the key away and wipe the screen until the passphrase is typed; false where leaving is chosen."""

    ctx.meta.pop(UNLOCKED, None)
    gc.collect()  # what was read with it is not kept for later
    screen.headed("")
    screen.clear()
    screen.tell(why)
    with screen.locking(0):
        while True:
            try:
                if desk(ctx).protected:
                    screen.tell(OPENS)
                else:
                    screen.tell(BARE)
                    if not _goes_on():
                        return False
                return _opened(ctx)
            except ShelterError as error:
                output.regret(error, screen.spoken())
                if not _goes_on():
                    return False
