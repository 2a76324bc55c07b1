"""Fifteen questions of a data officer, each asked with one command, and each answer held against another count.

Three hundred invented clients: some stayed twice, some are men, twins or entered twice, some stays and entries are
struck through, some were recorded months late, some sums are above their line or its limit. What is counted here is
counted from the files themselves, with nothing but dictionaries.
"""

import calendar
import copy
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyrage
import pytest

from shelterctl.act.invented.clients import InventedClients, StayPlan
from shelterctl.act.invented.house import InventedHouse, InventedSize, found_store
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store.folder import record_file
from tests.support.desk import TODAY, Desk

pytestmark = pytest.mark.long

Facts = dict[str, Any]
CLIENTS, KNOWN_ON = 300, "2026-06-30"
NOT_ASKED = (
    "sealed", "iom", "consents", "disclosures", "from_elsewhere", "identity_documents", "assessments", "rentals",
)  # fmt: skip
"""What no question is about: the files are read thirty times."""
VOID = {"on": "2026-11-02", "by": "s-aida", "reason": "entered_twice"}
SENT = "2026-11-25T12:00+06:00"


class Visit(NamedTuple):
    """One stay that is not struck through, with the file that holds it."""

    her: Facts
    stay: Facts

    def day(self, *path: str) -> str | None:
        """The day ``YYYY-MM-DD`` at a path of the stay."""
        found: Any = self.stay
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return str(found)[:10] if found else None

    @property
    def admitted(self) -> str | None:
        return self.day("admission", "admitted_on")

    @property
    def arrived(self) -> str | None:
        return self.day("received", "at") or self.admitted

    @property
    def refused(self) -> str | None:
        return self.day("admission", "not_admitted", "on")

    @property
    def discharged(self) -> str | None:
        return self.day("discharge", "on")

    @property
    def left(self) -> str | None:
        return self.discharged or self.refused

    def nights(self, until: str = TODAY) -> list[str]:
        """Every night that she slept in the house, before a day."""
        if self.arrived is None:
            return []
        first, end = date.fromisoformat(self.arrived), date.fromisoformat(min(self.left or until, until))
        return [f"{first + timedelta(number)}" for number in range((end - first).days)]

    @property
    def age_group(self) -> str | None:
        """The group of her lowest possible age when she was admitted, else referred, else came."""
        on, birth = (
            self.admitted or self.day("referral", "received_at") or self.arrived,
            self.her["identity"]["birth_date"],
        )
        year, month, day = (*map(int, str(birth).split("-")), 0, 0)[:3]
        month = month or 12
        born = (month, day or calendar.monthrange(year, month)[1])
        if on is None:
            return None
        age = int(on[:4]) - year - ((int(on[5:7]), int(on[8:10])) < born)
        firsts = (0, 9, 18, 21, 24, 27, 30, 39, 48)
        first = max(each for each in firsts if each <= age)
        return "48+" if first == 48 else f"{first}--{firsts[firsts.index(first) + 1] - 1}"

    @property
    def kinds(self) -> tuple[Any, ...]:
        """Sex, group of age, country and kinds of exploitation."""
        what = self.her.get("trafficking") or {}
        kinds = tuple(sorted(what.get("exploitation") or ())) or None
        return self.her["identity"]["sex"], self.age_group, what.get("country_of_exploitation"), kinds


def live(entries: Iterable[Facts] | None) -> list[Facts]:
    """The entries that are not struck through."""
    return [one for one in entries or () if "void" not in one]


def visits(files: Iterable[Facts]) -> list[Visit]:
    """Every stay that is not struck through."""
    return [Visit(her, stay) for her in files for stay in live(her.get("stays"))]


def entries(files: Iterable[Facts], name: str) -> Iterator[Facts]:
    """The live entries of a list, in stays that are not struck through and beside them."""
    for her in files:
        for home in (*live(her.get("stays")), her):
            yield from live(home.get(name))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> "Asked":
    """The store and its files, made once."""
    folder = tmp_path_factory.mktemp("fifteen")
    made = draw_house(folder)
    return Asked(Desk(folder), [dict(her.facts) for her in made.session.store.clients()])


def draw_house(folder: Path) -> InventedHouse:
    """An invented house with its clients' files, changed so that every question has an answer."""
    size = InventedSize(clients=CLIENTS, days=365, seed=37, today=date.fromisoformat(TODAY), houses=3)
    house = InventedHouse(found_store(folder, open_rulebook(), size, SENT), size)
    house.register_codes()
    drawn = InventedClients(
        house.session, house.values, house.stamps, size.now, house.houses, house.residents, house.lacks
    )
    plans: dict[int, list[StayPlan]] = {}
    for plan in house.plans:
        plans.setdefault(plan.client, []).append(plan)
    files = [drawn.file(house.ids[number], plans[number]) for number in sorted(house.ids)]
    files += alter([*files], house.stamps.client_id)
    house.session.save([(record_file(one["id"]), one, None) for one in files], "admit")
    return house


def alter(files: list[Facts], new_id: Callable[[], str]) -> list[Facts]:
    """Change what the generator leaves alike; return more files: five entered twice, and five twins."""
    for number, her in enumerate(files):
        for name in NOT_ASKED:
            her.pop(name, None)
        her["identity"]["sex"] = "female" if number % 6 else "male"
        stays = her.get("stays") or []
        if number % 5 == 0 and "discharge" in stays[0]:
            stays[0]["discharge"]["by_own_decision"] = True
        if number % 9 == 0:  # recorded when the year was nearly over
            stays[-1]["recorded_at"] = "2026-11-20T10:00+06:00"
        for service in (stays[0].get("services") or [])[: number % 4]:
            service["recorded_at"] = "2026-10-05T10:00+06:00"
        if number in (20, 40, 60) or (len(stays) > 1 and number % 2):
            stays[0]["void"] = VOID
        spend_too_much(her, number)
    twice = [copy.deepcopy(files[number]) for number in (1, 51, 101, 151, 201)]
    twins = [copy.deepcopy(files[number]) for number in (2, 52, 102, 152, 202)]
    for one in (*twice, *twins):
        one["id"] = new_id()
    for one in twins:
        one["identity"]["first_name"] = "Укмуштуу"
    return twice + twins


def spend_too_much(her: Facts, number: int) -> None:
    """Put amounts above the limit of their line, and outlays above the amount of theirs; with and without a receipt."""
    for place, one in enumerate(her.get("agreements") or ()):
        if one["form"] == "pink" and number % 3 == 0:
            one["lines"]["2a"] = {"amount": 1500 if place % 2 else 2600}
        line, stay = next(iter(one["lines"])), her["stays"][-1]
        if number % 2 or "amount" not in one["lines"][line]:
            continue
        for turn, share in enumerate((2, 2, 3)):  # the third of them is above
            day = f"{date.fromisoformat(one['date']) + timedelta(50 * turn)}"
            paid = {
                "id": f"ZZ{number % 100:02}{place}{turn}", "on": day,
                "item": "other", "agreement": one["id"], "line": line,
                "amount": f"{Decimal(str(one['lines'][line]['amount'])) / share:.2f}",
                "recorded_at": f"{one['date']}T12:00+06:00", "recorded_by": "s-aida",
            }  # fmt: skip
            if turn != 1:
                paid["document"] = {"number": f"{number}-{place}", **({"on": day} if turn else {})}
            stay["outlays"] = [*(stay.get("outlays") or ()), *([paid] if day <= TODAY else ())]


class Asked(NamedTuple):
    """The store at a desk, and every file in it."""

    desk: Desk
    files: list[Facts]

    def rows(self, words: str) -> list[Facts]:
        """The rows of an answer."""
        return self.desk.do(words).data["rows"]  # type: ignore[no-any-return]

    def counts(self, words: str) -> Counter[Any]:
        """How many rows have which cells, from a list with --count; several codes in one cell are sorted."""
        told: Counter[Any] = Counter()
        for row in self.rows(f"{words} --count"):
            told[tuple(as_cell(cell) for name, cell in row.items() if name != "count")] += row["count"]
        return told

    def sums(self, words: str, *summed: str) -> dict[Any, Any]:
        """The sums of a list with --count, by the other cells of a row; rows of zeros are left out."""
        told: dict[Any, Any] = {}
        for row in self.rows(f"{words} --count"):
            key = tuple(as_cell(cell) for name, cell in row.items() if name not in ("count", *summed))
            told[key] = tuple(Decimal(row[name]) for name in summed)
        return {key: numbers for key, numbers in told.items() if any(numbers)}

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of an answer in SQL."""
        return [tuple(row.values()) for row in self.rows(f'query "{sql}"')]


def as_cell(cell: Any) -> Any:
    return tuple(sorted(cell)) if isinstance(cell, list) else cell


def test_admitted_left_and_in_the_house_by_month_sex_age_country_and_kind(asked: Asked) -> None:
    there = visits(asked.files)
    by = "sex,age_group,country_of_exploitation,exploitation"
    admitted = Counter((one.admitted[:7], *one.kinds) for one in there if one.admitted)
    assert asked.counts(f"list --stays --where admitted_on=there --columns admitted_month,{by}") == admitted
    left = Counter((one.discharged[:7], *one.kinds) for one in there if one.discharged)
    assert asked.counts(f"list --stays --where discharged_on=there --columns discharged_month,{by}") == left
    here = Counter((month, *one.kinds) for one in there for month in {night[:7] for night in one.nights()})
    assert asked.counts(f"list --nights --columns month,{by}") == here
    assert min(len(admitted), len(left), len(here)) > 100
    assert {kinds[1] for kinds in admitted} == {"female", "male"}


def test_nights_of_each_month_and_of_each_day(asked: Asked) -> None:
    by_hand: Counter[Any] = Counter()
    by_day: Counter[Any] = Counter()
    for one in visits(asked.files):
        for night in one.nights("2026-11-26"):  # tonight too
            by_day[night, one.stay["facility"]] += 1
            by_hand[night[:7], one.stay["facility"]] += night < TODAY
    told = asked.sums("list --nights --columns month,facility,nights", "nights")
    assert told == {key: (number,) for key, number in by_hand.items() if number}
    days = {(row["day"], row["facility"]): row["residents"] for row in asked.rows("house --months 12")}
    assert {key: number for key, number in days.items() if number} == {
        key: number for key, number in by_day.items() if key[0] >= "2025-12-01"
    }
    assert sum(row["nights"] for row in asked.rows("list --stays --columns nights --count")) == sum(by_hand.values())


def test_the_average_stay(asked: Asked) -> None:
    nights = defaultdict(list)
    for one in visits(asked.files):
        if one.discharged:
            nights[bool(one.stay["discharge"].get("by_own_decision"))].append(len(one.nights()))
    told = asked.query("select left, count(*), avg(nights) from stays where discharged_month is not null group by left")
    assert {way: (number, round(average, 9)) for way, number, average in told} == {
        way: (len(each), round(sum(each) / len(each), 9))
        for way, each in (("discharged", nights[False]), ("own_decision", nights[True]))
    }


class Line(NamedTuple):
    """One line of an agreement that is not struck through, with the file that holds it."""

    her: Facts
    agreement: Facts
    number: str

    @property
    def amount(self) -> Decimal:
        """Its amount; where none is written, its rate for each of its months."""
        said = self.agreement["lines"][self.number]
        return Decimal(str(said["amount"])) if "amount" in said else Decimal(str(said["rate"])) * len(said["months"])


def lines(files: Iterable[Facts]) -> list[Line]:
    """Every line that was agreed."""
    return [
        Line(her, agreement, number)
        for her in files
        for agreement in live(her.get("agreements"))
        for number in agreement["lines"]
    ]


def quarter(day: str) -> str:
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def test_agreed_spent_left_and_over_by_line_ngo_and_quarter(asked: Asked) -> None:
    by_hand: defaultdict[Any, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    spent: defaultdict[Any, list[tuple[str, Decimal]]] = defaultdict(list)
    known = {(her["id"], one["id"]): one for her in asked.files for one in live(her.get("agreements"))}
    agreed = {(one.her["id"], one.agreement["id"], one.number): one.amount for one in lines(asked.files)}
    for (_, _, number), amount, one in zip(agreed, agreed.values(), lines(asked.files), strict=True):
        agreed_at = (one.agreement["ngo"], quarter(one.agreement["date"]), one.agreement["form"], number)
        by_hand[agreed_at][0] += amount
        by_hand[agreed_at][2] += amount
    for her in asked.files:
        for outlay in entries([her], "outlays"):
            amount, day = Decimal(str(outlay["amount"])), outlay["on"]
            payer = known.get((her["id"], outlay.get("agreement")))
            place: Any = (None, quarter(day), None, None)
            if payer:
                place = (payer["ngo"], quarter(day), payer["form"], outlay["line"])
            by_hand[place][1] += amount
            if payer:
                by_hand[place][2] -= amount
                spent[her["id"], payer["id"], outlay["line"]].append((day, amount))
    for (id_, payer_id, number), paid in spent.items():
        payer, gone = known[id_, payer_id], Decimal(0)
        allowed = agreed.get((id_, payer_id, number), Decimal(0))
        for day, amount in sorted(paid):
            gone += amount
            above = min(max(gone - allowed, Decimal(0)), amount)
            by_hand[payer["ngo"], quarter(day), payer["form"], number][3] += above
    summed = ("agreed", "spent", "left", "over")
    told = asked.sums(f"agreements --account --columns ngo,quarter,form,line,{','.join(summed)}", *summed)
    assert told == {place: tuple(sums) for place, sums in by_hand.items() if any(sums)}
    assert sum(sums[3] for sums in told.values()) > 0
    over = asked.sums("agreements --outlays --where number=there --columns ngo,quarter,form,line,over", "over")
    assert over == {place: (sums[3],) for place, sums in told.items() if sums[3]}


def test_receipts(asked: Asked) -> None:
    by_hand: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for outlay in entries(asked.files, "outlays"):
        paper = outlay.get("document") or {}
        by_hand[outlay["on"][:7], bool(str(paper.get("number") or "").strip()) and "on" in paper] += Decimal(
            str(outlay["amount"])
        )
    told = asked.sums("agreements --outlays --columns month,document,amount", "amount")
    assert told == {key: (number,) for key, number in by_hand.items()}
    assert {key[1] for key in told} == {True, False}


def test_amounts_above_the_limit_of_their_line(asked: Asked) -> None:
    limits = {("pink", "2a"): 2000, ("pink", "2b"): 2500, ("pink", "2c"): 500, ("blue", "1b"): 3000}
    by_hand: defaultdict[Any, Decimal] = defaultdict(Decimal)
    agreed = lines(asked.files)
    for one in agreed:
        form = one.agreement["form"]
        if limit := limits.get((form, one.number)):
            others = [
                other.amount
                for other in agreed
                if other.her is one.her and other.agreement is not one.agreement and other.number == one.number
                and other.agreement["form"] == form == "pink" and other.agreement["stay"] == one.agreement["stay"]
                and one.agreement["stay"] in [stay["id"] for stay in live(one.her["stays"])]
            ]  # fmt: skip
            above = one.amount - max(limit - sum(others), Decimal(0))
            by_hand[form, one.number, quarter(one.agreement["date"])] += max(above, Decimal(0))
    told = asked.sums(
        "agreements --lines --where form_line='pink 2a' --where form_line='pink 2b' --where form_line='pink 2c' "
        "--where form_line='blue 1b' --columns form,line,quarter,over_cap",
        "over_cap",
    )
    assert told == {key: (number,) for key, number in by_hand.items() if number}
    assert len(told) > 3


QUESTIONS = (
    "contact_duration", "last_meeting_on", "problems", "employed", "threats", "law_enforcement_contact",
    "agrees_to_cooperate", "plans",
)  # fmt: skip
"""The questions of a monitoring report that are asked of everybody; the paid job and the helper follow a yes."""


def six_months_after(day: str) -> str:
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 + 6, 12)
    return f"{year}-{month + 1:02}-{min(int(day[8:10]), calendar.monthrange(year, month + 1)[1]):02}"


def is_complete(report: Facts) -> bool:
    wanted = [*QUESTIONS, *(["job_paid"] if report.get("employed") is True else ())]
    wanted += ["addressed_for_assistance"] if report.get("threats") is True else []
    return bool(report.get("signed")) and all(report.get(name) is not None for name in wanted)


def test_monitoring(asked: Asked) -> None:
    by_hand: Counter[Any] = Counter()
    for one in visits(asked.files):
        followed, ended = one.stay.get("monitoring") or {}, None
        due = one.discharged and six_months_after(one.discharged)
        closed = (followed.get("closed") or {}).get("on")
        if not one.refused and due:
            if any(is_complete(report) and report["date"] >= due for report in live(followed.get("reports"))):
                ended = "reported"
            elif closed and closed >= one.discharged:
                ended = "closed"
        if one.refused:
            due = None
        by_hand[due and due[:7], ended] += 1
    assert asked.counts("list --stays --columns monitoring_due_month,monitoring_ended") == by_hand
    assert {key[1] for key in by_hand} == {"reported", "closed", None}


def test_outcomes(asked: Asked) -> None:
    by_hand: Counter[Any] = Counter()
    for one in visits(asked.files):
        own = one.discharged and one.stay["discharge"].get("by_own_decision")
        way = "own_decision" if own else "discharged" if one.discharged else "not_admitted" if one.refused else None
        by_hand[one.left and (one.discharged and one.discharged[:7]), way] += 1
    assert asked.counts("list --stays --columns discharged_month,left") == by_hand
    assert len({key[1] for key in by_hand}) == 4


def test_services_and_other_entries_by_kind(asked: Asked) -> None:
    by_hand = Counter((one["on"][:7], one["kind"]) for one in entries(asked.files, "services"))
    assert asked.counts("list service --columns month,kind") == by_hand
    trips = Counter((one["kind"],) for one in entries(asked.files, "trips"))
    assert asked.counts("list trip --columns kind") == trips


def test_trainings_completed(asked: Asked) -> None:
    by_hand = Counter(
        (one["kind"], one.get("voluntary"), one["completed_on"][:7] if "completed_on" in one else None)
        for one in entries(asked.files, "trainings")
    )
    assert asked.counts("list training --columns kind,voluntary,completed_month") == by_hand


def test_employment_after_six_months(asked: Asked) -> None:
    by_hand: Counter[Any] = Counter()
    for one in visits(asked.files):
        for report in live((one.stay.get("monitoring") or {}).get("reports")):
            late = bool(one.discharged) and report["date"] >= six_months_after(one.discharged or "")
            by_hand[late, report.get("employed"), report.get("job_paid")] += 1
    told: Counter[Any] = Counter()
    for row in asked.rows("monitor reports --columns months_after,employed,job_paid --count"):
        late = row["months_after"] is not None and row["months_after"] >= 6
        told[late, row["employed"], row["job_paid"]] += row["count"]
    assert told == by_hand
    kinds = Counter((one["kind"], one.get("paid")) for one in entries(asked.files, "employment"))
    assert asked.counts("list employment --columns kind,paid") == kinds


def test_needs(asked: Asked) -> None:
    by_hand = Counter((one["class"], one.get("source"), one["on"][:7]) for one in entries(asked.files, "needs"))
    assert asked.counts("list need --columns class,source,month") == by_hand


def as_known(value: Any, day: str) -> Any:
    """What a file said at the end of a day: nothing that was recorded, changed or struck through later."""
    if isinstance(value, list):
        return [known for one in value if (known := as_known(one, day)) is not None]
    if not isinstance(value, dict):
        return value
    if str(value.get("recorded_at") or day)[:10] > day:
        return None
    known = {name: one for name, one in value.items() if name not in ("was", "void")}
    if "void" in value and str(value["void"].get("on"))[:10] <= day:
        known["void"] = value["void"]
    for change in reversed(value.get("was") or ()):
        if change["at"][:10] > day:
            known |= {name: before for name, before in change["before"].items() if not isinstance(before, dict)}
    return {name: as_known(one, day) for name, one in known.items() if one is not None}


LISTED_IN_YEAR = (("services", "services", "on"), ("trips", "trips", "on"), ("trainings", "trainings", "begins_on"))
"""Rows of the report that count entries of a list by a day of theirs."""


class Year:
    """The figures of 2026 up to its *last* day, counted from files: row, column, answer."""

    def __init__(self, files: list[Facts], last: str) -> None:
        self.last, self.found = last, Counter[Any]()
        self.until, lived = f"{date.fromisoformat(last) + timedelta(1)}", dict[str, Visit]()
        for one in visits(files):
            self.add_stay(one)
            nights = [night for night in one.nights(self.until) if self.is_in(night)]
            if nights:
                lived[one.her["id"]] = one
                self.note("nights", len(nights), age_group=one.age_group)
        for one in lived.values():
            self.note("persons", 1, sex=one.her["identity"]["sex"], age_group=one.age_group)
        for row, name, day in LISTED_IN_YEAR:
            for entry in entries(files, name):
                kind = {} if row == "trainings" else {"kind": entry["kind"]}
                self.note(row, int(self.is_in(entry.get(day))), **kind)

    def add_stay(self, one: Visit) -> None:
        whom = {"sex": one.her["identity"]["sex"], "age_group": one.age_group}
        own = one.discharged and one.stay["discharge"].get("by_own_decision")
        sources = (one.stay.get("referral") or {}).get("sources")
        self.note("referred", int(self.is_in(one.day("referral", "received_at"))), sources=sources)
        self.note("arrived", int(self.is_in(one.arrived)), **whom)
        self.note("admitted", int(self.is_in(one.admitted)), **whom)
        self.note("not_admitted", int(self.is_in(one.refused)))
        self.note("left", int(self.is_in(one.discharged)), left="own_decision" if own else "discharged")
        for report in live((one.stay.get("monitoring") or {}).get("reports")):
            self.note("monitored", int(self.is_in(report["date"])))

    def is_in(self, day: str | None) -> bool:
        return day is not None and "2026-01-01" <= day <= self.last

    def note(self, row: str, number: int, **by: Any) -> None:
        self.found[row, None, None] += number
        for name, answer in by.items():
            for each in answer if isinstance(answer, list) else [answer]:
                self.found[row, name, each] += number


@pytest.mark.parametrize("known_on", [None, KNOWN_ON])
def test_the_report_of_a_year_as_then_known_and_today(asked: Asked, known_on: str | None) -> None:
    files = asked.files
    if known_on:
        files = [known for her in files if (known := as_known(her, known_on)) is not None]
    by_hand = Year(files, known_on or TODAY).found
    words = "report progress --year 2026 --of all" + (f" --as-known-on {known_on}" if known_on else "")
    told = {(row["row"], row["by"], row["answer"]): row["number"] for row in asked.rows(words)}
    rows = {key[0] for key in by_hand}
    assert {key: number for key, number in told.items() if key[0] in rows and number} == {
        key: number for key, number in by_hand.items() if number
    }
    if known_on is None:  # a list counts the same things
        admitted = asked.counts("list --stays --where admitted_on=2026 --columns sex")
        assert {("admitted", "sex", sex): number for (sex,), number in admitted.items()}.items() <= told.items()


def test_files_about_one_person(asked: Asked) -> None:
    by_name: defaultdict[Any, set[str]] = defaultdict(set)
    for her in asked.files:
        if not her.get("stays") or live(her["stays"]):
            who = her["identity"]
            by_name[who["first_name"], who["last_name"], str(who["birth_date"])].add(her["id"])
    by_hand = {frozenset(ids) for ids in by_name.values() if len(ids) > 1}
    told = asked.rows("find --duplicates")
    assert {frozenset((row["id"], row["same_as"])) for row in told} == by_hand
    assert len(by_hand) >= 5


def test_who_changed_what(asked: Asked) -> None:
    by_hand: Counter[Any] = Counter()

    def walk(value: Any) -> None:
        for one in value if isinstance(value, list) else ():
            walk(one)
        if isinstance(value, dict):
            if "recorded_at" in value:
                by_hand[value["recorded_at"][:7], "recorded", value["recorded_by"]] += 1
            for change in value.get("was") or ():
                what = "changed" if any(has_value(before) for before in change["before"].values()) else "completed"
                by_hand[change["at"][:7], what, change["by"]] += 1
            if "void" in value:
                by_hand[value["void"]["on"][:7], "struck", value["void"]["by"]] += 1
            for name, one in value.items():
                if name not in ("was", "void", "sealed"):
                    walk(one)

    walk(asked.files)
    assert asked.counts("list --changes --columns month,what,by") == by_hand
    assert {key[1] for key in by_hand} >= {"recorded", "changed", "struck"}


def has_value(before: Any) -> bool:
    return any(map(has_value, before.values())) if isinstance(before, dict) else before is not None


def test_lists_queries_exports_and_reports_count_one_thing_alike(asked: Asked) -> None:
    listed = asked.counts("list service --where month=2026 --columns kind")
    sql = "select kind, count(*) from services where month >= '2026' group by kind"
    assert {(kind,): number for kind, number in asked.query(sql)} == listed
    reported = asked.rows("report services --year 2026 --of all")
    assert {
        (row["answer"],): row["number"] for row in reported if row["row"] == "services" and row["by"] == "kind"
    } == listed
    out = asked.desk.folder / "services.ndjson.age"
    asked.desk.do(f"export services --for manager --from 2026-01-01 --to {TODAY} --columns kind --out {out}")
    key = re.findall("AGE-SECRET-KEY-1[A-Z0-9]+", asked.desk.key.read_text())[0]
    lines = pyrage.decrypt(out.read_bytes(), [pyrage.x25519.Identity.from_str(key)]).decode().splitlines()
    assert Counter((json.loads(line)["kind"],) for line in lines) == listed
