"""What could be typed at one place of a command: commands, options, and what they take where only some words fit.

Nothing here opens a store: an id, a name or a code of a house is never offered, for whoever stands behind her would
read it too. Click's own parser says which place it is; what is asked for and answered is ours.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from typer._click.shell_completion import _resolve_context, _resolve_incomplete
from typer.core import TyperArgument, TyperGroup, TyperOption

from shelterctl.cli.app import COMMANDS, HELP, Commands
from shelterctl.cli.closed import WORDS, closed
from shelterctl.cli.options import of_groups
from shelterctl.language import N_, current, translated

VERSION = N_("What this is: version, edition of the manual, languages.")

Candidates = tuple[str, list[tuple[str, str]]]
"""Of what kind they are (words, files or folders, which the shell knows better), and each with its meaning."""


def candidates(words: Sequence[str], at: int) -> Candidates:
    """What could stand at word *at*, counted from 1 behind the program's name; *words* is what is typed already."""
    typed = words[at - 1] if at <= len(words) else ""
    # Bash takes --form=pink apart into three words, zsh and fish leave it as one.
    before = [word for last, word in pairwise(("", *words[: at - 1])) if word != "=" or last[:2] != "--"]
    group = Commands(name="shelterctl", params=of_groups())
    context: Any = _resolve_context(group, {"help_option_names": HELP}, "shelterctl", before)
    if isinstance(context.command, TyperGroup) and context._protected_args:  # a command that is not there
        return WORDS, []
    place, begun = _resolve_incomplete(context, [*before], typed)
    if isinstance(place, TyperOption | TyperArgument):
        kind, found = closed(place.metavar, context, begun)
    else:
        kind, found = WORDS, list(_names(context, begun))
    lead = typed.removesuffix(begun) if "=" in typed[:-1] or typed[:-1][:2] == "--" else ""
    return kind, [(lead + word, meaning) for word, meaning in found if word.startswith(begun)]


def _names(context: Any, begun: str) -> Iterator[tuple[str, str]]:
    """The commands that may stand here, or the options that are not there yet."""
    command = context.command
    if begun[:1] == "-":
        if isinstance(command, Commands):
            yield "--version", translated(VERSION, current())
        for item in command.shell_complete(context, "--" if begun == "-" else begun):
            yield item.value, first(translated(item.help or "", current()))
    elif isinstance(command, Commands):
        yield from ((name, translated(text, current())) for name, text in COMMANDS.items())
    elif isinstance(command, TyperGroup):
        yield from ((name, first(below.help)) for name, below in command.commands.items())


def first(text: str | None) -> str:
    """The first line of a help, which is said already."""
    return next(iter((text or "").strip().splitlines()), "")
