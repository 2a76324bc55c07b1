"""No rule of the shelf is silent: each, taken out, is missed by a case that goes the way of the program.

``cases/unbroken.yaml`` names the few that no case breaks, each with its reason.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from small import yaml
from tried import CASES, SHELF, act_judged, each_of, files, judged

from shelterctl.core.manual.rule import Rule
from shelterctl.core.manual.track import Track

TRACKS, ACTS = files("tracks"), files("acts")
UNBROKEN = yaml((CASES / "unbroken.yaml").read_text("utf-8"))
RULED = [name for name in SHELF.track_names if name not in SHELF.forms]
"""The tracks of which somebody's entries are judged; `test_cases` holds every rule of a form to a case of its own."""


def told(rule: Rule) -> str:
    """A rule as the list names it: verb, what it binds, how far, when, clause."""
    ruling = rule.history[-1]
    asks = getattr(ruling, "params", {})
    far = "".join(f" {name} {asks[name]}" for name in ("from", "to", "of") if name in asks)
    when = "".join(f" when {name} is {'/'.join(map(str, wanted))}" for name, wanted in rule.when.items())
    return f"{rule.code or rule.verb} {', '.join(rule.names)}{far}{when} ({ruling.clause or '–'})"


def without(rules: tuple[Rule, ...], one: Rule) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule is not one)


def of_track(track: Track) -> Iterator[tuple[str, Track]]:
    """Each rule of a track and of its parts, with the track as it is without."""
    for rule in track.rules:
        yield told(rule), replace(track, rules=without(track.rules, rule))
    for number, part in track.parts.items():
        for rule in part.rules:
            rest = replace(part, rules=without(part.rules, rule))
            yield f"{number}: {told(rule)}", replace(track, parts={**track.parts, number: rest})


def of_act(act: Any) -> Iterator[tuple[str, Any]]:
    """Each rule of an act and of its items, with the act as it is without."""
    for rule in act.rules:
        yield told(rule), replace(act, rules=without(act.rules, rule))
    for item in act.items:
        for rule in item.rules:
            rest = replace(item, rules=without(item.rules, rule))
            items = tuple(rest if each is item else each for each in act.items)
            yield f"{item.name}: {told(rule)}", replace(act, items=items)


@pytest.mark.parametrize("name", RULED)
def test_every_rule_of_a_track_is_broken_by_a_case(name: str) -> None:
    file = TRACKS.get(name, {})
    cases = [case for _, case in each_of(file) if case["found"]]
    found = [judged(name, file, case) for case in cases]
    silent = {
        rule
        for rule, track in of_track(SHELF.tracks[name])
        if all(judged(name, file, case, track) == said for case, said in zip(cases, found, strict=True))
    }
    assert silent == {*UNBROKEN["tracks"].get(name, {})}


@pytest.mark.parametrize("name", SHELF.acts)
def test_every_rule_of_an_act_and_its_items_is_broken_by_a_case(name: str) -> None:
    file = ACTS[name]
    cases = [case for _, case in each_of(file)]
    found = [act_judged(name, file, case) for case in cases]
    silent = {
        rule
        for rule, act in of_act(SHELF.acts[name])
        if all(act_judged(name, file, case, act) == said for case, said in zip(cases, found, strict=True))
    }
    assert silent == {*UNBROKEN["acts"].get(name, {})}


def test_each_of_those_that_no_case_breaks_has_its_reason() -> None:
    listed = (rules for kind in UNBROKEN.values() for rules in kind.values())
    assert [rule for rules in listed for rule, why in rules.items() if not why] == []
