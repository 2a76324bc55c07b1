"""Options that mean the same on every command, and the desk that they set up."""

import re
from datetime import date
from functools import partial
from typing import Annotated, Any

import typer
from typer._click.types import IntParamType, IntRange
from typer.core import TyperOption

from shelterctl import screen
from shelterctl.bound import COUNT, LONGEST
from shelterctl.desk import Desk, code, day, walked
from shelterctl.errors import ShelterError, Usage
from shelterctl.language import N_, VARIABLE, current, translated
from shelterctl.output import LISTS, Format

RIGHT_CLOCK = N_("Is the clock right?")

Ctx = typer.Context
From = Annotated[str | None, typer.Option("--from", metavar="FILE", help="Read YAML or JSON from FILE; - reads stdin.")]
On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="The day of it, as 2026-11-25, 25.11.2026 or yesterday; default: today."),
]
Check = Annotated[bool, typer.Option("--check", help="Only say what would be refused or stay open; write nothing.")]
CheckMeaning = Annotated[bool, typer.Option("--check", help="Only say what it would mean; write nothing.")]
Again = Annotated[
    bool, typer.Option("--again", help="Write entries once more that stand in her file already, word for word.")
]
WhichStay = Annotated[
    str | None, typer.Option("--stay", metavar="STAY", help="To which of her stays it belongs, by its id.")
]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help="Write it into FILE: .pdf, .html, .md or .txt; - writes it to a pipe."),
]
As = Annotated[
    str | None,
    typer.Option("--as", metavar="pdf|html|md|txt", help="The kind of file, where the name of the file does not say."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there already.")]
Blank = Annotated[bool, typer.Option("--blank", help="The form to be written on by hand; needs no store and no key.")]
Number = Annotated[str | None, typer.Option("--number", metavar="N", help="Which agreement, by its number.")]
Names = Annotated[
    bool,
    typer.Option("--names", help="Print also what tells who she is, where the form asks for it; in a pipe, any text."),
]
InPages = Annotated[
    bool, typer.Option("--names", help="Off a terminal and with --json: names, contacts and free text too.")
]
Stock = Annotated[
    str | None,
    typer.Option(
        "--paper",
        metavar="white|letter",
        help="What lies in the printer: white for coloured paper (no tint), letter for its size.",
    ),
]

NOT_SECONDS = N_("{flag} needs a number of seconds from 0 to {most}, such as 30 or 0.5.")
_SECONDS = re.compile(r"\d{1,4}(\.\d{1,3})?", re.ASCII)
LACKING = N_("{option} is missing. See: {see} --help")
NO_VALUE = N_("{option} needs a value behind it. See: {see} --help")
NO_FORMAT = N_("There is no such format. Known are: {formats}.")
TWO_FORMATS = N_("--json is one page, and --format names another answer. Leave one of the two out.")
NO_LIST = N_("This makes no list, and csv and ndjson hold nothing else. Here --format takes one of: {formats}.")
NO_PAPER = N_(
    "--paper takes white, where the tint comes with coloured paper, letter for a printer with paper of that size, or "
    "both: white,letter."
)


def common() -> list[TyperOption]:
    """The options that every command takes, made anew for each."""
    said = [
        ("--json", None, N_("Answer with one JSON page."), None),
        ("--format", "FORMAT", N_("table or json; of a list also ndjson or csv."), None),
        ("--store", "DIR", N_("The folder of the store."), "SHELTERCTL_STORE"),
        ("--identity", "FILE", N_("The key file of this device."), "SHELTERCTL_IDENTITY"),
        ("--as-of", "DATE", N_("Take DATE as today."), None),
        ("--staff", "CODE", N_("Who is at the device."), "SHELTERCTL_STAFF"),
        ("--lang", "LANG", N_("The language: en or ru, and of paper ky too."), VARIABLE),
        ("--wait", "SECONDS", N_("How long to wait while another command is at work; default: 5."), None),
        ("--passphrase-fd", "N", N_("Read the passphrase from this file descriptor."), None),
    ]
    return [
        TyperOption(
            param_decls=[flag],
            help=translated(text, current()),
            metavar=metavar,
            is_flag=metavar is None,
            default=False if metavar is None else None,
            type=None if metavar is None else int if metavar == "N" else str,
            envvar=variable,
            expose_value=False,
            callback=_keep,
        )
        for flag, metavar, text, variable in said
    ]


def bounded(param: Any) -> None:
    """Bound a whole number from above where its command does not: one that is longer is a slip."""
    if isinstance(param.type, IntParamType) and getattr(param.type, "max", None) is None:
        param.type = IntRange(min=getattr(param.type, "min", None), max=COUNT)


def of_groups() -> list[TyperOption]:
    """The one that may stand before a command's name too, for it is asked for wherever it is typed."""
    return [option for option in common() if option.name == "lang"]


def _keep(ctx: Any, param: Any, value: Any) -> Any:
    if value is not None:
        ctx.meta[f"shelterctl.{param.name}"] = value
        ctx.meta[f"shelterctl.typed.{param.name}"] = ctx.get_parameter_source(param.name).name == "COMMANDLINE"
    return value


def stock(paper: str | None) -> dict[str, Any]:
    """What --paper says, as a request has it; Usage for any other paper, since the tint of a form is the manual's."""
    words = set((paper or "").lower().split(","))
    if not words <= {"", "white", "letter"}:
        raise Usage("usage/paper", NO_PAPER)
    return {"white": "white" in words, "size": "us-letter" if "letter" in words else "a4"}


def desk(ctx: Ctx, *, lists: bool = False, also: tuple[str, ...] = ()) -> Desk:
    """The desk of this call; where it makes no list, a format for lists is Usage before anything is asked or done.

    *also* are formats that this command alone has.
    """
    today = day(given, "--as-of") if (given := ctx.meta.get("shelterctl.as_of")) else date.today()
    if given := ctx.params.get("on"):  # before the passphrase is asked for
        day(given, "--on", lambda: today)
    if given := ctx.meta.get("shelterctl.staff"):
        code(given, "--staff")
    if (given := ctx.meta.get("shelterctl.wait")) is not None:
        screen.patient(seconds(given, "--wait"))
    if ctx.meta.get("shelterctl.format") not in (None, *Format, *also):
        raise Usage("usage/format", NO_FORMAT, formats=[*Format, *also])
    if ctx.meta.get("shelterctl.json") and ctx.meta.get("shelterctl.format") not in (None, Format.JSON):
        raise Usage("usage/format", TWO_FORMATS)
    if ctx.meta.get("shelterctl.format") in LISTS and not lists:
        raise Usage("usage/no-list", NO_LIST, formats=[each for each in Format if each not in LISTS])
    for param in ctx.command.params:  # an empty variable of a script is no wish to leave the option out
        name, typed = param.opts[0], (ctx.params.get(str(param.name)), ctx.meta.get(f"shelterctl.{param.name}"))
        if name.startswith("-") and "" in typed:
            raise Usage("usage/words", NO_VALUE, option=name, see=ctx.command_path)
    here = Desk(ctx.meta)
    ctx.meta["shelterctl.sure"] = partial(_right_clock, here)
    return here


def _right_clock(here: Desk, clock: ShelterError) -> bool:
    """Whether the clock is right although it is far ahead: a day was said with --as-of, or a person here says so."""
    if here.option("as_of") or not walked(here):
        return bool(here.option("as_of"))
    from shelterctl import ask  # noqa: PLC0415 - once in half a year

    screen.tell(clock.message, clock.facts)
    return ask.confirm(RIGHT_CLOCK)


def seconds(written: str, flag: str) -> float:
    """A number of seconds from the command line; Usage for none, or for longer than anybody waits."""
    if not _SECONDS.fullmatch(written) or (read := float(written)) > LONGEST:
        raise Usage("usage/wait", NOT_SECONDS, flag=flag, most=LONGEST)
    return read
