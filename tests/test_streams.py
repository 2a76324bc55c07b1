"""Standard output closed, full or left by its reader, standard error and input closed: said, and no traceback."""

import os
import subprocess
import sys
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NoReturn

import pytest

from shelterctl import __main__
from shelterctl.cli.commands import COMMAND_SUMMARIES

if TYPE_CHECKING:
    from conftest import Desk


UNWRITTEN = "The answer could not be written"
SAVED = "Whatever the command saved is saved."
FULL = "/dev/full"


def told(desk: "Desk", words: str, *closed: int, out: str = "") -> tuple[int, str]:
    """How the command ends, and what stands on standard error, where these streams are closed or it writes to *out*."""
    with TemporaryFile() as err:
        if (child := os.fork()) == 0:
            _become(desk, words.split(), closed, out, err.fileno())
        _, status = os.waitpid(child, 0)
        err.seek(0)
        return os.waitstatus_to_exitcode(status), err.read().decode()


def _become(desk: "Desk", words: list[str], closed: tuple[int, ...], out: str, err: int) -> NoReturn:
    """In the child: the streams as a shell hands them over, then the program to its end."""
    code: object = 99
    try:
        os.dup2(err, 2)
        os.dup2(os.open(out or os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number in closed:
            os.close(number)
        names = enumerate(zip(("stdin", "stdout", "stderr"), "rww", strict=True))
        for number, (name, mode) in names:
            setattr(sys, name, None if number in closed else os.fdopen(number, mode, encoding="utf-8", closefd=False))
        os.chdir(desk.folder)
        env = desk.env
        os.environ.clear()
        os.environ.update(env)
        sys.argv = ["shelterctl", *words]
        __main__.main()
    except SystemExit as end:
        code = end.code
    finally:
        os._exit(code if isinstance(code, int) else 98)


@pytest.mark.parametrize("command", COMMAND_SUMMARIES)
def test_an_answer_that_cannot_be_written_is_exit_8_at_every_command(command: str, desk: "Desk") -> None:
    assert told(desk, f"{command} --json", 1) == (8, f"shelterctl: {UNWRITTEN} (EBADF). {SAVED}\n")
    assert told(desk, f"{command} --help", out=FULL) == (8, f"shelterctl: {UNWRITTEN} (ENOSPC). {SAVED}\n")


@pytest.mark.parametrize("words", ["", "--version", "help start", "list", "no-such-command --json", "monitor"])
@pytest.mark.parametrize("closed", [(1,), (0, 1), (1, 2), (0, 1, 2)])
def test_whichever_streams_are_closed_it_ends_so(words: str, closed: tuple[int, ...], desk: "Desk") -> None:
    code, err = told(desk, words, *closed)
    assert (code, UNWRITTEN in err) == (8, 2 not in closed)


def test_an_act_whose_answer_cannot_be_written_is_done(desk: "Desk") -> None:
    for number, (closed, out) in enumerate((((1,), ""), ((1, 2), ""), ((), FULL))):
        assert told(desk, f"ngo add ngo-{number} --as-of 2026-11-25", *closed, out=out)[0] == 8
    assert [row["ngo"] for row in desk.do("ngo list").data["rows"]] == ["ngo-0", "ngo-1", "ngo-2", "sezim"]
    assert desk.do("check").data["said"]


def test_nothing_that_is_printed_comes_into_a_file_of_the_store(desk: "Desk") -> None:
    assert told(desk, "admit --from - --as-of 2026-11-25 --staff Nobody", 0, 1, 2)[0] == 2
    assert told(desk, "staff add s-late --role security", 0, 1, 2)[0] == 8
    assert desk.do("check").data["said"]


def test_where_only_complaints_are_made_standard_output_is_not_missed(desk: "Desk") -> None:
    assert told(desk, "show 7QF2-M9KD", 1)[0] == 3
    assert told(desk, "show 7QF2-M9KD", 1, 2) == (3, "")


def test_nobody_is_asked_and_nothing_is_read_where_standard_input_is_closed(desk: "Desk") -> None:
    for words in ("admit", "find", "menu", "admit --from -", "find --from -"):
        code, err = told(desk, words, 0)
        assert (code, "Traceback" in err) == (2, False), words


def test_a_reader_that_leaves_is_no_failure(desk: "Desk") -> None:
    command = [sys.executable, "-m", "shelterctl", "schema", "resident"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=desk.env) as child:
        assert child.stdout
        assert child.stderr
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait() == 0
