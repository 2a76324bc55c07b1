"""What an interrupted command left in the folder of a store, or one at work has there, told apart from a stranger's."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from shelterctl import errors
from shelterctl.journal import Journal, announcement
from shelterctl.vault.place import beside, unsettled, version_at


def unfinished(root: Path, journal: Journal) -> Iterator[tuple[Path, str]]:
    """What lies there until the next command that writes finishes or undoes it, with the file that it is about.

    New versions that bear the name which a command gives them, saved or not, and lines that are to come into a
    journal. Whoever took one of them out might lose what was saved in it.
    """
    for fresh, whose in unsettled(root):
        with suppress(errors.ShelterError):
            if (version := version_at(fresh, whose)) and fresh == beside(root / whose, version):
                yield fresh, whose
    for device in journal.devices:
        place = root / "journal" / f"{device}.jsonl"
        if announcement(place).is_file():
            yield announcement(place), f"journal/{device}.jsonl"
