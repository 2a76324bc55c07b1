"""What one screen tells of a client, gathered from her file, the journal and the shelf."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from shelterctl.act import discretion
from shelterctl.act.due import owed
from shelterctl.act.file import ADMISSION, state
from shelterctl.core import duty
from shelterctl.core.account import account
from shelterctl.core.agreement import sum_of
from shelterctl.core.days import ages, day_of, days_from
from shelterctl.core.field import UNKNOWN, Fields
from shelterctl.core.finding import Finding
from shelterctl.core.record import Client, Facts, at
from shelterctl.core.ruling import in_force
from shelterctl.core.state import away
from shelterctl.desk import Desk
from shelterctl.language import N_, Plural, Sentence, Text
from shelterctl.store import file_of
from shelterctl.view import card
from shelterctl.view.card import Card, Milestone, Open
from shelterctl.view.first import DATED, GRAVE, SOON
from shelterctl.view.hour import hour, length
from shelterctl.view.table import OUTLAY

GATE = Plural(
    N_("Due: {count} thing before she can be admitted"),
    N_("Due: {count} things before she can be admitted"),
    by="count",
)
READY = N_("Due: nothing stops her admission")
PLANNED = N_("Due: her discharge is planned on {on}")
LATE = Plural(
    N_("Due: monitoring, since {on}, {days} day ago"),
    N_("Due: monitoring, since {on}, {days} days ago"),
    by="days",
)
AHEAD = Plural(
    N_("Due: monitoring from {on}, in {days} day"), N_("Due: monitoring from {on}, in {days} days"), by="days"
)
TODAY = N_("Due: monitoring, from today, {on}")
NO_DATE = N_("Due: a day for monitoring")
DONE = N_("Due: nothing; monitoring was done on {on}")
CLOSED = N_("Due: nothing; monitoring was closed on {on}, without a report that counts")
NOTHING_DUE = N_("Due: nothing")
EXPECTED = N_("Due: {what}, expected at {at}, {time} late")
OVERDUE = Plural(
    N_("Due: {what}, since {on}, {days} day ago"),
    N_("Due: {what}, since {on}, {days} days ago"),
    by="days",
)
WAITS = Plural(
    N_("Due: {what}, open since {on}, {days} day"),
    N_("Due: {what}, open since {on}, {days} days"),
    by="days",
)
NOW = N_("Due: {what}, today")
COMING = Plural(
    N_("Due: {what}, on {on}, in {days} day"),
    N_("Due: {what}, on {on}, in {days} days"),
    by="days",
)
NO_DAY = N_("Due: nothing that has a day")
NOT_KNOWN = N_("unknown")

REPORT = "monitor record {id}"
COMMANDS: Mapping[Sentence, Sentence] = {
    GATE: N_("see admit {id}"),
    READY: "admit {id} --complete",
    LATE: REPORT,
    TODAY: REPORT,
    NO_DATE: "monitor schedule {id} --on DATE",
}
"""Which command answers what is due, for whoever types commands."""


def card_of(here: Desk, her: Client, findings: Sequence[Finding], *, names: bool = True) -> Card:
    """Her card: everything that one screen tells, with *findings* as what is open; her name where it may be told."""
    identity, last = her.facts.get("identity") or {}, her.stay
    known = here.shelf.tracks["identity"]
    words = {name: known.fields[name].codes for name in ("sex", "languages")}
    first, middle, family = (str(identity.get(f"{name}_name") or "") for name in ("first", "middle", "last"))
    totals = [total for facts in her.agreements if (total := sum_of(here.shelf.forms, facts)) is not None]
    told = discretion.entry(here.shelf, known, identity, names=names)
    opened, out = list(_open(here, her, findings)), away(last, here.today)
    due = _due(here, her, sum(one.gate for one in opened))
    changed = here.store.vault.journal.last(file_of(her.id))
    return Card(
        id=her.id,
        name=" ".join(part for part in (first, middle, family) if part) if names else None,
        sex=words["sex"].get(her.sex, her.sex),
        ages=ages(her.birth, here.today) if her.birth else None,
        birth=identity.get("birth_date"),
        guessed=bool(identity.get("estimated")),
        languages=[words["languages"].get(code, code) for code in her.languages],
        more=list(_more(known.fields, told)),
        number=her.facts.get("identification_number"),
        children=len(her.children),
        state=here.shelf.states[state(here, her)]["text"],
        why=here.shelf.states[state(here, her)]["why"],
        next=here.shelf.states[state(here, her)]["next"],
        away=(here.shelf.states[out.state]["text"], out.since) if out else None,
        facility=last.facility if last else None,
        since=_since(her),
        stay=(her.stays.index(last) + 1, len(her.stays)) if last else (0, 0),
        steps=list(_steps(here, her)),
        open=opened,
        due=due,
        command=COMMANDS.get(due[0], ""),
        in_menu=here.stays,
        agreements=len(her.agreements),
        drafts=sum("signed" not in facts for facts in her.agreements),
        total=sum(totals, start=card.NO_SOM),
        spent=account(her, here.shelf.forms, here.shelf.tracks[OUTLAY]).total.spent,
        changed=(str(changed["at"]), str(changed["by"])) if changed else None,
    )


def _more(fields: Fields, told: Facts) -> Iterator[tuple[Text, list[object]]]:
    """What the shelf wants seen on her card besides, with the words of its codes."""
    for one in fields.values():
        said = told.get(one.name)
        if isinstance(said, Mapping):
            yield from _more(one.fields, said)
        elif one.card and said is not None:
            words = {**one.codes, **({UNKNOWN: NOT_KNOWN} if one.unknown else {})}
            listed = said if isinstance(said, list) else [said]
            yield one.text, [words.get(each, each) if isinstance(each, str) else each for each in listed]


def _since(her: Client) -> date | None:
    """The day on which the last thing happened that her state tells."""
    last = her.stay
    if last is None:
        return day_of(at(her.facts, "referral.received_at"))
    turned_away = last.day("admission.not_admitted.on")
    return last.discharged_on or turned_away or last.arrived_on or last.day("referral.received_at")


def _steps(here: Desk, her: Client) -> Iterator[Milestone]:
    """The days of referral, arrival, admission, discharge and monitoring."""
    last = her.stay
    yield Milestone(last.day("referral.received_at") if last else day_of(at(her.facts, "referral.received_at")))
    yield Milestone(last.arrived_on if last else None)
    yield Milestone(last.admitted_on if last else None)
    left = last.discharged_on if last else None
    planned = last.day("discharge.planned_on") if last and last.open else None
    yield Milestone(left or planned, expected=left is None and planned is not None)
    annex = here.shelf.report
    answered = duty.answered_on(annex, her, last) if last is None or not last.turned_away else None
    since = duty.since(annex, her, last)
    yield Milestone(answered or since, expected=answered is None and since is not None)


def _open(here: Desk, her: Client, findings: Sequence[Finding]) -> Iterator[Open]:
    """What is open, items of the checklist by their names, whatever else in the words of the finding."""
    last = her.stay
    before = last is not None and last.open and last.admitted_on is None
    items = {item.name: item for item in here.shelf.acts[ADMISSION].items}
    for finding in findings:
        item = items.get(str(finding.facts.get("item")))
        ruling = in_force(item.history, here.today) if item else None
        gate = bool(before and ruling and ruling.asks.get("gate"))
        if item and finding.code == f"admission/{item.name}" and finding.message == item.says[item.name]:
            yield Open(item.text, finding.facts, finding.clause, gate)
        elif item and finding.code == f"admission/{item.name}":  # what is begun of it
            yield Open(finding.message, finding.facts, None, gate)
        else:
            yield Open(finding.whole, finding.facts, None, gate)


def _due(here: Desk, her: Client, gate: int) -> tuple[Sentence, dict[str, object]]:
    """The one thing that is due: what is overdue, the gate while she is before it, a deadline, then monitoring."""
    last, annex = her.stay, here.shelf.report
    deadline, grave = _deadline(here, her)
    if deadline and grave:
        return deadline
    row = next(duty.due(annex, [her], here.today, _EVER), None)
    late = row is not None and row.state == "due"
    elsewhere = late and row is not None and last is not None and row.stay != last.id and last.arrived_on is None
    if last is not None and last.open and not elsewhere:
        planned = last.day("discharge.planned_on")
        if last.admitted_on is None and (deadline is None or deadline[0] not in (OVERDUE, EXPECTED)):
            return GATE if gate else READY, {"count": gate, "id": her.id}
        return (PLANNED, {"on": planned}) if planned else deadline or (NO_DAY, {})
    if row is None:
        return deadline or _ended(here, her)  # such as a plan that nobody closed
    if row.due_on is None:
        return NO_DATE, {"id": her.id}
    days = days_from(row.due_on, here.today)
    return LATE if days > 0 else AHEAD if days else TODAY, {"on": row.due_on, "days": abs(days), "id": her.id}


def _ended(here: Desk, her: Client) -> tuple[Sentence, dict[str, object]]:
    """How her monitoring ended, where it did."""
    annex = here.shelf.report
    if answered := duty.answered_on(annex, her, her.stay):
        return DONE if duty.ended(annex, her, her.stay) == "reported" else CLOSED, {"on": answered}
    return NOTHING_DUE, {}


def _deadline(here: Desk, her: Client) -> tuple[tuple[Sentence, dict[str, object]] | None, bool]:
    """What of everything that has its day comes first, or next within a week, and whether it goes before the gate."""
    rows = (one for one in owed(here, [her], SOON) if one.state in DATED or (one.danger and not one.gate))
    first = next((one for one in rows if one.due_on), None)
    if first is None:
        return None, False
    days, passed, grave = first.days_since_due or 0, first.minutes_since_due or 0, first.danger in GRAVE
    facts: dict[str, object] = {"what": first.text, "on": first.due_on, "days": abs(days), "id": her.id}
    if first.due_at and first.state == "overdue":
        return (EXPECTED, {**facts, "at": hour(first.due_at, here.today), "time": length(passed)}), grave
    since = WAITS if first.state == "open" else OVERDUE
    return (since if days > 0 else COMING if days else NOW, facts), grave


def keys(told: Card) -> dict[str, Any]:
    """The card for programs, besides what the record says itself."""
    names = ("referral", "arrival", "admission", "discharge", "monitoring")
    return {
        "facility": told.facility,
        "since": told.since,
        "why": told.why,
        "next": told.next,
        **({"away": {"state": told.away[0], "since": told.away[1]}} if told.away else {}),
        "steps": [{"step": name, **each._asdict()} for name, each in zip(names, told.steps, strict=True)],
        "open": {"count": len(told.open), "gate": sum(one.gate for one in told.open)},
        "money": {"agreements": told.agreements, "drafts": told.drafts, "total": told.total, "spent": told.spent},
        "changed": dict(zip(("at", "by"), told.changed, strict=True)) if told.changed else None,
    }


_EVER = 1 << 20
"""Days: monitoring is told however far ahead it lies."""
