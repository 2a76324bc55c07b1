"""How many lines of the journals are gone for good."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shelterctl.journal.book import Journal


def lacking(journal: "Journal") -> int:
    """How many lines were lost, or signed for as broken, less those made up for by a file that was vouched for since.

    One line speaks of one file: where none is lacking, no file can have lost its line.
    """
    repairs = [(str(line["file"]), line["more"]) for line in journal.notable() if line["did"] == "repair"]
    broken = {(mend["device"], mend["line"]) for _, more in repairs if (mend := more.get("mend"))}
    lost = sum(more.get("lost", 0) for file, more in repairs if file.startswith("journal/"))
    # The line of a file that a device saved behind its end was never lacking.
    made_up = sum("vouched" in more and "device" not in more for _, more in repairs)
    return len(broken) + int(lost) - made_up
