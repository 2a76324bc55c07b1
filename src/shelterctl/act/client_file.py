"""What the commands on one client's file share: open it as far as this key may read, merge a fragment into it, judge
the result by the rules of the manual, and save it. Findings come back with the codes of papers and languages in
words. Each command's own rules are in the module of that command.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from shelterctl.act.input import Input, check_input, make_input_shape, read_input
from shelterctl.act.redaction import count_sealed_findings
from shelterctl.core.finding import Finding, soften_findings
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, Stay, value_at
from shelterctl.core.record.entries import list_entries
from shelterctl.core.record.file_tree import SEALED_LIST
from shelterctl.core.rules import checklist as acts
from shelterctl.core.rules import client_state as states
from shelterctl.core.rules.context import Context, locate_track
from shelterctl.core.rules.judgement import judge_new_codes, judge_track_entries
from shelterctl.core.rules.leaks import find_unregistered_staff_codes
from shelterctl.errors import ShelterError
from shelterctl.language import LabelledCode, Text
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas import published
from shelterctl.session import Session
from shelterctl.store.sealed_entries import BLOCK_KEY
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_
from shelterctl.validation import MOST_FINDINGS_LISTED

INSTRUCTIONS_IN_WORDS = N_("instructions")
PAPER_FACTS = ("kind", "lacking")
"""Facts that name papers of IOM; whatever else is a code has to be typed as it stands."""

ADMISSION_ACT, DISCHARGE_ACT = "admission", "discharge"
"""The acts that are done to a stay."""

WRITTEN_BY_COMMAND = N_("This is not written down by hand: {command}. Leave it out.")
COMMANDS_OF_ACTS = {
    "admission.admitted_on": "admit ID --complete --on DATE",
    "discharge.on": "discharge ID --on DATE",
    "monitoring.reports": "monitor record ID --from FILE",
}
"""Places of a stay that only an act fills, with the command that does."""

COMMANDS_OF_PLACES = {
    **COMMANDS_OF_ACTS,
    "agreements": "agreement ID --form FORM",
    "stays": "admit ID --from FILE",
    "referral": "admit ID --from FILE",
    "done": "admit ID --done ITEM",
    "monitoring.attempts": "monitor attempt ID",
    "monitoring.closed": "monitor close ID",
    "monitoring.scheduled": "monitor schedule ID --on DATE",
}
"""Places that have a command of their own, which knows more of them than the rules of their track."""


def word_findings(rulebook: Rulebook, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, their papers and languages as codes for programs and in words for people."""
    return tuple(_word_finding(rulebook, one) for one in findings)


def _word_finding(rulebook: Rulebook, finding: Finding) -> Finding:
    if finding.code == "agreement/language":
        names = rulebook.tracks["agreement"].fields["signed"].fields["language"].codes
        return replace(finding, facts={**finding.facts, "codes": _word_fact(finding.facts["codes"], names)})
    if finding.facts.keys().isdisjoint(PAPER_FACTS):
        return finding
    kinds = rulebook.tracks["document"].fields["kind"].codes
    worded = {name: _word_fact(finding.facts[name], kinds) for name in PAPER_FACTS if name in finding.facts}
    return replace(finding, facts={**finding.facts, **worded})


def _word_fact(fact: object, words: Mapping[str, Text]) -> object:
    if isinstance(fact, list | tuple):
        return [_word_fact(each, words) for each in fact]
    if fact == INSTRUCTIONS_IN_WORDS:
        return INSTRUCTIONS_IN_WORDS
    return LabelledCode(fact, words[fact]) if isinstance(fact, str) and fact in words else fact


def open_to_write(session: Session, file: StoredFile, track: Track, entry: str | None = None) -> StoredFile:
    """The file as it must lie to be written into, with what this key may read of the track.

    Nobody needs to read a part to add an entry to it; to change one, or what there is one of, raises CannotOpen.
    """
    if track.seal is None:
        return file
    open_ = session.store.unsealed(file, track.seal.part)
    for one in _closed_entries(open_, track):
        if isinstance(one, str) or one["id"] == entry:
            session.store.seals.raise_if_closed(file.value, one, track.name)
    return open_


def may_read_sealed_entry(session: Session, entry: Mapping[str, Any]) -> bool:
    """Whether a sealed entry is meant for who is at the device: its author, or somebody in a role that it is for."""
    return bool(
        entry.get("recorded_by") == session.staff
        or _has_reader_role(session, session.rulebook.tracks.get(str(entry["track"])))
    )


def _has_reader_role(session: Session, track: Track | None) -> bool:
    """Whether the register says a role of whoever is at the device for which a sealed track is meant."""
    known = session.store.staff.value["staff"].get(session.staff) or {}
    return bool(track and track.seal and known.get("role") in track.seal.readers)


def has_sealed_for_user(session: Session, record: Mapping[str, Any]) -> bool:
    """Whether anything sealed in a file is meant for whoever is at the device, as far as can be seen without opening.

    Of what every file has, be it empty, that is always so for its role, and so tells nothing.
    """
    blocks = any(_has_reader_role(session, session.rulebook.tracks[name]) for name in session.rulebook.blocks)
    known = [one for one in value_at(record, SEALED_LIST) or () if one["track"] in session.rulebook.tracks]
    return blocks or any(may_read_sealed_entry(session, one) for one in known)


def open_for_user(session: Session, file: StoredFile) -> Mapping[str, Any]:
    """The file with what is sealed in it open as far as it is meant for whoever is at the device; the rest closed."""
    open_, shut = session.store.unsealed(file).value, file.value
    above, _, listed = SEALED_LIST.partition(".")
    if above not in shut:
        return shut
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
    """Whether an entry is of a kind that this program has: a newer one may have more."""
    return entry["track"] in session.rulebook.tracks


def open_to_read(session: Session, file: StoredFile, track: Track) -> StoredFile:
    """The file with what this key may read of the track; CannotOpen where that is nothing of what there is."""
    if track.seal is None:
        return file
    open_ = session.store.unsealed(file, track.seal.part)
    closed = _closed_entries(open_, track)
    if closed and len(closed) == len(_track_entries(open_, track)):
        session.store.seals.raise_if_closed(file.value, closed[0], track.name)
    return open_


def _track_entries(file: StoredFile, track: Track) -> Sequence[Any]:
    found: Any = value_at(file.value, track.at)
    if not track.many:
        return [found] if found else []
    return [one for one in found or () if one["track"] == track.name]


def _closed_entries(file: StoredFile, track: Track) -> Sequence[Any]:
    """The entries, or the one block, that this key did not open."""
    return [one for one in _track_entries(file, track) if isinstance(one, str) or BLOCK_KEY in one]


def read_fragment(session: Session, source: str | None) -> Input:
    """The fragment that --from names; what only an act may write is refused."""
    return _refuse_acts(read_input(source, published.fragment_schema(session.rulebook), session.store.offset))


def check_fragments(session: Session, given: Iterable[Input]) -> Iterator[Input]:
    """Check fragments that were parsed already against their schema; all of them share one limit of findings."""
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
    """Whether anything is said at a path, be it null, which would take away what stands there."""
    above, _, last = path.rpartition(".")
    holder = value_at(facts, above) if above else facts
    return isinstance(holder, Mapping) and last in holder


def list_unregistered_staff(session: Session, record: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Codes of staff in a file that nobody registered, wherever one may stand; none where the list is damaged.

    Of what is sealed only what stands outside: the same key inside may take a doctor's name.
    """
    try:
        registered = session.store.staff_with_role()
    except ShelterError:  # told by check; what concerns her is saved and shown all the same
        return ()
    outside, places = session.store.without_sealed_parts(record), published.record_places(session.rulebook)
    return count_sealed_findings(find_unregistered_staff_codes(outside, places, registered))


def admission_context(session: Session, client: Client, day: date, *, count: bool = True, **more: Any) -> Context:
    """What an admission is held against: the client, her stay, and her house that night.

    Who else sleeps there is counted, by opening every file, only where a place is still to be had.
    """
    her = client.stay
    count = count and her is not None and her.is_open and her.admitted_on is None
    return stay_context(session, client, her, day, house=session.store.house_on(client, her, day, count=count), **more)


def stay_context(session: Session, client: Client, stay: Stay | None, day: date, **more: Any) -> Context:
    """What stands around one stay of a client on *day*."""
    registers, tracks = session.store.registers if session.store else None, session.rulebook.tracks
    return Context(day=day, today=session.today, client=client, stay=stay, registers=registers, tracks=tracks, **more)


def judge_admission(session: Session, client: Client, day: date, *, count: bool = True) -> tuple[Finding, ...]:
    """Everything that an admission on *day* would be refused for, and what stays open behind it."""
    act, her = session.rulebook.acts[ADMISSION_ACT], client.stay
    if her is None:
        return (acts.make_act_refusal(act, "no-stay", ""),)
    over = her.discharged_on is not None and her.admitted_on != day
    none = (acts.make_act_refusal(act, "no-stay", f"/stays/{her.index}/admission"),) if over else ()
    held = admission_context(session, client, day, count=count)
    return word_findings(session.rulebook, (*none, *acts.judge_act(act, held)))


def judge_checklist(session: Session, client: Client) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Where she is on the manual's way, as every form of admit answers: id, state, checklist; and what is open there.

    Each item is judged once for both, on the day of her admission, else today. Nothing is asked of a file that counts
    nowhere.
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


def client_state(session: Session, client: Client) -> LabelledCode:
    """Where she is on the manual's way: a code for programs, the shelf's name of it for people."""
    code = states.client_state(session.rulebook.tracks, client, client.stay)
    return LabelledCode(code, session.rulebook.states[code]["text"])


def judge_entries(
    session: Session, client: Client, before: Client | None = None, changed: Collection[str] = ()
) -> tuple[Finding, ...]:
    """What her entries break of the rules of their own tracks, as open: what has happened is stored.

    Nothing is told of a file that counts nowhere. It is asked where something is written by file, and by check, since
    all tracks are taken down for it. With the file *before*, what is written today is judged by today, and what only
    others' files can tell is looked for where it was *changed*; these are the pointers to it.
    """
    from shelterctl.core.rules.leaks import find_name_leaks  # noqa: PLC0415 - where something is written

    found: list[Finding] = []
    context_on = make_contexts(session, client)
    known = session.rulebook.tracks_with_rules if before is not None else find_tracks_in_file(session.rulebook, client)
    for track in () if client.is_idle else known:
        far = before is None or needs_all_clients(track, changed)
        found += judge_client_track(session, client, track, before, far=far, context_on=context_on)
    told = () if before is not None else find_name_leaks(client.facts, published.record_places(session.rulebook))
    spilt = find_spilled_words(session, client.facts, None if before is None else changed)
    # What has happened stays open; an act that was done refuses where it would not be granted any more.
    return (*word_findings(session.rulebook, found if before is None else soften_findings(found)), *told, *spilt)


def find_tracks_in_file(rulebook: Rulebook, client: Client) -> Iterator[Track]:
    """The tracks with rules of which a file has something at their place: most have entries of few."""
    places = [client.facts, *(stay.facts for stay in client.stays)]
    keys = {key for facts in places for key in facts}
    near = (track for track in rulebook.tracks_with_rules if not track.at or track.at.partition(".")[0] in keys)
    return (track for track in near if not track.at or any(value_at(facts, track.at) for facts in places))


def find_spilled_words(
    session: Session, record: Mapping[str, Any], places: Collection[str] | None = None
) -> Iterator[Finding]:
    """Words of a part of which every file has one sealed block, where they stand anywhere else in a file."""
    from shelterctl.core.rules.leaks import find_sealed_words  # noqa: PLC0415 - where something is written

    for track in (session.rulebook.tracks[name] for name in session.rulebook.blocks):
        if track.seal and track.seal.words:
            yield from find_sealed_words(
                record, track.seal.words, f"/{track.at.replace('.', '/')}", track.clause, places
            )


def needs_all_clients(track: Track, changed: Iterable[str]) -> bool:
    """Whether a field was changed, at one of these places, of which only everybody's files can tell what is wrong."""
    unique = {name.rpartition(".")[2] for name in track.unique_in_store}
    return any(place.rpartition("/")[2] in unique for place in changed)


ContextOn = Callable[[Stay | None, date | None], Context]
"""What stands around a stay of a client, or around none, on a day, or today."""


def make_contexts(session: Session, client: Client) -> ContextOn:
    """What stands around each stay of one client on each day, made when it is first asked for."""
    today, made = session.today, dict[tuple[int, date], Context]()

    def context_on(stay: Stay | None, day: date | None) -> Context:
        key = (stay.index if stay else -1, day or today)
        if key not in made:
            made[key] = stay_context(session, client, stay, key[1])
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
    """What her entries of one track break of its rules; with *far* everybody's files are opened for it.

    What can have no day of its own is held to the day of her admission; what has none yet, to the day taken as today.
    """
    context_on = context_on or make_contexts(session, client)
    beside_stays = (None,) if not client.stays or track.of_stay_and_client else ()
    for stay in (*client.stays, *beside_stays) if track.of_a_stay else (client.stay,):
        if before is None and track.at and not value_at(locate_track(track, client, stay)[0], track.at):
            continue  # most files have entries of few tracks, and what stands around none of them is costly to know
        around = context_on(stay, (stay.admitted_on or stay.arrived_on) if stay and not track.day else None)
        if far and track.unique_in_store:
            around = replace(around, all_clients=session.store.all_clients)
        yield from judge_track_entries(track, around)
        if before is not None and track.dated_code_fields:
            yield from _judge_changed_values(track, before, context_on(stay, None))


def judge_tracks_at(
    session: Session, client: Client, names: Iterable[str], places: Collection[str]
) -> tuple[Finding, ...]:
    """The same of some tracks alone, of what was written at these *places* just now."""
    tracks = (session.rulebook.tracks[name] for name in names if not client.is_idle)
    found = (one for track in tracks for one in judge_client_track(session, client, track))
    return word_findings(
        session.rulebook, soften_findings(one for one in found if any(one.where.startswith(place) for place in places))
    )


def judge_opened_track(session: Session, client: Client, track: Track) -> tuple[Finding, ...]:
    """What is to be looked at in the entries of a sealed track that were opened to be read; elsewhere it is counted."""
    place = f"/{track.at.replace('.', '/')}"
    kept = [one.where for one in list_entries(track, client.facts, "")]
    found = (
        *judge_tracks_at(session, client, (track.name,), (place,)),
        *find_spilled_words(session, client.facts, kept),
    )
    return tuple(one for one in found if one.where.startswith(place))


def _judge_changed_values(track: Track, before: Client, around: Context) -> Iterable[Finding]:
    facts, root = around.locate(track)
    then = next((each.facts for each in before.stays if root and each.index == around.stay.index), {})  # type: ignore[union-attr]
    known, now = (value_at(home, track.at) if track.at else home for home in (then if root else before.facts, facts))
    return judge_new_codes(track, known or {}, now or {}, f"{root}/{track.at.replace('.', '/')}", around)


def find_lacking_without_stay(session: Session, client: Client) -> tuple[Finding, ...]:
    """What the file of a client without a stay lacks, as open: no act rests on it yet."""
    found = acts.judge_items(session.rulebook.acts[ADMISSION_ACT], admission_context(session, client, session.today))
    return word_findings(session.rulebook, soften_findings(found))
