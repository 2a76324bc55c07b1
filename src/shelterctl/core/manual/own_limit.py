"""A house's own limit: a number that is stricter than the manual's, which the store keeps as a signed statement."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from shelterctl.core.finding import Finding
from shelterctl.immutable import immutable
from shelterctl.language import TwoSentences
from shelterctl.ui_language import N_

CAPACITY_PART = "capacity"
"""The part of a kind of house that a limit of its places names."""

LIMIT_WORDS = ("at_most", "at_least", "months", "days", "hours")
"""The numbers of a rule that a house may tighten; months, days and hours move a bound of ``dated``."""

LIMIT_OF_HOUSE = N_(
    "This is the house's own limit, {overlay_number}, since {overlay_since}, decided by {overlay_by}. By the manual: "
    "{manual_limit}."
)


@immutable(eq=True)
class OwnLimit:
    """One limit of a house: the rule that it tightens, the stricter *number*, and the days on which it holds.

    The rule is that of the track, act or kind of house *of*, in its line or item *part* (empty for the whole), for the
    *field* (several names with commas between), with the *clause*; *word* is one of `LIMIT_WORDS`. Without *house* it
    holds in every house of the store. *until* is its last day. *decided_by* is a staff code, *why* the code of a
    reason.
    """

    id: str
    of: str
    part: str
    field: str
    word: str
    clause: str
    number: str
    house: str
    since: date
    until: date | None
    decided_by: str
    why: str

    @property
    def amount(self) -> Decimal:
        """The number."""
        return Decimal(self.number)

    @property
    def target(self) -> tuple[str, ...]:
        """The number of a rule that it tightens, and the house: no two limits of it hold on one day."""
        return (self.of, self.part, self.field, self.word, self.clause, self.house)

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def is_open_on(self, day: date) -> bool:
        """Whether it holds on a day, or will."""
        return self.until is None or day <= self.until

    def holds_in(self, house: str | None) -> bool:
        """Whether it holds in the house of this code; None where no house is known."""
        return not self.house or self.house == house


def write_number(number: Decimal) -> str:
    """Return a number of a limit without zeros behind the point, such as 1500 or 62.5."""
    return f"{number:f}".rstrip("0").rstrip(".") if number != int(number) else str(int(number))


def name_own_limit(finding: Finding, limit: OwnLimit, manual: Decimal | None) -> Finding:
    """Return a finding that says that the house's own limit is broken, and which number the *manual* has instead."""
    facts = {
        "overlay": True,
        "overlay_id": limit.id,
        "overlay_number": limit.number,
        "overlay_since": limit.since,
        "overlay_by": limit.decided_by,
        "manual_limit": write_number(manual) if manual is not None else None,
    }
    said = TwoSentences(finding.message, LIMIT_OF_HOUSE)
    return replace(finding, message=said, facts={**finding.facts, **facts})
