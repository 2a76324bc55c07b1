"""The stories of Chapter IV, with invented clients: every step ends as its file says, and every fact has its field."""

import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT, Desk, copied
from started import Answer, known_already

from shelterctl.document.writing import format_document
from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook import stories
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.rulebook.stories import HOUSE_STORY, Story, StoryFact, StoryStep, read_story, story_names

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
    known_already()
    desk = Desk(tmp_path_factory.mktemp("stories") / "desk")
    desk.folder.mkdir()
    for step in told(HOUSE_STORY).steps:
        carried_out(desk, step, {})
    return desk


@pytest.mark.parametrize("name", story_names())
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
    assert story_names() == sorted(name.lower() for name in MANUALS)
    assert {told(name).clause for name in story_names()} == TOLD <= {*open_rulebook().clauses}
    for name in story_names():  # and `explain` of its clause names the file
        assert all(
            f"examples/cases/{name}.yaml" in said
            for said in open_rulebook().clauses[told(name).clause]["gist"].values()
        )
        days = [step.on for step in (*told(HOUSE_STORY).steps, *told(name).steps)]
        assert days == sorted(days)
        assert told(name).facts


@pytest.mark.parametrize("name", [*story_names(), HOUSE_STORY])
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
