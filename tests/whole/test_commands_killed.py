"""Every command that writes, killed at the calls that change a disk or with a full one: the same words finish it."""

import errno
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from typer.core import TyperGroup

from shelterctl import errors
from shelterctl.cli.commands import COMMAND_SUMMARIES, load_command
from shelterctl.custody import init
from shelterctl.errors import CannotOpen
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import create_identity
from shelterctl.rulebook.files import MANUAL_FOLDER
from shelterctl.session import Options
from shelterctl.session import Session as Seat
from shelterctl.trust.chain import add_device_to_chain, verify_chain
from shelterctl.trust.key_standing import judge_key
from shelterctl.vault.protocol import list_files_to_rekey
from tests.support.command import import_everything
from tests.support.crowd import Crowd
from tests.support.desk import TODAY, Desk
from tests.support.faults import Fault, kill, kill_half_way, refuse
from tests.support.inputs import REFERRAL
from tests.support.killable_commands import JOINED, SESSION, WORKS, other_shut_out
from tests.support.killable_roles import ROLE_WORKS
from tests.support.killed_acts import ACTS, Trials
from tests.support.killed_commands import ADD, FULL, KILLED, KILLS, Here, carried, fresh, left, tried
from tests.support.stores import ACT, AT, Ground


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    import_everything()


@pytest.fixture
def folder() -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108  (the disk is slow, and not what is looked for)
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.mark.parametrize("name", ACTS)
def test_cut_off_anywhere_the_same_words_finish_it(folder: Path, name: str) -> None:
    trials = Trials(folder, name)
    calls = trials.run(0, kill, False)
    for part in (0.5, 0.85):
        trials.run(round(calls * part), kill, False)
    trials.run(round(calls * 0.7), kill_half_way, False)
    trials.run(round(calls * 0.6), partial(refuse, errno.ENOSPC), True)
    assert trials.bad == []
    assert trials.outcomes["killed"] == 3


@pytest.mark.parametrize("name", sorted({*ACTS} - {"join"}))
def test_whoever_takes_out_what_check_calls_a_stranger_s_loses_nothing(folder: Path, name: str) -> None:
    trials = Trials(folder, name)
    calls = trials.run(0, kill, False)
    for part in (0.6, 0.9):
        trials.run(round(calls * part), kill, False, believing=True)
    assert trials.bad == []


def test_while_a_computer_joins_nothing_that_it_wrote_is_called_a_stranger_s(folder: Path) -> None:
    trials = Trials(folder, "join")
    calls = trials.run(0, kill, False)
    for number in range(30, 100, 5):
        trials.run(round(calls * number / 100), kill, False, believing=True)
    assert trials.bad == []
    assert trials.taken == []


@pytest.mark.parametrize("what", ["extend", "note"])
def test_a_statement_or_a_line_about_the_store_is_there_whole_or_not_at_all(folder: Path, what: str) -> None:
    outcomes, at = set(), 0
    while "done" not in outcomes:
        at += 1
        ground = Ground(folder / str(at))
        ground.vault().write("shelter.yaml", b"kind: shelter\n", None, **ACT)
        chain = add_device_to_chain(ground.chain, create_identity(), "s-nina", "s-aida", AT, ground.me)
        if (child := os.fork()) == 0:
            fault = Fault(at, kill_half_way)
            if what == "extend":
                ground.vault().save_chain(chain)
            else:
                ground.vault().add_journal_note({"lost": 1}, did="restore", by="s-aida", at=AT, beyond=9)
            fault.lift()
            os._exit(0)
        outcomes.add("killed" if os.waitpid(child, 0)[1] else "done")
        standing = judge_key(ground.root, ground.me, ground.heads)
        assert standing
        assert standing.chain.lines in (ground.chain.lines, chain.lines)
        # Whoever was cut off before it was remembered accepts what he himself began, or begins it again.
        vault = ground.vault()
        if what == "extend":
            ground.chain = verify_chain(standing.chain.lines, 0)
            ground.memory.remember(ground.chain, ground.journal().heads(), AT)
            vault = ground.vault()
            vault.save_chain(add_device_to_chain(ground.chain, create_identity(), "s-nina", "s-aida", AT, ground.me))
        vault.write("shelter.yaml", b"kind: carc\n", vault.read("shelter.yaml")[1], **ACT)
        assert ground.vault().journal.verify() == [] if what == "note" else True
    assert at > 10
    assert outcomes == {"killed", "done"}


def test_a_founding_that_another_key_began_is_not_taken_over(folder: Path) -> None:
    me, other = create_identity(), create_identity()
    begun = init.begin_founding(folder / "house", me, "manager", AT)
    assert init.begin_founding(folder / "house", me, "manager", AT) == begun
    with pytest.raises(errors.Conflict) as refused:
        init.begin_founding(folder / "house", other, "manager", AT)
    assert refused.value.code == "init/begun"
    (folder / "house/.founding.yaml.age").write_bytes(b"half a no")
    assert init.begin_founding(folder / "house", me, "manager", AT) != begun


TITLES = [*WORKS, *ACTS]
LEAST = {"1 of 3": (176, 180), "2 of 3": (165, 185), "3 of 3": (160, 165)}
"""How many runs of each group are killed, and how many meet a full disk, at the least."""

GROUPS = {group: TITLES[part :: len(LEAST)] for part, group in enumerate(LEAST)}
"""Each of about as many works, so that the processors share them."""

LEFT_OUT = {
    "menu": "it asks at a terminal, and calls what the commands call",
    "demo generate": "it makes a store of its own, of invented people, which is made again in seconds",
    "hub init": "it makes a new folder with one file, which is there whole or not",
    "hub add": "tests/hub/test_hub.py kills it at each of its calls",
    "rules new": "it writes into a rulebook that somebody revises, a whole file in the place of another",
    "demo run": "it runs the other commands one after the other, on invented people",
}
ALIKE = {
    **dict.fromkeys(("--by", "--kind", "--capacity", "--memorandum", "--contract", "--ngo", "--role", "--from", "--how",
                     "--outcome", "--on", "--own-decision", "--reason-code", "--manager", "--coordinator",
                     "--registers-since", "--role-since", "--supervisor", "--at-least", "--days", "--hours", "--house",
                     "--clause", "--field", "--decided-by"), "what is said in the entry"),
    **dict.fromkeys(("--stay", "--form", "--number", "--entry", "--facility"), "which entry, stay or house it is"),
    **dict.fromkeys(("--paper", "--names", "--as", "--blank", "--account", "--example", "--months", "--month",
                     "--since", "--until", "--strict", "--of", "--out", "--public", "--compare", "--trace",
                     "--as-known-on", "--list", "--year"), "what is printed, and how"),
    **dict.fromkeys(("--to", "--key", "--columns", "--where", "--labels", "--exact", "--reason", "--anonymised",
                     "--delimiter", "--decimal", "--standard", "--tables", "--log",
                     "--losses"), "which tables go out, and how"),
    **dict.fromkeys(("--period", "--exception", "--confirm"), "which lines of the ledger, all entered in one way"),
    **dict.fromkeys(("--words", "--clients", "--unproven"), "what is compared before"),
    **dict.fromkeys(("--no-passphrase", "--new-passphrase-fd"), "how a passphrase is asked for"),
    **dict.fromkeys(("--accept", "--answer", "--result", "--tell", "--hear", "--end", "--matching", "--invented"),
                    "which step of a matching, which is kept and noted as the list is"),
    "--keep": "which computers are left out",
    "--check": "writes nothing",
    "--new-person": "whether a row is about somebody who is known",
    "--undo": "tried of plans, and of a discharge",
    "--again": "whether an equal entry is another one",
    "--overwrite": "whether a paper may take the place of another",
    "--each": "each document is saved by itself, as one is",
}  # fmt: skip
"""Options that decide what is written, and not how."""

READING = {
    "facility list": "facility list", "ngo list": "ngo list", "staff list": "staff list",
    "provider list": "provider list", "iom-contact list": "iom-contact list",
    "show": "show {her}", "list": "list", "find": "find", "due": "due", "today": "today",
    "check": "check", "agreements": "agreements", "paper": "paper 000-000-000", "monitor due": "monitor due",
    "monitor reports": "monitor reports", "device list": "device list", "schema": "schema outcome",
    "who-can-read": "who-can-read {her}", "coverage": "coverage",
    "query": "query --tables", "hub list": "hub list nowhere", "hub check": "hub check nowhere",
    "hub sql": "hub sql nowhere", "hub query": 'hub query "select 1" nowhere',
    "rules list": "rules list pink", "rules impact": "rules impact {manual}",
    "explain": "explain M1.2.3", "help": "help backup", "completion": "completion bash",
}  # fmt: skip
"""Commands that write nothing, or with the words here do not."""


def every_command() -> Iterator[tuple[str, set[str]]]:
    """The words of each command, and its options."""

    def below(command: Any, words: str) -> Iterator[tuple[str, set[str]]]:
        if isinstance(command, TyperGroup):
            for name, each in command.commands.items():
                yield from below(each, f"{words} {name}")
        else:
            yield words, {text for one in command.params for text in one.opts if text.startswith("--")}

    for name in COMMAND_SUMMARIES:
        yield from below(typer.main.get_command(load_command(name)), name)


def tried_words() -> dict[str, set[str]]:
    """The commands that are struck down, and the options that are given to them."""
    known, found = dict(every_command()), dict[str, set[str]]()
    given = [(work.words, {"--from"} if work.given else set[str]()) for work in WORKS.values()]
    given += [(work.words, {"--from"} if work.given else set[str]()) for work in ROLE_WORKS.values()]
    for words, more in [*given, *((act.words, set()) for act in ACTS.values())]:
        command = max((name for name in known if f"{words} ".startswith(f"{name} ")), key=len)
        found.setdefault(command, set()).update(more, (word for word in words.split() if word.startswith("--")))
    return found


def test_every_command_that_writes_is_struck_down_or_it_is_said_why_not() -> None:
    known, found = dict(every_command()), tried_words()
    assert {*known} - {*found} - {*LEFT_OUT} == {*READING} - {*found}
    assert not {*LEFT_OUT} & {*found}
    for command, options in found.items():
        assert known[command] - options <= {*ALIKE}, command


def test_what_is_said_to_write_nothing_writes_nothing(admitted: Desk) -> None:
    admitted.do("check")
    before = admitted.digest()
    for words in READING.values():
        given = {"first_name": "Айгуль"} if words == "find" else None
        answer = admitted.run(words.format(her=admitted.her, manual=MANUAL_FOLDER), given)
        assert answer.code in (0, 1, 3), answer.err
    assert admitted.digest() == before


@pytest.mark.sampled
@pytest.mark.posix("a fork that is struck down", "windows/test_two.py")
@pytest.mark.parametrize("group", GROUPS)
def test_killed_at_calls_of_every_command_nothing_acknowledged_is_lost(group: str) -> None:
    seen = carried(partial(tried, titles=GROUPS[group], how="killed"))
    assert seen["bad"] == []
    assert seen["ends"]["killed"] >= LEAST[group][0]
    assert {*seen["ends"]} <= {"killed", "0"}


@pytest.mark.sampled
@pytest.mark.posix("a fork that is struck down", "windows/test_two.py")
@pytest.mark.parametrize("group", GROUPS)
def test_on_a_full_disk_it_is_said_and_nothing_is_lost(group: str) -> None:
    seen = carried(partial(tried, titles=GROUPS[group], how="full"))
    assert seen["bad"] == []
    assert sum(seen["ends"].values()) >= LEAST[group][1]
    assert seen["ends"]["8"] > LEAST[group][1] / 2
    assert {*seen["ends"]} == {"0", "8"}


def test_there_are_more_than_five_hundred_kills_and_full_disks() -> None:
    assert sorted(title for group in GROUPS.values() for title in group) == sorted(TITLES)
    kills, full = (sum(each) for each in zip(*LEAST.values(), strict=True))
    assert kills >= 500
    assert full >= 500


MANY, PLACES = 18, 50
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
