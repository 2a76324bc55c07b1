"""A person at the terminal, word for word: each script is typed again at a real one and must come out the same.

`sittings/NAME.yaml` is what is typed, `sittings/NAME.LANG.txt` what is seen. Ids of clients stand as <ID>. After a
change that is meant, run this module with SHELTERCTL_TRANSCRIPTS=write.
"""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from terminal import At

if TYPE_CHECKING:
    from conftest import Desk

FOLDER = Path(__file__).parent / "sittings"
SCRIPTS = [(script, language) for script in sorted(FOLDER.glob("*.yaml")) for language in ("en", "ru")]
ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
MASKS = [
    (ID, "<ID>"),
    (re.compile(r"\b[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{5}(?=\)|$)", re.MULTILINE), "<ENTRY>"),
    (re.compile(r"\S+ \d\d:\d\d(?=, (by )?[a-z])"), "<TIME>"),
]


def acts(script: Path) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = yaml.safe_load(script.read_text("utf-8"))
    return said


def masked(text: str) -> str:
    for mask, word in MASKS:
        text = mask.sub(word, text)
    return text


@pytest.mark.parametrize(("script", "language"), SCRIPTS, ids=lambda each: getattr(each, "stem", each))
def test_what_is_typed_is_answered_the_same(
    script: Path, language: str, desk: "Desk", request: pytest.FixtureRequest
) -> None:
    told = []
    for act in acts(script):
        if "desk" in act:
            desk = request.getfixturevalue(act["desk"])
            continue
        words = act["run"].replace("<ID>", desk.her)
        seen = At(desk, language, today=act.get("today", "2026-11-25")).run(words, act.get("type", []))
        if not desk.her and (found := ID.search(seen.text)):
            desk.her = found[0]
        told.append(f"$ shelterctl {act['run']}\n{masked(seen.text)}(exit {seen.code})\n")
    transcript = FOLDER / f"{script.stem}.{language}.txt"
    if os.environ.get("SHELTERCTL_TRANSCRIPTS") == "write":
        transcript.write_text("\n".join(told), "utf-8")
    assert "\n".join(told) == transcript.read_text("utf-8")


def test_every_transcript_has_its_script_and_both_languages() -> None:
    assert {path.name for path in FOLDER.glob("*.txt")} == {f"{script.stem}.{each}.txt" for script, each in SCRIPTS}
