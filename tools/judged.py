"""Judge a case of `tools/random_cases.py` with the program: an `agreement`, a `report` or a `stay`."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.manual.act import Act
from shelterctl.core.money import agreement as rules
from shelterctl.core.money.agreement import line_number
from shelterctl.core.record.client import Client, live_entries
from shelterctl.core.record.occupancy import House
from shelterctl.core.rules import checklist, monitoring
from shelterctl.core.rules import client_state as states
from shelterctl.core.rules.context import AllClients, Context
from shelterctl.core.values.days import read_day
from shelterctl.rulebook.rulebook import open_rulebook

Case = Mapping[str, Any]
Said = dict[str, dict[str, Any]]
SHELF = open_rulebook()
"""The rulebook by which cases are judged."""

FIELDS = ("code", "severity", "clause", "where", "at", "facts")
"""The parts of a finding that are compared; its sentence may differ."""

Answer = dict[str, Any]


def judge_case(line: str) -> Answer:
    """Return the findings of a case, given as a line of JSON, and other results, as JSON values."""
    case = json.loads(line, parse_float=Decimal)
    said = {"agreement": agreement, "report": report, "stay": stay}[case["kind"]](case)
    found = {
        name: [[plain(getattr(finding, field)) for field in FIELDS] for finding in findings]
        for name, findings in said["found"].items()
    }
    return {"found": found, "shown": {name: plain(value) for name, value in said["shown"].items()}}


def plain(value: Any) -> Any:
    """Return a value as JSON: days as text, som with two decimals, a text of the rulebook in English."""
    if isinstance(value, Decimal):
        return f"{value:.2f}" if value == round(value, 2) else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return value["en"] if "en" in value else {str(name): plain(below) for name, below in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def agreement(case: Case) -> Said:
    """Return the findings of an agreement, its lines as the form prints them, and the amount left under each cap."""
    form, facts = SHELF.form(case["form"]), case["agreement"]
    her = Client(case["client"]) if case["client"] else None
    others = [Client(each) for each in case["others"]]
    asked = rules.read_agreement(
        form,
        facts,
        signing=case["signing"],
        today=read_day(case["today"]),
        client=her,
        stay=next((stay for stay in (her.stays if her else ()) if stay.id == facts.get("stay")), None),
        other_entries=rules.read_other_agreements(her, SHELF.forms, facts) if her else (),
        registers=case["registers"] if her else None,
        tracks=SHELF.tracks,
        all_clients=AllClients(lambda: others),
    )
    room = {line_number(line): rules.cap_and_remainder(line, asked.context) for line in asked.lines}
    return {
        "found": {"judged": rules.judge_agreement(asked)},
        "shown": {"table": list(rules.tabulate_lines(asked)), "room": room, "total": asked.total},
    }


def report(case: Case) -> Said:
    """Return the findings of a report, and the monitoring duty once the report is in the client's file."""
    form, her, told = SHELF.tracks["report"], Client(case["client"]), case["report"]
    around = Context(
        day=date.max,
        today=read_day(case["today"]),
        client=her,
        stay=monitoring.find_unmonitored_stay(SHELF.tracks, her),
        registers=case["registers"],
        tracks=SHELF.tracks,
    )
    found = list(monitoring.judge_report(form, told, case["where"], around))
    both = (her, _with_report(her, told))
    day = read_day(case["day"]) or date.max
    return {
        "found": {
            "judged": found,
            "alarms": [
                each for each in monitoring.judge_report(form, told, "", around) if each.code == "monitoring/alarm"
            ],
            "raised": monitoring.judge_standing_alarms(SHELF.tracks, both[1:]),
        },
        "shown": {
            "complete": monitoring.is_report_complete(form, told),
            "monitored": [bool(monitoring.read_duty(SHELF.tracks, one, one.last_stay_lived).outcome) for one in both],
            "answered_on": [monitoring.read_duty(SHELF.tracks, one, one.last_stay_lived).answered_on for one in both],
            "due": [
                [row._asdict() for row in monitoring.list_monitoring_due(SHELF.tracks, [one], day, case["within"])]
                for one in both
            ],
        },
    }


def _with_report(her: Client, told: Case) -> Client:
    """Return the client's file with the report added to its monitoring."""
    index = her.last_stay_lived.index if her.last_stay_lived else None
    holder = her.facts if index is None else her.facts["stays"][index]
    duties = holder.get("monitoring") or {}
    new = {**holder, "monitoring": {**duties, "reports": [*(duties.get("reports") or ()), told]}}
    if index is None:
        return Client(new)
    return Client({**her.facts, "stays": [*her.facts["stays"][:index], new, *her.facts["stays"][index + 1 :]]})


def stay(case: Case) -> Said:
    """Return whether the client may be admitted and may leave, both checklists, and her state in the manual's
    procedure.
    """
    her, day, leaves = Client(case["client"]), read_day(case["day"]), read_day(case["leaves"])
    entering, leaving = SHELF.acts["admission"], SHELF.acts["discharge"]
    house = House(SHELF.house_kinds[case["house"]], case["capacity"], case["sleeping"]) if case["house"] else None
    around = partial(Context, client=her, registers=case["registers"], tracks=SHELF.tracks)
    held = around(day=day or date.max, today=read_day(case["today"]), stay=her.stay, house=house)
    last = max(her.stays, key=lambda each: each.index, default=None)
    left = around(day=leaves or date.max, today=read_day(case["today of leaving"]), stay=last)
    return {
        "found": {
            "missing": checklist.judge_items(entering, held),
            "admission": _admitted(entering, held),
            "discharge": _discharged(leaving, left, case["before"]),
        },
        "shown": {
            "state": states.client_state(SHELF.tracks, her, her.stay),
            "rows of admission": list(checklist.checklist_rows(entering, held)),
            "rows of discharge": list(checklist.checklist_rows(leaving, left)),
        },
    }


def _admitted(entering: Act, around: Context) -> list[Finding]:
    if around.stay is None:
        return [checklist.make_act_refusal(entering, "no-stay", "")]
    over = around.stay.discharged_on and around.stay.admitted_on != around.day
    where = f"/stays/{around.stay.index}/admission"
    return [
        *([checklist.make_act_refusal(entering, "no-stay", where)] if over else []),
        *checklist.judge_act(entering, around),
    ]


def _discharged(leaving: Act, around: Context, before: str | None) -> list[Finding]:
    if around.stay is None:
        return [checklist.make_act_refusal(leaving, "no-stay", "")]
    held = before and live_entries((around.stay.facts.get("monitoring") or {}).get("reports"))
    where = f"/stays/{around.stay.index}/discharge/on"
    return [
        *([checklist.make_act_refusal(leaving, "reported", where)] if held else []),
        *checklist.judge_act(leaving, around),
    ]
