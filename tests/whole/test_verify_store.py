"""A store verified without us: docs/verify_store.py, as a process, on stores of every release and on edited ones."""

import hashlib
import json
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

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


# Edited stores: each edit returns what the verifier says first, and the place and the line that `check` names.


class Fault(NamedTuple):
    """What was changed: the words of the verifier, its file, and its line from 1, None where `check` names no line."""

    said: str
    file: str
    line: int | None = None


Edit = Callable[[Desk], Fault]
STRANGER = create_identity()
CHANGED = "changed, or not written by its device"
MISPLACED = "signed, but not after the line before it: lines were left out, moved or doubled"
UNSIGNED = "changed, or not signed by those who may"
OUT_OF_PLACE = "signed, but out of place: a line before it was left out, or it was moved or doubled"
OR_CUT = "or the last line of a journal was cut off"


def journal(desk: Desk) -> Path:
    return desk.store / f"journal/{devices(desk.store)[0]}.jsonl"


def hers(desk: Desk) -> str:
    return f"residents/{desk.her}.yaml.age"


def here(desk: Desk) -> Path:
    return desk.store / hers(desk)


def at_line(path: Path, number: int, why: str) -> Fault:
    """The fault of one line of the trust list, or of a journal."""
    place = path.name if path.name == "trust.jsonl" else f"journal/{path.name}"
    return Fault(f"{place} line {number}: {why}", place, number)


def not_last(desk: Desk, why: str) -> Fault:
    return Fault(f"{hers(desk)}: not the version that was signed last: {why}, {OR_CUT}", hers(desk))


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def change_a_byte(desk: Desk) -> Fault:
    flip(here(desk), -1)
    return not_last(desk, "it was changed")


def change_the_seal_of_a_file(desk: Desk) -> Fault:
    """A byte of what the file's key is sealed in, for one of its readers."""
    flip(here(desk), 60)
    return not_last(desk, "it was changed")


def put_an_older_version_back(desk: Desk) -> Fault:
    older = [path for path in desk.folder.glob(f"usb/**/{hers(desk)}") if path.read_bytes() != here(desk).read_bytes()]
    shutil.copy(older[0], here(desk))
    return not_last(desk, "it is an older one")


def take_a_file_away(desk: Desk) -> Fault:
    here(desk).unlink()
    return not_last(desk, "it is missing")


def add_a_file(desk: Desk) -> Fault:
    shutil.copy(desk.store / hers(desk), desk.store / "residents/0000-0000.yaml.age")
    file = "residents/0000-0000.yaml.age"
    return Fault(f"{file}: no line of a journal names it", file)


def cut_the_last_line(desk: Desk) -> Fault:
    keep(journal(desk), lines(journal(desk))[:-1])
    return not_last(desk, "it was changed")._replace(file=f"journal/{journal(desk).name}")


def cut_a_line_in_between(desk: Desk) -> Fault:
    there = lines(journal(desk))
    keep(journal(desk), there[:3] + there[4:])
    return at_line(journal(desk), 4, MISPLACED)


def cut_the_first_line(desk: Desk) -> Fault:
    keep(journal(desk), lines(journal(desk))[1:])
    return at_line(journal(desk), 1, MISPLACED)


def swap_two_lines(desk: Desk) -> Fault:
    there = lines(journal(desk))
    there[5], there[6] = there[6], there[5]
    keep(journal(desk), there)
    return at_line(journal(desk), 6, MISPLACED)


def double_a_line(desk: Desk) -> Fault:
    there = lines(journal(desk))
    keep(journal(desk), [*there[:6], *there[5:]])
    return at_line(journal(desk), 7, MISPLACED)


def change_a_line(desk: Desk) -> Fault:
    there = lines(journal(desk))
    there[3] = there[3].replace(b'"by":"', b'"by":"x', 1)
    keep(journal(desk), there)
    return at_line(journal(desk), 4, CHANGED)


def change_the_last_line(desk: Desk) -> Fault:
    there = lines(journal(desk))
    there[-1] = there[-1].replace(b'"by":"', b'"by":"x', 1)
    keep(journal(desk), there)
    return at_line(journal(desk), len(there), CHANGED)


def change_the_spelling_of_a_signature(desk: Desk) -> Fault:
    """The unused bits of the last letter: most programs that read base64 see no difference."""
    there = lines(journal(desk))
    letter = there[3][-5:-4]
    there[3] = there[3][:-5] + bytes([ALPHABET[ALPHABET.index(letter) + 1]]) + there[3][-4:]
    keep(journal(desk), there)
    return at_line(journal(desk), 4, CHANGED)


ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def link_the_lines_after_a_change_anew(desk: Desk) -> Fault:
    """Each line carries the hash of the one before again; no signature fits any longer from the fourth on."""
    there = lines(journal(desk))
    there[3] = there[3].replace(b'"by":"', b'"by":"x', 1)
    for at in range(4, len(there)):
        before = json.loads(there[at])["prev"].encode()
        there[at] = there[at].replace(before, hashlib.sha256(there[at - 1]).hexdigest().encode(), 1)
    keep(journal(desk), there)
    return at_line(journal(desk), 4, CHANGED)


def break_a_line_in_two(desk: Desk) -> Fault:
    there = lines(journal(desk))
    keep(journal(desk), [*there[:3], there[3][:90], there[3][91:], *there[4:]])
    return at_line(journal(desk), 4, CHANGED)


def add_a_line_of_a_stranger(desk: Desk) -> Fault:
    there = lines(journal(desk))
    said: dict[str, Any] = {**json.loads(there[-1]), "seq": len(there), "prev": hashlib.sha256(there[-1]).hexdigest()}
    said["base"], said["now"] = said["now"], said["base"]
    del said["sig"]
    text = json.dumps(said, separators=(",", ":")).encode()
    name = STRANGER.sign(b"shelterctl journal/2 %s\n" % root_of(desk.store).encode() + text)
    keep(journal(desk), [*there, text[:-1] + b',"sig":"%s"}' % name.encode()])
    return at_line(journal(desk), len(there) + 1, CHANGED)


def put_a_field_behind_the_signature(desk: Desk) -> Fault:
    there = lines(journal(desk))
    there[-1] = there[-1][:-1] + b',"now":null}'
    keep(journal(desk), there)
    here(desk).unlink()
    return at_line(journal(desk), len(there), CHANGED)


def forget_what_another_key_knew(desk: Desk) -> Fault:
    """The social worker's last line goes; the manager's key wrote after it."""
    path = next(desk.store / f"journal/{code}.jsonl" for code in devices(desk.store, "s-gulnara"))
    keep(path, lines(path)[:-1])
    said = f"journal/{path.name}: a line is missing that the device {devices(desk.store)[0]} knew"
    return Fault(said, f"journal/{path.name}")


def shorten_the_journal_of_a_key_that_was_shut_out(desk: Desk) -> Fault:
    path = desk.store / f"journal/{devices(desk.store)[1]}.jsonl"
    keep(path, lines(path)[:-1])
    return Fault(f"journal/{path.name}: not the lines with which its device was shut out", f"journal/{path.name}")


def forge_a_statement(desk: Desk) -> Fault:
    """A stranger admits his own key, with the right root and place, and signs it himself."""
    there = lines(desk.store / "trust.jsonl")
    device = {
        "code": STRANGER.device, "staff": "manager", "age": STRANGER.recipient, "sign": STRANGER.signing_public,
        "may": ["write", "trust"],
    }  # fmt: skip
    heading = {"v": 1, "kind": "device", "root": root_of(desk.store), "prev": [hashlib.sha256(there[-1]).hexdigest()]}
    said = {**heading, "at": "2026-12-01T09:00+06:00", "by": "manager", "device": device}
    keep(desk.store / "trust.jsonl", [*there, sign(said, STRANGER)])
    return at_line(desk.store / "trust.jsonl", len(there) + 1, UNSIGNED)


def sign(said: dict[str, Any], *signers: Identity) -> bytes:
    text = json.dumps(said, separators=(",", ":")).encode()
    signed = {one.signing_public: one.sign(STATEMENT_PURPOSE + text) for one in signers}
    return text[:-1] + b',"sigs":' + json.dumps(signed, separators=(",", ":")).encode() + b"}"


def let_a_social_worker_admit(desk: Desk) -> Fault:
    """A key of the house signs what only a manager's may."""
    there, own = lines(desk.store / "trust.jsonl"), load_identity(desk.folder / "key.people/s-gulnara", None)
    heading = {"v": 1, "kind": "roles", "root": root_of(desk.store), "prev": [hashlib.sha256(there[-1]).hexdigest()]}
    said = {**heading, "at": "2026-12-01T09:00+06:00", "by": "s-gulnara", "staff": "s-gulnara", "roles": ["manager"]}
    keep(desk.store / "trust.jsonl", [*there, sign(said, own)])
    return at_line(desk.store / "trust.jsonl", len(there) + 1, UNSIGNED)


def change_a_statement(desk: Desk) -> Fault:
    there = lines(desk.store / "trust.jsonl")
    there[1] = there[1].replace(b'"may":["write","trust"]', b'"may":["trust"]')
    keep(desk.store / "trust.jsonl", there)
    return at_line(desk.store / "trust.jsonl", 2, UNSIGNED)


def cut_a_statement_in_between(desk: Desk) -> Fault:
    there = lines(desk.store / "trust.jsonl")
    keep(desk.store / "trust.jsonl", there[:2] + there[3:])
    return at_line(desk.store / "trust.jsonl", 3, OUT_OF_PLACE)


def swap_two_statements(desk: Desk) -> Fault:
    there = lines(desk.store / "trust.jsonl")
    keep(desk.store / "trust.jsonl", [*there[:2], there[3], there[2], *there[4:]])
    return at_line(desk.store / "trust.jsonl", 3, OUT_OF_PLACE)


def double_the_last_statement(desk: Desk) -> Fault:
    there = lines(desk.store / "trust.jsonl")
    keep(desk.store / "trust.jsonl", [*there, there[-1]])
    return at_line(desk.store / "trust.jsonl", len(there) + 1, OUT_OF_PLACE)


def cut_the_trust_list(desk: Desk) -> Fault:
    """A key that was shut out is back in force; the lines written since then name a statement that is gone."""
    keep(desk.store / "trust.jsonl", lines(desk.store / "trust.jsonl")[:-1])
    return Fault(f"trust.jsonl: a statement is missing that journal/{journal(desk).name} names", "trust.jsonl")


EDITS = [
    change_a_byte, change_the_seal_of_a_file, put_an_older_version_back, take_a_file_away, add_a_file,
    cut_the_last_line, cut_a_line_in_between, cut_the_first_line, swap_two_lines, double_a_line, change_a_line,
    change_the_last_line, change_the_spelling_of_a_signature, link_the_lines_after_a_change_anew, break_a_line_in_two,
    add_a_line_of_a_stranger, put_a_field_behind_the_signature, forget_what_another_key_knew,
    shorten_the_journal_of_a_key_that_was_shut_out, forge_a_statement, let_a_social_worker_admit, change_a_statement,
    cut_a_statement_in_between, swap_two_statements, double_the_last_statement, cut_the_trust_list,
]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_what_was_edited_is_named_first_and_the_rest_as_what_follows(edit: Edit, made: Desk, tmp_path: Path) -> None:
    desk = copied(made, tmp_path / "desk")
    root = root_of(desk.store)
    expected = edit(desk)

    code, said = verified(desk.store, root)
    assert (code, said[0]) == (1, expected.said)
    if expected.line and edit not in SEVERAL:
        assert all(one.startswith("perhaps because of that: ") for one in said[1:])

    told = read_damage(desk)
    assert any(expected.file in one for one in told)
    if expected.line:
        assert named_lines(told) == {expected.line}
        shutil.rmtree(desk.folder / "key.heads")  # as on a computer that never saw this store
        assert named_lines(read_damage(desk)) == {expected.line}


SEVERAL = [link_the_lines_after_a_change_anew, break_a_line_in_two]
"""The edits that leave several lines which nobody signed."""


def read_damage(desk: Desk) -> list[str]:
    """What `check` says of damage to the store; each with its remedy."""
    page = desk.ask("check").page
    assert page["exit_code"] == 6
    found = [*page["findings"], page["error"]]
    told = [f"{one['message']} {one.get('hint', '')}" for one in found if one["code"].startswith(DAMAGE)]
    assert all("shelterctl " in one or "move it out" in one for one in told)
    return told


DAMAGE = ("journal/", "trust/changed", "trust/older-list", "vault/")


def named_lines(told: list[str]) -> set[int]:
    return {int(number) for one in told for number in re.findall(r"[Ll]ine (\d+)", one)}


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
