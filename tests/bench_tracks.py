"""A shelf with forty invented tracks more, to see what each costs whoever does not use it."""

import re
import shutil
from pathlib import Path

MANUAL = Path(__file__).parent.parent / "src" / "shelterctl" / "manual"
MODEL = "discharge.yaml"
COUNT = 40


def with_invented_tracks(folder: Path) -> Path | None:
    """A copy of the shelf in *folder* with the tracks in it; None where the shelf has no tracks."""
    model = MANUAL / "tracks" / MODEL
    if not model.is_file():
        return None
    shelf, text = folder / "manual", model.read_text("utf-8")
    shutil.copytree(MANUAL, shelf)
    for number in range(COUNT):
        name = f"invented-{number:02}"
        (shelf / "tracks" / f"{name}.yaml").write_text(invented(text, name), "utf-8")
    return shelf


def invented(text: str, name: str) -> str:
    """The model under another name and at another place of a file."""
    named = re.sub(r"^track: .*$", f"track: {name}", text, count=1, flags=re.MULTILINE)
    return re.sub(r"^at: .*$", f"at: {name.replace('-', '_')}", named, count=1, flags=re.MULTILINE)
