"""In what two versions may differ, each with its reason; `parity.py` and `test_parity.py` hold them to it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Difference = tuple[str, str]
"""A finding's code, or the name of what else is shown; and whether it is gone, new or changed."""

EXPECTED: Mapping[Difference, str] = {
    ("admission/unregistered-staff", "gone"): (
        "since 0.2.0 codes of staff are looked for in the whole file, whatever is judged, and not with an admission"
    ),
    ("agreement/bad-value", "changed"): "a course that cannot be read is asked for by the keys that it has",
    ("agreement/bad-value", "gone"): "a course whose days are still to come is a draft, and cannot be signed",
    ("agreement/month-outside", "changed"): (
        "0.1.0 had two facts of another finding in it, where there were too many months as well"
    ),
    ("agreement/missing-key", "gone"): "what cannot be read is told as that, and no more as missing as well",
    ("agreement/missing-key", "new"): "an empty list of doctors names nobody",
    ("agreement/days-beyond-stay", "gone"): "a stay that ends before it begins has no days that others could pass",
    ("admission/dated-after", "new"): "W4: whoever arrives after the day of her admission is not admitted on it",
    ("order of judged", "changed"): "answers that another one makes idle stand before all else of a report",
    **dict.fromkeys(
        [
            ("track/dated", "new"),
            ("track/needs", "new"),
            ("track/amount", "new"),
            ("track/suits", "new"),
            ("agreement/too-many-months", "new"),
        ],
        "rulings of 0.3.0: what the manual says and 0.1.0 did not ask",
    ),
    **dict.fromkeys(
        [("agreement/unknown-key", "changed"), ("agreement/bad-code", "changed")],
        "rent knows its grounds and the time of study; a criminal case is a purpose, told and not refused (X25)",
    ),
    **dict.fromkeys(
        [
            ("agreement/over-cap", "changed"),
            ("agreement/over-cap-together", "new"),
            ("agreement/month-twice", "gone"),
            ("agreement/list-months", "gone"),
            ("agreement/list-months", "changed"),
            ("room", "changed"),
        ],
        "A6.5 and A6.6 are so much a month: agreements that keep it together are allowed (X30, X31)",
    ),
    **dict.fromkeys(
        [("complete", "changed"), ("monitored", "changed"), ("due", "changed"), ("answered_on", "changed")],
        "a meeting after the day of the report that tells of it was not held by then (A7.Q2)",
    ),
    **dict.fromkeys(
        [("admission/clothes", "changed"), ("admission/psychologist", "changed"), ("admission/plan", "changed")],
        "what is lacking of it is told by name, as of the papers of IOM",
    ),
    **dict.fromkeys(
        [("agreement/representatives", "changed"), ("agreement/representatives", "new")],
        "J8: whoever is not named for the NGO or for IOM is told at that place, each by itself",
    ),
    ("agreement/over-cap-together", "gone"): "N33: the limit on goods, line 1b, is that of one agreement",
    (
        "agreement/signed-in-time",
        "changed",
    ): "U21: a signature before the agreement itself is refused",
    ("admission/sex-and-age", "gone"): "a birth after the day of the admission is told as that",
    ("admission/evaluated-before", "new"): "J7: an evaluation from before the referral does not count (R5.3.7a)",
    ("track/stands", "new"): "J6: goods on line 1b want an expert group that has considered her (G3.0.3)",
}

DONE = "what was done before she came, or on a day that has not come, does not do an item"
"""Why an item of her acts may be open that was done in 0.1.0."""

AGAIN = "W3: the duty of a stay stands until it is answered, whatever comes later"
"""Why reports and what is due may differ where she left one stay, or was asked how she is, before another."""


DONE_BY_DAY = {
    ("rows of admission", "changed"),
    ("rows of discharge", "changed"),
    ("discharge/interim-review", "new"),
    ("admission/orientation", "new"),
    ("admission/medical-examination", "new"),
    ("admission/health-record", "new"),
    ("admission/needs", "new"),
    ("admission/psychologist", "new"),
    ("admission/clothes", "new"),
    ("admission/pocket-money", "new"),
    ("admission/safekeeping", "new"),
    ("admission/plan", "new"),
}


def reason(difference: Difference, case: Mapping[str, Any]) -> str | None:
    """Why two versions may differ so in this case; None where they may not."""
    stays = [each for each in (case.get("client") or {}).get("stays") or () if "void" not in each]
    left = [
        each for each in stays if "on" in (each.get("discharge") or {}) or (each.get("monitoring") or {}).get("reports")
    ]
    again = case["kind"] == "report" and len(left) > 0 and len(stays) > 1
    undone = difference in DONE_BY_DAY and any(each.get("done") for each in stays)
    return EXPECTED.get(difference) or (AGAIN if again else None) or (DONE if undone else None)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> frozenset[Difference]:
    """Everything in which two answers of `judge.py` to one case differ."""
    if "crash" in before or "crash" in now:
        crashes = before.get("crash"), now.get("crash")
        return (
            frozenset() if crashes[0] == crashes[1] else frozenset({(f"crash: {crashes[0]}, {crashes[1]}", "changed")})
        )
    found = [_in(name, *lists) for name, lists in _both(before["found"], now["found"])]
    both = _both(before["shown"], now["shown"])
    shown = [(name, "changed") for name, (was, is_) in both if _judged(was) != _judged(is_)]
    return frozenset(shown).union(*found)


def _judged(shown: Any) -> Any:
    """The same without how an item is called, which may be said better at any time, and what is begun of it."""
    rows = isinstance(shown, list) and all(isinstance(row, dict) for row in shown)
    return (
        [{name: said for name, said in row.items() if name not in ("text", "begun")} for row in shown]
        if rows
        else shown
    )


def _both(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name in dict.fromkeys((*before, *now)):
        yield name, (before.get(name), now.get(name))


def _in(name: str, before: list[Any] | None, now: list[Any] | None) -> Iterator[Difference]:
    """In what two lists of findings differ: each as often as there is one of its code on the other side is changed."""
    old, new = ([(each[0], json.dumps(each, sort_keys=True)) for each in one or ()] for one in (before, now))
    shared = Counter(old) & Counter(new)
    gone, come = (Counter(code for code, _ in (Counter(one) - shared).elements()) for one in (old, new))
    yield from ((code, "changed") for code in gone & come)
    yield from ((code, "gone") for code in gone - come)
    yield from ((code, "new") for code in come - gone)
    if _order(old, shared) != _order(new, shared):
        yield f"order of {name}", "changed"


def _order(said: list[tuple[str, str]], shared: Counter[tuple[str, str]]) -> list[tuple[str, str]]:
    """What both sides say, once each, in the order of one of them."""
    return [each for each in dict.fromkeys(said) if each in shared]
