"""Lists as a data officer asks for them: columns, their words, conditions and counts, and what is never told."""

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

import pytest
import yaml

from shelterctl.explain import topic
from tests.support import crowd
from tests.support.desk import TODAY, copied
from tests.support.paths import ACCEPTED
from tests.support.revised_rulebook import Revised
from tests.support.sealed_entries import decrypted

if TYPE_CHECKING:
    from tests.support.desk import Desk


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
    section = topic.TOPICS_FOLDER.joinpath("en", "data-officers.md").read_text("utf-8").partition("one command\n\n")[2]
    return [line.strip().removeprefix("shelterctl ") for line in section.partition("\n\n")[0].splitlines()]


def hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def test_every_question_of_the_topic_is_one_command_and_counts_as_whoever_counts_by_hand(
    many: "Desk", records: Records
) -> None:
    asked = questions()
    lists = [words for words in asked if not words.startswith(("report", "agreements --account"))]
    assert len(lists) == len(BY_HAND) + 1
    for words in asked:
        assert many.ask(words.replace("--format csv", "")).code == 0
    for words in lists:
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
    assert "Numbers from 1 to 10 may identify somebody." in told.out
    assert admitted.do("list --where sex=male --count").data["rows"] == [{"count": 0}]
    assert admitted.do("list --where sex=male --columns sex --count").data["rows"] == []
    assert admitted.run("list --where sex=male").out == "No rows match.\n"


def test_a_first_stay_and_how_it_ended_stay_to_be_seen(admitted: "Desk") -> None:
    """A stay is not lost when she comes back, nor how she left when she was monitored."""
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
    assert (f"Up to {day} this store had no client" in said) is (seen is None)


def test_who_never_stayed_is_no_stay(desk: "Desk") -> None:
    desk.do("admit --without-stay", {"identity": {"sex": "male"}})
    assert desk.run("list --stays", today=None).out == "No rows match.\n"
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
    """A report and an agreement are counted once, in the stay that they belong to."""
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
    """On each day a list has what was there by then, signed or ended by then."""
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


REFUSED = {
    "list --columns id,first_name": ["identity.first_name"],
    "list --columns phone,address,sex": ["identity.phone", "identity.address"],
    "list --stays --columns reason_text": ["discharge.reason_text"],
    "list --columns birth_date": ["identity.birth_date"],
    "list --columns identification_number": ["person.identification_number"],
    "list --where last_name=Примерова": ["identity.last_name"],
    "list --columns coordinator-agreement.by": ["coordinator-agreement.by"],
    "agreements --columns ngo_representative": ["agreement.ngo_representative"],
    "agreements --lines --columns justification": ["line.justification"],
    "agreements --columns signed.iom_name": ["agreement.signed.iom_name"],
    "monitor reports --columns plans,problems": ["report.plans", "report.problems"],
    "staff list --columns name": ["staff.name"],
    "ngo list --columns address": ["ngo.address"],
    "facility list --where phone=1": ["facility.phone"],
}


@pytest.mark.parametrize(("words", "fields"), REFUSED.items())
def test_a_name_a_contact_and_a_sentence_are_refused_by_the_name_of_the_field(
    words: str, fields: list[str], admitted: "Desk"
) -> None:
    told = admitted.refused(words)
    assert (told.code, told.refusals) == (1, ["list/not-a-column"] * len(fields))
    assert [found["facts"]["field"] for found in told.page["findings"]] == fields
    assert "Примерова" not in told.out
    for format_ in ("csv", "ndjson", "table"):
        said = admitted.run(f"{words} --format {format_}")
        assert said.code == 1
        assert fields[0] in said.out + said.err


MISTAKEN = {
    "list --columns agegroup": ("usage/column", "age_group"),
    "list --columns exploitations": ("usage/column", "exploitation"),
    "list --columns Айгуль": ("usage/column", "schema columns"),
    "list --columns on": ("usage/column", "instruction.on"),
    "agreements --columns exploitatoin": ("usage/column", "exploitation"),
    "monitor reports --columns employd": ("usage/column", "employed"),
    "staff list --columns rol": ("usage/column", "role"),
    "list --columns id,sex,agegroup": ("usage/column", "Column 3: "),
    "agreements --columns terminated_on": ("usage/column", "terminated.on"),
    "list --where children=many": ("usage/where", "Write it like 3"),
    "list --where sex=femal": ("usage/where", "female"),
    "list --where sexx=female": ("usage/column", "sex"),
    "list --where exploitation=Айгуль": ("usage/where", "servitude"),
    "list --where admitted_on=2026-13": ("usage/where", "2026-11"),
    "list --where nights=many": ("usage/where", "there"),
    "list --where rules.signed=ja": ("usage/where", "yes"),
    "list --where primary-interview.by=s-gulnra": ("usage/where", "s-gulnara"),
    "list --where facility=osh": ("usage/where", "bishkek"),
    "list --where sex": ("usage/where", "sex=female"),
    "list --where =female": ("usage/where", "sex=female"),
    "list --columns ''": ("usage/words", "--columns"),
    "list --names --columns sex": ("usage/names", "--names"),
}


@pytest.mark.parametrize(("words", "said"), MISTAKEN.items())
def test_what_does_not_exist_is_a_mistake_with_the_nearest_name(
    words: str, said: tuple[str, str], admitted: "Desk"
) -> None:
    told = admitted.refused(words)
    assert (told.code, told.error) == (2, said[0])
    assert said[1] in told.page["error"]["message"] + str(told.page["error"]["hint"])
    assert "Айгуль" not in told.out


def test_nobody_is_named_whatever_is_asked_for(printing: "Desk") -> None:
    names = ("Айгуль", "Примерова", "Образцов", "0555", "Примерная")
    for row in printing.do("schema columns").data["rows"]:
        told = printing.run(f"{row['table']} --columns {row['name']} --format csv", today="2027-06-01")
        assert told.code == 0, row
        assert not [name for name in names if name in told.out], row
    for words in ("list", "list --stays", "agreements", "agreements --lines", "monitor reports"):
        out = printing.run(f"{words} --format ndjson", today="2027-06-01").out
        assert not [name for name in names if name in out]
        assert out


FIELDS = """  blood_group: {is: code, unknown: true, text: {en: Blood group}, codes: {o: {en: first}, a: {en: second}}}
  nickname: {is: text, text: {en: Calls herself}}
  weighed_on: {is: day, text: {en: Weighed on}}
"""


def test_a_field_that_is_added_by_data_is_a_column_at_once(admitted: "Desk") -> None:
    session = Revised(admitted)
    session.edit("tracks/identity.yaml", "  citizenship:", f"{FIELDS}  citizenship:")
    session.lose("identity.blood_group", "identity.nickname", "identity.weighed_on")
    question = '  housed: {is: yes_no, number: "12", unknown: true, clause: A7.Q11, text: {en: Has she a home?}}\n'
    session.edit("tracks/report.yaml", "  signed: {is: yes_no", f"{question}  signed: {{is: yes_no")
    calls = "    fields:\n      calls: {is: whole, text: {en: calls}}\n"
    cap = "    rules:\n      - {amount: amount, at_most: 800, within: client, overlaps: period, clause: A6.7a"
    session.edit("tracks/blue.yaml", cap, f"{calls}{cap}")
    said = {"blood_group": "unknown", "nickname": "Красная", "weighed_on": "2026-11-23"}
    session.do(f"admit {session.her}", {"identity": said})
    assert session.do("list --columns blood_group,weighed_on,weighed_month").data["rows"] == [
        {"blood_group": "unknown", "weighed_on": "2026-11-23", "weighed_month": "2026-11"}
    ]
    assert session.do("list --where blood_group=a --count").data["rows"] == [{"count": 0}]
    assert session.refused("list --columns nickname").refusals == ["list/not-a-column"]
    assert "housed" in session.run("monitor reports --format csv").out
    period = {"from": "2026-12-01", "to": "2027-02-28"}
    given = {"date": "2026-11-25", "period": period, "lines": {"7a": {"amount": 7, "calls": 3}}}
    session.do(f"agreement {session.her} --form blue", given)
    assert session.do("agreements --lines --columns line,calls").data["rows"] == [{"line": "7a", "calls": 3}]
    told = {row["column"]: row for row in session.do("schema columns").data["rows"]}
    assert told["identity.blood_group"]["codes"] == ["o", "a", "unknown"]
    assert "identity.nickname" not in told


def test_the_dictionary_tells_every_column_by_a_name_that_may_be_asked_for(desk: "Desk") -> None:
    rows = desk.do("schema columns", today=None).data["rows"]
    assert {"list", "agreements", "agreements --lines", "monitor reports", "staff list"} <= {
        row["table"] for row in rows
    }
    told = {(row["table"], row["name"]): row for row in rows}
    assert len(told) == len(rows)
    assert told["list", "sex"] | {"definition": None} == {
        "table": "list", "name": "sex", "kind": "code", "several": False, "label": "Sex", "codes": ["female", "male"],
        "clause": "M1.2.7", "definition": None, "column": "identity.sex",
    }  # fmt: skip
    assert told["list", "left"]["definition"].startswith("How the stay ended")
    assert desk.run("schema columns --format csv", today=None).out.count("\n") == len(rows) + 1


NOT_HAD = {
    "agreements --outlays --where document=absent": ("document", "yes, no"),
    "agreements --where form=there": ("form", "pink"),
    "list --where state=absent": ("state", "referred"),
    "list --where children=absent": ("children", "3"),
    "list --where admitted_month=2026-11-22": ("admitted_month", "2026-11, 2026"),
    "list --where admitted_on=female": ("admitted_on", "2026-11-25"),
    "list --where sex=discharged": ("identity.sex", "female"),
    "list --where sex=женщина": ("identity.sex", "female"),
    "staff list --where role=absent": ("staff.role", "social_worker"),
}


@pytest.mark.parametrize(("words", "said"), NOT_HAD.items())
def test_a_word_that_the_column_does_not_have_is_a_mistake_with_those_it_has(
    words: str, said: tuple[str, str], admitted: "Desk"
) -> None:
    told = admitted.refused(words)
    assert (told.code, told.error) == (2, "usage/where")
    assert all(each in told.page["error"]["message"] for each in said)


CALLED = {
    "list --where state=принята": "ru",
    "list --where state=Принята": "ru",
    "list --where sex=ЖЕНЩИНА": "ru",
    "list --where rules.signed=да": "ru",
    "list --where 'discharged_on=не выбыла'": "ru",
    "list --where state=Admitted": "en",
    "list --where 'exploitation=Forced labour or services'": "en",
    "list --where 'left=Has not left'": "en",
    "list --where admitted_on=22.11.2026": "en",
}


@pytest.mark.parametrize(("words", "language"), CALLED.items())
def test_a_word_of_the_screen_means_its_code(words: str, language: str, admitted: "Desk") -> None:
    (row,) = admitted.do(f"{words} --lang {language} --columns id").data["rows"]
    assert row == {"id": admitted.her}


def test_the_words_that_a_column_has_are_told_in_the_language_of_the_screen(admitted: "Desk") -> None:
    told = admitted.run("list --where sex=кто --lang ru")
    assert told.code == 2
    assert "female (женщина), male (мужчина)" in told.err


def test_a_column_that_never_is_empty_is_not_asked_whether_it_is(printing: "Desk") -> None:
    """Which columns these are is held against what the lists say."""
    never = 0
    for row in printing.do("schema columns", today="2027-06-01").data["rows"]:
        words = f"{row['table']} --columns {row['name']}"
        asked = printing.ask(f"{words} --where {row['name']}=absent", today="2027-06-01")
        assert (asked.code, str(asked.error)) in ((0, "None"), (2, "usage/where")), row
        cells = [each[row["name"]] for each in printing.do(words, today="2027-06-01").data["rows"]]
        assert (asked.code == 0) or None not in cells, row
        never += asked.code == 2
        assert [each[row["name"]] for each in asked.data.get("rows", ())] == [
            each for each in cells if each is None and asked.code == 0
        ]
    assert never > 20


@pytest.fixture
def waiting(admitted: "Desk") -> "Desk":
    """The same with two women whom nobody has admitted yet."""
    for _ in range(2):
        referral = {"sources": ["scme"], "received_at": "2026-11-24T10:00+06:00"}
        admitted.do("admit --new-person", {"identity": {"sex": "female"}, "referral": referral})
    return admitted


WORDS = {
    "en": ("2026-11 +has not left +admitted +1", "not admitted +has not left +[a-z, ]+ +2"),
    "ru": ("2026-11 +ещё не выбыла +принята +1", "не принята +ещё не выбыла +[а-яё, ]+ +2"),
}


@pytest.mark.parametrize("language", WORDS)
def test_each_row_of_a_count_says_what_it_counts(language: str, waiting: "Desk") -> None:
    asked = "list --stays --columns admitted_month,left,state --count"
    lines = waiting.run(f"{asked} --lang {language}").out.splitlines()
    assert [line for line, said in zip(lines[1:], WORDS[language], strict=False) if not re.fullmatch(said, line)] == []


def test_a_program_reads_null_and_csv_an_empty_cell_where_nothing_stands(waiting: "Desk") -> None:
    asked = "list --stays --columns admitted_month,sex,citizenship --count"
    rows = waiting.do(asked).data["rows"]
    assert [(row["admitted_month"], row["citizenship"], row["count"]) for row in rows] == [
        ("2026-11", None, 1),
        (None, None, 2),
    ]
    assert waiting.run(f"{asked} --format csv").out.splitlines()[1:] == ["2026-11,female,,1", ",female,,2"]
    assert waiting.do("list --stays --where admitted_month=absent --count").data["rows"] == [{"count": 2}]
