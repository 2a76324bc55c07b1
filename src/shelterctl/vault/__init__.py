"""Bytes at rest and the write protocol. With identity the only module that knows age."""

from shelterctl.vault.change import Change, Written, too_large
from shelterctl.vault.copy import FORBIDDEN, Copy, compared, copied, still
from shelterctl.vault.header import header_of
from shelterctl.vault.protocol import Vault
from shelterctl.vault.unfinished import unfinished

__all__ = [
    "FORBIDDEN", "Change", "Copy", "Vault", "Written", "compared", "copied", "header_of", "still", "too_large",
    "unfinished",
]  # fmt: skip
