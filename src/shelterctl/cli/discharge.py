"""shelterctl discharge: that she left, with IOM or by her own decision; or that taken back."""

from typing import Annotated, Any

import typer

from shelterctl import contract
from shelterctl.cli.file import CHECKED, judged_discharge, merged, save, way
from shelterctl.cli.options import Check, Ctx, Desk, From, Given, On, day, desk, read_input
from shelterctl.core.finding import Outcome, refused
from shelterctl.core.monitoring import due_on
from shelterctl.core.record import Client, at, live
from shelterctl.errors import Usage
from shelterctl.language import N_

LEFT = N_("Discharged on {on}. Monitoring is due from {due}.")
WOULD = N_("Nothing would stop the discharge on {on}.")
BACK = N_("The discharge is taken back; she is in the house.")
NOT_LEFT = N_("She is not discharged; there is nothing to take back.")
REPORTED = N_("A monitoring report stands on the discharge. Void it first.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl discharge 7QF2-M9KD --on 2026-08-31 --from discharge.yaml")
def discharge(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    on: On = None,
    own_decision: Annotated[bool, typer.Option("--own-decision", help="She leaves by her own decision.")] = False,
    source: From = None,
    check: Check = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the discharge back.")] = False,
) -> Outcome:
    """Record that she left, or take it back."""
    here = desk(ctx)
    if undo:
        return _undo(here, client, check)

    # Gather.
    her, held = here.store.client(client)
    when = day(on, "--on") if on else here.today
    given = _given(here, source)
    if refused(given.findings):
        return Outcome(findings=given.findings)

    # Decide.
    said_so = {"by_own_decision": True if own_decision else None}  # what an earlier discharge said no longer holds
    facts = {**said_so, **given.value.get("discharge", {}), "on": when.isoformat()}
    found = merged(here, held.value, Given({"discharge": facts} if her.stays else {}, (), given.document))
    findings = (*found.findings, *judged_discharge(here, her, Client(found.record), when))
    if refused(findings) or check:
        said = () if refused(findings) else ((WOULD, {"on": when}),)
        return Outcome(data=_data(here, her), findings=findings, said=said)

    # Act.
    save(here, found.record, held.version, "discharge")
    her = Client(found.record)
    due = due_on(here.shelf.annex, her.stays[-1])
    return Outcome(data=_data(here, her), findings=findings, said=((LEFT, {"on": when, "due": due}),))


def _given(here: Desk, source: str | None) -> Given:
    """The fragment with ``discharge`` at the top, if one is given."""
    if source is None:
        return Given({}, (), None)
    frame = contract.fragment(here.shelf)
    only = {**frame, "properties": {"discharge": frame["properties"]["discharge"]}}
    return read_input(source, only, here.store.offset)


def _undo(here: Desk, client: str, check: bool) -> Outcome:
    # Gather.
    her, held = here.store.client(client)
    stay = her.stays[-1] if her.stays else None

    # Decide.
    if stay is None or stay.discharged_on is None:
        raise Usage("discharge/nothing", NOT_LEFT)
    if live(at(stay.facts, "monitoring.reports")):
        raise Usage("discharge/reported", REPORTED)

    # Act.
    kept = {
        name: value for name, value in stay.facts["discharge"].items() if name not in ("on", "at", "by_own_decision")
    }
    stays = [dict(facts) for facts in held.value["stays"]]
    stays[stay.index]["discharge"] = kept
    record = {**held.value, "stays": stays}
    if not check:
        save(here, record, held.version, "discharge")
    return Outcome(data=_data(here, Client(record)), said=((CHECKED if check else BACK, {}),))


def _data(here: Desk, her: Client) -> dict[str, Any]:
    stay = her.stays[-1] if her.stays else None
    due = due_on(here.shelf.annex, stay) if stay else None
    left = stay.discharged_on if stay else None
    return {"id": her.id, "state": way(here, her)["state"], "discharged_on": left, "monitoring_due_on": due}
