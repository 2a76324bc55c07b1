"""Several things asked for at once: documents of a stream, items and the gate behind what is merged; judged together.

Whatever is to be written is rehearsed first, so that each act finds what those before it would leave: a bed that an
earlier document takes, a person who is entered twice, an item that is done in the same call.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from shelterctl import document
from shelterctl.act import gate, intake
from shelterctl.act.damage import note
from shelterctl.act.discretion import shrouded
from shelterctl.act.file import CHECKED, entries, fragments
from shelterctl.act.input import Input
from shelterctl.act.item import done_on
from shelterctl.core.finding import Finding, Outcome, Said, Severity
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.errors import Exit, ShelterError, Usage
from shelterctl.language import N_, Both, Sentence
from shelterctl.store import file_of, read_id
from shelterctl.store.rehearsal import Rehearsal

READ = N_("Documents: {count}. Refused: {refused}.")
CUT = N_("The list cannot be read to its end. It is one text: none of it was written.")
WOULD_NOT = N_("Documents that would be refused: {numbers}. As --check asked, nothing was written.")
NOTHING = N_("Nothing was written. Refused documents: {numbers}. Correct them, or write the others with --each.")
WRITTEN = N_("Clients' files that were opened or changed: {count}.")
WITHOUT = N_("Documents that were not written: {numbers}.")
REPLACED = N_("Document {document} replaced: {places}.")
LEFT_OUT = N_(
    "Document {document}, already there and not written once more: {places}. If it happened again, add --again."
)
NUMBER = N_("Document {document}:")
NOT_AN_ID = N_("No client can have this id: it has eight digits and Latin letters, such as 7QF2-M9KD.")
TWICE = N_("may be of the same person as document {other}.")
TWICE_DIFFERS = N_("may be of the same person as document {other}: {reasons}.")
ANOTHER = N_("If it is of another one, say --new-person; else put both into one document.")
STRIKE = N_("If it is, strike through in one of the two files what was entered twice.")

LIKE = ("admission/same-person", "admission/alike")
"""The codes under which it is told that she may be here already."""

ID = "id"
"""What names a client at the top of a document; one without it opens a new file."""


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """What is to be done with each document, in this order: merged, its items done, admitted."""

    new_person: bool = False
    without_stay: bool = False
    done: Sequence[str] = ()
    complete: bool = False
    on: str | None = None
    by: str | None = None
    check: bool = False
    each: bool = False
    again: bool = False

    @property
    def further(self) -> bool:
        """Whether anything follows the merging."""
        return bool(self.done) or self.complete


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """What one document came to; *her* is the client who is known already, or would be by now."""

    number: int
    outcome: Outcome
    her: str | None = None
    new: bool = False
    changed: bool = False
    exit: Exit = Exit.OK


def at_once(here: Desk, asked: Asked, first: Callable[[Desk], Outcome] | None, client: str | None = None) -> Outcome:
    """What is asked of one client, the *first* of it a merge: all of it judged before anything is written."""
    going = Rehearsal.of(here.store)
    said = _in_turn(here.over(going), asked, first, client)
    data = {**said.data, **({"changed": bool(going.noted)} if "changed" in said.data else {})}
    if not asked.check and not said.refused:
        _perform(here, going)
        return replace(said, data=data)
    noted = going.noted.get(file_of(str(data.get(ID))))
    new = {ID: None} if noted and noted.change.base is None else {}  # there will be no such file
    return replace(said, data={**data, **new}, said=() if said.refused else ((CHECKED, {}),))


def _in_turn(here: Desk, asked: Asked, first: Callable[[Desk], Outcome] | None, client: str | None) -> Outcome:
    """One thing after the other at a desk where nothing is written yet; the first that is refused ends it."""
    done: list[Outcome] = []
    steps: list[Callable[[str], Outcome]] = [lambda _: first(here)] if first else []
    steps += [lambda id_: done_on(here, id_, list(asked.done), asked.on, asked.by, False)] if asked.done else []
    steps += [lambda id_: gate.complete(here, id_, asked.on)] if asked.complete else []
    data: dict[str, Any] = {}
    for step in steps:
        done.append(step(str(data.get(ID, client))))
        data |= done[-1].data
        if done[-1].refused:
            break
    alike = [found for one in done[:-1] for found in one.findings if found.code in LIKE]
    broken: Sequence[Finding] = ()
    if first and len(done) > 1 and not done[-1].refused:
        her = Client(here.store.read(data[ID]).value)
        broken = shrouded(entries(here, her, her))
    said = [each for one in done for each in one.said]
    told = {(found.code, found.where, str(found.facts)): found for found in (*alike, *done[-1].findings, *broken)}
    return Outcome(data=data, findings=tuple(told.values()), said=said)


def stream(here: Desk, given: Mapping[int, Input], asked: Asked) -> Outcome:
    """Every document of a stream, each a new client or one who is named by her id: a row for each.

    All are judged before any is written, and where one is refused nothing is; unless *each* is on its own.
    """
    # Gather.
    going = Rehearsal.of(here.store)
    there = here.over(going)
    keyless = [
        replace(one, value={name: value for name, value in one.value.items() if name != ID}) for one in given.values()
    ]

    # Decide.
    rows: list[Row] = []
    for (number, one), part in zip(given.items(), fragments(here, keyless), strict=True):
        before = dict(going.noted)
        row = _row(there, number, one, part, asked)
        if row.outcome.refused:
            going.back_to(before)
        rows.append(replace(row, changed=going.noted != before))
    bad = [row.number for row in rows if row.outcome.refused]
    writes = not asked.check and (asked.each or not bad)

    # Act.
    if writes:
        _perform(here, going)
    return _page(rows, bad, writes, asked, len(going.noted))


def _perform(here: Desk, going: Rehearsal) -> None:
    going.perform(here.store, did="admit", by=here.signs, at=here.at)


def _row(there: Desk, number: int, given: Input, part: Input, asked: Asked) -> Row:
    """What one document would come to behind those before it."""
    typed, her = given.value.get(ID), None
    if given.findings or typed is None:
        first = partial(
            intake.opened,
            typed=part,
            new_person=asked.new_person,
            without_stay=asked.without_stay,
            again=asked.again,
        )
    else:
        try:
            her = read_id(typed if isinstance(typed, str) else "")
        except Usage:
            wrong = Finding(code="stream/id", message=NOT_AN_ID, where="/id")
            return Row(number, Outcome(findings=given.located([wrong])), exit=Exit.REFUSED)
        first = partial(
            intake.gone_on, client=her, read=lambda: part, without_stay=asked.without_stay, again=asked.again
        )
    try:
        said = _in_turn(there, asked, first, her)
    except ShelterError as trouble:
        if not _hers(trouble, her):
            raise
        told = replace(note(trouble), severity=Severity.REFUSE, where="/id" if her else "")
        return Row(number, Outcome(findings=given.located([told])), her, exit=trouble.exit)
    if said.refused:
        return Row(number, said, her, her is None, exit=Exit.REFUSED)
    return Row(number, said, str(said.data[ID]), her is None)


def _hers(trouble: ShelterError, her: str | None) -> bool:
    """Whether it lies in her file alone: it is not there, or not whole, of a newer version, or would be too large."""
    of_hers = her is not None and trouble.facts.get("place") == file_of(her)
    return of_hers or isinstance(trouble, document.Unreadable) or trouble.code.startswith("client/")


def _page(rows: Sequence[Row], bad: Sequence[int], writes: bool, asked: Asked, files: int) -> Outcome:
    """One page with a row for each document; a new client has an id where her file was written."""
    numbers = {row.her: row.number for row in rows if row.new and row.her}
    findings = [found for row in rows for found in _told(row, numbers, writes)]
    said: list[tuple[Sentence, Mapping[str, object]]] = [(READ, {"count": len(rows), "refused": len(bad)})]
    if rows and rows[-1].number > len(rows):
        said = [(CUT, {})]
    elif asked.check:
        said.append((WOULD_NOT, {"numbers": bad}) if bad else (CHECKED, {}))
    elif bad and writes:
        said += [(WITHOUT, {"numbers": bad}), (WRITTEN, {"count": files})]
    elif bad:
        said.append((NOTHING, {"numbers": bad}))
    else:
        said.append((WRITTEN, {"count": files}))
    said += _places(REPLACED, "replaced", rows) if writes else []
    said += _places(LEFT_OUT, "left_out", rows)
    return Outcome(data={"rows": [_shown(row, writes) for row in rows]}, findings=tuple(findings), said=said)


def _places(sentence: Sentence, key: str, rows: Sequence[Row]) -> Said:
    """A sentence for each document of which places are told under a key of its page."""
    return [
        (sentence, {"document": row.number, "places": row.outcome.data[key]})
        for row in rows
        if row.outcome.data.get(key) and not row.outcome.refused
    ]


def _shown(row: Row, writes: bool) -> dict[str, Any]:
    data: Mapping[str, Any] = row.outcome.data
    refused_ = row.outcome.refused
    made = data.get("entries") or ({"": data["entry"]} if "entry" in data else {})
    weights = {found.severity for found in row.outcome.findings}
    status = "refused" if refused_ else "open" if Severity.OPEN in weights else "ok"
    return {
        "document": row.number,
        "id": row.her if not row.new or (writes and not refused_) else None,
        "state": data.get("state"),
        "status": status,
        "exit_code": int(row.exit),
        "written": writes and row.changed,
        "replaced": data.get("replaced", []),
        "left_out": data.get("left_out", []),
        "entries": list(made.values()),
    }


def _told(row: Row, numbers: Mapping[str, int], writes: bool) -> Iterator[Finding]:
    """The findings of a document with its number, and her id where she has one that counts."""
    known = row.her if not row.new or (writes and not row.outcome.refused) else None
    for found in row.outcome.findings:
        facts = {**found.facts, "document": row.number}
        message, record = found.message, found.record or known
        if found.code in LIKE and (other := numbers.get(str(found.facts.get("id")))):
            stops = found.severity is Severity.REFUSE
            sentence = TWICE_DIFFERS if found.facts.get("reasons") else TWICE
            message = Both(sentence, ANOTHER if stops else STRIKE)
            facts |= {"other": other}
            if not writes:
                facts.pop("id")
                record = known
        yield replace(found, message=Both(NUMBER, message), facts=facts, record=record)
