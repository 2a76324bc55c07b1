"""A file outside of any store, in clear: a whole record is judged, of a part the shape alone is checked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from shelterctl import contract
from shelterctl.act.input import Input, checked, is_record, read_whole
from shelterctl.act.judgement import judged_record
from shelterctl.core.everyone import Everyone
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.house import House
from shelterctl.core.record import Client, Stay
from shelterctl.desk import Desk
from shelterctl.language import N_, Sentence
from shelterctl.library import Shelf
from shelterctl.store.newer import ahead

if TYPE_CHECKING:
    from shelterctl.store import Store

RESIDENT = "resident"
ALONE = N_(
    "What only a store knows was left out: who is registered as staff or NGO, memoranda, which kind of house it is and "
    "who else sleeps there, and the numbers of other clients' agreements."
)
PART = N_("This is a part of a record, of the kind {kind}: its shape alone was held. See: shelterctl schema {kind}")
NOT_HERS = N_("This is a file of the kind {kind}, and no client's record: its shape alone was held.")
MISSHAPEN = N_("This has not the shape of a record yet; what the manual asks was not looked at.")
NEWER = N_("This was written by a newer shelterctl, with version {version} of its schema. Check it with that one.")

NEWER_SHELF = N_("This was written with a newer shelf, and has something that the one here does not know.")

REGISTERED = {
    "admission/unregistered-staff",
    "agreement/registered-ngo",
    "agreement/memorandum-in-force",
    "monitoring/social-worker",
    "track/by",
}
"""What only a register can tell of a code that the file names."""

_NAMED = re.compile(r"([a-z-]{1,32})/([1-9][0-9]{0,3})", re.ASCII)


class Judged(NamedTuple):
    """What a file is, by the name of its schema, what was found, and whose it is; *limit* says what was not asked.

    What a *newer* program or shelf wrote was not judged.
    """

    kind: str | None
    findings: tuple[Finding, ...]
    limit: tuple[Sentence, str] | None = None
    record: str | None = None
    newer: bool = False


def judged_file(here: Desk, name: str) -> Judged:
    """A file, or standard input for ``-``, as far as it can be judged by itself; Usage if it is not there."""
    given = read_whole(name)
    if given.findings:
        return Judged(None, given.findings)
    return _record(here, given) if is_record(given.value) else _part(here.shelf, given)


def _record(here: Desk, given: Input) -> Judged:
    """A file of its own: a client's is judged as ``check ID`` does it, once it has the shape of one."""
    named = _NAMED.fullmatch(str(given.value["schema"]))
    kind = named[1] if named and contract.kept(here.shelf, named[1]) else RESIDENT
    schema = contract.kept(here.shelf, kind) or {}
    if named and named[1] == kind and int(named[2]) > _version(schema):
        return _newer(
            kind, given, Finding(code="record/newer", message=NEWER, where="/schema", facts={"version": int(named[2])})
        )
    found = checked(given, schema).findings
    if found and ahead(given.value, here.shelf.version):
        return _newer(kind, given, Finding(code="record/newer", message=NEWER_SHELF, where="/edition"))
    if found or kind != RESIDENT:
        return Judged(kind, found, (NOT_HERS if kind != RESIDENT else MISSHAPEN, kind))
    her = Client(given.value)
    judged = (one for one in judged_record(Apart(here.given, her), her) if not _left_out(one, her))
    return Judged(kind, given.located(judged), (ALONE, kind), her.id)


def _newer(kind: str, given: Input, found: Finding) -> Judged:
    """A file that cannot be judged here: nothing is wrong with it."""
    return Judged(kind, given.located([replace(found, severity=Severity.WARN)]), newer=True)


def _version(schema: Mapping[str, Any]) -> int:
    """The version of a schema that is known here."""
    said = schema["properties"]["schema"]
    return max(int(each.rpartition("/")[2]) for each in said.get("enum") or [said["const"]])


def _part(shelf: Shelf, given: Input) -> Judged:
    """A part of a record, or what a command takes: checked against the schema that knows most of its keys."""
    schemas = contract.given(shelf)
    kind = max(schemas, key=lambda name: _known(given.value, schemas[name]))
    return Judged(kind, checked(given, schemas[kind]).findings, (PART, kind))


def _keys(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return schema.get("properties") or {}


def _known(value: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[int, int]:
    """How many keys of a part a schema knows, and how many of its lines."""
    lines, given = _keys(_keys(schema).get("lines", {})), value.get("lines")
    return len(value.keys() & _keys(schema).keys()), len(given.keys() & lines) if isinstance(given, dict) else 0


def _left_out(finding: Finding, her: Client) -> bool:
    """Whether only a register could say it; that nobody is named at all is seen in the file."""
    if finding.code not in REGISTERED:
        return False
    found: Any = her.facts
    for step in finding.where.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found.get(step)
    return bool(found)


ANY, ENOUGH = "any", 1_000_000
"""A kind of house for which the manual has no rule, with more places than anybody asks for."""


@dataclass(frozen=True, repr=False)
class Apart(Desk):
    """A desk with the manual and a day, and one file in place of a store."""

    her: Client

    @property
    def today(self) -> date:
        """The day taken as today, by the computer's own clock."""
        return self.day

    @cached_property
    def store(self) -> "Store":
        """What stands in for a store: it answers what a judgement asks of one, and nothing else."""
        return cast("Store", Alone(self.shelf, self.her))


@dataclass(frozen=True, repr=False)
class Alone:
    """In place of a store: no registers, nobody else, and houses of which nothing is known."""

    shelf: Shelf
    her: Client
    registers: Mapping[str, Any] = field(default_factory=dict)

    def staff_in(self, *_: str) -> frozenset[str]:
        """Nobody."""
        return frozenset()

    @property
    def everyone(self) -> Everyone:
        """Nobody besides her."""
        return Everyone(self.clients)

    def clients(self) -> Iterator[Client]:
        """Her alone."""
        return iter((self.her,))

    def laid_open(self, client: Client) -> Client:
        """Her as she is: there is no key that could open what is sealed."""
        return client

    def withheld(self, _: Client) -> Iterator[Any]:
        """Nothing: whoever reads a file in clear is no reader of it."""
        return iter(())

    def outside(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """The file as it is: there is no key that could have opened what is sealed."""
        return record

    def house(self, client: Client, stay: Stay | None, day: date, *, count: bool = True) -> House | None:
        """A house that admits everybody and is never full; one of a known kind asks when she was born."""
        if stay is None or stay.facility is None:
            return None
        kind = next(iter(self.shelf.kinds.values()))
        return House(kind if client.birth is None else replace(kind, name=ANY), ENOUGH, 0)
