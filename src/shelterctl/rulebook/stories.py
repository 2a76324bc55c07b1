"""The stories of Chapter IV as files: what a house writes down of an invented client, from referral to monitoring."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from shelterctl.core.manual.notation import As, Key, Label
from shelterctl.language import Sentence
from shelterctl.rulebook.derivations import read_as
from shelterctl.rulebook.files import RESOURCES_FOLDER, read_rulebook_file

STORIES_FOLDER = RESOURCES_FOLDER / "examples" / "cases"
HOUSE_STORY = "house"
"""The file of the house in which all of them happen."""


class StoryStep(NamedTuple):
    """One command: the day, what is typed, what --from reads, which word stands for the id it makes, what it tells.

    Where it is *refused*, these are the codes, and nothing is written.
    """

    on: str
    command: Annotated[str, Key("does")]
    input: Annotated[object, Key("given")] = None
    id_word: Annotated[str, Key("keeps")] = ""
    sentence: Annotated[Sentence, Key("says"), As(Label)] = ""
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

    fact: Label
    name: Annotated[str, Key("field")]
    is_: Annotated[object, Key("is")] = None
    times: int | None = None

    @property
    def track(self) -> str:
        """The track."""
        return self.name.partition(".")[0]

    @property
    def field(self) -> str:
        """The field in it, dotted where it stands inside another one."""
        return self.name.partition(".")[2]


class Story(NamedTuple):
    """A story: its clause, whom it is about, its steps and its facts."""

    about: Label
    steps: tuple[StoryStep, ...]
    clause: Annotated[str, Key("story")] = ""
    clients: tuple[str, ...] = ()
    facts: tuple[StoryFact, ...] = ()


def read_story(name: str) -> Story:
    """The story of that name, or the house; BrokenRulebook with file and place if it is not whole."""
    return read_as(Story, read_rulebook_file(STORIES_FOLDER, f"{name}.yaml", schema="story"), {}, trusted=True)


def _replace_ids(given: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(given, dict):
        return {name: _replace_ids(value, ids) for name, value in given.items()}
    if isinstance(given, list):
        return [_replace_ids(each, ids) for each in given]
    return ids.get(given, given) if isinstance(given, str) else given
