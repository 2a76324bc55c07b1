"""shelterctl ngo: partner NGOs, each with its memorandum of understanding and its contract."""

from typing import Annotated, Any

import typer

from shelterctl.act.register import named
from shelterctl.cli.options import Ctx, From, desk
from shelterctl.cli.register import listing
from shelterctl.core.finding import Outcome
from shelterctl.desk import code
from shelterctl.language import N_
from shelterctl.walk.register import asked_too

SAVED = N_("The NGO {ngo} is registered.")
SAME = N_("The NGO {ngo} was registered just so; nothing changed.")

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback(help=N_("Partner NGOs, their memoranda and contracts: register or change, and list."))(lambda: None)


@app.command(epilog="Example: shelterctl ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
def add(
    ctx: Ctx,
    ngo: Annotated[str, typer.Argument(metavar="CODE", help="A code for the NGO.")],
    memorandum: Annotated[str | None, typer.Option(metavar="DATE", help="When its memorandum was signed.")] = None,
    contract: Annotated[str | None, typer.Option(metavar="DATE", help="When its contract is dated.")] = None,
    source: From = None,
) -> Outcome:
    """Register an NGO, or change what is registered; name and address are asked for, or come from --from."""
    # Gather.
    here, ngo = desk(ctx), code(ngo, "CODE")
    dates: dict[str, Any] = {}
    if memorandum:
        dates["memorandum"] = {"signed_on": here.dated(memorandum, "--memorandum").isoformat()}
    if contract:
        dates["contract"] = {"dated": here.dated(contract, "--contract").isoformat()}

    # Decide.
    changes, findings = named(here, "ngos", ngo, source, dates)
    if findings:
        return Outcome(findings=findings)

    # Act.
    if changes:
        here.write(changes, "ngo")
    changed = asked_too(here, "ngos", ngo, source) or bool(changes)
    return Outcome(data={"ngo": ngo}, said=((SAVED if changed else SAME, {"ngo": ngo}),))


listing(app, "ngos", ("legal_form", "memorandum.signed_on", "memorandum.terminated_on", "contract.dated"))
