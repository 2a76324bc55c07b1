"""One file judged: acts that are done already by their own days, what is still to come as open."""

from collections.abc import Iterator
from dataclasses import replace

from shelterctl.act.discretion import shrouded
from shelterctl.act.file import DISCHARGE, beside, entries, judged_admission, lacking, strange
from shelterctl.act.perform import judged
from shelterctl.core import act as acts
from shelterctl.core import duty
from shelterctl.core.finding import Finding, Severity, softened
from shelterctl.core.home import misplaced
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.language import N_

WITHHELD = N_(
    "This key may read that part of her file ({part}), and a sealed entry in it does not open ({entry}). Ask who wrote "
    "it. Put the file back from a backup: shelterctl repair {record} --from BACKUP"
)

STILL_OPEN = N_(
    "In this file, answers that are sealed now lie open on the disk, as an older version wrote them. They are shown "
    "nowhere any more, and go into the sealed part of her file when it is changed next."
)

OTHER_STAY = N_(
    "By its day this belongs to her stay {stay}. If that is so, strike it through here and write it down with "
    "--again: then it goes into the stay of its day."
)


def judged_record(here: Desk, her: Client) -> tuple[Finding, ...]:
    """One file: an act already done is refused where its evidence would not grant it now; before the act it is open.

    Of a file that counts nowhere nothing is asked that it lacks. What is sealed is judged as far as this key reads it,
    and what is found there is counted alone.
    """
    her = here.store.laid_open(her)
    done = (
        *_withheld(here, her),
        *judged(here, her),
        *_reports(here, her),
        *entries(here, her),
        *_elsewhere(here, her),
    )
    return shrouded(done if her.idle else (*_acts(here, her), *done, *strange(here, her.facts)))


def still_open(here: Desk, her: Client) -> Iterator[Finding]:
    """That her file has open on the disk what is sealed now, and has not been saved since."""
    if her.id in here.store.moving.still_open:
        yield Finding(code="sealed/still-open", message=STILL_OPEN, severity=Severity.WARN, record=her.id)


def _withheld(here: Desk, her: Client) -> tuple[Finding, ...]:
    """Sealed entries that should open here and do not, each by its part and its id; the rest of the file is judged."""
    return tuple(
        Finding(
            code="sealed/withheld",
            message=WITHHELD,
            severity=Severity.WARN,
            where="/sealed",
            facts={name: place.facts[name] for name in ("record", "part", "entry")},
        )
        for place in here.store.withheld(her)
    )


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
        held = replace(beside(here, her, last, last.discharged_on), today=last.discharged_on)
        found += tuple(acts.judge_act(here.shelf.acts[DISCHARGE], held))
    return found


def _elsewhere(here: Desk, her: Client) -> Iterator[Finding]:
    """Entries that lie in another stay than the one to which their day belongs."""
    for name in here.shelf.track_names if len(her.stays) > 1 else ():
        for where, stay in misplaced(here.shelf.tracks[name], her, here.shelf.tracks):
            facts = {"stay": stay.id, "record": her.id}
            yield Finding(code="track/other-stay", message=OTHER_STAY, severity=Severity.WARN, where=where, facts=facts)


def _todays(finding: Finding) -> bool:
    """Whether a finding depends on today, or on who sleeps there now: that is the act's alone."""
    return finding.code in ("admission/in-future", "admission/full-house")


def _reports(here: Desk, her: Client) -> tuple[Finding, ...]:
    """What was written about her after she left, each stay by itself; of a client who lived in none, at the top."""
    found: list[Finding] = []
    for stay in (*her.stays, *(() if her.lived else (None,))):
        root = f"/stays/{stay.index}" if stay else ""
        duties = duty.written(her, stay)
        if not duties:
            continue
        around = replace(beside(here, her, stay, here.today), today=None)
        for number, report in enumerate(duties.get("reports") or ()):
            if "void" not in report:
                found += duty.judge_report(here.shelf.report, report, f"{root}/monitoring/reports/{number}", around)
        for number, attempt in enumerate(duties.get("attempts") or ()):
            if "void" not in attempt:
                found += softened(duty.wordless(attempt, f"{root}/monitoring/attempts/{number}"))
        if "scheduled" in duties:
            found += softened(duty.scheduled(here.shelf.report, her, stay))
    return tuple(found)
