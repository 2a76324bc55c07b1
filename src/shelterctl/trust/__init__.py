"""Who may read and write in a store, and why a key believes it: the trust chain, and what this computer remembers."""

from shelterctl.trust import verdict
from shelterctl.trust.chain import FILE, MARK, Chain, Device, End, followed, number_of, of_old
from shelterctl.trust.fourwords import four_words, known_words
from shelterctl.trust.memory import Head, Memory, Remembered, unproven
from shelterctl.trust.root import accepted, admitted, founded, replaced, shut_out
from shelterctl.trust.standing import Standing, stand

__all__ = [
    "FILE",
    "MARK",
    "Chain",
    "Device",
    "End",
    "Head",
    "Memory",
    "Remembered",
    "Standing",
    "accepted",
    "admitted",
    "followed",
    "founded",
    "four_words",
    "known_words",
    "number_of",
    "of_old",
    "replaced",
    "shut_out",
    "stand",
    "unproven",
    "verdict",
]
