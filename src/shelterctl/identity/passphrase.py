"""An age file under a passphrase, at a cost that a small laptop can pay.

pyrage's own call measures the machine and may ask for 1 GiB, which another machine then cannot open.
"""

import base64
import hashlib
import hmac
import re
import secrets

import pyrage

from shelterctl import errors
from shelterctl.language import N_

WORK_FACTOR = 18
"""scrypt's cost as a power of two: half a second and 256 MiB, as stock age asks for."""

_MOST = 20
_AGE = b"age-encryption.org/v1"
_SCRYPT = re.compile(_AGE + rb"\n-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n")


def is_sealed(data: bytes) -> bool:
    """Whether *data* is an age file, not a key in clear."""
    return data.startswith(_AGE)


def is_under_passphrase(data: bytes) -> bool:
    """Whether *data* is an age file that a passphrase opens."""
    return _SCRYPT.match(data) is not None


def seal(data: bytes, passphrase: str, work_factor: int) -> bytes:
    """*data*, at most 64 KiB, as an age v1 file that anyone with the passphrase opens."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415  (20 ms)

    salt, nonce, file_key = (secrets.token_bytes(16) for _ in range(3))
    memory = 1 << work_factor + 10
    secret, salted = passphrase.encode(), _AGE + b"/scrypt" + salt
    wrapping = hashlib.scrypt(secret, salt=salted, n=1 << work_factor, r=8, p=1, maxmem=memory + 65536, dklen=32)
    stanza = _unpadded(ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None))
    header = _AGE + b"\n-> scrypt %s %d\n%s\n---" % (_unpadded(salt), work_factor, stanza)
    mac = hmac.digest(_derived(file_key, bytes(32), b"header"), header, "sha256")
    # The only chunk is number 0, and its last byte says that no other follows.
    chunk = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")).encrypt(bytes(11) + b"\1", data, None)
    return header + b" " + _unpadded(mac) + b"\n" + nonce + chunk


def work_factor_of(data: bytes) -> int:
    """The cost written in the file's header. Raises CannotOpen where it is more than a laptop can pay, or not there."""
    found = _SCRYPT.match(data)
    if found is None:
        raise unusable()
    if int(found[1]) > _MOST:
        raise errors.CannotOpen(
            "vault/work-factor",
            N_("Unlocking this key file would take more memory than a laptop has, so it was not tried."),
            hint=N_("shelterctl does not make such files. Name your own key file with --identity."),
        )
    return int(found[1])


def unseal(data: bytes, passphrase: str) -> bytes:
    """What the file holds. Raises CannotOpen."""
    try:
        # Where memory runs out within age the process is aborted: ask for as much before, where it can be told.
        bytearray(1 << work_factor_of(data) + 10)
        return bytes(pyrage.passphrase.decrypt(data, passphrase))
    except MemoryError:
        raise errors.CannotOpen(
            "vault/no-memory",
            N_("There is not enough free memory to unlock the key file."),
            hint=N_("Close other programs, then run the command again."),
        ) from None
    except pyrage.DecryptError as trouble:
        raise errors.CannotOpen(
            "vault/wrong-passphrase",
            N_("The passphrase does not open the key file."),
            hint=N_(
                "Check Caps Lock and the keyboard's language, then try again; the recovery key opens the records too."
            ),
        ) from trouble


def unusable() -> errors.CannotOpen:
    """The error of a file that is no key."""
    return errors.CannotOpen(
        "vault/bad-identity",
        N_("The key file is damaged, or is not a key file of shelterctl or age."),
        hint=N_("Name the right file with --identity, or put your copy back; the recovery key opens the records too."),
    )


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869), one block."""
    return hmac.digest(hmac.digest(salt, key, "sha256"), purpose + b"\1", "sha256")


def _unpadded(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")
