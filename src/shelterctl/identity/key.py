"""A device's keys: one to open with, one to sign with."""

import base64
import hmac
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyrage

from shelterctl import errors
from shelterctl.language import N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
"""The letters of a device code: none that is taken for another."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a device opens and signs with; without a seed and a device code it only reads."""

    key: str = field(repr=False)
    seed: bytes | None = field(default=None, repr=False)
    device: str | None = None

    @property
    def recipient(self) -> str:
        """The age recipient to seal to."""
        return str(self._opener().to_public())

    @property
    def signing_public(self) -> str:
        """The key that its signatures are verified with, base64."""
        return base64.b64encode(self._signer().public_key().public_bytes_raw()).decode()

    def sign(self, data: bytes) -> str:
        """An Ed25519 signature, base64."""
        return base64.b64encode(self._signer().sign(data)).decode()

    def mark(self, data: bytes) -> str:
        """A note to oneself: a keyed hash that only this identity makes, and that loads no library of signatures."""
        return hmac.digest(self._seed(), b"shelterctl mark/1 " + data, "sha256").hex()

    def open(self, ciphertext: bytes) -> bytes:
        """The plaintext of an age file.

        Raises CannotOpen; whether that is for want of the key or for damage, age does not tell.
        """
        try:
            return bytes(pyrage.decrypt(ciphertext, [self._opener()]))
        except pyrage.DecryptError as trouble:
            raise errors.CannotOpen(
                "vault/not-a-recipient",
                N_("This key does not open the file: it was not sealed to it."),
                hint=N_("Check that --identity names your own key file, or ask the data officer who may read it."),
            ) from trouble

    def _opener(self) -> pyrage.x25519.Identity:
        return pyrage.x25519.Identity.from_str(self.key)

    def _signer(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  (20 ms)

        return Ed25519PrivateKey.from_private_bytes(self._seed())

    def _seed(self) -> bytes:
        if self.seed is None:
            raise read_only()
        return self.seed


def make() -> Identity:
    """A new identity with a random device code."""
    device = "".join(secrets.choice(CROCKFORD) for _ in range(8))
    return Identity(str(pyrage.x25519.Identity.generate()), secrets.token_bytes(32), device)


def recovery() -> tuple[str, str]:
    """A new recovery key, one line of text to be kept on paper, and its recipient."""
    key = pyrage.x25519.Identity.generate()
    return str(key), str(key.to_public())


def nobody() -> Identity:
    """A key that was sealed to by nobody: whoever has it sees files as they lie, and opens none."""
    return Identity(str(pyrage.x25519.Identity.generate()))


def read_only() -> errors.CannotOpen:
    """The error of a key that opens files and is asked to change one."""
    return errors.CannotOpen(
        "vault/read-only-key",
        N_("This key opens files, but it cannot sign a change."),
        hint=N_("To change something, use the key file of your own device."),
    )
