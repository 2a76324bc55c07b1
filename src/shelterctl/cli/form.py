"""shelterctl form: any form of the manual on paper or on the screen, blank or with what the record says."""

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
    "Forms that can be printed: form NAME --blank --out FILE.pdf, or with an id to fill in what the record says."
)
PACK_NEEDS_CLIENT = N_(
    "The pack is everything that is to be signed of one client: shelterctl form pack ID --out FILE.pdf"
)
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
"""What a sheet is, by its code."""

LOG_OF_STAY = N_("log of her stay")
"""What the log of a track is whose entries belong to a stay: those of another, or beside it, are on none."""

FormRow = dict[str, str | None]
EntryOption = Annotated[
    str | None, typer.Option("--entry", metavar="ENTRY", help="Which entry, by its id, of a sheet that prints one.")
]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl form resident-rights 7QF2-M9KD --lang ky --out ~/rights.pdf")
def form(
    ctx: Ctx,
    name: Annotated[
        str,
        typer.Argument(
            metavar="FORM|list|pack", help="The form; list: which there are; pack: all that is to be signed."
        ),
    ],
    subject: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Whose: a client's id, or a code of staff.")
    ] = None,
    out: OutOption = None,
    as_: AsOption = None,
    blank: BlankOption = False,
    number: AgreementNumberOption = None,
    entry: EntryOption = None,
    names: PrintNamesOption = False,
    paper: PaperOption = None,
    overwrite: OverwriteOption = False,
) -> Outcome:
    """Print a form, blank or filled; without --out it is shown."""
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
    """The forms of the manual, which are signed or leave the house."""
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
    """Everything else that is written down, in the order of her way; what is sealed is printed blank alone."""
    for track in printable_tracks(rulebook):
        kind, title = track.sheet.kind or CARD_SHEET, LabelledCode(track.name, track.title)
        yield {
            "form": track.name,
            "title": title,
            "kind": LabelledCode(kind, LOG_OF_STAY if kind == LOG_SHEET and track.of_a_stay else SHEET_KINDS[kind]),
            "filled_for": None if track.seal else FILLED_FOR_CODE if "directory" in track.home else FILLED_FOR_CLIENT,
        }
