"""Words that people type instead of figures, in three languages, and the result for text that cannot be read.

The word lists are spelled as by a person without Kyrgyz letters, because typed text is folded in that way before it is
looked up.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from shelterctl.core.values.homoglyphs import unify_script
from shelterctl.immutable import immutable


class Mistyped(NamedTuple):
    """The reason why typed text cannot be read, as a sentence that says how to write it.

    The *suggestion* is a likely meaning: it is offered, but never used as if it had been typed.
    """

    sentence: str
    facts: Mapping[str, object] = {}
    suggestion: str = ""


@immutable
class Clock:
    """The day taken as today and the local time of day, by which ``yesterday`` and ``21:30`` are read.

    With *since*, a day without a year and a time without a day are the first from that moment on.
    """

    today: date
    now: time
    since: datetime | None = None

    @property
    def moment(self) -> datetime:
        """The present moment, without an offset."""
        return datetime.combine(self.today, self.now)


MOVE_WORDS: Mapping[str, str] = {
    "?": "?", "help": "?", "помощь": "?", "жардам": "?", "<": "<", "*": "<", "back": "<", "назад": "<", "артка": "<",
    "-": "-", ".": ".",
}  # fmt: skip
"""Words that are not answers: ask why, go back, remove an answer, stop for now. The star has one key on every layout.
"""

YES_WORDS, NO_WORDS = ("yes", "да", "ооба"), ("no", "нет", "жок")
SHORT_YES_WORDS = ("y", "true", "д", "ага", "угу", "ooba", "da")
SHORT_NO_WORDS = ("n", "false", "н", "не", "неа", "не-а", "jok", "joq", "net")
OPPOSITE_ON_ONE_KEY = {"en": "н", "ru": "y"}
"""For a screen in one language, the other language's letter for the opposite answer on the same key; no grave answer
depends on it.
"""

YES_NO_WORDS = {True: (*YES_WORDS, *SHORT_YES_WORDS), False: (*NO_WORDS, *SHORT_NO_WORDS)}
"""Words for yes and no; a short one is repeated to the person, because y and н share a key."""

FROM_OR_UNTIL = r"(?:со?|до|по|ко?|from|since|until|till|by) (?=\S)"
"""A preposition before the day on which something begins or ends."""

UNKNOWN_WORDS = (
    "unknown", "not known", "nobody knows", "don't know", "dont know", "do not know", "i don't know", "we don't know",
    "неизвестно", "не известно", "неизвестен", "неизвестна", "не знаю", "не знаем", "незнаю", "никто не знает",
    "белгисиз", "билбейм", "билбейбиз", "эч ким билбейт",
)  # fmt: skip
"""Words for an answer that nobody knows."""
AND_WORDS = frozenset({"и", "and", "жана", "&", "+"})
"""Words between the last two items of several."""
ALL_LINES_WORDS = (
    "все", "всё", "все сразу", "все это", "all", "all of them", "everything", "баары", "бардыгы", "баарын",
)  # fmt: skip
"""Words for every line of a list."""
NOW_WORDS = ("now", "сейчас", "азыр")

DAY_WORDS: Mapping[str, int] = {
    "today": 0, "сегодня": 0, "бугун": 0,
    "yesterday": -1, "вчера": -1, "кечээ": -1, "кече": -1,
    "day before yesterday": -2, "the day before yesterday": -2, "позавчера": -2, "мурдагы куну": -2, "мурда куну": -2,
    "tomorrow": 1, "завтра": 1, "эртен": 1, "day after tomorrow": 2, "послезавтра": 2, "бурсугуну": 2,
}  # fmt: skip
"""Words for days, by their distance from today in days."""

_WEEK = (
    r"пн|понедельник[ау]?|mon(?:day)?|дуйшомбу(?:до)?",
    r"вт|вторник[ау]?|tue(?:s|sday)?|шейшемби(?:де)?",
    r"ср|сред[ауы]|wed(?:nesday)?|шаршемби(?:де)?",
    r"чт|четверг[ау]?|thu(?:r|rs|rsday)?|бейшемби(?:де)?",
    r"пт|пятниц[ауы]|fri(?:day)?|жума(?:да)?",
    r"сб|суббот[ауы]|sat(?:urday)?|ишемби(?:де)?",
    r"вс|воскресень[ея]|sun(?:day)?|жекшемби(?:де)?",
)
WEEKDAY_PATTERN = (
    rf"(?:(?:во?|on) )?(?:(?:прошл(?:ый|ую|ое|ого)|last|откон) )?(?:{'|'.join(f'({one})' for one in _WEEK)})"
)
"""A day of the week; its number is the number of the matching group."""

_MONTH_ENDING = r"(?:ь|я|ю|е|ем|а|у|ом|[дт]а|[дт]ан|[дт]ын|[гк]а|ы|ынан|ында|ына)?"
_MONTH_PATTERNS = (
    rf"jan(?:uary)?|янв|январ{_MONTH_ENDING}",
    rf"feb(?:ruary)?|фев|февр|феврал{_MONTH_ENDING}",
    rf"mar(?:ch)?|мар|март{_MONTH_ENDING}",
    rf"apr(?:il)?|апр|апрел{_MONTH_ENDING}",
    r"may|ма[йяюе]|маем|май(?:да|дан|дын|га|ы|ынан|ында|ына)",
    rf"june?|июн{_MONTH_ENDING}",
    rf"july?|июл{_MONTH_ENDING}",
    rf"aug(?:ust)?|авг|август{_MONTH_ENDING}",
    rf"sept?(?:ember)?|сент?|сентябр{_MONTH_ENDING}",
    rf"oct(?:ober)?|окт|октябр{_MONTH_ENDING}",
    rf"nov(?:ember)?|ноя|нояб|ноябр{_MONTH_ENDING}",
    rf"dec(?:ember)?|дек|декабр{_MONTH_ENDING}",
)
MONTH_PATTERN = "|".join(f"({one})" for one in _MONTH_PATTERNS)
"""A month in any case of its name; its number is the number of the matching group."""

DATE_FILLERS = frozenset({
    "г", "год", "года", "году", "гр", "р", "рождения", "ж", "жыл", "жылы", "жылдын", "туулган", "the", "of", "on",
    "born", "in", "во", "в", "число", "числа", "и", "and", "жана",
})  # fmt: skip
"""Words beside a day, a month or a year that add no meaning."""

ABOUT_PATTERN = (
    r"(?:(?:~|≈) ?|(?:около|примерно|приблизительно|где-то|ок\.?|about|around|circa|ca\.?|болжол менен|чамасы) )"
)
"""Words before an estimated year."""

AGE_PATTERN = r" ?(?:-?(?:ти|и))? ?(?:лет|года?|годик[а-я]*|years?(?:[ -]old)?|y\.?o\.?|жаш(?:та|тан|ар)?)"
MONTHS_OLD_PATTERN = r" ?(?:мес(?:\.|яц(?:а|ев)?)?|months?(?:[ -]old)?|ай(?:лык)?)"
"""The words after an age in months; `AGE_PATTERN` has those after an age in years."""

DAY_PART_PATTERN = r"утра|ночи|дня|вечера|[ap]\.?m\.?"
"""Parts of the day after an hour."""

HOURLESS_PATTERN = (
    r"(?:с )?утра|утром|днем|в обед|(?:в )?полдень|вечером|(?:in the )?(?:morning|afternoon|evening)|(?:at )?noon|"
    r"эртен менен|тушто|туштон кийин|кечинде|кечкурун"
)
NIGHT_PATTERN = r"ночью|(?:в )?полночь|(?:at )?(?:night|midnight)|тундо|тунку|тун ортосунда"
"""Words for the night, which may belong to either of two days; in `HOURLESS_PATTERN` the day is clear."""

DAY_PARTS_BEFORE_HOUR: Mapping[str, str] = {
    "эртен менен": "утра", "тунку": "ночи", "тундо": "ночи", "туштон кийин": "дня", "кечки": "вечера",
    "кечинде": "вечера",
}  # fmt: skip
"""Parts of the day as Kyrgyz has them before the hour, each with its Russian word after the hour."""

NUMBER_WORDS: Mapping[str, int] = {
    word.strip(): number
    for number, words in enumerate((
        "one, один, одного, одну, одна, одно, бир", "two, два, двух, две, двое, эки", "three, три, трех, трое, уч",
        "four, четыре, четырех, четверо, торт", "five, пять, пяти, пятеро, беш", "six, шесть, шести, алты",
        "seven, семь, семи, жети", "eight, восемь, восьми, сегиз", "nine, девять, девяти, тогуз",
        "ten, десять, десяти, он", "eleven, одиннадцать, одиннадцати, он бир",
        "twelve, двенадцать, двенадцати, он эки",
    ), 1)
    for word in words.split(",")
}  # fmt: skip
"""Numbers that people write in words."""

ZERO_WORDS = ("zero", "none", "nothing", "ноль", "нуль", "нисколько", "ничего", "нол", "эч нерсе", "эч кандай")
"""Words for 0."""

_PLAIN_LETTERS = str.maketrans("ёүөң\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "еуон  ")


def fold_typed(typed: str) -> str:
    """Return typed text for looking up: without case, each word in one alphabet, without letters that some keyboards
    lack.
    """
    return " ".join(map(unify_script, typed.casefold().translate(_PLAIN_LETTERS).split()))


def means_unknown(typed: str) -> bool:
    """Return whether the text says that nobody knows."""
    return fold_typed(typed).replace("’", "'").rstrip(".!") in UNKNOWN_WORDS


def replace_and_words(typed: str) -> str:
    """Return text with commas in place of words such as *and*."""
    return " ".join("," if word.casefold() in AND_WORDS else word for word in typed.split())
