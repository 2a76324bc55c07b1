"""A folder with a store and the key of its device: where a test runs the program as a person runs it."""

import hashlib
import json
import os
import shlex
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from shelterctl import __main__
from shelterctl.store.folder import REMEMBERED_STORE_FILE
from tests.support.command import CHANGED_HERE, MAIN, Answer, run_forked, run_new, run_served
from tests.support.inputs import REFERRAL, USUAL_ENTRIES
from tests.support.paths import PROJECT
from tests.windows import door

TODAY = "2026-11-25"


class Desk:
    """A folder with a store, the key of its device, and whoever sits before it."""

    on_windows = False

    def __init__(self, folder: Path, her: str = "", *, anew: bool = False) -> None:
        self.folder, self.her, self.anew = folder, her, anew
        self.sheet = ""  # the code of the last sheet that was printed
        self.store, self.key = folder / "house", folder / "key"
        self.argv: list[list[str]] = []
        self.done: list[tuple[str, Any, dict[str, Any]]] = []
        """What made this store, command by command, so that another one is made so by other rules."""

    def run(
        self,
        words: str,
        given: object = None,
        *,
        today: str | None = TODAY,
        env: Mapping[str, str] | None = None,
        **how: Any,
    ) -> Answer:
        """The command as typed; *given* is what --from reads: a file, a text, or facts to be written to one."""
        typed = [*shlex.split(words), *(["--as-of", today] if today else []), *self._given(given)]
        self.argv.append(typed)
        around = {"cwd": how.pop("cwd", self.folder), "env": {**self.env, **(env or {})}}
        answer = self._how(how)(typed, **around, **how)
        assert "Traceback" not in answer.out + answer.err
        assert answer.code != 70, answer.err
        return answer

    @property
    def env(self) -> dict[str, str]:
        """Nothing of whoever runs the tests: this device, this store, the program that lies beside the tests."""
        own = {"HOME": self.folder, "SHELTERCTL_IDENTITY": self.key, "SHELTERCTL_STORE": self.store}
        own["PYTHONPATH"] = PROJECT / "src"
        # A test that fills the disk must not leave half a compiled module behind.
        ours = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
        return {**ours, **{name: str(value) for name, value in own.items()}}

    def read_ahead(self) -> None:
        """What a command reads first, so that whoever is forked from here has it."""

    def _how(self, how: Mapping[str, Any]) -> Callable[..., Answer]:
        """A new program where it must be one, a fork where this process is changed for it, else one that serves."""
        if self.on_windows:
            return door.started if self.anew else door.served
        if self.anew or "preexec_fn" in how:
            return run_new
        return run_forked if how.keys() - {"input"} or CHANGED_HERE or __main__.main is not MAIN else run_served

    def _given(self, given: object) -> list[str]:
        if given is None:
            return []
        if isinstance(given, Path):
            return ["--from", str(given)]
        text = given if isinstance(given, str | bytes) else json.dumps(given, ensure_ascii=False)
        file = self.folder / "given.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return ["--from", str(file)]

    def ask(self, words: str, given: object = None, **how: Any) -> Answer:
        """The same with --json: one page, as the schema describes it, with the process's own exit code."""
        answer = self.run(f"{words} --json", given, **how)
        assert answer.page["exit_code"] == answer.code
        assert answer.err == ""
        return answer

    def do(self, words: str, given: object = None, **how: Any) -> Answer:
        """The same where nothing is refused."""
        answer = self.ask(words, given, **how)
        assert answer.code == 0, answer.out
        self.done.append((words, given, how))
        return answer

    def refused(self, words: str, given: object = None, **how: Any) -> Answer:
        """The same where it ends without being done: not a byte of store, key or remembered head is another."""
        before = self.digest()
        answer = self.ask(words, given, **how)
        assert answer.code != 0, answer.out
        assert self.digest() == before
        return answer

    def written(self, *tracks: str) -> dict[str, str]:
        """The usual entry of each of these tracks written down in her file; the id of each."""
        return {track: self.do(f"add {self.her} {track}", USUAL_ENTRIES[track]).data["entry"] for track in tracks}

    def digest(self) -> str:
        """One hash over the names and bytes of everything at this desk besides what --from reads."""
        return _digest(path for path in self.folder.rglob("*") if path.name != "given.yaml")

    def digest_of_store(self) -> str:
        """The same over the store alone."""
        return _digest(self.store.rglob("*"))

    def record(self, id_: str | None = None) -> dict[str, Any]:
        """Her file as it stands."""
        record: dict[str, Any] = self.do(f"show {id_ or self.her} --names").data["record"]
        return record


class Newcomer(Desk):
    """A person at a computer that was told neither of a store nor of a key."""

    @property
    def env(self) -> dict[str, str]:
        told = ("SHELTERCTL_STORE", "SHELTERCTL_IDENTITY")
        return {name: said for name, said in super().env.items() if name not in told}


def make_house_with_paper(folder: Path) -> Desk:
    """A new store in *folder* with an NGO, a psychologist and a client; its paper is a file beside it, usb a folder."""
    desk = Desk(folder)
    (desk.folder / "usb").mkdir(parents=True)
    desk.do("init house --shelter bishkek --no-passphrase --recovery paper", today=None)
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("staff add s-aida --role psychologist")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    return desk


def _digest(paths: Iterable[Path]) -> str:
    sum_ = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            sum_.update(bytes(path) + b"\0" + path.read_bytes() + b"\0")
    return sum_.hexdigest()


def copied(desk: Desk, folder: Path) -> Desk:
    shutil.copytree(desk.folder, folder)
    (folder / "key.heads" / REMEMBERED_STORE_FILE).unlink(missing_ok=True)  # it names the folder that was copied
    copy = Desk(folder, desk.her)
    copy.done = [*desk.done]
    return copy
