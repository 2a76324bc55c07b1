"""The rows of a list of changes: who recorded, changed or struck through which entry of a client's file, and when."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, Stay, value_at
from shelterctl.core.record.entries import is_of_track
from shelterctl.core.record.file_tree import HOME_PATHS, STAYS_KEY
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY, entry_changes
from shelterctl.core.rules.context import Tracks
from shelterctl.core.tables.columns import ListRow
from shelterctl.core.values.facts import Facts

RECORDED, COMPLETED, CHANGED, STRUCK = "recorded", "completed", "changed", "struck"
"""The kinds of changes to an entry, as the list ``change_kinds`` of the rulebook names it."""


def change_list_rows(tracks: Tracks, all_: Iterable[Client]) -> Iterator[ListRow]:
    """Yield a row for each time that an entry of a client's file was recorded, completed, changed or struck through.

    Answers that have no entry of their own, such as her identity, are changes of her file or of her stay. Sealed
    entries have no rows. The facts of a row are ``track``, ``entry``, ``what``, ``at``, ``by`` and ``fields``.
    """
    families = {track.family for track in tracks.values()}
    listed = [
        track
        for name, track in tracks.items()
        if track.many and track.at != STAYS_KEY and not track.seal and {*track.home} & HOME_PATHS.keys()
        and name not in families
    ]  # fmt: skip
    person = next((name for name, track in tracks.items() if not track.at and "client" in track.home), "")
    stays = next((name for name, track in tracks.items() if track.at == STAYS_KEY), "")
    for her in all_:
        yield from _changes_of(her, None, person, her.facts)
        yield from _changes_of_lists(her, None, listed, her.facts)
        for index, facts in enumerate(her.facts.get(STAYS_KEY) or ()):
            stay = Stay(facts, index)
            yield from _changes_of(her, stay, stays, facts)
            yield from _changes_of_lists(her, stay, listed, facts)


def _changes_of_lists(her: Client, stay: Stay | None, listed: Iterable[Track], home: Facts) -> Iterator[ListRow]:
    for track in listed:
        for entry in value_at(home, track.at) or ():
            if is_of_track(track, entry):
                yield from _changes_of(her, stay, track.name, entry)


def _changes_of(her: Client, stay: Stay | None, track: str, entry: Facts) -> Iterator[ListRow]:
    own = {"track": track, "entry": entry.get("id")}

    def row(what: str, at: Any, by: Any, fields: Iterable[str] = ()) -> ListRow:
        return ListRow(her, stay, {**own, "what": what, "at": at, "by": by, "fields": tuple(fields) or None})

    if "recorded_at" in entry:
        yield row(RECORDED, entry["recorded_at"], entry.get("recorded_by"))
    replaced = [change["at"] for change in entry_changes(entry)]
    for change in entry.get(CHANGES_KEY) or ():
        what = CHANGED if change["at"] in replaced else COMPLETED
        yield row(what, change["at"], change.get("by"), _changed_fields(change[BEFORE_KEY]))
    if isinstance(struck := entry.get("void"), Mapping):
        yield row(STRUCK, struck.get("on"), struck.get("by"))


def _changed_fields(before: Facts, lead: str = "") -> Iterator[str]:
    """Yield the dotted name of each field that a change gave a value, or another one."""
    for name, value in before.items():
        if isinstance(value, Mapping):
            yield from _changed_fields(value, f"{lead}{name}.")
        else:
            yield f"{lead}{name}"
