"""What is installed is whole: schemas, shelf and examples travel in the wheel, and it works outside the tree."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent


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
    read = (*(ROOT / "docs").rglob("*"), *(ROOT / "examples/cases").iterdir(), *(ROOT / "examples/accepted").iterdir())
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
