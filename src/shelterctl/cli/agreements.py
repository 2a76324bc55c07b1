"""shelterctl agreements: lists financial agreements, the lines of their forms, what was spent, or the money of all
clients.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from shelterctl.act.output_path import SHEET_MEDIA, OutputTarget, judge_target, read_target, write_output
from shelterctl.cli.options import (
    NO_ROW_MATCHES,
    ColumnsOption,
    CountOption,
    Ctx,
    ForOption,
    OverwriteOption,
    WhereOption,
    begin_command,
)
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.manual.track import SPENDING
from shelterctl.core.record.client import Client
from shelterctl.core.tables.columns import ListRow
from shelterctl.core.tables.list_rows import agreement_list_rows, entry_list_rows
from shelterctl.custody.damage import damaged_files_error
from shelterctl.custody.export import seal_rows_for
from shelterctl.errors import UsageError
from shelterctl.language import Sentence
from shelterctl.output.page import Format, format_rows, to_json_value
from shelterctl.session import Session, may_ask
from shelterctl.ui_language import N_
from shelterctl.view.house_account import NO_MONEY_YET, HouseAccount, allowance_list_rows, answer_house_account
from shelterctl.view.lists import (
    ClientRows,
    ListQuery,
    answer_query,
    listed_clients,
    open_list_table,
)

NO_AGREEMENT_YET = N_("There is no agreement yet.")
NOTHING_SPENT_YET = N_("No spending is recorded yet.")
NO_POCKET_MONEY_YET = N_("Nobody was here or was paid pocket money yet.")
ONE_LIST_AT_A_TIME = N_(
    "--lines lists what was agreed, --outlays what was spent, --account both of each line, --pocket-money that of each "
    "stay. Use one of them at a time."
)
OUT_IS_OF_ACCOUNT = N_("--out prints the sheet of --account. Add --account, or leave --out out.")
SHEET_HAS_ITS_COLUMNS = N_(
    "The sheet has columns of its own. Leave --columns, --count and --for out, or write a .csv file."
)
MONEY_IN_FILE = N_("File: {file}.")
SEE_ACCOUNT = N_("What was spent of it, and what is left: agreement {id} --account")

CSV_KIND = "csv"
MONEY_MEDIA = (*SHEET_MEDIA, CSV_KIND)

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl agreements --account --columns ngo,quarter,agreed,spent,left --count")
def agreements(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="The client's id; default: all clients.")] = None,
    lines: Annotated[bool, typer.Option("--lines", help="Show a row for each line of a form.")] = False,
    outlays: Annotated[bool, typer.Option("--outlays", help="Show a row for each sum spent for a client.")] = False,
    account: Annotated[
        bool, typer.Option("--account", help="Show what was agreed, spent and is left on each line, and pocket money.")
    ] = False,
    pocket_money: Annotated[
        bool, typer.Option("--pocket-money", help="Show the pocket money of each stay: owed, paid, left to pay.")
    ] = False,
    columns: ColumnsOption = None,
    where: WhereOption = None,
    count: CountOption = False,
    reader: ForOption = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write --account to FILE: .pdf, .html, .md, .txt or .csv; - for a pipe."),
    ] = None,
    as_: Annotated[
        str | None,
        typer.Option("--as", metavar="pdf|html|md|txt|csv", help="The kind of file, if its name does not show it."),
    ] = None,
    overwrite: OverwriteOption = False,
) -> Outcome:
    """List financial agreements, their lines, what was spent, or the money of all clients."""
    chosen = {"--lines": lines, "--outlays": outlays, "--account": account, "--pocket-money": pocket_money}
    if sum(chosen.values()) > 1:
        raise UsageError("usage/one-thing", ONE_LIST_AT_A_TIME)

    # Gather.
    session, wish = begin_command(ctx, lists=out is None), ListQuery(columns, where or (), count)
    to = read_target(out, as_, overwrite, MONEY_MEDIA, json=session.json)
    if to and not account:
        raise UsageError("usage/out", OUT_IS_OF_ACCOUNT)
    if to and (reader or (to.kind != CSV_KIND and (columns or count))):
        raise UsageError("usage/out", SHEET_HAS_ITS_COLUMNS)
    name = " ".join(["agreements", *(flag for flag, is_chosen in chosen.items() if is_chosen)])
    table = open_list_table(session, name)
    her = session.store.client(client)[0] if client else None

    # Decide.
    if account:
        hers = listed_clients(session, None if her is None else [her])
        seen = answer_house_account(session, table, wish, hers, NO_ROW_MATCHES if wish.where else NO_MONEY_YET)
        return _write_account(session, seen, to) if to else seal_rows_for(session, seen.answer, reader)
    make, none = _find_rows(session, lines=lines, outlays=outlays, pocket_money=pocket_money)
    rows = ClientRows(name, make) if her is None else make(listed_clients(session, [her]))
    told = answer_query(session, table, wish, rows, ((NO_ROW_MATCHES if wish.where else none, {}),))
    more = her is not None and bool(told.data.get("rows")) and wish.is_empty and may_ask(session)
    last: FilledSentences = ((SEE_ACCOUNT, {"id": her.id}),) if her and more else ()
    return seal_rows_for(session, replace(told, last=(*told.last, *last)), reader)


def _find_rows(
    session: Session, *, lines: bool, outlays: bool, pocket_money: bool
) -> tuple[Callable[[Iterable[Client]], Iterable[ListRow]], Sentence]:
    """Return the function that makes the rows of one of the lists, and the sentence where there are none."""
    if outlays:
        return partial(entry_list_rows, session.rulebook.track_for(SPENDING)), NOTHING_SPENT_YET
    if pocket_money:
        return partial(allowance_list_rows, session, session.watched_today), NO_POCKET_MONEY_YET
    return partial(agreement_list_rows, session.rulebook.forms, lines=lines), NO_AGREEMENT_YET


def _write_account(session: Session, seen: HouseAccount, to: OutputTarget) -> Outcome:
    """Write the money of all clients as a sheet, or its rows as a table for a spreadsheet."""
    from shelterctl.paper.budget_control import print_budget_control  # noqa: PLC0415 - only --out needs it

    if seen.answer.refused:
        return seen.answer
    if to.kind != CSV_KIND:
        return print_budget_control(session, seen, to)
    if stopped := judge_target(to, session.identity_file):
        return Outcome(findings=stopped)
    rows = to_json_value(seen.answer.data)["rows"]
    said: FilledSentences = () if to.is_pipe else ((MONEY_IN_FILE, {"file": to.out}),)
    stream = write_output(to, format_rows(rows, seen.answer.columns, Format.CSV).encode())
    return Outcome(said=said, stream=stream, harm=damaged_files_error(session.store.damaged))
