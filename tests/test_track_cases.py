"""Case files of tracks, which a caseworker can read: an entry of an invented client, and what is found wrong with it.

``cases/tracks/<track>.yaml`` says what stands in her file besides (``hers``, ``stay``), and in groups under a sentence
each ``entry`` with what it breaks: ``found`` as "severity verb place clause", as ``check`` finds it in her file. A file
may have an ``entry`` over which each case lays its own. ``act`` is an act that was done to it, ``left`` the day of her
leaving, ``today`` the day taken as today. Under ``due`` stands what her list of deadlines says with some ``entries`` of
the track: "state row day", with "gaps" and their number where something is due every day, and "minutes" where somebody
is late at the hour ``now``. What a case does not expect
must not be found.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tried import SHELF, Case, around, each_of, files, findings

from shelterctl.core.manual.track import DANGER_LATE
from shelterctl.core.rules.deadlines import Obligation, list_track_obligations
from shelterctl.language import format_sentence
from shelterctl.ui_language import SCREEN_LANGUAGES

FILES = files("tracks")
KEYS = {"entry", "found", "act", "left", "today", "hers", "stay", "clear"}
DUE_KEYS = {"entries", "rows", "left", "today", "now", "hers", "stay"}


def cases(under: str, keys: set[str]) -> Iterator[Any]:
    for name, file in FILES.items():
        for number, (group, case) in enumerate(each_of(file, under)):
            assert not {*case} - keys, (name, group, {*case} - keys)
            yield pytest.param(name, case, id=f"{name}: {group} ({number + 1})")


@pytest.mark.parametrize(("name", "case"), list(cases("cases", KEYS)))
def test_what_an_entry_breaks(name: str, case: Case) -> None:
    found = findings(name, FILES[name], case)
    assert [words for _, words in found] == case["found"]
    for one, _ in found:
        for language in SCREEN_LANGUAGES:
            words = format_sentence(one.message, one.facts, language)
            assert words
            assert "{" not in words


def row(one: Obligation) -> str:
    gaps = f" gaps {one.gaps}" if one.gaps else ""
    late = f" {one.minutes_since_due} minutes" if one.danger == DANGER_LATE and one.minutes_since_due else ""
    return f"{one.state} {one.row or one.what} {one.due_on}{gaps}{late}"


@pytest.mark.parametrize(("name", "case"), list(cases("due", DUE_KEYS)))
def test_what_is_due(name: str, case: Case) -> None:
    entries = [{"id": f"E{number}", **one} for number, one in enumerate(case.get("entries") or ())]
    held = around(name, FILES[name], case, entries)
    assert [row(one) for one in list_track_obligations([SHELF.tracks[name]], held, 60)] == case["rows"]
