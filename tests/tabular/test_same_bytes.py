"""One request gives one file: to the byte, in another process, with another hash seed, on another day."""

import hashlib
import json
import os
import subprocess
import sys

import pyrage
import pytest

from shelterctl.tabular.files import TABLE_KINDS, write_archive, write_tables
from shelterctl.tabular.text import Dialect
from tests.support.desk import Desk
from tests.support.drawn_tables import KNOWN
from tests.support.paths import PROJECT

ARCHIVED = "zip of "
PATHS = f"{PROJECT / 'src'}{os.pathsep}{PROJECT}"


def digests() -> dict[str, str]:
    """The digest of one table in each format and in each archive."""
    made = {kind: write_tables([KNOWN], kind, Dialect()) for kind in TABLE_KINDS}
    made |= {ARCHIVED + kind: write_archive([KNOWN], kind, Dialect(), {"name": "known"}) for kind in TABLE_KINDS}
    return {kind: hashlib.sha256(data).hexdigest() for kind, data in made.items()}


ANOTHER_DAY = """
import datetime, json, time
now = time.time() + 400 * 86400 + 12345
time.time, time.localtime = lambda: now, lambda at=None, real=time.localtime: real(now if at is None else at)
class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(now, tz)
datetime.datetime = Later
from tests.tabular.test_same_bytes import digests
print(json.dumps(digests()))
"""
"""The digests as a process more than a year later makes them."""


def test_equal_tables_give_equal_bytes_in_every_process() -> None:
    for package in ("xlsxwriter", "arro3.io"):
        pytest.importorskip(package)
    told = [
        subprocess.run(
            (sys.executable, "-c", ANOTHER_DAY),
            cwd=PROJECT,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "PYTHONPATH": PATHS,
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("4242", "Asia/Bishkek"))
    ]
    assert [json.loads(one) for one in told] == [digests()] * 2


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "zip"])
def test_one_request_for_one_recipient_has_one_digest(kind: str, admitted: Desk) -> None:
    for package in ("xlsxwriter", "arro3.io"):
        pytest.importorskip(package)
    key = pyrage.x25519.Identity.generate().to_public()
    admitted.anew = True
    told = [
        admitted.run(
            f"export stays --for iom-data --key {key} --out {number}.{kind}.age --json",
            env={"PYTHONHASHSEED": str(number)},
        ).page["data"]["sha256"]
        for number in (1, 2)
    ]
    assert told[0] == told[1]
    assert (admitted.folder / f"1.{kind}.age").read_bytes() != (admitted.folder / f"2.{kind}.age").read_bytes()
