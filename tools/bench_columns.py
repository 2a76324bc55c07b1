"""Time lists, exports and questions over a thousand invented clients, beside only opening and parsing the files."""

import sys
from collections.abc import Iterator

import pyrage

from shelterctl.document.reading import read_document
from tests.support import crowd
from tools.bench_record import open_session
from tools.bench_timing import Ground, Heat, Row, process, race

COUNT = 1000
ROUNDS = 9
TARGET = 2.0
ASKED = "admitted_month,sex,age_group,exploitation,country_of_exploitation,left,nights,monitoring"
DUE, DUE_TARGET, SHOW_TARGET = ("due", "--format", "csv"), 1.6, 1.0
EXPORT_TARGET, QUERY_TARGET = 2.0, 1.2
QUERY = ("query", "select admitted_month, state, count(*) from stays group by 1, 2", "--json")
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
    key = str(pyrage.x25519.Identity.generate().to_public())
    export = ground.act("export", "stays", "--for", "iom-data", "--key", key, "--out", "-", "--format", "csv")
    out = Heat(lambda: floor().check_returncode(), export)
    asked = Heat(export, ground.act(*QUERY))
    race([out, asked], ROUNDS)
    yield Row("export of every stay", out.took(1), out.ratio(), EXPORT_TARGET)
    yield Row("query over every stay, against export", asked.took(1), asked.ratio(), QUERY_TARGET)
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
