"""The kit and the wheel: installed with the network off in an account that has nothing, whole outside the tree."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from filelock import FileLock
from hatchling.builders.wheel import WheelBuilder

from shelterctl import __version__
from shelterctl.platform.process import python_command
from tests.support.paths import PROJECT
from tests.support.processes import patience
from tests.support.sampled import stride
from tools import kit, lock, sbom

ALONE = ["unshare", *(["--net"] if os.geteuid() == 0 else ["--map-root-user", "--net"])]
OFFLINE = "grep -v -e Inter- -e face -e ' lo:' /proc/net/dev"
"""Fails where no device but the loopback is left."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit for this Python, made once for all processes that test."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with FileLock(shared / "kit.lock"):
        if not (shared / "kit" / "SHA256SUMS").exists():
            kit.make(shared / "kit")
    return shared / "kit"


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A copy of the kit that may be spoiled, its wheels linked."""
    return Path(shutil.copytree(made, tmp_path / "kit", copy_function=os.link))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An account in which nothing is installed."""
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def around(home: Path) -> dict[str, str]:
    python = Path(sys.executable).resolve()  # what an environment was made from: the kit makes its own
    return {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8", "PYTHON": str(python)}


def install(folder: Path, home: Path, *before: str, **variables: str) -> subprocess.CompletedProcess[str]:
    words = [*before, "/bin/sh", str(folder / "install.sh")]
    return subprocess.run(
        words,
        env=around(home) | variables,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=patience(120),
    )


def replaced(file: Path, text: str) -> None:
    """The file with other words, as a file of its own: it may be a link to what others test."""
    file.unlink()
    file.write_text(text, "utf-8")


def sealed(copy: Path) -> None:
    """The checksums written anew, so that only what else is wrong can be noticed."""
    (copy / "SHA256SUMS").unlink()
    kit.seal(copy)


def refused(told: subprocess.CompletedProcess[str], home: Path, code: int, *words: str) -> None:
    assert told.returncode == code, told.stdout + told.stderr
    assert all(word in told.stderr for word in words), told.stderr
    assert "Traceback" not in told.stderr
    assert not (home / ".local/bin/shelterctl").is_symlink()
    assert not list((home / ".local").glob("lib/shelterctl/*"))


@pytest.mark.program("unshare")
def test_the_main_job_is_done_where_there_is_no_network(made: Path, home: Path) -> None:
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system does not let us take the network away (unshare --net)")
    cut_off = subprocess.run([*ALONE, "sh", "-c", OFFLINE], capture_output=True, check=False)
    assert (cut_off.returncode, cut_off.stdout) == (1, b"")

    told = install(made, home, *ALONE)
    assert (told.returncode, told.stderr) == (0, "")
    launcher = home / ".local/bin/shelterctl"
    assert f"shelterctl {__version__}" in told.stdout
    for line in (f"called by {launcher}", f"вызывается через {launcher}", f"{launcher} demo run"):
        assert line in told.stdout

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*ALONE, str(launcher), *words], env=around(home), cwd=home, capture_output=True, text=True, check=False
        )

    shown = run("demo", "run", str(home / "demo"))
    assert (shown.returncode, shown.stderr) == (0, "")
    assert (home / "demo/house/shelter.yaml").is_file()
    assert run("check", "--store", str(home / "demo/house"), "--identity", str(home / "demo/key")).returncode == 0
    assert (home / ".local/share/man/man1/shelterctl.1").read_text("utf-8").startswith(".\\")
    assert "_shelterctl" in (home / ".local/share/bash-completion/completions/shelterctl").read_text("utf-8")

    again = install(made, home, *ALONE)
    assert (again.returncode, again.stderr) == (0, "")
    assert sorted(path.name for path in (home / ".local/lib/shelterctl").iterdir()) == [__version__, f"{__version__}-2"]
    assert os.readlink(launcher) == str(home / f".local/lib/shelterctl/{__version__}-2/bin/shelterctl")


def test_a_wheel_that_was_changed_is_named_and_nothing_is_installed(copy: Path, home: Path) -> None:
    changed = next(copy.glob("wheels/segno*"))
    replaced(changed, "other")
    refused(install(copy, home), home, 6, f"wheels/{changed.name}", "damaged", "повреждён")


@pytest.mark.parametrize(
    "name",
    [
        "wheels/pyrage-99-py3-none-any.whl", "wheels/pip.conf", "venv.py", "sitecustomize.py", ".hidden", "a b.py",
        "wheels/sub/pip.py", "pip/__init__.py", "encodings/__init__.py",
    ],
)  # fmt: skip
def test_a_file_that_nobody_listed_is_no_part_of_the_kit(name: str, copy: Path, home: Path) -> None:
    (copy / name).parent.mkdir(exist_ok=True)
    (copy / name).write_bytes(b"")
    told = name if name.count("/") == name.startswith("wheels/") else name.rpartition("/")[0]
    refused(install(copy, home), home, 6, f"not part of the kit: {told}.", f"Это не из набора: {told}.", str(copy))


def test_neither_a_link_nor_an_empty_folder_is_part_of_the_kit_and_no_name_is_obeyed(copy: Path, home: Path) -> None:
    (copy / "empty").mkdir()
    (copy / "wheels/linked").symlink_to(home)
    (copy / "x\x1b[2J\ny").write_bytes(b"")
    refused(install(copy, home), home, 6, "empty, wheels/linked, x?[2J?y.")


def test_a_listed_file_that_is_a_link_now_is_none(copy: Path, home: Path) -> None:
    (copy / "README.txt").rename(home / "README.txt")
    (copy / "README.txt").symlink_to(home / "README.txt")
    refused(install(copy, home), home, 6, "README.txt", "повреждён")


@pytest.mark.parametrize("name", ["install.py", "SHA256SUMS", "KIT"])
def test_what_runs_first_is_held_against_the_list_before_it_runs(name: str, copy: Path, home: Path) -> None:
    replaced(copy / name, f"open({str(home / 'mark')!r}, 'w')\n")
    refused(install(copy, home), home, 3 if name == "KIT" else 6)
    assert not (home / "mark").exists()
    (copy / name).unlink()
    refused(install(copy, home), home, 6, f"{name}.", "повреждён")


MODULES = (
    "venv.py", "logging.py", "hashlib.py", "tempfile.py", "subprocess.py", "python.py", "install.py", "shelterctl.py",
    "sitecustomize.py", "usercustomize.py", "pip/__init__.py", "pip/__main__.py", "encodings/__init__.py",
    "ensurepip/__init__.py", "shelterctl/__init__.py", "typer/__init__.py", "yaml/__init__.py",
)  # fmt: skip
PROGRAMS = ("python3", "python", f"python{kit.HERE}", "sed", "dirname", "cat", "mktemp", "sha256sum")


def strangers(folder: Path, mark: Path) -> Path:
    """A folder full of what Python, pip and shells would run, each of which leaves a mark."""
    for name in MODULES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"open({str(mark)!r}, 'a').write({name!r} + '\\n')\n")
    for name in PROGRAMS:
        (folder / name).write_text(f"#!/bin/sh\necho {name} >> {mark}\nexit 1\n")
        (folder / name).chmod(0o755)
    (folder / "pip.conf").write_text("[install]\nno-index = nonsense\n")
    (folder / "pyvenv.cfg").write_text("home = /nowhere\n")
    return folder


STARTS = ("beside the kit", "in the kit", "elsewhere")


@pytest.mark.sampled
@pytest.mark.parametrize("start", STARTS[:: stride(3)])
def test_nothing_is_run_that_lies_beside_the_kit_or_where_somebody_stands(
    start: str, made: Path, home: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    beside, elsewhere = (strangers(tmp_path / name, mark) for name in ("downloads", "elsewhere"))
    strangers(beside.parent / "above", mark)
    folder = Path(shutil.copytree(made, beside / "kit", copy_function=os.link))
    python = Path(sys.executable).resolve()
    around_ = {
        **around(home), "PYTHON": "", "PATH": f".::{python.parent}:{os.defpath}:", "PYTHONPATH": f".:{elsewhere}",
        "PYTHONSTARTUP": "venv.py", "PYTHONHOME": "/nowhere", "PIP_CONFIG_FILE": "pip.conf", "PIP_REQUIRE_VENV": "1",
        "PIP_INDEX_URL": "http://127.0.0.1:9/", "VIRTUAL_ENV": str(elsewhere), "ENV": "venv.py",
    }  # fmt: skip
    subprocess.run([python, "-c", "import venv"], cwd=elsewhere, capture_output=True, check=False)
    assert mark.read_text()  # so would they run
    mark.unlink()
    cwd, words = {
        "beside the kit": (beside, "kit/install.sh"),
        "in the kit": (folder, "install.sh"),
        "elsewhere": (elsewhere, str(folder / "install.sh")),
    }[start]
    told = subprocess.run(
        ["/bin/sh", words], env=around_, cwd=cwd, capture_output=True, text=True, check=False, timeout=patience(120)
    )
    assert (told.returncode, told.stderr) == (0, "")
    launcher = home / ".local/bin/shelterctl"
    for typed in (["--version"], ["explain", "A5.2a"], ["demo", "run", str(home / "demo")]):
        told = subprocess.run(
            [launcher, *typed], env=around_, cwd=elsewhere, capture_output=True, text=True, check=False
        )
        assert (told.returncode, told.stderr) == (0, ""), typed
    assert not mark.exists(), mark.read_text()
    assert [path.name for path in (home / ".local/lib/shelterctl").iterdir()] == [__version__]


def test_what_the_program_starts_of_itself_runs_no_code_of_the_folder_that_it_starts_in(tmp_path: Path) -> None:
    folder = strangers(tmp_path / "folder", tmp_path / "mark")
    for words in (["-c", "import yaml"], ["-m", "shelterctl", "--version"]):
        subprocess.run(python_command(*words), cwd=folder, capture_output=True, check=True)
        assert not (tmp_path / "mark").exists()
    subprocess.run([sys.executable, "-c", "import yaml"], cwd=folder, capture_output=True, check=False)
    assert (tmp_path / "mark").exists()


def test_a_file_that_is_lacking_is_named(copy: Path, home: Path) -> None:
    (copy / "README.txt").unlink()
    refused(install(copy, home), home, 6, "README.txt")


def test_without_a_python_it_says_which_is_needed(made: Path, home: Path, tmp_path: Path) -> None:
    """A PATH with what a shell needs, and no Python on it."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "sed", "cat", "dirname"):
        (programs / name).symlink_to(shutil.which(name) or "")
    told = install(made, home, PATH=str(programs), PYTHON="")
    refused(told, home, 3, f"needs Python {kit.HERE}", "none.", f"нужен Python {kit.HERE}", "ничего.")


def test_another_python_than_the_wheels_are_for_is_refused(copy: Path, home: Path) -> None:
    replaced(copy / "KIT", f"version: {__version__}\npython: 3.99\nsystem: linux\n")
    sealed(copy)
    refused(install(copy, home), home, 3, "needs Python 3.99", f"there is: {kit.HERE}.")


def test_another_system_is_refused(copy: Path, home: Path) -> None:
    replaced(copy / "KIT", f"version: {__version__}\npython: {kit.HERE}\nsystem: win32\n")
    sealed(copy)
    refused(install(copy, home), home, 1, "on win32", "для Python")


def test_wheels_that_do_not_fit_leave_nothing_behind(copy: Path, home: Path) -> None:
    wheel = next(copy.glob("wheels/pyrage*"))
    wheel.rename(wheel.with_name(f"pyrage-{wheel.name.split('-')[1]}-cp39-cp39-win_amd64.whl"))
    sealed(copy)
    refused(install(copy, home), home, 1, "pyrage", "do not fit", "не подходят")


def test_a_program_of_that_name_from_elsewhere_is_not_touched(made: Path, home: Path) -> None:
    mine = home / ".local/bin/shelterctl"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    refused(install(made, home), home, 1, "not from a kit", "не из набора")
    assert mine.read_text() == "mine"


def test_an_account_that_cannot_be_written_to_is_said_to_be_so(made: Path, home: Path) -> None:
    (home / ".local").write_text("a file where a folder belongs")
    told = install(made, home)
    assert told.returncode in (1, 8)
    assert "Traceback" not in told.stderr
    assert "Установить не удалось" in told.stderr or "Диск" in told.stderr


def wheel(folder: Path, name: str, *requires: str) -> Path:
    made = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as packed:
        lines = [f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {one}" for one in requires)]
        packed.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(lines))
    return made


def test_what_the_lock_forgot_is_known_for_the_system_that_needs_it(tmp_path: Path) -> None:
    one = wheel(tmp_path, "one", 'colorama>=0.4; sys_platform == "win32"', "two", 'three; python_version < "3.12"')
    both = [one, wheel(tmp_path, "two", 'four; extra == "more"')]
    assert kit.lacking(both, lock.around("win32", "3.12")) == {"colorama"}
    assert kit.lacking(both, lock.around("linux", "3.11")) == {"three"}


def test_the_kit_says_what_it_consists_of(made: Path) -> None:
    said = json.loads((made / sbom.FILE).read_text("utf-8"))
    wheels = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made.glob("wheels/*")}
    parts = [said["metadata"]["component"], *said["components"]]
    assert {part["bom-ref"]: part["hashes"][0]["content"] for part in parts} == wheels
    assert all(part["version"] and part["licenses"] and part["purl"].startswith("pkg:pypi/") for part in parts)
    assert (parts[0]["name"], parts[0]["licenses"]) == ("shelterctl", [{"expression": "Apache-2.0 AND OFL-1.1"}])
    pins = {pin.name: pin for pin in lock.read_kit_pins(sys.platform, kit.HERE)}
    assert {part["name"] for part in said["components"]} == pins.keys()
    for part in said["components"]:
        assert part["version"] == pins[part["name"]].version
        assert part["hashes"][0]["content"] in {sha256 for _, sha256 in pins[part["name"]].wheels}
    (program,) = [one for one in said["dependencies"] if one["ref"] == parts[0]["bom-ref"]]
    for name in ("cryptography", "xlsxwriter", "openpyxl", "arro3_io"):
        assert any(each.startswith(f"{name}-") for each in program["dependsOn"]), name
    assert sbom.FILE in (made / "SHA256SUMS").read_text("utf-8")
    assert sbom.FILE in (made / "README.txt").read_text("utf-8")


def test_what_it_consists_of_is_told_in_the_published_form_and_the_same_each_time(tmp_path: Path) -> None:
    wheels = [wheel(tmp_path, "own", "two>=1"), wheel(tmp_path, "two")]
    around = lock.around("linux", "3.12")
    made = sbom.document(wheels, wheels[0].name, around)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(made)) is None
    assert made == sbom.document(reversed(wheels), wheels[0].name, around)
    assert made["dependencies"][0]["dependsOn"] == [wheels[1].name]
    assert "timestamp" not in made["metadata"]
    wheel(tmp_path, "two", "three")
    assert made["serialNumber"] != sbom.document(wheels, wheels[0].name, around)["serialNumber"]


def test_a_time_stands_in_it_only_where_whoever_builds_says_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764115200")
    own = wheel(tmp_path, "own")
    made = sbom.document([own], own.name, lock.around("linux", "3.12"))
    assert made["metadata"]["timestamp"] == "2025-11-26T00:00:00Z"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(made)) is None


ROOT = PROJECT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    wheel = next(iter(WheelBuilder(str(ROOT)).build(directory=str(folder))))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


SHARED = {
    "man/man1/shelterctl.1": "docs/man/shelterctl.1",
    "bash-completion/completions/shelterctl": "src/shelterctl/shells/shelterctl.bash",
    "zsh/site-functions/_shelterctl": "src/shelterctl/shells/_shelterctl",
    "fish/vendor_completions.d/shelterctl.fish": "src/shelterctl/shells/shelterctl.fish",
}
"""Where man and shells look, below share/, and what they find there."""


def run(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": str(installed), "SHELTERCTL_IDENTITY": str(installed.parent / "key")}
    program = [sys.executable, "-c", "from shelterctl.__main__ import main; main()", *words]
    return subprocess.run(program, cwd=installed.parent, env=variables, capture_output=True, text=True, check=False)


def test_the_wheel_carries_everything_that_lies_on_the_shelf(installed: Path) -> None:
    rulebook = {path.relative_to(ROOT / "src") for path in (ROOT / "src/shelterctl/manual").rglob("*.yaml")}
    compiled = {path.relative_to(ROOT / "src") for path in (ROOT / "src/shelterctl/compiled").rglob("*.json")}
    spoken = {path.relative_to(ROOT / "src") for path in (ROOT / "src/shelterctl/locale").rglob("*.mo")}
    schemas = {path.relative_to(ROOT / "schemas") for path in (ROOT / "schemas").rglob("*.json")}

    assert spoken
    assert len(compiled) > len(rulebook)
    assert all((installed / path).is_file() for path in rulebook | compiled | spoken)
    assert all((installed / "shelterctl/_shipped/schemas" / path).is_file() for path in schemas)
    docs = (*(ROOT / "docs/topics").rglob("*"), *(ROOT / "docs").glob("*.yaml"))
    read = (*docs, *(ROOT / "examples/cases").iterdir(), *(ROOT / "examples/accepted").iterdir())
    read_too = [path.relative_to(ROOT) for path in read if path.is_file()]
    assert all((installed / "shelterctl/_shipped" / path).is_file() for path in read_too)


def test_man_and_shells_find_what_they_need(installed: Path) -> None:
    (shared,) = installed.glob("shelterctl-*.data/data/share")
    found = {path.relative_to(shared).as_posix(): path.read_bytes() for path in shared.rglob("*") if path.is_file()}
    assert found == {place: (ROOT / source).read_bytes() for place, source in SHARED.items()}


def test_forms_work_outside_the_tree(installed: Path) -> None:  # and the demonstration, where a kit is installed
    for words in (("pink",), ("resident-rights", "--lang", "ky")):
        printed = run(installed, "form", *words, "--blank", "--out", f"{words[0]}.pdf")
        assert (printed.returncode, printed.stderr) == (0, "")
        assert (installed.parent / f"{words[0]}.pdf").read_bytes().startswith(b"%PDF")
    assert run(installed, "completion", "bash").stdout.startswith("#")
    assert "kg-2008" in run(installed, "--version").stdout


def test_the_main_words_work_outside_the_tree(installed: Path) -> None:
    made = run(installed, "init", "house", "--shelter", "bishkek", "--no-passphrase", "--recovery", "recovery")
    referral = str(installed / "shelterctl/_shipped/examples/accepted/referral.yaml")
    admitted = run(installed, "admit", "--from", referral, "--store", "house", "--json")
    schema = run(installed, "schema", "resident")
    explained, helped = run(installed, "explain", "usage/date"), run(installed, "help", "admission")

    assert (made.returncode, made.stderr) == (0, "")
    assert (admitted.returncode, admitted.stderr) == (0, "")
    assert (schema.returncode, schema.stderr) == (0, "")
    assert (explained.returncode, helped.returncode) == (0, 0)
