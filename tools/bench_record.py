"""One record in a running process, opened and parsed, and checked against the manual: prints what each takes.

`python -m tools.bench_record FILE`, run once for each version, with that version on the path and its store around it.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tools.bench_timing import Heat, race

ROUNDS = 200


def desk() -> Any:
    """The desk of the store that the environment names."""
    named = {name: os.environ[f"SHELTERCTL_{name.upper()}"] for name in ("store", "identity")}
    try:
        seating = import_module("shelterctl.session")
    except ModuleNotFoundError:  # 0.1.0
        return import_module("shelterctl.desk").Desk({f"shelterctl.{name}": value for name, value in named.items()})
    return seating.Session(options=seating.Options(**named))


def judging() -> Any:
    """What ``check`` judges a file by; in 0.1.0 it stood elsewhere."""
    try:
        return import_module("shelterctl.act.judgement").judged_record
    except ModuleNotFoundError:
        return import_module("shelterctl.cli.check").judged_record


def measured(file: Path) -> dict[str, float | None]:
    """Milliseconds of both, and how often the one goes into the other."""
    session, judged, document = desk(), judging(), import_module("shelterctl.document")
    id_, sealed = file.name.removesuffix(".yaml.age"), file.read_bytes()

    def whole() -> None:
        getattr(session.store, "last_read", {}).clear()  # else it would not be opened again
        judged(session, session.store.client(id_)[0])

    heat = Heat(lambda: document.read(session.store.identity.open(sealed)), whole)
    race([heat], ROUNDS)
    return {"floor": heat.took(), "whole": heat.took(1), "ratio": heat.ratio()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(Path(sys.argv[1]))))
