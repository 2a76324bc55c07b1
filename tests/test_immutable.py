"""What the decorator of values makes of a class: equality where it is wanted, slots, and nothing written out."""

from dataclasses import dataclass, field, replace
from typing import Any

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


@immutable
class Full(Plain):
    more: dict[str, int] = field(default_factory=dict)
    last: str = field(default="z", kw_only=True)


@dataclass
class FullDataclass:
    name: str
    count: int = 1
    more: dict[str, int] = field(default_factory=dict)
    last: str = field(default="z", kw_only=True)


GIVEN: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("a",), {}),
    (("a", 2, {"b": 1}), {"last": "y"}),
    ((), {"name": "a", "last": "y"}),
    ((), {}),
    (("a", 2, {}, "y"), {}),
    (("a",), {"unknown": 1}),
    (("a",), {"name": "b"}),
]


@pytest.mark.parametrize(("values", "named"), GIVEN)
def test_a_value_takes_what_a_dataclass_takes(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    made: list[object] = []
    for kind in (Full, FullDataclass):
        try:
            one = kind(*values, **named)
            made.append((one.name, one.count, one.more, one.last))
        except TypeError:
            made.append(TypeError)
    assert made[0] == made[1]


def test_values_do_not_share_what_a_field_makes() -> None:
    first = Full("a")
    first.more["b"] = 1
    assert (first.more, Full("a").more) == ({"b": 1}, {})


def test_values_are_equal_only_where_that_is_asked_for() -> None:
    assert Plain("a") != Plain("a")
    assert Compared(name="a") == Compared(name="a") != Compared(name="b")
    assert len({Compared(name="a"), Compared(name="a"), Compared(name="b")}) == 2


def test_a_value_does_not_write_out_what_it_holds() -> None:
    assert "Айжан" not in repr(Plain("Айжан")) + repr(Compared(name="Айжан"))
