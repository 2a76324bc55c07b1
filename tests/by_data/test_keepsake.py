"""By data alone: a track of a client with every verb of a rule: added by its questions and by file, judged, shown,
struck through and explained, in two languages."""

from collections.abc import Mapping
from typing import Any

import pytest

from shelterctl.prompts.fill_in import THROW_ANSWERS_AWAY, WRITE_DOWN
from tests.support.command import Answer
from tests.support.revised_rulebook import LANGUAGES, Revised, without_progress

BELONGING = """schema: track/1
track: keepsake
text: {en: a thing in safe-keeping, ru: вещь на хранении}
clause: A2.5
home: [stay, client]
at: keepsakes
keeps: many
day: received_on
fields:
  kind:
    is: code
    must: true
    text: {en: What kind of thing, ru: Что за вещь}
    codes:
      personal_item: {en: personal item, ru: личная вещь}
      paper: {en: a paper, ru: бумага, later: [{since: 2026-11-01, repealed: true, clause: IOM-2026-20}]}
      travel_document: {en: travel document, ru: документ для поездки, since: 2026-11-01}
      other: {en: something else, ru: другое}
  what: {is: text, with: {kind: [other]}, text: {en: What it is, ru: Что это}}
  marks:
    is: code
    several: true
    text: {en: Signs, ru: Приметы}
    codes: {worn: {en: worn, ru: старая}, new: {en: new, ru: новая}}
  received_on: {is: day, must: true, text: {en: Received on, ru: Когда принято}}
  received_by: {is: party, of: [staff], text: {en: Who took it, ru: Кто принял}}
  given_by: {is: party, of: [staff, ngos], open: true, text: {en: Who gave it, ru: Кто передал}}
  issued: {is: partial, with: {kind: [travel_document]}, text: {en: Issued, ru: Выдан}}
  pieces: {is: whole, text: {en: How many pieces, ru: Сколько штук}}
  seen_at: {is: time, text: {en: Looked at together, ru: Осмотрено вместе}}
  shelf:
    is: group
    fields:
      room: {is: text, nameless: true, text: {en: Room, ru: Комната}}
      locked: {is: yes_no, text: {en: It is locked, ru: Закрыто на ключ}}
  with_thing: {is: entry, of: [keepsake], text: {en: Kept with, ru: Лежит вместе с}}
  kept: {is: span, text: {en: "Kept", ru: "Хранится"}}
  months_paid: {is: months, text: {en: Months paid, ru: За какие месяцы}}
  charged: {is: som, zero: true, text: {en: Charged to her in som, ru: Взято с неё сомов}}
  late_reason: {is: text, text: {en: Why it is charged, ru: За что взято}}
rules:
  - {needs: [kind, received_by], clause: A2.5}
  - {is: kind, codes: [personal_item, paper, travel_document, other], clause: A2.5}
  - {dated: received_on, from: arrival, to: today, clause: A2.5}
  - {amount: charged, exactly: 0, unless: late_reason, clause: A2.5}
  - {once: received_on, within: client, same: kind, clause: A2.5}
  - {by: received_by, role: [manager, social_worker], clause: A2.5}
  - {stands: instruction, where: {status: [recognised]}, to: received_on, when: {kind: [travel_document]}, clause: A2.5}
  - {suits: identity, at_least: 40, at_most: 90, when: {kind: [other]}, clause: A2.5}
"""
RING: dict[str, Any] = {"kind": "personal_item", "received_on": "2026-11-22", "received_by": "s-gulnara"}
EVERYTHING = {
    **RING, "marks": ["worn"], "given_by": "her uncle", "pieces": 2, "seen_at": "2026-11-22T10:00+06:00",
    "shelf": {"room": "4", "locked": True}, "kept": {"from": "2026-11-22", "to": "2026-12-31"}, "months_paid": 1,
    "charged": "5.00", "late_reason": "дубликат ключа",
}  # fmt: skip
ASKED = {
    "en": (
        "What kind of thing 1 personal item 2 travel document 3 something else > 1 ",
        "Signs 1 worn 2 new > 1 Received on Press Enter for 2026-11-25, or write - to leave it open. > 22.11 ",
        "Who took it 1 manager · manager of the shelter 2 s-gulnara · social worker 3 s-aida · psychologist > 2 ",
        "> her uncle How many pieces > 2 Looked at together Day and time, such as 14.03 21:30. > 22.11 10:00 ",
        "Room > 4 It is locked (1 yes, 2 no) > 1 Kept: from > 22.11 ",
        "Kept: to > 31.12.2026 ",
        "Charged to her in som > 5 Why it is charged > ",
        "Check the answers. Type a number to change one. 5 What kind of thing: ",
        "What now? 1 write it down 2 (answer the remaining questions) 3 leave it for later; the answers are kept",
        "Saved: a thing in safe-keeping.",
    ),
    "ru": (
        "Что за вещь 1 личная вещь 2 документ для поездки 3 другое > 1 ",
        "Приметы 1 старая 2 новая > 1 Когда принято ",
        "Кто принял 1 manager · руководитель приюта 2 s-gulnara · социальный работник 3 s-aida · психолог > 2 ",
        "> her uncle Сколько штук > 2 Осмотрено вместе ",
        "Комната > 4 Закрыто на ключ (1 да, 2 нет) > 1 Хранится: с какого дня > 22.11 ",
        "Хранится: по какой день > 31.12.2026 ",
        "Взято с неё сомов > 5 За что взято > ",
        "Проверьте ответы. Чтобы изменить, наберите номер. 5 Что за вещь: ",
        "Что дальше? 1 записать 2 (ответить на остальные вопросы) 3 ",
        "Запись сохранена: вещь на хранении.",
    ),
}  # fmt: skip
TYPED = ("1", "1", "22.11", "2", "her uncle", "2", "22.11 10:00", "4", "1", "22.11", "31.12.2026", "1", "5")
SHOWN = {
    "en": (
        "A thing in safe-keeping: personal item, 2026-11-22, recorded by manager (",
        "What kind of thing: personal item Signs: worn Received on: 2026-11-22",
        "Charged to her in som: 5.00",
        "Room: 4 It is locked: yes",
    ),
    "ru": (
        "Вещь на хранении: личная вещь, 22.11.2026, записано: manager (",
        "Что за вещь: личная вещь Приметы: старая Когда принято: 22.11.2026",
        "Взято с неё сомов: 5,00",
        "Комната: 4 Закрыто на ключ: да",
    ),
}
STRUCK = {"en": "struck through on 2026-11-25 by manager: entered twice", "ru": "причина: внесено дважды"}
EXPLAINED = {
    "en": (
        "track keepsake: a thing in safe-keeping",
        "What kind of thing (kind): one of personal_item (personal item), travel_document (travel document), other",
        "What it is (what): text only if the answer to “What kind of thing” is: something else",
        "Received on (received_on): a date YYYY-MM-DD; required",
        "Who took it (received_by): a registered code, see staff list",
        "Not filled in: “What kind of thing” (A2.5).",
        "“Charged to her in som”: … It must be: 0 (A2.5).",
        "“Who took it”: …, … Allowed under A2.5: manager of the shelter, social worker.",
        "shelterctl add ID keepsake --from FILE",
    ),
    "ru": (
        "track keepsake: вещь на хранении",
        "Что за вещь (kind): что-то одно: personal_item (личная вещь), travel_document (документ для поездки), other",
        "Что это (what): текст только если на вопрос «Что за вещь» ответ: другое",
        "Когда принято (received_on): дата YYYY-MM-DD; обязательно",
        "Кто принял (received_by): код из списка staff list",
        "Не заполнено: «Что за вещь» (A2.5).",
        "«Взято с неё сомов»: … Должно быть: 0 (A2.5).",
        "«Кто принял»: …, … По пункту A2.5 можно: руководитель приюта, социальный работник.",
        "shelterctl add ID keepsake --from FILE",
    ),
}


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.add("tracks/keepsake.yaml", BELONGING)
    return session


def things(desk: Revised) -> list[dict[str, Any]]:
    """Her things, as her file has them."""
    return desk.record()["stays"][0].get("keepsakes", [])  # type: ignore[no-any-return]


def opened(told: Answer, facts: Mapping[str, Any], code: str) -> dict[str, Any]:
    """What stays open under a code, which has these facts."""
    found = told.finding(code)
    assert facts.items() <= found["facts"].items()
    assert (found["severity"], told.code) == ("open", 0)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_it_is_asked_looked_through_and_written_down(desk: Revised, language: str) -> None:
    seen = desk.sit(language, f"add {desk.her} keepsake", *TYPED, "дубликат ключа", WRITE_DOWN)

    assert [words for words in ASKED[language] if words not in seen] == [], seen
    (kept,) = things(desk)
    assert {name: kept[name] for name in EVERYTHING} == EVERYTHING
    assert "unfinished" not in desk.record()


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_what_would_be_written_one_goes_back_to_the_last_question(desk: Revised, language: str) -> None:
    last = {"en": "Why it is charged", "ru": "За что взято"}[language]
    seen = desk.sit(language, f"add {desk.her} keepsake", *TYPED, "дубликат ключа", "<", "потеря ключа", WRITE_DOWN)
    assert seen.count(last) == len(("asked", "looked through", "asked again", "looked through again")), seen
    assert things(desk)[0]["late_reason"] == "потеря ключа"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_branch_is_asked_beside_its_answer_and_not_written_once_that_is_another(desk: Revised, language: str) -> None:
    what = {"en": "What it is", "ru": "Что это"}[language]
    seen = desk.sit(language, f"add {desk.her} keepsake", "3", "шкатулка", "<", "<", "1", "", "", ".", WRITE_DOWN)
    assert seen.count(f"{what} >") == 1
    (kept,) = things(desk)
    assert (kept["kind"], "what" in kept) == ("personal_item", False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_leaves_finds_the_answers_again_and_may_throw_them_away(desk: Revised, language: str) -> None:
    left = desk.sit(language, f"add {desk.her} keepsake", "1", "2", "^C")
    kept = {"en": "Go on with: shelterctl add", "ru": "Продолжить: shelterctl add"}[language]
    assert f"{kept} {desk.her} keepsake" in left
    assert desk.record()["unfinished"] == {"keepsake": {"kind": "personal_item", "marks": ["new"]}}
    assert things(desk) == []
    whole = desk.sit(language, f"show {desk.her} --all")
    assert {"en": "a thing in safe-keeping Signs: new", "ru": "вещь на хранении"}[language][:10] in whole
    needed = {"en": "answer first: Received on.", "ru": "ответьте на вопросы: Когда принято."}[language]
    seen = desk.sit(language, f"add {desk.her} keepsake", "-", "", ".", THROW_ANSWERS_AWAY, "1")
    assert needed in seen
    assert "unfinished" not in desk.record()


def test_by_file_it_is_written_once_changed_by_its_id_and_told_so(desk: Revised) -> None:
    made = desk.do(f"add {desk.her} keepsake", EVERYTHING)
    entry, stay = made.data["entry"], desk.record()["stays"][0]["id"]
    assert made.data | {"said": []} == {"id": desk.her, "track": "keepsake", "entry": entry, "stay": stay, "said": []}
    before = desk.digest()
    again = desk.do(f"add {desk.her} keepsake", EVERYTHING)
    assert again.data["entry"] == entry
    assert again.data["said"] == [
        "Her file already has all of this; nothing changed.",
        "Already in her file, so not written again: /stays/0/keepsakes/0. If it happened again, add --again.",
    ]
    assert desk.digest() == before
    changed = desk.do(f"add {desk.her} keepsake", {"id": entry, "pieces": 3, "late_reason": None, "charged": 0})
    assert "Replaced: /stays/0/keepsakes/0/pieces" in changed.data["said"][1]
    (kept,) = things(desk)
    assert (kept["pieces"], "late_reason" in kept) == (3, False)
    assert desk.do(f"add {desk.her} keepsake --check", {**RING, "kind": "other"}).data["entry"] is None
    assert len(things(desk)) == 1


@pytest.mark.parametrize(
    ("given", "code", "facts", "place"),
    [
        ({"received_by": None}, "track/needs", {"track": "keepsake"}, None),
        ({"received_on": "2026-11-20"}, "track/dated", {"track": "keepsake"}, (2, 3)),
        ({"received_on": "2026-12-03"}, "track/in-future", {"track": "keepsake"}, (2, 3)),
        ({"charged": 5}, "track/differs", {"track": "keepsake"}, (4, 3)),
        ({"received_by": "s-aida"}, "track/by", {"who": "s-aida", "role": "psychologist"}, (3, 3)),
        ({"kind": "travel_document", "received_on": "2026-11-21"}, "track/stands", {"track": "keepsake"}, None),
        ({"kind": "other"}, "track/suits", {"track": "keepsake"}, None),
        ({"kind": "paper"}, "track/not-in-force", {"value": "paper", "since": "2026-11-01"}, (1, 3)),
        ({"what": "кольцо"}, "track/unasked", {"track": "keepsake"}, (4, 3)),
    ],
)
def test_what_breaks_a_rule_stays_open_and_is_found_again_by_check(
    desk: Revised, given: dict[str, Any], code: str, facts: dict[str, Any], place: tuple[int, int] | None
) -> None:
    written = "\n".join(f"{key}: {value}" for key, value in {**RING, **given}.items() if value is not None)
    told = desk.do(f"add {desk.her} keepsake", written)
    found = opened(told, facts, code)
    if place:
        assert found["line"] == place[0]
        assert found["where"].startswith("/stays/0/keepsakes/0")
    assert code in desk.do(f"check {desk.her}").codes("open")


def test_the_same_of_two_entries_and_a_code_before_it_begins(desk: Revised) -> None:
    desk.do(f"add {desk.her} keepsake", RING)
    opened(desk.do(f"add {desk.her} keepsake", {**RING, "pieces": 2}), {"track": "keepsake"}, "track/once")
    early = {**RING, "kind": "travel_document", "received_on": "2026-10-03"}
    told = opened(desk.do(f"add {desk.her} keepsake", early), {"since": "2026-11-01"}, "track/not-in-force")
    assert told["clause"] == "A2.5"
    old = {**RING, "kind": "paper", "received_on": "2026-10-03"}
    assert "track/not-in-force" not in desk.do(f"add {desk.her} keepsake", old).codes("open")


@pytest.mark.parametrize(
    ("given", "code", "at"),
    [
        ("kind: other\nreceived: 2026-11-22\n", "shape/unknown-key", (2, 11)),
        ("kind: ring\n", "shape/code", (1, 7)),
        ("kind: other\npieces: two\n", "shape/kind", (2, 9)),
        ("kind: other\nreceived_on: 2026-13-01\n", "shape/date", (2, 14)),
        ("received_by: s-gulnara\n", "shape/missing-key", None),
        ("id: ABCDEF\nkind: other\n", "fragment/unknown-entry", (1, 5)),
        ("{}", "shape/missing-key", None),
    ],
)
def test_what_is_wrong_with_a_file_is_refused_with_its_place(
    desk: Revised, given: str, code: str, at: tuple[int, int] | None
) -> None:
    told = desk.refused(f"add {desk.her} keepsake", given)
    found = told.finding(code)
    assert at is None or (found["line"], found["column"]) == at
    assert things(desk) == []


def test_an_unknown_key_is_answered_with_the_nearest(desk: Revised) -> None:
    told = desk.refused(f"add {desk.her} keepsake", {**RING, "recieved_by": "s-gulnara"})
    assert "did you mean received_by?" in told.finding("shape/unknown-key")["message"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_shown_struck_through_and_listed_where_it_is_chosen(desk: Revised, language: str) -> None:
    entry = desk.do(f"add {desk.her} keepsake", EVERYTHING).data["entry"]
    speaks = {"SHELTERCTL_LANG": language}
    seen = desk.sit(language, f"show {desk.her} keepsake")
    for words in SHOWN[language]:
        assert words in seen
        assert words == SHOWN[language][1] or words in desk.sit(language, f"show {desk.her} --all")
    assert "her uncle" in seen
    piped = without_progress(desk.run(f"show {desk.her} keepsake", env=speaks).out)
    assert SHOWN[language][2] in piped
    assert "her uncle" not in piped
    assert "her uncle" in desk.run(f"show {desk.her} keepsake --names", env=speaks).out

    chosen = desk.sit(language, f"void {desk.her}", "")
    assert SHOWN[language][0][1:] in chosen
    desk.do(f"void {desk.her} {entry} --reason-code entered_twice")
    assert STRUCK[language] in desk.sit(language, f"show {desk.her} keepsake")
    assert desk.do(f"show {desk.her} keepsake").data["rows"][0]["void"] == "entered_twice"


def test_shown_to_a_program_it_is_rows_without_names(desk: Revised) -> None:
    entry = desk.do(f"add {desk.her} keepsake", EVERYTHING).data["entry"]
    (row,) = desk.do(f"show {desk.her} keepsake").data["rows"]
    assert (row["entry"], row["on"], row["recorded_by"], row["void"]) == (entry, "2026-11-22", "manager", None)
    left_out = {"given_by", "late_reason"}
    assert row["fields"] == {name: value for name, value in EVERYTHING.items() if name not in left_out}
    (named,) = desk.do(f"show {desk.her} keepsake --names").data["rows"]
    assert named["fields"] == EVERYTHING
    heading, line, *_ = desk.run(f"show {desk.her} keepsake --format csv").out.splitlines()
    assert heading == "entry,stay,on,recorded_at,recorded_by,void,fields,was"
    assert line.startswith(f"{entry},")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_explained(desk: Revised, language: str) -> None:
    told = without_progress(desk.run("explain keepsake", env={"SHELTERCTL_LANG": language}).out)
    for words in EXPLAINED[language]:
        assert words in told
    data = desk.ask("explain track keepsake").data
    assert [field["field"] for field in data["fields"]][:4] == ["kind", "what", "marks", "received_on"]
    assert [rule["verb"] for rule in data["rules"]] == [
        "needs", "is", "dated", "amount", "once", "by", "stands", "suits",
    ]  # fmt: skip


def test_a_client_without_a_stay_has_them_at_the_top(desk: Revised) -> None:
    her = desk.do("admit --without-stay --new-person", {"identity": {"sex": "female"}}).data["id"]
    assert desk.do(f"add {her} keepsake", {**RING, "received_on": "2026-11-24"}).data["stay"] is None
    assert desk.record(her)["keepsakes"][0]["kind"] == "personal_item"
