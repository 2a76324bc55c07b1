"""One person, one file: asked about in any spelling; of two files one goes on and the other counts nowhere."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shelterctl.core.record.client import Client
from shelterctl.errors import Conflict
from shelterctl.prompts import admit, same_person
from shelterctl.store.folder import record_file
from tests.support.answering import client_file_of, received_client
from tests.support.desk import Desk
from tests.support.terminal import Terminal


def written(desk: Desk) -> list[str]:
    """The lines of the journal."""
    return [row for file in sorted((desk.store / "journal").glob("*.jsonl")) for row in file.read_text().splitlines()]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What is typed next; a question beyond that fails."""

    def typing(*answers: str) -> None:
        waiting = iter(answers)

        def line(_prompt: str) -> str:
            if (words := next(waiting)) == "^C":
                raise KeyboardInterrupt
            return words

        monkeypatch.setattr("builtins.input", line)

    return typing


def record(desk: Desk, id_: str | None = None) -> dict[str, Any]:
    """Her file as it stands, with her names."""
    whole: dict[str, Any] = desk.do(f"show {id_ or desk.her} --names").data["record"]
    return whole


REFERRAL = {"sources": ["scme"], "received_at": "2026-11-20T21:30"}


@pytest.mark.parametrize(
    ("first", "last", "reasons"), [("Aigul", "Abdyldaeva", ["latin"]), ("Айгуль", "Абдылдаева", ["letters"])]
)
def test_she_is_the_same_person_in_any_letters(first: str, last: str, reasons: list[str], desk: Desk) -> None:
    her = {"first_name": "Айгүл", "last_name": "Абдылдаева", "sex": "female", "birth_date": 1998}
    id_ = desk.do("admit --without-stay", {"identity": her}).data["id"]
    again = {"identity": {**her, "first_name": first, "last_name": last}}
    told = desk.refused("admit --without-stay", again)
    assert told.refusals == ["admission/same-person"]
    assert told.finding("admission/same-person")["facts"] == {"id": id_, "reasons": reasons}
    for name in (first, last):
        assert name not in told.out
    assert desk.do("find", {"first_name": first, "last_name": last}).data["rows"][0]["reasons"] == reasons


def test_who_is_nearly_the_same_is_noted_and_written(admitted: Desk) -> None:
    near = {"first_name": "Айгуль", "middle_name": "Асановна", "last_name": "Примирова", "sex": "female"}
    told = admitted.do("admit --without-stay", {"identity": {**near, "birth_date": 1999}})
    found = told.finding("admission/alike")
    assert (found["severity"], found["line"] is not None) == ("warn", True)
    assert found["facts"] == {"id": admitted.her, "reasons": ["slip", "patronymic"]}
    assert found["message"].startswith(f"{admitted.her} may be the same person: one letter different, a patronymic")
    third = {"identity": {**near, "birth_date": 1999, "middle_name": "Асановна"}}
    both = admitted.refused("admit --without-stay", third)
    assert both.codes() == ["admission/same-person", "admission/alike"]
    assert both.finding("admission/same-person")["facts"]["id"] == told.data["id"]
    assert "admission/alike" not in admitted.do("admit --without-stay --new-person", third).codes()


def test_names_that_become_known_later_are_compared_too_and_stop_nothing(admitted: Desk) -> None:
    later = admitted.do("admit --without-stay", {"identity": {"sex": "female", "birth_date": 1999}}).data["id"]
    told = admitted.do(f"admit {later}", {"identity": {"first_name": "Aigul", "last_name": "Primerova"}})
    found = told.finding("admission/same-person")
    assert (found["severity"], found["facts"]) == ("warn", {"id": admitted.her, "reasons": ["latin"]})
    again = admitted.do(f"admit {later}", {"identity": {"education": "school"}})
    assert "admission/same-person" not in again.codes()


def test_a_file_that_is_struck_through_is_nobodys(desk: Desk) -> None:
    her = {"identity": {"first_name": "Айгүл", "last_name": "Примерова", "sex": "female"}, "referral": REFERRAL}
    id_ = desk.do("admit", her).data["id"]
    desk.do(f"void {id_} {record(desk, id_)['stays'][0]['id']} --reason-code entered_twice")
    assert desk.do("admit", her).codes("refuse", "warn") == []


class TestSomeoneWhoWasHere:
    def test_her_old_file_goes_on_and_both_are_written_as_one_act(self, discharged: Desk) -> None:
        new = received_client(discharged, first_name="Айгуль", last_name="Примерова", birth_date=1999, phone="0555")
        id_, lines = str(new.id), written(discharged)
        other, _ = new.session.store.client(discharged.her)
        same_person._join_files(new, other)
        assert new.id == discharged.her
        old, left = record(discharged), record(discharged, id_)
        assert old["identity"] == {**other.facts["identity"], "phone": "0555"}
        assert [stay.get("received", {}).get("at") for stay in old["stays"]] == [None, "2026-11-24T21:30+06:00"]
        assert left["identity"] == {"sex": "female", "birth_date": 1999}  # it says less than her old file, and differs
        assert [stay["void"]["reason"] for stay in left["stays"]] == ["entered_twice"]
        added = written(discharged)[len(lines) :]
        assert [record_file(discharged.her) in added[0], record_file(id_) in added[1], len(added)] == [True, True, 2]
        assert discharged.do("house").data["rows"][0]["residents"] == 1
        assert discharged.do("check").refusals == []

    def test_nothing_that_was_answered_is_lost_on_the_way(self, discharged: Desk) -> None:
        new = received_client(discharged, first_name="Айгуль", last_name="Примерова", languages=["uz"])
        assert new.save_fragment({"children": [{"birth_date": 2020, "stays_with_her": True}]}) == ()
        assert new.save_fragment({"trafficking": {"exploitation": ["servitude"]}, "notes": "примечание"}) == ()
        other, _ = new.session.store.client(discharged.her)
        same_person._join_files(new, other)
        old = record(discharged)
        assert set(old["identity"]["languages"]) == {*other.facts["identity"]["languages"], "uz"}
        assert [child["birth_date"] for child in old["children"]] == [2020]
        assert set(old["trafficking"]["exploitation"]) == {"forced_labour_or_services", "servitude"}
        assert old["stays"][-1]["notes"] == "примечание"
        assert discharged.do("house").data["rows"][0]["children"] == 1

    def test_a_client_without_a_stay_has_one_file_too(self, desk: Desk) -> None:
        he = {"first_name": "Бакыт", "last_name": "Примеров", "sex": "male", "birth_date": 1990}
        source = {"sources": ["scme"], "received_at": "2026-11-20T10:00"}
        old = desk.do("admit --without-stay", {"identity": he, "referral": source}).data["id"]
        again = {"identity": he, "referral": {"sources": ["other"], "other": "сам"}}
        id_ = desk.do("admit --without-stay --new-person", again).data["id"]
        new = client_file_of(desk, id_)
        other, _ = new.session.store.client(old)
        same_person._join_files(new, other)
        assert record(desk, old)["referral"]["sources"] == ["other"]
        assert record(desk, id_)["identity"] == {"sex": "male"}
        assert [row["id"] for row in desk.do("monitor due").data["rows"]] == [old]

    def test_where_one_cannot_be_written_neither_is(self, discharged: Desk) -> None:
        new = received_client(discharged, first_name="Айгуль", last_name="Примерова", birth_date=1999)
        other, _ = new.session.store.client(discharged.her)
        assert client_file_of(discharged, new.id).save_answer("identity.education", "school") == ()
        before, id_ = discharged.digest(), new.id
        with pytest.raises(Conflict):
            same_person._join_files(new, other)
        assert (discharged.digest(), new.id) == (before, id_)

    def test_nobody_is_asked_about_while_nobody_is_like_her(self, discharged: Desk) -> None:
        new = received_client(discharged, first_name="Лола", last_name="Щукина", birth_date=1999)
        before = discharged.digest()
        same_person.ask_same_person(new)
        assert discharged.digest() == before


Typed = Callable[..., None]
HER = {"first_name": "Айгуль", "last_name": "Примерова", "birth_date": 1999}


class TestTheFileThatGoesOn:
    """Found in use: a name corrected in the file of somebody who is in, and an emptier one of the same woman."""

    def test_the_emptier_file_comes_into_the_one_with_her_papers(
        self, admitted: Desk, typed: Typed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        twice = received_client(admitted, **{**HER, "first_name": "Aigul"}, phone="0555", languages=["uz"])
        mine, before = client_file_of(admitted, admitted.her), record(admitted)
        corrected = next(admit.name_steps(mine))
        assert corrected.save("Айгүл") == ()
        typed("2")
        assert corrected.after_answer
        corrected.after_answer()
        told = capsys.readouterr().out
        assert f"{twice.id}  Aigul Primerova" not in told
        assert f"{twice.id}  Aigul Примерова, born 1999, came on 2026-11-24, received" in told
        assert "what differs: one of them in Latin letters" in told
        assert f"2 the same person: go on in this file; entries of {twice.id} are moved here" in told
        assert mine.id == admitted.her
        now, left = record(admitted), record(admitted, twice.id)
        assert now["identity"] == {
            **before["identity"],
            "first_name": "Айгүл",
            "languages": [*before["identity"]["languages"], "uz"],
            "phone": "0555",
            "also_known_as": ["Aigul Примерова"],
        }
        was = before["stays"][0]
        assert {name: said for name, said in now["stays"][0].items() if name != "was"} == {
            **was,
            "referral": {**was["referral"], "sources": ["partner_ngo", "scme"]},
        }
        assert [one["before"] for one in now["stays"][0]["was"]] == [{"referral": {"sources": ["partner_ngo"]}}]
        named = f"they remain in the struck-through file {twice.id}: Date of birth, When she came to the house."
        assert named in " ".join(told.split())
        assert len(now["stays"]) == 1  # she sleeps here once
        assert [stay["void"]["reason"] for stay in left["stays"]] == ["entered_twice"]
        assert "first_name" not in left["identity"]
        assert admitted.do("house").data["rows"][0]["residents"] == 1
        assert admitted.do("check").refusals == []
        same_person.ask_same_person(mine)  # the file that was struck through is nobody's

    def test_what_is_sealed_is_read_and_counted_in_the_file_where_it_was_written(
        self, admitted: Desk, typed: Typed
    ) -> None:
        """A block says of which file it is; another one is no place for it."""
        twice = received_client(admitted, **{**HER, "first_name": "Aigul"}).id
        for words, given in (("health", {"kind": "checkup", "on": "2026-11-24"}), ("hiv", {"report": "нет"})):
            admitted.do(f"add {twice} {words}", {**given, "on": "2026-11-24"})
        mine = client_file_of(admitted, admitted.her)
        corrected = next(admit.name_steps(mine))
        assert corrected.save("Айгүл") == ()
        typed("2")
        assert corrected.after_answer
        corrected.after_answer()
        assert admitted.do("check").refusals == []
        for words in ("health", "hiv"):
            assert admitted.do(f"show {twice} {words} --names").data["rows"]
            assert admitted.do(f"show {admitted.her} {words} --names").data["rows"] == []

    def test_what_her_open_stay_lacks_comes_in(self, desk: Desk, typed: Typed) -> None:
        hers, new = received_client(desk, **HER), received_client(desk, **HER)
        assert new.save_answer("received.provisional_reason", "ночь") == ()
        assert new.save_answer("referral.sources", ["law_enforcement"]) == ()
        typed("2")
        same_person.ask_same_person(new)
        assert new.id == hers.id
        stay = record(desk, hers.id)["stays"][0]
        assert (stay["received"]["provisional_reason"], len(record(desk, hers.id)["stays"])) == ("ночь", 1)
        assert stay["referral"]["sources"] == ["scme", "law_enforcement"]

    def test_where_both_have_papers_neither_is_struck_through(
        self, admitted: Desk, typed: Typed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        mine = received_client(admitted, **HER)
        assert mine.save_answer("admission.rules.signed", True) == ()
        before = admitted.digest()
        typed("2")
        same_person.ask_same_person(mine)
        told = " ".join(capsys.readouterr().out.split())
        assert f"the same person as {admitted.her}, but both files have an admission or papers" in told
        assert "The manager and the NGO Coordinator decide which file goes on." in told
        assert admitted.digest() == before
        same_person.ask_same_person(mine)  # nothing is asked a second time

    def test_several_are_shown_and_another_person_is_not_asked_about_again(
        self, admitted: Desk, typed: Typed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        near = {"identity": {**HER, "last_name": "Примирова", "sex": "female"}}
        second = admitted.do("admit --without-stay", near).data["id"]
        mine = received_client(admitted, **HER)
        typed("", "1")
        same_person.ask_same_person(mine)
        told = capsys.readouterr().out
        assert "2 files may be about the same person, the most likely first:" in told
        assert told.index(f"{admitted.her}  Айгуль") < told.index(f"{second}  Айгуль")
        assert "no differences" in told
        assert "what differs: one letter different" in told
        assert f"3 the same person: go on in this file; entries of {second} are moved here" in told
        same_person.ask_same_person(mine)
        third = admitted.do("admit --without-stay --new-person", near).data["id"]
        typed("1")
        same_person.ask_same_person(mine)
        told = capsys.readouterr().out
        assert third in told
        assert second not in told


class TestTheQuestionIsAnswered:
    """Found in use: whoever was interrupted there was never asked again, and one woman took two beds."""

    def test_it_comes_again_when_her_file_is_taken_up(
        self, admitted: Desk, typed: Typed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        mine = received_client(admitted, **HER)
        typed("^C")
        with pytest.raises(KeyboardInterrupt):
            admit.ask_admission(mine.session, mine.id)
        typed("1", "^C")
        with pytest.raises(KeyboardInterrupt):
            admit.ask_admission(mine.session, mine.id)
        assert capsys.readouterr().out.count("Is she the same person?") == 2
        for id_ in (mine.id, admitted.her):  # answered in this sitting; an admission that is complete is not doubted
            typed("^C")
            with pytest.raises(KeyboardInterrupt):
                admit.ask_admission(mine.session, id_)
        assert "Is she the same person?" not in capsys.readouterr().out

    def test_it_leads_back_to_a_name_that_was_mistyped(
        self, admitted: Desk, typed: Typed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        mine = received_client(admitted, first_name="Айгуль", birth_date=1999)
        before = record(admitted)
        typed("", "", "Примерова", "<", "", "<", "Образцова", ".", "")
        admit.ask_admission(mine.session, mine.id)
        told = capsys.readouterr().out
        assert told.count("Is she the same person?") == 2  # a name that is left as it is does not answer it
        assert told.count("* goes back to her name.") == 2
        assert told.count("[now: Примерова]") == 2
        assert (record(admitted), record(admitted, mine.id)["identity"]["last_name"]) == (before, "Образцова")

    def test_enough_for_now_leaves_no_name_unasked(
        self, admitted: Desk, typed: Typed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        mine = received_client(admitted, **HER)
        typed("<", ".", "1", ".", "")
        admit.ask_admission(mine.session, mine.id)
        assert capsys.readouterr().out.count("Is she the same person?") == 2


def test_at_a_terminal_a_file_that_may_be_hers_is_asked_about(admitted: Desk) -> None:
    again = {"identity": {"first_name": "Aigul", "last_name": "Primerova", "sex": "female", "phone": "0555"}}
    (admitted.folder / "given.yaml").write_text(json.dumps(again), "utf-8")
    words, before = "admit --without-stay --from given.yaml", admitted.digest_of_store()
    seen = Terminal(admitted).run(words, ["^C"])
    assert (seen.code, admitted.digest_of_store()) == (130, before)
    seen = Terminal(admitted).run(words, ["2"])
    assert seen.code == 0
    assert f"{admitted.her}  Айгуль Примерова, born 1999-03" in seen.text
    assert "what differs: one of them in Latin letters, year of birth not known" in " ".join(seen.text.split())
    assert "Айгуль" not in seen.left
    assert record(admitted)["identity"]["phone"] == "0555"
    assert len(admitted.do("list", today=None).data["rows"]) == 1
    assert Terminal(admitted).run(words, ["1"]).code == 0
    assert len(admitted.do("list", today=None).data["rows"]) == 2


def test_nothing_is_asked_of_it_and_its_name_is_not_missed(desk: Desk) -> None:
    hers, new = (received_client(desk, first_name="Айгуль", last_name="Примерова", birth_date=1999) for _ in range(2))
    left = str(new.id)
    assert desk.do(f"check {left}").codes("open")
    other, _ = new.session.store.client(str(hers.id))
    same_person._join_files(new, other)
    assert desk.do(f"show {left}").data["state"] == "struck"
    for words in ("check", "show", "admit"):
        assert desk.do(f"{words} {left}").codes() == []
    assert desk.do(f"admit {left}").data["checklist"] == []
    found = [one for one in desk.do("check").page["findings"] if one["severity"] == "open"]
    assert {one["record"] for one in found if "register" not in one["facts"]} == {hers.id}
    nobody = {"first_name": "Лола"}
    assert "no name" not in desk.run("find", nobody).out
    desk.do("admit --without-stay", {"identity": {"sex": "female"}})
    assert "1 client has no name in her file yet" in desk.run("find", nobody).out


def test_without_a_stay_it_is_one_that_is_closed_and_has_no_name() -> None:
    closed = {"identity": {"sex": "male"}, "stays": [], "monitoring": {"closed": {"on": "2026-11-25"}}}
    assert Client(closed).is_idle
    assert not Client({**closed, "identity": {"sex": "male", "last_name": "Примеров"}}).is_idle
    assert not Client({**closed, "monitoring": {}}).is_idle
