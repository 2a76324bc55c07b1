"""Whole commands that are killed, or refused by the disk, at each call they make of the operating system.

`support/killed_acts.py FOLDER [STEP]` tries every STEP-th call of every command here, and prints what was seen as JSON.
"""

import errno
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from shelterctl import __main__
from shelterctl.custody import check
from shelterctl.errors import ShelterError
from shelterctl.session import Options
from shelterctl.session import Session as Seat
from tests.support.command import Answer, import_everything
from tests.support.desk import Desk
from tests.support.faults import Fault, Strike, kill, kill_half_way, refuse
from tests.support.inputs import REFERRAL
from tests.support.paths import PROJECT

KILLS: tuple[tuple[Strike, bool], ...] = ((kill, False), (kill_half_way, False))
REFUSALS: tuple[tuple[Strike, bool], ...] = (
    (partial(refuse, errno.EIO), False),
    (partial(refuse, errno.ENOSPC), True),
    (partial(refuse, errno.EACCES), False),
)
ANSWERS = {0, 1, 2, 3, 5, 6, 7, 8, -9}
"""How a command may end that is killed or refused; 70 would be a bug."""


@contextmanager
def struck(at: int, strike: Strike, lasting: bool) -> Iterator[list[int]]:
    """Inside, the *at*-th call of the next command goes wrong; how many it made is noted, unless it was killed."""
    reading, writing = os.pipe()
    real, counts = __main__.main, list[int]()

    def main() -> None:
        fault = Fault(at, strike, lasting)
        try:
            real()
        finally:
            fault.lift()
            os.write(writing, str(fault.count).encode())

    __main__.main = main
    try:
        yield counts
    finally:
        __main__.main = real
        os.close(writing)
        with os.fdopen(reading) as pipe:
            counts += [int(said) for said in pipe.read().split()]


def house(folder: Path) -> Desk:
    """A store with two clients, its paper in a file, and a backup from before the second one's last change."""
    desk = Desk(folder)
    desk.folder.mkdir(parents=True)
    desk.do("init house --shelter bishkek --no-passphrase --recovery paper", today=None)
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("staff add s-gulnara --role social_worker")
    desk.do("staff add s-aida --role psychologist")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    desk.do("admit --new-person", REFERRAL)
    (desk.folder / "usb").mkdir()
    desk.do("backup usb", today=None)
    return desk


def number(desk: Desk, more: str = "") -> int:
    """The number for the sheet in the safe."""
    return int(desk.do(f"check {more}").data["sheet"]["number"])


def ids(desk: Desk, more: str = "") -> list[str]:
    return [row["id"] for row in desk.do(f"list {more}").data["rows"]]


@dataclass(frozen=True)
class Act:
    """A command, what the desk is like before it, and what must be so once it was given again."""

    words: str
    before: Callable[[Path], Desk]
    after: Callable[[Desk], list[str]]
    again: frozenset[str] = frozenset()
    """The errors by which the second time may end: that there is nothing left to be done."""
    facts: dict[str, Any] = field(default_factory=dict)


def _sound(desk: Desk, clients: int = 2, more: str = "") -> list[str]:
    """What is wrong with a store that should be whole."""
    check = desk.ask(f"check {more}")
    complaints = [] if check.code == 0 else [f"check: {check.code} {check.error} {check.codes()}"]
    listed = desk.ask(f"list {more}")
    rows = listed.data.get("rows") or []
    complaints += [] if listed.code == 0 and len(rows) == clients else [f"list: {listed.code} {len(rows)} rows"]
    written = desk.ask(f"staff add s-nina --role psychologist {more}")
    complaints += [] if written.code == 0 else [f"write: {written.code} {written.error}"]
    root = desk.store if not more else desk.folder / "again"
    complaints += [f"left: {path.name}" for path in root.rglob("*.tmp")]
    complaints += ["founding left"] * (root / ".founding.yaml.age").exists()
    return complaints


def _bare(folder: Path) -> Desk:
    folder.mkdir(parents=True)
    return Desk(folder)


def _founded(desk: Desk) -> list[str]:
    complaints = _sound(desk, 0)
    drill = desk.ask("check --recovery paper", today=None)
    complaints += [] if drill.code == 0 else [f"the paper is not the store's: {drill.code} {drill.error}"]
    journals = list((desk.store / "journal").iterdir())
    return complaints + [f"journals: {len(journals)}"] * (len(journals) != 1)


def _old(folder: Path) -> Desk:
    shutil.copytree(PROJECT / "tests/stores/0.1.0", folder)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return Desk(folder)


def _begun(desk: Desk) -> list[str]:
    said = desk.ask("trust")
    complaints = [] if said.code == 0 else [f"trust: {said.code} {said.error}"]
    listed = desk.ask("list")
    complaints += [] if listed.code == 0 and len(listed.data["rows"]) == 4 else [f"list: {listed.code}"]
    written = desk.ask("staff add s-nina --role psychologist")
    return complaints + [f"write: {written.code} {written.error}"] * (written.code != 0)


JOIN = "trust --join --recovery paper --no-passphrase --identity other --staff s-gulnara"


def _joined(desk: Desk) -> list[str]:
    complaints = _sound(desk, 2, "--identity other")
    accepted = desk.ask("trust --accept")
    complaints += [] if accepted.code == 0 else [f"accept: {accepted.code} {accepted.error}"]
    devices = desk.do("trust").data["rows"]
    return [*complaints, *([f"devices: {len(devices)}"] * (len(devices) != 2)), *_sound(desk)]


def _file(desk: Desk) -> Path:
    return desk.store / "residents" / f"{desk.her}.yaml.age"


def _flip(path: Path, at: int = -40) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def _record_damaged(folder: Path) -> Desk:
    desk = house(folder)
    _flip(_file(desk))
    return desk


def _later_record_damaged(folder: Path) -> Desk:
    desk = house(folder)
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    _flip(_file(desk))
    return desk


def _given_up(desk: Desk) -> list[str]:
    shown = desk.ask(f"show {desk.her}")
    return _sound(desk, 1) + [f"show says {shown.error}"] * (shown.code == 0)


def _journal(desk: Desk) -> Path:
    return next((desk.store / "journal").glob("*.jsonl"))


def _bit_in_journal(folder: Path) -> Desk:
    desk = house(folder)
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    _flip(_journal(desk), 900)
    return desk


def _line_lost(folder: Path) -> Desk:
    """More than a byte of a line is another, and it is younger than the backup."""
    desk = house(folder)
    desk.do("staff add s-dana --role psychologist")
    desk.do("staff add s-timur --role psychologist")
    lines = _journal(desk).read_bytes().split(b"\n")
    lines[-3] = lines[-3].replace(b"manager", b"mbnbger", 1)
    _journal(desk).write_bytes(b"\n".join(lines))
    return desk


def _tail_lost(folder: Path) -> Desk:
    desk = house(folder)
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    lines = _journal(desk).read_bytes().splitlines(keepends=True)
    _journal(desk).write_bytes(b"".join(lines[:-3]))
    return desk


def _tail_mended(desk: Desk) -> list[str]:
    """Files that are younger than the last line are whole and not vouched for: a person signs for them."""
    complaints = []
    for one in desk.do("repair journal").data["repaired"]["waiting"]:
        vouched = desk.ask(f"repair journal --vouch {one['place']} {one['sha256']}")
        complaints += [f"vouch: {vouched.code} {vouched.error}"] * (vouched.code != 0)
    return complaints + _sound(desk)


def _trust_damaged(folder: Path) -> Desk:
    desk = house(folder)
    _flip(desk.store / "trust.jsonl", 200)
    return desk


def _trust_gone(folder: Path) -> Desk:
    desk = house(folder)
    (desk.store / "trust.jsonl").unlink()
    return desk


def _older_backup(folder: Path) -> Desk:
    desk = house(folder)
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    desk.do("staff add s-dana --role psychologist")
    return desk


def _restored(desk: Desk) -> list[str]:
    more = "--store again"
    told = desk.ask(f"check {more}")
    lost = [found for found in told.page["findings"] if found["code"] == "store/repaired"]
    return _sound(desk, 2, more) + [f"the loss is not told: {told.codes()}"] * (len(lost) != 1)


def taken_out(desk: Desk) -> list[str]:
    """The names of whatever check calls a stranger's, as the first device sees it: moved out of the store."""
    desk.ask("check")
    session = Seat(options=Options(store=str(desk.store), identity=str(desk.key)))
    try:
        left = {path for path, _ in check.find_unfinished_files(session.store)}
        strange = list(check.find_strange_files(session.store, session.identity_file, left))
    except ShelterError:
        return []  # there is no store yet, or its list is damaged: then nobody is called a stranger
    out = desk.folder / "moved out"
    out.mkdir(exist_ok=True)
    for path in strange:
        shutil.move(path, out)
    return [path.name for path in strange]


WHOLE = frozenset({"repair/whole", ""})

ACTS: dict[str, Act] = {
    "init": Act(
        "init house --shelter bishkek --no-passphrase --recovery paper", _bare, _founded, frozenset({"init/exists"})
    ),
    "begin": Act("trust --begin", _old, _begun, frozenset({"trust/begun"})),
    "join": Act(JOIN, house, _joined, frozenset({"trust/here-already"})),
    "repair": Act("repair {her} --from usb", _record_damaged, _sound, WHOLE),
    "repair-older": Act("repair {her} --from usb", _later_record_damaged, _sound, WHOLE),
    "give-up": Act(
        "repair {her} --give-up --reason-code no_backup", _record_damaged, _given_up, frozenset({"repair/unknown"})
    ),
    "journal": Act("repair journal", _bit_in_journal, _sound),
    "journal-mend": Act("repair journal --give-up", _line_lost, _sound),
    "journal-tail": Act("repair journal --give-up", _tail_lost, _tail_mended),
    "trust": Act("repair --trust", _trust_damaged, _sound, WHOLE),
    "trust-from": Act("repair --trust --from usb", _trust_gone, _sound, WHOLE),
    "restore": Act("restore usb --store again", _older_backup, _restored, frozenset({"restore/not-empty"})),
}


class Trials:
    """Runs on copies of one desk an act, and what was seen."""

    def __init__(self, folder: Path, name: str) -> None:
        self.act, self.kept, self.copy = ACTS[name], folder / "kept", folder / "copy"
        self.name = name
        self.desk = self.act.before(self.kept)
        self.bad: list[str] = []
        self.outcomes: Counter[str] = Counter()
        self.taken: list[str] = []

    def words(self) -> str:
        return self.act.words.format(her=self.desk.her)

    def run(self, at: int, strike: Strike, lasting: bool, *, believing: bool = False) -> int:
        """One run with a fault, the same words again, and the store looked at; how many calls there were.

        Whoever is *believing* asks check in between, and takes out whatever it calls a stranger's.
        """
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.kept, self.copy)
        desk = Desk(self.copy, self.desk.her)
        title = f"{self.name} {getattr(strike, '__name__', None) or strike.args[0]} {at}"  # type: ignore[attr-defined]
        with struck(at, strike, lasting) as counts:
            first = desk.run(f"{self.words()} --json")
        told = _error(first)
        self.outcomes["killed" if first.code == -9 else "refused" if first.code else "done"] += 1
        complaints = [] if first.code in ANSWERS else [f"ended with {first.code}"]
        if believing:
            self.taken += taken_out(desk)
        second = desk.ask(self.words())
        if second.code and _error(second) not in self.act.again:
            complaints.append(f"again: {second.code} {_error(second)}")
        else:
            complaints += self.act.after(desk)
        self.bad += [f"{title} ({first.code} {told}): {complaint}" for complaint in complaints]
        return counts[0] if counts else 0

    def every(self, step: int, strikes: tuple[tuple[Strike, bool], ...], begin: int = 1) -> None:
        """Every *step*-th call."""
        for strike, lasting in strikes:
            for at in range(begin, 1 + self.run(0, strike, lasting), step):
                self.run(at, strike, lasting)


def _error(answer: Answer) -> str:
    try:
        page = json.loads(answer.out)
    except ValueError:
        return "?"
    return str((page["error"] or {}).get("code") or next((found["code"] for found in page["findings"]), ""))


if __name__ == "__main__":
    import_everything()
    step = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    names = sys.argv[3:] or list(ACTS)
    report: dict[str, Any] = {}
    for name in names:
        with tempfile.TemporaryDirectory(dir=sys.argv[1]) as folder:
            trials = Trials(Path(folder), name)
            trials.every(step, KILLS)
            trials.every(step, REFUSALS)
        report[name] = {"bad": trials.bad, "outcomes": dict(trials.outcomes)}
        sys.stdout.write(json.dumps({name: report[name]}) + "\n")
        sys.stdout.flush()
