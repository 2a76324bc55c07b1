"""The rules in force on a day, and what a proposed rulebook would change: impact is the difference of two checks."""

import csv
import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from shelterctl.edition import MANUAL_VARIABLE
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store.folder import record_file
from tests.support.desk import Desk
from tests.support.inputs import REFERRAL
from tests.support.revised_rulebook import Revised
from tests.support.role_house import RoleHouse, house_by_role

LAST, SINCE = "2026-11-25", "2026-11-26"
SUMMER_CLOTHES = "{amount: amount, at_most: 2000, within: stay, clause: A5.2a, reading: X22}"
FOOD = "{amount: amount, at_most: 200, times: [days, persons], clause: A5.3}"
WHO_EATS = "the client and the children who stay with her"
FOOD_LATER = FOOD.replace("}", f", later: [{{since: {SINCE}, at_most: 250, clause: A5.3}}]}}")
FAR = 36600
"""Deadlines are compared however far ahead they are."""


def rows(desk: Desk, words: str, today: str = LAST) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.do(f"rules {words}", today=today).data["rows"]
    return found


class Proposal:
    """A changed copy of a rulebook, to be compared with that of the store at a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.folder = desk, desk.folder.with_name("draft")
        shutil.copytree(desk.manual if isinstance(desk, Revised) else open_rulebook().folder, self.folder)

    def edit(self, file: str, old: str, new: str) -> "Proposal":
        path = self.folder / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (file, old)
        path.write_text(text.replace(old, new), "utf-8")
        return self

    def impact(self, options: str = "", **how: Any) -> dict[str, Any]:
        """What impact answers; nothing of the store is another afterwards."""
        before = self.desk.digest_of_store()
        data: dict[str, Any] = self.desk.do(f"rules impact {self.folder} {options}", **how).data
        assert self.desk.digest_of_store() == before
        return data

    def require_difference(self, data: Mapping[str, Any], **how: Any) -> None:
        """Findings and deadlines in an answer are the difference of what check and due say by both rulebooks."""
        then = {"env": {MANUAL_VARIABLE: str(self.folder)}, **how}
        first, second = (Counter(findings(self.desk, **each)) for each in (how, then))
        told = [row for row in data["rows"] if row["what"] == "finding"]
        gone = Counter(seen(row, "before") for row in told if row["before"])
        new = Counter(seen(row, "after") for row in told if row["after"])
        assert (gone, new) == (first - second, second - first)
        was, is_ = (Counter(deadlines(self.desk, **each)) for each in (how, then))
        told = [row for row in data["rows"] if row["what"] == "deadline"]
        assert Counter((row["id"], row["code"], row["before"]) for row in told if row["before"]) == was - is_
        assert Counter((row["id"], row["code"], row["after"]) for row in told if row["after"]) == is_ - was


def findings(desk: Desk, **how: Any) -> list[tuple[Any, ...]]:
    """The findings of a check on records; those on the store itself are left out."""
    listed = desk.ask("check", **how).page["findings"]
    keys = ("record", "where", "code", "severity", "message")
    return [tuple(one[key] for key in keys) for one in listed if one["record"]]


def seen(row: Mapping[str, Any], when: str) -> tuple[Any, ...]:
    return row["id"], row["where"], row["code"], row[f"severity_{when}"], row[when]


def deadlines(desk: Desk, **how: Any) -> list[tuple[Any, ...]]:
    """What is due, without items of acts, which have no day."""
    listed = desk.ask(f"due --within {FAR}", **how).data["rows"]
    days = ((one, one["due_at"] or one["due_on"] or one["state"]) for one in listed if one["state"] != "open")
    return [(one["id"], one["what"], f"missing: {one['gaps']}" if one["gaps"] else day) for one, day in days]


@pytest.fixture
def desk(admitted: Desk) -> Revised:
    """A store of a rulebook that is a copy of the shipped one, with an agreement of each of two days."""
    desk = Revised(admitted)
    desk.edit("tracks/pink.yaml", SUMMER_CLOTHES, SUMMER_CLOTHES.replace("2000", "9000"))
    desk.edit("tracks/pink.yaml", FOOD, FOOD.replace("200", "900"))
    for day in (LAST, SINCE):
        lines = {"2a": {"amount": 2500}, "3": {"amount": 1200, "days": 5, "persons": 1}}
        desk.do(f"agreement {desk.her} --form pink", {"number": f"SH-{day}", "date": day, "lines": lines}, today=day)
    desk.edit("tracks/pink.yaml", SUMMER_CLOTHES.replace("2000", "9000"), SUMMER_CLOTHES)
    desk.edit("tracks/pink.yaml", FOOD.replace("200", "900"), FOOD)
    return desk


def test_rules_are_listed_as_they_hold_on_a_day_with_what_replaces_them(desk: Revised) -> None:
    desk.edit("tracks/pink.yaml", FOOD, FOOD_LATER)
    (food,) = (row for row in rows(desk, "A5.3") if row["names"] == ["amount"])
    assert (food["of"], food["part"], food["severity"], food["act"]) == ("pink", "3", "refuse", "agreement")
    most = [f"at most {most} × “number of days” × “number of persons: {WHO_EATS}”" for most in (200, 250)]
    assert (food["limit"], food["until"], food["then"]) == (most[0], SINCE, f"{most[1]} (A5.3)")
    (food,) = (row for row in rows(desk, f"pink --on {SINCE}") if (row["part"], row["names"]) == ("3", ["amount"]))
    assert (food["limit"], food["since"], food["until"]) == (most[1], SINCE, None)
    history = [row for row in rows(desk, "pink --all") if (row["part"], row["names"]) == ("3", ["amount"])]
    assert [row["limit"] for row in history] == most


def test_every_limit_and_weight_is_said_in_russian(admitted: Desk) -> None:
    shown = admitted.run("rules --all --lang ru").out.splitlines()
    terms = [re.sub(r" Пункт: .*", "", line) for line in shown if line.startswith("    ")]
    assert any("не больше 200 × «" in line for line in terms)
    assert not [line for line in terms if re.search("[A-Za-z]{2}", line)]


def test_the_pages_of_a_proposal_and_of_own_limits_are_russian(desk: Revised) -> None:
    proposal = Proposal(desk).edit("tracks/pink.yaml", SUMMER_CLOTHES, SUMMER_CLOTHES.replace("2000", "40"))
    proposal.edit("tracks/report.yaml", "after: {months: 6}", "after: {months: 3}")
    shown = desk.run(f"rules impact {proposal.folder} --lang ru").out.replace(desk.her, "")
    assert "розовая форма, 2a (числа, «Сумма в сомах»)" in shown
    assert not re.search(r"(?<![-/\w])[a-z]{3,}(?![/\w])", shown)
    desk.do("rules overlay add pink 2a --at-most 1500 --since 2027-01-01")
    head, row = desk.run("rules overlay --lang ru").out.splitlines()[-2:]
    assert "кто установил" in head
    assert "не больше 1500" in row


def test_a_proposal_that_cites_a_clause_without_text_says_how_to_add_it(desk: Revised) -> None:
    later = SUMMER_CLOTHES.replace("A5.2a", "IOM-2027-9")
    proposal = Proposal(desk).edit("tracks/pink.yaml", SUMMER_CLOTHES, later)
    refused = desk.ask(f"rules impact {proposal.folder}")
    assert (refused.code, refused.error) == (4, "shelf/word")
    assert "rules new IOM-2027-9 --in" in refused.page["error"]["message"]
    desk.ask(f"rules new IOM-2027-9 --in {proposal.folder}")
    path = proposal.folder / "clauses.yaml"
    assert desk.ask(f"rules impact {proposal.folder}").code == 4
    path.write_text(
        re.sub(r'(?m)^( +(en|text): )""$', r'\1"Summer clothes: 2000 som"', path.read_text("utf-8")), "utf-8"
    )
    (change, *_) = proposal.impact()["changes"]
    assert (change["of"], change["clause"]) == ("pink", "IOM-2027-9")


def test_a_repealed_rule_is_left_out_and_each_kind_of_name_narrows_the_list(admitted: Desk) -> None:
    assert {row["of"] for row in rows(admitted, "X22")} == {"pink"}
    items = [row for row in rows(admitted, "admission") if row["verb"] == "item"]
    assert {row["severity"] for row in items} == {"refuse", "open"}
    assert [row["part"] for row in rows(admitted, "shelter-rules")] == [str(number) for number in range(1, 14)]
    assert {row["verb"] for row in rows(admitted, "report")} >= {"due", "needs"}
    desk = Revised(admitted)
    desk.edit("tracks/pink.yaml", FOOD, FOOD_LATER.replace("at_most: 250", "repealed: true"))
    for day, there in ((LAST, True), (SINCE, False)):
        caps = [row["part"] for row in rows(desk, f"pink --on {day}") if row["names"] == ["amount"]]
        assert ("3" in caps) is there


def test_every_rule_has_words_in_both_languages_and_a_list_for_spreadsheets(admitted: Desk) -> None:
    every = rows(admitted, "")
    assert len(every) > 700
    assert all(row["words"] for row in every)
    table = admitted.run("rules pink --format csv")
    assert [row["clause"] for row in csv.DictReader(io.StringIO(table.out))] == [
        row["clause"] for row in rows(admitted, "pink")
    ]
    russian = admitted.run("rules pink --lang ru")
    assert (russian.code, "Не более 2000" in russian.out or "не более 2000" in russian.out) == (0, True)


def test_a_name_that_nothing_has_is_not_found_and_the_nearest_are_named(admitted: Desk) -> None:
    answer = admitted.refused("rules pinc")
    assert (answer.code, answer.error) == (3, "rules/unknown")
    assert "pink" in answer.page["error"]["hint"]
    assert admitted.run("rules pink extra").code == 2
    assert admitted.do("rules A6.C1c").data["rows"] == []


def test_a_cap_that_is_raised_makes_findings_vanish_and_leaves_more(desk: Revised) -> None:
    proposal = Proposal(desk).edit("tracks/pink.yaml", SUMMER_CLOTHES, SUMMER_CLOTHES.replace("2000", "3000"))
    data = proposal.impact()
    proposal.require_difference(data)
    assert [(one["of"], one["part"], one["before"], one["after"]) for one in data["changes"]] == [
        ("pink", "2a", "at most 2000, counted together: this stay (A5.2a)",
         "at most 3000, counted together: this stay (A5.2a)"),
    ]  # fmt: skip
    over = [row for row in data["rows"] if row["code"] == "agreement/over-cap"]
    assert [(row["severity_before"], row["after"] is None) for row in over] == [("refuse", True), ("refuse", True)]
    sums = [row for row in data["rows"] if row["what"] == "sum"]
    assert {(row["code"], row["before"], row["after"]) for row in sums} == {("pink 2a", "-2500.00", "-2000.00")}
    counts = {(one["what"], one["clause"]): (one["new"], one["gone"], one["changed"]) for one in data["counts"]}
    assert counts["sum", "A5.2a"] == (0, 0, 2)
    assert counts["finding", "A5.2a"][1] == 2


def test_a_cap_raised_from_a_day_changes_only_records_from_that_day(desk: Revised) -> None:
    proposal = Proposal(desk).edit("tracks/pink.yaml", FOOD, FOOD_LATER)
    data = proposal.impact(today=SINCE)
    proposal.require_difference(data, today=SINCE)
    sums = [(row["where"], row["before"], row["after"]) for row in data["rows"] if row["what"] == "sum"]
    assert sums == [("/agreements/1/lines/3", "-200.00", "50.00")]
    (over,) = (row for row in data["rows"] if row["what"] == "finding")
    assert (over["where"], over["severity_before"], over["after"]) == ("/agreements/1/lines/3/amount", "refuse", None)


def test_an_item_that_is_withdrawn_from_a_day_is_gone_for_acts_from_that_day(discharged: Desk) -> None:
    desk = Revised(discharged)
    gate = "    owner: manager\n    gate: true\n    clause: M2.1.4\n"
    later = f"{gate}    later: [{{since: {SINCE}, repealed: true, clause: M2.1.4}}]\n"
    proposal = Proposal(desk).edit("acts/discharge.yaml", gate, later)
    assert proposal.impact(today=SINCE)["rows"] == []
    proposal.edit("acts/discharge.yaml", f"since: {SINCE}", f"since: {LAST}")
    data = proposal.impact(today=SINCE)
    proposal.require_difference(data, today=SINCE)
    assert [(row["what"], row["code"], row["severity_before"], row["after"]) for row in data["rows"]] == [
        ("item", "iom-consulted", "refuse", None)
    ]


def test_a_deadline_that_moves_has_both_its_days(discharged: Desk) -> None:
    proposal = Proposal(Revised(discharged)).edit("tracks/report.yaml", "after: {months: 6}", "after: {months: 4}")
    data = proposal.impact()
    proposal.require_difference(data)
    moved = [(row["before"], row["after"], row["clause"]) for row in data["rows"] if row["what"] == "deadline"]
    assert moved == [("2027-05-25", "2027-03-25", "A7.D")]


def test_many_records_and_registers_change_as_two_checks_say(tmp_path: Path) -> None:
    Desk(tmp_path).do(f"demo generate --years 1 --clients 5 --seed 4 {tmp_path / 'made'}", today=SINCE)
    proposal = Proposal(Desk(tmp_path / "made"))
    proposal.edit("tracks/pink.yaml", SUMMER_CLOTHES, SUMMER_CLOTHES.replace("2000", "40"))
    proposal.edit("tracks/report.yaml", "after: {months: 6}", "after: {months: 3}")
    proposal.edit("tracks/clothing.yaml", "winter: {en", "winter: {later: [{since: 2026-01-01, repealed: true}], en")
    proposal.edit("tracks/shift.yaml", "rules:\n", "rules:\n  - {needs: ends_at, strength: note, clause: M4.0.2}\n")
    data = proposal.impact(today=SINCE)
    proposal.require_difference(data, today=SINCE)
    assert data["records"] == 5
    assert {row["what"] for row in data["rows"]} >= {"finding", "deadline"}
    assert {(one["verb"], one["of"]) for one in data["changes"]} == {
        ("amount", "pink"), ("due", "report"), ("field", "clothing"), ("needs", "shift"),
    }  # fmt: skip


def test_a_record_that_the_proposed_rulebook_cannot_read_says_so_in_one_row(desk: Revised) -> None:
    desk.do(f"add {desk.her} clothing", {"on": LAST, "items": ["winter_clothes"], "what": "a coat", "by": "s-gulnara"})
    proposal = Proposal(desk)
    place = proposal.folder / "tracks" / "clothing.yaml"
    before, field, after = re.split(r"(?ms)^(  what:\n.*?)(?=^  by:)", place.read_text("utf-8"))
    assert "What exactly" in field
    place.write_text((before + after).replace(", what", ""), "utf-8")
    place.write_text(place.read_text("utf-8").replace("season: last: last", "season: last"), "utf-8")
    data = proposal.impact()
    (row,) = data["rows"]
    assert (row["id"], row["what"], row["where"]) == (desk.her, "unreadable", "/stays/0/clothing/0/what")
    assert (row["code"], row["before"], data["records"]) == ("shape/unknown-key", None, 0)


def test_a_damaged_file_is_told_and_the_rest_is_compared(desk: Revised) -> None:
    proposal = Proposal(desk).edit("tracks/pink.yaml", SUMMER_CLOTHES, SUMMER_CLOTHES.replace("2000", "3000"))
    other = desk.do("admit --new-person", REFERRAL).data["id"]
    path = desk.store / record_file(other)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    answer = desk.ask(f"rules impact {proposal.folder}")
    assert (answer.code, answer.error) == (6, "store/part")
    assert answer.codes() == ["vault/damaged"] or other in json.dumps(answer.page["findings"])
    assert {row["id"] for row in answer.data["rows"]} == {desk.her}


def test_a_broken_proposal_is_refused_with_its_place(desk: Revised) -> None:
    proposal = Proposal(desk).edit("tracks/pink.yaml", "clause: A5.2a, reading: X22", "clause: A5.2z, reading: X22")
    answer = desk.refused(f"rules impact {proposal.folder}")
    (slip,) = answer.page["findings"]
    assert (answer.code, slip["facts"]["file"], slip["where"]) == (4, "tracks/pink.yaml", "/parts/2a/rules/0/clause")
    assert slip["line"] > 1
    assert "A5.2z" in slip["message"]
    proposal.edit("tracks/pink.yaml", "clause: A5.2z", "claus: A5.2a")
    assert desk.refused(f"rules impact {proposal.folder}").code == 4
    assert desk.refused("rules impact nowhere").code == 3


@pytest.fixture
def house(_empty: Desk, admitted: Desk) -> RoleHouse:
    """A house in which each person has a key."""
    return house_by_role(admitted, _empty.folder.parent / "recovery")


def test_a_key_that_opens_less_says_what_was_not_judged(house: RoleHouse) -> None:
    proposal = Proposal(house.desk).edit("tracks/report.yaml", "after: {months: 6}", "after: {months: 4}")
    said = {code: " ".join(proposal.impact(f"--staff {code}")["said"]) for code in ("manager", "s-gulnara", "s-guard")}
    assert "psycholog" in said["s-gulnara"]
    assert "opens no client" in said["s-guard"]


def test_at_a_terminal_rules_counts_and_records_are_told_in_russian_too(desk: Revised) -> None:
    proposal = Proposal(desk).edit("tracks/pink.yaml", SUMMER_CLOTHES, SUMMER_CLOTHES.replace("2000", "3000"))
    for language, heading in (("en", "What it changes, by record"), ("ru", "Что изменится по записям")):
        answer = desk.run(f"rules impact {proposal.folder} --lang {language}")
        assert answer.code == 0
        assert heading in answer.out
        assert desk.her in answer.out
    table = desk.run(f"rules impact {proposal.folder} --format csv")
    assert {row["id"] for row in csv.DictReader(io.StringIO(table.out))} == {desk.her}
    same = desk.do(f"rules impact {desk.manual}").data
    assert (same["changes"], same["rows"]) == ([], [])
