"""Change one word of the rulebook's rules at a time, and report each change that no invented case notices.

`python -m tools.mutants` draws the cases of `tools/random_cases.py`, judges them by the rulebook, and then by each
mutant of it until one case is judged differently. Changes that no case notices are listed; if one has no reason in
`KNOWN`, the script ends with 1.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from shelterctl.document.reading import Document
from shelterctl.rulebook.files import RulebookFile
from shelterctl.rulebook.rulebook import Rulebook
from tools import judged
from tools.random_cases import KINDS, draw_cases

SHELF = judged.SHELF
FILES = {"track": ("pink", "blue", "report"), "act": ("admission", "discharge")}
KIND_OF_FILE = {"pink": "agreement", "blue": "agreement", "report": "report", "admission": "stay", "discharge": "stay"}
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
"""The value of a key that a change removes."""

UNSIGNED = "what is not signed has no day of signing either"
CRIMINAL = "it is asked of a criminal case alone, and that is none of them"
TRAVEL = "a stay that ends while both forms pay her travel is rare; `tests/cases/agreement/travel.yaml` has it"
IN_TRAVEL = (
    "drop the rule",
    "another strength",
    "no reading",
    "no to",
    "no 4b in when.pink.lines",
    "no 4c in when.pink.lines",
)
KNOWN = {
    ("pink", "no when", "agreement/signed-in-time"): UNSIGNED,
    ("blue", "no when", "agreement/signed-in-time"): UNSIGNED,
    ("blue", "no act", "dated A6.H3"): "what was signed before she came is rare in the cases where nobody signs",
    ("blue", "no when", "stands G3.0.3"): "of nobody's agreement nothing is looked for in a file",
    **{
        ("blue", f"no {code} in codes", "is A6.3"): CRIMINAL for code in ("property_rights", "paternal_rights", "other")
    },
    **{
        ("blue", what, "stands A6.5"): TRAVEL
        for what in (*IN_TRAVEL, "no within", "no 4b in where.lines", "no 4c in where.lines")
    },
    ("admission", "no when", "admission/full-house"): "the rule of the shelter comes first, and says the same",
}
"""The changes that no case notices, with the reason, by file, change, and the code of the rule or its verb and clause.
"""


def rules_of(value: dict[str, Any]) -> Iterator[Path_]:
    """Yield the place of every rule of a file: its own rules, those of its parts, and those of its items."""
    for number, _ in enumerate(value.get("rules") or ()):
        yield ("rules", number)
    for name, part in (value.get("parts") or {}).items():
        yield from (("parts", name, "rules", number) for number, _ in enumerate(part.get("rules") or ()))
    for place, item in enumerate(value.get("items") or ()):
        yield from (("items", place, "rules", number) for number, _ in enumerate(item.get("rules") or ()))


def changes(value: dict[str, Any]) -> Iterator[Change]:
    """Yield every change of one word of a rule: it is dropped, has another strength, number, list or modifier."""
    for place in rules_of(value):
        rule = at(value, place)
        yield "drop the rule", place, GONE
        weighs = place[0] != "items"  # an item has the strength of its gate, and no reading
        if weighs:
            yield "another strength", (*place, "strength"), STRENGTHS[rule.get("strength", "shall")]
        for name in (name for name in MODIFIERS if name in rule and (weighs or name != "reading")):
            yield f"no {name}", (*place, name), GONE
        for key, number in _numbers(rule):
            yield f"another {'.'.join(key)}", (*place, *key), number + 1
            yield from [(f"another {'.'.join(key)}", (*place, *key), number - 1)] if number else []
        for key, codes in _lists(rule):
            yield from ((f"no {code} in {'.'.join(key)}", (*place, *key, at_), GONE) for at_, code in enumerate(codes))
    for number, item in enumerate(value.get("items") or ()):
        yield "another gate", ("items", number, "gate"), not item.get("gate", False)
        yield from [("no day", ("items", number, "on"), GONE)] if "on" in item else []


def _numbers(rule: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the numbers of a rule, and of an offset in it."""
    for name, value in rule.items():
        if name in NUMBERS and isinstance(value, int):
            yield (name,), value
        if name in ("from", "to") and isinstance(value, dict):
            yield from (((name, key), number) for key, number in value.items() if key in NUMBERS)


def _lists(rule: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Yield the lists of a rule from which a code may be removed: at least one stays."""
    for name, value in rule.items():
        if name in LISTS and isinstance(value, list) and len(value) > 1:
            yield (name,), value
        if isinstance(value, dict) and name in ("when", "where", "each"):
            yield from (((name, key), codes) for key, codes in value.items() if len(codes) > 1)


def at(value: Any, place: Path_) -> Any:
    """Return the value at a place."""
    for key in place:
        value = value[key]
    return value


def changed(value: dict[str, Any], place: Path_, new: Any) -> dict[str, Any]:
    """Return the file with one change."""
    copy = deepcopy(value)
    *above, key = place
    holder = at(copy, tuple(above))
    if new is GONE:
        del holder[key]
    else:
        holder[key] = new
    return copy


def mutant(kind: str, name: str, value: dict[str, Any]) -> Rulebook:
    """Return the rulebook with this file in place of a track or an act; its other files are not read again."""
    rulebook = Rulebook(SHELF.folder, trusted=True)
    file = f"{kind}s/{name}.yaml"
    rulebook._files_read.update({**SHELF._files_read, file: RulebookFile(file, Document(value, ""))})
    return rulebook


class Cases:
    """The invented cases of each kind, each with its judgement by the unchanged rulebook."""

    def __init__(self, count: int, seed: int) -> None:
        self.held: dict[str, list[tuple[str, judged.Answer]]] = {kind: [] for kind in KINDS}
        for line in draw_cases(SHELF, dict.fromkeys(KINDS, count), seed):
            self.held[json.loads(line)["kind"]].append((line, judged.judge_case(line)))

    def notice(self, name: str, rulebook: Rulebook) -> bool:
        """Whether the mutant judges one case differently; cases about another form are not tried."""
        kind = KIND_OF_FILE[name]
        of = [each for each in self.held[kind] if kind != "agreement" or f'"form":"{name}"' in each[0]]
        judged.SHELF = rulebook
        try:
            return any(judged.judge_case(line) != said for line, said in of)
        finally:
            judged.SHELF = SHELF


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=3000, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    held, tried, unnoticed = Cases(given.cases, given.seed), Counter[str](), Counter[str]()
    new_ones = 0
    for kind, names in FILES.items():
        for name in names:
            value = SHELF.file_of(kind, name).value
            for what, place, new in changes(value):
                tried[name] += 1
                if not held.notice(name, mutant(kind, name, changed(value, place, new))):
                    unnoticed[name] += 1
                    rule = _rule(value, place)
                    why = KNOWN.get((name, what, rule.get("code") or f"{next(iter(rule))} {rule.get('clause')}"))
                    new_ones += why is None
                    sys.stdout.write(f"{name}: {what}: {json.dumps(rule)}: {why or 'NOT NOTICED'}\n")
    for name, count in tried.items():
        sys.stdout.write(f"{name}: {count - unnoticed[name]} of {count} noticed\n")
    sys.stdout.write(f"{tried.total() - unnoticed.total()} of {tried.total()} noticed\n")
    return int(new_ones > 0)


def _rule(value: dict[str, Any], place: Path_) -> dict[str, Any]:
    """Return the changed rule or item, without its words."""
    found = at(value, place[: place.index("rules") + 2 if "rules" in place else 2])
    return {key: each for key, each in found.items() if key not in ("says", "in_file", "text", "who", "rules")}


if __name__ == "__main__":
    sys.exit(main())
