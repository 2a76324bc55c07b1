"""Draw random cases to test the rules of the rulebook: agreements, reports and stays of invented clients, as plain
JSON.

They are drawn from the fields, caps and items that the rulebook has.
"""

import calendar
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from shelterctl.core.manual.track import Track
from shelterctl.rulebook.rulebook import Rulebook

BASE = date(2026, 11, 25)
EDGES = (
    date(2024, 2, 29), date(2026, 2, 28), date(2026, 5, 31), date(2026, 8, 31), date(2026, 11, 30),
    date(2026, 12, 31), date(2027, 2, 28), date(2028, 2, 29),
)  # fmt: skip
REGISTERED = {
    "s-gulnara": {"role": "social_worker"},
    "s-aida": {"role": "psychologist"},
    "s-boss": {"role": "manager"},
}
STAFF = (*REGISTERED, "s-nobody")
"""The staff who record things; the last of them is not registered."""

PAPERS = (
    "application",
    "detailed_interview",
    "providing_assistance",
    "registration",
    "status_identification",
    "summary",
)
VOID = {"on": BASE, "by": "s-aida", "reason": "wrong_value"}


class Lot(random.Random):
    """A random generator that gives the same draws for the same seed."""

    def chance(self, of: float) -> bool:
        return self.random() < of

    def one(self, *values: Any) -> Any:
        return self.choice(values)

    def often(self, usual: Any, *others: Any, rest: float = 0.3) -> Any:
        """Return the usual value, or with probability *rest* one of the others."""
        return self.choice(others) if self.chance(rest) else usual

    def day(self, around: date, spread: int) -> date:
        """Return a day near another, sometimes that day itself or the end of a month."""
        if self.chance(0.15):
            return around
        return self.choice(EDGES) if self.chance(0.05) else around + timedelta(self.randint(-spread, spread))

    def time(self, day: date) -> str:
        """Return a time on that day, mostly with an offset."""
        return f"{day}T{self.one('21:30+06:00', '23:50+06:00', '00:05+06:00', '12:00')}"

    def id(self) -> str:
        return f"{self.randrange(16**6):06X}"

    def some(self, facts: Mapping[str, Any], lacking: float) -> dict[str, Any]:
        """Return the facts, each missing with probability *lacking*."""
        return {name: value for name, value in facts.items() if not self.chance(lacking)}

    def struck(self, of: float) -> dict[str, Any]:
        """Return, with probability *of*, the facts that strike an entry through."""
        return {"void": VOID} if self.chance(of) else {}


def months_on(day: date, months: int) -> date:
    """Return the same day that many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def put(facts: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at a dotted path."""
    *way, last = path.split(".")
    for step in way:
        facts = facts.setdefault(step, {})
    facts[last] = value


def identity(lot: Lot) -> dict[str, Any]:
    """Return sex, names and a birth date (a year, a month or a day), on either side of every age that matters."""
    born = lot.day(months_on(BASE, -12 * lot.one(2, 3, 3, 4, 10, 17, 18, 18, 19, 19, 27, 27, 27, 41, 41)), 40)
    written = lot.one(born.isoformat(), f"{born:%Y-%m}", born.year, f"{born:%Y}")
    facts = {
        "first_name": "Invented",
        "last_name": "Nobody",
        "birth_date": written,
        "languages": lot.one(["ky", "ru"], ["ky"], ["uz"], []),
        "marital_status": "single",
        "children_text": "none",
        "address": "a village",
        "phone": "0555",
    }
    return {**lot.some(facts, 0.08), "sex": lot.often("female", "male", rest=0.15)}


def children(lot: Lot) -> list[dict[str, Any]]:
    """Return children in the shelter and elsewhere, some struck through."""
    return [
        {"id": lot.id(), "sex": "female", **lot.some({"stays_with_her": lot.chance(0.6)}, 0.4), **lot.struck(0.15)}
        for _ in range(lot.one(0, 0, 0, 1, 2, 3))
    ]


def iom(lot: Lot, around: date) -> dict[str, Any]:
    """Return papers and instructions of IOM: several on one day, missing, before and after."""
    instructions = [
        {
            "id": lot.id(),
            "on": lot.day(around - timedelta(lot.one(0, 10)), 20),
            "by": lot.often("NGO Coordinator", STAFF[0], rest=0.1),
            "status": lot.often("recognised", "not_recognised", "presumed"),
            **lot.some({"needs": lot.often(["medical care"], [])}, 0.3),
            **lot.struck(0.1),
        }
        for _ in range(lot.one(0, 1, 1, 2, 3))
    ]
    documents = [
        {"id": lot.id(), "kind": kind, "on": lot.day(around, 20), **lot.struck(0.05)}
        for kind in (*PAPERS, *lot.sample(PAPERS, 2))
        if lot.chance(0.75)
    ]
    return lot.some({"instructions": instructions, "documents": documents}, 0.1)


def draw_stay(lot: Lot, number: int, came: date) -> dict[str, Any]:
    """Return a stay from its referral to its end, any part of which may be missing."""
    left = lot.day(came + timedelta(lot.one(1, 20, 60)), 15)
    parts: dict[str, Any] = {
        "facility": lot.one("bishkek", "osh"),
        "referral": {"sources": ["scme"], "received_at": lot.time(lot.day(came, 3))},
        "received": {"at": lot.time(came), "by": lot.choice(STAFF)},
    }
    facts = {"id": f"STAY0{number}", **lot.some(parts, 0.2), **lot.struck(0.1)}
    if lot.chance(0.7):
        put(facts, "admission.admitted_on", lot.day(came, 3))
    if lot.chance(0.12):
        put(facts, "admission.not_admitted", {"on": lot.day(came, 3)})
    if lot.chance(0.6):
        facts["discharge"] = {"on": left, **({"by_own_decision": lot.chance(0.5)} if lot.chance(0.3) else {})}
    return facts


def client(lot: Lot, around: date) -> dict[str, Any]:
    """Return the file of an invented client: several stays, the last of them around a given day."""
    count = lot.one(0, 1, 1, 1, 2, 3)
    facts = {
        "identification_number": "KG-1",
        "children": children(lot),
        "iom": iom(lot, around),
        "assessments": [{"id": lot.id(), "kind": lot.one("micro_enterprise", "other"), "on": lot.day(around, 20)}],
        "referral": {"sources": ["scme"], "received_at": lot.time(lot.day(around, 60))},
    }
    return {
        "schema": "resident/1",
        "id": "7QF2-M9KD",
        "identity": identity(lot),
        **lot.some(facts, 0.25),
        "stays": [
            draw_stay(lot, number, lot.day(around, 30) - timedelta(100 * (count - number))) for number in range(count)
        ],
    }


Form = Mapping[str, Any]
"""The lines of a form as its track gives them, by number."""

PROFESSIONS = ("seamstress", "Seamstress ", "cook")
NO_LINE, NO_KEY = ("9z", "1", "8"), ("amont", "month", "colour")
WRONG: tuple[Any, ...] = ("", " ", 0, -1, True, [], {}, "5", "no such", 2.5, ["a", ""], ["2026-13"], [3], None)
"""Values that cannot be read, or only in some places."""


def agreement(lot: Lot, forms: Mapping[str, Form]) -> dict[str, Any]:
    """Draw one case: an agreement, its client, and everything else by which it is judged."""
    form, day = lot.choice(sorted(forms)), lot.day(BASE, 40)
    facts, signing = {"id": "AGREE1", **_agreement(lot, forms, form, day)}, lot.chance(0.4)
    if signing or lot.chance(0.15):
        facts["signed" if signing or lot.chance(0.5) else "to_sign"] = _signature(lot, day)
    registers = {"ngos": _register(lot, day), "staff": REGISTERED}
    case: dict[str, Any] = {"form": form, "agreement": facts, "registers": registers, "client": None, "others": []}
    case["today"] = None
    if lot.chance(0.85):
        case["today"] = lot.often(
            lot.day(day, 5), *(day + timedelta(days) for days in (-367, -366, -365, 365, 366, 400))
        )
    if lot.chance(0.88):
        her = client(lot, day)
        mine = {**facts, "notes": "as it was saved before"}
        her["agreements"] = [_other(lot, forms, facts, number) for number in range(lot.one(0, 0, 1, 1, 2, 3))]
        her["agreements"] += [mine] if lot.chance(0.3) else []
        case["client"] = her
        if lot.chance(0.1):
            number = {"identification_number": "KG-1"} if lot.chance(0.5) else {}
            case["others"] = [{"id": "OTHE-R000", **number, "agreements": [{**facts, "id": "FOREIGN"}]}]
    return {**case, "signing": signing}


def _agreement(lot: Lot, forms: Mapping[str, Form], form: str, day: date) -> dict[str, Any]:
    period = _period(lot, day)
    facts: dict[str, Any] = {
        "number": lot.one("S-NGO-12", "S-NGO 3", "SH-2026-7"),
        "ngo": lot.often("sezim", "ulybka", "nobody"),
        "ngo_representative": lot.often("B. Sample", "A. Example", "a.  example"),
        "iom_representative": "A. Example",
        "contract_date": lot.day(day - timedelta(30), 31),
        "period": period,
        "drafted_by": lot.often(["NGO Coordinator", "manager"], [], ["manager"], ["manager", "manager"]),
        "lines": _lines(lot, forms, form, period),
        "stay": lot.often("STAY00", "STAY01", "STAY02", "ELSE01"),
    }
    return {"form": form, "date": day, **lot.some(facts, 0.07)}


def _signature(lot: Lot, day: date) -> dict[str, Any]:
    facts = {
        "on": lot.day(day + timedelta(2), 4),
        "ngo_name": lot.often("B. Sample", "A. EXAMPLE", " A.  Example"),
        "iom_name": "A. Example",
        "language": lot.often("ru", "ky", "en"),
        "copies": lot.often(2, 1, 3),
    }
    return lot.some(facts, 0.15)


def _register(lot: Lot, day: date) -> dict[str, Any]:
    memorandum = {"signed_on": lot.day(day - timedelta(20), 25), "terminated_on": lot.day(day + timedelta(20), 25)}
    known = {"name": "Sezim", "memorandum": lot.some(memorandum, 0.4), "contract": {"date": day}}
    return lot.some({"sezim": lot.some(known, 0.1), "ulybka": {"name": "Ulybka"}}, 0.1)


def _other(lot: Lot, forms: Mapping[str, Form], facts: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return another agreement in her file: on the same form, often for the same lines; on another form, for some of
    its own.
    """
    form = lot.often(facts["form"], *forms, "green", rest=0.5)
    if form not in forms:
        return {"id": f"OTHER{number}", "form": form, "date": facts["date"]}
    day = lot.day(facts["date"], 60)
    other = _agreement(lot, forms, form, day)
    if lot.chance(0.7):
        other |= lot.some({name: facts[name] for name in ("stay", "period") if name in facts}, 0.3)
        small = {number: {"amount": 100} for number in forms[form]}
        asked, lacking = (facts.get("lines") or {}, 0.2) if form == facts["form"] else (small, 0.5)
        lines = lot.some({name: line for name, line in asked.items() if name in small}, lacking)
        other["lines"] = {**(other.get("lines") or {}), **lines}
    ending = {"signed": _signature(lot, day), "terminated": {"on": day}}
    return {"id": f"OTHER{number}", **other, **lot.some(ending, 0.7), **lot.struck(0.15)}


def _period(lot: Lot, day: date) -> Any:
    first = lot.day(day, 30)
    last = lot.day(months_on(first, lot.one(0, 1, 2, 3, 12, 30)), 2) + timedelta(lot.one(0, -1, 1))
    whole = {"from": first, "to": last}
    return lot.often(whole, {"from": last, "to": first}, {"from": first}, {"to": last}, {}, rest=0.15)


def _lines(lot: Lot, forms: Mapping[str, Form], form: str, period: Any) -> dict[str, Any]:
    """Return some lines, mostly of the form itself; in one of eight cases also a line that the form does not have."""
    lines, count = forms[form], lot.one(0, 1, 1, 2, 3, 4, 6)
    asked = {number: _line(lot, lines[number], period) for number in lot.sample(sorted(lines), count)}
    if lot.chance(0.12):
        strange = lot.one(*NO_LINE, *(number for other in forms.values() for number in other))
        asked[strange] = asked.get(strange, {"amount": 100})
    return asked


def _line(lot: Lot, line: Form, period: Any) -> Any:
    if lot.chance(0.02):
        return lot.choice(WRONG)
    fields = line.get("fields") or {}
    keys = {name: _field_value(lot, each, line, period) for name, each in fields.items() if not lot.chance(0.12)}
    amount = _amount(lot, line, keys)
    asked = {**({} if amount is None else {"amount": amount}), **keys}
    return {**asked, **({lot.choice(NO_KEY): 1} if lot.chance(0.03) else {})}


def _amount(lot: Lot, line: Form, keys: Mapping[str, Any]) -> Any:
    """Return an amount at, just below or just above the limit of the line, or from its rate and months; or none."""
    if lot.chance(0.06):
        return lot.one(*WRONG, -500, 0.001, 100.125, "1 000", "12.345", "1e3", 10**14, 1e20)
    cap = _cap(line)
    if line.get("product") and lot.chance(0.8):
        made = _times(keys.get("rate", 0), keys, ("months",))
        return lot.often(None, made, made + 1, rest=0.6)
    return _near(lot, _times(cap.get("at_most", 700), keys, cap.get("times", ())))


def _cap(line: Form) -> Mapping[str, Any]:
    """Return the first rule that limits the amount of a line; empty if there is none."""
    rules: Sequence[Mapping[str, Any]] = line.get("rules") or ()
    return next((rule for rule in rules if rule.get("amount") == "amount" and "at_most" in rule), {})


def _times(amount: Any, keys: Mapping[str, Any], names: Any) -> int:
    product = amount if isinstance(amount, int) else 0
    for name in names:
        value = keys.get(name, 1)
        product *= len(value) if isinstance(value, list) else value if isinstance(value, int) else 1
    return product


def _near(lot: Lot, most: int) -> Any:
    around = lot.one(most, most, most // 2, most // 3, most + 1, most - 1, most + 0.01, most - 0.01, most * 2)
    return lot.often(around, str(around), f"{around:.2f}", rest=0.2)


def _field_value(lot: Lot, field: Mapping[str, Any], line: Form, period: Any) -> Any:
    """Return an answer to a field, mostly a valid one."""
    if lot.chance(0.06):
        return lot.choice(WRONG)
    first = period["from"] if isinstance(period, dict) and "from" in period else BASE
    drawn: Mapping[str, Callable[[], Any]] = {
        "code": lambda: _code(lot, field),
        "span": lambda: _span(lot, first, bool(field.get("fields"))),
        "text": lambda: (
            ["dentist", "oculist"][: lot.one(1, 2)] if field.get("several") else lot.one("in words", "other")
        ),
        "whole": lambda: lot.one(1, 1, 1, 2, 2, 3, 3, 10, 30, 31, 366, 367),
        "months": lambda: lot.one(1, 2, 3, 4, 13, _months(lot, first), _months(lot, first), _months(lot, first)),
        "som": lambda: _near(lot, _cap(line).get("at_most", 900)),
    }
    return drawn[field["is"]]()


def _code(lot: Lot, field: Mapping[str, Any]) -> Any:
    codes = [*field["codes"]]
    if field.get("several"):
        return lot.often(codes, lot.sample(codes, lot.randint(0, len(codes))), rest=0.5)
    return lot.often(lot.choice(codes), "other", "no_such_code", rest=0.15)


def _months(lot: Lot, first: date) -> list[str]:
    listed = [f"{months_on(first.replace(day=1), lot.randint(-1, 4)):%Y-%m}" for _ in range(lot.one(1, 2, 3))]
    return listed if lot.chance(0.1) else list(dict.fromkeys(listed))


def _span(lot: Lot, first: date, course: bool) -> dict[str, Any]:
    """Return a period or a *course* that ends at its limit of three months, a day before or after it, or anywhere."""
    last = months_on(first, 3)
    ends = lot.one(last, last + timedelta(1), last - timedelta(1), months_on(first, lot.randint(0, 5)), first)
    whole = {"from": first, "to": ends}
    span: dict[str, Any] = lot.often(
        whole, {"from": ends, "to": first}, {"from": first}, {"to": ends}, {**whole, "until": first}, rest=0.1
    )
    if not course:
        return span
    said = {
        "profession": lot.often(lot.choice(PROFESSIONS), " ", 5, rest=0.1),
        "provider": lot.often("Lyceum 12", 12, rest=0.1),
    }
    return {**lot.some(said, 0.15), **span}


Question = Mapping[str, Any]


def report(lot: Lot, questions: Mapping[str, Question]) -> dict[str, Any]:
    """Draw one case: a report, its client, and the days and codes by which it is judged."""
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
        "registers": {"staff": REGISTERED},
        "day": lot.day(months_on(left, 6), 20),
        "within": lot.one(0, 0, 7, 30),
    }


def _left(her: Mapping[str, Any]) -> date:
    """Return the day from which her monitoring is counted, or any other day if there is none."""
    days = [stay["discharge"]["on"] for stay in her["stays"] if "discharge" in stay and "void" not in stay]
    return days[-1] if days else BASE


def _report(lot: Lot, questions: Mapping[str, Question], day: date) -> dict[str, Any]:
    lacking = lot.one(0, 0, 0.1, 0.4)
    answers = {name: _answer(lot, question, day) for name, question in questions.items()}
    about = {
        "social_worker": lot.often(STAFF[0], *STAFF[2:], rest=0.2),
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
    if question["is"] == "yes_no":
        return lot.chance(0.5)
    if question["is"] == "day":
        return lot.day(day, 20)
    return lot.one(*question["codes"]) if question["is"] == "code" else "in words"


def _duties(lot: Lot, her: dict[str, Any], questions: Mapping[str, Question], left: date) -> None:
    """Return what was recorded of her monitoring before: reports, a day set by hand, and a manager's closing."""
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


YES = (*[True] * 9, False)
PLACES: Mapping[str, tuple[Any, ...]] = {
    "sources": (["scme"], ["other"], ["partner_ngo", "scme"], []),
    "by": STAFF,
    "organised_by": STAFF,
    "social_worker": STAFF,
    "role": ("social_worker", "psychologist"),
    "outcome": ("admit", "admit", "admit", "not_admit"),
    "channel": ("phone", "email"),
    "signed_by": ("resident", "representative"),
    "language": ("ky", "ru", "uz"),
    "signed": YES,
    "safety_assured": YES,
    "confidentiality_assured": YES,
    "items_returned": (True, True, False),
    "partner_ngo": ("ulybka",),
}
"""The possible values of a place, by the last part of its name; days and times are recognised by their names."""


Stands = tuple[Track, Mapping[str, Sequence[str]]]
"""An entry that an item needs: its track, and one of these answers to each of some fields."""


def draw_stay_case(
    lot: Lot, places: Mapping[str, Sequence[str]], items: Sequence[str], entries: Sequence[Stands]
) -> dict[str, Any]:
    """Draw one case: a client's file, her shelter, and the days on which she is to be admitted and to leave.

    *places* are, by act, what its *items* read of a file; *entries* are the entries that they need.
    """
    day, lacking = lot.day(BASE, 20), lot.one(0, 0.03, 0.1, 0.4)
    her = client(lot, day)
    for held in her["stays"][-1:] or [her]:
        put_down = [*_evidence(lot, places["admission"], day)]
        put_down += _evidence(lot, places["discharge"], day + timedelta(40)) if lot.chance(0.7) else []
        for path, value in put_down:
            if not lot.chance(lacking) and not (held is her and path.startswith(("admission", "discharge"))):
                put(her if path.startswith("identity") else held, path, value)
        if held is not her:
            _around(lot, held, day, items)
        for track, answers in entries:
            if not lot.chance(0.3):
                _write_entry(lot, her, held, track, _entry(lot, track, answers, day))
    her["agreements"] = _agreements(lot, day)
    if lot.chance(0.2):
        put((her["stays"] or [her])[-1], "monitoring", _monitored(lot, day))
    capacity, leaves = lot.one(1, 6, 10, 16), lot.day(day + timedelta(lot.one(40, 40, -20)), 45)
    return {
        "client": her,
        "day": day,
        "today": lot.often(lot.day(day + timedelta(3), 3), day - timedelta(1), rest=0.1),
        "house": lot.often("shelter", "carc", None),
        "capacity": capacity,
        "sleeping": max(capacity - lot.one(0, 1, 1, 2, 3, 4, 6, 6, 6), 0),
        "registers": {"staff": REGISTERED},
        "leaves": leaves,
        "today of leaving": leaves + timedelta(lot.often(1, 0, -1)),
        "before": lot.often(None, day + timedelta(39), rest=0.2),
    }


def _monitored(lot: Lot, day: date) -> dict[str, Any]:
    """Return a report made at her discharge, or a manager's closing of the duty."""
    facts = {
        "reports": [{"id": lot.id(), "date": day + timedelta(300), "signed": True, **lot.struck(0.3)}],
        "closed": {"on": lot.day(day + timedelta(60), 60), "reason": "she wishes no contact"},
    }
    return lot.some(facts, 0.5)


def _entry(lot: Lot, track: Track, answers: Mapping[str, Sequence[str]], day: date) -> dict[str, Any]:
    """Return an entry with one of the answers to each field, sometimes with another one, around the day of an
    admission.
    """
    dated = track.day if isinstance(track.day, str) else (track.day or ("on",))[-1]
    facts: dict[str, Any] = {"id": lot.id(), dated: lot.day(day, 30), **lot.struck(0.1)}
    for name, codes in answers.items():
        code = lot.often(lot.choice(codes), "other", rest=0.1)
        if track.fields[name.partition(".")[0]].several:
            put(facts, name, lot.sample(codes, lot.randint(1, len(codes))))
        elif code != "absent":
            put(facts, name, {"yes": True, "there": lot.day(day, 20)}.get(code, code))
    return facts


def _write_entry(lot: Lot, her: dict[str, Any], held: dict[str, Any], track: Track, entry: dict[str, Any]) -> None:
    """Write an entry into the list of its track; of a sealed one, the facts outside the seal."""
    if track.seal:
        sealed = her.setdefault("sealed", {}).setdefault("entries", [])
        sealed.append({**entry, "part": track.seal.part, "track": track.name})
        return
    holder = held if track.of_a_stay else her
    put(holder, track.at, [*(holder.get(track.at) or ()), entry])


def _evidence(lot: Lot, places: Sequence[str], day: date) -> Iterator[tuple[str, Any]]:
    """Return a value for every place."""
    for path in places:
        value = _evidence_value(lot, path, lot.day(day - timedelta(6), 6))
        yield from [] if value is None else [(path, value)]


def _evidence_value(lot: Lot, path: str, day: date) -> Any:
    last = path.rpartition(".")[2]
    if path == "identity.languages":
        return lot.one(["ky", "ru"], ["ru"], ["uz", "ky"], [])
    if last == "at" or last.endswith("_at"):
        return lot.time(day)
    if last == "on" or last.endswith("_on"):
        return day
    if path == "admission.exceptional_minor_reason" and lot.chance(0.5):
        return None
    return lot.one(*PLACES.get(last, ("in words",)))


def _around(lot: Lot, held: dict[str, Any], day: date, items: Sequence[str]) -> None:
    """Return the other facts of a stay: items done, the language in which her rights were explained, and how it
    continued.
    """
    admission = held.setdefault("admission", {})
    if "rights" in admission and lot.chance(0.3):
        admission["rights"]["explained_in"] = lot.one("ky", "ru", "tr")
    if "rights" in admission and lot.chance(0.7):
        admission["rights"].pop("interpreter", None)
    held["done"] = [
        {"id": lot.id(), "item": name, "on": lot.day(day, 30), **lot.struck(0.15)}
        for name in items
        for _ in range(lot.one(0, 1, 1, 2))
    ]
    if lot.chance(0.75):
        admission.pop("not_admitted", None)
        held.get("discharge", {}).pop("on", None)
    if lot.chance(0.6):
        admission.pop("admitted_on", None)
    if lot.chance(0.2):
        put(held, "discharge.by_own_decision", lot.often(True, False))


def _agreements(lot: Lot, day: date) -> list[dict[str, Any]]:
    drawn = ("STAY00", "STAY01", None)
    return [
        {"id": lot.id(), "form": "pink", "date": lot.day(day, 20), **({"stay": of} if of else {}), **lot.struck(0.2)}
        for of in lot.sample(drawn, lot.one(0, 1, 2))
    ]


KINDS = ("agreement", "report", "stay")
DRAWN_ELSEWHERE = ("identity", "not-admitted", "document", "instruction", "agreement")
"""Tracks of which only the languages are drawn together with the items that read them."""


def draw_cases(rulebook: Rulebook, counts: Mapping[str, int], seed: int) -> Iterator[str]:
    """Draw that many cases of each kind, each a line of JSON; a seed always draws the same cases, and drawing more does
    not change them.
    """
    tracks = {name: rulebook.file_of("track", name).value for name in ("blue", "pink", "report")}
    acts = {name: rulebook.file_of("act", name).value["items"] for name in ("admission", "discharge")}
    questions = {name: field for name, field in tracks["report"]["fields"].items() if field.get("unknown")}
    places = {name: [*_places(rulebook, items)] for name, items in acts.items()}
    items = [item["item"] for each in acts.values() for item in each]
    entries = [each for items_ in acts.values() for each in _entries(rulebook, items_)]
    drawn: dict[str, Any] = {
        "agreement": lambda lot: agreement(lot, {name: tracks[name]["parts"] for name in ("blue", "pink")}),
        "report": lambda lot: report(lot, questions),
        "stay": lambda lot: draw_stay_case(lot, places, items, entries),
    }
    for kind in KINDS:
        for number in range(counts[kind]):
            case = {"kind": kind, **drawn[kind](Lot(f"{seed} {kind} {number}"))}
            yield json.dumps(case, ensure_ascii=False, default=str, separators=(",", ":"))


def _places(rulebook: Rulebook, items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Return the places of a file that items read or that answer them."""
    for item in items:
        needed = [rule["needs"] for rule in item.get("rules") or () if "needs" in rule]
        names = [name for each in needed for name in ([each] if isinstance(each, str) else each)]
        for name in dict.fromkeys((*names, *([item["on"]] if "on" in item else []), *item.get("also", ()))):
            track, _, field = name.partition(".")
            if field and (track not in DRAWN_ELSEWHERE or name == "identity.languages"):
                yield rulebook.place_of(name)


def _entries(rulebook: Rulebook, items: Sequence[Mapping[str, Any]]) -> Iterator[Stands]:
    """Return the entries that items require or exclude."""
    for rule in (rule for item in items for rule in item.get("rules") or ()):
        if "stands" in rule and rule["stands"] not in DRAWN_ELSEWHERE:
            each: Mapping[str, Sequence[str]] = rule.get("each", {})
            yield rulebook.tracks[rule["stands"]], {**rule.get("where", {}), **each}
            yield from [(rulebook.tracks[rule["stands"]], {})] if "where" in rule else []
            yield from ((rulebook.tracks[rule["stands"]], {name: [code]}) for name in each for code in each[name])
