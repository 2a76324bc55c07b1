"""What this version says of a case of `tools/random_cases.py`: `agreement`, `report` and `stay`.

It says the same as `tools/judged_before.py`, under the same names; where a call changes, it is written anew here.
"""

from collections.abc import Mapping
from datetime import date
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
REPORT = SHELF.tracks["report"]


def agreement(case: Case) -> Said:
    """What is wrong with an agreement, its lines as the form prints them, and the room that is left under each cap."""
    form, facts = SHELF.form(case["form"]), case["agreement"]
    her = Client(case["client"]) if case["client"] else None
    foreign = [Client({"id": "OTHE-R000", "agreements": [{**facts, "id": "FOREIGN"}]})] if case["elsewhere"] else []
    asked = rules.read_agreement(
        form,
        facts,
        signing=case["signing"],
        today=read_day(case["today"]),
        client=her,
        stay=next((stay for stay in (her.stays if her else ()) if stay.id == facts.get("stay")), None),
        other_entries=rules.read_other_agreements(her, SHELF.forms, facts) if her else (),
        registers={"ngos": case["ngos"]} if her else None,
        tracks=SHELF.tracks,
        all_clients=AllClients(lambda: foreign),
    )
    room = {line_number(line): rules.cap_and_remainder(line, asked.context) for line in asked.lines}
    return {
        "found": {"judged": rules.judge_agreement(asked)},
        "shown": {"table": list(rules.tabulate_lines(asked)), "room": room, "total": asked.total},
    }


def report(case: Case) -> Said:
    """What is wrong with a report, and what becomes of the duty to monitor her once it is in her file."""
    her, told = Client(case["client"]), case["report"]
    staff = {code: {"role": "social_worker"} for code in case["writers"]}
    around = Context(
        day=date.max,
        today=read_day(case["today"]),
        client=her,
        stay=monitoring.find_unmonitored_stay(SHELF.tracks, her),
        registers={"staff": staff},
        tracks=SHELF.tracks,
    )
    found = list(monitoring.judge_report(REPORT, told, case["where"], around))
    both = (her, _with_report(her, told))
    day = read_day(case["day"]) or date.max
    return {
        "found": {
            "judged": found,
            "alarms": [
                one for one in monitoring.judge_report(REPORT, told, "", around) if one.code == "monitoring/alarm"
            ],
            "raised": monitoring.judge_standing_alarms(SHELF.tracks, both[1:]),
        },
        "shown": {
            "complete": monitoring.is_report_complete(REPORT, told),
            "monitored": [bool(monitoring.read_duty(SHELF.tracks, one, one.last_stay_lived).outcome) for one in both],
            "answered_on": [monitoring.read_duty(SHELF.tracks, one, one.last_stay_lived).answered_on for one in both],
            "due": [
                [row._asdict() for row in monitoring.list_monitoring_due(SHELF.tracks, [one], day, case["within"])]
                for one in both
            ],
        },
    }


def _with_report(her: Client, told: Case) -> Client:
    """Her file with the report where her monitoring is written."""
    index = her.last_stay_lived.index if her.last_stay_lived else None
    holder = her.facts if index is None else her.facts["stays"][index]
    duties = holder.get("monitoring") or {}
    new = {**holder, "monitoring": {**duties, "reports": [*(duties.get("reports") or ()), told]}}
    if index is None:
        return Client(new)
    return Client({**her.facts, "stays": [*her.facts["stays"][:index], new, *her.facts["stays"][index + 1 :]]})


def stay(case: Case) -> Said:
    """Whether she may be admitted and may leave, both checklists, and where she is on the manual's way."""
    her, day, leaves = Client(case["client"]), read_day(case["day"]), read_day(case["leaves"])
    entering, leaving = SHELF.acts["admission"], SHELF.acts["discharge"]
    house = House(SHELF.house_kinds[case["house"]], case["capacity"], case["sleeping"]) if case["house"] else None
    held = Context(
        day=day or date.max, today=read_day(case["today"]), client=her, stay=her.stay, house=house, tracks=SHELF.tracks
    )
    last = max(her.stays, key=lambda one: one.index, default=None)  # 0.1.0 took the one that was written down last
    today = read_day(case["today of leaving"])
    left = Context(day=leaves or date.max, today=today, client=her, stay=last, tracks=SHELF.tracks)
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
