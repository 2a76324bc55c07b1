"""Stamps of files, by which the index sees that one may have changed."""

import os
from pathlib import Path

from shelterctl.index.client_index import STAMP, make_stamp


def test_a_stamp_is_packed_wherever_the_file_lies(tmp_path: Path) -> None:
    found = os.lstat(tmp_path)
    far = os.stat_result((0o100600, (1 << 70) + (1 << 63) + 5, 1, 1, 0, 0, 9, 0, 0, 0, 0.0, 0.0, 0.0, 1, -2, 3))

    assert STAMP.unpack(STAMP.pack(*make_stamp(found))) == make_stamp(found)
    assert STAMP.unpack(STAMP.pack(*make_stamp(far))) == (9, -2, 3, (1 << 63) + 5, 0o100600, 1)


def test_a_stamp_is_another_once_anything_about_the_file_is(tmp_path: Path) -> None:
    file, seen = tmp_path / "file", set[tuple[int, ...]]()
    file.write_text("a", "utf-8")
    seen.add(make_stamp(file.lstat()))
    file.chmod(0o640)
    seen.add(make_stamp(file.lstat()))
    (tmp_path / "second").hardlink_to(file)
    seen.add(make_stamp(file.lstat()))
    file.write_text("ab", "utf-8")
    seen.add(make_stamp(file.lstat()))
    assert len(seen) == 4
