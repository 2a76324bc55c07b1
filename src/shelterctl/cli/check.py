"""shelterctl check: records against the manual, and the store against damage."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from shelterctl import contract
from shelterctl.act.agreed import judged
from shelterctl.act.file import judged_admission, subject
from shelterctl.act.given import read_input
from shelterctl.act.recovery import opened_with
from shelterctl.cli.options import Ctx, desk
from shelterctl.core import checklist, monitoring, stay
from shelterctl.core.finding import Finding, Outcome, Severity, softened
from shelterctl.core.record import Client
from shelterctl.desk import Desk, walked
from shelterctl.errors import Damaged
from shelterctl.language import N_
from shelterctl.store import DIRECTORY, SHELTER, STAFF, file_of

FINE = N_("Files: {records}. Open: {open}. Refused: {refused}.")
SOUND = N_("Nothing in the store is damaged.")
STRANGE = N_("A file in {place} is not the store's. Take it out; it was not read.")
ROOT = N_("the store's own folder")

OWN = {SHELTER, STAFF, DIRECTORY, ".lock", ".gitignore", ".gitattributes", "README.md"}
FOLDERS = ("residents", "registers", "journal")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl check --strict")
def check(
    ctx: Ctx,
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[ID|FILE…]", help="Which; default: the whole store.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 for open things too.")] = False,
    recovery: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Only try whether the recovery key in FILE opens every file of the store."),
    ] = None,
) -> Outcome:
    """Hold records against the manual, and the store against damage."""
    # Gather.
    here = desk(ctx)
    if recovery:
        return opened_with(here, recovery)
    files = [name for name in what or () if Path(name).suffix in (".yaml", ".yml", ".json")]
    ids = [name for name in what or () if name not in files]

    # Decide.
    findings: list[Finding] = [found for name in files for found in _file(here, name)]
    clients = [here.store.client(id_)[0] for id_ in ids] if what else _whole(here, findings)
    for her in clients:
        findings += [replace(found, record=her.id) for found in judged_record(here, her)]
    if strict:
        findings = [replace(f, severity=Severity.REFUSE) if f.severity is Severity.OPEN else f for f in findings]
    weights = {
        name: sum(f.severity is severity for f in findings)
        for name, severity in (("open", Severity.OPEN), ("refused", Severity.REFUSE))
    }
    records = len(clients) + len(files)
    summary = (FINE, {"records": records, **weights})
    said = (summary,) if what else (summary, (SOUND, {}))
    last = said if findings and walked(here) else ()  # what stands first has scrolled away there
    return Outcome(data={"records": records}, findings=tuple(findings), said=said, last=last)


def judged_record(here: Desk, her: Client) -> tuple[Finding, ...]:
    """One file: an act already done is refused where its evidence would not grant it now; before the act it is open."""
    return (*_acts(here, her), *judged(here, her), *_reports(here, her))


def _acts(here: Desk, her: Client) -> tuple[Finding, ...]:
    found: tuple[Finding, ...] = ()
    last = her.stay
    if last is None:
        return softened(
            checklist.missing(here.shelf.checklist("admission"), subject(here, her, here.today, count=False))
        )
    if last.turned_away:
        return ()
    admission = tuple(
        f for f in judged_admission(here, her, last.admitted_on or here.today, count=False) if not _todays(f)
    )
    found += admission if last.admitted_on else softened(admission)
    if last.discharged_on:
        act = stay.Act(last.discharged_on, last.discharged_on, here.store.staff_in())
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
    return tuple(found)


def _file(here: Desk, name: str) -> tuple[Finding, ...]:
    """A record outside the store, in clear: its shape, line by line."""
    return read_input(name, contract.resident(here.shelf)).findings


def _whole(here: Desk, findings: list[Finding]) -> list[Client]:
    """Every client; damage anywhere ends the check with the first place that is damaged."""
    clients, damage = [], list(here.store.vault.journal.verify())
    for id_ in here.store.ids():
        try:
            clients.append(here.store.client(id_)[0])
        except Damaged as error:
            damage.append(error)
    for name in (STAFF, SHELTER, DIRECTORY, *sorted(here.store.vault.journal.files())):
        try:
            here.store.vault.stored(name)
        except Damaged as error:
            damage.append(error)
    if damage:
        raise damage[0]
    known = OWN | {file_of(id_) for id_ in here.store.ids()}
    for path in sorted(here.store.root.rglob("*")):
        place = path.relative_to(here.store.root).as_posix()
        if path.is_dir() or place in known or place.startswith((".git/", "journal/")):
            continue
        folder = path.relative_to(here.store.root).parts[0]  # a name that someone gave may be a person's
        shown = folder if folder in FOLDERS else ROOT
        findings.append(Finding(code="store/stranger", severity=Severity.WARN, message=STRANGE, facts={"place": shown}))
    return clients
