"""The words that people type instead of figures: days, months, parts of a day, yes and no, in three languages.

They stand here as a person without Kyrgyz letters types them, which is how whatever is typed is looked up.
"""

from collections.abc import Mapping

from shelterctl.core.letter import one_script

MOVES: Mapping[str, str] = {
    "?": "?", "help": "?", "помощь": "?", "жардам": "?", "<": "<", "*": "<", "back": "<", "назад": "<", "артка": "<",
    "-": "-", ".": ".",
}  # fmt: skip
"""What is no answer: asking why, going back, taking an answer away, enough for now. The star is one key everywhere."""

YES, NO = ("yes", "да", "ооба"), ("no", "нет", "жок")
SHORT_YES = ("y", "true", "д", "ага", "угу", "ooba", "da")
SHORT_NO = ("n", "false", "н", "не", "неа", "не-а", "jok", "joq", "net")
ONE_KEY = {"en": "н", "ru": "y"}
"""On a screen in one language, the letter of the other on the key of the opposite answer: nothing grave rests on it."""

WORDS = {True: (*YES, *SHORT_YES), False: (*NO, *SHORT_NO)}
"""Yes and no; what is short is said back, for y and н are one key."""

EDGE = r"(?:со?|до|по|ко?|from|since|until|till|by) (?=\S)"
"""What stands before the day on which something begins or ends."""

UNKNOWN = (
    "unknown", "not known", "nobody knows", "don't know", "dont know", "do not know", "i don't know", "we don't know",
    "неизвестно", "не известно", "неизвестен", "неизвестна", "не знаю", "не знаем", "незнаю", "никто не знает",
    "белгисиз", "билбейм", "билбейбиз", "эч ким билбейт",
)  # fmt: skip
"""That nobody knows it."""
AND = frozenset({"и", "and", "жана", "&", "+"})
"""Words between the last two of several."""
EVERY = ("все", "всё", "все сразу", "все это", "all", "all of them", "everything", "баары", "бардыгы", "баарын")
"""That every line of a list is meant."""
NOW = ("now", "сейчас", "азыр")

DAYS: Mapping[str, int] = {
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
WEEKDAY = rf"(?:(?:во?|on) )?(?:(?:прошл(?:ый|ую|ое|ого)|last|откон) )?(?:{'|'.join(f'({one})' for one in _WEEK)})"
"""A day of the week, with the group of its number."""

_CASE = r"(?:ь|я|ю|е|ем|а|у|ом|[дт]а|[дт]ан|[дт]ын|[гк]а|ы|ынан|ында|ына)?"
_MONTHS = (
    rf"jan(?:uary)?|янв|январ{_CASE}",
    rf"feb(?:ruary)?|фев|февр|феврал{_CASE}",
    rf"mar(?:ch)?|мар|март{_CASE}",
    rf"apr(?:il)?|апр|апрел{_CASE}",
    r"may|ма[йяюе]|маем|май(?:да|дан|дын|га|ы|ынан|ында|ына)",
    rf"june?|июн{_CASE}",
    rf"july?|июл{_CASE}",
    rf"aug(?:ust)?|авг|август{_CASE}",
    rf"sept?(?:ember)?|сент?|сентябр{_CASE}",
    rf"oct(?:ober)?|окт|октябр{_CASE}",
    rf"nov(?:ember)?|ноя|нояб|ноябр{_CASE}",
    rf"dec(?:ember)?|дек|декабр{_CASE}",
)
MONTH = "|".join(f"({one})" for one in _MONTHS)
"""A month in any case in which it is written, with the group of its number."""

BESIDE = frozenset({
    "г", "год", "года", "году", "гр", "р", "рождения", "ж", "жыл", "жылы", "жылдын", "туулган", "the", "of", "on",
    "born", "in", "во", "в", "число", "числа", "и", "and", "жана",
})  # fmt: skip
"""What may stand beside a day, a month or a year, and says nothing more."""

ABOUT = r"(?:(?:~|≈) ?|(?:около|примерно|приблизительно|где-то|ок\.?|about|around|circa|ca\.?|болжол менен|чамасы) )"
"""What stands before a year that is a guess."""

AGE = r" ?(?:-?(?:ти|и))? ?(?:лет|года?|годик[а-я]*|years?(?:[ -]old)?|y\.?o\.?|жаш(?:та|тан|ар)?)"
MONTHS_OLD = r" ?(?:мес(?:\.|яц(?:а|ев)?)?|months?(?:[ -]old)?|ай(?:лык)?)"
"""What stands behind an age, in years or in months."""

PART = r"утра|ночи|дня|вечера|[ap]\.?m\.?"
"""Parts of the day, as they stand behind the hour."""

HOURLESS = (
    r"(?:с )?утра|утром|днем|в обед|(?:в )?полдень|вечером|(?:in the )?(?:morning|afternoon|evening)|(?:at )?noon|"
    r"эртен менен|тушто|туштон кийин|кечинде|кечкурун"
)
NIGHT = r"ночью|(?:в )?полночь|(?:at )?(?:night|midnight)|тундо|тунку|тун ортосунда"
"""Parts of the day without an hour: in any but the night no other day can be meant than the one beside it."""

BEFORE: Mapping[str, str] = {
    "эртен менен": "утра", "тунку": "ночи", "тундо": "ночи", "туштон кийин": "дня", "кечки": "вечера",
    "кечинде": "вечера",
}  # fmt: skip
"""The same as Kyrgyz has them before the hour."""

NUMBERS: Mapping[str, int] = {
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

NOTHING = ("zero", "none", "nothing", "ноль", "нуль", "нисколько", "ничего", "нол", "эч нерсе", "эч кандай")
"""Words for 0."""

CURRENCY = r"(?:сом(?:а|ов|у|дун|го)?|soms?|kgs|[сc]|⃀)"
TYIYN = r"(?:тыйын(?:а|ов)?|tyiyn|т)"

_PLAIN = str.maketrans("ёүөң\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "еуон  ")


def plain(typed: str) -> str:
    """What was typed as it is looked up: without case, each word in one alphabet, with letters of every keyboard."""
    return " ".join(map(one_script, typed.casefold().translate(_PLAIN).split()))


def unknown(typed: str) -> bool:
    """Whether that says that nobody knows."""
    return plain(typed).replace("’", "'").rstrip(".!") in UNKNOWN


def apart(typed: str) -> str:
    """Several with a comma instead of the word between them."""
    return " ".join("," if word.casefold() in AND else word for word in typed.split())
