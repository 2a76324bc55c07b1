"""shelterctl passphrase: another passphrase for the key of this device, or the first."""

from functools import partial
from typing import Annotated

import typer

from shelterctl import ask
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.errors import Usage
from shelterctl.language import N_

CHANGED = N_("The key of this device has a new passphrase.")
SET = N_("The key of this device has a passphrase now.")
COPIES = N_("A copy of the key file that was made before still opens as it did: find it, and destroy it.")
BOTH = N_("--passphrase-fd and --new-passphrase-fd must name two file descriptors.")

NEW = "--new-passphrase-fd"

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl passphrase")
def passphrase(
    ctx: Ctx,
    new: Annotated[
        int | None, typer.Option(NEW, metavar="M", help="Read the new passphrase from this file descriptor.")
    ] = None,
) -> Outcome:
    """Change the passphrase of this device's key, or set one where there was none."""
    # Gather.
    from shelterctl import identity  # noqa: PLC0415 - pyrage is not needed for help

    here = desk(ctx)
    given = here.option("passphrase_fd")
    if new is not None and new == given:
        raise Usage("passphrase/same-descriptor", BOTH)
    had_one = here.protected
    old, tries = ask.asking(given, ask.PRESENT)

    # Act.
    busy = partial(ask.unlocking, given, quiet=here.json)
    fresh = partial(ask.passphrase, new, twice=True, flag=NEW)
    locking = partial(ask.locking, new, quiet=here.json)
    identity.change(here.identity_file, old, fresh, tries=tries, busy=busy, locking=locking)
    return Outcome(data={"identity": str(here.identity_file)}, said=((CHANGED if had_one else SET, {}), (COPIES, {})))
