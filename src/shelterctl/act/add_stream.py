"""Several entries in one call of add: each document of a stream is an entry of the same track, about the same client or
code.

All are rehearsed first, so that each entry is judged beside those before it. They are saved as one act, or none is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shelterctl.act.add import ADD_ATTEMPTS, add_entry
from shelterctl.act.batch import (
    DOCUMENT_LEFT_OUT_PLACES,
    DOCUMENT_NUMBER,
    DOCUMENTS_NOT_WRITTEN,
    DOCUMENTS_READ,
    DOCUMENTS_REFUSED,
    DOCUMENTS_WOULD_BE_REFUSED,
    LIST_CUT_OFF,
)
from shelterctl.act.change import NOTHING_WOULD_BE_REFUSED
from shelterctl.act.input import Input
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.core.manual.track import Track
from shelterctl.custody.damage import make_note
from shelterctl.document.subset import Unreadable
from shelterctl.errors import CannotOpen, Conflict, ExitCode, NotFound, ShelterError
from shelterctl.immutable import immutable
from shelterctl.language import LabelledCode, TwoSentences
from shelterctl.session import Session
from shelterctl.store.store import DryRun
from shelterctl.ui_language import N_

ENTRIES_WRITTEN = N_("Entries saved: {count}.")


@immutable
class StreamRequest:
    """The target of a stream of entries: a *client*'s id or a code, and the *track*; *check* writes nothing,
    *each_alone* writes those that are not refused, *again* also what is there word for word.
    """

    client: str
    track: Track
    check: bool = False
    each_alone: bool = False
    again: bool = False


@immutable
class EntryResult:
    """The result of one document: its number, the answer, and whether it brings anything new."""

    number: int
    outcome: Outcome
    is_changed: bool = False
    exit_code: ExitCode = ExitCode.OK


def add_entries(session: Session, given: Mapping[int, Input], asked: StreamRequest) -> Outcome:
    """Write an entry for every document of a stream, and answer a row for each.

    All are judged before any is written. If one is refused, nothing is written, unless ``asked.each_alone``. If another
    command changes the file meanwhile, they are judged and written anew.
    """
    for _ in range(ADD_ATTEMPTS):
        try:
            return _try_add_entries(session, given, asked)
        except Conflict as error:
            if error.code != "vault/changed":
                raise
    return _try_add_entries(session, given, asked)


def _try_add_entries(session: Session, given: Mapping[int, Input], asked: StreamRequest) -> Outcome:
    # Gather.
    going = DryRun.over(session.store)
    there = session.with_store(going)
    her, _ = going.subject_to_change(asked.client)

    # Decide.
    rows: list[EntryResult] = []
    for number, one in given.items():
        before = dict(going.planned), dict(going.records)
        row = _add_document(there, number, one, asked)
        if row.outcome.refused:
            going.restore_plan(*before)
        rows.append(replace(row, is_changed=(going.planned, going.records) != before))
    bad = [row.number for row in rows if row.outcome.refused]
    writes = not asked.check and (asked.each_alone or not bad)

    # Act.
    if writes:
        going.save_planned(session.store, did="add", by=session.journal_staff, at=session.timestamp)
    data: dict[str, Any] = {"id": her.id, "track": LabelledCode(asked.track.name, asked.track.text)}
    data |= {"rows": [_page_row(row, writes) for row in rows]}
    findings = [found for row in rows for found in _document_findings(row)]
    return Outcome(data=data, findings=tuple(findings), said=_page_sentences(rows, bad, writes, asked))


def _add_document(there: Session, number: int, given: Input, asked: StreamRequest) -> EntryResult:
    """Return the result of one document after the documents before it."""
    if given.findings:
        return EntryResult(number, Outcome(findings=given.findings), exit_code=ExitCode.REFUSED)
    try:
        said = add_entry(there, asked.client, asked.track, given, again=asked.again)
    except (Unreadable, CannotOpen, NotFound) as trouble:
        return _refused_by(number, given, trouble)
    return EntryResult(number, said, exit_code=ExitCode.REFUSED if said.refused else ExitCode.OK)


def _refused_by(number: int, given: Input, trouble: ShelterError) -> EntryResult:
    told = replace(make_note(trouble), severity=Severity.REFUSE, where="")
    return EntryResult(number, Outcome(findings=given.located([told])), exit_code=trouble.exit)


def _page_row(row: EntryResult, writes: bool) -> dict[str, Any]:
    data, weights = row.outcome.data, {found.severity for found in row.outcome.findings}
    status = "refused" if row.outcome.refused else "open" if Severity.OPEN in weights else "ok"
    written = writes and row.is_changed
    return {
        "document": row.number,
        "entry": data.get("entry") if written else None,
        "stay": data.get("stay"),
        "status": status,
        "exit_code": int(row.exit_code),
        "written": written,
        "left_out": data.get("left_out", []),
    }


def _document_findings(row: EntryResult) -> list[Finding]:
    """Return the findings of a document with its number."""
    return [
        replace(
            found,
            message=TwoSentences(DOCUMENT_NUMBER, found.message),
            facts={**found.facts, "document": row.number},
        )
        for found in row.outcome.findings
    ]


def _page_sentences(
    rows: Sequence[EntryResult], bad: Sequence[int], writes: bool, asked: StreamRequest
) -> FilledSentences:
    """Return the sentences under the rows: how many documents there were, and what was written."""
    if rows and rows[-1].number > len(rows):
        return ((LIST_CUT_OFF, {}),)
    read = (DOCUMENTS_READ, {"count": len(rows), "refused": len(bad)})
    if asked.check:
        return (read, (DOCUMENTS_WOULD_BE_REFUSED, {"numbers": bad}) if bad else (NOTHING_WOULD_BE_REFUSED, {}))
    if bad and not writes:
        return (read, (DOCUMENTS_REFUSED, {"numbers": bad}))
    left: FilledSentences = ((DOCUMENTS_NOT_WRITTEN, {"numbers": bad}),) if bad else ()
    left_out = tuple(
        (DOCUMENT_LEFT_OUT_PLACES, {"document": row.number, "places": row.outcome.data["left_out"]})
        for row in rows
        if row.outcome.data.get("left_out") and not row.outcome.refused
    )
    return (read, *left, (ENTRIES_WRITTEN, {"count": sum(row.is_changed for row in rows)}), *left_out)
