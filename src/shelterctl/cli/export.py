"""shelterctl export: tables of what a store holds, as files for the programs of a data officer."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from shelterctl import __version__
from shelterctl.act.export import Recipient, Release, find_recipient, list_releases, write_release
from shelterctl.act.output_path import PIPE, OutputTarget, read_target
from shelterctl.cli.options import Ctx, OverwriteOption, WhereOption, begin_command
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.tables.exported import ExportIds
from shelterctl.errors import UsageError
from shelterctl.session import Session, read_code_option, read_day_option
from shelterctl.tabular.files import ARCHIVE_KIND, TABLE_KINDS, require_format, write_archive, write_tables
from shelterctl.tabular.table import Table
from shelterctl.tabular.text import Dialect
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.exported import (
    TABLE_LIST_COLUMNS,
    ExportRequest,
    describe_table,
    export_key,
    list_tables,
    make_tables,
    open_tables,
    requires_recipient,
)

RELEASE_COLUMNS = ("at", "by", "for", "tables", "count", "exact", "anonymised", "why", "sha256")

NEEDS_RECIPIENT = N_("These rows are about persons, so they are encrypted for somebody. Say for whom with --for CODE.")
RECIPIENT_OF_KEY = N_("Say with --for whose key this is, by a code such as iom-data.")
NEEDS_OUT = N_("Name a file with --out FILE, or - for a pipe.")
NEEDS_TABLE = N_("Name a table. See all with: shelterctl export --tables")
NEEDS_REASON = N_("--exact needs --reason CODE. The reasons are: {codes}.")
NO_REASONS_HERE = N_("The rulebook in use names no reasons for --exact, so it cannot be used.")
REASON_ALONE = N_("--reason belongs to --exact.")
EXPORT_REASON_UNKNOWN = N_("There is no such reason. The reasons are: {codes}.")
ONE_TABLE_A_FILE = N_("Several tables go into an archive: --out NAME.zip with --format csv, or one table at a time.")
FORMATS_DIFFER = N_("--format and the end of the file name say different formats. Leave out --format.")
DELIMITER_WRONG = N_("--delimiter takes one sign: a comma, a semicolon, a tab or a bar.")
DECIMAL_WRONG = N_("--decimal takes a point or a comma, and another sign than --delimiter.")
LABELS_WRONG = N_("--labels takes a language: {languages}.")
EXPORT_WRITTEN = N_("Rows: {rows}. Written to {file}, encrypted for {code}.")
EXPORT_WRITTEN_PLAIN = N_("Rows: {rows}. Written to {file}.")
ROWS_LEFT_OUT = N_("Rows left out, because too few others were alike: {count}.")
NO_RELEASE_YET = N_("Nothing has been exported from this store yet.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl export stays,services --for s-data --out 2026.zip.age --from 2026-01-01")
def export(
    ctx: Ctx,
    tables: Annotated[str | None, typer.Argument(metavar="TABLE,…", help="The tables, such as stays,services.")] = None,
    recipient_code: Annotated[
        str | None, typer.Option("--for", metavar="CODE", help="Encrypt the file for this person.")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="AGE-KEY", help="The public age key of --for, if the store has none.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The file: .csv, .tsv, .ndjson, .json, .xlsx, .parquet or .zip, then .age."),
    ] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day of the rows.")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day of the rows.")] = None,
    of: Annotated[str | None, typer.Option("--of", metavar="CODE", help="Only this house.")] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", metavar="NAME,…", help="Only these columns, as the header names them.")
    ] = None,
    where: WhereOption = None,
    labels: Annotated[
        str | None, typer.Option("--labels", metavar="en|ru|ky", help="Words in this language in place of codes.")
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Also days, ages, codes of staff and numbers of papers; needs --reason.")
    ] = False,
    reason: Annotated[str | None, typer.Option("--reason", metavar="CODE", help="Why --exact is needed.")] = None,
    anonymised: Annotated[
        bool, typer.Option("--anonymised", help="Without a recipient: rare rows are left out; needs many clients.")
    ] = False,
    delimiter: Annotated[str, typer.Option("--delimiter", metavar="SIGN", help="Between cells of csv.")] = ",",
    decimal: Annotated[str, typer.Option("--decimal", metavar="SIGN", help="In numbers of csv: . or ,")] = ".",
    overwrite: OverwriteOption = False,
    standard: Annotated[
        str | None, typer.Option("--standard", metavar="NAME", help="In the columns of a standard, such as htcds-2.0.")
    ] = None,
    show_tables: Annotated[bool, typer.Option("--tables", help="List the tables that can be exported.")] = False,
    log: Annotated[bool, typer.Option("--log", help="List what was exported, when, by whom and for whom.")] = False,
) -> Outcome:
    """Write tables for other programs: one row an entry, one column a field, without names."""
    # Gather.
    session = begin_command(ctx, lists=True, also=("tsv", "xlsx", "parquet"))
    if log or show_tables:
        return _list_releases(session) if log else _list_tables(session)
    if (tables is None) == (standard is None):
        raise UsageError("usage/no-table", NEEDS_TABLE)
    form = _read_form(session, out, Dialect(delimiter, decimal), labels, overwrite=overwrite)
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
    if anonymised:
        return _release_anonymised(session, wish, form)
    made = _make_standard(session, wish, recipient) if standard else _make_tables(session, wish, recipient)
    data = form.write(made, exact=exact)

    # Act.
    rows = {one.name: len(one.rows) for one in made}
    done = write_release(session, Release(data, rows, exact, why), recipient, form.target)
    return _say(done, form.target, rows, recipient)


class FileForm(NamedTuple):
    """The form of an exported file: the format of its tables, the target, the signs of csv, and the language of words
    in place of codes.
    """

    kind: str
    target: OutputTarget
    dialect: Dialect
    labels: str | None

    def write(self, tables: Sequence[Table], *, exact: bool) -> bytes:
        """Return the bytes of the file. Raises UsageError for several tables in a file for one."""
        if len(tables) > 1 and self.target.kind not in (ARCHIVE_KIND, "xlsx"):
            raise UsageError("usage/out", ONE_TABLE_A_FILE)
        made = [one.with_labels(self.labels) for one in tables] if self.labels else tables
        if self.target.kind != ARCHIVE_KIND:
            return write_tables(made, self.kind, self.dialect)
        name = "-".join(one.name for one in tables)
        about = {"name": name, "created_by": f"shelterctl {__version__}", "exact": exact}
        return write_archive(made, self.kind, self.dialect, about)


def _release_anonymised(session: Session, wish: ExportRequest, form: FileForm) -> Outcome:
    """Write the rows of clients that nobody can be found by, for everybody."""
    from shelterctl.act.anonymised import make_anonymised  # noqa: PLC0415 - only --anonymised needs it

    made = make_anonymised(session, wish)
    if made.findings:
        return Outcome(findings=made.findings)
    rows = {made.table.name: len(made.table.rows)}
    release = Release(form.write([made.table], exact=False), rows, anonymised=True)
    done = write_release(session, release, None, form.target)
    said = _say(done, form.target, rows, None)
    return said if said.refused else replace(said, said=(*said.said, (ROWS_LEFT_OUT, {"count": made.left_out})))


def _make_tables(session: Session, wish: ExportRequest, recipient: Recipient | None) -> Sequence[Table]:
    """Return the tables of a request; those about persons need a recipient."""
    opened = open_tables(session, wish)
    if recipient is None and any(map(requires_recipient, opened)):
        raise UsageError("usage/no-recipient", NEEDS_RECIPIENT)
    return make_tables(session, wish, opened, export_key(session, wish, recipient.code if recipient else ""))


def _make_standard(session: Session, wish: ExportRequest, recipient: Recipient | None) -> Sequence[Table]:
    """Return everybody in the columns of a standard."""
    from shelterctl.view.standard import find_standard, standard_table  # noqa: PLC0415 - only --standard needs it

    standard = find_standard(session.rulebook, wish.tables[0])
    if recipient is None:
        raise UsageError("usage/no-recipient", NEEDS_RECIPIENT)
    ids = ExportIds(export_key(session, wish, recipient.code))
    return [standard_table(session, standard, ids, persons=wish.exact)]


def _read_form(session: Session, out: str | None, typed: Dialect, labels: str | None, *, overwrite: bool) -> FileForm:
    """Return the form of the file: the end of its name says the format, ``.age`` left out."""
    asked = session.options.format
    ending = Path((out or "").removesuffix(".age")).suffix.lstrip(".").lower()
    kinds = (*TABLE_KINDS, ARCHIVE_KIND)
    if ending in TABLE_KINDS and asked in TABLE_KINDS and asked != ending:
        raise UsageError("usage/format", FORMATS_DIFFER)
    kind = asked if asked in TABLE_KINDS else ending if ending in TABLE_KINDS else "csv"
    require_format(kind)
    known = ending if ending in kinds else kind if out == PIPE or asked in TABLE_KINDS else None
    target = read_target(out, known if out else None, overwrite, kinds)
    if target is None:
        raise UsageError("usage/out", NEEDS_OUT)
    languages = (*SCREEN_LANGUAGES, "ky")
    if labels is not None and labels not in languages:
        raise UsageError("usage/labels", LABELS_WRONG, languages=[*languages])
    return FileForm(kind, target, _read_dialect(typed), labels)


def _read_dialect(typed: Dialect) -> Dialect:
    sign = {"tab": "\t", "\\t": "\t"}.get(typed.delimiter, typed.delimiter)
    if sign not in (",", ";", "\t", "|"):
        raise UsageError("usage/delimiter", DELIMITER_WRONG)
    if typed.decimal not in (".", ",") or typed.decimal == sign:
        raise UsageError("usage/decimal", DECIMAL_WRONG)
    return Dialect(sign, typed.decimal, mark=typed.decimal == ",")


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


def _say(done: Outcome, target: OutputTarget, rows: dict[str, int], recipient: Recipient | None) -> Outcome:
    if done.refused:
        return done
    facts = {"rows": sum(rows.values()), "file": target.out, "code": recipient.code if recipient else None}
    sentence = EXPORT_WRITTEN if recipient else EXPORT_WRITTEN_PLAIN
    said: FilledSentences = () if target.is_pipe else ((sentence, facts),)
    return Outcome(data=done.data, said=said, stream=done.stream)


def _list_tables(session: Session) -> Outcome:
    rows = [describe_table(session.rulebook, name) for name in list_tables(session.rulebook)]
    return Outcome(data={"rows": rows}, columns=TABLE_LIST_COLUMNS)


def _list_releases(session: Session) -> Outcome:
    rows = list_releases(session)
    said: FilledSentences = () if rows else ((NO_RELEASE_YET, {}),)
    return Outcome(data={"rows": rows}, columns=RELEASE_COLUMNS, said=said)
