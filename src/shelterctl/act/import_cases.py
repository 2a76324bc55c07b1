"""Cases that come from elsewhere, several at once: each is judged beside those before it, all are written as one act.

A case opens a file or goes on in the one that it meant before: known by its old number, or by her name, year of birth
and the day of the referral. She is admitted and discharged on the days of the case, so that old cases fill no bed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from shelterctl.act.admit import AdmitRequest, complete_admission, take_in
from shelterctl.act.client_file import check_fragments
from shelterctl.act.discharge import discharge_client
from shelterctl.act.input import Input
from shelterctl.act.same_person import find_likely_clients
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.core.people import MatchDegree
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.record.file_tree import STAYS_KEY
from shelterctl.core.values.days import local_day
from shelterctl.core.values.facts import Facts
from shelterctl.custody.damage import make_note
from shelterctl.errors import ShelterError
from shelterctl.language import TwoSentences, speak_of
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.store import DryRun
from shelterctl.ui_language import N_

ROW_REFUSED = N_("Row {row}:")
ROWS_READ = N_("Rows: {count}. Refused: {refused}.")
ROWS_WOULD_BE_REFUSED = N_("Rows that would be refused: {numbers}. As --check asked, nothing was written.")
NO_ROW_WOULD_BE_REFUSED = N_("No row would be refused. As --check asked, nothing was written.")
ROWS_REFUSED = N_("Nothing was written. Refused rows: {numbers}. Correct them, or import the others with --each.")
ROWS_LEFT = N_("Rows that were not written: {numbers}.")
ROWS_WRITTEN = N_("Clients' files that were opened or changed: {count}.")
ROWS_THERE_ALREADY = N_("Everything in these rows is in the store already; nothing was written.")

FACILITY_KEY, OLD_NUMBER_KEY = "facility", "old_number"
"""The keys of the house of a stay, and of the number by which a case is known again."""


class CaseActs(NamedTuple):
    """The day on which she was admitted, and what is said of her discharge; None where it did not happen."""

    admitted_on: str | None = None
    discharge: Facts | None = None


class Case(NamedTuple):
    """One case: the number of its row, what it says, the acts, and the number in the old register."""

    number: int
    given: Input
    acts: CaseActs = CaseActs()
    old_number: str | None = None
    without_stay: bool = False


class ImportedRow(NamedTuple):
    """The result of a row: its number, the answer, the id of her file, and whether it brings anything new."""

    number: int
    outcome: Outcome
    client: str | None = None
    is_changed: bool = False


def import_cases(session: Session, cases: Sequence[Case], *, check: bool, each_alone: bool) -> Outcome:
    """Judge all cases, then write them as one act; with *each_alone* those that are not refused."""
    # Gather.
    going = DryRun.over(session.store)
    there = session.with_store(going)

    # Decide.
    rows: list[ImportedRow] = []
    for case, given in zip(cases, check_fragments(session, [one.given for one in cases]), strict=True):
        before = dict(going.planned)
        done = _import_case(there, case._replace(given=given))
        if done.outcome.refused:
            going.restore_plan(before)
        rows.append(done._replace(is_changed=going.planned != before))
    bad = [row.number for row in rows if row.outcome.refused]
    writes = not check and (each_alone or not bad)

    # Act.
    if writes and going.planned:
        going.save_planned(session.store, did="import", by=session.journal_staff, at=session.timestamp)
    speak_of(None)  # the page is about several clients
    findings = tuple(found for row in rows for found in _row_findings(row))
    said = _sentences(rows, bad, len(going.planned), check=check, writes=writes)
    return Outcome(data={"rows": [_page_row(row, writes) for row in rows]}, findings=findings, said=said)


def _import_case(there: Session, case: Case) -> ImportedRow:
    given, acts = case.given, case.acts
    if given.findings:
        return ImportedRow(case.number, Outcome(findings=given.findings))
    known = _find_known(there, case)
    if known and known.stay:
        given = _place_in_stay(there.rulebook, given, known.stay)
    steps: list[Callable[[str], Outcome]] = []
    if acts.admitted_on is not None:
        steps.append(lambda id_: complete_admission(there, id_, acts.admitted_on))
    if acts.discharge is not None:
        left = Input({"discharge": dict(acts.discharge)}, (), None)
        steps.append(lambda id_: discharge_client(there, id_, left))
    asked = AdmitRequest(without_stay=case.without_stay)
    try:
        done = [take_in(there, known.client if known else None, lambda: given, asked)]
        id_ = str(done[0].data.get("id"))
        for step in steps:
            if done[-1].refused:
                break
            done.append(step(id_))
    except ShelterError as trouble:
        told = replace(make_note(trouble), severity=Severity.REFUSE, where="")
        return ImportedRow(case.number, Outcome(findings=(told,)))
    kept = {(found.code, found.where, str(found.facts)): found for one in done for found in one.findings}
    whole = done[-1] if done[-1].refused else Outcome(data=done[-1].data, findings=tuple(kept.values()))
    return ImportedRow(case.number, whole, None if whole.refused else id_)


class KnownCase(NamedTuple):
    """The file that a row meant in an earlier run, and the stay in it with the row's referral, if there is one."""

    client: str
    stay: str | None


def _find_known(there: Session, case: Case) -> KnownCase | None:
    """Return the file of a row that was imported before: by its old number, else by her name, her year of birth and
    the day of the referral.
    """
    fragment = case.given.value
    referred = local_day(value_at(fragment, "referral.received_at"))
    if case.old_number is not None:
        named = (her for her in there.store.clients() if her.facts.get(OLD_NUMBER_KEY) == case.old_number)
        return next((KnownCase(her.id, _find_stay(her, referred)) for her in named), None)
    same = (one.client for one in find_likely_clients(there, fragment) if one.match.degree is MatchDegree.SAME)
    return next((KnownCase(her.id, stay) for her in same if (stay := _find_stay(her, referred))), None)


def _find_stay(her: Client, referred: date | None) -> str | None:
    days = ((stay.day("referral.received_at"), stay.id) for stay in her.stays)
    return next((stay for day, stay in days if day == referred), None) if referred else None


def _place_in_stay(rulebook: Rulebook, given: Input, stay: str) -> Input:
    """Return a fragment with everything about a stay inside that stay, so that no new one is opened."""
    roots = {track.at.partition(".")[0] for track in rulebook.tracks.values() if track.of_a_stay} | {FACILITY_KEY}
    own = {name: value for name, value in given.value.items() if name in roots}
    rest = {name: value for name, value in given.value.items() if name not in roots}
    return replace(given, value={**rest, STAYS_KEY: [{"id": stay, **own}]})


def put_at(fragment: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a dotted path of a fragment."""
    *above, last = path.split(".")
    for name in above:
        fragment = fragment.setdefault(name, {})
    fragment[last] = value


def _row_findings(row: ImportedRow) -> Iterator[Finding]:
    for found in row.outcome.findings:
        facts = {**found.facts, "row": row.number}
        record = found.record or row.client
        yield replace(found, message=TwoSentences(ROW_REFUSED, found.message), facts=facts, record=record)


def _page_row(row: ImportedRow, writes: bool) -> dict[str, Any]:
    weights = {found.severity for found in row.outcome.findings}
    status = "refused" if row.outcome.refused else "open" if Severity.OPEN in weights else "ok"
    written = writes and row.is_changed and not row.outcome.refused
    return {
        "row": row.number,
        "id": row.client if written or not row.is_changed else None,
        "state": row.outcome.data.get("state"),
        "status": status,
        "written": written,
    }


def _sentences(
    rows: Sequence[ImportedRow], bad: Sequence[int], files: int, *, check: bool, writes: bool
) -> FilledSentences:
    read = (ROWS_READ, {"count": len(rows), "refused": len(bad)})
    if check:
        return (read, (ROWS_WOULD_BE_REFUSED, {"numbers": bad}) if bad else (NO_ROW_WOULD_BE_REFUSED, {}))
    if not writes:
        return (read, (ROWS_REFUSED, {"numbers": bad}))
    wrote = (ROWS_WRITTEN, {"count": files}) if files else (ROWS_THERE_ALREADY, {})
    return (read, wrote, (ROWS_LEFT, {"numbers": bad})) if bad else (read, wrote)
