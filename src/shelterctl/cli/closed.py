"""The closed lists: the words that an option or an argument takes, where only some fit, by its metavar in help.

The shelf is read only where the words lie there.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from typer.core import TyperGroup

from shelterctl import edition
from shelterctl.cli.app import COMMANDS, Commands
from shelterctl.explained import topic
from shelterctl.language import SPOKEN, Text, current, shown, translated
from shelterctl.output import Format

if TYPE_CHECKING:  # most lists are offered without the shelf
    from shelterctl.library import Shelf

SHELLS = {"bash": "shelterctl.bash", "zsh": "_shelterctl", "fish": "shelterctl.fish", "powershell": "shelterctl.ps1"}
"""The shells that can complete, and the file that each reads."""

WORDS = "words"
ELSEWHERE = {"FILE": "files", "BACKUP": "folders", "DIR": "folders"}
"""What the shell knows better."""

CODES = {
    "ROLE": "staff.role",
    "KIND": "facility.kind",
    "HOW": "monitoring.attempts.how",
    "OUTCOME": "monitoring.attempts.outcome",
}
"""Codes, each list with the place of the shelf where it stands."""

Meanings = Iterable[tuple[str, str]]
"""Words that fit, each with its meaning."""


def closed(metavar: str | None, context: Any, begun: str) -> tuple[str, list[tuple[str, str]]]:
    """The kind of the words that fit, and each word with its meaning; no words where any may stand."""
    names = (metavar or "").strip("[]…").split("|")
    if kind := next((ELSEWHERE[name] for name in names if name in ELSEWHERE), None):
        return kind, []
    told = [pair for name in names if name in KNOWN for pair in KNOWN[name](context, begun)]
    if place := next((CODES[name] for name in names if name in CODES), None):
        told += _coded(_open().places[place].codes)
    return WORDS, [*told, *((name, "") for name in sorted(names) if name.islower())]  # a word that stands for itself


def _bare(words: Iterable[str]) -> Meanings:
    return ((word, "") for word in words)


def _coded(codes: Mapping[str, Text]) -> Meanings:
    return ((code, shown(text, current())) for code, text in codes.items())


def _open() -> "Shelf":
    from shelterctl.library import open_shelf  # noqa: PLC0415 - it reads YAML

    return open_shelf()


def _folder() -> str:
    return os.environ.get("SHELTERCTL_MANUAL") or edition.SHELF


def _formats(context: Any, _: str) -> Meanings:
    return _bare(Format)


def _languages(context: Any, _: str) -> Meanings:
    """Those of the screen, and of paper where a form comes out."""
    forms = any(param.name == "blank" for param in context.command.params)
    return _bare(edition.languages(_folder()) if forms else SPOKEN)


def _forms(context: Any, _: str) -> Meanings:
    """The names of the forms: the financial ones alone where an agreement is meant."""
    if context.command.name == "agreement":
        return _bare(sorted(_open().forms))
    from shelterctl.paper import request  # noqa: PLC0415 - most lists are offered without paper

    return _bare(sorted(request.names(_open())))


def _tracks(context: Any, _: str) -> Meanings:
    """What may be written into a file: of a file that is shown also what only a command of its own writes."""
    from shelterctl.act.addition import command_of  # noqa: PLC0415
    from shelterctl.core.tree import HOMES  # noqa: PLC0415

    hers = (track for track in _open().tracks.values() if HOMES.keys() & {*track.home})
    own = context.command.name == "add"
    return _coded({track.name: track.text for track in hers if not (own and command_of(track))})


def _topics(context: Any, _: str) -> Meanings:
    """What one may read about: topics and commands, and behind a group's name its own commands."""
    given: Sequence[str] = context.params.get("what") or ()
    if not given:
        yield from ((name, topic.title(name, current())) for name in topic.TOPICS)
        yield from ((name, translated(text, current())) for name, text in COMMANDS.items())
        return
    group = Commands(name="shelterctl").get_command(context, given[0])
    if len(given) == 1 and isinstance(group, TyperGroup):
        yield from ((name, (below.help or "").partition("\n")[0]) for name, below in group.commands.items())


def _items(context: Any, _: str) -> Meanings:
    """The items for which a date is enough."""
    return ((item.name, shown(item.text, current())) for item in _open().items.values() if item.done)


def _reasons(context: Any, _: str) -> Meanings:
    if context.command.name == "repair":
        from shelterctl.act.damage import reasons  # noqa: PLC0415

        return _coded(reasons())
    return _coded(_open().places["void.reason"].codes)


def _schemas(context: Any, _: str) -> Meanings:
    from shelterctl import contract  # noqa: PLC0415

    return ((name, shown(title, current())) for name, title in contract.titles(_open()).items())


def _names(context: Any, begun: str) -> Meanings:
    """Whatever can be explained and is one word, once it is begun: there are many hundred."""
    from shelterctl.explained import page  # noqa: PLC0415

    return _bare(sorted(name for name in (page.names(_open()) if begun else ()) if " " not in name))


KNOWN: Mapping[str, Callable[[Any, str], Meanings]] = {
    "FORMAT": _formats,
    "LANG": _languages,
    "SHELL": lambda context, begun: _bare(SHELLS),
    "FORM": _forms,
    "TOPIC": _topics,
    "ITEM": _items,
    "REASON": _reasons,
    "SCHEMA": _schemas,
    "NAME": _names,
    "TRACK": _tracks,
}
"""The lists that are no codes of one place."""
