"""The manual is data: rules revised, added, repealed and softened by text alone, and broken text refused by place."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shelterctl.core.record.client import Client
from shelterctl.core.rules import checklist
from shelterctl.core.rules.context import Context
from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from shelterctl.schemas import published
from shelterctl.schemas.fields import Schema
from shelterctl.schemas.input import agreement_schema
from tests.support.inputs import REFERRAL
from tests.support.revised_rulebook import retold
from tools import generated

BEFORE, SINCE = "2026-12-31", "2027-01-01"


CAP_2A = "      - {amount: amount, at_most: 2000, within: stay, clause: A5.2a, reading: X22}\n"
LINE_2C = "    clause: A5.2c\n"
REPEALED_2C = LINE_2C + "    later: [{since: 2027-01-01, clause: IOM-2027-3, repealed: true}]\n"
NUMBERED = "{needs: number, when: {signed: [there]}, clause: A6.H1, code: agreement/numbered}"
SIGNED = "when: {signed: [there]}, clause: A6.H1"
NEW_LINE = """parts:
  8:
    text: {en: "Dentist (at most {at_most} Soms a month)"}
    clause: IOM-2026-0
    repealed: true
    later: [{since: 2027-01-01, clause: IOM-2027-8}]
    fields:
      months: {is: months, text: {en: how many months}}
      clinic: {is: text, text: {en: which clinic}}
    rules:
      - {amount: amount, at_most: 400, times: [months], clause: IOM-2027-8}
      - {needs: [months, clinic], clause: IOM-2027-8}
"""
NEW_ITEM = """  - item: safety-briefing
    text: {en: Safety briefing}
    clause: M2.2.2
    later: [{since: 2027-01-01, gate: true, clause: IOM-2027-5}]
    done: true
    rules:
      - {stands: done, where: {item: [safety-briefing]}}
    says:
      safety-briefing: {en: "She has not been briefed on safety ({clause})."}
"""
GREEN = """schema: track/1
track: green
text: {en: green form}
clause: IOM-2027-0
family: agreement
tells: {form: green}
unlisted: IOM-2027-0
advice: {en: Ask IOM.}
fields:
  period: {is: span, text: {en: Period}}
rules:
  - {needs: period, clause: IOM-2027-2, code: agreement/period}
parts:
  a:
    text: {en: "Child care ({at_most} Soms a month)"}
    clause: IOM-2027-1
    fields: {months: {is: months, text: {en: months}}}
    rules:
      - {amount: amount, at_most: 700, times: [months], clause: IOM-2027-1}
sheet:
  tint: white
  texts:
    title: {en: FINANCIAL AGREEMENT FOR CHILD CARE}
    subtitle: {en: (Green Form)}
    number: {en: FINANCIAL AGREEMENT NO.}
    place: {en: Bishkek}
    date: {en: Date}
    preamble: {en: "{ngo}, represented by {ngo_representative}, and IOM, represented by {iom_representative}:"}
    description: {en: Description}
    requested: {en: Requested}
    total: {en: Total}
    in_writing: {en: "In writing:"}
    guidelines: {en: The standards apply.}
    signed: {en: "Signed:"}
    ngo: {en: for the NGO}
    iom: {en: for IOM}
    name: {en: Name}
"""


def later(rule: str, ruling: str) -> str:
    """A rule of the shelf with one more ruling on it."""
    return rule.replace("}\n", f", later: [{{{ruling}}}]}}\n")


REVISED_2A = later(CAP_2A, "since: 2027-01-01, at_most: 3000, clause: A5.2a-2027")


@dataclass(frozen=True)
class Manual:
    """A copy of the manual that may be revised, and the real program before which it is laid."""

    folder: Path
    desk: Any

    def edit(self, file: str, old: str, new: str) -> None:
        """Put *new* in the place of *old*, which stands there once."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")

    @property
    def rulebook(self) -> Rulebook:
        return Rulebook(self.folder)

    def ask(self, words: str, given: object = None, **how: Any) -> Any:
        return self.desk.ask(words, given, env={"SHELTERCTL_MANUAL": str(self.folder)}, **how)

    def judge(self, form: str, on: str, **lines: object) -> Any:
        """What the program says of an agreement of that day with these lines."""
        own = {"contract_date": "2026-01-20"} if form == "pink" else {"period": {"from": on, "to": "2027-06-30"}}
        given = {"date": on, "number": "S-NGO-12", "lines": {name.lstrip("_"): line for name, line in lines.items()}}
        return self.ask(f"agreement --form {form} --check", {**given, **own})

    def printed(self, form: str, day: str) -> dict[str, dict[str, Any]]:
        """The form's lines as the program lists them on a day."""
        return {row["line"]: row for row in self.ask(f"agreement --form {form}", today=day).data["rows"]}


def shapes(rulebook: Rulebook) -> dict[str, Schema]:
    """What may be written down by a shelf, by schema, without what says of which shelf that is."""
    return {name: {**schema, "$comment": None} for name, schema in generated.make_schemas(rulebook).items()}


@pytest.fixture
def manual(tmp_path: Path, desk: Any) -> Manual:
    retold(desk)
    shutil.copytree(open_rulebook().folder, tmp_path / "manual")
    return Manual(tmp_path / "manual", desk)


def test_a_revised_cap_holds_from_its_day_and_not_a_day_before(manual: Manual) -> None:
    manual.edit("tracks/pink.yaml", CAP_2A, REVISED_2A)

    old = manual.judge("pink", BEFORE, _2a={"amount": 2500}).finding("agreement/over-cap")
    assert (old["severity"], old["clause"], old["facts"]["cap"]) == ("refuse", "A5.2a", "2000.00")
    assert manual.judge("pink", SINCE, _2a={"amount": 3000}).refusals == []
    new = manual.judge("pink", SINCE, _2a={"amount": "3000.01"}).finding("agreement/over-cap")
    assert (new["severity"], new["clause"], new["facts"]["cap"]) == ("refuse", "A5.2a-2027", "3000.00")

    before, since = manual.printed("pink", BEFORE)["2a"], manual.printed("pink", SINCE)["2a"]
    assert (before["limit"], since["limit"]) == ("2000.00", "3000.00")
    assert "3000" in since["text"]
    assert shapes(manual.rulebook) == shapes(open_rulebook())  # a cap is a rule, not a shape


def test_a_new_line_with_its_cap_and_a_new_condition_are_judged_from_their_day(manual: Manual) -> None:
    manual.edit("tracks/blue.yaml", "parts:\n", NEW_LINE)
    manual.edit("tracks/blue.yaml", NUMBERED, NUMBERED.replace(SIGNED, "clause: IOM-2027-9"))
    line = {"months": 2, "clinic": "Dental 4", "amount": 800}

    early = manual.judge("blue", BEFORE, _8=line).finding("agreement/unknown-line")
    assert early["clause"] == "IOM-2026-0"
    assert manual.judge("blue", SINCE, _8=line).refusals == []
    over = manual.judge("blue", SINCE, _8=line | {"amount": 801}).finding("agreement/over-cap")
    assert (over["clause"], over["facts"]["cap"]) == ("IOM-2027-8", "800.00")
    lacking = manual.judge("blue", SINCE, _8={"months": 2, "amount": 800}).finding("agreement/missing-key")
    assert lacking["clause"] == "IOM-2027-8"
    unnumbered = {"date": SINCE, "period": {"from": SINCE, "to": SINCE}, "lines": {"8": line}}
    asked = manual.ask("agreement --form blue --check", unnumbered)
    assert asked.finding("agreement/numbered")["clause"] == "IOM-2027-9"

    assert "8" not in manual.printed("blue", BEFORE)
    row = manual.printed("blue", SINCE)["8"]
    assert (row["limit"], row["clause"]) == ("400.00 × months", "IOM-2027-8")
    assert row["text"] == "Dentist (at most 400 Soms a month)"
    lines = agreement_schema(manual.rulebook, "blue")["properties"]["lines"]["properties"]
    assert list(lines["8"]["properties"]) == ["amount", "months", "clinic"]
    assert lines["8"]["required"] == ["months", "clinic"]


def test_a_new_item_stands_at_the_gate_from_its_day(manual: Manual) -> None:
    manual.edit("acts/admission.yaml", "items:\n", "items:\n" + NEW_ITEM)
    admission = manual.rulebook.acts["admission"]
    stay = {"id": "a1", "done": [{"item": "safety-briefing", "on": "2027-01-01"}]}

    for day, severity, clause, gate in ((BEFORE, "open", "M2.2.2", False), (SINCE, "refuse", "IOM-2027-5", True)):
        without = _around(manual, {"id": "a1"}, day)
        missing = {found.code: found for found in checklist.judge_items(admission, without)}[
            "admission/safety-briefing"
        ]
        assert (missing.severity, missing.clause) == (severity, clause)
        shown = next(checklist.checklist_rows(admission, without))
        assert (shown["item"], shown["clause"], shown["gate"]) == ("safety-briefing", clause, gate)
    there = _around(manual, stay, SINCE)
    assert "admission/safety-briefing" not in {found.code for found in checklist.judge_items(admission, there)}
    assert next(checklist.checklist_rows(admission, there))["state"] == "done"

    items = published.resident_schema(manual.rulebook)["$defs"]["done"]["properties"]["item"]["enum"]
    assert items[0] == "safety-briefing"


def test_a_new_item_at_the_gate_holds_up_a_real_admission_until_it_is_done(manual: Manual) -> None:
    manual.edit(
        "acts/admission.yaml",
        "items:\n",
        "items:\n" + NEW_ITEM.replace("    clause: M2.2.2\n", "    clause: M2.2.2\n    gate: true\n"),
    )
    her = manual.ask("admit", REFERRAL).data["id"]

    refused = manual.ask(f"admit {her} --complete --on 2026-11-22")
    assert (refused.code, refused.refusals) == (1, ["admission/safety-briefing"])
    assert manual.ask(f"admit {her} --done safety-briefing --on 2026-11-22").code == 0
    assert manual.ask(f"admit {her} --complete --on 2026-11-22").data["state"] == "admitted"


def _around(manual: Manual, stay: dict[str, Any], day: str) -> Context:
    client = Client({"id": "7QF2-M9KD", "stays": [stay]})
    return Context(day=date.fromisoformat(day), client=client, stay=client.stay, tracks=manual.rulebook.tracks)


def test_a_repealed_line_is_unknown_from_its_day_under_the_clause_that_repealed_it(manual: Manual) -> None:
    manual.edit("tracks/pink.yaml", LINE_2C, REPEALED_2C)

    assert manual.judge("pink", BEFORE, _2c={"amount": 500}).refusals == []
    gone = manual.judge("pink", SINCE, _2c={"amount": 500})
    assert gone.refusals == ["agreement/unknown-line"]
    assert gone.finding("agreement/unknown-line")["clause"] == "IOM-2027-3"
    assert "2c" not in gone.finding("agreement/unknown-line")["facts"]["lines"]

    assert [("2c" in manual.printed("pink", day)) for day in (BEFORE, SINCE)] == [True, False]
    lines = agreement_schema(manual.rulebook, "pink")["properties"]["lines"]["properties"]
    assert "2c" in lines  # agreements of older days are still written so


def test_a_repealed_cap_binds_no_more_and_is_printed_as_a_dash(manual: Manual) -> None:
    manual.edit("tracks/pink.yaml", CAP_2A, later(CAP_2A, "since: 2027-01-01, clause: IOM-2027-4, repealed: true"))

    assert manual.judge("pink", BEFORE, _2a={"amount": 9000}).refusals == ["agreement/over-cap"]
    assert manual.judge("pink", SINCE, _2a={"amount": 9000}).refusals == []
    assert manual.printed("pink", SINCE)["2a"]["limit"] is None
    assert "— Soms" in manual.printed("pink", SINCE)["2a"]["text"]


def test_a_softened_rule_stays_open_where_it_refused(manual: Manual) -> None:
    soft = later(CAP_2A, "since: 2027-01-01, strength: should, clause: S1")
    manual.edit("tracks/pink.yaml", CAP_2A, soft)

    assert manual.judge("pink", BEFORE, _2a={"amount": 2500}).finding("agreement/over-cap")["severity"] == "refuse"
    softened = manual.judge("pink", SINCE, _2a={"amount": 2500})
    assert (softened.code, softened.refusals) == (0, [])
    over = softened.finding("agreement/over-cap")
    assert (over["severity"], over["clause"]) == ("open", "S1")


def test_a_third_form_is_a_file_more(manual: Manual) -> None:
    (manual.folder / "tracks/green.yaml").write_text(GREEN)

    assert manual.judge("green", SINCE, a={"months": 2, "amount": 1400}).refusals == []
    over = manual.judge("green", SINCE, a={"months": 2, "amount": 1401}).finding("agreement/over-cap")
    assert (over["clause"], over["facts"]["cap"]) == ("IOM-2027-1", "1400.00")
    assert "green form" in over["message"]
    assert manual.judge("green", SINCE, b={"amount": 1}).finding("agreement/unknown-line")["clause"] == "IOM-2027-0"
    assert manual.printed("green", SINCE)["a"]["text"] == "Child care (700 Soms a month)"

    schemas = generated.make_schemas(manual.rulebook)
    assert "a" in schemas["agreement-green"]["properties"]["lines"]["properties"]
    form = schemas["resident"]["$defs"]["agreement"]["properties"]["form"]
    assert form["enum"] == ["blue", "green", "pink"]


def test_a_third_form_is_saved_in_a_file_and_listed(manual: Manual, admitted: Any) -> None:
    (manual.folder / "tracks/green.yaml").write_text(GREEN)
    retold(admitted)
    session = Manual(manual.folder, admitted)
    given = {"date": "2026-11-25", "period": {"from": "2026-12-01", "to": "2027-01-31"}, "ngo": "sezim"}

    saved = session.ask(
        f"agreement {admitted.her} --form green", given | {"lines": {"a": {"amount": 700, "months": 1}}}
    )
    assert saved.code == 0, saved.out
    assert [row["form"] for row in session.ask("agreements").data["rows"]] == ["green"]


def test_the_manual_in_use_is_named_with_every_answer(manual: Manual) -> None:
    ours = manual.desk.ask("agreement --form pink").page["manual"]
    manual.edit("tracks/pink.yaml", CAP_2A, REVISED_2A)
    revised = manual.ask("agreement --form pink").page["manual"]

    assert revised["digest"] == manual.rulebook.digest != ours["digest"]


def test_a_broken_rule_book_is_told_by_file_and_place(manual: Manual) -> None:
    manual.edit("tracks/pink.yaml", CAP_2A, CAP_2A.replace("within: stay", "within: month"))
    with pytest.raises(BrokenRulebook) as broken:
        manual.rulebook.form("pink")

    answer = manual.ask("agreement --form pink")
    assert (answer.code, answer.error) == (4, broken.value.code)
    assert "tracks/pink.yaml" in answer.page["error"]["message"]
    assert "/parts/2a/rules/0/within (" in answer.page["error"]["message"]
