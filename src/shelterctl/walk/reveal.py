"""The recovery key shown once, as text and as a QR code, on a screen that keeps nothing of it."""

import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from shelterctl import ask, machine, qr, screen
from shelterctl.act.paper import NewPaper, write_paper
from shelterctl.desk import Desk
from shelterctl.language import N_, Sentence
from shelterctl.walk.destination import free

WRITE = N_("The recovery key opens everything if this device is lost. Write it on paper:")
NO_PICTURE = N_("This window cannot show it as a QR code as well; the line is the whole key.")
BESIDE = N_("Below it write: store {store}, words {words}, and the day: {day}")
LEAST = 38
"""How wide a text stands beside the code: the longest of four words fit into one line."""

DONE = N_("1 makes a sheet to be printed. When the key is on paper, press Enter.")
PRINTED = N_("The sheet is in {file}. Print it now. Enter deletes the file, for whoever has it can open everything.")
NOT_MADE = N_("No file could be made in {folder}. Write the key down by hand.")
SHEET = "1"


def hand_over(here: Desk, paper: NewPaper, path: Path | None, later: Sentence) -> None:
    """Write a recovery paper into the file at *path*, or show it where none is named; before it counts.

    A paper that nobody has must open nothing. *later* is said where somebody interrupts that.
    """
    if path:
        write_paper(path, paper)
        return
    try:
        _reveal(here, paper)
    except KeyboardInterrupt:
        screen.tell(later)
        raise


def _reveal(here: Desk, paper: NewPaper) -> None:
    """Show the recovery key to whoever sits here, until Enter: before it counts, so that Ctrl-C loses nothing.

    At 80 by 24 the sentence, the key, the code and the prompt are seen at once. As a sheet it is printed from a file
    that is gone once that is done.
    """
    with machine.unshown():  # drawing takes a moment after the passphrase, which may be typed once more
        code = qr.drawn(paper.key.key)
    facts = {"store": paper.store, "words": paper.words, "day": here.day}
    while True:
        with screen.alone():
            screen.tell(WRITE)
            screen.write([paper.key.key], bold=True)
            if _fits(code):
                screen.picture(code, textwrap.wrap(screen.said(BESIDE, facts), LEAST))
            else:
                screen.tell(BESIDE, facts)
                screen.tell(NO_PICTURE)
            screen.tell(DONE)
            while typed := ask.line():
                if typed == SHEET:
                    screen.clear()
                    _on_paper(here, paper)
                    break
            else:
                return


def _on_paper(here: Desk, paper: NewPaper) -> None:
    """The sheet in a file for as long as it takes to print it."""
    from shelterctl.paper.recovery import recovery_sheet  # noqa: PLC0415 - most write it down by hand

    path = free(here.papers / f"shelterctl-recovery-{here.day.isoformat()}.pdf")
    made = recovery_sheet(here, paper, here.day)
    try:
        machine.write_whole(path, made)
    except OSError:
        screen.tell(NOT_MADE, {"folder": machine.spelt(path.parent)}, indent="  ! ")
        ask.line()
        return
    try:
        screen.tell(PRINTED, {"file": machine.spelt(path)})
        ask.line()
    finally:
        machine.remove(path)


def _fits(code: Sequence[str]) -> bool:
    columns, lines = screen.size()
    room = columns >= len(code[0]) + 3 + LEAST and lines >= len(code) + 5
    return room and screen.obeys() and qr.can_be_drawn(sys.stdout.encoding)
