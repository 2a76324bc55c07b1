"""The recovery key tried on a whole store: the drill before the day on which it is needed."""

from pathlib import Path
from typing import TYPE_CHECKING

from shelterctl.core.finding import Outcome
from shelterctl.desk import Desk
from shelterctl.errors import CannotOpen, Damaged, ShelterError, Usage
from shelterctl.language import N_

if TYPE_CHECKING:
    from shelterctl.store import Store

OPENS = N_("The recovery key alone opens every file of the store: {opened}.")
BACK = N_("Take the file with the key out of the house again, then erase it here.")
NO_FILE = N_("The file that --recovery names is not there, or is no file.")
NO_KEY = N_("The file that --recovery names does not hold the recovery key as it was written down.")
A_DEVICES = N_("That is the key of a device, not the recovery key.")
ANOTHERS = N_("That is not the recovery key of this store.")
THE_PAPER = N_(
    "The recovery key is the line that begins with AGE-SECRET-KEY-1, written down when the store was made. "
    "Write that line alone into a file, and name the file with --recovery."
)
SOME_DO_NOT = N_("With the recovery key {opened} of {files} files open. These do not: {places}.")
BACKUP = N_("Put them back from the last backup, and tell the data officer.")


def opened_with(here: Desk, file: Path) -> Outcome:
    """How many files of the store the recovery key opens, without any key of this device.

    Raises Damaged, with the places of those that it does not open.
    """
    from shelterctl import identity, store  # noqa: PLC0415

    if not file.is_file():
        raise Usage("check/no-file", NO_FILE)
    try:
        key = identity.load(file, None)
    except CannotOpen as error:  # its own advice is about the key file of this device
        raise CannotOpen(error.code, NO_KEY, hint=THE_PAPER) from error
    if key.device:
        raise CannotOpen("check/a-devices-key", A_DEVICES, hint=THE_PAPER)
    opened = store.open_store(here.root, key, here.shelf, None)
    if opened.staff.value["recovery"]["age"] != key.recipient:
        raise CannotOpen("check/another-key", ANOTHERS, hint=THE_PAPER)
    names = sorted(opened.vault.journal.files() | store.present(here.root))
    closed = [name for name in names if not _opens(opened, name)]
    whole = len(names) - len(closed)
    if closed:
        facts = {"opened": whole, "files": len(names), "places": closed}
        raise Damaged("check/not-opened", SOME_DO_NOT, hint=BACKUP, **facts)
    return Outcome(data={"opened": whole}, said=((OPENS, {"opened": whole}), (BACK, {})))


def _opens(opened: "Store", name: str) -> bool:
    try:
        opened.vault.read(name)
    except ShelterError:
        return False
    return True
