"""Inside Windows: command after command carried out by one process, as the menu does, while somebody asks for them."""

import gc
import json
import os
import sys
import time
from pathlib import Path

from shelterctl.identity import memorable_words
from tests.support.in_process import make_passphrases_cheap, run_here


def put(stream: int, number: int) -> None:
    """The stream under that number, which a command may have closed."""
    if stream != number:
        os.dup2(stream, number)
        os.close(stream)


def main() -> None:
    """Commands, one a line: words, folder, environment, files for its streams; answered by code and time."""
    memorable_words._FINGERPRINT_COST = 1 << 10
    make_passphrases_cheap()
    asked, answers = os.fdopen(os.dup(0), "rb"), os.dup(1)
    for line in asked:
        words, cwd, env, *streams = json.loads(line)
        for number, (name, how) in enumerate(zip(streams, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
            put(os.open(name, how | getattr(os, "O_BINARY", 0)), number)
        begun = time.process_time()
        code = run_here(words, Path(cwd), env)
        sys.stdin = sys.stdout = sys.stderr = None
        gc.collect()
        gc.freeze()
        for number in range(3):
            put(os.open(os.devnull, os.O_RDWR), number)
        os.chdir("/")
        os.write(answers, b"%d %f\n" % (code, time.process_time() - begun))


if __name__ == "__main__":
    main()
