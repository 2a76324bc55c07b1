"""Monitoring reports with every answer right, wrong, unknown or lacking, dated on each side of the days that count."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from random_record import BASE, STAFF, Lot, client, months_on

Question = Mapping[str, Any]


def report(lot: Lot, questions: Sequence[Question]) -> dict[str, Any]:
    """One case: a report, of whom it is, and the days and codes by which it is judged."""
    her, months = client(lot, BASE), lot.one(0, 3, 6, 6, 6, 7)
    left = _left(her)
    due = months_on(left, months) + timedelta(lot.one(-1, 0, 1, 20))
    if lot.chance(0.4):
        _duties(lot, her, questions, left)
    return {
        "client": her,
        "report": _report(lot, questions, due),
        "where": lot.one("", "/stays/0/monitoring/reports/0"),
        "today": lot.one(None, due, lot.day(due, 10), months_on(left, 6), BASE),
        "writers": list(STAFF[:2]),
        "day": lot.day(months_on(left, 6), 20),
        "within": lot.one(0, 0, 7, 30),
    }


def _left(her: Mapping[str, Any]) -> date:
    """The day from which her monitoring is reckoned, or any other day where there is none."""
    days = [stay["discharge"]["on"] for stay in her["stays"] if "discharge" in stay and "void" not in stay]
    return days[-1] if days else BASE


def _report(lot: Lot, questions: Sequence[Question], day: date) -> dict[str, Any]:
    lacking = lot.one(0, 0, 0.1, 0.4)
    answers = {question["key"]: _answer(lot, question, day) for question in questions}
    about = {
        "social_worker": lot.often(STAFF[0], STAFF[2], rest=0.2),
        "signed": lot.often(True, False, rest=0.2),
    }
    told = {"date": day, **lot.some(about, 0.1), **lot.some(answers, lacking)}
    if told.get("employed") is False and lot.chance(0.6):
        told.pop("job_paid", None)
    if told.get("threats") is False and lot.chance(0.6):
        told.pop("addressed_for_assistance", None)
    return {**told, "law_enforcement_note": "none"} if lot.chance(0.1) else told


def _answer(lot: Lot, question: Question, day: date) -> Any:
    if lot.chance(0.12):
        return "unknown"
    if question["is"] == "yes_or_no":
        return lot.chance(0.5)
    if question["is"] == "day":
        return lot.day(day, 20)
    return lot.one(*question["codes"]) if question["is"] == "code" else "in words"


def _duties(lot: Lot, her: dict[str, Any], questions: Sequence[Question], left: date) -> None:
    """What was written of her monitoring before: reports, a day set by hand, and that a manager closed it."""
    facts = {
        "reports": [
            {
                "id": lot.id(),
                **_report(lot, questions, lot.day(months_on(left, lot.one(1, 6, 7)), 20)),
                **lot.struck(0.2),
            }
            for _ in range(lot.one(0, 1, 1, 2))
        ],
        "scheduled": {"on": lot.day(months_on(left, 6), 20)},
        "closed": {"on": lot.day(left + timedelta(30), 40), "reason": "she wishes no contact"},
    }
    holder = lot.one(her, *her["stays"])
    holder["monitoring"] = lot.some(facts, 0.5)
