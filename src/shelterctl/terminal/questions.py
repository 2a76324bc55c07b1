"""Questions asked at the terminal until they are answered.

The answer is a typed line, a value read by its kind, yes or no, or an option chosen from a list by its number or its
first words.
"""

import sys
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import field
from enum import Enum
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from shelterctl.core.finding import FilledSentence, FilledSentences
from shelterctl.immutable import immutable
from shelterctl.language import Sentence
from shelterctl.platform import keyboard
from shelterctl.terminal.screen import (
    discard_typeahead,
    handle_end_of_input,
    has_early_answer,
    print_lines,
    print_sentence,
    screen_language,
    sentence_text,
    take_early_answer,
    wait_for_input,
)
from shelterctl.typed import doubts, readers
from shelterctl.typed.choices import find_near_lines
from shelterctl.typed.question import Question, say_text
from shelterctl.typed.words import MOVE_WORDS, OPPOSITE_ON_ONE_KEY, Clock, Mistyped
from shelterctl.ui_language import N_

PROMPT = "> "
UNSEEN_CHARACTERS = N_("The text had invisible characters, which were removed. Check it and press Enter.")
PASTE_SECONDS = 0.003
"""Seconds within which the next line of a paste arrives; most terminals send a paste as one piece anyway."""
LINES_JOINED = N_("Several lines came at once and were joined into one.")


def ask_line(typed: str = "") -> str:
    """Return a typed line without its line end; *typed* is in the line at the start, and can be edited.

    Raises KeyboardInterrupt for Ctrl-C and Ctrl-D, and screen.Idle if that is watched for.
    """
    while True:
        read = _read_with_paste(typed)
        kept = "".join(each for each in " ".join(read.split()) if each.isprintable())
        if kept == " ".join(read.split()):
            if "\n" in read.strip("\n"):
                print_sentence(LINES_JOINED, indent="  ")
            return kept
        print_sentence(UNSEEN_CHARACTERS, indent="  ")
        typed = kept


def _read_with_paste(typed: str) -> str:
    """Return a line together with the lines pasted after it."""
    if early := take_early_answer():
        print_lines([PROMPT + early])
        return early
    if typed and not keyboard.supports_line_editing():
        print_lines([typed], indent="  ")
    try:
        with wait_for_input(typed):
            lines = [keyboard.read_edited_line(PROMPT, typed)]
    except EOFError:
        handle_end_of_input()
        sys.stdout.write("\n")
        raise KeyboardInterrupt from None
    except KeyboardInterrupt:
        discard_typeahead()
        # While the line is edited, nothing else shows the key.
        sys.stdout.write("^C\n" if keyboard.supports_line_editing() else "\n")
        raise
    while keyboard.has_more_input(PASTE_SECONDS):
        try:
            lines.append(keyboard.read_edited_line(""))
        except EOFError:
            break
    return "\n".join(lines)


Meaning = TypeVar("Meaning")


def ask_line_until_read(title: Sentence, read: Callable[[str], Meaning | Mistyped]) -> Meaning:
    """Ask for a line below its *title* until *read* understands it; return its meaning."""
    print_sentence(title, bold=True)
    while isinstance(meant := read(ask_line()), Mistyped):
        print_sentence(meant.sentence, meant.facts, indent="  ! ")
    return meant


YES_NO_HINT = N_("1 yes, 2 no")
FORMAT_HINTS = {
    "time": N_("Day and time, such as 14.03 21:30."),
    "clock": N_("Time of day, such as 8:00."),
    "clocks": N_("Times of day, such as 8:00, 20:30."),
}
"""Hints for kinds of values that people write in different ways."""
SHORT_VALUE = 30
"""Greatest length of a suggestion that the sentence about Enter repeats."""
READ_AS = N_("That is {value}.")
READ_AS_FUTURE = N_("That is {value}, in the future. If it is wrong, type * to go back.")
DID_YOU_MEAN = N_("Did you mean {meant}? Press Enter for {meant}.")
DID_YOU_MEAN_LONG = N_("Did you mean {meant}? Press Enter to accept it.")
DID_YOU_MEAN_MOVE = {
    "<": N_("Did you want to go back? Press Enter to go back."),
    "?": N_("Did you want an explanation? Press Enter to see it."),
    ".": N_("Did you want to stop for now? Press Enter to stop."),
}
"""Offers made after a key of the other keyboard layout was pressed, by the move that it stands for."""
IF_UNKNOWN = N_("If nobody knows, write: unknown.")
LEFT_OPEN = N_("If nobody knows, leave it open: write -.")
DID_YOU_MEAN_RETYPE = N_("Did you mean {meant}? Then type it; Enter alone means no.")
"""An offer for questions to which Enter alone is already an answer."""
KEYBOARD_LANGUAGE = N_("Check the keyboard's language.")
CURRENT_VALUE = N_("now: {value}")
REPLACES_CURRENT = N_("Your answer replaces the present one: write all of it.")
QUESTION_OF_HOW_MANY = N_("{number} of {all}")
ENTER_TAKES_OFFER = N_("Press Enter for {value}, or write - to leave it open.")
QUESTION_NOT_EXPLAINED = N_("There is no explanation of this question.")


class TypedAnswer(NamedTuple):
    """The outcome of a question: a value or a Move, and the words that were typed."""

    value: Any
    words: str = ""


class Move(Enum):
    """A move that was typed instead of an answer."""

    OPEN = "open"
    BACK = "back"
    REMOVE = "remove"
    ENOUGH = "enough"


def ask_question(
    asked: Question,
    clock: Clock,
    *,
    current: Any = None,
    words: str = "",
    default: str = "",
    explain: Callable[[], None] | None = None,
    position: tuple[int, int] | None = None,
    refuse: Callable[[Any], FilledSentences] = lambda _: (),
) -> TypedAnswer:
    """Return the answer to one question, or a move away from it.

    *current* is the present value, *words* the text typed before. *default* is the answer of Enter alone. *explain*
    shows the explanation of the question. *position* is its number, and the number of questions. *refuse* returns the
    reasons against an answer; they are shown, and the question is asked again.
    """
    _print_question(asked, current, default, position)
    before, offered = "", default
    while True:
        words = ask_line(words) or offered
        move = MOVE_WORDS.get(words.casefold())
        if not words:
            return TypedAnswer(Move.OPEN)
        if move == "?":
            explain() if explain else print_sentence(QUESTION_NOT_EXPLAINED, indent="  ")
            _print_question(asked, current, default, position)
            offered = default
        elif move:
            return TypedAnswer({"<": Move.BACK, "-": Move.REMOVE, ".": Move.ENOUGH}[move])
        else:
            again = words == before
            read = asked.read_answer(words, clock, screen_language(), again=again)
            if not isinstance(read, Mistyped):
                if not (refused := refuse(read)):
                    return TypedAnswer(read, words)
                for sentence, facts in refused:
                    print_sentence(sentence, facts, indent="  ! ")
                _print_question(asked, current, default, position)
                before, offered, words = "", default, ""
                continue
            opens = read.sentence == readers.LEAVE_UNKNOWN_OPEN and (default or current is not None)
            fit = read.facts.get("lines")
            print_lines(fit if isinstance(fit, list) else (), indent="    ")
            print_sentence(LEFT_OPEN if opens else read.sentence, read.facts, indent="  ! ")
            if read.suggestion:
                plain = DID_YOU_MEAN if len(read.suggestion) <= SHORT_VALUE else DID_YOU_MEAN_LONG
                print_sentence(DID_YOU_MEAN_MOVE.get(read.suggestion, plain), {"meant": read.suggestion}, indent="    ")
            elif doubts.is_unlike_a_word(words):
                print_sentence(KEYBOARD_LANGUAGE, indent="    ")
            before, offered = words, read.suggestion or default
        words = ""


def _print_question(asked: Question, current: Any, default: str, position: tuple[int, int] | None) -> None:
    """Show the question, its present value, a hint, the numbered choices, and the answer of Enter alone."""
    spoken = screen_language()
    stands = (
        ""
        if current is None
        else f"  [{sentence_text(CURRENT_VALUE, {'value': asked.format_answer(current, spoken)})}]"
    )
    inline = f" ({sentence_text(YES_NO_HINT)})" if asked.kind == "yes_no" and not asked.choices else ""
    head = say_text(asked.text, spoken)
    counted = ""
    if position:
        counted = f"  ({sentence_text(QUESTION_OF_HOW_MANY, {'number': position[0], 'all': position[1]})})"
    print_lines(["", head[:1].upper() + head[1:] + inline + stands + counted], bold=True)
    if asked.kind in FORMAT_HINTS and current is None:
        print_sentence(FORMAT_HINTS[asked.kind], indent="  ")
    if asked.unknown and not asked.choices and current is None:
        print_sentence(IF_UNKNOWN, indent="  ")
    if asked.hint:
        print_lines([say_text(asked.hint, spoken)], indent="  ")
    if asked.several and current is not None:
        print_sentence(REPLACES_CURRENT, indent="  ")
    before = has_early_answer()
    for number, text in enumerate(asked.choices.values(), 1):
        if before or not has_early_answer():  # an answer typed half-way down the list makes the rest needless
            print_lines([f"{number:>2} {say_text(text, spoken)}"], indent="  ")
    if default:
        print_sentence(ENTER_TAKES_OFFER, {"value": default}, indent="  ")


def print_understood(asked: Question, answer: TypedAnswer, clock: Clock) -> None:
    """Show how an answer was understood, if it was not typed out in full, or is a day or time still to come."""
    value = asked.format_answer(answer.value, screen_language())
    if asked.is_still_to_come(answer.value, clock):
        print_sentence(READ_AS_FUTURE, {"value": value}, indent="  ")
    elif not asked.is_literal(answer.words, answer.value, screen_language()):
        print_sentence(READ_AS, {"value": value}, indent="  ")


def confirm(title: Sentence, facts: Mapping[str, object] | None = None) -> bool:
    """Return whether the answer is yes; Enter alone means no.

    A word typed in the other keyboard layout is suggested and asked for again, since Enter cannot accept it here. A
    word that would mean the opposite in the other layout is not accepted.
    """
    print_lines(["", f"{sentence_text(title, facts)} ({sentence_text(YES_NO_HINT)})"], bold=True)
    while words := ask_line():
        read = readers.read_typed_yes_no(words)
        if not isinstance(read, Mistyped) and words.casefold() != OPPOSITE_ON_ONE_KEY.get(screen_language()):
            return read
        print_sentence(readers.WRITE_YES_OR_NO, indent="  ! ")
        others = (other for other in doubts.read_on_other_layout(words) if isinstance(read, Mistyped))
        if meant := next((each for each in others if not isinstance(readers.read_typed_yes_no(each), Mistyped)), ""):
            print_sentence(DID_YOU_MEAN_RETYPE, {"meant": meant}, indent="    ")
    return False


DID_YOU_MEAN_OPTION = N_("Did you mean {meant}? Press Enter to choose that line.")
OPTION_CLOSED = N_("({line})")
OPTION_BY_NUMBER_ONLY = N_("To choose that line, write its number: {number}.")
ASK_AGAIN = -1
"""Returned for a typed line that has to be asked for again."""
HOW_TO_CHOOSE = N_("Write the number of a line, or its first words. Enter alone chooses nothing.")
HOW_TO_CHOOSE_OR_ENTER = N_("Write the number of a line, or its first words. Enter alone does what the question says.")


def choose_option(
    title: Sentence,
    options: Sequence[FilledSentence],
    facts: Mapping[str, object] | None = None,
    *,
    above: tuple[Sentence, Container[int]] | None = None,
    by_number_only: Container[int] = (),
    back: int | None = None,
    by_enter: int | None = None,
    explain: Callable[[], None] | None = None,
    on_enter: FilledSentence | None = None,
    unavailable: Mapping[int, FilledSentence] = MappingProxyType({}),
    confirm_first: Mapping[int, FilledSentence] = MappingProxyType({}),
) -> int | None:
    """Return the place of the chosen option, from 0; None if none is chosen, *back* if the person goes back.

    *above* is a second title and the places of the options listed under it, before the others. Options in
    *by_number_only* can be chosen only by their number. Enter alone chooses *by_enter*. ``?`` also calls *explain*.
    *on_enter* is a sentence shown once before Enter alone chooses nothing. Options in *unavailable* are shown in
    brackets; choosing one shows the reason. For options in *confirm_first* a typed number is confirmed by a question,
    because a finger can slip; typed words are not.
    """
    texts = [sentence_text(*option) for option in options]
    printed = [
        sentence_text(OPTION_CLOSED, {"line": text}) if place in unavailable else text
        for place, text in enumerate(texts)
    ]
    listed = _OptionList(
        texts,
        partial(_print_options, title, facts, printed, above),
        by_number_only,
        explain,
        back=back,
        by_enter=by_enter,
        on_enter=on_enter,
        confirm_first=confirm_first,
        search_inside=True,
    )
    listed.show()
    while True:
        chosen = listed.ask()
        if isinstance(chosen, str):
            listed.print_refusal()
        elif chosen is not None and chosen in unavailable:
            print_sentence(*unavailable[chosen], indent="  ! ")
        else:
            return chosen


def choose_or_type(
    title: Sentence,
    options: Sequence[FilledSentence],
    facts: Mapping[str, object] | None = None,
    *,
    by_number_only: Container[int] = (),
    explain: Callable[[], None] | None = None,
    not_moves: Container[str] = (),
    accepts: Callable[[str], bool] | None = None,
) -> int | str | None:
    """Return the place of the chosen option, from 0, or the typed words if they are no line of the list.

    Words in *not_moves* are no moves here. Words that *accepts* rejects are refused, as in choose_option.
    """
    texts = [sentence_text(*option) for option in options]
    show = partial(_print_options, title, facts, texts, None)
    listed = _OptionList(texts, show, by_number_only, explain, not_moves=not_moves, search_inside=accepts is not None)
    listed.show()
    while isinstance(chosen := listed.ask(), str) and accepts is not None and not accepts(chosen):
        listed.print_refusal()
    return chosen


@immutable(slots=False)
class _OptionList:
    """The lines from which one is chosen, how to show them again, and how each may be chosen."""

    texts: Sequence[str]
    show: Callable[[], None]
    by_number_only: Container[int]
    explain: Callable[[], None] | None
    back: int | None = None
    by_enter: int | None = None
    on_enter: FilledSentence | None = None
    confirm_first: Mapping[int, FilledSentence] = field(default_factory=dict)
    not_moves: Container[str] = ()
    search_inside: bool = False

    def ask(self) -> int | str | None:
        """Return the place of the chosen line, or the typed words if they mean no line; None if nothing is chosen.

        If the words begin no line, the line that they may stand for is offered, and Enter accepts it.
        """
        offered, on_enter = None, self.on_enter
        while True:
            words = ask_line()
            move = None if words.casefold() in self.not_moves else MOVE_WORDS.get(words.casefold())
            if move == "?":
                self._print_help()
                offered = None
                continue
            if self.back is not None and move == "<":
                return self.back
            if not words:
                if offered is not None or on_enter is None:
                    return self.by_enter if offered is None else offered
                print_sentence(*on_enter, indent="  ")
                on_enter = None
                continue
            if not self.texts or move:
                return None
            place = self._place_typed(words)
            if place is not None and place != ASK_AGAIN:
                return place
            if place is None:
                if offered is not None or (offered := self._similar_place(words)) is None:
                    return words
                print_sentence(DID_YOU_MEAN_OPTION, {"meant": self.texts[offered]}, indent="  ! ")

    def print_refusal(self) -> None:
        """Say that the typed words are no line of the list."""
        wrong = readers.refuse_line_number(len(self.texts))
        print_sentence(wrong.sentence, wrong.facts, indent="  ! ")

    def _print_help(self) -> None:
        print_sentence(HOW_TO_CHOOSE if self.by_enter is None else HOW_TO_CHOOSE_OR_ENTER, indent="  ")
        if self.explain:
            self.explain()
        self.show()

    def _place_typed(self, words: str) -> int | None:
        """Return the place of the line whose number or first words were typed; None if no line or several fit.

        ASK_AGAIN if the line cannot be chosen by its words, or was not confirmed.
        """
        if words.isascii() and words.isdigit() and 0 < int(words[:6]) <= len(self.texts):
            if (place := int(words) - 1) not in self.confirm_first or confirm(*self.confirm_first[place]):
                return place
            self.show()
            return ASK_AGAIN
        fits = self._places_beginning_with(words)
        if len(fits) != 1:
            return None
        if fits[0] in self.by_number_only:
            print_sentence(OPTION_BY_NUMBER_ONLY, {"number": fits[0] + 1}, indent="  ! ")
            return ASK_AGAIN
        return fits[0]

    def _similar_place(self, words: str) -> int | None:
        """Return the place of the only line that may be meant by mistyped words; None if there is no such line.

        This is the line that they begin in the other keyboard layout, or else the line with a similar word. Words that
        begin a line as they are have no similar line.
        """
        if self._places_beginning_with(words):
            return None
        others = doubts.read_on_other_layout(words)
        fits = [place for other in others for place in self._places_beginning_with(other)]
        if not fits and self.search_inside:
            fits = find_near_lines(words, {place: [text] for place, text in enumerate(self.texts)})
        return fits[0] if len(fits) == 1 and fits[0] not in self.by_number_only else None

    def _places_beginning_with(self, words: str) -> list[int]:
        """Return the places of the lines that begin with these words, ignoring a mark before the first word."""
        begins = _fold_case(words)
        return [place for place, text in enumerate(self.texts) if _fold_case(text.lstrip("* ")).startswith(begins)]


def _fold_case(words: str) -> str:
    """Return words for comparison: in lower case, with е for ё, as most people type it."""
    return words.casefold().replace("ё", "е")


def _print_options(
    title: Sentence,
    facts: Mapping[str, object] | None,
    texts: Sequence[str],
    above: tuple[Sentence, Container[int]] | None,
) -> None:
    """Show the options with their numbers, those *above* first and under their own title."""
    over, first = above or ("", ())
    begin = [place for place, _ in enumerate(texts) if place in first]
    if begin:
        print_lines(["", sentence_text(over)], bold=True)
    before = has_early_answer()
    for place in (*begin, None, *(place for place, _ in enumerate(texts) if place not in first)):
        if has_early_answer() and not before:  # an answer typed half-way down the list makes the rest needless
            return
        if place is None:
            print_lines(["", sentence_text(title, facts)], bold=True)
        else:
            print_lines([f"{place + 1:>2} {texts[place]}"], indent="  ")
