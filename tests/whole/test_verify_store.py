"""A store verified without us: docs/verify_store.py, as a process, on stores of every release and on edited ones."""

import hashlib
import json
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import Identity, create_identity
from shelterctl.trust.statement import STATEMENT_PURPOSE
from tests.support.desk import Desk, copied, make_house_with_paper
from tests.support.inputs import REFERRAL, read
from tests.support.paths import PROJECT
from tests.support.role_house import give_keys

PROGRAM = PROJECT / "docs/verify_store.py"
RELEASED = sorted(path.name for path in (PROJECT / "tests/stores").iterdir() if path.name != "0.1.0")
WHOLE = ["Every file is the one that was signed last."]
PEOPLE = {
    "s-aida": "psychologist", "s-gulnara": "social_worker", "s-med": "medical_adviser", "s-law": "legal_adviser",
}  # fmt: skip
SECOND = {"identity": {"first_name": "Бермет", "last_name": "Образцова", "sex": "female", "birth_date": "1991"}}


def root_of(store: Path) -> str:
    return hashlib.sha256(lines(store / "trust.jsonl")[0]).hexdigest()


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")[:-1]


def keep(path: Path, kept: list[bytes]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in kept))


def verified(store: Path, root: str | None = None) -> tuple[int, list[str]]:
    """The exit code, and what is said besides the root."""
    words = [sys.executable, str(PROGRAM), str(store), *([root] if root else [])]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, env={})
    assert ran.stderr == ""
    first, *said = ran.stdout.splitlines()
    assert first.startswith("Root: ")
    return ran.returncode, said


@pytest.mark.parametrize("version", RELEASED)
def test_a_store_of_every_release_is_whole(version: str) -> None:
    house = PROJECT / "tests/stores" / version / "house"
    assert verified(house, root_of(house)) == (0, WHOLE)


def test_a_store_without_a_trust_list_proves_nothing_until_it_has_one(old: Desk) -> None:
    code, said = verified(old.store)
    assert (code, said) == (1, ["trust.jsonl: missing or empty, so nothing can be believed"])
    old.do("trust --begin")
    assert verified(old.store, root_of(old.store)) == (0, WHOLE)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store that two computers changed apart from each other, with a repair, roles, and a key that was shut out."""
    desk = make_house_with_paper(tmp_path_factory.mktemp("made") / "desk")
    desk.do("staff add s-gulnara --role social_worker")
    second = desk.do("admit --new-person", {**read(REFERRAL), **SECOND}).data["id"]
    desk.do("trust --join --recovery paper --no-passphrase --identity other --staff s-aida")
    desk.do("trust --accept")
    desk.do("backup usb")

    # Each computer has a copy, and changes a file that the other does not; then their folders become one.
    there = Desk(desk.folder.with_name("there"))
    shutil.copytree(desk.folder, there.folder)
    need(desk, desk.her, 23)
    need(there, second, 24, "--identity other")
    file = f"residents/{second}.yaml.age"
    for path in (f"journal/{devices(desk.store)[1]}.jsonl", file):
        shutil.copy(there.store / path, desk.store / path)
    need(desk, second, 25)

    data = bytearray((desk.store / file).read_bytes())
    data[-900] ^= 1
    (desk.store / file).write_bytes(data)
    desk.do(f"repair {file} --from usb")
    give_keys(desk, desk.folder / "paper", PEOPLE)
    desk.do("roles --begin")
    need(desk, desk.her, 26)
    desk.do("trust --accept --staff s-gulnara")
    need(desk, second, 26, "--staff s-gulnara")
    desk.do("staff end s-aida --on 2026-11-25")
    need(desk, desk.her, 27)
    desk.do("backup usb")
    need(desk, desk.her, 28)
    return desk


def need(desk: Desk, client: str, day: int, more: str = "") -> None:
    desk.do(f"add {client} need {more}", {"need": "верхняя одежда", "class": "primary", "on": f"2026-11-{day}"})


def devices(store: Path, staff: str = "") -> list[str]:
    """The devices of the list, in the order in which they came; or those of one person."""
    said = [one for one in map(json.loads, lines(store / "trust.jsonl")) if one["kind"] in ("root", "device")]
    return [one["device"]["code"] for one in said if staff in ("", one["device"]["staff"])]


def test_two_computers_a_repair_and_roles_leave_a_store_whole(made: Desk) -> None:
    kinds = {json.loads(line)["kind"] for line in lines(made.store / "trust.jsonl")}
    assert kinds >= {"root", "device", "roles", "access", "end"}
    assert len([path for path in (made.store / "journal").iterdir() if path.stat().st_size]) > 2
    assert verified(made.store, root_of(made.store)) == (0, WHOLE)


# Edited stores: each takes the store, and returns the beginning of what is said of it.

Edit = Callable[[Desk], str]
STRANGER = create_identity()


def journal(desk: Desk) -> Path:
    return desk.store / f"journal/{devices(desk.store)[0]}.jsonl"


def hers(desk: Desk) -> str:
    return f"residents/{desk.her}.yaml.age"


def here(desk: Desk) -> Path:
    return desk.store / hers(desk)


def change_a_byte(desk: Desk) -> str:
    data = bytearray(here(desk).read_bytes())
    data[-1] ^= 1
    here(desk).write_bytes(data)
    return f"{hers(desk)}: not the version that was signed last"


def put_an_older_version_back(desk: Desk) -> str:
    older = [path for path in desk.folder.glob(f"usb/**/{hers(desk)}") if path.read_bytes() != here(desk).read_bytes()]
    shutil.copy(older[0], here(desk))
    return f"{hers(desk)}: not the version that was signed last"


def take_a_file_away(desk: Desk) -> str:
    here(desk).unlink()
    return f"{hers(desk)}: not the version that was signed last"


def add_a_file(desk: Desk) -> str:
    shutil.copy(desk.store / hers(desk), desk.store / "residents/0000-0000.yaml.age")
    return "residents/0000-0000.yaml.age: no line of a journal names it"


def cut_the_last_line(desk: Desk) -> str:
    keep(journal(desk), lines(journal(desk))[:-1])
    return f"{hers(desk)}: not the version that was signed last"


def cut_a_line_in_between(desk: Desk) -> str:
    there = lines(journal(desk))
    keep(journal(desk), there[:3] + there[4:])
    return f"journal/{journal(desk).name} line 4: not signed, or not after the line before it"


def change_a_line(desk: Desk) -> str:
    there = lines(journal(desk))
    there[3] = there[3].replace(b'"by":"', b'"by":"x', 1)
    keep(journal(desk), there)
    return f"journal/{journal(desk).name} line 4: not signed, or not after the line before it"


def add_a_line_of_a_stranger(desk: Desk) -> str:
    there = lines(journal(desk))
    said: dict[str, Any] = {**json.loads(there[-1]), "seq": len(there), "prev": hashlib.sha256(there[-1]).hexdigest()}
    said["base"], said["now"] = said["now"], said["base"]
    del said["sig"]
    text = json.dumps(said, separators=(",", ":")).encode()
    name = STRANGER.sign(b"shelterctl journal/2 %s\n" % root_of(desk.store).encode() + text)
    keep(journal(desk), [*there, text[:-1] + b',"sig":"%s"}' % name.encode()])
    return f"journal/{journal(desk).name} line {len(there) + 1}: not signed, or not after the line before it"


def put_a_field_behind_the_signature(desk: Desk) -> str:
    there = lines(journal(desk))
    there[-1] = there[-1][:-1] + b',"now":null}'
    keep(journal(desk), there)
    here(desk).unlink()
    return f"journal/{journal(desk).name} line {len(there)}: not signed, or not after the line before it"


def forget_what_another_key_knew(desk: Desk) -> str:
    """The social worker's last line goes; the manager's key wrote after it."""
    path = next(desk.store / f"journal/{code}.jsonl" for code in devices(desk.store, "s-gulnara"))
    keep(path, lines(path)[:-1])
    return f"journal/{path.name}: a line is missing that the device {devices(desk.store)[0]} knew"


def shorten_the_journal_of_a_key_that_was_shut_out(desk: Desk) -> str:
    path = desk.store / f"journal/{devices(desk.store)[1]}.jsonl"
    keep(path, lines(path)[:-1])
    return f"journal/{path.name}: not the lines with which its device was shut out"


def forge_a_statement(desk: Desk) -> str:
    """A stranger admits his own key, with the right root and place, and signs it himself."""
    there = lines(desk.store / "trust.jsonl")
    device = {
        "code": STRANGER.device, "staff": "manager", "age": STRANGER.recipient, "sign": STRANGER.signing_public,
        "may": ["write", "trust"],
    }  # fmt: skip
    heading = {"v": 1, "kind": "device", "root": root_of(desk.store), "prev": [hashlib.sha256(there[-1]).hexdigest()]}
    said = {**heading, "at": "2026-12-01T09:00+06:00", "by": "manager", "device": device}
    keep(desk.store / "trust.jsonl", [*there, sign(said, STRANGER)])
    return f"trust.jsonl line {len(there) + 1}: not signed by those who may, or out of place"


def sign(said: dict[str, Any], *signers: Identity) -> bytes:
    text = json.dumps(said, separators=(",", ":")).encode()
    signed = {one.signing_public: one.sign(STATEMENT_PURPOSE + text) for one in signers}
    return text[:-1] + b',"sigs":' + json.dumps(signed, separators=(",", ":")).encode() + b"}"


def let_a_social_worker_admit(desk: Desk) -> str:
    """A key of the house signs what only a manager's may."""
    there, own = lines(desk.store / "trust.jsonl"), load_identity(desk.folder / "key.people/s-gulnara", None)
    heading = {"v": 1, "kind": "roles", "root": root_of(desk.store), "prev": [hashlib.sha256(there[-1]).hexdigest()]}
    said = {**heading, "at": "2026-12-01T09:00+06:00", "by": "s-gulnara", "staff": "s-gulnara", "roles": ["manager"]}
    keep(desk.store / "trust.jsonl", [*there, sign(said, own)])
    return f"trust.jsonl line {len(there) + 1}: not signed by those who may, or out of place"


def change_a_statement(desk: Desk) -> str:
    there = lines(desk.store / "trust.jsonl")
    there[1] = there[1].replace(b'"may":["write","trust"]', b'"may":["trust"]')
    keep(desk.store / "trust.jsonl", there)
    return "trust.jsonl line 2: not signed by those who may, or out of place"


def cut_the_trust_list(desk: Desk) -> str:
    """A key that was shut out is back in force; the lines written since then name a statement that is gone."""
    keep(desk.store / "trust.jsonl", lines(desk.store / "trust.jsonl")[:-1])
    last = len(lines(journal(desk)))
    return f"journal/{journal(desk).name} line {last}: not signed, or not after the line before it"


EDITS = [
    change_a_byte, put_an_older_version_back, take_a_file_away, add_a_file, cut_the_last_line, cut_a_line_in_between,
    change_a_line, add_a_line_of_a_stranger, put_a_field_behind_the_signature, forget_what_another_key_knew,
    shorten_the_journal_of_a_key_that_was_shut_out, forge_a_statement, let_a_social_worker_admit, change_a_statement,
    cut_the_trust_list,
]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_what_was_edited_is_found_and_its_place_is_said(edit: Edit, made: Desk, tmp_path: Path) -> None:
    desk = copied(made, tmp_path / "desk")
    root = root_of(desk.store)
    expected = edit(desk)
    code, said = verified(desk.store, root)
    assert code == 1
    assert expected in said


NOT_SIGNED_FOR = "set-aside/"
"""What a repair took out of a store; nothing of the store rests on it."""


@pytest.mark.parametrize("version", ["0.2.0", "0.5.1"])
def test_a_flipped_bit_anywhere_is_found(version: str, tmp_path: Path) -> None:
    store = tmp_path / "house"
    shutil.copytree(PROJECT / "tests/stores" / version / "house", store)
    verifier = runpy.run_path(str(PROGRAM))
    root, wrong = verifier["verify"](store, None)
    assert wrong == []
    missed = list[tuple[str, int]]()
    for path in sorted(path for path in store.rglob("*") if path.is_file()):
        whole, name = path.read_bytes(), path.relative_to(store).as_posix()
        for at in range(7, len(whole), 2500):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
            if not verifier["verify"](store, root)[1] and not name.startswith(NOT_SIGNED_FOR):
                missed.append((name, at))
        path.write_bytes(whole)
    assert missed == []


def test_a_store_that_was_forged_whole_is_found_by_the_root_alone(made: Desk, tmp_path: Path) -> None:
    forged = make_house_with_paper(tmp_path / "desk")
    assert verified(forged.store) == (0, WHOLE)
    assert verified(forged.store, root_of(made.store)) == (1, ["trust.jsonl: another root than the one you know"])


def test_it_needs_nothing_of_ours() -> None:
    text = PROGRAM.read_text("utf-8")
    assert "import shelterctl" not in text
    assert "from shelterctl" not in text
    assert len(text.splitlines()) < 300
