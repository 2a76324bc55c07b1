"""What becomes of a change to a client's file: refused, looked at, nothing new, or saved; each is said and stored."""

from dataclasses import replace
from typing import Any

import pytest

from shelterctl.act.change import Change, replace_entry, write_change
from shelterctl.core.finding import Finding, Severity
from shelterctl.session import Options, Session
from tests.support.desk import Desk

REFUSED = Finding(code="x/refused", message="no", where="/notes")
OPEN = replace(REFUSED, code="x/open", severity=Severity.OPEN)


def plan(desk: Desk) -> tuple[Session, Change]:
    """A session at a desk, and a change of her notes that nothing refuses."""
    session = Session(options=Options(store=str(desk.store), identity=str(desk.key)))
    held = session.store.read(desk.her)
    change = Change(
        held=held,
        record={**held.value, "notes": "an invented one"},
        did="admit",
        data=lambda saved: {"saved": saved},
        findings=(OPEN,),
        checked=(("checked", {}),),
        unchanged=(("unchanged", {}),),
        written=(("written", {}),),
    )
    return session, change


@pytest.mark.parametrize(
    ("change", "check", "said"),
    [
        ({}, True, ["checked"]),
        ({"changed": False}, False, ["unchanged"]),
        ({"changed": False}, True, ["checked"]),
        ({"findings": (OPEN, REFUSED)}, False, []),
        ({"findings": (REFUSED,), "changed": False}, True, []),
    ],
)
def test_what_is_refused_looked_at_or_nothing_new_is_not_written(
    change: dict[str, Any], check: bool, said: list[str], admitted: Desk
) -> None:
    session, planned = plan(admitted)
    before = admitted.digest_of_store()
    outcome = write_change(session, replace(planned, **change), check=check)
    assert [sentence for sentence, _ in outcome.said] == said
    assert outcome.data == {"saved": False}
    assert outcome.refused is (REFUSED in outcome.findings)
    assert admitted.digest_of_store() == before


def test_what_is_new_is_written_once_and_what_is_open_does_not_stop_it(admitted: Desk) -> None:
    session, planned = plan(admitted)
    outcome = write_change(session, planned)
    assert ([sentence for sentence, _ in outcome.said], outcome.data) == (["written"], {"saved": True})
    assert outcome.findings == (OPEN,)
    assert admitted.record()["notes"] == "an invented one"
    assert session.store.acts_saved == ["admit"]


def test_another_entry_in_the_place_of_one_leaves_the_rest_as_it_is() -> None:
    record = {"id": "x", "stays": [{"id": "a"}, {"id": "b", "needs": [{"id": "c"}, {"id": "d"}]}]}
    new = replace_entry(record, "/stays/1/needs/0", {"id": "c", "void": {}})
    assert new == {**record, "stays": [{"id": "a"}, {"id": "b", "needs": [{"id": "c", "void": {}}, {"id": "d"}]}]}
    assert record["stays"][1] == {"id": "b", "needs": [{"id": "c"}, {"id": "d"}]}
