"""What is registered, as a list: codes and dates everywhere, names on a screen that is gone, in every format."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from revised import Revised, retold
from terminal import At

from shelterctl.rulebook.rulebook import open_rulebook

if TYPE_CHECKING:
    from conftest import Desk


NAMES = {
    "staff": ("s-gulnara", {"name": "Б. Образцова", "phone": "0000 000001"}),
    "ngo": ("sezim", {"name": "Пример", "legal_form": "pf", "phone": "0000 000002", "address": "Примерная, 1"}),
    "provider": ("lyceum-12", {"name": "Лицей Примеров", "phone": "0000 000003"}),
    "facility": ("bishkek", {"name": "Дом Примера", "phone": "0000 000004"}),
}
CSV = {
    "staff": [
        "staff,role,since,until",
        "manager,manager,2026-11-25,",
        "s-aida,psychologist,2026-11-25,",
        "s-gulnara,social_worker,2026-11-25,",
    ],
    "ngo": [
        "ngo,legal_form,memorandum_signed_on,memorandum_terminated_on,contract_dated",
        "sezim,pf,2026-01-15,,2026-01-20",
    ],
    "provider": ["provider", "lyceum-12"],
    "facility": ["facility,kind,capacity,ngo", "bishkek,shelter,8,sezim"],
}


@pytest.fixture
def named(desk: "Desk") -> "Desk":
    """A store in which a name stands behind one code of every register."""
    for register, (code, names) in NAMES.items():
        more = " --capacity 8 --ngo sezim" if register == "facility" else ""
        assert desk.run(f"{register} add {code}{more}", names).code == 0
    return desk


def test_codes_and_dates_are_listed_and_no_name_is(named: "Desk") -> None:
    for register, (code, names) in NAMES.items():
        told = named.run(f"{register} list --format csv")
        assert re.sub("manager,manager,[0-9-]*", "manager,manager,2026-11-25", told.out).splitlines() == CSV[register]
        page = named.do(f"{register} list")
        assert page.page["command"] == f"{register} list"
        assert list(page.data["rows"][0]) == CSV[register][0].split(",")
        everything = told.out + page.out + named.run(f"{register} list --lang ru").out
        assert code in everything
        assert not [name for name in (names["name"], names["phone"]) if name in everything]


def test_a_register_without_an_entry_has_its_heading(desk: "Desk") -> None:
    assert desk.run("provider list").out == "Nothing is registered there yet.\n"
    assert desk.run("provider list --format csv").out == "provider\n"
    assert desk.run("provider list --format ndjson").out == ""


def test_codes_are_said_in_words_to_a_person(named: "Desk") -> None:
    assert "социальный работник" in named.run("staff list --lang ru").out
    assert "social worker" in named.run("staff list").out


def test_names_are_for_a_screen_that_is_gone_afterwards(named: "Desk") -> None:
    seen = At(named).run("ngo list --names", [""])
    assert seen.code == 0
    assert re.search(r"sezim +Пример +0000 000002 +public", seen.text)
    assert "Пример" not in seen.left
    told = named.refused("ngo list --names")
    assert (told.code, told.error) == (2, "usage/names")
    assert named.run("staff list --names --format csv").code == 2


def test_a_name_that_was_typed_is_saved_and_said_so(desk: "Desk") -> None:
    desk.do("ngo add sezim", {"name": "Примерный центр"})
    assert "The NGO sezim is registered." in At(desk).run("ngo add sezim", ["Образцовый центр", "."]).left
    assert "nothing changed" in At(desk).run("ngo add sezim", ["."]).left


def test_a_role_and_a_field_are_added_to_a_register_by_data_alone(desk: "Desk", tmp_path: Path) -> None:
    retold(desk)
    manual = shutil.copytree(open_rulebook().folder, tmp_path / "manual")
    lists, ngo = manual / "lists.yaml", manual / "tracks" / "ngo.yaml"
    lists.write_text(
        lists.read_text("utf-8").replace(
            "    security: {", "    cook: {en: cook, ru: повар, ky: ашпозчу}\n    security: {"
        ),
        "utf-8",
    )
    ngo.write_text(ngo.read_text("utf-8") + "  founded: {is: day, text: {en: Founded on}}\n", "utf-8")
    env = {"SHELTERCTL_MANUAL": str(manual)}
    assert "s-nur is registered as cook." in desk.run("staff add s-nur --role cook", env=env).out
    desk.do("ngo add sezim", {"founded": "2001-02-03"}, env=env)
    assert "s-nur,cook,2026-11-25," in desk.run("staff list --format csv", env=env).out
    assert desk.do("ngo list", env=env).data["rows"][0]["founded"] == "2001-02-03"
    assert "Founded on" in At(desk, env=env).run("ngo add sezim", [*[""] * 7, "."]).text


def test_a_field_of_its_own_is_told_in_every_form_of_the_list(desk: "Desk") -> None:
    session = Revised(desk)
    session.edit("tracks/staff.yaml", "clear:\n", "  trained_on: {is: day, text: {en: Trained on}}\nclear:\n")
    session.do("staff add s-gulnara", {"trained_on": "2026-03-01"})
    (row,) = [row for row in session.do("staff list").data["rows"] if row["staff"] == "s-gulnara"]
    assert row["trained_on"] == "2026-03-01"
    csv = session.run("staff list --format csv").out
    assert "s-gulnara,social_worker,2026-11-25,,2026-03-01" in csv
    assert "2026-03-01" in session.run("staff list").out
    asked = session.do("staff list --columns staff,trained_on --where trained_on=2026-03").data["rows"]
    assert asked == [{"staff": "s-gulnara", "trained_on": "2026-03-01"}]


def test_what_lies_in_clear_is_listed_where_the_rest_is_damaged(named: "Desk") -> None:
    (named.store / "directory.yaml.age").write_bytes(b"age-encryption.org/v1")
    told = named.ask("staff list")
    assert told.code == 6
    assert [row["role"] for row in told.data["rows"]] == ["manager", "psychologist", "social_worker"]
