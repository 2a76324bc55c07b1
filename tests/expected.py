"""In what two versions may differ, each with its reason; `parity.py` and `test_parity.py` hold them to it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Difference = tuple[str, str]
"""A finding's code, or the name of what else is shown; and whether it is gone, new or changed."""

EXPECTED: Mapping[Difference, str] = {
    ("admission/unregistered-staff", "gone"): (
        "since 0.2.0 codes of staff are looked for in the whole file, whatever is judged, and not with an admission"
    ),
}


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> frozenset[Difference]:
    """Everything in which two answers of `judge.py` to one case differ."""
    if "crash" in before or "crash" in now:
        crashes = before.get("crash"), now.get("crash")
        return (
            frozenset() if crashes[0] == crashes[1] else frozenset({(f"crash: {crashes[0]}, {crashes[1]}", "changed")})
        )
    found = [_in(name, *lists) for name, lists in _both(before["found"], now["found"])]
    shown = [(name, "changed") for name, (was, is_) in _both(before["shown"], now["shown"]) if was != is_]
    return frozenset(shown).union(*found)


def _both(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name in dict.fromkeys((*before, *now)):
        yield name, (before.get(name), now.get(name))


def _in(name: str, before: list[Any] | None, now: list[Any] | None) -> Iterator[Difference]:
    """In what two lists of findings differ: each as often as there is one of its code on the other side is changed."""
    old, new = ([(each[0], repr(each)) for each in one or ()] for one in (before, now))
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
