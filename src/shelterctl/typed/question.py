"""One question: a place of a record, the shelf's text for it, and how what is typed is read."""

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
TYPE_IT_ONCE_MORE = N_("If that is right as it stands, type it once more.")
FREE_KINDS = ("text", "texts")
"""Kinds whose answers are words of any sort."""
CODE_KINDS = ("code", "language", "country")
"""Kinds whose answers are short, so that many a slip reads as one."""
DATE_KINDS, AMOUNT_KINDS = ("day", "time", "partial", "months"), ("som", "som_or_zero")
"""Kinds that the languages write in their own ways."""
NO_SUCH_LINE_SENTENCES = (readers.WRITE_THE_ONE_LINE, readers.WRITE_A_LINE_NUMBER, readers.WRITE_LINE_NUMBERS)
"""What is said of words that name no line of a list."""
NO_OTHER_TEXTS: LineTexts = {}
CHOICE_SEPARATORS = ",;"
"""What parts choices that are named in part."""
MOST_NEAR_LINES = 5
"""Where a word fits more choices than this, it says too little."""


@immutable
class Question:
    """What is asked at one place.

    *choices* are codes with their texts, in order; *several* of them may be named, and where the list is *open* another
    answer of the *kind* may be typed. *ahead* reads a day without a year as the nearest, or the first from *since* on;
    of what is *rarely_ahead* it is said that it is still to come all the same.
    *unknown* may be answered so. What is *past* cannot be still to come, and what *names* something, or a *person*, has
    letters. What stands there may be a *former* choice, which is offered no more. People *also* call codes otherwise
    than they are shown. *unlisted* says how somebody comes onto the list whose words are none of it. A day that *signs*
    is answered by yes and no too, a birth that may not have been by no.
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
        """The answer that *words* mean, or why they mean none, with what may have been meant.

        What reads, and looks like something else, is read when it is typed *again*.
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
        """Whether an answer was typed as one that nobody knows for certain."""
        return self.kind == "partial" and is_guessed_birth(words)

    def _takes_as_unknown(self, read: Any) -> bool:
        """Whether words for what nobody knows are an answer here: one that may be given, or a text of any words."""
        named = self.names or self.kind in CODE_KINDS
        return self._takes_unknown or not (isinstance(read, Mistyped) or (named and not self._offers(read)))

    @property
    def _takes_unknown(self) -> bool:
        return self.unknown or UNKNOWN_ANSWER in self.choices

    def is_literal(self, words: str, value: Any, language: str) -> bool:
        """Whether an answer stands there just as it was typed, so that it need not be said back."""
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
        """Whether a day or time is still to come, where that is not what is asked for."""
        ahead = self.ahead and not self.rarely_ahead
        past = self.kind in ("day", "time", "partial") and not (ahead or self.choices)
        if not past or not isinstance(value, str) or value == UNKNOWN_ANSWER:
            return False
        return value[:16] > clock.moment.isoformat()[: len(value[:16])]

    def _suggest(self, read: Mistyped, words: str, clock: Clock, language: str) -> Mistyped:
        """The same with what may have been meant: the same keys on the other layout, or lines nearly named."""
        for other in doubts.read_on_other_layout(words.strip()):
            if other.casefold() in MOVE_WORDS:
                return read._replace(suggestion=MOVE_WORDS[other.casefold()])
            found = self._read_as_typed(other, clock, language)
            if not isinstance(found, Mistyped) and (self.kind not in (*CODE_KINDS, *FREE_KINDS) or self._offers(found)):
                return read._replace(suggestion=other)
        if self.kind in ("day", "time") and (meant := _find_near_day_word(words)):
            reads = not isinstance(self._read_as_typed(meant, clock, language), Mistyped)
            return read._replace(suggestion=meant) if reads else read
        lettered = any(map(str.isalpha, words))  # figures and signs name no line
        others = doubts.read_on_other_layout(words) if lettered else ()
        near = [self._suggest_lines(read, each, clock, language) for each in (words, *others) if self.choices]
        return next((found for found in near if found.suggestion), near[0] if near else read)

    def _suggest_lines(self, read: Mistyped, words: str, clock: Clock, language: str) -> Mistyped:
        """The same with the lines that words name in part; where a word fits several lines, which one is asked."""
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
        """What may have been meant by words that do read: somebody on the list, a key of the other layout, a name."""
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
        """What is said of something that is hardly a name, and none of those to choose from; None where it may be."""
        given = (str(one) for one in (read if isinstance(read, list) else [read]) if one not in self.choices)
        listed = bool(self.choices)
        doubts = (doubt_name(one, clock, person=self.person, listed=listed) for one in given)
        return next(filter(None, doubts), None)

    def _doubt_text(self, read: Any) -> str | None:
        """What is said of a yes where words are asked for that are none of those to choose from; else None."""
        given = read if isinstance(read, list) else [read]
        bare = self.kind in FREE_KINDS and not self._offers(read) and all(is_only_a_yes(str(one)) for one in given)
        return MORE_THAN_A_YES if bare else None

    def _offers(self, read: Any) -> bool:
        """Whether all of an answer stands on the list."""
        return all(each in self.choices for each in (read if isinstance(read, list) else [read]))

    def _find_near_choice(self, words: str, language: str) -> str:
        """The text of the one choice that words name in part; else empty."""
        found = choices.find_near_lines(words, self._choice_names(language, self.also))
        return say_text(self.choices[found[0]], language) if len(found) == 1 else ""

    def _choice_names(self, language: str, also: LineTexts = NO_OTHER_TEXTS) -> LineTexts:
        """All that each choice is called, in every language."""
        called: dict[Any, Sequence[str]] = {}
        for code, text in self.choices.items():
            every = text.values() if isinstance(text, Mapping) else [text]
            called[code] = [say_text(text, language), *every, *also.get(code, ())]
        return called

    def _read_as_typed(self, words: str, clock: Clock, language: str) -> Any | Mistyped:
        """The answer that *words* mean as they stand."""
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
        """What nobody knows; where a day signs, today for a yes and False for a no; None for all other words."""
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
        """How an answer is read that is not on the list; a number means a line of the list, and nothing else."""
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
        """An answer as a person reads it, and may type it again: texts for codes, a day as the language writes it."""
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
            value = f"{value:f}"  # never with an exponent, which nobody could type
        return str(value).replace(".", ",") if self.kind in AMOUNT_KINDS and language != "en" else str(value)


def say_text(text: Sentence, language: str) -> str:
    """A text of the shelf or a sentence of the program in *language*; a name as it stands."""
    if isinstance(text, str) and not isinstance(text, Marked):
        return text  # a name that the house knows: no sentence, and no day however it looks
    return format_fact(text, language) if isinstance(text, Mapping) else format_sentence(text, {}, language)


def _find_near_day_word(words: str) -> str:
    """The words with the day in them, such as ``today``, that is nearly named there; empty where none is."""
    first, _, rest = words.strip().partition(" ")
    near = [] if fold_typed(first) in DAY_WORDS else choices.find_near_lines(first, {day: [day] for day in DAY_WORDS})
    return f"{near[0]} {rest}".strip() if len({DAY_WORDS[day] for day in near}) == 1 else ""


def _fold_answer(words: str) -> str:
    """Words as they are compared: in any case, 8:00 and 08:00 alike."""
    return re.sub(r"\b0(?=\d:)", "", " ".join(words.casefold().split()))
