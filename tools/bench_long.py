"""Time long files of several years, files changed by two devices in turns, and sealing every file anew."""

import hashlib
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from pathlib import Path

from shelterctl import limits
from shelterctl.custody.rekey import rekey_files
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import create_recovery_key
from shelterctl.journal.line import FileChange, LinePlace, hash_line, last_line, line_number, sign_line
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session
from shelterctl.store.folder import record_file
from shelterctl.store.opening import open_store
from shelterctl.store.store import Store
from shelterctl.trust.chain import replace_paper_in_chain, verify_chain
from tests.support import crowd
from tools.bench_columns import COUNT, read_only
from tools.bench_timing import Act, Ground, Heat, Row, median, process, race

SIZES = ((200, 2.8, 3.5), (3000, 5.0, 6.0))
"""The numbers of entries, each with the highest ratio to importing typer for adding an entry and for showing the file.
"""

EACH, DUE_TARGET, ROUNDS = 24, 1.6, 9
NEED = "class: primary\nneed: нужда {number}\non: 2026-11-24\nsource: resident\n"


def of_years(ground: Ground) -> Iterator[Row]:
    """Time one file, grown to each size in turn."""
    for size, added, shown in SIZES:
        crowd.grow(opened(ground), ground.id, size)
        heat = Heat(
            process(sys.executable, "-c", "import typer"), ground.act("show", ground.id), _added(ground),
            ground.act("show", ground.id, "service"), ground.act("show", ground.id, "session"),
        )  # fmt: skip
        race([heat], ROUNDS)
        yield Row(f"show ID, {size} entries", heat.took(1), heat.ratio(1), shown)
        yield Row(f"add ID need, {size} entries", heat.took(2), heat.ratio(2), added)
    store = opened(ground)
    unsealed = median(partial(store.unsealed, store.read(ground.id), "psychological"), 5)
    more = heat.took(4) - heat.took(3)
    yield Row(f"open {size // 6} sealed entries", unsealed)
    yield Row("show ID session, more than show ID service", more, more / unsealed, 1.2)


def due_of_many(ground: Ground) -> Iterator[Row]:
    """Time what is due in a thousand files with entries of six kinds, compared with opening and parsing them."""
    crowd.settle(str(ground.folder / "house"), str(ground.folder / "key"), COUNT)
    store = opened(ground)
    held = {id_: store.read(id_) for id_ in store.ids()}
    grown = [(record_file(id_), crowd.grown(dict(one.value), EACH), one.version) for id_, one in held.items()]
    crowd.write(store, grown)
    floor = process(sys.executable, "-m", "tools.bench_long", **ground.variables)
    heat = Heat(lambda: floor().check_returncode(), ground.act("due", "--format", "csv"))
    race([heat], 5)
    yield Row(f"open and parse {COUNT} full files", heat.took())
    yield Row("due, full files", heat.took(1), heat.ratio(), DUE_TARGET)


def opened(ground: Ground) -> Store:
    """Return the store of that ground, opened."""
    key = ground.folder / "key"
    return open_store(ground.folder / "house", load_identity(key, None), open_rulebook(), Path(f"{key}.heads"))


def _added(ground: Ground) -> Act:
    """Return the command that adds another need, different each time."""
    file, number = ground.folder / "need.yaml", 0

    def add() -> None:
        nonlocal number
        number += 1
        file.write_text(NEED.format(number=number), "utf-8")
        ground.run("add", ground.id, "need", "--from", str(file))

    return add


if __name__ == "__main__":
    read_only()


REKEY_TARGET, REKEY_ROUNDS = 1.2, 3
REKEY_ACT = {"did": "admit", "by": "manager", "at": "2026-11-25T12:00+06:00"}


def of_rekey(ground: Ground) -> Iterator[Row]:
    """Time a thousand records saved one by one, and sealed anew for another paper, in turn."""
    crowd.settle(str(ground.folder / "house"), str(ground.folder / "key"), COUNT)
    options = Options(store=str(ground.folder / "house"), identity=str(ground.folder / "key"))

    def saved() -> None:
        store = opened(ground)
        for number, id_ in enumerate(list(store.ids())):
            held = store.read(id_)
            store.write(
                [(record_file(id_), {**held.value, "notes": f"an invented note {number}"}, held.version)], **REKEY_ACT
            )

    def sealed_anew() -> None:
        session = Session(options=options)
        chain, key = session.store.vault.journal.chain, session.store.identity
        session.store.vault.save_chain(
            replace_paper_in_chain(chain, create_recovery_key(), "manager", REKEY_ACT["at"], key)
        )
        done = rekey_files(session)
        if done.sealed < COUNT or done.failed:
            raise AssertionError(done)

    heat = Heat(saved, sealed_anew)
    race([heat], REKEY_ROUNDS)
    yield Row(f"save {COUNT} records one by one", heat.took())
    yield Row(f"rekey of {COUNT} records", heat.took(1), heat.ratio(), REKEY_TARGET)


FEW, MANY, TURNS_TARGET, TURNS_ROUNDS = 20, 2000, 1.3, 9
"""A small and a large number of changes, the highest ratio of a command between them, and the number of rounds."""

TURNS_ACT = {"did": "add", "by": "manager", "at": "2026-11-25T12:00+06:00"}


def of_turns(ground: Ground) -> Iterator[Row]:
    """Time each command in turn on stores with few and with many changes."""
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
        one.run("staff", "add", "s-nina", "--role", "psychologist")  # from now on the saved state is remembered
    for words in (("show", ground.id), ("admit", ground.id)):
        heat = Heat(ground.act(*words), many.act(*words))
        race([heat], TURNS_ROUNDS)
        yield Row(f"{words[0]} ID, {FEW} changes by two devices", heat.took())
        yield Row(f"{words[0]} ID, {MANY} changes by two devices", heat.took(1), heat.ratio(), TURNS_TARGET)


def _save(ground: Ground, count: int) -> None:
    """Write that many journal lines about her file, by two devices in turns, without changing it."""
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
        lasts[turn] = sign_line(FileChange(record_file(ground.id), version, version), place, key, **TURNS_ACT)
        journals[turn] += lasts[turn] + b"\n"
    for path, lines in zip(paths, journals, strict=True):
        path.write_bytes(lines)
