"""The picture of the menu in README is what the menu shows of invented clients."""

import os
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from shelterctl.ui_language import SCREEN_LANGUAGES
from tests.support.terminal import Terminal
from tools import picture

if TYPE_CHECKING:
    from tests.support.desk import Desk

IDS = ("7QF2-M9KD", "4HXB-T6RW", "93NC-J5VE")
"""How the ids of the clients are shown in the picture."""

BEGINS, ENDS = b"\x1b[H", b"\x1b[?2004h> "
"""What wipes the screen, and the prompt below it."""


INTERVIEW = {
    "at": "2026-11-25T09:00", "by": "s-gulnara", "role": "social_worker",
    "safety_assured": True, "confidentiality_assured": True,
}  # fmt: skip


def arrive(desk: "Desk", first: str, last: str, born: str, at: str, **admission: object) -> str:
    given = {
        **({"admission": admission} if admission else {}),
        "identity": {"first_name": first, "last_name": last, "sex": "female", "birth_date": born, "languages": ["ky"]},
        "referral": {"sources": ["iom_ngo_coordinator"], "received_at": at},
        "received": {"at": at, "provisional_reason": "night"},
    }
    return str(desk.do("admit --new-person", given, today="2026-11-25").data["id"])


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_the_picture_of_the_menu_is_what_it_shows(
    language: str, admitted: "Desk", tmp_path_factory: pytest.TempPathFactory
) -> None:
    others = [
        arrive(admitted, "Жылдыз", "Образцова", "1999-05", "2026-11-24T23:10", primary_interview=INTERVIEW),
        arrive(admitted, "Нургуль", "Выдуманная", "2001", "2026-11-25T02:40"),
    ]
    admitted.do(f"backup {tmp_path_factory.mktemp('stick')}", today="2026-11-25")
    with Terminal(admitted, language, size=(34, 80)).live("menu --as-of 2026-11-25") as live:
        written = live.raw
    screen = written.rpartition(ENDS)[0].rpartition(BEGINS)[2].decode().replace("\r\n", "\n") + ">"
    for own, shown in zip((admitted.her, *others), IDS, strict=True):
        screen = screen.replace(own, shown)

    drawn = picture.draw_screen(re.sub(r"\x1b\[(?![\d;]*m)[\d;?]*[A-Za-z]", "", screen), language)
    if os.environ.get("SHELTERCTL_TRANSCRIPTS") == "write":
        picture.picture_path(language).write_text(drawn, "utf-8")
    assert drawn == picture.picture_path(language).read_text("utf-8")


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_the_picture_fetches_nothing(language: str) -> None:
    text = picture.picture_path(language).read_text("utf-8")
    assert not re.search(r"url\((?!#)|https?://(?!www\.w3\.org/2000/svg)|@import|<script", text)
    assert ElementTree.fromstring(text).tag.endswith("svg")  # noqa: S314 - ours
