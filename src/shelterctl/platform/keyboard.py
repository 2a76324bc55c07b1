"""The terminal of this computer, whichever system it runs: lines and secrets read, input flushed, time watched. It
chooses between `posix_terminal` and `windows_console`, which offer the same functions; import them from here.
"""

import sys

if sys.platform == "win32":
    from shelterctl.platform.windows_console import (
        call_while_waiting,
        flush_input,
        has_more_input,
        hide_typing,
        ignore_quit_key,
        is_terminal,
        is_terminal_gone,
        read_edited_line,
        read_entered_line,
        read_secret,
        supports_escapes,
        supports_line_editing,
        typed_so_far,
    )
else:
    from shelterctl.platform.posix_terminal import (
        call_while_waiting,
        flush_input,
        has_more_input,
        hide_typing,
        ignore_quit_key,
        is_terminal,
        is_terminal_gone,
        read_edited_line,
        read_entered_line,
        read_secret,
        supports_escapes,
        supports_line_editing,
        typed_so_far,
    )

__all__ = [
    "call_while_waiting",
    "flush_input",
    "has_more_input",
    "hide_typing",
    "ignore_quit_key",
    "is_terminal",
    "is_terminal_gone",
    "read_edited_line",
    "read_entered_line",
    "read_secret",
    "supports_escapes",
    "supports_line_editing",
    "typed_so_far",
]
