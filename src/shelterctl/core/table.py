"""The lists that may be asked for columns: which columns each has, and how one is found by what was typed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from shelterctl.core.column import Column, Row, columns_in, columns_of, count_of, flat, in_parts, month_of
from shelterctl.core.days import day_of
from shelterctl.core.derived import AGREEMENT, CLIENT, LINE, REPORT, Derived, Sight, derived
from shelterctl.core.entry import answered
from shelterctl.core.field import Field, Fields
from shelterctl.core.outlay import OUTLAY
from shelterctl.core.sameness import changes
from shelterctl.core.track import Track
from shelterctl.core.tree import HOMES
from shelterctl.language import N_


class Level(NamedTuple):
    """Columns of one thing that a row is about: those with a name of their own, and those of fields, dotted."""

    derived: Mapping[str, Column]
    fields: Mapping[str, Column]


Levels = tuple[Level, ...]


@dataclass(frozen=True, repr=False)
class Table:
    """A list by its *name*: what is said where nothing is asked for, and the columns of what its rows are about.

    What a row itself is about comes first, and what that belongs to behind it, an agreement's stay and client.
    """

    name: str
    usual: tuple[str, ...]
    levels: Levels

    def found(self, typed: str) -> tuple[Column, ...]:
        """The columns that a name means: more than one, where it does not say which; none where there is none."""
        for level in self.levels:
            exact = level.derived.get(typed) or level.fields.get(typed)
            if exact:
                return (exact,)
            ending = [column for name, column in level.fields.items() if name.endswith(f".{typed}")]
            if ending:
                return tuple(column for column in ending if not column.listed) or tuple(ending)
        return ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name that means one column: as short as may be, and with its track."""
        whole = [name for level in self.levels for name in (*level.derived, *level.fields)]
        last = [name.rpartition(".")[2] for name in whole]
        return tuple(name for name in dict.fromkeys((*last, *whole)) if len(self.found(name)) == 1)

    def shortest(self, column: Column) -> str:
        """The shortest name by which a column is found here."""
        keys = column.name.split(".")
        names = (".".join(keys[first:]) for first in range(len(keys) - 1, -1, -1))
        return next((name for name in names if self.found(name) == (column,)), column.name)


def of_clients(tracks: Mapping[str, Track], sight: Sight) -> Level:
    """What is said of a client and a stay: every field of theirs, and how many entries each list has.

    What an act writes has a list of its own, and says there what it says; of what is sealed nothing is told or counted.
    """
    hers = [track for track in tracks.values() if {*track.home} & HOMES.keys() and not (track.family or track.seal)]
    derived = dict(_named(CLIENT, sight))
    for track in hers:
        if track.many:
            name = track.at.rpartition(".")[2]
            derived.setdefault(name, count_of(track, name))
    fields = (column for track in hers if not track.act for column in columns_of(track))
    return Level(derived, _by_name(fields))


def of_agreements(forms: Mapping[str, Track], sight: Sight) -> Level:
    """What is said of an agreement: what all forms ask for, and what one of them asks besides."""
    shared: dict[str, Field] = {}
    for form in forms.values():
        for name, one in form.fields.items():
            there = shared.setdefault(name, one)
            if there.kind != one.kind:  # each is told under its own form
                shared.pop(name)
    own = [column for form in forms.values() for column in columns_in(form.name, _besides(form, shared))]
    return Level(dict(_named(AGREEMENT, sight)), _by_name((*columns_in("agreement", shared), *own)))


def _besides(form: Track, shared: Fields) -> Fields:
    return {name: one for name, one in form.fields.items() if name not in shared}


def of_lines(forms: Mapping[str, Track], sight: Sight) -> Level:
    """What is said of a line of a form: its number, its amount, and the keys of any line; of one kind each."""
    owners: dict[tuple[str, str], dict[tuple[str, str], Field]] = {}
    for form in forms.values():
        for number, part in form.parts.items():
            for name, one in flat(part.fields):
                owners.setdefault((name, one.kind), {})[form.name, number] = one
    kinds = [name for name, _ in owners]
    found = (
        in_parts(f"line.{name}" if kinds.count(name) == 1 else f"line.{kind}.{name}", name, each)
        for (name, kind), each in owners.items()
    )
    return Level(dict(_named(LINE, sight)), _by_name(found))


def of_reports(report: Track, sight: Sight) -> Level:
    """What is said of a report: every answer that is no sentence."""
    return Level(dict(_named(REPORT, sight)), _by_name(columns_in(report.name, report.fields)))


def of_outlays(outlay: Track, sight: Sight) -> Level:
    """What is said of money that was spent for her: its fields, and what pays for it."""
    return Level(dict(_named(OUTLAY, sight)), _by_name(columns_in(outlay.name, outlay.fields)))


def of_register(register: Track) -> Level:
    """What is said of whatever is registered: its code, and the codes and days of it, under names without dots too."""
    code = Column(register.name, "id", register.text, lambda row: row.code, means=CODE)
    fields = _by_name(columns_in(register.name, {**register.clear, **register.fields}))
    lead = f"{register.name}."
    flat = {name.removeprefix(lead).replace(".", "_"): column for name, column in fields.items() if column.read}
    return Level({register.name: code, **flat}, fields)


def usual_of(register: Track, level: Level) -> Iterator[str]:
    """The columns of a register that are told unasked: all but months, and what is counted in clear day by day."""
    daily = tuple(f"{name}_" for name, one in register.clear.items() if one.kind == "group")
    for name, column in level.derived.items():
        if "." not in name and column.kind != "month" and not name.startswith(daily):
            yield name


@derived(CLIENT, "day", nothing=N_("never changed"))
@derived(AGREEMENT, "day", nothing=N_("never changed"))
@derived(REPORT, "day", nothing=N_("never changed"))
@derived(OUTLAY, "day", nothing=N_("never changed"))
def changed_at(row: Row, _: Sight) -> Any:
    """The day on which something written down here was last changed; of a stay, in the stay itself."""
    entry = row.entry or (row.stay.facts if row.stay else row.client.facts)
    made = changes(entry)
    return day_of(made[-1]["at"]) if made else None


CODE = "The code under which it is registered."


def _named(derived: Mapping[str, Derived], sight: Sight) -> Iterator[tuple[str, Column]]:
    for name, one in derived.items():
        yield name, (column := one.seen(sight))
        if month := month_of(column):
            yield month.name, month


def _by_name(columns: Iterable[Column]) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in columns:
        found[column.name] = column
        if month := month_of(column):
            found.setdefault(month.name, month)
    return found


def holds(column: Column, value: Any, wanted: tuple[str, ...]) -> bool:
    """Whether a cell is one of the answers meant, or has it among its own: a day also by its month or its year."""
    numbers = [each for each in wanted if each[:1].isdigit()]
    if column.kind in ("day", "month") and any(str(value).startswith(each) for each in numbers):
        return True
    if (
        isinstance(value, int | Decimal)
        and not isinstance(value, bool)
        and value in [Decimal(each) for each in numbers]
    ):
        return True
    return answered(value, wanted)
