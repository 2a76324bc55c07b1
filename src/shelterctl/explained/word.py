"""A word of the program itself, as it stands on its screens: gate, stay, draft, recovery key."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.core.finding import Outcome
from shelterctl.explained.layout import MEANS, SEE, layout, named, text
from shelterctl.language import Text
from shelterctl.library import Shelf, read_glossary


def words(shelf: Shelf) -> Mapping[str, Mapping[str, Any]]:
    """Every word that is explained, by what it is called on an English screen."""
    return read_glossary()


def also() -> Iterator[tuple[str, str]]:
    """Other ways to say a word, in Russian too, each with the word."""
    for name, it in read_glossary().items():
        yield from ((other, name) for other in it.get("also", ()))


def word(shelf: Shelf, name: str, day: date) -> Outcome:
    """What a word means here, and what it is seen with."""
    known = words(shelf)[name]
    prose = layout(name, known["text"], text(MEANS, known["means"]), named(SEE, _beside(shelf, known)))
    return Outcome(data={"word": name, **known}, prose=prose)


def _beside(shelf: Shelf, known: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    for name in known.get("see", ()):
        about = shelf.states.get(name) or words(shelf).get(name)
        yield name, about["text"] if about else shelf.clauses[name]["heading"]
