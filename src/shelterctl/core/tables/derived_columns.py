"""Columns of a list that are not fields of the rulebook: ids, the days of a stay, and computed values.

Each is one row of `DERIVED_COLUMNS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from shelterctl.core.manual.track import ALLOWANCE, MONITORING, SPENDING, Deadline, Track
from shelterctl.core.money.account import (
    agreement_state,
    build_account,
    find_outlay_line,
    find_paying_agreement,
    has_document,
)
from shelterctl.core.money.account_rows import AccountRow, left_after_each, name_quarter
from shelterctl.core.money.agreement import (
    AMOUNT_KEY,
    cap_and_remainder,
    line_number,
    read_other_agreements,
    sum_agreement,
)
from shelterctl.core.record.client import value_at
from shelterctl.core.record.sameness import entry_changes
from shelterctl.core.rules.client_state import client_state
from shelterctl.core.rules.context import Context, Tracks
from shelterctl.core.rules.monitoring import Duty, is_report_complete, read_duty
from shelterctl.core.rules.retention import (
    KeepingTerm,
    RegistersRead,
    find_file_term,
    find_stay_term,
    list_obstacles,
)
from shelterctl.core.tables.columns import (
    DAYS_WITH_MONTH,
    HOUSE_REGISTER,
    NOT_WRITTEN_DOWN,
    Cell,
    CellReader,
    Column,
    ListRow,
    make_month_column,
    name_month_column,
)
from shelterctl.core.values.days import Span, age_range, days_between, local_day, months_spanned, read_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import ZERO_SOM
from shelterctl.immutable import immutable
from shelterctl.language import Text
from shelterctl.ui_language import N_, Marked


class RowMemory:
    """The values that several columns of one row need, each computed once; the next row begins anew."""

    def __init__(self) -> None:
        self._row: ListRow | None = None
        self._values: dict[str, Any] = {}

    def recall(self, row: ListRow, name: str, compute: Callable[[], Any]) -> Any:
        """Return the value of that name for a row, computed if it is not there yet."""
        if row is not self._row:
            self._row, self._values = row, {}
        if name not in self._values:
            self._values[name] = compute()
        return self._values[name]


class ColumnContext(NamedTuple):
    """The inputs of computed columns: the tracks, the forms, the day taken as today, and lists of codes.

    *kept* returns the deadline until which a file is kept. It, *today* and *registers* are called when a cell needs
    them. *memory* holds what several columns of a row share. *tracks_of_columns* is what `lists.name_client_columns`
    returns, where it is known without reading all tracks.
    """

    tracks: Tracks
    kept: Callable[[], Deadline | None]
    forms: Mapping[str, Track]
    today: Callable[[], date]
    codes: Mapping[str, Mapping[str, Text]]
    memory: RowMemory
    registers: Callable[[], RegistersRead] = RegistersRead
    tracks_of_columns: Mapping[str, str] | None = None


PLACES: Mapping[str, Callable[[ListRow], Facts]] = {
    "client": lambda row: row.client.facts,
    "stay": lambda row: row.stay.facts if row.stay else {},
    "entry": lambda row: row.entry,
    "payer": lambda row: find_paying_agreement(row.client, row.entry) or {},
}
"""The facts at which the path of a cell begins; *payer* is the agreement that an outlay names."""


@immutable
class DerivedColumn:
    """A column of the rows that are *about* one of these subjects.

    *read* is the dotted path of its value, beginning with one of `PLACES`, or the function that computes it. *nothing*
    are the words for an empty cell; None where no cell is empty. *means* is the definition that the data dictionary
    prints. *codes* names the list of its codes, of which it may have *only* some, or the register of a party. With
    *several* a cell may hold several of them. With *adds* its numbers are added up where rows are counted. *heading*
    are the words over it, where its name means something else in other lists. A *sharp* column may point at one person.
    """

    about: tuple[str, ...]
    name: str
    kind: str
    read: str | Callable[[ListRow, ColumnContext], Cell]
    nothing: Marked | None
    means: Marked
    codes: str = ""
    only: tuple[str, ...] = ()
    several: bool = False
    adds: bool = False
    heading: Text = field(default_factory=dict)
    sharp: bool = False

    def is_known(self, context: ColumnContext) -> bool:
        """Whether the rulebook has the list of its codes; another country's may lack one, and then the column too."""
        return self.kind == "party" or not self.codes or self.codes in context.codes

    def build_column(self, context: ColumnContext) -> Column:
        """Return the column with its codes and its reader."""
        registered = self.kind == "party"
        codes = {} if registered or not self.codes else context.codes[self.codes]
        return Column(
            self.name,
            self.kind,
            {"en": self.name.replace("_", " "), **self.heading},
            self._build_reader(context),
            codes={code: text for code, text in codes.items() if code in (self.only or codes)},
            of=(self.codes,) if registered else (),
            several=self.several,
            adds=self.adds,
            means=self.means,
            nothing=self.nothing,
            own_heading=bool(self.heading),
            sharp=self.sharp,
        )

    def _build_reader(self, context: ColumnContext) -> CellReader:
        read = self.read
        if not isinstance(read, str):
            return lambda row: read(row, context)
        place, _, path = read.partition(".")
        find = PLACES[place]
        if self.kind == "day":
            return lambda row: local_day(value_at(find(row), path))
        return lambda row: value_at(find(row), path)


def _way_out(row: ListRow, _: ColumnContext) -> str | None:
    if row.stay is None or row.stay.is_open:
        return None
    if row.stay.turned_away:
        return "not_admitted"
    return "own_decision" if value_at(row.stay.facts, "discharge.by_own_decision") else "discharged"


def _nights(row: ListRow, context: ColumnContext) -> int | None:
    if row.stay is None or row.stay.arrived_on is None:
        return None
    return max(days_between(row.stay.arrived_on, row.stay.left_on or context.today()), 0)


def _age(row: ListRow, _: ColumnContext) -> int | None:
    stay = row.stay
    days = (stay.admitted_on, stay.day("referral.received_at"), stay.arrived_on) if stay else ()
    day = next((day for day in days if day), None) or row.client.referred_on(date.max)
    return age_range(row.client.birth, day)[0] if day and row.client.birth else None


def _age_group(row: ListRow, context: ColumnContext) -> str | None:
    years = _age(row, context)
    for group in context.codes["age_groups"] if years is not None else ():
        first, _, last = group.partition("--")  # 18--20, or 48+
        if years is not None and int(first.rstrip("+")) <= years <= (int(last) if last else years):
            return group
    return None


def _monitoring(row: ListRow, context: ColumnContext) -> str | None:
    if ended := _monitoring_ended(row, context):
        return ended
    day = _monitoring_due_on(row, context)
    if day is None:
        return "unscheduled" if row.stay is None and not (row.client.stays or row.client.is_struck) else None
    return "due" if day <= context.today() else "upcoming"


def _monitoring_due_on(row: ListRow, context: ColumnContext) -> date | None:
    turned_away = row.stay and row.stay.turned_away
    return None if turned_away else _duty(row, context).due_on


def _duty(row: ListRow, context: ColumnContext) -> Duty:
    """Return the duty to monitor her after the stay of a row."""
    return read_duty(context.tracks, row.client, row.stay)


def _days_since_due(row: ListRow, context: ColumnContext) -> int | None:
    day = _monitoring_due_on(row, context)
    return None if day is None or _monitoring_ended(row, context) else days_between(day, context.today())


def _monitoring_ended(row: ListRow, context: ColumnContext) -> str | None:
    turned_away = row.stay and row.stay.turned_away
    return None if turned_away else _duty(row, context).outcome


def _keeping_term(row: ListRow, context: ColumnContext) -> KeepingTerm | None:
    """Return how long the file is kept after the stay of the row; a row of the whole client counts all her stays."""
    found: KeepingTerm | None = context.memory.recall(row, "term", lambda: _find_keeping_term(row, context))
    return found


def _find_keeping_term(row: ListRow, context: ColumnContext) -> KeepingTerm | None:
    kept = context.kept() if row.stay else None
    if kept is None or row.stay is None:
        return None
    tracks, read, today = context.tracks, context.registers(), context.today()
    if row.whole:
        return find_file_term(kept, tracks, row.client, read, today)
    return find_stay_term(kept, tracks, row.stay, read, today)


def _kept_until(row: ListRow, context: ColumnContext) -> date | None:
    term = _keeping_term(row, context)
    return term.until if term else None


def _longer_term(row: ListRow, context: ColumnContext) -> int | None:
    term = _keeping_term(row, context)
    return term.months if term else None


def _obstacles(row: ListRow, kept: Deadline, context: ColumnContext) -> tuple[str, ...]:
    """Return what stands against deleting the file of a row, read once a row."""
    day, read = context.today(), context.registers()
    found: tuple[str, ...] = context.memory.recall(
        row, "obstacles", lambda: (*list_obstacles(kept, context.tracks, row.client, read, day),)
    )
    return found


def _stands_against(row: ListRow, context: ColumnContext) -> tuple[str, ...] | None:
    kept = context.kept()
    return _obstacles(row, kept, context) or None if kept else None


def _may_be_deleted(row: ListRow, context: ColumnContext) -> bool | None:
    kept = context.kept()
    return not _obstacles(row, kept, context) if kept else None


def _agreements(row: ListRow, _: ColumnContext) -> int:
    hers = row.client.agreements
    return len(hers) if row.whole or row.stay is None else sum(one.get("stay") == row.stay.id for one in hers)


def _paying_line(row: ListRow, context: ColumnContext) -> str | None:
    agreement = find_paying_agreement(row.client, row.entry)
    return find_outlay_line(row.entry, agreement, context.forms) if agreement else None


def _paying_form_line(row: ListRow, context: ColumnContext) -> str | None:
    agreement = find_paying_agreement(row.client, row.entry)
    number = find_outlay_line(row.entry, agreement, context.forms) if agreement else None
    return f"{agreement['form']} {number}" if agreement and number else None


def _changed_at(row: ListRow, _: ColumnContext) -> date | None:
    made = entry_changes(row.entry or (row.stay.facts if row.stay else row.client.facts))
    return local_day(made[-1]["at"]) if made else None


def _quarter(row: ListRow, _: ColumnContext) -> str | None:
    day = local_day(row.entry.get("on"))
    return name_quarter(day) if day else None


def _is_report_complete(row: ListRow, context: ColumnContext) -> bool | None:
    report = context.tracks.serving(MONITORING)
    return is_report_complete(report, row.entry) if report else None


def _months_after(row: ListRow, _: ColumnContext) -> int | None:
    """Return the whole months from the end of the stay to the day of a report, such as 6 for 30 August to 28 February;
    None for a report from before.
    """
    left, day = row.stay.discharged_on if row.stay else None, local_day(row.entry.get("date"))
    return None if left is None or day is None or day < left else months_spanned(Span(left, day)) - 1


def _left_after(row: ListRow, context: ColumnContext) -> Decimal | None:
    """Return what was left of its line after an outlay; None outside agreements and for a line that none agreed."""
    account = build_account(row.client, context.forms, context.tracks.serving(SPENDING))
    found = (each for line in account.lines if line.agreed_as for each in left_after_each(line))
    return next((left for outlay, left in found if outlay.written is row.entry), None)


def _over_agreed(row: ListRow, context: ColumnContext) -> Decimal | None:
    """Return the part of an outlay that is above the agreed amount of its line; None outside agreements."""
    account = build_account(row.client, context.forms, context.tracks.serving(SPENDING))
    for outlay, left in (each for line in account.lines for each in left_after_each(line)):
        if outlay.written is row.entry:
            return min(max(-left, ZERO_SOM), outlay.values.get(AMOUNT_KEY) or ZERO_SOM)
    return None


def _quarter_of_agreement(row: ListRow, _: ColumnContext) -> str | None:
    day = read_day(row.entry.get("date"))
    return name_quarter(day) if day else None


def _line_limits(row: ListRow, context: ColumnContext) -> tuple[Decimal, Decimal] | None:
    """Return the limit of a line and what her other agreements leave of it; None for a line without a limit."""
    day = read_day(row.entry.get("date"))
    if row.part is None or day is None:
        return None
    others = read_other_agreements(row.client, context.forms, row.entry)
    around = Context(day=day, client=row.client, stay=row.stay, other_entries=others, tracks=context.tracks)
    return cap_and_remainder(row.part, around)


def _line_cap(row: ListRow, context: ColumnContext) -> Decimal | None:
    limits = _line_limits(row, context)
    return limits[0] if limits else None


def _over_cap(row: ListRow, context: ColumnContext) -> Decimal | None:
    limits = _line_limits(row, context)
    amount = row.part.values.get(AMOUNT_KEY) if row.part else None
    return max((amount or ZERO_SOM) - limits[1], ZERO_SOM) if limits else None


def _money(name: str) -> Callable[[ListRow, ColumnContext], Cell]:
    """Return the function that reads a sum or a number of an account or of pocket money."""

    def read(row: ListRow, _: ColumnContext) -> Cell:
        found: Cell = getattr(row.money, name)
        return found

    return read


def _state_of_agreement(row: ListRow, _: ColumnContext) -> str | None:
    agreement = row.money.agreement if isinstance(row.money, AccountRow) else None
    return agreement_state(agreement) if agreement else None


def _month_of_money(row: ListRow, _: ColumnContext) -> str | None:
    month = row.money.month if isinstance(row.money, AccountRow) else None
    return f"{month:%Y-%m}" if month else None


def _quarter_of_money(row: ListRow, _: ColumnContext) -> str | None:
    month = row.money.month if isinstance(row.money, AccountRow) else None
    return name_quarter(month) if month else None


def _day_present(end: str) -> Callable[[ListRow, ColumnContext], Cell]:
    def read(row: ListRow, _: ColumnContext) -> Cell:
        present = getattr(row.money, "present", None)
        return getattr(present, end) if present else None

    return read


MONITORING_ROWS, SPENDING_ROWS, ALLOWANCE_ROWS, ACCOUNT_ROWS, NIGHT_ROWS, CHANGE_ROWS = (
    "monitoring_rows",
    "spending_rows",
    "allowance_rows",
    "account_rows",
    "night_rows",
    "change_rows",
)
"""The subjects of rows that no track has; no track can have such a name."""

PURPOSE_OF_ROWS: Mapping[str, str] = {
    MONITORING_ROWS: MONITORING,
    SPENDING_ROWS: SPENDING,
    ALLOWANCE_ROWS: ALLOWANCE,
}
"""The purpose of the track whose entries are the rows of a list, or are added up in them."""

CLIENT, AGREEMENT, LINE, REPORT, OUTLAY = ("client",), ("agreement",), ("line",), (MONITORING_ROWS,), (SPENDING_ROWS,)
ACCOUNT, POCKET_MONEY, NIGHTS, CHANGES = (ACCOUNT_ROWS,), (ALLOWANCE_ROWS,), (NIGHT_ROWS,), (CHANGE_ROWS,)
ENTRIES = (*AGREEMENT, *REPORT, *OUTLAY)
"""The subjects of rows that are entries: an agreement, a monitoring report, an outlay."""

WITHOUT_STAY = N_("without a stay")
NO_OWN_ID = N_("no id of its own")
NO_CAP = N_("no limit")
NOT_TO_BE_MONITORED_YET = N_("not to be monitored yet")
AGE_NOT_KNOWN = N_("age not known")
OUTSIDE_AN_AGREEMENT = N_("outside an agreement")
DAYS_NOT_KNOWN = N_("days not known")
STANDS_AGAINST = "stands_against"
"""The list of what may stand against deleting a file."""

LEFT_TO_SPEND: Text = {"ru": "осталось", "ky": "калды"}
OWED_IN_ALL: Text = {"ru": "положено", "ky": "тийиштүү"}

DERIVED_COLUMNS = (
    DerivedColumn(CLIENT, "id", "id", "client.id", None, N_("Her random id: not her name, but known to the house.")),
    DerivedColumn(CLIENT, "stay", "id", "stay.id", WITHOUT_STAY,
        N_("The id of the stay of this row; none for a client without a stay.")),
    DerivedColumn(CLIENT, "state", "code", lambda row, by: client_state(by.tracks, row.client, row.stay), None,
        N_("The state of this stay, or of the client if she has none."), "states"),
    DerivedColumn(CLIENT, "facility", "party", "stay.facility", WITHOUT_STAY,
        N_("The house of the stay, by its code."), HOUSE_REGISTER),
    DerivedColumn(CLIENT, "referred_on", "day",
        lambda row, _: row.stay.day("referral.received_at") if row.stay else row.client.referred_on(date.max),
        NOT_WRITTEN_DOWN, N_("The day on which the referral for this stay was received.")),
    DerivedColumn(CLIENT, "received_on", "day", "stay.received.at", N_("no reception recorded"),
        N_("The day on which she was received in the house, if it is recorded apart from her admission.")),
    DerivedColumn(CLIENT, "arrived_on", "day", lambda row, _: row.stay.arrived_on if row.stay else None,
        N_("did not arrive"), N_("The day on which she came into the house: received, or else admitted.")),
    DerivedColumn(CLIENT, "admitted_on", "day", "stay.admission.admitted_on", N_("not admitted"),
        N_("The day on which she was admitted.")),
    DerivedColumn(CLIENT, "discharged_on", "day", "stay.discharge.on", N_("not discharged"),
        N_("The day on which she left the house.")),
    DerivedColumn(CLIENT, "left", "code", _way_out, N_("has not left"),
        N_("How the stay ended: discharged, by her own decision, or not admitted; empty while it goes on."),
        "ways_out"),
    DerivedColumn(CLIENT, "nights", "whole", _nights, NOT_WRITTEN_DOWN,
        N_("The nights she has slept in the house, from her arrival to the day she left, or to the day taken as "
            "today."),
        adds=True),
    DerivedColumn(NIGHTS, "month", "month", "entry.month", None, N_("The calendar month of these nights.")),
    DerivedColumn(NIGHTS, "nights", "whole", "entry.nights", None,
        N_("The nights she slept in the house in this month, up to the night before the day taken as today."),
        adds=True),
    DerivedColumn((*NIGHTS, *CHANGES), "client", "id", "client.id", None,
        N_("The id of the client whose file contains it.")),
    DerivedColumn(CHANGES, "stay", "id", "stay.id", WITHOUT_STAY, N_("The id of the stay to which it belongs.")),
    DerivedColumn(CHANGES, "track", "code", "entry.track", None,
        N_("The kind of entry; answers without an entry of their own belong to the client or to the stay."),
        "track_names"),
    DerivedColumn(CHANGES, "entry", "id", "entry.entry", NO_OWN_ID, N_("The id of the entry.")),
    DerivedColumn(CHANGES, "what", "code", "entry.what", None, N_("What was done to it."), "change_kinds"),
    DerivedColumn(CHANGES, "on", "day", "entry.at", NOT_WRITTEN_DOWN, N_("The day on which it was done.")),
    DerivedColumn(CHANGES, "by", "party", "entry.by", NOT_WRITTEN_DOWN, N_("Who did it, by code."), "staff",
        heading={"ru": "кто", "ky": "ким"}),
    DerivedColumn(CHANGES, "fields", "text", "entry.fields", N_("none named"),
        N_("The names of the fields that got a value, or another one."), several=True),
    DerivedColumn(CLIENT, "age", "whole", _age, AGE_NOT_KNOWN,
        N_("Completed years on the day of admission, or of referral if she was not admitted; the lowest age "
            "possible. If only the year or month of birth is known, a person who may still be a minor is counted "
            "as one."), sharp=True),
    DerivedColumn(CLIENT, "age_group", "code", _age_group, AGE_NOT_KNOWN,
        N_("The group of her age. The code, such as 39--47, is that of IOM's global dataset on trafficking; its words "
            "are 39–47 years."), "age_groups"),
    DerivedColumn(CLIENT, "monitoring", "code", _monitoring, NOT_TO_BE_MONITORED_YET,
        N_("The state of the duty to monitor her: due, upcoming or without a date; or how it ended, reported or "
            "closed."),
        "monitoring"),
    DerivedColumn(CLIENT, "monitoring_due_on", "day", _monitoring_due_on, NOT_TO_BE_MONITORED_YET,
        N_("The day from which her monitoring after this stay is due, even if it has been done.")),
    DerivedColumn(CLIENT, "days_since_due", "whole", _days_since_due, N_("no open monitoring"),
        N_("The days for which her monitoring has been due and not done; negative before the due day."), sharp=True),
    DerivedColumn(CLIENT, "monitoring_ended", "code", _monitoring_ended, N_("monitoring has not ended"),
        N_("How the duty ended: with a complete report from the due day or later, or closed with a reason and "
            "no report."),
        "monitoring", only=("reported", "closed")),
    DerivedColumn(CLIENT, "kept_until", "day", _kept_until, N_("not discharged"),
        N_("The day until which her file must be kept, counted from the end of this stay; a longer time that the house "
            "agreed with {issuer} is counted while that agreement is in force.")),
    DerivedColumn(CLIENT, "longer_term", "whole", _longer_term, N_("no longer term"),
        N_("The months of the agreement that is counted, if it is longer than the term of the manual.")),
    DerivedColumn(CLIENT, "may_be_deleted", "yes_no", _may_be_deleted, N_("the manual names no term"),
        N_("Whether every condition for deleting her file is met today. Nothing is deleted by itself: a person "
            "decides.")),
    DerivedColumn(CLIENT, "stands_against", "code", _stands_against, N_("nothing stands against it"),
        N_("The conditions for deleting her file that are not met today."), STANDS_AGAINST, several=True),
    DerivedColumn(CLIENT, "children", "whole", lambda row, _: len(row.client.children), None,
        N_("The number of children who stay with her, according to her file now.")),
    DerivedColumn(CLIENT, "agreements", "whole", _agreements, None,
        N_("The number of financial agreements for this stay, including drafts and terminated ones; for a "
            "client, all of hers.")),
    DerivedColumn((*ENTRIES, *ACCOUNT, *POCKET_MONEY), "client", "id", "client.id", None,
        N_("The id of the client whose file contains it.")),
    DerivedColumn(ENTRIES, "id", "id", "entry.id", NOT_WRITTEN_DOWN, N_("The id of the entry.")),
    DerivedColumn(AGREEMENT, "form", "code", "entry.form", None, N_("The form, by the name that is typed."),
        "form_names"),
    DerivedColumn(AGREEMENT, "number", "text", "entry.number", N_("without a number"),
        N_("The number of the agreement, as {issuer} gives it.")),
    DerivedColumn(AGREEMENT, "total", "som", lambda row, by: sum_agreement(by.forms, row.entry), None,
        N_("The sum of its lines, {in_currency}; empty if its form or one of its lines is from a newer rulebook."),
        adds=True),
    DerivedColumn(AGREEMENT, "quarter", "quarter", _quarter_of_agreement, None,
        N_("The quarter of the calendar of the agreement's own day.")),
    DerivedColumn(AGREEMENT, "signed", "day", "entry.signed.on", N_("not signed"),
        N_("The day on which it was signed; empty for a draft.")),
    DerivedColumn(AGREEMENT, "terminated", "day", "entry.terminated.on", N_("not terminated"),
        N_("The day on which it was terminated; empty if it was not.")),
    DerivedColumn(LINE, "line", "code", lambda row, _: line_number(row.part) if row.part else None, None,
        N_("The number of the line, as it is printed on the form."), "line_numbers"),
    DerivedColumn(LINE, "amount", "som", lambda row, _: row.part.values.get(AMOUNT_KEY) if row.part else None,
        NOT_WRITTEN_DOWN,
        N_("The amount of the line {in_currency}; where none is written, the product of its own numbers."), adds=True),
    DerivedColumn(LINE, "form_line", "code",
        lambda row, _: f"{row.entry['form']} {line_number(row.part)}" if row.part else None, None,
        N_("The form and the number of the line: one number means different lines on different forms."),
        "form_lines"),
    DerivedColumn(LINE, "cap", "som", _line_cap, NO_CAP,
        N_("The limit of the line by the manual on the day of the agreement, {in_currency}.")),
    DerivedColumn(LINE, "over_cap", "som", _over_cap, NO_CAP,
        N_("What the amount is above its limit and what her other agreements leave of it, {in_currency}."), adds=True),
    DerivedColumn(REPORT, "complete", "yes_no",
        _is_report_complete, None,
        N_("Whether it is signed and every question that is asked is answered or marked unknown.")),
    DerivedColumn(REPORT, "months_after", "whole", _months_after, N_("has not left"),
        N_("The whole months from the day she left to the day of the report."), sharp=True),
    DerivedColumn(OUTLAY, "on", "day", "entry.on", NOT_WRITTEN_DOWN, N_("The day on which it was spent.")),
    DerivedColumn(OUTLAY, "form", "code", "payer.form", OUTSIDE_AN_AGREEMENT,
        N_("The form of the agreement that pays for it; empty where none does."), "form_names"),
    DerivedColumn(OUTLAY, "number", "text", "payer.number", N_("without a number"),
        N_("The number of the agreement that pays for it, as {issuer} gives it.")),
    DerivedColumn(OUTLAY, "line", "code", _paying_line, OUTSIDE_AN_AGREEMENT,
        N_("The line of that agreement, as it is printed on the form."), "line_numbers"),
    DerivedColumn(OUTLAY, "form_line", "code", _paying_form_line, OUTSIDE_AN_AGREEMENT,
        N_("The form and the line of the agreement that pays for it."), "form_lines"),
    DerivedColumn(OUTLAY, "ngo", "party", "payer.ngo", OUTSIDE_AN_AGREEMENT,
        N_("The NGO of the agreement that pays for it, by its code."), "ngos"),
    DerivedColumn(OUTLAY, "quarter", "quarter", _quarter, NOT_WRITTEN_DOWN,
        N_("The quarter of the calendar in which it was spent.")),
    DerivedColumn(OUTLAY, "left", "som", _left_after, OUTSIDE_AN_AGREEMENT,
        N_("What was left of the agreed line after this outlay, in the order of days; negative where more was spent."),
        heading=LEFT_TO_SPEND),
    DerivedColumn(OUTLAY, "over", "som", _over_agreed, OUTSIDE_AN_AGREEMENT,
        N_("The part of it that was spent above the agreed amount of its line, {in_currency}."), adds=True),
    DerivedColumn(ACCOUNT, "number", "text", "entry.number", N_("without a number"),
        N_("The number of the agreement, as {issuer} gives it.")),
    DerivedColumn(ACCOUNT, "form", "code", "entry.form", OUTSIDE_AN_AGREEMENT,
        N_("The form of the agreement; empty for what was spent outside all agreements."), "form_names"),
    DerivedColumn(ACCOUNT, "ngo", "party", "entry.ngo", OUTSIDE_AN_AGREEMENT,
        N_("The NGO of the agreement, by its code."), "ngos"),
    DerivedColumn(ACCOUNT, "state", "code", _state_of_agreement, OUTSIDE_AN_AGREEMENT,
        N_("The state of the agreement: signed, terminated, or a draft that is not signed yet."), "agreement_states"),
    DerivedColumn(ACCOUNT, "line", "code", _money("line"), N_("no line named"),
        N_("The line of the agreement, as it is printed on the form."), "line_numbers"),
    DerivedColumn(ACCOUNT, "quarter", "quarter", _quarter_of_money, NOT_WRITTEN_DOWN,
        N_("The quarter of the calendar: of the agreement's day for what was agreed, of its own day for what was "
            "spent.")),
    DerivedColumn(ACCOUNT, "month", "month", _month_of_money, NOT_WRITTEN_DOWN,
        N_("The calendar month: of the agreement's day for what was agreed, of its own day for what was spent.")),
    DerivedColumn(ACCOUNT, "agreed", "som", _money("agreed"), None,
        N_("The amount that the agreement allows for the line, {in_currency}."), adds=True),
    DerivedColumn(ACCOUNT, "spent", "som", _money("spent"), None, N_("What was spent, {in_currency}."), adds=True),
    DerivedColumn(ACCOUNT, "left", "som", _money("left"), None,
        N_("What is left of the agreed amount, {in_currency}; negative where more was spent."), adds=True,
        heading=LEFT_TO_SPEND),
    DerivedColumn(ACCOUNT, "over", "som", _money("over"), None,
        N_("What was spent above the agreed amount of the line, {in_currency}."), adds=True),
    DerivedColumn(ACCOUNT, "outlays", "whole", _money("outlays"), None, N_("The number of outlays."), adds=True),
    DerivedColumn(ACCOUNT, "without_document", "whole", _money("without_document"), None,
        N_("The number of outlays under an agreement that have no receipt with its number and its day."), adds=True),
    DerivedColumn(POCKET_MONEY, "from", "day", _day_present("first"), DAYS_NOT_KNOWN,
        N_("Her first day in the house."), heading={"ru": "с какого дня", "ky": "кайсы күндөн"}),
    DerivedColumn(POCKET_MONEY, "to", "day", _day_present("last"), DAYS_NOT_KNOWN,
        N_("The last day that counts: the day before she left, or the day taken as today."),
        heading={"ru": "по какой день", "ky": "кайсы күнгө чейин"}),
    DerivedColumn(POCKET_MONEY, "days", "whole", _money("days"), None, N_("The number of her days in the house."),
        adds=True),
    DerivedColumn(POCKET_MONEY, "days_covered", "whole", _money("covered"), None,
        N_("The number of these days for which pocket money was paid."), adds=True),
    DerivedColumn(POCKET_MONEY, "owed", "som", _money("owed"), None,
        N_("The least for all of these days, {in_currency}."), adds=True, heading=OWED_IN_ALL),
    DerivedColumn(POCKET_MONEY, "paid", "som", _money("paid"), None,
        N_("The pocket money that was paid, {in_currency}."), adds=True),
    DerivedColumn(POCKET_MONEY, "left", "som", _money("left"), None,
        N_("The pocket money that is left to pay, {in_currency}: what is paid above the least for some days pays no "
           "others."),
        adds=True, heading={"ru": "осталось выплатить", "ky": "төлөнө элек"}),
    DerivedColumn(POCKET_MONEY, "beyond", "som", _money("beyond"), None,
        N_("What was paid above the least, or again for a day, {in_currency}."), adds=True),
    DerivedColumn(OUTLAY, "document", "yes_no", lambda row, _: has_document(row.entry), None,
        N_("Whether there is a receipt with its number and its day.")),
    DerivedColumn(OUTLAY, "receipt", "text", "entry.document.number", N_("no receipt"),
        N_("The number of the receipt.")),
    DerivedColumn((*CLIENT, *ENTRIES), "changed_at", "day", _changed_at, N_("never changed"),
        N_("The day on which this entry was last changed; for a stay, the stay itself.")),
)  # fmt: skip
"""Every derived column, in the order in which the columns of a list are printed."""


def list_column_builders(about: str, context: ColumnContext) -> Mapping[str, Callable[[], Column]]:
    """Return what builds each derived column of rows about this subject, by name, in order.

    To build all of them the whole rulebook is read. A day has its calendar month after it, unless the name is taken.
    """
    found: dict[str, Callable[[], Column]] = {}
    for one in DERIVED_COLUMNS:
        if about in one.about and one.is_known(context):
            found[one.name] = partial(one.build_column, context)
            if one.kind in DAYS_WITH_MONTH and not one.several:
                found.setdefault(name_month_column(one.name), partial(_build_month, found[one.name]))
    return found


def _build_month(build_day: Callable[[], Column]) -> Column:
    return make_month_column(build_day())
