"""Bytes that age sealed: the header that is read before age sees the file, the padding that hides its size, and the
armoured blocks inside a client's file. A block names its record, part and entry, counts how often the entry was
sealed, and names the block that it replaced. Stock `age -d` opens both and shows the YAML that is read here.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import pyrage

from shelterctl import errors, limits
from shelterctl.document.reading import read_document
from shelterctl.document.subset import Unreadable
from shelterctl.document.writing import format_document
from shelterctl.identity.keys import ARMOUR_BEGIN, Identity
from shelterctl.trust.readership import folder_of_part
from shelterctl.ui_language import N_, Marked

PADDING_BYTE = b"\n"


def pad_text(text: bytes) -> bytes:
    """Return a text padded with empty lines up to the next step; bytes that do not end with a line end are not text and
    stay.
    """
    return text.ljust(limits.padded_size(len(text)), PADDING_BYTE) if text.endswith(PADDING_BYTE) else text


def strip_padding(text: bytes) -> bytes:
    """Return the text without the empty lines after its last line."""
    return text.rstrip(PADDING_BYTE) + PADDING_BYTE if text.endswith(2 * PADDING_BYTE) else text


_AGE_FIRST_LINE = b"age-encryption.org/v1\n"
_GREASE = b"-grease"


class AgeHeader(NamedTuple):
    """The number of X25519 keys that open a file, and of its stanzas of other kinds."""

    keys: int
    others: int


def read_age_header(data: bytes, name: str) -> AgeHeader:
    """Return the header of a sealed file. Raises Damaged if there is none, or it has more than one of ours can have."""
    head = data[: limits.SEALED_HEADER_BYTES]
    end = head.find(b"\n---")
    kinds = [line[3:].split(b" ", 1)[0] for line in head[:end].split(b"\n") if line.startswith(b"-> ")]
    if not head.startswith(_AGE_FIRST_LINE) or end < 0 or len(kinds) > limits.SEALED_HEADER_STANZAS:
        raise damaged_file_error(name)
    keys, grease = kinds.count(b"X25519"), sum(kind.endswith(_GREASE) for kind in kinds)
    return AgeHeader(keys, len(kinds) - keys - min(grease, 1))


REPAIR_FILE_FROM_BACKUP = N_(
    "Restore it from a backup: {repair}. Tell the data officer; everything else works meanwhile."
)
FILE_DAMAGED = N_("{place} is damaged: it is not what was saved.")


def damaged_file_error(name: str) -> errors.Damaged:
    """Return the error for a damaged file."""
    return errors.Damaged(
        "vault/damaged", FILE_DAMAGED, hint=REPAIR_FILE_FROM_BACKUP, place=name, repair=repair_command(name)
    )


FILE_SEALED_APART = N_(
    "{place} was sealed anew on two computers independently; the version here is the other computer's."
)
REKEY_OTHER_COMPUTER = N_("Run on the other computer: shelterctl rekey. Then it opens here too; nothing is lost.")


def sealed_apart_error(name: str) -> errors.Conflict:
    """Return the error for a file that two computers sealed anew independently, with the other one's version here."""
    return errors.Conflict("vault/sealed-apart", FILE_SEALED_APART, hint=REKEY_OTHER_COMPUTER, place=name)


FILE_READERS_WRONG = N_(
    "{place} opens for {found} keys instead of {expected}; the computer {device} saved it that way."
)
RESEAL_FOR_READERS = N_(
    "See whose computer it is, and who may read, with: shelterctl trust. Ask that colleague, tell the data "
    "officer, and seal the file anew for those who may read it: {repair}"
)


def wrong_readers_error(name: str, found: int, expected: int, device: str) -> errors.Damaged:
    """Return the error for a file that opens for more or fewer keys than may read it, although its own device saved it
    so.
    """
    return errors.Damaged(
        "vault/readers",
        FILE_READERS_WRONG,
        hint=RESEAL_FOR_READERS,
        repair=repair_command(name, "--reseal"),
        place=name,
        found=found,
        expected=expected,
        device=device,
    )


def repair_command(name: str, option: str = "--from BACKUP") -> Marked:
    """Return the command that repairs a file: a client's by her id, any other by its place."""
    record = name.removeprefix("residents/").removesuffix(".yaml.age") if name.startswith("residents/") else name
    return Marked(f"shelterctl repair {record} {option}")


ARMOUR_END = "-----END AGE ENCRYPTED FILE-----"
ARMOUR_COLUMNS = 64
PADDED_BLOCK_SIZE = 2048 + 128
"""The size in bytes of every padded block before sealing; longer text does not fit.

128 of them are for the revision, so that all that fitted into 2048 bytes before blocks had one still fits.
"""

PADDING_KEY = "padding"
BLOCK_CLOSED = N_("{place}: your key may not read the sealed part ({part}).")
ASK_A_READER = N_("See who may read it with: shelterctl who-can-read {record} {part}. Ask one of them.")
BLOCK_MOVED = N_("{place}: a sealed block belongs to another file, part or entry ({entry}).")
BLOCK_READERS_WRONG = N_(
    "{place}: a sealed entry ({entry}) opens for more or fewer keys than those who may read that part and who wrote it."
)
RESEAL_BLOCK_FOR_READERS = N_(
    "Somebody who reads that part may have added a key. Tell the data officer, see who may read it: shelterctl "
    "who-can-read {record}, and encrypt the file again for them alone: shelterctl repair {record} --reseal"
)
BLOCK_DAMAGED = N_("{place}: a sealed block is damaged ({entry}).")
OLDER_BLOCK_PUT_BACK = N_("{place}: an older version of a sealed block was put back ({entry}).")
BLOCK_UNCOUNTED = N_(
    "{place}: a sealed block lacks the number that the file counts ({entry}). An older block was put back, "
    "or a computer with an older shelterctl sealed it."
)
RESEAL_UNCOUNTED = N_(
    "If a computer with an older shelterctl has joined or sealed files since, update it, seal the file anew "
    "and look through it: shelterctl repair {record} --reseal. Check will show that permanently. If there is "
    "no such computer, restore the file from a backup: shelterctl repair {record} --from BACKUP"
)
REPAIR_RECORD_FROM_BACKUP = N_(
    "Restore the file from a backup: shelterctl repair {record} --from BACKUP. Until then, do not rely on it."
)
SEALED_TEXT_TOO_LONG = N_(
    "Shorten this text: it is too long for its sealed part, which has the same size in every file."
)


class BlockPlace(NamedTuple):
    """The place where a block belongs: the id of the file, the part, the track, and the id of the entry, None for a
    single block.
    """

    record: str
    part: str
    track: str
    entry: str | None = None

    @property
    def facts(self) -> dict[str, str]:
        """The facts of the place that an error may show."""
        entry = self.entry or self.track
        place = f"{folder_of_part(self.part)}/{self.record}"
        return {"place": place, "record": self.record, "part": self.part, "entry": entry}


class BlockRevision(NamedTuple):
    """The revision of a block: how often its entry was sealed, from 1, and the sha256 of the block before; None for the
    first.

    Blocks sealed by 0.3.2 and older have no number and count as the first.
    """

    number: int | None = None
    before: str | None = None

    def next(self, block: str) -> "BlockRevision":
        """Return the revision of the block that replaces *block*, which has this revision."""
        return BlockRevision((self.number or 1) + 1, hashlib.sha256(block.encode()).hexdigest())

    @property
    def sound(self) -> bool:
        """Whether a program can have written this revision."""
        number, before = self
        if number is None or type(number) is not int or not 1 <= number <= limits.LARGEST_OPTION_NUMBER:
            return number is None and before is None
        return before is None if number == 1 else isinstance(before, str) and bool(_SHA256.fullmatch(before))


FIRST_REVISION = BlockRevision(1)
REVISION_KEYS = ("revision", "before")
"""The keys of the revision in a block."""

_SHA256 = re.compile("[0-9a-f]{64}")


class BlockContent(NamedTuple):
    """The content of a block, and its revision."""

    content: dict[str, Any]
    revision: BlockRevision


def seal_block(
    place: BlockPlace, content: Mapping[str, Any], recipients: Sequence[str], revision: BlockRevision | None = None, *,
    padded: bool = False,
) -> str:  # fmt: skip
    """Return the block for a content, sealed to these age recipients; *padded* blocks have one size. UsageError if it
    is too long.

    The key that seals a block need not be able to open it.
    """
    kept = zip(REVISION_KEYS, revision or (), strict=False)
    said = {name: value for name, value in kept if value is not None}
    whole = {**place._asdict(), **said, "content": dict(content)}
    data = format_document(whole).encode()
    if padded:
        room = PADDED_BLOCK_SIZE - len(format_document({**whole, PADDING_KEY: ""}).encode())
        if room < 0:
            raise errors.UsageError("sealed/too-long", SEALED_TEXT_TOO_LONG)
        data = format_document({**whole, PADDING_KEY: "." * room}).encode()
    return _encrypt_block(data, recipients)


def reseal_block(block: str, recipients: Sequence[str], key: Identity) -> str:
    """Return the block sealed to other recipients, with identical content; unchanged if the key does not open it."""
    try:
        sealed = strip_armour(block)
        read_age_header(sealed, "")
        return _encrypt_block(key.open(sealed), recipients)
    except (ValueError, errors.ShelterError):
        return block


def is_public_key(text: str) -> bool:
    """Whether a text is a public key of age: letter by letter, its check sum included."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def seal_for_keys(data: bytes, recipients: Sequence[str]) -> bytes:
    """Return *data* as a binary age file for these age recipients."""
    return bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(one) for one in recipients]))


def _encrypt_block(data: bytes, recipients: Sequence[str]) -> str:
    return add_armour(seal_for_keys(data, recipients))


def damaged_block_error(
    place: BlockPlace, code: str = "sealed/damaged", message: str = BLOCK_DAMAGED
) -> errors.Damaged:
    """Return the error for a block that is not the one that belongs there."""
    return errors.Damaged(code, message, hint=REPAIR_RECORD_FROM_BACKUP, **place.facts)


def damaged_readers_error(place: BlockPlace) -> errors.Damaged:
    """Return the error for a block that opens for more or fewer keys than those of its readers."""
    return errors.Damaged("sealed/readers", BLOCK_READERS_WRONG, hint=RESEAL_BLOCK_FOR_READERS, **place.facts)


def open_block(block: str, place: BlockPlace, key: Identity, key_counts: Collection[int] | None = None) -> BlockContent:
    """Return the content of a block. Raises CannotOpen if the key may not read it, Damaged if it belongs elsewhere, or
    opens for another number of keys than those of *key_counts*.
    """
    try:
        sealed = strip_armour(block)
        header = read_age_header(sealed, place.facts["place"])
    except (ValueError, errors.Damaged) as trouble:
        raise damaged_block_error(place) from trouble
    try:
        data = key.open(sealed)
    except errors.CannotOpen as trouble:
        raise errors.CannotOpen("sealed/not-a-reader", BLOCK_CLOSED, hint=ASK_A_READER, **place.facts) from trouble
    if key_counts is not None and (header.others or header.keys not in key_counts):
        raise damaged_readers_error(place)
    try:
        whole = read_document(data).value
        said = BlockPlace(*(whole[name] for name in BlockPlace._fields))
        content, revision = whole["content"], BlockRevision(*(whole.get(name) for name in REVISION_KEYS))
    except (Unreadable, KeyError, TypeError) as trouble:
        raise damaged_block_error(place) from trouble
    if said != place or not isinstance(content, dict):
        raise damaged_block_error(place, "sealed/moved", BLOCK_MOVED)
    if not revision.sound:
        raise damaged_block_error(place)
    return BlockContent(content, revision)


def is_sealed_for(block: str, key_counts: Collection[int]) -> bool:
    """Whether a block opens for one of these numbers of keys; a damaged one is not judged here."""
    try:
        header = read_age_header(strip_armour(block), "")
    except (ValueError, errors.Damaged):
        return True
    return not header.others and header.keys in key_counts


def check_revision(revision: BlockRevision, marker: int | None, place: BlockPlace) -> None:
    """Raise Damaged unless a block has the revision that the file counts outside it, or neither has one."""
    if is_uncounted(revision, marker):
        raise errors.Damaged("sealed/uncounted", BLOCK_UNCOUNTED, hint=RESEAL_UNCOUNTED, **place.facts)
    if revision.number != marker:
        raise damaged_block_error(place, "sealed/rolled-back", OLDER_BLOCK_PUT_BACK)


def is_uncounted(revision: BlockRevision, marker: int | None) -> bool:
    """Whether a block has no number although the file counts it: 0.3.2 and older seal without one."""
    return marker is not None and revision.number is None


def add_armour(sealed: bytes) -> str:
    """Return sealed bytes as lines of text, as age writes them."""
    letters = base64.b64encode(sealed).decode()
    lines = [letters[first : first + ARMOUR_COLUMNS] for first in range(0, len(letters), ARMOUR_COLUMNS)]
    return "\n".join((ARMOUR_BEGIN, *lines, ARMOUR_END, ""))


def strip_armour(block: str) -> bytes:
    """Return the sealed bytes of an armoured block. Raises ValueError if it is not one."""
    lines = block.strip().splitlines()
    if len(lines) < 3 or (lines[0], lines[-1]) != (ARMOUR_BEGIN, ARMOUR_END):
        raise ValueError
    try:
        return base64.b64decode("".join(lines[1:-1]), validate=True)
    except binascii.Error as trouble:
        raise ValueError from trouble
