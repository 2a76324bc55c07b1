"""shelterctl passphrase: changes the passphrase of this device's key, or sets the first one."""

from functools import partial
from typing import Annotated

import typer

from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.errors import UsageError
from shelterctl.terminal.passphrase import (
    PRESENT_PASSPHRASE_PROMPT,
    ask_passphrase,
    passphrase_asker,
    show_locking,
    show_unlocking,
)
from shelterctl.ui_language import N_

PASSPHRASE_CHANGED = N_("The key of this device has a new passphrase.")
PASSPHRASE_SET = N_("The key of this device now has a passphrase.")
KEY_COPIES_OPEN_AS_BEFORE = N_(
    "Older copies of the key file still open with the old passphrase, or without one. Find and destroy them."
)
DESCRIPTORS_MUST_DIFFER = N_("--passphrase-fd and --new-passphrase-fd must name two different file descriptors.")

NEW_PASSPHRASE_FLAG = "--new-passphrase-fd"  # noqa: S105 - the name of an option

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl passphrase")
def passphrase(
    ctx: Ctx,
    new: Annotated[
        int | None,
        typer.Option(NEW_PASSPHRASE_FLAG, metavar="M", help="Read the new passphrase from this file descriptor."),
    ] = None,
) -> Outcome:
    """Change the passphrase of this device's key, or set one if it has none."""
    # Gather.
    from shelterctl.identity.key_file import change_passphrase  # noqa: PLC0415 - pyrage is not needed for help

    session = begin_command(ctx)
    given = session.options.passphrase_fd
    if new is not None and new == given:
        raise UsageError("passphrase/same-descriptor", DESCRIPTORS_MUST_DIFFER)
    had_one = session.protected
    old, tries = passphrase_asker(given, PRESENT_PASSPHRASE_PROMPT)

    # Act.
    busy = partial(show_unlocking, given, quiet=session.json)
    fresh = partial(ask_passphrase, new, twice=True, flag=NEW_PASSPHRASE_FLAG)
    locking = partial(show_locking, new, quiet=session.json)
    change_passphrase(session.identity_file, old, fresh, tries=tries, busy=busy, locking=locking)
    return Outcome(
        data={"identity": str(session.identity_file)},
        said=((PASSPHRASE_CHANGED if had_one else PASSPHRASE_SET, {}), (KEY_COPIES_OPEN_AS_BEFORE, {})),
    )
