"""Steps that the commands on one client's file share: open it as far as this key may read, read a fragment for it, and
judge it by the rules of the manual. Findings come back with the codes of papers and languages in words. Each
command's own rules are in the module of that command.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from shelterctl.act.input import Input, check_input, make_input_shape, read_input
from shelterctl.act.redaction import count_sealed_findings
from shelterctl.act.state_in_words import client_state
from shelterctl.act.stay_context import ADMISSION_ACT, admission_context, stay_context
from shelterctl.act.typed_track import COMMANDS_OF_ACTS
from shelterctl.act.worded_findings import word_findings
from shelterctl.core.finding import Finding, soften_findings
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, Stay, value_at
from shelterctl.core.record.entries import list_entries
from shelterctl.core.record.file_tree import SEALED_LIST
from shelterctl.core.record.register import BLOCK_KEY, HOME_KEY
from shelterctl.core.record.sameness import is_same
from shelterctl.core.rules import checklist as acts
from shelterctl.core.rules.context import Context, locate_track
from shelterctl.core.rules.judgement import judge_new_codes, judge_track_entries
from shelterctl.core.rules.leaks import find_unregistered_staff_codes
from shelterctl.core.values.facts import Facts
from shelterctl.errors import ShelterError
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas import published
from shelterctl.session import Session
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_
from shelterctl.validation import MOST_FINDINGS_LISTED

WRITTEN_BY_COMMAND = N_("Only a command records this: {command}. Leave it out.")


def open_to_write(
    session: Session, file: StoredFile, track: Track, entry: str | None = None, given: Facts | None = None
) -> StoredFile:
    """Return the file opened for writing to a track, as far as this key may read.

    An entry can be added to a sealed track without reading it. Of a register only the entry to change is opened, and
    those whose markers say what is *given*, since they may be the same entry. Raises CannotOpen if the entry to change,
    or the single block of the track, is closed to this key.
    """
    if track.seal is None:
        return file
    if HOME_KEY in file.value and not track.looks_at_others:
        alike = partial(_may_be_meant, track, entry, given or {})
        open_ = session.store.unsealed_where(file, track.seal.parts, alike)
    else:
        open_ = session.store.unsealed(file, *track.seal.parts)
    for one in _closed_entries(open_, track):
        if isinstance(one, str) or one["id"] == entry:
            session.store.seals_of(file.value).raise_if_closed(file.value, one, track.name)
    return open_


def _may_be_meant(track: Track, entry: str | None, given: Facts, sealed: Facts) -> bool:
    """Whether a closed entry is the one to change, or may be equal to a given one by its markers."""
    marked = (name for name in (track.seal.marker if track.seal else ()) if given.get(name) is not None)
    own = sealed.get("track") == track.name
    return own and (sealed["id"] == entry or all(is_same(sealed.get(name), given[name]) for name in marked))


def may_read_sealed_entry(session: Session, entry: Mapping[str, Any]) -> bool:
    """Whether the current user may read a sealed entry: as its author, or in a role that its track is for.

    Where each person has a key, what the key opens is hers to read.
    """
    readership = session.store.vault.journal.chain.readership
    if readership.is_by_role:
        return entry.get("recorded_by") == session.staff or readership.opens(session.staff, str(entry["part"]))
    return bool(
        entry.get("recorded_by") == session.staff
        or _has_reader_role(session, session.rulebook.tracks.get(str(entry["track"])))
    )


def _has_reader_role(session: Session, track: Track | None) -> bool:
    """Whether the register gives the current user a role that may read a sealed track."""
    readership = session.store.vault.journal.chain.readership
    if readership.is_by_role:
        return bool(track and track.seal and readership.opens(session.staff, track.seal.part))
    known = session.store.staff.value["staff"].get(session.staff) or {}
    return bool(track and track.seal and known.get("role") in track.seal.readers)


def has_sealed_for_user(session: Session, record: Mapping[str, Any]) -> bool:
    """Whether a file has anything sealed that the current user may read, as far as can be seen without opening it.

    A block that every file has, even empty, always counts for its role, and so reveals nothing.
    """
    blocks = any(_has_reader_role(session, session.rulebook.tracks[name]) for name in session.rulebook.blocks)
    known = [one for one in value_at(record, SEALED_LIST) or () if one["track"] in session.rulebook.tracks]
    return blocks or any(may_read_sealed_entry(session, one) for one in known)


def open_for_user(session: Session, file: StoredFile) -> Mapping[str, Any]:
    """Return the file with the sealed entries and blocks opened that the current user may read, the rest closed."""
    open_, shut = session.store.unsealed(file).value, file.value
    above, _, listed = SEALED_LIST.partition(".")
    if above not in shut:
        return shut
    if session.store.is_by_role:
        return open_
    pairs = zip(value_at(open_, SEALED_LIST) or (), value_at(shut, SEALED_LIST) or (), strict=True)
    entries = [
        opened if _is_known_track(session, one) and may_read_sealed_entry(session, one) else one
        for opened, one in pairs
    ]
    alone = {
        session.rulebook.tracks[name].at.rpartition(".")[2]: _has_reader_role(session, session.rulebook.tracks[name])
        for name in session.rulebook.blocks
    }
    blocks = {name: (open_ if alone.get(name) else shut)[above][name] for name in shut[above] if name != listed}
    return {**shut, above: {**blocks, **({listed: entries} if entries else {})}}


def _is_known_track(session: Session, entry: Mapping[str, Any]) -> bool:
    """Whether this rulebook has the track of an entry; a newer one may have more."""
    return entry["track"] in session.rulebook.tracks


def open_to_read(session: Session, file: StoredFile, track: Track) -> StoredFile:
    """Return the file with a track opened as far as this key may read. Raises CannotOpen if it has entries and all are
    closed.
    """
    if track.seal is None:
        return file
    open_ = session.store.unsealed(file, *track.seal.parts)
    closed = _closed_entries(open_, track)
    if closed and len(closed) == len(_track_entries(open_, track)):
        session.store.seals_of(file.value).raise_if_closed(file.value, closed[0], track.name)
    return open_


def _track_entries(file: StoredFile, track: Track) -> Sequence[Any]:
    found: Any = value_at(file.value, track.at)
    if not track.many:
        return [found] if found else []
    return [one for one in found or () if one["track"] == track.name]


def _closed_entries(file: StoredFile, track: Track) -> Sequence[Any]:
    """Return the entries of a track, or its single block, that this key did not open."""
    return [one for one in _track_entries(file, track) if isinstance(one, str) or BLOCK_KEY in one]


def read_fragment(session: Session, source: str | None) -> Input:
    """Read the fragment that --from names; places that only an act may fill are refused."""
    return _refuse_acts(read_input(source, published.fragment_schema(session.rulebook), session.store.offset))


def check_fragments(session: Session, given: Iterable[Input]) -> Iterator[Input]:
    """Check parsed fragments against their schema; all of them share one limit of findings."""
    schema, offset = published.fragment_schema(session.rulebook), session.store.offset
    shape, left = make_input_shape(schema), MOST_FINDINGS_LISTED
    for one in given:
        read = _refuse_acts(check_input(one, schema, offset, shape, max(left, 1)))
        left -= len(read.findings)
        yield read


def _refuse_acts(given: Input) -> Input:
    if given.findings:
        return given
    found = [
        Finding(
            code="fragment/act",
            message=WRITTEN_BY_COMMAND,
            where=(f"/stays/{place}" if place is not None else "") + "/" + path.replace(".", "/"),
            facts={"command": command},
        )
        for path, command in COMMANDS_OF_ACTS.items()
        for place, facts in [(None, given.value), *enumerate(given.value.get("stays") or ())]
        if _is_given(facts, path)
    ]
    return Input(given.value, given.located(found), given.document)


def _is_given(facts: Mapping[str, Any], path: str) -> bool:
    """Whether a path has any value, including null, which would remove the value that is there."""
    above, _, last = path.rpartition(".")
    holder = value_at(facts, above) if above else facts
    return isinstance(holder, Mapping) and last in holder


def list_unregistered_staff(session: Session, record: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return a finding for each staff code in a file that is not registered; none if the register of staff is damaged.

    Sealed parts are not searched: the same key inside them may hold a doctor's name.
    """
    try:
        registered = session.store.staff_with_role()
    except ShelterError:  # check reports it; her file is saved and shown all the same
        return ()
    places = published.places_of(session.rulebook, record.get(HOME_KEY))
    outside = session.store.without_sealed_parts(record)
    clause = session.rulebook.tracks["staff"].clause
    return count_sealed_findings(find_unregistered_staff_codes(outside, places, registered, clause))


def judge_admission(session: Session, client: Client, day: date, *, count: bool = True) -> tuple[Finding, ...]:
    """Return the findings that would refuse an admission on *day*, and those that stay open after it."""
    act, her = session.rulebook.acts[ADMISSION_ACT], client.stay
    if her is None:
        return (acts.make_act_refusal(act, "no-stay", ""),)
    over = her.discharged_on is not None and her.admitted_on != day
    none = (acts.make_act_refusal(act, "no-stay", f"/stays/{her.index}/admission"),) if over else ()
    held = admission_context(session, client, day, count=count)
    return word_findings(session.rulebook, (*none, *acts.judge_act(act, held)))


def judge_checklist(session: Session, client: Client) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return the data that every form of admit answers (id, state and checklist), and the open findings.

    Each item is judged once for both, on the day of her admission, else today. The checklist of a closed file is empty.
    """
    data, her = {"id": client.id, "state": client_state(session, client), "checklist": list[object]()}, client.stay
    if client.is_idle:
        return data, ()
    act, day = session.rulebook.acts[ADMISSION_ACT], (her.admitted_on if her else None) or session.today
    held = admission_context(session, client, day)
    known = acts.find_all_evidence(act, held)
    data["checklist"] = list(acts.checklist_rows(act, held, known))
    judge = acts.judge_items if her is None else acts.judge_act if her.is_open else lambda *_: ()
    open_ = word_findings(session.rulebook, soften_findings(judge(act, held, known)))
    return data, (*open_, *list_unregistered_staff(session, client.facts))


def judge_entries(
    session: Session, client: Client, before: Client | None = None, changed: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return the findings on rules of their own tracks that her entries break.

    *before* is the file before a change. With it findings are open, because what has happened is saved; new values
    are judged by today's rules; and rules that need all clients' files are judged only where *changed*, JSON pointers,
    has such a field. Without it, as in check, a finding on an act that was done can refuse. Entries of a closed file
    are not judged.
    """
    from shelterctl.core.rules.leaks import find_name_leaks  # noqa: PLC0415 - showing a file does not need it

    found: list[Finding] = []
    context_on = make_contexts(session, client)
    known = session.rulebook.tracks_with_rules if before is not None else find_tracks_in_file(session.rulebook, client)
    for track in () if client.is_idle else known:
        far = before is None or needs_all_clients(track, changed)
        found += judge_client_track(session, client, track, before, far=far, context_on=context_on)
    told = () if before is not None else find_name_leaks(client.facts, published.record_places(session.rulebook))
    spilt = find_spilled_words(session, client.facts, None if before is None else changed)
    # What has happened stays open; in check, an act that was done refuses if it would not be granted today.
    soft = found if before is None else _soften_at(found, changed)
    return (*word_findings(session.rulebook, soft), *told, *spilt)


def _soften_at(findings: Iterable[Finding], changed: Collection[str]) -> Iterator[Finding]:
    """Yield the findings as open; a malformed entry stays refused where it was *changed*."""
    for one in findings:
        entry = one.where.rpartition("/")[0]
        yield from soften_findings((one,), is_shown=not any(f"{place}/".startswith(f"{entry}/") for place in changed))


def find_tracks_in_file(rulebook: Rulebook, client: Client) -> Iterator[Track]:
    """Return the tracks with rules of which a file has entries; most files have few."""
    places = [client.facts, *(stay.facts for stay in client.stays)]
    keys = {key for facts in places for key in facts}
    near = (track for track in rulebook.tracks_with_rules if not track.at or track.at.partition(".")[0] in keys)
    return (track for track in near if not track.at or any(value_at(facts, track.at) for facts in places))


def find_spilled_words(
    session: Session, record: Mapping[str, Any], places: Collection[str] | None = None
) -> Iterator[Finding]:
    """Yield a warning for each text outside a sealed block with a word that gives away the block's subject."""
    from shelterctl.core.rules.leaks import find_sealed_words  # noqa: PLC0415 - showing a file does not need it

    for track in (session.rulebook.tracks[name] for name in session.rulebook.blocks):
        if track.seal and track.seal.words:
            yield from find_sealed_words(
                record, track.seal.words, f"/{track.at.replace('.', '/')}", track.clause, places
            )


def find_clients_named_in(session: Session, track: Track, facts: Mapping[str, Any], where: str) -> Iterator[Finding]:
    """Yield a warning for each free text of an entry that has the name of a client of this store."""
    from shelterctl.core.rules.leaks import find_clients_named, list_free_texts  # noqa: PLC0415 - only for registers

    if texts := [*list_free_texts(track.fields, facts, where)]:
        yield from find_clients_named(
            texts, session.store.client_names.in_text(), session.rulebook.file_parts["file"].clause
        )


def needs_all_clients(track: Track, changed: Iterable[str]) -> bool:
    """Whether one of the *changed* places is a field that must be unique in the store, so that all files are needed."""
    unique = {name.rpartition(".")[2] for name in track.unique_in_store}
    return any(place.rpartition("/")[2] in unique for place in changed)


ContextOn = Callable[[Stay | None, date | None], Context]
"""A function that returns the context of a stay, or of no stay, on a day, by default today."""


def make_contexts(session: Session, client: Client) -> ContextOn:
    """Return a function that makes each context of a client's stay on a day once and keeps it."""
    today, made = session.today, dict[tuple[int, date], Context]()
    timed = {} if client.home is None else {"now": session.moment}  # one moment, so that what was counted is kept

    def context_on(stay: Stay | None, day: date | None) -> Context:
        key = (stay.index if stay else -1, day or today)
        if key not in made:
            made[key] = stay_context(session, client, stay, key[1], **timed)
        return made[key]

    return context_on


def judge_client_track(
    session: Session,
    client: Client,
    track: Track,
    before: Client | None = None,
    *,
    far: bool = False,
    context_on: ContextOn | None = None,
) -> Iterator[Finding]:
    """Yield the findings on rules of one track that her entries break; *far* includes rules that need all clients'
    files.

    Entries of a track without dates are judged on the day of her admission; dated ones without a date yet, today.
    """
    context_on = context_on or make_contexts(session, client)
    beside_stays = (None,) if not client.stays or track.of_stay_and_client else ()
    for stay in (*client.stays, *beside_stays) if track.of_a_stay else (client.stay,):
        if before is None and track.at and not value_at(locate_track(track, client, stay)[0], track.at):
            continue  # most files have entries of few tracks, and making a context is costly
        around = context_on(stay, (stay.admitted_on or stay.arrived_on) if stay and not track.day else None)
        if far and track.unique_in_store:
            around = replace(around, all_clients=session.store.all_clients)
        yield from judge_track_entries(track, around)
        if before is not None and track.dated_code_fields:
            yield from _judge_changed_values(track, before, context_on(stay, None))


def judge_tracks_at(
    session: Session, client: Client, names: Iterable[str], places: Collection[str], *, is_shown: bool = False
) -> tuple[Finding, ...]:
    """Return, as open, the findings on some tracks at *places*, JSON pointers to what was just written.

    What is malformed is refused, unless it is only *shown*.
    """
    tracks = (session.rulebook.tracks[name] for name in names if not client.is_idle)
    found = (one for track in tracks for one in judge_client_track(session, client, track))
    here = (one for one in found if any(one.where.startswith(place) for place in places))
    return word_findings(session.rulebook, soften_findings(here, is_shown=is_shown))


def judge_opened_track(session: Session, client: Client, track: Track) -> tuple[Finding, ...]:
    """Return the findings on the entries of a sealed track that were opened to be read; elsewhere they are only
    counted.
    """
    place = f"/{track.at.replace('.', '/')}"
    kept = [one.where for one in list_entries(track, client.facts, "")]
    found = (
        *judge_tracks_at(session, client, (track.name,), (place,), is_shown=True),
        *find_spilled_words(session, client.facts, kept),
    )
    return tuple(one for one in found if one.where.startswith(place))


def _judge_changed_values(track: Track, before: Client, around: Context) -> Iterable[Finding]:
    facts, root = around.locate(track)
    then = next((each.facts for each in before.stays if root and each.index == around.stay.index), {})  # type: ignore[union-attr]
    known, now = (value_at(home, track.at) if track.at else home for home in (then if root else before.facts, facts))
    return judge_new_codes(track, known or {}, now or {}, f"{root}/{track.at.replace('.', '/')}", around)


def find_lacking_without_stay(session: Session, client: Client) -> tuple[Finding, ...]:
    """Return, as open findings, the checklist items that the file of a client without a stay lacks."""
    found = acts.judge_items(session.rulebook.acts[ADMISSION_ACT], admission_context(session, client, session.today))
    return word_findings(session.rulebook, soften_findings(found))
