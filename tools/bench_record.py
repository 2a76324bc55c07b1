"""Time one record in a running process: opened and parsed with every sealed block, and checked against the manual.

`python -m tools.bench_record FILE`, with the store of that file in the environment.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shelterctl.act.check import judge_client_file
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.identity.keys import ARMOUR_BEGIN
from shelterctl.session import Options, Session
from shelterctl.vault.sealed_bytes import strip_armour
from tools.bench_timing import Heat, race

ROUNDS = 200


def open_session() -> Session:
    """Return a session with the store named in the environment."""
    return Session(options=Options(store=os.environ["SHELTERCTL_STORE"], identity=os.environ["SHELTERCTL_IDENTITY"]))


def sealed_blocks(value: Any) -> Iterator[str]:
    """Yield every sealed block in a file, at any depth."""
    if isinstance(value, str):
        yield from (value,) if value.startswith(ARMOUR_BEGIN) else ()
    elif isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from sealed_blocks(below)


def measure_record(file: Path) -> dict[str, float | None]:
    """Return the milliseconds of both, and their ratio."""
    session, id_, sealed = open_session(), file.name.removesuffix(".yaml.age"), file.read_bytes()
    key = session.store.identity

    def parse() -> None:
        for block in sealed_blocks(read_document(key.open(sealed), LARGEST_STORED).value.get("sealed")):
            read_document(key.open(strip_armour(block)))

    def check() -> None:
        session.store.last_read.clear()  # otherwise it would not be opened again
        judge_client_file(session, session.store.client(id_)[0])

    heat = Heat(parse, check, clock=time.process_time)
    race([heat], max(20, ROUNDS * 4000 // max(4000, len(sealed))))
    return {"floor": heat.took(), "whole": heat.took(1), "ratio": heat.ratio()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure_record(Path(sys.argv[1]))))
