"""DataFusion's distributed engine, Ballista, in processes of its own: a scheduler, an executor, and a client."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.processes import patience

SCHEDULER = """
from ballista import BallistaScheduler
one = BallistaScheduler("127.0.0.1", {port})
one.start()
one.wait_for_termination()
"""
EXECUTOR = """
from ballista import BallistaExecutor
one = BallistaExecutor(bind_port={own}, bind_host="127.0.0.1", scheduler_host="127.0.0.1", scheduler_port={port},
                       concurrent_tasks=2)
one.start()
one.wait_for_termination()
"""


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def wait_until_open(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until something listens at a port of this computer."""
    for _ in range(int(patience(300))):
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError


@contextmanager
def ballista_client() -> Iterator[Any]:
    """A client of a new scheduler with one executor; both end with the block."""
    from ballista import BallistaSessionContext  # type: ignore[import-not-found,unused-ignore]

    port, own = free_port(), free_port()
    started = [subprocess.Popen([sys.executable, "-c", SCHEDULER.format(port=port)], stderr=subprocess.DEVNULL)]
    try:
        wait_until_open(port, started[0])
        words = EXECUTOR.format(port=port, own=own)
        started.append(subprocess.Popen([sys.executable, "-c", words], stderr=subprocess.DEVNULL))
        wait_until_open(own, started[1])
        yield BallistaSessionContext(f"df://127.0.0.1:{port}")
    finally:
        for process in started:
            process.kill()
            process.wait()
