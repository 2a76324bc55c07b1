"""What somebody on a night shift writes down of outings, and to whom she told what."""

from typing import TYPE_CHECKING

import pytest

from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.typed.question import say_text
from tests.support.command import one_line
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


LANGUAGES = ["en", "ru"]
BACK = {
    "kind": "outing", "planned_at": "2026-11-24T09:00", "expected_back_at": "2026-11-24T12:00", "purpose": "врач",
    "left_at": "2026-11-24T10:00", "permitted_by": "manager", "back_at": "2026-11-24T11:00",
    "entry_permitted_by": "manager",
}  # fmt: skip
CONSENT = {"kind": "information_sharing", "purpose": "помощь", "given_on": "2026-11-20", "signed": True}
WANTED = "Which consent of hers"
PARTNER = ("1", "3", "sezim")
"""To a partner, on another occasion, and to which."""


def test_an_outing_is_asked_about_in_the_order_in_which_it_happens(admitted: "Desk") -> None:
    asked = []
    with Terminal(admitted, today="2026-11-25", size=(60, 80)).live(f"add {admitted.her} absence") as live:
        given = {"What takes her out": "1", "When she left": "24.11 10:00", "When she came back": "24.11 11:00"}
        while live.asked != "What now?":
            asked.append(live.asked.partition("  ")[0])
            live.type(given.get(asked[-1], ""))
        live.type("3")
    assert asked == [
        "What takes her out",
        "Where to",
        "What for",
        "When she wishes to leave",
        "When she will be back",
        "Who goes with her",
        "When she left",
        "Who let her go",
        "When she came back",
        "Who let her in",
    ]


def test_whoever_permitted_an_outing_is_offered_as_who_let_her_go(admitted: "Desk") -> None:
    admitted.do("staff add s-boss --role manager")
    wish = {
        "kind": "outing",
        "purpose": "рынок",
        "expected_back_at": "2026-11-25T12:00",
        "planned_at": "2026-11-25T10:00",
    }
    entry = admitted.do(f"add {admitted.her} absence", wish).data["entry"]
    admitted.do(f"permit {admitted.her} absence --staff s-boss")
    with Terminal(admitted, today="2026-11-25", size=(60, 80)).live(f"add {admitted.her} absence {entry}") as live:
        while not live.asked.startswith("When she left"):
            live.type("")
        live.type("25.11 10:00")
        assert live.asked.startswith("Who let her go")
        assert "Press Enter for s-boss" in one_line(live.raw.decode())


@pytest.mark.parametrize(("back", "offered"), [(True, False), (False, True)])
def test_an_outing_is_permitted_only_until_she_is_back(back: bool, offered: bool, admitted: "Desk") -> None:
    late = ("back_at", "entry_permitted_by")
    admitted.do(f"add {admitted.her} absence", {key: said for key, said in BACK.items() if back or key not in late})
    with Terminal(admitted, today=None, size=(60, 80)).live("menu --as-of 2026-11-25") as live:
        for answer in (admitted.her, "write an entry", "every day", "an outing"):
            live.type(answer)
        assert ("Permit an outing:" in one_line(live.raw.decode())) is offered
        assert "a new entry" in live.raw.decode()


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Another entry says that she was out at that time: {id}, 2026-11-23 (A2.7). First record when she came"),
        ("ru", "По другой записи она в это время тоже не была в приюте: {id}, 23.11.2026 (A2.7). Сначала запишите,"),
    ],
)
def test_who_is_still_out_by_another_entry_is_said_to_be(language: str, says: str, admitted: "Desk") -> None:
    out = {"kind": "outing", "left_at": "2026-11-23T10:00", "permitted_by": "manager"}
    first = admitted.do(f"add {admitted.her} absence", out).data["entry"]
    admitted.do(f"add {admitted.her} absence", {**out, "left_at": "2026-11-24T06:00"})
    told = admitted.run(f"check {admitted.her}", env={"SHELTERCTL_LANG": language}).out
    assert says.format(id=first) in one_line(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_only_consent_that_names_whoever_learns_it_is_taken_by_enter_and_the_log_names_it(
    language: str, admitted: "Desk"
) -> None:
    her = admitted.her
    fits = admitted.do(f"add {her} consent", {**CONSENT, "recipient": "sezim"}).data["entry"]
    other = admitted.do(f"add {her} consent", {**CONSENT, "recipient": "ОВД"}).data["entry"]
    label = say_text(open_rulebook().tracks["disclosure"].fields["consent"].text, language)
    with Terminal(admitted, language, today="2026-11-25", size=(60, 80)).live(f"add {her} disclosure") as live:
        for answer in PARTNER:
            live.type(answer)
        assert live.asked.partition("  ")[0] == label
        offered = one_line(live.raw.decode().rpartition(label)[2])
        assert fits in offered
        assert other not in offered
        live.type("")
        live.type("адрес")
        live.type(".")
        live.type({"en": "write it down", "ru": "записать"}[language])
        assert live.over
    (told,) = admitted.record()["disclosures"]
    assert told["consent"] == fits
    admitted.do(f"form disclosure {her} --lang {language} --out log.txt")
    log = one_line((admitted.folder / "log.txt").read_text(encoding="utf-8"))
    assert f"{label}: " in log
    assert {"en": "consent, 2026-11-20", "ru": "согласие, 20.11.2026"}[language] in log.partition(f"{label}: ")[2]


def test_without_a_consent_that_names_whoever_learns_it_none_is_asked_for(admitted: "Desk") -> None:
    admitted.do(f"add {admitted.her} consent", {**CONSENT, "recipient": "ОВД"})
    gone = {**CONSENT, "recipient": "sezim", "withdrawn_on": "2026-11-22"}
    admitted.do(f"add {admitted.her} consent", gone)
    with Terminal(admitted, today="2026-11-25", size=(60, 80)).live(f"add {admitted.her} disclosure") as live:
        for answer in PARTNER:
            live.type(answer)
        assert live.asked.startswith("What is told or shown")
        assert WANTED not in live.raw.decode()
