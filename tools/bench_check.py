"""Time `check` of a store, and the work that it cannot do without: each file read, hashed, decrypted, strictly parsed,
with its sealed blocks, and compared with its schema.

`python -m tools.bench_check [ROUNDS]`, with a store in the environment; medians of paired rounds, whole processes.
"""

import hashlib
import os
import sys

from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.vault.sealed_bytes import strip_armour
from tools.bench_record import open_session, sealed_blocks
from tools.bench_timing import Heat, process, race

FLOOR = "floor"
TARGET = 1.7
"""The most that a check of ten thousand files may take, as a multiple of the floor."""


def read_everything() -> None:
    """Do for every file of the store named in the environment what any check has to do."""
    session = open_session()
    key, shape = session.device_key, session.store.record_shape
    for file in sorted((session.root / "residents").iterdir()):
        stored = file.read_bytes()
        hashlib.sha256(stored).hexdigest()
        facts = read_document(key.open(stored), LARGEST_STORED).value
        for block in sealed_blocks(facts.get("sealed")):
            read_document(key.open(strip_armour(block)))
        if shape.findings(facts):
            raise AssertionError(file.name)


def main(rounds: int) -> None:
    """Print the floor, the check, and their ratio."""
    words = (sys.executable, "-m")
    heat = Heat(process(*words, "tools.bench_check", FLOOR), process(*words, "shelterctl", "check", "--json"))
    race([heat], rounds)
    files = len(os.listdir(os.path.join(os.environ["SHELTERCTL_STORE"], "residents")))
    floor, took, ratio = heat.took(), heat.took(1), heat.ratio()
    sys.stdout.write(f"{files} files: floor {floor:.0f} ms, check {took:.0f} ms, {ratio:.2f} x (target {TARGET})\n")


if __name__ == "__main__":
    if sys.argv[1:] == [FLOOR]:
        read_everything()
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 3)
