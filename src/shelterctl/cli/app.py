"""Every command by name, and the one way out."""

import inspect
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from shelterctl import language, machine, output, screen, spoken
from shelterctl.cli import helping
from shelterctl.cli.command import app_of
from shelterctl.cli.options import bounded, common, of_groups
from shelterctl.cli.slip import named, slip
from shelterctl.cli.taken import TAKES
from shelterctl.core.finding import Outcome
from shelterctl.desk import OPENED, Desk
from shelterctl.errors import Exit, ShelterError, Usage
from shelterctl.language import N_, placed, translated

if TYPE_CHECKING:  # the shelf reads YAML, which help does not need
    from shelterctl.library import Shelf

COMMANDS = {
    "menu": N_("The menu; at a terminal, shelterctl alone opens it."),
    "init": N_("Make a store and the keys of this device."),
    "facility": N_("The houses of the store: register or change, and list."),
    "ngo": N_("Partner NGOs, their memoranda and contracts: register or change, and list."),
    "staff": N_("Who is staff, by code and role: register or change, say who leaves, and list."),
    "provider": N_("Whoever gives courses and services: register or change, and list."),
    "admit": N_("Take a referral in, keep her checklist, admit her."),
    "add": N_("Write an entry of any track into a client's file."),
    "approve": N_("Approve an entry, such as a plan."),
    "start": N_("Begin what was approved, such as a plan."),
    "authorise": N_("Authorise beforehand that something is told of her."),
    "permit": N_("Permit something beforehand, such as an outing."),
    "close": N_("Close an entry, such as a plan or a finding."),
    "show": N_("Show a client's file, or her entries of one track."),
    "list": N_("List clients by id and state, without names."),
    "find": N_("Find a client by name, also with a typing mistake."),
    "house": N_("Who sleeps here tonight, and the places left."),
    "due": N_("What is due, danger first, then overdue: of all clients or of one."),
    "check": N_("Hold records against the manual, and the store against damage."),
    "backup": N_("Copy the store, still encrypted, and read the copy back."),
    "restore": N_("Put a store back from a backup."),
    "trust": N_("Who may read and write, and why this computer believes it."),
    "device": N_("The computers that may read and write: list them, or shut one out."),
    "rekey": N_("Seal every file anew to just those who may read now."),
    "recovery": N_("The recovery paper: put a new one in the place of a lost one."),
    "repair": N_("Put right what is damaged in a store, with a signed line for each."),
    "passphrase": N_("Change the passphrase of this device's key, or set one."),
    "void": N_("Strike an entry through; it stays in the file."),
    "agreement": N_("Judge, save or sign a financial agreement."),
    "agreements": N_("List financial agreements."),
    "correct": N_("Put right the day on which an agreement was signed."),
    "terminate": N_("Record that a signed agreement was terminated, and who decided it."),
    "form": N_("Print a form of the manual, blank or filled."),
    "paper": N_("Say whether a printed sheet is what the record says now."),
    "discharge": N_("Record that she left, or take it back."),
    "monitor": N_("What is due after discharge, and what was done."),
    "schema": N_("Print the JSON Schemas."),
    "explain": N_("What the manual rules, and what a code means."),
    "help": N_("Read about a topic: admission, agreements, monitoring, backup, privacy."),
    "completion": N_("Let your shell complete commands, options, forms and topics."),
    "demo": N_("The main job, on invented clients."),
}

SPEAKING = ("shelterctl.output", "shelterctl.screen", "shelterctl.ask", "typer._click.utils", "rich.")
"""Where an answer is written: what fails there is no file of a store."""

SOMEWHERE = N_("a file or folder that was named")
ITS_SCHEMA = N_("What it may say: schema {name}.")
NO_LANGUAGE = N_("There is no such language of the screen. Known are: {languages}.")
NO_SUCH_PAPER = N_("There is no such language of paper. Known are: {languages}; ky is Kyrgyz.")

HELP = ["-h", "--help"]
"""How help is asked for; every command has it of the one above."""


class Commands(TyperGroup):
    """The commands, of which only the one that is named is imported."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, with the options that all have."""
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(app_of(cmd_name))
        command.name = cmd_name
        if isinstance(command, TyperGroup):
            command.help = COMMANDS[cmd_name]
        _extend(command, cmd_name)
        return command

    def invoke(self, ctx: Any) -> Any:
        """The command, and with its answer whatever is to be told of the stores that it opened."""
        said = super().invoke(ctx)
        if not isinstance(said, Outcome) or not (opened := ctx.meta.get(OPENED)):
            return said
        from shelterctl.act.damage import told  # noqa: PLC0415

        return told(said, opened)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands, from the table above and not from their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, translated(text, language.current())) for name, text in COMMANDS.items()])


def _extend(command: Any, typed: str) -> None:
    """The options that all have, numbers with their bounds, and every word of help said in the screen's language."""
    for part, name in [(command, "help"), (command, "epilog"), *((param, "help") for param in command.params)]:
        if getattr(part, name, None):
            told = translated(inspect.cleandoc(getattr(part, name)), language.current())
            setattr(part, name, spoken.typed(told))
    if isinstance(command, TyperGroup):
        command.params += of_groups()
        for name, below in command.commands.items():
            _extend(below, f"{typed} {name}")
    elif isinstance(command, TyperCommand):
        command.params += common()
        for param in command.params:
            bounded(param)
            if param.metavar:
                param.metavar = placed(param.metavar, language.current())
            if isinstance(param, TyperOption) and "--from" in param.opts and typed in TAKES:
                param.help = f"{param.help} {translated(ITS_SCHEMA, language.current()).format(name=TAKES[typed])}"


def run(arguments: Sequence[str]) -> int:
    """Carry out one command, say its outcome once, and give the exit code."""
    if screen.interactive() and _only_options(arguments):
        arguments = ("menu", *arguments)
    command = named(arguments, COMMANDS)
    language.speak(_spoken(arguments))
    voice = output.Voice(command, _format(arguments), language.current(), _shelf)
    asked = language.named(arguments, os.environ)
    known, unknown = (language.WRITTEN, NO_SUCH_PAPER) if prints(arguments) else (language.SPOKEN, NO_LANGUAGE)
    if asked not in (None, *known):
        return output.answer(Usage("usage/lang", unknown, languages=list(known)), voice)
    if all(word.lower() in ("--lang", asked, f"--lang={asked}") for word in arguments):
        arguments = ()
    helping.speak()
    group = Commands(
        name="shelterctl",
        params=of_groups(),
        context_settings={"help_option_names": HELP},
        rich_markup_mode=None,
        no_args_is_help=True,
        help=translated(_HELP, language.current()),
    )
    try:
        said = group.main(list(arguments), prog_name="shelterctl", standalone_mode=False)
    except ShelterError as error:
        return output.answer(error, voice)
    except typer.Abort:
        return Exit.INTERRUPTED
    except (OSError, SystemExit) as error:  # whatever no door has put into words
        return _unforeseen(error, voice)
    except TyperException as error:
        return _misfit(error, arguments, command, voice)
    voice = replace(voice, language=language.current())  # it may have been chosen meanwhile
    return output.answer(said, voice) if isinstance(said, Outcome) else int(said or 0)


def _spoken(arguments: Sequence[str]) -> str:
    """The language of the screen; where neither the words nor the computer tell it, the one that was chosen at it."""
    chosen = language.chosen(arguments, os.environ)
    if chosen != language.SPOKEN[0] or language.named(arguments, os.environ) or not screen.interactive():
        return chosen
    from shelterctl.act.reminder import last_language  # noqa: PLC0415 - only where it is not told

    identity = os.environ.get("SHELTERCTL_IDENTITY")
    remembered = last_language(Desk({"shelterctl.identity": identity}).heads)
    return language.legible(remembered or chosen, getattr(sys.stdout, "encoding", None))


def _unforeseen(error: OSError | SystemExit, voice: output.Voice) -> int:
    """Only the kind of trouble, no path of a user; where it is the answer itself that fails, nothing can be said."""
    if isinstance(error, SystemExit):  # with 1 the library of the command line leaves a pipe that nobody reads any more
        return Exit.OK if error.code == 1 else int(error.code or 0)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace and trace.tb_frame.f_globals["__name__"].startswith(SPEAKING):
        raise error
    return output.answer(machine.refusal(error, SOMEWHERE), voice)


def _misfit(error: TyperException, arguments: Sequence[str], command: str | None, voice: output.Voice) -> int:
    """What does not fit, said; a group alone is no slip, and shows what it has."""
    if type(error).__name__ != "NoArgsIsHelpError":
        return output.answer(slip(error, arguments, command, COMMANDS), voice)
    sys.stdout.write(str(error.args[0]) + "\n")
    return Exit.OK


def prints(arguments: Sequence[str]) -> bool:
    """Whether paper is asked for: then --lang may name a language that only paper has."""
    options = {word.partition("=")[0] for word in arguments}
    return "form" in arguments or bool(options & {"--out", "--blank"})


def _only_options(arguments: Sequence[str]) -> bool:
    """Whether no command is named: then a person who sits there is shown the menu, with the options that she typed."""
    taken = {f"--{option.name}".replace("_", "-") for option in common() if not option.is_flag} - {"--format"}
    words = iter(arguments)
    for word in words:
        option, equals, _ = word.partition("=")
        if option not in taken:
            return False
        if not equals:
            next(words, None)
    return True


_HELP = N_("""Care, rehabilitation and reintegration of victims of trafficking, by the manual.

Example: shelterctl admit --from referral.yaml""")


def _shelf() -> "Shelf":
    from shelterctl.library import open_shelf  # noqa: PLC0415

    return open_shelf()


def _format(arguments: Sequence[str]) -> output.Format:
    """How to answer, read off the words before they are parsed: an error in them must be answered so too."""
    for word, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        if word == "--":
            break
        if word == "--json":
            return output.Format.JSON
        name, _, value = word.partition("=")
        if name == "--format" and (value or following) in list(output.Format):
            return output.Format(value or following)
    return output.Format.TABLE
