"""Which shelf is read: the program's own, or one that is on trial and held whole first."""

import os
from functools import cache, lru_cache
from pathlib import Path

from shelterctl.errors import NotFound
from shelterctl.language import N_
from shelterctl.library.file import PACKAGE, take
from shelterctl.library.shelf import Shelf

TRIAL = "trial"
"""The name of a shelf that is on trial and names itself by none."""

MANUAL = "SHELTERCTL_MANUAL"
"""The variable that names the folder of another shelf."""

NO_SHELF = N_("SHELTERCTL_MANUAL names a folder that is not there.")


def open_shelf() -> Shelf:
    """The shelf of the program, or the one that SHELTERCTL_MANUAL names, to try a revision before it holds."""
    named = os.environ.get(MANUAL)
    if not named:
        return _shipped()
    if not Path(named).is_dir():
        raise NotFound("shelf/none", NO_SHELF)
    return _named(Path(named), Shelf(Path(named)).digest)


def shelf_name(shelf: Shelf) -> str | None:
    """The name that a store has for its shelf; None of the shipped one, whose stores say nothing."""
    if shelf.trusted or shelf.digest == _shipped().digest:
        return None
    return str(take(shelf.folder, "edition.yaml", "edition").get("shelf", TRIAL))


@lru_cache(1)
def _named(folder: Path, digest: str) -> Shelf:
    """The shelf of that folder with that content, held against itself once; what is on trial is not trusted."""
    from shelterctl.library.trial import hold_whole  # noqa: PLC0415 - the shipped shelf does without it

    shelf = Shelf(folder)
    hold_whole(shelf)
    return shelf


@cache
def _shipped() -> Shelf:
    """The shelf of the program, which is the same for every act of a sitting."""
    return Shelf(PACKAGE / "manual", trusted=True)
