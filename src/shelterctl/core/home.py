"""To which stay an entry of a track belongs, or whether it lies beside her stays."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shelterctl.core import duty
from shelterctl.core.entry import read_entry
from shelterctl.core.finding import Finding
from shelterctl.core.merging import Tracks
from shelterctl.core.record import Client, Facts, Stay, at
from shelterctl.core.sameness import Standing, content, same
from shelterctl.core.track import Track
from shelterctl.language import N_

STAY = "stay"
"""The key beside an entry that says to which stay it belongs; it is not written into her file."""

OTHER_STAY = N_("This is written inside one stay and names another. Leave out one of the two.")
NO_STAY = N_("This belongs to a stay, and the client has none. A referral opens one; without it, leave this out.")
NOT_LEFT = N_("This belongs to a stay that she has left, and she has left none.")
UNKNOWN_STAY = N_("She has no such stay. Her stays are {stays}.")
WHICH_STAY = N_("Nothing says to which of her stays this belongs. Her stays are {stays}. Say which one.")
BETWEEN = N_("By its day this belongs to the stay {by_day}, by what it names to the stay {named}. Say which one.")
WHICH_STAY_IN_FILE = N_("In a file beside the entry: stay: {first}. As an option: --stay {first}.")


class Home(NamedTuple):
    """The stay to which an entry belongs, or none where it lies at the top of her file; or what forbids both."""

    stay: Stay | None
    findings: tuple[Finding, ...] = ()

    def of(self, track: Track, client: Client) -> Any:
        """What stands at the place of a track in her file, as it is now."""
        facts: Facts = client.facts["stays"][self.stay.index] if self.stay else client.facts
        return at(facts, track.at) if track.at else facts

    def place(self, track: Track) -> str:
        """The pointer to that place."""
        root = f"/stays/{self.stay.index}" if self.stay else ""
        return f"{root}/{track.at.replace('.', '/')}" if track.at else root


def home_of(track: Track, client: Client, tracks: Tracks, given: Facts, named: str | None = None) -> Home:
    """The stay to which a given entry belongs (RECORD, placement).

    That is the stay in which it stands already, by its id; the stay *named* beside it; the stay in which its day lies,
    or whose agreement it names. The days after a stay are its own until the next begins; before the first stay an entry
    lies at the top of her file where its track may. Where two stays are meant, or none of several, it is refused with
    their ids. What follows a stay that she left belongs to the oldest that waits for it. Nothing given means her open
    stay, else her last.
    """
    if not (track.of_a_stay and client.stays):
        lacks = track.of_a_stay and "client" not in track.home
        return Home(None, (Finding(code="fragment/no-stay", message=NO_STAY),) if lacks else ())
    if "id" in given and (found := _stay_of(track, client, given["id"])):
        other = named is not None and (found.stay is None or found.stay.id != named)
        refusal = Finding(code="fragment/which-stay", message=OTHER_STAY, where=f"/{STAY}")
        return Home(None, (refusal,)) if other else found
    if named is not None:
        return named_stay(client, named)
    if "left" in track.home:
        return _left(track, client, tracks[duty.REPORT], given)
    return _by_day(track, client, tracks, given) if track.many and given else Home(client.stay)


def _stay_of(track: Track, client: Client, entry: str) -> Home | None:
    """Where the entry of that id stands."""
    for stay in client.stays if track.many else ():
        if any(one.get("id") == entry for one in _listed(track, stay.facts)):
            return Home(stay)
    if track.many and any(one.get("id") == entry for one in _listed(track, client.facts)):
        return Home(None)
    return None


def named_stay(client: Client, named: str) -> Home:
    """The stay of that id; refused with the ids that there are."""
    stay = next((stay for stay in client.stays if stay.id == named), None)
    return Home(stay) if stay else Home(None, (_refusal("fragment/unknown-stay", UNKNOWN_STAY, client.stays),))


def stay_left(track: Track, client: Client, report: Track, given: Facts, named: str | None = None) -> Stay | None:
    """The stay to which something belongs that is written of her after she left; None for a client without one.

    That is the stay that is *named*, the one in which just this stands already, else the one whose duty is owed.
    """
    if named is not None:
        return named_stay(client, named).stay
    known = (stay for stay in client.stays if given and _stands(track, stay, given))
    return next(known, None) or duty.owed(report, client)


def _stands(track: Track, stay: Stay, given: Facts) -> bool:
    known = at(stay.facts, track.at)
    if track.many:
        by_id = any(one.get("id") == given.get("id", "") for one in known or ())
        return by_id or Standing(known or ()).pair([{**track.tells, **given}])[0] is not None
    return isinstance(known, Mapping) and same(content(known), content(given))


def _left(track: Track, client: Client, report: Track, given: Facts) -> Home:
    owed = stay_left(track, client, report, given)
    if owed is None or owed.discharged_on is None:
        return Home(None, (Finding(code="fragment/not-left", message=NOT_LEFT),))
    return Home(owed)


def _by_day(track: Track, client: Client, tracks: Tracks, given: Facts) -> Home:
    """The stay in which the day of an entry lies, or whose agreement it names."""
    on, linked = read_entry(track, given).day, _linked(track, client, tracks, given)
    holding = client.stays_holding(on) if on else ()
    belongs = client.stay_on(on) if on else None
    if linked is not None:
        if belongs is None or linked.index in {stay.index for stay in (*holding, belongs)}:
            return Home(linked)
        facts = {"by_day": belongs.id, "named": linked.id, "first": linked.id, "day": on}
        return Home(None, (_refusal("fragment/which-stay", BETWEEN, (belongs, linked), **facts),))
    before = on is not None and client.begun and belongs is None and "client" in track.home
    undated = len(client.begun) < len(client.stays) and not holding  # it may be the day of one that has no day yet
    if len(holding) <= 1 and (belongs is not None or before) and not undated:
        return Home(belongs)
    if len(client.stays) == 1:
        return Home(client.stays[0])
    return Home(None, (_refusal("fragment/which-stay", WHICH_STAY, holding or client.stays),))


def _linked(track: Track, client: Client, tracks: Tracks, given: Facts) -> Stay | None:
    """The stay of the entry that this one names, such as the agreement that pays for it; None where it names none."""
    for name, one in track.fields.items():
        said = given.get(name) if one.kind == "entry" else None
        for of in one.of if said else ():
            if of not in tracks:
                continue
            for entry in _listed(tracks[of], client.facts):
                if entry.get("id") == said and entry.get(STAY):
                    return next((stay for stay in client.stays if stay.id == entry[STAY]), None)
    return None


def _refusal(code: str, message: str, stays: Sequence[Stay], **facts: Any) -> Finding:
    listed = [stay.id for stay in stays]
    told = {"stays": listed, "first": listed[-1] if listed else "", **facts}
    return Finding(code=code, message=message, in_file=WHICH_STAY_IN_FILE, where=f"/{STAY}", facts=told)


def misplaced(track: Track, client: Client, tracks: Tracks) -> Iterator[tuple[str, Stay]]:
    """The pointer to each live entry that lies in another stay than the one of its day, with that stay.

    0.3.0 wrote every entry into her last stay.
    """
    for stay in client.stays if track.many and "stay" in track.home and len(client.stays) > 1 else ():
        for number, entry in enumerate(_listed(track, stay.facts)):
            on = read_entry(track, entry).day if "void" not in entry else None
            belongs = client.stay_on(on) if on else None
            if on is None or belongs is None or belongs.index == stay.index:
                continue
            linked = _linked(track, client, tracks, entry)
            if stay.index not in {each.index for each in (*client.stays_holding(on), *([linked] if linked else []))}:
                yield f"/stays/{stay.index}/{track.at.replace('.', '/')}/{number}", belongs


def _listed(track: Track, facts: Facts) -> Sequence[Facts]:
    found: Any = at(facts, track.at)
    return found if track.many and isinstance(found, list) else ()
