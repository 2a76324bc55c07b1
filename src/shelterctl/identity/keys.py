"""The two keys of a device or of the recovery paper: an age key that opens files and an Ed25519 key that signs.

Ed25519 signatures are made and verified here too.
"""

import base64
import hmac
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

import pyrage

from shelterctl import errors, limits
from shelterctl.identity.age_opening import FEWEST_STANZAS, STANZA, open_own_stanza
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


ARMOUR_BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
"""The beginning of an age file in text form."""


def is_valid_signature(public_key: str, signed: str | bytes, data: bytes) -> bool:
    """Whether *signed* is that key's signature of the data, in the only spelling we use: unused last bits are zero."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - takes 20 ms

    spelt = signed.encode() if isinstance(signed, str) else signed
    try:
        raw = base64.b64decode(spelt, validate=True)
        _public_key(public_key).verify(raw, data)
    except (InvalidSignature, ValueError):
        return False
    return base64.b64encode(raw) == spelt


@lru_cache(maxsize=64)
def _public_key(key: str) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - takes 20 ms

    return Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))


DEVICE_CODE_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""The letters of a device code, none of which is mistaken for another."""

_PAPER_KEY_PURPOSE = b"shelterctl recovery signing key/1"

KEY_DOES_NOT_OPEN = N_("This key does not open the file: the file is not encrypted for it.")
CHECK_WHOSE_KEY = N_("Check that --identity names your own key file, or ask the data officer who may read it.")

_BECH32_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
"""The letters of a key, by the five bits that each stands for."""


@immutable(eq=True)
class Identity:
    """The keys with which a device opens files and signs.

    An identity of the recovery paper has no device code, and signs only the trust list.
    """

    key: str
    seed: bytes | None = None
    device: str | None = None

    @property
    def recipient(self) -> str:
        """The age recipient to which files are sealed for it."""
        return str(self._opener().to_public())

    @property
    def signing_public(self) -> str:
        """The key that verifies its signatures, in base64."""
        return base64.b64encode(self._signer().public_key().public_bytes_raw()).decode()

    def sign(self, data: bytes) -> str:
        """Return an Ed25519 signature of the data, in base64."""
        return base64.b64encode(self._signer().sign(data)).decode()

    def mark(self, data: bytes) -> str:
        """Return a keyed hash that only this identity can make, as a note to itself; it needs no signature library."""
        return hmac.digest(self._seed(), b"shelterctl mark/1 " + data, "sha256").hex()

    def open(self, ciphertext: bytes) -> bytes:
        """Return the plaintext of an age file.

        Raises CannotOpen; age does not say whether the key is wrong or the file damaged.
        """
        many = ciphertext.count(STANZA, 0, limits.SEALED_HEADER_BYTES) >= FEWEST_STANZAS
        if many and (opened := open_own_stanza(ciphertext, self._secret_bytes())) is not None:
            return opened
        try:
            return bytes(pyrage.decrypt(ciphertext, [self._opener()]))
        except pyrage.DecryptError as trouble:
            raise errors.CannotOpen("vault/not-a-recipient", KEY_DOES_NOT_OPEN, hint=CHECK_WHOSE_KEY) from trouble

    def seal(self, data: bytes) -> bytes:
        """Return an age file that only this identity can open."""
        return bytes(pyrage.encrypt(data, [self._opener().to_public()]))

    def _secret_bytes(self) -> bytes:
        """Return the 32 bytes of the secret key, which its line holds five bits a letter."""
        letters = self.key.lower().rpartition("1")[2][:-6]
        number = 0
        for letter in letters:
            number = number << 5 | _BECH32_LETTERS.index(letter)
        return (number >> len(letters) * 5 - 256).to_bytes(32, "big")

    def _opener(self) -> pyrage.x25519.Identity:
        return pyrage.x25519.Identity.from_str(self.key)

    def _signer(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - takes 20 ms

        return Ed25519PrivateKey.from_private_bytes(self._seed())

    def _seed(self) -> bytes:
        if self.seed is None:
            raise read_only_key_error()
        return self.seed


def create_identity() -> Identity:
    """Return a new identity with a random device code."""
    device = "".join(secrets.choice(DEVICE_CODE_LETTERS) for _ in range(8))
    return Identity(str(pyrage.x25519.Identity.generate()), secrets.token_bytes(32), device)


def parse_recovery_key(line: str) -> Identity:
    """Return the identity of a line AGE-SECRET-KEY-1… on paper; its signing key is derived from the line itself.

    Blanks between the letters are ignored. Raises ValueError for any other line.
    """
    key = "".join(line.split()).upper()
    try:
        pyrage.x25519.Identity.from_str(key)
    except pyrage.IdentityError:
        raise ValueError from None  # a cause would carry the text of the key
    return Identity(key, hmac.digest(key.encode(), _PAPER_KEY_PURPOSE, "sha256"))


def create_recovery_key() -> Identity:
    """Return a new recovery key, one line to be kept on paper."""
    return parse_recovery_key(str(pyrage.x25519.Identity.generate()))


def create_unrelated_identity() -> Identity:
    """Return a key for which nothing was encrypted: its owner sees files only encrypted, and opens none."""
    return Identity(str(pyrage.x25519.Identity.generate()))


KEY_CANNOT_SIGN = N_("This key opens files, but it cannot sign a change.")
CHANGE_WITH_DEVICE_KEY = N_(
    "To change something, use the key file of your own device. A new computer is registered with: shelterctl trust "
    "--join --recovery FILE"
)


def read_only_key_error() -> errors.CannotOpen:
    """Return the error for a key that opens files and is asked to change one."""
    return errors.CannotOpen("vault/read-only-key", KEY_CANNOT_SIGN, hint=CHANGE_WITH_DEVICE_KEY)
