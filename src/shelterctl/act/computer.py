"""This computer's key: the one that is there, or a new one, never written over another."""

from contextlib import nullcontext

from shelterctl import ask, identity, store
from shelterctl.desk import Desk
from shelterctl.identity import Identity


def key_of(here: Desk, no_passphrase: bool) -> tuple[Identity, bool]:
    """The key of this computer, and whether it was made just now."""
    if here.identity_file.exists():
        return here.own_key, False
    given = here.option("passphrase_fd")
    phrase = None if no_passphrase else ask.passphrase(given, twice=True)
    with nullcontext() if no_passphrase else ask.locking(given, quiet=here.json):
        key = identity.make()
        identity.save(here.identity_file, key, phrase)
    return key, True


def known_here(here: Desk) -> bool:
    """Whether this computer has a key that the store knows, and remembers the store."""
    return here.identity_file.exists() and (here.heads / store.root_of(here.root)).exists()
