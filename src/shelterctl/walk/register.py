"""The walk-through of a register: the name behind a code, and what else is known, each answer saved at once."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from shelterctl import ask, screen
from shelterctl.act.register import changed, entries, fields_of, lies
from shelterctl.core.finding import Finding, Outcome, Said
from shelterctl.core.record import Facts, at
from shelterctl.core.track import Track
from shelterctl.desk import Desk, walked
from shelterctl.language import N_, Coded
from shelterctl.questionnaire import Questionnaire
from shelterctl.store import DIRECTORY
from shelterctl.walk.step import Head, Step, Walk, introduce

TITLE = N_("{code}: what stands behind the code. It is encrypted, and Enter leaves it out.")
CODE = N_("Behind the code {code}")
LEFT = N_("What was answered is saved.")
CHANGE = N_("{staff} is registered as {before}. Change that to {role}?")
STAYS = N_("{staff} stays registered as {before}; nothing changed.")


def stays(here: Desk, track: Track, answer: Facts) -> Outcome | None:
    """Ask before someone gets another role; the outcome where she does not."""
    if "role" not in track.clear or not walked(here):
        return None
    before = at(entries(lies(here, track)[1], track), f"{answer[track.name]}.role")
    if before in (None, answer["role"]):
        return None
    was = {**answer, "before": Coded(before, track.clear["role"].codes[before])}
    if ask.confirm(CHANGE, was):
        return None
    return Outcome(data={**answer, "role": was["before"]}, said=((STAYS, was),))


def walk(here: Desk, track: Track, code: str) -> Outcome:
    """Ask for the name, address or dates behind a code."""
    known = _behind(here, track, code)
    going = Walk(here, lambda: list(_steps(here, track, code, known)), lambda: None)
    left: Said = ((LEFT, {}),)
    with going.kept(lambda: left), screen.alone():
        screen.tell(TITLE, {"code": code}, bold=True)
        introduce(f"{track.name} add {code}")
        going.part(lambda step: True)
    return Outcome(data={track.name: code}, said=left)


def asked_too(here: Desk, track: Track, code: str, source: str | None) -> bool:
    """Ask for the names behind the code at a terminal, where no file holds them; whether something was answered."""
    if source is not None or not walked(here):
        return False
    before = _behind(here, track, code)
    walk(here, track, code)
    return _behind(here, track, code) != before


def _behind(here: Desk, track: Track, code: str) -> Facts:
    """What the directory has behind a code."""
    return entries(here.store.directory, track).get(code) or {}


def _steps(here: Desk, track: Track, code: str, known: Facts) -> Iterator[Step]:
    """A question for each field of the register; how something ended, only of what was known."""
    entry, asked = _behind(here, track, code), Questionnaire(here.shelf)
    head: Head = (CODE, {"code": code})
    for path, _ in fields_of(track.fields):
        if path.endswith("terminated_on") and "name" not in known:
            continue
        put = partial(_put, here, track, code, path)
        yield Step(path, asked.of(f"directory.{track.at}.{path}"), at(entry, path), put, head)


def _put(here: Desk, track: Track, code: str, path: str, value: Any) -> tuple[Finding, ...]:
    """Save one answer in the directory; None takes it away."""
    held = here.store.directory
    entry: dict[str, Any] = {**(entries(held, track).get(code) or {})}
    first, _, inner = path.partition(".")
    if inner:
        below = {name: kept for name, kept in (entry.get(first) or {}).items() if name != inner}
        entry[first] = {**below, **({} if value is None else {inner: value})}
    else:
        entry = {**entry, first: value}
    whole = {name: kept for name, kept in entry.items() if kept not in (None, {})}
    here.write([changed(DIRECTORY, held, track, code, whole)], track.at)
    return ()
