"""The topics of help: one text of a few screens for each, shown before anything large is imported."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shelterctl.ui_language import SCREEN_LANGUAGES, adapt_commands, choose_language, requested_language

TOPICS_PACKAGE = Path(__file__).parents[1]
TOPICS_SHIPPED = TOPICS_PACKAGE / "_shipped"
TOPICS_FOLDER = (TOPICS_SHIPPED if TOPICS_SHIPPED.is_dir() else TOPICS_PACKAGE.parents[1]) / "docs" / "topics"
"""The folder of the topics, next to the package in a checkout, inside it once installed; it has one folder for each
language.
"""

TOPICS = (
    "start", "typing", "admission", "file", "agreements", "print", "monitoring", "backup", "gone", "windows", "privacy",
    "security", "exit-codes", "scripting", "data-officers", "carrying-on", "shelf",
)  # fmt: skip
"""Every topic: first those for staff, in the order of their work, then those for people who look after the program."""


def topic_lines(topic: str, spoken: str) -> list[str]:
    """Return the lines of a topic for a terminal, without the marks of Markdown."""
    written = adapt_commands((TOPICS_FOLDER / spoken / f"{topic}.md").read_text("utf-8"))
    return [line.lstrip("# ") if line.startswith("#") else line.replace("`", "") for line in written.splitlines()]


def topic_title(topic: str, spoken: str) -> str:
    """Return the title of a topic, which is its first line."""
    return topic_lines(topic, spoken)[0]


def read_topic_if_only_asked(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """Return the text of a topic if the arguments ask for nothing else, in a language of the screen; else None."""
    asked = requested_language(arguments, environment)
    words = [word for word in arguments if word not in ("--lang", asked, f"--lang={asked}")]
    if words[:1] != ["help"] or words[1:] not in [[topic] for topic in TOPICS]:
        return None
    if asked not in (None, *SCREEN_LANGUAGES):
        return None
    return "\n".join(topic_lines(words[1], choose_language(arguments, environment))) + "\n"
