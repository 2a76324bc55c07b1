"""Printing papers at the terminal, filled in or blank: which papers, in which language, into which file, and whether
they are signed by then.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from shelterctl.act.resident_list import ResidentRow
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.errors import DiskError
from shelterctl.language import format_fact
from shelterctl.paper.agreement import reasons_not_to_sign, signing_language
from shelterctl.paper.delivery import CODE_OF_SHEET, PAPER_FILE_IN_CLEAR, PAPER_IS_DRAFT, deliver_papers
from shelterctl.paper.forms import (
    ClientPaper,
    client_papers,
    language_she_understands,
    make_client_paper,
    make_contents_page,
    make_paper,
    make_papers,
    other_papers_to_sign,
    papers_to_sign,
)
from shelterctl.paper.house_sheet import make_house_sheet
from shelterctl.paper.request import PACK_FORM, REPORT_FORM, PaperRequest, PreparedPaper, form_titles, is_draft_language
from shelterctl.platform.disk_errors import OUT_FILE
from shelterctl.platform.process import file_opener_command
from shelterctl.platform.writing import format_path
from shelterctl.prompts.output_path import ask_output_path
from shelterctl.prompts.sign import paper_title, record_signatures, title_in_sentence
from shelterctl.prompts.steps import finding_text
from shelterctl.questionnaire import Questionnaire
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.terminal.questions import Move, ask_question, choose_option
from shelterctl.terminal.screen import clear_screen, print_lines, print_sentence, screen_language, sentence_text
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_

PAPERS_WHICH_LANGUAGE = N_("In which language: {papers}?")
SHE_UNDERSTANDS = N_("{She|He} understands {languages}.")
SHE_NEEDS_AN_INTERPRETER = N_(
    "{She|He} understands {languages}. The paper does not exist in these languages, so someone has to interpret."
)
HER_LANGUAGES_UNKNOWN = N_("{Her|His} file does not say which languages {she|he} understands.")
LANGUAGES_NOT_APPROVED = N_("Texts that {issuer} has not approved yet, as the foot of the sheet says: {languages}.")


def ask_language(session: Session, papers: Sequence[str], her: Client | None) -> str | None:
    """Return the language of these papers, asked for; None if none is chosen.

    For *her* a language that she understands is offered.
    """
    rulebook, spoken = session.rulebook, screen_language()
    names = {code: about["name"] for code, about in rulebook.languages.items()}
    offer = next((code for code in (her.languages if her else [spoken]) if code in names), None)
    hints = [_understands_hint(rulebook, her, offer)] if her else []
    drafts = [paper_language_name(rulebook, code) for code in names if is_draft_language(rulebook, code)]
    hints.append(sentence_text(LANGUAGES_NOT_APPROVED, {"languages": drafts}))
    text = sentence_text(PAPERS_WHICH_LANGUAGE, {"papers": list(papers)})
    asked = Question("language", text, "code", names, hint=" ".join(hints))
    answer = ask_question(asked, session.clock, default=paper_language_name(rulebook, offer) if offer else "")
    return None if isinstance(answer.value, Move) else str(answer.value)


def paper_language_name(rulebook: Rulebook, code: str) -> str:
    """Return the name of a language of papers."""
    return format_fact(rulebook.languages[code]["name"], screen_language())


def _understands_hint(rulebook: Rulebook, her: Client, offer: str | None) -> str:
    if not her.languages:
        return sentence_text(HER_LANGUAGES_UNKNOWN)
    known = (
        Questionnaire(rulebook).for_place("identity.languages").format_answer(list(her.languages), screen_language())
    )
    return sentence_text(SHE_UNDERSTANDS if offer else SHE_NEEDS_AN_INTERPRETER, {"languages": known})


PRINT_TITLE = N_("File {id}: papers")
PRINT_WHICH_PAPER = N_("Which paper do you want to print? Enter goes back.")
PRINT_ALL_TO_SIGN = N_("everything to be signed today, in one file ({count})")
PRINT_ROW = N_("{paper}: {state}")
PRINT_STATE_AND_LANGUAGE = N_("{state} ({language})")
LANGUAGE_NOT_APPROVED = N_("{language}, text not approved by {issuer} yet")
PRINT_NOTHING_THERE = N_("There is nothing to print for file {id}: {she|he} has no stay and no agreement.")
PRINTED_AS_DRAFT = N_("{paper} is printed as a draft, not to be signed, until this is put right:")
PRINT_NOW = N_("Print it now for signing? Enter: later.")
PRINT_YES = N_("yes, print it")
CODES_AT_FEET = N_(
    "Codes at the foot of the sheets: {codes}. To see whether a sheet is still valid: shelterctl paper CODE"
)
CODES_AT_FEET_IN_MENU = N_(
    "Codes at the foot of the sheets: {codes}. To see whether a sheet is still valid, choose the line about "
    "the house in the menu."
)
HOW_TO_OPEN = N_("To see and print the file, double-click it, or type: {opener} {file}")
REPORT_STAYS_NAMELESS = N_(
    "{Her|His} name, date of birth, address and telephone are left blank on the report, so that a lost sheet "
    "does not identify {her|him}. Write in by hand what is needed."
)
PAPERS_ARE_IN = N_("The papers are in {file}. Anyone who has this file can read it: print it, then delete it.")


def print_papers(session: Session, id_: str) -> FilledSentences:
    """Print papers of one client, and record those signed by then.

    Returns the sentences for the end; none if nothing is printed.
    """
    her, _ = session.store.client(id_)
    papers, beside = client_papers(session, her), other_papers_to_sign(session, her, None, PaperRequest(PACK_FORM))
    if not (papers or beside):
        return ((PRINT_NOTHING_THERE, {"id": her.id}),)
    said: FilledSentences = ()
    with session.own_screen():
        print_sentence(PRINT_TITLE, {"id": her.id}, bold=True)
        while not said and (chosen := _choose_papers(session, papers, len(beside))):
            said = _print_chosen(session, her, *chosen)
    return said


def offer_to_print(session: Session, id_: str, entry: object) -> FilledSentences:
    """Offer to print an agreement that was just saved; return the sentences for the end, none if it is not printed.

    Ctrl-C counts as later, because everything asked before is saved.
    """
    try:
        her, _ = session.store.client(id_)
        chosen = [one for one in papers_to_sign(session, her) if one.entry and one.entry["id"] == entry]
        if not chosen or choose_option(PRINT_NOW, [(PRINT_YES, {})]) is None:
            return ()
        return _print_chosen(session, her, chosen, whole=False)
    except KeyboardInterrupt:
        print_lines([""])
        return ()


def write_papers(
    session: Session, stem: str, her: Client | None, made: Callable[[], Sequence[PreparedPaper]]
) -> Path | None:
    """Write the papers into a file that is asked for, and return its path; None if no file is named."""
    while to := ask_output_path(session, stem, her):
        path = Path(to.out)
        try:
            done = deliver_papers(session, made(), to)
        except DiskError as error:
            if error.facts.get("place") != OUT_FILE:
                raise
            print_sentence(error.message, {**error.facts, "place": format_path(path)}, indent="  ! ")
            continue
        print_lines([finding_text(session, finding) for finding in done.findings], indent="  ! ")
        if done.refused:
            continue
        _print_delivery(session, done, path)
        return path
    return None


def _choose_papers(
    session: Session, papers: Sequence[ClientPaper], beside: int
) -> tuple[Sequence[ClientPaper], bool] | None:
    """Return the chosen papers, and whether they are the whole pack; None if none is chosen.

    *beside* is the number of other papers in the pack.
    """
    waiting = [one for one in papers if one.to_sign]
    every = [(PRINT_ALL_TO_SIGN, {"count": len(waiting) + beside})] if len(waiting) > 1 or beside else []
    rows = [(PRINT_ROW, _paper_facts(session, one)) for one in papers]
    chosen = choose_option(PRINT_WHICH_PAPER, [*every, *rows])
    if chosen is None:
        return None
    return (waiting, True) if chosen < len(every) else ([papers[chosen - len(every)]], False)


def _paper_facts(session: Session, one: ClientPaper) -> Mapping[str, object]:
    state = sentence_text(one.state, {"on": one.on})
    if one.language:
        language = paper_language_name(session.rulebook, one.language)
        if is_draft_language(session.rulebook, one.language):
            language = sentence_text(LANGUAGE_NOT_APPROVED, {"language": language})
        state = sentence_text(PRINT_STATE_AND_LANGUAGE, {"state": state, "language": language})
    return {"paper": paper_title(one), "state": state}


def _print_chosen(session: Session, her: Client, papers: Sequence[ClientPaper], whole: bool) -> FilledSentences:
    """Print the chosen papers and return the sentences for the end; none if nothing was printed.

    The *whole* pack also has the other papers to sign, in the language that she is to understand.
    """
    for one in papers:
        _print_draft_reasons(session, her, one)
    languages: dict[bool, str] = {}
    for to_her in (True, False):
        group = [paper_title(one) for one in papers if one.language is None and one.to_her is to_her]
        if group:
            language = ask_language(session, group, her if to_her else None)
            if language is None:
                return ()
            languages[to_her] = language
    printed = [(one, one.language or languages[one.to_her]) for one in papers]
    stem = f"shelterctl-{her.id}-{session.today.isoformat()}"
    path = write_papers(session, stem, her, lambda: _make_papers(session, her, printed, whole, languages.get(True)))
    said: FilledSentences = ((PAPERS_ARE_IN, {"file": format_path(path)}),) if path else ()
    if path and any(one.form == REPORT_FORM for one in papers):
        said = (*said, (REPORT_STAYS_NAMELESS, {}))
    return (*said, *record_signatures(session, her.id, printed)) if path else ()


def _print_draft_reasons(session: Session, her: Client, one: ClientPaper) -> None:
    """Print what makes a paper a draft, so that it can be completed before printing."""
    if not (one.entry and one.form in session.rulebook.forms):
        return
    lacks = reasons_not_to_sign(session, her, session.rulebook.form(one.form), one.entry)
    if lacks:
        print_sentence(PRINTED_AS_DRAFT, {"paper": paper_title(one)}, bold=True)
        print_lines([finding_text(session, finding) for finding in lacks], indent="  - ")


def _make_papers(
    session: Session, her: Client, printed: Sequence[tuple[ClientPaper, str]], whole: bool, language: str | None
) -> Sequence[PreparedPaper]:
    """Return the papers, with the other papers of the *whole* pack, after a page of contents if there are several."""
    made = [make_client_paper(session, her, one, language) for one, language in printed]
    if whole:
        spoken = language or language_she_understands(session, her)
        made += other_papers_to_sign(session, her, spoken, PaperRequest(PACK_FORM))
    return [make_contents_page(session, her, made), *made] if len(made) > 1 else made


def _print_delivery(session: Session, done: Outcome, path: Path) -> None:
    """Print which papers were made, and how the file is opened."""
    clear_screen()
    for sentence, facts in done.said:
        title: Any = facts.get("title")
        if sentence not in (CODE_OF_SHEET, PAPER_FILE_IN_CLEAR, PAPER_IS_DRAFT):
            print_sentence(sentence, {**facts, "title": title_in_sentence(title) if title else None})
    codes = [str(facts["code"]) for sentence, facts in done.said if sentence == CODE_OF_SHEET]
    if codes:
        print_sentence(CODES_AT_FEET_IN_MENU if session.in_menu else CODES_AT_FEET, {"codes": codes})
    print_sentence(HOW_TO_OPEN, {"opener": file_opener_command(), "file": _quote_path(path)})


def _quote_path(path: Path) -> str:
    """Return a path quoted for a command line, where it has blanks."""
    text = format_path(path)
    home, rest = ("~/", text[2:]) if text.startswith("~/") else ("", text)
    return home + (f'"{rest}"' if any(character.isspace() for character in rest) else rest)


def print_register(session: Session, track: Track, code: str, month: str) -> FilledSentences:
    """Print what a register holds of one month about a house, a member of staff, an NGO or a provider.

    Returns the sentences for the end; none if nothing is printed.
    """
    language = ask_language(session, [title_in_sentence(track.title)], None)
    if language is None:
        return ()
    wanted = PaperRequest(track.name, language, month=month)
    return print_made(session, f"shelterctl-{code}-{track.name}-{month}", lambda: make_papers(session, code, wanted))


def print_made(session: Session, stem: str, made: Callable[[], Sequence[PreparedPaper]]) -> FilledSentences:
    """Write papers that name no client into a file that is asked for; *stem* is its offered name.

    Returns the sentences for the end; none if nothing is printed.
    """
    path = write_papers(session, stem, None, made)
    return ((PAPERS_ARE_IN, {"file": format_path(path)}),) if path else ()


def print_house_sheet(
    session: Session, track: Track, house: str, day: date, rows: Sequence[ResidentRow]
) -> FilledSentences:
    """Print the sheet on which everybody in a house signs for what she was given on a day.

    Returns the sentences for the end; none if nothing is printed.
    """
    language = ask_language(session, [title_in_sentence(track.title)], None)
    if language is None:
        return ()
    wanted = PaperRequest(track.name, language)
    stem = f"shelterctl-{house}-{track.name}-{day.isoformat()}"
    path = write_papers(session, stem, None, lambda: [make_house_sheet(session, wanted, track, house, day, rows)])
    return ((PAPERS_ARE_IN, {"file": format_path(path)}),) if path else ()


BLANK_WHICH_FORM = N_("Which blank form? Enter goes back.")
BLANK_ALL_FORMS = N_("all of them, in one file")
BLANK_ROW = N_("{form}")
BLANK_FORMS_ARE_IN = N_(
    "The file is {file}. It names nobody, but it shows whose computer this is: print it, then delete it."
)


def print_blank_forms(session: Session) -> FilledSentences:
    """Print one blank form, or all of them; return the sentences for the end, none if nothing is printed."""
    called = {form: title_in_sentence(title) for form, title in form_titles(session.rulebook).items()}
    path = None
    with session.own_screen():
        while path is None and (forms := _choose_forms(called)):
            if wanted := _blank_requests(session, {form: called[form] for form in forms}):
                papers = [make_paper(session, None, each) for each in wanted]
                path = write_papers(session, f"shelterctl-blank-{session.today.isoformat()}", None, lambda: papers)  # noqa: B023
    return ((BLANK_FORMS_ARE_IN, {"file": format_path(path)}),) if path else ()


def _choose_forms(called: Mapping[str, str]) -> Sequence[str]:
    options = [(BLANK_ALL_FORMS, {}), *((BLANK_ROW, {"form": each}) for each in called.values())]
    chosen = choose_option(BLANK_WHICH_FORM, options)
    return () if chosen is None else [list(called)[chosen - 1]] if chosen else list(called)


def _blank_requests(session: Session, called: Mapping[str, str]) -> Sequence[PaperRequest]:
    """Return a request for each form, in its only signing language or the one that is asked for; none without one."""
    forms = [form for form in called if form in session.rulebook.forms]
    own = {form: signing_language(session.rulebook.form(form), session.computer_day) for form in forms}
    free = [name for form, name in called.items() if not own.get(form)]
    language = ask_language(session, free, None) if free else ""
    return () if language is None else [PaperRequest(form, own.get(form) or language) for form in called]
