"""What is to be written down in her file, chosen at the terminal: of what kind, a new entry or one that is there."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from shelterctl import ask, screen
from shelterctl.act.entry import told
from shelterctl.act.input import Input
from shelterctl.core.choice import near
from shelterctl.core.entry import Entry, may_matter
from shelterctl.core.everyone import of_client
from shelterctl.core.finding import Outcome
from shelterctl.core.notation import on_the_list
from shelterctl.core.record import Client
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.library import Shelf
from shelterctl.walk import addition, deed
from shelterctl.walk.step import Head

WHAT = N_("What is to be written down? Enter goes back.")
WHICH = N_("{what}: a new entry, or one that is there? Enter goes back.")
TRACK = N_("{what}")
SEALED = N_("{what} (sealed; everyone who uses this computer can read it)")
REST = N_("who she is, her papers, her admission")
NEW = N_("a new one")
GO_ON = N_("fill in, or correct: {what}, {on}")
DO = N_("{act}: {what}, {on}")
LAST = 7
"""So many of her entries are offered; an older one is named with the command."""


def walk(here: Desk, id_: str) -> Outcome | None:
    """Choose a kind by its group, then a new entry or one of hers, and write it down; None where she goes back."""
    her, _ = here.store.client(id_)
    open_ = list(addition.open_to(here.shelf, her))
    groups = list(_groups(here.shelf, open_))
    while (group := ask.pick(WHAT, [head for head, _ in groups])) is not None:
        tracks = _named(here.shelf, open_, group) if isinstance(group, str) else groups[group][1]
        if not tracks:
            wrong = on_the_list(len(groups))
            screen.tell(wrong.sentence, wrong.facts, indent="  ! ")
            continue
        while track := _track(tracks):
            if done := of_track(here, her, track):
                return done
            if len(tracks) == 1:
                break
    return None


def _groups(shelf: Shelf, open_: Sequence[Track]) -> Iterator[tuple[Head, Sequence[Track]]]:
    """The kinds that her file may take, by their groups; what is in none of them comes last."""
    listed = {name for one in shelf.groups.values() for name in one["tracks"]}
    for one in shelf.groups.values():
        if tracks := [track for name in one["tracks"] for track in open_ if track.name == name]:
            yield (SEALED if any(track.seal for track in tracks) else TRACK, {"what": one["text"]}), tracks
    if rest := [track for track in open_ if track.name not in listed]:
        yield (REST, {}), rest


def _named(shelf: Shelf, open_: Sequence[Track], words: str) -> Sequence[Track]:
    """The kinds that are called so, or nearly so: by their own words, or by others that people have for them."""
    also = shelf.called.get("tracks", {})
    called = {track.name: [*track.offered.values(), *also.get(track.name, ())] for track in open_}
    found = near(words, called)
    return [track for track in open_ if track.name in found]


def _track(tracks: Sequence[Track]) -> Track | None:
    """The kind that is chosen, where there are several; None where she goes back."""
    which = 0 if len(tracks) == 1 else ask.choice(WHAT, [(TRACK, {"what": track.offered}) for track in tracks])
    return None if which is None else tracks[which]


def of_track(here: Desk, her: Client, track: Track) -> Outcome | None:
    """A new entry, one of hers that is filled in, or an act that is done to one."""
    entries = sorted(of_client(track, her), key=lambda one: str(one.day or ""), reverse=True)[:LAST]
    if not track.many or not entries:
        return addition.walk(here, her.id, track)
    acts: list[tuple[Head, Callable[[], Outcome]]] = [((NEW, {}), partial(addition.walk, here, her.id, track))]
    for entry in entries:
        acts += _of(here, her, track, entry)
    chosen = ask.choice(WHICH, [head for head, _ in acts], {"what": track.offered})
    return None if chosen is None else acts[chosen][1]()


def _of(here: Desk, her: Client, track: Track, entry: Entry) -> Iterator[tuple[Head, Callable[[], Outcome]]]:
    """What may be done with one entry: acts that are not done yet and can still matter, and to fill it in."""
    said = told(here.shelf, entry.where, entry.written)
    one, facts = str(entry.written["id"]), {"what": said["what"], "on": said["on"]}
    for name, each in track.deeds.items():
        if each.writes not in entry.written and may_matter(each, entry):
            act = partial(deed.walk, here, her.id, track, name, Input({}, (), None), one)
            yield (DO, {**facts, "act": each.text}), act
    yield (GO_ON, facts), partial(addition.walk, here, her.id, track, one)
