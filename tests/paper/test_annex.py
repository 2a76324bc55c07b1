"""The annexes: every blank form beside the manual, string by string, and the monitoring report."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.paper.monitor import print_report
from shelterctl.paper.request import PaperRequest, PreparedPaper
from tests.support.papers import LANGUAGES, PAPERS, blank, filled, seated, words_of_sheet

if TYPE_CHECKING:
    from tests.support.desk import Desk


_ = "____"
"""A line to be written on."""

ISSUED = "+· blank of 25 November 2026, manual kg-2008"
"""What stands at the foot of a blank behind its name."""

PARTIES = ["Agreement signed:", "on behalf of NGO/PF", _, "Name", _, "on behalf of IOM Mission in the KR", _, "Name", _]
PINK = [
    "+Translation for information only. Language of the text that is signed: Russian",
    "FINANCIAL AGREEMENT WITH NGO FOR REHABILITATION AT SHELTER",
    "(Pink Form)",
    "FINANCIAL AGREEMENT NO.", _,
    "+Identification number of the client:", _,
    "Bishkek",
    "Date", _,
    "The NGO/PF", _, "represented by", _,
    "and Mission of the International Organization for Migration represented by", _,
    "being in force based on Contract dated", _, "have agreed as follows:",
    "1) Recognize this client as a victim of trafficking.",
    "2) Provide assistance below",
    "Assistance Description", "Requested Amount", "Total",
    "1. Initial medical examination:",
    "1. Physician", "2. Obstetrician-gynecologist", "3. Undergo general tests", "4. Other doctors",
    "2. Purchase clothes or footwear:",
    "a) Summer clothes/ footwear – max. 2000 Soms",
    "b) Winter clothes/ footwear – max. 2500 Soms",
    "c) Underwear – max. 500 Soms",
    "3. Food, purchase personal hygiene goods for amount estimated 200 Soms maximum per day per person",
    "+–", _, "+day(s) ×", _, "+person(s)",
    "4. Travel expenses",
    "a) Welcome and sending-off at airport",
    "b) Travel inside city",
    "c) Transportation to destination outside the city",
    "5. Services of lawyer (only for criminal proceedings available)",
    "Total (in writing):", _, _,
    "Guidelines for Staff Standards of Conduct will apply for this Agreement.",
    "AGREEMENT SIGNED IN TWO COPIES IN RUSSIAN:",
    *PARTIES[1:],
    "+FINANCIAL AGREEMENT WITH NGO FOR REHABILITATION AT SHELTER", ISSUED,
]  # fmt: skip
BLUE = [
    "FINANCIAL AGREEMENT WITH NGO FOR REHABILITATION",
    "(Blue Form)",
    "FINANCIAL AGREEMENT NO. S-NGO", _,
    "Bishkek",
    "Date", _,
    "In compliance with the Memorandum of Understanding and in Cooperation between NGO/PF", _,
    "and IOM Mission in Kyrgyzstan, NGO/PF", _, "represented by", _,
    "on one party and IOM Mission in the KR represented by", _, "on the other, have agreed as follows:",
    "1. NGO/PF", _, "provides assistance required for the client registered with an identification number", _,
    ", who recognized by the IOM as a victim of trafficking and requests the IOM to grant following funds amounted in",
    _, "Som, to the period from", _, "to", _, ", according to budget lines below:",
    "Assistance Description", "Requested amount", "Total",
    "1. Vocational training costs:",
    "a) Cover training fees of professional training courses (no longer than 3 months and not more than 2000 Soms "
    "maximum for the whole course)",
    "b) Purchase cattle/poultry, working equipment and tools for operating profitable activity (3000 Soms maximum)",
    "c) Other assistance (to be justified)",
    "2. Restoration of personal identification documents (passport or birth certificate) only domestic ID card",
    "3. Services of a lawyer (to be provided in case of restoring property rights, paternal rights etc.)",
    "4. Educational scholarship (1000 Soms per month maximum)",
    "5. Travel expenses (1000 Soms per month maximum)",
    "6. Apartment rental (in exceptional cases 1500 Soms per month maximum)",
    "7. Services of NGO",
    "• Communication services (800 Soms for the whole period maximum)",
    "• Travel expenses (800 Soms for the whole period maximum)",
    "• Social worker (1000 Soms maximum)",
    "Total (in writing):", _, _,
    "Guidelines for Staff Standards of Conduct will apply for this Agreement.",
    *PARTIES,
    "+FINANCIAL AGREEMENT WITH NGO FOR REHABILITATION", ISSUED,
]  # fmt: skip
RULES = [
    "GENERAL SHELTER RULES",
    "Treat the other residents and staff with respect and courtesy.",
    "Accept and undertake to fulfill domestic tasks assigned by shelter staff.",
    "Keep your own sleeping space at the shelter tidy and clean.",
    "Respect the property and resources of the shelter and use them properly and responsibly.",
    "The shelter is not responsible for any personal items not given to the staff for safe-keeping.",
    "Observe the shelter schedule, including waking and sleeping hours (lights-out).",
    "Permission must be obtained from shelter staff before leaving and when entering the shelter.",
    "All recommended treatment by physicians, psychologist and shelter staff is to be followed.",
    "Medication must be taken in accordance with the dosage and at the times prescribed.",
    "All shelter residents must observe strict personal hygiene.",
    "No shouting or loud noises are allowed at the shelter.",
    "Smoking inside the shelter is not allowed.",
    "Off-limit areas at the shelter (e.g., staff office, medical examination room) may not be entered without the "
    "express permission of the staff.",
    _, "Signature of the shelter resident",
    "Date", _,
    "+Identification number of the client:", _,
    "+GENERAL SHELTER RULES", ISSUED,
]  # fmt: skip
RIGHTS = [
    "RIGHTS OF SHELTER RESIDENTS",
    "All residents of this shelter enjoy the following rights:",
    "To be treated with dignity and respect;",
    "Confidentiality;",
    "Respect for privacy;",
    "Self-determination in identifying and setting service goals and plans;",
    "To be treated with cultural sensitivity;",
    "To receive services based on full and informed consent;",
    "To be clearly informed in a language understood by the resident regarding the purpose of the services offered "
    "and administered;",
    "Reasonable access to personal records.",
    "If there is reason to believe that any of these rights were disregarded, a private meeting may be requested with "
    "the shelter manager who will promptly discuss such concerns.",
    _, "Signature of the shelter resident",
    "Date", _,
    "+Identification number of the client:", _,
    "+RIGHTS OF SHELTER RESIDENTS", ISSUED,
]  # fmt: skip
CONFIDENTIALITY = [
    "STAFF CONFIDENTIALITY AGREEMENT",
    "I understand the importance of maintaining confidentiality in order to protect the safety of the shelter, its "
    "residents and the shelter staff.",
    "I am required to keep a resident's information confidential, and will not disclose personal information without "
    "the permission of the resident or my supervisor in case of an emergency.",
    "I will not discuss resident or shelter operational matters with the media unless I request and receive express "
    "permission from my supervisor regarding the nature, purpose and limits of any communication with the press.",
    "I will not discuss resident matters in public areas.",
    "I will keep the location of the shelter confidential.",
    "I will not discuss matters related to staff or operation of the shelter in public areas.",
    "I will direct any questions or concerns regarding confidentiality to my immediate supervisor.",
    "I understand that a willful violation of the confidentiality policy can entail disciplinary action against me, "
    "including suspension or termination of employment.",
    _, "Staff Signature",
    _, "Shelter Manager Signature",
    "+Name of the member of staff:", _,
    "+Date:", _,
    "+STAFF CONFIDENTIALITY AGREEMENT", ISSUED,
]  # fmt: skip
REPORT = [
    "MONITORING IMPLEMENTATION REPORT",
    "Social worker:", _,
    "Date and signature:", _, _,
    "+Identification number of the client:", _,
    "Reintegration monitoring of victims of trafficking shall be carried out after six months of discharge from the "
    "shelter. Please complete the form below.",
    "General data",
    "First Name:", _, "Last Name:", _, "Birth date:", _, "Marital status:", _,
    "Children:", _, "Address:", _, "Phone:", _,
    "Reintegration",
    "1. How long have the contacts lasted with the shelter residents?", _, _,
    "2. Last meeting date:", _,
    "3. Which problems did the individual face after return home?", _, _,
    "4. Was the individual employed?", _,
    "5. If employed, was the job paid?", "[ ]", "Regularly", "[ ]", "Partial",
    "6. Were there any threats, pressure from recruiters after return home?", "[ ]", "yes", "[ ]", "no",
    "8. If yes, who did the individual address for assistance?", _, _,
    "9. Was there any contact with law enforcement authorities after return home?", _,
    "10. Does the individual agree to cooperate with law enforcement authorities?", "[ ]", "yes", "[ ]", "no",
    "11. Describe plans for future:", _, _,
    "+MONITORING IMPLEMENTATION REPORT", ISSUED,
]  # fmt: skip
CODE_OF_CONDUCT = [
    "GUIDELINES FOR STAFF STANDARDS OF CONDUCT OF NGO",
    "+1.", "Foreword",
    "This section might include a statement of the guiding principles or mission of the organization. It may also"
    " include a statement articulating the need for a code of conduct: to ensure that the conduct of staff "
    "contributes to achieving the aims of the organization; to maintain the organization's reputation; to "
    "articulate and consolidate standards of conduct and professionalism expected of the organization's staff.",
    _, _, _,
    "+2.", "Core values and guiding principles",
    "In this section, the organization can articulate the values to which the organization is committed, for "
    "example a commitment to fundamental human rights, social justice and the dignity and worth of all persons, a"
    " commitment to demonstrating integrity, truthfulness and honesty in all their actions, a commitment to "
    "promote and practice tolerance, understanding and respect for all, without distinction as to race, gender, "
    "religion, colour, national origin, marital status, sexual orientation, age, physical disability or political"
    " conviction, and/or a commitment to use the resources of the organization in a responsible manner.",
    _, _, _,
    "+3.", "Commitment to the standards",
    "In this section there can be a statement committing staff members to actively uphold the standards of "
    "conduct.",
    _, _, _,
    "+4.", "Freedom from discrimination",
    "In this section the organization can have a statement to which staff commit themselves to respect at all "
    "times the dignity, worth and equality of all people, without regard to race, gender, religion, colour, "
    "national origin, marital status, sexual orientation, age, physical disability or political conviction.",
    _, _, _,
    "+5.", "Freedom from harassment",
    "In this section the organization can have a statement to which staff commit themselves to avoid engaging in "
    "any form of harassment and committing the organization to provide a work environment free of harassment. Any"
    " form of discrimination or harassment, including sexual or gender harassment, as well as physical or verbal "
    "abuse at the workplace or in connection with work, can be prohibited. Staff members can be warned not to "
    "threaten, intimidate or otherwise engage in any conduct intended, directly or indirectly, to interfere with "
    "the ability of other staff members to discharge their official duties. Staff members can be clearly informed"
    " that they cannot use their official function for personal reasons to prejudice the positions of colleagues "
    "they do not favour.",
    _, _, _,
    "+6.", "Gender equality",
    "In this section, the organization can commit itself to uphold the equality of men and women and to "
    "contribute to remove all barriers to gender equality.",
    _, _, _,
    "+7.", "Conflict of interest",
    "Staff should be informed about what constitutes a conflict of interest and what steps staff should take if "
    "confronted with a potential conflict of interest. It can be clarified here what steps a staff member should "
    "take if s/he is called upon to deal in an official capacity with a matter involving an enterprise or other "
    "concern in which he or she holds a financial interest, directly or indirectly.",
    "It can also be clarified here that staff should not offer or promise any favour, gift, remuneration or any "
    "other personal benefit to another staff member or to any third party with a view to causing him or her to "
    "perform, fail to perform or delay the performance of any official act. Similarly, staff can be warned "
    "neither to seek nor accept any favour, gift, remuneration or any other personal benefit from another staff "
    "member or from any third party in exchange for performing, failing to perform or delaying the performance of"
    " any official act.",
    "Staff members can be warned not to use their office or knowledge gained from their official functions for "
    "private gain, financial or otherwise, or for the private gain of any third party, including family, friends "
    "and those whom they favour.",
    _, _, _,
    "+8.", "Use of property and assets",
    "The organization can use this section to describe any rules regulating the use of the property and assets of"
    " the organization.",
    _, _, _,
    "+9.", "Staff-management relations",
    "The organization should use this section to highlight any management - staff relations issues, for example, "
    "to articulate the importance of instilling an environment of respect, the right to form and join "
    "associations or unions to promote their interests, and the importance of fully involving and consulting "
    "staff on matters affecting them.",
    _, _, _,
    "+10.", "Contact with the media",
    "In this section the organization can articulate any rules or regulations regarding contact with the media - "
    "who can represent the organization to the media, what kind of information can and cannot be revealed, etc. "
    "This section could also include issues of contact with the media regarding counter-trafficking "
    "beneficiaries.",
    _, _, _,
    "+11.", "Use and protection of information",
    "In this section the organization can articulate rules and regulations regarding distribution of information,"
    " rules regarding confidential information and the like. This section could also include the importance and "
    "responsibility of staff in protecting information with regard to counter-trafficking beneficiaries.",
    _, _, _,
    "+12.", "Security",
    "This section could include security rules and regulations which must be followed - especially for those "
    "assisting trafficking beneficiaries.",
    _, _, _,
    "+13.", "Personal conduct of staff",
    "In this section the organization can articulate any standards of personal conduct expected of staff. This "
    "might include affiliation with any person suspected of being involved in an activity that violates national "
    "or international law or human rights standards, such as trafficking in human beings.",
    _, _, _,
    "+14.", "Outside employment and activities",
    "In this section the organization can articulate rules regarding outside employment or activities, such as "
    "teaching, speaking engagements or producing books or articles for publication, political activities, etc.",
    _, _, _,
    "+15.", "Gifts, honours and remuneration from outside sources",
    "Here the organization can articulate rules regarding the receiving of gifts and honours and if and how they "
    "should be reported.",
    _, _, _,
    _, "+Signature of the NGO's representative", "+Name of the NGO", _, "+Name of the representative", _, "+Date", _,
    _, "+Staff Signature", "+Name of the member of staff", _, "+Date", _,
    "+GUIDELINES FOR STAFF STANDARDS OF CONDUCT OF NGO", ISSUED,
]  # fmt: skip
ANNEXES = {
    "code-of-conduct": CODE_OF_CONDUCT,
    "shelter-rules": RULES,
    "resident-rights": RIGHTS,
    "confidentiality-agreement": CONFIDENTIALITY,
    "pink": PINK,
    "blue": BLUE,
    "monitoring-report": REPORT,
}
"""The strings of Annexes 1, 2, 3, 4, 5, 6 and 7 in their order; those with a plus are ours, and there are no others."""

BETWEEN = re.compile(r"[\s:•-]*")
"""What is no string of its own: a colon before a line to be written on, and the sign before each of a list."""


def left(told: str, strings: Sequence[str]) -> str:
    """What stands on a sheet beside *strings*, taken away one after the other."""
    between = ""
    for string in strings:
        if string == _:
            before, line, told = (*re.split(r"(_{4,})", told, maxsplit=1), "", "")[:3]
            assert line, between
        else:
            before, found, told = told.partition(string.removeprefix("+"))
            assert found, string
        between += before
    return between + told


@pytest.mark.parametrize(("form", "strings"), ANNEXES.items())
def test_the_blank_form_is_the_annex(form: str, strings: list[str]) -> None:
    told = re.sub(r"[=-]{4,}", "", words_of_sheet(blank(form, "en")))
    assert BETWEEN.fullmatch(left(told, strings))


def test_what_is_ours_is_little() -> None:
    number = "+Identification number of the client:"  # on the blue form the annex has it
    ours = [
        string.removeprefix("+")
        for form, strings in ANNEXES.items()
        if form != "code-of-conduct"  # an outline, whose numbers and signatures are ours
        for string in strings[:-2]  # the foot is ours
        if string[0] == "+" and string != number
    ]
    assert ours == [
        "Name of the member of staff:",
        "Date:",
        "Translation for information only. Language of the text that is signed: Russian",
        *("–", "day(s) ×", "person(s)"),
    ]
    assert all(strings[-1] == ISSUED for strings in ANNEXES.values())


FORM = "monitoring-report"
LATER = "2027-06-01"


def of(desk: "Desk", answers: dict[str, Any], language: str = "en", *, names: bool = False) -> PreparedPaper:
    """The sheet as it would be printed with these answers in the place of her report's."""
    session = seated(desk)
    her, _ = session.store.client(desk.her)
    answered = {"id": "K7M2QA", "date": "2027-05-28", **answers}
    return print_report(session, PaperRequest(FORM, language, names=names), her, answered)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_are_the_annexs_with_its_gap(language: str, papers: "Desk") -> None:
    told = words_of_sheet(filled(papers, FORM, language))
    places = [told.index(f" {number}. ") for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)]
    assert places == sorted(places)
    assert " 7. " not in told


def test_a_box_is_ticked_or_the_answer_stands_in_words(papers: "Desk") -> None:
    told = words_of_sheet(
        of(papers, {"employed": True, "job_paid": "partial", "threats": False, "agrees_to_cooperate": True})
    )
    assert "4. Was the individual employed? yes 5." in told
    assert "was the job paid? [ ] Regularly [x] Partial 6." in told
    assert "return home? [ ] yes [x] no 8." in told
    assert "authorities? [x] yes [ ] no 11." in told


def test_work_that_is_not_paid_has_no_box_and_is_written(papers: "Desk") -> None:
    told = words_of_sheet(of(papers, {"employed": True, "job_paid": "not_paid"}))
    assert "was the job paid? [ ] Regularly [ ] Partial not paid at all 6." in told


def test_yes_and_its_note_are_written_where_the_annex_has_no_box(papers: "Desk") -> None:
    told = words_of_sheet(
        of(papers, {"law_enforcement_contact": True, "law_enforcement_note": "a call", "employed": False})
    )
    assert "authorities after return home? yes; a call 10." in told
    assert "4. Was the individual employed? no 5." in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_known_is_written_so_and_what_is_not_answered_is_left_to_write(
    language: str, papers: "Desk"
) -> None:
    unknown = {"en": "unknown", "ru": "неизвестно", "ky": "белгисиз"}[language]
    told = words_of_sheet(of(papers, {"contact_duration": "unknown", "threats": "unknown"}, language))
    assert told.count(unknown) == 2
    assert "[x]" not in told
    assert len(re.findall("(?<!_)_{40}(?!_)", told)) == 2 * 3 + 3  # texts have two lines, what has no boxes one


def test_the_duration_is_whatever_was_written(papers: "Desk") -> None:
    assert (
        "1. How long have the contacts lasted with the shelter residents? three visits, then letters 2."
        in words_of_sheet(of(papers, {"contact_duration": "three visits, then letters"}))
    )


def test_the_social_worker_is_named_and_the_day_is_in_words(papers: "Desk") -> None:
    told = words_of_sheet(of(papers, {"social_worker": "s-gulnara", "last_meeting_on": "2027-05-27"}, "ru"))
    assert "Социальный работник: Гульнара Образцова Дата и подпись: 28 мая 2027 г. _" in told
    assert "2. Дата последней встречи: 27 мая 2027 г. 3." in told
    assert "Social worker: ____" in words_of_sheet(of(papers, {"social_worker": "s-other"}))


def test_her_general_data_without_what_tells_who_she_is(papers: "Desk") -> None:
    told = words_of_sheet(of(papers, {}))
    assert "Marital status: не замужем Children: нет Address: _" in told
    assert "First Name: Айгуль Last Name: Примерова Birth date: March 1999 " in words_of_sheet(
        of(papers, {}, names=True)
    )
    assert "Дата рождения: март 1999 г. " in words_of_sheet(of(papers, {}, "ru", names=True))


def test_before_there_is_a_report_the_form_is_taken_along_with_her_data(discharged: "Desk") -> None:
    discharged.do(f"admit {discharged.her}", {"identity": {"marital_status": "married"}})
    told = words_of_sheet(filled(discharged, FORM, "en"))
    assert "Marital status: married" in told
    assert "[x]" not in told
    assert f"{discharged.her} · code of this sheet: " in told


def test_a_sheet_of_an_earlier_report_is_held_against_that_report(printing: "Desk") -> None:
    her = printing.her
    first = printing.do(f"form {FORM} {her} --out 1.txt", today=LATER).data["printed"][0]["code"]
    second = {"social_worker": "s-gulnara", "date": "2027-09-01", "plans": "to study", "threats": True}
    printing.do(f"monitor record {her}", second, today="2027-09-02")
    assert printing.do(f"paper {first}", today="2027-09-02").data["state"] == "same"
    assert printing.do(f"form {FORM} {her} --out 2.txt", today="2027-09-02").data["printed"][0]["code"] != first
    reports = printing.record()["stays"][0]["monitoring"]["reports"]
    printing.do(f"void {her} {reports[0]['id']} --reason-code entered_twice")
    assert printing.do(f"paper {first}", today="2027-09-02").data["state"] == "struck"


def test_a_form_that_was_taken_along_stays_right_until_her_data_change(discharged: "Desk") -> None:
    code = discharged.do(f"form {FORM} {discharged.her} --out 1.txt").data["printed"][0]["code"]
    answers = {"social_worker": "s-gulnara", "date": "2027-05-28", "plans": "to study"}
    discharged.do(f"monitor record {discharged.her}", answers, today=LATER)
    assert discharged.do(f"paper {code}", today=LATER).data["state"] == "same"
    discharged.do(f"admit {discharged.her}", {"identity": {"marital_status": "married"}})
    changed = discharged.do(f"paper {code}", today=LATER).data
    assert (changed["state"], changed["changed"]) == ("changed", ["/identity/marital_status"])


def test_a_signed_report_is_a_copy_and_no_day_stands_over_an_empty_line(papers: "Desk") -> None:
    signed = words_of_sheet(of(papers, {"signed": True}))
    assert "COPY of a signed sheet. Signed on: 28 May 2027" in signed
    assert "Date and signature: 28 May 2027, the signature is on the original" in signed
    unsigned = words_of_sheet(of(papers, {"signed": False}))
    assert "COPY" not in unsigned
    assert re.search("Date and signature: 28 May 2027 _+", unsigned)


def test_the_code_of_conduct_is_filled_for_an_ngo_or_for_a_member_of_staff(desk: "Desk") -> None:
    for what, given in PAPERS["names"].items():
        desk.do(what, given)
    signed = {"sezim": "Signature of the NGO's representative", "s-gulnara": "Staff Signature"}
    name = {"sezim": "Name of the NGO: Сезим", "s-gulnara": "Name of the member of staff: Гульнара Образцова"}
    for code, other in (("sezim", "s-gulnara"), ("s-gulnara", "sezim")):
        row = desk.do(f"form code-of-conduct {code} --names --out {code}.txt").data["printed"][0]
        told = (desk.folder / f"{code}.txt").read_text("utf-8")
        assert signed[code] in told
        assert name[code] in told
        assert signed[other] not in told
        assert (told.count("____________\n____") > 10) is (code == "sezim")  # an NGO has room to write
        assert (row["code"] is None) is (code == "sezim")


def test_the_code_of_conduct_is_of_nobody_whom_no_register_has(desk: "Desk") -> None:
    assert desk.refused("form code-of-conduct nobody").page["error"]["code"] == "staff/unknown"
    desk.do("staff add sezim --role social_worker")
    desk.do("ngo add sezim", {"name": "Сезим"})
    assert desk.refused("form code-of-conduct sezim").page["error"]["code"] == "usage/one-thing"
