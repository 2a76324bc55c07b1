"""What the menu offers: each of its lines, the command that does the same, and what the menu asks before it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from shelterctl import ask, screen
from shelterctl.act.reminder import remember_staff
from shelterctl.cli import admit, agreement, backup, check, discharge, find, house, monitor, show, trust, void
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.language import N_, Sentence
from shelterctl.view.overview import overview
from shelterctl.walk.client import whom
from shelterctl.walk.offers import offers_of

FORM = N_("Which form?")
DRAFT = N_("A draft of it is saved.")
GO_ON = N_("go on with it, or correct it")
SIGNED = N_("it was signed on paper: record that")
LEFT = N_("She was discharged on {on}.")
ANOTHER_DAY = N_("it was another day, or something else is to be corrected")
NOT_LEFT = N_("she did not leave: take the discharge back")
WHO = N_("Who is at this device?")
FOLDER = N_("Into which folder? A USB stick, for example; Enter goes back.")
PAPERS = N_("What is to be printed? Enter goes back.")
HERS = N_("papers of a client, filled in")
BLANK = N_("a blank form, for the next power cut")
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
    chosen = ask.choice(FORM, [(form.text, {}) for form in forms.values()])
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


def someone_else(ctx: Ctx) -> None:
    """Who sits here from now on; what is written down next is recorded by that code."""
    staff = offers_of(desk(ctx))["staff"]
    chosen = ask.choice(WHO, [(text, {}) for text in staff.values()])
    if chosen is not None:
        ctx.meta[STAFF] = list(staff)[chosen]
        remember_staff(desk(ctx), ctx.meta[STAFF])


def make_backup(ctx: Ctx) -> Outcome | None:
    """A backup into the folder that is named, asked until there is such a one; none where none is named."""
    from shelterctl.walk.destination import NO_FOLDER  # noqa: PLC0415 - the menu is there before the press

    screen.tell(FOLDER)
    while typed := ask.line():
        with suppress(OSError, RuntimeError, ValueError):  # too long, or a home that nobody has
            if (folder := Path(typed.strip("\"'")).expanduser()).is_dir():
                return backup.backup(ctx, folder)
        screen.tell(NO_FOLDER, indent="  ! ")
    return None


def _add(ctx: Ctx, client: str) -> Outcome | None:
    """What is written down is chosen by its group, from what her file may take as it stands now."""
    from shelterctl.walk import writing  # noqa: PLC0415 - the menu is there before it

    return writing.walk(desk(ctx), client)


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
    Choice(N_("make a backup"), "backup DIR", make_backup, one=False),
    Choice(N_("write something else down in her file"), "add ID TRACK", _add),
)
SETTLED: Mapping[str, Callable[[Ctx], Outcome]] = {
    "trust/begin": lambda ctx: trust.trust(ctx, begin=True),
    "trust/new-device": lambda ctx: trust.trust(ctx, accept=True),
    "trust/no-memory": lambda ctx: check.check(ctx, remember=True),
}
"""What opens a store again that nothing may be written to, by the reason."""
