"""What no paper is written over, whatever is asked for: a store, a key, and what is no plain file."""

import os
import re
import shutil
import socket
from pathlib import Path

import pytest
from backups import backed_up
from conftest import Desk

from shelterctl import identity
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import create_identity

COMMANDS = ["form blue HER", "form pink --blank", "agreement HER --form blue", "monitor form --blank", "house",
            "trust"]  # fmt: skip
KEY = "AGE-SECRET-KEY-1" + "Q" * 58


def refused(desk: Desk, command: str, out: object, *, over: bool = True) -> str:
    """The code with which it is refused, with not a byte changed and no fact of what was typed."""
    kind = "svg" if command.startswith("house") else "txt"
    words = f"{command.replace('HER', desk.her)} --as {kind} --out '{out}' {'--overwrite' if over else ''}"
    answer = desk.refused(words)
    (code,) = answer.refusals
    assert answer.code == 1
    assert not answer.page["findings"][0].get("facts")
    return code


def in_the_store(desk: Desk) -> list[str]:
    """A file of each sort that a store holds, and one that it does not."""
    journal = next((desk.store / "journal").iterdir()).relative_to(desk.folder)
    record = f"house/residents/{desk.her}.yaml.age"
    return ["house/shelter.yaml", "house/staff.yaml", "house/directory.yaml.age", str(journal), record, "house/new.txt"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("over", [True, False], ids=["over", "new"])
def test_a_store_takes_no_paper(command: str, over: bool, printing: Desk) -> None:
    for out in in_the_store(printing):
        assert refused(printing, command, out, over=over) == "paper/unsafe-place", out


def test_neither_does_another_store_nor_a_backup_nor_a_folder_that_is_only_trusted(printing: Desk) -> None:
    shutil.copytree(printing.store, printing.folder / "other")
    (printing.folder / "usb").mkdir()
    copy = backed_up(printing)
    (printing.folder / "bare" / "deep" / "down").mkdir(parents=True)
    (printing.folder / "bare" / "trust.jsonl").touch()
    for out in ("other/shelter.yaml", copy / "staff.yaml", "bare/deep/down/x.txt"):
        for command in COMMANDS:
            assert refused(printing, command, out) == "paper/unsafe-place", out


def test_not_through_a_link_of_its_folder_or_of_itself_nor_out_of_it(printing: Desk) -> None:
    (printing.folder / "linked").symlink_to("house/residents")
    (printing.folder / "one.txt").symlink_to("house/shelter.yaml")
    (printing.folder / "two.txt").symlink_to("one.txt")
    (printing.folder / "paper.txt").write_bytes(b"a paper")
    (printing.store / "out.txt").symlink_to("../paper.txt")
    for out in (f"linked/{printing.her}.yaml.age", "linked/x.txt", "one.txt", "two.txt", "house/../house/x.txt",
                "house/out.txt"):  # fmt: skip
        assert refused(printing, "form blue --blank", out) == "paper/unsafe-place", out


def test_a_second_name_of_a_file_of_the_store_or_of_the_key_is_spared(printing: Desk) -> None:
    for number, file in enumerate([*in_the_store(printing)[:-1], "key"]):
        os.link(printing.folder / file, printing.folder / f"{number}.txt")
        code = refused(printing, "form blue --blank", f"{number}.txt")
        assert code == ("paper/unsafe-place" if file == "key" else "paper/not-replaced")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_key_and_what_is_remembered_beside_it_are_spared(command: str, printing: Desk) -> None:
    remembered = [path.relative_to(printing.folder) for path in (printing.folder / "key.heads").iterdir()]
    assert remembered
    (printing.folder / "keys.txt").symlink_to("key")
    for out in ("key", "keys.txt", *remembered, "key.heads/new.txt", "../printing/key"):
        for over in (True, False):
            assert refused(printing, command, out, over=over) == "paper/unsafe-place", out


def test_the_place_of_a_key_is_kept_for_it_though_it_is_not_there(printing: Desk) -> None:
    for out in ("later", "later.heads"):
        assert refused(printing, "form blue --blank --identity later", out, over=False) == "paper/unsafe-place"


def test_a_key_or_a_sealed_file_is_known_by_what_is_in_it(printing: Desk) -> None:
    me = create_identity()
    save_identity(printing.folder / "mine", me, None)
    save_identity(printing.folder / "sealed", me, "six words", work_factor=2)
    record = (printing.store / "residents" / f"{printing.her}.yaml.age").read_bytes()
    held = {
        "clear": (printing.folder / "mine").read_bytes(),
        "under-a-passphrase": (printing.folder / "sealed").read_bytes(),
        "bare": f"{KEY}\n".encode(),
        "bom": f"\ufeff# shelterctl identity/1\n{KEY}\n".encode(),
        "powershell": f"\ufeff{KEY}\r\n".encode("utf-16-le"),
        "big": f"\ufeff{KEY}\r\n".encode("utf-16-be"),
        "small": f"# kept\n{KEY.lower()}\n".encode(),
        "among-others": f"# made by age-keygen\r\n\r\nthe key: {KEY}".encode(),
        "record": record,
        "armoured": b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n",
    }
    for name, data in held.items():
        (printing.folder / f"{name}.txt").write_bytes(data)
        for command in COMMANDS[:2]:
            assert refused(printing, command, f"{name}.txt") == "paper/not-replaced", name
        assert refused(printing, "form blue --blank", f"{name}.txt", over=False) == "paper/exists"


def test_the_recovery_key_that_init_wrote_is_spared(desk: Desk) -> None:
    desk.do("init second --shelter osh --no-passphrase --recovery recovery.txt --identity own", today=None)
    assert refused(desk, "form blue --blank", "recovery.txt") == "paper/not-replaced"
    assert refused(desk, "form blue --blank", "own") == "paper/not-replaced"


@pytest.mark.posix("pipes, sockets and devices of POSIX", "windows/test_names.py")
def test_what_is_no_plain_file_is_neither_waited_for_nor_replaced(printing: Desk) -> None:
    folder = printing.folder
    (folder / "paper").write_bytes(b"a paper")
    (folder / "link.txt").symlink_to("paper")
    (folder / "lost.txt").symlink_to("nowhere")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "null.txt").symlink_to("/dev/null")
    os.mkfifo(folder / "pipe.txt")
    os.link(folder / "paper", folder / "second.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        place = Path.cwd()
        os.chdir(folder)  # the name of a socket is a short one
        listening.bind("socket.txt")
        os.chdir(place)
        for name in ("link", "lost", "loop", "null", "second", "pipe", "socket"):
            assert refused_unread(printing, f"{name}.txt") == ["paper/not-replaced"], name
    assert refused_unread(printing, "/dev/full") == ["paper/not-replaced"]


def refused_unread(desk: Desk, out: str) -> list[str]:
    """The same where the folder holds what a test cannot read."""
    answer = desk.ask(f"form blue --blank --as txt --out {out} --overwrite")
    assert answer.code == 1
    return answer.refusals


def test_a_paper_is_replaced_however_long_it_is(printing: Desk) -> None:
    path = printing.folder / "long.txt"
    with path.open("wb") as file:
        file.truncate(1 << 32)  # of which hardly anything is on the disk
    printing.do("form blue --blank --out long.txt --overwrite")
    assert path.stat().st_size < 1 << 20


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_cannot_be_read_is_not_replaced(printing: Desk) -> None:
    path = printing.folder / "closed.txt"
    path.touch(mode=0)
    told = printing.ask("form blue --blank --out closed.txt --overwrite")
    assert (told.code, told.error) == (8, "disk/permission")


def test_an_agreement_is_not_saved_where_its_paper_would_take_the_place_of_a_key(printing: Desk) -> None:
    before = printing.record()
    given = {"number": "S-NGO-77", "date": "2026-11-25", "ngo": "sezim", "lines": {"7a": {"amount": 1}}}
    given["period"] = {"from": "2027-03-01", "to": "2027-03-31"}
    for out in ("key", "house/shelter.yaml"):
        answer = printing.refused(f"agreement {printing.her} --form blue --as txt --out {out} --overwrite", given)
        assert answer.refusals == ["paper/unsafe-place"]
    assert printing.record() == before


def test_every_command_that_replaces_is_tried_here(printing: Desk) -> None:
    source = Path(identity.__file__).parents[1] / "cli"
    having = {path.stem for path in source.glob("*.py") if re.search(r"overwrite: Overwrite", path.read_text("utf-8"))}
    assert having == {command.split()[0] for command in COMMANDS}
