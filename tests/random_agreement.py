"""Agreements on every line and key of the shelf, with amounts and months around their limits, and all around them."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from random_record import BASE, Lot, client, months_on

Form = Mapping[str, Any]
PROFESSIONS = ("seamstress", "Seamstress ", "cook")
NO_LINE, NO_KEY = ("9z", "1", "8"), ("amont", "month", "colour")
WRONG: tuple[Any, ...] = ("", " ", 0, -1, True, [], {}, "5", "no such", 2.5, ["a", ""], ["2026-13"], [3], None)
"""What cannot be read, or not everywhere."""


def agreement(lot: Lot, forms: Mapping[str, Form]) -> dict[str, Any]:
    """One case: an agreement, whose it is, and everything else by which it is judged."""
    form, day = lot.choice(sorted(forms)), lot.day(BASE, 40)
    facts, signing = {"id": "AGREE1", **_agreement(lot, forms, form, day)}, lot.chance(0.4)
    if signing or lot.chance(0.15):
        facts["signed" if signing else "to_sign"] = _signature(lot, day)
    case = {"form": form, "agreement": facts, "client": None, "ngos": _register(lot, day), "today": None}
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
    elsewhere = signing and case["client"] is not None and facts.get("number") is not None and lot.chance(0.1)
    return {**case, "signing": signing, "elsewhere": elsewhere, "taken": elsewhere or _repeated(case)}


def _repeated(case: Mapping[str, Any]) -> bool:
    """Whether another live agreement of hers on the form has the number."""
    number = case["agreement"].get("number")
    others = (case["client"] or {}).get("agreements") or ()
    return number is not None and any(
        each["form"] == case["form"] and each.get("number") == number and each["id"] != "AGREE1" and "void" not in each
        for each in others
    )


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
    """Another agreement in her file, mostly on the same form, and often asking for the same lines."""
    form = lot.often(facts["form"], *forms, "green", rest=0.2)
    if form not in forms:
        return {"id": f"OTHER{number}", "form": form, "date": facts["date"]}
    day = lot.day(facts["date"], 60)
    other = _agreement(lot, forms, form, day)
    if form == facts["form"] and lot.chance(0.7):
        kept = {name: facts[name] for name in ("stay", "period") if name in facts}
        lines = lot.some({name: line for name, line in (facts.get("lines") or {}).items() if name in forms[form]}, 0.2)
        other |= {**lot.some(kept, 0.3), "lines": {**(other.get("lines") or {}), **lines}}
    ending = {"signed": _signature(lot, day), "terminated": {"on": day}}
    return {"id": f"OTHER{number}", **other, **lot.some(ending, 0.7), **lot.struck(0.15)}


def _period(lot: Lot, day: date) -> Any:
    first = lot.day(day + timedelta(10), 15)
    last = lot.day(months_on(first, lot.one(0, 1, 2, 3, 12, 30)), 2) + timedelta(lot.one(0, -1, 1))
    whole = {"from": first, "to": last}
    return lot.often(whole, {"from": last, "to": first}, {"from": first}, {"to": last}, {}, rest=0.15)


def _lines(lot: Lot, forms: Mapping[str, Form], form: str, period: Any) -> dict[str, Any]:
    """A few lines, mostly of the form itself; in one of eight cases also what is no line of it."""
    lines, count = forms[form], lot.one(0, 1, 1, 2, 3, 4, 6)
    asked = {number: _line(lot, lines[number], period) for number in lot.sample(sorted(lines), count)}
    if lot.chance(0.12):
        strange = lot.one(*NO_LINE, *(number for other in forms.values() for number in other))
        asked[strange] = asked.get(strange, {"amount": 100})
    return asked


def _line(lot: Lot, line: Form, period: Any) -> Any:
    if lot.chance(0.02):
        return lot.choice(WRONG)
    keys = {name: _value(lot, key, line, period) for name, key in line["keys"].items() if not lot.chance(0.12)}
    amount = _amount(lot, line, keys)
    asked = {**({} if amount is None else {"amount": amount}), **keys}
    return {**asked, **({lot.choice(NO_KEY): 1} if lot.chance(0.03) else {})}


def _amount(lot: Lot, line: Form, keys: Mapping[str, Any]) -> Any:
    """An amount at, just below or just above the limit of the line, or what its rate and months make; or nothing."""
    if lot.chance(0.06):
        return lot.one(*WRONG, -500, 0.001, 100.125, "1 000", "12.345", "1e3", 10**14, 1e20)
    cap = line.get("cap", [{"at_most": 700, "times": []}])[0]
    if line.get("product") and lot.chance(0.8):
        made = _times(keys.get("rate", 0), keys, ("months",))
        return lot.often(None, made, made + 1, rest=0.6)
    return _near(lot, _times(cap["at_most"], keys, cap["times"]))


def _times(amount: Any, keys: Mapping[str, Any], names: Any) -> int:
    product = amount if isinstance(amount, int) else 0
    for name in names:
        value = keys.get(name, 1)
        product *= len(value) if isinstance(value, list) else value if isinstance(value, int) else 1
    return product


def _near(lot: Lot, most: int) -> Any:
    around = lot.one(most, most, most // 2, most // 3, most + 1, most - 1, most + 0.01, most - 0.01, most * 2)
    return lot.often(around, str(around), f"{around:.2f}", rest=0.2)


def _value(lot: Lot, key: Mapping[str, Any], line: Form, period: Any) -> Any:
    """What stands at a key: mostly what belongs there."""
    if lot.chance(0.06):
        return lot.choice(WRONG)
    first = period["from"] if isinstance(period, dict) and "from" in period else BASE
    if key["is"] == "code":
        return lot.often(lot.one(*key["codes"]), "other", "no_such_code", rest=0.15)
    if key["is"] in ("span", "course"):
        return _span(lot, first, key["is"])
    drawn: Mapping[str, Callable[[], Any]] = {
        "text": lambda: lot.one("in words", "other"),
        "texts": lambda: ["dentist", "oculist"][: lot.one(1, 2)],
        "whole": lambda: lot.one(1, 1, 2, 3, 10, 30, 31),
        "months": lambda: lot.one(1, 2, 3, 4, 13, _months(lot, first), _months(lot, first), _months(lot, first)),
        "som": lambda: _near(lot, line.get("cap", [{"at_most": 900}])[0]["at_most"]),
    }
    return drawn[key["is"]]()


def _months(lot: Lot, first: date) -> list[str]:
    listed = [f"{months_on(first.replace(day=1), lot.randint(-1, 4)):%Y-%m}" for _ in range(lot.one(1, 2, 3))]
    return listed if lot.chance(0.1) else list(dict.fromkeys(listed))


def _span(lot: Lot, first: date, kind: str) -> dict[str, Any]:
    """A period that ends at its limit of three months, a day before or after it, or anywhere."""
    last = months_on(first, 3)
    ends = lot.one(last, last + timedelta(1), last - timedelta(1), months_on(first, lot.randint(0, 5)), first)
    whole = {"from": first, "to": ends}
    span: dict[str, Any] = lot.often(
        whole, {"from": ends, "to": first}, {"from": first}, {**whole, "until": first}, rest=0.1
    )
    if kind == "span":
        return span
    said = {
        "profession": lot.often(lot.choice(PROFESSIONS), " ", 5, rest=0.1),
        "provider": lot.often("Lyceum 12", 12, rest=0.1),
    }
    return {**lot.some(said, 0.15), **span}
