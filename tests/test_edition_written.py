"""What a file says of the shelf that it was written with: set when it is written, kept while nothing changes."""

from typing import Any

import yaml
from conftest import PROJECT, Desk
from revised import Revised

from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store.compatibility import add_version_heading

OURS = open_rulebook().version


def test_a_file_names_its_version_and_the_shelf_before_anything_else(admitted: Desk) -> None:
    record = admitted.record()
    assert [*record][:3] == ["schema", "edition", "id"]
    assert (record["schema"], record["edition"]) == ("resident/4", OURS)
    assert OURS["revision"] == yaml.safe_load((PROJECT / "src/shelterctl/manual/edition.yaml").read_text())["revision"]


def test_what_changes_nothing_leaves_the_file_as_it_was_also_with_another_shelf(admitted: Desk) -> None:
    note = {"notes": "An invented person."}
    other = Revised(admitted)
    other.do(f"admit {other.her}", note)
    before = admitted.digest_of_store()
    other.edit("tracks/need.yaml", "\ntext: {", "\n\ntext: {")
    for desk in (admitted, other):
        assert desk.do(f"admit {desk.her}", note).data["said"][0].endswith("nothing changed.")
    assert admitted.digest_of_store() == before


def test_the_next_write_names_the_shelf_that_it_is_made_with(admitted: Desk) -> None:
    other = Revised(admitted)
    other.edit("tracks/need.yaml", "\ntext: {", "\n\ntext: {")
    other.do(f"admit {other.her}", {"notes": "An invented person."})
    assert admitted.record()["edition"] == other.rulebook.version
    assert OURS["imprint"] != other.rulebook.version["imprint"]


def test_words_of_the_shelf_alone_are_no_other_shelf(admitted: Desk) -> None:
    other = Revised(admitted)
    other.clause("IOM-9", "Nothing that a file may say")
    assert other.rulebook.version == OURS
    assert other.rulebook.digest != open_rulebook().digest


def test_an_older_shelf_that_writes_into_a_file_leaves_the_newer_one_named() -> None:
    newer: dict[str, Any] = {"revision": OURS["revision"] + 1, "imprint": "0" * 16}
    record = {"schema": "resident/4", "edition": newer, "id": "7QF2-M9KD"}
    assert add_version_heading(record, OURS) == record
    older = {"revision": OURS["revision"] - 1, "imprint": "0" * 16}
    assert add_version_heading({**record, "edition": older}, OURS) == {**record, "edition": OURS}
