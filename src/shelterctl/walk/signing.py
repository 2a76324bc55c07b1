"""The signatures under what was just printed: recorded by the questions of each paper, or left for later."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from shelterctl import ask, screen
from shelterctl.act.perform import content, standing
from shelterctl.core.finding import Outcome, Said
from shelterctl.core.sheet import Annex
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.paper.client import ClientPaper, unsigned
from shelterctl.paper.request import REPORT
from shelterctl.walk import item
from shelterctl.walk.remark import remark
from shelterctl.walk.signature import Notice, later, sign
from shelterctl.walk.step import Step, Walk, introduce, waits
from shelterctl.walk.table import Table
from shelterctl.walk.title import called

ONE = N_("{paper}: has it been signed? Enter: later.")
YES = N_("yes, record it now")
SEVERAL = N_("What has been signed? A number records it; Enter: the rest later.")
ROW = N_("{paper}")
TITLE = N_("File {id}: {paper}, signed")
SHE_SIGNS = N_("When she has signed, write that down.")
FILLED_IN = N_("When it is filled in and signed, write it down.")

Printout = Sequence[tuple[ClientPaper, str]]
"""The papers of one client that were printed together, each with its language."""


def record(here: Desk, id_: str, printed: Printout) -> Said:
    """Ask which printed papers are signed by now, and record those; what is said of them when the screen is gone.

    Ctrl-C is as good as later: whatever was answered is saved.
    """
    said: dict[tuple[str, str | None], Said] = {}
    reports = [one for one, _ in printed if one.to_sign and one.form == REPORT]
    waiting = [each for each in printed if each[0].to_sign and each[0] not in reports]  # those are filled in first
    try:
        while waiting:
            chosen = _chosen(waiting)
            if chosen is None:
                break
            outcome = _one(here, id_, *waiting[chosen])
            said[_named(waiting[chosen][0])] = outcome.said  # what was left for later may be recorded after all
            refusals = outcome.findings if outcome.refused else ()
            screen.write([remark(here, finding) for finding in refusals], indent="  ! ")
            waiting = [each for each in waiting if _still(here, id_, each[0])]
    except KeyboardInterrupt:
        screen.write([""])
    told = (one for each in said.values() for one in each)
    return (*told, *_later(id_, [*(one for one, _ in waiting), *reports]))


def _chosen(waiting: Printout) -> int | None:
    if len(waiting) == 1:
        return ask.choice(ONE, [(YES, {})], {"paper": called(waiting[0][0])})
    return ask.choice(SEVERAL, [(ROW, {"paper": called(one)}) for one, _ in waiting])


def _still(here: Desk, id_: str, before: ClientPaper) -> bool:
    """Whether it is still to be signed, as her file stands now."""
    her, _ = here.store.client(id_)
    return any(_named(one) == _named(before) for one in unsigned(here, her))


def _named(paper: ClientPaper) -> tuple[str, str | None]:
    """Which paper of hers it is, also once her file has changed: its form, and the id of the entry that is on it."""
    return paper.form, (paper.entry or {}).get("id")


def _one(here: Desk, id_: str, one: ClientPaper, language: str) -> Outcome:
    if one.entry is None:
        return _annex(here, id_, here.shelf.annex(one.form), one, language)
    her, _ = here.store.client(id_)
    form = here.shelf.form(one.form)
    return sign(here, id_, form, standing(her, form, content(one.entry), one.entry), one.entry, None, language)


def _annex(here: Desk, id_: str, annex: Annex, one: ClientPaper, language: str) -> Outcome:
    """That she signed it is recorded at once; the day and what else belongs to it are asked."""
    table = Table(here, id_)
    if found := table.put(f"{annex.recorded_in}.signed", value=True):
        return Outcome(findings=found)
    going = Walk(here, f"admit {id_}", partial(_steps, table, annex, language), table.refresh, table.remarks)
    nothing: Said = ()
    with going.kept(lambda: nothing), here.alone():
        screen.tell(TITLE, {"id": id_, "paper": called(one)}, bold=True)
        introduce()
        going.part(lambda step: True)
    still = item.open_at(table, str(annex.recorded_in))
    return Outcome(said=tuple((item.STAYS_OPEN, {"what": remark(here, one)}) for one in still))


def _steps(table: Table, annex: Annex, language: str) -> list[Step]:
    """The questions of the checklist's item about this annex, with today and the language of the paper offered."""
    return list(_offered(table, str(annex.recorded_in), language))


def _offered(table: Table, place: str, language: str) -> Iterator[Step]:
    for step in item.steps(table, "admission"):
        path = step.question.path
        if path == f"{place}.signed_on":
            yield replace(step, offer=screen.shown(table.here.today))
        elif path == f"{place}.language":
            yield replace(step, offer=step.question.shown(language, screen.spoken()))
        elif path.startswith(f"{place}.") and path != f"{place}.signed":
            yield step


def _later(id_: str, waiting: Sequence[ClientPaper]) -> Iterator[Notice]:
    """Notices of how the papers that are left are recorded later."""
    drafts = [one.form for one in waiting if one.entry]
    if any(one.to_her for one in waiting):
        yield waits(SHE_SIGNS, f"admit {id_}")
    for one in waiting:
        if one.entry:
            yield later(one.form, id_, one.entry.get("number") if drafts.count(one.form) > 1 else None)
        elif not one.to_her:
            yield waits(FILLED_IN, f"monitor record {id_}")
