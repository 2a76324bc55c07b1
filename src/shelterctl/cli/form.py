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
    MonthOption,
    OnOption,
    OutOption,
    OverwriteOption,
    PaperOption,
    PrintNamesOption,
    begin_command,
    paper_settings,
)
from shelterctl.cli.usage_errors import WORDS_DO_NOT_FIT
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.sheet import (
    CARD_SHEET,
    CHECKLIST_SHEET,
    CLIENT_SIGNS,
    CONTENTS_SHEET,
    LEDGER_SHEET,
    LETTER_SHEET,
    LOG_SHEET,
    NGO_SIGNS,
    NOTICE_SHEET,
    STAFF_SIGNS,
)
from shelterctl.core.manual.track import Track
from shelterctl.errors import UsageError
from shelterctl.language import LabelledCode
from shelterctl.paper.delivery import deliver_papers, must_name_nobody
from shelterctl.paper.forms import make_pack, make_papers
from shelterctl.paper.request import PACK_FORM, PaperRequest, check_form_name, form_titles, printable_tracks
from shelterctl.paper.sheet import is_printed_by_month
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_, Marked

FORM_LIST = "list"
FORM_LIST_COLUMNS = ("form", "title", "kind", "filled_for")
FORMS_TO_PRINT = N_(
    "To print a blank form: form NAME --blank --out FILE.pdf. Give an id instead of --blank to fill it in "
    "from the record."
)
PACK_NEEDS_CLIENT = N_("The pack is all that one client has to sign. Type: shelterctl form pack ID --out FILE.pdf")
FILLED_FOR_CLIENT = N_("a client's id")
FILLED_FOR_SIGNERS = {
    CLIENT_SIGNS: FILLED_FOR_CLIENT,
    STAFF_SIGNS: N_("a code of staff"),
    NGO_SIGNS: N_("a code of an NGO or of staff"),
}
"""For whom an annex is filled, by the first of those who sign it."""
FILLED_FOR_CODE = N_("a code of the register")
FILLED_FOR_HOMES = {
    "house": N_("a code of a house"),
    "staff": N_("a code of staff"),
    "ngo": N_("a code of an NGO"),
    "provider": N_("a code of a provider"),
}
"""The subject for which the sheet of a register is filled, by home."""
MANUAL_FORM = "form"
SHEET_KINDS = {
    MANUAL_FORM: N_("form of the manual"),
    CARD_SHEET: N_("card of one entry"),
    LOG_SHEET: N_("log of all entries"),
    LEDGER_SHEET: N_("ledger, each row signed"),
    LETTER_SHEET: N_("letter"),
    CONTENTS_SHEET: N_("contents of the file"),
    CHECKLIST_SHEET: N_("checklist"),
    NOTICE_SHEET: N_("notice for the wall"),
}
"""The kinds of sheets in words, by code."""

LOG_OF_STAY = N_("log of her stay")
"""The kind of a log whose entries belong to a stay; it prints the entries of that stay only."""

LOG_OF_MONTH = N_("log of one month")
"""The kind of a log whose entries lie in a register; it prints the entries of one month."""

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
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="[WHOM]", help="A client's id, or the code of a house, a member of staff, an NGO or a provider."
        ),
    ] = None,
    out: OutOption = None,
    as_: AsOption = None,
    blank: BlankOption = False,
    number: AgreementNumberOption = None,
    entry: EntryOption = None,
    month: MonthOption = None,
    on: OnOption = None,
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
        if blank or entry or number or month or on or subject is None:
            raise UsageError("usage/pack", PACK_NEEDS_CLIENT)
        return deliver_papers(session, make_pack(session, subject, wanted), to, wanted.size)
    wanted = wanted._replace(month=month, on=session.read_day(on, "--on") if on else None)
    papers = make_papers(session, None if blank else subject, wanted, number, entry)
    return deliver_papers(session, papers, to, wanted.size)


def _form_rows(rulebook: Rulebook) -> Iterator[FormRow]:
    """Yield the forms of the manual, which are signed or leave the house."""
    whose = {name: FILLED_FOR_SIGNERS[annex.signers[0]] for name, annex in rulebook.annexes.items()}
    for name, title in form_titles(rulebook).items():
        yield {
            "form": name,
            "title": LabelledCode(name, title),
            "kind": LabelledCode(MANUAL_FORM, SHEET_KINDS[MANUAL_FORM]),
            "filled_for": whose.get(name, FILLED_FOR_CLIENT),
        }


def _sheet_rows(rulebook: Rulebook) -> Iterator[FormRow]:
    """Yield all other sheets, in the order of the work; what would show sealed answers is only printed blank."""
    for track in printable_tracks(rulebook):
        kind, title = track.sheet.kind or CARD_SHEET, LabelledCode(track.form, track.title)
        yield {
            "form": track.form,
            "title": title,
            "kind": LabelledCode(kind, _kind_in_words(track, kind)),
            "filled_for": _filled_for(track),
        }


def _kind_in_words(track: Track, kind: str) -> Marked:
    if kind == LOG_SHEET and is_printed_by_month(track):
        return LOG_OF_MONTH
    return LOG_OF_STAY if kind == LOG_SHEET and track.of_a_stay else SHEET_KINDS[kind]


def _filled_for(track: Track) -> Marked | None:
    """Return what the sheet of a track is filled for; None if it is only printed blank."""
    if track.sheet.kind == NOTICE_SHEET:
        return None
    if track.of_register:
        return FILLED_FOR_HOMES[track.of_register]
    return None if track.prints_sealed_answers else FILLED_FOR_CODE if track.is_coded else FILLED_FOR_CLIENT
