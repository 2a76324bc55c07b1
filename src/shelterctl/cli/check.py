"""shelterctl check: checks records against the manual, and the store for damage."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from shelterctl.act.check import (
    JudgedRegisters,
    JudgedStore,
    judge_listed_client,
    judge_listed_record,
    judge_outside_file,
    readable_clients,
)
from shelterctl.act.publish import find_twice
from shelterctl.act.register import judge_registers
from shelterctl.act.same_person import find_duplicate_files
from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.custody import damage
from shelterctl.custody.check import find_exposures, find_role_troubles, judge_closed_store
from shelterctl.custody.recovery import compare_with_sheet
from shelterctl.errors import ShelterError
from shelterctl.journal.device_log import wrote_later_error
from shelterctl.language import Sentence, speak_of
from shelterctl.progress import report_steps
from shelterctl.prompts.check import ask_and_try_paper, ask_clock, ask_to_remember
from shelterctl.session import Session, may_ask
from shelterctl.store.attribution import find_clock_error
from shelterctl.store.folder import DIRECTORY_FILE, RECORD_FILE_NAME, SHELTER_FILE, STAFF_FILE
from shelterctl.store.subject import find_code
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.trust.readership import DIRECTORY_PART, part_of_file
from shelterctl.ui_language import N_
from shelterctl.view import safeguards
from shelterctl.view.readers import closed_parts_sentences
from shelterctl.view.trust import trust_list_doubts

CHECKING_FILES = N_("Checking the clients' files")
CHECK_SUMMARY = N_("Files: {records}. Open: {open}. Refused: {refused}.")
STORE_NOT_DAMAGED = N_("Nothing in the store is damaged.")

CHECK_SHEET_NUMBER = N_("The number for the sheet in the safe: {number}.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl check --strict")
def check(
    ctx: Ctx,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|CODE|FILE…]",
            help="The clients, codes or files to check; - reads a record from stdin; default: the whole store.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if anything is open, too.")] = False,
    recovery: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Only test whether the recovery key in FILE opens every file of the store."),
    ] = None,
    remember: Annotated[
        bool, typer.Option("--remember", help="Compare with the sheet in the safe, and remember the store from now on.")
    ] = False,
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", help="The last number on the sheet in the safe.")
    ] = None,
    words: Annotated[str | None, typer.Option(metavar="WORDS", help="The four words of the store, to compare.")] = None,
    clock: Annotated[
        bool,
        typer.Option("--clock", help="Confirm that the clock is right and that later dates in the store are wrong."),
    ] = False,
) -> Outcome:
    """Check records against the manual, and the store for damage."""
    # Gather.
    session = begin_command(ctx)
    if recovery:
        return ask_and_try_paper(session, Path(recovery), number, words)
    if remember or clock:
        return ask_clock(session) if clock else ask_to_remember(session, number, words)
    if not what and (shut := judge_closed_store(session)):
        return shut
    if number is not None or words is not None:
        compare_with_sheet(session.store.vault.journal, number, words)
    return _check_given(session, what, strict) if what else _check_store(session, strict)


def _check_given(session: Session, what: Sequence[str], strict: bool) -> Outcome:
    """Check only the clients and the files that were named."""
    files = [name for name in what if name == "-" or set(name) & set("./\\")]  # no id has one of these
    ids = [name for name in what if name not in files]

    # Decide.
    outside = [judge_outside_file(session, name) for name in files]
    findings: list[Finding] = [replace(one, record=each.record) for each in outside for one in each.findings]
    codes = {name: find_code(session.store, name) for name in ids}
    clients = {name: session.store.client(name)[0] for name in ids if codes[name] is None}
    damaged, newer = (session.store.damaged, session.store.read_only_files) if ids else ({}, {})  # files need no store
    for name in ids:
        found = codes[name]
        findings += judge_listed_record(session, *found) if found else judge_listed_client(session, clients[name])
    records = len(ids) + len(files)
    limits = dict.fromkeys(each.not_checked for each in outside if each.not_checked)  # said once for all files
    files_ = [{"kind": each.kind, "record": each.record} for each in outside]
    if records > 1:
        speak_of(None)
    return Outcome(
        data={"records": records, **({"files": files_} if files_ else {})},
        findings=tuple(findings),
        said=(_check_summary(records, findings), *((sentence, {"kind": kind}) for sentence, kind in limits)),
        harm=damage.damaged_files_error(damaged)
        or damage.newer_files_error(newer, sum(each.newer for each in outside)),
        strict=strict,
    )


def _check_store(session: Session, strict: bool) -> Outcome:
    """Check the whole store: every client's file against the manual, and every file for damage."""
    findings: list[Finding] = []
    judged = JudgedStore(session)
    count = sum(1 for _ in session.store.ids())
    clients = report_steps(readable_clients(session.store), CHECKING_FILES, count)
    duplicates = tuple(find_duplicate_files(session.rulebook, judged.judge_each(clients)))
    registers = JudgedRegisters(session)
    registers.judge()
    harm = _check_files(session, findings)
    if (trouble := judged.trouble or registers.trouble) and harm is None:
        raise trouble
    # If a register is damaged, that is reported already, and no client is judged by a part of it.
    findings += judged.findings()
    if harm is None and session.store.vault.opens(DIRECTORY_PART):
        findings += judge_registers(session)
    findings += registers.found
    findings += find_role_troubles(session)
    findings += duplicates
    number: int | None = None
    sound: FilledSentences = ()
    if harm is None:
        findings += find_twice(session)
        number = session.store.vault.journal.sheet_number()
        sound = ((STORE_NOT_DAMAGED, {}), (CHECK_SHEET_NUMBER, {"number": number}))
        if trouble := find_clock_error(session.store.vault.journal, session.timestamp):
            session.store.notices.append(trouble)
    said = (
        _check_summary(judged.count, findings),
        *sound,
        *trust_list_doubts(session.store.vault.journal.chain),
        *closed_parts_sentences(session),
        *safeguards.lacking_safeguards(session),
    )
    return Outcome(
        data={"records": judged.count, "sheet": {"number": number}, **safeguards.safeguards_as_data(session)},
        findings=tuple(findings),
        said=said,
        last=said if findings and may_ask(session) else (),  # at a terminal the first lines have scrolled away
        harm=harm or damage.newer_files_error(session.store.read_only_files),
        strict=strict,
    )


def _check_summary(records: int, findings: Sequence[Finding]) -> tuple[Sentence, dict[str, int]]:
    """Return a sentence with the number of files, and of findings that are open or refused."""
    counted = {
        name: sum(one.severity is severity for one in findings)
        for name, severity in (("open", Severity.OPEN), ("refused", Severity.REFUSE))
    }
    return CHECK_SUMMARY, {"records": records, **counted}


def _check_files(session: Session, findings: list[Finding]) -> ShelterError | None:
    """Find all damage once every client's file was read; return the error that sums it up, or None."""
    store = session.store
    journal = store.vault.journal
    wrong: dict[str, ShelterError] = dict(store.damaged)
    for name in (STAFF_FILE, SHELTER_FILE, DIRECTORY_FILE, *sorted(journal.files())):
        opens = store.vault.opens(part_of_file(name))
        if name not in wrong and not (opens and RECORD_FILE_NAME.fullmatch(name)):
            try:
                store.vault.read(name) if opens else store.vault.read_stored(name, counted=True)
            except ShelterError as error:
                wrong[name] = error
    store.damaged.clear()
    store.read_only_files.update(
        {name: wrong.pop(name) for name, error in [*wrong.items()] if error.code == damage.NEWER_FILE_CODE}
    )
    troubles = [*journal.verify(), *map(wrote_later_error, journal.lines_behind_ends()), *journal.foreign_journals()]
    findings += [damage.make_note(error) for error in troubles]
    findings += [damage.make_note(error, name) for name, error in sorted(wrong.items())]
    findings += [damage.repair_finding(line) for line in journal.repair_lines()]
    findings += list(find_exposures(session))
    places = [*(str(error.facts.get("place", TRUST_LIST_FILE)) for error in troubles), *sorted(wrong)]
    errors = [*troubles, *(wrong[name] for name in sorted(wrong))]
    return damage.partial_answer_error(places, errors) if places else None
