"""One line of a menu, and the command that does the same, which stands behind ``?``."""

from collections.abc import Callable
from typing import NamedTuple

from shelterctl import screen
from shelterctl.core.finding import Outcome
from shelterctl.language import N_, Sentence, placed

BEHIND = N_("{number} {what}: shelterctl {command}")


class Choice(NamedTuple):
    """One line of a menu: what it does, the command that does the same, and the act, of a client or of the house."""

    what: Sentence
    command: str
    act: Callable[..., Outcome | None]


def commands(choices: tuple[Choice, ...], client: str = "ID") -> None:
    """Say which command does the same as each line, of that client."""
    for number, each in enumerate(choices, 1):
        if each.command:
            facts = {
                "number": number,
                "what": each.what,
                "command": placed(each.command, screen.spoken()).replace("ID", client),
            }
            screen.tell(BEHIND, facts, indent="  ")
