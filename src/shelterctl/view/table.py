"""The lists of a store that may be asked for columns, each with the rows that it is made of."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache

from shelterctl.core import table as tables
from shelterctl.core.agreement import read_agreement
from shelterctl.core.column import Row
from shelterctl.core.derived import Sight
from shelterctl.core.entry import listed
from shelterctl.core.past import as_of
from shelterctl.core.record import Client, live
from shelterctl.core.table import Table
from shelterctl.desk import Desk
from shelterctl.language import Text
from shelterctl.library import Shelf
from shelterctl.library.file import Taken

CLIENTS = (
    "id",
    "state",
    "facility",
    "arrived_on",
    "admitted_on",
    "discharged_on",
    "agreements",
    "left",
    "monitoring_ended",
)
STAYS = (
    "id", "stay", "state", "facility", "referred_on", "arrived_on", "admitted_on", "discharged_on", "left", "nights",
    "monitoring_due_on", "monitoring_ended",
)  # fmt: skip
AGREEMENTS = ("client", "id", "number", "form", "date", "total", "signed", "terminated")
LINES = ("client", "id", "number", "form", "date", "signed", "line", "amount")
OUTLAYS = (
    "client", "stay", "id", "on", "item", "amount", "number", "form", "line", "document", "months",
)  # fmt: skip
REPORTS = ("client", "stay", "id")
"""What is told where no columns are asked for; of a report every answer besides."""

WIDE = ("admitted_on", "agreements", "referred_on", "monitoring_due_on")
"""What a screen has no room for, unless it is asked for."""

WIDER: Mapping[str, tuple[str, ...]] = {"agreements --outlays": ("stay", "number")}
"""The same of one list alone."""

OUTLAY = "outlay"
"""The track of what was spent."""

LISTS = (
    "list",
    "agreements",
    "agreements --lines",
    "agreements --outlays",
    "monitor reports",
    "staff list",
    "ngo list",
    "facility list",
    "provider list",
)
"""Every list that may be asked for columns, as it is typed."""


def sight(shelf: Shelf, today: Callable[[], date]) -> Sight:
    """By what the columns of this shelf are made, on the day that is taken as *today* where one needs it."""

    def codes(name: str) -> Mapping[str, Text]:
        if name == "states":
            return {code: one["text"] for code, one in shelf.states.items()}
        if name == "form_names":
            return {code: {"en": code} for code in shelf.forms}
        if name == "line_numbers":
            return {number: {"en": number} for form in shelf.forms.values() for number in form.parts}
        return shelf.lists[name]

    names = ("states", "form_names", "line_numbers", *shelf.lists)
    kept = next(due for due in shelf.tracks["discharge"].due if due.never == "listed")
    return Sight(shelf.report, kept, shelf.forms, cache(today), Taken(names, codes))


def table_of(shelf: Shelf, name: str, today: Callable[[], date]) -> Table:
    """The list of that name with its columns."""
    if name.endswith(" list"):
        register = shelf.tracks[name.removesuffix(" list")]
        level = tables.of_register(register)
        return Table(name, tuple(tables.usual_of(register, level)), (level,))
    seen = sight(shelf, today)
    clients = tables.of_clients(shelf.tracks, seen)
    if name.startswith("list"):
        return Table(name, STAYS if "--stays" in name else CLIENTS, (clients,))
    if name == "monitor reports":
        level = tables.of_reports(shelf.report, seen)
        own = (column for column in level.fields.values() if column.read and column.kind != "month")
        answers = tuple(column.name.removeprefix(f"{shelf.report.name}.") for column in own)
        return Table(name, (*REPORTS, *answers), (level, clients))
    if name == "agreements --outlays":
        return Table(name, OUTLAYS, (tables.of_outlays(shelf.tracks[OUTLAY], seen), clients))
    papers = tables.of_agreements(shelf.forms, seen)
    if name == "agreements":
        return Table(name, AGREEMENTS, (papers, clients))
    return Table(name, LINES, (tables.of_lines(shelf.forms, seen), papers, clients))


def clients(here: Desk, of: Iterable[Client] | None = None) -> Iterator[Client]:
    """Every client of the store, or some; with --as-of, as far as anything had happened to her by that day."""
    dated = [track for track in here.shelf.tracks.values() if track.day] if here.option("as_of") else []
    for her in here.store.clients() if of is None else of:
        seen = as_of(her, dated, here.today) if dated else her
        if seen is not None:
            yield seen


def of_clients(all_: Iterable[Client], *, stays: bool) -> Iterator[Row]:
    """A row for each client with her open stay, else her last; or one for each stay."""
    for her in all_:
        for stay in her.stays if stays else (her.stay,):
            yield Row(her, stay, whole=not stays)


def of_agreements(shelf: Shelf, all_: Iterable[Client], *, lines: bool) -> Iterator[Row]:
    """A row for each agreement, with the stay that it was made for; or one for each of its lines."""
    for her in all_:
        for facts in her.agreements:
            row = Row(her, next((stay for stay in her.stays if stay.id == facts.get("stay")), None), facts)
            if not lines:
                yield row
            else:
                form = shelf.forms.get(facts["form"])  # a newer shelf may have more
                read = read_agreement(form, facts).lines if form else ()
                yield from (Row(her, row.stay, facts, part) for part in read)


def of_outlays(shelf: Shelf, all_: Iterable[Client]) -> Iterator[Row]:
    """A row for whatever was spent, with the stay in which it lies."""
    for her in all_:
        for stay in (*her.stays, None):
            facts, root = (stay.facts, f"/stays/{stay.index}") if stay else (her.facts, "")
            yield from (Row(her, stay, one.written) for one in listed(shelf.tracks[OUTLAY], facts, root))


def of_reports(all_: Iterable[Client]) -> Iterator[Row]:
    """A row for each monitoring report, with the stay that it is about."""
    for her in all_:
        for stay in (None, *her.stays):
            facts = stay.facts if stay else her.facts
            yield from (Row(her, stay, told) for told in live((facts.get("monitoring") or {}).get("reports")))
