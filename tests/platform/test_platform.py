"""What of Windows can be tried elsewhere: its code pages, names for files and line ends."""

import os
import re
import stat
from typing import TYPE_CHECKING, cast

import pytest

from shelterctl.platform.reading import is_link
from shelterctl.ui_language import LETTERS_OF_LANGUAGE
from tests.support.command import run_served
from tests.support.paths import ACCEPTED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.desk import Desk


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "cp437"])
def test_every_command_of_the_main_job_is_read_on_a_terminal_of_an_older_code_page(
    encoding: str, admitted: "Desk"
) -> None:
    """What the terminal has no letter for is written as its nearest; where it has no Russian the program is English."""
    her = admitted.her
    cyrillic = LETTERS_OF_LANGUAGE["ru"].encode(encoding, "ignore") != b""
    for words, given in (
        ("--version", ""), ("--help", ""), ("help admission", ""), ("explain agreement/over-cap", ""), ("list", ""),
        (f"admit {her}", ""), (f"show {her}", ""), (f"agreement {her} --form blue", "blue"),
        (f"agreement {her} --form pink --check", "pink"), ("agreements", ""), ("form pink --blank", ""),
        ("form resident-rights --blank --lang ky", ""), (f"discharge {her} --on 2026-11-25", "discharge"),
        ("monitor due --within 200", ""), ("house", ""), ("check", ""), ("show NUL", ""), ("completion zsh", ""),
    ):  # fmt: skip
        source = ["--from", str(ACCEPTED / f"{given}.yaml")] if given else []
        day = [] if words[:1] == "-" or words.startswith("completion") else ["--as-of", "2026-11-25"]
        env = admitted.env | {"PYTHONIOENCODING": encoding, "SHELTERCTL_LANG": "ru"}
        told = run_served([*words.split(), *source, *day], cwd=admitted.folder, env=env)
        shown = told.out + told.err
        assert told.code == (2 if "NUL" in words else 0), shown
        assert "Traceback" not in shown
        about_her = words.startswith(("show", "form"))  # her name and a form are Cyrillic in every language
        assert "\\u" not in shown or (about_her and not cyrillic), shown


def test_every_file_that_is_made_has_a_name_that_windows_and_a_stick_can_keep(admitted: "Desk", usb: "Path") -> None:
    admitted.do("facility add con --kind shelter --capacity 4 --ngo sezim", {"name": "Дом"})
    admitted.do("staff add aux --role psychologist")
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    admitted.do(f"backup {usb}")
    paths = [path.relative_to(admitted.folder) for path in admitted.folder.rglob("*")]
    assert len(paths) > 9
    assert len({str(path).casefold() for path in paths}) == len(paths)
    for path in paths:
        assert len(str(path)) < 150
        for part in path.parts:
            assert not re.search(r'[<>:"\\|?*\x00-\x1f]|[. ]$', part), path
            assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", part, re.IGNORECASE), path
            assert part.isascii()


@pytest.mark.parametrize("how", ["as it is", "CRLF", "BOM", "BOM and CRLF"])
def test_a_file_of_a_windows_editor_reads_as_any_other(how: str, admitted: "Desk") -> None:
    text = (ACCEPTED / "blue.yaml").read_text("utf-8")
    data = ("\ufeff" * ("BOM" in how) + text).replace("\n", "\r\n" if "CRLF" in how else "\n").encode()
    judged = admitted.do(f"agreement {admitted.her} --form blue --check", data)
    assert (judged.data["total"], judged.refusals) == ("8800.00", [])
    piped = admitted.ask(f"agreement {admitted.her} --form blue --check --from -", input=data)
    assert piped.data["total"] == "8800.00"


@pytest.mark.parametrize("words", ["show CON", "admit AUX", "agreement LPT1 --form blue", "void NUL", "show a\\\\b"])
def test_a_device_of_windows_is_no_client(words: str, admitted: "Desk") -> None:
    assert admitted.refused(words).code == 2


@pytest.mark.parametrize("path", [r"'C:\clients\Айгуль.yaml'", r"'\\server\share\a.yaml'", "NUL", "'a:b'"])
def test_a_path_that_leads_nowhere_is_refused_and_not_repeated(path: str, admitted: "Desk") -> None:
    answer = admitted.refused(f"admit {admitted.her} --from {path}")
    device = admitted.on_windows and path == "NUL"  # which says nothing there, as an empty file does
    assert (answer.code, answer.error) == ((1, "None") if device else (2, "usage/no-file"))
    assert "Айгуль" not in answer.out


@pytest.mark.parametrize(
    ("kind", "tag", "leads"),
    [(stat.S_IFDIR, 0xA0000003, True), (stat.S_IFREG, 0xA000000C, True), (stat.S_IFLNK, 0, True),
     (stat.S_IFREG, 0x9000001A, False), (stat.S_IFDIR, 0, False)],
    ids=["junction", "link", "link of POSIX", "file of a cloud", "folder"],
)  # fmt: skip
def test_a_junction_is_known_for_a_link_and_a_file_of_a_cloud_is_none(kind: int, tag: int, leads: bool) -> None:
    class Found:
        st_mode, st_reparse_tag = kind | 0o777, tag

    assert is_link(cast(os.stat_result, Found())) is leads
