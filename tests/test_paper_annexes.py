"""Every blank form in English beside the manual, string by string: nothing is missing, added, or in another place."""

import re
from collections.abc import Sequence

import pytest
from sheets import blank, words

_ = "____"
"""A line to be written on."""

ISSUED = "+· blank of 25 November 2026, manual kg-2008"
"""What stands at the foot of a blank behind its name."""

PARTIES = ["Agreement signed:", "on behalf of NGO/PF", _, "Name", _, "on behalf of IOM Mission in the KR", _, "Name", _]
PINK = [
    "+Translation for information only; the Russian text is the one signed.",
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
ANNEXES = {
    "shelter-rules": RULES,
    "resident-rights": RIGHTS,
    "confidentiality-agreement": CONFIDENTIALITY,
    "pink": PINK,
    "blue": BLUE,
    "monitoring-report": REPORT,
}
"""The strings of Annexes 2, 3, 4, 5, 6 and 7 in their order; those with a plus are ours, and there are no others."""

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
    told = re.sub(r"[=-]{4,}", "", words(blank(form, "en")))
    assert BETWEEN.fullmatch(left(told, strings))


def test_what_is_ours_is_little() -> None:
    number = "+Identification number of the client:"  # on the blue form the annex has it
    ours = [
        string.removeprefix("+")
        for strings in ANNEXES.values()
        for string in strings[:-2]  # the foot is ours
        if string[0] == "+" and string != number
    ]
    assert ours == [
        "Name of the member of staff:",
        "Date:",
        "Translation for information only; the Russian text is the one signed.",
        *("–", "day(s) ×", "person(s)"),
    ]
    assert all(strings[-1] == ISSUED for strings in ANNEXES.values())
