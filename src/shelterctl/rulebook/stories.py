"""The stories of Chapter IV as files: what a house writes down of an invented client, from referral to monitoring."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shelterctl.language import Sentence, Text
from shelterctl.rulebook.files import RESOURCES_FOLDER, read_rulebook_file

STORIES_FOLDER = RESOURCES_FOLDER / "examples" / "cases"
HOUSE_STORY = "house"
"""The file of the house in which all of them happen."""


class StoryStep(NamedTuple):
    """One command: the day, what is typed, what --from reads, which word stands for the id it makes, what it tells.

    Where it is *refused*, these are the codes, and nothing is written.
    """

    on: str
    command: str
    input: Mapping[str, Any] | None = None
    id_word: str = ""
    sentence: Sentence = ""
    refused: tuple[str, ...] = ()

    def command_words(self, ids: Mapping[str, str]) -> list[str]:
        """What is typed, with the ids for which words in capitals stand."""
        return [ids.get(word, word) for word in self.command.split()]

    def input_data(self, ids: Mapping[str, str]) -> Any:
        """What --from reads, with the same ids."""
        return _replace_ids(self.input, ids)


class StoryFact(NamedTuple):
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
    steps: tuple[StoryStep, ...]
    facts: tuple[StoryFact, ...]


def story_names() -> list[str]:
    """The stories by name."""
    return sorted(path.stem for path in STORIES_FOLDER.glob("*.yaml") if path.stem != HOUSE_STORY)


def read_story(name: str) -> Story:
    """The story of that name, or the house; BrokenRulebook with file and place if it is not whole."""
    written = read_rulebook_file(STORIES_FOLDER, f"{name}.yaml", schema="story").value
    return Story(
        written.get("story", ""),
        written["about"],
        tuple(written.get("clients") or ()),
        tuple(_build_step(each) for each in written["steps"]),
        tuple(_build_facts(written)),
    )


def _build_step(written: Mapping[str, Any]) -> StoryStep:
    given, keeps, says = (written.get(name) for name in ("given", "keeps", "says"))
    return StoryStep(
        written["on"], written["does"], given, keeps or "", says or "", tuple(written.get("refused") or ())
    )


def _build_facts(written: Mapping[str, Any]) -> Iterator[StoryFact]:
    for each in written.get("facts") or ():
        track, _, field = each["field"].partition(".")
        yield StoryFact(each["fact"], track, field, each.get("is"), each.get("times"))


def _replace_ids(given: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(given, dict):
        return {name: _replace_ids(value, ids) for name, value in given.items()}
    if isinstance(given, list):
        return [_replace_ids(each, ids) for each in given]
    return ids.get(given, given) if isinstance(given, str) else given
