"""Hold this program against an older version: `python tests/parity.py --before CHECKOUT`, or `--keep` what it says.

Invented cases are judged by both, each in a process of its own. Ends with 1 where anything differs that `expected.py`
does not give a reason for; the first cases of each difference are written down.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import kept
from expected import Difference, differences, reason
from random_cases import KINDS, cases

TESTS = Path(__file__).parent
PROGRAM = TESTS.parent
FIRST = 3
"""How many cases of each difference are written down."""


def started(program: Path, adapter: str, given: Path, answers: Path) -> subprocess.Popen[bytes]:
    """The program of a checkout judging the cases of a file."""
    unset = ("SHELTERCTL_MANUAL", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    with given.open("rb") as taken, answers.open("wb") as told:
        words = (sys.executable, str(TESTS / "judge.py"), adapter)
        path = {"PYTHONPATH": str(program / "src"), "PYTHONIOENCODING": "utf-8"}
        return subprocess.Popen(words, stdin=taken, stdout=told, env={**environment, **path})


def told(program: Path, answers: IO[str]) -> Iterator[str]:
    """The answers, once it is sure that they are of that program."""
    asked = Path(json.loads(answers.readline())["program"])
    if not asked.is_relative_to((program / "src").resolve()):
        sys.exit(f"{asked} was asked, which is not the program in {program}")
    return iter(answers)


def judged(before: Path, given: Path) -> Iterator[tuple[str, Any, Any]]:
    """Each case with the answers of both programs."""
    programs = {"judged_before": before, "judged": PROGRAM}
    answers = [given.with_name(f"{name}.jsonl") for name in programs]
    running = [
        started(program, name, given, file) for (name, program), file in zip(programs.items(), answers, strict=True)
    ]
    ended = [each.wait() for each in running]
    if any(ended):
        sys.exit("a program could not judge; what went wrong stands above")
    with (
        given.open(encoding="utf-8") as drawn,
        answers[0].open(encoding="utf-8") as old,
        answers[1].open(encoding="utf-8") as new,
    ):
        for case, was, now in zip(drawn, told(before, old), told(PROGRAM, new), strict=True):
            yield case, json.loads(was), json.loads(now)


class Account:
    """What was compared: cases and codes, and every difference with its first cases."""

    def __init__(self) -> None:
        self.cases, self.codes, self.crashes = Counter[str](), Counter[str](), 0
        self.found: Counter[tuple[str, str, str]] = Counter()
        self.first: dict[Difference, list[dict[str, Any]]] = defaultdict(list)

    def add(self, line: str, was: Any, now: Any) -> None:
        """Count one case."""
        case = json.loads(line)
        self.cases[case["kind"]] += 1
        self.crashes += "crash" in was
        self.codes.update(finding[0] for findings in was.get("found", {}).values() for finding in findings)
        for each in differences(was, now) if was != now else ():
            why = reason(each, case)
            self.found[*each, why or "NOT EXPECTED"] += 1
            if why is None and len(self.first[each]) < FIRST:
                self.first[each].append({"difference": each, "case": case, "before": was, "now": now})

    def lines(self) -> Iterator[str]:
        """The account in words."""
        yield ", ".join(f"{count} of {kind}" for kind, count in self.cases.items()) + f"; {len(self.codes)} codes found"
        rare = ", ".join(f"{code} {count}" for code, count in self.codes.most_common()[:-6:-1])
        yield f"least often found: {rare}; the older program failed at {self.crashes} cases"
        for (what, how, why), count in self.found.most_common():
            yield f"{count:7} {how:8} {what:36} {why}"
        yield f"{len(self.first)} differences that are not expected"


def compared(before: Path, given: Path) -> int:
    """Judge by both, print the account, and say by the exit code whether anything differs."""
    account = Account()
    for case, was, now in judged(before, given):
        account.add(case, was, now)
    sys.stdout.write("\n".join(account.lines()) + "\n")
    if not account.first:
        return 0
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".jsonl", delete=False) as file:
        for each in (case for cases_ in account.first.values() for case in cases_):
            file.write(json.dumps(each, ensure_ascii=False) + "\n")
    sys.stdout.write(f"the first cases: {file.name}\n")
    return 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True, help="a folder with an older version of the program")
    parser.add_argument("--agreements", type=int, default=20_000, help="how many; as many reports of monitoring")
    parser.add_argument("--stays", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help=f"write what it says of a few cases into {kept.FILE.name}")
    given = parser.parse_args()
    before = given.before.resolve()
    counts = dict(zip(KINDS, (given.agreements, given.agreements, given.stays), strict=True))
    drawn = cases(before / "src/shelterctl/manual", kept.COUNTS if given.keep else counts, given.seed)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.jsonl"
        with file.open("w", encoding="utf-8") as written:
            written.writelines(f"{case}\n" for case in drawn)
        if given.keep:
            kept.write((case, was) for case, was, _ in judged(before, file))
            return 0
        return compared(before, file)


if __name__ == "__main__":
    sys.exit(main())
