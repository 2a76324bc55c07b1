"""shelterctl check: records against the manual, and the store against damage."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from shelterctl import contract, machine
from shelterctl.act import damage
from shelterctl.act.agreed import judged
from shelterctl.act.comparison import compared, remembered
from shelterctl.act.file import judged_admission, subject
from shelterctl.act.given import read_input
from shelterctl.act.recovery import opened_with
from shelterctl.cli.options import Ctx, desk
from shelterctl.core import checklist, monitoring, stay
from shelterctl.core.finding import Finding, Outcome, Said, Severity, softened
from shelterctl.core.record import Client
from shelterctl.desk import Desk, walked
from shelterctl.errors import ShelterError
from shelterctl.language import N_
from shelterctl.store import ASIDE, DIRECTORY, RECORD, SECRETS, SHELTER, STAFF, TRUST, file_of
from shelterctl.view.access import doubts

FINE = N_("Files: {records}. Open: {open}. Refused: {refused}.")
SOUND = N_("Nothing in the store is damaged.")
STRANGE = N_("A file in {place} is not the store's. Take it out; it was not read.")
ROOT = N_("the store's own folder")

NUMBER = N_("The number for the sheet in the safe: {number}.")
OWN = {TRUST, SHELTER, STAFF, DIRECTORY, SECRETS, ".lock", ".git", ".gitignore", ".gitattributes", "README.md", ASIDE}
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
    remember: Annotated[
        bool, typer.Option("--remember", help="Compare with the sheet in the safe, and remember the store from now on.")
    ] = False,
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", help="The last number on the sheet in the safe.")
    ] = None,
    words: Annotated[str | None, typer.Option(metavar="WORDS", help="The four words, to be compared.")] = None,
) -> Outcome:
    """Hold records against the manual, and the store against damage."""
    # Gather.
    here = desk(ctx)
    if recovery:
        return opened_with(here, recovery, number, words)
    if remember:
        return remembered(here, number, words)
    if number is not None or words is not None:
        compared(here.store.vault.journal, number, words)
    files = [name for name in what or () if Path(name).suffix in (".yaml", ".yml", ".json")]
    ids = [name for name in what or () if name not in files]

    # Decide.
    findings: list[Finding] = [found for name in files for found in _file(here, name)]
    harm: ShelterError | None = None
    if what:
        clients = [here.store.client(id_)[0] for id_ in ids]
    else:
        clients, harm = _whole(here, findings)
    try:
        for her in clients:
            findings += [replace(found, record=her.id) for found in judged_record(here, her)]
    except ShelterError:
        if harm is None:
            raise
        # What she is held against is itself damaged: that is told already, and nobody is judged by halves.
    if strict:
        findings = [replace(f, severity=Severity.REFUSE) if f.severity is Severity.OPEN else f for f in findings]
    weights = {
        name: sum(f.severity is severity for f in findings)
        for name, severity in (("open", Severity.OPEN), ("refused", Severity.REFUSE))
    }
    records = len(clients) + len(files)
    summary = (FINE, {"records": records, **weights})
    if what:
        return Outcome(data={"records": records}, findings=tuple(findings), said=(summary,))
    count = here.store.vault.journal.number() if harm is None else None
    if harm is None and (clock := here.store.wrong_clock(here.at)):
        here.store.told.append(clock)
    sound: Said = ((SOUND, {}), (NUMBER, {"number": count})) if harm is None else ()
    said = (summary, *sound, *doubts(here.store.vault.journal.chain))
    last = said if findings and walked(here) else ()  # what stands first has scrolled away there
    data = {"records": records, "sheet": {"number": count}}
    return Outcome(data=data, findings=tuple(findings), said=said, last=last, harm=harm)


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


def _whole(here: Desk, findings: list[Finding]) -> tuple[list[Client], ShelterError | None]:
    """Every client whose file is whole, and what is damaged, all of it."""
    store = here.store
    clients, journal = list(store.clients()), store.vault.journal
    wrong: dict[str, ShelterError] = dict(store.wrong)
    for name in (STAFF, SHELTER, DIRECTORY, *sorted(journal.files())):
        if name not in wrong and not RECORD.fullmatch(name):
            try:
                store.vault.read(name)
            except ShelterError as error:
                wrong[name] = error
    store.wrong.clear()
    troubles = [*journal.verify(), *journal.strangers()]
    findings += [damage.note(error) for error in troubles]
    findings += [damage.note(error, name) for name, error in sorted(wrong.items())]
    findings += [damage.mended(line) for line in journal.notable()]
    findings += list(_strange(here))
    places = [*(str(error.facts.get("place", TRUST)) for error in troubles), *sorted(wrong)]
    return clients, damage.part(places, [*troubles, *wrong.values()]) if places else None


def _strange(here: Desk) -> Iterator[Finding]:
    """What lies in the store's folders and is not the store's; it is not read, and its name may be a person's."""
    root, known = here.store.root, OWN | {file_of(id_) for id_ in here.store.ids()} | here.store.vault.journal.files()
    for folder in ("", *FOLDERS):
        for name in machine.names_in(root / folder):
            place = f"{folder}/{name}" if folder else name
            if place in known or name in FOLDERS or (folder == "journal" and name.endswith(".jsonl")):
                continue
            if folder == "registers" and (root / place).is_dir():
                continue
            yield Finding(
                code="store/stranger", severity=Severity.WARN, message=STRANGE, facts={"place": folder or ROOT}
            )
