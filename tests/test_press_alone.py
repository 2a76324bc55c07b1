"""The press by itself: equal sheets are equal bytes whoever prints them, nothing is fetched, nothing else is read."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ACCEPTED, PROJECT, Desk
from hostile import CORPUS

TYPED = json.dumps(CORPUS["typst-read"] + CORPUS["typst-import"] + CORPUS["html-image"] + CORPUS["md-image"])
BLUE = (ACCEPTED / "blue.yaml").read_text("utf-8").replace("Б. Образцова", TYPED)

ALL = """
import hashlib, json, sys
from shelterctl.session import Options, Session
from shelterctl.paper.forms import make_blank_paper
from shelterctl.paper.request import PaperRequest
from shelterctl.paper.request import form_titles
from shelterctl.press.sheet import Medium
from shelterctl.press.sheet import render_sheets
here = Session(options=Options(as_of="2026-11-25"))
wanted = [PaperRequest(form, language) for form in form_titles(here.rulebook) for language in ("en", "ru", "ky")]
said = {}
for one in wanted if sys.argv[1] == "forwards" else reversed(wanted):
    sheets = make_blank_paper(here, one).sheets
    for medium in Medium:
        pressed = render_sheets(sheets, medium)
        assert render_sheets(sheets, medium) == pressed
        said[f"{one.form} {one.language} {medium}"] = hashlib.sha256(pressed.data).hexdigest()
print(json.dumps(said))
"""

WATCHED = """
import json, sys
events = []
def hook(event, words):
    room = event.partition(".")[0]
    if room in ("open", "socket", "urllib", "http", "ftplib", "subprocess", "shutil", "ctypes") or event in RUNS:
        events.append([event, str(words[0])])
RUNS = ("os.system", "os.exec", "os.posix_spawn", "os.fork", "os.listdir", "os.scandir")
from shelterctl.session import Options, Session
from shelterctl.paper.forms import make_blank_paper
from shelterctl.paper.request import PaperRequest
from shelterctl.press.sheet import Medium
from shelterctl.press.sheet import render_sheets
here = Session(options=Options(as_of="2026-11-25"))
here.rulebook
sys.addaudithook(hook)
for form in ("pink", "shelter-rules", "monitoring-report"):
    for medium in Medium:
        render_sheets(make_blank_paper(here, PaperRequest(form, "ru")).sheets, medium)
print(json.dumps(events))
"""


def python(code: str, *words: str, cwd: Path, **env: str) -> Any:
    own = {"PATH": os.defpath, "PYTHONPATH": str(PROJECT / "src"), "PYTHONDONTWRITEBYTECODE": "1", **env}
    command = [sys.executable, "-c", code, *words]
    return json.loads(subprocess.run(command, env=own, cwd=cwd, capture_output=True, check=True).stdout)


def test_equal_sheets_are_equal_bytes_in_any_process_and_after_any_other(tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    session = {"PYTHONHASHSEED": "1", "TZ": "Asia/Bishkek", "LANG": "ru_RU.UTF-8", "HOME": str(tmp_path)}
    there = {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LANG": "C", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"}
    one = python(ALL, "forwards", cwd=tmp_path, **session)
    assert len(one) == len(set(one.values())) >= 72
    assert python(ALL, "backwards", cwd=tmp_path / "else", **there) == one


def test_a_filled_sheet_is_the_same_however_often_it_is_printed(admitted: Desk) -> None:
    admitted.do(f"agreement {admitted.her} --form blue", BLUE)
    admitted.anew = True
    for kind in ("pdf", "html"):
        printed = []
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland")):
            out = admitted.folder / f"{seed}.{kind}"
            env = {"PYTHONHASHSEED": seed, "TZ": zone}
            assert admitted.run(f"form blue {admitted.her} --lang ru --out {out}", env=env).code == 0
            printed.append(out.read_bytes())
        assert printed[0] == printed[1]


def test_python_opens_nothing_but_the_program_and_its_templates(tmp_path: Path) -> None:
    events = python(WATCHED, cwd=tmp_path, HOME=str(tmp_path))
    assert {event for event, _ in events} <= {"open", "os.listdir", "os.scandir"}
    own = (*(PROJECT / name for name in ("src", "schemas", "templates")), Path(sys.prefix), Path(sys.base_prefix))
    there = {Path(path) for event, path in events}
    strange = [
        path for path in there if not any(path.is_relative_to(folder) for folder in (*own, *map(Path.resolve, own)))
    ]
    assert not strange
    assert PROJECT / "templates/agreement.html.j2" in there
    assert not list(tmp_path.iterdir())


def traced(tmp_path: Path) -> bool:
    """Whether calls to the system can be looked at here."""
    command = ["strace", "-qq", "-o", str(tmp_path / "tried"), "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.program("strace")
def test_nothing_is_asked_of_the_network_or_of_other_files(admitted: Desk, tmp_path: Path) -> None:
    if os.geteuid() or not traced(tmp_path):
        pytest.skip("strace may not look into a process that hides itself")
    admitted.do(f"agreement {admitted.her} --form blue", BLUE)
    out, calls = admitted.folder / "sheet.pdf", tmp_path / "calls"
    watched = ["strace", "-f", "-qq", "-e", "trace=%network,open,openat,execve", "-o", str(calls)]
    words = ["-m", "shelterctl", "form", "blue", admitted.her, "--lang", "ru", "--out", str(out)]
    subprocess.run(
        [*watched, sys.executable, *words], env=admitted.env, cwd=admitted.folder, check=True, capture_output=True
    )

    lines = calls.read_text("utf-8", "replace").splitlines()
    assert not [line for line in lines if re.search(r"\b(socket|connect|sendto|bind)\(", line)]
    assert len([line for line in lines if "execve(" in line]) == 1
    opened = {
        found[1] for line in lines if "ENOENT" not in line and (found := re.search(r'open(?:at)?\(.*?"([^"]*)"', line))
    }
    assert str(PROJECT / "templates/fonts/NotoSans-Regular.ttf") in opened
    assert {path for path in opened if "font" in path.lower()} <= {
        str(path) for path in (PROJECT / "templates").rglob("*")
    }
    assert not {path for path in opened if re.match("/etc/(?!ld|local|ssl)|/home|/var", path)}
    assert out.read_bytes().startswith(b"%PDF")
