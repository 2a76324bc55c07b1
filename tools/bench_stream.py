"""Time a stream of many referrals against a process for a single one, and the cost of each besides the process."""

import json
import shutil
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from shelterctl.act.check import judge_client_file
from shelterctl.core.record.client import Client
from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document
from shelterctl.platform.writing import remove_file, sync_folder, write_new_file
from shelterctl.session import Session
from tools.bench_record import open_session
from tools.bench_timing import Ground, Heat, Row, founded, process, race

MANY = 60
PROCESSES = 3
"""The number of processes for a single referral that a stream may take, besides the cost of each document."""

ROUNDS = 7


def of_streams(ground: Ground) -> Iterator[Row]:
    """Time a stream being written, a referral alone, and the parts that each document cannot do without."""
    text = referrals((ground.example / "referral.yaml").read_bytes())
    kept = founded(ground.project, ground.folder / "stream")
    files = {name: kept.folder / f"{name}.ndjson" for name in ("one", "many")}
    files["one"].write_text(text[0], "utf-8")
    files["many"].write_text("".join(text), "utf-8")
    heat = Heat(*(anew(kept, name, file) for name, file in files.items()), lambda: parts(text[0]))
    race([heat], ROUNDS)
    one, many, part = (heat.took(which) for which in range(3))
    bound = PROCESSES * one + MANY * part
    yield Row("admit --from, one referral", one)
    yield Row("parse + judge + seal + fsync, a referral", part)
    yield Row(f"admit --from, a stream of {MANY}", many, many / bound, 1.0)


def referrals(example: bytes) -> list[str]:
    """Return referrals of invented women, all different, one a line."""
    facts: Any = read_document(example).value
    made = []
    for number in range(MANY):
        one = deepcopy(facts)
        one["identity"] |= {
            "first_name": f"{'АБГДЕЖЗИКЛ'[number % 10]}йнура",
            "last_name": f"{'МНОПРС'[number // 10]}анова",
        }
        one["identity"]["birth_date"] = str(1950 + number)
        made.append(json.dumps(one, ensure_ascii=False, default=str) + "\n")
    return made


def anew(kept: Ground, name: str, file: Path) -> Any:
    """Return the command on a fresh copy of the store; the time of copying counts too, and is small."""
    folder = kept.folder.with_name(f"stream-{name}")

    def act() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept.folder, folder)
        done = Ground(kept.project, folder)
        process(sys.executable, "-m", "shelterctl", "admit", "--from", str(file), **done.variables)().check_returncode()

    return act


def parts(line: str) -> None:
    """Time one referral in this process: parsed, checked against its schema, judged, sealed, and put on disk."""
    session = opened()
    given: Any = read_document(line).value
    stay = {name: given.pop(name) for name in ("referral", "admission") if name in given}
    made = {"schema": "resident/1", "id": "7QF2-M9KD", **given, "stays": [{"id": "K7M2QA", **stay}]}
    session.store.record_shape.findings(made)
    judge_client_file(session, Client(made))
    place = session.root / "stream.tmp"
    write_new_file(place, session.store.vault._encrypt("residents/7QF2-M9KD.yaml.age", format_document(made).encode()))
    sync_folder(session.root)
    remove_file(place)


@cache
def opened() -> Session:
    """Return a session with the store, opened once, as a stream does."""
    return open_session()
