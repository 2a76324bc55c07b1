"""Reports of invented persons that add up, as a house may print them."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from random import Random
from typing import NamedTuple

from shelterctl.core.tables.small_counts import Count, CountTable, KnownSum, sum_over

NIGHTS_IN_A_MONTH = 31
SOMS_A_NIGHT = 50


class Person(NamedTuple):
    """What a report counts of an invented person."""

    sex: str
    age: str
    country: str
    month: str
    needs: tuple[str, ...]
    nights: int


class Report(NamedTuple):
    """Tables, and the sums across them that every reader knows."""

    tables: list[CountTable]
    known: list[KnownSum]


CODES: Mapping[str, Sequence[str]] = {
    "sex": ("female", "male"),
    "age": ("adult", "minor", "unknown"),
    "country": ("kg", "kz", "ru", "tr", "ae", "uz", "other"),
    "month": ("m1", "m2", "m3"),
    "needs": ("medical", "legal", "psychological", "housing"),
}


def invent_persons(seed: int, number: int) -> list[Person]:
    """Persons whose answers are as uneven as those of a house."""
    return _invent_persons(Random(seed), number)  # noqa: S311 - nothing secret


def _invent_persons(random: Random, number: int) -> list[Person]:

    def one_of(name: str) -> str:
        codes = CODES[name]
        return random.choices(codes, [3.0 ** -(place if name != "month" else 0) for place in range(len(codes))])[0]

    def needs() -> tuple[str, ...]:
        return tuple(need for need in CODES["needs"] if random.random() < 0.6) or ("medical",)

    def invent() -> Person:
        said = {name: one_of(name) for name in ("sex", "age", "country", "month")}
        return Person(**said, needs=needs(), nights=random.randint(1, NIGHTS_IN_A_MONTH))

    return [invent() for _ in range(number)]


def persons_table(name: str, persons: Sequence[Person], by: Sequence[str], *, crossed: bool = False) -> CountTable:
    """How many persons there are, by some of their answers."""
    return _table(name, persons, by, crossed, lambda some: Count(len(some)))


def nights_table(name: str, persons: Sequence[Person], by: Sequence[str], *, crossed: bool = False) -> CountTable:
    """How many nights they slept in the house."""

    def nights(some: Sequence[Person]) -> Count:
        each = [person.nights for person in some]
        return Count(sum(each), len(each), max(each, default=0))

    return _table(name, persons, by, crossed, nights)


def _table(
    name: str, persons: Sequence[Person], by: Sequence[str], crossed: bool, count: Callable[[list[Person]], Count]
) -> CountTable:
    def there(**said: str) -> list[Person]:
        return [one for one in persons if all(code in _codes(one, key) for key, code in said.items())]

    parts = {key: {code: count(there(**{key: code})) for code in CODES[key]} for key in by}
    inner = {}
    if crossed:
        down, across = by
        pairs = product(CODES[down], CODES[across])
        inner = {(row, column): count(there(**{down: row, across: column})) for row, column in pairs}
    return CountTable(name, count(list(persons)), parts, inner, [key for key in by if key == "needs"])


def _codes(person: Person, key: str) -> tuple[str, ...]:
    said = getattr(person, key)
    return said if isinstance(said, tuple) else (said,)


def invent_report(seed: int) -> Report:
    """A report such as a house may print, of as many persons as it may have had."""
    random = Random(seed)  # noqa: S311 - nothing secret
    persons = _invent_persons(random, int(random.choice([5, 14, 30, 60, 120, 300]) * random.uniform(0.7, 1.3)))
    return random.choice([_plain_report, _crossed_report, _report_of_months, _report_of_parts])(random, persons)


def _plain_report(random: Random, persons: list[Person]) -> Report:
    """Totals by several answers, each by itself."""
    by = random.sample(list(CODES), random.randint(0, 3))
    tables = [
        persons_table("admitted", persons, by),
        nights_table("nights", persons, [key for key in by if key != "needs"]),
    ]
    return Report(tables, _nights_of_persons(*tables))


def _crossed_report(random: Random, persons: list[Person]) -> Report:
    """Two answers crossed, and a third beside them."""
    first, second, third = random.sample(("sex", "age", "country", "month"), 3)
    if random.random() < 0.2:
        first, second, third = "sex", "age", "country"
    tables = [
        persons_table("crossed", persons, (first, second), crossed=True),
        persons_table("beside", persons, (third,)),
    ]
    links = [KnownSum({("crossed",): 1, ("beside",): -1})]
    if {first, second} == {"sex", "age"}:  # whole numbers of nights cost the solver time
        tables.append(nights_table("nights", persons, (first, second), crossed=True))
        links += _nights_of_persons(tables[0], tables[2])
        soms = {key: figure.value for key, figure in tables[2].figures()}
        money = CountTable("money", Count(soms["nights",] * SOMS_A_NIGHT, len(persons)))
        tables.append(money)
        links.append(KnownSum({("money",): 1, ("nights",): -SOMS_A_NIGHT}))
    return Report(tables, links)


def _report_of_months(random: Random, persons: list[Person]) -> Report:
    """A quarter beside its months."""
    by = random.sample(("sex", "age", "country"), random.randint(1, 2))
    crossed = len(by) == 2 and random.random() < 0.3
    months = [
        persons_table(month, [one for one in persons if one.month == month], by, crossed=crossed)
        for month in CODES["month"]
    ]
    quarter = persons_table("quarter", persons, by, crossed=crossed)
    return Report([*months, quarter], list(sum_over(quarter, months)))


def _report_of_parts(random: Random, persons: list[Person]) -> Report:
    """A part of the persons as a table of its own, and how many more they are than the women among them."""
    whole = persons_table("admitted", persons, ("sex", random.choice(("age", "country"))))
    women = persons_table("women", [one for one in persons if one.sex == "female"], ("needs", "month"))
    first = persons_table("first-month", [one for one in persons if one.month == "m1"], ("sex",))
    links = [
        KnownSum({("admitted", "sex", "female"): 1, ("women",): -1}),
        KnownSum({("women", "month", "m1"): 1, ("first-month", "sex", "female"): -1}),
        KnownSum({("admitted",): 1, ("first-month",): -1}, at_least=True, persons=True),
    ]
    return Report([whole, women, first], links)


def _nights_of_persons(persons: CountTable, nights: CountTable) -> list[KnownSum]:
    """Everybody slept at least one night, and nobody more than a month has."""
    places = [(key, (persons.name, *key[1:])) for key, _ in nights.figures()]
    least = [KnownSum({many: 1, few: -1}, at_least=True) for many, few in places]
    return least + [KnownSum({few: NIGHTS_IN_A_MONTH, many: -1}, at_least=True) for many, few in places]
