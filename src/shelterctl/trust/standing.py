"""What a key may believe and do in a store: its own signature in the chain, what it remembers, what is new."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shelterctl import bound, errors, machine
from shelterctl.identity import Identity
from shelterctl.language import N_
from shelterctl.trust import verdict
from shelterctl.trust.chain import followed
from shelterctl.trust.fork import joined
from shelterctl.trust.fourwords import four_words
from shelterctl.trust.memory import Memory, Remembered, sha256_of
from shelterctl.trust.state import FILE, Chain

APART = ("trust/forked", "trust/one-key-twice")
"""The codes of a list that went on in two ways."""


@dataclass(frozen=True, repr=False)
class Standing:
    """A chain that is believed, what this computer remembers, and why nothing may be written, if so."""

    chain: Chain
    memory: Memory | None = None
    known: Remembered | None = None
    closed: errors.ShelterError | None = None


def stand(root: Path, key: Identity, heads: Path | None, *, words: str | None = None) -> Standing | None:
    """How *key* stands in the store at *root*; None for one of 0.1.0, which has no chain.

    *heads* is the folder in which this computer remembers stores, *words* are four that a person read off the paper.
    Raises Damaged where the key has no reason to believe the store, CannotOpen for a paper that was replaced.
    """
    lines = read_chain(root)
    if lines is None:
        return None
    first = hashlib.sha256(lines.partition(b"\n")[0]).hexdigest()
    memory = Memory(heads, first, key) if heads and key.device else None
    known = memory.recall(lines) if memory else None
    if memory and known and sha256_of(lines, known.trust[0]) != known.trust[1]:
        raise otherwise(lines, memory.chain(known))
    chain = followed(lines, known.trust[0] if known else 0)
    if words is not None and four_words(chain.root) != words:
        raise wrong_words()
    if key.device is None:
        _as_paper(chain, key, words is not None)
        return Standing(chain)
    device = chain.devices.get(key.device)
    # What we remember bears our own mark: whoever remembers the root has signed into it.
    if device is None or (known is None and not _agreed(chain, key)):
        raise verdict.stranger()
    closed: errors.ShelterError | None = None
    if device.ended:
        closed = verdict.shut_out()
    elif chain.newer:
        closed = verdict.newer()
    elif known is None:
        closed = verdict.forgetful()
    elif known.trust[0] < len(chain.digests):
        closed = verdict.unacknowledged(len(chain.digests) - known.trust[0])
    return Standing(chain, memory, known, closed)


def read_chain(root: Path) -> bytes | None:
    """The chain as it lies, without the half line of an interrupted append; None where there is none."""
    with suppress(errors.NotFound), machine.disk(FILE):
        lines = machine.read_regular(root / FILE, bound.TRUST)
        return lines[: lines.rfind(b"\n") + 1] or b"\n"
    return None


def wrong_words() -> errors.Damaged:
    """The error of words that are another store's."""
    return errors.Damaged(
        "trust/other-words",
        N_("These are not this store's words."),
        hint=N_("Compare them with the paper once more. If they are right, this is not your store: change nothing."),
    )


def otherwise(lines: bytes, seen: bytes) -> errors.ShelterError:
    """The error of a list that lacks statements that this computer has *seen*.

    It is an older one, or a forged one; unless it goes on from one of them by the word of somebody who might say so.
    """
    try:
        followed(joined([seen, lines]), 0)
    except errors.ShelterError as trouble:
        if trouble.code in APART:
            return trouble
    return verdict.older_list()


def _as_paper(chain: Chain, key: Identity, compared: bool) -> None:
    """That the paper signed into the chain; one that has not yet is believed only with the words that stand on it."""
    sign = key.signing_public
    if sign in chain.agreed and sign == chain.paper[1]:
        return
    if sign in chain.agreed:
        raise verdict.replaced_paper()
    if chain.paper[1] is not None or chain.paper[0] != key.recipient:
        raise verdict.stranger()
    if not compared:
        raise errors.Damaged(
            "trust/paper-unsigned",
            N_("The paper of this store has not signed it yet, so the key on it alone proves nothing."),
            hint=N_("Give the four words that stand on the paper: --words, with check --recovery or restore."),
        )


def _agreed(chain: Chain, key: Identity) -> bool:
    device = chain.devices[str(key.device)]
    return device.sign == key.signing_public and device.age == key.recipient and device.sign in chain.agreed
