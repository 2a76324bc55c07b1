"""Invented women with the names of the country, drawn by lot: how many of them are taken for one another.

`python -m tests.support.invented_people [COUNT]` prints the figures that DECISIONS.md has.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from shelterctl.act.invented.frequency import read_data
from shelterctl.core.people import MatchDegree, Person, PersonMatch, match_persons


def names(text: str) -> list[str]:
    return text.split()


_NAMES = read_data("people")
KYRGYZ: list[str] = _NAMES["women"]
RUSSIAN: list[str] = _NAMES["russian_women"]
FATHERS: list[str] = _NAMES["fathers"]
FAMILIES = names("""
Абдыраева Акылова Алиева Асанова Атамбекова Бакирова Байтикова Бекова Борубаева Верещагина Дуйшеева
Жакыпова Жээнбекова Ибраимова Иванова Исакова Исмаилова Кадырова Калыкова Касымова Ким Ковалёва Козлова Кузнецова
Кулматова Мамбетова Маматова Матисакова Мамытова Морозова Мусаева Нурматова Осмонова Образцова Петрова Примерова Раимова
Садыкова Сарыбаева Сатарова Смирнова Сулайманова Сыдыкова Табалдиева Токтогулова Токтосунова Тургунбаева Турсунова
Усенова Хасанова Цой Чотбаева Шаршенова Щукина Эргешова""")


def women(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """So many identities; every tenth without a year of birth, every tenth with a guess, half without a patronymic."""
    lot = random.Random(seed)  # noqa: S311 - invented people, not keys
    return [dict(_woman(lot)) for _ in range(count)]


def _woman(lot: random.Random) -> Iterator[tuple[str, Any]]:
    yield "first_name", lot.choice(KYRGYZ * 2 + RUSSIAN)
    father, kind = lot.choice(FATHERS), lot.random()
    yield "last_name", f"{father} кызы" if kind < 0.2 else f"{father}ова" if kind < 0.5 else lot.choice(FAMILIES)
    if lot.random() < 0.5:
        yield "middle_name", f"{lot.choice(FATHERS)}{lot.choice(['овна', ' кызы'])}"
    if (known := lot.random()) > 0.1:
        yield "birth_date", lot.randint(1970, 2008)
        yield from [("estimated", True)] * (known < 0.2)


def taken(identities: list[dict[str, Any]]) -> dict[tuple[str, str], PersonMatch]:
    """Every two of them that are not told apart."""
    people = [(" ".join(str(each) for each in one.values()), Person(one)) for one in identities]
    found = {(one, two): match_persons(mine, hers) for (one, mine), (two, hers) in combinations(people, 2)}
    return {pair: one for pair, one in found.items() if one.degree < MatchDegree.FAR}


if __name__ == "__main__":
    number = int(sys.argv[1]) if sys.argv[1:] else 2000
    begun = time.perf_counter()
    pairs = taken(women(number))
    spent = time.perf_counter() - begun
    degrees = Counter(one.degree.code for one in pairs.values())
    counted = Counter(" ".join(one.reasons) or "-" for one in pairs.values()).most_common()
    lines = [f"{number} women, {number * (number - 1) // 2} pairs in {spent:.0f} s: {dict(degrees)}"]
    lines += [f"whoever is admitted is asked about {2 * len(pairs) / number:.2f} others"]
    lines += [f"{times:6} {reasons}" for reasons, times in counted]
    lines += [str(pair) for pair in list(pairs)[:: max(len(pairs) // 20, 1)]]
    sys.stdout.write("\n".join(lines) + "\n")
