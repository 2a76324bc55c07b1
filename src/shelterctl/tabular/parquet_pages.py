"""The pages of a Parquet file by their headers: how large each is once it is unpacked, found before anything is.

A few kilobytes can unpack to gigabytes. The reader of Arrow sets no limit, so the headers are read here first; they are
in the compact protocol of Thrift. What `export` writes is packed with Snappy, whose reader never writes more than the
header says; a file packed otherwise is none of ours.
"""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any, NamedTuple

from shelterctl.limits import HUB_PAGE_BYTES, HUB_PAGE_VALUES, HUB_TABLE_BYTES

MAGIC, FOOTER_TAIL = b"PAR1", 8
"""The sign at both ends of a file; before the last one the length of the footer takes four bytes."""

UNPACKED, SNAPPY = PACKED_AS_EXPORTED = (0, 1)
"""The packings of pages that are read: none, or Snappy."""

PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY = ENCODINGS_AS_EXPORTED = (0, 2, 3, 8)
"""The encodings that are read: in others, such as those of shared beginnings, few bytes make many."""

ROW_GROUPS, CHUNKS, CHUNK_ABOUT = 4, 1, 3
CHUNK_PACKING, CHUNK_SIZE, DATA_BEGINS, DICTIONARY_BEGINS = 4, 7, 9, 11
"""The numbers of fields in the footer and in what it says of a chunk of a column."""

PAGE_UNPACKED, PAGE_PACKED, DATA_PAGE, DICTIONARY_PAGE, NEWER_DATA_PAGE = 2, 3, 5, 7, 8
"""The numbers of fields in the header of a page; the last three say which kind it is."""

VALUES, ENCODING, NEWER_ENCODING = 1, 2, 4
"""The numbers of fields in what a header says of a kind of page."""

DEEPEST = 12
"""The most parts within parts of a footer or header."""

BOOLEANS, BYTE, INTEGERS, DOUBLE, BINARY, SEQUENCES, STRUCT = (1, 2), 3, (4, 5, 6), 7, 8, (9, 10), 12
"""The types of the compact protocol."""


class PagesTooLarge(ValueError):
    """A file whose pages unpack to more than an export can hold."""


class Page(NamedTuple):
    """A page by its header: whether it is a dictionary, its bytes once unpacked, and the number of its values."""

    is_dictionary: bool
    size: int
    values: int


def find_largest_dictionary(data: bytes) -> int:
    """Return the bytes of the largest dictionary of a Parquet file once it is unpacked; 0 if it has none.

    Raises PagesTooLarge where pages unpack to more than an export has, ValueError or KeyError for a file that `export`
    cannot have written.
    """
    pages = [*list_pages(data)]
    sizes = accumulate((page.size for page in pages), initial=0)
    if any(page.size > HUB_PAGE_BYTES or page.values > HUB_PAGE_VALUES for page in pages):
        raise PagesTooLarge
    if any(size > HUB_TABLE_BYTES for size in sizes):
        raise PagesTooLarge
    return max((page.size for page in pages if page.is_dictionary), default=0)


def list_pages(data: bytes) -> Iterator[Page]:
    """Yield the pages of a Parquet file. Raises ValueError or KeyError for one that `export` cannot have written."""
    length = int.from_bytes(data[-FOOTER_TAIL : -len(MAGIC)], "little")
    begin = len(data) - FOOTER_TAIL - length
    if not (data.startswith(MAGIC) and data.endswith(MAGIC)) or begin < len(MAGIC):
        raise ValueError
    footer = _Reader(data, begin).read_struct()
    for group in footer.get(ROW_GROUPS, ()):
        for chunk in group[CHUNKS]:
            yield from _list_pages_of_chunk(data, chunk[CHUNK_ABOUT])


def _list_pages_of_chunk(data: bytes, about: Mapping[int, Any]) -> Iterator[Page]:
    """Yield the pages of a chunk: they must fill it to its last byte, so that none is left out here."""
    if about[CHUNK_PACKING] not in PACKED_AS_EXPORTED:
        raise ValueError
    at = about.get(DICTIONARY_BEGINS, about[DATA_BEGINS])
    end = at + about[CHUNK_SIZE]
    if not 0 <= at <= end <= len(data):
        raise ValueError
    while at < end:
        reader = _Reader(data, at)
        header = reader.read_struct()
        at = reader.at + header[PAGE_PACKED]
        if header[PAGE_PACKED] < 0 or header[PAGE_UNPACKED] < 0:
            raise ValueError
        yield _read_page(header)
    if at != end:
        raise ValueError


def _read_page(header: Mapping[int, Any]) -> Page:
    kinds = [kind for kind in (DATA_PAGE, DICTIONARY_PAGE, NEWER_DATA_PAGE) if kind in header]
    if len(kinds) != 1:
        raise ValueError
    about = header[kinds[0]]
    if about[NEWER_ENCODING if kinds[0] == NEWER_DATA_PAGE else ENCODING] not in ENCODINGS_AS_EXPORTED:
        raise ValueError
    return Page(kinds[0] == DICTIONARY_PAGE, header[PAGE_UNPACKED], about[VALUES])


class _Reader:
    """A reader of Thrift's compact protocol, from a place in the bytes on."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at, self._depth = data, at, 0

    def read_struct(self) -> dict[int, Any]:
        """Return a struct by the numbers of its fields; bytes of text are stepped over."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError
        found: dict[int, Any] = {}
        number = 0
        while head := self._read_byte():
            number = number + (head >> 4) if head >> 4 else self._read_signed()
            kind = head & 15
            found[number] = kind == BOOLEANS[0] if kind in BOOLEANS else self._read_value(kind)
        self._depth -= 1
        return found

    def _read_value(self, kind: int) -> Any:
        if kind == STRUCT:
            return self.read_struct()
        if kind in INTEGERS:
            return self._read_signed()
        if kind in SEQUENCES:
            return self._read_list()
        if kind not in (BYTE, DOUBLE, BINARY, *BOOLEANS):
            raise ValueError
        length = self._read_number() if kind == BINARY else 8 if kind == DOUBLE else 1
        self.at += length
        return None

    def _read_list(self) -> list[Any]:
        head = self._read_byte()
        count = self._read_number() if head >> 4 == 15 else head >> 4
        if count > len(self.data) - self.at:
            raise ValueError
        return [self._read_value(head & 15) for _ in range(count)]

    def _read_byte(self) -> int:
        self.at += 1
        if self.at > len(self.data):
            raise ValueError
        return self.data[self.at - 1]

    def _read_number(self) -> int:
        number, shift = 0, 0
        while shift < 64:
            byte = self._read_byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7
        raise ValueError

    def _read_signed(self) -> int:
        number = self._read_number()
        return (number >> 1) ^ -(number & 1)
