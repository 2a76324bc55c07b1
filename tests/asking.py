"""What the tests of the questionnaire share: the places that are asked for, and what a house offers."""

from datetime import date, time

from shelterctl.core.notation import Clock
from shelterctl.library import open_shelf
from shelterctl.questionnaire import Offers, Questionnaire

SHELF = open_shelf()
CLOCK = Clock(date(2026, 11, 25), time(22, 40))
OFFERS: Offers = {
    "staff": {"s-aida": {"en": "s-aida · Аида Примерова · psychologist", "ru": "s-aida · Аида Примерова · психолог"}},
    "ngos": {"sezim": {"en": "sezim · Сезим"}, "ulybka": {"en": "ulybka"}},
    "facilities": {"bishkek": {"en": "bishkek"}, "osh": {"en": "osh"}},
    "people": {"Аида Примерова": "Аида Примерова"},
    "providers": {"Лицей, 12": "Лицей, 12"},
    "drafters": {"manager": {"en": "manager"}, "Аида Примерова": "Аида Примерова"},
}
ASKING = Questionnaire(SHELF, OFFERS)

BY_THE_TOOL = ("agreement.stay", "agreement.lines")
"""Places that have their words for show alone, and are never typed."""

ASKED = [path for path in SHELF.places if path not in BY_THE_TOOL]
