"""The menu of a house's registers: few answers for a visitor, lines that come from the rulebook, several houses."""

import re

import pytest

from shelterctl.language import format_sentence
from shelterctl.menu import house_registers
from tests.support.desk import Desk
from tests.support.register_files import INCIDENT
from tests.support.terminal import REGISTERS, LiveTerminal, Terminal, seen_text

VISITOR = ("1", "A. Primerova, IOM", "18:30", "", "1")
"""Who came, the name, when, not left yet, and that it is written down."""


def menu(desk: Desk, language: str = "en") -> Terminal:
    return Terminal(desk, language, env={"SHELTERCTL_IDLE": "10"})


RECEIVED = {
    "IOM": ("1", "A. Primerova, IOM", "18:30", "1"),
    "a contractor": ("3", "B. Primerov, plumber", "18:30", "", "1"),
    "the water works": ("4", "B. Primerov, water works", "18:30", "The pipe is broken", "18:31", "yes"),
    "officials with a letter of IOM": ("5", "C. Primerov", "18:30", "A check", "18:00", "yes"),
    "officials without one": ("5", "C. Primerov", "18:30", "A check", "", "no"),
    "a journalist who is let in": ("6", "D. Primerov, a paper", "18:30", "An interview", "yes"),
    "a journalist who is turned away": ("6", "D. Primerov, a paper", "18:30", "An interview", "no"),
}
"""What is answered about a visitor at the door, of each kind."""


@pytest.mark.parametrize("answers", RECEIVED.values(), ids=RECEIVED)
def test_reception_of_a_visitor_takes_at_most_six_answers(answers: tuple[str, ...], desk: Desk) -> None:
    assert len(answers) <= 6
    with menu(desk).live("menu --as-of 2026-11-25") as live:
        live.type(REGISTERS)
        live.type(line_of(live, "write down a visitor"))
        for answer in answers:
            live.type(answer)
        shown = seen_text(live.raw)
        if answers[-1] != "1":
            assert live.asked == "What now?"
            shown = live.type("1")
        if "Go on" in live.asked:
            shown = live.type("yes")
        assert "Saved: a visit" in shown or "Saved: a visitor" in shown
    (row,) = desk.do("show bishkek visit").data["rows"]
    assert "left_at" not in row["fields"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_who_is_on_duty_is_shown_with_the_hour_at_which_it_ends(desk: Desk, language: str) -> None:
    shift = {"kind": "shift", "staff": "s-gulnara", "starts_at": "2026-11-25T20:00", "ends_at": "2026-11-26T08:00"}
    desk.do("add bishkek shift", shift)
    leave = {**shift, "kind": "leave_annual", "staff": "s-aida", "starts_at": "2026-11-20T00:00"}
    desk.do("add bishkek shift", {**leave, "ends_at": "2026-11-24T23:59"})
    with menu(desk, language).live("menu --as-of 2026-11-25") as live:
        shown = " ".join(live.type(REGISTERS).split())
        assert format_sentence(house_registers.ON_DUTY_NOW, {}, language) in shown
        assert "s-gulnara: " in shown
        assert "08:00" in shown
        assert "s-aida" not in shown


def test_with_several_houses_it_is_asked_which(desk: Desk) -> None:
    desk.do("facility add osh --kind shelter --capacity 5")
    with menu(desk).live("menu --as-of 2026-11-25") as live:
        live.type(REGISTERS)
        assert live.asked == "In which house?"
        live.type("osh")
        for answer in (line_of(live, "write down a visitor"), *VISITOR):
            live.type(answer)
    assert len(desk.do("show osh visit").data["rows"]) == 1
    assert not desk.do("show bishkek visit").data["rows"]


def test_a_visit_is_permitted_corrected_and_struck_out(desk: Desk) -> None:
    for name, at in (("A", "2026-11-26T10:00"), ("B", "2026-11-27T10:00")):
        desk.do("add bishkek visit", {"kind": "iom", "name": name, "at": at})
    with menu(desk).live("menu --as-of 2026-11-25") as live:
        live.type(REGISTERS)
        live.type(line_of(live, "permit a visit"))
        assert "2026-11-26 10:00" in seen_text(live.raw)
        for answer in ("2", "", "", "1"):
            live.type(answer)
        live.type("")
        live.type(line_of(live, "correct an entry, fill it in, or strike it out"))
        live.type("1")
        live.type(line_of(live, "strike it out"))
        for answer in ("1", "yes"):
            live.type(answer)
    rows = desk.do("show bishkek visit --names").data["rows"]
    assert {one["fields"]["name"]: one["void"] for one in rows} == {"A": None, "B": "entered_twice"}
    assert ["permitted" in one["fields"] for one in rows] == [True, False]


def test_answers_that_are_thrown_away_leave_the_register_as_it_was(desk: Desk) -> None:
    with menu(desk).live("menu --as-of 2026-11-25") as live:
        live.type(REGISTERS)
        for answer in (line_of(live, "write down a visitor"), "1", "A. Primerova", "."):
            live.type(answer)
        shown = live.type(line_of(live, "throw these answers away")) + live.type("yes")
    assert "the register has not changed" in " ".join(shown.split())


def line_of(live: LiveTerminal, line: str) -> str:
    """The number of a line on the screen."""
    (*_, number) = re.findall(rf"(\d+) {re.escape(line)}", seen_text(live.raw))
    return str(number)


@pytest.mark.parametrize("words", ["show bishkek incident", "list incident", "list incident --month 2026-11"])
def test_a_guard_is_told_who_reads_incidents_and_not_whether_there_are_any(words: str, desk: Desk) -> None:
    desk.do("staff add s-bek --role security")
    said = "This register is read by: manager of the shelter."
    before = desk.run(f"{words} --staff s-bek")
    desk.do("add bishkek incident", INCIDENT)
    after = desk.run(f"{words} --staff s-bek")
    assert said in before.out + before.err
    assert (after.code, after.out, after.err) == (before.code, before.out, before.err)
    desk.do("add bishkek incident --staff s-bek", INCIDENT)
    assert "2026-11-25" in desk.run(f"{words} --staff s-bek").out
    told = desk.run(words)
    assert said not in told.out + told.err


def test_what_a_role_owes_to_the_house_is_hers_and_the_row_names_its_entry_and_hour(desk: Desk) -> None:
    desk.do("staff add s-bek --role security")
    attack = {"kind": "threat_of_attack", "at": "2026-11-25T10:00", "description": "выдумано"}
    entry = desk.do("add bishkek incident --staff s-bek", attack).data["entry"]
    rows = desk.do("due --mine s-bek --staff s-bek", today=None).data["rows"]
    assert any(row["owner"] == "security" and row["entry"] == entry for row in rows)
    with menu(desk).live("due bishkek --as-of 2026-11-25") as live:
        assert re.search(rf"bishkek {entry}  (since|today at|today)", seen_text(live.raw))


def test_a_month_of_visits_is_printed_from_the_menu(desk: Desk) -> None:
    desk.do("add bishkek visit", {"kind": "iom", "name": "A. Primerova", "at": "2026-11-24T10:00"})
    with menu(desk).live("menu --as-of 2026-11-25") as live:
        live.type(REGISTERS)
        live.type(line_of(live, "print what is written in a month"))
        live.type(line_of(live, "a visitor"))
        for answer in ("1", "en", str(desk.folder / "visits.pdf")):
            live.type(answer)
    assert (desk.folder / "visits.pdf").read_bytes().startswith(b"%PDF")


BEGUN = "Begun, not written down yet: a visit"
"""The line above the menu of a house for whom has begun an entry."""


def test_what_one_person_began_is_neither_shown_nor_given_to_another(desk: Desk) -> None:
    first, second = ("s-aida", "s-gulnara")
    with menu(desk).live(f"menu --as-of 2026-11-25 --staff {first}") as live:
        live.type(REGISTERS)
        for answer in (line_of(live, "write down a visitor"), "1", "A. Primerova", "^C"):
            live.type(answer)
        assert BEGUN in live.type("")
        for answer in (line_of(live, "write down an incident"), "7", "25.11.2026 12:00", "the manager shouted", "^C"):
            live.type(answer)
    with menu(desk).live(f"menu --as-of 2026-11-25 --staff {second}") as live:
        shown = live.type(REGISTERS)
        assert "finish what you began" not in shown
        assert BEGUN not in shown
        assert "(1 of" in live.type(line_of(live, "write down an incident"))
        for answer in ("^C", "", line_of(live, "write down a visitor")):
            shown = live.type(answer)
        assert "(1 of" in shown
        for answer in ("6", "B. Primerov", "^C"):
            live.type(answer)
    for who, name in ((first, "A. Primerova"), (second, "B. Primerov")):
        seen = Terminal(desk).run(f"add bishkek visit --staff {who}", ["1", "^C"]).text
        (told,) = re.findall("You go on with what you began: (.*)", seen)
        assert told.endswith(name)
    seen = Terminal(desk).run(f"add bishkek incident --staff {first}", ["1", "^C"]).text
    assert "the manager shouted" in " ".join(seen.split())
