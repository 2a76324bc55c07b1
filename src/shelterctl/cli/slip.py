"""What was typed and does not fit, said in our own words: it may be a name, and is never repeated."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from typer._click.types import IntRange
from typer.core import TyperGroup
from typer.exceptions import TyperException

from shelterctl.bound import COUNT
from shelterctl.cli.command import app_of
from shelterctl.cli.options import LACKING, NO_VALUE, common
from shelterctl.errors import Usage
from shelterctl.language import N_

UNKNOWN_COMMAND = N_("There is no such command. Did you mean {near}? See: {see} --help")
NO_COMMAND = N_("There is no such command. See: {see} --help")
UNKNOWN_OPTION = N_("There is no such option here. Did you mean {near}? See: {see} --help")
NO_OPTION = N_("There is no such option here. See: {see} --help")
BEHIND = N_("{option} stands behind the whole name of the command, not before it. See: {see} --help")
BAD_WORDS = N_("The words of the command do not fit. See: {see} --help")
NAME_TYPED = N_(
    "find asks for the name itself: shelterctl find. What was typed behind it stands in the history of this shell now, "
    "where others can read it. If it was a name, take that line out of the history."
)
WRONG_VALUE = N_("{option} has a value that does not fit. See: {see} --help")
WHOLE = N_("{option} takes a whole number from {least} to {most}.")
ALONE = N_("--version stands alone, or with --lang.")

NEAR = 0.8
"""How alike a word must be to what is offered in its place: a slip or two, and no other word of that length."""


def named(arguments: Sequence[str], commands: Collection[str]) -> str | None:
    """The command that is named, with its second word where it is one of a group; None where there is no such one."""
    first = next((word for word in arguments if word in commands), None)
    below = _below(first) if first else []
    second = _word(arguments[arguments.index(first) + 1 :]) if first and below else ""
    return f"{first} {second}" if second in below else first


def _word(arguments: Sequence[str]) -> str:
    """The first word that is no option, nor the language, which alone may stand before a command's name."""
    pairs = pairwise(("", *arguments))
    return next((word for before, word in pairs if word[:1] != "-" and before != "--lang"), "")


def _below(command: str) -> list[str]:
    """The commands of a group, as they are typed; none where it is no group."""
    app = app_of(command)
    return [str(each.name or each.callback.__name__) for each in app.registered_commands if app.registered_callback]


def slip(error: TyperException, arguments: Sequence[str], command: str | None, commands: Collection[str]) -> Usage:
    """Why the words cannot be carried out, and what would be right."""
    kind, ctx, see = type(error).__name__, getattr(error, "ctx", None), f"shelterctl {command or ''}".strip()
    if kind == "NoSuchOption":
        return _option(str(getattr(error, "option_name", "")), ctx, see, "option" if command else "command")
    if kind == "UsageError" and command is None:
        return _command(_word(arguments), commands, see)
    if kind == "UsageError" and command in commands and (below := _below(str(command))):
        return _command(_word(arguments[arguments.index(command) + 1 :]), below, see, str(command))
    return _value(error, arguments, command, see)


def _value(error: TyperException, arguments: Sequence[str], command: str | None, see: str) -> Usage:
    """A value that is missing, or does not fit where it stands."""
    kind, param = type(error).__name__, getattr(error, "param", None)
    option = getattr(error, "option_name", None) or getattr(error, "param_hint", None)
    if option is None and param is not None:
        option = param.get_error_hint(getattr(error, "ctx", None))
    option = str(option or "").replace("'", "")
    if kind == "MissingParameter":
        return Usage("usage/missing", LACKING, option=option, see=see)
    if command == "find" and not option:
        return Usage("usage/words", NAME_TYPED)
    if param is not None and isinstance(param.type, IntRange):
        least, most = int(param.type.min or 0), int(param.type.max or COUNT)
        return Usage("usage/words", WHOLE, option=option, least=least, most=most)
    with_value = any(word.startswith(f"{option}=") for word in arguments)
    sentence = NO_VALUE if kind == "BadOptionUsage" and not with_value else WRONG_VALUE if option else BAD_WORDS
    return Usage("usage/words", sentence, option=option, see=see)


def _command(typed: str, known: Collection[str], see: str, group: str = "") -> Usage:
    """A command that is not there, and the one that is written almost like it."""
    near = [f"{group} {each}".strip() for each in _near(typed, known)]
    return Usage("usage/command", UNKNOWN_COMMAND if near else NO_COMMAND, see=see, near=near)


def _near(typed: str, known: Collection[str]) -> list[str]:
    """What is written almost so: two letters that changed places are one slip, however short the word is."""
    return get_close_matches(typed, known, 1, NEAR) or [each for each in known if sorted(each) == sorted(typed)][:1]


def _option(typed: str, ctx: Any, see: str, lacking: str) -> Usage:
    """An option that is not there: only what is written almost like it is offered, and of this command alone."""
    if typed == "--version":
        return Usage("usage/option", ALONE)
    if isinstance(ctx.command, TyperGroup) and typed in {name for each in common() for name in each.opts}:
        return Usage(f"usage/{lacking}", BEHIND, option=typed, see=see)
    here = [name for param in ctx.command.get_params(ctx) for name in param.opts if name.startswith("--")]
    near = get_close_matches(typed, here, 2, NEAR)
    return Usage("usage/option", UNKNOWN_OPTION if near else NO_OPTION, see=see, near=near)
