"""The main job, second half: the pink and the blue agreement judged, saved, listed and signed."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from gate import REFERRAL
from terminal import At

if TYPE_CHECKING:
    from conftest import Desk


ACCEPTED = Path(__file__).parents[1] / "examples/accepted"
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
    assert any("kept" in sentence for sentence in draft.data["said"])
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
    assert judged.codes("warn") == ["agreement/number-contains"]
    assert "agreement/date-near" in judged.codes("open")


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        ("2026-11-24", ["agreement/signed-in-time"]),
        ("2026-11-02", ["agreement/signed-in-time", "track/dated"]),  # she came on 22 November
        ("2026-11-26", ["track/dated"]),
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
    with At(admitted).live(f"agreement {admitted.her} --form blue --sign") as live:
        assert live.asked == "Signed on"
        told = " ".join(live.type("02.11.2026").split())
        assert "It is signed before the day of the agreement, 2026-11-25 (A6.H3)" in told
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
