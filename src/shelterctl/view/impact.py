"""The impact of a proposed rulebook on the records of a store: the findings, items of checklists, deadlines, sums and
states that differ from what the store's own rulebook says of them. Nothing is written.

Each record is judged on its own day by both rulebooks, as `check`, `due` and the account of agreements judge it. A
record that the proposed rulebook cannot read has one row that says so, and is not compared further.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, NamedTuple

from shelterctl.act.agreement import agreement_in_context
from shelterctl.act.check import JudgedRegisters, JudgedStore, readable_clients
from shelterctl.act.due import is_leaving, list_due
from shelterctl.act.register import judge_registers, list_coded_due
from shelterctl.act.register_due import list_registers_due
from shelterctl.act.state_in_words import client_state
from shelterctl.act.stay_context import ADMISSION_ACT, DISCHARGE_ACT, admission_context, stay_context
from shelterctl.core.finding import Finding
from shelterctl.core.manual.act import Act
from shelterctl.core.money.agreement import AMOUNT_KEY, cap_and_remainder, line_number
from shelterctl.core.record.client import Client
from shelterctl.core.rules.checklist import find_all_evidence, items_in_force
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.obligation import Obligation
from shelterctl.core.values.money import ZERO_SOM
from shelterctl.errors import ShelterError
from shelterctl.language import LabelledCode, Text, format_sentence, keep_form
from shelterctl.output.page import to_json_value
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas.page import IMPACT_KINDS
from shelterctl.session import Session
from shelterctl.store.compatibility import MOST_FINDINGS
from shelterctl.store.folder import read_register_name, record_file
from shelterctl.store.second_reading import Decrypted, StoreReadAgain
from shelterctl.store.store import Store
from shelterctl.trust.readership import DIRECTORY_PART
from shelterctl.ui_language import N_, SCREEN_LANGUAGES, Marked

FINDING, ITEM, DEADLINE, SUM, STATE, UNREADABLE = IMPACT_KINDS

FURTHEST_DEADLINE = 100 * 366
"""The number of days ahead for which deadlines are compared: all that have a day."""

GAPS_SEEN = N_("missing: {gaps}")


class ImpactRow(NamedTuple):
    """One thing that changes in the record of *id*: *what* it is, *where* it is in the record, and its *code*.

    *before* and *after* are what the two rulebooks say of it, None where one says nothing: the sentence of a finding,
    the state of an item or of a client, the day of a deadline, what a line leaves of its limit in som. The severities
    are those of a finding; of an item whether it stops the act; of a deadline its state.
    """

    id: str | None
    what: str
    where: str
    code: str
    clause: str | None
    before: object
    after: object
    severity_before: str | None
    severity_after: str | None


STATE_IN_WORDS = N_("state of the client")
LINE_OF_FORM = "{form}, {line}"


class Said(NamedTuple):
    """The words of one rulebook on one thing; *compared* is what must be equal for it to be no change."""

    clause: str | None
    severity: str | None
    says: Any
    compared: Hashable


Place = tuple[str | None, str, str, str]
"""The id, the kind, the place and the code of something that may change."""

AllSaid = Mapping[Place, Sequence[Said]]


@dataclass(repr=False)
class Impact:
    """All that a proposed rulebook changes: the *rows*, and how many *records* were judged by both rulebooks."""

    rows: list[ImpactRow] = field(default_factory=list)
    records: int = 0

    def count(self) -> Iterator[dict[str, Any]]:
        """Yield how many things of each kind and clause are new, gone or changed."""
        found: dict[tuple[str, str | None], Counter[str]] = {}
        for row in self.rows:
            how = "new" if row.before is None else "gone" if row.after is None else "changed"
            found.setdefault((row.what, row.clause), Counter())[how] += 1
        for what, clause in sorted(found, key=lambda one: (IMPACT_KINDS.index(one[0]), one[1] or "")):
            counts = found[what, clause]
            yield {"what": what, "clause": clause, **{how: counts[how] for how in ("new", "gone", "changed")}}


def measure_impact(session: Session, proposed: Rulebook) -> Impact:
    """Return what a proposed rulebook changes in everything that this key opens; what is damaged is left out."""
    decrypted = Decrypted()
    store = StoreReadAgain.over(session.store, decrypted)
    now = session.with_store(store)
    then = now.with_store(store.under(proposed))
    found = Impact()
    judged = JudgedStore(now), JudgedStore(then)
    for her in readable_clients(store):
        if record_file(her.id) not in store.read_only_files:
            _compare_client(found, judged, her)
        for each in (now, then):
            each.store.seals.opened_blocks.clear()
        decrypted.forget()
    found.records = judged[0].count
    before, after = (each.findings_by_client() for each in judged)
    for id_ in after:
        said = (_gather(_said_of_finding(id_, one) for one in each.get(id_, ())) for each in (before, after))
        found.rows += compare(*said)
    _compare_registers(found, now, then)
    _raise_trouble(session.store, judged[0].trouble)
    found.rows += [_unreadable_row(None, "", error) for error in (judged[1].trouble,) if error]
    found.rows.sort(key=lambda row: (row.id or "", IMPACT_KINDS.index(row.what), row.where, row.code))
    return found


def _raise_trouble(store: Store, trouble: ShelterError | None) -> None:
    """Raise why no record could be judged, unless the answer says already that something is damaged."""
    if trouble and not store.damaged:
        raise trouble


def compare(before: AllSaid, after: AllSaid) -> Iterator[ImpactRow]:
    """Yield a row for everything of which the second rulebook says something else than the first.

    Of several at one place, those that are alike are taken out, and the others compared in their order.
    """
    for place in dict.fromkeys((*before, *after)):
        was, is_ = list(before.get(place, ())), list(after.get(place, ()))
        for one in [*was]:
            alike = next((other for other in is_ if _key(other) == _key(one)), None)
            if alike is not None:
                was.remove(one)
                is_.remove(alike)
        for one, other in zip_longest(was, is_):
            id_, what, where, code = place
            clause = (other or one).clause
            yield ImpactRow(
                id_,
                what,
                where,
                code,
                clause,
                _words(one),
                _words(other),
                one.severity if one else None,
                other.severity if other else None,
            )


def _key(one: Said) -> Hashable:
    return one.clause, one.severity, one.compared


def _words(one: Said | None) -> object:
    """Return the words of a rulebook, a finding as a sentence in each language."""
    if one is None or not isinstance(one.says, Finding):
        return one.says if one else None
    found = one.says
    words = {spoken: format_sentence(found.message, found.facts, spoken) for spoken in SCREEN_LANGUAGES}
    return keep_form(found.facts, words)


def _gather(said: Iterable[tuple[Place, Said]]) -> AllSaid:
    found: dict[Place, list[Said]] = {}
    for place, one in said:
        found.setdefault(place, []).append(one)
    return found


def _said_of_finding(id_: str | None, finding: Finding) -> tuple[Place, Said]:
    compared = str(to_json_value(finding.facts))
    return (id_, FINDING, finding.where, finding.code), Said(finding.clause, finding.severity.value, finding, compared)


def _compare_client(found: Impact, judged: tuple[JudgedStore, JudgedStore], her: Client) -> None:
    """Judge one client by both rulebooks, and add what differs besides her findings."""
    now, then = (each.session for each in judged)
    try:
        again = Client(then.store.read(her.id).value)
        then.store.with_sealed_parts(again)
    except ShelterError as error:
        found.rows.append(_unreadable_row(her.id, record_file(her.id), error, then.store, her))
        return
    if newer := then.store.read_only_files.get(record_file(her.id)):
        found.rows.append(_unreadable_row(her.id, record_file(her.id), newer, then.store, her))
        return
    for one, whole in zip(judged, (her, again), strict=True):
        one.judge(whole)
    if not any(each.trouble for each in judged):
        before, after = (_gather(_said_of_client(*each)) for each in ((now, her), (then, again)))
        found.rows += compare(before, after)


def _unreadable_row(
    id_: str | None, name: str, error: ShelterError, store: Store | None = None, her: Client | None = None
) -> ImpactRow:
    """Return the row of a file that the proposed rulebook cannot read, with the first place that does not fit."""
    shape = store.record_shape.findings(her.facts, MOST_FINDINGS) if store and her else ()
    if shape:
        first = shape[0]
        words = {spoken: format_sentence(first.message, first.facts, spoken) for spoken in SCREEN_LANGUAGES}
        return ImpactRow(id_, UNREADABLE, first.at or first.where, first.code, None, None, words, None, None)
    words = {spoken: format_sentence(error.message, error.facts, spoken) for spoken in SCREEN_LANGUAGES}
    return ImpactRow(id_, UNREADABLE, name if id_ is None else "", error.code, None, None, words, None, None)


def _only_after(store: Store, before: Store) -> Iterator[tuple[str, ShelterError]]:
    """Yield the files of registers that only the proposed rulebook cannot read."""
    wrong = {**store.read_only_files, **store.damaged}
    known = {**before.read_only_files, **before.damaged}
    yield from (
        (name, error) for name, error in sorted(wrong.items()) if name not in known and read_register_name(name)
    )


def _said_of_client(session: Session, her: Client) -> Iterator[tuple[Place, Said]]:
    """Yield what a rulebook says of a client besides her findings."""
    state = client_state(session, her)
    yield (her.id, STATE, "", LabelledCode(STATE, STATE_IN_WORDS)), Said(None, None, state, str(state))
    if her.is_idle:
        return
    for act, context in _acts_of_client(session, her):
        yield from _said_of_items(act, context, her)
    for owed in list_due(session, her, FURTHEST_DEADLINE, is_brief=True):
        yield _said_of_deadline(owed)
    yield from _said_of_sums(session, her)


def _acts_of_client(session: Session, her: Client) -> Iterator[tuple[Act, Context]]:
    """Yield the acts whose items are asked of a client, as `admit` and `discharge` show them."""
    acts, stay = session.rulebook.acts, her.stay
    if stay is not None and stay.turned_away:
        return
    day = (stay.admitted_on if stay else None) or session.today
    yield acts[ADMISSION_ACT], admission_context(session, her, day, count=False)
    if stay is not None and is_leaving(session, her, stay):
        day = stay.discharged_on or session.today
        held = stay_context(session, her, stay, day)
        yield acts[DISCHARGE_ACT], replace(held, acts=frozenset({DISCHARGE_ACT}))


def _said_of_items(act: Act, context: Context, her: Client) -> Iterator[tuple[Place, Said]]:
    known, where = find_all_evidence(act, context), f"/stays/{context.stay.index}" if context.stay else ""
    for item, ruling in items_in_force(act, context.day):
        evidence = known.get(item.name)
        state = "not_applicable" if evidence is None else "done" if evidence.met else "open"
        weight = "refuse" if ruling.params.get("gate") else "open"
        code = LabelledCode(item.name, item.text)
        yield (her.id, ITEM, where, code), Said(ruling.clause, weight, Marked(state), state)


def _said_of_deadline(owed: Obligation) -> tuple[Place, Said]:
    where = "".join(f"/{part}" for part in (owed.stay, owed.entry, owed.group) if part)
    due: Any = owed.due_at or owed.due_on or Marked(owed.state)
    if owed.gaps is not None:
        due = {spoken: format_sentence(GAPS_SEEN, {"gaps": owed.gaps}, spoken) for spoken in SCREEN_LANGUAGES}
    compared = (str(due), owed.owner, owed.row, owed.danger)
    return (owed.id, DEADLINE, where, LabelledCode(owed.what, owed.text)), Said(owed.clause, owed.state, due, compared)


def _label_line(form: Text, number: str) -> Text:
    return {
        spoken: format_sentence(LINE_OF_FORM, {"form": form, "line": number}, spoken) for spoken in SCREEN_LANGUAGES
    }


def _said_of_sums(session: Session, her: Client) -> Iterator[tuple[Place, Said]]:
    """Yield what each line of a live agreement leaves of its limit, in som; less than zero if it is over it."""
    forms = session.rulebook.forms
    for index, facts in enumerate(her.facts.get("agreements") or ()):
        if {"void", "terminated"} & facts.keys() or facts["form"] not in forms:
            continue
        agreement = agreement_in_context(session, her, forms[facts["form"]], facts, "signed" in facts)
        for line in agreement.lines:
            if (limits := cap_and_remainder(line, agreement.context)) is None:
                continue
            number, left = line_number(line), limits[1] - (line.values.get(AMOUNT_KEY) or ZERO_SOM)
            place = f"/agreements/{index}/lines/{number}"
            clause = agreement.form.parts[number].clause(agreement.day)
            code = LabelledCode(f"{agreement.form.name} {number}", _label_line(agreement.form.text, number))
            yield (her.id, SUM, place, code), Said(clause, None, left, limits)


def _compare_registers(found: Impact, now: Session, then: Session) -> None:
    """Judge the registers of houses, staff, NGOs and providers by both rulebooks, and add what differs.

    Where the proposed rulebook cannot read a file of theirs, there is a row for that alone.
    """
    judged = JudgedRegisters(now), JudgedRegisters(then)
    for each in judged:
        each.judge()
    _raise_trouble(now.store, judged[0].trouble)
    unreadable = [_unreadable_row(None, name, error) for name, error in _only_after(then.store, now.store)]
    unreadable += [_unreadable_row(None, "", error) for error in (judged[1].trouble,) if error]
    if unreadable:
        found.rows += unreadable
        return
    before, after = (_gather(_said_of_registers(each, whole=not now.store.damaged)) for each in judged)
    found.rows += compare(before, after)


def _said_of_registers(judged: JudgedRegisters, *, whole: bool) -> Iterator[tuple[Place, Said]]:
    """Yield what a rulebook says of the registers; of what is registered by code only if all files are *whole*."""
    session, codes = judged.session, list[Finding]()
    if whole and session.store.vault.opens(DIRECTORY_PART):
        codes = [replace(one, record=str(one.facts["code"])) for one in judge_registers(session)]
    for one in (*judged.found, *codes):
        yield _said_of_finding(one.record, one)
    owed = (list_coded_due, list_registers_due) if whole else ()
    yield from (_said_of_deadline(one) for listed in owed for one in listed(session, FURTHEST_DEADLINE))
