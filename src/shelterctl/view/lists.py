"""The lists with selectable columns (clients, stays, agreements, outlays, reports, registers): their rows, the columns
and conditions that a person asks for, counts of rows, and the data dictionary.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from shelterctl.act.holding_registers import read_holding_registers
from shelterctl.act.register_record import open_register
from shelterctl.core.finding import FilledSentences, Finding, Outcome
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, Registered
from shelterctl.core.record.entries import entry_moment, file_as_of, fold_value, list_entries, read_entry
from shelterctl.core.rules.retention import RegistersRead
from shelterctl.core.tables.columns import (
    ANSWER_WORDS,
    HOUSE_REGISTER,
    NOT_WRITTEN_DOWN,
    Cell,
    CellReader,
    Column,
    ListRow,
    mask_unregistered,
)
from shelterctl.core.tables.derived_columns import PURPOSE_OF_ROWS
from shelterctl.core.tables.lists import (
    LISTS,
    LazyLevels,
    ListTable,
    cell_matches,
    make_register_table,
    make_track_table,
)
from shelterctl.core.values.days import read_partial, read_time
from shelterctl.errors import ShelterError, UsageError
from shelterctl.index.cells import pack_cells, unpack_cells
from shelterctl.language import (
    EmptyCell,
    LabelledCode,
    OwnHeading,
    current_language,
    format_fact,
    label_code,
    words_about,
)
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.registers import Months
from shelterctl.store.store import StoredFile
from shelterctl.store.subject import list_codes
from shelterctl.ui_language import N_, Marked

if TYPE_CHECKING:
    from shelterctl.index.client_index import ClientIndex

LIST_OF_STAYS, LIST_OF_RETENTION = "list --stays", "list --retention"
"""The lists with the columns of ``list``: with a row for each stay, and about how long files are kept."""

LIST_OF_NIGHTS, LIST_OF_CHANGES = "list --nights", "list --changes"
"""The lists with a row for each stay and month, and for each time that an entry was recorded or changed."""


class RowChoice(NamedTuple):
    """A choice among rows by what is no column of their list: its *name*, what it *reads* of a row, and what of that is
    *wanted*.
    """

    name: str
    read: CellReader
    is_wanted: Callable[[Cell], bool]


class ClientRows(NamedTuple):
    """The rows of a list that are made from clients' files, one client after the other: their *name*, the function that
    *makes* them, and the *choices* among them. What they need besides the file is the rulebook, the shelter's own files
    and the day.
    """

    name: str
    make: Callable[[Iterable[Client]], Iterable[ListRow]]
    choices: Sequence[RowChoice] = ()

    def read(self, clients: Iterable[Client]) -> Iterator[ListRow]:
        """Yield the rows of these clients that are wanted."""
        return (row for row in self.make(clients) if all(one.is_wanted(one.read(row)) for one in self.choices))


def open_list_table(session: Session, name: str) -> ListTable:
    """Return the list of that name with its columns, for the day and the registers of a session."""
    registers = cache(lambda: read_holding_registers(session))

    def read_elsewhere() -> RegistersRead:
        if session.index:
            session.index.watch.read_elsewhere()
        return registers()

    return make_list_table(session.rulebook, name, lambda: session.watched_today, read_elsewhere)


def make_list_table(
    rulebook: Rulebook, name: str, today: Callable[[], date], registers: Callable[[], RegistersRead] = RegistersRead
) -> ListTable:
    """Return the list of that name with its columns; *today* and *registers* return what some columns need."""
    if name.startswith(TRACK_LIST) and name not in LISTS:
        return make_track_table(rulebook.tracks[name.removeprefix(TRACK_LIST)])
    if name not in LISTS:
        return make_register_table(rulebook.track_of_command(name.removesuffix(" list")))
    about, columns, wide = LISTS[name]
    if purpose := PURPOSE_OF_ROWS.get(about[0]):
        rulebook.track_for(purpose)
    levels = LazyLevels(make_level_builder(rulebook, today, registers), about)
    if name == "monitor reports":
        own = (key for key, one in levels[0].items() if "." in key and one.read and one.kind != "month")
        columns += tuple(key.partition(".")[2] for key in own)
    return ListTable(levels, columns, wide)


TRACK_LIST = "list "
"""The beginning of the name of a list of the entries of one kind in the registers, such as ``list visit``."""


def register_entry_rows(session: Session, track: Track, whom: str | None, months: Months | None) -> Iterator[ListRow]:
    """Yield a row for each entry of a register that is not struck through and that this person may see: of one code, or
    of all, in the order of time.
    """

    def time_and_id(row: ListRow) -> tuple[str, str]:
        return str(entry_moment(track, read_entry(track, row.entry)) or ""), str(row.entry.get("id"))

    yield from sorted(_register_entries(session, track, whom, months), key=time_and_id)


def _register_entries(session: Session, track: Track, whom: str | None, months: Months | None) -> Iterator[ListRow]:
    """Yield a row for each entry of a register, code by code."""
    store, home = session.store, str(track.of_register)
    opens = [track] if track.seal and track.seal.listed else []
    for shut in store.home_registers.records(home, [whom] if whom else sorted(list_codes(store, home)), months):
        record = Registered(open_register(session, StoredFile(dict(shut.facts), ""), opens).value)
        for entry in list_entries(track, record.facts, ""):
            day = entry.day
            if months is None or (day and months.first <= f"{day:%Y-%m}" <= months.last):
                yield ListRow(client=record, entry=entry.written, code=record.id)


def listed_clients(session: Session, of: Iterable[Client] | None = None) -> Iterator[Client]:
    """Yield every client of the store, or of *of*; with --as-of each file as it was on that day, if it existed."""
    dated = [track for track in session.rulebook.tracks.values() if track.day] if session.options.as_of else []
    for her in session.store.clients() if of is None else of:
        seen = file_as_of(her, dated, session.today) if dated else her
        if seen is not None:
            yield seen


SMALL_NUMBERS_MAY_TELL = N_("Numbers from 1 to {most} may identify somebody. Do not give them outside the shelter.")

FEW_PEOPLE = 10
"""The largest number of people in a group that is not published outside the house, as in IOM's global dataset."""

COUNT_COLUMN = "count"
ShownColumns = Mapping[str, Column]
RowCells = Mapping[str, Cell]


def cell_in_words(column: Column, value: Cell, form: str | None = None) -> object:
    """Return a cell for display: a code together with its words, in the *form* for the client whom it is about."""
    if isinstance(value, tuple):
        return [cell_in_words(column, each, form) for each in value]
    cell = label_code(value, column.codes, ANSWER_WORDS)
    return LabelledCode(cell, words_about(cell.text, form)) if form and isinstance(cell, LabelledCode) else cell


def label_columns(shown: ShownColumns) -> Mapping[str, str]:
    """Return each name of a column with its label beside it, so that a screen can head the column in its language."""
    return {
        name: (OwnHeading if column.own_heading else LabelledCode)(name, {**column.text, "en": name.replace("_", " ")})
        for name, column in shown.items()
    }


def count_rows(shown: ShownColumns, rows: Iterable[tuple[RowCells, int]]) -> Outcome:
    """Return the number of rows for each combination of the shown columns; columns of amounts are added up.

    Each of *rows* comes with the number of rows that are like it.
    """
    by = {name: column for name, column in shown.items() if not column.adds}
    sums = {name: column for name, column in shown.items() if column.adds}
    together: dict[tuple[Cell, ...], list[tuple[RowCells, int]]] = {} if by else {(): []}
    for row, times in rows:
        kind = tuple(_codes_in_order(column, row[name]) for name, column in by.items())
        together.setdefault(kind, []).append((row, times))
    numbers = {kind: sum(times for _, times in alike) for kind, alike in together.items()}
    ranked = sorted(together, key=lambda kind: [*map(_sort_rank, by.values(), kind)])
    heads = label_columns(shown)
    told = [
        {heads[name]: _counted_cell(column, value) for (name, column), value in zip(by.items(), kind, strict=True)}
        | {COUNT_COLUMN: numbers[kind]}
        | {heads[name]: _sum_of_column(column, name, together[kind]) for name, column in sums.items()}
        for kind in ranked
    ]
    few = any(0 < number <= FEW_PEOPLE for number in numbers.values())
    last = ((SMALL_NUMBERS_MAY_TELL, {"most": FEW_PEOPLE}),) if few else ()
    return Outcome(data={"rows": told}, columns=(*by, COUNT_COLUMN, *sums), last=last)


def _counted_cell(column: Column, value: Cell) -> object:
    """Return a cell of a counted row; an empty cell is shown to a person as words."""
    return EmptyCell(column.nothing or NOT_WRITTEN_DOWN) if value in (None, ()) else cell_in_words(column, value)


def _sum_of_column(column: Column, name: str, rows: Iterable[tuple[RowCells, int]]) -> int | Decimal:
    numbers = (value * times for row, times in rows if isinstance(value := row[name], int | Decimal))
    return sum(numbers, Decimal(0) if column.kind == "som" else 0)


def _codes_in_order(column: Column, value: Cell) -> Cell:
    """Return several codes in the order of the rulebook, so that the order in which they were recorded makes no
    difference.
    """
    return tuple(sorted(value, key=lambda each: _sort_rank(column, each))) if isinstance(value, tuple) else value


def _sort_rank(column: Column, value: Cell) -> tuple[object, ...]:
    """Return the sort key of a value: codes in the order of the rulebook, then other values, then empty ones."""
    if isinstance(value, tuple):
        return 0, tuple(_sort_rank(column, each) for each in value)
    codes = [*column.codes]
    if isinstance(value, str) and value in codes:
        return 0, codes.index(value)
    return (2, "") if value is None else (1, type(value).__name__, value)


FIELD_TOLD_IN_NO_LIST = N_(
    "{field} cannot be listed: it may hold a name, a contact or somebody's own words. Leave it out."
)
BIRTH_TOLD_IN_NO_LIST = N_("{field} cannot be listed: it may identify somebody. Ask for the age if the list has it.")
COLUMN_UNKNOWN = N_("This list has no such column. See all columns with: shelterctl schema columns")
COLUMN_UNKNOWN_BUT_NEAR = N_(
    "This list has no such column. Did you mean {near}? See all columns with: shelterctl schema columns"
)
COLUMN_AMBIGUOUS = N_("Several columns of this list have that name. Choose one of: {names}.")
CONDITION_MALFORMED = N_(
    "--where takes a column, an equals sign and a code, such as sex=female or admitted_on=2026-11."
)
CONDITION_CODE_UNKNOWN = N_("{column} has no such code. Choose one of: {codes}.")
CONDITION_CODE_UNKNOWN_BUT_NEAR = N_("{column} has no such code. Did you mean {near}? The codes are: {codes}.")

CONDITION_NEVER_MET = N_("{column} never has this value. Write it like {codes}.")
NTH_COLUMN_UNKNOWN = N_(
    "Column {number}: this list has no such column. See all columns with: shelterctl schema columns"
)
NTH_COLUMN_UNKNOWN_BUT_NEAR = N_("Column {number}: this list has no such column. Did you mean {near}?")

PRESENCE_CONDITIONS = ("there", "absent")
"""The conditions that fit every column that may be empty: filled or empty."""

CONDITION_PATTERNS = {
    "whole": re.compile(r"\d{1,9}", re.ASCII),
    "som": re.compile(r"\d{1,13}(\.\d{1,3})?", re.ASCII),
    "id": re.compile(r"[0-9A-Z-]{6,9}", re.ASCII),
    "quarter": re.compile(r"\d{4}(-Q[1-4])?", re.ASCII),
    "text": re.compile(r".{1,200}"),
    "language": re.compile(r"[a-z]{2,3}", re.ASCII),
    "country": re.compile(r"[A-Z]{2}", re.ASCII),
}
"""The patterns of values in --where, by the kind of the column or the kind of its open list."""

CONDITION_EXAMPLES = {
    "day": ("2026-11-25", "2026-11", "2026"),
    "time": ("2026-11-25T18:30", "2026-11-25", "2026-11", "2026"),
    "month": ("2026-11", "2026"),
    "quarter": ("2026-Q4", "2026"),
    "whole": ("3",),
    "som": ("750.50",),
}
"""Examples of values in --where, by the kind of the column."""

CONDITION_DATE_PATTERNS = {
    "day": re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII),
    "time": re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2})?)?)?", re.ASCII),
    "month": re.compile(r"\d{4}(-\d{2})?", re.ASCII),
}
"""The patterns of days, times and months in --where; the day must also exist."""

JSON_YES_NO = {"true": "yes", "false": "no"}
"""The words of JSON and csv for yes and no."""

YES_NO_VALUES = {"yes": True, "no": False}

ColumnConditions = Mapping[Column, tuple[str, ...]]
RegisterLookup = Callable[[str], Collection[str] | None]


class ListQuery(NamedTuple):
    """The request of a person: names of columns, conditions, and whether rows are only counted."""

    columns: str | None
    where: Sequence[str]
    count_only: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for, so that the list has its usual form."""
        return not (self.columns or self.where or self.count_only)


def answer_query(
    session: Session,
    table: ListTable,
    wish: ListQuery,
    rows: ClientRows | Iterable[ListRow],
    none: FilledSentences = (),
) -> Outcome:
    """Return the rows that were asked for, or their number by kind; *none* stands where there are no rows."""
    # Gather.
    wanted = [name.strip() for name in (wish.columns or "").split(",") if name.strip()]
    numbers = {name: number for number, name in enumerate(wanted, 1)} if len(wanted) > 1 else {}
    shown = {
        name: _find_column(table, name, numbers.get(name))
        for name in wanted or (() if wish.count_only else table.default_columns)
    }
    known: RegisterLookup = cache(lambda register: register_codes(session, register))
    where = _read_conditions(session, table, wish.where, known)

    # Decide.
    told_nowhere = [column for column in dict.fromkeys((*shown.values(), *where)) if not column.read]
    if told_nowhere:
        return Outcome(findings=tuple(map(_refused_column_finding, told_nowhere)))
    columns = list(dict.fromkeys((*shown.values(), *where)))
    met = (
        (sex, cells, times)
        for sex, cells, times in _read_cells(session, table, columns, rows, known, alike=wish.count_only)
        if all(cell_matches(column, cells[column], meant) for column, meant in where.items())
    )
    if wish.count_only:
        return count_rows(
            shown, (({name: cells[one] for name, one in shown.items()}, times) for _, cells, times in met)
        )
    heads, form = label_columns(shown), session.rulebook.form_for_sex
    told = [
        {heads[name]: cell_in_words(column, cells[column], form(sex)) for name, column in shown.items()}
        for sex, cells, _ in met
    ]
    said: FilledSentences = () if told or session.store.damaged else none
    return Outcome(data={"rows": told}, columns=tuple(shown), wide=() if wanted else table.wide, said=said)


RowOfCells = tuple[str | None, Mapping[Column, Cell], int]
"""The sex of the client whom a row is about, its cells, and how many rows have them."""


def _read_cells(
    session: Session,
    table: ListTable,
    columns: Sequence[Column],
    rows: ClientRows | Iterable[ListRow],
    known: RegisterLookup,
    *,
    alike: bool,
) -> Iterator[RowOfCells]:
    """Yield the cells of each row, or with *alike* of several rows at once, in any order: from the index if there is
    one, else from the files.

    Where a register of codes cannot be read, or on another day, the files decide.
    """
    readers = {column: _cell_reader(column, known) for column in columns}
    unread = any(known(register) is None for column in columns for register in column.of)
    index = session.index if isinstance(rows, ClientRows) and not (unread or session.options.as_of) else None
    if isinstance(rows, ClientRows) and index:
        yield from _read_kept_cells(index, table, readers, rows, alike=alike)
        return
    if isinstance(rows, ClientRows):
        rows = rows.read(listed_clients(session))
    yield from ((row.client.sex, {column: read(row) for column, read in readers.items()}, 1) for row in rows)


def _read_kept_cells(
    index: "ClientIndex", table: ListTable, readers: Mapping[Column, CellReader], rows: ClientRows, *, alike: bool
) -> Iterator[RowOfCells]:
    """Yield the cells of rows that the index has; it reads the files of which it does not know them."""
    reads = [*(one.read for one in rows.choices), *readers.values()]

    def answer(her: Client) -> list[Any]:
        hers = list(rows.make((her,)))
        packed = [pack_cells([read(row) for row in hers]) for read in reads]
        if None in packed:
            index.watch.read_elsewhere()
        return [len(hers), her.sex, *packed]

    questions = [
        f"{rows.name} rows",
        "sex",
        *(f"{rows.name} by {one.name}" for one in rows.choices),
        *(f"{rows.name} {table.place_of(one)} {one.name}" for one in readers),
    ]
    if alike:
        found = index.count([questions[0], *questions[2:]], lambda her: (made := answer(her))[:1] + made[2:])
        clients = ((count, None, packed, times) for (count, *packed), times in found)
    else:
        clients = ((count, sex, packed, 1) for _, (count, sex, *packed) in index.read(questions, answer))
    for count, sex, packed, times in clients:
        chosen = list(range(count))
        for one, cells in zip(rows.choices, packed, strict=False):
            read = unpack_cells(cells)
            chosen = [number for number in chosen if one.is_wanted(read[number])]
        shown = [unpack_cells(each) for each in packed[len(rows.choices) :]] if chosen else ()
        for number in chosen:
            yield sex, {column: each[number] for column, each in zip(readers, shown, strict=True)}, times


def choose_rows(session: Session, table: ListTable, where: Iterable[str], rows: Iterable[ListRow]) -> Iterator[ListRow]:
    """Yield the rows for which all conditions hold, as they are typed after --where."""
    known: RegisterLookup = cache(lambda register: register_codes(session, register))
    return _matching_rows(_read_conditions(session, table, where, known), rows, known)


def find_condition_columns(table: ListTable, where: Iterable[str]) -> Iterator[Column]:
    """Yield the column that each condition reads, as they are typed after --where."""
    for typed in where:
        yield _find_column(table, typed.partition("=")[0].strip())


def _matching_rows(where: ColumnConditions, rows: Iterable[ListRow], known: RegisterLookup) -> Iterator[ListRow]:
    asks = [(column, _cell_reader(column, known), meant) for column, meant in where.items()]
    return (row for row in rows if all(cell_matches(column, read(row), meant) for column, read, meant in asks))


def _cell_reader(column: Column, known: RegisterLookup) -> CellReader:
    """Return the function that reads a cell of this column; it masks codes that are missing from a register."""
    read = column.read or (lambda _: None)
    return (lambda row: mask_unregistered(column, read(row), known)) if column.of else read


def _refused_column_finding(column: Column) -> Finding:
    message = BIRTH_TOLD_IN_NO_LIST if column.kind == "partial" else FIELD_TOLD_IN_NO_LIST
    return Finding(code="list/not-a-column", message=message, facts={"field": column.name})


def _find_column(table: ListTable, typed: str, number: int | None = None) -> Column:
    """Return the column that *typed* means; *number* is its place among several.

    Raises UsageError if no column fits, or more than one that may be shown.
    """
    found = table.find_columns(typed)
    told = [column for column in found if column.read]
    if len(told) > 1:
        raise UsageError("usage/column", COLUMN_AMBIGUOUS, names=sorted(column.name for column in told))
    if found:
        return (*told, *found)[0]
    like = [name for name in table.names if f"_{name.replace('.', '_')}".endswith(f"_{typed}")]
    near = like[:1] or get_close_matches(typed, table.names, 1)
    one, nth = (COLUMN_UNKNOWN_BUT_NEAR, NTH_COLUMN_UNKNOWN_BUT_NEAR) if near else (COLUMN_UNKNOWN, NTH_COLUMN_UNKNOWN)
    raise UsageError("usage/column", nth if number else one, near=near, number=number)


def _read_conditions(
    session: Session, table: ListTable, typed: Iterable[str], known: RegisterLookup
) -> ColumnConditions:
    """Return each column with the accepted values: values of one column are alternatives, and all columns must fit."""
    where: dict[Column, tuple[str, ...]] = {}
    for one in typed:
        name, equals, code = (part.strip() for part in one.partition("="))
        if not (name and equals and code):
            raise UsageError("usage/where", CONDITION_MALFORMED)
        column = _find_column(table, name)
        meant = _answers_meant(session, column, code, known) if column.read else (code,)
        where[column] = (*where.get(column, ()), *meant)
    return where


def _answers_meant(session: Session, column: Column, typed: str, known: RegisterLookup) -> tuple[str, ...]:
    """Return the values that a typed word means: a code, its words on the screen, a number or a day.

    Raises UsageError if the column cannot have such a value.
    """
    answers = () if column.nothing is None else PRESENCE_CONDITIONS
    codes = [*column.answers, *(each for register in column.of for each in sorted(known(register) or ()))]
    said = JSON_YES_NO.get(typed, typed) if column.kind == "yes_no" else typed
    if said in (*codes, *answers) or _is_value_of_column(column, said):
        return (said,)
    called = _answers_by_words(column, codes, answers)
    if fold_value(typed) in called:
        return tuple(called[fold_value(typed)])
    if column.kind == "time" and (time := _read_time_in_words(session, typed)):
        return (time,)
    if column.kind in ("day", "time") and not typed.isdigit():
        with suppress(UsageError):
            return (session.read_day(typed, "--where").isoformat(),)
    near = [_code_with_words(column, code) for code in _values_like(fold_value(typed), called)]
    possible = [*CONDITION_EXAMPLES.get(column.kind, ()), *(_code_with_words(column, code) for code in codes), *answers]
    unlisted = column.kind in CONDITION_EXAMPLES and not codes
    message = CONDITION_NEVER_MET if unlisted else CONDITION_CODE_UNKNOWN_BUT_NEAR if near else CONDITION_CODE_UNKNOWN
    raise UsageError("usage/where", message, column=column.name, near=near, codes=possible)


MOST_VALUES_LIKE, LEAST_VALUE_LIKENESS = 3, 0.75
"""The most values of which a hint asks whether one is meant, since all are listed after it; and how much a mistyped
word must be like one: "left" is like "client", but not much.
"""


def _values_like(typed: str, called: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the values of a column that a word may mean: those with a word that begins with it, else the most alike
    one. *called* are the values by their folded names.
    """
    begins = re.compile(rf"(?<!\w){re.escape(typed)}")
    fitting = (codes for name, codes in called.items() if begins.search(name.replace("_", " ")))
    begun = dict.fromkeys(code for codes in fitting for code in codes)
    alike = [] if begun else [called[name][0] for name in get_close_matches(typed, called, 1, LEAST_VALUE_LIKENESS)]
    return [*begun][:MOST_VALUES_LIKE] or alike


def _is_value_of_column(column: Column, code: str) -> bool:
    """Whether *code* has the form of a number, day, id or text of this column, or of a code of its open list."""
    if column.kind in CONDITION_DATE_PATTERNS:
        return bool(CONDITION_DATE_PATTERNS[column.kind].fullmatch(code)) and _is_day_of_calendar(code)
    written = CONDITION_PATTERNS.get(column.open or column.kind)
    return bool(written and written.fullmatch(code))


def _read_time_in_words(session: Session, typed: str) -> str | None:
    """Read a time as people write it, as ``YYYY-MM-DDTHH:MM``; return None for anything else."""
    from shelterctl.typed.dates import read_typed_time  # noqa: PLC0415 - most lists have no such condition
    from shelterctl.typed.words import Clock  # noqa: PLC0415 - most lists have no such condition

    read = read_typed_time(typed, Clock(session.today, session.moment.time()))
    return read if isinstance(read, str) else None


def _is_day_of_calendar(code: str) -> bool:
    """Whether a year, month, day or time exists."""
    return read_time(code) is not None if "T" in code else read_partial(code) is not None


def _answers_by_words(column: Column, codes: Iterable[str], answers: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the values of a column by the words that the screen shows for them, and by themselves in any case."""
    called: dict[str, list[str]] = {}
    for code in (*codes, *answers):
        words = column.nothing if code == "absent" else _code_as_cell(column, code)
        for word in dict.fromkeys((fold_value(code), fold_value(format_fact(words, current_language())))):
            called.setdefault(word, []).append(code)
    return called


def _code_as_cell(column: Column, code: str) -> object:
    """Return a code as a cell shows it."""
    return cell_in_words(column, YES_NO_VALUES.get(code, code) if column.kind == "yes_no" else code)


def _code_with_words(column: Column, code: str) -> str:
    """Return a code, followed by its words on the screen where they differ from it."""
    word = format_fact(_code_as_cell(column, code), current_language())
    return code if fold_value(word) == fold_value(code.replace("_", " ")) else f"{code} ({word})"


def register_codes(session: Session, register: str) -> Collection[str] | None:
    """Return the codes of a register, or None if its file is damaged; houses come from the part that is not
    encrypted. Raises what opening the store raises.
    """
    store = session.store
    try:
        if register == "staff":
            return store.staff_with_role()
        if register == HOUSE_REGISTER:
            return frozenset(store.shelter.value[HOUSE_REGISTER])
        return frozenset(store.registers.get(register) or ())
    except ShelterError:  # check reports the damage
        return None


def _dictionary_label(column: Column) -> str:
    """Return the English label of a column for programs, with its words in the language of the screen."""
    english = column.text["en"]
    return LabelledCode(english, column.text if len(column.text) > 1 else Marked(english))


DICTIONARY_COLUMNS = ("table", "name", "kind", "several", "label", "codes", "clause", "definition", "column")


def offered_lists(rulebook: Rulebook) -> Iterator[str]:
    """Yield the lists with selectable columns whose rows the rulebook has a track for, as they are typed."""
    for name, one in LISTS.items():
        purpose = PURPOSE_OF_ROWS.get(one.about[0])
        if name not in (LIST_OF_STAYS, LIST_OF_RETENTION) and (purpose is None or rulebook.tracks.serving(purpose)):
            yield name
    yield from (f"{track.name} list" for track in rulebook.registers)


def data_dictionary(rulebook: Rulebook) -> Iterator[dict[str, object]]:
    """Yield one row for each column that may be shown, under the list of its own level.

    ``name`` is the shortest name that is unambiguous, ``column`` the full name with its track; both can be typed.
    """
    registers = (name for name in rulebook.track_names if rulebook.tracks[name].of_register)
    for name in (*offered_lists(rulebook), *(f"{TRACK_LIST}{track}" for track in registers)):
        table = make_list_table(rulebook, name, lambda: date.min)
        level = table.levels[0]
        for column in dict.fromkeys(column for column in level.values() if column.read):
            yield {
                "table": name,
                "name": table.shortest_name(column),
                "kind": column.kind,
                "several": column.several,
                "label": _dictionary_label(column),
                "codes": list(column.answers),
                "clause": column.clause,
                "definition": column.means or None,
                "column": column.name,
            }
