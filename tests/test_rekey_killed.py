"""A rekey that is killed, or meets a full disk, at any call: every file is whole, and the next run goes on."""

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from conftest import TODAY
from crowd import Crowd
from faults import kill, kill_half_way
from gate import REFERRAL
from struck_here import FULL, KILLED, KILLS, Here, carried, fresh, left
from struck_trials import ADD
from struck_works import JOINED, SESSION, other_shut_out

from shelterctl.errors import CannotOpen
from shelterctl.identity.key_file import load_identity
from shelterctl.session import Options
from shelterctl.session import Session as Seat
from shelterctl.vault.protocol import list_files_to_rekey

MANY, PLACES = 60, 50
WRONG: Final = "residents/{her}.yaml.age"


def store_with(folder: Path, clients: int) -> Here:
    """A store with so many clients, whose second computer was shut out just now."""
    folder.mkdir()
    desk = Here(folder)
    desk.do("init house --shelter bishkek --no-passphrase --recovery sheet", today=None)
    (folder / "paper").write_text((folder / "sheet").read_text().splitlines()[-1] + "\n")
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("staff add s-aida --role psychologist")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    desk.do(f"admit {desk.her} --complete --on 2026-11-22")
    desk.do(f"add {desk.her} session", SESSION)
    for _ in range(clients - 1):
        desk.do("admit --new-person", REFERRAL)
    desk.do(JOINED[0])
    desk.do("trust --accept")
    other_shut_out(desk)
    return desk


def waits(desk: Here) -> set[str]:
    session = Seat(options=Options(store=str(desk.store), identity=str(desk.key)))
    return set(list_files_to_rekey(session.store.vault))


def opened(desk: Here) -> set[str]:
    """The files that the computer which was shut out still opens, as they lie."""
    key, found = load_identity(desk.folder / "other", None), set()
    for path in desk.store.rglob("*.age"):
        try:
            key.open(path.read_bytes())
        except CannotOpen:
            continue
        found.add(path.relative_to(desk.store).as_posix())
    return found


def looked_at(desk: Here, code: int = 0) -> list[str]:
    """What is wrong once a run was struck: a file that is not whole, or that waits and does not know of it."""
    bad, check = [], desk.ask("check", today=TODAY)  # which finishes what was interrupted, as any command does
    if check.code != code:
        bad.append(f"check: {check.code} {check.error} {check.codes()}")
    told = {each["code"]: each for each in check.page["findings"]}
    waiting_now = waits(desk)
    if not opened(desk) <= waiting_now:
        bad.append(f"open, and not said to wait: {sorted(opened(desk) - waiting_now)}")
    if ("store/not-resealed" in told) != bool(waiting_now):
        bad.append("check does not say what waits")
    return bad


def many(folder: Path) -> dict[str, Any]:
    """Killed at a place by chance, again and again until it is done, over and over."""
    kept = store_with(folder / "kept", MANY)
    names, whole = waits(kept), kept.do(f"show {kept.her} --all").data
    drawn, bad, seen, places = Crowd(34), list[str](), Counter[str](), 0
    while places < PLACES:
        fresh(folder / "kept", folder / "copy")
        desk, before = Here(folder / "copy", kept.her), names
        while True:
            at = drawn.randrange(1, 120)
            struck = desk.struck("rekey", None, at, drawn.choice((kill, kill_half_way)), False, TODAY)
            seen["killed" if struck.code == KILLED else str(struck.code)] += 1
            places += struck.code == KILLED
            bad += [f"at {at}: {each}" for each in looked_at(desk)]
            if not (now := waits(desk)) <= before:
                bad.append("what was done waits again")
            before = now
            if struck.code == 0:
                break
        bad += [f"still waits: {sorted(before)}"] * bool(before) + [f"open: {sorted(opened(desk))}"] * bool(
            opened(desk)
        )
        bad += ["another file"] * (desk.do(f"show {desk.her} --all").data["record"] != whole["record"])
        desk.do(ADD)
        bad += [f"left: {name}" for name in left(folder / "copy")]
    return {"bad": bad, "ends": seen, "files": len(names)}


def one_damaged(folder: Path, how: str) -> dict[str, Any]:
    """Of two clients the file of one is damaged: struck at each call, that of the other is sealed anew all the same."""
    kept = store_with(folder / "kept", 2)
    hurt = WRONG.format(her=kept.her)
    *sealed, last = (kept.store / hurt).read_bytes()
    (kept.store / hurt).write_bytes(bytes([*sealed, last ^ 1]))
    bad, seen, at, calls = list[str](), Counter[str](), 0, 1
    strikes = KILLS[:2] if how == "killed" else FULL
    while at <= calls:
        for strike, lasting in strikes if at else strikes[:1]:
            fresh(folder / "kept", folder / "copy")
            desk = Here(folder / "copy", kept.her)
            struck = desk.struck("rekey", None, at, strike, lasting, TODAY)
            calls = len(struck.calls) if at == 0 else calls
            seen["killed" if struck.code == KILLED else f"{struck.code} {struck.error}"] += 1
            complaints = looked_at(desk, 6)
            again = desk.ask("rekey", today=TODAY)
            if (again.code, again.data["left"]) != (6, [hurt]) or waits(desk) != {hurt}:
                complaints.append(f"again: {again.code} {again.error} {again.data}")
            desk.do(ADD)  # what the computer remembers is written anew with the store
            complaints += [f"left: {name}" for name in left(folder / "copy")]
            bad += [f"{how} at {at}: {each}" for each in complaints]
        at += 1
    return {"bad": bad, "ends": seen, "files": calls}


@pytest.mark.posix("a fork that is struck down", "windows/test_two.py")
def test_killed_at_fifty_places_by_chance_it_is_done_in_the_end_and_nothing_is_lost() -> None:
    seen = carried(many)
    assert seen["bad"] == []
    assert seen["files"] == MANY + 2
    assert seen["ends"]["killed"] >= PLACES
    assert {*seen["ends"]} == {"killed", "0"}


@pytest.mark.posix("a fork that is struck down", "windows/test_two.py")
@pytest.mark.parametrize(("how", "ends"), [("killed", {"killed"}), ("full", {"8 disk/full"})])
def test_with_a_damaged_file_beside_them_the_others_are_sealed_anew_all_the_same(how: str, ends: set[str]) -> None:
    seen = carried(partial(one_damaged, how=how))
    assert seen["bad"] == []
    assert ends <= {*seen["ends"]}, seen["ends"]
    assert sum(seen["ends"].values()) >= 25
