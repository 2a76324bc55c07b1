"""The first ten minutes at a computer without a store: a store is made, step by step, and no command is typed."""

from contextlib import suppress

from shelterctl import ask, machine, output, screen
from shelterctl.act.register import put_down
from shelterctl.cli import demo, init
from shelterctl.cli.app import SOMEWHERE
from shelterctl.cli.options import Ctx, desk
from shelterctl.cli.shift import STAFF
from shelterctl.core.finding import refused
from shelterctl.errors import NotFound, ShelterError
from shelterctl.language import N_
from shelterctl.walk import founding, register

STORE = "shelterctl.store"
"""Where the words of the command name the store."""

KEY = N_(
    "Next you choose a passphrase for this computer; then the recovery paper is shown, which opens everything if the "
    "computer is lost. Have a pen or a printer ready. Enter goes on."
)
PARTNER = N_("3 of 4: the NGO that runs the house. Enter: later.")
COLLEAGUES = N_("4 of 4: who else works here? One after the other; Enter alone ends the list.")
READY = N_("The store is made, in {folder}. Whoever types shelterctl at this computer comes to its menu.")
AGAIN = N_("look again: it is connected now")
GO_ON = N_("Enter opens the menu; its first line takes someone in.")


def found(ctx: Ctx) -> bool:
    """Whether there is a store to work with: one that is made now, or that lies in a folder which is named."""
    here = desk(ctx)
    with screen.alone():
        founding.speak(here)
        while True:
            with suppress(KeyboardInterrupt):
                what = founding.what()
                if what == founding.LEAVE:
                    return False
                if what == founding.FILM:
                    demo.film(ctx)
                elif folder := (_made(ctx) if what == founding.MAKE else founding.elsewhere()):
                    ctx.meta[STORE] = str(folder)
                    return True


def waited_for(ctx: Ctx, error: NotFound) -> bool:
    """Whether the store that this computer remembers is there again, or lies in a folder which is named."""
    lines: list[ask.Option] = [(each, {}) for each in (AGAIN, founding.GO_TO, founding.LEAVE)]
    with screen.alone():
        while True:
            screen.clear()
            output.regret(error, screen.spoken())
            with suppress(KeyboardInterrupt):
                chosen = ask.choice(founding.WHAT_NOW, lines, grave=(2,))
                if chosen == 2:
                    return False
                if chosen == 1 and (folder := founding.elsewhere()):
                    ctx.meta[STORE] = str(folder)
                    return True
            with suppress(NotFound):
                _ = desk(ctx).root
                return True


def _made(ctx: Ctx) -> str | None:
    """A store for a house, its first people and partner; None where it was not made."""
    house = founding.household(desk(ctx))
    if house is None:
        return None
    screen.clear()
    screen.tell(KEY)
    ask.line()
    ctx.meta[STAFF] = house.staff
    try:
        made = init.init(ctx, house.folder, shelter=house.code, kind=house.kind, capacity=house.capacity)
        stopped = refused(made.findings)
        if stopped:
            output.tell(made, screen.spoken())
    except (ShelterError, OSError) as error:
        stopped = True
        output.regret(error if isinstance(error, ShelterError) else machine.refusal(error, SOMEWHERE), screen.spoken())
    if stopped:
        ask.line()
        return None
    ctx.meta[STORE] = str(house.folder)
    with suppress(KeyboardInterrupt):  # the store is there: whatever is left out can be said later
        _furnished(ctx, house)
    return str(house.folder)


def _furnished(ctx: Ctx, house: founding.Household) -> None:
    """What was said of the house and of whoever sits here, its NGO, and who else works there."""
    tracks = desk(ctx).shelf.tracks
    put_down(desk(ctx), tracks["facility"], house.code, {"name": house.name})
    put_down(desk(ctx), tracks["staff"], house.staff, {"name": house.staff_name, "role": house.role})
    if new := register.newcomer(desk(ctx), tracks["ngo"], PARTNER):
        put_down(desk(ctx), tracks["ngo"], new.code, new.said)
        put_down(desk(ctx), tracks["facility"], house.code, {"ngo": new.code})
        register.walk(desk(ctx), tracks["ngo"], new.code, new=True)
    while new := register.newcomer(desk(ctx), tracks["staff"], COLLEAGUES):
        put_down(desk(ctx), tracks["staff"], new.code, new.said)
    screen.clear()
    screen.tell(READY, {"folder": machine.spelt(house.folder)})
    screen.tell(GO_ON)
    ask.line()
