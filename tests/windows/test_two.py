"""Several programs of Windows in one store: they wait for each other, and one that is killed harms nobody."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.desk import Desk
from tests.support.processes import patience
from tests.windows import computer, door
from tests.windows.door import there

WRITERS = 6
HOLDS = """
import sys
from pathlib import Path
from shelterctl.vault.lock import lock_store
with lock_store(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read(1)
"""


def test_writers_at_once_lose_nothing(anew: Desk) -> None:
    def done(number: int) -> int:
        words = ["admit", anew.her, "--from", "-", "--json", "--wait", "60", "--as-of", "2026-11-25"]
        given = f"iom: {{documents: [{{kind: summary, on: 2026-11-2{number}, reference: R-{number}}}]}}\n"
        told = door.started(words, cwd=anew.folder, env=anew.env, input=given.encode())
        if told.code == 7:  # read before another wrote: it goes on from what stands there now
            told = door.started(words, cwd=anew.folder, env=anew.env, input=given.encode())
        return told.code

    with ThreadPoolExecutor(3) as together:
        assert {*together.map(done, range(1, 1 + WRITERS // 2))} <= {0, 7}
    documents = anew.record()["iom"]["documents"]
    assert {one["reference"] for one in documents} <= {f"R-{number}" for number in range(1, 1 + WRITERS)}
    assert "Nothing in the store is damaged." in anew.do("check", today=None).data["said"]


def test_new_clients_at_once_are_all_there(anew: Desk) -> None:
    def admitted(number: int) -> int:
        who = f"identity: {{sex: female, last_name: Примерова-{number}, birth_date: 199{number}}}"
        given = f"{who}\nreferral: {{sources: [scme]}}\n"
        words = ["admit", "--new-person", "--from", "-", "--wait", "60", "--as-of", "2026-11-25"]
        return door.started(words, cwd=anew.folder, env=anew.env, input=given.encode()).code

    with ThreadPoolExecutor(3) as together:
        assert [*together.map(admitted, range(WRITERS))] == [0] * WRITERS
    assert len(anew.do("list", today=None).data["rows"]) == 1 + WRITERS
    assert "Nothing in the store is damaged." in anew.do("check", today=None).data["said"]


def test_a_store_that_another_program_holds_is_waited_for_and_then_said(anew: Desk) -> None:
    words = computer.command("-c", HOLDS, computer.windows(anew.store))
    with subprocess.Popen(words, env=computer.around(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline().strip() == b"held"
        told = anew.ask(f"admit {anew.her} --done orientation --wait 1")
        assert (told.code, told.error) == (7, "vault/locked")
        assert anew.do("list", today=None).data["rows"]  # to read it nobody waits
        other.stdin.close()
    anew.do(f"admit {anew.her} --done orientation")


@pytest.mark.parametrize("moment", [0.15, 0.25, 0.35, 0.45, 0.55, 0.7])
def test_a_program_that_is_ended_in_the_middle_leaves_the_old_or_the_new(moment: float, anew: Desk) -> None:
    """As by the task manager. The next command finishes what was begun, or drops it."""
    words = ["admit", anew.her, "--done", "orientation", "--as-of", "2026-11-25"]
    with subprocess.Popen(
        computer.command("-m", "shelterctl", *words), cwd=anew.folder, env={**there(anew.env), **computer.around()},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as one:  # fmt: skip
        try:
            one.wait(moment * patience(1))
        except subprocess.TimeoutExpired:
            one.kill()
    assert "Nothing in the store is damaged." in anew.do("check", today=None).data["said"]
    done = anew.record()["stays"][0].get("done", [])
    assert [one["item"] for one in done] in ([], ["orientation"])
    anew.do(f"admit {anew.her} --done orientation --on 2026-11-24")
