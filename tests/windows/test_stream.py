"""What goes into a file or another program, and comes out of one: UTF-8 on a computer whose code pages are others."""

import subprocess
from pathlib import Path

import pytest

from tests.support.command import run_served as on_linux
from tests.support.desk import Desk
from tests.support.paths import ACCEPTED
from tests.windows import computer, door
from tests.windows.door import there

KYRGYZ = "form resident-rights --blank --lang ky --as txt --out -"


def redirected(desk: Desk, words: str, into: Path) -> None:
    """The command as a shell of Windows redirects it: its own handle to a file, no pipe of ours."""
    with into.open("wb") as out:
        subprocess.run(
            computer.command("-m", "shelterctl", *words.split()), cwd=desk.folder, stdout=out, check=True,
            env={**there(desk.env), **computer.around()},
        )  # fmt: skip


def test_the_code_pages_are_those_of_a_russian_computer() -> None:
    asked = "import ctypes, locale; k = ctypes.windll.kernel32; print(k.GetACP(), k.GetOEMCP(), locale.getencoding())"
    assert computer.run("-c", asked).stdout.split() == [b"1251", b"866", b"cp1251"]


def test_a_kyrgyz_form_is_redirected_byte_for_byte_as_on_linux(desk: Desk) -> None:
    redirected(desk, KYRGYZ, desk.folder / "form.txt")
    written = (desk.folder / "form.txt").read_bytes()
    linux = on_linux(KYRGYZ.split(), cwd=desk.folder, env=desk.env)
    assert written == linux.out.encode()
    assert all(letter in written.decode().casefold() for letter in "өү")
    assert b"\r" not in written


@pytest.mark.parametrize("words", ["list --format csv", "list --format ndjson", "help admission --lang ru", "house"])
def test_every_answer_is_the_same_bytes_as_on_linux(words: str, admitted: Desk) -> None:
    admitted.do(f"admit {admitted.her}", {"identity": {"first_name": "Өмүркан"}})
    typed = [*words.split(), *([] if words.startswith("help") else ["--as-of", "2026-11-25"])]
    told = subprocess.run(
        computer.command("-m", "shelterctl", *typed), cwd=admitted.folder, capture_output=True, check=True,
        env={"SHELTERCTL_LANG": "en", **there(admitted.env), **computer.around()},
    )  # fmt: skip
    assert told.stdout.decode() == on_linux(typed, cwd=admitted.folder, env=admitted.env).out


@pytest.mark.parametrize("encoding", ["cp866", "cp1251", "utf-16", "utf-8-sig"])
def test_what_is_piped_in_another_code_page_is_refused_with_its_remedy(encoding: str, anew: Desk) -> None:
    text = (
        '{"identity": {"first_name": "Өмүркан"}}' if encoding.startswith("utf") else "identity: {first_name: Айгуль}\n"
    )
    before = anew.digest_of_store()
    told = anew.ask(f"admit {anew.her} --from -", input=text.encode(encoding))
    if encoding == "utf-8-sig":
        assert told.code == 0
        return
    assert (told.code, told.refusals) == (1, ["document/encoding"])
    assert "UTF-8" in told.page["findings"][0]["message"]
    assert anew.digest_of_store() == before


def test_lines_with_carriage_returns_are_read_as_any_other(anew: Desk) -> None:
    data = (ACCEPTED / "blue.yaml").read_text("utf-8").replace("\n", "\r\n")
    judged = anew.ask(f"agreement {anew.her} --form blue --check --from -", input=f"\ufeff{data}".encode())
    assert judged.data["total"] == "8800.00"


def test_a_reader_that_leaves_early_is_no_error(anew: Desk) -> None:
    leaves = "import subprocess, sys\n" + (
        "one = subprocess.Popen([sys.executable, '-m', 'shelterctl', 'help', 'admission'], stdout=subprocess.PIPE,"
        " stderr=subprocess.PIPE)\none.stdout.close()\nprint(one.stderr.read(), one.wait())"
    )
    told = computer.run("-c", leaves, env=there(anew.env))
    assert told.stdout.split() == [b"b''", b"0"]


def test_a_name_in_a_message_is_no_less_secret_there(anew: Desk) -> None:
    told = door.started(["list", "--names"], cwd=anew.folder, env=anew.env)
    assert told.code == 2
    assert "Примерова" not in told.out + told.err
