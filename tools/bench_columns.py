"""Time lists over a thousand invented clients, compared with only opening and parsing the same files."""

import sys
from collections.abc import Iterator

from shelterctl.document.reading import read_document
from tests.support import crowd
from tools.bench_record import open_session
from tools.bench_timing import Ground, Heat, Row, process, race

COUNT = 1000
ROUNDS = 9
TARGET = 2.0
ASKED = "admitted_month,sex,age_group,exploitation,country_of_exploitation,left,nights,monitoring"
DUE, DUE_TARGET, SHOW_TARGET = ("due", "--format", "csv"), 1.6, 1.0
LIST = ("list", "--stays", "--columns", ASKED, "--format", "csv")


def over_many(ground: Ground) -> Iterator[Row]:
    """Time each list in its own process, against a process that opens and parses every file of the same store."""
    crowd.settle(str(ground.folder / "house"), str(ground.folder / "key"), COUNT)
    floor = process(sys.executable, "-m", "tools.bench_columns", **ground.variables)
    heat = Heat(lambda: floor().check_returncode(), ground.act(*LIST), ground.act(*DUE))
    race([heat], ROUNDS)
    yield Row(f"open and parse {COUNT} files", heat.took())
    yield Row("list --stays --columns", heat.took(1), heat.ratio(), TARGET)
    yield Row("due", heat.took(2), heat.ratio(2), DUE_TARGET)
    one = Heat(ground.act("list"), ground.act("show", ground.id))
    race([one], ROUNDS)
    yield Row(f"list of {COUNT} files", one.took())
    yield Row(f"show ID, {COUNT} files", one.took(1), one.ratio(), SHOW_TARGET)


def read_only() -> None:
    """Open and parse every client's file of the store named in the environment."""
    session = open_session()
    for file in sorted((session.root / "residents").iterdir()):
        read_document(session.device_key.open(file.read_bytes()))


if __name__ == "__main__":
    read_only()
