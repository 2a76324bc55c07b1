"""What is wanted of a list: its columns, and which rows; a field that may tell who somebody is refuses the whole."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

from shelterctl.core.column import HOUSES, Column, Read, Row, registered
from shelterctl.core.days import read_partial
from shelterctl.core.entry import folded
from shelterctl.core.finding import Finding, Outcome, Said
from shelterctl.core.table import Table, holds
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError, Usage
from shelterctl.language import N_, current, shown
from shelterctl.view.table import WIDE, WIDER
from shelterctl.view.tally import cell_of, tallied

NOT_TOLD = N_("{field} is told in no list: a name, a contact or a sentence may stand there. Leave it out.")
NOT_BORN = N_("{field} is told in no list: it may tell who somebody is. Ask for the age, where there is one.")
NO_COLUMN = N_("This list has no such column. All that there are: shelterctl schema columns")
NEAR_COLUMN = N_("This list has no such column. Did you mean {near}? All that there are: shelterctl schema columns")
WHICH_COLUMN = N_("Several columns of this list are called so. Write which: {names}.")
NO_WHERE = N_("--where takes a column, an equals sign and a code, such as sex=female or admitted_on=2026-11.")
NO_CODE = N_("{column}: there is no such code. Known are: {codes}.")
NEAR_CODE = N_("{column}: there is no such code. Did you mean {near}? Known are: {codes}.")

NOT_SO = N_("{column}: no row can have this. It is written like {codes}.")
NO_NTH = N_("Column {number}: this list has none that is called so. All that there are: shelterctl schema columns")
NEAR_NTH = N_("Column {number}: this list has none that is called so. Did you mean {near}?")

ANSWERS = ("there", "absent")
"""What any column may be asked for: that something stands there, or nothing."""

WRITTEN = {
    "whole": re.compile(r"\d{1,9}", re.ASCII),
    "som": re.compile(r"\d{1,13}(\.\d{1,2})?", re.ASCII),
    "id": re.compile(r"[0-9A-Z-]{6,9}", re.ASCII),
    "text": re.compile(r".{1,200}"),
    "language": re.compile(r"[a-z]{2,3}", re.ASCII),
    "country": re.compile(r"[A-Z]{2}", re.ASCII),
}
"""How a number or an id is written by which rows are chosen, and a code of an open list."""

LIKE = {"day": ("2026-11-25", "2026-11", "2026"), "month": ("2026-11", "2026"), "whole": ("3",), "som": ("750.50",)}
"""The same, as an example."""

DATED = {
    "day": re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII),
    "month": re.compile(r"\d{4}(-\d{2})?", re.ASCII),
}
"""How a day or a month is written by which rows are chosen, if there is such a day."""

SAID = {"true": "yes", "false": "no"}
"""How yes and no are written in JSON and csv."""

YES_NO = {"yes": True, "no": False}

Conditions = Mapping[Column, tuple[str, ...]]
Known = Callable[[str], Collection[str] | None]


class Wish(NamedTuple):
    """What was asked for: names of columns, conditions, and whether rows are only to be counted."""

    columns: str | None
    where: Sequence[str]
    counted: bool

    @property
    def plain(self) -> bool:
        """Whether nothing was, so that the list is as it usually is."""
        return not (self.columns or self.where or self.counted)


def asked(here: Desk, table: Table, wish: Wish, rows: Iterable[Row], none: Said = ()) -> Outcome:
    """The rows as they are wanted, or how many there are of each kind; what is said where there are *none*."""
    # Gather.
    wanted = [name.strip() for name in (wish.columns or "").split(",") if name.strip()]
    numbers = {name: number for number, name in enumerate(wanted, 1)} if len(wanted) > 1 else {}
    shown = {name: _column(table, name, numbers.get(name)) for name in wanted or (() if wish.counted else table.usual)}
    known: Known = cache(lambda register: _register(here, register))
    where = _conditions(here, table, wish.where, known)

    # Decide.
    told_nowhere = [column for column in dict.fromkeys((*shown.values(), *where)) if not column.read]
    if told_nowhere:
        return Outcome(findings=tuple(map(_refused, told_nowhere)))
    reads = {name: _reader(column, known) for name, column in shown.items()}
    asks = [(column, _reader(column, known), meant) for column, meant in where.items()]
    chosen = (row for row in rows if all(holds(column, read(row), meant) for column, read, meant in asks))
    cells = [{name: read(row) for name, read in reads.items()} for row in chosen]
    if wish.counted:
        return tallied(shown, cells)
    told = [{name: cell_of(shown[name], value) for name, value in row.items()} for row in cells]
    said: Said = () if told or here.store.wrong else none
    wide = () if wanted else (*WIDE, *WIDER.get(table.name, ()))
    return Outcome(data={"rows": told}, columns=tuple(shown), wide=wide, said=said)


def _reader(column: Column, known: Known) -> Read:
    """How a cell is read; of a register no code that is not in it."""
    read = column.read or (lambda _: None)
    return (lambda row: registered(column, read(row), known)) if column.of else read


def _refused(column: Column) -> Finding:
    message = NOT_BORN if column.kind == "partial" else NOT_TOLD
    return Finding(code="list/not-a-column", message=message, facts={"field": column.name})


def _column(table: Table, typed: str, number: int | None = None) -> Column:
    """The column that is meant; Usage where there is none, or more than one that may be told; *number* says which."""
    found = table.found(typed)
    told = [column for column in found if column.read]
    if len(told) > 1:
        raise Usage("usage/column", WHICH_COLUMN, names=sorted(column.name for column in told))
    if found:
        return (*told, *found)[0]
    like = [name for name in table.names if f"_{name.replace('.', '_')}".endswith(f"_{typed}")]
    near = like[:1] or get_close_matches(typed, table.names, 1)
    one, nth = (NEAR_COLUMN, NEAR_NTH) if near else (NO_COLUMN, NO_NTH)
    raise Usage("usage/column", nth if number else one, near=near, number=number)


def _conditions(here: Desk, table: Table, typed: Iterable[str], known: Known) -> Conditions:
    """Each column with the answers that are meant: of one column any of them, of several columns all."""
    where: dict[Column, tuple[str, ...]] = {}
    for one in typed:
        name, equals, code = (part.strip() for part in one.partition("="))
        if not (name and equals and code):
            raise Usage("usage/where", NO_WHERE)
        column = _column(table, name)
        meant = _meant(here, column, code, known) if column.read else (code,)
        where[column] = (*where.get(column, ()), *meant)
    return where


def _meant(here: Desk, column: Column, typed: str, known: Known) -> tuple[str, ...]:
    """The answers that a word means: a code, how a code is called on the screen, or a number or day as it is written.

    Usage where that column can have no such answer.
    """
    answers = () if column.always else ANSWERS
    codes = [*column.answers, *(each for register in column.of for each in sorted(known(register) or ()))]
    said = SAID.get(typed, typed) if column.kind == "yes_no" else typed
    if said in (*codes, *answers) or _written(column, said):
        return (said,)
    called = _called(column, codes, answers)
    if folded(typed) in called:
        return tuple(called[folded(typed)])
    if column.kind == "day" and not typed.isdigit():
        with suppress(Usage):
            return (here.dated(typed, "--where").isoformat(),)
    near = get_close_matches(folded(typed), called, 1)
    possible = [*LIKE.get(column.kind, ()), *(_with_words(column, code) for code in codes), *answers]
    unlisted = column.kind in LIKE and not codes
    message = NOT_SO if unlisted else NEAR_CODE if near else NO_CODE
    raise Usage("usage/where", message, column=column.name, near=near, codes=possible)


def _written(column: Column, code: str) -> bool:
    """Whether a number, a day, an id or a text is written so, or a code of an open list."""
    if column.kind in DATED:
        return bool(DATED[column.kind].fullmatch(code)) and read_partial(code) is not None
    written = WRITTEN.get(column.open or column.kind)
    return bool(written and written.fullmatch(code))


def _called(column: Column, codes: Iterable[str], answers: Iterable[str]) -> Mapping[str, list[str]]:
    """The answers of a column by the words that stand for them on the screen, and by themselves in any case."""
    called: dict[str, list[str]] = {}
    for code in (*codes, *answers):
        words = column.nothing if code == "absent" else _word(column, code)
        for word in dict.fromkeys((folded(code), folded(shown(words, current())))):
            called.setdefault(word, []).append(code)
    return called


def _word(column: Column, code: str) -> Any:
    """A code as a cell shows it."""
    return cell_of(column, YES_NO.get(code, code) if column.kind == "yes_no" else code)


def _with_words(column: Column, code: str) -> Any:
    """A code with how it is called on the screen behind it, where it is called otherwise."""
    word = shown(_word(column, code), current())
    return code if folded(word) == folded(code.replace("_", " ")) else f"{code} ({word})"


def _register(here: Desk, register: str) -> Collection[str] | None:
    """The codes of a register; None where its file is not whole. Houses are known by what lies in clear of them."""
    try:
        if register == "staff":
            return here.store.staff_in()
        if register == HOUSES:
            return frozenset(here.store.shelter.value[HOUSES])
        return frozenset(here.store.registers.get(register) or ())
    except ShelterError:  # told by check; no code of it is
        return None
