"""A client's file, parsed; schemas have vouched for its shape."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property
from typing import Any

from shelterctl.core.values.days import Span, local_day, read_partial
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable

IDENTITY_NAMES = ("first_name", "middle_name", "last_name")
OTHER_NAMES = "also_known_as"
"""What of an identity is a name of hers, and the list of the others."""


def value_at(facts: Facts, path: str) -> Any:
    """What stands at a dotted path, or None: ``value_at(stay, "admission.rules.signed_on")``."""
    found: Any = facts
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def replace_at(facts: Facts, path: Sequence[str], value: Any) -> dict[str, Any]:
    """A copy in which another value stands at a path that is there."""
    first, *rest = path
    return {**facts, first: replace_at(facts[first], rest, value) if rest else value}


def live_entries(entries: Sequence[Facts] | None) -> tuple[Facts, ...]:
    """The entries of a list that are not struck through."""
    return tuple(entry for entry in entries or () if "void" not in entry)


def entries_with_ids(facts: Facts, where: str = "") -> Iterator[tuple[str, Facts]]:
    """Every entry with an id in a file, at any depth, with the pointer to it."""
    for name, value in facts.items():
        place = f"{where}/{name}"
        if isinstance(value, Mapping):
            yield from entries_with_ids(value, place)
        elif isinstance(value, list):
            for number, entry in enumerate(value):
                if isinstance(entry, Mapping):
                    if "id" in entry:
                        yield f"{place}/{number}", entry
                    yield from entries_with_ids(entry, f"{place}/{number}")


def list_live_entries(record: Facts) -> Iterator[tuple[str, Facts]]:
    """Every entry that is not struck through, nor a part of one that is, with the pointer to it."""
    void: list[str] = []
    for where, facts in entries_with_ids(record):
        if "void" in facts:
            void.append(f"{where}/")
        elif not where.startswith(tuple(void)):
            yield where, facts


@immutable(eq=True, slots=False)
class Stay:
    """One stay of a client in a house, from referral to the end of monitoring.

    *cache* is what was read so far, as seen from this stay, by track: nothing is read twice.
    """

    facts: Facts
    index: int
    cache: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str | None:
        """The stay's own id; none in a file that somebody wrote by hand, who cannot know it."""
        return self.facts.get("id")

    @property
    def facility(self) -> str | None:
        """The code of the house, where it is known."""
        return self.facts.get("facility")

    def day(self, path: str) -> date | None:
        """The local day of the date or time at *path*."""
        return local_day(value_at(self.facts, path))

    @cached_property
    def admitted_on(self) -> date | None:
        """The day on which the gate was passed."""
        return self.day("admission.admitted_on")

    @cached_property
    def arrived_on(self) -> date | None:
        """The day on which she came into the house: received, or else admitted."""
        return self.day("received.at") or self.admitted_on

    @cached_property
    def discharged_on(self) -> date | None:
        """The day on which she left."""
        return self.day("discharge.on")

    @cached_property
    def turned_away(self) -> bool:
        """Whether it was decided not to admit her."""
        return value_at(self.facts, "admission.not_admitted.on") is not None

    @cached_property
    def begun_on(self) -> date | None:
        """The first day that belongs to the stay: of referral and arrival the earlier; None if neither is known."""
        return min((day for day in (self.day("referral.received_at"), self.arrived_on) if day), default=None)

    @property
    def is_open(self) -> bool:
        """Whether the stay is neither over nor decided against."""
        return self.discharged_on is None and not self.turned_away

    def sleeps_here(self, day: date) -> bool:
        """Whether she sleeps in the house in the night after *day*; on the day she leaves she does not.

        Who was received and then not admitted leaves on the day of that decision.
        """
        return self.arrived_on is not None and self.arrived_on <= day and (self.left_on is None or day < self.left_on)

    @cached_property
    def left_on(self) -> date | None:
        """The day on which she left, or on which it was decided not to admit her."""
        return self.discharged_on or self.day("admission.not_admitted.on")


@immutable(eq=True, slots=False)
class Client:
    """The person of one file, with or without stays; *cache* as that of a stay, seen from none."""

    facts: Facts
    cache: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        """The random id by which she is known outside her file."""
        return str(self.facts["id"])

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """Her stays that are not struck through, oldest first, also where an older one was written down later.

        One of which the first day is not known follows the one that it stands behind.
        """
        listed = enumerate(self.facts.get("stays") or ())
        stays = [Stay(facts, index) for index, facts in listed if "void" not in facts]
        if len(stays) > 1:
            dated, begun = list[tuple[date, Stay]](), date.min
            for stay in stays:
                begun = stay.begun_on or begun
                dated.append((begun, stay))
            stays = [stay for _, stay in sorted(dated, key=lambda one: one[0])]
        return tuple(stays)

    @property
    def is_struck(self) -> bool:
        """Whether every stay in the file is struck through: it counts nowhere, and nothing is asked of it."""
        return bool(self.facts.get("stays")) and not self.stays and not self.facts.get("referral")

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked of the file: all its stays are struck through, or it had none and was left behind.

        Such a one is closed, and has no name any more.
        """
        if self.facts.get("stays"):
            return self.is_struck
        named = any(value_at(self.facts, f"identity.{name}") for name in (*IDENTITY_NAMES, OTHER_NAMES))
        return not named and value_at(self.facts, "monitoring.closed.on") is not None

    @cached_property
    def stay(self) -> Stay | None:
        """Her open stay, else her last, else none."""
        still = [stay for stay in self.stays if stay.is_open]
        return still[-1] if still else self.stays[-1] if self.stays else None

    @cached_property
    def last_stay_lived(self) -> Stay | None:
        """Her last stay that she was not turned away from: the one that monitoring follows."""
        return next((stay for stay in reversed(self.stays) if not stay.turned_away), None)

    @cached_property
    def dated_stays(self) -> tuple[Stay, ...]:
        """Her stays of which the first day is known, the earliest first."""
        known = [(stay.begun_on, stay.index, stay) for stay in self.stays if stay.begun_on]
        return tuple(stay for *_, stay in sorted(known))

    def stay_on(self, day: date) -> Stay | None:
        """The stay to which a day belongs: the last that had begun, also after its end; None before the first.

        A stay that she was turned away from ends with that decision; the days after it belong to the one before.
        """
        begun = (stay for stay in reversed(self.dated_stays) if stay.begun_on and stay.begun_on <= day)
        return next((stay for stay in begun if not stay.turned_away or not stay.left_on or day <= stay.left_on), None)

    def stay_at(self, place: str) -> Stay | None:
        """Her stay in which a place of her file lies, by its pointer; None beside her stays."""
        return next((stay for stay in self.stays if place.startswith(f"/stays/{stay.index}/")), None)

    def stays_holding(self, day: date) -> tuple[Stay, ...]:
        """Her stays in which a day lies, both ends counted: two where she came back on the day that she left."""
        return tuple(
            stay
            for stay in self.dated_stays
            if stay.begun_on and stay.begun_on <= day and (stay.left_on is None or day <= stay.left_on)
        )

    @property
    def sex(self) -> str:
        """``female`` or ``male``."""
        return str(value_at(self.facts, "identity.sex"))

    @cached_property
    def birth(self) -> Span | None:
        """The days on which she may have been born."""
        return read_partial(value_at(self.facts, "identity.birth_date"))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages she understands."""
        return tuple(value_at(self.facts, "identity.languages") or ())

    @property
    def children(self) -> tuple[Facts, ...]:
        """The children who stay with her."""
        return tuple(child for child in live_entries(self.facts.get("children")) if child.get("stays_with_her", True))

    @property
    def agreements(self) -> tuple[Facts, ...]:
        """Her agreements that are not struck through, terminated ones among them."""
        return live_entries(self.facts.get("agreements"))

    @cached_property
    def instruction(self) -> Facts | None:
        """The last instruction of the NGO Coordinator: it says whether she is recognised (X101)."""
        given = live_entries(value_at(self.facts, "iom.instructions"))
        return max(reversed(given), key=lambda instruction: str(instruction.get("on") or ""), default=None)

    def referred_on(self, day: date) -> date | None:
        """The day of her last referral on or before *day*."""
        received = [stay.day("referral.received_at") for stay in self.stays]
        received.append(local_day(value_at(self.facts, "referral.received_at")))
        return max((one for one in received if one and one <= day), default=None)
