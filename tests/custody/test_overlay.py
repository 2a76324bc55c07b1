"""A house's own stricter limits: what is refused, how records are judged, and why an edited one is not believed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document
from shelterctl.errors import Damaged
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session
from shelterctl.store.compatibility import newer_unreadable_error
from shelterctl.store.folder import SHELTER_FILE
from shelterctl.store.needed_rulebook import read_rulebook_of_store
from shelterctl.store.opening import open_store
from shelterctl.trust.chain import build_statement_tree, set_limit_in_chain
from shelterctl.trust.chain_state import merge_limits
from tests.support.desk import TODAY, Desk, copied
from tests.support.inputs import USUAL_ENTRIES
from tests.support.papers import PAPERS
from tests.support.role_house import house_by_role

PINK = "rules overlay add pink 2a --at-most 1500 --since 2026-11-25"


def limits_of(desk: Desk) -> list[dict[str, Any]]:
    return list(desk.do("rules overlay").data["rows"])


def over_cap(desk: Desk, amount: int, on: str, **how: Any) -> Mapping[str, Any] | None:
    """The finding about a line of pink in an agreement of a day, if there is one."""
    given = {**PAPERS["pink"], "date": on, "lines": {"2a": {"amount": amount}}}
    page = desk.ask(f"agreement {desk.her} --form pink --check", given, today="2027-06-01", **how).page
    return next((one for one in page["findings"] if one["code"] == "agreement/over-cap"), None)


def test_a_record_is_judged_by_the_stricter_number_from_its_day_to_its_last(admitted: Desk) -> None:
    added = admitted.do("rules overlay add pink 2a --at-most 1500 --since 2027-01-01 --decided-by s-gulnara").data
    assert added["limit"]["manual"] == "2000"
    assert over_cap(admitted, 1800, "2026-12-31") is None
    found = over_cap(admitted, 1800, "2027-01-01")
    assert found
    assert (found["clause"], found["where"], found["severity"]) == ("A5.2a", "/lines/2a/amount", "refuse")
    facts = found["facts"]
    assert (facts["overlay"], facts["cap"], facts["manual_limit"]) == (True, "1500.00", "2000")
    assert (facts["overlay_by"], facts["overlay_since"]) == ("s-gulnara", "2027-01-01")
    assert "the house's own limit" in found["message"]
    assert over_cap(admitted, 1500, "2027-01-01") is None
    twice = over_cap(admitted, 2100, "2027-01-01")
    assert twice
    assert twice["facts"]["overlay"]  # one finding, not one of the house and one of the manual

    admitted.do(f"rules overlay end {added['limit']['id']} --on 2027-02-01")
    assert over_cap(admitted, 1800, "2027-02-01")
    assert over_cap(admitted, 1800, "2027-02-02") is None
    assert [row["until"] for row in limits_of(admitted)] == ["2027-02-01"]  # it stays in the list


def test_a_saved_agreement_is_checked_by_it_and_the_form_prints_the_manuals_words(admitted: Desk) -> None:
    given = {**PAPERS["pink"], "date": TODAY, "lines": {"2a": {"amount": 1800}}}
    admitted.do(f"agreement {admitted.her} --form pink", given)
    admitted.do(PINK)
    codes = {one["code"]: one for one in admitted.ask(f"check {admitted.her}").page["findings"]}
    assert codes["agreement/over-cap"]["facts"]["overlay"]
    admitted.do("form pink --blank --lang en --out pink.txt")
    assert "max. 2000 Soms" in (admitted.folder / "pink.txt").read_text("utf-8")
    line = next(row for row in admitted.do("agreement --form pink").data["rows"] if row["line"] == "2a")
    assert line["limit"] == "2000.00"


def test_explain_and_rules_tell_it_beside_the_manuals_number(admitted: Desk) -> None:
    admitted.do("rules overlay add pocket-money --at-least 60 --since 2026-11-25 --reason-code donor")
    admitted.do(PINK)
    assert "own decision" in admitted.run("explain pink 2a").out
    assert "1500 instead of the manual's 2000" in admitted.run("explain A5.2a").out
    assert "own decision" not in admitted.run("explain pink 2b").out
    rules = admitted.do("explain track pocket-money").data["rules"]
    assert [rule.get("overlay", False) for rule in rules].count(True) == 1
    assert "The house's own limit: 60" in admitted.run("rules pocket-money").out


def test_pocket_money_is_proposed_and_judged_by_the_higher_least(admitted: Desk) -> None:
    admitted.do("rules overlay add pocket-money --at-least 60 --since 2026-11-25")
    days = {"from": "2026-11-25", "to": "2026-11-26"}
    given = {**USUAL_ENTRIES["pocket-money"], "on": "2026-11-25", "span": days, "amount": 100}
    found = admitted.ask(f"add {admitted.her} pocket-money --check", given).page["findings"]
    (one,) = [each for each in found if each["code"] == "track/too-little"]
    assert (one["facts"]["least"], one["facts"]["overlay"]) == (120, True)
    proposed = admitted.ask("add bishkek pocket-money --check", {"all": {"on": "2026-11-26"}}, today="2026-11-26")
    (row,) = proposed.data["rows"]
    assert row["amount"] == "270.00"  # three days by the manual, two by the house


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("blue 1a --months 2", "agreement/too-long"),
        ("pink --at-least 3 --field drafted_by", "agreement/drafted-together"),
    ],
)
def test_months_and_counts_are_tightened_too(admitted: Desk, words: str, code: str) -> None:
    form = words.partition(" ")[0]
    course = {"profession": "seamstress", "provider": "Lyceum 12", "from": "2026-12-01", "to": "2027-02-28"}
    given = {**PAPERS[form], "date": TODAY, "drafted_by": ["NGO Coordinator", "manager"]}
    given["lines"] = {"1a": {"amount": 1000, "course": course}} if form == "blue" else {"2a": {"amount": 10}}
    words_ = f"agreement {admitted.her} --form {form} --check"
    assert code not in admitted.ask(words_, given).codes()
    admitted.do(f"rules overlay add {words} --since {TODAY}")
    (found,) = [one for one in admitted.ask(words_, given).page["findings"] if one["code"] == code]
    assert found["facts"]["overlay"]


def test_one_house_of_several_is_stricter(admitted: Desk) -> None:
    admitted.do("facility add osh --capacity 8 --ngo sezim", {"address": "an invented street"})
    admitted.do(f"{PINK} --house osh")
    assert over_cap(admitted, 1800, TODAY) is None
    admitted.do("rules overlay add pink 2a --at-most 1700 --since 2026-11-25")
    found = over_cap(admitted, 1800, TODAY)
    assert found
    assert found["facts"]["cap"] == "1700.00"
    admitted.do("rules overlay add pink 2a --at-most 1600 --since 2026-11-25 --house bishkek")
    found = over_cap(admitted, 1800, TODAY)  # of two that hold the stricter
    assert found
    assert found["facts"]["cap"] == "1600.00"


def test_fewer_places_than_people_is_allowed_and_open_and_nobody_else_is_admitted(admitted: Desk) -> None:
    admitted.do("house --others 2")
    answer = admitted.do("rules overlay add shelter capacity --at-most 2 --since 2026-11-25")
    (found,) = answer.page["findings"]
    assert (found["code"], found["severity"], found["clause"]) == ("house/overfull", "open", "M1.2.9")
    house = admitted.do("house")
    assert (house.data["rows"][0]["capacity"], house.data["rows"][0]["free"]) == (2, 0)
    assert house.page["findings"][0]["facts"]["overlay_number"] == "2"
    her = admitted.do("admit --new-person", Path("examples/accepted/referral.yaml").resolve()).data["id"]
    full = admitted.refused(f"admit {her} --complete --on 2026-11-25")
    (one,) = [each for each in full.page["findings"] if each["code"] == "admission/full-house"]
    assert (one["severity"], one["facts"]["overlay"], one["facts"]["manual_limit"]) == ("refuse", True, "10")


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        ("pink 2a --at-most 2000 --since 2026-11-25", 1, "overlay/not-stricter"),
        ("pink 2a --at-most 2500 --since 2026-11-25", 1, "overlay/not-stricter"),
        ("pocket-money --at-least 40 --since 2026-11-25", 1, "overlay/not-stricter"),
        ("shelter capacity --at-most 10 --since 2026-11-25", 1, "overlay/not-stricter"),
        ("blue 1a --months 3 --since 2026-11-25", 1, "overlay/not-stricter"),
        ("pnk 2a --at-most 5 --since 2026-11-25", 3, "overlay/unknown-name"),
        ("pink 2x --at-most 5 --since 2026-11-25", 3, "overlay/unknown-line"),
        ("pink 2a --at-least 5 --since 2026-11-25", 2, "overlay/no-number"),
        ("shelter --at-least 5 --since 2026-11-25", 2, "overlay/no-number"),
        ("need --at-least 5 --since 2026-11-25", 2, "overlay/no-number"),
        ("pink --at-most 5 --since 2026-11-25", 2, "overlay/which"),
        ("plan --months 2 --since 2026-11-25", 2, "overlay/which"),
        ("pink 2a --at-most=-5 --since 2026-11-25", 2, "overlay/number"),
        ("pink 2a --at-most 0 --since 2026-11-25", 2, "overlay/number"),
        ("pink 2a --at-most 1.555 --since 2026-11-25", 2, "overlay/number"),
        ("pink 3 --at-most 12.5 --field days --since 2026-11-25", 2, "overlay/number"),
        ("pocket-money --at-least 60.5 --since 2026-11-25", 2, "overlay/number"),
        ("pink 2a --at-most many --since 2026-11-25", 2, "overlay/number"),
        ("pink 2a --at-most 5 --since 2019-01-01", 2, "usage/date"),
        ("pink 2a --at-most 5 --since 2026-11-25 --until 2026-11-24", 2, "usage/date"),
        ("pink 2a --at-most 5 --since 2026-13-01", 2, "usage/date"),
        ("pink 2a --at-most 5 --since 2026-11-25 --house osh", 3, "overlay/unknown-house"),
        ("carc capacity --at-most 5 --since 2026-11-25 --house bishkek", 2, "overlay/house"),
        ("pink 2a --at-most 5 --since 2026-11-25 --decided-by s-nobody", 3, "staff/unknown"),
        ("pink 2a --at-most 5 --since 2026-11-25 --reason-code whim", 2, "overlay/reason"),
        ("pink 2a --at-most 5", 2, "usage/missing"),
        ("pink 2a --since 2026-11-25", 2, "usage/one-thing"),
        ("pink 2a --at-most 5 --at-least 1 --since 2026-11-25", 2, "usage/one-thing"),
    ],
)
def test_what_cannot_be_a_limit_is_refused_and_nothing_is_written(
    admitted: Desk, words: str, exit_code: int, code: str
) -> None:
    answer = admitted.refused(f"rules overlay add {words}")
    assert (answer.code, {*answer.refusals} or {answer.error}) == (exit_code, {code})


def test_a_looser_one_is_refused_with_the_manuals_number_of_those_days_and_its_clause(admitted: Desk) -> None:
    answer = admitted.refused("rules overlay add pink 2a --at-most 2500 --since 2027-01-01")
    (found,) = answer.page["findings"]
    assert found["facts"] == {"number": "2500", "manual": "2000", "since": "2027-01-01", "clause": "A5.2a"}


def test_the_same_limit_is_set_once_on_one_day_and_ended_once(admitted: Desk) -> None:
    one = admitted.do(f"{PINK} --until 2026-12-31").data["limit"]["id"]
    answer = admitted.refused("rules overlay add pink 2a --at-most 1000 --since 2026-12-31")
    assert set(answer.refusals) == {"overlay/twice"}
    admitted.do("rules overlay add pink 2a --at-most 1000 --since 2027-01-01")
    assert admitted.refused(f"rules overlay end {one} --on 2027-01-05").error == "overlay/ended"
    assert admitted.refused(f"rules overlay end {one} --on 2026-11-01").error == "usage/date"
    assert admitted.refused("rules overlay end KKKKKK").error == "overlay/unknown-limit"
    admitted.do(f"rules overlay end {one.lower()} --on 2026-11-24")  # by mistake: it never held
    assert over_cap(admitted, 1800, TODAY) is None
    assert [row["state"] for row in limits_of(admitted)] == ["ended", "to_come"]


def test_an_edited_limit_is_not_believed(admitted: Desk) -> None:
    admitted.do(PINK)
    place = admitted.store / "trust.jsonl"
    place.write_bytes(place.read_bytes().replace(b'"number":"1500"', b'"number":"1900"'))
    for words in ("rules overlay", f"check {admitted.her}", "list"):
        assert admitted.ask(words).code == 6


def test_a_limit_says_nothing_else_when_it_is_signed_again_than_another_last_day(admitted: Desk) -> None:
    admitted.do(PINK)
    session = Session(options=Options(store=str(admitted.store), identity=str(admitted.key)))
    chain, (limit,) = session.store.vault.journal.chain, session.store.vault.journal.chain.limits
    ended = replace(limit, until=limit.since + timedelta(days=9))
    assert set_limit_in_chain(chain, ended, "manager", session.timestamp, session.key).limits == (ended,)
    for other in (replace(limit, number="1900"), replace(limit, house="bishkek"), replace(limit, since=date.max)):
        with pytest.raises(Damaged):
            set_limit_in_chain(chain, other, "manager", session.timestamp, session.key)


def test_an_older_program_stops_at_the_store(admitted: Desk) -> None:
    admitted.do(PINK)
    shelter = read_document((admitted.store / SHELTER_FILE).read_bytes()).value
    assert read_rulebook_of_store(shelter).revision == 7
    session = Session(options=Options(store=str(admitted.store), identity=str(admitted.key)))
    older = replace(open_rulebook())
    vars(older)["version"] = {**older.version, "revision": 6}
    with pytest.raises(type(newer_unreadable_error(""))) as stopped:
        open_store(admitted.store, session.key, older, None)
    assert stopped.value.code == "store/newer"


def test_a_file_outside_a_store_is_checked_by_the_manual_alone_and_it_is_said(admitted: Desk) -> None:
    admitted.do(PINK)
    given = {**PAPERS["pink"], "date": TODAY, "lines": {"2a": {"amount": 1800}}}
    record = admitted.record()
    record["agreements"] = [{"id": "A1AAAA", "form": "pink", **given}]
    (admitted.folder / "hers.yaml").write_text(format_document(record), "utf-8")
    answer = admitted.run("check hers.yaml")
    assert "own limit" not in answer.out
    assert "limits that the house set itself" in answer.out


@pytest.fixture
def by_role(_admitted: Desk, _empty: Desk, tmp_path: Path) -> Desk:
    return house_by_role(copied(_admitted, tmp_path / "desk"), _empty.folder.parent / "recovery").desk


def test_only_a_manager_sets_limits_once_roles_decide(by_role: Desk) -> None:
    assert by_role.ask(f"{PINK} --staff s-gulnara").error == "trust/not-manager"
    by_role.do(PINK)
    assert by_role.do("rules overlay --staff s-gulnara").data["rows"]
    assert over_cap(by_role, 1800, TODAY)


def test_two_lists_that_come_together_keep_the_limits_of_both(admitted: Desk) -> None:
    first = admitted.do(PINK).data["limit"]["id"]
    lines = (admitted.store / "trust.jsonl").read_bytes()
    tree = build_statement_tree(lines, 0)
    state = tree.states[next(iter(tree.tips))]
    ended = replace(state, limits=tuple(replace(one, until=one.since) for one in state.limits))
    assert [(one.id, one.until) for one in merge_limits([ended, state])] == [(first, None)]
