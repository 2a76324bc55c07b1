"""The folder of a store: where it is, the names of its files, and the ids of clients and entries."""

import re
import secrets
from contextlib import suppress
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from shelterctl.core.record.register import RegisterFile
from shelterctl.core.values.codes import ID_ALPHABET, correct_id_letters
from shelterctl.errors import Damaged, NotFound, UsageError
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import is_plain_folder, list_folder, read_plain_file
from shelterctl.platform.writing import format_path
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.ui_language import N_

SHELTER_FILE, STAFF_FILE = "shelter.yaml", "staff.yaml"
DIRECTORY_FILE, SECRETS_FILE, ROSTER_FILE = "directory.yaml.age", "secrets.yaml.age", "roster.yaml.age"
FOUNDING_FILE = ".founding.yaml.age"
"""The file that exists only while a store is being made: the key of the recovery paper, sealed to the device."""

SET_ASIDE_FOLDER = "set-aside"
"""The folder for files that a repair replaces: nothing is deleted."""

REMEMBERED_STORE_FILE = "store"
"""The file beside the key in which this computer remembers the folder of a store, as text."""

NO_STORE_HERE = N_("There is no store here.")
NAME_STORE_FOLDER = N_(
    "Name its folder with --store DIR, or make one with: shelterctl init DIR --shelter CODE. If it was lost, "
    "restore it from a backup: shelterctl restore DIR --store NEW."
)
CHECK_STORE_FOLDER = N_("Check the spelling of the folder. The store that this computer remembers is in {folder}.")
STORE_NOT_THERE = N_("The store that this computer remembers was in {folder}, but it is not there now.")
CONNECT_STORE_DISK = N_(
    "If that is a stick or another computer's disk, connect it and try again. If the folder was moved, name "
    "it with --store DIR. If it was lost, restore it from a backup: shelterctl restore DIR --store NEW."
)
NOT_A_CLIENT_ID = N_(
    "This cannot be the id of a client: an id has eight digits and Latin letters, such as 7QF2-M9KD. It "
    "never has these letters: {never}; 0 and 1 are digits."
)
SEE_CLIENT_IDS = N_("See the ids with: shelterctl list.")

BACKUP_FOLDER_NAME = re.compile(
    r"shelterctl-(?P<store>[0-9A-Za-z]+)-(?P<made>\d{4}-\d{2}-\d{2}T\d{4})(?P<damaged>-damaged)?(-(?P<number>\d+))?"
)
"""The name of the folder of a backup."""

RECORD_FILE_NAME = re.compile(r"residents/([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\.yaml\.age")
"""The name of a client's file."""

REGISTER_FILE_NAME = re.compile(r"registers/(house|staff|ngo|provider)/([0-9]{4}-[0-9]{2})/([a-z0-9]+)\.yaml\.age")
"""The name of a file of a register: the home, the month, and the device that writes it."""

_CLIENT_ID = re.compile(r"([0-9A-HJKMNP-TV-Z]{4})[- ]?([0-9A-HJKMNP-TV-Z]{4})")
_STORE_FILE_NAME = re.compile(
    r"(shelter|staff)\.yaml|(directory|secrets|roster)\.yaml\.age|registers/[a-z-]+/[0-9]{4}-[0-9]{2}/[a-z0-9]+\.yaml\.age"
)


def read_register_name(name: str) -> RegisterFile | None:
    """Return the home, the month and the device of a file of a register; None for any other file."""
    found = REGISTER_FILE_NAME.fullmatch(name)
    return RegisterFile(*found.groups()) if found else None


def parse_client_id(typed: str) -> str:
    """Return an id in its standard spelling, however it was typed; UsageError if the text cannot be an id."""
    found = _CLIENT_ID.fullmatch(correct_id_letters(typed))
    if not found:
        raise UsageError(
            "usage/id", NOT_A_CLIENT_ID, hint=SEE_CLIENT_IDS, never=sorted({*ascii_uppercase} - {*ID_ALPHABET})
        )
    return f"{found[1]}-{found[2]}"


def could_be_client_id(code: str) -> bool:
    """Return whether a code of a register could be read as a client's id, so that nobody may be registered under it."""
    return _CLIENT_ID.fullmatch(correct_id_letters(code)) is not None


def new_client_id() -> str:
    """Return a new random id for a client."""
    drawn = "".join(secrets.choice(ID_ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def new_entry_id() -> str:
    """Return a new random id for an entry; it begins with a letter, so that it is never read as a number."""
    return secrets.choice(ID_ALPHABET[10:]) + "".join(secrets.choice(ID_ALPHABET) for _ in range(5))


def new_register_entry_id() -> str:
    """Return a new random id for an entry of a register, of which there are many thousand: two letters more."""
    return new_entry_id() + "".join(secrets.choice(ID_ALPHABET) for _ in range(2))


def make_secrets(day: str) -> dict[str, Any]:
    """Return the first content of secrets.yaml.age: one new key for the codes of sheets, valid from *day* on."""
    return {"schema": "secrets/1", "sheet_codes": [{"id": new_entry_id(), "since": day, "key": secrets.token_hex(32)}]}


def record_file(id_: str) -> str:
    """Return the name of a client's file in the store."""
    return f"residents/{id_}.yaml.age"


def is_store_folder(folder: Path) -> bool:
    """Whether the folder holds a store, even one that has lost shelter.yaml."""
    return (folder / SHELTER_FILE).is_file() or (folder / TRUST_LIST_FILE).is_file()


def find_store_folder(given: Path | None, heads: Path) -> tuple[Path, bool]:
    """Return the folder of the store, and whether it was only remembered.

    This is the folder *given*; otherwise the nearest folder upwards that holds a store; otherwise the one that this
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
    with suppress(OSError):  # a folder that this user may not open counts as missing
        if is_store_folder(last):
            return last, True
    raise NotFound("store/gone", STORE_NOT_THERE, hint=CONNECT_STORE_DISK, folder=format_path(last))


def remembered_store_folder(heads: Path) -> Path | None:
    """Return the folder of the store that this computer remembers in *heads*, whether or not it exists now; None if
    none.
    """
    with suppress(OSError, Damaged, ValueError):
        folder = Path(read_plain_file(heads / REMEMBERED_STORE_FILE, 4096).decode(errors="replace").strip())
        return folder if folder.is_absolute() else None
    return None


def list_store_files(root: Path) -> frozenset[str]:
    """Return all names in the folder that a file of a store may have, whether or not the journal names them."""
    with translate_disk_errors("."):
        names = {name for name in list_folder(root) if _STORE_FILE_NAME.fullmatch(name)}
        names |= {f"residents/{name}" for name in list_folder(root / "residents")}
        names |= {*list_register_files(root)}
    return frozenset(
        name
        for name in names
        if (_STORE_FILE_NAME.fullmatch(name) or RECORD_FILE_NAME.fullmatch(name)) and not (root / name).is_dir()
    )


def list_register_files(root: Path) -> list[str]:
    """Return the names of all files in the folders of registers; links are not followed."""
    folders = _list_plain_folders(root, "registers", 2)
    return [f"{within}/{name}" for within in folders for name in list_folder(root / within)]


def _list_plain_folders(root: Path, within: str, depth: int) -> list[str]:
    """Return the folders that are *depth* levels below one; links are not followed."""
    if not is_plain_folder(root / within) or not depth:
        return [within] if is_plain_folder(root / within) else []
    below = (f"{within}/{name}" for name in list_folder(root / within))
    return [deeper for each in below for deeper in _list_plain_folders(root, each, depth - 1)]
