"""The money of one client, as data for a program and as lines for a screen.

An account says what was agreed, spent and is left on each line of her agreements, what was spent outside all
agreements, and her pocket money.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from shelterctl.act.client_file import judge_client_track
from shelterctl.act.worded_findings import word_findings
from shelterctl.core.finding import FilledSentences, Finding, Outcome, soften_findings
from shelterctl.core.manual.track import ALLOWANCE, SPENDING, Track
from shelterctl.core.money.account import (
    Account,
    AccountLine,
    AccountTotal,
    agreement_state,
    build_account,
    outlay_items,
    sum_outlays,
)
from shelterctl.core.money.agreement import Agreement, printed_line_text
from shelterctl.core.money.allowance import Allowance
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.messages import label_entry
from shelterctl.core.values.days import Span, read_day
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound
from shelterctl.language import LabelledCode, Sentence, TwoSentences, current_language, format_fact, format_sentence
from shelterctl.output.columns import PIPED_COLUMNS, UNKNOWN_CELL, BarSigns, choose_bar_signs
from shelterctl.session import Session, may_ask
from shelterctl.terminal.screen import COLUMN_GAP, column_widths, join_cells, screen_size, truncate_line
from shelterctl.ui_language import N_
from shelterctl.view.card import LINE_AS_IT_IS
from shelterctl.view.house_account import MONEY_IN_DRAFTS, allowance_as_data, list_allowances
from shelterctl.view.lists import listed_clients

ACCOUNT_TITLE = N_("Money of {id} on {day}, {in_currency}: agreed, spent and left.")
AGREEMENT_HEADINGS: Mapping[str, Sentence] = {
    "signed": N_("{form}, {number}: signed on {on}"),
    "terminated": N_("{form}, {number}: terminated on {on}"),
    "draft": N_("{form}, {number}: a draft of {on}"),
}
AGREEMENT_PERIOD = N_("{how}; {first} – {last}")
NO_NUMBER_YET = N_("no number yet")
ACCOUNT_HEADINGS = (N_("Line"), N_("Agreed"), N_("Spent"), N_("Left"))
ALL_LINES, ALL_AGREEMENTS = N_("all"), N_("Together")
NO_LINE_NAMED = N_("no line named")
ACCOUNT_LEGEND = N_("{every} spent  {some} left  {over} more than was agreed")
MONTHS_PAID = N_("months paid: {paid} of {agreed}")
MONTHS_PAID_NOT_WRITTEN = N_("months: {agreed}; not recorded which are paid")
WITHOUT_RECEIPT = N_("without a receipt: {count}")
SPENT_UNDER_NO_AGREEMENT = N_("Spent outside agreements")
SPENT_ON_ITEM = N_("{item}: {spent} ({outlays})")
ITEM_NOT_SAID = N_("purpose not given")
POCKET_MONEY_HEADING = N_("Pocket money")
POCKET_MONEY_DAYS = N_("{first} – {last}: days {days}, paid {covered}")
POCKET_MONEY_OWED = N_("at least {owed}, paid {paid}, left to pay {left}")
POCKET_MONEY_BEYOND = N_("paid above the minimum, or twice for a day: {more}")
POCKET_MONEY_NO_DAYS = N_("The days of this stay are not known; paid {paid}")

SPENT_BAR_LENGTH, OVERSPENT_SIGN = 12, "+"
"""The length of a bar in characters, and the sign after a bar where more was spent than agreed."""

NARROWEST_LINE_TEXT = 12
"""The fewest columns in which the text of a line is shown; with less room the bar is left out first, then the text."""


class LedgerStyle(NamedTuple):
    """The language, the width in columns and the signs of the bars in which an account is drawn."""

    language: str
    columns: int
    signs: BarSigns

    def say(self, sentence: Sentence, **facts: object) -> str:
        """Return *sentence* filled with *facts*, in the language of the account."""
        return format_sentence(sentence, facts, self.language)


class LedgerRow(NamedTuple):
    """One row of the table: its head, three amounts in som, and the text after them; the bar is drawn from the
    amounts.
    """

    head: str
    agreed: Decimal
    spent: Decimal
    left: Decimal
    text: str = ""


def ledger_lines(
    id_: str,
    day: date,
    told: Account,
    outside: Sequence[Mapping[str, Any]],
    paid: Sequence[Allowance],
    look: LedgerStyle,
) -> list[str]:
    """Return the whole account as lines; parts that are empty are left out."""
    written = [look.say(ACCOUNT_TITLE, id=id_, day=day)]
    if told.lines:
        signs = look.signs
        written.append(look.say(ACCOUNT_LEGEND, every=signs.every, some=signs.some, over=OVERSPENT_SIGN))
        written += _agreement_tables(told, look)
    if outside:
        written += ["", look.say(SPENT_UNDER_NO_AGREEMENT)]
        rows = ({**row, "item": row["item"] or look.say(ITEM_NOT_SAID)} for row in outside)
        written += [f"  {look.say(SPENT_ON_ITEM, **row)}" for row in rows]
    if paid:
        written += ["", look.say(POCKET_MONEY_HEADING)]
        written += [f"  {line}" for one in paid for line in _allowance_lines(one, look)]
    return written


def _agreement_tables(told: Account, look: LedgerStyle) -> Iterator[str]:
    """Yield one table for each agreement, all with the same column widths, and a last row that adds up several
    tables.
    """
    groups = [(agreement, list(each)) for agreement, each in groupby(told.lines, lambda line: line.agreement)]
    total = _sum_row(look.say(ALL_AGREEMENTS), told.total)
    rows = [_line_row(line, look) for line in told.lines]
    grid = _LedgerGrid(look, [*rows, total])
    for agreement, each in groups:
        yield from ("", truncate_line(_agreement_heading(agreement, look), look.columns), grid.heading_line())
        for line in each:
            yield grid.row_line(_line_row(line, look))
            yield from (f"{COLUMN_GAP}{COLUMN_GAP}{note}" for note in _line_notes(line, look))
        if len(each) > 1:
            yield grid.row_line(_sum_row(look.say(ALL_LINES), Account(tuple(each), ()).total))
    if len(groups) > 1:
        yield from ("", grid.row_line(total))
    if told.total.drafts:
        yield from textwrap.wrap(look.say(MONEY_IN_DRAFTS, drafts=told.total.drafts), look.columns)


def _sum_row(head: str, total: AccountTotal) -> LedgerRow:
    return LedgerRow(head, total.agreed, total.spent, total.left)


def _line_row(line: AccountLine, look: LedgerStyle) -> LedgerRow:
    text = look.say(NO_LINE_NAMED)
    if line.part:
        text = format_fact(printed_line_text(line.part, line.agreement.day), look.language)
    return LedgerRow(line.number or UNKNOWN_CELL, line.agreed, line.spent, line.left, text)


def _agreement_heading(agreement: Agreement, look: LedgerStyle) -> str:
    """Return the heading of an agreement: its form, number, state and period."""
    facts, how = agreement.facts, agreement_state(agreement)
    on = read_day(value_at(facts, f"{how}.on")) if how != "draft" else agreement.day
    form = format_fact(agreement.form.text, look.language)
    number = facts.get("number") or look.say(NO_NUMBER_YET)
    told = look.say(AGREEMENT_HEADINGS[how], form=form[:1].upper() + form[1:], number=number, on=on or "?")
    period = agreement.entry.values.get("period")
    if not isinstance(period, Span):
        return told
    return look.say(AGREEMENT_PERIOD, how=told, first=period.first, last=period.last)


def _line_notes(line: AccountLine, look: LedgerStyle) -> Iterator[str]:
    """Yield the note under a line: its months paid, and its outlays without a receipt."""
    said = []
    if line.months_agreed is not None:
        months = MONTHS_PAID if line.months_paid is not None else MONTHS_PAID_NOT_WRITTEN
        said.append(look.say(months, paid=line.months_paid, agreed=line.months_agreed))
    if line.without_document:
        said.append(look.say(WITHOUT_RECEIPT, count=line.without_document))
    if said:
        yield " · ".join(said)


def _allowance_lines(one: Allowance, look: LedgerStyle) -> Iterator[str]:
    if one.present is None:
        yield look.say(POCKET_MONEY_NO_DAYS, paid=one.paid)
        return
    first, last = one.present
    yield look.say(POCKET_MONEY_DAYS, first=first, last=last, days=one.days, covered=one.covered)
    yield COLUMN_GAP + look.say(POCKET_MONEY_OWED, owed=one.owed, paid=one.paid, left=one.left)
    if one.beyond:
        yield COLUMN_GAP + look.say(POCKET_MONEY_BEYOND, more=one.beyond)


AMOUNT_COLUMNS = (1, 2, 3)


class _LedgerGrid:
    """The column widths of all tables of an account, and the room that is left for text and bar."""

    def __init__(self, look: LedgerStyle, rows: Iterable[LedgerRow]) -> None:
        self.look = look
        self.heads = [look.say(head) for head in ACCOUNT_HEADINGS]
        cells = [self.heads, *(self._cells(row) for row in rows)]
        self.widths = column_widths(cells)
        room = look.columns - sum(self.widths) - len(COLUMN_GAP) * len(self.widths)
        with_bar = room - len(COLUMN_GAP) - SPENT_BAR_LENGTH - len(OVERSPENT_SIGN)
        self.bar = with_bar >= NARROWEST_LINE_TEXT
        self.text = with_bar if self.bar else room if room >= NARROWEST_LINE_TEXT else 0

    def _cells(self, row: LedgerRow) -> list[str]:
        return [row.head, *(format_fact(som, self.look.language) for som in (row.agreed, row.spent, row.left))]

    def heading_line(self) -> str:
        """Return the line with the column headings."""
        return join_cells(self.heads, self.widths, AMOUNT_COLUMNS).rstrip()

    def row_line(self, row: LedgerRow) -> str:
        """Return one row: the amounts aligned right, then the text, then the bar."""
        cells = self._cells(row)
        cells += [truncate_line(row.text, self.text)] if self.text else []
        cells += [self._bar(row)] if self.bar else []
        widths = [*self.widths, self.text, SPENT_BAR_LENGTH]
        return join_cells(cells, widths[: len(cells)], AMOUNT_COLUMNS).rstrip()

    def _bar(self, row: LedgerRow) -> str:
        """Return the bar of a row: at least one sign where anything is spent, and full only where all of it is."""
        signs = self.look.signs
        if row.spent > row.agreed:
            return signs.every * SPENT_BAR_LENGTH + OVERSPENT_SIGN
        part = int(row.spent * SPENT_BAR_LENGTH / row.agreed) if row.agreed else 0
        part = max(part, 1) if row.spent else 0
        return signs.every * part + signs.some * (SPENT_BAR_LENGTH - part)


SHE_HAS_NO_AGREEMENT = N_("{She|He} has no agreement yet.")
NO_AGREEMENT_ON_FORM = N_("{She|He} has no agreement on this form: {form}.")
NO_AGREEMENT_OF_NUMBER = N_(
    "{She|He} has no agreement with that number. List {hers|his} with: shelterctl agreements {id}"
)

FINDING_IN_ENTRY = N_("{in_entry}:")

ACCOUNT_COLUMNS = (
    "agreement", "number", "form", "state", "line", "text", "agreed", "spent", "left", "outlays", "without_document",
    "months_agreed", "months_paid",
)  # fmt: skip


def answer_account(session: Session, client: str, form: str | None, number: str | None) -> Outcome:
    """Return the account of a client, limited to agreements on one *form* or with one *number* where these are given.

    Raises NotFound if she has no agreement with that number.
    """
    # Gather.
    its_form = session.rulebook.form(form) if form else None
    known, _ = session.store.client(client)
    her = next(listed_clients(session, [known]), Client({"id": known.id}))
    whole = build_account(her, session.rulebook.forms, session.rulebook.tracks.serving(SPENDING))

    # Decide.
    meant = any(_is_agreement_meant(facts, form, number) for facts in her.agreements)
    if number and not meant:
        raise NotFound("agreement/unknown", NO_AGREEMENT_OF_NUMBER, id=her.id)
    one = bool(form or number)
    lines = tuple(line for line in whole.lines if _is_agreement_meant(line.agreement.facts, form, number))
    told = Account(lines, () if one else whole.outside)
    paid = () if one else tuple(list_allowances(session, session.today, her))
    findings = _account_findings(session, her, told, paid)
    none: FilledSentences = ()
    if not meant:
        none = ((NO_AGREEMENT_ON_FORM, {"form": its_form.text}) if its_form else (SHE_HAS_NO_AGREEMENT, {}),)
    drafts = told.total.drafts
    notes: FilledSentences = ((MONEY_IN_DRAFTS, {"drafts": drafts}),) if drafts else ()
    return Outcome(
        data=account_as_data(session, her, told, paid),
        columns=ACCOUNT_COLUMNS,
        findings=findings,
        said=(*none, *notes) if session.json else none,
        prose=() if session.json else _account_lines(session, her, told, paid),
        private=may_ask(session),
        record=her.id,
    )


def _is_agreement_meant(facts: Facts, form: str | None, number: str | None) -> bool:
    return form in (None, facts["form"]) and number in (None, facts.get("number"))


def _account_findings(session: Session, her: Client, told: Account, paid: Iterable[Allowance]) -> tuple[Finding, ...]:
    """Return what the outlays and payments shown here break of the rules of their tracks, all as open findings
    (X105).
    """
    entries = (*(one for line in told.lines for one in line.outlays), *told.outside)
    places = {one.where: one for one in (*entries, *(each for one in paid for each in one.payments))}
    tracks = [session.rulebook.tracks.serving(purpose) for purpose in (SPENDING, ALLOWANCE)]
    found = (one for track in tracks if track for one in judge_client_track(session, her, track))
    judged = soften_findings(found, is_shown=True)
    findings = []
    for one in word_findings(session.rulebook, judged):
        place = next((each for each in places if f"{one.where}/".startswith(f"{each}/")), None)
        if place is not None:
            findings.append(one if session.json else _finding_in_entry(one, places[place]))
    return tuple(findings)


def _finding_in_entry(found: Finding, entry: Entry) -> Finding:
    """Return *found* with the name of its entry at the beginning of the message; JSON has it in ``where`` instead."""
    message = TwoSentences(FINDING_IN_ENTRY, found.message)
    return replace(found, message=message, facts={**found.facts, "in_entry": label_entry(entry)})


def account_as_data(session: Session, her: Client, told: Account, paid: Iterable[Allowance]) -> dict[str, Any]:
    """Return the account as data for a program."""
    return {
        "id": her.id,
        "rows": [_line_as_data(line) for line in told.lines],
        "total": told.total._asdict(),
        "outside": list(_outside_as_data(told, session.rulebook.tracks.serving(SPENDING))),
        "pocket_money": [allowance_as_data(one) for one in paid],
    }


def _line_as_data(line: AccountLine) -> dict[str, Any]:
    facts = line.agreement.facts
    return {
        "agreement": facts.get("id"),
        "number": facts.get("number"),
        "form": facts["form"],
        "state": agreement_state(line.agreement),
        "line": line.number,
        "text": printed_line_text(line.part, line.agreement.day) if line.part else None,
        "agreed": line.agreed,
        "spent": line.spent,
        "left": line.left,
        "outlays": len(line.outlays),
        "without_document": line.without_document,
        "months_agreed": line.months_agreed,
        "months_paid": line.months_paid,
    }


def _outside_as_data(told: Account, track: Track | None) -> Iterator[dict[str, Any]]:
    codes = outlay_items(track)
    for item, each in told.by_item(track):
        label = LabelledCode(item, codes[item]) if item else None
        yield {"item": label, "spent": sum_outlays(each), "outlays": len(each)}


def _account_lines(session: Session, her: Client, told: Account, paid: Sequence[Allowance]) -> FilledSentences:
    """Return the account as lines for a person, as wide as the terminal, or as PIPED_COLUMNS outside one."""
    sits = may_ask(session)
    columns = screen_size()[0] - 1 if sits else PIPED_COLUMNS
    look = LedgerStyle(current_language(), columns, choose_bar_signs(at_terminal=sits))
    outside = list(_outside_as_data(told, session.rulebook.tracks.serving(SPENDING)))
    lines = ledger_lines(her.id, session.today, told, outside, paid, look)
    return tuple((LINE_AS_IT_IS, {"line": line}) for line in lines)
