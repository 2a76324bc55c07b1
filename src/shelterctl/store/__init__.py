"""The folder of a client's files: opened with a key, listed, read and written."""

from shelterctl.store.folder import (
    ASIDE,
    BACKUP,
    DIRECTORY,
    FOUNDING,
    RECORD,
    SECRETS,
    SHELTER,
    STAFF,
    TRUST,
    file_of,
    find_root,
    is_store,
    new_entry_id,
    new_id,
    present,
    read_id,
)
from shelterctl.store.newer import NEWER, UPDATE
from shelterctl.store.old import OldMemory, name_of
from shelterctl.store.opening import (
    copy_of,
    founding_of,
    noted,
    open_store,
    root_of,
    sealed,
    unproven,
)
from shelterctl.store.store import Held, Store

__all__ = [
    "ASIDE",
    "BACKUP",
    "DIRECTORY",
    "FOUNDING",
    "NEWER",
    "RECORD",
    "SECRETS",
    "SHELTER",
    "STAFF",
    "TRUST",
    "UPDATE",
    "Held",
    "OldMemory",
    "Store",
    "copy_of",
    "file_of",
    "find_root",
    "founding_of",
    "is_store",
    "name_of",
    "new_entry_id",
    "new_id",
    "noted",
    "open_store",
    "present",
    "read_id",
    "root_of",
    "sealed",
    "unproven",
]
