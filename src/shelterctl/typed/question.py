"""One question: a place of a record, its text from the rulebook, and the reading of what is typed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from shelterctl.core.manual.answer_words import NOBODY_KNOWS, answer_in_words
from shelterctl.core.manual.field import UNKNOWN_ANSWER
from shelterctl.core.values.days import read_partial
from shelterctl.core.values.homoglyphs import latinise
from shelterctl.immutable import immutable
from shelterctl.language import Sentence, Text, format_fact, format_sentence
from shelterctl.typed import choices, doubts, readers
from shelterctl.typed.choices import LineNames, LineTexts, OtherReader
from shelterctl.typed.dates import BIRTH_STILL_TO_COME, is_guessed_birth, read_day_beside_time, read_typed_time
from shelterctl.typed.doubts import MORE_THAN_A_YES, doubt_name, is_only_a_yes
from shelterctl.typed.words import (
    DAY_WORDS,
    MOVE_WORDS,
    NO_WORDS,
    YES_WORDS,
    Clock,
    Mistyped,
    fold_typed,
    means_unknown,
    replace_and_words,
)
from shelterctl.ui_language import N_, NO, YES, Marked

YES_NO_TEXTS = (YES, NO)
MORE_THAN_ONE_LINE_FITS = N_("{word}: more than one line fits. Write the number.")
TYPE_IT_ONCE_MORE = N_("If that is right, type it again.")
FREE_KINDS = ("text", "texts")
"""Kinds whose answers are free text."""
CODE_KINDS = ("code", "language", "country")
"""Kinds whose answers are so short that many typing errors read as one."""
DATE_KINDS, AMOUNT_KINDS = ("day", "time", "partial", "months"), ("som", "som_or_zero")
"""Kinds of amounts; like `DATE_KINDS` they are written differently in each language."""
NO_SUCH_LINE_SENTENCES = (readers.WRITE_THE_ONE_LINE, readers.WRITE_A_LINE_NUMBER, readers.WRITE_LINE_NUMBERS)
"""The sentences for text that names no line of a list."""
NO_OTHER_TEXTS: LineTexts = {}
CHOICE_SEPARATORS = ",;"
"""The separators of choices that are named in part."""
MOST_NEAR_LINES = 5
"""The greatest number of choices that a word may fit and still be useful."""

MOST_LETTERS_TO_SUGGEST_FOR = 900
"""The most letters of an answer for which a suggestion is looked for: more is a text pasted by mistake, and each of its
words would be compared with every choice."""


@immutable
class Question:
    """The question for one place.

    *choices* are codes with their texts, in order. With *several*, more than one may be named; where the list is
    *open*, another answer of the *kind* may be typed. *ahead* reads a day without a year as the nearest one, or as the
    first from *since* on; with *rarely_ahead* a future day is pointed out all the same. *unknown* allows that answer. A
    *past* day cannot be in the future; an answer that *names* something or a *person* must have letters. *former*
    choices may be recorded but are no longer offered. *also* has other names that people use for codes. *unlisted* says
    how to add somebody who is not on the list. A day that *signs* can also be answered with yes or no, and a birth date
    that may be missing with no.
    """

    path: str
    text: Sentence
    kind: str
    choices: Mapping[Any, Text | str] = field(default_factory=dict)
    several: bool = False
    open: bool = False
    ahead: bool = False
    rarely_ahead: bool = False
    unknown: bool = False
    clause: str | None = None
    hint: Sentence | None = None
    beside: tuple[str, str] | None = None
    past: bool = False
    names: bool = False
    person: bool = False
    former: Mapping[Any, Text] = field(default_factory=dict)
    also: LineTexts = field(default_factory=dict)
    unlisted: str = ""
    since: datetime | None = None
    signs: bool = False

    def read_answer(self, words: str, clock: Clock, language: str, *, again: bool = False) -> Any | Mistyped:
        """Return the answer that *words* mean, or the reason why they mean none, with a suggestion.

        An answer that can be read but looks like something else is accepted when it is typed *again*.
        """
        clock = replace(clock, since=self.since) if self.since else clock
        read = self._read_as_typed(words, clock, language)
        if means_unknown(words) and not self._takes_as_unknown(read):
            return Mistyped(readers.LEAVE_UNKNOWN_OPEN)
        if isinstance(read, Mistyped):
            found = read if read.suggestion else self._suggest(read, words, clock, language)
            named = found.sentence in NO_SUCH_LINE_SENTENCES and not found.suggestion and any(map(str.isalpha, words))
            return Mistyped(self.unlisted) if self.unlisted and named else found
        if again:
            return read
        meant = self._find_doubt(words, read, language)
        if meant:
            return Mistyped(TYPE_IT_ONCE_MORE, suggestion=meant)
        if doubt := self._doubt_name(read, clock) if self.names else self._doubt_text(read):
            return Mistyped(doubt, suggestion=self._find_near_choice(words, language) if self.choices else "")
        return read

    def is_guess(self, words: str) -> bool:
        """Return whether an answer was typed as an estimate."""
        return self.kind == "partial" and is_guessed_birth(words)

    def _takes_as_unknown(self, read: Any) -> bool:
        """Return whether words for unknown are an answer here, either as such or as free text."""
        named = self.names or self.kind in CODE_KINDS
        return self._takes_unknown or not (isinstance(read, Mistyped) or (named and not self._offers(read)))

    @property
    def _takes_unknown(self) -> bool:
        return self.unknown or UNKNOWN_ANSWER in self.choices

    def is_literal(self, words: str, value: Any, language: str) -> bool:
        """Return whether an answer is saved just as it was typed, so that it need not be repeated to the person."""
        if isinstance(value, bool):
            return words.strip().casefold() in (*YES_WORDS, *NO_WORDS, "1", "2")
        if self.several and choices.means_several_lines(words):
            return False
        if self.choices:
            typed = {_fold_answer(str(each)): each for each in (value if isinstance(value, list) else [value])}
            names = choices.name_lines(self._choice_names(language))
            return bool(self._read_listed(words, names, lambda rest: typed.get(_fold_answer(rest))) == value)
        free = self.kind in FREE_KINDS and value != UNKNOWN_ANSWER
        return free or _fold_answer(words) == _fold_answer(self.format_answer(value, language))

    def is_still_to_come(self, value: Any, clock: Clock) -> bool:
        """Return whether a day or time is in the future although the question does not ask for that."""
        ahead = self.ahead and not self.rarely_ahead
        past = self.kind in ("day", "time", "partial") and not (ahead or self.choices)
        if not past or not isinstance(value, str) or value == UNKNOWN_ANSWER:
            return False
        return value[:16] > clock.moment.isoformat()[: len(value[:16])]

    def _suggest(self, read: Mistyped, words: str, clock: Clock, language: str) -> Mistyped:
        """Return the refusal with a suggestion: the same keys on the other layout, or lines nearly named."""
        if len(words) > MOST_LETTERS_TO_SUGGEST_FOR:
            return read
        for other in doubts.read_on_other_layout(words.strip()):
            if other.casefold() in MOVE_WORDS:
                return read._replace(suggestion=MOVE_WORDS[other.casefold()])
            found = self._read_as_typed(other, clock, language)
            if not isinstance(found, Mistyped) and (self.kind not in (*CODE_KINDS, *FREE_KINDS) or self._offers(found)):
                return read._replace(suggestion=other)
        if self.kind in ("day", "time") and (meant := _find_near_day_word(words)):
            reads = not isinstance(self._read_as_typed(meant, clock, language), Mistyped)
            return read._replace(suggestion=meant) if reads else read
        lettered = any(map(str.isalpha, words))  # text without letters names no line
        others = doubts.read_on_other_layout(words) if lettered else ()
        near = [self._suggest_lines(read, each, clock, language) for each in (words, *others) if self.choices]
        return next((found for found in near if found.suggestion), near[0] if near else read)

    def _suggest_lines(self, read: Mistyped, words: str, clock: Clock, language: str) -> Mistyped:
        """Return the refusal with the lines that words name in part; where several fit one word, ask which."""
        called = self._choice_names(language, self.also)
        other = self._other_reader(readers.TYPED_READERS[self.kind], clock)

        def one(word: str) -> Any:
            found = choices.find_near_lines(word, called)
            if len(found) == 1:
                return found[0]
            if not 0 < len(found) <= MOST_NEAR_LINES:
                return other(word)
            fitting = ((number, code) for number, code in enumerate(self.choices, 1) if code in found)
            lines = [f"{number} {self.format_answer(code, language)}" for number, code in fitting]
            return Mistyped(MORE_THAN_ONE_LINE_FITS, {"word": word, "lines": lines})

        if self.several:
            names, apart = choices.name_lines(self._choice_names(language), self.also), replace_and_words(words)
            ways = ((words, CHOICE_SEPARATORS), (apart, CHOICE_SEPARATORS), (apart, ""))
            tried = [choices.read_several_lines(typed, names, one, signs=signs) for typed, signs in ways]
        else:
            tried = [one(words)]
        meant = next((found for found in tried if found and not isinstance(found, Mistyped)), None)
        if meant is not None:
            return read._replace(suggestion=self.format_answer(meant, language))
        refused = (found for found in tried if isinstance(found, Mistyped))
        return next((found for found in refused if found.sentence == MORE_THAN_ONE_LINE_FITS), read)

    def _find_doubt(self, words: str, read: Any, language: str) -> str:
        """Return what readable words may have meant instead: a line, a key of the other layout, or a name."""
        if self.kind in ("code", "language"):
            for one in read if isinstance(read, list) else [read]:
                doubtful = not self._offers(one) and (self.kind == "code" or len(one) == choices.NEAR_LETTERS)
                if doubtful and (text := self._find_near_choice(one, language)):
                    return re.sub(rf"\b{one}\b", text, words, flags=re.I)
            return ""
        if self.kind not in FREE_KINDS or self._offers(read):
            return ""
        moves = (MOVE_WORDS.get(other.casefold(), "") for other in doubts.read_on_other_layout(words.strip()))
        return next(filter(None, moves), "") or doubts.guess_other_layout(words.strip())

    def _doubt_name(self, read: Any, clock: Clock) -> str | None:
        """Return the doubt about an answer that is hardly a name and none of the choices, or None."""
        given = (str(one) for one in (read if isinstance(read, list) else [read]) if one not in self.choices)
        listed = bool(self.choices)
        doubts = (doubt_name(one, clock, person=self.person, listed=listed) for one in given)
        return next(filter(None, doubts), None)

    def _doubt_text(self, read: Any) -> str | None:
        """Return the doubt about a mere yes where the question asks for words and offers no yes, or None."""
        given = read if isinstance(read, list) else [read]
        bare = self.kind in FREE_KINDS and not self._offers(read) and all(is_only_a_yes(str(one)) for one in given)
        return MORE_THAN_A_YES if bare else None

    def _offers(self, read: Any) -> bool:
        """Return whether every part of an answer is on the list."""
        return all(each in self.choices for each in (read if isinstance(read, list) else [read]))

    def _find_near_choice(self, words: str, language: str) -> str:
        """Return the text of the only choice that words name in part, or an empty string."""
        found = choices.find_near_lines(words, self._choice_names(language, self.also))
        return say_text(self.choices[found[0]], language) if len(found) == 1 else ""

    def _choice_names(self, language: str, also: LineTexts = NO_OTHER_TEXTS) -> LineTexts:
        """Return all names of each choice, in every language."""
        called: dict[Any, Sequence[str]] = {}
        for code, text in self.choices.items():
            every = text.values() if isinstance(text, Mapping) else [text]
            called[code] = [say_text(text, language), *every, *also.get(code, ())]
        return called

    def _read_as_typed(self, words: str, clock: Clock, language: str) -> Any | Mistyped:
        """Return the answer that *words* mean, without corrections or doubts."""
        if (said := self._read_special(words, clock)) is not None:
            return said
        reader = readers.TYPED_READERS[self.kind]
        if self.past and isinstance(read := reader(words, clock), str | int):
            span = read_partial(read)
            return Mistyped(BIRTH_STILL_TO_COME) if span and span.first > clock.today else read
        if self.choices:
            return self._read_choice(words, self._other_reader(reader, clock), language)
        if self.kind in ("day", "time"):
            return (read_day_beside_time if self.kind == "day" else read_typed_time)(words, clock, ahead=self.ahead)
        read = reader(words, clock)
        if self.names and not isinstance(read, Mistyped):
            given = map(readers.read_typed_name, read if isinstance(read, list) else [read])
            return next((one for one in given if isinstance(one, Mistyped)), read)
        return read

    def _read_special(self, words: str, clock: Clock) -> Any:
        """Read the answer unknown, and for a day that signs yes as today and no as False; None for other words."""
        if self._takes_unknown and means_unknown(words):
            return [UNKNOWN_ANSWER] if self.several else UNKNOWN_ANSWER
        signed = readers.read_typed_yes_no(words) if self.signs and not words.strip().isdigit() else None
        return False if signed is False else clock.today.isoformat() if signed is True and self.kind == "day" else None

    def _read_choice(self, words: str, other: OtherReader, language: str) -> Any | Mistyped:
        names = choices.name_lines(self._choice_names(language), self.also)
        read = self._read_listed(words, names, other)
        if not isinstance(read, Mistyped) or latinise(words) == words:
            return read
        look = self._read_listed(latinise(words), choices.merge_lookalikes(names), other)
        return read if isinstance(look, Mistyped) else look

    def _read_listed(self, words: str, names: LineNames, other: OtherReader) -> Any | Mistyped:
        if self.several:
            free = self.open and self.kind in FREE_KINDS
            signs = (";" if ";" in words else ",") if free else ""
            return choices.read_several_lines(words, names, other, signs=signs) or other("0")
        return names[choices.line_name(words)] if choices.line_name(words) in names else other(words)

    def _other_reader(self, reader: Callable[[str, Clock], Any], clock: Clock) -> OtherReader:
        """Return a reader for answers that are not on the list; a number can mean only a line of the list."""
        wrong = readers.refuse_line_number(len(self.choices), several=self.several)

        def read(words: str) -> Any:
            if not self.open or (words.strip().isdigit() and not self.names):
                return wrong
            if self.names:
                return readers.read_typed_name(words, listed=True)
            one = readers.read_typed_text(words) if self.kind in FREE_KINDS else reader(words, clock)
            refused = isinstance(one, Mistyped) and one.sentence != readers.TEXT_TOO_LONG
            return wrong if self.several and refused else one

        return read

    def format_answer(self, value: Any, language: str) -> str:
        """Return an answer as a person reads and can type it: texts for codes, days as the language writes them."""
        if isinstance(value, list):
            texts = [self.format_answer(each, language) for each in value]
            if self.kind not in FREE_KINDS or not any("," in each for each in texts):
                return ", ".join(texts)
            return "; ".join(texts) if len(texts) > 1 else f"{texts[0]};"
        nobody = {UNKNOWN_ANSWER: NOBODY_KNOWS} if self.unknown else {}
        known = {**nobody, **self.former, **self.choices} if self.former or nobody else self.choices
        if value in known and not isinstance(value, float):
            return say_text(known[value], language)
        if isinstance(value, bool) or self.kind in DATE_KINDS:
            return answer_in_words(value, language)
        if isinstance(value, Decimal):
            value = f"{value:f}"  # without an exponent, which nobody would type
        return str(value).replace(".", ",") if self.kind in AMOUNT_KINDS and language != "en" else str(value)


def say_text(text: Sentence, language: str) -> str:
    """Return a text of the rulebook or a sentence of the program in *language*; a name unchanged."""
    if isinstance(text, str) and not isinstance(text, Marked):
        return text  # a registered name, never a sentence or a day
    return format_fact(text, language) if isinstance(text, Mapping) else format_sentence(text, {}, language)


def _find_near_day_word(words: str) -> str:
    """Return the words with a day such as ``today`` corrected where it is misspelled, or an empty string."""
    first, _, rest = words.strip().partition(" ")
    near = [] if fold_typed(first) in DAY_WORDS else choices.find_near_lines(first, {day: [day] for day in DAY_WORDS})
    return f"{near[0]} {rest}".strip() if len({DAY_WORDS[day] for day in near}) == 1 else ""


def _fold_answer(words: str) -> str:
    """Return words for comparison: without case, and 8:00 like 08:00."""
    return re.sub(r"\b0(?=\d:)", "", " ".join(words.casefold().split()))
