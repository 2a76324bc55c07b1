"""The words of a register of a house: a whole one is read without a slip, and a slip is told by place and word."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.lint.whole import check_rulebook
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook

WATCH = """\
schema: track/1
track: watch
text: {en: a watch}
clause: M1.2.5
home: house
at: watches
keeps: many
day: starts_at
fields:
  starts_at: {is: time, must: true, text: {en: Begins at}}
  ends_at: {is: time, text: {en: Ends at}}
  kind: {is: code, text: {en: Which watch}, codes: {duty: {en: duty}, help: {en: help}}}
  by: {is: party, of: [staff], text: {en: Who is on watch}}
  seen: {is: party, of: [clients], several: true, text: {en: Whom she saw}}
  where: {is: party, of: [facilities], text: {en: Where}}
  broke_at: {is: time, text: {en: When something broke}}
  mended_at: {is: time, text: {en: When it was mended}}
  on: {is: day, text: {en: Day}}
  minutes: {is: text, text: {en: Minutes}}
  tasks:
    is: group
    several: true
    text: {en: Tasks}
    fields:
      owner: {is: party, of: [staff], text: {en: Who does it}}
      until: {is: day, text: {en: By when}}
      done_on: {is: day, text: {en: Done on}}
rules:
  - {covers: [starts_at, ends_at], within: house, from: opened, to: now, where: {kind: [duty]}, clause: M1.2.5}
  - {once: [starts_at, ends_at], within: house, same: kind, clause: M1.2.5}
  - {stands: watch, within: house, where: {kind: [help]}, from: {of: starts_at, days: -7},
     strength: should, clause: M1.2.5}
  - {dated: mended_at, to: {of: broke_at, hours: 24}, clause: M1.2.5}
  - {by: by, role: [manager], when: {house: [shelter]}, clause: M1.2.5}
due:
  - {from: broke_at, after: {hours: 24}, until: [mended_at], owner: manager, clause: M1.2.5}
  - {every: week, calendar: true, during: house, until: [minutes], when: {house: [carc]}, owner: manager,
     clause: M1.2.5}
  - {every: hour, from: opened, where: {kind: [duty]}, owner: manager, clause: M1.2.5}
  - {from: "on", before: {days: 30}, owner: {of: by}, clause: M1.2.5}
  - {from: tasks.until, until: [tasks.done_on], owner: {of: tasks.owner}, clause: M1.2.5}
"""

SEALED = """\
schema: track/1
track: complaint
text: {en: a complaint}
clause: M1.2.5
home: house
sealed: {part: legal, marker: [at], readers: [manager], not_for: staff, instead: {part: medical, readers: [manager]}}
keeps: many
day: at
fields:
  at: {is: time, must: true, text: {en: When}}
  staff: {is: party, of: [staff], several: true, text: {en: Who}}
  words: {is: text, text: {en: What was said}}
"""

SLIPS = {
    # the frame
    "two homes": (WATCH, "home: house", "home: [house, staff]", "/home (5:7)", "name it alone"),
    "one entry": (WATCH, "keeps: many", "keeps: one", "/keeps (7:8)", "write keeps: many"),
    "a place with a dot": (WATCH, "at: watches", "at: book.watches", "/at (6:5)", "write one word under at"),
    "a place of the program": (WATCH, "at: watches", "at: opened", "/at (6:5)", "the program itself writes"),
    "a day that may be missing": (WATCH, "day: starts_at", "day: ends_at", "/day (8:6)", "has must: true"),
    "a part of a form": (
        WATCH,
        "fields:\n  s",
        "groups: {a: {en: A}}\nfields:\n  s",
        "/groups",
        "has no effect in a register",
    ),
    "a field of her card": (
        WATCH,
        "{is: text, text: {en: Minutes}}",
        "{is: text, card: true, text: {en: M}}",
        "/card",
        "no effect",
    ),
    # names and verbs
    "a client's day": (WATCH, "from: opened, to", "from: arrival, to", "/rules/0/from", "unknown word"),
    "a client's track": (WATCH, "stands: watch", "stands: need", "/rules/2/stands", "unknown word"),
    "a client's entry": (
        WATCH,
        "seen: {is: party, of: [clients]",
        "seen: {is: entry, of: [need]",
        "/fields/seen/of/0",
        "unknown word",
    ),
    "a verb of clients": (
        WATCH,
        "  - {by: by",
        "  - {suits: identity, minor_under: 18, clause: A}\n  - {by: by",
        "/rules/4/suits",
        "no effect",
    ),
    "the reach of a client": (
        WATCH,
        "ends_at], within: house, same",
        "ends_at], within: client, same",
        "/rules/1/within",
        "entry, house",
    ),
    "the time of one field": (
        WATCH,
        "covers: [starts_at, ends_at]",
        "covers: [starts_at]",
        "/rules/0/covers/0",
        "two fields",
    ),
    "the wrong end": (WATCH, "to: now", "to: noww", "/rules/0/to", "did you mean now?"),
    "an unknown answer": (
        WATCH,
        "{kind: [duty]}, clause",
        "{kind: [dutty]}, clause",
        "/rules/0/where/kind/0",
        "did you mean duty?",
    ),
    "hours of a search": (WATCH, "days: -7", "hours: -7", "/rules/2/from/hours", "no effect together with stands"),
    "hours and days": (
        WATCH,
        "hours: 24}, clause",
        "hours: 24, days: 1}, clause",
        "/rules/3/to/hours",
        "no effect together with days",
    ),
    "a client's name": (WATCH, "of: [clients]", "of: [clients, staff]", "/fields/seen/of", "by their ids alone"),
    "ids that are always checked": (WATCH, "{by: by, role: [manager]", "{by: seen", "/rules/4/by", "always checked"),
    # deadlines
    "no such beginning": (
        WATCH,
        "from: broke_at, after",
        "from: brokeat, after",
        "/due/0/from",
        "did you mean broke_at?",
    ),
    "no such field of a group": (
        WATCH,
        "from: tasks.until",
        "from: tasks.untill",
        "/due/4/from",
        "did you mean until?",
    ),
    "a client's event": (WATCH, "hour, from: opened", "hour, from: arrival", "/due/2/from", "unknown word"),
    "a period of a stay": (WATCH, "during: house", "during: stay", "/due/1/during", "known here: house"),
    "a period of nothing": (WATCH, "before: {days: 30}", "during: house", "/due/3/during", "only together with every"),
    "a calendar of hours": (
        WATCH,
        "hour, from: opened",
        "hour, calendar: true",
        "/due/2/calendar",
        "no effect together with every: hour",
    ),
    "a period after days": (
        WATCH,
        "calendar: true, during",
        "after: {days: 3}, during",
        "/due/1/after",
        "no effect together with every",
    ),
    "a repeated field": (WATCH, "before: {days: 30}", "every: week", "/due/3/every", "must begin with opened"),
    "an owner of no entry": (
        WATCH,
        "{kind: [duty]}, owner: manager",
        "{kind: [duty]}, owner: {of: by}",
        "/due/2/owner/of",
        "at a field",
    ),
    "an owner who is nobody": (
        WATCH,
        "owner: {of: tasks.owner}",
        "owner: {of: tasks.done_on}",
        "/due/4/owner/of",
        "of the kind day",
    ),
    "an owner who is a house": (WATCH, "owner: {of: by}", "owner: {of: where}", "/due/3/owner/of", "party of staff"),
    "an unknown kind of house": (
        WATCH,
        "{house: [carc]}",
        "{house: [cark]}",
        "/due/1/when/house/0",
        "did you mean carc?",
    ),
    "hours after an event": (
        WATCH,
        "{every: hour, from: opened, where: {kind: [duty]}",
        "{from: opened, after: {hours: 2}",
        "/due/2/after/hours",
        "count from a time",
    ),
    # a seal
    "a place of what is sealed": (SEALED, "keeps: many", "at: complaints\nkeeps: many", "/at", "leave at out"),
    "for an unknown field": (SEALED, "not_for: staff", "not_for: stuff", "/sealed/not_for", "did you mean staff?"),
    "for no member of staff": (SEALED, "not_for: staff", "not_for: words", "/sealed/not_for", "party of staff"),
    "another part without a reason": (SEALED, " not_for: staff,", "", "/sealed/instead", "not_for"),
    "another part that is unknown": (
        SEALED,
        "part: medical",
        "part: medica",
        "/sealed/instead/part",
        "did you mean medical?",
    ),
    "another part for nobody": (
        SEALED,
        "medical, readers: [manager]",
        "medical, readers: [manger]",
        "/sealed/instead/readers/0",
        "did you mean manager?",
    ),
}
"""A slip: the track, what stands there, what is written for it, the place, and words of what is said."""


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(open_rulebook().folder, tmp_path_factory.mktemp("shelf") / "manual"))


def slips(manual: Path, track: str) -> Iterator[str]:
    """What is told of a shelf with this track, each with its place."""
    name = track.partition("track: ")[2].partition("\n")[0]
    file = manual / "tracks" / f"{name}.yaml"
    file.write_text(track, "utf-8")
    try:
        check_rulebook(Rulebook(manual))
    except BrokenRulebook as error:
        for each in (error, *error.others):
            what = each.facts["what"]
            yield f"{each.facts['file']} {each.facts['place']}: {what['en'] if isinstance(what, dict) else what}"
    finally:
        file.unlink()


@pytest.mark.parametrize("track", [WATCH, SEALED], ids=["watch", "complaint"])
def test_a_register_with_every_word_is_read(track: str, manual: Path) -> None:
    assert list(slips(manual, track)) == []


@pytest.mark.parametrize("what", SLIPS)
def test_a_slip_in_a_register_is_told_by_place_and_word(what: str, manual: Path) -> None:
    track, old, new, place, words = SLIPS[what]
    assert track.count(old) == 1, old
    told = list(slips(manual, track.replace(old, new)))
    assert [one for one in told if place in one and words in one], told


def test_a_client_does_not_see_a_register_of_a_house(manual: Path) -> None:
    of_client = WATCH.replace("home: house", "home: client").replace("from: opened, to: now", "to: now")
    told = "\n".join(slips(manual, of_client))
    assert "finds nothing in the track watch, which has no home: house" in told
    assert "/due/1" in told  # its deadline begins with the first day of a register
