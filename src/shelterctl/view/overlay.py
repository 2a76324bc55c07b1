"""A house's own limits in words: each with the manual's number beside it; and who sleeps where one is fewer places."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.core.finding import FilledSentence, FilledSentences, Finding, Outcome
from shelterctl.core.manual.act import Act
from shelterctl.core.manual.own_limit import CAPACITY_PART, OwnLimit, write_number
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.record.occupancy import House, HouseKind, judge_capacity, sleepers
from shelterctl.core.rules.own_limits import ManualNumber
from shelterctl.custody.overlay import (
    describe_manual,
    find_subject,
    limit_reasons,
    option_of_word,
)
from shelterctl.errors import NotFound
from shelterctl.language import LabelledCode, OwnHeading, Text, format_sentence, translate
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.roster import read_residents
from shelterctl.trust.readership import FILE_PART
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.occupancy import beds_tonight

LIMIT_KEY = OwnHeading("limit", N_("limit of the house"))
CLAUSE_KEY = OwnHeading("clause", N_("clause of the manual"))
DECIDED_BY_KEY = OwnHeading("by", N_("decided by"))
"""Keys whose headings elsewhere are other words."""

OVERLAY_COLUMNS = (
    "id", "what", "line", LIMIT_KEY, "manual", CLAUSE_KEY, "facility", "since", "until", DECIDED_BY_KEY, "state",
    "reason", "field", "word", "number",
)  # fmt: skip
WIDE_OVERLAY_COLUMNS = ("reason", "field", "word", "number")
"""The columns for which a screen has no room; JSON has them."""

LIMITS_IN_WORDS = {
    "at_most": N_("at most {it}"),
    "at_least": N_("at least {it}"),
    "months": N_("months: {it}"),
    "days": N_("days: {it}"),
    "hours": N_("hours: {it}"),
}
LIMIT_STATES = {
    "in_force": N_("in force"),
    "to_come": N_("not yet"),
    "ended": N_("no longer in force"),
    "manual": N_("the manual is stricter"),
    "no_rule": N_("the manual has no such rule"),
}
"""The states of a limit on a day, by code."""

OVERLAY_EMPTY = N_("This house has set no limits of its own: the manual's hold.")
OVERLAY_ON_DAY = N_(
    "Limits that this house set itself, on {day}. A record is judged by the stricter of the house's and the manual's "
    "number."
)
LIMIT_SET = N_("From {since} on: {what}, {number} instead of the manual's {manual} ({clause}). Decided by {by}.")
LIMIT_SET_UNTIL = N_(
    "From {since} to {until}: {what}, {number} instead of the manual's {manual} ({clause}). Decided by {by}."
)
NUMBER_OF_PLACES = N_("number of places")
LIMIT_IN_HOUSE = N_("Only in the house {house}.")
LIMIT_OVERTAKEN = N_("From {since} on the manual has {manual} itself, so the manual's number holds ({clause}).")
LIMIT_ENDS = N_(
    "{what}, {number}: the last day of this limit is {until}. After that the manual's {manual} holds again."
)
LIMIT_NEVER_HELD = N_("{what}, {number}: this limit holds on no day. The manual's {manual} holds.")
FORMS_KEEP_WORDS = N_("Forms print the manual's words and numbers, as before.")


def answer_overlay(session: Session) -> Outcome:
    """Return a row for each limit that the house set, also for ended ones, with the manual's number on the day."""
    rows = [limit_row(session.rulebook, one, session.today) for one in session.store.vault.journal.chain.limits]
    if not rows:
        return Outcome(
            data={"rows": []}, columns=OVERLAY_COLUMNS, wide=WIDE_OVERLAY_COLUMNS, said=((OVERLAY_EMPTY, {}),)
        )
    said: FilledSentences = ((OVERLAY_ON_DAY, {"day": session.today}),)
    return Outcome(data={"rows": rows}, columns=OVERLAY_COLUMNS, wide=WIDE_OVERLAY_COLUMNS, said=said)


def limit_row(rulebook: Rulebook, limit: OwnLimit, day: date) -> dict[str, Any]:
    """Return a limit as a row, with the manual's number and its state on a day."""
    manual, is_stricter = describe_manual(limit, rulebook, day)
    return {
        "id": limit.id,
        "what": LabelledCode(limit.of, subject_text(rulebook, limit.of)),
        "line": limit.part or None,
        "field": limit.field or None,
        LIMIT_KEY: _label_limit(limit),
        "manual": write_number(manual.number) if manual else None,
        CLAUSE_KEY: manual.clause if manual else limit.clause,
        "facility": limit.house or None,
        "since": limit.since,
        "until": limit.until,
        DECIDED_BY_KEY: limit.decided_by,
        "word": limit.word,
        "number": limit.number,
        "reason": LabelledCode(limit.why, limit_reasons().get(limit.why, {"en": limit.why})),
        "state": LabelledCode(state := _state_of(limit, manual, is_stricter, day), LIMIT_STATES[state]),
    }


def _label_limit(limit: OwnLimit) -> LabelledCode:
    """Return the number of a limit as it is typed, with the words that people read."""
    facts = {"it": limit.number}
    words = {each: format_sentence(LIMITS_IN_WORDS[limit.word], facts, each) for each in SCREEN_LANGUAGES}
    return LabelledCode(f"{option_of_word(limit.word).removeprefix('--')} {limit.number}", words)


def _state_of(limit: OwnLimit, manual: ManualNumber | None, is_stricter: bool, day: date) -> str:
    if limit.until is not None and limit.until < max(day, limit.since):
        return "ended"
    if day < limit.since:
        return "to_come"
    if manual is None:
        return "no_rule"
    return "in_force" if is_stricter else "manual"


def subject_text(rulebook: Rulebook, name: str) -> Text:
    """Return the words of a track, an act or a kind of house."""
    try:
        found: Track | Act | HouseKind = find_subject(rulebook, name)
    except NotFound:
        return {"en": name}
    return found.text


def limit_facts(rulebook: Rulebook, limit: OwnLimit, manual: ManualNumber | None) -> dict[str, Any]:
    """Return the facts of the sentences about a limit."""
    part: Text | str = {spoken: translate(NUMBER_OF_PLACES, spoken) for spoken in SCREEN_LANGUAGES}
    part = part if limit.part == CAPACITY_PART and limit.of in rulebook.house_kinds else limit.part
    what = [subject_text(rulebook, limit.of), *([part] if part else [])]
    facts: Mapping[str, Any] = {"since": limit.since, "until": limit.until, "by": limit.decided_by}
    return {
        **facts, "what": what, "number": limit.number, "house": limit.house,
        "manual": write_number(manual.number) if manual else "–",
        "clause": manual.clause if manual else limit.clause,
    }  # fmt: skip


def new_limit_sentences(rulebook: Rulebook, limit: OwnLimit, manual: list[ManualNumber]) -> Iterator[FilledSentence]:
    """Yield what a new limit means, and from which day on the manual is as strict."""
    yield from limit_sentences(rulebook, limit, manual[0].since)
    for number in manual[1:]:
        known, is_stricter = describe_manual(limit, rulebook, number.since)
        if known and not is_stricter:
            facts = {"since": number.since, "manual": write_number(number.number), "clause": number.clause}
            yield LIMIT_OVERTAKEN, facts
    if limit.of in rulebook.forms and limit.part:
        yield FORMS_KEEP_WORDS, {}


def limit_sentences(rulebook: Rulebook, limit: OwnLimit, day: date) -> Iterator[FilledSentence]:
    """Yield a limit in words, beside the manual's number on a day, and the house in which alone it holds."""
    manual, _ = describe_manual(limit, rulebook, day)
    yield (LIMIT_SET_UNTIL if limit.until else LIMIT_SET), limit_facts(rulebook, limit, manual)
    if limit.house:
        yield LIMIT_IN_HOUSE, {"house": limit.house}


def end_sentences(rulebook: Rulebook, limit: OwnLimit) -> Iterator[FilledSentence]:
    """Yield what the end of a limit means."""
    manual, _ = describe_manual(limit, rulebook, limit.since)
    never = limit.until is not None and limit.until < limit.since
    yield (LIMIT_NEVER_HELD if never else LIMIT_ENDS), limit_facts(rulebook, limit, manual)


def judge_sleepers(session: Session, limit: OwnLimit) -> Iterator[Finding]:
    """Yield a finding for each house in which tonight more people sleep than a new limit of its places allows."""
    store, today = session.store, session.today
    if limit.part != CAPACITY_PART or not limit.holds_on(today):
        return
    kinds = session.rulebook.with_limits((*session.rulebook.limits, limit)).house_kinds
    opens = store.vault.opens(FILE_PART)
    clients = store.clients() if opens else read_residents(store.roster.value)
    asleep: list[tuple[Client, Stay]] = [*sleepers(clients, today)]
    for code, house in store.shelter.value["facilities"].items():
        if house["kind"] != limit.of or not limit.holds_in(code):
            continue
        row = beds_tonight(kinds, code, house, asleep, store.unread_count, today)
        sleeping = row["residents"] + row["children"] + row["others"] + store.unread_count
        capacity, own = kinds[limit.of].places(code, house["capacity"], today)
        found = judge_capacity(code, House(kinds[limit.of], capacity, sleeping, own=own), today)
        if found and sleeping > capacity:
            yield found
