"""The choice of papers: one form by its name, blank or filled; all papers of a client with their states; and the pack
of everything that she has to sign today.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from shelterctl.act.agreement import find_signature_refusals
from shelterctl.act.resident_list import has_signature_sheet
from shelterctl.core.manual.sheet import NOTICE_SHEET, Annex
from shelterctl.core.manual.track import MONITORING
from shelterctl.core.record.client import Client, list_live_entries, value_at
from shelterctl.core.rules import monitoring
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import Sentence, Text
from shelterctl.paper import sheet
from shelterctl.paper.agreement import print_agreement, reasons_not_to_sign, signing_language
from shelterctl.paper.annex import print_annex, print_signer_annex, recorded_signature
from shelterctl.paper.facts import CLIENT_NUMBER_FIELD
from shelterctl.paper.house_sheet import print_sheet_of_day
from shelterctl.paper.monitor import last_report, print_report
from shelterctl.paper.register_sheet import print_register
from shelterctl.paper.request import (
    PACK_FORM,
    REPORT_FORM,
    PaperRequest,
    PreparedPaper,
    check_form_name,
    choose_paper_language,
    common_facts,
    find_sheet_track,
    printable_tracks,
)
from shelterctl.press.sheet import make_sheet
from shelterctl.session import Session
from shelterctl.store.subject import find_code
from shelterctl.ui_language import N_

AGREEMENT_NOT_IN_FILE = N_("{Her|His} file has no such agreement. List {hers|his} with: shelterctl agreements {id}")
SAY_WHICH_AGREEMENT = N_("{She|He} has several agreements on this form. Choose one with --number: {numbers}.")
MONTH_NEEDS_REGISTER = N_(
    "--month works only with a register, filled for a code. See the registers with: shelterctl form list"
)
ON_NEEDS_HOUSE = N_(
    "--on works only with a sheet on which everybody in a house signs, filled for the house: shelterctl form "
    "pocket-money HOUSE --on DATE"
)
NOTICE_IS_BLANK = N_(
    "This sheet is for the wall and about nobody. Print it with: shelterctl form {form} --blank --out FILE.pdf"
)
ENTRY_NEEDS_SHEET = N_(
    "--entry works only with a sheet of one entry, filled for a client. See these sheets with: shelterctl form list"
)


def make_paper(
    session: Session, subject: str | None, wanted: PaperRequest, number: str | None = None, entry: str | None = None
) -> PreparedPaper:
    """Return a form filled for *subject*, a client's id or a code of staff or an NGO, or blank without one.

    *number* chooses one of her agreements, *entry* one of her entries. A blank form needs no store and no key.
    """
    rulebook, form = session.rulebook, wanted.form
    track = find_sheet_track(rulebook, form)
    if entry is not None and not (subject and track and not track.is_coded):
        raise UsageError("usage/entry", ENTRY_NEEDS_SHEET)
    check_form_name(rulebook, form)
    if track:
        return sheet.print_track_sheet(session, wanted, track, subject, entry)
    if not subject:
        return _print_form(session, wanted)
    if form in rulebook.annex_names and not rulebook.annex(form).by_client:
        return print_signer_annex(session, wanted, subject)
    # Her file is opened for a change, because each sheet is noted in it.
    her, _ = session.store.client_to_change(subject)
    facts = _find_agreement(her, form, number) if form in rulebook.forms else None
    return _print_form(session, wanted, her, last_report(session, her) if form == REPORT_FORM else facts)


def make_papers(
    session: Session, subject: str | None, wanted: PaperRequest, number: str | None = None, entry: str | None = None
) -> list[PreparedPaper]:
    """Return a form as `make_paper` does; of a register with a card for each entry, all that are asked for; of what is
    given to everybody in a house, the sheet on which all sign.
    """
    track = find_sheet_track(session.rulebook, wanted.form)
    if subject and track and track.sheet.kind == NOTICE_SHEET:
        raise UsageError("usage/notice", NOTICE_IS_BLANK, form=track.form)
    if subject and track and track.of_register and not track.is_coded:
        return print_register(session, wanted, track, subject, entry)
    home = find_code(session.store, subject) if subject and track and has_signature_sheet(track) else None
    if track and home and home[0] == "house":
        return [print_sheet_of_day(session, wanted, track, home[1])]
    if wanted.on is not None:
        raise UsageError("usage/on", ON_NEEDS_HOUSE)
    if wanted.month is not None:
        raise UsageError("usage/month", MONTH_NEEDS_REGISTER)
    return [make_paper(session, subject, wanted, number, entry)]


def _print_form(
    session: Session, wanted: PaperRequest, her: Client | None = None, entry: Facts | None = None
) -> PreparedPaper:
    """Return a form with a template of its own: blank, or of a client, with an *entry* if it prints one."""
    if wanted.form in session.rulebook.annex_names:
        return print_annex(session, wanted, her)
    return (print_report if wanted.form == REPORT_FORM else print_agreement)(session, wanted, her, entry)


def reprint_paper(session: Session, her: Client, noted: Facts) -> PreparedPaper | None:
    """Return a noted sheet as it would be printed now; None if the entry that it shows is struck through."""
    form, report = noted["form"], session.rulebook.tracks.serving(MONITORING)
    if track := find_sheet_track(session.rulebook, form):
        return sheet.reprint_track_sheet(session, her, track, noted)
    printed = [report.sheet.general[name] for name in report.sheet.names] if report else []
    names = any(f"/{path.replace('.', '/')}" in noted["facts"] for path in printed)
    live = (facts for _, facts in list_live_entries(her.facts))
    entry = next((facts for facts in live if facts["id"] == noted["of"]), None) if "of" in noted else None
    if "of" in noted and entry is None:
        return None
    wanted = PaperRequest(check_form_name(session.rulebook, form), noted["language"], names=names)
    return _print_form(session, wanted, her, entry)


def _find_agreement(her: Client, form: str, number: str | None) -> Facts:
    """Return her only agreement on that form, or the one with that number or, if it has none, that id.

    Raises NotFound if there is none, UsageError if there are several.
    """
    on_it = [facts for facts in her.agreements if facts["form"] == form]
    named = [facts for facts in on_it if number is None or number in (facts.get("number"), facts["id"])]
    if not named:
        raise NotFound("agreement/unknown", AGREEMENT_NOT_IN_FILE, id=her.id)
    if len(named) > 1:
        numbers = [str(facts.get("number") or facts["id"]) for facts in named]
        raise UsageError("usage/number", SAY_WHICH_AGREEMENT, numbers=numbers)
    return named[0]


TO_BE_SIGNED = N_("to be signed")
TO_BE_SIGNED_STILL_DRAFT = N_("to be signed; a draft until nothing is missing")
SIGNED_ON = N_("signed on {on}")
PAPER_NOT_SIGNED = N_("not signed")
DRAFT_CANNOT_BE_SIGNED = N_("a draft that cannot be signed yet")
REPORT_TO_TAKE_ALONG = N_("due since {on}, take it along")
PAPER_OF_DAY = N_("of {on}")


class ClientPaper(NamedTuple):
    """One paper of a client: its form, its state, and whether it is *to_sign*.

    *language* is the only one in which it is signed, if there is one; *to_her* says that she must be able to read it;
    *entry* is the agreement or report that it prints.
    """

    form: str
    title: Text
    state: Sentence
    on: object = None
    to_sign: bool = False
    language: str | None = None
    to_her: bool = False
    entry: Facts | None = None


def client_papers(session: Session, her: Client) -> list[ClientPaper]:
    """Return every paper of the client, in the order of the manual's work."""
    annexes = [each for each in session.rulebook.annexes.values() if each.recorded_in]
    return [
        *(_annex_of_client(her, annex) for annex in annexes if her.stay),
        *(
            _agreement_of_client(session, her, facts)
            for facts in her.agreements
            if facts["form"] in session.rulebook.forms
        ),
        *_reports_of_client(session, her),
    ]


def papers_to_sign(session: Session, her: Client) -> list[ClientPaper]:
    """Return the papers of the client that are to be signed today."""
    return [one for one in client_papers(session, her) if one.to_sign]


def make_client_paper(
    session: Session, her: Client, one: ClientPaper, language: str | None, how: PaperRequest | None = None
) -> PreparedPaper:
    """Return one of her papers, filled from her record, in *language*."""
    wanted = (how or PaperRequest(one.form))._replace(form=one.form, language=language or one.language)
    return _print_form(session, wanted, her, one.entry)


def _annex_of_client(her: Client, annex: Annex) -> ClientPaper:
    on, still = recorded_signature(her, annex).get("signed_on"), her.stay is not None and her.stay.is_open
    state = SIGNED_ON if on else TO_BE_SIGNED if still else PAPER_NOT_SIGNED
    return ClientPaper(annex.name, annex.title, state, read_day(on), still and not on, to_her=True)


def _agreement_of_client(session: Session, her: Client, facts: Facts) -> ClientPaper:
    form, on = session.rulebook.form(facts["form"]), value_at(facts, "signed.on")
    own = signing_language(form, read_day(facts["date"]) or session.today)
    if on or "terminated" in facts:
        state = SIGNED_ON if on else PAPER_NOT_SIGNED
        return ClientPaper(form.name, form.text, state, read_day(on), language=own, entry=facts)
    stopped = bool(find_signature_refusals(session, her, form, facts))
    state = (
        DRAFT_CANNOT_BE_SIGNED
        if stopped
        else TO_BE_SIGNED_STILL_DRAFT
        if reasons_not_to_sign(session, her, form, facts)
        else TO_BE_SIGNED
    )
    return ClientPaper(form.name, form.text, state, None, not stopped, own, entry=facts)


def _reports_of_client(session: Session, her: Client) -> Iterator[ClientPaper]:
    """Yield her last monitoring report, and the form for the next one if it is due."""
    tracks = session.rulebook.tracks
    if (report := tracks.serving(MONITORING)) is None:
        return
    reports = monitoring.live_reports(her, monitoring.find_unmonitored_stay(tracks, her))
    rows = [row for row in monitoring.list_monitoring_due(tracks, [her], session.today) if row.state == "due"]
    title = report.sheet.texts["title"]
    if reports:
        yield ClientPaper(REPORT_FORM, title, PAPER_OF_DAY, read_day(reports[-1].get("date")), entry=reports[-1])
    if rows:
        yield ClientPaper(REPORT_FORM, title, REPORT_TO_TAKE_ALONG, rows[0].due_on, to_sign=True)


NOTHING_TO_SIGN = N_("No paper of file {id} is to be signed today. See its papers with: shelterctl show {id}")
PACK_CONTENTS_TITLE = N_("Contents of the folder")


class ListedPaper(NamedTuple):
    """A paper in the table of contents of a pack."""

    title: Text | Sentence
    language: object
    copies: int
    code: str | None


def make_pack(session: Session, subject: str, wanted: PaperRequest) -> list[PreparedPaper]:
    """Return the papers to be signed today, after a page of contents; raises NotFound if there are none.

    A paper that she must be able to read is printed in a language that she understands.
    """
    her, _ = session.store.client_to_change(subject)
    papers = [
        make_client_paper(session, her, one, _language_of_client_paper(session, her, one), wanted)
        for one in papers_to_sign(session, her)
    ]
    papers += other_papers_to_sign(
        session, her, None if "lang" in session.options.typed else language_she_understands(session, her), wanted
    )
    if not papers:
        raise NotFound("form/nothing", NOTHING_TO_SIGN, id=her.id)
    return [make_contents_page(session, her, papers), *papers]


def other_papers_to_sign(
    session: Session, her: Client, language: str | None, wanted: PaperRequest
) -> list[PreparedPaper]:
    """Return the papers to be signed besides forms, annexes and reports, such as plans, consents and ledgers; never
    sealed ones.
    """
    tracks = (track for track in printable_tracks(session.rulebook) if not track.seal and not track.paper)
    return [
        paper
        for track in tracks
        for paper in sheet.unsigned_track_sheets(
            session, her, track, wanted._replace(form=track.form, language=language)
        )
    ]


def make_contents_page(session: Session, her: Client, papers: Sequence[PreparedPaper]) -> PreparedPaper:
    """Return the page of contents for the folder, without her name."""
    language = choose_paper_language(session)
    names = {code: about["name"] for code, about in session.rulebook.languages.items()}
    listed = [
        ListedPaper(
            paper.title,
            names.get(paper.language, paper.language),
            sum(not each.behind for each in paper.sheets),
            paper.code,
        )
        for paper in papers
    ]
    number = her.facts.get(CLIENT_NUMBER_FIELD)
    facts: dict[str, Any] = {"papers": listed, "day": session.today, "client_number": number}
    facts |= common_facts(session.rulebook, language, her.id, None)
    made = make_sheet(PACK_FORM, facts, language=language, tint="white", day=session.today, long=True)
    return PreparedPaper(PACK_FORM, PACK_CONTENTS_TITLE, language, (made,), record=her.id)


def _language_of_client_paper(session: Session, her: Client, one: ClientPaper) -> str | None:
    """Return the only language in which it is signed; else the one asked for, or one that she understands if it is
    *to_her*.
    """
    if one.language or "lang" in session.options.typed or not one.to_her:
        return one.language
    return language_she_understands(session, her)


def language_she_understands(session: Session, her: Client) -> str | None:
    """Return the first language that she understands and in which papers can be printed, or None."""
    return next((code for code in her.languages if code in session.rulebook.languages), None)
