"""The folder of a store: where it is, what its files are called, and the ids of clients and entries."""

import re
import secrets
from contextlib import suppress
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from shelterctl.core.values.codes import ID_ALPHABET, correct_id_letters
from shelterctl.errors import Damaged, NotFound, UsageError
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import list_folder, read_plain_file
from shelterctl.platform.writing import format_path
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.ui_language import N_

SHELTER_FILE, STAFF_FILE = "shelter.yaml", "staff.yaml"
DIRECTORY_FILE, SECRETS_FILE = "directory.yaml.age", "secrets.yaml.age"
FOUNDING_FILE = ".founding.yaml.age"
"""What lies here while a store is being made: the paper's key, sealed to the device."""

SET_ASIDE_FOLDER = "set-aside"
"""Where a repair lays what it takes the place of: nothing is deleted."""

REMEMBERED_STORE_FILE = "store"
"""The file in which this computer remembers a store, beside its key: the folder, as a text."""

NO_STORE_HERE = N_("There is no store here.")
NAME_STORE_FOLDER = N_(
    "Name its folder with --store DIR, or make one with: shelterctl init DIR --shelter CODE. "
    "If it was lost, put it back from a backup: shelterctl restore DIR --store NEW."
)
CHECK_STORE_FOLDER = N_("Look at how the folder is written. The store that this computer remembers is in {folder}.")
STORE_NOT_THERE = N_("The store that this computer remembers was in {folder}, and is not there now.")
CONNECT_STORE_DISK = N_(
    "If that is a stick or another computer's disk, connect it and try again. If the folder was moved, name it with "
    "--store DIR. If it was lost, put it back from a backup: shelterctl restore DIR --store NEW."
)
NOT_A_CLIENT_ID = N_(
    "That cannot be the id of a client: an id has eight digits and Latin letters, such as 7QF2-M9KD. "
    "These letters never occur in it: {never}; 0 and 1 are digits."
)
SEE_CLIENT_IDS = N_("See the ids with: shelterctl list.")

BACKUP_FOLDER_NAME = re.compile(
    r"shelterctl-(?P<store>[0-9A-Za-z]+)-(?P<made>\d{4}-\d{2}-\d{2}T\d{4})(?P<damaged>-damaged)?(-(?P<number>\d+))?"
)
"""The name of the folder of a backup."""

RECORD_FILE_NAME = re.compile(r"residents/([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\.yaml\.age")
"""The name of a client's file."""

_CLIENT_ID = re.compile(r"([0-9A-HJKMNP-TV-Z]{4})[- ]?([0-9A-HJKMNP-TV-Z]{4})")
_STORE_FILE_NAME = re.compile(
    r"(shelter|staff)\.yaml|(directory|secrets)\.yaml\.age|registers/[a-z-]+/[0-9]{4}-[0-9]{2}/[a-z0-9]+\.yaml\.age"
)


def parse_client_id(typed: str) -> str:
    """An id as it is written everywhere, however it was typed; UsageError if the text cannot be one."""
    found = _CLIENT_ID.fullmatch(correct_id_letters(typed))
    if not found:
        raise UsageError(
            "usage/id", NOT_A_CLIENT_ID, hint=SEE_CLIENT_IDS, never=sorted({*ascii_uppercase} - {*ID_ALPHABET})
        )
    return f"{found[1]}-{found[2]}"


def new_client_id() -> str:
    """A fresh random id of a client."""
    drawn = "".join(secrets.choice(ID_ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def new_entry_id() -> str:
    """A fresh id of an entry; it begins with a letter, so that it is never read as a number."""
    return secrets.choice(ID_ALPHABET[10:]) + "".join(secrets.choice(ID_ALPHABET) for _ in range(5))


def make_secrets(day: str) -> dict[str, Any]:
    """The first content of secrets.yaml.age: one new key for the codes of sheets, which counts from *day* on."""
    return {"schema": "secrets/1", "sheet_codes": [{"id": new_entry_id(), "since": day, "key": secrets.token_hex(32)}]}


def record_file(id_: str) -> str:
    """Where a client's file lies in the store."""
    return f"residents/{id_}.yaml.age"


def is_store_folder(folder: Path) -> bool:
    """Whether a store lies in the folder, one too that has lost its first file."""
    return (folder / SHELTER_FILE).is_file() or (folder / TRUST_LIST_FILE).is_file()


def find_store_folder(given: Path | None, heads: Path) -> tuple[Path, bool]:
    """The folder of the store, and whether it is only remembered.

    It is the folder that was *given*; else the nearest one upwards in which a store lies; else the one that this
    computer remembers in *heads*. Raises NotFound.
    """
    for folder in (given,) if given is not None else (Path.cwd(), *Path.cwd().parents):
        if is_store_folder(folder):
            return folder, False
    last = remembered_store_folder(heads)
    if last is None:
        raise NotFound("store/none", NO_STORE_HERE, hint=NAME_STORE_FOLDER)
    if given is not None:
        raise NotFound("store/none", NO_STORE_HERE, hint=CHECK_STORE_FOLDER, folder=format_path(last))
    with suppress(OSError):  # a folder that may not be looked into is not there for whoever sits here
        if is_store_folder(last):
            return last, True
    raise NotFound("store/gone", STORE_NOT_THERE, hint=CONNECT_STORE_DISK, folder=format_path(last))


def remembered_store_folder(heads: Path) -> Path | None:
    """The folder of the store that this computer remembers in *heads*, whether or not it is there now."""
    with suppress(OSError, Damaged, ValueError):
        folder = Path(read_plain_file(heads / REMEMBERED_STORE_FILE, 4096).decode(errors="replace").strip())
        return folder if folder.is_absolute() else None
    return None


def list_store_files(root: Path) -> frozenset[str]:
    """What lies in the folder under the name of a store's file, whether or not the journal speaks of it."""
    with translate_disk_errors("."):
        names = {name for name in list_folder(root) if _STORE_FILE_NAME.fullmatch(name)}
        names |= {f"residents/{name}" for name in list_folder(root / "residents")}
        for kind in list_folder(root / "registers"):
            for month in list_folder(root / "registers" / kind):
                within = f"registers/{kind}/{month}"
                names |= {f"{within}/{name}" for name in list_folder(root / within)}
    return frozenset(
        name
        for name in names
        if (_STORE_FILE_NAME.fullmatch(name) or RECORD_FILE_NAME.fullmatch(name)) and not (root / name).is_dir()
    )
