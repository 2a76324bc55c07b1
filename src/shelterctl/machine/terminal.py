"""What is asked of the terminal behind the program: what was typed too early, what it shows, whether it is there."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from io import FileIO

QUIET = 0.03
"""Seconds without a key after which nothing of what was pasted is still on its way."""

ENDLESS = 5.0
"""Seconds after which nobody waits any longer for a terminal that goes on sending."""

if sys.platform == "win32":  # pragma: no cover - of another system
    import msvcrt

    def forget(*, settled: bool = False) -> None:
        """Drop what was typed and not read yet; *settled* also what is still on its way, as the rest of a paste is."""
        until = time.monotonic() + ENDLESS
        quiet = time.monotonic() + (QUIET if settled else 0)
        while True:
            while msvcrt.kbhit() and time.monotonic() < until:
                msvcrt.getwch()
                quiet = time.monotonic() + (QUIET if settled else 0)
            if time.monotonic() >= min(quiet, until):
                return
            time.sleep(QUIET / 10)

    @contextmanager
    def unshown() -> Iterator[None]:
        """What is typed meanwhile is not shown, as Windows shows nothing that no program reads; then it is dropped."""
        try:
            yield
        finally:
            forget()

    @contextmanager
    def unquitting() -> Iterator[None]:
        """Windows has no such key."""
        yield

    def gone() -> bool:
        """Whether the terminal is there no more: a closed window ends the program by itself there."""
        return False

else:

    def forget(*, settled: bool = False) -> None:
        """Drop what was typed and not read yet; *settled* also what is still on its way, as the rest of a paste is."""
        with suppress(ImportError, OSError, ValueError):
            import select  # noqa: PLC0415 - only where something was asked
            import termios  # noqa: PLC0415 - not everywhere

            with suppress(termios.error), closing(_own()) as terminal:
                until = time.monotonic() + ENDLESS
                termios.tcflush(terminal, termios.TCIFLUSH)
                while settled and select.select([terminal], [], [], QUIET)[0] and time.monotonic() < until:
                    termios.tcflush(terminal, termios.TCIFLUSH)
                termios.tcflush(terminal, termios.TCIFLUSH)  # half a line is nothing to be read yet

    @contextmanager
    def unshown() -> Iterator[None]:
        """What is typed meanwhile is not shown and then dropped: a passphrase must not stand on the screen."""
        try:
            import termios  # noqa: PLC0415 - not everywhere

            terminal = _own()
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
    def unquitting() -> Iterator[None]:
        """Ctrl-\\ ends nothing meanwhile: what is typed next would go to the shell."""
        try:
            import termios  # noqa: PLC0415 - not everywhere

            terminal = _own()
        except (ImportError, OSError, ValueError):
            yield
            return
        with closing(terminal):
            key = _quit_is(terminal, None)
            try:
                yield
            finally:
                with suppress(termios.error):  # the terminal may be gone
                    _quit_is(terminal, key)

    def _quit_is(terminal: FileIO, key: bytes | None) -> bytes:
        """Let *key* be the one that ends a program, or none; which one it was."""
        import termios  # noqa: PLC0415 - not everywhere

        how = termios.tcgetattr(terminal)
        before: bytes = how[6][termios.VQUIT]
        how[6][termios.VQUIT] = bytes([os.fpathconf(terminal.fileno(), "PC_VDISABLE")]) if key is None else key
        termios.tcsetattr(terminal, termios.TCSANOW, how)
        return before

    def gone() -> bool:
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

    def _own() -> FileIO:
        """The terminal that the program and its shell share; OSError where there is none, or it is not our turn."""
        terminal = FileIO(os.open(os.ctermid(), os.O_RDWR | os.O_NOCTTY), "r")
        try:
            if os.tcgetpgrp(terminal.fileno()) != os.getpgrp():
                raise OSError(errno.EIO, "in the background")
        except OSError:
            terminal.close()
            raise
        return terminal
