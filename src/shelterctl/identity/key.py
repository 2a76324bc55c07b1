"""The keys of a device or of the paper: one to open with, one to sign with."""

import hmac
import secrets
from dataclasses import dataclass

import pyrage

from shelterctl import errors
from shelterctl.identity.signature import public_of, signature
from shelterctl.language import N_

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
"""The letters of a device code: none that is taken for another."""

_OF_PAPER = b"shelterctl recovery signing key/1"


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """What a device opens and signs with; the paper has no device code, and signs who is trusted alone."""

    key: str
    seed: bytes | None = None
    device: str | None = None

    @property
    def recipient(self) -> str:
        """The age recipient to seal to."""
        return str(self._opener().to_public())

    @property
    def signing_public(self) -> str:
        """The key that its signatures are verified with, base64."""
        return public_of(self._seed())

    def sign(self, data: bytes) -> str:
        """An Ed25519 signature, base64."""
        return signature(self._seed(), data)

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

    def seal(self, data: bytes) -> bytes:
        """An age file that this identity alone opens."""
        return bytes(pyrage.encrypt(data, [self._opener().to_public()]))

    def _opener(self) -> pyrage.x25519.Identity:
        return pyrage.x25519.Identity.from_str(self.key)

    def _seed(self) -> bytes:
        if self.seed is None:
            raise read_only()
        return self.seed


def make() -> Identity:
    """A new identity with a random device code."""
    device = "".join(secrets.choice(CROCKFORD) for _ in range(8))
    return Identity(str(pyrage.x25519.Identity.generate()), secrets.token_bytes(32), device)


def paper(line: str) -> Identity:
    """What a line AGE-SECRET-KEY-1… on paper opens and signs with: the signing key comes out of the line itself.

    Blanks between its letters are those of the person who copied it. Raises ValueError where it is no such line.
    """
    key = "".join(line.split()).upper()
    try:
        pyrage.x25519.Identity.from_str(key)
    except pyrage.IdentityError:
        raise ValueError from None  # a cause would carry the key's own text along
    return Identity(key, hmac.digest(key.encode(), _OF_PAPER, "sha256"))


def new_paper() -> Identity:
    """A new recovery key, one line to be kept on paper."""
    return paper(str(pyrage.x25519.Identity.generate()))


def nobody() -> Identity:
    """A key that was sealed to by nobody: whoever has it sees files as they lie, and opens none."""
    return Identity(str(pyrage.x25519.Identity.generate()))


def read_only() -> errors.CannotOpen:
    """The error of a key that opens files and is asked to change one."""
    return errors.CannotOpen(
        "vault/read-only-key",
        N_("This key opens files, but it cannot sign a change."),
        hint=N_(
            "To change something, use the key file of your own device. A new computer is registered with: "
            "shelterctl trust --join --recovery FILE"
        ),
    )
