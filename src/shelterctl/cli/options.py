"""The options that several commands share, declared once: those that every command takes, those of one kind of
command (--from, --on, --check, --out), and those of lists (--columns, --where, --count). `begin_command` checks
the shared ones and returns the session.
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

WAITING_FOR_LOCK = N_("Another command is at work in this store; waiting for it…")
IS_CLOCK_RIGHT = N_("Is the clock right?")

Ctx = typer.Context
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="FILE", help="Read YAML or JSON from FILE; - reads stdin.")
]
OnOption = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="The day of it, as 2026-11-25, 25.11.2026 or yesterday; default: today."),
]
CheckOption = Annotated[
    bool, typer.Option("--check", help="Only say what would be refused or stay open; write nothing.")
]
CheckMeaningOption = Annotated[bool, typer.Option("--check", help="Only say what it would mean; write nothing.")]
AgainOption = Annotated[
    bool, typer.Option("--again", help="Write entries once more that stand in her file already, word for word.")
]
StayOption = Annotated[
    str | None, typer.Option("--stay", metavar="STAY", help="To which of her stays it belongs, by its id.")
]
OutOption = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help="Write it into FILE: .pdf, .html, .md or .txt; - writes it to a pipe."),
]
AsOption = Annotated[
    str | None,
    typer.Option("--as", metavar="pdf|html|md|txt", help="The kind of file, where the name of the file does not say."),
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there already.")]
BlankOption = Annotated[
    bool, typer.Option("--blank", help="The form to be written on by hand; needs no store and no key.")
]
AgreementNumberOption = Annotated[
    str | None, typer.Option("--number", metavar="N", help="Which agreement, by its number.")
]
PrintNamesOption = Annotated[
    bool,
    typer.Option("--names", help="Print also what tells who she is, where the form asks for it; in a pipe, any text."),
]
PageNamesOption = Annotated[
    bool, typer.Option("--names", help="Off a terminal and with --json: names, contacts and free text too.")
]
PaperOption = Annotated[
    str | None,
    typer.Option(
        "--paper",
        metavar="white|letter",
        help="What lies in the printer: white for coloured paper (no tint), letter for its size.",
    ),
]

FLAG_NEEDS_SECONDS = N_("{flag} needs a number of seconds from 0 to {most}, such as 30 or 0.5.")
_SECONDS = re.compile(r"\d{1,4}(\.\d{1,3})?", re.ASCII)
OPTION_MISSING = N_("{option} is missing. See: {see} --help")
OPTION_VALUE_MISSING = N_("{option} needs a value behind it. See: {see} --help")
FORMAT_UNKNOWN = N_("There is no such format. Known are: {formats}.")
TWO_FORMATS_GIVEN = N_("--json is one page, and --format names another answer. Leave one of the two out.")
FORMAT_FOR_LISTS_ONLY = N_(
    "This makes no list, and csv and ndjson hold nothing else. Here --format takes one of: {formats}."
)
PAPER_STOCK_UNKNOWN = N_(
    "--paper takes white, where the tint comes with coloured paper, letter for a printer with paper of that size, or "
    "both: white,letter."
)
_COMMON_OPTIONS = (
    ("--json", None, N_("Answer with one JSON page."), None),
    ("--format", "FORMAT", N_("table or json; of a list also ndjson or csv."), None),
    ("--store", "DIR", N_("The folder of the store."), "SHELTERCTL_STORE"),
    ("--identity", "FILE", N_("The key file of this device."), "SHELTERCTL_IDENTITY"),
    ("--as-of", "DATE", N_("Take DATE as today."), None),
    ("--staff", "CODE", N_("Who is at the device."), "SHELTERCTL_STAFF"),
    ("--lang", "LANG", N_("The language: en or ru, and of paper ky too."), LANGUAGE_VARIABLE),
    ("--wait", "SECONDS", N_("How long to wait while another command is at work; default: 5."), None),
    ("--passphrase-fd", "N", N_("Read the passphrase from this file descriptor."), None),
)
"""Flag, placeholder, what help says, and the variable that may stand for it; without a placeholder it is a switch."""


def common_options() -> list[TyperOption]:
    """The options that every command takes, made anew for each."""
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
    """Bound a whole number from above where its command does not: one that is longer is a slip."""
    if isinstance(param.type, IntParamType) and getattr(param.type, "max", None) is None:
        param.type = IntRange(min=getattr(param.type, "min", None), max=LARGEST_OPTION_NUMBER)


def group_options() -> list[TyperOption]:
    """The one that may stand before a command's name too, for it is asked for wherever it is typed."""
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
    """What --paper says, as a request has it; UsageError for any other paper, as the tint of a form is the manual's."""
    words = set((paper or "").lower().split(","))
    if not words <= {"", "white", "letter"}:
        raise UsageError("usage/paper", PAPER_STOCK_UNKNOWN)
    return {"without_tint": "white" in words, "size": "us-letter" if "letter" in words else "a4"}


def session_of(ctx: Any) -> Session:
    """The session of this run, as it stands."""
    session: Session = ctx.ensure_object(Session)
    return session


def begin_command(ctx: Ctx, *, lists: bool = False, also: tuple[str, ...] = ()) -> Session:
    """The session, once the options of this command are checked; what was read of the store is forgotten.

    Where the command makes no list, a format for lists raises UsageError before anything is asked or done. *also* are
    formats that this command alone has.
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
    for param in ctx.command.params:  # an empty variable of a script is no wish to leave the option out
        name, typed = param.opts[0], (ctx.params.get(str(param.name)), getattr(options, str(param.name), None))
        if name.startswith("-") and "" in typed:
            raise UsageError("usage/words", OPTION_VALUE_MISSING, option=name, see=ctx.command_path)
    session.confirm_clock = partial(_confirm_clock, session)
    session.reopen()
    return session


def _confirm_clock(session: Session, clock: ShelterError) -> bool:
    """Whether the clock is right although it is far ahead: a day was said with --as-of, or a person here says so."""
    if session.options.as_of or not may_ask(session):
        return bool(session.options.as_of)
    from shelterctl.terminal.questions import confirm  # noqa: PLC0415 - once in half a year

    print_sentence(clock.message, clock.facts)
    return confirm(IS_CLOCK_RIGHT)


def read_seconds_option(written: str, flag: str) -> float:
    """A number of seconds from the command line; UsageError for none, or for longer than anybody waits."""
    if not _SECONDS.fullmatch(written) or (read := float(written)) > LONGEST_WAIT_SECONDS:
        raise UsageError("usage/wait", FLAG_NEEDS_SECONDS, flag=flag, most=LONGEST_WAIT_SECONDS)
    return read


NO_ROW_MATCHES = N_("No row is as it was asked for.")
ROLE_UNKNOWN = N_("There is no such role. The roles are {roles}.")

ColumnsOption = Annotated[
    str | None,
    typer.Option(
        metavar="FIELD,…",
        help="These columns: any coded, dated or counted field of the shelf, as schema columns tells them.",
    ),
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD=CODE",
        help="Only rows with this code, day, month, year, number, yes or no; may be repeated.",
    ),
]
CountOption = Annotated[
    bool, typer.Option("--count", help="How many rows there are of each kind by these columns; amounts are added up.")
]
