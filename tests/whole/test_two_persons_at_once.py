"""Two persons of a house by role write two clients at once, with programs of their own: nothing of either is lost."""

import subprocess
import sys
from pathlib import Path

from shelterctl.document.reading import read_document
from shelterctl.identity.key_file import load_identity
from tests.support.desk import TODAY, Desk
from tests.support.inputs import REFERRAL

STAFF = {"s-aida": "psychologist", "s-gulnara": "social_worker", "s-med": "medical_adviser", "s-guard": "security"}
ROUNDS = 3


def house_by_role(folder: Path) -> Desk:
    desk = Desk(folder)
    desk.do("init house --shelter bishkek --capacity 10 --no-passphrase --recovery sheet", today=None)
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    for code, role in STAFF.items():
        desk.do(f"staff add {code} --role {role}")
    for code in STAFF:
        desk.do(f"staff key {code} --no-passphrase")
        desk.do(f"staff key {code} --accept")
    desk.do("roles --begin")
    for code in STAFF:
        desk.do(f"trust --accept --staff {code}")
    return desk


def begun(desk: Desk, words: str) -> subprocess.Popen[bytes]:
    """A program of its own that carries out the command."""
    typed = [sys.executable, "-m", "shelterctl", *words.split(), "--as-of", TODAY, "--json"]
    return subprocess.Popen(typed, cwd=desk.folder, env=desk.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_two_persons_change_the_roster_at_once(tmp_path: Path) -> None:
    desk = house_by_role(tmp_path)
    guard, expected = load_identity(desk.folder / "key.people/s-guard", None), set[str]()
    for _ in range(ROUNDS):
        two = [desk.do("admit --new-person", REFERRAL).data["id"] for _ in range(2)]
        words = "admit {} --complete --on 2026-11-22{}"
        ways = zip(two, ("", " --staff s-gulnara"), strict=True)
        running = [begun(desk, words.format(client, whose)) for client, whose in ways]
        said = [one.communicate(timeout=60) for one in running]
        assert [one.returncode for one in running] == [0, 0], said
        expected |= {*two}
        assert {
            *read_document(guard.open((desk.store / "roster.yaml.age").read_bytes())).value["residents"]
        } == expected
    for client in expected:
        assert desk.record(client)["stays"][0]["admission"]["admitted_on"] == "2026-11-22"
    assert not {"roster/differs", "roster/none"} & {*desk.do("check").codes()}
