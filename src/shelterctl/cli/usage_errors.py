"""Explains what is wrong with a typed command: an unknown command or option, or a value that is missing or does not
fit. No message repeats what was typed, since it may be a name.
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
OPTION_BEFORE_COMMAND = N_("{option} goes after the whole name of the command, not before it. See: {see} --help")
WORDS_DO_NOT_FIT = N_("The command is not typed correctly. See: {see} --help")
NAME_IN_SHELL_HISTORY = N_(
    "find asks for the name itself: type only shelterctl find. What you typed after it is now in the history "
    "of this shell, where others can read it. If it was a name, delete that line from the history."
)
SHOW_SHOWS_ALL_OF_KIND = N_(
    "show takes whom and a kind of entry, and no more; it shows all entries of that kind with their ids: "
    "shelterctl show WHOM TRACK. See: {see} --help"
)
OPTION_VALUE_WRONG = N_("The value of {option} does not fit. See: {see} --help")
WHOLE_NUMBER_NEEDED = N_("{option} takes a whole number from {least} to {most}.")
VERSION_STANDS_ALONE = N_("Use --version alone, or with --lang.")

LEAST_LIKENESS = 0.8
"""The least similarity of a suggested word to the typed one: a mistyped letter or two, but not another word."""


def find_command_name(arguments: Sequence[str]) -> str | None:
    """Return the command that is named, with its second word if it is in a group; None if there is no such one."""
    typed = _first_word(arguments)
    first = typed if is_command(typed) else next((word for word in arguments if word in COMMAND_SUMMARIES), None)
    below = _subcommands(first) if first else []
    second = _first_word(arguments[arguments.index(first) + 1 :]) if first and below else ""
    second = second if second in below else _default_subcommand(first) if below else ""
    return f"{first} {second}" if second else first


def _first_word(arguments: Sequence[str]) -> str:
    """Return the first word that is no option, nor the value of --lang, which may come before a command's name."""
    pairs = pairwise(("", *arguments))
    return next((word for before, word in pairs if word[:1] != "-" and before != "--lang"), "")


def _subcommands(command: str) -> list[str]:
    """Return the commands of a group as they are typed; none for a command that is no group."""
    app = load_command(command)
    listed = app.registered_commands if app and app.registered_callback else ()
    return [str(each.name or each.callback.__name__) for each in listed]


def _default_subcommand(command: str | None) -> str:
    """Return the command of a group that is meant where none is named; empty if there is none."""
    app = load_command(command) if command else None
    return str(getattr(app.info.cls, "default_command", "")) if app else ""


def explain_usage_error(error: TyperException, arguments: Sequence[str], command: str | None) -> UsageError:
    """Return an error that says why the words cannot be carried out, and what would be right."""
    kind, ctx, see = type(error).__name__, getattr(error, "ctx", None), f"shelterctl {command or ''}".strip()
    if kind == "NoSuchOption":
        return _option_error(str(getattr(error, "option_name", "")), ctx, see, "option" if command else "command")
    if kind == "UsageError" and command is None:
        return _command_error(_first_word(arguments), command_summaries(), see)
    if kind == "UsageError" and command is not None and (below := _subcommands(command)):
        return _command_error(_first_word(arguments[arguments.index(command) + 1 :]), below, see, str(command))
    return _value_error(error, arguments, command, see)


def _value_error(error: TyperException, arguments: Sequence[str], command: str | None, see: str) -> UsageError:
    """Return the error of a value that is missing or does not fit."""
    kind, param = type(error).__name__, getattr(error, "param", None)
    option = getattr(error, "option_name", None) or getattr(error, "param_hint", None)
    if option is None and param is not None:
        option = param.get_error_hint(getattr(error, "ctx", None))
    option = str(option or "").replace("'", "")
    if kind == "MissingParameter":
        return UsageError("usage/missing", OPTION_MISSING, option=option, see=see)
    if command == "find" and not option:
        return UsageError("usage/words", NAME_IN_SHELL_HISTORY)
    if command == "show" and not option:
        return UsageError("usage/words", SHOW_SHOWS_ALL_OF_KIND, see=see)
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
    """Return the error of an unknown command, with the command that is spelled almost like it."""
    near = [f"{group} {each}".strip() for each in _nearest_words(typed, known)]
    return UsageError("usage/command", COMMAND_MISTYPED if near else COMMAND_UNKNOWN, see=see, near=near)


def _nearest_words(typed: str, known: Collection[str]) -> list[str]:
    """Return the word that is spelled almost like *typed*: two swapped letters are one slip, even in a short word."""
    return (
        get_close_matches(typed, known, 1, LEAST_LIKENESS)
        or [each for each in known if sorted(each) == sorted(typed)][:1]
    )


def _option_error(typed: str, ctx: Any, see: str, lacking: str) -> UsageError:
    """Return the error of an unknown option, with options of this command that are spelled almost like it."""
    if typed == "--version":
        return UsageError("usage/option", VERSION_STANDS_ALONE)
    if isinstance(ctx.command, TyperGroup) and typed in {name for each in common_options() for name in each.opts}:
        return UsageError(f"usage/{lacking}", OPTION_BEFORE_COMMAND, option=typed, see=see)
    options = [name for param in ctx.command.get_params(ctx) for name in param.opts if name.startswith("--")]
    near = get_close_matches(typed, options, 2, LEAST_LIKENESS)
    return UsageError("usage/option", OPTION_MISTYPED if near else OPTION_UNKNOWN, see=see, near=near)
