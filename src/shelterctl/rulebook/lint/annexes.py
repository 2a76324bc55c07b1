"""Where it can be recorded that she signed an annex: in a group of her stay that has the fields for it."""

from collections.abc import Iterator, Mapping

from shelterctl.core.manual.field import Fields
from shelterctl.core.manual.track import Track
from shelterctl.core.record.keyed_groups import is_list_of_groups

FIELDS_OF_SIGNATURE = {"signed": "yes_no", "signed_on": "day"}
"""The fields in which the signature of an annex is recorded, each with its kind."""


def places_of_signatures(tracks: Mapping[str, Track]) -> list[str]:
    """The places of a stay at which a signature can be recorded, by the *tracks* of each place.

    A place is a whole track of which a stay has one, or a group in it; the place of the stay itself is empty.
    """
    lying = {at: one for at, one in tracks.items() if not at or ("stay" in one.home and not one.many and not one.seal)}
    groups = (group for at, track in lying.items() for group in _groups_of(at, track.fields))
    return [place for place, fields in groups if place and _can_record_signature(fields)]


def _groups_of(place: str, fields: Fields) -> Iterator[tuple[str, Fields]]:
    """The fields that stand at a place, and those of each group below it, with its dotted place."""
    yield place, fields
    for name, one in fields.items():
        if one.fields and not is_list_of_groups(one):
            yield from _groups_of(f"{place}.{name}".lstrip("."), one.fields)


def _can_record_signature(fields: Fields) -> bool:
    return all(name in fields and fields[name].kind == kind for name, kind in FIELDS_OF_SIGNATURE.items())
