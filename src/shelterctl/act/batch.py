"""Several steps or documents in one call of admit: the documents of a stream, or items and the admission after a merge.

All writes are rehearsed first, so that each step sees the result of those before it: a bed that an earlier document
takes, a person entered twice, an item recorded in the same call.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shelterctl.act.admit import AdmitRequest, AskSamePerson, complete_admission, record_items_done, take_in
from shelterctl.act.change import NOTHING_WOULD_BE_REFUSED
from shelterctl.act.client_file import check_fragments, judge_entries
from shelterctl.act.input import Input
from shelterctl.act.redaction import count_sealed_findings
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.core.record.client import Client
from shelterctl.custody.damage import make_note
from shelterctl.document.subset import Unreadable
from shelterctl.errors import ExitCode, ShelterError, UsageError
from shelterctl.immutable import immutable
from shelterctl.language import AboutClient, Sentence, TwoSentences, form_in_use, speak_of
from shelterctl.session import Session
from shelterctl.store.folder import parse_client_id, record_file
from shelterctl.store.store import DryRun
from shelterctl.ui_language import N_

DOCUMENTS_READ = N_("Documents: {count}. Refused: {refused}.")
LIST_CUT_OFF = N_("The list cannot be read to its end, so nothing in it was written.")
DOCUMENTS_WOULD_BE_REFUSED = N_("Documents that would be refused: {numbers}. As --check asked, nothing was written.")
DOCUMENTS_REFUSED = N_(
    "Nothing was written. Refused documents: {numbers}. Correct them, or write the others with --each."
)
CLIENT_FILES_WRITTEN = N_("Clients' files that were opened or changed: {count}.")
DOCUMENTS_NOT_WRITTEN = N_("Documents that were not written: {numbers}.")
DOCUMENT_REPLACED_PLACES = N_("Document {document} replaced: {places}.")
DOCUMENT_LEFT_OUT_PLACES = N_(
    "Document {document}: already in the file, so not written again: {places}. If it happened again, add --again."
)
DOCUMENT_NUMBER = N_("Document {document}:")
IMPOSSIBLE_CLIENT_ID = N_("This is not a client's id: an id has eight digits and Latin letters, such as 7QF2-M9KD.")
SAME_PERSON_AS_DOCUMENT = N_("may be about the same person as document {other}.")
SAME_PERSON_AS_DOCUMENT_DIFFERING = N_("may be about the same person as document {other}: {reasons}.")
NEW_PERSON_OR_ONE_DOCUMENT = N_(
    "If it is about another person, add --new-person; otherwise put both into one document."
)
VOID_WHAT_IS_ENTERED_TWICE = N_("If so, strike through the duplicate entries in one of the two files.")

SAME_PERSON_CODES = ("admission/same-person", "admission/alike")
"""The codes of findings that say that she may have a file already."""

CLIENT_ID_KEY = "id"
"""The key at the top of a document that names its client; a document without it opens a new file."""


@immutable
class DocumentResult:
    """The result of one document of a stream: its number, the answer, and the id of its client.

    A new client has an id even before her file is written, and none if her document was refused. *form* is the form of
    words for the client of the document, None where no file was opened.
    """

    number: int
    outcome: Outcome
    client_id: str | None = None
    is_new: bool = False
    is_changed: bool = False
    exit_code: ExitCode = ExitCode.OK
    form: str | None = None


def run_steps_together(
    session: Session, asked: AdmitRequest, client: str | None, read: Callable[[], Input] | None,
    which: AskSamePerson | None = None,
) -> Outcome:  # fmt: skip
    """Do all steps of a request for one client, first merging the input of *read* if given. All are judged before
    anything is written.
    """
    going = DryRun.over(session.store)
    said = _run_steps(session.with_store(going), asked, client, read, which)
    data = {**said.data, **({"changed": bool(going.planned)} if "changed" in said.data else {})}
    if not asked.check and not said.refused:
        _write_rehearsed(session, going)
        return replace(said, data=data)
    noted = going.planned.get(record_file(str(data.get(CLIENT_ID_KEY))))
    new = (
        {CLIENT_ID_KEY: None} if noted and noted.change.base is None else {}
    )  # nothing is written, so this id will have no file
    return replace(said, data={**data, **new}, said=() if said.refused else ((NOTHING_WOULD_BE_REFUSED, {}),))


def _run_steps(
    session: Session, asked: AdmitRequest, client: str | None, read: Callable[[], Input] | None,
    which: AskSamePerson | None = None,
) -> Outcome:  # fmt: skip
    """Do the steps in turn in a session that writes nothing; the first refusal ends them."""
    done: list[Outcome] = []
    data: dict[str, Any] = {}
    steps: list[Callable[[str], Outcome]] = []
    if read:
        steps.append(lambda _: take_in(session, client, read, asked, which=which))
    if asked.items:
        steps.append(lambda id_: record_items_done(session, id_, asked.items, asked.on, asked.by, False))
    if asked.admits:
        steps.append(lambda id_: complete_admission(session, id_, asked.on))
    for step in steps:
        done.append(step(str(data.get(CLIENT_ID_KEY, client))))
        data |= done[-1].data
        if done[-1].refused:
            break
    alike = [found for one in done[:-1] for found in one.findings if found.code in SAME_PERSON_CODES]
    broken: Sequence[Finding] = ()
    if read and len(done) > 1 and not done[-1].refused:
        her = Client(session.store.read(data[CLIENT_ID_KEY]).value)
        broken = count_sealed_findings(judge_entries(session, her, her))
    said = [each for one in done for each in one.said]
    told = {(found.code, found.where, str(found.facts)): found for found in (*alike, *done[-1].findings, *broken)}
    return Outcome(data=data, findings=tuple(told.values()), said=said)


def process_stream(session: Session, given: Mapping[int, Input], asked: AdmitRequest) -> Outcome:
    """Process every document of a stream, each for a new client or one named by her id, and answer a row for each.

    All are judged before any is written. If one is refused, nothing is written, unless ``asked.each_alone``.
    """
    # Gather.
    going = DryRun.over(session.store)
    there = session.with_store(going)
    keyless = [
        replace(one, value={name: value for name, value in one.value.items() if name != CLIENT_ID_KEY})
        for one in given.values()
    ]

    # Decide.
    rows: list[DocumentResult] = []
    for (number, one), part in zip(given.items(), check_fragments(session, keyless), strict=True):
        before = dict(going.planned)
        speak_of(None)
        row = replace(_process_document(there, number, one, part, asked), form=form_in_use())
        if row.outcome.refused:
            going.restore_plan(before)
        rows.append(replace(row, is_changed=going.planned != before))
    bad = [row.number for row in rows if row.outcome.refused]
    writes = not asked.check and (asked.each_alone or not bad)

    # Act.
    if writes:
        _write_rehearsed(session, going)
    speak_of(None)  # the page is about several clients
    return _answer_page(rows, bad, writes, asked, len(going.planned))


def _write_rehearsed(session: Session, going: DryRun) -> None:
    going.save_planned(session.store, did="admit", by=session.journal_staff, at=session.timestamp)


def _process_document(there: Session, number: int, given: Input, part: Input, asked: AdmitRequest) -> DocumentResult:
    """Return the result of one document after the documents before it."""
    typed, her = given.value.get(CLIENT_ID_KEY), None
    if typed is not None and not given.findings:
        try:
            her = parse_client_id(typed if isinstance(typed, str) else "")
        except UsageError:
            wrong = Finding(code="stream/id", message=IMPOSSIBLE_CLIENT_ID, where="/id")
            return DocumentResult(number, Outcome(findings=given.located([wrong])), exit_code=ExitCode.REFUSED)
    try:
        said = _run_steps(there, asked, her, lambda: part)
    except ShelterError as trouble:
        if not _concerns_one_client(trouble, her):
            raise
        told = replace(make_note(trouble), severity=Severity.REFUSE, where="/id" if her else "")
        return DocumentResult(number, Outcome(findings=given.located([told])), her, exit_code=trouble.exit)
    if said.refused:
        return DocumentResult(number, said, her, her is None, exit_code=ExitCode.REFUSED)
    return DocumentResult(number, said, str(said.data[CLIENT_ID_KEY]), her is None)


def _concerns_one_client(trouble: ShelterError, her: str | None) -> bool:
    """Whether an error concerns one client's file alone: it is missing, damaged, of a newer version, or would be too
    large.
    """
    of_hers = her is not None and trouble.facts.get("place") == record_file(her)
    return of_hers or isinstance(trouble, Unreadable) or trouble.code.startswith("client/")


def _answer_page(
    rows: Sequence[DocumentResult], bad: Sequence[int], writes: bool, asked: AdmitRequest, files: int
) -> Outcome:
    """Return one answer with a row for each document; a new client has her id in it only if her file was written."""
    numbers = {row.client_id: row.number for row in rows if row.is_new and row.client_id}
    findings = [found for row in rows for found in _document_findings(row, numbers, writes)]
    said: list[tuple[Sentence, Mapping[str, object]]] = [(DOCUMENTS_READ, {"count": len(rows), "refused": len(bad)})]
    if rows and rows[-1].number > len(rows):
        said = [(LIST_CUT_OFF, {})]
    elif asked.check:
        said.append((DOCUMENTS_WOULD_BE_REFUSED, {"numbers": bad}) if bad else (NOTHING_WOULD_BE_REFUSED, {}))
    elif bad and writes:
        said += [(DOCUMENTS_NOT_WRITTEN, {"numbers": bad}), (CLIENT_FILES_WRITTEN, {"count": files})]
    elif bad:
        said.append((DOCUMENTS_REFUSED, {"numbers": bad}))
    else:
        said.append((CLIENT_FILES_WRITTEN, {"count": files}))
    said += _place_sentences(DOCUMENT_REPLACED_PLACES, "replaced", rows) if writes else []
    said += _place_sentences(DOCUMENT_LEFT_OUT_PLACES, "left_out", rows)
    return Outcome(data={"rows": [_page_row(row, writes) for row in rows]}, findings=tuple(findings), said=said)


def _place_sentences(sentence: Sentence, key: str, rows: Sequence[DocumentResult]) -> FilledSentences:
    """Return a sentence for each accepted document whose answer lists places under *key*."""
    return [
        (sentence, {"document": row.number, "places": row.outcome.data[key]})
        for row in rows
        if row.outcome.data.get(key) and not row.outcome.refused
    ]


def _page_row(row: DocumentResult, writes: bool) -> dict[str, Any]:
    data: Mapping[str, Any] = row.outcome.data
    refused_ = row.outcome.refused
    made = data.get("entries") or ({"": data["entry"]} if "entry" in data else {})
    weights = {found.severity for found in row.outcome.findings}
    status = "refused" if refused_ else "open" if Severity.OPEN in weights else "ok"
    return {
        "document": row.number,
        "id": row.client_id if not row.is_new or (writes and not refused_) else None,
        "state": data.get("state"),
        "status": status,
        "exit_code": int(row.exit_code),
        "written": writes and row.is_changed,
        "replaced": data.get("replaced", []),
        "left_out": data.get("left_out", []),
        "entries": list(made.values()),
    }


def _document_findings(row: DocumentResult, numbers: Mapping[str, int], writes: bool) -> Iterator[Finding]:
    """Yield the findings of a document with its number, and with her id if her file exists or is being written."""
    known = row.client_id if not row.is_new or (writes and not row.outcome.refused) else None
    for found in row.outcome.findings:
        facts = {**found.facts, "document": row.number}
        message, record = found.message, found.record or known
        if found.code in SAME_PERSON_CODES and (other := numbers.get(str(found.facts.get("id")))):
            stops = found.severity is Severity.REFUSE
            sentence = SAME_PERSON_AS_DOCUMENT_DIFFERING if found.facts.get("reasons") else SAME_PERSON_AS_DOCUMENT
            message = TwoSentences(sentence, NEW_PERSON_OR_ONE_DOCUMENT if stops else VOID_WHAT_IS_ENTERED_TWICE)
            facts |= {"other": other}
            if not writes:
                facts.pop("id")
                record = known
        said = AboutClient(facts, row.form) if row.form else facts
        yield replace(found, message=TwoSentences(DOCUMENT_NUMBER, message), facts=said, record=record)
