"""By data alone: a list of groups inside an entry, each with an id: asked, merged, shown, printed, struck through."""

import re
from typing import Any

import pytest

from tests.support.revised_rulebook import GREEN, LANGUAGES, Revised

COUNCIL = """schema: track/1
track: council
text: {en: a council, ru: совет}
clause: R4.0.9
home: stay
at: councils
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Held on, ru: Когда был}}
  decisions:
    is: group
    several: true
    text: {en: Decision, ru: Решение}
    fields:
      what: {is: text, must: true, text: {en: What was decided, ru: Что решили}}
      owner: {is: party, of: [staff], text: {en: Who sees to it, ru: Кто отвечает}}
      urgent: {is: yes_no, text: {en: Is it urgent, ru: Срочно ли это}}
      until: {is: day, with: {urgent: ["yes"]}, text: {en: Until when, ru: К какому дню}}
  note: {is: text, text: {en: Note, ru: Примечание}}
rules:
  - {needs: decisions, clause: R4.0.9}
"""
BEDS = {"what": "two beds", "owner": "s-aida"}
SCHOOL = {"what": "school", "urgent": True, "until": "2026-12-01"}
FULL = {"on": "2026-11-22", "decisions": [BEDS, SCHOOL]}
SEALED = ("home: stay\nat: councils\n", 'sealed: {part: medical, marker: ["on"]}\n')


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.add("tracks/council.yaml", COUNCIL)
    return session


def council(desk: Revised) -> dict[str, Any]:
    (entry,) = desk.record()["stays"][0]["councils"]
    found: dict[str, Any] = entry
    return found


def answers(desk: Revised) -> list[dict[str, Any]]:
    stamped = ("id", "recorded_at", "recorded_by", "was", "void")
    return [{name: said for name, said in one.items() if name not in stamped} for one in council(desk)["decisions"]]


@pytest.mark.parametrize("words", ["add {her} council", "admit {her}"])
def test_by_file_each_group_has_an_id_and_is_merged_by_it(desk: Revised, words: str) -> None:
    given = FULL if words.startswith("add") else {"councils": [FULL]}
    desk.do(words.format(her=desk.her), given)
    beds, school = council(desk)["decisions"]
    assert BEDS.items() <= beds.items()
    assert {"id", "recorded_at", "recorded_by"} <= beds.keys() & school.keys()
    desk.do(words.format(her=desk.her), given)
    assert council(desk)["decisions"] == [beds, school], "a second run adds nothing"
    change = {"id": council(desk)["id"], "decisions": [{"id": beds["id"], "what": "four beds"}, {"what": "a fence"}]}
    desk.do(words.format(her=desk.her), change if words.startswith("add") else {"councils": [change]})
    now = council(desk)["decisions"]
    assert [one["what"] for one in now] == ["four beds", "school", "a fence"]
    assert now[0]["id"] == beds["id"]
    assert now[0]["was"][0]["before"] == {"what": "two beds"}
    assert desk.do(f"check {desk.her}").codes("open").count("track/needs") == 0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"what": "x", "sort": 1}, "shape/unknown-key"),
        ({"owner": "s-aida"}, "shape/missing-key"),
        ({"what": "x", "until": "2026-13-01"}, "shape/date"),
        ({"id": "ZZZZZZ", "what": "x"}, "fragment/unknown-entry"),
    ],
)
def test_by_file_what_is_wrong_inside_a_group_is_refused(desk: Revised, wrong: dict[str, Any], code: str) -> None:
    assert desk.refused(f"add {desk.her} council", {"on": "2026-11-22", "decisions": [wrong]}).refusals == [code]


@pytest.mark.parametrize("sealed", [None, SEALED])
def test_by_file_a_group_without_an_answer_is_refused(desk: Revised, sealed: tuple[str, str] | None) -> None:
    desk.edit("tracks/council.yaml", "what: {is: text, must: true,", "what: {is: text,")
    if sealed:
        desk.edit("tracks/council.yaml", *sealed)
    given = {"on": "2026-11-22", "decisions": [BEDS, {}]}
    refused = desk.refused(f"add {desk.her} council", given)
    assert [(one["code"], one["where"]) for one in refused.page["findings"]] == [("shape/count", "/decisions/1")]
    if not sealed:
        assert desk.refused(f"admit {desk.her}", {"councils": [given]}).refusals == ["shape/count"]


def test_without_a_group_the_rule_that_needs_one_is_told(desk: Revised) -> None:
    told = desk.do(f"add {desk.her} council", {"on": "2026-11-22"})
    assert [(one["code"], one["where"]) for one in told.page["findings"]] == [
        ("track/needs", "/stays/0/councils/0/decisions")
    ]


def test_a_group_is_struck_through_by_its_id(desk: Revised) -> None:
    desk.do(f"add {desk.her} council", FULL)
    beds, school = council(desk)["decisions"]
    desk.do(f"void {desk.her} {beds['id']} --reason-code wrong_value")
    assert "void" in council(desk)["decisions"][0]
    assert council(desk)["decisions"][1] == school
    desk.do(f"check {desk.her}")
    assert "two beds" not in desk.paper(f"council {desk.her} --names", "en")


def test_a_group_of_a_sealed_entry_is_struck_through_by_its_id(desk: Revised) -> None:
    desk.edit("tracks/council.yaml", *SEALED)
    made = desk.do(f"add {desk.her} council", FULL)
    words = f"show {desk.her} council --names"
    beds, school = desk.do(words).data["rows"][0]["fields"]["decisions"]
    file = desk.store / f"residents/{desk.her}.yaml.age"
    assert desk.refused(f"void {desk.her} {beds['id']}").code == 2
    assert desk.do(f"void {desk.her} {beds['id']} --reason-code wrong_value").data["entry"] == beds["id"]
    (row,) = desk.do(words).data["rows"]
    assert row["fields"]["decisions"][0]["void"]["reason"] == "wrong_value"
    assert row["fields"]["decisions"][1] == school
    assert (row["entry"], row["void"]) == (made.data["entry"], None)
    before = file.read_bytes()
    desk.do(f"void {desk.her} {beds['id']} --reason-code other")
    assert file.read_bytes() == before, "a second time changes nothing"
    desk.do(f"add {desk.her} council", {"id": made.data["entry"], "decisions": [{"what": "a fence"}]})
    desk.do(f"void {desk.her} {made.data['entry']} --reason-code other")
    assert desk.do("check").codes("open").count("sealed/gone") == 0


@pytest.mark.parametrize("sealed", [None, SEALED])
@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_each_group_is_chosen_by_its_answers(
    desk: Revised, sealed: tuple[str, str] | None, language: str
) -> None:
    if sealed:
        desk.edit("tracks/council.yaml", *sealed)
    desk.do(f"add {desk.her} council", FULL)
    what = {"en": "What was decided", "ru": "Что решили"}[language]
    seen = desk.sit(language, f"void {desk.her}", "")
    (row_of_beds,) = re.findall(rf"(\d+) (?:Decision|Решение)[^()]+\(\w+\): {what}: two beds", seen)
    assert f"): {what}: school" in seen
    desk.sit(language, f"void {desk.her}", row_of_beds, "1", {"en": "yes", "ru": "да"}[language])
    (row,) = desk.do(f"show {desk.her} council --names").data["rows"]
    assert ["void" in one for one in row["fields"]["decisions"]] == [True, False]


def test_without_names_no_word_of_a_group_is_told(desk: Revised) -> None:
    desk.do(f"add {desk.her} council", FULL)
    for words in (f"show {desk.her}", f"show {desk.her} council"):
        page = desk.do(words).out
        assert "two beds" not in page
        assert "s-aida" in page
    assert "two beds" in desk.do(f"show {desk.her} council --names").out


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_shown_and_printed_by_its_words(desk: Revised, language: str) -> None:
    desk.do(f"add {desk.her} council", FULL)
    heading = {"en": r"Decision, \d", "ru": r"Решение, \d"}[language]
    for seen in (desk.sit(language, f"show {desk.her} --all"), desk.sit(language, f"show {desk.her} council --names")):
        assert re.search(heading, seen)
        assert {"en": "What was decided: two beds", "ru": "Что решили: two beds"}[language] in seen
    sheet = desk.paper(f"council {desk.her} --names", language)
    for word in ({"en": "What was decided", "ru": "Что решили"}[language], "two beds", "school"):
        assert word in sheet
    blank = desk.paper("council --blank", language)
    assert {"en": "What was decided", "ru": "Что решили"}[language] in blank


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_groups_are_asked_until_one_is_left_open(desk: Revised, language: str) -> None:
    seen = desk.sit(
        language, f"add {desk.her} council", "22.11.2026",
        "two beds", "s-aida", {"en": "no", "ru": "нет"}[language],
        "school", "", {"en": "yes", "ru": "да"}[language], "01.12.2026",
        "", "note", "1",
    )  # fmt: skip
    assert {"en": "Decision 2: Until when", "ru": "Решение 2: К какому дню"}[language] in seen
    assert answers(desk) == [{**BEDS, "urgent": False}, SCHOOL]


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_a_group_that_stands_is_changed_and_one_is_added(desk: Revised, language: str) -> None:
    desk.do(f"add {desk.her} council", {**FULL, "note": "note"})
    entry = council(desk)
    no = {"en": "no", "ru": "нет"}[language]
    desk.sit(language, f"add {desk.her} council {entry['id']}", no, "s-aida", "", "6", "four beds", "1")
    assert answers(desk) == [{**BEDS, "what": "four beds", "urgent": False}, {**SCHOOL, "owner": "s-aida"}]
    assert [one["id"] for one in council(desk)["decisions"]] == [one["id"] for one in entry["decisions"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_that_are_not_saved_yet_wait_and_are_shown_by_their_words(desk: Revised, language: str) -> None:
    words = f"add {desk.her} council"
    desk.sit(language, words, "22.11.2026", "two beds", "s-aida", "", "", "", "3")
    seen = desk.sit(language, f"show {desk.her} --all")
    assert {"en": "What was decided: two beds", "ru": "Что решили: two beds"}[language] in seen
    desk.sit(language, words, "", "", "", "1")
    assert answers(desk) == [BEDS]


def test_an_entry_that_is_sealed_may_have_groups_too(desk: Revised) -> None:
    desk.edit("tracks/council.yaml", "home: stay\nat: councils\n", 'sealed: {part: medical, marker: ["on"]}\n')
    made = desk.do(f"add {desk.her} council", FULL)
    desk.do(f"add {desk.her} council", {"id": made.data["entry"], "decisions": [{"what": "a fence"}]})
    (row,) = desk.do(f"show {desk.her} council --names").data["rows"]
    assert [one["what"] for one in row["fields"]["decisions"]] == ["two beds", "school", "a fence"]
    assert re.search(r"Decision, \d", desk.sit("en", f"show {desk.her} council"))
    assert "decisions" not in desk.do(f"show {desk.her} council").data["rows"][0]["fields"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("needs: decisions,", "needs: decisions.owner,", "/rules/0/needs"),
        ("    text: {en: Decision, ru: Решение}\n", "", "/fields/decisions"),
    ],
)
def test_what_would_do_nothing_does_not_load(desk: Revised, old: str, new: str, place: str) -> None:
    desk.edit("tracks/council.yaml", old, new)
    slip = desk.refused(f"check {desk.her}")
    assert slip.code == 4
    assert place in slip.out


def test_a_form_has_no_list_of_groups(desk: Revised) -> None:
    group = "pets: {is: group, several: true, text: {en: Pets}, fields: {name: {is: text, text: {en: Name}}}}"
    desk.add("tracks/green.yaml", GREEN.replace("  school: {", f"  {group}\n  school: {{"))
    slip = desk.refused(f"check {desk.her}")
    assert slip.code == 4
    assert "/fields/pets/several" in slip.out


def test_what_is_asked_after_she_left_has_no_list_of_groups(desk: Revised) -> None:
    desk.edit("tracks/council.yaml", "home: stay", "home: left")
    assert "/fields/decisions/several" in desk.refused(f"check {desk.her}").out


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_explained(desk: Revised, language: str) -> None:
    page = desk.run(f"explain track council --lang {language}").out
    words = {
        "en": "Decision (decisions): any number, each with the following",
        "ru": "Решение (decisions): сколько нужно; в каждом – что ниже",
    }
    assert words[language] in page.splitlines()


def test_it_is_in_the_schemas(desk: Revised) -> None:
    given = desk.ask("schema track-council").data["schema"]["properties"]["decisions"]
    assert given["type"] == "array"
    assert given["items"]["properties"].keys() == {"id", "what", "owner", "urgent", "until"}
    stored = desk.ask("schema resident").data["schema"]["$defs"]["council"]["properties"]["decisions"]["items"]
    assert {"id", "recorded_at", "recorded_by", "void", "was", "what"} <= stored["properties"].keys()


OWED = """    fields:
      owed:
        is: group
        several: true
        text: {en: Owed, ru: Кому должны}
        fields:
          whom: {is: text, text: {en: To whom, ru: Кому}}
          much: {is: som, text: {en: How much, ru: Сколько}}
          paid: {is: yes_no, text: {en: Paid, ru: Оплачено}}
"""
"""A list of groups in each group."""

FENCE = {"what": "a fence", "owed": [{"whom": "the smith", "much": 900, "paid": False}]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["log", "ledger"])
def test_in_a_row_its_cell_has_each_group_with_its_answers(desk: Revised, kind: str, language: str) -> None:
    sheet = f'sheet: {{kind: {kind}, columns: ["on", decisions], signed_by: [client]}}\n'
    desk.edit("tracks/council.yaml", "rules:\n  - {needs: decisions", f"{sheet}rules:\n  - {{needs: decisions")
    desk.edit("tracks/council.yaml", "    fields:\n", OWED)
    desk.do(f"add {desk.her} council", {**FULL, "decisions": [BEDS, SCHOOL, FENCE]})
    gone = next(each["id"] for each in council(desk)["decisions"] if each["what"] == "school")
    for ending in ("txt", "md", "html", "pdf"):
        page = desk.paper(f"council {desk.her} --names", language, f"paper.{ending}")
        assert "school" in page, ending
    page = desk.paper(f"council {desk.her} --names", language, "paper.md")
    assert {
        "en": "2. What was decided: school; Is it urgent: yes; Until when: 2026-12-01",
        "ru": "2. Что решили: school; Срочно ли это: да; К какому дню: 01.12.2026",
    }[language] in page
    assert {
        "en": "3. To whom: the smith; How much: 900.00; Paid: no; What was decided: a fence",
        "ru": "3. Кому: the smith; Сколько: 900,00; Оплачено: нет; Что решили: a fence",
    }[language] in page
    desk.do(f"void {desk.her} {gone} --reason-code wrong_value")
    assert "school" not in desk.paper(f"council {desk.her} --names", language)
    blank = desk.paper("council --blank", language, "blank.md")
    assert {"en": "| Held on | Decision |", "ru": "| Когда был | Решение |"}[language] in blank


def test_below_a_row_no_group_is_told_that_is_struck_through(desk: Revised) -> None:
    sheet = 'sheet: {kind: log, columns: ["on", note]}\n'
    desk.edit("tracks/council.yaml", "rules:\n  - {needs: decisions", f"{sheet}rules:\n  - {{needs: decisions")
    desk.do(f"add {desk.her} council", FULL)
    assert "two beds" in desk.paper(f"council {desk.her} --names", "en")
    desk.do(f"void {desk.her} {council(desk)['decisions'][0]['id']} --reason-code wrong_value")
    assert "two beds" not in desk.paper(f"council {desk.her} --names", "en")


def test_a_group_that_is_no_list_stands_in_a_cell_too(desk: Revised) -> None:
    desk.edit("tracks/council.yaml", "    several: true\n", "")
    sheet = 'sheet: {kind: log, columns: ["on", decisions]}\n'
    desk.edit("tracks/council.yaml", "rules:\n  - {needs: decisions", f"{sheet}rules:\n  - {{needs: decisions")
    desk.do(f"add {desk.her} council", {"on": "2026-11-22", "decisions": SCHOOL})
    page = desk.paper(f"council {desk.her} --names", "en", "paper.md")
    assert "| What was decided: school; Is it urgent: yes; Until when: 2026-12-01 |" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_prints_the_groups_inside_a_group(desk: Revised, language: str) -> None:
    desk.edit("tracks/council.yaml", "    fields:\n", OWED)
    desk.do(f"add {desk.her} council", {**FULL, "decisions": [BEDS, FENCE]})
    page = desk.paper(f"council {desk.her} --names", language, "paper.md")
    for words in ("two beds", "the smith", {"en": "How much", "ru": "Сколько"}[language]):
        assert words in page
    assert {"en": "How much", "ru": "Сколько"}[language] in desk.paper("council --blank", language)


@pytest.mark.parametrize(
    ("sheet", "place"),
    [
        ("{kind: ledger, columns: [note], signs: [decisions]}", "/sheet/signs/0"),
        ("{kind: ledger, columns: [note], signs: [note]}", "/sheet/signs/0"),
        ("{kind: log, columns: [note, decisions.what]}", "/sheet/columns/1"),
    ],
)
def test_what_cannot_stand_or_be_signed_in_a_row_does_not_load(desk: Revised, sheet: str, place: str) -> None:
    desk.edit("tracks/council.yaml", "rules:\n  - {needs: decisions", f"sheet: {sheet}\nrules:\n  - {{needs: decisions")
    slip = desk.refused(f"check {desk.her}")
    assert slip.code == 4
    assert place in slip.out
