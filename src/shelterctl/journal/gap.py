"""How many lines of the journals are gone for good."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shelterctl.journal.book import Journal


def lacking(journal: "Journal") -> int:
    """How many lines were lost, or signed for as broken, less those made up for by a file that was vouched for since.

    One line speaks of one file: where none is lacking, no file can have lost its line.
    """
    return sum(_lost_by(line) for line in journal.notable() if line["did"] == "repair")


def _lost_by(line: Mapping[str, Any]) -> int:
    """How many lines a repair says are lost from a journal; minus one where it vouches for a file."""
    more = line["more"]
    if more.get("vouched"):
        return -1
    if not str(line["file"]).startswith("journal/"):
        return 0
    return int("mend" in more) + int(more.get("lost") or 0)
