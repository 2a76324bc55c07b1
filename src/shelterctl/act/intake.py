"""A client's file that is opened, or goes on, by what was given: merged, judged, and saved where nothing is refused."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shelterctl import store
from shelterctl.act.discretion import shrouded
from shelterctl.act.file import CHECKED, SAME, entries, left_out, merged, replaced, save, still_open, way
from shelterctl.act.input import Input
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.core.record import Client
from shelterctl.core.tree import VERSIONS
from shelterctl.desk import Desk
from shelterctl.language import N_

OPENED = N_("File {id} is opened.")
CHANGED = N_("Saved in file {id}: {count} new, {replaced} replaced.")
WHERE = N_("The store has several houses. Say which one with facility: {facilities}.")
NO_HOUSE = N_("The house is not registered. Known are: {facilities}.")

Which = Callable[[Desk, Sequence[Any]], str | None]
"""Who asks whether she is one of those who may be the same person: her id, none where she is another."""


def opened(
    here: Desk, typed: Input, *, new_person: bool = False, without_stay: bool = False, check: bool = False,
    again: bool = False, which: Which | None = None,
) -> Outcome:  # fmt: skip
    """A new file; whoever may be there already stops it, unless somebody can be asked *which* of them she is."""
    # Gather.
    if refused(typed.findings):
        return Outcome(findings=typed.findings)
    id_ = store.new_id()
    blank = {"schema": VERSIONS[-1], "id": id_, "identity": {}, "stays": []}
    stamped = {**blank, "recorded_at": here.at, "recorded_by": here.by}
    houses = here.store.shelter.value["facilities"]
    given = typed if without_stay else _with_house(typed, houses)

    from shelterctl.act.likely import likely, refusing  # noqa: PLC0415 - her checklist is told without

    # Decide.
    found = merged(here, stamped, given, without_stay=without_stay, again=again)
    findings = (*_house_known(given, houses, without_stay), *found.findings, *_dayless(here, Client(stamped), typed))
    known = () if new_person or refused(findings) else likely(here, found.record)
    if known and which:
        if hers := which(here, known):
            return gone_on(here, hers, lambda: typed, without_stay=without_stay, check=check, again=again)
        known = ()
    alike = given.located(refusing(known))
    if refused((*findings, *alike)):
        return Outcome(findings=given.located((*findings, *alike)))

    # Act.
    if not check:
        save(here, found.record, None, "admit")
    her = Client(found.record)
    told = entries(here, her, Client(stamped), found.merge.added + found.merge.replaced)
    findings = (*alike, *shrouded(told), *still_open(here, her))
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


def _dayless(here: Desk, before: Client, given: Input) -> tuple[Finding, ...]:
    """Days that are given for items for which none is enough, with their place in the input."""
    from shelterctl.act.item import dayless  # noqa: PLC0415 - most fragments give no day

    return given.located(dayless(here, before, given))


def gone_on(
    here: Desk, client: str, read: Callable[[], Input], *, without_stay: bool = False, check: bool = False,
    again: bool = False,
) -> Outcome:  # fmt: skip
    """Her file with what was given merged into it; nothing is written where it says nothing new.

    Entries that stand there already are left out and named, unless they are to be written *again*.
    """
    # Gather.
    _, held = here.store.to_change(client)
    given = read()
    houses = here.store.shelter.value["facilities"]
    her = Client(held.value)
    if refused(given.findings):
        return Outcome(findings=given.findings)
    if not without_stay and (her.stay is None or not her.stay.open):
        given = _with_house(given, houses)

    # Decide.
    found = merged(here, held.value, given, without_stay=without_stay, again=again)
    opens = len(Client(found.record).stays) > len(her.stays)
    findings = (
        *(_house_known(given, houses, without_stay) if opens or "facility" in given.value else ()),
        *found.findings,
        *_dayless(here, her, given),
    )
    if refused(findings):
        return Outcome(findings=tuple(findings))

    # Act.
    if found.merge.changed and not check:
        save(here, found.record, held.version, "admit")
    from shelterctl.act.likely import renamed  # noqa: PLC0415 - her checklist is told without

    facts = {"id": her.id, "count": len(found.merge.added), "replaced": len(found.merge.replaced)}
    said: Said = ((CHECKED if check else CHANGED, facts),) if found.merge.changed else ((SAME, {}),)
    said = (*said, *replaced(found.merge.replaced), *left_out(found.merge))
    her = Client(found.record)
    told = {"replaced": found.merge.replaced, "left_out": found.merge.left_out, "changed": found.merge.changed}
    data = {**way(here, her), **told}
    alike = given.located(renamed(here, held.value, found.record))
    broken = entries(here, her, Client(held.value), found.merge.added + found.merge.replaced)
    findings = (*alike, *shrouded(broken), *still_open(here, her))
    return Outcome(data=data, findings=findings, said=said)
