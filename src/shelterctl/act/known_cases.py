"""The file and the stay that a row of an import means, if they are in the store already, and what the row adds to them.

A row fills what the file leaves open and replaces nothing: since it was imported first, somebody may have corrected
the file.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from shelterctl.act.input import Input
from shelterctl.act.same_person import LikelyClient
from shelterctl.core.manual.standard import CASE_KEY
from shelterctl.core.people import MatchDegree, Person, match_persons
from shelterctl.core.record.client import Client, Stay, value_at
from shelterctl.core.record.file_tree import STAYS_KEY
from shelterctl.core.record.sameness import entry_content, entry_versions, is_entry_list, is_same
from shelterctl.core.values.days import local_day
from shelterctl.core.values.facts import Facts
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session

OLD_NUMBER_KEY, ELSEWHERE_KEY, FACILITY_KEY = "old_number", "from_elsewhere", "facility"
"""The keys of the number by which a case is known again, of what another system says of her, and of a stay's house."""

STAY_DAYS = ("referral.received_at", "received.at", "admission.admitted_on", "discharge.on")
"""The days of a stay by which it is known again."""

ACT_PLACES = {"act.admission": "/admission/admitted_on", "act.discharge": "/discharge/on"}
"""The places of the days of acts, by the columns of the sheet for old cases."""

TAKEN_IN_ON = "on"
"""The day on which an entry about another system was taken in: another day makes no other entry."""


class CaseActs(NamedTuple):
    """The day on which she was admitted, and the answers about her discharge; None where it did not happen."""

    admitted_on: str | None = None
    discharge: Facts | None = None


class Case(NamedTuple):
    """One case: the number of its row, what it says, the acts, the number in the old register.

    *cells* are the cells of places, such as ``/identity/phone: J7``, and of items of a checklist: ``rules: AC7``.
    *first* is the first row of the sheet about the person. *kept* are the cells of another system that are about this
    case and not about the person, word for word.
    """

    number: int
    given: Input
    acts: CaseActs = CaseActs()
    old_number: str | None = None
    without_stay: bool = False
    cells: Mapping[str, str] = {}
    first: int | None = None
    kept: Sequence[Facts] = ()


class KnownCase(NamedTuple):
    """The file that a row means, and the stay in it, if it has the stay already."""

    client: Client
    stay: Stay | None = None
    is_other_person: bool = False
    """Whether the file with the number of the row has another name."""
    is_of_sheet: bool = False
    """Whether an earlier row of the sheet is about this client too."""


class KnownCases:
    """The files in the store that rows may mean. A file without a name is meant by one row of a run, not by several."""

    def __init__(self, there: Session, cases: Sequence[Case]) -> None:
        self._there = there
        self._rows = defaultdict[int | None, list[Case]](list)
        for case in cases:
            self._rows[case.first].append(case)
        self._taken: set[str] = set()
        self._by_first_row: dict[int, str] = {}

    def find(self, case: Case, likely: Sequence[LikelyClient]) -> KnownCase | None:
        """Return the file of a row: that of an earlier row about the person; else by its number, by name, year of
        birth and a day of the stay, or by content.

        *likely* are the clients who may be the person in the row.
        """
        found = self._find_by_row(case) or self._find_by_number(case) or self._find_by_name(case, likely)
        found = found or self._find_by_other_rows(case, likely)
        if found is None and case.without_stay and not Person(case.given.value.get("identity") or {}).whole:
            found = self._find_by_content(case.given.value)
        if found:
            self._taken.add(found.client.id)
        return found

    def _find_by_row(self, case: Case) -> KnownCase | None:
        if case.first not in self._by_first_row:
            return None
        her = Client(self._there.store.read(self._by_first_row[case.first]).value)
        return KnownCase(her, find_stay(her, case), is_of_sheet=True)

    def _find_by_other_rows(self, case: Case, likely: Sequence[LikelyClient]) -> KnownCase | None:
        """Return the file that another row about the person means."""
        others = (one for one in self._rows[case.first] if one.number != case.number and case.first is not None)
        found = (self._find_by_number(one) or self._find_by_name(one, likely) for one in others)
        known = next((one for one in found if one), None)
        return known and KnownCase(known.client, find_stay(known.client, case), known.is_other_person, True)

    def _find_by_number(self, case: Case) -> KnownCase | None:
        if case.old_number is None:
            return None
        her = next(
            (her for her in self._there.store.clients() if her.facts.get(OLD_NUMBER_KEY) == case.old_number), None
        )
        return None if her is None else KnownCase(her, find_stay(her, case), not _may_be(her, case.given.value))

    def _find_by_name(self, case: Case, likely: Sequence[LikelyClient]) -> KnownCase | None:
        for one in likely:
            her, number = one.client, one.client.facts.get(OLD_NUMBER_KEY)
            if one.match.degree is not MatchDegree.SAME or (number is not None and case.old_number is not None):
                continue
            if case.without_stay and (_was_taken_in(her, case.given.value) or _find_further_case(her.facts, case)):
                return KnownCase(her)
            if stay := find_stay(her, case):
                return KnownCase(her, stay)
        return None

    def _find_by_content(self, given: Facts) -> KnownCase | None:
        clients = (her for her in self._there.store.clients() if her.id not in self._taken)
        return next((KnownCase(her) for her in clients if has_all(her.facts, given)), None)

    def take(self, client: str, case: Case) -> None:
        """Note that a row made this file, so that no later row means it by its content, and those about the same person
        go on in it.
        """
        self._taken.add(client)
        if case.first is not None:
            self._by_first_row[case.first] = client


def find_stay(her: Client, case: Case) -> Stay | None:
    """Return the stay of a file that has a day of the row: of the referral, the reception, the admission or leaving."""
    acts = case.acts
    given = dict(zip(STAY_DAYS, _days(case.given.value), strict=True))
    given |= {STAY_DAYS[2]: local_day(acts.admitted_on), STAY_DAYS[3]: local_day((acts.discharge or {}).get("on"))}
    for path, day in given.items():
        for stay in her.stays if day else ():
            if local_day(value_at(stay.facts, path)) == day:
                return stay
    return None


def _days(facts: Facts) -> Iterator[date | None]:
    yield from (local_day(value_at(facts, path)) for path in STAY_DAYS)


def _may_be(her: Client, given: Facts) -> bool:
    """Whether the name in a row may be hers; also where the row has none."""
    asked, known = Person(given.get("identity") or {}), Person(her.facts.get("identity") or {})
    return not (asked.whole and known.whole) or match_persons(asked, known).degree <= MatchDegree.NEAR


def _was_taken_in(her: Client, given: Facts) -> bool:
    """Whether a file has what a row says beyond our fields, or all of it: then an earlier run took it in."""
    kept = given.get(ELSEWHERE_KEY)
    return has_all(her.facts, {ELSEWHERE_KEY: kept} if kept else given)


def separate_case(rulebook: Rulebook, case: Case, known: KnownCase) -> Case:
    """Return a case of another system as a further one in the file of its person, if the file is about another case.

    Two cases of one person are told apart by the day of the referral, and in one sheet by anything that differs. The
    cells of a further case are kept word for word under its number.
    """
    facts = known.client.facts
    own, rest = split_stay(rulebook, case.given.value)
    if not (case.without_stay and case.kept) or has_all(facts, {**own, ELSEWHERE_KEY: rest.get(ELSEWHERE_KEY, [])}):
        return case
    day, other = (local_day(value_at(each, STAY_DAYS[0])) for each in (own, facts))
    if not known.is_of_sheet and (day is None or day == other) and not _find_further_case(facts, case):
        return case
    number = _find_further_case(facts, case) or max(_further_cases(facts), default=1) + 1
    value = {**rest, ELSEWHERE_KEY: _number_case(case, number)}
    return case._replace(given=replace(case.given, value=value))


def _further_cases(facts: Facts) -> list[int]:
    return [*dict.fromkeys(one[CASE_KEY] for one in facts.get(ELSEWHERE_KEY) or () if CASE_KEY in one)]


def _find_further_case(facts: Facts, case: Case) -> int | None:
    """Return the number of the further case in a file that has all cells of a row, or None."""
    numbers = _further_cases(facts) if case.kept else ()
    return next((each for each in numbers if has_all(facts, {ELSEWHERE_KEY: _number_case(case, each)})), None)


def _number_case(case: Case, number: int) -> list[Facts]:
    return [{**one, CASE_KEY: number} for one in case.kept]


def has_all(known: Facts, given: Facts) -> bool:
    """Return whether a file says all that is given, in whatever order."""
    return not fill_only(given, known).rest


class FilledFragment(NamedTuple):
    """The parts that a row adds to a file, and the places where the file says otherwise."""

    rest: dict[str, Any]
    differing: tuple[str, ...] = ()


def fill_only(given: Facts, known: Facts, above: str = "") -> FilledFragment:
    """Return what a file lacks of what is given, and the places, such as ``/identity/phone``, that differ."""
    rest: dict[str, Any] = {}
    differing: list[str] = []
    for name, value in given.items():
        there, where = known.get(name), f"{above}/{name}"
        if is_entry_list(value):
            new = _new_entries(value, there or [])
            rest |= {name: new} if new else {}
        elif there is None:
            rest[name] = value
        elif isinstance(value, Mapping) and isinstance(there, Mapping):
            below = fill_only(value, there, where)
            rest |= {name: below.rest} if below.rest else {}
            differing += below.differing
        elif not is_same(value, there):
            differing.append(where)
    return FilledFragment(rest, tuple(differing))


def _new_entries(given: Sequence[Facts], known: Sequence[Facts]) -> list[Facts]:
    """Return the entries that the file does not have and never had, each of the file's entries meant once."""
    there = [[_comparable(version) for version in entry_versions(one)] for one in known]
    new = []
    for entry in given:
        said = _comparable(entry)
        same = next((versions for versions in there if any(is_same(said, one) for one in versions)), None)
        if same is None:
            new.append(entry)
        else:
            there.remove(same)
    return new


def _comparable(entry: Facts) -> Facts:
    said: Facts = entry_content(entry)
    return {name: value for name, value in said.items() if "standard" not in said or name != TAKEN_IN_ON}


def fill_known(there: Session, case: Case, known: KnownCase) -> FilledFragment:
    """Return what a row adds to her file: what is about the stay inside that stay, or inside a new one."""
    own, rest = split_stay(there.rulebook, case.given.value)
    filled = fill_only(rest, known.client.facts)
    if case.without_stay:
        more = fill_only(own, known.client.facts)
        return FilledFragment({**filled.rest, **more.rest}, (*filled.differing, *more.differing))
    if known.stay is None:
        houses = there.store.shelter.value["facilities"]
        house = {FACILITY_KEY: next(iter(houses))} if len(houses) == 1 else {}
        return FilledFragment({**filled.rest, **({STAYS_KEY: [{**house, **own}]} if own else {})}, filled.differing)
    stay = fill_only(own, known.stay.facts, f"/{STAYS_KEY}/{known.stay.index}")
    listed = {STAYS_KEY: [{"id": known.stay.id, **stay.rest}]} if stay.rest else {}
    return FilledFragment({**filled.rest, **listed}, (*filled.differing, *stay.differing))


def split_stay(rulebook: Rulebook, given: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a fragment says of a stay, and the rest."""
    roots = stay_roots(rulebook)
    own = {name: value for name, value in given.items() if name in roots}
    return own, {name: value for name, value in given.items() if name not in roots}


def stay_roots(rulebook: Rulebook) -> set[str]:
    """Return the keys at the top of a fragment whose answers are about a stay."""
    return {track.at.partition(".")[0] for track in rulebook.tracks.values() if track.of_a_stay} | {FACILITY_KEY}
