"""The terminal of POSIX: a line edited on it, a secret typed unseen, what was typed too early, whether it is there."""

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
"""Seconds without a key after which nothing of what was pasted is still on its way."""

_LONGEST_FLUSH_SECONDS = 5.0
"""Seconds after which nobody waits any longer for a terminal that goes on sending."""

KEYS_AFTER_ESC = "0123456789-"
"""Keys that would count how often the next one is pressed, were Esc pressed before."""

_line_so_far = [""]
"""What stood in the line when it was begun, where nothing edits it."""


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sits behind that stream."""
    return stream is not None and stream.isatty()


def supports_escapes() -> bool:
    """Whether the terminal knows colours, clearing and a second screen."""
    return os.environ.get("TERM", "dumb") not in ("dumb", "unknown", "")


def supports_line_editing() -> bool:
    """Whether a line can be edited with arrows, and begun with words that stand there already."""
    try:
        import readline  # noqa: F401, PLC0415 - not everywhere
    except ImportError:
        return False
    return True


def read_edited_line(prompt: str, typed: str = "") -> str:
    """What is typed behind *prompt*, *typed* standing there already where it can be edited.

    Raises EOFError for Ctrl-D, KeyboardInterrupt for Ctrl-C.
    """
    _line_so_far[0] = typed
    _set_up_editing(typed)
    try:
        return input(prompt)
    finally:
        _set_up_editing("")


def typed_so_far() -> str:
    """What stands in the line that is being typed, as far as anybody can tell."""
    editor = sys.modules.get("readline")
    return editor.get_line_buffer() if editor else _line_so_far[0]


def _set_up_editing(typed: str) -> None:
    """Editing with arrows, pasting as one piece and no history.

    Nobody's ~/.inputrc is read: the keys do the same on every computer, and no macro of another program types here.
    """
    os.environ["INPUTRC"] = os.devnull
    try:
        import readline  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    readline.set_auto_history(False)
    readline.parse_and_bind("tab: self-insert")
    for key in KEYS_AFTER_ESC:  # Esc is pressed to be rid of something, and must not eat the answer that is typed next
        readline.parse_and_bind(f'"\\e{key}": self-insert')
    readline.parse_and_bind(f"set enable-bracketed-paste {'on' if supports_escapes() else 'off'}")
    readline.set_startup_hook((lambda: readline.insert_text(typed)) if typed else None)


def read_entered_line() -> str:
    """What is typed until Enter, where nothing stands to be edited; empty at the end."""
    return sys.stdin.readline()


def has_more_input(seconds: float) -> bool:
    """Whether another line waits already, or comes within so many *seconds*."""
    with suppress(OSError, ValueError):
        return bool(select.select([sys.stdin], [], [], seconds)[0])
    return False


def read_secret(prompt: str) -> str:
    """A line typed unseen on the controlling terminal; OSError where there is none that hides it."""
    import getpass  # noqa: PLC0415 - only where a passphrase is asked
    import warnings  # noqa: PLC0415

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
    """Call *callback*, which may raise, every so many *seconds* inside a wait."""
    import signal  # noqa: PLC0415 - only where somebody is waited for

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
    """Drop what was typed and not read yet; *settled* also what is still on its way, as the rest of a paste is."""
    with suppress(ImportError, OSError, ValueError):
        import termios  # noqa: PLC0415 - not everywhere

        with suppress(termios.error), closing(_open_own_terminal()) as terminal:
            until = time.monotonic() + _LONGEST_FLUSH_SECONDS
            termios.tcflush(terminal, termios.TCIFLUSH)
            while settled and select.select([terminal], [], [], _QUIET_SECONDS)[0] and time.monotonic() < until:
                termios.tcflush(terminal, termios.TCIFLUSH)
            termios.tcflush(terminal, termios.TCIFLUSH)  # half a line is nothing to be read yet


@contextmanager
def hide_typing() -> Iterator[None]:
    """What is typed meanwhile is not shown and then dropped: a passphrase must not stand on the screen."""
    try:
        import termios  # noqa: PLC0415 - not everywhere

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
    """Ctrl-\\ ends nothing meanwhile: what is typed next would go to the shell."""
    try:
        import termios  # noqa: PLC0415 - not everywhere

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
    """Let *key* be the one that ends a program, or none; which one it was."""
    import termios  # noqa: PLC0415 - not everywhere

    how = termios.tcgetattr(terminal)
    before: bytes = how[6][termios.VQUIT]
    how[6][termios.VQUIT] = bytes([os.fpathconf(terminal.fileno(), "PC_VDISABLE")]) if key is None else key
    termios.tcsetattr(terminal, termios.TCSANOW, how)
    return before


def is_terminal_gone() -> bool:
    """Whether the terminal that was read from is there no more, or no longer ours: nobody typed its end then."""
    try:
        import termios  # noqa: PLC0415 - not everywhere

        own = sys.stdin.fileno()
    except (ImportError, AttributeError, ValueError):  # a standard input that is closed is None
        return False
    try:
        termios.tcgetattr(own)
        return os.tcgetpgrp(own) != os.getpgrp()
    except (OSError, termios.error) as error:
        return bool(error.args[0] != errno.ENOTTY)


def _open_own_terminal() -> FileIO:
    """The terminal that the program and its shell share; OSError where there is none, or it is not our turn."""
    terminal = FileIO(os.open(os.ctermid(), os.O_RDWR | os.O_NOCTTY), "r")
    try:
        if os.tcgetpgrp(terminal.fileno()) != os.getpgrp():
            raise OSError(errno.EIO, "in the background")
    except OSError:
        terminal.close()
        raise
    return terminal
