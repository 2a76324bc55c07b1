"""Everything that has a name explains itself: clauses, codes, states, deadlines, items and lines, in both languages."""

import ast
import inspect
import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from shelterctl import errors, validation
from shelterctl.core.record.client import AWAY_STATES
from shelterctl.core.rules.client_state import CLIENT_STATES, client_state
from shelterctl.document.subset import _WRONG
from shelterctl.explain import codes, manual, topic
from shelterctl.explain import page as explaining
from shelterctl.explain.codes import items_by_code, read_errors
from shelterctl.language import LabelledCode, choose_gender_forms, format_fact, format_sentence
from shelterctl.output import stdio
from shelterctl.output.page import Format, OutputSettings, make_page
from shelterctl.rulebook.files import read_glossary
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.ui_language import SCREEN_LANGUAGES
from tests.support.paths import SOURCE

if TYPE_CHECKING:
    from tests.support.desk import Desk


SHELF = open_rulebook()
DAY = date(2026, 11, 25)
NAMES = {explain.__name__: list(names(SHELF)) for names, explain in explaining.EXPLAINED_KINDS} | {
    "row": [duty["row"] for duty in SHELF.duties.values()]
}
FILLED = re.compile(r"\{\w+\}")


def constants(path: Path) -> set[str]:
    """Every text in a program."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def told(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a person reads who asks for that name."""
    page = explaining.explain_name(SHELF, name, DAY)
    assert stdio.print_answer(page, OutputSettings("explain", Format.TABLE, language, lambda: SHELF)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
@pytest.mark.parametrize("kind", NAMES)
def test_everything_explains_itself(kind: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in NAMES[kind]:
        lines = told(name, language, capsys).splitlines()
        assert name in lines[0], name
        assert len(lines) > 3, name
        assert not [line for line in lines if FILLED.search(line)], name


@pytest.mark.parametrize("kind", NAMES)
def test_everything_is_explained_to_programs_as_data(kind: str) -> None:
    for name in NAMES[kind]:
        voice = OutputSettings("explain", Format.JSON, "en", lambda: SHELF)
        page = make_page(explaining.explain_name(SHELF, name, DAY), voice)
        assert page["exit_code"] == 0
        assert name.split()[-1] in json.dumps(page["data"], ensure_ascii=False)


def test_no_name_stands_for_two_things() -> None:
    every = [explaining.normalize_name(name) for names in NAMES.values() for name in names]
    twice = {name for name in every if every.count(name) > 1}
    assert twice <= {explaining.normalize_name(name) for name in SHELF.findings}  # a code of an item that is listed too


def test_every_error_and_every_mistake_in_a_text_is_explained() -> None:
    codes = {code for path in SOURCE.rglob("*.py") for code in constants(path) if _is_code(code)}
    codes |= {f"document/{wrong}" for wrong in _WRONG}
    codes |= {f"shape/{what}" for what in _faults()}
    codes |= {f"shelf/{word}" for path in (SOURCE / "rulebook").rglob("*.py") for word in _broken(path)}
    explained = set(read_errors())
    assert codes - explained - set(SHELF.findings) - set(items_by_code(SHELF)) == set()
    assert explained - codes == set()


def _is_code(text: str) -> bool:
    return bool(re.fullmatch(r"(?!text/|application/)[a-z]+/[a-z]+(-[a-z]+)*", text))


def _faults() -> set[str]:
    text = inspect.getsource(validation)
    found = set(re.findall(r'(?:Fault\([^"{]*|what=)"([a-z-]+)"', text))
    found |= {what for *_, _, _, _, what, _ in validation._LIMITS.values()}
    return found | set(validation._FAULT_CODES.values()) | {"other"}


def _broken(path: Path) -> set[str]:
    text = path.read_text("utf-8")
    slips = re.findall(r'\.slip\(.* "([a-z]+)"\)', text)
    return {*re.findall(r'(?:error_at|broken_rulebook)\(\s*"([a-z]+)"', text), *slips}


@pytest.mark.parametrize("typed", ["amount", "traficking", "shedule"])
def test_who_works_by_the_manual_is_not_sent_to_the_mistakes_of_who_revises_it(typed: str) -> None:
    guessed = near(typed)
    assert guessed
    assert not [name for name in guessed if name.startswith(explaining.REVISER_CODE_PREFIXES)]
    assert "track/amount" in near("track/amnt")


def near(typed: str) -> list[str]:
    """What is offered in the place of a name that is not there."""
    with pytest.raises(errors.NotFound) as caught:
        explaining.explain_name(SHELF, typed, DAY)
    return cast("list[str]", caught.value.facts["near"])


def test_every_error_has_a_reason_a_remedy_and_an_example_in_both_languages() -> None:
    for code, known in read_errors().items():
        for language in SCREEN_LANGUAGES:
            assert known.means[language].endswith("."), code
            assert known.remedy[language].endswith("."), code
        assert known.example, code


def test_the_shelf_knows_every_state_that_a_client_can_be_in_and_no_other() -> None:
    tree = ast.parse(inspect.getsource(client_state))
    returned = {
        node.value
        for part in ast.walk(tree)
        if isinstance(part, ast.Return)
        for node in ast.walk(part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value
    } - {"discharge.by_own_decision"}
    assert returned == {*CLIENT_STATES}
    assert {*CLIENT_STATES, *AWAY_STATES} == set(SHELF.states)


def test_no_deadline_says_a_number_but_the_one_that_is_counted() -> None:
    counted = {due.row for due in SHELF.report.due}
    for name, duty in SHELF.duties.items():
        for language, means in duty["means"].items():
            assert not re.search(r"\d", means + duty["text"][language]), name
            assert set(FILLED.findall(means)) <= ({"{months}"} if duty["row"] in counted else set()), name
    assert len({duty["row"] for duty in SHELF.duties.values()}) == len(SHELF.duties)


def test_a_line_is_explained_with_the_cap_in_force(capsys: pytest.CaptureFixture[str]) -> None:
    row = explaining.explain_name(SHELF, "blue 4", DAY).data
    for name in ("blue 4", "A6.4"):
        assert format_fact(row["text"], "en") in told(name, "en", capsys)
    assert (row["limit"], row["clause"]) == ("1000.00 × months", "A6.4")
    clause: Any = explaining.explain_name(SHELF, "A6.4", DAY).data
    assert [line["line"] for line in clause["lines"]] == ["4"]


def test_monitoring_is_explained_by_name_and_by_row(capsys: pytest.CaptureFixture[str]) -> None:
    months = SHELF.report.due[-1].history[-1].params["after"]["months"]  # type: ignore[union-attr]
    for name in ("monitoring", "T02", "t02"):
        assert explaining.explain_name(SHELF, name, DAY).data["months"] == months
        assert f" {months} calendar months " in told(name, "en", capsys)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a6.4", "A6.4"),
        ("А6.4", "A6.4"),  # a Cyrillic letter that looks like the Latin one
        ("Х29", "X29"),
        ("discharge planned", "discharge_planned"),
        ("BLUE  4", "blue 4"),
        ("Agreement/Over-Cap", "agreement/over-cap"),
    ],
)
def test_a_name_is_found_however_it_is_written(typed: str, meant: str) -> None:
    assert explaining.explain_name(SHELF, typed, DAY).data == explaining.explain_name(SHELF, meant, DAY).data


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("agreement/overcap", "agreement/over-cap"),
        ("recieved", "received"),
        ("orientaton", "orientation"),
        ("blue 44", "blue 4"),
        ("communication", "A6.7a"),
        ("бельё", "A5.2c"),
        ("стипендия", "A6.4"),
        ("usage/dates", "usage/date"),
    ],
)
def test_what_is_nearly_right_is_answered_with_what_was_meant(typed: str, meant: str) -> None:
    with pytest.raises(errors.NotFound) as unknown:
        explaining.explain_name(SHELF, typed, DAY)
    assert meant in unknown.value.facts["near"]  # type: ignore[operator]


def test_a_topic_is_pointed_to() -> None:
    for typed in ("backup", "privcy", "exit codes"):
        with pytest.raises(errors.NotFound) as unknown:
            explaining.explain_name(SHELF, typed, DAY)
        assert unknown.value.facts["topic"] in topic.TOPICS


def test_what_was_typed_is_not_repeated(desk: "Desk") -> None:
    answer = desk.refused("explain Айгуль Примерова", today=None)
    assert answer.code == 3
    assert "Айгуль" not in answer.out


@pytest.mark.parametrize(
    "words", ["A6.4", "X29", "received", "T12", "rights", "blue 4", "usage/date", "admission/plan"]
)
def test_it_is_asked_at_the_command_line(words: str, desk: "Desk") -> None:
    assert desk.do(f"explain {words}").data
    for language in SCREEN_LANGUAGES:
        answer = desk.run(f"explain {words} --lang {language}")
        assert (answer.code, answer.err) == (0, "")


ENDS = {
    "en": (
        "“Manager of the shelter” (M2.2.4).",
        "Until then this is refused: Approve.",
        "Visible outside the seal: “What it was”",
    ),
    "ru": ("«Руководитель приюта» (M2.2.4).", "До этого нельзя: Утвердить.", "Видно без этого: «Что это было»"),
}


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_a_track_says_what_acts_refuse_and_who_reads_what_is_sealed(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = told("track plan", language, capsys)
    assert ENDS[language][0] in plan
    assert ENDS[language][1] in plan
    for typed in ("add ID plan", "add ID plan ENTRY", "approve ID plan", "start ID plan", "close ID plan"):
        assert f"    shelterctl {typed}\n" in plan
    health = told("track health", language, capsys)
    assert format_fact(SHELF.lists["parts"]["medical"], language) in health
    assert ENDS[language][2] in health
    data: Any = explaining.explain_name(SHELF, "track health", DAY).data
    assert (data["sealed"]["part"], data["acts"]) == ("medical", ["close"])
    assert "sealed" not in cast("Any", explaining.explain_name(SHELF, "track plan", DAY).data)


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_a_limit_that_an_answer_gives_is_called_by_that_answer(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = format_fact(SHELF.tracks["outlay"].fields["line"].text, language)
    said = told("track outlay", language, capsys)
    assert {"en": f"At most: “{line}” (M2.1.11)", "ru": f"Не больше: «{line}» (M2.1.11)"}[language] in said
    assert "agreement." not in said.replace("shelterctl agreement", "")


def test_two_days_are_wanted_of_periods_alone(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = set()
    for name, track in SHELF.tracks.items():
        found = re.findall(r"“([^”]+)”: give a first and a last day", told(f"track {name}", "en", capsys))
        periods = {format_fact(one.text, "en") for one in track.fields.values() if one.kind == "span"}
        assert {*found} <= periods, name
        wanted |= {*found}
    assert wanted


def test_a_state_is_a_code_for_programs_and_words_for_people(admitted: "Desk") -> None:
    name = SHELF.states["admitted"]["text"]
    assert admitted.do(f"admit {admitted.her}").data["state"] == "admitted"
    assert admitted.do("list").data["rows"][0]["state"] == "admitted"
    assert ",admitted," in admitted.run("list --format csv").out
    for language in SCREEN_LANGUAGES:
        assert choose_gender_forms(name[language]) in admitted.run(f"list --lang {language}").out
        assert choose_gender_forms(name[language]) in admitted.run(f"admit {admitted.her} --lang {language}").out


def test_a_coded_fact_is_said_in_the_language_and_written_as_its_code() -> None:
    fact: Any = LabelledCode("received", {"en": "in the house", "ru": "в доме"})
    assert [format_sentence("{it}", {"it": fact}, language) for language in ("en", "ru")] == ["in the house", "в доме"]
    assert (json.dumps(fact), fact, fact == "received") == ('"received"', "received", True)


def test_every_item_says_how_it_is_written_down() -> None:
    for name, (_, item, _) in codes.items_by_code(SHELF).items():
        typed = codes.item_commands(SHELF, item)
        assert typed or not (item.may_be_given or item.could_be_given or item.names or item.papers), name
        assert all(line.startswith(("shelterctl", " ")) or ":" in line or line.startswith("-") for line in typed), name


def test_clauses_and_readings_lead_to_each_other() -> None:
    for name, reading in SHELF.readings.items():
        for clause in reading["clauses"]:
            data: Any = manual.explain_clause(SHELF, clause, DAY).data
            assert name in [one["reading"] for one in data["readings"]]


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("gate", "gate"), ("Draft", "draft"), ("recovery_key", "recovery key"), ("receive", "reception"),
        ("void", "strike through"), ("черновик", "draft"), ("Ключ восстановления", "recovery key"), ("дело", "file"),
    ],
)  # fmt: skip
def test_a_word_of_the_program_is_explained_and_helped_with_alike(asked: str, word: str, desk: "Desk") -> None:
    for command in ("explain", "help"):
        if (command, asked) != ("help", "void"):  # a command's own page comes first
            assert desk.do(f"{command} '{asked}'").data["word"] == word


def test_a_word_that_is_nearly_one_is_asked_about(desk: "Desk") -> None:
    assert "gate" in desk.refused("explain gats").page["error"]["hint"]
    assert desk.refused("help drafft").page["error"]["hint"] == "Did you mean draft?"


def test_every_word_is_seen_with_what_can_be_explained_and_no_other_has_its_name() -> None:
    words = read_glossary()
    for name, known in words.items():
        for other in (*known.get("see", ()), *known.get("also", ())):
            assert explaining.explain_name(SHELF, other, DAY).prose, (name, other)
    also = [explaining.normalize_name(other) for known in words.values() for other in known.get("also", ())]
    assert len(also) == len(set(also))
    kinds = [names for kind, names in NAMES.items() if kind != "explain_word"]
    others = {explaining.normalize_name(name) for names in kinds for name in names}
    assert not others & {*also, *map(explaining.normalize_name, words)}


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
@pytest.mark.parametrize("name", SHELF.track_names)
def test_every_track_has_a_page_that_is_filled_in(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(f"track {name}", language, capsys)
    assert format_fact(SHELF.tracks[name].text, language) in said
    assert not re.search(r"\{[a-z_]*\}", said)


@pytest.mark.parametrize("name", [name for name in SHELF.track_names if SHELF.tracks[name].of_register])
def test_the_name_of_a_register_means_the_register_and_not_a_code_of_that_name(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An attempt to reach her has a code visit; whoever asks for visit means the visitors of the house."""
    assert told(name, "en", capsys).startswith(f"track {name}: ")


@pytest.mark.parametrize("name", SHELF.track_names)
def test_beside_which_answer_a_field_is_asked_is_said_in_words(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(f"track {name}", "ru", capsys).splitlines()
    assert [line for line in lines if re.search(r"на вопрос [a-z_.]+ ответ", line)] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("health", "only if the answer to “What it was” is: complete examination after admission."),
        ("health", "It applies only until this has happened: Discharge."),
        ("discharge", "Due after calendar months: 6. It is not listed among what is due."),
        ("blue", "It starts with: “Course begins on”. Due after calendar months: 3."),
        ("blue", "It applies only if the answer to “Signed on” is: anything."),
    ],
)
def test_a_deadline_says_what_answers_it_and_of_whom_it_is_owed(
    name: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert expected in told(f"track {name}", "en", capsys)


def test_a_question_that_may_be_unknown_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told("track report", "ru", capsys).splitlines()
    (at,) = (number for number, line in enumerate(lines) if "(threats)" in line)
    assert lines[at + 1] == "    или: unknown"
