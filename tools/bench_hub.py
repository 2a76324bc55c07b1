"""A table by month, sex and form over ten million invented rows: `hub query` beside DuckDB alone on the same files.

Run as ``python -m tools.bench_hub FOLDER [ROWS]``; prints both medians of runs in turn, each a process of its own.
"""

import hashlib
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import duckdb
from arro3.core import RecordBatchReader

from shelterctl.hub.manifest import (
    AddedExport,
    DatasetColumn,
    SignedManifest,
    make_dataset,
    remember_dataset,
    sign_manifest,
)
from shelterctl.hub.parts import INCOMING_FOLDER, publish_manifest, write_part
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import create_identity
from shelterctl.platform.writing import create_private_folder
from shelterctl.tabular.parquet import write_batches

YEARS = range(2017, 2027)
TABLE = (DatasetColumn("sender", "string"), DatasetColumn("month", "yearmonth"), DatasetColumn("sex", "string"),
         DatasetColumn("form", "string"), DatasetColumn("nights", "integer"))  # fmt: skip
ROWS = """
select 'S' || (i % 40) as sender, {year} || '-' || lpad((1 + hash(i) % 12)::varchar, 2, '0') as month,
  case when hash(i + 1) % 10 < 7 then 'female' else 'male' end as sex,
  ['sexual', 'labour', 'begging', 'other'][(1 + hash(i + 2) % 4)::integer] as form,
  (hash(i + 3) % 180)::bigint as nights
from range({rows}) t(i)
"""
QUESTION = "select month, sex, form, count(*) as n from stays group by month, sex, form order by month, sex, form"
ALONE = """
import duckdb, glob, sys
base = duckdb.connect(":memory:")
files = repr(sys.argv[1])
base.execute(f"create view stays as select * from read_parquet({files}, hive_partitioning = true)")
print(len(base.execute(sys.argv[2]).fetchall()))
"""


def fill(folder: Path, rows: int) -> Path:
    """Make a dataset of that many rows by the writer of `hub add`; return its key file."""
    identity, memory = folder / "key", folder / "key.heads"
    key = create_identity()
    save_identity(identity, key, None)
    at = "2026-11-25T10:00+06:00"
    manifest = make_dataset(folder / "country", key, at, memory)
    create_private_folder(folder / "country" / INCOMING_FOLDER)
    files = []
    for year in YEARS:
        batches = duckdb.sql(ROWS.format(year=year, rows=rows // len(YEARS)))
        files.append(
            write_part(folder / "country", "stays", year, rows // len(YEARS),
                       lambda to, batches=batches: write_batches(RecordBatchReader.from_arrow(batches), to))  # type: ignore[misc]
        )  # fmt: skip
    added = AddedExport("0" * 64, "0" * 64, "bench", None, None, None, "bench", at, {"stays": rows}, tuple(files))
    filled = manifest._replace(serial=1, tables={"stays": list(TABLE)}, exports=(added,))
    data = sign_manifest(filled, key)
    publish_manifest(folder / "country", data, {one.path for one in files})
    remember_dataset(memory, SignedManifest(filled, hashlib.sha256(data).hexdigest()))
    return identity


def seconds(words: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    folder, rows = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    folder.mkdir(parents=True)
    begun = time.perf_counter()
    identity = fill(folder, rows)
    sys.stdout.write(f"{rows} rows written in {time.perf_counter() - begun:.1f} s\n")
    ours = [sys.executable, "-m", "shelterctl", "hub", "query", QUESTION, str(folder / "country"), "--format", "csv",
            "--identity", str(identity)]  # fmt: skip
    alone = [sys.executable, "-c", ALONE, str(folder / "country/stays/*/*.parquet"), QUESTION]
    pairs = [(seconds(ours), seconds(alone)) for _ in range(7)]
    mine, theirs = (median(one) for one in zip(*pairs, strict=True))
    sys.stdout.write(f"hub query {mine:.2f} s, DuckDB alone {theirs:.2f} s, ratio {mine / theirs:.2f}\n")


if __name__ == "__main__":
    main()
