"""Rows of one sheet about one person: they become one file if they agree on the person, and are refused if they do not.

Rows are about one person by one number of the old register, or by names that are the same in any spelling and one full
day of birth. A year alone is not enough.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from shelterctl.act.known_cases import ACT_PLACES, ELSEWHERE_KEY, STAY_DAYS, Case
from shelterctl.core.finding import Finding
from shelterctl.core.people import MatchDegree, Person, match_persons
from shelterctl.core.record.client import value_at
from shelterctl.core.record.sameness import is_entry_list, is_same
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.ui_language import N_

ROWS_CONTRADICT = N_(
    "{other} says otherwise about the same person. Correct one of the two cells, or leave one of them empty."
)
ROWS_CONTRADICT_OR_NEW_PERSON = N_(
    "{other} says otherwise about the same person. Correct one of the two cells, or leave one of them empty; if they "
    "are two people, add --new-person."
)


def join_rows(cases: Sequence[Case], of_stay: Collection[str], *, by_name: bool) -> list[Case]:
    """Return the cases, each with the number of the first row about its person.

    Two rows that contradict each other in an answer about the person, or about one stay, both get a finding with both
    cells. *of_stay* are the keys of answers about a stay. With *by_name* rows without a number are compared too.
    """
    groups: list[list[Case]] = []
    by_key: dict[str, list[list[Case]]] = {}
    for case in cases:
        keys = [*_keys(case, by_name)]
        group = next((one for key in keys for one in by_key.get(key, ()) if _is_same_person(one[0], case)), None)
        if group is None:
            group = []
            groups.append(group)
        group.append(case)
        for key in keys:
            listed = by_key.setdefault(key, [])
            if not any(one is group for one in listed):
                listed.append(group)
    joined = (case for group in groups for case in _judge_group(group, of_stay))
    return sorted(joined, key=lambda case: case.number)


def _keys(case: Case, by_name: bool) -> Iterator[str]:
    if case.old_number is not None:
        yield f"number {case.old_number}"
    born = _birth_day(case)
    if by_name and born and Person(case.given.value["identity"]).whole:
        yield f"born {born}"


def _birth_day(case: Case) -> str | None:
    """Return the full day of birth in a row, or None."""
    born = value_at(case.given.value, "identity.birth_date")
    return str(born) if read_day(born) else None


def _is_same_person(one: Case, other: Case) -> bool:
    """Whether two rows with a common key are about one person; a number with two names that differ is a slip."""
    left, right = (Person(case.given.value.get("identity") or {}) for case in (one, other))
    if one.old_number is not None and other.old_number is not None:
        unnamed = not (left.whole and right.whole)
        return one.old_number == other.old_number and (unnamed or match_persons(left, right).degree <= MatchDegree.NEAR)
    return match_persons(left, right).degree is MatchDegree.SAME


class _RowAnswers(NamedTuple):
    """The answers of a row by their places: about the person, about the stay, and the days by which a stay is known."""

    case: Case
    of_person: Mapping[str, Any]
    of_stay: Mapping[str, Any]
    days: frozenset[tuple[str, Any]]


def _read_row(case: Case, of_stay: Collection[str]) -> _RowAnswers:
    given, acts = case.given.value, case.acts
    person = {name: value for name, value in given.items() if name not in of_stay and name != ELSEWHERE_KEY}
    stay = dict(_answers({name: value for name, value in given.items() if name in of_stay}))
    stay |= {ACT_PLACES["act.admission"]: acts.admitted_on} if acts.admitted_on else {}
    stay |= {ACT_PLACES["act.discharge"]: acts.discharge["on"]} if acts.discharge else {}
    days = {(place, stay[place]) for place in ("/" + path.replace(".", "/") for path in STAY_DAYS) if place in stay}
    return _RowAnswers(case, dict(_answers(person)), {} if case.without_stay else stay, frozenset(days))


def _judge_group(group: Sequence[Case], of_stay: Collection[str]) -> Iterator[Case]:
    """Yield the rows about one person with the findings of each."""
    rows = [_read_row(case, of_stay) for case in group]
    for row in rows:
        case, cells = row.case, row.case.cells
        places = {place: other.cells[place] for place, other in _contradicting(row, rows)}
        found = [
            Finding(
                code="import/rows-differ",
                message=ROWS_CONTRADICT if case.old_number else ROWS_CONTRADICT_OR_NEW_PERSON,
                where=place,
                facts={"cell": cells[place], "other": other},
            )
            for place, other in places.items()
        ]
        given = replace(case.given, findings=(*case.given.findings, *found)) if found else case.given
        yield case._replace(given=given, first=group[0].number)


def _contradicting(row: _RowAnswers, rows: Sequence[_RowAnswers]) -> Iterator[tuple[str, Case]]:
    """Yield each place at which another row says otherwise: of the person, and of the stay if both are about it."""
    for other in rows:
        there = {**other.of_person, **(other.of_stay if row.days & other.days else {})}
        for place, value in {**row.of_person, **row.of_stay}.items():
            if place in there and not is_same(there[place], value) and place in other.case.cells:
                yield place, other.case


def _answers(facts: Facts, above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each answer of a fragment with its place, such as ``/identity/sex``; entries of lists are left out."""
    for name, value in facts.items():
        where = f"{above}/{name}"
        if isinstance(value, Mapping):
            yield from _answers(value, where)
        elif not is_entry_list(value):
            yield where, value
