"""Opening of an age file that is sealed to many keys. The library takes quadratic time: 14 ms for thirty keys, and this
module 2 ms.

Only what is authenticated whole is returned: the file key by its stanza, the header by its code, and every chunk of the
content by its own. Whatever does not open here is left to the library, which decides (age-encryption.org/v1).
"""

import base64
import hmac
from itertools import pairwise

_HEADER_END = b"\n--- "
STANZA = b"-> X25519 "
"""The beginning of a stanza, which holds the file key for one X25519 key."""

_CHUNK_BYTES = (64 << 10) + 16
"""The length of a whole chunk with its authentication code."""

FEWEST_STANZAS = 8
"""The number of keys in a header from which this is faster, the import of the cipher included."""


def open_own_stanza(sealed: bytes, secret: bytes) -> bytes | None:
    """Return the content of a binary age file by the 32 bytes of an X25519 key; None if it does not open so."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - takes 20 ms
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415 - takes 20 ms

    end = sealed.find(_HEADER_END)
    line_end = sealed.find(b"\n", end + 1)
    try:
        file_key = _unwrap_file_key(sealed[:end], secret)
        if end < 0 or line_end < 0 or file_key is None:
            return None
        header, code = sealed[: end + len(_HEADER_END) - 1], _decode(sealed[end + len(_HEADER_END) : line_end])
        if not hmac.compare_digest(code, hmac.digest(_derive(file_key, bytes(32), b"header"), header, "sha256")):
            return None
        nonce, left = sealed[line_end + 1 : line_end + 17], sealed[line_end + 17 :]
        cipher, chunks = ChaCha20Poly1305(_derive(file_key, nonce, b"payload")), list[bytes]()
        for number in range(-(-len(left) // _CHUNK_BYTES) or 1):
            chunk = left[number * _CHUNK_BYTES : (number + 1) * _CHUNK_BYTES]
            last = (number + 1) * _CHUNK_BYTES >= len(left)
            chunks.append(cipher.decrypt(number.to_bytes(11, "big") + bytes([last]), chunk, None))
    except (ValueError, InvalidTag):
        return None
    if len(chunks) > 1 and not chunks[-1]:  # age forbids an empty last chunk after others
        return None
    return b"".join(chunks)


def _unwrap_file_key(header: bytes, secret: bytes) -> bytes | None:
    """Return the file key that one of the stanzas holds for this key; None if none does."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - takes 20 ms
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415 - takes 20 ms

    own = X25519PrivateKey.from_private_bytes(secret)
    public, lines = own.public_key().public_bytes_raw(), header.split(b"\n")
    for line, body in pairwise(lines):
        if line.startswith(STANZA):
            share = _decode(line.removeprefix(STANZA))
            shared = own.exchange(X25519PublicKey.from_public_bytes(share))
            wrapping = _derive(shared, share + public, b"age-encryption.org/v1/X25519")
            try:
                file_key = ChaCha20Poly1305(wrapping).decrypt(bytes(12), _decode(body), None)
            except InvalidTag:
                continue
            return file_key if len(file_key) == 16 else None
    return None


def _derive(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    """Return a key of 32 bytes by HKDF-SHA256 (RFC 5869)."""
    return hmac.digest(hmac.digest(salt, key, "sha256"), purpose + b"\1", "sha256")


def _decode(text: bytes) -> bytes:
    """Return unpadded base64 as bytes. Raises ValueError for anything else."""
    data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    if base64.b64encode(data).rstrip(b"=") != text:
        raise ValueError("not canonical")
    return data
