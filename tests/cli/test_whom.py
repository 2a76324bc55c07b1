"""Whom an entry is about, typed wrongly: an unknown register, a code of two, a track of another home, no month."""

import pytest

from tests.support.desk import Desk


@pytest.mark.parametrize(
    ("words", "code", "near"),
    [
        ("add bishkek visti", "usage/track", "visit"),
        ("show bishkek visti", "usage/track", "visit"),
        ("list visti", "usage/track", "visit"),
        ("form visti bishkek", "form/unknown", "visit"),
        ("show hous:bishkek", "usage/home", "house"),
        ("show house:osh", "register/unknown-code", ""),
        ("show house:bishkk", "register/unknown-code", "bishkek"),
        ("add bishkk visit", "register/unknown-code", "bishkek"),
        ("show Bishkek", "register/unknown-code", "bishkek"),
        ("show gulnara", "register/unknown-code", "s-gulnara"),
        ("add nobody visit", "register/unknown-code", ""),
        ("show nobody visit", "register/unknown-code", ""),
        ("close nobody incident", "register/unknown-code", ""),
        ("show nobody need", "usage/id", ""),
        ("show bishkek visit 4XK792", "usage/words", ""),
        ("add bishkek need", "usage/other-home", ""),
        ("show bishkek need", "usage/other-home", ""),
        ("add {her} visit", "usage/other-home", ""),
        ("add ngo:sezim visit", "usage/other-home", ""),
        ("form visit {her}", "usage/other-home", ""),
        ("form need bishkek", "usage/other-home", ""),
        ("list visit --month nonsense", "usage/month", ""),
        ("show bishkek visit --month 2026-13", "usage/month", ""),
        ("form visit bishkek --month 13", "usage/month", ""),
        ("form need {her} --month last", "usage/month", ""),
        ("show {her} need --month last", "usage/month", ""),
        ("form visit --blank --month last", "usage/month", ""),
        ("form visit bishkek --entry 4XK792", "usage/entry", ""),
        ("form incident bishkek --entry 4XK792 --month last", "usage/one-thing", ""),
    ],
)
def test_what_is_typed_wrongly_is_named(admitted: Desk, words: str, code: str, near: str) -> None:
    refused = admitted.refused(words.format(her=admitted.her))
    assert refused.page["error"]["code"] == code
    assert near in refused.out


def test_a_code_of_two_registers_is_named_with_one(admitted: Desk) -> None:
    admitted.do("facility add osh --capacity 8")
    admitted.do("ngo add osh")
    refused = admitted.refused("show osh")
    assert refused.code == 2
    assert refused.page["error"]["code"] == "usage/which-register"
    assert "house:osh, ngo:osh" in admitted.run("show osh").err
    assert admitted.do("show house:osh").data["home"] == "house"
    assert admitted.do("show ngo:osh").data["home"] == "ngo"


@pytest.mark.parametrize("words", ["facility add", "ngo add", "provider add", "staff add"])
@pytest.mark.parametrize("code", ["hospital", "abcd-1234", "abcd1234"])
def test_a_code_that_could_be_an_id_is_refused_when_it_is_made(admitted: Desk, words: str, code: str) -> None:
    given = {"name": "Hospital"} if words == "provider add" else None
    refused = admitted.refused(f"{words} {code}", given)
    assert (refused.code, refused.page["error"]["code"]) == (2, "usage/code")
    assert admitted.do(f"{words} {code}-a", given).code == 0


def test_a_house_is_not_founded_under_such_a_code(admitted: Desk) -> None:
    refused = admitted.ask("init other --shelter hospital --no-passphrase --recovery paper2", today=None)
    assert (refused.code, refused.page["error"]["code"]) == (2, "usage/code")


@pytest.mark.parametrize(("track", "home"), [("visit", "facility"), ("staff-paper", "staff"), ("ngo-paper", "ngo")])
def test_an_unknown_code_beside_a_register_names_the_list_of_its_codes(admitted: Desk, track: str, home: str) -> None:
    assert f"shelterctl {home} list" in admitted.run(f"show zzzz {track}").err
    assert f"shelterctl {home} list" in admitted.run(f"add zzzz {track}").err


def test_an_act_that_is_refused_names_the_command_that_fills_in_the_entry(admitted: Desk) -> None:
    incident = {"kind": "threat_of_attack", "at": "2026-11-24T10:00"}
    entry = admitted.do("add bishkek incident", incident).data["entry"]
    refused = admitted.run("close bishkek incident")
    assert refused.code == 1
    assert f"shelterctl add bishkek incident {entry}" in refused.out
    assert "shelterctl add bishkek incident" not in admitted.run("close bishkek incident --check").out
