"""Options that several commands share: those of every command, those of one kind of command (--from, --on, --check,
--out), and those of lists (--columns, --where, --count). `begin_command` checks them and returns the session.
"""

import re
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated, Any

import typer
from typer._click.types import IntParamType, IntRange
from typer.core import TyperOption

from shelterctl.errors import ShelterError, UsageError
from shelterctl.language import current_language, translate
from shelterctl.limits import LARGEST_OPTION_NUMBER, LONGEST_WAIT_SECONDS
from shelterctl.output.page import LIST_FORMATS, Format
from shelterctl.session import Session, may_ask, read_code_option, read_day_option
from shelterctl.terminal.screen import print_sentence, show_busy
from shelterctl.ui_language import LANGUAGE_VARIABLE, N_

WAITING_FOR_LOCK = N_("Another command is using this store; waiting for it…")
IS_CLOCK_RIGHT = N_("Is the clock right?")

Ctx = typer.Context
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="FILE", help="Read YAML or JSON from FILE; - reads stdin.")
]
OnOption = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="The day, such as 2026-11-25, 25.11.2026 or yesterday; default: today."),
]
CheckOption = Annotated[
    bool, typer.Option("--check", help="Only show what would be refused or stay open; save nothing.")
]
SigningPaperOption = Annotated[
    str | None, typer.Option("--recovery", metavar="FILE", help="Sign with the recovery paper; FILE holds its line.")
]
CheckMeaningOption = Annotated[bool, typer.Option("--check", help="Only show what would change; save nothing.")]
AgainOption = Annotated[
    bool, typer.Option("--again", help="Save entries again that are already in her file, word for word.")
]
WHOM_HELP = "A client's id, or the code of a house, a member of staff, an NGO or a provider."
MonthOption = Annotated[
    str | None,
    typer.Option("--month", metavar="MONTH", help="Only entries of this month, such as 2026-11 or last."),
]
StayOption = Annotated[
    str | None, typer.Option("--stay", metavar="STAY", help="The id of the stay that it belongs to.")
]
OutOption = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help="Write to FILE: .pdf, .html, .md or .txt; - writes to a pipe."),
]
AsOption = Annotated[
    str | None,
    typer.Option("--as", metavar="pdf|html|md|txt", help="The kind of file, if its name does not show it."),
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace a file that already exists.")]
BlankOption = Annotated[
    bool, typer.Option("--blank", help="Print the form blank, to fill in by hand; this needs no store and no key.")
]
AgreementNumberOption = Annotated[
    str | None, typer.Option("--number", metavar="N", help="The number of the agreement.")
]
PrintNamesOption = Annotated[
    bool,
    typer.Option(
        "--names", help="Also print what shows who she is, where the form asks for it; in a pipe, also free text."
    ),
]
PageNamesOption = Annotated[
    bool, typer.Option("--names", help="Include names, contacts and free text in --json and outside a terminal.")
]
PaperOption = Annotated[
    str | None,
    typer.Option(
        "--paper",
        metavar="white|letter",
        help="The paper in the printer: white for coloured paper (no tint), letter for US letter size.",
    ),
]

FLAG_NEEDS_SECONDS = N_("{flag} takes a number of seconds from 0 to {most}, such as 30 or 0.5.")
_SECONDS = re.compile(r"\d{1,4}(\.\d{1,3})?", re.ASCII)
OPTION_MISSING = N_("{option} is missing. See: {see} --help")
OPTION_VALUE_MISSING = N_("{option} needs a value after it. See: {see} --help")
FORMAT_UNKNOWN = N_("There is no such format. Choose one of: {formats}.")
TWO_FORMATS_GIVEN = N_("--json and --format ask for two different answers. Leave one of them out.")
FORMAT_FOR_LISTS_ONLY = N_("This command does not make a list, so it has no csv or ndjson. Choose one of: {formats}.")
PAPER_STOCK_UNKNOWN = N_(
    "--paper takes white (no tint, for coloured paper), letter (US letter paper), or both: white,letter."
)
_COMMON_OPTIONS = (
    ("--json", None, N_("Answer with one JSON page."), None),
    ("--format", "FORMAT", N_("The format: table or json; for lists also ndjson or csv."), None),
    ("--store", "DIR", N_("The folder of the store."), "SHELTERCTL_STORE"),
    ("--identity", "FILE", N_("The key file of this device."), "SHELTERCTL_IDENTITY"),
    ("--as-of", "DATE", N_("Take DATE as today."), None),
    ("--staff", "CODE", N_("The code of the member of staff at this device."), "SHELTERCTL_STAFF"),
    ("--lang", "LANG", N_("The language: en or ru; for papers also ky."), LANGUAGE_VARIABLE),
    ("--wait", "SECONDS", N_("How many seconds to wait while another command is working; default: 5."), None),
    ("--passphrase-fd", "N", N_("Read the passphrase from this file descriptor."), None),
)
"""Option, placeholder, help, and the variable that may set it; an option without a placeholder is a switch."""


def common_options() -> list[TyperOption]:
    """Return the options that every command takes, made anew for each."""
    return [
        TyperOption(
            param_decls=[flag],
            help=translate(text, current_language()),
            metavar=metavar,
            is_flag=metavar is None,
            default=False if metavar is None else None,
            type=None if metavar is None else int if metavar == "N" else str,
            envvar=variable,
            expose_value=False,
            callback=_keep_option,
        )
        for flag, metavar, text, variable in _COMMON_OPTIONS
    ]


def limit_integer(param: Any) -> None:
    """Give a whole number an upper bound where its command sets none; a longer number is a slip."""
    if isinstance(param.type, IntParamType) and getattr(param.type, "max", None) is None:
        param.type = IntRange(min=getattr(param.type, "min", None), max=LARGEST_OPTION_NUMBER)


def group_options() -> list[TyperOption]:
    """Return --lang, the only common option that may be typed before a command's name too."""
    return [option for option in common_options() if option.name == "lang"]


def _keep_option(ctx: Any, param: Any, value: Any) -> Any:
    if value is not None:
        session, name = session_of(ctx), {param.name}
        typed = session.options.typed - name
        if ctx.get_parameter_source(param.name).name == "COMMANDLINE":
            typed |= name
        session.options = replace(session.options, typed=typed, **{param.name: value})
    return value


def paper_settings(paper: str | None) -> dict[str, Any]:
    """Return what --paper says, as a request has it. UsageError for any other paper: a form's tint is the manual's."""
    words = set((paper or "").lower().split(","))
    if not words <= {"", "white", "letter"}:
        raise UsageError("usage/paper", PAPER_STOCK_UNKNOWN)
    return {"without_tint": "white" in words, "size": "us-letter" if "letter" in words else "a4"}


def session_of(ctx: Any) -> Session:
    """Return the session of this run."""
    session: Session = ctx.ensure_object(Session)
    return session


def begin_command(ctx: Ctx, *, lists: bool = False, also: tuple[str, ...] = ()) -> Session:
    """Check the options of this command and return the session, which forgets what was read of the store.

    Raises UsageError for a format of lists if the command makes none, before anything is asked or done. *also* are
    formats that only this command has.
    """
    session = session_of(ctx)
    options = session.options
    today = read_day_option(options.as_of, "--as-of") if options.as_of else date.today()
    if given := ctx.params.get("on"):  # before the passphrase is asked for
        read_day_option(given, "--on", lambda: today)
    if options.staff:
        read_code_option(options.staff, "--staff")
    from shelterctl.vault.lock import lock_wait  # noqa: PLC0415 - help waits for no lock

    lock_wait.show = partial(show_busy, WAITING_FOR_LOCK)
    if options.wait is not None:
        lock_wait.seconds = read_seconds_option(options.wait, "--wait")
    if options.format not in (None, *Format, *also):
        raise UsageError("usage/format", FORMAT_UNKNOWN, formats=[*Format, *also])
    if options.json and options.format not in (None, Format.JSON):
        raise UsageError("usage/format", TWO_FORMATS_GIVEN)
    if options.format in LIST_FORMATS and not lists:
        raise UsageError(
            "usage/no-list", FORMAT_FOR_LISTS_ONLY, formats=[each for each in Format if each not in LIST_FORMATS]
        )
    for param in ctx.command.params:  # an empty variable in a script does not mean that the option is left out
        name, typed = param.opts[0], (ctx.params.get(str(param.name)), getattr(options, str(param.name), None))
        if name.startswith("-") and "" in typed:
            raise UsageError("usage/words", OPTION_VALUE_MISSING, option=name, see=ctx.command_path)
    session.confirm_clock = partial(_confirm_clock, session)
    session.reopen()
    return session


def _confirm_clock(session: Session, clock: ShelterError) -> bool:
    """Whether the clock is right although it is far ahead: so with --as-of, else a person at the terminal is asked."""
    if session.options.as_of or not may_ask(session):
        return bool(session.options.as_of)
    from shelterctl.terminal.questions import confirm  # noqa: PLC0415 - rarely needed

    print_sentence(clock.message, clock.facts)
    return confirm(IS_CLOCK_RIGHT)


def read_seconds_option(written: str, flag: str) -> float:
    """Return a number of seconds from the command line. UsageError for anything else, or for more than an hour."""
    if not _SECONDS.fullmatch(written) or (read := float(written)) > LONGEST_WAIT_SECONDS:
        raise UsageError("usage/wait", FLAG_NEEDS_SECONDS, flag=flag, most=LONGEST_WAIT_SECONDS)
    return read


NO_ROW_MATCHES = N_("No rows match.")
ROLE_UNKNOWN = N_("There is no such role. The roles are: {roles}.")

ColumnsOption = Annotated[
    str | None,
    typer.Option(
        metavar="FIELD,…",
        help="The columns to show: any field of the rulebook with a code, a date or a number; schema columns "
        "lists them.",
    ),
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD=CODE",
        help="Only show rows with this code, day, month, year, number, yes or no; may be repeated.",
    ),
]
ForOption = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="CODE",
        help="Encrypt the answer for this person's key; with --format csv, ndjson or json.",
    ),
]
CountOption = Annotated[
    bool, typer.Option("--count", help="Count the rows of each combination of these columns; amounts are added up.")
]
