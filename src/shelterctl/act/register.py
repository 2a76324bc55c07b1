"""Entries of a register (staff, houses, NGOs, partners): the part stored in clear, the names under the same code in the
encrypted directory, and the number of places that a house may have.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from shelterctl.act.input import read_input, refuse_contradiction
from shelterctl.act.worded_findings import word_findings
from shelterctl.core.finding import Finding, Severity, soften_findings
from shelterctl.core.manual.field import find_timed_fields, leaf_fields
from shelterctl.core.manual.rule import ruling_in_force
from shelterctl.core.manual.track import Track, as_title
from shelterctl.core.merge.changes import Merge
from shelterctl.core.record import file_tree
from shelterctl.core.record.entries import Entry, fold_value, read_entry
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.core.rules.context import AllClients, Context
from shelterctl.core.rules.deadlines import list_register_obligations
from shelterctl.core.rules.judgement import judge_stored_entry
from shelterctl.core.rules.obligation import Obligation
from shelterctl.core.values.facts import Facts
from shelterctl.errors import UsageError
from shelterctl.language import LabelledCode, TwoSentences, codes_with_texts
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas.input import register_input_schema
from shelterctl.session import Session
from shelterctl.store.folder import DIRECTORY_FILE, SHELTER_FILE, STAFF_FILE
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

HOUSE_KIND_UNKNOWN = N_("There is no such kind of house. The kinds are: {kinds}.")
TOO_MANY_PLACES = N_(
    "A house of this kind has at most {at_most} places ({clause}), and you entered {capacity}. Lower the number."
)
FEWER_PLACES_THAN_MANUAL = N_(
    "By the manual a house of this kind has at least {at_least} places ({clause}); recorded: {capacity}."
)
HOUSE_NEEDS_A_PLACE = N_("A house needs at least one place ({clause}).")
ENTRY_OF_REGISTER = N_("{register}, {code}:")


def first_house_kind(rulebook: Rulebook) -> str:
    """Return the kind of a house of which nobody said the kind: the first of the manual."""
    return next(iter(rulebook.house_kinds))


def judge_capacity(rulebook: Rulebook, kind: str, declared: int | None, today: date) -> tuple[int, tuple[Finding, ...]]:
    """Return the declared capacity, else the manual's, and the findings (X04): more than the manual allows is refused,
    less is a warning. Raises UsageError for an unknown kind of house.
    """
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
    """Return the name and content of the file with a register: the one in clear if it has any, else the encrypted
    directory.
    """
    if not track.clear:
        return DIRECTORY_FILE, session.store.directory
    return (STAFF_FILE, session.store.staff) if track.at == "staff" else (SHELTER_FILE, session.store.shelter)


def register_entries(file: StoredFile, track: Track) -> Mapping[str, Facts]:
    """Return the entries of a register in a file, by code."""
    return file.value.get(track.at) or {}


def change_register(
    session: Session, lying: tuple[str, StoredFile], track: Track, code: str, entry: Facts
) -> RegisterChange:
    """Return the file with *entry* under *code*; the values before it are kept in the entry with their days."""
    name, held = lying
    known = register_entries(held, track)
    entry = session.stamp.keep_changes(known[code], entry) if code in known else entry
    kind, _, version = str(held.value["schema"]).partition("/")
    version = max(version, file_tree.REGISTER_VERSIONS[kind][1]) if CHANGES_KEY in entry else version
    return name, {**held.value, "schema": f"{kind}/{version}", track.at: {**known, code: entry}}, held.version


def judge_register_entry(
    session: Session, track: Track, code: str, answers: Facts
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return the entry of a code as it is stored in clear with these *answers*, and the findings that refuse it.

    A new entry gets the usual values: a social worker since today, or a shelter. A registered one keeps its own. A
    member of staff who left is at work again once ``since`` is a day no earlier than the last one. Another role begins
    today unless its day is given.
    """
    if not track.clear:
        return {}, ()
    answers = {name: value for name, value in answers.items() if name in track.clear}
    known = register_entries(register_file(session, track)[1], track).get(code)
    if track.at == "staff":
        if known and answers.get("role", known["role"]) != known["role"]:
            answers = {"role_since": session.today.isoformat(), **answers}
        entry = {**(known or {"since": session.today.isoformat(), "role": "social_worker"}), **answers}
        back = known is not None and known["since"] != entry["since"] >= str(known.get("until"))
        return {name: value for name, value in entry.items() if name != "until" or not back}, ()
    house = {**(known or {"kind": first_house_kind(session.rulebook), "capacity": None}), **answers}
    places, findings = judge_capacity(session.rulebook, house["kind"], house["capacity"], session.today)
    return {**house, "capacity": places}, findings


class OtherEntries(AllClients):
    """The other entries of a register, in place of other clients' files, for rules about the whole store."""

    def __init__(self, others: Mapping[str, Entry]) -> None:
        super().__init__(lambda: ())
        self._others = others

    def ids_with_answer(self, track: Track, name: str, said: Any, besides: str | None) -> Iterator[str]:
        """Return the codes of other entries with the same value in a field."""
        mine = fold_value(said)
        return (code for code, other in self._others.items() if fold_value(other.values.get(name)) == mine)

    def entries(self, track: Track, besides: str | None) -> Iterator[Entry]:
        """Return the other entries."""
        return iter(self._others.values())


def read_register(session: Session, track: Track) -> dict[str, Entry]:
    """Return every entry of a register by code, with its part in clear and its part in the directory."""
    behind, known = (
        register_entries(file, track) for file in (session.store.directory, register_file(session, track)[1])
    )
    whole = replace(track.whole, dated_code_fields=tuple(find_timed_fields(track.whole.fields)))
    return {
        code: read_entry(whole, {**behind.get(code, {}), **known[code]}, f"/{track.at}/{code}")
        for code in sorted(known)
    }


def register_context(session: Session, entries: Mapping[str, Entry], code: str) -> Context:
    """Return the context of an entry of a register: the other entries and registers, and no client."""
    others = OtherEntries({name: one for name, one in entries.items() if name != code})
    today, registers = session.today, session.store.registers
    more: dict[str, Any] = {"registers": registers, "tracks": session.rulebook.tracks, "all_clients": others}
    return Context(day=today, today=today, now=session.moment, **more)


def judge_register(session: Session, track: Track, only: str | None = None) -> tuple[Finding, ...]:
    """Return, as open, the findings on the entries of a register by the rules of its track; *only* limits them to one
    code.
    """
    if not (track.rules or any(find_timed_fields(track.whole.fields)) or _has_conditions(track)):
        return ()
    entries = read_register(session, track)
    codes = [code for code in entries if only in (None, code)]
    found = (
        one for code in codes for one in judge_stored_entry(entries[code], register_context(session, entries, code))
    )
    return word_findings(session.rulebook, soften_findings(found, is_shown=True))


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


def list_coded_due(session: Session, within: int) -> Iterator[Obligation]:
    """Yield what is due for entries of registers today or within *within* days; each row has the code of its entry."""
    for track in (each for each in session.rulebook.registers if each.due):
        entries = read_register(session, track)
        for code, entry in entries.items():
            held = register_context(session, entries, code)
            yield from list_register_obligations(track, code, entry, held, within)


def write_register_entry(session: Session, track: Track, code: str, answers: Facts) -> None:
    """Save the answers about an entry of a register, in clear and in the directory; nothing may refuse them."""
    clear, _ = judge_register_entry(session, track, code, answers)
    changes, _ = change_directory(session, track, code, None, answers)
    save_register_entry(session, track, code, clear, changes)


def save_register_entry(session: Session, track: Track, code: str, clear: Facts, changes: list[RegisterChange]) -> bool:
    """Save the part of an entry in clear and the *changes* of the directory as one act. Return whether anything
    changed.
    """
    if clear and clear != register_entries(register_file(session, track)[1], track).get(code):
        changes = [change_register(session, register_file(session, track), track, code, clear), *changes]
    if changes:
        session.save(changes, track.name)
    return bool(changes)


def change_directory(
    session: Session, track: Track, code: str, source: str | None, answers: Facts
) -> tuple[list[RegisterChange], tuple[Finding, ...]]:
    """Return the changes of the directory by --from and the options for a code, and the findings; no changes if nothing
    is new.
    """
    held = session.store.directory
    given: dict[str, Any] = {name: facts for name, facts in answers.items() if name in track.fields}
    if source is not None:
        read = read_input(source, register_input_schema(session.rulebook, track.at))
        if read.findings:
            return [], read.findings
        for option, said in given.items():
            if not isinstance(said, Mapping):
                refuse_contradiction({option: said}, read.value)
                continue
            written = read.value.get(option) or {}
            refuse_contradiction(said, written, option)
            given[option] = {**written, **said}
        given = {**read.value, **given}
    known = register_entries(held, track).get(code)
    merging = Merge(session.stamp)
    entry = merging.merge_mapping(known or {}, given)
    if not merging.changed and (known is not None or track.clear):  # the part in clear already registers the code
        return [], ()
    return [change_register(session, (DIRECTORY_FILE, held), track, code, entry)], ()
