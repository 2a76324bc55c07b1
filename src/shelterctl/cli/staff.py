"""shelterctl staff add: who is staff, by code and role."""

from typing import Annotated, Any

import typer

from shelterctl.act.register import named
from shelterctl.cli.options import Ctx, From, desk
from shelterctl.core.finding import Outcome
from shelterctl.desk import code
from shelterctl.errors import Usage
from shelterctl.language import N_
from shelterctl.library import read_schema
from shelterctl.store import STAFF
from shelterctl.walk.register import asked_too

SAVED = N_("{staff} is registered as {role}.")
NO_ROLE = N_("There is no such role. The roles are {roles}.")

ROLE = "social_worker"
"""What someone new is where nothing is said; whoever is registered stays what she is."""

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback(help=N_("Register staff."))(lambda: None)


@app.command(epilog="Example: shelterctl staff add s-gulnara --role social_worker")
def add(
    ctx: Ctx,
    person: Annotated[str, typer.Argument(metavar="CODE", help="A code for the member of staff.")],
    role: Annotated[
        str | None,
        typer.Option(help="manager, social_worker, psychologist …; default: as registered, else social_worker."),
    ] = None,
    source: From = None,
) -> Outcome:
    """Register a member of staff, or change the role; name and telephone are asked for, or come from --from."""
    # Gather.
    here, person = desk(ctx), code(person, "CODE")
    roles = read_schema("staff")["properties"]["staff"]["additionalProperties"]["properties"]["role"]["enum"]
    if role not in (None, *roles):
        raise Usage("usage/role", NO_ROLE, roles=roles)
    held = here.store.staff
    known: dict[str, Any] = held.value["staff"].get(person) or {"since": here.today.isoformat()}
    role = role or known.get("role", ROLE)
    directory, findings = named(here, "staff", person, source)

    # Decide.
    if findings:
        return Outcome(findings=findings)

    # Act.
    staff = {**held.value["staff"], person: {**known, "role": role}}
    here.write([(STAFF, {**held.value, "staff": staff}, held.version), *directory], "staff")
    saved = Outcome(data={"staff": person, "role": role}, said=((SAVED, {"staff": person, "role": role}),))
    return asked_too(here, "staff", person, saved, source)
