"""The account of a client: table, page and list of outlays say the same som, whatever was spent."""

import csv
import io
import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from shelterctl.language import format_sentence
from shelterctl.prompts.fill_in import WRITE_DOWN
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options
from shelterctl.session import Session as Seat
from shelterctl.store.folder import record_file
from shelterctl.terminal.recording import SCREEN_WIPED
from tests.support import crowd
from tests.support.desk import TODAY, Desk, copied
from tests.support.paths import ACCEPTED
from tests.support.terminal import Terminal

SHELF, LATER = open_rulebook(), "2026-12-20"

RECEIPT = {"number": "17", "on": "2026-12-01"}


@pytest.fixture(scope="session")
def _agreed(_admitted: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = copied(_admitted, tmp_path_factory.mktemp("made") / "desk")
    for form, number in (("pink", "SH-2026-7"), ("blue", "S-NGO-12")):
        desk.do(f"agreement {desk.her} --form {form}", ACCEPTED / f"{form}.yaml")
        desk.do(f"agreement {desk.her} --form {form} --number {number} --sign --on 2026-11-25")
    return desk


@pytest.fixture
def agreed(_agreed: Desk, tmp_path: Path) -> Desk:
    """Her two agreements, signed on 25 November 2026, and nothing spent of them yet."""
    return copied(_agreed, tmp_path / "agreed")


def named(desk: Desk, form: str) -> str:
    """The id of her agreement on a form."""
    (row,) = desk.do(f"agreements {desk.her} --where form={form}").data["rows"]
    return str(row["id"])


def spend(desk: Desk, **facts: Any) -> Any:
    """An outlay written down by somebody who works here, with a receipt."""
    whole = {"on": "2026-12-01", "item": "food", "amount": 100, "by": "s-gulnara", "document": RECEIPT, **facts}
    return desk.do(f"add {desk.her} outlay", {name: one for name, one in whole.items() if one is not None}, today=LATER)


def account(desk: Desk, words: str = "", today: str = LATER) -> Any:
    return desk.do(f"agreement {desk.her} --account {words}", today=today)


def rows(told: Any) -> dict[str, dict[str, Any]]:
    return {row["line"]: row for row in told.data["rows"]}


def test_the_page_has_each_line_its_total_what_is_outside_and_pocket_money(agreed: Desk) -> None:
    pink, before = named(agreed, "pink"), agreed.digest()
    told = account(agreed, "--form pink")
    assert agreed.digest() == before
    assert told.page["status"] == "ok"
    assert [row["line"] for row in told.data["rows"]] == ["1.1", "2b", "2c", "3"]
    assert told.data["rows"][1] == {
        "agreement": pink, "number": "SH-2026-7", "form": "pink", "state": "signed", "line": "2b",
        "text": "Winter clothes/ footwear – max. 2500 Soms", "agreed": "2500.00", "spent": "0.00", "left": "2500.00",
        "outlays": 0, "without_document": 0, "months_agreed": None, "months_paid": None,
    }  # fmt: skip
    spend(agreed, agreement=pink, line="3", amount="250.50")
    spend(agreed, agreement=named(agreed, "blue"), line="4", item="scholarship", amount=1000, months=["2026-12"],
          signed_by_her=True)  # fmt: skip
    spend(agreed, item="documents", document=None)
    money = {"on": "2026-11-30", "span": {"from": "2026-11-22", "to": "2026-11-30"}, "amount": 450, "by": "s-gulnara"}
    agreed.do(f"add {agreed.her} pocket-money", {**money, "signed_by_her": True}, today=LATER)
    told = account(agreed)
    assert told.page["findings"] == []
    found = rows(told)
    assert (found["3"]["spent"], found["3"]["left"], found["3"]["outlays"]) == ("250.50", "5749.50", 1)
    assert (found["4"]["months_agreed"], found["4"]["months_paid"]) == (3, 1)
    assert told.data["total"] == {
        "agreed": "18250.50", "spent": "1250.50", "left": "17000.00", "outlays": 2, "without_document": 0,
        "drafts": "0.00",
    }  # fmt: skip
    assert told.data["outside"] == [{"item": "documents", "spent": "100.00", "outlays": 1}]
    (paid,) = told.data["pocket_money"]
    assert {**paid, "stay": "S"} == {
        "stay": "S", "facility": "bishkek", "from": "2026-11-22", "to": "2026-12-20", "days": 29, "days_covered": 9,
        "owed": "1450.00", "paid": "450.00", "left": "1000.00", "beyond": "0.00",
    }  # fmt: skip
    page = agreed.do(f"show {agreed.her}", today=LATER)
    assert page.data["money"]["spent"] == "1250.50"
    assert "2 agreements, not signed: 0, 1,250.50 of 18,250.50 som spent" in agreed.run(f"show {agreed.her}").out


SLIPS: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("2b", {"amount": "2500.01", "item": "clothes"}, "track/over-agreed", "/amount", "M2.1.11"),
    ("2a", {"item": "clothes"}, "track/no-such-entry", "/line", "M2.1.11"),
    ("3", {"document": None}, "track/needs", "/document/number", "M2.1.10"),
    ("3", {"on": "2026-11-21"}, "track/dated", "/on", "M2.1.11"),
]


@pytest.mark.parametrize(("line", "facts", "code", "where", "clause"), SLIPS)
def test_what_happened_is_stored_and_stays_open(
    agreed: Desk, line: str, facts: dict[str, Any], code: str, where: str, clause: str
) -> None:
    spend(agreed, agreement=named(agreed, "pink"), line=line, **facts)
    told = account(agreed)
    assert (told.code, told.page["status"]) == (0, "open")
    found = next(one for one in told.page["findings"] if one["code"] == code)
    assert found["where"] == f"/stays/0/outlays/0{where}"
    assert (found["severity"], found["clause"], found["record"]) == ("open", clause, agreed.her)
    assert rows(told)[line]["spent"] == f"{Decimal(facts.get('amount', 100)):.2f}"
    said = agreed.run(f"agreement {agreed.her} --account", today=LATER).out
    entry = agreed.record()["stays"][0]["outlays"][0]["id"]
    assert f"  - {entry}, {facts.get('on', '2026-12-01')}: " in said
    assert account(agreed, "--form blue").page["findings"] == []


def test_outside_the_period_of_blue_and_after_it_was_terminated(agreed: Desk) -> None:
    blue = named(agreed, "blue")
    spend(agreed, agreement=blue, line="7a", item="ngo_services", on="2026-11-30")
    decision = {"on": "2026-12-02", "by": "NGO Coordinator", "reason": "Уехала"}
    agreed.do(f"terminate {agreed.her} --number S-NGO-12", decision, today=LATER)
    spend(agreed, agreement=blue, line="7a", item="ngo_services", on="2026-12-02")
    spend(agreed, agreement=blue, line="7a", item="ngo_services", on="2026-12-03")
    told = account(agreed)
    found = [one["where"] for one in told.page["findings"] if one["code"] == "track/dated"]
    assert found == ["/stays/0/outlays/0/on", "/stays/0/outlays/2/on"]
    assert {row["state"] for row in told.data["rows"] if row["form"] == "blue"} == {"terminated"}
    assert next(row["form"] for row in told.data["rows"]) == "pink"
    ended = "Blue form, S-NGO-12: terminated on 2026-12-02"
    assert ended in agreed.run(f"agreement {agreed.her} --account", today=LATER).out
    assert ended not in agreed.run(f"agreement {agreed.her} --account", today="2026-12-01").out


def test_pocket_money_twice_for_a_day_is_open(agreed: Desk) -> None:
    money = {"on": "2026-11-30", "amount": 100, "by": "s-gulnara", "signed_by_her": True}
    for first, last in (("2026-11-22", "2026-11-23"), ("2026-11-23", "2026-11-24")):
        agreed.do(f"add {agreed.her} pocket-money", {**money, "span": {"from": first, "to": last}}, today=LATER)
    told = account(agreed, today="2026-11-30")
    assert told.codes("open") == ["track/once", "track/once"]
    (paid,) = told.data["pocket_money"]
    assert (paid["days"], paid["days_covered"], paid["left"], paid["beyond"]) == (9, 3, "300.00", "50.00")
    said = agreed.run(f"agreement {agreed.her} --account", today="2026-11-30").out
    assert "or twice for a day: 50.00" in said


def test_another_agreement_with_the_same_line_is_left_alone(agreed: Desk) -> None:
    again = {"number": "SH-2026-8", "date": "2026-11-26", "lines": {"3": {"amount": 600, "days": 3, "persons": 1}}}
    other = agreed.do(f"agreement {agreed.her} --form pink", again).data["agreement_id"]
    spend(agreed, agreement=named(agreed, "pink --where number=SH-2026-7"), line="3", amount=700)
    told = account(agreed)
    assert {row["agreement"] == other: row["left"] for row in told.data["rows"] if row["line"] == "3"} == {
        False: "5300.00",
        True: "600.00",
    }
    assert told.codes("open") == []
    assert {row["number"] for row in account(agreed, "--number SH-2026-8").data["rows"]} == {"SH-2026-8"}


def test_what_names_the_wrong_agreement_is_taken_out_of_it_by_file(agreed: Desk) -> None:
    entry = spend(agreed, agreement=named(agreed, "pink"), line="3").data["entry"]
    agreed.do(f"add {agreed.her} outlay {entry}", {"agreement": None, "line": None}, today=LATER)
    (outlay,) = agreed.record()["stays"][0]["outlays"]
    assert not {"agreement", "line"} & outlay.keys()


def test_a_draft_is_named_as_one_and_told_last(agreed: Desk) -> None:
    period = {"from": "2027-03-01", "to": "2027-03-31"}
    agreed.do(
        f"agreement {agreed.her} --form blue", {"date": "2026-11-26", "period": period, "lines": {"7b": {"amount": 7}}}
    )
    told = account(agreed)
    assert [(row["line"], row["state"], row["number"]) for row in told.data["rows"]][-1] == ("7b", "draft", None)
    assert told.data["total"]["drafts"] == "7.00"
    assert told.data["said"] == ["Of the agreed amount, 7.00 som are in drafts that are not signed yet."]
    said = agreed.run(f"agreement {agreed.her} --account", today=LATER).out
    assert "Blue form, no number yet: a draft of 2026-11-26; 2027-03-01 – 2027-03-31\n" in said
    assert said.index("a draft of") > said.index("SH-2026-7: signed on")


def test_who_has_none_is_told_so_and_keeps_her_pocket_money(admitted: Desk) -> None:
    told = account(admitted, today=TODAY)
    assert (told.data["rows"], told.data["said"]) == ([], ["She has no agreement yet."])
    assert told.data["pocket_money"][0]["owed"] == "200.00"
    form = account(admitted, "--form pink", today=TODAY).data
    assert (form["said"], form["pocket_money"]) == (["She has no agreement on this form: pink form."], [])
    assert admitted.run(f"agreement {admitted.her} --account --format csv").out.startswith("agreement,number,form,")
    assert admitted.run(f"agreement {admitted.her} --account").out.startswith("She has no agreement yet.\n")
    him = {"identity": {"first_name": "Нурлан", "sex": "male"}, "referral": {"sources": ["partner_ngo"]}}
    his = admitted.do("admit --without-stay", him).data["id"]
    assert admitted.do(f"agreement {his} --account").data["pocket_money"] == []


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ("--number SH-9", 3, "agreement/unknown"),
        ("--form blue --number SH-2026-7", 3, "agreement/unknown"),
        ("--form green", 2, "usage/form"),
        ("--check", 2, "usage/one-thing"),
        ("--form pink --sign", 2, "usage/one-thing"),
        ("--form pink --out a.pdf", 2, "usage/one-thing"),
    ],
)
def test_what_cannot_be_is_said(agreed: Desk, words: str, code: int, error: str) -> None:
    told = agreed.refused(f"agreement {agreed.her} --account {words}")
    assert (told.code, told.error) == (code, error)


def test_whoever_is_not_named_or_not_there(agreed: Desk) -> None:
    assert agreed.refused("agreement --account").error == "usage/agreement"
    assert agreed.refused("agreement 0000-0000 --account").code == 3
    assert agreed.refused(f"agreement {agreed.her}").error == "usage/missing"
    assert agreed.refused("agreements --lines --outlays").error == "usage/one-thing"


def test_what_is_struck_through_counts_no_more(agreed: Desk) -> None:
    entry = spend(agreed, agreement=named(agreed, "pink"), line="3").data["entry"]
    agreed.do(f"void {agreed.her} {entry} --reason-code entered_twice")
    assert rows(account(agreed))["3"]["spent"] == "0.00"
    assert agreed.do("agreements --outlays", today=LATER).data["rows"] == []


def test_another_day_is_looked_back_from(agreed: Desk) -> None:
    pink = named(agreed, "pink")
    spend(agreed, agreement=pink, line="3", on="2026-11-30")
    spend(agreed, agreement=pink, line="3", on="2026-12-10")
    assert rows(account(agreed, today="2026-12-01"))["3"]["spent"] == "100.00"
    assert account(agreed, today="2026-12-01").data["pocket_money"][0]["to"] == "2026-12-01"
    assert len(agreed.do("agreements --outlays", today="2026-12-01").data["rows"]) == 1
    assert account(agreed, today="2026-11-01").data["said"] == ["She has no agreement yet."]


def test_a_list_of_outlays_has_no_word_of_anybody(agreed: Desk) -> None:
    pink = named(agreed, "pink")
    spend(agreed, agreement=pink, line="2b", item="clothes", what="Пальто для Айгуль", amount="70.25")
    (row,) = agreed.do(f"agreements {agreed.her} --outlays", today=LATER).data["rows"]
    entry, stay = agreed.record()["stays"][0]["outlays"][0]["id"], agreed.record()["stays"][0]["id"]
    assert row == {
        "client": agreed.her, "stay": stay, "id": entry, "on": "2026-12-01", "item": "clothes", "amount": "70.25",
        "number": "SH-2026-7", "form": "pink", "line": "2b", "document": True, "months": None,
    }  # fmt: skip
    assert agreed.refused("agreements --outlays --columns what").refusals == ["list/not-a-column"]
    assert agreed.refused("agreements --outlays --columns document.number").refusals == ["list/not-a-column"]
    counted = agreed.do("agreements --outlays --columns month,line,amount --count", today=LATER).data["rows"]
    assert counted == [{"month": "2026-12", "line": "2b", "count": 1, "amount": "70.25"}]
    assert agreed.do("agreements --outlays --where document=no", today=LATER).data["rows"] == []
    assert agreed.do("agreements --outlays --where line=2b --where month=2026-12", today=LATER).data["rows"] == [row]
    assert agreed.refused("agreements --outlays --where line=99").error == "usage/where"


@pytest.mark.parametrize("format_", ["table", "json", "csv", "ndjson"])
@pytest.mark.parametrize("words", ["agreement HER --account", "agreements HER --outlays"])
def test_no_word_of_anybody_is_told(agreed: Desk, words: str, format_: str) -> None:
    for line in ("2b", "2a", "9"):
        facts = {"what": "Канарейка", "document": {"number": "Канарейка", "on": "2026-12-01"}, "by": "s-kanareyka"}
        spend(agreed, agreement=named(agreed, "pink"), line=line, item="clothes", amount=3000, **facts)
    told = agreed.run(f"{words.replace('HER', agreed.her)} --format {format_}", today=LATER)
    assert told.code == 0
    assert told.out
    assert not re.search("канарейка|kanareyka|примерова", told.out + told.err, re.IGNORECASE)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_page_of_a_terminal_holds_it(agreed: Desk, language: str) -> None:
    spend(agreed, agreement=named(agreed, "pink"), line="2b", item="clothes", amount=2600)
    spend(agreed, agreement=named(agreed, "blue"), line="4", item="scholarship", amount=1000, months=["2026-12"])
    seen = Terminal(agreed, language, LATER).run(f"agreement {agreed.her} --account", [""] * 5)
    assert seen.code == 0
    assert "2b" not in seen.left
    for page in seen.text.split(format_sentence(SCREEN_WIPED, {}, language)):
        lines = page.strip("\n").splitlines()
        assert len(lines) <= 25  # with what says that a screen begins or ends
        assert all(cell_len(line) < 80 for line in lines)
    head, bar = {"en": ("Agreed", "2,600.00    -100.00"), "ru": ("Выделено", "2 600,00    -100,00")}[language]
    text = seen.text.replace("\N{NO-BREAK SPACE}", " ")
    assert head in text
    assert re.search(rf"2b +[\d, .]+ {bar.split()[0]}", text)
    assert re.search(r"█{12}\+\n", text)
    assert re.search(r"█{4}░{8}\n", text)


@pytest.mark.parametrize("size", [(24, 60), (24, 40), (10, 20)])
def test_a_narrow_terminal_keeps_the_numbers(agreed: Desk, size: tuple[int, int]) -> None:
    seen = Terminal(agreed, "en", LATER, size).run(f"agreement {agreed.her} --account --form pink", [""] * 30)
    assert (seen.code, "2,500.00" in seen.text) == (0, True)


def test_the_list_of_agreements_names_the_account_at_a_terminal_alone(agreed: Desk) -> None:
    hint = f"agreement {agreed.her} --account"
    assert hint in Terminal(agreed).run(f"agreements {agreed.her}", []).text
    assert hint not in agreed.run(f"agreements {agreed.her}").out
    assert hint not in Terminal(agreed).run(f"agreements {agreed.her} --columns number", []).text


def test_a_line_is_chosen_at_the_terminal_with_its_limit_in_words(agreed: Desk) -> None:
    typed = ["20.12.2026", "3", "70", "Пальто", "s-gulnara", "1", "2", "17", "20.12.2026", "", WRITE_DOWN]
    seen = Terminal(agreed, "en", LATER, (120, 100)).run(f"add {agreed.her} outlay", typed)
    assert "2 2b: Winter clothes/ footwear – max. 2500 Soms" in seen.text
    assert [each["line"] for each in agreed.record()["stays"][0]["outlays"]] == ["2b"]


def spent_by_lot(lot: crowd.Crowd, her: dict[str, Any]) -> dict[str, Any]:
    """A file of the crowd with outlays and pocket money drawn by lot, in it and in its stays."""
    items = sorted(SHELF.tracks["outlay"].fields["item"].codes)

    def outlay() -> dict[str, Any]:
        day = date(2026, 6, 1) + timedelta(lot.randrange(170))
        entry = lot.entry(on=str(day), item=lot.choice(items), amount=f"{lot.randrange(1, 99999) / 100:.2f}")
        if her["agreements"] and lot.random() < 0.7:
            paid = lot.choice(her["agreements"])
            entry |= {"agreement": paid["id"], "line": lot.choice(["7a", "1c", "4", "6"])}
        if lot.random() < 0.5:
            entry["document"] = RECEIPT
        if lot.random() < 0.1:
            entry["void"] = {"on": "2026-11-25", "by": "manager", "reason": "entered_twice"}
        return entry

    stays = [{**stay, "outlays": [outlay() for _ in range(lot.randrange(4))]} for stay in her["stays"]]
    return {**her, "stays": stays, "outlays": [outlay() for _ in range(lot.randrange(3))]}


@pytest.fixture(scope="session")
def spent(_empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, list[dict[str, Any]]]:
    desk, lot = copied(_empty, tmp_path_factory.mktemp("made") / "desk"), crowd.Crowd(9)
    files = [spent_by_lot(lot, her) for her in crowd.files(25)]
    seat = Seat(options=Options(store=str(desk.store), identity=str(desk.key)))
    seat.save([(record_file(one["id"]), one, None) for one in files], "admit")
    return desk, files


def live(her: dict[str, Any]) -> list[dict[str, Any]]:
    lists = (*(stay["outlays"] for stay in her["stays"]), her["outlays"])
    return [one for listed in lists for one in listed if "void" not in one]


def test_the_account_of_each_client_is_what_the_list_adds_up_to(spent: tuple[Desk, list[dict[str, Any]]]) -> None:
    desk, files = spent
    for her in files:
        told = desk.do(f"agreement {her['id']} --account")
        accounted: dict[Any, Decimal] = defaultdict(Decimal)
        for row in told.data["rows"]:
            accounted[row["agreement"], row["line"]] += Decimal(row["spent"])
            assert Decimal(row["agreed"]) == Decimal(row["spent"]) + Decimal(row["left"])
        columns = "outlay.agreement,line,amount"
        listed = desk.do(f"agreements {her['id']} --outlays --columns {columns} --count").data["rows"]
        counted: dict[Any, Decimal] = defaultdict(Decimal)
        outside = Decimal(0)
        for row in listed:
            if row["outlay.agreement"]:
                counted[row["outlay.agreement"], row["line"]] += Decimal(row["amount"])
            else:
                outside += Decimal(row["amount"])
        assert {key: som for key, som in accounted.items() if som} == counted
        assert outside == sum((Decimal(row["spent"]) for row in told.data["outside"]), Decimal(0))
        assert sum(counted.values(), outside) == sum((Decimal(one["amount"]) for one in live(her)), Decimal(0))


def test_the_months_of_the_list_are_those_counted_by_hand(spent: tuple[Desk, list[dict[str, Any]]]) -> None:
    desk, files = spent
    by_hand: dict[str, Decimal] = defaultdict(Decimal)
    for one in (one for her in files for one in live(her)):
        by_hand[one["on"][:7]] += Decimal(one["amount"])
    told = desk.do("agreements --outlays --columns month,amount --count").data["rows"]
    assert {row["month"]: Decimal(row["amount"]) for row in told} == by_hand
    written = csv.DictReader(io.StringIO(desk.run("agreements --outlays --format csv").out))
    assert sum((Decimal(row["amount"]) for row in written), Decimal(0)) == sum(by_hand.values())
