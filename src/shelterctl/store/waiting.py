"""Files that wait to be sealed anew: they open for whoever may no longer read, or not yet for whoever may.

Nothing keeps a list of them. The last line about a file names the statement that was in force, and so who could read
it; held against who may read now, the journal itself says what is left to do.
"""

from shelterctl.errors import Conflict
from shelterctl.vault import Vault


def readers_of(vault: Vault, name: str) -> frozenset[str] | None:
    """The keys that a file was sealed to when it was saved last; None where no line says so.

    Of one that two devices sealed anew, each on its own, those that open it whichever of the two lies there. Raises
    Conflict where two devices went on from one version, Damaged where the journals are not believed.
    """
    head = vault.journal.head(name)
    known = vault.journal.chain.readers
    found = [known.get(one.trust) for one in (head, *head.also)] if head and head.now else [None]
    return None if None in found else frozenset.intersection(*(frozenset(each or ()) for each in found))


def waits(vault: Vault, name: str) -> bool:
    """Whether a file that is there opens for others than may read now."""
    now = frozenset(vault.journal.chain.recipients)
    return ever_changed(vault) and readers_of(vault, name) not in (None, now)


def waiting(vault: Vault) -> list[str]:
    """The sealed files that wait, in order; one that two devices changed apart waits too, whoever can open it."""
    if not ever_changed(vault):
        return []
    now = frozenset(vault.journal.chain.recipients)
    return sorted(name for name in vault.journal.files() if name.endswith(".age") and _readers(vault, name) != now)


def _readers(vault: Vault, name: str) -> frozenset[str] | None:
    try:
        return readers_of(vault, name)
    except Conflict:
        return None


def ever_changed(vault: Vault) -> bool:
    """Whether others could ever read than may read now: most stores have one set of readers for good."""
    now = frozenset(vault.journal.chain.recipients)
    return any(frozenset(each) != now for each in vault.journal.chain.readers.values())
