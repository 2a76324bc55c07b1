"""One evening, any day and time, what a questionnaire asks for, and what is said of a word that is mistyped."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

from hypothesis import strategies as st

from shelterctl.core.manual.field import Field
from shelterctl.questionnaire import PROVIDER_NAMES, Offers, Questionnaire
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.typed.question import Question
from shelterctl.typed.words import Clock, Mistyped

CLOCK = Clock(date(2026, 11, 25), time(22, 40))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
CLOCKS = st.builds(Clock, DAYS, TIMES)


def sentence(read: object) -> object:
    assert isinstance(read, Mistyped)
    return read.sentence


SHELF = open_rulebook()

OFFERS: Offers = {
    "staff": {"s-aida": {"en": "s-aida · Аида Примерова · psychologist", "ru": "s-aida · Аида Примерова · психолог"}},
    "ngos": {"sezim": {"en": "sezim · Сезим"}, "ulybka": {"en": "ulybka"}},
    "facilities": {"bishkek": {"en": "bishkek"}, "osh": {"en": "osh"}},
    "people": {"Аида Примерова": "Аида Примерова"},
    "providers": {"lyceum-12": {"en": "lyceum-12 · Лицей, 12"}},
    PROVIDER_NAMES: {"Лицей, 12": "Лицей, 12"},
    "drafters": {"Аида Примерова": "Аида Примерова"},
}
ASKING = Questionnaire(SHELF, OFFERS)

BY_THE_TOOL = ("agreement.stay", "agreement.lines", "agreement.corrections")
"""Places that have their words for show alone, and are never typed."""

HERS = {"K7QF2M": "14.03.2026 (K7QF2M)", "9KD4XR": "15.03.2026 (9KD4XR)"}
"""Entries of a file, as they are offered where one of them is pointed at."""

LINES = {number: line.text for form in SHELF.forms.values() for number, line in form.parts.items()}
"""Lines of agreements, offered where one is pointed at."""


def questions() -> Iterator[tuple[str, Question]]:
    """Every question by the place of its answer: a period has two, and an entry is chosen among hers."""
    for path, place in SHELF.places.items():
        for part, asked in asked_for(path, place):
            yield f"{path}.{part}" if part else path, asked


def asked_for(path: str, place: Field) -> Iterator[tuple[str, Question]]:
    entries = LINES if any("." in of for of in place.of) else HERS
    for part, asked in ASKING.split_period(ASKING.for_place(path), place):
        yield part, replace(asked, kind="code", choices=entries) if place.kind == "entry" else asked


QUESTIONS = dict(questions())
ASKED = [path for path in QUESTIONS if not path.startswith(BY_THE_TOOL)]
