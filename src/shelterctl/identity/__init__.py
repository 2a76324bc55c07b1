"""The keys of a device: made, unlocked, recovered."""

from shelterctl.identity.key import Identity, make, recovery
from shelterctl.identity.keyfile import load, protected, save

__all__ = ["Identity", "load", "make", "protected", "recovery", "save"]
