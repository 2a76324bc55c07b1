"""Judge cases: `python -m tools.judge judged|judged_before` reads them as lines of JSON, and answers each with a line.

It is run once for each version, with that version on the path; the first line says which program it was.
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

FIELDS = ("code", "severity", "clause", "where", "at", "facts")
"""What of a finding is held together; its sentence is free."""

Answer = dict[str, Any]


def plain(value: Any) -> Any:
    """A value as JSON has it: days as text, som with two places, a text of the shelf in English."""
    if isinstance(value, Decimal):
        return f"{value:.2f}" if value == round(value, 2) else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return value["en"] if "en" in value else {str(name): plain(below) for name, below in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def judging(adapter: str) -> Callable[[str], Answer]:
    """What answers a line: by `judged_before` for an older program, by `judged` for this one."""
    by = import_module(f"tools.{adapter}")

    def answer(line: str) -> Answer:
        case = json.loads(line, parse_float=Decimal)
        try:
            said = getattr(by, case["kind"])(case)
            found = {name: [_told(one) for one in findings] for name, findings in said["found"].items()}
        except Exception as trouble:  # how a program fails is an answer too
            return {"crash": type(trouble).__name__}
        return {"found": found, "shown": {name: plain(value) for name, value in said["shown"].items()}}

    return answer


def _told(finding: Any) -> list[Any]:
    return [plain(getattr(finding, name)) for name in FIELDS]


if __name__ == "__main__":
    judged = judging(sys.argv[1])
    sys.stdout.write(json.dumps({"program": import_module("shelterctl").__file__}) + "\n")
    for each in sys.stdin:
        sys.stdout.write(json.dumps(judged(each), ensure_ascii=False, separators=(",", ":")) + "\n")
