"""The one way in which a command changes a client's file: it builds the new file, judges it, and passes both on as a
`Change`. This module decides whether the change is refused, only checked, nothing new, or saved, and which sentences
say so.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shelterctl.act.client_file import list_unregistered_staff
from shelterctl.act.input import Input
from shelterctl.act.permission import judge_role, require_role
from shelterctl.core.finding import FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.merge.changes import Merge
from shelterctl.core.merge.fragment import merge_fragment
from shelterctl.core.record.file_tree import FILE_VERSIONS, UNFINISHED_KEY
from shelterctl.core.record.register import HOME_KEY, empty_entries, entry_pointers
from shelterctl.core.rules.leaks import find_name_leaks
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable
from shelterctl.schemas import published
from shelterctl.session import Session
from shelterctl.store.folder import new_client_id, new_register_entry_id
from shelterctl.store.store import StoredFile
from shelterctl.store.subject import record_name
from shelterctl.ui_language import N_

FRAGMENT_ALREADY_THERE = N_("{Her file|His file|The register} already has all of this; nothing changed.")
NOTHING_WOULD_BE_REFUSED = N_("Nothing would be refused. As --check asked, nothing was written.")
PLACES_REPLACED = N_("Replaced: {places}.")
ENTRIES_LEFT_OUT = N_(
    "Already in {her file|his file|the register}, so not written again: {places}. If it happened again, add --again."
)
VOID_ENTRIES_LEFT_OUT = N_(
    "Already in {her file|his file|the register}, but struck through: {places}. If it is true after all, add --again."
)
UNCHANGED_BY_ACT = N_("This is already recorded; nothing changed.")


def blank_file(session: Session) -> StoredFile:
    """Return an empty file for a new client."""
    blank = {"schema": FILE_VERSIONS[-1], "id": new_client_id(), "identity": {}, "stays": []}
    return StoredFile({**blank, "recorded_at": session.timestamp, "recorded_by": session.staff}, None)


def drop_unfinished(record: Facts, *names: str) -> dict[str, Any]:
    """Return the file without the unfinished answers kept under these names."""
    rest = {other: facts for other, facts in (record.get(UNFINISHED_KEY) or {}).items() if other not in names}
    kept = {key: value for key, value in record.items() if key != UNFINISHED_KEY}
    return {**kept, UNFINISHED_KEY: rest} if rest else kept


@immutable
class MergedFile:
    """A file with a fragment merged in, and every finding that stops it from being saved."""

    record: Facts
    merge: Merge
    findings: tuple[Finding, ...]


def merge_into_file(
    session: Session, record: Facts, given: Input, *, without_stay: bool = False, again: bool = False
) -> MergedFile:
    """Merge a fragment into a file and judge the shape of the result as a whole."""
    session.store.require_writable(record_name(record))
    home, stamp = record.get(HOME_KEY), session.stamp
    keys = published.stay_keys(session.rulebook) if home is None else published.register_keys(session.rulebook, home)
    stamp = stamp if home is None else replace(stamp, new_id=new_register_entry_id)
    new, going = merge_fragment(record, given.value, stamp, keys, without_stay=without_stay, again=again)
    new = session.store.migration.merged(new, going) if going.values_to_seal else new
    findings = tuple(going.findings) or find_file_errors(session, new, {*going.added, *going.replaced})
    return MergedFile(new, going, given.located(findings))


def find_file_errors(session: Session, record: Facts, places: Collection[str]) -> tuple[Finding, ...]:
    """Return the findings that keep a file from being saved: errors of its shape, or her name in text written at
    *places*.
    """
    if HOME_KEY in record:  # there is no client whose name could be in it
        return session.store.find_shape_errors(record)
    return session.store.find_shape_errors(record) or tuple(
        find_name_leaks(record, published.record_places(session.rulebook), places)
    )


def replaced_sentence(places: Sequence[str]) -> FilledSentences:
    """Return the sentence that lists the places where a value was replaced; empty if there are none."""
    return ((PLACES_REPLACED, {"places": places}),) if places else ()


def left_out_sentences(going: Merge) -> FilledSentences:
    """Return the sentences that list the entries left out because the file has them already."""
    live = [place for place in going.left_out if place not in going.struck]
    said: FilledSentences = ((ENTRIES_LEFT_OUT, {"places": live}),) if live else ()
    return (*said, (VOID_ENTRIES_LEFT_OUT, {"places": going.struck})) if going.struck else said


OPENS_ENTRY = N_("Record this too: {what}. shelterctl add {whom} {track}")


def opening_sentences(session: Session, findings: Iterable[Finding], whom: str) -> FilledSentences:
    """Return the sentences that name each entry that the findings open, about a house or client by id or code."""
    names = dict.fromkeys(str(one.facts["opens"]).partition(".")[0] for one in findings if "opens" in one.facts)
    tracks = (session.rulebook.tracks[name] for name in names)
    return tuple((OPENS_ENTRY, {"what": track.text, "whom": whom, "track": track.name}) for track in tracks)


@immutable(kw_only=True)
class Change:
    """One change to a client's file, built and judged but not written yet.

    *held* is the file as it was read, *record* the file as it would be, and *changed* whether they differ. *did* is the
    reason in the journal. *findings* refuse the change or stay open. *data* is the data of the answer; a function gets
    whether the file was saved. *checked* are the sentences
    under --check, *unchanged* if nothing is new, *written* after saving.
    """

    held: StoredFile
    record: Facts
    did: str
    data: Mapping[str, object] | Callable[[bool], Mapping[str, object]]
    findings: tuple[Finding, ...] = ()
    changed: bool = True
    checked: FilledSentences = ((NOTHING_WOULD_BE_REFUSED, {}),)
    unchanged: FilledSentences = ((UNCHANGED_BY_ACT, {}),)
    written: FilledSentences = ()


def write_change(session: Session, change: Change, *, check: bool = False) -> Outcome:
    """Save a change, unless it is refused, brings nothing new, or *check* is set, and return its answer."""
    if session.store.is_by_role:
        change = replace(change, findings=(*judge_role(session, change.held.value, change.record), *change.findings))
    refused = has_refusal(change.findings)
    if saves := change.changed and not (refused or check):
        save_client_file(session, change.record, change.held.version, change.did)
    said = () if refused else change.checked if check else change.written if saves else change.unchanged
    data = change.data(saves) if callable(change.data) else change.data
    return Outcome(data=data, findings=change.findings, said=said)


def replace_entry(record: Any, pointer: str, entry: Facts) -> Any:
    """Return the file with *entry* in place of the one at a JSON pointer."""
    first, _, rest = pointer.lstrip("/").partition("/")
    if not first:
        return entry
    if isinstance(record, list):
        return [replace_entry(each, rest, entry) if str(n) == first else each for n, each in enumerate(record)]
    return {**record, first: replace_entry(record[first], rest, entry)}


def save_client_file(session: Session, record: Facts, version: str | None, did: str) -> None:
    """Save a client's file, or the record of a register, as one act of the journal.

    Unregistered staff codes in it are reported with the answer.
    """
    name, joined = record_name(record), HOME_KEY in record
    if session.store.is_by_role:
        before = session.store.read(record["id"]).value if version and not joined else {}
        require_role(session, before, record)
    changed = [entry["id"] for _, _, entry in session.store.home_registers.changed_entries(record)] if joined else []
    session.save([(name, record, version)], did)
    near = empty_entries(record, entry_pointers(record, changed)) if joined else record
    session.store.remarks[name] = list_unregistered_staff(session, near)
