"""The recovery key shown once, as text and as a QR code, on a screen that keeps nothing of it."""

import sys
import textwrap
from collections.abc import Sequence

from shelterctl import ask, qr, screen
from shelterctl.act.founding import Founding
from shelterctl.language import N_

WRITE = N_("The recovery key opens everything if this device is lost. Write it on paper:")
NO_PICTURE = N_("This window cannot show it as a QR code as well; the line is the whole key.")
BESIDE = N_("Below it write: store {store}, words {words}")
LEAST = 38
"""How wide a text stands beside the code: the longest of four words fit into one line."""

DONE = N_("When it is on paper, press Enter. It is not shown again. ")


def reveal(founding: Founding) -> None:
    """Show the recovery key to whoever sits here, until Enter: before the store is made, so that Ctrl-C loses nothing.

    At 80 by 24 the sentence, the key, the code and the prompt are seen at once.
    """
    code, facts = qr.drawn(founding.paper.key), {"store": founding.chain.store, "words": founding.words}
    with screen.alone():
        screen.tell(WRITE)
        screen.write([founding.paper.key], bold=True)
        if _fits(code):
            screen.picture(code, textwrap.wrap(screen.said(BESIDE, facts), LEAST))
        else:
            screen.tell(BESIDE, facts)
            screen.tell(NO_PICTURE)
        ask.line(prompt=screen.said(DONE))


def _fits(code: Sequence[str]) -> bool:
    columns, lines = screen.size()
    room = columns >= len(code[0]) + 3 + LEAST and lines >= len(code) + 5
    return room and screen.obeys() and qr.can_be_drawn(sys.stdout.encoding)
