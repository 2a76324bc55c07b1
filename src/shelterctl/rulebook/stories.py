"""The stories of Chapter IV as files: what a house records of an invented client, from referral to monitoring."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from shelterctl.core.manual.notation import As, Key, Label
from shelterctl.language import Sentence
from shelterctl.rulebook.derivations import read_as
from shelterctl.rulebook.files import RESOURCES_FOLDER, read_rulebook_file

STORIES_FOLDER = RESOURCES_FOLDER / "examples" / "cases"
HOUSE_STORY = "house"
"""The file of the house in which all the stories take place."""


class StoryStep(NamedTuple):
    """One command: the day, what is typed, what --from reads, the word for the id that it creates, and its sentence.

    For a *refused* step these are the codes of the findings; nothing is written.
    """

    on: str
    command: Annotated[str, Key("does")]
    input: Annotated[object, Key("given")] = None
    id_word: Annotated[str, Key("keeps")] = ""
    sentence: Annotated[Sentence, Key("says"), As(Label)] = ""
    refused: tuple[str, ...] = ()

    def command_words(self, ids: Mapping[str, str]) -> list[str]:
        """Return the words that are typed, with ids in place of the words in capitals that stand for them."""
        return [ids.get(word, word) for word in self.command.split()]

    def input_data(self, ids: Mapping[str, str]) -> Any:
        """Return what --from reads, with ids in place of the words that stand for them."""
        return _replace_ids(self.input, ids)


class StoryFact(NamedTuple):
    """A sentence of the manual's story, and where the client's file says it: the track, and the field in it.

    *is_* is the field's value in one entry, or an item of its list; *times* is the number of entries.
    """

    fact: Label
    name: Annotated[str, Key("field")]
    is_: Annotated[object, Key("is")] = None
    times: int | None = None

    @property
    def track(self) -> str:
        """The name of the track."""
        return self.name.partition(".")[0]

    @property
    def field(self) -> str:
        """The name of the field in it, dotted if it is inside another field."""
        return self.name.partition(".")[2]


class Story(NamedTuple):
    """A story of the manual: its clause, its title, its clients, its steps and its facts."""

    about: Label
    steps: tuple[StoryStep, ...]
    clause: Annotated[str, Key("story")] = ""
    clients: tuple[str, ...] = ()
    facts: tuple[StoryFact, ...] = ()


def read_story(name: str) -> Story:
    """Return the story of that name, or the house; raise BrokenRulebook with file and place if it is not whole."""
    return read_as(Story, read_rulebook_file(STORIES_FOLDER, f"{name}.yaml", schema="story"), {}, trusted=True)


def _replace_ids(given: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(given, dict):
        return {name: _replace_ids(value, ids) for name, value in given.items()}
    if isinstance(given, list):
        return [_replace_ids(each, ids) for each in given]
    return ids.get(given, given) if isinstance(given, str) else given
