"""Fields as the pages name them, and conditions of rules and deadlines in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shelterctl.core.manual.field import Field, Fields, nested_fields
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import field_at_path
from shelterctl.core.rules.messages import PLAIN_ANSWERS, quote_label
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_

PRESENCE_IN_WORDS: Mapping[str, Any] = {
    "there": N_("anything"),
    "absent": N_("not given yet"),
    "part": N_("a part of a date"),
}
"""The words for conditions that name no code."""

KIND_OF_HOUSE = N_("the kind of house")


def explained_fields(fields: Fields) -> Iterator[tuple[str, Field]]:
    """Yield every field with its dotted name; a group is replaced by its fields, a list of groups is followed by
    them.
    """
    for name, one in nested_fields(fields, goes_into=lambda one: one.kind == "group"):
        if one.kind != "group" or (one.several and not one.by_file):
            yield name, one


def condition_in_words(rulebook: Rulebook, track: Track, name: str, answers: Iterable[str]) -> dict[str, Any]:
    """Return a field and the accepted answers, in words."""
    one = find_condition_field(rulebook, track, name)
    kinds = {kind: each.text for kind, each in rulebook.house_kinds.items()} if name == "house" else {}
    known = {**PLAIN_ANSWERS, **PRESENCE_IN_WORDS, **(one.codes if one else {}), **kinds}
    return {
        "label": quote_label(one.text) if one and one.text else KIND_OF_HOUSE if kinds else name,
        "answers": [known.get(each, each) for each in answers],
    }


def find_condition_field(rulebook: Rulebook, track: Track, name: str) -> Field | None:
    """Return the field that a condition of a track names: its own, or one of another track.

    For a group without a label it is the first field inside; None if there is no such field.
    """
    first, _, rest = name.partition(".")
    every = dict(explained_fields(track.fields))
    if name in every or not rest or first not in rulebook.tracks:
        group = field_at_path(track.fields, name)
        first_inside = next(iter(group.fields.values()), None) if group and not group.text else None
        return every.get(name) or first_inside or group
    return dict(explained_fields(rulebook.tracks[first].fields)).get(rest)
