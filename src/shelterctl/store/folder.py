"""The folder of a store: where it is, what its files are called, and the ids of clients and entries."""

import re
import secrets
from contextlib import suppress
from pathlib import Path
from string import ascii_uppercase

from shelterctl import machine
from shelterctl.core.identifier import ALPHABET, letters
from shelterctl.errors import Damaged, NotFound, Usage
from shelterctl.language import N_
from shelterctl.trust import FILE

SHELTER, STAFF, DIRECTORY, SECRETS = "shelter.yaml", "staff.yaml", "directory.yaml.age", "secrets.yaml.age"
TRUST = FILE
FOUNDING = ".founding.yaml.age"
"""What lies here while a store is being made: the paper's key, sealed to the device."""

ASIDE = "set-aside"
"""Where a repair lays what it takes the place of: nothing is deleted."""

REMEMBERED = "store"
"""The file in which this computer remembers a store, beside its key: the folder, as a text."""

NO_STORE = N_("There is no store here.")
NAME_IT = N_(
    "Name its folder with --store DIR, or make one with: shelterctl init DIR --shelter CODE. "
    "If it was lost, put it back from a backup: shelterctl restore DIR --store NEW."
)
NAME_RIGHT = N_("Look at how the folder is written. The store that this computer remembers is in {folder}.")
GONE = N_("The store that this computer remembers was in {folder}, and is not there now.")
CONNECT = N_(
    "If that is a stick or another computer's disk, connect it and try again. If the folder was moved, name it with "
    "--store DIR. If it was lost, put it back from a backup: shelterctl restore DIR --store NEW."
)
NOT_AN_ID = N_(
    "That cannot be the id of a client: an id has eight digits and Latin letters, such as 7QF2-M9KD. "
    "These letters never occur in it: {never}; 0 and 1 are digits."
)
LIST = N_("See the ids with: shelterctl list.")

BACKUP = re.compile(
    r"shelterctl-(?P<store>[0-9A-Za-z]+)-(?P<made>\d{4}-\d{2}-\d{2}T\d{4})(?P<damaged>-damaged)?(-(?P<number>\d+))?"
)
"""The name of the folder of a backup."""

RECORD = re.compile(r"residents/([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\.yaml\.age")
"""The name of a client's file."""

_ID = re.compile(r"([0-9A-HJKMNP-TV-Z]{4})[- ]?([0-9A-HJKMNP-TV-Z]{4})")
_OWN = re.compile(
    r"(shelter|staff)\.yaml|(directory|secrets)\.yaml\.age|registers/[a-z-]+/[0-9]{4}-[0-9]{2}/[a-z0-9]+\.yaml\.age"
)


def read_id(typed: str) -> str:
    """An id as it is written everywhere, however it was typed; Usage if the text cannot be one."""
    found = _ID.fullmatch(letters(typed))
    if not found:
        raise Usage("usage/id", NOT_AN_ID, hint=LIST, never=sorted({*ascii_uppercase} - {*ALPHABET}))
    return f"{found[1]}-{found[2]}"


def new_id() -> str:
    """A fresh random id of a client."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def new_entry_id() -> str:
    """A fresh id of an entry; it begins with a letter, so that it is never read as a number."""
    return secrets.choice(ALPHABET[10:]) + "".join(secrets.choice(ALPHABET) for _ in range(5))


def file_of(id_: str) -> str:
    """Where a client's file lies in the store."""
    return f"residents/{id_}.yaml.age"


def is_store(folder: Path) -> bool:
    """Whether a store lies in the folder, one too that has lost its first file."""
    return (folder / SHELTER).is_file() or (folder / TRUST).is_file()


def find_root(named: Path | None, heads: Path) -> tuple[Path, bool]:
    """The folder of the store, and whether it is only remembered.

    It is the folder that was *named*; else the nearest one upwards in which a store lies; else the one that this
    computer remembers in *heads*. Raises NotFound.
    """
    for folder in (named,) if named is not None else (Path.cwd(), *Path.cwd().parents):
        if is_store(folder):
            return folder, False
    last = remembered_root(heads)
    if last is None:
        raise NotFound("store/none", NO_STORE, hint=NAME_IT)
    if named is not None:
        raise NotFound("store/none", NO_STORE, hint=NAME_RIGHT, folder=machine.spelt(last))
    with suppress(OSError):  # a folder that may not be looked into is not there for whoever sits here
        if is_store(last):
            return last, True
    raise NotFound("store/gone", GONE, hint=CONNECT, folder=machine.spelt(last))


def remembered_root(heads: Path) -> Path | None:
    """The folder of the store that this computer remembers in *heads*, whether or not it is there now."""
    with suppress(OSError, Damaged, ValueError):
        folder = Path(machine.read_regular(heads / REMEMBERED, 4096).decode(errors="replace").strip())
        return folder if folder.is_absolute() else None
    return None


def present(root: Path) -> frozenset[str]:
    """What lies in the folder under the name of a store's file, whether or not the journal speaks of it."""
    with machine.disk("."):
        names = {name for name in machine.names_in(root) if _OWN.fullmatch(name)}
        names |= {f"residents/{name}" for name in machine.names_in(root / "residents")}
        for kind in machine.names_in(root / "registers"):
            for month in machine.names_in(root / "registers" / kind):
                within = f"registers/{kind}/{month}"
                names |= {f"{within}/{name}" for name in machine.names_in(root / within)}
    return frozenset(
        name for name in names if (_OWN.fullmatch(name) or RECORD.fullmatch(name)) and not (root / name).is_dir()
    )
