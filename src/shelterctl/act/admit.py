"""The command admit: open a client's file or add a fragment to it, record the days of checklist items, and admit her on
a day. An item for which a day is not enough is explained, with an empty fragment to fill in. Several documents or
steps in one call are in batch.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shelterctl.act.change import (
    FRAGMENT_ALREADY_THERE,
    NOTHING_WOULD_BE_REFUSED,
    Change,
    blank_file,
    left_out_sentences,
    merge_into_file,
    replace_entry,
    replaced_sentence,
    write_change,
)
from shelterctl.act.client_file import (
    judge_admission,
    judge_checklist,
    judge_entries,
    judge_tracks_at,
    list_unregistered_staff,
)
from shelterctl.act.input import Input
from shelterctl.act.redaction import count_sealed_findings
from shelterctl.act.stay_context import ADMISSION_ACT, admission_context
from shelterctl.core.finding import Finding, Outcome, has_refusal
from shelterctl.core.manual.act import Item
from shelterctl.core.manual.field import COORDINATOR_TITLE
from shelterctl.core.manual.track import ITEM_DAY, Track
from shelterctl.core.record.client import Client, live_entries, value_at
from shelterctl.core.record.sameness import entry_content, is_same
from shelterctl.core.rules.checklist import given_days
from shelterctl.document.writing import format_document
from shelterctl.errors import UsageError
from shelterctl.immutable import immutable
from shelterctl.language import speak_of
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session, read_code_option
from shelterctl.ui_language import N_, Marked

CLIENT_ADMITTED = N_("Admitted on {on}.")
ADMITTED_ALREADY = N_("{She|He} was already admitted on {on}; nothing changed.")
ADMISSION_CHECKED = N_("Nothing prevents admission on {on}.")

ITEM_DONE_ON = N_("Done on {on}: {item}.")
ITEM_STILL_OPEN = N_("The date is recorded, but the item is still open: {item}.")
ITEM_UNKNOWN = N_("There is no such item. A date is enough for {items}.")
ITEM_MET_BY_ENTRY = N_("A date alone is not enough for this item; it needs entries in {her|his} file: {item}.")
WRITE_ENTRY_WITH = N_("Add an entry with: {commands}")
ITEM_NEEDS_FRAGMENT = N_(
    "A date alone is not enough for this item. Fill in the lines below and pass them with --from:\n{fragment}"
)
ITEM_IS_DERIVED = N_("This item follows from the rest of {her|his} file and is not recorded separately: {item}.")
ITEM_DATE_NOT_ENOUGH = N_("A date alone is not enough for this item: {item} ({clause}). Leave the date out.")
NGO_COORDINATOR = str(COORDINATOR_TITLE)
"""The title of the issuer's coordinator, suggested in a blank fragment as the author of IOM's papers."""

CLIENT_FILE_OPENED = N_("File {id} is opened.")
CLIENT_FILE_CHANGED = N_("Saved in file {id}: {count} new, {replaced} replaced.")
NAME_THE_HOUSE = N_("The store has several houses. Name one of them in facility: {facilities}.")
HOUSE_NOT_REGISTERED = N_("This house is not registered. The registered houses are: {facilities}.")


@immutable
class AdmitRequest:
    """The options of one call of admit: merge what is given, record the items, admit her, in this order.

    *each_alone* writes each document of a stream that is not refused, even if others are. An act *follows* that judges
    the checklist, so that it is not judged before.
    """

    new_person: bool = False
    without_stay: bool = False
    items: Sequence[str] = ()
    admits: bool = False
    on: str | None = None
    by: str | None = None
    check: bool = False
    each_alone: bool = False
    again: bool = False
    follows: bool = False

    @property
    def has_more_steps(self) -> bool:
        """Whether there are steps after the merge."""
        return bool(self.items) or self.admits


AskSamePerson = Callable[[Session, Sequence[Any]], str | None]
"""A function that asks whether a new client is one of those who may be the same person; it returns the id of that
client, or None.
"""


def complete_admission(
    session: Session, client: str, on: str | None = None, check: bool = False, *, is_over: bool = False
) -> Outcome:
    """Admit a client on a day, by default today. Unmet conditions refuse it; items due after admission stay open.

    Of a stay that *is over*, whose discharge follows, nobody counts who else slept there, and no checklist is answered.
    """
    # Gather.
    her, held = session.store.client_to_change(client)
    when, stay = session.read_day(on, "--on") if on else session.today, her.stay
    if stay and stay.admitted_on and (stay.is_open or stay.admitted_on == when):
        said = ((ADMITTED_ALREADY, {"on": stay.admitted_on}),)
        data, open_ = judge_checklist(session, her)
        return Outcome(data=data, findings=open_, said=said)

    # Decide.
    admission = {**(value_at(stay.facts, "admission") or {} if stay else {}), "admitted_on": when.isoformat()}
    record = replace_entry(held.value, f"/stays/{stay.index}", {**stay.facts, "admission": admission}) if stay else {}
    judged = judge_admission(session, her, when, count=not is_over)
    change = Change(
        held=held,
        record=record,
        did="admit",
        data=lambda saved: {"id": her.id} if is_over else judge_checklist(session, Client(record) if saved else her)[0],
        findings=(*judged, *list_unregistered_staff(session, her.facts)),
        checked=((ADMISSION_CHECKED, {"on": when}),),
        written=((CLIENT_ADMITTED, {"on": when}),),
    )

    # Act.
    return write_change(session, change, check=check)


def record_items_done(
    session: Session, client: str, names: Sequence[str], on: str | None, by: str | None, check: bool
) -> Outcome:
    """Record the day of each of these checklist items. Raises UsageError if one of them needs more than a day."""
    # Gather.
    her, held = session.store.client_to_change(client)
    items = session.rulebook.items
    for name in names:
        if name not in items:
            enough = [each for each, item in items.items() if item.may_be_given]
            raise UsageError("usage/item", ITEM_UNKNOWN, items=enough)
        if not items[name].may_be_given:
            raise _explain_item(session.rulebook, items[name], her.id)
    when = session.read_day(on, "--on") if on else session.today

    # Decide.
    track = session.rulebook.track_for(ITEM_DAY)
    who = read_code_option(by, "--by") if by else session.staff
    entries = [{"item": name, "on": when.isoformat(), "by": who} for name in names]
    found = merge_into_file(session, held.value, Input({"done": entries}, (), None))
    if has_refusal(found.findings):
        return Outcome(findings=found.findings)
    her, made = Client(found.record), [] if check else found.merge.entries
    told = {"entry": made[0]} if len(made) == 1 else {"entries": dict(zip(names, made, strict=True))} if made else {}
    around = admission_context(session, her, session.today, count=False)
    data, open_ = judge_checklist(session, her)
    change = Change(
        held=held,
        record=found.record,
        did="admit",
        data={**data, **told},
        findings=(*judge_tracks_at(session, her, (track.name,), found.merge.added), *open_),
        changed=found.merge.changed,
        unchanged=((FRAGMENT_ALREADY_THERE, {}),),
        written=[
            (ITEM_DONE_ON if when in given_days(item, around) else ITEM_STILL_OPEN, {"on": when, "item": item.text})
            for item in map(items.__getitem__, names)
        ],
    )

    # Act.
    return write_change(session, change, check=check)


def find_insufficient_days(session: Session, before: Client, given: Input) -> Iterator[Finding]:
    """Yield a finding for each day in a fragment whose item needs more than a day.

    A day that her file has already is not reported: a day was enough when it was recorded.
    """
    known = [entry_content(one) for stay in before.stays for one in live_entries(stay.facts.get("done"))]
    stays = (given.value, *(given.value.get("stays") or ()))
    for place, facts in zip(("", *(f"/stays/{number}" for number in range(len(stays)))), stays, strict=False):
        for number, one in enumerate(facts.get("done") or ()):
            item = session.rulebook.items.get(one.get("item"))
            if item is None or item.may_be_given or any(is_same(entry_content(one), each) for each in known):
                continue
            why, clause = _explain_item(session.rulebook, item, "ID"), item.history[-1].clause
            yield Finding(
                code="fragment/by-entry",
                message=ITEM_DATE_NOT_ENOUGH,
                in_file=why.hint,
                where=f"{place}/done/{number}/item",
                clause=clause,
                facts={**why.facts, "item": item.text, "clause": clause},
            )


def _explain_item(rulebook: Rulebook, item: Item, her: str) -> UsageError:
    """Return an error that says how to meet an item for which a date is not enough: with a fragment, with entries, or
    by the rest of her file.
    """
    if item.names or item.papers:
        return UsageError("usage/item", ITEM_NEEDS_FRAGMENT, fragment=Marked(fragment_template(rulebook, item)))
    if commands := [f"shelterctl add {her} {track.name}" for track in tracks_meeting_item(rulebook, item)]:
        return UsageError("usage/item", ITEM_MET_BY_ENTRY, hint=WRITE_ENTRY_WITH, item=item.text, commands=commands)
    return UsageError("usage/item", ITEM_IS_DERIVED, item=item.text)


def tracks_meeting_item(rulebook: Rulebook, item: Item) -> list[Track]:
    """Return the tracks whose entries meet an item, without those that only their own command writes."""
    from shelterctl.act.typed_track import own_command  # noqa: PLC0415 - an item that a day alone meets does not need this module

    return [track for track in map(rulebook.tracks.__getitem__, item.tracks) if not own_command(track)]


def fragment_template(rulebook: Rulebook, item: Item) -> str:
    """Return a blank fragment, as YAML, for an item that a date alone does not meet."""
    paths = [rulebook.place_of(name) for name in dict.fromkeys((*item.names, *([item.on] if item.on else [])))]
    fragment: dict[str, Any] = {}
    for path in paths:
        below = fragment
        *above, last = path.split(".")
        for name in above:
            below = below.setdefault(name, {})
        below[last] = NGO_COORDINATOR if rulebook.places[path].offers == "coordinator" else None
    if item.papers:
        papers = [{"kind": kind, "on": None, "by": NGO_COORDINATOR} for kind in item.papers]
        said = {"on": None, "by": NGO_COORDINATOR, "status": "recognised", "needs": ["..."]}
        fragment = {"iom": {"documents": papers, "instructions": [said]}}
    return format_document(fragment)


def take_in(
    session: Session, client: str | None, read: Callable[[], Input], asked: AdmitRequest, *, check: bool = False,
    which: AskSamePerson | None = None,
) -> Outcome:  # fmt: skip
    """Merge the input that *read* returns into the file of *client*, or into a new file; write only if something
    changed.

    A new file is refused if a client may be the same person, unless *which* can ask the user; then the answer chooses
    the file. Entries that her file already has are left out and listed, unless ``asked.again``.
    """
    # Gather.
    held = session.store.client_to_change(client)[1] if client else blank_file(session)
    given, before = read(), Client(held.value)
    houses = session.store.shelter.value["facilities"]
    if has_refusal(given.findings):
        return Outcome(findings=given.findings)
    if not asked.without_stay and (before.stay is None or not before.stay.is_open):
        given = _add_only_house(given, houses)

    from shelterctl.act.same_person import find_likely_clients, judge_new_file, judge_new_names  # noqa: PLC0415 - showing her checklist does not need it

    # Decide.
    found = merge_into_file(session, held.value, given, without_stay=asked.without_stay, again=asked.again)
    her, going = Client(found.record), found.merge
    speak_of(session.rulebook.form_for_sex(her.sex))
    admission = session.rulebook.acts[ADMISSION_ACT]
    named = client is None or "facility" in given.value or len(her.stays) > len(before.stays)
    findings = (
        *(_judge_house(given, houses, asked.without_stay, admission.clause) if named else ()),
        *found.findings,
        *given.located(find_insufficient_days(session, before, given)),
    )
    alike: Iterable[Finding] = ()
    if client is None and not asked.new_person and not has_refusal(findings):
        known = find_likely_clients(session, found.record)
        if known and which and (hers := which(session, known)):
            return take_in(session, hers, read, asked, check=check)
        alike = () if which else judge_new_file(known)
    if has_refusal((*findings, *alike)):
        return Outcome(findings=findings if client else given.located((*findings, *alike)))
    alike = judge_new_names(session, held.value, found.record) if client else alike
    broken = judge_entries(session, her, before, going.added + going.replaced)
    places = (*replaced_sentence(going.replaced), *left_out_sentences(going)) if client else ()
    saved = (
        CLIENT_FILE_CHANGED if client else CLIENT_FILE_OPENED,
        {"id": her.id, "count": len(going.added), "replaced": len(going.replaced)},
    )
    told = {"replaced": going.replaced, "left_out": going.left_out, "changed": going.changed} if client else {}
    data, open_ = ({"id": her.id}, ()) if asked.follows else judge_checklist(session, her)
    change = Change(
        held=held,
        record=found.record,
        did="admit",
        data={**data, **told},
        findings=(*given.located(alike), *count_sealed_findings(broken), *open_),
        changed=going.changed or client is None,
        checked=((NOTHING_WOULD_BE_REFUSED, {}), *places),
        unchanged=((FRAGMENT_ALREADY_THERE, {}), *places),
        written=(saved, *places),
    )

    # Act.
    return write_change(session, change, check=check and change.changed)


def _add_only_house(given: Input, houses: Mapping[str, Any]) -> Input:
    """Return the fragment with the store's only house filled in, if it begins a stay and names no house."""
    if len(houses) == 1 and "facility" not in given.value and "referral" in given.value:
        return Input({"facility": next(iter(houses)), **given.value}, given.findings, given.document)
    return given


def _judge_house(given: Input, houses: Mapping[str, Any], without_stay: bool, clause: str) -> tuple[Finding, ...]:
    named, facts = given.value.get("facility"), {"facilities": sorted(houses)}
    if named is None and "referral" in given.value and not without_stay:
        found = Finding(code="admission/which-house", message=NAME_THE_HOUSE, where="/referral", clause=clause)
        return (replace(found, facts=facts),)
    if named is not None and named not in houses:
        return (Finding(code="admission/unknown-house", message=HOUSE_NOT_REGISTERED, where="/facility", facts=facts),)
    return ()
