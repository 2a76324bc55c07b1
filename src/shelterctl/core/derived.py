"""Columns that are made of several things of a file: each with its definition, which stands in the data dictionary."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from shelterctl.core import duty
from shelterctl.core import state as states
from shelterctl.core.agreement import sum_of
from shelterctl.core.column import Column, Row
from shelterctl.core.days import ages, days_from, later, read_day
from shelterctl.core.line import AMOUNT
from shelterctl.core.record import at
from shelterctl.core.ruling import in_force
from shelterctl.core.track import Due, Part, Track
from shelterctl.language import N_, Text


class Sight(NamedTuple):
    """By what columns are made: the report that is due, the forms, the day taken as today once asked, and the codes.

    *kept* is for how long a file is kept, as the shelf says.
    """

    report: Track
    kept: Due
    forms: Mapping[str, Track]
    today: Callable[[], date]
    codes: Mapping[str, Mapping[str, Text]]


@dataclass(frozen=True, slots=True, repr=False)
class Derived:
    """A column before it is known by what it is made: *of* is the list of its codes, *more* what else it says."""

    name: str
    kind: str
    read: Callable[[Row, Sight], Any]
    of: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def seen(self, sight: Sight) -> Column:
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


CLIENT: dict[str, Derived] = {}
AGREEMENT: dict[str, Derived] = {}
LINE: dict[str, Derived] = {}
REPORT: dict[str, Derived] = {}
"""Columns by what a row is about: a client and her stay, an agreement, a line of one, a monitoring report."""

Maker = Callable[[Row, Sight], Any]


def derived(about: dict[str, Derived], kind: str, of: str | None = None, **more: Any) -> Callable[[Maker], Maker]:
    """Make a column of a function, whose name and definition are the column's."""

    def keep(made: Maker) -> Maker:
        name = made.__name__.strip("_")
        about[name] = Derived(name, kind, made, of, more)
        return made

    return keep


NO_STAY, NO_DUTY, NO_AGE = N_("without a stay"), N_("not to be monitored yet"), N_("age not known")


@derived(CLIENT, "id", always=True)
def _id(row: Row, _: Sight) -> Any:
    """Her id, drawn by lot: no name, and yet known to the house."""
    return row.client.id


@derived(CLIENT, "id", nothing=NO_STAY)
def stay(row: Row, _: Sight) -> Any:
    """The id of the stay of this row; none for a client without one."""
    return row.stay.id if row.stay else None


@derived(CLIENT, "code", of="states", always=True)
def state(row: Row, sight: Sight) -> Any:
    """Where this stay is on the manual's way, or the client where she has none."""
    return states.state(sight.report, row.client, row.stay)


@derived(CLIENT, "party", registers=("facilities",), nothing=NO_STAY)
def facility(row: Row, _: Sight) -> Any:
    """The house of the stay, by its code."""
    return row.stay.facility if row.stay else None


@derived(CLIENT, "day")
def referred_on(row: Row, _: Sight) -> Any:
    """The day on which the news of her came, for this stay."""
    return row.stay.day("referral.received_at") if row.stay else row.client.referred_on(date.max)


@derived(CLIENT, "day", nothing=N_("no reception written down"))
def received_on(row: Row, _: Sight) -> Any:
    """The day on which she was received in the house, where that is written down besides her admission."""
    return row.stay.day("received.at") if row.stay else None


@derived(CLIENT, "day", nothing=N_("did not arrive"))
def arrived_on(row: Row, _: Sight) -> Any:
    """The day on which she came into the house: received, or else admitted."""
    return row.stay.arrived_on if row.stay else None


@derived(CLIENT, "day", nothing=N_("not admitted"))
def admitted_on(row: Row, _: Sight) -> Any:
    """The day on which the gate was passed and she was admitted."""
    return row.stay.admitted_on if row.stay else None


@derived(CLIENT, "day", nothing=N_("not discharged"))
def discharged_on(row: Row, _: Sight) -> Any:
    """The day on which she left the house."""
    return row.stay.discharged_on if row.stay else None


@derived(CLIENT, "code", of="ways_out", nothing=N_("has not left"))
def left(row: Row, _: Sight) -> Any:
    """How the stay ended: discharged, by her own decision, or not admitted; empty while it goes on."""
    if row.stay is None or row.stay.open:
        return None
    if row.stay.turned_away:
        return "not_admitted"
    return "own_decision" if at(row.stay.facts, "discharge.by_own_decision") else "discharged"


@derived(CLIENT, "whole", adds=True)
def nights(row: Row, sight: Sight) -> Any:
    """How many nights she has slept in the house: from her arrival to the day she left, or the day taken as today."""
    if row.stay is None or row.stay.arrived_on is None:
        return None
    over = row.stay.discharged_on or row.stay.day("admission.not_admitted.on") or sight.today()
    return max(days_from(row.stay.arrived_on, over), 0)


@derived(CLIENT, "whole", nothing=NO_AGE)
def age(row: Row, _: Sight) -> Any:
    """Completed years on the day of admission, of referral where she was not admitted; the fewest that they can be.

    Of a year or a month of birth alone nobody knows the day: who may still be a minor is counted as one.
    """
    day = _reckoned(row)
    return ages(row.client.birth, day)[0] if day and row.client.birth else None


@derived(CLIENT, "code", of="age_groups", nothing=NO_AGE)
def age_group(row: Row, sight: Sight) -> Any:
    """The group of her age, as IOM's global dataset on trafficking has them."""
    years = age(row, sight)
    found = (code for code in sight.codes["age_groups"] if years is not None and _within(years, code))
    return next(found, None)


def _reckoned(row: Row) -> date | None:
    """The day on which her age is told."""
    stay = row.stay
    days = (stay.admitted_on, stay.day("referral.received_at"), stay.arrived_on) if stay else ()
    return next((day for day in days if day), None) or row.client.referred_on(date.max)


def _within(years: int, group: str) -> bool:
    """Whether so many years are within a group that is called 18--20, or 48+."""
    first, _, last = group.partition("--")
    return int(first.rstrip("+")) <= years <= (int(last) if last else years)


@derived(CLIENT, "code", of="monitoring", nothing=NO_DUTY)
def monitoring(row: Row, sight: Sight) -> Any:
    """Where the duty to monitor her stands: due, upcoming or without a date; or how it ended, reported or closed."""
    if ended := monitoring_ended(row, sight):
        return ended
    day = monitoring_due_on(row, sight)
    if day is None:
        return "unscheduled" if row.stay is None and not (row.client.stays or row.client.struck) else None
    return "due" if day <= sight.today() else "upcoming"


@derived(CLIENT, "day", nothing=NO_DUTY)
def monitoring_due_on(row: Row, sight: Sight) -> Any:
    """The day from which her monitoring is due after this stay, whether it was done or not."""
    turned_away = row.stay is not None and row.stay.turned_away
    return None if turned_away else duty.since(sight.report, row.client, row.stay)


@derived(CLIENT, "whole", nothing=N_("nothing waits to be answered"))
def days_since_due(row: Row, sight: Sight) -> Any:
    """For how many days her monitoring has been due and not answered; below nothing where the day is still to come."""
    day = monitoring_due_on(row, sight)
    return None if day is None or monitoring_ended(row, sight) else days_from(day, sight.today())


@derived(CLIENT, "code", of="monitoring", only=("reported", "closed"), nothing=N_("monitoring has not ended"))
def monitoring_ended(row: Row, sight: Sight) -> Any:
    """How the duty ended: with a complete report of the due day or later, or closed with a reason and without one."""
    if row.stay is not None and row.stay.turned_away:
        return None
    return duty.ended(sight.report, row.client, row.stay)


@derived(CLIENT, "day", nothing=N_("not discharged"))
def kept_until(row: Row, sight: Sight) -> Any:
    """Until which day her file is kept at least, counted from the end of this stay; IOM may agree on longer."""
    left = row.stay.discharged_on if row.stay else None
    ruling = in_force(sight.kept.history, left) if left else None
    return later(left, ruling.asks["after"]) if left and ruling else None


@derived(CLIENT, "whole", always=True)
def children(row: Row, _: Sight) -> Any:
    """How many children stay with her, as the house counts them, by what her file says now."""
    return len(row.client.children)


@derived(CLIENT, "whole", always=True)
def agreements(row: Row, _: Sight) -> Any:
    """How many financial agreements name this stay, drafts and terminated ones among them; of a client, all of hers."""
    hers = row.client.agreements
    return len(hers) if row.whole or row.stay is None else sum(one.get("stay") == row.stay.id for one in hers)


@derived(AGREEMENT, "id", always=True)
@derived(REPORT, "id", always=True)
def client(row: Row, _: Sight) -> Any:
    """The id of the client in whose file it stands."""
    return row.client.id


@derived(AGREEMENT, "id")
@derived(REPORT, "id")
def id_(row: Row, _: Sight) -> Any:
    """The id of the entry itself."""
    return row.entry.get("id")


@derived(AGREEMENT, "code", of="form_names", always=True)
def form(row: Row, _: Sight) -> Any:
    """The form, by the name that is typed."""
    return row.entry["form"]


@derived(AGREEMENT, "text", nothing=N_("without a number"))
def number(row: Row, _: Sight) -> Any:
    """The number of the agreement, as IOM gives it."""
    return row.entry.get("number")


@derived(AGREEMENT, "som", adds=True, always=True)
def total(row: Row, sight: Sight) -> Any:
    """The sum of its lines, in som; empty where a newer shelf has its form or one of its lines."""
    return sum_of(sight.forms, row.entry)


@derived(AGREEMENT, "day", nothing=N_("not signed"))
def signed(row: Row, _: Sight) -> Any:
    """The day on which it was signed; empty for a draft."""
    return read_day(at(row.entry, "signed.on"))


@derived(AGREEMENT, "day", nothing=N_("not terminated"))
def terminated(row: Row, _: Sight) -> Any:
    """The day on which it was terminated; empty for one that stands."""
    return read_day(at(row.entry, "terminated.on"))


@derived(LINE, "code", of="line_numbers", always=True)
def line(row: Row, _: Sight) -> Any:
    """The number of the line, as it is printed on the form."""
    return row.part.of.number if row.part and isinstance(row.part.of, Part) else None


@derived(LINE, "som", adds=True)
def amount(row: Row, _: Sight) -> Any:
    """The amount of the line in som; where none is written, what its own numbers make together."""
    return row.part.values.get(AMOUNT) if row.part else None


@derived(REPORT, "yes_no", always=True)
def complete(row: Row, sight: Sight) -> Any:
    """Whether it is signed, and every question that is asked is answered or marked unknown."""
    return duty.complete(sight.report, row.entry)
