"""shelterctl admit: a referral taken in, her checklist, evidence, and the gate."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

import typer

from shelterctl import store
from shelterctl.act import gate
from shelterctl.act.file import CHECKED, RECORD, SAME, entries, merged, read_fragment, save, still_open, way
from shelterctl.act.input import Input
from shelterctl.act.item import done_on
from shelterctl.cli.options import Check, Ctx, From, On, desk
from shelterctl.core.finding import Finding, Outcome, refused
from shelterctl.core.record import Client
from shelterctl.desk import Desk, walked
from shelterctl.errors import Usage
from shelterctl.language import N_

OPENED = N_("File {id} is opened.")
CHANGED = N_("Saved in file {id}: {count} new, {replaced} replaced.")
REPLACED = N_("Replaced: {places}.")
ONE_THING = N_("Give one of --from, --done and --complete at a time.")
NOTHING_ASKED = N_("These options go with --from FILE, --done ITEM or --complete. Say what is to be done.")
NEEDS_ID = N_("At a terminal this asks question by question. Without one, a new client comes with --from FILE.")
WHERE = N_("The store has several houses. Say which one with facility: {facilities}.")
NO_HOUSE = N_("The house is not registered. Known are: {facilities}.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl admit --from referral.yaml")
def admit(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="The client's id.")] = None,
    source: From = None,
    new_person: Annotated[bool, typer.Option("--new-person", help="Not the same person as a client like her.")] = False,
    without_stay: Annotated[
        bool, typer.Option("--without-stay", help="A client of a partner NGO, not of a house.")
    ] = False,
    done: Annotated[
        list[str] | None, typer.Option(metavar="ITEM", help="An item for which a date is enough; may be repeated.")
    ] = None,
    complete: Annotated[bool, typer.Option("--complete", help="Admit her: every item of the gate is there.")] = False,
    on: On = None,
    by: Annotated[str | None, typer.Option(metavar="CODE", help="Who did it; default: who is at the device.")] = None,
    check: Check = False,
) -> Outcome:
    """Take a referral in, keep her checklist, admit her."""
    here = desk(ctx)
    if sum((source is not None, bool(done), complete)) > 1:
        raise Usage("usage/one-thing", ONE_THING)
    bare = not (source or done or complete or new_person or without_stay or on or by or check)
    if bare and walked(here):
        here.open()
        from shelterctl.walk import admission  # noqa: PLC0415 - off a terminal nothing is asked

        return admission.walk(here, client)
    if client is None:
        if source is None:
            raise Usage("usage/admit", NEEDS_ID)
        return _open_file(here, source, new_person, without_stay, check)
    if source is not None:
        return _evidence(here, client, partial(read_fragment, here, source), without_stay, check)
    if done:
        return done_on(here, client, done, on, by, check)
    if complete:
        return gate.complete(here, client, on, check)
    if new_person or without_stay or on or by or check:
        raise Usage("usage/admit-what", NOTHING_ASKED)
    her, _ = here.store.client(client)
    return Outcome(data=way(here, her), findings=still_open(here, her))


def _open_file(here: Desk, source: str, new_person: bool, without_stay: bool, check: bool) -> Outcome:
    # Gather.
    typed = read_fragment(here, source)
    if refused(typed.findings):
        return Outcome(findings=typed.findings)
    id_ = store.new_id()
    blank = {"schema": RECORD, "id": id_, "identity": {}, "stays": []}
    stamped = {**blank, "recorded_at": here.at, "recorded_by": here.by}
    houses = here.store.shelter.value["facilities"]
    given = typed if without_stay else _with_house(typed, houses)

    from shelterctl.act.likely import likely, refusing  # noqa: PLC0415 - her checklist is told without

    # Decide.
    found = merged(here, stamped, given, without_stay=without_stay)
    findings = (*_house_known(given, houses, without_stay), *found.findings)
    known = () if new_person or refused(findings) else likely(here, found.record)
    if known and walked(here) and not check:
        from shelterctl.walk import same_person  # noqa: PLC0415 - off a terminal nothing is asked

        if hers := same_person.which(here, known):
            return _evidence(here, hers, lambda: typed, without_stay, check)
        known = ()
    alike = given.located(refusing(known))
    if refused((*findings, *alike)):
        return Outcome(findings=given.located((*findings, *alike)))

    # Act.
    if not check:
        save(here, found.record, None, "admit")
    her = Client(found.record)
    findings = (*alike, *still_open(here, her), *entries(here, her, Client(stamped)))
    return Outcome(data=way(here, her), findings=findings, said=((CHECKED if check else OPENED, {"id": id_}),))


def _with_house(given: Input, houses: Mapping[str, Any]) -> Input:
    """The fragment with the store's only house, where none is named and a stay begins."""
    if len(houses) == 1 and "facility" not in given.value and "referral" in given.value:
        return Input({"facility": next(iter(houses)), **given.value}, given.findings, given.document)
    return given


def _house_known(given: Input, houses: Mapping[str, Any], without_stay: bool) -> tuple[Finding, ...]:
    named, facts = given.value.get("facility"), {"facilities": sorted(houses)}
    if named is None and "referral" in given.value and not without_stay:
        return (Finding(code="admission/which-house", message=WHERE, where="/referral", clause="M3.0.3", facts=facts),)
    if named is not None and named not in houses:
        return (Finding(code="admission/unknown-house", message=NO_HOUSE, where="/facility", facts=facts),)
    return ()


def _evidence(here: Desk, client: str, read: Callable[[], Input], without_stay: bool, check: bool) -> Outcome:
    # Gather.
    _, held = here.store.client(client)
    given = read()
    houses = here.store.shelter.value["facilities"]
    her = Client(held.value)
    if refused(given.findings):
        return Outcome(findings=given.findings)
    if not without_stay and (her.stay is None or not her.stay.open):
        given = _with_house(given, houses)

    # Decide.
    found = merged(here, held.value, given, without_stay=without_stay)
    opens = len(Client(found.record).stays) > len(her.stays)
    findings = (
        *(_house_known(given, houses, without_stay) if opens or "facility" in given.value else ()),
        *found.findings,
    )
    if refused(findings):
        return Outcome(findings=tuple(findings))

    # Act.
    if found.merge.changed and not check:
        save(here, found.record, held.version, "admit")
    from shelterctl.act.likely import renamed  # noqa: PLC0415 - her checklist is told without

    facts = {"id": her.id, "count": len(found.merge.added), "replaced": len(found.merge.replaced)}
    said = [(CHECKED if check else CHANGED, facts)] if found.merge.changed else [(SAME, {})]
    if found.merge.replaced:
        said.append((REPLACED, {"places": found.merge.replaced}))
    her = Client(found.record)
    data = {**way(here, her), "replaced": found.merge.replaced, "changed": found.merge.changed}
    alike = given.located(renamed(here, held.value, found.record))
    findings = (*alike, *still_open(here, her), *entries(here, her, Client(held.value)))
    return Outcome(data=data, findings=findings, said=tuple(said))
