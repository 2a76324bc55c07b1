"""Empty lines at the end of what is sealed: the size of a file then tells only between which two steps its text ends.

Every reader of YAML passes over them, stock age shows them, and nothing of the program but the vault ever sees them.
"""

from shelterctl import bound

END = b"\n"


def padded(text: bytes) -> bytes:
    """A text with empty lines behind it up to the next step; what does not end with a line is none, and stays so."""
    return text.ljust(bound.stepped(len(text)), END) if text.endswith(END) else text


def unpadded(text: bytes) -> bytes:
    """The text without the empty lines behind its last one."""
    return text.rstrip(END) + END if text.endswith(2 * END) else text
