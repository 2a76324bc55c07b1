"""The scenes of the menu for a computer that is gone, somebody who leaves, a lost paper: the telephone comes first."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from shelterctl import ask, screen
from shelterctl.cli.options import Ctx, desk
from shelterctl.core import notation
from shelterctl.core.finding import Outcome
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError
from shelterctl.explained import page, word
from shelterctl.language import N_
from shelterctl.view import access, call
from shelterctl.walk.offers import offers_of

WHICH = N_("Which computer is gone? Enter goes back.")
ROW = N_("{device} · {whose} · wrote last on {last}")
UNUSED = N_("{device} · {whose} · wrote nothing")
HERE = N_("{device} · {whose} · the computer at which you sit")
HOW = N_("What happened to it? Enter goes back.")
LOST = N_("it was lost or stolen")
GIVEN = N_("it was given back, given away or broken")
WHO = N_("Who leaves? Enter goes back.")
NAMED = N_("{who}")
LAST_DAY = N_("Which is the last day of work? Enter is today.")
STAYS = N_("Does the computer {device} stay in the house, for others to work at?")


def computer(ctx: Ctx) -> Outcome | None:
    """A computer that is lost, stolen or given away: the call, which one, what it means, and then it is shut out."""
    from shelterctl.walk.ending import end  # noqa: PLC0415 - the menu is there before it

    here = desk(ctx)
    screen.hold(call.lines(here, "device"))
    rows = [row for row in access.rows_of(here) if row["state"] != "ended"]
    screen.clear()
    chosen = ask.choice(WHICH, _computers(here, rows))
    if chosen is None or (how := ask.choice(HOW, [(LOST, {}), (GIVEN, {})])) is None:
        return None
    screen.clear()
    why = "lost" if how == 0 else "left"
    return end(here, rows[chosen]["device"], why, None, None, check=False)


def _computers(here: Desk, rows: list[dict[str, Any]]) -> list[ask.Option]:
    """A line for each computer: its code, whose it is, and when it wrote last."""
    names: Mapping[Any, Any] = {}
    with suppress(ShelterError):  # the code is enough
        names = offers_of(here)["staff"]
    return [
        (
            HERE if row["state"] == "here" else ROW if row["last"] else UNUSED,
            {"device": row["device"], "whose": names.get(row["staff"], row["staff"]), "last": row["last"] or ""},
        )
        for row in rows
    ]


def leaver(ctx: Ctx) -> Outcome | None:
    """Somebody of the staff who leaves: the call, who, the last day, which computers stay, and then it is done."""
    from shelterctl.cli.departure import end  # noqa: PLC0415 - the menu is there before it

    here = desk(ctx)
    screen.hold(call.lines(here, "staff"))
    staff = offers_of(here)["staff"]
    screen.clear()
    chosen = ask.choice(WHO, [(NAMED, {"who": text}) for text in staff.values()])
    if chosen is None:
        return None
    code, day = list(staff)[chosen], _last_day(here)
    hers = [row for row in access.rows_of(here) if row["staff"] == code and row["state"] == "in_force"]
    kept = [row["device"] for row in hers if ask.confirm(STAYS, {"device": row["device"]})]
    screen.clear()
    return end(ctx, code, on=day, keep=kept, check=False)


def _last_day(here: Desk) -> str:
    """The last day of work, asked until it is a day; today where nothing is typed."""
    from shelterctl.act.departure import TO_COME  # noqa: PLC0415 - the menu is there before it

    screen.tell(LAST_DAY, bold=True)
    while words := ask.line():
        read = notation.day(words, here.clock)
        if isinstance(read, str) and read <= here.today.isoformat():
            return read
        wrong = (TO_COME, {"on": read}) if isinstance(read, str) else (read.sentence, read.facts)
        screen.tell(*wrong, indent="  ! ")
    return here.today.isoformat()


def paper(ctx: Ctx) -> Outcome | None:
    """A recovery paper that is gone, or that somebody saw: the call, and then another paper takes its place."""
    from shelterctl.walk.renewal import renew  # noqa: PLC0415 - the menu is there before it

    here = desk(ctx)
    screen.hold(call.lines(here, "paper"))
    screen.clear()
    return renew(here, None, only_said=False)


SCENES: Mapping[str, Callable[[Ctx], Outcome | None]] = {
    "computer that is gone": computer,
    "somebody who leaves": leaver,
    "paper that is gone": paper,
}
"""Each by the word of the glossary under which it is explained, with all the ways to say it."""


def meant(words: str) -> Callable[[Ctx], Outcome | None] | None:
    """The scene for words that somebody typed in need; None where they mean none of these."""
    called = {page.folded(other): name for other, name in word.also() if name in SCENES}
    name = called.get(page.folded(words))
    return SCENES[name] if name else None
