"""Opening a file that is sealed to many keys: it opens as age opens it, and whatever age refuses is refused."""

import pyrage
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shelterctl import errors
from shelterctl.identity.age_opening import open_own_stanza
from shelterctl.identity.keys import Identity, create_identity

OTHERS = [pyrage.x25519.Identity.generate().to_public() for _ in range(40)]
ME, STRANGER = create_identity(), create_identity()


def sealed(data: bytes, place: int, count: int) -> bytes:
    keys = OTHERS[: count - 1]
    keys.insert(place % count, pyrage.x25519.Recipient.from_str(ME.recipient))
    return bytes(pyrage.encrypt(data, keys))


def opened(key: Identity, data: bytes) -> bytes | None:
    return open_own_stanza(data, key._secret_bytes())


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 39), st.integers(1, 40))
@example(b"", 0, 5)
@example(b"x" * 65535, 4, 5)
@example(b"x" * 65536, 0, 5)
@example(b"x" * 65537, 39, 40)
@example(b"x" * 131072, 3, 12)
def test_it_opens_as_age_opens_it(data: bytes, place: int, count: int) -> None:
    file = sealed(data, place, count)
    assert opened(ME, file) == data == bytes(pyrage.decrypt(file, [pyrage.x25519.Identity.from_str(ME.key)]))
    assert opened(STRANGER, file) is None
    assert ME.open(file) == data


def test_every_changed_byte_is_refused() -> None:
    file = sealed(b"invented " * 20, 2, 6)
    for at in range(len(file)):
        for bit in (1, 128):
            assert opened(ME, file[:at] + bytes([file[at] ^ bit]) + file[at + 1 :]) is None


@pytest.mark.parametrize("size", [0, 100, 65536, 70000, 131072])
def test_every_cut_at_a_chunk_or_in_one_is_refused(size: int) -> None:
    file = sealed(b"x" * size, 1, 5)
    start = len(file) - size - 16 * max(1, -(-size // 65536))
    for end in {*range(start - 20, start + 20), *range(len(file) - 40, len(file)), start + 65552}:
        if end < len(file):
            assert opened(ME, file[:end]) is None
    assert opened(ME, file + b"x") is None


def test_a_key_says_in_words_that_a_file_is_not_for_it() -> None:
    with pytest.raises(errors.CannotOpen) as trouble:
        STRANGER.open(sealed(b"invented", 0, 9))
    assert trouble.value.code == "vault/not-a-recipient"
    assert ME.open(sealed(b"invented", 8, 9)) == b"invented"
