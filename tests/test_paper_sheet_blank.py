"""The sheet of every track of the shelf, blank: in every medium, on paper within its margins, in three languages."""

import html
from collections.abc import Mapping
from typing import Any

import pytest
from invented_sheets import one_line, pages
from media import pressed
from pdf import outside, overlaid
from sheets import LANGUAGES, UNAPPROVED, blank, words

from shelterctl.act.add import own_command
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import field_at_path
from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.paper.request import printable_tracks
from shelterctl.press.sheet import Medium, render_sheets
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
SHEETS = [track.name for track in printable_tracks(SHELF)]


def labels(fields: Mapping[str, Any], language: str) -> list[str]:
    """What every field is called, also inside groups; of a period whose two days have names of their own, those."""
    inside = [each for one in fields.values() for each in labels(one.fields, language)]
    own = [one for one in fields.values() if not (one.kind == "span" and {"from", "to"} <= one.fields.keys())]
    return [*(one.text[language] for one in own), *inside]


def named(track: Track) -> dict[str, Any]:
    """The fields that stand on a blank by name: columns of rows; of a letter all but those that are its head."""
    if track.sheet.kind in ("log", "ledger"):
        return {column: field_at_path(track.fields, column) for column in track.sheet.columns}
    head = {"recipient", track.day} if track.sheet.kind == "letter" else {"identification_number"}
    return {name: one for name, one in track.fields.items() if name not in head}


def test_whatever_add_writes_has_a_sheet_and_no_form_has_a_second_one() -> None:
    hers = [name for name in SHELF.track_names if HOME_PATHS.keys() & {*SHELF.tracks[name].home}]
    added = {name for name in hers if own_command(SHELF.tracks[name]) is None and name != "hiv"}
    assert added <= set(SHEETS)
    assert not set(SHEETS) & {*SHELF.forms, *SHELF.annex_names, "monitoring-report", "hiv"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHEETS)
def test_every_track_is_printed_blank_in_every_medium(name: str, language: str) -> None:
    track, paper = SHELF.tracks[name], blank(name, language)
    rows = track.sheet.kind in ("log", "ledger")
    for medium in (Medium.TEXT, Medium.MARKDOWN, Medium.HTML):
        told = one_line(render_sheets(paper.sheets, medium).data.decode())
        told = html.unescape(told) if medium is Medium.HTML else told
        assert track.title[language] in told
        if not (rows and medium is Medium.TEXT):  # where a heading is broken within its column
            assert [each for each in labels(named(track), language) if each not in told] == []
    assert (paper.record, paper.code, paper.facts) == (None, None, {})
    assert words(paper).count(UNAPPROVED[language]) == (language != "en")


@pytest.mark.parametrize("name", SHEETS)
def test_every_blank_stands_on_paper_within_its_margins_with_as_many_pages_as_it_says(name: str) -> None:
    for language in LANGUAGES:
        made = pressed(blank(name, language).sheets, Medium.PDF)
        told = pages(made.data)
        assert made.pages == (len(told),)
        assert outside(made.data) == []
        assert overlaid(made.data) == []
        for number, page in enumerate(told, 1):
            assert f"{number} / {len(told)}" in page
            assert SHELF.tracks[name].title[language] in page  # also on the last of them
