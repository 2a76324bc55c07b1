"""The command check, as far as it judges a client's file: a file of the store, or a file in clear outside of any store.
Of the latter a whole record is judged with stand-ins for session and store, a part by its shape alone.
"""

import re
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from shelterctl.act.agreement import judge_agreements
from shelterctl.act.client_file import (
    DISCHARGE_ACT,
    find_lacking_without_stay,
    judge_admission,
    judge_entries,
    list_unregistered_staff,
    stay_context,
)
from shelterctl.act.input import Input, check_input, is_whole_record, read_whole_file
from shelterctl.act.redaction import count_sealed_findings
from shelterctl.core.finding import Finding, Severity, soften_findings
from shelterctl.core.manual.track import Track
from shelterctl.core.merge.fragment import find_misplaced_entries
from shelterctl.core.record.client import Client, Stay, value_at
from shelterctl.core.record.occupancy import House
from shelterctl.core.rules import checklist as acts
from shelterctl.core.rules import monitoring
from shelterctl.core.rules.context import AllClients
from shelterctl.errors import ShelterError
from shelterctl.immutable import immutable
from shelterctl.language import LabelledCode, Sentence
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas import published
from shelterctl.session import Session
from shelterctl.store.compatibility import is_written_by_newer
from shelterctl.store.folder import record_file
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.store.store import Store


SEALED_ENTRY_WITHHELD = N_(
    "This key may read that part of her file ({part}), and a sealed entry in it does not open ({entry}). Ask who wrote "
    "it. Put the file back from a backup: shelterctl repair {record} --from BACKUP"
)

SEALED_ANSWERS_LIE_OPEN = N_(
    "In this file, answers that are sealed now lie open on the disk, as an older version wrote them. They are shown "
    "nowhere any more, and go into the sealed part of her file when it is changed next."
)

ENTRY_OF_OTHER_STAY = N_(
    "By its day this belongs to her stay {stay}. If that is so, strike it through here and write it down with "
    "--again: then it goes into the stay of its day."
)

CODES_OF_TODAY = ("admission/in-future", "admission/full-house")
"""Findings on an admission that rest on today's date or on who sleeps there now; check leaves them to the act."""

RESIDENT_KIND = "resident"
STORE_FACTS_NOT_CHECKED = N_(
    "What only a store knows was left out: who is registered as staff or NGO, memoranda, which kind of house it is and "
    "who else sleeps there, and the numbers of other clients' agreements."
)
PART_SHAPE_CHECKED = N_(
    "This is a part of a record, of the kind {kind}: its shape alone was held. See: shelterctl schema {kind}"
)
OTHER_KIND_SHAPE_CHECKED = N_("This is a file of the kind {kind}, and no client's record: its shape alone was held.")
RECORD_SHAPE_WRONG = N_("This has not the shape of a record yet; what the manual asks was not looked at.")
FILE_OF_NEWER_VERSION = N_(
    "This was written by a newer shelterctl, with version {version} of its schema. Check it with that one."
)
FILE_OF_NEWER_RULEBOOK = N_("This was written with a newer shelf, and has something that the one here does not know.")
CODES_OF_REGISTERS = {
    "admission/unregistered-staff",
    "agreement/registered-ngo",
    "agreement/memorandum-in-force",
    "monitoring/social-worker",
    "track/by",
}
"""Codes of findings that need a register, left out for a file that is checked outside a store."""

_SCHEMA_NAME = re.compile(r"([a-z-]{1,32})/([1-9][0-9]{0,3})", re.ASCII)
ANY_HOUSE_KIND, ENOUGH_PLACES = "any", 1_000_000
"""A kind of house for which the manual has no rule, with more places than anybody asks for."""


def judge_client_file(session: Session, her: Client) -> tuple[Finding, ...]:
    """One file: an act already done is refused where its evidence would not grant it now; before the act it is open.

    Of a file that counts nowhere nothing is asked that it lacks. What is sealed is judged as far as this key reads it,
    and what is found there is counted alone.
    """
    her = session.store.with_sealed_parts(her)
    done = (
        *_find_withheld(session, her),
        *judge_agreements(session, her),
        *_judge_monitoring(session, her),
        *judge_entries(session, her),
        *_find_misplaced(session, her),
    )
    return count_sealed_findings(
        done if her.is_idle else (*_judge_acts(session, her), *done, *list_unregistered_staff(session, her.facts))
    )


@dataclass(repr=False)
class JudgedStore:
    """Every file of a store, judged as it is read and let go then; of each only what was found in it is kept.

    What several files may not share is asked of those that were read before, so whoever says it first is judged once
    more. *trouble* is why judging ended before the last file, such as a damaged register; reading goes on.
    """

    session: Session
    count: int = 0
    trouble: ShelterError | None = None
    _found: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    _facts: dict[Hashable, Mapping[str, object]] = field(default_factory=dict)

    def judge_each(self, clients: Iterable[Client]) -> Iterator[Client]:
        """The same clients, each of them judged before it is handed on."""
        store = self.session.store
        everybody = vars(store)["all_clients"] = AllClients(store.clients)
        unshared = dict.fromkeys(unshared_names(self.session.rulebook))
        for her in clients:
            self.count += 1
            for track, name in unshared:
                everybody.remember(track, name, her)
            self._judge(her)
            store.seals.opened_blocks.clear()
            yield her

    def findings(self) -> Iterator[Finding]:
        """What was found in all files, in their order."""
        first = self.session.store.all_clients.first_of_several() if self.trouble is None else frozenset()
        for id_ in sorted(first & self._found.keys()):
            self._judge(Client(self.session.store.read(id_).value))
        return chain.from_iterable(self._found.values())

    def _judge(self, her: Client) -> None:
        if self.trouble is None:
            try:
                self._found[her.id] = tuple(map(self._share, judge_listed_client(self.session, her)))
            except ShelterError as error:
                self.trouble = error

    def _share(self, finding: Finding) -> Finding:
        """The finding with its facts as another one has them already: most files lack things of few kinds."""
        facts = self._facts.setdefault(_identify_fact(finding.facts), finding.facts)
        return replace(finding, facts=facts, where=sys.intern(finding.where))


def _identify_fact(fact: Any) -> Hashable:
    """What tells a fact from any other that reads otherwise; of what is neither a value nor a list, the very object."""
    if isinstance(fact, LabelledCode):
        return str(fact), id(fact.text)
    if isinstance(fact, Mapping):
        return tuple((name, _identify_fact(each)) for name, each in fact.items())
    if isinstance(fact, list | tuple):
        return type(fact), *map(_identify_fact, fact)
    return (type(fact), str(fact)) if isinstance(fact, str | int | date | Decimal | None) else id(fact)


def unshared_names(rulebook: Rulebook) -> Iterator[tuple[Track, str]]:
    """Each track and name at which no two files may say one thing, where the name is written."""
    for track in rulebook.tracks.values():
        for name in track.unique_in_store:
            first, _, rest = name.partition(".")
            elsewhere = rest and first not in track.fields and first in rulebook.tracks
            yield (rulebook.tracks[first], rest) if elsewhere else (track, name)


def judge_listed_client(session: Session, her: Client) -> tuple[Finding, ...]:
    """What is found in one of several files, with its id; nothing of one that a newer program or rulebook wrote."""
    if record_file(her.id) in session.store.read_only_files:  # by an older shelf it would be judged wrongly
        return ()
    found = (*find_unsealed_answers(session, her), *judge_client_file(session, her))
    return tuple(replace(one, record=her.id) for one in found)


def find_unsealed_answers(session: Session, her: Client) -> Iterator[Finding]:
    """That her file has open on the disk what is sealed now, and has not been saved since."""
    if her.id in session.store.migration.still_open:
        yield Finding(code="sealed/still-open", message=SEALED_ANSWERS_LIE_OPEN, severity=Severity.WARN, record=her.id)


def _find_withheld(session: Session, her: Client) -> tuple[Finding, ...]:
    """Sealed entries that should open here and do not, each by its part and its id; the rest of the file is judged."""
    return tuple(
        Finding(
            code="sealed/withheld",
            message=SEALED_ENTRY_WITHHELD,
            severity=Severity.WARN,
            where="/sealed",
            facts={name: place.facts[name] for name in ("record", "part", "entry")},
        )
        for place in session.store.closed_parts(her)
    )


def _judge_acts(session: Session, her: Client) -> tuple[Finding, ...]:
    last = her.stay
    if last is None:
        return find_lacking_without_stay(session, her)
    if last.turned_away:
        return ()
    judged = judge_admission(session, her, last.admitted_on or session.today, count=False)
    found = tuple(one for one in judged if one.code not in CODES_OF_TODAY)
    found = found if last.admitted_on else soften_findings(found)
    if last.discharged_on:
        held = replace(stay_context(session, her, last, last.discharged_on), today=last.discharged_on)
        found += tuple(acts.judge_act(session.rulebook.acts[DISCHARGE_ACT], held))
    return found


def _find_misplaced(session: Session, her: Client) -> Iterator[Finding]:
    """Entries that lie in another stay than the one to which their day belongs."""
    for name in session.rulebook.track_names if len(her.stays) > 1 else ():
        for where, stay in find_misplaced_entries(session.rulebook.tracks[name], her, session.rulebook.tracks):
            facts = {"stay": stay.id, "record": her.id}
            yield Finding(
                code="track/other-stay", message=ENTRY_OF_OTHER_STAY, severity=Severity.WARN, where=where, facts=facts
            )


def _judge_monitoring(session: Session, her: Client) -> tuple[Finding, ...]:
    """What was written about her after she left, each stay by itself; of a client who lived in none, at the top."""
    found: list[Finding] = []
    for stay in (*her.stays, *(() if her.last_stay_lived else (None,))):
        root = f"/stays/{stay.index}" if stay else ""
        duties = value_at((stay or her).facts, "monitoring")
        if not duties:
            continue
        around = replace(stay_context(session, her, stay, session.today), today=None)
        for number, report in enumerate(duties.get("reports") or ()):
            if "void" not in report:
                found += monitoring.judge_report(
                    session.rulebook.report, report, f"{root}/monitoring/reports/{number}", around
                )
        for number, attempt in enumerate(duties.get("attempts") or ()):
            if "void" not in attempt:
                found += soften_findings(monitoring.judge_other_words(attempt, f"{root}/monitoring/attempts/{number}"))
        if "scheduled" in duties:
            found += soften_findings(monitoring.judge_scheduled_day(session.rulebook.tracks, her, stay))
    return tuple(found)


class FileVerdict(NamedTuple):
    """The result of checking one file in clear: its kind of schema, the findings, what was not checked, and its id.

    What a *newer* program or shelf wrote was not judged.
    """

    kind: str | None
    findings: tuple[Finding, ...]
    not_checked: tuple[Sentence, str] | None = None
    record: str | None = None
    newer: bool = False


def judge_outside_file(session: Session, name: str) -> FileVerdict:
    """A file, or standard input for ``-``, as far as it can be judged by itself; UsageError if it is not there."""
    given = read_whole_file(name)
    if given.findings:
        return FileVerdict(None, given.findings)
    return _judge_whole_record(session, given) if is_whole_record(given.value) else _judge_part(session.rulebook, given)


def _judge_whole_record(session: Session, given: Input) -> FileVerdict:
    """A file of its own: a client's is judged as ``check ID`` does it, once it has the shape of one."""
    named = _SCHEMA_NAME.fullmatch(str(given.value["schema"]))
    kind = named[1] if named and published.schema_of_stored_file(session.rulebook, named[1]) else RESIDENT_KIND
    schema = published.schema_of_stored_file(session.rulebook, kind) or {}
    if named and named[1] == kind and int(named[2]) > _schema_version(schema):
        return _newer_verdict(kind, given, FILE_OF_NEWER_VERSION, "/schema", version=int(named[2]))
    found = check_input(given, schema).findings
    if found and is_written_by_newer(given.value, session.rulebook.version):
        return _newer_verdict(kind, given, FILE_OF_NEWER_RULEBOOK, "/edition")
    if kind != RESIDENT_KIND:
        return FileVerdict(kind, found, (OTHER_KIND_SHAPE_CHECKED, kind))
    if found:
        return FileVerdict(kind, found, (RECORD_SHAPE_WRONG, kind))
    her = Client(given.value)
    judged = (
        one
        for one in judge_client_file(StandaloneSession(options=session.options, her=her), her)
        if not _needs_register(one, her)
    )
    return FileVerdict(kind, given.located(judged), (STORE_FACTS_NOT_CHECKED, kind), her.id)


def _newer_verdict(kind: str, given: Input, message: Sentence, where: str, **facts: object) -> FileVerdict:
    """The verdict on a file that cannot be judged here: nothing is wrong with it."""
    found = Finding(code="record/newer", message=message, severity=Severity.WARN, where=where, facts=facts)
    return FileVerdict(kind, given.located([found]), newer=True)


def _schema_version(schema: Mapping[str, Any]) -> int:
    """The version of a schema that is known here."""
    said = schema["properties"]["schema"]
    return max(int(each.rpartition("/")[2]) for each in said.get("enum") or [said["const"]])


def _judge_part(rulebook: Rulebook, given: Input) -> FileVerdict:
    """A part of a record, or what a command takes: checked against the schema that knows most of its keys."""
    schemas = published.input_schemas(rulebook)
    kind = max(schemas, key=lambda name: _count_known_keys(given.value, schemas[name]))
    return FileVerdict(kind, check_input(given, schemas[kind]).findings, (PART_SHAPE_CHECKED, kind))


def _schema_keys(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return schema.get("properties") or {}


def _count_known_keys(value: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[int, int]:
    """How many keys of a part a schema knows, and how many of its lines."""
    lines, given = _schema_keys(_schema_keys(schema).get("lines", {})), value.get("lines")
    return len(value.keys() & _schema_keys(schema).keys()), len(given.keys() & lines) if isinstance(given, dict) else 0


def _needs_register(finding: Finding, her: Client) -> bool:
    """Whether only a register could say it; that nobody is named at all is seen in the file."""
    if finding.code not in CODES_OF_REGISTERS:
        return False
    found: Any = her.facts
    for step in finding.where.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found.get(step)
    return bool(found)


@dataclass(repr=False, eq=False, kw_only=True)
class StandaloneSession(Session):
    """A session with the manual and a day, and one file in place of a store."""

    her: Client

    @property
    def today(self) -> date:
        """The day taken as today, by the computer's own clock."""
        return self.computer_day

    @cached_property
    def store(self) -> "Store":
        """What stands in for a store: it answers what a judgement asks of one, and nothing else."""
        return cast("Store", StandaloneStore(self.rulebook, self.her))


@immutable(slots=False)
class StandaloneStore:
    """In place of a store: no registers, nobody else, and houses of which nothing is known."""

    rulebook: Rulebook
    her: Client
    registers: Mapping[str, Any] = field(default_factory=dict)

    def staff_with_role(self, *_: str) -> frozenset[str]:
        """Nobody."""
        return frozenset()

    @property
    def all_clients(self) -> AllClients:
        """Nobody besides her."""
        return AllClients(self.clients)

    def clients(self) -> Iterator[Client]:
        """Her alone."""
        return iter((self.her,))

    def with_sealed_parts(self, client: Client) -> Client:
        """Her as she is: there is no key that could open what is sealed."""
        return client

    def closed_parts(self, _: Client) -> Iterator[Any]:
        """Nothing: whoever reads a file in clear is no reader of it."""
        return iter(())

    def without_sealed_parts(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """The file as it is: there is no key that could have opened what is sealed."""
        return record

    def house_on(self, client: Client, stay: Stay | None, day: date, *, count: bool = True) -> House | None:
        """A house that admits everybody and is never full; one of a known kind asks when she was born."""
        if stay is None or stay.facility is None:
            return None
        kind = next(iter(self.rulebook.house_kinds.values()))
        return House(kind if client.birth is None else replace(kind, name=ANY_HOUSE_KIND), ENOUGH_PLACES, 0)
