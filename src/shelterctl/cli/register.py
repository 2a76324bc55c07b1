"""What staff, NGOs, providers and houses have alike on the command line: the list of what is registered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer

from shelterctl.act.discretion import named
from shelterctl.cli.list import NOT_HERE
from shelterctl.cli.options import Ctx, desk
from shelterctl.contract import SINGULAR
from shelterctl.core.finding import Outcome
from shelterctl.core.record import at
from shelterctl.desk import Desk
from shelterctl.errors import Usage
from shelterctl.language import N_, Coded

NOTHING = N_("Nothing is registered there yet.")

NAMED = ("name", "phone")
"""What stands behind a code, for the screen alone."""

CODED = {"role": "staff.role", "kind": "facility.kind", "legal_form": "directory.ngos.legal_form"}
"""Columns of codes, each with the place of the shelf that says them in words."""

Register = Mapping[str, Mapping[str, Any]]


def directory(here: Desk, register: str) -> Register:
    """Whatever the directory has of one register, by code."""
    return here.store.directory.value.get(register) or {}


def listing(
    app: typer.Typer, register: str, keys: Sequence[str], known: Callable[[Desk], Register] | None = None
) -> None:
    """Give *app* its list: a row each, of its code and what is a code or a date; *known* where that lies in clear."""
    one = SINGULAR[register]

    @app.command("list", epilog=f"Example: shelterctl {one} list --format csv")
    def list_(
        ctx: Ctx,
        names: Annotated[
            bool, typer.Option("--names", help="Names and telephones too, on a screen that is gone when it is left.")
        ] = False,
    ) -> Outcome:
        """List what is registered, by code; names at a terminal alone."""
        # Gather.
        here = desk(ctx, lists=True)
        if names and not named(here):
            raise Usage("usage/names", NOT_HERE)
        told = keys[:1] if names else keys  # a screen has no room for all
        found = known(here) if known else directory(here, register)
        behind = directory(here, register) if names else {}

        # Decide.
        rows = [
            {one: code, **_named(behind.get(code), names), **_row(here, found[code], told)} for code in sorted(found)
        ]
        columns = (one, *_named(None, names), *_row(here, {}, told))
        return Outcome(data={"rows": rows}, columns=columns, said=() if rows else ((NOTHING, {}),), private=names)


def _named(behind: Mapping[str, Any] | None, names: bool) -> dict[str, Any]:
    return {name: (behind or {}).get(name) for name in NAMED} if names else {}


def _row(here: Desk, it: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """One entry as columns; codes are said in words on a screen."""
    row = {key.replace(".", "_"): at(it, key) for key in keys}
    for key in CODED.keys() & row.keys():
        row[key] = row[key] and Coded(row[key], here.shelf.places[CODED[key]].codes[row[key]])
    return row
