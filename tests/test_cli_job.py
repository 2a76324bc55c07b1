"""The main job, first half: a store, a referral, evidence, the gate, and who sleeps in the house."""

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from gate import REFERRAL, with_evidence

if TYPE_CHECKING:
    from conftest import Desk


GATE = (
    "referral sex-and-age place primary-interview primary-evaluation coordinator-agreement record-opened rules rights"
)
BEHIND_THE_GATE = [
    "admission/meeting",
    "admission/orientation",
    "admission/iom-documents",
    "admission/financial-agreement",
    "admission/medical-examination",
    "admission/health-record",
    "admission/needs",
    "admission/clothes",
    "admission/pocket-money",
    "admission/safekeeping",
    "admission/psychologist",
    "admission/plan",
]


def referral(name: str, **more: Any) -> dict[str, Any]:
    """A referral of an invented woman, with everything that the gate asks for."""
    return with_evidence(
        {
            "identity": {"first_name": name, "last_name": "Вымышленная", "sex": "female", "birth_date": 1995},
            "referral": {"sources": ["scme"], "received_at": "2026-11-20T21:30"},
            "received": {"at": "2026-11-20T23:00", "by": "s-gulnara", "provisional_reason": "night"},
            "admission": {
                "primary_interview": {
                    "at": "2026-11-20T22:00",
                    "by": "s-gulnara",
                    "role": "social_worker",
                    "safety_assured": True,
                    "confidentiality_assured": True,
                },
                "primary_evaluation": {"on": "2026-11-20", "by": "s-aida", "outcome": "admit"},
                "coordinator_agreement": {"at": "2026-11-20T22:30", "by": "NGO Coordinator", "channel": "phone"},
                "rules": {"signed": True, "signed_on": "2026-11-21"},
                "rights": {"signed": True, "signed_on": "2026-11-21", "language": "ky"},
            },
            **more,
        }
    )


@pytest.mark.posix("the bits of POSIX", "windows/test_rights.py")
def test_init_makes_a_private_store_and_tells_no_log_the_recovery_key(desk: "Desk") -> None:
    made = desk.do("init other --shelter osh --capacity 8 --staff s-nurbek --recovery paper", today=None)
    assert "AGE-SECRET-KEY-1" not in made.out
    assert (made.data["facility"], made.data["capacity"]) == ("osh", 8)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (desk.folder / "other").rglob("*")} <= {0o700, 0o600}
    assert desk.refused("init other --shelter osh", today=None).error == "init/exists"


def test_the_recovery_key_goes_to_a_file_outside_the_store(desk: "Desk") -> None:
    inside = desk.refused("init other --shelter osh --recovery other/paper", today=None)
    assert inside.error == "init/recovery"
    made = desk.do("init other --shelter osh --recovery paper", today=None)
    assert "recovery_key" not in made.data
    paper = desk.folder / "paper"
    opened = desk.do("list", env={"SHELTERCTL_IDENTITY": str(paper), "SHELTERCTL_STORE": str(desk.folder / "other")})
    assert opened.data["rows"] == []


def test_a_house_has_no_more_places_than_the_manual_gives_it(desk: "Desk") -> None:
    assert desk.refused("facility add osh --capacity 11").refusals == ["facility/capacity"]
    assert desk.refused("facility add osh --capacity 0").finding("facility/capacity")["clause"] == "M1.2.9"
    assert desk.do("facility add osh --capacity 8 --ngo sezim").data["capacity"] == 8
    assert desk.do("facility add kids --kind carc").data["capacity"] == 16
    assert desk.refused("facility add osh --kind barn").error == "usage/kind"


def test_registering_the_same_twice_changes_nothing(desk: "Desk") -> None:
    before = desk.digest()
    assert "nothing changed" in desk.do("ngo add sezim --memorandum 2026-01-15").data["said"][0]
    assert desk.digest() == before
    assert desk.do("staff add s-aida --role manager", {"name": "А. Вымышленная"}).data["role"] == "manager"
    assert desk.do("staff add s-aida", {"name": "А. Придуманная"}).data["role"] == "manager"
    assert desk.do("staff add s-new").data["role"] == "social_worker"
    assert desk.refused("staff add s-aida --role queen").error == "usage/role"


def test_a_referral_opens_a_file_with_her_checklist(desk: "Desk") -> None:
    opened = desk.do("admit", REFERRAL)
    assert opened.data["state"] == "interviewed"
    rows = opened.data["checklist"]
    assert {"item", "clause", "gate", "state", "on"} <= set(rows[0])
    assert [row["item"] for row in rows if row["gate"]] == GATE.split()
    assert {row["state"] for row in rows if row["gate"]} == {"done"}
    assert opened.codes() == BEHIND_THE_GATE
    assert desk.do(f"admit {opened.data['id'].lower().replace('-', '')}").data["checklist"] == rows


def test_standard_input_is_a_file_too(desk: "Desk") -> None:
    assert desk.do("admit --from -", input=REFERRAL.read_bytes()).page["status"] == "open"


def test_she_is_admitted_on_the_day_that_is_given(desk: "Desk") -> None:
    her = desk.do("admit", REFERRAL).data["id"]
    before = desk.digest()
    assert desk.do(f"admit {her} --complete --on 2026-11-22 --check").data["state"] == "interviewed"
    assert desk.digest() == before
    assert desk.refused(f"admit {her} --complete --on 2026-11-26").refusals == ["admission/in-future"]
    early = desk.refused(f"admit {her} --complete --on 2026-11-19")
    assert "admission/before-referral" in early.refusals
    assert "admission/dated-after" in early.refusals
    assert desk.do(f"admit {her} --complete --on 2026-11-22").data["state"] == "admitted"
    before = desk.digest()
    assert "already" in desk.do(f"admit {her} --complete --on 2026-11-23").data["said"][0]
    assert desk.digest() == before


def test_as_of_stands_for_today_in_acts_too(desk: "Desk") -> None:
    her = desk.do("admit", REFERRAL).data["id"]
    desk.do(f"admit {her} --complete", today="2026-12-24")
    assert desk.record(her)["stays"][0]["admission"]["admitted_on"] == "2026-12-24"


def test_a_date_is_enough_for_some_items(admitted: "Desk") -> None:
    done = admitted.do(f"admit {admitted.her} --done orientation --on 2026-11-23 --by s-aida")
    assert next(row["on"] for row in done.data["checklist"] if row["item"] == "orientation") == "2026-11-23"
    assert done.data["entry"] == admitted.record()["stays"][0]["done"][-1]["id"]
    before = admitted.digest()
    admitted.do(f"admit {admitted.her} --done orientation --on 2026-11-23 --by s-aida")
    assert admitted.digest() == before
    for item in ("referral", "no-such-item"):
        told = admitted.refused(f"admit {admitted.her} --done {item}")
        assert told.error == "usage/item"
    assert "orientation" in told.page["error"]["message"]
    assert "referral" not in told.page["error"]["message"]
    again = admitted.do(f"admit {admitted.her} --done orientation --complete --on 2026-11-23").data
    assert (again["state"], len(again["said"])) == ("admitted", 2)


def test_a_fragment_is_merged_and_running_it_twice_changes_nothing(admitted: "Desk") -> None:
    fragment = {
        "identity": {"birth_date": "1999-03-14"},
        "children": [{"birth_date": 2020, "sex": "male"}],
        "admission": {"meeting": {"at": "2026-11-21T09:00", "organised_by": "manager"}},
    }
    first = admitted.do(f"admit {admitted.her}", fragment)
    assert first.data["replaced"] == ["/identity/birth_date"]
    before = admitted.digest()
    assert admitted.do(f"admit {admitted.her}", fragment).data["changed"] is False
    assert admitted.digest() == before
    record = admitted.record()
    child = record["children"][0]
    assert {"id", "recorded_at", "recorded_by"} < set(child)
    assert record["stays"][0]["admission"]["meeting"]["at"] == "2026-11-21T09:00+06:00"
    admitted.do(f"admit {admitted.her}", {"children": [{"id": child["id"], "stays_with_her": False}]})
    assert [one["stays_with_her"] for one in admitted.record()["children"]] == [False]


def test_the_ninth_in_a_house_for_eight_is_refused_and_stays_received(desk: "Desk") -> None:
    desk.do("facility add bishkek --capacity 8")
    names = ["Алина", "Бегимай", "Венера", "Гульзат", "Динара", "Жылдыз", "Замира", "Индира"]
    for name in names:
        desk.do("admit", referral(name))
    ninth = desk.do("admit", referral("Канышай")).data["id"]
    refused = desk.refused(f"admit {ninth} --complete --on 2026-11-22")
    assert refused.refusals == ["admission/full-house"]
    assert refused.finding("admission/full-house")["clause"] == "M1.2.9"
    assert refused.data["state"] == "received"
    rows = desk.do("list").data["rows"]
    assert [row["state"] for row in rows] == ["received"] * 9
    left = next(row["id"] for row in rows if row["id"] != ninth)
    desk.do(f"discharge {left} --own-decision --on 2026-11-21")
    assert desk.do(f"admit {ninth} --complete --on 2026-11-22").data["state"] == "admitted"


def test_a_store_of_two_houses_asks_which_one(desk: "Desk") -> None:
    desk.do("facility add kids --kind carc")
    assert desk.refused("admit", REFERRAL).refusals == ["admission/which-house"]
    her = desk.do("admit", referral("Мээрим", facility="kids")).data["id"]
    assert desk.refused(f"admit {her} --complete").refusals == ["admission/age-outside"]


def test_where_the_house_is_not_known_nobody_is_admitted(desk: "Desk") -> None:
    her = desk.do("admit", REFERRAL).data["id"]
    desk.do(f"admit {her}", {"facility": None})
    assert desk.refused(f"admit {her} --complete").refusals == ["admission/sex-and-age", "admission/place"]


def test_the_same_person_is_refused_unless_she_is_another(admitted: "Desk") -> None:
    again = {"identity": {"first_name": "ПРИМЕРОВА", "last_name": "айгуль", "sex": "female", "birth_date": 1999}}
    refused = admitted.refused("admit --without-stay", again)
    assert refused.finding("admission/same-person")["facts"]["id"] == admitted.her
    assert admitted.do("admit --without-stay --new-person", again).data["id"] != admitted.her


def test_a_return_opens_a_new_stay_in_the_same_file(discharged: "Desk") -> None:
    same = json.loads(json.dumps(discharged.record()["stays"][0]["referral"]))
    assert discharged.do(f"admit {discharged.her}", {"referral": same}).data["changed"] is False
    again = {"referral": {"sources": ["law_enforcement"], "received_at": "2027-05-02T10:00"}}
    assert discharged.do(f"admit {discharged.her}", again, today="2027-05-02").data["state"] == "referred"
    first, second = discharged.record()["stays"]
    assert first["discharge"]["on"] == "2026-11-25"
    assert second["facility"] == "bishkek"
    assert second["referral"]["received_at"] == "2027-05-02T10:00+06:00"


def test_a_client_without_a_stay_is_not_asked_for_a_house(desk: "Desk") -> None:
    him = {"identity": {"first_name": "Нурлан", "sex": "male"}, "referral": {"sources": ["partner_ngo"]}}
    opened = desk.do("admit --without-stay", him)
    assert opened.data["state"] == "client"
    assert desk.record(opened.data["id"])["stays"] == []
    papers = desk.run(f"check {opened.data['id']}").out
    assert "detailed interview" in papers
    assert "detailed_interview" not in papers
    assert desk.refused(f"admit {opened.data['id']} --complete").refusals == ["admission/no-stay"]
    assert desk.refused(f"discharge {opened.data['id']} --on 2026-11-25").refusals == ["discharge/no-stay"]


def test_what_stays_open_is_said_and_stops_nothing(desk: "Desk") -> None:
    facts = referral("Салтанат")
    facts["identity"]["languages"] = ["ru"]
    facts["received"]["by"] = "s-stranger"
    her = desk.do("admit", facts).data["id"]
    assert {"admission/language", "admission/unregistered-staff"} < set(
        desk.do(f"admit {her} --complete").codes("open")
    )
    nameless = desk.do("admit --without-stay", {"identity": {"sex": "female"}})
    assert "admission/languages" in nameless.codes("open")


def test_an_unregistered_code_is_told_wherever_it_is_written_and_by_check_and_show(admitted: "Desk") -> None:
    stranger = "admission/unregistered-staff"
    her = f"admit {admitted.her} --done orientation"

    def told(words: str, given: object = None, **how: Any) -> list[str]:
        answer = admitted.do(words, given, **how)
        return [found["where"] for found in answer.page["findings"] if found["code"] == stranger]

    assert told(her) == []
    item = "/stays/0/done/1/by"
    assert told(f"{her} --on 2026-11-24 --by nobody") == [item]
    leaving = {"discharge": {"social_worker": "nobody", "iom_consulted_on": "2026-11-24", "iom_representative": "A."}}
    left = "/stays/0/discharge/social_worker"
    assert told(f"discharge {admitted.her} --on 2026-11-25", leaving) == [item, left]
    tried = "/stays/0/monitoring/attempts/0/by"
    assert told(f"monitor attempt {admitted.her} --how phone", {"by": "nobody"}) == [item, left, tried]
    assert told(f"check {admitted.her}") == told(f"show {admitted.her}") == [item, left, tried]
    admitted.do("staff add nobody --role security")
    assert told(f"check {admitted.her}") == []
    entry = admitted.record()["stays"][0]["done"][1]["id"]
    assert told(f"void {admitted.her} {entry} --reason-code other --staff night") == [f"{item[:-3]}/void/by"]


def test_the_day_she_left_may_stand_in_the_file_and_not_beside_another_one(admitted: "Desk") -> None:
    left = {"discharge": {"on": "2026-11-24", "by_own_decision": True}}
    her = f"discharge {admitted.her}"
    assert admitted.refused(f"{her} --on 2026-11-25", left).error == "usage/differs"
    stayed = {"discharge": {"by_own_decision": False}}
    assert admitted.refused(f"{her} --own-decision", stayed).error == "usage/differs"
    assert admitted.do(her, left).data["discharged_on"] == "2026-11-24"
    assert admitted.do(f"{her} --on 2026-11-24", left).data["discharged_on"] == "2026-11-24"
