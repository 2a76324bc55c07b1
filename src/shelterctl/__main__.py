"""The entry: --version and topics of help before anything heavy, and the last resort of whatever goes wrong."""

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
"""What is written for a character that a terminal of an older code page has not got."""

COLLECTION_THRESHOLD = 400_000
"""Imports make many objects and no rubbish: looking for it as often as Python does takes a sixth of a form on paper."""


def main() -> None:
    """Run one command and leave with its exit code."""
    gc.set_threshold(COLLECTION_THRESHOLD, 20, 20)
    atexit.register(gc.freeze)  # what is left ends with the process: to look through it takes a sixth of a command
    try:
        sys.exit(_run_guarded())
    finally:
        _drop_unwritable_output()


def _run_guarded() -> int:
    """The command, and what to say of what it did not foresee: places only, for a message may hold a person's name."""
    _open_closed_streams()
    from shelterctl.ui_language import N_  # noqa: PLC0415

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            _write_utf8(stream)
            codecs.register_error(f"shelterctl {stream.encoding}", _nearest_encoder(stream.encoding))
            stream.reconfigure(errors=f"shelterctl {stream.encoding}")
    if isinstance(sys.stdin, TextIOWrapper):  # what is no letter is told as such where it was typed, in every locale
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
        if sys.platform == "win32" and error.errno == errno.EINVAL:  # what a pipe says there that nobody reads
            return 0
        _print_complaint(
            _failure_message(
                N_("The answer could not be written ({kind}). Whatever the command saved is saved."), error
            )
        )
        return 8
    except BaseException as error:
        if isinstance(error, SystemExit):
            raise
        _print_complaint(_failure_message(N_("bug: {kind} at {place}. What was saved before is still there."), error))
        return 70


def _write_utf8(stream: TextIOWrapper) -> None:
    """What goes into a file or another program is UTF-8 on every computer, with the same ends of lines.

    A code page of Windows would write another letter where it lacks one, and nobody would notice. Whoever sets
    PYTHONIOENCODING gets that.
    """
    if not stream.isatty():
        stream.reconfigure(encoding=None if "PYTHONIOENCODING" in os.environ else "utf-8", newline="\n")


def _open_closed_streams() -> None:
    """Let none of the three streams stay closed: the next file would get its number, and whatever is printed with it.

    What is written to a closed one fails as it should where it is the answer; complaints go nowhere.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        free = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
        if free != number:
            os.dup2(free, number)
            os.close(free)
        if name != "stdin":  # nobody is there to read from, which is not the same as an empty input
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def _flush_answer() -> None:
    """Write the last of the answer; where a window was closed nobody misses it."""
    try:
        sys.stdout.flush()
    except OSError as error:
        if error.errno != errno.EIO:
            raise


def _print_complaint(words: str) -> None:
    """Say it where that is possible; the exit code says it too."""
    with suppress(OSError, ValueError):
        sys.stderr.write(words)
        sys.stderr.flush()


def _run_command(arguments: list[str]) -> int:
    """The version and a topic of help at once, any other command with all that it needs."""
    if told := _answer_without_imports(arguments):
        sys.stdout.write(told)
        sys.stdout.flush()
        return 0
    from shelterctl.cli import app  # noqa: PLC0415
    from shelterctl.platform.process import harden_process  # noqa: PLC0415

    harden_process()
    return app.run_command(arguments)


def _answer_without_imports(arguments: list[str]) -> str | None:
    """What can be told before anything heavy is imported, if it is that which is asked."""
    if "--version" in arguments:
        from shelterctl import edition  # noqa: PLC0415

        return edition.version_text(arguments, os.environ)
    if "help" in arguments:
        from shelterctl.explain import topic  # noqa: PLC0415

        return topic.read_topic_if_only_asked(arguments, os.environ)
    return None


def _failure_message(sentence: str, error: BaseException) -> str:
    """The last words on an *error*, in the language unless its catalogue is itself what does not work."""
    from shelterctl.language import current_language, format_sentence  # noqa: PLC0415

    system = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
    facts = {"kind": system or type(error).__name__, "place": _place_in_code(error)}
    try:
        return f"shelterctl: {format_sentence(sentence, facts, current_language())}\n"
    except Exception:
        return f"shelterctl: {format_sentence(sentence, facts)}\n"


def _drop_unwritable_output() -> None:
    """Drop what can no longer be written, where a pipe or a terminal is gone: Python would end with 120 over it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # ValueError: closed already
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _nearest_encoder(encoding: str) -> Callable[[UnicodeError], tuple[str | bytes, int]]:
    """What a terminal of that encoding cannot write, written as its nearest, else as its number.

    The error itself knows no code page by name: it calls all of them charmap.
    """

    def nearest(error: UnicodeError) -> tuple[str | bytes, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        read = error.object[error.start : error.end].translate(_NEAREST_CHARACTERS)
        return read.encode(encoding, "backslashreplace").decode(encoding), error.end

    return nearest


def _place_in_code(error: BaseException) -> str:
    """Where in our own code it happened; never the message and never a value."""
    place, trace = "?", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "shelterctl" in code.co_filename:
            place = f"{code.co_filename.rsplit('shelterctl', 1)[1].lstrip('/')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


if __name__ == "__main__":
    main()
