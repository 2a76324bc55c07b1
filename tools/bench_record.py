"""One record in a running process, opened and parsed, and checked against the manual: prints what each takes.

`python -m tools.bench_record FILE`, with the store of that file in the environment.
"""

import json
import os
import sys
from pathlib import Path

from shelterctl.act.check import judge_client_file
from shelterctl.document.reading import read_document
from shelterctl.session import Options, Session
from tools.bench_timing import Heat, race

ROUNDS = 200


def open_session() -> Session:
    """The session of the store that the environment names."""
    return Session(options=Options(store=os.environ["SHELTERCTL_STORE"], identity=os.environ["SHELTERCTL_IDENTITY"]))


def measure_record(file: Path) -> dict[str, float | None]:
    """Milliseconds of both, and how often the one goes into the other."""
    session, id_, sealed = open_session(), file.name.removesuffix(".yaml.age"), file.read_bytes()

    def check() -> None:
        session.store.last_read.clear()  # else it would not be opened again
        judge_client_file(session, session.store.client(id_)[0])

    heat = Heat(lambda: read_document(session.store.identity.open(sealed)), check)
    race([heat], ROUNDS)
    return {"floor": heat.took(), "whole": heat.took(1), "ratio": heat.ratio()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure_record(Path(sys.argv[1]))))
