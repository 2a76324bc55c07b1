"""Cases that come from elsewhere, several at once: each is judged beside those before it, all are written as one act.

A case opens a file or goes on in the one that it meant before. She is admitted and discharged on the days of the case,
so that old cases fill no bed; and a stay that is over is not refused because the house was full at that time.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from shelterctl.act.admit import AdmitRequest, complete_admission, take_in
from shelterctl.act.batch import SAME_PERSON_CODES
from shelterctl.act.client_file import check_fragments
from shelterctl.act.discharge import discharge_client
from shelterctl.act.input import Input
from shelterctl.act.known_cases import (
    OLD_NUMBER_KEY,
    Case,
    KnownCase,
    KnownCases,
    fill_known,
    find_stay,
    separate_case,
    stay_roots,
)
from shelterctl.act.same_person import LikelyClient, find_likely_clients, judge_new_file
from shelterctl.act.sheet_persons import join_rows
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.core.people import MatchDegree
from shelterctl.core.record.client import Stay
from shelterctl.core.values.days import local_day
from shelterctl.custody.damage import make_note
from shelterctl.errors import ShelterError
from shelterctl.immutable import immutable
from shelterctl.language import TwoSentences, speak_of
from shelterctl.progress import report_steps
from shelterctl.session import Session
from shelterctl.store.store import DryRun
from shelterctl.ui_language import N_

JUDGING_ROWS = N_("Checking the rows")
ROW_REFUSED = N_("Row {row}:")
CELL_NEEDED = N_("An answer is needed here, and this cell gives none that can be taken.")
KEY_MISSING_CODE = "shape/missing-key"
ROW_REFUSED_IN_CELL = N_("Row {row}, {cell}:")
ROWS_READ = N_("Rows: {count}. Refused: {refused}.")
ROWS_WOULD_BE_REFUSED = N_(
    "These rows of the sheet would be refused, by number: {numbers}. As --check asked, nothing was written."
)
NO_ROW_WOULD_BE_REFUSED = N_("No row would be refused. As --check asked, nothing was written.")
ROWS_REFUSED = N_(
    "Nothing was written. These rows of the sheet are refused, by number: {numbers}. Correct them, or import the "
    "others with --each."
)
ROWS_LEFT = N_("Rows of the sheet that were not written, by number: {numbers}.")
ROWS_WRITTEN = N_("Clients' files that were opened or changed: {count}.")
NO_ROWS = N_("The sheet has no rows yet.")
ROWS_THERE_ALREADY = N_("Everything in these rows is in the store already; nothing was written.")

ROW_INSTEAD_OF_FILE = {
    "import/other-person": N_(
        "Row {other} has this number of the old register and another name. Correct the number or the name."
    ),
    "import/differs": N_("Row {other} says otherwise: {places}. Correct one of the two."),
    "import/open-stay": N_("Row {other} leaves a stay of this client open. Give the day on which the client left."),
}
"""The sentences about a file that an earlier row would open and that is not there yet, by the code of the finding."""

SAME_PERSON_AS_ROW = N_("may be the same person as in row {other}.")
ONE_NUMBER_OR_NEW_PERSON = N_(
    "If they are one person, write the full date of birth in both rows, or one number of the old register where the "
    "sheet has that column; if not, add --new-person."
)
SAME_PERSON_AS_FILE = N_("{id} may be the same person.")
NUMBER_OR_NEW_PERSON = N_(
    "At a terminal you are asked. Elsewhere add --new-person if it is another person; if not, write the row's number "
    "of the old register, where it has one, into that file."
)
FILE_SAYS_OTHERWISE = N_(
    "File {id} says otherwise, and stays as it is: {places}. If the sheet is right, correct the file."
)
FILE_SAYS_OTHERWISE_STOPS = N_("File {id} says otherwise: {places}. Correct the sheet or the file.")
NUMBER_OF_ANOTHER = N_(
    "File {id} has this number of the old register and another name. Correct the number, or add the name to the file "
    "as another name of the client."
)
OPEN_STAY_THERE = N_(
    "File {id} has an open stay already. Give the day on which the client left, or the same day of the referral if it "
    "is that stay."
)

_STAY = re.compile(r"^/stays/\d+(?=/)")

AskWhoRowMeans = Callable[[Session, Case, Sequence[LikelyClient]], str | None]
"""A function that asks whether the person in a row is one of those with her name; it returns the id of that file, or
None.
"""


@immutable
class ImportRequest:
    """The options of one import. *which* asks at a terminal who is meant by a row with a known name."""

    check: bool = False
    each_alone: bool = False
    new_person: bool = False
    which: AskWhoRowMeans | None = None


class ImportedRow(NamedTuple):
    """The result of a row: its number, the answer, the id of her file, and whether it brings anything new."""

    number: int
    outcome: Outcome
    client: str | None = None
    is_changed: bool = False
    cells: Mapping[str, str] = {}


def import_cases(session: Session, cases: Sequence[Case], asked: ImportRequest) -> Outcome:
    """Judge all cases, then write them as one act; with ``asked.each_alone`` those that are not refused."""
    # Gather.
    going = DryRun.over(session.store)
    there = session.with_store(going)
    cases = join_rows(cases, stay_roots(session.rulebook), by_name=not asked.new_person)
    known = KnownCases(there, cases)

    # Decide.
    rows: list[ImportedRow] = []
    checked = zip(cases, check_fragments(session, [one.given for one in cases]), strict=True)
    for case, given in report_steps(checked, JUDGING_ROWS, len(cases)):
        before = dict(going.planned)
        done = _import_case(there, case._replace(given=given), known, asked)
        if done.outcome.refused:
            going.restore_plan(before)
        rows.append(done._replace(is_changed=going.planned != before, cells=case.cells))
    bad = [row.number for row in rows if row.outcome.refused]
    writes = not asked.check and (asked.each_alone or not bad)

    # Act.
    if writes and going.planned:
        going.save_planned(session.store, did="import", by=session.journal_staff, at=session.timestamp)
    speak_of(None)  # the page is about several clients
    opened = _rows_by_new_file(going, rows)
    findings = tuple(found for row in rows for found in _row_findings(row, opened, writes))
    said = _sentences(rows, bad, len(going.planned), check=asked.check, writes=writes)
    return Outcome(data={"rows": [_page_row(row, writes) for row in rows]}, findings=findings, said=said)


def _import_case(there: Session, case: Case, cases: KnownCases, asked: ImportRequest) -> ImportedRow:
    if case.given.findings:
        return ImportedRow(case.number, Outcome(findings=case.given.findings))
    likely = find_likely_clients(there, case.given.value)
    known = cases.find(case, likely)
    alike: tuple[Finding, ...] = ()
    if known is None and likely and not asked.new_person:
        known, alike = _ask_who_is_meant(there, case, likely, asked)
    found = (*alike, *(_judge_known(known, case) if known else ()))
    if any(one.severity is Severity.REFUSE for one in found):
        return ImportedRow(case.number, Outcome(findings=found))
    try:
        done, differing = _carry_out(there, case, known)
    except ShelterError as trouble:
        note = replace(make_note(trouble), severity=Severity.REFUSE, where="")
        return ImportedRow(case.number, Outcome(findings=(note,)))
    found = (*found, *differing)
    refused = done[-1].refused or any(one.severity is Severity.REFUSE for one in found)
    told = done[-1].findings if done[-1].refused else tuple(each for one in done for each in one.findings)
    kept = {(one.code, one.where, str(one.facts)): one for one in (*found, *told)}
    whole = Outcome(data=done[-1].data, findings=tuple(kept.values()))
    if refused:
        return ImportedRow(case.number, whole)
    id_ = str(done[0].data["id"])
    cases.take(id_, case)
    return ImportedRow(case.number, whole, id_)


def _ask_who_is_meant(
    there: Session, case: Case, likely: Sequence[LikelyClient], asked: ImportRequest
) -> tuple[KnownCase | None, tuple[Finding, ...]]:
    """Return the file that a person at the terminal chose, and the findings about those who may be the same person."""
    same = [one for one in likely if one.match.degree is MatchDegree.SAME]
    if not same or asked.which is None or asked.check:
        return None, judge_new_file(likely)
    chosen = asked.which(there, case, same)
    her = next((one.client for one in same if one.client.id == chosen), None)
    return (None, ()) if her is None else (KnownCase(her, find_stay(her, case)), ())


def _judge_known(known: KnownCase, case: Case) -> Iterator[Finding]:
    """Yield what refuses a row whose file is known: another name, or a second open stay."""
    her, facts = known.client, {"id": known.client.id}
    if known.is_other_person:
        found = Finding(code="import/other-person", message=NUMBER_OF_ANOTHER, where=f"/{OLD_NUMBER_KEY}", facts=facts)
        yield replace(found, record=her.id)
    others = [stay for stay in her.stays if stay.is_open and (known.stay is None or stay.id != known.stay.id)]
    if others and case.acts.discharge is None and not case.without_stay and (known.stay is None or known.stay.is_open):
        yield Finding(code="import/open-stay", message=OPEN_STAY_THERE, record=her.id, facts=facts)


def _carry_out(there: Session, case: Case, known: KnownCase | None) -> tuple[list[Outcome], tuple[Finding, ...]]:
    """Return the answers of the steps up to the first that is refused, and what the file of a known client says
    otherwise.
    """
    given, differing, stay = case.given, list[str](), None
    if known:
        case = separate_case(there.rulebook, case, known)
        given = case.given
        filled, stay = fill_known(there, case, known), known.stay
        given, differing = replace(given, value=filled.rest), [*filled.differing]
    steps = [*_steps(there, case)]
    request = AdmitRequest(
        new_person=True, without_stay=case.without_stay, follows=any(_day_of(stay, path) is None for path, *_ in steps)
    )
    done = [take_in(there, known.client.id if known else None, lambda: given, request)]
    for path, day, step in steps:
        had = _day_of(stay, path)
        if done[-1].refused:
            break
        if had is None:
            done.append(step(str(done[0].data["id"])))
        elif stay and had != local_day(day):
            differing.append(f"/stays/{stay.index}/{path.replace('.', '/')}")
    return done, tuple(_differing_findings(known, case, differing)) if known and differing else ()


def _steps(there: Session, case: Case) -> Iterator[tuple[str, object, Callable[[str], Outcome]]]:
    """Yield the acts of a case: the place of the day in a stay, the day, and what does it for a client."""
    on, left = case.acts
    if on is not None:
        yield "admission.admitted_on", on, lambda id_: complete_admission(there, id_, on, is_over=left is not None)
    if left is not None:
        given = Input({"discharge": dict(left)}, (), None)
        yield "discharge.on", left["on"], lambda id_: discharge_client(there, id_, given)


def _day_of(stay: Stay | None, path: str) -> object:
    return stay.day(path) if stay else None


def _differing_findings(known: KnownCase, case: Case, places: Sequence[str]) -> Iterator[Finding]:
    """Yield the places where the file stays as it is; the cells of another system may not be lost, so they refuse."""
    stops, id_ = case.without_stay, known.client.id
    yield Finding(
        code="import/differs",
        message=FILE_SAYS_OTHERWISE_STOPS if stops else FILE_SAYS_OTHERWISE,
        severity=Severity.REFUSE if stops else Severity.WARN,
        record=id_,
        facts={"id": id_, "places": places},
    )


def put_at(fragment: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a dotted path of a fragment."""
    *above, last = path.split(".")
    for name in above:
        fragment = fragment.setdefault(name, {})
    fragment[last] = value


def _rows_by_new_file(going: DryRun, rows: Sequence[ImportedRow]) -> Mapping[str, int]:
    """Return the row that opens each file that is not in the store yet, by the id of the file."""
    new = {save.client.id for save in going.planned.values() if save.change.base is None}
    return {row.client: row.number for row in reversed(rows) if row.client in new and row.client}


def _row_findings(row: ImportedRow, opened: Mapping[str, int], writes: bool) -> Iterator[Finding]:
    """Yield the findings of a row with its number; a file that is not written is named by the row that opens it."""
    needed: set[str] = set()
    for found in row.outcome.findings:
        facts: dict[str, Any] = {**found.facts, "row": row.number}
        message, record = found.message, found.record or row.client
        if found.code in SAME_PERSON_CODES and found.severity is Severity.REFUSE:
            other = opened.get(str(facts["id"]))
            message = TwoSentences(SAME_PERSON_AS_FILE, NUMBER_OR_NEW_PERSON)
            if other is not None:
                message, facts = TwoSentences(SAME_PERSON_AS_ROW, ONE_NUMBER_OR_NEW_PERSON), {**facts, "other": other}
        if not writes and (other := opened.get(str(record))):
            facts, record = {**{name: value for name, value in facts.items() if name != "id"}, "other": other}, None
            message = ROW_INSTEAD_OF_FILE.get(found.code, message)
        before = ROW_REFUSED
        if found.severity is Severity.REFUSE and (cell := facts.get("cell") or _find_cell(row.cells, found)):
            before, facts = ROW_REFUSED_IN_CELL, {**facts, "cell": cell}
            if found.code == KEY_MISSING_CODE:
                message = CELL_NEEDED
                if cell in needed:
                    continue
                needed.add(cell)
        yield replace(found, message=TwoSentences(before, message), facts=facts, record=record)


def _find_cell(cells: Mapping[str, str], found: Finding) -> str | None:
    """Return the cell that a finding is about: of its place, of the paper for its item, or of what is beside it."""
    place, item = _STAY.sub("", found.where), str(found.facts.get("item"))
    exact = cells.get(f"{place}/{found.facts.get('key')}") or cells.get(place) or cells.get(item)
    near = (cell for at, cell in cells.items() if place and _is_around(at, place))
    return exact or next(near, None)


def _is_around(one: str, other: str) -> bool:
    """Whether one of two places holds the other."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _page_row(row: ImportedRow, writes: bool) -> dict[str, Any]:
    weights = {found.severity for found in row.outcome.findings}
    status = "refused" if row.outcome.refused else "open" if Severity.OPEN in weights else "ok"
    written = writes and row.is_changed and not row.outcome.refused
    return {
        "sheet_row": row.number,
        "id": row.client if written or not row.is_changed else None,
        "state": row.outcome.data.get("state"),
        "status": status,
        "written": written,
    }


def _sentences(
    rows: Sequence[ImportedRow], bad: Sequence[int], files: int, *, check: bool, writes: bool
) -> FilledSentences:
    if not rows:
        return ((NO_ROWS, {}),)
    read = (ROWS_READ, {"count": len(rows), "refused": len(bad)})
    if check:
        return (read, (ROWS_WOULD_BE_REFUSED, {"numbers": bad}) if bad else (NO_ROW_WOULD_BE_REFUSED, {}))
    if not writes:
        return (read, (ROWS_REFUSED, {"numbers": bad}))
    wrote = (ROWS_WRITTEN, {"count": files}) if files else (ROWS_THERE_ALREADY, {})
    return (read, wrote, (ROWS_LEFT, {"numbers": bad})) if bad else (read, wrote)
