"""A hundred and fifty invented clients in two houses, put in by a data officer's documents: each list counts just that.

Twins, equal loaves and two stays are among them; what is put in is drawn by lot, and counted here by hand.
"""

import json
import random
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from tests.support.desk import Desk, copied
from tests.support.invented_people import women

HOUSES = ("bishkek", "osh")
TODAY = "2026-11-25"
SERVICES = ("counselling_legal", "protection", "lawyer")
COUNT = 150


class Put(NamedTuple):
    """What one client was: her documents, the days of her stays with their houses, and what stands in each stay."""

    first: dict[str, Any]
    second: dict[str, Any] | None
    stays: list[dict[str, Any]]
    children: int
    needs: int


class Lot(random.Random):
    """Chance, the same for the same seed."""

    def day(self, first: date, last: date) -> date:
        return first + timedelta(self.randrange((last - first).days + 1))

    def some(self, first: date, last: date) -> dict[str, list[dict[str, Any]]]:
        """Outlays and services of one stay; some stand there twice, word for word."""
        outlays = [
            {
                "on": f"{self.day(first, last)}",
                "item": "food",
                "amount": self.choice((50, "75.50", 100)),
                "what": "хлеб",
            }
            for _ in range(self.randrange(4))
        ]
        services = [{"on": f"{self.day(first, last)}", "kind": self.choice(SERVICES)} for _ in range(self.randrange(3))]
        return {"outlays": self.doubled(outlays), "services": self.doubled(services)}

    def doubled(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [copy for entry in entries for copy in [entry] * self.choice((1, 1, 1, 2))]

    def client(self, identity: dict[str, Any]) -> Put:
        begun = self.day(date(2024, 1, 10), date(2026, 3, 1))
        left, house = begun + timedelta(self.randrange(10, 120)), self.choice(HOUSES)
        children = self.doubled([{"birth_date": 2019, "sex": self.choice(("female", "male")), "stays_with_her": True}
                                 for _ in range(self.choice((0, 0, 1)))])  # fmt: skip
        needs = self.doubled(
            [{"need": "одежда", "class": "primary", "on": f"{begun}"} for _ in range(self.randrange(3))]
        )
        stays: list[dict[str, Any]] = [{"facility": house, "from": begun, "left": left, **self.some(begun, left)}]
        after = self.some(left + timedelta(1), left + timedelta(20)) if self.random() < 0.3 else None
        if after:  # of the days after a stay, which are its own until the next begins
            stays[0] = {**stays[0], **{name: stays[0][name] + after[name] for name in after}}
        first = self.document(stays[0], identity={**identity, "sex": "female", "languages": ["ky"]})
        first |= {"children": children, "needs": needs}
        second: dict[str, Any] | None = None
        if self.random() < 0.4:
            again = left + timedelta(self.randrange(40, 90))
            late = again + timedelta(30)
            stays.append({"facility": self.choice(HOUSES), "from": again, "left": None, **self.some(again, late)})
            second = self.document(stays[1])
            late_entries = self.some(begun, left)  # found among her papers: of the stay before
            for name, entries in late_entries.items():
                stays[0][name] = [*stays[0][name], *(one for one in entries if one not in stays[0][name])]
                second[name] = [*second[name], *(one for one in entries if one not in first[name])]
        return Put(first, second, stays, len(children), len(needs))

    def document(self, stay: dict[str, Any], **more: Any) -> dict[str, Any]:
        referral = {"sources": ["scme"], "received_at": f"{stay['from']}T10:00+06:00"}
        received = {"at": f"{stay['from']}T18:00+06:00"}
        listed = {name: list(stay[name]) for name in ("outlays", "services")}
        return {**more, "facility": stay["facility"], "referral": referral, "received": received, **listed}


def stream(documents: Iterable[object]) -> str:
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in documents)


@pytest.fixture(scope="module")
def full(_empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, list[str], list[Put]]:
    """The store with all of them in it, their ids, and what was put in."""
    desk, lot = copied(_empty, tmp_path_factory.mktemp("made") / "desk"), Lot(11)
    desk.do("facility add osh --kind shelter")
    put = [lot.client({**one, "last_name": f"{one['last_name']} {number}"}) for number, one in enumerate(women(COUNT))]
    said = desk.do("admit --new-person", stream(one.first for one in put), today=TODAY)
    ids = [row["id"] for row in said.data["rows"]]
    for id_, one in zip(ids, put, strict=True):
        desk.do(f"discharge {id_} --on {one.stays[0]['left']} --own-decision", today=TODAY)
    again = [{"id": id_, **one.second} for id_, one in zip(ids, put, strict=True) if one.second]
    desk.do("admit", stream(again), today=TODAY)
    return desk, ids, put


def rows(desk: Desk, words: str) -> list[dict[str, Any]]:
    return desk.do(words, today=TODAY).data["rows"]  # type: ignore[no-any-return]


def every(put: list[Put], name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each entry of a list, with its stay."""
    return [(stay, entry) for one in put for stay in one.stays for entry in stay[name]]


def test_a_second_run_of_every_document_changes_no_byte(full: tuple[Desk, list[str], list[Put]]) -> None:
    desk, ids, put = full
    before = desk.digest()
    second = [{"id": id_, **one.second} for id_, one in zip(ids, put, strict=True) if one.second]
    said = desk.do("admit", stream(second), today=TODAY)
    assert desk.digest() == before
    entries = sum(len(one["outlays"]) + len(one["services"]) for one in second)
    assert sum(len(row["left_out"]) for row in said.data["rows"]) == entries


def test_stays_are_counted_by_house_and_month_with_what_stands_in_each(full: tuple[Desk, list[str], list[Put]]) -> None:
    desk, ids, put = full
    by_hand = Counter((stay["facility"], f"{stay['from']:%Y-%m}") for one in put for stay in one.stays)
    told = rows(desk, "list --stays --columns facility,arrived_month --count")
    assert Counter({(row["facility"], row["arrived_month"]): row["count"] for row in told}) == by_hand
    columns = "list --stays --columns id,arrived_on,outlays,services"
    told = rows(desk, columns)
    listed = {(row["id"], row["arrived_on"]): (row["outlays"], row["services"]) for row in told}
    assert listed == {
        (id_, f"{stay['from']}"): (len(stay["outlays"]), len(stay["services"]))
        for id_, one in zip(ids, put, strict=True)
        for stay in one.stays
    }


def test_every_som_is_counted_in_its_month(full: tuple[Desk, list[str], list[Put]]) -> None:
    desk, _, put = full
    by_hand: Counter[str] = Counter()
    for _, entry in every(put, "outlays"):
        by_hand[entry["on"][:7]] += Decimal(entry["amount"])  # type: ignore[assignment]
    told = rows(desk, "agreements --outlays --columns month,amount --count")
    assert {row["month"]: Decimal(row["amount"]) for row in told} == dict(by_hand)


def test_children_sleep_where_their_mothers_do(full: tuple[Desk, list[str], list[Put]]) -> None:
    desk, ids, put = full
    session = [(one.stays[-1]["facility"], one.children) for one in put if one.stays[-1]["left"] is None]
    told = {row["facility"]: (row["residents"], row["children"]) for row in rows(desk, "house")}
    for house in HOUSES:
        hers = [children for facility, children in session if facility == house]
        assert told[house] == (len(hers), sum(hers))
    needs = {row["id"]: (row["needs"], row["children"]) for row in rows(desk, "list --columns id,needs,children")}
    assert needs == {id_: (one.needs, one.children) for id_, one in zip(ids, put, strict=True)}


def test_each_stay_that_was_left_is_due_once(full: tuple[Desk, list[str], list[Put]]) -> None:
    desk, ids, put = full
    told = Counter(row["id"] for row in rows(desk, "monitor due --within 400"))
    assert told == Counter(ids)
    reports = [row for row in rows(desk, "due --within 400") if row["what"] == "report"]
    assert Counter(row["id"] for row in reports) == told
    agreed = 0
    for id_, one in list(zip(ids, put, strict=True))[:30]:
        on = one.stays[0]["left"]
        given = {
            "number": f"S-{agreed}", "date": f"{on}", "ngo": "sezim", "ngo_representative": "Б. Образцова",
            "iom_representative": "А. Примеров", "period": {"from": f"{on}", "to": f"{on + timedelta(40)}"},
            "lines": {"7a": {"amount": 100 + agreed}, "7c": {"amount": "99.50"}},
        }  # fmt: skip
        desk.do(f"agreement {id_} --form blue", given, today=TODAY)
        agreed += 1
    lines = rows(desk, "agreements --lines --columns line,amount --count")
    assert {row["line"]: Decimal(row["amount"]) for row in lines} == {
        "7a": Decimal(sum(100 + number for number in range(agreed))),
        "7c": Decimal("99.50") * agreed,
    }
    stays = {
        row["id"]: row["agreements"] for row in rows(desk, "list --stays --columns id,left,agreements") if row["left"]
    }
    assert sum(stays.values()) == agreed  # each belongs to the stay of its date, though many came again
