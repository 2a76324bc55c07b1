"""The places of a record taken down from the shelf, each with the words of its codes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shelterctl.core.place import Place
from shelterctl.language import N_, Text
from shelterctl.library.written import known, take

NO_LIST = N_("there is no such list of codes")


def places(folder: Path, elsewhere: Mapping[str, Mapping[str, Text]]) -> Mapping[str, Place]:
    """Every place by its path; *elsewhere* are lists of codes whose words stand beside what they name."""
    written = take(folder, "record.yaml", "record")
    lists = {**written["lists"], **elsewhere}
    return {path: _place(path, place, lists) for path, place in written["places"].items()}


def _place(path: str, written: Mapping[str, Any], lists: Mapping[str, Mapping[str, Text]]) -> Place:
    if "of" in written:
        known("record.yaml", f"/places/{path}/of", [written["of"]], lists, NO_LIST)
    return Place(
        path=path,
        text=written["text"],
        clause=written.get("clause"),
        hint=written.get("hint"),
        codes=lists[written["of"]] if "of" in written else written.get("codes", {}),
        open=written.get("open", False),
    )
