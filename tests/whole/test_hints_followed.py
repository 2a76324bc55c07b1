"""Whoever does what a finding or a hint tells her is told no more of it, and comes to a store that works."""

import ast
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ruamel.yaml import YAML

from shelterctl.core.manual.act import SOFTENED_REASON
from shelterctl.explain import codes
from shelterctl.rulebook.rulebook import open_rulebook
from tests.attack.lab import Lab, copied, worlds
from tests.attack.observers import followed
from tests.attack.table import STEPS
from tests.support.desk import Desk
from tests.support.inputs import USUAL_ENTRIES, gate
from tests.support.paths import ACCEPTED, PROJECT, TESTS
from tests.whole import hints

if TYPE_CHECKING:
    from tests.support.command import Answer


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
    "partner": "sezim",
    "release_provisions": "a room",
    "needs": "medical care",
}
"""What a person fills in; whatever is not here is answered with yes."""

GIVEN_BACK = {**USUAL_ENTRIES["belonging"], "returned_on": "2026-11-24", "return_signed": True}
"""A thing that she has again when she leaves."""


def read(path: Path) -> Any:
    """What a file says, with its days as text."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(path), default=str))


def fill_fragment(node: Any, name: str = "") -> Any:
    """A fragment as it is printed to be filled in, filled in."""
    if isinstance(node, dict):
        return {key: fill_fragment(below, key) for key, below in node.items()}
    if isinstance(node, list):
        return [fill_fragment(below, name) for below in node]
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
                entry = GIVEN_BACK if command.endswith("belonging") else USUAL_ENTRIES.get(command.rpartition(" ")[2])
                desk.do(words, fill_fragment(facts) if facts else entry if " --done " not in command else None)
                if command.endswith("examination"):  # of both kinds that the item names
                    desk.do(words, {**USUAL_ENTRIES["examination"], "kind": "evaluation"})
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
FOLLOWED: list[Row] = read(TESTS / "followed.yaml")


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


ROWS: list[dict[str, Any]] = yaml.load((TESTS / "mended.yaml").read_text("utf-8"), yaml.CSafeLoader)
FOLLOWED_ROWS = [row for row in ROWS if "test" not in row]
GIVEN = hints.remedies()

NO_DAMAGE = (
    r"vault/(bad-identity|bad-name|identity-exists|no-key|no-memory|no-passphrase|not-a-recipient|not-found)"
    r"|vault/(passphrase-needed|read-only-key|too-large|unlike|unreadable|bad-recipient|work-factor|wrong-passphrase)"
    r"|trust/(newer|not-manager|other-words|paper-.*|unregistered|words)|store/newer|restore/unproven|sealed/not-a-reader"
    r"|disk/(in-use|missing|name-too-long|permission)|check/a-devices-key|repair/unknown"
)
"""What is told of keys, words, rights and newer programs: nothing in the store is other than it should be."""


def line_of_the_second_lost(lab: Lab) -> None:
    path = lab.journal(lab.second)
    lines = path.read_bytes().split(b"\n")
    lines[0] = b"#" * len(lines[0])
    path.write_bytes(b"\n".join(lines))


def last_line_lost_and_rubbish_of_nobody(lab: Lab) -> None:
    lines = lab.journal().read_bytes().split(b"\n")
    lab.journal().write_bytes(b"\n".join([*lines[:-2], b"#" * 40, b""]))
    (lab.house / "residents/7QF2-M9KD.yaml.age").write_bytes(b"rubbish")


def residents_are_a_link(lab: Lab) -> None:
    (lab.house / "residents").rename(lab.folder / "elsewhere")
    (lab.house / "residents").symlink_to(lab.folder / "elsewhere")


def the_folder_put_back(lab: Lab) -> None:
    (lab.house / "residents").unlink()
    (lab.folder / "elsewhere").rename(lab.house / "residents")


def taken_out(lab: Lab) -> None:
    lab.place.unlink()


def moved_out_stray_files(lab: Lab) -> None:
    for name in ("residents/readme.txt", "run.sh"):
        shutil.move(lab.house / name, lab.folder / "moved out")


def moved_out_stranger_s_journal(lab: Lab) -> None:
    shutil.move(lab.journal(lab.mallory), lab.folder)


def step(name: str) -> Callable[[Lab], None] | None:
    """What happens to a store, or is done in it by hand, by its name."""
    known = name.replace(" ", "_").replace("'", "_")
    found: Callable[[Lab], None] | None = next(
        (vars(module)[known] for module in STEPS if known in vars(module)), globals().get(known)
    )
    return found


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, _empty: Desk) -> dict[str, Lab]:
    return worlds(tmp_path_factory.mktemp("damaged"))


def test_every_hint_is_followed_by_a_row_and_every_row_has_its_hint() -> None:
    wanted = {(code, said) for code, said in GIVEN if not re.fullmatch(NO_DAMAGE, code)}
    nobody = {
        (code, said)
        for code, said in wanted
        if not any(code in row["codes"] and said.startswith(row["hint"]) for row in ROWS)
    }
    assert nobody == set()
    idle = [
        (code, row["hint"])
        for row in ROWS
        for code in row["codes"]
        if not any(code == given and said.startswith(row["hint"]) for given, said in GIVEN)
    ]
    assert idle == []


def test_a_test_that_is_named_is_there() -> None:
    named = {row["test"] for row in ROWS if "test" in row}
    found = set()
    for file in {each.partition("::")[0] for each in named}:
        tree = ast.parse((TESTS / f"{file}.py").read_text("utf-8"))
        found |= {f"{file}::{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert named - found == set()


@pytest.mark.parametrize("row", FOLLOWED_ROWS, ids=lambda row: f"{row['codes'][0]} {row['does']}")
def test_whoever_follows_a_hint_comes_to_a_store_that_works(
    made: dict[str, Lab], tmp_path: Path, row: dict[str, Any]
) -> None:
    lab = copied(made[str(row.get("store", "one"))], tmp_path / "lab", str(row.get("at", "")))
    happened = step(row["does"])
    assert happened, row["does"]
    happened(lab)
    desk = lab.desk()
    (desk.folder / "usb").mkdir(exist_ok=True)
    if row.get("by") == "N":
        shutil.rmtree(desk.folder / "key.heads", ignore_errors=True)
    for words in row.get("before", ()):
        desk.do(words)
    told = desk.ask(fill_hint(row.get("asked", "check"), lab))
    said = {str((told.page["error"] or {}).get("hint"))} | {found["message"] for found in told.page["findings"]}
    codes = {told.error, *told.codes()}
    assert codes & set(row["codes"]) or row["codes"] == ["repair"], told.out
    assert any(beginning(row["hint"]) in each for each in said), said
    for words in row["done"]:
        done(words, lab, desk)
    checked = desk.ask("check")
    assert checked.code == 0, checked.out
    assert desk.ask("list").code == 0
    assert desk.ask("staff add s-nina --role psychologist").code == 0 or row.get("by") == "P"


def beginning(hint: str) -> str:
    """The words of a hint up to its first fact."""
    return hint.partition("{")[0]


def fill_hint(words: str, lab: Lab) -> str:
    values = {"WHOLE": str(lab.whole / "house"), "HER": lab.her, "NUMBER": str(lab.number)}
    return re.sub("WHOLE|HER|NUMBER", lambda found: values[found[0]], words)


def done(words: str, lab: Lab, desk: Desk) -> None:
    """One step of a row."""
    if words.startswith("follow"):
        followed(desk, None if words.endswith("alone") else lab.whole / "house")
    elif words.startswith("elsewhere"):
        desk.store = desk.folder / words.split()[1]
    elif words == "as the device":
        return
    elif by_hand := step(words):
        by_hand(lab)
    else:
        refused = words.endswith(" refused")
        answer = desk.ask(
            fill_hint(words.removesuffix(" refused"), lab), today=None if "restore" in words else "2026-11-25"
        )
        assert (answer.code != 0) == refused, answer.out
