"""What a new user meets in the first hour: an id misread, no store yet, a second one, a role changed by mistake."""

from typing import TYPE_CHECKING

import pytest
from terminal import LEAVE, At

from shelterctl.core.people import is_name_too_short
from shelterctl.errors import UsageError
from shelterctl.identity.key_file import change_passphrase
from shelterctl.store.folder import parse_client_id

if TYPE_CHECKING:
    from conftest import Desk


NOWHERE = {"SHELTERCTL_STORE": "nowhere"}


@pytest.mark.parametrize(
    "typed", ["H0MX-A1MM", "h0mxa1mm", "homx aimm", "HOMX-ALMM", " h0mx a1mm ", "Н0МХ-А1ММ", "нoмх-а1мм"]
)
def test_an_id_is_read_as_it_is_taken_down(typed: str) -> None:
    assert parse_client_id(typed) == "H0MX-A1MM"


@pytest.mark.parametrize("typed", ["H0MX-A1M", "H0MX-A1MU", "H0MX  A1MM", "H0-MXA1MM", "Н0МЖ-А1ММ", ""])
def test_what_cannot_be_an_id_is_told_the_letters_that_never_occur(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_client_id(typed)
    assert refused.value.facts["never"] == ["I", "L", "O", "U"]


def test_without_a_store_no_passphrase_is_asked_for(desk: "Desk") -> None:
    change_passphrase(desk.key, str, lambda: "orchard кымыз lantern river", work_factor=10)
    for words in ("list", "find", "admit", "menu", ""):
        seen = At(desk, env=NOWHERE).run(words, [])
        assert (seen.code, "Passphrase" in seen.text) == (3, False), words
        assert "shelterctl restore DIR --store NEW" in " ".join(seen.text.split())


def test_no_store_is_made_within_another(desk: "Desk") -> None:
    for folder in ("house/second", "house/residents/deep/er"):
        told = desk.refused(f"init {folder} --shelter osh --no-passphrase", today=None)
        assert (told.code, told.error) == (2, "init/inside")
    assert desk.do("init beside --shelter osh --no-passphrase --recovery paper", today=None).data["facility"] == "osh"


def test_the_next_step_goes_into_the_folder_where_the_store_is_another(desk: "Desk") -> None:
    told = desk.run("init 'a new house' --shelter osh --no-passphrase --recovery paper", today=None).out
    assert "Next: go into the folder with: cd 'a new house'\n" in told
    assert str(desk.folder) not in told.partition("identity:")[0]
    (desk.folder / "empty").mkdir()
    told = desk.run(
        "init --shelter osh --no-passphrase --recovery ../other-paper", today=None, cwd=desk.folder / "empty"
    ).out
    assert "Next: register your NGO" in told
    assert "cd " not in told


@pytest.mark.parametrize(("answer", "role"), [("", "psychologist"), ("no", "psychologist"), ("yes", "manager")])
def test_at_a_terminal_a_role_changes_only_when_that_is_confirmed(answer: str, role: str, desk: "Desk") -> None:
    seen = At(desk).run("staff add s-aida --role manager", [answer, ".", "."])
    assert "s-aida is registered as psychologist. Change that to manager of the shelter?" in seen.text
    assert f"role: {role}\n" in desk.run("staff add s-aida").out.replace(" of the shelter", "")


def test_off_a_terminal_a_role_changes_at_once(desk: "Desk") -> None:
    assert desk.do("staff add s-aida --role manager").data["role"] == "manager"


@pytest.mark.parametrize("words", ["--as-of 2027-06-01", "--staff=s-aida --as-of 2027-06-01", "--store house"])
def test_options_without_a_command_open_the_menu_with_them(words: str, desk: "Desk") -> None:
    seen = At(desk, today=None).run(words, [LEAVE])
    assert seen.code == 0
    assert "What would you like to do?" in seen.text
    assert ("2027-06-01" in seen.text) == ("2027-06-01" in words)
    assert ("s-aida" in seen.text) == ("s-aida" in words)


def test_options_without_a_command_are_none_off_a_terminal(desk: "Desk") -> None:
    assert desk.refused("").error == "usage/command"
    assert At(desk, today=None).run("--format csv", []).code == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("staff add s-new --role boss", "usage/role", "social_worker (social worker)"),
        ("agreement --form green", "usage/form", "blue (blue form), pink (pink form)"),
        ("facility add osh --kind tent", "usage/kind", "shelter (shelter)"),
    ],
)
def test_a_code_that_is_none_is_told_those_that_are_with_what_they_mean(
    words: str, code: str, said: str, desk: "Desk"
) -> None:
    told = desk.refused(words)
    assert told.error == code
    assert said in told.page["error"]["message"]
    assert f"{said.partition(' (')[0]} (" in desk.run(f"{words} --lang ru").err


@pytest.mark.parametrize(("name", "short"), [("Ай", True), ("а й", True), ("Айг", False), ("", False)])
def test_too_few_letters_are_said_to_be_too_few(name: str, short: bool, admitted: "Desk") -> None:
    assert is_name_too_short({"first_name": name}) is short
    if name:
        seen = At(admitted).run("find", [name, "", ""])
        assert ("at least 3 letters" in seen.text) is short


def test_what_is_recorded_is_not_advised(admitted: "Desk") -> None:
    admitted.do(f"discharge {admitted.her} --on 2026-11-25 --own-decision")
    told = admitted.do("check").finding("discharge/iom-consulted")
    assert told["severity"] == "open"
    assert "--own-decision" not in told["message"]
    assert "iom_consulted_on" in told["message"]
