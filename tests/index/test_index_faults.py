"""An index that is not of this store, this key, these rules and this moment is not believed; whatever the disk does to
it, answers are as they are without it.
"""

import errno
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from shelterctl import session as seating
from shelterctl.edition import MANUAL_VARIABLE
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import Identity
from shelterctl.index import client_index
from shelterctl.index.client_index import ClientIndex
from shelterctl.index.image import Image, read_image, write_image
from shelterctl.session import Options, Session, now_at
from shelterctl.store.folder import record_file
from shelterctl.store.registers import Registers
from shelterctl.store.store import Store
from tests.support.crowd import files, write
from tests.support.desk import Desk, copied
from tests.support.faults import Strike, refuse
from tests.support.index_questions import OFF, Question, difference, index_of, program_changed
from tests.support.killed_commands import FULL, KILLED, KILLS, Here, carried, fresh, left
from tests.support.paths import PROJECT
from tests.support.register_files import SHIFT
from tests.support.revised_rulebook import copy_of_the_manual
from tests.support.sampled import stride
from tests.support.terminal import LEAVE, Terminal

CLIENTS = 20
"""More than so few that no index is written."""

QUESTIONS = tuple(map(Question, ("list", "list --stays --columns id,age,nights,monitoring", "due", "find 0")))
ASKED = ("list", "list --stays --columns id,age,nights,monitoring", "due")


def warm(desk: Desk, who: str = "") -> None:
    """What is asked in these tests asked once."""
    for words in ASKED:
        assert desk.run(f"{words} {who}", today=None).code == 0


def differences(desk: Desk, who: str = "") -> list[str]:
    """Which answers are others with the index."""
    asked = [(Question(one.words, who), form) for one in QUESTIONS for form in ("", "--json")]
    return [f"{one.typed} {form}: {found}" for one, form in asked if (found := difference(desk, one, form))]


def opened(desk: Desk, words: str = "list") -> int:
    """How many clients' files a command opens; it is forked with a program that notes each of them."""
    note, real = desk.folder / "opened", Store.read
    note.write_bytes(b"")

    def read(store: Store, typed: str, content: tuple[bytes, str] | None = None) -> Any:
        with note.open("ab") as file:
            file.write(b".")
        return real(store, typed, content)

    with program_changed() as noted:
        noted.setattr(Store, "read", read)
        desk.run(words, today=None)
    return note.stat().st_size


@pytest.fixture(scope="module")
def _settled(_empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = copied(_empty, tmp_path_factory.mktemp("settled") / "desk")
    paper = _empty.folder.parent / "recovery"
    desk.do(f"trust --join --recovery {paper} --no-passphrase --identity other --staff s-aida", today=None)
    desk.do("trust --accept", today=None)
    seat = Session(options=Options(store=str(desk.store), identity=str(desk.key)))
    write(seat.store, [(record_file(one["id"]), one, None) for one in files(CLIENTS)])
    desk.her = next(seat.store.ids())
    return desk


@pytest.fixture
def cold(_settled: Desk, tmp_path: Path) -> Desk:
    """A store of some clients, of which nobody was asked yet; a second computer works in it too."""
    return copied(_settled, tmp_path / "cold")


@pytest.fixture
def settled(cold: Desk) -> Desk:
    """The same, with an index."""
    warm(cold)
    return cold


# An index of another moment, another key, other rules.

Fault = Callable[[Desk], object]


def of_another_store(desk: Desk) -> None:
    """Of one with the same clients under the same key."""
    there = Desk(desk.folder)
    there.store = desk.folder / "second-house"
    there.do("init second-house --shelter osh --no-passphrase --recovery second-sheet", today=None)
    seat = Session(options=Options(store=str(there.store), identity=str(desk.key)))
    write(seat.store, [(record_file(one["id"]), one, None) for one in files(CLIENTS, ("osh",), seed=8)])
    mine = index_of(desk)
    there.run("list", today=None)
    (other,) = set(mine.parent.glob("*.index")) - {mine}
    other.replace(mine)


def of_another_key(desk: Desk) -> None:
    warm(desk, "--identity other")
    index_of(desk, "other").replace(index_of(desk))


def of_another_rulebook(desk: Desk) -> None:
    """Of rules by which monitoring is due earlier."""
    manual = copy_of_the_manual(desk.folder / "manual")
    report = manual / "tracks/report.yaml"
    report.write_text(report.read_text("utf-8").replace("after: {months: 6}", "after: {months: 3}"), "utf-8")
    index_of(desk).unlink()
    assert desk.run("list", today=None, env={MANUAL_VARIABLE: str(manual)}).code == 0
    assert index_of(desk).exists()


def of_another_version(desk: Desk) -> None:
    index_of(desk).unlink()
    with program_changed() as older:
        older.setattr(client_index, "__version__", "0.6.9")
        desk.run("list", today=None)


def of_a_clock(days: int, desk: Desk) -> None:
    index_of(desk).unlink()
    with program_changed() as wrong:
        wrong.setattr(seating, "now_at", lambda offset: now_at(offset) + timedelta(days=days))
        warm(desk)


def of_a_clock_ahead(desk: Desk) -> None:
    of_a_clock(4000, desk)


def of_a_clock_behind(desk: Desk) -> None:
    of_a_clock(-400, desk)


def lies_of(desk: Desk, marked_by: Identity, sealed_by: Identity) -> None:
    """An index that says of each client who was admitted that she was only referred."""
    seat = Session(options=Options(store=str(desk.store), identity=str(desk.key)))
    bound = ClientIndex(seat.store, seat.today, seat.memory_folder)._bound()
    image = read_image(index_of(desk), seat.device_key, bound)
    assert image is not None
    lies = {name: data.replace(b"admitted", b"referred") for name, data in image.sections.items()}
    assert lies != image.sections
    by: Any = SimpleNamespace(mark=marked_by.mark, seal=sealed_by.seal)
    assert write_image(index_of(desk), by, bound, Image(image.head, lies))


def forged(desk: Desk) -> None:
    """Sealed to our key and for our store, and marked by another key."""
    lies_of(desk, load_identity(desk.folder / "other", None), load_identity(desk.key, None))


def forged_under_our_mark(desk: Desk) -> None:
    """The first line is of our own index, and all else is forged."""
    mark = index_of(desk).read_bytes().partition(b"\n")[0]
    forged(desk)
    index_of(desk).write_bytes(mark + b"\n" + index_of(desk).read_bytes().partition(b"\n")[2])


def empty(desk: Desk) -> None:
    index_of(desk).write_bytes(b"")


def folder(desk: Desk) -> None:
    path = index_of(desk)
    path.unlink()
    (path / "something").mkdir(parents=True)


def link(desk: Desk) -> None:
    path = index_of(desk)
    path.symlink_to(path.rename(desk.folder / "elsewhere"))


def second_name(desk: Desk) -> None:
    os.link(index_of(desk), desk.folder / "elsewhere")


def pipe(desk: Desk) -> None:
    path = index_of(desk)
    path.unlink()
    os.mkfifo(path)


def huge(desk: Desk) -> None:
    """Larger than any index, and nothing on the disk."""
    os.truncate(index_of(desk), 1 << 40)


def lost(desk: Desk) -> None:
    index_of(desk).unlink()


def memory_lost(desk: Desk) -> None:
    """The whole folder beside the key: the store is asked as by a new computer."""
    shutil.rmtree(desk.folder / "key.heads")


def memory_is_a_file(desk: Desk) -> None:
    """Nothing can be written beside the key."""
    shutil.rmtree(desk.folder / "key.heads")
    (desk.folder / "key.heads").write_bytes(b"")


WRONG: Sequence[Fault] = (
    of_another_store, of_another_key, of_another_rulebook, of_another_version, of_a_clock_ahead, forged,
    forged_under_our_mark, empty, folder, link, second_name, pipe, huge, lost, memory_lost,
)  # fmt: skip
STAYS = {folder, memory_lost}
"""Where no index is written: in the place of a folder, and by a key that remembers nothing of the store."""


@pytest.mark.parametrize("fault", WRONG, ids=lambda fault: fault.__name__)
def test_an_index_that_is_not_of_here_and_now_is_not_believed(fault: Fault, settled: Desk) -> None:
    assert opened(settled) == 0
    fault(settled)
    assert opened(settled) == CLIENTS
    assert opened(settled) == (CLIENTS if fault in STAYS else 0)
    assert differences(settled) == []


@pytest.mark.parametrize("fault", [of_a_clock_behind, memory_is_a_file], ids=lambda fault: fault.__name__)
def test_an_index_of_the_past_or_none_at_all_changes_no_answer(fault: Fault, settled: Desk) -> None:
    fault(settled)
    assert differences(settled) == []


def test_lies_under_our_own_key_would_be_believed(settled: Desk) -> None:
    """What the forged ones say would be seen, if the mark were theirs."""
    own = load_identity(settled.key, None)
    lies_of(settled, own, own)
    assert differences(settled) != []


def test_an_index_that_is_cut_is_made_anew(settled: Desk) -> None:
    whole = index_of(settled).read_bytes()
    for part in range(0, 16, stride(3)):
        index_of(settled).write_bytes(whole[: len(whole) * part // 16])
        assert opened(settled) == CLIENTS, part
    assert differences(settled) == []


def test_an_index_with_a_bit_flipped_is_made_anew(settled: Desk) -> None:
    whole, drawn = index_of(settled).read_bytes(), Random(38)  # noqa: S311 - places, not keys
    places = [0, 63, 64, 65, 66, *(drawn.randrange(len(whole)) for _ in range(200 // stride(25))), len(whole) - 1]
    for at in places:
        index_of(settled).write_bytes(whole[:at] + bytes([whole[at] ^ 1 << drawn.randrange(8)]) + whole[at + 1 :])
        assert opened(settled) == CLIENTS, at
    assert differences(settled) == []


# What happens to the store.


def test_only_the_file_that_was_written_is_opened_again(settled: Desk) -> None:
    settled.do(f"admit {settled.her}", {"notes": "changed"})
    assert opened(settled) == 1
    settled.do(f"admit {settled.her} --identity other", {"notes": "changed by another computer"})
    assert opened(settled) == 1
    assert differences(settled) == []


OPENED_AGAIN = {
    "agreements": 0, "agreements --lines --count --columns form,line": 0, "monitor reports": 0, "house --months 3": 0,
    "agreements --pocket-money --where facility=bishkek": 0, "list child --of bishkek": 0,
    "list instruction --month 2026-11 --count": 0, "monitor due --within 30": 2,
    "due": 2,
}  # fmt: skip
"""What is asked about all clients, and how many files are opened for it a second time: those with alarms to be told."""


@pytest.mark.parametrize("words", [*OPENED_AGAIN])
def test_what_is_asked_about_all_opens_each_file_once_and_then_the_one_that_changed(words: str, cold: Desk) -> None:
    assert opened(cold, words) == CLIENTS + OPENED_AGAIN[words]
    assert opened(cold, words) == OPENED_AGAIN[words]
    cold.do(f"admit {cold.her}", {"notes": "changed"})
    assert opened(cold, words) == OPENED_AGAIN[words] + 1
    assert difference(cold, Question(words), "--json") == ""


def test_what_is_due_at_an_hour_is_kept_although_its_minutes_pass(settled: Desk) -> None:
    entry = {"kind": "evaluation", "by": "s-aida", "in_question": True}
    for day in ("2026-11-20", "2026-11-21"):
        settled.do(f"add {settled.her} examination", {**entry, "on": day, "diagnosed_at": f"{day}T10:00+06:00"})
    with program_changed() as saving:
        saving.setattr(client_index, "FEWEST_TO_SAVE", 1)
        rows = settled.do("due --json", today=None).page["data"]["rows"]
    assert sum(row["minutes_since_due"] is not None for row in rows) == 4
    assert opened(settled, "due") == OPENED_AGAIN["due"]


def test_today_opens_no_file_that_was_only_sealed_anew(settled: Desk) -> None:
    opened(settled, "today")
    usual = opened(settled, "today")
    settled.do("rekey", today=None)
    opened(settled, "today")
    assert opened(settled, "today") == usual < CLIENTS
    assert difference(settled, Question("today"), "--json") == ""


def rolled_back(settled: Desk, names: Sequence[str]) -> None:
    """Some of what lies at the desk put back as it was before her file was changed and another one came."""
    kept = settled.folder / "kept"
    kept.mkdir()
    for name in names:
        subprocess.run(["cp", "-a", settled.folder / name, kept], check=True)
    settled.do(f"admit {settled.her}", {"identity": {"sex": "male"}})
    settled.do("admit --new-person", {"notes": "another", "identity": {"sex": "female"}})
    warm(settled)
    for name in names:
        shutil.rmtree(settled.folder / name) if (settled.folder / name).is_dir() else (settled.folder / name).unlink()
        (kept / Path(name).name).rename(settled.folder / name)


@pytest.mark.parametrize(
    "names", [["key.heads/{index}"], ["house"], ["house", "key.heads/{index}"], ["house", "key.heads"]], ids=" ".join
)
def test_what_was_rolled_back_is_answered_as_it_lies(names: Sequence[str], settled: Desk) -> None:
    """The index alone, the store alone, both together, and with all that the key remembers."""
    rolled_back(settled, [name.format(index=index_of(settled).name) for name in names])
    assert differences(settled) == []
    assert differences(settled) == []


HARM: dict[str, Callable[[Path], object]] = {
    "touched": lambda path: os.utime(path, ns=(1, 1)),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "changed": lambda path: path.write_bytes(path.read_bytes()[:-1] + b"x"),
    "lost": lambda path: path.unlink(),
    "copied": lambda path: Path(shutil.copy2(path, path.with_suffix(".copy"))).replace(path),
    "a folder": lambda path: (
        path.rename(path.parent.parent / "elsewhere"),
        shutil.copytree(PROJECT / "schemas", path),
    ),
    "a link": lambda path: path.symlink_to(path.rename(path.parent.parent / "elsewhere")),
}


def test_a_file_of_somebody_else_among_those_of_clients_has_no_file_opened(settled: Desk) -> None:
    stranger = settled.store / "residents" / "notes.txt"
    for _ in range(2):
        stranger.write_text("written elsewhere")
        assert opened(settled) == 0
        assert differences(settled) == []
        stranger.unlink()
        assert opened(settled) == 0
        assert differences(settled) == []


@pytest.mark.parametrize("how", [*HARM])
def test_a_file_whose_size_time_or_kind_changed_is_opened(how: str, settled: Desk) -> None:
    HARM[how](settled.store / record_file(settled.her))
    assert opened(settled) == 1
    assert differences(settled) == []


def registers_read(desk: Desk, words: str = "due") -> int:
    """How many files of registers a command reads."""
    note, real = desk.folder / "registers-read", Registers.accept_file
    note.write_bytes(b"")

    def accept_file(registers: Registers, *read: Any) -> None:
        with note.open("ab") as file:
            file.write(b".")
        real(registers, *read)

    with program_changed() as noted:
        noted.setattr(Registers, "accept_file", accept_file)
        desk.run(words, today=None)
    return note.stat().st_size


@pytest.fixture
def kept_register(settled: Desk) -> Desk:
    """A settled store in whose register of the house is a shift; what is due by it was asked."""
    settled.do("add bishkek shift", SHIFT)
    assert registers_read(settled) == 1
    assert registers_read(settled) == 0
    return settled


def test_what_is_due_by_the_registers_is_read_again_when_one_was_written(kept_register: Desk) -> None:
    desk = kept_register
    desk.do(f"admit {desk.her}", {"notes": "changed"})
    assert registers_read(desk) == 0
    desk.do("add bishkek shift --identity other", {**SHIFT, "staff": "s-aida"})
    assert registers_read(desk) == 2
    assert registers_read(desk) == 0
    assert registers_read(desk, "due --within 30") == 2
    assert registers_read(desk, "due --mine s-aida") == 2
    for words in ("due", "due --within 30", "due --mine s-aida", "due --week"):
        assert difference(desk, Question(words), "--json") == ""


def test_what_is_due_by_the_registers_is_not_that_of_another_day(kept_register: Desk) -> None:
    for day in ("2026-11-20", "2027-03-01"):
        assert difference(kept_register, Question("due", as_of=day), "--json") == ""


@pytest.mark.parametrize("how", [*HARM])
def test_a_register_whose_size_time_or_kind_changed_is_read(how: str, kept_register: Desk) -> None:
    (path,) = (kept_register.store / "registers").rglob("*.age")
    HARM[how](path)
    whole = registers_read(kept_register)
    assert differences(kept_register) == []
    assert registers_read(kept_register) == (0 if whole else registers_read(kept_register))
    assert whole == (1 if how in ("touched", "copied") else 0)


@pytest.mark.parametrize("name", ["shelter.yaml", "staff.yaml", "directory.yaml.age", "secrets.yaml.age"])
@pytest.mark.parametrize("how", ["touched", "changed", "lost"])
def test_a_file_of_the_house_that_changed_is_seen(name: str, how: str, settled: Desk) -> None:
    HARM[how](settled.store / name)
    assert differences(settled) == []
    assert differences(settled) == []


def test_where_nothing_says_which_day_it_is_lists_are_read_from_the_files(settled: Desk) -> None:
    HARM["changed"](settled.store / "shelter.yaml")
    for words in ("agreements", "agreements --lines", "list need"):
        assert difference(settled, Question(words), "--json") == ""
    assert len(settled.run("agreements --json", today=None).data["rows"]) == CLIENTS


def test_what_was_swapped_with_size_and_time_kept_is_found_by_check_and_by_acts(settled: Desk) -> None:
    """The one thing that a list does not see on Windows, where nothing but these says that a file was changed."""
    path, before = settled.store / record_file(settled.her), settled.run("list", today=None)
    found, data = path.stat(), path.read_bytes()
    with path.open("r+b") as file:
        file.write(data[:-40] + bytes([data[-40] ^ 1]) + data[-39:])
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    off = settled.run("list", today=None, env=OFF).out
    assert settled.run("list", today=None).out == (before.out if sys.platform == "win32" else off)
    assert off != before.out
    check = settled.ask("check", today=None)
    assert (check.code, path.name[:9] in check.out) == (6, True)
    assert settled.ask(f"show {settled.her}", today=None).code == 6
    assert settled.refused(f"admit {settled.her}", {"notes": "x"}).code == 6
    for language, said in (
        ("en", "its old size and time is not noticed by a list"),
        ("ru", "прежние размер и время, список этого не заметит"),
    ):
        assert said in (PROJECT / f"docs/topics/{language}/security.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "typed"),
    [("menu", [LEAVE]), ("list --names", [""]), ("due", [""] * 9), ("house", [""]), ("find", ["Примерова", ""])],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_seen_at_a_terminal_is_what_is_seen_without(words: str, typed: Sequence[str], settled: Desk) -> None:
    """The first page of the menu too, with an index that is old and with one that is fresh."""
    settled.do(f"admit {settled.her}", {"notes": "changed"})
    alone, *others = (Terminal(settled, today=None, env=env).run(words, typed) for env in (OFF, {}, {}))
    assert [(one.code, one.text) for one in others] == [(alone.code, alone.text)] * 2
    assert alone.code in (0, 129), alone.text


# What the disk does while it is written, and others who write it.


def struck_while_written(folder: Path) -> dict[str, Any]:
    """A list killed, or refused by a full disk, a read-only one or a closed folder, at each call that changes the disk
    before the index lies there.
    """
    kept = Here(folder / "kept")
    kept.folder.mkdir()
    kept.do("init house --shelter bishkek --no-passphrase --recovery sheet", today=None)
    seat = Session(options=Options(store=str(kept.store), identity=str(kept.key)))
    write(seat.store, [(record_file(one["id"]), one, None) for one in files(CLIENTS)])
    kept.run("list", today=None, env=OFF)
    bad, seen, at, calls = list[str](), Counter[str](), 0, 1
    closed: list[tuple[Strike, bool]] = [(partial(refuse, number), True) for number in (errno.EROFS, errno.EACCES)]
    while at <= calls:
        each, part = [*KILLS, *FULL, *closed] if at else [*KILLS[:1]], stride(4)
        for strike, lasting in each[at % part :: part] if at else each:
            fresh(kept.folder, folder / "copy")
            desk = Here(folder / "copy")
            alone = desk.run("list --json", today=None, env=OFF)
            struck = desk.struck("list", None, at, strike, lasting, None)
            calls = len(struck.calls) if at == 0 else calls
            seen["killed" if struck.code == KILLED else str(struck.code)] += 1
            if struck.code != KILLED and (struck.code, struck.out, struck.err) != (0, alone.out, ""):
                bad.append(f"{strike} at {at}: {struck.code} {struck.err}")
            for answer in (desk.run("list --json", today=None), desk.run("list --json", today=None)):
                if (answer.code, answer.out, answer.err) != (alone.code, alone.out, alone.err):
                    bad.append(f"after {strike} at {at}: another answer")
            if not [*desk.folder.glob("key.heads/*.index")]:
                bad.append(f"after {strike} at {at}: no index")
            bad += [f"after {strike} at {at}: left {name}" for name in left(folder / "copy")]
        at += 1
    return {"bad": bad, "ends": seen, "calls": calls}


@pytest.mark.posix("a fork that is struck down", "what the disk does to an index changes no answer")
def test_killed_or_refused_by_the_disk_while_it_is_written_answers_are_the_same() -> None:
    seen = carried(struck_while_written)
    assert seen["bad"] == []
    assert seen["calls"] >= 3
    assert {*seen["ends"]} == {"0", "killed"}


def test_programs_that_write_it_at_once_leave_a_whole_one(cold: Desk) -> None:
    alone = [cold.run(words, today=None, env=OFF).out for words in ASKED]
    typed = [[sys.executable, "-m", "shelterctl", *words.split()] for words in ASKED]
    how: Any = {"cwd": cold.folder, "env": cold.env, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = [subprocess.Popen(words, **how) for words in typed]
    assert [(one.communicate()[0].decode(), one.returncode) for one in running] == [(out, 0) for out in alone]
    for _ in range(2):
        assert opened(cold) in (0, CLIENTS)
    assert opened(cold) == 0
    assert differences(cold) == []
