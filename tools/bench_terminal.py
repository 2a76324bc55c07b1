"""Time what a person waits for at a terminal, and the acts that open every file of a shelter with many clients."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from tools.bench_record import open_session
from tools.bench_timing import ROUNDS, Row, against, median

EXAMPLES = Path(__file__).parent.parent / "examples" / "accepted"
CLIENTS = 1000
TODAY = "2026-11-25"
EXAMPLE = ("referral", "monitoring-report")


def at_a_terminal(folder: Path, typer: float) -> list[Row]:
    """Time what a person waits for: the first question, the next one, and the menu of a shelter with many files."""
    first, between = [], []
    for number in range(ROUNDS):
        begun, *answered = waits(folder, "admit", *reception(number))
        first.append(begun)
        between += answered
    rows = [
        against(typer, "admit, to its first question", statistics.median(first), 4.0),
        against(100.0, "admit, from an answer to the next question", statistics.median(between), 1.0),
    ]
    fill(CLIENTS)
    floor = median(open_all, 5)
    menu = median_of(lambda: waits(folder)[0], 5)
    admit = median_of(lambda: waits(folder, "admit")[0], 5)
    return [
        *rows,
        Row(f"decrypt + strict parse, {CLIENTS} records", floor),
        against(floor, f"menu of {CLIENTS} clients, to its first screen", menu, 3.0),
        against(typer, f"admit among {CLIENTS}, to its first question", admit, 4.0),
        Row(f"admit among {CLIENTS}, to the next, the slowest", max(waits(folder, "admit", *reception(ROUNDS))[1:])),
        against(floor, f"the night's work of help data-officers, {CLIENTS}", night(folder), 25.0),
    ]


def night(folder: Path) -> float:
    """Run the script of the help page once, as a data officer does, and return the milliseconds."""
    from tests.whole.test_docs import block

    (folder / "night.sh").write_text(block("data-officers", "set -euo"), "utf-8")
    (folder / "usb").mkdir()
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    begun = time.perf_counter()
    words = ("bash", "-e", "night.sh", "tonight", "usb")
    done = subprocess.run(words, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return (time.perf_counter() - begun) * 1000


def reception(number: int) -> tuple[str, ...]:
    """Time a reception as it is typed: nine answers, each saved, with no similar client in the store."""
    name = f"Nobody-{number}-{time.time_ns()}"
    return "1", "03.1999", "2", "24.11 21:30", "at night", "", "Invented", name, "no"


def median_of(measured: Callable[[], float], rounds: int) -> float:
    """Return the median of the times that an act measures itself."""
    return statistics.median(measured() for _ in range(rounds))


def waits(folder: Path, *words: str) -> list[float]:
    """Run a command at its own terminal, type answers, and return how long a person waits each time, in ms."""
    from tests.support.terminal import SETTLED, LiveTerminal, anew_as

    command = [sys.executable, "-m", "shelterctl", *words[:1], *(["--as-of", TODAY] if words else [])]
    screen = {**os.environ, "TERM": "xterm", "SHELTERCTL_LANG": "en"}
    times = [time.perf_counter()]
    live = LiveTerminal(partial(anew_as, command, folder, screen), (24, 80))
    times.append(time.perf_counter())
    for word in words[1:]:
        live.type(word)
        times.append(time.perf_counter())
    live.end()
    return [(after - before - SETTLED) * 1000 for before, after in pairwise(times)]  # long enough to see that it waits


def open_all() -> None:
    """Open and parse every file of the store, without checking anything."""
    from shelterctl.document.reading import read_document

    key = open_session().key
    for file in sorted((Path(os.environ["SHELTERCTL_STORE"]) / "residents").glob("*.age")):
        read_document(key.open(file.read_bytes()))


def fill(clients: int) -> None:
    """Add invented clients in one act: most of them discharged long ago and monitored, some in the shelter."""
    from shelterctl.document.reading import read_document
    from shelterctl.store.folder import record_file

    session = open_session()
    read = {name: read_document((EXAMPLES / f"{name}.yaml").read_bytes()).value for name in EXAMPLE}
    changes = [
        (record_file(str(record["id"])), record, None)
        for number in range(clients)
        for record in [invented(session, number, read, inside=number < 8)]
    ]
    session.save(changes, "admit")


def invented(session: Any, number: int, read: dict[str, Any], *, inside: bool) -> dict[str, Any]:
    """Return an invented client with a referral, a stay and what followed, made from the example's file."""
    from shelterctl.act.change import merge_into_file
    from shelterctl.act.input import Input
    from shelterctl.store.folder import new_client_id, new_entry_id

    blank = {"schema": "resident/1", "id": new_client_id(), "identity": {}, "stays": []}
    record: dict[str, Any] = deepcopy(dict(merge_into_file(session, blank, Input(read["referral"], (), None)).record))
    record["identity"] |= {"first_name": f"Invented {number}", "last_name": f"Nobody {number}"}
    stay = record["stays"][0]
    stay["admission"]["admitted_on"] = "2026-11-22"
    if not inside:
        stay["referral"]["received_at"] = "2025-01-10T12:00+06:00"
        stay["admission"]["admitted_on"], stay["discharge"] = "2025-01-12", {"on": "2025-03-12"}
        stay["monitoring"] = {"reports": [{"id": new_entry_id(), **read["monitoring-report"], "date": "2025-10-01"}]}
    return record
