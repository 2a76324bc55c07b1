"""What is asked of the operating system: files written and read safely, who may open them, drives, processes, and the
keys of a terminal. The only package that knows that there are several systems. Nothing here knows what a store or a
client is; prompts and screens are in `terminal`.

`keyboard` is the terminal of the system that the program runs on: `posix_terminal` and `windows_console` offer the same
functions, and are taken by this name alone.
"""

import sys

if sys.platform == "win32":
    from shelterctl.platform import windows_console as keyboard
else:
    from shelterctl.platform import posix_terminal as keyboard

__all__ = ["keyboard"]
