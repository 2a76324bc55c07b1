"""Words that people type instead of figures, in three languages, and what is returned for text that cannot be read.

The word lists are written as a person without Kyrgyz letters types them, because typed text is folded in that way
before it is looked up.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from shelterctl.core.values.homoglyphs import unify_script
from shelterctl.immutable import immutable


class Mistyped(NamedTuple):
    """Why what was typed is not read as it stands, as a sentence that says how to write it.

    The *suggestion* is what may have been meant: it is offered, and never taken for what was typed.
    """

    sentence: str
    facts: Mapping[str, object] = {}
    suggestion: str = ""


@immutable
class Clock:
    """The day taken as today and the local time of day, by which ``yesterday`` and ``21:30`` are read.

    With *since* a day without its year and a time without its day are the first from then on.
    """

    today: date
    now: time
    since: datetime | None = None

    @property
    def moment(self) -> datetime:
        """Now, without an offset."""
        return datetime.combine(self.today, self.now)


MOVE_WORDS: Mapping[str, str] = {
    "?": "?", "help": "?", "помощь": "?", "жардам": "?", "<": "<", "*": "<", "back": "<", "назад": "<", "артка": "<",
    "-": "-", ".": ".",
}  # fmt: skip
"""What is no answer: asking why, going back, taking an answer away, enough for now. The star is one key everywhere."""

YES_WORDS, NO_WORDS = ("yes", "да", "ооба"), ("no", "нет", "жок")
SHORT_YES_WORDS = ("y", "true", "д", "ага", "угу", "ooba", "da")
SHORT_NO_WORDS = ("n", "false", "н", "не", "неа", "не-а", "jok", "joq", "net")
OPPOSITE_ON_ONE_KEY = {"en": "н", "ru": "y"}
"""On a screen in one language, the letter of the other on the key of the opposite answer: nothing grave rests on it."""

YES_NO_WORDS = {True: (*YES_WORDS, *SHORT_YES_WORDS), False: (*NO_WORDS, *SHORT_NO_WORDS)}
"""Yes and no; what is short is said back, for y and н are one key."""

FROM_OR_UNTIL = r"(?:со?|до|по|ко?|from|since|until|till|by) (?=\S)"
"""What stands before the day on which something begins or ends."""

UNKNOWN_WORDS = (
    "unknown", "not known", "nobody knows", "don't know", "dont know", "do not know", "i don't know", "we don't know",
    "неизвестно", "не известно", "неизвестен", "неизвестна", "не знаю", "не знаем", "незнаю", "никто не знает",
    "белгисиз", "билбейм", "билбейбиз", "эч ким билбейт",
)  # fmt: skip
"""That nobody knows it."""
AND_WORDS = frozenset({"и", "and", "жана", "&", "+"})
"""Words between the last two of several."""
ALL_LINES_WORDS = (
    "все", "всё", "все сразу", "все это", "all", "all of them", "everything", "баары", "бардыгы", "баарын",
)  # fmt: skip
"""That every line of a list is meant."""
NOW_WORDS = ("now", "сейчас", "азыр")

DAY_WORDS: Mapping[str, int] = {
    "today": 0, "сегодня": 0, "бугун": 0,
    "yesterday": -1, "вчера": -1, "кечээ": -1, "кече": -1,
    "day before yesterday": -2, "the day before yesterday": -2, "позавчера": -2, "мурдагы куну": -2, "мурда куну": -2,
    "tomorrow": 1, "завтра": 1, "эртен": 1, "day after tomorrow": 2, "послезавтра": 2, "бурсугуну": 2,
}  # fmt: skip
"""Days by the word for them, as so many days from today."""

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
"""A day of the week, with the group of its number."""

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
"""A month in any case in which it is written, with the group of its number."""

DATE_FILLERS = frozenset({
    "г", "год", "года", "году", "гр", "р", "рождения", "ж", "жыл", "жылы", "жылдын", "туулган", "the", "of", "on",
    "born", "in", "во", "в", "число", "числа", "и", "and", "жана",
})  # fmt: skip
"""What may stand beside a day, a month or a year, and says nothing more."""

ABOUT_PATTERN = (
    r"(?:(?:~|≈) ?|(?:около|примерно|приблизительно|где-то|ок\.?|about|around|circa|ca\.?|болжол менен|чамасы) )"
)
"""What stands before a year that is a guess."""

AGE_PATTERN = r" ?(?:-?(?:ти|и))? ?(?:лет|года?|годик[а-я]*|years?(?:[ -]old)?|y\.?o\.?|жаш(?:та|тан|ар)?)"
MONTHS_OLD_PATTERN = r" ?(?:мес(?:\.|яц(?:а|ев)?)?|months?(?:[ -]old)?|ай(?:лык)?)"
"""What stands behind an age, in years or in months."""

DAY_PART_PATTERN = r"утра|ночи|дня|вечера|[ap]\.?m\.?"
"""Parts of the day, as they stand behind the hour."""

HOURLESS_PATTERN = (
    r"(?:с )?утра|утром|днем|в обед|(?:в )?полдень|вечером|(?:in the )?(?:morning|afternoon|evening)|(?:at )?noon|"
    r"эртен менен|тушто|туштон кийин|кечинде|кечкурун"
)
NIGHT_PATTERN = r"ночью|(?:в )?полночь|(?:at )?(?:night|midnight)|тундо|тунку|тун ортосунда"
"""Parts of the day without an hour: in any but the night no other day can be meant than the one beside it."""

DAY_PARTS_BEFORE_HOUR: Mapping[str, str] = {
    "эртен менен": "утра", "тунку": "ночи", "тундо": "ночи", "туштон кийин": "дня", "кечки": "вечера",
    "кечинде": "вечера",
}  # fmt: skip
"""The same as Kyrgyz has them before the hour."""

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
"""Numbers in words, as far as people write them so."""

ZERO_WORDS = ("zero", "none", "nothing", "ноль", "нуль", "нисколько", "ничего", "нол", "эч нерсе", "эч кандай")
"""Words for 0."""

SOM_PATTERN = r"(?:сом(?:а|ов|у|дун|го)?|soms?|kgs|[сc]|⃀)"
TYIYN_PATTERN = r"(?:тыйын(?:а|ов)?|tyiyn|т)"

_PLAIN_LETTERS = str.maketrans("ёүөң\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "еуон  ")


def fold_typed(typed: str) -> str:
    """What was typed as it is looked up: without case, each word in one alphabet, with letters of every keyboard."""
    return " ".join(map(unify_script, typed.casefold().translate(_PLAIN_LETTERS).split()))


def means_unknown(typed: str) -> bool:
    """Whether that says that nobody knows."""
    return fold_typed(typed).replace("’", "'").rstrip(".!") in UNKNOWN_WORDS


def replace_and_words(typed: str) -> str:
    """Several with a comma instead of the word between them."""
    return " ".join("," if word.casefold() in AND_WORDS else word for word in typed.split())
