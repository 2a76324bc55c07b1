"""One file that two devices changed by turns: what showing it and going on with its admission take, long after."""

import hashlib
import shutil
from collections.abc import Iterator
from itertools import cycle

from bench_timing import Ground, Heat, Row, race

from shelterctl import limits
from shelterctl.identity.key_file import load_identity
from shelterctl.journal.line import FileChange, LinePlace, hash_line, last_line, line_number, sign_line
from shelterctl.store.folder import record_file
from shelterctl.trust.chain import verify_chain

FEW, MANY, TARGET, ROUNDS = 20, 2000, 1.3, 9
"""So many changes, and how often a command on the few may go into that on the many."""

ACT = {"did": "add", "by": "manager", "at": "2026-11-25T12:00+06:00"}


def of_turns(ground: Ground) -> Iterator[Row]:
    """The few and the many, each command in turn on both."""
    paper, second = ground.folder / "paper", ground.folder / "second"
    key = paper.read_text("utf-8").splitlines()[-1]
    paper.write_text(key + "\n", "utf-8")
    joining = ("--recovery", str(paper), "--identity", str(second), "--no-passphrase", "--staff", "manager")
    ground.run("trust", "--join", *joining)
    ground.run("trust", "--accept")
    many = Ground(ground.project, ground.folder.with_name("turns"))
    shutil.copytree(ground.folder, many.folder)
    for one, count in ((ground, FEW), (many, MANY)):
        _save(one, count)
        one.run("staff", "add", "s-nina", "--role", "psychologist")  # what was saved is remembered from now on
    for words in (("show", ground.id), ("admit", ground.id)):
        heat = Heat(ground.act(*words), many.act(*words))
        race([heat], ROUNDS)
        yield Row(f"{words[0]} ID, {FEW} changes by two devices", heat.took())
        yield Row(f"{words[0]} ID, {MANY} changes by two devices", heat.took(1), heat.ratio(), TARGET)


def _save(ground: Ground, count: int) -> None:
    """So many lines about her file, of two devices by turns, none of which changes it."""
    house = ground.folder / "house"
    chain = verify_chain((house / "trust.jsonl").read_bytes(), limits.TRUST_CHAIN_LINES)
    keys = [load_identity(ground.folder / name, None) for name in ("key", "second")]
    paths = [house / "journal" / f"{key.device}.jsonl" for key in keys]
    journals = [bytearray(path.read_bytes() if path.exists() else b"") for path in paths]
    lasts = [last_line(bytes(lines)) for lines in journals]
    version = hashlib.sha256(ground.file.read_bytes()).hexdigest()
    for turn, _ in zip(cycle((0, 1)), range(count), strict=False):
        key, last, other = keys[turn], lasts[turn], lasts[1 - turn]
        seen = {str(keys[1 - turn].device): (line_number(other), hash_line(other).decode()[:16])} if other else {}
        place = LinePlace(line_number(last) + 1, hash_line(last, chain.root), chain.root, chain.last_mark, seen)
        lasts[turn] = sign_line(FileChange(record_file(ground.id), version, version), place, key, **ACT)
        journals[turn] += lasts[turn] + b"\n"
    for path, lines in zip(paths, journals, strict=True):
        path.write_bytes(lines)
