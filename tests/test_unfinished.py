"""What an interrupted command left is told apart from what a stranger put there, and check leads nobody to lose it."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ground import ACT, Ground
from struck import JOIN, house

from shelterctl.vault.paths import find_unfinished

if TYPE_CHECKING:
    from conftest import Desk
    from started import Answer


@pytest.fixture(scope="module")
def _joining(tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    """A store that a second computer joins; it was switched off when all was saved, and nothing in its place."""
    desk = house(tmp_path_factory.mktemp("made") / "desk")
    before = desk.folder / "before"
    shutil.copytree(desk.store, before)
    desk.do(JOIN)
    for fresh in [path for path in desk.store.rglob("*.age") if path.is_file()]:
        old = before / fresh.relative_to(desk.store)
        sha = hashlib.sha256(fresh.read_bytes()).hexdigest()
        fresh.rename(fresh.with_name(f".{fresh.name}.{sha[:16]}.tmp"))
        shutil.copy(old, fresh)
    return desk


@pytest.fixture
def joining(_joining: "Desk", tmp_path: Path) -> "Desk":
    shutil.copytree(_joining.folder, tmp_path / "desk", symlinks=True)
    return type(_joining)(tmp_path / "desk", _joining.her)


def fresh(desk: "Desk") -> Iterator[Path]:
    """What lies beside the files of the store."""
    return desk.store.rglob("*.tmp")


def noted(checked: "Answer") -> set[str]:
    """What is noted of the store; its two clients are the same woman, which is noted too."""
    return {*checked.codes("warn")} - {"admission/same-person"}


def test_what_was_saved_and_is_not_in_its_place_is_unfinished_and_no_stranger_s(joining: "Desk") -> None:
    checked = joining.do("check")
    assert noted(checked) == {"trust/new-device", "store/unfinished"}
    told = checked.finding("store/unfinished")["facts"]
    assert told["count"] == 4
    assert "directory.yaml.age" in told["places"]
    assert len(list(fresh(joining))) == 4
    russian = joining.run("check --lang ru").out
    assert "Не трогайте их" in russian
    # The next command that may write finishes it.
    joining.do("trust --accept")
    checked = joining.do("check")
    assert noted(checked) == set()
    assert list(fresh(joining)) == []
    assert len(joining.do("list --identity other").data["rows"]) == 2


@pytest.mark.parametrize("name", [".{her}.yaml.age.0123456789abcdef.tmp", ".{her}.yaml.age.tmp", "{her}.yaml.age~"])
def test_beside_it_a_stranger_s_file_is_told_and_can_be_taken_out(joining: "Desk", name: str) -> None:
    path = joining.store / "residents" / name.format(her=joining.her)
    path.write_bytes(b"age-encryption.org/v1\nnot ours")
    checked = joining.do("check")
    assert noted(checked) == {"store/stranger", "store/unfinished", "trust/new-device"}
    path.rename(joining.folder / "moved out")
    assert noted(joining.do("check")) == {"store/unfinished", "trust/new-device"}
    joining.do("trust --accept")
    assert noted(joining.do("check")) == set()
    assert len(joining.do("list").data["rows"]) == 2


def test_a_new_version_of_which_nothing_was_written_yet_is_unfinished_too(joining: "Desk") -> None:
    """A computer that is switched off leaves such a file where it had just begun one."""
    path = joining.store / "residents" / f".{joining.her}.yaml.age.0123456789abcdef.tmp"
    path.write_bytes(b"")
    checked = joining.do("check")
    assert noted(checked) == {"store/unfinished", "trust/new-device"}
    assert checked.finding("store/unfinished")["facts"]["count"] == 5
    joining.do("trust --accept")
    assert noted(joining.do("check")) == set()
    assert not path.exists()


def test_lines_that_are_to_come_into_a_journal_are_unfinished_too(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    ground.vault().write("shelter.yaml", b"kind: shelter\n", None, **ACT)
    journal = next((ground.root / "journal").iterdir())
    beside = journal.with_name(f".{journal.stem}.act")
    beside.write_bytes(journal.read_bytes())
    assert dict(find_unfinished(ground.root, ground.journal())) == {beside: f"journal/{journal.name}"}


def test_a_founding_that_is_not_finished_is_no_stranger_s(joining: "Desk") -> None:
    (joining.store / ".founding.yaml.age").write_bytes(b"the paper, sealed")
    told = joining.do("check").finding("store/unfinished")["facts"]
    assert "shelter.yaml" in told["places"]
