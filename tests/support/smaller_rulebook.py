"""A copy of the rulebook without some of its tracks, as another country may have it: what spoke of them is gone too."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.files import read_rulebook_file
from shelterctl.rulebook.lint.whole import check_rulebook
from shelterctl.rulebook.rulebook import Rulebook

NAMED_PARTS = frozenset(
    (
        "fields",
        "rows",
        "groups",
        "parts",
        "purposes",
        "moved",
        "leaves_out",
        "offers",
        "acts",
        "general",
    )
)
"""Keys whose entries are named things that can be left out one by one."""

OPTIONAL_KEYS = frozenset(("rests", "opens", "recorded_in"))
"""Keys that can be left out alone."""

MOST_ROUNDS = 400


def without_tracks(folder: Path, names: Iterable[str]) -> Rulebook:
    """Delete these tracks from a copy of the rulebook, and, round by round, whatever speaks of them."""
    shutil.rmtree(folder / "coverage")  # its rows name this manual's commands
    for name in names:
        (folder / "tracks" / f"{name}.yaml").unlink()
    for _ in range(MOST_ROUNDS):
        if not (slips := slips_of(folder)):
            break
        places: dict[str, list[tuple[str, str]]] = {}
        for slip in slips:
            assert slip.position, slip.facts
            places.setdefault(str(slip.facts["file"]), []).append((slip.position[0], slip.word or ""))
        for file, each in places.items():
            _leave_out(folder, file, each)
    assert not slips, [dict(slip.facts) for slip in slips]
    return Rulebook(folder)


def slips_of(folder: Path) -> list[BrokenRulebook]:
    """The slips that the lint finds in a rulebook."""
    try:
        check_rulebook(Rulebook(folder))
    except BrokenRulebook as first:
        return [first, *first.others]
    return []


def _leave_out(folder: Path, file: str, slips: list[tuple[str, str]]) -> None:
    """Leave out of a file the smallest whole thing at the place of each slip; a file of nothing is deleted.

    A sentence that tells people to type an unknown word only loses the word.
    """
    value, gone = json.loads(json.dumps(read_rulebook_file(folder, file).value, default=str)), ""
    places = [place for place, word in slips if not _reword(value, place, word)]
    for place in sorted(places, key=_by_number, reverse=True):
        if gone and f"{place}/".startswith(f"{gone}/"):
            continue
        if not (gone := _remove(value, place)):
            (folder / file).unlink()
            return
    (folder / file).write_text(yaml.dump(value, allow_unicode=True, sort_keys=False, width=10_000), "utf-8")


def _reword(value: Any, place: str, word: str) -> bool:
    """Replace a word that the sentence at a place tells people to type; False if there is no such sentence."""
    *way, last = [step.replace("~1", "/") for step in place.split("/")[1:]]
    for step in way:
        value = value[int(step) if isinstance(value, list) else step]
    at: Any = int(last) if isinstance(value, list) else last
    typed = re.compile(rf"(?<= ){re.escape(word)}(?![\w-])")
    if not word or not isinstance(value[at], str) or not typed.search(value[at]):
        return False
    value[at] = typed.sub("NAME", value[at])
    return True


def _by_number(place: str) -> list[str]:
    return [step.zfill(4) if step.isdigit() else step for step in place.split("/")]


def _remove(value: Any, place: str) -> str:
    """Remove the smallest whole thing at a place, and what is empty then; return its place, "" if nothing can go."""
    steps, way = [step.replace("~1", "/") for step in place.split("/")[1:]], [value]
    for step in steps:
        way.append(way[-1][int(step) if isinstance(way[-1], list) else step])
    for depth in range(len(steps), 0, -1):
        if isinstance(way[depth - 1], list) or steps[depth - 1] in OPTIONAL_KEYS or steps[depth - 2] in NAMED_PARTS:
            return _delete(way, steps[:depth])
    return ""


def _delete(way: list[Any], steps: list[str]) -> str:
    above, step = way[len(steps) - 1], steps[-1]
    del above[int(step) if isinstance(above, list) else step]
    return "/" + "/".join(steps) if above or len(steps) == 1 else _delete(way, steps[:-1])
