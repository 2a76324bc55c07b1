"""The main job, second half: agreements judged, saved, signed and ended, and what rulings say of their dates and
words.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.document.reading import Document, read_document
from shelterctl.prompts.fill_in import WRITE_DOWN
from shelterctl.store import store
from tests.support.inputs import REFERRAL
from tests.support.paths import ACCEPTED, TESTS
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


BLUE, PINK = ACCEPTED / "blue.yaml", ACCEPTED / "pink.yaml"
PERIOD = {"from": "2026-12-01", "to": "2027-02-28"}


def blue(number: str, lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"number": number, "date": "2026-11-25", "ngo": "sezim", "period": PERIOD, "lines": lines, **more}


def signed_as(**signed: Any) -> str:
    """The pink example, signed so."""
    unsigned = PINK.read_text("utf-8").rpartition("signed: ")[0]
    return f"{unsigned}signed: {json.dumps(signed, ensure_ascii=False)}\n" if signed else unsigned


def test_the_form_alone_shows_its_lines_limits_and_clauses(desk: "Desk") -> None:
    rows = {row["line"]: row for row in desk.do("agreement --form blue").data["rows"]}
    assert (rows["1a"]["limit"], rows["1a"]["clause"]) == ("2000.00", "A6.1a")
    assert rows["4"]["limit"] == "1000.00 × months"
    assert [*desk.do("agreement --form pink").data["rows"][0]] == ["line", "limit", "keys", "clause", "text"]
    assert desk.refused("agreement --form green").error == "usage/form"


@pytest.mark.parametrize("form", ["blue", "pink"])
def test_the_example_is_a_file_to_fill_in(form: str, desk: "Desk", admitted: "Desk") -> None:
    example = desk.do(f"agreement --form {form} --example").data["example"]
    unfilled = {"agreement/missing-key", "agreement/bad-value"}  # the second: a reason of dots alone
    assert set(desk.ask(f"agreement --form {form} --check", example).refusals) <= unfilled


def test_a_file_is_judged_without_a_store(desk: "Desk") -> None:
    nowhere = {"SHELTERCTL_STORE": "", "SHELTERCTL_IDENTITY": ""}
    judged = desk.do("agreement --form blue --check", BLUE, env=nowhere)
    assert judged.data["total"] == "8800.00"
    assert judged.data["words"] == "eight thousand eight hundred soms 00 tyiyn"
    assert desk.refused("agreement --form blue", BLUE).error == "usage/agreement"


def test_check_writes_nothing(admitted: "Desk") -> None:
    before = admitted.digest()
    judged = admitted.do(f"agreement {admitted.her} --form blue --check", BLUE)
    assert judged.codes("open") == ["agreement/paper"]
    assert admitted.digest() == before


def test_a_draft_of_the_same_number_is_replaced_and_keeps_its_id(admitted: "Desk") -> None:
    saved = admitted.do(f"agreement {admitted.her} --form blue", BLUE).data
    assert [(row["line"], row["amount"], row["clause"]) for row in saved["lines"]][-1] == ("7a", "800.00", "A6.7a")
    before = admitted.digest()
    assert "nothing changed" in admitted.do(f"agreement {admitted.her} --form blue", BLUE).data["said"][0]
    assert admitted.digest() == before
    admitted.do(f"agreement {admitted.her} --form blue", blue("S-NGO-12", {"7a": {"amount": 700}}))
    (row,) = admitted.do(f"agreements {admitted.her}").data["rows"]
    assert (row["id"], row["number"], row["total"]) == (saved["agreement_id"], "S-NGO-12", "700.00")
    assert row["signed"] is None


def test_the_number_may_come_from_the_flag(admitted: "Desk") -> None:
    facts = blue("S-NGO-13", {"7a": {"amount": 800}})
    assert admitted.refused(f"agreement {admitted.her} --form blue --number S-NGO-14", facts).error == "usage/number"
    del facts["number"]
    assert admitted.do(f"agreement {admitted.her} --form blue --number S-NGO-14", facts).data["number"] == "S-NGO-14"


def test_pink_is_signed_in_russian_and_two_copies(admitted: "Desk") -> None:
    pink = f"agreement {admitted.her} --form pink --names"
    admitted.do(pink, signed_as(language="ky", copies=3))
    assert admitted.refused(f"{pink} --sign").refusals == ["agreement/language", "agreement/copies"]
    admitted.do(pink, signed_as())
    shown = admitted.do(f"{pink} --sign --check").data["agreement"]["signed"]
    assert (shown["language"], shown["copies"]) == ("ru", 2)
    other = admitted.refused(f"{pink} --sign --on 2026-11-25", signed_as(on="2026-11-24"))
    assert (other.code, other.error) == (2, "usage/differs")
    signed = admitted.do(f"{pink} --sign --on 2026-11-25", PINK)
    assert signed.data["agreement"]["signed"]["iom_name"] == "А. Примеров"
    assert "paper/draft-signed" not in signed.codes("warn")
    assert admitted.do("agreements").data["rows"][0]["signed"] == "2026-11-25"


def test_a_draft_takes_a_course_without_its_days_and_is_not_signed_so(admitted: "Desk") -> None:
    course = {"profession": "seamstress", "provider": "Lyceum 12", "from": "2026-12-01"}
    session = f"agreement {admitted.her} --form blue"
    saved = admitted.do(session, blue("S-NGO-12", {"1a": {"amount": 2000, "course": course}}))
    found = saved.finding("agreement/missing-key")
    assert (found["severity"], found["facts"]["key"], found["clause"]) == ("open", "to", "A6.1a")
    assert "agreement/missing-key" in admitted.refused(f"{session} --number S-NGO-12 --sign").refusals
    admitted.do(f"form blue {admitted.her} --lang en --names --out {admitted.folder / 'sheet.txt'}")
    sheet = " ".join((admitted.folder / "sheet.txt").read_text("utf-8").split())
    assert "1 December 2026 – …" in sheet
    assert "DRAFT" in sheet
    backwards = {**course, "to": "2026-11-30"}
    refused = admitted.refused(session, blue("S-NGO-12", {"1a": {"amount": 2000, "course": backwards}}))
    assert refused.refusals == ["agreement/bad-value"]
    whole = {**course, "to": "2027-02-28"}
    admitted.do(session, blue("S-NGO-12", {"1a": {"amount": 2000, "course": whole}}))
    assert "agreement/missing-key" not in admitted.refused(f"{session} --number S-NGO-12 --sign").refusals


def test_how_it_is_to_be_signed_is_kept_with_a_draft_and_signs_nothing(admitted: "Desk") -> None:
    pink = f"agreement {admitted.her} --form pink --names"
    told: dict[str, Any] = {"language": "ru", "copies": 2, "iom_name": "В. Образцов"}
    draft = admitted.do(pink, signed_as(**told))
    assert draft.data["agreement"]["to_sign"] == told
    assert any("saved with" in sentence for sentence in draft.data["said"])
    (kept,) = admitted.record()["agreements"]
    assert kept["to_sign"] == told
    assert "signed" not in kept
    (row,) = admitted.do(f"agreements {admitted.her}").data["rows"]
    assert row["signed"] is None
    signed = admitted.do(f"{pink} --sign --on 2026-11-26", today="2026-11-26").data["agreement"]
    assert signed["signed"] == {"ngo_name": "Б. Образцова", **told, "on": "2026-11-26"}
    assert "to_sign" not in signed


def test_a_day_of_signing_without_sign_is_no_draft(admitted: "Desk") -> None:
    pink = f"agreement {admitted.her} --form pink"
    dated = signed_as(on="2026-11-25")
    for words in (pink, f"{pink} --check", "agreement --form pink --check"):
        told = admitted.refused(words, dated)
        assert told.refusals == ["agreement/not-a-draft"]
        assert told.finding("agreement/not-a-draft")["line"]
    assert admitted.do(f"{pink} --sign", dated).data["agreement"]["signed"]["on"] == "2026-11-25"


def test_a_signed_agreement_cannot_be_touched(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", BLUE)
    admitted.do(f"agreement {admitted.her} --form blue --number S-NGO-12 --sign --on 2026-11-25")
    lower = blue("S-NGO-12", {"7a": {"amount": 1}})
    for words in ("", "--sign", "--check"):
        assert admitted.refused(f"agreement {admitted.her} --form blue {words}", lower).refusals == ["agreement/signed"]
    kept = admitted.record()["agreements"][0]
    admitted.do(f"void {admitted.her} {kept['id']} --reason-code withdrawn")
    assert admitted.record()["agreements"][0] == {**kept, "void": admitted.record()["agreements"][0]["void"]}
    assert admitted.do("agreements").data["rows"] == []


def test_to_sign_everything_must_be_there(desk: "Desk") -> None:
    her = desk.do("admit", REFERRAL).data["id"]
    bare = {"date": "2026-11-21", "ngo": "unheard-of", "period": PERIOD}
    saved = desk.do(f"agreement {her} --form blue", bare)
    assert saved.codes("open") == [
        "agreement/lines",
        "agreement/recognised",
        "agreement/registered-ngo",
        "agreement/memorandum-in-force",
        "agreement/identification-number",
        "agreement/drafted-together",
        "agreement/paper",
    ]
    refused = set(desk.refused(f"agreement {her} --form blue --sign").refusals)
    open_too = {"agreement/registered-ngo", "agreement/paper"}
    assert refused == {*saved.codes("open"), "agreement/numbered", "agreement/representatives"} - open_too
    pink = {"date": "2026-11-21", "number": "SH-1", "lines": {"2c": {"amount": 500}}}
    assert "agreement/contract-date" in desk.do(f"agreement {her} --form pink", pink).codes("open")
    assert "agreement/contract-date" in desk.refused(f"agreement {her} --form pink --number SH-1 --sign").refusals
    assert desk.refused(f"agreement {her} --form pink --number SH-2 --sign").error == "agreement/unknown"


def test_pink_is_for_a_stay(desk: "Desk") -> None:
    him = desk.do("admit --without-stay", {"identity": {"sex": "male"}}).data["id"]
    facts = {"date": "2026-11-25", "lines": {"2c": {"amount": 500}}}
    assert "agreement/stay" in desk.do(f"agreement {him} --form pink", facts).codes("open")


def test_an_unlikely_number_and_an_unlikely_year_are_said(admitted: "Desk") -> None:
    facts = blue("KG-5", {"7a": {"amount": 800}}, date="2028-11-25")
    judged = admitted.do(f"agreement {admitted.her} --form blue --check", facts)
    assert judged.codes("warn") == ["agreement/code-of-conduct", "agreement/number-contains"]
    assert "agreement/date-near" in judged.codes("open")


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        ("2026-11-24", ["agreement/signed-in-time"]),
        ("2026-11-02", ["agreement/signed-in-time", "track/dated"]),  # she came on 22 November
        ("2026-11-26", ["track/in-future"]),
    ],
)
def test_a_signature_before_the_agreement_before_she_came_or_to_come_is_refused(
    on: str, codes: list[str], admitted: "Desk"
) -> None:
    session = f"agreement {admitted.her} --form blue"
    admitted.do(session, BLUE)
    assert admitted.refused(f"{session} --sign --on {on}").refusals == codes
    assert "signed" not in admitted.record()["agreements"][0]
    admitted.do(f"{session} --sign --on 2026-11-25")


def test_at_the_terminal_the_day_of_signing_is_asked_again_with_what_is_wrong(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", BLUE)
    with Terminal(admitted).live(f"agreement {admitted.her} --form blue --sign") as live:
        assert live.asked == "Signed on"
        told = " ".join(live.type("02.11.2026").split())
        assert "The day of signing is before the date of the agreement, 2026-11-25 (A6.H3)" in told
        assert "“Signed on”: 2026-11-02" in told
        assert live.asked == "Signed on"
        live.type("25.11.2026")
        assert live.asked != "Signed on"


def test_two_agreements_share_one_cap(admitted: "Desk") -> None:
    her = f"agreement {admitted.her} --form blue"
    admitted.do(her, blue("S-NGO-1", {"7a": {"amount": 500}, "5": {"rate": 1000, "months": 1}}))
    more = admitted.refused(her, blue("S-NGO-2", {"7a": {"amount": 301}}))
    assert more.refusals == ["agreement/over-cap-together"]
    assert more.finding("agreement/over-cap-together")["facts"]["sum"] == "801.00"
    counted = admitted.refused(her, blue("S-NGO-2", {"5": {"rate": 1000, "months": 1}}))
    assert counted.refusals == ["agreement/list-months"]
    named = admitted.refused(her, blue("S-NGO-2", {"5": {"rate": 1000, "months": ["2026-12"]}}))
    assert named.refusals == ["agreement/over-cap-together"]
    withdrawn = admitted.record()["agreements"][0]["id"]
    admitted.do(f"void {admitted.her} {withdrawn} --reason-code withdrawn")
    admitted.do(her, blue("S-NGO-2", {"7a": {"amount": 800}, "5": {"rate": 1000, "months": 3}}))


def test_a_number_is_given_once(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", BLUE)
    other = {"identity": {"sex": "female", "first_name": "Жанара"}, "identification_number": "KG-2026-119"}
    recognised = {
        "iom": {
            "instructions": [
                {"on": "2026-11-20", "by": "NGO Coordinator", "status": "recognised", "needs": ["courses"]}
            ]
        }
    }
    she = admitted.do("admit --without-stay", {**other, **recognised}).data["id"]
    admitted.do(f"agreement {she} --form blue", BLUE)
    assert admitted.refused(f"agreement {she} --form blue --number S-NGO-12 --sign").refusals == [
        "agreement/number-free"
    ]


def test_food_is_counted_by_her_file(discharged: "Desk") -> None:
    pink = {"number": "SH-3", "date": "2026-11-25", "lines": {"3": {"amount": 2000, "days": 5, "persons": 2}}}
    judged = discharged.do(f"agreement {discharged.her} --form pink --check", pink)
    assert {"agreement/persons-differ", "agreement/days-beyond-stay"} < set(judged.codes("open"))


def test_a_draft_without_a_number_is_given_one_and_stays_one_draft(admitted: "Desk") -> None:
    nameless = {name: value for name, value in blue("", {"7a": {"amount": 800}}).items() if name != "number"}
    saved = admitted.do(f"agreement {admitted.her} --form blue", nameless).data
    assert admitted.refused(f"agreement {admitted.her} --form blue --sign").refusals
    admitted.do(f"agreement {admitted.her} --form blue --number S-NGO-77")
    (row,) = admitted.do(f"agreements {admitted.her}").data["rows"]
    assert (row["id"], row["number"]) == (saved["agreement_id"], "S-NGO-77")


def test_to_sign_a_saved_agreement_the_signature_is_enough(admitted: "Desk") -> None:
    saved = admitted.do(f"agreement {admitted.her} --form pink", signed_as(language="ky")).data
    sign = f"agreement {admitted.her} --form pink --number {saved['number']} --sign --on 2026-11-25"
    assert admitted.refused(sign).refusals == ["agreement/language"]
    admitted.do(sign, {"signed": {"language": "ru"}})
    (row,) = admitted.do(f"agreements {admitted.her}").data["rows"]
    assert (row["signed"], row["total"]) == ("2026-11-25", saved["total"])


DECISION = {"by": "NGO Coordinator", "reason": "она переехала"}


@pytest.fixture
def agreed(admitted: "Desk") -> "Desk":
    """Her blue agreement is signed."""
    blue = f"agreement {admitted.her} --form blue"
    admitted.do(f"admit {admitted.her}", {"identification_number": "KG-2026-118"})
    admitted.do(blue, ACCEPTED / "blue.yaml")
    admitted.do(f"{blue} --sign --on 2026-11-25")
    return admitted


def terminated(desk: "Desk") -> Any:
    return desk.record()["agreements"][0].get("terminated")


def test_it_is_written_down_with_who_decided_and_nothing_changes_twice(agreed: "Desk") -> None:
    words = f"terminate {agreed.her} --number S-NGO-12 --on 2026-12-15"
    before = agreed.digest()
    agreed.do(f"{words} --check", DECISION, today="2026-12-20")
    assert agreed.digest() == before
    agreed.do(words, DECISION, today="2026-12-20")
    assert terminated(agreed) == {"on": "2026-12-15", **DECISION}
    before = agreed.digest()
    agreed.do(words, DECISION, today="2026-12-20")
    assert agreed.digest() == before
    again = agreed.do(words.replace("12-15", "12-16"), DECISION, today="2026-12-20")
    assert again.data["replaced"] == ["/agreements/0/terminated/on"]
    assert again.data["said"][-1] == "Replaced: /agreements/0/terminated/on."
    assert terminated(agreed)["on"] == "2026-12-16"
    assert agreed.do(f"check {agreed.her}").refusals == []


@pytest.mark.parametrize(
    ("given", "words", "places"),
    [
        ({"by": "NGO Coordinator"}, "", ["/terminated/reason"]),
        ({"reason": "она переехала"}, "", ["/terminated/by"]),
        ({**DECISION, "by": "s-boss"}, "", ["/terminated/by"]),
        (DECISION, "--on 2026-11-24", ["/terminated/on"]),
        (DECISION, "--on 2026-12-21", ["/terminated/on"]),
    ],
)
def test_what_refuses_it(agreed: "Desk", given: Any, words: str, places: list[str]) -> None:
    agreed.do("staff add s-boss --role manager")
    answer = agreed.refused(f"terminate {agreed.her} {words}", given, today="2026-12-20")
    assert [one["where"] for one in answer.page["findings"] if one["severity"] == "refuse"] == places


def test_lists_tell_it_and_nothing_is_signed_under_it_any_more(agreed: "Desk") -> None:
    agreed.do(f"terminate {agreed.her}", DECISION, today="2026-12-20")
    (row,) = agreed.do("agreements", today="2026-12-20").data["rows"]
    assert (row["signed"], row["terminated"]) == ("2026-11-25", "2026-12-20")
    again = agreed.refused(f"agreement {agreed.her} --form blue --number S-NGO-12 --sign")
    assert again.error == "agreement/unknown"
    assert "was terminated on 2026-12-20" in again.page["error"]["message"]


def test_what_is_signed_is_told_as_that_whatever_day_is_named(agreed: "Desk") -> None:
    again = agreed.refused(f"agreement {agreed.her} --form blue --sign --on 2026-11-26", today="2026-11-27")
    assert again.refusals == ["agreement/signed"]


def test_a_draft_is_withdrawn_and_not_terminated(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    assert admitted.refused(f"terminate {admitted.her}").refusals == ["agreement/not-signed"]


def test_which_agreement_is_meant(agreed: "Desk") -> None:
    assert agreed.refused(f"terminate {agreed.her} --number 99", DECISION).error == "agreement/unknown"
    blue = f"agreement {agreed.her} --form blue"
    second: dict[str, Any] = {"number": "S-NGO-13", "date": "2026-11-25", "ngo": "sezim", "drafted_by": ["А", "Б"]}
    second |= {"period": {"from": "2027-06-01", "to": "2027-06-30"}, "lines": {"7a": {"amount": 100}}}
    second |= {"ngo_representative": "Б. Образцова", "iom_representative": "А. Примеров"}
    agreed.do(blue, second)
    agreed.do(f"{blue} --number S-NGO-13 --sign --on 2026-11-25")
    assert agreed.refused(f"terminate {agreed.her}", DECISION).error == "usage/which-agreement"
    agreed.do(f"terminate {agreed.her} --number S-NGO-13", DECISION)
    agreed.do(f"terminate {agreed.her}", DECISION)


def test_keys_that_are_not_there_are_told(agreed: "Desk") -> None:
    assert agreed.refused(f"terminate {agreed.her}", {**DECISION, "who": "x"}).refusals == ["shape/unknown-key"]
    assert agreed.refused(f"terminate {agreed.her} --on 2026-11-25", {**DECISION, "on": "2026-11-24"}).code == 2


@pytest.mark.parametrize("language", ["en", "ru"])
def test_at_a_terminal_it_asks_when_who_and_why(agreed: "Desk", language: str) -> None:
    with Terminal(agreed, language, "2026-12-20").live(f"terminate {agreed.her}") as live:
        for answer in ("15.12.2026", "NGO Coordinator", "она переехала", WRITE_DOWN):
            live.type(answer)
        live.end()
    assert terminated(agreed) == {"on": "2026-12-15", **DECISION}


STAY = "/stays/0"

CASES = read_document((TESTS / "cases" / "told.yaml").read_bytes()).value["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_has_happened_is_stored_and_what_does_not_fit_is_told(admitted: "Desk", case: Mapping[str, Any]) -> None:
    for staff in ("s-boss --role manager", "s-cook --role other"):
        admitted.do(f"staff add {staff}")
    told = admitted.do(f"admit {admitted.her}", case["given"])
    held = admitted.ask(f"check {admitted.her}")
    for answer in (told, held):
        found = {(one["where"], one["clause"], one["severity"]) for one in answer.page["findings"]}
        assert (case["where"], case["clause"], "open") in found


def test_the_language_of_her_rights_is_asked_for(desk: "Desk") -> None:
    given = {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}
    her = desk.do("admit", {**given, "admission": {"rights": {"signed": True, "signed_on": "2026-11-25"}}}).data["id"]
    assert f"{STAY}/admission/rights/language" in {one["where"] for one in desk.do(f"check {her}").page["findings"]}


def test_an_evaluation_without_day_and_author_stays_open(desk: "Desk") -> None:
    given = {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}
    answer = desk.do("admit", {**given, "admission": {"primary_evaluation": {"outcome": "admit"}}})
    wheres = {one["where"] for one in answer.page["findings"] if one["code"] == "track/needs"}
    assert {f"{STAY}/admission/primary_evaluation/on", f"{STAY}/admission/primary_evaluation/by"} <= wheres


@pytest.mark.parametrize(
    ("given", "clause"),
    [
        ({"admission": {"coordinator_agreement": {"by": "s-boss"}}}, "M3.0.3"),
        ({"identity": {"birth_date": 2031}, "admission": {"exceptional_minor_reason": "x"}}, "M1.2.7"),
    ],
    ids=["agreed by the manager of the shelter", "not born yet"],
)
def test_what_refuses_her_admission(ready: "Desk", given: dict[str, Any], clause: str) -> None:
    ready.do("staff add s-boss --role manager")
    ready.do(f"admit {ready.her}", given)
    answer = ready.refused(f"admit {ready.her} --complete --on 2026-11-22")
    assert clause in {one["clause"] for one in answer.page["findings"] if one["severity"] == "refuse"}


@pytest.fixture
def ready(desk: "Desk") -> "Desk":
    """Everything of the gate is there, and she is not admitted."""

    desk.her = desk.do("admit", REFERRAL).data["id"]
    return desk


def test_a_number_that_holds_her_name_is_malformed_wherever_it_is_written(admitted: "Desk") -> None:
    name = admitted.record()["identity"]["last_name"]
    for number in (f"KG-{name}-1", f"{name.upper()}", "KG-PRIMEROVA"):
        assert admitted.refused(f"admit {admitted.her}", {"identification_number": number}).refusals == [
            "fragment/names-her"
        ]
    blue = {"number": f"S-NGO-{name}", "date": "2026-11-25", "lines": {"7a": {"amount": 100}}}
    blue |= {"period": {"from": "2026-12-01", "to": "2026-12-31"}}
    assert "fragment/names-her" in admitted.refused(f"agreement {admitted.her} --form blue", blue).refusals


def test_a_number_that_another_client_has_is_open_refused_at_signing_and_found_by_check(admitted: "Desk") -> None:
    number = {"identification_number": "KG-2026-118"}
    other = {"identity": {"sex": "female", "first_name": "Жанара"}, "referral": {"sources": ["scme"]}, **number}
    admitted.do(f"admit {admitted.her}", number)
    told = admitted.do("admit --new-person", other)
    assert [one["where"] for one in told.page["findings"] if one["code"] == "track/elsewhere"] == [
        "/identification_number"
    ]
    found = [one for one in admitted.ask("check").page["findings"] if one["code"] == "track/elsewhere"]
    assert {one["record"] for one in found} == {admitted.her, told.data["id"]}
    assert {one["facts"]["whose"] for one in found} == {admitted.her, told.data["id"]}
    third = admitted.do("admit --new-person", {"identity": {"sex": "female", "first_name": "Бурул"}}).data["id"]
    added = admitted.do(f"add {third} person", number).finding("track/elsewhere")
    assert added["facts"]["whose"] in (admitted.her, told.data["id"])
    blue = f"agreement {admitted.her} --form blue"
    assert "track/elsewhere" in admitted.do(blue, ACCEPTED / "blue.yaml").codes("open")
    assert admitted.refused(f"{blue} --sign --on 2026-11-25").refusals == ["track/elsewhere"]


def test_an_agreements_number_of_another_client_is_found_in_the_same_way(admitted: "Desk") -> None:
    blue = ACCEPTED / "blue.yaml"
    given = {"identity": {"sex": "female", "first_name": "Жанара"}, "referral": {"sources": ["scme"]}}
    other = admitted.do("admit --new-person", given).data["id"]
    admitted.do(f"agreement {admitted.her} --form blue", blue)
    assert "agreement/number-free" in admitted.do(f"agreement {other} --form blue", blue).codes("open")
    found = [one for one in admitted.ask("check").page["findings"] if one["code"] == "agreement/number-free"]
    assert {one["record"] for one in found} == {admitted.her, other}


def test_a_clients_file_is_shown_without_parsing_those_of_others(
    admitted: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the files of others, only one that has the number of her agreement somewhere is more than decrypted."""
    given = {"identity": {"sex": "female", "first_name": "Жанара"}, "referral": {"sources": ["scme"]}}
    others = [admitted.do("admit --new-person", given).data["id"] for _ in range(3)]
    blue = (ACCEPTED / "blue.yaml").read_text()
    number = re.search("number: (.*)", blue)
    assert number
    admitted.do(f"agreement {admitted.her} --form blue", blue)
    admitted.do(f"agreement {others[0]} --form blue", blue.replace(number[0], f"number: {number[1].lower()}"))
    admitted.do(f"agreement {others[1]} --form blue", blue.replace(number[0], f"number: {number[1]}-2"))
    counted, real = Path(admitted.folder / "parsed"), store.parse_stored

    def counting(name: str, data: bytes) -> Document:
        with counted.open("a") as file:
            file.write(f"{name}\n")
        return real(name, data)

    monkeypatch.setattr(store, "parse_stored", counting)
    assert "agreement/number-free" in admitted.do(f"show {admitted.her}").codes("open")
    parsed = {name[len("residents/") :][:9] for name in counted.read_text().splitlines() if "residents/" in name}
    assert others[0] in parsed
    assert others[2] not in parsed


@pytest.mark.parametrize(("places", "codes"), [("7", ["facility/capacity"]), ("8", []), ("10", [])])
def test_a_shelter_of_fewer_places_than_the_manual_speaks_of_is_noticed(
    desk: "Desk", places: str, codes: list[str]
) -> None:
    answer = desk.do(f"facility add osh --capacity {places}")
    assert answer.codes("warn") == codes
    kept = {row["facility"]: row["capacity"] for row in desk.do("facility list").data["rows"]}
    assert kept["osh"] == int(places)


def test_an_attempt_in_the_future_or_before_she_left_is_kept_and_told(discharged: "Desk") -> None:
    for day, code in (("2031-01-01", "track/in-future"), ("2026-11-24", "track/dated")):
        answer = discharged.do(f"monitor attempt {discharged.her} --on {day} --how phone --outcome reached")
        assert answer.codes("open") == [code]


def test_once_she_is_admitted_only_check_counts_who_sleeps_beside_her_and_hers(admitted: "Desk") -> None:
    admitted.do("facility add bishkek --capacity 1")
    child = {"birth_date": 2020, "sex": "male", "exceptional_reason": "no one else"}
    admitted.do(f"add {admitted.her} child", child)
    assert "admission/full-house" not in admitted.ask(f"admit {admitted.her}").codes()
    assert "admission/full-house" not in admitted.ask(f"show {admitted.her}").codes()
    assert "house/overfull" in admitted.ask("house").codes()


def test_times_of_one_day_are_told_with_the_time_of_day(admitted: "Desk") -> None:
    out = {"kind": "outing", "left_at": "2026-11-24T14:00", "permitted_by": "s-aida", "purpose": "рынок"}
    back = {"expected_back_at": "2026-11-24T15:00", "back_at": "2026-11-24T16:30", "entry_permitted_by": "s-aida"}
    late = admitted.run(f"add {admitted.her} absence", {**out, **back})
    assert "She came back later than expected, 2026-11-24 15:00 (A2.7)." in late.out
    wrong = {**out, "back_at": "2026-11-24T13:00", "entry_permitted_by": "s-aida"}
    told = admitted.run(f"add {admitted.her} absence", wrong)
    assert "2026-11-24 13:00. “When she left”: 2026-11-24 14:00. The first cannot be earlier" in told.out


def test_who_may_be_told_and_what_plan_she_agreed_to_is_said_with_how_to_write_it_down(admitted: "Desk") -> None:
    paper = {"kind": "media", "at": "2026-11-25T10:00", "recipient": "Газета", "what": ["age"]}
    entry = admitted.do(f"add {admitted.her} disclosure", paper).data["entry"]
    told = admitted.run(f"authorise {admitted.her} disclosure {entry} --check")
    assert "By that day she has given no consent that names this recipient" in told.out
    assert "Ask her, and record her consent first. Record it: add ID consent." in told.out


def test_a_word_of_a_sealed_part_is_noted_at_the_terminal_before_it_is_written(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"add {admitted.her} need") as live:
        live.until("What now?", {"What she needs": "зубной врач, ВИЧ", "How pressing it is": "1"})
        seen = live.end().text
    _, _, noted = seen.partition("Please check one thing again:")
    assert "What she needs: This text has a word that belongs only in a sealed part" in " ".join(noted.split())


BEFORE = {
    "session": ({"approach": "individual", "at": "2020-03-01T10:00", "by": "s-aida"}, "/at", "M2.3.2"),
    "examination": ({"kind": "evaluation", "on": "2020-03-01", "by": "s-aida"}, "/on", "M2.3.1"),
    "health": (
        {"kind": "initial_complete", "on": "2020-03-01", "items": ["physician"], "finding": "none"},
        "/on",
        "M3.0.7",
    ),
}


@pytest.mark.parametrize("track", BEFORE)
def test_what_lies_beside_her_stays_and_before_the_first_is_told_when_it_is_added_and_by_check(
    admitted: "Desk", track: str
) -> None:
    entry, where, clause = BEFORE[track]
    told = admitted.do(f"add {admitted.her} {track}", entry).finding("track/dated")
    assert (told["where"].endswith(where), told["clause"]) == (True, clause)
    assert "sealed/inside" in admitted.ask(f"check {admitted.her}").codes()
    held = admitted.ask(f"show {admitted.her} {track}").finding("track/dated")
    assert (held["where"].endswith(where), held["clause"]) == (True, clause)


def test_what_is_missing_and_what_is_wrong_have_codes_of_their_own(admitted: "Desk") -> None:
    """A script that counts agreements without an NGO counts none with one that is not registered."""
    pink, study = PINK.read_text("utf-8"), {"from": "2026-12-01", "to": "2026-12-31"}
    form = f"agreement {admitted.her} --form pink --check"
    alone = {"agreement/no-ngo", "agreement/registered-ngo", "agreement/contract-date", "agreement/contract-later"}

    def told(given: str) -> set[str]:
        return {*admitted.do(form, given).codes()} & alone

    assert told(re.sub("ngo: .*\n", "", pink, count=1)) == {"agreement/no-ngo"}
    assert told(re.sub("ngo: .*", "ngo: partner-3", pink, count=1)) == {"agreement/registered-ngo"}
    assert told(re.sub("contract_date: .*\n", "", pink)) == {"agreement/contract-date"}
    assert told(re.sub("contract_date: .*", "contract_date: 2026-12-20", pink)) == {"agreement/contract-later"}
    paid = {"4": {"rate": 1000, "months": ["2026-12", "2027-01"], "study": study}}
    found = {*admitted.do(f"agreement {admitted.her} --form blue --check", blue("S-NGO-9", paid)).codes("open")}
    assert found >= {"agreement/month-outside-study", "agreement/months-beyond-study"}
    assert not found & {"agreement/month-outside", "agreement/too-many-months"}
    named = {"ngo_representative": "А. Примеров", "iom_representative": "А. Примеров"}
    signed = f"agreement {admitted.her} --form blue --sign --check"
    assert "agreement/one-representative" in admitted.refused(signed, blue("S-NGO-9", paid, **named)).refusals
