"""A recorded session at the terminal: what was written and when, to be played as a film or read as lines of text.

A test records it, and compares it with what the program shows.
"""

import json
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from shelterctl.language import format_sentence
from shelterctl.terminal.screen import has_colours
from shelterctl.ui_language import N_

RECORDINGS = Path(__file__).parents[1] / "recordings"

OWN_SCREEN = N_("( a separate screen )")
SCREEN_GONE = N_("( the screen closes, with all that was on it )")
SCREEN_WIPED = N_("( the screen is wiped )")
_WIPE = r"(?:\x1b\[2J\x1b\[3J\x1b\[H)"
_MARKS = (
    (re.compile(r"(?:(?<![^\r\n])|(?<=\x1b\[K))[^\r\n]*\r\x1b\[K"), ""),  # a line that was erased again
    (re.compile(rf"\x1b\[\?1049h{_WIPE}*"), "{own}\n"),
    (re.compile(rf"{_WIPE}*\x1b\[\?1049l"), "{gone}\n"),
    (re.compile(rf"{_WIPE}+"), "\n{wiped}\n"),
    (re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07"), ""),
    (re.compile(r" \r(?!\n)|\r"), ""),
)
"""Control sequences of a terminal, each with the words that stand for it; empty if it is left out."""
_SCREEN_SWITCHES = re.compile(rf"\x1b\[\?1049h{_WIPE}?|\x1b\[\?1049l")
"""Control sequences that open and close a separate screen."""


class RecordedPiece(NamedTuple):
    """Text written at once, and the seconds since the beginning."""

    at: float
    text: str


def read_recording(name: str, language: str) -> list[RecordedPiece]:
    """Return the recording of that name in a language of the screen; the file is an asciicast of version 2."""
    _, *events = (RECORDINGS / f"{name}.{language}.cast").read_text("utf-8").splitlines()
    return [RecordedPiece(at, text.replace("\r\n", "\n")) for at, _, text in map(json.loads, events)]


def play_recording(pieces: Iterable[RecordedPiece]) -> None:
    """Write a recording on the screen at the speed at which it was typed; the present screen stays in use."""
    shown = 0.0
    for piece in pieces:
        time.sleep(piece.at - shown)
        shown = piece.at
        sys.stdout.write(_SCREEN_SWITCHES.sub("", piece.text) if has_colours() else readable_text(piece.text))
        sys.stdout.flush()


def readable_text(written: str, language: str = "en") -> str:
    """Return what was written on a terminal as lines of text, with words in brackets for screens that begin and end."""
    words = {
        name: format_sentence(mark, {}, language)
        for name, mark in (("own", OWN_SCREEN), ("gone", SCREEN_GONE), ("wiped", SCREEN_WIPED))
    }
    text = written.replace("\r\n", "\n")
    for pattern, mark in _MARKS:
        text = pattern.sub(mark.format_map(words), text)
    return text
