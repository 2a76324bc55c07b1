"""The command add for all residents of a house at once: an entry for each of them, judged in her own file, and all of
them written as one act, or none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shelterctl.act.add import add_entry
from shelterctl.act.change import NOTHING_WOULD_BE_REFUSED
from shelterctl.act.input import Input, check_input
from shelterctl.act.permission import refuse_tasks
from shelterctl.act.resident_list import (
    Resident,
    ResidentRow,
    awaits_signature,
    count_earlier_days,
    day_field,
    day_of,
    facts_of_row,
    list_residents,
    list_rows,
    owed_facts,
    propose_facts,
    resident_rows,
    signature_facts,
    sum_of_rows,
)
from shelterctl.act.state_in_words import name_state
from shelterctl.core.finding import FilledSentence, FilledSentences, Finding, Outcome, Severity, about_client
from shelterctl.core.manual.field import read_field
from shelterctl.core.manual.role import Task
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.rules.own_limits import keep_limits_of_house
from shelterctl.core.values.days import Span, days_between
from shelterctl.core.values.facts import Facts, json_pointer
from shelterctl.custody.damage import make_note
from shelterctl.document.subset import Unreadable
from shelterctl.errors import CannotOpen, Conflict, NotFound, ShelterError, UsageError
from shelterctl.immutable import immutable
from shelterctl.language import AboutClient, LabelledCode, Sentence, speak_of
from shelterctl.schemas.input import ALL_KEY, EACH_KEY, at_once_schema
from shelterctl.session import Session
from shelterctl.store.folder import parse_client_id, record_file
from shelterctl.store.store import DryRun
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import changed_meanwhile_error

NOBODY_LIVES_HERE = N_("On {on} nobody lives in {facility}, so there is nothing to record.")
NOTHING_TO_GIVE = N_("There is nothing to record for anybody; nothing changed.")
FOR_ALL_SAVED = N_("Entries saved: {count}.")
FOR_ALL_WOULD_SAVE = N_("Entries that would be saved: {count}.")
FOR_ALL_TOTAL = N_("Total: {total} {currency}.")
FOR_ALL_SIGNED = N_("Signatures recorded: {count}.")
FOR_ALL_AWAY = N_("Left out, because they are away or left that day: {ids}. To include them, name them in the file.")
FOR_ALL_ID_UNKNOWN = N_("There is no client with this id. Copy the id from: shelterctl house")
FOR_ALL_NOT_HERE = N_("{id} does not live in {facility} on {on}.")
FOR_ALL_NAMED_TWICE = N_("{id} is named twice. Put both into one.")
FOR_ALL_CLOSED = N_("The file of {id} cannot be read, so nothing can be recorded in it. Leave her out.")

ROW_STATES: Mapping[str, Mapping[str, str]] = {
    "proposed": {"en": "proposed", "ru": "предложено", "ky": "сунушталат"},
    "given": {"en": "recorded that day", "ru": "в этот день уже записано", "ky": "ошол күнү жазылган"},
    "nothing": {"en": "nothing", "ru": "ничего не положено", "ky": "эч нерсе жок"},
    "left": {"en": "left that day", "ru": "{выбыла|выбыл} в этот день", "ky": "ошол күнү кеткен"},
}
"""The states of rows, besides the rulebook's states of clients who are away."""


@immutable(slots=False)
class PlannedEntry:
    """An entry that is to be written for a resident: its *facts*, and the place in the input where they are given.

    *signs* says that it only records her signature in an entry of that day.
    """

    resident: Resident
    facts: Facts
    place: str = ""
    signs: bool = False


@immutable(slots=False)
class ForAll:
    """A record for all at once: the *track*, the *house*, the answers *common* to all, and the rows of
    everybody who lives there.
    """

    track: Track
    house: str
    common: Facts
    rows: Sequence[ResidentRow]

    @classmethod
    def begin(cls, session: Session, track: Track, house: str, common: Facts) -> "ForAll":
        """Return what is proposed for everybody in a house. Raises CannotOpen if the role opens no client's file."""
        return cls(track, house, common, list_rows(session, track, house, common))

    def planned(self) -> list[PlannedEntry]:
        """Return the entries of the rows that are taken in."""
        return [
            PlannedEntry(row.resident, {**self.common, **row.facts})
            for row in self.rows
            if row.taken and row.facts is not None
        ]

    def signatures(self) -> list[PlannedEntry]:
        """Return the changes that record the signature of everybody who has still to sign for an entry of that day."""
        signed = signature_facts(self.track)
        return [
            PlannedEntry(row.resident, {"id": row.given.written["id"], **signed}, signs=True)
            for row in self.rows
            if row.given and awaits_signature(self.track, row)
        ]


def add_for_all_from(session: Session, track: Track, house: str, read: Input, check: bool, *, again: bool) -> Outcome:
    """Write what a file gives for all residents of a house; the schema is that of `at_once_schema`."""
    if refused := refuse_tasks(session, [Task(track.name, False)]):
        return Outcome(data=_head(track, house), findings=refused)
    given = check_input(read, at_once_schema(session.rulebook, track.name), session.store.offset)
    if given.findings:
        return Outcome(data=_head(track, house), findings=given.findings)
    common = {day_field(track): session.today.isoformat(), **given.value[ALL_KEY]}
    asked = ForAll(track, house, common, ())
    residents = list_residents(session, house, day_of(track, common))
    if EACH_KEY not in given.value:
        asked = replace(asked, rows=[row for one in residents for row in resident_rows(session, track, one, common)])
        if _only_signs(track, given.value[ALL_KEY]):
            return write_for_all(session, asked, asked.signatures(), given, check=check)
        said = write_for_all(session, asked, asked.planned(), given, check=check, again=again)
        return said if said.refused else replace(said, said=(*said.said, *_away_sentence(asked.rows)))
    named = _NamedClients(session, asked, {one.client.id: one for one in residents}, given)
    planned = [entry for typed, facts in given.value[EACH_KEY].items() for entry in named.entries_of(typed, facts)]
    if named.findings:
        return Outcome(data=_head(track, house), findings=tuple(named.findings))
    rows = [ResidentRow(entry.resident, entry.facts, taken=True) for entry in planned if not entry.signs]
    return write_for_all(session, replace(asked, rows=rows), planned, given, check=check, again=again)


def _away_sentence(rows: Iterable[ResidentRow]) -> FilledSentences:
    """Return the sentence that names who was left out because she is away; none where nobody is."""
    away = dict.fromkeys(row.resident.client.id for row in rows if row.resident.away)
    return ((FOR_ALL_AWAY, {"ids": [*away]}),) if away else ()


def _only_signs(track: Track, facts: Facts) -> bool:
    """Whether answers, apart from the day, only say that she signed: nothing new is given then."""
    said = facts.keys() - {day_field(track)}
    return bool(said) and said <= {*track.sheet.signed} and all(facts[name] is True for name in said)


class _NamedClients:
    """The clients that an input names, with the *findings* about names that cannot be meant."""

    def __init__(self, session: Session, asked: ForAll, residents: Mapping[str, Resident], given: Input) -> None:
        self.session, self.asked, self.residents, self.given = session, asked, residents, given
        self.seen: set[str] = set()
        self.findings: list[Finding] = []

    def entries_of(self, typed: str, facts: Facts) -> Iterator[PlannedEntry]:
        """Yield the entries that are given for one client; a finding is noted where she cannot be meant."""
        asked, track, place = self.asked, self.asked.track, json_pointer((EACH_KEY, typed))
        resident = self._resident(typed, place)
        if resident is None:
            return
        if "id" in facts:
            own = {name: value for name, value in facts.items() if name != "id"}
            yield PlannedEntry(resident, facts, place, signs=_only_signs(track, own))
            return
        rows = resident_rows(self.session, track, resident, asked.common)
        if _only_signs(track, {**asked.common, **facts}):
            yield from (replace(one, place=place) for one in replace(asked, rows=rows).signatures())
            return
        given = [self._complete(resident, facts)] if facts else [row.facts for row in rows if row.facts is not None]
        yield from (PlannedEntry(resident, {**asked.common, **whole}, place) for whole in given)

    def _complete(self, resident: Resident, facts: Facts) -> Facts:
        """Return the entry of one client, with what is not given taken from what is proposed.

        An amount without its days is for the days since the last payment.
        """
        track, once = self.asked.track, self.asked.track.at_once
        spans = (read_field(track.fields[name], value) for name, value in facts.items())
        span = next((each for each in spans if isinstance(each, Span)), None)
        if once and once.owes and span:
            return owed_facts(keep_limits_of_house(track, resident.stay.facility), span, facts)
        return {**(propose_facts(self.session, track, resident, {**self.asked.common, **facts}) or {}), **facts}

    def _resident(self, typed: str, place: str) -> Resident | None:
        """Return the resident with an id; note a finding where nobody has it, or she is not one, or is named twice."""
        try:
            id_ = parse_client_id(typed)
        except UsageError:
            self._refuse(FOR_ALL_ID_UNKNOWN, place, code="residents/unknown")
            return None
        if id_ in self.seen:
            self._refuse(FOR_ALL_NAMED_TWICE, place, code="residents/twice", id_=id_)
        elif record_file(id_) in self.session.store.damaged:
            self._refuse(FOR_ALL_CLOSED, place, code="residents/closed", id_=id_)
        elif id_ not in self.session.store.ids():
            self._refuse(FOR_ALL_ID_UNKNOWN, place, code="residents/unknown")
        elif id_ not in self.residents:
            self._refuse(FOR_ALL_NOT_HERE, place, code="residents/not-here", id_=id_)
        else:
            self.seen.add(id_)
            return self.residents[id_]
        return None

    def _refuse(self, message: Sentence, place: str, *, code: str, id_: str | None = None) -> None:
        facts = {"id": id_, "facility": self.asked.house, "on": day_of(self.asked.track, self.asked.common)}
        found = Finding(code=code, message=message, where=f"/{EACH_KEY}", at=place, record=id_, facts=facts)
        self.findings += self.given.located([found])


def write_for_all(
    session: Session,
    asked: ForAll,
    planned: Sequence[PlannedEntry],
    given: Input | None = None,
    *,
    check: bool = False,
    again: bool = False,
) -> Outcome:
    """Judge the planned entries in their files, write all of them as one act unless one is refused or *check* is set,
    and answer a row for each resident.

    Raises Conflict if a file is no longer as it was when the list was made; nothing is written then.
    """
    # Gather.
    going = DryRun.over(session.store)
    there = session.with_store(going)

    # Decide.
    results: list[tuple[PlannedEntry, Outcome, bool]] = []
    for entry in planned:
        before = dict(going.planned)
        said = _judge_entry(there, asked.track, entry, given, again=again)
        results.append((entry, said, going.planned != before))
    findings = tuple(found for _, said, _ in results for found in said.findings)
    refused = any(said.refused for _, said, _ in results)
    writes = bool(going.planned) and not (refused or check)

    # Act.
    if writes:
        going.save_planned(session.store, did="add", by=session.journal_staff, at=session.timestamp)
    speak_of(None)  # the answer is about several clients
    rows = [*_page_rows(session, asked, results, writes)]
    told = () if refused else _sentences(asked, results, check=check)
    return Outcome(
        data={**_head(asked.track, asked.house), "on": day_of(asked.track, asked.common), "rows": rows},
        findings=findings,
        said=told,
    )


def _judge_entry(there: Session, track: Track, entry: PlannedEntry, given: Input | None, *, again: bool) -> Outcome:
    """Return the answer to one entry after the entries before it, its findings with the client's id and the place in
    the input.
    """
    id_ = entry.resident.client.id
    try:
        _, held = there.store.subject_to_change(id_)
        if record_file(id_) not in _planned_names(there) and held.value != entry.resident.client.facts:
            raise changed_meanwhile_error(record_file(id_))
        said = add_entry(there, id_, track, Input(dict(entry.facts), (), None), again=again)
    except Conflict as error:
        if error.code == "vault/changed":
            raise
        said = _refused_by(error)
    except (Unreadable, CannotOpen, NotFound) as error:
        said = _refused_by(error)
    form = there.rulebook.form_for_sex(entry.resident.client.sex)
    found = [about_client(one, form, id_) for one in said.findings]
    return replace(said, findings=tuple(_located(found, entry, given)))


def _planned_names(there: Session) -> Iterable[str]:
    return there.store.planned if isinstance(there.store, DryRun) else ()


def _refused_by(error: ShelterError) -> Outcome:
    return Outcome(findings=(replace(make_note(error), severity=Severity.REFUSE, where=""),))


def _located(found: Sequence[Finding], entry: PlannedEntry, given: Input | None) -> Iterable[Finding]:
    """Return the findings with line and column: of the client's own answer in the input, else of the common one."""
    if given is None:
        return found
    every: Facts = given.value[ALL_KEY]
    places = (one.at or "" for one in found)
    beside = [place.strip("/").partition("/")[0] for place in places]
    return given.located(
        replace(one, at=f"/{ALL_KEY}{one.at}" if name in every or not entry.place else f"{entry.place}{one.at or ''}")
        for one, name in zip(found, beside, strict=True)
    )


def _head(track: Track, house: str) -> dict[str, Any]:
    return {"facility": house, "track": LabelledCode(track.name, track.text)}


def _page_rows(
    session: Session, asked: ForAll, results: Sequence[tuple[PlannedEntry, Outcome, bool]], writes: bool
) -> Iterator[dict[str, Any]]:
    """Yield a row for each entry that is planned, then one for everybody else on the list."""
    done = {id(entry.resident) for entry, _, _ in results}
    for entry, said, changed in results:
        weights = {found.severity for found in said.findings}
        status = "refused" if said.refused else "open" if Severity.OPEN in weights else "ok"
        row = ResidentRow(entry.resident, entry.facts)
        yield {
            **_row_facts(session, asked, row, "given" if entry.signs else "proposed"),
            "entry": said.data.get("entry") if writes and changed else None,
            "status": status,
            "written": writes and changed,
        }
    for row in asked.rows:
        if id(row.resident) not in done:
            state = row.resident.away or ("given" if row.given else "nothing" if row.facts is None else "proposed")
            entry_id = row.given.written["id"] if row.given else None
            yield {
                **_row_facts(session, asked, row, state), "entry": entry_id, "status": "ok", "written": False,
            }  # fmt: skip


def name_row_state(session: Session, her: Client, state: str) -> AboutClient:
    """Return the name of a state of a row, in the form of words for its client."""
    known = ROW_STATES.get(state)
    return AboutClient(known, session.rulebook.form_for_sex(her.sex)) if known else name_state(session, her, state)


def _row_facts(session: Session, asked: ForAll, row: ResidentRow, state: str) -> dict[str, Any]:
    """Return her id, her state, and of a payment its days and its amount."""
    track, day = asked.track, day_of(asked.track, asked.common)
    her = row.resident.client
    facts: dict[str, Any] = {"id": her.id, "state": LabelledCode(state, name_row_state(session, her, state))}
    if track.at_once and track.at_once.owes:
        facts |= {"first_day": None, "last_day": None, "days": None, "amount": None}
        facts |= {"unpaid_before": count_earlier_days(track, row, day)}
        for name in track.at_once.each:
            value = read_field(track.fields[name], facts_of_row(row).get(name))
            if isinstance(value, Span):
                facts |= {
                    "first_day": value.first,
                    "last_day": value.last,
                    "days": days_between(value.first, value.last) + 1,
                }
            elif value is not None:
                facts["amount"] = value
    return facts


def _sentences(asked: ForAll, results: Sequence[tuple[PlannedEntry, Outcome, bool]], *, check: bool) -> FilledSentences:
    """Return the sentences under the rows: what was written, for how much, and who was left out."""
    day = day_of(asked.track, asked.common)
    if not (asked.rows or results):
        return ((NOBODY_LIVES_HERE, {"facility": asked.house, "on": day}),)
    new = [entry for entry, _, changed in results if changed and not entry.signs]
    signed = sum(changed and entry.signs for entry, _, changed in results)
    total = sum_of_rows(asked.track, [ResidentRow(entry.resident, entry.facts) for entry in new])
    said: list[FilledSentence] = []
    if new:
        said.append((FOR_ALL_WOULD_SAVE if check else FOR_ALL_SAVED, {"count": len(new)}))
        said += [(FOR_ALL_TOTAL, {"total": total})] if total is not None else []
    if signed:
        said.append((FOR_ALL_SIGNED, {"count": signed}))
    said += [] if said else [(NOTHING_TO_GIVE, {})]
    return (*said, (NOTHING_WOULD_BE_REFUSED, {})) if check else said
