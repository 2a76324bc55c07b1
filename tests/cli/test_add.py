"""Any entry written down: where it goes, what has a command of its own, and what an entry is called."""

from typing import Any

import pytest

from shelterctl.core.record.entries import entry_title
from shelterctl.prompts.fill_in import WRITE_DOWN
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.desk import Desk
from tests.support.inputs import USUAL_ENTRIES
from tests.support.revised_rulebook import LANGUAGES, Revised, without_progress
from tests.support.terminal import LEAVE, OPEN, WRITE, Terminal

LETTER = """schema: track/1
track: letter
text: {en: a letter from her, ru: письмо от неё}
clause: A7.D
home: left
at: letters
keeps: many
day: came_on
fields:
  came_on: {is: day, must: true, text: {en: Came on, ru: Когда пришло}}
  well: {is: yes_no, text: {en: She is well, ru: У неё всё хорошо}}
  answers: {is: entry, of: [letter], text: {en: Which letter it answers, ru: На какое письмо это ответ}}
rules:
  - {dated: came_on, from: discharge, clause: A7.D}
"""
CHILD = {"birth_date": 2019, "sex": "female"}


@pytest.mark.parametrize(
    ("track", "code", "said"),
    [
        ("child-ren", "usage/track", "Did you mean child?"),
        ("primary_interview", "usage/track", "Did you mean primary-interview?"),
        ("zzz", "usage/track", "The tracks are person, identity,"),
        ("pink", "usage/own-command", "agreement ID --form pink"),
        ("agreement", "usage/own-command", "agreement ID --form FORM"),
        ("report", "usage/own-command", "monitor record ID --from FILE"),
        ("discharge", "usage/own-command", "discharge ID --on DATE"),
        ("admission", "usage/own-command", "admit ID --complete --on DATE"),
        ("done", "usage/own-command", "admit ID --done ITEM"),
        ("stay", "usage/own-command", "admit ID --from FILE"),
        ("referral", "usage/own-command", "admit ID --from FILE"),
        ("attempt", "usage/own-command", "monitor attempt ID"),
        ("ngo", "usage/own-command", "ngo add CODE"),
    ],
)
def test_what_is_no_track_or_has_a_command_of_its_own_is_named(
    admitted: Desk, track: str, code: str, said: str
) -> None:
    told = admitted.refused(f"add {admitted.her} {track}", CHILD)
    assert (told.code, told.page["error"]["code"]) == (2, code)
    assert said in told.page["error"]["message"]


def test_without_a_terminal_a_file_is_needed_and_whoever_is_not_there_is_told_first(admitted: Desk) -> None:
    assert admitted.refused(f"add {admitted.her} child").page["error"]["code"] == "usage/from"
    assert admitted.refused("add 0000-0000 child", CHILD).code == 3
    assert admitted.refused(f"show {admitted.her} childs").page["error"]["code"] == "usage/track"
    assert admitted.refused(f"show {admitted.her} child --all").page["error"]["code"] == "usage/one-thing"
    assert admitted.ask(f"show {admitted.her} child").data["rows"] == []


def test_an_entry_in_which_nothing_stands_is_none(admitted: Desk) -> None:
    assert admitted.refused(f"add {admitted.her} child", {}).refusals == ["document/empty"]
    assert admitted.refused(f"add {admitted.her} child", {"id": "K7M2QA"}).refusals == ["document/empty"]


def test_an_entry_of_another_client_is_not_changed(admitted: Desk) -> None:
    other = admitted.do("admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data
    theirs = admitted.do(f"add {other['id']} child", CHILD).data["entry"]
    told = admitted.refused(f"add {admitted.her} child", f"sex: female\nid: {theirs}\n")
    found = told.finding("fragment/unknown-entry")
    assert (found["severity"], found["where"], found["line"], found["column"]) == ("refuse", "/id", 2, 5)
    mine = admitted.do(f"add {admitted.her} child", CHILD).data["entry"]
    assert admitted.do(f"add {admitted.her} child", {"id": mine, "stays_with_her": False}).data["entry"] == mine


def test_an_entry_of_another_kind_is_not_changed(admitted: Desk) -> None:
    """Sealed entries of all kinds stand in one list: under the name of another kind one would open no more."""
    health = admitted.written("health")["health"]
    before = admitted.do(f"show {admitted.her} health --names").data["rows"]
    told = admitted.refused(f"add {admitted.her} opinion", {**USUAL_ENTRIES["opinion"], "id": health})
    assert told.finding("fragment/unknown-entry")["where"] == "/id"
    assert admitted.do(f"show {admitted.her} health --names").data["rows"] == before


def test_what_stands_alone_is_corrected_by_file(admitted: Desk) -> None:
    told = admitted.do(f"add {admitted.her} identity", {"marital_status": "замужем", "phone": None})
    assert (told.data["entry"], told.data["stay"], told.data["track"]) == (None, None, "identity")
    identity = admitted.record()["identity"]
    assert (identity["marital_status"], identity["sex"]) == ("замужем", "female")
    again = admitted.do(f"add {admitted.her} identity", {"marital_status": "замужем"})
    assert again.data["said"] == ["Her file already has all of this; nothing changed."]
    (row,) = admitted.do(f"show {admitted.her} identity").data["rows"]
    assert (row["entry"], row["fields"]["sex"]) == (None, "female")
    assert "never struck through" in admitted.run("explain track identity").out
    assert "marital_status" not in row["fields"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_alone_is_gone_over_at_the_terminal(admitted: Desk, language: str) -> None:
    before = admitted.record()["stays"][0]["admission"]["primary_interview"]
    typed = ["", "s-aida", "2", "", "", "", WRITE_DOWN]
    seen = Terminal(admitted, language, size=(120, 80)).run(f"add {admitted.her} primary-interview", typed)
    after = admitted.record()["stays"][0]["admission"]["primary_interview"]
    assert after == {**before, "by": "s-aida", "role": "psychologist"}
    assert {"en": "now: psychologist", "ru": "сейчас: психолог"}[language] in seen.text
    assert {"en": "Changed: primary interview.", "ru": "Изменено: первичная беседа."}[language] in seen.text


def test_an_answer_is_taken_away_at_the_terminal(admitted: Desk) -> None:
    admitted.do(f"add {admitted.her} person", {"notes": "что-то"})
    seen = Terminal(admitted, size=(60, 80)).run(f"add {admitted.her} person", ["", "-", WRITE_DOWN])
    assert "Changed: the client." in seen.text
    assert "notes" not in admitted.record()


@pytest.mark.parametrize("language", LANGUAGES)
def test_enter_never_says_that_something_was_done_today_of_which_nobody_knows(admitted: Desk, language: str) -> None:
    """Of a consent it is open whether it was refused, of a measure whether it is done, and a time is no day."""
    session = Terminal(admitted, language, size=(120, 80))
    session.run(f"add {admitted.her} measure", ["позвонить", "", "", "28.11.2026", "", WRITE_DOWN])
    session.run(f"add {admitted.her} consent", ["4", "", "", "23.11.2026", "", ".", WRITE_DOWN])
    session.run(f"add {admitted.her} absence", ["1", "", "", "", ".", WRITE_DOWN])
    record = admitted.record()
    (measure,), (consent,), (absence,) = record["measures"], record["consents"], record["stays"][0]["absences"]
    assert (measure.get("due_on"), measure.get("done_on")) == ("2026-11-28", None)
    assert (consent.get("given_on"), consent.get("refused_on")) == ("2026-11-23", None)
    assert absence.keys() == {"id", "kind", "recorded_at", "recorded_by"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_menu_what_her_file_may_take_is_chosen(admitted: Desk, language: str) -> None:
    typed = [OPEN, "1", WRITE, "9", "5", "2020", "", "1", "1", "она одна", WRITE_DOWN, "", "", LEAVE]
    at = Terminal(admitted, language, today=None, size=(60, 80), env={"SHELTERCTL_IDLE": "10"})
    seen = without_progress(at.run("menu --as-of 2026-11-25", typed).text)
    (child,) = admitted.record()["children"]
    assert child["birth_date"] == 2020
    groups = {
        "en": "1 needs, plan, consent 2 every day: clothes, money, things, outings 3 services and trips",
        "ru": "1 потребности, план, согласия 2 каждый день: одежда, деньги, вещи, выходы 3 услуги и поездки",
    }
    assert groups[language] in seen
    offered = {
        "en": "1 the client 2 who she is 3 what happened to her 4 her experience in codes 5 a child "
        "6 an instruction of the NGO Coordinator",
        "ru": "1 клиентка 2 кто она 3 что с ней произошло 4 пережитое в кодах 5 ребёнок "
        "6 указание координатора по работе с НПО",
    }
    assert offered[language] in seen
    assert {"en": "referral", "ru": "перенаправление"}[language] not in seen.partition(offered[language])[2][:400]


class TestLeft:
    """What follows a stay that she left."""

    @pytest.fixture
    def desk(self, admitted: Any) -> Revised:
        session = Revised(admitted)
        session.add("tracks/letter.yaml", LETTER)
        return session

    def test_nothing_of_it_is_written_before_she_left(self, desk: Revised) -> None:
        told = desk.refused(f"add {desk.her} letter", {"came_on": "2026-11-25"})
        assert told.refusals == ["fragment/not-left"]
        assert told.data["entry"] is None
        assert "fragment/not-left" in without_progress(Terminal(desk).run(f"add {desk.her} letter", []).text)

    def test_it_goes_into_the_stay_that_she_left_and_is_not_written_twice(self, desk: Revised) -> None:
        desk.do(f"discharge {desk.her} --own-decision --on 2026-11-25")
        first = desk.do(f"add {desk.her} letter", {"came_on": "2026-11-25"}).data
        again = {"referral": {"sources": ["scme"], "received_at": "2026-12-01T10:00"}}
        desk.do(f"admit {desk.her}", again, today="2026-12-02")
        left, now = desk.record()["stays"]
        assert first["stay"] == left["id"]
        twice = desk.do(f"add {desk.her} letter", {"came_on": "2026-11-25"}, today="2026-12-02").data
        assert twice["entry"] == first["entry"]
        later = {"came_on": "2026-11-20", "answers": first["entry"]}
        told = desk.do(f"add {desk.her} letter", later, today="2026-12-02")
        assert told.data["stay"] == left["id"]
        assert told.finding("track/dated")["where"] == "/stays/0/letters/1/came_on"
        assert "letters" not in now
        assert "track/dated" in desk.do(f"check {desk.her}", today="2026-12-02").codes("open")
        rows = desk.do(f"show {desk.her} letter", today="2026-12-02").data["rows"]
        assert {row["stay"] for row in rows} == {left["id"]}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_at_the_terminal_her_entries_are_offered(self, desk: Revised, language: str) -> None:
        desk.do(f"discharge {desk.her} --own-decision --on 2026-11-25")
        entry = desk.do(f"add {desk.her} letter", {"came_on": "2026-11-25"}).data["entry"]
        seen = desk.sit(language, f"add {desk.her} letter", "", "1", "1", WRITE_DOWN)
        offered = {"en": f"1 a letter from her, 2026-11-25 ({entry})", "ru": f"1 письмо от неё, 25.11.2026 ({entry})"}
        assert offered[language] in seen
        said = {"en": "the stay that ended on 2026-11-25", "ru": "закончилось 25.11.2026"}[language]
        assert said in seen
        assert desk.record()["stays"][0]["letters"][1]["answers"] == entry


def test_a_client_without_a_stay_lacks_what_belongs_to_one(desk: Desk) -> None:
    her = desk.do("admit --without-stay", {"identity": {"sex": "male", "birth_date": 1980}}).data["id"]
    assert desk.refused(f"add {her} meeting", {"at": "2026-11-24T10:00"}).refusals == ["fragment/no-stay"]
    assert desk.do(f"add {her} child", CHILD).data["stay"] is None


def test_what_a_stay_has_goes_into_the_one_that_has_the_entry(admitted: Desk) -> None:
    told = admitted.do(f"add {admitted.her} meeting", {"at": "2026-11-22T10:00", "organised_by": "manager"})
    assert told.data["stay"] == admitted.record()["stays"][0]["id"]
    meeting = admitted.record()["stays"][0]["admission"]["meeting"]
    assert meeting == {"at": "2026-11-22T10:00+06:00", "organised_by": "manager"}


SHELF = open_rulebook()
DAY = "2026-11-25"
TREATMENT = {"kind": "treatment", "language": "ky", "by": "s-gulnara"}
REFUSED = {**TREATMENT, "refused_on": DAY, "about": "зубы"}
GIVEN = {**TREATMENT, "given_on": DAY, "about": "кожа"}
NAMED = {
    "en": {"refused": "Refusal: treatment", "given": "Consent: treatment", "said": "Saved: refusal."},
    "ru": {"refused": "Отказ: лечение", "given": "Согласие: лечение", "said": "Запись сохранена: отказ."},
}


def label(track: str, facts: dict[str, Any], language: str = "ru") -> str:
    return entry_title(SHELF.tracks[track], facts)[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_and_a_consent_of_one_day_are_named_each_by_itself(admitted: Desk, language: str) -> None:
    desk, named = Revised(admitted), NAMED[language]
    told = desk.run(f"add {desk.her} consent --lang {language}", REFUSED)
    assert named["said"] in " ".join(told.out.split())
    desk.do(f"add {desk.her} consent", GIVEN)
    seen = desk.sit(language, f"show {desk.her} consent")
    assert (seen.count(named["refused"]), seen.count(named["given"])) == (1, 1)
    offered = desk.sit(language, f"void {desk.her}", "")
    assert named["refused"].lower() in offered.lower()
    first, second = desk.record()["consents"]
    assert ("given_on" in first, "given_on" in second) == (False, True)


def test_a_refusal_is_in_force_as_its_rules_say_whatever_it_is_called(admitted: Desk) -> None:
    """What counts is judged of each thing that was asked by itself (M1.2.3), of one day too."""
    desk = Revised(admitted)
    desk.do(f"add {desk.her} consent", REFUSED)
    desk.do(f"add {desk.her} consent", {**GIVEN, "kind": "plan"})
    desk.do(
        f"add {desk.her} plan", {"kind": "assistance", "on": DAY, "manager": "manager", "social_worker": "s-gulnara"}
    )
    desk.do(f"approve {desk.her} plan")
    desk.do(f"start {desk.her} plan")
    refusal = {key: said for key, said in REFUSED.items() if key != "about"}
    desk.do(f"add {desk.her} consent", {**refusal, "kind": "plan", "about": "кожа"})
    told = desk.ask(f"check {desk.her}")
    assert ("track/stands", "refuse") in {(one["code"], one["severity"]) for one in told.page["findings"]}


def test_its_sheet_bears_what_was_decided(admitted: Desk) -> None:
    desk = Revised(admitted)
    entry = desk.do(f"add {desk.her} consent", REFUSED).data["entry"]
    assert "Отказ" in desk.paper(f"consent {desk.her} --entry {entry}", "ru").split("Руководство")[0]
    given = desk.do(f"add {desk.her} consent", GIVEN).data["entry"]
    assert "Согласие" in desk.paper(f"consent {desk.her} --entry {given}", "ru", "b.txt").split("Руководство")[0]


@pytest.mark.parametrize(
    ("track", "facts", "words"),
    [
        ("consent", {"given_on": DAY}, "согласие"),
        ("consent", {"refused_on": DAY}, "отказ"),
        ("consent", {"given_on": DAY, "refused_on": DAY}, "согласие"),
        ("consent", {}, "согласие"),
        ("consent", {"given_on": DAY, "withdrawn_on": DAY}, "отозванное согласие"),
        ("request", {"granted": False}, "просьба об услуге, отказано"),
        ("request", {"granted": True}, "просьба об услуге"),
        ("primary-evaluation", {"outcome": "not_admit"}, "первичная оценка, не принимать"),
        ("disclosure", {"kind": "own_access", "withheld_reason": "…"}, "отказ в передаче сведений"),
        ("disclosure", {"kind": "own_access", "withheld_reason": "…", "granted_on": DAY}, "передача сведений"),
        ("plan", {"outcome": "declined"}, "индивидуальный план, которого она не хочет"),
    ],
)
def test_each_is_called_by_what_was_decided(track: str, facts: dict[str, Any], words: str) -> None:
    assert label(track, facts) == words


def test_every_other_title_is_there_in_three_languages_and_differs_from_its_noun() -> None:
    titled = [(track, one) for track in SHELF.tracks.values() for one in track.conditional_titles]
    assert len(titled) >= 8
    for track, one in titled:
        assert one.text.keys() == {"en", "ru", "ky"}, track.name
        assert one.text != track.text
