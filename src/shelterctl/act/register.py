"""What is written of an entry of a register: what lies in clear, and the names behind its code."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl import contract
from shelterctl.act.capacity import capacity_of
from shelterctl.act.input import must_agree, read_input
from shelterctl.core import tree
from shelterctl.core.field import Field, Fields
from shelterctl.core.finding import Finding
from shelterctl.core.merging import Merge
from shelterctl.core.record import Facts
from shelterctl.core.sameness import WAS
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.store import DIRECTORY, SHELTER, STAFF, Held

Change = tuple[str, Mapping[str, Any], str | None]


def fields_of(fields: Fields, lead: str = "") -> Iterator[tuple[str, Field]]:
    """Every field in which something is written, by its dotted name."""
    for name, one in fields.items():
        yield from fields_of(one.fields, f"{lead}{name}.") if one.fields else [(f"{lead}{name}", one)]


def lies(here: Desk, track: Track) -> tuple[str, Held]:
    """The file in which a register lies: in clear, or else encrypted."""
    if not track.clear:
        return DIRECTORY, here.store.directory
    return (STAFF, here.store.staff) if track.at == "staff" else (SHELTER, here.store.shelter)


def entries(held: Held, track: Track) -> Mapping[str, Facts]:
    """What a file has of a register, by code."""
    return held.value.get(track.at) or {}


def changed(here: Desk, lying: tuple[str, Held], track: Track, code: str, entry: Facts) -> Change:
    """The file with that entry in place of what stands there; what it said before is kept beside it, by days."""
    name, held = lying
    known = entries(held, track)
    entry = here.stamp.traced(known[code], entry) if code in known else entry
    kind, _, version = str(held.value["schema"]).partition("/")
    version = max(version, tree.REGISTERS[kind][1]) if WAS in entry else version
    return name, {**held.value, "schema": f"{kind}/{version}", track.at: {**known, code: entry}}, held.version


def judged(here: Desk, track: Track, code: str, said: Facts) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """What is to lie in clear of this code with what is *said* of it, if anything does, and what refuses that.

    Who or what is new is as most are; whatever is registered stays what it is. Whoever left works here again once it is
    said since when, from a day behind the last one.
    """
    if not track.clear:
        return {}, ()
    said = {name: value for name, value in said.items() if name in track.clear}
    known = entries(lies(here, track)[1], track).get(code)
    if track.at == "staff":
        entry = {**(known or {"since": here.today.isoformat(), "role": "social_worker"}), **said}
        back = known is not None and known["since"] != entry["since"] >= str(known.get("until"))
        return {name: value for name, value in entry.items() if name != "until" or not back}, ()
    house = {**(known or {"kind": "shelter", "capacity": None}), **said}
    places, findings = capacity_of(here.shelf, house["kind"], house["capacity"], here.today)
    return {**house, "capacity": places}, findings


def put_down(here: Desk, track: Track, code: str, said: Facts) -> None:
    """Write down what was said of somebody or something that nothing refuses."""
    clear, _ = judged(here, track, code, said)
    changes, _ = named(here, track, code, None, said)
    save(here, track, code, clear, changes)


def save(here: Desk, track: Track, code: str, clear: Facts, changes: list[Change]) -> bool:
    """Save what lies in clear of a code, and the *changes* of what lies behind it, as one act; whether anything was."""
    if clear and clear != entries(lies(here, track)[1], track).get(code):
        changes = [changed(here, lies(here, track), track, code, clear), *changes]
    if changes:
        here.write(changes, track.name)
    return bool(changes)


def named(
    here: Desk, track: Track, code: str, source: str | None, said: Facts
) -> tuple[list[Change], tuple[Finding, ...]]:
    """The directory with what --from and the flags say of this code; nothing to write where nothing is said."""
    held = here.store.directory
    given: dict[str, Any] = {name: facts for name, facts in said.items() if name in track.fields}
    if source is not None:
        read = read_input(source, contract.called(here.shelf, track.at))
        if read.findings:
            return [], read.findings
        for option, dates in given.items():
            written = read.value.get(option) or {}
            must_agree(dates, written, option)
            given[option] = {**written, **dates}
        given = {**read.value, **given}
    known = entries(held, track).get(code)
    merging = Merge(here.stamp)
    entry = merging.mapping(known or {}, given)
    if not merging.changed and (known is not None or track.clear):  # what lies in clear is registered by that
        return [], ()
    return [changed(here, (DIRECTORY, held), track, code, entry)], ()
