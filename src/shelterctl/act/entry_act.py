"""Acts on an entry, such as approving a plan: judged by the rules that name the act, and recorded in the entry."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from shelterctl.act.add import TRACK_HAS_NO_SUCH_ENTRY, MergedEntry
from shelterctl.act.change import Change, drop_unfinished, replace_entry, replaced_sentence, write_change
from shelterctl.act.client_file import open_to_write
from shelterctl.act.input import Input
from shelterctl.act.register_months import find_entry_months
from shelterctl.act.register_record import visible_subject
from shelterctl.act.typed_track import find_track, own_command, require_home
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.core.manual.rule import Bound, Verb
from shelterctl.core.manual.track import EntryAct, Track
from shelterctl.core.merge.fragment import place_entry
from shelterctl.core.record.client import Client, read_subject
from shelterctl.core.record.entries import entry_title, find_deed, may_matter
from shelterctl.core.record.file_tree import HOME_PATHS, UNFINISHED_KEY
from shelterctl.core.rules.checklist import first_codes
from shelterctl.core.rules.context import entries_of_client
from shelterctl.core.rules.names import RESERVED_NAMES
from shelterctl.core.rules.verbs.entries import Stands
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import LabelledCode
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

ENTRY_ACT_DONE = N_("{did}: {what}, {on}.")
ENTRY_ACT_CHECKED = N_("Nothing prevents it. As --check asked, nothing was written.")
ENTRY_ACT_TAKEN_BACK = N_("Taken back: {did}, {what}.")
ENTRY_ACT_NOT_DONE = N_("This is not recorded in that entry, so there is nothing to take back: {did}.")
CODES_OF_ENTRY = "track/"
"""The beginning of the codes of findings about the answers of an entry."""

FILL_IN_ENTRY_FIRST = N_("Fill in the entry with: shelterctl add {id} {track} {entry}")
ACT_NOT_FOR_TRACK = N_("This cannot be done to an entry of that kind, only to: {tracks}.")
NO_ENTRY_OF_KIND = N_(
    "{Her file|His file|The register} has no entry of that kind: {what}. Add one first: shelterctl add {id} {track}"
)
ANSWERS_WAIT_FOR_ENTRY = N_(
    "{Her file|His file|The register} has unfinished answers for such an entry. "
    "Continue with: shelterctl add {id} {track}"
)
NAME_ENTRY_BY_ID = N_("Several entries fit. Name one by its id: {entries}.")


def find_entry_act(rulebook: Rulebook, name: str, typed: str) -> tuple[Track, EntryAct]:
    """Return the track that was *typed* and its act *name*. Raises UsageError if its entries have no such act."""
    track = find_track(rulebook, typed)
    if name not in track.entry_acts:
        acts = {each: rulebook.file_of("track", each).value.get("acts") or {} for each in rulebook.track_names}
        tracks = [each for each, known in acts.items() if name in known]
        raise UsageError("usage/not-done-to", ACT_NOT_FOR_TRACK, tracks=tracks)
    return track, track.entry_acts[name]


def do_entry_act(
    session: Session, client: str, track: Track, name: str, given: Input, entry: str | None, *, check: bool = False
) -> Outcome:
    """Do an act to an entry, with the *given* answers merged in, on the day taken as today unless they name another.

    A broken rule of the act refuses it. Done again, it replaces the first.
    """
    # Gather.
    added, held, done = _merge_act(session, client, track, name, given, entry)
    deed, one = track.entry_acts[name], str(added.given.value["id"])

    # Decide.
    told = {"did": track.fields[deed.writes].text, "what": added.title, "on": read_day(done["on"])}
    change = Change(
        held=held,
        record=drop_unfinished(added.merged.record, unfinished_act_name(track, one, name)),
        did=name,
        data=_act_data(added.before, track, one, name, done["on"]),
        findings=added.findings,
        changed=added.is_changed,
        checked=((ENTRY_ACT_CHECKED, {}),),
        written=((ENTRY_ACT_DONE, told), *replaced_sentence(added.merged.merge.replaced)),
    )

    # Act.
    answer = write_change(session, change, check=check)
    if answer.refused and not check and any(each.code.startswith(CODES_OF_ENTRY) for each in answer.findings):
        return replace(
            answer, last=((FILL_IN_ENTRY_FIRST, {"id": added.before.id, "track": track.name, "entry": one}),)
        )
    return answer


def unfinished_act_name(track: Track, entry: str, name: str) -> str:
    """Return the name under which unfinished answers for an act on an entry are kept."""
    return f"{track.name} {entry} {name}"


class Prerequisites(NamedTuple):
    """The fields, acts and entries that have to come before an act on an entry, by the rules that refuse the act.

    *fields* are dotted names of fields of the entry, *refused_fields* those of them that are filled in wrongly; *acts*
    are acts on the entry; *entries* are entries of other tracks, each with the answers it must have.
    """

    fields: frozenset[str]
    refused_fields: frozenset[str]
    acts: tuple[str, ...]
    entries: tuple[tuple[Track, Facts], ...]


def find_prerequisites(
    session: Session, client: str, track: Track, name: str, given: Input, entry: str
) -> Prerequisites:
    """Find what has to come before an act on an entry, once the *given* answers are merged into the entry."""
    added, _, _ = _merge_act(session, client, track, name, given, entry)
    fields: set[str] = set()
    wrong: set[str] = set()
    acts: dict[str, None] = {}
    entries: dict[str, tuple[Track, Facts]] = {}
    if has_refusal(added.merged.findings):
        return Prerequisites(frozenset(), frozenset(), (), ())
    facts = next(one for one in _live_entries(added.after, track) if one["id"] == entry)
    written = {deed.writes: act for act, deed in track.entry_acts.items() if act != name}
    for rule, ruling, way in added.broken_rules():
        asked = ruling.params
        if isinstance(asked, Stands) and way.reason != "nowhere":
            if not asked.none:
                wanted = session.rulebook.tracks[rule.names[0]]
                entries[wanted.name] = (wanted, _prescribed_answers(asked, facts, wanted))
            continue
        names = way.facts["names"] if rule.verb == "needs" else (way.name or rule.names[0], *_compared_fields(asked))
        for each in names:
            first, _, _ = each.partition(".")
            if first in written:
                acts |= {written[first]: None} if first not in facts else {}
            elif first in track.fields:
                (fields if rule.verb == "needs" else wrong).add(each)
            elif first in session.rulebook.track_names:
                entries[first] = (session.rulebook.tracks[first], {})
    entries = {
        name: one for name, one in entries.items() if HOME_PATHS.keys() & {*one[0].home} and not own_command(one[0])
    }
    return Prerequisites(frozenset(fields | wrong), frozenset(wrong), tuple(acts), tuple(entries.values()))


def _compared_fields(asked: Verb) -> Iterator[str]:
    """Yield the names of the other fields that a rule compares with, from its keys from, to, of and not."""
    for key in ("from", "to", "of", "not"):
        said = asked.facts.get(key)
        name = said.of if isinstance(said, Bound) else said
        if isinstance(name, str) and name not in RESERVED_NAMES:
            yield name


def _prescribed_answers(asked: Stands, facts: Facts, wanted: Track) -> Facts:
    """Return the answers that a rule fixes for a missing entry: codes that it filters by, and fields shared with
    *facts*.
    """
    return {**first_codes(asked.where, wanted), **{key: facts[key] for key in asked.same if key in facts}}


def take_back_entry_act(
    session: Session, client: str, track: Track, name: str, *, entry: str | None = None, check: bool = False
) -> Outcome:
    """Take back an act that was done to an entry by mistake; refused if another act depends on it."""
    # Gather.
    her, held, one, facts = _open_meant_entry(session, client, track, name, entry, done=True)
    deed = track.entry_acts[name]
    said = {"did": track.fields[deed.writes].text, "what": entry_title(track, facts)}
    if (gone := find_deed(track, deed, facts, session.staff)) is None:
        raise UsageError("usage/not-done", ENTRY_ACT_NOT_DONE, did=said["did"])

    # Decide.
    home = place_entry(track, her, session.rulebook.tracks, {"id": one})
    added = MergedEntry(session, held, track, home, Input({"id": one}, (), None), frozenset())
    left = [each for each in facts[deed.writes] if each is not gone] if track.fields[deed.writes].several else []
    rest = {name: value for name, value in facts.items() if name != deed.writes}
    rest |= {deed.writes: left} if left else {}
    record = replace_entry(added.merged.record, added.pointer, session.stamp.keep_changes(facts, rest))
    added.after = read_subject(record)
    change = Change(
        held=held,
        record=record,
        did=name,
        data=_act_data(her, track, one, name, None),
        findings=added.findings,
        checked=((ENTRY_ACT_CHECKED, {}),),
        written=((ENTRY_ACT_TAKEN_BACK, said),),
    )

    # Act.
    return write_change(session, change, check=check)


def _merge_act(
    session: Session, client: str, track: Track, name: str, given: Input, entry: str | None
) -> tuple[MergedEntry, StoredFile, Facts]:
    """Return the entry with the act merged in but not written, the file as it was read, and who did the act and when.

    Without an answer the day is today, and the person is the one already recorded, else the current user.
    """
    her, held, one, facts = _open_meant_entry(session, client, track, name, entry)
    deed = track.entry_acts[name]
    writes = given.value.get(deed.writes) or {}
    several = track.fields[deed.writes].several
    before = find_deed(track, deed, facts, session.staff)
    done = {"by": session.staff, **({"id": before["id"]} if several and before else before or {}), **writes}
    done["on"] = writes.get("on") or session.today.isoformat()
    whole = {**given.value, "id": one, deed.writes: [done] if several else done}
    home = place_entry(track, her, session.rulebook.tracks, whole)
    added = MergedEntry(session, held, track, home, Input(whole, (), given.document), frozenset({name}))
    return added, held, done


def _open_meant_entry(
    session: Session, client: str, track: Track, name: str, entry: str | None, *, done: bool = False
) -> tuple[Client, StoredFile, str, Facts]:
    """Open her file as far as the act needs it; return her, the file, and the id and facts of the entry."""
    shut, held = session.store.subject_to_change(client, find_entry_months(session, client, track, entry))
    require_home(track, shut)
    seen = visible_subject(session, held, track)
    one = find_meant_entry(seen, track, name, entry, session.staff, done=done)
    held = open_to_write(session, held, track, one)
    her = read_subject(held.value)
    return her, held, one, next(each for each in _live_entries(her, track) if each["id"] == one)


def find_meant_entry(her: Client, track: Track, name: str, entry: str | None, by: str, *, done: bool = False) -> str:
    """Return the id of the entry that the user *by* means: the one named, else the only one with the act *done*, or not
    yet done, else the last. One that the act can still concern goes before one that it cannot.

    Raises NotFound if there is none, UsageError if there are several.
    """
    live, deed = [*entries_of_client(track, her)], track.entry_acts[name]
    if entry is not None:
        if entry not in {one.written["id"] for one in live}:
            raise NotFound("entry/unknown", TRACK_HAS_NO_SUCH_ENTRY, id=her.id, track=track.name)
        return entry
    if track.fields[deed.writes].several:
        live = [one for one in live if may_matter(deed, one)]
    such = [one for one in live if (find_deed(track, deed, one.written, by) is not None) is done]
    concerned = [one for one in such if done or may_matter(deed, one)]
    fitting = [one.written for one in concerned or such or live[-1:]]
    if track.fields[deed.writes].several:  # who reads the newest note has the earlier ones behind her
        fitting = sorted(fitting, key=lambda one: str(one.get("recorded_at")))[-1:]
    if not fitting:
        waits = any(name.partition(" ")[0] == track.name for name in her.facts.get(UNFINISHED_KEY) or {})
        told = ANSWERS_WAIT_FOR_ENTRY if waits else None
        raise NotFound("entry/none", NO_ENTRY_OF_KIND, hint=told, what=track.text, id=her.id, track=track.name)
    if len(fitting) > 1:
        raise UsageError("usage/which-entry", NAME_ENTRY_BY_ID, entries=[one["id"] for one in fitting])
    return str(fitting[0]["id"])


def _live_entries(her: Client, track: Track) -> Sequence[Facts]:
    return [one.written for one in entries_of_client(track, her)]


def _act_data(her: Client, track: Track, entry: str, name: str, on: str | None) -> dict[str, Any]:
    """Return the data of an act's answer: the entry, the act as a code with its name, and its day."""
    act = LabelledCode(name, track.entry_acts[name].text)
    return {"id": her.id, "track": LabelledCode(track.name, track.text), "entry": entry, "act": act, "on": on}
