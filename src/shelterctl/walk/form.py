"""A form printed blank, to be written on by hand: for a power cut, or a colleague without a computer."""

from collections.abc import Mapping, Sequence

from shelterctl import ask, machine
from shelterctl.core.finding import Said
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.paper.agreement import signed_in
from shelterctl.paper.form import blank_of
from shelterctl.paper.request import Request, titles
from shelterctl.walk.language import language_of_all
from shelterctl.walk.printing import delivered
from shelterctl.walk.title import calm

WHICH = N_("Which form, blank? Enter goes back.")
ALL = N_("all of them, in one file")
ROW = N_("{form}")
LIES = N_("The file is {file}. Nobody stands on it, yet it tells whose computer this is: print it, then delete it.")


def blank(here: Desk) -> Said:
    """Print one blank form, or all of them; nothing is said where none is printed."""
    called = {form: calm(title) for form, title in titles(here.shelf).items()}
    path = None
    with here.alone():
        while path is None and (forms := _chosen(called)):
            if wanted := _wanted(here, {form: called[form] for form in forms}):
                papers = [blank_of(here, each) for each in wanted]
                path = delivered(here, f"shelterctl-blank-{here.today.isoformat()}", None, lambda: papers)  # noqa: B023
    return ((LIES, {"file": machine.spelt(path)}),) if path else ()


def _chosen(called: Mapping[str, str]) -> Sequence[str]:
    options = [(ALL, {}), *((ROW, {"form": each}) for each in called.values())]
    chosen = ask.choice(WHICH, options)
    return () if chosen is None else [list(called)[chosen - 1]] if chosen else list(called)


def _wanted(here: Desk, called: Mapping[str, str]) -> Sequence[Request]:
    """Each form in the only language that it is signed in, else in the one that is asked for; none without one."""
    own = {form: signed_in(here.shelf.form(form), here.day) for form in called if form in here.shelf.forms}
    free = [name for form, name in called.items() if not own.get(form)]
    language = language_of_all(here, free, None) if free else ""
    return () if language is None else [Request(form, own.get(form) or language) for form in called]
