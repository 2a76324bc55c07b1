"""The program at a real terminal, as a person has it before her: what she types, and what she sees."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shelterctl.replay import Ended, readable, replayed

if TYPE_CHECKING:
    from conftest import Desk


@dataclass(frozen=True)
class Seen:
    """What was on the terminal from first to last, and how the program ended."""

    raw: bytes
    code: int

    @property
    def text(self) -> str:
        """The same as lines, without what only a terminal understands."""
        lines = readable(self.raw).split("\n")
        return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"

    @property
    def left(self) -> str:
        """What can still be read when it is over: nothing that was on a screen of its own."""
        return readable(re.sub(rb"\x1b\[\?1049h.*?(?:\x1b\[\?1049l|$)", b"", self.raw, flags=re.DOTALL))


@dataclass(frozen=True)
class At:
    """A person at a desk, at a terminal of so many lines and columns."""

    desk: "Desk"
    language: str = "en"
    today: str | None = "2026-11-25"
    size: tuple[int, int] = (24, 80)
    env: Mapping[str, str] = field(default_factory=dict)

    def run(self, words: str, typed: Iterable[str]) -> Seen:
        """The command, and each answer typed when the program waits for it."""
        command = [sys.executable, "-m", "shelterctl", *words.split()]
        if self.today and words and not words.startswith(("menu", "passphrase")):
            command += ["--as-of", self.today]
        env = {**self.desk.env, "TERM": "xterm", "SHELTERCTL_LANG": self.language, **self.env}
        written, code = b"", 0
        for piece in replayed(command, typed, cwd=self.desk.folder, env=env, size=self.size):
            if isinstance(piece, Ended):
                code = piece.code
            else:
                written += piece
        return Seen(written, code)
