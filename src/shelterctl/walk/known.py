"""Someone who was here before: asked when her names are known, and then her old file goes on."""

from collections.abc import Mapping
from typing import Any

from shelterctl import ask, screen
from shelterctl.act.file import merged, state
from shelterctl.act.given import Given
from shelterctl.core.finding import refused
from shelterctl.core.fragment import OF_A_CLIENT, OF_A_STAY, content
from shelterctl.core.person import likely_same
from shelterctl.core.record import Client
from shelterctl.language import N_
from shelterctl.store import file_of
from shelterctl.walk.table import Table

LIKE = N_("{id} may be the same person: born {birth}, came on {arrived}, {state}. Is she?")
ANOTHER = N_("another person: go on in this file")
THE_SAME = N_("the same person: go on in her file {id}; what was answered now goes there")
JOINED = N_("Her file {id} goes on. The stay in the new file is struck through as entered twice.")
ELSEWHERE = N_("The same person as {id}; her file is that one.")
REASON = "entered_twice"
NAMES = ("identity.first_name", "identity.last_name")
NAMED = ("first_name", "middle_name", "last_name", "also_known_as")


def ask_whether(table: Table) -> None:
    """If a client like her is known, ask whether it is she; if so, the table goes on with that file."""
    if not all(table.at(path) for path in NAMES) or table.record.get("agreements"):
        return
    other = next(
        (one for one in table.here.store.clients() if one.id != table.id and likely_same(one.facts, table.record)), None
    )
    if other is None:
        return
    birth, arrived = other.facts["identity"].get("birth_date"), other.stay.arrived_on if other.stay else None
    born = table.question("identity.birth_date").shown(birth, screen.spoken()) if birth else "?"
    facts = {"id": other.id, "state": state(table.here, other), "birth": born, "arrived": arrived or "?"}
    chosen = None
    while chosen is None:
        chosen = ask.choice(LIKE, [(ANOTHER, {}), (THE_SAME, facts)], facts)
    if chosen == 1:
        _join(table, other)


def _join(table: Table, other: Client) -> None:
    """Carry what was answered into her old file and take her name out of the new one, as one act."""
    here = table.here
    held = here.store.read(other.id)
    found = merged(here, held.value, Given(_carried(table, other), (), None), without_stay=table.stay is None)
    if refused(found.findings):
        for finding in found.findings:
            screen.tell(finding.message, finding.facts, indent="  ! ")
        return
    new = _struck(table, Client(found.record))
    here.write([(file_of(other.id), found.record, held.version), (file_of(str(table.id)), new, table.version)], "admit")
    table.id = other.id
    table.refresh()
    screen.tell(JOINED, {"id": other.id}, indent="  ")


def _struck(table: Table, hers: Client) -> dict[str, Any]:
    """The new file as it stays behind: without her names and what stands in *hers* now, its stay entered twice."""
    new, today = dict(table.record), table.here.today.isoformat()
    there = hers.facts["identity"]
    new["identity"] = {
        name: value
        for name, value in new["identity"].items()
        if name == "sex" or (name not in NAMED and there.get(name) != value)
    }
    struck = {"on": today, "by": table.here.by, "reason": REASON}
    new["stays"] = [{"void": struck, **stay} for stay in new["stays"]]
    if not new["stays"]:
        closed = {"on": today, "by": table.here.by, "reason": screen.said(ELSEWHERE, {"id": hers.id})}
        new["monitoring"] = {**(new.get("monitoring") or {}), "closed": closed}
    return new


def _carried(table: Table, other: Client) -> dict[str, Any]:
    """What the new file says and the old one does not, and the new stay as a stay of hers; nothing of hers is replaced.

    Lists unite: languages as codes, children and papers of IOM as entries.
    """
    record = content(table.record)
    carried: dict[str, Any] = {}
    for name, value in record.items():
        known = other.facts.get(name)
        if isinstance(value, Mapping) and name in ("identity", "trafficking"):
            fresh = {key: _united((known or {}).get(key), each) for key, each in value.items()}
            carried[name] = {key: each for key, each in fresh.items() if each is not None}
        elif name in ("iom", "children") or (name == "identification_number" and known is None):
            carried[name] = value
    hers = content(table.stay.facts) if table.stay else record
    carried |= {name: value for name, value in hers.items() if name in (OF_A_STAY if table.stay else OF_A_CLIENT)}
    return carried


def _united(known: Any, new: Any) -> Any:
    """A list of codes with the new ones in it; a single value only where there was none."""
    if isinstance(new, list):
        return [*(known or []), *(each for each in new if each not in (known or []))]
    return new if known is None else None
