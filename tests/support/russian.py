"""What the tests of the language share: the Russian catalogue, and which Latin words a sentence may keep."""

import re
from collections.abc import Iterable, Iterator
from string import Formatter
from typing import Any

from babel.messages.catalog import Message

from shelterctl.cli import app
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.core.manual.published_code import Wording
from shelterctl.explain import topic
from shelterctl.language import CountedText, choose_gender_forms
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from tools import catalogue, generated

RUSSIAN = catalogue.written("ru")
MESSAGES = [message for message in RUSSIAN if message.id]


def messages_of(wordings: Iterable[Wording]) -> Iterator[Message]:
    """Sentences of a published code, which the rulebook has in every language, as a catalogue has its own."""
    for wording in wordings:
        if not isinstance(wording.text, CountedText):
            yield Message(wording.text["en"], wording.text["ru"])
            continue
        english, russian = ({**wording.text.forms[language]} for language in ("en", "ru"))
        if "zero" in english:
            yield Message(english.pop("zero"), russian.pop("zero"))
        yield Message(tuple(english.values()), tuple(russian.values()))


CODES = [*open_rulebook().published.by_code.values()]
SAID = [message for code in CODES for message in messages_of(code.says)]
ADVISED = [message for code in CODES for message in messages_of(code.in_file)]
"""What published codes say to everybody, and to authors of files."""

TRANSLATED = [message for message in (*MESSAGES, *SAID, *ADVISED) if not catalogue.is_missing(message)]

NAMES = {
    "shelterctl", "SHELTERCTL_IDENTITY", "SHELTERCTL_MANUAL", "SHELTERCTL_LANG", "SHELTERCTL_IDLE",
    "age", "libyaml", "PyYAML", "KiB", "JSON", "YAML", "CSV", "UTF", "PDF", "QR", "json", "ndjson", "csv", "table",
    "x", "svg", "pdf", "html", "md", "txt", "bash", "zsh", "fish", "powershell", "PowerShell", "fpath", "PROFILE",
    "en", "ru", "ky", "KG", "YYYY", "MM", "DD", "DDTHH", "STAY", "NEW", "h", "help", "all", "privacy", "erase", "s",
    "gulnara", "visit", "reached", "not_reached", "no_contact_wished", "Caps", "Lock", "Enter", "Ctrl", "C",
    "chmod", "version", "ics",
    "Windows", "xlsx", "parquet", "tsv", "zip", "Parquet", "Excel", "cp1251", "SQL", "SELECT", "WITH", "FROM",
    "select", "from", "where", "by", "count", "sum", "avg", "max", "min", "DuckDB", "Ballista", "TABLES", "manifest",
    "pip", "install", "tables", "SIGN", "unfilled",
    "loses", "stays", "services", "agreed", "like",
    "standards", "tracks", "purposes", "sharing_consent",
    "true", "false", "null", "lock", "jsonl", "yaml", "OPTIONS", "COMMAND", "ARGS", "_shelterctl",
}  # fmt: skip
"""Names of programs, formats and keys that are the same in every language."""


def forms(message: Message) -> list[str]:
    strings = message.string
    return list(strings) if isinstance(strings, list | tuple) else [str(strings)]


def originals(message: Message) -> list[str]:
    return list(message.id) if message.pluralizable else [str(message.id)]


def facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name and "|" not in name}


def latin(text: str) -> Iterator[str]:
    """The words in Latin letters that a sentence says of its own; a word with a digit is an example or a clause."""
    for word in re.findall(r"[\w./-]*[A-Za-z][\w./-]*", re.sub(r"\{\w+\}", " ", choose_gender_forms(text))):
        if not re.search(r"\d|/|[А-яЁё]", word):
            yield from (part for part in re.split(r"[.-]", word) if part)


def words_of(node: Any) -> Iterator[str]:
    """Keys and codes of a schema."""
    if isinstance(node, dict):
        yield from node.get("properties") or {} if isinstance(node.get("properties"), dict) else ()
        yield from (each for each in node.get("enum") or () if isinstance(each, str))
        yield from (word for below in node.values() for word in words_of(below))
    elif isinstance(node, list):
        yield from (word for below in node for word in words_of(below))


def parts(command: Any, name: str) -> Iterator[str]:
    """What is typed of a command: its name, options and what stands for their values."""
    yield name
    for param in command.params:
        yield from (*param.opts, param.metavar or "")
    for below, one in getattr(command, "commands", {}).items():
        yield from parts(one, below)


def keys(rulebook: Rulebook, kind: str, name: str) -> Iterator[str]:
    """Every key of a track or an act, which whoever revises the manual types."""
    waiting: list[Any] = [rulebook.file_of(kind, name).value]
    while waiting:
        one = waiting.pop()
        yield from one if isinstance(one, dict) else ()
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()


def typed() -> set[str]:
    """Every word that is the same in every language, for it is typed: commands, options, keys and codes."""
    rulebook = open_rulebook()
    group = app.CommandGroup(name="shelterctl")
    known = [word for name in COMMAND_SUMMARIES for word in parts(group.get_command(None, name), name)]
    schemas = generated.make_schemas(rulebook)
    known += [*schemas, *(word for name, one in schemas.items() if name != "outcome" for word in words_of(one))]
    known += [*rulebook.items, *topic.TOPICS]
    known += [
        key for kind in ("track", "act") for name in getattr(rulebook, f"{kind}s") for key in keys(rulebook, kind, name)
    ]
    return NAMES | {part for word in known for part in re.split(r"[^A-Za-z_]+", word)}
