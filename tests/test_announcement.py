"""An act of several files, cut off at any byte of its lines in the journal: all of it happened, or nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from ground import ACT, Ground

from shelterctl import errors
from shelterctl.journal import store_journal
from shelterctl.journal.problems import TAKE_OUT_FILE
from shelterctl.platform.writing import remove_file, rename_file
from shelterctl.vault import protocol
from shelterctl.vault.protocol import FileToSave, Vault

NAMES = [f"residents/7QF2-M9K{letter}.yaml.age" for letter in "DEF"]


class Cut:
    """A store whose device was writing several files when the power went."""

    def __init__(self, folder: Path) -> None:
        self.ground = Ground(folder)
        vault = self.ground.vault()
        vault.write("directory.yaml.age", b"before", None, **ACT)
        self.before = self.ground.lines.read_bytes()
        kept = remove_file, rename_file
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store_journal, "remove_file", lambda path: None)
            patch.setattr(protocol, "remove_file", lambda path: None)
            patch.setattr(protocol, "rename_file", lambda path, target: None)
            vault.write_all([FileToSave(name, name.encode(), None) for name in NAMES], **ACT)
        assert (remove_file, rename_file) == kept
        self.after = self.ground.lines.read_bytes()
        self.beside = self.ground.lines.with_name(f".{self.ground.me.device}.act")
        assert self.before + self.beside.read_bytes() == self.after
        self.kept = {path: path.read_bytes() for path in self.ground.root.rglob("*") if path.is_file()}
        remove_file(self.ground.note)  # how far the journal came was remembered behind the append

    def at(self, length: int) -> Vault:
        """The store as it lies where so many bytes of the lines are on disk."""
        for path in self.ground.root.rglob("*"):
            if path.is_file() and path not in self.kept:
                path.unlink()
        for path, data in self.kept.items():
            path.write_bytes(data)
        self.ground.lines.write_bytes(self.after[: len(self.before) + length])
        return self.ground.vault()

    def there(self) -> list[bool]:
        """Which of the files are there."""
        vault, found = self.ground.vault(), []
        for name in NAMES:
            try:
                found.append(vault.read(name)[0] == name.encode())
            except errors.NotFound:
                found.append(False)
        assert vault.read("directory.yaml.age")[0] == b"before"
        assert vault.journal.verify() == []
        assert not vault.needs_recovery()
        return found


@pytest.fixture
def cut(tmp_path: Path) -> Cut:
    return Cut(tmp_path / "desk")


def test_it_is_finished_where_one_of_its_lines_is_there_and_else_has_not_happened(cut: Cut) -> None:
    lines = cut.after[len(cut.before) :]
    first = lines.index(b"\n") + 1
    for length in sorted({*range(0, len(lines) + 1, 97), first - 1, first, first + 1, len(lines) - 1, len(lines)}):
        cut.at(length).recover_if_possible()
        assert cut.there() == [length >= first] * len(NAMES), length
        assert not cut.beside.exists()


def test_whoever_writes_next_finishes_it_first(cut: Cut) -> None:
    length = cut.after.index(b"\n", len(cut.before)) + 1 - len(cut.before)
    cut.at(length).write("shelter.yaml", b"next", None, **ACT)
    assert cut.there() == [True] * len(NAMES)


@pytest.mark.parametrize("forged", [b"", b"{}\n", b"x" * 99, None])
def test_what_the_device_did_not_sign_is_never_added(forged: bytes | None, cut: Cut) -> None:
    first = cut.after.index(b"\n", len(cut.before)) + 1
    vault = cut.at(first - len(cut.before))
    line = cut.after[len(cut.before) : first]
    cut.beside.write_bytes(forged if forged is not None else line + line.replace(b"9KD", b"9KE"))
    vault.recover_if_possible()
    assert cut.there() == [True, False, False]
    assert not cut.beside.exists()


def test_an_old_one_that_is_put_back_does_nothing(cut: Cut) -> None:
    beside = cut.beside.read_bytes()
    cut.at(0).recover_if_possible()
    assert cut.there() == [False] * len(NAMES)
    cut.beside.write_bytes(beside)
    cut.ground.vault().recover_if_possible()
    assert cut.there() == [False] * len(NAMES)
    assert cut.ground.lines.read_bytes() == cut.before


def test_a_link_in_its_place_is_taken_away(cut: Cut, tmp_path: Path) -> None:
    vault = cut.at(len(cut.after))
    cut.beside.unlink()
    cut.beside.symlink_to(cut.ground.root / "trust.jsonl")
    vault.recover_if_possible()
    assert cut.there() == [True] * len(NAMES)
    assert not cut.beside.is_symlink()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_a_folder_or_a_pipe_in_its_place_is_told_and_not_touched(
    make: Callable[[Path], None], cut: Cut, tmp_path: Path
) -> None:
    """No command leaves one there; one change alone needs no announcement."""
    vault = cut.at(len(cut.after))
    cut.beside.unlink()
    make(cut.beside)
    vault.recover_if_possible()
    assert cut.there() == [True] * len(NAMES)
    vault.write("shelter.yaml", b"next", None, **ACT)
    several = [FileToSave(name, b"later", vault.read(name)[1]) for name in NAMES]
    with pytest.raises(errors.Damaged) as told:
        vault.write_all(several, **ACT)
    assert told.value.code == "disk/not-a-plain-file"
    assert told.value.hint == TAKE_OUT_FILE
    assert cut.there() == [True] * len(NAMES)
    cut.beside.rename(tmp_path / "moved out")
    vault.write_all(several, **ACT)
    assert [vault.read(name)[0] for name in NAMES] == [b"later"] * len(NAMES)
