"""The two keys of a device or of the recovery paper: an age key that opens files and an Ed25519 key that signs; and
Ed25519 signatures made and verified.
"""

import base64
import hmac
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

import pyrage

from shelterctl import errors
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


ARMOUR_BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
"""How an age file begins that is text."""


def is_valid_signature(public_key: str, signed: str | bytes, data: bytes) -> bool:
    """Whether *signed* is that key's signature of the data, spelt as we spell it: its unused last bits are zero."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  (20 ms)

    spelt = signed.encode() if isinstance(signed, str) else signed
    try:
        raw = base64.b64decode(spelt, validate=True)
        _public_key(public_key).verify(raw, data)
    except (InvalidSignature, ValueError):
        return False
    return base64.b64encode(raw) == spelt


@lru_cache(maxsize=64)
def _public_key(key: str) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    return Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))


DEVICE_CODE_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""The letters of a device code: none that is taken for another."""

_PAPER_KEY_PURPOSE = b"shelterctl recovery signing key/1"

KEY_DOES_NOT_OPEN = N_("This key does not open the file: it was not sealed to it.")
CHECK_WHOSE_KEY = N_("Check that --identity names your own key file, or ask the data officer who may read it.")


@immutable(eq=True)
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
            raise errors.CannotOpen("vault/not-a-recipient", KEY_DOES_NOT_OPEN, hint=CHECK_WHOSE_KEY) from trouble

    def seal(self, data: bytes) -> bytes:
        """An age file that this identity alone opens."""
        return bytes(pyrage.encrypt(data, [self._opener().to_public()]))

    def _opener(self) -> pyrage.x25519.Identity:
        return pyrage.x25519.Identity.from_str(self.key)

    def _signer(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  (20 ms)

        return Ed25519PrivateKey.from_private_bytes(self._seed())

    def _seed(self) -> bytes:
        if self.seed is None:
            raise read_only_key_error()
        return self.seed


def create_identity() -> Identity:
    """A new identity with a random device code."""
    device = "".join(secrets.choice(DEVICE_CODE_LETTERS) for _ in range(8))
    return Identity(str(pyrage.x25519.Identity.generate()), secrets.token_bytes(32), device)


def parse_recovery_key(line: str) -> Identity:
    """What a line AGE-SECRET-KEY-1… on paper opens and signs with: the signing key comes out of the line itself.

    Blanks between its letters are those of the person who copied it. Raises ValueError where it is no such line.
    """
    key = "".join(line.split()).upper()
    try:
        pyrage.x25519.Identity.from_str(key)
    except pyrage.IdentityError:
        raise ValueError from None  # a cause would carry the key's own text along
    return Identity(key, hmac.digest(key.encode(), _PAPER_KEY_PURPOSE, "sha256"))


def create_recovery_key() -> Identity:
    """A new recovery key, one line to be kept on paper."""
    return parse_recovery_key(str(pyrage.x25519.Identity.generate()))


def create_unrelated_identity() -> Identity:
    """A key that was sealed to by nobody: whoever has it sees files as they lie, and opens none."""
    return Identity(str(pyrage.x25519.Identity.generate()))


KEY_CANNOT_SIGN = N_("This key opens files, but it cannot sign a change.")
CHANGE_WITH_DEVICE_KEY = N_(
    "To change something, use the key file of your own device. A new computer is registered with: shelterctl trust "
    "--join --recovery FILE"
)


def read_only_key_error() -> errors.CannotOpen:
    """The error of a key that opens files and is asked to change one."""
    return errors.CannotOpen("vault/read-only-key", KEY_CANNOT_SIGN, hint=CHANGE_WITH_DEVICE_KEY)
