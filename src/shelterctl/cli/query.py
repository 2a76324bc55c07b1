"""shelterctl query: a question in SQL over the tables that `export` would release, in memory."""

from typing import Annotated

import typer

from shelterctl.act.redaction import may_show_names
from shelterctl.cli.options import NO_ROW_MATCHES, Ctx, begin_command
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.errors import UsageError
from shelterctl.tabular.sql import ask, find_tables, list_words, names_column, sql_name
from shelterctl.ui_language import N_
from shelterctl.view.exported import (
    ExportRequest,
    drop_ids,
    export_key,
    heading_of,
    id_names,
    keep_columns,
    list_tables,
    make_tables,
    open_tables,
)
from shelterctl.view.lists import FEW_PEOPLE, SMALL_NUMBERS_MAY_TELL

ROWS_AT_TERMINAL_ONLY = N_(
    "This question has rows of persons as its answer, which are shown at a terminal only. Ask for sums and counts "
    "(count, sum, avg) without ids; or use: shelterctl export TABLE --for CODE"
)
IDS_AT_TERMINAL_ONLY = N_(
    "Ids are shown, counted and joined at a terminal only. Elsewhere count with count(*); or use: "
    "shelterctl export TABLE --for CODE"
)
QUERY_COLUMNS = ("table", "column", "type", "label")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog='Example: shelterctl query "select state, count(*) from stays group by state"')
def query(
    ctx: Ctx,
    sql: Annotated[
        str | None, typer.Argument(metavar="SQL", help='One question in quotes: "SELECT … FROM stays …"')
    ] = None,
    tables: Annotated[bool, typer.Option("--tables", help="List the tables and their columns.")] = False,
) -> Outcome:
    """Answer a question in SQL about the tables of export; rows about persons are shown at a terminal only."""
    session = begin_command(ctx, lists=True)
    names = [*list_tables(session.rulebook)]
    if tables or sql is None:
        opened = open_tables(session, ExportRequest(names))
        rows = [
            {"table": sql_name(each.name), "column": one.name, "type": one.type, "label": heading_of(one.column)}
            for each in opened
            for one in each.table.columns
        ]
        return Outcome(data={"rows": rows}, columns=QUERY_COLUMNS)
    asked = find_tables(sql, names)
    wish = ExportRequest([*asked.values()])
    shown = may_show_names(session)
    opened = open_tables(session, wish)
    if not shown:
        if list_words(sql) & id_names(opened):
            raise UsageError("usage/rows-of-persons", IDS_AT_TERMINAL_ONLY)
        opened = [drop_ids(one) for one in opened]
    known = [column.name for one in opened for column in one.table.columns]
    opened = [keep_columns(one, names_column(sql)) for one in opened]
    made = make_tables(session, wish, opened, export_key(session, wish, "query"))
    by_name = {one.name: one for one in made}
    answer = ask(sql, [(word, by_name[name].columns, by_name[name].rows) for word, name in asked.items()], known)
    if not (shown or answer.is_sum):
        raise UsageError("usage/rows-of-persons", ROWS_AT_TERMINAL_ONLY)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    said: FilledSentences = () if rows else ((NO_ROW_MATCHES, {}),)
    few = any(isinstance(cell, int) and 0 < cell <= FEW_PEOPLE for row in answer.rows for cell in row)
    last: FilledSentences = ((SMALL_NUMBERS_MAY_TELL, {"most": FEW_PEOPLE}),) if few else ()
    return Outcome(data={"rows": rows}, columns=answer.columns, said=said, last=last)
