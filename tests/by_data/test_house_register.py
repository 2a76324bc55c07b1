"""By data alone: a register of a house with every word of registers, one of staff, a field and a rule of what is known
of staff, and an act of entries, each written, judged, shown, due, listed, printed, struck through and explained.
"""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.revised_rulebook import LANGUAGES, Revised

PATROL = """schema: track/1
track: patrol
text: {en: a patrol, ru: обход}
clause: M2.1.9
home: house
at: patrols
keeps: many
day: starts_at
acts:
  answer: {text: {en: answer for a patrol, ru: ответить за обход}, clause: M2.1.9, writes: answered}
fields:
  kind:
    is: code
    must: true
    text: {en: Kind of patrol, ru: Вид обхода}
    codes: {round: {en: a round, ru: круг}, desk: {en: at the desk, ru: за столом}}
  starts_at: {is: time, must: true, text: {en: Began at, ru: Начат}}
  ends_at: {is: time, text: {en: Ended at, ru: Закончен}}
  told_at: {is: time, text: {en: IOM was told at, ru: Когда сообщили МОМ}}
  by: {is: party, of: [staff], text: {en: Who went round, ru: Кто обходил}}
  involved: {is: party, of: [clients], several: true, text: {en: Which clients, ru: Какие клиентки}}
  decisions:
    is: group
    several: true
    text: {en: What was decided, ru: Что решили}
    fields:
      what: {is: text, text: {en: What to do, ru: Что сделать}}
      owner: {is: party, of: [staff], text: {en: Who does it, ru: Кто сделает}}
      deadline: {is: day, ahead: true, text: {en: By which day, ru: К какому дню}}
      done_on: {is: day, text: {en: Done on, ru: Когда сделано}}
  reply: {is: text, text: {en: What was found out, ru: Что выяснили}}
  battery_until: {is: day, ahead: true, text: {en: Battery lasts until, ru: Батареи хватит до}}
  answered:
    is: group
    by_file: true
    text: {en: answer, ru: ответ}
    fields:
      on: {is: day, text: {en: Answered on, ru: Когда ответили}}
      by: {is: party, of: [staff], text: {en: Who answered, ru: Кто ответил}}
rules:
  - {dated: ends_at, from: starts_at, clause: M2.1.9}
  - {dated: told_at, to: {of: starts_at, hours: 24}, clause: M2.1.4}
  - {covers: [starts_at, ends_at], within: house, from: opened, to: today, where: {kind: [round]},
     when: {kind: [round]}, strength: should, clause: M1.2.5}
  - {needs: reply, act: answer, clause: M2.1.9}
due:
  - {from: starts_at, after: {hours: 24}, until: [told_at], owner: manager, clause: M2.1.4,
     text: {en: Tell IOM of the patrol, ru: Сообщить МОМ об обходе}}
  - {from: opened, every: month, calendar: true, during: house, where: {kind: [desk]}, owner: manager, clause: M2.1.7,
     text: {en: Patrol of the month, ru: Обход за месяц}}
  - {from: decisions.deadline, until: [decisions.done_on], owner: {of: decisions.owner}, clause: M2.1.7,
     text: {en: What a patrol decided, ru: Решённое при обходе}}
  - {from: battery_until, before: {days: 30}, owner: security, clause: M2.1.9,
     text: {en: Change the battery, ru: Сменить батарею}}
sheet:
  kind: log
  title: {en: Patrols of the house, ru: Журнал обходов}
  signed_by: [staff]
  columns: [starts_at, kind, by, involved, ends_at]
"""

TALK = """schema: track/1
track: talk
text: {en: a talk, ru: беседа с сотрудником}
clause: M2.1.7
home: staff
at: talks
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Held on, ru: Когда прошла}}
  note: {is: text, text: {en: What it was about, ru: О чём}}
  pass_until: {is: day, ahead: true, text: {en: The pass holds until, ru: Пропуск действует до}}
rules:
  - {needs: note, strength: should, clause: M2.1.7}
due:
  - {from: opened, every: month, calendar: true, during: house, owner: manager, clause: M2.1.7,
     text: {en: Talk of the month, ru: Беседа за месяц}}
  - {from: pass_until, before: {days: 30}, owner: manager, clause: M2.1.7,
     text: {en: Renew the pass, ru: Продлить пропуск}}
sheet: {kind: card, title: {en: A talk, ru: Беседа}, signed_by: [manager]}
"""

ROUND = {"kind": "round", "starts_at": "2026-11-20T08:00", "ends_at": "2026-11-20T20:00", "by": "s-aida"}
BAD = {
    "kind": "round", "starts_at": "2026-11-21T08:00", "ends_at": "2026-11-21T07:00", "told_at": "2026-11-23T09:00",
    "battery_until": "2026-12-10",
    "decisions": [
        {"what": "a lamp", "owner": "s-aida", "deadline": "2026-11-23"},
        {"what": "a key", "owner": "manager", "deadline": "2026-11-24", "done_on": "2026-11-24"},
    ],
}  # fmt: skip


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.add("tracks/patrol.yaml", PATROL)
    session.add("tracks/talk.yaml", TALK)
    session.do("facility add bishkek", {"registers_since": "2026-11-01"})
    return session


def told(answer: Any) -> set[tuple[str, str]]:
    return {(one["code"], one["severity"]) for one in answer.page["findings"]}


def due(desk: Revised, words: str = "bishkek", today: str = "2026-11-25") -> list[dict[str, Any]]:
    """What is due, on a page that is what the schema of this rulebook tells of it."""
    page = json.loads(desk.run(f"due {words} --json", today=today).out)
    Draft202012Validator(desk.ask("schema outcome", today=None).data["schema"]).validate(page)
    found: list[dict[str, Any]] = page["data"]["rows"]
    return [row for row in found if row["id"] != desk.her and row["what"] in ("patrol", "talk", "staff")]


def shown(desk: Revised, whom: str, track: str) -> Any:
    return desk.do(f"show {whom} {track} --names").data["rows"]


def test_by_file_an_entry_is_written_judged_changed_and_struck_through(desk: Revised) -> None:
    made = desk.do("add bishkek patrol", {**ROUND, "involved": [desk.her]})
    later = {**ROUND, "starts_at": "2026-11-22T08:00", "ends_at": "2026-11-22T18:00"}
    assert "track/covers" in dict(told(desk.do("add bishkek patrol", later)))
    assert ("track/dated", "open") in told(desk.do("add bishkek patrol", BAD))
    entry = made.data["entry"]
    assert desk.refused("add bishkek patrol", {**ROUND, "kind": "dance"}).refusals == ["shape/code"]
    assert desk.refused("add bishkek patrol", {**ROUND, "dog": True}).refusals == ["shape/unknown-key"]
    desk.do(f"add bishkek patrol {entry}", {"told_at": "2026-11-20T21:00"})
    assert "2026-11-20T21:00" in str(shown(desk, "bishkek", "patrol"))
    moved = desk.refused(f"add bishkek patrol {entry}", {"starts_at": "2026-10-20T08:00"})
    assert moved.refusals == ["register/other-month"]
    desk.do(f"void bishkek {entry} --reason-code wrong_value")
    assert entry not in str(desk.do("list patrol --columns id").data["rows"])
    assert entry in desk.do("show bishkek patrol").out
    assert desk.do("check").code == 0


def test_a_client_who_is_not_there_is_told_of(desk: Revised) -> None:
    assert "track/unknown-client" not in dict(told(desk.do("add bishkek patrol", {**ROUND, "involved": [desk.her]})))
    unknown = desk.ask("add bishkek patrol", {**ROUND, "involved": ["7QF2-M9KD"]})
    assert unknown.page["findings"]


def test_what_is_due_is_due_with_its_hours_months_owners_and_what_runs_out(desk: Revised) -> None:
    desk.do("add bishkek patrol", {**ROUND, "kind": "desk"})
    desk.do("add bishkek patrol", BAD)
    rows = {(row["clause"], row["state"], row["owner"]) for row in due(desk)}
    assert ("M2.1.4", "overdue", "manager") in rows
    assert ("M2.1.9", "upcoming", "security") in rows
    mine = [(row["due_on"], row["owner_codes"]) for row in due(desk, "--mine s-aida") if row["owner_codes"]]
    assert mine == [("2026-11-23", ["s-aida"])]
    assert not [row for row in due(desk) if row["due_on"] == "2026-11-24"]  # done
    months = [row["due_on"] for row in due(desk, today="2026-12-31") if row["clause"] == "M2.1.7" and not row["entry"]]
    assert months


def test_a_register_of_staff_has_a_deadline_of_the_month_and_one_that_runs_out(desk: Revised) -> None:
    made = desk.do("add s-aida talk", {"on": "2026-11-03", "pass_until": "2026-12-10"})
    assert ("track/needs", "open") in told(made)
    assert ("M2.1.7", "upcoming") in {(row["clause"], row["state"]) for row in due(desk, "s-aida")}
    assert [row["of"] for row in desk.do("list talk --month 2026-11").data["rows"]] == ["s-aida"]
    assert desk.do("list talk --month 2026-10").data["rows"] == []
    december = due(desk, "s-aida", "2026-12-31")
    assert {row["state"] for row in december} & {"due", "overdue", "open"}
    assert "03.11.2026" in desk.paper("talk s-aida", "ru") or "3 ноября 2026" in desk.paper("talk s-aida", "ru")


def test_it_is_listed_counted_and_in_the_columns(desk: Revised) -> None:
    desk.do("add bishkek patrol", ROUND)
    desk.do("add bishkek patrol", {**BAD, "kind": "desk"})
    listed = desk.do("list patrol --of bishkek --month 2026-11 --columns kind,by").data["rows"]
    assert sorted(str(row["kind"]) for row in listed) == ["desk", "round"]
    counted = desk.do("list patrol --columns kind --count").data["rows"]
    assert {row["kind"]: row["count"] for row in counted} == {"desk": 1, "round": 1}
    columns = {row["name"] for row in desk.do("schema columns").data["rows"] if row["table"] == "list patrol"}
    assert {"kind", "starts_at", "by"} <= columns
    given = desk.ask("schema track-patrol").data["schema"]["properties"]
    assert "decisions" in given
    assert "answered" not in given
    assert "patrols" in json.dumps(desk.ask("schema register-house").data["schema"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_a_terminal_it_is_asked_and_shown(desk: Revised, language: str) -> None:
    desk.sit(language, "add s-aida talk", "3.11.2026", "A lock.", "", "1")
    seen = desk.sit(language, "show s-aida talk")
    assert {"en": "Held on", "ru": "Когда прошла"}[language] in seen
    desk.do("add bishkek patrol", ROUND)
    seen = desk.sit(language, "show bishkek patrol")
    assert {"en": "Who went round", "ru": "Кто обходил"}[language] in seen
    assert {"en": "A patrol: 1", "ru": "Обход: 1"}[language] in desk.sit(language, "show bishkek")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_is_printed_and_a_blank_with_room_to_write(desk: Revised, language: str) -> None:
    desk.do("add bishkek patrol", {**ROUND, "involved": [desk.her]})
    struck = desk.do("add bishkek patrol", {**ROUND, "starts_at": "2026-11-19T01:00"}).data["entry"]
    desk.do(f"void bishkek {struck} --reason-code wrong_value")
    desk.do("add bishkek patrol", {**ROUND, "starts_at": "2026-10-19T08:00", "ends_at": "2026-10-19T09:00"})
    sheet = desk.paper("patrol bishkek --month 2026-11", language)
    month = {"en": "November 2026", "ru": "ноябрь 2026"}[language]
    for words in (
        {"en": "Patrols of the house", "ru": "Журнал обходов"}[language],
        "bishkek",
        month,
        desk.her,
        "s-aida",
    ):
        assert words in sheet.replace("\N{NO-BREAK SPACE}", " ")
    assert "19" not in sheet.replace("2019", "")
    blank = desk.paper("patrol --blank", language, name="blank.txt")
    assert "bishkek" not in blank
    assert "____" in blank
    listed = [row for row in desk.do("form list").data["rows"] if row["form"] == "patrol"]
    assert [row["kind"] for row in listed] == ["log"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_explained_and_completed(desk: Revised, language: str) -> None:
    page = desk.run(f"explain patrol --lang {language}").out
    for words in (
        "shelterctl add CODE patrol", "shelterctl answer CODE patrol", "shelterctl list patrol --month last",
        "registers/house/", {"en": "Kind of patrol", "ru": "Вид обхода"}[language],
        {"en": "Change the battery", "ru": "Сменить батарею"}[language],
    ):  # fmt: skip
        assert words in page, words
    assert "patrol" in [row["word"] for row in desk.ask("completion add bishkek --at 3", today=None).data["rows"]]
    assert "talk" not in [row["word"] for row in desk.ask("completion add house:x --at 3", today=None).data["rows"]]
    assert "patrol" not in [row["word"] for row in desk.ask(f"completion add {desk.her} --at 3").data["rows"]]


def test_its_act_has_a_command_and_is_refused_done_and_taken_back(desk: Revised) -> None:
    entry = desk.do("add bishkek patrol", ROUND).data["entry"]
    refused = desk.refused("answer bishkek patrol --on 2026-11-23")
    assert (refused.refusals, refused.page["command"]) == (["track/needs"], "answer")
    desk.do(f"answer bishkek patrol {entry} --on 2026-11-23", {"reply": "a cat"})
    assert "2026-11-23" in str(shown(desk, "bishkek", "patrol"))
    desk.do("answer bishkek patrol --undo")
    (row,) = shown(desk, "bishkek", "patrol")
    assert "answered" not in row["fields"]
    assert desk.run("answer --help", today=None).code == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_act_asks_at_a_terminal_for_what_it_lacks(desk: Revised, language: str) -> None:
    desk.do("add bishkek patrol", {**ROUND, "kind": "desk"})
    desk.sit(language, "answer bishkek patrol", "A cat.", "manager", "23.11.2026", "1")
    assert "2026-11-23" in str(shown(desk, "bishkek", "patrol"))


BADGE = """  badge_until: {is: day, ahead: true, text: {en: Badge holds until, ru: Пропуск действует до}}
clear:
"""
BADGE_RULES = """rules:
  - {dated: badge_until, from: since, clause: M2.0.1}
"""
BADGE_DUE = """due:
  - {from: badge_until, before: {days: 30}, owner: manager, clause: M2.0.1,
     text: {en: Renew the badge, ru: Продлить пропуск}}
"""


def test_a_field_and_a_rule_of_the_register_of_staff_are_judged_due_and_in_the_columns(desk: Revised) -> None:
    desk.edit("tracks/staff.yaml", "clear:\n", BADGE)
    desk.edit("tracks/staff.yaml", "rules:\n", BADGE_RULES)
    text = (desk.manual / "tracks/staff.yaml").read_text("utf-8")
    old, new = ("due:\n", BADGE_DUE) if "\ndue:\n" in text else ("sheet:\n", f"{BADGE_DUE}sheet:\n")
    desk.edit("tracks/staff.yaml", old, new)
    early = desk.do("staff add s-bek --role security --since 2026-10-01", {"badge_until": "2026-09-01"})
    assert ("track/dated", "open") in told(early)
    desk.do("staff add s-bek", {"badge_until": "2026-12-10"})
    (row,) = [one for one in due(desk, "s-bek") if one["due_on"] == "2026-12-10"]
    assert (row["what"], row["state"]) == ("staff", "upcoming")
    columns = {one["name"] for one in desk.do("schema columns").data["rows"] if one["table"] == "staff list"}
    assert "badge_until" in columns
    listed = desk.do("staff list --columns staff,badge_until").data["rows"]
    assert ("s-bek", "2026-12-10") in [(one["staff"], one["badge_until"]) for one in listed]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("keeps: many\n", "keeps: coded\n", "/"),
        ("keeps: many\n", "keeps: many\nlife: [starts_at, starts_at]\n", "/life"),
        ("day: starts_at\n", "", ""),
        ("starts_at: {is: time, must: true,", "starts_at: {is: time,", "/day"),
        ("at: patrols\n", "at: id\n", "/at"),
        ("covers: [starts_at, ends_at], within: house,", "covers: [starts_at, kind], within: house,", "/rules/2"),
        ("where: {kind: [round]},\n     when", "where: {dog: [round]},\n     when", "/rules/2/where"),
        ("to: {of: starts_at, hours: 24}", "to: {of: by, hours: 24}", "/rules/1/to"),
        ("owner: {of: decisions.owner}", "owner: {of: decisions.what}", "/due/2/owner"),
        ("from: battery_until, before: {days: 30}", "from: battery_until, before: {days: 0}", "/due/3/before"),
        ("every: month, calendar: true,", "every: hour, calendar: true,", "/due/1"),
        ("of: [clients], several", "of: [cats], several", "/fields/involved/of"),
        ("needs: reply, act: answer", "needs: reply, act: sign", "/rules/3/act"),
        ("columns: [starts_at, kind,", "columns: [starts_at, dog,", "/sheet/columns"),
        ("dated: ends_at, from: starts_at,", "dated: ends_at, from: admission,", "/rules/0/from"),
    ],
)  # fmt: skip
def test_what_would_do_nothing_does_not_load(desk: Revised, old: str, new: str, place: str) -> None:
    desk.edit("tracks/patrol.yaml", old, new)
    slip = desk.refused("check")
    assert slip.code == 4
    assert f"patrol.yaml at {place}" in slip.out
