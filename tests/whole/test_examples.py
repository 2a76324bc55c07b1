"""The examples and the stories: accepted ones pass, each refused one yields its finding, every step ends as its file
says.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shelterctl.core.manual.act import SOFTENED_REASON
from shelterctl.document.writing import format_document
from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook import stories
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.rulebook.stories import HOUSE_STORY, Story, StoryFact, StoryStep, read_story
from tests.support.command import Answer, import_everything
from tests.support.desk import Desk, copied
from tests.support.inputs import given
from tests.support.paths import EXAMPLES, PROJECT, SOURCE, TESTS

STORIES = sorted(path.stem for path in stories.STORIES_FOLDER.glob("*.yaml") if path.stem != HOUSE_STORY)
REFUSED = sorted((EXAMPLES / "refused").iterdir())
LATER = "2027-06-01"


def code_of(example: Path) -> str:
    """``agreement-over-cap.yaml`` is named for the finding ``agreement/over-cap``."""
    return example.stem.replace("-", "/", 1)


def is_pink(example: Path) -> bool:
    return b"contract_date" in example.read_bytes()


@pytest.mark.parametrize("example", REFUSED, ids=code_of)
def test_a_refused_example_yields_exactly_the_finding_it_is_named_for(
    example: Path, desk: "Desk", request: pytest.FixtureRequest
) -> None:
    kind, _, name = code_of(example).partition("/")
    if kind == "agreement":
        session: Desk = request.getfixturevalue("admitted")
        answer = session.refused(f"agreement {session.her} --form {'pink' if is_pink(example) else 'blue'}", example)
    elif kind == "discharge":
        session = request.getfixturevalue("admitted")
        answer = session.refused(f"discharge {session.her} --on 2026-11-25", example)
    elif kind == "monitoring":
        session = request.getfixturevalue("discharged")
        answer = session.refused(f"monitor record {session.her}", example, today=LATER)
    elif kind == "document" or (kind == "fragment" and name in ("unknown-entry", "cannot-remove")):
        session = request.getfixturevalue("admitted")
        answer = session.refused(f"admit {session.her}", example)
    elif kind == "admission" and name == "same-person":
        session = request.getfixturevalue("admitted")
        answer = session.refused("admit", example)
    elif kind == "admission" and name != "unknown-house":
        her = desk.do("admit", given(example)).data["id"]
        answer = desk.refused(f"admit {her} --complete --on 2026-11-22")
    else:
        answer = desk.refused("admit", example)
    assert answer.refusals == [code_of(example)]
    assert answer.code == 1


def test_the_accepted_examples_are_the_main_job(desk: "Desk") -> None:
    accepted = EXAMPLES / "accepted"
    her = desk.do("admit", accepted / "referral.yaml").data["id"]
    desk.do(f"admit {her}", {"identification_number": "KG-2026-118"})
    assert desk.do(f"admit {her} --complete --on 2026-11-22").data["state"] == "admitted"
    assert desk.do(f"agreement {her} --form blue", accepted / "blue.yaml").data["total"] == "8800.00"
    assert desk.do(f"agreement {her} --form pink", accepted / "pink.yaml").data["total"] == "9450.50"
    assert desk.do(f"discharge {her} --on 2026-11-25", accepted / "discharge.yaml").data["state"] == "discharged"
    monitored = desk.do(f"monitor record {her}", accepted / "monitoring-report.yaml", today=LATER)
    assert monitored.data["monitored"] is True


def test_no_example_has_a_part_that_only_an_invented_person_could_not_have() -> None:
    told = [path for path in (EXAMPLES / "accepted").iterdir() if "nvented" not in path.read_text("utf-8")]
    assert told == []


LITERAL = re.compile(r'"((?:admission|agreement|discharge|monitoring|fragment|facility|store)/[a-z-]+)"')
BUILT = {
    "core/money/agreement.py": ("agreement", r'say\("([a-z-]+)"'),
    "core/rules/monitoring.py": ("monitoring", r'make_monitoring_finding\(\s*"([a-z-]+)"'),
    "act/monitor.py": ("monitoring", r'make_monitoring_finding\(\s*"([a-z-]+)"'),
    "document/subset.py": ("document", r'^    "([a-z-]+)": N_\('),
    "validation.py": ("shape", r'SchemaFault\([^"\n{]*"([a-z-]+)"'),
}
"""Where the second half of a code stands alone, and what comes before it."""

ELSEWHERE = {"fragment/cannot-remove", "shape/key", "shape/other", "shape/unexpected", "admission/record-opened"}
"""Nothing that a command reads provokes these: a schema speaks first, or none of ours uses the word."""


def codes_in_the_source() -> set[str]:
    """Every code of a finding: written out, put together from two halves, or named for a word of the shelf."""
    texts = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in SOURCE.rglob("*.py")}
    codes = {found for text in texts.values() for found in LITERAL.findall(text)}
    for place, (kind, halves) in BUILT.items():
        found = re.findall(halves, texts[place], re.MULTILINE)
        assert found, place
        codes |= {f"{kind}/{half}" for half in found}
    codes |= set(open_rulebook().published.by_code)
    for name in ("admission", "discharge"):
        codes |= {
            f"{name}/{reason}"
            for item in open_rulebook().acts[name].items
            for reason in item.says
            if reason != SOFTENED_REASON
        }
    return codes


def test_every_code_of_a_finding_has_an_example_or_is_named_in_a_test() -> None:
    tests = "".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    provoked = {code_of(example) for example in REFUSED} | ELSEWHERE
    for table in TESTS.glob("attacks.yaml"):  # says of each attack which code answers it
        provoked |= set(re.findall(r"\b[a-z]+/[a-z-]+", table.read_text("utf-8")))
    assert {code for code in codes_in_the_source() if code not in provoked and f'"{code}"' not in tests} == set()


TOLD = {f"S.{number}" for number in range(1, 7)}
MANUALS = ("Beishebek", "Kuban", "Saltanat", "Nasipa", "Akylbek", "Zina")
RUSSIAN = ("Бейшебек", "Кубан", "Салтанат", "Насипа", "Акылбек", "Зина")
INVENTED = re.compile(r"\w+ (Пример|Образцов|Вымышленн|Придуманн)\w*")


@cache
def told(name: str) -> Story:
    return read_story(name)


def carried_out(desk: Desk, step: StoryStep, ids: Mapping[str, str]) -> Answer:
    """The step, which ends as its file says."""
    given = None if step.input is None else format_document(step.input_data(ids))
    answer = desk.ask(shlex.join(step.command_words(ids)), given, today=step.on)
    assert answer.refusals == list(step.refused), (step.command, answer.out)
    assert answer.code == (1 if step.refused else 0), (step.command, answer.out)
    return answer


def made(answer: Answer) -> str:
    """The id of what was written: of an agreement, an entry, a file."""
    return str(answer.data.get("agreement_id") or answer.data.get("entry") or answer.data["id"])


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The house in which all of them happen, before anybody has come."""
    import_everything()
    desk = Desk(tmp_path_factory.mktemp("stories") / "desk")
    desk.folder.mkdir()
    for step in told(HOUSE_STORY).steps:
        carried_out(desk, step, {})
    return desk


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_written_down_from_referral_to_monitoring(name: str, house: Desk, tmp_path: Path) -> None:
    desk, ids = copied(house, tmp_path / "desk"), dict[str, str]()
    for step in told(name).steps:
        answer = carried_out(desk, step, ids)
        ids |= {step.id_word: made(answer)} if step.id_word else {}
    desk.her, last = ids["ID"], told(name).steps[-1].on

    assert told(name).clients == (" ".join(desk.record()["identity"][key] for key in ("first_name", "last_name")),)
    assert desk.do(f"show {desk.her}").data["state"] == "monitored"
    assert [fact for fact in told(name).facts if not holds(desk, fact)] == []
    assert desk.do(f"check {desk.her}", today=last).page["findings"] == []
    assert [row for row in desk.do(f"due {desk.her}", today=last).data["rows"] if row["state"] != "listed"] == []


def holds(desk: Desk, fact: StoryFact) -> bool:
    """Whether an entry of hers says it, what is sealed among them."""
    rows = desk.do(f"show {desk.her} {fact.track} --names").data["rows"]
    if fact.times:
        return len(rows) == fact.times
    said = [at(row["fields"], fact.field) for row in rows]
    return any(fact.is_ == one or (isinstance(one, list) and fact.is_ in one) for one in said)


def at(found: Any, field: str) -> Any:
    for key in field.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def test_every_story_of_the_chapter_is_told_once() -> None:
    assert sorted(name.lower() for name in MANUALS) == STORIES
    assert {told(name).clause for name in STORIES} == TOLD <= {*open_rulebook().clauses}
    for name in STORIES:  # and `explain` of its clause names the file
        assert all(
            f"examples/cases/{name}.yaml" in said
            for said in open_rulebook().clauses[told(name).clause]["gist"].values()
        )
        days = [step.on for step in (*told(HOUSE_STORY).steps, *told(name).steps)]
        assert days == sorted(days)
        assert told(name).facts


@pytest.mark.parametrize("name", [*STORIES, HOUSE_STORY])
def test_nobody_in_them_exists_and_nothing_stands_in_notes(name: str) -> None:
    """The manual's own first names are the files' alone; clients have others, with surnames that say it (X58)."""
    text = (stories.STORIES_FOLDER / f"{name}.yaml").read_text("utf-8")
    assert [each for each in (*MANUALS, *RUSSIAN) if each in text] == []
    assert [each for each in told(name).clients if not INVENTED.fullmatch(each)] == []
    assert {"notes", "note"} & {*keys([step.input for step in told(name).steps])} == set()
    assert re.search(r"[&*]\w+\b(?=\s|$)", text) is None


def keys(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        yield from found
    for below in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from keys(below)


def test_what_is_no_story_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "STORIES_FOLDER", tmp_path)
    whole = (PROJECT / "examples" / "cases" / f"{HOUSE_STORY}.yaml").read_text("utf-8")
    (tmp_path / "house.yaml").write_text(whole.replace("    does:", "    dose:", 1), "utf-8")
    with pytest.raises(BrokenRulebook) as broken:
        read_story(HOUSE_STORY)
    assert broken.value.facts["file"] == "house.yaml"
    assert str(broken.value.facts["place"]).startswith("/steps/0")
    with pytest.raises(BrokenRulebook):
        read_story("nobody")
