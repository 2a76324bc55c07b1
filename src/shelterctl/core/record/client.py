"""A client's file as objects; the schemas have already checked its shape."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from shelterctl.core.values.days import Span, local_day, read_partial
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable

IDENTITY_NAMES = ("first_name", "middle_name", "last_name")
OTHER_NAMES = "also_known_as"
"""The key of an identity's list of other names; `IDENTITY_NAMES` are the keys of her own names."""


def value_at(facts: Facts, path: str) -> Any:
    """Return the value at a dotted path, or None: ``value_at(stay, 'admission.rules.signed_on')``."""
    found: Any = facts
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def replace_at(facts: Facts, path: Sequence[str], value: Any) -> dict[str, Any]:
    """Return a copy with another value at a path that exists."""
    first, *rest = path
    return {**facts, first: replace_at(facts[first], rest, value) if rest else value}


def live_entries(entries: Sequence[Facts] | None) -> tuple[Facts, ...]:
    """Return the entries of a list that are not struck through."""
    return tuple(entry for entry in entries or () if "void" not in entry)


def entries_with_ids(facts: Facts, where: str = "") -> Iterator[tuple[str, Facts]]:
    """Yield every entry with an id in a file, at any depth, with the pointer to it."""
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
    """Yield every entry that is neither struck through nor inside one that is, with the pointer to it."""
    void: list[str] = []
    for where, facts in entries_with_ids(record):
        if "void" in facts:
            void.append(f"{where}/")
        elif not where.startswith(tuple(void)):
            yield where, facts


@immutable(eq=True, slots=False)
class Stay:
    """One stay of a client in a house, from referral to the end of monitoring.

    *cache* holds the entries already read for this stay, by track, so that none is read twice.
    """

    facts: Facts
    index: int
    cache: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str | None:
        """The stay's own id; None in a file written by hand, because the program assigns ids."""
        return self.facts.get("id")

    @property
    def facility(self) -> str | None:
        """The code of the house, if known."""
        return self.facts.get("facility")

    def day(self, path: str) -> date | None:
        """Return the local day of the date or time at *path*, or None."""
        return local_day(value_at(self.facts, path))

    @cached_property
    def admitted_on(self) -> date | None:
        """The day on which she was admitted."""
        return self.day("admission.admitted_on")

    @cached_property
    def arrived_on(self) -> date | None:
        """The day on which she came into the house: the day she was received, or else admitted."""
        return self.day("received.at") or self.admitted_on

    @cached_property
    def discharged_on(self) -> date | None:
        """The day on which she was discharged."""
        return self.day("discharge.on")

    @cached_property
    def turned_away(self) -> bool:
        """Whether it was decided not to admit her."""
        return value_at(self.facts, "admission.not_admitted.on") is not None

    @cached_property
    def begun_on(self) -> date | None:
        """The first day of the stay: the earlier of referral and arrival; None if neither is known."""
        return min((day for day in (self.day("referral.received_at"), self.arrived_on) if day), default=None)

    @property
    def is_open(self) -> bool:
        """Whether she has neither been discharged nor been refused admission."""
        return self.discharged_on is None and not self.turned_away

    def sleeps_here(self, day: date) -> bool:
        """Return whether she sleeps in the house in the night after *day*; on the day she leaves she does not.

        A client who was received and then not admitted leaves on the day of that decision.
        """
        return self.arrived_on is not None and self.arrived_on <= day and (self.left_on is None or day < self.left_on)

    @cached_property
    def left_on(self) -> date | None:
        """The day on which she left, or on which it was decided not to admit her."""
        return self.discharged_on or self.day("admission.not_admitted.on")


AWAY_STATES = (HOSPITALISED, OUT_WITH_PERMISSION) = ("hospitalised", "out_with_permission")
"""The states of a client who is out of the house: in hospital, or for any other reason."""


RETURN_FIELDS = ("back_at", "entry_permitted_by")
"""The fields about her return (A2.7)."""


class Absence(NamedTuple):
    """An absence from the house: its *state*, *since* when, its *entry*, and when she is *expected* back."""

    state: str
    since: str
    entry: str
    expected: str | None = None


def find_absence(stay: Stay | None, today: date) -> Absence | None:
    """Return her absence from the house *today*, or None; she still lives there and her bed is kept."""
    if stay is None or not stay.is_open or stay.arrived_on is None:
        return None
    for absence in reversed(live_entries(stay.facts.get("absences"))):
        left, back = (local_day(absence.get(name)) for name in ("left_at", "back_at"))
        if left and left <= today and (back is None or back > today):
            name = HOSPITALISED if absence.get("kind") == "hospital" else OUT_WITH_PERMISSION
            return Absence(name, absence["left_at"], str(absence["id"]), absence.get("expected_back_at"))
    return None


@immutable(eq=True, slots=False)
class Client:
    """The person of one file, with or without stays; *cache* holds the entries already read that belong to no stay."""

    facts: Facts
    cache: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        """The random id by which she is known outside her file."""
        return str(self.facts["id"])

    @property
    def home(self) -> str | None:
        """The home of the registers whose entries it holds; None for a client's file."""
        return None

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """Her stays that are not struck through, oldest first by their days, in whichever order they were recorded.

        A stay without a known first day keeps its place after the stay that it follows in the file.
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
        """Whether every stay in the file is struck through: the file then counts nowhere and nothing in it is due."""
        return bool(self.facts.get("stays")) and not self.stays and not self.facts.get("referral")

    @property
    def is_idle(self) -> bool:
        """Whether nothing in the file is due: all its stays are struck through, or it had none and was given up.

        A file that was given up is closed and no longer has a name.
        """
        if self.facts.get("stays"):
            return self.is_struck
        named = any(value_at(self.facts, f"identity.{name}") for name in (*IDENTITY_NAMES, OTHER_NAMES))
        return not named and value_at(self.facts, "monitoring.closed.on") is not None

    @cached_property
    def stay(self) -> Stay | None:
        """Her open stay, or else her last stay, or None."""
        still = [stay for stay in self.stays if stay.is_open]
        return still[-1] if still else self.stays[-1] if self.stays else None

    @cached_property
    def last_stay_lived(self) -> Stay | None:
        """Her last stay from which she was not turned away; monitoring follows it."""
        return next((stay for stay in reversed(self.stays) if not stay.turned_away), None)

    @cached_property
    def dated_stays(self) -> tuple[Stay, ...]:
        """Her stays with a known first day, earliest first."""
        known = [(stay.begun_on, stay.index, stay) for stay in self.stays if stay.begun_on]
        return tuple(stay for *_, stay in sorted(known))

    def stay_on(self, day: date) -> Stay | None:
        """Return the stay to which *day* belongs: the last begun by then, even an ended one; None before the first.

        A stay from which she was turned away ends with that decision; later days belong to the stay before it.
        """
        begun = (stay for stay in reversed(self.dated_stays) if stay.begun_on and stay.begun_on <= day)
        return next((stay for stay in begun if not stay.turned_away or not stay.left_on or day <= stay.left_on), None)

    def stay_at(self, place: str) -> Stay | None:
        """Return the stay that contains a place of her file, given by its pointer; None for a place outside stays."""
        return next((stay for stay in self.stays if place.startswith(f"/stays/{stay.index}/")), None)

    def stays_holding(self, day: date) -> tuple[Stay, ...]:
        """Return her stays that include *day*, first and last day counted: two if she came back on the day she left."""
        return tuple(
            stay
            for stay in self.dated_stays
            if stay.begun_on and stay.begun_on <= day and (stay.left_on is None or day <= stay.left_on)
        )

    @property
    def sex(self) -> str:
        """The code of her sex, one of the list ``sexes`` of the rulebook."""
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
        """Her agreements that are not struck through, including terminated ones."""
        return live_entries(self.facts.get("agreements"))

    @cached_property
    def instruction(self) -> Facts | None:
        """The last instruction of the NGO Coordinator: it says whether she is recognised as a victim (X101)."""
        given = live_entries(value_at(self.facts, "iom.instructions"))
        return max(reversed(given), key=lambda instruction: str(instruction.get("on") or ""), default=None)

    def referred_on(self, day: date) -> date | None:
        """Return the day of her last referral on or before *day*, or None."""
        received = [stay.day("referral.received_at") for stay in self.stays]
        received.append(local_day(value_at(self.facts, "referral.received_at")))
        return max((one for one in received if one and one <= day), default=None)


@immutable(eq=True, slots=False)
class Registered(Client):
    """The joined record of one house, member of staff, NGO or provider: all entries of its registers, by track.

    Its facts are its code (*id*), its *home*, the day on which its registers were *opened*, the day from which on it
    holds all entries (*held_from*, if not from the first one on), the last day of what is registered under the code
    (*ended*, if there is one), and a list for each track. It has no stays.
    """

    @property
    def home(self) -> str | None:
        """The home of the registers, such as ``house``."""
        return str(self.facts["home"])

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """None: no entry of a register belongs to a stay."""
        return ()

    @property
    def is_struck(self) -> bool:
        """Never: a code is not struck through."""
        return False

    @property
    def is_idle(self) -> bool:
        """Never: what is due here is due as long as the code exists."""
        return False

    @cached_property
    def opened_on(self) -> date | None:
        """The first day of its registers, or None while there is none."""
        return local_day(self.facts.get("opened"))

    @cached_property
    def ended_on(self) -> date | None:
        """The last day of what is registered under the code, such as the last one on which somebody works here."""
        return local_day(self.facts.get("ended"))

    @cached_property
    def held_from(self) -> date | None:
        """The first day whose entries it holds, where only the entries of some months were read; else None."""
        return local_day(self.facts.get("held_from"))


def read_subject(facts: Facts) -> Client:
    """Return whom a file or a joined record is about: a client, or what is registered under a code."""
    return Registered(facts) if "home" in facts else Client(facts)
