"""What the menu offers for the house itself: its people and partners, its places, its key, and whether all is whole."""

from collections.abc import Callable
from functools import partial

from shelterctl import ask, screen
from shelterctl.act.register import entries, lies
from shelterctl.cli import check, gone, house, passphrase
from shelterctl.cli.choice import Choice, commands
from shelterctl.cli.errand import carry
from shelterctl.cli.options import Ctx, desk
from shelterctl.cli.register import register
from shelterctl.core import notation
from shelterctl.core.finding import Outcome
from shelterctl.desk import Desk
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_, Both
from shelterctl.questionnaire import FORMER
from shelterctl.walk.offers import offers_of

TITLE = N_("The house. What is to be done? Enter goes back.")
WHICH = N_("Who, or which? Enter goes back.")
ROW = N_("{who}")
GONE = N_("{who}: worked here until {until}")
NEW = N_("someone or something new")
HOUSE = N_("In which house?")
SHEET = N_("Which code stands at the foot of the sheet? Enter goes back.")
OTHERS = N_("How many other people sleep there tonight, without names?")

OFFERED = {"staff": "staff", "ngo": "ngos", "provider": "providers", "facility": "facilities"}
"""Under which name the house knows whoever stands in a register."""


def opened(ctx: Ctx) -> Outcome | None:
    """The page of the house, until somebody goes back."""
    while (chosen := _chosen(desk(ctx))) is not None:
        carry(ctx, CHOICES[chosen].act)
    return None


def _chosen(here: Desk) -> int | None:
    screen.clear()
    return ask.choice(TITLE, [(each.what, {}) for each in CHOICES], why=lambda: commands(CHOICES))


def _register(ctx: Ctx, name: str) -> Outcome | None:
    """Somebody of a register, who is changed, or somebody new."""
    here = desk(ctx)
    track = here.shelf.tracks[name]
    offers, registered = offers_of(here), entries(lies(here, track)[1], track)
    codes, known = list(registered), offers[OFFERED[name]]
    left = {code: registered[code]["until"] for code in offers[FORMER] if name == "staff"}
    codes.sort(key=left.keys().__contains__)  # whoever works here first
    rows = [
        (GONE, {"who": offers[FORMER][code], "until": left[code]}) if code in left
        else (ROW, {"who": known.get(code, code)})
        for code in codes
    ]  # fmt: skip
    chosen = ask.choice(WHICH, [(NEW, {}), *rows])
    if chosen is None:
        return None
    add: Callable[..., Outcome] = added(name)
    return add(ctx, entry=codes[chosen - 1] if chosen else None)


def added(name: str) -> Callable[..., Outcome]:
    """What registers somebody in a register, or changes what is registered."""
    commands_ = register(name).registered_commands
    return next(each.callback for each in commands_ if each.name == "add" and each.callback)


def _others(ctx: Ctx) -> Outcome | None:
    """How many sleep there besides the clients, in the house that is meant."""
    here = desk(ctx)
    houses = list(here.store.shelter.value["facilities"])
    chosen = 0 if len(houses) == 1 else ask.choice(HOUSE, [(ROW, {"who": each}) for each in houses])
    if chosen is None:
        return None
    screen.tell(OTHERS, bold=True)
    while words := ask.line():
        if not isinstance(number := notation.count(words, here.clock), notation.Mistyped):
            return house.house(ctx, others=number, facility=houses[chosen])
        screen.tell(number.sentence, number.facts, indent="  ! ")
    return None


def _safe(ctx: Ctx) -> Outcome | None:
    """The sheet for the safe of the house: who may read and write, the words, and lines for the numbers of backups."""
    from shelterctl.paper.safe import printed  # noqa: PLC0415 - the menu is there before the press
    from shelterctl.walk.destination import where  # noqa: PLC0415 - the same

    here = desk(ctx)
    to = where(here, f"shelterctl-safe-{here.today.isoformat()}", None)
    return printed(here, to) if to else None


def _sheet(ctx: Ctx) -> Outcome | None:
    """What became of a printed sheet since, by the code at its foot, asked until it is one."""
    from shelterctl.paper.check import check as checked  # noqa: PLC0415 - the menu is there before the press

    screen.tell(SHEET, bold=True)
    while typed := ask.line():
        try:
            return checked(desk(ctx), typed)
        except (Usage, NotFound) as error:
            screen.tell(Both(error.message, error.hint) if error.hint else error.message, error.facts, indent="  ! ")
    return None


def _language(ctx: Ctx) -> Outcome | None:
    """Another language of the screen, at this computer from now on."""
    from shelterctl.walk.founding import choose_language  # noqa: PLC0415 - once in the life of a computer

    choose_language(desk(ctx))
    return None


CHOICES = (
    Choice(N_("staff: who works here"), "staff add", partial(_register, name="staff")),
    Choice(N_("partner NGOs, their memoranda and contracts"), "ngo add", partial(_register, name="ngo")),
    Choice(N_("whoever gives courses and services"), "provider add", partial(_register, name="provider")),
    Choice(N_("the houses: name, address, places"), "facility add", partial(_register, name="facility")),
    Choice(N_("other people who sleep here tonight"), "house --others N", _others),
    Choice(N_("the passphrase of this device"), "passphrase", passphrase.passphrase),
    Choice(N_("the language of the screen"), "--lang LANG", _language),
    Choice(N_("print the sheet for the safe of the house"), "trust --out FILE", _safe),
    Choice(N_("whether a printed sheet is still right"), "paper CODE", _sheet),
    Choice(N_("whether every file is whole and right"), "check", check.check),
    Choice(N_("a computer is gone: lost, stolen, given away"), "device end CODE --lost", gone.computer),
    Choice(N_("somebody leaves"), "staff end CODE", gone.leaver),
    Choice(N_("the recovery paper is gone, or somebody saw it"), "recovery renew", gone.paper),
)
