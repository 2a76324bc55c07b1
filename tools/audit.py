"""Look for known vulnerabilities in the locked packages with pip-audit. Exit codes: 0 none, 1 some, 3 the source could
not be asked.

pip-audit itself ends with 0 if its source answered nothing; here that does not count as clean.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
LOCKS = ["requirements.lock", "tables.lock", "development.lock"]

NONE, SOME, UNASKED = 0, 1, 3


def told(packages: Iterable[Mapping[str, Any]]) -> tuple[int, list[str]]:
    """Return the meaning of pip-audit's answer, and the exit code for it."""
    known, holes, unasked = 0, [], []
    for one in packages:
        if "skip_reason" in one:
            unasked.append(str(one["name"]))
            continue
        known += 1
        for hole in one["vulns"]:
            mended = ", ".join(hole["fix_versions"]) or "nowhere yet"
            holes.append(f"{one['name']} {one['version']}: {hole['id']}, fixed in {mended}")
    said = [*holes, f"Packages checked: {known}. Known vulnerabilities: {len(holes)}."]
    if unasked:
        said.append(f"Unknown to the source, so not checked: {len(unasked)} ({', '.join(unasked[:5])} …).")
    return SOME if holes else UNASKED if unasked else NONE, said


def main() -> int:
    """Run pip-audit and report its answer."""
    words = [word for lock in LOCKS for word in ("--requirement", str(PROJECT / lock))]
    asking = [sys.executable, "-m", "pip_audit", *words, "--no-deps", "--disable-pip", "--format", "json"]
    answer = subprocess.run([*asking, "--progress-spinner", "off"], capture_output=True, text=True, check=False)
    try:
        code, said = told(json.loads(answer.stdout)["dependencies"])
    except (ValueError, KeyError):
        reason = (answer.stderr.strip().splitlines() or ["no answer"])[-1]
        code, said = UNASKED, [f"The source of known vulnerabilities could not be reached: {reason}"]
    if code == UNASKED:
        said.append("So not everything was checked. Run this again where the source can be reached.")
    sys.stdout.write("".join(f"{line}\n" for line in said))
    return code


if __name__ == "__main__":
    sys.exit(main())
