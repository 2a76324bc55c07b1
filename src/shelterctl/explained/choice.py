"""A code that stands in a file: what it says, where it may stand, and what may stand there instead."""

from collections.abc import Mapping
from datetime import date

from shelterctl.core.field import Field
from shelterctl.core.finding import Outcome
from shelterctl.explained.layout import layout, named
from shelterctl.explained.meaning import headings
from shelterctl.explained.word import also, words
from shelterctl.language import N_
from shelterctl.library import Shelf

WHERE = N_("Where it stands")
INSTEAD = N_("What may stand there")


def choices(shelf: Shelf) -> Mapping[str, Mapping[str, Field]]:
    """Every code of a closed list, with the places that it may stand in; others may have a page already."""
    found: dict[str, dict[str, Field]] = {}
    known = {*shelf.states, *shelf.forms, *shelf.kinds, *words(shelf), *(other for other, _ in also())}
    known |= shelf.items.keys()
    for path, place in shelf.places.items():
        for code in () if place.open else place.codes:
            if code not in known:
                found.setdefault(code, {})[path] = place
    return found


def choice(shelf: Shelf, name: str, day: date) -> Outcome:
    """What a code says in each place, and the other codes of a place that is the only one."""
    places = choices(shelf)[name]
    first = next(iter(places.values()))
    listed = first.codes if len(places) == 1 else {}
    prose = layout(
        name,
        first.codes[name],
        named(WHERE, [(path, place.text) for path, place in places.items()]),
        named(INSTEAD, listed.items()),
        headings(shelf, [place.clause for place in places.values() if place.clause]),
    )
    told = [{"place": path, "text": place.text, "means": place.codes[name]} for path, place in places.items()]
    return Outcome(data={"code": name, "places": told, "codes": list(listed)}, prose=prose)
