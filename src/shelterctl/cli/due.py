"""shelterctl due: every deadline, of all clients or of one, the gravest danger first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from shelterctl.act.due import of_staff, owed
from shelterctl.cli.options import Ctx, desk
from shelterctl.core import duty
from shelterctl.core.due import Owed
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, code, walked
from shelterctl.errors import Usage
from shelterctl.language import N_, SPOKEN, Sentence, say, with_codes
from shelterctl.view.calendar import calendar, secret_of
from shelterctl.view.due import COLUMNS, DANGERS, STATE, gathered, lines, shown

NOW = N_("On {day}: {counts}.")
COUNTED = N_("{state} {count}")
NOTHING = N_("On {day}: nothing is due.")
NAMED_NOWHERE = N_(
    "No file names {staff}: no plan, no absence, no other entry that lies open. Without --mine you see what is due of "
    "everybody."
)
NO_ROLE = N_("There is no such role. The roles are {roles}.")
NO_STAFF = N_("No member of staff has that code. See: shelterctl staff list")
ICS = "ics"


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("due", epilog="Example: shelterctl due --within 30 --format ics")
def due_(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="Of one client; default: of all.")] = None,
    within: Annotated[int, typer.Option(metavar="DAYS", min=0, help="Also what is due in so many days.")] = 0,
    mine: Annotated[str | None, typer.Option(metavar="STAFF", help="Only of clients whose entries name them.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="ROLE", help="Only what that role sees to.")] = None,
) -> Outcome:
    """Everything that is due, danger first, then overdue: who sees to it, and by which clause."""
    # Gather.
    here = desk(ctx, lists=True, also=(ICS,))
    mine = _known(here, mine, owner)
    clients = [here.store.client(client)[0]] if client else list(here.store.clients())

    # Decide.
    every = [one for one in owed(here, clients, within) if owner is None or one.owner == owner]
    hers = every if mine is None else of_staff(here, clients, every, mine)
    rows = hers or []
    if here.option("format") == ICS:
        return Outcome(stream=calendar(rows, here.now, secret_of(here.store)))
    raised = duty.raised(here.shelf.report, [her for her in clients if mine is None or her.id in {r.id for r in rows}])
    prose = lines(here, rows if client else gathered(rows), clients) if walked(here) else ()
    data = {"rows": [shown(here, row) for row in rows]}
    said: Said = (_counted(here, rows),) if hers is not None else ((NAMED_NOWHERE, {"staff": mine}),)
    return Outcome(data=data, columns=COLUMNS, findings=tuple(raised), said=said, prose=prose, private=walked(here))


def _counted(here: Desk, rows: Sequence[Owed]) -> tuple[Sentence, Mapping[str, object]]:
    """How many rows stand under each heading, in the order of the headings: that of their danger, else of their state.

    What has no row is not counted, nor what is not asked for.
    """
    counts = Counter(DANGERS[row.danger] if row.danger else STATE[row.state] for row in rows)
    told = [{"state": heading, "count": count} for heading, count in counts.items()]
    texts = [{language: say(COUNTED, facts, language) for language in SPOKEN} for facts in told]
    return (NOW, {"day": here.today, "counts": texts}) if texts else (NOTHING, {"day": here.today})


def _known(here: Desk, mine: str | None, owner: str | None) -> str | None:
    """That code as it is registered; Usage for one that nobody registered, or a role that is not on the shelf.

    Else the list would be empty.
    """
    roles = here.shelf.tracks["staff"].clear["role"].codes
    if owner is not None and owner not in roles:
        raise Usage("usage/role", NO_ROLE, roles=with_codes(roles))
    mine = None if mine is None else code(mine, "--mine")
    if mine is not None and mine not in here.store.staff_in():
        raise Usage("usage/staff", NO_STAFF)
    return mine
