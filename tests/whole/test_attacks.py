"""Every attack of attacks.yaml on the real program, and the program with each of its checks broken in turn."""

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shelterctl import errors, limits
from shelterctl import session as seat
from shelterctl.cli.commands import COMMAND_SUMMARIES, load_command
from shelterctl.index import client_index
from tests.attack import observers as observing
from tests.attack.lab import Lab, copied, worlds
from tests.attack.observers import SLOWEST, Observers
from tests.attack.table import Attack, attacks, named, printed, unseen
from tests.attack.teeth import SILENT, TEETH, Tooth
from tests.support.command import CHANGED_HERE
from tests.support.index_questions import program_changed

if TYPE_CHECKING:
    from tests.support.desk import Desk


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, _empty: "Desk") -> dict[str, Lab]:
    """The stores that are attacked; with everything imported, so that a command is forked."""
    return worlds(tmp_path_factory.mktemp("attacked"))


@pytest.mark.parametrize("attack", attacks(), ids=lambda attack: attack.id)
def test_an_attack_is_seen_by_whom_the_table_says(made: dict[str, Lab], tmp_path: Path, attack: Attack) -> None:
    observers = attack.begun(made, tmp_path)
    seen = attack.seen(observers)
    assert {cell: one.said for cell, one in seen.items()} == attack.cells
    assert (observers.leaked, observers.signed) == ([], [])
    slow = {cell: one.seconds for cell, one in seen.items() if one.seconds > SLOWEST and cell[0] != "W"}
    assert slow == {}


LISTED = ("list", "list --stays", "due", "house")


def ask_holder(lab: Lab) -> None:
    """Whoever has the key asks what an index answers, before the attack."""
    for words in LISTED:
        lab.desk().run(words, today=None)


def _stamp_without_numbers(found: os.stat_result) -> tuple[int, ...]:
    return found.st_size, found.st_mtime_ns, 0, 0, found.st_mode, found.st_nlink


@pytest.mark.parametrize("attack", attacks(), ids=lambda attack: attack.id)
def test_an_attack_is_seen_with_an_index_as_without(made: dict[str, Lab], tmp_path: Path, attack: Attack) -> None:
    """Of each few files an index is kept, which goes with the store from place to place as on a disk that numbers no
    files.
    """
    with program_changed() as changed:
        changed.setattr(client_index, "FEWEST_TO_SAVE", 1)
        changed.setattr(client_index, "make_stamp", _stamp_without_numbers)
        changed.setattr(observing, "TODAY", None)
        begun = attack.begun(made, tmp_path, ask_holder)
        indexes = [*begun.lab.folder.glob("key.heads/*.index")]
        seen = attack.seen(begun)
    assert bool(indexes) == (attack.store != "0.1.0")
    assert {cell: one.said for cell, one in seen.items()} == attack.cells
    assert (begun.leaked, begun.signed) == ([], [])


@pytest.mark.parametrize("tooth", TEETH, ids=lambda tooth: tooth.name)
def test_a_broken_check_is_told_by_an_attack(made: dict[str, Lab], tmp_path: Path, tooth: Tooth) -> None:
    assert [bite for bite in tooth.bites if not _turns(made, tmp_path, tooth, *bite)] == []


def test_what_nobody_sees_is_said_with_its_reason() -> None:
    """The device with its memory and the paper are told nothing; the control is no attack."""
    silent = {
        attack.id
        for attack in attacks()
        if attack.name != "nothing" and {said for (who, _), said in attack.cells.items() if who in "DP"} == {"0"}
    }
    assert silent == {*unseen()}
    assert all(reason.endswith(".") for reason in unseen().values())


def test_whatever_stays_silent_is_said_to_with_its_reason() -> None:
    assert {tooth.name for tooth in TEETH if not tooth.bites} == set(SILENT)


def test_a_folder_of_too_many_files_is_left_at_once(made: dict[str, Lab], tmp_path: Path) -> None:
    lab = copied(made["one"], tmp_path / "lab")
    for number in range(limits.FOLDER_NAMES + 1):
        os.close(os.open(lab.house / "residents" / f"{number}", os.O_CREAT | os.O_WRONLY))
    observers = Observers(lab, tmp_path / "seats")
    for who, command in (("W", "list"), ("W", "restore"), ("P", "check")):
        seen = observers.seen(who, command)
        assert seen.said[0] == "6"
        assert seen.seconds < SLOWEST


@pytest.mark.parametrize("place", [".lock", ".founding.yaml.age"])
@pytest.mark.parametrize("step", ["huge", "pipe", "link", "stanzas"])
def test_what_lies_beside_a_store_keeps_nobody_busy(
    made: dict[str, Lab], tmp_path: Path, step: str, place: str
) -> None:
    lab = copied(made["one"], tmp_path / "lab", place)
    lab.place.unlink(missing_ok=True)
    if step == "huge":
        lab.place.touch()
    import_module("tests.attack.without_key").__dict__[step](lab)
    observers = Observers(lab, tmp_path / "seats")
    linked = (step, place) == ("link", ".lock")
    expected = ["0 store/link", "6 vault/strange-file"] if linked else ["0", "0"]
    assert [observers.seen("D", command).said for command in ("check", "admit")] == expected


@pytest.mark.parametrize("step", ["huge", "pipe", "link", "stanzas"])
def test_a_note_of_a_founding_that_is_none_keeps_nobody_busy(made: dict[str, Lab], tmp_path: Path, step: str) -> None:
    lab = copied(made["one"], tmp_path / "lab", "../begun/.founding.yaml.age")
    lab.place.parent.mkdir()
    if step == "huge":
        lab.place.touch()
    import_module("tests.attack.without_key").__dict__[step](lab)
    told = lab.desk().ask("init begun --shelter osh --no-passphrase --identity other --recovery paper-2", today=None)
    assert told.code in (0, 6, 7)


@pytest.mark.parametrize("years", [-1, 1])
def test_a_clock_that_is_wrong_is_told_and_changes_no_order(
    made: dict[str, Lab], tmp_path: Path, years: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup, a saved change under a wrong clock, and a backup whose name is older or newer than it is."""
    lab = copied(made["one"], tmp_path / "lab")
    desk = lab.desk()
    (lab.folder / "usb").mkdir()
    first = Path(lab.folder, desk.do("backup usb", today=None).data["folder"])
    real = seat.now_at
    with monkeypatch.context() as wrong:
        wrong.setattr(seat, "now_at", lambda offset: real(offset) + timedelta(days=365 * years))
        wrote = desk.do(f"admit {lab.other}", {"notes": "under a wrong clock"})
    then = desk.do(f"admit {lab.other}", {"notes": "and under the right one"})
    behind = [told.codes("warn").count("store/clock-behind") for told in (wrote, then)]
    assert behind == ([1, 0] if years < 0 else [0, 1])
    second = Path(lab.folder, desk.do("backup usb", today=None).data["folder"])
    renamed = second.with_name(first.name[:-15] + f"{2026 + years}-11-26T1200")
    second.rename(renamed)
    assert desk.do("restore usb --store again", today=None).data["from"] == renamed.name
    desk.do("check --store again")


def test_no_backup_brings_a_device_back_that_was_shut_out(made: dict[str, Lab], tmp_path: Path) -> None:
    lab = copied(made["ended"], tmp_path / "lab")
    desk, out = lab.desk(), lab.second.device
    assert desk.do("restore old --store again", today=None).data["lacking"] == 6
    rows = desk.do("trust --store again").data["rows"]
    assert [row["state"] for row in rows if row["device"] == out] == ["ended"]
    told = desk.ask(f"admit {lab.other} --store again --identity second", {"notes": "x"})
    assert told.code == 5
    desk.do(f"admit {lab.other} --store again", {"notes": "sealed to those who are left"})
    told = desk.ask(f"show {lab.other} --store again --identity second")
    assert (told.code, told.error) == (5, "trust/shut-out")
    assert desk.do("check --store again").finding("store/not-resealed")["facts"]["count"] == 4
    assert desk.do("rekey --store again").data["sealed"] == 4
    for path in (lab.folder / "again").rglob("*.age"):
        with pytest.raises(errors.CannotOpen):
            lab.second.open(path.read_bytes())


def test_words_and_a_number_that_were_mistyped(made: dict[str, Lab], tmp_path: Path) -> None:
    desk = copied(made["one"], tmp_path / "lab").desk()
    expected = {
        "check --words 'one two three four'": (2, "trust/words"),
        "check --words 'lira tema'": (2, "trust/words"),
        "check --words 'lira tema telefon diktant'": (6, "trust/other-words"),
        "check --number 9999": (6, "trust/behind-number"),
        "check --recovery paper --number 9999": (6, "trust/behind-number"),
        "check --recovery paper --words 'lira tema telefon diktant'": (6, "trust/other-words"),
        "restore house --store again --number 9999 --identity paper": (6, "trust/behind-number"),
        "restore house --store again --words 'lira tema telefon diktant'": (6, "trust/other-words"),
    }
    for words, answer in expected.items():
        told = desk.ask(words, today=None)
        assert (told.code, told.error) == answer, words
    assert not (desk.folder / "again").exists()


def _turns(made: dict[str, Lab], folder: Path, tooth: Tooth, id_: str, who: str, command: str) -> bool:
    attack = named(id_)
    return _otherwise(tooth, attack, attack.begun(made, folder / f"{len(list(folder.iterdir()))}"), who, command)


def _otherwise(tooth: Tooth, attack: Attack, observers: Observers, who: str, command: str) -> bool:
    """Whether the command ends otherwise, or takes too long, once the check is broken."""
    with pytest.MonkeyPatch.context() as broken:
        CHANGED_HERE.append("broken")
        tooth.breaks(broken)
        try:
            seen = observers.seen(who, command)
        except AssertionError:  # a crash, or what nobody expects: it is noticed
            return True
        finally:
            CHANGED_HERE.remove("broken")
    expected = attack.cells[who, command]
    told = tooth.tells and seen.said != expected
    return told or seen.said.split()[0] != expected.split()[0] or seen.seconds > SLOWEST


def _tables(*, everything: bool) -> Iterator[tuple[str, str]]:
    """What is seen of every attack, and which attacks each broken check turns: those expected, or of them all."""
    for name in COMMAND_SUMMARIES:
        load_command(name)
    folder = Path(tempfile.mkdtemp(prefix="attacks"))
    made = worlds(folder / "worlds")
    rows, begun = {}, {}
    for number, attack in enumerate(attacks()):
        seen = attack.seen(attack.begun(made, folder / str(number)))
        rows[attack.id] = {cell: one.said for cell, one in seen.items()}
        if everything and not attack.at:
            begun[attack] = attack.begun(made, folder / f"{number} again")
    yield "attacks", printed(rows)
    lines = []
    for tooth in TEETH:
        red = [" ".join(bite) for bite in tooth.bites if _turns(made, Path(tempfile.mkdtemp(dir=folder)), tooth, *bite)]
        red += [
            " ".join([attack.id, *cell])
            for attack, observers in begun.items()
            for cell in attack.cells
            if cell[1] in ("check", "list") and _otherwise(tooth, attack, observers, *cell)
        ]
        silent = f"SILENT: {SILENT.get(tooth.name, '')}"
        lines.append(f"{tooth.name:52} {'; '.join(dict.fromkeys(red)) or silent}")
    yield "teeth", "\n".join(lines) + "\n"


if __name__ == "__main__":
    for title, text in _tables(everything=sys.argv[1:] == ["all"]):
        Path(tempfile.gettempdir(), f"{title}-table.txt").write_text(text, "utf-8")
        sys.stdout.write(text + "\n")
