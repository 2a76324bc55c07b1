"""shelterctl discharge: that she left, with IOM or by her own decision; or that taken back."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import typer

from shelterctl.act.client_file import NOTHING_WOULD_BE_REFUSED, save_client_file
from shelterctl.act.discharge import discharge_client, discharge_data, find_reports_on_discharge
from shelterctl.act.input import Input, read_input, refuse_contradiction
from shelterctl.cli.options import CheckOption, Ctx, FromOption, OnOption, begin_command
from shelterctl.core.finding import FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.record.client import Client
from shelterctl.core.record.occupancy import judge_capacity
from shelterctl.errors import UsageError
from shelterctl.prompts.discharge import ask_discharge
from shelterctl.schemas.input import discharge_schema
from shelterctl.session import Session, may_ask
from shelterctl.ui_language import N_

DISCHARGE_TAKEN_BACK = N_(
    "The discharge of {on} was taken back on {day}. She is in {facility} again, where she came on {arrived}."
)
OWN_DECISION_TAKEN_BACK = N_(
    "That she left by her own decision on {on} was taken back on {day}. She is in {facility} again, where she came on "
    "{arrived}."
)
DISCHARGE_AGAIN = N_("If only the day was wrong, record the right one: discharge {id} --on DATE")
OWN_DECISION_AGAIN = N_("If only the day was wrong, record the right one: discharge {id} --on DATE --own-decision")
NOT_DISCHARGED = N_("She is not discharged; there is nothing to take back.")
DISCHARGE_UNDO_ALONE = N_("--undo takes the discharge back, and goes with --check alone. Leave out the other options.")

DISCHARGE_ONLY_FIELDS = ("on", "at", "by_own_decision")
"""What only a discharge says; what was planned for it stands also when it is taken back."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl discharge 7QF2-M9KD --on 2026-11-25 --from discharge.yaml")
def discharge(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    on: OnOption = None,
    own_decision: Annotated[bool, typer.Option("--own-decision", help="She leaves by her own decision.")] = False,
    source: FromOption = None,
    check: CheckOption = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the discharge back.")] = False,
) -> Outcome:
    """Record that she left, or take it back."""
    session = begin_command(ctx)
    if undo:
        if on or own_decision or source:
            raise UsageError("usage/undo", DISCHARGE_UNDO_ALONE)
        return _take_back(session, client, check)
    if source is None and on is None and not own_decision and not check and may_ask(session):
        return ask_discharge(session, client)
    when = session.dated(on, "--on") if on else None
    given = Input({}, (), None)
    if source is not None:
        given = read_input(source, discharge_schema(session.rulebook), session.store.offset)
    if has_refusal(given.findings):
        return Outcome(findings=given.findings)
    written = given.value.get("discharge", {})
    refuse_contradiction({"on": when.isoformat()} if when else {}, written)
    refuse_contradiction({"by_own_decision": True} if own_decision else {}, written, "own-decision")
    if when is None and written.get("on"):
        when = session.dated(written["on"], "--on")
    facts = {**written, **({"by_own_decision": True} if own_decision else {})}
    return discharge_client(session, client, when, Input({"discharge": facts}, (), given.document), check)


def _take_back(session: Session, client: str, check: bool) -> Outcome:
    # Gather.
    her, held = session.store.client_to_change(client)
    stay = her.stay

    # Decide.
    if stay is None or stay.discharged_on is None:
        raise UsageError("discharge/nothing", NOT_DISCHARGED)
    if found := find_reports_on_discharge(session, stay):
        return Outcome(data=discharge_data(session, her), findings=found)
    left = stay.facts["discharge"]
    kept = {name: value for name, value in left.items() if name not in DISCHARGE_ONLY_FIELDS}
    stays = list(held.value["stays"])
    stays[stay.index] = session.stamp.keep_changes(stay.facts, {**stay.facts, "discharge": kept})
    record = {**held.value, "stays": stays}

    # Act.
    if not check:
        save_client_file(session, record, held.version, "discharge")
    her = Client(record)
    facts = {"on": stay.discharged_on, "day": session.today, "arrived": stay.arrived_on, "id": her.id}
    taken = {name: left[name] for name in DISCHARGE_ONLY_FIELDS if name in left}
    back, again = (
        (OWN_DECISION_TAKEN_BACK, OWN_DECISION_AGAIN)
        if left.get("by_own_decision")
        else (DISCHARGE_TAKEN_BACK, DISCHARGE_AGAIN)
    )
    said: FilledSentences = (
        ((NOTHING_WOULD_BE_REFUSED, {}),)
        if check
        else ((back, {**facts, "facility": stay.facility or "?"}), (again, facts))
    )
    return Outcome(
        data={**discharge_data(session, her), "taken_back": taken},
        findings=tuple(_full_house_findings(session, her)),
        said=said,
    )


def _full_house_findings(session: Session, her: Client) -> Iterator[Finding]:
    """That her bed was given to another meanwhile."""
    stay = her.stay
    house = session.store.house_on(her, stay, session.today) if stay and stay.sleeps_here(session.today) else None
    if house and stay and stay.facility:
        counted = replace(house, sleeping=house.sleeping + 1 + len(her.children))
        found = judge_capacity(stay.facility, counted, session.today)
        yield from [found] if found else []
