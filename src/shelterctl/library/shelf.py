"""The shelf: everything of the manual that is data, each file read once and checked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from shelterctl.core import house, tree
from shelterctl.core.act import Act
from shelterctl.core.field import Field, Fields
from shelterctl.core.item import Item
from shelterctl.core.sheet import Annex
from shelterctl.core.track import Track
from shelterctl.errors import Usage
from shelterctl.language import N_, Text, with_codes
from shelterctl.library import imprint
from shelterctl.library.act import act as read_act
from shelterctl.library.annex import annex as read_annex
from shelterctl.library.file import Taken, Written, history, in_each_language, read_raw, take, take_written
from shelterctl.library.place import places as read_places
from shelterctl.library.track import field, owes
from shelterctl.library.track import track as read_track

NO_FORM = N_("There is no such form. The forms are {forms}.")
AGREEMENT = "agreement"
"""The family of the financial forms."""

REPORT, STAY = "report", "stay"
"""The tracks of the monitoring report, and of a stay as a whole."""

UNWRITTEN = N_("The words of this clause are not on the shelf yet.")
TWO_OWNERS = N_("another track keeps something under this key already")


@dataclass(frozen=True, eq=False, repr=False)
class Shelf:
    """The manual as data, each file checked against its schema when it is first taken down."""

    folder: Path
    trusted: bool = False
    """Whether a test holds it, as the shipped one, so that nobody needs to hold it at each start."""

    @cached_property
    def digest(self) -> str:
        """A fingerprint of every file, so that an audit can say which manual a check used."""
        return imprint.of_all(self.folder, self._raw)

    @cached_property
    def imprint(self) -> str:
        """A fingerprint of all that says what may stand in a file."""
        return imprint.of_shape(self.folder, self._raw)

    @cached_property
    def _raw(self) -> Callable[[str], bytes]:
        """The bytes of a file, read once, so that all that is told of it is told of the same bytes."""
        return cache(partial(read_raw, self.folder))

    @cached_property
    def edition(self) -> str:
        """The edition of the manual."""
        return str(self._take("edition.yaml", "edition")["edition"])

    @cached_property
    def forms(self) -> Mapping[str, Track]:
        """The financial forms, by the name that a user types: whatever track is of that family."""
        return Taken(self.track_names, self.tracks.__getitem__, self._is_form)

    @cached_property
    def version(self) -> Mapping[str, Any]:
        """What a file says of the shelf that it was written with: of two shelves the newer has the higher revision."""
        said = self._take("edition.yaml", "edition")
        return {"revision": said.get("revision", 0), "imprint": self.imprint}

    def _is_form(self, name: str) -> bool:
        return bool(self.written("track", name).value.get("family") == AGREEMENT)

    def _title(self, name: str) -> Text:
        title: Text = self.written("track", name).value["text"]
        return title

    def form(self, name: str) -> Track:
        """The form of that name; Usage if there is none."""
        if name not in self.forms:
            titles = {known: form.text for known, form in self.forms.items()}
            raise Usage("usage/form", NO_FORM, forms=with_codes(titles))
        return self.tracks[name]

    @cached_property
    def annexes(self) -> Mapping[str, Annex]:
        """The annexes that are signed as they stand, by the name that a user types, in the manual's order."""
        read = sorted((self.annex(name) for name in self.annex_names), key=lambda annex: int(annex.number))
        return {annex.name: annex for annex in read}

    @cached_property
    def annex_names(self) -> frozenset[str]:
        """The names of the annexes."""
        return frozenset(path.stem for path in (self.folder / "annexes").glob("*.yaml"))

    def annex(self, name: str) -> Annex:
        """The annex of that name, which is there."""
        return self._annexes[name]

    @cached_property
    def _annexes(self) -> Mapping[str, Annex]:
        return Taken(sorted(self.annex_names), lambda name: read_annex(self.folder, name))

    @cached_property
    def lists(self) -> Mapping[str, Mapping[str, Text]]:
        """Lists of codes that several fields share, and those whose words stand beside what they name."""
        listed = self._take("lists.yaml", "lists")["lists"]
        elsewhere: Mapping[str, Callable[[], Mapping[str, Text]]] = {
            "items": lambda: {item.name: item.text for item in self.items.values()},
            "forms": lambda: Taken(self.track_names, self._title, self._is_form),
            "tracks": lambda: {name: self.tracks[name].text for name in self.track_names},
            "houses": lambda: {name: kind.text for name, kind in self.kinds.items()},
        }
        return Taken((*listed, *elsewhere), lambda name: elsewhere[name]() if name in elsewhere else listed[name])

    @cached_property
    def called(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """What else people call the codes of a list; a code that an open list has not may be among them."""
        named: Mapping[str, Mapping[str, Sequence[str]]] = self._take("lists.yaml", "lists").get("called", {})
        return named

    @cached_property
    def acts(self) -> Mapping[str, Act]:
        """Every act by its name."""
        names = sorted(path.stem for path in (self.folder / "acts").glob("*.yaml"))
        return Taken(names, lambda name: read_act(self.written("act", name)))

    @cached_property
    def track_names(self) -> tuple[str, ...]:
        """The names of all tracks, in the order of her way; one that has no place in it comes last."""
        names = sorted(path.stem for path in (self.folder / "tracks").glob("*.yaml"))
        first = self.of_all_tracks.value["order"]
        return (*(name for name in first if name in names), *(name for name in names if name not in first))

    @cached_property
    def of_all_tracks(self) -> Written:
        """What is said of all tracks together."""
        return self._taken("tracks", "tracks.yaml")

    def path(self, name: str) -> str:
        """The place of a file that a name means: ``primary-interview.by`` is ``admission.primary_interview.by``."""
        first, _, rest = name.partition(".")
        at = "" if first == STAY else self.tracks[first].at  # places of a stay are told from within it
        return ".".join(part for part in (at, rest) if part)

    @cached_property
    def tracks(self) -> Mapping[str, Track]:
        """Every track by its name, each taken down when it is first asked for."""
        return Taken(self.track_names, self._track)

    def _track(self, name: str) -> Track:
        written = self.written("track", name)
        family = written.value.get("family")
        written.known("/family", [family] if family else [], self.track_names)
        return read_track(written, self.tracks[family] if family else None, self.lists)

    def written(self, kind: str, name: str) -> Written:
        """The track or act of that name as it is written, its keys held against what these may have."""
        return self._taken(kind, f"{kind}s/{name}.yaml")

    def _taken(self, kind: str, file: str) -> Written:
        if file not in self._taken_down:
            self._taken_down[file] = written = take_written(self.folder, file, self._raw(file))
            if not self.trusted:
                from shelterctl.library.trial.grammar import SHAPES  # noqa: PLC0415 - the shipped shelf does without it

                SHAPES[kind](written, "", written.value)
        return self._taken_down[file]

    @cached_property
    def _taken_down(self) -> dict[str, Written]:
        """The tracks and acts that were read already."""
        return {}

    @property
    def groups(self) -> Mapping[str, Any]:
        """The tracks as somebody looks for them who wants to write something down: groups, each with its text."""
        return dict(self.of_all_tracks.value.get("groups") or {})

    @property
    def blocks(self) -> tuple[str, ...]:
        """The tracks of which every file has one sealed block, be it empty, so that to have one tells nothing."""
        return tuple(self.of_all_tracks.value.get("blocks") or ())

    @property
    def moved(self) -> Mapping[str, str]:
        """Places where older files have in the open what is sealed now (``needs.effects``), each with its track."""
        return dict(self.of_all_tracks.value.get("moved") or {})

    @cached_property
    def languages(self) -> Mapping[str, Mapping[str, Any]]:
        """The languages of the shelf's texts: their names, which is the manual's own, and who reviewed the others."""
        return dict(self._take("languages.yaml", "languages")["languages"])

    @cached_property
    def kinds(self) -> Mapping[str, house.Kind]:
        """The kinds of house."""
        file = "houses.yaml"
        return {
            name: house.Kind(name, one["text"], history(self.folder, file, f"/kinds/{name}/capacity", one["capacity"]))
            for name, one in self._take(file, "houses")["kinds"].items()
        }

    @cached_property
    def shared(self) -> Fields:
        """Fields that an entry of any track may have: that it is struck through, and the two days of a span."""
        written = self.of_all_tracks
        return {
            name: field(written, f"/fields/{name}", name, one, self.lists)
            for name, one in written.value["fields"].items()
        }

    @property
    def void(self) -> Field:
        """That an entry is struck through."""
        return replace(self.shared["void"], of=("void",))

    def within(self, one: Field) -> Fields:
        """What stands inside a field; a period without words of its own has two days."""
        return one.fields or (self.shared["span"].fields if one.kind == "span" else {})

    @cached_property
    def places(self) -> Mapping[str, Field]:
        """The places of a record and of the registers, in the words by which a person is asked for them, by path."""
        return read_places(self.tracks.values(), self.shared)

    @cached_property
    def record(self) -> Field:
        """A client's file with everything that may stand in it; BrokenRulebook where two tracks claim one key."""
        try:
            return tree.record(self.tracks.values(), self.void, self.lists["parts"], self.moved)
        except tree.TwoOwnersError as error:
            raise self.written("track", error.track).broken("twice", error.place, TWO_OWNERS) from error

    @cached_property
    def ruled(self) -> tuple[Track, ...]:
        """The tracks that have something to be judged by, as they lie; forms and the report are judged apart."""
        hers = (track for track in self.tracks.values() if tree.HOMES.keys() & {*track.home})
        lying = (track for track in hers if track.name not in (AGREEMENT, REPORT) and track.family != AGREEMENT)
        return tuple(
            track for track in lying if track.rules or track.timed or any(part.rules for part in track.parts.values())
        )

    @cached_property
    def owing(self) -> tuple[Track, ...]:
        """The tracks of a client that have deadlines; monitoring is told apart, for more than a report answers it."""
        due = (name for name in self.track_names if name != REPORT and owes(self.written("track", name).value))
        return tuple(self.tracks[name] for name in due)

    @property
    def report(self) -> Track:
        """The monitoring report, and the duty that it answers."""
        return self.tracks[REPORT]

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every item of every act by its name."""
        return {item.name: item for act in self.acts.values() for item in act.items}

    @cached_property
    def states(self) -> Mapping[str, Mapping[str, Any]]:
        """Every state of a client, in the manual's order: its name, what it means, and what comes next."""
        return dict(self._take("states.yaml", "states")["states"])

    @cached_property
    def duties(self) -> Mapping[str, Mapping[str, Any]]:
        """The deadlines of the main job, each with its row, what it means and its clause."""
        return dict(self._take("duties.yaml", "duties")["duties"])

    @cached_property
    def clauses(self) -> Mapping[str, Mapping[str, Any]]:
        """Every clause that is cited: heading, gist and the manual's own words."""
        return dict(self._clauses["clauses"])

    def clause(self, name: str) -> Mapping[str, Any]:
        """A clause that is cited; one that is newer than the texts has its name, and no words yet."""
        if name in self.clauses:
            return self.clauses[name]
        return {"heading": {"en": name}, "gist": in_each_language(UNWRITTEN), "text": ""}

    @cached_property
    def readings(self) -> Mapping[str, Mapping[str, Any]]:
        """How the manual is read where it is unclear."""
        return dict(self._clauses["readings"])

    @cached_property
    def findings(self) -> Mapping[str, Mapping[str, Any]]:
        """What each finding's code means, and how it is resolved; items of checklists have their own texts."""
        return dict(self._take("findings.yaml", "findings")["findings"])

    @cached_property
    def _clauses(self) -> Mapping[str, Any]:
        return self._take("clauses.yaml", "clauses")

    def _take(self, name: str, schema: str) -> Mapping[str, Any]:
        return take(self.folder, name, schema, self._raw(name))
