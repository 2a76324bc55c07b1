"""Change one word of the shelf's rules at a time, and say which change no invented case notices.

`python -m tools.mutants --before CHECKOUT` draws the cases of `tools/parity.py` by the words of that older version,
judges them by the shelf as it is, and then by each mutant of it until one case is judged otherwise.
What nobody notices is listed; where it has no reason in `KNOWN`, the script ends with 1.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from shelterctl.core.manual.act import Act
from shelterctl.core.manual.track import Track
from shelterctl.document.reading import Document, read_document
from shelterctl.rulebook.derivations import read_as
from shelterctl.rulebook.files import RulebookFile
from tools import judged
from tools.judge import Answer, judging
from tools.random_cases import cases

SHELF = judged.SHELF
FILES = {"tracks": ("pink", "blue", "report"), "acts": ("admission", "discharge")}
KINDS = {"pink": "agreement", "blue": "agreement", "report": "report", "admission": "stay", "discharge": "stay"}
LARGEST = 1 << 20
STRENGTHS = {"shall": "should", "should": "shall", "note": "should"}
MODIFIERS = (
    *("act", "when", "unless", "item", "code", "reading", "later"),
    *("within", "same", "overlaps", "times", "where", "each", "any", "from", "to"),
)
NUMBERS = ("at_most", "at_least", "exactly", "minor_under", "months", "days")
LISTS = ("codes", "role", "needs")

Path_ = tuple[Any, ...]
Change = tuple[str, Path_, Any]
GONE = object()
"""What stands in a change for a key that is taken away."""

AS_SIGNED = "the number stands in another file only in cases that are signed, for 0.1.0 looked there only then"
UNSIGNED = "what is not signed has no day of signing either"
KNOWN = {
    ("pink", "no when", "agreement/signed-in-time"): UNSIGNED,
    ("blue", "no when", "agreement/signed-in-time"): UNSIGNED,
    ("pink", "no when", "agreement/number-free"): AS_SIGNED,
    ("blue", "no when", "agreement/number-free"): AS_SIGNED,
    (
        "blue",
        "no overlaps",
        "A6.1a",
    ): "two courses of one profession are rare in the cases; `core/test_room` draws them",
    ("admission", "no when", "admission/full-house"): "the rule of the shelter comes first, and says the same",
}
"""What no case notices and why, by file, change, and code or clause of the rule."""


def rules_of(value: dict[str, Any]) -> Iterator[Path_]:
    """The place of every rule of a file: its own, those of its parts, and those of its items."""
    for number, _ in enumerate(value.get("rules") or ()):
        yield ("rules", number)
    for name, part in (value.get("parts") or {}).items():
        yield from (("parts", name, "rules", number) for number, _ in enumerate(part.get("rules") or ()))
    for place, item in enumerate(value.get("items") or ()):
        yield from (("items", place, "rules", number) for number, _ in enumerate(item.get("rules") or ()))


def changes(value: dict[str, Any]) -> Iterator[Change]:
    """Every change of one word of a rule: it is dropped, weighs otherwise, or has another number, list or modifier."""
    for place in rules_of(value):
        rule = at(value, place)
        yield "drop the rule", place, GONE
        weighs = place[0] != "items"  # an item weighs by its gate, and tells no reading
        if weighs:
            yield "another strength", (*place, "strength"), STRENGTHS[rule.get("strength", "shall")]
        for name in (name for name in MODIFIERS if name in rule and (weighs or name != "reading")):
            yield f"no {name}", (*place, name), GONE
        for key, number in _numbers(rule):
            yield f"another {'.'.join(key)}", (*place, *key), number + 1
            yield f"another {'.'.join(key)}", (*place, *key), number - 1
        for key, codes in _lists(rule):
            yield from ((f"no {code} in {'.'.join(key)}", (*place, *key, at_), GONE) for at_, code in enumerate(codes))
    for number, item in enumerate(value.get("items") or ()):
        yield "another gate", ("items", number, "gate"), not item.get("gate", False)
        yield from [("no day", ("items", number, "on"), GONE)] if "on" in item else []


def _numbers(rule: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], int]]:
    """The numbers of a rule, and of an offset in it."""
    for name, value in rule.items():
        if name in NUMBERS and isinstance(value, int):
            yield (name,), value
        if name in ("from", "to") and isinstance(value, dict):
            yield from (((name, key), number) for key, number in value.items() if key in NUMBERS)


def _lists(rule: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """The lists of a rule of which a code may be taken away: at least one is left."""
    for name, value in rule.items():
        if name in LISTS and isinstance(value, list) and len(value) > 1:
            yield (name,), value
        if name in ("when", "where", "each"):
            yield from (((name, key), codes) for key, codes in value.items() if len(codes) > 1)


def at(value: Any, place: Path_) -> Any:
    """What stands at a place."""
    for key in place:
        value = value[key]
    return value


def changed(value: dict[str, Any], place: Path_, new: Any) -> dict[str, Any]:
    """The same file with one change."""
    copy = deepcopy(value)
    *above, key = place
    holder = at(copy, tuple(above))
    if new is GONE:
        del holder[key]
    else:
        holder[key] = new
    return copy


def put(folder: str, name: str, value: dict[str, Any]) -> None:
    """Let the shelf of `judged` have this in the place of what lies there."""
    written = RulebookFile(f"{folder}/{name}.yaml", Document(value, ""))
    if folder == "acts":
        SHELF.acts._taken[name] = read_as(Act, written, SHELF.lists, trusted=True)  # type: ignore[attr-defined]
        return
    family = value.get("family")
    one = read_as(Track, written, SHELF.lists, SHELF.tracks[family] if family else None, trusted=True)
    SHELF.tracks._taken[name] = one
    SHELF.__dict__.pop("forms", None)  # her other agreements are read by the same form
    if name == "report":
        judged.REPORT = one


class Cases:
    """The invented cases of each kind, each with what the shelf as it is says of it."""

    def __init__(self, before: Path, count: int, seed: int) -> None:
        counts = dict.fromkeys(("agreement", "report", "stay"), count)
        self.answer = judging("judged")
        self.held: dict[str, list[tuple[str, Answer]]] = {kind: [] for kind in counts}
        for line in cases(before / "src/shelterctl/manual", counts, seed):
            self.held[json.loads(line)["kind"]].append((line, self.answer(line)))

    def notice(self, name: str) -> bool:
        """Whether one case is judged otherwise than before; those on another form are not tried."""
        of = [each for each in self.held[KINDS[name]] if KINDS[name] != "agreement" or f'"form":"{name}"' in each[0]]
        return any(self.answer(line) != said for line, said in of)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True, help="a folder with an older version of the program")
    parser.add_argument("--cases", type=int, default=3000, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    held, tried, unnoticed = Cases(given.before, given.cases, given.seed), Counter[str](), Counter[str]()
    new_ones = 0
    for folder, names in FILES.items():
        for name in names:
            value = read_document((SHELF.folder / folder / f"{name}.yaml").read_bytes(), LARGEST).value
            for what, place, new in changes(value):
                put(folder, name, changed(value, place, new))
                tried[name] += 1
                if not held.notice(name):
                    unnoticed[name] += 1
                    rule = _rule(value, place)
                    why = KNOWN.get((name, what, str(rule.get("code", rule.get("clause")))))
                    new_ones += why is None
                    sys.stdout.write(f"{name}: {what}: {json.dumps(rule)}: {why or 'NOT NOTICED'}\n")
            put(folder, name, value)
    for name, count in tried.items():
        sys.stdout.write(f"{name}: {count - unnoticed[name]} of {count} noticed\n")
    sys.stdout.write(f"{tried.total() - unnoticed.total()} of {tried.total()} noticed\n")
    return int(new_ones > 0)


def _rule(value: dict[str, Any], place: Path_) -> dict[str, Any]:
    """The rule or item that was changed, without its words."""
    found = at(value, place[: place.index("rules") + 2 if "rules" in place else 2])
    return {key: each for key, each in found.items() if key not in ("says", "in_file", "text", "who", "rules")}


if __name__ == "__main__":
    sys.exit(main())
