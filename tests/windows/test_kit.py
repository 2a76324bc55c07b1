"""The kit for a computer without Python: unpacked by somebody who has nothing, installed, used, taken away."""

import hashlib
import json
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from filelock import FileLock
from pypdf import PdfReader

from shelterctl import __version__
from tests.support.terminal import LEAVE
from tests.windows import computer
from tests.windows.console import Console
from tools import embedded, kit, lock, sbom

MEGABYTE = 10**6
MOST = 75 * MEGABYTE
"""What the zip may weigh, to fit any stick."""

UNPACKED = "Приют Ө"
USER = "R&D Ө (ключ)"
"""Whoever sits there has an account with every sign that cmd takes for its own."""

PROGRAMS = Path("AppData/Local/Programs/shelterctl")
UNINSTALL = str(PROGRAMS / "uninstall.cmd").replace("/", "\\")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit and its zip, made once for all processes that test."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    zipped = shared / "windows.zip"
    with FileLock(shared / "windows.lock"):
        if not zipped.exists():
            kit.packed(kit.make_for_windows(shared / "windows-kit"), zipped)
    return zipped


class Bare(NamedTuple):
    """A computer on which nothing was installed, and the home of whoever sits there."""

    prefix: Path
    home: Path

    @property
    def around(self) -> dict[str, str]:
        """Its environment; whatever is asked for a key to go on goes on."""
        return {**computer.around(self.prefix), "USER": USER, "SHELTERCTL_QUIET": "yes"}

    @property
    def stick(self) -> Path:
        """What lies on its drive E:, which can be taken out."""
        return self.prefix.parent / "stick"

    def run(self, *words: str, cwd: Path | None = None, **around: str) -> subprocess.CompletedProcess[bytes]:
        """A command typed into cmd there."""
        typed, env = ["wine", "cmd", "/c", *words], {**self.around, **around}
        return subprocess.run(typed, cwd=cwd or self.home, env=env, capture_output=True, check=False)

    def registry(self, key: str) -> str:
        """What the registry has under a key."""
        return self.run("reg", "query", key).stdout.decode("cp866", "replace")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    """A computer of its own, on which nothing is left installed between two tests."""
    prefix = tmp_path_factory.mktemp("bare") / "prefix"
    env = {**computer.around(prefix), "USER": USER}
    computer.booted(env)
    (home,) = (each for each in (prefix / "drive_c/users").iterdir() if each.name != "Public")
    made = Bare(prefix, home)
    made.stick.mkdir()
    (prefix / "dosdevices/e:").symlink_to(made.stick)
    made.run("reg", "add", r"HKLM\Software\Wine\Drives", "/v", "e:", "/d", "floppy", "/f")
    computer.ended(prefix)  # what drives there are is looked up once
    computer.awake(env)
    yield made
    computer.ended(prefix)


def unpacked(made: Path, bare: Bare) -> Path:
    """The folder of the kit, unpacked into her downloads."""
    place = bare.home / "Downloads" / UNPACKED
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    shutil.unpack_archive(made, place)
    (folder,) = place.iterdir()
    return folder


@pytest.mark.long
@pytest.mark.program("tmux")
def test_a_night_from_the_zip_to_the_uninstaller(made: Path, bare: Bare, console: Console) -> None:
    folder = unpacked(made, bare)
    told = bare.run("install.cmd", cwd=folder)
    assert told.returncode == 0, told.stdout.decode()
    assert "Меню открывает ярлык на рабочем столе: Приют" in told.stdout.decode()
    assert bare.run("install.cmd", cwd=folder).returncode == 0  # once more: it lies beside, and the old one goes
    assert {path.name for path in (bare.home / PROGRAMS).iterdir() if path.is_dir()} == {f"{__version__}-2"}
    assert bare.registry(r"HKCU\Environment").count("shelterctl") == 1
    place = bare.home / PROGRAMS / f"{__version__}-2"
    _open(bare, place, folder)
    shutil.rmtree(folder.parent)  # the stick is taken away

    link = bare.home / "Desktop" / "Приют.lnk"
    start = bare.home / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Приют.lnk"
    assert start.is_file()
    looks = link.read_bytes().find(struct.pack("<II", 204, 0xA0000002))
    assert looks == len(link.read_bytes()) - 204 - 4
    assert "Courier New".encode("utf-16-le") in link.read_bytes()[looks:]
    assert "menu.exe" in link.read_bytes().decode("utf-16-le", "ignore") + link.read_bytes().decode("latin-1")
    assert str(PROGRAMS).replace("/", "\\") + f"\\{__version__}" in bare.registry(r"HKCU\Environment")
    listed = bare.registry(r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\shelterctl")
    assert f"shelterctl {__version__}" in listed
    assert f"shelterctl {__version__}".encode() in bare.run("shelterctl", "--version").stdout

    _night(bare, console, place)
    (sheet,) = (bare.home / "papers").glob("*.pdf")
    assert PdfReader(sheet).pages
    assert not any("Примерова" in path.name for path in bare.home.rglob("*"))

    (copy,) = bare.stick.iterdir()
    asked = "import sys; from pathlib import Path; from shelterctl.platform.writing import is_private\n"
    asked += "print(*(is_private(Path(each)) for each in sys.argv[1:]))"
    both = ("house\\shelter.yaml", f"E:\\{copy.name}\\shelter.yaml")
    words = ["wine", str(place / "python/python.exe"), "-c", asked, *both]
    told = subprocess.run(words, cwd=bare.home, env=bare.around, capture_output=True, check=False)
    assert told.stdout.split() == [b"True", b"False"]  # another computer reads the copy too
    house = bare.home / "house"
    shutil.rmtree(house)
    told = bare.run("shelterctl", "restore", "E:\\", "--store", "house", "--identity", "key")
    assert told.returncode == 0, told.stdout.decode() + told.stderr.decode()
    common = ("--store", "house", "--identity", "key")
    (her,) = json.loads(bare.run("shelterctl", "list", "--json", *common).stdout)["data"]["rows"]
    assert "Чүрөк".encode() in bare.run("shelterctl", "show", her["id"], "--names", "--json", *common).stdout

    told = bare.run(UNINSTALL)
    assert told.returncode == 0, told.stdout.decode()
    assert not (bare.home / PROGRAMS).exists()
    assert not link.exists()
    assert not start.exists()
    assert "shelterctl" not in bare.registry(r"HKCU\Environment")
    assert house.is_dir()
    assert (bare.home / "key").is_file()


def _night(bare: Bare, console: Console, place: Path) -> None:
    """A store by a command, a reception and a sheet in the menu that the link opens, a backup to the other drive."""
    told = bare.run(
        "shelterctl", "init", "house", "--shelter", "bishkek", "--identity", "key", "--no-passphrase",
        "--recovery", "recovery.txt",
    )  # fmt: skip
    assert told.returncode == 0, told.stdout.decode() + told.stderr.decode()
    own = {**bare.around, "SHELTERCTL_STORE": "house", "SHELTERCTL_IDENTITY": "key", "SHELTERCTL_LANG": "ru"}
    console.start(["wine", computer_path(bare, place / "menu.exe")], own, bare.home, wine=own)
    console.until("Что сделать?")
    console.type("1")
    for answer, question in (
        ("1", "Пол"), ("1999", "Дата рождения"), ("1", "Кто привёл"), ("", "Когда она пришла"),
        ("", "Дата рождения ребёнка"),
    ):  # fmt: skip
        console.until(question)
        console.type(answer)
    console.until("Имя (1 из 5)")
    console.type("Чүрөк")
    console.until("Отчество (2 из 5)")
    console.type("")
    console.until("Фамилия (3 из 5)")
    console.type("Примерова")
    console.until("примерная")
    console.press("C-c")
    console.until("Enter – назад.")
    console.type("")
    console.until("Что сделать?")
    console.type(LEAVE)
    assert console.ended() == 0
    (bare.home / "papers").mkdir()
    common = ("--store", "house", "--identity", "key")
    listed = json.loads(bare.run("shelterctl", "list", "--json", *common).stdout)
    (her,) = listed["data"]["rows"]
    told = bare.run("shelterctl", "form", "resident-rights", her["id"], "--out", "papers\\rights.pdf", *common)
    assert told.returncode == 0, told.stdout.decode() + told.stderr.decode()
    told = bare.run("shelterctl", "backup", "E:\\", *common)
    assert told.returncode == 0, told.stdout.decode() + told.stderr.decode()


def computer_path(bare: Bare, path: Path) -> str:
    """A path of that computer as it names it itself."""
    return "C:\\" + str(path.relative_to(bare.prefix / "drive_c")).replace("/", "\\")


def _open(bare: Bare, place: Path, folder: Path) -> None:
    """While the program is open neither the uninstaller nor a newer kit takes anything of it away."""
    before = sorted(place.rglob("*"))
    python, waiting = str(place / "python/python.exe"), "print('here', flush=True); input()"
    newer = "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); import install\n"
    newer += "install.away(old := Path(sys.argv[2])); print(old.is_dir())"
    with subprocess.Popen(
        ["wine", python, "-c", waiting],
        cwd=bare.home, env=bare.around, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as one:  # fmt: skip
        assert one.stdout is not None
        assert b"here" in one.stdout.readline()
        told = bare.run(UNINSTALL)
        assert told.returncode == 1
        assert "Закройте её окна" in told.stdout.decode()
        paths = (computer_path(bare, folder), computer_path(bare, place))
        told = subprocess.run(["wine", python, "-Bc", newer, *paths], env=bare.around, capture_output=True, check=False)
        assert told.stdout.strip() == b"True", told.stderr.decode()
        one.communicate(b"\n")
    assert (bare.home / "Desktop/Приют.lnk").is_file()
    assert sorted(place.rglob("*")) == before


def test_it_starts_from_the_stick_and_weighs_what_it_may(made: Path, bare: Bare) -> None:
    folder = unpacked(made, bare)
    told = bare.run("program\\shelterctl.exe", "--version", cwd=folder)
    assert told.stdout.startswith(f"shelterctl {__version__}".encode())
    assert made.stat().st_size <= MOST
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= 200 * MEGABYTE


WRITE_TABLES = """
import datetime, decimal, io
import openpyxl
from shelterctl.tabular.files import write_table
from shelterctl.tabular.table import Table, TableColumn
from shelterctl.tabular.text import Dialect
from arro3.io import read_parquet
columns = [TableColumn("code", "string", {"en": "code"}), TableColumn("amount", "number", {"en": "amount"})]
table = Table("lines", {"en": "lines"}, columns, [("1.1", decimal.Decimal("2000.50")), ("Чүрөк", None)])
book = openpyxl.load_workbook(io.BytesIO(write_table(table, "xlsx", Dialect())))
assert list(book["lines"].values) == [("code", "amount"), ("1.1", 2000.5), ("Чүрөк", None)]
read = read_parquet(io.BytesIO(write_table(table, "parquet", Dialect()))).read_all()
assert read["code"].to_pylist() == ["1.1", "Чүрөк"]
assert read["amount"].to_pylist() == [decimal.Decimal("2000.50"), None]
"""


def test_the_kit_writes_and_reads_workbooks_and_parquet(made: Path, bare: Bare) -> None:
    folder = unpacked(made, bare)
    python = ["wine", computer_path(bare, folder / "program/python/python.exe")]
    ran = subprocess.run([*python, "-c", WRITE_TABLES], env=bare.around, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    own = folder / "program/python/Lib"
    for name in ("openpyxl", "et_xmlfile", "xlsxwriter"):
        assert any("licen" in path.name.lower() for path in own.glob(f"{name}-*.dist-info/**/*")), name
    (apache,) = own.glob("shelterctl-*.dist-info/**/LICENSE")  # that of arro3 too, whose wheels have no text of it
    assert "Apache License" in apache.read_text("utf-8")


def test_the_installer_alone_says_that_the_zip_is_to_be_unpacked(made: Path, bare: Bare) -> None:
    """As whoever opens it inside the zip has it."""
    alone = bare.home / "Downloads" / "alone"
    alone.mkdir(parents=True)
    shutil.copy(unpacked(made, bare) / "install.cmd", alone)
    told = bare.run("install.cmd", cwd=alone)
    assert told.returncode == 2
    assert b"Unpack the whole zip first" in told.stdout


def test_a_kit_that_was_damaged_is_not_installed(made: Path, bare: Bare) -> None:
    folder = unpacked(made, bare)
    file = folder / "program/python/Lib/shelterctl/__main__.py"
    kept = file.read_bytes()
    stranger = file.with_name("stranger.py")
    for spoiled, besides in ((kept + b"\n", False), (None, False), (kept, True)):
        file.unlink() if spoiled is None else file.write_bytes(spoiled)
        if besides:
            stranger.write_text("")
        told = bare.run("install.cmd", cwd=folder)
        assert told.returncode == 6
        assert "Ничего не установлено" in told.stdout.decode()
        assert not list((bare.home / PROGRAMS).glob("*"))


MODULES = (
    "venv.py", "python.py", "hashlib.py", "ctypes.py", "winreg.py", "shutil.py", "account.py", "check.py", "install.py",
    "sitecustomize.py", "usercustomize.py", "shelterctl.py", "shelterctl/__init__.py", "encodings/__init__.py",
)  # fmt: skip
BATCHES = ("chcp", "python", "find", "findstr", "reg", "certutil", "rmdir", "where")


def strangers(folder: Path) -> Path:
    """A folder full of what cmd and Python would run, each of which leaves a mark."""
    for name in MODULES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"open(r'C:\\mark', 'a').write('{name}')\n")
    for name in (f"{batch}.{kind}" for batch in BATCHES for kind in ("bat", "cmd")):
        (folder / name).write_text(f"@echo {name}>>C:\\mark\n@exit /b 1\n")
    return folder


def mark(bare: Bare) -> Path:
    """What they leave."""
    return bare.prefix / "drive_c" / "mark"


HOSTILE = {"PYTHONPATH": ".", "PYTHONHOME": "C:\\nowhere", "PYTHONSTARTUP": "venv.py"}


COMPILE = """
import importlib._bootstrap_external as made, importlib.util, os, sys
source = sys.argv[1]
about, place = os.stat(source), importlib.util.cache_from_source(source)
os.makedirs(os.path.dirname(place), exist_ok=True)
code = compile("open(r'C:\\\\mark', 'a')", source, "exec")
open(place, "wb").write(made._code_to_timestamp_pyc(code, int(about.st_mtime), about.st_size))
"""
"""Puts what leaves a mark in the place of what Python compiled of a module, as it lies in a kit that was started."""


def test_nothing_is_run_that_lies_beside_the_kit_or_where_somebody_stands(made: Path, bare: Bare) -> None:
    folder = unpacked(made, bare)
    strangers(folder.parent)
    elsewhere = strangers(bare.home / "elsewhere")
    bare.run("chcp", "65001", cwd=elsewhere)
    assert mark(bare).is_file()  # so would they run
    mark(bare).unlink()
    module = folder / "program/python/Lib/shelterctl/platform/__init__.py"
    python = ["wine", computer_path(bare, folder / "program/python/python.exe")]
    words = [*python, "-c", COMPILE, computer_path(bare, module)]
    subprocess.run(words, cwd=bare.home, env=bare.around, check=True, capture_output=True)
    assert list(module.parent.glob("__pycache__/*.pyc"))
    told = bare.run(f"..\\Downloads\\{UNPACKED}\\{folder.name}\\install.cmd", cwd=elsewhere, **HOSTILE)
    assert told.returncode == 0, told.stdout.decode()
    told = bare.run("shelterctl", "explain", "A5.2a", cwd=elsewhere, **HOSTILE)
    assert told.returncode == 0, told.stdout.decode() + told.stderr.decode()
    told = bare.run(f"..\\{UNINSTALL}", cwd=elsewhere, **HOSTILE)
    assert told.returncode == 0, told.stdout.decode()
    assert not mark(bare).exists(), mark(bare).read_text()


def test_what_nobody_listed_is_named_and_nothing_of_it_is_run(made: Path, bare: Bare) -> None:
    folder = unpacked(made, bare)
    for names in (
        (".hidden", "chcp.bat", "ctypes.py", "program/python/hashlib.py", "program/python/version.dll"),
        ("program/python/Lib/shelterctl/__pycache__", "program/python/sitecustomize.py", "sub"),
    ):
        for name in names:
            path = folder / name if "." in name else folder / name / "x.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text("@echo x>C:\\mark" if name.endswith(".bat") else "open(r'C:\\mark', 'a')\n")
        told = bare.run("install.cmd", cwd=folder)
        assert told.returncode == 6, names
        assert f"not part of the kit: {', '.join(names)}. Nothing was installed" in told.stdout.decode()
        assert f"Это не из набора: {', '.join(names)}. Ничего не установлено" in told.stdout.decode()
        for name in names:
            shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink()
    for name in ("check.py", "install.py", "SHA256SUMS"):
        kept = (folder / name).read_bytes()
        (folder / name).write_text("open(r'C:\\mark', 'a')\n")
        assert bare.run("install.cmd", cwd=folder).returncode == 6
        (folder / name).write_bytes(kept)
    assert not mark(bare).exists()
    assert not list((bare.home / PROGRAMS).glob("*"))


@pytest.mark.program("osslsigncode")
def test_pythons_own_programs_are_signed_and_one_that_was_spoiled_is_not(made: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(made, tmp_path)
    (folder,) = tmp_path.iterdir()
    python = folder / "program/python"
    assert embedded.unsigned(python) == []
    spoiled = python / "python.exe"
    data = bytearray(spoiled.read_bytes())
    data[4096] ^= 1
    spoiled.write_bytes(data)
    assert embedded.unsigned(python) == ["python.exe"]


def test_every_file_is_what_the_lock_names(made: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(made, tmp_path)
    (folder,) = tmp_path.iterdir()
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert sums.keys() == there.keys() - {"SHA256SUMS"}
    assert all(hashlib.sha256(there[name].read_bytes()).hexdigest() == digest for name, digest in sums.items())
    parts = json.loads((folder / sbom.FILE).read_text("utf-8"))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(parts)) is None
    assert {"python", "distlib", "typst", "pyrage"} <= {part["name"] for part in parts["components"]}


def test_what_was_downloaded_and_is_not_what_the_lock_names_is_refused(tmp_path: Path) -> None:
    wrong = lock.read(embedded.LOCK)["distlib"]._replace(wheels=(("py2.py3-none-any", "0" * 64),))
    with pytest.raises(subprocess.CalledProcessError):
        embedded.downloaded(tmp_path, [wrong], "--only-binary", ":all:")
