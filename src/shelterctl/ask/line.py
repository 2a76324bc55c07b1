"""One line from the terminal, edited as people expect; what cannot be seen in it is refused, and nothing is kept."""

import os
import select
import sys
from contextlib import suppress

from shelterctl import screen
from shelterctl.language import N_

PROMPT = "> "
UNSEEN = N_("There were characters in it that cannot be seen. They are left out; look it through and press Enter.")
TOGETHER_WITHIN = 0.003
"""Seconds within which the next line of a paste is there; most terminals send a paste as one piece anyway."""
AFTER_ESC = "0123456789-"
"""Keys that would count how often the next one is pressed, were Esc pressed before."""
TOGETHER = N_("Several lines came at once. They are put together as one.")


def line(typed: str = "") -> str:
    """What a person typed, without its end; *typed* stands there already, to be changed.

    Raises KeyboardInterrupt for Ctrl-C and for Ctrl-D, and screen.Idle where that is watched for.
    """
    while True:
        read = _read(typed)
        kept = "".join(each for each in " ".join(read.split()) if each.isprintable())
        if kept == " ".join(read.split()):
            if "\n" in read.strip("\n"):
                screen.tell(TOGETHER, indent="  ")
            return kept
        screen.tell(UNSEEN, indent="  ")
        typed = kept


def _read(typed: str) -> str:
    """A line, and with it whatever was pasted behind it."""
    if early := screen.early():
        screen.write([PROMPT + early])
        return early
    edited = _editing(typed)
    if typed and not edited:
        screen.write([typed], indent="  ")
    try:
        with screen.waiting(typed):
            lines = [input(PROMPT)]
    except EOFError:
        screen.ended()
        sys.stdout.write("\n")
        raise KeyboardInterrupt from None
    except KeyboardInterrupt:
        screen.stumble()
        sys.stdout.write("^C\n" if edited else "\n")  # where the line is edited, nobody else shows the key
        raise
    finally:
        _editing("")
    while _more():
        try:
            lines.append(input())
        except EOFError:
            break
    return "\n".join(lines)


def _editing(typed: str) -> bool:
    """Editing with arrows, pasting as one piece and no history; false where the system has no such thing.

    Nobody's ~/.inputrc is read: the keys do the same on every computer, and no macro of another program types here.
    """
    os.environ["INPUTRC"] = os.devnull
    try:
        import readline  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return False
    readline.set_auto_history(False)
    readline.parse_and_bind("tab: self-insert")
    for key in AFTER_ESC:  # Esc is pressed to be rid of something, and must not eat the answer that is typed next
        readline.parse_and_bind(f'"\\e{key}": self-insert')
    readline.parse_and_bind(f"set enable-bracketed-paste {'on' if screen.obeys() else 'off'}")
    readline.set_startup_hook((lambda: readline.insert_text(typed)) if typed else None)
    return True


def _more() -> bool:
    """Whether another line waits already: nobody types that fast, so it was pasted."""
    if os.name == "nt":
        return False
    with suppress(OSError, ValueError):
        return bool(select.select([sys.stdin], [], [], TOGETHER_WITHIN)[0])
    return False
