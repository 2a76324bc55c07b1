"""Points that two houses blind in either order."""

import hashlib

import pytest

from shelterctl.identity.blinding import blind_points, draw_blinding_number, hash_to_point

SECRET, TEXTS = bytes(range(32)), [b"one", b"two", b"three"]


def test_two_numbers_give_one_point_for_one_text_in_either_order() -> None:
    mine, theirs = draw_blinding_number(), draw_blinding_number()
    points = [hash_to_point(SECRET, text) for text in TEXTS]
    both = blind_points(theirs, blind_points(mine, points))
    assert both == blind_points(mine, blind_points(theirs, points))
    assert len({*points, *blind_points(mine, points), *both}) == 3 * len(TEXTS)


def test_a_point_says_nothing_without_the_secret_and_a_blinded_one_nothing_with_it() -> None:
    assert hash_to_point(SECRET, b"one") == hash_to_point(SECRET, b"one")
    assert hash_to_point(bytes(32), b"one") != hash_to_point(SECRET, b"one")
    # The other house has the secret: it finds its own guess among hashed points, and not among blinded ones.
    sent = blind_points(draw_blinding_number(), [hash_to_point(SECRET, text) for text in TEXTS])
    guessed = {hash_to_point(SECRET, text) for text in TEXTS}
    guessed |= {*blind_points(draw_blinding_number(), guessed)}
    assert not guessed & {*sent}


@pytest.mark.parametrize("point", [b"", b"\xff" * 32, bytes(33)])
def test_bytes_that_are_no_point_are_refused(point: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a point"):
        blind_points(draw_blinding_number(), [point])


def test_half_of_all_hashes_are_points_so_blinded_ones_look_like_random_ones() -> None:
    drawn = [hashlib.sha256(bytes([number])).digest() for number in range(200)]
    sound = 0
    for each in drawn:
        try:
            blind_points((1).to_bytes(32, "big"), [each])
            sound += 1
        except ValueError:
            continue
    assert 60 < sound < 140
