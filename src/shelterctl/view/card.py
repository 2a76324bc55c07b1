"""The card of one client, at most CARD_ROWS lines of a screen: her state, the days of her stay, what is open, what is
due and her money.

This module gathers the card from her file, and returns it as lines or as data.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from shelterctl.act import redaction
from shelterctl.act.due import list_due
from shelterctl.act.named_in import NamedIn
from shelterctl.act.state_in_words import client_state
from shelterctl.act.stay_context import ADMISSION_ACT
from shelterctl.core.finding import Finding
from shelterctl.core.manual.answer_words import show_answer
from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.manual.rule import ruling_in_force
from shelterctl.core.manual.track import SPENDING
from shelterctl.core.money.account import build_account
from shelterctl.core.money.agreement import sum_agreement
from shelterctl.core.record.client import Client, find_absence, value_at
from shelterctl.core.rules import monitoring
from shelterctl.core.values.days import age_range, days_between, local_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.written_days import format_as_typed
from shelterctl.immutable import immutable
from shelterctl.language import Plural, Sentence, Text, format_fact, format_sentence
from shelterctl.output.labels import format_duration, format_moment
from shelterctl.session import Session
from shelterctl.store.folder import record_file
from shelterctl.terminal.screen import (
    ELLIPSIS_MARGIN,
    FOLDED_ROWS,
    TERMINAL_COLUMNS,
    column_widths,
    cut_to_columns,
    fold_to_columns,
    join_cells,
    text_width,
)
from shelterctl.ui_language import N_
from shelterctl.view.client import GRAVE_DANGERS, SOON_DAYS, ClientPriority

CARD_ROWS = 20
"""The lines that fit a terminal of 80 × 24, with room for the line that closes the page."""

PIPE_COLUMNS = 1 << 20
"""The width of the card outside a terminal, where nothing is cut."""

OPEN_THINGS_SHOWN = 4
"""The number of open items listed on the card; the rest are counted."""

SPARE_COLUMNS = 24
"""The number of columns that may stay empty where a line is folded."""

NO_SOM = Decimal(0)
LINE_AS_IT_IS = "{line}"
"""A line that is already finished and is not translated."""

NO_NAME_YET, NAME_LEFT_OUT = N_("no name yet"), N_("name left out")
AGE_IN_YEARS = Plural(N_("{age} year old"), N_("{age} years old"), by="age")
AGE_BETWEEN = Plural(N_("{youngest} or {age} year old"), N_("{youngest} or {age} years old"), by="age")
BORN_ON = N_("born {birth}")
BORN_ABOUT = N_("born about {birth}")
BIRTH_UNKNOWN = N_("date of birth unknown")
CARD_CLIENT_NUMBER = N_("identification number {number}")
CHILDREN_WITH_HER = Plural(N_("{count} child with {her|him}"), N_("{count} children with {her|him}"), by="count")
STATE_SINCE = N_("since {since}")
STAY_OF_SEVERAL = N_("stay {number} of {count}")
STATE_NOW = N_("Now: {state}")
AWAY_SINCE = N_("{state} since {since}")
WHY_AND_NEXT = N_("Why: {why}. Next: {next}")
MILESTONES = (N_("referral"), N_("arrival"), N_("admission"), N_("discharge"), N_("monitoring"))
OPEN_COUNT = N_("OPEN ({count})")
OPEN_BEFORE_ADMISSION = N_("OPEN ({count}), before {she|he} can be admitted: {gate}")
NOTHING_OPEN = N_("Nothing is open.")
SHOWN_BY_PAPERS = N_("Shown by papers from before the program, items: {count} (admit {id})")
MORE_OPEN_FOR_COMMAND = N_("… and {count} more: admit {id}")
MORE_OPEN_FOR_MENU = N_("… and {count} more: line “{line}”")
ADMISSION_MENU_LINE = N_("{her|his} admission: go on, or correct it")
"""The line of the menu that leads to everything open about her admission."""
MONEY_AGREED = Plural(
    N_("Money: {count} agreement, not signed: {drafts}, together {total} {currency}"),
    N_("Money: {count} agreements, not signed: {drafts}, together {total} {currency}"),
    by="count",
)
MONEY_SPENT = Plural(
    N_("Money: {count} agreement, not signed: {drafts}, {spent} of {total} {currency} spent"),
    N_("Money: {count} agreements, not signed: {drafts}, {spent} of {total} {currency} spent"),
    by="count",
)
MONEY_NO_AGREEMENT = N_("Money: no agreement yet")
LAST_CHANGE = N_("Last change: {at}, by {by}")
NAMED_IN = N_("Named in: {entries}")
NAMED_IN_ENTRY = N_("{what}, {on}, {of} ({entry})")
NAMED_IN_MORE = N_("and {count} more")
SHOW_ALL_COMMAND = N_("Everything recorded: show {id} --all")


class Milestone(NamedTuple):
    """The day of a milestone on a client's way, such as her admission; *expected* if it is still to come."""

    on: date | None
    expected: bool = False


class OpenThing(NamedTuple):
    """One open item in words, its clause, and whether it is a condition of admission (*gate*)."""

    text: Sentence
    facts: Mapping[str, object]
    clause: str | None
    gate: bool


@immutable(kw_only=True)
class ClientCard:
    """Everything the card of a client shows; *columns* is the width of the screen."""

    id: str
    name: str | None
    sex: Sentence
    ages: tuple[int, int] | None
    birth: str | int | None
    guessed: bool
    languages: Sequence[Text | str]
    more: Sequence[tuple[Field, object]] = ()
    number: str | None
    children: int
    state: Sentence
    why: Sentence
    next: Sentence
    away: tuple[Sentence, str] | None
    facility: str | None
    since: date | None
    stay: tuple[int, int]
    steps: Sequence[Milestone]
    open: Sequence[OpenThing]
    due: tuple[Sentence, Mapping[str, object]]
    command: Sentence = ""
    agreements: int
    drafts: int
    total: Decimal
    spent: Decimal = NO_SOM
    changed: tuple[str, str] | None
    named: Sequence[NamedIn] = ()
    on_paper: Sequence[str] = ()
    columns: int = TERMINAL_COLUMNS
    in_menu: bool = False


class CardSpace(NamedTuple):
    """The room on a card: empty lines, lines for why she is in her state, the last change, and the number of open
    items.
    """

    gaps: int
    why: int
    changed: bool
    listed: int


CARD_SPACES = (
    CardSpace(3, 2, True, OPEN_THINGS_SHOWN),
    CardSpace(2, 2, True, OPEN_THINGS_SHOWN),
    CardSpace(1, 2, True, OPEN_THINGS_SHOWN),
    CardSpace(1, 2, False, OPEN_THINGS_SHOWN),
    CardSpace(0, 2, False, OPEN_THINGS_SHOWN),
    *(CardSpace(0, 2, False, listed) for listed in (3, 2)),
    CardSpace(0, 1, False, 2),
    CardSpace(0, 1, False, 1),
)
"""The steps in which a card that is too long is shortened, in this order; the last step always fits."""


def card_lines(card: ClientCard, language: str) -> list[str]:
    """Return the card as at most CARD_ROWS lines: long lines are folded, and the least important parts are left out."""
    drawn = (list(_lines_in_space(card, room, language)) for room in CARD_SPACES)
    told = next(each for each in drawn if len(each) <= CARD_ROWS)
    return [line.rstrip() for line in told]


def _lines_in_space(card: ClientCard, room: CardSpace, language: str) -> Iterator[str]:
    columns = card.columns
    yield from _identity_lines(card, language)
    number = format_sentence(CARD_CLIENT_NUMBER, {"number": card.number}, language) if card.number else ""
    yield cut_to_columns(_join_parts(card.id, number), columns)
    yield from _more_lines(card, language)
    yield from [""] * (room.gaps > 2)
    yield from _state_lines(card, language)
    yield from _why_and_next_lines(card, room.why, language)
    yield from _milestone_lines(card.steps, columns, language)
    yield from [""] * (room.gaps > 1)
    yield from _open_lines(card, room.listed, language)
    yield from [""] * (room.gaps > 0)
    command = f"; {format_sentence(card.command, card.due[1], language)}" if card.command and not card.in_menu else ""
    due = _due_text(*card.due, FOLDED_ROWS * columns - len(command) - SPARE_COLUMNS, language)
    yield from fold_to_columns(due + command, columns)
    yield cut_to_columns(_money_text(card, language), columns)
    if card.on_paper and room.why > 1:
        told = {"count": len(card.on_paper), "id": card.id}
        yield cut_to_columns(format_sentence(SHOWN_BY_PAPERS, told, language), columns)
    if card.named and room.why > 1:
        yield cut_to_columns(_named_text(card.named, language), columns)
    if card.changed and room.changed:
        at, by = card.changed
        change = {"at": format_as_typed(at, language), "by": by}
        yield cut_to_columns(format_sentence(LAST_CHANGE, change, language), columns)
    if not card.in_menu:
        yield cut_to_columns(format_sentence(SHOW_ALL_COMMAND, {"id": card.id}, language), columns)


def _identity_lines(card: ClientCard, language: str) -> list[str]:
    """Return her name, sex and age; a name too long for the screen is cut, never the rest."""
    rest = _join_parts("", format_sentence(card.sex, {}, language), _birth_text(card, language))
    name = card.name or format_sentence(NAME_LEFT_OUT if card.name is None else NO_NAME_YET, {}, language)
    room = max((FOLDED_ROWS + 1) * card.columns - text_width(rest) - SPARE_COLUMNS, ELLIPSIS_MARGIN + 1)
    return fold_to_columns(cut_to_columns(name, room) + rest, card.columns, FOLDED_ROWS + 1)


def _birth_text(card: ClientCard, language: str) -> str:
    if card.birth is None or card.ages is None:
        return format_sentence(BIRTH_UNKNOWN, {}, language)
    youngest, oldest = card.ages
    ages = {"youngest": youngest, "age": oldest}
    age = format_sentence(AGE_IN_YEARS if youngest == oldest else AGE_BETWEEN, ages, language)
    born = {"birth": format_as_typed(card.birth, language)}
    return f"{age}, {format_sentence(BORN_ABOUT if card.guessed else BORN_ON, born, language)}"


def _more_lines(card: ClientCard, language: str) -> Iterator[str]:
    """Yield her languages, the children who stay with her, and the answers that the rulebook puts on the card."""
    children = format_sentence(CHILDREN_WITH_HER, {"count": card.children}, language) if card.children else ""
    more = [f"{format_fact(one.text, language)}: {show_answer(one, said, language)}" for one, said in card.more]
    beside = _join_parts(*filter(None, (children, *more)))
    left = max(FOLDED_ROWS * card.columns - text_width(beside) - SPARE_COLUMNS, ELLIPSIS_MARGIN + 1)
    spoken = cut_to_columns(", ".join(format_fact(each, language) for each in card.languages), left)
    if beside or spoken:
        yield from fold_to_columns(_join_parts(*filter(None, (spoken, beside))), card.columns)


def _state_lines(card: ClientCard, language: str) -> list[str]:
    state = format_sentence(STATE_NOW, {"state": format_sentence(card.state, {}, language)}, language)
    if card.away:
        away, since = card.away
        told = {"state": format_sentence(away, {}, language), "since": format_as_typed(since, language)}
        state = _join_parts(state, format_sentence(AWAY_SINCE, told, language))
    since = format_sentence(STATE_SINCE, {"since": card.since}, language) if card.since else ""
    number, count = card.stay
    stay = format_sentence(STAY_OF_SEVERAL, {"number": number, "count": count}, language) if count > 1 else ""
    return fold_to_columns(_join_parts(state, card.facility or "", since, stay), card.columns)


def _why_and_next_lines(card: ClientCard, rows: int, language: str) -> list[str]:
    """Return why she is in this state, and the first sentence of what comes next; `explain` has the rest."""
    told = {
        "why": format_sentence(card.why, {}, language),
        "next": first_sentence(card.next, language).replace("ID", card.id, 1),
    }
    return fold_to_columns(format_sentence(WHY_AND_NEXT, told, language), card.columns, rows)


def first_sentence(sentences: Sentence, language: str) -> str:
    """Return the first of several sentences without its end mark: what to do next, without the command."""
    return re.split(r"(?<=[.:])\s", format_sentence(sentences, {}, language))[0].rstrip(".:")


def _milestone_lines(steps: Sequence[Milestone], columns: int, language: str) -> Iterator[str]:
    """Yield the milestones as two lines, names above days; a day in brackets is still to come."""
    names = [format_sentence(name, {}, language) for name in MILESTONES]
    days = [format_fact(each.on, language) if each.on else "-" for each in steps]
    days = [f"({day})" if each.expected else day for day, each in zip(days, steps, strict=True)]
    widths = column_widths((names, days))
    for row, between in ((names, " > "), (days, "   ")):
        yield cut_to_columns(join_cells(row, widths, gap=between), columns)


def _open_lines(card: ClientCard, listed: int, language: str) -> Iterator[str]:
    """Yield the open items, conditions of admission first, at most *listed* of them, and a line that counts the
    rest.
    """
    if not card.open:
        yield cut_to_columns(format_sentence(NOTHING_OPEN, {}, language), card.columns)
        return
    gate = sum(one.gate for one in card.open)
    counts = {"count": len(card.open), "gate": gate}
    heading = format_sentence(OPEN_BEFORE_ADMISSION if gate else OPEN_COUNT, counts, language)
    yield cut_to_columns(heading, card.columns)
    for one in islice(sorted(card.open, key=lambda one: not one.gate), listed):
        clause = f" ({one.clause})" if one.clause else ""
        room = (FOLDED_ROWS + 1) * card.columns - SPARE_COLUMNS - len(clause)
        text = f"  {'!' if one.gate else '-'} {cut_to_columns(format_sentence(one.text, one.facts, language), room)}"
        yield from fold_to_columns(text + clause, card.columns, FOLDED_ROWS + 1, under="    ")
    if (rest := len(card.open) - listed) > 0:
        facts = {"count": rest, "id": card.id, "line": format_sentence(ADMISSION_MENU_LINE, {}, language)}
        more = format_sentence(MORE_OPEN_FOR_MENU if card.in_menu else MORE_OPEN_FOR_COMMAND, facts, language)
        yield cut_to_columns(f"  {more}", card.columns)


def _named_text(named: Sequence[NamedIn], language: str) -> str:
    """Return the newest entry of a register that names her, and how many others there are."""
    first, *rest = named
    told = [named_entry_text(first, language)]
    told += [format_sentence(NAMED_IN_MORE, {"count": len(rest)}, language)] if rest else []
    return format_sentence(NAMED_IN, {"entries": told}, language)


def named_entry_text(named: NamedIn, language: str) -> str:
    """Return an entry of a register that names her: what it is, when, whose, and its id."""
    facts = {"what": named.title, "on": named.on or "?", "of": named.of, "entry": named.entry}
    return format_sentence(NAMED_IN_ENTRY, facts, language)


def named_in_lines(named: Sequence[NamedIn], language: str) -> list[str]:
    """Return every entry of a register that names her as a line of its own."""
    told = (format_sentence(NAMED_IN, {"entries": named_entry_text(one, language)}, language) for one in named)
    return ["", *told] if named else []


def _due_text(sentence: Sentence, facts: Mapping[str, object], room: int, language: str) -> str:
    """Return what is due, at most *room* columns wide: a long name is cut, never the day."""
    told = format_sentence(sentence, facts, language)
    if "what" not in facts or (over := text_width(told) - room) <= 0:
        return told
    what = format_fact(facts["what"], language)
    what = cut_to_columns(what, max(text_width(what) - over, ELLIPSIS_MARGIN))
    return format_sentence(sentence, {**facts, "what": what}, language)


def _money_text(card: ClientCard, language: str) -> str:
    if not card.agreements:
        return format_sentence(MONEY_NO_AGREEMENT, {}, language)
    facts = {"count": card.agreements, "drafts": card.drafts, "total": card.total, "spent": card.spent}
    return format_sentence(MONEY_SPENT if card.spent else MONEY_AGREED, facts, language)


def _join_parts(*parts: str) -> str:
    return " · ".join(part for number, part in enumerate(parts) if part or not number)


DUE_BEFORE_ADMISSION = Plural(
    N_("Due: {count} thing before {she|he} can be admitted"),
    N_("Due: {count} things before {she|he} can be admitted"),
    by="count",
)
DUE_ADMISSION_READY = N_("Due: nothing stops {her|his} admission")
DUE_DISCHARGE_PLANNED = N_("Due: {her|his} discharge is planned on {on}")
DUE_MONITORING_LATE = Plural(
    N_("Due: monitoring, since {on} ({days} day)"),
    N_("Due: monitoring, since {on} ({days} days)"),
    by="days",
)
DUE_MONITORING_AHEAD = Plural(
    N_("Due: monitoring from {on}, in {days} day"), N_("Due: monitoring from {on}, in {days} days"), by="days"
)
DUE_MONITORING_TODAY = N_("Due: monitoring, from today, {on}")
DUE_MONITORING_UNDATED = N_("Due: choose a day for monitoring")
DUE_MONITORING_DONE = N_("Due: nothing; monitoring was done on {on}")
DUE_MONITORING_CLOSED = N_("Due: nothing; monitoring was closed on {on} without a valid report")
DUE_NOTHING = N_("Due: nothing")
DUE_EXPECTED_LATE = N_("Due: {what}, expected at {at}, {time} late")
DUE_OVERDUE = Plural(
    N_("Due: {what}, since {on}, {days} day ago"),
    N_("Due: {what}, since {on}, {days} days ago"),
    by="days",
)
DUE_OPEN_SINCE = Plural(
    N_("Due: {what}, open since {on}, {days} day"),
    N_("Due: {what}, open since {on}, {days} days"),
    by="days",
)
DUE_TODAY = N_("Due: {what}, today")
DUE_COMING = Plural(
    N_("Due: {what}, on {on}, in {days} day"),
    N_("Due: {what}, on {on}, in {days} days"),
    by="days",
)
DUE_NOTHING_DATED = N_("Due: nothing with a date")

RECORD_REPORT_COMMAND = "monitor record {id}"
DUE_COMMANDS: Mapping[Sentence, Sentence] = {
    DUE_BEFORE_ADMISSION: N_("see admit {id}"),
    DUE_ADMISSION_READY: "admit {id} --complete",
    DUE_MONITORING_LATE: RECORD_REPORT_COMMAND,
    DUE_MONITORING_TODAY: RECORD_REPORT_COMMAND,
    DUE_MONITORING_UNDATED: "monitor schedule {id} --on DATE",
}
"""The command that answers what is due, by the sentence that says it."""


def make_card(
    session: Session, her: Client, findings: Sequence[Finding], *, names: bool = True, named: Sequence[NamedIn] = (),
    on_paper: Sequence[str] = (),
) -> ClientCard:  # fmt: skip
    """Return her card, with *findings* as what is open, the entries of registers in which she is *named*, and the items
    that only a paper meets; without *names* it leaves out her name.
    """
    identity, last = her.facts.get("identity") or {}, her.stay
    known = session.rulebook.tracks["identity"]
    words = {name: known.fields[name].codes for name in ("sex", "languages")}
    first, middle, family = (str(identity.get(f"{name}_name") or "") for name in ("first", "middle", "last"))
    totals = [total for facts in her.agreements if (total := sum_agreement(session.rulebook.forms, facts)) is not None]
    told = redaction.redact_entry(session.rulebook, known, identity, names=names)
    opened, out = list(_open_things(session, her, findings)), find_absence(last, session.today)
    due = _first_due(session, her, sum(one.gate for one in opened))
    changed = session.store.vault.journal.last_line_about(record_file(her.id))
    state = session.rulebook.states[client_state(session, her)]
    return ClientCard(
        id=her.id,
        name=" ".join(part for part in (first, middle, family) if part) if names else None,
        sex=words["sex"].get(her.sex, her.sex),
        ages=age_range(her.birth, session.today) if her.birth else None,
        birth=identity.get("birth_date"),
        guessed=bool(identity.get("estimated")),
        languages=[words["languages"].get(code, code) for code in her.languages],
        more=list(_more_answers(known.fields, told)),
        number=her.facts.get("identification_number"),
        children=len(her.children),
        state=state["text"],
        why=state["why"],
        next=state["next"],
        away=(session.rulebook.states[out.state]["text"], out.since) if out else None,
        facility=last.facility if last else None,
        since=_state_since(her),
        stay=(her.stays.index(last) + 1, len(her.stays)) if last else (0, 0),
        steps=list(_milestones(session, her)),
        open=opened,
        due=due,
        command=DUE_COMMANDS.get(due[0], ""),
        in_menu=session.in_menu,
        agreements=len(her.agreements),
        drafts=sum("signed" not in facts for facts in her.agreements),
        total=sum(totals, start=NO_SOM),
        spent=build_account(her, session.rulebook.forms, session.rulebook.tracks.serving(SPENDING)).total.spent,
        changed=(str(changed["at"]), str(changed["by"])) if changed else None,
        named=named,
        on_paper=on_paper,
    )


def _more_answers(fields: Fields, told: Facts) -> Iterator[tuple[Field, object]]:
    """Yield the other fields that the rulebook puts on her card, each with her answer."""
    for one in fields.values():
        said = told.get(one.name)
        if isinstance(said, Mapping):
            yield from _more_answers(one.fields, said)
        elif one.card and said is not None:
            yield one, said


def _state_since(her: Client) -> date | None:
    """Return the day since which she has been in her state, or None."""
    last = her.stay
    if last is None:
        return local_day(value_at(her.facts, "referral.received_at"))
    turned_away = last.day("admission.not_admitted.on")
    return last.discharged_on or turned_away or last.arrived_on or last.day("referral.received_at")


def _milestones(session: Session, her: Client) -> Iterator[Milestone]:
    """Yield the days of referral, arrival, admission, discharge and monitoring."""
    last = her.stay
    referral = "referral.received_at"
    yield Milestone(last.day(referral) if last else local_day(value_at(her.facts, referral)))
    yield Milestone(last.arrived_on if last else None)
    yield Milestone(last.admitted_on if last else None)
    left = last.discharged_on if last else None
    planned = last.day("discharge.planned_on") if last and last.is_open else None
    yield Milestone(left or planned, expected=left is None and planned is not None)
    duty = monitoring.read_duty(session.rulebook.tracks, her, last)
    answered = duty.answered_on if last is None or not last.turned_away else None
    yield Milestone(answered or duty.due_on, expected=answered is None and duty.due_on is not None)


def _open_things(session: Session, her: Client, findings: Sequence[Finding]) -> Iterator[OpenThing]:
    """Yield what is open: an item of the checklist by its name, anything else in the words of the finding."""
    last = her.stay
    before = last is not None and last.is_open and last.admitted_on is None
    items = {item.name: item for item in session.rulebook.acts[ADMISSION_ACT].items}
    for finding in findings:
        item = items.get(str(finding.facts.get("item")))
        ruling = ruling_in_force(item.history, session.today) if item else None
        gate = bool(before and ruling and ruling.params.get("gate"))
        if item and finding.code == f"admission/{item.name}" and finding.message == item.says[item.name]:
            yield OpenThing(item.text, finding.facts, finding.clause, gate)
        elif item and finding.code == f"admission/{item.name}":  # something of it is recorded already
            yield OpenThing(finding.message, finding.facts, None, gate)
        else:
            yield OpenThing(finding.whole, finding.facts, None, gate)


def _first_due(session: Session, her: Client, gate: int) -> tuple[Sentence, dict[str, object]]:
    """Return the one sentence of what is due first, with its facts.

    A deadline of a grave danger comes first. During a stay follow the conditions of admission unless a deadline is
    overdue, the planned discharge, and other deadlines; after it monitoring, or else a deadline.
    """
    last = her.stay
    deadline, grave = _first_deadline(session, her)
    if deadline and grave:
        return deadline
    row = next(iter(monitoring.list_monitoring_due(session.rulebook.tracks, [her], session.today, _FAR_AHEAD)), None)
    late = row is not None and row.state == "due"
    elsewhere = late and row is not None and last is not None and row.stay != last.id and last.arrived_on is None
    if last is not None and last.is_open and not elsewhere:
        planned = last.day("discharge.planned_on")
        if last.admitted_on is None and (deadline is None or deadline[0] not in (DUE_OVERDUE, DUE_EXPECTED_LATE)):
            return DUE_BEFORE_ADMISSION if gate else DUE_ADMISSION_READY, {"count": gate, "id": her.id}
        return (DUE_DISCHARGE_PLANNED, {"on": planned}) if planned else deadline or (DUE_NOTHING_DATED, {})
    if row is None:
        return deadline or _monitoring_end(session, her)  # such as the deadline of a plan that is still open
    if row.due_on is None:
        return DUE_MONITORING_UNDATED, {"id": her.id}
    days = days_between(row.due_on, session.today)
    sentence = DUE_MONITORING_LATE if days > 0 else DUE_MONITORING_AHEAD if days else DUE_MONITORING_TODAY
    return sentence, {"on": row.due_on, "days": abs(days), "id": her.id}


def _monitoring_end(session: Session, her: Client) -> tuple[Sentence, dict[str, object]]:
    """Return the sentence that says how her monitoring ended, or that nothing is due."""
    duty = monitoring.read_duty(session.rulebook.tracks, her, her.stay)
    if duty.outcome:
        return DUE_MONITORING_DONE if duty.outcome == "reported" else DUE_MONITORING_CLOSED, {"on": duty.answered_on}
    return DUE_NOTHING, {}


def _first_deadline(session: Session, her: Client) -> tuple[tuple[Sentence, dict[str, object]] | None, bool]:
    """Return the sentence of the first deadline that is overdue or due within SOON_DAYS, or None, and whether its
    danger is grave.
    """
    dated = ClientPriority(her, list_due(session, her, SOON_DAYS)).dated
    first = next((one for one in dated if one.due_on), None)
    if first is None:
        return None, False
    days, passed, grave = first.days_since_due or 0, first.minutes_since_due or 0, first.danger in GRAVE_DANGERS
    facts: dict[str, object] = {"what": first.text, "on": first.due_on, "days": abs(days), "id": her.id}
    if first.due_at and first.state == "overdue":
        facts |= {"at": format_moment(first.due_at, session.today), "time": format_duration(passed)}
        return (DUE_EXPECTED_LATE, facts), grave
    since = DUE_OPEN_SINCE if first.state == "open" else DUE_OVERDUE
    return (since if days > 0 else DUE_COMING if days else DUE_TODAY, facts), grave


def card_as_data(told: ClientCard) -> dict[str, Any]:
    """Return what the card adds to the record, as data for a program."""
    names = ("referral", "arrival", "admission", "discharge", "monitoring")
    return {
        "facility": told.facility,
        "since": told.since,
        "why": told.why,
        "next": told.next,
        **({"away": {"state": told.away[0], "since": told.away[1]}} if told.away else {}),
        "steps": [{"step": name, **each._asdict()} for name, each in zip(names, told.steps, strict=True)],
        "on_paper": [*told.on_paper],
        "open": {"count": len(told.open), "gate": sum(one.gate for one in told.open)},
        "money": {"agreements": told.agreements, "drafts": told.drafts, "total": told.total, "spent": told.spent},
        "changed": dict(zip(("at", "by"), told.changed, strict=True)) if told.changed else None,
    }


_FAR_AHEAD = 1 << 20
"""The number of days ahead for which monitoring is listed: far enough for every case."""
