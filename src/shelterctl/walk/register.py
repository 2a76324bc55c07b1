"""The walk-through of a register: the name behind a code, and what else is known, each answer saved at once."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from shelterctl import ask, screen
from shelterctl.act.register import changed, entries, fields_of, judged, lies, save
from shelterctl.core.code import proposed
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.core.notation import Clock
from shelterctl.core.question import Question
from shelterctl.core.record import Facts, at
from shelterctl.core.track import Track
from shelterctl.desk import Desk, walked
from shelterctl.language import N_, Coded, Sentence
from shelterctl.questionnaire import Questionnaire
from shelterctl.store import DIRECTORY
from shelterctl.walk.offers import offers_of
from shelterctl.walk.step import Step, Walk, introduce

TITLE = N_("{code}: what stands behind the code. It is encrypted, and Enter leaves it out.")
WHO_IS_NEW = N_("Who is new, or what: {what}. Enter goes back.")
CODED = N_("By which code? It stands for the name wherever a list or the journal is read")
CLEAR = N_("It lies in clear: it must not tell a family name.")
TAKEN = N_("The code {code} is taken already. Write another.")
NEEDED = N_("This number is needed. Write another one, or press Enter to keep it.")
LEFT = N_("What was answered is saved.")
CHANGE = N_("{staff} is registered as {before}. Change that to {role}?")
IS_BACK = N_("{staff} worked here until {until}. Does {staff} work here again, from today on?")
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


def returned(here: Desk, track: Track, code: str, said: Facts) -> Facts:
    """Ask whether somebody who left is back, where nothing else is *said*; since today, if so."""
    known = entries(lies(here, track)[1], track).get(code) or {}
    if said or "until" not in known or "since" not in track.clear or not walked(here):
        return {}
    return {"since": here.today.isoformat()} if ask.confirm(IS_BACK, {track.name: code, **known}) else {}


@dataclass(frozen=True, repr=False, eq=False)
class Newcomer:
    """Whoever is registered first by name: the code that was proposed or typed, and what was answered so far."""

    code: str
    said: Facts


def newcomer(here: Desk, track: Track, title: Sentence = WHO_IS_NEW) -> Newcomer | None:
    """Ask who or what is new, by what code, and what lies in clear of it; None where the name is left out."""
    asked = Questionnaire(here.shelf, offers_of(here))
    with here.alone():
        screen.tell(title, {"what": track.text}, bold=True)
        name = ask.question(asked.of(f"directory.{track.at}.name"), here.clock).value
        if isinstance(name, ask.Move):
            return None
        code = coded(here.clock, name, entries(lies(here, track)[1], track), "s-" if track.name == "staff" else "")
        said: dict[str, Any] = {"name": name}
        for key, one in track.clear.items():
            if one.must and one.kind != "day" and code:
                answered = ask.question(asked.of(f"{track.name}.{key}"), here.clock).value
                said |= {} if isinstance(answered, ask.Move) else {key: answered}
    return Newcomer(code, said) if code else None


def coded(clock: Clock, name: str, taken: Container[str], lead: str = "", before: str = "") -> str | None:
    """The code for a name, as it is proposed or as somebody types it; None where there is to be none.

    What was answered *before* is proposed again.
    """
    question, offer = Question("", CODED, "code", hint=CLEAR), before or proposed(name, taken, lead)
    while True:
        code = ask.question(question, clock, offer=offer).value
        if isinstance(code, ask.Move):
            return None
        if code not in taken:
            return str(code)
        screen.tell(TAKEN, {"code": code}, indent="  ! ")


def walk(here: Desk, track: Track, code: str, *, new: bool = False) -> Outcome:
    """Ask for the name, address or dates behind a code; of whoever is *new* what is answered already is not asked."""
    known = {} if new else _behind(here, track, code)
    going = Walk(here, f"{track.name} add {code}", lambda: list(_steps(here, track, code, known)), lambda: None)
    left: Said = ((LEFT, {}),)
    with going.kept(lambda: left), here.alone():
        screen.tell(TITLE, {"code": code}, bold=True)
        introduce()
        if new:
            going.go()
        else:
            going.part(lambda step: True)
    return Outcome(data={track.name: code}, said=left)


def asked_too(here: Desk, track: Track, code: str, source: str | None, *, new: bool = False) -> bool:
    """Ask for the names behind the code at a terminal, where no file holds them; whether something was answered."""
    if source is not None or not walked(here):
        return False
    before = _known(here, track, code)
    walk(here, track, code, new=new)
    return _known(here, track, code) != before


def _known(here: Desk, track: Track, code: str) -> tuple[Facts, Facts]:
    """What the directory has behind a code, and what lies in clear of it."""
    return _behind(here, track, code), entries(lies(here, track)[1], track).get(code) or {}


def _behind(here: Desk, track: Track, code: str) -> Facts:
    """What the directory has behind a code."""
    return entries(here.store.directory, track).get(code) or {}


def _steps(here: Desk, track: Track, code: str, known: Facts) -> Iterator[Step]:
    """A question for each field of the register; how something ended, only of what was known."""
    entry, asked = _behind(here, track, code), Questionnaire(here.shelf)
    for path, _ in fields_of(track.fields):
        if path.endswith("terminated_on") and "name" not in known:
            continue
        put = partial(_put, here, track, code, path)
        yield Step(path, asked.of(f"directory.{track.at}.{path}"), at(entry, path), put)
    clear = entries(lies(here, track)[1], track).get(code) or {}
    for name, one in track.clear.items():
        if one.kind == "whole" and clear:
            number = partial(_put_number, here, track, code, name)
            yield Step(name, asked.of(f"{track.name}.{name}"), clear.get(name), number)


def _put_number(here: Desk, track: Track, code: str, name: str, value: Any) -> Sequence[Finding]:
    """Save a number that lies in clear, such as that of places; what the manual only notices is told and saved."""
    if value is None:
        return (Finding(code="fragment/cannot-remove", message=NEEDED),)
    clear, found = judged(here, track, code, {name: value})
    if refused(found):
        return found
    screen.write([screen.said(one.message, one.facts) for one in found], indent="  ! ")
    save(here, track, code, clear, [])
    return ()


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
    here.write([changed(here, (DIRECTORY, held), track, code, whole)], track.at)
    return ()
