"""What is sealed is not said to be secret: everyone who uses this computer can read it, and that stands everywhere.

At a terminal "read all" shows it to its author and to whose work it is, after one more question.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT
from revised import LANGUAGES, Revised, one_line
from terminal import WRITE, At

from shelterctl.rulebook.rulebook import open_rulebook

QUESTION = {
    "en": "Show what is sealed too? Everyone who looks at the screen will see it.",
    "ru": "Показать и запечатанное? Его увидит каждый, кто смотрит на экран.",
}
EVERYONE = {"en": "everyone who uses this computer can read it", "ru": "видят все, кто за этим компьютером"}
SHELF = open_rulebook()


def words_of(track: str) -> str:
    """A field of a sealed track in which somebody's own words stand, inside the seal."""
    of = SHELF.tracks[track]
    seal = of.seal
    assert seal is not None
    return next(name for name, one in of.fields.items() if one.kind == "text" and name not in seal.marker)


@pytest.fixture
def desk(admitted: Any) -> Revised:
    """Somebody who talked with the psychologist, as the psychologist wrote down, and whom the doctor saw."""
    desk = Revised(admitted)
    desk.do("staff add s-meder --role medical_adviser")
    talk = {"kind": "primary_interview", "on": "2026-11-23", "by": "s-aida", words_of("examination"): "СЛОВО-О-СЕСТРЕ"}
    desk.do(f"add {desk.her} examination --staff s-aida", talk)
    desk.do(f"add {desk.her} health --staff s-gulnara", {"kind": "checkup", "on": "2026-11-24", "by": "СЛОВО-ВРАЧА"})
    desk.do(f"add {desk.her} hiv --staff s-meder", {"on": "2026-11-23", "report": "СЛОВО-ОТЧЁТ"})
    return desk


INSIDE = {"examination": "СЛОВО-О-СЕСТРЕ", "health": "СЛОВО-ВРАЧА", "hiv": "СЛОВО-ОТЧЁТ"}
SHOWN = {
    "s-aida": {"examination"},  # its author, and a psychologist
    "s-gulnara": {"health"},  # its author alone, a social worker
    "s-meder": {"health", "hiv"},
    "manager": {"examination", "health"},
}
"""What each is shown after yes."""


def whole(desk: Revised, who: str, *typed: str, language: str = "en") -> str:
    with At(desk, language, size=(120, 80)).live(f"show {desk.her} --all --staff {who}") as live:
        for answer in typed:
            live.type(answer)
        while not live.over:
            live.type("")
        return one_line(live.end().text)


@pytest.mark.parametrize("who", SHOWN)
def test_its_author_and_whose_work_it_is_are_asked_and_shown_it(desk: Revised, who: str) -> None:
    seen = whole(desk, who, "yes")
    assert QUESTION["en"] in seen
    assert {track for track, word in INSIDE.items() if word in seen} == SHOWN[who]


@pytest.mark.parametrize("who", SHOWN)
def test_enter_says_no(desk: Revised, who: str) -> None:
    seen = whole(desk, who, "")
    assert QUESTION["en"] in seen
    assert not any(word in seen for word in INSIDE.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_others_are_not_asked_and_see_that_it_is_there_by_whom_and_for_whom(desk: Revised, language: str) -> None:
    desk.do("staff add s-night --role security")
    seen = whole(desk, "s-night", language=language)
    assert QUESTION[language] not in seen
    assert not any(word in seen for word in INSIDE.values())
    told = {
        "en": ("recorded by s-aida", "Sealed: psychological. Meant for: psychologist, manager of the shelter, and who "
               "wrote it. But everyone who uses this computer can read it."),
        "ru": ("записано: s-aida", "Запечатано: психологическая часть. Кому это нужно: психолог, руководитель приюта и "
               "тот, кто записал. Но видят все, кто за этим компьютером."),
    }  # fmt: skip
    for words in told[language]:
        assert words in seen
    assert "HIV" not in seen
    assert "ВИЧ" not in seen


@pytest.mark.parametrize("how", ["", "--names", "--json", "--json --names", "--format json"])
def test_off_a_terminal_nothing_is_asked_and_nothing_sealed_leaves(desk: Revised, how: str) -> None:
    for who in SHOWN:
        told = desk.run(f"show {desk.her} --all --staff {who} {how}")
        assert told.code == 0
        assert not any(word in told.out + told.err for word in INSIDE.values())


def test_where_nothing_sealed_is_hers_to_read_nothing_is_asked(admitted: Any) -> None:
    assert QUESTION["en"] not in whole(Revised(admitted), "s-aida")


def test_from_the_menu_it_is_asked_too(desk: Revised) -> None:
    with At(desk, "ru", today=None).live("menu --as-of 2026-11-25 --staff s-aida") as live:
        for answer in (desk.her, "прочитать всё, что записано"):
            live.type(answer)
        assert QUESTION["ru"] in " ".join(live.raw.decode().split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_says_so_where_it_is_chosen_and_where_it_is_written(desk: Revised, language: str) -> None:
    with At(desk, language, today=None, size=(60, 80)).live("menu --as-of 2026-11-25") as live:
        live.type(desk.her)
        seen = " ".join(live.type(WRITE).split())
        for track in ("health", "psychologist", "law"):
            said = {"en": "sealed; ", "ru": "запечатано; "}[language] + EVERYONE[language]
            assert f"{SHELF.groups[track]['text'][language]} ({said})" in seen
    seen = desk.sit(language, f"add {desk.her} session", "^C")
    assert EVERYONE[language] in seen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name, one in SHELF.tracks.items() if one.seal])
def test_explain_says_for_whom_it_is_and_who_can_read_it(admitted: Any, name: str, language: str) -> None:
    told = admitted.run(f"explain track {name} --lang {language}", today=None).out
    assert EVERYONE[language] in " ".join(told.split())


PROMISES = re.compile(
    r"by whoever may read|more people read|read by few|Кому можно это читать|читает больше людей"
    r"|только те, кому открыта|читает только тот",
    re.IGNORECASE,
)
"""Words that promised that a part is read by few."""


def told() -> list[Path]:
    """Every text that is read by somebody who works with the program."""
    places = ("README.md", "README.ru.md", "docs", "src/shelterctl/manual", "src/shelterctl/locale")
    found = [PROJECT / place for place in places]
    files = [file for each in found for file in (each.rglob("*") if each.is_dir() else [each])]
    return [file for file in files if file.suffix in (".md", ".yaml", ".po")]


def test_no_text_promises_that_what_is_sealed_is_read_by_few() -> None:
    files = told()
    assert len(files) > 100
    for file in files:
        text = " ".join(file.read_text("utf-8").split())
        assert not PROMISES.search(text), file


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", ["privacy", "security", "file"])
def test_each_topic_that_speaks_of_it_says_who_can_read_it(topic: str, language: str) -> None:
    text = " ".join((PROJECT / "docs" / "topics" / language / f"{topic}.md").read_text("utf-8").split())
    said = {
        "en": r"everyone who uses (this computer|one of these computers) can read",
        "ru": r"[Вв]идят .{0,12}все, кто за",
    }
    assert re.search(said[language], text, re.IGNORECASE) or "её видят все, кто за" in text
