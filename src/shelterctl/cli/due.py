"""shelterctl due: every deadline, of all clients or of one, what is overdue first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from shelterctl.act.due import owed
from shelterctl.cli.options import Ctx, desk
from shelterctl.core import duty
from shelterctl.core.due import STATES, Owed
from shelterctl.core.finding import Outcome
from shelterctl.desk import Desk, code, walked
from shelterctl.errors import Usage
from shelterctl.language import N_, SPOKEN, Coded, say, with_codes
from shelterctl.view.calendar import calendar

NOW = N_(
    "On {day}: overdue {overdue}, due today {due}, open {open}, upcoming {upcoming}, without a date {unscheduled}."
)
NO_ROLE = N_("There is no such role. The roles are {roles}.")
NO_STAFF = N_("No member of staff has that code. See: shelterctl staff list")
GATE = N_("before her admission: {count} (due {id})")
OPEN = N_("on her list: {count} (due {id})")
ICS = "ics"
STATE = {
    "overdue": N_("overdue"),
    "due": N_("due today"),
    "open": N_("open"),
    "upcoming": N_("upcoming"),
    "unscheduled": N_("without a date"),
}

COLUMNS = (
    "id", "state", "what", "due_on", "days_since_due", "clause", "owner", "row", "stay", "entry", "social_worker",
    "gaps", "gate",
)  # fmt: skip
ON_SCREEN = ("id", "state", "what", "due_on", "days_since_due", "clause", "owner")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("due", epilog="Example: shelterctl due --within 30 --owner social_worker")
def due_(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="Of one client; default: of all.")] = None,
    within: Annotated[int, typer.Option(metavar="DAYS", min=0, help="Also what is due in so many days.")] = 0,
    mine: Annotated[str | None, typer.Option(metavar="STAFF", help="Only clients of that social worker.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="ROLE", help="Only what that role sees to.")] = None,
) -> Outcome:
    """Everything that is due, overdue first: who sees to it, and the clause; --format ics makes a calendar."""
    # Gather.
    here = desk(ctx, lists=True, also=(ICS,))
    _known(here, mine, owner)
    clients = [here.store.client(client)[0]] if client else list(here.store.clients())

    # Decide.
    rows = [
        one for one in owed(here, clients, within)
        if (mine is None or one.social_worker == mine) and (owner is None or one.owner == owner)
    ]  # fmt: skip
    if here.option("format") == ICS:
        return Outcome(stream=calendar(rows, here.now))
    counts = {state: sum(row.state == state for row in rows) for state in STATES}
    raised = duty.raised(here.shelf.report, [her for her in clients if mine is None or her.id in {r.id for r in rows}])
    columns = ON_SCREEN if walked(here) else COLUMNS
    listed = rows if client or not walked(here) else gathered(rows)
    told = [{name: value for name, value in shown(here, row).items() if name in columns} for row in listed]
    said = ((NOW, {"day": here.today, **counts}),)
    return Outcome(data={"rows": told}, columns=columns, findings=tuple(raised), said=said)


def shown(here: Desk, row: Owed) -> dict[str, Any]:
    """A row with its codes, each in words for whoever reads it on a screen."""
    roles = here.shelf.tracks["staff"].clear["role"].codes
    told = {name: value for name, value in row._asdict().items() if name in COLUMNS}
    owner = Coded(row.owner, roles[row.owner]) if row.owner and row.owner in roles else row.owner
    return {**told, "state": Coded(row.state, STATE[row.state]), "what": Coded(row.what, row.text), "owner": owner}


def gathered(rows: Sequence[Owed]) -> list[Owed]:
    """The same for a screen: of what is open and has no day there is one line a client, that says how much it is."""
    counts = Counter((row.id, row.gate) for row in rows if row.state == "open")
    found: list[Owed] = []
    for row in rows:
        count = counts.pop((row.id, row.gate), 0) if row.state == "open" else 0
        if row.state != "open" or count == 1:
            found.append(row)
        elif count:
            words: Mapping[str, Any] = {"count": count, "id": row.id}
            text = {language: say(GATE if row.gate else OPEN, words, language) for language in SPOKEN}
            found.append(row._replace(text=text, clause="", owner=None))
    return found


def _known(here: Desk, mine: str | None, owner: str | None) -> None:
    """Usage for a role that is not on the shelf, or a code that nobody registered: else the list would be empty."""
    roles = here.shelf.tracks["staff"].clear["role"].codes
    if owner is not None and owner not in roles:
        raise Usage("usage/role", NO_ROLE, roles=with_codes(roles))
    if mine is not None and code(mine, "--mine") not in here.store.staff_in():
        raise Usage("usage/staff", NO_STAFF)
