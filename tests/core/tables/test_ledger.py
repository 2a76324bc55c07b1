"""The ledger of releases: its lines hold what was published and nothing more, and a lost line is noticed."""

from datetime import date
from typing import Any

from shelterctl.core.tables.ledger import (
    PublishedNumbers,
    ReleaseSubject,
    ReleaseTerms,
    find_silent_releases,
    find_twice_published,
    read_releases,
    write_facts,
)
from shelterctl.core.values.days import Span

SUBJECT = ReleaseSubject(
    "plan", "years", "2025", Span(date(2025, 1, 1), date(2025, 12, 31)), "all", ("bishkek", "osh"),
    {"sex": frozenset({"female"})},
)  # fmt: skip
TERMS = ReleaseTerms("public", 11, 5, "sums-1", "ab" * 32, "cd" * 8, 3)
NUMBERS = PublishedNumbers(
    {("came",): 120, ("came", "sex", "female"): 105, **{("came", "country", f"c{each}"): 11 for each in range(300)}},
    frozenset({("came", "sex", "male"), ("came", "sex", "")}),
    {("meetings",): "41", ("average",): None},
)


def lines_of(numbers: PublishedNumbers = NUMBERS, at: str = "2026-01-10T10:00+06:00") -> list[dict[str, Any]]:
    facts = write_facts(SUBJECT, TERMS, {"came": "shown"}, numbers)
    return [{"at": at, "by": "manager", "more": more} for more in facts]


def read(*devices: list[dict[str, Any]]) -> Any:
    return read_releases((f"d{number}", line) for number, lines in enumerate(devices) for line in lines)


def test_a_release_is_read_back_from_its_lines() -> None:
    lines = lines_of()
    assert len(lines) > 2  # its figures are too many for one line
    (one,) = read(lines)
    assert (one.id, one.by, one.terms.least, one.terms.rounding) == ("plan.years.2025.all", "manager", 11, 5)
    assert (one.numbers.shown, one.numbers.hidden, one.numbers.others) == (
        NUMBERS.shown, NUMBERS.hidden, NUMBERS.others,
    )  # fmt: skip
    assert dict(one.subject.answers) == dict(SUBJECT.answers)


def test_a_release_that_lost_a_line_of_its_figures_has_none_and_still_counts() -> None:
    lines = lines_of()
    for lost in range(len(lines) - 1):
        (one,) = read([line for number, line in enumerate(lines) if number != lost])
        assert one.numbers is None
        assert one.id == "plan.years.2025.all"
    assert read(lines[:-1]) == []  # cut off before its own line: nothing was published


def test_figures_of_another_device_complete_no_release() -> None:
    lines = lines_of()
    (one,) = read(lines[1:], lines[:1])
    assert one.numbers is None


def test_the_earlier_of_two_releases_counts_and_they_are_found_if_they_differ() -> None:
    other = PublishedNumbers({**NUMBERS.shown, ("came",): 121}, NUMBERS.hidden, NUMBERS.others)
    alike = read(lines_of(), lines_of(at="2026-01-09T10:00+06:00"))
    assert not [*find_twice_published(alike)]
    apart = read(lines_of(), lines_of(other, "2026-01-09T10:00+06:00"))
    assert [one.device for one in apart] == ["d1", "d0"]
    ((first, second),) = find_twice_published(apart)
    assert (first.numbers, second.numbers) == (other, NUMBERS)


def test_a_release_is_silent_only_if_every_copy_of_it_withheld_its_nights() -> None:
    silent, heard = (
        [{"at": at, "by": "manager", "more": more} for more in write_facts(SUBJECT, TERMS, {"came": state}, NUMBERS)]
        for state, at in (("neighbours", "2026-01-11T10:00+06:00"), ("shown", "2026-01-10T10:00+06:00"))
    )
    assert find_silent_releases(read(silent)) == {"plan.years.2025.all"}
    assert find_silent_releases(read(heard)) == set()
    assert find_silent_releases(read(silent, heard)) == set()
