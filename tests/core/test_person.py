"""The same person is noticed however her name was typed, and nobody else is taken for her."""

import pytest

from shelterctl.core.person import likely_same


def file(first: str, last: str, birth: object = None) -> dict[str, object]:
    return {"identity": {"first_name": first, "last_name": last, **({"birth_date": birth} if birth else {})}}


HER = file("Алёна", "Примерова-Образцова", "1999-03")


@pytest.mark.parametrize(
    "other",
    [
        file("АЛЕНА", "Примерова Образцова", 1999),
        file("Примерова‑Образцова", "Алёна", "1999-12-31"),
        file(" алёна ", "примерова - образцова"),
    ],
    ids=["case, yo and hyphen", "either order", "no birth year"],
)
def test_she_is_noticed(other: dict[str, object]) -> None:
    assert likely_same(HER, other)


@pytest.mark.parametrize(
    "other",
    [file("Алёна", "Примерова-Образцова", 1998), file("Алина", "Примерова-Образцова", 1999), file("", ""), {}],
    ids=["another year", "another name", "no name", "an empty file"],
)
def test_nobody_else_is_taken_for_her(other: dict[str, object]) -> None:
    assert not likely_same(HER, other)
