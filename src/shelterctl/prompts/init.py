"""The first questions on a computer without a store: the language, the house, and the person who founds its store."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl import language
from shelterctl.act.register import judge_capacity
from shelterctl.core.finding import FilledSentence, FilledSentences, has_refusal
from shelterctl.core.manual.rule import ruling_in_force
from shelterctl.custody.device_notes import last_language, remember_language
from shelterctl.immutable import immutable
from shelterctl.platform.writing import can_create_file, format_path
from shelterctl.prompts.register import ask_code
from shelterctl.questionnaire import Questionnaire
from shelterctl.session import Session
from shelterctl.store.folder import is_store_folder
from shelterctl.terminal.questions import Move, ask_line_until_read, ask_question, choose_option
from shelterctl.terminal.screen import clear_screen, print_sentence, screen_language
from shelterctl.typed.question import Question
from shelterctl.typed.words import Mistyped
from shelterctl.ui_language import N_, SCREEN_LANGUAGES, Marked, legible_language

INIT_WHICH_LANGUAGE = "Язык – Language"
INIT_LANGUAGES = {"ru": "русский", "en": "English"}

INIT_NO_STORE_YET = N_("There is no store yet in the folder {folder} or above it.")
INIT_WHAT = N_("What would you like to do? Making a store takes about ten minutes; nothing leaves this computer.")
INIT_WHAT_NOW = N_("What now?")
INIT_MAKE_STORE = N_("make a store for a house")
INIT_OPEN_ANOTHER = N_("open a store in another folder")
INIT_SEE_DEMO = N_("first see how someone is taken in, with an invented client")
INIT_LEAVE = N_("leave and close the program")

INIT_WHICH_FOLDER = N_("In which folder? A new folder is made if needed")
INIT_OTHER_FOLDER = N_("In which folder is the store? Enter goes back.")
INIT_NO_STORE_THERE = N_("There is no store in that folder.")
INIT_FOLDER_REFUSED = N_("The store cannot be made in that folder. Choose an empty or a new one.")
INIT_NO_FOLDER_ABOVE = N_("The folder {folder} does not exist. Make it first, or choose another place.")
INIT_STORE_IS_THERE = N_("There is a store in that folder or above it already. Choose another folder.")

INIT_ANSWER_NEEDED = N_("This answer is needed to make a store; * goes back.")
INIT_HOUSE_TITLE, INIT_YOU_TITLE = N_("1 of 4: the house"), N_("2 of 4: you")
INIT_FOLDER_NAME = "shelter"
"""The name of the offered folder, in the person's home folder."""


@immutable(slots=False)
class FoundingAnswers:
    """The answers about a house and about the person who founds its store."""

    folder: Path
    code: str
    kind: str
    capacity: int | None
    name: str
    staff: str
    staff_name: str
    role: str


def ask_language_once(session: Session) -> None:
    """Ask for the language if neither the computer nor the command line tells it."""
    if (
        language.current_language() != SCREEN_LANGUAGES[0]
        or session.options.lang
        or last_language(session.notes_folder)
    ):
        return
    while not choose_screen_language(session):
        pass


def choose_screen_language(session: Session) -> bool:
    """Ask for a screen language that this terminal can write, and remember it; return whether one is known."""
    known = [code for code in INIT_LANGUAGES if legible_language(code, sys.stdout.encoding) == code]
    lines: list[FilledSentence] = [("{name}", {"name": INIT_LANGUAGES[code]}) for code in known]
    chosen = choose_option(INIT_WHICH_LANGUAGE, lines) if len(known) > 1 else None
    if chosen is not None:
        language.set_language(known[chosen])
        remember_language(session, known[chosen])
    return chosen is not None or len(known) < 2


def choose_first_act() -> Marked:
    """Return what is to be done where there is no store; ask until it is chosen."""
    lines: list[FilledSentence] = [
        (each, {}) for each in (INIT_MAKE_STORE, INIT_OPEN_ANOTHER, INIT_SEE_DEMO, INIT_LEAVE)
    ]
    while True:
        clear_screen()
        print_sentence(INIT_NO_STORE_YET, {"folder": format_path(Path.cwd())})
        chosen = choose_option(INIT_WHAT, lines, by_number_only=(len(lines) - 1,))
        if chosen is not None:
            return (INIT_MAKE_STORE, INIT_OPEN_ANOTHER, INIT_SEE_DEMO, INIT_LEAVE)[chosen]


def ask_store_folder() -> Path | None:
    """Return a folder that has a store, asked for until there is one; None if nothing is typed."""
    return ask_line_until_read(INIT_OTHER_FOLDER, _read_store_folder)


def _read_store_folder(typed: str) -> Path | Mistyped | None:
    with suppress(OSError, RuntimeError, ValueError):  # a path that is too long, or an unknown home folder
        folder = Path(typed.strip("\"'")).expanduser()
        if not typed or is_store_folder(folder):
            return folder if typed else None
    return Mistyped(INIT_NO_STORE_THERE)


class _FoundingQuestion(NamedTuple):
    """One question: the name of its answer, the function that asks it, and the *title* if it opens a screen."""

    name: str
    ask: Callable[[], Any]
    title: Marked | None = None


def ask_founding(session: Session) -> FoundingAnswers | None:
    """Ask about the house and the founder by name, each with a proposed code; None if the person leaves.

    Every question needs its answer. Going back leads to the question before, and from the first one out.
    """
    said: dict[str, Any] = {}
    asked = _founding_questions(session, said)
    place = 0
    while 0 <= place < len(asked):
        one = asked[place]
        if one.title:
            clear_screen()
            print_sentence(one.title, bold=True)
        while (answer := one.ask()) is Move.OPEN:
            print_sentence(INIT_ANSWER_NEEDED, indent="  ! ")
        if isinstance(answer, Move):
            place -= 1
        else:
            said[one.name] = answer
            place += 1
    return None if place < 0 else FoundingAnswers(**said)


def _founding_questions(session: Session, said: Mapping[str, Any]) -> Sequence[_FoundingQuestion]:
    asking = Questionnaire(session.rulebook)

    def answer(name: str, path: str, offer: str = "", refuse: Callable[[Any], FilledSentences] = lambda _: ()) -> Any:
        """Return the answer; Enter alone keeps an earlier answer, else gives the *offer*."""
        question, before = asking.for_place(path), said.get(name)
        offer = offer if before is None else question.format_answer(before, screen_language())
        return ask_question(question, session.computer_clock, default=offer, refuse=refuse).value

    def code(name: str, of: str, lead: str = "") -> Any:
        return ask_code(session.computer_clock, said[of], (), lead, said.get(name, "")) or Move.BACK

    return (
        _FoundingQuestion("folder", lambda: _ask_new_folder(session, said.get("folder"))),
        _FoundingQuestion("name", partial(answer, "name", "directory.facilities.name"), INIT_HOUSE_TITLE),
        _FoundingQuestion("code", partial(code, "code", "name")),
        _FoundingQuestion("kind", partial(answer, "kind", "facility.kind")),
        _FoundingQuestion("capacity", lambda: _ask_capacity(session, said["kind"], partial(answer, "capacity"))),
        _FoundingQuestion("staff_name", partial(answer, "staff_name", "directory.staff.name"), INIT_YOU_TITLE),
        _FoundingQuestion("staff", partial(code, "staff", "staff_name", "s-")),
        _FoundingQuestion("role", partial(answer, "role", "staff.role")),
    )


def _ask_capacity(session: Session, kind: str, answer: Callable[..., Any]) -> Any:
    """Ask for the number of places; the manual's maximum for that kind of house is offered and enforced."""
    ruling = ruling_in_force(session.rulebook.house_kinds[kind].capacity, session.computer_day)

    def refuse(places: int) -> FilledSentences:
        found = judge_capacity(session.rulebook, kind, places, session.computer_day)[1]
        return [(one.message, one.facts) for one in found] if has_refusal(found) else ()

    return answer("facility.capacity", str(ruling.params["at_most"]) if ruling else "", refuse)


def _ask_new_folder(session: Session, before: Path | None) -> Path | Move:
    """Ask for an empty folder, or one that can be made; the offered one is in the person's home folder."""
    asked, offer = Question("folder", INIT_WHICH_FOLDER, "text"), format_path(before or Path.home() / INIT_FOLDER_NAME)
    typed = ask_question(asked, session.computer_clock, default=offer, refuse=_refuse_folder).value
    return typed if isinstance(typed, Move) else _typed_folder(typed)


def _typed_folder(typed: str) -> Path:
    return Path(typed.strip("\"'")).expanduser()


def _refuse_folder(typed: str) -> FilledSentences:
    """Return why no store can be made there: the folder must be empty, or new in a folder that exists."""
    with suppress(OSError, RuntimeError, ValueError):  # a path that is too long, or an unknown home folder
        folder = _typed_folder(typed)
        if is_store_folder(folder) or any(is_store_folder(above) for above in folder.resolve().parents):
            return ((INIT_STORE_IS_THERE, {}),)
        if not folder.parent.exists():
            return ((INIT_NO_FOLDER_ABOVE, {"folder": format_path(folder.parent)}),)
        if not os.listdir(folder) if folder.is_dir() else can_create_file(folder):
            return ()
    return ((INIT_FOLDER_REFUSED, {}),)
