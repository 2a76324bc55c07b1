"""One form by its name: blank, of a client, or of a member of staff."""

from shelterctl.act.entry import live
from shelterctl.core.record import Client, Facts
from shelterctl.desk import Desk
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_
from shelterctl.paper import agreement, annex, choice, report, sheet
from shelterctl.paper.request import REPORT, Paper, Request, known, not_sealed, sheet_of

NO_AGREEMENT = N_("There is no such agreement in her file. See which there are: shelterctl agreements {id}")
WHICH = N_("She has several agreements on this form. Say which one with --number: {numbers}.")
NO_ENTRIES = N_("--entry is for a sheet of one entry, filled for a client. Which there are: shelterctl form list")


def paper_of(
    here: Desk, subject: str | None, wanted: Request, number: str | None = None, entry: str | None = None
) -> Paper:
    """A form filled for whoever is named, blank for nobody."""
    if entry is not None and not (subject and sheet_of(here.shelf, wanted.form)):
        raise Usage("usage/entry", NO_ENTRIES)
    return filled_of(here, subject, wanted, number, entry) if subject else blank_of(here, wanted)


def blank_of(here: Desk, wanted: Request) -> Paper:
    """A form to be written on by hand; no store and no key is needed for it."""
    form = known(here.shelf, wanted.form)
    if form == REPORT:
        return report.blank(here, wanted)
    if form in here.shelf.annex_names:
        return annex.blank(here, here.shelf.annex(form), wanted)
    if track := sheet_of(here.shelf, form):
        not_sealed(track, filled=False)
        return sheet.blank(here, track, wanted)
    return agreement.blank(here, here.shelf.form(form), wanted)


def filled_of(here: Desk, subject: str, wanted: Request, number: str | None = None, entry: str | None = None) -> Paper:
    """A form with what the record says: of the client with that id, or of staff where staff sign it."""
    form = known(here.shelf, wanted.form)
    if track := sheet_of(here.shelf, form):
        not_sealed(track, filled=True)
        return choice.filled(here, here.store.to_change(subject)[0], track, wanted, entry)
    if form in here.shelf.annex_names and here.shelf.annex(form).by_staff:
        return annex.of_staff(here, subject, here.shelf.annex(form), wanted)
    her, _ = here.store.to_change(subject)  # each sheet is noted in her file; and one may lack what is unknown here
    if form in here.shelf.annex_names:
        return annex.of_client(here, her, here.shelf.annex(form), wanted)
    if form == REPORT:
        return report.filled(here, her, wanted)
    return agreement.filled(here, her, here.shelf.form(form), _hers(her, form, number), wanted)


def again(here: Desk, her: Client, noted: Facts) -> Paper | None:
    """The same sheet as it would be printed now; None where the entry that it printed is struck through."""
    form, printed = noted["form"], here.shelf.report.sheet
    if track := sheet_of(here.shelf, form):
        return choice.again(here, her, track, noted)
    names = any(f"/{printed.general[name].replace('.', '/')}" in noted["facts"] for name in printed.names)
    wanted = Request(form, noted["language"], names=names)
    entry: Facts | None = {}
    if "of" in noted:
        entry = next((facts for _, facts in live(her.facts) if facts["id"] == noted["of"]), None)
    if entry is None:
        return None
    if form in here.shelf.forms:
        return agreement.filled(here, her, here.shelf.form(form), entry, wanted)
    return report.of(here, her, entry, wanted) if form == REPORT else filled_of(here, her.id, wanted)


def _hers(her: Client, form: str, number: str | None) -> Facts:
    """The one agreement on that form, or the one with that number; without a number, an agreement has its id."""
    on_it = [facts for facts in her.agreements if facts["form"] == form]
    named = [facts for facts in on_it if number is None or number in (facts.get("number"), facts["id"])]
    if not named:
        raise NotFound("agreement/unknown", NO_AGREEMENT, id=her.id)
    if len(named) > 1:
        numbers = [str(facts.get("number") or facts["id"]) for facts in named]
        raise Usage("usage/number", WHICH, numbers=numbers)
    return named[0]
