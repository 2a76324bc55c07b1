"""What a person sees, word for word, by commands and at a real terminal: typed again, it must come out the same."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.support.clock import house_day
from tests.support.desk import TODAY, Newcomer, copied
from tests.support.paths import EXAMPLES, PROJECT, TESTS
from tests.support.revised_rulebook import Trial, copy_of_the_manual
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


TRANSCRIPTS = sorted((TESTS / "transcripts").glob("*.txt"))

ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{3}(?:-[0-9A-HJKMNP-TV-Z]{3}){2}\b")
MASKS = [
    (re.compile(r"AGE-SECRET-KEY-1\w+"), "<KEY>"),
    (re.compile(r"(?<=device: )\w{8}\b"), "<DEVICE>"),
    (re.compile(r"\bS[0-9A-HJKMNP-TV-Z]{12}\b"), "<STORE>"),
    (re.compile(r"(?<=words of this store: )(?:[a-z]+ ){3}[a-z]+"), "<WORDS>"),
    (re.compile(r"(?<=words of the store have not changed: )(?:[a-z]+ ){3}[a-z]+"), "<WORDS>"),
    (re.compile(r"(?<=Its words: )(?:[a-z]+ ){3}[a-z]+"), "<WORDS>"),
    (re.compile(r"(?<=words at this moment: )(?:[a-z]+ ){3}[a-z]+"), "<WORDS>"),
    (re.compile(r"(?<=Since )\S+(?= the old paper)"), "<DAY>"),
    (re.compile(r"(?<=recovery paper is of )\S+(?=\.)"), "<DAY>"),
    (re.compile(r"^[0-9a-hjkmnp-tv-z]{8}(?=  )", re.MULTILINE), "<DEVICE>"),
    (ID, "<ID>"),
    (CODE, "<CODE>"),
    (re.compile(r"(?<=printed on )\S+"), "<TIME>"),
    (re.compile(r"(?<=opened on )\S+ \S+(?= by)"), "<TIME>"),
    (re.compile(r"(?<=Last change: )\S+ \S+(?=,)"), "<TIME>"),
    (re.compile(r"\b[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{5}\b"), "<ENTRY>"),
    (re.compile(r"(?<=ublished on )[\d-]{10}|(?<=asked for it on )[\d-]{10}"), "<DAY>"),
    (re.compile(r"^[\d-]{10}T[\d:+]{11}(?=  (?:manager|s-aida)  )", re.MULTILINE), "<TIME>"),
]


def commands(transcript: Path) -> list[str]:
    lines = transcript.read_text("utf-8").splitlines()
    return [line.removeprefix("$ shelterctl ") for line in lines if line.startswith("$ shelterctl ")]


def today(words: str) -> str | None:
    return None if "--as-of" in words or words.startswith("init") else "2026-11-25"


def meant(desk: "Desk", words: str) -> str:
    """The command with the id of this desk's client and the code of the sheet that was printed last."""
    return words.replace("<ID>", desk.her).replace("<CODE>", desk.sheet)


def typed_again(desk: "Desk", words: str) -> str:
    """The command and all that it says, then how it ended if not well."""
    answer = desk.run(meant(desk, words), today=today(words))
    if not desk.her and (found := ID.search(answer.out)):
        desk.her = found[0]
    if found := CODE.search(answer.out):
        desk.sheet = found[0]
    told = (answer.out + answer.err).replace(str(desk.folder), "<FOLDER>")
    for mask, word in MASKS:
        told = mask.sub(word, told)
    return f"$ shelterctl {words}\n{told}" + (f"(exit {answer.code})\n" if answer.code else "")


@pytest.fixture
def bare(desk: "Desk", tmp_path: Path) -> "Desk":
    """A desk with nothing on it but the examples."""
    bare = type(desk)(tmp_path / "bare")
    shutil.copytree(EXAMPLES / "accepted", bare.folder)
    shutil.copytree(EXAMPLES / "refused", bare.folder / "refused")
    return bare


PLAN = """schema: plan/1
plan: {name}
text: {{en: admitted by {grid}}}
clause: A4.2
audience: partner
grid: {grid}
houses: {houses}
least: least_shown
tables:
  admitted: {{count: stay, dated: admitted_on, by: [sex], clause: M3.0.3, text: {{en: Admitted}}}}
"""
OF_PLANS = "publishing"
"""The transcript of a store with more plans, many clients, and a second computer."""


@pytest.fixture(scope="module")
def _with_plans(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    folder = tmp_path_factory.mktemp("with-plans")
    manual = copy_of_the_manual(folder / "manual")
    for name, grid, houses in (("by-quarter", "quarter", "all"), ("by-year", "year", "all"), ("each", "year", "each")):
        (manual / f"plans/{name}.yaml").write_text(PLAN.format(name=name, grid=grid, houses=houses), "utf-8")
    desk = Trial(folder / "desk", manual)
    desk.folder.mkdir()
    late = (EXAMPLES / "accepted" / "referral.yaml").read_text("utf-8").replace(
        "2026-11-2", "2025-04-1"
    ) + "facility: naryn\n"
    (desk.folder / "late.yaml").write_text(late, "utf-8")
    desk.do("init house --shelter bishkek --no-passphrase --recovery ../recovery", today=None)
    desk.do("facility add osh --capacity 8")
    for code, role in (("s-gulnara", "social_worker"), ("s-aida", "psychologist")):
        desk.do(f"staff add {code} --role {role}")
    crowd = [sys.executable, "-m", "tests.support.crowd", str(desk.store), str(desk.key), "120"]
    subprocess.run(crowd, cwd=PROJECT, env=desk.env, check=True)
    desk.do("facility add naryn --capacity 8")
    desk.do("trust --join --recovery ../recovery --no-passphrase --identity other --staff s-aida", today=None)
    desk.do("trust --accept", today=None)
    return desk


@pytest.fixture
def at_desk(transcript: Path, bare: "Desk", _with_plans: Trial, tmp_path: Path) -> "Desk":
    """The desk at which a transcript is typed."""
    if transcript.stem != OF_PLANS:
        return bare
    return Trial(copied(_with_plans, tmp_path / "with-plans").folder, _with_plans.manual)


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_comes_out_the_same(transcript: Path, at_desk: "Desk") -> None:
    bare = at_desk
    told = "\n".join(typed_again(bare, words) for words in commands(transcript))
    if os.environ.get("SHELTERCTL_TRANSCRIPTS") == "write":
        transcript.write_text(told, "utf-8")
    assert told == transcript.read_text("utf-8")


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_with_json_is_pages_that_end_the_same(transcript: Path, at_desk: "Desk") -> None:
    bare = at_desk
    ends = [re.search(r"\(exit (\d+)\)", told) for told in transcript.read_text("utf-8").split("$ shelterctl ")[1:]]
    for words, end in zip(commands(transcript), ends, strict=True):
        answer = bare.ask(meant(bare, words).replace("--format csv", ""), today=today(words))
        bare.her = bare.her or answer.data.get("id", "")
        bare.sheet = next((row["code"] for row in answer.data.get("printed", ()) if row["code"]), bare.sheet)
        assert answer.code == int(end[1] if end else 0)


def test_there_are_transcripts() -> None:
    assert [path.stem for path in TRANSCRIPTS] == ["main-job", "new-paper", "paper", "publishing", "refusals"]


FOLDER = TESTS / "sittings"
SCRIPTS = [(script, language) for script in sorted(FOLDER.glob("*.yaml")) for language in ("en", "ru")]

JOIN = "trust --join --no-passphrase --identity other"
OF_COMPUTERS = ("another-computer", "gone", "new-store")
"""Scripts in which computers are told by their codes."""
SHOWN = ("7QF2-M9KD", "4HXB-T6RW", "93NC-J5VE")
"""How the ids of the first, the second and the third client stand in a transcript."""
TERMINAL_MASKS = [
    (re.compile(r"\b[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{7}(?=[),.]|$)", re.MULTILINE), "K7M2QA4D"),
    (re.compile(r"\b[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{5}(?=[),.]|$)", re.MULTILINE), "K7M2QA"),
    (re.compile(r"(?<=stay: )[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{5}\b"), "K7M2QA"),
    (re.compile(r"(?<=[A-Z]  )[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{5}(?=  )"), "K7M2QA"),
    (re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{3}-){2}[0-9A-HJKMNP-TV-Z]{3}\b"), "4XK-792-QA5"),
    (re.compile(r"(?<=: )[\d-]{10} \d\d:\d\d(?=, by [a-z])"), "2026-11-25 14:05"),
    (re.compile(r"(?<=: )\S{10} \d\d:\d\d(?=, (?!by )[a-z])"), "25.11.2026 14:05"),
    (re.compile(r"^(identity|файл ключа):\s\S+(?:\n\S+)*$", re.MULTILINE), r"\1: /home/manager/key"),
    (re.compile(r"(?<=^    )\w+(?: \w+){5}$", re.MULTILINE), "six words that are drawn by lot"),
    (re.compile(r"^AGE-SECRET-KEY-1.*?(?=^1 )", re.MULTILINE | re.DOTALL), "the key, its picture, and the words\n"),
    (re.compile(r"\s/\S+/home,?\s[^:]*?(?=\n\n)"), " /home/manager\n"),
]


COMPUTERS = ("4f8k2m9q", "7h3n5p1r")
"""How the codes of the first and the second computer stand in a transcript."""


@pytest.fixture
def together(admitted: "Desk", _empty: "Desk") -> "Desk":
    """Two computers at one store, and the telephone of an NGO."""
    admitted.do("ngo add sezim", {"name": "НПО «Сезим»", "phone": "+996 312 000000"})
    admitted.do(f"{JOIN} --recovery {_empty.folder.parent / 'recovery'} --staff s-aida", today=None)
    admitted.do("trust --accept")
    return admitted


@pytest.fixture
def with_paper(admitted: "Desk", _empty: "Desk") -> "Desk":
    """A computer at a store, and beside it the recovery paper."""
    shutil.copy(_empty.folder.parent / "recovery", admitted.folder / "paper")
    return admitted


@pytest.fixture
def nobody(tmp_path: Path) -> "Desk":
    """A computer that knows of no store; the one that is made lies where it is offered."""
    (tmp_path / "home").mkdir()
    nobody = Newcomer(tmp_path / "home")
    nobody.store = nobody.folder / "shelter"
    return nobody


def of_computers(text: str, desk: "Desk") -> str:
    """The same with the codes of computers, and the day on which they did something, as a transcript has them."""
    lines = (desk.store / "trust.jsonl").read_text("utf-8").splitlines()
    devices = [said["device"]["code"] for said in map(json.loads, lines) if isinstance(said.get("device"), dict)]
    for code, shown in zip(devices, COMPUTERS, strict=False):
        text = text.replace(code, shown)
    for day in (house_day(), house_day() - timedelta(days=1)):  # the store may have been made before midnight
        text = text.replace(f"{day:%d.%m.%Y}", "30.11.2026").replace(day.isoformat(), "2026-11-30")
    return text


def acts(script: Path) -> list[dict[str, Any]]:
    """The acts of a script: a *desk* by its fixture, what to *do* before, or a command to *run* and answers to *type*.

    <ID> is her id, <ENTRY> that of the entry which was written last before.
    """
    said: list[dict[str, Any]] = yaml.safe_load(script.read_text("utf-8"))
    return said


def masked(text: str, met: list[str]) -> str:
    """The same on any day; *met* are the ids of the clients in the order in which they came."""
    met += [id_ for id_ in dict.fromkeys(ID.findall(text)) if id_ not in met]
    text = ID.sub(lambda found: SHOWN[met.index(found[0])], text)
    for mask, word in TERMINAL_MASKS:
        text = mask.sub(word, text)
    return text


def spoken(answer: str | dict[str, str], language: str) -> str:
    """An answer as it is typed by someone who speaks that language."""
    return answer if isinstance(answer, str) else answer[language]


@pytest.mark.parametrize(("script", "language"), SCRIPTS, ids=lambda each: getattr(each, "stem", each))
def test_what_is_typed_is_answered_the_same(
    script: Path, language: str, desk: "Desk", request: pytest.FixtureRequest
) -> None:
    told, met, entry = [], [desk.her] if desk.her else [], ""
    for act in acts(script):
        if "desk" in act:
            desk = request.getfixturevalue(act["desk"])
            met = [desk.her] if desk.her else []
            continue
        if "do" in act:  # what stands in the store before, of which nothing is recorded
            done = desk.do(act["do"].replace("<ID>", desk.her), act.get("given"), today=act.get("today", TODAY))
            desk.her, entry = desk.her or done.data.get("id", ""), done.data.get("entry", "")
            continue
        typed = [spoken(answer, language).replace("<ID>", desk.her) for answer in act.get("type", [])]
        run = act["run"].replace("<ID>", desk.her).replace("<ENTRY>", entry)
        seen = Terminal(desk, language, today=act.get("today", TODAY)).run(run, typed)
        if not desk.her and (found := ID.search(seen.text)):
            desk.her = found[0]
        words = f"$ shelterctl {act['run'].replace('<ID>', SHOWN[0]).replace('<ENTRY>', 'K7M2QA')}".rstrip()
        text = of_computers(masked(seen.text, met), desk) if script.stem in OF_COMPUTERS else masked(seen.text, met)
        told.append(f"{words}\n{text}(exit {seen.code})\n")
    transcript = FOLDER / f"{script.stem}.{language}.txt"
    if os.environ.get("SHELTERCTL_TRANSCRIPTS") == "write":
        transcript.write_text("\n".join(told), "utf-8")
    assert "\n".join(told) == transcript.read_text("utf-8")


def test_every_transcript_has_its_script_and_both_languages() -> None:
    assert {path.name for path in FOLDER.glob("*.txt")} == {f"{script.stem}.{each}.txt" for script, each in SCRIPTS}
