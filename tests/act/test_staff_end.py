"""Somebody of the staff leaves: the code writes no more, its computers are shut out, and what was written stands."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from shelterctl.core.people import staff_at_work
from shelterctl.errors import CannotOpen
from shelterctl.identity.key_file import load_identity
from shelterctl.questionnaire import Questionnaire, read_offers
from shelterctl.vault.sealed_bytes import read_age_header
from tests.support.answering import open_session
from tests.support.desk import Desk
from tests.support.inputs import REFERRAL
from tests.support.revised_rulebook import copy_of_the_manual
from tests.support.terminal import LEAVE, OTHER, PARTNERS, Terminal

JOIN = "trust --join --recovery paper --no-passphrase --identity other --staff s-aida"
SESSION = {"approach": "individual", "at": "2026-11-24T10:00+06:00", "by": "s-aida", "kind": "crisis"}
END = "staff end s-aida --on 2026-11-24"


class House(Desk):
    """A house with two computers; the second one is bound to s-aida, who wrote a session at it."""

    def __init__(self, folder: Path, her: str = "", session: str = "") -> None:
        super().__init__(folder, her)
        self.session = session


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> House:
    desk = House(tmp_path_factory.mktemp("leaver") / "desk")
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery paper", today=None)
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("staff add s-aida --role psychologist --since 2026-01-12", {"name": "Аида Примерова"})
    desk.do("staff add s-gulnara --role social_worker --since 2026-01-12")
    desk.do("staff add manager --since 2026-01-12")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    desk.do(JOIN)
    desk.do("trust --accept")
    desk.session = desk.do(f"add {desk.her} session --identity other", SESSION).data["entry"]
    return desk


@pytest.fixture
def desk(made: House, tmp_path: Path) -> House:
    """The same, to be worked at."""
    shutil.copytree(made.folder, tmp_path / "desk")
    return House(tmp_path / "desk", made.her, made.session)


def hers(desk: House) -> str:
    """The code of the second computer."""
    return str(load_identity(desk.folder / "other", None).device)


def listed(desk: House) -> dict[str, str | None]:
    """Until when everybody worked here, by the list of staff."""
    return {row["staff"]: row["until"] for row in desk.do("staff list").data["rows"]}


def states(desk: House) -> list[str]:
    return [row["state"] for row in desk.do("trust").data["rows"]]


def test_who_leaves_is_registered_so_and_the_computer_goes_too(desk: House) -> None:
    sealed = sorted(desk.store.rglob("*.age"))
    ended = desk.do(END)
    assert {name: value for name, value in ended.data.items() if name != "said"} == {
        "staff": "s-aida", "until": "2026-11-24", "ended": [hers(desk)], "kept": [],
        "keeps": {"since": "2026-01-12", "clients": 1, "backups": []}, "sealed": len(sealed), "left": [],
    }  # fmt: skip
    assert listed(desk)["s-aida"] == "2026-11-24"
    assert states(desk) == ["here", "ended"]
    out = load_identity(desk.folder / "other", None)
    for path in sealed:
        data = path.read_bytes()
        assert read_age_header(data, path.name).keys == 2
        with pytest.raises(CannotOpen):
            out.open(data)
    checked = desk.do("check")
    assert "Nothing in the store is damaged." in checked.data["said"]
    assert [row["entry"] for row in desk.do(f"show {desk.her} session").data["rows"]] == [desk.session]


def test_what_is_done_is_said_and_check_writes_nothing(desk: House) -> None:
    before = desk.digest()
    said = " ".join(desk.do(f"{END} --check").data["said"])
    assert desk.digest() == before
    assert "s-aida worked here from 2026-01-12 until 2026-11-24." in said
    assert f"These computers are shut out: {hers(desk)}." in said
    assert "shelterctl passphrase" in said
    assert "Примерова" not in said


def test_the_backups_that_the_computer_opens_are_named(desk: House) -> None:
    (desk.folder / "usb").mkdir()
    desk.do("backup usb", today=None)
    said = desk.do(f"{END} --check").data["said"]
    assert [each for each in said if each.startswith("Earlier backups known to this computer: 1 (")]
    kept = desk.do(f"{END} --check --keep {hers(desk)}").data["said"]
    assert not [each for each in kept if each.startswith(("Earlier backups known", "What ends"))]


def test_twice_changes_nothing_and_finishes_what_was_begun(desk: House) -> None:
    desk.do(END)
    before = desk.digest_of_store()
    for words in (END, "staff end s-aida"):
        assert desk.do(words).data["said"] == [
            "s-aida: the last day of work, 2026-11-24, is already recorded; nothing changed."
        ]
    assert desk.digest_of_store() == before


def test_said_again_a_computer_that_stayed_stays(desk: House) -> None:
    """That it was kept stands in no command that is typed later; `device end` takes it off."""
    desk.do(f"{END} --keep {hers(desk)}")
    for words in (END, "staff end s-aida", "staff end s-aida --on 2026-11-23"):
        said = desk.do(words).data
        assert (said["ended"], said["kept"]) == ([], [hers(desk)])
    assert [row["state"] for row in desk.do("device list").data["rows"] if row["device"] == hers(desk)] == ["in_force"]


def test_another_day_is_written_down_and_the_first_one_is_kept(desk: House) -> None:
    desk.do(END)
    desk.do("staff end s-aida --on 2026-11-23")
    entry = yaml.safe_load((desk.store / "staff.yaml").read_text())["staff"]["s-aida"]
    assert str(entry["until"]) == "2026-11-23"
    assert [str(each["before"]["until"]) for each in entry["was"]] == ["2026-11-24"]


def test_a_computer_that_stays_is_kept_and_asks_who_sits_there(desk: House) -> None:
    kept = desk.do(f"{END} --keep {hers(desk)}").data
    assert (kept["ended"], kept["kept"]) == ([], [hers(desk)])
    other = "--identity other"
    desk.do(f"list {other}")
    desk.do(f"show {desk.her} {other}")
    told = desk.refused(f"admit {desk.her} {other}", {"notes": "x"})
    assert (told.code, told.error) == (2, "staff/left")
    assert "2026-11-24" in told.page["error"]["message"]
    assert "--staff CODE" in told.page["error"]["hint"]
    desk.do(f"admit {desk.her} {other} --staff s-gulnara", {"notes": "x"})
    for staff in ("s-aida", "s-nobody"):
        assert desk.refused(f"admit {desk.her} {other} --staff {staff}", {"notes": "y"}).error == "staff/left"


def test_on_the_last_day_she_writes_and_after_it_not(desk: House) -> None:
    desk.do("staff end s-aida --on 2026-11-25")
    desk.do(f"admit {desk.her} --staff s-aida", {"notes": "x"}, today="2026-11-25")
    told = desk.refused(f"admit {desk.her} --staff s-aida", {"notes": "y"}, today="2026-11-26")
    assert (told.code, told.error) == (2, "staff/left")
    desk.do("check --staff s-aida", today="2026-11-26")
    desk.do("due --staff s-aida", today="2026-11-26")


def test_what_she_did_stands_and_what_is_dated_later_is_open(desk: House) -> None:
    desk.do(END)
    before = [found["code"] for found in desk.do(f"check {desk.her}").page["findings"]]
    assert "track/gone" not in before
    late = {**SESSION, "at": "2026-11-25T10:00+06:00"}
    found = desk.do(f"add {desk.her} session", late).page["findings"]
    (gone,) = (each for each in found if each["code"] == "track/gone")
    assert gone["severity"] == "open"
    assert "2026-11-24" in gone["message"]


BAD = {
    "staff end s-nobody": (3, "staff/unknown"),
    "staff end s-aida --on 2026-11-26": (2, "staff/to-come"),
    "staff end s-aida --on 2026-01-11": (2, "staff/too-early"),
    "staff end s-aida --on never": (2, "usage/date"),
    "staff end Аида": (2, "usage/code"),
    f"{END} --keep 4xk7qz2m": (3, "device/unknown"),
    f"{END} --keep {{first}}": (2, "staff/not-hers"),
    f"{END} --keep laptop": (2, "usage/device"),
    "staff end": (2, "usage/missing"),
}


@pytest.mark.parametrize("words", BAD)
def test_what_cannot_be_is_said_and_nothing_is_done(words: str, desk: House) -> None:
    first = str(load_identity(desk.key, None).device)
    told = desk.refused(words.format(first=first))
    assert (told.code, told.error) == BAD[words]
    assert "Аида" not in told.out + told.err


def test_a_computer_that_is_ended_already_cannot_be_kept(desk: House) -> None:
    desk.do(END)
    assert desk.refused(f"{END} --keep {hers(desk)}").error == "staff/not-hers"


def test_the_only_one_who_works_here_cannot_leave(desk: House) -> None:
    for code in ("s-aida", "s-gulnara"):
        desk.do(f"staff end {code}")
    told = desk.refused("staff end manager")
    assert told.code == 1
    assert [(found["code"], found["severity"]) for found in told.page["findings"]] == [("staff/alone", "refuse")]


def test_the_last_manager_is_told_to_register_another_and_her_computer_stays(desk: House) -> None:
    first = str(load_identity(desk.key, None).device)
    done = desk.do("staff end manager --on 2026-11-24")
    assert [(found["code"], found["severity"]) for found in done.page["findings"]] == [("staff/no-manager", "open")]
    assert (done.data["ended"], done.data["kept"]) == ([], [first])
    assert desk.refused("staff add s-new --role manager").error == "staff/left"
    desk.do("staff add s-new --role manager --staff s-gulnara")


def test_a_damaged_register_ends_nobody(desk: House) -> None:
    (desk.store / "staff.yaml").write_text("staff: [\n")
    assert desk.refused(END).code == 6


def test_a_damaged_file_is_named_and_all_else_is_done(desk: House) -> None:
    file = desk.store / f"residents/{desk.her}.yaml.age"
    *whole, last = file.read_bytes()
    file.write_bytes(bytes([*whole, last ^ 1]))
    told = desk.ask(END)
    assert (told.code, told.error) == (6, "rekey/left")
    assert (told.data["sealed"], told.data["left"]) == (2, [f"residents/{desk.her}.yaml.age"])
    assert listed(desk)["s-aida"] == "2026-11-24"
    assert states(desk) == ["here", "ended"]


def test_with_other_rules_nobody_is_ended(desk: House, tmp_path: Path) -> None:
    told = desk.refused(END, env={"SHELTERCTL_MANUAL": str(copy_of_the_manual(tmp_path / "draft"))})
    assert (told.code, told.error) == (7, "shelf/other")


def test_a_store_that_is_closed_ends_nobody(desk: House) -> None:
    desk.do("trust --join --recovery paper --no-passphrase --identity third --staff s-gulnara")
    told = desk.refused(END)
    assert (told.code, told.error) == (7, "trust/new-device")


def test_who_is_back_says_since_when(desk: House) -> None:
    desk.do(END)
    same = desk.do("staff add s-aida --role manager")
    assert "staff add s-aida --since DATE" in same.data["said"][-1]
    assert listed(desk)["s-aida"] == "2026-11-24"
    back = desk.do("staff add s-aida --role psychologist --since 2026-11-25")
    assert re.search("trust --join$", back.data["said"][-1])
    assert listed(desk)["s-aida"] is None
    desk.do(f"admit {desk.her} --staff s-aida", {"notes": "x"})
    entry = yaml.safe_load((desk.store / "staff.yaml").read_text())["staff"]["s-aida"]
    assert "2026-11-24" in {str(each["before"].get("until")) for each in entry["was"]}
    assert states(desk) == ["here", "ended"]


def test_a_slip_is_put_right_on_the_day_itself(desk: House) -> None:
    desk.do("staff end s-gulnara")
    desk.do("staff add s-gulnara --since 2026-11-25")
    desk.do("staff add s-gulnara --since 2026-01-12")
    assert listed(desk)["s-gulnara"] is None
    (row,) = (row for row in desk.do("staff list").data["rows"] if row["staff"] == "s-gulnara")
    assert row["since"] == "2026-01-12"


def test_a_first_day_put_right_brings_nobody_back(desk: House) -> None:
    desk.do(END)
    desk.do("staff add s-aida --since 2026-02-01")
    assert listed(desk)["s-aida"] == "2026-11-24"


def test_a_new_computer_is_bound_to_nobody_who_left(desk: House) -> None:
    desk.do(END)
    join = JOIN.replace("--identity other", "--identity fourth")
    told = desk.refused(join)
    assert (told.code, told.error) == (2, "staff/left")


def at(desk: House, language: str = "ru", **how: Any) -> Terminal:
    return Terminal(desk, language, **how)


def test_at_a_terminal_all_of_it_is_said_before_and_asked(desk: House) -> None:
    before = desk.digest_of_store()
    seen = at(desk).run(END, ["нет"])
    assert seen.code == 0
    told = " ".join(seen.text.split())
    order = [
        "Прежде всего позвоните руководителю приюта",
        "s-aida: первый рабочий день – 12.01.2026, последний – 24.11.2026.",
        "можно было прочесть все дела приюта (клиенток сейчас: 1)",
        f"Эти компьютеры отключаются: {hers(desk)}.",
        "shelterctl passphrase",
        "Заберите ключи от дома",
        "Сделать это сейчас? (",
        "Ничего не сделано.",
    ]
    places = [told.index(each) for each in order]
    assert places == sorted(places)
    assert "Примерова" not in told
    assert desk.digest_of_store() == before
    seen = at(desk).run(END, ["да"])
    assert "последний рабочий день – 24.11.2026. Зашифровано заново файлов: 3." in " ".join(seen.text.split())
    assert states(desk) == ["here", "ended"]


def test_enter_does_nothing(desk: House) -> None:
    before = desk.digest_of_store()
    assert "Nothing was done." in at(desk, "en").run(END, [""]).text
    assert desk.digest_of_store() == before


def kept(desk: House) -> Terminal:
    """The second computer, which stays in the house, at a terminal a day after its owner left."""
    desk.do(f"{END} --keep {hers(desk)}")
    return at(desk, env={"SHELTERCTL_IDENTITY": str(desk.folder / "other"), "SHELTERCTL_IDLE": "10"})


def test_the_menu_asks_who_sits_at_a_computer_that_stays(desk: House) -> None:
    seen = kept(desk).run("menu --as-of 2026-11-25", ["2", "", LEAVE])
    assert seen.code == 0, seen.text
    told = " ".join(seen.text.split())
    assert "s-aida: последний рабочий день – 24.11.2026." in told
    asked = told[told.index("Кто сейчас за этим компьютером?") :]
    choices = re.findall(r"\d+\) ?|s-[a-z]+|manager", asked[:200])
    assert "s-aida" not in choices
    assert "bishkek · 25.11.2026 · s-gulnara" in told
    assert "· s-aida" not in told


def test_the_menu_names_nobody_where_nobody_says_who_sits_there(desk: House) -> None:
    told = kept(desk).run("menu --as-of 2026-11-25", ["", LEAVE]).text
    assert "bishkek · 25.11.2026\n" in told
    assert "· s-aida" not in told


def test_who_left_is_not_remembered_as_who_sits_here(desk: House) -> None:
    menu = at(desk, "en", env={"SHELTERCTL_IDLE": "10"})
    first = menu.run("menu --as-of 2026-11-24", [OTHER, "s-aida", LEAVE])
    assert "2026-11-24 · s-aida" in first.text
    desk.do(END)
    seen = menu.run("menu --as-of 2026-11-25", [LEAVE])
    assert "2026-11-25 · manager" in seen.text
    assert "s-aida" not in seen.text


def test_the_page_of_the_house_says_until_when_and_asks_whether_somebody_is_back(desk: House) -> None:
    desk.do(END)
    house = at(desk, size=(60, 80), env={"SHELTERCTL_IDLE": "10"})
    seen = house.run(
        "menu --as-of 2026-11-25", [PARTNERS, "1", "s-aida · Аида Примерова: последний", "", "", "", LEAVE]
    )
    told = " ".join(seen.text.split())
    assert "s-aida · Аида Примерова: последний рабочий день – 24.11.2026" in told
    assert told.index("s-gulnara · ") < told.index("s-aida · Аида")
    assert "С сегодняшнего дня s-aida снова работает здесь?" in told
    assert listed(desk)["s-aida"] == "2026-11-24"


def test_who_left_is_offered_nowhere_and_still_read_for_what_was_done_before(desk: House) -> None:
    desk.do(END)
    offered = read_offers(open_session(desk))
    assert {*offered["staff"]} == {"manager", "s-gulnara"}
    assert "Аида Примерова" not in {*offered["people"], *offered["drafters"]}
    asked = Questionnaire(open_session(desk).rulebook, offered, open_session(desk).today).for_place(
        "admission.primary_interview.by"
    )
    clock = open_session(desk).clock
    for typed in ("s-aida", "Аида Примерова"):
        assert asked.read_answer(typed, clock, "ru") == "s-aida"
    assert not isinstance(asked.read_answer("s-nobody", clock, "ru"), str)
    assert asked.format_answer("s-aida", "ru") == "s-aida · Аида Примерова"


def test_who_comes_back_is_asked_at_a_terminal(desk: House) -> None:
    desk.do(END)
    assert "с сегодняшнего дня" in at(desk).run("staff add s-aida", ["нет", "", "", ""]).text.casefold()
    assert listed(desk)["s-aida"] == "2026-11-24"
    at(desk).run("staff add s-aida", ["да", "", "", ""])
    assert listed(desk)["s-aida"] is None


@pytest.mark.parametrize(
    ("until", "day", "works"),
    [
        (None, "2026-11-25", True),
        ("2026-11-25", "2026-11-24", True),
        ("2026-11-25", "2026-11-25", True),
        ("2026-11-25", "2026-11-26", False),
        ("2026-11-31", "2026-12-26", True),  # a day that does not exist ends nothing
    ],
)
def test_the_last_day_is_one_of_those_at_work(until: str | None, day: str, works: bool) -> None:
    staff = {"s-aida": {"role": "psychologist", "since": "2026-01-12", **({"until": until} if until else {})}}
    assert bool(staff_at_work(staff, date.fromisoformat(day))) is works
