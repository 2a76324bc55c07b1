"""Calls to the operating system: files written and read safely, who may open them, drives, processes, and keys of a
terminal.

This is the only package that distinguishes operating systems. Nothing here knows what a store or a client is; prompts
and screens are in `terminal`.

`keyboard` is the terminal of the system that the program runs on: `posix_terminal` and `windows_console` offer the same
functions, and are imported only by this name.
"""

import sys

if sys.platform == "win32":
    from shelterctl.platform import windows_console as keyboard
else:
    from shelterctl.platform import posix_terminal as keyboard

__all__ = ["keyboard"]
