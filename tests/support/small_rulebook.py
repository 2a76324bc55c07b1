"""A small shelf for the tests of the core, and an invented woman around its entries; nothing here is of the manual."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from shelterctl.core.manual.act import Act
from shelterctl.core.manual.rule import Rule
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import Entry, read_entry
from shelterctl.core.record.occupancy import House, HouseKind
from shelterctl.core.rules.compiled import find_violations
from shelterctl.core.rules.context import Context, Tracks
from shelterctl.document.reading import read_document
from shelterctl.rulebook.derivations import read_as
from shelterctl.rulebook.files import read_rulebook_file
from tests.support.paths import TESTS
from tests.support.written_rules import read_rule

FOLDER = TESTS / "core" / "shelf"
LARGEST = 1 << 20


SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


def yaml(written: str) -> Any:
    """What a text of YAML says, read as a file of the shelf is; ``2026-11-01..2026-11-30`` is short for a period."""
    return read_document(SPAN.sub(r"{from: '\1', to: '\2'}", written).encode(), LARGEST).value


def _tracks() -> Tracks:
    files = sorted((FOLDER / "tracks").glob("*.yaml"))
    return Tracks(
        {
            file.stem: read_as(Track, read_rulebook_file(FOLDER, f"tracks/{file.name}"), {}, trusted=True)
            for file in files
        },
        {"item_day": "done"},
    )


TRACKS = _tracks()
OUTING = read_as(Act, read_rulebook_file(FOLDER, "acts/outing.yaml"), {}, trusted=True)
ERRAND = TRACKS["errand"]

HER: Mapping[str, Any] = yaml("""
id: AAAA-0001
identity: {first_name: Примера, last_name: Примерова, sex: female, birth_date: 2001, languages: [ky, uz]}
children: [{id: K1}, {id: K2, stays_with_her: false}]
stays:
  - id: S1
    facility: h1
    referral: {received_at: "2026-11-01T09:00+06:00"}
    received: {at: "2026-11-02T21:00+06:00"}
    admission: {admitted_on: "2026-11-03"}
""")
REGISTERS: Mapping[str, Mapping[str, Any]] = yaml("""
staff:
  s-aida: {role: psychologist}
  s-bek: {role: manager}
  s-cholpon: {role: social_worker}
  s-left: {role: manager, since: "2026-01-01", until: "2026-11-24"}
shops: {fair: {account: {opened_on: "2026-01-01"}}, shut: {account: {opened_on: "2026-01-01", closed_on: "2026-11-25"}}}
""")
HOUSE = House(HouseKind("shelter", {}, ()), capacity=10, sleeping=3)


def around(
    her: Mapping[str, Any] | None = None,
    day: str = "2026-11-25",
    tracks: Mapping[str, Track] = TRACKS,
    **more: Any,
) -> Context:
    """Whatever stands around an entry of hers on a day, with these facts besides what is in her file."""
    client = Client({**HER, **(her or {})})
    held = Context(
        day=date.fromisoformat(day),
        today=date(2026, 11, 25),
        client=client,
        stay=client.stay,
        registers=REGISTERS,
        tracks=tracks if isinstance(tracks, Tracks) else Tracks(tracks, {"item_day": "done"}),
    )
    return replace(held, **more)


def errand(written: str | Mapping[str, Any], id_: str = "") -> Entry:
    """An errand as it is read; one of hers has an id."""
    facts = yaml(written) if isinstance(written, str) else written
    return read_entry(ERRAND, {**facts, "id": id_} if id_ else facts, "/errands/0")


def others(*written: str) -> tuple[Entry, ...]:
    """Her other errands."""
    return tuple(errand(each, f"E{number}") for number, each in enumerate(written, 1))


def ruled(rule: str | Mapping[str, Any]) -> Rule:
    """A rule as the shelf writes it."""
    return read_rule({"clause": "Z1", **(yaml(rule) if isinstance(rule, str) else rule)})


def said(rule: str, written: str, held: Context | None = None) -> list[str]:
    """Each way in which an errand breaks a rule: the name, and the reason where there are several."""
    found = find_violations(ruled(rule), errand(written), held or around())
    return [" ".join(filter(None, (one.name, one.reason))) for one in found]
