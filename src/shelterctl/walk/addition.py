"""The walk-through of an entry of any track: its fields as they are asked beside each other, then what it comes to."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from shelterctl import ask, screen
from shelterctl.act.addition import UNKNOWN, Added, command_of, put_down
from shelterctl.act.file import beside
from shelterctl.act.input import Input, shape_of_entry
from shelterctl.act.seal import to_write
from shelterctl.core import around as core
from shelterctl.core.entry import read_entry, title_of
from shelterctl.core.everyone import of_client
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.core.home import STAY, Home, home_of
from shelterctl.core.record import Client
from shelterctl.core.track import Track
from shelterctl.core.tree import HOMES
from shelterctl.desk import Desk
from shelterctl.errors import NotFound
from shelterctl.language import N_, Text
from shelterctl.library import Shelf
from shelterctl.store import Held
from shelterctl.walk.answers import rows
from shelterctl.walk.entry import asked_of, in_making
from shelterctl.walk.remark import noted, opened, stays_open, wrong
from shelterctl.walk.sitting import LATER, Page, choose, sit
from shelterctl.walk.step import Head, Step, Walk, waits
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

TITLE = N_("File {id}: {what}")
SEALED = N_("What you write here is sealed, but everyone who uses this computer can read it.")
LEFT = N_("It belongs to the stay that she left on {left}.")
NEEDED = N_("Before it can be written down, this is to be answered: {labels}.")
NOTHING = N_("Nothing is answered yet.")
SAVE = N_("write it down")
THERE = N_("Just this stands in her file already.")
ONCE_MORE = N_("it happened once more: write it down again")
WHICH_STAY = N_("To which of her stays does it belong? Enter goes back.")
LIVED = N_("the stay from {begun} to {left}")
UNCHANGED = N_("Nothing was answered; her file is as it was.")
NOT_KEPT = N_("Nothing is written down. Answers to this are kept nowhere until they are.")
LEAVE = N_("leave it; these answers are not kept")
KEPT = N_("The answers are kept; nothing is written down.")


def open_to(shelf: Shelf, her: Client) -> Iterator[Track]:
    """The tracks of which an entry may be added to her file as it stands now, and of which a terminal asks anything."""
    for name in shelf.track_names:
        track = shelf.tracks[name]
        hers = HOMES.keys() & {*track.home} and not command_of(track) and any(asked_of(track.fields))
        if hers and not home_of(track, her, shelf.tracks, {}).findings:
            yield track


def walk(
    here: Desk, id_: str, track: Track, entry: str | None = None, *, over: bool = False, only: Collection[str] = (),
    page: bool = False, stay: str | None = None, given: Mapping[str, Any] | None = None,
) -> Outcome:  # fmt: skip
    """Ask for an entry at the terminal, or for what is to be changed of one, show what it says, and write it down.

    Of an entry that stands what is missing is asked, and with *over* what is answered too; or *only* these questions,
    and the rest stands on the page of answers; with *page* that comes first. What is *given* needs no question.
    """
    paper = Paper(Table(here, id_), track, entry, stay, given)
    table, facts = paper.table, {"id": paper.table.id, "what": paper.heading, "track": paper.called}
    if paper.home.findings:
        return Outcome(data={"id": table.id, "track": track.name}, findings=paper.home.findings)
    going = Walk(here, f"add {id_} {paper.called}", lambda: list(paper.steps()), table.refresh)
    waiting = (NOT_KEPT, {}) if paper.hidden else waits(KEPT, f"add {id_} {paper.called}")
    kept = Outcome(data={"id": table.id}, said=(waiting,))
    left = paper.home.stay.discharged_on if paper.home.stay and "left" in track.home else None
    sealed: Said = ((SEALED, {}),) if track.seal else ()
    opening: Said = ((TITLE, facts), *sealed, *([(LEFT, {"left": left})] if left else []))
    over = over or (bool(paper.before) and not paper.begun and entry is None)
    ended = sit(going, opening, kept, partial(paper.reviewed, going), over=over, only=only, page=page)
    if ended is kept and not (paper.begun or paper.hidden):
        return Outcome(data={"id": table.id}, said=((UNCHANGED, {}),))
    return ended


class Paper:
    """An entry of a track that is being asked for; *before* is what stands there, where it is one that is changed."""

    def __init__(
        self, table: Table, track: Track, entry: str | None, stay: str | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.table, self.track, self.entry, self.here, self.stay = table, track, entry, table.here, stay
        self.before = self._standing()
        self.answers = Unfinished(table, self.called, self.before, given)

    @property
    def called(self) -> str:
        """What is being asked for, as it is typed: the track, and the entry that is changed."""
        return f"{self.track.name} {self.entry}" if self.entry else self.track.name

    @property
    def hidden(self) -> bool:
        """Whether every file has a block of it, so that its answers wait in no file."""
        return self.track.name in self.here.shelf.blocks

    @property
    def heading(self) -> Text:
        """What it is called: by what stands there, else as its kind is chosen."""
        return title_of(self.track, self.before) if self.before else self.track.offered

    @property
    def home(self) -> Home:
        """Where it belongs in her file by what is answered so far; while nothing decides, where she lives now."""
        return (
            self._home({"id": self.entry}) if self.entry else self._home({}) if not self.track.many else self._dated()
        )

    def _dated(self) -> Home:
        found = self._home(self.answers.facts)
        return self._home({}) if found.findings else found

    def _home(self, facts: Mapping[str, Any]) -> Home:
        return home_of(self.track, self.table.client, self.here.shelf.tracks, facts, self.stay)

    @property
    def begun(self) -> bool:
        """Whether answers wait here from an earlier time."""
        return self.called in (self.table.record.get("unfinished") or {}) and bool(self.answers.facts)

    def steps(self) -> Iterator[Step]:
        """A question for each field that is asked beside what is answered."""
        yield from in_making(self.table, self.track, self.answers, self._put, stay=self.home.stay)

    def reviewed(self, going: Walk) -> Outcome | None:
        """What would be written, what refuses it or stays open, and what is to become of it."""
        screen.clear()
        facts = self.facts()
        if facts and not self.entry and (ids := self._undecided(facts)):
            stays = [stay for stay in self.table.client.stays if stay.id in ids]
            lines = [(LIVED, {"begun": stay.begun_on or "?", "left": stay.left_on or "…"}) for stay in stays]
            chosen = ask.choice(WHICH_STAY, lines)
            self.stay = stays[chosen].id if chosen is not None else None
        must = [(name, one.text) for name, one in self._asked() if one.must and one.name not in facts]
        lacking = [text for _, text in must]
        added = self._added(facts) if facts and not lacking else None
        if not facts:
            screen.tell(NOTHING)
        if lacking:
            screen.tell(NEEDED, {"labels": lacking})
        if added:
            if added.merged.merge.left_out:
                screen.tell(THERE)
            wrong(self.here, added.findings)
            opened(self.here, added.findings)
            noted(self.here, added.findings, self.track.fields)
        once_more = bool(added and added.merged.merge.left_out)
        save: Head = (ONCE_MORE if once_more else SAVE, {})
        findings = added.findings if added else ()
        ready = added is not None and not refused(findings)
        given = Input({**self.given(facts), **({STAY: self.stay} if self.stay else {})}, (), None)
        act = partial(put_down, self.here, str(self.table.id), self.track, given, again=once_more)
        shown = rows(going, findings, [name for name, _ in must])
        page = Page(save, ready, stays_open(findings), later=LEAVE if self.hidden else LATER)
        return choose(self.table, going, page, act, self.answers, shown)

    def _undecided(self, facts: Mapping[str, Any]) -> Sequence[str]:
        """The ids of the stays of which one is to be chosen, in their order; none where it is clear."""
        found = next((one for one in self._home(facts).findings if one.code == "fragment/which-stay"), None)
        return [*map(str, found.facts["stays"])] if found else ()  # type: ignore[call-overload]

    def _standing(self) -> dict[str, Any]:
        found: Any = None
        if self.entry:
            held = to_write(self.here, Held(dict(self.table.record), self.table.version), self.track, self.entry)
            live = (one.written for one in of_client(self.track, Client(held.value)))
            found = next((one for one in live if one.get("id") == self.entry), None)
            if found is None:
                raise NotFound("entry/unknown", UNKNOWN, id=self.table.id, track=self.track.name)
        elif not self.track.many and not self.home.findings:
            held = to_write(self.here, Held(dict(self.table.record), self.table.version), self.track)
            found = self.home.of(self.track, Client(held.value))
        return {name: found[name] for name in self.track.fields if name in found} if found else {}

    def _put(self, name: str, value: Any) -> tuple[Finding, ...]:
        """Keep one answer; whatever is wrong with the whole is told at its end."""
        self.answers.keep(self.answers.with_(tuple(name.split(".")), value))
        return ()

    def _asked(self) -> Iterator[tuple[str, Any]]:
        entry = read_entry(self.track, self.standing())
        around = beside(self.here, self.table.client, self.home.stay, self.here.today)
        return (each for each in asked_of(self.track.fields) if core.is_asked(entry, each[0], around))

    def standing(self) -> dict[str, Any]:
        """The entry as it is answered so far."""
        return self.answers.facts

    def facts(self) -> dict[str, Any]:
        """The answers to what is asked, and what stood there before."""
        facts, asked = self.standing(), {name for name, _ in self._asked()}
        for name, _ in asked_of(self.track.fields):
            if name not in asked and not _at(self.before, name):
                facts = _without(facts, name.split("."))
        return {name: value for name, value in facts.items() if value not in ({}, None)}

    def given(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The entry as a file would give it: what was taken away of what stood there is null."""
        changed = {name: said for name, said in _changed(self.before, facts).items() if said != self.before.get(name)}
        given = changed if self.entry else _changed(self.before, facts)
        timed = shape_of_entry(self.here.shelf, self.track.name).with_offset(given, self.here.store.offset)
        return {**({"id": self.entry} if self.entry else {}), **timed}

    def _added(self, facts: Mapping[str, Any]) -> Added:
        held = to_write(self.here, Held(dict(self.table.record), self.table.version), self.track)
        given = {**self.given(facts), **({STAY: self.stay} if self.stay else {})}
        return Added(self.here, held, self.track, self.home, Input(given, (), None))


def _at(facts: Mapping[str, Any], name: str) -> bool:
    found: Any = facts
    for key in name.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found is not None


def _without(facts: Mapping[str, Any], keys: list[str]) -> dict[str, Any]:
    """The same facts without what stands at that place."""
    first, *rest = keys
    if first not in facts:
        return dict(facts)
    if not rest or not isinstance(facts[first], Mapping):
        return {name: value for name, value in facts.items() if name != first}
    return {**facts, first: _without(facts[first], rest)}


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What is written now, with null in the place of what was taken away, and an empty list for a list."""
    gone: dict[str, Any] = {}
    for name, value in before.items():
        if isinstance(value, Mapping):
            inside = now.get(name)
            gone[name] = _changed(value, inside if isinstance(inside, Mapping) else {})
        elif name not in now:
            gone[name] = [] if isinstance(value, list) else None
    return {**now, **gone}
