"""Ed25519 signatures: made with a seed, verified with a public key in base64."""

import base64
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def public_of(seed: bytes) -> str:
    """The public key of a seed, base64."""
    return base64.b64encode(_private(seed).public_key().public_bytes_raw()).decode()


def signature(seed: bytes, data: bytes) -> str:
    """A signature of the data, base64."""
    return base64.b64encode(_private(seed).sign(data)).decode()


def verified(public_key: str, signed: str | bytes, data: bytes) -> bool:
    """Whether *signed* is that key's signature of the data, spelt as we spell it: its unused last bits are zero."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  (20 ms)

    spelt = signed.encode() if isinstance(signed, str) else signed
    try:
        raw = base64.b64decode(spelt, validate=True)
        _public(public_key).verify(raw, data)
    except (InvalidSignature, ValueError):
        return False
    return base64.b64encode(raw) == spelt


def _private(seed: bytes) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  (20 ms)

    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=64)
def _public(key: str) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    return Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
