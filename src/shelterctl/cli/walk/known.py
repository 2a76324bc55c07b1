"""Someone who was here before: asked when her names are known, and then her old file goes on."""

from typing import Any

from shelterctl import ask, screen
from shelterctl.cli.file import merged, way
from shelterctl.cli.options import Given
from shelterctl.cli.walk.table import Table
from shelterctl.core.finding import refused
from shelterctl.core.fragment import OF_A_STAY, content
from shelterctl.core.person import likely_same
from shelterctl.core.record import Client
from shelterctl.language import N_
from shelterctl.store import file_of

LIKE = N_("{id} may be the same person: born {birth}, came on {arrived}, {state}. Is she?")
ANOTHER = N_("another person: go on in this file")
THE_SAME = N_("the same person: go on in her file {id}; what was answered now goes there")
JOINED = N_("Her file {id} goes on. The stay in the new file is struck through as entered twice.")
REASON = "entered_twice"


def ask_whether(table: Table) -> None:
    """If a client like her is known, ask whether it is she; if so, the table goes on with that file."""
    other = next(
        (one for one in table.here.store.clients() if one.id != table.id and likely_same(one.facts, table.record)), None
    )
    if other is None:
        return
    birth, arrived = other.facts["identity"].get("birth_date"), other.stay.arrived_on if other.stay else None
    born = table.question("identity.birth_date").shown(birth, screen.spoken()) if birth else "?"
    facts = {"id": other.id, "state": way(table.here, other)["state"], "birth": born, "arrived": arrived or "?"}
    if ask.choice(LIKE, [(ANOTHER, {}), (THE_SAME, facts)], facts) == 1:
        _join(table, other)


def _join(table: Table, other: Client) -> None:
    """Carry what was answered into her old file and take her name out of the new one, as one act."""
    here, new = table.here, dict(table.record)
    held = here.store.read(other.id)
    given = _carried(table, other)
    found = merged(here, held.value, Given(given, (), None))
    if refused(found.findings):
        for finding in found.findings:
            screen.tell(finding.message, finding.facts, indent="  ! ")
        return
    new["identity"] = {"sex": new["identity"]["sex"]}
    struck = {"on": here.today.isoformat(), "by": here.by, "reason": REASON}
    new["stays"] = [{**stay, "void": struck} for stay in new["stays"]]
    here.write(
        [(file_of(other.id), found.record, held.version), (file_of(str(new["id"])), new, table.version)], "admit"
    )
    table.id = other.id
    table.refresh()
    screen.tell(JOINED, {"id": other.id}, indent="  ")


def _carried(table: Table, other: Client) -> dict[str, Any]:
    """What the new file says and the old one does not, and the new stay as a stay of hers."""
    known = other.facts.get("identity") or {}
    identity = {name: value for name, value in table.record["identity"].items() if name not in known}
    stay = content(table.stay.facts) if table.stay else {}
    hers = {name: value for name, value in stay.items() if name in OF_A_STAY}
    return {**({"identity": identity} if identity else {}), **hers}
