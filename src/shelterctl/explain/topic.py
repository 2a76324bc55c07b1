"""The topics of help: a text of a few screens for each, told before anything heavy is imported."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shelterctl.ui_language import SCREEN_LANGUAGES, adapt_commands, choose_language, requested_language

TOPICS_PACKAGE = Path(__file__).parents[1]
TOPICS_SHIPPED = TOPICS_PACKAGE / "_shipped"
TOPICS_FOLDER = (TOPICS_SHIPPED if TOPICS_SHIPPED.is_dir() else TOPICS_PACKAGE.parents[1]) / "docs" / "topics"
"""Beside the package in a checkout, inside it once it is installed; one folder a language."""

TOPICS = (
    "start", "typing", "admission", "file", "agreements", "print", "monitoring", "backup", "gone", "windows", "privacy",
    "security", "exit-codes", "scripting", "data-officers", "carrying-on", "shelf",
)  # fmt: skip
"""Every topic: first what staff need, in the order of their work, then what those need who look after the program."""


def topic_lines(topic: str, spoken: str) -> list[str]:
    """A topic as it reads at a terminal: without the signs that only a web page needs."""
    written = adapt_commands((TOPICS_FOLDER / spoken / f"{topic}.md").read_text("utf-8"))
    return [line.lstrip("# ") if line.startswith("#") else line.replace("`", "") for line in written.splitlines()]


def topic_title(topic: str, spoken: str) -> str:
    """What a topic is about, as it says in its first line."""
    return topic_lines(topic, spoken)[0]


def read_topic_if_only_asked(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """The topic, where nothing is asked but that one in a language that is spoken; else it is a command like others."""
    asked = requested_language(arguments, environment)
    words = [word for word in arguments if word not in ("--lang", asked, f"--lang={asked}")]
    if words[:1] != ["help"] or words[1:] not in [[topic] for topic in TOPICS]:
        return None
    if asked not in (None, *SCREEN_LANGUAGES):
        return None
    return "\n".join(topic_lines(words[1], choose_language(arguments, environment))) + "\n"
