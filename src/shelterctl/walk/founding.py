"""The first ten minutes: which language, which house, and who sits here, asked of whoever has no store yet."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl import ask, language, machine, screen, store
from shelterctl.act.capacity import capacity_of
from shelterctl.act.reminder import last_language, remember_language
from shelterctl.core.finding import refused
from shelterctl.core.question import Question
from shelterctl.core.ruling import in_force
from shelterctl.desk import Desk
from shelterctl.language import N_, SPOKEN, Marked
from shelterctl.questionnaire import Questionnaire
from shelterctl.walk.register import coded

WHICH_LANGUAGE = "Язык – Language"
LANGUAGES = {"ru": "русский", "en": "English"}

WELCOME = N_("There is no store yet in the folder {folder}, nor in one above it.")
WHAT = N_("What is to be done? To make a store takes about ten minutes; nothing leaves this computer.")
WHAT_NOW = N_("What now?")
MAKE = N_("make a store for a house")
GO_TO = N_("open a store that lies in another folder")
FILM = N_("see first how someone is taken in, with an invented client")
LEAVE = N_("leave, and close the program")

FOLDER = N_("In which folder? It is made if it is not there")
ELSEWHERE = N_("In which folder does the store lie? Enter goes back.")
NO_STORE = N_("There is no store in that folder.")
CANNOT = N_("No folder can be made there. Choose another.")
NOT_ABOVE = N_("There is no folder {folder}, in which it would be made. Make that one first, or choose another.")
LIES_IN = N_("A store lies there already, or above it. Choose another folder.")

NEEDED = N_("Without this answer no store can be made; * goes back.")
HOUSE, YOU = N_("1 of 4: the house"), N_("2 of 4: you")
NAME = "shelter"
"""The folder that is offered, in her own."""


@dataclass(frozen=True, repr=False, eq=False)
class Household:
    """What is answered of a house and of whoever founds its store."""

    folder: Path
    code: str
    kind: str
    capacity: int | None
    name: str
    staff: str
    staff_name: str
    role: str


def speak(here: Desk) -> None:
    """Ask for the language where nothing tells it, neither the computer nor what was typed."""
    if language.current() == SPOKEN[0] and not (here.option("lang") or last_language(here.heads)):
        while not choose_language(here):
            pass


def choose_language(here: Desk) -> bool:
    """Ask for the language of the screen, in all that this terminal can write, and remember it; whether it is known."""
    known = [code for code in LANGUAGES if language.legible(code, sys.stdout.encoding) == code]
    lines: list[ask.Option] = [("{name}", {"name": LANGUAGES[code]}) for code in known]
    chosen = ask.choice(WHICH_LANGUAGE, lines) if len(known) > 1 else None
    if chosen is not None:
        language.speak(known[chosen])
        remember_language(here, known[chosen])
    return chosen is not None or len(known) < 2


def what() -> Marked:
    """What is to be done where there is no store; asked until it is chosen."""
    lines: list[ask.Option] = [(each, {}) for each in (MAKE, GO_TO, FILM, LEAVE)]
    while True:
        screen.clear()
        screen.tell(WELCOME, {"folder": machine.spelt(Path.cwd())})
        chosen = ask.choice(WHAT, lines, grave=(len(lines) - 1,))
        if chosen is not None:
            return (MAKE, GO_TO, FILM, LEAVE)[chosen]


def elsewhere() -> Path | None:
    """A folder in which a store lies, asked for until there is one."""
    screen.tell(ELSEWHERE, bold=True)
    while typed := ask.line():
        with suppress(OSError, RuntimeError, ValueError):  # too long, or a home that nobody has
            folder = Path(typed.strip("\"'")).expanduser()
            if store.is_store(folder):
                return folder
        screen.tell(NO_STORE, indent="  ! ")
    return None


class _Asked(NamedTuple):
    """One question: what it is the answer to, how it is put, and the title of a screen that begins with it."""

    name: str
    put: Callable[[], Any]
    title: Marked | None = None


def household(here: Desk) -> Household | None:
    """The house and whoever sits here, by their names, each with a code that is proposed; None where it is left.

    Each question needs its answer, and going back leads to the one before; before the first one it leads out.
    """
    said: dict[str, Any] = {}
    asked = _questions(here, said)
    place = 0
    while 0 <= place < len(asked):
        one = asked[place]
        if one.title:
            screen.clear()
            screen.tell(one.title, bold=True)
        while (answer := one.put()) is ask.Move.OPEN:
            screen.tell(NEEDED, indent="  ! ")
        if isinstance(answer, ask.Move):
            place -= 1
        else:
            said[one.name] = answer
            place += 1
    return None if place < 0 else Household(**said)


def _questions(here: Desk, said: Mapping[str, Any]) -> Sequence[_Asked]:
    asking = Questionnaire(here.shelf)

    def answer(name: str, path: str, offer: str = "") -> Any:
        """The answer, where Enter alone keeps what was answered before, else takes the *offer*."""
        question, before = asking.of(path), said.get(name)
        offer = offer if before is None else question.shown(before, screen.spoken())
        return ask.question(question, here.early, offer=offer).value

    def code(name: str, of: str, lead: str = "") -> Any:
        return coded(here.early, said[of], (), lead, said.get(name, "")) or ask.Move.BACK

    return (
        _Asked("folder", lambda: _folder(here, said.get("folder"))),
        _Asked("name", partial(answer, "name", "directory.facilities.name"), HOUSE),
        _Asked("code", partial(code, "code", "name")),
        _Asked("kind", partial(answer, "kind", "facility.kind")),
        _Asked("capacity", lambda: _places(here, said["kind"], partial(answer, "capacity"))),
        _Asked("staff_name", partial(answer, "staff_name", "directory.staff.name"), YOU),
        _Asked("staff", partial(code, "staff", "staff_name", "s-")),
        _Asked("role", partial(answer, "role", "staff.role")),
    )


def _places(here: Desk, kind: str, answer: Callable[..., Any]) -> Any:
    """How many places it has: no more than the manual allows a house of that kind, which is what is offered."""
    ruling = in_force(here.shelf.kinds[kind].capacity, here.day)
    while True:
        places = answer("facility.capacity", str(ruling.asks["at_most"]) if ruling else "")
        found = () if isinstance(places, ask.Move) else capacity_of(here.shelf, kind, places, here.day)[1]
        screen.write([screen.said(finding.message, finding.facts) for finding in found], indent="  ! ")
        if not refused(found):
            return places


def _folder(here: Desk, before: Path | None) -> Path | ask.Move:
    """An empty folder, or one that can be made; the one that is offered lies where her other folders do."""
    while True:
        offer = machine.spelt(before or Path.home() / NAME)
        typed = ask.question(Question("folder", FOLDER, "text"), here.early, offer=offer).value
        if isinstance(typed, ask.Move):
            return typed
        try:
            folder = Path(typed.strip("\"'")).expanduser()
            wrong = _wrong(folder)
        except (OSError, RuntimeError, ValueError):  # too long, or a home that nobody has
            wrong = CANNOT
        if wrong is None:
            return folder
        screen.tell(wrong, {"folder": machine.spelt(folder.parent)} if wrong is NOT_ABOVE else {}, indent="  ! ")


def _wrong(folder: Path) -> Marked | None:
    """Why no store may be made there: only in an empty folder, or one that is not there in a folder that is."""
    if store.is_store(folder) or any(store.is_store(above) for above in folder.resolve().parents):
        return LIES_IN
    if not folder.parent.exists():
        return NOT_ABOVE
    free = not os.listdir(folder) if folder.is_dir() else machine.can_be_made(folder)
    return None if free else CANNOT
