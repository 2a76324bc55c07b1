"""Errors in the words of a command: an unknown command or option, a value that is missing or does not fit. Words
that were typed may be a name, so no message repeats them.
"""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from typer._click.types import IntRange
from typer.core import TyperGroup
from typer.exceptions import TyperException

from shelterctl.cli.commands import COMMAND_SUMMARIES, command_summaries, is_command, load_command
from shelterctl.cli.options import OPTION_MISSING, OPTION_VALUE_MISSING, common_options
from shelterctl.errors import UsageError
from shelterctl.limits import LARGEST_OPTION_NUMBER
from shelterctl.ui_language import N_

COMMAND_MISTYPED = N_("There is no such command. Did you mean {near}? See: {see} --help")
COMMAND_UNKNOWN = N_("There is no such command. See: {see} --help")
OPTION_MISTYPED = N_("There is no such option here. Did you mean {near}? See: {see} --help")
OPTION_UNKNOWN = N_("There is no such option here. See: {see} --help")
OPTION_BEFORE_COMMAND = N_("{option} stands behind the whole name of the command, not before it. See: {see} --help")
WORDS_DO_NOT_FIT = N_("The words of the command do not fit. See: {see} --help")
NAME_IN_SHELL_HISTORY = N_(
    "find asks for the name itself: shelterctl find. What was typed behind it stands in the history of this shell now, "
    "where others can read it. If it was a name, take that line out of the history."
)
OPTION_VALUE_WRONG = N_("{option} has a value that does not fit. See: {see} --help")
WHOLE_NUMBER_NEEDED = N_("{option} takes a whole number from {least} to {most}.")
VERSION_STANDS_ALONE = N_("--version stands alone, or with --lang.")

LEAST_LIKENESS = 0.8
"""How alike a word must be to what is offered in its place: a slip or two, and no other word of that length."""


def find_command_name(arguments: Sequence[str]) -> str | None:
    """The command that is named, with its second word where it is one of a group; None where there is no such one."""
    typed = _first_word(arguments)
    first = typed if is_command(typed) else next((word for word in arguments if word in COMMAND_SUMMARIES), None)
    below = _subcommands(first) if first else []
    second = _first_word(arguments[arguments.index(first) + 1 :]) if first and below else ""
    return f"{first} {second}" if second in below else first


def _first_word(arguments: Sequence[str]) -> str:
    """The first word that is no option, nor the language, which alone may stand before a command's name."""
    pairs = pairwise(("", *arguments))
    return next((word for before, word in pairs if word[:1] != "-" and before != "--lang"), "")


def _subcommands(command: str) -> list[str]:
    """The commands of a group, as they are typed; none where it is no group."""
    app = load_command(command)
    listed = app.registered_commands if app and app.registered_callback else ()
    return [str(each.name or each.callback.__name__) for each in listed]


def explain_usage_error(error: TyperException, arguments: Sequence[str], command: str | None) -> UsageError:
    """Why the words cannot be carried out, and what would be right."""
    kind, ctx, see = type(error).__name__, getattr(error, "ctx", None), f"shelterctl {command or ''}".strip()
    if kind == "NoSuchOption":
        return _option_error(str(getattr(error, "option_name", "")), ctx, see, "option" if command else "command")
    if kind == "UsageError" and command is None:
        return _command_error(_first_word(arguments), command_summaries(), see)
    if kind == "UsageError" and command is not None and (below := _subcommands(command)):
        return _command_error(_first_word(arguments[arguments.index(command) + 1 :]), below, see, str(command))
    return _value_error(error, arguments, command, see)


def _value_error(error: TyperException, arguments: Sequence[str], command: str | None, see: str) -> UsageError:
    """A value that is missing, or does not fit where it stands."""
    kind, param = type(error).__name__, getattr(error, "param", None)
    option = getattr(error, "option_name", None) or getattr(error, "param_hint", None)
    if option is None and param is not None:
        option = param.get_error_hint(getattr(error, "ctx", None))
    option = str(option or "").replace("'", "")
    if kind == "MissingParameter":
        return UsageError("usage/missing", OPTION_MISSING, option=option, see=see)
    if command == "find" and not option:
        return UsageError("usage/words", NAME_IN_SHELL_HISTORY)
    if param is not None and isinstance(param.type, IntRange):
        least, most = int(param.type.min or 0), int(param.type.max or LARGEST_OPTION_NUMBER)
        return UsageError("usage/words", WHOLE_NUMBER_NEEDED, option=option, least=least, most=most)
    with_value = any(word.startswith(f"{option}=") for word in arguments)
    sentence = (
        OPTION_VALUE_MISSING
        if kind == "BadOptionUsage" and not with_value
        else OPTION_VALUE_WRONG
        if option
        else WORDS_DO_NOT_FIT
    )
    return UsageError("usage/words", sentence, option=option, see=see)


def _command_error(typed: str, known: Collection[str], see: str, group: str = "") -> UsageError:
    """A command that is not there, and the one that is written almost like it."""
    near = [f"{group} {each}".strip() for each in _nearest_words(typed, known)]
    return UsageError("usage/command", COMMAND_MISTYPED if near else COMMAND_UNKNOWN, see=see, near=near)


def _nearest_words(typed: str, known: Collection[str]) -> list[str]:
    """What is written almost so: two letters that changed places are one slip, however short the word is."""
    return (
        get_close_matches(typed, known, 1, LEAST_LIKENESS)
        or [each for each in known if sorted(each) == sorted(typed)][:1]
    )


def _option_error(typed: str, ctx: Any, see: str, lacking: str) -> UsageError:
    """An option that is not there: only what is written almost like it is offered, and of this command alone."""
    if typed == "--version":
        return UsageError("usage/option", VERSION_STANDS_ALONE)
    if isinstance(ctx.command, TyperGroup) and typed in {name for each in common_options() for name in each.opts}:
        return UsageError(f"usage/{lacking}", OPTION_BEFORE_COMMAND, option=typed, see=see)
    options = [name for param in ctx.command.get_params(ctx) for name in param.opts if name.startswith("--")]
    near = get_close_matches(typed, options, 2, LEAST_LIKENESS)
    return UsageError("usage/option", OPTION_MISTYPED if near else OPTION_UNKNOWN, see=see, near=near)
