"""What a person sees, word for word: every transcript is typed again and must come out the same.

Ids of clients stand as <ID>, of entries as <ENTRY>, of stores as <STORE>, codes of sheets as <CODE>, keys as <KEY>, the
words of a store as <WORDS>, clock times as <TIME>, real days as <DAY>, the fingerprint of the shelf as <IMPRINT>.
Where a line names no --as-of, it is 25 November 2026. After a change that is meant, run this module with
SHELTERCTL_TRANSCRIPTS=write.
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
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{3}(?:-[0-9A-HJKMNP-TV-Z]{3}){2}\b")
MASKS = [
    (re.compile(r"AGE-SECRET-KEY-1\w+"), "<KEY>"),
    (re.compile(r"(?<=device: )\w{8}\b"), "<DEVICE>"),
    (re.compile(r"\bS[0-9A-HJKMNP-TV-Z]{12}\b"), "<STORE>"),
    (re.compile(r"(?<=words of this store: )(?:[a-z]+ ){3}[a-z]+"), "<WORDS>"),
    (re.compile(r"(?<=words of the store are the same: )(?:[a-z]+ ){3}[a-z]+"), "<WORDS>"),
    (re.compile(r"(?<=Its words: )(?:[a-z]+ ){3}[a-z]+"), "<WORDS>"),
    (re.compile(r"(?<=words of this moment: )(?:[a-z]+ ){3}[a-z]+"), "<WORDS>"),
    (re.compile(r"(?<=the old paper since )\S+(?=,)"), "<DAY>"),
    (re.compile(r"(?<=the paper of )\S+(?=\.)"), "<DAY>"),
    (re.compile(r"^[0-9a-hjkmnp-tv-z]{8}(?=  )", re.MULTILINE), "<DEVICE>"),
    (ID, "<ID>"),
    (CODE, "<CODE>"),
    (re.compile(r"(?<=printed on )\S+"), "<TIME>"),
    (re.compile(r"(?<=recorded_at: )\S+"), "<TIME>"),
    (re.compile(r"(?<=imprint: )\S+"), "<IMPRINT>"),
    (re.compile(r"(?<=Last change: )\S+ \S+(?=,)"), "<TIME>"),
    (re.compile(r"\b[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{5}\b"), "<ENTRY>"),
]


def commands(transcript: Path) -> list[str]:
    lines = transcript.read_text("utf-8").splitlines()
    return [line.removeprefix("$ shelterctl ") for line in lines if line.startswith("$ shelterctl ")]


def today(words: str) -> str | None:
    return None if "--as-of" in words or words.startswith("init") else "2026-11-25"


def meant(desk: "Desk", words: str) -> str:
    """The command with the id of this desk's client and the code of the sheet that was printed last."""
    return words.replace("<ID>", desk.her).replace("<CODE>", desk.sheet)


def typed_again(desk: "Desk", words: str) -> str:
    """The command and all that it says, then how it ended if not well."""
    answer = desk.run(meant(desk, words), today=today(words))
    if not desk.her and (found := ID.search(answer.out)):
        desk.her = found[0]
    if found := CODE.search(answer.out):
        desk.sheet = found[0]
    told = (answer.out + answer.err).replace(str(desk.folder), "<FOLDER>")
    for mask, word in MASKS:
        told = mask.sub(word, told)
    return f"$ shelterctl {words}\n{told}" + (f"(exit {answer.code})\n" if answer.code else "")


@pytest.fixture
def bare(desk: "Desk", tmp_path: Path) -> "Desk":
    """A desk with nothing on it but the examples."""
    bare = type(desk)(tmp_path / "bare")
    shutil.copytree(EXAMPLES / "accepted", bare.folder)
    shutil.copytree(EXAMPLES / "refused", bare.folder / "refused")
    return bare


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_comes_out_the_same(transcript: Path, bare: "Desk") -> None:
    told = "\n".join(typed_again(bare, words) for words in commands(transcript))
    if os.environ.get("SHELTERCTL_TRANSCRIPTS") == "write":
        transcript.write_text(told, "utf-8")
    assert told == transcript.read_text("utf-8")


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_with_json_is_pages_that_end_the_same(transcript: Path, bare: "Desk") -> None:
    ends = [re.search(r"\(exit (\d+)\)", told) for told in transcript.read_text("utf-8").split("$ shelterctl ")[1:]]
    for words, end in zip(commands(transcript), ends, strict=True):
        answer = bare.ask(meant(bare, words).replace("--format csv", ""), today=today(words))
        bare.her = bare.her or answer.data.get("id", "")
        bare.sheet = next((row["code"] for row in answer.data.get("printed", ()) if row["code"]), bare.sheet)
        assert answer.code == int(end[1] if end else 0)


def test_there_are_transcripts() -> None:
    assert [path.stem for path in TRANSCRIPTS] == ["main-job", "new-paper", "paper", "refusals"]
