"""What the decorator of values makes of a class: equality where it is wanted, slots, and nothing written out."""

from dataclasses import replace

import pytest

from shelterctl.immutable import immutable


@immutable
class Plain:
    name: str
    count: int = 1


@immutable(eq=True, slots=False, kw_only=True)
class Compared:
    name: str


def test_a_value_is_made_by_its_fields_and_has_place_for_no_other() -> None:
    assert (Plain("a").name, replace(Plain("a"), count=2).count) == ("a", 2)
    with pytest.raises(AttributeError):
        Plain("a").other = 1  # type: ignore[attr-defined]


def test_values_are_equal_only_where_that_is_asked_for() -> None:
    assert Plain("a") != Plain("a")
    assert Compared(name="a") == Compared(name="a") != Compared(name="b")
    assert len({Compared(name="a"), Compared(name="a"), Compared(name="b")}) == 2


def test_a_value_does_not_write_out_what_it_holds() -> None:
    assert "Айжан" not in repr(Plain("Айжан")) + repr(Compared(name="Айжан"))
