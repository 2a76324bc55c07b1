"""The sheet for cases from before the program: its columns, each a field, a paper that somebody has seen, or the day of
an act.
"""

from collections.abc import Mapping
from typing import NamedTuple

from shelterctl.core.manual.notation import Label, Names

IMPORTED_ACTS = ("admission", "discharge")
"""The acts whose days the sheet may have."""

OWN_WORDS = ("paper", "act", "rows", "choices", "about", "column", "how")
"""The words of the sheet: behind the name of a paper and of an act; the titles of its pages and of a table on them."""


class ImportSheet(NamedTuple):
    """The *columns* of the sheet by dotted names of fields; then *papers*, the items of an act for which a paper shows
    the day, and *acts*, the days of acts.

    *words* are its own words, *explains* the lines that say how it is filled in, and *kinds* what a cell of each kind
    of field holds; ``several`` is a list of which several may be true.
    """

    columns: Names
    papers: Names
    acts: Names
    words: Mapping[str, Label]
    explains: Mapping[str, Label]
    kinds: Mapping[str, Label]
