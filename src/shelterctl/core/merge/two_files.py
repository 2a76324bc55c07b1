"""Joining two files of one person: which is kept, what it takes over, and what remains of the other."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.core.record.client import IDENTITY_NAMES, OTHER_NAMES, Client, Stay, live_entries, value_at
from shelterctl.core.record.sameness import RECORDED_KEYS, entry_content, is_same
from shelterctl.core.values.days import local_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.names import fold_name

ENTERED_TWICE = "entered_twice"
"""The reason for striking through a stay that another file of hers has."""

TOP_KEYS_WITHOUT_STAY = ("referral", "monitoring", "notes")
"""The keys that a client without a stay has at the top of her file and others have in a stay."""

LISTS_NOT_UNITED = ("stays", "agreements", "printed")
"""Lists that are not united: nothing is carried from a file with papers, and stays are carried one by one."""


def is_struck_as_twice(client: Client) -> bool:
    """Return whether all stays of the file are struck through because another file has them."""
    return client.is_struck and all(value_at(stay, "void.reason") == ENTERED_TWICE for stay in client.facts["stays"])


def is_known_outside(client: Client) -> bool:
    """Return whether her file's id is known outside the store: she was admitted, or there are papers of it."""
    places = [client.facts, *(stay.facts for stay in client.stays)]
    reported = any(live_entries(value_at(place, "monitoring.reports")) for place in places)
    papers = ("admission.rules.signed", "admission.rights.signed")
    signed = any(value_at(stay.facts, paper) for stay in client.stays for paper in papers)
    admitted = any(stay.admitted_on for stay in client.stays)
    return bool(admitted or signed or reported or client.agreements or client.facts.get("printed"))


def choose_kept_file(known: Client, new: Client) -> Client | None:
    """Return the file to keep when both are of one person; None where neither may be struck through.

    The file with her papers is kept; else the one with a stay; else the older one.
    """
    outside = [client for client in (known, new) if is_known_outside(client)]
    if outside:
        return outside[0] if len(outside) == 1 else None
    if bool(known.stays) is not bool(new.stays):
        return known if known.stays else new
    return known if _recorded_at(known) <= _recorded_at(new) else new


def build_carried_fragment(gone: Client, hers: Client) -> dict[str, Any]:
    """Return what *gone* has and *hers* lacks, as a fragment for *hers* with stays; it replaces nothing.

    Lists are united and notes joined. If both have an open stay, the two become one: *hers* keeps its values, and an
    interview or a signature is taken over only if none of its values differs, so that two are never mixed. A name in
    another spelling becomes one of her other names. For a client without a stay the newer referral counts.
    """
    record, there = entry_content(gone.facts, RECORDED_KEYS), hers.facts  # struck entries stay struck
    united = {name for name, each in record.items() if isinstance(each, list) and name not in LISTS_NOT_UNITED} | {
        "iom"
    }
    into = {name: each for name, each in record.items() if name in united}
    into |= _new_values({"identification_number": record.get("identification_number")}, there)
    own, known = record["identity"], there["identity"]
    into["identity"] = _new_values(own, known) | _join_other_names(own, known)
    if "trafficking" in record:
        into["trafficking"] = _new_values(record["trafficking"], there.get("trafficking") or {})
    if gone.stays:
        return {**into, "stays": [_carried_stay(stay, hers.stay) for stay in gone.stays]}
    newer = {} if _recorded_at(hers) <= _recorded_at(gone) else there
    into |= {name: record[name] for name in TOP_KEYS_WITHOUT_STAY if name in record and name not in newer}
    return into | _join_notes(record, there)


def strip_struck_file(gone: Client, hers: Client, void: Facts, elsewhere: str) -> dict[str, Any]:
    """Return *gone* as it remains: without her names and the values of *hers*, its stays struck through."""
    there, left = hers.facts["identity"], dict(gone.facts)
    left["identity"] = {
        name: value
        for name, value in left["identity"].items()
        if name == "sex" or (name not in (*IDENTITY_NAMES, OTHER_NAMES) and not _says_as_much(value, there.get(name)))
    }
    left["stays"] = [{"void": void, **stay} for stay in left["stays"]]
    if not left["stays"]:
        closed = {"on": void["on"], "by": void["by"], "reason": elsewhere}
        left["monitoring"] = {**(left.get("monitoring") or {}), "closed": closed}
    return left


def list_differing_places(gone: Client, hers: Client) -> list[str]:
    """Return the places where *gone* has what *hers* lacks after joining, so that only *gone* shows it."""
    tops = ("identification_number", "identity", "trafficking", *TOP_KEYS_WITHOUT_STAY)
    found = list(_list_differing_paths({name: gone.facts[name] for name in tops if name in gone.facts}, hers.facts))
    for stay in gone.stays:
        against = [list(_list_differing_paths(stay.facts, each.facts)) for each in hers.stays]
        found += sorted(against, key=len)[0] if against else []
    return [path for path in dict.fromkeys(found) if path not in _NAME_PATHS]


_NAME_PATHS = tuple(f"identity.{name}" for name in (*IDENTITY_NAMES, OTHER_NAMES))


def _list_differing_paths(said: Facts, known: Facts, before: str = "") -> Iterator[str]:
    """Yield each place of *said* that *known* lacks."""
    for name, value in entry_content(said).items():
        there = known.get(name)
        if isinstance(value, Mapping):
            yield from _list_differing_paths(value, there if isinstance(there, Mapping) else {}, f"{before}{name}.")
        elif not _says_as_much(value, there) and not (name == "notes" and value in str(there)):
            yield f"{before}{name}"


def _says_as_much(value: Any, known: Any) -> bool:
    """Return whether *known* contains the value; a longer list does, and entries have been joined whole."""
    if isinstance(value, list):
        return all(isinstance(each, Mapping) or each in (known or ()) for each in value)
    return is_same(value, known)


def _new_values(said: Facts, known: Facts) -> dict[str, Any]:
    """Return the values that are not known: single values where there was none, and lists with new codes added."""
    new = {}
    for name, value in said.items():
        if isinstance(value, list):
            new[name] = [*(known.get(name) or ()), *(each for each in value if each not in (known.get(name) or ()))]
        elif value is not None and known.get(name) is None:
            new[name] = value
    return new


def _join_other_names(gone: Facts, hers: Facts) -> dict[str, list[str]]:
    """Return her other names, with her name as the other file spells it, if it differs."""
    said, known = ({name: str(one[name]) for name in IDENTITY_NAMES if one.get(name)} for one in (gone, hers))
    fresh = {fold_name(said[name]) for name in said if name in known} - {fold_name(name) for name in known.values()}
    others = [*(hers.get(OTHER_NAMES) or ()), *(gone.get(OTHER_NAMES) or ())]
    others += [" ".join(said.values())] if fresh else []
    return {OTHER_NAMES: list(dict.fromkeys(others))} if others else {}


def _join_notes(record: Facts, there: Facts) -> dict[str, str]:
    notes = dict.fromkeys(each for each in (there.get("notes"), record.get("notes")) if each)
    return {"notes": "\n".join(notes)} if "notes" in record else {}


def _carried_stay(stay: Stay, hers: Stay | None) -> dict[str, Any]:
    """Return a stay as a further stay of hers, or what it adds to the stay that is open already."""
    own: dict[str, Any] = entry_content(stay.facts, RECORDED_KEYS)
    if hers is None or not hers.is_open or not stay.is_open:
        return own
    there = hers.facts
    beyond = {name: value for name, value in own.items() if name not in there or name == "done"}
    for name in ("referral", "received", "discharge"):
        if name in own:
            beyond[name] = _new_values(own[name], there.get(name) or {})
    if "admission" in own:
        known = there.get("admission") or {}
        parts = {part: _carried_part(value, known.get(part)) for part, value in own["admission"].items()}
        beyond["admission"] = {part: value for part, value in parts.items() if value not in (None, {})}
    return {"id": hers.id, **_without_late_parts(beyond, hers), **_join_notes(own, there)}


def _carried_part(said: Any, known: Any) -> Any:
    """Return what a part of an admission adds; None where any of its values differs from the known ones."""
    if known is None:
        return said
    agreed = isinstance(said, Mapping) and all(is_same(value, known.get(name, value)) for name, value in said.items())
    return _new_values(said, known) if agreed else None


def _without_late_parts(beyond: dict[str, Any], hers: Stay) -> dict[str, Any]:
    """Return the values without parts from after her admission, which would make her arrive later than she did."""

    def late(value: Any) -> bool:
        days = [local_day(one) for one in (value.values() if isinstance(value, Mapping) else [value])]
        return any(day and hers.admitted_on and day > hers.admitted_on for day in days)

    kept = {name: value for name, value in beyond.items() if name != "received" or not late(value)}
    for name in kept.keys() & {"referral", "admission"}:
        kept[name] = {part: value for part, value in kept[name].items() if not late(value)}
    return {name: value for name, value in kept.items() if value != {}}


def _recorded_at(client: Client) -> str:
    return str(client.facts.get("recorded_at") or "")
