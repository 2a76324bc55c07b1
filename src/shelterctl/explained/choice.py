"""A code that stands in a file: what it says, where it may stand, and what may stand there instead."""

from collections.abc import Mapping
from datetime import date

from shelterctl.core.finding import Outcome
from shelterctl.core.place import Place
from shelterctl.explained.layout import layout, named
from shelterctl.explained.meaning import headings
from shelterctl.explained.word import also, words
from shelterctl.language import N_
from shelterctl.library import Shelf

WHERE = N_("Where it stands")
INSTEAD = N_("What may stand there")


def choices(shelf: Shelf) -> Mapping[str, list[Place]]:
    """Every code of a closed list, with the places that it may stand in; others may have a page already."""
    found: dict[str, list[Place]] = {}
    known = {*shelf.states, *shelf.form_names, *shelf.kinds, *words(shelf), *(other for other, _ in also())}
    known |= shelf.items.keys()
    for place in shelf.places.values():
        for code in () if place.open else place.codes:
            if code not in known:
                found.setdefault(code, []).append(place)
    return found


def choice(shelf: Shelf, name: str, day: date) -> Outcome:
    """What a code says in each place, and the other codes of a place that is the only one."""
    places = choices(shelf)[name]
    listed = places[0].codes if len(places) == 1 else {}
    prose = layout(
        name,
        places[0].codes[name],
        named(WHERE, [(place.path, place.text) for place in places]),
        named(INSTEAD, listed.items()),
        headings(shelf, [place.clause for place in places if place.clause]),
    )
    told = [{"place": place.path, "text": place.text, "means": place.codes[name]} for place in places]
    return Outcome(data={"code": name, "places": told, "codes": list(listed)}, prose=prose)
