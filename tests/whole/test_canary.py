"""An invented client whose every text is a canary, by file and typed: it is on her screen and nowhere else."""

import json
import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from shelterctl.prompts import agreement as blue
from shelterctl.prompts import monitor
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.schemas.input import entry_schema
from tests.support.inputs import typed as typed_besides
from tests.support.inputs import with_evidence
from tests.support.paths import TESTS
from tests.support.sealed_entries import decrypted
from tests.support.terminal import ADMISSION, HOUSE, LEAVE, OPEN, SEE, LiveTerminal, Seen, Terminal, heard_by_others

if TYPE_CHECKING:
    from tests.support.command import Answer
    from tests.support.desk import Desk


CANARY = "Канарейка"
SHELF = open_rulebook()
NUMBERS = count(1)
SAMPLES = {
    "day": "2026-11-22",
    "time": "2026-11-22T10:00+06:00",
    "partial": 1999,
    "code": "s-gulnara",
    "language": "ky",
    "country": "KG",
    "clock": "08:00",
    "entry_id": "K7M2QA",
    "id": "0000-0000",
    "part": "1b",
    "span": {"from": "2026-11-22", "to": "2026-11-23"},
}
BY_ACTS = {"id", "admitted_on", "not_admitted", "stays", "facility", "done", "discharge", "monitoring", "stay"}
LATER = "2027-06-01"


def canary() -> str:
    return f"{CANARY}{next(NUMBERS)}"


def filled(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Any:
    """A value that *schema* allows, with a canary for every text."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if schema.get("x-code"):
            return "S-NGO-12"  # others see it, so that no name of hers may stand in it
        return canary() if name == "text" else SAMPLES.get(name) or filled(shapes[name], shapes)
    if "anyOf" in schema or "enum" in schema:
        return schema["enum"][0] if "enum" in schema else filled(schema["anyOf"][0], shapes)
    if schema["type"] == "object":
        return {name: filled(part, shapes) for name, part in schema["properties"].items() if name not in BY_ACTS}
    if schema["type"] == "array":
        return [filled(schema["items"], shapes)]
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    return {"boolean": True, "integer": 1, "number": 1}[kind]


def whole_file() -> dict[str, Any]:
    """Everything that a referral may say, the last word a canary wherever a text may stand."""
    schema = published.fragment_schema(SHELF)
    facts: dict[str, Any] = filled(schema, schema["$defs"])
    facts["referral"]["partner_ngo"] = "ulybka"
    facts["identification_number"] = "KG-2026-118"
    return with_evidence(facts)


SEALED = [name for name, track in SHELF.tracks.items() if track.seal and not track.of_register]
"""The sealed tracks of a client's file."""

SEALED_IN_HOUSE = [name for name, track in SHELF.tracks.items() if track.seal and track.of_register == "house"]
"""The sealed tracks of the registers of a house."""

LIES_DEEP = "Запечатанная"
"""What the canary of a sealed entry is called besides: it sings in no file that is opened, but from a block."""


def sealed(track: str) -> dict[str, Any]:
    """An entry of a sealed track, with a canary for every text."""
    schema = entry_schema(SHELF, track)

    def deep(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: deep(each) for name, each in value.items()}
        if isinstance(value, list):
            return [deep(each) for each in value]
        return value + LIES_DEEP if isinstance(value, str) and CANARY in value else value

    facts: dict[str, Any] = deep(filled(schema, schema["$defs"]))
    return facts


AGREEMENT = {
    "number": "S-NGO-12",
    "date": "2026-11-25",
    "ngo": "sezim",
    "ngo_representative": CANARY + "-a",
    "iom_representative": CANARY + "-b",
    "drafted_by": [CANARY + "-c", CANARY + "-d"],
    "period": {"from": "2026-12-01", "to": "2027-02-28"},
    "notes": CANARY,
    "lines": {"1b": {"amount": 3000, "goods": "tools", "goods_text": CANARY}},
}
REPORT = {"social_worker": "s-gulnara", "date": "2027-05-28", "problems": CANARY, "threats": True, "plans": CANARY}


@pytest.fixture
def sung(desk: "Desk") -> "Desk":
    """The desk with her file."""
    her = whole_file()
    assert str(her).count(CANARY) > 25
    admitted = desk.do("admit", her)
    assert CANARY not in admitted.out
    desk.her = admitted.data["id"]
    return desk


def her_whole_way(desk: "Desk") -> Iterator["Answer"]:
    """Every command that does something for her, as a person runs it."""
    her = desk.her
    leaving = {"iom_representative": CANARY, "iom_consulted_on": "2026-11-24", "reason_text": CANARY}
    steps: list[tuple[str, Any]] = [
        (f"admit {her}", {"identity": {"address": CANARY + "-new"}}),
        (f"admit {her}", {"children": [{"id": "AAAAAA", "sex": "female"}]}),
        (f"admit {her} --done orientation", None),
        (f"admit {her} --complete --check", None),
        (f"admit {her} --complete", None),
        ("admit", {"identity": {"sex": "female", "first_name": CANARY + "-x", "last_name": CANARY + "-y"}}),
        (f"agreement {her} --form blue", AGREEMENT),
        (f"agreement {her} --form blue --number S-NGO-12 --sign", None),
        ("agreements", None),
        ("agreements --account", None),
        ("agreements --pocket-money", None),
        *((f"add {her} {track}", sealed(track)) for track in SEALED),
        *((f"{act} {her} {name}", None) for name in SEALED for act in SHELF.tracks[name].entry_acts),
        *((f"show {her} {track}", None) for track in SHELF.track_names),
        (f"due {her}", None),
        ("form list", None),
        (f"discharge {her}", {"discharge": leaving}),
    ]
    for words, given in steps:
        answer = desk.run(f"{words} --json", given)
        assert given is None or not words.startswith("add") or answer.code == 0, answer.out
        yield answer
    later: list[tuple[str, Any]] = [
        (f"monitor record {her}", REPORT),
        (f"monitor attempt {her} --how phone", {"outcome": "other", "outcome_other": CANARY}),
        ("monitor due", None),
        (f"monitor close {her}", {"reason": CANARY}),
        ("list", None),
        ("list --format csv", None),
        ("find", {"first_name": CANARY}),
        ("find", {"first_name": CANARY + "-y", "last_name": CANARY + "-x"}),
        ("house --others 1 --facility bishkek", None),
        ("check", None),
        (f"check {her} --strict", None),
        ("ngo add ulybka", {"name": CANARY, "address": CANARY, "phone": CANARY}),
        ("staff add s-new", {"name": CANARY}),
        ("facility add osh", {"address": CANARY}),
    ]
    for words, given in later:
        yield desk.run(f"{words} --json", given, today=LATER)


def test_on_her_whole_way_the_canary_is_heard_only_where_her_file_is_shown(sung: "Desk") -> None:
    for answer in her_whole_way(sung):
        assert CANARY not in answer.err
        if "S-NGO-12" not in answer.out:
            assert CANARY not in answer.out
    assert sung.run(f"show {sung.her} --all --names").out.count(CANARY) > 25
    shown = sung.do(f"show {sung.her} --names")
    assert str(shown.data["record"]).count(CANARY) > 25
    assert CANARY not in str(shown.page["findings"])
    for track in (name for name in SEALED if LIES_DEEP in str(sealed(name))):  # some have codes and days alone
        assert LIES_DEEP in str(sung.do(f"show {sung.her} {track} --names").data["rows"]), track
    assert LIES_DEEP not in str(shown.page) + opened(sung)
    judged = sung.ask(f"agreement {sung.her} --form blue --check", {**AGREEMENT, "number": "S-NGO-13"})
    assert CANARY not in str(judged.page["findings"])
    assert_silent(sung)


def test_a_canary_in_a_register_of_the_house_is_heard_only_where_the_entry_is_shown(admitted: "Desk") -> None:
    assert {"visit", "call", "incident"} <= set(SEALED_IN_HOUSE)
    for track in SEALED_IN_HOUSE:
        facts = json.loads(json.dumps(sealed(track)).replace(str(SAMPLES["id"]), admitted.her))
        assert LIES_DEEP in str(facts), track
        added = admitted.run(f"add bishkek {track} --json", facts)
        assert added.code == 0, added.out
        for act in ("permit", "close"):
            admitted.run(f"{act} bishkek {track} --json", {})
    months = "--month this", "--month last", "--format csv", ""
    for words in (
        "due", "due bishkek", "due --mine s-gulnara", "due --week", "check", "check bishkek", "list", "house",
        "monitor due",
        *(f"list {track} {month}" for track in SEALED_IN_HOUSE for month in months),
        *(f"show bishkek {track}" for track in SEALED_IN_HOUSE),
    ):  # fmt: skip
        told = admitted.run(words if "csv" in words else f"{words} --json")
        assert told.code == 0, words
        assert CANARY not in told.out + told.err, words
    for track in SEALED_IN_HOUSE:
        assert LIES_DEEP in admitted.run(f"show bishkek {track} --names").out, track
    for path in (admitted.store / "registers").glob("*/*/*.age"):
        assert LIES_DEEP not in decrypted(path.read_bytes(), admitted.key).decode()
    assert_silent(admitted)


def assert_silent(desk: "Desk") -> None:
    """No file name, journal line, list or sealed byte at this desk has the canary, and no command was told it."""
    assert not any(CANARY in word for words in desk.argv for word in words)
    for path in desk.folder.rglob("*"):
        assert CANARY not in path.name
        if path.is_file() and path.name != "given.yaml":
            assert CANARY.encode() not in path.read_bytes()


def opened(desk: "Desk") -> str:
    """Her file as any age with the key opens it."""
    return decrypted((desk.store / "residents" / f"{desk.her}.yaml.age").read_bytes(), desk.key).decode()


def test_any_age_with_the_key_opens_her_file(sung: "Desk") -> None:
    assert opened(sung).count(CANARY) > 25


FILES = {
    "a key": f"{CANARY}: 1\n",
    "a key below": f"identity: {{{CANARY}: 1}}\n",
    "a code": f"identity: {{sex: {CANARY}}}\n",
    "a day": f"admission: {{rules: {{signed_on: {CANARY}}}}}\n",
    "an entry": f"iom: {{instructions: [{{id: {CANARY}}}]}}\n",
    "twice": f"{CANARY}: 1\n{CANARY}: 2\n",
    "a list": f"- {CANARY}\n",
    "an anchor": f"notes: &{CANARY} x\n",
    "a tag": f"notes: !{CANARY} x\n",
    "a comment": f"notes: x # {CANARY}\n",
    "a quote": f'notes: "{CANARY}\n',
    "marks": f"<<<<<<< {CANARY}\n",
    "an agreement": f"date: 2026-11-25\n{CANARY}: 1\n",
    "a line": f"date: 2026-11-25\nlines: {{{CANARY}: {CANARY}, 7a: {{{CANARY}: 1}}, 2: {{document: {CANARY}}}}}\n",
}


@pytest.mark.parametrize("given", FILES.values(), ids=FILES)
def test_no_refusal_of_a_file_repeats_it(given: str, admitted: "Desk") -> None:
    before = admitted.digest()
    for words in (f"admit {admitted.her}", f"agreement {admitted.her} --form blue"):
        answer = admitted.ask(words, given)
        assert answer.code != 0
        assert CANARY not in str(answer.page["findings"]) + str(answer.page["error"])
        assert words.startswith("agreement") or CANARY not in answer.out
    assert admitted.digest() == before


WORDS = [
    "{}", "--{}", "show {}", "admit {}", "admit --{}", "admit --from {}.yaml", "admit {{her}} --done {}", "schema {}",
    "admit {{her}} --complete --on {}", "agreement --form {}", "agreement {{her}} --form blue --number {}", "check {}",
    "monitor {}", "monitor due --within {}", "monitor due --as-of {}", "monitor attempt {{her}} --how {}", "explain {}",
    "list --store {}", "list --lang {}", "list --passphrase-fd {}", "list --identity {}", "ngo add {}", "staff add {}",
    "staff add s-x --role {}", "facility add osh --kind {}", "void {{her}} {} --reason-code other", "list {}",
    "find {}", "find --from {}.yaml", "house --facility {}", "house --others {}", "void {{her}} {}", "show {{her}} {}",
    "void {{her}} AAAAAA --reason-code {}", "init {}/house --shelter {}", "check {}.yaml",
]  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_no_refusal_of_a_word_repeats_it(words: str, admitted: "Desk") -> None:
    before = admitted.digest()
    typed = words.format(CANARY, CANARY).format(her=admitted.her)
    answer = admitted.run(typed, today=None)
    assert answer.code != 0
    assert CANARY not in answer.out + answer.err
    assert admitted.digest() == before


def test_the_canary_is_where_it_was_put(tmp_path: Path) -> None:
    """The search finds what is there: else the silence above would prove nothing."""
    (tmp_path / "leak").write_text(canary())
    assert any(CANARY.encode() in path.read_bytes() for path in tmp_path.iterdir())


NAME = f"{CANARY}-Примерова"
WAYS = yaml.load((TESTS / "interrupted.yaml").read_text("utf-8"), yaml.CSafeLoader)
MORE = typed_besides()
"""What is typed besides, by its question, where the gate asks for more than the way knows."""

MENU = "What would you like to do?"
CODES = ("Sex", "Citizenship", "Number of the agreement", "Identification number", "Who did it")
"""Questions that are answered by typing a code or a number, which is no word about a person."""

GENERAL = ("Marital status", "Children: how many, where they are", "Her own address", "Telephone")
"""What a monitoring report asks of her file where it is not there."""

ASKED_LATER = {question: answer for question, answer, _, *how in WAYS["later"]["asked"] if "comes again" in how}
"""What is left for later, and so comes first when her file is opened again."""

KNOWN = {"house", "key", "key.heads", "given.yaml"}
"""What lies in her home besides: the store, the key, the head of the journal, and what --from reads in tests."""


def canaries(way: str) -> Iterator[tuple[str, str]]:
    """The answers of a whole way, with a canary for every word that is free, by their question."""
    for number, (question, answer, gives, *_) in enumerate(WAYS[way]["asked"]):
        free = question not in CODES and any(isinstance(value, str) and value in answer for value in gives.values())
        word = NAME if question == "Last name" else f"{CANARY}-{chr(ord('а') + number % 32)}"
        yield question, word if free and answer else answer


def typed(live: LiveTerminal, way: str) -> int:
    """The whole way answered; how many canaries were typed."""
    sung = 0
    for question, answer in canaries(way):
        if way == "monitor" and question in GENERAL:  # her file says it already
            continue
        while live.asked in MORE:
            live.type(MORE[live.asked])
        assert live.asked.startswith(question)
        live.type(answer)
        sung += CANARY in answer
        assert CANARY.encode() not in heard_by_others(live)
    return sung


def assert_terminal_silent(desk: "Desk", *seen: Seen) -> None:
    """Nothing that is left on a terminal, on the disk, in a list or a name has the canary."""
    for one in seen:
        assert CANARY in one.raw.decode("utf-8", "replace")
        assert CANARY not in one.left
    assert not any(CANARY in word for words in desk.argv for word in words)
    for path in desk.folder.rglob("*"):
        assert CANARY not in path.name
        assert path.is_dir() or CANARY.encode() not in path.read_bytes()
    assert {path.name for path in desk.folder.iterdir()} <= KNOWN


def copied(desk: "Desk", folder: Path) -> "Desk":
    shutil.copytree(desk.folder, folder)
    return type(desk)(folder, desk.her)


@pytest.fixture
def sung_at_terminal(_sung: "Desk", tmp_path: Path) -> "Desk":
    """The desk with her file: a canary was admitted through the menu."""
    return copied(_sung, tmp_path / "desk")


@pytest.fixture(scope="module")
def _sung(_empty: "Desk", tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    desk = copied(_empty, tmp_path_factory.mktemp("sung") / "desk")
    with Terminal(desk, today=None).live("menu --as-of 2026-11-25") as live:
        live.type("1")
        assert typed(live, "admission") > 5
        assert live.asked.startswith("All conditions of admission are met")
        live.type("yes")
        live.type("all open questions")
        assert typed(live, "later") > 5
        for choice in ([NAME], [OPEN, NAME, "1", SEE], [HOUSE], [f"{CANARY}-лова"]):
            live.until(MENU)
            for answer in choice:
                live.type(answer)
        live.until(MENU)
        live.type(LEAVE)
        seen = live.end()
    assert seen.raw.decode().count(NAME) > 3
    (row,) = desk.do("list").data["rows"]
    assert row["state"] == "admitted"
    desk.her = row["id"]
    assert_terminal_silent(desk, seen)
    return desk


def test_her_whole_way_at_the_terminal_leaves_nothing_behind(sung_at_terminal: "Desk") -> None:
    her, later = sung_at_terminal.her, "2027-06-01"
    seen = []
    for way, last, today in (
        ("blue", [blue.AGREEMENT_SAVE_DRAFT], None),
        ("discharge", ["write"], None),
        ("monitor", [monitor.REPORT_SAVE], later),
    ):
        with Terminal(sung_at_terminal, today=today or "2026-11-25").live(WAYS[way]["run"].replace("ID", her)) as live:
            assert typed(live, way) > 0
            for answer in last:
                live.type(answer)
            seen.append(live.end())
        assert seen[-1].code == 0, seen[-1].text[-900:]
    for words, answers in (
        (f"show {her}", ["", ""]),
        (f"show {her} --all", [""] * 20),
        ("list --names", [""]),
        ("find", [CANARY, ""]),
        ("menu --as-of 2027-06-01", [OPEN, NAME, "1", SEE]),
    ):
        seen.append(Terminal(sung_at_terminal, today=None if "menu" in words else later).run(words, answers))
    assert [one.code for one in seen if one.code not in (0, 129)] == []
    assert_terminal_silent(sung_at_terminal, *seen)
    assert str(sung_at_terminal.record()).count(CANARY) > 25


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
@pytest.mark.parametrize("words", ["admit", "menu --as-of 2026-11-25"])
def test_a_program_that_is_told_to_end_leaves_no_name(
    words: str, number: signal.Signals, sung_at_terminal: "Desk"
) -> None:
    with Terminal(sung_at_terminal, today=None if "menu" in words else "2026-11-25").live(words) as live:
        for answer in [OPEN, "1", ADMISSION, "2", "1"] if "menu" in words else ["female", "1999", "", "", "", CANARY]:
            live.type(answer)
        live.press(f"half a {CANARY}".encode())
        live.send(number)
        seen = live.end()
    assert seen.code == 128 + number
    assert b"\x1b[?1049h" not in seen.raw.rpartition(b"\x1b[?1049l")[2]
    assert b"\x1b[?1049l" in seen.raw
    assert_terminal_silent(sung_at_terminal, seen)


BUG = """
import sys
sys.dont_write_bytecode = True
import pyrage
def encrypt(data, recipients):
    raise RuntimeError(data.decode())
pyrage.encrypt = encrypt
"""


@pytest.mark.parametrize("words", ["admit", "menu --as-of 2026-11-25"])
def test_a_bug_says_where_it_is_and_not_what_it_was_about(words: str, sung_at_terminal: "Desk", tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BUG)
    path = f"{tmp_path}{os.pathsep}{sung_at_terminal.env['PYTHONPATH']}"
    at = Terminal(sung_at_terminal, today=None if "menu" in words else "2026-11-25", env={"PYTHONPATH": path})
    words = f"admit {sung_at_terminal.her}" if words == "admit" else words
    with at.live(words) as live:
        begin = [] if words.startswith("admit") else [OPEN, NAME, ADMISSION, "all open questions"]
        for answer in begin:
            live.type(answer)
        live.until("Identity documents she has", ASKED_LATER, key="<")
        live.type(f"{CANARY}-new")  # all her file is written anew
        seen = live.end()
    assert seen.code == 70, seen.text[-900:]
    assert "bug: RuntimeError at " in seen.left
    assert "Traceback" not in seen.text
    assert_terminal_silent(sung_at_terminal, seen)


HABITS = {
    ".inputrc": 'set editing-mode vi\n"a": "b"\n"К": "z"\nset history-size 1000\n',
    ".python_history": "print(1)\n",
    ".editrc": "bind -v\n",
}


def test_nothing_is_learned_from_home_and_nothing_is_written_there(desk: "Desk") -> None:
    for name, text in HABITS.items():
        (desk.folder / name).write_text(text)
    with Terminal(desk).live("admit") as live:
        for answer in ("female", "1999", "1", "24.11 21:30", "a night", "", CANARY):
            live.type(answer)
        for key in ("\x1b[A", "\x10", "\x12К"):  # up, Ctrl-P, Ctrl-R: there is no history to be called back
            assert live.asked == "Middle name or patronymic"
            assert CANARY not in live.type(key)
            live.type("<")
        seen = live.end()
    (row,) = desk.do("list").data["rows"]
    record = desk.record(row["id"])
    assert record["stays"][0]["received"]["provisional_reason"] == "a night"
    assert record["identity"]["first_name"] == CANARY
    assert "middle_name" not in record["identity"]
    for name, text in HABITS.items():
        assert (desk.folder / name).read_text() == text
        (desk.folder / name).unlink()
    assert_terminal_silent(desk, seen)


def test_the_canary_is_heard_where_it_is(desk: "Desk") -> None:
    """The search finds what is there: else the silence above would prove nothing."""
    seen = Seen(f"\x1b[?1049h{CANARY}\x1b[?1049l".encode(), 0)
    assert_terminal_silent(desk, seen)
    (desk.folder / "house" / "leak").write_text(CANARY)
    with pytest.raises(AssertionError):
        assert_terminal_silent(desk, seen)
    (desk.folder / "house" / "leak").unlink()
    with pytest.raises(AssertionError):
        assert_terminal_silent(desk, Seen(f"{CANARY}\x1b[?1049h{CANARY}".encode(), 0))
    shutil.copy(desk.key, desk.folder / "key.old")
    with pytest.raises(AssertionError):
        assert_terminal_silent(desk, seen)
