"""A sealed block inside a file: armoured age bytes that say to which record, part and entry they belong.

A block says too how often the entry was sealed, and which block it took the place of. Stock ``age -d`` opens one, and
shows the same YAML that is read here.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pyrage

from shelterctl import bound, document, errors
from shelterctl.identity import Identity
from shelterctl.language import N_
from shelterctl.vault.header import header_of

BEGIN, END = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"
COLUMNS = 64
SIZE = 2048 + 128
"""How many bytes every block says that is to be of one size; a text of more does not fit.

The 128 have room for the revision, so that what fitted into 2048 bytes without one fits still.
"""

PADDING = "padding"
CLOSED = N_("{place}: what is sealed there ({part}) was not sealed to this key.")
WHO = N_("Ask whoever works with that part of her file, or the data officer who may read it.")
MOVED = N_("{place} holds a sealed block that belongs elsewhere: to another file, part or entry ({entry}).")
DAMAGED = N_("{place} holds a sealed block that is damaged ({entry}).")
PUT_BACK = N_("{place} holds an older sealed block that was put back ({entry}).")
UNCOUNTED = N_(
    "{place} holds a sealed block without the number that the file counts ({entry}): an older one was put back, or a "
    "computer with an older shelterctl sealed it."
)
COUNT = N_(
    "If a computer with an older shelterctl joined or sealed files since, update it, seal the file anew and look "
    "through it: shelterctl repair {record} --reseal. Check shows that for ever. If none did, put the file back from a "
    "backup: shelterctl repair {record} --from BACKUP"
)
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


class Revision(NamedTuple):
    """How often an entry was sealed, from 1, and the sha256 of the block before; the first one has none before it.

    What 0.3.2 and older programs sealed has no number, and counts as the first.
    """

    number: int | None = None
    before: str | None = None

    def next(self, block: str) -> "Revision":
        """The revision of what takes the place of a *block* that has this one."""
        return Revision((self.number or 1) + 1, hashlib.sha256(block.encode()).hexdigest())

    @property
    def sound(self) -> bool:
        """Whether it is one that a program wrote."""
        number, before = self
        if number is None or type(number) is not int or not 1 <= number <= bound.COUNT:
            return number is None and before is None
        return before is None if number == 1 else isinstance(before, str) and bool(_SHA256.fullmatch(before))


FIRST = Revision(1)
REVISION = ("revision", "before")
"""The keys under which a block says its revision."""

_SHA256 = re.compile("[0-9a-f]{64}")


class Inside(NamedTuple):
    """What a block says: the content of its entry, and which revision of it that is."""

    content: dict[str, Any]
    revision: Revision


def seal(
    place: Place, content: Mapping[str, Any], recipients: Sequence[str], revision: Revision | None = None, *,
    padded: bool = False,
) -> str:  # fmt: skip
    """The block of a content, for these age recipients; *padded* ones say equally much. Raises Usage if it is too long.

    Whoever seals it need not be able to open it.
    """
    kept = zip(REVISION, revision or (), strict=False)
    said = {name: value for name, value in kept if value is not None}
    whole = {**place._asdict(), **said, "content": dict(content)}
    data = document.write(whole).encode()
    if padded:
        room = SIZE - len(document.write({**whole, PADDING: ""}).encode())
        if room < 0:
            raise errors.Usage("sealed/too-long", TOO_LONG)
        data = document.write({**whole, PADDING: "." * room}).encode()
    return _shut(data, recipients)


def resealed(block: str, recipients: Sequence[str], key: Identity) -> str:
    """The block for other recipients, to the byte what it said; itself where the key does not open it."""
    try:
        sealed = bare(block)
        header_of(sealed, "")
        return _shut(key.open(sealed), recipients)
    except (ValueError, errors.ShelterError):
        return block


def _shut(data: bytes, recipients: Sequence[str]) -> str:
    keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    return armoured(bytes(pyrage.encrypt(data, keys)))


def unseal(block: str, place: Place, key: Identity) -> Inside:
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
        content, revision = whole["content"], Revision(*(whole.get(name) for name in REVISION))
    except (document.Unreadable, KeyError, TypeError) as trouble:
        raise errors.Damaged("sealed/damaged", DAMAGED, hint=BACKUP, **place.facts) from trouble
    if said != place or not isinstance(content, dict):
        raise errors.Damaged("sealed/moved", MOVED, hint=BACKUP, **place.facts)
    if not revision.sound:
        raise errors.Damaged("sealed/damaged", DAMAGED, hint=BACKUP, **place.facts)
    return Inside(content, revision)


def hold(revision: Revision, marker: int | None, place: Place) -> None:
    """That a block is of the revision which the file names outside of it, or neither says one. Raises Damaged."""
    if is_uncounted(revision, marker):
        raise errors.Damaged("sealed/uncounted", UNCOUNTED, hint=COUNT, **place.facts)
    if revision.number != marker:
        raise errors.Damaged("sealed/rolled-back", PUT_BACK, hint=BACKUP, **place.facts)


def is_uncounted(revision: Revision, marker: int | None) -> bool:
    """Whether a block has no number although the file counts it: 0.3.2 and older seal without one."""
    return marker is not None and revision.number is None


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
