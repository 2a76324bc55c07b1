"""Files that lie in a store and of which no line that counts speaks as they lie, though one may have."""

from shelterctl import errors
from shelterctl.journal import lacking
from shelterctl.store import Store, present


def unnamed(store: Store) -> list[str]:
    """Files here of which no line of any device speaks, where lines were lost: their own may be among those."""
    if lacking(store.vault.journal) <= 0:
        return []
    return sorted(name for name in present(store.root) if not _spoken_of(store, name))


def shut_out(store: Store) -> dict[str, str]:
    """Files here as a device saved them behind its end, each with the device."""
    found = {}
    for name in sorted(store.vault.journal.files_behind(present(store.root))):
        try:
            store.vault.stored(name)
        except errors.ShelterError as error:
            if error.code == "vault/shut-out":
                found[name] = str(error.facts["device"])
    return found


def _spoken_of(store: Store, name: str) -> bool:
    try:
        return store.vault.journal.head(name) is not None
    except errors.Conflict:  # by two devices, each in its own way
        return True
