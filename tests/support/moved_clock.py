"""A process that carries out commands one after the other, each at the moment that it names: days pass at once."""

import os
import signal
from contextlib import suppress
from datetime import datetime, tzinfo
from types import ModuleType
from typing import Self

import pytest

from shelterctl import session
from shelterctl.cli import backup, init
from shelterctl.custody import person_key, rekey, restore
from shelterctl.custody import trust as trusted
from shelterctl.index import client_index
from shelterctl.prompts import trust
from tests.support.clock import HOUSE_ZONE
from tests.support.command import CommandServer

MOMENT = "MOMENT"
"""The variable of a command's environment that says when it runs."""

ASK_BY_ZONE: tuple[ModuleType, ...] = (session, person_key, rekey, restore, trusted, trust)
"""The modules that ask ``now_at`` for the time in the zone of the store."""

ASK_COMPUTER: tuple[ModuleType, ...] = (init, backup)
"""The modules that ask the computer for its own time."""


def moment_in_zone(offset: str) -> datetime:
    """The moment that the environment names, in the zone with this *offset*, such as +06:00."""
    return datetime.fromisoformat(os.environ[MOMENT]).astimezone(
        datetime.fromisoformat(f"2026-11-25T00:00{offset}").tzinfo
    )


class MovedDatetime(datetime):
    """The clock of the computer, which stands in the house."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        at = datetime.fromisoformat(os.environ[MOMENT]).astimezone(tz or HOUSE_ZONE)
        return cls.fromisoformat((at if tz else at.replace(tzinfo=None)).isoformat())


class ClockServer(CommandServer):
    """A process of its own for the commands of one test, whose clock is what each command says; every answer is worth
    an index to it, however few clients there are.
    """

    def __init__(self) -> None:
        with pytest.MonkeyPatch.context() as moved:
            moved.setattr(client_index, "FEWEST_TO_SAVE", 1)
            for module in ASK_BY_ZONE:
                moved.setattr(module, "now_at", moment_in_zone)
            for module in ASK_COMPUTER:
                moved.setattr(module, "datetime", MovedDatetime)
            super().__init__()

    def end(self) -> None:
        """The process ended; the one that serves all other tests stays."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self.asks.close()
