"""The money of all clients: rows of accounts and of pocket money for lists, papers and the menu, and their sums."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.core.manual.track import ALLOWANCE, SPENDING
from shelterctl.core.money.account import agreement_state, build_account
from shelterctl.core.money.account_rows import AccountRow, list_account_rows
from shelterctl.core.money.allowance import Allowance, compute_allowance
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.tables.columns import ListRow
from shelterctl.core.tables.lists import ListTable
from shelterctl.core.values.money import ZERO_SOM
from shelterctl.language import Sentence
from shelterctl.session import Session, may_ask
from shelterctl.terminal.screen import column_widths, fact_text, join_cells, sentence_text
from shelterctl.ui_language import N_, Marked
from shelterctl.view.lists import ListQuery, answer_query, choose_rows, listed_clients

MONTH_COLUMNS = ("month", "quarter")
"""Columns of an account for which each line is divided into months."""

NO_MONEY_YET = N_("No money was agreed or spent yet.")
MONEY_TOGETHER = N_("Agreements together: agreed {agreed}, spent {of_it}, left {left} {currency}.")
MONEY_IN_DRAFTS = N_("Of the agreed amount, {drafts} {currency} are in drafts that are not signed yet.")
MONEY_IN_TERMINATED = N_("Of what is left, {terminated} {currency} are in agreements that were terminated.")
MONEY_OUTSIDE = N_("Spent outside agreements: {outside} {currency}.")
MONEY_OVER = N_("Spent above the agreed lines: {over} {currency} (lines: {lines}).")
MONEY_WITHOUT_DOCUMENT = N_("Without a receipt: {count}.")
POCKET_MONEY_LEFT = N_(
    "Pocket money left to pay: {left} {currency} (clients: {clients}); it is no part of the agreements."
)
POCKET_MONEY_PAID_UP = N_("Pocket money: nothing is left to pay.")


MONEY_PAGE_TITLE = N_("Money of the house on {day}, {in_currency}.")
MONEY_HEADINGS = (N_("NGO"), N_("Form"), N_("Agreed"), N_("Spent"), N_("Left"))
MONEY_CELLS = (2, 3, 4)
"""The columns of the table that hold sums."""

WITHOUT_RECEIPT_HEADING = N_("WITHOUT A RECEIPT")
LINE_WITHOUT_RECEIPT = N_("  {id}  agreement {number}, line {line}: {value}")
ABOVE_LINE_HEADING = N_("ABOVE THE AGREED LINE")
LINE_ABOVE = N_("  {id}  agreement {number}, line {line}: {value} {currency}")
POCKET_MONEY_LEFT_HEADING = N_("POCKET MONEY LEFT TO PAY")
POCKET_MONEY_OF_CLIENT = N_("  {id}  {left} {currency}")


class MoneyTotal(NamedTuple):
    """The sums of accounts, in som, and the number of outlays and of those without a receipt.

    *drafts* is the part of *agreed* in unsigned agreements, *terminated* the part of *left* in terminated ones,
    *outside* the part of *spent* outside all agreements, *over* what was spent above the agreed lines, of which there
    are *lines_over*.
    """

    agreed: Decimal
    spent: Decimal
    left: Decimal
    over: Decimal
    lines_over: int
    outside: Decimal
    drafts: Decimal
    terminated: Decimal
    outlays: int
    without_document: int


class PocketMoneyTotal(NamedTuple):
    """The pocket money of many stays together, in som, and the number of clients to whom some is left to pay."""

    owed: Decimal
    paid: Decimal
    left: Decimal
    clients: int


class HouseAccount(NamedTuple):
    """The money of all clients, or of one: the rows that were chosen, the pocket money, and the answer to a list.

    It *is whole* if nothing was asked for; with columns or conditions there is no pocket money, which is no part of the
    agreements (X23).
    """

    rows: Sequence[ListRow]
    pocket_money: Sequence[ListRow]
    answer: Outcome
    is_whole: bool = False


def answer_house_account(
    session: Session, table: ListTable, wish: ListQuery, clients: Iterable[Client], none: Sentence
) -> HouseAccount:
    """Return the money of these clients: the rows that were asked for and, where nothing was, all sums beside them.

    *none* is the sentence where there are no rows.
    """
    rows: list[ListRow] = []
    pocket_money: list[ListRow] = []

    def read_rows() -> Iterator[ListRow]:
        """Yield the rows client by client, so that no more than one file is kept; note what is needed for the sums."""
        for her in clients:
            hers = account_list_rows(session, (her,), by_month=_asks_for_months(wish))
            for row in choose_rows(session, table, wish.where, hers) if wish.where else hers:
                rows.append(_without_file(row))
                yield row
            if wish.is_empty:
                pocket_money.extend(map(_without_file, allowance_list_rows(session, session.today, (her,))))

    answer = answer_query(session, table, wish, read_rows(), ((none, {}),))
    if answer.refused:
        return HouseAccount((), (), answer)
    if not wish.is_empty:
        return HouseAccount(rows, (), answer)
    total, pocket = sum_accounts(rows), sum_pocket_money(pocket_money)
    sums = {
        **answer.data,
        "total": total._asdict(),
        "pocket_money": [_allowance_as_data(row) for row in pocket_money],
        "pocket_money_total": pocket._asdict(),
    }
    data = sums if session.json else answer.data  # people read the sums as sentences
    last = (*answer.last, *total_sentences(total, pocket if _has_pocket_money(session) else None))
    return HouseAccount(rows, pocket_money, replace(answer, data=data, last=last), is_whole=True)


def _without_file(row: ListRow) -> ListRow:
    """Return a row with the id of its client and stay alone, so that her file can be forgotten."""
    money = row.money
    if isinstance(money, Allowance):
        known = {name: money.stay.facts[name] for name in ("id", "facility") if name in money.stay.facts}
        money = money._replace(stay=Stay(known, money.stay.index), payments=())
    return ListRow(Client({"id": row.client.id}), None, row.entry, money=money)


def _allowance_as_data(row: ListRow) -> dict[str, Any]:
    money: Any = row.money
    return {"client": row.client.id, **allowance_as_data(money)}


def account_list_rows(session: Session, clients: Iterable[Client], *, by_month: bool = False) -> Iterator[ListRow]:
    """Yield a row for each line of each client's agreements, and for what was spent outside them; by month for each
    month of these.
    """
    forms, track = session.rulebook.forms, session.rulebook.tracks.serving(SPENDING)
    for her in clients:
        for row in list_account_rows(build_account(her, forms, track), by_month=by_month):
            yield ListRow(her, her.stay, row.agreement.facts if row.agreement else {}, money=row)


def allowance_list_rows(session: Session, today: date, clients: Iterable[Client]) -> Iterator[ListRow]:
    """Yield a row for the pocket money of each stay in which she was present or was paid."""
    return (ListRow(her, one.stay, money=one) for her in clients for one in list_allowances(session, today, her))


def list_allowances(session: Session, today: date, her: Client) -> Iterator[Allowance]:
    """Yield her pocket money up to *today*, by stay; none in a rulebook without pocket money."""
    track = session.rulebook.tracks.serving(ALLOWANCE)
    stays = her.stays if track else ()
    yield from (found for stay in stays if track and (found := compute_allowance(track, stay, today)))


def _has_pocket_money(session: Session) -> bool:
    return session.rulebook.tracks.serving(ALLOWANCE) is not None


def allowance_as_data(one: Allowance) -> dict[str, Any]:
    """Return the pocket money of a stay as data for a program."""
    return {
        "stay": one.stay.id,
        "facility": one.stay.facility,
        "from": one.present.first if one.present else None,
        "to": one.present.last if one.present else None,
        "days": one.days,
        "days_covered": one.covered,
        "owed": one.owed,
        "paid": one.paid,
        "left": one.left,
        "beyond": one.beyond,
    }


def sum_accounts(rows: Iterable[ListRow]) -> MoneyTotal:
    """Return the sums of whole lines of accounts."""
    lines = [row.money for row in rows if isinstance(row.money, AccountRow)]
    states = [agreement_state(one.agreement) if one.agreement else None for one in lines]

    def add(name: str, state: str | None = "") -> Any:
        return sum((getattr(one, name) for one, of in zip(lines, states, strict=True) if state in ("", of)), ZERO_SOM)

    return MoneyTotal(
        agreed=add("agreed"),
        spent=add("spent"),
        left=add("left"),
        over=add("over"),
        lines_over=sum(one.over > 0 for one in lines),
        outside=add("spent", None),
        drafts=add("agreed", "draft"),
        terminated=add("left", "terminated"),
        outlays=sum(one.outlays for one in lines),
        without_document=sum(one.without_document for one in lines),
    )


def sum_pocket_money(rows: Iterable[ListRow]) -> PocketMoneyTotal:
    """Return the sums of pocket money of many stays."""
    found = [(row.client.id, row.money) for row in rows if isinstance(row.money, Allowance)]
    owed, paid, left = (sum((getattr(one, name) for _, one in found), ZERO_SOM) for name in ("owed", "paid", "left"))
    return PocketMoneyTotal(owed, paid, left, len({id_ for id_, one in found if one.left > 0}))


def total_sentences(total: MoneyTotal, pocket: PocketMoneyTotal | None) -> FilledSentences:
    """Return the sums in words; what is nothing is left out, but for the first line and the pocket money.

    *pocket* is None where the rulebook has no pocket money.
    """
    facts = {
        **total._asdict(),
        "of_it": total.spent - total.outside,
        "lines": total.lines_over,
        "count": total.without_document,
    }
    seen = (
        (MONEY_IN_DRAFTS, total.drafts),
        (MONEY_IN_TERMINATED, total.terminated),
        (MONEY_OUTSIDE, total.outside),
        (MONEY_OVER, total.over),
        (MONEY_WITHOUT_DOCUMENT, total.without_document),
    )
    owed: FilledSentences = ()
    if pocket is not None:
        owed = ((POCKET_MONEY_LEFT, pocket._asdict()) if pocket.left else (POCKET_MONEY_PAID_UP, {}),)
    return ((MONEY_TOGETHER, facts), *((sentence, facts) for sentence, sum_ in seen if sum_), *owed)


class MoneyGroup(NamedTuple):
    """The sums of all agreements on one *form* with one *ngo*, by their codes."""

    ngo: str | None
    form: str
    total: MoneyTotal


def group_accounts(rows: Iterable[ListRow], ngos: Collection[str]) -> Iterator[MoneyGroup]:
    """Yield the sums of each NGO and form; an NGO that is not among the registered *ngos* is not named."""
    groups: dict[tuple[str, str], list[ListRow]] = {}
    for row in rows:
        if isinstance(row.money, AccountRow) and row.money.agreement:
            ngo = str(row.entry.get("ngo"))
            groups.setdefault((ngo if ngo in ngos else "", row.entry["form"]), []).append(row)
    return (MoneyGroup(ngo or None, form, sum_accounts(each)) for (ngo, form), each in sorted(groups.items()))


def answer_money_page(session: Session) -> Outcome:
    """Return the page of the menu: the sums by NGO and form, then where a receipt is missing, where too much was spent,
    and to whom pocket money is left to pay.
    """
    rows: list[ListRow] = []
    pocket_money: list[ListRow] = []
    for her in listed_clients(session):
        rows += map(_without_file, account_list_rows(session, (her,)))
        pocket_money += map(_without_file, allowance_list_rows(session, session.today, (her,)))
    prose: list[FilledSentence] = [
        (MONEY_PAGE_TITLE, {"day": session.today}),
        *(("{line}", {"line": line}) for line in _group_lines(session, rows)),
        ("", {}),
        *total_sentences(sum_accounts(rows), sum_pocket_money(pocket_money) if _has_pocket_money(session) else None),
        *_line_sentences(WITHOUT_RECEIPT_HEADING, LINE_WITHOUT_RECEIPT, rows, "without_document"),
        *_line_sentences(ABOVE_LINE_HEADING, LINE_ABOVE, rows, "over"),
        *_owed_sentences(pocket_money),
    ]
    return Outcome(prose=tuple(prose), private=may_ask(session))


def _group_lines(session: Session, rows: Iterable[ListRow]) -> Iterator[str]:
    """Yield the table of sums by NGO and form, with its heading."""
    groups = [*group_accounts(rows, session.store.ngos)]
    if not groups:
        yield sentence_text(NO_MONEY_YET)
        return
    cells = [[*map(sentence_text, MONEY_HEADINGS)]]
    for group in groups:
        form, total = session.rulebook.forms[group.form].text, group.total
        cells.append([group.ngo or "-", *map(fact_text, (form, total.agreed, total.spent, total.left))])
    widths = column_widths(cells)
    for row in cells:
        yield join_cells(row, widths, MONEY_CELLS).rstrip()


def _line_sentences(heading: Marked, sentence: Marked, rows: Iterable[ListRow], name: str) -> Iterator[FilledSentence]:
    """Yield the lines of agreements in which a number is not zero, under their heading."""
    found = [(row, row.money) for row in rows if isinstance(row.money, AccountRow) and getattr(row.money, name)]
    if found:
        yield from (("", {}), (heading, {}))
    for row, money in found:
        facts = {"id": row.client.id, "number": row.entry.get("number") or "-", "line": money.line or "-"}
        yield sentence, {**facts, "value": getattr(money, name)}


def _owed_sentences(rows: Iterable[ListRow]) -> Iterator[FilledSentence]:
    """Yield to whom pocket money is left to pay, and how much for all of her stays."""
    left: dict[str, Decimal] = {}
    for row in rows:
        if isinstance(row.money, Allowance) and row.money.left:
            left[row.client.id] = left.get(row.client.id, ZERO_SOM) + row.money.left
    if left:
        yield from (("", {}), (POCKET_MONEY_LEFT_HEADING, {}))
    yield from ((POCKET_MONEY_OF_CLIENT, {"id": id_, "left": som}) for id_, som in left.items())


def _asks_for_months(wish: ListQuery) -> bool:
    """Whether somebody asks for the months or quarters of an account, by a column or a condition."""
    asked = [*(wish.columns or "").split(","), *(one.partition("=")[0] for one in wish.where)]
    return any(name.strip() in MONTH_COLUMNS for name in asked)
