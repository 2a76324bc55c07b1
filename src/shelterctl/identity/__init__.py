"""The keys of a device: made, unlocked, recovered."""

from shelterctl.identity.key import Identity, make, nobody, read_only, recovery
from shelterctl.identity.keyfile import change, load, protected, save
from shelterctl.identity.sixwords import bits, six_words

__all__ = [
    "Identity",
    "bits",
    "change",
    "load",
    "make",
    "nobody",
    "protected",
    "read_only",
    "recovery",
    "save",
    "six_words",
]
