"""A sealed block inside a file: armoured age bytes that say to which record, part and entry they belong.

Stock ``age -d`` opens one, and shows the same YAML that is read here.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pyrage

from shelterctl import document, errors
from shelterctl.identity import Identity
from shelterctl.language import N_
from shelterctl.vault.header import header_of

BEGIN, END = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"
COLUMNS = 64
SIZE = 2048
"""How many bytes every block says that is to be of one size; a text of more does not fit."""

PADDING = "padding"
CLOSED = N_("{place}: what is sealed there ({part}) was not sealed to this key.")
WHO = N_("Ask whoever works with that part of her file, or the data officer who may read it.")
MOVED = N_("{place} holds a sealed block that belongs elsewhere: to another file, part or entry ({entry}).")
DAMAGED = N_("{place} holds a sealed block that is damaged ({entry}).")
BACKUP = N_("Do not rely on it. Put the file back from a backup: shelterctl repair {record} --from BACKUP")
TOO_LONG = N_("This text is too long for its sealed part, of which every file has one of the same size. Shorten it.")


class Place(NamedTuple):
    """Where a block belongs: the id of the file, the part, the track, and the id of the entry; alone it has none."""

    record: str
    part: str
    track: str
    entry: str | None = None

    @property
    def facts(self) -> dict[str, str]:
        """What an error may tell of it."""
        return {"place": f"residents/{self.record}", "record": self.record, "part": self.part, "entry": self._called}

    @property
    def _called(self) -> str:
        return self.entry or self.track


def seal(place: Place, content: Mapping[str, Any], recipients: Sequence[str], *, padded: bool = False) -> str:
    """The block of a content, for these age recipients; *padded* ones say equally much. Raises Usage if it is too long.

    Whoever seals it need not be able to open it.
    """
    whole = {**place._asdict(), "content": dict(content)}
    data = document.write(whole).encode()
    if padded:
        room = SIZE - len(document.write({**whole, PADDING: ""}).encode())
        if room < 0:
            raise errors.Usage("sealed/too-long", TOO_LONG)
        data = document.write({**whole, PADDING: "." * room}).encode()
    keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    return armoured(bytes(pyrage.encrypt(data, keys)))


def unseal(block: str, place: Place, key: Identity) -> dict[str, Any]:
    """What a block says. Raises CannotOpen where the key may not read it, Damaged where it does not belong there."""
    try:
        sealed = bare(block)
        header_of(sealed, place.facts["place"])
    except (ValueError, errors.Damaged) as trouble:
        raise errors.Damaged("sealed/damaged", DAMAGED, hint=BACKUP, **place.facts) from trouble
    try:
        data = key.open(sealed)
    except errors.CannotOpen as trouble:
        raise errors.CannotOpen("sealed/not-a-reader", CLOSED, hint=WHO, **place.facts) from trouble
    try:
        whole = document.read(data).value
        said = Place(*(whole[name] for name in Place._fields))
        content = whole["content"]
    except (document.Unreadable, KeyError, TypeError) as trouble:
        raise errors.Damaged("sealed/damaged", DAMAGED, hint=BACKUP, **place.facts) from trouble
    if said != place or not isinstance(content, dict):
        raise errors.Damaged("sealed/moved", MOVED, hint=BACKUP, **place.facts)
    return content


def armoured(sealed: bytes) -> str:
    """Sealed bytes as lines of text, as age writes them."""
    letters = base64.b64encode(sealed).decode()
    lines = [letters[first : first + COLUMNS] for first in range(0, len(letters), COLUMNS)]
    return "\n".join((BEGIN, *lines, END, ""))


def bare(block: str) -> bytes:
    """The sealed bytes of an armoured block; ValueError where it is none."""
    lines = block.strip().splitlines()
    if len(lines) < 3 or (lines[0], lines[-1]) != (BEGIN, END):
        raise ValueError
    try:
        return base64.b64decode("".join(lines[1:-1]), validate=True)
    except binascii.Error as trouble:
        raise ValueError from trouble
