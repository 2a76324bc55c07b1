"""The program at its top: finds the command that was typed, imports its module alone, adds the options that every
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
from shelterctl.errors import ExitCode, ShelterError, UsageError
from shelterctl.language import current_language, translate, translate_placeholders
from shelterctl.output import stdio
from shelterctl.output.page import Format, OutputSettings
from shelterctl.platform.disk_errors import disk_error
from shelterctl.session import Options, Session
from shelterctl.terminal.screen import is_interactive
from shelterctl.ui_language import (
    N_,
    PAPER_LANGUAGES,
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
"""Whatever typer says of its own accord."""

_NUMBER_RANGE = re.compile(r"; (?:\d+<=)?x[<>]=?\d+(?=\])|  \[(?:\d+<=)?x[<>]=?\d+\]")
"""How it writes the limits of a number, which is no language at all."""


class HelpPage(HelpFormatter):
    """The page of help, each of typer's own words said as the catalogue has it."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How a command is typed."""
        super().write_usage(prog, _translate_help(args), prefix or translate("Usage: ", current_language()))

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        super().write_heading(translate(heading, current_language()))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """A list of what there is, and what it means."""
        super().write_dl(
            [(_translate_help(name), _translate_help(meaning)) for name, meaning in rows], col_max, col_spacing
        )


def _translate_help(text: str) -> str:
    """*text* with what typer put into it said in the language."""
    text = _NUMBER_RANGE.sub("", text)
    if current_language() != "en":
        for word in TYPER_WORDS:
            text = text.replace(word, translate(word, current_language()))
    return translate_placeholders(text, current_language())


OUTPUT_MODULES = ("shelterctl.output", "shelterctl.terminal", "typer._click.utils", "rich.")
"""Where an answer is written: what fails there is no file of a store."""

A_NAMED_PLACE = N_("a file or folder that was named")
INPUT_SCHEMA_HINT = N_("What it may say: schema {name}.")
SCREEN_LANGUAGE_UNKNOWN = N_("There is no such language of the screen. Known are: {languages}.")
PAPER_LANGUAGE_UNKNOWN = N_("There is no such language of paper. Known are: {languages}; ky is Kyrgyz.")


class CommandGroup(TyperGroup):
    """The commands, of which only the one that is named is imported."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command, in the order of the work."""
        return list(command_summaries())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, with the options that all have."""
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
        """The command, and with its answer whatever is to be told of the stores that it opened."""
        said = super().invoke(ctx)
        if not isinstance(said, Outcome) or not (opened := session_of(ctx).notes):
            return said
        from shelterctl.custody.damage import add_store_notes  # noqa: PLC0415

        return add_store_notes(said, opened)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands, from their table and not from their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([*command_summaries().items()])


def _complete_command(command: Any, typed: str) -> None:
    """The options that all have, numbers with their bounds, and every word of help said in the screen's language."""
    for part, name in [(command, "help"), (command, "epilog"), *((param, "help") for param in command.params)]:
        if getattr(part, name, None):
            told = translate(inspect.cleandoc(getattr(part, name)), current_language())
            setattr(part, name, ui_language.adapt_commands(told))
    if isinstance(command, TyperGroup):
        command.params += group_options()
        for name, below in command.commands.items():
            _complete_command(below, f"{typed} {name}")
    elif isinstance(command, TyperCommand):
        command.params += common_options()
        for param in command.params:
            limit_integer(param)
            if isinstance(param, TyperOption) and "--from" in param.opts and (schema := input_schema_name(typed)):
                hint = translate(INPUT_SCHEMA_HINT, current_language())
                param.help = f"{param.help} {hint.format(name=schema)}"


def run_command(arguments: Sequence[str]) -> int:
    """Carry out one command, say its outcome once, and give the exit code."""
    if is_interactive() and _has_only_options(arguments):
        arguments = ("menu", *arguments)
    command = find_command_name(arguments)
    language.set_language(_screen_language(arguments))
    language.speak_of(None)
    voice = OutputSettings(command, _answer_format(arguments), current_language(), _open_rulebook)
    asked = requested_language(arguments, os.environ)
    known, unknown = (
        (PAPER_LANGUAGES, PAPER_LANGUAGE_UNKNOWN)
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
    except (OSError, SystemExit) as error:  # whatever no door has put into words
        return _report_unexpected(error, voice)
    except TyperException as error:
        return _report_usage_error(error, arguments, command, voice)
    voice = replace(voice, language=current_language())  # it may have been chosen meanwhile
    return stdio.print_answer(said, voice) if isinstance(said, Outcome) else int(said or 0)


def _screen_language(arguments: Sequence[str]) -> str:
    """The language of the screen; where neither the words nor the computer tell it, the one that was chosen at it."""
    chosen = choose_language(arguments, os.environ)
    if chosen != SCREEN_LANGUAGES[0] or requested_language(arguments, os.environ) or not is_interactive():
        return chosen
    from shelterctl.custody.device_notes import last_language  # noqa: PLC0415 - only where it is not told

    options = Options(identity=os.environ.get("SHELTERCTL_IDENTITY"))
    remembered = last_language(Session(options=options).memory_folder)
    return legible_language(remembered or chosen, getattr(sys.stdout, "encoding", None))


def _report_unexpected(error: OSError | SystemExit, voice: OutputSettings) -> int:
    """Only the kind of trouble, no path of a user; where it is the answer itself that fails, nothing can be said."""
    if isinstance(error, SystemExit):  # with 1 the library of the command line leaves a pipe that nobody reads any more
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
    """What does not fit, said; a group alone is no slip, and shows what it has."""
    if type(error).__name__ != "NoArgsIsHelpError":
        return stdio.print_answer(explain_usage_error(error, arguments, command), voice)
    sys.stdout.write(str(error.args[0]) + "\n")
    return ExitCode.OK


def is_paper_wanted(arguments: Sequence[str]) -> bool:
    """Whether paper is asked for: then --lang may name a language that only paper has."""
    options = {word.partition("=")[0] for word in arguments}
    return "form" in arguments or bool(options & {"--out", "--blank"})


def _has_only_options(arguments: Sequence[str]) -> bool:
    """Whether no command is named: then a person who sits there is shown the menu, with the options that she typed."""
    taken = {f"--{option.name}".replace("_", "-") for option in common_options() if not option.is_flag} - {"--format"}
    words = iter(arguments)
    for word in words:
        option, equals, _ = word.partition("=")
        if option not in taken:
            return False
        if not equals:
            next(words, None)
    return True


_PROGRAM_HELP = N_("""Care, rehabilitation and reintegration of victims of trafficking, by the manual.

Example: shelterctl admit --from referral.yaml""")


def _open_rulebook() -> "Rulebook":
    from shelterctl.rulebook.rulebook import open_rulebook  # noqa: PLC0415

    return open_rulebook()


def _answer_format(arguments: Sequence[str]) -> Format:
    """How to answer, read off the words before they are parsed: an error in them must be answered so too."""
    for word, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        if word == "--":
            break
        if word == "--json":
            return Format.JSON
        name, _, value = word.partition("=")
        if name == "--format" and (value or following) in list(Format):
            return Format(value or following)
    return Format.TABLE
