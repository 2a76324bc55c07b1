"""What could be typed at one place of a command: commands, options, forms, topics and other words of the program.

Nothing here opens a store: an id or a name is never offered, for whoever stands behind her would read it too.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from typer.core import TyperArgument, TyperGroup

from shelterctl import edition
from shelterctl.cli.app import COMMANDS, Commands
from shelterctl.cli.options import of_groups
from shelterctl.explained import topic
from shelterctl.language import N_, SPOKEN, current, translated
from shelterctl.output import Format

HELP = N_("Show this message and exit.")
VERSION = N_("What this is: version, edition of the manual, languages.")
SHELLS = {"bash": "shelterctl.bash", "zsh": "_shelterctl", "fish": "shelterctl.fish", "powershell": "shelterctl.ps1"}
"""The shells that can complete, and the file that each reads."""

WORDS = "words"
MANY = -1
"""How typer writes that an argument may be given again and again."""

Candidates = tuple[str, list[tuple[str, str]]]
"""Of what kind they are (words, files or folders, which the shell knows better), and each with its meaning."""


def candidates(words: Sequence[str], at: int) -> Candidates:
    """What could stand at word *at*, counted from 1 behind the program's name; *words* is what is typed already."""
    before, begun = _joined(list(words[: at - 1]), words[at - 1] if at <= len(words) else "")
    option, equals, value = begun.partition("=")
    if equals and begun.startswith("--"):  # one word for us and for zsh, three for bash
        kind, found = candidates([*before, option, value], len(before) + 2)
        return kind, [(f"{option}={word}", meaning) for word, meaning in found]
    command, rest = _command(before)
    if command is None:
        return WORDS, []
    kind, found = _next(command, rest, begun)
    return kind, [(word, meaning) for word, meaning in found if word.startswith(begun)]


def _joined(before: list[str], begun: str) -> tuple[list[str], str]:
    """The words as typed; bash takes ``--form=pink`` apart into three."""
    if begun == "=" and before[-1:] and before[-1].startswith("--"):
        return before, ""
    whole: list[str] = []
    for word in before:
        if word == "=" and whole and whole[-1].startswith("--"):
            continue
        whole.append(word)
    return whole, begun


def _command(before: Sequence[str]) -> tuple[Any, list[str]]:
    """The command that is named so far, and the words behind its name; none where there is no such command."""
    found: Any = Commands(name="shelterctl", params=of_groups())
    words = list(before)
    while isinstance(found, TyperGroup):
        while (words[1:] and words[0] == "--lang") or (words and words[0].startswith("--lang=")):
            del words[: 1 if "=" in words[0] else 2]
        if not words or words[0] == "--lang":
            break
        name = words.pop(0)
        found = found.get_command(None, name) if isinstance(found, Commands) else found.commands.get(name)
    return found, words


def _next(command: Any, rest: Sequence[str], begun: str) -> Candidates:
    """What may follow the words behind a command's name."""
    options = {name: param for param in command.params for name in param.opts if name.startswith("--")}
    if rest and _takes(options.get(rest[-1])):
        return _values(command, options[rest[-1]].metavar, ())
    if begun.startswith("-"):
        return WORDS, list(_options(command, options, rest))
    if isinstance(command, Commands):
        return WORDS, [(name, _said(text)) for name, text in COMMANDS.items()]
    if isinstance(command, TyperGroup):
        return WORDS, [(name, _first(below.help)) for name, below in command.commands.items()]
    before = ("", *rest)
    given = [word for last, word in pairwise(before) if not word.startswith("--") and not _takes(options.get(last))]
    places = [param for param in command.params if isinstance(param, TyperArgument)]
    if len(given) < len(places):
        return _values(command, places[len(given)].metavar, given)
    return _values(command, places[-1].metavar, given) if places and places[-1].nargs == MANY else (WORDS, [])


def _takes(option: Any) -> bool:
    """Whether a word belongs to the option before it."""
    return option is not None and not option.is_flag


def _options(command: Any, options: Mapping[str, Any], rest: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The options that are not there yet."""
    for name, param in options.items():
        if name != "--help" and (name not in rest or param.multiple):
            yield name, _first(param.help)
    if isinstance(command, Commands):
        yield "--version", _said(VERSION)
    yield "--help", _said(HELP)


def _values(command: Any, metavar: str | None, given: Sequence[str]) -> Candidates:
    """What an option or an argument takes, as far as it is a word of the program; *given* are arguments before it."""
    names = set((metavar or "").strip("[]…").split("|"))
    if "FILE" in names:
        return "files", []
    if "DIR" in names:
        return "folders", []
    told: list[tuple[str, str]] = []
    if "FORMAT" in names:
        told += [(each.value, "") for each in Format]
    if "LANG" in names:
        told += [(language, "") for language in (_of_paper() if _prints(command) else SPOKEN)]
    if "SHELL" in names:
        told += [(shell, "") for shell in SHELLS]
    if "FORM" in names:
        told += [(name, "") for name in _forms(financial=command.name == "agreement")]
    if "TOPIC" in names:
        told += _topics(given)
    return WORDS, [*told, *((name, "") for name in sorted(names) if name.islower())]  # a word that stands for itself


def _prints(command: Any) -> bool:
    """Whether forms come out of it, so that its language may be that of paper."""
    return any(param.name == "blank" for param in command.params)


def _of_paper() -> Sequence[str]:
    return list(edition.languages(_shelf()))


def _shelf() -> str:
    return os.environ.get("SHELTERCTL_MANUAL") or edition.SHELF


def _forms(*, financial: bool) -> list[str]:
    """The names of the forms that lie on the shelf, which need not be read for that."""
    folder = Path(_shelf())
    names = [path.stem for path in folder.glob("forms/*.yaml") if not financial or _is_financial(path)]
    return sorted(names if financial else [*names, *(path.stem for path in folder.glob("annexes/*.yaml"))])


def _is_financial(form: Path) -> bool:
    with suppress(OSError), form.open("rb") as written:
        return b"form/1" in written.readline()
    return False


def _topics(given: Sequence[str]) -> list[tuple[str, str]]:
    """What one may read about: topics and commands, and behind a group's name its own commands."""
    if not given:
        topics = [(name, topic.title(name, current())) for name in topic.TOPICS]
        return [*topics, *((name, _said(text)) for name, text in COMMANDS.items())]
    command, rest = _command(given)
    if rest or not isinstance(command, TyperGroup):
        return []
    return [(name, _first(below.help)) for name, below in command.commands.items()]


def _said(text: str) -> str:
    return translated(text, current())


def _first(text: str | None) -> str:
    """The first line of a help, which is said already."""
    return next(iter((text or "").strip().splitlines()), "")
