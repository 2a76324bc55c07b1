"""A code of a finding means one thing: which ways to break a rule lead to each code, by all rules of the rulebook."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from shelterctl.core.manual.rule import Rule
from shelterctl.core.record.entries import Entry, read_entry
from shelterctl.core.rules.findings import find_code_of_way, find_published_code
from shelterctl.core.rules.verbs.verb import RuleVerb
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.rulebook.rulebook import open_rulebook

RULEBOOK = open_rulebook()
SAID_AS_ONE = {
    "agreement/code-of-conduct": "the NGO has none in force: it never had one, or it ended",
    "agreement/memorandum-in-force": "the NGO has none in force: it never had one, or it ended",
    "agreement/registered-ngo": "the register does not have it, or no longer",
    "agreement/language": "its sentence says which language it must be, also where none is recorded",
    "agreement/copies": "its sentence says how many there must be, also where no number is recorded",
    "agreement/date-near": "a year before today or a year after it",
    "agreement/list-months": "the months of an amount, or the months alone",
    "agreement/number-free": "in this file or in another one",
    "discharge/not-in-house": "she never came, or it was decided that she does not",
    "monitoring/social-worker": "not registered, or with another role: the remedy is one",
    "monitoring/unsigned": "nothing is recorded, or that it is not signed",
}
"""Published codes to which several ways lead, and why they mean one thing."""

OF_LACK = {"needs", "needs.order", "needs.letters", "needs.any"}
"""The ways not to fill in a field: what a field can lack depends on its kind."""


def ways_of_rules() -> Iterator[tuple[str, str, Rule]]:
    """Every way in which a rule of the rulebook can be broken: its code, the way, the rule."""
    for track in RULEBOOK.tracks.values():
        entry = read_entry(track, {})
        yield from ways(track.rules, entry)
        for part in track.parts.values():
            yield from ways(part.rules, read_entry(part, {}, outer=entry))
    for act in RULEBOOK.acts.values():
        yield from ways(act.rules, read_entry(act.track, {}))


def ways(rules: tuple[Rule, ...], entry: Entry) -> Iterator[tuple[str, str, Rule]]:
    for rule in rules:
        for ruling in rule.rulings:
            for reason in ruling.params.reasons(rule) if isinstance(ruling.params, RuleVerb) else ():
                way = f"{rule.verb}.{reason}" if reason else rule.verb
                published = find_published_code(rule, way, entry)
                yield rule.code or (published.code if published else find_code_of_way(rule, way, entry)), way, rule


def test_every_way_to_break_a_rule_has_one_code() -> None:
    every = {f"{word}.{reason}" if reason else word for word, verb in VERBS.items() for reason in verb.WAYS}
    said = [way for code in RULEBOOK.findings.values() for way in code.ways]
    assert (sorted(said), len(said)) == (sorted(every), len(every))
    assert all(code.startswith("track/") for code in RULEBOOK.published.code_of_way.values())


def test_a_code_that_rules_name_means_one_thing() -> None:
    led_by = defaultdict[str, set[str]](set)
    for code, way, rule in ways_of_rules():
        if rule.code:
            led_by[code].add(RULEBOOK.published.code_of_way[way] if way not in OF_LACK else "track/needs")
    assert {code for code, found in led_by.items() if len(found) > 1} <= SAID_AS_ONE.keys()


def test_every_code_to_which_a_rule_leads_is_explained() -> None:
    assert {code for code, _, _ in ways_of_rules()} <= RULEBOOK.findings.keys()


@pytest.mark.parametrize(
    ("track", "clause", "code"),
    [
        ("outlay", "M2.1.11", "track/over-agreed"),
        ("clothing", "R1.0.1", "track/charged-to-her"),
        ("trafficking", "S.3", "track/unlikely"),
        ("pocket-money", "R1.0.2", "track/too-little"),
        ("house-paper", "M2.2.9", "track/same-person"),
    ],
)
def test_codes_that_were_one_are_told_apart(track: str, clause: str, code: str) -> None:
    entry = read_entry(RULEBOOK.tracks[track], {})
    found = {
        code
        for code, _, rule in ways(RULEBOOK.tracks[track].rules, entry)
        if clause in {one.clause for one in rule.rulings}
    }
    assert code in found
