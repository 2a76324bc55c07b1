"""One file judged: acts that are done already by their own days, what is still to come as open."""

from shelterctl.act.agreed import judged
from shelterctl.act.file import judged_admission, lacking, strange
from shelterctl.core import checklist, monitoring, stay
from shelterctl.core.double import idle
from shelterctl.core.finding import Finding, softened
from shelterctl.core.record import Client
from shelterctl.desk import Desk


def judged_record(here: Desk, her: Client) -> tuple[Finding, ...]:
    """One file: an act already done is refused where its evidence would not grant it now; before the act it is open.

    Of a file that counts nowhere nothing is asked that it lacks.
    """
    done = (*judged(here, her), *_reports(here, her))
    return done if idle(her) else (*_acts(here, her), *done, *strange(here, her.facts))


def _acts(here: Desk, her: Client) -> tuple[Finding, ...]:
    found: tuple[Finding, ...] = ()
    last = her.stay
    if last is None:
        return lacking(here, her)
    if last.turned_away:
        return ()
    admission = tuple(
        f for f in judged_admission(here, her, last.admitted_on or here.today, count=False) if not _todays(f)
    )
    found += admission if last.admitted_on else softened(admission)
    if last.discharged_on:
        act = stay.Act(last.discharged_on, last.discharged_on)
        held = checklist.Subject(her, last, last.discharged_on)
        found += tuple(stay.discharge(here.shelf.checklist("discharge"), held, act, None))
    return found


def _todays(finding: Finding) -> bool:
    """Whether a finding depends on today, or on who sleeps there now: that is the act's alone."""
    return finding.code in ("admission/in-future", "admission/full-house")


def _reports(here: Desk, her: Client) -> tuple[Finding, ...]:
    writers = here.store.staff_in("social_worker")
    found: list[Finding] = []
    stay_ = f"/stays/{her.lived.index}" if her.lived else ""
    for number, report in enumerate(her.duties.get("reports") or ()):
        if "void" not in report:
            where = f"{stay_}/monitoring/reports/{number}"
            found += monitoring.judge(here.shelf.report, her, report, where, today=None, writers=writers)
    for number, attempt in enumerate(her.duties.get("attempts") or ()):
        if "void" not in attempt:
            found += softened(monitoring.wordless(attempt, f"{stay_}/monitoring/attempts/{number}"))
    if "scheduled" in her.duties:
        found += softened(monitoring.scheduled(here.shelf.report, her))
    return tuple(found)
