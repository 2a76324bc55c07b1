"""shelterctl import: cases from before the program, from a sheet that people filled in."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from shelterctl.act.empty_sheet import template_columns, template_words
from shelterctl.act.import_cases import ImportRequest, import_cases
from shelterctl.act.import_template import read_cases
from shelterctl.act.known_cases import Case
from shelterctl.act.output_path import judge_target, read_target, write_output
from shelterctl.act.same_person import LikelyClient
from shelterctl.cli.options import CheckOption, Ctx, OverwriteOption, begin_command
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.core.manual.import_sheet import ImportSheet
from shelterctl.errors import NotFound, UsageError
from shelterctl.paper.request import choose_paper_language
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.session import Session, may_ask
from shelterctl.tabular.files import require_format, require_reading
from shelterctl.tabular.sheet import LARGEST_SHEET, CellSheet, is_workbook, read_sheet
from shelterctl.tabular.template import write_template_text, write_template_workbook
from shelterctl.ui_language import N_
from shelterctl.view.standard import find_standard

TEMPLATE_KINDS = ("xlsx", "csv")
TEMPLATE_ROWS = 4_096

FILE_OR_TEMPLATE = N_("Name the sheet to import, or make an empty one with --template FILE.")
NO_IMPORT_HERE = N_("This rulebook has no sheet for old cases.")
SHEET_MISSING = N_("The sheet does not exist, or is a folder. Check its path.")
TEMPLATE_WRITTEN = N_(
    "{file} is ready: a row for each stay. Fill it in, then: shelterctl import FILE --check. It holds no names yet; "
    "delete the filled-in sheet when everything is in the store."
)

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(name="import", epilog="Example: shelterctl import old-cases.xlsx --check")
def import_(
    ctx: Ctx,
    sheet: Annotated[str | None, typer.Argument(metavar="[FILE]", help="The sheet: .xlsx or .csv.")] = None,
    template: Annotated[
        str | None, typer.Option("--template", metavar="FILE", help="Make an empty sheet to fill in, .xlsx or .csv.")
    ] = None,
    standard: Annotated[
        str | None,
        typer.Option("--standard", metavar="NAME", help="The sheet has the columns of a standard: htcds-2.0."),
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Save the rows that are right, even if others are refused.")
    ] = False,
    new_person: Annotated[
        bool, typer.Option("--new-person", help="Take rows with the name of a known client as rows about other people.")
    ] = False,
    check: CheckOption = False,
    overwrite: OverwriteOption = False,
) -> Outcome:
    """Take in old cases from a sheet with a row for each stay; every row is checked before anything is saved."""
    session = begin_command(ctx)
    if (sheet is None) == (template is None):
        raise UsageError("usage/one-thing", FILE_OR_TEMPLATE)
    wanted = session.rulebook.import_sheet
    if wanted is None:
        raise NotFound("import/none", NO_IMPORT_HERE)
    if template is not None:
        return _write_template(session, wanted, template, overwrite)
    path = Path(sheet or "").expanduser()
    if not path.is_file():
        raise UsageError("usage/from", SHEET_MISSING)
    with translate_disk_errors("FILE"):
        data = read_plain_file(path, LARGEST_SHEET)
    if is_workbook(data):
        require_reading("xlsx")
    sheet_ = read_sheet(data)
    cases, wrong = _read_standard(session, standard, sheet_) if standard else read_cases(session, wanted, sheet_)
    wrong = [*sheet_.findings, *wrong]
    if any(one.severity is Severity.REFUSE for one in wrong):
        return Outcome(findings=tuple(wrong))
    which = _ask_who_row_means if may_ask(session) and not check else None
    done = import_cases(session, cases, ImportRequest(check, each, new_person, which))
    return replace(done, findings=(*wrong, *done.findings))


def _ask_who_row_means(session: Session, case: Case, likely: Sequence[LikelyClient]) -> str | None:
    from shelterctl.prompts import same_person  # noqa: PLC0415 - off a terminal nothing is asked

    return same_person.choose_client_of_row(session, case.number, case.given.value, likely)


def _read_standard(session: Session, name: str, sheet: CellSheet) -> tuple[list[Case], list[Finding]]:
    from shelterctl.act.import_standard import read_standard_cases  # noqa: PLC0415 - only --standard needs it

    return read_standard_cases(session, find_standard(session.rulebook, name), sheet)


def _write_template(session: Session, wanted: ImportSheet, out: str, overwrite: bool) -> Outcome:
    to = read_target(out, None, overwrite, TEMPLATE_KINDS, json=session.json, has_as=False)
    if to is None or (stopped := judge_target(to, session.identity_file)):
        return Outcome(findings=stopped)
    require_format(to.kind, ("csv",))
    language = choose_paper_language(session)
    columns = template_columns(session, wanted, language)
    if to.kind == "csv":
        made = write_template_text(columns)
    else:
        made = write_template_workbook(columns, template_words(wanted, language), TEMPLATE_ROWS)
    said: FilledSentences = () if to.is_pipe else ((TEMPLATE_WRITTEN, {"file": to.out}),)
    return Outcome(said=said, stream=write_output(to, made))
