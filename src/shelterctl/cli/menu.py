"""shelterctl menu: who is in, what is open first, and the way to every act; it keeps the key for some idle minutes."""

import gc
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import typer

from shelterctl import ask, output, screen
from shelterctl.act.damage import told
from shelterctl.act.reminder import last_staff, remember_staff
from shelterctl.cli import admit, agreement, backup, check, discharge, find, house, monitor, show, trust, void
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.desk import OPENED, UNLOCKED, Desk, walked
from shelterctl.errors import ShelterError, Usage
from shelterctl.language import N_, Sentence
from shelterctl.view.overview import Overview, overview, shown
from shelterctl.walk.offers import offers_of
from shelterctl.walk.whom import whom

WHAT = N_("What would you like to do? Write a number; Enter ends.")
LINE = N_("{what}  ({command})")
IDLE = N_("Locked, since nobody typed anything for a while. What was answered is saved.")
LOCKED = N_("Locked. Everything that was answered is saved.")
CLOSED = N_("Closed. Everything that was answered is saved.")
BAD_IDLE = N_("SHELTERCTL_IDLE takes a number of minutes above zero, such as 10.")
NO_TERMINAL = N_("The menu needs a terminal. Off a terminal name a command; see: shelterctl --help")
ENTER = N_("Enter goes back to the menu.")
FORM = N_("Which form?")
DRAFT = N_("A draft of it is saved.")
GO_ON = N_("go on with it, or correct it")
SIGNED = N_("it was signed on paper: record that")
LEFT = N_("She was discharged on {on}.")
ANOTHER_DAY = N_("it was another day, or something else is to be corrected")
NOT_LEFT = N_("she did not leave: take the discharge back")
WHO = N_("Who is at this device?")
NOW = N_("Do it now?")
FOLDER = N_("Into which folder? A USB stick, for example; Enter goes back.")
PAPERS = N_("What is to be printed? Enter goes back.")
HERS = N_("papers of a client, filled in")
BLANK = N_("a blank form, for the next power cut")
MINUTES = 10.0
STAFF = "shelterctl.staff"
"""Where the words of the command say who is at the device."""


class Choice(NamedTuple):
    """One line of the menu: what it does, the command that does the same, and whether it is about one client.

    *due* is where those come first whose monitoring is due.
    """

    what: Sentence
    command: str
    act: Callable[..., Outcome | None]
    one: bool = True
    due: bool = False


def _agreement(ctx: Ctx, client: str) -> Outcome | None:
    """The form is chosen first, by the names that lie on the shelf; a draft may be gone on with or signed."""
    here = desk(ctx)
    forms = here.shelf.forms
    chosen = ask.choice(FORM, [(form.title, {}) for form in forms.values()])
    if chosen is None:
        return None
    form, sign = list(forms)[chosen], False
    her, _ = here.store.client(client)
    if any(facts["form"] == form and "signed" not in facts for facts in her.agreements):
        what = ask.choice(DRAFT, [(GO_ON, {}), (SIGNED, {})])
        if what is None:
            return None
        sign = what == 1
    return agreement.agreement(ctx, client, form=form, sign=sign)


def _discharge(ctx: Ctx, client: str) -> Outcome | None:
    """Whoever has left already may have left on another day, or not at all."""
    her, _ = desk(ctx).store.client(client)
    if her.stays and her.stays[-1].discharged_on:
        what = ask.choice(LEFT, [(ANOTHER_DAY, {}), (NOT_LEFT, {})], {"on": her.stays[-1].discharged_on})
        if what is None:
            return None
        if what == 1:
            return discharge.discharge(ctx, client, undo=True)
    return discharge.discharge(ctx, client)


def _print(ctx: Ctx) -> Outcome | None:
    """Whose papers, or a blank form."""
    here = desk(ctx)
    what = ask.choice(PAPERS, [(HERS, {}), (BLANK, {})])
    if what is None:
        return None
    from shelterctl.walk import form, printing  # noqa: PLC0415 - the menu is there before the press

    her = None if what else whom(here, overview(here).due_first)
    said = form.blank(here) if what else printing.walk(here, her) if her else ()
    return Outcome(said=said) if said else None


def _someone_else(ctx: Ctx) -> None:
    """Who sits here from now on; what is written down next is recorded by that code."""
    staff = offers_of(desk(ctx))["staff"]
    chosen = ask.choice(WHO, [(text, {}) for text in staff.values()])
    if chosen is not None:
        ctx.meta[STAFF] = list(staff)[chosen]
        remember_staff(desk(ctx), ctx.meta[STAFF])


def _backup(ctx: Ctx) -> Outcome | None:
    screen.tell(FOLDER)
    folder = ask.line()
    return backup.backup(ctx, Path(folder).expanduser()) if folder else None


CHOICES = (
    Choice(N_("take someone in"), "admit", admit.admit, one=False),
    Choice(N_("go on with her file, or correct it"), "admit ID", admit.admit),
    Choice(N_("find someone by name"), "find", find.find, one=False),
    Choice(N_("see her file on one screen"), "show ID", show.show),
    Choice(N_("an agreement, pink or blue"), "agreement ID --form FORM", _agreement),
    Choice(N_("she leaves"), "discharge ID", _discharge),
    Choice(N_("a monitoring report"), "monitor record ID", monitor.record, due=True),
    Choice(N_("print papers, filled in or blank"), "form NAME ID --out FILE", _print, one=False),
    Choice(N_("strike a wrong entry through"), "void ID", void.void),
    Choice(N_("who sleeps here tonight"), "house", house.house, one=False),
    Choice(N_("make a backup"), "backup DIR", _backup, one=False),
)
SETTLED: Mapping[str, Callable[[Ctx], Outcome]] = {
    "trust/begin": lambda ctx: trust.trust(ctx, begin=True),
    "trust/new-device": lambda ctx: trust.trust(ctx, accept=True),
    "trust/no-memory": lambda ctx: check.check(ctx, remember=True),
}
"""What opens a store again that nothing may be written to, by the reason."""

LOCK = N_("lock the screen")
SOMEONE_ELSE = N_("someone else is at this device now  (shelterctl --staff CODE)")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl")
def menu(ctx: Ctx) -> Outcome:
    """Show who is in, what is open first and what is due, and choose what to do."""
    # Gather.
    here, minutes = desk(ctx), idle_minutes()
    if not walked(here):
        raise Usage("usage/terminal", NO_TERMINAL)
    ctx.meta[UNLOCKED] = here.key
    if not here.option("staff") and (known := last_staff(here)):
        ctx.meta[STAFF] = known

    # Act.
    with screen.alone(), screen.locking(minutes):
        _settle(ctx)
        while _round(ctx):
            pass
    return Outcome(said=((CLOSED, {}),))


def _settle(ctx: Ctx) -> None:
    """Where nothing can be written yet, offer what opens the store again, so that nobody has to type a command."""
    try:
        closed = desk(ctx).store.vault.closed
        if closed is None or closed.code not in SETTLED:
            return
        screen.clear()
        output.regret(closed, screen.spoken())
        if not ask.confirm(NOW):
            return
        output.tell(SETTLED[closed.code](ctx), screen.spoken())
    except screen.Idle:
        return
    except ShelterError as error:
        output.regret(error, screen.spoken())
    except KeyboardInterrupt:
        screen.write([""])
    screen.tell(ENTER)
    ask.line()


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


def _round(ctx: Ctx) -> bool:
    """The first screen and one choice from it; false when there was none."""
    try:
        screen.clear()
        here = desk(ctx)
        seen = overview(here)
        shown(here, seen, len(CHOICES) + 5)
        options = [(LINE, {"what": each.what, "command": f"shelterctl {each.command}"}) for each in CHOICES]
        chosen = ask.choice(WHAT, [*options, (LOCK, {}), (SOMEONE_ELSE, {})])
        if chosen is None:
            return False
        if chosen == len(CHOICES):
            return _lock(ctx, LOCKED)
        if chosen > len(CHOICES):
            _someone_else(ctx)
            return True
        _act(ctx, here, seen, CHOICES[chosen])
    except screen.Idle:
        return _lock(ctx, IDLE)
    return True


def _act(ctx: Ctx, here: Desk, seen: Overview, choice: Choice) -> None:
    """One act; whatever comes of it, the menu goes on."""
    try:
        about: Sequence[Any] = ()
        if choice.one:
            her = whom(here, seen.due_first if choice.due else seen.inside)
            if her is None:
                return
            about = (her,)
        ctx.meta[OPENED] = []
        said = choice.act(ctx, *about)
        if said is None:
            return
        said = told(said, ctx.meta[OPENED])
        output.tell(said, screen.spoken())
        if said.private:
            return
    except ShelterError as error:
        output.regret(error, screen.spoken())
    except KeyboardInterrupt:
        screen.write([""])
    screen.tell(ENTER)
    ask.line()


def _lock(ctx: Ctx, why: Sentence) -> bool:
    """Put the key away and wipe the screen until the passphrase is typed; a key without one closes the menu."""
    from shelterctl import identity  # noqa: PLC0415 - pyrage is not needed for help

    ctx.meta.pop(UNLOCKED, None)
    gc.collect()  # what was read with it is not kept for later
    screen.clear()
    screen.tell(why)
    if not identity.protected(desk(ctx).identity_file):
        return False
    try:
        ctx.meta[UNLOCKED] = desk(ctx).key
    except KeyboardInterrupt:
        return False
    return True
