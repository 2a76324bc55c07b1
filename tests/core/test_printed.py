"""What the manual prints of an annex stands there by days, in its order."""

from datetime import date

from shelterctl.core.manual.rule import Repeal, Ruling
from shelterctl.core.manual.sheet import Annex, AnnexEntry, AnnexFoot

FIRST, LAST, SINCE = date(2000, 1, 1), date(2026, 12, 31), date(2027, 1, 1)


def text(words: str) -> dict[str, str]:
    return {"en": words}


def annex(**entries: AnnexEntry) -> Annex:
    return Annex(
        name="rules",
        number="2",
        clause="A2.0",
        title=text("RULES"),
        opening=None,
        by_staff=False,
        recorded_in=None,
        listed=True,
        entries=entries,
        closing=None,
        foot=(AnnexFoot("day", "A2.D", text("Date")),),
    )


def on(day: date, annex_: Annex) -> list[str]:
    return [words["en"] for words in annex_.standing(day)]


ALWAYS = AnnexEntry((Ruling("A2.1"),), text("always"))
ENDED = AnnexEntry((Ruling("A2.2"), Repeal("IOM-1", SINCE)), text("ended"))
BEGUN = AnnexEntry((Repeal("IOM-0"), Ruling("IOM-2", SINCE)), text("begun"))


def test_entries_stand_by_their_days_in_the_order_of_the_annex() -> None:
    rules = annex(a=BEGUN, b=ALWAYS, c=ENDED)
    assert on(FIRST, rules) == on(LAST, rules) == ["always", "ended"]
    assert on(SINCE, rules) == ["begun", "always"]


def test_an_annex_of_which_nothing_stands_is_empty() -> None:
    assert on(SINCE, annex(a=ENDED)) == []
    assert on(SINCE, annex()) == []
