"""Blinded texts: points of the curve P-256 that two houses multiply by a secret number each, in either order.

A house sees of the other's texts only points that it cannot invert. Both numbers give one point for one text, so equal
texts are seen as equal points once each house has multiplied the other's. Points are written as 32 bytes, their first
coordinate; the sign of the second one does not matter to a product. The group has a prime order, and a point that is
not on the curve is refused.
"""

import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

POINT_BYTES = 32
"""The length of a point."""


def draw_blinding_number() -> bytes:
    """Return a new secret number, as 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - takes 20 ms

    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return number.to_bytes(POINT_BYTES, "big")


def hash_to_point(secret: bytes, text: bytes) -> bytes:
    """Return the point of a text under a *secret* of both houses: the first keyed hash that is on the curve."""
    for tried in range(256):
        point = hmac.digest(secret, bytes([tried]) + text, "sha256")
        if _read_point(point) is not None:
            return point
    raise AssertionError("half of all hashes are points")


def blind_points(number: bytes, points: Iterable[bytes]) -> list[bytes]:
    """Return each point multiplied by the secret *number*. Raises ValueError for bytes that are no point."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - takes 20 ms

    key, method = ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1()), ec.ECDH()
    blinded = []
    for point in points:
        if (read := _read_point(point)) is None:
            raise ValueError("not a point")
        blinded.append(key.exchange(method, read))
    return blinded


def _read_point(point: bytes) -> "EllipticCurvePublicKey | None":
    """Return the point with this first coordinate, None if there is none on the curve."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - takes 20 ms

    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\2" + point)
    except ValueError:
        return None
