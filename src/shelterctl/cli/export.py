"""shelterctl export: tables of what a store holds, as files for the programs of a data officer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from shelterctl.act.export import NEEDS_RECIPIENT, Recipient, Release, find_recipient, list_releases, write_release
from shelterctl.act.output_path import OutputTarget
from shelterctl.cli.export_form import FileForm, read_form
from shelterctl.cli.options import Ctx, OverwriteOption, WhereOption, begin_command
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody.damage import damaged_files_error
from shelterctl.errors import UsageError
from shelterctl.session import Session, read_code_option, read_day_option
from shelterctl.tabular.table import Table
from shelterctl.tabular.text import Dialect
from shelterctl.ui_language import N_
from shelterctl.view.exported import (
    TABLE_LIST_COLUMNS,
    ExportRequest,
    describe_scope,
    describe_table,
    export_key,
    list_tables,
    make_tables,
    open_tables,
    requires_recipient,
)

RELEASE_COLUMNS = ("at", "exported_by", "for", "tables", "count", "exact", "anonymised", "why", "sha256")

RECIPIENT_OF_KEY = N_("Say with --for whose key this is, by a code such as iom-data.")
NEEDS_TABLE = N_("Name a table. See all with: shelterctl export --tables")
NEEDS_REASON = N_("--exact needs --reason CODE. The reasons are: {codes}.")
NO_REASONS_HERE = N_("The rulebook in use names no reasons for --exact, so it cannot be used.")
REASON_ALONE = N_("--reason belongs to --exact.")
EXPORT_REASON_UNKNOWN = N_("There is no such reason. The reasons are: {codes}.")
EXPORT_WRITTEN = N_("Rows: {rows}. Written to {file}, encrypted for {code}.")
EXPORT_WRITTEN_PLAIN = N_("Rows: {rows}. Written to {file}.")
ROWS_LEFT_OUT = N_("Rows left out, because too few others were alike: {count}.")
NO_RELEASE_YET = N_("Nothing has been exported from this store yet.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl export stays,services --for s-data --out 2026.zip.age --from 2026-01-01")
def export(
    ctx: Ctx,
    tables: Annotated[
        str | None, typer.Argument(metavar="TABLE,…", help="The tables, such as stays,services; --tables lists them.")
    ] = None,
    recipient_code: Annotated[
        str | None, typer.Option("--for", metavar="CODE", help="Encrypt the file for this person or office.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="AGE-KEY", help="The public key of --for, age1…, if the store has no key for that code."
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The file: .csv, .tsv, .ndjson, .json, .xlsx or .parquet; several tables: .zip or .xlsx. Add .age if "
            "it is encrypted, such as stays.csv.age.",
        ),
    ] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="Only rows from this day on.")] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Only rows up to this day, itself included.")
    ] = None,
    of: Annotated[
        str | None, typer.Option("--of", metavar="CODE", help="Only rows of the house with this code.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", metavar="NAME,…", help="Only these columns; query --tables lists them.")
    ] = None,
    where: WhereOption = None,
    labels: Annotated[
        str | None, typer.Option("--labels", metavar="en|ru|ky", help="Write words in this language in place of codes.")
    ] = None,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Also give days, ages, codes of staff and numbers of papers; needs --reason."),
    ] = False,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="CODE", help="Why --exact is needed; a wrong code lists the right ones."),
    ] = None,
    anonymised: Annotated[
        bool,
        typer.Option(
            "--anonymised", help="Write for everybody, without --for: rare rows are left out. Needs many clients."
        ),
    ] = False,
    delimiter: Annotated[
        str, typer.Option("--delimiter", metavar="SIGN", help="The sign between the cells of a csv file.")
    ] = ",",
    decimal: Annotated[
        str, typer.Option("--decimal", metavar="SIGN", help="The decimal sign in a csv file: . or ,")
    ] = ".",
    overwrite: OverwriteOption = False,
    standard: Annotated[
        str | None,
        typer.Option(
            "--standard",
            metavar="NAME",
            help="Write the columns of a standard, such as htcds-2.0, in place of tables; a wrong name lists the "
            "standards.",
        ),
    ] = None,
    show_tables: Annotated[bool, typer.Option("--tables", help="List the tables that can be exported.")] = False,
    losses: Annotated[
        bool, typer.Option("--losses", help="List what --standard has no place for, and why; write nothing.")
    ] = False,
    log: Annotated[bool, typer.Option("--log", help="List what was exported, when, by whom and for whom.")] = False,
) -> Outcome:
    """Write tables for a spreadsheet or another program: a row is an entry, a column is a field; names are left out."""
    # Gather.
    session = begin_command(ctx, lists=True, also=("tsv", "xlsx", "parquet"))
    if log or show_tables:
        return _list_releases(session) if log else _list_tables(session)
    if losses:
        from shelterctl.cli.export_standard import list_losses  # noqa: PLC0415 - only --standard needs it

        return list_losses(session, standard, exact=exact)
    if (tables is None) == (standard is None):
        raise UsageError("usage/no-table", NEEDS_TABLE)
    form = read_form(session, out, Dialect(delimiter, decimal), labels, overwrite=overwrite)
    why = _read_reason(session, reason, exact=exact)
    wish = ExportRequest(
        tables=tuple((tables or "").split(",")) if standard is None else (standard,),
        columns=tuple(name.strip() for name in columns.split(",")) if columns else (),
        where=tuple(where or ()),
        first=read_day_option(since, "--from") if since else None,
        last=read_day_option(until, "--to") if until else None,
        of=read_code_option(of, "--of") if of else None,
        exact=exact,
    )
    if key and not recipient_code:
        raise UsageError("usage/no-recipient", RECIPIENT_OF_KEY)
    recipient = find_recipient(session, read_code_option(recipient_code, "--for"), key) if recipient_code else None

    # Decide.
    if standard:
        from shelterctl.cli.export_standard import STANDARD_IS_WHOLE, release_standard  # noqa: PLC0415 - as above

        if anonymised:
            raise UsageError("usage/standard", STANDARD_IS_WHOLE)
        done, left_out = release_standard(session, wish, form, recipient, why)
        return _say(session, done, form.target, recipient, left_out)
    if anonymised:
        return _release_anonymised(session, wish, form, recipient)
    made = _make_tables(session, wish, recipient)
    form.require_end(encrypted=recipient is not None)
    data = form.write(made, exact=exact, scope=describe_scope(session, wish))

    # Act.
    rows = {one.name: len(one.rows) for one in made}
    done = write_release(session, Release(data, rows, exact, why), recipient, form.target)
    return _say(session, done, form.target, recipient)


def _release_anonymised(session: Session, wish: ExportRequest, form: FileForm, recipient: Recipient | None) -> Outcome:
    """Write the rows of clients that nobody can be found by, for everybody. Raises UsageError with a *recipient*."""
    from shelterctl.view.anonymised import ANONYMISED_ALONE, make_anonymised  # noqa: PLC0415 - only here

    if recipient:
        raise UsageError("usage/anonymised", ANONYMISED_ALONE)
    form.require_end(encrypted=False)
    made = make_anonymised(session, wish)
    if made.findings:
        return Outcome(findings=made.findings)
    rows = {made.table.name: len(made.table.rows)}
    release = Release(form.write([made.table], exact=False), rows, anonymised=True)
    done = write_release(session, release, None, form.target)
    return _say(session, done, form.target, None, ((ROWS_LEFT_OUT, {"count": made.left_out}),))


def _make_tables(session: Session, wish: ExportRequest, recipient: Recipient | None) -> Sequence[Table]:
    """Return the tables of a request; those about persons need a recipient."""
    opened = open_tables(session, wish)
    if recipient is None and any(map(requires_recipient, opened)):
        raise UsageError("usage/no-recipient", NEEDS_RECIPIENT)
    return make_tables(session, wish, opened, export_key(session, wish, recipient.code if recipient else ""))


def _read_reason(session: Session, reason: str | None, *, exact: bool) -> str | None:
    codes = [*session.rulebook.lists.get("export_reasons", {})]
    if exact and not codes:
        raise UsageError("usage/export-reason", NO_REASONS_HERE)
    if exact and reason is None:
        raise UsageError("usage/export-reason", NEEDS_REASON, codes=codes)
    if reason is not None and not exact:
        raise UsageError("usage/export-reason", REASON_ALONE)
    if reason is not None and reason not in codes:
        raise UsageError("usage/export-reason", EXPORT_REASON_UNKNOWN, codes=codes)
    return reason


def _say(
    session: Session,
    done: Outcome,
    target: OutputTarget,
    recipient: Recipient | None,
    left_out: FilledSentences = (),
) -> Outcome:
    """Return the answer with the words for it, and with the damage that left rows out; a pipe gets the file alone."""
    if done.refused:
        return done
    done = replace(done, harm=damaged_files_error(session.store.damaged))
    if target.is_pipe:
        return done
    facts = {"rows": done.data["count"], "file": target.out, "code": recipient.code if recipient else None}
    sentence = EXPORT_WRITTEN if recipient else EXPORT_WRITTEN_PLAIN
    return replace(done, said=((sentence, facts), *left_out))


def _list_tables(session: Session) -> Outcome:
    rows = [describe_table(session.rulebook, name) for name in list_tables(session.rulebook)]
    return Outcome(data={"rows": rows}, columns=TABLE_LIST_COLUMNS)


def _list_releases(session: Session) -> Outcome:
    rows = list_releases(session)
    said: FilledSentences = () if rows else ((NO_RELEASE_YET, {}),)
    return Outcome(data={"rows": rows}, columns=RELEASE_COLUMNS, said=said)
