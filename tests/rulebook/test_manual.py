"""The shipped rule book keeps its promises: clauses, words, findings, tracks and acts are whole and can be said."""

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shelterctl.core.manual.act import Act, Item
from shelterctl.core.manual.field import FIELD_KINDS, Field
from shelterctl.core.manual.rule import History, Rule, Ruling
from shelterctl.core.manual.sheet import Annex
from shelterctl.core.manual.track import Track
from shelterctl.core.money import agreement
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import Entry, read_entry
from shelterctl.core.rules import checklist as acts
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.messages import ITEM_FACTS
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.document.reading import read_document
from shelterctl.edition import LARGEST_RULEBOOK_FILE
from shelterctl.language import format_sentence
from shelterctl.rulebook.lint.acts import FACTS_OF_EVERY_ITEM, reasons_of_item
from shelterctl.rulebook.lint.rules import possible_findings
from shelterctl.rulebook.lint.whole import check_rulebook
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from shelterctl.schemas import published
from shelterctl.ui_language import PAPER_LANGUAGES, SCREEN_LANGUAGES
from tests.support.paths import SOURCE

CODES_WITHOUT_RULE = (
    "admission/no-stay", "discharge/left-already", "discharge/no-stay", "discharge/reported",
    "monitoring/not-discharged",
)  # fmt: skip
"""Codes that the program raises itself, without a rule."""
PROGRAMS = sorted(SOURCE.rglob("*.py"))
SHELF = open_rulebook()
FILES = {path.relative_to(SHELF.folder).as_posix(): path for path in sorted(SHELF.folder.rglob("*.yaml"))}
ITEMS = [(act.name, item) for act in SHELF.acts.values() for item in act.items]
DAY = date(2026, 11, 25)

NUMBERS = {2000, 2500, 500, 200, 3000, 1000, 1500, 800}
"""What the manual allows in som: on the shelf once, and in Python never."""

OTHERS = {
    ("subset.py", 200), ("subset.py", 2000), ("line.py", 200), ("import_cases.py", 2000), ("workbook.py", 2000),
    ("sql.py", 3000), ("template.py", 200),
}  # fmt: skip
"""The same numbers meaning something else: letters of a key, documents of a text, bytes of the shortest line, rows of a
template, the year of a workbook, looks at a clock, choices in a list.
"""

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
"""The items of the checklist of admission, in their order."""

GATE = {
    "referral", "sex-and-age", "place", "primary-interview", "primary-evaluation", "coordinator-agreement",
    "record-opened", "rules", "rights",
}  # fmt: skip


def loaded(name: str) -> Any:
    return read_document(FILES[name].read_bytes(), LARGEST_RULEBOOK_FILE).value


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
    rules = [rule for form in SHELF.forms.values() for line in form.parts.values() for rule in line.caps()]
    caps = {ruling.params.facts["at_most"] for rule in rules for ruling in rule.rulings}
    assert caps == NUMBERS


def rules() -> Iterator[Rule]:
    """Every rule of the shelf: of tracks, of their parts, of acts and of their items."""
    for track in SHELF.tracks.values():
        yield from track.rules
        yield from (rule for part in track.parts.values() for rule in part.rules)
    for act in SHELF.acts.values():
        yield from act.rules
        yield from (rule for item in act.items for rule in item.rules)


def cited() -> Iterator[tuple[str, str, str]]:
    """Every reading that a ruling cites: where that stands, the ruling's clause, and the reading."""
    held: list[tuple[str, History[Any]]] = [("rule", rule.history) for rule in rules()]
    held += [("item", item.history) for _, item in ITEMS]
    for track in SHELF.tracks.values():
        dues = (*track.due, *(due for part in track.parts.values() for due in part.due))
        held += [(f"deadline of {track.name}", due.history) for due in dues]
    for where, history in held:
        for ruling in history:
            if isinstance(ruling, Ruling) and ruling.reading:
                yield where, ruling.clause, ruling.reading
    for name, known in (*SHELF.duties.items(), *SHELF.states.items()):
        if "reading" in known and "clause" in known:
            yield name, known["clause"], known["reading"]


def test_a_reading_is_cited_only_where_it_reads_the_clause() -> None:
    """A rule that rests on how a clause is read cites a reading of that clause, and of no other."""
    strange = {each for each in cited() if each[1] not in SHELF.readings[each[2]]["clauses"]}
    assert strange == set()


def test_every_word_of_the_program_is_used_on_the_shelf() -> None:
    assert {rule.verb for rule in rules()} == set(VERBS)
    codes = {rule.code for rule in rules() if rule.code} | {track.unasked_code for track in SHELF.tracks.values()}
    of_parts = {one.code for one in SHELF.published.by_way.values()}
    assert set(SHELF.published.by_code) <= codes | of_parts | {*CODES_WITHOUT_RULE}
    fields = [one for track in SHELF.tracks.values() for one in every(track)]
    assert {one.kind for one in fields} <= set(FIELD_KINDS)


def every(track: Track) -> Iterator[Field]:
    """Every field of a track, of its parts and of what stands inside one."""
    waiting = [*track.fields.values(), *(one for part in track.parts.values() for one in part.fields.values())]
    while waiting:
        waiting += (one := waiting.pop()).fields.values()
        yield one


def test_the_checklist_of_admission_is_the_manuals_in_its_order_with_its_gate() -> None:
    her = Client({"id": "7QF2-M9KD", "identity": {"sex": "female"}, "stays": [{"id": "K7M2QA"}]})
    around = Context(day=DAY, client=her, stay=her.stay, tracks=SHELF.tracks)
    rows = list(acts.checklist_rows(SHELF.acts["admission"], around))

    assert [row["item"] for row in rows] == ADMISSION
    assert {row["item"] for row in rows if row["gate"]} == GATE


@pytest.mark.parametrize(("act", "item"), ITEMS, ids=lambda part: getattr(part, "name", part))
def test_every_text_of_an_item_can_be_said_with_what_its_rules_know(act: str, item: Item) -> None:
    assert set(item.in_file) <= set(item.says)
    for reason, text in (*item.says.items(), *item.in_file.items()):
        facts = {"item", "clause", "day", *ITEM_FACTS.get(reason, ()), *(["lacking"] if item.several else [])}
        for language in text:
            said = format_sentence(text, dict.fromkeys(facts, "7"), language)
            assert not re.search(r"[{}]", said)
    for reason, text in item.says.items():
        if item.rules or reason != item.name:
            assert "{clause}" in text["en"]


@pytest.mark.parametrize(("act", "item"), ITEMS, ids=lambda part: getattr(part, "name", part))
def test_every_place_where_an_item_looks_is_in_the_record(act: str, item: Item) -> None:
    resident = published.resident_schema(SHELF)
    for name in item.places:
        track = SHELF.tracks[name.partition(".")[0]]
        part = resident["$defs"]["stay"] if "stay" in track.home else resident
        assert _leads(resident, part, SHELF.place_of(name))


def _leads(whole: Any, part: Any, path: str) -> bool:
    for step in path.split("."):
        while "$ref" in part:
            part = whole["$defs"][part["$ref"].rpartition("/")[2]]
        part = part.get("properties", {}).get(step)
        if part is None:
            return False
    return True


def texts(written: Any, but: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """Every text by language, however deep, but below these keys; a list of codes for languages is none."""
    if isinstance(written, dict):
        if isinstance(written.get("en"), str):
            yield written
        for name, below in written.items():
            if name not in but:
                yield from texts(below, but)
    elif isinstance(written, list):
        for below in written:
            yield from texts(below, but)


@pytest.mark.parametrize("name", FILES)
def test_every_text_stands_in_three_languages_with_the_same_facts(name: str) -> None:
    """What rows of the coverage say is shown on a screen alone, so it has no Kyrgyz."""
    screen = ("says", "in_file") if name == "findings.yaml" else ()
    languages = SCREEN_LANGUAGES if name.startswith("coverage/") else PAPER_LANGUAGES
    for text in texts(loaded(name), screen):
        assert set(text) - {"since", "later"} == {*languages}, text["en"]
        facts = {tuple(sorted(re.findall(r"\{(\w+)[:}]", text[language]))) for language in languages}
        assert len(facts) == 1, text["en"]


@pytest.mark.parametrize("form", SHELF.forms.values(), ids=lambda form: form.name)
def test_every_line_of_a_form_is_printed_with_its_limits(form: Track) -> None:
    for one in form.parts.values():
        for text in agreement.printed_line_text(one, DAY).values():
            assert not re.search(r"[{}]|—", text)


def test_the_monitoring_report_asks_what_the_record_holds() -> None:
    annex, resident = SHELF.report, published.resident_schema(SHELF)
    asked = {name: one for name, one in annex.fields.items() if one.number}

    assert [one.number for one in asked.values()] == ["1", "2", "3", "4", "5", "6", "8", "9", "10", "11"]
    assert {name for one in asked.values() for name in one.asked_with} <= set(asked)
    assert {name for alarm in annex.alarms for name in alarm.when} <= set(asked)
    assert all(path in annex.fields or _leads(resident, resident, path) for path in annex.sheet.general.values())
    due = [(ruling.clause, getattr(ruling, "params", {})) for due in annex.due for ruling in due.history]
    assert due == [("A7.D", {"after": {"months": 6}})]


def test_the_annexes_that_are_signed_as_they_stand_are_the_manuals_with_all_their_entries() -> None:
    counted = [(annex.number, annex.clause, len(annex.entries)) for annex in SHELF.annexes.values()]
    assert counted == [("1", "A1.0", 15), ("2", "A2.0", 13), ("3", "A3.0", 8), ("4", "A4.0", 8)]
    for annex in SHELF.annexes.values():
        assert [*annex.entries] == [str(number) for number in range(1, len(annex.entries) + 1)]


@pytest.mark.parametrize("annex", SHELF.annexes.values(), ids=lambda annex: annex.name)
def test_where_it_is_recorded_that_an_annex_was_signed_is_a_place_of_a_stay(annex: Annex) -> None:
    resident = published.resident_schema(SHELF)
    assert (annex.recorded_in is None) is not annex.by_client
    assert not annex.by_client or _leads(resident, resident["$defs"]["stay"], f"{annex.recorded_in}.signed_on")


@pytest.mark.parametrize("form", SHELF.forms.values(), ids=lambda form: form.name)
def test_every_fact_in_a_sentence_of_a_form_is_one_that_paper_fills_in(form: Track) -> None:
    said = [*form.sheet.texts.values(), *(sentence.text for sentence in form.sheet.sentences)]
    assert set(re.findall(r"\{(\w+)\}", str(said))) <= FILLED_IN
    assert {sentence.clause for sentence in form.sheet.sentences} <= set(SHELF.clauses)


def test_a_language_of_paper_is_the_manuals_own_or_says_whether_it_was_reviewed() -> None:
    assert set(SHELF.languages) == set(PAPER_LANGUAGES)
    assert [name for name, about in SHELF.languages.items() if about.get("original")] == ["en"]


LANGUAGES = ["en", "ru", "ky"]
PARTS = ["means", "remedy", "example"]

COMMAND = re.compile(r"--[a-z-]+|\b[a-z]+_[a-z_]+\b|\b(?:admit|discharge|void|staff|ngo|facility) [A-Z]+\b")
"""What is typed as it stands, in whatever language it is explained: options, keys and commands."""


@pytest.mark.parametrize("code", SHELF.findings)
@pytest.mark.parametrize("part", PARTS)
def test_every_finding_has_its_texts_in_three_languages(code: str, part: str) -> None:
    text = getattr(SHELF.findings[code], part)
    assert list(text) == LANGUAGES
    assert all(words.endswith(".") for words in text.values())
    assert len({tuple(sorted(re.findall(r"\{\w+\}", words))) for words in text.values()}) == 1


@pytest.mark.parametrize("code", SHELF.findings)
@pytest.mark.parametrize("part", PARTS)
def test_what_is_typed_is_the_same_in_every_language(code: str, part: str) -> None:
    text = getattr(SHELF.findings[code], part)
    assert len({tuple(sorted(COMMAND.findall(words))) for words in text.values()}) == 1


def test_an_explanation_shows_the_example(desk: Any) -> None:
    example = SHELF.findings["agreement/over-cap"].example
    assert isinstance(example, Mapping)
    assert example["en"] in desk.run("explain agreement/over-cap --lang en", today=None).out


AROUND = Context(day=DAY, today=DAY, tracks=SHELF.tracks)


def test_the_shipped_shelf_is_whole() -> None:
    check_rulebook(Rulebook(SHELF.folder))


def rules_with_subject() -> Iterator[tuple[str, Rule, Entry]]:
    """Every rule of a track, of a part and of an act itself, with the entry that it is judged of."""
    for name, track in SHELF.tracks.items():
        whole = read_entry(track, {})
        yield from ((f"{name} {rule.verb} {n}", rule, whole) for n, rule in enumerate(track.rules))
        for part in track.parts.values():
            line = read_entry(part, {}, f"/{part.number}", whole)
            yield from ((f"{name} {part.number} {rule.verb} {n}", rule, line) for n, rule in enumerate(part.rules))
    for name, act in SHELF.acts.items():
        yield from ((f"{name} {rule.verb} {n}", rule, read_entry(act.track, {})) for n, rule in enumerate(act.rules))


@pytest.mark.parametrize(
    ("rule", "entry"), [pytest.param(rule, entry, id=place) for place, rule, entry in rules_with_subject()]
)
def test_every_rule_can_be_said_in_each_way_in_which_it_can_be_broken(rule: Rule, entry: Entry) -> None:
    found = list(possible_findings(rule, entry, AROUND))

    assert found
    for finding in found:
        for language in SCREEN_LANGUAGES:
            said = format_sentence(finding.whole, finding.facts, language)
            assert not re.search(r"[{}]", said)
            assert str(finding.clause) in said


ITEMS_OF_ACTS = [(act, item) for act in SHELF.acts.values() for item in act.items]


@pytest.mark.parametrize("name", SHELF.tracks)
def test_a_deadline_of_a_track_is_a_row_of_the_manual(name: str) -> None:
    rows = {str(duty["row"]) for duty in SHELF.duties.values()}
    track = SHELF.tracks[name]
    dues = [*track.due, *(due for part in track.parts.values() for due in part.due)]
    assert {due.row for due in dues if due.row} <= rows


@pytest.mark.parametrize(("act", "item"), ITEMS_OF_ACTS, ids=lambda one: one.name)
def test_every_item_can_be_said_in_three_languages_for_each_reason(act: Act, item: Item) -> None:
    facts = dict.fromkeys(("lacking", *(name for names in ITEM_FACTS.values() for name in names)), DAY)
    for reason in {*reasons_of_item(item), *item.says, *item.in_file}:
        for text in (item.says[reason], item.in_file.get(reason)):
            for language in PAPER_LANGUAGES if text else ():
                said = format_sentence(text or "", {**facts, **dict.fromkeys(FACTS_OF_EVERY_ITEM, "A1")}, language)
                assert not re.search(r"[{}]", said)
        assert "{clause}" in item.says[reason]["en"] or reason not in reasons_of_item(item)
