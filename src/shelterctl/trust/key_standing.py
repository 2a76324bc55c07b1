"""The standing of a key in a store: whether it signed the chain, what this computer remembers, and what is new."""

import hashlib
from contextlib import suppress
from pathlib import Path

from shelterctl import errors, limits
from shelterctl.core.manual.own_limit import OwnLimit
from shelterctl.identity.keys import Identity
from shelterctl.identity.memorable_words import fingerprint_words
from shelterctl.immutable import immutable
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.trust import problems
from shelterctl.trust.chain import find_statements_to_acknowledge, verify_chain
from shelterctl.trust.chain_state import TRUST_LIST_FILE, Chain, hash_lines, join_lists
from shelterctl.trust.memory import RememberedState, StoreMemory
from shelterctl.ui_language import N_

PARTED_CODES = ("trust/forked", "trust/one-key-twice")
"""The codes of errors for a list that continued in two ways."""


@immutable(eq=True, slots=False)
class KeyStanding:
    """A chain that is believed, what this computer remembers of it, and the error for writing, None if writing is
    allowed.
    """

    chain: Chain
    memory: StoreMemory | None = None
    known: RememberedState | None = None
    closed: errors.ShelterError | None = None


def judge_key(root: Path, key: Identity, heads: Path | None, *, words: str | None = None) -> KeyStanding | None:
    """Return the standing of *key* in the store at *root*; None for a store of 0.1.0, which has no chain.

    *heads* is the folder in which this computer remembers stores; *words* are the four words that a person read off the
    paper. Raises Damaged if the key has no reason to believe the store, CannotOpen for a paper that was replaced.
    """
    lines = read_chain_lines(root)
    if lines is None:
        return None
    first = hashlib.sha256(lines.partition(b"\n")[0]).hexdigest()
    memory = StoreMemory(heads, first, key) if heads and key.device else None
    known = memory.recall(lines) if memory else None
    if memory and known and hash_lines(lines, known.trust[0]) != known.trust[1]:
        raise lacking_statements_error(lines, memory.read_copied_chain(known))
    chain = verify_chain(lines, known.trust[0] if known else 0)
    if words is not None and fingerprint_words(chain.root) != words:
        raise wrong_words_error()
    if key.device is None:
        _check_paper(chain, key, words is not None)
        return KeyStanding(chain)
    device = chain.devices.get(key.device)
    # Our memory bears our own mark: a key that remembers the root has signed the list.
    if device is None or (known is None and not _has_signed_itself(chain, key)):
        raise problems.key_not_in_store_error()
    closed: errors.ShelterError | None = None
    if device.ended:
        closed = problems.device_shut_out_error()
    elif chain.newer:
        closed = problems.newer_chain_error()
    elif known is None:
        closed = problems.no_memory_error()
    elif known.trust[0] < len(chain.digests) and (
        unseen := find_statements_to_acknowledge(chain, known.trust[0], device)
    ):
        closed = problems.unacknowledged_error(len(unseen))
    return KeyStanding(chain, memory, known, closed)


def read_chain_lines(root: Path) -> bytes | None:
    """Return the lines of the trust list, without the half line of an interrupted append; None if there is no list."""
    with suppress(errors.NotFound), translate_disk_errors(TRUST_LIST_FILE):
        lines = read_plain_file(root / TRUST_LIST_FILE, limits.TRUST_CHAIN_BYTES)
        return lines[: lines.rfind(b"\n") + 1] or b"\n"
    return None


def opens_by_role(root: Path) -> bool:
    """Whether roles decide who reads what, by the list as it lies in the store, without its signatures being verified.

    Raises Damaged for a list that cannot be read.
    """
    lines = read_chain_lines(root)
    return lines is not None and verify_chain(lines, lines.count(b"\n")).readership.is_by_role


def read_limits(root: Path) -> tuple[OwnLimit, ...]:
    """Return the limits that the house set itself, by the list as it lies in the store, without its signatures being
    verified. Raises Damaged for a list that cannot be read.
    """
    lines = read_chain_lines(root) or b""
    return verify_chain(lines, lines.count(b"\n")).limits if b',"kind":"limit",' in lines else ()


FINGERPRINT_OF_OTHER_STORE = N_("These are not this store's words.")
COMPARE_FINGERPRINT_WORDS = N_(
    "Compare them with the paper again. If they are right, this is not your store: change nothing."
)


def wrong_words_error() -> errors.Damaged:
    """Return the error for words that belong to another store."""
    return errors.Damaged("trust/other-words", FINGERPRINT_OF_OTHER_STORE, hint=COMPARE_FINGERPRINT_WORDS)


def lacking_statements_error(lines: bytes, seen: bytes) -> errors.ShelterError:
    """Return the error for a list without statements that this computer has *seen*.

    The list is older, or forged; unless it continues one of them with a statement by someone who may make it: then it
    has two branches.
    """
    try:
        verify_chain(join_lists([seen, lines]), 0)
    except errors.ShelterError as trouble:
        if trouble.code in PARTED_CODES:
            return trouble
    return problems.older_list_error()


PAPER_HAS_NOT_SIGNED = N_("The recovery paper has not signed this store yet, so its key alone proves nothing.")
GIVE_FINGERPRINT_WORDS = N_("Give the four words printed on the paper: --words, with check --recovery or restore.")


def _check_paper(chain: Chain, key: Identity, compared: bool) -> None:
    """Raise an error unless the paper signed the chain; before that it is believed only with the four words printed on
    it.
    """
    sign = key.signing_public
    if sign in chain.signed_keys and sign == chain.paper[1]:
        return
    if sign in chain.signed_keys:
        raise problems.paper_replaced_error()
    if chain.paper[1] is not None or chain.paper[0] != key.recipient:
        raise problems.key_not_in_store_error()
    if not compared:
        raise errors.Damaged("trust/paper-unsigned", PAPER_HAS_NOT_SIGNED, hint=GIVE_FINGERPRINT_WORDS)


def _has_signed_itself(chain: Chain, key: Identity) -> bool:
    device = chain.devices[str(key.device)]
    return device.sign == key.signing_public and device.age == key.recipient and device.sign in chain.signed_keys
