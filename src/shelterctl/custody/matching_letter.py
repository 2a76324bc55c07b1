"""Letters of a blind matching between two houses: an invitation, a list of points, an answer to a list, and ids.

A letter is one line of JSON, and a second line with the signature of the house's key and a code by the secret that only
both houses have. It is padded, so that its size does not tell how many clients it is about, and encrypted by age for
the other house. Whatever a letter says was written elsewhere: it is read only after its signature and its code, and by
its exact shape.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from shelterctl import errors, limits
from shelterctl.core.values.days import read_day
from shelterctl.identity.blinding import POINT_BYTES
from shelterctl.identity.keys import Identity, is_valid_signature
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.ui_language import N_
from shelterctl.vault.sealed_bytes import is_public_key, seal_for_keys

LETTER_SCHEMA = "hub-match/1"
_SIGNED = b"shelterctl hub-match letter/1\n"
_CODED = b"shelterctl hub-match code/1\n"

POINTS_OF_CLIENT = 24
"""The number of points of each client in a list, random ones included, so that it tells nothing of her."""

LIST_SIZES = tuple(64 << step for step in range(7))
"""The numbers of entries that a list may have: 64 to 4096; the rest is filled with random points."""

Content = TypeVar("Content")

LETTER_MISSING = N_("There is no such file. Name the one that came from the other house.")
LETTER_CLOSED = N_(
    "This file does not open with your key: it is encrypted for another one, was cut off or was changed."
)
LET_SEND_AGAIN = N_(
    "Ask the other house to send it again, for the key that this command shows you: shelterctl hub match"
)
LETTER_NOT_SOUND = N_("This file is no letter of a matching, or was changed after it was signed.")
LETTER_OF_OTHERS = N_("This file was not signed by the house with which this matching was agreed.")
BELIEVE_NOTHING_OF_IT = N_("Do not use it. Ask the other house by telephone what it sent, and tell the data officer.")


class LetterKind(StrEnum):
    """The kinds of letters, in the order in which they are sent."""

    INVITATION = "invitation"
    LIST = "list"
    ANSWER = "answer"
    IDS = "ids"


class HouseKeys(NamedTuple):
    """The public keys of a house's device: *age* opens letters to it, *sign* verifies those from it."""

    age: str
    sign: str


class ListEntry(NamedTuple):
    """An entry of a list: a random *token* that stands for a client or for nobody, and her blinded points."""

    token: str
    points: tuple[bytes, ...]


class Invitation(NamedTuple):
    """The agreement of both houses: a secret, the last day, and whether the clients are invented."""

    secret: bytes
    ends_on: str
    invented: bool


class PointList(NamedTuple):
    """A list of points; of an answer, the list of the other house blinded again.

    *own* is the digest of the sender's own list, *of* that of the list that is answered; both empty in a list.
    """

    entries: tuple[ListEntry, ...]
    own: str = ""
    of: str = ""


class TokenPair(NamedTuple):
    """Two entries that match: the *own* token of the sender, the token of the *other* house, and the sender's *id*."""

    own: str
    other: str
    id: str


class Letter(NamedTuple):
    """A letter as it came: what it is, of which matching, by whom, its *content*, and the digest of its first line."""

    kind: LetterKind
    matching: str
    sender: HouseKeys
    content: Mapping[str, Any]
    digest: str
    text: bytes
    code: str

    def has_code_of(self, secret: bytes) -> bool:
        """Whether somebody wrote it who has the secret."""
        return hmac.compare_digest(self.code, _code_of(secret, self.text))


class SealedLetter(NamedTuple):
    """A letter to be sent: the encrypted bytes, and the digest by which an answer names it."""

    data: bytes
    digest: str


def own_keys(identity: Identity) -> HouseKeys:
    """Return the public keys of this device."""
    return HouseKeys(identity.recipient, identity.signing_public)


def seal_letter(
    kind: LetterKind, matching: str, content: Mapping[str, Any], identity: Identity, to: str, secret: bytes
) -> SealedLetter:
    """Return a letter signed by this device and encrypted for the age key *to*."""
    keys = own_keys(identity)
    head = {"schema": LETTER_SCHEMA, "kind": kind.value, "matching": matching, "age": keys.age, "sign": keys.sign}
    text = json.dumps({**head, **content}, separators=(",", ":")).encode()
    proof = {"signed": identity.sign(_SIGNED + text), "code": _code_of(secret, text)}
    data = text + b"\n" + json.dumps(proof, separators=(",", ":")).encode() + b"\n"
    padded = data.ljust(limits.padded_size(len(data)))
    return SealedLetter(seal_for_keys(padded, [to]), hashlib.sha256(text).hexdigest())


def read_letter(path: Path, identity: Identity) -> Letter:
    """Return the letter in a file, its signature verified; of whom it must be is judged by who reads it.

    Raises UsageError for a file that is not there, CannotOpen for one that does not open, Damaged for one that is not
    sound.
    """
    try:
        with translate_disk_errors(path.name):
            sealed = read_plain_file(path, limits.MATCHING_LETTER_BYTES)
    except errors.NotFound as missing:
        raise errors.UsageError("match/no-file", LETTER_MISSING) from missing
    try:
        data = identity.open(sealed)
    except errors.CannotOpen as trouble:
        raise errors.CannotOpen("match/closed", LETTER_CLOSED, hint=LET_SEND_AGAIN) from trouble
    try:
        return _parse_letter(data)
    except (ValueError, KeyError, TypeError, RecursionError) as trouble:
        raise unsound_letter_error() from trouble


def unsound_letter_error() -> errors.Damaged:
    """Return the error for a letter of a wrong shape or with a wrong signature."""
    return errors.Damaged("match/not-sound", LETTER_NOT_SOUND, hint=BELIEVE_NOTHING_OF_IT)


def foreign_letter_error() -> errors.Damaged:
    """Return the error for a letter of somebody else than the other house."""
    return errors.Damaged("match/of-others", LETTER_OF_OTHERS, hint=BELIEVE_NOTHING_OF_IT)


def _code_of(secret: bytes, text: bytes) -> str:
    return hmac.digest(secret, _CODED + text, "sha256").hex()


def _parse_letter(data: bytes) -> Letter:
    """Return a letter with a valid signature of the key that it names. Raises ValueError, KeyError or TypeError."""
    text, proof, rest = data.split(b"\n", 2)
    body, said = json.loads(text), json.loads(proof)
    if body["schema"] != LETTER_SCHEMA or rest.strip():
        raise ValueError("another schema")
    keys = HouseKeys(_text(body["age"], "age1[a-z0-9]{58}"), _text(body["sign"], "[A-Za-z0-9+/]{43}="))
    if not is_public_key(keys.age) or not is_valid_signature(keys.sign, str(said["signed"]), _SIGNED + text):
        raise ValueError("not signed")
    matching = _text(body["matching"], "[0-9A-Z]{6}")
    digest = hashlib.sha256(text).hexdigest()
    return Letter(LetterKind(body["kind"]), matching, keys, body, digest, text, _text(said["code"], "[0-9a-f]{64}"))


def write_invitation(said: Invitation) -> dict[str, Any]:
    """Return the content of an invitation."""
    return {"secret": said.secret.hex(), "ends_on": said.ends_on, "invented": said.invented}


def read_invitation(letter: Letter) -> Invitation:
    """Return what an invitation says. Raises Damaged for a wrong shape, or for a code without its secret."""

    def read(content: Mapping[str, Any]) -> Invitation:
        secret = bytes.fromhex(_text(content["secret"], "[0-9a-f]{64}"))
        if read_day(content["ends_on"]) is None or type(content["invented"]) is not bool:
            raise ValueError("no day")
        return Invitation(secret, content["ends_on"], content["invented"])

    said = _read_content(letter, read)
    if not letter.has_code_of(said.secret):
        raise unsound_letter_error()
    return said


def write_points(said: PointList) -> dict[str, Any]:
    """Return the content of a list or an answer."""
    entries = [[one.token, base64.b64encode(b"".join(one.points)).decode()] for one in said.entries]
    return {"own": said.own, "of": said.of, "entries": entries}


def read_points(letter: Letter) -> PointList:
    """Return the points of a list or an answer. Raises Damaged for a wrong shape."""

    def read(content: Mapping[str, Any]) -> PointList:
        if not isinstance(content["entries"], list) or len(content["entries"]) not in LIST_SIZES:
            raise ValueError("another number of entries")
        entries = tuple(_read_entry(*one) for one in content["entries"])
        if len({one.token for one in entries}) < len(entries):
            raise ValueError("a token twice")
        return PointList(entries, *(_text(content[name], "(?:[0-9a-f]{64})?") for name in ("own", "of")))

    return _read_content(letter, read)


def _read_entry(token: object, points: str) -> ListEntry:
    data = base64.b64decode(points, validate=True)
    if len(data) != POINTS_OF_CLIENT * POINT_BYTES:
        raise ValueError("another number of points")
    cut = range(0, len(data), POINT_BYTES)
    return ListEntry(_text(token, "[0-9A-Z]{8}"), tuple(data[first : first + POINT_BYTES] for first in cut))


def write_pairs(pairs: Sequence[TokenPair]) -> dict[str, Any]:
    """Return the content of a letter of ids."""
    return {"pairs": [[*one] for one in pairs]}


def read_pairs(letter: Letter) -> list[TokenPair]:
    """Return the pairs of a letter of ids. Raises Damaged for a wrong shape."""

    def read(content: Mapping[str, Any]) -> list[TokenPair]:
        if not isinstance(content["pairs"], list) or len(content["pairs"]) > LIST_SIZES[-1]:
            raise ValueError("too many")
        shapes = ("[0-9A-Z]{8}", "[0-9A-Z]{8}", "[0-9A-Z]{4}-[0-9A-Z]{4}")
        return [TokenPair(*map(_text, one, shapes)) for one in content["pairs"] if len(one) == len(shapes)]

    return _read_content(letter, read)


def _read_content(letter: Letter, read: Callable[[Mapping[str, Any]], Content]) -> Content:
    try:
        return read(letter.content)
    except (ValueError, KeyError, TypeError, binascii.Error) as trouble:
        raise unsound_letter_error() from trouble


def _text(value: object, pattern: str) -> str:
    """Return a text of this pattern. Raises ValueError for anything else."""
    if not isinstance(value, str) or re.fullmatch(pattern, value, re.ASCII) is None:
        raise ValueError("another shape")
    return value
