"""What we sealed, opened by the key in a file of keys: with pyrage alone, and nothing of the program.

That stock age opens the same to the same bytes is shown in test_readers.
"""

from pathlib import Path

import pyrage


def decrypted(sealed: bytes, key: Path) -> bytes:
    """What stands in a file, or in a block of letters, that is sealed to this key."""
    (secret,) = [line for line in key.read_text("utf-8").splitlines() if line.startswith("AGE-SECRET-KEY-")]
    return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)]))
