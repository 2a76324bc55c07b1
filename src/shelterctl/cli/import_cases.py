"""shelterctl import: cases from before the program, from a sheet that people filled in."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from shelterctl.act.import_cases import Case, import_cases
from shelterctl.act.import_template import import_columns, read_cases
from shelterctl.act.output_path import judge_target, read_target, write_output
from shelterctl.cli.options import CheckOption, Ctx, OverwriteOption, begin_command
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.core.manual.import_sheet import ImportSheet
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import current_language, format_sentence
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.session import Session
from shelterctl.tabular.files import require_format
from shelterctl.tabular.sheet import LARGEST_SHEET, Sheet, read_sheet
from shelterctl.tabular.template import TemplateColumn, write_template_text, write_template_workbook
from shelterctl.ui_language import N_
from shelterctl.view.standard import find_standard

TEMPLATE_KINDS = ("xlsx", "csv")
TEMPLATE_ROWS = 2_000

FILE_OR_TEMPLATE = N_("Name the sheet to import, or make an empty one with --template FILE.")
NO_IMPORT_HERE = N_("This rulebook has no sheet for old cases.")
SHEET_MISSING = N_("The sheet does not exist, or is a folder. Check its path.")
TEMPLATE_WRITTEN = N_(
    "{file} is ready: a row for each stay. Fill it in, then: shelterctl import FILE --check. It holds no names yet; "
    "delete the filled-in sheet when everything is in the store."
)
SHEET_NAMES = {"rows": N_("Old cases"), "choices": N_("Choices")}

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(name="import", epilog="Example: shelterctl import old-cases.xlsx --check")
def import_(
    ctx: Ctx,
    sheet: Annotated[str | None, typer.Argument(metavar="[FILE]", help="The sheet: .xlsx or .csv.")] = None,
    template: Annotated[
        str | None, typer.Option("--template", metavar="FILE", help="Make an empty sheet, .xlsx or .csv.")
    ] = None,
    standard: Annotated[
        str | None, typer.Option("--standard", metavar="NAME", help="The columns are those of a standard: htcds-2.0.")
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Write the rows that are not refused, even if others are.")
    ] = False,
    check: CheckOption = False,
    overwrite: OverwriteOption = False,
) -> Outcome:
    """Take in cases from before the program, from a sheet with a row for each stay; all are judged before any write."""
    session = begin_command(ctx)
    if (sheet is None) == (template is None):
        raise UsageError("usage/one-thing", FILE_OR_TEMPLATE)
    wanted = session.rulebook.import_sheet
    if wanted is None:
        raise NotFound("import/none", NO_IMPORT_HERE)
    if template is not None:
        return _write_template(session, wanted, template, overwrite)
    path = Path(sheet or "").expanduser()
    if path.suffix.lower() == ".xlsx":
        require_format("xlsx")
    if not path.is_file():
        raise UsageError("usage/from", SHEET_MISSING)
    with translate_disk_errors("FILE"):
        data = read_plain_file(path, LARGEST_SHEET)
    sheet_ = read_sheet(data)
    cases, wrong = _read_standard(session, standard, sheet_) if standard else read_cases(session, wanted, sheet_)
    wrong = [*sheet_.findings, *wrong]
    if any(one.severity is Severity.REFUSE for one in wrong):
        return Outcome(findings=tuple(wrong))
    done = import_cases(session, cases, check=check, each_alone=each)
    return replace(done, findings=(*wrong, *done.findings))


def _read_standard(session: Session, name: str, sheet: Sheet) -> tuple[list[Case], list[Finding]]:
    from shelterctl.act.import_standard import read_standard_cases  # noqa: PLC0415 - only --standard needs it

    return read_standard_cases(session, find_standard(session.rulebook, name), sheet)


def _write_template(session: Session, wanted: ImportSheet, out: str, overwrite: bool) -> Outcome:
    to = read_target(out, None, overwrite, TEMPLATE_KINDS, json=session.json)
    if to is None or (stopped := judge_target(to, session.identity_file)):
        return Outcome(findings=stopped)
    require_format(to.kind)
    language = current_language()
    columns = [
        _template_column(session, name, text, language) for name, text in import_columns(session.rulebook, wanted)
    ]
    names = {key: format_sentence(name, {}, language) for key, name in SHEET_NAMES.items()}
    made = write_template_text(columns) if to.kind == "csv" else write_template_workbook(columns, names, TEMPLATE_ROWS)
    said: FilledSentences = () if to.is_pipe else ((TEMPLATE_WRITTEN, {"file": to.out}),)
    return Outcome(said=said, stream=write_output(to, made))


def _template_column(session: Session, name: str, text: dict[str, str], language: str) -> TemplateColumn:
    heading = text.get(language) or text["en"]
    if name.startswith(("paper.", "act.")):
        return TemplateColumn(heading)
    one = session.rulebook.places[session.rulebook.place_of(name)]
    codes = [words.get(language) or words["en"] for words in one.codes.values()]
    hint = (one.hint or {}).get(language) or ""
    return TemplateColumn(heading, hint, () if one.several else codes)
