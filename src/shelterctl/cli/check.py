"""shelterctl check: records against the manual, and the store against damage."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from shelterctl.act import damage
from shelterctl.act.clock import settled
from shelterctl.act.comparison import compared, remembered
from shelterctl.act.exposure import closed, exposed
from shelterctl.act.judgement import judged_record, still_open
from shelterctl.act.likely import twice
from shelterctl.act.outside import judged_file
from shelterctl.act.recovery import opened_with
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.everyone import Everyone
from shelterctl.core.finding import Finding, Outcome, Said, Severity
from shelterctl.core.record import Client
from shelterctl.desk import Desk, walked
from shelterctl.errors import Damaged, ShelterError
from shelterctl.journal import wrote_later
from shelterctl.language import N_
from shelterctl.store import DIRECTORY, RECORD, SHELTER, STAFF, TRUST, Store, file_of
from shelterctl.store.clock import wrong_clock
from shelterctl.view import safeguard
from shelterctl.view.access import doubts

FINE = N_("Files: {records}. Open: {open}. Refused: {refused}.")
SOUND = N_("Nothing in the store is damaged.")

NUMBER = N_("The number for the sheet in the safe: {number}.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl check --strict")
def check(
    ctx: Ctx,
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID|FILE…]", help="Which; - reads a record from stdin; default: the whole store."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 for open things too.")] = False,
    recovery: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Only try whether the recovery key in FILE opens every file of the store."),
    ] = None,
    remember: Annotated[
        bool, typer.Option("--remember", help="Compare with the sheet in the safe, and remember the store from now on.")
    ] = False,
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", help="The last number on the sheet in the safe.")
    ] = None,
    words: Annotated[str | None, typer.Option(metavar="WORDS", help="The four words, to be compared.")] = None,
    clock: Annotated[
        bool, typer.Option("--clock", help="Say that the clock is right, and that what is dated later was wrong.")
    ] = False,
) -> Outcome:
    """Hold records against the manual, and the store against damage."""
    # Gather.
    here = desk(ctx)
    if recovery:
        return opened_with(here, Path(recovery), number, words)
    if remember or clock:
        return settled(here) if clock else remembered(here, number, words)
    if not what and (shut := closed(here)):
        return shut
    if number is not None or words is not None:
        compared(here.store.vault.journal, number, words)
    files = [name for name in what or () if name == "-" or set(name) & set("./\\")]  # no id has one of these
    ids = [name for name in what or () if name not in files]

    # Decide.
    outside = [judged_file(here, name) for name in files]
    findings: list[Finding] = [replace(one, record=each.record) for each in outside for one in each.findings]
    harm: ShelterError | None = None
    if what:
        clients = [here.store.client(id_)[0] for id_ in ids]
    else:
        clients, harm = _whole(here, findings)
    theirs = here.store.newer if ids or not what else {}
    try:
        for her in clients:
            if file_of(her.id) in theirs:  # by an older shelf it would be judged wrongly
                continue
            findings += [*still_open(here, her)]
            findings += [replace(found, record=her.id) for found in judged_record(here, her)]
    except ShelterError:
        if harm is None:
            raise
        # What she is held against is itself damaged: that is told already, and nobody is judged by halves.
    findings += () if what else twice(clients)
    weights = {
        name: sum(f.severity is severity for f in findings)
        for name, severity in (("open", Severity.OPEN), ("refused", Severity.REFUSE))
    }
    records = len(clients) + len(files)
    summary = (FINE, {"records": records, **weights})
    if what:
        told = dict.fromkeys(each.limit for each in outside if each.limit)  # once, of however many files
        limits = [(sentence, {"kind": kind}) for sentence, kind in told]
        files_ = [{"kind": each.kind, "record": each.record} for each in outside]
        data = {"records": records, **({"files": files_} if files_ else {})}
        return Outcome(
            data=data,
            findings=tuple(findings),
            said=(summary, *limits),
            harm=damage.newer(theirs, sum(each.newer for each in outside)),
            strict=strict,
        )
    count = here.store.vault.journal.number() if harm is None else None
    whole = harm is None
    if whole and (trouble := wrong_clock(here.store.vault.journal, here.at)):
        here.store.told.append(trouble)
    sound: Said = ((SOUND, {}), (NUMBER, {"number": count})) if whole else ()
    said = (summary, *sound, *doubts(here.store.vault.journal.chain), *safeguard.lacking(here))
    last = said if findings and walked(here) else ()  # what stands first has scrolled away there
    data = {"records": records, "sheet": {"number": count}, **safeguard.data(here)}
    return Outcome(
        data=data, findings=tuple(findings), said=said, last=last, harm=harm or damage.newer(theirs), strict=strict
    )


def _openable(store: Store) -> Iterator[Client]:
    """Every client whose file is whole, whatever this key can open of it; what is not is remembered like damage."""
    for her in store.clients():
        try:
            store.laid_open(her)
        except Damaged as error:
            store.wrong[file_of(her.id)] = error
        else:
            yield her


def _whole(here: Desk, findings: list[Finding]) -> tuple[list[Client], ShelterError | None]:
    """Every client whose file is whole, and what is damaged, all of it."""
    store = here.store
    clients, journal = list(_openable(store)), store.vault.journal
    wrong: dict[str, ShelterError] = dict(store.wrong)
    for name in (STAFF, SHELTER, DIRECTORY, *sorted(journal.files())):
        if name not in wrong and not RECORD.fullmatch(name):
            try:
                store.vault.read(name)
            except ShelterError as error:
                wrong[name] = error
    store.wrong.clear()
    store.__dict__["everyone"] = Everyone(lambda: clients)  # all of them are open here
    store.newer.update({name: wrong.pop(name) for name, error in [*wrong.items()] if error.code == damage.BY_NEWER})
    troubles = [*journal.verify(), *map(wrote_later, journal.behind()), *journal.strangers()]
    findings += [damage.note(error) for error in troubles]
    findings += [damage.note(error, name) for name, error in sorted(wrong.items())]
    findings += [damage.mended(line) for line in journal.notable()]
    findings += list(exposed(here))
    places = [*(str(error.facts.get("place", TRUST)) for error in troubles), *sorted(wrong)]
    errors = [*troubles, *(wrong[name] for name in sorted(wrong))]
    return clients, damage.part(places, errors) if places else None
