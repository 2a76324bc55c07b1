"""What is asked of the operating system. The only room that knows POSIX."""

from shelterctl.machine.process import harden, opener
from shelterctl.machine.reading import is_free, is_plain_folder, is_private, names_in, read_back, read_regular
from shelterctl.machine.refusal import disk, refusal, strange
from shelterctl.machine.stick import sticks
from shelterctl.machine.terminal import forget, gone, unquitting, unshown
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

__all__ = [
    "append",
    "can_be_made",
    "cut",
    "disk",
    "forget",
    "gone",
    "harden",
    "is_free",
    "is_plain_folder",
    "is_private",
    "move",
    "name",
    "names_in",
    "opener",
    "private_file",
    "private_folder",
    "read_back",
    "read_regular",
    "refusal",
    "remove",
    "remove_folder",
    "rename",
    "replace",
    "sticks",
    "strange",
    "sync_folder",
    "unquitting",
    "unshown",
    "write_new",
    "write_unnamed",
    "write_whole",
]
