"""The entry point: answers --version and help topics before heavy imports, and reports every error that no other module
handled.
"""

import atexit
import codecs
import errno
import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper

_NEAREST_CHARACTERS = str.maketrans({
    "ң": "н", "ө": "о", "ү": "у", "Ң": "Н", "Ө": "О", "Ү": "У", "«": '"', "»": '"', "“": '"', "”": '"', "„": '"',
    "’": "'", "—": "-", "–": "-", "…": "...", "№": "N", "×": "x", "•": "*", "→": "->", "\u00a0": " ", "\u202f": " ",
})  # fmt: skip
"""Replacements for characters that a terminal with an older code page cannot show."""

COLLECTION_THRESHOLD = 400_000
"""Allocations between runs of Python's garbage collector. Imports make many objects and little garbage; with the
default value a form takes a sixth longer.
"""


def main() -> None:
    """Run one command and exit with its code."""
    gc.set_threshold(COLLECTION_THRESHOLD, 20, 20)
    atexit.register(
        gc.freeze
    )  # the memory is freed with the process; a last collection would take a sixth of a command
    try:
        sys.exit(_run_guarded())
    finally:
        _drop_unwritable_output()


def _run_guarded() -> int:
    """Run the command and return its exit code.

    An unforeseen error is reported by its place in the code alone, since its message may hold a person's name.
    """
    _open_closed_streams()
    from shelterctl.ui_language import N_  # noqa: PLC0415

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            _write_utf8(stream)
            codecs.register_error(f"shelterctl {stream.encoding}", _nearest_encoder(stream.encoding))
            stream.reconfigure(errors=f"shelterctl {stream.encoding}")
    if isinstance(
        sys.stdin, TextIOWrapper
    ):  # bytes that are no text are reported where they were typed, in every locale
        sys.stdin.reconfigure(errors="surrogateescape")
    try:
        code = _run_command(sys.argv[1:])
        _flush_answer()
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        if sys.platform == "win32" and error.errno == errno.EINVAL:  # the error of a pipe that nobody reads
            return 0
        _print_complaint(
            _failure_message(
                N_("The answer could not be written ({kind}). Everything that the command saved is kept."), error
            )
        )
        return 8
    except BaseException as error:
        if isinstance(error, SystemExit):
            raise
        _print_complaint(_failure_message(N_("bug: {kind} at {place}. What was saved before is still there."), error))
        return 70


def _write_utf8(stream: TextIOWrapper) -> None:
    """Write UTF-8 with Unix line ends to files and other programs, on every computer.

    A Windows code page would silently replace a letter that it lacks. PYTHONIOENCODING overrides the encoding.
    """
    if not stream.isatty():
        stream.reconfigure(encoding=None if "PYTHONIOENCODING" in os.environ else "utf-8", newline="\n")


def _open_closed_streams() -> None:
    """Open the null device for each standard stream that is closed.

    Otherwise the next file would get its number, and printed text would go into that file. Writing an answer to a
    closed stdout still fails, as it should; complaints to a closed stderr are dropped.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        free = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
        if free != number:
            os.dup2(free, number)
            os.close(free)
        if name != "stdin":  # stdin stays None: a missing input is not an empty one
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def _flush_answer() -> None:
    """Write the last of the answer; ignore the error of a terminal window that was closed."""
    try:
        sys.stdout.flush()
    except OSError as error:
        if error.errno != errno.EIO:
            raise


def _print_complaint(words: str) -> None:
    """Write *words* to stderr if that is possible; the exit code reports the failure too."""
    with suppress(OSError, ValueError):
        sys.stderr.write(words)
        sys.stderr.flush()


def _run_command(arguments: list[str]) -> int:
    """Run a command and return its exit code; answer --version and a help topic without further imports."""
    if told := _answer_without_imports(arguments):
        sys.stdout.write(told)
        sys.stdout.flush()
        return 0
    from shelterctl.cli import app  # noqa: PLC0415
    from shelterctl.platform.process import harden_process  # noqa: PLC0415

    harden_process()
    return app.run_command(arguments)


def _answer_without_imports(arguments: list[str]) -> str | None:
    """Return the text of --version or of a help topic if that is all that is asked; None for any other command."""
    if "--version" in arguments:
        from shelterctl import edition  # noqa: PLC0415

        return edition.version_text(arguments, os.environ)
    if "help" in arguments:
        from shelterctl.explain import topic  # noqa: PLC0415

        return topic.read_topic_if_only_asked(arguments, os.environ)
    return None


def _failure_message(sentence: str, error: BaseException) -> str:
    """Return the message about an *error* in the language of the screen, or in English if its catalogue fails."""
    from shelterctl.language import current_language, format_sentence  # noqa: PLC0415

    system = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
    facts = {"kind": system or type(error).__name__, "place": _place_in_code(error)}
    try:
        return f"shelterctl: {format_sentence(sentence, facts, current_language())}\n"
    except Exception:
        return f"shelterctl: {format_sentence(sentence, facts)}\n"


def _drop_unwritable_output() -> None:
    """Discard output that a closed pipe or terminal cannot take; otherwise Python would exit with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # ValueError: closed already
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _nearest_encoder(encoding: str) -> Callable[[UnicodeError], tuple[str | bytes, int]]:
    """Return an error handler that replaces what *encoding* lacks with the nearest character, or with its number.

    The handler must be told the encoding: the error itself calls every code page charmap.
    """

    def nearest(error: UnicodeError) -> tuple[str | bytes, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        read = error.object[error.start : error.end].translate(_NEAREST_CHARACTERS)
        return read.encode(encoding, "backslashreplace").decode(encoding), error.end

    return nearest


def _place_in_code(error: BaseException) -> str:
    """Return where in this package an error was raised, as file:line; never its message and never a value."""
    place, trace = "?", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "shelterctl" in code.co_filename:
            place = f"{code.co_filename.rsplit('shelterctl', 1)[1].lstrip('/')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


if __name__ == "__main__":
    main()
