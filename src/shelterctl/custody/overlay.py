"""A house's own stricter limits: which number of the manual is meant, what refuses one, and the statement."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import NamedTuple

from shelterctl.core.finding import Finding
from shelterctl.core.manual.act import Act
from shelterctl.core.manual.own_limit import CAPACITY_PART, OwnLimit, write_number
from shelterctl.core.manual.track import Track
from shelterctl.core.record.occupancy import HouseKind
from shelterctl.core.rules.own_limits import (
    LimitedRule,
    ManualNumber,
    accepts_fractions,
    is_number_of_limit,
    list_limited_rules,
    manual_numbers,
    name_fields,
    tighten,
)
from shelterctl.core.values.money import read_som
from shelterctl.custody.person_key import require_authority, require_registered
from shelterctl.custody.roles import read_chain_by_role
from shelterctl.errors import NotFound, ShelterError, UsageError
from shelterctl.identity.keys import Identity
from shelterctl.immutable import immutable
from shelterctl.language import Text, TwoSentences, translate
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.folder import new_entry_id
from shelterctl.trust.chain import set_limit_in_chain
from shelterctl.trust.chain_state import Chain
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

LIMIT_REASONS = {
    "decision": N_("a decision of the house"),
    "budget": N_("the money of the house"),
    "donor": N_("a condition of the donor"),
    "safety": N_("safety"),
    "health": N_("health"),
    "staff": N_("too few staff"),
}
"""The reasons for a limit, by code: the list that it stands in is not encrypted, so it has no words of anybody."""

SUBJECT_UNKNOWN = N_("There is no track, act or kind of house with this name. Did you mean: {near}?")
SEE_LIMITS = N_("See the rules with their numbers: shelterctl rules {of}")
SEE_ALL_RULES = N_("See all of them: shelterctl rules")
LIMIT_LINE_UNKNOWN = N_("{of} has no line or item of this name with a number. It has: {known}.")
NUMBER_NOT_THERE = N_("No rule there has this number. Numbers of {of} that a house can tighten: {known}.")
NOTHING_TO_TIGHTEN = N_("{of} has no number that a house can tighten.")
SEVERAL_NUMBERS = N_("Several rules have this number: {known}.")
SAY_WHICH_NUMBER = N_("Add --clause, or --field with the name of the field.")
NUMBER_MALFORMED = N_("The number must be above 0, with at most {places} decimal places.")
LIMIT_BEFORE_STORE = N_("The first day of this house here is {begun}; a limit cannot begin earlier.")
UNTIL_BEFORE_SINCE = N_("The last day, {until}, cannot be earlier than the first, {since}.")
LIMIT_HOUSE_UNKNOWN = N_("No house is registered under that code. The houses are: {known}.")
HOUSE_OF_OTHER_KIND = N_("{house} is of another kind: {kind}.")
ENTRIES_OF_NO_HOUSE = N_("These entries belong to no house, so this limit cannot be for one house.")
REASON_UNKNOWN = N_("There is no such reason. The reasons are: {reasons}.")
LIMIT_UNKNOWN = N_("There is no limit with this id. The limits are: {known}.")
NO_LIMITS_YET = N_("This house has set no limits of its own.")
SEE_OVERLAY = N_("See them: shelterctl rules overlay")
LIMIT_ENDED_ALREADY = N_("This limit ends on {until} already, which cannot be moved to a later day.")
ADD_ANOTHER_LIMIT = N_("Add another limit from the day after: shelterctl rules overlay add")
NOT_STRICTER = N_("{number} is not stricter than the manual, which has {manual} from {since} on ({clause}).")
ONLY_STRICTER_ALLOWED = N_("A house can only be stricter than the manual.")
NO_NUMBER_THEN = N_("The manual has no such number on the days from {since} on, so there is nothing to tighten.")
LIMIT_THERE_ALREADY = N_("This number is tightened already: {number} since {since}, as the limit {id}.")
END_OTHER_FIRST = N_("To change it, end it first: shelterctl rules overlay end {id} --on DATE")


class LimitRequest(NamedTuple):
    """A limit that was asked for, as typed; *of* is a track, an act or a kind of house."""

    of: str
    part: str | None
    word: str
    number: str
    since: date
    until: date | None
    house: str | None
    decided_by: str | None
    why: str
    clause: str | None = None
    field: str | None = None


@immutable
class LimitPlan:
    """A limit before it is signed: the *manual*'s numbers on its days, and what refuses it (*findings*)."""

    limit: OwnLimit
    manual: Sequence[ManualNumber]
    findings: tuple[Finding, ...]


def limit_reasons() -> dict[str, Text]:
    """Return the reasons for a limit, by code, with their text in each language."""
    return {
        code: {language: translate(said, language) for language in SCREEN_LANGUAGES}
        for code, said in LIMIT_REASONS.items()
    }


def plan_limit(session: Session, asked: LimitRequest) -> LimitPlan:
    """Return the limit that is asked for, with what refuses it: it is looser than the manual, or there already.

    Raises NotFound or UsageError for what does not fit: an unknown name, number, person, house or reason, or days that
    cannot be.
    """
    store, chain = session.store, read_chain_by_role(session)
    subject = find_subject(session.rulebook, asked.of)
    if asked.why not in LIMIT_REASONS:
        raise UsageError("overlay/reason", REASON_UNKNOWN, reasons=[*LIMIT_REASONS])
    begun = _first_day_of(session, chain)
    if asked.since < begun:
        raise UsageError("usage/date", LIMIT_BEFORE_STORE, begun=begun)
    if asked.until is not None and asked.until < asked.since:
        raise UsageError("usage/date", UNTIL_BEFORE_SINCE, until=asked.until, since=asked.since)
    by = asked.decided_by or session.staff
    require_registered(store, by)
    _require_house(session, subject, asked.house)
    if isinstance(subject, HouseKind):
        found, places = _find_places(subject, asked), 0
    else:
        one = _find_number(subject, asked)
        found = (one.part, name_fields(one.rule), one.clause, [*_numbers_between(one, asked)])
        places = 2 if accepts_fractions(subject, one) else 0
    part, field, clause, manual = found
    limit = OwnLimit(
        new_entry_id(), asked.of, part, field, asked.word, clause, _read_number(asked.number, places),
        asked.house or "", asked.since, asked.until, by, asked.why,
    )  # fmt: skip
    return LimitPlan(limit, manual, tuple(_judge_limit(chain, subject, limit, manual)))


def find_subject(rulebook: Rulebook, name: str) -> Track | Act | HouseKind:
    """Return the track, act or kind of house of a name. Raises NotFound with the nearest names."""
    for known in (rulebook.tracks, rulebook.acts, rulebook.house_kinds):
        if name in known:
            return known[name]
    names = [*rulebook.track_names, *rulebook.acts, *rulebook.house_kinds]
    near = get_close_matches(name.casefold().replace("_", "-"), names, 3) or sorted({*rulebook.forms})
    raise NotFound("overlay/unknown-name", SUBJECT_UNKNOWN, hint=SEE_ALL_RULES, near=near)


def _first_day_of(session: Session, chain: Chain) -> date:
    """Return the day on which the house began: that of the store, or the first on which anybody registered worked."""
    staff = session.store.staff.value["staff"].values()
    return min(map(date.fromisoformat, (chain.begun_on, *(one["since"] for one in staff if "since" in one))))


def _require_house(session: Session, subject: Track | Act | HouseKind, house: str | None) -> None:
    """Raise an error unless a limit of the subject can hold in this house alone."""
    if house is None:
        return
    houses = session.store.shelter.value["facilities"]
    if house not in houses:
        raise NotFound("overlay/unknown-house", LIMIT_HOUSE_UNKNOWN, known=sorted(houses))
    if isinstance(subject, HouseKind) and houses[house]["kind"] != subject.name:
        raise UsageError("overlay/house", HOUSE_OF_OTHER_KIND, house=house, kind=houses[house]["kind"])
    if isinstance(subject, Track) and (subject.is_coded or subject.of_register not in (None, "house")):
        raise UsageError("overlay/house", ENTRIES_OF_NO_HOUSE)


def _find_number(subject: Track | Act, asked: LimitRequest) -> LimitedRule:
    """Return the number that is meant. Raises NotFound for an unknown line, UsageError for no or several numbers."""
    listed = [*list_limited_rules(subject)]
    if not listed:
        raise UsageError("overlay/no-number", NOTHING_TO_TIGHTEN, of=subject.text)
    parts = {each.part for each in listed}
    part = asked.part or ""
    if part and part not in parts:
        known = get_close_matches(part, sorted(parts), 3, 0.4) or sorted(parts - {""})
        raise NotFound("overlay/unknown-line", LIMIT_LINE_UNKNOWN, hint=SEE_LIMITS, of=asked.of, known=known)
    meant = [each for each in listed if each.word == asked.word and (asked.part is None or each.part == part)]
    meant = [each for each in meant if asked.field in (None, *each.rule.names)]
    meant = [each for each in meant if asked.clause in (None, *(one.clause for one in each.rule.history))]
    if asked.part is None and any(not each.part for each in meant):
        meant = [each for each in meant if not each.part]
    if not meant:
        here = [each for each in listed if not part or each.part == part]
        raise UsageError(
            "overlay/no-number", NUMBER_NOT_THERE, hint=SEE_LIMITS, of=asked.of, known=_numbers_in_words(here)
        )
    if len(meant) > 1:
        known = _numbers_in_words(meant)
        hint = SAY_WHICH_NUMBER if len({each.part for each in meant}) == 1 else SEE_LIMITS
        raise UsageError("overlay/which", SEVERAL_NUMBERS, hint=hint, of=asked.of, known=known)
    return meant[0]


def _numbers_in_words(listed: Iterable[LimitedRule]) -> list[str]:
    """Return numbers as a person types them, such as ``2a --at-most (A5.2a)``."""
    return [
        " ".join(filter(None, (each.part, option_of_word(each.word), f"({name_fields(each.rule)}, {each.clause})")))
        for each in listed
    ]


def option_of_word(word: str) -> str:
    """Return the option with which a number is typed, such as ``--at-most``."""
    return f"--{word.replace('_', '-')}"


def _numbers_between(one: LimitedRule, asked: LimitRequest) -> Iterable[ManualNumber]:
    return manual_numbers(one.rule, one.word, asked.since, asked.until)


def _find_places(kind: HouseKind, asked: LimitRequest) -> tuple[str, str, str, list[ManualNumber]]:
    """Return the places of a kind of house as a number of the manual. Raises UsageError for any other number."""
    if asked.part not in (None, CAPACITY_PART) or asked.word != "at_most" or asked.field:
        known = [f"{CAPACITY_PART} --at-most"]
        raise UsageError("overlay/no-number", NUMBER_NOT_THERE, hint=SEE_LIMITS, of=asked.of, known=known)
    begins = (one.since for one in kind.capacity if one.since and asked.since < one.since)
    days = (asked.since, *(day for day in begins if asked.until is None or day <= asked.until))
    found = [(day, ruling) for day in days if (ruling := kind.capacity_on(day))]
    numbers = [ManualNumber(day, Decimal(ruling.params["at_most"]), ruling.clause) for day, ruling in found]
    return CAPACITY_PART, "", kind.capacity[0].clause, numbers


def _read_number(typed: str, places: int) -> str:
    """Return a typed number as a statement has it. Raises UsageError unless it is above 0 with so many places."""
    number = read_som(typed.strip().replace(",", "."))
    if number is None or number <= 0 or (not places and number != int(number)):
        raise UsageError("overlay/number", NUMBER_MALFORMED, places=places)
    return write_number(number)


def _judge_limit(
    chain: Chain, subject: Track | Act | HouseKind, limit: OwnLimit, manual: Sequence[ManualNumber]
) -> Iterable[Finding]:
    """Yield what refuses a limit."""
    if not manual:
        facts = {"since": limit.since, "clause": limit.clause}
        yield Finding(code="overlay/not-in-force", message=NO_NUMBER_THEN, clause=limit.clause, facts=facts)
        return
    first = manual[0]
    if not _is_stricter(subject, limit, first):
        facts = {
            "number": limit.number, "manual": write_number(first.number), "since": first.since,
            "clause": first.clause,
        }  # fmt: skip
        message = TwoSentences(NOT_STRICTER, ONLY_STRICTER_ALLOWED)
        yield Finding(code="overlay/not-stricter", message=message, clause=first.clause, facts=facts)
    for other in chain.limits:
        if other.target == limit.target and _share_a_day(other, limit):
            facts = {"number": other.number, "since": other.since, "id": other.id}
            message = TwoSentences(LIMIT_THERE_ALREADY, END_OTHER_FIRST)
            yield Finding(code="overlay/twice", message=message, clause=limit.clause, facts=facts)


def _is_stricter(subject: Track | Act | HouseKind, limit: OwnLimit, manual: ManualNumber) -> bool:
    if isinstance(subject, HouseKind):
        return limit.amount < manual.number
    one = next(each for each in list_limited_rules(subject) if is_number_of_limit(each, limit))
    ruling = one.rule.on(manual.since)
    return ruling is not None and tighten(ruling.params, limit.word, limit.amount) is not None


def _share_a_day(one: OwnLimit, other: OwnLimit) -> bool:
    """Whether two limits hold on a common day."""
    ends = [limit.until or date.max for limit in (one, other)]
    return max(one.since, other.since) <= min(ends)


def plan_end(session: Session, typed: str, on: date) -> OwnLimit:
    """Return a limit with its last day. Raises NotFound for an unknown id, UsageError for a day that cannot be.

    A limit that ends on the day before its first one never held.
    """
    limits = {one.id: one for one in read_chain_by_role(session).limits}
    limit = limits.get(typed.strip().upper())
    if limit is None:
        message, facts = (LIMIT_UNKNOWN, {"known": [*limits]}) if limits else (NO_LIMITS_YET, {})
        raise NotFound("overlay/unknown-limit", message, hint=SEE_OVERLAY, **facts)
    if limit.until is not None and limit.until <= on:
        raise UsageError("overlay/ended", LIMIT_ENDED_ALREADY, hint=ADD_ANOTHER_LIMIT, until=limit.until)
    if on < limit.since - timedelta(days=1):
        raise UsageError("usage/date", UNTIL_BEFORE_SINCE, until=on, since=limit.since)
    return replace(limit, until=on)


def save_limit(session: Session, limit: OwnLimit, paper: Identity | None) -> None:
    """Sign a limit. Before that shelter.yaml names the revision of the rulebook that knows it, so that a program which
    would judge without it stops at the store.
    """
    store = session.store
    store.vault.require_writable()
    signer, by, at = require_authority(store, paper), session.journal_staff, session.timestamp
    if change := store.change_of_needed_revision(has_limits=True):
        store.save([change], did="rules", by=by, at=at)
    store.vault.save_chain(set_limit_in_chain(store.vault.journal.chain, limit, by, at, signer))
    store.acts_saved.append("rules")


def require_may_set_limits(session: Session, paper: Identity | None) -> None:
    """Raise the error for somebody who may not set limits here, before anything is asked."""
    session.store.vault.require_writable()
    require_authority(session.store, paper)


def describe_manual(limit: OwnLimit, rulebook: Rulebook, day: date) -> tuple[ManualNumber | None, bool]:
    """Return the manual's number for a limit on a day, and whether the limit is stricter than it."""
    try:
        subject = find_subject(rulebook, limit.of)
    except ShelterError:
        return None, False
    if isinstance(subject, HouseKind):
        capacity = subject.capacity_on(day)
        known = ManualNumber(day, Decimal(capacity.params["at_most"]), capacity.clause) if capacity else None
        return known, known is not None and limit.amount < known.number
    one = next((each for each in list_limited_rules(subject) if is_number_of_limit(each, limit)), None)
    manual = next(iter(manual_numbers(one.rule, one.word, day, day)), None) if one else None
    ruling = one.rule.on(day) if one else None
    return manual, ruling is not None and tighten(ruling.params, limit.word, limit.amount) is not None
