"""Lists as a data officer asks for them: columns, conditions and counts, held against what is counted by hand."""

import csv
import io
import json
import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import crowd
import pytest
import yaml
from conftest import ACCEPTED, TODAY, copied
from decrypted import decrypted

from shelterctl.explain import topic

if TYPE_CHECKING:
    from conftest import Desk


COUNT = 40
Records = list[dict[str, Any]]


@pytest.fixture(scope="session")
def _many(_empty: "Desk", tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    desk = copied(_empty, tmp_path_factory.mktemp("made") / "desk")
    crowd.settle(str(desk.store), str(desk.key), COUNT)
    return desk


@pytest.fixture
def many(_many: "Desk", tmp_path: Path) -> "Desk":
    """A house with forty invented clients whose files go all the way."""
    return copied(_many, tmp_path / "many")


@pytest.fixture
def records(many: "Desk") -> Records:
    """Their files as anybody with the key reads them: age and YAML, and nothing of ours."""
    return [yaml.safe_load(decrypted(file.read_bytes(), many.key)) for file in (many.store / "residents").iterdir()]


def stays(records: Records) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    return ((her, stay) for her in records for stay in her["stays"])


def admitted(stay: dict[str, Any]) -> str | None:
    found: str | None = stay["admission"].get("admitted_on")
    return found


def age_group(her: dict[str, Any], stay: dict[str, Any]) -> str | None:
    birth, day = her["identity"].get("birth_date"), admitted(stay) or stay["referral"]["received_at"]
    if birth is None:
        return None
    years = int(day[:4]) - int(birth) - (day[5:10] < "12-31")
    bounds = (0, 9, 18, 21, 24, 27, 30, 39, 48)
    last = max(bound for bound in bounds if bound <= years)
    return "48+" if last == 48 else f"{last}--{bounds[bounds.index(last) + 1] - 1}"


def way_out(stay: dict[str, Any]) -> str | None:
    if "not_admitted" in stay["admission"]:
        return "not_admitted"
    gone = stay.get("discharge")
    return None if gone is None else "own_decision" if gone["by_own_decision"] else "discharged"


def ending(stay: dict[str, Any]) -> str | None:
    left, told = stay.get("discharge", {}).get("on"), stay.get("monitoring", {})
    if reports := told.get("reports"):
        return "reported" if reports[0]["date"] >= six_months_after(left) else None
    return "closed" if told.get("closed") else None


def six_months_after(day: str) -> str:
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) + 5, 12)
    last = {1: 29 if year % 4 == 0 else 28, 3: 30, 5: 30, 8: 30, 10: 30}.get(month, 31)
    return f"{year}-{month + 1:02}-{min(int(day[8:]), last):02}"


def counted(kinds: Iterator[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    return Counter(kinds)


def joined(codes: list[str] | None, order: tuple[str, ...]) -> tuple[str, ...] | None:
    return tuple(sorted(codes, key=order.index)) if codes else None


BY_HAND: dict[str, Callable[[Records], Counter[tuple[Any, ...]]]] = {
    "admitted_month,sex,age_group": lambda records: counted(
        ((admitted(stay) or "")[:7] or None, her["identity"]["sex"], age_group(her, stay))
        for her, stay in stays(records)
    ),
    "exploitation,country_of_exploitation": lambda records: counted(
        (joined(told.get("exploitation"), crowd.EXPLOITATION), told.get("country_of_exploitation"))
        for told in (her["trafficking"] for her in records)
    ),
    "left,nights": lambda records: counted((way_out(stay),) for _, stay in stays(records)),
    "left,monitoring_ended": lambda records: counted(
        (way_out(stay), None if way_out(stay) == "not_admitted" else answered(stay)) for _, stay in stays(records)
    ),
    "form,line,amount": lambda records: counted(
        (one["form"], line) for her in records for one in her["agreements"] for line in one["lines"]
    ),
    "employed,job_paid,threats": lambda records: counted(
        (report["employed"], report.get("job_paid"), report["threats"])
        for _, stay in stays(records)
        for report in stay.get("monitoring", {}).get("reports", ())
    ),
}
"""Each question of the topic, answered by hand."""

SUMS = ("nights", "amount")


def answered(stay: dict[str, Any]) -> str | None:
    """What is written of this very stay answers its duty."""
    left = stay.get("discharge", {}).get("on")
    told = [stay.get("monitoring", {})] if left else []
    if any(report["date"] >= six_months_after(left) for each in told for report in each.get("reports", ())):
        return "reported"
    return "closed" if any(each["closed"]["on"] >= left for each in told if "closed" in each) else None


def questions() -> list[str]:
    """The commands of the topic, which answer one question each."""
    section = (
        topic.TOPICS_FOLDER.joinpath("en", "data-officers.md").read_text("utf-8").partition("each one command\n\n")[2]
    )
    return [line.strip().removeprefix("shelterctl ") for line in section.partition("\n\n")[0].splitlines()]


def hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def test_every_question_of_the_topic_is_one_command_and_counts_as_whoever_counts_by_hand(
    many: "Desk", records: Records
) -> None:
    asked = questions()
    assert len(asked) == len(BY_HAND) + 1
    for words in asked:
        rows, columns = many.do(words).data["rows"], shlex.split(words)[shlex.split(words).index("--columns") + 1]
        if "--count" not in words:
            continue
        kinds = [tuple(map(hashable, (row[name] for name in columns.split(",") if name not in SUMS))) for row in rows]
        assert dict(zip(kinds, (row["count"] for row in rows), strict=True)) == BY_HAND[columns](records), words


def test_sums_are_exact_and_what_is_late_is_what_is_due(many: "Desk", records: Records) -> None:
    by_line: dict[str, Decimal] = defaultdict(Decimal)
    for her in records:
        for agreement in her["agreements"]:
            for line, facts in agreement["lines"].items():
                by_line[line] += Decimal(facts["amount"]) if "amount" in facts else facts["rate"] * facts["months"]
    rows = many.do("agreements --lines --columns line,amount --count").data["rows"]
    assert {row["line"]: Decimal(row["amount"]) for row in rows} == by_line
    assert all(re.fullmatch(r"\d+\.\d\d", row["amount"]) for row in rows)

    late = many.do("list --stays --where monitoring=due --columns id,stay,days_since_due").data["rows"]
    due = [row for row in many.do("monitor due").data["rows"] if row["state"] == "due"]
    assert sorted((row["id"], row["stay"], row["days_since_due"]) for row in late) == sorted(
        (row["id"], row["stay"], row["days_since_due"]) for row in due
    )
    assert late


def test_cells_are_of_one_type_in_every_format(many: "Desk") -> None:
    columns = "id,sex,exploitation,estimated,admitted_on,admitted_month,nights,months_trafficked,rules.signed,left"
    for words in (
        f"list --stays --columns {columns}",
        "agreements --lines --columns id,line,amount,months,rate,signed,date",
        "monitor reports",
    ):
        page = many.do(words).data["rows"]
        lines = [json.loads(line) for line in many.run(f"{words} --format ndjson").out.splitlines()]
        assert lines == page
        assert page
        cells = csv.DictReader(io.StringIO(many.run(f"{words} --format csv").out))
        for row, line in zip(page, cells, strict=True):
            assert line == {name: in_csv(value) for name, value in row.items()}


def in_csv(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_one_column_twice_means_either_and_several_mean_all(many: "Desk", records: Records) -> None:
    either = "--where exploitation=slavery --where exploitation=servitude"
    rows = many.do(f"list {either} --where country_of_exploitation=RU --columns id").data["rows"]
    asked = {row["id"] for row in rows}
    assert asked == {
        her["id"]
        for her in records
        if {*her["trafficking"].get("exploitation", ())} & {"slavery", "servitude"}
        and her["trafficking"]["country_of_exploitation"] == "RU"
    }
    assert asked


def test_codes_are_words_for_a_person_and_codes_for_a_program(admitted: "Desk") -> None:
    words = "list --columns sex,exploitation,age_group,rules.signed"
    assert admitted.do(f"{words} --lang ru").data["rows"] == [
        {"sex": "female", "exploitation": ["forced_labour_or_services"], "age_group": "27--29", "rules.signed": True}
    ]
    assert re.search("женщина +принудительный труд или услуги +27–29 лет +да", admitted.run(f"{words} --lang ru").out)


def test_small_numbers_are_said_to_be_somebody_and_an_empty_count_is_nothing(admitted: "Desk") -> None:
    told = admitted.run("list --columns sex --count")
    assert "Numbers from 1 to 10 may tell who somebody is." in told.out
    assert admitted.do("list --where sex=male --count").data["rows"] == [{"count": 0}]
    assert admitted.do("list --where sex=male --columns sex --count").data["rows"] == []
    assert admitted.run("list --where sex=male").out == "No row is as it was asked for.\n"


def test_a_first_stay_and_how_it_ended_stay_to_be_seen(admitted: "Desk") -> None:
    """W2: a stay is not lost when she comes back, nor how she left when she was monitored."""
    admitted.do(f"discharge {admitted.her} --on 2026-11-25 --own-decision")
    admitted.do(f"monitor record {admitted.her}", ACCEPTED / "monitoring-report.yaml", today="2027-06-01")
    (row,) = admitted.do("list", today="2027-06-01").data["rows"]
    assert (row["state"], row["left"], row["monitoring_ended"]) == ("monitored", "own_decision", "reported")

    again = {"referral": {"sources": ["scme"], "received_at": "2027-07-01T10:00+06:00"}}
    admitted.do(f"admit {admitted.her}", again, today="2027-07-02")
    (row,) = admitted.do("list", today="2027-07-02").data["rows"]
    assert (row["state"], row["left"]) == ("referred", None)
    first, second = admitted.do("list --stays", today="2027-07-02").data["rows"]
    assert (first["state"], first["left"], first["nights"]) == ("monitored", "own_decision", 3)
    assert (second["state"], second["left"], second["nights"]) == ("referred", None, None)
    assert (first["id"], second["id"]) == (admitted.her, admitted.her)


def test_monitoring_that_was_closed_without_her_is_told_apart(discharged: "Desk") -> None:
    discharged.do(f"monitor close {discharged.her} --on 2027-06-01", {"reason": "Связи нет"}, today="2027-06-01")
    (row,) = discharged.do("list", today="2027-06-01").data["rows"]
    assert (row["state"], row["left"], row["monitoring_ended"]) == ("monitored", "discharged", "closed")


THEN = {
    "1990-01-01": None,
    "2026-11-19": None,
    "2026-11-20": ("interviewed", None, None),
    "2026-11-22": ("admitted", "2026-11-22", None),
    "2026-11-24": ("admitted", "2026-11-22", None),
    "2026-11-25": ("discharged", "2026-11-22", "discharged"),
    "2027-06-01": ("discharged", "2026-11-22", "discharged"),
}


@pytest.mark.parametrize(("day", "seen"), THEN.items())
def test_a_list_looks_back_by_what_had_happened(
    day: str, seen: tuple[str, str | None, str | None] | None, discharged: "Desk"
) -> None:
    rows = discharged.do("list", today=day).data["rows"]
    assert [(row["state"], row["arrived_on"], row["left"]) for row in rows] == ([seen] if seen else [])
    inside = [one["id"] for one in discharged.do("house", today=day).data["sleeping"]]
    assert inside == [row["id"] for row in rows if row["arrived_on"] and not row["left"]]
    said = discharged.run("list", today=day).out
    assert (f"By {day} nothing had happened" in said) is (seen is None)


def test_who_never_stayed_is_no_stay(desk: "Desk") -> None:
    desk.do("admit --without-stay", {"identity": {"sex": "male"}})
    assert desk.run("list --stays", today=None).out == "No row is as it was asked for.\n"
    assert desk.do("list --columns sex,monitoring", today=None).data["rows"] == [
        {"sex": "male", "monitoring": "unscheduled"}
    ]


def test_without_a_day_nobody_is_hidden_by_a_mistyped_year(desk: "Desk") -> None:
    given = {"identity": {"sex": "female"}, "referral": {"sources": ["scme"], "received_at": "2026-11-20T10:00+06:00"}}
    id_ = desk.do("admit", given).data["id"]
    desk.do(f"admit {id_}", {"received": {"at": "2126-11-20T10:00+06:00", "by": "s-aida"}})
    assert [row["id"] for row in desk.do("list", today=None).data["rows"]] == [id_]
    assert desk.do("list", today=TODAY).data["rows"][0]["state"] == "referred"


def test_what_a_list_counts_is_what_the_other_list_has(many: "Desk") -> None:
    """W19: a report and an agreement are counted once, in the stay that they belong to."""
    for what, list_ in (
        ("reports", "monitor reports"),
        ("agreements", "agreements"),
        ("outlays", "agreements --outlays"),
    ):
        rows = many.do(f"{list_} --columns client,stay").data["rows"]
        by_client, by_stay = Counter(row["client"] for row in rows), Counter(row["stay"] for row in rows)
        clients = many.do(f"list --columns id,{what}").data["rows"]
        assert {row["id"]: row[what] for row in clients if row[what]} == by_client
        stays_ = many.do(f"list --stays --columns stay,{what}").data["rows"]
        assert {row["stay"]: row[what] for row in stays_ if row[what]} == by_stay
    assert len({row["client"] for row in rows}) <= len(clients)


def test_agreements_look_back_as_what_was_spent_does(many: "Desk", records: Records) -> None:
    """W18: on each day a list has what was there by then, signed or ended by then."""
    by_hand = [one for her in records for one in her["agreements"]]
    days = sorted({one["date"] for one in by_hand})
    for day in ("2024-01-01", *days[:: max(1, len(days) // 6)], "2026-11-25"):
        rows = many.do("agreements", today=day).data["rows"]
        then = {one["id"]: one for one in by_hand if one["date"] <= day}
        assert {row["id"] for row in rows} == set(then)
        for row in rows:
            for key, said in (("signed", "signed"), ("terminated", "terminated")):
                on = then[row["id"]].get(key, {}).get("on")
                assert row[said] == (on if on and on <= day else None)
        counted_ = many.do("list --columns agreements", today=day).data["rows"]
        assert sum(row["agreements"] for row in counted_) == len(rows)
