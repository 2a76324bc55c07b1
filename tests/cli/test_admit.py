"""The main job, first half: a store, a referral, evidence by entries and by day, and the admission."""

import json
import stat
from typing import Any

import pytest

from shelterctl.prompts.fill_in import LEAVE_FOR_LATER, WRITE_DOWN
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.desk import Desk
from tests.support.inputs import REFERRAL, USUAL_ENTRIES, with_evidence
from tests.support.revised_rulebook import LANGUAGES, Revised
from tests.support.sealed_entries import doctored

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


SHELF = open_rulebook()
BY_ENTRY = {
    "needs": ["need"], "clothes": ["clothing"], "pocket-money": ["pocket-money"], "plan": ["plan", "consent"],
    "medical-examination": ["health"], "health-record": ["health"], "safekeeping": ["belonging"],
    "psychologist": ["examination"], "interim-review": ["opinion"],
}  # fmt: skip
"""Items for which a day is enough no more, with the tracks whose entries meet them."""
OF_ADMISSION = [item for item in BY_ENTRY if item != "interim-review"]
"""Those that stand on the checklist of her admission."""


NEWCOMER = {"identity": {"sex": "female"}, "referral": {"sources": ["scme"], "received_at": "2026-11-20T12:00"}}


def state(desk: Desk, item: str, **how: Any) -> tuple[str, str | None]:
    """How an item of her checklist stands, and since when."""
    rows = desk.do(f"admit {desk.her}", **how).data["checklist"]
    return next((row["state"], row["on"]) for row in rows if row["item"] == item)


def test_of_items_that_entries_meet_the_orientation_alone_takes_a_day_too() -> None:
    of_entries = {item.name: [*item.tracks] for item in SHELF.items.values() if item.tracks and not item.papers}
    assert {name for name, tracks in of_entries.items() if tracks != ["agreement"]} == {*BY_ENTRY, "orientation"}
    assert [item.name for item in SHELF.items.values() if item.may_be_given] == ["orientation"]


@pytest.mark.parametrize("item", OF_ADMISSION)
def test_a_day_alone_is_answered_with_the_command_and_then_that_does_it(admitted: Desk, item: str) -> None:
    told = admitted.refused(f"admit {admitted.her} --done {item}")
    assert (told.code, told.error) == (2, "usage/item")
    commands = [f"shelterctl add {admitted.her} {track}" for track in BY_ENTRY[item]]
    assert told.page["error"]["hint"] == f"Add an entry with: {', '.join(commands)}"
    assert state(admitted, item) == ("open", None)
    entries = admitted.written(*BY_ENTRY[item])
    if item == "psychologist":
        admitted.do(f"add {admitted.her} examination", {"kind": "evaluation", "on": "2026-11-24", "by": "s-aida"})
    assert state(admitted, item)[0] == "done"
    admitted.do(f"void {admitted.her} {entries[BY_ENTRY[item][-1]]} --reason-code other")
    assert state(admitted, item) == ("open", None)


def test_in_russian_too_and_with_another_item_nothing_is_written(admitted: Desk) -> None:
    before = admitted.digest()
    told = admitted.run(f"admit {admitted.her} --done orientation --done plan --lang ru")
    assert told.code == 2
    assert "одной даты мало, нужны записи в деле: Индивидуальный план и согласие с ним." in told.err
    assert f"Внесите запись: shelterctl add {admitted.her} plan, shelterctl add {admitted.her} consent" in told.err
    assert admitted.digest() == before


def test_where_a_day_is_enough_it_may_still_be_given(admitted: Desk) -> None:
    admitted.do(f"admit {admitted.her} --done orientation --on 2026-11-23")
    assert state(admitted, "orientation") == ("done", "2026-11-23")
    admitted.written("health")
    assert state(admitted, "health-record") == state(admitted, "medical-examination") == ("done", "2026-11-24")


@pytest.mark.parametrize("item", BY_ENTRY)
def test_a_day_alone_in_a_file_is_refused_as_it_is_on_the_command_line(admitted: Desk, item: str) -> None:
    day = {"done": [{"item": item, "on": "2026-11-23", "by": "s-aida"}]}
    stay = admitted.record()["stays"][0]["id"]
    lines = "\n".join(json.dumps({**NEWCOMER, **day, "notes": str(number)}) for number in range(2))
    for words, given in (
        (f"admit {admitted.her}", day),
        (f"admit {admitted.her}", {"stays": [{"id": stay, **day}]}),
        ("admit --new-person", {**NEWCOMER, **day}),
        ("admit", lines),
    ):
        told = admitted.refused(words, given)
        assert {*told.refusals} == {"fragment/by-entry"}
        found = told.finding("fragment/by-entry")
        assert found["where"].endswith("/done/0/item")
        assert all(f"shelterctl add ID {track}" in found["message"] for track in BY_ENTRY[item])
    if item in OF_ADMISSION:
        assert state(admitted, item) == ("open", None)


def test_a_day_that_her_file_has_since_it_was_enough_may_be_said_again(old: Desk) -> None:
    old.do("trust --begin")
    stay = old.record()["stays"][-1]
    kept = [one for one in stay["done"] if one["item"] in BY_ENTRY and "void" not in one]
    assert kept
    again = [{key: one[key] for key in ("item", "on", "by") if key in one} for one in kept]
    answer = old.do(f"admit {old.her}", {"stays": [{"id": stay["id"], "done": again}]})
    assert answer.data["changed"] is False
    rows = {row["item"]: row["state"] for row in answer.data["checklist"]}
    assert {rows[one["item"]] for one in kept} == {"done"}


WHO = {
    "medical-examination": ("s-meder", "M3.0.7"), "health-record": ("s-meder", "R4.0.9"),
    "psychologist": ("s-aida", "M2.3.1"),
}  # fmt: skip
"""Who may say by a day alone that an item is done, with the clause."""


def given(desk: Revised, item: str, by: str, on: str = "2026-11-23") -> None:
    """A day that an older version took for an item, written into her file."""
    day = {"id": f"D{on[-2:]}7K2", "item": item, "on": on, "by": by, "recorded_by": by}
    day["recorded_at"] = f"{on}T12:00+06:00"
    doctored(desk, lambda record: record["stays"][0].setdefault("done", []).append(day))


@pytest.mark.parametrize("item", WHO)
def test_a_day_of_an_older_version_counts_if_who_did_it_has_the_role(admitted: Desk, item: str) -> None:
    right, clause = WHO[item]
    desk = Revised(admitted)
    for code, role in (("s-night", "security"), ("s-meder", "medical_adviser")):
        desk.do(f"staff add {code} --role {role}")
    given(desk, item, "s-night")
    assert state(desk, item) == ("open", None)
    told = desk.do(f"check {desk.her}")
    assert (told.finding("track/by")["clause"], told.finding("track/by")["severity"]) == (clause, "open")
    given(desk, item, right, "2026-11-24")
    assert state(desk, item) == ("done", "2026-11-24")


def test_a_deadline_stays_where_a_guard_is_said_to_have_done_it(admitted: Desk) -> None:
    desk = Revised(admitted)
    desk.do("staff add s-night --role security")
    given(desk, "medical-examination", "s-night")
    assert "T12" in {row["row"] for row in desk.do(f"due {desk.her}").data["rows"]}


def test_the_walk_asks_for_the_entry_and_for_no_day(admitted: Desk) -> None:
    seen = Revised(admitted).sit("en", f"admit {admitted.her}", ".", "11", "2", "")
    assert "Not written down yet: an examination by the psychologist 1 write it down now 2 later" in seen
    assert "Done on" not in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_nothing_to_keep_says_so_and_has_nothing_to_get_back(admitted: Desk, language: str) -> None:
    desk = Revised(admitted)
    desk.sit(language, f"admit {desk.her}", ".", "10", "1", "8", "", "22.11", "2", WRITE_DOWN, "")
    (one,) = desk.record()["stays"][0]["belongings"]
    assert (one["kind"], one["received_on"], one.keys() & {"place", "signed_by_her"}) == (
        "nothing",
        "2026-11-22",
        set(),
    )
    assert state(desk, "safekeeping") == ("done", "2026-11-22")
    leaving = {"discharge": {"items_returned": True, "by_own_decision": True}}
    told = desk.do(f"discharge {desk.her} --on 2026-11-25", leaving)
    assert not {"discharge/still-kept", "discharge/items-returned", "track/needs"} & {*told.codes()}


def test_what_is_lacking_is_said_by_name_in_the_language_of_the_screen(admitted: Desk) -> None:
    admitted.do(f"add {admitted.her} clothing", {**USUAL_ENTRIES["clothing"], "items": ["underwear", "footwear"]})
    admitted.written("plan")
    found = admitted.do(f"admit {admitted.her}").finding("admission/clothes")
    assert found["facts"]["lacking"] == ["hygiene_set", "everyday_clothes"]
    assert (
        "Not yet given to her, of what is free of charge: hygiene set, everyday clothes (R1.0.1)." in found["message"]
    )
    told = admitted.run(f"admit {admitted.her} --lang ru").out
    assert "Из того, что положено бесплатно, ещё не выдано: гигиенический набор, повседневная одежда (R1.0.1)." in told
    assert "Чего ещё нет в деле: согласие (R5.3.7c)." in told


def test_what_the_examination_found_holds_it_open_until_it_is_closed(admitted: Desk) -> None:
    ill = {**USUAL_ENTRIES["health"], "finding": "infection", "follow_up": True}
    admitted.do(f"add {admitted.her} health", ill)
    assert "admission/examination-open" in admitted.do(f"admit {admitted.her}").codes("open")
    home = {"reason": "лечится дома", "by": "А. Врачева", "on": "2026-11-25"}
    admitted.do(f"close {admitted.her} health --on 2026-11-25", {"inpatient_not_needed": home})
    assert state(admitted, "medical-examination") == ("done", "2026-11-24")


def test_what_is_still_kept_holds_her_things_open_at_the_discharge(admitted: Desk) -> None:
    entry = admitted.written("belonging")["belonging"]
    leaving = {"discharge": {"items_returned": True, "by_own_decision": True}}
    told = admitted.do(f"discharge {admitted.her} --on 2026-11-25 --check", leaving)
    assert told.finding("discharge/still-kept")["facts"]["count"] == 1
    admitted.do(f"add {admitted.her} belonging", {"id": entry, "returned_on": "2026-11-25", "return_signed": True})
    told = admitted.do(f"discharge {admitted.her} --on 2026-11-25", leaving)
    assert not {"discharge/still-kept", "discharge/items-returned"} & {*told.codes()}
    assert "discharge/interim-review" in told.codes("open")


def test_the_interim_review_is_an_opinion_of_the_psychologist(admitted: Desk) -> None:
    admitted.written("opinion")
    told = admitted.do(f"discharge {admitted.her} --own-decision --on 2026-11-25")
    assert "discharge/interim-review" not in told.codes()


class TestDue:
    """A deadline and an item of one row are one thing."""

    def rows(self, desk: Desk, row: str, **how: Any) -> list[tuple[str, str]]:
        found = desk.do(f"due {desk.her}", **how).data["rows"]
        return [(each["what"], each["state"]) for each in found if each["row"] == row]

    def test_it_is_listed_once_as_the_deadline(self, admitted: Desk) -> None:
        assert self.rows(admitted, "T12") == [("health", "open")]
        assert self.rows(admitted, "T11") == [("pocket-money", "overdue")]
        admitted.written("health", "pocket-money")
        assert self.rows(admitted, "T12") == self.rows(admitted, "T11") == []
        assert self.rows(admitted, "T11", today="2026-11-27") == [("pocket-money", "overdue")]

    def test_before_the_deadline_begins_the_item_is_open(self, desk: Desk) -> None:
        news = {"sources": ["scme"], "received_at": "2026-11-20T12:00"}
        desk.her = desk.do("admit", {"identity": {"sex": "female"}, "referral": news}).data["id"]
        assert self.rows(desk, "T12") == [("medical-examination", "open")]
        assert self.rows(desk, "T11") == [("pocket-money", "open")]

    def test_a_day_that_was_given_answers_it_unless_it_comes_again(self, admitted: Desk) -> None:
        desk = Revised(admitted)
        desk.do("staff add s-meder --role medical_adviser")
        given(desk, "medical-examination", "s-meder")
        assert self.rows(desk, "T12") == []


NEED = ("нужна куртка", "1", "", "1", "", "")
"""The answers to the questions of a need."""
SEEN = {
    "en": (
        "7 Primary and secondary needs",
        "Primary and secondary needs Not written down yet: a need 1 write it down now 2 later > 1 ( the screen is ",
        "What she needs: нужна куртка",
        "Saved: a need. Complete: Primary and secondary needs. Still open.",
        "7 done 2026-11-25: Primary and secondary needs",
        "8 Clothes, underwear, hygiene set, footwear issued free",
    ),
    "ru": (
        "7 Первоочередные и остальные потребности",
        "Первоочередные и остальные потребности Ещё не записано: потребность 1 записать сейчас 2 позже > 1 ",
        "Что ей нужно: нужна куртка",
        "Запись сохранена: потребность. Готово: Первоочередные и остальные потребности. Ещё открыто.",
        "7 сделано 25.11.2026: Первоочередные и остальные потребности",
        "8 Бесплатно выданы одежда, бельё, гигиенический набор, обувь",
    ),
}
LEFT = {
    "en": "The answers are kept, but not written down yet. Go on with: shelterctl add {her} need",
    "ru": "Ответы сохранены, но запись ещё не сделана. Продолжить: shelterctl add {her} need",
}


class TestAtTheTerminal:
    """The sitting offers to write the entry down now, and comes back."""

    @pytest.fixture
    def desk(self, admitted: Any) -> Revised:
        return Revised(admitted)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_written_down_in_between(self, desk: Revised, language: str) -> None:
        seen = desk.sit(language, f"admit {desk.her}", ".", "7", "1", *NEED, WRITE_DOWN, "")
        for words in SEEN[language]:
            assert words in seen
        (need,) = desk.record()["needs"]
        assert (need["need"], need["class"], need["source"]) == ("нужна куртка", "primary", "resident")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_may_wait_and_what_was_answered_of_it_is_kept(self, desk: Revised, language: str) -> None:
        desk.sit(language, f"admit {desk.her}", ".", "7", "2", "")
        assert "needs" not in desk.record()
        seen = desk.sit(language, f"admit {desk.her}", ".", "7", "1", "нужна куртка", ".", LEAVE_FOR_LATER, "")
        assert LEFT[language].format(her=desk.her) in seen
        assert desk.record()["unfinished"] == {"need": {"need": "нужна куртка"}}
        desk.sit(language, f"admit {desk.her}", ".", "7", "1", *NEED[1:], WRITE_DOWN, "")
        assert [each["need"] for each in desk.record()["needs"]] == ["нужна куртка"]

    def test_of_two_tracks_the_second_is_offered_behind_the_first(self, desk: Revised) -> None:
        with_plan = desk.sit("en", f"admit {desk.her}", ".", "12", "1", "1", "25.11", ".", WRITE_DOWN, "2", "")
        assert "Saved: an individual plan. Not written down yet: consent 1 write it down now" in with_plan
        assert len(desk.record()["plans"]) == 1
        assert "Not written down yet: consent" in desk.sit("en", f"admit {desk.her}", ".", "12", "2", "")

    def test_where_a_day_is_enough_it_is_asked(self, desk: Revised) -> None:
        assert "principles understood Done on >" in desk.sit("en", f"admit {desk.her}", ".", "2", "23.11", "", "")
        assert state(desk, "orientation") == ("done", "2026-11-23")

    def test_ctrl_c_in_between_leaves_both_and_loses_nothing(self, desk: Revised) -> None:
        desk.sit("en", f"admit {desk.her}", ".", "7", "1", "нужна куртка", "^C")
        assert desk.record()["unfinished"] == {"need": {"need": "нужна куртка"}}


def test_it_is_explained_with_the_entries_that_meet_it(desk: Desk) -> None:
    told = desk.do("explain plan", today=None).data
    assert (told["met_by"], told["example"]) == (
        ["plan", "consent"],
        "shelterctl add ID plan\nshelterctl add ID consent",
    )
    both = desk.do("explain admission/medical-examination", today=None).data["example"]
    assert both == "shelterctl add ID health"
    assert desk.do("explain orientation", today=None).data["example"] == (
        "shelterctl add ID orientation\nshelterctl admit ID --done orientation"
    )
    words = desk.run("explain clothes --lang ru", today=None).out
    assert "Чем это выполняется\ntrack clothing: выдача одежды и средств гигиены" in words


def test_a_shell_offers_only_what_a_day_does(desk: Desk) -> None:
    told = desk.run("completion --at 4 -- admit 7QF2-M9KD --done ''", today=None).out
    offered = {line.partition("\t")[0] for line in told.splitlines()}
    assert "orientation" in offered
    assert not {*BY_ENTRY} & offered


def test_a_number_of_one_client_is_open_in_the_file_of_another(admitted: Desk) -> None:
    numbers = {"old_number": "J-17", "identification_number": "KG-2026-118"}
    admitted.do(f"admit {admitted.her}", numbers)
    other = admitted.do("admit", referral("Нурзат")).data["id"]
    told = admitted.do(f"admit {other}", numbers).page["findings"]
    found = [(one["where"], one["severity"]) for one in told if one["code"] == "track/elsewhere"]
    assert found == [("/old_number", "open"), ("/identification_number", "open")]
