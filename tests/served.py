"""The program as one process that carries out command after command, as the menu does: nothing is begun or forked."""

import fcntl
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import NoReturn

from carrying import carried_out
from patience import patience
from started import Answer, become_ready

from shelterctl import __main__

MAIN = __main__.main
FROM_HERE: list[str] = []
"""Not empty while a test changes what is imported, which a fork has and a process that serves has not."""

LONGEST = 1 << 20
"""Bytes of the words and the environment of one command."""

MOST = 400
"""Commands that one process carries out, before it has kept too much of them."""


class Servant:
    """A process that was forked from here once, when everything was imported."""

    def __init__(self) -> None:
        self.owner, self.answered = os.getpid(), 0
        self.asks, answers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            self.asks.close()
            _serve(answers)
        answers.close()

    def answer(self, words: Sequence[str], cwd: Path, env: Mapping[str, str], input: bytes) -> Answer:
        """What the command came to."""
        with TemporaryFile() as stdin, TemporaryFile() as out, TemporaryFile() as err:
            stdin.write(input)
            stdin.seek(0)
            told = json.dumps([list(words), str(cwd), dict(env)], ensure_ascii=False).encode("utf-8", "surrogateescape")
            socket.send_fds(self.asks, [told], [stdin.fileno(), out.fileno(), err.fileno()])
            said = self.asks.recv(64) if select.select([self.asks], [], [], patience())[0] else b""
            if not said:
                self.end()
                raise AssertionError("it does not end, or took the process with it")
            encoding = env.get("PYTHONIOENCODING", "utf-8")
            texts = [(stream.seek(0), stream.read().decode(encoding))[1] for stream in (out, err)]
            self.answered += 1
            code, seconds = said.split()
            return Answer(int(code), texts[0], texts[1], float(seconds))

    def end(self) -> None:
        """The process ended, whatever it does."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.asks.close()
        _here.clear()


_here: list[Servant] = []


def served(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], input: bytes = b"") -> Answer:
    """The command carried out where others were before it, and others will be."""
    if _here and _here[0].answered == MOST:
        dismissed()
    if not _here or _here[0].owner != os.getpid():
        _here[:] = [Servant()]
    return _here[0].answer(words, cwd, env, input)


def dismissed() -> None:
    """Nobody serves any more: what it took of the processor is this process's own."""
    if _here and _here[0].owner == os.getpid():
        _here[0].end()


def _serve(asked: socket.socket) -> NoReturn:
    """In the child: command after command, until nobody asks any more."""
    try:
        become_ready()
        gc.freeze()
        while True:
            told, streams, _, _ = socket.recv_fds(asked, LONGEST, 3)
            if not told:
                break
            apart = [
                fcntl.fcntl(stream, fcntl.F_DUPFD, 10) for stream in streams
            ]  # a command may have closed one of 0 to 2
            for stream in streams:
                os.close(stream)
            for number, stream in enumerate(apart):
                os.dup2(stream, number)
                os.close(stream)
            words, cwd, env = json.loads(told.decode("utf-8", "surrogateescape"))
            begun = time.process_time()
            code = carried_out(words, Path(cwd), env)
            gc.collect()  # as at the end of a process: what was opened is closed
            gc.freeze()  # and what is kept for the next command is not looked through after each of them
            asked.send(b"%d %f" % (code, time.process_time() - begun))
    finally:
        sys.stdout = sys.stderr = sys.__stdout__
        os._exit(0)
