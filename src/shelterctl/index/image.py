"""The file of an index on disk: named arrays, sealed to the key of this device and marked by it.

The mark covers the sealed bytes, the clear first line and what the index is *bound* to. It is verified before anything
is opened or parsed, so that only what this key wrote is ever read. `cryptography` is not imported for it: that takes a
third of the time that a list may take.
"""

import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from shelterctl.errors import ShelterError
from shelterctl.identity.keys import Identity
from shelterctl.immutable import immutable
from shelterctl.limits import INDEX_BYTES
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import create_private_folder, replace_file

IMAGE_FORMAT = b"shelterctl index/6"


@immutable
class Image:
    """The content of an index: a *head* in clear that says of which state of the journal it is, and named sections."""

    head: Mapping[str, Any]
    sections: Mapping[str, bytes]


def read_image(path: Path, key: Identity, bound: bytes) -> Image | None:
    """Return the image in a file; None if there is none that *key* wrote for what it is *bound* to."""
    with suppress(OSError, ShelterError, ValueError, KeyError, TypeError, RecursionError):
        data = read_plain_file(path, INDEX_BYTES)
        mark, _, rest = data.partition(b"\n")
        del data
        if not hmac.compare_digest(mark, _mark(key, bound, rest)):
            return None
        head, _, sealed = rest.partition(b"\n")
        body = memoryview(key.open(sealed))
        del rest, sealed
        names, at = json.loads(head), 0
        sections = {}
        for name, length in names["sections"]:
            sections[name] = bytes(body[at : at + length])
            at += length
        return Image(names["of"], sections)
    return None


def write_image(path: Path, key: Identity, bound: bytes, image: Image) -> bool:
    """Write an image in place of the file, wholly or not at all; False if it could not be written.

    It is put on disk when the system does so: after a power cut it may be missing, and is made again.
    """
    with suppress(OSError, ShelterError):
        names = {"of": image.head, "sections": [[name, len(data)] for name, data in image.sections.items()]}
        head = json.dumps(names, separators=(",", ":")).encode()
        rest = head + b"\n" + key.seal(b"".join(image.sections.values()))
        create_private_folder(path.parent)
        replace_file(path, _mark(key, bound, rest) + b"\n" + rest, soon=True)
        return True
    return False


def _mark(key: Identity, bound: bytes, data: bytes) -> bytes:
    return key.mark(b"%s %d " % (IMAGE_FORMAT, len(bound)) + bound + data).encode()
