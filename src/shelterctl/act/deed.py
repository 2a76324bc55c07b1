"""An act that is done to an entry, such as approving a plan: judged by the rules that name it, and written into it."""

from collections.abc import Sequence
from typing import Any

from shelterctl.act.addition import UNKNOWN, Added, track_of
from shelterctl.act.file import finished, replaced, save
from shelterctl.act.input import Input
from shelterctl.act.seal import to_write
from shelterctl.core.days import read_day
from shelterctl.core.everyone import of_client
from shelterctl.core.finding import Outcome, refused
from shelterctl.core.home import home_of
from shelterctl.core.record import Client, Facts
from shelterctl.core.track import Deed, Track
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
    her, held, one, facts = _meant(here, client, track, name, entry)
    deed = track.deeds[name]
    writes = given.value.get(deed.writes) or {}
    done = {"by": here.by, **(facts.get(deed.writes) or {}), **writes}
    done["on"] = writes.get("on") or here.today.isoformat()
    whole = {**given.value, "id": one, deed.writes: done}

    # Decide.
    home = home_of(track, her, here.shelf.tracks, whole)
    added = Added(here, held, track, home, Input(whole, (), given.document), frozenset({name}))
    data: dict[str, Any] = {
        "id": her.id,
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
    save(here, finished(added.merged.record, track.name), held.version, name)
    over = replaced(added.merged.merge.replaced)
    told = {"did": track.fields[deed.writes].text, "what": track.text, "on": read_day(done["on"])}
    return Outcome(data=data, findings=findings, said=((DONE, told), *over))


def take_back(
    here: Desk, client: str, track: Track, name: str, *, entry: str | None = None, check: bool = False
) -> Outcome:
    """Take back an act that was done to an entry by mistake; refused where another one rests on it."""
    # Gather.
    her, held, one, facts = _meant(here, client, track, name, entry, done=True)
    deed = track.deeds[name]
    said = {"did": track.fields[deed.writes].text, "what": track.text}
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
