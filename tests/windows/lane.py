"""What `make windows` does: a computer with Windows put together, the tests run inside it and through its processes.

`make windows ONE_IN=48` runs one in forty-eight of those that a process of Windows carries out, the same ones each
time: the check of a change does that.

Told at the end: how many passed, and of each that was left out why, and what shows the same there.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple
from xml.etree import ElementTree

from tests.windows import computer
from tools import lock

TESTS = lock.PROJECT / "tests"
COMMANDS = {
    "act": "batch check input redaction same_person",
    "cli": "add admit agreement entry_act find house monitor passphrase",
    "custody": "backup check init recovery repair restore",
    "journal": "broken_lines journal",
    "menu": "menu",
    "output": "output",
    "paper": "code delivery forms",
    "platform": "platform",
    "releases": "0_1_0",
    "store": "opening",
    "trust": "chain",
    "view": "account client due lists occupancy",
    "whole": "backup_and_paper_killed canary examples transcripts",
}
"""Tests of commands on a store, each command of which a process of Windows carries out."""

ALIKE_ANYWHERE = (
    "custody/test_repair.py::test_one_damaged_byte_anywhere_costs_that_file_and_its_hint_puts_it_right",
    "custody/test_repair.py::test_with_a_backup_the_hint_on_any_damage_leads_to_a_whole_store",
    "custody/test_repair.py::test_without_any_backup_the_hint_leads_to_a_store_that_says_what_is_lost",
    "output/test_output.py::test_a_shelf_has_plain_files_or_is_told_to_be_broken",
    "output/test_output.py::test_a_word_of_the_command_line_is_shown_and_not_obeyed",
    "typed/test_question.py::test_a_hundred_kilobytes_are_read_or_refused_at_once",
    "whole/test_canary.py::test_no_refusal_of_a_file_repeats_it",
    "whole/test_canary.py::test_no_refusal_of_a_word_repeats_it",
    "whole/test_examples.py::test_a_refused_example_yields_exactly_the_finding_it_is_named_for",
)
"""Tests in these files that try hundreds of words and values, and nothing of a system: `make test` alone runs them."""

COMMANDED = "commands, by processes of Windows"

MINUTES = 15
"""Longer nobody waits for it."""


class Part(NamedTuple):
    """One run of tests: its name, the words that begin it, and where it says what came of each."""

    name: str
    words: Sequence[str | Path]
    report: Path


class Told(NamedTuple):
    """What came of a part: how many passed and failed, and how often each reason left one out.

    Of those that passed some had no command carried out, and show nothing of Windows: they are *apart*.
    """

    passed: int
    failed: int
    left_out: Counter[str]
    apart: int = 0


def parts(folder: Path, one_in: str) -> list[Part]:
    """The tests of values inside Windows, those of Windows itself, and those of commands through its processes; of the
    last two one in so many.
    """
    plain = ("-q", "-p", "no:cacheprovider")
    drawn = ("--on-windows", f"--one-in={one_in}")
    pytest = (sys.executable, "-m", "pytest", *plain, "-n", "auto", "--dist", "worksteal", *drawn)
    files = [TESTS / folder / f"test_{name}.py" for folder, names in COMMANDS.items() for name in names.split()]
    aside = [f"--deselect=tests/{name}" for name in ALIKE_ANYWHERE]
    inside: tuple[str | Path, ...] = (
        "-m",
        "pytest",
        *plain,
        *aside,
        "-p",
        "tests.support.drawn_examples",
        "--hypothesis-profile=a few",
        f"--confcutdir={TESTS / 'core'}",
        TESTS / "core",
        TESTS / "typed",
    )
    reports = [folder / f"{number}.xml" for number in range(3)]
    return [
        Part("values, inside Windows", computer.command(*inside, f"--junitxml={reports[0]}"), reports[0]),
        Part("Windows itself", (*pytest, f"--junitxml={reports[1]}", TESTS / "windows"), reports[1]),
        Part(COMMANDED, (*pytest, f"--junitxml={reports[2]}", *aside, *files), reports[2]),
    ]


def told(report: Path) -> Told:
    """What a report says; nothing passed where there is none."""
    if not report.is_file():
        return Told(0, 1, Counter())
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))  # noqa: S314 - our own
    ended = {case: {child.tag: child.get("message", "") for child in case} for case in cases}
    left_out = Counter(str(each["skipped"]) for each in ended.values() if "skipped" in each)
    failed = [case for case, each in ended.items() if "failure" in each or "error" in each]
    passed = [case for case, each in ended.items() if case not in failed and "skipped" not in each]
    apart = [case for case in passed if [each.get("value") for each in case.iter("property")] == ["0"]]
    return Told(len(passed) - len(apart), len(failed), left_out, len(apart))


def start(part: Part, out: BinaryIO | None = None) -> subprocess.Popen[bytes]:
    """A part begun, which says what it has to say here or in a file."""
    env = {**os.environ, **(computer.around() if part.words[0] == "wine" else {})}
    return subprocess.Popen([*map(str, part.words)], env=env, stdout=out, stderr=out and subprocess.STDOUT)


def sum_up(part: Part, found: Told, seconds: float) -> str:
    """What came of a part, in a line."""
    apart = found.apart if part.name == COMMANDED else 0
    passed = found.passed + found.apart - apart
    counted = f"{passed} passed, {found.failed} failed, {found.left_out.total()} left out"
    counted += f"; {apart} more passed that carry out no command" if apart else ""
    return f"{part.name}: {counted}, {seconds:.0f} s"


def main() -> int:
    """Run everything, and say what came of it."""
    if why := computer.lacking():
        sys.stdout.write(f"Nothing was run on Windows: {why}.\n")
        return 0 if os.environ.get("WITHOUT_WINDOWS") else 1
    begun = time.monotonic()
    computer.ready()
    sys.stdout.write(f"The computer was ready after {time.monotonic() - begun:.0f} s.\n")
    left_out: Counter[str] = Counter()
    lines, worst = [], 0
    with TemporaryDirectory() as folder:
        values, *others = parts(Path(folder), sys.argv[1] if len(sys.argv) > 1 else "1")
        since, said = time.monotonic(), Path(folder, "values.txt")
        with said.open("wb") as told_meanwhile:  # one process, beside those that have two: no processor waits
            meanwhile = start(values, told_meanwhile)
        for part in others:
            sys.stdout.write(f"\n{part.name}\n")
            sys.stdout.flush()
            begun_at = time.monotonic()
            worst = max(worst, start(part).wait())
            lines.append(sum_up(part, told(part.report), time.monotonic() - begun_at))
        worst = max(worst, meanwhile.wait())
        lines.insert(0, sum_up(values, told(values.report), time.monotonic() - since))
        sys.stdout.write(f"\n{values.name}\n{said.read_text('utf-8', 'replace')}")
        for part in (values, *others):
            found = told(part.report)
            left_out += found.left_out
            worst = max(worst, bool(found.failed))
    computer.ended()
    lines += ["", "Left out, with what shows the same there:"]
    lines += [f"{number:5}  {reason}" for reason, number in left_out.most_common()]
    minutes = (time.monotonic() - begun) / 60
    sys.stdout.write("\n".join(["", *lines, "", f"{minutes:.1f} minutes of {MINUTES}"]) + "\n")
    return worst


if __name__ == "__main__":
    sys.exit(main())
