"""Two files of one person: which of them goes on, what comes into it, and what stays of the other."""

from typing import Any

from shelterctl.core.fragment import OF_A_CLIENT, content
from shelterctl.core.name import fold
from shelterctl.core.record import Client, Facts, Stay, at, live

TWICE = "entered_twice"
"""Why a stay is struck through that stands in another file of hers."""

NAMES = ("first_name", "middle_name", "last_name")
OTHERS = "also_known_as"


def struck(client: Client) -> bool:
    """Whether the file stands for nobody any more: all its stays are in another one."""
    stays = client.facts.get("stays") or ()
    return bool(stays) and not client.facts.get("referral") and all(at(stay, "void.reason") == TWICE for stay in stays)


def bound(client: Client) -> bool:
    """Whether her file is known outside of it by its id: she was admitted, or there are papers of it."""
    admitted = any(stay.admitted_on or live(at(stay.facts, "monitoring.reports")) for stay in client.stays)
    signed = any(at(stay.facts, f"admission.{paper}.signed") for stay in client.stays for paper in ("rules", "rights"))
    reported = live(at(client.facts, "monitoring.reports"))
    return bool(admitted or signed or reported or client.agreements or client.facts.get("printed"))


def kept(known: Client, new: Client) -> Client | None:
    """The file that goes on where both are of one person; None where neither may be struck through.

    The one with her papers; then the one that a stay is in; then the one that was there before.
    """
    if bound(known) or bound(new):
        return None if bound(known) and bound(new) else known if bound(known) else new
    if bool(known.stays) is not bool(new.stays):
        return known if known.stays else new
    return known if _begun(known) <= _begun(new) else new


def carried(gone: Client, hers: Client) -> dict[str, Any]:
    """What *gone* says and *hers* does not, as a fragment for hers, its stays among it; nothing of hers is replaced.

    Lists unite, notes follow each other, and an open stay that both have is one. A name that is written in another way
    is one that she goes by. Of a client without a stay the newer referral counts.
    """
    record, there = content(gone.facts), hers.facts
    into = {name: record[name] for name in ("iom", "children") if name in record}
    into |= _new({"identification_number": record.get("identification_number")}, there)
    into["identity"] = _new(record["identity"], there["identity"]) | _other_names(record["identity"], there["identity"])
    if "trafficking" in record:
        into["trafficking"] = _new(record["trafficking"], there.get("trafficking") or {})
    if gone.stays:
        return {**into, "stays": [_stay(stay, hers.stay) for stay in gone.stays]}
    newer = {} if _begun(hers) <= _begun(gone) else there
    into |= {name: record[name] for name in OF_A_CLIENT if name in record and name not in newer}
    return into | _notes(record, there)


def left_behind(gone: Client, hers: Client, void: Facts, elsewhere: str) -> dict[str, Any]:
    """*gone* as it stays behind: without her names and what stands in *hers*, its stays struck through."""
    there, left = hers.facts["identity"], dict(gone.facts)
    left["identity"] = {
        name: value
        for name, value in left["identity"].items()
        if name == "sex" or (name not in (*NAMES, OTHERS) and there.get(name) != value)
    }
    left["stays"] = [{"void": void, **stay} for stay in left["stays"]]
    if not left["stays"]:
        closed = {"on": void["on"], "by": void["by"], "reason": elsewhere}
        left["monitoring"] = {**(left.get("monitoring") or {}), "closed": closed}
    return left


def _new(said: Facts, known: Facts) -> dict[str, Any]:
    """What is not known yet: a single value where there was none, a list of codes with the new ones in it."""
    new = {}
    for name, value in said.items():
        if isinstance(value, list):
            new[name] = [*(known.get(name) or ()), *(each for each in value if each not in (known.get(name) or ()))]
        elif value is not None and known.get(name) is None:
            new[name] = value
    return new


def _other_names(gone: Facts, hers: Facts) -> dict[str, list[str]]:
    """By what she goes, with her name as the other file writes it, where that is another spelling."""
    said, known = ({name: str(one[name]) for name in NAMES if one.get(name)} for one in (gone, hers))
    fresh = {fold(said[name]) for name in said if name in known} - {fold(name) for name in known.values()}
    others = [*(hers.get(OTHERS) or ()), *(gone.get(OTHERS) or ())] + ([" ".join(said.values())] if fresh else [])
    return {OTHERS: list(dict.fromkeys(others))} if others else {}


def _notes(record: Facts, there: Facts) -> dict[str, str]:
    notes = dict.fromkeys(each for each in (there.get("notes"), record.get("notes")) if each)
    return {"notes": "\n".join(notes)} if "notes" in record else {}


def _stay(stay: Stay, hers: Stay | None) -> dict[str, Any]:
    """A stay as one more of hers; or what it says beyond the one that is open already."""
    own: dict[str, Any] = content(stay.facts)
    if hers is None or not hers.open or not stay.open:
        return own
    there = hers.facts
    beyond = {name: value for name, value in own.items() if name not in there or name == "done"}
    if "admission" in own and "admission" in there:
        beyond["admission"] = _new(own["admission"], there["admission"])
    return {"id": hers.id, **beyond, **_notes(own, there)}


def _begun(client: Client) -> str:
    return str(client.facts.get("recorded_at") or "")
