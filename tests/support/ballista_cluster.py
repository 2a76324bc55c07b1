"""DataFusion's distributed engine, Ballista, in processes of its own: a scheduler, an executor, and a client."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SCHEDULER = """
from ballista import BallistaScheduler
one = BallistaScheduler("127.0.0.1", {port})
one.start()
print("started", flush=True)
one.wait_for_termination()
"""
EXECUTOR = """
from ballista import BallistaExecutor
one = BallistaExecutor(bind_port={own}, bind_host="127.0.0.1", scheduler_host="127.0.0.1", scheduler_port={port},
                       concurrent_tasks=2)
one.start()
print("started", flush=True)
one.wait_for_termination()
"""


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def start(words: str) -> "subprocess.Popen[bytes]":
    """Start a program, and wait until it says that it has started."""
    process = subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    return process


@contextmanager
def ballista_client() -> Iterator[Any]:
    """A client of a new scheduler with one executor; both end with the block."""
    from ballista import BallistaSessionContext  # type: ignore[import-not-found,unused-ignore]

    port, own = free_port(), free_port()
    started = list[subprocess.Popen[bytes]]()
    try:
        started.append(start(SCHEDULER.format(port=port)))
        started.append(start(EXECUTOR.format(port=port, own=own)))
        yield BallistaSessionContext(f"df://127.0.0.1:{port}")
    finally:
        for process in started:
            process.kill()
            process.wait()
