"""What an interrupted command left in the folder of a store, or one at work has there, told apart from a stranger's."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from shelterctl import bound, errors, machine
from shelterctl.journal import Journal, announcement
from shelterctl.vault.place import beside, unsettled, version_at


def unfinished(root: Path, journal: Journal) -> Iterator[tuple[Path, str]]:
    """What lies there until the next command that writes finishes or undoes it, with the file that it is about.

    New versions that bear the name which a command gives them, saved or not, and lines that are to come into a
    journal. Whoever took one of them out might lose what was saved in it; so what lies there behind more bytes than a
    command leaves is taken at its name, and so is an empty file: nothing had been written into it yet.
    """
    looked_at = 0
    for fresh, whose in unsettled(root):
        with suppress(errors.ShelterError, OSError):
            looked_at += (size := fresh.lstat().st_size)
            if not size or looked_at > bound.LEFT or fresh == beside(root / whose, version_at(fresh, whose)):
                yield fresh, whose
    for device in journal.devices:
        place = root / "journal" / f"{device}.jsonl"
        if machine.is_plain_file(announcement(place)):
            yield announcement(place), f"journal/{device}.jsonl"
