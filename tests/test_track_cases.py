"""Case files of tracks, which a caseworker can read: an entry of an invented client, and what is found wrong with it.

``cases/tracks/<track>.yaml`` says what stands in her file besides (``hers``, ``stay``), and in groups under a sentence
each ``entry`` with what it breaks: ``found`` as "severity verb place clause". ``act`` is an act that rests on it, and
``left`` the day on which she left; ``today`` is the day taken as today. Under ``due`` stands what her list of deadlines
says with some ``entries`` of the track: "state row day", with "gaps" and their number where something is due every day.
What a case does not expect must not be found, and a rule that no case breaks is named under ``never``.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small import yaml

from shelterctl.core.around import Around
from shelterctl.core.due import Owed, of_tracks
from shelterctl.core.entry import days
from shelterctl.core.finding import Finding
from shelterctl.core.judgement import judge_entry
from shelterctl.core.record import Client
from shelterctl.core.track import Track
from shelterctl.language import SPOKEN, say
from shelterctl.library import open_shelf

FOLDER = Path(__file__).parent / "cases" / "tracks"
SHELF = open_shelf()
AROUND: Mapping[str, Any] = yaml((FOLDER / "_client.yaml").read_text("utf-8"))
FILES = {path.stem: yaml(path.read_text("utf-8")) for path in sorted(FOLDER.glob("[a-z]*.yaml"))}
KEYS = {"entry", "found", "act", "left", "today", "hers", "stay", "clear"}
DUE_KEYS = {"entries", "rows", "left", "today", "hers", "stay"}

Case = Mapping[str, Any]


def laid(under: Mapping[str, Any], *over: Mapping[str, Any] | None) -> dict[str, Any]:
    """Keys laid over others; null takes one out."""
    whole = dict(under)
    for each in over:
        whole |= each or {}
    return {name: value for name, value in whole.items() if value is not None}


def her_file(file: Mapping[str, Any], case: Case, track: Track, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Her file as a case has it, with these entries of the track in their place."""
    stay = laid(AROUND["stay"], file.get("stay"), case.get("stay"))
    if "left" in case:
        stay |= {"discharge": {"on": case["left"]}}
    record = laid(AROUND["record"], file.get("hers"), case.get("hers"))
    record["stays"] = record.get("stays", [stay])
    home: dict[str, Any] = record["stays"][-1] if track.of_a_stay and record["stays"] else record
    *above, last = track.at.split(".")
    for key in above:
        home[key] = {**home.get(key, {})}
        home = home[key]
    told = [{**track.tells, **one} for one in entries]
    home[last] = ([*home.get(last, []), *told] if track.many else told[-1]) if told else home.get(last, [])
    return record


def around_her(file: Mapping[str, Any], case: Case, track: Track, entries: list[dict[str, Any]]) -> Around:
    today = date.fromisoformat(case.get("today", file.get("today", AROUND["today"])))
    her = Client(her_file(file, case, track, entries))
    acts = frozenset({case["act"]} if "act" in case else ())
    return Around(
        day=today, today=today, client=her, stay=her.stay, acts=acts, registers=AROUND["registers"], tracks=SHELF.tracks
    )


def cases() -> Iterator[Any]:
    for name, file in FILES.items():
        for group, listed in (file.get("cases") or {}).items():
            for number, case in enumerate(listed):
                assert not {*case} - KEYS, (name, group, {*case} - KEYS)
                yield pytest.param(name, case, id=f"{name}: {group} ({number + 1})")


def owed() -> Iterator[Any]:
    for name, file in FILES.items():
        for group, listed in (file.get("due") or {}).items():
            for number, case in enumerate(listed):
                assert not {*case} - DUE_KEYS, (name, group, {*case} - DUE_KEYS)
                yield pytest.param(name, case, id=f"{name}: {group} ({number + 1})")


def judged(name: str, case: Case) -> list[tuple[Finding, str]]:
    track, file = SHELF.tracks[name], FILES[name]
    held = around_her(file, case, track, [{"id": "NEW", **case["entry"]}])
    entry = next(one for one in held.hers(name) if one.written.get("id", "NEW") == "NEW")
    assert not entry.malformed, entry.malformed
    held.day = days(entry) or held.day
    return [(one, told(one, entry.where)) for one in judge_entry(entry, held.besides(entry))]


def told(one: Finding, where: str) -> str:
    place = one.where.removeprefix(where)
    return f"{one.severity} {one.code.removeprefix('track/')} {place or '/'} {one.clause}"


@pytest.mark.parametrize(("name", "case"), list(cases()))
def test_what_an_entry_breaks(name: str, case: Case) -> None:
    found = judged(name, case)
    assert [words for _, words in found] == case["found"]
    for one, _ in found:
        for language in SPOKEN:
            words = say(one.message, one.facts, language)
            assert words
            assert "{" not in words


def row(one: Owed) -> str:
    gaps = f" gaps {one.gaps}" if one.gaps else ""
    return f"{one.state} {one.row or one.what} {one.due_on}{gaps}"


@pytest.mark.parametrize(("name", "case"), list(owed()))
def test_what_is_due(name: str, case: Case) -> None:
    track, file = SHELF.tracks[name], FILES[name]
    entries = [{"id": f"E{number}", **one} for number, one in enumerate(case.get("entries") or ())]
    held = around_her(file, case, track, entries)
    assert [row(one) for one in of_tracks([track], held, 60)] == case["rows"]


@pytest.mark.parametrize("name", FILES)
def test_every_rule_of_the_track_is_broken_by_a_case(name: str) -> None:
    """A rule that no case breaks may as well not be there."""
    track, file = SHELF.tracks[name], FILES[name]
    found = (each for _, case in _of(name) for each in judged(name, case))
    broken = {f"{words.split()[1]} {one.clause}" for one, words in found}
    rules = {(rule.code or rule.verb).removeprefix("track/") + " " + _clause(track, rule) for rule in track.rules}
    assert rules - broken == {*file.get("never", ())}


def _clause(track: Track, rule: Any) -> str:
    clause = rule.history[-1].clause
    one = track.fields.get(rule.names[0].partition(".")[0])
    return str(clause or (one.clause if one else "") or "")


def _of(name: str) -> Iterator[tuple[str, Case]]:
    for group, listed in (FILES[name].get("cases") or {}).items():
        yield from ((group, case) for case in listed)
