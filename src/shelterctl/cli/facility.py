"""shelterctl facility: the houses of the store."""

from typing import Annotated, Any

import typer

from shelterctl.act.capacity import capacity_of
from shelterctl.act.register import named
from shelterctl.cli.options import Ctx, From, desk
from shelterctl.cli.register import listing
from shelterctl.core.finding import Outcome, refused
from shelterctl.desk import code
from shelterctl.language import N_, Coded
from shelterctl.store import SHELTER
from shelterctl.walk.register import asked_too

SAVED = N_("The house {facility} is registered, with {capacity} places.")

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback(help=N_("The houses of the store: register or change, and list."))(lambda: None)


@app.command(epilog="Example: shelterctl facility add osh --kind shelter --capacity 8 --ngo sezim")
def add(
    ctx: Ctx,
    facility: Annotated[str, typer.Argument(metavar="CODE", help="A code for the house.")],
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="shelter or carc.")] = None,
    capacity: Annotated[int | None, typer.Option(metavar="N", help="How many sleep there at most.")] = None,
    ngo: Annotated[str | None, typer.Option(metavar="CODE", help="The NGO that manages it.")] = None,
    source: From = None,
) -> Outcome:
    """Register a house, or change what is registered; name and address are asked for, or come from --from."""
    # Gather.
    here, facility = desk(ctx), code(facility, "CODE")
    held = here.store.shelter
    known: dict[str, Any] = held.value["facilities"].get(facility, {})
    kind = kind or known.get("kind", "shelter")
    directory, findings = named(here, "facilities", facility, source)

    # Decide.
    places, found = capacity_of(here.shelf, kind, known.get("capacity") if capacity is None else capacity, here.today)
    if refused((*findings, *found)):
        return Outcome(findings=(*findings, *found))

    # Act.
    house = {**known, "kind": kind, "capacity": places, **({"ngo": code(ngo, "--ngo")} if ngo else {})}
    houses = {**held.value, "facilities": {**held.value["facilities"], facility: house}}
    here.write([(SHELTER, houses, held.version), *directory], "facility")
    told = {**house, "kind": Coded(kind, here.shelf.kinds[kind].text)}
    asked_too(here, "facilities", facility, source)
    return Outcome(data={"facility": facility, **told}, said=((SAVED, {"facility": facility, "capacity": places}),))


listing(app, "facilities", ("kind", "capacity", "ngo"), lambda here: here.store.shelter.value["facilities"])
