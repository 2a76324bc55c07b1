"""Citations of a proposed rulebook: every clause and reading that a file cites has its text in clauses.yaml.

A draft may cite what is still to be written; a rulebook whose impact is looked at is about to be adopted, and everybody
must be able to read what it rests on.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.files import pointer_below, refuse_all
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_

CITING_FOLDERS = ("acts", "annexes", "plans", "reports", "tracks")
CITING_FILES = ("duties.yaml", "houses.yaml", "roles.yaml", "states.yaml")
CITING_KEYS = ("clause", "reading")
"""The keys under which a file names a clause or a reading."""

CITED_WITHOUT_TEXT = {
    "clause": N_(
        "{name} has no text in {file}; this adds its entry there, to be filled in with heading, gist and text: "
        "shelterctl rules new {name} --in DIR"
    ),
    "reading": N_("{name} has no text in {file}; write it there under {key}"),
}
"""The slip of a clause or a reading that is cited and has no text, with its remedy."""

PLACE_OF_TEXTS = {"file": "clauses.yaml", "key": "readings"}


def check_citations(rulebook: Rulebook) -> None:
    """Raise BrokenRulebook with the place of each clause and reading that has no text."""
    known = {"clause": rulebook.clauses, "reading": rulebook.readings}
    slips: list[BrokenRulebook] = []
    listed = (path for folder in CITING_FOLDERS for path in sorted((rulebook.folder / folder).glob("*.yaml")))
    for name in (*(path.relative_to(rulebook.folder).as_posix() for path in listed), *CITING_FILES):
        file = rulebook.read_file(name)
        cited = [one for one in _find_citations(file.value, "") if one[2] not in known[one[0]]]
        slips += [
            file.error_at("word", place, CITED_WITHOUT_TEXT[key], name=name, **PLACE_OF_TEXTS)
            for key, place, name in cited
        ]
    refuse_all(slips)


def _find_citations(value: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """Yield each citation below *place*: its key, its JSON pointer and the name."""
    below = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, each in below:
        at = pointer_below(place, key)
        if key in CITING_KEYS and isinstance(each, str):
            yield str(key), at, each
        else:
            yield from _find_citations(each, at)
