"""The terminal on POSIX systems: a line edited on it, a secret typed unseen, early input, and whether it is still
there.
"""

import errno
import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from io import FileIO
from typing import TextIO

if sys.platform == "win32":
    raise ImportError("this is the terminal of other systems")

_QUIET_SECONDS = 0.03
"""Seconds without a key after which a paste is complete."""

_LONGEST_FLUSH_SECONDS = 5.0
"""Most seconds to wait for a terminal that goes on sending."""

KEYS_AFTER_ESC = "0123456789-"
"""Keys that would set a repeat count if Esc was pressed before."""

_line_so_far = [""]
"""The text in the line at its start, used if the line cannot be edited."""


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person uses that stream."""
    return stream is not None and stream.isatty()


def supports_escapes() -> bool:
    """Whether the terminal knows colours, clearing and a second screen."""
    return os.environ.get("TERM", "dumb") not in ("dumb", "unknown", "")


def supports_line_editing() -> bool:
    """Whether a line can be edited with arrow keys, and can start with given words."""
    try:
        import readline  # noqa: F401, PLC0415 - missing on some systems
    except ImportError:
        return False
    return True


def read_edited_line(prompt: str, typed: str = "") -> str:
    """Return the line typed after *prompt*; *typed* is in it from the start, if it can be edited.

    Raises EOFError for Ctrl-D, KeyboardInterrupt for Ctrl-C.
    """
    _line_so_far[0] = typed
    _set_up_editing(typed)
    try:
        return input(prompt)
    finally:
        _set_up_editing("")


def typed_so_far() -> str:
    """Return the text in the line that is being typed, as far as it is known."""
    editor = sys.modules.get("readline")
    return editor.get_line_buffer() if editor else _line_so_far[0]


def _set_up_editing(typed: str) -> None:
    """Set up editing with arrow keys, pasting as one piece, and no history.

    ~/.inputrc is not read, so that keys do the same on every computer, and no macro of another program types here.
    """
    os.environ["INPUTRC"] = os.devnull
    try:
        import readline  # noqa: PLC0415 - missing on some systems
    except ImportError:
        return
    readline.set_auto_history(False)
    readline.parse_and_bind("tab: self-insert")
    for key in KEYS_AFTER_ESC:  # Esc is pressed to cancel, and must not swallow the next answer
        readline.parse_and_bind(f'"\\e{key}": self-insert')
    readline.parse_and_bind(f"set enable-bracketed-paste {'on' if supports_escapes() else 'off'}")
    readline.set_startup_hook((lambda: readline.insert_text(typed)) if typed else None)


def read_entered_line() -> str:
    """Return what is typed until Enter, in a line that cannot be edited; empty at the end of input."""
    return sys.stdin.readline()


def has_more_input(seconds: float) -> bool:
    """Whether another line is waiting, or comes within *seconds*."""
    with suppress(OSError, ValueError):
        return bool(select.select([sys.stdin], [], [], seconds)[0])
    return False


def read_secret(prompt: str) -> str:
    """Return a line typed unseen at the controlling terminal; raise OSError if no terminal can hide it."""
    import getpass  # noqa: PLC0415 - only where a passphrase is asked
    import warnings  # noqa: PLC0415 - only where a passphrase is asked

    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        with open(os.ctermid(), "rb"):
            pass
        try:
            return getpass.getpass(prompt)
        except getpass.GetPassWarning as warned:
            raise OSError(errno.ENOTTY, "it would be shown") from warned


@contextmanager
def call_while_waiting(seconds: float, callback: Callable[[], None]) -> Iterator[None]:
    """Call *callback*, which may raise, every *seconds* during a wait inside the block."""
    import signal  # noqa: PLC0415 - only used while waiting

    def rung(number: int, frame: object) -> None:
        callback()
        signal.setitimer(signal.ITIMER_REAL, seconds)

    before = signal.signal(signal.SIGALRM, rung)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def flush_input(*, settled: bool = False) -> None:
    """Discard what was typed and not read; with *settled* also what is still arriving, such as the rest of a paste."""
    with suppress(ImportError, OSError, ValueError):
        import termios  # noqa: PLC0415 - missing on some systems

        with suppress(termios.error), closing(_open_own_terminal()) as terminal:
            until = time.monotonic() + _LONGEST_FLUSH_SECONDS
            termios.tcflush(terminal, termios.TCIFLUSH)
            while settled and select.select([terminal], [], [], _QUIET_SECONDS)[0] and time.monotonic() < until:
                termios.tcflush(terminal, termios.TCIFLUSH)
            termios.tcflush(terminal, termios.TCIFLUSH)  # select does not report half a line


@contextmanager
def hide_typing() -> Iterator[None]:
    """Hide what is typed inside the block, and discard it: a passphrase must not be seen on the screen."""
    try:
        import termios  # noqa: PLC0415 - missing on some systems

        terminal = _open_own_terminal()
    except (ImportError, OSError, ValueError):
        yield
        return
    with closing(terminal):
        before = None
        with suppress(termios.error):
            before = termios.tcgetattr(terminal)
            termios.tcsetattr(terminal, termios.TCSANOW, [*before[:3], before[3] & ~termios.ECHO, *before[4:]])
        try:
            yield
        finally:
            with suppress(termios.error):
                if before:
                    termios.tcsetattr(terminal, termios.TCSAFLUSH, before)


@contextmanager
def ignore_quit_key() -> Iterator[None]:
    r"""Make Ctrl-\ end nothing inside the block; otherwise the shell would read what is typed next."""
    try:
        import termios  # noqa: PLC0415 - missing on some systems

        terminal = _open_own_terminal()
    except (ImportError, OSError, ValueError):
        yield
        return
    with closing(terminal):
        key = _set_quit_key(terminal, None)
        try:
            yield
        finally:
            with suppress(termios.error):  # the terminal may be gone
                _set_quit_key(terminal, key)


def _set_quit_key(terminal: FileIO, key: bytes | None) -> bytes:
    """Set the *key* that ends a program, or none; return the one before."""
    import termios  # noqa: PLC0415 - missing on some systems

    how = termios.tcgetattr(terminal)
    before: bytes = how[6][termios.VQUIT]
    how[6][termios.VQUIT] = bytes([os.fpathconf(terminal.fileno(), "PC_VDISABLE")]) if key is None else key
    termios.tcsetattr(terminal, termios.TCSANOW, how)
    return before


def is_terminal_gone() -> bool:
    """Whether the terminal of standard input is gone or no longer ours, so that nobody typed its end."""
    try:
        import termios  # noqa: PLC0415 - missing on some systems

        own = sys.stdin.fileno()
    except (ImportError, AttributeError, ValueError):  # a standard input that is closed is None
        return False
    try:
        termios.tcgetattr(own)
        return os.tcgetpgrp(own) != os.getpgrp()
    except (OSError, termios.error) as error:
        return bool(error.args[0] != errno.ENOTTY)


def _open_own_terminal() -> FileIO:
    """Open the terminal that the program and its shell share; OSError if there is none, or it is not our turn."""
    terminal = FileIO(os.open(os.ctermid(), os.O_RDWR | os.O_NOCTTY), "r")
    try:
        if os.tcgetpgrp(terminal.fileno()) != os.getpgrp():
            raise OSError(errno.EIO, "in the background")
    except OSError:
        terminal.close()
        raise
    return terminal
