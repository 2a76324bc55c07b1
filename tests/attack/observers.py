"""Who looks at a store that was attacked, by which commands, and what the program says to them."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shelterctl import limits
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.journal.line import is_journal_line
from tests.attack.lab import Lab
from tests.support.command import Answer
from tests.support.desk import TODAY, Desk

ABOUT = (
    "trust/", "journal/", "vault/", "store/", "restore/", "disk/", "check/", "backup/", "sealed/", "recovery/",
    "roster/", "roles/", "role/", "key/", "register/",
)  # fmt: skip
"""What the codes of findings begin with that are about the store, and not about what the manual rules."""

MANY = 24
"""More commands than anybody types who is led anywhere."""

ADVICE = re.compile(r"shelterctl (repair .+?)(?:[.;,](?:\s|$)|$)")
BACKUP = re.compile("КОПИЯ|BACKUP")
MOVE_OUT = re.compile(r"Файл (\S+) (?:есть|здесь).*переложите его в другое место")

SLOWEST = 1.0
"""Seconds of one processor that a command may take, whatever was put into the folder."""

COMMANDS = {
    "D": ("check", "list", "show", "part", "admit", "backup", "restore"),
    "N": ("check", "list", "admit", "restore"),
    "P": ("check", "restore"),
    "#": ("check", "restore"),
    "O": ("check", "restore"),
}
"""What each of them runs: the device with memory, its key without, the paper, paper and number, the old paper."""


PERSONS = {"S": "s-gulnara", "G": "s-guard"}
"""The social worker and the guard of a house by role, each with her own key and its memory."""

WRITING = ("D", "N", "S", "G", "D follow", "D alone", "D hasty", "D shuts out", "D accepts", "D mends")
"""The seats at which something is written, so that each has a store of its own."""

OBEYED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What a terminal obeys, or what turns the direction of writing."""


class Seen:
    """What one command said, whether a terminal would obey any of it, and how long it worked."""

    def __init__(self, answer: Answer) -> None:
        page = answer.page
        error = answer.error if page["error"] else ""
        warned = {found["code"] for found in page["findings"] if found["severity"] == "warn"}
        codes = {code for code in warned if code.startswith(ABOUT)} - {"store/repaired", error}
        self.said = " ".join([str(answer.code), *([error] if error else []), *sorted(codes)])
        self.said += " obeyed" if OBEYED.search(answer.out) else ""
        self.seconds = answer.seconds


class Observers:
    """Each of them with a copy of the store as it was attacked."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab, self.folder = lab, folder
        self.leaked: list[str] = []
        """Files that somebody wrote since, and that the attacker can read."""
        self.signed: list[str] = []
        """Forged files that somebody signed for who did all that she was told."""

    def seen(self, who: str, command: str) -> Seen:
        """What *command* says to *who*, and to nobody else: what one does changes nothing for another."""
        number = f" --number {self.lab.number}" if who == "#" else ""
        key = {"P": "paper", "#": "paper", "O": "old-paper"}.get(who, "key")
        if command in ("choose", "restore"):
            desk, source = self._seat(f"{who} {command}"), "house"
            if command == "choose":
                source = self._with_backups(desk)
            return _run(desk, f"restore {source} --store again --identity {key}{number}", today=None)
        if command == "afterwards":
            seat = self._seat(f"{who} going on")
            _run(seat, "restore house --store again --identity key", today=None)
            seat.store = seat.folder / "again"
            return self._admitted(seat)
        ways: dict[str, Callable[[str], Seen]] = {
            **dict.fromkeys(("repair", "relist", "repair of several", "relist of several", "lines of several"),
                            self._repaired),
            **dict.fromkeys(("follow", "alone", "hasty"), self._following), "accept": self._accepted,
            "mended": self._mended,
        }  # fmt: skip
        if command in ways:
            return ways[command](command)
        if command in ("admit", "renew", "shut out"):
            return self._saved(command, who)
        desk = self._seat(who)
        words = {
            "check": f"check{number}" if who in "DNSG" else f"check --recovery {key}{number}",
            "show": f"show {self.lab.her}",
            "part": f"show {self.lab.her} health",
            "words": f"check --words '{self.lab.words}'",
            "moment": f"check --number {self.lab.number} --words '{self.lab.moment}'",
            "backup": "backup usb",
            "begin": "trust --begin --clients 4",
            "house": "house",
            "visits": "list visit",
            "incidents": "show bishkek incident --names",
            "remember": f"check --remember --number {self.lab.number}",
            "join": "trust --join --recovery paper --identity third --no-passphrase",
        }
        return _run(desk, words.get(command, command), today=None if command == "backup" else TODAY)

    def _saved(self, command: str, who: str) -> Seen:
        """What a command says that writes into the store as it is, once the newest device was shut out, if so."""
        desk = self._seat(who if command != "shut out" else "D shuts out")
        if command == "renew":
            return self._renewed(desk)
        if command == "shut out":
            newest = desk.do("device list").data["rows"][-1]["device"]
            _run(desk, f"device end {newest} --lost", today=None)
        return self._admitted(desk)

    def _accepted(self, _: str) -> Seen:
        """What a manager is told who accepts the key whose request lies on the stick."""
        return _run(self._seat("D accepts"), f"staff key s-new --accept --from {self.lab.folder}/s-new.request")

    def _mended(self, _: str) -> Seen:
        """What check says in the end to whoever takes each file that differs out of the backups, of which the newer is
        the attacked store.
        """
        desk, whole = self._seat("D mends"), self.lab.whole / "house"
        stick = self._with_backups(desk, whole)
        kinds = ("*.y*", "residents/*", "registers/*/*/*")
        names = [path.relative_to(whole).as_posix() for kind in kinds for path in whole.glob(kind)]
        hurt = [name for name in names if _bytes_of(desk.store / name) != (whole / name).read_bytes()]
        for name in hurt:
            desk.do(f"repair {name} --from {stick}")
            assert desk.store.joinpath(name).read_bytes() != _bytes_of(self.lab.house / name)
            if name.startswith("registers/"):
                continue
            put_back, attacked, known = (self._facts(root / name) for root in (desk.store, self.lab.house, whole))
            assert put_back != attacked or attacked == known
        return _run(desk, "check")

    def _facts(self, path: Path) -> dict[str, Any]:
        """What a file says outside its sealed parts, which are sealed anew on its way back."""
        data = self.lab.opened(path) if path.suffix == ".age" else path.read_bytes()
        return {key: value for key, value in read_document(data, LARGEST_STORED).value.items() if key != "sealed"}

    def _admitted(self, desk: Desk) -> Seen:
        """Something saved about another client than the one who was attacked."""
        before = {path: path.read_bytes() for path in _sealed(desk)}
        seen = _run(desk, f"admit {self.lab.other}", {"notes": "seen after the attack"})
        fresh = [path for path in _sealed(desk) if path.read_bytes() != before.get(path)]
        assert bool(fresh) == (seen.said[0] == "0"), seen.said
        assert all(self._ends_at_a_step(path) for path in fresh)
        self.leaked += [path.name for path in fresh if self.lab.mine(path)]
        return seen

    def _renewed(self, desk: Desk) -> Seen:
        """A new paper put in force, which nobody has whose it is not."""
        seen = _run(desk, "recovery renew --recovery new-paper")
        assert not [path for path in desk.store.rglob("*.age") if self.lab.mine(path)]
        return seen

    def _with_backups(self, desk: Desk, older: Path | None = None) -> str:
        """A stick with two backups: the store two saved changes ago or *older*, and after it as it was attacked."""
        stick = desk.folder / "stick"
        stick.mkdir()
        for place, when in ((older or self.lab.old, "2026-11-20T0900"), (self.lab.house, "2026-11-26T0900")):
            subprocess.run(["cp", "-a", place, stick / f"shelterctl-S0000-{when}"], check=True)
        return stick.name

    def _ends_at_a_step(self, path: Path) -> bool:
        """Whether what is sealed is filled up, so that its size tells next to nothing."""
        text = self.lab.opened(path)
        return len(text) == limits.padded_size(len(text))

    def _repaired(self, command: str) -> Seen:
        """The whole store, its record or journal damaged or its list lost, put right out of the attacked one."""
        place = self.folder / command
        place.mkdir(parents=True)
        for name in ("house", "key.heads"):
            shutil.copytree(self.lab.whole / name, place / name)
        shutil.copy(self.lab.whole / "key", place / "key")
        desk = Desk(place, self.lab.her)
        source: Path | str = self.lab.house
        if command.endswith("several"):
            source = self._with_backups(desk)
        if command.startswith("repair"):
            (desk.store / "residents" / f"{self.lab.her}.yaml.age").write_bytes(b"")
            return _run(desk, f"repair {self.lab.her} --from {source}")
        if command.startswith("lines"):
            name = f"journal/{self.lab.key.device}.jsonl"
            shutil.copy(self.lab.old / name, desk.store / name)
            return _run(desk, f"repair journal --give-up --from {source}")
        shutil.rmtree(place / "key.heads")
        (desk.store / "trust.jsonl").unlink()
        return _run(desk, f"repair --trust --from {source}")

    def _following(self, command: str) -> Seen:
        """What check says in the end to whoever does all that she is told, in Russian: with a backup, or without.

        The ``hasty`` one signs for whatever she may; that is never what a line names otherwise that is whole still.
        """
        desk = self._seat(f"D {command}")
        forged = {
            path.relative_to(desk.store).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in desk.store.rglob("*.y*")
            if not (whole := self.lab.whole / "house" / path.relative_to(desk.store)).exists()
            or whole.read_bytes() != path.read_bytes()
        }
        followed(desk, self.lab.whole / "house" if command == "follow" else None, hasty=command == "hasty")
        before = {line for path in self.lab.whole.glob("house/journal/*.jsonl") for line in readable(path)}
        attacked = {line for path in self.lab.house.glob("journal/*.jsonl") for line in readable(path)}
        lines = [line for path in desk.store.glob("journal/*.jsonl") for line in readable(path)]
        spoken_of = {json.loads(line)["file"] for line in lines if line in before}
        since = [said for line in lines if line not in before | attacked and (said := json.loads(line))["now"]]
        signed = [said["file"] for said in since if forged.get(said["file"]) == said["now"]]
        self.signed += [file for file in signed if command != "hasty" or file in spoken_of]
        return _run(desk, "check")

    def _seat(self, who: str) -> Desk:
        place, lab = self.folder / who, self.lab.folder
        if not place.exists():
            (place / "usb").mkdir(parents=True)
            for name in ("paper", "old-paper"):
                if (lab / name).exists():
                    shutil.copy(lab / name, place)
            if who[0] in "DNWSG":
                shutil.copy(lab / "key", place)
            names = ["house"] * (who in WRITING) + ["key.heads"] * (who[0] in "DSG" and (lab / "key.heads").exists())
            names += ["key.people"] * (who[0] in "SG" or who == "D accepts")
            if names:  # what is 20 GB large and empty is copied as it is, and so are pipes and links
                subprocess.run(["cp", "-a", *(lab / name for name in names), place], check=True)
            if "house" not in names:  # who writes nothing there
                (place / "house").symlink_to(lab / "house")
        return Sitter(place, self.lab.her, PERSONS[who]) if who in PERSONS else Desk(place, self.lab.her)


class Sitter(Desk):
    """A person of the house by role, at the same computer with a key of her own."""

    def __init__(self, folder: Path, her: str, code: str) -> None:
        super().__init__(folder, her)
        self.code = code

    def ask(self, words: str, given: object = None, **how: Any) -> Answer:
        """The command under that person's code."""
        return super().ask(f"{words} --staff {self.code}", given, **how)


def followed(desk: Desk, backup: Path | None, *, hasty: bool = False) -> list[str]:
    """Do what each answer says in Russian, until check says nothing more; what was typed.

    A file that is shown to be signed for nobody knows here: it is laid aside, as is said beside it. Who is *hasty*
    signs for it.
    """
    typed, command = list[str](), "check"
    (desk.folder / "empty").mkdir(exist_ok=True)
    while len(typed) < MANY:
        answer = desk.run(f"{command} --lang ru")
        typed.append(command)
        said = (answer.out + answer.err).splitlines()
        advice = [found for line in said for found in advised(desk, line, backup, hasty=hasty)]
        if not advice and command == "check":
            return typed
        command = advice[0] if advice else "check"
    raise AssertionError(f"led round and round: {typed}")


def advised(desk: Desk, line: str, backup: Path | None, *, hasty: bool) -> Iterator[str]:
    """The commands of one line of an answer, as they are typed; what is to be moved out is moved out."""
    line = re.sub(r" \[[a-z/-]+\]$", "", line)
    if found := MOVE_OUT.search(line):
        path = desk.store / found[1]
        path.rename(desk.folder / f"moved out {path.name}")
        return
    for words in ADVICE.findall(line):
        elsewhere = backup is None and BACKUP.search(words) and "[" not in words and "--give-up" in line
        if elsewhere or ("--vouch" in words and not hasty):
            continue
        named = f"--from {backup}" if backup else ""
        filled = re.sub(r"\[?--from (КОПИЯ|BACKUP)\]?", named or "--from empty" * ("[" not in words), words)
        yield re.sub("CODE|КОД", "no_backup", filled).strip()


def readable(path: Path) -> list[bytes]:
    """The lines of a journal that are lines."""
    return [line for line in path.read_bytes().split(b"\n") if is_journal_line(line)]


def _sealed(desk: Desk) -> list[Path]:
    return [path for path in desk.store.glob("residents/*.age") if path.is_file() and path.stat().st_size < 1 << 24]


def _run(desk: Desk, words: str, given: object = None, today: str | None = TODAY) -> Seen:
    return Seen(desk.ask(words, given, today=today))


def _bytes_of(path: Path) -> bytes:
    """The bytes of a file; none where it is gone."""
    return path.read_bytes() if path.exists() else b""
