"""How a fragment merges into a client's file: each key where it belongs, each entry into the stay of its day."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.home import NO_STAY, OTHER_STAY, STAY, Home, home_of, named_stay
from shelterctl.core.merging import Keys, Merge, Stamp, Tracks, unknown_entry
from shelterctl.core.record import Client, Facts, Stay, at
from shelterctl.core.sameness import holds_entries, same
from shelterctl.core.track import Track


def merge(
    record: Facts, fragment: Facts, stamp: Stamp, keys: Keys, *, without_stay: bool = False, again: bool = False
) -> tuple[dict[str, Any], Merge]:
    """The file with the fragment in it, and what the merge did; the given file is left as it was.

    Entries of a stay go into the one to which each belongs; ``stay`` at the top of the fragment names it for all.
    """
    going = Merge(stamp, keys, again, fragment.get(STAY))
    if going.stay is not None and (unknown := named_stay(Client(record), going.stay).findings):
        going.findings += unknown
        return _copied(record), going
    if fragment.get("stays"):
        fragment = {
            **fragment,
            "stays": [
                _settled(_recognised(one, Client(record)), number, going, keys)
                for number, one in enumerate(fragment["stays"])
            ],
        }
    given = [path for path in keys.lists if holds_entries(at(fragment, path))]
    tracks = ((path, keys.tracks.get(keys.lists[path])) for path in given)
    placed = [(path, track) for path, track in tracks if track and track.of_a_stay]
    rest: Facts = fragment
    for path, _ in placed:
        rest = _apart(rest, path.split("."))
    own = {name: value for name, value in rest.items() if name not in (*keys.stay, STAY)}
    stays = {name: value for name, value in rest.items() if name in keys.stay}
    merged = going.mapping(_copied(record), own)
    if stays:
        _into_stay(merged, stays, going, keys, without_stay)
    for path, track in placed:
        _place(merged, track, at(fragment, path), going, keys.tracks)
    return merged, going


def _recognised(stay: Facts, client: Client) -> Facts:
    """A given stay with the id of the one that her file has with its referral already."""
    known = None if "id" in stay else _referred(client, stay.get("referral") or {})
    return stay if known is None else {"id": known.id, **stay}


def _referred(client: Client, referral: Facts) -> Stay | None:
    """Her last stay with just this referral, told by the day and time when it was received; None without these."""
    if not referral.get("received_at"):
        return None
    stays = (stay for stay in reversed(client.stays) if _repeats(stay.facts.get("referral") or {}, referral))
    return next(stays, None)


def _settled(stay: Facts, number: int, going: Merge, keys: Keys) -> Facts:
    """A stay whose entries are given in it, without the key that says so; one that names another stay is refused."""
    for path in keys.lists:
        if not holds_entries(entries := at(stay, path)):
            continue
        for place, one in enumerate(entries):
            if one.get(STAY, stay.get("id")) != stay.get("id"):
                where = f"/stays/{number}/{path.replace('.', '/')}/{place}/{STAY}"
                going.findings.append(Finding(code="fragment/which-stay", message=OTHER_STAY, where=where))
        settled = [{name: value for name, value in one.items() if name != STAY} for one in entries]
        stay = _with(stay, path.split("."), settled)
    return stay


def _with(facts: Facts, path: list[str], value: Any) -> dict[str, Any]:
    first, *rest = path
    return {**facts, first: _with(facts[first], rest, value) if rest else value}


def _apart(facts: Facts, path: list[str]) -> Facts:
    """A fragment without what stands at a path, and without what held that alone."""
    first, *rest = path
    below = _apart(facts[first], rest) if rest else {}
    others = {name: value for name, value in facts.items() if name != first}
    return {**others, first: below} if below else others


def _place(merged: dict[str, Any], track: Track, given: list[Facts], going: Merge, tracks: Tracks) -> None:
    """Entries of stays go into the list of the stay to which each belongs, else beside her stays."""
    her, known = Client(merged), _known(merged, track)
    where, ids = f"/{track.at.replace('.', '/')}", {one.get("id") for one in known.values()}
    homes = dict[str, tuple[Home, list[int]]]()
    entries = [{name: value for name, value in one.items() if name != STAY} for one in given]
    limits: list[Collection[str] | None] = []
    for number, entry in enumerate(entries):
        named = given[number].get(STAY, going.stay)
        home, place = home_of(track, her, tracks, entry, named), f"{where}/{number}"
        below = (one.get("id", "") for pointer, one in known.items() if pointer.rpartition("/")[0] == home.place(track))
        limits.append(None if named is None or home.findings else frozenset(below))
        if "id" in entry and entry["id"] not in ids:
            going.findings.append(unknown_entry(place))
        elif home.findings:
            going.findings += [replace(one, where=place) for one in home.findings]
        else:
            homes.setdefault(home.place(track), (home, []))[1].append(number)
    meant = going.meant(entries, known, where, limits)
    for place, (home, numbers) in homes.items():
        *above, last = track.at.split(".")
        holder = merged["stays"][home.stay.index] if home.stay else merged
        for name in above:
            holder = holder.setdefault(name, {})
        told = len(going.added)
        here: list[Facts] = [entries[number] for number in numbers]
        holder[last] = going.list(holder.get(last) or [], here, place, [meant[number] for number in numbers], known)
        if home.stay and f"/stays/{home.stay.index}" in going.added:  # a stay that is opened is one addition
            del going.added[told:]


def _known(record: Facts, track: Track) -> dict[str, Facts]:
    """Every entry of a track that stands in a file, by its pointer, struck ones and those of struck stays too."""
    homes = [("", record), *((f"/stays/{number}", stay) for number, stay in enumerate(record.get("stays") or ()))]
    return {
        f"{root}/{track.at.replace('.', '/')}/{number}": entry
        for root, home in homes
        for number, entry in enumerate(at(home, track.at) or ())
    }


def _copied(value: Any) -> Any:
    """The same mappings and lists anew, with the same values in them, which nobody changes."""
    if isinstance(value, Mapping):
        return {name: _copied(each) if isinstance(each, (dict, list)) else each for name, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


def _into_stay(merged: dict[str, Any], given: dict[str, Any], going: Merge, keys: Keys, without_stay: bool) -> None:
    """Keys of a stay go into the named one, else the one with their referral, else the open one, else the last.

    A new referral opens one where none is open (LC19).
    """
    her, referral = Client(merged), given.get("referral") or {}
    named = next((one for one in her.stays if one.id == going.stay), None)
    stay = named if going.stay is not None else _referred(her, referral) or her.stay
    known = (stay.facts if stay else merged).get("referral") or {}
    fresh = bool(referral) and not _repeats(known, referral)
    if without_stay or (stay is None and not fresh):
        misplaced = [name for name in given if name not in keys.client]
        going.findings += [Finding(code="fragment/no-stay", message=NO_STAY, where=f"/{name}") for name in misplaced]
        whole = going.mapping(merged, given)
        merged.clear()  # what was taken away is gone here too
        merged.update(whole)
        return
    stays: list[Any] = merged.setdefault("stays", [])
    if stay is None or (not stay.open and fresh and going.stay is None):
        going.added.append(f"/stays/{len(stays)}")
        stays.append(going.stamp.entry(going.nested(given)))
        return
    stays[stay.index] = going.change(stay.facts, given, f"/stays/{stay.index}")


def _repeats(known: Facts, given: Facts) -> bool:
    """Whether a referral says nothing that the known one does not say."""
    return all(same(known.get(name), value) for name, value in given.items())
