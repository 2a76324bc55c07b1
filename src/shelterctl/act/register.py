"""Entries of a register (staff, houses, NGOs, partners): what is stored in clear, the names in the encrypted directory
behind the same code, and how many places a house may have.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from shelterctl.act.client_file import word_findings
from shelterctl.act.input import read_input, refuse_contradiction
from shelterctl.core.finding import Finding, Severity, soften_findings
from shelterctl.core.manual.field import find_timed_fields, leaf_fields
from shelterctl.core.manual.rule import ruling_in_force
from shelterctl.core.manual.track import Track, as_title
from shelterctl.core.merge.changes import Merge
from shelterctl.core.record import file_tree
from shelterctl.core.record.entries import Entry, fold_value, read_entry
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.core.rules.context import AllClients, Context
from shelterctl.core.rules.deadlines import Obligation, list_register_obligations
from shelterctl.core.rules.judgement import judge_stored_entry
from shelterctl.core.values.facts import Facts
from shelterctl.errors import UsageError
from shelterctl.language import LabelledCode, TwoSentences, codes_with_texts
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
ENTRY_OF_REGISTER = N_("{register}, {code}:")


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


class OtherEntries(AllClients):
    """The other entries of a register, in the place of other clients' files: what rules call the store."""

    def __init__(self, others: Mapping[str, Entry]) -> None:
        super().__init__(lambda: ())
        self._others = others

    def ids_with_answer(self, track: Track, name: str, said: Any, besides: str | None) -> Iterator[str]:
        """The codes of other entries that say the same at a name."""
        mine = fold_value(said)
        return (code for code, other in self._others.items() if fold_value(other.values.get(name)) == mine)

    def entries(self, track: Track, besides: str | None) -> Iterator[Entry]:
        """The other entries."""
        return iter(self._others.values())


def read_register(session: Session, track: Track) -> dict[str, Entry]:
    """Every entry of a register by its code, with what lies of it in clear."""
    behind, known = (
        register_entries(file, track) for file in (session.store.directory, register_file(session, track)[1])
    )
    whole = replace(track.whole, dated_code_fields=tuple(find_timed_fields(track.whole.fields)))
    return {
        code: read_entry(whole, {**behind.get(code, {}), **known[code]}, f"/{track.at}/{code}")
        for code in sorted(known)
    }


def register_context(session: Session, entries: Mapping[str, Entry], code: str) -> Context:
    """What stands around an entry of a register: the other entries and registers, and no client."""
    others = OtherEntries({name: one for name, one in entries.items() if name != code})
    today, registers = session.today, session.store.registers
    more: dict[str, Any] = {"registers": registers, "tracks": session.rulebook.tracks, "all_clients": others}
    return Context(day=today, today=today, now=session.moment, **more)


def judge_register(session: Session, track: Track, only: str | None = None) -> tuple[Finding, ...]:
    """What the entries of a register break of the rules of its track, or *only* the one of that code; it stays open."""
    if not (track.rules or any(find_timed_fields(track.whole.fields)) or _has_conditions(track)):
        return ()
    entries = read_register(session, track)
    codes = [code for code in entries if only in (None, code)]
    found = (
        one for code in codes for one in judge_stored_entry(entries[code], register_context(session, entries, code))
    )
    return word_findings(session.rulebook, soften_findings(found))


def judge_registers(session: Session) -> Iterator[Finding]:
    """Findings on the entries of all registers; each sentence begins with the register and the code of the entry."""
    for track in session.rulebook.registers:
        register = LabelledCode(track.name, as_title(track.text))
        for one in judge_register(session, track):
            code = one.where.removeprefix(f"/{track.at}/").partition("/")[0]
            message = TwoSentences(ENTRY_OF_REGISTER, one.message)
            yield replace(one, message=message, facts={**one.facts, "register": register, "code": code})


def _has_conditions(track: Track) -> bool:
    return any(one.asked_with for _, one in leaf_fields(track.whole.fields))


def list_register_due(session: Session, within: int) -> Iterator[Obligation]:
    """What is due of the entries of registers, or will be within so many days; each row has the code of its entry."""
    for track in (each for each in session.rulebook.registers if each.due):
        entries = read_register(session, track)
        for code, entry in entries.items():
            held = register_context(session, entries, code)
            yield from list_register_obligations(track, code, entry, held, within)


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
