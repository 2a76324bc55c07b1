"""A client on one screen of 80 × 24, and her whole file in words, in both languages."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from shelterctl.core.manual.field import Field
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.terminal.screen import TERMINAL_COLUMNS
from shelterctl.ui_language import SCREEN_LANGUAGES
from shelterctl.view import card
from shelterctl.view.card import (
    ADMISSION_MENU_LINE,
    CARD_ROWS,
    LINE_AS_IT_IS,
    ClientCard,
    Milestone,
    OpenThing,
    card_lines,
)
from shelterctl.view.record import record_lines
from tests.support.hostile_text import TEXTS
from tests.support.terminal import AT_NIGHT, Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


SHELF = open_rulebook()
DAY = date(2026, 11, 22)
LATER = "2027-06-10"
AIGUL = ClientCard(
    id="7QF2-M9KD",
    name="Айгуль Примерова",
    sex=SHELF.places["identity.sex"].codes["female"],
    ages=(27, 27),
    birth="1999-03",
    guessed=False,
    languages=[SHELF.places["identity.languages"].codes[code] for code in ("ky", "ru")],
    number="KG-2026-118",
    children=2,
    state=SHELF.states["received"]["text"],
    why=SHELF.states["received"]["why"],
    next=SHELF.states["received"]["next"],
    away=None,
    facility="bishkek",
    since=DAY,
    stay=(2, 2),
    steps=[
        Milestone(date(2026, 11, 20)),
        Milestone(DAY),
        Milestone(None),
        Milestone(date(2026, 12, 31), expected=True),
        Milestone(None),
    ],
    open=[
        *(OpenThing(item.text, {}, item.history[0].clause, gate=False) for item in SHELF.acts["discharge"].items),
        OpenThing(SHELF.acts["admission"].items[0].text, {}, "M3.0.1", gate=True),
    ],
    due=("Due: {what}", {"what": "the gate"}),
    agreements=2,
    drafts=1,
    total=Decimal("18700"),
    changed=("2026-11-22T23:50+06:00", "s-gulnara"),
)


def fits(told: list[str]) -> bool:
    return len(told) <= CARD_ROWS <= 20 and all(cell_len(line) <= TERMINAL_COLUMNS < 80 for line in told)


def test_a_card_reads_from_who_she_is_to_where_all_of_it_is_written() -> None:
    told = card_lines(AIGUL, "en")
    assert told[:9] == [
        "Айгуль Примерова · woman · 27 years old, born 1999-03",
        "7QF2-M9KD · identification number KG-2026-118",
        "Kyrgyz, Russian · 2 children with her",
        "Now: received, not yet admitted · bishkek · since 2026-11-22 · stay 2 of 2",
        "Why: she is in the house, but not all conditions of admission are met. Next:",
        "  Gather what is still missing; the list says who can give it",
        "referral   > arrival    > admission > discharge    > monitoring",
        "2026-11-20   2026-11-22   -           (2026-12-31)   -",
        "",
    ]
    assert told[9] == f"OPEN ({len(AIGUL.open)}), before she can be admitted: 1"
    assert told[10] == "  ! Referral source and time (M3.0.1)"
    assert told[11].startswith("  - ")
    assert told[14] == "  … and 4 more: admit 7QF2-M9KD"
    assert told[16:] == [
        "Due: the gate",
        "Money: 2 agreements, not signed: 1, together 18,700.00 som",
        "Last change: 2026-11-22 23:50, by s-gulnara",
        "Everything recorded: show 7QF2-M9KD --all",
    ]
    assert fits(told)


def test_a_card_with_nothing_on_it_says_so() -> None:
    empty: dict[str, Any] = {
        "name": "",
        "ages": None,
        "birth": None,
        "languages": [],
        "number": None,
        "children": 0,
        "since": None,
    }
    bare: dict[str, Any] = {
        "facility": None,
        "stay": (0, 0),
        "steps": [Milestone(None)] * 5,
        "open": [],
        "agreements": 0,
    }
    told = card_lines(replaced(**empty, **bare, changed=None), "en")
    assert told[0] == "no name yet · woman · date of birth unknown"
    assert told[1] == "7QF2-M9KD"
    assert told[3] == "Now: received, not yet admitted"
    assert told[9] == "Nothing is open."
    assert "Money: no agreement yet" in told


def test_an_age_that_is_not_certain_is_said_to_be_so() -> None:
    (line, *_) = card_lines(replaced(ages=(26, 27), birth=1999, guessed=True), "en")
    assert "26 or 27 years old, born about 1999" in line


def replaced(**other: Any) -> ClientCard:
    return ClientCard(**{name: other.get(name, getattr(AIGUL, name)) for name in ClientCard.__dataclass_fields__})


CODES = st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
SENTENCES = st.sampled_from([item.says[reason] for item in SHELF.acts["admission"].items for reason in item.says])
ITEMS = st.sampled_from([item.text for item in SHELF.acts["admission"].items])


class Anything(dict[str, object]):
    """Facts for whatever a sentence asks for."""

    def __missing__(self, name: str) -> object:
        return "x" * 40


OPENED = st.builds(
    OpenThing,
    text=ITEMS,
    facts=st.just({}),
    clause=st.sampled_from([None, "M3.0.6e", "M1.0.C3", "R5.3.7a"]),
    gate=st.booleans(),
)
STEPS = st.lists(st.builds(Milestone, on=st.none() | DAYS, expected=st.booleans()), min_size=5, max_size=5)
CARDS = st.builds(
    ClientCard,
    id=st.just("7QF2-M9KD"),
    name=TEXTS,
    sex=st.sampled_from(list(SHELF.places["identity.sex"].codes.values())),
    ages=st.none() | st.tuples(st.integers(0, 150), st.integers(0, 150)),
    birth=st.none() | st.integers(1900, 2100) | st.sampled_from(["1999-03", "1999-03-14"]),
    guessed=st.booleans(),
    languages=st.lists(st.sampled_from(list(SHELF.places["identity.languages"].codes.values())) | TEXTS, max_size=9),
    number=st.none() | TEXTS,
    children=st.integers(0, 100),
    state=st.sampled_from([state["text"] for state in SHELF.states.values()]),
    why=st.sampled_from([state["why"] for state in SHELF.states.values()]),
    next=st.sampled_from([state["next"] for state in SHELF.states.values()]),
    away=st.none() | st.tuples(st.just(SHELF.states["hospitalised"]["text"]), st.just("2026-11-22T10:00+06:00")),
    facility=st.none() | CODES,
    since=st.none() | DAYS,
    stay=st.tuples(st.integers(0, 99), st.integers(0, 99)),
    steps=STEPS,
    open=st.lists(OPENED, max_size=40),
    due=st.tuples(st.sampled_from(["Due: {what}", "{what}{what}"]), st.fixed_dictionaries({"what": TEXTS})),
    agreements=st.integers(0, 10000),
    drafts=st.integers(0, 10000),
    total=st.decimals(0, 10**15, allow_nan=False, allow_infinity=False, places=2),
    changed=st.none() | st.tuples(st.just("2026-11-22T23:50+06:00"), CODES),
)


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
@given(card=CARDS)
def test_a_card_holds_on_one_screen_whatever_stands_in_the_file(language: str, card: ClientCard) -> None:
    told = card_lines(card, language)
    assert fits(told)
    assert any(line.startswith(card.id) for line in told[1:4])
    assert told[-1].endswith(f"{card.id} --all")
    assert all(line.isprintable() for line in told)


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_however_long_her_name_is_her_sex_and_age_are_told(language: str) -> None:
    told = card_lines(replaced(name="Примерова" * 30, languages=["Kyrgyz"] * 20), language)
    who = " ".join(told[:3])
    assert "27" in who
    assert format_sentence(AIGUL.sex, {}, language) in who
    assert who.startswith("ПримероваПримерова")
    assert who.count("…") == 1


NIGHT = {
    "name": "Перизат-Айнагуль Раматжановна Образцова-Примерова",
    "ages": (18, 19),
    "birth": 2007,
    "guessed": True,
    "open": [OpenThing(item.text, {}, "M3.0.6", gate=True) for item in SHELF.acts["admission"].items],
}


@pytest.mark.parametrize("in_menu", [True, False])
@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_a_long_name_her_age_and_what_is_open_are_folded_and_not_cut(language: str, in_menu: bool) -> None:
    card = replaced(**NIGHT, in_menu=in_menu)
    told = card_lines(card, language)
    whole = " ".join(" ".join(told).split())
    assert fits(told)
    assert "…" not in whole.replace("… and ", "").replace("… и ещё ", "")
    assert card.name
    assert card.name in whole
    assert "2007" in whole
    listed = [one for one in card.open if format_sentence(one.text, {}, language) + " (M3.0.6)" in whole]
    assert len(listed) >= 2
    assert re.search(rf"… (and|и ещё) {len(card.open) - len(listed)}\b", whole)


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_in_the_menu_a_card_names_its_line_and_no_command(language: str) -> None:
    due = {
        "due": (card.DUE_BEFORE_ADMISSION, {"count": 8, "id": AIGUL.id}),
        "command": card.DUE_COMMANDS[card.DUE_BEFORE_ADMISSION],
    }
    shell, menu = ("\n".join(card_lines(replaced(**NIGHT, **due, in_menu=one), language)) for one in (False, True))
    assert f"admit {AIGUL.id}" in shell
    assert f"show {AIGUL.id} --all" in shell
    assert "admit " not in menu
    assert "show " not in menu
    assert format_sentence(ADMISSION_MENU_LINE, {}, language) in menu


def test_a_card_that_is_too_long_gives_up_its_blank_lines_first_and_then_open_things() -> None:
    short = [OpenThing("one", {}, None, gate=True)] * 9
    assert [line for line in card_lines(replaced(open=short), "en") if line == "  ! one"] == ["  ! one"] * 4
    assert card_lines(replaced(open=short[:2]), "en").count("") == 3
    told = card_lines(replaced(open=short, name="long " * 40, languages=["Kyrgyz " * 9] * 9), "en")
    assert told.count("") < 2
    assert "  … and 5 more: admit 7QF2-M9KD" in told


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_every_open_thing_of_the_checklists_has_its_clause_on_the_line(language: str) -> None:
    for item in SHELF.acts["admission"].items:
        told = card_lines(replaced(open=[OpenThing(item.text, {}, "M3.0.6e", gate=True)]), language)
        assert any(line.endswith("(M3.0.6e)") for line in told[8:13])


def test_in_a_pipe_nothing_is_cut(admitted: "Desk") -> None:
    told = admitted.run(f"show {admitted.her}").out
    assert "…" not in told.replace("… and ", "")
    assert max(map(len, told.splitlines())) > TERMINAL_COLUMNS


def test_a_line_is_no_sentence() -> None:
    assert format_sentence(LINE_AS_IT_IS, {"line": "{name} 100%"}) == "{name} 100%"


def test_a_card_tells_where_she_is_on_her_way(admitted: "Desk") -> None:
    told = admitted.run(f"show {admitted.her} --names").out
    assert told.startswith("Айгуль Примерова · woman · 27 years old, born 1999-03\n")
    assert f"{admitted.her} · identification number KG-2026-118\n" in told
    assert "Now: admitted · bishkek · since 2026-11-22\n" in told
    assert told.splitlines()[7].split() == ["2026-11-20", "2026-11-22", "2026-11-22", "-", "-"]
    assert "OPEN (" in told
    assert "before she can be admitted" not in told
    assert "Due: Complete medical examination, open since 2026-11-22, 3 days\n" in told
    assert "by manager\n" in told
    assert "recorded_at" not in told


def test_what_is_overdue_comes_before_the_gate_that_is_counted_above(desk: "Desk") -> None:
    her = desk.do("admit", AT_NIGHT).data["id"]
    assert " things before she can be admitted" in desk.run(f"show {her}", today="2026-11-24").out
    assert "Due: pocket money, since 2026-11-24, 2 days ago" in desk.run(f"show {her}", today="2026-11-26").out


def test_a_card_tells_the_gate_first_and_that_it_can_be_passed(desk: "Desk") -> None:
    referral: dict[str, Any] = {"identity": {"sex": "female"}, "referral": {"sources": ["partner_ngo"]}}
    her = desk.do("admit", referral).data["id"]
    told = desk.run(f"show {her} --names").out
    assert told.startswith("no name yet · woman · date of birth unknown\n")
    assert "before she can be admitted: " in told
    first = told.partition("OPEN")[2].splitlines()[1]
    assert first.startswith("  ! ")
    assert f"see admit {her}\n" in told


def test_a_card_tells_money_and_what_is_due_after_discharge(discharged: "Desk") -> None:
    discharged.written("pocket-money")
    told = discharged.run(f"show {discharged.her}").out
    assert "Due: monitoring from 2027-05-25, in 181 days\n" in told
    assert "(2027-05-25)" in told
    assert "Nothing is open.\n" in told
    assert "Due: monitoring, since 2027-05-25 (16 days)" in discharged.run(f"show {discharged.her}", today=LATER).out
    today = discharged.run(f"show {discharged.her}", today="2027-05-25").out
    assert "Due: monitoring, from today, 2027-05-25" in today
    closed = {"reason": "she asked for it"}
    discharged.do(f"monitor close {discharged.her} --on 2027-06-01", closed, today=LATER)
    assert (
        "Due: nothing; monitoring was closed on 2027-06-01 without a valid report\n"
        in discharged.run(f"show {discharged.her}", today=LATER).out
    )


def test_a_threat_in_the_last_report_is_the_first_thing_that_is_open(discharged: "Desk") -> None:
    report = {"social_worker": "s-gulnara", "date": "2027-05-28", "threats": True}
    discharged.do(f"monitor record {discharged.her}", report, today=LATER)
    told = discharged.run(f"show {discharged.her}", today=LATER).out
    assert told.partition("OPEN (1)\n")[2].startswith("  - Her report of 2027-05-28 says ")
    assert discharged.do(f"show {discharged.her}", today=LATER).codes("open") == ["monitoring/alarm"]


def test_the_page_of_a_card_is_for_programs_and_holds_the_record(admitted: "Desk") -> None:
    admitted.do(
        f"agreement {admitted.her} --form blue",
        {"date": "2026-11-25", "lines": {"7a": {"amount": 700}}, "period": {"from": "2026-12-01", "to": "2026-12-31"}},
    )
    page = admitted.do(f"show {admitted.her}")
    assert (page.data["id"], page.data["state"], page.data["facility"]) == (admitted.her, "admitted", "bishkek")
    assert page.data["since"] == "2026-11-22"
    assert page.data["steps"][2] == {"step": "admission", "on": "2026-11-22", "expected": False}
    assert page.data["open"] == {"count": len(page.codes("open")), "gate": 0}
    assert page.data["money"] == {"agreements": 1, "drafts": 1, "total": "700.00", "spent": "0.00"}
    assert page.data["changed"]["by"] == "manager"
    assert page.data["record"]["schema"] == "resident/4"


def test_everything_that_is_written_down_comes_when_it_is_asked_for(admitted: "Desk") -> None:
    whole = admitted.run(f"show {admitted.her} --all --names").out
    assert "Last name: Примерова" in whole
    assert "admission/plan" in whole


def test_a_client_without_a_stay_has_a_card_too(desk: "Desk") -> None:
    him = {"identity": {"first_name": "Нурлан", "sex": "male"}, "referral": {"sources": ["partner_ngo"]}}
    his = desk.do("admit --without-stay", him).data["id"]
    told = desk.run(f"show {his} --names").out
    assert told.startswith("Нурлан · man · ")
    assert f"Due: choose a day for monitoring; monitor schedule {his} --on DATE\n" in told


def test_a_card_is_told_in_russian(admitted: "Desk") -> None:
    told = admitted.run(f"show {admitted.her} --names --lang ru").out
    assert told.startswith("Айгуль Примерова · женщина · ")
    assert "22.11.2026" in told


FRAME = published.resident_schema(SHELF)
TYPED = {"text": "со слов", "day": "2026-11-25", "time": "2026-11-25T22:10+06:00", "code": "s-gulnara", "partial": 1999,
         "entry_id": "K7M2QA", "part": "2", "language": "ky", "country": "KG"}  # fmt: skip
KEYS = {"text": "со слов", "texts": ["со слов"], "whole": 2, "months": ["2026-12", "2027-01"], "som": "1500.00",
        "span": {"from": "2026-12-01", "to": "2027-02-28"},
        "course": {"profession": "швея", "provider": "лицей", "from": "2026-12-01", "to": "2027-02-28"}}  # fmt: skip


def filled(node: Mapping[str, Any]) -> Any:
    """A value for every property that the schema has; of codes the last."""
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name:
        return TYPED[name] if name in TYPED else filled(FRAME["$defs"][name])
    if "enum" in node:
        return [code for code in node["enum"] if code != "unknown"][-1]
    if "properties" in node:
        return {key: filled(below) for key, below in node["properties"].items() if key not in ("void", "was")}
    if node.get("type") == "array":
        return [filled(node["items"])]
    return {"boolean": True, "integer": 2}.get(node.get("type", ""), "2026-11-25")


def sealed(every: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An entry of each sealed track as it lies in a file: what is seen of it outside its block, out of *every* key."""
    stamp = {name: every[name] for name in ("id", "recorded_at", "recorded_by", "age")}
    return [
        {**stamp, "track": name, "part": track.seal.part, **{marker: every[marker] for marker in track.seal.marker}}
        | ({"kind": [*track.fields["kind"].codes][-1]} if "kind" in track.seal.marker else {})
        for name, track in SHELF.tracks.items()
        if track.seal and track.many and not track.of_register
    ]


def of_key(one: Field) -> Any:
    """What may stand at a key of a line."""
    kind = "course" if one.kind == "span" and one.fields else "texts" if one.several else one.kind
    return next(iter(one.codes), KEYS.get(kind))


def whole() -> dict[str, Any]:
    """A file as it is read, in which every place is filled, with an agreement on each form and answers not saved yet.

    What older files have in the open and is sealed now is out of sight in it.
    """
    record: dict[str, Any] = {name: filled(node) for name, node in FRAME["properties"].items() if name != "unfinished"}
    for place in SHELF.moved_places:
        above, _, key = place.rpartition(".")
        for entry in record[above]:
            del entry[key]
    (agreement,) = record["agreements"]
    record["agreements"] = [
        {**agreement, "form": name, "lines": {
            number: {"amount": 1500, **{key: of_key(it) for key, it in line.fields.items() if key != "amount"}}
            for number, line in form.parts.items()
        }}
        for name, form in SHELF.forms.items()
    ]  # fmt: skip
    closed = sealed(*record["sealed"]["entries"])
    stay = record["stays"][0]
    unfinished = {
        "blue": {"number": "S-NGO-12", "lines": {"7a": {"amount": "800"}}},
        "blue-signature": {"ngo_name": "Б. Образцова"},
        "discharge": stay["discharge"],
        "monitoring-report": stay["monitoring"]["reports"][0],
        "monitoring-closed": stay["monitoring"]["closed"],
        "monitoring-attempt": {"how": "по телефону"},
        "monitoring-scheduled": {"reason": "без проживания"},
    }
    return {**record, "sealed": {**record["sealed"], "entries": closed}, "id": "7QF2-M9KD", "unfinished": unfinished}


def test_no_key_and_no_code_is_left_in_russian() -> None:
    told = record_lines(whole(), SHELF, "ru")
    latin = re.compile(r"[A-Za-z]{2,}")
    for line in told:
        words = re.sub(r"7QF2-M9KD|K7M2QA|S-NGO-12|s-gulnara|ID-карта", "", line)
        assert not latin.search(words), line


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_no_key_of_a_record_is_left(language: str) -> None:
    told = record_lines(whole(), SHELF, language)
    assert [line for line in told if re.match(r" *[a-z0-9]+[_.][a-z_.]+:", line)] == []
    assert [line for line in told if re.search(r": [a-z]+_[a-z_]+$", line)] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["  Sex: woman", "  Date of birth: 1999-03", "  Languages she understands: Kyrgyz, Russian"]),
        ("ru", ["  Пол: женщина", "  Дата рождения: 03.1999", "  Какие языки понимает: кыргызский, русский"]),
    ],
)
def test_codes_and_days_stand_in_words(language: str, said: list[str]) -> None:
    identity = {"sex": "female", "birth_date": "1999-03", "languages": ["ky", "ru"], "estimated": True}
    told = record_lines({"id": "7QF2-M9KD", "identity": identity}, SHELF, language)
    assert set(said) <= set(told)


@pytest.mark.parametrize(
    ("language", "struck", "why"),
    [
        ("en", "STRUCK THROUGH: Blue form, 2026-11-25, recorded by s-gulnara (K7M2QA)", "something in it is wrong"),
        ("ru", "ЗАЧЁРКНУТО: Голубая форма, 25.11.2026, записано: s-gulnara (K7M2QA)", "в записи ошибка"),
    ],
)
def test_an_entry_that_was_struck_is_marked_with_its_id_and_the_reason(language: str, struck: str, why: str) -> None:
    void = {"on": "2026-11-26", "by": "s-gulnara", "reason": "wrong_value"}
    stamp = {"id": "K7M2QA", "recorded_by": "s-gulnara", "void": void}
    agreement = {**stamp, "form": "blue", "date": "2026-11-25", "lines": {"7a": {"amount": "800.00"}}}
    told = record_lines({"id": "7QF2-M9KD", "agreements": [agreement]}, SHELF, language)
    assert struck in told
    assert any(line.endswith(f": {why}") for line in told)


def test_at_a_terminal_and_off_it_the_whole_file_is_words(admitted: "Desk") -> None:
    seen = Terminal(admitted, "ru").run(f"show {admitted.her} --all", [""] * 12)
    assert "Фамилия: Примерова" in seen.text
    assert "last_name" not in seen.text
    assert "Примерова" not in seen.left
    piped = admitted.run(f"show {admitted.her} --all --lang ru").out
    assert "Дата рождения: " in piped
    assert "Примерова" not in piped
    assert "Фамилия: Примерова" in admitted.run(f"show {admitted.her} --all --names --lang ru").out
    assert admitted.do(f"show {admitted.her} --all").data["record"]["identity"]["sex"] == "female"
