"""The walk-through of a register: the name behind a code, and what else is known, each answer saved at once."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.contract import SINGULAR, called
from shelterctl.core.finding import Finding, Outcome, Said
from shelterctl.core.record import Facts, at
from shelterctl.desk import Desk, walked
from shelterctl.language import N_
from shelterctl.questionnaire import Questionnaire
from shelterctl.store import DIRECTORY
from shelterctl.walk.step import Head, Step, Walk, introduce

TITLE = N_("{code}: what stands behind the code. It is encrypted, and Enter leaves it out.")
CODE = N_("Behind the code {code}")
LEFT = N_("What was answered is saved.")


def walk(here: Desk, register: str, code: str) -> Outcome:
    """Ask for the name, address or dates behind a code."""
    known = (here.store.directory.value.get(register) or {}).get(code) or {}
    going = Walk(here, lambda: list(_steps(here, register, code, known)), lambda: None)
    left: Said = ((LEFT, {}),)
    with going.kept(lambda: left), screen.alone():
        screen.tell(TITLE, {"code": code}, bold=True)
        introduce(f"{SINGULAR[register]} add {code}")
        going.part(lambda step: True)
    return Outcome(data={SINGULAR[register]: code}, said=left)


def _steps(here: Desk, register: str, code: str, known: Facts) -> Iterator[Step]:
    """A question for each place that the schema of the register has; how something ended, only of what was known."""
    held = here.store.directory
    entry = (held.value.get(register) or {}).get(code) or {}
    asked = Questionnaire(here.shelf)
    head: Head = (CODE, {"code": code})
    for path in _places(called(here.shelf, register)):
        if path.endswith("terminated_on") and "name" not in known:
            continue
        put = partial(_put, here, register, code, path)
        yield Step(path, asked.of(f"directory.{register}.{path}"), at(entry, path), put, head)


def _places(schema: Any) -> Iterator[str]:
    for name, below in schema["properties"].items():
        yield from (f"{name}.{inner}" for inner in _places(below)) if "properties" in below else [name]


def _put(here: Desk, register: str, code: str, path: str, value: Any) -> tuple[Finding, ...]:
    """Save one answer in the directory; None takes it away."""
    held = here.store.directory
    entries = held.value.get(register) or {}
    entry: dict[str, Any] = {**(entries.get(code) or {})}
    first, _, inner = path.partition(".")
    if inner:
        below = {name: kept for name, kept in (entry.get(first) or {}).items() if name != inner}
        entry[first] = {**below, **({} if value is None else {inner: value})}
    else:
        entry = {**entry, first: value}
    whole = {name: kept for name, kept in entry.items() if kept not in (None, {})}
    here.write([(DIRECTORY, {**held.value, register: {**entries, code: whole}}, held.version)], register)
    return ()


def asked_too(here: Desk, register: str, code: str, source: str | None) -> bool:
    """Ask for the names behind the code at a terminal, where no file holds them; whether something was answered."""
    if source is not None or not walked(here):
        return False
    before = (here.store.directory.value.get(register) or {}).get(code)
    walk(here, register, code)
    return (here.store.directory.value.get(register) or {}).get(code) != before
