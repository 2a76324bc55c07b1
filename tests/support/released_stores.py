"""A store that a released version made, and what that version read out of it: what the tests of these stores share."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.support.desk import Desk
from tests.support.paths import PROJECT
from tools.released_store import LAST_DAY, kept_answer, own_limits_broken

TODAY = "2026-11-30"
"""The day on which the stores from 0.3.3 on were made."""


def made_by(version: str) -> Path:
    """The folder in which the store of a version lies; nothing of it is ever changed."""
    return PROJECT / "tests/stores" / version


def expected_of(version: str) -> dict[str, Any]:
    """What a version read out of its own store."""
    read: dict[str, Any] = json.loads((made_by(version) / "expected.json").read_text("utf-8"))
    return read


def clear(record: dict[str, Any]) -> dict[str, Any]:
    """A file as it is shown, without what each save makes anew."""
    return {name: said for name, said in record.items() if name not in ("schema", "edition", "sealed")}


class Released(Desk):
    """The desk of the first computer, over a copy of the store of a version."""

    def __init__(self, version: str, folder: Path) -> None:
        shutil.copytree(made_by(version), folder)
        for name in ("key", "second", "third"):
            if (folder / name).exists():
                (folder / name).chmod(0o600)  # as the program made it; what lies in the repository is open to read
        self.expected = expected_of(version)
        super().__init__(folder, self.expected["her"])

    def by_track(self, key: str = "key") -> dict[str, Any]:
        """Every entry of hers of each track that the version had something in."""
        return self.entries(self.her, self.expected["tracks"], key)

    def entries(self, client: str, tracks: Iterable[str], key: str = "key") -> dict[str, Any]:
        """Every entry of a client's of these tracks, as it is shown."""
        return {track: self.do(f"show {client} {track} --names --identity {key}").data["rows"] for track in tracks}

    def sheets(self, key: str = "key") -> list[dict[str, Any]]:
        """What is said of each sheet that was printed, by its code."""
        known = self.expected["sheets"]
        found = [self.do(f"paper {one['code']} --identity {key}", today=TODAY).data for one in known]
        return [{name: each[name] for name in one} for each, one in zip(found, known, strict=True)]

    def records(self, key: str = "key") -> list[dict[str, Any]]:
        """The file of every client as it is shown, in the order of `written_records`."""
        ids = [record["id"] for record in self.written_records()]
        shown = [self.do(f"show {id_} --names --identity {key}", today=TODAY).data["record"] for id_ in ids]
        return [clear(record) for record in shown]

    def written_records(self) -> list[dict[str, Any]]:
        """The same as the version showed them: hers first."""
        names = ("record", "of_the_other", "of_the_vouched", "of_the_whole", "of_the_man")
        return [clear(self.expected[name]) for name in names if name in self.expected]

    def sound(self, more: str = "") -> None:
        """Check finds nothing damaged."""
        said = self.do(f"check {more}", today=TODAY).data["said"]
        assert "Nothing in the store is damaged." in said

    def lines(self) -> list[dict[str, Any]]:
        """Every line of the journals."""
        return [json.loads(one) for path in self.store.glob("journal/*.jsonl") for one in path.read_text().splitlines()]

    def sealed_files(self) -> list[Path]:
        """Every file of the store that is sealed, but for what was laid aside."""
        return [path for path in self.store.rglob("*.age") if path.parent.name != "set-aside"]


def open_house_with_roles(version: str, folder: Path, people: Iterable[str]) -> Desk:
    """A copy of the house that a version made, in which each of these people has a key of her own."""
    shutil.copytree(made_by(version), folder)
    for name in ("key", *(f"key.people/{code}" for code in people)):
        (folder / name).chmod(0o600)  # as the program made it; what lies in the repository is open to read
    return Desk(folder, str(expected_of(version)["her"]))


def assert_each_reads_what_she_read(house: Desk, expected: dict[str, Any]) -> None:
    """Each person of a house with roles is answered as the version that made it answered her."""
    for words, said in expected["said"].items():
        assert kept_answer(house.ask(words, today=LAST_DAY).data) == said, words
    assert own_limits_broken(house) == expected["own_limits_broken"]
