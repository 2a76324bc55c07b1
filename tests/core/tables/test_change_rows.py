"""The rows of nights and of changes: each night in its month, each change once, and nothing of what is sealed."""

from collections import Counter
from datetime import date
from typing import Any

from shelterctl.core.record.client import Client
from shelterctl.core.tables.change_rows import change_list_rows
from shelterctl.core.tables.list_rows import night_list_rows
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()

RECORDED = {"recorded_at": "2026-03-01T10:00+06:00", "recorded_by": "s-aida"}
VOID = {"on": "2026-03-09", "by": "manager", "reason": "entered_twice"}


def stay(arrived: str, left: str | None = None, **more: Any) -> dict[str, Any]:
    gone = {"discharge": {"on": left}} if left else {}
    return {"id": arrived, "received": {"at": f"{arrived}T10:00+06:00"}, **gone, **more}


def test_each_night_is_in_its_month_and_tonight_is_still_to_come() -> None:
    her = Client({"id": "7QF2-M9KD", "stays": [
        stay("2025-12-30", "2026-02-01"), stay("2026-02-01"), stay("2026-02-01", void=VOID),
        stay("2026-01-05", "2026-01-05"), {"id": "never here"},
    ]})  # fmt: skip
    rows = [(row.entry["month"], row.entry["nights"]) for row in night_list_rows([her], date(2026, 3, 2))]
    assert Counter(rows) == Counter([("2025-12", 2), ("2026-01", 31), ("2026-02", 28), ("2026-03", 1)])
    assert not [*night_list_rows([Client({"id": "x", "stays": [stay("2026-03-02")]})], date(2026, 3, 2))]


def test_who_recorded_completed_changed_and_struck_through_what() -> None:
    change = {"at": "2026-03-05T09:00+06:00", "by": "s-gulnara"}
    service = {
        "id": "K7M2QA", **RECORDED, "void": VOID,
        "was": [{**change, "before": {"what": None}}, {**change, "at": "2026-03-06", "before": {"kind": "lawyer"}}],
    }  # fmt: skip
    pink = {"id": "PPPPPP", "form": "pink", **RECORDED}
    her = {
        "id": "7QF2-M9KD", **RECORDED, "was": [{**change, "before": {"identity": {"sex": "male"}}}],
        "stays": [stay("2026-03-01", **RECORDED, services=[service])], "agreements": [pink],
        "sealed": {"entries": [{"track": "hiv", "id": "SSSSSS", **RECORDED}]},
    }  # fmt: skip
    told = [
        tuple(row.entry[key] for key in ("track", "entry", "what", "by", "fields"))
        for row in change_list_rows(SHELF.tracks, [Client(her)])
    ]
    assert Counter(told) == Counter([
        ("person", "7QF2-M9KD", "recorded", "s-aida", None),
        ("person", "7QF2-M9KD", "changed", "s-gulnara", ("identity.sex",)),
        ("stay", "2026-03-01", "recorded", "s-aida", None), ("pink", "PPPPPP", "recorded", "s-aida", None),
        ("service", "K7M2QA", "recorded", "s-aida", None), ("service", "K7M2QA", "completed", "s-gulnara", ("what",)),
        ("service", "K7M2QA", "changed", "s-gulnara", ("kind",)), ("service", "K7M2QA", "struck", "manager", None),
    ])  # fmt: skip
