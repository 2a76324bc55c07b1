"""The first ten minutes: which language, which house, and who sits here, asked of whoever has no store yet."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shelterctl import ask, language, machine, screen, store
from shelterctl.act.capacity import capacity_of
from shelterctl.act.reminder import last_language, remember_language
from shelterctl.core.finding import refused
from shelterctl.core.question import Question
from shelterctl.core.ruling import in_force
from shelterctl.desk import Desk
from shelterctl.language import N_, SPOKEN, Marked
from shelterctl.questionnaire import Questionnaire
from shelterctl.walk.destination import shown
from shelterctl.walk.register import coded

WHICH_LANGUAGE = "Язык – Language"
LANGUAGES = {"ru": "русский", "en": "English"}

WELCOME = N_("There is no store yet in the folder {folder}, nor in one above it.")
WHAT = N_("What is to be done? To make a store takes about ten minutes; nothing leaves this computer.")
MAKE = N_("make a store for a house")
GO_TO = N_("open a store that lies in another folder")
FILM = N_("see first how someone is taken in, with an invented client")
LEAVE = N_("leave, and close the program")

FOLDER = N_("In which folder? It is made if it is not there")
ELSEWHERE = N_("In which folder does the store lie? Enter goes back.")
NO_STORE = N_("There is no store in that folder.")
CANNOT = N_("No folder can be made there. Choose another.")
LIES_IN = N_("A store lies there already, or above it. Choose another folder.")

NEEDED = N_("Without this answer no store can be made; * goes back.")
HOUSE, YOU = N_("1 of 4: the house"), N_("2 of 4: you")
NAME = "shelter"
"""The folder that is offered, in her own."""


@dataclass(frozen=True, repr=False, eq=False)
class House:
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
        choose_language(here)


def choose_language(here: Desk) -> None:
    """Ask for the language of the screen, in all that this terminal can write, and remember it."""
    known = [code for code in LANGUAGES if language.legible(code, sys.stdout.encoding) == code]
    lines: list[ask.Option] = [("{name}", {"name": LANGUAGES[code]}) for code in known]
    chosen = ask.choice(WHICH_LANGUAGE, lines) if len(known) > 1 else None
    if chosen is not None:
        language.speak(known[chosen])
        remember_language(here, known[chosen])


def what() -> Marked:
    """What is to be done where there is no store; asked until it is chosen."""
    lines: list[ask.Option] = [(each, {}) for each in (MAKE, GO_TO, FILM, LEAVE)]
    while True:
        screen.clear()
        screen.tell(WELCOME, {"folder": shown(Path.cwd())})
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


def house(here: Desk) -> House | None:
    """The house and whoever sits here, by their names, each with a code that is proposed; None where it is left.

    Going back leads to the question before; each of them needs its answer.
    """
    said: dict[str, Any] = {}
    asked = list(_questions(here, said))
    place = -1
    while place < len(asked):
        answer = _folder(here) if place < 0 else asked[place][1]()
        if isinstance(answer, ask.Move):
            if place < 0:
                return None
            place = max(place - 1, -1) if answer is not ask.Move.OPEN else place
            if answer is ask.Move.OPEN:
                screen.tell(NEEDED, indent="  ! ")
            continue
        said["folder" if place < 0 else asked[place][0]] = answer
        place += 1
    return House(**said)


def _questions(here: Desk, said: dict[str, Any]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What is asked of the house and of whoever sits here, by what it is the answer to."""
    asking = Questionnaire(here.shelf)

    def answer(path: str, offer: str = "") -> Any:
        return ask.question(asking.of(path), here.early, offer=offer).value

    def name() -> Any:
        screen.clear()
        screen.tell(HOUSE, bold=True)
        return answer("directory.facilities.name")

    def who() -> Any:
        screen.clear()
        screen.tell(YOU, bold=True)
        return answer("directory.staff.name")

    def code(named: str, lead: str = "") -> Any:
        return coded(here.early, said[named], (), lead) or ask.Move.BACK

    yield "name", name
    yield "code", lambda: code("name")
    yield "kind", lambda: answer("facility.kind")
    yield "capacity", lambda: _places(here, said["kind"], answer)
    yield "staff_name", who
    yield "staff", lambda: code("staff_name", "s-")
    yield "role", lambda: answer("staff.role")


def _places(here: Desk, kind: str, answer: Callable[..., Any]) -> Any:
    """How many places it has: no more than the manual allows a house of that kind, which is what is offered."""
    ruling = in_force(here.shelf.kinds[kind].capacity, here.day)
    while True:
        places = answer("facility.capacity", str(ruling.asks["at_most"]) if ruling else "")
        found = () if isinstance(places, ask.Move) else capacity_of(here.shelf, kind, places, here.day)[1]
        for finding in found:
            screen.tell(finding.message, finding.facts, indent="  ! ")
        if not refused(found):
            return places


def _folder(here: Desk) -> Path | ask.Move:
    """An empty folder, or one that can be made; the one that is offered lies where her other folders do."""
    while True:
        offer = shown(Path.home() / NAME)
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
        screen.tell(wrong, indent="  ! ")


def _wrong(folder: Path) -> Marked | None:
    """Why no store may be made there: only in an empty folder, or one that is not there in a folder that is."""
    if store.is_store(folder) or any(store.is_store(above) for above in folder.resolve().parents):
        return LIES_IN
    free = not os.listdir(folder) if folder.is_dir() else machine.can_be_made(folder)
    return None if free else CANNOT
