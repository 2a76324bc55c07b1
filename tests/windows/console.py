"""A console of Windows in a window of a terminal that a test looks at: what is typed there, and what is seen."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.processes import patience
from tests.windows import computer
from tests.windows.door import there

LOOKS = 0.05
"""Seconds between two looks at the window."""


ASKED = re.compile(r"(?m)(^>.*|>|:)\Z")
"""What stands last while a line is waited for."""

ENDED = "(ended with"
STAYS = f'"$@"; echo "{ENDED} $?)"; exec cat'
"""The window stays when the program has ended."""


class Console:
    """One window, by a name of its own; closed at the end."""

    def __init__(self, folder: Path, size: tuple[int, int] = (110, 36)) -> None:
        self.folder, self.size = folder, size
        self._socket = str(folder / "console")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(
        self, words: Sequence[str], env: Mapping[str, str], cwd: Path, *, wine: Mapping[str, str] | None = None
    ) -> None:
        """The program in the window, which stays when the program has ended. Escapes that Wine counts are left out."""
        own = wine or {**there(env), **computer.around()}
        around = {"NO_COLOR": "1", **own, "TERM": "xterm-256color"}
        typed = ["env", "-i", *(f"{name}={value}" for name, value in around.items()), "sh", "-c", STAYS, "sh", *words]
        columns, lines = map(str, self.size)
        self._tmux("-f", os.devnull, "new-session", "-d", "-x", columns, "-y", lines, "-c", str(cwd), *typed)

    def shelterctl(self, *words: str, env: Mapping[str, str], cwd: Path | None = None) -> None:
        """The program itself, in Russian."""
        own = {"SHELTERCTL_LANG": "ru", **env}
        self.start(computer.command("-m", "shelterctl", *words), own, cwd or self.folder)

    def seen(self) -> str:
        """What stands in the window, each line without what is empty at its end."""
        return self._tmux("capture-pane", "-p").stdout

    def until(self, text: str) -> str:
        """What stands in the window once *text* does, wherever lines are broken."""
        return self._once(lambda seen: " ".join(text.split()) in " ".join(seen.split()), text)

    def type(self, text: str, *keys: str) -> None:
        """*text*, once it is asked for, and keys by their names; Enter alone where none is named.

        What is typed before that is dropped where something went wrong, as it should be.
        """
        self._once(lambda seen: ASKED.search(seen.rstrip()) is not None, "a prompt")
        if text:
            self._tmux("send-keys", "-l", text)
        self._tmux("send-keys", *(keys or ("Enter",)))

    def _once(self, it: Callable[[str], bool], what: str) -> str:
        until = time.monotonic() + patience(60)
        while not it(seen := self.seen()):
            if time.monotonic() > until:
                raise AssertionError(f"never seen: {what}\n{seen}")
            time.sleep(LOOKS)
        return " ".join(seen.split())

    def press(self, *keys: str) -> None:
        """Keys by their names."""
        self._tmux("send-keys", *keys)

    def ended(self) -> int:
        """The exit code, once the program has ended."""
        return int(self.until(ENDED).rpartition(ENDED)[2].split(")")[0])

    def close(self) -> None:
        """Close the window, with whatever runs in it."""
        self._tmux("kill-server")

    def _tmux(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = ["tmux", "-u", "-S", self._socket, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)
