"""Nothing that a stranger can put into the folder makes a command wait, or eats the memory of the computer."""

import json
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl import __main__, limits
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.identity.key_file import load_identity
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store.folder import record_file
from shelterctl.store.opening import open_store
from shelterctl.vault.protocol import FileToSave
from shelterctl.vault.sealed_bytes import add_armour as block_of
from tests.support.faults import interrupt
from tests.support.killed_acts import house, struck

if TYPE_CHECKING:
    from tests.support.command import Answer
    from tests.support.desk import Desk


WORDS = ("list", "check", "backup usb", "staff add s-x --role psychologist")
SECONDS, MEMORY = 20, 1 << 29
"""How long a command may work, however busy the computer is otherwise, and how many bytes of memory it may take."""


@pytest.fixture(scope="module")
def _house(tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    return house(tmp_path_factory.mktemp("made") / "desk")


@pytest.fixture
def desk(_house: "Desk", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Desk":
    shutil.copytree(_house.folder, tmp_path / "desk")
    main = __main__.main

    def bounded() -> None:
        # It is a fork: what earlier tests of this process took is not its own.
        before = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (before + MEMORY, before + MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        main()

    monkeypatch.setattr(__main__, "main", bounded)
    return type(_house)(tmp_path / "desk", _house.her)


def answers(desk: "Desk", *words: str) -> dict[str, "Answer"]:
    """Every command, each with an answer of its own in time."""
    said = {each: desk.ask(each.format(her=desk.her), today=None) for each in words or WORDS}
    assert {answer.code for answer in said.values()} <= {0, 1, 3, 6, 7, 8}
    return said


def journal(desk: "Desk") -> Path:
    return next((desk.store / "journal").glob("*.jsonl"))


def record(desk: "Desk") -> Path:
    return desk.store / "residents" / f"{desk.her}.yaml.age"


PLACES: dict[str, Callable[["Desk"], Path]] = {
    "trust": lambda desk: desk.store / "trust.jsonl",
    "journal": journal,
    "another journal": lambda desk: desk.store / "journal/0123abcd.jsonl",
    "shelter": lambda desk: desk.store / "shelter.yaml",
    "staff": lambda desk: desk.store / "staff.yaml",
    "directory": lambda desk: desk.store / "directory.yaml.age",
    "secrets": lambda desk: desk.store / "secrets.yaml.age",
    "record": record,
    "another record": lambda desk: desk.store / "residents/0ABC-1DEF.yaml.age",
    "register": lambda desk: desk.store / "registers/track/2026-11/x.yaml.age",
    "on its way": lambda desk: record(desk).with_name(f".{record(desk).name}.{'0' * 16}.tmp"),
    "founding": lambda desk: desk.store / ".founding.yaml.age",
    "announcement": lambda desk: journal(desk).with_name(f".{journal(desk).stem}.act"),
    "set aside": lambda desk: desk.store / "set-aside",
    "lock": lambda desk: desk.store / ".lock",
    "stranger": lambda desk: desk.store / "README.md",
}


def cleared(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path


def sparse(path: Path) -> None:
    with cleared(path).open("wb") as file:
        file.truncate(20 << 30)


def pipe(path: Path) -> None:
    os.mkfifo(cleared(path))


def folder(path: Path) -> None:
    (cleared(path) / "x").mkdir(parents=True)


def link(path: Path) -> None:
    cleared(path).symlink_to("/dev/zero")


def dangling(path: Path) -> None:
    cleared(path).symlink_to("/nowhere/at/all")


@pytest.mark.parametrize("what", [sparse, pipe, folder, link, dangling], ids=lambda each: each.__name__)
@pytest.mark.parametrize("where", PLACES)
def test_whatever_stands_in_whatever_place_every_command_answers(
    desk: "Desk", where: str, what: Callable[[Path], None]
) -> None:
    what(PLACES[where](desk))
    said = answers(desk, "list", *(WORDS[1:] if what is sparse else WORDS[3:]))
    if where == "on its way":
        assert said[WORDS[3]].code == 0
    if where in ("another journal", "another record", "founding", "stranger", "register", "announcement", "set aside"):
        assert said["list"].code in (0, 6)
        assert len(said["list"].data["rows"]) == 2
    if where == "record":
        assert len(said["list"].data["rows"]) == 1
    assert not Path("/nowhere").exists()


@pytest.mark.parametrize("where", ["", "residents", "registers", "registers/track/2026-11", "journal", "set-aside"])
def test_a_folder_full_of_rubbish_is_not_looked_through(
    desk: "Desk", where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FOLDER_NAMES", 300)
    place = desk.store / where
    place.mkdir(parents=True, exist_ok=True)
    for number in range(400):
        (place / f"x{number}").mkdir() if number % 2 else (place / f"x{number}.yaml").touch()
    said = answers(desk, "list", "check", "backup usb")
    told = {answer.error for answer in said.values()}
    assert where == "set-aside" or told & {"disk/too-many-files", "backup/damaged", "store/part"}, told


@pytest.mark.parametrize("where", ["", "residents", "registers", "journal"])
def test_a_tree_of_folders_is_not_gone_down(desk: "Desk", where: str) -> None:
    place = desk.store / where
    place.mkdir(exist_ok=True)
    session = os.getcwd()
    try:
        os.chdir(place)
        for _ in range(1500):  # deeper than any path can be long
            os.mkdir("deeper")
            os.chdir("deeper")
    finally:
        os.chdir(session)
    said = answers(desk, "list", "check", "backup usb")
    assert len(said["list"].data["rows"]) == 2
    shutil.move(place / "deeper", desk.folder / "deep")
    here_fd = os.open(desk.folder, os.O_RDONLY)
    while True:  # what no path is long enough for is taken away from above
        down = os.open("deep", os.O_RDONLY, dir_fd=here_fd)
        inside = os.listdir(down)
        if not inside:
            os.close(down)
            os.rmdir("deep", dir_fd=here_fd)
            break
        os.rename("deeper", "next", src_dir_fd=down, dst_dir_fd=here_fd)
        os.close(down)
        os.rmdir("deep", dir_fd=here_fd)
        os.rename("next", "deep", src_dir_fd=here_fd, dst_dir_fd=here_fd)
    os.close(here_fd)


def kept(desk: "Desk", change: Callable[[dict[str, Any]], object]) -> int:
    """Her file changed as its own device may change it; how many bytes it has."""
    session = open_store(desk.store, load_identity(desk.key, None), open_rulebook(), desk.folder / "key.heads")
    name = record_file(desk.her)
    data, version = session.vault.read(name)
    her = read_document(data, LARGEST_STORED).value
    change(her)
    whole = format_document(her).encode()
    session.vault.write_all([FileToSave(name, whole, version)], did="add", by="manager", at="2026-11-25T12:00+06:00")
    return len(whole)


def entry(number: int) -> dict[str, str]:
    """The id and the stamp of an entry."""
    return {"id": f"{number:06}", "recorded_at": "2026-11-25T12:00+06:00", "recorded_by": "manager"}


def test_a_file_of_many_years_is_worked_with(desk: "Desk") -> None:
    def years(her: dict[str, Any]) -> None:
        need = {"class": "primary", "on": "2026-11-22", "source": "resident", "need": "слово " * 200}
        each = len(format_document({"needs": [{**entry(1), **need}]}).encode())
        her["needs"] = [{**entry(number), **need} for number in range((LARGEST_STORED - 20_000) // each)]

    assert LARGEST_STORED - 40_000 < kept(desk, years) < LARGEST_STORED
    said = answers(desk, "list", "show {her}", "show {her} need", "check {her}", "due")
    assert {answer.code for answer in said.values()} == {0}
    more = {"class": "primary", "on": "2026-11-22", "source": "resident"}
    desk.do(f"add {desk.her} need", {**more, "need": "жильё"})
    told = desk.refused(f"add {desk.her} need", {**more, "need": "слово " * 3300})
    assert (told.code, told.error) == (2, "vault/too-large")
    assert "4096 KiB" in told.page["error"]["message"]
    whole = desk.do(f"show {desk.her} --names", today=None).data["record"]
    (desk.folder / "her.json").write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
    assert desk.ask("check her.json").code == 0


def test_many_sealed_blocks_of_many_stanzas_cost_little(desk: "Desk") -> None:
    block = block_of(stanzas(32))

    def blocks(her: dict[str, Any]) -> None:
        seen = {"track": "health", "part": "medical", "kind": "checkup", "on": "2026-11-22", "age": block}
        her.setdefault("sealed", {})["entries"] = [{**entry(number), **seen} for number in range(600)]

    assert kept(desk, blocks) > 2 << 20
    said = answers(desk, "list", "show {her}", "check {her}", "check", "due")
    assert {answer.code for answer in said.values()} == {0}
    assert desk.ask(f"show {desk.her} health", today=None).error == "sealed/not-a-reader"


def stanzas(count: int) -> bytes:
    stanza = b"-> X25519 " + b"A" * 43 + b"\n" + b"B" * 43 + b"\n"
    return b"age-encryption.org/v1\n" + stanza * count + b"--- " + b"C" * 43 + b"\n" + b"\0" * 99


@pytest.mark.parametrize("count", [33, 10_000, 60_000])
def test_thousands_of_stanzas_cost_nothing(desk: "Desk", count: int) -> None:
    """980 KB of them used to cost minutes in which Ctrl-C did nothing."""
    for place in (record(desk), desk.store / "secrets.yaml.age", desk.store / "residents/0ABC-1DEF.yaml.age"):
        place.write_bytes(stanzas(count))
    begun = time.monotonic()
    said = answers(desk, "list", "check")
    assert said["check"].code == 6
    assert time.monotonic() - begun < SECONDS


@pytest.mark.parametrize(
    "lines",
    [
        b'{"v":2,"seq":' * 100_000 + b"\n",
        b"x" * (8 << 20) + b"\n",
        b"[" * 100_000 + b'"more":"mend":\n',
        b"{}\n" * 200_000,
        b'{"more":{"mend":{"device":"x","line":1e400,"sha256":""}}}\n' * 5000,
        b"\n" * 1_000_000,
    ],
    ids=range(6),
)
def test_a_journal_of_rubbish_is_told_at_once_and_repair_does_not_guess_for_ever(desk: "Desk", lines: bytes) -> None:
    journal(desk).write_bytes(lines)
    said = answers(desk, "list", "check", "backup usb", "repair journal --from usb")
    assert said["list"].code == 6
    trust = desk.store / "trust.jsonl"
    trust.write_bytes(lines[: limits.TRUST_CHAIN_BYTES])
    assert answers(desk, "list", "repair --trust")["repair --trust"].code == 0


@pytest.mark.parametrize("where", ["identity", "note", "copy", "folder"])
def test_what_lies_beside_the_key_is_bounded_too(desk: "Desk", where: str) -> None:
    heads = desk.folder / "key.heads"
    note = next(path for path in heads.iterdir() if path.suffix == "" and len(path.name) == 16)
    if where == "folder":
        shutil.rmtree(heads)
        heads.write_bytes(b"")
    else:
        sparse({"identity": desk.key, "note": note, "copy": note.with_suffix(".trust")}[where])
    said = desk.ask("list", today=None)
    assert said.code in (0, 5, 6, 8)


@pytest.mark.parametrize("words", ["list", "check", "backup usb", "find", "show {her}"])
def test_ctrl_c_at_any_call_ends_the_command(desk: "Desk", words: str) -> None:
    given = {"first_name": "Айгуль"} if words == "find" else None
    typed = words.format(her=desk.her)
    with struck(0, interrupt, False) as counts:
        assert desk.run(typed, given, today=None).code == 0
    for part in (0.2, 0.5, 0.8):
        with struck(round(counts[0] * part), interrupt, False):
            assert desk.run(typed, given, today=None).code == 130
    assert desk.run(typed, given, today=None).code == 0


def test_ctrl_c_is_answered_while_broken_lines_are_guessed_at(desk: "Desk", monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes seconds; by hand the answer took a tenth of one."""
    lines = journal(desk).read_bytes().split(b"\n")
    journal(desk).write_bytes(b"\n".join(line.replace(b"manager", b"mbnbger", 1) for line in lines))
    before = desk.digest_of_store()
    main = __main__.main

    def interrupted() -> None:
        signal.signal(signal.SIGVTALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.3)
        main()

    monkeypatch.setattr(__main__, "main", interrupted)
    begun = time.monotonic()
    assert desk.run("repair journal", today=None).code == 130
    assert time.monotonic() - begun < SECONDS
    assert desk.digest_of_store() == before
