"""The retention list as a manager types and prints it, and the same day wherever it is shown."""

import pytest

from tests.support.desk import Desk
from tests.support.pdf import pages

CLOSED_ON, AFTER = "2027-06-01", "2027-06-02"
LONGER = {"kind": "retention_agreement", "on": "2026-11-20", "months": 24, "by": "manager", "second": "А. Примеров"}
SAID = {
    "en": ("still to be kept (M2.2.9)", "an incident or a complaint is not closed (M2.1.4)", "deletes no file"),
    "ru": ("срок хранения не истёк (M2.2.9)", "происшествие или жалоба не закрыты (M2.1.4)", "дел не удаляет"),
    "ky": ("сактоо мөөнөтү бүтө элек (M2.2.9)", "окуя же даттануу жабыла элек (M2.1.4)", "эч бир делону өчүрбөйт"),
}


@pytest.fixture
def monitored(discharged: Desk) -> Desk:
    """A client who left on 25 November 2026, and whose monitoring was closed after half a year."""
    discharged.do(f"monitor close {discharged.her} --on {CLOSED_ON}", {"reason": "не хочет"}, today=CLOSED_ON)
    return discharged


def test_it_says_until_when_and_what_stands_against_it(monitored: Desk) -> None:
    (row,) = monitored.do("list --retention", today=AFTER).data["rows"]
    free = {"kept_until": "2027-05-25", "longer_term": None, "may_be_deleted": True, "stands_against": None}
    assert row == {"id": monitored.her, "facility": "bishkek", "discharged_on": "2026-11-25", **free}

    paper = monitored.do("add bishkek house-paper", LONGER).data["entry"]
    incident = {"kind": "complaint", "at": "2027-05-30T10:00", "clients": [monitored.her]}
    monitored.do("add bishkek incident", incident, today=AFTER)
    (row,) = monitored.do("list --retention", today=AFTER).data["rows"]
    assert (row["kept_until"], row["longer_term"], row["may_be_deleted"]) == ("2028-11-25", 24, False)
    assert row["stands_against"] == ["still_kept", "incident"]
    (row,) = monitored.do("list --columns kept_until,may_be_deleted", today=AFTER).data["rows"]
    assert row == {"kept_until": "2028-11-25", "may_be_deleted": False}
    (row,) = monitored.do("list --stays --columns kept_until --where longer_term=24", today=AFTER).data["rows"]
    assert row == {"kept_until": "2028-11-25"}

    for language in ("en", "ru"):
        shown = monitored.run(f"list --retention --lang {language}", today=AFTER).out
        assert all(words in shown for words in SAID[language])
    for language in ("en", "ru", "ky"):
        monitored.do(f"list --retention --lang {language} --out page.{language}.pdf", today=AFTER)
        page = "\n".join(pages((monitored.folder / f"page.{language}.pdf").read_bytes()))
        assert all(words in " ".join(page.split()) for words in SAID[language])
        assert "Айгуль" not in page

    monitored.do(f"void bishkek {paper} --reason-code wrong_value", today=AFTER)
    (row,) = monitored.do("list --retention", today=AFTER).data["rows"]
    assert (row["kept_until"], row["stands_against"]) == ("2027-05-25", ["incident"])


def test_who_does_not_read_all_registers_is_never_told_that_a_file_may_go(monitored: Desk) -> None:
    (row,) = monitored.do("list --retention --staff s-gulnara", today=AFTER).data["rows"]
    assert (row["may_be_deleted"], row["stands_against"]) == (False, ["registers_unread"])
    monitored.do("add bishkek house-paper", LONGER)
    (register,) = (monitored.store / "registers").rglob("*.age")
    register.write_bytes(register.read_bytes()[:-3] + b"xyz")
    told = monitored.ask("list --retention", today=AFTER)
    assert told.code == 6
    assert told.data["rows"][0]["stands_against"] == ["registers_unread"]


def test_whoever_lives_in_the_house_is_not_on_it(admitted: Desk) -> None:
    assert admitted.do("list --retention").data["rows"] == []
    (row,) = admitted.do("list --columns kept_until,stands_against").data["rows"]
    assert row == {"kept_until": None, "stands_against": ["stay_open"]}


@pytest.mark.parametrize("words", ["--retention --names", "--retention visit", "--out page.pdf", "--retention --stays"])
def test_it_stands_alone(admitted: Desk, words: str) -> None:
    assert admitted.refused(f"list {words}").code == 2
    assert admitted.refused("list --retention --count --out page.pdf").error == "usage/out"
