"""What is asked of a store that an index may answer, and the difference between its answer and one without it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import CHANGED_HERE, Answer
from tests.support.desk import Desk

OFF: Mapping[str, str] = {"SHELTERCTL_INDEX": "off"}
"""What a command is told that neither reads nor writes the index."""

NAMES: tuple[Mapping[str, Any], ...] = (
    {"first_name": "Айгуль", "last_name": "Примерова"},
    {"first_name": "Айгул", "last_name": "Премерова"},
    {"last_name": "Примерова", "birth_date": 1999},
    {"first_name": "Асель"},
    {"birth_date": 1995},
    {"last_name": "Ким"},
)
"""Whom somebody looks for: as it is written in a file, nearly so, and by a part of it."""

LISTED = (
    "list", "list --stays", "list --nights", "list --changes", "list --retention", "agreements", "agreements --lines",
    "agreements --outlays", "agreements --account", "agreements --pocket-money", "monitor reports",
)  # fmt: skip
"""The lists of which every column may be chosen."""

ENTRIES_LISTED = ("child", "stay", "instruction", "need", "service", "outlay", "absence", "pocket-money")
"""Kinds of entries in clients' files that are listed for all clients."""

ASKED: tuple[str, ...] = (
    *LISTED,
    "list --count --columns state,sex,age_group", "list --stays --count --columns admitted_month,facility,left",
    "list --where state=admitted", "list --stays --where facility=osh", "list --where sex=female --count",
    "list --stays --columns id,age,nights,monitoring,days_since_due,kept_until,may_be_deleted,changed_at",
    "list visit", "list incident", "list shift", "agreements {her}",
    "agreements --lines --count --columns form,line", "agreements --where form=pink",
    "agreements --outlays --count --columns month,item", "agreements --pocket-money --columns id,nights",
    "agreements --count --columns form,social_worker", "monitor reports --count --columns facility",
    *(f"list {track}" for track in ENTRIES_LISTED), "list service --of bishkek", "list child --of osh --count",
    "list instruction --of osh", "list instruction --month 2026-11", "list instruction --month 2026-10 --count",
    "list outlay --month this --count --columns facility",
    "list instruction --of bishkek --month 2026-11 --where facility=bishkek", "list need --month last",
    "list absence --month last --of bishkek", "list child --of osh --columns id,client",
    "due", "due --within 40", "due --within 400", "due --week", "due --mine s-gulnara", "due --owner psychologist",
    "due --owner manager --within 7", "due bishkek", "due osh --week", "due s-aida", "due {her}", "due --format ics",
    "monitor due", "monitor due --within 400", "monitor due --within 30",
    "house", "house --facility osh", "house --list", "house --months 3", "house --since 2026-01-01",
    "house --months 40", "house --facility bishkek --months 2",
    "house --since 2025-11-01 --until 2026-02-28",
    "report --of osh", "report occupancy --month 2026-10 --of all", "report progress --month 2026-11 --of bishkek",
    "report services --year 2026 --of all", "report financial --month 2026-10 --of all",
    "report progress --year 2025 --of osh",
    "report occupancy --month 2026-10 --compare --of bishkek", "publish public-year --period 2025 --check",
    "report progress --month 2026-11 --of all --as-known-on 2026-11-23",
    "report funding-request --month 2026-10 --of osh",
    "find --duplicates", *(f"find {number}" for number in range(len(NAMES))),
    "today", "today --of osh", "staff list", "facility list",
)  # fmt: skip
"""What is asked; of ``find`` the number says which of the NAMES is looked for."""


@dataclass(frozen=True)
class Question:
    """A question, who asks it, as of which day, and by which rules."""

    words: str
    who: str = ""
    as_of: str | None = None
    manual: str = ""

    @property
    def typed(self) -> str:
        return " ".join(filter(None, (self.words, self.who)))


FORMS = ("--json", "", "--lang ru", "--format csv")
"""How it is answered."""


def answered(desk: Desk, question: Question, form: str, env: Mapping[str, str]) -> Answer:
    """The answer in that form."""
    words, given = question.typed, None
    if words.startswith("find ") and words.split()[1].isdigit():
        number, _, rest = words.removeprefix("find ").partition(" ")
        words, given = f"find {rest}", NAMES[int(number)]
    return desk.run(f"{words.format(her=desk.her)} {form}", given, today=question.as_of, env=env)


def difference(desk: Desk, question: Question, form: str, env: Mapping[str, str] | None = None) -> str:
    """What the index changes about an answer, as it lies there from before and as the answer leaves it; empty if
    nothing.
    """
    around = env or {}
    alone = answered(desk, question, form, {**around, **OFF})
    for what in ("with the index as it was", "with the index as this command left it"):
        found = answered(desk, question, form, around)
        if (found.code, found.out, found.err) != (alone.code, alone.out, alone.err):
            return f"{what}:\n{_first_lines(alone, found)}"
    return ""


def _first_lines(alone: Answer, found: Answer) -> str:
    """The first lines that differ; invented people only."""
    told = [f"  exit code {alone.code} without, {found.code} with"] * (alone.code != found.code)
    for name, before, after in (("stdout", alone.out, found.out), ("stderr", alone.err, found.err)):
        pairs = zip_longest(before.split("\n"), after.split("\n"))
        lines = [(one, two) for one, two in pairs if one != two]
        for one, two in lines[:3]:
            told += [f"  {name} without: {_short(one, two)}", f"  {name} with:    {_short(two, one)}"]
    return "\n".join(told)


def _short(line: str | None, other: str | None) -> str:
    """A line from shortly before where it differs."""
    if line is None:
        return "(no line)"
    at = next((place for place, pair in enumerate(zip_longest(line, other or "")) if pair[0] != pair[1]), 0)
    return ("…" if at > 60 else "") + line[max(at - 60, 0) : at + 120]


def index_of(desk: Desk, key: str = "key") -> Path:
    """The index that a key keeps of the store of its desk."""
    (found,) = (desk.folder / f"{key}.heads").glob("*.index")
    return found


@contextmanager
def program_changed() -> Iterator[pytest.MonkeyPatch]:
    """Inside, commands are forked from this process, so that what is changed of the program here is changed there."""
    with pytest.MonkeyPatch.context() as changed:
        CHANGED_HERE.append("program")
        try:
            yield changed
        finally:
            CHANGED_HERE.remove("program")
