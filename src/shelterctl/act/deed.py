"""An act that is done to an entry, such as approving a plan: judged by the rules that name it, and written into it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shelterctl.act.addition import UNKNOWN, Added, command_of, track_of
from shelterctl.act.file import finished, replaced, save
from shelterctl.act.input import Input
from shelterctl.act.seal import to_write
from shelterctl.core.around import RESERVED
from shelterctl.core.days import read_day
from shelterctl.core.entry import title_of
from shelterctl.core.everyone import of_client
from shelterctl.core.finding import Outcome, refused
from shelterctl.core.home import home_of
from shelterctl.core.item import said_first
from shelterctl.core.record import Client, Facts
from shelterctl.core.ruling import Ruling
from shelterctl.core.track import Deed, Track
from shelterctl.core.tree import HOMES
from shelterctl.desk import Desk
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_, Coded
from shelterctl.library import Shelf

DONE = N_("{did}: {what}, {on}.")
SAME = N_("That was written down just so already; nothing changed.")
WOULD = N_("Nothing would stop it. As --check asked, nothing was written.")
UNDONE = N_("Taken back: {did}, {what}.")
NOT_DONE = N_("This is not written down of that entry, so there is nothing to be taken back: {did}.")
NO_SUCH = N_("This is not done to an entry of that kind. It is done to: {tracks}.")
NONE = N_("Her file has no entry of that kind: {what}. Write one first: shelterctl add {id} {track}")
WAITS = N_("Answers for one wait in her file that were not written down yet. Go on with: shelterctl add {id} {track}")
WHICH = N_("Several entries may be meant. Name one by its id: {entries}.")


def done_to(shelf: Shelf, name: str, typed: str) -> tuple[Track, Deed]:
    """The track of that name and the act as it is done to its entries; Usage where it is done to none of them."""
    track = track_of(shelf, typed)
    if name not in track.deeds:
        raise Usage("usage/not-done-to", NO_SUCH, tracks=tracks_of(shelf, name))
    return track, track.deeds[name]


def tracks_of(shelf: Shelf, name: str) -> list[str]:
    """The tracks to whose entries an act is done."""
    return [each for each in shelf.track_names if name in (shelf.written("track", each).value.get("acts") or {})]


def put_down(
    here: Desk, client: str, track: Track, name: str, given: Input, *, entry: str | None = None, check: bool = False
) -> Outcome:
    """Do the act to an entry, with what is *given* merged into it, on the day taken as today unless that says another.

    It is refused where one of its rules is broken; a second time it takes the place of the first.
    """
    # Gather.
    added, version, done = _done(here, client, track, name, given, entry)
    deed, one = track.deeds[name], str(added.given.value["id"])

    # Decide.
    data: dict[str, Any] = {
        "id": added.before.id,
        "track": track.name,
        "entry": one,
        "act": _code(track, name),
        "on": done["on"],
    }
    findings = added.findings
    if refused(findings) or check:
        return Outcome(data=data, findings=findings, said=() if refused(findings) else ((WOULD, {}),))
    if not added.changed:
        return Outcome(data=data, findings=findings, said=((SAME, {}),))

    # Act.
    save(here, finished(added.merged.record, waiting(track, one, name)), version, name)
    over = replaced(added.merged.merge.replaced)
    told = {"did": track.fields[deed.writes].text, "what": added.title, "on": read_day(done["on"])}
    return Outcome(data=data, findings=findings, said=((DONE, told), *over))


def waiting(track: Track, entry: str, name: str) -> str:
    """The name under which answers wait that an act on an entry lacked."""
    return f"{track.name} {entry} {name}"


class Lack(NamedTuple):
    """The fields, acts and entries that have to come before an act on an entry, by the rules that refuse the act.

    *fields* of the entry by their dotted names, of which *wrong* ones are filled in; *acts* on it that come first; and
    *entries* of other tracks, each with what it would have to say.
    """

    fields: frozenset[str]
    wrong: frozenset[str]
    acts: tuple[str, ...]
    entries: tuple[tuple[Track, Facts], ...]


def lack(here: Desk, client: str, track: Track, name: str, given: Input, entry: str) -> Lack:
    """Find what has to come before an act on an entry, once the *given* answers are merged into the entry."""
    added, _, _ = _done(here, client, track, name, given, entry)
    fields: set[str] = set()
    wrong: set[str] = set()
    acts: dict[str, None] = {}
    entries: dict[str, tuple[Track, Facts]] = {}
    if refused(added.merged.findings):
        return Lack(frozenset(), frozenset(), (), ())
    facts = next(one for one in _live(added.after, track) if one["id"] == entry)
    written = {deed.writes: act for act, deed in track.deeds.items() if act != name}
    for rule, ruling, way in added.stops():
        if rule.verb == "stands" and way.reason != "nowhere":
            if not ruling.asks.get("none"):
                wanted = here.shelf.tracks[rule.names[0]]
                entries[wanted.name] = (wanted, _to_say(ruling, facts, wanted))
            continue
        names = way.facts["names"] if rule.verb == "needs" else (way.name or rule.names[0], *_others(ruling))
        for each in names:
            first, _, _ = each.partition(".")
            if first in written:
                acts |= {written[first]: None} if first not in facts else {}
            elif first in track.fields:
                (fields if rule.verb == "needs" else wrong).add(each)
            elif first in here.shelf.track_names:
                entries[first] = (here.shelf.tracks[first], {})
    entries = {name: one for name, one in entries.items() if HOMES.keys() & {*one[0].home} and not command_of(one[0])}
    return Lack(frozenset(fields | wrong), frozenset(wrong), tuple(acts), tuple(entries.values()))


def _others(ruling: Ruling) -> Iterator[str]:
    """The other fields that a rule holds something against: from when, to when, who it may not be."""
    for key in ("from", "to", "of", "not"):
        said = ruling.asks.get(key)
        name = said.get("of") if isinstance(said, Mapping) else said
        if isinstance(name, str) and name not in RESERVED:
            yield name


def _to_say(ruling: Ruling, facts: Facts, wanted: Track) -> Facts:
    """The answers of a missing entry that its rule fixes: codes that it filters by, and fields shared with *facts*."""
    same = ruling.asks.get("same") or ()
    equal = {key: facts[key] for key in ([same] if isinstance(same, str) else same) if key in facts}
    return {**said_first(ruling.asks.get("where") or {}, wanted), **equal}


def take_back(
    here: Desk, client: str, track: Track, name: str, *, entry: str | None = None, check: bool = False
) -> Outcome:
    """Take back an act that was done to an entry by mistake; refused where another one rests on it."""
    # Gather.
    her, held, one, facts = _meant(here, client, track, name, entry, done=True)
    deed = track.deeds[name]
    said = {"did": track.fields[deed.writes].text, "what": title_of(track, facts)}
    if deed.writes not in facts:
        raise Usage("usage/not-done", NOT_DONE, did=said["did"])

    # Decide.
    home = home_of(track, her, here.shelf.tracks, {"id": one})
    added = Added(here, held, track, home, Input({"id": one}, (), None), frozenset())
    gone = {name: value for name, value in facts.items() if name != deed.writes}
    added.after = Client(_put(added.merged.record, added.place, here.stamp.traced(facts, gone)))
    data: dict[str, Any] = {"id": her.id, "track": track.name, "entry": one, "act": _code(track, name), "on": None}
    findings = added.findings
    if refused(findings) or check:
        return Outcome(data=data, findings=findings, said=() if refused(findings) else ((WOULD, {}),))

    # Act.
    save(here, dict(added.after.facts), held.version, name)
    return Outcome(data=data, findings=findings, said=((UNDONE, said),))


def _done(
    here: Desk, client: str, track: Track, name: str, given: Input, entry: str | None
) -> tuple[Added, str | None, Facts]:
    """The entry with the act done to it, merged and not written; the file's version, and who did it and when.

    Who does it is whoever types and its day is today, where neither is given nor written already.
    """
    her, held, one, facts = _meant(here, client, track, name, entry)
    deed = track.deeds[name]
    writes = given.value.get(deed.writes) or {}
    done = {"by": here.by, **(facts.get(deed.writes) or {}), **writes}
    done["on"] = writes.get("on") or here.today.isoformat()
    whole = {**given.value, "id": one, deed.writes: done}
    home = home_of(track, her, here.shelf.tracks, whole)
    added = Added(here, held, track, home, Input(whole, (), given.document), frozenset({name}))
    return added, held.version, done


def _meant(
    here: Desk, client: str, track: Track, name: str, entry: str | None, *, done: bool = False
) -> tuple[Client, Any, str, Facts]:
    """Her file, open as far as the act needs it, with the entry that is meant: its id and what it says."""
    shut, held = here.store.to_change(client)
    one = meant(shut, track, name, entry, done=done)
    held = to_write(here, held, track, one)
    her = Client(held.value)
    return her, held, one, next(each for each in _live(her, track) if each["id"] == one)


def meant(her: Client, track: Track, name: str, entry: str | None, *, done: bool = False) -> str:
    """The id of the entry that is meant: that which is named, else the only one to which it is *done* or not yet.

    Raises NotFound where there is none, Usage where there are several.
    """
    live = _live(her, track)
    if entry is not None:
        if entry not in {one["id"] for one in live}:
            raise NotFound("entry/unknown", UNKNOWN, id=her.id, track=track.name)
        return entry
    fitting = [one for one in live if (track.deeds[name].writes in one) is done] or live[-1:]
    if not fitting:
        waits = any(name.partition(" ")[0] == track.name for name in her.facts.get("unfinished") or {})
        told = WAITS if waits else None
        raise NotFound("entry/none", NONE, hint=told, what=track.text, id=her.id, track=track.name)
    if len(fitting) > 1:
        raise Usage("usage/which-entry", WHICH, entries=[one["id"] for one in fitting])
    return str(fitting[0]["id"])


def _live(her: Client, track: Track) -> Sequence[Facts]:
    return [one.written for one in of_client(track, her)]


def _put(found: Any, place: str, entry: Any) -> Any:
    """A file with an entry at a place, which is there."""
    first, _, rest = place.lstrip("/").partition("/")
    if not first:
        return entry
    if isinstance(found, list):
        return [_put(each, rest, entry) if str(number) == first else each for number, each in enumerate(found)]
    return {name: _put(each, rest, entry) if name == first else each for name, each in found.items()}


def _code(track: Track, name: str) -> Coded:
    """An act as programs read it, and as a person does."""
    return Coded(name, track.deeds[name].text)
