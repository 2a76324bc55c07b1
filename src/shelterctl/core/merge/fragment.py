"""Merging a fragment of given values into a client's file, each entry into the stay to which it belongs.

An entry belongs to the stay named beside it, to the stay that includes its day, or to the stay whose agreement it
names. Where two stays are possible, it is refused with their ids. The merge of single keys is in `changes`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from shelterctl.core.finding import Finding
from shelterctl.core.manual.track import Track
from shelterctl.core.merge.changes import Merge, Stamp, refuse_unknown_entry
from shelterctl.core.merge.fragment_keys import FragmentKeys
from shelterctl.core.record.client import Client, Stay, replace_at, value_at
from shelterctl.core.record.entries import read_entry
from shelterctl.core.record.file_tree import STAY_KEY
from shelterctl.core.record.sameness import EntryMatcher, entry_content, is_entry_list, is_same
from shelterctl.core.rules import monitoring
from shelterctl.core.rules.context import Tracks
from shelterctl.core.values.facts import Facts
from shelterctl.ui_language import N_

NAMES_OTHER_STAY = N_("This is inside one stay but names another. Remove one of the two.")
CLIENT_HAS_NO_STAY = N_(
    "This belongs to a stay, and the client has none. Add a referral to open a stay, or leave this out."
)
NO_STAY_WAS_LEFT = N_("This is recorded only after {she|he} has left the shelter, and {she|he} has not left yet.")
UNKNOWN_STAY = N_("{She|He} has no such stay. {Her|His} stays are {stays}.")
WHICH_STAY_IS_MEANT = N_(
    "It is not clear which of {her|his} stays this belongs to. {Her|His} stays are {stays}. Name one."
)
BETWEEN_TWO_STAYS = N_(
    "Its day belongs to the stay {by_day}, but its agreement belongs to the stay {named}. Name one of them."
)
WHICH_STAY_IS_MEANT_IN_FILE = N_("Add stay: {first} to the entry in the file, or use --stay {first}.")


class Placement(NamedTuple):
    """The stay to which an entry belongs, None for the top of her file; or the findings that refuse it."""

    stay: Stay | None
    findings: tuple[Finding, ...] = ()

    def facts_of(self, track: Track, client: Client) -> Any:
        """Return what her file has at the place of a track, or None."""
        facts: Facts = client.facts["stays"][self.stay.index] if self.stay else client.facts
        return value_at(facts, track.at) if track.at else facts

    def pointer_of(self, track: Track) -> str:
        """Return the pointer to the place of a track."""
        root = f"/stays/{self.stay.index}" if self.stay else ""
        return f"{root}/{track.at.replace('.', '/')}" if track.at else root


def place_entry(track: Track, client: Client, tracks: Tracks, given: Facts, named: str | None = None) -> Placement:
    """Return the stay to which a given entry belongs.

    That is the stay that already has its id; the stay *named* beside it; or the stay that includes its day or whose
    agreement it names. The days after a stay belong to it until the next begins; an entry from before the first stay is
    placed at the top of her file where its track allows that. Where two stays are possible, or none of several, the
    entry is refused with their ids. What is recorded after she left belongs to the oldest stay that still needs it. An
    empty entry belongs to her open stay, else to her last.
    """
    if not (track.of_a_stay and client.stays):
        lacks = track.of_a_stay and "client" not in track.home
        return Placement(None, (Finding(code="fragment/no-stay", message=CLIENT_HAS_NO_STAY),) if lacks else ())
    if "id" in given and (found := _place_by_id(track, client, given["id"])):
        other = named is not None and (found.stay is None or found.stay.id != named)
        refusal = Finding(code="fragment/which-stay", message=NAMES_OTHER_STAY, where=f"/{STAY_KEY}")
        return Placement(None, (refusal,)) if other else found
    if named is not None:
        return place_in_named_stay(client, named)
    if "left" in track.home:
        return _place_after_leaving(track, client, tracks, given)
    return _place_by_day(track, client, tracks, given) if track.many and given else Placement(client.stay)


def _place_by_id(track: Track, client: Client, entry: str) -> Placement | None:
    """Return the placement of the entry with that id, or None."""
    for stay in (*client.stays, None):
        if any(one.get("id") == entry for one in _entries_at(track, stay.facts if stay else client.facts)):
            return Placement(stay)
    return None


def place_in_named_stay(client: Client, named: str) -> Placement:
    """Return the stay with that id, or a refusal that lists the ids of her stays."""
    stay = next((stay for stay in client.stays if stay.id == named), None)
    return Placement(stay) if stay else _refuse_placement("fragment/unknown-stay", UNKNOWN_STAY, client.stays)


def find_stay_left(track: Track, client: Client, tracks: Tracks, given: Facts, named: str | None = None) -> Stay | None:
    """Return the stay to which a record made after she left belongs; None for a client without a stay.

    That is the *named* stay, the stay that already has exactly this, or the stay whose monitoring is still to be done.
    """
    if named is not None:
        return place_in_named_stay(client, named).stay
    known = (stay for stay in client.stays if given and _is_in_stay(track, stay, given))
    return next(known, None) or monitoring.find_unmonitored_stay(tracks, client)


def _is_in_stay(track: Track, stay: Stay, given: Facts) -> bool:
    known = value_at(stay.facts, track.at)
    if track.many:
        by_id = any(one.get("id") == given.get("id", "") for one in known or ())
        return by_id or EntryMatcher(known or ()).pair([{**track.discriminator, **given}])[0] is not None
    return isinstance(known, Mapping) and is_same(entry_content(known), entry_content(given))


def _place_after_leaving(track: Track, client: Client, tracks: Tracks, given: Facts) -> Placement:
    owed = find_stay_left(track, client, tracks, given)
    if owed is None or owed.discharged_on is None:
        return Placement(None, (Finding(code="fragment/not-left", message=NO_STAY_WAS_LEFT),))
    return Placement(owed)


def _place_by_day(track: Track, client: Client, tracks: Tracks, given: Facts) -> Placement:
    """Return the stay that includes the day of an entry, or whose agreement it names."""
    on, linked = read_entry(track, given).day, _find_linked_stay(track, client, tracks, given)
    holding = client.stays_holding(on) if on else ()
    belongs = client.stay_on(on) if on else None
    if linked is not None:
        if belongs is None or linked.index in {stay.index for stay in (*holding, belongs)}:
            return Placement(linked)
        facts = {"by_day": belongs.id, "named": linked.id, "first": linked.id, "day": on}
        return _refuse_placement("fragment/which-stay", BETWEEN_TWO_STAYS, (belongs, linked), **facts)
    before = on is not None and client.dated_stays and belongs is None and "client" in track.home
    # the day may belong to a stay without a known day
    undated = len(client.dated_stays) < len(client.stays) and not holding
    if len(holding) <= 1 and (belongs is not None or before) and not undated:
        return Placement(belongs)
    if len(client.stays) == 1:
        return Placement(client.stays[0])
    return _refuse_placement("fragment/which-stay", WHICH_STAY_IS_MEANT, holding or client.stays)


def _find_linked_stay(track: Track, client: Client, tracks: Tracks, given: Facts) -> Stay | None:
    """Return the stay of the entry that this one names, such as the agreement that pays for it, or None."""
    for name, one in track.fields.items():
        said = given.get(name) if one.kind == "entry" else None
        for of in one.of if said else ():
            if of not in tracks:
                continue
            for entry in _entries_at(tracks[of], client.facts):
                if entry.get("id") == said and entry.get(STAY_KEY):
                    return next((stay for stay in client.stays if stay.id == entry[STAY_KEY]), None)
    return None


def _refuse_placement(code: str, message: str, stays: Sequence[Stay], **more: Any) -> Placement:
    listed, where = [stay.id for stay in stays], f"/{STAY_KEY}"
    facts = {"stays": listed, "first": listed[-1] if listed else "", **more}
    in_file = WHICH_STAY_IS_MEANT_IN_FILE
    return Placement(None, (Finding(code=code, message=message, in_file=in_file, where=where, facts=facts),))


def find_misplaced_entries(track: Track, client: Client, tracks: Tracks) -> Iterator[tuple[str, Stay]]:
    """Yield the pointer of each live entry outside the stay of its day, with that stay.

    0.3.0 wrote every entry into her last stay.
    """
    for stay in client.stays if track.many and "stay" in track.home and len(client.stays) > 1 else ():
        for number, entry in enumerate(_entries_at(track, stay.facts)):
            on = read_entry(track, entry).day if "void" not in entry else None
            belongs = client.stay_on(on) if on else None
            if on is None or belongs is None or belongs.index == stay.index:
                continue
            linked = _find_linked_stay(track, client, tracks, entry)
            if stay.index not in {each.index for each in (*client.stays_holding(on), *([linked] if linked else []))}:
                yield f"/stays/{stay.index}/{track.at.replace('.', '/')}/{number}", belongs


def _entries_at(track: Track, facts: Facts) -> Sequence[Facts]:
    found: Any = value_at(facts, track.at)
    return found if track.many and isinstance(found, list) else ()


def merge_fragment(
    record: Facts, fragment: Facts, stamp: Stamp, keys: FragmentKeys, *, without_stay: bool = False, again: bool = False
) -> tuple[dict[str, Any], Merge]:
    """Return the file with the fragment merged in, and the merge; the given file is not changed.

    Each entry goes into the stay to which it belongs; ``stay`` at the top of the fragment names it for all.
    """
    going = Merge(stamp, keys, again, fragment.get(STAY_KEY))
    if going.stay is not None and (unknown := place_in_named_stay(Client(record), going.stay).findings):
        going.findings += unknown
        return _copy_deep(record), going
    if fragment.get("stays"):
        stays = (_with_known_id(one, Client(record)) for one in fragment["stays"])
        listed = [_without_stay_keys(one, number, going, keys) for number, one in enumerate(stays)]
        fragment = {**fragment, "stays": listed}
    given = [path for path in keys.lists if is_entry_list(value_at(fragment, path))]
    tracks = ((path, keys.tracks.get(keys.lists[path])) for path in given)
    placed = [(path, track) for path, track in tracks if track and track.of_a_stay]
    rest: Facts = fragment
    for path, _ in placed:
        rest = _without_path(rest, path.split("."))
    own = {name: value for name, value in rest.items() if name not in (*keys.stay, STAY_KEY)}
    of_stay = {name: value for name, value in rest.items() if name in keys.stay}
    merged = going.merge_mapping(_copy_deep(record), own)
    if of_stay:
        _merge_stay_keys(merged, of_stay, going, keys, without_stay)
    for path, track in placed:
        _merge_into_stays(merged, track, value_at(fragment, path), going, keys.tracks)
    return merged, going


def _with_known_id(stay: Facts, client: Client) -> Facts:
    """Return a given stay with the id of the stay in her file that has the same referral, if any."""
    known = None if "id" in stay else _find_referred_stay(client, stay.get("referral") or {})
    return stay if known is None else {"id": known.id, **stay}


def _find_referred_stay(client: Client, referral: Facts) -> Stay | None:
    """Return her last stay with this referral, recognised by the time it was received; None without a time."""
    if not referral.get("received_at"):
        return None
    stays = (stay for stay in reversed(client.stays) if _repeats_referral(stay.facts.get("referral") or {}, referral))
    return next(stays, None)


def _without_stay_keys(stay: Facts, number: int, going: Merge, keys: FragmentKeys) -> Facts:
    """Return a stay without the stay keys of its entries; an entry that names another stay is refused."""
    for path in keys.lists:
        if not is_entry_list(entries := value_at(stay, path)):
            continue
        for place, one in enumerate(entries):
            if one.get(STAY_KEY, stay.get("id")) != stay.get("id"):
                where = f"/stays/{number}/{path.replace('.', '/')}/{place}/{STAY_KEY}"
                going.findings.append(Finding(code="fragment/which-stay", message=NAMES_OTHER_STAY, where=where))
        settled = [{name: value for name, value in one.items() if name != STAY_KEY} for one in entries]
        stay = replace_at(stay, path.split("."), settled)
    return stay


def _without_path(facts: Facts, path: list[str]) -> Facts:
    """Return a fragment without the value at a path, and without mappings that it leaves empty."""
    first, *rest = path
    below = _without_path(facts[first], rest) if rest else {}
    others = {name: value for name, value in facts.items() if name != first}
    return {**others, first: below} if below else others


def _merge_into_stays(merged: dict[str, Any], track: Track, given: list[Facts], going: Merge, tracks: Tracks) -> None:
    """Merge entries of stays into the list of the stay to which each belongs, or at the top of her file."""
    her, known = Client(merged), _entries_by_pointer(merged, track)
    where, ids = f"/{track.at.replace('.', '/')}", {one.get("id") for one in known.values()}
    homes = dict[str, tuple[Placement, list[int]]]()
    entries = [{name: value for name, value in one.items() if name != STAY_KEY} for one in given]
    limits: list[Collection[str] | None] = []
    for number, entry in enumerate(entries):
        named = given[number].get(STAY_KEY, going.stay)
        home, place = place_entry(track, her, tracks, entry, named), f"{where}/{number}"
        there = home.pointer_of(track)
        below = (one.get("id", "") for pointer, one in known.items() if pointer.rpartition("/")[0] == there)
        limits.append(None if named is None or home.findings else frozenset(below))
        if "id" in entry and entry["id"] not in ids:
            going.findings.append(refuse_unknown_entry(place))
        elif home.findings:
            going.findings += [replace(one, where=place) for one in home.findings]
        else:
            homes.setdefault(there, (home, []))[1].append(number)
    meant = going.match_entries(entries, known, where, limits)
    for place, (home, numbers) in homes.items():
        *above, last = track.at.split(".")
        holder = merged["stays"][home.stay.index] if home.stay else merged
        for name in above:
            holder = holder.setdefault(name, {})
        before, new = len(going.added), [entries[number] for number in numbers]
        pointers = [meant[number] for number in numbers]
        holder[last] = going.merge_entries(holder.get(last) or [], new, place, pointers, known)
        if home.stay and f"/stays/{home.stay.index}" in going.added:  # a new stay counts as one addition
            del going.added[before:]


def _entries_by_pointer(record: Facts, track: Track) -> dict[str, Facts]:
    """Return every entry of a track in a file by its pointer, including struck ones and those of struck stays."""
    homes = [("", record), *((f"/stays/{number}", stay) for number, stay in enumerate(record.get("stays") or ()))]
    return {
        f"{root}/{track.at.replace('.', '/')}/{number}": entry
        for root, home in homes
        for number, entry in enumerate(value_at(home, track.at) or ())
    }


def _copy_deep(value: Any) -> Any:
    """Return new mappings and lists with the same values in them."""
    if isinstance(value, Mapping):
        return {name: _copy_deep(each) if isinstance(each, (dict, list)) else each for name, each in value.items()}
    return [_copy_deep(each) for each in value] if isinstance(value, list) else value


def _merge_stay_keys(
    merged: dict[str, Any], given: dict[str, Any], going: Merge, keys: FragmentKeys, without_stay: bool
) -> None:
    """Merge the keys of a stay into the named stay, else the one with their referral, the open one, or the last.

    A new referral opens a stay where none is open.
    """
    her, referral = Client(merged), given.get("referral") or {}
    named = next((one for one in her.stays if one.id == going.stay), None)
    stay = named if going.stay is not None else _find_referred_stay(her, referral) or her.stay
    known = (stay.facts if stay else merged).get("referral") or {}
    fresh = bool(referral) and not _repeats_referral(known, referral)
    if without_stay or (stay is None and not fresh):
        misplaced = [name for name in given if name not in keys.client]
        going.findings += [
            Finding(code="fragment/no-stay", message=CLIENT_HAS_NO_STAY, where=f"/{name}") for name in misplaced
        ]
        whole = going.merge_mapping(merged, given)
        merged.clear()  # removed keys must disappear here too
        merged.update(whole)
        return
    stays: list[Any] = merged.setdefault("stays", [])
    if stay is None or (not stay.is_open and fresh and going.stay is None):
        going.added.append(f"/stays/{len(stays)}")
        stays.append(going.stamp.stamp_entry(going.stamp_nested(given)))
        return
    stays[stay.index] = going.change_entry(stay.facts, given, f"/stays/{stay.index}")


def _repeats_referral(known: Facts, given: Facts) -> bool:
    """Return whether a given referral says nothing beyond the known one."""
    return all(is_same(known.get(name), value) for name, value in given.items())
