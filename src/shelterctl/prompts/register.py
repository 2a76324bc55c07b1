"""The questions about a register entry: the name behind its code and other facts, each answer saved at once."""

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from shelterctl.act.register import (
    change_register,
    judge_register_entry,
    register_context,
    register_entries,
    register_file,
    save_register_entry,
)
from shelterctl.core.finding import FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.manual.field import leaf_fields
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import value_at
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.names import find_name
from shelterctl.core.values.codes import propose_code
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable
from shelterctl.language import LabelledCode, Sentence
from shelterctl.prompts.steps import Dialogue, QuestionStep, print_how_to_answer
from shelterctl.questionnaire import Questionnaire, read_offers
from shelterctl.session import CODE_LIKE_CLIENT_ID, Session, may_ask
from shelterctl.store.folder import DIRECTORY_FILE, could_be_client_id
from shelterctl.terminal.questions import Move, ask_question, confirm
from shelterctl.terminal.screen import print_lines, print_sentence, sentence_text
from shelterctl.typed.question import Question
from shelterctl.typed.words import Clock
from shelterctl.ui_language import N_

REGISTER_TITLE = N_("{code}: the facts behind this code. They are encrypted; Enter leaves one out.")
REGISTER_WHO_IS_NEW = N_("A new entry: {what}. Enter goes back.")
REGISTER_WHICH_CODE = N_("Which code? It replaces the name in lists and in the journal")
REGISTER_CODE_IN_CLEAR = N_("The code is not encrypted: do not use a family name.")
REGISTER_CODE_TAKEN = N_("The code {code} is taken already. Choose another.")
REGISTER_NUMBER_NEEDED = N_("This number is required. Type another, or press Enter to keep it.")
REGISTER_ANSWERS_SAVED = N_("Your answers are saved.")
REGISTER_CHANGE_ROLE = N_("{staff} is registered as {before}. Change that to {role}?")
REGISTER_IS_BACK = N_("{staff} worked here until {until}. Does {staff} work here again from today?")
REGISTER_ROLE_STAYS = N_("{staff} is still registered as {before}; nothing was changed.")


def confirm_role_change(session: Session, track: Track, answer: Facts) -> Outcome | None:
    """Ask before someone gets another role; return the outcome if the answer is no, else None."""
    if "role" not in track.clear or not may_ask(session):
        return None
    before = value_at(_clear_entries(session, track), f"{answer[track.name]}.role")
    if before in (None, answer["role"]):
        return None
    was = {**answer, "before": LabelledCode(before, track.clear["role"].codes[before])}
    if confirm(REGISTER_CHANGE_ROLE, was):
        return None
    return Outcome(data={**answer, "role": was["before"]}, said=((REGISTER_ROLE_STAYS, was),))


def ask_whether_back(session: Session, track: Track, code: str, said: Facts) -> Facts:
    """Ask whether someone who left is back; if so, return today as the day *since* which.

    Nothing is asked if anything else is *said*.
    """
    known = _clear_entries(session, track).get(code) or {}
    if said or "until" not in known or "since" not in track.clear or not may_ask(session):
        return {}
    left = {track.name: code, "until": known["until"]}
    return {"since": session.today.isoformat()} if confirm(REGISTER_IS_BACK, left) else {}


@immutable(slots=False)
class Newcomer:
    """A new register entry: its proposed or typed code, and the answers so far."""

    code: str
    said: Facts


def ask_newcomer(session: Session, track: Track, title: Sentence = REGISTER_WHO_IS_NEW) -> Newcomer | None:
    """Ask who or what is new, by which code, and for its required unencrypted facts; None if the name is left out."""
    asked = Questionnaire(session.rulebook, read_offers(session))
    with session.own_screen():
        print_sentence(title, {"what": track.text}, bold=True)
        name = ask_question(asked.for_place(f"directory.{track.at}.name"), session.clock).value
        if isinstance(name, Move):
            return None
        taken = _clear_entries(session, track)
        code = ask_code(session.clock, name, taken, "s-" if track.name == "staff" else "")
        said: dict[str, Any] = {"name": name}
        for key, one in track.clear.items():
            if one.must and one.kind != "day" and code:
                answered = ask_question(asked.for_place(f"{track.name}.{key}"), session.clock).value
                said |= {} if isinstance(answered, Move) else {key: answered}
    return Newcomer(code, said) if code else None


def ask_code(clock: Clock, name: str, taken: Container[str], lead: str = "", before: str = "") -> str | None:
    """Return the code for a name, as proposed or as typed; None if there is to be none.

    An answer given *before* is proposed again.
    """
    question = Question("", REGISTER_WHICH_CODE, "code", hint=REGISTER_CODE_IN_CLEAR)
    offer = before or propose_code(name, taken, lead)
    offer = f"{offer}-1" if could_be_client_id(offer) else offer
    answer = ask_question(question, clock, default=offer, refuse=partial(_refuse_new_code, taken))
    return None if isinstance(answer.value, Move) else str(answer.value)


def _refuse_new_code(taken: Container[str], code: Any) -> FilledSentences:
    """Return why nothing can be registered under a code: it is taken, or could be read as a client's id."""
    if code in taken:
        return ((REGISTER_CODE_TAKEN, {"code": code}),)
    return ((CODE_LIKE_CLIENT_ID, {"typed": code}),) if could_be_client_id(str(code)) else ()


def ask_register(session: Session, track: Track, code: str, *, new: bool = False) -> Outcome:
    """Ask for the name, address or dates behind a code; for a *new* entry, only for what is not answered yet."""
    known = {} if new else _directory_entry(session, track, code)
    dialogue = Dialogue(
        session, f"{track.name} add {code}", lambda: list(_register_steps(session, track, code, known)), lambda: None
    )
    left: FilledSentences = ((REGISTER_ANSWERS_SAVED, {}),)
    with dialogue.keep_on_interrupt(lambda: left), session.own_screen():
        print_sentence(REGISTER_TITLE, {"code": code}, bold=True)
        print_how_to_answer()
        if new:
            dialogue.ask_open()
        else:
            dialogue.ask_part(lambda step: True)
    return Outcome(data={track.name: code}, said=left)


def ask_names(session: Session, track: Track, code: str, source: str | None, *, new: bool = False) -> bool:
    """Ask for the names behind a code if no file gives them; return whether anything was answered."""
    if source is not None or not may_ask(session):
        return False
    before = _registered_facts(session, track, code)
    ask_register(session, track, code, new=new)
    return _registered_facts(session, track, code) != before


def _registered_facts(session: Session, track: Track, code: str) -> tuple[Facts, Facts]:
    """Return the encrypted and the unencrypted facts of a register entry."""
    return _directory_entry(session, track, code), _clear_entries(session, track).get(code) or {}


def _clear_entries(session: Session, track: Track) -> Mapping[str, Any]:
    """Return the unencrypted facts of a register, by code."""
    return register_entries(register_file(session, track)[1], track)


def _directory_entry(session: Session, track: Track, code: str) -> Facts:
    """Return the encrypted facts of a register entry."""
    return register_entries(session.store.directory, track).get(code) or {}


def _register_steps(session: Session, track: Track, code: str, known: Facts) -> Iterator[QuestionStep]:
    """Yield a question for each field of the register; the day on which something ended only for a known entry."""
    entry, asked = _directory_entry(session, track, code), Questionnaire(session.rulebook, read_offers(session))
    clear = _clear_entries(session, track).get(code) or {}
    whole, around = read_entry(track.whole, {**entry, **clear}), register_context(session, {}, code)
    for path, _ in leaf_fields(track.fields):
        if path.endswith("terminated_on") and "name" not in known:
            continue
        if not find_name(whole, path, around).is_asked(whole, around):
            continue
        put = partial(_save_register_answer, session, track, code, path)
        yield QuestionStep(path, asked.for_place(f"directory.{track.at}.{path}"), value_at(entry, path), put)
    for name, one in track.clear.items():
        if one.kind == "whole" and clear:
            number = partial(_save_number, session, track, code, name)
            yield QuestionStep(name, asked.for_place(f"{track.name}.{name}"), clear.get(name), number)


def _save_number(session: Session, track: Track, code: str, name: str, value: Any) -> Sequence[Finding]:
    """Save an unencrypted number, such as that of places; findings that do not refuse it are printed."""
    if value is None:
        return (Finding(code="fragment/cannot-remove", message=REGISTER_NUMBER_NEEDED),)
    clear, found = judge_register_entry(session, track, code, {name: value})
    if has_refusal(found):
        return found
    print_lines([sentence_text(one.message, one.facts) for one in found], indent="  ! ")
    save_register_entry(session, track, code, clear, [])
    return ()


def _with_value(facts: Facts, path: Sequence[str], value: Any) -> dict[str, Any]:
    """Return facts with a value at a place, or without it where it is None; a group left empty is removed."""
    first, *inner = path
    below = _with_value(facts.get(first) or {}, inner, value) if inner else value
    return {name: kept for name, kept in {**facts, first: below}.items() if kept not in (None, {})}


def _save_register_answer(session: Session, track: Track, code: str, path: str, value: Any) -> tuple[Finding, ...]:
    """Save one answer in the directory, or remove it where it is None."""
    held = session.store.directory
    entry: dict[str, Any] = {**(register_entries(held, track).get(code) or {})}
    whole = _with_value(entry, path.split("."), value)
    session.save([change_register(session, (DIRECTORY_FILE, held), track, code, whole)], track.at)
    return ()
