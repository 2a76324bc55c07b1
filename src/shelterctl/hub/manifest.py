"""The signed manifest of a dataset: every export in it with its files, and those that a newer export replaced.

It is one JSON file. The signature covers the exact bytes of its first part. A computer that has read a dataset
remembers the key that signs it and how far it was, so that neither another key nor an older manifest is taken for it.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl.core.values.codes import ID_ALPHABET
from shelterctl.errors import CannotOpen, Conflict, Damaged, NotFound, UsageError
from shelterctl.identity.keys import Identity, is_valid_signature
from shelterctl.limits import HUB_MANIFEST_BYTES, STORE_NOTE_BYTES
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import create_private_folder, replace_file, write_new_file_atomically
from shelterctl.ui_language import N_

MANIFEST_FILE, HUB_FORMAT, HUB_MEMORY_FORMAT = "manifest.json", "hub/1", "hub-memory/1"

SENDER_COLUMN, YEAR_COLUMN = "sender", "year"
"""The two columns that a dataset adds to each table: who sent the row, and its year, which is the folder it is in."""

PUBLIC_KEY = re.compile(r"[A-Za-z0-9+/]{43}=")

SIGNED_PART = re.compile(rb'\{"manifest":(\{.*\}),\n"signature":"([A-Za-z0-9+/=]{88})"\}\n', re.DOTALL)
"""A whole manifest: the bytes that are signed, and their signature."""

PART_PATH = re.compile(r"([a-z][a-z0-9_]*)/year=([0-9]{1,4})/part-([0-9a-f]{16})\.parquet")
"""The path of a file with rows: its table, its year, and the beginning of its digest."""

NO_DATASET_HERE = N_("There is no dataset in that folder.")
MAKE_DATASET_FIRST = N_(
    "Name the folder that has the file manifest.json. A new dataset is made with: shelterctl hub init DIR"
)
DATASET_EXISTS = N_("This folder already has a dataset; nothing was changed.")
FOLDER_NOT_EMPTY = N_("The folder of a new dataset must be empty, or not be there yet; nothing was changed.")
HUB_KEY_UNKNOWN = N_("This computer does not know yet which key signs this dataset.")
COMPARE_HUB_KEY = N_(
    "Ask those who made the dataset for its key, on another way than the one by which you got it. Then: shelterctl hub "
    "check DIR --key KEY"
)
NO_HUB_KEY = N_("What follows --key is not the key of a dataset. It has 44 letters, and 'hub list' prints it.")
HUB_FORGED = N_("The manifest of the dataset was changed, or another key signed it.")
ASK_FOR_DATASET_AGAIN = N_("Do not use the dataset. Take it from a backup, or from those who made it.")
HUB_ROLLED_BACK = N_("The manifest of the dataset is older than the one that this computer has seen.")
ACCEPT_OLDER_DATASET = N_(
    "Take the newest one. If the older one is meant, such as after a backup was put back: shelterctl hub check DIR "
    "--key KEY"
)
HUB_IS_NEWER = N_("A newer version of shelterctl wrote this dataset.")
UPDATE_THE_PROGRAM = N_("Install the newest version of shelterctl, then run the command again.")
NOT_THE_HUB_KEY = N_("This key does not sign this dataset.")
NAME_HUB_KEY_FILE = N_("Use the key file with which the dataset was made: --identity FILE.")


class DataFile(NamedTuple):
    """A file with rows: its path in the dataset, how many rows and bytes it has, and their sha256."""

    path: str
    rows: int
    bytes: int
    sha256: str


class AddedExport(NamedTuple):
    """An export that is in the dataset, or was until it was replaced.

    *package* is the sha256 of its description, by which it is known again; *sha256* that of the archive, as the log of
    the sender has it. *first* and *last* are the days that it was asked for, *house* the house; None means all.
    *tables* has the number of rows of each table.
    """

    package: str
    sha256: str
    sender: str
    first: str | None
    last: str | None
    house: str | None
    made_by: str
    added_at: str
    tables: Mapping[str, int]
    files: tuple[DataFile, ...]
    replaced_at: str | None = None


class DatasetColumn(NamedTuple):
    """A column of a table: its name, its type as exports have it, whether a cell is a list, whether it holds ids."""

    name: str
    type: str
    several: bool = False
    is_id: bool = False


class Manifest(NamedTuple):
    """The manifest of a dataset. *serial* counts its changes; *before* is the sha256 of the manifest before."""

    hub: str
    key: str
    recipient: str
    serial: int
    before: str | None
    at: str
    tables: Mapping[str, Sequence[DatasetColumn]]
    exports: tuple[AddedExport, ...]

    @property
    def current(self) -> Iterator[AddedExport]:
        """The exports whose rows count."""
        return (one for one in self.exports if one.replaced_at is None)

    def files_of(self, table: str) -> list[DataFile]:
        """Return the files with the rows of a table, each once, in the order of their paths."""
        found = {one.path: one for each in self.current for one in each.files if one.path.startswith(f"{table}/")}
        return [found[path] for path in sorted(found)]

    @property
    def files(self) -> dict[str, DataFile]:
        """Every file whose rows count, by its path."""
        return {one.path: one for each in self.current for one in each.files}

    @property
    def former_paths(self) -> set[str]:
        """The paths of files that belonged to exports which were replaced."""
        return {one.path for each in self.exports for one in each.files} - self.files.keys()


class SignedManifest(NamedTuple):
    """A manifest with the sha256 of its file."""

    manifest: Manifest
    digest: str


def sign_manifest(manifest: Manifest, key: Identity) -> bytes:
    """Return the bytes of the file of a manifest. Raises CannotOpen for a key that does not sign this dataset."""
    if key.seed is None or key.signing_public != manifest.key:
        raise CannotOpen("hub/not-its-key", NOT_THE_HUB_KEY, hint=NAME_HUB_KEY_FILE)
    said = {"schema": HUB_FORMAT, **manifest._asdict()}
    said["tables"] = {name: [one._asdict() for one in columns] for name, columns in manifest.tables.items()}
    said["exports"] = [{**one._asdict(), "files": [each._asdict() for each in one.files]} for one in manifest.exports]
    signed = json.dumps(said, ensure_ascii=False, indent=1).encode()
    return b'{"manifest":' + signed + b',\n"signature":"' + key.sign(signed).encode() + b'"}\n'


def new_manifest(key: Identity, at: str) -> Manifest:
    """Return the manifest of a new dataset without rows."""
    hub = "H" + "".join(secrets.choice(ID_ALPHABET) for _ in range(12))
    return Manifest(hub, key.signing_public, key.recipient, 0, None, at, {}, ())


def make_dataset(folder: Path, key: Identity, at: str, memory: Path) -> Manifest:
    """Make a dataset without rows in a folder that is empty or not there yet. Raises UsageError for any other."""
    if (folder / MANIFEST_FILE).exists():
        raise UsageError("hub/exists", DATASET_EXISTS)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("hub/not-empty", FOLDER_NOT_EMPTY)
    manifest = new_manifest(key, at)
    data = sign_manifest(manifest, key)
    with translate_disk_errors(MANIFEST_FILE):
        create_private_folder(folder)
        write_new_file_atomically(folder / MANIFEST_FILE, data)
    remember_dataset(memory, SignedManifest(manifest, _digest(data)))
    return manifest


def read_manifest(folder: Path, memory: Path, accepted: str | None = None) -> SignedManifest:
    """Return the manifest of the dataset in a folder, which the key that this computer knows has signed.

    *accepted* is a key that a person typed: with it any state of the dataset is taken, and remembered. Raises NotFound,
    CannotOpen for an unknown key, Damaged for a manifest that was changed or is older, Conflict for a newer format.
    """
    try:
        with translate_disk_errors(MANIFEST_FILE):
            data = read_plain_file(folder / MANIFEST_FILE, HUB_MANIFEST_BYTES)
    except NotFound:
        raise NotFound("hub/no-dataset", NO_DATASET_HERE, hint=MAKE_DATASET_FIRST) from None
    if accepted is not None and not PUBLIC_KEY.fullmatch(accepted):
        raise UsageError("hub/not-a-key", NO_HUB_KEY)
    said, signed, signature = split_manifest(data)
    known = _read_memory(memory, str(said.get("hub")))
    key = accepted or (known and known["key"])
    if key is None:
        raise CannotOpen("hub/unknown-key", HUB_KEY_UNKNOWN, hint=COMPARE_HUB_KEY)
    if said.get("key") != key or not is_valid_signature(str(key), signature, signed):
        raise _forged()
    if said.get("schema") != HUB_FORMAT:
        raise Conflict("hub/newer", HUB_IS_NEWER, hint=UPDATE_THE_PROGRAM)
    found = SignedManifest(_build_manifest(said), _digest(data))
    if not accepted and known and _is_older(found, known):
        raise Damaged("hub/rolled-back", HUB_ROLLED_BACK, hint=ACCEPT_OLDER_DATASET)
    remember_dataset(memory, found)
    return found


def split_manifest(data: bytes) -> tuple[dict[str, Any], bytes, str]:
    """Return what a manifest says, the bytes that are signed, and their signature. Raises Damaged for anything else."""
    whole = SIGNED_PART.fullmatch(data)
    try:
        said = json.loads(whole[1], object_pairs_hook=_without_doubles) if whole else None
    except (ValueError, RecursionError):
        said = None
    if not whole or not isinstance(said, dict):
        raise _forged()
    return said, whole[1], whole[2].decode()


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _build_manifest(said: Mapping[str, Any]) -> Manifest:
    try:
        tables = {name: [DatasetColumn(**one) for one in columns] for name, columns in said["tables"].items()}
        exports = [
            AddedExport(**{**one, "files": tuple(DataFile(**each) for each in one["files"])}) for one in said["exports"]
        ]
        rest = {name: said[name] for name in Manifest._fields if name not in ("tables", "exports")}
        made = Manifest(**rest, tables=tables, exports=tuple(exports))
    except (KeyError, TypeError, AttributeError) as trouble:
        raise _forged() from trouble
    if not all(PART_PATH.fullmatch(each.path) for one in made.exports for each in one.files):
        raise _forged()
    return made


def _forged() -> Damaged:
    return Damaged("hub/forged", HUB_FORGED, hint=ASK_FOR_DATASET_AGAIN)


def _is_older(found: SignedManifest, known: Mapping[str, Any]) -> bool:
    serial = found.manifest.serial
    return bool(serial < known["serial"] or (serial == known["serial"] and found.digest != known["sha256"]))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _memory_file(memory: Path, hub: str) -> Path:
    return memory / f"hub-{hub}.json"


def _read_memory(memory: Path, hub: str) -> dict[str, Any] | None:
    """Return what this computer remembers of a dataset; None if nothing, or if the note cannot be read."""
    if not re.fullmatch(f"H[{ID_ALPHABET}]{{12}}", hub):
        return None
    try:
        said = json.loads(read_plain_file(_memory_file(memory, hub), STORE_NOTE_BYTES))
    except (OSError, ValueError, Damaged):
        return None
    whole = isinstance(said, dict) and said.get("schema") == HUB_MEMORY_FORMAT
    return said if whole and {"key", "serial", "sha256"} <= said.keys() else None


def remember_dataset(memory: Path, seen: SignedManifest) -> None:
    """Note which key signs a dataset and how far it is, outside of it; a full disk is no reason not to go on."""
    manifest = seen.manifest
    said = {"schema": HUB_MEMORY_FORMAT, "hub": manifest.hub, "key": manifest.key, "serial": manifest.serial,
            "sha256": seen.digest}  # fmt: skip
    data = (json.dumps(said) + "\n").encode()
    with suppress(OSError):
        path = _memory_file(memory, manifest.hub)
        if path.exists() and read_plain_file(path, STORE_NOTE_BYTES) == data:
            return
        create_private_folder(memory)
        replace_file(path, data)
