"""What 0.1.0 and 0.2.0 say of a case of `tools/random_cases.py`, by their own calls.

Their modules are looked up by name: of a program that is not this one, nothing is known here but how it is called.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

Case = Mapping[str, Any]
Said = dict[str, dict[str, Any]]
"""Lists of findings under *found*, and under *shown* whatever else the program shows; each under a name."""


@cache
def _core(name: str) -> Any:
    return import_module(f"shelterctl.core.{name}")


@cache
def _shelf() -> Any:
    return import_module("shelterctl.library").open_shelf()


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _client(facts: Any) -> Any:
    return _core("record").Client(facts)


def agreement(case: Case) -> Said:
    """What is wrong with an agreement, its lines as the form prints them, and the room that is left under each cap."""
    rules, facts, form = _core("agreement"), case["agreement"], _shelf().forms[case["form"]]
    her = _client(case["client"]) if case["client"] else None
    setting = rules.setting_of(
        form,
        facts,
        rules.others_of(her, _shelf().forms, facts["id"]) if her else (),
        client=her,
        stay=next((stay for stay in (her.stays if her else ()) if stay.id == facts.get("stay")), None),
        ngos=case["ngos"],
        today=_day(case["today"]),
        taken=case["taken"],
        signing=case["signing"],
    )
    asked = setting.agreement
    room = {line.line.number: _core("together").room(line, setting) for line in asked.lines}
    return {
        "found": {"judged": rules.judge(form, setting)},
        "shown": {"table": list(rules.table(asked)), "room": room, "total": asked.total},
    }


def report(case: Case) -> Said:
    """What is wrong with a report, and what becomes of the duty to monitor her once it is in her file."""
    rules, due, form = _core("monitoring"), _core("due"), _shelf().report
    her, told = _client(case["client"]), case["report"]
    todays = {"today": _day(case["today"]), "writers": frozenset(case["writers"])}
    found = list(rules.judge(form, her, told, case["where"], **todays))
    after = _with_report(her, told)
    return {
        "found": {"judged": found, "alarms": rules.alarms(form, told), "raised": due.raised(form, [after])},
        "shown": {
            "complete": rules.complete(form, told),
            "monitored": [rules.monitored(form, her), rules.monitored(form, after)],
            "answered_on": [rules.answered_on(form, her), rules.answered_on(form, after)],
            "due": [
                [row._asdict() for row in due.monitoring(form, [one], _day(case["day"]), case["within"])]
                for one in (her, after)
            ],
        },
    }


def _with_report(her: Any, told: Case) -> Any:
    """Her file with the report where her monitoring is written."""
    index = her.lived.index if her.lived else None
    holder = her.facts if index is None else her.facts["stays"][index]
    duties = holder.get("monitoring") or {}
    new = {**holder, "monitoring": {**duties, "reports": [*(duties.get("reports") or ()), told]}}
    if index is None:
        return _client(new)
    return _client({**her.facts, "stays": [*her.facts["stays"][:index], new, *her.facts["stays"][index + 1 :]]})


def stay(case: Case) -> Said:
    """Whether she may be admitted and may leave, both checklists, and where she is on the manual's way."""
    rules, lists, house = _core("stay"), _core("checklist"), _core("house")
    her, day, leaves = _client(case["client"]), _day(case["day"]), _day(case["leaves"])
    entering, leaving = _shelf().checklist("admission"), _shelf().checklist("discharge")
    place = house.House(_shelf().kinds[case["house"]], case["capacity"], case["sleeping"]) if case["house"] else None
    held = lists.Subject(her, her.stay, day, place)
    left = lists.Subject(her, her.stays[-1] if her.stays else None, leaves, None)
    going = _act(case, leaves, case["today of leaving"])
    monitored = _core("monitoring").monitored(_shelf().report, her)
    return {
        "found": {
            "missing": lists.missing(entering, held),
            "admission": rules.admission(entering, held, _act(case, day, case["today"])),
            "discharge": rules.discharge(leaving, left, going, _day(case["before"])),
        },
        "shown": {
            "state": rules.state(her, her.stay, monitored),
            "rows of admission": list(lists.rows(entering, held)),
            "rows of discharge": list(lists.rows(leaving, left)),
        },
    }


def _act(case: Case, day: date | None, today: str) -> Any:
    """The act; 0.1.0 asks with it who is registered."""
    act = _core("stay").Act
    staff = {"staff": frozenset(case["staff"])} if any(each.name == "staff" for each in fields(act)) else {}
    return act(day, _day(today), **staff)
