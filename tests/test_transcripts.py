"""What a person sees, word for word: every transcript is typed again and must come out the same.

Ids of clients stand as <ID>, of entries as <ENTRY>, keys as <KEY>, clock times as <TIME>. Where a line names no
--as-of, it is 25 November 2026. After a change that is meant, run this module with SHELTERCTL_TRANSCRIPTS=write.
"""

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Desk

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
EXAMPLES = Path(__file__).parents[1] / "examples"
ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
MASKS = [
    (re.compile(r"AGE-SECRET-KEY-1\w+"), "<KEY>"),
    (re.compile(r"(?<=device: )\w{8}\b"), "<DEVICE>"),
    (ID, "<ID>"),
    (re.compile(r"(?<=recorded_at: )\S+"), "<TIME>"),
    (re.compile(r"\b[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{5}\b"), "<ENTRY>"),
]


def typed_again(desk: "Desk", words: str) -> str:
    """The command and all that it says, then how it ended if not well."""
    real = words.replace("<ID>", desk.her)
    answer = desk.run(real, today=None if "--as-of" in words or words.startswith("init") else "2026-11-25")
    if not desk.her and (found := ID.search(answer.out)):
        desk.her = found[0]
    told = answer.out + answer.err + (f"(exit {answer.code})\n" if answer.code else "")
    for mask, word in MASKS:
        told = mask.sub(word, told)
    return f"$ shelterctl {words}\n{told}"


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_comes_out_the_same(transcript: Path, tmp_path: Path, desk: "Desk") -> None:
    here = type(desk)(tmp_path / "fresh")
    shutil.copytree(EXAMPLES / "accepted", here.folder)
    shutil.copytree(EXAMPLES / "refused", here.folder / "refused")
    written = transcript.read_text("utf-8")
    lines = [line.removeprefix("$ shelterctl ") for line in written.splitlines() if line.startswith("$ shelterctl ")]
    told = "\n".join(typed_again(here, line) for line in lines)
    if os.environ.get("SHELTERCTL_TRANSCRIPTS") == "write":
        transcript.write_text(told, "utf-8")
    assert told == written or os.environ.get("SHELTERCTL_TRANSCRIPTS") == "write"


def test_there_are_transcripts() -> None:
    assert [path.stem for path in TRANSCRIPTS] == ["main-job", "refusals"]
