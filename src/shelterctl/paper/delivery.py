"""Papers as one file or on the screen. The codes of filled sheets in a file are noted in their records, if the store
can be written.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shelterctl.act.output_path import OutputTarget, judge_target, judge_target_name, writing_output
from shelterctl.act.redaction import may_show_names
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.errors import BrokenRulebook
from shelterctl.language import Plural, Sentence
from shelterctl.paper.agreement import DRAFT_MARK_PLACE
from shelterctl.paper.facts import place_in_words, with_place_in_words
from shelterctl.paper.forms import make_paper
from shelterctl.paper.request import PACK_FORM, PaperRequest, PreparedPaper
from shelterctl.press.sheet import PAPER_A4, Medium, render_sheets
from shelterctl.session import Session
from shelterctl.terminal.screen import show_busy
from shelterctl.ui_language import N_

MAKING_PDF = N_("Making the PDF…")
PAPER_HAS_PAGES = Plural(N_("{title}: {count} page."), N_("{title}: {count} pages."), "count")
PAPER_IS_WRITTEN = N_("{title}: saved.")
CODE_OF_SHEET = N_("Code of the sheet: {code}. Check later whether it is still right with: shelterctl paper {code}")
PAPER_IS_DRAFT = N_(
    "It is marked as a draft, because something is missing or does not fit. See the reasons with: shelterctl "
    "agreement {id} --form {form} --sign --check"
)
PAPER_FILE_IN_CLEAR = N_("Anyone who has this file can read it. Print it, then delete it.")
SHEET_CODE_NOT_NOTED = N_(
    "This store is read-only, so the code is not noted in it. A reprint has the same code as long as nothing changes."
)
NAMES_LEFT_BLANK = N_(
    "Names, contacts and free text are left blank, so the sheet has no code. Fill them in with: --names"
)
TEXT_OVERFLOWS_PAGE = N_(
    "{title} does not fit on one page and goes on to page {pages}: the text at {place} has {length} letters. "
    "Shorten the text in {her|his} file, or sign every page."
)
FORM_OVERFLOWS_PAGE = N_("The sheet {form} in {language} does not fit on one page.")


def deliver_papers(
    session: Session, papers: Sequence[PreparedPaper], to: OutputTarget | None, size: str = PAPER_A4
) -> Outcome:
    """Render *papers* into one file, or show them if no file is named.

    The codes of filled sheets in a file are noted, unless their names were left out or the store is only read. *size*
    is the size of the paper in the printer.
    """
    found = ((paper.form, finding) for paper in papers for finding in paper.findings)
    findings = tuple(with_place_in_words(session.rulebook, form, finding) for form, finding in found)
    if to is None:
        shown = render_sheets([sheet for paper in papers for sheet in paper.sheets[:1]], Medium.TEXT).data.decode()
        prose: FilledSentences = [("{line}", {"line": line}) for line in shown.splitlines()]
        private = any(paper.is_filled for paper in papers)
        data = {**_papers_as_data(papers), "text": shown}
        return Outcome(data=data, findings=findings, said=_left_blank_note(papers), prose=prose, private=private)
    if stopped := (*judge_target(to, session.identity_file), *_telling_name_findings(session, papers, to)):
        return Outcome(findings=stopped)
    with show_busy(MAKING_PDF, quiet=session.json or to.kind != Medium.PDF):
        pressed = render_sheets([sheet for paper in papers for sheet in paper.sheets], Medium(to.kind), size)
    pages = _pages_by_paper(papers, pressed.pages)
    findings += tuple(_overflow_findings(session, papers, pressed.pages, size))
    with writing_output(to, pressed.data) as stream:
        noted = _note_filled_papers(
            session, [paper for paper in papers if not paper.left_blank and paper.form != PACK_FORM]
        )
    said: list[tuple[Sentence, Mapping[str, object]]] = []
    for number, paper in enumerate(papers):
        count = pages.get(number, 0)
        said.append((PAPER_HAS_PAGES if count else PAPER_IS_WRITTEN, {"title": paper.title, "count": count}))
    drafts = [paper for paper in papers if DRAFT_MARK_PLACE in paper.facts]
    said += [(PAPER_IS_DRAFT, {"id": paper.record, "form": paper.form}) for paper in drafts]
    said += [(CODE_OF_SHEET, {"code": paper.code}) for paper in papers if paper.code]
    said += [(SHEET_CODE_NOT_NOTED, {})] if not noted else []
    said += _left_blank_note(papers)
    said += [(PAPER_FILE_IN_CLEAR, {})] if not to.is_pipe and any(paper.is_filled for paper in papers) else []
    data = _papers_as_data(papers, pages)
    return Outcome(data=data, findings=findings, said=tuple(said), stream=stream)


def must_name_nobody(session: Session, to: OutputTarget | None, names: bool) -> bool:
    """Whether a paper must name nobody: it goes to the screen or a pipe, and names may not be shown there."""
    return (to is None or to.is_pipe) and not may_show_names(session, names)


def _left_blank_note(papers: Sequence[PreparedPaper]) -> FilledSentences:
    return ((NAMES_LEFT_BLANK, {}),) if any(paper.left_blank for paper in papers) else ()


def _telling_name_findings(session: Session, papers: Sequence[PreparedPaper], to: OutputTarget) -> Iterator[Finding]:
    """Yield the findings that the file name of a filled sheet reveals too much; a blank may have any name."""
    for record in dict.fromkeys(paper.record for paper in papers if paper.record):
        her = None if record in session.store.staff_with_role() else session.store.client(record)[0].facts
        yield from judge_target_name(to, her, record)


def _papers_as_data(papers: Sequence[PreparedPaper], pages: Mapping[int, int] | None = None) -> dict[str, Any]:
    rows = [
        {
            "form": paper.form,
            "language": paper.language,
            "record": paper.record,
            "code": paper.code,
            "pages": (pages or {}).get(number),
        }
        for number, paper in enumerate(papers)
        if paper.form != PACK_FORM
    ]
    return {"printed": rows}


def _pages_by_paper(papers: Sequence[PreparedPaper], pages: Sequence[int]) -> dict[int, int]:
    """Return the number of pages of each paper; empty for a medium without pages."""
    left = iter(pages)
    return {number: sum(next(left) for _ in paper.sheets) for number, paper in enumerate(papers)} if pages else {}


def _overflow_findings(
    session: Session, papers: Sequence[PreparedPaper], pages: Sequence[int], size: str
) -> list[Finding]:
    """Return findings on sheets with more pages than their form has; each names the longest text.

    Raises BrokenRulebook if the blank form itself is too long.
    """
    found, left = [], iter(pages)
    for paper in papers if pages else ():
        counts = [(each, next(left)) for each in paper.sheets]
        count = max((count for each, count in counts if not each.long), default=1)
        if count == 1:
            continue
        blank = make_paper(session, None, PaperRequest(paper.form, paper.language))
        needed = max(render_sheets(blank.sheets, Medium.PDF, size).pages)
        grown = all(each.grows for each in paper.sheets)
        if grown and count <= needed:
            continue
        place = max(paper.facts, key=lambda place: len(paper.facts[place]), default=None)
        if place is None or (needed > 1 and not grown):
            raise BrokenRulebook("template/too-long", FORM_OVERFLOWS_PAGE, form=paper.form, language=paper.language)
        facts = {
            "title": paper.title,
            "place": place_in_words(session.rulebook, paper.form, place),
            "length": len(paper.facts[place]),
            "pages": count,
        }
        about: dict[str, Any] = {"where": place, "record": paper.record, "facts": facts}
        found.append(Finding(code="paper/too-long", message=TEXT_OVERFLOWS_PAGE, severity=Severity.OPEN, **about))
    return found


def _note_filled_papers(session: Session, papers: Sequence[PreparedPaper]) -> bool:
    """Note every filled sheet in its record, and return whether that was possible; blank forms need no note."""
    if not any(paper.record for paper in papers):
        return True
    from shelterctl.paper.code import note_sheets  # noqa: PLC0415 - only needed for filled sheets

    return note_sheets(session, papers)
