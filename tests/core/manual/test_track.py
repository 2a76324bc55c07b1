"""Two of the hardest kinds that the manual wants recorded, written on this shelf and judged: money, and what is told.

They stand beside the tracks of the manual's own shelf, for they speak of agreements, staff and partners.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from shelterctl.core.finding import Finding
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.context import Context, Tracks
from shelterctl.core.rules.judgement import judge_entry
from shelterctl.language import format_sentence
from shelterctl.rulebook.derivations import read_as
from shelterctl.rulebook.files import read_rulebook_file
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.small_rulebook import FOLDER, HER, yaml

SHELF = open_rulebook()
NAMES = ("consent", "disclosure", "outlay")
TRACKS = Tracks(
    {
        **SHELF.tracks,
        **{
            name: read_as(Track, read_rulebook_file(FOLDER / "kinds", f"tracks/{name}.yaml"), SHELF.lists, trusted=True)
            for name in NAMES
        },
    }
)
REGISTERS: Mapping[str, Mapping[str, Any]] = {
    "staff": {"s-aida": {"role": "psychologist"}, "s-bek": {"role": "manager"}},
    "ngos": {"good-ngo": {}},
}
HERS = yaml("""
agreements:
  - {id: A1, form: pink, stay: S1, date: '2026-11-05', lines: {2c: {amount: 400}, '4b': {amount: 90}}}
  - id: A2
    form: blue
    date: '2026-11-20'
    period: {from: '2026-12-01', to: '2027-02-28'}
    lines: {'4': {rate: 900, months: [2026-12, 2027-01]}}
consents:
  - {id: C1, kind: information_sharing, recipient: good-ngo, purpose: Жильё, given_on: '2026-11-10', language: ky}
  - {id: C2, kind: information_sharing, recipient: ОВД, purpose: Дело, given_on: 2026-11-10, withdrawn_on: 2026-11-20}
  - {id: C3, kind: story, given_on: '2026-11-10', expires_on: '2026-12-10'}
""")
SPENT = yaml(
    """
outlays:
  - {id: O1, on: '2026-11-12', item: underwear, amount: 250, agreement: A1, line: 2c}
  - {id: O2, on: '2026-11-12', item: pocket_money, amount: 350, span: 2026-11-05..2026-11-11}
  - {id: O3, on: '2026-12-05', item: scholarship, amount: 900, agreement: A2, line: '4', months: [2026-12]}
""".replace("on:", "'on':")
)


def judged(
    name: str, written: str | Mapping[str, Any], *acts: str, today: str = "2026-12-20", left: str | None = None
) -> list[Finding]:
    stay = {**HER["stays"][0], **SPENT, **({"discharge": {"on": left}} if left else {})}
    her = Client({**HER, **HERS, "stays": [stay]})
    facts = yaml(written.replace("{on:", "{'on':")) if isinstance(written, str) else written
    day = next((facts[name] for name in ("on", "at", "given_on") if name in facts), "2026-11-15")
    held = Context(
        day=date.fromisoformat(day[:10]),
        today=date.fromisoformat(today),
        client=her,
        stay=her.stay,
        acts=frozenset(acts),
        registers=REGISTERS,
        tracks=TRACKS,
    )
    entry = read_entry(TRACKS[name], {"id": "NEW", **facts}, f"/{name}s/9")
    assert not entry.malformed
    return list(judge_entry(entry, held.for_entry(entry)))


def told(found: list[Finding]) -> list[str]:
    return [
        f"{one.severity} {one.code.removeprefix('track/')} {one.where.partition('/9')[2]} {one.clause}" for one in found
    ]


MONEY = "on: '2026-11-15', item: pocket_money, signed_by_her: true, by: s-bek"
PARTNER = "kind: partner, recipient: good-ngo, what: [Возраст], by: s-aida"
POLICE = "kind: authority_investigation, recipient: ОВД, what: [Возраст], by: s-aida, via: iom_coordinator"
CASES = yaml((FOLDER / "kinds" / "cases.yaml").read_text("utf-8"))
ACTS = {"outlay": "spend", "disclosure": "authorise", "consent": ""}


@pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name, parts in CASES.items() for cases in parts.values() for case in cases]
)
def test_what_an_entry_breaks(name: str, case: Mapping[str, Any]) -> None:
    """Where it is authorised it is refused, where it only happened it stays open."""
    today = "2027-01-01" if name == "outlay" else "2026-12-20"
    assert told(judged(name, case["entry"], ACTS[name], today=today)) == case["found"]
    happened = [one.replace("refuse ", "open ") for one in case["found"]]
    assert told(judged(name, case["entry"], today=today)) == happened


def test_pocket_money_of_days_after_she_left() -> None:
    found = judged("outlay", f"{{{MONEY}, span: 2026-11-12..2026-11-15, amount: 200}}", left="2026-11-14")
    assert told(found) == ["open dated /span R1.0.2"]
    (one,) = found
    assert format_sentence(one.message, one.facts) == (
        "“Days”: 2026-11-12 – 2026-11-15. Her stay: 2026-11-02 – 2026-11-14. "
        "The first must lie within the second (R1.0.2)."
    )


def test_whose_agreement_must_come_the_day_before_from_2027_on() -> None:
    """The last day of the old rule, and the first of the new one."""
    for day, found in (("2026-12-31", []), ("2027-01-01", ["open dated /at M2.2.8/2027"])):
        written = f"{{at: '{day}T10:00+06:00', {PARTNER}, iom_agreed: {{'on': '{day}'}}}}"
        assert told(judged("disclosure", written, today="2027-01-02")) == found


def test_what_was_told_in_breach_offers_an_incident() -> None:
    (found,) = judged("disclosure", f"{{at: '2026-11-25T10:00+06:00', {POLICE}, iom_agreed: {{'on': '2026-11-14'}}}}")
    assert found.facts["opens"] == "incident.breach"
    assert format_sentence(found.message, found.facts, "ru") != format_sentence(found.message, found.facts)
