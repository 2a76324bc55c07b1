"""The recovery paper is tried once a quarter: when this computer tried it last, and when it is due."""

import hashlib
import json
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from shelterctl import machine
from shelterctl.act import reminder
from shelterctl.core.days import months_after, read_day
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError
from shelterctl.trust import Chain

NOTE = "drill"

MONTHS = 3
"""After so many months a paper is tried again: for longer than that nobody should trust one that nobody looked at."""

_SIZE = 256
"""The most bytes that are read of the note of a tried paper, which has a fingerprint and a day."""


class Drill(NamedTuple):
    """The day on which this computer last tried the paper in force, if it did, and the day on which to try it next."""

    tried_on: date | None
    due_on: date


def drill(here: Desk) -> Drill | None:
    """When the paper in force was tried and is to be tried; None on a computer that does not remember the store.

    One that was never tried is due as long after its first day in the house as one that was.
    """
    journal = here.store.vault.journal
    if journal.known is None or not journal.chain.root:
        return None
    tried = _tried(here, journal.chain)
    begun = tried or read_day(journal.chain.paper_since) or here.today
    return Drill(tried, months_after(begun, MONTHS))


def noted(here: Desk, chain: Chain) -> None:
    """Note that the paper in force opened every file, on the day taken as today.

    Nothing is noted on a computer that does not remember the store, and that a note cannot be kept is no error.
    """
    from shelterctl import store  # noqa: PLC0415 - pyrage is not needed for help

    with suppress(ShelterError):
        if store.noted(here.heads, chain) is not None:
            said = {"paper": _fingerprint(chain), "on": here.day.isoformat()}
            reminder.write_note(here, NOTE, json.dumps(said))


def _tried(here: Desk, chain: Chain) -> date | None:
    with suppress(ShelterError, ValueError, KeyError, TypeError, RecursionError), machine.disk(NOTE):
        said = json.loads(reminder.read_note(here, NOTE, _SIZE))
        return read_day(said["on"]) if said["paper"] == _fingerprint(chain) else None
    return None


def _fingerprint(chain: Chain) -> str:
    """By what a paper is told from the next one: a part of the hash of its public key."""
    return hashlib.sha256(chain.paper[0].encode()).hexdigest()[:16]
