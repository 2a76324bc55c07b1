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


@pytest.mark.parametrize("words", ["due nobody", "show nobody", "add nobody need"])
def test_what_is_neither_an_id_nor_a_code_names_the_lists_of_both(admitted: Desk, words: str) -> None:
    refused = admitted.run(words)
    assert refused.code == 2
    assert "neither a code" in refused.err
    assert "shelterctl list." in refused.err
    assert "shelterctl staff list" in refused.err


@pytest.mark.parametrize("option", ["--public", "--close", "--check", "--out list.pdf", "--as-known-on 2026-11-01"])
def test_the_list_of_reports_takes_no_option_of_one(admitted: Desk, option: str) -> None:
    refused = admitted.refused(f"report list {option}")
    assert (refused.code, refused.error) == (2, "usage/one-thing")
    assert option.split(maxsplit=1)[0] in refused.page["error"]["message"]


def test_two_duties_of_one_entry_differ_in_words(admitted: Desk) -> None:
    rows = admitted.ask("due").data["rows"]
    seen = [tuple(map(str, row.values())) for row in rows]
    assert len(seen) == len({*seen})
    assert all(row["text"] for row in rows)


def test_a_file_that_is_not_replaced_is_offered_no_overwrite(admitted: Desk) -> None:
    for name, offered in (("plain.txt", True), ("sealed.txt", False)):
        content = b"text" if offered else b"age-encryption.org/v1\n" + b"#" * 40
        (admitted.folder / name).write_bytes(content)
        refused = admitted.refused(f"form pink --blank --as txt --out {name}")
        assert refused.codes() == ["paper/exists"]
        assert ("--overwrite" in refused.page["findings"][0]["message"]) == offered
