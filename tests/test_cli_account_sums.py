"""What accounts, the list of outlays and its months say is the same som, whatever was spent: files drawn by lot."""

import csv
import io
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import crowd
import pytest
from conftest import Desk, copied

from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options
from shelterctl.session import Session as Seat
from shelterctl.store.folder import record_file

SHELF = open_rulebook()
RECEIPT = {"number": "17", "on": "2026-12-01"}


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
