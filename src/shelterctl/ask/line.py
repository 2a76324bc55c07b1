"""One line from the terminal, edited as people expect; what cannot be seen in it is refused, and nothing is kept."""

import sys

from shelterctl import machine, screen
from shelterctl.language import N_

PROMPT = "> "
UNSEEN = N_("There were characters in it that cannot be seen. They are left out; look it through and press Enter.")
TOGETHER_WITHIN = 0.003
"""Seconds within which the next line of a paste is there; most terminals send a paste as one piece anyway."""
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
    if typed and not machine.edits():
        screen.write([typed], indent="  ")
    try:
        with screen.waiting(typed):
            lines = [machine.line(PROMPT, typed)]
    except EOFError:
        screen.ended()
        sys.stdout.write("\n")
        raise KeyboardInterrupt from None
    except KeyboardInterrupt:
        screen.stumble()
        sys.stdout.write("^C\n" if machine.edits() else "\n")  # where the line is edited, nobody else shows the key
        raise
    while machine.more(TOGETHER_WITHIN):
        try:
            lines.append(machine.line(""))
        except EOFError:
            break
    return "\n".join(lines)
