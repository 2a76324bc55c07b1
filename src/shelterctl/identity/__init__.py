"""The keys of a device: made, unlocked, recovered."""

from shelterctl.identity.key import Identity, make, new_paper, nobody, paper, read_only
from shelterctl.identity.keyfile import change, is_irreplaceable, is_key, load, protected, save
from shelterctl.identity.signature import verified
from shelterctl.identity.sixwords import bits, six_words, words

__all__ = [
    "Identity",
    "bits",
    "change",
    "is_irreplaceable",
    "is_key",
    "load",
    "make",
    "new_paper",
    "nobody",
    "paper",
    "protected",
    "read_only",
    "save",
    "six_words",
    "verified",
    "words",
]
