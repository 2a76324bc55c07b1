"""Options that mean the same on every command, and the desk that they set up."""

from typing import Annotated, Any

import typer
from typer.core import TyperOption

from shelterctl.desk import Desk, code, day
from shelterctl.errors import Usage
from shelterctl.language import N_, VARIABLE, current, translated
from shelterctl.output import Format

Ctx = typer.Context
From = Annotated[str | None, typer.Option("--from", metavar="FILE", help="Read YAML or JSON from FILE; - reads stdin.")]
On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="The day of it, as 2026-11-25, 25.11.2026 or yesterday; default: today."),
]
Check = Annotated[bool, typer.Option("--check", help="Only say what would be refused or stay open; write nothing.")]

NO_FORMAT = N_("There is no such format. Known are: {formats}.")


def common() -> list[TyperOption]:
    """The options that every command takes, made anew for each."""
    said = [
        ("--json", None, N_("Answer with one JSON page."), None),
        ("--format", "FORMAT", N_("table, json, ndjson or csv."), None),
        ("--store", "DIR", N_("The folder of the store."), "SHELTERCTL_STORE"),
        ("--identity", "FILE", N_("The key file of this device."), "SHELTERCTL_IDENTITY"),
        ("--as-of", "DATE", N_("Take DATE as today."), None),
        ("--staff", "CODE", N_("Who is at the device."), "SHELTERCTL_STAFF"),
        ("--lang", "LANG", N_("The language of the screen: en or ru."), VARIABLE),
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


def of_groups() -> list[TyperOption]:
    """The one that may stand before a command's name too, for it is asked for wherever it is typed."""
    return [option for option in common() if option.name == "lang"]


def _keep(ctx: Any, param: Any, value: Any) -> Any:
    if value is not None:
        ctx.meta[f"shelterctl.{param.name}"] = value
    return value


def desk(ctx: Ctx) -> Desk:
    """The desk of this call."""
    if given := ctx.meta.get("shelterctl.as_of"):
        day(given, "--as-of")
    if given := ctx.params.get("on"):  # before the passphrase is asked for
        day(given, "--on")
    if given := ctx.meta.get("shelterctl.staff"):
        code(given, "--staff")
    if ctx.meta.get("shelterctl.format") not in (None, *Format):
        raise Usage("usage/format", NO_FORMAT, formats=list(Format))
    return Desk(ctx.meta)
