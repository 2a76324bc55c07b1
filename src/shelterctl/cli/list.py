"""shelterctl list: clients by id and state, without names."""

import typer

from shelterctl.cli.options import Ctx, desk
from shelterctl.core import monitoring, stay
from shelterctl.core.finding import Outcome
from shelterctl.language import N_

NOBODY = N_("There is no client in this store yet.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(name="list", epilog="Example: shelterctl list --format csv")
def list_(ctx: Ctx) -> Outcome:
    """List clients by id and state, without names."""
    # Gather.
    here = desk(ctx)

    # Decide.
    rows = []
    for her in here.store.clients():
        last = her.stay
        rows.append(
            {
                "id": her.id,
                "state": stay.state(her, last, monitoring.monitored(here.shelf.annex, her)),
                "facility": last.facility if last else None,
                "arrived_on": last.arrived_on if last else None,
                "admitted_on": last.admitted_on if last else None,
                "discharged_on": last.discharged_on if last else None,
                "agreements": len(her.agreements),
            }
        )
    return Outcome(data={"rows": rows}, said=() if rows else ((NOBODY, {}),))
