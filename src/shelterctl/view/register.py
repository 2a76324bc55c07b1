"""What is shown of a register: an entry that was written, and the list of all, with names only where they may be."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from shelterctl.act.register import entries, lies
from shelterctl.core.column import Row
from shelterctl.core.field import Field
from shelterctl.core.finding import Outcome, Said
from shelterctl.core.record import Facts
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError
from shelterctl.language import N_, Coded
from shelterctl.store import DIRECTORY

LEFT = N_(
    "{staff} worked here until {until}, and that stays so. If {staff} is back: shelterctl staff add {staff} --since "
    "DATE"
)
BACK = N_(
    "{staff} works here again, from {since} on. A computer that was shut out stays so; it joins anew with: shelterctl "
    "trust --join"
)

NAMED = ("name", "phone")
"""What stands behind a code, for the screen alone."""


def told(track: Track, code: str, clear: Facts) -> dict[str, Any]:
    """An entry as it is answered when it was written: what lies of it in clear, but for days."""
    said = {name: value for name, value in clear.items() if name in track.clear and track.clear[name].kind != "day"}
    own = {name: _coded(track.clear[name], value) for name, value in said.items()}
    return {track.name: code, **own}


def working(here: Desk, track: Track, code: str, was: Facts | None) -> Said:
    """That somebody who left is registered as one who did, or works here again; *was* is what stood there before."""
    now: Facts = entries(lies(here, track)[1], track).get(code) or {}
    if "until" not in (was or {}) or "until" not in track.clear:
        return ()
    days = {name: now[name] for name in ("since", "until") if name in now}
    return ((LEFT if "until" in now else BACK, {track.name: code, **days}),)


def of_register(here: Desk, track: Track) -> Iterator[Row]:
    """A row for each code of a register, with what lies of it in clear and what is encrypted.

    Where the encrypted file is damaged, what lies in clear is told all the same.
    """
    known, behind = entries(lies(here, track)[1], track), _behind(here, track)
    for code in sorted(known):
        yield Row(entry={**behind.get(code, {}), **known[code]}, code=code)


def _behind(here: Desk, track: Track) -> Mapping[str, Facts]:
    """What the directory has behind the codes of a register."""
    try:
        return entries(here.store.directory, track)
    except ShelterError as error:
        if not track.clear:
            raise
        here.store.wrong[DIRECTORY] = error
        return {}


def with_names(here: Desk, track: Track, listed: Outcome) -> Outcome:
    """A list of a register for a screen that is gone when it is left: code, name, telephone, and its first column."""
    behind, heads = _behind(here, track), (*listed.columns[:1], *NAMED, *listed.columns[1:2])
    rows = [{**dict.fromkeys(heads), **behind.get(row[track.name], {}), **row} for row in listed.data["rows"]]  # type: ignore[attr-defined]
    shown = [{name: row[name] for name in heads} for row in rows]
    return replace(listed, data={"rows": shown}, columns=heads, private=True)


def _coded(one: Field, value: Any) -> Any:
    """A value as it is told: a code is said in words to a person."""
    return Coded(value, one.codes[value]) if isinstance(value, str) and value in one.codes else value
