"""The stories of Chapter IV as files: what a house writes down of an invented client, from referral to monitoring."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shelterctl.language import Sentence, Text
from shelterctl.library.file import BESIDE, hold, read_raw, read_strictly

CASES = BESIDE / "examples" / "cases"
HOUSE = "house"
"""The file of the house in which all of them happen."""


class Step(NamedTuple):
    """One command: the day, what is typed, what --from reads, which word stands for the id it makes, what it tells.

    Where it is *refused*, these are the codes, and nothing is written.
    """

    on: str
    does: str
    given: Mapping[str, Any] | None = None
    keeps: str = ""
    says: Sentence = ""
    refused: tuple[str, ...] = ()

    def words(self, ids: Mapping[str, str]) -> list[str]:
        """What is typed, with the ids for which words in capitals stand."""
        return [ids.get(word, word) for word in self.does.split()]

    def told(self, ids: Mapping[str, str]) -> Any:
        """What --from reads, with the same ids."""
        return _filled(self.given, ids)


class Fact(NamedTuple):
    """A sentence of the manual's story, and where the client's file says it: the track, and the field in it.

    It is what stands there in one entry, or is on the list there; or how many *times* there is an entry.
    """

    fact: Text
    track: str
    field: str
    is_: Any = None
    times: int | None = None


class Story(NamedTuple):
    """A story: its clause, whom it is about, its steps and its facts."""

    clause: str
    about: Text
    clients: tuple[str, ...]
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...]


def stories() -> list[str]:
    """The stories by name."""
    return sorted(path.stem for path in CASES.glob("*.yaml") if path.stem != HOUSE)


def read_story(name: str) -> Story:
    """The story of that name, or the house; BrokenRulebook with file and place if it is not whole."""
    file = f"{name}.yaml"
    read = read_strictly(file, read_raw(CASES, file))
    hold(file, read, "story")
    written = read.value
    return Story(
        written.get("story", ""),
        written["about"],
        tuple(written.get("clients") or ()),
        tuple(_step(each) for each in written["steps"]),
        tuple(_facts(written)),
    )


def _step(written: Mapping[str, Any]) -> Step:
    given, keeps, says = (written.get(name) for name in ("given", "keeps", "says"))
    return Step(written["on"], written["does"], given, keeps or "", says or "", tuple(written.get("refused") or ()))


def _facts(written: Mapping[str, Any]) -> Iterator[Fact]:
    for each in written.get("facts") or ():
        track, _, field = each["field"].partition(".")
        yield Fact(each["fact"], track, field, each.get("is"), each.get("times"))


def _filled(given: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(given, dict):
        return {name: _filled(value, ids) for name, value in given.items()}
    if isinstance(given, list):
        return [_filled(each, ids) for each in given]
    return ids.get(given, given) if isinstance(given, str) else given
