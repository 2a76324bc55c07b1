"""Who may read and write in a store, and why a key believes it: the trust chain, and what this computer remembers."""

from shelterctl.trust import verdict
from shelterctl.trust.chain import apart, followed, traced
from shelterctl.trust.fork import Branch, Tree, disputed, joined, undone, within
from shelterctl.trust.fourwords import four_words, known_words
from shelterctl.trust.memory import Head, Memory, Remembered, unproven
from shelterctl.trust.root import accepted, admitted, founded, replaced, settled, shut_out
from shelterctl.trust.standing import APART, Standing, otherwise, stand
from shelterctl.trust.state import FILE, MARK, Chain, Device, End, number_of, of_old

__all__ = [
    "APART",
    "FILE",
    "MARK",
    "Branch",
    "Chain",
    "Device",
    "End",
    "Head",
    "Memory",
    "Remembered",
    "Standing",
    "Tree",
    "accepted",
    "admitted",
    "apart",
    "disputed",
    "followed",
    "founded",
    "four_words",
    "joined",
    "known_words",
    "number_of",
    "of_old",
    "otherwise",
    "replaced",
    "settled",
    "shut_out",
    "stand",
    "traced",
    "undone",
    "unproven",
    "verdict",
    "within",
]
