"""The top of the program: finds the command that was typed, imports its module alone, adds the options that every
command has, writes help in the language of the screen, runs the command and turns its answer or its error into
output and an exit code.
"""

import inspect
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from shelterctl import language, ui_language
from shelterctl.cli.commands import COMMAND_SUMMARIES, HELP_FLAGS, command_summaries, input_schema_name, load_command
from shelterctl.cli.options import common_options, group_options, limit_integer, session_of
from shelterctl.cli.usage_errors import explain_usage_error, find_command_name
from shelterctl.core.finding import Outcome
from shelterctl.country import Country, shipped_country, use_country
from shelterctl.edition import MANUAL_VARIABLE, paper_languages
from shelterctl.errors import ExitCode, ShelterError, UsageError
from shelterctl.language import current_language, translate, translate_placeholders
from shelterctl.output import stdio
from shelterctl.output.page import Format, OutputSettings
from shelterctl.platform.disk_errors import disk_error
from shelterctl.progress import ProgressWatcher, watch_progress
from shelterctl.session import Options, Session
from shelterctl.terminal.screen import is_interactive
from shelterctl.ui_language import (
    N_,
    SCREEN_LANGUAGES,
    choose_language,
    legible_language,
    requested_language,
)

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook


TYPER_WORDS = (
    N_("Usage: "), N_("[OPTIONS]"), N_("COMMAND [ARGS]..."), N_("Options"), N_("Arguments"), N_("Commands"),
    N_("[required]"), N_("[default: "), N_("<str>"), N_("<int>"), N_("Show this message and exit."),
)  # fmt: skip
"""Words that typer itself puts into help."""

_NUMBER_RANGE = re.compile(r"; (?:\d+<=)?x[<>]=?\d+(?=\])|  \[(?:\d+<=)?x[<>]=?\d+\]")
"""The limits of a number as typer writes them, such as x>=0; help leaves them out."""


class HelpPage(HelpFormatter):
    """A page of help, with typer's own words translated."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is typed."""
        super().write_usage(prog, _translate_help(args), prefix or translate("Usage: ", current_language()))

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        super().write_heading(translate(heading, current_language()))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of options or commands with their meanings."""
        super().write_dl(
            [(_translate_help(name), _translate_help(meaning)) for name, meaning in rows], col_max, col_spacing
        )


def _translate_help(text: str) -> str:
    """Return *text* with typer's own words translated."""
    text = _NUMBER_RANGE.sub("", text)
    if current_language() != "en":
        for word in TYPER_WORDS:
            text = text.replace(word, translate(word, current_language()))
    return translate_placeholders(text, current_language())


OUTPUT_MODULES = ("shelterctl.output", "shelterctl.terminal", "typer._click.utils", "rich.")
"""Modules that write the answer: an error in them is about no file of a store."""

A_NAMED_PLACE = N_("a file or folder that was named")
INPUT_SCHEMA_HINT = N_("Its fields: schema {name}.")
SCREEN_LANGUAGE_UNKNOWN = N_("This language is not available on the screen. Choose one of: {languages}.")
PAPER_LANGUAGE_UNKNOWN = N_("This language is not available on paper. Choose one of: {languages}; ky is Kyrgyz.")


class CommandGroup(TyperGroup):
    """The group of all commands; it imports only the command that is named."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands, in the order of the work."""
        return list(command_summaries())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name with the common options; None if there is none."""
        app = load_command(cmd_name)
        if app is None:
            return None
        command = typer.main.get_command(app)
        command.name = cmd_name
        if isinstance(command, TyperGroup):
            command.help = COMMAND_SUMMARIES.get(cmd_name) or command_summaries()[cmd_name]
        _complete_command(command, cmd_name)
        return command

    def invoke(self, ctx: Any) -> Any:
        """Run the command, and add to its answer the notes on the stores that it opened."""
        said = super().invoke(ctx)
        if not isinstance(said, Outcome) or not (opened := session_of(ctx).notes):
            return said
        from shelterctl.custody.damage import add_store_notes  # noqa: PLC0415

        return add_store_notes(said, opened)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands from their table, without their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([*command_summaries().items()])


def _complete_command(command: Any, typed: str) -> None:
    """Add the common options and the bounds of numbers to a command, and translate its help."""
    for part, name in [(command, "help"), (command, "epilog"), *((param, "help") for param in command.params)]:
        if getattr(part, name, None):
            told = translate(inspect.cleandoc(getattr(part, name)), current_language())
            setattr(part, name, ui_language.adapt_commands(told))
    if isinstance(command, TyperGroup):
        command.params += group_options()
        for name, below in command.commands.items():
            _complete_command(below, f"{typed} {name}")
            below.short_help = _first_sentence(below.help or "")
    elif isinstance(command, TyperCommand):
        command.params += common_options()
        for param in command.params:
            limit_integer(param)
            if isinstance(param, TyperOption) and "--from" in param.opts and (schema := input_schema_name(typed)):
                hint = translate(INPUT_SCHEMA_HINT, current_language())
                param.help = f"{param.help} {hint.format(name=schema)}"


def _first_sentence(text: str) -> str:
    """Return the first sentence of a help text, whole: typer cuts what does not fit one line."""
    first, stop, _ = text.partition("\n\n")[0].partition(". ")
    return first + stop.rstrip()


def _progress_watcher() -> ProgressWatcher | None:
    from shelterctl.terminal.progress import progress_watcher  # noqa: PLC0415 - most commands have nothing long to do

    return progress_watcher()


def run_command(arguments: Sequence[str]) -> int:
    """Run one command, print its outcome once, and return the exit code."""
    if is_interactive() and _has_only_options(arguments):
        arguments = ("menu", *arguments)
    command = find_command_name(arguments)
    language.set_language(_screen_language(arguments))
    language.speak_of(None)
    use_country(_read_country if os.environ.get(MANUAL_VARIABLE) else shipped_country)
    voice = OutputSettings(command, _answer_format(arguments), current_language(), _open_rulebook)
    watch_progress(_progress_watcher if voice.format is Format.TABLE else None)
    asked = requested_language(arguments, os.environ)
    known, unknown = (
        (paper_languages(os.environ), PAPER_LANGUAGE_UNKNOWN)
        if is_paper_wanted(arguments)
        else (SCREEN_LANGUAGES, SCREEN_LANGUAGE_UNKNOWN)
    )
    if asked not in (None, *known):
        return stdio.print_answer(UsageError("usage/lang", unknown, languages=list(known)), voice)
    if all(word.lower() in ("--lang", asked, f"--lang={asked}") for word in arguments):
        arguments = ()
    TyperCommand.context_class.formatter_class = HelpPage
    group = CommandGroup(
        name="shelterctl",
        params=group_options(),
        context_settings={"help_option_names": HELP_FLAGS},
        rich_markup_mode=None,
        no_args_is_help=True,
        help=translate(_PROGRAM_HELP, current_language()),
    )
    try:
        said = group.main(list(arguments), prog_name="shelterctl", standalone_mode=False, obj=Session())
    except ShelterError as error:
        return stdio.print_answer(error, voice)
    except typer.Abort:
        return ExitCode.INTERRUPTED
    except (OSError, SystemExit) as error:  # an error that no module has put into words
        return _report_unexpected(error, voice)
    except TyperException as error:
        return _report_usage_error(error, arguments, command, voice)
    voice = replace(voice, language=current_language())  # a person may have chosen it meanwhile
    return stdio.print_answer(said, voice) if isinstance(said, Outcome) else int(said or 0)


def _screen_language(arguments: Sequence[str]) -> str:
    """Return the language of the screen: from the words or the computer, else the one last chosen on this device."""
    chosen = choose_language(arguments, os.environ)
    if chosen != SCREEN_LANGUAGES[0] or requested_language(arguments, os.environ) or not is_interactive():
        return chosen
    from shelterctl.custody.device_notes import last_language  # noqa: PLC0415 - only needed if no language is given

    options = Options(identity=os.environ.get("SHELTERCTL_IDENTITY"))
    remembered = last_language(Session(options=options).notes_folder)
    return legible_language(remembered or chosen, getattr(sys.stdout, "encoding", None))


def _report_unexpected(error: OSError | SystemExit, voice: OutputSettings) -> int:
    """Report only the kind of an unexpected error, no path of a user; raise it again if the output failed."""
    if isinstance(error, SystemExit):  # typer exits with 1 when nobody reads the pipe any more
        return ExitCode.OK if error.code == 1 else int(error.code or 0)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace and trace.tb_frame.f_globals["__name__"].startswith(OUTPUT_MODULES):
        raise error
    return stdio.print_answer(disk_error(error, A_NAMED_PLACE), voice)


def _report_usage_error(
    error: TyperException, arguments: Sequence[str], command: str | None, voice: OutputSettings
) -> int:
    """Report what does not fit; a group without a command is no error, and its help is shown."""
    if type(error).__name__ != "NoArgsIsHelpError":
        return stdio.print_answer(explain_usage_error(error, arguments, command), voice)
    sys.stdout.write(str(error.args[0]) + "\n")
    return ExitCode.OK


def is_paper_wanted(arguments: Sequence[str]) -> bool:
    """Whether paper is asked for; --lang may then name a language that only paper has."""
    options = {word.partition("=")[0] for word in arguments}
    return "form" in arguments or bool(options & {"--out", "--blank", "--template"})


def _has_only_options(arguments: Sequence[str]) -> bool:
    """Whether no command is named: a person at a terminal then gets the menu, with the typed options."""
    taken = {f"--{option.name}".replace("_", "-") for option in common_options() if not option.is_flag} - {"--format"}
    words = iter(arguments)
    for word in words:
        option, equals, _ = word.partition("=")
        if option not in taken:
            return False
        if not equals:
            next(words, None)
    return True


_PROGRAM_HELP = N_(
    "Keep the case records of shelters for victims of trafficking, by the manual that they follow.\n\nExample: "
    "shelterctl admit --from referral.yaml"
)


def _read_country() -> Country:
    """Return the country of the rulebook that is named, for sentences that are shown before it is opened."""
    from shelterctl.rulebook.rulebook import read_country  # noqa: PLC0415

    return read_country(Path(os.environ[MANUAL_VARIABLE]))


def _open_rulebook() -> "Rulebook":
    from shelterctl.rulebook.rulebook import open_rulebook  # noqa: PLC0415

    return open_rulebook()


def _answer_format(arguments: Sequence[str]) -> Format:
    """Return the format of the answer before the words are parsed, since their errors are answered in it too."""
    for word, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        if word == "--":
            break
        if word == "--json":
            return Format.JSON
        name, _, value = word.partition("=")
        if name == "--format" and (value or following) in list(Format):
            return Format(value or following)
    return Format.TABLE
