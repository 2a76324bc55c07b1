"""The shelf keeps its promises: every clause that is cited is there, every word is known, every text can be said."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shelterctl import contract, document
from shelterctl.core import agreement, asked, checklist, condition, house, line, together
from shelterctl.core.form import Form
from shelterctl.core.printed import Annex
from shelterctl.core.record import Client
from shelterctl.language import WRITTEN, say
from shelterctl.library import SCHEMAS, open_shelf
from shelterctl.library.checklist import COMMON, FACTS, REASONS
from shelterctl.library.written import LARGEST

SOURCE = Path(__file__).parents[1] / "src" / "shelterctl"
PROGRAMS = sorted(SOURCE.rglob("*.py"))
SHELF = open_shelf()
FILES = {path.relative_to(SHELF.folder).as_posix(): path for path in sorted(SHELF.folder.rglob("*.yaml"))}
CHECKLISTS = [SHELF.checklist(name) for name in ("admission", "discharge")]
ITEMS = [(list_.name, item) for list_ in CHECKLISTS for item in list_.items]
DAY = date(2026, 11, 25)

NUMBERS = {2000, 2500, 500, 200, 3000, 1000, 1500, 800}
"""What the manual allows in som: on the shelf once, and in Python never."""

OTHERS = {("scalar.py", 200)}
"""The same numbers meaning something else: how many letters a key may have."""

FILLED_IN = {
    "ngo", "ngo_representative", "iom_representative", "identification_number", "contract_date", "period_from",
    "period_to", "total",
}  # fmt: skip
"""What may stand in the braces of a sentence on paper."""

ADMISSION = [
    "referral", "meeting", "sex-and-age", "place", "primary-interview", "primary-evaluation", "coordinator-agreement",
    "record-opened", "languages", "rules", "rights", "orientation", "iom-documents", "financial-agreement",
    "medical-examination", "health-record", "needs", "clothes", "pocket-money", "safekeeping", "psychologist", "plan",
]  # fmt: skip
"""The items of LC 4.3 in their order."""

GATE = {
    "referral", "sex-and-age", "place", "primary-interview", "primary-evaluation", "coordinator-agreement",
    "record-opened", "rules", "rights",
}  # fmt: skip


def loaded(name: str) -> Any:
    return document.read(FILES[name].read_bytes(), LARGEST).value


def values(written: Any, *keys: str) -> Iterator[Any]:
    """Everything that stands under one of *keys*, however deep."""
    if isinstance(written, dict):
        for key, below in written.items():
            if key in keys:
                yield from below if isinstance(below, list) else [below]
            else:
                yield from values(below, *keys)
    elif isinstance(written, list):
        for below in written:
            yield from values(below, *keys)


def constants(program: Path) -> Iterator[Any]:
    tree = ast.parse(program.read_text("utf-8"))
    yield from (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / "shelf" / f"{name}.schema.json").read_text("utf-8"))["properties"]


@pytest.mark.parametrize("name", FILES)
def test_every_clause_and_reading_that_is_cited_is_on_the_shelf(name: str) -> None:
    written = loaded(name)
    body = written["readings"] if name == "clauses.yaml" else written

    assert set(values(body, "clause", "clauses", "unlisted")) <= set(SHELF.clauses)
    assert set(values(body, "reading", "readings")) <= set(SHELF.readings)


@pytest.mark.parametrize("name", FILES)
def test_every_clause_that_a_gist_mentions_is_on_the_shelf(name: str) -> None:
    told = " ".join(map(str, values(loaded(name), "en")))
    assert set(re.findall(r"\bX\d{2,3}\b", told)) <= set(SHELF.readings)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_clause_in_the_program_is_on_the_shelf_and_no_number_of_the_manual_is_in_it(program: Path) -> None:
    known = {*SHELF.clauses, *SHELF.readings}
    for constant in constants(program):
        if isinstance(constant, str) and re.fullmatch(r"[MRGAX]\d[\w.]*|I\.\d\w*", constant):
            assert constant in known
        if not isinstance(constant, bool | bytes | None) and re.fullmatch(r"\d+(\.0+)?", str(constant)):
            number = int(float(constant))
            assert number not in NUMBERS or (program.name, number) in OTHERS


def test_the_numbers_of_the_manual_are_the_caps_of_its_forms() -> None:
    caps = [cap for name in FILES if name.startswith("forms/") for cap in values(loaded(name), "cap")]
    assert {cap["at_most"] for cap in caps} == NUMBERS


def test_the_words_of_the_shelf_are_the_words_of_the_program() -> None:
    own = {"group", "mark", "text", "keys", "product", "standing"}
    lines = schema("form")["lines"]["additionalProperties"]["properties"]
    cap = lines["cap"]["items"]["else"]["properties"]
    verbs = [only["required"] for only in schema("checklist")["items"]["items"]["oneOf"]]
    admits = schema("houses")["kinds"]["additionalProperties"]["properties"]["admits"]["properties"]

    assert set(lines) - own == {*line.WORDS, *together.WORDS} == set(agreement.VOCABULARY)
    assert set(schema("form")["conditions"]["properties"]) == set(condition.CONDITIONS)
    assert set(cap["within"]["enum"]) == set(together.REACHES)
    assert {tuple(times) for times in cap["times"]["enum"]} == set(line.OVER_CAP)
    assert set(lines["keys"]["additionalProperties"]["properties"]["is"]["enum"]) == set(asked.KINDS)
    assert [verb for [verb] in verbs] == list(checklist.VERBS)
    assert set(admits) == set(house.ADMITS)


def test_every_word_of_the_program_is_used_on_the_shelf() -> None:
    forms = list(SHELF.forms.values())
    caps = [cap for name in FILES if name.startswith("forms/") for cap in values(loaded(name), "cap")]

    assert {word for form in forms for one in form.lines.values() for word in one.rules} == set(agreement.VOCABULARY)
    assert {word for form in forms for word in form.conditions} == set(condition.CONDITIONS)
    assert {cap["within"] for cap in caps} == set(together.REACHES)
    assert {item.verb for _, item in ITEMS} == set(checklist.VERBS)
    assert {word for kind in SHELF.kinds.values() for word in kind.admits} == set(house.ADMITS)


def test_the_checklist_of_admission_is_the_manuals_in_its_order_with_its_gate() -> None:
    her = Client({"id": "7QF2-M9KD", "identity": {"sex": "female"}, "stays": [{"id": "K7M2QA"}]})
    rows = list(checklist.rows(CHECKLISTS[0], checklist.Subject(her, her.stay, DAY)))

    assert [row["item"] for row in rows] == ADMISSION
    assert {row["item"] for row in rows if row["gate"]} == GATE


@pytest.mark.parametrize(("list_", "item"), ITEMS, ids=lambda part: getattr(part, "name", part))
def test_every_text_of_an_item_can_be_said_with_what_its_verb_knows(list_: str, item: checklist.Item) -> None:
    reasons = {item.name: FACTS.get(item.verb, COMMON), **REASONS.get(item.verb, {})}
    assert set(item.missing) == set(reasons)
    for reason, text in (*item.missing.items(), *item.in_file.items()):
        for language in text:
            said = say(text, dict.fromkeys(reasons[reason], "7"), language)
            assert not re.search(r"[{}]", said)
    for text in item.missing.values():
        if item.verb != "opened":
            assert "{clause}" in text["en"]


@pytest.mark.parametrize(("list_", "item"), ITEMS, ids=lambda part: getattr(part, "name", part))
def test_every_place_where_an_item_looks_is_in_the_record(list_: str, item: checklist.Item) -> None:
    resident = contract.resident(SHELF)
    paths = [*item.asks.get("all", ()), *(item.asks[name] for name in ("on", "path") if name in item.asks)]
    for path in paths:
        assert _leads(resident, resident if item.asks.get("of") == "client" else resident["$defs"]["stay"], path)


def _leads(whole: Any, part: Any, path: str) -> bool:
    for step in path.split("."):
        while "$ref" in part:
            part = whole["$defs"][part["$ref"].rpartition("/")[2]]
        part = part.get("properties", {}).get(step)
        if part is None:
            return False
    return True


def texts(written: Any) -> Iterator[dict[str, str]]:
    """Every text by language, however deep; a list of codes for languages is none."""
    if isinstance(written, dict):
        if isinstance(written.get("en"), str):
            yield written
        for below in written.values():
            yield from texts(below)
    elif isinstance(written, list):
        for below in written:
            yield from texts(below)


@pytest.mark.parametrize("name", FILES)
def test_every_text_stands_in_three_languages_with_the_same_facts(name: str) -> None:
    for text in texts(loaded(name)):
        assert set(text) == {"en", "ru", "ky"}, text["en"]
        assert len({tuple(sorted(re.findall(r"\{\w+\}", words))) for words in text.values()}) == 1, text["en"]


def test_the_shelf_knows_every_reason_of_the_program_and_its_facts() -> None:
    named = re.findall(r'Missing\("([a-z-]+)"(?:[^}\n]*\{([^}\n]*)\})?', (SOURCE / "core/house.py").read_text("utf-8"))
    facts = {reason: COMMON | set(re.findall(r'"(\w+)":', told)) for reason, told in named}
    assert facts == {reason: told for reasons in REASONS.values() for reason, told in reasons.items()}


@pytest.mark.parametrize("form", SHELF.forms.values(), ids=lambda form: form.name)
def test_every_line_of_a_form_is_printed_with_its_limits(form: Form) -> None:
    for one in form.lines.values():
        for text in agreement.printed(one, DAY).values():
            assert not re.search(r"[{}]|—", text)


@pytest.mark.parametrize("form", SHELF.forms.values(), ids=lambda form: form.name)
def test_every_condition_can_be_said_with_what_its_ruling_gives(form: Form) -> None:
    for word, history in form.conditions.items():
        for ruling in history:
            facts = {"day": DAY, "clause": ruling.clause, **getattr(ruling, "asks", {})}
            assert ruling.clause in say(condition.CONDITIONS[word].message, facts)


def test_the_monitoring_report_asks_what_the_record_holds() -> None:
    annex, resident = SHELF.report, contract.resident(SHELF)
    keys = [question.key for question in annex.questions]

    assert [question.printed for question in annex.questions] == ["1", "2", "3", "4", "5", "6", "8", "9", "10", "11"]
    assert {question.follows for question in annex.questions} - {None} <= set(keys)
    assert {alarm.key for alarm in annex.alarms} <= set(keys)
    assert all(_leads(resident, resident, path) for path in annex.general.values())
    assert [(ruling.clause, getattr(ruling, "asks", {})) for ruling in annex.due] == [("A7.D", {"months": 6})]


def test_the_annexes_that_are_signed_as_they_stand_are_the_manuals_with_all_their_entries() -> None:
    counted = [(annex.number, annex.clause, len(annex.entries)) for annex in SHELF.annexes.values()]
    assert counted == [("2", "A2.0", 13), ("3", "A3.0", 8), ("4", "A4.0", 8)]
    for annex in SHELF.annexes.values():
        assert [*annex.entries] == [str(number) for number in range(1, len(annex.entries) + 1)]


@pytest.mark.parametrize("annex", SHELF.annexes.values(), ids=lambda annex: annex.name)
def test_where_it_is_recorded_that_an_annex_was_signed_is_a_place_of_a_stay(annex: Annex) -> None:
    resident = contract.resident(SHELF)
    assert (annex.recorded_in is None) is annex.by_staff
    assert annex.by_staff or _leads(resident, resident["$defs"]["stay"], f"{annex.recorded_in}.signed_on")


@pytest.mark.parametrize("form", SHELF.forms.values(), ids=lambda form: form.name)
def test_every_fact_in_a_sentence_of_a_form_is_one_that_paper_fills_in(form: Form) -> None:
    said = [*form.printed.texts.values(), *(sentence.text for sentence in form.printed.sentences)]
    assert set(re.findall(r"\{(\w+)\}", str(said))) <= FILLED_IN
    assert {sentence.clause for sentence in form.printed.sentences} <= set(SHELF.clauses)


def test_a_language_of_paper_is_the_manuals_own_or_says_whether_it_was_reviewed() -> None:
    assert set(SHELF.languages) == set(WRITTEN)
    assert [name for name, about in SHELF.languages.items() if about.get("original")] == ["en"]
