"""A time has the offset of the store, by what its field is and not by how its key is called, however it is given."""

from typing import Any

import pytest
from conftest import Desk
from revised import Revised

from shelterctl.document.writing import format_document
from shelterctl.prompts.review import WRITE_DOWN
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.validation import SchemaValidator

HOURS = """schema: track/1
track: hours
text: {en: an hour, ru: час}
clause: IOM-7
PLACE
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Day, ru: День}}
  moment: {is: time, unknown: true, text: {en: Moment, ru: Момент}}
  said_at: {is: text, text: {en: Said at, ru: Где сказано}}
  call:
    is: group
    fields:
      begun: {is: time, text: {en: Call begun, ru: Начало звонка}}
      at: {is: text, text: {en: Called at, ru: Куда звонили}}
"""
PLACES = {"open": "home: client\nat: hours", "sealed": 'sealed: {part: legal, marker: ["on", moment]}'}
LOCAL, STORED = "2026-11-24T21:30", "2026-11-24T21:30+06:00"
GIVEN = {"on": "2026-11-24", "moment": LOCAL, "said_at": LOCAL, "call": {"begun": LOCAL, "at": LOCAL}}
KEPT = {**GIVEN, "moment": STORED, "call": {"begun": STORED, "at": LOCAL}}


@pytest.fixture(params=PLACES)
def draft(request: pytest.FixtureRequest, admitted: Desk) -> Revised:
    """A desk with a track of such fields, which may be sealed."""
    revised = Revised(admitted)
    revised.add("tracks/hours.yaml", HOURS.replace("PLACE", PLACES[request.param]))
    return revised


def kept(desk: Desk) -> list[dict[str, Any]]:
    """What the entries say, without what the program adds."""
    rows = desk.do(f"show {desk.her} hours --names").data["rows"]
    return [{name: value for name, value in row["fields"].items() if name in GIVEN} for row in rows]


def test_an_entry_by_file(draft: Revised) -> None:
    entry = draft.do(f"add {draft.her} hours", GIVEN).data["entry"]
    assert kept(draft) == [KEPT]
    draft.do(f"add {draft.her} hours {entry}", {"moment": "2026-11-24T22:00"})
    assert kept(draft) == [{**KEPT, "moment": "2026-11-24T22:00+06:00"}]
    draft.do(f"add {draft.her} hours {entry}", {"moment": "unknown"})
    assert kept(draft) == [{**KEPT, "moment": "unknown"}]


def test_an_offset_that_is_given_stays(draft: Revised) -> None:
    draft.do(f"add {draft.her} hours", {"on": "2026-11-24", "moment": "2026-11-24T21:30+05:00"})
    assert kept(draft) == [{"on": "2026-11-24", "moment": "2026-11-24T21:30+05:00"}]


def test_at_a_terminal(draft: Revised) -> None:
    seen = draft.sit(
        "en", f"add {draft.her} hours", "24.11.2026", "24.11.2026 21:30", "", "24.11.2026 21:30", "", WRITE_DOWN
    )
    assert kept(draft) == [{"on": "2026-11-24", "moment": STORED, "call": {"begun": STORED}}], seen


@pytest.mark.parametrize("draft", ["open"], indirect=True)
def test_a_fragment_and_a_stream(draft: Revised) -> None:
    draft.do(f"admit {draft.her}", {"hours": [GIVEN]})
    assert kept(draft) == [KEPT]
    parts = ({"hours": [{**GIVEN, "on": "2026-11-25"}]}, {"notes": "later"})
    draft.do("admit", "---\n".join(format_document({"id": draft.her, **part}) for part in parts))
    assert kept(draft) == [KEPT, {**KEPT, "on": "2026-11-25"}]


def test_the_parts_of_admission() -> None:
    left = {"on": "2026-11-20", "at": "2026-11-20T10:00"}
    fragment = {
        "referral": {"received_at": "2026-11-20T21:30"},
        "admission": {"primary_interview": {"at": "2026-11-20T22:00", "interpreter": "2026-11-20T22:00"}},
        "stays": [{"received": {"at": "2026-11-20T22:00+05:00"}}, {"discharge": left}],
        "notes": "2026-11-20T22:00",
    }
    assert SchemaValidator(published.fragment_schema(open_rulebook())).with_offset(fragment, "+06:00") == {
        "referral": {"received_at": "2026-11-20T21:30+06:00"},
        "admission": {"primary_interview": {"at": "2026-11-20T22:00+06:00", "interpreter": "2026-11-20T22:00"}},
        "stays": [
            {"received": {"at": "2026-11-20T22:00+05:00"}},
            {"discharge": {"on": "2026-11-20", "at": "2026-11-20T10:00+06:00"}},
        ],
        "notes": "2026-11-20T22:00",
    }
