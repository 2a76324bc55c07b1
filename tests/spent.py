"""What a command takes as a process of its own: seconds of a processor, and memory."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from patience import patience

LAUNCHER = """
import json, os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
_, status, spent = os.wait4(child.pid, 0)
most = spent.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
print(json.dumps([os.waitstatus_to_exitcode(status), spent.ru_utime + spent.ru_stime, most]))
"""
"""A small program that begins the command: memory of whoever begins a process is counted as the process's own."""


class Cost(NamedTuple):
    """How a command ended, its seconds of a processor, the most megabytes that it held, and what it said."""

    code: int
    seconds: float
    megabytes: float
    out: str


def cost(words: str, folder: Path, variables: Mapping[str, str], given: bytes = b"") -> Cost:
    """What a command costs in that folder."""
    command = [sys.executable, "-S", "-c", LAUNCHER, sys.executable, "-m", "shelterctl", *words.split()]
    told = subprocess.run(
        command, input=given, capture_output=True, env=variables, cwd=folder, timeout=patience(), check=True
    )
    code, seconds, megabytes = json.loads(told.stdout)
    return Cost(code, seconds, megabytes, told.stderr.decode(errors="replace"))
