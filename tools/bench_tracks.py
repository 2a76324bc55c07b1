"""Make a program with forty additional invented tracks, to see what each costs a user who does not use it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent
BESIDE = ("docs", "examples", "templates")
MODEL = "discharge.yaml"
COUNT = 40


def with_invented_tracks(folder: Path) -> Path | None:
    """Return a copy of the project in *folder* with the tracks in its rulebook, compiled; None if the rulebook has no
    tracks.
    """
    shutil.copytree(PROJECT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "schemas", folder / "schemas")
    for name in BESIDE:
        (folder / name).symlink_to(PROJECT / name)
    tracks = folder / "src" / "shelterctl" / "manual" / "tracks"
    if not (tracks / MODEL).is_file():
        return None
    text = (tracks / MODEL).read_text("utf-8")
    for number in range(COUNT):
        name = f"invented-{number:02}"
        (tracks / f"{name}.yaml").write_text(invented(text, name), "utf-8")
    variables = {**os.environ, "PYTHONPATH": str(folder / "src")}
    generate = (sys.executable, "-m", "tools.generated", "shelf", "schemas")
    subprocess.run(generate, check=True, env=variables, cwd=PROJECT)
    return folder


def invented(text: str, name: str) -> str:
    """Return the model track under another name and at another place of a file."""
    named = re.sub(r"^track: .*$", f"track: {name}", text, count=1, flags=re.MULTILINE)
    return re.sub(r"^at: .*$", f"at: {name.replace('-', '_')}", named, count=1, flags=re.MULTILINE)
