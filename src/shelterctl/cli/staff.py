"""shelterctl staff: who is staff, by code and role."""

from typing import Annotated, Any

import typer

from shelterctl import ask
from shelterctl.act.register import named
from shelterctl.cli.options import Ctx, From, desk
from shelterctl.cli.register import listing
from shelterctl.core.finding import Outcome
from shelterctl.desk import code, walked
from shelterctl.errors import Usage
from shelterctl.language import N_, Coded, with_codes
from shelterctl.library import read_schema
from shelterctl.store import STAFF
from shelterctl.walk.register import asked_too

SAVED = N_("{staff} is registered as {role}.")
CHANGE = N_("{staff} is registered as {before}. Change that to {role}?")
STAYS = N_("{staff} stays registered as {before}; nothing changed.")
NO_ROLE = N_("There is no such role. The roles are {roles}.")

ROLE = "social_worker"
"""What someone new is where nothing is said; whoever is registered stays what she is."""

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback(help=N_("Who is staff, by code and role: register or change, and list."))(lambda: None)


@app.command(epilog="Example: shelterctl staff add s-gulnara --role social_worker")
def add(
    ctx: Ctx,
    person: Annotated[str, typer.Argument(metavar="CODE", help="A code for the member of staff.")],
    role: Annotated[
        str | None,
        typer.Option(
            metavar="ROLE", help="manager, social_worker, psychologist …; default: as registered, else social_worker."
        ),
    ] = None,
    source: From = None,
) -> Outcome:
    """Register a member of staff, or change the role; name and telephone are asked for, or come from --from."""
    # Gather.
    here, person = desk(ctx), code(person, "CODE")
    roles = read_schema("staff")["properties"]["staff"]["additionalProperties"]["properties"]["role"]["enum"]
    called = here.shelf.places["staff.role"].codes
    if role not in (None, *roles):
        raise Usage("usage/role", NO_ROLE, roles=with_codes({each: called[each] for each in roles}))
    held = here.store.staff
    known: dict[str, Any] = held.value["staff"].get(person) or {"since": here.today.isoformat()}
    before, role = known.get("role"), role or known.get("role", ROLE)
    told = {"staff": person, "role": Coded(role, called[role])}
    if before not in (None, role) and walked(here):
        was = {**told, "before": Coded(before, called[before])}
        if not ask.confirm(CHANGE, was):
            return Outcome(data={"staff": person, "role": was["before"]}, said=((STAYS, was),))
    directory, findings = named(here, "staff", person, source)

    # Decide.
    if findings:
        return Outcome(findings=findings)

    # Act.
    staff = {**held.value["staff"], person: {**known, "role": role}}
    here.write([(STAFF, {**held.value, "staff": staff}, held.version), *directory], "staff")
    asked_too(here, "staff", person, source)
    return Outcome(data=told, said=((SAVED, told),))


listing(app, "staff", ("role", "since", "until"), lambda here: here.store.staff.value["staff"])
