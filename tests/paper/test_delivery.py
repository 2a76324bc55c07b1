"""Where a paper goes: into a file, whole and private, through a pipe, and never over what has to be spared."""

import os
import re
import resource
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from shelterctl import identity
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import create_identity
from tests.support.desk import Desk
from tests.support.inputs import REFERRAL
from tests.support.stores import backed_up, files
from tests.support.terminal import Terminal

MEDIA = {"pdf": b"%PDF-1.7", "html": b"<!DOCTYPE html>", "md": b"# FINANCIAL", "txt": b"FINANCIAL AGREEMENT WITH NGO"}


def limited(most: int) -> Callable[[], None]:
    """No file of more than so many bytes: what a full disk looks like."""
    return partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def piped(desk: Desk, words: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "shelterctl", *words.split(), "--as-of", "2026-11-25"]
    return subprocess.run(command, capture_output=True, env=desk.env, cwd=desk.folder, check=False)


@pytest.mark.posix("the bits of POSIX", "windows/test_rights.py")
@pytest.mark.parametrize("ending", MEDIA)
def test_the_ending_says_what_it_is_to_be(ending: str, printing: Desk) -> None:
    before = {*printing.folder.iterdir()}
    told = printing.do(f"form blue {printing.her} --out blue.{ending}").data
    path = printing.folder / f"blue.{ending}"
    assert path.read_bytes().startswith(MEDIA[ending])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {*printing.folder.iterdir()} - before == {path}
    (row,) = told["printed"]
    assert row["pages"] == (2 if ending == "pdf" else None)  # the form, and what lies behind it
    assert "can read it" in told["said"][-1]


def test_the_ending_may_be_typed_large_and_as_says_it_where_there_is_none(printing: Desk) -> None:
    printing.do(f"form blue {printing.her} --out BLUE.PDF")
    printing.do(f"form blue {printing.her} --as html --out blue")
    printing.do(f"form blue {printing.her} --as txt --out blue.2026")
    assert (printing.folder / "BLUE.PDF").read_bytes().startswith(MEDIA["pdf"])
    assert (printing.folder / "blue").read_bytes().startswith(MEDIA["html"])
    assert (printing.folder / "blue.2026").read_bytes().startswith(MEDIA["txt"])


@pytest.mark.parametrize(
    "how",
    ["--out blue", "--out blue.docx", "--out blue.pdf --as docx", "--out there/blue.pdf", "--out ~nobody/blue.pdf",
     "--out ~no-such-user/blue.pdf", "--as pdf", "--out - --json", "--out - --as docx",
     "--paper pink --out blue.pdf"],
)  # fmt: skip
@pytest.mark.parametrize("command", ["form blue HER", "agreement HER --form blue"])
def test_what_does_not_fit_is_said_before_anything_is_done(command: str, how: str, printing: Desk) -> None:
    refused = printing.refused(f"{command.replace('HER', printing.her)} {how}")
    assert (refused.code, refused.error) == (2, "usage/paper" if "--paper" in how else "usage/out")


def test_a_file_that_is_there_is_left_alone_and_nothing_is_noted(printing: Desk) -> None:
    path = printing.folder / "blue.pdf"
    path.write_bytes(b"hers")
    for command in (f"form blue {printing.her}", f"agreement {printing.her} --form blue", "form blue --blank"):
        refused = printing.refused(f"{command} --out blue.pdf")
        assert (refused.code, refused.refusals) == (1, ["paper/exists"])
    assert path.read_bytes() == b"hers"
    assert "printed" not in printing.record()


@pytest.mark.posix("links of POSIX, which Wine shows as what they lead to", "windows/test_rights.py")
def test_a_link_that_leads_nowhere_is_a_file_too(printing: Desk) -> None:
    (printing.folder / "blue.pdf").symlink_to(printing.folder / "nowhere")
    assert printing.refused(f"form blue {printing.her} --out blue.pdf").refusals == ["paper/exists"]


@pytest.mark.posix("the bits of POSIX", "windows/test_rights.py")
def test_it_is_replaced_where_that_is_asked_for(printing: Desk) -> None:
    path = printing.folder / "blue.pdf"
    path.write_bytes(b"hers")
    printing.do(f"form blue {printing.her} --out blue.pdf --overwrite")
    assert path.read_bytes().startswith(MEDIA["pdf"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not [*printing.folder.glob(".*")]


def test_an_agreement_is_neither_saved_nor_printed_over_a_file(printing: Desk) -> None:
    (printing.folder / "blue.pdf").write_bytes(b"hers")
    given = {"number": "S-NGO-40", "date": "2026-11-25", "ngo": "sezim", "lines": {"7a": {"amount": 1}}}
    given["period"] = {"from": "2027-03-01", "to": "2027-03-31"}
    command = f"agreement {printing.her} --form blue --out blue.pdf"
    assert printing.refused(command, given).refusals == ["paper/exists"]
    told = printing.do(f"{command} --overwrite", given).data
    assert (told["number"], told["printed"][0]["pages"]) == ("S-NGO-40", 1)
    assert printing.do(f"{command} --overwrite", given).data["printed"] == told["printed"]


@pytest.mark.parametrize(
    ("out", "code"), [("house/blue.pdf", "paper/unsafe-place"), ("primerova.pdf", "paper/name-like-hers")]
)
def test_an_agreement_is_neither_saved_nor_printed_where_it_would_tell(out: str, code: str, printing: Desk) -> None:
    before = printing.record()
    given = {"number": "S-NGO-77", "date": "2026-11-25", "ngo": "sezim", "lines": {"7a": {"amount": 1}}}
    given["period"] = {"from": "2027-03-01", "to": "2027-03-31"}
    answer = printing.refused(f"agreement {printing.her} --form blue --out {out}", given)
    assert answer.refusals == [code]
    assert printing.record() == before
    assert not (printing.folder / out).exists()


def test_what_was_saved_without_a_number_is_what_is_printed(printing: Desk) -> None:
    given = {"date": "2026-11-25", "ngo": "sezim", "lines": {"7a": {"amount": 1}}}
    given |= {"period": {"from": "2027-03-01", "to": "2027-03-31"}}
    printing.do(f"agreement {printing.her} --form blue --out new.txt", given)
    assert "1 March 2027" in (printing.folder / "new.txt").read_text("utf-8").replace("\u00a0", " ")
    several = printing.refused(f"agreement {printing.her} --form blue --out several.txt")
    assert (several.code, several.error) == (2, "usage/number")
    numbers = [
        entry.get("number") or entry["id"] for entry in printing.record()["agreements"] if entry["form"] == "blue"
    ]
    for number in numbers:
        assert number in several.page["error"]["message"]
        printing.do(f"form blue {printing.her} --number {number} --out {number}.txt")


@pytest.mark.parametrize("command", ["form blue HER", "form blue --blank", "agreement HER --form blue"])
def test_the_paper_through_a_pipe_is_nothing_but_the_paper(command: str, printing: Desk) -> None:
    for kind in ("html", "md", "txt"):
        told = printing.run(f"{command.replace('HER', printing.her)} --out - --as {kind}")
        assert told.code == 0
        assert told.out.encode().startswith(MEDIA[kind])
        assert "blue form" in told.err
        assert "blue form" not in told.out


def test_a_pdf_through_a_pipe_is_bytes_and_what_is_piped_without_as(printing: Desk) -> None:
    told = piped(printing, f"form blue {printing.her} --names --out -")
    assert told.returncode == 0
    assert told.stdout.startswith(MEDIA["pdf"])
    assert told.stdout.rstrip().endswith(b"%%EOF")
    assert b"shelterctl paper" in told.stderr
    assert printing.record()["printed"][0]["code"].encode() in told.stderr


@pytest.mark.posix("a limit of POSIX on the size of files", "windows/test_trouble.py")
def test_a_disk_that_is_full_leaves_nothing_behind(printing: Desk) -> None:
    for how in ("", "--overwrite"):
        command = f"form blue {printing.her} --out blue.pdf {how}"
        refused = printing.refused(command, preexec_fn=limited(4000))
        assert (refused.code, refused.error) == (8, "disk/full")
        assert "to save the file that --out names." in refused.page["error"]["message"]
    assert not [*printing.folder.glob("*.pdf*"), *printing.folder.glob(".*")]


@pytest.mark.posix("a limit of POSIX on the size of files", "windows/test_trouble.py")
def test_a_file_that_was_there_outlives_a_full_disk(printing: Desk) -> None:
    path = printing.folder / "blue.pdf"
    path.write_bytes(b"hers")
    printing.refused(f"form blue {printing.her} --out blue.pdf --overwrite", preexec_fn=limited(4000))
    assert path.read_bytes() == b"hers"


@pytest.mark.posix("a limit of POSIX on the size of files", "windows/test_trouble.py")
def test_a_sheet_whose_code_cannot_be_noted_is_not_written(printing: Desk) -> None:
    sheet = printing.run(f"form monitoring-report {printing.her} --out - --as txt").out.encode()
    file = printing.store / "residents" / f"{printing.her}.yaml.age"
    most = file.stat().st_size * 3 // 4  # age adds more or fewer bytes each time
    assert len(sheet) < most
    command = f"form blue {printing.her} --lang en --as txt --out blue"
    refused = printing.refused(command, preexec_fn=limited(most))
    assert refused.code == 8
    assert not (printing.folder / "blue").exists()


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that nobody can write to")
def test_a_folder_that_is_read_only(printing: Desk) -> None:
    refused = printing.refused(f"form blue {printing.her} --out /sys/kernel/blue.pdf")
    assert (refused.code, refused.error) == (8, "disk/permission")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_ours(printing: Desk) -> None:
    closed = printing.folder / "closed"
    closed.mkdir(mode=0o500)
    refused = printing.refused(f"form blue {printing.her} --out closed/blue.pdf")
    assert (refused.code, refused.error) == (8, "disk/permission")


def test_what_can_only_be_read_is_printed_and_says_that_it_is_not_noted(printing: Desk) -> None:
    (printing.folder / "usb").mkdir()
    copy = backed_up(printing)
    before = files(copy)
    told = printing.do(f"form blue {printing.her} --out blue.txt --store {copy}").data
    assert [said for said in told["said"] if "not noted" in said]
    code = told["printed"][0]["code"]
    assert code in (printing.folder / "blue.txt").read_text("utf-8")
    assert files(copy) == before
    assert printing.refused(f"paper {code}").error == "paper/unknown"
    printed = printing.do(f"form blue {printing.her} --out other.txt").data
    assert printed["printed"][0]["code"] == code
    assert not [said for said in printed["said"] if "not noted" in said]


def test_the_recovery_key_prints_and_notes_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk")
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery recovery", today=None)
    her = desk.do("admit", REFERRAL).data["id"]
    before = desk.digest_of_store()
    told = desk.do(f"form resident-rights {her} --lang ky --out rights.txt --identity recovery").data
    assert [said for said in told["said"] if "not noted" in said]
    assert desk.digest_of_store() == before
    assert desk.do(f"form resident-rights {her} --lang ky --out other.txt").data["printed"] == told["printed"]


def test_without_out_it_is_only_shown(printing: Desk) -> None:
    before = printing.digest()
    for words in (f"form blue {printing.her} --names", "form pink --blank", "monitor form --blank"):
        lines = printing.run(words).out.splitlines()
        assert len(lines) > 20
        assert max(map(len, lines)) <= 78
    assert printing.digest() == before


def test_paper_for_a_coloured_sheet(printing: Desk) -> None:
    printing.do(f"form pink {printing.her} --paper white --out white.html")
    printing.do(f"form pink {printing.her} --out pink.html")
    white, pink = ((printing.folder / f"{name}.html").read_text("utf-8") for name in ("white", "pink"))
    assert pink.replace(' style="background: #ffdce8"', "") == white
    assert printing.record()["printed"][0]["form"] == "pink"
    assert len(printing.record()["printed"]) == 1


def test_bytes_are_not_poured_onto_a_screen(printing: Desk) -> None:
    seen = Terminal(printing).run("form blue --blank --out -", [])
    assert seen.code == 2
    assert b"%PDF" not in seen.raw


def test_her_sheet_at_a_terminal_is_on_a_screen_of_its_own_and_gone_when_it_is_left(printing: Desk) -> None:
    seen = Terminal(printing, size=(90, 80)).run(f"form blue {printing.her}", [""])
    assert seen.code == 0
    assert "KG-2026-118" in seen.text
    assert "KG-2026-118" not in seen.left


def test_a_saved_agreement_is_printed_at_a_terminal_without_a_question(printing: Desk) -> None:
    seen = Terminal(printing).run(f"agreement {printing.her} --form blue --out blue.pdf", [])
    assert (seen.code, "blue form: 2 pages." in seen.left) == (0, True)
    assert (printing.folder / "blue.pdf").read_bytes().startswith(MEDIA["pdf"])


COMMANDS = ["form blue HER", "form pink --blank", "agreement HER --form blue", "monitor form --blank", "house",
            "trust", "who-can-read HER", "agreements --account", "due --week", "list --retention",
            "report occupancy --month last", "publish public-quarter --period 2026-Q1"]  # fmt: skip
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
    (printing.folder / "key.people").mkdir(exist_ok=True)
    for out in ("key", "keys.txt", *remembered, "key.heads/new.txt", "key.people/s-new", "../printing/key"):
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
    tables = {"export", "import_cases"}  # tests/cli/test_export.py tries these
    assert having - tables == {command.split()[0].replace("-", "_") for command in COMMANDS}
