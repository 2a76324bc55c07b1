"""The tracks and acts that are shipped are whole, and everything that they can say can be said."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from shelterctl.core.manual.act import Act, Item
from shelterctl.core.manual.rule import Rule
from shelterctl.core.record.entries import Entry, read_entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.messages import ITEM_FACTS, VERB_SENTENCES
from shelterctl.core.rules.verbs import VERB_FUNCTIONS
from shelterctl.language import format_sentence
from shelterctl.rulebook.lint.acts import FACTS_OF_EVERY_ITEM, reasons_of_item
from shelterctl.rulebook.lint.grammar import VERB_PARAMETERS
from shelterctl.rulebook.lint.rules import PARAMETER_OF_VIOLATION, possible_findings
from shelterctl.rulebook.lint.whole import check_rulebook
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from shelterctl.ui_language import PAPER_LANGUAGES, SCREEN_LANGUAGES

SHELF = open_rulebook()
DAY = date(2026, 11, 25)
AROUND = Context(day=DAY, today=DAY, tracks=SHELF.tracks)


def test_the_shipped_shelf_is_whole() -> None:
    check_rulebook(Rulebook(SHELF.folder))


def test_what_is_held_is_what_the_verbs_know() -> None:
    assert set(VERB_PARAMETERS) == set(VERB_FUNCTIONS)
    assert set(PARAMETER_OF_VIOLATION) <= set(VERB_SENTENCES)


def rules() -> Iterator[tuple[str, Rule, Entry]]:
    """Every rule of a track, of a part and of an act itself, with the entry that it is judged of."""
    for name, track in SHELF.tracks.items():
        whole = read_entry(track, {})
        yield from ((f"{name} {rule.verb} {n}", rule, whole) for n, rule in enumerate(track.rules))
        for part in track.parts.values():
            line = read_entry(part, {}, f"/{part.number}", whole)
            yield from ((f"{name} {part.number} {rule.verb} {n}", rule, line) for n, rule in enumerate(part.rules))
    for name, act in SHELF.acts.items():
        yield from ((f"{name} {rule.verb} {n}", rule, Entry(act.track, {}, "", {})) for n, rule in enumerate(act.rules))


@pytest.mark.parametrize(("rule", "entry"), [pytest.param(rule, entry, id=place) for place, rule, entry in rules()])
def test_every_rule_can_be_said_in_each_way_in_which_it_can_be_broken(rule: Rule, entry: Entry) -> None:
    found = list(possible_findings(rule, entry, AROUND))

    assert found
    for finding in found:
        for language in SCREEN_LANGUAGES:
            said = format_sentence(finding.whole, finding.facts, language)
            assert not re.search(r"[{}]", said)
            assert str(finding.clause) in said


ITEMS = [(act, item) for act in SHELF.acts.values() for item in act.items]


@pytest.mark.parametrize("name", SHELF.tracks)
def test_a_deadline_of_a_track_is_a_row_of_the_manual(name: str) -> None:
    rows = {str(duty["row"]) for duty in SHELF.duties.values()}
    track = SHELF.tracks[name]
    dues = [*track.due, *(due for part in track.parts.values() for due in part.due)]
    assert {due.row for due in dues if due.row} <= rows


@pytest.mark.parametrize(("act", "item"), ITEMS, ids=lambda one: one.name)
def test_every_item_can_be_said_in_three_languages_for_each_reason(act: Act, item: Item) -> None:
    facts = dict.fromkeys(("lacking", *(name for names in ITEM_FACTS.values() for name in names)), DAY)
    for reason in {*reasons_of_item(item), *item.says, *item.in_file}:
        for text in (item.says[reason], item.in_file.get(reason)):
            for language in PAPER_LANGUAGES if text else ():
                said = format_sentence(text or "", {**facts, **dict.fromkeys(FACTS_OF_EVERY_ITEM, "A1")}, language)
                assert not re.search(r"[{}]", said)
        assert "{clause}" in item.says[reason]["en"] or reason not in reasons_of_item(item)
