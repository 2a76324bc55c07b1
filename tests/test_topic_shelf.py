"""The page on the shelf has every word that its grammar knows, in either language, and what it shows is whole."""

import inspect
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_docs import block, blocks, written

from shelterctl import document
from shelterctl.core.around import RESERVED
from shelterctl.core.field import KINDS, UNKNOWN
from shelterctl.core.reach import COUNTS, PER, WITHIN
from shelterctl.core.rule import VERBS
from shelterctl.core.ruling import Strength
from shelterctl.core.track import HEALTH, LATE
from shelterctl.language import SPOKEN, WRITTEN
from shelterctl.library import Shelf, open_shelf
from shelterctl.library.file import LARGEST
from shelterctl.library.trial import grammar, hold_whole
from shelterctl.library.trial.field import OFFERS
from shelterctl.library.trial.item import ASKED, COMMON
from shelterctl.library.trial.rule import KNOWN
from shelterctl.library.trial.scope import THERE
from shelterctl.library.trial.shelf import ACTS
from shelterctl.library.trial.track import FILLED_IN, KEEPS
from shelterctl.library.trial.tree import ROOTS


def keys_of(shape: grammar.Kind) -> set[str]:
    """The keys of a mapping that the grammar has."""
    return set(inspect.getclosurevars(shape).nonlocals["known"])


TOLD = {key for known in grammar.PARAMETERS.values() for key in known}
MODIFIERS = {*grammar.OF_A_TRACK, *grammar.OF_AN_ACT, *grammar.OF_AN_ITEM}
OFFSET, MEASURED = {"months", "days", "of"}, {"count", "of", "days_of", "months_of"}
TRACK, FIELD, RULE, ACT, TEXTS = range(1, 6)
WORDS: dict[str, tuple[int, Iterable[str]]] = {
    "the keys of a track": (TRACK, keys_of(grammar.TRACK)),
    "the keys of a part": (TRACK, keys_of(grammar.PART)),
    "the keys of a deadline": (TRACK, {"from", "after", "row", "first", "danger", "never", LATE, HEALTH}),
    "the keys of all tracks": (TRACK, keys_of(grammar.TRACKS)),
    "where a track lies": (TRACK, ROOTS),
    "how a track is kept": (TRACK, KEEPS),
    "the kinds of a field": (FIELD, KINDS),
    "the keys of a field": (FIELD, keys_of(grammar.FIELD)),
    "what a field may offer": (FIELD, OFFERS),
    "answers that are no codes": (FIELD, {"yes", "no", "part", UNKNOWN, *THERE}),
    "lists that lie elsewhere": (FIELD, {"items", "forms", "houses"}),
    "the verbs": (RULE, VERBS),
    "what a verb is told": (RULE, TOLD),
    "what stands beside a verb": (RULE, {*MODIFIERS, *grammar.RULING, "later", "since"}),
    "how strong a rule is": (RULE, set(Strength)),
    "how far a verb looks": (RULE, {*grammar.REACH, *WITHIN, *PER}),
    "what is counted": (RULE, {*MEASURED, *COUNTS, "count: sleeping"}),
    "how a day is moved": (RULE, OFFSET),
    "names that are no fields": (RULE, RESERVED),
    "the keys of an act": (ACT, keys_of(grammar.ACT)),
    "the keys of an item": (ACT, keys_of(grammar.ITEM)),
    "the acts of the program": (ACT, ASKED),
    "the keys of a sheet": (TEXTS, keys_of(grammar.SHEET)),
    "what fills a sheet": (TEXTS, FILLED_IN),
    "what fills the words of a rule": (TEXTS, KNOWN),
    "what fills the words of an item": (TEXTS, {*COMMON, "lacking"}),
    "the keys of a clause": (TEXTS, {"clauses", "heading", "gist", "text", "readings"}),
}
"""Words that the code knows, with the section of the page in which each must stand."""


def said(node: Any) -> Iterator[str]:
    """Every key and every answer of an example."""
    for key, below in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield str(key)
        yield from said(below)
    if not isinstance(node, dict | list):
        yield str(node)


def words_of(language: str, section: int) -> set[str]:
    """What a section has in backticks, whole and word by word, and in its examples."""
    text = re.split(r"^## ", written("shelf", language), flags=re.MULTILINE)[section]
    shown = [one for each in blocks(text) for one in said(document.read(each.encode(), LARGEST).value)]
    marked = [one.strip("{}") for one in re.findall(r"`([^`]+)`", text)]
    return {*shown, *marked, *(word for one in marked for word in re.findall(r"[\w-]+", one))}


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("what", WORDS)
def test_the_page_has_every_word_that_the_code_knows(what: str, language: str) -> None:
    section, known = WORDS[what]
    assert {*known} - words_of(language, section) == set()


@pytest.mark.parametrize("language", SPOKEN)
def test_the_page_names_the_acts_that_may_write_a_track_and_the_languages(language: str) -> None:
    assert {*ACTS} - {"sign"} <= words_of(language, TRACK)
    assert {*WRITTEN} <= words_of(language, 0)


def revised(folder: Path) -> Shelf:
    """A copy of the shelf with every example of the page in its place."""
    draft = folder / "draft"
    shutil.copytree(open_shelf().folder, draft)
    track = "".join(block("shelf", f"{first}:") for first in ("schema", "fields", "rules", "due"))
    (draft / "tracks" / "visit.yaml").write_text(track, "utf-8")
    put(draft / "tracks" / "blue.yaml", "parts:\n", block("shelf", "parts:"))
    put(draft / "clauses.yaml", "clauses:\n", block("shelf", "clauses:"))
    act = draft / "acts" / "discharge.yaml"
    head = re.search(r"^of: (?:.|\n)*?(?=^rules:)", act.read_text("utf-8"), re.MULTILINE)
    put(act, head[0] if head else "", block("shelf", "of:"))
    put(act, "items:\n", block("shelf", "items:"))
    return Shelf(draft)


def put(path: Path, old: str, new: str) -> None:
    """Put *new* in the place of *old*, which begins a line there once."""
    before, found, after = f"\n{path.read_text('utf-8')}".partition(f"\n{old}")
    assert found
    path.write_text(f"{before}\n{new}{after}".removeprefix("\n"), "utf-8")


def test_what_the_page_shows_is_whole(tmp_path: Path) -> None:
    shelf = revised(tmp_path)
    hold_whole(shelf)

    assert len(blocks(written("shelf", "en"))) == 8
    assert [rule.verb for rule in shelf.tracks["visit"].rules] == list(VERBS)
    assert shelf.tracks["visit"].keeps == "many"
    assert shelf.tracks["blue"].parts["8"].standing[0].clause == "IOM-1"
    assert [item.name for item in shelf.acts["discharge"].items][:2] == ["visits", "iom-consulted"]
    assert shelf.acts["discharge"].asks["after"] == ("discharge.on",)
    assert shelf.clauses["IOM-1"]["text"] == "As it was written down."


@pytest.mark.parametrize("language", SPOKEN)
def test_whoever_changes_a_cap_is_led_to_it(language: str) -> None:
    assert "`shelterctl help shelf`" in written("carrying-on", language)
