"""The recording that is played as a film: it is what the program shows, in each language of the screen."""

import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from shelterctl.cli.demo import NIGHT, RECORDED_ID
from shelterctl.terminal.recording import RECORDINGS, readable_text
from tests.support.revised_rulebook import LANGUAGES
from tests.support.terminal import LiveTerminal, Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


ANSWERS = (
    "1", "1999.13", "05.1999", "1", "24.11 23:40", "?", "ночь, координатор не отвечает", "", "Айжан", "", "Примерова",
    ".", "",
)  # fmt: skip
"""A woman is received at night: one answer is mistyped, one question is asked about, and the rest is left for later."""
SECONDS_PER_KEY, SECONDS_PER_CHARACTER, LONGEST_PAUSE = 0.07, 0.02, 6.0
"""Seconds a key, seconds a character that was written before the next answer, and the longest pause."""
SIZE = (24, 80)
HEADER = {"version": 2, "width": SIZE[1], "height": SIZE[0]}
PASTING = re.compile(r"\x1b\[\?2004[hl]\r?")
"""What the library for typing lines writes besides, in some of its versions."""
ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


def recorded(live: LiveTerminal) -> str:
    """The whole sitting as a file: what was written, and what was typed key by key, after how many seconds."""
    seconds, begun, echo = 0.0, 0, ""
    events: list[tuple[float, str, str]] = []
    for answer in (*ANSWERS, None):
        piece = ID.sub(RECORDED_ID, PASTING.sub("", live.raw[begun:].decode())).removeprefix(echo)
        begun = len(live.raw)
        events.append((round(seconds, 2), "o", piece))
        if answer is None:
            break
        seconds += min(len(readable_text(piece)) * SECONDS_PER_CHARACTER, LONGEST_PAUSE)
        for key in answer:
            seconds += SECONDS_PER_KEY
            events.append((round(seconds, 2), "o", key))
        live.type(answer)
        echo = answer
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in (HEADER, *events))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_film_is_what_the_program_shows(language: str, desk: "Desk") -> None:
    with Terminal(desk, language, size=SIZE).live("admit") as live:
        seen = recorded(live)
        assert live.over
    recording = RECORDINGS / f"{NIGHT}.{language}.cast"
    if os.environ.get("SHELTERCTL_TRANSCRIPTS") == "write":
        recording.write_text(seen, "utf-8")
    assert seen == recording.read_text("utf-8")


def test_the_demonstration_has_the_file_that_is_typed_in_the_film(desk: "Desk") -> None:
    seen = Terminal(desk).run("admit", ANSWERS).text
    typed = desk.record(ID.findall(seen)[0])
    told = desk.run("demo run shown", today=None).out
    assert RECORDED_ID not in told
    (her,) = re.findall(r"are saved in file (\S+)\.", told)
    stored = desk.do(f"show {her} --names --store shown/house --identity shown/key", today=None).data["record"]
    assert stored["identity"] == typed["identity"]
    for part in ("referral", "received"):
        kept, meant = ({**each["stays"][0][part], "recorded_at": None} for each in (stored, typed))
        assert kept == meant
