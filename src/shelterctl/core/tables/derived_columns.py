"""Columns of a list that are computed, such as the nights of a stay or the state of a client.

Each column is one function: its docstring is the definition that stands in the data dictionary, word for word.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from shelterctl.core.manual.rule import ruling_in_force
from shelterctl.core.manual.track import Deadline, FormPart, Track
from shelterctl.core.money.account import find_outlay_line, find_paying_agreement, has_document
from shelterctl.core.money.agreement import AMOUNT_KEY, sum_agreement
from shelterctl.core.record.client import value_at
from shelterctl.core.rules import client_state as states
from shelterctl.core.rules.monitoring import is_report_complete, monitoring_due_day, monitoring_outcome
from shelterctl.core.tables.columns import Column, ListRow
from shelterctl.core.values.days import add_duration, age_range, days_between, read_day
from shelterctl.language import Text
from shelterctl.ui_language import N_


class ColumnContext(NamedTuple):
    """By what columns are made: the report that is due, the forms, the day taken as today once asked, and the codes.

    *kept* is for how long a file is kept, as the shelf says.
    """

    report: Track
    kept: Deadline
    forms: Mapping[str, Track]
    today: Callable[[], date]
    codes: Mapping[str, Mapping[str, Text]]


@dataclass(frozen=True, slots=True, repr=False)
class DerivedColumn:
    """A column before it is known by what it is made: *of* is the list of its codes, *more* what else it says."""

    name: str
    kind: str
    read: Callable[[ListRow, ColumnContext], Any]
    of: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def build_column(self, sight: ColumnContext) -> Column:
        """The column."""
        codes, more = sight.codes[self.of] if self.of else {}, {**self.more}
        only, registers = more.pop("only", codes), more.pop("registers", ())
        return Column(
            self.name,
            self.kind,
            {"en": self.name.replace("_", " ")},
            lambda row: self.read(row, sight),
            codes={code: text for code, text in codes.items() if code in only},
            of=registers,
            means=" ".join(str(self.read.__doc__).split()),
            **more,
        )


CLIENT_COLUMNS: dict[str, DerivedColumn] = {}
AGREEMENT_COLUMNS: dict[str, DerivedColumn] = {}
LINE_COLUMNS: dict[str, DerivedColumn] = {}
REPORT_COLUMNS: dict[str, DerivedColumn] = {}
"""Columns by what a row is about: a client and her stay, an agreement, a line of one, a monitoring report."""

ColumnMaker = Callable[[ListRow, ColumnContext], Any]


def derived_column(
    about: dict[str, DerivedColumn], name: str, kind: str, of: str | None = None, **more: Any
) -> Callable[[ColumnMaker], ColumnMaker]:
    """Make a column of a function, whose docstring is the definition of the column."""

    def keep(made: ColumnMaker) -> ColumnMaker:
        about[name] = DerivedColumn(name, kind, made, of, more)
        return made

    return keep


WITHOUT_STAY = N_("without a stay")
NOT_TO_BE_MONITORED_YET = N_("not to be monitored yet")
AGE_NOT_KNOWN = N_("age not known")


@derived_column(CLIENT_COLUMNS, "id", "id", always=True)
def client_id(row: ListRow, _: ColumnContext) -> Any:
    """Her id, drawn by lot: no name, and yet known to the house."""
    return row.client.id


@derived_column(CLIENT_COLUMNS, "stay", "id", nothing=WITHOUT_STAY)
def stay_id(row: ListRow, _: ColumnContext) -> Any:
    """The id of the stay of this row; none for a client without one."""
    return row.stay.id if row.stay else None


@derived_column(CLIENT_COLUMNS, "state", "code", of="states", always=True)
def stay_state(row: ListRow, sight: ColumnContext) -> Any:
    """Where this stay is on the manual's way, or the client where she has none."""
    return states.client_state(sight.report, row.client, row.stay)


@derived_column(CLIENT_COLUMNS, "facility", "party", registers=("facilities",), nothing=WITHOUT_STAY)
def stay_facility(row: ListRow, _: ColumnContext) -> Any:
    """The house of the stay, by its code."""
    return row.stay.facility if row.stay else None


@derived_column(CLIENT_COLUMNS, "referred_on", "day")
def referral_day(row: ListRow, _: ColumnContext) -> Any:
    """The day on which the news of her came, for this stay."""
    return row.stay.day("referral.received_at") if row.stay else row.client.referred_on(date.max)


@derived_column(CLIENT_COLUMNS, "received_on", "day", nothing=N_("no reception written down"))
def reception_day(row: ListRow, _: ColumnContext) -> Any:
    """The day on which she was received in the house, where that is written down besides her admission."""
    return row.stay.day("received.at") if row.stay else None


@derived_column(CLIENT_COLUMNS, "arrived_on", "day", nothing=N_("did not arrive"))
def arrival_day(row: ListRow, _: ColumnContext) -> Any:
    """The day on which she came into the house: received, or else admitted."""
    return row.stay.arrived_on if row.stay else None


@derived_column(CLIENT_COLUMNS, "admitted_on", "day", nothing=N_("not admitted"))
def admission_day(row: ListRow, _: ColumnContext) -> Any:
    """The day on which the gate was passed and she was admitted."""
    return row.stay.admitted_on if row.stay else None


@derived_column(CLIENT_COLUMNS, "discharged_on", "day", nothing=N_("not discharged"))
def discharge_day(row: ListRow, _: ColumnContext) -> Any:
    """The day on which she left the house."""
    return row.stay.discharged_on if row.stay else None


@derived_column(CLIENT_COLUMNS, "left", "code", of="ways_out", nothing=N_("has not left"))
def way_out(row: ListRow, _: ColumnContext) -> Any:
    """How the stay ended: discharged, by her own decision, or not admitted; empty while it goes on."""
    if row.stay is None or row.stay.is_open:
        return None
    if row.stay.turned_away:
        return "not_admitted"
    return "own_decision" if value_at(row.stay.facts, "discharge.by_own_decision") else "discharged"


@derived_column(CLIENT_COLUMNS, "nights", "whole", adds=True)
def count_nights(row: ListRow, sight: ColumnContext) -> Any:
    """How many nights she has slept in the house: from her arrival to the day she left, or the day taken as today."""
    if row.stay is None or row.stay.arrived_on is None:
        return None
    over = row.stay.discharged_on or row.stay.day("admission.not_admitted.on") or sight.today()
    return max(days_between(row.stay.arrived_on, over), 0)


@derived_column(CLIENT_COLUMNS, "age", "whole", nothing=AGE_NOT_KNOWN)
def client_age(row: ListRow, _: ColumnContext) -> Any:
    """Completed years on the day of admission, of referral where she was not admitted; the fewest that they can be.

    Of a year or a month of birth alone nobody knows the day: who may still be a minor is counted as one.
    """
    day = _day_of_age(row)
    return age_range(row.client.birth, day)[0] if day and row.client.birth else None


@derived_column(CLIENT_COLUMNS, "age_group", "code", of="age_groups", nothing=AGE_NOT_KNOWN)
def client_age_group(row: ListRow, sight: ColumnContext) -> Any:
    """The group of her age, as IOM's global dataset on trafficking has them."""
    years = client_age(row, sight)
    for group in sight.codes["age_groups"] if years is not None else ():
        first, _, last = group.partition("--")  # 18--20, or 48+
        if int(first.rstrip("+")) <= years <= (int(last) if last else years):
            return group
    return None


def _day_of_age(row: ListRow) -> date | None:
    """The day on which her age is told."""
    stay = row.stay
    days = (stay.admitted_on, stay.day("referral.received_at"), stay.arrived_on) if stay else ()
    return next((day for day in days if day), None) or row.client.referred_on(date.max)


@derived_column(CLIENT_COLUMNS, "monitoring", "code", of="monitoring", nothing=NOT_TO_BE_MONITORED_YET)
def monitoring_state(row: ListRow, sight: ColumnContext) -> Any:
    """Where the duty to monitor her stands: due, upcoming or without a date; or how it ended, reported or closed."""
    if ended := monitoring_ended(row, sight):
        return ended
    day = monitoring_due_on(row, sight)
    if day is None:
        return "unscheduled" if row.stay is None and not (row.client.stays or row.client.is_struck) else None
    return "due" if day <= sight.today() else "upcoming"


@derived_column(CLIENT_COLUMNS, "monitoring_due_on", "day", nothing=NOT_TO_BE_MONITORED_YET)
def monitoring_due_on(row: ListRow, sight: ColumnContext) -> Any:
    """The day from which her monitoring is due after this stay, whether it was done or not."""
    turned_away = row.stay is not None and row.stay.turned_away
    return None if turned_away else monitoring_due_day(sight.report, row.client, row.stay)


@derived_column(CLIENT_COLUMNS, "days_since_due", "whole", nothing=N_("nothing waits to be answered"))
def days_since_due(row: ListRow, sight: ColumnContext) -> Any:
    """For how many days her monitoring has been due and not answered; below nothing where the day is still to come."""
    day = monitoring_due_on(row, sight)
    return None if day is None or monitoring_ended(row, sight) else days_between(day, sight.today())


@derived_column(
    CLIENT_COLUMNS,
    "monitoring_ended",
    "code",
    of="monitoring",
    only=("reported", "closed"),
    nothing=N_("monitoring has not ended"),
)
def monitoring_ended(row: ListRow, sight: ColumnContext) -> Any:
    """How the duty ended: with a complete report of the due day or later, or closed with a reason and without one."""
    if row.stay is not None and row.stay.turned_away:
        return None
    return monitoring_outcome(sight.report, row.client, row.stay)


@derived_column(CLIENT_COLUMNS, "kept_until", "day", nothing=N_("not discharged"))
def kept_until(row: ListRow, sight: ColumnContext) -> Any:
    """Until which day her file is kept at least, counted from the end of this stay; IOM may agree on longer."""
    left = row.stay.discharged_on if row.stay else None
    ruling = ruling_in_force(sight.kept.history, left) if left else None
    return add_duration(left, ruling.params["after"]) if left and ruling else None


@derived_column(CLIENT_COLUMNS, "children", "whole", always=True)
def count_children(row: ListRow, _: ColumnContext) -> Any:
    """How many children stay with her, as the house counts them, by what her file says now."""
    return len(row.client.children)


@derived_column(CLIENT_COLUMNS, "agreements", "whole", always=True)
def count_agreements(row: ListRow, _: ColumnContext) -> Any:
    """How many financial agreements name this stay, drafts and terminated ones among them; of a client, all of hers."""
    hers = row.client.agreements
    return len(hers) if row.whole or row.stay is None else sum(one.get("stay") == row.stay.id for one in hers)


@derived_column(AGREEMENT_COLUMNS, "client", "id", always=True)
@derived_column(REPORT_COLUMNS, "client", "id", always=True)
def owner_id(row: ListRow, _: ColumnContext) -> Any:
    """The id of the client in whose file it stands."""
    return row.client.id


@derived_column(AGREEMENT_COLUMNS, "id", "id")
@derived_column(REPORT_COLUMNS, "id", "id")
def entry_id(row: ListRow, _: ColumnContext) -> Any:
    """The id of the entry itself."""
    return row.entry.get("id")


@derived_column(AGREEMENT_COLUMNS, "form", "code", of="form_names", always=True)
def agreement_form(row: ListRow, _: ColumnContext) -> Any:
    """The form, by the name that is typed."""
    return row.entry["form"]


@derived_column(AGREEMENT_COLUMNS, "number", "text", nothing=N_("without a number"))
def agreement_number(row: ListRow, _: ColumnContext) -> Any:
    """The number of the agreement, as IOM gives it."""
    return row.entry.get("number")


@derived_column(AGREEMENT_COLUMNS, "total", "som", adds=True, always=True)
def agreement_total(row: ListRow, sight: ColumnContext) -> Any:
    """The sum of its lines, in som; empty where a newer shelf has its form or one of its lines."""
    return sum_agreement(sight.forms, row.entry)


@derived_column(AGREEMENT_COLUMNS, "signed", "day", nothing=N_("not signed"))
def signing_day(row: ListRow, _: ColumnContext) -> Any:
    """The day on which it was signed; empty for a draft."""
    return read_day(value_at(row.entry, "signed.on"))


@derived_column(AGREEMENT_COLUMNS, "terminated", "day", nothing=N_("not terminated"))
def termination_day(row: ListRow, _: ColumnContext) -> Any:
    """The day on which it was terminated; empty for one that stands."""
    return read_day(value_at(row.entry, "terminated.on"))


@derived_column(LINE_COLUMNS, "line", "code", of="line_numbers", always=True)
def form_line_number(row: ListRow, _: ColumnContext) -> Any:
    """The number of the line, as it is printed on the form."""
    return row.part.definition.number if row.part and isinstance(row.part.definition, FormPart) else None


@derived_column(LINE_COLUMNS, "amount", "som", adds=True)
def line_amount(row: ListRow, _: ColumnContext) -> Any:
    """The amount of the line in som; where none is written, what its own numbers make together."""
    return row.part.values.get(AMOUNT_KEY) if row.part else None


@derived_column(REPORT_COLUMNS, "complete", "yes_no", always=True)
def is_complete(row: ListRow, sight: ColumnContext) -> Any:
    """Whether it is signed, and every question that is asked is answered or marked unknown."""
    return is_report_complete(sight.report, row.entry)


OUTLAY_COLUMNS: dict[str, DerivedColumn] = {name: AGREEMENT_COLUMNS[name] for name in ("client", "id")}
"""The columns of money that was spent for her, besides those of its fields."""


@derived_column(OUTLAY_COLUMNS, "on", "day")
def outlay_day(row: ListRow, _: ColumnContext) -> Any:
    """The day on which it was spent."""
    return read_day(row.entry.get("on"))


OUTSIDE_AN_AGREEMENT = N_("outside an agreement")


@derived_column(OUTLAY_COLUMNS, "form", "code", of="form_names", nothing=OUTSIDE_AN_AGREEMENT)
def paying_form(row: ListRow, _: ColumnContext) -> Any:
    """The form of the agreement that pays for it; empty where none does."""
    return (find_paying_agreement(row.client, row.entry) or {}).get("form")


@derived_column(OUTLAY_COLUMNS, "number", "text", nothing=N_("without a number"))
def paying_number(row: ListRow, _: ColumnContext) -> Any:
    """The number of the agreement that pays for it, as IOM gives it."""
    return (find_paying_agreement(row.client, row.entry) or {}).get("number")


@derived_column(OUTLAY_COLUMNS, "line", "code", of="line_numbers", nothing=OUTSIDE_AN_AGREEMENT)
def paying_line(row: ListRow, sight: ColumnContext) -> Any:
    """The line of that agreement, as it is printed on the form."""
    agreement = find_paying_agreement(row.client, row.entry)
    return find_outlay_line(row.entry, agreement, sight.forms) if agreement else None


@derived_column(OUTLAY_COLUMNS, "document", "yes_no", always=True)
def has_receipt(row: ListRow, _: ColumnContext) -> Any:
    """Whether a receipt is there, with its number and its day."""
    return has_document(row.entry)
