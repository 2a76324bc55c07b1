"""The picture as a file: whole or not at all, nothing replaced unasked, nobody in it, the same to the byte."""

import resource
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from terminal import At

if TYPE_CHECKING:
    from conftest import Desk


BEGINS = {"svg": b"<svg ", "html": b"<!DOCTYPE html>", "pdf": b"%PDF-1.7"}


def drawn(desk: "Desk", name: str) -> Path:
    return desk.folder / name


@pytest.mark.posix("the bits of POSIX", "windows/test_rights.py")
@pytest.mark.parametrize("kind", BEGINS)
@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_a_picture_is_written_in_every_language_and_nobody_is_in_it(admitted: "Desk", kind: str, language: str) -> None:
    told = admitted.run(f"house --months 2 --out a.{kind} --lang {language}")
    assert (told.code, told.err) == (0, "")
    data = drawn(admitted, f"a.{kind}").read_bytes()
    assert data.startswith(BEGINS[kind])
    assert drawn(admitted, f"a.{kind}").stat().st_mode & 0o077 == 0
    for private in (admitted.her, "Айгуль", "Примерова", "KG-2026-118"):
        assert private.encode() not in data
        assert private not in told.out
    again = admitted.run(f"house --months 2 --out b.{kind} --lang {language}")
    assert again.code == 0
    assert drawn(admitted, f"b.{kind}").read_bytes() == data


def test_what_is_not_known_is_said_beside_the_picture_too(admitted: "Desk") -> None:
    told = admitted.do("house --out a.svg")
    assert told.data["said"] == ["The picture is written: bishkek, 2026-09-01 to 2026-11-25."]
    assert "nobody has counted them" in admitted.run("house --out b.svg").out


def test_a_file_that_is_there_is_replaced_only_where_that_is_said(admitted: "Desk") -> None:
    drawn(admitted, "a.svg").write_text("mine")
    told = admitted.refused("house --out a.svg")
    assert (told.code, told.refusals) == (1, ["paper/exists"])
    assert drawn(admitted, "a.svg").read_text() == "mine"
    admitted.do("house --out a.svg --overwrite")
    assert drawn(admitted, "a.svg").read_bytes().startswith(BEGINS["svg"])


@pytest.mark.parametrize("out", ["a.png", "a", "absent/a.svg", "- --json"])
def test_where_a_picture_cannot_go(admitted: "Desk", out: str) -> None:
    told = admitted.refused(f"house --out {out}")
    assert (told.code, told.error) == (2, "usage/out")


def test_a_pipe_gets_the_picture_and_nothing_else(admitted: "Desk") -> None:
    told = admitted.run("house --out -")
    assert told.out.startswith("<svg ")
    assert told.out.endswith("</svg>\n")
    assert "nobody has counted them" in told.err
    assert admitted.run("house --out - --as html").out.startswith("<!DOCTYPE html>")
    admitted.do("house --out a.svg")
    assert drawn(admitted, "a.svg").read_text("utf-8") == told.out


def test_a_terminal_is_no_pipe(admitted: "Desk") -> None:
    seen = At(admitted).run("house --out -", [])
    assert seen.code == 2
    assert "<svg" not in seen.text


@pytest.mark.posix("a limit of POSIX on the size of files", "windows/test_trouble.py")
def test_on_a_full_disk_nothing_is_left(admitted: "Desk") -> None:
    full = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))}
    told = admitted.refused("house --out a.svg", **full)
    assert (told.code, told.error) == (8, "disk/full")
    assert not list(admitted.folder.glob("*a.svg*"))


def test_the_months_are_those_that_were_asked_for_and_three_if_nothing_is_said(admitted: "Desk") -> None:
    assert "2026-09" in admitted.run("house --out -").out
    assert "2026-08" not in admitted.run("house --out -").out
    assert "2024-12" in admitted.run("house --out - --months 24").out
    drawn = admitted.run("house --out - --since 2026-11-20 --until 2026-11-22").out
    assert "2026-11-20 – 2026-11-22" in drawn


def test_counting_tonight_and_drawing_are_two_things(admitted: "Desk") -> None:
    told = admitted.refused("house --others 2 --out a.svg")
    assert (told.code, told.error) == (2, "usage/one-thing")


def test_a_language_that_only_paper_has_does_not_change_the_screen(admitted: "Desk") -> None:
    assert "The picture is written" in admitted.run("house --out a.svg --lang ky", env={"LANG": "C.UTF-8"}).out
    told = admitted.refused("house --months 2 --lang ky")
    assert (told.code, told.error) == (2, "usage/lang")
