"""Tasks of a change of a client's file, by which roles allow it: the tracks of what differs, and the acts.

A change is taken as it would be saved, whatever command made it, so no command can pass a role by.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shelterctl.core.manual.role import Task, act_of_entry
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import value_at
from shelterctl.core.record.file_tree import SEALED_LIST, STAYS_KEY, UNFINISHED_KEY
from shelterctl.core.values.facts import Facts

AGREEMENTS_KEY = "agreements"
SIGN, TERMINATE, CORRECT = Task("sign", True), Task("terminate", True), Task("correct", True)
ADMIT, DISCHARGE = Task("admit", True), Task("discharge", True)

ACTS_OF_AGREEMENTS = {"signed": SIGN.name, "terminated": TERMINATE.name, "corrections": CORRECT.name}
"""The acts on an agreement, by the key that each writes."""

ACTS_OF_PLACES = {"admission.admitted_on": ADMIT.name, "discharge.on": DISCHARGE.name}
"""The acts on a stay, by the place that each writes."""

OWN_KEYS = frozenset({"schema", "edition", "id", "recorded_at", "recorded_by", UNFINISHED_KEY, "printed", "was"})
"""Keys that the program writes by itself."""


def find_tasks(tracks: Mapping[str, Track], before: Facts, after: Facts) -> set[Task]:
    """Return the tracks that a change of a file writes, and the acts that it does."""
    above, _, listed = SEALED_LIST.partition(".")
    found = set(_tasks_of_sealed(tracks, before.get(above) or {}, after.get(above) or {}, listed))
    found.update(_tasks_of_agreements(before.get(AGREEMENTS_KEY) or (), after.get(AGREEMENTS_KEY) or ()))
    own = [track for track in tracks.values() if "client" in track.home and not track.seal]
    found.update(_tasks_at(own, before, after, {above, AGREEMENTS_KEY, STAYS_KEY}))
    of_stay = [track for track in tracks.values() if {"stay", "left"} & {*track.home} and not track.seal]
    whole = next((track.name for track in tracks.values() if track.at == STAYS_KEY), None)
    for was, now in _pair_by_id(before.get(STAYS_KEY), after.get(STAYS_KEY)):
        found.update(_tasks_at(of_stay, was, now, set()))
        covered = {track.at.partition(".")[0] for track in of_stay}
        if whole and (not (was and now) or _changed_keys(was, now) - covered):
            found.add(Task(whole, False))
    return found


def find_register_tasks(tracks: Iterable[Track], changed: Iterable[tuple[str, Facts, Facts]]) -> set[Task]:
    """Return the tracks that a change of a register writes, and the acts that it does.

    *changed* are the entries that differ: the place of their list, and each as it was and as it is; a new one was
    empty.
    """
    by_name = {track.name: track for track in tracks}
    by_place = {track.at: track for track in by_name.values() if not track.seal}
    found: set[Task] = set()
    for place, was, now in changed:
        track = by_place.get(place) or by_name.get(str(now.get("track")))
        found.update(_tasks_of_entry(track, was, now) if track else ())
    return found


def _pair_by_id(before: Sequence[Facts] | None, after: Sequence[Facts] | None) -> list[tuple[Facts, Facts]]:
    """Return each entry of two lists as it was and as it is, by its id; an entry of one list alone with nothing."""
    held = {one.get("id"): one for one in before or ()}
    pairs = [(held.pop(one.get("id"), {}), one) for one in after or ()]
    return [*pairs, *((one, {}) for one in held.values())]


def _tasks_of_sealed(tracks: Mapping[str, Track], before: Facts, after: Facts, listed: str) -> Iterator[Task]:
    """Yield the tracks and acts of sealed entries and blocks that differ; a block that stays closed does not."""
    for was, entry in _pair_by_id(before.get(listed), after.get(listed)):
        track = entry.get("track", was.get("track"))
        if entry != was and track in tracks:
            yield from _tasks_of_entry(tracks[track], was, entry)
    single = {track.at.rpartition(".")[2]: name for name, track in tracks.items() if track.seal and not track.many}
    for name, track in single.items():
        if isinstance(after.get(name), Mapping) and after[name] and after[name] != before.get(name):
            yield Task(track, False)


def _tasks_of_agreements(before: Sequence[Facts], after: Sequence[Facts]) -> Iterator[Task]:
    for was, entry in _pair_by_id(before, after):
        acts = {ACTS_OF_AGREEMENTS[key] for key in _changed_keys(was, entry) if key in ACTS_OF_AGREEMENTS}
        yield from (Task(act, True) for act in acts)
        if not (was and entry) or _changed_keys(was, entry) - ACTS_OF_AGREEMENTS.keys():
            yield Task(str(entry.get("form", was.get("form"))), False)


def _tasks_at(tracks: Sequence[Track], before: Facts, after: Facts, left_out: set[str]) -> Iterator[Task]:
    """Yield the tracks and acts of all that differs at one home: the client herself, or one of her stays."""
    changed = _changed_keys(before, after) - left_out
    near = [track for track in tracks if track.at.partition(".")[0] in changed]
    for track in near:
        was, now = value_at(before, track.at), value_at(after, track.at)
        if was != now:
            yield from _tasks_of_track(track, was, now, [one.at for one in near if one.at.startswith(f"{track.at}.")])
    for place, act in ACTS_OF_PLACES.items():
        if value_at(before, place) != value_at(after, place):
            yield Task(act, True)
    covered = {track.at.partition(".")[0] for track in near}
    top = next((track for track in tracks if not track.at), None)
    if top and any(key in top.fields for key in changed - covered):
        yield Task(top.name, False)


def _tasks_of_track(track: Track, was: Any, now: Any, below: Sequence[str]) -> Iterator[Task]:
    """Yield the tasks of one track of which something differs; what tracks *below* it own is theirs."""
    if track.many:
        for before, entry in _pair_by_id(was, now):
            yield from _tasks_of_entry(track, before, entry)
        return
    if not isinstance(now, Mapping):
        yield Task(track.name, False)
        return
    own = {place.removeprefix(f"{track.at}.").partition(".")[0] for place in below}
    written = {place.rpartition(".")[2] for place in ACTS_OF_PLACES if place.rpartition(".")[0] == track.at}
    if _changed_keys(was if isinstance(was, Mapping) else {}, now) - own - written:
        yield Task(track.name, False)


def _tasks_of_entry(track: Track, was: Facts, now: Facts) -> Iterator[Task]:
    """Yield the acts that a change of an entry does, and its track where anything else differs or it is new."""
    acts = {act.writes: act_of_entry(name, track.name) for name, act in track.entry_acts.items()}
    changed = _changed_keys(was, now)
    yield from (Task(acts[key], True) for key in changed & acts.keys())
    if not (was and now) or changed - acts.keys():
        yield Task(track.name, False)


def _changed_keys(before: Facts, after: Facts) -> set[str]:
    return {key for key in {*before, *after} - OWN_KEYS if before.get(key) != after.get(key)}
