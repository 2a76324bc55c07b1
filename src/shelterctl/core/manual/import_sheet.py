"""The sheet for cases from before the program: its columns, each a field, a paper that somebody has seen, or the day of
an act.
"""

from typing import NamedTuple

from shelterctl.core.manual.notation import Names


class ImportSheet(NamedTuple):
    """The *columns* of the sheet by dotted names of fields; then *papers*, the items of an act for which a paper shows
    the day, and *acts*, the days of acts.
    """

    columns: Names
    papers: Names
    acts: Names
