"""Whoever does what an answer tells her is told no more of it: what was refused is done, or the next thing is said."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ACCEPTED, PROJECT
from gate import gate
from ruamel.yaml import YAML
from usual import USUAL

from shelterctl.core.manual.act import SOFTENED_REASON
from shelterctl.explain import codes
from shelterctl.rulebook.rulebook import open_rulebook

if TYPE_CHECKING:
    from conftest import Desk
    from started import Answer


REFUSED = PROJECT / "examples" / "refused"
LATER = "2027-06-01"
LAST = gate()[-1].name
"""The last item of the gate that is answered by itself."""
ANSWERS = {
    "at": "2026-11-20T22:00",
    "received_at": "2026-11-20T21:30",
    "on": "2026-11-20",
    "sources": ["law_enforcement"],
    "role": "social_worker",
    "outcome": "admit",
    "signed_on": "2026-11-21",
    "planned_on": "2026-11-24",
    "iom_consulted_on": "2026-11-23",
    "languages": ["ky"],
    "by": "s-gulnara",
    "iom_representative": "NGO Coordinator",
    "social_worker": "s-gulnara",
    "release_provisions": "a room",
    "needs": "medical care",
}
"""What a person fills in; whatever is not here is answered with yes."""

GIVEN_BACK = {**USUAL["belonging"], "returned_on": "2026-11-24", "return_signed": True}
"""A thing that she has again when she leaves."""


def read(path: Path) -> Any:
    """What a file says, with its days as text."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(path), default=str))


def filled(node: Any, name: str = "") -> Any:
    """A fragment as it is printed to be filled in, filled in."""
    if isinstance(node, dict):
        return {key: filled(below, key) for key, below in node.items()}
    if isinstance(node, list):
        return [filled(below, name) for below in node]
    return ANSWERS.get(name, True) if node in (None, "...") else node


def test_every_item_is_done_as_its_explanation_says(desk: "Desk") -> None:
    her = desk.do("admit", {"identity": {"sex": "female", "birth_date": "1999"}, "referral": {"sources": ["scme"]}})
    desk.do("staff add s-meder --role medical_adviser")
    rulebook, id_ = open_rulebook(), her.data["id"]
    desk.do(f"admit {id_}", {"received": {"at": "2026-11-20T21:40", "by": "s-aida", "provisional_reason": "night"}})
    for kind in rulebook.acts:
        done = {
            name: item
            for name, (of, item, _) in codes.items_by_code(rulebook).items()
            if of == kind and name == item.name
        }
        missing = {
            f"{kind}/{reason}": name for name, item in done.items() for reason in item.says if reason != SOFTENED_REASON
        }
        if kind == "discharge":
            desk.do(f"discharge {id_} --on 2026-11-25 --own-decision")
        for name, item in done.items():
            typed = codes.item_commands(rulebook, item)
            fragment = [line for line in typed if not line.startswith("shelterctl ")]
            facts = YAML(typ="safe", pure=True).load("\n".join(fragment)) if fragment else None
            for command in typed[: len(typed) - len(fragment)]:
                words = command.removeprefix("shelterctl ").replace("ID", id_).partition(" --from")[0]
                words = words.replace("CODE", "s-meder" if item.owner == "medical_adviser" else "s-aida")
                entry = GIVEN_BACK if command.endswith("belonging") else USUAL.get(command.rpartition(" ")[2])
                desk.do(words, filled(facts) if facts else entry if " --done " not in command else None)
                if command.endswith("examination"):  # of both kinds that the item names
                    desk.do(words, {**USUAL["examination"], "kind": "evaluation"})
            if name == LAST:
                desk.do(f"admit {id_} --complete --on 2026-11-22")
        left = set(desk.ask("check").codes()) & set(missing)
        assert {missing[code] for code in left} <= {"financial-agreement"}
    assert desk.do(f"show {id_}").data["record"]["stays"][0]["discharge"]["on"] == "2026-11-25"
    assert desk.do(f"admit {id_}").data["state"] == "left_by_own_decision"


def line(facts: dict[str, Any], **keys: Any) -> None:
    """The last line of an agreement, with other keys; none takes a key away."""
    name = list(facts["lines"])[-1]
    facts["lines"][name] = {key: value for key, value in {**facts["lines"][name], **keys}.items() if value is not None}


CORRECTED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "agreement/bad-amount": lambda facts: line(facts, amount=800),
    "agreement/bad-code": lambda facts: line(facts, document="internal_id_card"),
    "agreement/bad-value": lambda facts: line(facts, months=["2026-12", "2027-01"]),
    "agreement/line": lambda facts: facts["lines"].update({"7a": {"amount": facts["lines"]["7a"]}}),
    "agreement/missing-key": lambda facts: line(
        facts,
        exceptional_reason="no family",
        grounds=["not_self_supporting", "no_return_to_family", "no_permanent_residence"],
        study={"from": "2026-12-01", "to": "2027-02-28"},
    ),
    "agreement/month-outside": lambda facts: line(facts, months=["2026-12"]),
    "agreement/no-amount": lambda facts: line(facts, amount=800),
    "agreement/not-a-draft": lambda facts: facts["signed"].pop("on"),
    "agreement/over-cap": lambda facts: line(facts, amount="800.00"),
    "agreement/period": lambda facts: facts.update(period={"from": "2026-12-01", "to": "2027-02-28"}),
    "agreement/sums-disagree": lambda facts: line(facts, amount=None),
    "agreement/too-long": lambda facts: line(
        facts, course={**facts["lines"]["1a"]["course"], "to": facts["lines"]["1a"]["course"]["from"]}
    ),
    "agreement/too-many-months": lambda facts: line(facts, months=3),
    "agreement/unknown-key": lambda facts: line(facts, good_text=None, goods_text="a loom"),
    "agreement/unknown-line": lambda facts: facts["lines"].pop("8"),
    "discharge/dated-after": lambda facts: facts["discharge"].update(iom_consulted_on="2026-11-24"),
    "discharge/iom-consulted": lambda facts: facts["discharge"].update(iom_consulted_on="2026-11-24"),
    "monitoring/before-discharge": lambda facts: facts.update(date="2027-05-28"),
    "monitoring/contradiction": lambda facts: facts.update(job_paid="unknown"),
    "monitoring/in-future": lambda facts: facts.update(date="2027-05-28"),
    "monitoring/unanswered": lambda facts: facts.update(plans="unknown"),
}
"""How the file of each refused example is put right, by the words of its finding."""


def test_a_refused_file_is_taken_once_it_says_what_was_told(admitted: "Desk", discharged: "Desk") -> None:
    files = {path.stem.replace("-", "/", 1): path for path in REFUSED.iterdir()}
    assert {code for code in files if code.startswith(("agreement", "discharge", "monitoring"))} == set(CORRECTED)
    for code, put_right in CORRECTED.items():
        facts = read(files[code])
        desk, words, day = admitted, f"agreement {admitted.her} --form blue --check", "2026-11-25"
        if code.startswith("discharge"):
            words = f"discharge {admitted.her} --on 2026-11-25 --check"
        if code.startswith("monitoring"):
            desk, words, day = discharged, f"monitor record {discharged.her}", LATER
        if code == "monitoring/contradiction":
            facts["employed"] = "unknown"
        put_right(facts)
        assert code not in desk.do(words, facts, today=day).codes(), code


Row = dict[str, Any]
FOLLOWED: list[Row] = read(Path(__file__).with_name("followed.yaml"))


@pytest.mark.parametrize("row", FOLLOWED, ids=lambda row: row["code"])
def test_what_a_finding_says_to_do_helps(row: Row, admitted: "Desk") -> None:
    for step in row.get("before", ()):
        done = typed(admitted, step)
        assert done.code == 0, done.out
    first = typed(admitted, row["asked"])
    assert row["code"] in first.codes(), first.out
    for step in row.get("done", ()):
        done = typed(admitted, step)
        assert done.code == 0, done.out
    last = typed(admitted, row["again"] if "again" in row else row["asked"])
    assert row["code"] not in last.codes()
    assert last.refusals == row.get("next", []), last.out


def typed(desk: "Desk", step: str | dict[str, Any]) -> "Answer":
    """One step of a row, carried out."""
    ((words, given),) = step.items() if isinstance(step, dict) else ((step, None),)
    if given and (name := given.get("example")):
        whole = {**read(ACCEPTED / f"{name}.yaml"), **given}
        given = {key: value for key, value in whole.items() if key != "example" and value is not None}
    words = re.sub("ENTRY|REPORT", lambda found: last_of(desk, found[0]), words)
    return desk.ask(words.replace("ID", desk.her), given)


def last_of(desk: "Desk", what: str) -> str:
    """The id of her last agreement or report."""
    record = desk.record()
    entries = record["agreements"] if what == "ENTRY" else record["stays"][-1]["monitoring"]["reports"]
    return str(entries[-1]["id"])
