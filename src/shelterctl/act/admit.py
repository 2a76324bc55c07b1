"""The command admit: open a client's file or add a fragment to it, record the days of checklist items, and admit her on
a day. An item for which a day is not enough is explained, with an empty fragment to fill in. Several documents or
steps in one call are in batch.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shelterctl.act.client_file import (
    FRAGMENT_ALREADY_THERE,
    NOTHING_WOULD_BE_REFUSED,
    admission_context,
    admission_status,
    answer_unwritten,
    judge_admission,
    judge_entries,
    judge_tracks_at,
    left_out_sentences,
    list_open_findings,
    list_unregistered_staff,
    merge_into_file,
    replaced_sentence,
    save_client_file,
)
from shelterctl.act.input import Input
from shelterctl.act.redaction import count_sealed_findings
from shelterctl.core.finding import FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.manual.act import Item
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, live_entries, value_at
from shelterctl.core.record.file_tree import FILE_VERSIONS
from shelterctl.core.record.sameness import entry_content, is_same
from shelterctl.core.rules.checklist import given_days
from shelterctl.document.writing import format_document
from shelterctl.errors import UsageError
from shelterctl.questionnaire import COORDINATOR_TITLE
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session, read_code_option
from shelterctl.store.folder import new_client_id
from shelterctl.ui_language import N_, Marked

CLIENT_ADMITTED = N_("Admitted on {on}.")
ADMITTED_ALREADY = N_("Was admitted on {on} already; nothing changed.")
ADMISSION_CHECKED = N_("Nothing would stop the admission on {on}.")

ITEM_DONE_ON = N_("Done on {on}: {item}.")
ITEM_STILL_OPEN = N_("It is written down, and the item stays open: {item}.")
ITEM_UNKNOWN = N_("There is no such item. A date is enough for {items}.")
ITEM_MET_BY_ENTRY = N_("A date alone is not enough for this item; it is met by what is written down: {item}.")
WRITE_ENTRY_WITH = N_("Write it down with: {commands}")
ITEM_NEEDS_FRAGMENT = N_(
    "For this item a date is not enough. Fill in what follows and give it with --from:\n{fragment}"
)
ITEM_IS_DERIVED = N_("This item follows from the rest of the file, and is not written down by itself: {item}.")
ITEM_DATE_NOT_ENOUGH = N_("A date alone is not enough for this item: {item} ({clause}). Leave it out.")
NGO_COORDINATOR = str(COORDINATOR_TITLE)
"""Who gives what is IOM's, where a file is to be filled in."""

CLIENT_FILE_OPENED = N_("File {id} is opened.")
CLIENT_FILE_CHANGED = N_("Saved in file {id}: {count} new, {replaced} replaced.")
NAME_THE_HOUSE = N_("The store has several houses. Say which one with facility: {facilities}.")
HOUSE_NOT_REGISTERED = N_("The house is not registered. Known are: {facilities}.")
AskSamePerson = Callable[[Session, Sequence[Any]], str | None]
"""Who asks whether she is one of those who may be the same person: her id, none where she is another."""


def complete_admission(session: Session, client: str, on: str | None = None, check: bool = False) -> Outcome:
    """Admit her on that day, else today; what the gate lacks refuses it, what is missing behind it stays open."""
    # Gather.
    her, held = session.store.client_to_change(client)
    when = session.read_day(on, "--on") if on else session.today
    if her.stay and her.stay.admitted_on and (her.stay.is_open or her.stay.admitted_on == when):
        said = ((ADMITTED_ALREADY, {"on": her.stay.admitted_on}),)
        return Outcome(data=admission_status(session, her), findings=list_open_findings(session, her), said=said)

    # Decide.
    findings = (*judge_admission(session, her, when), *list_unregistered_staff(session, her.facts))
    if has_refusal(findings) or her.stay is None or check:
        return answer_unwritten(admission_status(session, her), findings, ADMISSION_CHECKED, {"on": when})

    # Act.
    stays = [dict(facts) for facts in held.value["stays"]]
    admission = value_at(her.stay.facts, "admission") or {}
    stays[her.stay.index]["admission"] = {**admission, "admitted_on": when.isoformat()}
    record = {**held.value, "stays": stays}
    save_client_file(session, record, held.version, "admit")
    said = ((CLIENT_ADMITTED, {"on": when}),)
    return Outcome(data=admission_status(session, Client(record)), findings=findings, said=said)


def record_items_done(
    session: Session, client: str, names: list[str], on: str | None, by: str | None, check: bool
) -> Outcome:
    """Record a day for each of these items; nothing is recorded if one of them needs more than a day."""
    # Gather.
    her, file = session.store.client_to_change(client)
    items = session.rulebook.items
    for name in names:
        if name not in items:
            enough = [each for each, item in items.items() if item.may_be_given]
            raise UsageError("usage/item", ITEM_UNKNOWN, items=enough)
        if not items[name].may_be_given:
            raise _explain_item(session.rulebook, items[name], her.id)
    when = session.read_day(on, "--on") if on else session.today

    # Decide.
    who = read_code_option(by, "--by") if by else session.staff
    entries = [{"item": name, "on": when.isoformat(), "by": who} for name in names]
    found = merge_into_file(session, file.value, Input({"done": entries}, (), None))
    if has_refusal(found.findings):
        return Outcome(findings=found.findings)

    # Act.
    if found.merge.changed and not check:
        save_client_file(session, found.record, file.version, "admit")
    her = Client(found.record)
    held = admission_context(session, her, session.today, count=False)
    said: FilledSentences = ((NOTHING_WOULD_BE_REFUSED if check else FRAGMENT_ALREADY_THERE, {}),)
    if found.merge.changed and not check:
        met = {name: when in given_days(items[name], held) for name in names}
        facts = {name: {"on": when, "item": items[name].text} for name in names}
        said = [(ITEM_DONE_ON if met[name] else ITEM_STILL_OPEN, facts[name]) for name in names]
    made = [] if check else found.merge.entries
    told = {"entry": made[0]} if len(made) == 1 else {"entries": dict(zip(names, made, strict=True))} if made else {}
    findings = (*judge_tracks_at(session, her, ("done",), found.merge.added), *list_open_findings(session, her))
    return Outcome(data={**admission_status(session, her), **told}, findings=findings, said=said)


def find_insufficient_days(session: Session, before: Client, given: Input) -> Iterator[Finding]:
    """Each day in a fragment that is given for an item for which none is enough; what her file has already may stay.

    When a day was enough, it counted; whoever gives one now writes down the entries by which the item is met.
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
    """The remedy for an item that a date alone does not meet: a fragment, entries, or the rest of her file."""
    if item.names or item.papers:
        return UsageError("usage/item", ITEM_NEEDS_FRAGMENT, fragment=Marked(fragment_template(rulebook, item)))
    if commands := [f"shelterctl add {her} {track.name}" for track in tracks_meeting_item(rulebook, item)]:
        return UsageError("usage/item", ITEM_MET_BY_ENTRY, hint=WRITE_ENTRY_WITH, item=item.text, commands=commands)
    return UsageError("usage/item", ITEM_IS_DERIVED, item=item.text)


def tracks_meeting_item(rulebook: Rulebook, item: Item) -> list[Track]:
    """The tracks whose entries meet an item, but for those that only a command of their own writes."""
    from shelterctl.act.add import own_command  # noqa: PLC0415 - an item that needs a day alone is met without add

    return [track for track in map(rulebook.tracks.__getitem__, item.tracks) if not own_command(track)]


def fragment_template(rulebook: Rulebook, item: Item) -> str:
    """The fragment of an item for which a date is not enough, empty, to be filled in."""
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


def open_client_file(
    session: Session, typed: Input, *, new_person: bool = False, without_stay: bool = False, check: bool = False,
    again: bool = False, which: AskSamePerson | None = None,
) -> Outcome:  # fmt: skip
    """A new file; whoever may be there already stops it, unless somebody can be asked *which* of them she is."""
    # Gather.
    if has_refusal(typed.findings):
        return Outcome(findings=typed.findings)
    id_ = new_client_id()
    blank = {"schema": FILE_VERSIONS[-1], "id": id_, "identity": {}, "stays": []}
    stamped = {**blank, "recorded_at": session.timestamp, "recorded_by": session.staff}
    houses = session.store.shelter.value["facilities"]
    given = typed if without_stay else _add_only_house(typed, houses)

    from shelterctl.act.same_person import find_likely_clients, judge_new_file  # noqa: PLC0415 - her checklist is told without

    # Decide.
    found = merge_into_file(session, stamped, given, without_stay=without_stay, again=again)
    findings = (
        *_judge_house(given, houses, without_stay),
        *found.findings,
        *typed.located(find_insufficient_days(session, Client(stamped), typed)),
    )
    known = () if new_person or has_refusal(findings) else find_likely_clients(session, found.record)
    if known and which:
        if hers := which(session, known):
            return extend_client_file(session, hers, lambda: typed, without_stay=without_stay, check=check, again=again)
        known = ()
    alike = given.located(judge_new_file(known))
    if has_refusal((*findings, *alike)):
        return Outcome(findings=given.located((*findings, *alike)))

    # Act.
    if not check:
        save_client_file(session, found.record, None, "admit")
    her = Client(found.record)
    told = judge_entries(session, her, Client(stamped), found.merge.added + found.merge.replaced)
    findings = (*alike, *count_sealed_findings(told), *list_open_findings(session, her))
    said = ((NOTHING_WOULD_BE_REFUSED if check else CLIENT_FILE_OPENED, {"id": id_}),)
    return Outcome(data=admission_status(session, her), findings=findings, said=said)


def _add_only_house(given: Input, houses: Mapping[str, Any]) -> Input:
    """The fragment with the store's only house, where none is named and a stay begins."""
    if len(houses) == 1 and "facility" not in given.value and "referral" in given.value:
        return Input({"facility": next(iter(houses)), **given.value}, given.findings, given.document)
    return given


def _judge_house(given: Input, houses: Mapping[str, Any], without_stay: bool) -> tuple[Finding, ...]:
    named, facts = given.value.get("facility"), {"facilities": sorted(houses)}
    if named is None and "referral" in given.value and not without_stay:
        found = Finding(code="admission/which-house", message=NAME_THE_HOUSE, where="/referral", clause="M3.0.3")
        return (replace(found, facts=facts),)
    if named is not None and named not in houses:
        return (Finding(code="admission/unknown-house", message=HOUSE_NOT_REGISTERED, where="/facility", facts=facts),)
    return ()


def extend_client_file(
    session: Session, client: str, read: Callable[[], Input], *, without_stay: bool = False, check: bool = False,
    again: bool = False,
) -> Outcome:  # fmt: skip
    """Her file with what was given merged into it; nothing is written where it says nothing new.

    Entries that stand there already are left out and named, unless they are to be written *again*.
    """
    # Gather.
    _, held = session.store.client_to_change(client)
    given = read()
    houses = session.store.shelter.value["facilities"]
    her = Client(held.value)
    if has_refusal(given.findings):
        return Outcome(findings=given.findings)
    if not without_stay and (her.stay is None or not her.stay.is_open):
        given = _add_only_house(given, houses)

    # Decide.
    found = merge_into_file(session, held.value, given, without_stay=without_stay, again=again)
    opens = len(Client(found.record).stays) > len(her.stays)
    findings = (
        *(_judge_house(given, houses, without_stay) if opens or "facility" in given.value else ()),
        *found.findings,
        *given.located(find_insufficient_days(session, her, given)),
    )
    if has_refusal(findings):
        return Outcome(findings=tuple(findings))

    # Act.
    if found.merge.changed and not check:
        save_client_file(session, found.record, held.version, "admit")
    from shelterctl.act.same_person import judge_new_names  # noqa: PLC0415 - her checklist is told without

    facts = {"id": her.id, "count": len(found.merge.added), "replaced": len(found.merge.replaced)}
    said: FilledSentences = ((FRAGMENT_ALREADY_THERE, {}),)
    if found.merge.changed:
        said = ((NOTHING_WOULD_BE_REFUSED if check else CLIENT_FILE_CHANGED, facts),)
    said = (*said, *replaced_sentence(found.merge.replaced), *left_out_sentences(found.merge))
    her = Client(found.record)
    told = {"replaced": found.merge.replaced, "left_out": found.merge.left_out, "changed": found.merge.changed}
    data = {**admission_status(session, her), **told}
    alike = given.located(judge_new_names(session, held.value, found.record))
    broken = judge_entries(session, her, Client(held.value), found.merge.added + found.merge.replaced)
    findings = (*alike, *count_sealed_findings(broken), *list_open_findings(session, her))
    return Outcome(data=data, findings=findings, said=said)
