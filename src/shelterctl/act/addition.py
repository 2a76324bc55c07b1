"""An entry of any track put down in her file: where it belongs, judged by the rules of its own track."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from shelterctl.act.file import (
    CHECKED,
    COMMANDS,
    SAME,
    beside,
    finished,
    left_out,
    looks_far,
    merged,
    replaced,
    save,
    spilled_of,
)
from shelterctl.act.input import Input
from shelterctl.act.seal import to_write
from shelterctl.act.wording import worded
from shelterctl.core.around import Around
from shelterctl.core.entry import Entry, listed, title_of
from shelterctl.core.finding import Finding, Outcome, Said, refused, softened
from shelterctl.core.home import STAY, Home, home_of
from shelterctl.core.judgement import judge_lying, stops
from shelterctl.core.record import Client, Facts
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.ruling import Ruling
from shelterctl.core.term import judge_written
from shelterctl.core.track import Track
from shelterctl.core.tree import HOMES
from shelterctl.desk import Desk
from shelterctl.errors import Conflict, Usage
from shelterctl.language import N_, Text
from shelterctl.library import Shelf
from shelterctl.store import Held

TRIES = 4
"""How often an entry is added anew to a file that somebody else wrote to meanwhile."""

ADDED = N_("It is written down: {what}.")
CHANGED = N_("It is changed: {what}.")
UNKNOWN = N_("Her file has no such entry of that kind. See: shelterctl show {id} {track}")
NO_TRACK = N_("There is no such track. Did you mean {near}?")
NONE_LIKE_IT = N_("There is no such track. The tracks are {tracks}.")
OWN_COMMAND = N_("This is written down by a command of its own: {command}")


def track_of(shelf: Shelf, name: str) -> Track:
    """The track of a client that is called so; Usage, with the nearest name, where there is none."""
    known = shelf.tracks.get(name)
    if known and name in shelf.track_names and HOMES.keys() & {*known.home}:
        return known  # the others are read where one of them has to be named
    if known:
        raise Usage("usage/own-command", OWN_COMMAND, command=f"{name} add CODE")
    hers = [each for each in shelf.track_names if HOMES.keys() & {*shelf.tracks[each].home}]
    near = get_close_matches(name.casefold().replace("_", "-"), hers, 1)
    raise Usage("usage/track", NO_TRACK if near else NONE_LIKE_IT, near=near, tracks=hers)


def command_of(track: Track) -> str | None:
    """The command that alone writes entries of a track; None where ``add`` does."""
    day = track.day if isinstance(track.day, str) else ""
    command = COMMANDS.get(track.at) or COMMANDS.get(f"{track.at}.{day}")
    return command.replace("FORM", track.name) if command and track.family else command


def addables(shelf: Shelf) -> list[str]:
    """The names of all tracks that ``add`` writes."""
    hers = (shelf.tracks[name] for name in shelf.track_names)
    return [each.name for each in hers if HOMES.keys() & {*each.home} and not command_of(each)]


def addable(shelf: Shelf, name: str) -> Track:
    """The track of that name, if it is one that ``add`` writes; Usage naming the command that does."""
    track = track_of(shelf, name)
    if command := command_of(track):
        raise Usage("usage/own-command", OWN_COMMAND, command=command)
    return track


def put_down(
    here: Desk, client: str, track: Track, given: Input, check: bool = False, *, again: bool = False
) -> Outcome:
    """Write an entry into her file; what breaks the rules of its track stays open, for it has happened.

    One that stands there word for word is left out, unless it is to be written *again*.

    Where somebody else wrote to the file meanwhile it is added to what stands there now: nothing of either is lost.
    """
    for _ in range(TRIES):
        try:
            return _put_down(here, client, track, given, check, again)
        except Conflict as error:
            if error.code != "vault/changed":
                raise
    return _put_down(here, client, track, given, check, again)


def _put_down(here: Desk, client: str, track: Track, given: Input, check: bool, again: bool) -> Outcome:
    # Gather.
    her, shut = here.store.to_change(client)
    held = to_write(here, shut, track, given.value.get("id"))
    home = home_of(track, her, here.shelf.tracks, without_stay(given.value), given.value.get(STAY))
    stay = home.stay.id if home.stay else None
    data: dict[str, Any] = {"id": her.id, "track": track.name, "entry": given.value.get("id"), "stay": stay}

    # Decide.
    if refused(home.findings):
        return Outcome(data=data, findings=given.located(home.findings))
    added = Added(here, held, track, home, given, again=again)
    names = (track.name, f"{track.name} {given.value.get('id')}")
    hidden = track.name in here.shelf.blocks  # whether there was one is told by no answer, and by no file
    record, over = finished(added.merged.record, *names), [] if hidden else added.merged.merge.replaced
    changed = added.changed or hidden
    said: Said = ((CHANGED if over else ADDED, {"what": added.title}),) if changed else ((SAME, {}),)
    said = (*said, *left_out(added.merged.merge))
    if out := added.merged.merge.left_out:  # what is there already may stand in another stay than its day
        there = her.stay_at(out[0])
        data |= {"left_out": out, "stay": there.id if there else None}
    if refused(added.merged.findings) or check:
        said = () if refused(added.merged.findings) else ((CHECKED, {}),)
        return Outcome(data=data | ({} if added.new else {"entry": added.entry}), findings=added.findings, said=said)

    # Act.
    if changed or record != held.value:  # answers that waited for it are done with
        save(here, record, held.version, "add")
    said = (*said, *replaced(over))
    return Outcome(data={**data, "entry": added.entry}, findings=added.findings, said=said)


class Added:
    """An entry of a track merged into her file, and what is to be said of it; nothing is written yet.

    Without *acts* it is only written down, and nothing refuses what has happened; else these rest on it.
    """

    def __init__(
        self, here: Desk, held: Held, track: Track, home: Home, given: Input, acts: frozenset[str] | None = None, *,
        again: bool = False,
    ) -> None:  # fmt: skip
        self.here, self.track, self.home, self.given, self.acts = here, track, home, given, acts
        self.before = Client(held.value)
        whole = Input(self._fragment(given.value), (), None)
        self.merged = merged(here, held.value, whole, without_stay=home.stay is None, again=again)
        self.after = Client(self.merged.record)

    @property
    def changed(self) -> bool:
        """Whether the file is other than before."""
        return self.merged.merge.changed

    @cached_property
    def entry(self) -> str | None:
        """The id of the entry; of what stands alone, none."""
        made = self.merged.merge.entries if self.track.many else ()
        return str(self.given.value.get("id") or made[0]) if made else None

    @cached_property
    def new(self) -> bool:
        """Whether there was no such entry before."""
        listed = self.home.of(self.track, self.before) if self.track.many else None
        return self.track.many and not any(one.get("id") == self.entry for one in listed or ())

    @cached_property
    def title(self) -> Text:
        """The noun of the entry: that of its track, or of what was decided in it, such as a refusal."""
        entry = next(self._lying(self._around()), None)
        return title_of(self.track, entry.written if entry else {})

    @cached_property
    def place(self) -> str:
        """The pointer to the entry in her file."""
        place = self.home.place(self.track)
        listed = self.home.of(self.track, self.after) if self.track.many else ()
        numbers = [number for number, one in enumerate(listed or ()) if one.get("id") == self.entry]
        return f"{place}/{numbers[0] if numbers else len(listed or ())}" if self.track.many else place

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What refuses it, else what it breaks of the rules of its track; with the place in the input."""
        if refused(self.merged.findings):
            return self._located(self.merged.findings)
        return self._located(self._judged())

    def _fragment(self, entry: Facts) -> dict[str, Any]:
        """The entry at the place of its track in her file, as what is merged into that."""
        track, stay, last = self.track, self.home.stay, self.before.stay
        whole = track.name in self.here.shelf.blocks  # what is given takes the place of all that stands there
        given = {**(dict.fromkeys(track.fields) if whole else {}), **without_stay(entry)}
        below: Any = [{**track.tells, **entry}] if track.many else given
        for name in reversed(track.at.split(".") if track.at else ()):
            below = {name: below}
        if track.many or stay is None or (last is not None and stay.index == last.index):
            return below  # type: ignore[no-any-return]
        return {"stays": [{"id": stay.id, **below}]}

    def stops(self) -> Iterator[tuple[Rule, Ruling, Broken]]:
        """The rules of its track that refuse the acts, each with the way in which it is broken."""
        around = self._around()
        return (each for one in self._lying(around) for each in stops(one, around))

    def _around(self) -> Around:
        """The context in which the entry is judged, with all files where a rule of a changed field needs them."""
        her, stay = self.after, self.home.stay
        now = next((each for each in her.stays if stay and each.index == stay.index), None)
        going = self.merged.merge
        far = looks_far(self.track, (*going.added, *going.replaced))
        others = {"everyone": self.here.store.everyone} if far else {}
        return beside(self.here, her, now, self.here.today, acts=self.acts or frozenset(), **others)

    def _lying(self, around: Around) -> Iterator[Entry]:
        return (one for one in listed(self.track, *around.home(self.track)) if one.where == self.place)

    def _judged(self) -> tuple[Finding, ...]:
        around, going = self._around(), self.merged.merge
        found = [each for one in self._lying(around) for each in judge_lying(one, around)]
        if not self.track.many:
            known, now_ = (self.home.of(self.track, client) or {} for client in (self.before, self.after))
            found += judge_written(self.track, known, now_, self.place, around)
        spilt = spilled_of(self.here, self.after.facts, (*going.added, *going.replaced))
        found = found if self.acts is not None else list(softened(found))
        return (*worded(self.here.shelf, found), *spilt)

    def _located(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings about the entry with line and column of the input, at whose top its fields stand."""
        return self.given.located(self._at(one) for one in findings)

    def _at(self, one: Finding) -> Finding:
        if one.code == "fragment/unknown-entry":
            return replace(one, where="/id", at=None)
        where = one.at or one.where
        return replace(one, at=where.removeprefix(self.place)) if _below(where, self.place) else one


def without_stay(given: Facts) -> dict[str, Any]:
    """An entry without the key that says to which stay it belongs."""
    return {name: value for name, value in given.items() if name != STAY}


def _below(where: str, place: str) -> bool:
    return where == place or where.startswith(f"{place}/")
