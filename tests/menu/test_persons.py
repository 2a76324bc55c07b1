"""The menu of a house where each person has a key of her own: who is here, another person, a guard, and a new key."""

import re
import shutil
from pathlib import Path

import pytest

from shelterctl.core.manual.track import Track
from shelterctl.identity.key_file import change_passphrase
from shelterctl.language import Sentence, format_sentence
from shelterctl.menu import client_file, house_registers, main, new_key, seat, without_files
from shelterctl.prompts.roles import ROLES_BEGUN
from shelterctl.prompts.trust import NEWS_ACCEPT
from shelterctl.prompts.unfinished import GO_ON_WITH_ANSWERS
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.terminal.passphrase import PASSPHRASE_FORGOTTEN
from shelterctl.terminal.screen import ENTER_SHOWS_MORE
from tests.support.desk import Desk, copied, make_house_with_paper
from tests.support.passphrases import NEW, OLD, QUICK, handed, never
from tests.support.terminal import (
    ADMISSION,
    AGREEMENT,
    OPEN,
    OTHER,
    REGISTERS,
    WRITE,
    LiveTerminal,
    Terminal,
    seen_text,
)

HOUSE_PAGE, GIVE_KEY = "9", "15"
RULEBOOK = open_rulebook()
PEOPLE = {
    "s-aida": "psychologist", "s-guard": "security", "s-law": "legal_adviser", "s-med": "medical_adviser",
    "s-iom": "iom_coordinator",
}  # fmt: skip


@pytest.fixture(scope="module")
def _by_role(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_house_with_paper(tmp_path_factory.mktemp("by-role") / "desk")
    for code, role in PEOPLE.items():
        desk.do(f"staff add {code} --role {role}")
        desk.do(f"staff key {code} --no-passphrase")
        desk.do(f"staff key {code} --accept")
    desk.do("roles --begin")
    for code in ("s-aida", "s-guard"):
        change_passphrase(desk.folder / "key.people" / code, never, lambda: OLD, work_factor=QUICK)
    change_passphrase(desk.key, never, lambda: NEW, work_factor=QUICK)
    return desk


@pytest.fixture
def house(_by_role: Desk, tmp_path: Path) -> Desk:
    """A house by role: the manager's key and those of a psychologist and a guard have passphrases."""
    return copied(_by_role, tmp_path / "house-by-role")


def at(desk: Desk, language: str = "en") -> Terminal:
    return Terminal(desk, language, env={"SHELTERCTL_IDLE": "10"})


def sit_down(live: LiveTerminal, code: str, passphrase: str) -> str:
    """Choose that person and type the passphrase; what is new on the list is known."""
    assert live.asked == said(seat.WHO_IS_HERE, live.language)
    asked = live.type(code)
    assert code in asked
    seen = live.type(passphrase)
    while said(ENTER_SHOWS_MORE, live.language) in seen[-40:]:
        seen = live.type("")
    return live.type("1") if said(NEWS_ACCEPT, live.language) in live.asked else seen


def said(sentence: Sentence, language: str = "en") -> str:
    return format_sentence(sentence, {}, language)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_menu_asks_who_is_here_and_for_her_own_passphrase(house: Desk, language: str) -> None:
    with at(house, language).live("menu") as live:
        assert said(seat.KEY_OF_THIS_COMPUTER, language) in live.begun
        assert "Айгуль" not in live.begun
        sit_down(live, "s-aida", OLD)
        assert "s-aida" in seen_last(live)
        assert live.type(OTHER).count(said(main.SCREEN_LOCKED, language)) == 1
        sit_down(live, "1", NEW)
        assert "manager" in seen_last(live)
        live.type(OTHER)
        assert "manager" in seen_last(live)  # whose the first key is, is known by now
        live.type(str(len(PEOPLE) + 3))
        assert live.over


def test_a_wrong_passphrase_opens_nothing_and_somebody_else_may_be_chosen(house: Desk) -> None:
    with at(house).live("menu") as live:
        live.type("s-aida")
        wrong = live.type(NEW)  # the manager's
        assert "Wrong passphrase" in wrong
        assert said(PASSPHRASE_FORGOTTEN) in " ".join(wrong.split())
        live.type("^C")
        live.type("1")
        assert live.asked == said(seat.WHO_IS_HERE)
        sit_down(live, "1", NEW)
        assert house.her in seen_last(live)


def test_who_has_left_is_not_offered_a_line_even_on_the_last_day(house: Desk) -> None:
    with at(house).live("menu") as live:
        assert "s-aida" in live.begun
    handed(house, "staff end s-aida", old=NEW)
    with at(house).live("menu") as live:
        assert "s-aida" not in live.begun
        assert "s-guard" in live.begun
        sit_down(live, "1", NEW)
        for typed in (HOUSE_PAGE, GIVE_KEY):
            live.type(typed)
        assert "s-aida" not in seen_last(live)  # and no new key either


def test_what_she_has_begun_stays_in_its_file_and_the_next_person_sees_nothing_of_it(house: Desk) -> None:
    with at(house).live("menu") as live:
        sit_down(live, "s-aida", OLD)
        for typed in (OPEN, house.her, WRITE, "1", "1", "1"):
            live.type(typed)
        live.type("^C")
        live.type("")
        live.type("")
        assert "Айгуль" in seen_last(live)
        shown = live.type(OTHER)
        assert "Айгуль" not in shown
        assert "Айгуль" not in live.type("s-guard")
        live.type(OLD)
        live.type("1")
        assert "Айгуль" not in seen_last(live)
    file = handed(house, f"show {house.her} --names", old=NEW).data["record"]
    assert "need" in file["unfinished"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_in_a_file_one_sees_who_can_read_it(house: Desk, language: str) -> None:
    with at(house, language).live("menu") as live:
        sit_down(live, "s-aida", OLD)
        live.type(OPEN)
        lines = live.type(house.her)
        (number,) = re.findall(rf"(\d+)\W+{said(client_file.READERS_LINE.label, language)}", lines)
        shown = live.type(number)
        assert all(code in shown for code in ("manager", "s-aida", "s-law", "s-med"))
        assert "s-guard" not in shown


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_guard_sees_who_sleeps_here_by_number_and_is_offered_what_she_can_use(house: Desk, language: str) -> None:
    with at(house, language).live("menu") as live:
        sit_down(live, "s-guard", OLD)
        assert live.language != "en" or "s-law has these roles: legal adviser" in seen_text(live.raw)
        shown = seen_last(live)
        assert all(said(line.label, language) in shown for line in without_files.LINES_WITHOUT_FILES)
        assert not any(
            said(one.label, language) in shown
            for one in main.FIRST_SCREEN_LINES
            if one.command not in ("house", "today")
        )
        assert said(house_registers.NOBODY_ON_DUTY, language) in " ".join(shown.split())
        assert said(main.FIRST_SCREEN_LINES[6].label, language) not in shown  # what it leads to stands here
        sleep = live.type(said(without_files.LINES_WITHOUT_FILES[0].label, language))
        assert "bishkek" in sleep
        live.type("")
        live.type(house.her)
        live.type("")
        assert not live.over
        assert "Айгуль" not in seen_text(live.raw, language)
        live.type(number_of(live, said(seat.LEAVE_PROGRAM, language)))
        assert live.over


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_guard_writes_down_a_visitor_an_incident_and_who_is_on_duty_is_not_hers_to_write(
    house: Desk, language: str
) -> None:
    with at(house, language).live("menu") as live:
        sit_down(live, "s-guard", OLD)
        lines = seen_last(live)
        tracks = RULEBOOK.tracks
        assert all(offered(tracks[name], language) in lines for name in ("visit", "call", "incident"))
        assert not any(offered(tracks[name], language) in lines for name in ("shift", "occasion", "check", "order"))
        for typed in (number_of(live, offered(tracks["visit"], language)), "1", "A. Primerova", "now", "", "1"):
            live.type(typed)
        live.type("")
        for typed in (number_of(live, offered(tracks["incident"], language)), "1", "now"):
            live.type(typed)
        live.type("^C")  # the bell rings
        live.type("")
        waits = said(GO_ON_WITH_ANSWERS, language)
        assert waits in seen_last(live)
        live.type(OTHER_PERSON[language])
        sit_down(live, "1", NEW)
        assert waits not in live.type(REGISTERS)  # what another person began is hers
    visits = handed(house, "show bishkek visit", old=NEW).data["rows"]
    assert [one["recorded_by"] for one in visits] == ["s-guard"]


OTHER_PERSON = {"en": "someone else uses this computer now", "ru": "за компьютером теперь другой человек"}


def offered(track: Track, language: str) -> str:
    """The line on which an entry of a track is written down."""
    return format_sentence(house_registers.WRITE_DOWN_ENTRY, {"what": track.offered}, language)


def number_of(live: LiveTerminal, line: str) -> str:
    """The number of a line that was shown last."""
    (*_, number) = re.findall(rf"(\d+) {re.escape(line)}", seen_text(live.raw, live.language))
    return str(number)


def test_somebody_without_a_key_here_makes_one_that_waits_for_a_manager(house: Desk) -> None:
    handed(house, "staff add s-new --role social_worker", old=NEW)
    with at(house).live("menu") as live:
        live.type(str(len(PEOPLE) + 2))
        assert live.asked == said(new_key.WHO_GETS_A_KEY)
        assert "s-new has no key at this computer." in live.type("s-new")
        live.type("1")
        live.type("")
        live.type("orchard lantern river nine")
        made = live.type("orchard lantern river nine")
        assert "Its four words:" in made
        assert live.asked == said(seat.WHO_IS_HERE)
        assert "opens nothing until a manager accepts it" in live.type("s-new")
        sit_down(live, "1", NEW)
        for typed in (HOUSE_PAGE, GIVE_KEY, "s-new"):
            live.type(typed)
        assert "s-new now has a key here" in live.type("1")
        for typed in ("", "", OTHER):
            live.type(typed)
        sit_down(live, "s-new", "orchard lantern river nine")
        assert house.her in seen_last(live)


def test_a_manager_gives_keys_in_one_sitting_and_lets_roles_decide(admitted: Desk) -> None:
    for code in ("s-law", "s-med"):
        admitted.do(f"staff add {code} --role {PEOPLE[code]}")
        admitted.do(f"staff key {code} --no-passphrase")
        admitted.do(f"staff key {code} --accept")
    with at(admitted).live("menu") as live:
        assert said(seat.WHO_IS_HERE) not in live.begun  # one key opens everything until roles decide
        for typed in (HOUSE_PAGE, GIVE_KEY):
            live.type(typed)
        assert "Everybody else looks away" in " ".join(live.type("s-aida").split())
        assert "The key of s-aida: s-aida types here, and nobody else." in live.type("")
        live.type(OLD)
        words = re.search(r"Its four words: ([^.]+)\.", live.type(OLD))
        assert words
        assert words[1] in " ".join(live.type("").split())
        live.type("1")
        assert live.asked.startswith("Roles do not decide yet")
        live.type("1")
        begun = live.type("1")
        assert said(ROLES_BEGUN) in " ".join(begun.split())
        for typed in ("", "", OTHER):
            live.type(typed)
        sit_down(live, "s-aida", OLD)
        assert "s-aida" in seen_last(live)
        assert admitted.her in seen_last(live)


def keys_in_force(desk: Desk, code: str) -> list[str]:
    rows = handed(desk, "device list", old=NEW).data["rows"]
    return [one["device"] for one in rows if one["staff"] == code and one["state"] == "in_force"]


def choose_new_passphrase(live: LiveTerminal, passphrase: str) -> str:
    """Let s-law say that the passphrase is forgotten and choose another one; return what is shown then."""
    for typed in (HOUSE_PAGE, GIVE_KEY):
        live.type(typed)
    assert "s-law" in live.type("s-law")
    for typed in ("1", "", passphrase):
        live.type(typed)
    return live.type(passphrase)


def test_who_forgot_her_passphrase_gets_a_new_key_in_one_sitting_and_the_old_one_is_ended(house: Desk) -> None:
    house.do("trust --accept --staff s-law")
    house.do(f"add {house.her} legal --staff s-law", {"kind": "follow_up", "on": "2026-11-24", "note": "совет"})
    (old,) = keys_in_force(house, "s-law")
    with at(house).live("menu") as live:
        sit_down(live, "1", NEW)
        assert said(new_key.MANAGERS_PASSPHRASE) in choose_new_passphrase(live, NEW)
        live.type(OLD)
        words = re.search(r"Its four words: ([^.]+)\.", live.type(OLD))
        assert words
        assert words[1] in " ".join(live.type("").split())
        done = " ".join(live.type("1").split())
        assert f"The old key of s-law, {old}, is ended." in done
        assert "stolen" not in done
        for typed in ("", "", OTHER):
            live.type(typed)
        sit_down(live, "s-law", OLD)
        assert house.her in seen_last(live)
    (new,) = keys_in_force(house, "s-law")
    assert new != old
    assert "совет" in str(handed(house, f"show {house.her} legal --names --staff s-law", old=OLD).data)


def test_a_new_key_for_a_forgotten_one_is_gone_on_with_wherever_it_was_interrupted(house: Desk) -> None:
    (old,) = keys_in_force(house, "s-law")
    before = (house.folder / "key.people" / "s-law").read_bytes()
    with at(house).live("menu") as live:
        sit_down(live, "1", NEW)
        for typed in (HOUSE_PAGE, GIVE_KEY, "s-law", "1", "", "^C"):
            live.type(typed)
        assert (house.folder / "key.people" / "s-law").read_bytes() == before
        for typed in ("", ""):
            live.type(typed)
        choose_new_passphrase(live, OLD)
        live.type("")
        live.type("2")  # the words were not compared yet
        assert keys_in_force(house, "s-law") == [old]
        for typed in ("", "", HOUSE_PAGE, GIVE_KEY, "s-law"):
            live.type(typed)
        assert f"The old key of s-law, {old}, is ended." in " ".join(live.type("1").split())


def test_an_old_key_that_stayed_on_the_list_is_ended_in_the_menu(house: Desk) -> None:
    (old,) = keys_in_force(house, "s-law")
    house.do("staff key s-law --renew --no-passphrase")
    people = house.folder / "key.people"
    (people / "s-law.old1.heads").rename(house.folder / "away")  # as if it was accepted at another computer
    handed(house, "staff key s-law --accept", old=NEW)
    (house.folder / "away").rename(people / "s-law.old1.heads")
    assert len(keys_in_force(house, "s-law")) == 2
    with at(house).live("menu") as live:
        sit_down(live, "1", NEW)
        for typed in (HOUSE_PAGE, GIVE_KEY):
            live.type(typed)
        done = " ".join(live.type("s-law").split())
        assert f"The old key of s-law, {old}, is ended." in done
    assert len(keys_in_force(house, "s-law")) == 1


def test_where_nothing_tells_which_key_was_the_old_one_it_is_said_how_to_end_it(house: Desk) -> None:
    shutil.rmtree(house.folder / "key.people" / "s-law.heads")
    with at(house).live("menu") as live:
        sit_down(live, "1", NEW)
        choose_new_passphrase(live, OLD)
        live.type("")
        done = " ".join(live.type("1").split())
        assert "It is not known here which key of s-law was the old one." in done
        assert "shelterctl device end CODE" in done
    assert len(keys_in_force(house, "s-law")) == 2


def test_a_menu_that_is_open_while_roles_begin_elsewhere_asks_who_is_here(admitted: Desk) -> None:
    for code in ("s-aida", "s-law", "s-med"):
        if code != "s-aida":
            admitted.do(f"staff add {code} --role {PEOPLE[code]}")
        admitted.do(f"staff key {code} --no-passphrase")
        admitted.do(f"staff key {code} --accept")
    with at(admitted).live("menu") as live:
        for typed in (OTHER, "s-aida", ""):  # one key: she is only named
            live.type(typed)
        admitted.do("roles --begin")
        live.type("4")
        live.type("")
        assert said(main.EACH_PERSON_HAS_KEY) in " ".join(seen_last(live).split())
        live.type("s-aida")
        live.type("1")
        assert "s-aida" in seen_last(live)
        assert admitted.her in seen_last(live)


def test_what_her_role_may_not_do_is_refused_before_anything_is_asked(house: Desk) -> None:
    refused = "Your role, legal adviser, does not record this"
    with at(house).live("menu") as live:
        live.type("s-law")
        live.type("1")
        assert refused in live.type("1")  # nobody is taken in
        for typed in ("", OPEN, house.her):
            live.type(typed)
        assert refused in live.type(ADMISSION)
        for typed in ("", AGREEMENT):
            live.type(typed)
        assert refused in live.type("1")
        for typed in ("", WRITE, "health"):
            live.type(typed)
        assert refused in live.type("1")


@pytest.mark.parametrize("words", ["admit", "add {her} medication", "agreement {her} --form blue"])
def test_at_a_terminal_it_is_refused_before_anything_is_asked_too(words: str, house: Desk) -> None:
    seen = at(house).run(f"{words.format(her=house.her)} --staff s-law", [])
    assert "Your role, legal adviser, does not record this" in " ".join(seen.text.split())
    assert seen.code == 1


def seen_last(live: LiveTerminal) -> str:
    """What stands on the screen now."""
    return seen_text(live.raw, live.language).rpartition("( the screen is wiped )")[2]
