"""The folder of a store: where it is, what its files are called, and the ids of clients and entries."""

import re
import secrets
from pathlib import Path
from string import ascii_uppercase

from shelterctl import machine
from shelterctl.core.identifier import ALPHABET, letters
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_
from shelterctl.trust import FILE

SHELTER, STAFF, DIRECTORY, SECRETS = "shelter.yaml", "staff.yaml", "directory.yaml.age", "secrets.yaml.age"
TRUST = FILE
FOUNDING = ".founding.yaml.age"
"""What lies here while a store is being made: the paper's key, sealed to the device."""

ASIDE = "set-aside"
"""Where a repair lays what it takes the place of: nothing is deleted."""

NO_STORE = N_("There is no store here.")
NAME_IT = N_(
    "Name its folder with --store DIR, or make one with: shelterctl init DIR --shelter CODE. "
    "If it was lost, put it back from a backup: shelterctl restore DIR --store NEW."
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


def find_root(named: Path | None) -> Path:
    """The folder that was named, or the nearest one upwards in which a store lies."""
    here = Path.cwd() if named is None else named
    for folder in (here, *here.parents) if named is None else (here,):
        if is_store(folder):
            return folder
    raise NotFound("store/none", NO_STORE, hint=NAME_IT)


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
