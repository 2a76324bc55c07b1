"""Entries of a register (staff, houses, NGOs, partners): what is stored in clear, the names in the encrypted directory
behind the same code, and how many places a house may have.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.act.input import read_input, refuse_contradiction
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.manual.rule import ruling_in_force
from shelterctl.core.manual.track import Track
from shelterctl.core.merge.changes import Merge
from shelterctl.core.record import file_tree
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.core.values.facts import Facts
from shelterctl.errors import UsageError
from shelterctl.language import codes_with_texts
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas.input import register_input_schema
from shelterctl.session import Session
from shelterctl.store.folder import DIRECTORY_FILE, SHELTER_FILE, STAFF_FILE
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

HOUSE_KIND_UNKNOWN = N_("There is no such kind of house. Known are: {kinds}.")
TOO_MANY_PLACES = N_(
    "A house of this kind has at most {at_most} places ({clause}); {capacity} were asked for. Lower the number."
)
FEWER_PLACES_THAN_MANUAL = N_(
    "The manual speaks of {at_least} places and more in a house of this kind ({clause}); {capacity} are written down."
)
HOUSE_NEEDS_A_PLACE = N_("A house needs at least one place ({clause}).")


def judge_capacity(rulebook: Rulebook, kind: str, declared: int | None, today: date) -> tuple[int, tuple[Finding, ...]]:
    """The declared capacity, or the manual's; above the manual's it is refused, below it noticed (X04)."""
    if kind not in rulebook.house_kinds:
        kinds = codes_with_texts({known: each.text for known, each in rulebook.house_kinds.items()})
        raise UsageError("usage/kind", HOUSE_KIND_UNKNOWN, kinds=kinds)
    ruling = ruling_in_force(rulebook.house_kinds[kind].capacity, today)
    if ruling is None:
        return declared or 1, ()
    most = int(ruling.params["at_most"])
    places = most if declared is None else declared
    facts = {"at_most": most, "capacity": places, "clause": ruling.clause}
    message, severity = TOO_MANY_PLACES if places > most else HOUSE_NEEDS_A_PLACE, Severity.REFUSE
    if 0 < places <= most:
        least = int(ruling.params.get("at_least", 1))
        if places >= least:
            return places, ()
        facts |= {"at_least": least}
        message, severity = FEWER_PLACES_THAN_MANUAL, Severity.WARN
    found = Finding(code="facility/capacity", severity=severity, message=message, clause=ruling.clause, facts=facts)
    return places, (found,)


RegisterChange = tuple[str, Mapping[str, Any], str | None]


def list_leaf_fields(fields: Fields, lead: str = "") -> Iterator[tuple[str, Field]]:
    """Every field in which something is written, by its dotted name."""
    for name, one in fields.items():
        yield from list_leaf_fields(one.fields, f"{lead}{name}.") if one.fields else [(f"{lead}{name}", one)]


def register_file(session: Session, track: Track) -> tuple[str, StoredFile]:
    """The file in which a register lies: in clear, or else encrypted."""
    if not track.clear:
        return DIRECTORY_FILE, session.store.directory
    return (STAFF_FILE, session.store.staff) if track.at == "staff" else (SHELTER_FILE, session.store.shelter)


def register_entries(file: StoredFile, track: Track) -> Mapping[str, Facts]:
    """What a file has of a register, by code."""
    return file.value.get(track.at) or {}


def change_register(
    session: Session, lying: tuple[str, StoredFile], track: Track, code: str, entry: Facts
) -> RegisterChange:
    """The file with that entry in place of what stands there; what it said before is kept beside it, by days."""
    name, held = lying
    known = register_entries(held, track)
    entry = session.stamp.keep_changes(known[code], entry) if code in known else entry
    kind, _, version = str(held.value["schema"]).partition("/")
    version = max(version, file_tree.REGISTER_VERSIONS[kind][1]) if CHANGES_KEY in entry else version
    return name, {**held.value, "schema": f"{kind}/{version}", track.at: {**known, code: entry}}, held.version


def judge_register_entry(
    session: Session, track: Track, code: str, answers: Facts
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """What is to lie in clear of this code with these *answers* about it, if anything is, and what refuses that.

    Who or what is new is as most are; whatever is registered stays what it is. Whoever left works here again once it is
    said since when, from a day behind the last one.
    """
    if not track.clear:
        return {}, ()
    answers = {name: value for name, value in answers.items() if name in track.clear}
    known = register_entries(register_file(session, track)[1], track).get(code)
    if track.at == "staff":
        entry = {**(known or {"since": session.today.isoformat(), "role": "social_worker"}), **answers}
        back = known is not None and known["since"] != entry["since"] >= str(known.get("until"))
        return {name: value for name, value in entry.items() if name != "until" or not back}, ()
    house = {**(known or {"kind": "shelter", "capacity": None}), **answers}
    places, findings = judge_capacity(session.rulebook, house["kind"], house["capacity"], session.today)
    return {**house, "capacity": places}, findings


def write_register_entry(session: Session, track: Track, code: str, answers: Facts) -> None:
    """Write down what was said of somebody or something that nothing refuses."""
    clear, _ = judge_register_entry(session, track, code, answers)
    changes, _ = change_directory(session, track, code, None, answers)
    save_register_entry(session, track, code, clear, changes)


def save_register_entry(session: Session, track: Track, code: str, clear: Facts, changes: list[RegisterChange]) -> bool:
    """Save what lies in clear of a code, and the *changes* of what lies behind it, as one act; whether anything was."""
    if clear and clear != register_entries(register_file(session, track)[1], track).get(code):
        changes = [change_register(session, register_file(session, track), track, code, clear), *changes]
    if changes:
        session.save(changes, track.name)
    return bool(changes)


def change_directory(
    session: Session, track: Track, code: str, source: str | None, answers: Facts
) -> tuple[list[RegisterChange], tuple[Finding, ...]]:
    """The directory with what --from and the flags say of this code; nothing to write where nothing is said."""
    held = session.store.directory
    given: dict[str, Any] = {name: facts for name, facts in answers.items() if name in track.fields}
    if source is not None:
        read = read_input(source, register_input_schema(session.rulebook, track.at))
        if read.findings:
            return [], read.findings
        for option, dates in given.items():
            written = read.value.get(option) or {}
            refuse_contradiction(dates, written, option)
            given[option] = {**written, **dates}
        given = {**read.value, **given}
    known = register_entries(held, track).get(code)
    merging = Merge(session.stamp)
    entry = merging.merge_mapping(known or {}, given)
    if not merging.changed and (known is not None or track.clear):  # what lies in clear is registered by that
        return [], ()
    return [change_register(session, (DIRECTORY_FILE, held), track, code, entry)], ()
