"""Flipped bits in every kind of file that is read: damage is told with its place, and costs that file alone."""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import pytest

from shelterctl.document.reading import read_compact_document, read_document
from shelterctl.document.writing import format_compact_document, format_document
from shelterctl.identity.key_file import change_passphrase, load_identity
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store.folder import REMEMBERED_STORE_FILE, record_file
from shelterctl.store.opening import open_store
from shelterctl.store.store import Store
from shelterctl.vault.protocol import FileToSave
from shelterctl.vault.sealed_bytes import add_armour, strip_armour
from tests.support.command import Answer, run_forked
from tests.support.faults import kill_short_of_the_end
from tests.support.inputs import REFERRAL, USUAL_ENTRIES
from tests.support.killed_commands import Here, carried
from tests.support.passphrases import OLD, QUICK, never
from tests.support.paths import PROJECT
from tests.support.register_files import INCIDENT, VISIT
from tests.support.sampled import stride
from tests.support.sealed_entries import HIV

READING: Final = ("check", "show {her} --names", "list", "show {other} --names")
REGISTERS: Final = ("check", "list visit", "list incident", "list", "check bishkek")
ADD: Final = "staff add s-nina --role psychologist"
SHELF: Final = PROJECT / "src/shelterctl/manual"
ALL: Final = frozenset({"her", "other"})
STRIDE: Final = 14
"""Of so many bits one is flipped; with --every-place each."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: how many bits of it are flipped, what is asked then, and what that may cost.

    In `make check` it is every so many of them, spread over the file as all are.
    """

    files: str
    bits: int
    costs: frozenset[str] = frozenset()
    """Whose files may be missing where damage is told."""
    codes: frozenset[int] = frozenset({0, 6})
    told: str = ""
    """What stands in the answer of a check that finds it: the place."""
    ask: Sequence[str] = READING
    world: str = "whole"
    secret: str = ""
    judges: bool = False
    """Whether a file is judged by it, and so is listed without it, and not shown."""
    lies: bool = True
    """Whether what is read is to be what was written, wherever a command ends with 0."""

    @property
    def tried(self) -> int:
        """How many bits are flipped in this run."""
        return self.bits // stride(STRIDE)


HER: Final = frozenset({"her"})
KINDS: Final[dict[str, Kind]] = {
    "her file": Kind("house/residents/{her}.yaml.age", 560, HER, told="{her}"),
    "another file": Kind("house/residents/{other}.yaml.age", 300, frozenset({"other"}), told="{other}"),
    "directory": Kind("house/directory.yaml.age", 260, told="directory"),
    "secrets": Kind("house/secrets.yaml.age", 240, told="secrets"),
    "house": Kind("house/shelter.yaml", 240, ALL, told="shelter.yaml"),
    "staff": Kind("house/staff.yaml", 300, told="staff.yaml", judges=True),
    "list of devices": Kind("house/trust.jsonl", 420, ALL),
    "own journal": Kind("house/journal/{device}.jsonl", 480, ALL),
    "another's journal": Kind("house/journal/{second}.jsonl", 360, ALL),
    "memory": Kind("key.heads/{root}", 300),
    "memory of the list": Kind("key.heads/{root}.trust", 300),
    "backups": Kind("key.heads/{root}.copies", 40),
    "key": Kind("key", 260, ALL, frozenset({0, 5, 6})),
    "key under a passphrase": Kind("key", 140, ALL, frozenset({0, 5, 6}), world="locked", secret=OLD),
    "paper": Kind("paper", 160, ALL, frozenset({0, 1, 5, 6}), ask=("check --recovery paper",)),
    "backup": Kind("usb/{backup}/{any}", 220, ALL, frozenset({0, 3, 6}),
                   ask=("list --store usb/{backup}", "restore usb/{backup} --store again")),
    "announcement": Kind("house/journal/.{device}.act", 120, ALL, world="cut"),
    "on its way": Kind("house/{fresh}", 120, ALL, world="cut"),
    "founding": Kind("begun/.founding.yaml.age", 60, ALL, frozenset({0, 6, 7}), world="founding",
                     ask=("init begun --shelter osh --no-passphrase --identity new --recovery new-paper",)),
    "what is handed over": Kind("facts.yaml", 240, ALL, frozenset({0, 1, 2}), lies=False,
                                ask=("admit --new-person --check --from facts.yaml",)),
    "sealed entry": Kind("", 220, HER, frozenset({0, 5, 6}), told="{her}",
                         ask=("show {her} health --names", "show {her} hiv --names", "check {her}",
                              "show {other} --names")),
    "register": Kind("house/registers/house/2026-11/{device}.yaml.age", 160, frozenset({"visit", "incident"}),
                     told="{device}.yaml.age", ask=REGISTERS),
    "another's register": Kind("house/registers/house/2026-11/{second}.yaml.age", 120, told="{second}.yaml.age",
                               ask=REGISTERS),
    "block of a register": Kind("", 160, frozenset({"visit", "incident"}), told="registers/house", ask=REGISTERS),
    "rulebook": Kind("", 60, ALL, frozenset({0, 4}), lies=False, ask=("list",)),
}  # fmt: skip


class Flips:
    """Stores that are flipped in, and what was seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.draw = random.Random(20261130)  # noqa: S311 - which bits are tried, the same every time
        self.seen: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.bad: list[str] = []
        self.worlds = {"whole": self._whole(folder / "whole")}
        self.names = self._names(self.worlds["whole"])
        self.kept: dict[Path, bytes] = {}
        self.right: dict[str, Any] = {}

    def _whole(self, folder: Path) -> Here:
        """Two clients, two devices that both wrote, something sealed, a backup, and the paper in a file."""
        desk = Here(folder)
        folder.mkdir()
        desk.do("init house --shelter bishkek --no-passphrase --recovery sheet", today=None)
        (folder / "paper").write_text((folder / "sheet").read_text().splitlines()[-1] + "\n")
        desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
        desk.do("staff add s-aida --role psychologist")
        desk.her = desk.do("admit", REFERRAL).data["id"]
        desk.do(f"add {desk.her} health", USUAL_ENTRIES["health"])
        desk.do(f"add {desk.her} hiv", HIV)
        other = desk.do("admit", {"notes": "another", "identity": {"sex": "female"}}).data["id"]
        desk.do("trust --join --recovery paper --no-passphrase --identity second --staff s-aida")
        desk.do("trust --accept")
        desk.do(f"admit {other} --identity second", {"notes": "by the second"})
        desk.do("add bishkek visit", VISIT)
        incident = desk.do("add bishkek incident", INCIDENT).data["entry"]
        desk.do(f"add bishkek incident {incident} --identity second --staff manager", {"outcome": "quiet again"})
        (folder / "usb").mkdir()
        desk.do("backup usb", today=None)
        desk.do("list")
        (folder / "key.heads" / REMEMBERED_STORE_FILE).unlink(missing_ok=True)
        shutil.copy(REFERRAL, folder / "facts.yaml")
        return desk

    def _names(self, desk: Here) -> dict[str, str]:
        (other,) = {path.name[:9] for path in desk.store.glob("residents/*")} - {desk.her}
        device = load_identity(desk.key, None).device
        (second,) = {path.stem for path in desk.store.glob("journal/*.jsonl")} - {device}
        root = next(path.stem for path in desk.folder.glob("key.heads/*.trust"))
        (backup,) = os.listdir(desk.folder / "usb")
        return {
            "her": desk.her,
            "other": other,
            "device": str(device),
            "second": second,
            "root": root,
            "backup": backup,
            **{track: desk.do(f"list {track}").data["rows"][0]["id"] for track in ("visit", "incident")},
        }

    def world(self, name: str) -> Here:
        """The desk of that name, made when it is first asked for."""
        if name not in self.worlds:
            shutil.copytree(self.folder / "whole", self.folder / name)
            desk = self.worlds[name] = Here(self.folder / name, self.names["her"])
            if name == "locked":
                change_passphrase(desk.key, never, lambda: OLD, work_factor=QUICK)
            if name == "cut":
                self._cut(desk, ADD, {"name": "an invented one"}, lambda: bool(list(desk.store.glob("journal/.*.act"))))
            if name == "founding":
                note = desk.folder / "begun/.founding.yaml.age"
                self._cut(desk, KINDS["founding"].ask[0], None, lambda: note.exists() and note.stat().st_size > 0)
        return self.worlds[name]

    def _cut(self, desk: Here, words: str, given: object, there: Callable[[], bool]) -> None:
        """The words killed at the first call at which that is there."""
        for at in range(1, 100):
            shutil.rmtree(desk.folder)
            shutil.copytree(self.folder / "whole", desk.folder)
            desk.struck(words, given, at, kill_short_of_the_end, False, None)
            if there():
                return
        raise AssertionError(words)

    def tried(self, title: str) -> None:
        """So many bits of that kind, each with one command, in turn."""
        kind = KINDS[title]
        desk = self.world(kind.world)
        desk.secrets = {"--passphrase-fd": kind.secret} if kind.secret else {}
        self.kept = {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
        shown = [words for words in kind.ask if words.startswith(("show", "list"))]
        shown = [words for words in shown if "--store" not in words]
        self.right = {words: desk.ask(self._of(words)).data for words in (*READING, *shown)}
        self._mended(desk)
        ways = {"sealed entry": self._blocks, "block of a register": self._register, "rulebook": self._rulebook}
        way = ways.get(title, self._bits)
        for (where, run), words in zip(way(kind, desk), cycle(kind.ask), strict=False):
            answer = self._asked(title, where, run, words)
            self.seen[title] += 1
            if answer:
                self.ends[str(answer.code)] += 1
                wrong = self._judged(kind, words, answer)
                self.bad += [f"{title} {where} {words}: {answer.code} {answer.error} {each}" for each in wrong]
            self._mended(desk)

    def _of(self, words: str) -> str:
        return words.format(**self.names)

    def _bits(self, kind: Kind, desk: Here) -> Iterator[tuple[str, Callable[[str], Answer]]]:
        """A bit of one of the files, and each time the command on it."""
        (desk.folder / "again").mkdir(exist_ok=True)
        paths = self._paths(kind, desk)
        for number in range(kind.tried):
            path = paths[number % len(paths)]
            data = bytearray(self.kept[path])
            # Each byte once, spread over the file, before any is met again with another bit.
            at = (number // len(paths) * max(len(data) * len(paths) // kind.tried, 1)) % len(data)
            data[at] ^= 1 << self.draw.randrange(8)
            path.write_bytes(data)
            yield f"{path.relative_to(desk.folder)} {at}", desk.ask

    def _paths(self, kind: Kind, desk: Here) -> list[Path]:
        if "{any}" in kind.files:
            return sorted(path for path in self.kept if f"usb/{self.names['backup']}/" in path.as_posix())
        if "{fresh}" in kind.files:
            return sorted(path for path in self.kept if path.name.endswith(".tmp") and desk.store in path.parents)
        return [desk.folder / self._of(kind.files)]

    def _blocks(self, kind: Kind, desk: Here) -> Iterator[tuple[str, Callable[[str], Answer]]]:
        """A bit within a sealed entry, in a file that the device's own key saved."""
        heads = desk.folder / "key.heads"
        name = record_file(self.names["her"])
        store: Store = open_store(desk.store, load_identity(desk.key, None), open_rulebook(), heads)
        data, version = store.vault.read(name)
        for number in range(kind.tried):
            record = read_document(data).value
            sealed = record["sealed"]
            block = bytearray(strip_armour(sealed["hiv"] if number % 3 == 1 else sealed["entries"][0]["age"]))
            at = (number * max(len(block) // kind.tried, 1)) % len(block)
            block[at] ^= 1 << self.draw.randrange(8)
            if number % 3 == 1:
                sealed["hiv"] = add_armour(bytes(block))
            else:
                sealed["entries"][0]["age"] = add_armour(bytes(block))
            session = open_store(desk.store, load_identity(desk.key, None), open_rulebook(), heads)
            change = FileToSave(name, format_document(record).encode(), version)
            session.vault.write_all([change], did="add", by="manager", at="2026-11-25T12:00+06:00")
            yield f"block {at}", desk.ask

    def _register(self, kind: Kind, desk: Here) -> Iterator[tuple[str, Callable[[str], Answer]]]:
        """A bit within a sealed entry of a register, or within what the other computer added to one."""
        heads = desk.folder / "key.heads"
        for number in range(kind.tried):
            whose = "second" if number % 3 == 2 else "device"
            name = f"registers/house/2026-11/{self.names[whose]}.yaml.age"
            store = open_store(desk.store, load_identity(desk.key, None), open_rulebook(), heads)
            data, version = store.vault.read(name)
            value = read_compact_document(data, len(data))
            record = value["records"]["bishkek"]
            one = record["additions"][0] if whose == "second" else record["sealed"]["entries"][number % 2]
            block = bytearray(strip_armour(one["age"]))
            at = (number * max(len(block) // kind.tried, 1)) % len(block)
            block[at] ^= 1 << self.draw.randrange(8)
            one["age"] = add_armour(bytes(block))
            change = FileToSave(name, format_compact_document(value).encode(), version)
            store.vault.write_all([change], did="add", by="manager", at="2026-11-25T12:00+06:00")
            yield f"block {at} of {whose}", desk.ask

    def _rulebook(self, kind: Kind, desk: Here) -> Iterator[tuple[str, Callable[[str], Answer]]]:
        """A bit in a file of the rulebook that SHELTERCTL_MANUAL names."""
        manual = desk.folder / "manual"
        shutil.copytree(SHELF, manual)
        files = sorted(path for path in manual.rglob("*.yaml"))

        def run(words: str) -> Answer:
            return run_forked(
                [*words.split(), "--json"], cwd=desk.folder, env={**desk.env, "SHELTERCTL_MANUAL": str(manual)}
            )

        for number in range(kind.tried):
            path = files[number * len(files) // kind.tried]
            whole = path.read_bytes()
            data = bytearray(whole)
            data[at := self.draw.randrange(len(data))] ^= 1 << self.draw.randrange(8)
            path.write_bytes(data)
            yield f"{path.name} {at}", run
            path.write_bytes(whole)

    def _asked(self, title: str, where: str, run: Callable[[str], Answer], words: str) -> Answer | None:
        try:
            return run(self._of(words))
        except AssertionError as trouble:
            self.bad.append(f"{title} {where} {words}: {str(trouble)[:200]}")
            return None

    def _judged(self, kind: Kind, words: str, answer: Answer) -> Iterator[str]:
        """What is wrong with an answer: no other contents are believed, and what is whole is read."""
        if answer.code not in kind.codes:
            yield "ends otherwise"
        if "Traceback" in answer.out + answer.err:
            yield "a traceback"
        if words == "check" and answer.code == 6 and self._of(kind.told) not in answer.out:
            yield "does not name the place"
        if not kind.lies or words not in self.right or words == "check":
            return
        right, data = self.right[words], answer.page["data"] or {}
        if words.startswith("show"):
            whose = words[6 : words.index("}")]
            what = "record" if "record" in right else "rows"
            if answer.code == 0 and data.get(what) != right[what]:
                yield "shows what nobody wrote"
            if answer.code and whose not in kind.costs and not kind.judges:
                yield "is not shown, and is whole"
            return
        rows = data.get("rows") or []
        if any(row not in right["rows"] for row in rows):
            yield "lists what nobody wrote"
        lost = {row["id"] for row in right["rows"]} - {row["id"] for row in rows}
        if lost - {self.names[whose] for whose in kind.costs} or (lost and answer.code == 0):
            yield "does not list what is whole"

    def _mended(self, desk: Here) -> None:
        """Everything as it was."""
        for path in desk.folder.rglob("*"):
            if path.is_file() and path not in self.kept and desk.folder / "manual" not in path.parents:
                path.unlink()
        for path, data in self.kept.items():
            if not path.exists() or path.read_bytes() != data:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        shutil.rmtree(desk.folder / "again", ignore_errors=True)


def flipped(folder: Path, titles: Sequence[str]) -> dict[str, Any]:
    """What was seen of these kinds, one after the other."""
    flips = Flips(folder)
    for title in titles:
        flips.tried(title)
    return {"seen": flips.seen, "ends": flips.ends, "bad": flips.bad}


PARTS = 3
TITLES = sorted(KINDS, key=lambda title: KINDS[title].bits)
GROUPS = {f"{part + 1} of {PARTS}": TITLES[part::PARTS] for part in range(PARTS)}
"""Each of about as many bits, so that the processors share them."""


@pytest.mark.sampled
@pytest.mark.posix("a fork that carries out commands", "windows/test_two.py")
@pytest.mark.parametrize("group", GROUPS)
def test_a_flipped_bit_is_told_and_nothing_else_is_believed(group: str) -> None:
    seen = carried(partial(flipped, titles=GROUPS[group]))
    assert seen["bad"] == []
    assert seen["seen"] == {title: KINDS[title].tried for title in GROUPS[group]}
    assert seen["ends"]["6"] > sum(seen["seen"].values()) / 5


def test_there_are_five_thousand_of_which_every_so_many_are_tried() -> None:
    assert sorted(title for group in GROUPS.values() for title in group) == sorted(KINDS)
    assert sum(kind.bits for kind in KINDS.values()) >= 5000
    assert sum(kind.tried for kind in KINDS.values()) >= 5000 // STRIDE
