"""The page of the house's own limits: they are seen beside the manual's numbers, and a manager sets and ends them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import FilledSentence, Finding, Outcome, has_refusal
from shelterctl.core.manual.act import Act
from shelterctl.core.manual.own_limit import CAPACITY_PART, OwnLimit, write_number
from shelterctl.core.manual.track import Track
from shelterctl.core.money.agreement import printed_line_text
from shelterctl.core.record.entries import field_at_path
from shelterctl.core.rules.own_limits import (
    LimitedRule,
    ManualNumber,
    accepts_fractions,
    list_limited_rules,
    manual_numbers,
    name_fields,
)
from shelterctl.custody.overlay import END_OTHER_FIRST, LIMIT_REASONS, LimitRequest, describe_manual, plan_limit
from shelterctl.errors import UsageError
from shelterctl.explain.rules import LIMITS, OFFSETS
from shelterctl.language import Sentence, TwoSentences
from shelterctl.menu.action import MenuLine, run_actions, show_commands
from shelterctl.prompts.overlay import add_limit, end_limit
from shelterctl.prompts.steps import finding_text
from shelterctl.session import Session
from shelterctl.terminal.questions import ask_line, choose_option
from shelterctl.terminal.screen import (
    TERMINAL_COLUMNS,
    clear_screen,
    cut_to_columns,
    print_lines,
    print_sentence,
    sentence_text,
    text_width,
)
from shelterctl.typed.dates import read_typed_day
from shelterctl.typed.readers import read_typed_som, read_typed_whole
from shelterctl.typed.words import Mistyped
from shelterctl.ui_language import N_
from shelterctl.view.overlay import OVERLAY_EMPTY, OVERLAY_ON_DAY, limit_facts, limit_sentences

LIMITS_PAGE_QUESTION = N_("The house's own limits. Enter goes back.")
WHAT_IS_LIMITED = N_("What should the limit be about? Enter goes back.")
PLACES_OF_KIND = N_("places in a house: {kind}")
SOMETHING_ELSE = N_("something else")
WHICH_NUMBER = N_("Which number of the manual should be stricter here? Enter goes back.")
NUMBER_OF_MANUAL = N_("{what}: {limit} ({clause})")
FIELD_OF_LINE = N_("{line} – “{field}”")
QUOTED_FIELD = N_("“{field}”")
MOST_QUESTION = N_("How much at most? The manual has {manual}. Enter goes back.")
LEAST_QUESTION = N_("How much at least? The manual has {manual}. Enter goes back.")
UNITS_QUESTION = N_("How many? In the manual: {manual}. Enter goes back.")
FIRST_DAY_OF_LIMIT = N_("From which day on? Enter: {day}.")
LAST_DAY_OF_LIMIT = N_("What is its last day? Enter: {day}.")
WHERE_IT_HOLDS = N_("In which house should it hold? Enter: in all of them.")
WHY_LIMITED = N_("What is the reason? Enter: a decision of the house.")
WHICH_LIMIT_ENDS = N_("Which limit should end? Enter goes back.")
LIMIT_IN_FORCE = N_("{what}: {number} instead of the manual's {manual}, from {since} on")
LIMIT_IN_FORCE_THERE = N_("{what}: {number} instead of the manual's {manual}, from {since} on, in {house}")

END_OTHER_FIRST_HERE = N_("To change it, end it first: go back and choose the last line.")

LINE_INDENT = 6
"""The columns before a choice: its number and the blanks around it."""


class TightenedNumber(NamedTuple):
    """A number of the manual as it is today, which a house may tighten: the *rule* of a track or an act *of* which it
    is, or the places of a kind of house (no rule).
    """

    of: Track | Act | str
    manual: ManualNumber
    rule: LimitedRule | None = None

    @property
    def word(self) -> str:
        """The word of the number, such as ``at_most``."""
        return self.rule.word if self.rule else "at_most"

    @property
    def accepts_fractions(self) -> bool:
        """Whether the house's number may have tyiyn."""
        return self.rule is not None and not isinstance(self.of, str) and accepts_fractions(self.of, self.rule)

    def request(self, number: str, since: date, house: str | None, why: str) -> LimitRequest:
        """Return the limit of the house that is asked for in place of this number."""
        of = self.of if isinstance(self.of, str) else self.of.name
        if self.rule is None:
            return LimitRequest(of, CAPACITY_PART, self.word, number, since, None, house, None, why)
        clause, field = self.manual.clause, self.rule.rule.names[0]
        return LimitRequest(of, self.rule.part, self.word, number, since, None, house, None, why, clause, field)


def open_house_limits(ctx: Ctx) -> Outcome | None:
    """Show the limits; a manager chooses whether to see them, to set one or to end one."""
    session = session_of(ctx)
    session.reopen()
    store = session.store
    if not store.vault.journal.chain.may_change_trust(str(store.identity.device)):
        return _describe_limits(session)
    lines = LIMIT_PAGE_LINES
    while True:
        clear_screen()
        chosen = choose_option(
            LIMITS_PAGE_QUESTION, [(each.label, {}) for each in lines], explain=lambda: show_commands(lines)
        )
        if chosen is None:
            return None
        run_actions(ctx, lines[chosen].run)


def _show_limits(ctx: Ctx) -> Outcome:
    session = session_of(ctx)
    session.reopen()
    return _describe_limits(session)


def _describe_limits(session: Session) -> Outcome:
    """Return the limits in words, each beside the manual's number."""
    limits = session.store.vault.journal.chain.limits
    if not limits:
        return Outcome(said=((OVERLAY_EMPTY, {}),))
    told = [limit_sentences(session.rulebook, one, max(session.today, one.since)) for one in limits]
    return Outcome(said=((OVERLAY_ON_DAY, {"day": session.today}),), prose=tuple(one for each in told for one in each))


def _set_limit(ctx: Ctx) -> Outcome | None:
    """Ask which number, how strict, from when, where and why; then say what it means, and sign it."""
    session = session_of(ctx)
    session.reopen()
    session.store.vault.require_writable()
    clear_screen()
    number = _choose_number(session)
    if number is None:
        return None
    clear_screen()
    print_sentence(*_number_line(session, number))
    asked = _ask_limit(session, number)
    return _without_row(add_limit(session, asked, None, check=False)) if asked else None


def _end_limit(ctx: Ctx) -> Outcome | None:
    """Ask which limit ends, and on which day; then say what it means, and sign it."""
    session = session_of(ctx)
    session.reopen()
    session.store.vault.require_writable()
    limits = [one for one in session.store.vault.journal.chain.limits if one.is_open_on(session.today)]
    if not limits:
        return Outcome(said=((OVERLAY_EMPTY, {}),))
    clear_screen()
    chosen = choose_option(WHICH_LIMIT_ENDS, [_limit_line(session, one) for one in limits])
    if chosen is None:
        return None
    ended = limits[chosen]
    on = _ask_day(session, LAST_DAY_OF_LIMIT, max(session.today, ended.since - timedelta(days=1)))
    clear_screen()
    return _without_row(end_limit(session, ended.id, on, None, check=False))


def _limit_line(session: Session, limit: OwnLimit) -> FilledSentence:
    manual, _ = describe_manual(limit, session.rulebook, max(session.today, limit.since))
    return LIMIT_IN_FORCE_THERE if limit.house else LIMIT_IN_FORCE, limit_facts(session.rulebook, limit, manual)


def _without_row(said: Outcome) -> Outcome:
    """Return the outcome without the row that programs read; the sentences say it."""
    return replace(said, data={})


def _choose_number(session: Session) -> TightenedNumber | None:
    """Return the number that should be stricter: of a form, the places of a house, or of something else."""
    first = [*_list_places(session)]
    subjects = [*_list_subjects(session)]
    forms = [one for one in subjects if isinstance(one, Track) and one.name in session.rulebook.forms]
    others = [one for one in subjects if one not in forms]
    kinds = session.rulebook.house_kinds
    lines: list[FilledSentence] = [
        *(("{what}", {"what": one.text}) for one in forms),
        *((PLACES_OF_KIND, {"kind": kinds[str(one.of)].text}) for one in first),
        (SOMETHING_ELSE, {}),
    ]
    chosen = choose_option(WHAT_IS_LIMITED, lines)
    if chosen is None:
        return None
    if len(forms) <= chosen < len(forms) + len(first):
        return first[chosen - len(forms)]
    clear_screen()
    if chosen < len(forms):
        return _choose_rule(session, forms[chosen])
    chosen = choose_option(WHAT_IS_LIMITED, [("{what}", {"what": one.text}) for one in others])
    if chosen is None:
        return None
    clear_screen()
    return _choose_rule(session, others[chosen])


def _list_subjects(session: Session) -> Iterator[Track | Act]:
    """Return the tracks and acts with a number that a house may tighten, in the order of the rulebook."""
    rulebook = session.rulebook
    every: list[Track | Act] = [*(rulebook.tracks[name] for name in rulebook.track_names), *rulebook.acts.values()]
    return (one for one in every if any(_list_numbers(session, one)))


def _list_numbers(session: Session, of: Track | Act) -> Iterator[TightenedNumber]:
    """Yield the numbers of a track or an act that are in force today and can be stricter."""
    for rule in list_limited_rules(of):
        manual = next(iter(manual_numbers(rule.rule, rule.word, session.today, session.today)), None)
        if manual and (rule.word != "at_most" or manual.number > 1):
            yield TightenedNumber(of, manual, rule)


def _list_places(session: Session) -> Iterator[TightenedNumber]:
    """Yield the places of each kind of house that the store has."""
    kinds = dict.fromkeys(house["kind"] for house in session.store.shelter.value["facilities"].values())
    for kind in kinds:
        if ruling := session.rulebook.house_kinds[kind].capacity_on(session.today):
            most = Decimal(ruling.params["at_most"])
            yield TightenedNumber(kind, ManualNumber(session.today, most, ruling.clause))


def _choose_rule(session: Session, of: Track | Act) -> TightenedNumber | None:
    """Return the number of a track or an act that should be stricter; None if none is chosen."""
    numbers = [*_list_numbers(session, of)]
    chosen = choose_option(WHICH_NUMBER, [_number_line(session, one) for one in numbers])
    return None if chosen is None else numbers[chosen]


def _number_line(session: Session, number: TightenedNumber) -> FilledSentence:
    """Return a number as a line of one row: a line of a form, or the name of the field, then the limit."""
    facts = {"limit": _limit_in_words(number), "clause": number.manual.clause}
    room = TERMINAL_COLUMNS - LINE_INDENT - text_width(sentence_text(NUMBER_OF_MANUAL, {**facts, "what": ""}))
    return NUMBER_OF_MANUAL, {**facts, "what": cut_to_columns(_what_is_counted(session, number), room)}


def _what_is_counted(session: Session, number: TightenedNumber) -> str:
    """Return what a number of a rule is about: the line of a form, the item of an act, or the field in quotes."""
    of, rule = number.of, number.rule
    if rule is None or isinstance(of, str):
        return sentence_text(PLACES_OF_KIND, {"kind": session.rulebook.house_kinds[str(of)].text})
    if isinstance(of, Act):
        text = next((item.text for item in of.items if item.name == rule.part), of.text)
        return sentence_text("{text}", {"text": text})
    part = of.parts.get(rule.part)
    field = field_at_path({**of.whole.fields, **(part.fields if part else {})}, rule.rule.names[0])
    label = sentence_text(QUOTED_FIELD, {"field": field.text}) if field else name_fields(rule.rule)
    if part is None:
        return label
    line = sentence_text("{number} {text}", {"number": part.number, "text": printed_line_text(part, session.today)})
    alone = sum(each.part == rule.part for each in list_limited_rules(of)) == 1
    return line if alone or not field else sentence_text(FIELD_OF_LINE, {"line": part.number, "field": field.text})


def _limit_in_words(number: TightenedNumber) -> str:
    """Return the manual's number in words, such as “at most 5”."""
    plain = write_number(number.manual.number)
    return sentence_text((LIMITS | OFFSETS)[number.word], {"it": plain})


def _ask_limit(session: Session, number: TightenedNumber) -> LimitRequest | None:
    """Ask for the house's number, its days, its house and its reason, until the manual allows it; None to go back."""
    while True:
        typed = _ask_number(session, number)
        if typed is None:
            return None
        since = _ask_day(session, FIRST_DAY_OF_LIMIT, session.today)
        asked = number.request(typed, since, _choose_house(session, number), _choose_reason())
        clear_screen()
        try:
            findings = plan_limit(session, asked).findings
        except UsageError as error:
            print_sentence(error.message, error.facts, indent="  ! ")
            continue
        if not has_refusal(findings):
            return asked
        print_lines([finding_text(session, _for_the_menu(one)) for one in findings], indent="  ! ")


def _for_the_menu(finding: Finding) -> Finding:
    """Return a finding that names no command: a person at the menu ends another limit on this page."""
    message = finding.message
    if isinstance(message, TwoSentences) and message.then == END_OTHER_FIRST:
        return replace(finding, message=TwoSentences(message.first, END_OTHER_FIRST_HERE))
    return finding


def _ask_number(session: Session, number: TightenedNumber) -> str | None:
    """Return the house's number as it is typed, asked until it is one; None if nothing is typed."""
    question = {"at_most": MOST_QUESTION, "at_least": LEAST_QUESTION}.get(number.word, UNITS_QUESTION)
    manual = _limit_in_words(number) if question == UNITS_QUESTION else write_number(number.manual.number)
    read = read_typed_som if number.accepts_fractions else read_typed_whole
    print_sentence(question, {"manual": manual}, bold=True)
    while words := ask_line():
        if not isinstance(meant := read(words, session.clock), Mistyped):
            return str(meant)
        print_sentence(meant.sentence, meant.facts, indent="  ! ")
    return None


def _ask_day(session: Session, question: Sentence, usual: date) -> date:
    """Return a day, asked until it is one; the *usual* one if nothing is typed."""
    print_sentence(question, {"day": usual}, bold=True)
    while words := ask_line():
        if isinstance(read := read_typed_day(words, session.clock), str):
            return date.fromisoformat(read)
        print_sentence(read.sentence, read.facts, indent="  ! ")
    return usual


def _choose_house(session: Session, number: TightenedNumber) -> str | None:
    """Return the code of the only house in which a limit should hold; None for all, or if it can be for no house."""
    houses = session.store.shelter.value["facilities"]
    of = number.of
    codes = [code for code, house in houses.items() if not isinstance(of, str) or house["kind"] == of]
    if len(houses) == 1 or (isinstance(of, Track) and (of.is_coded or of.of_register not in (None, "house"))):
        return None
    chosen = choose_option(WHERE_IT_HOLDS, [("{who}", {"who": code}) for code in codes])
    return None if chosen is None else codes[chosen]


def _choose_reason() -> str:
    """Return the code of the reason; a decision of the house if nothing is typed."""
    chosen = choose_option(WHY_LIMITED, [(said, {}) for said in LIMIT_REASONS.values()], by_enter=0)
    return [*LIMIT_REASONS][chosen or 0]


LIMIT_PAGE_LINES = (
    MenuLine(N_("see them beside the manual's numbers"), "rules overlay", _show_limits),
    MenuLine(N_("set a stricter limit"), "rules overlay add TRACK", _set_limit),
    MenuLine(N_("end a limit"), "rules overlay end LIMIT", _end_limit),
)
