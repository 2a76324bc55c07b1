"""Whoever follows a hint that is given after damage, an interrupted command or beside a foreign file comes to a store
that works; and there is no such hint that nobody follows here."""

import ast
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hints
import pytest
import yaml
from attack.lab import Lab, copied, worlds
from attack.observers import followed
from attack.table import STEPS
from conftest import Desk

ROWS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("mended.yaml").read_text("utf-8"))
FOLLOWED = [row for row in ROWS if "test" not in row]
GIVEN = hints.remedies()

NO_DAMAGE = (
    r"vault/(bad-identity|bad-name|identity-exists|no-key|no-memory|no-passphrase|not-a-recipient|not-found)"
    r"|vault/(passphrase-needed|read-only-key|too-large|unlike|unreadable|bad-recipient|work-factor|wrong-passphrase)"
    r"|trust/(newer|other-words|paper-.*|unregistered|words)|store/newer|restore/unproven|sealed/not-a-reader"
    r"|disk/(in-use|missing|permission)|check/a-devices-key|repair/unknown"
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
        tree = ast.parse(Path(__file__).with_name(f"{file}.py").read_text("utf-8"))
        found |= {f"{file}::{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert named - found == set()


@pytest.mark.parametrize("row", FOLLOWED, ids=lambda row: f"{row['codes'][0]} {row['does']}")
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
    told = desk.ask(filled(row.get("asked", "check"), lab))
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


def filled(words: str, lab: Lab) -> str:
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
            filled(words.removesuffix(" refused"), lab), today=None if "restore" in words else "2026-11-25"
        )
        assert (answer.code != 0) == refused, answer.out
