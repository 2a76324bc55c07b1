"""shelterctl discharge: that she left, with IOM or by her own decision; or that taken back."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import typer

from shelterctl import contract
from shelterctl.act.file import CHECKED, save
from shelterctl.act.input import Input, must_agree, read_input
from shelterctl.act.leaving import leave, reported, shown
from shelterctl.cli.options import Check, Ctx, From, On, desk
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.core.house import full
from shelterctl.core.record import Client
from shelterctl.desk import Desk, walked
from shelterctl.errors import Usage
from shelterctl.language import N_
from shelterctl.walk.discharge import walk

BACK = N_("The discharge of {on} was taken back on {day}. She is in {facility} again, where she came on {arrived}.")
BACK_OWN = N_(
    "That she left by her own decision on {on} was taken back on {day}. She is in {facility} again, where she came on "
    "{arrived}."
)
AGAIN = N_("If only the day was wrong, record the right one: discharge {id} --on DATE")
AGAIN_OWN = N_("If only the day was wrong, record the right one: discharge {id} --on DATE --own-decision")
NOT_LEFT = N_("She is not discharged; there is nothing to take back.")
ALONE = N_("--undo takes the discharge back, and goes with --check alone. Leave out the other options.")

ACT = ("on", "at", "by_own_decision")
"""What only a discharge says; what was planned for it stands also when it is taken back."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl discharge 7QF2-M9KD --on 2026-11-25 --from discharge.yaml")
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
        if on or own_decision or source:
            raise Usage("usage/undo", ALONE)
        return _undo(here, client, check)
    if source is None and on is None and not own_decision and not check and walked(here):
        return walk(here, client)
    when = here.dated(on, "--on") if on else None
    given = _given(here, source)
    if refused(given.findings):
        return Outcome(findings=given.findings)
    written = given.value.get("discharge", {})
    must_agree({"on": when.isoformat()} if when else {}, written)
    must_agree({"by_own_decision": True} if own_decision else {}, written, "own-decision")
    if when is None and written.get("on"):
        when = here.dated(written["on"], "--on")
    facts = {**written, **({"by_own_decision": True} if own_decision else {})}
    return leave(here, client, when, Input({"discharge": facts}, (), given.document), check)


def _given(here: Desk, source: str | None) -> Input:
    """The fragment with ``discharge`` at the top, if one is given."""
    if source is None:
        return Input({}, (), None)
    return read_input(source, contract.discharge(here.shelf), here.store.offset)


def _undo(here: Desk, client: str, check: bool) -> Outcome:
    # Gather.
    her, held = here.store.to_change(client)
    stay = her.stay

    # Decide.
    if stay is None or stay.discharged_on is None:
        raise Usage("discharge/nothing", NOT_LEFT)
    if found := reported(here, stay):
        return Outcome(data=shown(here, her), findings=found)
    left = stay.facts["discharge"]
    kept = {name: value for name, value in left.items() if name not in ACT}
    stays = list(held.value["stays"])
    stays[stay.index] = here.stamp.traced(stay.facts, {**stay.facts, "discharge": kept})
    record = {**held.value, "stays": stays}

    # Act.
    if not check:
        save(here, record, held.version, "discharge")
    her = Client(record)
    facts = {"on": stay.discharged_on, "day": here.today, "arrived": stay.arrived_on, "id": her.id}
    taken = {name: left[name] for name in ACT if name in left}
    back, again = (BACK_OWN, AGAIN_OWN) if left.get("by_own_decision") else (BACK, AGAIN)
    said: Said = ((CHECKED, {}),) if check else ((back, {**facts, "facility": stay.facility or "?"}), (again, facts))
    return Outcome(data={**shown(here, her), "taken_back": taken}, findings=tuple(_no_room(here, her)), said=said)


def _no_room(here: Desk, her: Client) -> Iterator[Finding]:
    """That her bed was given to another meanwhile."""
    stay = her.stay
    house = here.store.house(her, stay, here.today) if stay and stay.sleeps_here(here.today) else None
    if house and stay and stay.facility:
        counted = replace(house, sleeping=house.sleeping + 1 + len(her.children))
        found = full(stay.facility, counted, here.today)
        yield from [found] if found else []
