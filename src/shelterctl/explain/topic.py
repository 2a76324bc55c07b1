"""The topics of help: pages of a few screens, shown before anything heavy is imported."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shelterctl.ui_language import SCREEN_LANGUAGES, adapt_commands, choose_language, requested_language

TOPICS_PACKAGE = Path(__file__).parents[1]
TOPICS_SHIPPED = TOPICS_PACKAGE / "_shipped"
TOPICS_FOLDER = (TOPICS_SHIPPED if TOPICS_SHIPPED.is_dir() else TOPICS_PACKAGE.parents[1]) / "docs" / "topics"
"""The folder of the topics, next to the package in a checkout, inside it once installed; it has one folder for each
language.
"""

TOPICS_BY_READER = {
    "staff": (
        "start", "typing", "admission", "file", "shift", "registers", "reports", "agreements", "print", "monitoring",
        "backup", "gone", "keys", "roles", "privacy",
    ),
    "officer": (
        "data-officers", "exports", "hub", "matching", "recipes", "publish", "published-counts", "scripting", "formats",
        "commands", "stricter", "revision", "exit-codes",
    ),
    "installer": ("install", "windows", "security"),
    "contributor": ("carrying-on", "rulebook", "elsewhere"),
}  # fmt: skip
"""Every topic under the reader it is written for, in the order in which that reader needs them."""

TOPICS = tuple(topic for topics in TOPICS_BY_READER.values() for topic in topics)
"""Every topic, those for staff first."""

TOPIC_ALIASES = {
    "shelf": "rulebook",
    "первый-час": "start", "начало": "start", "ввод": "typing", "приём": "admission",
    "журналы": "registers", "смена": "shift", "отчёты": "reports", "соглашения": "agreements", "печать": "print",
    "мониторинг": "monitoring",
    "копия": "backup", "резервная-копия": "backup", "потеря": "gone", "украли": "gone", "тайна": "privacy",
    "скрипты": "scripting", "команды": "commands", "коды-завершения": "exit-codes", "установка": "install",
    "безопасность": "security", "свод-правил": "rulebook", "ключи": "keys", "роли": "roles",
    "малые-числа": "published-counts", "публикация": "publish", "новая-редакция": "revision", "строже": "stricter",
    "другая-страна": "elsewhere", "выгрузка": "exports", "рецепты": "recipes",
    "форматы": "formats", "сверка": "matching",
}  # fmt: skip
"""Other names of topics: the earlier name of the rulebook's page, and Russian words."""


def find_topic(words: Sequence[str]) -> str | None:
    """Return the topic that *words* name, such as ``exit codes`` or ``печать``; None where they name none."""
    name = "-".join(words).casefold()
    return name if name in TOPICS else TOPIC_ALIASES.get(name)


def topic_lines(topic: str, spoken: str) -> list[str]:
    """Return the lines of a topic for a terminal, without Markdown's headings and backticks."""
    written = adapt_commands((TOPICS_FOLDER / spoken / f"{topic}.md").read_text("utf-8"))
    return [line.lstrip("# ") if line.startswith("#") else line.replace("`", "") for line in written.splitlines()]


def topic_title(topic: str, spoken: str) -> str:
    """Return the title of a topic: its first line."""
    return topic_lines(topic, spoken)[0]


def read_topic_if_only_asked(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """Return the text of a topic if the command line is ``help TOPIC``, with at most a screen language beside it.

    None for every other command line: the program reads that in full.
    """
    asked = requested_language(arguments, environment)
    words = [word for word in arguments if word not in ("--lang", asked, f"--lang={asked}")]
    topic = find_topic(words[1:2]) if words[:1] == ["help"] and len(words) == 2 else None
    if topic is None or asked not in (None, *SCREEN_LANGUAGES):
        return None
    return "\n".join(topic_lines(topic, choose_language(arguments, environment))) + "\n"
