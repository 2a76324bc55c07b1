"""A computer that has forgotten the store reads, says so, and writes once a person held it against the sheet."""

import shutil
from typing import TYPE_CHECKING

import pytest
from backups import backed_up
from terminal import At

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Desk


@pytest.fixture
def forgetful(admitted: "Desk") -> "Desk":
    """The memory of the computer is gone."""
    shutil.rmtree(admitted.key.with_name("key.heads"))
    return admitted


def number_of(desk: "Desk") -> int:
    number: int = desk.do("trust").data["sheet"]["number"]
    return number


def test_it_reads_and_says_so_and_writes_nothing(forgetful: "Desk") -> None:
    for words in ("list", f"show {forgetful.her}", "house", "trust"):
        assert "trust/no-memory" in forgetful.do(words).codes("warn")
    for words in ("house --others 1", f"admit {forgetful.her} --done orientation", "ngo add other"):
        told = forgetful.refused(words)
        assert (told.code, told.error) == (6, "trust/no-memory")
        assert "check --remember" in told.page["error"]["hint"]


def test_a_program_gives_the_number_of_the_sheet(forgetful: "Desk") -> None:
    number = number_of(forgetful)
    refused = {
        "": (2, "check/compare"),
        f"--number {number + 1}": (6, "trust/behind-number"),
        f"--number {number} --words 'anapa anapa anapa anapa'": (6, "trust/other-words"),
        f"--number {number} --words 'anapa anapa anapa'": (2, "trust/words"),
    }
    for options, answer in refused.items():
        told = forgetful.refused(f"check --remember {options}")
        assert (told.code, told.error) == answer
    assert forgetful.do(f"check --remember --number {number}").data["sheet"]["number"] == number
    assert forgetful.do("house --others 1").codes("warn") == []
    again = forgetful.do("check --remember").data
    assert again["said"] == [f"This computer remembers the store. Its number is {number + 1}."]


@pytest.mark.parametrize("moment", ["root", "now", "before"])
def test_the_words_of_the_store_or_those_that_were_said_with_the_number_are_right(
    moment: str, admitted: "Desk"
) -> None:
    sheet = admitted.do("trust").data["sheet"]
    admitted.do("house --others 1")
    now = admitted.do("trust").data["sheet"]
    words, number = {
        "root": (now["words"], now["number"]),
        "now": (now["moment"], now["number"]),
        "before": (sheet["moment"], sheet["number"]),
    }[moment]
    shutil.rmtree(admitted.key.with_name("key.heads"))
    if moment == "before":  # they are those of that number alone
        told = admitted.refused(f"check --remember --number {now['number']} --words '{words}'")
        assert (told.code, told.error) == (6, "trust/other-words")
    admitted.do(f"check --remember --number {number} --words '{words}'")


def test_a_person_is_asked_and_says_whether_it_is_as_she_expects(forgetful: "Desk") -> None:
    number = number_of(forgetful)
    seen = At(forgetful).run("check --remember", ["many", str(number), "no"])
    assert "The number is written in digits" in seen.text
    assert "Clients in the store: 1. Last change: " in seen.text
    assert "Nothing is remembered, and nothing can be written." in " ".join(seen.text.split())
    assert forgetful.refused("house --others 1").error == "trust/no-memory"
    seen = At(forgetful).run("check --remember", [str(number + 1)])
    assert seen.code == 6
    seen = At(forgetful).run("check --remember", ["", "yes"])
    assert seen.code == 0
    forgetful.do("house --others 1")


def test_a_store_that_was_put_back_meanwhile_is_told_by_the_number_alone(admitted: "Desk", usb: "Path") -> None:
    older = backed_up(admitted)
    admitted.do("house --others 1")
    number = number_of(admitted)
    shutil.rmtree(admitted.store)
    shutil.copytree(older, admitted.store)
    assert admitted.refused("list").error == "journal/rolled-back"
    shutil.rmtree(admitted.key.with_name("key.heads"))
    assert admitted.refused(f"check --remember --number {number}").error == "trust/behind-number"
    admitted.do(f"check --remember --number {number - 1}")


def test_a_note_that_another_key_wrote_or_that_is_damaged_is_none(admitted: "Desk") -> None:
    (note,) = (path for path in admitted.key.with_name("key.heads").iterdir() if not path.suffix)
    for text in (note.read_bytes()[:-1] + b"x", b"", b"\xff\xfe"):
        note.write_bytes(text)
        assert admitted.do("list").codes("warn") == ["trust/no-memory"]
        assert admitted.refused("house --others 1").error == "trust/no-memory"
