"""shelterctl form: prints any form of the manual or shows it on the screen, blank or filled in from the record."""

from collections.abc import Iterator
from typing import Annotated

import typer

from shelterctl.act.output_path import SHEET_MEDIA, read_target
from shelterctl.cli.options import (
    AgreementNumberOption,
    AsOption,
    BlankOption,
    Ctx,
    OutOption,
    OverwriteOption,
    PaperOption,
    PrintNamesOption,
    begin_command,
    paper_settings,
)
from shelterctl.cli.usage_errors import WORDS_DO_NOT_FIT
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.sheet import CARD_SHEET, LEDGER_SHEET, LETTER_SHEET, LOG_SHEET
from shelterctl.errors import UsageError
from shelterctl.language import LabelledCode
from shelterctl.paper.delivery import deliver_papers, must_name_nobody
from shelterctl.paper.forms import make_pack, make_paper
from shelterctl.paper.request import PACK_FORM, PaperRequest, check_form_name, form_titles, printable_tracks
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_

FORM_LIST = "list"
FORM_LIST_COLUMNS = ("form", "title", "kind", "filled_for")
FORMS_TO_PRINT = N_(
    "To print a blank form: form NAME --blank --out FILE.pdf. Give an id instead of --blank to fill it in "
    "from the record."
)
PACK_NEEDS_CLIENT = N_("The pack is all that one client has to sign. Type: shelterctl form pack ID --out FILE.pdf")
FILLED_FOR_CLIENT, FILLED_FOR_STAFF = N_("a client's id"), N_("a code of staff")
FILLED_FOR_CODE = N_("a code of the register")
MANUAL_FORM = "form"
SHEET_KINDS = {
    MANUAL_FORM: N_("form of the manual"),
    CARD_SHEET: N_("card of one entry"),
    LOG_SHEET: N_("log of all entries"),
    LEDGER_SHEET: N_("ledger, each row signed"),
    LETTER_SHEET: N_("letter"),
}
"""The kinds of sheets in words, by code."""

LOG_OF_STAY = N_("log of her stay")
"""The kind of a log whose entries belong to a stay; it prints the entries of that stay only."""

FormRow = dict[str, str | None]
EntryOption = Annotated[
    str | None, typer.Option("--entry", metavar="ENTRY", help="The id of the entry, for a sheet that prints only one.")
]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl form resident-rights 7QF2-M9KD --lang ky --out ~/rights.pdf")
def form(
    ctx: Ctx,
    name: Annotated[
        str,
        typer.Argument(
            metavar="FORM|list|pack", help="The form; list shows all of them, pack prints all that she has to sign."
        ),
    ],
    subject: Annotated[str | None, typer.Argument(metavar="[ID]", help="A client's id, or a code of staff.")] = None,
    out: OutOption = None,
    as_: AsOption = None,
    blank: BlankOption = False,
    number: AgreementNumberOption = None,
    entry: EntryOption = None,
    names: PrintNamesOption = False,
    paper: PaperOption = None,
    overwrite: OverwriteOption = False,
) -> Outcome:
    """Print a form, blank or filled in from a record; without --out it is shown on the screen."""
    session = begin_command(ctx, lists=name == FORM_LIST)
    if name == FORM_LIST:
        if subject is not None:
            raise UsageError("usage/words", WORDS_DO_NOT_FIT, see="shelterctl form")
        return Outcome(
            data={"rows": [*_form_rows(session.rulebook), *_sheet_rows(session.rulebook)]},
            columns=FORM_LIST_COLUMNS,
            said=((FORMS_TO_PRINT, {}),),
        )
    if name != PACK_FORM:
        check_form_name(session.rulebook, name)
    to = read_target(out, as_, overwrite, SHEET_MEDIA, json=session.json)
    wanted = PaperRequest(name, names=names, nameless=must_name_nobody(session, to, names), **paper_settings(paper))
    if name == PACK_FORM:
        if blank or entry or number or subject is None:
            raise UsageError("usage/pack", PACK_NEEDS_CLIENT)
        return deliver_papers(session, make_pack(session, subject, wanted), to, wanted.size)
    return deliver_papers(
        session, [make_paper(session, None if blank else subject, wanted, number, entry)], to, wanted.size
    )


def _form_rows(rulebook: Rulebook) -> Iterator[FormRow]:
    """Yield the forms of the manual, which are signed or leave the house."""
    by_staff = {name for name, annex in rulebook.annexes.items() if annex.by_staff}
    for name, title in form_titles(rulebook).items():
        whose = FILLED_FOR_STAFF if name in by_staff else FILLED_FOR_CLIENT
        yield {
            "form": name,
            "title": LabelledCode(name, title),
            "kind": LabelledCode(MANUAL_FORM, SHEET_KINDS[MANUAL_FORM]),
            "filled_for": whose,
        }


def _sheet_rows(rulebook: Rulebook) -> Iterator[FormRow]:
    """Yield all other sheets, in the order of the work; what is sealed is only printed blank."""
    for track in printable_tracks(rulebook):
        kind, title = track.sheet.kind or CARD_SHEET, LabelledCode(track.name, track.title)
        yield {
            "form": track.name,
            "title": title,
            "kind": LabelledCode(kind, LOG_OF_STAY if kind == LOG_SHEET and track.of_a_stay else SHEET_KINDS[kind]),
            "filled_for": None if track.seal else FILLED_FOR_CODE if "directory" in track.home else FILLED_FOR_CLIENT,
        }
