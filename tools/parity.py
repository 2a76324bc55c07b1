"""Hold this program against an older version: `python -m tools.parity --before CHECKOUT`, or `--keep` what it says."""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from tools.random_cases import KINDS, cases

PROGRAM = Path(__file__).parents[1]
FILE = PROGRAM / "tests" / "parity" / "judged.jsonl.gz"
COUNTS = {"agreement": 300, "report": 300, "stay": 150}


def write(judged: Iterable[tuple[str, Any]]) -> None:
    """Write the file: a case as it is given to `tools/judge.py`, and its answer."""
    lines = [
        f"{case.strip()}\n{json.dumps(answer, ensure_ascii=False, separators=(',', ':'))}\n" for case, answer in judged
    ]
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


def read() -> Iterator[tuple[str, Any]]:
    """Each case and its answer."""
    lines = gzip.decompress(FILE.read_bytes()).decode().splitlines()
    return ((case, json.loads(answer)) for case, answer in zip(lines[::2], lines[1::2], strict=True))


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
    """Everything in which two answers of `tools/judge.py` to one case differ."""
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


FIRST = 3
"""How many cases of each difference are written down."""


def started(program: Path, adapter: str, given: Path, answers: Path) -> subprocess.Popen[bytes]:
    """The program of a checkout judging the cases of a file."""
    unset = ("SHELTERCTL_MANUAL", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    with given.open("rb") as taken, answers.open("wb") as told:
        words = (sys.executable, "-m", "tools.judge", adapter)
        path = {"PYTHONPATH": str(program / "src"), "PYTHONIOENCODING": "utf-8"}
        return subprocess.Popen(words, cwd=PROGRAM, stdin=taken, stdout=told, env={**environment, **path})


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
    parser.add_argument("--keep", action="store_true", help=f"write what it says of a few cases into {FILE.name}")
    given = parser.parse_args()
    before = given.before.resolve()
    counts = dict(zip(KINDS, (given.agreements, given.agreements, given.stays), strict=True))
    drawn = cases(before / "src/shelterctl/manual", COUNTS if given.keep else counts, given.seed)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.jsonl"
        with file.open("w", encoding="utf-8") as written:
            written.writelines(f"{case}\n" for case in drawn)
        if given.keep:
            write((case, was) for case, was, _ in judged(before, file))
            return 0
        return compared(before, file)


if __name__ == "__main__":
    sys.exit(main())
