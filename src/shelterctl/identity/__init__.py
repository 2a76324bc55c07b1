"""The keys of a device: made, unlocked, recovered."""

from shelterctl.identity.key import Identity, make, read_only, recovery
from shelterctl.identity.keyfile import load, protected, save

__all__ = ["Identity", "load", "make", "protected", "read_only", "recovery", "save"]
