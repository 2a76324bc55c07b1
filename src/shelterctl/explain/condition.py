"""Fields as pages name them, and in words what a condition of a rule or of a deadline asks of them."""

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
    "absent": N_("nothing"),
    "part": N_("a part of a date"),
}
"""Answers that are no codes."""

KIND_OF_HOUSE = N_("what kind of house it is")


def explained_fields(fields: Fields) -> Iterator[tuple[str, Field]]:
    """Every field with its dotted name; in the place of a group what is inside it, which follows a list of groups."""
    for name, one in nested_fields(fields, goes_into=lambda one: one.kind == "group"):
        if one.kind != "group" or (one.several and not one.by_file):
            yield name, one


def condition_in_words(rulebook: Rulebook, track: Track, name: str, answers: Iterable[str]) -> dict[str, Any]:
    """A field and the answers that are meant of it, in words."""
    one = find_condition_field(rulebook, track, name)
    kinds = {kind: each.text for kind, each in rulebook.house_kinds.items()} if name == "house" else {}
    known = {**PLAIN_ANSWERS, **PRESENCE_IN_WORDS, **(one.codes if one else {}), **kinds}
    return {
        "label": quote_label(one.text) if one and one.text else KIND_OF_HOUSE if kinds else name,
        "answers": [known.get(each, each) for each in answers],
    }


def find_condition_field(rulebook: Rulebook, track: Track, name: str) -> Field | None:
    """The field that a condition of a track names: its own, or one of another track; of a group without a label the
    first inside.
    """
    first, _, rest = name.partition(".")
    every = dict(explained_fields(track.fields))
    if name in every or not rest or first not in rulebook.tracks:
        group = field_at_path(track.fields, name)
        first_inside = next(iter(group.fields.values()), None) if group and not group.text else None
        return every.get(name) or first_inside or group
    return dict(explained_fields(rulebook.tracks[first].fields)).get(rest)
