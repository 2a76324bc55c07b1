"""What may be asked of a list, and what never: names, contacts, sentences; columns that there are by data alone."""

from typing import TYPE_CHECKING

import pytest
from revised import Revised

if TYPE_CHECKING:
    from conftest import Desk


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
    "list --where children=many": ("usage/where", "It is written like 3"),
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
