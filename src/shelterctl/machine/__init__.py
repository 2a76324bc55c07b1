"""What is asked of the operating system. The only room that knows that there are several."""

import sys

from shelterctl.machine.name import kept, spelt
from shelterctl.machine.process import harden, heard, opener, ourselves
from shelterctl.machine.reading import (
    is_free,
    is_plain_file,
    is_plain_folder,
    names_in,
    read_at_once,
    read_back,
    read_regular,
)
from shelterctl.machine.refusal import disk, refusal, strange
from shelterctl.machine.rights import ALONE, is_private
from shelterctl.machine.stick import sticks
from shelterctl.machine.volume import disk_of
from shelterctl.machine.writing import (
    append,
    can_be_made,
    cut,
    move,
    name,
    private_file,
    private_folder,
    remove,
    remove_folder,
    rename,
    replace,
    sync_folder,
    write_new,
    write_unnamed,
    write_whole,
)

if sys.platform == "win32":
    from shelterctl.machine.console import (
        edits,
        entered,
        forget,
        gone,
        is_terminal,
        line,
        more,
        obeys,
        secret,
        so_far,
        unquitting,
        unshown,
    )
    from shelterctl.machine.keys import alarm
else:
    from shelterctl.machine.tty import (
        alarm,
        edits,
        entered,
        forget,
        gone,
        is_terminal,
        line,
        more,
        obeys,
        secret,
        so_far,
        unquitting,
        unshown,
    )

__all__ = [
    "ALONE",
    "alarm",
    "append",
    "can_be_made",
    "cut",
    "disk",
    "disk_of",
    "edits",
    "entered",
    "forget",
    "gone",
    "harden",
    "heard",
    "is_free",
    "is_plain_file",
    "is_plain_folder",
    "is_private",
    "is_terminal",
    "kept",
    "line",
    "more",
    "move",
    "name",
    "names_in",
    "obeys",
    "opener",
    "ourselves",
    "private_file",
    "private_folder",
    "read_at_once",
    "read_back",
    "read_regular",
    "refusal",
    "remove",
    "remove_folder",
    "rename",
    "replace",
    "secret",
    "so_far",
    "spelt",
    "sticks",
    "strange",
    "sync_folder",
    "unquitting",
    "unshown",
    "write_new",
    "write_unnamed",
    "write_whole",
]
