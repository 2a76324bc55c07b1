"""From papers to the press and out, as one file or on the screen; a filled sheet is noted in the record it shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shelterctl import screen
from shelterctl.act.discretion import named
from shelterctl.act.target import Target, in_the_way, putting, telling
from shelterctl.core.finding import Finding, Outcome, Said, Severity
from shelterctl.desk import Desk
from shelterctl.errors import BrokenRulebook
from shelterctl.language import N_, Plural
from shelterctl.paper.agreement import MARK
from shelterctl.paper.form import blank_of
from shelterctl.paper.place import called, worded
from shelterctl.paper.request import PACK, Paper, Request
from shelterctl.press import PLAIN, Medium, press

PRESSING = N_("Making the PDF…")
PRINTED = Plural(N_("{title}: {count} page."), N_("{title}: {count} pages."), "count")
WRITTEN = N_("{title}: written.")
CODE = N_("Code of the sheet: {code}. Whether it is still right can be asked later: shelterctl paper {code}")
MARKED = N_(
    "It is marked as a draft, since something is lacking or does not fit. "
    "The reasons are told by: shelterctl agreement {id} --form {form} --sign --check"
)
IN_CLEAR = N_("Whoever has this file can read it. Print it, then delete it.")
NOT_NOTED = N_(
    "This store can only be read, so the code is not noted in it; it is the same again as long as nothing changes."
)
LEFT_BLANK = N_("Names, contacts and free text are left blank, and the sheet has no code; --names fills them in.")
OVERFLOW = N_(
    "{title} does not fit on one page: the text at {place} has {length} letters. It goes on to page {pages}. "
    "Shorten the text in her file, or sign every page."
)
TOO_LONG = N_("The sheet {form} in {language} does not fit on one page.")


def deliver(here: Desk, papers: Sequence[Paper], to: Target | None, size: str = PLAIN) -> Outcome:
    """Press *papers* into one file, or show them where no file is named, and note the codes of filled ones.

    *size* is that of the paper in the printer.
    """
    findings = tuple(worded(here.shelf, paper.form, finding) for paper in papers for finding in paper.findings)
    if to is None:
        shown = press([sheet for paper in papers for sheet in paper.sheets[:1]], Medium.TEXT).data.decode()
        prose: Said = [("{line}", {"line": line}) for line in shown.splitlines()]
        private = any(paper.record for paper in papers)
        data = {**_data(papers), "text": shown}
        return Outcome(data=data, findings=findings, said=_left(papers), prose=prose, private=private)
    if stopped := (*in_the_way(to, here.identity_file), *_telling(here, papers, to)):
        return Outcome(findings=stopped)
    with screen.busy(PRESSING, quiet=here.json or to.kind != Medium.PDF):
        pressed = press([sheet for paper in papers for sheet in paper.sheets], Medium(to.kind), size)
    pages = _pages(papers, pressed.pages)
    findings += tuple(_too_long(here, papers, pressed.pages, size))
    with putting(to, pressed.data) as stream:
        noted = _noted(here, [paper for paper in papers if not paper.left and paper.form != PACK])
    said = [_told(paper, pages.get(number)) for number, paper in enumerate(papers)]
    said += [(MARKED, {"id": paper.record, "form": paper.form}) for paper in papers if MARK in paper.facts]
    said += [(CODE, {"code": paper.code}) for paper in papers if paper.code]
    said += [(NOT_NOTED, {})] if not noted else []
    said += _left(papers)
    said += [(IN_CLEAR, {})] if not to.piped and any(paper.record for paper in papers) else []
    data = _data(papers, pages)
    return Outcome(data=data, findings=findings, said=tuple(said), stream=stream)


def bare(here: Desk, to: Target | None, names: bool) -> bool:
    """Whether a paper must name nobody: it goes where names may not, and is no file that somebody asked for."""
    return (to is None or to.piped) and not named(here, names)


def _left(papers: Sequence[Paper]) -> Said:
    return ((LEFT_BLANK, {}),) if any(paper.left for paper in papers) else ()


def _telling(here: Desk, papers: Sequence[Paper], to: Target) -> Iterator[Finding]:
    """That the name of a filled sheet would tell too much; a blank one may have any."""
    for record in dict.fromkeys(paper.record for paper in papers if paper.record):
        her = None if record in here.store.staff_in() else here.store.client(record)[0].facts
        yield from telling(to, her, record)


def _data(papers: Sequence[Paper], pages: Mapping[int, int] | None = None) -> dict[str, Any]:
    rows = [
        {
            "form": paper.form,
            "language": paper.language,
            "record": paper.record,
            "code": paper.code,
            "pages": (pages or {}).get(number),
        }
        for number, paper in enumerate(papers)
        if paper.form != PACK
    ]
    return {"printed": rows}


def _told(paper: Paper, pages: int | None) -> tuple[Any, Mapping[str, object]]:
    return (PRINTED if pages else WRITTEN), {"title": paper.title, "count": pages or 0}


def _pages(papers: Sequence[Paper], pages: Sequence[int]) -> dict[int, int]:
    """On how many pages each paper stands; nothing where there are no pages."""
    left = iter(pages)
    return {number: sum(next(left) for _ in paper.sheets) for number, paper in enumerate(papers)} if pages else {}


def _too_long(here: Desk, papers: Sequence[Paper], pages: Sequence[int], size: str) -> list[Finding]:
    """Sheets that need a second page: the longest text is named, unless the form is too long without any."""
    found, left = [], iter(pages)
    for paper in papers if pages else ():
        counts = [(each, next(left)) for each in paper.sheets]
        count = max((count for each, count in counts if not each.long), default=1)
        if count == 1:
            continue
        alone = blank_of(here, Request(paper.form, paper.language))
        place = max(paper.facts, key=lambda place: len(paper.facts[place]), default=None)
        if place is None or max(press(alone.sheets, Medium.PDF, size).pages) > 1:
            raise BrokenRulebook("template/too-long", TOO_LONG, form=paper.form, language=paper.language)
        facts = {
            "title": paper.title,
            "place": called(here.shelf, paper.form, place),
            "length": len(paper.facts[place]),
            "pages": count,
        }
        one = Finding(code="paper/too-long", message=OVERFLOW, severity=Severity.OPEN, where=place, record=paper.record)
        found.append(replace(one, facts=facts))
    return found


def _noted(here: Desk, papers: Sequence[Paper]) -> bool:
    """Whether every filled sheet is noted in its record; a blank form has none."""
    if not any(paper.record for paper in papers):
        return True
    from shelterctl.paper.trace import note  # noqa: PLC0415 - for a blank form no store is opened

    return note(here, papers)
